"""Spec 11.3 to 11.10 on numbers only: from candidates to teams. For auditors; see replay.py.

A game is one party: visits, posts and officers are numbers in their order, and so are groups and offices. A chair is
an officer too, with a number above all others. A flow is in units, and so is every bound of an arc.
"""
import heapq
from collections import Counter, defaultdict, namedtuple

from basics import W
from flows import Network, flip

# ---- What is given ----

Post = namedtuple("Post", "visit places list limit pinned")  # limit: most of one group, or None
Officer = namedtuple("Officer", "cap spans before group office")  # spans: a cap for each; None: none, no group …
Game = namedtuple("Game", "days posts officers offices Q")  # days: numbers of spans, or None, of each visit
Class = namedtuple("Class", "members posts cap spans before group office")
Shortage = namedtuple("Shortage", "posts officers limits need can_fill")
POST, GROUP, PAIR, SPAN, CLASS, OFFICE, SINK = range(7)  # Spec 11.4: a node is (kind, …), in their order
INFINITE, GUARD = 1 << 61, 1 << 60  # Spec 11.7
FINE = 20  # Spec 11.8: bits below a unit

def within(low, value, high):
    return max(low, min(value, high))

def spans(when, who):
    """The spans of a visit's day within which somebody has a cap: kind and number, shortest first."""
    return [(k, number) for k, (number, cap) in enumerate(zip(when or (), who.spans)) if cap is not None]

# ---- Spec 11.3: components and classes ----

def components(game, step=0):
    """The components of a game in the order of their names, made feasible."""
    root = {}

    def find(x):
        while root.setdefault(x, x) != x:
            root[x] = x = root[root[x]]
        return x
    for post in game.posts:
        for o in post.list:
            root[find(o)] = find(("visit", post.visit))
            if game.officers[o].office is not None:
                root[find(("office", game.officers[o].office))] = find(o)
    visits, posts, who = defaultdict(list), defaultdict(list), defaultdict(list)
    for v in range(len(game.days)):
        visits[find(("visit", v))].append(v)
    for p, post in enumerate(game.posts):
        posts[find(("visit", post.visit))].append(p)
    for o in sorted({o for post in game.posts for o in post.list}):
        who[find(o)].append(o)
    return [Component(game, block, posts[name], who[name], step) for name, block in visits.items()]

class Component:
    def __init__(self, game, visits, posts, who, step):  # step: the first k of 11.6
        self.game, self.visits, self.posts, self.who = game, visits, posts, who
        self.steps, self.shortages, self.chairs = dict.fromkeys(visits, step), [], []
        lists, classes = defaultdict(list), defaultdict(list)
        for p in posts:
            for o in game.posts[p].list:
                lists[o].append(p)
        for o in who:
            cap, *rest = game.officers[o]
            classes[tuple(lists[o]), min(cap, len(lists[o])), *rest].append(o)
        self.classes = [Class(members, *key) for key, members in classes.items()]
        self.wire()
        self.make_feasible()

    # ---- Spec 11.4 ----

    def chain(self, p, j, pairs):
        """The nodes of the link of post p and class j, and where in them the link's own arc is."""
        post, kind = self.game.posts[p], self.classes[j]
        when = self.game.days[post.visit]
        nodes = [(POST, p)]
        if post.limit is not None and kind.group is not None:
            nodes.append((GROUP, p, kind.group))
        own = len(nodes) - 1
        if pairs[post.visit, j] > 1 and not self.is_chair(kind.members[0]):
            nodes.append((PAIR, post.visit, j))
        nodes += [(SPAN, k, j, number) for k, number in spans(when, kind)]
        nodes.append((CLASS, j))
        if kind.office is not None:
            nodes.append((OFFICE, kind.office))
        return [*nodes, (SINK,)], own

    def is_chair(self, o):
        return o >= len(self.game.officers)

    def size(self, p, j, tail, own):
        """The capacity of an arc: (a, None) for a places, (a, v) for a times the ceiling of visit v."""
        post, kind = self.game.posts[p], self.classes[j]
        n = len(kind.members)
        if own:
            return n, None if post.pinned or self.is_chair(kind.members[0]) else post.visit
        if tail[0] == PAIR:
            return n, post.visit
        return {POST: lambda: min(post.limit, post.places), SPAN: lambda: n * kind.spans[tail[1]],
                CLASS: lambda: n * kind.cap, OFFICE: lambda: self.game.offices[kind.office]}[tail[0]](), None

    def wire(self):
        members = sorted((p, j) for j, kind in enumerate(self.classes) for p in kind.posts)
        pairs = Counter((self.game.posts[p].visit, j) for p, j in members)
        chains = [(p, j, *self.chain(p, j, pairs)) for p, j in members]
        self.nodes = sorted({(SINK,), *((POST, p) for p in self.posts)}.union(*(nodes for _, _, nodes, _ in chains)))
        number, arcs = {node: i for i, node in enumerate(self.nodes)}, {}
        self.links, self.sizes = [], []  # a link is (post, class, its own arc, the arcs it is carried by)
        for p, j, nodes, own in chains:
            route = []
            for k, ends in enumerate(zip(nodes, nodes[1:])):
                if ends not in arcs:
                    arcs[ends] = len(arcs)
                    self.sizes.append(self.size(p, j, ends[0], k == own))
                route.append(arcs[ends])
            self.links.append((p, j, route[own], route))
        self.net = Network(len(self.nodes), [(number[tail], number[head]) for tail, head in arcs])
        self.leaving = {number[tail]: a for (tail, head), a in arcs.items() if tail[0] > GROUP}
        self.leaving |= {number[head]: a for (tail, head), a in arcs.items() if head[0] == GROUP}
        self.bundles = defaultdict(list)
        for k, (_, _, _, route) in enumerate(self.links):
            for u in [self.net.ends[a][0] for a in route]:
                self.bundles[u].append(k)

    def ceiling(self, v):
        return self.game.Q + (W - self.game.Q) * self.steps[v] // 8

    def capacities(self):
        ceilings = {v: self.ceiling(v) for v in self.visits} | {None: W}
        return [places * ceilings[v] for places, v in self.sizes]

    def supplies(self):
        balance = [self.game.posts[node[1]].places * W if node[0] == POST else 0 for node in self.nodes]
        balance[-1] = -sum(balance)
        return balance

    # ---- Spec 11.6 ----

    def make_feasible(self):
        balance = self.supplies()
        while True:
            for a, most in enumerate(self.capacities()):
                self.net.bind(a, 0, most)
            self.net.settle(balance)  # step 1
            left = [u for u, b in enumerate(balance) if b > 0]
            reached = self.net.reach(left)
            posts = [self.game.posts[self.nodes[u][1]] for u in reached if self.nodes[u][0] == POST]
            visits = {post.visit for post in posts if not post.pinned}
            if all(self.steps[v] == 8 for v in visits):
                break
            for v in visits:  # step 2
                self.steps[v] = min(8, self.steps[v] + 1)
        if left:
            self.run_short(reached, balance)

    def run_short(self, reached, balance):  # step 3
        done, near = set(), defaultdict(set)
        for u, v in self.net.ends:
            if u in reached and v in reached:
                near[u].add(v)
                near[v].add(u)
        chair = len(self.game.officers)
        for u in sorted(reached):  # posts come first
            if u in done:
                continue
            part = [u]
            done.add(u)
            for x in part:
                part += near[x] - done
                done |= near[x]
            posts = sorted(self.nodes[x][1] for x in part if self.nodes[x][0] == POST)
            missing = sum(balance[x] for x in part if self.nodes[x][0] == POST)
            assert posts and missing > 0 and missing % W == 0
            need, D = sum(self.game.posts[p].places for p in posts), missing // W
            groups = [node[1:] for i, node in enumerate(self.nodes) if node[0] == GROUP and i not in reached]
            self.shortages.append(Shortage(posts, sorted({o for p in posts for o in self.game.posts[p].list}),
                                           [group for group in groups if group[0] in posts], need, need - D))
            self.chairs.append(len(self.game.officers) + len(self.chairs))
            self.classes.append(Class([*range(chair, chair + D)], tuple(posts), 1, (), 0, None, None))
            chair += D
        self.wire()

    def raised(self):  # Spec 12.2
        short = {self.game.posts[p].visit for shortage in self.shortages for p in shortage.posts}
        entries = defaultdict(list)
        for v in self.visits:
            if self.ceiling(v) > self.game.Q and v not in short:
                entries[self.ceiling(v)].append(v)
        return sorted(entries.items())

    # ---- Spec 11.7 ----

    def bind_at(self, price):  # the bounds that prices give
        for a, ((u, v), most) in enumerate(zip(self.net.ends, self.capacities())):
            p = price[u] - price[v]
            if self.nodes[u][0] == CLASS:
                kind = self.classes[self.nodes[u][1]]
                n, q = len(kind.members) * W, p - 2 * kind.before
                yield a, n * within(0, q // 2, kind.cap), n * within(0, (q + 1) // 2, kind.cap)
            else:
                yield a, most if p > 0 else 0, most if p >= 0 else 0

    def costs(self):
        """For every step e its cost, for those that can be made: arc 2a along, 2a + 1 against."""
        cost = [0] * (2 * len(self.sizes))
        for a, (u, _) in enumerate(self.net.ends):
            if self.nodes[u][0] == CLASS:
                kind, flow = self.classes[self.nodes[u][1]], self.net.flow(a)
                unit = len(kind.members) * W
                cost[2 * a] = 2 * (kind.before + flow // unit + 1) - 1
                cost[2 * a + 1] = 1 - 2 * (kind.before - -flow // unit)
        return cost

    def can_step(self):  # over the whole capacity, not only within the bounds that prices give
        room = []
        for low, back, most in zip(self.net.low, self.net.room[1::2], self.capacities()):
            room += [low + back < most, low + back > 0]
        return room

    def prices(self):
        """Least cost by the primal-dual method, then the canonical prices."""
        price, balance, sink = [0] * len(self.nodes), self.supplies(), len(self.nodes) - 1
        for a in range(len(self.sizes)):
            self.net.bind(a, 0, 0, 0)
        while True:
            for a, low, high in self.bind_at(price):
                self.net.bind(a, low, high)
            self.net.settle(balance)
            start = {u: 0 for u, b in enumerate(balance) if b > 0}
            if not start:
                break
            slack = self.shortest(start, price, sink)
            for u, d in slack.items():
                price[u] += max(0, slack[sink] - d)
        ends = {sink: 0} | {u: GUARD - price[u] for u, node in enumerate(self.nodes) if node[0] == POST}
        way = self.shortest(ends, price, None)
        self.price = {node: way[u] + price[u] if u in way else INFINITE for u, node in enumerate(self.nodes)}
        return self.price

    def post_and_officer_prices(self):
        of = {o: self.price[CLASS, j] for j, kind in enumerate(self.classes) for o in kind.members}
        return [[self.price[POST, p] for p in self.posts], [of[o] for o in self.who]]

    def shortest(self, start, price, goal):
        """Distances in slack from the starts on, up to the goal; without a goal, towards the starts."""
        cost, can, back = self.costs(), self.can_step(), goal is None
        far, done, heap = dict(start), {}, [(d, u) for u, d in start.items()]
        heapq.heapify(heap)
        while heap:
            d, u = heapq.heappop(heap)
            if u in done:
                continue
            done[u] = d
            if u == goal:
                break
            for v, e in self.net.near[u]:
                e ^= back
                if can[e] and v not in done:
                    slack = cost[e] + (price[u] - price[v] if back else price[v] - price[u])
                    assert slack >= 0
                    if d + slack < far.get(v, INFINITE):
                        far[v] = d + slack
                        heapq.heappush(heap, (far[v], v))
        return done

    # ---- Spec 11.8 ----

    def spread(self):
        """The flow X of the links {(post, class): units}."""
        bounds = {a: (low, high) for a, low, high in self.bind_at([self.price[node] for node in self.nodes])}
        least, most = ([bounds[a][end] << FINE for _, _, a, _ in self.links] for end in (0, 1))
        v = [within(low, len(self.classes[j].members) * W << FINE, high)
             for (_, j, _, _), low, high in zip(self.links, least, most)]  # step 1
        order = []
        for kind in (GROUP, POST, PAIR, SPAN, CLASS, OFFICE):
            for u, node in enumerate(self.nodes):
                if node[0] == kind:
                    low, high = [self.game.posts[node[1]].places * W] * 2 if kind == POST else bounds[self.leaving[u]]
                    order.append((self.bundles[u], low << FINE, high << FINE))
        for _ in range(min(1000, max(40, 10**6 // max(1, len(self.links))))):  # step 3
            far = False
            for bundle, low, high in order:  # step 2
                S = sum([v[k] for k in bundle])
                T = low if S < low else high if S > high else S
                if S != T and S:
                    factor = (T << 32) // S
                    for k in bundle:  # the innermost loop of a replay: `within` is written out
                        part, lower, upper = v[k] * factor >> 32, least[k], most[k]
                        v[k] = lower if part < lower else upper if part > upper else part
                    far = far or abs(S - T) > T >> 16
            if not far:
                break
        carried = Counter()  # step 4
        for k, (_, _, _, route) in enumerate(self.links):
            for a in route:
                carried[a] += v[k] >> FINE
        balance = self.supplies()
        for a, (tail, head) in enumerate(self.net.ends):
            flow = within(bounds[a][0], carried[a], bounds[a][1])
            self.net.bind(a, *bounds[a], flow)
            balance[tail] -= flow
            balance[head] += flow
        self.net.settle(balance)
        assert not any(balance)
        return {(p, j): self.net.flow(a) for p, j, a, _ in self.links}

    # ---- Spec 11.9 ----

    def chances(self):
        """{(post, officer): units}, above 0, chairs among the officers."""
        self.prices()
        X, x = self.spread(), {}
        for j, kind in enumerate(self.classes):
            if self.is_chair(kind.members[0]):  # the chairs of a shortage are not told apart
                x |= {(p, self.chairs[j - len(self.classes)]): X[p, j] for p in kind.posts}
                continue
            B, n = 0, len(kind.members)
            for p in sorted(kind.posts, key=self.by_day):
                for s, o in enumerate(kind.members):
                    x[p, o] = (B + X[p, j] + s) // n - (B + s) // n
                B += X[p, j]
        return {pair: chance for pair, chance in x.items() if chance}

    def by_day(self, p):
        visit = self.game.posts[p].visit
        when = self.game.days[visit]
        return (1, when[0], visit, p) if when else (0, 0, visit, p)

    # ---- Spec 11.10 ----

    def draw(self, x, words):
        """The pairs (post, officer) at W, the chairs of a shortage as often as there are vacancies."""
        game, posts = self.game, defaultdict(list)
        visits, officers = words.shuffle(self.visits[:]), words.shuffle(self.who + self.chairs)  # step 1
        for p in self.posts:
            posts[game.posts[p].visit].append(p)
        turn, place = {v: k for k, v in enumerate(visits)}, {o: k for k, o in enumerate(officers)}
        twice, value, own = Counter((game.posts[p].visit, o) for p, o in x), Counter(), {}
        for (p, o), chance in x.items():  # a node's order: officers come after posts, offices after officers
            post = game.posts[p]
            who = Officer(1, (), 0, None, None) if self.is_chair(o) else game.officers[o]
            when, k = game.days[post.visit], place[o]
            nodes = [(0, turn[post.visit], p)]
            if post.limit is not None and who.group is not None:
                nodes.append((0, turn[post.visit], p, who.group))
            start = len(nodes) - 1
            if twice[post.visit, o] > 1 and not self.is_chair(o):
                nodes.append((1, k, PAIR, turn[post.visit]))
            nodes += [(1, k, SPAN, kind, number) for kind, number in spans(when, who)]
            nodes.append((1, k, CLASS))
            if who.office is not None:
                nodes.append((2, who.office))
            nodes.append((3,))
            for ends in zip(nodes, nodes[1:]):
                value[ends] += chance
            own[p, o] = nodes[start], nodes[start + 1]
        value = flip(value, words)
        assert all(value[own[p, o]] % W == 0 and (self.is_chair(o) or value[own[p, o]] <= W) for p, o in x)
        return sorted(pair for pair in x for _ in range(value[own[pair]] // W))  # step 3
