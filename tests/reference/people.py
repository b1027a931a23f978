"""Spec 19, `people`: the teams that were entered, against the records and rosters of their draws."""
from replay import parties, posts_of

def largest(policy):
    """The places of the largest team that the policy sends to any kind of institution."""
    return max(sum(places for _, row in parties(policy["team"]) for _, places, _ in posts_of(row, kind))
               for kind in policy["frame"]["kinds"])

def places_at(record, unit):
    """Those of a visit of the record, or None."""
    visit = next((visit for visit in record["teams"]["visits"] if visit["unit"] == unit), None)
    return visit and sum(len(post[field]) + post["vacancies"] for list_, field in (("posts", "officers"),
                         ("experts", "experts")) for post in visit.get(list_, []))

def on_roster(files):
    return {row["id"] for rows in ("inspectors", "experts") for row in files["roster"].get(rows, [])}

def draws_of(ledger, number, content):
    """The attempts against which a team is held: its draw, or those that stand before and after the entry."""
    stand = [a for a in ledger.attempts.values() if a.drawn and not a.taken_back()]
    own = [a for a in stand if content["kind"] == "inspected" or a.name[0] == content["draw"]]
    before, after = [a for a in own if a.number < number][-1:], [a for a in stand if a.number > number][:1]
    return before + (after if content["kind"] == "inspected" else [])

def wrong_teams(ledger, draws):
    """(how many teams could be looked at, the number of the first entry with a wrong one or None, what is wrong)."""
    looked_at = 0
    for number, content in sorted(ledger.current.items()):
        if "team" not in content:
            continue
        known = [draws.get(attempt.name, {}) for attempt in draws_of(ledger, number, content)]
        if not known or not all("record" in files for files in known):
            continue
        looked_at += 1
        own = places_at(known[0]["record"], content["unit"]) if content["kind"] == "visited" else None
        most = own or max(largest(files["record"]["policy"]) for files in known)
        if len(content["team"]) > most:
            return looked_at, number, f"{len(content['team'])} people, at most {most}"
        if all("roster" in files for files in known):
            strangers = [who for who in content["team"] if not any(who in on_roster(files) for files in known)]
            if strangers:
                return looked_at, number, f"{strangers[0]} is on no roster"
    return looked_at, None, ""
