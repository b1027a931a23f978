"""Spec 17.3 and 17.5: one sealed attempt of a draw, as far as the ledger has come."""
from datetime import timedelta

from basics import MALFORMED, Fail, H, canon, day, instant, suite_of
from beacon import closes, every_source, fallbacks_of, has_form, is_void, says_nothing

DAY = timedelta(days=1)
BY_CHOICE = "input_error", "legal", "technical"  # reasons of a void that nothing forced

def utc_day(moment):
    return moment.date()

def is_formed(source, value):
    try:
        return has_form(source, value)
    except (Fail, *MALFORMED):
        return False

class Attempt:
    def __init__(self, number, seal, batch=None):
        self.batch = batch  # the number of the `registered` entry, and the batch
        self.number, self.seal, self.plan = number, seal, seal["beacon"]
        with suite_of(seal):
            self.digest = H("seal", canon(seal))
        self.name = seal["sequence"], seal["attempt"]
        self.sources = {source["id"]: source for source in self.plan["sources"]}
        self.fallbacks = fallbacks_of(self.plan)  # by the id of the source
        self.every = {source["id"]: source for source in every_source(self.plan)}
        self.values, self.entered = {}, {}  # by the id of the source, also for its fallback: value, number of the entry
        self.silent = {}  # the entries, by the id of a source or of a fallback
        self.drawn = self.assigned = self.secret = self.void = None  # the entries, or the secret
        self.drawn_at = None  # when it was drawn, by the right time
        self.published = self.void_unseen = False  # the record; void before the first value was known
        self.drop_outs, self.given_on, self.came = [], set(), set()  # entries, numbers of those; who came in moves
        self.changes, self.visited = [], False  # entries about its visits and teams, in order; whether one was made
        self.done, self.stand_ins = set(), set()  # units that were visited, missed or replaced; that came for others
        self.closed = False  # the cycle was closed
        self.untold = []  # the numbers of entries about its visits whose contents are not known
        self.seal_published = None  # the first entry that says so
        self.files, self.results = {}, {}  # published: {name or digest: (digest, number of the entry)}

    def deferred(self):
        return self.seal["disclosure"]["mode"] == "deferred"

    def is_past(self, moment):  # `reveal_by`
        return self.deferred() and utc_day(moment) > day(self.seal["disclosure"]["reveal_by"])

    # ---- Spec 17.3: sources and their fallbacks ----

    def fallback(self, name):
        """The source that stands for a silent one, usable or not, or None."""
        return self.fallbacks[name]["source"] if name in self.silent and name in self.fallbacks else None

    def is_usable(self, name):  # the fallback of the source
        source = self.fallback(name)
        return (source is not None and instant(self.silent[name]["at"]) < instant(source["at"])
                and source["id"] not in self.silent)

    def waiting(self, code):
        """The name of the source whose value may come from the source or fallback `code`, or None."""
        for name in self.sources:
            stand_in = self.fallback(name) if self.is_usable(name) else None
            speaks = name not in self.silent or self.is_round(name)  # a round that is found again is silent no longer
            if name not in self.values and (code == name if speaks else stand_in and code == stand_in["id"]):
                return name
        return None

    def can_be_silent(self, code):  # a source of the plan, or the fallback of a silent one
        of = next((name for name in self.sources if code in (name, (self.fallback(name) or {}).get("id"))), None)
        return of is not None and self.sources[of]["kind"] != "shares" and of not in self.values and (
            code not in self.silent)

    def silent_from(self, code):  # when it may be declared silent
        if code in self.fallbacks:
            return instant(self.fallbacks[code]["after"])
        return instant(self.every[code]["at"]) + (7 * DAY if self.is_round(code) else 0 * DAY)

    def is_round(self, code):  # of drand
        return self.every[code]["kind"] == "drand"

    def silent_rounds(self):  # what a checker should bring (Spec 19)
        return [code for code in self.silent if self.is_round(code) and code not in self.heard()]

    def heard(self):  # the ids of the sources and fallbacks with a value
        return {value["source"] for value in self.values.values()}

    def beacon_failed(self):
        return any(name in self.silent and name not in self.values and not self.is_usable(name) for name in self.sources)

    def share_missing(self):
        return any(is_void(self.sources[name], value["value"]) for name, value in self.values.items())

    def failed(self):
        return self.beacon_failed() or self.share_missing()

    def first_at(self):
        return min(instant(source["at"]) for source in self.plan["sources"])

    def last_at(self):  # of the plan's sources and of the fallbacks used
        used = [*self.sources.values(), *(self.every[value["source"]] for value in self.values.values())]
        return max(instant(source["at"]) for source in used)

    def in_order(self):  # the values as they stand in a record
        return [self.values[name] for name in self.sources if name in self.values]

    # ---- Spec 17.3 and 17.5: what became of it ----

    def is_void_for(self, *reasons):
        return self.void is not None and self.void["entry"]["reason"] in reasons

    def taken_back(self):  # "void but for `not_revealed`"
        return self.void is not None and not self.is_void_for("not_revealed")

    def settled(self):
        if not self.taken_back():
            return bool(self.void or self.drawn and self.assigned)
        known = self.published and (not self.deferred() or self.secret is not None)
        return bool(self.failed() or self.drawn and known)

    def out_numbers(self):
        return [entry["number"] for entry in self.drop_outs]

    def is_undisclosed(self, moment):
        return bool(self.drawn and self.secret is None and self.is_past(moment)
                    and not self.is_void_for("not_revealed"))

    def is_overdue(self, moment):
        last = max([instant(source["at"]) for source in self.sources.values()] + [
            instant(self.fallback(name)["at"]) for name in self.sources if self.is_usable(name)])
        return not self.drawn and not (self.void and self.failed()) and moment > last + 7 * DAY

    def changes_told(self):  # before the first entry whose content is not known
        return [entry for entry in self.changes if not self.untold or entry["number"] < self.untold[0]]

    def is_closing(self):  # Spec 17.7: entries about its visits are closed
        return bool(self.deferred() and self.drawn and self.secret is None and not self.void)

    def decided(self):  # the number of the last `sealed`, `drawn` or `void`
        return max(entry["number"] if entry else self.number for entry in (self.drawn, self.void))

    def is_owed(self, moment):  # Spec 19, the verdict: its record must have been replayed
        return bool(self.drawn and (not self.deferred() or self.secret is not None or self.is_past(moment)))

    def pending(self):  # visits neither made nor missed, as far as the lines show
        running = self.assigned and not self.taken_back() and not self.closed
        entered = len(self.done) - len(self.stand_ins)
        return self.assigned["entry"]["visits"]["size"] - entered if running else 0

    def published_late(self):
        return self.seal_published is not None and instant(self.seal_published["at"]) >= self.first_at()

    def never_published(self, moment):
        return self.first_at() <= moment and self.seal_published is None and not self.void_unseen

    def to_be_seen(self):
        """Spec 19, `witnesses`: (number of an entry, before when it must have been cosigned)."""
        yield self.number, self.first_at() - timedelta(seconds=self.plan.get("lead", 0))
        for name, value in self.values.items():
            source = self.every[value["source"]]
            end = closes(self.plan, source)
            if end and not says_nothing(source, value["value"]):
                yield self.entered[name], end
            if name in self.silent and source["id"] != name:
                yield self.silent[name]["number"], instant(source["at"])
        if self.is_void_for(*BY_CHOICE) and self.void_unseen:
            yield self.void["number"], self.first_at()
