"""The quickstart over a child process that stays: one request a line in, one response a line out. Prints the digest and the verdict.

    python3 process.py ../../../target/release/examples/embed ../../data
"""

import json
import pathlib
import subprocess
import sys


def main(program, data):
    child = subprocess.Popen([program, "--lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def call(step, **request):
        child.stdin.write(json.dumps({"step": step, "request": request}).encode() + b"\n")
        child.stdin.flush()
        response = json.loads(child.stdout.readline())
        if "error" in response:
            raise RuntimeError(response["error"])
        return response["ok"]

    read = lambda name: json.loads((pathlib.Path(data) / f"quickstart_{name}.json").read_text("utf-8"))
    inputs = {name: read(name) for name in ("policy", "units", "officers")}
    beacon = [{"source": "dice", "value": "8270160495813379045618264079135506271948"}]
    call("plan", inputs=inputs)
    terms = {"sequence": 1, "attempt": 1, "sealed_at": "2026-11-20T08:00:00Z", "previous": "0" * 64, "salt_key": "07" * 32}
    sealed = call("seal", inputs=inputs, terms=terms)
    kept = {name: sealed[name] for name in ("digest", "seal", "policy", "frame", "roster", "cycle")}
    drawn = call("draw", sealed=kept, beacon=beacon)
    verified = call("verify", record=drawn["record"], evidence={"seal": sealed["seal"], "beacon": beacon})
    child.stdin.close()
    if child.wait() != 0:
        raise RuntimeError(f"the process ended with {child.returncode}")
    print(drawn["digest"], verified["verdict"])


main(*sys.argv[1:])
