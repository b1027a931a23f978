"""Spec 10.4: how many units of a node must, and how many may, be reached. For auditors; see replay.py.

A unit is a row: a dict with id, path (without first or repeat), size, certain (10.1), marked (5.6), drawn, reached.
"""
from collections import Counter

from basics import ONE, billionths, need

LAST = ONE * ONE + ONE  # the largest μ

def at(size, certain, mu):  # Spec 10.4, step 3
    if certain:
        return ONE
    return min(ONE, -(-size * min(mu, ONE * ONE) // ONE)) if size else max(0, mu - ONE * ONE)

class Node:
    """Spec 10.4, steps 2, 3, 5, 6: own are rows, inner are nodes, ascending by path."""

    def __init__(self, lo, hi, contradictory=False):
        self.lo, self.hi, self.contradictory, self.own, self.inner = lo, hi, contradictory, [], []

    def open(self):
        return self.own + [row for node in self.inner for row in node.open()]

    def begin(self):  # "what the sizes were when the visited node's turn came"
        self.own.sort(key=lambda row: ("/".join(row["path"]), row["size"], row["id"]))
        self.times = Counter((row["size"], row["certain"]) for row in self.own)
        for node in self.inner:
            node.begin()

    def V(self, mu):
        return (sum(at(size, certain, mu) * n for (size, certain), n in self.times.items())
                + sum(node.part(mu) for node in self.inner))

    def part(self, mu):
        return min(max(self.V(mu), self.lo), max(self.lo, self.hi))

    def smallest(self, target):
        low, high = 0, LAST
        while low < high:
            mid = (low + high) // 2
            low, high = (low, mid) if self.V(mid) >= target else (mid + 1, high)
        need(self.V(low) >= target, f"{target} is out of reach")
        return low

    def take(self, mu):  # own units take their sizes at mu
        for row in self.own:
            row["size"] = at(row["size"], row["certain"], mu)

    def raise_to(self, target):  # step 5
        mu = self.smallest(target)
        if self.V(mu) > self.hi:
            return self.set_to(target)
        self.take(mu)
        for node in self.inner:
            node.set_to(node.part(mu))

    def set_to(self, target):  # step 6
        mu = self.smallest(target)
        less = max(0, mu - 1)
        R = target - self.V(less) if mu else 0
        grows = [at(row["size"], row["certain"], mu) > at(row["size"], row["certain"], less) for row in self.own]
        self.take(less)
        for row in [row for row, larger in zip(self.own, grows) if larger][:R]:
            row["size"] += 1
            R -= 1
        for node in self.inner:
            more = min(R, node.part(mu) - node.part(less))
            R -= more
            node.set_to(node.part(less) + more)
        assert R == 0

def bounds(policy, path, rows, guarded, ratios):  # step 1
    N, C = len(rows), sum(row["reached"] for row in rows)
    quotas, limits = [0], [N]
    if guarded:
        quotas.append(-(-billionths(policy["coverage"]["minimum"]) * N // ONE))
    for ratio in ratios:
        quotas.append(-(-billionths(ratio.get("min", "0")) * N // ONE))
        quotas.append(min(N, ratio.get("least", 0)))
        quotas.append(N if N < ratio.get("all_below", 0) else 0)
        limits.append(billionths(ratio.get("max", "1")) * N // ONE)
    turn = policy.get("round", {"rest": "1", "share": "1"})
    share, rest, m = billionths(turn["share"]), billionths(turn["rest"]), max(0, max(quotas) - C)
    most = max(0, min(limits) - C)
    return m * ONE if share == rest else -(-m * ONE * share // rest), most * ONE, m > most

def bounded_nodes(policy, active):  # steps 1 and 2: {path: node}; a path is a tuple, () the total
    nodes, guards, ratios = {}, policy["coverage"]["guards"], policy.get("ratios", [])
    for depth, name in enumerate(["total", *policy["strata"]]):
        within = {}
        for row in active:
            within.setdefault(tuple(row["path"][:depth]), []).append(row)
        for path, rows in within.items():
            apply = [row for row in ratios if row["at"] == name and ("is" not in row or path[-1] in row["is"])]
            if name in guards or apply:
                nodes[path] = Node(*bounds(policy, path, rows, name in guards, apply))
    outer = lambda path: next((path[:k] for k in range(len(path), -1, -1) if path[:k] in nodes), None)
    for path in sorted(nodes, key="/".join):
        if path and (parent := outer(path[:-1])) is not None:
            nodes[parent].inner.append(nodes[path])
    for row in active:
        if row["drawn"] and not row["reached"] and (path := outer(tuple(row["path"]))) is not None:
            nodes[path].own.append(row)
    return nodes

def fit(policy, active, left, mass):
    """Raises and lowers the sizes, or refuses the plan; left and mass are N' and S of Spec 5.6, for number draws."""
    number, refused = policy["design"]["method"] == "number", []
    nodes = bounded_nodes(policy, active)
    for path in sorted(nodes, key=lambda path: (-len(path), "/".join(path))):
        node, name = nodes[path], "/".join(["first", *path])
        node.begin()
        if node.V(LAST) < node.lo:  # step 4
            refused.append(f"no floor of {node.lo} at {name}")
        elif node.V(0) > node.hi or node.contradictory:
            refused.append(f"no limit of {node.hi} at {name}")
        elif number:  # step 7
            sure, others = sum(row["marked"] for row in node.open()), 0
            if left:
                others = left * sum(row["size"] for row in node.open() if not row["marked"])
            least, most = (sure + others // mass, sure - -others // mass) if left else (sure, sure)
            if least < node.lo // ONE or most * ONE > node.hi:
                refused.append(f"{least} to {most} units at {name}, not {node.lo} to {node.hi} billionths")
        elif refused:  # the sizes do not matter any more, nor does step 4 depend on them
            continue
        elif (total := sum(row["size"] for row in node.open())) < node.lo:  # step 5
            node.raise_to(node.lo)
        elif total > node.hi:
            node.set_to(node.hi)
    need(not refused, f"plan refused: {'; '.join(refused)}")
