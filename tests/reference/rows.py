"""Spec 9.2 and 9.3: the rules that rows of the frame, the roster and the recusals keep. For auditors; see replay.py.

Rows (what, expected, found), which must agree.
"""
import re

from basics import CODE, ascend, day, has_fields, is_text, need, whole
from divisions import divisions_of
from names import has_form

def is_code(text):
    return re.fullmatch(CODE, text) is not None

def is_day(text):
    return day(text) is not None

def ascending(what, rows, *fields):
    keys = [[row[field] for field in fields] for row in rows]
    wrong = [later for earlier, later in zip(keys, keys[1:]) if earlier >= later]
    return f"{what} not in order, or given twice", [], wrong

def in_order(items, good=is_code):  # of a list that is left out where it is empty
    return len(items) > 0 and ascend(items) and all(map(good, items))

# ---- Spec 9.2 ----

def states_of(policy, row):  # those for which the policy must list the row
    ends = [licence.get("valid_until", "9999-12-31") for licence in row.get("licences", [])]
    yield from [row["status"]] if row["status"] != "active" else []
    yield from ["expired"] if ends and max(ends) < policy["as_of"] else []

def valid_unit(policy, row):
    frame = policy["frame"]
    yield "fields", True, has_fields(row, "credit division grid? id kind licences? name opened? risk signals? status")
    yield "id and grid", True, has_form(frame, row["id"]) and is_code(row.get("grid", "0"))
    yield "name", True, is_text(row["name"])
    yield "division", True, row["division"] in divisions_of(frame["divisions"]).chains
    yield "kind, risk and credit", True, (
        row["kind"] in frame["kinds"] and row["risk"] in frame["risk"] and row["credit"] in frame["credit"])
    yield "status", True, row["status"] in ("active", "closed", "suspended")
    yield "opened", True, "opened" not in row or is_day(row["opened"]) and row["opened"] <= policy["as_of"]
    licences = row.get("licences", [{"number": "0"}])
    yield "licences", True, in_order([licence["number"] for licence in licences], is_text) and all(
        has_fields(licence, "number valid_until?") and is_day(licence.get("valid_until", "9999-12-31"))
        for licence in licences)
    signals = row.get("signals", {"0": 1})
    yield "signals", True, len(signals) > 0 and all(
        is_code(code) and whole(n, 1, 999_999_999) for code, n in signals.items())
    yield "states that are not listed", [], [state for state in states_of(policy, row)
                                             if state not in frame.get("listed", [])]

def frame_rows(policy, frame):
    yield ascending("units", frame["units"], "id")
    for row in frame["units"]:
        yield from ((f"unit {row['id']}, {what}", *pair) for what, *pair in valid_unit(policy, row))

# ---- Spec 9.3 ----

def valid_absence(row):
    return has_fields(row, "from to") and day(row["from"]) <= day(row["to"])

def valid_person(policy, row, inspector):
    begins, ends = ("certified_from", "certified_until") if inspector else ("engaged_from", "engaged_until")
    names, terms = "department grid? office?" if inspector else "organisation? role?", policy["roster"]
    yield "fields", True, has_fields(
        row, f"absences? cap? {begins}? {ends} divisions family? id load? name qualifications? {names}")
    yield "codes", [], [row[key] for key in ("id", "family", "grid", "office", "organisation") if key in row
                        and not is_code(row[key])]
    yield "name", True, is_text(row["name"])
    yield "role", True, row.get("role", "grid") in ("third_party", "grid", "uncertified")
    yield "department", True, not inspector or row["department"] in terms["departments"]
    yield "divisions", True, in_order(row["divisions"], divisions_of(policy["frame"]["divisions"]).knows)
    known = terms.get("qualifications", [])
    yield "qualifications", True, "qualifications" not in row or in_order(row["qualifications"], known.__contains__)
    first, last = row.get(begins, row[ends]), row[ends]
    yield "certificate or engagement", True, day(first) <= day(last)
    yield "still certified or engaged", True, last >= policy["as_of"] or "expired" in terms.get("listed", [])
    absences = row.get("absences", [{"from": last, "to": last}])
    yield "absences", True, all(map(valid_absence, absences)) and in_order(
        [(absence["from"], absence["to"]) for absence in absences], bool)
    yield "cap and load", True, whole(row.get("cap", 0), 0, 999_999) and whole(row.get("load", 1), 1, 10**6)

def valid_recusal(frame, row, people):
    yield "fields", True, has_fields(row, "basis ground inspector unit")
    yield "basis", True, is_text(row["basis"])
    yield "ground", True, row["ground"] in ("statutory", "requested", "decided")
    yield "unit", True, has_form(frame, row["unit"])
    yield "a person of the roster", True, row["inspector"] in people

def roster_rows(policy, roster):
    lists = [("inspector", roster["inspectors"]), ("expert", roster.get("experts", []))]
    for field, rows in lists:
        yield ascending(f"{field}s", rows, "id")
        for row in rows:
            yield from ((f"{field} {row['id']}, {what}", *pair) for what, *pair in valid_person(
                policy, row, field == "inspector"))
    ids = [{row["id"] for row in rows} for _, rows in lists]
    yield "inspectors and experts", [], sorted(ids[0] & ids[1])
    yield "an empty list is left out", True, roster.get("experts") != []
    yield ascending("recusals", roster["recusals"], "inspector", "unit")
    for row in roster["recusals"]:
        yield from ((f"recusal of {row['inspector']}, {what}", *pair) for what, *pair in valid_recusal(
            policy["frame"], row, ids[0] | ids[1]))
