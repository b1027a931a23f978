"""Spec 19: the files that entries say were published; and the index of a folder."""
import hashlib, re

from basics import MALFORMED, Fail, has_fields, instant, need, parse, sha, suite_of
from entries import is_code, is_hex
from year import whole

# ---- Spec 19, `files` ----

LEDGER, MARK = "ledger.jsonl", "\ufeff".encode()

def plain(data):  # what other programs change in a text that they save
    return data.removeprefix(MARK).replace(b"\r\n", b"\n")

def forms(data):
    """The bytes, and the same with other ends of lines and another mark before the text."""
    feeds = plain(data)
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

def index_findings(home):
    """[(place, code, words)]"""
    if not (home / "index.json").exists():
        return [("index.json", "not_named", "there is none")]
    try:
        named = {row["file"]: row for row in read_index(plain((home / "index.json").read_bytes()))["files"]}
    except (Fail, *MALFORMED) as error:
        return [("index.json", "index", f"{type(error).__name__} {error}")]
    there, found = every_file(home) - {"index.json"}, []
    for name, row in named.items():
        if name not in there:
            found.append((name, "missing", "index.json names it, and it is not there"))
            continue
        data = (home / name).read_bytes()
        lines = data.split(b"\n")
        if row.get("lines", len(lines)) < len(lines):  # the ledger grows
            data = b"".join(line + b"\n" for line in lines[:row["lines"]])
        if row["sha256"] not in {hashlib.sha256(form).hexdigest() for form in forms(data)}:
            page = row["what"] == "page"  # a page says nothing of its own
            found.append((name, "page" if page else "index", "another file than index.json names"))
    return found + [(name, "not_named", "index.json does not name it") for name in there - named.keys()]

def every_file(home):
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
