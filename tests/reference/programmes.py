"""Spec 24: annual programmes, merged visits, the policy of a batch, and where a policy comes from."""
import re
from collections import Counter

from basics import CODE, MALFORMED, ONE, HASHES, PROTOCOL, Fail, H, billionths, canon, decimal, need
from dossier import digest as dossier_digest, signals_of
from forms import Some, shaped
from divisions import divisions_of
from packs import basis, check_form, digest as pack_digest, levels_of, table_of
from plan import rated_unit
from policies import BEACON, DESIGN, DISCLOSURE, POPULATION, REACHES, STRATA, WINDOW, usual_slack
from workdays import CALENDAR, refused

# ---- Spec 24.1: the form ----

BATCH = {"as_of": "date", "beacon": BEACON, "disclosure": DISCLOSURE, "drawn": "date", "matched": "date",
         "published": "date", "recusals": "date", "share": "decimal", "window": WINDOW}
TASK = {"batches": Some([BATCH]), "code": "code", "department": "code", "design": DESIGN, "items": Some(["code"]),
        "joining?": ["code"], "level": {"national", "province", "city", "county"}, "no_floor?": "bool",
        "officers?": "count", "population?": POPULATION, "strata": [set(STRATA)],
        "subsamples?": [{"basis": "text", "code": "code", "share": "decimal"}], "surprise?": "decimal",
        "title": "text"}
TERMS = {"cap": "count", "ceiling": "decimal", "expert_cap?": "count", "jurisdiction": set(REACHES),
         "listed?": [{"closed", "suspended", "expired"}], "reserves": "count", "rotation": "bool",
         "same_grid": "bool", "suite?": set(HASHES)}
PROGRAMME = {"authority": "code", "calendar": CALENDAR, "divisions?": Some(["entry"]), "document": {"programme"},
             "pack": "code", "protocol": {PROTOCOL}, "tasks": [TASK], "terms": TERMS, "title": "text", "year": "count"}

def read_form(value):
    """The programme in canonical form, and the reasons for which that is none."""
    reasons = []
    found = shaped(PROGRAMME, value, "programme", reasons)
    if not reasons and found["terms"].get("suite") == "sha256":
        del found["terms"]["suite"]
    return found, reasons or [f"calendar: {wrong}" for wrong in [refused(found["calendar"])] if wrong]

def read_programme(value, pack):
    """The programme in canonical form, and the reasons for which it is refused: 24.1 names none but its form."""
    found, reasons = read_form(value)
    if reasons:
        return found, reasons
    known = lambda name: {row["code"] for row in pack[name]}
    rows = [("pack", found["pack"] != pack["code"]),
            ("year", found["year"] != pack["year"]),
            ("a task twice", [code for code, n in Counter(task["code"] for task in found["tasks"]).items() if n > 1])]
    for task in found["tasks"]:
        departments = departments_of(task)
        rows += [("departments", set(departments) - known("departments") or len(set(departments)) < len(departments)),
                 ("items", set(task["items"]) - known("items") or len(set(task["items"])) < len(task["items"])),
                 ("shares", sum(billionths(batch["share"]) for batch in task["batches"]) > ONE)]
    return found, reasons + [f"{what}: {wrong}" for what, wrong in rows if wrong]

def departments_of(task):  # initiating first
    return [task["department"], *task.get("joining", [])]

def digest(programme):
    return H("programme", canon(programme))

def task_of(programme, code):
    return next(task for task in programme["tasks"] if task["code"] == code)

# ---- Spec 24.2: merged visits ----

def merged(pack, programme, draws, units):
    """draws: rows of task, batch and the units drawn; units: {id: unit}."""
    position = {task["code"]: n for n, task in enumerate(programme["tasks"])}
    window = lambda draw: task_of(programme, draw["task"])["batches"][draw["batch"] - 1]["window"]
    groups = {}
    for draw in sorted(draws, key=lambda draw: (window(draw)["from"], position[draw["task"]], draw["batch"])):
        first, last = window(draw)["from"], window(draw)["to"]
        for unit in draw["units"]:
            mine = groups.setdefault(unit, [])
            group = next((g for g in mine if g["from"] <= last and first <= g["to"] and draw["task"] not in g["tasks"]),
                         None)
            if group is None:
                group = {"from": first, "to": last, "tasks": {}}
                mine.append(group)
            group["from"], group["to"] = max(group["from"], first), min(group["to"], last)
            group["tasks"][draw["task"]] = draw["batch"]
    return [described(pack, programme, units[unit], group) for unit, mine in sorted(groups.items())
            for group in mine]

def described(pack, programme, unit, group):
    tasks = [task for task in programme["tasks"] if task["code"] in group["tasks"]]
    form, makes, brought, experts, guests = check_form(pack, unit, tasks), [], {}, [], set()
    for task in tasks:
        lines = [line for line in form["lines"] if line["mode"] != "online" and task["code"] in line["tasks"]]
        for code in departments_of(task):
            needs = {line["needs"] for line in lines if line["department"] == code and "needs" in line}
            if code not in brought or not needs <= brought[code]:
                brought.setdefault(code, set()).update(needs)
                makes.append({"department": code, "task": task["code"]})
        wanted = {line["expert"] for line in lines if "expert" in line}
        if not wanted <= guests:
            guests |= wanted
            experts.append(task["code"])
    return {"departments": makes, **some(experts=experts), "form": form, "lead": tasks[0]["department"],
            "draws": [{"batch": group["tasks"][task["code"]], "task": task["code"]} for task in tasks], "unit": unit["id"],
            "window": {"from": group["from"], "to": group["to"]}}

# ---- Spec 24.3: the policy of a batch ----

def based(pack, row):  # with a basis for its citation
    return {"basis": basis(pack, row["cite"]), **{key: value for key, value in row.items() if key != "cite"}}

def some(**fields):  # without those that are empty
    return {key: value for key, value in fields.items() if value not in (None, [], {})}

def codes(rows):
    return [row["code"] for row in rows]

def items_of(pack, task):
    return [item for item in pack["items"] if item["code"] in task["items"]]

def has_key(pack, task):
    return any(item["class"] == "key" for item in items_of(pack, task))

def measures(pack, task, batch):  # step 3
    design, rows = task["design"], [{key: value for key, value in row.items() if key != "cite"}
                                    for row in table_of(pack)]
    if design["method"] == "rate":
        rows = [{"credit": credit, "risk": risk, "slack": "0", "visits": design["rate"]}
                for risk in codes(pack["levels"]["risk"]) for credit in codes(levels_of(pack)["credit"])]
        design = {"method": "frequency"}
    elif slacks := [row["slack"] for row in pack.get("slacks", []) if set(row["items"]) & set(task["items"])]:
        rows = [{**row, "slack": min(slacks, key=billionths)} for row in rows]
    rows = [{"slack": usual_slack(row), **row} for row in rows]
    shares = [billionths(row["share"]) for row in task["batches"][:batch]]
    turn = {"rest": decimal(ONE - sum(shares[:-1])), "share": decimal(shares[-1])}
    surprise = task.get("surprise")
    return {"design": design, **some(frequency=rows, surprise=surprise,
                                     round={} if turn == {"rest": "1", "share": "1"} else turn)}

def rating_of(pack):  # step 4
    stages = lambda name: [{**stage, "rules": [based(pack, rule) for rule in stage["rules"]]}
                           for stage in pack["rating"].get(name, [])]
    return {**pack["rating"], **some(levels=stages("levels"), visits=stages("visits"))}

def exclusions_of(pack, task):  # step 4
    caps = [] if has_key(pack, task) else [
        {**{key: value for key, value in based(pack, row).items() if key != "visits"},
         "rule": {"visits_at_least": row["visits"]}} for row in pack.get("caps", [])]
    return [based(pack, row) for row in pack.get("exclusions", [])] + caps

def ratios_of(pack, task):  # step 4
    rows, first = [], task["strata"][0] if task["strata"] else None
    for row in pack.get("ratios", []):
        if row["at"] in ["total", *task["strata"]] and set(row.get("items", task["items"])) & set(task["items"]):
            rows.append({key: value for key, value in based(pack, row).items() if key != "items"})
    for band in pack.get("bands", []):
        if "share" in band and first in ("risk", "credit") and first in band:
            rows.append({"at": first, "basis": basis(pack, band["cite"]), "code": band["code"], "is": [band[first]],
                         **band["share"]})
    if has_key(pack, task):
        rows = [{key: value for key, value in row.items() if key != "max"} for row in rows]
    return [row for row in rows if row.keys() & {"all_below", "least", "max", "min"}]

def coverage_of(pack, task):  # step 5
    if task.get("no_floor", False):
        return {"guards": ["total"], "minimum": "0"}
    guards = [guard for guard in pack["coverage"]["guards"] if guard in ["total", *task["strata"]]]
    return {"guards": guards, "minimum": pack["coverage"]["minimum"]}

def posts(pack, items, field):  # step 6
    kinds, rows = codes(pack["kinds"]), []
    for needed in codes(pack.get("qualifications", [])):
        asking = [item for item in items if item.get(field) == needed and item["mode"] != "online"]
        admitted = {kind for item in asking for kind in item.get("subjects", {}).get("kinds", kinds)}
        here = [kind for kind in kinds if kind in admitted]
        if asking:
            rows.append({"needs": needed, "places": 1, "post": needed, **({} if here == kinds else {"kinds": here})})
    return rows

def team_of(pack, programme, task):  # step 6
    terms, items, attendance = programme["terms"], items_of(pack, task), pack["attendance"]
    team = {key: terms[key] for key in ("cap", "ceiling", "jurisdiction", "rotation", "same_grid")}
    if task.get("officers") == 1 and "alone" in attendance:
        team["alone"] = basis(pack, attendance["alone"])
    team["departments"] = [
        {"department": code, "officers": task.get("officers", 2),
         **some(posts=posts(pack, [item for item in items if item["department"] == code], "needs"))}
        for code in departments_of(task)]
    wanted = posts(pack, items, "expert")
    if wanted and attendance["experts"]:
        team["experts"] = {"cap": terms.get("expert_cap", terms["cap"]), "jurisdiction": terms["jurisdiction"],
                           "posts": wanted}
        kinds = [kind["code"] for kind in pack["kinds"] if kind["enterprise"]]
        if attendance.get("barred") and kinds:
            team["enterprises"] = {"barred": attendance["barred"], "basis": basis(pack, attendance["cite"]),
                                   "kinds": kinds}
    return team

def labels_of(pack, task):  # step 7
    own = [row for row in pack["departments"] if row["code"] in departments_of(task)]
    lists = [own, pack["kinds"], pack.get("qualifications", []), pack["levels"]["risk"],
             levels_of(pack)["credit"], items_of(pack, task)]
    return {row["code"]: row["name"] for rows in reversed(lists) for row in rows}

def derive(pack, programme, code, number, dossier=None):
    """The policy of a batch, numbered from 1; `dossier` is a digest."""
    task, terms = task_of(programme, code), programme["terms"]
    need((programme["pack"], programme["year"]) == (pack["code"], pack["year"]), "another pack")
    need([task["code"] for task in programme["tasks"]].count(code) == 1, "a task twice")
    for found, known in ((task["items"], pack["items"]), (departments_of(task), pack["departments"])):
        need(len(set(found)) == len(found) and set(found) <= set(codes(known)), "items or departments")
    need("divisions" not in programme or "divisions" not in pack, "two lists of divisions")
    divisions = programme.get("divisions", pack.get("divisions", []))
    of_digits = "divisions" in pack or not divisions_of(divisions).own
    need(of_digits or not any("divisions" in item.get("subjects", {}) for item in pack["items"]), "divisions of items")
    need(re.fullmatch(CODE, f"{programme['year']}-{code}"), "the scope")
    need(1 <= number <= len(task["batches"]), f"{code} has no batch {number}")
    need(task["design"]["method"] != "number" or len(task["batches"]) == 1, "a number in several batches")
    batch = task["batches"][number - 1]
    qualifications = codes(pack.get("qualifications", []))
    policy = {
        "protocol": PROTOCOL, "document": "policy", "authority": programme["authority"],
        "scope": f"{programme['year']}-{code}", "title": task["title"], "reserves": terms["reserves"],
        "items": [{"class": item["class"], "code": item["code"]} for item in items_of(pack, task)],
        "origin": {"batch": number, "pack": pack_digest(pack), "programme": digest(programme), "task": code,
                   **some(dossier=dossier)},
        "frame": {**{name: codes(rows) for name, rows in levels_of(pack).items()}, "kinds": codes(pack["kinds"]),
                  "divisions": divisions, **some(ids=pack.get("ids"), listed=terms.get("listed"))},
        "roster": {"departments": departments_of(task), **some(qualifications=qualifications)},
        "strata": task["strata"], "rating": rating_of(pack), "coverage": coverage_of(pack, task),
        "team": team_of(pack, programme, task), **measures(pack, task, number),
        **{name: batch[name] for name in ("as_of", "beacon", "disclosure", "window")},
        **some(suite=terms.get("suite"), population=task.get("population"), subsamples=task.get("subsamples"),
               certainties=[based(pack, row) for row in pack.get("certainties", [])],
               exclusions=exclusions_of(pack, task), ratios=ratios_of(pack, task))}
    return policy | some(labels=labels_of(pack, task))

# ---- Spec 24.4: where a policy comes from. Rows (what, expected, found), which must agree, by check ----

def origin_checks(policy, pack, programme, units=None, dossier=None, earlier=None):
    """`units` of the frame; `dossier` is the auditor's file, `earlier` that of the draw before. {check: rows}, without
    those that lack a file."""
    origin, signals = policy["origin"], pack.get("signals", []) + pack.get("ladders", [])
    rows = {"pack": [("pack", pack_digest(pack), origin["pack"])],
            "programme": [("programme", digest(programme), origin["programme"])]}
    try:
        expected = H("policy", canon(derive(pack, programme, origin["task"], origin["batch"], origin.get("dossier"))))
    except (Fail, *MALFORMED, StopIteration) as error:
        expected = f"none: {error}"
    rows["policy"] = [("policy", expected, H("policy", canon(policy)))]
    if dossier is not None:
        found = dossier_digest(dossier["entries"], dossier["salt_key"])
        rows["dossier"] = [("dossier", found, origin.get("dossier", ""))]
        begins = earlier["entries"] if earlier else []
        rows["dossier"].append(("its first entries", begins, dossier["entries"][:len(begins)]))
    if dossier is not None and units is not None:
        counts = {unit["id"]: signals_of(pack, dossier["entries"], unit["id"], unit["kind"], policy["as_of"])
                  for unit in units}
        rows["signals"] = [(f"{row['code']} of {unit['id']}", counts[unit["id"]].get(row["code"], 0),
                            unit.get("signals", {}).get(row["code"], 0)) for unit in units for row in signals]
    if units is not None and "rating" in policy:
        rows["levels"] = [(unit["id"], list(rated_unit(policy, unit)[:2]), [unit["risk"], unit["credit"]])
                          for unit in units]
    return rows
