/* The quickstart from C: plan, seal, draw, verify. Prints the digest of the record and the verdict.
 *
 *   cc -O2 -Wall -Wextra -I.. quickstart.c -L../../../target/release -ldouble_random -o quickstart
 *   LD_LIBRARY_PATH=../../../target/release ./quickstart ../../data
 *
 * It uses no JSON library: a document in a response is a JSON string, and goes into the next request as it stands. A platform uses the JSON
 * library that it has.
 */
#include "double_random.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *more) {
    fprintf(stderr, "%s: %s\n", what, more);
    exit(1);
}

static char *load(const char *folder, const char *name) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) die("path", "too long");
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) die("cannot read", path);
    long size = ftell(file);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!text || fseek(file, 0, SEEK_SET) != 0 || fread(text, 1, (size_t)size, file) != (size_t)size) die("cannot read", path);
    text[size] = 0;
    fclose(file);
    return text;
}

/* printf into memory of its own. */
static char *print(const char *format, ...) {
    va_list once, twice;
    va_start(once, format);
    va_copy(twice, once);
    int size = vsnprintf(NULL, 0, format, once);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (!text) die("print", "no memory");
    vsnprintf(text, (size_t)size + 1, format, twice);
    va_end(once);
    va_end(twice);
    return text;
}

/* The string of a field, with its quotation marks. Inside a string every mark is escaped, so the first hit is the field. */
static char *field(const char *response, const char *name) {
    char *key = print("\"%s\":\"", name);
    const char *start = strstr(response, key);
    if (!start) die("no such field", name);
    start += strlen(key) - 1;
    const char *end = start + 1;
    while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
    free(key);
    return print("%.*s", (int)(end + 1 - start), start);
}

static char *call(const char *step, char *request) {
    char *response = double_random_call(step, request);
    free(request);
    if (strncmp(response, "{\"ok\":", 6) != 0) die(step, response);
    char *copy = print("%s", response);
    double_random_free(response);
    return copy;
}

int main(int count, char **arguments) {
    if (count != 2) die("usage", "quickstart <folder of the data>");
    const char *beacon = "[{\"source\":\"dice\",\"value\":\"8270160495813379045618264079135506271948\"}]";
    char *policy = load(arguments[1], "quickstart_policy.json");
    char *units = load(arguments[1], "quickstart_units.json");
    char *officers = load(arguments[1], "quickstart_officers.json");
    char *inputs = print("{\"policy\":%s,\"units\":%s,\"officers\":%s}", policy, units, officers);

    free(call("plan", print("{\"inputs\":%s}", inputs)));

    /* In earnest: 32 bytes of the operating system's random source, new for every draw. */
    char key[65];
    for (int i = 0; i < 32; i++) memcpy(key + 2 * i, "07", 3);
    char *sealed = call("seal", print("{\"inputs\":%s,\"terms\":{\"sequence\":1,\"attempt\":1,\"sealed_at\":\"2026-11-20T08:00:00Z\","
                                      "\"previous\":\"%064d\",\"salt_key\":\"%s\"}}", inputs, 0, key));
    char *seal = field(sealed, "seal");
    char *kept = print("{\"digest\":%s,\"seal\":%s,\"policy\":%s,\"frame\":%s,\"roster\":%s,\"cycle\":%s}", field(sealed, "digest"), seal,
                       field(sealed, "policy"), field(sealed, "frame"), field(sealed, "roster"), field(sealed, "cycle"));

    /* On the next day, when the value of the source is known. */
    char *drawn = call("draw", print("{\"sealed\":%s,\"beacon\":%s}", kept, beacon));
    char *verified = call("verify", print("{\"record\":%s,\"evidence\":{\"seal\":%s,\"beacon\":%s}}", field(drawn, "record"), seal, beacon));

    char *digest = field(drawn, "digest"), *verdict = field(verified, "verdict");
    printf("%.64s %.*s\n", digest + 1, (int)strlen(verdict) - 2, verdict + 1);
    return 0;
}
