"""Spec 9.1: the form of a policy, and what every reader of one refuses. `timing` (8.3 and 8.4) is in beacon.py."""
import itertools

from basics import HASHES, MALFORMED, ONE, PROTOCOL, Fail, ascend, billionths, canon, day, whole
from beacon import every_source, timing_rows
from divisions import AREAS, divisions_of
from dispatch import FORM, once, valid_above, valid_dispatch
from forms import One, Part, Some, Tagged, shaped
from names import has_form
from rating import rating_form, shaped_rating, valid_rating
from published import SPANS, parties, posts_of

MOST_SLACK = 5 * ONE
STRATA = [*AREAS, "kind", "risk", "credit"]
REACHES = ["own", *AREAS, "any"]
ROLES = ["expert", "third_party", "grid", "uncertified"]  # Spec 9.3
OWN_CODES = {"closed", "suspended", "licence_expired", "out_of_scope"}  # Spec 10.1, steps 1 and 2

# ---- The form ----

BASED, KINDS, HAS = {"basis": "text"}, {"kinds?": Some(["code"])}, {"*": "count"}
SUBJECTS = {"divisions?": Some(["division"]), "has?": HAS, "kinds?": Some(["code"])}
POPULATION = Part({**SUBJECTS, "visited_since?": "date"})
WINDOW = {"from": "date", "to": "date"}
SOURCE = Tagged("kind", {
    "dice": {"at": "instant", "count": "count", "id": "code", "sides": "count", "witness": "text"},
    "lottery": {"at": "instant", "fields": [{"of": "count", "take": "count"}], "game": "text", "id": "code",
                "issue": "text"},
    "drand": {"at": "instant", "chain": "hex", "genesis": "count", "id": "code", "period": "count", "round": "count"},
    "shares": {"at": "instant", "commitments": [{"commitment": "hex", "party": "text"}], "id": "code",
               "missing": {"omit", "void"}}})
DESIGN = Tagged("method", {"rate": {"rate": "decimal"}, "number": {"number": "count"}, "frequency": {}})
OWN_RULES = {"certainties": {"units": Some(["unit"]), "signal": {"at_least": "count", "signal": "code"},
                             "not_visited_days": "count"},
             "exclusions": {"units": Some(["unit"]), "kinds": Some(["code"]), "visited_within_days": "count",
                            "opened_within_days": "count", "visits_at_least": "count"}}
RATIO = {"all_below?": "count", "at": {"total", *STRATA}, "code": "code", "is?": Some(["code"]), "least?": "count",
         "max?": "decimal", "min?": "decimal"}
POST = {**KINDS, "needs?": "code", "places": "count", "post": "code"}
TEAM = {"alone?": "text", "cap": "count", "caps?": {"day?": "count", "office?": "count", "week?": "count"}, "ceiling": "decimal",
        "days?": ["date"], "departments": Some([{"department": "code", "officers": "count", "posts?": [POST]}]),
        "enterprises?": {**BASED, "barred": Some([set(ROLES)]), "kinds": Some(["code"])},
        "experts?": {"cap": "count", "jurisdiction": set(REACHES), "posts": Some([POST])},
        "jurisdiction": set(REACHES), "limit?": {"by": {"family", "office"}, "most": "count"},
        "pins?": [{**BASED, "inspector": "code", "post": "code", "unit": "unit"}], "qualifications?": {"*": "code"},
        "rotation": "bool", "same_grid": "bool", "shortlist?": "count"}
BEACON = {"fallbacks?": [{"after": "instant", "for": "code", "source": SOURCE}], "lead?": "count", "sources": [SOURCE]}
DISCLOSURE = Tagged("mode", {"immediate": {}, "deferred": {"reveal_by": "date"}})
POLICY = {
    **FORM,
    "protocol": {PROTOCOL}, "document": {"policy"}, "authority": "code", "scope": "code", "title": "text",
    "as_of": "date", "window": WINDOW,
    "frame": {"credit": Some(["code"]), "divisions": Some(["entry"]), "ids?": {"plain"}, "kinds": Some(["code"]),
              "listed?": [{"closed", "suspended", "expired"}], "risk": Some(["code"])},
    "roster": {"departments": Some(["code"]), "listed?": [{"expired"}], "qualifications?": ["code"]},
    "population?": POPULATION, "strata": [set(STRATA)], "design": DESIGN,
    "round?": {"rest": "decimal", "share": "decimal"},
    "frequency?": [{"credit": "code", "cycles?": "count", "risk": "code", "slack?": "decimal", "visits": "decimal"}],
    "surprise?": "decimal", "signals?": [{**BASED, "add": "decimal", "at_least": "count", "signal": "code"}],
    **{f"{name}?": [{**BASED, **KINDS, "code": "code", "rule": One(rule)}] for name, rule in OWN_RULES.items()},
    "ratios?": [{**BASED, **RATIO}], "rating?": rating_form(BASED),
    "origin?": {"batch": "count", "dossier?": "hex", "pack": "hex", "programme": "hex", "task": "code"},
    "items?": [{"class": {"general", "key"}, "code": "code"}],
    "subsamples?": [{**BASED, "code": "code", "share": "decimal"}],
    "coverage?": {"guards": [{"total", *STRATA}], "minimum": "decimal"}, "team": TEAM,
    "beacon": BEACON, "suite?": set(HASHES), "reserves": "count", "labels?": {"*": "text"}, "disclosure": DISCLOSURE}

def usual_slack(row):  # Spec 9.1
    return "2.5" if row.get("cycles", 1) == 1 else "0"

def completed(policy):
    """With what is filled in, and without what is left out (Spec 2.4 and 9.1, `coverage` and `slack`)."""
    guards = ["total", *(stratum for stratum in policy["strata"] if stratum in AREAS)]
    policy.setdefault("coverage", {"guards": guards, "minimum": "0.2"})
    if policy.get("suite") == "sha256":
        del policy["suite"]
    if policy["beacon"].get("lead") == 0:
        del policy["beacon"]["lead"]
    for row in policy.get("frequency", []):
        if row.get("cycles") == 1:
            del row["cycles"]
        row.setdefault("slack", usual_slack(row))
    if "rating" in policy:
        policy["rating"] = shaped_rating(policy["rating"], BASED, "rating", [])
    return policy

# ---- The refusals. Rows (what, expected, found), which must agree ----

LENGTHS = ("credit risk 64, divisions 5000, kinds departments qualifications signals certainties exclusions ratios "
           "items 1000, subsamples 16, frequency 4096, labels 10000")

def part_of(items, known):
    return once(items) and set(items) <= set(known)

def valid_ratio(policy, row):
    frame, is_ = policy["frame"], row.get("is", [])
    places = divisions_of(frame["divisions"])
    known = {level: {places.at(code, level) for code in places.codes} for level in places.levels()} | {
        "kind": frame["kinds"], "risk": frame["risk"], "credit": frame["credit"], "total": []}
    yield "a bound", True, bool(row.keys() & {"all_below", "least", "max", "min"})
    yield "all_below and least", True, all(1 <= row.get(key, 1) <= ONE for key in ("all_below", "least"))
    yield "min and max", True, billionths(row.get("min", "0")) <= billionths(row.get("max", "1")) <= ONE
    yield "at", True, row["at"] in ["total", *policy["strata"]]
    yield "codes of is", True, part_of(is_, known[row["at"]])
    yield "no max where an item is key", [], key_items(policy) if "max" in row else []

def key_items(policy):
    return [item["code"] for item in policy.get("items", []) if item["class"] == "key"]

def valid_lists(policy):
    frame, roster, team = policy["frame"], policy["roster"], policy["team"]
    lists = {**frame, **roster, **policy}
    for part in LENGTHS.split(", "):
        *names, most = part.split()
        yield "lengths", [], [name for name in names if len(lists.get(name, [])) > int(most)]
    yield "codes of ratios", True, sum(len(row.get("is", [])) for row in policy.get("ratios", [])) <= 10_000
    codes = lambda name, field="code": [row[field] for row in policy.get(name, [])]
    unique = [*(part for name, part in frame.items() if name not in ("divisions", "ids")), *roster.values(), policy["strata"], policy["coverage"]["guards"],
              [row["department"] for row in team["departments"]], codes("items"), codes("subsamples"),
              [source["id"] for source in every_source(policy["beacon"])]]
    yield "lists without repetition", True, all(map(once, unique))
    places = divisions_of(frame["divisions"])
    yield from places.refusals()
    yield "plain ids", True, "ids" not in frame or places.own
    yield "levels of the list", [], [name for name in policy["strata"] if name in AREAS and name not in places.levels()]
    reaches = ["own", *places.levels()[:-1], "any"]
    yield "jurisdictions of the list", [], [part["jurisdiction"] for part in (team, team.get("experts", team))
                                            if part["jurisdiction"] not in reaches]
    guards = policy["coverage"]["guards"]
    yield "guards", True, set(guards) <= {"total", *policy["strata"]}
    yield "a minimum has guards", True, bool(guards) or policy["coverage"]["minimum"] == "0"

def valid_shares(policy):
    design, (share, rest) = policy["design"], round_of(policy)
    parts = [design.get("rate", "1"), policy["team"]["ceiling"], policy["coverage"]["minimum"]]
    yield "rates, shares, ceiling, minimum at most 1", True, all(billionths(part) <= ONE for part in parts)
    yield "ceiling above 0", True, parts[1] != "0"
    yield "number from 1 to a billion", True, 1 <= design.get("number", 1) <= ONE
    yield "round", True, share <= rest <= ONE and (share > 0 or rest == 0 or "above" in policy)
    surprise = billionths(policy.get("surprise", "0"))
    yield "surprise", True, surprise < ONE and (surprise == 0 or design["method"] == "frequency")
    rows = [(row.get("cycles", 1), billionths(row["visits"])) for row in policy.get("frequency", [])]
    yield "cycles", True, all(n == 1 or 1 < n <= 20 and n * visits >= ONE for n, visits in rows)
    yield "slack", True, all(billionths(row["slack"]) <= MOST_SLACK for row in policy.get("frequency", []))
    yield "subsample shares", True, all(0 < billionths(row["share"]) <= ONE for row in policy.get("subsamples", []))
    if "frequency" in policy or design["method"] == "frequency":
        pairs = sorted(map(list, itertools.product(policy["frame"]["risk"], policy["frame"]["credit"])))
        yield "frequency table", pairs, sorted([row["risk"], row["credit"]] for row in policy.get("frequency", []))

def round_of(policy):  # share and rest
    turn = policy.get("round", {})
    return billionths(turn.get("share", "1")), billionths(turn.get("rest", "1"))

def valid_posts(policy, place, row):  # of a party
    posts, kinds, known = row.get("posts", []), policy["frame"]["kinds"], policy["roster"].get("qualifications", [])
    codes = [post["post"] for post in posts]
    yield "codes of posts", True, once(codes) and len(codes) <= 20 and "member" not in codes
    yield "lead", [], [post for post in posts if post["post"] == "lead" and (place > 0 or post["places"] != 1)]
    yield "places", True, all(1 <= post["places"] <= 20 for post in posts)
    yield "kinds of posts", True, all(part_of(post.get("kinds", []), kinds) for post in posts)
    yield "needs of posts", [], [post["needs"] for post in posts if "needs" in post and post["needs"] not in known]
    yield "kinds with more places than officers", [], [kind for kind in kinds if "officers" in row and sum(
        places for post, places, _ in posts_of(row, kind) if post != "member") > row["officers"]]

def valid_team(policy):  # Spec 9.1, of `team`
    team, window, back = policy["team"], policy["window"], "visited_since" in policy.get("population", {})
    caps, days, pins, kinds = team.get("caps", {}), team.get("days", []), team.get("pins", []), policy["frame"]["kinds"]
    departments, qualified = policy["roster"]["departments"], policy["roster"].get("qualifications", [])
    yield "departments", [], [row["department"] for row in team["departments"] if row["department"] not in departments]
    officers, alone = [row["officers"] for row in team["departments"]], "alone" in team
    yield "2 to 20 officers", True, all(2 - alone <= n <= 20 for n in officers)
    yield "teams of one", True, not alone or 1 in officers and divisions_of(policy["frame"]["divisions"]).own
    most = [team["cap"], *caps.values(), team.get("experts", {"cap": 0})["cap"]]
    yield "caps", True, max(most) <= 999_999 and all(cap >= 1 for cap in caps.values())
    yield "caps of days and weeks", [], [name for name in SPANS if name in caps and not days]
    yield "days", True, ascend(days) and len(days) <= 366 and all(window["from"] <= d <= window["to"] for d in days)
    for place, (_, row) in enumerate(parties(team)):
        yield from valid_posts(policy, place, row)
    asked = team.get("qualifications", {})
    yield "qualifications", True, set(asked) <= set(kinds) and set(asked.values()) <= set(qualified)
    yield "limit", True, team.get("limit", {"most": 1})["most"] >= 1
    yield "shortlist", True, 4 <= team.get("shortlist", 4) <= 10_000
    codes = {"member", *(post["post"] for row in team["departments"] for post in row.get("posts", []))}
    yield "posts of pins", [], [pin["post"] for pin in pins if pin["post"] not in codes]
    yield "pins twice, or too many", True, once([(pin["unit"], pin["inspector"]) for pin in pins]) and len(pins) <= 1000
    yield "rotation of a back-check", True, team["rotation"] or not back
    row = team.get("enterprises", {"barred": [], "kinds": []})
    yield "enterprises", True, once(row["barred"]) and part_of(row["kinds"], kinds)

def valid_rules(policy):
    frame, signals, population = policy["frame"], policy.get("signals", []), policy.get("population", {})
    rows = [row for name in OWN_RULES for row in policy.get(name, [])]
    rules = [row["rule"] for row in rows]
    places = divisions_of(frame["divisions"])
    areas = {*places.codes, *(places.at(code, level) for code in places.codes for level in places.levels())}
    yield "kinds of rules", True, all(
        part_of(row.get("kinds", []), frame["kinds"]) for row in [*rows, *rules, population])
    yield "units of rules", True, all(once(rule.get("units", [])) for rule in rules)
    named = [unit for rule in rules for unit in rule.get("units", [])] + [pin["unit"] for pin in policy["team"].get("pins", [])]
    yield "ids of units", [], [unit for unit in named if not has_form(frame, unit)]
    yield "divisions of the population", True, part_of(population.get("divisions", []), areas)
    yield "has of the population", True, all(whole(n, 1, 999_999_999) for n in population.get("has", {}).values())
    caps = [rule["visits_at_least"] for rule in rules if "visits_at_least" in rule]
    yield "no cap where an item is key", [], key_items(policy) if caps else []
    floors = [row["at_least"] for row in signals + [rule["signal"] for rule in rules if "signal" in rule]]
    yield "at_least and visits_at_least at least 1", True, all(floor >= 1 for floor in floors + caps)
    yield "exclusion codes", [], [r["code"] for r in policy.get("exclusions", []) if r["code"] in OWN_CODES]
    yield "batch", True, policy.get("origin", {"batch": 1})["batch"] >= 1
    for row in policy.get("ratios", []):
        yield from ((f"ratio {row['code']}, {what}", *pair) for what, *pair in valid_ratio(policy, row))
    if "rating" in policy:
        added = [row["signal"] for row in signals] + [rule["signal"]["signal"] for rule in rules if "signal" in rule]
        yield from valid_rating(policy["rating"], frame["risk"], frame["credit"], frame["kinds"],
                                policy.get("frequency", []), [*added, *population.get("has", {})])

def valid_policy(policy):
    """Of a policy that has its form."""
    window, sources = policy["window"], every_source(policy["beacon"])
    for rows in valid_lists, valid_shares, valid_rules, valid_team, valid_dispatch, valid_above:
        yield from rows(policy)
    yield "reserves", True, policy["reserves"] <= 10**6
    first = max([policy["as_of"], *(source["at"][:10] for source in sources)])
    yield f"window from {first}", True, first <= window["from"] <= window["to"]
    yield from timing_rows(policy["beacon"], "0001-01-01T00:00:00Z")  # the seal comes later

def read_policy(value):
    """The policy in canonical form, and all reasons for which it is refused."""
    reasons = []
    policy = shaped(POLICY, value, "policy", reasons)
    if reasons:
        return policy, reasons
    policy = completed(policy)
    try:
        return policy, [f"{what}: expected {expected}, found {found}"[:200]
                        for what, expected, found in valid_policy(policy) if canon(expected) != canon(found)]
    except (Fail, *MALFORMED) as error:
        return policy, [f"malformed: {error!r}"]

def canonical_rows(policy):
    """Of a policy inside a record."""
    canonical, reasons = read_policy(policy)
    yield "the rules of a policy", [], reasons
    yield "canonical form", canonical, policy
