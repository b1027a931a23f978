/* double-random: draws government inspections by lot, and proves it.
 *
 * The C interface of the library: one function that takes JSON and gives JSON, one that gives memory back, one that says the version.
 * Steps, fields and errors stand in the documentation of the crate's module `embed`, their JSON Schemas in `schema/`.
 *
 * Build:   cargo rustc --release --lib --features c-abi --crate-type cdylib
 *          (target/release/libdouble_random.so, .dylib or double_random.dll; a static library with --crate-type staticlib)
 * Text:    UTF-8, ended by a zero byte, in both directions. On Windows, too: give no text of the ANSI code page.
 * Memory:  what double_random_call returns belongs to the caller until he gives it to double_random_free, once. Never use free(): the library
 *          has an allocator of its own. Arguments belong to the caller and are not kept.
 * Threads: any thread may call at any time, several at once. There is no state between calls, nothing to set up and nothing to close.
 * Errors:  a response is never NULL and always JSON, {"ok":{...}} or {"error":{...}}. Nothing is thrown or unwound out of the library: a
 *          mistake of its own is answered with the code "internal". Memory that is not to be had ends the process.
 * Tried:   c/threads.c asks right and wrong requests from eight threads at once, and under valgrind (run.sh).
 * Secrets: requests hold salt keys and secrets. Do not log them.
 */
#ifndef DOUBLE_RANDOM_H
#define DOUBLE_RANDOM_H

#ifdef __cplusplus
extern "C" {
#endif

/* Makes one step: "plan", "seal", "draw", "verify" ... A NULL or a text that is no UTF-8 is answered with an error. */
char *double_random_call(const char *step, const char *request);

/* Gives a response back. NULL is nothing to give back. */
void double_random_free(char *response);

/* The version of the library, as in "0.1.0". Belongs to the library. */
const char *double_random_version(void);

#ifdef __cplusplus
}
#endif

#endif
