"""Spec 16: visits trees, openings, the next reserve, and the team of a replacement."""
from basics import blind_tree, canon, is_included, pseudonym_of, salt
from replay import EXPERTS, allocate, draw, lead_of, parties, posts_at, table_cells
from plan import Plan
from replacement import Place, Teams, moves_of

# ---- Spec 16.1 and 16.2. All of it in the suite of the draw ----

def visit_leaf(salted, visit):
    return canon({"salt": salted, "visit": visit})

def salted_leaf(key, seal_digest, visit):
    return visit_leaf(salt(key, f"visits {seal_digest} {visit['unit']}"), visit)

def visits_tree(key, seal_digest, visits):
    return blind_tree([salted_leaf(key, seal_digest, visit) for visit in visits])

def commitment(key, seal_digest, visits):
    return {"root": visits_tree(key, seal_digest, visits).root(), "size": len(visits)}

def is_opened(opening, root, size):
    leaf = visit_leaf(opening["salt"], opening["visit"])
    return is_included(leaf, opening["index"], size, opening["path"], root)

def is_team(visits, content, kept):
    """Spec 19: the officers of the visit, alone or with its experts; where others send people, with whomever."""
    visit = visits.get(content["unit"], {"posts": [], "experts": []})
    ids = lambda field, list_: [person["id"] for post in visit.get(list_, []) for person in post[field]]
    officers, experts = ids("officers", "posts"), ids("experts", "experts")
    if not kept:
        return content["unit"] in visits and set(officers) <= set(content["team"])
    return content["unit"] in visits and content["team"] in (sorted(officers), sorted(officers + experts))

# ---- Spec 16.4: the next reserve ----

class Unknown(Exception):
    """A reserve is needed that the record does not show."""

class Reserves:
    """Of a record; with the files frame and cycle of all units, else as far as the record shows them."""

    def __init__(self, record, files):
        self.used = {row["id"] for cell in record["sample"] for row in cell["picks"]}
        self.cells = []  # (path, size, units of the cell that are known, its reserves in order, whether these are all)
        cells = table_cells(record)
        if {"frame", "cycle"} <= files.keys():
            plan = Plan(record["policy"], files["frame"]["units"], files["cycle"])
            rows = [(path, size, len(ids), certain) for (path, size, certain), ids in plan.cells.items()]
            counts = allocate(record["policy"]["design"], rows, record["seed"])
            for (path, size, *_), ids, count in zip(rows, plan.cells.values(), counts):
                units = [(pseudonym_of(files["frame"]["salt_key"], unit), unit) for unit in ids]
                reserves = draw(units, count, record["seed"])[1]
                self.cells.append((path.split("/"), size, set(ids), reserves, True))
        else:
            for (path, size, count, _), row in zip(cells, record["sample"]):
                known = {unit["id"] for unit in row["picks"] + row["reserves"]}
                self.cells.append((path.split("/"), size, known, row["reserves"], len(known) == count))

    def first(self, cell):
        """The first reserve of a cell that is not used."""
        free = next((row for row in cell[3] if row["id"] not in self.used), None)
        if free is None and not cell[4]:
            raise Unknown
        return free

    def next(self, unit):
        """The id, or None; Unknown."""
        [own] = [cell for cell in self.cells if unit in cell[2]] or [None]
        if own is None:
            raise Unknown
        found = self.first(own)
        length = len(own[0])
        while found is None and length >= 0:
            pool = [self.first(cell) for cell in self.cells if cell[1] > 0 and cell[0][:length] == own[0][:length]]
            found = min((row for row in pool if row), key=lambda row: (row["ticket"], row["id"]), default=None)
            length -= 1
        return found and found["id"]

# ---- Spec 16.5 and 17.6: the teams as they stand ----

class Standing(Teams):
    """As the entries of a draw change them."""

    def __init__(self, record, files):
        super().__init__(record, files)
        self.leaves = {}  # of the visits as they stood for the last commitment
        self.out_by, self.made = {}, {}  # by the numbers of entries: who dropped out, units that are settled
        self.barred_from = []  # units that came: who is out of their visits

    def all_out(self):
        return [*self.out_by.values(), *self.barred_from]

    def put(self, unit, by):
        """Spec 16.5: `by` comes in the place of `unit`. How many were passed over."""
        when, self.away, passed = self.visits.pop(unit).get("day"), self.all_out(), 0
        visit = {"posts": [], "unit": by, **({"day": when} if when else {})}
        places = []
        for party, row in parties(self.team):
            for post, count, _ in posts_at(self.policy, row, self.units[by]):
                list_, field = ("experts", "experts") if party == EXPERTS else ("posts", "officers")
                named = {} if party == EXPERTS else {"department": party}
                visit.setdefault(list_, []).append({**named, field: [], "post": post, "vacancies": count})
                places += [Place(by, party, post, None)] * count
        self.visits[by] = visit
        self.change_at(unit)
        self.change_at(by)
        for place in places:
            chosen = self.choose(place, self.reserves(place))
            if chosen is not None:
                self.apply([(place, chosen[0])])
                passed += chosen[1]
                [post] = [post for post, _ in self.lists(by)
                          if (post.get("department", EXPERTS), post["post"]) == (place.party, place.post)]
                post["vacancies"] -= 1
        visit.update(lead_of(self.seed, by, visit["posts"], self.team))
        return passed

    def change(self, entry):
        """Spec 17.6: whether an entry that changes teams is the one of the rule, or what the rule gives."""
        content = entry["entry"]
        if content["kind"] == "dropped_out":
            one = {"unit": content["unit"]} if "unit" in content else {}
            self.out_by[entry["number"]] = {"dates": content["dates"], "id": content["out"], **one}
        elif content["kind"] in ("visited", "missed"):
            self.made[entry["number"]] = content["unit"]
        elif content["kind"] == "amended":  # a visit that was taken back is still to be made
            self.made.pop(content["amends"], None)
            if content["entry"]["kind"] != "withdrawn":
                self.made[content["amends"]] = content["entry"]["unit"]
        elif content["kind"] == "replaced":
            self.barred_from += [{"dates": self.policy["window"], "id": row["id"], "unit": content["by"]}
                                 for row in content.get("unavailable", [])]
            passed = self.put(content["unit"], content["by"])
            return None if passed == content.get("passed", 0) else f"{passed} passed over"
        else:
            row = self.out_by[content["entry"]]
            moves = moves_of(self.reassign({**row, "away": self.all_out(), "out": row["id"],
                                            "settled": list(self.made.values())}))
            return None if canon(moves) == canon(content["moves"]) else f"moves {moves}"
        return None

    def commitment(self, key, seal_digest):
        """Of the visits of this draw as they stand; always with the same key and seal."""
        for unit in self.changed:
            self.leaves.pop(unit, None)
        self.changed = set()
        for unit, visit in self.visits.items():
            if unit not in self.leaves:
                self.leaves[unit] = salted_leaf(key, seal_digest, visit)
        return {"root": blind_tree(list(self.leaves.values())).root(), "size": len(self.visits)}
