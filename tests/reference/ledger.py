#!/usr/bin/env python3
"""Spec 19: verification of a ledger.
    python3 ledger.py FOLDER [--at INSTANT] [--witness-key KEY]... [--checkpoint FILE]... [--values FILE]... [--earlier FOLDER]

KEY is the key of a witness (18.3) as you have it from the witness; FILE is a checkpoint that you kept yourself, or, of
--values, what sources have published as you looked it up yourself, in the form of beacon.json (2.1.json: of draw 2,
attempt 1). Without them, whatever lies in the folder, a ledger is at most self-consistent: its author can have written all
of it. No pulse is checked here: bring the values of public sources, too.
FOLDER has ledger.jsonl, and where there are any cycle.json (17.4), checkpoints/*.txt and draws/<sequence>.<attempt>/ with
record.json, seal.json, beacon.json, frame.json, roster.json, cycle.json, drawn.json. The folder of --earlier has the ledger
of the year before, which this one goes on from. Exit status: 0 confirmed, 1 refuted,
2 self-consistent, 3 unusable.
"""
import json, sys
from pathlib import Path

from around import findings, worst
from attempts import DAY
from basics import EXIT, MALFORMED, Fail, Tree, Unusable, day, instant, need, suite
from brought import bring, read_values
from beacon import rests_on
from fold import RULES, chain, fold
from files import published_files
from ledgerdraws import Draws, NotRun, Wrong, first_of, right
from ledgerfiles import Folder, begins_with
from notes import WITNESS, origin, parse_checkpoint, parse_key, parse_note, signed_by
from registers import register_changes
from yearrows import cycle_digest

class Audit(Draws):
    def __init__(self, folder, at=None, keys=(), kept=(), values=None):
        """With what the checker brings: texts of keys of witnesses, checkpoints that he kept (their bytes), and values that
        he looked up. With these, if none, the values in the folder are its author's copies; else they are from elsewhere."""
        self.folder, self.draws, self.brought = folder, folder.draws, sorted(set(keys))
        self.keys = [key for key in map(parse_key, self.brought) if key.kind == WITNESS]
        self.kept = {f"kept {number}": data for number, data in enumerate(kept)}
        self.points = folder.checkpoints | self.kept
        self.documents = folder.documents()
        self.ledger, self.refused, self.suite = fold(folder.lines, self.documents, folder.opening, folder.files)
        self.copies, self.by_checker, self.stray = {}, {}, []
        if values is not None:
            self.copies = {name: files["beacon"] for name, files in self.draws.items() if "beacon" in files}
            self.by_checker, self.stray = bring(chain(folder.lines)[0], values)
            self.draws = {name: {key: files[key] for key in files if key != "beacon"} for name, files in self.draws.items()}
            for name, rows in self.by_checker.items():
                self.draws.setdefault(name, {})["beacon"] = [value for _, value in rows]
        last = self.ledger.entries[-1]["at"] if self.ledger.entries else None
        self.at = max((instant(text) for text in (at, last) if text), default=None)
        # proved: {name of a checkpoint: Checkpoint}, those that agree with the ledger
        self.proved, self.replayed, self.remade, self.missing_files = {}, set(), {}, []

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
        rows = [row for attempt in self.ledger.attempts.values() for row in attempt.to_be_seen()] + self.ledger.clocks
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
        for attempt, units, until in () if self.refused else self.pending():  # what is behind a refused entry is not known
            over = until is not None and self.at.date() > day(until) + 7 * DAY
            right(not over, attempt.number, f"nothing entered about {units}, due by {until}")

    CHECKS = ("checkpoint witnesses deadlines batches records values replay picks assignments events cycles reserves "
              "reassignments people files contents").split()

    def files(self):
        rows, self.missing_files = published_files(self.ledger.opened, self.ledger.attempts.values(), self.folder.files)
        if not rows:
            raise NotRun("no file was given that an entry says was published")
        first_of(rows)

    def contents(self):
        if not self.ledger.contents:
            raise NotRun("no content of a closed line was given")
        first_of([(holds, None, what) for holds, what in self.ledger.contents])

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
            (self.replayed.issuperset(owed), "a public draw has no record that was replayed"),
            (not self.missing_files, "a file that an entry says was published was not given"),
            (not any(attempt.is_owed(self.at) and attempt.untold for attempt in self.ledger.attempts.values()),
             "the content of a closed line of a draw that is disclosed or due was not given")]
        return [words for holds, words in rows if not holds]

    # ---- Spec 19, the lists ----

    def state(self):
        ledger, tally = self.ledger, self.ledger.tally
        attempts = ledger.attempts.values()
        cycle = None
        if ledger.cycle is not None:
            cycle = cycle_digest(ledger.cycle.json(), "0" * 64)
        pending = [[list(a.name), units, until] for a, units, until in self.pending()]
        names = "entries seals draws voids_before voids_after replacements reassignments amendments late".split()
        return {"open": [list(a.name) for a in attempts if not a.drawn and not a.void], "cycle": cycle,
                "loads": ledger.loads(), "pending": pending,
                "seals_published_late": [a.seal_published["number"] for a in attempts if a.published_late()],
                "seals_never_published": [a.number for a in attempts if self.at and a.never_published(self.at)],
                "further_attempts": sum(a.name[1] > 1 for a in attempts),
                "voids": ledger.voids, "late": ledger.late, "registers": [row.number for row in ledger.year.registers],
                "outside": [attempt.number for attempt in attempts if not attempt.batch],
                "left_out": ledger.year.left_out(self.at, attempts) if self.at else [],
                "undisclosed": [list(a.name) for a in ledger.undisclosed(self.at)] if self.at else [],
                "replacements": tally["replaced"], "misses": tally["missed"], "reassignments": tally["reassigned"],
                "inspections": tally["inspected"], "received": [entry["number"] for entry in ledger.received],
                "moving_inspections": [number for number, _ in ledger.moving],
                "drop_outs": [n for a in attempts for n in a.out_numbers()],
                "again_out": ledger.again_out, "beyond_reserves": ledger.beyond_reserves,
                "not_given_on": [n for a in attempts if not a.taken_back() for n in a.out_numbers() if n not in a.given_on],
                "other_teams": self.other_teams(), **self.days(), "amendments": tally["amended"], "clocks": tally["clock"],
                **{name: ledger.marked[name] for name in ("withdrawals", "despite", "barred")},
                "silent_rounds": [draw.silent[code]["number"] for draw in attempts for code in draw.silent if draw.is_round(code)],
                "to_bring": [[*a.name, code] for a in attempts for code in a.silent_rounds()],
                "rests_on": [[*a.name, rests_on(a.plan, a.values.values())] for a in attempts if a.drawn],
                "silent": tally["silent"], "missing_shares": ledger.share_count,
                "missing_files": self.missing_files, "closed_lines": [[list(a.name), a.untold, a.seal["disclosure"][
                    "reveal_by"] if a.is_closing() else None] for a in attempts if a.untold],
                "register_changes": register_changes(ledger, self.draws),
                "actors": {actor: {name: row[name] for name in names} for actor, row in sorted(ledger.actors.items())}}

def main(path="", *options):
    given = {"--at": [], "--witness-key": [], "--checkpoint": [], "--values": [], "--earlier": []}
    if not path or len(options) % 2 or not given.keys() >= set(options[::2]) or options[::2].count("--at") > 1:
        print(__doc__)
        return 3
    for name, value in zip(options[::2], options[1::2]):
        given[name].append(value)
    try:
        kept = [Path(file).read_bytes() for file in given["--checkpoint"]]
        values = [row for file in given["--values"] for row in read_values(Path(file), Path(path))]
        audit = Audit(Folder(Path(path)), *(given["--at"] or [None]), given["--witness-key"], kept, values)
        found, verdict = audit.run()
        around = findings(audit, Path(path))
        for earlier in given["--earlier"]:
            result = begins_with(audit.folder, Folder(Path(earlier)))
            code = {"fail": "earlier", "not run": "not_shown"}.get(result)
            around += [("ledger.jsonl", code, f"goes on from {earlier}")] if code else []
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
    for place, code, words in around:
        print(f"{code} {place}: {words}")
    verdict = worst(verdict, around)
    print(verdict)
    return EXIT[verdict]

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
