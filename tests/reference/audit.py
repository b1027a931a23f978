"""Spec 13: the checks that need the files frame, roster and cycle. For auditors; see replay.py."""
import re
from collections import Counter

from basics import CODE, H, Tree, blind_tree, canon, day, has_fields, is_text, pseudonym_leaf, pseudonym_of
from basics import row_salt, salt
from replay import EXPERTS, allocate, draw, held_posts, parties, posts_of
from cost import need_within_budget
from plan import SPANS, Plan, barred, group_of, office_of, valid_policy
from teams import teams_of
from year import ascend, valid_cycle, whole

def list_root(key, lists, salted):  # Spec 4.1, 4.2
    leaves = [canon({"salt": salted(key, row["id"]), field: row}) for field, rows in lists for row in rows]
    return {"root": Tree(leaves).hash(0, len(leaves)).hex(), "size": len(leaves)}

def ascending(what, rows, *fields):
    keys = [[row[field] for field in fields] for row in rows]
    wrong = [later for earlier, later in zip(keys, keys[1:]) if earlier >= later]
    return f"{what} not in order, or given twice", [], wrong

def by_id(rows, field="id"):
    return {row[field]: row for row in rows}

def recused_pairs(roster):
    return {(row["inspector"], row["unit"]) for row in roster["recusals"]}

def valid_officer(policy, row, inspector):  # Spec 9.3
    begins, ends = ("certified_from", "certified_until") if inspector else ("engaged_from", "engaged_until")
    names = "department grid? office?" if inspector else "organisation? role?"
    yield "fields", True, has_fields(
        row, f"absences? cap? {begins}? {ends} divisions family? id load? name qualifications? {names}")
    yield "codes", [], [row[key] for key in ("id", "family", "grid", "office", "organisation") if key in row
                        and not re.fullmatch(CODE, row[key])]
    yield "name", True, is_text(row["name"])
    yield "role", True, row.get("role", "grid") in ("third_party", "grid", "uncertified")
    yield "department", True, not inspector or row["department"] in policy["roster"]["departments"]
    yield "divisions", True, ascend(row["divisions"]) and all(re.fullmatch("[0-9]{6}", d) for d in row["divisions"])
    known = set(policy["roster"].get("qualifications", []))
    yield "qualifications", True, ascend(row.get("qualifications", [])) and known >= set(row.get("qualifications", []))
    spans = [(a["from"], a["to"]) for a in row.get("absences", []) if has_fields(a, "from to")]
    yield "dates", True, ascend(spans) and len(spans) == len(row.get("absences", [])) and all(
        day(first) <= day(last) for first, last in spans)
    yield "dates", True, all(day(row[key]) is not None for key in (begins, ends) if key in row)
    yield "cap and load", True, whole(row.get("cap", 0), 0, 999_999) and whole(row.get("load", 1), 1, 10**6)
    yield "empty lists are left out", [], [key for key in ("absences", "qualifications") if row.get(key) == []]

def check_frame(record, files):
    frame = files["frame"]
    yield ascending("units", frame["units"], "id")
    key, ids = frame["salt_key"], [unit["id"] for unit in frame["units"]]
    pseudonyms = blind_tree([pseudonym_leaf(pseudonym_of(key, unit), unit) for unit in ids]).root()  # Spec 4.5
    rows = list_root(key, [("unit", frame["units"])], row_salt)
    yield "roots and size", {"pseudonyms": pseudonyms, **rows}, record["seal"]["frame"]

def check_roster(record, files):
    roster, policy = files["roster"], record["policy"]
    lists = [("inspector", roster["inspectors"]), ("expert", roster.get("experts", []))]
    for field, rows in lists:
        yield ascending(f"{field}s", rows, "id")
        for row in rows:
            yield from ((f"{field} {row['id']}, {what}", *pair) for what, *pair in valid_officer(
                policy, row, field == "inspector"))
    ids = [{row["id"] for row in rows} for _, rows in lists]
    yield "inspectors and experts", [], sorted(ids[0] & ids[1])
    yield "an empty list is left out", True, roster.get("experts") != []
    yield ascending("recusals", roster["recusals"], "inspector", "unit")
    yield "recusals", [], [row for row in roster["recusals"] if not (
        has_fields(row, "basis ground inspector unit") and is_text(row["basis"])
        and row["ground"] in ("statutory", "requested", "decided"))]
    root = list_root(roster["salt_key"], lists, lambda key, who: salt(key, f"roster {who}"))
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
        posts = [(name, *post) for name, row in parties(team) for post in posts_of(row, unit["kind"])]
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
    for name in ("visits", "shortages", "raised", "lapsed", "widened"):
        for number, (ours, theirs) in enumerate(zip(expected.get(name, []), found.get(name, []))):
            yield f"{name} {number}, {ours.get('unit', ours.get('department', EXPERTS))}", ours, theirs
    yield "number of entries", {k: len(v) for k, v in expected.items()}, {k: len(v) for k, v in found.items()}
    yield "chance table", expected["table"], found["table"]

CHECKS = {"frame": check_frame, "roster": check_roster, "cycle": check_cycle, "plan": check_plan,
          "sample": check_sample, "eligibility": check_eligibility, "assignment": check_assignment}
