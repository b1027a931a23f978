"""Spec 7 and 11.2 to 11.8: words, and from who may go where to teams. For auditors; see replay.py.

A pair is (unit, officer); an officer is an inspector id, or a chair: (class, number in it). Nodes of a network are
numbers: 0 the source, 1 the sink, 2i + 2 left node i, 2j + 3 right node j, -1 the overflow node.
"""
import struct
from collections import Counter, defaultdict

from replay import ONE, W, H, billionths, lead_of
from plan import barred

# ---- Spec 7: words ----

class Words:
    def __init__(self, label, seed):
        self.key, self.taken = struct.unpack("<8I", bytes.fromhex(H("stream", f"{label} {seed}"))), 0
        self.source = self.blocks()

    def blocks(self):  # Spec 7.1: RFC 8439, section 2.3
        for counter in range(1 << 32):
            start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *self.key, counter, 0, 0, 0]
            s = start[:]
            for _ in range(10):
                for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                                   (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                    for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
                        s[z] = ((s[z] ^ s[x]) << turn | (s[z] ^ s[x]) >> 32 - turn) & 0xFFFFFFFF
            yield from struct.unpack("<8Q", struct.pack("<16I", *((p + q) & 0xFFFFFFFF for p, q in zip(s, start))))

    def word(self):
        self.taken += 1
        return next(self.source)

    def below(self, n):  # Spec 7.2
        m = self.word() * n
        while m % 2**64 < n and m % 2**64 < (2**64 - n) % n:
            m = self.word() * n
        return m >> 64

    def shuffle(self, items):  # Spec 7.3
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items

    def coin(self):  # Spec 7.4
        return self.word() & 1

# ---- Spec 11.3: flow ----

def search(near, room, many):
    """Step 1: the parents of the nodes reached, and the nodes from which the sink was (all of them only if `many`)."""
    parent, queue, ends = {0: 0}, [0], []
    for u in queue:
        for v in near[u]:
            if v == 1 and room[u][1] > 0:
                ends.append(u)
                if not many:
                    return parent, ends
            elif v not in parent and room[u][v] > 0:
                parent[v] = u
                queue.append(v)
    return parent, ends

def flow(lefts, sink, over=None, many=True):
    """lefts is [(supply, {right: capacity})], sink {right: capacity}, over {right: both its capacities}.

    With `many` every path a search finds is used: enough where any maximum flow will do.
    Gives the supply not met, the lefts and the rights reached, the flows {(left, right): units}."""
    missing, near, room = sum(supply for supply, _ in lefts), {0: [], -1: [1]}, defaultdict(Counter)
    room[-1][1] = missing - sum(sink.values())
    for j in sorted(sink):
        right = 2 * j + 3
        near[right], room[right][1] = [1], sink[j]
        if over:
            near[right].append(-1)
            near[-1].append(right)
            room[right][-1] = over[j] - sink[j]
    for i, (supply, arcs) in enumerate(lefts):
        left = 2 * i + 2
        near[0].append(left)
        near[left], room[0][left] = [2 * j + 3 for j in sorted(arcs)], supply
        for j, capacity in arcs.items():
            near[2 * j + 3].append(left)
            room[left][2 * j + 3] = capacity
    while True:  # step 2
        parent, ends = search(near, room, many)
        if not ends:
            break
        for end in ends:
            path = [1, end]
            while path[-1]:
                path.append(parent[path[-1]])
            push = min(room[u][v] for v, u in zip(path, path[1:]))
            for v, u in zip(path, path[1:]):
                room[u][v] -= push
                room[v][u] += push
            missing -= push
    flows = {(i, j): room[2 * j + 3][2 * i + 2] for i, (_, arcs) in enumerate(lefts) for j in arcs}
    met = {i for i in range(len(lefts)) if 2 * i + 2 in parent}
    return missing, met, {j for j in sink if 2 * j + 3 in parent}, flows

# ---- Spec 11.2 and 11.4: one component ----

class Component:
    def __init__(self, units, who, may, caps, places, Q):  # Spec 11.2, step 1; units and who ascend
        left, right = defaultdict(list), defaultdict(list)
        for u in units:
            left[tuple(may[u])].append(u)
        for o in who:
            right[tuple(u for u in units if o in may[u]), caps[o]].append(o)
        self.units, self.who, self.may, self.caps, self.places, self.Q = units, who, may, caps, places, Q
        self.visits, self.seats, self.cap = list(left.values()), list(right.values()), [cap for _, cap in right]
        self.links = [{j for j, group in enumerate(self.seats) if group[0] in may[members[0]]}
                      for members in self.visits]
        self.steps, self.chairs, self.shortage = [0] * len(self.visits), None, None

    def pairs(self, i, j):
        return len(self.visits[i]) * len(self.seats[j])

    def ceiling(self, i, j=None):
        return W if j is not None and j == self.chairs else self.Q + (W - self.Q) * self.steps[i] // 8

    def lefts(self):
        return [(len(members) * self.places * W, {j: self.pairs(i, j) * self.ceiling(i, j) for j in self.links[i]})
                for i, members in enumerate(self.visits)]

    def make_feasible(self):  # Spec 11.4
        while True:
            sink = {j: len(group) * cap * W for j, (group, cap) in enumerate(zip(self.seats, self.cap))}
            missing, reached, _, _ = flow(self.lefts(), sink)  # step 1
            if not missing:
                return
            if all(self.steps[i] == 8 for i in reached):
                return self.run_short(reached, missing)
            for i in reached:  # step 2
                self.steps[i] = min(8, self.steps[i] + 1)

    def run_short(self, reached, missing):  # step 3
        block = sorted(u for i in reached for u in self.visits[i])
        inspectors = sorted({o for u in block for o in self.may[u]})
        wanted, empty = len(block) * self.places, missing // W
        could = sum(min(self.caps[o], sum(o in self.may[u] for u in block)) for o in inspectors)
        assert missing % W == 0 and could == wanted - empty
        self.shortage, self.chairs = (block, inspectors, wanted, wanted - empty), len(self.seats)
        for i in reached:
            self.links[i].add(self.chairs)
        self.seats.append([(self.chairs, s) for s in range(empty)])
        self.cap.append(1)

    def raised(self):  # Spec 12.2
        entries = defaultdict(list)
        for i, members in enumerate(self.visits):
            if self.ceiling(i) > self.Q and not (self.shortage and members[0] in self.shortage[0]):
                entries[self.ceiling(i)] += members
        return [(ceiling, sorted(units)) for ceiling, units in sorted(entries.items())]

    def officers(self):  # Spec 11.8, step 1
        return self.who + (self.seats[self.chairs] if self.shortage else [])

# ---- Spec 11.5 to 11.7: the chances ----

def level(part):  # Spec 11.5 and 11.6: the flow X of a component
    X, nodes = Counter(), [[i, supply, arcs, True] for i, (supply, arcs) in enumerate(part.lefts())]
    rights = set(range(len(part.seats)))  # a node is [visit class, supply, {right: capacity}, not appended]
    for a in range(min(max(part.cap, default=0), len(part.units)), 0, -1):  # more than one's visits no cap allows
        lower, upper = ({j: len(part.seats[j]) * min(part.cap[j], b) * W for j in rights} for b in (a - 1, a))
        missing, low, reached, _ = flow([(supply, arcs) for _, supply, arcs, _ in nodes], lower)  # step 1
        if not missing:
            continue
        block, rest = [nodes[k] for k in sorted(low)], [node for k, node in enumerate(nodes) if k not in low]
        for node in rest:  # step 2
            node[2] = {j: capacity for j, capacity in node[2].items() if j in rights - reached}
        for node in block:
            for j in sorted(set(node[2]) - reached):
                X[node[0], j] = F = node[2].pop(j)
                node[1] -= F
                rest.append([node[0], F, {j: F}, False])
        flows = spread(part, block, {j: lower[j] for j in reached}, upper)
        X.update({(block[k][0], j): units for (k, j), units in flows.items() if block[k][3]})
        nodes, rights = rest, rights - reached
    assert not nodes  # step 3
    return X

def spread(part, block, lower, upper):  # Spec 11.6: the flow of a block
    arcs = {(k, j): part.pairs(node[0], j) for k, node in enumerate(block) for j in node[2]}
    ceiling = {(k, j): part.ceiling(block[k][0], j) for k, j in arcs}
    free, fixed = {(k, j) for k, j in arcs if block[k][3]}, {}

    def attempt(t, many=True):
        limit = {a: arcs[a] * min(t, ceiling[a]) if a in free else fixed.get(a, block[a[0]][2][a[1]]) for a in arcs}
        lefts = [(node[1], {j: limit[k, j] for j in node[2]}) for k, node in enumerate(block)]
        return flow(lefts, lower, upper, many)
    high = W
    for turn in range(1, 33):
        low = 0
        while low < high:  # step 1; t never grows from one turn to the next
            mid = (low + high) // 2
            low, high = (mid + 1, high) if attempt(mid)[0] else (low, mid)
        if high == 0 or turn == 32 or not free:
            break
        _, lefts, rights, _ = attempt(high - 1)  # step 2
        done = {(k, j) for k, j in free if k in lefts and j not in rights or ceiling[k, j] <= high - 1}
        fixed.update({a: arcs[a] * min(high, ceiling[a]) for a in done})
        free -= done
    return attempt(high, many=False)[3]  # step 3

def chances(units, who, may, caps, places, Q):  # Spec 11.7: the component, and x of its pairs
    part = Component(units, who, may, caps, places, Q)
    part.make_feasible()
    X, sent, x = level(part), {}, {}
    for i, members in enumerate(part.visits):
        for r, u in enumerate(members):
            C = 0
            for j in sorted(part.links[i]):
                sent[u, j] = (C + X[i, j] + r) // len(members) - (C + r) // len(members)
                C += X[i, j]
    for j, group in enumerate(part.seats):
        B = 0
        for u in (u for i, members in enumerate(part.visits) if j in part.links[i] for u in members):
            for s, o in enumerate(group):
                x[u, o] = (B + sent[u, j] + s) // len(group) - (B + s) // len(group)
            B += sent[u, j]
    return part, {pair: chance for pair, chance in x.items() if chance}

# ---- Spec 11.8: coins ----

def settle(units, officers, x, words):
    """The pairs at W."""
    visits, officers = words.shuffle(sorted(units)), words.shuffle(list(officers))  # step 1
    sink, value, near = len(visits + officers), Counter(), defaultdict(list)
    rank, post = {u: k for k, u in enumerate(visits)}, {o: k for k, o in enumerate(officers, len(visits))}
    for (u, o), chance in x.items():  # arrows lead from a lower to a higher rank
        value[rank[u], post[o]] = chance
        value[post[o], sink] += chance
    for a, b in sorted(value):  # first the lower neighbours, then the higher, each ascending
        near[b].append(a)
    for a, b in sorted(value):
        near[a].append(b)
    edge = lambda p, q: (min(p, q), max(p, q))
    for b in range(20):  # step 2
        ahead = {p: iter([q for q in near[p] if value[edge(p, q)] >> b & 1]) for p in range(sink + 1)}
        taken = set()  # edges on the path, or settled for this bit: neither is walked again
        for origin in range(sink + 1):
            path = [origin]
            while True:
                here = path[-1]
                there = next((q for q in ahead[here] if edge(here, q) not in taken), None)
                if there is None:
                    break
                taken.add(edge(here, there))
                if there not in path:
                    path.append(there)
                    continue
                start, up = path.index(there), 1 if words.coin() else -1
                for s, t in zip(path[start:], [*path[start + 1:], there]):
                    value[edge(s, t)] += (up if s < t else -up) << b
                del path[start + 1:]
            assert path == [origin]
    assert all(chance in (0, W) for (_, b), chance in value.items() if b < sink)  # step 3
    return [(visits[a], officers[b - len(visits)]) for (a, b), chance in value.items() if chance == W and b < sink]

# ---- One department, and the whole ----

def components(may):  # Spec 11.2, by name: the units and the inspectors of each, ascending
    visits_of, done = defaultdict(list), set()
    for u, people in may.items():
        for o in people:
            visits_of[o].append(u)
    for name in sorted(set(may)):
        if name in done:
            continue
        units, who, queue = {name}, set(), [name]
        for u in queue:
            for o in set(may[u]) - who:
                queue += set(visits_of[o]) - units
                units.update(visits_of[o])
            who.update(may[u])
        done |= units
        yield sorted(units), sorted(who)

def department_teams(seed, department, may, caps, places, Q):
    """may is {unit: [inspector]} ascending, Q the ceiling in units.

    Gives the table [(unit, inspector, chance)], the teams {unit: (officers, vacancies)}, the raised entries
    [(ceiling, units)] and the shortages [(units, inspectors, need, can_fill)]."""
    table, teams, raised, shortages = [], {}, [], []
    for units, who in components(may):
        part, x = chances(units, who, may, caps, places, Q)
        pairs = settle(units, part.officers(), x, Words(f"teams/{department}/{units[0]}", seed))
        for unit in units:
            officers = sorted(o for u, o in pairs if u == unit and not isinstance(o, tuple))
            teams[unit] = officers, sum(u == unit and isinstance(o, tuple) for u, o in pairs)
        table += [(u, o, chance) for (u, o), chance in x.items() if not isinstance(o, tuple)]
        raised += part.raised()
        shortages += [part.shortage] if part.shortage else []
    return sorted(table), teams, raised, shortages

def teams_of(policy, units, picks, roster, standings, seed):
    """Spec 12.2: the `teams` of a record."""
    recused, people = {(r["inspector"], r["unit"]) for r in roster["recusals"]}, roster["inspectors"]
    team, visits, lines, raised, shortages = policy["team"], {u: [] for u in sorted(picks)}, [], [], []
    caps, Q = {who["id"]: who.get("cap", team["cap"]) for who in people}, billionths(team["ceiling"]) * W // ONE  # 11.4
    for position, department in enumerate(team["departments"]):
        name = department["department"]
        staff = [who for who in people if who["department"] == name]
        bars = {(u, who["id"]): barred(policy, name, units[u], who, standings.get(u, {}), recused)
                for u in visits for who in staff}
        may = {u: sorted(who["id"] for who in staff if bars[u, who["id"]] is None) for u in visits}
        table, teams, up, short = department_teams(seed, name, may, caps, department["officers"], Q)
        chance = {(u, o): x for u, o, x in table}
        lines += [((u, position, o), f"{u} {name} {o} {x}\n") for u, o, x in table]
        for u, (officers, vacancies) in teams.items():
            visits[u].append({"department": name, "vacancies": vacancies,
                              "officers": [{"chance": chance[u, o], "id": o} for o in officers]})
        raised += [{"ceiling": ceiling, "department": name, "units": block} for ceiling, block in up]
        for block, inspectors, wanted, can_fill in short:
            losses = Counter(reason for (u, _), reason in bars.items() if u in block and reason)
            shortages.append({"can_fill": can_fill, "department": name, "inspectors": inspectors, "losses": losses,
                              "need": wanted, "units": block})
    return {"raised": raised, "shortages": shortages, "table": H("table", "".join(line for _, line in sorted(lines))),
            "visits": [{"posts": posts, "unit": u, **lead_of(seed, u, posts[0])} for u, posts in visits.items()]}
