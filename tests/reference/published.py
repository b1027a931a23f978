"""Spec 13: what the public parts of a record say of each other, without a file of an auditor: the table (`strata`), the
days by lot (`days`), what `teams` says beside the visits (`statements`), and the people of the visits (for `teams`).
"""
from collections import Counter

from basics import H, ONE, W, ascend, billionths, day, has_fields, need, whole
from divisions import divisions_of

# ---- Spec 11: parties and posts ----

EXPERTS = "*experts"  # the name of their party

def parties(team):
    return [(row.get("department", EXPERTS), row) for row in team["departments"] + [team.get("experts")] if row]

def posts_of(row, kind=None):  # Spec 11.2.2: (post, places, needs) of a party at a unit of a kind, or at any
    posts = [(post["post"], post["places"], post.get("needs")) for post in row.get("posts", [])
             if kind is None or kind in post.get("kinds", [kind])]
    left = row.get("officers", 0) - sum(places for _, places, _ in posts)
    return posts + [("member", left, None)] * (left > 0 or kind is None and "officers" in row)

def posts_at(policy, row, unit):  # the same of a unit; none where the team is drawn elsewhere (Spec 27.2)
    level = policy.get("dispatch", {}).get("at")
    area = level and divisions_of(policy["frame"]["divisions"]).at(unit["division"], level)
    return [] if area and takes_whole(policy, area) else posts_of(row, unit["kind"])

def takes_whole(policy, area):  # Spec 27.2
    return any(area in part["divisions"] for part in policy.get("dispatch", {}).get("parts", []) if "departments" not in part)

def areas_of(record, *lists):
    """{unit: area} of the picks (or of other lists), of the level at which is dispatched; empty where nothing is."""
    level = record["policy"].get("dispatch", {}).get("at")
    rows = zip(record["table"]["cells"], record["sample"]) if level else []
    return {unit["id"]: component(record["policy"], cell["path"], level)
            for cell, row in rows for list_ in lists or ["picks"] for unit in row[list_]}

def kept_units(record, frame):
    """Spec 27.2: a test whether nobody else sends people to a unit. By its cell, where the record shows it, else by
    its row on the frame, else nobody can say so."""
    dispatch = record["policy"].get("dispatch")
    if dispatch is None:
        return lambda unit: True
    places, areas = divisions_of(record["policy"]["frame"]["divisions"]), areas_of(record, "picks", "reserves")
    rows = {row["id"]: row["division"] for row in (frame or {}).get("units", [])}
    of_others = {area for part in dispatch["parts"] for area in part["divisions"]}
    area_of = lambda unit: areas.get(unit) or unit in rows and places.at(rows[unit], dispatch["at"])
    return lambda unit: bool(area_of(unit)) and area_of(unit) not in of_others

def held_posts(visit):  # of a record's visit: (party, post, officers, vacancies)
    row = lambda name, post, held: (name, post["post"], [officer["id"] for officer in held], post["vacancies"])
    return [row(post["department"], post, post["officers"]) for post in visit["posts"]] + [
        row(EXPERTS, post, post["experts"]) for post in visit.get("experts", [])]

def party_of(row):
    return row.get("department", EXPERTS)

SPANS = {"day": lambda date: day(date).toordinal(),
         "week": lambda date: (day(date).toordinal() - 1) // 7}  # 0001-01-01 was a Monday

# ---- Strata ----

def component(policy, path, stratum):
    """What a path has at a stratum, or None without it."""
    parts = path.split("/")[1:]
    return dict(zip(policy["strata"], parts)).get(stratum)

def kinds_of_picks(record):
    """{unit: kind} and {unit: division} of the picks, as far as the strata say them."""
    whole = divisions_of(record["policy"]["frame"]["divisions"]).levels()[-1]
    found = {"kind": {}, whole: {}}
    for cell, row in zip(record["table"]["cells"], record["sample"]):
        for name, units in found.items():
            value = component(record["policy"], cell["path"], name)
            if value is not None:
                units.update((pick["id"], value) for pick in row["picks"])
    return found["kind"], found[whole]

def sizes_of(policy, path):
    """Spec 10.2: the least and the largest size of a cell where base and signals alone make it, or None."""
    design, signals = policy["design"], sum(billionths(row["add"]) for row in policy.get("signals", []))
    bounded = billionths(policy["coverage"]["minimum"]) > 0 or "ratios" in policy
    if "rating" in policy or design["method"] == "frequency" or design["method"] == "rate" and bounded:
        return None
    if design["method"] == "rate":
        rate = billionths(design["rate"])
        return min(ONE, rate), min(ONE, ONE if "certainties" in policy else rate + signals)
    levels = [(name, component(policy, path, name)) for name in ("risk", "credit")]
    visits = [billionths(row["visits"]) for row in policy.get("frequency", [])
              if all(code in (None, row[name]) for name, code in levels)]
    if "frequency" not in policy:
        visits = [ONE]
    return (min(visits), max(visits) + signals) if visits else None

# ---- Spec 28.3: the registers that a seal names ----

def owners(list_, registers):
    """{division of the list: (the register that it belongs to, the division that this names)}, Spec 28.2."""
    named, places = {}, divisions_of(list_)
    for register in registers:
        for division in register["divisions"]:
            named.setdefault(division, register)
    chain = lambda division: places.chains.get(division) or places.chain(division) or [division]
    divided = {area for division in named for area in chain(division)[:-1]}
    nearest = {code: [area for area in chain(code) if area in named][-1:] for code in places.codes}
    return {code: (named[area], area) for code, found in nearest.items() for area in found
            if area == code or area not in divided}

def listed_registers(policy, registers):
    """(what, those that break it): what registers break whatever their rows are, Spec 28.2."""
    list_, times = policy["frame"]["divisions"], Counter(register["authority"] for register in registers)
    named = Counter(division for register in registers for division in register["divisions"])
    of = owners(list_, registers)
    yield "twice", [name for name, n in times.items() for _ in range(n - 1)]
    yield "day", [register["authority"] for register in registers if register["as_of"] != policy["as_of"]]
    yield "shared", [division for division, n in named.items() for _ in range(n - 1)]
    yield "missing", [code for code in divisions_of(list_).codes if code not in of]
    idle = named.keys() - {area for _, area in of.values()}
    yield "idle", [division for register in registers for division in register["divisions"] if division in idle]

def check_registers(record, files):
    registers = record["seal"].get("registers")
    if registers is None:
        raise NotHere("the seal names no registers")
    yield "registers", True, 1 <= len(registers) <= 10_000 and ascend([register["authority"] for register in registers])
    for register in registers:
        yield "fields of a register", True, has_fields(register, "as_of authority divisions root size")
        yield "its divisions and size", True, len(register["divisions"]) > 0 and ascend(register["divisions"]) and whole(
            register["size"])
    for what, rows in listed_registers(record["policy"], registers):
        yield f"registers: {what}", [], rows
    yield "units of all registers", sum(register["size"] for register in registers), record["seal"]["frame"]["size"]

def check_strata(record, files):
    policy, table = record["policy"], record["table"]
    counts = [cell["count"] for cell in table["cells"]] + list(table.get("exclusions", {}).values())
    yield "units in the cells and among the excluded", record["seal"]["frame"]["size"], sum(counts)
    listed, scope = policy["frame"].get("listed", []), policy.get("population", {})
    own = {"closed": "closed" in listed, "suspended": "suspended" in listed, "licence_expired": "expired" in listed,
           "out_of_scope": bool(scope)}
    codes = {row["code"] for row in policy.get("exclusions", [])} | {code for code, possible in own.items() if possible}
    excluded = table.get("exclusions", {})
    yield "codes of exclusions", [], [code for code, n in excluded.items() if code not in codes or n < 1]
    areas = divisions_of(policy["frame"]["divisions"])
    places = [name for name in policy["strata"] if name in areas.levels()]
    meant = [code for code in areas.codes if any(areas.covers(wide, code) for wide in scope.get("divisions", [code]))]
    divisions = {tuple(areas.at(code, level) for level in places) for code in meant}
    kinds = policy["frame"]["kinds"]
    words = {"kind": set(kinds) & set(scope.get("kinds", kinds)), "risk": set(policy["frame"]["risk"]),
             "credit": set(policy["frame"]["credit"])}
    certainties = policy.get("certainties", [])
    for cell in table["cells"]:
        path, parts = cell["path"], cell["path"].split("/")[1:]
        at = dict(zip(policy["strata"], parts))
        known = len(parts) == len(policy["strata"]) and tuple(at[name] for name in places) in divisions
        yield f"path {path}", True, known and all(
            at[name] in words[name] for name in at.keys() & words.keys())
        exempt = [row for row in policy.get("exclusions", []) if at.get("kind") in row["rule"].get("kinds", [])
                  and at["kind"] in row.get("kinds", [at["kind"]])]
        yield f"exempt kind of {path}", [], [] if certainties and cell["certain"] else exempt
        sizes = sizes_of(policy, path)
        yield f"size of {path}", True, sizes is None or sizes[0] <= int(cell["size"]) <= sizes[1]
    if policy["design"]["method"] == "number" and not certainties:
        yield "cells marked certain", marked(policy["design"]["number"], table["cells"]), [
            cell["certain"] for cell in table["cells"]]
    yield "units that rules name", [], list(named_wrongly(policy, record))

def marked(number, cells):  # Spec 5.6
    certain = [False] * len(cells)
    while True:
        left = number - sum(cell["count"] for cell, sure in zip(cells, certain) if sure)
        mass = sum(int(cell["size"]) * cell["count"] for cell, sure in zip(cells, certain) if not sure)
        new = [not sure and left > 0 and left * int(cell["size"]) >= mass for cell, sure in zip(cells, certain)]
        if not any(new):
            return certain
        certain = [a or b for a, b in zip(certain, new)]

def named_wrongly(policy, record):
    """Units shown although a rule exempts them, or in no certain cell although a rule makes them certain."""
    certainties = policy.get("certainties", [])
    rules = [(row, True) for row in certainties] + [(row, bool(certainties)) for row in policy.get("exclusions", [])]
    rules = [(row.get("kinds"), set(row["rule"]["units"]), may) for row, may in rules if "units" in row["rule"]]
    for cell, row in zip(record["table"]["cells"], record["sample"]):
        kind = component(policy, cell["path"], "kind")
        for shown in row["picks"] + row["reserves"]:
            yield from (shown["id"] for kinds, units, may in rules if (kinds is None or kind in kinds)
                        and shown["id"] in units and not (may and cell["certain"]))

# ---- Days ----

class NotHere(Exception):
    """Why a check is not run."""

def check_days(record, files):  # Spec 11.2.1
    policy, days = record["policy"], record["policy"]["team"].get("days")
    if not days or divisions_of(policy["frame"]["divisions"]).levels()[-1] not in policy["strata"]:
        raise NotHere("the policy has no days, or the deepest level of divisions is no stratum")
    county, seed = kinds_of_picks(record)[1], record["seed"]
    rank = lambda unit: (H("day", f"{seed} division {county[unit]}"), H("day", f"{seed} unit {unit}"))
    start = int(H("day", seed), 16)
    lot = {unit: days[(start + k) % len(days)] for k, unit in enumerate(sorted(county, key=rank))}
    for visit in record["teams"]["visits"]:
        yield f"day of {visit['unit']}", lot.get(visit["unit"], visit.get("day")), visit.get("day")

# ---- The people of the visits ----

def people_rows(record):
    """For `teams`: nobody in two parties, no more people than the roster has, caps of days and weeks."""
    visits, party, load = record["teams"]["visits"], {}, Counter()
    caps = record["policy"]["team"].get("caps", {})
    stated = [(party_of(row), row["officers"]) for row in record["teams"]["shortages"]]
    held = [(name, ids) for visit in visits for name, _, ids, _ in held_posts(visit)]
    twice = [who for name, ids in held + stated for who in ids if party.setdefault(who, name) != name]
    yield "people of two parties", [], twice
    yield "more people than on the roster", True, len(party) <= record["seal"]["roster"]["size"]
    for visit in visits:
        for _, _, ids, _ in held_posts(visit):
            spans = [(name, number(visit["day"])) for name, number in SPANS.items()] if "day" in visit else []
            load.update((*span, who) for who in ids for span in spans)
    over = [key[2] for key, n in load.items() if key[0] in caps and n > caps[key[0]]]
    yield "above the caps of days and weeks", [], over

# ---- Statements ----

REASONS = {"certificate", "absence", "recusal"}  # Spec 11.1, those that every policy knows

class Statements:
    def __init__(self, record):
        self.record, self.policy, self.teams = record, record["policy"], record["teams"]
        self.team = self.policy["team"]
        self.rows = dict(parties(self.team))
        self.order = list(self.rows)
        self.visits = {visit["unit"]: visit for visit in self.teams["visits"]}
        self.Q = billionths(self.team["ceiling"]) * W // ONE
        self.short, self.short_posts, self.raised = set(), set(), {}

    def place(self, row):
        need(party_of(row) in self.rows, f"{party_of(row)} is no party")
        return self.order.index(party_of(row))

    def units(self, what, units):
        yield f"units of {what}", True, bool(units) and ascend(units) and all(unit in self.visits for unit in units)

    def jurisdiction(self, row):
        return (self.team["experts"] if party_of(row) == EXPERTS else self.team)["jurisdiction"]

    def shortages(self):
        last = 0
        for row in self.teams["shortages"]:
            place, party, own = self.place(row), party_of(row), set()
            yield "order of the shortages", True, place >= last
            last = place
            codes = [post for post, _, _ in posts_of(self.rows[party])]
            names = [post["post"] for post in row["posts"]]
            yield "posts of a shortage", True, bool(names) and names == [code for code in codes if code in names]
            for post in row["posts"]:
                yield from self.units("a shortage", post["units"])
                for unit in post["units"]:
                    there = [name[:2] for name in held_posts(self.visits[unit])]
                    yield f"a post of {unit}", True, (party, post["post"]) in there
                    own.add((unit, post["post"]))
                    self.short.add((place, unit))
            self.short_posts |= own
            limits = [(limit["unit"], limit["post"]) for limit in row.get("limits", [])]
            groups = [(limit["unit"], limit["post"], limit["group"]) for limit in row.get("limits", [])]
            yield "limits of a shortage", True, len(set(groups)) == len(groups) and set(limits) <= own and (
                "limit" in self.team or not limits)
            missing = row["need"] - row["can_fill"]
            yield "places that are missing", True, whole(row["can_fill"]) and whole(row["need"]) and missing > 0
            yield "officers of a shortage", True, ascend(row["officers"])
            yield from self.losses(row, len(own))
            yield from self.ways_out(row, missing)

    def losses(self, row, posts):
        experts, team = party_of(row) == EXPERTS, self.team
        needs = any("needs" in post for post in self.rows[party_of(row)].get("posts", []))
        more = {"qualification": needs or not experts and bool(team.get("qualifications")),
                "enterprise": experts and "enterprises" in team, "jurisdiction": self.jurisdiction(row) != "any",
                "grid": team["same_grid"] and not experts, "rotation": team["rotation"]}
        known = REASONS | {reason for reason, possible in more.items() if possible}
        wrong = [code for code, n in row["losses"].items() if code not in known or not whole(n, 1)]
        yield "reasons of losses", [], wrong
        yield "losses", True, sum(row["losses"].values()) <= posts * self.record["seal"]["roster"]["size"]

    def ways_out(self, row, missing):  # Spec 11.12
        own = self.jurisdiction(row)
        tried = {"cap"} | ({"jurisdiction"} if own != "any" else set())
        next_wider = divisions_of(self.policy["frame"]["divisions"]).wider(own)
        tried |= {"anywhere"} if next_wider not in (None, "any") else set()
        back_check = "visited_since" in self.policy.get("population", {})
        tried |= {"rotation"} if self.team["rotation"] and not back_check else set()
        yield "ways out", sorted(tried), sorted(row["ways_out"])
        yield "what ways out leave", True, all(whole(n, 0, missing) for n in row["ways_out"].values())

    def ceilings(self):  # Spec 11.6
        last, steps = 0, {self.Q + (W - self.Q) * k // 8 for k in range(1, 9)}
        for row in self.teams["raised"]:
            place = self.place(row)
            yield from self.units("a raised ceiling", row["units"])
            yield "a raised ceiling", True, place >= last and row["ceiling"] in steps and row["ceiling"] > self.Q
            last = place
            for unit in row["units"]:
                yield f"the ceiling of {unit}", True, (place, unit) not in self.short and (
                    place, unit) not in self.raised
                self.raised[place, unit] = row["ceiling"]

    def widened(self):  # Spec 11.2.5
        lengths = {self.team["shortlist"] << w for w in range(1, 41)} if "shortlist" in self.team else set()
        last, named = (0, 0), set()
        for row in self.teams.get("widened", []):
            now = self.place(row), row["shortlist"]
            yield from self.units("a widened shortlist", row["units"])
            yield "a widened shortlist", True, row["shortlist"] in lengths and now > last
            last = now
            units = {(now[0], unit) for unit in row["units"]}
            yield "visits of widened shortlists, once", True, not units & named
            named |= units

    def pins(self):  # Spec 11.2.3
        pins = [pin for unit in sorted(self.visits) for pin in self.team.get("pins", []) if pin["unit"] == unit]
        lapsed = [(row["unit"], row["inspector"]) for row in self.teams.get("lapsed", [])]
        yield "an empty list is left out", True, self.teams.get("lapsed") != []
        gone = []
        for pin in pins:
            unit, who = pin["unit"], pin["inspector"]
            held = [name for name, post, ids, _ in held_posts(self.visits[unit]) if post == pin["post"] and who in ids]
            kept, lost = any(name != EXPERTS for name in held), (unit, who) in lapsed
            yield f"the pin of {who} at {unit}", True, (kept + lost == 1) or (
                not kept and not lost and (unit, pin["post"]) in self.short_posts)
            gone += [(unit, who)] * lost
        yield "lapsed pins", gone, lapsed

    def chances(self):
        pinned = {(pin["unit"], pin["inspector"], pin["post"]) for pin in self.team.get("pins", [])}
        for unit, visit in self.visits.items():
            rows = [(post, post["officers"]) for post in visit["posts"]]
            rows += [(post, post["experts"]) for post in visit.get("experts", [])]
            for post, people in rows:
                at = self.place(post), unit
                for who in people:
                    pin = "department" in post and (unit, who["id"], post["post"]) in pinned
                    most = W if pin or at in self.short else self.raised.get(at, self.Q)
                    least = W if pin and at not in self.short else 1
                    yield f"chance of {who['id']} at {unit}", True, whole(who["chance"], least, most)

def check_statements(record, files):
    rows = Statements(record)
    for part in (rows.shortages, rows.ceilings, rows.widened, rows.pins, rows.chances):
        yield from part()
