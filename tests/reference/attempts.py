"""Spec 17.3 and 17.5: one sealed attempt of a draw, as far as the ledger has come."""
from datetime import timedelta

from basics import MALFORMED, Fail, H, canon, day, instant, suite_of
from beacon import every_source, fallbacks_of, has_form, is_void, shares_end

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
    def __init__(self, number, seal):
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
        self.published = self.void_unseen = False  # the record; void before the first value was known
        self.places = set()  # (unit, post) that stood in the moves of a `reassigned`
        self.changes, self.visited = [], []  # entries: `replaced` and `reassigned`; `visited`
        self.about = []  # entries about its visits: `visited`, `missed`, `replaced`, `reassigned`
        self.done, self.came = set(), set()  # units that were visited, missed or replaced; that came for others
        self.accounted, self.closed = 0, False  # visits made or missed; the cycle was closed
        self.seal_published = None  # the first entry that says so

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
            if name not in self.values and (code == name if name not in self.silent else
                                            stand_in and code == stand_in["id"]):
                return name
        return None

    def can_be_silent(self, code):  # a source of the plan, or the fallback of a silent one
        of = next((name for name in self.sources if code in (name, (self.fallback(name) or {}).get("id"))), None)
        return of is not None and self.sources[of]["kind"] != "shares" and of not in self.values and (
            code not in self.silent)

    def silent_from(self, code):  # when it may be declared silent
        return instant(self.fallbacks[code]["after"] if code in self.fallbacks else self.every[code]["at"])

    def beacon_failed(self):
        return any(name in self.silent and not self.is_usable(name) for name in self.sources)

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

    def is_undisclosed(self, moment):
        return bool(self.drawn and self.secret is None and self.is_past(moment)
                    and not self.is_void_for("not_revealed"))

    def is_overdue(self, moment):
        last = max([instant(source["at"]) for source in self.sources.values()] + [
            instant(self.fallback(name)["at"]) for name in self.sources if self.is_usable(name)])
        return not self.drawn and not (self.void and self.failed()) and moment > last + 7 * DAY

    def decided(self):  # the number of the last `sealed`, `drawn` or `void`
        return max(entry["number"] if entry else self.number for entry in (self.drawn, self.void))

    def is_owed(self, moment):  # Spec 19, the verdict: its record must have been replayed
        return bool(self.drawn and (not self.deferred() or self.secret is not None or self.is_past(moment)))

    def pending(self):  # visits neither made nor missed, as far as the lines show
        running = self.assigned and not self.taken_back() and not self.closed
        return self.assigned["entry"]["visits"]["size"] - self.accounted if running else 0

    def published_late(self):
        return self.seal_published is not None and instant(self.seal_published["at"]) >= self.first_at()

    def never_published(self, moment):
        return self.first_at() <= moment and self.seal_published is None and not self.void_unseen

    def to_be_seen(self):
        """Spec 19, `witnesses`: (number of an entry, before when it must have been cosigned)."""
        yield self.number, self.first_at()
        for name, value in self.values.items():
            source = self.sources[name]
            if source["kind"] == "shares" and set(value["value"].split("+")) != {"-"}:
                yield self.entered[name], shares_end(self.plan, source)
            if name in self.silent:
                yield self.silent[name]["number"], instant(self.fallback(name)["at"])
        if self.is_void_for(*BY_CHOICE) and self.void_unseen:
            yield self.void["number"], self.first_at()
