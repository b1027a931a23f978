"""Spec 17.1 and 17.2: the form of the lines of a ledger."""
import re

from basics import CODE, HEX, ascend, billionths, day, has_fields, instant, is_other_suite, need, parse, valid_suite
from names import is_unit_id
from year import whole

MOST = 10**12
LEVELS = ["office", "authority", "superior"]
MISSED, REASSIGNED = ["closed", "merged", "moved", "unreachable"], ["ill", "leave", "left", "recused"]
KINDS = {
    "opened": "authority:code cycle?:hex earlier? scope:code protocol:text quorum?:count suite?:suite witnesses?:texts",
    "registered": "approval batches programme?:hex",
    "imported": "head:hex size:count what:register",
    "received": "attempt:number draw:number origin:text root:hex size:count",
    "policy": "approval batch?:count despite? policy:hex",
    "sealed": "seal",
    "beacon": "attempt:number draw:number value",
    "silent": "approval attempt:number draw:number evidence:hex source:code",
    "drawn": "attempt:number draw:number drawn:hex record:hex",
    "assigned": "attempt:number draw:number visits",
    "disclosed": "attempt:number draw:number secret:hex",
    "published": "digest:hex draw:number attempt:number files? what where:text",
    "visited": "barred? date draw:number evidence?:hex items?:codes result:code team:ids unit:unit",
    "missed": "approval date draw:number evidence:hex reason unit:unit",
    "replaced": "approval by:unit date draw:number evidence:hex passed?:number reason unavailable?:people unit:unit visits",
    "dropped_out": "approval dates draw:number evidence:hex out:code reason unit?:unit",
    "reassigned": "approval draw:number entry:count moves visits",
    "inspected": "approval barred? date evidence?:hex result?:code team:ids unit:unit",
    "void": "approval attempt:number draw:number evidence:hex reason",
    "closed": "content:hex draw:number visits?",
    "cycle_closed": "approval",
    "clock": "approval evidence:hex from:count",
    "amended": "amends:count approval entry:content evidence:hex reason"}
KINDS_OF_AMENDMENTS = "visited", "missed", "inspected", "withdrawn"
WITHDRAWN = "draw?:number unit:unit"  # the content of an amendment only
REASONS = {"missed": MISSED, "replaced": MISSED, "dropped_out": REASSIGNED, "amended": [
    "appeal", "clerical", "evidence"], "void": [
    "beacon_failed", "input_error", "legal", "not_revealed", "share_missing", "technical"]}

def is_code(value):
    return isinstance(value, str) and re.fullmatch(CODE, value) is not None

def is_hex(value):
    return isinstance(value, str) and re.fullmatch(HEX, value) is not None

def is_list(value, of):
    return isinstance(value, list) and all(map(of, value))

def is_codes(value):  # that they ascend is a rule of its own, see lists_of
    return is_list(value, is_code)

def is_approval(value):
    return has_fields(value, "by level") and is_code(value["by"]) and value["level"] in LEVELS

def is_commitment(value):
    return is_rooted(value, "root")

def is_rooted(value, digests):
    return (has_fields(value, f"{digests} size") and all(is_hex(value[name]) for name in digests.split())
            and whole(value["size"]))

def is_earlier(value):
    return (has_fields(value, "origin root size") and isinstance(value["origin"], str) and is_hex(value["root"])
            and whole(value["size"], 1))

def is_batch(row):
    return (has_fields(row, "batch share window") and whole(row["batch"]) and billionths(row["share"]) >= 0
            and has_fields(row["window"], "from to") and day(row["window"]["from"]) <= day(row["window"]["to"]))

def is_move(value):
    return (has_fields(value, "by out passed? post ticket unit") and is_hex(value["ticket"])
            and whole(value.get("passed", 1), 1) and is_unit_id(value["unit"])
             and all(is_code(value[key]) for key in ("by", "out", "post")))

def is_span(value):
    return has_fields(value, "from to") and day(value["from"]) <= day(value["to"])

def is_person(row):
    return has_fields(row, "id reason") and is_code(row["id"]) and row["reason"] in REASSIGNED

def is_barred(value):
    people = has_fields(value, "approval people") and is_list(value["people"], is_person)
    return people and is_approval(value["approval"])

def is_despite(value):
    return has_fields(value, "findings reason") and is_codes(value["findings"]) and isinstance(value["reason"], str)

def is_file(row):  # Spec 17.2: a name that leads out of no folder
    return (has_fields(row, "digest file") and is_hex(row["digest"]) and isinstance(row["file"], str)
            and re.fullmatch("[A-Za-z0-9][-_.A-Za-z0-9]{0,99}", row["file"]) is not None)

SEAL = ("above? attempt authority beacon cells cycle disclosure document frame policy previous protocol registers? "
        "roster scope sealed_at secret? sequence suite?")

def is_register(row):  # Spec 28.3
    return (has_fields(row, "as_of authority divisions root size") and day(row["as_of"]) is not None
            and is_code(row["authority"]) and row["divisions"] != [] and is_codes(row["divisions"])
            and ascend(row["divisions"]) and is_hex(row["root"]) and whole(row["size"]))

def is_seal(value):  # Spec 12.1; its plan is looked at by the rule `seal`
    mode = value["disclosure"]["mode"]
    return (has_fields(value, SEAL) and value["document"] == "seal" and valid_suite(value)
            and all(is_hex(value.get(key, "0" * 64)) for key in ("above", "cells", "cycle", "policy", "previous", "secret"))
            and is_code(value["authority"]) and is_code(value["scope"]) and instant(value["sealed_at"])
            and all(whole(value[key], 1, MOST) for key in ("attempt", "sequence"))
            and ("registers" not in value or value["registers"] != [] and is_list(value["registers"], is_register)
                 and ascend([row["authority"] for row in value["registers"]]))
            and is_rooted(value["frame"], "pseudonyms root") and is_rooted(value["roster"], "recusals root")
            and has_fields(value["disclosure"], {"immediate": "mode", "deferred": "mode reveal_by"}[mode])
            and (mode == "immediate" or day(value["disclosure"]["reveal_by"]) is not None))

TYPES = {"code": is_code, "unit": is_unit_id, "hex": is_hex, "number": lambda n: whole(n, 1, MOST), "count": whole,
         "text": lambda text: isinstance(text, str), "suite": is_other_suite,
         "texts": lambda rows: rows != [] and is_list(rows, lambda text: isinstance(text, str)), "codes": lambda rows:
         rows != [] and is_codes(rows), "ids": is_codes, "date": lambda text: day(text) is not None,
         "earlier": is_earlier, "batches": lambda rows: is_list(rows, is_batch),
         "register": lambda what: what in ("frame", "recusals", "roster"),
         "approval": is_approval, "visits": is_commitment, "moves": lambda rows: is_list(rows, is_move),
         "barred": is_barred, "people": lambda rows: rows != [] and is_list(rows, is_person), "files": lambda rows: rows != [] and is_list(rows, is_file), "despite": is_despite, "dates": is_span,
         "what": lambda what: what in ("seal", "record", "results"), "seal": is_seal,
         "value": lambda row: has_fields(row, "pulse? source value") and isinstance(row["value"], str)
         and is_code(row["source"]) and ("pulse" not in row or has_fields(row["pulse"], "previous? signature")),
         "content": lambda entry: entry["kind"] in KINDS_OF_AMENDMENTS and is_content(
             entry, KINDS | {"withdrawn": WITHDRAWN})}

def is_content(content, kinds=KINDS):
    kind, fields = content["kind"], [field.partition(":") for field in kinds[content["kind"]].split()]
    if not has_fields(content, " ".join(["kind", *(name for name, _, _ in fields)])):
        return False
    for name, _, type_ in fields:
        name = name.rstrip("?")
        good = TYPES.get(type_ or name) or (lambda value: value in REASONS[kind])
        if name in content and not good(content[name]):
            return False
    return True

def read_line(line):
    """The entry of a line without its newline; Fail or MALFORMED where it is none."""
    entry = parse(line)
    need(has_fields(entry, "actor at entry number previous"), "the fields of an entry")
    need(is_code(entry["actor"]) and instant(entry["at"]) and is_hex(entry["previous"]), "the form of an entry")
    need(whole(entry["number"], 1) and is_content(entry["entry"]), f"the form of a {entry['entry']['kind']} entry")
    return entry

CLOSABLE = "visited", "missed", "replaced", "dropped_out", "reassigned", "amended"

def read_content(row):
    """A row of contents.jsonl (17.7): {"entry", "number", "salt"}; Fail or MALFORMED where it is none."""
    value = parse(row)
    need(has_fields(value, "entry number salt") and is_hex(value["salt"]) and whole(value["number"], 1), "its form")
    need(value["entry"]["kind"] in CLOSABLE and is_content(value["entry"]), "the form of what is told")
    return value

def inner_and_outer(content):
    return [content, *([content["entry"]] if content["kind"] == "amended" else [])]

def lists_of(content):  # Spec 17.2: the lists that ascend, also of the content of an amendment
    rows = inner_and_outer(content)
    lists = [row[key] for row in rows for key in ("items", "team") if key in row]
    lists += [[person["id"] for person in row["barred"]["people"]] for row in rows if "barred" in row]
    lists += [[person["id"] for person in content.get("unavailable", [])]]
    lists += [[row["file"] for row in content["files"]]] if "files" in content else []
    return lists + ([content["despite"]["findings"]] if "despite" in content else [])

def teams_in(content):  # the same of the teams
    return [row["team"] for row in inner_and_outer(content) if "team" in row]

def dates_of(content):  # also of the content of an amendment
    return [row["date"] for row in inner_and_outer(content) if "date" in row]
