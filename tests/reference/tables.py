"""Spec 19, the folder: what the files for readers say, against seal, record, frame and ledger.

A cell is None where its text is not known.
"""
import base64, csv, io, json, re

from basics import MALFORMED, H, sha, suite_of
from closed import is_contents
from divisions import shown
from figures import FILE as FIGURES, figures_finding
from files import forms, plain
from ledgerfiles import draw_of
from notices import FILE, notice_finding

REASONS = {"closed": ("closed", "注销或停业"), "merged": ("merged", "已合并"), "moved": ("moved away", "已迁出"),
           "unreachable": ("not to be found", "无法联系")}

def not_visited(reason):  # in both languages
    english, chinese = REASONS[reason]
    return [f"not visited ({english})", f"未能检查（{chinese}）"]

def in_place(unit, reason):
    english, chinese = REASONS[reason]
    return [f"in place of {unit} ({english})", f"替换 {unit}（{chinese}）"]

def replaced_by(unit, reason):
    english, chinese = REASONS[reason]
    return [f"replaced by {unit} ({english})", f"已替换为 {unit}（{chinese}）"]

def texts(data):  # a blank line is no row
    return [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]

def defused(text):  # with the mark that keeps Excel from taking a text for a formula
    return "'" + text if text[:1] in ("=", "+", "-", "@", "'") and text else text

def wrong_rows(data, columns, expected):
    """What differs, or None; a cell of `expected` is None or the texts that it may be."""
    try:
        rows = texts(data)
    except (UnicodeDecodeError, csv.Error) as error:
        return str(error)
    if not rows or len(rows[0]) != columns:
        return f"{len(rows[0]) if rows else 0} columns of {columns}"
    if len(rows) - 1 != len(expected):
        return f"{len(rows) - 1} rows, expected {len(expected)}"
    for number, (row, wanted) in enumerate(zip(rows[1:], expected), 2):
        if len(row) != columns:
            return f"row {number}: {len(row)} columns of {columns}"
        for column, (cell, known) in enumerate(zip(row, wanted), 1):
            if known is not None and cell not in map(defused, known):
                return f"row {number}, column {column}: {cell!r}, expected {' or '.join(known)}"
    return None

class Tables:
    """The tables of one attempt; `units` of the frame by id, or None."""

    def __init__(self, entries, name, files):
        self.entries, self.name, self.record = entries, name, files.get("record")
        self.units = {unit["id"]: unit for unit in files["frame"]["units"]} if "frame" in files else None

    def named(self, unit):  # by the frame, which the public does not have
        return None if self.units is None else [self.units.get(unit, {}).get("name", "")]

    def division(self, unit):
        code = (self.units or {}).get(unit, {}).get("division", "")
        return None if self.units is None else [shown(self.record["policy"], code)]

    def sample(self):
        kinds = {"picks": ["drawn", "抽中"], "reserves": ["reserve", "候补"]}
        return [([row["id"]], self.named(row["id"]), self.division(row["id"]), [cell["path"]], kinds[kind], [row["ticket"]])
                for cell, sample in zip(self.record["table"]["cells"], self.record["sample"])
                for kind in ("picks", "reserves") for row in sample[kind]]

    def teams(self):
        window, rows = self.record["policy"]["window"], []
        for visit in self.record["teams"]["visits"]:
            people = {row["id"] for post in visit["posts"] for row in post["officers"]}
            people |= {row["id"] for post in visit.get("experts", []) for row in post["experts"]}
            rows.append(([visit["unit"]], self.named(visit["unit"]),
                         [visit.get("day", f"{window['from']} – {window['to']}")], [" ".join(sorted(people))],
                         [visit.get("lead", "")]))
        return rows

    def of_attempt(self, last):
        """Entries up to `last`, from the seal of this attempt."""
        found = []
        for entry in self.entries:
            content = entry["entry"]
            if entry["number"] <= last and content["kind"] == "sealed":
                if (content["seal"]["sequence"], content["seal"]["attempt"]) == self.name:
                    found.clear()
            if entry["number"] <= last:
                found.append(entry)
        return found

    def visits(self, last):
        """The visits after the entry `last`, with who was replaced."""
        replaced, moved = {}, set()
        for content in (entry["entry"] for entry in self.of_attempt(last) if entry["entry"].get("draw") == self.name[0]):
            if content["kind"] == "replaced":
                replaced[content["unit"]] = content["by"], content["reason"]
            if content["kind"] == "reassigned":
                moved |= {move["unit"] for move in content["moves"]}
        rows = {row[0][0]: (*row[:3], *((None, None) if row[0][0] in moved else row[3:]), [""]) for row in self.teams()}
        for unit, (by, reason) in sorted(replaced.items()):
            rows[unit] = ([unit], self.named(unit), [""], [""], [""], replaced_by(by, reason))
            if by not in replaced:
                rows[by] = ([by], self.named(by), None, None, None, in_place(unit, reason))
        return [row for _, row in sorted(rows.items())]

    def results(self, last):
        """The visits made and missed after the entry `last`, as amended."""
        visits = {}
        for entry in self.of_attempt(last):
            content = entry["entry"]
            if content["kind"] in ("visited", "missed"):
                visits[entry["number"]] = content
            if content["kind"] == "amended" and content["amends"] in visits:
                visits[content["amends"]] = content["entry"]
        rows = []
        for visit in visits.values():
            if visit["kind"] in ("visited", "missed") and visit["draw"] == self.name[0]:
                words = [visit["result"]] if visit["kind"] == "visited" else not_visited(visit["reason"])
                rows.append(([visit["unit"]], self.named(visit["unit"]), [visit["date"]], words,
                             [" ".join(visit.get("team", []))]))
        return sorted(rows, key=lambda row: (row[0], row[2], row[3]))

    def rows(self, file):
        """The number of columns and the rows of a table, or None if it is none."""
        if file in ("sample.csv", "teams.csv"):
            return (6, self.sample) if file == "sample.csv" else (5, self.teams)
        found = re.fullmatch(r"(visits|results)-([0-9]+)\.csv", file)
        if found:
            last = int(found[2])
            return (6, lambda: self.visits(last)) if found[1] == "visits" else (5, lambda: self.results(last))

NOTHING = "nothing that is signed or hashed says what it must hold"
READ = {f"{name}.json" for name in "record seal beacon frame roster cycle drawn".split()}

def table_finding(tables, file, data, attempt):
    """(code, words) or None."""
    columns, rows = tables.rows(file)
    if tables.record is None and not file.startswith("results-"):
        return "not_checked", "there is no record beside it"
    last = re.fullmatch(r"[a-z]+-([0-9]+)\.csv", file)
    if last and attempt and any(number <= int(last[1]) for number in attempt.untold):
        return "not_checked", "the contents of closed lines are not here"
    wrong = wrong_rows(data, columns, rows())
    if wrong:
        return "differs", wrong
    with suite_of(tables.opened):
        digests = {sha(form).hex() for form in forms(data)}
    listed = file in attempt.files or file.startswith("results-") and digests & attempt.results.keys() if attempt else False
    return None if listed else ("not_checked", "its rows are right, and no entry says that it was published")

def sealed_finding(label, data, seal):
    if seal is None:
        return "not_checked", "there is no seal"
    with suite_of(seal):
        return None if H(label, plain(data)) == seal[label] else ("differs", "another digest than the seal says")

def page_finding(path):
    """Of a page, what it has inside; around it is a program, which is not looked at here."""
    _, opens, rest = plain(path.read_bytes()).decode(errors="replace").partition('id="documents">')
    inside, closes, _ = rest.partition("<")
    if not (opens and closes):
        return "page", "it has no place for documents"
    root = path.parent.parent.parent if path.name == "page.html" else path.parent
    try:
        for name, text in sorted(json.loads(inside).items()):
            if not all(part not in ("", ".", "..") for part in name.split("/")):
                return "differs", f"{name} inside is no path in its folder"
            there = root / name
            if not there.is_file():
                return "not_checked", f"it has {name} inside, which does not lie in the folder"
            found = plain(there.read_bytes())
            if name == "ledger.jsonl" and isinstance(text, str):
                holds = found.startswith(plain(text.encode()))
            elif isinstance(text, str):
                holds = found == plain(text.encode())
            else:
                holds = text == {"base64": base64.b64encode(there.read_bytes()).decode()}
            if not holds:
                return "differs", f"it has another {name} inside than the one in the folder"
    except MALFORMED as error:
        return "differs", f"its documents: {error}"
    return None

def draw_finding(audit, name, path, rules):
    attempt, files = audit.ledger.attempts.get(name), audit.draws[name]
    tables = Tables(audit.ledger.entries, name, files)
    tables.opened = audit.ledger.opened
    if path.name in READ or is_contents(path.name) or path.name == "dossier.json" and rules:
        return None
    if path.is_dir():
        return "not_checked", NOTHING
    if path.name in ("policy.json", "cells.json"):
        return sealed_finding(path.stem, path.read_bytes(), attempt.seal if attempt else files.get("seal"))
    if path.name == "page.html":
        return page_finding(path)
    if FILE.fullmatch(path.name):
        return notice_finding(audit, name, path, rules)
    if FIGURES.fullmatch(path.name):
        return figures_finding(audit, name, path, rules)
    return table_finding(tables, path.name, path.read_bytes(), attempt) if tables.rows(path.name) else ("not_checked", NOTHING)

def table_findings(audit, home, rules):
    """[(place, code, words)] of every file that the checks of the ledger do not read."""
    known = {"ledger.jsonl", "checkpoints", "draws", "cycle.json", "AUDITORS-ONLY.txt", "index.json"}
    found = []
    for path in home.iterdir():
        of_rules = path.name in ("pack.json", "programme.json") or path.match("dossier-*.json")
        if path.name == "index.html":
            found.append((path, page_finding(path)))
        elif path.name not in known and not (rules and of_rules):
            found.append((path, ("not_checked", NOTHING)))
    for path in home.glob("checkpoints/*"):
        found.append((path, None if path.name.endswith(".txt") else ("not_checked", NOTHING)))
    for path in home.glob("draws/*"):
        name = draw_of(path)
        found.append((path, None if name else ("not_checked", NOTHING)))
        found += [(file, draw_finding(audit, name, file, rules)) for file in path.iterdir()] if name else []
    return [(path.relative_to(home).as_posix(), *finding) for path, finding in found if finding]
