"""Writes requests of every kind for `c/threads.c`: the path of the quickstart, and what is answered with an error.

    python3 requests.py ../../../target/release/libdouble_random.so ../../data FOLDER

Prints a step and a file for each of them.
"""

import json
import pathlib
import sys

from quickstart import Library


def main(library, data, folder):
    double_random, folder = Library(library), pathlib.Path(folder)
    read = lambda name: json.loads((pathlib.Path(data) / f"quickstart_{name}.json").read_text("utf-8"))
    written = []

    def write(step, text):
        file = folder / f"{len(written):02}-{step}.json"
        file.write_bytes(text)
        written.append(f"{step} {file}")

    def call(step, **request):
        write(step, json.dumps(request).encode())
        return double_random.call(step, **request)

    inputs = {name: read(name) for name in ("policy", "units", "officers")}
    beacon = [{"source": "dice", "value": "8270160495813379045618264079135506271948"}]
    call("plan", inputs=inputs)
    terms = {"sequence": 1, "attempt": 1, "sealed_at": "2026-11-20T08:00:00Z", "previous": "0" * 64, "salt_key": "07" * 32}
    sealed = call("seal", inputs=inputs, terms=terms)
    kept = {name: sealed[name] for name in ("digest", "seal", "policy", "frame", "roster", "cycle")}
    drawn = call("draw", sealed=kept, beacon=beacon)
    call("verify", record=drawn["record"], evidence={"seal": sealed["seal"], "beacon": beacon})
    # A value of another form, a row that breaks rules, a step that there is not, nesting without end, no JSON, no UTF-8.
    write("draw", json.dumps({"sealed": kept, "beacon": [{"source": "dice", "value": "9"}]}).encode())
    write("plan", json.dumps({"inputs": {**inputs, "units": [{**inputs["units"][0], "division": "nowhere"}]}}).encode())
    write("conjure", b"{}")
    write("plan", b'{"inputs":' * 100_000)
    write("seal", b"{")
    write("verify", b'{"record":"\xff"}')
    print("\n".join(written))


main(*sys.argv[1:])
