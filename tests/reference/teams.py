"""Spec 11.1 to 11.3, 11.12 and 12.2: days, posts, pins, shortlists, ways out, and the documents of the teams.

For auditors; see replay.py. matching.py does 11.3 to 11.10, on numbers.
"""
from collections import Counter, defaultdict

from basics import ONE, W, H, billionths, day
from pools import pools_of
from replay import EXPERTS, lead_of, parties, posts_at, posts_of
from cost import budget, length
from divisions import divisions_of
from plan import SPANS, bars_of, group_of, office_of
from flows import Words
from matching import Game, Officer, Post, components

def days_of(policy, units, picks, seed):  # Spec 11.2.1: {unit: date}
    days = policy["team"].get("days")
    if not days:
        return {}
    rank = lambda u: (H("day", f"{seed} division {units[u]['division']}"), units[u]["division"],
                      H("day", f"{seed} unit {u}"), u)
    start = int(H("day", seed), 16)
    return {u: days[(start + k) % len(days)] for k, u in enumerate(sorted(picks, key=rank))}

class Slot:
    """A post of a visit; `only` is the officer of an extra post."""

    def __init__(self, unit, code, places, needs, only=None):
        self.unit, self.code, self.places, self.needs, self.only = unit, code, places, needs, only

class Party:
    """One department, or the experts. Officers are numbers in the order of their ids, visits in that of theirs."""

    def __init__(self, draw, name, row):
        self.draw, self.name, self.row, self.team = draw, name, row, draw.policy["team"]
        self.people = sorted((who for who in draw.people.values() if who.get("department", EXPERTS) == name),
                             key=lambda who: who["id"])
        self.number = {who["id"]: o for o, who in enumerate(self.people)}
        self.found, self.lengths = {}, {}  # bars, and lengths of general lists
        self.lapsed = []  # (unit, position of the pin, officer, reason)
        self.slots = [slot for unit in draw.visits for slot in self.post_slots(unit)]
        self.pinned = {(slot.unit, slot.only) for slot in self.slots if slot.only is not None}
        self.wide, self.tried = dict.fromkeys(draw.visits, 0), 0
        self.groups, self.offices = ({code: k for k, code in enumerate(sorted(
            {of(self.team, who) for who in self.people} - {None}))} for of in (group_of, office_of))
        self.candidates = {slot: self.may_hold(slot) for slot in self.slots}

    def bars(self, unit, needs, o, **eased):
        return bars_of(self.draw.policy, self.name, self.draw.units[unit], self.people[o], self.draw.standings.get(
            unit, {}), self.draw.recused, self.draw.days.get(unit), needs, **eased)

    def barred(self, slot, o):
        return self.first_bar(slot.unit, slot.needs, o)

    def first_bar(self, *key):  # unit, what the post needs, officer
        if key not in self.found:
            self.found[key] = next(iter(self.bars(*key)), None)
        return self.found[key]

    # ---- Spec 11.2.2 and 11.2.3 ----

    def post_slots(self, unit):
        slots = {code: [Slot(unit, code, places, needs)] for code, places, needs in posts_at(self.draw.policy, self.row, self.draw.units[unit])}
        taken = set()
        for k, pin in enumerate(self.team.get("pins", [])):
            who = self.draw.people.get(pin["inspector"], {})
            if pin["unit"] != unit or who.get("department") != self.name:
                continue
            o, row = self.number[pin["inspector"]], slots.get(pin["post"])
            reason = ("post" if row is None else self.barred(row[0], o) or
                      ("twice" if o in taken else None if row[0].places else "places"))
            if reason:
                self.lapsed.append((unit, k, pin["inspector"], reason))
                continue
            taken.add(o)
            row[0].places -= 1
            row.append(Slot(unit, pin["post"], 1, row[0].needs, o))
        return [slot for row in slots.values() for slot in row if slot.places]

    # ---- Spec 11.2.4 ----

    def may_hold(self, slot, **eased):
        if slot.only is not None:
            return [slot.only]
        free = [o for o in range(len(self.people)) if (slot.unit, o) not in self.pinned]
        if eased:
            return [o for o in free if not any(True for _ in self.bars(slot.unit, slot.needs, o, **eased))]
        return [o for o in free if self.barred(slot, o) is None]

    def shortlist(self, slot):
        """The candidates, and whether the list ended."""
        if "shortlist" not in self.team or slot.only is not None:
            return self.candidates[slot], True
        general = [o for o in range(len(self.people)) if not
                   {"qualification", "jurisdiction"} & set(self.bars(slot.unit, slot.needs, o))]
        may, taken, n = set(self.candidates[slot]), [], len(general)
        words = Words(f"shortlist/{self.name}/{slot.unit}/{slot.code}", self.draw.seed)
        for t in range(n):
            if len(taken) == self.width(slot.unit):
                return sorted(taken), False
            k = t + words.below(n - t)
            general[t], general[k] = general[k], general[t]
            taken += [general[t]] if general[t] in may else []
        return sorted(taken), True

    def width(self, unit):
        return self.team["shortlist"] << self.wide[unit]

    # ---- The game ----

    def officer(self, o, more):
        who, caps = self.people[o], self.team.get("caps", {})
        cap = who.get("cap", (self.team["experts"] if self.name == EXPERTS else self.team)["cap"])
        return Officer(cap + more, tuple(caps[name] + more if name in caps else None for name in SPANS),
                       who.get("load", 0), self.groups.get(group_of(self.team, who)),
                       self.offices.get(office_of(self.team, who)))

    def game(self, lists, raised=(), absent=()):
        rank, most = {u: v for v, u in enumerate(self.draw.visits)}, self.team.get("limit", {}).get("most")
        when = [self.draw.days.get(u) for u in self.draw.visits]
        return Game([tuple(number(date) for number in SPANS.values()) if date else None for date in when],
                    [Post(rank[slot.unit], 0 if slot in absent else slot.places, lists[slot], most,
                          slot.only is not None)
                     for slot in self.slots],
                    [self.officer(o, o in raised) for o in range(len(self.people))],
                    [self.team.get("caps", {}).get("office")] * len(self.offices),
                    billionths(self.team["ceiling"]) * W // ONE)

    def feasible(self):  # Spec 11.2.5
        while True:
            found = {slot: self.shortlist(slot) for slot in self.slots}
            self.lists = {slot: names for slot, (names, _) in found.items()}
            parts = components(self.game(self.lists))
            short = {self.slots[p].unit for part in parts for shortage in part.shortages for p in shortage.posts}
            wider = short & {slot.unit for slot, (_, ended) in found.items() if not ended}
            if not wider:
                return parts
            before = dict(self.wide)
            for unit in wider:
                self.wide[unit] += 1
            if sum(map(self.most_pairs, self.slots)) > self.draw.budget:  # Spec 11.14
                self.wide = before
                return parts

    def most_pairs(self, slot):  # Spec 11.14
        if slot.only is not None:
            return 2
        unit = self.draw.units[slot.unit]
        key = unit["division"], unit["kind"], slot.needs
        if key not in self.lengths:
            self.lengths[key] = length(self.draw.policy, self.people, self.name, *key)
        return 1 + min(self.lengths[key], self.width(slot.unit))

    # ---- Spec 11.12 ----

    def ways_out(self, shortage, others):
        """others: the other shortages of the party."""
        own, reach = {self.slots[p] for p in shortage.posts}, self.row.get(
            "jurisdiction", self.team["jurisdiction"])

        absent = {self.slots[p] for short in others for p in short.posts}

        def missing(raised=(), **eased):
            lists = {slot: self.may_hold(slot, **eased) if slot in own else self.lists[slot]
                     for slot in self.slots}
            parts = components(self.game(lists, set(raised), absent if raised else ()), 8)
            return (sum(short.need - short.can_fill for part in parts for short in part.shortages)
                    - (0 if raised else sum(short.need - short.can_fill for short in others)))
        ways = {"cap": missing(shortage.officers)}
        if self.team["rotation"] and "visited_since" not in self.draw.policy.get("population", {}):
            ways["rotation"] = missing(waived=("rotation",))
        wider = divisions_of(self.draw.policy["frame"]["divisions"]).wider(reach)
        if wider:
            ways["jurisdiction"] = missing(reach=wider)
        if wider not in (None, "any"):
            ways["anywhere"] = missing(reach="any")
        return ways

    # ---- Spec 12.2 ----

    def named(self, entry):
        return entry | ({} if self.name == EXPERTS else {"department": self.name})

    def are_tried(self, part, short):
        """Whether ways out of the next shortage are tried (Spec 11.14)."""
        near = self.row.get("jurisdiction", self.team["jurisdiction"]) == "any"
        known = (self.slots[p] for p in part.posts) if near else self.slots
        self.tried += sum(len(self.lists[slot]) for slot in known) + len(self.people) * len(short.posts)
        return self.tried <= 4 * self.draw.budget

    def shortage(self, part, short, others):
        slots, groups = [self.slots[p] for p in short.posts], sorted(self.groups)
        codes = [code for code, *_ in posts_of(self.row)]
        units = {code: sorted({slot.unit for slot in slots if slot.code == code}) for code in codes}
        posts = {(slot.unit, slot.code): slot for slot in slots}.values()
        losses = Counter(self.barred(slot, o) for slot in posts for o in range(len(self.people)))
        limits = [{"group": groups[g], "post": self.slots[p].code, "unit": self.slots[p].unit}
                  for p, g in short.limits]
        return self.named({
            "can_fill": short.can_fill, "need": short.need, "officers": [self.people[o]["id"] for o in short.officers],
            "posts": [{"post": code, "units": units[code]} for code in codes if units[code]],
            "losses": {reason: n for reason, n in losses.items() if reason},
            "ways_out": self.ways_out(short, others) if self.are_tried(part, short) else {},
            **({"limits": limits} if limits else {})})

    def widened(self):
        widths = defaultdict(list)
        for unit, w in self.wide.items():
            widths[w] += [unit] if w else []
        return [self.named({"shortlist": self.team["shortlist"] << w, "units": units})
                for w, units in sorted(widths.items()) if units]

    def assign(self):
        """[(slot, [(officer, chance)], vacancies)], the chance table [(slot, officer, x)], raised, shortages."""
        parts, held, table, raised, short = self.feasible(), defaultdict(list), [], [], []
        every = [s for part in parts for s in part.shortages]
        name = lambda o: self.people[o]["id"]
        for part in parts:
            x = part.chances()
            first = self.draw.visits[part.visits[0]]
            for p, o in part.draw(x, Words(f"teams/{self.name}/{first}", self.draw.seed)):
                held[p] += [] if part.is_chair(o) else [{"chance": x[p, o], "id": name(o)}]
            table += [(self.slots[p], name(o), chance) for (p, o), chance in x.items() if not part.is_chair(o)]
            raised += [self.named({"ceiling": ceiling, "units": [self.draw.visits[v] for v in visits]})
                       for ceiling, visits in part.raised()]
            short += [self.shortage(part, s, [other for other in every if other is not s]) for s in part.shortages]
        return [(slot, held[p]) for p, slot in enumerate(self.slots)], table, raised, short

class Draw:
    def __init__(self, policy, units, picks, roster, standings, seed):
        self.policy, self.units, self.visits, self.seed = policy, units, sorted(picks), seed
        self.standings, self.recused = standings, {(row["inspector"], row["unit"]) for row in roster["recusals"]}
        self.people = {who["id"]: who for who in roster["inspectors"] + roster.get("experts", [])}
        self.days = days_of(policy, units, picks, seed)
        self.budget = budget(len(units) + len(self.people))

def teams_of(policy, units, picks, roster, standings, seed):
    """Spec 12.2: the `teams` of a record."""
    draw, lines, raised, shortages, widened = Draw(policy, units, picks, roster, standings, seed), [], [], [], []
    visits, sending = {u: {"posts": [], "experts": []} for u in draw.visits}, set()
    lapsed, pools = [], []
    for position, (name, row) in enumerate(parties(policy["team"])):
        party, sending = Party(draw, name, row), sending | {name}
        slots, table, up, short = party.assign()
        codes = [code for code, *_ in posts_of(row)]
        lines += [((slot.unit, position, codes.index(slot.code), o), f"{slot.unit} {name} {slot.code} {o} {x}\n")
                  for slot, o, x in table]
        whole = defaultdict(lambda: [0, []])  # an extra post is written with its post
        for slot, held in slots:
            whole[slot.unit, slot.code][0] += slot.places
            whole[slot.unit, slot.code][1].extend(held)
        for (unit, code), (places, held) in whole.items():
            list_, field = ("experts", "experts") if name == EXPERTS else ("posts", "officers")
            visits[unit][list_].append(party.named({"post": code, "vacancies": places - len(held), field: sorted(
                held, key=lambda officer: officer["id"])}))
        raised, shortages, widened = raised + up, shortages + short, widened + party.widened()
        lapsed += party.lapsed
        pools += pools_of(party, sorted(draw.visits))
    for k, pin in enumerate(policy["team"].get("pins", [])):  # Spec 11.2.3: no party of the draw has him
        if pin["unit"] in visits and draw.people.get(pin["inspector"], {}).get("department") not in sending:
            lapsed.append((pin["unit"], k, pin["inspector"], "unknown"))
    rows = [{"inspector": o, "unit": unit} for unit, _, o, _ in sorted(lapsed)]  # the reason is not published
    return {"pools": pools, "raised": raised, "shortages": shortages, "table": H("table", "".join(line for _, line in sorted(lines))),
            "visits": [{"posts": found["posts"], "unit": u, **({"day": draw.days[u]} if draw.days else {}),
                        **({"experts": found["experts"]} if found["experts"] else {}),
                        **lead_of(seed, u, found["posts"], policy["team"])} for u, found in visits.items()],
            **({"lapsed": rows} if rows else {}), **({"widened": widened} if widened else {})}
