"""Spec 17.3 to 17.5: what follows in a ledger, its cycle, its loads, and what came late."""
from collections import Counter

from attempts import BY_CHOICE, DAY, Attempt, is_formed, utc_day
from basics import MALFORMED, Fail, H, day, instant, is_text, suite, suite_of
from beacon import chances_of, closes, holds, missing_shares, says_nothing, timing_rows
from closed import Untold, check_closing, draw_of, tell
from corrections import Corrections, Refused, at_least, event_of, rule
from entries import dates_of, lists_of, read_line, teams_in
from history import History
from notes import WITNESS, is_origin, origin, parse_key
from received import Received
from year import Cycle, ascend
from yearregister import Year, is_register
from yearrows import cycle_digest, drawn_digest, event_of_rows

RULES = ("chain times opening approval seal policy batch register sequence chance beacon dating draw disclosure "
         "publication visits void amendment cycle").split()

def witness_key(text):  # Spec 18.3: the public key of a witness, or None
    try:
        key = parse_key(text)
        return key.public if key.kind == WITNESS else None
    except (Fail, *MALFORMED):
        return None

class Ledger(Corrections, Received, Untold):
    """The state; `documents` are drawn documents (16.3) by (sequence, attempt)."""

    def __init__(self, documents=None, opening=None):
        self.documents, self.opening, self.entries = documents or {}, opening, []
        self.opened, self.policies, self.attempts, self.chances = {}, {}, {}, set()
        self.year, self.latest_of = Year(), {}  # latest_of: the latest attempt at each draw
        self.latest, self.current = None, {}  # current: content by entry number, as amended
        self.history, self.closed = History(Cycle()), 0  # history None: the cycle is not known
        self.before = {}  # the cycle before each `sealed`, by (sequence, attempt)
        self.tally, self.late, self.voids, self.actors = Counter(), [], [], {}
        self.share_count, self.again_out, self.beyond_reserves = 0, [], []
        self.moving = []  # (number of an inspection that moves rotation, when the next policy was adopted or None)
        self.times, self.clocks = [], []  # times: see `made`; clocks: (number, before when it must have been cosigned)
        self.untold = {}  # the attempts of the entries of which nothing can be said, by their numbers
        self.below, self.received = {}, []  # the last (size, root) of each ledger below, and the entries
        self.marked = Counter()  # lists of Spec 19 that no kind of entry tells

    # ---- Spec 17.3 ----

    def add(self, entry):
        """The next entry; Refused, and then this ledger is of no use any more but for what stood before."""
        content, at = entry["entry"], instant(entry["at"])
        rule("times", not self.times or at >= self.times[-1][0] or content["kind"] == "clock", "before the entry before")
        rule("opening", (content["kind"] == "opened") == (not self.entries), "the first entry, and no other, is opened")
        if content["kind"] == "opened":
            self.check_opened(content)
        approval = content.get("approval") or content.get("barred", {}).get("approval")
        rule("approval", not approval or approval["by"] != entry["actor"], "approved by the actor")
        rule("times", all(day(date) <= utc_day(at) + DAY for date in dates_of(content)), "a date to come")
        draw = self.attempts.get((content.get("draw"), content.get("attempt")))
        rule("visits", all(map(ascend, lists_of(content))), "a list that does not ascend")  # Spec 17.2
        rule("visits", all(teams_in(content)), "a team of nobody")
        rule("sequence", draw or "attempt" not in content, "no such seal")
        made = self.made(content, at, draw)
        if content["kind"] != "amended" and draw_of(content) is not None:
            self.check_stands(content)
        check_closing(entry, self.latest_of.get(draw_of(content)))
        if not self.pass_over(entry, content):
            getattr(self, "on_" + content["kind"])(entry, content, at, draw)
            self.count(entry, content, at, draw)
        self.entries.append(entry)
        self.times.append(made)

    def check_opened(self, content):
        keys, quorum = content.get("witnesses", []), content.get("quorum")
        rule("opening", content["protocol"] == "double-random/1", "another protocol")
        rule("opening", quorum is None or len(keys) < 2 * quorum <= 2 * len(keys), "no quorum of more than half")
        rule("opening", len(keys) <= 16, "more than 16 witnesses")
        if "earlier" in content:
            earlier, own = content["earlier"], origin(content["authority"], content["scope"])
            rule("opening", is_origin(earlier["origin"]) and earlier["origin"] != own and "cycle" in content,
                 "the earlier ledger")
        public = list(map(witness_key, keys))
        rule("opening", None not in public and ascend(keys), "witnesses that are no key texts of type 04, ascending")
        rule("opening", len(set(public)) == len(public), "a public key twice")

    def on_opened(self, entry, content, at, draw):
        self.opened = content
        if "cycle" in content:  # Spec 17.4: the opening cycle, unknown without its file
            file = self.opening or {}
            with suite(content.get("suite", "sha256")):
                known = file and cycle_digest(file, file["salt_key"]) == content["cycle"]
            self.history = History(Cycle.of(file)) if known else None
            rule("cycle", not known or file["last"] == 0 and not file.get("open"), "numbers of draws")

    def on_policy(self, entry, content, at, draw):
        batch, register = content.get("batch"), self.year.standing()
        rule("batch", batch is None or register and register.has(batch), "no batch of the year")
        level = "authority" if batch is not None else "superior"
        rule("approval", at_least(content["approval"], level), "the level of the approval")
        of = None if batch is None else (register.number, batch)
        self.policies.setdefault(content["policy"], []).append(of)
        despite = content.get("despite", {"findings": [""], "reason": "x"})
        rule("policy", despite["findings"] and is_text(despite["reason"]), "findings of the check, or the reason")
        self.marked["despite"] += "despite" in content
        self.moving = [(number, at if policy is None else policy) for number, policy in self.moving]

    def on_registered(self, entry, content, at, draw):
        rule("batch", is_register(content["batches"]), "the batches")
        level = "superior" if self.year.is_soon(at) else "authority"
        rule("approval", at_least(content["approval"], level), "the level of the approval")
        self.year.register(entry, content)

    def on_imported(self, entry, content, at, draw):
        rule("register", content["size"] > self.year.logs.get(content["what"], 0), "a log that does not grow")
        self.year.logs[content["what"]] = content["size"]

    def on_sealed(self, entry, content, at, draw):
        seal, last = content["seal"], self.latest
        rule("seal", all(seal[key] == self.opened[key] for key in ("authority", "scope")), "another ledger's")
        rule("seal", seal["protocol"] == "double-random/1", "another protocol")
        rule("seal", seal["previous"] == entry["previous"], "previous of the seal")
        rule("seal", seal["sealed_at"] == entry["at"], "sealed_at")
        rule("seal", holds(timing_rows(seal["beacon"], seal["sealed_at"], seal["disclosure"])), "timing")
        rule("seal", ("secret" in seal) == (seal["disclosure"]["mode"] == "deferred"), "commitment to a secret")
        rule("policy", self.policies.get(seal["policy"]), "no policy that was entered and not yet sealed")
        rule("sequence", all(a.settled() for a in self.attempts.values()), "an earlier attempt is not settled")
        again = last and last.taken_back()
        name = (last.name[0], last.name[1] + 1) if again else ((last.name[0] if last else 0) + 1, 1)
        rule("sequence", (seal["sequence"], seal["attempt"]) == name, f"not attempt {name[1]} of draw {name[0]}")
        batch = self.policies[seal["policy"]][-1]
        wrong = self.year.wrong(batch, name[0], self.attempts.values())
        rule("batch", not wrong, wrong)
        chances = set(chances_of(seal["beacon"]))
        rule("chance", not chances & self.chances, "a chance of an earlier seal")
        self.policies[seal["policy"]].pop()
        self.chances |= chances
        self.latest = self.attempts[name] = self.latest_of[name[0]] = Attempt(entry["number"], seal, batch)
        self.before[name] = self.history and Cycle(self.history.now)

    def on_beacon(self, entry, content, at, draw):
        value = content["value"]
        rule("beacon", not draw.drawn, "drawn already")
        name, source = draw.waiting(value["source"]), draw.every.get(value["source"])
        rule("beacon", name is not None, "no source that is waiting for a value")
        with suite_of(draw.seal):
            rule("beacon", is_formed(source, value), "the form of the value")
        rule("dating", at >= instant(source["at"]), "before the value was known")
        end = closes(draw.plan, source)
        rule("dating", end is None or at < end or says_nothing(source, value["value"]), "after a later source reported")
        draw.values[name], draw.entered[name] = value, entry["number"]
        self.share_count += missing_shares(source, value["value"])

    def on_silent(self, entry, content, at, draw):
        name = content["source"]
        rule("beacon", not draw.drawn, "drawn already")
        rule("beacon", draw.can_be_silent(name), "no source that can be silent, or one that has a value or is silent already")
        rule("dating", at >= draw.silent_from(name), "before it may be declared silent")
        rule("approval", at_least(content["approval"], "superior"), "the level of the approval")
        draw.silent[name] = entry

    def on_drawn(self, entry, content, at, draw):
        rule("draw", not draw.drawn, "drawn already")
        rule("draw", not draw.failed(), "the attempt has failed")
        rule("draw", len(draw.values) == len(draw.sources), "a value is missing")
        if not draw.void:
            self.happen(entry, self.drawn_event(draw, content))
        draw.drawn, draw.drawn_at = entry, at

    def on_assigned(self, entry, content, at, draw):
        rule("draw", draw.drawn and not draw.assigned and not draw.taken_back(), "not drawn, assigned already, or void")
        draw.assigned = entry

    def on_disclosed(self, entry, content, at, draw):
        rule("disclosure", draw.deferred() and draw.drawn and draw.secret is None, "nothing to disclose")
        with suite_of(draw.seal):
            rule("disclosure", H("secret", content["secret"]) == draw.seal["secret"], "another secret")
        draw.secret = content["secret"]

    def on_published(self, entry, content, at, draw):
        if content["what"] == "seal":
            rule("publication", content["digest"] == draw.digest, "the digest of the seal")
        if content["what"] == "record":
            rule("publication", draw.drawn and content["digest"] == draw.drawn["entry"]["record"], "another record")
            rule("publication", not draw.deferred() or draw.secret is not None, "before the secret is disclosed")
        if content["what"] == "results":
            rule("publication", draw.visited or draw.untold, "no visit of this attempt was entered")
        rule("publication", is_text(content["where"]), "where")
        draw.files |= {row["file"]: (row["digest"], entry["number"]) for row in content.get("files", [])}
        if content["what"] == "results":
            draw.results[content["digest"]] = content["digest"], entry["number"]
        draw.published = draw.published or content["what"] == "record"
        if content["what"] == "seal":
            draw.seal_published = draw.seal_published or entry

    def check_stands(self, content):
        draw = self.latest_of.get(content["draw"])
        rule("visits", draw and draw.assigned and not draw.taken_back(), "no attempt that is assigned and stands")
        first = utc_day(draw.drawn_at) - DAY
        rule("visits", "date" not in content or day(content["date"]) >= first, "a date before it was drawn")

    def standing_attempt(self, content):
        draw = self.latest_of[content["draw"]]
        rule("visits", not draw.closed, "the cycle is closed")
        units = {content["unit"]} if content["kind"] in ("visited", "missed", "replaced") else {
            move["unit"] for move in content.get("moves", [])}
        rule("visits", not units & draw.done, "visited, missed or replaced before")
        rule("visits", "moves" in content or content["kind"] == "dropped_out" or draw.pending() > 0,
             "more visits than the draw has")
        size = draw.assigned["entry"]["visits"]["size"]
        rule("visits", content.get("visits", {"size": size})["size"] == size, "another number of visits")
        return draw

    def on_visited(self, entry, content, at, draw):
        draw = self.standing_attempt(content)
        if "approval" in content:
            rule("approval", at_least(content["approval"], "authority"), "the level of the approval")
        self.check_barred(entry, content)
        self.happen(entry, event_of(content))
        self.current[entry["number"]] = content
        draw.done.add(content["unit"])
        draw.changes.append(entry)
        draw.visited = draw.visited or content["kind"] == "visited"

    on_missed = on_visited

    def on_replaced(self, entry, content, at, draw):
        draw, unit, by = self.standing_attempt(content), content["unit"], content["by"]
        rule("visits", by != unit and not (by in draw.done or by in draw.stand_ins), "who comes was named before")
        rule("approval", at_least(content["approval"], "authority"), "the level of the approval")
        self.happen(entry, event_of(content))
        draw.done.add(unit)
        draw.stand_ins.add(by)
        self.beyond_reserves += [entry["number"]] * ("passed" in content or "unavailable" in content)
        draw.changes.append(entry)

    def on_dropped_out(self, entry, content, at, draw):
        draw = self.standing_attempt(content)
        rule("visits", ("unit" in content) == (content["reason"] == "recused"), "a unit exactly of one who is recused")
        again = content["out"] in {known["entry"]["out"] for known in draw.drop_outs} | draw.came
        rule("approval", at_least(content["approval"], "authority" if again else "office"), "the level of the approval")
        self.again_out += [entry["number"]] * again
        draw.drop_outs.append(entry)
        draw.changes.append(entry)

    def on_reassigned(self, entry, content, at, draw):
        draw, moves = self.standing_attempt(content), content["moves"]
        known = [row for row in draw.drop_outs if row["number"] == content["entry"] and row["number"] not in draw.given_on]
        rule("visits", known, "nobody dropped out by that entry whose places were not given on yet")
        if self.cycle is not None:
            pending = self.cycle.open.get(content["draw"], {}).get("pending", {})
            rule("visits", all(move["unit"] in pending for move in moves), "no visit of this unit is pending")
        out, were_out = known[0]["entry"]["out"], {row["entry"]["out"] for row in draw.drop_outs}
        unusual = any(move["out"] != out or "passed" in move or move["by"] in were_out for move in moves)
        rule("approval", at_least(content["approval"], "authority" if unusual else "office"), "the level of the approval")
        rule("visits", [move["out"] for move in moves[:1]] in ([], [out]), "the first move is another's")
        rule("visits", out not in {move["by"] for move in moves}, "who dropped out comes")
        self.beyond_reserves += [entry["number"]] * unusual
        draw.given_on.add(content["entry"])
        draw.came |= {move["by"] for move in moves}
        draw.changes.append(entry)

    def on_inspected(self, entry, content, at, draw):  # every level is at least `office`
        self.check_barred(entry, content)
        self.happen(entry, event_of(content))
        self.current[entry["number"]] = content
        self.moving += [(entry["number"], None)] * ("approved" in event_of(content))

    def on_void(self, entry, content, at, draw):
        reason, named = content["reason"], [a for name, a in self.attempts.items() if name[0] == content["draw"]]
        rule("void", not draw.void, "void already")
        if reason == "not_revealed":
            rule("void", draw.drawn and draw.is_past(at) and draw.secret is None, "it may still be revealed, or was")
        elif reason == "beacon_failed":
            rule("void", draw.beacon_failed(), "no source failed")
        elif reason == "share_missing":
            rule("void", draw.share_missing(), "no share is missing")
        else:
            rule("void", draw is self.latest and not draw.failed(), "not the latest attempt, or failed")
        after = bool(draw.values) or at >= draw.first_at()
        high = (reason in ("beacon_failed", "not_revealed")
                or reason in BY_CHOICE and (after or any(a.void for a in named)))
        rule("approval", at_least(content["approval"], "superior" if high else "authority"), "the level")
        if draw is self.latest and draw.drawn and reason != "not_revealed":
            self.happen(entry, {"date": entry["at"][:10], "draw": content["draw"], "event": "voided",
                                "reason": reason})
        draw.void, draw.void_unseen = entry, not after
        self.voids.append([entry["number"], "after" if after else "before"])

    def on_cycle_closed(self, entry, content, at, draw):
        rule("approval", at_least(content["approval"], "authority"), "the level of the approval")
        rule("cycle", all(a.drawn or a.void and a.failed() for a in self.attempts.values()), "an attempt is open")
        rule("cycle", all(a.assigned and (a.untold or not a.pending()) for a in self.attempts.values()
                          if a.drawn and not a.taken_back() and not a.closed), "visits to come, or a draw not assigned")
        rule("cycle", not self.cycle or not any(row["pending"] for row in self.cycle.open.values()), "pending visits")
        self.happen(entry, {"event": "cycle_closed"})
        self.closed = entry["number"]
        for attempt in self.attempts.values():
            attempt.closed = True
        self.year.close(entry["number"])

    # ---- Spec 17.4 ----

    def drawn_event(self, draw, content):
        document = self.documents.get(draw.name)
        if document is None:
            return None
        with suite_of(draw.seal):
            if drawn_digest(document) != content["drawn"]:  # another document: the draw's own is not known
                return None
        rule("cycle", document["drawn"]["draw"] == draw.name[0], "the draw of the drawn document")
        return event_of_rows(document)

    @property
    def cycle(self):
        return self.history and self.history.now

    def follow(self, change):
        try:
            change()
        except Fail as error:
            raise Refused("cycle", str(error)) from None

    def happen(self, entry, event):
        if event is None:
            self.history = None
        elif self.history is not None:
            self.follow(lambda: self.history.push(entry["number"], event))

    def loads(self):
        rows = [content["team"] for number, content in self.current.items()
                if number > self.closed and content["kind"] in ("visited", "inspected")]
        return dict(Counter(who for team in rows for who in team))

    # ---- Spec 17.5 and the lists of 19 ----

    def undisclosed(self, moment):
        return [attempt for attempt in self.attempts.values() if attempt.is_undisclosed(moment)]

    def is_late(self, entry, content, at, draw):
        kind = content["kind"]
        if kind == "beacon":
            return at > instant(draw.every[content["value"]["source"]]["at"]) + DAY
        if kind == "silent":
            return at > draw.silent_from(content["source"]) + DAY
        if kind == "drawn":
            return at > draw.last_at() + DAY
        if kind == "assigned":
            return at > draw.drawn_at + DAY
        if kind == "disclosed":
            return draw.is_past(at)
        if kind == "published":
            return draw.seal_published is entry and draw.published_late()
        return kind in ("visited", "missed", "replaced", "inspected") and utc_day(at) > day(content["date"]) + 7 * DAY

    def count(self, entry, content, at, draw):
        kind, row = content["kind"], self.actors.setdefault(entry["actor"], Counter())
        names = {"sealed": "seals", "drawn": "draws", "replaced": "replacements", "reassigned": "reassignments",
                 "amended": "amendments", "void": f"voids_{self.voids[-1][1]}" if self.voids else ""}
        late = self.is_late(entry, content, at, draw)
        row.update(["entries", *([names[kind]] if kind in names else []), *(["late"] if late else [])])
        self.tally.update([kind])
        self.late += [entry["number"]] * late

# ---- Where the parts come from ----

def chain(lines):
    """The entries up to the first that `chain` refuses, its number and what was wrong, and the suite."""
    entries, previous, name = [], "0" * 64, "sha256"
    for number, line in enumerate(lines, 1):
        try:
            entry = read_line(line)
            if number == 1:
                name = entry["entry"].get("suite", "sha256")
            wrong = ("number" if entry["number"] != number else "previous" if entry["previous"] != previous else None)
        except (Fail, *MALFORMED) as error:
            wrong = f"no line of a ledger, {error!r}"
        if wrong:
            return entries, (number, wrong), name
        with suite(name):
            previous = H("entry", line)
        entries.append(entry)
    return entries, None, name

def fold(lines, documents=None, opening=None, files=None):
    """The ledger, {rule: (number, what)} of the refused, and the suite of the ledger."""
    entries, broken, name = chain(lines)
    entries, contents = tell(entries, files or {}, name)
    refused, ledger = {"chain": broken} if broken else {}, Ledger(documents, opening)
    ledger.contents = contents
    for entry in entries:
        try:
            ledger.add(entry)
        except Refused as error:
            refused[error.args[0]] = entry["number"], error.args[1]
            break
        except (Fail, *MALFORMED) as error:  # what no rule says anything about
            refused.setdefault("chain", (entry["number"], repr(error)))
            break
    return ledger, refused, name
