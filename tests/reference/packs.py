"""Spec 23: rule packs, why one is refused, which items apply, and the check form."""
from collections import Counter

from basics import MALFORMED, ONE, PROTOCOL, Fail, H, billionths, canon, is_text, whole
from divisions import AREAS, divisions_of
from forms import One, Part, Some, shaped
from names import has_form
from policies import HAS, KINDS, MOST_SLACK, OWN_CODES, OWN_RULES, RATIO, ROLES, STRATA, SUBJECTS
from rating import STATED, rating_form, rules_of, shaped_rating, valid_rating

# ---- Spec 23.1: the form. A rule's citation is looked at apart, so that a rule without one is a reason of its own ----

CITED, NAMED = {"cite": {"document": "code", "reading?": "text", "says": "text"}}, {"code": "code", "name": "text"}
DEADLINE, NO_CREDIT = {**CITED, "days": "count"}, [{"code": "none", "name": "none"}]
PACK = {
    "protocol": {PROTOCOL}, "document": {"pack"}, "code": "code", "title": "text", "year": "count", "offset?": "offset",
    "documents": [{"code": "code", "issued": "text", "number?": "text", "title": "text"}],
    "kinds": [{**NAMED, "enterprise": "bool"}],
    "departments": [NAMED], "qualifications?": [NAMED], "features?": [NAMED],
    "divisions?": Some(["entry"]), "ids?": {"plain"}, "levels": {**CITED, "credit?": [NAMED], "risk": [NAMED]},
    "signals?": [{**CITED, **NAMED, "clearable?": "bool", "window?": One({"days": "count", "year": {}})}],
    "ladders?": [{**CITED, **NAMED, **KINDS, "fails_to?": "count", "steps": [{"code": "code", "passes?": "count"}]}],
    "results": [{**CITED, **NAMED, "kind": {"pass", "fail", "neutral", "unmade"}, "opens?": "code", "raises?": HAS}],
    "rating": rating_form(CITED),
    "frequency": [{**CITED, "credit?": "code", "cycles?": "count", "risk": "code", "slack?": "decimal",
                   "visits": "decimal"}],
    "bands?": [{**CITED, "code": "code", "credit?": "code", "risk?": "code",
                "share?": Part({"max?": "decimal", "min?": "decimal"}),
                "visits?": Part({"at_least?": "decimal", "below?": "decimal"})}],
    "coverage": {**CITED, "guards": [{"total", *STRATA}], "minimum": "decimal"},
    "ratios?": [{**CITED, **RATIO, "items?": Some(["code"])}],
    "slacks?": [{**CITED, "items": Some(["code"]), "slack": "decimal"}],
    "caps?": [{**CITED, **KINDS, "code": "code", "visits": "count"}],
    **{f"{name}?": [{**CITED, **KINDS, "code": "code", "rule": One(rule)}] for name, rule in OWN_RULES.items()},
    "items": [{**CITED, **NAMED, "class": {"general", "key"}, "department": "code", "expert?": "code",
               "mode": {"on_site", "documents", "online"}, "needs?": "code", "subjects?": SUBJECTS}],
    "responsibilities": [{**CITED, "department": "code", "item": "code",
                          "role": {"responsible", "joining", "supervising"}}],
    "joint?": {**CITED, "least": "count"},
    "deadlines?": Part({"match?": DEADLINE, "publish?": DEADLINE, "recusal?": DEADLINE}),
    "attendance": {"alone?": CITED["cite"], **CITED, "barred?": [set(ROLES)], "experts": "bool"}}

def basis(pack, cite):
    document = next(row for row in pack["documents"] if row["code"] == cite["document"])
    mark = "（含我们的理解 our reading）" if "reading" in cite else ""
    return f"{document.get('number', document['title'])}: {cite['says']}{mark}"

def codes(rows):
    return [row["code"] for row in rows]

def levels_of(pack):  # a place without levels of credit has the one level `none`
    return {"risk": pack["levels"]["risk"], "credit": pack["levels"].get("credit", NO_CREDIT)}

def table_of(pack):
    return [{"credit": "none", **row} for row in pack["frequency"]]

def vocabulary(pack):
    """What may be named, by what it is."""
    names = "documents", "kinds", "departments", "qualifications", "features", "signals", "ladders", "results", "items"
    known = {name: codes(pack.get(name, [])) for name in names}
    known |= {name: codes(levels_of(pack)[name]) for name in ("risk", "credit")}
    return known | {"counted": known["signals"] + known["ladders"] + known["features"]}

# ---- Reasons for refusal. Rows (what, the codes that are wrong) ----

def cites(value):
    """Every citation in a document."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("cite", "alone") if key in value)
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from cites(part)

def cite_rows(pack):
    found, known = list(cites(pack)), codes(pack["documents"])
    yield "citations of an unknown document", [cite["document"] for cite in found if cite["document"] not in known]
    yield "bases that are no text", [cite["says"] for cite in found if cite["document"] in known
                                     and not is_text(basis(pack, cite))]

def list_rows(pack):
    known = vocabulary(pack)
    lists = {name: codes(rows) for name, rows in pack.items() if name not in ("divisions", "frequency", "responsibilities", "slacks")
             and isinstance(rows, list)} | {name: known[name] for name in ("risk", "credit", "counted")}
    lists |= {f"{name} of {row['code']}": row[name] for rows in pack.values() if isinstance(rows, list) for row in rows
              if "code" in row for name in ("kinds", "is", "items") if isinstance(row.get(name), list)}
    lists |= {f"items of slacks[{place}]": row["items"] for place, row in enumerate(pack.get("slacks", []))}
    lists |= {f"kinds or units of {row['code']}": part for name in ("certainties", "exclusions")
              for row in pack.get(name, []) for part in row["rule"].values() if isinstance(part, list)}
    lists |= {f"steps of {row['code']}": codes(row["steps"]) for row in pack.get("ladders", [])}
    lists |= {f"{name} of {row['code']}": part for row in pack["items"]
              for name, part in row.get("subjects", {}).items() if isinstance(part, list)}
    lists["reasons"] = codes(pack.get("caps", []) + pack.get("certainties", []) + pack.get("exclusions", []))
    lists |= {"guards": pack["coverage"]["guards"], "barred": pack["attendance"].get("barred", [])}
    for name, listed in lists.items():
        yield f"twice in {name}", [code for code, n in Counter(listed).items() if n > 1]
    pairs = [(row["item"], row["department"]) for row in pack["responsibilities"]]
    yield "responsibilities twice", [item for (item, *_), n in Counter(pairs).items() if n > 1]
    for name in ("documents", "kinds", "departments", "items", "results"):
        yield "an empty list", [] if pack[name] else [name]
    lowering = set(pack["rating"].get("lowering", []))
    yield "no guards", [] if pack["coverage"]["guards"] else ["guards"]
    yield "results that lower", [row["code"] for row in pack["results"]
                                 if lowering & {*row.get("raises", {}), row.get("opens")}]
    kinds = {row["kind"] for row in pack["results"]}
    yield "no such results", [kind for kind in ("pass", "unmade") if kind not in kinds]
    yield "caps among the exclusions", [row["code"] for row in pack.get("exclusions", [])
                                        if "visits_at_least" in row["rule"]]
    yield "stated levels as signals", sorted(STATED & set(known["counted"]))
    yield "features that lower", [code for code in known["features"] if code in lowering]
    yield "items that ask for what lowers", [row["code"] for row in pack["items"]
                                             if lowering & set(row.get("subjects", {}).get("has", {}))]
    yield "qualifications", [code for code in known["qualifications"] if code in ("lead", "member")]
    yield "no levels", [name for name in ("risk", "credit") if not levels_of(pack)[name]]

def named(pack):
    """(of what list, who names, the codes named)"""
    for name in ("ladders", "caps", "certainties", "exclusions"):
        yield from (("kinds", f"{name} {row['code']}", row.get("kinds", [])) for row in pack.get(name, []))
    for row in pack["results"]:
        yield "signals", row["code"], [*row.get("raises", {}), *([row["opens"]] if "opens" in row else [])]
    rating = pack["rating"]
    yield "counted", "lowering", rating.get("lowering", [])
    for rule in rules_of(rating):
        when = rule.get("when", {})
        yield "counted", rule["code"], [*when.get("has", {}), *when.get("below", {})]
    for row in pack.get("slacks", []):
        yield "items", "slacks", row["items"]
    for row in table_of(pack) + pack.get("bands", []):
        yield from ((name, "frequency or bands", [row[name]]) for name in ("risk", "credit") if name in row)
    for row in pack.get("ratios", []):
        yield "items", row["code"], row.get("items", [])
        if row["at"] in ("kind", "risk", "credit"):
            yield {"kind": "kinds"}.get(row["at"], row["at"]), row["code"], row.get("is", [])
    for row in pack.get("certainties", []) + pack.get("exclusions", []):
        rule = row["rule"]
        yield "counted", row["code"], [rule["signal"]["signal"]] if "signal" in rule else []
        yield "kinds", row["code"], rule.get("kinds", [])
    for row in pack["items"]:
        yield "departments", row["code"], [row["department"]]
        yield "qualifications", row["code"], [row[name] for name in ("needs", "expert") if name in row]
        yield "kinds", row["code"], row.get("subjects", {}).get("kinds", [])
        yield "counted", row["code"], row.get("subjects", {}).get("has", {})
    for row in pack["responsibilities"]:
        yield "departments", "responsibilities", [row["department"]]
        yield "items", "responsibilities", [row["item"]]

def bad_ladder(ladder):
    *steps, last = ladder["steps"]
    return not (steps and all(whole(step.get("passes", 0), 1, 1000) for step in steps) and "passes" not in last
                and ladder.get("fails_to", 0) < len(steps))

def breaks(pack, band):
    """Whether a band is none, or the table of frequencies breaks it."""
    levels, bounds = band.keys() & {"credit", "risk"}, {**band.get("share", {}), **band.get("visits", {})}
    if len(levels) != 1 or not bounds:
        return True
    [level], n = levels, {name: billionths(bound) for name, bound in bounds.items()}
    low, high, below = max(n.get("min", 0), n.get("at_least", 0)), n.get("max", 1 << 99), n.get("below", 1 << 99)
    visits = [billionths(row["visits"]) for row in table_of(pack) if row[level] == band[level]]
    crossed = n.get("min", 0) > high or n.get("at_least", 0) > below or any(
        n.get(name, 0) > ONE for name in ("min", "max"))
    return crossed or any(not low <= value <= high or value >= below for value in visits)

def bad_ratio(row):  # Spec 9.1
    return not (row.keys() & {"all_below", "least", "max", "min"} and ("is" not in row or row["at"] != "total")
                and billionths(row.get("min", "0")) <= billionths(row.get("max", "1")) <= ONE
                and all(1 <= row.get(name, 1) <= ONE for name in ("all_below", "least")))

def number_rows(pack):
    known, bands, coverage = vocabulary(pack), pack.get("bands", []), pack["coverage"]
    yield "year", [] if whole(pack["year"], 2000, 9999) else [pack["year"]]
    yield "ladders", [row["code"] for row in pack.get("ladders", []) if bad_ladder(row)]
    yield "ladders that lowering does not name", [code for code in known["ladders"]
                                                   if code not in pack["rating"].get("lowering", [])]
    days = [row["window"]["days"] for row in pack.get("signals", []) if "days" in row.get("window", {})]
    days += [row["days"] for row in pack.get("deadlines", {}).values()]
    yield "days", [n for n in days if not 1 <= n <= 36_500]
    yield "bands", [row["code"] for row in bands if breaks(pack, row)]
    yield "a minimum above the share of", [
        row["code"] for row in bands for level in ("credit", "risk") if level in row and level in coverage["guards"]
        and billionths(coverage["minimum"]) > billionths(row.get("share", {}).get("max", "9000000"))]
    yield "minimum", [] if billionths(coverage["minimum"]) <= ONE else [coverage["minimum"]]
    yield "caps of 0", [row["code"] for row in pack.get("caps", []) if row["visits"] == 0]
    counts = [part for row in pack["results"] for part in row.get("raises", {}).values()]
    counts += [n for row in pack["items"] for n in row.get("subjects", {}).get("has", {}).values()]
    rules = [row["rule"] for name in ("certainties", "exclusions") for row in pack.get(name, [])]
    counts += [rule["signal"]["at_least"] for rule in rules if "signal" in rule]
    counts += [rule["visits_at_least"] for rule in rules if "visits_at_least" in rule]
    yield "counts", [n for n in counts if not 1 <= n <= 999_999_999]
    yield "ratios", [row["code"] for row in pack.get("ratios", []) if bad_ratio(row)]
    yield "codes of exclusions", [code for code in codes(pack.get("exclusions", [])) if code in OWN_CODES]
    pairs = Counter((row["risk"], row["credit"]) for row in table_of(pack))
    wanted = Counter((risk, credit) for risk in known["risk"] for credit in known["credit"])
    yield "the frequency table", [] if pairs == wanted else [str(pairs - wanted or wanted - pairs)]
    yield "slack", [row["slack"] for row in pack["frequency"] + pack.get("slacks", [])
                    if billionths(row.get("slack", "0")) > MOST_SLACK]
    yield "cycles", [row["cycles"] for row in pack["frequency"] if "cycles" in row and not (
        row["cycles"] == 1 or 1 < row["cycles"] <= 20 and row["cycles"] * billionths(row["visits"]) >= ONE)]

def item_rows(pack):
    enterprises = {row["code"] for row in pack["kinds"] if row["enterprise"]}
    attendance = pack["attendance"]
    all_barred = set(attendance.get("barred", [])) == set(ROLES)
    for item in pack["items"]:
        responsible = [row["department"] for row in pack["responsibilities"]
                       if (row["item"], row["role"]) == (item["code"], "responsible")]
        yield "not its one responsible department", [] if responsible == [item["department"]] else [item["code"]]
        subjects = set(item.get("subjects", {}).get("kinds", codes(pack["kinds"])))
        none = not attendance["experts"] or all_barred and subjects <= enterprises
        yield "experts who may not come", [item["code"]] if "expert" in item and none else []
    yield "passes that open or raise", [row["code"] for row in pack["results"]
                                        if row["kind"] == "pass" and row.keys() & {"opens", "raises"}]

def division_rows(pack):
    places = divisions_of(pack.get("divisions", NO_DIVISIONS))
    yield from ((what, [] if expected == found else [str(found)[:90]]) for what, expected, found in places.refusals())
    yield "divisions of items", [code for row in pack["items"] for code in row.get("subjects", {}).get("divisions", [])
                                 if not places.knows(code)]
    named = [unit for name in ("certainties", "exclusions") for row in pack.get(name, []) for unit in row["rule"].get("units", [])]
    yield "ids of units", [unit for unit in named if not has_form(pack, unit)]
    yield "plain ids", ["ids"] if "ids" in pack and places.codes and not places.own else []
    yield "more than 5000 divisions", [] if len(places.codes) <= 5000 else ["divisions"]
    levels = [*(row["at"] for row in pack.get("ratios", [])), *pack["coverage"]["guards"]] if places.codes else []
    yield "levels of the other sort of list, or too deep", [  # Spec 9.7
        level for level in levels if level in AREAS and level not in places.levels()]
    yield "areas of ratios", bad_areas(pack, places) if places.codes else []

def bad_areas(pack, places):  # 9.1: nodes of ratios
    known = {level: {places.at(code, level) for code in places.codes} for level in places.levels()}
    return [code for row in pack.get("ratios", []) if row["at"] in AREAS for code in row.get("is", [])
            if code not in known.get(row["at"], ())]

def rating_rows(pack):
    known, added = vocabulary(pack), [row["rule"]["signal"]["signal"] for row in pack.get("certainties", [])
                                      if "signal" in row["rule"]]
    rows = valid_rating(pack["rating"], known["risk"], known["credit"], known["kinds"], table_of(pack), added, CITED)
    yield from ((f"rating, {what}", [] if expected == found else [str(found)[:90]]) for what, expected, found in rows)

DEFAULTS = {"any_order": False, "clearable": False, "fails_to": 0}  # Spec 2.4: a pack leaves them out

def without_defaults(value):
    if isinstance(value, dict):
        return {key: without_defaults(item) for key, item in value.items() if canon(DEFAULTS.get(key)) != canon(item)}
    return list(map(without_defaults, value)) if isinstance(value, list) else value

def lost(written, again, where):  # fields that do not return
    if isinstance(written, dict):
        yield from (f"{where}.{key} is left out" for key in written if key not in again)
        for key in written.keys() & again.keys():
            yield from lost(written[key], again[key], f"{where}.{key}")
    for number, (one, other) in enumerate(zip(written, again) if isinstance(written, list) else ()):
        yield from lost(one, other, f"{where}[{number}]")

def read_pack(value):
    """The pack in canonical form, and all reasons for which it is refused."""
    reasons = []
    pack = shaped(PACK, value, "pack", reasons)
    reasons += [] if reasons else lost(value, without_defaults(pack), "pack")
    if isinstance(value, dict) and not reasons:
        credit = [value["levels"].get("credit"), *(row.get("credit") for row in value["frequency"])]
        reasons += ["the default `none` of credit is written out"] if NO_CREDIT in credit or "none" in credit else []
    if isinstance(value, dict) and "rating" in value:
        pack["rating"] = shaped_rating(value["rating"], CITED, "rating", [])
    for rows in (cite_rows, list_rows, division_rows, number_rows, item_rows, rating_rows):
        try:
            reasons += [f"{what}: {wrong}" for what, wrong in rows(pack) if wrong]
        except (Fail, *MALFORMED) as error:
            reasons += [] if reasons else [f"malformed: {error!r}"]
    try:
        known = vocabulary(pack)
        reasons += [f"{who} names {code}, which is none of {name}" for name, who, found in named(pack)
                    for code in found if code not in known[name]]
    except (Fail, *MALFORMED) as error:
        reasons += [] if reasons else [f"malformed: {error!r}"]
    return pack, reasons

def digest(pack):
    return H("pack", canon(pack))

# ---- Spec 23.2 and 23.3 ----

NO_DIVISIONS = []  # then divisions are of GB/T 2260

def item_applies(pack, item, unit):
    subjects, signals = item.get("subjects", {}), unit.get("signals", {})
    covers = divisions_of(pack.get("divisions", NO_DIVISIONS)).covers
    return (any(covers(wide, unit["division"]) for wide in subjects.get("divisions", [unit["division"]]))
            and unit["kind"] in subjects.get("kinds", [unit["kind"]])
            and all(signals.get(code, 0) >= n for code, n in subjects.get("has", {}).items()))

def check_form(pack, unit, tasks):
    """`tasks` are tasks of a programme, in its order."""
    lines = []
    for item in pack["items"]:
        having = [task["code"] for task in tasks if item["code"] in task["items"]]
        if having and item_applies(pack, item, unit):
            line = {name: item[name] for name in ("class", "department", "expert", "mode", "needs") if name in item}
            lines.append({**line, "item": item["code"], "tasks": having})
    return {"departments": list(dict.fromkeys(line["department"] for line in lines)), "lines": lines,
            "unit": unit["id"]}
