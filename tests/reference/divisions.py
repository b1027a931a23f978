"""Spec 9.7: division lists. A list of digits has the area above in its digits; in an own list entries name it."""
import re

from basics import CODE, has_fields, is_text
from names import is_division

LEVELS = (["province", "city", "county", "township", "village"], [f"area{depth}" for depth in range(1, 6)])
AREAS = [*LEVELS[0], *LEVELS[1]]
DIGITS = 2, 4, 6, 9, 12

def is_entry(row):  # step 1
    if isinstance(row, str):
        return re.fullmatch(CODE, row) is not None
    return (has_fields(row, "code name? parent?") and len(row) > 1 and is_text(row.get("name", "0"))
            and all(re.fullmatch(CODE, row.get(key, "0")) for key in ("code", "parent")))

class Divisions:
    def __init__(self, entries):
        rows = [{"code": row} if isinstance(row, str) else row for row in entries]
        self.codes = [row["code"] for row in rows]
        self.parents = {row["code"]: row["parent"] for row in rows if "parent" in row}
        self.names = {row["code"]: row["name"] for row in rows if "name" in row}
        self.own = len(self.parents) > 0 or len(rows) > 0 and not any(map(is_division, self.codes))  # step 2
        self.chains = {code: self.chain(code) for code in self.codes}
        depths = [len(chain) for chain in self.chains.values()]
        self.depth = max(depths, default=1) if self.own else max([3, *depths])

    def chain(self, code):  # the areas from the outermost down to the division, in an own list at most six
        if not self.own:
            cut = [n for n in DIGITS if n <= len(significant(code))] if is_division(code) else []
            return [code[:n] + "000000"[n:] for n in cut]
        chain = [code]
        while chain[0] in self.parents and len(chain) < 6:
            chain.insert(0, self.parents[chain[0]])
        return chain

    def levels(self):
        return LEVELS[self.own][:self.depth]

    def depth_of(self, level):
        return LEVELS[self.own].index(level) + 1

    def knows(self, code):
        return code in self.chains if self.own else is_division(code)

    def at(self, division, level):  # step 3
        chain = self.chains.get(division) or self.chain(division)
        return ([*chain, division] if len(chain) < self.depth_of(level) else chain)[
            min(self.depth_of(level) - 1, len(chain))]

    def covers(self, wide, narrow):  # step 4
        if self.own:
            return wide in (self.chains.get(narrow) or [narrow])
        return narrow.startswith(significant(wide))

    def share(self, level, one, other):  # step 5
        return self.at(one, level) == self.at(other, level) or self.covers(one, other) or self.covers(other, one)

    def reaches(self, reach, own, place):  # Spec 11.1
        return reach == "any" or (self.covers(own, place) if reach == "own" else self.share(reach, own, place))

    def wider(self, reach):  # Spec 11.12
        reaches = ["any", *LEVELS[self.own][:self.depth - 1], "own"]
        if reach in self.levels():
            return reaches[self.depth_of(reach) - 1]
        return None if reach == "any" else reaches[-2]

    def refusals(self):
        """Rows (what, expected, found), which must agree."""
        yield "codes of divisions", len(self.codes), len(set(self.codes))
        if not self.own:
            yield "divisions of GB/T 2260", [], [code for code in self.codes if not is_division(code)]
        yield "parents", [], [code for code, above in self.parents.items() if above not in self.chains]
        yield "areas in themselves or too deep", [], [code for code, chain in self.chains.items() if len(chain) > 5]

def significant(code):  # the digits before trailing pairs 00
    return code[:2] if code[2:] == "0000" else code[:4] if len(code) == 6 and code[4:] == "00" else code

MADE = []  # the lists that are in use: one policy asks its list a thousand times

def divisions_of(entries):
    for known, made in MADE:
        if known is entries:
            return made
    MADE[:] = [(entries, Divisions(entries)), *MADE[:3]]
    return MADE[0][1]

def strata_of(policy, unit):  # Spec 10.3
    places = divisions_of(policy["frame"]["divisions"])
    return [places.at(unit["division"], name) if name in AREAS else unit[name] for name in policy["strata"]]

def shown(policy, code):  # step 6
    name = divisions_of(policy["frame"]["divisions"]).names.get(code, policy.get("labels", {}).get(code))
    return f"{name} {code}" if name else code
