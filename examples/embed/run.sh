#!/usr/bin/env bash
# The quickstart through the library from C, Java and Python, and through a process: each where its toolchain is. All must print the same digest.
# The library is built here; nothing is installed but the jar of JNA, if it is missing, and only by root.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
# What the typed path gives; tests/suite/path/embed.rs holds it against the library itself.
expected=$(cat quickstart.expected)
target=${CARGO_TARGET_DIR:-$root/target}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
failed=0 ran=0

(cd "$root" && cargo rustc --quiet --lib --features c-abi --crate-type cdylib && cargo build --quiet --example embed)
library=$target/debug/libdouble_random.so
[ -e "$library" ] || library=$target/debug/libdouble_random.dylib
export LD_LIBRARY_PATH=$target/debug DYLD_LIBRARY_PATH=$target/debug

# The name, then what prints the digest and the verdict.
check() {
  local name=$1 found
  shift
  found=$("$@") || found="failed: ${found:-no output}"
  ran=$((ran + 1))
  if [ "$found" = "$expected" ]; then echo "$name: $found"; else
    echo "$name: $found, expected $expected"
    failed=1
  fi
}

if cc=$(command -v cc || command -v gcc || command -v clang); then
  "$cc" -O2 -Wall -Wextra -Werror -I. c/quickstart.c -L"$target/debug" -ldouble_random -o "$work/quickstart"
  check "C" "$work/quickstart" ../data
else echo "C: skipped: no C compiler"; fi

jar=/usr/share/java/jna.jar
if ! command -v javac >/dev/null; then echo "Java: skipped: no javac"; else
  if [ ! -e "$jar" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y -qq libjna-java >/dev/null 2>&1 ||
      { apt-get update -qq && apt-get install -y -qq libjna-java; } >/dev/null 2>&1 || true
  fi
  if [ -e "$jar" ]; then
    javac -cp "$jar" -d "$work/java" java/Quickstart.java
    check "Java" java -cp "$jar:$work/java" -Djna.library.path="$target/debug" Quickstart ../data
  else echo "Java: skipped: no $jar"; fi
fi

if command -v python3 >/dev/null; then
  check "Python" python3 python/quickstart.py "$library" ../data
  check "process" python3 python/process.py "$target/debug/examples/embed" ../data
else echo "Python, process: skipped: no python3"; fi

# Threads, memory, and what is answered with an error. Valgrind runs every instruction by itself, so fewer rounds.
if [ -x "${cc:-}" ] && command -v python3 >/dev/null; then
  "$cc" -O1 -g -Wall -Wextra -Werror -pthread -I. c/threads.c -L"$target/debug" -ldouble_random -o "$work/threads"
  # shellcheck disable=SC2046 # a step and a file each
  set -- $(python3 python/requests.py "$library" ../data "$work")
  "$work/threads" 8 5 "$@" || failed=1
  if command -v valgrind >/dev/null || { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get install -y -qq valgrind >/dev/null 2>&1; }; then
    if valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect --error-exitcode=9 "$work/threads" 2 1 "$@" >"$work/valgrind.txt" 2>&1; then
      echo "valgrind: no error, nothing lost"
    else
      failed=1
      tail -n 60 "$work/valgrind.txt"
    fi
  else echo "valgrind: skipped: it is not here"; fi
fi

[ "$ran" -gt 0 ] || echo "nothing was run"
exit "$failed"
