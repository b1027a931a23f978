"""Spec 10, the plan, and Spec 11.1, who may go where. For auditors; see replay.py."""
import itertools, re
from collections import Counter, defaultdict

from basics import HEX, ONE, billionths, day, has_fields, is_text, need, valid_suite, whole
from beacon import every_source
from bounds import fit
from forms import Some
from rating import rated, shaped_rating, valid_rating
from published import SPANS, covers
from replay import EXPERTS, parties, posts_of

# ---- Spec 9.1: what every reader of a policy checks, but 8.3 and 8.4, which are the check `timing` ----

OWN_CODES = {"closed", "suspended", "licence_expired", "out_of_scope"}  # Spec 10.1, steps 1 and 2

OWN_RULES = {"certainties": {"units": Some(["code"]), "signal": {"at_least": "count", "signal": "code"},
                             "not_visited_days": "count"},
             "exclusions": {"units": Some(["code"]), "kinds": Some(["code"]), "visited_within_days": "count",
                            "opened_within_days": "count", "visits_at_least": "count"}}  # the forms, for packs
LENGTHS = ("credit risk 64, divisions 5000, kinds departments qualifications signals certainties exclusions ratios "
           "items 1000, subsamples 16, frequency 4096, labels 10000")

def valid_ratio(policy, row):
    least, most = billionths(row.get("min", "0")), billionths(row.get("max", "1"))
    yield "a bound", True, bool(row.keys() & {"all_below", "least", "max", "min"})
    yield "all_below and least", True, all(1 <= row.get(key, 1) <= ONE for key in ("all_below", "least"))
    yield "min and max", True, least <= most <= ONE
    yield "at", True, row["at"] in ["total", *policy["strata"]]
    yield "is", True, "is" not in row or len(row["is"]) > 0 and row["at"] != "total"
    frame, names = policy["frame"], set(row.get("is", []))
    known = {"province": [d[:2] + "0000" for d in frame["divisions"]], "county": frame["divisions"],
             "city": [d[:4] + "00" for d in frame["divisions"]], "kind": frame["kinds"], "risk": frame["risk"],
             "credit": frame["credit"], "total": []}
    yield "codes of is", True, names <= set(known[row["at"]]) and len(names) == len(row.get("is", []))
    key_items = [item["code"] for item in policy.get("items", []) if item["class"] == "key"]
    yield "no max where an item is key", [], key_items if "max" in row else []

def valid_lists(policy):
    lists = {**policy["frame"], **policy["roster"], **policy}
    for part in LENGTHS.split(", "):
        *names, most = part.split()
        yield "lengths", [], [name for name in names if len(lists.get(name, [])) > int(most)]
    codes = lambda name, field="code": [row[field] for row in policy.get(name, [])]
    unique = [*policy["frame"].values(), *policy["roster"].values(), policy["strata"], policy["coverage"]["guards"],
              [row["department"] for row in policy["team"]["departments"]], codes("items"), codes("subsamples"),
              [source["id"] for source in every_source(policy["beacon"])]]
    yield "lists without repetition", True, all(len(set(items)) == len(items) for items in unique)
    yield "guards", True, set(policy["coverage"]["guards"]) <= {"total", *policy["strata"]}
    for name, kinds in OWN_RULES.items():
        yield f"rules of {name}", [], [row["code"] for row in policy.get(name, [])
                                       if len(row["rule"]) != 1 or not set(kinds).issuperset(row["rule"])]

def valid_shares(policy):
    design, (share, rest) = policy["design"], round_of(policy)
    parts = [design.get("rate", "1"), policy["team"]["ceiling"], policy["coverage"]["minimum"]]
    yield "rates, shares, ceiling, minimum at most 1", True, all(billionths(part) <= ONE for part in parts)
    yield "fields of the design", True, design.keys() == {"method"} | ({design["method"]} - {"frequency"})
    yield "ceiling above 0", True, parts[1] != "0"
    yield "number from 1 to a billion", True, 1 <= design.get("number", 1) <= ONE
    yield "round", True, share <= rest <= ONE and (share > 0 or rest == 0)
    surprise = billionths(policy.get("surprise", "0"))
    yield "surprise", True, surprise < ONE and (surprise == 0 or design["method"] == "frequency")
    rows = [(row.get("cycles", 1), billionths(row["visits"])) for row in policy.get("frequency", [])]
    yield "cycles", True, all(n == 1 or 1 < n <= 20 and n * visits >= ONE for n, visits in rows)
    yield "subsample shares", True, all(0 < billionths(row["share"]) <= ONE for row in policy.get("subsamples", []))

def valid_team(policy):  # Spec 9.1, of `team`
    team, window, back = policy["team"], policy["window"], "visited_since" in policy.get("population", {})
    caps, days, pins, kinds = team.get("caps", {}), team.get("days"), team.get("pins", []), policy["frame"]["kinds"]
    known, rows = policy["roster"].get("qualifications", []), [row for _, row in parties(team)]
    yield "2 to 20 officers", True, all(2 <= row["officers"] <= 20 for row in team["departments"])
    most = [team["cap"], *caps.values(), team.get("experts", {"cap": 0})["cap"]]
    yield "caps", True, all(0 <= cap <= 999_999 for cap in most) and all(cap >= 1 for cap in caps.values())
    yield "names of caps", True, set(caps) <= {"office", *(SPANS if days else ())} and team.get("caps") != {}
    if days is not None:
        inside = all(day(window["from"]) <= day(when) <= day(window["to"]) for when in days)
        yield "days", True, 1 <= len(days) <= 366 and inside and all(a < b for a, b in zip(days, days[1:]))
    for place, row in enumerate(rows):
        posts = row.get("posts", [])
        codes = [post["post"] for post in posts]
        yield "codes of posts", True, len(set(codes)) == len(codes) <= 20 and "member" not in codes
        yield "lead", [], [post for post in posts if post["post"] == "lead" and (place > 0 or post["places"] != 1)]
        yield "places", True, all(1 <= post["places"] <= 20 for post in posts)
        yield "kinds and needs of posts", True, all(
            post.get("kinds") != [] and set(post.get("kinds", [])) <= set(kinds)
            and ("needs" not in post or post["needs"] in known) for post in posts)
        yield "an empty list of posts", True, row.get("posts") != []
        full = [kind for kind in kinds if "officers" in row and
                sum(places for post, places, _ in posts_of(row, kind) if post != "member") > row["officers"]]
        yield "kinds with more places than officers", [], full
    if "experts" in team:
        yield "posts of experts", True, len(team["experts"]["posts"]) > 0 and "officers" not in team["experts"]
    yield "jurisdiction", True, {row.get("jurisdiction", team["jurisdiction"]) for row in rows} | {
        team["jurisdiction"]} <= set(REACHES)
    asked = team.get("qualifications", {})
    yield "qualifications", True, set(asked) <= set(kinds) and set(asked.values()) <= set(known)
    limit = team.get("limit", {"by": "family", "most": 1})
    yield "limit", True, limit["by"] in ("family", "office") and limit["most"] >= 1
    yield "shortlist", True, 4 <= team.get("shortlist", 4) <= 10_000
    codes = {"member", *(post["post"] for row in team["departments"] for post in row.get("posts", []))}
    yield "posts of pins", [], [pin["post"] for pin in pins if pin["post"] not in codes]
    yield "pins twice, or too many", True, len({(pin["unit"], pin["inspector"]) for pin in pins}) == len(pins) <= 1000
    yield "rotation of a back-check", True, team["rotation"] or not back
    if "enterprises" in team:
        row = team["enterprises"]
        lists = [(row["barred"], ROLES), (row["kinds"], kinds)]
        yield "enterprises", True, has_fields(row, "barred basis kinds") and all(
            valid_part(items, known) for items, known in lists)

ROLES = ["expert", "third_party", "grid", "uncertified"]  # Spec 9.3

def valid_part(items, known):  # of a list that is not empty
    return 0 < len(items) == len(set(items)) and set(items) <= set(known)

def valid_sections(policy):  # Spec 9.1, of what sections 20 to 24 have added
    frame, rules = policy["frame"], policy.get("certainties", []) + policy.get("exclusions", [])
    yield "kinds of certainties and exclusions", [], [row["code"] for row in rules if "kinds" in row and not (
        valid_part(row["kinds"], frame["kinds"]))]
    has = policy.get("population", {}).get("has", {"": 1})
    yield "has of the population", True, len(has) > 0 and all(whole(n, 1, 999_999_999) for n in has.values())
    if "origin" in policy:
        row = policy["origin"]
        digests = [row[key] for key in ("dossier", "pack", "programme") if key in row]
        yield "origin", True, has_fields(row, "batch dossier? pack programme task") and whole(row["batch"], 1) and all(
            re.fullmatch(HEX, digest) for digest in digests)
    if "rating" in policy:
        added = [row["signal"] for row in policy.get("signals", [])]
        added += [row["rule"]["signal"]["signal"] for row in rules if "signal" in row["rule"]]
        added += policy.get("population", {}).get("has", {})
        yield from valid_rating(policy["rating"], frame["risk"], frame["credit"], frame["kinds"],
                                policy.get("frequency", []), added)
        canonical = shaped_rating(policy["rating"], {"basis": "text"}, "", [])
        yield "canonical rating", canonical, policy["rating"]

def valid_policy(policy):
    """Rows (what, expected, found), which must agree."""
    design, team, frame, window = policy["design"], policy["team"], policy["frame"], policy["window"]
    sources, signals, ratios = every_source(policy["beacon"]), policy.get("signals", []), policy.get("ratios", [])
    reasons = [row for name in ("certainties", "exclusions") for row in policy.get(name, [])]
    yield "suite", True, valid_suite(policy)
    yield from valid_shares(policy)
    yield from valid_lists(policy)
    for row in ratios:
        yield from ((f"ratio {row['code']}, {what}", *pair) for what, *pair in valid_ratio(policy, row))
    yield "decimals", True, all(billionths(row["add"]) >= 0 for row in signals)
    yield "classes", True, all(item["class"] in ("general", "key") for item in policy.get("items", []))
    if "frequency" in policy or design["method"] == "frequency":
        pairs = sorted(map(list, itertools.product(frame["risk"], frame["credit"])))
        found = sorted([row["risk"], row["credit"]] for row in policy.get("frequency", []))
        yield "frequency table", pairs, found

    rules = [row["rule"] for row in reasons]
    key_items = [item["code"] for item in policy.get("items", []) if item["class"] == "key"]
    yield "no cap where an item is key", [], key_items if any("visits_at_least" in rule for rule in rules) else []
    floors = [row["at_least"] for row in signals + [rule["signal"] for rule in rules if "signal" in rule]]
    floors += [rule["visits_at_least"] for rule in rules if "visits_at_least" in rule]
    yield "at_least and visits_at_least at least 1", True, all(floor >= 1 for floor in floors)
    yield "exclusion codes", [], [r["code"] for r in policy.get("exclusions", []) if r["code"] in OWN_CODES]
    yield from valid_team(policy)
    yield from valid_sections(policy)
    yield "reserves", True, policy["reserves"] <= 10**6
    first = max([policy["as_of"], *(source["at"][:10] for source in sources)], key=day)
    yield f"window from {first}", True, day(window["from"]) >= day(first)
    based = signals + reasons + ratios + policy.get("subsamples", []) + team.get("pins", [])
    based += [team["enterprises"]] if "enterprises" in team else []
    texts = [policy["title"], *policy.get("labels", {}).values(), *(row["basis"] for row in based)]
    yield "texts", [], [text for text in texts if not is_text(text)]

# ---- Spec 10.1: who may be drawn ----

def signalled(unit, rule):
    return unit.get("signals", {}).get(rule["signal"], 0) >= rule["at_least"]

def reached(standing):  # Spec 9.4
    return standing.get("drawn", 0) - standing.get("missed", 0)

def applies(rule, unit, standing, as_of):
    [(kind, arg)] = rule.items()
    if kind == "units":
        return unit["id"] in arg
    if kind == "kinds":
        return unit["kind"] in arg
    if kind == "signal":
        return signalled(unit, arg)
    if kind == "visits_at_least":
        return reached(standing) + standing.get("others", 0) >= arg
    when = unit.get("opened") if kind == "opened_within_days" else standing.get("last_visit")
    if kind == "not_visited_days":
        when = when or min((d for d in (standing.get("first_seen"), unit.get("opened")) if d), default=None)
    if when is None:
        return False
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
            or unit["kind"] not in scope.get("kinds", [unit["kind"]])
            or "visited_since" in scope and standing.get("last_visit", "") < scope["visited_since"]
            or any(unit.get("signals", {}).get(code, 0) < n for code, n in scope.get("has", {}).items())):  # step 2
        return "out_of_scope", False, False
    met = lambda row: unit["kind"] in row.get("kinds", [unit["kind"]]) and applies(
        row["rule"], unit, standing, policy["as_of"])
    if any(map(met, policy.get("certainties", []))):  # step 3
        return None, True, True
    for row in policy.get("exclusions", []):  # step 4
        if met(row):
            return row["code"], True, False
    return None, True, False

# ---- Spec 10.2: measure ----

def round_of(policy):  # Spec 9.1: share and rest
    turn = policy.get("round", {})
    return billionths(turn.get("share", "1")), billionths(turn.get("rest", "1"))

def surprise_of(policy):  # step 5: σ
    return billionths(policy.get("surprise", "0")) if round_of(policy)[1] else 0

def due(frequency, share):  # step 5: d
    d = -(-frequency * share // ONE)
    need(d <= ONE + 1000, "plan refused: a frequency above one visit a draw")
    return min(ONE, d)

def hazard(frequency, share, exposure, visits):  # step 5: p
    d, r = due(frequency, share), exposure - visits * ONE
    if r >= 0:
        return ONE if r + d >= ONE else d * ONE // (ONE - r)
    return 0 if r + d <= 0 else (r + d) * ONE // (ONE + r)

def with_surprise(p, surprise):  # step 5: q
    return p - -(ONE - p) * surprise // ONE if surprise else p

def level_of(policy, unit):  # the row of the frequency table, or None
    levels = {(row["risk"], row["credit"]): row for row in policy.get("frequency", [])}
    return levels[unit["risk"], unit["credit"]] if levels else None

def base_of(policy, unit):  # step 1
    method, level = policy["design"]["method"], level_of(policy, unit)
    return billionths(policy["design"]["rate"] if method == "rate" else
                      level["visits"] if level or method == "frequency" else "1")

def rated_unit(policy, unit):  # Spec 20.2
    frame, base = policy["frame"], lambda risk, credit: base_of(policy, {"risk": risk, "credit": credit})
    return rated(policy["rating"], frame["risk"], frame["credit"], unit["kind"], unit.get("signals", {}), base)

def measure(policy, unit, standing, certain):
    """The size, and what 10.6 must know."""
    method, level = policy["design"]["method"], level_of(policy, unit)
    base = rated_unit(policy, unit).base if "rating" in policy else base_of(policy, unit)  # step 1
    size = f = base + sum(
        billionths(row["add"]) for row in policy.get("signals", []) if signalled(unit, row))  # step 2
    share = round_of(policy)[0]
    if "rating" in policy and method == "frequency" and share:
        f = min(f, ONE * ONE // share)  # step 5: more than ONE counts as ONE
    known = {"frequency": f, "exposure": billionths(standing.get("exposure", "0")),
             "credited": standing.get("credited", 0), "cycles": level.get("cycles", 1) if level else 1}
    if method == "frequency":  # step 5
        p = hazard(f, round_of(policy)[0], known["exposure"], known["credited"])
        size = with_surprise(p, surprise_of(policy))
    if method != "number":  # steps 6, 3 and 4
        size = ONE if certain else min(ONE, size)
    return {"size": size, **known}

# ---- Spec 10.3 to 10.5. A row is a dict of what the plan must know of an active unit ----

def place(policy, unit, standing):  # Spec 10.3: the path is kept without first or repeat
    code, active, certain = admit(policy, unit, standing)
    if not active:
        return code, None
    county = unit["division"]
    parts = {**unit, "province": county[:2] + "0000", "city": county[:4] + "00", "county": county}
    full = billionths(standing.get("exposure", "0")) > 8_999_999 * ONE or 10**6 in (
        standing.get("drawn", 0), standing.get("credited", 0))
    need(code or not full, f"plan refused: {unit['id']} is at the end of a cycle")  # Spec 10.2
    return code, {"id": unit["id"], "reached": reached(standing) > 0, "drawn": not code,
                  "certain": certain, "marked": certain, "path": [parts[stratum] for stratum in policy["strata"]],
                  **({} if code else measure(policy, unit, standing, certain))}

def mark_certain(number, drawn):  # Spec 5.6: marks the rows; N' and S at the end
    sure, possible = sum(r["marked"] for r in drawn), sum(r["marked"] or r["size"] > 0 for r in drawn)
    need(sure <= number <= possible, f"plan refused: {number} is not from {sure} to {possible}")  # 10.5.1
    while True:
        others = [row for row in drawn if not row["marked"]]
        left, mass = number - len(drawn) + len(others), sum(row["size"] for row in others)
        full = [row for row in others if left > 0 and left * row["size"] >= mass]
        if not full:
            return left, mass
        for row in full:
            row["marked"] = True

class Plan:
    """cells {(path, size, certain): [id]} in order, excluded {code: count}, drawn: the rows that have a cell."""

    def __init__(self, policy, units, cycle):
        standings = {row["unit"]: row for row in cycle["standings"]}
        total = billionths(cycle["spent"]) + round_of(policy)[1]
        need(total == ONE, "plan refused: spent and rest are not one")  # Spec 10.2
        other = [unit["id"] for unit in units if "rating" in policy and
                 (unit["risk"], unit["credit"]) != rated_unit(policy, unit)[:2]]
        need(not other, f"plan refused: {other} have other levels than the rating gives them")  # Spec 10.2
        placed = [place(policy, unit, standings.get(unit["id"], {})) for unit in units]
        active = [row for _, row in placed if row]
        self.policy, self.drawn = policy, [row for row in active if row["drawn"]]
        number = policy["design"].get("number")
        self.left, self.mass = mark_certain(number, self.drawn) if number else (0, 0)
        fit(policy, active, self.left, self.mass)
        cells = defaultdict(list)
        for row in self.drawn:  # Spec 10.5, step 1
            path = "/".join(["repeat" if row["reached"] else "first", *row["path"]])
            row["marked"] = row["marked"] if number else row["size"] == ONE
            cells[path, row["size"], row["marked"]].append(row["id"])
        self.cells = dict(sorted(cells.items()))
        self.excluded = dict(Counter(code for code, _ in placed if code))

    def table(self):  # Spec 10.5, step 2
        rows = [{"certain": certain, "count": len(ids), "path": path, "size": str(size)}
                for (path, size, certain), ids in self.cells.items()]
        return {"cells": rows, **({"exclusions": self.excluded} if self.excluded else {})}

# ---- Spec 11.1: who may go ----

REACHES = ["own", "city", "province", "any"]

def within(reach, division, place):
    if reach in ("own", "any"):
        return reach == "any" or covers(division, place)
    need(reach in REACHES, f"no jurisdiction is called {reach}")
    same_city = division[:4] == place[:4] or "0000" in (division[2:], place[2:])
    return division[:2] == place[:2] and (same_city or reach == "province")

# The spans of days within which an officer may have a cap, shortest first, each with its number on a date (Spec 11.2.1
# and 11.4). A team's days, its caps and the layers of its network follow from this table.
def office_code(who):
    return who.get("organisation" if "department" not in who else "office")

def office_of(team, who):
    return office_code(who) if "office" in team.get("caps", {}) else None

def group_of(team, who):
    by = team.get("limit", {}).get("by")
    return who.get("family") if by == "family" else office_code(who) if by else None

def bars_of(policy, party, unit, who, standing, recused, when=None, needs=None, reach=None, waived=()):
    """Every reason that bars an officer of a party, in order; `reach` and `waived` are for ways out (11.12)."""
    window, team, expert = policy["window"], policy["team"], party == EXPERTS
    first, last = (when, when) if when else (window["from"], window["to"])
    begins, ends = ("engaged_from", "engaged_until") if expert else ("certified_from", "certified_until")
    asked = {needs, None if expert else team.get("qualifications", {}).get(unit["kind"])} - {None}
    reach = reach or (team["experts"] if expert else team)["jurisdiction"]
    if who.get("department", EXPERTS) != party:
        yield "department"
        return
    if who.get(begins, first) > first or who[ends] < last:
        yield "certificate"
    if any(a["from"] <= first and last <= a["to"] for a in who.get("absences", [])):
        yield "absence"
    if not asked <= set(who.get("qualifications", [])):
        yield "qualification"
    barred_here = team.get("enterprises", {"barred": [], "kinds": []})
    if expert and who.get("role", "expert") in barred_here["barred"] and unit["kind"] in barred_here["kinds"]:
        yield "enterprise"
    if reach != "any" and not any(within(reach, division, unit["division"]) for division in who["divisions"]):
        yield "jurisdiction"
    if (who["id"], unit["id"]) in recused:
        yield "recusal"
    if not expert and team["same_grid"] and "grid" in unit and unit["grid"] == who.get("grid"):
        yield "grid"
    if team["rotation"] and "rotation" not in waived and who["id"] in standing.get("last_team", []):
        yield "rotation"

def barred(*given, **eased):
    """The first reason, or None."""
    return next(bars_of(*given, **eased), None)
