"""Spec 27: draws of two levels. Who draws the teams of which picks, and a draw of teams against the draw above it."""
from basics import H, canon, instant, suite_of
from divisions import AREAS, divisions_of
from forms import Some
from published import areas_of

# ---- Spec 27.1: the fields `dispatch` and `above` of a policy ----

FORM = {"above?": {"authority": "code", "scope": "code"},
        "dispatch?": {"at": set(AREAS), "parts": [{"authority": "code", "departments?": Some(["code"]), "divisions": [
            "division"], "ready?": "hex", "scope": "code"}]}}

def once(items):
    return len(set(items)) == len(items)

def own_name(policy):
    return policy["authority"], policy["scope"]

def valid_dispatch(policy):
    """Rows (what, expected, found), which must agree."""
    dispatch = policy.get("dispatch")
    if dispatch is None:
        return
    level, parts, team = dispatch["at"], dispatch["parts"], policy["team"]
    yield "the level of the parts is a stratum", True, level in policy["strata"]
    yield "no days where teams are dispatched", [], team.get("days", [])
    yield "parts", True, 1 <= len(parts) <= 10_000 and once([(part["authority"], part["scope"]) for part in parts])
    yield "parts of others", False, any((part["authority"], part["scope"]) == own_name(policy) for part in parts)
    yield "divisions of parts", True, sum(len(part["divisions"]) for part in parts) <= 10_000 and all(
        part["divisions"] and once(part["divisions"]) for part in parts)
    places = divisions_of(policy["frame"]["divisions"])
    areas = {places.at(code, level) for code in places.codes} if level in places.levels() else set()
    yield "areas of the level", [], sorted({area for part in parts for area in part["divisions"]} - areas)
    own = {row["department"] for row in team["departments"]}
    free = set(policy["roster"]["departments"]) - own
    named = [part["departments"] for part in parts if "departments" in part]
    yield "departments of parts", True, all(once(list_) and len(list_) <= 1000 and set(list_) <= free for list_ in named)
    taken = {}
    for part in parts:
        mine = set(part.get("departments", [None]))
        for area in part["divisions"]:
            before = taken.setdefault(area, set())
            yield f"the part of {area}", True, not before or None not in before | mine and not before & mine
            taken[area] = before | mine

def valid_above(policy):
    if "above" not in policy:
        return
    yield "the draw of another", False, (policy["above"]["authority"], policy["above"]["scope"]) == own_name(policy)
    yield "the design of a draw of teams", {"method": "rate", "rate": "1"}, policy["design"]
    out = [name for name in ("population", "exclusions", "ratios") if name in policy]
    yield "what leaves units out", [], out + policy["frame"].get("listed", [])
    stages = policy.get("rating", {}).get("visits", [])
    yield "rules that limit visits", [], [rule["code"] for stage in stages for rule in stage["rules"] if "at_most" in rule["does"]]
    yield "the share of a draw of teams", "0", policy.get("round", {"share": "1"})["share"]

# ---- Spec 27.3 and 27.4 ----

def part_of(upper, policy):
    for part in upper["policy"].get("dispatch", {}).get("parts", []):
        if (part["authority"], part["scope"]) == (policy["authority"], policy["scope"]):
            return part
    return None

def picks_of(upper, part):
    return sorted(unit for unit, area in areas_of(upper).items() if area in part["divisions"])

def ready(policy, roster):
    return H("ready", canon({"policy": {**policy, "beacon": {"sources": []}}, "roster": roster}))

def check_above(upper, lower, part, answers):
    yield "the record above", upper["digest"], lower["seal"].get("above")
    yield "the authority above", {key: upper["policy"][key] for key in ("authority", "scope")}, lower["policy"].get("above")

def check_part(upper, lower, part, answers):
    yield "a part of the draw above", True, part is not None
    sent = sorted(row["department"] for row in lower["policy"]["team"]["departments"])
    yield "the departments of the part", sorted(part.get("departments", sent)), sent

def check_once(upper, lower, part, answers):
    yield "records of the part", 1, answers

def check_picks(upper, lower, part, answers):
    yield "the picks", picks_of(upper, part), sorted(row["id"] for cell in lower["sample"] for row in cell["picks"])
    yield "the size of the frame", len(picks_of(upper, part)), lower["seal"]["frame"]["size"]

def check_order(upper, lower, part, answers):
    yield "as_of", upper["policy"]["as_of"], lower["policy"]["as_of"]
    beacon, used = upper["seal"]["beacon"], {value["source"] for value in upper["beacon"]}
    every = beacon["sources"] + [row["source"] for row in beacon.get("fallbacks", [])]
    last = [source["at"] for source in every if source["id"] in used
            and instant(source["at"]) >= instant(lower["seal"]["sealed_at"])]
    yield "values that come after the seal below", [], last

def check_ready(upper, lower, part, answers):
    with suite_of(lower["seal"]):
        yield "what was handed over", part["ready"], ready(lower["policy"], lower["seal"]["roster"])

def check_rows(above, below):
    rows = {row["id"]: row for row in above["units"]}
    for row in below["units"]:
        yield f"the row of {row['id']}", rows.get(row["id"]), row

CHECKS = {"above": check_above, "part": check_part, "once": check_once, "picks": check_picks, "order": check_order,
          "ready": check_ready}

def linked(upper, lower, files, answers, run):
    """{check: None where it passes, why it fails, or "not run"}; files are the frame files of both, or None."""
    part, found = part_of(upper, lower["policy"]), {}
    for name, check in CHECKS.items():
        if name not in ("above", "part") and found["part"] or name == "ready" and "ready" not in part:
            found[name] = "not run"
            continue
        found[name] = run(lambda *_: check(upper, lower, part, answers), None, None)
    found["rows"] = run(lambda *_: check_rows(*files), None, None) if all(files) and not found["part"] else "not run"
    return found

def tree(nodes, verify, run):
    """Of [(record, files)], the first at the top: the verdict, what every link says in the order of the levels, the
    number of parts without a record, and that of records below none."""
    verdicts, links, missing, left = [], [], [0], set(range(1, len(nodes)))

    def under(place):
        upper, files = nodes[place]
        verdicts.append(verify(upper, files, lambda line: None))
        here = [n for n in sorted(left) if nodes[n][0]["seal"].get("above") == upper["digest"]]
        left.difference_update(here)
        names = [(nodes[n][0]["policy"]["authority"], nodes[n][0]["policy"]["scope"]) for n in here]
        for part in upper["policy"].get("dispatch", {}).get("parts", []):
            missing[0] += bool(picks_of(upper, part)) and (part["authority"], part["scope"]) not in names
        for n, name in zip(here, names):
            lower, own = nodes[n]
            found = linked(upper, lower, (files.get("frame"), own.get("frame")), names.count(name), run)
            links.append({"record": lower["digest"], "not_run": [key for key, why in found.items() if why == "not run"],
                          "failed": [key for key, why in found.items() if why not in (None, "not run")]})
            under(n)
    under(0)
    if "refuted" in verdicts or any(link["failed"] for link in links):
        return "refuted", links, missing[0], len(left)
    whole = not missing[0] and "self-consistent" not in verdicts
    return "confirmed" if whole else "self-consistent", links, missing[0], len(left)
