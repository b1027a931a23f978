"""Spec 10, the plan, and Spec 11.1, who may go where. For auditors; see replay.py."""
import itertools
import unicodedata
from collections import Counter, defaultdict
from datetime import date

from replay import ONE, billionths, need

def day(text):  # Spec 1.8
    need(date.fromisoformat(text).isoformat() == text, f"{text} is not a date")
    return date.fromisoformat(text)

# ---- Spec 9.1: what every reader of a policy checks, but the bits of 8.3, which are the check `timing` ----

OWN_CODES = {"closed", "suspended", "licence_expired", "out_of_scope"}  # Spec 10.1, steps 1 and 2

def is_text(text):
    return 1 <= len(text) <= 200 and not text.isspace() and all(unicodedata.category(c) != "Cc" for c in text)

def valid_policy(policy):
    """Rows (what, expected, found), which must agree."""
    design, team, frame, coverage = policy["design"], policy["team"], policy["frame"], policy["coverage"]
    sources, signals = policy["beacon"]["sources"], policy.get("signals", [])
    visits = policy.get("frequency", [])
    reasons = [row for name in ("certainties", "exclusions") for row in policy.get(name, [])]

    parts = [design.get("rate", "1"), design.get("share", "1"), team["ceiling"], coverage["minimum"]]
    yield "rates, shares, ceiling, minimum at most 1", True, all(billionths(part) <= ONE for part in parts)
    yield "share and ceiling above 0", True, "0" not in parts[1:3]
    yield "number from 1 to a billion", True, 1 <= design.get("number", 1) <= ONE
    yield "decimals", True, all(billionths(d) >= 0 for d in [r["add"] for r in signals] + [r["visits"] for r in visits])

    lists = [*frame.values(), *policy["roster"].values(), policy["strata"], coverage["guards"],
             [row["department"] for row in team["departments"]], [source["id"] for source in sources]]
    yield "lists without repetition", True, all(len(set(items)) == len(items) for items in lists)
    if "frequency" in policy or design["method"] == "frequency":
        pairs = sorted(map(list, itertools.product(frame["risk"], frame["credit"])))
        yield "frequency table", pairs, sorted([row["risk"], row["credit"]] for row in visits)

    rules = [row["rule"] for row in reasons]
    floors = [row["at_least"] for row in signals + [rule["signal"] for rule in rules if "signal" in rule]]
    floors += [rule["visits_at_least"] for rule in rules if "visits_at_least" in rule]
    yield "at_least and visits_at_least at least 1", True, all(floor >= 1 for floor in floors)
    yield "exclusion codes", [], [r["code"] for r in policy.get("exclusions", []) if r["code"] in OWN_CODES]
    yield "2 to 20 officers", True, all(2 <= row["officers"] <= 20 for row in team["departments"])
    yield "cap, reserves, signals", True, (
        team["cap"] <= 999_999 and policy["reserves"] <= 10**6 and len(signals) <= 1000)
    yield "window after as_of", True, day(policy["window"]["from"]) >= day(policy["as_of"])
    texts = [policy["title"], *policy.get("labels", {}).values(), *(row["basis"] for row in signals + reasons),
             *(source[key] for source in sources for key in ("witness", "game", "issue") if key in source)]
    yield "texts", [], [text for text in texts if not is_text(text)]

# ---- Spec 10.1: who may be drawn ----

def covers(division, other):  # step 2
    while division.endswith("00"):
        division = division[:-2]
    return other.startswith(division)

def signalled(unit, rule):
    return unit.get("signals", {}).get(rule["signal"], 0) >= rule["at_least"]

def applies(rule, unit, standing, as_of):
    [(kind, arg)] = rule.items()
    if kind == "units":
        return unit["id"] in arg
    if kind == "kinds":
        return unit["kind"] in arg
    if kind == "signal":
        return signalled(unit, arg)
    if kind == "visits_at_least":
        return standing.get("visits", 0) >= arg
    when = unit.get("opened") if kind == "opened_within_days" else standing.get("last_visit")
    if when is None:
        return kind == "not_visited_days"
    days = max(0, (day(as_of) - day(when)).days)
    return {"not_visited_days": days > arg, "visited_within_days": days <= arg, "opened_within_days": days <= arg}[kind]

def admit(policy, unit, standing):
    """Exclusion code or None, active, certain."""
    ends = [licence.get("valid_until", "9999-12-31") for licence in unit.get("licences", [])]
    if unit["status"] != "active":  # step 1
        return unit["status"], False, False
    if ends and max(ends) < policy["as_of"]:
        return "licence_expired", False, False
    scope = policy.get("population", {})
    if (not any(covers(division, unit["division"]) for division in scope.get("divisions", ["000000"]))
            or unit["kind"] not in scope.get("kinds", [unit["kind"]])):  # step 2
        return "out_of_scope", False, False
    if any(applies(row["rule"], unit, standing, policy["as_of"]) for row in policy.get("certainties", [])):  # step 3
        return None, True, True
    for row in policy.get("exclusions", []):  # step 4
        if applies(row["rule"], unit, standing, policy["as_of"]):
            return row["code"], True, False
    return None, True, False

# ---- Spec 10.2: measure ----

def hazard(frequency, share, exposure, visits):  # step 5
    d, r = frequency * share // ONE, exposure - visits * ONE
    need(d <= ONE, "a frequency above one visit a draw")
    if r >= 0:
        return ONE if r + d >= ONE else d * ONE // (ONE - r)
    return 0 if r + d <= 0 else (r + d) * ONE // (ONE + r)

def measure(policy, unit, standing, certain):
    design, method = policy["design"], policy["design"]["method"]
    visits = {(row["risk"], row["credit"]): billionths(row["visits"]) for row in policy.get("frequency", [])}
    if method == "rate":  # step 1
        size = billionths(design["rate"])
    elif method == "number" and not visits:
        size = ONE
    else:
        size = visits[unit["risk"], unit["credit"]]
    size += sum(billionths(row["add"]) for row in policy.get("signals", []) if signalled(unit, row))  # step 2
    if method == "number":  # steps 4 and 6
        return size
    if method == "frequency":  # step 5
        size = hazard(size, billionths(design["share"]), billionths(standing.get("exposure", "0")),
                      standing.get("visits", 0))
    return ONE if certain else min(ONE, size)  # steps 6 and 3

# ---- Spec 10.3 to 10.5. A row is a dict of what the plan must know of an active unit ----

def place(policy, unit, standing):  # Spec 10.3: the path is kept without first or repeat
    code, active, certain = admit(policy, unit, standing)
    if not active:
        return code, None
    county = unit["division"]
    parts = {**unit, "province": county[:2] + "0000", "city": county[:4] + "00", "county": county}
    return code, {"id": unit["id"], "visited": standing.get("visits", 0) > 0, "certain": certain, "drawn": not code,
                  "path": [parts[stratum] for stratum in policy["strata"]],
                  "size": 0 if code else measure(policy, unit, standing, certain)}

def mark_certain(number, drawn):  # Spec 5.6: marks the rows; N' and S at the end
    sure, possible = sum(r["certain"] for r in drawn), sum(r["certain"] or r["size"] > 0 for r in drawn)
    need(sure <= number <= possible, f"plan refused: {number} is not from {sure} to {possible}")  # 10.5.1
    while True:
        others = [row for row in drawn if not row["certain"]]
        left, mass = number - len(drawn) + len(others), sum(row["size"] for row in others)
        full = [row for row in others if left > 0 and left * row["size"] >= mass]
        if not full:
            return left, mass
        for row in full:
            row["certain"] = True

def raise_sizes(sizes, m):  # Spec 10.4, step 3
    if sum(sizes) >= m * ONE:
        return sizes
    positive = sum(size > 0 for size in sizes)
    if positive < m:  # no factor reaches the quota
        return [ONE if size else -(-(m - positive) * ONE // (len(sizes) - positive)) for size in sizes]
    low, high, times = ONE, ONE * ONE, Counter(sizes)
    grown = lambda size, factor: min(ONE, -(-size * factor // ONE))
    while low < high:  # the smallest factor
        mid = (low + high) // 2
        enough = sum(grown(size, mid) * n for size, n in times.items()) >= m * ONE
        low, high = (low, mid) if enough else (mid + 1, high)
    return [grown(size, low) for size in sizes]

def guard(policy, active, left, mass):  # Spec 10.4: raises the sizes, or refuses the plan; left, mass as in Spec 5.6
    depth = {"total": 0, **{stratum: i + 1 for i, stratum in enumerate(policy["strata"])}}
    minimum = billionths(policy["coverage"]["minimum"])
    for name in sorted(policy["coverage"]["guards"], key=depth.get, reverse=True):
        nodes = defaultdict(list)
        for row in active:
            nodes[tuple(row["path"][:depth[name]])].append(row)
        for path, rows in sorted(nodes.items()):
            quota = -(-minimum * len(rows) // ONE)  # step 1
            m = max(0, quota - sum(row["visited"] for row in rows))
            free = [row for row in rows if row["drawn"] and not row["visited"]]  # step 2
            sure = len(free)
            if policy["design"]["method"] != "number":  # step 3
                for row, size in zip(free, raise_sizes([row["size"] for row in free], m) if sure >= m else []):
                    row["size"] = size
            elif sure >= m:  # step 4
                others = sum(row["size"] for row in free if not row["certain"])
                sure = sum(row["certain"] for row in free) + (left * others // mass if left else 0)
            need(sure >= m, f"plan refused: {sure} units of {m} at {name} {'/'.join(path)}")

def plan(policy, units, standings):
    """The cells as {(path, size, certain): [id]} in order, and the exclusion counts."""
    placed = [place(policy, unit, standings.get(unit["id"], {})) for unit in units]
    active = [row for _, row in placed if row]
    drawn, design = [row for row in active if row["drawn"]], policy["design"]
    number = design["method"] == "number"
    guard(policy, active, *(mark_certain(design["number"], drawn) if number else (0, 0)))
    cells = defaultdict(list)
    for row in drawn:  # Spec 10.5, step 1
        path = "/".join(["repeat" if row["visited"] else "first", *row["path"]])
        cells[path, row["size"], row["certain"] if number else row["size"] == ONE].append(row["id"])
    return dict(sorted(cells.items())), dict(Counter(code for code, _ in placed if code))

def cell_table(cells, excluded):  # Spec 10.5, step 2
    rows = [{"certain": certain, "count": len(ids), "path": path, "size": str(size)}
            for (path, size, certain), ids in cells.items()]
    return {"cells": rows, **({"exclusions": excluded} if excluded else {})}

# ---- Spec 11.1: who may go ----

def within(reach, division, place):
    if reach == "own":
        return covers(division, place)
    need(reach in ("city", "province"), f"no jurisdiction is called {reach}")
    same_city = division[:4] == place[:4] or "0000" in (division[2:], place[2:])
    return division[:2] == place[:2] and (same_city or reach == "province")

def barred(policy, department, unit, who, standing, recused):
    """The first reason, or None."""
    first, last, team = policy["window"]["from"], policy["window"]["to"], policy["team"]
    asked, reach = team.get("qualifications", {}).get(unit["kind"]), team["jurisdiction"]
    bars = {"department": who["department"] != department,
            "certificate": who.get("certified_from", first) > first or who["certified_until"] < last,
            "absence": any(a["from"] <= first and last <= a["to"] for a in who.get("absences", [])),
            "qualification": asked is not None and asked not in who.get("qualifications", []),
            "jurisdiction": reach != "any" and not any(within(reach, d, unit["division"]) for d in who["divisions"]),
            "recusal": (who["id"], unit["id"]) in recused,
            "grid": team["same_grid"] and "grid" in unit and unit["grid"] == who.get("grid"),
            "rotation": team["rotation"] and who["id"] in standing.get("last_team", [])}
    return next((reason for reason, holds in bars.items() if holds), None)
