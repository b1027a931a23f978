"""Spec 11.13: the replacement of an officer who drops out, and how the teams stand after it.

For auditors; see replay.py. The teams are those of a record, or what earlier replacements made of them.
"""
import copy
from collections import Counter, namedtuple

from basics import H, need
from replay import EXPERTS, held_posts, lead_of, parties, posts_at
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
        self.caps, self.away, self.settled, self.out = self.team.get("caps", {}), [], set(), None
        self.pins = {(pin["unit"], pin["post"], pin["inspector"]) for pin in self.team.get("pins", [])}
        self.changed = set()  # units whose visit has changed
        self.at, self.of = {}, {}  # the places that are held, by unit and by person
        for unit in self.visits:
            self.hold(unit)
        self.drawn = self.places()  # as the record has them, for good
        self.drawn_at, self.drawn_days = dict(self.at), {}  # {person: the days of his visits as drawn}
        for place in self.drawn:
            self.drawn_days.setdefault(place.out, []).append(self.visits[place.unit].get("day"))

    def hold(self, unit):
        """Notes who holds which place at a unit now; nobody, where it has no visit any more."""
        for place in self.at.pop(unit, []):
            self.of[place.out].remove(place)
        if unit in self.visits:
            self.at[unit] = [Place(unit, party, post, who) for party, post, held, _ in held_posts(self.visits[unit])
                             for who in held]
        for place in self.at.get(unit, []):
            self.of.setdefault(place.out, []).append(place)

    def places(self):  # every place that is held
        return [place for places in self.at.values() for place in places]

    def place(self, unit, out):
        found = [place for place in self.at.get(unit, []) if place.out == out]
        need(len(found) == 1, f"{out} has no place at {unit}")
        return found[0]

    def load(self, who):  # the visits he has
        return sorted(place.unit for place in self.of.get(who, []))

    # ---- Spec 11.13.1: the reserves of a post, as drawn ----

    def bar(self, place, who):
        unit, row = self.units[place.unit], dict(parties(self.team))[place.party]
        [needs] = [needs for post, _, needs in posts_at(self.policy, row, unit) if post == place.post]
        return barred(self.policy, place.party, unit, self.people[who], self.standings.get(place.unit, {}),
                      self.recused, self.visits[place.unit].get("day"), needs)

    def bars(self, place):
        """For all people of the party: {officer: reason or None}."""
        return {who: self.bar(place, who) for who, row in sorted(self.people.items())
                if row.get("department", EXPERTS) == place.party}

    def ticket(self, place, who):
        return H("reserve", f"{self.seed} {place.unit} {place.post} {who}")

    def had_room(self, place, who):
        """In the teams as drawn, those who hold the post there not counted."""
        row, when = self.people[who], self.visits[place.unit].get("day")
        days, office = self.drawn_days.get(who, []), office_of(self.team, self.people[who])
        cap = row.get("cap", (self.team["experts"] if place.party == EXPERTS else self.team)["cap"])
        alike = lambda: [other for other in self.drawn if other.party == place.party and (
            other.unit, other.post) != place[::2] and office_of(self.team, self.people[other.out]) == office]
        return (len(days) < cap and (office is None or len(alike()) < self.caps["office"])
                and all(name not in self.caps or list(map(number, days)).count(number(when)) < self.caps[name]
                        for name, number in SPANS.items()))

    def reserves(self, place):
        there = {other.out for other in self.drawn_at.get(place.unit, []) if other.party == place.party}
        may = [who for who, reason in self.bars(place).items() if reason is None and who not in there]
        return sorted(may, key=lambda who: (not self.had_room(place, who), self.ticket(place, who)))

    # ---- Who of them comes now ----

    def span(self, unit):
        when, window = self.visits[unit].get("day"), self.policy["window"]
        return (when, when) if when else (window["from"], window["to"])

    def is_out(self, row, unit):  # by the dates, and the one unit if there is one
        first, last = self.span(unit)
        return row.get("unit", unit) == unit and row["dates"]["from"] <= last and first <= row["dates"]["to"]

    def can_come(self, place, who):
        here = {other.out for other in self.at.get(place.unit, [])}
        return who != self.out and who not in here and not any(
            row["id"] == who and self.is_out(row, place.unit) for row in self.away)

    def pinned(self, place):  # Spec 11.13.1
        return (place.unit, place.post, place.out) in self.pins

    def obstacle(self, place, who, without=None):
        """The first that leaves him no room, in the order of Spec 11.13.2, or None; `without` is a visit of his."""
        row, when = self.people[who], self.visits[place.unit].get("day")
        stays = lambda other: other != place and (other.out, other.unit) != (who, without)
        days = [self.visits[other.unit].get("day") for other in self.of.get(who, []) if stays(other)]
        cap = row.get("cap", (self.team["experts"] if place.party == EXPERTS else self.team)["cap"])
        office, group = office_of(self.team, row), group_of(self.team, row)
        party = lambda places: [other for other in places if stays(other) and other.party == place.party]
        post = lambda: [other for other in party(self.at.get(place.unit, [])) if other.post == place.post
                        and not self.pinned(other)]
        alike = lambda of, code, rows: sum(of(self.team, self.people[other.out]) == code for other in rows)
        full = {"office": office is not None and alike(office_of, office, party(self.places())) >= self.caps["office"],
                "limit": group is not None and alike(group_of, group, post()) >= self.team["limit"]["most"],
                "cap": len(days) >= cap,
                **{name: name in self.caps and list(map(number, days)).count(number(when)) >= self.caps[name]
                   for name, number in SPANS.items()}}
        return next((name for name, so in full.items() if so), None)

    def choose(self, place, reserves):
        """Who takes the place, and how many were passed over; or None."""
        for number, who in enumerate(reserves):
            if self.can_come(place, who) and self.obstacle(place, who) is None:
                holders = {other.out for other in self.at.get(place.unit, []) if other[:3] == place[:3]}
                return who, sum(before not in holders | {self.out} for before in reserves[:number])
        return None

    def move(self, place, who, passed=0):
        return {"by": who, "out": place.out, **({"passed": passed} if passed else {}), "post": place.post,
                "ticket": self.ticket(place, who), "unit": place.unit}

    # ---- Spec 11.13.2 ----

    def chain(self, first):
        """The moves, that into the first place first, or None."""
        found, tried = [(first, [])], set()
        for place, way in found:  # which grows
            reserves = self.reserves(place)
            chosen = self.choose(place, reserves) if way else None
            if chosen is not None and chosen[0] not in {move["by"] for move in way}:
                return [*way, self.move(place, chosen[0])]
            for who in reserves:
                if who not in tried and self.can_come(place, who) and self.obstacle(place, who) in ("cap", *SPANS):
                    tried.add(who)
                    found += [(self.place(unit, who), [*way, self.move(place, who)]) for unit in self.load(who)
                              if unit not in self.settled and self.obstacle(place, who, unit) is None]
        return None

    # ---- The teams afterwards ----

    def leave(self, unit, out, vacant):
        for post, list_ in self.lists(unit):
            if any(officer["id"] == out for officer in list_):
                list_[:] = [officer for officer in list_ if officer["id"] != out]
                post["vacancies"] += vacant
        self.change_at(unit)

    def change_at(self, unit):
        self.hold(unit)
        self.changed.add(unit)

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
            self.change_at(place.unit)

    def leads(self):  # Spec 11.11; where nothing changed it stays
        for unit in self.changed & self.visits.keys():
            visit = self.visits[unit]
            visit.pop("lead", None)
            visit.update(lead_of(self.seed, unit, visit["posts"], self.team))

    def reassign(self, change):
        """Of one who drops out: what becomes of each of his places, in the order of the units."""
        self.away, self.settled, self.out = change.get("away", []), set(change.get("settled", [])), change["out"]
        need(self.out in self.people, f"{self.out} is not on the roster")
        units = [unit for unit in self.load(self.out) if unit not in self.settled and self.is_out(change, unit)]
        results = [self.replace(unit) for unit in units]
        self.out = None
        return results

    def replace(self, unit):
        place = self.place(unit, self.out)
        reasons = {reason: n for reason, n in Counter(self.bars(place).values()).items() if reason}
        reserves = self.reserves(place)
        chosen = self.choose(place, reserves)
        if chosen:
            result = {"drawn": {"place": self.move(place, *chosen), "barred": reasons, "pool": len(reserves)}}
            self.apply([(place, chosen[0])])
        elif moves := self.chain(place):
            result = {"chain": {"moves": moves}}
            self.apply([(self.place(move["unit"], move["out"]), move["by"]) for move in moves])
        else:  # Spec 11.13.3
            result = {"vacant": {"post": place.post, "barred": reasons, "pool": len(reserves), "unit": unit}}
            self.leave(unit, self.out, 1)
        self.leads()
        return result

def moves_of(results):
    return [move for result in results for move in
            ([result["drawn"]["place"]] if "drawn" in result else result.get("chain", {}).get("moves", []))]
