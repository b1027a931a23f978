"""Spec 13: the checks that need the files frame, roster and cycle. For auditors; see replay.py."""
import re
from collections import Counter

from replay import HEX, H, Tree, allocate, canon, draw, need
from plan import Plan, barred, valid_policy
from teams import teams_of
from year import valid_cycle

def salt(key, name):  # Spec 4.1
    need(re.fullmatch(HEX, key), "the form of the salt key")
    return H("salt", f"{key} {name}")

def list_root(key, name, field, rows):  # Spec 4.1, 4.2
    leaves = [canon({"salt": salt(key, f"{name} {row['id']}"), field: row}) for row in rows]
    return {"root": Tree(leaves).hash(0, len(rows)).hex(), "size": len(rows)}

def ascending(what, rows, *fields):
    keys = [[row[field] for field in fields] for row in rows]
    wrong = [later for earlier, later in zip(keys, keys[1:]) if earlier >= later]
    return f"{what} not in order, or given twice", [], wrong

def by_id(rows, field="id"):
    return {row[field]: row for row in rows}

def recused_pairs(roster):
    return {(row["inspector"], row["unit"]) for row in roster["recusals"]}

def check_frame(record, files):
    frame = files["frame"]
    yield ascending("units", frame["units"], "id")
    yield "root and size", list_root(frame["salt_key"], "frame", "unit", frame["units"]), record["seal"]["frame"]

def check_roster(record, files):
    roster = files["roster"]
    yield ascending("inspectors", roster["inspectors"], "id")
    yield ascending("recusals", roster["recusals"], "inspector", "unit")
    root = list_root(roster["salt_key"], "roster", "inspector", roster["inspectors"])
    recusals = canon({"recusals": roster["recusals"], "salt": salt(roster["salt_key"], "recusals")})  # Spec 4.4
    yield "root, size and recusals", {**root, "recusals": H("recusals", recusals)}, record["seal"]["roster"]

def check_cycle(record, files):
    cycle = {key: value for key, value in files["cycle"].items() if key not in ("document", "protocol", "salt_key")}
    yield from valid_cycle(cycle)
    salted = {**cycle, "salt": salt(files["cycle"]["salt_key"], "cycle")}
    yield "cycle", H("cycle", canon(salted)), record["seal"]["cycle"]  # Spec 4.4
    yield "last draw before this one", True, cycle["last"] < record["seal"]["sequence"]

def planned(record, files):
    return Plan(record["policy"], files["frame"]["units"], files["cycle"])

def check_plan(record, files):
    yield from valid_policy(record["policy"])
    yield "table", planned(record, files).table(), record["table"]

def check_sample(record, files):
    policy, seed, cells = record["policy"], record["seed"], planned(record, files).cells
    rows = [(path, size, len(ids), certain) for (path, size, certain), ids in cells.items()]
    yield "number of cells", len(cells), len(record["sample"])
    for row, ids, count, cell in zip(rows, cells.values(), allocate(policy["design"], rows, seed), record["sample"]):
        picks, reserves, cutoff = draw(ids, count, seed)
        yield f"cell {row[0]}", {"picks": picks, "reserves": reserves[:policy["reserves"]], **cutoff}, cell

def check_eligibility(record, files):
    policy, units = record["policy"], by_id(files["frame"]["units"])
    people, standings = by_id(files["roster"]["inspectors"]), by_id(files["cycle"]["standings"], "unit")
    recused, load = recused_pairs(files["roster"]), Counter()
    for visit in record["teams"]["visits"]:
        unit, standing = units[visit["unit"]], standings.get(visit["unit"], {})
        for post in visit["posts"]:
            for officer in (officer["id"] for officer in post["officers"]):
                load[officer] += 1
                bar = barred(policy, post["department"], unit, people[officer], standing, recused)
                yield f"what bars {officer} from {visit['unit']}", None, bar
    over = [officer for officer, count in load.items() if count > people[officer].get("cap", policy["team"]["cap"])]
    yield "officers above their cap", [], over

def check_assignment(record, files):
    picked = [row["id"] for cell in record["sample"] for row in cell["picks"]]
    expected = teams_of(record["policy"], by_id(files["frame"]["units"]), picked, files["roster"],
                        by_id(files["cycle"]["standings"], "unit"), record["seed"])
    found = dict(record["teams"])
    for name, key in (("visits", "unit"), ("shortages", "department"), ("raised", "department")):
        for number, (ours, theirs) in enumerate(zip(expected[name], found.get(name, []))):
            yield f"{name} {number}, {ours[key]}", ours, theirs
    yield "number of entries", {k: len(v) for k, v in expected.items()}, {k: len(v) for k, v in found.items()}
    yield "chance table", expected["table"], found["table"]

CHECKS = {"frame": check_frame, "roster": check_roster, "cycle": check_cycle, "plan": check_plan,
          "sample": check_sample, "eligibility": check_eligibility, "assignment": check_assignment}
