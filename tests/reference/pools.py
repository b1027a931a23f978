"""Spec 11.2.6: the pools of a record: how many people may hold each post of a visit, and how many each bar removes."""
from collections import Counter

from replay import posts_at, posts_of

def pools_of(party, units):
    """The entries of one party. `party` is that of teams.py, `units` are the visits, ascending."""
    rows = {}  # {position of the post: {(may, reasons): [unit…]}}
    codes = [code for code, *_ in posts_of(party.row)]
    for unit in units:
        for code, _, needs in posts_at(party.draw.policy, party.row, party.draw.units[unit]):
            reasons = Counter(party.first_bar(unit, needs, o) for o in range(len(party.people)))
            value = reasons.pop(None, 0), tuple(sorted(reasons.items()))
            rows.setdefault(codes.index(code), {}).setdefault(value, []).append(unit)
    found = []
    for number, values in sorted(rows.items()):
        values = sorted(values.items(), key=lambda row: row[1][0])
        first = max(values, key=lambda row: len(row[1]))  # of equal ones the first
        for (may, reasons), here in [first, *(row for row in values if row is not first)]:
            named = {} if (may, reasons) == first[0] else {"units": here}
            found.append(party.named({"barred": dict(reasons), "may": may, "post": codes[number], **named}))
    return found
