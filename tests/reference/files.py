"""Spec 19: the files that entries say were published; and what lies in a folder: its index, and the rules behind its draws."""
import hashlib, json, re

from basics import MALFORMED, Fail, canon, has_fields, instant, Unusable, need, parse, sha, suite_of
from entries import is_code, is_hex
from packs import read_pack
from programmes import origin_checks, read_programme
from year import whole

# ---- Spec 19, `files` ----

LEDGER, MARK = "ledger.jsonl", "\ufeff".encode()

def forms(data):
    """The bytes, and the same with other ends of lines and another mark before the text."""
    feeds = data.removeprefix(MARK).replace(b"\r\n", b"\n")
    returns = feeds.replace(b"\n", b"\r\n")
    return [data, feeds, returns, MARK + feeds, MARK + returns]

def published_files(opened, attempts, given):
    """Rows (condition, number, what) of files that were given, and [[draw, attempt, name]] of those that were not."""
    rows, missing = [], []
    for attempt in attempts:
        with suite_of(opened):
            files = {name: [sha(form).hex() for form in forms(data)] for name, data in given.get(attempt.name, {}).items()
                     if name in attempt.files or attempt.results}
        for name, (digest, number) in attempt.files.items():
            if name in files:
                rows.append((digest in files[name], number, f"{name}: another file than the one that was published"))
            else:
                missing.append([*attempt.name, name])
        every = {digest for found in files.values() for digest in found}
        missing += [[*attempt.name, digest] for digest in attempt.results if digest not in every]
    return rows, sorted(missing)

# ---- Spec 19, the folder ----

def read_index(data):
    index = parse(data)
    need(has_fields(index, "document files protocol") and index["document"] == "index", "the fields of the index")
    need(index["protocol"] == "double-random/1" and isinstance(index["files"], list), "the form of the index")
    for row in index["files"]:
        need(has_fields(row, "file lines? sha256 since what") and is_hex(row["sha256"]) and is_code(row["what"])
             and instant(row["since"]) and isinstance(row["file"], str), "the form of a row of the index")
        need(all(re.fullmatch("[A-Za-z0-9][-_.A-Za-z0-9]{0,99}", part) for part in row["file"].split("/")),
             f"{row['file']!r} is no name of a file")
        need(("lines" in row) == (row["file"] == LEDGER) and whole(row.get("lines", 0)), "the lines of the ledger")
    names = [row["file"] for row in index["files"]]
    need(names == sorted(set(names)), "the order of the index")
    return index

def index_lines(home):
    """[(result, words)]; `FAIL` refutes, `missing` caps, `note` does neither."""
    if not (home / "index.json").exists():
        return [("note", "index.json: there is none")]
    found = []
    try:
        named = {row["file"]: row for row in read_index((home / "index.json").read_bytes().removeprefix(MARK))["files"]}
    except (Fail, *MALFORMED) as error:
        return [("FAIL", f"index.json: {type(error).__name__} {error}")]
    there = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()} - {"index.json"}
    for name, row in named.items():
        if name not in there:
            found.append(("missing", f"{name}: the index names it, and it is not there"))
            continue
        data = (home / name).read_bytes()
        lines = data.split(b"\n")
        if row.get("lines", len(lines)) < len(lines):  # the ledger grows
            data = b"".join(line + b"\n" for line in lines[:row["lines"]])
        if row["sha256"] not in {hashlib.sha256(form).hexdigest() for form in forms(data)}:
            found.append(("FAIL", f"{name}: another file than the index names"))
    return found + [("note", f"{name}: the index does not name it") for name in sorted(there - named.keys())]

def origin_lines(home, draws, registered):
    """The same of the rules behind every draw; `registered(name)`: the register that has it has a programme."""
    paths, found = [home / "pack.json", home / "programme.json"], []
    rules = None
    if all(path.exists() for path in paths):
        try:
            pack, reasons = read_pack(json.loads(paths[0].read_bytes()))
            need(not reasons, f"the pack: {reasons}")
            programme, reasons = read_programme(json.loads(paths[1].read_bytes()), pack)
            need(not reasons, f"the programme: {reasons}")
            rules = pack, programme
        except (Fail, *MALFORMED) as error:
            raise Unusable(f"pack.json, programme.json: {type(error).__name__} {error}") from None
    for name, files in sorted(draws.items()):
        origin, where = files.get("record", {}).get("policy", {}).get("origin"), f"draw {name[0]}.{name[1]}"
        if "record" in files and origin is None and registered(name):
            found.append(("missing", f"{where}: its policy names no rules that it follows from"))
        if origin is None:
            continue
        if rules is None:
            found.append(("missing", f"{where}: pack.json and programme.json, from which its policy follows"))
            continue
        with suite_of(files["record"]["policy"]):
            try:
                units = files["frame"]["units"] if "frame" in files else None
                path = home / "draws" / "{}.{}".format(*name) / "dossier.json"
                dossier = json.loads(path.read_bytes()) if path.exists() else None
                rows = origin_checks(files["record"]["policy"], *rules, units=units, dossier=dossier)
                wrong = [what for check in rows.values() for what, expected, other in check
                         if canon(expected) != canon(other)]
            except (Fail, *MALFORMED) as error:
                wrong = [f"{type(error).__name__} {error}"]
        found += [("FAIL", f"{where}: origin: {what}") for what in wrong]
        kept = [check for check in ("dossier", "signals", "levels") if check not in rows] if not wrong else []
        found += [("note", f"{where}: not shown without the auditor's files: {' '.join(kept)}")] if kept else []
    return found
