"""Spec 9.4, 9.6 and 10.6: the cycle, its events, and what a draw adds to it. For auditors; see replay.py.

A state is kept as in the cycle file, but decimals are integers, and the lists with units are {unit: row}.
"""
import re
from collections import Counter

from basics import CODE, MALFORMED, MOST, ONE, Fail, H, ascend, billionths, day, decimal, has_fields, need, pseudonym_of, whole
from names import is_unit_id
from policies import MOST_SLACK
from plan import Plan, balance, begins, due, hazard, phase_of, round_of, surprise_of, with_surprise
from slack import NONE, phase, stands_for, weights

MILLION, LARGEST = 10**6, 10**12
COUNTS = "credited", "drawn", "missed", "others", "visits"
STANDING = "credited cycles drawn exposure first_seen? last_team? last_visit? missed others phase? unit visits"

def sound_phase(row):
    return (has_fields(row, "slack visits") and billionths(row["slack"]) <= MOST_SLACK
            and type(row["visits"]) is int and abs(row["visits"]) <= 10 * MILLION)

def json_phase(name, found):  # left out where it is that of a unit that never began
    return {} if found == NONE else {name: {"slack": decimal(found["slack"]), "visits": found["visits"]}}

def owed(standing):  # r, in the state
    return standing["exposure"] - (standing["credited"] + standing["phase"]["visits"]) * ONE

def could_draw(draw):
    return {row["unit"] for row in draw["units"]}

def units_of(rows):
    return [row["unit"] for row in rows]

# ---- Spec 9.4: the form of a cycle. Rows (what, expected, found), which must agree ----

def sound(row):  # the numbers of a standing
    return (all(whole(row[key], 0, MILLION) for key in COUNTS) and whole(row["cycles"], 1, 20)
            and row["visits"] + row["missed"] <= row["drawn"])

def valid_standing(row):
    yield "fields", True, has_fields(row, STANDING)
    yield "numbers", True, sound(row) and billionths(row["exposure"]) >= 0
    yield "dates", True, all(day(row[key]) is not None for key in ("first_seen", "last_visit") if key in row)
    yield "unit", True, is_unit_id(row["unit"])
    yield "phase", True, "phase" not in row or sound_phase(row["phase"]) and phase_of(row["phase"]) != NONE
    team = row.get("last_team", ["0"])
    yield "team", True, team != [] and ascend(team) and all(re.fullmatch(CODE, who) for who in team)

def valid_open(row):
    pending, units = row["pending"], row["units"]
    yield "fields", True, (has_fields(row, "before draw pending share units") and
                           all(has_fields(pick, "credited unit") and type(pick["credited"]) is bool for pick in pending)
                           and all(has_fields(unit, "add had? phase? unit was?") for unit in units))
    yield "number", True, whole(row["draw"]) and billionths(row["share"]) <= ONE
    yield "order", True, ascend(units_of(pending)) and ascend(units_of(units))
    yield "windows", True, all(whole(unit.get("was", 1), 1, 20) and billionths(unit["add"]) >= 0 for unit in units)
    yield "phases", True, all(
        sound_phase(unit["phase"]) and ("had" not in unit or sound_phase(unit["had"]) and phase_of(unit["had"]) != NONE)
        and phase_of(unit.get("had"))["slack"] != billionths(unit["phase"]["slack"]) if "phase" in unit
        else "had" not in unit for unit in units)
    yield "pending units", True, could_draw(row) >= set(units_of(pending))

def valid_cycle(cycle):
    opened, items = cycle.get("open", []), cycle.get("items", {})
    yield "spent", True, billionths(cycle["spent"]) <= ONE
    yield "order", True, ascend(units_of(cycle["standings"])) and ascend([row["draw"] for row in opened])
    yield "empty lists are left out", True, all(cycle.get(key) not in ([], {}) for key in ("open", "items"))
    yield "last", True, whole(cycle["last"], 0, LARGEST) and all(
        1 <= row["draw"] <= cycle["last"] and (row["pending"] or row["draw"] == cycle["last"]) for row in opened)
    yield "items", True, all(whole(n, 1, LARGEST) and re.fullmatch(CODE, code) for code, n in items.items())
    pending, standings = Counter(), {row["unit"]: row for row in cycle["standings"]}
    for draw in opened:
        for row in draw["pending"]:
            pending.update([row["unit"], (row["unit"], "credited")] if row["credited"] else [row["unit"]])
    yield "shares of open draws", True, sum(billionths(row["share"]) for row in opened) <= billionths(cycle["spent"])
    yield "units of open draws", True, all(row["unit"] in standings for draw in opened for row in draw["units"])
    begun = [[u["unit"] for u in row["units"] if "was" not in u] for row in opened]
    later = [{u["unit"] for u in row["units"]} for row in opened]
    yield "standings begun once", True, all(
        not later[i] & set(begun[k]) for k in range(len(opened)) for i in range(k))
    yield "draw before", True, all(whole(row["before"]) and row["before"] < row["draw"] for row in opened)
    yield "pending visits", True, all(
        pending[unit] == row["drawn"] - row["visits"] - row["missed"] and pending[unit, "credited"] <= row["credited"]
        for unit, row in standings.items()) and all(
        row["unit"] in standings for draw in opened for row in draw["pending"])
    for row in cycle["standings"]:
        yield from ((f"standing of {row['unit']}, {what}", *pair) for what, *pair in valid_standing(row))
    for row in opened:
        yield from ((f"draw {row['draw']}, {what}", *pair) for what, *pair in valid_open(row))

# ---- Spec 9.6: a cycle as a fold over events ----

class Cycle:
    def __init__(self, before=None):  # a copy: `apply` changes no row of a standing, it puts another in its place
        self.spent, self.last = (before.spent, before.last) if before else (0, 0)
        self.standings = dict(before.standings) if before else {}
        rows = before.open.items() if before else ()
        self.open = {number: {**row, "pending": dict(row["pending"])} for number, row in rows}
        self.items = dict(before.items) if before else {}
        self.touched, self.moved = {}, []  # by the present event: standings as they were, and what was pending

    @classmethod
    def of(cls, file):  # Spec 12.3, a cycle file
        found = cls()
        found.spent, found.last, found.items = billionths(file["spent"]), file["last"], dict(file.get("items", {}))
        found.standings = {
            row["unit"]: {**row, "exposure": billionths(row["exposure"]), "phase": phase_of(row.get("phase"))}
            for row in file["standings"]}
        found.open = {row["draw"]: {
            "before": row["before"], "share": billionths(row["share"]),
            "pending": {pick["unit"]: pick["credited"] for pick in row["pending"]},
            "units": {unit["unit"]: (billionths(unit["add"]), unit.get("was"), phase_of(unit.get("had")),
                                     phase_of(unit["phase"]) if "phase" in unit else None) for unit in row["units"]},
        } for row in file.get("open", [])}
        return found

    def standing(self, unit, when):
        new = {"unit": unit, "cycles": 1, "exposure": 0, "first_seen": when, "phase": NONE, **dict.fromkeys(COUNTS, 0)}
        if unit not in self.touched:
            self.touched[unit] = self.standings.get(unit)
            self.standings[unit] = dict(self.touched[unit] or new)
        return self.standings[unit]

    def draw(self, number):
        need(number in self.open, f"draw {number} is not open")
        return self.open[number]

    def pend(self, draw, unit, credited):  # None: it is pending no longer
        self.moved.append((draw["pending"], unit, draw["pending"].pop(unit, None)))
        if credited is not None:
            draw["pending"][unit] = credited

    def settle(self, event):  # the standing of a visit that is pending no longer, and whether it was credited
        draw = self.draw(event["draw"])
        need(event["unit"] in draw["pending"], f"{event['unit']} is not pending")
        credited = draw["pending"][event["unit"]]
        self.pend(draw, event["unit"], None)
        return self.standing(event["unit"], event["date"]), credited

    def back(self, kept):  # what it was before the present event
        self.spent, self.last, self.items, self.open = kept
        for unit, row in self.touched.items():
            self.standings.pop(unit, None)
            if row:
                self.standings[unit] = row
        for pending, unit, credited in reversed(self.moved):
            pending.pop(unit, None)
            if credited is not None:
                pending[unit] = credited

    def json(self):
        opened = [{"before": row["before"], "draw": number, "share": decimal(row["share"]),
                   "pending": [{"credited": row["pending"][unit], "unit": unit} for unit in sorted(row["pending"])],
                   "units": [{"add": decimal(add), "unit": unit, **({} if was is None else {"was": was}),
                              **json_phase("had", had),
                              **({} if given is None else {"phase": {**given, "slack": decimal(given["slack"])}})}
                             for unit, (add, was, had, given) in sorted(row["units"].items())]}
                  for number, row in sorted(self.open.items())]
        standings = [{**{key: value for key, value in row.items() if key != "phase"}, "exposure": decimal(row["exposure"]),
                      **json_phase("phase", row["phase"])} for _, row in sorted(self.standings.items())]
        return {"last": self.last, "spent": decimal(self.spent), "standings": standings,
                **({"items": self.items} if self.items else {}), **({"open": opened} if opened else {})}

def seen(standing, event):
    need(ascend(event["team"]), "the order of the team")
    if standing.get("last_visit", "") <= event["date"]:
        standing["last_visit"] = event["date"]
        standing.pop("last_team", None)
        standing.update({"last_team": event["team"]} if event["team"] else {})

def drawn(cycle, event):  # step 1
    number, share = event["draw"], billionths(event["share"])
    picks = {row["unit"]: row["credited"] for row in event["picks"]}
    units = {row["unit"]: billionths(row["add"]) for row in event["units"]}
    need(ascend(units_of(event["picks"])) and ascend(units_of(event["units"])), "the order of a list")
    need(whole(number) and cycle.last < number <= LARGEST, f"draw {number} is not the next")
    need(cycle.spent + share <= ONE, "more than one cycle spent")
    need(picks.keys() <= units.keys(), "a pick that is not among the units")
    before, cycle.spent, cycle.last = cycle.last, cycle.spent + share, number
    was = {unit: cycle.standings[unit]["cycles"] if unit in cycle.standings else None for unit in units}
    given = {row["unit"]: phase_of(row["phase"]) for row in event["units"] if "phase" in row}
    need(all(sound_phase(row["phase"]) for row in event["units"] if "phase" in row), "a phase that no draw gives")
    had = {unit: cycle.standings[unit]["phase"] if unit in cycle.standings else NONE for unit in given}
    need(all(had[unit]["slack"] != given[unit]["slack"] for unit in given), "a phase of the slack that the unit has")
    for row in event["units"]:
        standing = cycle.standing(row["unit"], event["as_of"])
        standing.update(cycles=row["cycles"], exposure=standing["exposure"] + units[row["unit"]],
                        phase=given.get(row["unit"], standing["phase"]))
        need(standing["exposure"] <= MOST, "an exposure above 9 000 000")
    for unit, credited in picks.items():
        standing = cycle.standing(unit, event["as_of"])
        standing["drawn"] += 1
        standing["credited"] += credited
    rows = {unit: (add, was[unit], had.get(unit, NONE), given.get(unit)) for unit, add in units.items()}
    cycle.open[number] = {"before": before, "pending": picks, "share": share, "units": rows}

def visited(cycle, event):  # step 2
    standing, _ = cycle.settle(event)
    standing["visits"] += 1
    seen(standing, event)
    need(ascend(event.get("items", [])), "the order of the items")
    cycle.items = cycle.items | {item: cycle.items.get(item, 0) + 1 for item in event.get("items", [])}

def missed(cycle, event):  # step 3
    standing, credited = cycle.settle(event)
    standing["missed"] += 1
    standing["credited"] -= credited

def stand_in(cycle, event):  # step 4, for the unit that comes
    draw, by = cycle.draw(event["draw"]), event["by"]
    need(by in draw["units"] and by not in draw["pending"], f"{by} cannot replace")
    standing = cycle.standing(by, event["date"])
    credited = owed(standing) > 0
    standing["drawn"] += 1
    standing["credited"] += credited
    cycle.pend(draw, by, credited)

def replaced(cycle, event):  # step 4
    stand_in(cycle, event)
    missed(cycle, event)

def voided(cycle, event):  # step 5
    need(event["draw"] == cycle.last, f"draw {event['draw']} is not the last")
    draw = cycle.draw(event["draw"])
    cycle.spent, cycle.last = cycle.spent - draw["share"], draw["before"]
    for unit, credited in draw["pending"].items():
        standing = cycle.standing(unit, event["date"])
        standing["drawn"] -= 1
        standing["credited"] -= credited
    for unit, (add, was, had, given) in draw["units"].items():
        standing = cycle.standing(unit, event["date"])
        standing["phase"] = standing["phase"] if given is None else had
        z = standing["exposure"] - owed(standing) - ONE - standing["phase"]["slack"] + 1
        standing["exposure"] = max(0, min(z, standing["exposure"]), standing["exposure"] - add)
        standing["cycles"] = was or 1
        empty = {"unit": unit, "cycles": 1, "exposure": 0, "phase": NONE, **dict.fromkeys(COUNTS, 0)}
        if was is None and {key: value for key, value in standing.items() if key != "first_seen"} == empty:
            del cycle.standings[unit]
    del cycle.open[event["draw"]]

def inspected(cycle, event):  # step 6
    standing = cycle.standing(event["unit"], event["date"])
    standing["others"] += 1
    need(ascend(event["team"]), "the order of the team")
    if event.get("approved"):
        seen(standing, event)

def cycle_closed(cycle, event):  # step 7
    need(all(row["visits"] + row["missed"] == row["drawn"] for row in cycle.standings.values()), "unsettled visits")
    for unit in cycle.standings:
        standing = cycle.standing(unit, None)
        E, v = standing["exposure"], standing["credited"]
        less = min(v, E // ONE)
        kept = {"exposure": 0, "credited": 0, "phase": NONE} if standing["cycles"] == 1 else {
            "exposure": E - less * ONE, "credited": v - less}
        standing.update(kept, visits=0, drawn=0, missed=0, others=0)
    cycle.spent, cycle.items, cycle.open = 0, {}, {}

EVENTS = {"drawn": (drawn, "as_of draw event picks share units"),
          "visited": (visited, "date draw event items? team unit"),
          "missed": (missed, "date draw event reason unit"),
          "replaced": (replaced, "by date draw event reason unit"),
          "voided": (voided, "date draw event reason"),
          "inspected": (inspected, "approved? date event team unit"),
          "cycle_closed": (cycle_closed, "event")}

def apply(cycle, event, rules=EVENTS):
    """Lets an event follow. Fail, if it is refused; nothing is changed then. The draws that are open no longer."""
    kept = cycle.spent, cycle.last, cycle.items, dict(cycle.open)
    cycle.touched, cycle.moved = {}, []
    try:
        change, names = rules[event["event"]]
        need(has_fields(event, names), "fields that are missing or not known")
        for key in event.keys() & {"date", "as_of"}:
            day(event[key])
        change(cycle, event)
        rows = (cycle.standings[unit] for unit in cycle.touched if unit in cycle.standings)
        need(all(map(sound, rows)), "a count that is out of bounds")  # Spec 9.4
        need(all(n <= LARGEST for n in cycle.items.values()), "an item that was checked too often")
    except (Fail, *MALFORMED) as error:
        cycle.back(kept)
        raise error if isinstance(error, Fail) else Fail(f"malformed, {error!r}") from None
    settled = {n: draw for n, draw in cycle.open.items() if not draw["pending"] and n != cycle.last}
    for number in settled:
        del cycle.open[number]
    return settled

def step(cycle, event):
    """The next cycle; Fail, if the event is refused. The old one is never changed."""
    cycle = Cycle(cycle)
    apply(cycle, event)
    return cycle

# ---- Spec 10.6: exposure ----

def exposure(share, surprise, known, certain, size=None):  # steps 2 and 3
    d, p, r = due(known["frequency"], share), hazard(share, known), balance(known)
    q = p if certain else with_surprise(p, surprise)
    g = size if size is not None else ONE if certain else q
    c = g - min(q - p, g - min(p, g))
    a = d if c == p else stands_for(known["slack"], r, c)
    add = c if begins(known) else max(d, a) if c > p else min(d, a)
    return {"due": d, "base": p, "reachable": q, "size": g, "scheduled": c, "add": add}

def chance(plan, row):  # size g, scheduled part c and add of a row that has a cell
    if plan.policy["design"]["method"] == "frequency":
        return exposure(round_of(plan.policy)[0], surprise_of(plan.policy), row, row["certain"], row["size"])
    g = row["size"]  # step 1
    if plan.policy["design"]["method"] == "number":
        g = ONE if row["marked"] else plan.left * g * ONE // plan.mass if plan.left else 0
    return {"size": g, "scheduled": g, "add": g}

def is_credited(seed, unit, size, scheduled):  # Spec 6.4
    return scheduled >= size or int(H("control", f"{seed} {unit}"), 16) % size < scheduled

def drawn_event(record, files):  # step 5
    plan = Plan(record["policy"], files["frame"]["units"], files["cycle"])
    rows = {row["id"]: (row, chance(plan, row)) for row in plan.drawn}
    picks = sorted(row["id"] for cell in record["sample"] for row in cell["picks"])
    credited = {unit: is_credited(record["seed"], unit, rows[unit][1]["size"], rows[unit][1]["scheduled"]) for unit in picks}

    def begun(unit, row, found):  # step 4
        if plan.policy["design"]["method"] != "frequency" or not begins(row):
            return {}
        o = phase(record["seed"], pseudonym_of(files["frame"]["salt_key"], unit),
                  weights(row["slack"], balance(row), found["scheduled"], credited.get(unit, False)))
        return {"phase": {"slack": decimal(row["slack"]), "visits": o}}
    return {"as_of": record["policy"]["as_of"], "draw": record["seal"]["sequence"], "event": "drawn",
            "share": decimal(round_of(record["policy"])[0]),
            "picks": [{"credited": credited[unit], "unit": unit} for unit in picks],
            "units": [{"add": decimal(found["add"]), "cycles": row["cycles"], "unit": unit, **begun(unit, row, found)}
                      for unit, (row, found) in sorted(rows.items())]}
