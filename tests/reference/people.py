"""Spec 19, `people`: the teams that were entered, against the records and rosters of their draws."""
from functools import cached_property

from published import kept_units
from replay import parties, posts_of

class Bounds:
    """What a draw says of the teams of its visits."""

    def __init__(self, attempt, files):
        self.attempt, self.files = attempt, files

    @cached_property
    def largest(self):  # the places of the largest team that the policy sends to any kind of institution
        policy = self.files["record"]["policy"]
        return max(sum(places for _, row in parties(policy["team"]) for _, places, _ in posts_of(row, kind))
                   for kind in policy["frame"]["kinds"])

    @cached_property
    def keeps(self):  # whether nobody else sends people to a unit
        return kept_units(self.files["record"], self.files.get("frame"))

    @cached_property
    def places(self):  # of the visits of the record
        return {visit["unit"]: sum(
            len(post[field]) + post["vacancies"] for list_, field in (("posts", "officers"), ("experts", "experts"))
            for post in visit.get(list_, [])) for visit in self.files["record"]["teams"]["visits"]}

    @cached_property
    def roster(self):  # or None
        rows = self.files.get("roster")
        return rows and {row["id"] for kind in ("inspectors", "experts") for row in rows.get(kind, [])}

def draws_of(stand, number, content):
    """Those against which a team is held: its draw, or the draws that stand before and after the entry."""
    outside = content["kind"] == "inspected"
    own = [bounds for bounds in stand if outside or bounds.attempt.name[0] == content["draw"]]
    before = [bounds for bounds in own if bounds.attempt.number < number][-1:]
    return before + ([bounds for bounds in stand if bounds.attempt.number > number][:1] if outside else [])

def wrong_teams(ledger, draws):
    """(how many teams could be looked at, the number of the first entry with a wrong one or None, what is wrong)."""
    stand = [Bounds(attempt, draws.get(attempt.name, {})) for attempt in ledger.attempts.values()
             if attempt.drawn and not attempt.taken_back()]
    looked_at = 0
    for number, content in sorted(ledger.current.items()):
        if "team" not in content:
            continue
        known = draws_of(stand, number, content)
        if not known or not all("record" in bounds.files for bounds in known):
            continue
        if content["kind"] == "visited" and not known[0].keeps(content["unit"]):
            continue  # others send who goes there (Spec 27.2)
        looked_at += 1
        own = known[0].places.get(content["unit"]) if content["kind"] == "visited" else None
        most = own or max(bounds.largest for bounds in known)
        if len(content["team"]) > most:
            return looked_at, number, f"{len(content['team'])} people, at most {most}"
        if all(bounds.roster is not None for bounds in known):
            strangers = [who for who in content["team"] if not any(who in bounds.roster for bounds in known)]
            if strangers:
                return looked_at, number, f"{strangers[0]} is on no roster"
    return looked_at, None, ""
