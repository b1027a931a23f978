"""Spec 17.4: the events of a ledger and the cycle that they give, where what happened at a unit is amended later.

The cycle is always the fold of all events as they stand. After an amendment only the events of its unit are folded
again: units meet in a cycle only in the draws that are open, the counts of items and the share spent.
"""
from bisect import bisect_left

from basics import Fail
from year import EVENTS, LARGEST, Cycle, apply, missed, stand_in

OF_ALL = "drawn", "voided", "cycle_closed"
# What a replacement is to the unit that goes, and to the one that comes.
ALONE = {**EVENTS, "goes": (missed, "by date draw event reason unit"), "comes": (stand_in, "by date draw event reason unit")}

def only(event, unit):
    """An event as it concerns one unit."""
    if event["event"] == "drawn":
        return {**event, "picks": row_of(event["picks"], unit), "units": row_of(event["units"], unit)}
    if event["event"] == "replaced":
        return {**event, "event": "comes" if event["by"] == unit else "goes"}
    return event

def row_of(rows, unit):  # they ascend
    place = bisect_left(rows, unit, key=lambda row: row["unit"])
    return [row for row in rows[place:place + 1] if row["unit"] == unit]

class History:
    def __init__(self, start):
        self.start, self.now = start, Cycle(start)
        self.events, self.of_units, self.of_all = {}, {}, []  # by number of the entry, which ascend; numbers
        self.closed, self.draws, self.settled = 0, {}, {}  # of this cycle: the entry of each draw that stands; the settled

    def note(self, number, event, settled):
        if event["event"] == "drawn":
            self.draws[event["draw"]] = number
        elif event["event"] == "voided":
            del self.draws[event["draw"]]
        elif event["event"] == "cycle_closed":
            self.closed, self.draws, self.settled = number, {}, {}
        self.settled |= settled

    def push(self, number, event):
        """Lets the event of an entry follow, or Fail."""
        self.note(number, event, apply(self.now, event))
        self.events[number] = event
        if event["event"] in OF_ALL:
            self.of_all.append(number)
        else:
            for unit in {event["unit"], event.get("by", event["unit"])}:
                self.of_units.setdefault(unit, []).append(number)

    def amend(self, number, event, unit):
        """Puts another event of the same unit and draw in the place of one, or None, or Fail."""
        was = self.events[number]
        if was == event:
            return
        self.events[number] = event
        try:
            if not self.shift(number, was, event, unit):
                self.fold()
        except Fail:
            self.events[number] = was
            raise

    def fold(self):
        again = History(self.start)
        for number, event in self.events.items():
            if event:
                again.note(number, event, apply(again.now, event))
        self.now, self.closed, self.draws, self.settled = again.now, again.closed, again.draws, again.settled

    def alone(self, unit):
        """The cycle of one unit, in which no draw is settled."""
        cycle = Cycle(self.start)
        cycle.items, cycle.standings = {}, {unit: row for row in [cycle.standings.get(unit)] if row}
        for number in sorted(self.of_all + self.of_units.get(unit, [])):
            event = self.events[number]
            if event:
                settled = apply(cycle, only(event, unit), ALONE)
                cycle.open |= settled
        return cycle

    def shift(self, number, was, event, unit):
        """Moves the cycle from one event to another. False where only a fold of all events tells."""
        now, most = self.now, LARGEST - len(self.events)
        if self.start.open or any(n >= most for n in [*self.start.items.values(), *now.items.values()]):
            return False
        try:
            own = self.alone(unit)
        except Fail:  # the fold of all events says why
            return False
        draw = (was or event).get("draw")
        stands = draw in self.draws and self.draws[draw] < number
        if draw is not None and not stands and was is None:  # a void draw, which could be voided while it was open
            return False
        leaves = stands and draw in now.open and [*now.open[draw]["pending"]] == [unit] and (
            unit not in own.open[draw]["pending"])
        if leaves and draw == now.last:  # the last draw stays open, unless there was one after it, which is void
            last = max(n for n in self.of_all if self.events[n]["event"] == "drawn")
            if self.draws[draw] != last:
                return False
            leaves = False
        if stands and draw in self.settled and unit in own.open[draw]["pending"]:
            now.open[draw] = self.settled.pop(draw)
            now.open = dict(sorted(now.open.items()))
        now.standings.pop(unit, None)
        now.standings.update(own.standings)
        for name, row in own.open.items():
            there = now.open.get(name) or self.settled[name]
            there["pending"].pop(unit, None)
            there["pending"].update(row["pending"])
            if unit in row["units"] and there["units"][unit] != row["units"][unit]:
                there["units"] = there["units"] | row["units"]  # an earlier copy has the same rows
        if leaves:
            self.settled[draw] = now.open.pop(draw)
        if number > self.closed:
            items = dict(now.items)
            for row, step in ((was, -1), (event, 1)):
                for item in (row or {}).get("items", []):
                    items[item] = items.get(item, 0) + step
            now.items = {item: n for item, n in items.items() if n}
        return True
