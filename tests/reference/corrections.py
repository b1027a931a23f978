"""Spec 17.3: the rules of what is entered when something was wrong or barred: `clock`, `amended`, and `barred` of
visits."""
from attempts import DAY, utc_day
from basics import day, instant
from entries import LEVELS, dates_of

class Refused(Exception):
    """A rule and what it found; the first of the rules that an entry breaks."""

def rule(name, condition, what):
    if not condition:
        raise Refused(name, what)

def at_least(approval, level):
    return LEVELS.index(approval["level"]) >= LEVELS.index(level)

def event_of(content):  # Spec 17.4: as 9.6 has it
    if content["kind"] == "withdrawn":
        return None
    names = {"visited": "date draw items team unit", "missed": "date draw reason unit",
             "replaced": "by date draw reason unit", "inspected": "date team unit"}[content["kind"]]
    approved = content["kind"] == "inspected" and at_least(content["approval"], "authority")
    return {"event": content["kind"], **({"approved": True} if approved else {}),
            **{key: content[key] for key in names.split() if key in content}}

class Corrections:
    """A part of the state of a ledger: see fold.Ledger."""

    def made(self, content, at, draw):
        """[at, the first day of it, the first instant of it]: when it is made, and could be made at the earliest."""
        day_of = [day(date) - DAY for date in dates_of(content)]
        if content["kind"] == "void" and content["reason"] == "not_revealed" and draw.deferred():
            day_of.append(day(draw.seal["disclosure"]["reveal_by"]) + DAY)
        due = None
        if content["kind"] == "beacon" and content["value"]["source"] in draw.every:
            due = instant(draw.every[content["value"]["source"]]["at"])
        if content["kind"] == "silent" and content["source"] in draw.every:
            due = draw.silent_from(content["source"])
        return [at, max(day_of, default=None), due]

    def on_clock(self, entry, content, at, draw):
        first = content["from"]
        rule("times", 1 < first <= len(self.times), "no earlier entry, or the first")
        rule("times", self.times[first - 2][0] <= at < self.times[-1][0], "no time between")
        for _, first_day, due in self.times[first - 1:]:
            rule("times", first_day is None or utc_day(at) >= first_day, "too early for the date of an entry")
            rule("times", due is None or at >= due, "too early for a value")
        rule("approval", at_least(content["approval"], "superior"), "the level of the approval")
        for made in self.times[first - 1:]:
            made[0] = at
        for known in self.attempts.values():
            known.drawn_at = known.drawn_at and min(known.drawn_at, at)
        self.clocks.append((entry["number"], at + DAY))

    def check_barred(self, entry, content):
        if "barred" in content:
            people, approval = content["barred"]["people"], content["barred"]["approval"]
            rule("visits", people and {row["id"] for row in people} <= set(content["team"]) and "evidence" in content,
                 "people who are barred: none, not of the team, or without evidence")
            rule("approval", approval["by"] != entry["actor"] and at_least(approval, "authority"), "of people who are barred")
            self.marked["barred"] += 1

    def on_amended(self, entry, content, at, draw):
        before, now, number = self.current.get(content["amends"]), content["entry"], content["amends"]
        rule("amendment", before is not None, "no visited, missed or inspected entry")
        rule("amendment", before["unit"] == now["unit"] and before.get("draw") == now.get("draw"), "unit or draw")
        if "approval" in now:
            least = "authority" if now["kind"] == "missed" else "office"
            rule("amendment", now["approval"]["by"] != entry["actor"] and at_least(now["approval"], least),
                 "the approval inside")
        self.check_barred(entry, now)
        of = [a for name, a in self.attempts.items() if name[0] == now.get("draw") and a.number < number]
        rule("amendment", not of or "date" not in now or day(now["date"]) >= utc_day(of[-1].drawn_at) - DAY,
             "before the draw")
        back, again = now["kind"] == "withdrawn", before["kind"] == "withdrawn"
        if of and back != again:
            rule("amendment", not of[-1].closed, "the cycle is closed")
            rule("amendment", back or now["unit"] not in of[-1].done and of[-1].pending() > 0, "no visit is due")
        moves = ["approved" in (event_of(content) or {}) for content in (before, now)]
        same = before["kind"] == now["kind"] and before.get("team") == now.get("team") and moves[0] == moves[1]
        level = "office" if same else "authority"
        rule("approval", at_least(content["approval"], level), "the level of the approval")
        if self.history is not None:
            self.follow(lambda: self.history.amend(number, event_of(now), now["unit"]))
        self.marked["withdrawals"] += back
        if of and back != again:
            (of[-1].done.add if again else of[-1].done.discard)(now["unit"])
        for attempt in of[-1:]:
            attempt.changes.append(entry)
        self.current[number] = now
        self.moving += [(entry["number"], None)] * any(moves)
