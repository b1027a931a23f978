"""Spec 13: the checks that need the files frame, roster and cycle. For auditors; see replay.py."""
from collections import Counter

from basics import H, Tree, ascend, blind_tree, canon, has_fields, pseudonym_leaf, pseudonym_of, row_salt, salt
from published import NotHere, owners
from replay import EXPERTS, allocate, draw, held_posts, parties, posts_at
from cost import need_within_budget
from plan import SPANS, Plan, barred, group_of, office_of
from rows import frame_rows, roster_rows
from teams import teams_of
from year import valid_cycle
from yearrows import cycle_digest

def list_root(key, lists, salted):  # Spec 4.1, 4.2
    leaves = [canon({"salt": salted(key, row["id"]), field: row}) for field, rows in lists for row in rows]
    return {"root": Tree(leaves).hash(0, len(leaves)).hex(), "size": len(leaves)}

def by_id(rows, field="id"):
    return {row[field]: row for row in rows}

def recused_pairs(roster):
    return {(row["inspector"], row["unit"]) for row in roster["recusals"]}

def check_frame(record, files):
    frame = files["frame"]
    key, ids = frame["salt_key"], [unit["id"] for unit in frame["units"]]
    yield from frame_rows(record["policy"], frame)
    pseudonyms = blind_tree([pseudonym_leaf(pseudonym_of(key, unit), unit) for unit in ids]).root()  # Spec 4.5
    rows = list_root(key, [("unit", frame["units"])], row_salt)
    yield "roots and size", {"pseudonyms": pseudonyms, **rows}, record["seal"]["frame"]

def check_register_rows(record, files):  # Spec 28.4
    seal, keys = record["seal"], files.get("registers", {}).get("registers", [])
    given = {row["authority"]: row for row in keys}
    if "registers" not in seal and "registers" not in files:
        raise NotHere("the seal names no registers")
    if "frame" not in files:
        raise NotHere("no frame given")
    for row in keys:
        yield "fields of a key", True, has_fields(row, "authority salt_key units?")
        yield "its units", True, ascend([unit["id"] for unit in row.get("units", [])])
    yield "authorities", True, ascend([row["authority"] for row in keys])
    outcomes = register_outcomes(record, files["frame"]["units"], given)
    yield "registers that went in changed", [], [name for name, holds in outcomes.items() if holds is False]
    of = owners(record["policy"]["frame"]["divisions"], seal.get("registers", []))
    yield "units of no register", [], [unit["id"] for unit in files["frame"]["units"] if unit["division"] not in of]
    if None in outcomes.values():
        raise NotHere("not all salt keys of the registers were given")

def register_root(key, units):  # Spec 28.1
    return list_root(key, [("unit", units)], lambda key, unit: salt(key, f"register {unit}"))

def register_outcomes(record, units, given):
    """{authority: whether its register went in unchanged, or None without its key}, also of keys of no register."""
    registers, found = record["seal"].get("registers", []), {}
    of = owners(record["policy"]["frame"]["divisions"], registers)
    for register in registers:
        key, name = given.get(register["authority"]), register["authority"]
        stated = {"root": register["root"], "size": register["size"]}
        rows = [unit for unit in units if of.get(unit["division"], ({}, ""))[0].get("authority") == name]
        found[name] = None if key is None else register_root(key["salt_key"], rows) == stated and register_root(
            key["salt_key"], key.get("units", rows)) == stated
    return found | {name: False for name in given if name not in found}

def check_roster(record, files):
    roster = files["roster"]
    yield from roster_rows(record["policy"], roster)
    lists = [("inspector", roster["inspectors"]), ("expert", roster.get("experts", []))]
    root = list_root(roster["salt_key"], lists, lambda key, who: salt(key, f"roster {who}"))
    recusals = canon({"recusals": roster["recusals"], "salt": salt(roster["salt_key"], "recusals")})  # Spec 4.4
    yield "root, size and recusals", {**root, "recusals": H("recusals", recusals)}, record["seal"]["roster"]

def check_cycle(record, files):
    cycle = files["cycle"]
    yield from valid_cycle(cycle)
    yield "cycle", cycle_digest(cycle, cycle["salt_key"]), record["seal"]["cycle"]  # Spec 4.4
    yield "last draw before this one", True, cycle["last"] < record["seal"]["sequence"]

def planned(record, files):
    return Plan(record["policy"], files["frame"]["units"], files["cycle"])

def check_plan(record, files):
    yield "table", planned(record, files).table(), record["table"]

def check_sample(record, files):
    policy, seed, cells = record["policy"], record["seed"], planned(record, files).cells
    rows = [(path, size, len(ids), certain) for (path, size, certain), ids in cells.items()]
    yield "number of cells", len(cells), len(record["sample"])
    for row, ids, count, cell in zip(rows, cells.values(), allocate(policy["design"], rows, seed), record["sample"]):
        units = [(pseudonym_of(files["frame"]["salt_key"], unit), unit) for unit in ids]
        picks, reserves, cutoff = draw(units, count, seed)
        yield f"cell {row[0]}", {"picks": picks, "reserves": reserves[:policy["reserves"]], **cutoff}, cell

def check_eligibility(record, files):  # the rules themselves, nothing is replayed
    policy, units, roster = record["policy"], by_id(files["frame"]["units"]), files["roster"]
    team, people = policy["team"], by_id(roster["inspectors"] + roster.get("experts", []))
    standings, recused = by_id(files["cycle"]["standings"], "unit"), recused_pairs(roster)
    pinned = {(pin["unit"], pin["inspector"], pin["post"]) for pin in team.get("pins", [])}
    caps, load = team.get("caps", {}), Counter()
    for visit in record["teams"]["visits"]:
        unit, held, when = units[visit["unit"]], held_posts(visit), visit.get("day")
        posts = [(name, *post) for name, row in parties(team) for post in posts_at(policy, row, unit)]
        yield f"posts of {unit['id']}", [list(post[:3]) for post in posts], [
            [name, post, len(officers) + empty] for name, post, officers, empty in held]
        for (name, post, officers, _), (*_, needs) in zip(held, posts):
            groups = Counter()
            for who in (people[officer] for officer in officers):
                yield f"what bars {who['id']} from {unit['id']} as {post}", None, barred(
                    policy, name, unit, who, standings.get(unit["id"], {}), recused, when, needs)
                load.update([("draw", who["id"]), ("office", name, office_of(team, who))])
                load.update([(name, who["id"], number(when)) for name, number in SPANS.items()] if when else [])
                # a pin that has not lapsed is the only way of who is pinned here, and its post has its own place
                groups[None if (unit["id"], who["id"], post) in pinned else group_of(team, who)] += 1
            over = [g for g, n in groups.items() if g is not None and n > team["limit"]["most"]]
            yield f"groups above the limit at {unit['id']}, {post}", [], over
    for who in people.values():
        cap = who.get("cap", (team if "department" in who else team.get("experts", {"cap": 0}))["cap"])
        yield f"visits of {who['id']} within his cap", True, load["draw", who["id"]] <= cap
    over = [key for key, n in load.items() if key[0] in caps and key[-1] is not None and n > caps[key[0]]]
    yield "above the caps of offices, days and weeks", [], over

def check_assignment(record, files):
    picked = [row["id"] for cell in record["sample"] for row in cell["picks"]]
    need_within_budget(record["policy"], files, picked)
    expected = teams_of(record["policy"], by_id(files["frame"]["units"]), picked, files["roster"],
                        by_id(files["cycle"]["standings"], "unit"), record["seed"])
    found = dict(record["teams"])
    for name in ("visits", "pools", "shortages", "raised", "lapsed", "widened"):
        for number, (ours, theirs) in enumerate(zip(expected.get(name, []), found.get(name, []))):
            yield f"{name} {number}, {ours.get('unit', ours.get('department', EXPERTS))}", ours, theirs
    yield "number of entries", {k: len(v) for k, v in expected.items()}, {k: len(v) for k, v in found.items()}
    yield "chance table", expected["table"], found["table"]

CHECKS = {"frame": check_frame, "register_rows": check_register_rows, "roster": check_roster, "cycle": check_cycle, "plan": check_plan,
          "sample": check_sample, "eligibility": check_eligibility, "assignment": check_assignment}
