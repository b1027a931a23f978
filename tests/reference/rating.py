"""Spec 20: which levels a unit has, and what moves its base."""
from collections import namedtuple

from basics import MOST, ascend, billionths, decimal, need, whole
from forms import One, Some, shaped

LEVELS = {"credit?": "code", "risk?": "code"}
STEPS = {"credit?": "count", "risk?": "count"}
LEVEL_EFFECTS = One({"raise_to": LEVELS, "raise_by": STEPS, "lower_to": LEVELS, "lower_by": STEPS})
VISIT_EFFECTS = One({"at_least": "decimal", "add": "decimal", "at_most": "decimal"})
STATED = {"stated_credit", "stated_risk"}  # places of the levels that a register states, from 1
RAISING = {"raise_to", "raise_by", "at_least", "add"}

def rating_form(cited):
    """The form of a rating whose rules have the fields `cited` besides: a basis or a citation."""
    counts = {"*": "count"}
    when = {"below?": counts, "has?": counts, "kinds?": Some(["code"])}
    stage = lambda effects: {"any_order?": "bool", "code": "code",
                             "rules": [{**cited, "code": "code", "does": effects, "when?": when}]}
    return {"levels?": [stage(LEVEL_EFFECTS)], "lowering?": ["code"], "start": {"credit": "code", "risk": "code", "stated?": "bool"},
            "visits?": [stage(VISIT_EFFECTS)]}

def shaped_rating(rating, cited, where, reasons):
    """In canonical form: any_order and stated are left out where they are false."""
    found = shaped(rating_form(cited), rating, where, reasons)
    if not reasons and found["start"].get("stated") is False:
        del found["start"]["stated"]
    for stage in [] if reasons else stages_of(found):
        if stage.get("any_order") is False:
            del stage["any_order"]
    return found

def stages_of(rating):
    return rating.get("levels", []) + rating.get("visits", [])

def rules_of(rating):
    return [rule for stage in stages_of(rating) for rule in stage["rules"]]

def effect_of(rule):
    [(key, named)] = rule["does"].items()
    return key, named

# ---- Spec 20.1: what must hold. Rows (what, expected, found), which must agree ----

def once(items):
    return len(set(items)) == len(items)

def valid_steps(rating, risk, credit, kinds):  # step 1
    orders, effects = {"credit": credit, "risk": risk}, [effect_of(rule) for rule in rules_of(rating)]
    yield "start", [], [name for name in orders if rating["start"][name] not in orders[name]]
    moves = [(key, named) for key, named in effects if isinstance(named, dict)]
    yield "effects name risk or credit", True, all(named for _, named in moves)
    yield "levels of effects", [], [level for key, named in moves if key.endswith("_to")
                                    for name, level in named.items() if level not in orders[name]]
    yield "steps", True, all(1 <= n <= 64 for key, named in moves if key.endswith("_by") for n in named.values())
    whens = [rule.get("when", {}) for rule in rules_of(rating)]
    counts = [n for when in whens for part in ("below", "has") for n in when.get(part, {}).values()]
    yield "counts", True, all(whole(n, 1, 999_999_999) for n in counts)
    yield "kinds", True, all(once(when["kinds"]) and set(when["kinds"]) <= set(kinds)
                             for when in whens if "kinds" in when)
    yield "codes of stages", True, once([stage["code"] for stage in stages_of(rating)])
    yield "codes of rules", True, once([rule["code"] for rule in rules_of(rating)])
    yield "stages without rules", [], [stage["code"] for stage in stages_of(rating) if not stage["rules"]]
    yield "number of rules", True, len(rules_of(rating)) <= 1000
    named = {code for when in whens for part in ("below", "has") for code in when.get(part, {})}
    yield "signals of stated levels", [], sorted(STATED & (named | set(rating.get("lowering", []))))
    yield "lowering", True, ascend(rating.get("lowering", [])) and len(rating.get("lowering", [])) <= 1000

def valid_direction(rule, lowering):  # step 2
    when = rule.get("when", {})
    has, below = set(when.get("has", {})), set(when.get("below", {}))
    return not has & lowering and below <= lowering if effect_of(rule)[0] in RAISING else (
        has and has <= lowering and not below & lowering)

def falls(table, risk, credit):  # step 3
    visits = {(row["risk"], row["credit"]): billionths(row["visits"]) for row in table}
    pairs = [((a, c), (b, c)) for a, b in zip(risk, risk[1:]) for c in credit]
    pairs += [((r, a), (r, b)) for a, b in zip(credit, credit[1:]) for r in risk]
    return [list(low) for low, high in pairs if low in visits and high in visits and visits[low] > visits[high]]

def mixed(stage):  # step 4: whether two kinds of effect move the same thing
    keys = {}
    for key, named in map(effect_of, stage["rules"]):
        for what in named if isinstance(named, dict) else ["visits"]:
            keys.setdefault(what, set()).add(key)
    return any(len(found) > 1 for found in keys.values())

def valid_rating(rating, risk, credit, kinds, table, added, cited=None):
    """`table` is the frequency table; `added` are the codes that `signals` and certainties name."""
    reasons = []
    rating = shaped_rating(rating, cited or {"basis": "text"}, "rating", reasons)
    yield "form of the rating", [], reasons
    if reasons:
        return
    lowering = set(rating.get("lowering", []))
    yield from valid_steps(rating, risk, credit, kinds)
    yield "direction of the rules", [], [rule["code"] for rule in rules_of(rating) if not valid_direction(
        rule, lowering)]
    yield "levels from which the frequency falls", [], falls(table, risk, credit)
    yield "stages in any order", [], [stage["code"] for stage in stages_of(rating)
                                      if stage.get("any_order") and mixed(stage)]
    yield "lowering signals that add", [], sorted(set(added) & lowering)

# ---- Spec 20.2: the rules applied ----

Rated = namedtuple("Rated", "risk credit base fired")

def applies(rule, kind, signals):  # step 1
    when = rule.get("when", {})
    return (kind in when.get("kinds", [kind])
            and all(signals.get(code, 0) >= n for code, n in when.get("has", {}).items())
            and all(signals.get(code, 0) < n for code, n in when.get("below", {}).items()))

def moved_levels(rule, at, orders):  # step 2; levels are positions
    (key, named), after = effect_of(rule), dict(at)
    for name, arg in named.items():
        to = orders[name].index(arg) if key.endswith("_to") else at[name] + (arg if key == "raise_by" else -arg)
        far = max(at[name], to) if key in RAISING else min(at[name], to)
        after[name] = min(max(far, 0), len(orders[name]) - 1)
    return after

def moved_visits(rule, base):  # step 3
    key, n = effect_of(rule)
    n = billionths(n)
    return {"at_least": max(base, n), "at_most": min(base, n), "add": min(MOST, base + n)}[key]

def fire(stage, rule, signals, before, after):  # step 4
    named = {part: {code: signals.get(code, 0) for code in rule["when"][part]}
             for part in ("below", "has") if rule.get("when", {}).get(part)}
    return {"code": rule["code"], "stage": stage["code"], **({"because": named} if named else {}),
            **({"from": before, "to": after} if before != after else {})}

def rated(rating, risk, credit, kind, signals, base_of):
    """`base_of` gives the base of (risk, credit), in billionths."""
    orders = {"credit": credit, "risk": risk}
    at, fired = {name: orders[name].index(rating["start"][name]) for name in orders}, []
    if rating["start"].get("stated"):
        at |= {name: signals[f"stated_{name}"] - 1 for name in orders if signals.get(f"stated_{name}")}
        need(all(at[name] < len(orders[name]) for name in orders), "a stated level beyond the list")
    levels = lambda at: (risk[at["risk"]], credit[at["credit"]])
    for stage in rating.get("levels", []):
        for rule in stage["rules"]:
            if applies(rule, kind, signals):
                before, at = at, moved_levels(rule, at, orders)
                fired.append(fire(stage, rule, signals, "/".join(levels(before)), "/".join(levels(at))))
    base = base_of(*levels(at))
    for stage in rating.get("visits", []):
        for rule in stage["rules"]:
            if applies(rule, kind, signals):
                before, base = base, moved_visits(rule, base)
                fired.append(fire(stage, rule, signals, decimal(before), decimal(base)))
    return Rated(*levels(at), base, fired)
