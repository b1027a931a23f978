"""Cases of slack.json and law.json, for vectors.py: Spec 10.2, 10.6 and 6.6, and theorems 9 and 10 of Spec 14."""
from fractions import Fraction

from basics import ONE, need
from plan import balance, begins, phase_of
from slack import law, mass, of_balance, of_visit, phase, weights
from year import exposure

def known(case):  # what a plan must know of a unit
    number = lambda name: int(case.get(name, "0"))
    return {"frequency": number("frequency"), "exposure": number("exposure"), "credited": case["visits"],
            "slack": number("slack"), "phase": phase_of(case.get("phase"))}

def slacks(case):  # Spec 10.2, 10.6 and 6.6, with what lies between
    S, unit = int(case["slack"]), known(case)
    c, seed, pseudonym = int(case["scheduled"]), case["seed"], case["pseudonym"]
    r, found = balance(unit), exposure(int(case["share"]), 0, unit, False, int(case["size"]))
    out = {"begins": begins(unit), "balance": str(r), "base": str(found["base"]), "scheduled": str(found["scheduled"]),
           "add": str(found["add"])}
    if begins(unit):
        for name, credited in ("credited", True), ("other", False):
            rows = weights(S, r, c, credited)
            out[name] = {"weights": [[o, str(weight)] for o, weight in rows.items()],
                         **({"phase": phase(seed, pseudonym, rows)} if sum(rows.values()) else {})}
    elif -ONE - S < r < ONE + S:
        out |= {"mass": str(of_balance(S, r)), "visit": str(of_visit(S, r, found["due"]))}
    return {key: case[key] for key in out}, out

def laws(case):  # Spec 14, theorems 9 and 10, over every history, in fractions
    S, rounds, out = int(case["slack"]), list(map(int, case["rounds"])), []
    exact, rounded = law(S, rounds, True), law(S, rounds, False)
    for number, (d, (E, states, visit), (_, found, _)) in enumerate(zip(rounds, exact, rounded), 1):
        mean = lambda states: sum(weight * v for (v, _), weight in states.items())
        need(visit == Fraction(d, ONE) and mean(states) == Fraction(E, ONE), "a chance that is not d")
        need(0 <= mean(states) - mean(found) <= Fraction(number, ONE), "more than one billionth a round")
        for k in {v + o for v, o in states}:
            weight = sum(weight for (v, o), weight in states.items() if v + o == k)
            need(weight == Fraction(of_balance(S, E - k * ONE), mass(S, 9 * ONE)), "outside the law")
        need(all(abs(E - v * ONE) < ONE + S - -S // ONE * ONE for v, _ in found), "visits too far from the exposure")
        out.append([str(E), sorted([v, o] for v, o in found)])
    return case["states"], out

KINDS = {"law": laws, "slack": slacks}
