"""The vectors of suites, proofs, beacons, notes, receipts and ledgers; see vectors.py."""
import json

from basics import MALFORMED, Fail, H, Tree, Unusable, canon, is_consistent, parse, sha, suite, suite_of
from beacon import form_rows, holds, timing_rows
from fold import fold
from ledger import Audit
from ledgerfiles import Folder, begins_with, read as read_document
from notes import parse_key, parse_note, signed_by
from receipts import check_document, check_receipt, is_absent, verdict_of
from replay import run
import levels
import short
from short import documents
from visits import is_opened

# Each returns what is expected, and what is found

def suites(case):
    with suite(case["suite"]):
        if "label" in case:
            return case["digest"], H(case["label"], case["content"])
        return case["hash"], sha(case["text"].encode()).hex()

def consistency(case):
    with suite(case["suite"]):
        tree, old, n = Tree([str(i).encode() for i in range(case["count"])]), case["old"], case["count"]
        made = [tree.root(old), tree.root(), tree.consistency(old)]
        verified = is_consistent(old, case["old_root"], n, case["root"], case["proof"])
        other = is_consistent(old, case["old_root"], n, sha(b"another").hex(), case["proof"])
    return [case["old_root"], case["root"], case["proof"], True, old == 0], [*made, verified, other]

def beacon(case):
    with suite(case["suite"]):
        if "form" in case:
            return case["form"], holds(form_rows(case["beacon"], case["values"]))
        return case["timing"], holds(timing_rows(case["beacon"], case["sealed_at"]))

def notes(case):
    try:
        note = parse_note(case["note"])
    except (Fail, *MALFORMED):
        return case.get("valid", True), False
    if "key" not in case:
        return case.get("valid", True), True
    try:
        found = signed_by(note, parse_key(case["key"]))
    except (Fail, *MALFORMED):
        found = None
    expected = {key: case[key] for key in ("signed", "time") if key in case}
    time = {"time": found} if "time" in case and type(found) is int else {}
    return expected, {"signed": found is not None, **time}

def absences(case):
    return case["shows"], is_absent(check_document(case["absence"], "absence"), case["seal"]) is None

KINDS = {"absences": absences, "suite": suites, "consistency": consistency, "beacon": beacon, "notes": notes, **short.KINDS}

# ---- Folders. Each gives a list with None or why it fails, one for each thing compared ----

def compared(what, expected, found):
    same = canon(expected) == canon(found)
    return None if same else f"{what}: expected {str(expected)[:300]}, found {str(found)[:300]}"

def run_receipt(home):
    try:
        files = {path.stem: parse(path.read_bytes()) for path in home.glob("*.json")
                 if path.stem not in ("expected", "visits")}
        expected = json.loads((home / "expected.json").read_text(encoding="utf-8"))
        names = "receipt", "outcome", "seal", "policy", "table", "sample", "record"
        known = {key: files[key] for key in names if key in files}
        known |= {"values": files["beacon"]} if "beacon" in files else {}
        for name in ("receipt", "outcome", "opening", "absence"):
            if name in files:
                check_document(files[name], name)
        if (home / "secret.txt").exists():
            known["secret"] = (home / "secret.txt").read_text().strip()
        found, reasons = check_receipt(known), []
        if "verdict" in expected:
            reasons.append(compared("verdict", expected["verdict"], verdict_of(found, "outcome" in known)))
        for name in expected:
            if name in found:
                line = compared(name, expected[name], found[name][0])
                reasons.append(line and f"{line} ({found[name][1]})")
        if "opening" in files:
            visits = json.loads((home / "visits.json").read_text(encoding="utf-8"))
            with suite_of(files["seal"]):
                opened = is_opened(files["opening"], visits["root"], visits["size"])
                named = files["opening"]["seal"] == H("seal", canon(files["seal"]))
            reasons.append(compared("opening", expected.get("opening", "pass"), "pass" if opened and named else "fail"))
        if "absence" in files:
            reason = is_absent(files["absence"], files["seal"])
            reasons.append(compared("absence", expected.get("absence", "pass"), "fail" if reason else "pass"))
        return reasons
    except (OSError, Unusable, Fail, *MALFORMED) as error:
        return [f"unusable: {error!r}"]

def run_ledger(home):
    """What the checker brings lies in `brought`: keys of witnesses in keys.txt, checkpoints that he kept in kept/*.txt."""
    try:
        expected = json.loads((home / "expected.json").read_text(encoding="utf-8"))
        at = home / "at.txt"
        keys = home / "brought" / "keys.txt"
        audit = Audit(Folder(home), at.read_text().strip() if at.exists() else None,
                      keys.read_text().split() if keys.exists() else [],
                      [path.read_bytes() for path in sorted(home.glob("brought/kept/*.txt"))])
        checks, verdict = audit.run()
        found, reasons = audit.state(), []
        for name, result in expected.get("checks", {}).items():
            line = compared(name, result, checks.get(name, ("no such check",))[0])
            reasons.append(line and f"{line} {checks[name][1:]}")
        if "verdict" in expected:
            reasons.append(compared("verdict", expected["verdict"], verdict))
        for name, value in expected.get("state", {}).items():
            if value is None or found.get(name) is None:
                reasons.append(None if value is None and found.get(name) is None else
                               f"{name}: expected {value}, found {found.get(name)}")
            else:
                reasons.append(compared(name, value, found[name]))
        if "earlier" in expected:  # the folder of another vector, and whether this ledger goes on from it
            name, result = expected["earlier"]
            reasons.append(compared("earlier", result, begins_with(audit.folder, Folder(home.parent / name))))
        return reasons
    except (OSError, Unusable, Fail, *MALFORMED) as error:
        return [f"unusable: {error!r}"]

def run_refused(path):
    reasons = []
    data = json.loads(path.read_text(encoding="utf-8"))
    for case in data["cases"] if isinstance(data, dict) else data:
        try:
            documents = {}
            for file in (path.parent / case["ledger"]).glob("draws/*.*/drawn.json"):
                documents[tuple(map(int, file.parent.name.split(".")))] = read_document(file)
            _, refused, _ = fold([line.rstrip("\n").encode() for line in case["lines"]], documents)
            found = sorted([number, rule, what] for rule, (number, what) in refused.items())
            line = compared(case["name"], [case["number"], case["rule"]], found[0][:2] if found else [])
            reasons.append(line and f"{line} {found}")
        except (OSError, Unusable, Fail, *MALFORMED) as error:
            reasons.append(f"{case.get('name')}: {error!r}")
    return reasons

def run_levels(path):  # Spec 27.5: cases of folders beside the file
    reasons, data = [], json.loads(path.read_text(encoding="utf-8"))
    for case in data["cases"]:
        try:
            audits = [Audit(Folder(path.parent / name), None, (), [
                kept.read_bytes() for kept in sorted(path.parent.glob(f"{name}/brought/kept/*.txt"))]) for name in case["ledgers"]]
            verdict, parts, covered, left = levels.tree(audits, [audit.run()[1] for audit in audits], run)
            found = {"verdict": verdict, "parts": parts, "coverage": covered, "strays": left}
            reasons.append(compared(case["name"], {key: case[key] for key in found}, found))
        except (OSError, Unusable, Fail, *MALFORMED) as error:
            reasons.append(f"{case.get('name')}: {error!r}")
    return reasons

def run_folders(home):
    """{path: reasons} of receipts and ledgers under a folder of vectors."""
    results = {path: run_receipt(path) for path in sorted(home.glob("receipts/*")) if path.is_dir()}
    results |= {path: run_ledger(path) for path in sorted(home.glob("ledgers/*")) if path.is_dir()}
    results |= {path: run_refused(path) for path in home.glob("ledgers/refused.json")}
    results |= {path: run_levels(path) for path in home.glob("ledgers/levels.json")}
    return results
