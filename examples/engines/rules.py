"""What both programs of this folder draw from: constructed rows, a policy, officers; and the office's process."""
import json
import subprocess

COUNTIES = [f"{province}{city:02}{county:02}" for province in (11, 31, 35, 44, 51) for city in range(1, 5)
            for county in range(1, 6)]
RISKS, KINDS, SLACK = ["A", "B", "C", "D"], ["company", "shop", "cooperative", "branch"], 8

POLICY = {
    "protocol": "double-random/1", "document": "policy", "title": "Market entities", "authority": "demo", "scope": "market",
    "as_of": "2026-01-01", "window": {"from": "2026-02-01", "to": "2026-12-31"},
    "frame": {"credit": ["none"], "divisions": sorted(COUNTIES), "kinds": KINDS, "risk": RISKS},
    "roster": {"departments": ["scjg"]}, "strata": ["province", "county", "risk"],
    "design": {"method": "rate", "rate": "0.003"},
    "frequency": [{"risk": risk, "credit": "none", "visits": "0.1"} for risk in RISKS],
    "signals": [{"signal": "complaints", "at_least": 1, "add": "0.1", "basis": "constructed"}],
    "coverage": {"guards": ["total", "province", "county"], "minimum": "0.003"},
    "team": {"cap": 2000, "ceiling": "0.75", "departments": [{"department": "scjg", "officers": 2}],
             "jurisdiction": "own", "rotation": True, "same_grid": True},
    "beacon": {"sources": [{"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": 40, "sides": 10,
                            "witness": "notary"}]},
    "disclosure": {"mode": "immediate"}, "reserves": 3}
OFFICERS = [{"row": n, "id": f"I-{n:05}", "name": f"Officer {n}", "department": "scjg", "divisions": [county],
             "certified_until": "2027-12-31"} for n, county in enumerate(COUNTIES * 4)]
KEY, VALUES = "07" * 32, [{"source": "dice", "value": "8270160495813379045618264079135506271948"}]
TERMS = {"policy": POLICY, "salt_key": KEY}
OFFICE = {**TERMS, "officers": OFFICERS, "sealed_at": "2026-01-08T08:00:00Z"}

def constructed(n):
    mix = n * 2654435761 >> 8
    return {"id": f"CN-{n:015}", "name": f"Entity {n}", "division": COUNTIES[mix % len(COUNTIES)],
            "kind": KINDS[(mix >> 9) % len(KINDS)], "risk": RISKS[(mix >> 5) % len(RISKS)], "credit": "none",
            "signals": [] if mix % 97 else [["complaints", "1"]]}

class Office:
    """The process that merges, seals and draws."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "draw"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, *lines):
        self.process.stdin.writelines(f"{line}\n" for line in lines)
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline().rstrip("\n")
        assert line, "the office refused"
        return line

    def end(self):
        self.process.stdin.close()

def one_machine(program, rows):
    """Seal and record of all rows; `rows` gives them twice."""
    one = subprocess.Popen([program, "whole"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    one.stdin.write(json.dumps({**OFFICE, "values": VALUES}) + "\n")
    for end in ("\n", ""):
        one.stdin.writelines(f"{row}\n" for row in rows())
        one.stdin.write(end)
    one.stdin.close()
    return one.stdout.read().splitlines()
