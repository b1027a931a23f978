#!/usr/bin/env python3
"""A draw in parts through the C interface: threads of one process count and select, each its own part, and the library runs
beside the interpreter. Seal and record are compared with those of one call.

    python3 examples/engines/threads.py target/debug/libdouble_random.so 2000
"""
import ctypes
import itertools
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from rules import KEY, OFFICERS, POLICY, SLACK, TERMS, VALUES, constructed

def main(path, units):
    library = ctypes.CDLL(path)
    library.double_random_call.restype = ctypes.c_void_p  # not c_char_p: the pointer has to be given back
    library.double_random_free.argtypes = [ctypes.c_void_p]

    def ask(step, request):
        pointer = library.double_random_call(step.encode(), json.dumps(request).encode())
        try:
            answer = json.loads(ctypes.string_at(pointer))
        finally:
            library.double_random_free(pointer)
        return answer["ok"] if "ok" in answer else answer["error"]

    rows = [constructed(n) for n in range(units)]
    borders = [0, units // 7, units // 7, units // 2 + 3, units]  # one part is empty
    ranges = list(itertools.pairwise(borders))
    terms = {"sequence": 1, "attempt": 1, "sealed_at": "2026-01-08T08:00:00Z", "previous": "0" * 64, "salt_key": KEY}
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        counted = list(threads.map(lambda ends: ask("count_part", {
            "counting": TERMS, "start": ends[0], "units": rows[slice(*ends)]}), ranges))
        parts, leaves = ([part[name] for part in counted] for name in ("part", "leaves"))
        request = {"counting": TERMS, "officers": OFFICERS, "terms": terms}
        sealed = ask("seal_parts", {**request, "parts": parts, "leaves": leaves})
        seed = ask("seed", {"seal": sealed["seal"], "digest": sealed["digest"], "beacon": VALUES})["seed"]
        selected = list(threads.map(lambda place: ask("select_part", {
            "counting": TERMS, "before": parts[:place], "parts": [sealed["part"]], "seed": seed, "slack": SLACK,
            "units": rows[slice(*ranges[place])]})["selected"], range(len(ranges))))
    kept = {name: sealed[name] for name in ("cycle", "digest", "policy", "roster", "seal")}
    kept |= {"parts": parts, "leaves": leaves}
    drawn = ask("draw_parts", {"beacon": VALUES, "sealed": kept, "selected": selected})

    whole = ask("seal", {"inputs": {"policy": POLICY, "officers": OFFICERS, "units": rows}, "terms": terms})
    inputs = {name: whole[name] for name in ("cycle", "digest", "frame", "policy", "roster", "seal")}
    record = ask("draw", {"sealed": inputs, "beacon": VALUES})["record"]
    same = (sealed["seal"], drawn["record"]) == (whole["seal"], record)
    print("threads: seal and record are those of one call" if same else "threads: DIFFERENT from one call")
    missing = ask("seal_parts", {**request, "parts": parts[:2] + parts[3:], "leaves": leaves[:2] + leaves[3:]})
    refused = missing.get("code") == "invalid_parts"
    print("threads: refused where rows are missing" if refused else "threads: NOT refused")
    return 0 if same and refused else 1

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
