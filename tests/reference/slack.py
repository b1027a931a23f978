"""Spec 10.2 and 10.6: the law of a balance; 6.6: phases. For auditors; see replay.py. Integers in billionths."""
from fractions import Fraction

from basics import ONE, H, need

NONE = {"slack": 0, "visits": 0}  # the phase of a unit that never began

def mass(S, x):  # G
    if S == 0:
        return min(ONE, max(0, x))
    c = lambda y: max(0, y) ** 3
    return c(x + S) - c(x + S - ONE) - 2 * c(x) + 2 * c(x - ONE) + c(x - S) - c(x - S - ONE)

def of_balance(S, r):  # D
    return mass(S, ONE - r) - mass(S, -r)

def of_visit(S, r, a):  # N
    return mass(S, ONE - r) - mass(S, ONE - r - a)

def chance_of(S, r, d):  # p of a unit that does not begin
    if not -ONE - S < r < ONE + S:
        return ONE if r > 0 else 0
    return of_visit(S, r, d) * ONE // of_balance(S, r)

def stands_for(S, r, c):  # a
    a = 0
    if -ONE - S < r < ONE + S:
        all_of_it, low, high = of_balance(S, r), 0, ONE
        while low < high:  # the smallest with N = D, or the largest that is not too much
            middle = (low + high + (c < ONE)) // 2
            if c == ONE:
                low, high = (low, middle) if of_visit(S, r, middle) == all_of_it else (middle + 1, high)
            elif of_visit(S, r, middle) * ONE <= c * all_of_it:
                low = middle
            else:
                high = middle - 1
        a = low
    return max(a, 1 - S - r) if c > 0 else a

def weights(S, t, c, credited):
    """{phase: weight}, ascending."""
    found = {}
    for o in range((t - S) // ONE, -((-t - S) // ONE) + 1):
        start, end = o * ONE - t, (o + 1) * ONE - t
        found[o] = mass(S, end) - mass(S, end - c) if credited else mass(S, end - c) - mass(S, start)
    return found

def phase(seed, pseudonym, found):  # Spec 6.6
    x = int(H("phase", f"{seed} {pseudonym}"), 16) % sum(found.values())
    for o, weight in found.items():
        if x < weight:
            return o
        x -= weight

# ---- Spec 14, theorems 9 and 10: over all histories, exactly ----

def law(S, rounds, exact):
    """For each round, all (E, visits, chance to be there, chance of a visit), from the unit's first round on; `exact`: p
    is not rounded down. Chances are fractions."""
    states, E, seen = {(0, None): Fraction(1)}, 0, []
    for d in rounds:
        after, visit = {}, Fraction(0)
        for (v, o), weight in states.items():
            r = E - (v + (o or 0)) * ONE
            if o is None and S:
                parts = [(v + hit, o, Fraction(part, mass(S, 9 * ONE))) for hit in (True, False)
                         for o, part in weights(S, 0, d, hit).items()]
            else:
                need(-ONE - S < r < ONE + S, "a balance outside its band")
                p = Fraction(of_visit(S, r, d), of_balance(S, r)) if exact else Fraction(chance_of(S, r, d), ONE)
                parts = [(v + 1, o or 0, p), (v, o or 0, 1 - p)]
            for w, o, part in parts:
                visit += weight * part * (w - v)
                if part:
                    after[w, o] = after.get((w, o), 0) + weight * part
        states, E = after, E + d
        seen.append((E, states, visit))
    return seen
