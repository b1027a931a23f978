"""Spec 17.3: the rules of what is entered when something was wrong or barred: `clock`, and `barred` of visits."""
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
