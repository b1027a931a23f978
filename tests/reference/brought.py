"""Spec 19, the folder: values of sources that the checker looked up himself, and the author's copies of them."""
import json
import re

from basics import MALFORMED, Fail, Unusable, canon, has_fields, need
from entries import is_code
from files import plain
from ledgerdraws import published_rows

def once(pairs):  # a checker's own file need not be canonical, and a name that stands twice says two things
    need(len(dict(pairs)) == len(pairs), "a field twice")
    return dict(pairs)

def is_text(value):  # a half of a pair of surrogates is no text
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)

def is_value(row):
    if not isinstance(row, dict) or not has_fields(row, "pulse? source value"):
        return False
    pulse = row.get("pulse") or {"signature": ""}
    return (is_code(row["source"]) and is_text(row["value"]) and isinstance(pulse, dict)
            and has_fields(pulse, "previous? signature") and is_text(pulse["signature"])
            and is_text(pulse.get("previous") or ""))

def read_values(path, home):
    """[(name of the file, attempt or None, value)] of a file in the form of beacon.json."""
    if path.resolve().is_relative_to(home.resolve()):
        raise Unusable(f"{path}: lies in the folder under test, whose author wrote it")
    try:
        values = json.loads(plain(path.read_bytes()).decode(), object_pairs_hook=once)
        need(isinstance(values, list) and values and all(map(is_value, values)), "values")
    except (Fail, *MALFORMED) as error:
        raise Unusable(f"{path}: {type(error).__name__} {error}") from None
    found = re.fullmatch(r"([1-9][0-9]*)\.([1-9][0-9]*)(-.*)?\.json", path.name)
    return [(path.name, (int(found[1]), int(found[2])) if found else None, value) for value in values]

def bring(entries, given):
    """({attempt: [value]}, [(file, source)] of no attempt)."""
    seals, by, stray = [row["entry"]["seal"] for row in entries if row["entry"]["kind"] == "sealed"], {}, []
    for file, name, value in given:
        plans = [((seal["sequence"], seal["attempt"]), seal["beacon"]) for seal in seals]
        of = [known for known, plan in plans if name in (None, known) and value["source"] in {
            row["id"] for row in [*plan["sources"], *(fallback["source"] for fallback in plan.get("fallbacks", []))]}]
        if len(of) > 1:
            raise Unusable(f"{file}: {value['source']} is a source of several draws: name the file after its draw, as 2.1.json")
        if of:
            by.setdefault(of[0], []).append((file, value))
        else:
            stray.append((file, value["source"]))
    return by, stray

def value_findings(audit):
    """[(place, code, words)]: copies that are not what the ledger says, values of the folder alone, idle values."""
    found = [(file, "unused", f"{source} is a source of no draw that it can be of") for file, source in audit.stray]
    for name, attempt in audit.ledger.attempts.items():
        place, brought = "draws/{}.{}".format(*name), audit.by_checker.get(name, [])
        copies = published_rows(attempt, audit.copies.get(name, []))
        found += [(f"{place}/beacon.json", "differs", what) for holds, _, what in copies if not holds]
        found += [(file, "unused", f"the ledger has no value of {value['source']} yet") for file, value in brought
                  if value["source"] not in attempt.values and value["source"] not in attempt.silent]
    found += [("draws/{}.{}".format(*name), "own_values", f"{source}: look it up at its source")
              for name, source in audit.own_values()]
    known = {name for name in audit.ledger.attempts}
    found += [(file, "unused", "its draw is behind an entry that is refused") for name, rows in audit.by_checker.items()
              if name not in known for file, _ in rows]
    return found
