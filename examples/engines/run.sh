#!/usr/bin/env bash
# A draw in parts through child processes: as a shell does it with `sort` and `split`, and on Spark where PySpark is
# (PYTHON names the interpreter that has it); and through the C interface by threads. Each must print the bytes of one
# machine. Nothing is installed.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
(cd "$root" && cargo build --quiet --example engines)
program=${CARGO_TARGET_DIR:-$root/target}/debug/examples/engines
python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then
  echo "engines: skipped: no python3"
  exit 0
fi
"$python" shell.py "$program" 2000
(cd "$root" && cargo rustc --quiet --lib --features c-abi --crate-type cdylib)
library=${CARGO_TARGET_DIR:-$root/target}/debug/libdouble_random.so
[ -e "$library" ] || library=${library%.so}.dylib
"$python" threads.py "$library" 2000
if "$python" -c 'import pyspark' 2>/dev/null && command -v java >/dev/null; then
  "$python" draw.py "$program" "${ROWS:-20000}"
else echo "Spark: skipped: no PySpark or no Java"; fi
