#!/usr/bin/env python3
"""Spec 27.5: ledgers of several levels. What a ledger took in of those below it, against these.
    python3 levels.py FOLDER BELOW... [--at INSTANT] [--witness-key KEY]... [--checkpoint FILE]...

FOLDER and BELOW are folders of ledgers as for ledger.py, the first at the top, the others in any order. The keys are those
of all witnesses; each checkpoint is of the ledger that it names. Exit status: 0 confirmed, 1 refuted, 2 self-consistent,
3 unusable.
"""
import sys
from pathlib import Path

from basics import EXIT, MALFORMED, Fail, Tree, Unusable, suite
from dispatch import linked, picks_of
from fold import fold
from ledger import Audit
from ledgerdraws import Wrong, first_of
from ledgerfiles import Folder
from notes import origin, parse_checkpoint, parse_note

NAMES = "received", "once", "results"

def origin_of(folder):
    ledger, _, _ = fold(folder.lines[:1])
    return origin(ledger.opened["authority"], ledger.opened["scope"]) if ledger.opened else ""

def standing(audit):
    """(attempt, record) of the draws of a ledger that stand and whose records were given."""
    return [(attempt, record) for attempt, record in audit.standing() if record]

def asked(audit):
    """(attempt, record, part, origin, picks) of every part with picks."""
    for attempt, record in standing(audit):
        for part in record["policy"].get("dispatch", {}).get("parts", []):
            if picks := picks_of(record, part):
                yield attempt, record, part, origin(part["authority"], part["scope"]), picks

def upon(ledger, digest):  # attempts upon a record that were not taken back
    return [a for a in ledger.attempts.values() if a.seal.get("above") == digest and not a.taken_back()]

def told_of(ledger, attempts, unit):
    """What a ledger tells last of a unit of these attempts, as amended, or None."""
    for attempt in attempts:
        rows = [row for number, row in sorted(ledger.current.items()) if number > attempt.number and row["unit"] == unit
                and row.get("draw") == attempt.name[0] and row["kind"] != "withdrawn"]
        if rows:
            return rows[-1]
    return None

def results_above(audit, attempt, picks):
    """(number, last entry that tells of it, unit, content or None where another came) of these picks, in order."""
    ledger, rows = audit.ledger, []
    last = {row["entry"]["amends"]: row["number"] for row in ledger.entries if row["entry"]["kind"] == "amended"
            and row["number"] > attempt.number}
    for entry in ledger.entries:
        number, content = entry["number"], entry["entry"]
        if number < attempt.number or content.get("draw") != attempt.name[0] or number in ledger.untold:
            continue
        if content["kind"] in ("visited", "missed"):
            content = ledger.current[number]
        elif content["kind"] != "replaced":
            continue
        if content["kind"] in ("visited", "missed", "replaced") and content["unit"] in picks:
            rows.append((number, last.get(number, number), content["unit"], content))
    return rows

def differs(above, below, whole):
    """Spec 27.5: what differs between what is told above and below of a pick, or None."""
    kinds = above["kind"], below and below["kind"]
    if kinds == ("visited", "visited"):
        if not whole:
            return "the day" if above["date"] != below["date"] else (
                None if set(below["team"]) <= set(above["team"]) else "the team")
        fields = "date", "team", "result", "items"
        return next((field for field in fields if above.get(field) != below.get(field)), None)
    if kinds == ("missed", "missed"):
        return None if above["reason"] == below["reason"] else "the reason"
    good = kinds in (("replaced", None), ("replaced", "missed")) or kinds == ("visited", "missed") and not whole
    return None if good else f"{kinds[0]} above, {kinds[1]} below"

def of_part(upper, row, lower, run):
    """One part of one draw: what is said of it, as a vector has it."""
    attempt, record, part, name, picks = row
    received = [entry for entry in upper.ledger.received if entry["entry"]["origin"] == name
                and (entry["entry"]["draw"], entry["entry"]["attempt"]) == attempt.name]
    taken = received[-1:] and [received[-1]["number"], received[-1]["entry"]["size"]] or None
    results = results_above(upper, attempt, set(picks))
    uncovered = [number for number, last, _, _ in results if not taken or last > taken[0]]
    found = {"above": origin(upper.ledger.opened["authority"], upper.ledger.opened["scope"]), "draw": list(attempt.name),
             "below": name, "picks": len(picks), "taken": taken, "uncovered": uncovered, "draws": [], "link": None}
    checks = dict.fromkeys(NAMES, "not run")
    if lower is None:
        return {**found, "given": False, "checks": checks, "visited": 0, "missed": 0, "open": picks}
    if received:
        checks["received"] = outcome(lambda: first_of(list(checkpoints(received, lower))))
    digest = attempt.drawn["entry"]["record"]
    own = upon(lower.ledger, digest)
    if own:
        checks["once"] = "pass" if len(own) == 1 else "fail"
    drawn = [a for a in own if a.drawn]
    found["draws"] = [list(a.name) for a in drawn]
    files = lower.draws.get(drawn[0].name, {}) if drawn else {}
    if "record" in files:
        above = upper.draws[attempt.name]
        link = linked(record, files["record"], (above.get("frame"), files.get("frame")), len(drawn), run)
        found["link"] = {"not_run": [key for key, why in link.items() if why == "not run"],
                         "failed": [key for key, why in link.items() if why not in (None, "not run")]}
    below = {unit: told_of(lower.ledger, own, unit) for unit in picks}
    kinds = [below[unit]["kind"] for unit in picks if below[unit]]
    covered = [row for row in results if row[0] not in uncovered]
    if checks["received"] == "pass" and covered:
        before, _, _ = fold(lower.folder.lines[:taken[1]], {}, None, lower.folder.files)
        checks["results"] = outcome(lambda: first_of(list(compared(covered, before, digest, "departments" not in part))))
    return {**found, "given": True, "checks": checks, "visited": kinds.count("visited"), "missed": kinds.count("missed"),
            "open": [unit for unit in picks if not below[unit]]}

def checkpoints(received, lower):
    with suite(lower.suite):
        tree = Tree(lower.folder.lines)
        for entry in received:
            size, root = entry["entry"]["size"], entry["entry"]["root"]
            same = size <= len(lower.folder.lines) and tree.root(size) == root
            yield same, entry["number"], "the ledger below has another root at this size, or fewer lines"

def compared(results, ledger, digest, whole):
    own = upon(ledger, digest)
    hidden = any(attempt.untold for attempt in own)
    for number, _, unit, above in results:
        below = told_of(ledger, own, unit)
        wrong = None if hidden and below is None else differs(above, below, whole)
        yield wrong is None, number, f"{unit}: {wrong}"

def outcome(check):
    try:
        check()
        return "pass"
    except (Wrong, Fail):
        return "fail"

def coverage(audits):
    """[draw, units, visited] of the last draw at the top whose frame was given, or None."""
    known = [(a.name, audits[0].draws[a.name]["frame"]) for a, _ in audits[0].standing()
             if "frame" in audits[0].draws.get(a.name, {})]
    if not known:
        return None
    name, frame = known[-1]
    units = {row["id"] for row in frame["units"]}
    visited = {row["unit"] for audit in audits for row in audit.ledger.current.values() if row["kind"] == "visited"}
    return [list(name), len(units), len(units & visited)]

def tree(audits, verdicts, run):
    """Of ledgers, the first at the top, with their own verdicts: (verdict, parts, coverage, number of ledgers not used)."""
    used, parts, names = [0], [], [origin_of(audit.folder) for audit in audits]
    for place in used:
        for row in asked(audits[place]):
            own = next((n for n, name in enumerate(names) if name == row[3]), None)
            if own is not None and own not in used:
                used.append(own)
            parts.append(of_part(audits[place], row, None if own is None else audits[own], run))
    failed = [part for part in parts if "fail" in part["checks"].values() or part["link"] and part["link"]["failed"]]
    shown = all(part["given"] and part["link"] and not part["uncovered"] for part in parts)
    own = [verdicts[place] for place in used]
    left = len(audits) - len(used)
    covered = coverage([audits[place] for place in used])
    if failed or "refuted" in own:
        return "refuted", parts, covered, left
    return "confirmed" if shown and "self-consistent" not in own else "self-consistent", parts, covered, left

def main(*given):
    options, folders = {"--at": [], "--witness-key": [], "--checkpoint": []}, []
    rest = list(given)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            if word not in options or not rest:
                print(__doc__)
                return 3
            options[word].append(rest.pop(0))
        else:
            folders.append(Path(word))
    try:
        if len(folders) < 2:
            raise Unusable("a folder, and those of the ledgers below")
        kept = [Path(file).read_bytes() for file in options["--checkpoint"]]
        audits = []
        for folder in map(Folder, folders):
            name = origin_of(folder)
            own = [data for data in kept if parse_checkpoint(parse_note(data.decode())).origin == name]
            audits.append(Audit(folder, *(options["--at"][:1] or [None]), options["--witness-key"], own))
        verdicts = [audit.run()[1] for audit in audits]
        from replay import run
        verdict, parts, covered, left = tree(audits, verdicts, run)
    except (OSError, Unusable, Fail, *MALFORMED) as error:
        print(f"unusable: {type(error).__name__} {error}")
        return 3
    for folder, own in zip(folders, verdicts):
        print(f"{own}: {folder}")
    for part in parts:
        print(f"{part['above']}, draw {part['draw'][0]}.{part['draw'][1]}, to {part['below']}: {part}")
    print(f"coverage: {covered}, not used: {left}")
    print(verdict)
    return EXIT[verdict]

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
