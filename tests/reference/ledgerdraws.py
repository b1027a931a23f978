"""Spec 19: the checks of a ledger against the documents of its draws, and what these documents say of its visits."""
import math

from basics import MALFORMED, Fail, canon, suite_of
from ledgerfiles import AUDITOR, key_of
from people import wrong_teams
from published import kept_units
from received import origins_of
from replays import replays
from visits import Reserves, Standing, Unknown, commitment, is_team
from year import drawn_event
from yearrows import drawn_digest, drawn_document

# ---- The checks after the rules. Each raises Fail(what) or Wrong(number, what), or NotRun, or returns ----

CHANGES = "replaced", "reassigned"

def told(entry):  # the number of the entry of whose visit it tells
    return entry["entry"].get("amends", entry["number"])

def has_changes(attempt):  # of its teams
    return any(entry["entry"]["kind"] in CHANGES for entry in attempt.changes_told())

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
        silent = None if name in entered else attempt.silent.get(name)  # a round that was found again has a value
        yield silent is None, silent and silent["number"], f"{name} was declared silent, and a value was published"
        if name in entered:  # pulses aside
            ours, number = entered[name]
            yield theirs["value"] == ours["value"], number, f"another value of {name} was published"

def picked(record):
    return {row["id"] for cell in record["sample"] for row in cell["picks"]}

def units_of(content):  # whose visits an entry of a draw is about
    if content["kind"] in ("visited", "missed", "replaced"):
        return {content["unit"]}
    return {move["unit"] for move in content.get("moves", [])}

class Draws:
    """The part of an audit (ledger.py) that looks at documents of draws."""

    def each(self, *names):
        """(attempt, files) of every sealed attempt whose files have all these."""
        return [(attempt, self.draws[name]) for name, attempt in self.ledger.attempts.items()
                if set(names) <= self.draws.get(name, {}).keys()]

    def each_that_stands(self, *names):
        return [(attempt, files) for attempt, files in self.each(*names) if not attempt.taken_back()]

    def batches(self):
        rows = []
        for attempt, files in self.each("record"):
            if not attempt.batch:
                continue
            policy, number = files["record"]["policy"], attempt.number
            [register] = [row for row in self.ledger.year.registers if row.number == attempt.batch[0]]
            batch, origin = register.batches[attempt.batch[1]], policy.get("origin")
            rows.append((policy.get("round", {"share": "1"})["share"] == batch["share"], number, "another share"))
            rows.append((policy["window"] == batch["window"], number, "another window"))
            if origin and register.programme:
                same = (origin["programme"], origin["batch"]) == (register.programme, attempt.batch[1])
                rows.append((same, number, "of another programme or batch"))
        if not rows:
            raise NotRun("no record of a draw of a registered batch")
        first_of(rows)

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

    def own_values(self):
        """Spec 19, the folder: values that enter seeds, and that the checker did not bring. (Pulses are not checked here.)"""
        brought = {name: {value["source"] for _, value in rows} for name, rows in self.by_checker.items()}
        return [(a.name, value["source"]) for a in self.ledger.attempts.values() if a.drawn
                for value in a.in_order() if value["source"] not in brought.get(a.name, ())]

    def replay(self):
        given, rows = [(attempt, files) for attempt, files in self.each("record") if attempt.drawn], []
        if not given:
            raise NotRun("no records given")
        asked = []
        for attempt, files in given:
            own = {name: files[name] for name in AUDITOR if name in files}
            asked.append((files["record"], own | {"seal": attempt.seal, "beacon": attempt.in_order()}))
        for (attempt, _), (verdict, failed) in zip(given, replays(asked)):
            if verdict != "refuted":
                self.replayed.add(attempt.name)
            else:
                rows.append((False, attempt.number, "; ".join(failed)))
        first_of(rows)

    # ---- Spec 19, `picks`, and what it shows of visits ----

    def standing(self):
        """(attempt, record or None) of every draw that is drawn and stands."""
        return [(a, self.draws.get(name, {}).get("record")) for name, a in self.ledger.attempts.items()
                if a.drawn and not a.taken_back()]

    def picks(self):
        given = [(attempt, record) for attempt, record in self.standing() if record]
        if not given:
            raise NotRun("no record of a draw that stands was given")
        for attempt, record in given:
            known = picked(record)
            if attempt.assigned:
                size, number = attempt.assigned["entry"]["visits"]["size"], attempt.assigned["number"]
                right(size == len(known), number, f"{size} visits assigned of {len(known)} picks")
            for entry in attempt.changes_told():
                content = entry["entry"]
                units = units_of(content)
                right(units <= known, entry["number"], f"{sorted(units - known)}: no unit of the draw")
                if content["kind"] == "replaced":
                    right(content["by"] not in known, entry["number"], f"{content['by']} is drawn already")
                    known.add(content["by"])
        for entry in self.ledger.received:
            record = dict((attempt.name, record) for attempt, record in given).get((entry["entry"]["draw"], entry["entry"]["attempt"]))
            part = not record or entry["entry"]["origin"] in origins_of(record["policy"])
            right(part, entry["number"], f"{entry['entry']['origin']}: no ledger of a part of the draw")

    def pending(self):
        """(attempt, units or how many, last day or None) of every draw with visits that nothing was entered about."""
        for attempt, record in self.standing():
            if attempt.closed or attempt.untold:  # behind a closed line a visit may have been entered
                continue
            if not record:
                yield from [(attempt, attempt.pending(), None)] if attempt.pending() else []
                continue
            left = (picked(record) | attempt.stand_ins) - attempt.done
            if left:
                yield attempt, sorted(left), record["policy"]["window"]["to"]

    def days(self):
        """The entries of visits, as amended, on another day than the lot gave, and outside the time of their plan."""
        other, outside = [], []
        for attempt, record in self.standing():
            drawn = f"{attempt.drawn_at:%Y-%m-%d}"  # by the right time
            window = record["policy"]["window"] if record else {"from": drawn, "to": "9999-12-31"}
            lot = {visit["unit"]: visit["day"] for visit in record["teams"]["visits"] if "day" in visit} if record else {}
            for entry in attempt.changes_told():
                content, number = entry["entry"], entry["number"]
                if content["kind"] == "replaced" and content["unit"] in lot:
                    lot[content["by"]] = lot[content["unit"]]
                now = self.ledger.current.get(number, {"kind": "other"})
                if now["kind"] == "visited":
                    early = now["date"] < max(drawn, window["from"])
                    outside += [number] * (early or now["date"] > window["to"])
                    other += [number] * (lot.get(now["unit"], now["date"]) != now["date"])
        return {"other_days": sorted(other), "outside_window": sorted(outside)}

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
                    own = drawn_document(event, key_of(files), attempt.digest)
                    right(canon(own) == canon(document), number, "another event or salt")

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
        rows, checked = self.each_that_stands("record"), 0
        if not rows:
            raise NotRun("no records given")
        for attempt, files in rows:
            changes = [entry for entry in attempt.changes_told() if entry["entry"]["kind"] == "replaced"]
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
        rows = [(attempt, files) for attempt, files in self.each_that_stands("record", *AUDITOR)
                if has_changes(attempt)]
        if not rows:
            raise NotRun("no replaced or reassigned entry with its record, frame, roster and cycle files")
        for attempt, files in rows:
            for number, wrong in self.replayed_changes(attempt, files)[0]:
                right(not wrong, number, wrong)

    def replayed_changes(self, attempt, files):
        """The changes of a draw made again, once: (number, what is wrong or None), up to one that cannot be; and the
        `visited` entries, as amended, by others than the team of the visit as it stands then."""
        if attempt.name in self.remade:
            return self.remade[attempt.name]
        rows, others, last = [], [], {told(entry): entry for entry in attempt.changes_told()}  # what was said last of each visit
        with suite_of(attempt.seal):
            standing, number, keeps = None, None, kept_units(files["record"], files["frame"])
            try:
                for entry in attempt.changes_told():
                    number = entry["number"]
                    standing = standing or Standing(files["record"], files)
                    others += self.of_others(last, entry, standing.visits, keeps)
                    wrong = standing.change(entry)
                    if entry["entry"]["kind"] in CHANGES and not wrong:
                        found = standing.commitment(key_of(files), attempt.digest)
                        wrong = None if found == entry["entry"]["visits"] else f"other visits: {found}"
                    rows.append((number, wrong))
            except (Fail, *MALFORMED) as error:
                rows.append((number, f"cannot be: {error!r}"))
        self.remade[attempt.name] = rows, others
        return rows, others

    def of_others(self, last, entry, visits, keeps):
        """[the number of a visit of which an entry says last that others made it], or []."""
        number = told(entry)
        now = self.ledger.current.get(number, {})  # as amended
        speaks = now.get("kind") == "visited" and last[number] is entry
        return [number] * (speaks and not is_team(visits, now, keeps(now["unit"])))

    def people(self):
        looked_at, number, what = wrong_teams(self.ledger, self.draws)
        if not looked_at:
            raise NotRun("no visit of a draw whose record was given")
        right(number is None, number, what)

    def other_teams(self):
        """The numbers of `visited` entries whose team is not that of the visit as it stands then."""
        found = []
        for attempt, files in self.each_that_stands("record"):
            if set(AUDITOR) <= files.keys() and has_changes(attempt):
                found += self.replayed_changes(attempt, files)[1]
                continue
            visits = {visit["unit"]: visit for visit in files["record"]["teams"]["visits"]}
            last = {told(entry): entry for entry in attempt.changes_told()}
            keeps = kept_units(files["record"], files.get("frame"))
            for entry in attempt.changes_told():
                if entry["entry"]["kind"] in CHANGES:  # from here on unknown
                    break
                found += self.of_others(last, entry, visits, keeps)
        return sorted(found)
