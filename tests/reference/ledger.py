#!/usr/bin/env python3
"""Spec 19: verification of a ledger.
    python3 ledger.py FOLDER [--at INSTANT] [--witness-key KEY]... [--checkpoint FILE]...

KEY is the key of a witness (18.3) as you have it from the witness; FILE is a checkpoint that you kept yourself.
Without either, whatever lies in the folder, a ledger is at most self-consistent: its author can have written all of it.
FOLDER has ledger.jsonl, and where there are any cycle.json (17.4), checkpoints/*.txt and draws/<sequence>.<attempt>/ with
record.json, seal.json, beacon.json, frame.json, roster.json, cycle.json, drawn.json. Exit status: 0, 1 refuted, 3 unusable.
"""
import json, math, sys
from pathlib import Path

from basics import MALFORMED, Fail, H, Tree, Unusable, canon, has_fields, instant, need, parse, salt, suite, suite_of
from entries import is_hex
from fold import RULES, fold
from notes import WITNESS, origin, parse_checkpoint, parse_key, parse_note, signed_by
from people import wrong_teams
from replay import check_fields, verify
from visits import Reserves, Standing, Unknown, commitment, drawn_digest, is_team
from year import drawn_event

NAMES = "record", "seal", "beacon", "frame", "roster", "cycle", "drawn"
AUDITOR = "frame", "roster", "cycle"

class Folder:
    def __init__(self, home):
        data = (home / "ledger.jsonl").read_bytes()
        self.lines = data.split(b"\n")
        if self.lines[-1] == b"":
            self.lines.pop()
        else:  # Spec 17.1: every line is ended by a newline; this is no line of a ledger
            self.lines[-1] += b"\n"
        self.checkpoints = {path.name: path.read_bytes() for path in sorted(home.glob("checkpoints/*.txt"))}
        self.opening = read(home / "cycle.json") if (home / "cycle.json").exists() else None  # Spec 17.4
        self.draws = {}
        for path in sorted(home.glob("draws/*.*")):
            name = tuple(map(int, path.name.split(".")))
            self.draws[name] = {file.stem: read(file) for file in sorted(path.glob("*.json")) if file.stem in NAMES}

    def documents(self):
        """Spec 19: drawn documents as given, or made from record, frame and cycle files."""
        found = {}
        for name, files in self.draws.items():
            if "drawn" in files:
                found[name] = files["drawn"]
            elif {"record", "frame", "cycle"} <= files.keys():
                seal = files["record"]["seal"]
                with suite_of(seal):
                    event = drawn_event(files["record"], files)
                    mark = salt(key_of(files), f"drawn {H('seal', canon(seal))}")
                found[name] = {"drawn": {key: event[key] for key in event if key != "event"}, "salt": mark}
        return found

def read(path):
    try:
        value = parse(path.read_bytes())
        if path.stem == "drawn":
            need(has_fields(value, "document drawn protocol salt") and value["document"] == "drawn"
                 and is_hex(value["salt"]), "the form of a drawn document")
        elif path.stem != "beacon":
            check_fields(value, path.stem)
        return value
    except (Fail, *MALFORMED) as error:
        raise Unusable(f"{path}: {type(error).__name__} {error}") from None

def key_of(files):  # the salt key of a draw
    return next((files[name]["salt_key"] for name in AUDITOR if name in files), None)

# ---- The checks after the rules. Each raises Fail(what) or Wrong(number, what), or NotRun, or returns ----

CHANGES = "replaced", "reassigned"

def has_changes(attempt):  # of its teams
    return any(entry["entry"]["kind"] in CHANGES for entry in attempt.changes)

class NotRun(Exception):
    pass

class Wrong(Exception):
    """With the number of an entry and what is wrong with it."""

def right(condition, number, what):
    if not condition:
        raise Wrong(number, what)

def first_of(rows):
    """Rows (condition, number or None, what): the smallest number of those that do not hold is what is wrong."""
    wrong = [(number, what) for condition, number, what in rows if not condition]
    for number, what in sorted(wrong, key=lambda row: row[0] or math.inf)[:1]:
        raise Wrong(number, what)

# ---- Spec 19, `records`: rows (condition, number, what) ----

def entered_rows(attempt, record):
    if not attempt.drawn:
        return [(False, attempt.number, "no drawn entry for the record")]
    number, secret = attempt.drawn["number"], record.get("secret")
    rows = [(attempt.drawn["entry"]["record"] == record["digest"], number, "another record was entered"),
            (canon(attempt.seal) == canon(record["seal"]), attempt.number, "another seal"),
            (canon(attempt.in_order()) == canon(record["beacon"]), number, "other values")]
    if attempt.secret is not None:
        return rows + [(attempt.secret == secret, number, "another secret")]
    return rows + [(attempt.deferred() or secret is None, number, "a secret that was not entered")]

def published_rows(attempt, values):
    """Values as published elsewhere. One that was not entered, of a source that is not silent, is not compared."""
    entered = {value["source"]: (value, attempt.entered[name]) for name, value in attempt.values.items()}
    for theirs in values:
        name = theirs["source"]
        yield name in attempt.every, attempt.number, f"a published value of {name}, which is no source"
        silent = attempt.silent.get(name)
        yield silent is None, silent and silent["number"], f"{name} was declared silent, and a value was published"
        if name in entered:  # a pulse that only one side has is not compared (13)
            ours, number = entered[name]
            keys = ["value", *(["pulse"] if "pulse" in theirs and "pulse" in ours else [])]
            same = all(canon(theirs[key]) == canon(ours[key]) for key in keys)
            yield same, number, f"another value of {name} was published"

class Audit:
    def __init__(self, folder, at=None, keys=(), kept=()):
        """With what the checker brings: texts of keys of witnesses, and checkpoints that he kept (their bytes)."""
        self.folder, self.draws, self.brought = folder, folder.draws, sorted(set(keys))
        self.keys = [key for key in map(parse_key, self.brought) if key.kind == WITNESS]
        self.kept = {f"kept {number}": data for number, data in enumerate(kept)}
        self.points = folder.checkpoints | self.kept
        self.documents = folder.documents()
        self.ledger, self.refused, self.suite = fold(folder.lines, self.documents, folder.opening)
        last = self.ledger.entries[-1]["at"] if self.ledger.entries else None
        self.at = max((instant(text) for text in (at, last) if text), default=None)
        # proved: {name of a checkpoint: Checkpoint}, those that agree with the ledger
        self.proved, self.replayed = {}, set()

    def each(self, *names):
        """(attempt, files) of every sealed attempt whose files have all these."""
        return [(attempt, self.draws[name]) for name, attempt in self.ledger.attempts.items()
                if set(names) <= self.draws.get(name, {}).keys()]

    def checkpoint(self):
        if not self.points:
            raise NotRun("no checkpoints given")
        with suite(self.suite):
            tree, wrong = Tree(self.folder.lines), None
            for name, data in self.points.items():
                try:
                    point = parse_checkpoint(parse_note(data.decode()))
                    opened = self.ledger.opened
                    need(point.origin == origin(opened["authority"], opened["scope"]), "another origin")
                    need(1 <= point.size <= len(self.folder.lines), f"size {point.size} of {len(self.folder.lines)}")
                    need(tree.root(point.size) == point.root, f"another root at size {point.size}")
                    self.proved[name] = point
                except (Fail, *MALFORMED) as error:
                    wrong = wrong or f"{name}: {error}"
        need(not wrong, wrong)

    def witnesses(self):
        quorum = self.ledger.opened.get("quorum", 0)
        if not quorum or not self.points:
            raise NotRun("no checkpoints given" if quorum else "no quorum is asked")
        if not self.brought:
            raise NotRun("no key of a witness was brought; those that only the ledger names are its author's")
        need(self.brought == self.ledger.opened["witnesses"], "other witnesses than those known")
        times = {name: self.times(point) for name, point in self.proved.items()}
        rows = [row for attempt in self.ledger.attempts.values() for row in attempt.to_be_seen()]
        rows += [row for row in self.ledger.moving if row[1] is not None]
        for number, moment in sorted(rows):
            end = (moment - instant("1970-01-01T00:00:00Z")).total_seconds()
            most = max((sum(t < end for t in times[name]) for name, point in self.proved.items()
                        if point.size >= number), default=0)
            right(most >= quorum, number, f"{most} of {quorum} witnesses before {moment.isoformat()}Z")

    def times(self, point):
        """When the witnesses whose keys were brought signed a checkpoint."""
        return [t for t in (signed_by(point.note, key) for key in self.keys) if t is not None]

    def deadlines(self):
        if self.at is None:
            raise NotRun("no entries")
        for attempt in self.ledger.undisclosed(self.at):
            right(False, attempt.number, f"draw {attempt.name} is undisclosed")
        for attempt in self.ledger.attempts.values():
            right(not attempt.is_overdue(self.at), attempt.number, f"draw {attempt.name} is overdue")

    def records(self):
        known = {name: attempt for name, attempt in self.ledger.attempts.items() if name in self.draws}
        stray = sorted(name for name, files in self.draws.items() if files and name not in known and not self.refused)
        if not stray and not any(files.keys() & {"record", "seal", "beacon"} for files in self.draws.values()):
            raise NotRun("no records given")
        rows = [(False, None, f"a document of draw {name}, which was not sealed") for name in stray]
        for name, attempt in known.items():
            files = self.draws[name]
            behind = self.refused and not attempt.drawn  # what is behind a refused entry is not known
            rows += entered_rows(attempt, files["record"]) if "record" in files and not behind else []
            if "seal" in files:  # as published elsewhere, like the values
                rows.append((canon(files["seal"]) == canon(attempt.seal), attempt.number, "another seal was published"))
            rows += published_rows(attempt, files.get("beacon", []))
        first_of(rows)

    def values(self):
        drawn = [attempt for attempt in self.ledger.attempts.values() if attempt.drawn]
        elsewhere = {a.name: {v["source"] for v in self.draws.get(a.name, {}).get("beacon", [])} for a in drawn}
        if not drawn or any(v["source"] not in elsewhere[a.name] for a in drawn for v in a.in_order()):
            raise NotRun("nothing is drawn, or a value was not given from elsewhere (pulses are not checked here)")

    def replay(self):
        given, rows = [(attempt, files) for attempt, files in self.each("record") if attempt.drawn], []
        if not given:
            raise NotRun("no records given")
        for attempt, files in given:
            found = []
            files = {name: files[name] for name in ("record", *AUDITOR) if name in files} | {"seal": attempt.seal}
            files |= {"beacon": attempt.in_order()} if attempt.drawn else {}
            if verify(files.pop("record"), files, found.append) != "refuted":
                self.replayed.add(attempt.name)
            else:
                rows.append((False, attempt.number, "; ".join(line for line in found if line[0] == "F")))
        first_of(rows)

    def assignments(self):
        rows = [(a, f) for a, f in self.each("record") if a.assigned and key_of(f)]
        if not rows:
            raise NotRun("no record of an assigned draw with a salt key given")
        for attempt, files in rows:
            with suite_of(attempt.seal):
                found = commitment(key_of(files), attempt.digest, files["record"]["teams"]["visits"])
            right(found == attempt.assigned["entry"]["visits"], attempt.assigned["number"], f"other visits: {found}")

    def events(self):
        rows = [(attempt, self.draws[name]) for name, attempt in self.ledger.attempts.items()
                if name in self.documents and attempt.drawn]
        if not rows:
            raise NotRun("no drawn documents known")
        for attempt, files in rows:
            document, number = self.documents[attempt.name], attempt.drawn["number"]
            with suite_of(attempt.seal):
                right(drawn_digest(document) == attempt.drawn["entry"]["drawn"], number, "another drawn document")
                right(document["drawn"]["draw"] == attempt.name[0], number, "the draw of the drawn document")
                if {"drawn", "record", "frame", "cycle"} <= files.keys():
                    event = drawn_event(files["record"], files)
                    right(canon(event) == canon({"event": "drawn", **document["drawn"]}), number, "another event")
                    right(document["salt"] == salt(key_of(files), f"drawn {attempt.digest}"), number, "another salt")

        if any(a.drawn and not a.taken_back() and a.name not in self.documents
               for a in self.ledger.attempts.values()):
            raise NotRun("the drawn document of a draw is not known")

    def cycles(self):
        given = [(a, f["cycle"]) for a, f in self.each("cycle")]
        rows = [(a, file) for a, file in given if self.ledger.before[a.name] is not None]
        if not rows:
            raise NotRun("no cycle file of a draw before which all drawn documents are known")
        for attempt, file in rows:
            cycle = {key: file[key] for key in file if key not in ("document", "protocol", "salt_key")}
            right(canon(cycle) == canon(self.ledger.before[attempt.name].json()), attempt.number, "another cycle")
        if len(rows) < len(given):
            raise NotRun("the cycle before a draw with a cycle file is not known")

    def reserves(self):
        rows, checked = self.each("record"), 0
        if not rows:
            raise NotRun("no records given")
        for attempt, files in rows:
            changes = [entry for entry in attempt.changes if entry["entry"]["kind"] == "replaced"]
            with suite_of(attempt.seal):
                standing = Reserves(files["record"], files) if changes else None
                there = {row["id"] for cell in files["record"]["sample"] for row in cell["picks"]}
                for entry in changes:
                    unit = entry["entry"]["unit"]
                    right(unit in there, entry["number"], f"{unit} is not to be visited")
                    there = there - {unit} | {entry["entry"]["by"]}
                    try:
                        found = standing.next(unit)
                        right(found == entry["entry"]["by"], entry["number"], f"the next reserve is {found}")
                        checked += 1
                    except Unknown:
                        pass
                    standing.used.add(entry["entry"]["by"])
        if not checked:
            raise NotRun("no entry that the records could be asked about")

    def reassignments(self):
        rows = [(attempt, files) for attempt, files in self.each("record", *AUDITOR) if has_changes(attempt)]
        if not rows:
            raise NotRun("no replaced or reassigned entry with its record, frame, roster and cycle files")
        for attempt, files in rows:
            with suite_of(attempt.seal):
                standing = Standing(files["record"], files)
                for entry in attempt.changes:
                    try:
                        wrong = standing.change(entry)
                    except (Fail, *MALFORMED) as error:
                        wrong = f"cannot be: {error!r}"
                    right(not wrong, entry["number"], wrong)
                    if entry["entry"]["kind"] in CHANGES:
                        found = standing.commitment(key_of(files), attempt.digest)
                        right(found == entry["entry"]["visits"], entry["number"], f"other visits: {found}")

    def people(self):
        looked_at, number, what = wrong_teams(self.ledger, self.draws)
        if not looked_at:
            raise NotRun("no visit of a draw whose record was given")
        right(number is None, number, what)

    CHECKS = ("checkpoint witnesses deadlines records values replay assignments events cycles reserves reassignments "
              "people").split()

    def run(self):
        """{name: (result, number or None, reason)} and the verdict."""
        found = {name: ("fail", *self.refused[name]) if name in self.refused else ("pass", None, "") for name in RULES}
        for name in self.CHECKS:
            try:
                getattr(self, name)()
                found[name] = "pass", None, ""
            except NotRun as error:
                found[name] = "not run", None, str(error)
            except Wrong as error:
                found[name] = "fail", *error.args
            except (Fail, *MALFORMED) as error:
                found[name] = "fail", None, f"{type(error).__name__} {error}"
        return found, self.verdict(found)

    def verdict(self, found):
        if any(result == "fail" for result, _, _ in found.values()):
            return "refuted"
        return "self-consistent" if self.gaps(found) else "confirmed"

    def gaps(self, found):
        """Spec 13 and 19: what is missing for `confirmed`."""
        quorum = self.ledger.opened.get("quorum", 0)
        last = max((attempt.decided() for attempt in self.ledger.attempts.values()), default=0)
        outside = [point for name, point in self.proved.items() if name in self.kept or self.times(point)]
        full = [point for point in outside if len(self.times(point)) >= quorum]
        owed = [attempt.name for attempt in self.ledger.attempts.values() if attempt.is_owed(self.at)]
        files = any(files.keys() & {"cycle", "drawn"} for files in self.draws.values())
        rows = [
            (outside, "no checkpoint that the checker kept, and none signed under a key that he brought"),
            (not outside or any(point.size >= last for point in outside),
             "the checkpoints from elsewhere end before the last seal, draw or void"),
            (not quorum or any(point.size >= last for point in full),
             "no checkpoint signed by a quorum under brought keys reaches the last seal, draw or void"),
            (not quorum or found["witnesses"][0] == "pass",
             "the ledger asks for witnesses, and their signatures were not checked"),
            (not last or found["values"][0] == "pass",
             "a value of a draw was neither obtained elsewhere nor signed by its network"),
            (not files or found["events"][0] == found["cycles"][0] == "pass",
             "the cycle of the year was not made again from all drawn documents"),
            (self.replayed.issuperset(owed), "a public draw has no record that was replayed")]
        return [words for holds, words in rows if not holds]

    # ---- Spec 19, the lists ----

    def other_teams(self):
        """The numbers of `visited` entries whose team is not that of the visit as it stands then."""
        found = []
        for attempt, files in self.each("record"):
            visits = {visit["unit"]: visit for visit in files["record"]["teams"]["visits"]}
            known = set(AUDITOR) <= files.keys() and has_changes(attempt)
            try:
                with suite_of(attempt.seal):
                    standing = Standing(files["record"], files) if known else None
                    for entry in attempt.changes:
                        if entry["entry"]["kind"] == "visited":
                            now = self.ledger.current[entry["number"]]  # as amended
                            found += [entry["number"]] * (now["kind"] == "visited" and not is_team(visits, now))
                        elif entry["entry"]["kind"] in CHANGES and not standing:  # from here on unknown
                            break
                        if standing:
                            standing.change(entry)
                            visits = standing.visits
            except (Fail, *MALFORMED):  # a change that cannot be, which `reassignments` refutes
                continue
        return sorted(found)

    def state(self):
        ledger, tally = self.ledger, self.ledger.tally
        attempts = ledger.attempts.values()
        cycle = None
        if ledger.cycle is not None:
            cycle = H("cycle", canon({**ledger.cycle.json(), "salt": salt("0" * 64, "cycle")}))
        names = "entries seals draws voids_before voids_after replacements reassignments amendments late".split()
        return {"open": [list(a.name) for a in attempts if not a.drawn and not a.void], "cycle": cycle,
                "loads": ledger.loads(), "further_attempts": sum(a.name[1] > 1 for a in attempts),
                "voids": ledger.voids, "late": ledger.late,
                "undisclosed": [list(a.name) for a in ledger.undisclosed(self.at)] if self.at else [],
                "replacements": tally["replaced"], "misses": tally["missed"], "reassignments": tally["reassigned"],
                "inspections": tally["inspected"], "moving_inspections": [number for number, _ in ledger.moving],
                "drop_outs": [n for a in attempts for n in a.out_numbers()],
                "again_out": ledger.again_out, "beyond_reserves": ledger.beyond_reserves,
                "not_given_on": [n for a in attempts if not a.taken_back() for n in a.out_numbers() if n not in a.given_on],
                "other_teams": self.other_teams(), "amendments": tally["amended"],
                "silent": tally["silent"], "missing_shares": ledger.share_count,
                "actors": {actor: {name: row[name] for name in names} for actor, row in sorted(ledger.actors.items())}}

def main(path="", *options):
    given = {"--at": [], "--witness-key": [], "--checkpoint": []}
    if not path or len(options) % 2 or not given.keys() >= set(options[::2]) or options[::2].count("--at") > 1:
        print(__doc__)
        return 3
    for name, value in zip(options[::2], options[1::2]):
        given[name].append(value)
    try:
        kept = [Path(file).read_bytes() for file in given["--checkpoint"]]
        audit = Audit(Folder(Path(path)), *(given["--at"] or [None]), given["--witness-key"], kept)
        found, verdict = audit.run()
    except (OSError, Unusable, Fail, *MALFORMED) as error:
        print(f"unusable: {type(error).__name__} {error}")
        return 3
    for name, (result, number, reason) in found.items():
        where = f" entry {number}:" if number else ""
        print(f"{'FAIL' if result == 'fail' else result:8}{name}{':' * bool(where or reason)}{where} {reason}".rstrip())
    for name, value in audit.state().items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    for words in audit.gaps(found):
        print(f"missing: {words}")
    print(verdict)
    return 1 if verdict == "refuted" else 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
