"""Spec 19, the folder: the results of the dossier, made again from the visits of the ledger."""
from dossier import withdrawals
from packs import check_form
from programmes import task_of

def kinds_of(pack):
    return {row["code"]: row["kind"] for row in pack["results"]}

def made_again(pack, task, unit, visit):
    """The result that a visit gives in the dossier, as a dict, or why there is none."""
    kinds, source = kinds_of(pack), f"visit: {task['code']} {visit['draw']}"[:200]
    if unit is None:
        return f"{visit['unit']} was not on the frame"
    entry = {"date": visit["date"], "drawn": True, "entry": "result", "source": source, "unit": visit["unit"]}
    if visit["kind"] == "missed":
        unmade = [code for code in kinds if kinds[code] == "unmade"]
        return {**entry, "results": unmade[:1]} if unmade else "the pack has no result for a visit that was not made"
    if kinds.get(visit["result"], "unmade") == "unmade":
        return f"result {visit['result']} is none of a visit that was made"
    items = [line["item"] for line in check_form(pack, unit, [task])["lines"]]
    if not items or not set(visit.get("items", [])) <= set(items):
        return f"its items are not those of the form: {items}"
    return {**entry, "results": [visit["result"]]}

def alike(pack, one, other):
    """Whether they say the same; a visit that could not be made may stand under any word of the pack for that."""
    kinds = kinds_of(pack)
    unmade = lambda entry: all(kinds[code] == "unmade" for code in entry["results"])
    same = all(one.get(name, False) == other.get(name, False) for name in ("date", "drawn", "entry", "source", "unit"))
    return same and (one["results"] == other["results"] or unmade(one) and unmade(other))

def result_findings(audit, rules, entries):
    """[(code, words)]"""
    (pack, programme), ledger = rules, audit.ledger
    scopes = {f"{programme['year']}-{task['code']}": task["code"] for task in reversed(programme["tasks"])}
    if ledger.opened.get("scope") not in scopes:
        return [("not_shown", "results: its scope is that of no task")]
    if ledger.untold:
        return [("not_shown", "results: the contents of closed lines are not here")]
    task = task_of(programme, scopes[ledger.opened["scope"]])
    gone, found = withdrawals(entries), []
    left = [(number, entry) for number, entry in enumerate(entries, 1)
            if entry["entry"] == "result" and number not in gone]
    for number, visit in sorted(ledger.current.items()):
        if visit["kind"] not in ("visited", "missed"):
            continue
        stood = [name for name, attempt in ledger.attempts.items() if name[0] == visit["draw"] and attempt.number < number]
        files = audit.draws.get(stood[-1], {}) if stood else {}
        if "frame" not in files:
            return [("not_shown", f"results: the frame of draw {visit['draw']} is not there")]
        units = {unit["id"]: unit for unit in files["frame"]["units"]}
        entry = made_again(pack, task, units.get(visit["unit"]), visit)
        if isinstance(entry, str):
            found.append(("dossier", f"entry {number} of the ledger: {entry}"))
            continue
        place = next((place for place, (_, there) in enumerate(left) if alike(pack, there, entry)), None)
        if place is None:
            found.append(("dossier", f"entry {number} of the ledger: the dossier does not say {entry['results']}"))
        else:
            left.pop(place)
    sources = {f"visit: {task['code']} {draw}"[:200] for draw, _ in ledger.attempts}
    found += [("dossier", f"entry {number} of the dossier: no visit of the ledger says it") for number, entry in left
              if entry["source"] in sources and entry["date"][:4] == str(programme["year"])]
    return found
