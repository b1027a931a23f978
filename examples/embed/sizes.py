"""Time and memory of one step a process, for 100 000 institutions and 4 000 officers: the figures of the guide.

    cargo build --release --example embed && python3 examples/embed/sizes.py target/release/examples/embed
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

UNITS, OFFICERS = 100_000, 4_000


def main(program):
    policy = json.loads((pathlib.Path(__file__).parent.parent / "data/quickstart_policy.json").read_text("utf-8"))
    policy["team"] |= {"cap": 20, "shortlist": 40}
    # One institution in twenty.
    policy["design"], policy["coverage"] = {"method": "rate", "rate": "0.05"}, {"guards": ["total"], "minimum": "0.05"}
    policy.pop("frequency")
    frame, places = policy["frame"], ("350502", "350582")
    units = [{"row": n + 1, "id": f"UNIT-{n:06}", "name": f"机构{n}", "division": places[n % 2], "kind": frame["kinds"][n % 3 % 2],
              "risk": frame["risk"][n % 5 % 2], "credit": frame["credit"][n % 7 % 2]} for n in range(UNITS)]
    officers = [{"row": n + 1, "id": f"OFFICER-{n}", "name": f"Officer {n}", "department": "health", "divisions": [places[n % 2]],
                 "certified_until": "2027-12-31"} for n in range(OFFICERS)]
    inputs = {"policy": policy, "units": units, "officers": officers}
    beacon = [{"source": "dice", "value": "8270160495813379045618264079135506271948"}]

    def call(step, **request):
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
            given.write(json.dumps(request, ensure_ascii=False).encode())
            given.seek(0)
            start = time.monotonic()
            child = subprocess.Popen([program, step], stdin=given, stdout=taken)
            # The peak that the system keeps of a child begins with that of its parent, so it is read while
            # the child runs.
            ended, peak = 0, 0
            while not ended:
                try:
                    lines = pathlib.Path(f"/proc/{child.pid}/status").read_text().splitlines()
                    peak = max([peak] + [int(line.split()[1]) for line in lines if line.startswith("VmHWM")])
                except OSError:
                    pass
                time.sleep(0.005)
                ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            seconds = time.monotonic() - start
            taken.seek(0)
            response = taken.read()
            size = given.seek(0, 2)
        if status:
            raise SystemExit(f"{step}: {response[:2000].decode()}")
        print(f"{step:8} request {size / 1e6:5.1f} MB, response {len(response) / 1e6:5.1f} MB, {seconds:6.2f} s, "
              f"{usage.ru_utime:6.2f} s of one core, peak {peak / 1024:4.0f} MB", flush=True)
        return json.loads(response)["ok"]

    call("version")
    call("plan", inputs=inputs)
    terms = {"sequence": 1, "attempt": 1, "sealed_at": "2026-11-20T08:00:00Z", "previous": "0" * 64, "salt_key": "07" * 32}
    sealed = call("seal", inputs=inputs, terms=terms)
    kept = {name: sealed[name] for name in ("digest", "seal", "policy", "frame", "roster", "cycle")}
    drawn = call("draw", sealed=kept, beacon=beacon)
    print(f"{len(drawn['units'])} institutions drawn")
    call("receipt", sealed=kept, unit="UNIT-000001", beacon=beacon)
    files = {name: kept[name] for name in ("seal", "frame", "roster", "cycle")}
    call("verify", record=drawn["record"], evidence=files | {"beacon": beacon})


main(*sys.argv[1:])
