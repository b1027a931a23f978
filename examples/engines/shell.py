#!/usr/bin/env python3
"""The draw of draw.py without an engine: partitions are lists, and every step is a child process. Then what must not
pass: a partition that is missing, and one whose rows change after the seal.

    python3 examples/engines/shell.py target/debug/examples/engines 2000
"""
import itertools
import json
import subprocess
import sys

from rules import OFFICE, SLACK, TERMS, VALUES, Office, constructed, one_machine

def run(program, step, header, lines):
    """The lines of the output, or None where it refuses."""
    text = "".join(f"{line}\n" for line in [json.dumps(header), *lines])
    done = subprocess.run([program, step], input=text, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else None

def main(program, units):
    rows = [json.dumps(constructed(n)) for n in range(units)]
    borders = [0, units // 7, units // 7, units // 2 + 3, units]  # one partition is empty
    parts = [rows[a:b] for a, b in itertools.pairwise(borders)]
    counted = [run(program, "census", {**TERMS, "start": a}, part) for a, part in zip(borders, parts)]

    def sealed(counted):
        office = Office(program)
        office.say(json.dumps(OFFICE), *itertools.chain(*counted), "")
        return office, office.hear(), office.hear()

    def drawn(changed):
        office, whole, _ = sealed(counted)
        office.say(json.dumps(VALUES))
        header, sums = {**TERMS, "whole": json.loads(whole), "seed": office.hear(), "slack": SLACK}, [{}]
        for n in range(1, len(parts)):
            sums.append({"before": json.loads(run(program, "draw", OFFICE, [*itertools.chain(*counted[:n])])[0])})
        selected = [run(program, "select", {**header, **before}, changed(n, part))
                    for n, (before, part) in enumerate(zip(sums, parts))]
        if None in selected:
            return None
        office.say(*itertools.chain(*reversed(selected)))
        office.end()
        return office.process.stdout.read().strip() or None

    _, _, seal = sealed(reversed(counted))
    record = drawn(lambda n, part: part)
    same = [seal, record] == one_machine(program, lambda: rows)
    print("shell: seal and record are those of one machine" if same else "shell: DIFFERENT from one machine")
    missing = run(program, "draw", OFFICE, itertools.chain(counted[0], *counted[3:]))
    changed = drawn(lambda n, part: part[:-1] + [part[-1].replace("Entity", "Other")] if n == 2 else part)
    print("shell: refused where rows are missing, and where they change" if missing is changed is None else
          "shell: NOT refused")
    return 0 if same and missing is changed is None else 1

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
