#!/usr/bin/env python3
"""Spec 15 and 16.2: what one institution can check of its receipt, its outcome, and the opening of its visit.

    python3 receipts.py receipt RECEIPT.json --seal SEAL.json [--policy F] [--table F] [--beacon VALUES.json] [--sample F]
                                             [--secret HEX] [--outcome OUTCOME.json] [--record RECORD.json]
    python3 receipts.py receipt RECEIPT.txt --seal …   the short text of 15.5, with the outcome if it holds one
    python3 receipts.py absence ABSENCE.json --seal SEAL.json
    python3 receipts.py opening OPENING.json --root HEX --size N [--suite sm3]

ROOT and N are the commitment of the last `assigned`, `replaced` or `reassigned` entry of the draw before the opening
was handed out. Exit status: 0 confirmed (of absence and opening: shown), 1 refuted, 2 self-consistent, 3 unusable.
"""
import re, sys
from pathlib import Path

from basics import EXIT, HALF, HEX, MALFORMED, PROTOCOL, Fail, H, Unusable, canon, has_fields, is_included, need, parse
from basics import pseudonym_leaf, sha, suite, suite_of
from beacon import form_rows, seed_text
from divisions import strata_of
from replay import check_cells, check_fields, check_policy, check_timing, factor_and_step, run, table_cells, ticket, verify
from replay import walk
from short import documents
from visits import is_opened

ROW, PSEUDONYM, FIELDS = "index path salt unit", "index path pseudonym", {
    "receipt": "document protocol pseudonym row seal", "absence": "document id lower? protocol seal upper?",
    "outcome": "document fate protocol seal seed unit",
    "opening": "document index path protocol salt seal visit"}
FATES = {"picked": "cell cutoff kind ticket", "reserve": "cell cutoff? kind place ticket", "excluded": "code kind"}

# ---- Spec 15.4. A check gets the dict of what is known, and yields rows (what, expected, found) ----

def check_named_seal(known, files):
    digest = H("seal", canon(known["seal"]))
    yield "seal of the receipt", digest, known["receipt"]["seal"]
    if "outcome" in known:
        yield "seal of the outcome", digest, known["outcome"]["seal"]

def check_row(known, files):
    receipt, frame = known["receipt"], known["seal"]["frame"]
    yield "salt, row and path lead to the root", True, leads(receipt["row"], known["seal"])
    shown = receipt["pseudonym"]
    leaf = pseudonym_leaf(shown["pseudonym"], receipt["row"]["unit"]["id"])
    found = is_included(leaf, shown["index"], frame["size"], shown["path"], frame["pseudonyms"])
    yield "pseudonym, id and path lead to the root of the pseudonyms", True, found

def leads(row, seal):
    need(re.fullmatch(HALF, row["salt"]), "the form of the salt")
    leaf = canon({"salt": row["salt"], "unit": row["unit"]})
    return is_included(leaf, row["index"], seal["frame"]["size"], row["path"], seal["frame"]["root"])

def check_table(known, files):
    yield from check_cells(known, files)

def check_seed(known, files):
    seal, secret = known["seal"], known.get("secret")
    yield from form_rows(seal["beacon"], known["values"])
    deferred = seal["disclosure"]["mode"] == "deferred"
    yield "a secret", deferred, secret is not None
    if deferred:
        yield "form of the secret", True, bool(re.fullmatch(HEX, secret))
        yield "commitment", seal["secret"], H("secret", secret)
    text = seed_text(H("seal", canon(seal)), known["values"], secret)
    yield "seed", H("seed", text), known["outcome"]["seed"]

def cell_of(known):
    """(path, size, count, certain) of the outcome."""
    number, cells = known["outcome"]["fate"]["cell"], table_cells(known)
    need(type(number) is int and 0 <= number < len(cells), f"there is no cell {number}")
    return cells[number]

def check_cell(known, files):
    fate, unit = known["outcome"]["fate"], known["receipt"]["row"]["unit"]
    yield "unit", unit["id"], known["outcome"]["unit"]
    if fate["kind"] == "excluded":
        count = known["table"].get("exclusions", {}).get(fate["code"], 0)
        yield f"an exclusion as {fate['code']}", True, type(count) is int and count > 0
    else:
        first, *path = cell_of(known)[0].split("/")
        yield "first or repeat", True, first in ("first", "repeat")
        yield "path", strata_of(known["policy"], unit), path

def check_ticket(known, files):
    outcome = known["outcome"]
    yield "ticket", ticket(outcome["seed"], known["receipt"]["pseudonym"]["pseudonym"]), outcome["fate"]["ticket"]

def picks_of_cell(known):  # n_c
    cells, fate = table_cells(known), known["outcome"]["fate"]
    cell_of(known)
    counts = walk(cells, *factor_and_step(known["policy"]["design"], cells), known["outcome"]["seed"])[0]
    return counts[fate["cell"]]

def check_count(known, files):
    n, count = picks_of_cell(known), cell_of(known)[2]
    yield "a cutoff", n > 0, "cutoff" in known["outcome"]["fate"]
    yield f"{n} picks of {count} units", True, n <= count

def check_fate(known, files):
    fate, n, count = known["outcome"]["fate"], picks_of_cell(known), cell_of(known)[2]
    yield "form of the cutoff", True, bool(re.fullmatch(HEX, fate.get("cutoff", "0" * 64)))
    yield "picked", "cutoff" in fate and fate["ticket"] <= fate["cutoff"], fate["kind"] == "picked"
    if fate["kind"] == "reserve":
        yield f"place from 1 to {count - n}", True, type(fate["place"]) is int and 1 <= fate["place"] <= count - n

def check_listed(known, files):
    fate, unit, cells = known["outcome"]["fate"], known["outcome"]["unit"], known["sample"]
    own = known["receipt"]["pseudonym"]["pseudonym"]
    shown = [row["pseudonym"] for cell in cells for row in cell["picks"] + cell["reserves"] if row["id"] == unit]
    yield "the pseudonym of the receipt", own, (shown or [own])[0]
    ids = [([row["id"] for row in cell["picks"]], [row["id"] for row in cell["reserves"]]) for cell in cells]
    if fate["kind"] == "excluded":
        yield "listed", False, any(unit in picks or unit in reserves for picks, reserves in ids)
        return
    need(0 <= fate["cell"] < len(cells), "no such cell in the sample")
    picks, reserves = ids[fate["cell"]]
    yield "cutoff", cells[fate["cell"]].get("cutoff"), fate.get("cutoff")
    yield "picked", unit in picks, fate["kind"] == "picked"
    if fate["kind"] == "reserve":
        shown = reserves.index(unit) + 1 if unit in reserves else None
        yield "place", shown, fate["place"] if fate["place"] <= len(reserves) else None

def check_record(known, files):
    record, lines = known["record"], []
    brought = {"seal": known.get("seal"), "beacon": known.get("values")}
    verdict = verify(record, {name: value for name, value in brought.items() if value is not None}, lines.append)
    yield "the record", "one that holds", "one that holds" if verdict != "refuted" else "; ".join(lines)
    for name in ("policy", "table", "sample"):
        yield f"the {name} of the record", record[name], known.get(name, record[name])
    if "outcome" in known:
        yield "the seed of the record", record["seed"], known["outcome"]["seed"]

CHECKS = {  # name: (check, what it needs besides the receipt, whether not for who is excluded)
    "seal": (check_named_seal, ["seal"], False), "row": (check_row, ["seal"], False),
    "policy": (check_policy, ["seal", "policy"], False), "timing": (check_timing, ["seal", "policy"], False),
    "table": (check_table, ["seal", "table"], False), "seed": (check_seed, ["seal", "values", "outcome"], False),
    "cell": (check_cell, ["policy", "table", "outcome"], False), "ticket": (check_ticket, ["outcome"], True),
    "count": (check_count, ["policy", "table", "outcome"], True),
    "fate": (check_fate, ["policy", "table", "outcome"], True),
    "listed": (check_listed, ["sample", "outcome"], False),
    "record": (check_record, ["record"], False)}

def check_receipt(known):
    """{name: (result, reason)} with known: receipt, and seal, policy, table, values, secret, outcome where given."""
    found = {}
    if "record" in known:  # all but the values: a record holds whatever values its author wrote
        held = {name: known["record"][name] for name in ("policy", "table", "sample", "secret") if name in known["record"]}
        known = {**held, **known}
    with suite_of(known.get("seal", known.get("policy", {}))):
        for name, (check, needs, drawn_only) in CHECKS.items():
            missing = [key for key in needs if key not in known]
            if missing:
                found[name] = "not run", f"no {' and no '.join(missing)} given"
            elif drawn_only and known["outcome"]["fate"]["kind"] == "excluded":
                found[name] = "not run", "the unit is excluded"
            elif name == "seed" and known["seal"]["disclosure"]["mode"] == "deferred" and "secret" not in known:
                found[name] = "not run", "the secret is not known"
            else:
                reason = run(check, known, {})
                unheld = [key for key in ("seal", "values") if key not in known] if name == "record" else []
                if unheld and not reason:  # nothing from elsewhere was held against the record
                    found[name] = "not run", f"no {' and no '.join(unheld)} given"
                    continue
                found[name] = ("fail", reason) if reason else ("pass", "")
    return found

def verdict_of(found, has_outcome):
    """Spec 13: what the checks of a receipt amount to."""
    results = {name: result for name, (result, _) in found.items()}
    if "fail" in results.values():
        return "refuted"
    needed = results if has_outcome else ("seal", "row")
    return "confirmed" if all(results[name] == "pass" for name in needed) else "self-consistent"

# ---- Spec 15.2 and 16.2 ----

def is_absent(absence, seal):
    """None, or why the absence does not follow."""
    def rows(known, files):
        digest, lower, upper = H("seal", canon(seal)), absence.get("lower"), absence.get("upper")
        yield "seal", digest, absence["seal"]
        for row in filter(None, (lower, upper)):
            yield f"row of {row['unit']['id']}", True, leads(row, seal)
        if lower:
            yield "a smaller id", True, lower["unit"]["id"].encode() < absence["id"].encode()
        if upper:
            yield "a larger id", True, absence["id"].encode() < upper["unit"]["id"].encode()
        ends = lower["index"] if lower else -1, upper["index"] if upper else seal["frame"]["size"]
        yield "nothing between them", ends[0] + 1, ends[1]
        if not lower and not upper:
            yield "the root of an empty frame", sha(b"").hex(), seal["frame"]["root"]
    with suite_of(seal):
        return run(rows, None, {})

# ---- Documents and the command line ----

def check_document(value, name):
    if not has_fields(value, FIELDS[name]) or (value["protocol"], value["document"]) != (PROTOCOL, name):
        raise ValueError(f"not a {name} of {PROTOCOL}")
    if name == "outcome" and not has_fields(value["fate"], FATES[value["fate"]["kind"]]):
        raise ValueError("unknown or missing fields of a fate")
    rows = [value[key] for key in ("lower", "upper", "row") if key in value]
    if not all(has_fields(row, ROW) for row in rows) or name == "receipt" and not has_fields(value["pseudonym"], PSEUDONYM):
        raise ValueError(f"unknown or missing fields in a {name}")
    return value

def read(path, name):
    try:
        value = parse(Path(path).read_bytes())
        if name in ("seal", "record"):
            check_fields(value, name)
        return check_document(value, name) if name in FIELDS else value
    except (OSError, *MALFORMED) as error:
        raise Unusable(f"{path}: {type(error).__name__} {error}") from None

def show(found):
    for name, (result, reason) in found.items():
        print(f"{'FAIL' if result == 'fail' else result:8}{name}{': ' * bool(reason)}{reason}")
    return 1 if any(result == "fail" for result, _ in found.values()) else 0

OPTIONS = {"receipt": {"seal", "policy", "table", "beacon", "sample", "secret", "outcome", "record"}, "absence": {"seal"},
           "opening": {"root", "size", "suite"}}

def main(command="", path="", *options):
    given = dict(zip([name.removeprefix("--") for name in options[::2]], options[1::2]))
    needed = {"receipt": {"seal"}, "absence": {"seal"}, "opening": {"root", "size"}}.get(command, {command})
    if not path or len(options) % 2 or not needed <= given.keys() <= OPTIONS.get(command, set()):
        print(__doc__)
        return 3
    try:
        outcome = None
        if command == "receipt" and Path(path).read_bytes()[:1] != b"{":
            document, *rest = [parse(one) for one in documents(Path(path).read_text())]
            check_document(document, command)
            outcome = rest and check_document(rest[0], "outcome")
        else:
            document = read(path, command)
        if command == "opening":
            with suite(given.get("suite", "sha256")):
                opened = is_opened(document, given["root"], int(given["size"]))
            return show({"opening": ("pass", "") if opened else ("fail", "the path does not lead to the root")})
        known = {name: read(file, name) for name, file in given.items() if name != "secret"}
        if command == "absence":
            reason = is_absent(document, known["seal"])
            return show({"absence": ("fail", reason) if reason else ("pass", "")})
        known |= ({"outcome": outcome} if outcome else {}) | {"receipt": document} | {name: given[name] for name in given if name == "secret"}
        if "beacon" in known:
            known["values"] = known.pop("beacon")
        found = check_receipt(known)
        show(found)
        verdict = verdict_of(found, "outcome" in known)
        print(verdict)
        return EXIT[verdict]
    except (OSError, Fail, Unusable, *MALFORMED) as error:
        print(f"unusable: {error}")
        return 3

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
