"""Spec 10, the plan, and Spec 11.1, who may go where. For auditors; see replay.py."""
from collections import Counter, defaultdict

from basics import ONE, billionths, day, need
from bounds import fit
from policies import round_of
from divisions import divisions_of, strata_of
from published import EXPERTS, SPANS
from rating import rated
from slack import NONE, chance_of

# ---- Spec 10.1: who may be drawn ----

def signalled(unit, rule):
    return unit.get("signals", {}).get(rule["signal"], 0) >= rule["at_least"]

def reached(standing):  # Spec 9.4
    return standing.get("drawn", 0) - standing.get("missed", 0)

def applies(rule, unit, standing, as_of):
    [(kind, arg)] = rule.items()
    if kind == "units":
        return unit["id"] in arg
    if kind == "kinds":
        return unit["kind"] in arg
    if kind == "signal":
        return signalled(unit, arg)
    if kind == "visits_at_least":
        return reached(standing) + standing.get("others", 0) >= arg
    when = unit.get("opened") if kind == "opened_within_days" else standing.get("last_visit")
    if kind == "not_visited_days":
        when = when or min((d for d in (standing.get("first_seen"), unit.get("opened")) if d), default=None)
    if when is None:
        return False
    days = max(0, (day(as_of) - day(when)).days)
    return {"not_visited_days": days > arg, "visited_within_days": days <= arg, "opened_within_days": days <= arg}[kind]

def admit(policy, unit, standing):
    """Exclusion code or None, active, certain."""
    ends = [licence.get("valid_until", "9999-12-31") for licence in unit.get("licences", [])]
    if unit["status"] != "active":  # step 1
        return unit["status"], False, False
    if ends and max(ends) < policy["as_of"]:
        return "licence_expired", False, False
    scope = policy.get("population", {})
    covers = divisions_of(policy["frame"]["divisions"]).covers
    if (not any(covers(wide, unit["division"]) for wide in scope.get("divisions", [unit["division"]]))
            or unit["kind"] not in scope.get("kinds", [unit["kind"]])
            or "visited_since" in scope and standing.get("last_visit", "") < scope["visited_since"]
            or any(unit.get("signals", {}).get(code, 0) < n for code, n in scope.get("has", {}).items())):  # step 2
        return "out_of_scope", False, False
    met = lambda row: unit["kind"] in row.get("kinds", [unit["kind"]]) and applies(
        row["rule"], unit, standing, policy["as_of"])
    if any(map(met, policy.get("certainties", []))):  # step 3
        return None, True, True
    for row in policy.get("exclusions", []):  # step 4
        if met(row):
            return row["code"], True, False
    return None, True, False

# ---- Spec 10.2: measure ----

def surprise_of(policy):  # step 5: σ
    return billionths(policy.get("surprise", "0")) if round_of(policy)[1] else 0

def due(frequency, share):  # step 5: d
    d = -(-frequency * share // ONE)
    need(d <= ONE + 1000, "plan refused: a frequency above one visit a draw")
    return min(ONE, d)

def begins(known):  # step 5
    return known["phase"]["slack"] != known["slack"]

def balance(known):  # Spec 9.4, r; of a unit that begins t of 10.6
    return known["exposure"] - (known["credited"] + (0 if begins(known) else known["phase"]["visits"])) * ONE

def hazard(share, known):  # step 5: p
    d = due(known["frequency"], share)
    return d if begins(known) else chance_of(known["slack"], balance(known), d)

def with_surprise(p, surprise):  # step 5: q
    return p - -(ONE - p) * surprise // ONE if surprise else p

def phase_of(row):  # Spec 9.4, with the slack as an integer
    return {**row, "slack": billionths(row["slack"])} if row else NONE

def level_of(policy, unit):  # the row of the frequency table, or None
    levels = {(row["risk"], row["credit"]): row for row in policy.get("frequency", [])}
    return levels[unit["risk"], unit["credit"]] if levels else None

def base_of(policy, unit):  # step 1
    method, level = policy["design"]["method"], level_of(policy, unit)
    return billionths(policy["design"]["rate"] if method == "rate" else
                      level["visits"] if level or method == "frequency" else "1")

def rated_unit(policy, unit):  # Spec 20.2
    frame, base = policy["frame"], lambda risk, credit: base_of(policy, {"risk": risk, "credit": credit})
    return rated(policy["rating"], frame["risk"], frame["credit"], unit["kind"], unit.get("signals", {}), base)

def measure(policy, unit, standing, certain):
    """The size, and what 10.6 must know."""
    method, level = policy["design"]["method"], level_of(policy, unit)
    base = rated_unit(policy, unit).base if "rating" in policy else base_of(policy, unit)  # step 1
    size = f = base + sum(
        billionths(row["add"]) for row in policy.get("signals", []) if signalled(unit, row))  # step 2
    share = round_of(policy)[0]
    if "rating" in policy and method == "frequency" and share:
        f = min(f, ONE * ONE // share)  # step 5: more than ONE counts as ONE
    known = {"frequency": f, "exposure": billionths(standing.get("exposure", "0")),
             "credited": standing.get("credited", 0), "cycles": level.get("cycles", 1) if level else 1,
             "slack": billionths(level["slack"]) if level else 0, "phase": phase_of(standing.get("phase"))}
    if method == "frequency":  # step 5
        p = hazard(round_of(policy)[0], known)
        size = with_surprise(p, surprise_of(policy))
    if method != "number":  # steps 6, 3 and 4
        size = ONE if certain else min(ONE, size)
    return {"size": size, **known}

# ---- Spec 10.3 to 10.5. A row is a dict of what the plan must know of an active unit ----

def place(policy, unit, standing):  # Spec 10.3: the path is kept without first or repeat
    code, active, certain = admit(policy, unit, standing)
    if not active:
        return code, None
    full = billionths(standing.get("exposure", "0")) > 8_999_999 * ONE or 10**6 in (
        standing.get("drawn", 0), standing.get("credited", 0))
    need(code or not full, f"plan refused: {unit['id']} is at the end of a cycle")  # Spec 10.2
    return code, {"id": unit["id"], "reached": reached(standing) > 0, "drawn": not code,
                  "certain": certain, "marked": certain, "path": strata_of(policy, unit),
                  **({} if code else measure(policy, unit, standing, certain))}

def mark_certain(number, drawn):  # Spec 5.6: marks the rows; N' and S at the end
    sure, possible = sum(r["marked"] for r in drawn), sum(r["marked"] or r["size"] > 0 for r in drawn)
    need(sure <= number <= possible, f"plan refused: {number} is not from {sure} to {possible}")  # 10.5.1
    while True:
        others = [row for row in drawn if not row["marked"]]
        left, mass = number - len(drawn) + len(others), sum(row["size"] for row in others)
        full = [row for row in others if left > 0 and left * row["size"] >= mass]
        if not full:
            return left, mass
        for row in full:
            row["marked"] = True

class Plan:
    """cells {(path, size, certain): [id]} in order, excluded {code: count}, drawn: the rows that have a cell."""

    def __init__(self, policy, units, cycle):
        standings = {row["unit"]: row for row in cycle["standings"]}
        total = billionths(cycle["spent"]) + round_of(policy)[1]
        need(total == ONE, "plan refused: spent and rest are not one")  # Spec 10.2
        other = [unit["id"] for unit in units if "rating" in policy and
                 (unit["risk"], unit["credit"]) != rated_unit(policy, unit)[:2]]
        need(not other, f"plan refused: {other} have other levels than the rating gives them")  # Spec 10.2
        placed = [place(policy, unit, standings.get(unit["id"], {})) for unit in units]
        active = [row for _, row in placed if row]
        self.policy, self.drawn = policy, [row for row in active if row["drawn"]]
        number = policy["design"].get("number")
        self.left, self.mass = mark_certain(number, self.drawn) if number else (0, 0)
        fit(policy, active, self.left, self.mass)
        need(self.drawn, "plan refused: nothing to draw")  # Spec 10.2
        self.cells = self.in_cells()
        self.excluded = dict(Counter(code for code, _ in placed if code))

    def in_cells(self):  # Spec 10.5, step 1
        cells = defaultdict(list)
        for row in self.drawn:
            path = "/".join(["repeat" if row["reached"] else "first", *row["path"]])
            row["marked"] = row["marked"] if "number" in self.policy["design"] else row["size"] == ONE
            cells[path, row["size"], row["marked"]].append(row["id"])
        return dict(sorted(cells.items()))

    def table(self):  # Spec 10.5, step 2
        rows = [{"certain": certain, "count": len(ids), "path": path, "size": str(size)}
                for (path, size, certain), ids in self.cells.items()]
        return {"cells": rows, **({"exclusions": self.excluded} if self.excluded else {})}

# ---- Spec 11.1: who may go ----

def office_code(who):
    return who.get("organisation" if "department" not in who else "office")

def office_of(team, who):
    return office_code(who) if "office" in team.get("caps", {}) else None

def group_of(team, who):
    by = team.get("limit", {}).get("by")
    return who.get("family") if by == "family" else office_code(who) if by else None

def bars_of(policy, party, unit, who, standing, recused, when=None, needs=None, reach=None, waived=()):
    """Every reason that bars an officer of a party, in order; `reach` and `waived` are for ways out (11.12)."""
    window, team, expert = policy["window"], policy["team"], party == EXPERTS
    first, last = (when, when) if when else (window["from"], window["to"])
    begins, ends = ("engaged_from", "engaged_until") if expert else ("certified_from", "certified_until")
    asked = {needs, None if expert else team.get("qualifications", {}).get(unit["kind"])} - {None}
    reach = reach or (team["experts"] if expert else team)["jurisdiction"]
    if who.get("department", EXPERTS) != party:
        yield "department"
        return
    if who.get(begins, first) > first or who[ends] < last:
        yield "certificate"
    if any(a["from"] <= first and last <= a["to"] for a in who.get("absences", [])):
        yield "absence"
    if not asked <= set(who.get("qualifications", [])):
        yield "qualification"
    barred_here = team.get("enterprises", {"barred": [], "kinds": []})
    if expert and who.get("role", "expert") in barred_here["barred"] and unit["kind"] in barred_here["kinds"]:
        yield "enterprise"
    places = divisions_of(policy["frame"]["divisions"])
    if not any(places.reaches(reach, division, unit["division"]) for division in who["divisions"]):
        yield "jurisdiction"
    if (who["id"], unit["id"]) in recused:
        yield "recusal"
    if not expert and team["same_grid"] and "grid" in unit and unit["grid"] == who.get("grid"):
        yield "grid"
    if team["rotation"] and "rotation" not in waived and who["id"] in standing.get("last_team", []):
        yield "rotation"

def barred(*given, **eased):
    """The first reason, or None."""
    return next(bars_of(*given, **eased), None)
