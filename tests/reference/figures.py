"""Spec 19, the figures: what everybody counts of figures-<n>.json, from ledger, records and rules."""
import re
from fractions import Fraction

from basics import MALFORMED, ONE, PROTOCOL, Fail, canon, need, parse, suite_of
from files import plain
from packs import digest as pack_digest
from programmes import digest
from replay import factor_and_step, table_cells
from year import whole

FILE = re.compile(r"figures-([0-9]{6,})\.json")
COUNTED = set("awaited draws drawn first_visits found further_visits gone items results scope unreachable".split())
SAID = set("against groups not_shown order rating title".split())
FEWEST = 5  # of fewer visits there is no estimate

class Missing(Exception):
    """What the figures are counted from is not there."""

class Told:
    """What entries say of one attempt."""
    def __init__(self, seal, cycle):
        self.name, self.cycle = (seal["sequence"], seal["attempt"]), cycle
        self.is_open = seal["disclosure"]["mode"] == "immediate"
        self.drawn = self.void = False
        self.replaced, self.visits = [], {}

def attempts_of(entries):
    found, cycle = [], 0
    for entry in entries:
        content, kind = entry["entry"], entry["entry"]["kind"]
        named = [told for told in found if told.name == (content.get("draw"), content.get("attempt"))]
        last = next((told for told in reversed(found) if told.name[0] == content.get("draw")), None)
        if kind == "cycle_closed":
            cycle += 1
        elif kind == "sealed":
            found.append(Told(content["seal"], cycle))
        elif kind in ("drawn", "disclosed", "void"):
            for told in named:
                setattr(told, {"drawn": "drawn", "disclosed": "is_open", "void": "void"}[kind], True)
        elif kind == "replaced" and last:
            last.replaced.append((content["unit"], content["by"], content["reason"]))
        elif kind in ("visited", "missed") and last:
            last.visits[entry["number"]] = content
        elif kind == "amended":
            for told in found:
                if content["amends"] in told.visits:
                    told.visits[content["amends"]] = content["entry"]
    return found

def draws_of(found, name):
    """The attempts that figures beside this one are about."""
    cycle = next((told.cycle for told in found if told.name == name), None)
    return [told for told in found if told.cycle == cycle and told.drawn and not told.void and told.is_open]

def chances(record):
    """Of each cell, in billionths, rounded down."""
    cells = table_cells(record)
    factor, step = factor_and_step(record["policy"]["design"], cells)
    return [ONE if certain else factor * size * ONE // step if step else 0 for _, size, _, certain in cells]

class Sum:
    def __init__(self):
        self.visited = self.found = self.weight = self.broken = 0

    def add(self, chance, found):
        weight = ONE * ONE // chance if chance else 0
        self.visited, self.found = self.visited + 1, self.found + found
        self.weight, self.broken = self.weight + weight, self.broken + weight * found

    def fields(self):
        told = self.visited >= FEWEST and self.weight
        estimate = {"estimate": self.broken * ONE // self.weight} if told else {}
        return {"found": self.found, "visited": self.visited} | estimate

class Year:
    def __init__(self, kinds, of_pack):
        self.kinds, self.of_pack = kinds, of_pack
        self.seen, self.items, self.results = set(), {}, {}
        self.sums = dict.fromkeys("awaited drawn first_visits found further_visits gone unreachable".split(), 0)

    def kind(self, result):
        kind = self.kinds.get(result, "neutral" if self.of_pack else None)
        need(kind in ("fail", "neutral", "pass"), f"what the result {result} says is not told")
        return kind

    def came(self, told, record):
        found = {pick["id"]: ("pending", None) for cell in record["sample"] for pick in cell["picks"]}
        for unit, by, reason in told.replaced:
            found[unit] = "replaced", reason
            found.setdefault(by, ("pending", None))
        for visit in told.visits.values():
            if visit["kind"] == "missed":
                found[visit["unit"]] = "missed", visit["reason"]
            elif visit["kind"] == "visited":
                kind = self.results[visit["result"]] = self.kind(visit["result"])
                found[visit["unit"]] = "visited", kind
                for item in visit.get("items", []) if kind != "neutral" else []:
                    checked, broken = self.items.get(item, (0, 0))
                    self.items[item] = checked + 1, broken + (kind == "fail")
        return found

    def draw(self, told, record):
        strata, of_cell = record["policy"]["strata"], chances(record)
        place = {row["id"]: at for at, cell in enumerate(record["sample"]) for row in cell["picks"] + cell["reserves"]}
        came, whole, parts = self.came(told, record), Sum(), [{} for _ in strata]
        counts = {"missed": {}, "replaced": {}, "neutral": 0, "pending": 0}
        for unit, (state, more) in came.items():
            if state in ("missed", "replaced"):
                counts[state][more] = counts[state].get(more, 0) + 1
                self.sums["unreachable" if more == "unreachable" else "gone"] += 1
            elif state == "pending":
                counts["pending"] += 1
                self.sums["awaited"] += 1
            elif more == "neutral":
                counts["neutral"] += 1
                self.sums["gone"] += 1
            else:
                at, found, first = place.get(unit), more == "fail", unit not in self.seen
                chance = 0 if at is None else of_cell[at]
                whole.add(chance, found)
                codes = [] if at is None else record["table"]["cells"][at]["path"].split("/")[1:]
                for rows, code in zip(parts, codes):
                    rows.setdefault(code, Sum()).add(chance, found)
                self.seen.add(unit)
                self.sums["first_visits"] += first
                self.sums["found"] += first and found
                self.sums["further_visits"] += not first
        self.sums["drawn"] += len(came)
        picks = sum(len(cell["picks"]) for cell in record["sample"])
        rows = lambda part: [{"code": code} | part[code].fields() for code in sorted(part)]
        return whole.fields() | {
            "attempt": told.name[1], "came": len(came) - picks, "draw": told.name[0], "drawn": picks,
            "missed": counts["missed"], "other": counts["neutral"], "pending": counts["pending"],
            "record": record["digest"], "replaced": counts["replaced"],
            "strata": [{"by": name, "rows": rows(part)} for name, part in zip(strata, parts)]}

    def every_item(self):
        order = lambda row: (-Fraction(row["found"], row["checked"]), row["item"])
        return sorted(({"checked": checked, "found": found, "item": item}
                       for item, (checked, found) in self.items.items()), key=order)

def counted(ledger, told, records, kinds, of_pack):
    year = Year(kinds, of_pack)
    draws = [year.draw(one, records[one.name]["record"]) for one in told]
    return year.sums | {"draws": draws, "items": year.every_item(), "results": year.results, "scope": ledger.opened["scope"]}

def kinds_of(figures, policy, rules):
    """What results mean, and whether a pack says so."""
    if "origin" not in policy:
        return figures["results"], False
    with suite_of(policy):
        same = rules and (policy["origin"]["pack"], policy["origin"]["programme"]) == (pack_digest(rules[0]), digest(rules[1]))
    if not same:
        raise Missing("the rules that say which results are findings are not here")
    word = {"fail": "fail", "pass": "pass"}
    return {row["code"]: word.get(row["kind"], "neutral") for row in rules[0]["results"]}, True

def figures_finding(audit, name, path, rules):
    """(code, words) of figures-<n>.json, or None."""
    attempt, data = audit.ledger.attempts.get(name), plain(path.read_bytes())
    try:
        figures = parse(data)
        if canon(figures) != data or (figures["document"], figures["protocol"]) != ("figures", PROTOCOL) \
                or figures.keys() - COUNTED - SAID - {"at", "document", "protocol"}:
            return "differs", "another form"
        if not whole(figures["at"]) or path.name != f"figures-{figures['at']:06}.json":
            return "differs", "its name is not that of its size"
        if figures["at"] > len(audit.ledger.entries):
            return "not_checked", "the ledger here is shorter"
        told = draws_of(attempts_of(audit.ledger.entries[:figures["at"]]), name)
        if not told or told[-1].name != name:
            return "differs", "the draw beside it is not the last that it can be about"
        if any("record" not in audit.draws.get(one.name, {}) for one in told):
            return "not_checked", "a record is not here"
        if any(number <= figures["at"] for one in told for number in audit.ledger.attempts[one.name].untold):
            return "not_checked", "the contents of closed lines are not here"
        kinds, of_pack = kinds_of(figures, audit.draws[name]["record"]["policy"], rules)
        wanted = counted(audit.ledger, told, audit.draws, kinds, of_pack)
        wrong = [key for key in sorted(COUNTED) if canon(wanted[key]) != canon(figures.get(key))]
        if wrong:
            return "differs", " ".join(wrong)
    except Missing as error:
        return "not_checked", str(error)
    except (Fail, *MALFORMED) as error:
        return "differs", f"{type(error).__name__} {error}"
    listed = attempt is not None and path.name in attempt.files
    return None if listed else ("not_checked", "what is counted is right, and no entry says that it was published")
