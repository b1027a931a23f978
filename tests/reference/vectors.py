#!/usr/bin/env python3
"""Runs replay.py and its like over the shared test vectors.

    python3 vectors.py DIR

Every file DIR/<kind>.json has cases, each with its input and what must come out; every folder in DIR/records is a
record with its files, which must be confirmed. The last line is `N passed, M failed`; exit status 0 if M is 0 and N
is not.
"""
import json
import sys
from collections import Counter
from pathlib import Path

from replay import MALFORMED, PROTOCOL, Fail, H, Tree, Unusable, Words
from replay import canon, draw, load, need, parse, seed_text, sha, verify, walk
from plan import hazard, raise_sizes
from teams import department_teams

def joined(items):
    return sha(",".join(map(str, items)).encode()).hex()

# What a case of each kind expects, and what is found

def digest(case):
    return case["digest"], H(case["label"], case["content"])

def bytes_(case):
    try:
        parse(case["text"].encode())
        return case["accepted"], True
    except MALFORMED:
        return case["accepted"], False

def tree(case):
    leaves = [bytes.fromhex(leaf) for leaf in case.get("leaves", [])]
    leaves += [str(i).encode() for i in range(case.get("count", 0))]
    whole, proofs = Tree(leaves), case.get("proofs", [])

    def proof(index, lo, hi):
        if hi - lo == 1:
            return []
        mid = whole.split(lo, hi)
        near, far = ((lo, mid), (mid, hi)) if index < mid else ((mid, hi), (lo, mid))
        return proof(index, *near) + [whole.hash(*far).hex()]
    return ([case["root"], *(row["path"] for row in proofs)],
            [whole.hash(0, len(leaves)).hex(), *(proof(row["index"], 0, len(leaves)) for row in proofs)])

def allocation(case):
    joint = lambda path: path if isinstance(path, str) else "/".join(path)
    cells = [(joint(cell["path"]), int(cell["size"]), cell["count"], cell["certain"]) for cell in case["cells"]]
    counts, start = walk(cells, int(case["factor"]), int(case["step"]), case["seed"])
    return [case["counts"], case["start"]], [counts, str(start)]

def tickets(case):
    ids = case["ids"] if "ids" in case else [f"U-{i:06}" for i in range(case["generated"])]
    picks, reserves, cutoff = draw(ids, case["take"], case["seed"])
    found = {"picks": [row["id"] for row in picks], "digest": joined(row["id"] for row in picks + reserves), **cutoff}
    asked = [key for key in ("picks", "digest", "cutoff") if key in case]
    return [case[key] for key in asked], [found.get(key) for key in asked]

def words(case):
    stream = Words(case["label"], case["seed"])
    return case["words"], [str(stream.word()) for _ in case["words"]]

def below(case):
    stream = Words("", "")
    stream.source = iter(map(int, case["words"]))
    return [case["result"], case["taken"]], [str(stream.below(int(case["n"]))), stream.taken]

def shuffle(case):
    order = Words(case["label"], case["seed"]).shuffle(list(range(case["n"])))
    return (case["digest"], joined(order)) if "digest" in case else (case["order"], order)

def seed(case):
    text = seed_text(case["seal"], case["values"], case.get("secret"))
    return [case["text"], case["seed"]], [text, H("seed", text)]

def hazards(case):
    size = hazard(int(case["frequency"]), int(case["share"]), int(case["exposure"]), case["visits"])
    return case["size"], str(size)

def guards(case):
    sizes = [int(size) for size, count in case["sizes"] for _ in range(count)]
    grown = dict(zip(sizes, raise_sizes(sizes, case["need"])))
    return case["raised"], [str(grown[int(size)]) for size, _ in case["sizes"]]

def teams(case):
    caps, barred = {row["id"]: row["cap"] for row in case["inspectors"]}, {tuple(pair) for pair in case["barred"]}
    may = {unit: sorted(i for i in caps if (unit, i) not in barred) for unit in case["visits"]}
    table, posts, raised, shortages = department_teams(
        case["seed"], case["department"], may, caps, case["places"], case["ceiling"])
    found = {"table": (table, "unit inspector chance"), "raised": (raised, "ceiling units"),
             "teams": ([(unit, *posts[unit]) for unit in sorted(posts)], "unit officers vacancies"),
             "shortages": (shortages, "units inspectors need can_fill")}
    return ({key: case[key] for key in found},
            {key: [dict(zip(names.split(), row)) for row in rows] for key, (rows, names) in found.items()})

KINDS = {"allocation": allocation, "below": below, "bytes": bytes_, "digest": digest, "guard": guards,
         "hazard": hazards, "seed": seed, "shuffle": shuffle, "teams": teams, "tickets": tickets, "tree": tree,
         "words": words}

def run_file(path):
    """For each case, None or why it fails."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        need(data["protocol"] == PROTOCOL and data["cases"] and data["count"] == len(data["cases"]), "its head")
        kind = KINDS[path.stem]
    except (OSError, Fail, *MALFORMED) as error:
        return [f"the file cannot be used: {error!r}"]
    results = []
    for case in data["cases"]:
        try:
            expected, found = kind(case)
            equal = canon(expected) == canon(found)
            results.append(None if equal else f"{case.get('name', '')}: expected {expected}, found {found}"[:400])
        except (Fail, AssertionError, *MALFORMED) as error:
            results.append(repr(error))
    return results

def run_record(home):
    lines = []
    try:
        verdict = verify(*load({path.stem: path for path in home.glob("*.json")}), lines.append)
    except Unusable as error:
        verdict = f"unusable: {error}"
    return None if verdict == "confirmed" else "\n  ".join([verdict, *(line for line in lines if line[0] == "F")])

def main(*folders):
    if len(folders) != 1:
        print("usage: vectors.py DIR")
        return 3
    tally = Counter()
    results = {path: run_file(path) for path in sorted(Path(folders[0]).glob("*.json"))}
    for home in sorted(path for path in Path(folders[0]).glob("records/*") if path.is_dir()):
        results[home] = [run_record(home)]
    for path, reasons in results.items():
        for number, reason in enumerate(reasons):
            tally["failed" if reason else "passed"] += 1
            if reason:
                print(f"FAIL {path.name} {number}: {reason}")
    print(f"{tally['passed']} passed, {tally['failed']} failed")
    return 0 if tally["passed"] and not tally["failed"] else 1

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
