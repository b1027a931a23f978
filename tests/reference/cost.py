"""Spec 11.14: the pairs of posts and candidates that a draw can have, and how many may be sealed. For auditors; see
replay.py."""
from collections import Counter

from basics import ONE
from replay import TooLarge, parties, posts_at
from plan import bars_of

def people_of(files):
    return files["roster"]["inspectors"] + files["roster"].get("experts", [])

def budget(rows):
    """The pairs that may be sealed with so many rows of frame and roster."""
    return 2**19 + 2**8 * rows

def length(policy, people, name, division, kind, needs):
    """The number of persons whom neither qualification nor jurisdiction bars."""
    unit = {"id": "", "division": division, "kind": kind}
    far = lambda who: {"department", "qualification", "jurisdiction"} & set(
        bars_of(policy, name, unit, who, {}, set(), needs=needs))
    return sum(not far(who) for who in people)

def pairs_at(policy, people, division, kind):
    """The pairs of a unit, each post counting as one more."""
    most, pairs = policy["team"].get("shortlist"), 0
    for name, row in parties(policy["team"]):
        for _, _, needs in posts_at(policy, row, {"division": division, "kind": kind}):
            n = length(policy, people, name, division, kind, needs)
            pairs += 1 + (n if most is None else min(n, most))
    return pairs

def most_visits(plan):
    """The most visits of a draw: the certain ones, and the expected others rounded up."""
    certain = sum(len(ids) for (_, _, certain), ids in plan.cells.items() if certain)
    mass = sum(int(size) * len(ids) for (_, size, certain), ids in plan.cells.items() if not certain)
    factor, step = (plan.left, plan.mass) if "number" in plan.policy["design"] else (1, ONE)
    return certain + (-(-factor * mass // step) if step else 0)

def cost(plan, units, files):
    """What a plan can cost, by its most expensive units; units are those of the frame by id."""
    people, visits = people_of(files), most_visits(plan)
    drawable = Counter((units[u]["division"], units[u]["kind"]) for ids in plan.cells.values() for u in ids)
    pairs, left = 0, visits
    for each, n in sorted(((pairs_at(plan.policy, people, *key), n) for key, n in drawable.items()), reverse=True):
        pairs, left = pairs + each * min(n, left), left - min(n, left)
    return {"visits": visits, "pairs": pairs, "budget": budget(len(units) + len(people))}

def need_within_budget(policy, files, picked):
    """Refuses to make teams again that may not have been sealed."""
    units, people = {row["id"]: row for row in files["frame"]["units"]}, people_of(files)
    here = Counter((units[u]["division"], units[u]["kind"]) for u in set(picked))
    pairs, most = sum(n * pairs_at(policy, people, *key) for key, n in here.items()), budget(len(units) + len(people))
    if pairs > most:
        raise TooLarge(f"the picks have {pairs} pairs of a post and a candidate, {most} may be sealed")
