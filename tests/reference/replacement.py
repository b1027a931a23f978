"""Spec 11.13: the replacement of an officer who drops out, and how the teams stand after it.

For auditors; see replay.py. The teams are those of a record, or what earlier replacements made of them.
"""
import copy
from collections import Counter, namedtuple

from basics import H, need
from replay import EXPERTS, held_posts, lead_of, parties, posts_of
from plan import SPANS, barred, group_of, office_of
from audit import by_id, recused_pairs

Place = namedtuple("Place", "unit party post out")  # `out` is its holder, who goes

class Teams:
    """The visits of a record as they stand."""

    def __init__(self, record, files):
        self.policy, self.seed, self.recused = record["policy"], record["seed"], recused_pairs(files["roster"])
        self.team, self.units = self.policy["team"], by_id(files["frame"]["units"])
        self.people = by_id(files["roster"]["inspectors"] + files["roster"].get("experts", []))
        self.standings = by_id(files["cycle"]["standings"], "unit")
        self.visits = by_id(copy.deepcopy(record["teams"]["visits"]), "unit")
        self.caps, self.away = self.team.get("caps", {}), set()
        self.pins = {(pin["unit"], pin["post"], pin["inspector"]) for pin in self.team.get("pins", [])}

    def places(self):  # every place that is held
        return [Place(unit, party, post, who) for unit, visit in self.visits.items()
                for party, post, held, _ in held_posts(visit) for who in held]

    def place(self, unit, out):
        found = [place for place in self.places() if (place.unit, place.out) == (unit, out)]
        need(len(found) == 1, f"{out} has no place at {unit}")
        return found[0]

    def load(self, who):  # the visits he has
        return sorted(place.unit for place in self.places() if place.out == who)

    # ---- Spec 11.13.1 ----

    def bar(self, place, who):
        unit, row = self.units[place.unit], dict(parties(self.team))[place.party]
        [needs] = [needs for post, _, needs in posts_of(row, unit["kind"]) if post == place.post]
        return barred(self.policy, place.party, unit, self.people[who], self.standings.get(place.unit, {}),
                      self.recused, self.visits[place.unit].get("day"), needs)

    def bars(self, place):
        """For all people of the party: {officer: reason or None}."""
        return {who: self.bar(place, who) for who, row in sorted(self.people.items())
                if row.get("department", EXPERTS) == place.party}

    def admissible(self, place):
        here = {other.out for other in self.places() if other.unit == place.unit}
        return [who for who, reason in self.bars(place).items() if reason is None and who not in here | self.away]

    def ticket(self, place, who):
        return H("reserve", f"{self.key} {place.unit} {place.post} {who}")

    def pinned(self, place):  # Spec 11.13.1
        return (place.unit, place.post, place.out) in self.pins

    def obstacle(self, place, who, without=None):
        """The first that leaves him no room, in the order of Spec 11.13.2, or None; `without` is a visit of his."""
        row, when = self.people[who], self.visits[place.unit].get("day")
        others = [other for other in self.places() if other != place and (other.out, other.unit) != (who, without)]
        days = [self.visits[other.unit].get("day") for other in others if other.out == who]
        cap = row.get("cap", (self.team["experts"] if place.party == EXPERTS else self.team)["cap"])
        office, group = office_of(self.team, row), group_of(self.team, row)
        alike = lambda of, code, rows: code is not None and sum(of(self.team, self.people[o.out]) == code for o in rows)
        party = [other for other in others if other.party == place.party]
        post = [other for other in party if (other.unit, other.post) == place[::2] and not self.pinned(other)]
        full = {"office": office is not None and alike(office_of, office, party) >= self.caps["office"],
                "limit": group is not None and alike(group_of, group, post) >= self.team["limit"]["most"],
                "cap": len(days) >= cap,
                **{name: name in self.caps and list(map(number, days)).count(number(when)) >= self.caps[name]
                   for name, number in SPANS.items()}}
        return next((name for name, so in full.items() if so), None)

    def pool(self, place):
        return [who for who in self.admissible(place) if self.obstacle(place, who) is None]

    def choose(self, place, pool):
        """Who takes the place, or None."""
        rank = lambda who: (self.people[who].get("load", 0) + len(self.load(who)), self.ticket(place, who))
        return min(pool, key=rank, default=None)

    def move(self, place, who):
        return {"by": who, "out": place.out, "post": place.post, "ticket": self.ticket(place, who), "unit": place.unit}

    # ---- Spec 11.13.2 ----

    def chain(self, first):
        """The moves, that into the first place first, or None."""
        found, tried = [(first, [])], set()
        for place, way in found:  # which grows
            who = self.choose(place, self.pool(place)) if way else None
            if who is not None and who not in {move["by"] for move in way}:
                return [*way, self.move(place, who)]
            for who in sorted(self.admissible(place), key=lambda who: self.ticket(place, who)):
                if who not in tried and self.obstacle(place, who) in ("cap", *SPANS):
                    tried.add(who)
                    found += [(self.place(unit, who), [*way, self.move(place, who)]) for unit in self.load(who)
                              if self.obstacle(place, who, unit) is None]
        return None

    # ---- The teams afterwards ----

    def leave(self, unit, out, vacant):
        for post, list_ in self.lists(unit):
            if any(officer["id"] == out for officer in list_):
                list_[:] = [officer for officer in list_ if officer["id"] != out]
                post["vacancies"] += vacant

    def lists(self, unit):
        visit = self.visits[unit]
        return ([(post, post["officers"]) for post in visit["posts"]]
                + [(post, post["experts"]) for post in visit.get("experts", [])])

    def apply(self, moves):
        for place, who in moves:
            for post, list_ in self.lists(place.unit):
                if (post.get("department", EXPERTS), post["post"]) == (place.party, place.post):
                    self.leave(place.unit, place.out, 0)
                    list_.append({"chance": 0, "id": who})
                    list_.sort(key=lambda officer: officer["id"])

    def leads(self):  # Spec 11.11, where the lead is no longer there
        for unit, visit in self.visits.items():
            if visit.get("lead") in {officer["id"] for post in visit["posts"] for officer in post["officers"]}:
                continue
            visit.pop("lead", None)
            visit.update(lead_of(self.seed, unit, visit["posts"], self.team))

    def replace(self, unit, out, away, key):
        """The result; the chain counts as approved. `away` are the officers who dropped out of the visit before."""
        self.key, self.away, place = key, {out, *away}, self.place(unit, out)
        reasons = {reason: n for reason, n in Counter(self.bars(place).values()).items() if reason}
        pool, full = self.pool(place), len(self.admissible(place))
        if pool:
            who = self.choose(place, pool)
            result = {"drawn": {"place": self.move(place, who), "barred": reasons, "pool": len(pool)}}
            self.apply([(place, who)])
        elif moves := self.chain(place):
            result = {"chain": {"moves": moves}}
            self.apply([(self.place(move["unit"], move["out"]), move["by"]) for move in moves])
        else:  # Spec 11.13.3
            result = {"vacant": {"post": place.post, "barred": reasons, "full": full}}
            self.leave(unit, out, 1)
        self.leads()
        return result
