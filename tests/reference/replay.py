#!/usr/bin/env python3
"""Second implementation of the verifiable draw `double-random/1`, written from its specification (spec.md) alone."""
import functools, hashlib, json, math, re, struct, sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

PROTOCOL, ONE, W, HEX = "double-random/1", 10**9, 1 << 20, "[0-9a-f]{64}"
FIELDS = {  # Spec 12: the top level of every document; "?" marks what may be absent
    "record": "beacon digest document policy protocol sample seal secret? seed table teams",
    "seal": "attempt authority beacon cells cycle disclosure document frame policy previous protocol roster scope "
            "sealed_at secret? sequence",
    "frame": "document protocol salt_key units", "cycle": "document protocol salt_key standings",
    "roster": "document inspectors protocol recusals salt_key"}

class Fail(Exception): """A check that does not hold, or a plan that is refused."""
class Unusable(Exception): """Input that cannot be read at all."""
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, struct.error)

def need(condition, what):
    if not condition:
        raise Fail(what)

def canon(value):  # Spec 2
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

def same(what, expected, found):  # as bytes, because Python holds True and 1 to be equal
    need(canon(expected) == canon(found), f"{what}: expected {str(expected)[:90]}, found {str(found)[:90]}")

def scan(value):  # Spec 2, steps 1, 2 and 4
    if value is None or isinstance(value, float) or isinstance(value, int) and abs(value) >= 1 << 53:
        raise ValueError("null, or a number that is no integer or out of range")
    if isinstance(value, dict) and not all(key.isascii() for key in value):
        raise ValueError("a key that is not ASCII")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        scan(part)
    return value

def parse(data):  # Spec 2, step 5: what would not be written back the same is refused
    value = scan(json.loads(data.decode()))
    if canon(value) != data:
        raise ValueError("not canonical JSON")
    return value

def check_fields(value, document):
    fields = FIELDS[document].split()
    if not {f for f in fields if f[-1] != "?"} <= set(value) <= {f.rstrip("?") for f in fields}:
        raise ValueError(f"unknown or missing fields of a {document}")
    if (value["protocol"], value["document"]) != (PROTOCOL, document):
        raise ValueError(f"not a {document} of {PROTOCOL}")

def load(paths):
    try:
        files = {name: parse(Path(path).read_bytes()) for name, path in paths.items()}
        for name, value in [*files.items(), ("seal", files["record"]["seal"])]:
            if name != "beacon":
                check_fields(value, name)
            elif any(set(v) != {"source", "value"} for v in value):
                raise ValueError("not a list of beacon values")
        return files.pop("record"), files
    except (OSError, *MALFORMED) as error:
        raise Unusable(f"{type(error).__name__} {error}") from None

def billionths(text):  # Spec 1, step 2
    found = re.fullmatch(r"(0|[1-9][0-9]{0,6})(?:\.([0-9]{0,8}[1-9]))?", text)
    value = int(found[1]) * ONE + int((found[2] or "0").ljust(9, "0")) if found else math.inf
    need(value <= 9_000_000 * ONE, f"{text} is not a canonical decimal")
    return value

def instant(text):  # Spec 1, step 8
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")

def sha(data):
    return hashlib.sha256(data).digest()

def H(label, content):  # Spec 3
    return sha(f"{PROTOCOL} {label} ".encode() + (content if isinstance(content, bytes) else content.encode())).hex()

class Tree:  # Spec 4, step 3: RFC 6962
    def __init__(self, leaves):
        self.leaves, self.hash = leaves, functools.cache(self.hash)

    def hash(self, lo, hi):
        if hi - lo < 2:
            return sha(b"\0" + self.leaves[lo]) if lo < hi else sha(b"")
        mid = lo + (1 << (hi - lo - 1).bit_length() - 1)
        return sha(b"\1" + self.hash(lo, mid) + self.hash(mid, hi))

    def proof(self, index, lo, hi):
        if hi - lo == 1:
            return []
        mid = lo + (1 << (hi - lo - 1).bit_length() - 1)
        near, far = ((lo, mid), (mid, hi)) if index < mid else ((mid, hi), (lo, mid))
        return self.proof(index, *near) + [self.hash(*far).hex()]

def list_root(key, name, field, rows):  # Spec 4, steps 1 and 2
    ids = [row["id"] for row in rows]
    need(re.fullmatch(HEX, key) and ids == sorted(set(ids)), f"salt key or order of the {name}")
    leaves = [canon({"salt": H("salt", f"{key} {name} {row['id']}"), field: row}) for row in rows]
    return {"root": Tree(leaves).hash(0, len(rows)).hex(), "size": len(rows)}

def walk(cells, factor, step, seed):  # Spec 5; cells are (path, size, count, certain), path joined by "/"
    counts, at = [c[2] if c[3] else 0 for c in cells], 0  # step 1
    if not factor:
        return counts, 0
    start = int(H("start", seed), 16) % step  # step 3

    def place(i):  # step 2: the hashes of all ancestors, then the cell's own
        parts = cells[i][0].split("/")
        nodes = [H("node", f"{seed} {'/'.join(parts[:k + 1])}") for k in range(len(parts))]
        return nodes, H("cell", f"{seed} {cells[i][0]} {cells[i][1]}")
    for i in sorted((i for i, c in enumerate(cells) if not c[3]), key=place):  # step 4
        end = at + factor * cells[i][1] * cells[i][2]
        counts[i] = -(-max(0, end - start) // step) + (-max(0, at - start) // step)
        at = end
    return counts, start

def allocate(design, cells, seed):  # Spec 5, steps 5 and 6
    if design["method"] != "number":
        return walk(cells, 1, ONE, seed)[0]
    left = design["number"] - sum(c[2] for c in cells if c[3])
    need(left >= 0, "the certain cells hold more units than the number to draw")
    return walk(cells, left, sum(c[1] * c[2] for c in cells if not c[3]), seed)[0]

def draw(ids, take, seed):  # Spec 6
    rows = [{"id": i, "ticket": ticket} for ticket, i in sorted((H("ticket", f"{seed} {i}"), i) for i in ids)]
    return rows[:take], rows[take:], {"cutoff": rows[take - 1]["ticket"]} if take else {}

class Words:  # Spec 7
    def __init__(self, label, seed):
        self.key, self.taken = struct.unpack("<8I", bytes.fromhex(H("stream", f"{label} {seed}"))), 0
        self.source = self.blocks()

    def blocks(self):  # step 1: RFC 8439, section 2.3
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

    def below(self, n):  # step 2
        m = self.word() * n
        while m % 2**64 < n and m % 2**64 < (2**64 - n) % n:
            m = self.word() * n
        return m >> 64

    def shuffle(self, items):  # step 3
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items

    def coin(self):  # step 4
        return self.word() & 1

def seed_text(seal, values, secret):  # Spec 8, step 1
    return " ".join([seal, *(f"{v['source']}={v['value']}" for v in values), *([f"secret={secret}"] if secret else [])])

def canonical_value(source, value):  # Spec 8, step 2
    if source["kind"] == "dice":
        faces = "0-9" if source["sides"] == 10 else f"1-{source['sides']}"
        return bool(re.fullmatch(f"[{faces}]{{{source['count']}}}", value))
    if source["kind"] == "drand":
        return bool(re.fullmatch(HEX, value))
    drawn = [part.split(".") for part in value.split("+")]
    return len(drawn) == len(source["fields"]) and all(
        len(numbers) == f["take"] and numbers == sorted(set(numbers)) and
        all(re.fullmatch("[0-9]{%d}" % (3 if f["of"] > 99 else 2), n) and 1 <= int(n) <= f["of"] for n in numbers)
        for f, numbers in zip(source["fields"], drawn))

def thousandths(source):  # Spec 8, step 3
    if source["kind"] == "dice":
        need(2 <= source["sides"] <= 10, "a die of no known number of sides")
        return source["count"] * (1000, 1584, 2000, 2321, 2584, 2807, 3000, 3169, 3321)[source["sides"] - 2]
    product = math.prod(math.comb(f["of"], f["take"]) for f in source.get("fields", []))
    need(0 < product < 1 << 127, "a lottery with too many outcomes")
    return 256_000 if source["kind"] == "drand" else 1000 * (product.bit_length() - 1)

def covers(division, other):  # Spec 10.1, step 2
    return other.startswith(re.sub("^((?:..)*?)(?:00)*$", r"\1", division))

def signalled(unit, rule):
    return unit.get("signals", {}).get(rule["signal"], 0) >= rule["at_least"]

def applies(rule, unit, standing, as_of):  # Spec 10.1
    [(kind, arg)] = rule.items()
    if kind in ("units", "kinds"):
        return unit["id" if kind == "units" else "kind"] in arg
    if kind in ("signal", "visits_at_least"):
        return signalled(unit, arg) if kind == "signal" else standing.get("visits", 0) >= arg
    when = unit.get("opened") if kind == "opened_within_days" else standing.get("last_visit")
    if when is None:
        return kind == "not_visited_days"
    days = max(0, (date.fromisoformat(as_of) - date.fromisoformat(when)).days)
    return {"not_visited_days": days > arg, "visited_within_days": days <= arg, "opened_within_days": days <= arg}[kind]

def hazard(frequency, share, exposure, visits):  # Spec 10.2, step 5
    d, r = frequency * share // ONE, exposure - visits * ONE
    need(d <= ONE, "a frequency above one visit a draw")
    if r >= 0:
        return ONE if r + d >= ONE else d * ONE // (ONE - r)
    return 0 if r + d <= 0 else min(ONE, (r + d) * ONE // (ONE + r))

def raise_sizes(sizes, m):  # Spec 10.4, step 3
    if sum(sizes) >= m * ONE:
        return sizes
    positive = sum(size > 0 for size in sizes)
    if positive < m:  # no factor reaches the quota
        return [ONE if size else -(-(m - positive) * ONE // (len(sizes) - positive)) for size in sizes]
    low, high, grown = ONE, ONE * ONE, lambda size, factor: min(ONE, -(-size * factor // ONE))
    while low < high:
        mid = (low + high) // 2
        enough = sum(grown(size, mid) * n for size, n in Counter(sizes).items()) >= m * ONE
        low, high = (low, mid) if enough else (mid + 1, high)
    return [grown(size, low) for size in sizes]

def admit(policy, unit, standing):  # Spec 10.1: exclusion code, active, certain
    ends = [licence.get("valid_until", "9999-12-31") for licence in unit.get("licences", [])]
    if unit["status"] != "active" or ends and max(ends) < policy["as_of"]:  # step 1
        return "licence_expired" if unit["status"] == "active" else unit["status"], False, False
    scope = policy.get("population", {})
    if (not any(covers(d, unit["division"]) for d in scope.get("divisions", ["000000"]))
            or unit["kind"] not in scope.get("kinds", [unit["kind"]])):  # step 2
        return "out_of_scope", False, False
    if any(applies(c["rule"], unit, standing, policy["as_of"]) for c in policy.get("certainties", [])):  # step 3
        return None, True, True
    codes = (e["code"] for e in policy.get("exclusions", []) if applies(e["rule"], unit, standing, policy["as_of"]))
    return next(codes, None), True, False  # step 4

def measure(policy, unit, standing, certain):  # Spec 10.2
    design, method = policy["design"], policy["design"]["method"]
    visits = {(f["risk"], f["credit"]): billionths(f["visits"]) for f in policy.get("frequency", [])}
    size = (billionths(design["rate"]) if method == "rate" else  # step 1
            ONE if method == "number" and not visits else visits[unit["risk"], unit["credit"]])
    size += sum(billionths(s["add"]) for s in policy.get("signals", []) if signalled(unit, s))  # step 2
    if method == "frequency":  # step 5
        size = hazard(size, billionths(design["share"]), billionths(standing.get("exposure", "0")),
                      standing.get("visits", 0))
    return size if method == "number" else ONE if certain else min(ONE, size)  # steps 3, 4 and 6

def plan(policy, units, standings):  # Spec 10: the cells as {(path, size, certain): [id]} and the exclusion counts
    design, excluded, active, n, mass = policy["design"], Counter(), [], 0, 0
    number, strata = design["method"] == "number", policy["strata"]
    for unit in units:
        standing, place = standings.get(unit["id"], {}), unit["division"]
        code, is_active, certain = admit(policy, unit, standing)
        if code:
            excluded[code] += 1
        if is_active:  # 10.3: the path, without first or repeat
            where = {**unit, "province": place[:2] + "0000", "city": place[:4] + "00", "county": place}
            active.append({"id": unit["id"], "visited": standing.get("visits", 0) > 0, "certain": certain,
                           "path": [where[s] for s in strata], "drawn": not code,
                           "size": 0 if code else measure(policy, unit, standing, certain)})
    drawn = [row for row in active if row["drawn"]]
    if number:  # Spec 5, step 6
        need(sum(r["certain"] for r in drawn) <= design["number"] <= sum(r["certain"] or r["size"] > 0 for r in drawn),
             "the number is below the certain units, or above those that can be drawn")
    full = drawn if number else []
    while full:  # its marks
        n = design["number"] - sum(row["certain"] for row in drawn)
        mass = sum(row["size"] for row in drawn if not row["certain"])
        full = [row for row in drawn if not row["certain"] and n > 0 and n * row["size"] >= mass]
        for row in full:
            row["certain"] = True
    depth = {"total": 0, **{s: i + 1 for i, s in enumerate(strata)}}
    for guard in sorted(policy["coverage"]["guards"], key=depth.get, reverse=True):  # Spec 10.4
        nodes = defaultdict(list)
        for row in active:
            nodes[tuple(row["path"][:depth[guard]])].append(row)
        for path, rows in sorted(nodes.items()):
            quota = -(-billionths(policy["coverage"]["minimum"]) * len(rows) // ONE)  # step 1
            m = max(0, quota - sum(row["visited"] for row in rows))
            free = [row for row in rows if row["drawn"] and not row["visited"]]  # step 2
            sure = len(free)
            if number and sure >= m:  # step 4
                others = sum(row["size"] for row in free if not row["certain"])
                sure = sum(row["certain"] for row in free) + (n * others // mass if n else 0)
            need(sure >= m, f"plan refused: {sure} units of {m} at {guard} {'/'.join(path)}")
            for row, size in zip(free, [] if number else raise_sizes([row["size"] for row in free], m)):  # step 3
                row["size"] = size
    cells = defaultdict(list)
    for row in drawn:  # Spec 10.5, step 1
        path = "/".join(["repeat" if row["visited"] else "first", *row["path"]])
        cells[path, row["size"], row["certain"] if number else row["size"] == ONE].append(row["id"])
    return dict(sorted(cells.items())), dict(excluded)

def cell_table(cells, excluded):  # Spec 10.5, step 2
    rows = [{"certain": c, "count": len(ids), "path": p, "size": str(size)} for (p, size, c), ids in cells.items()]
    return {"cells": rows, **({"exclusions": excluded} if excluded else {})}

def barred(policy, department, unit, who, standing, recused):  # Spec 11.1: the first reason, or None
    first, last, team, place = policy["window"]["from"], policy["window"]["to"], policy["team"], unit["division"]
    asked, reach = team.get("qualifications", {}).get(unit["kind"]), team["jurisdiction"]
    near = {"own": lambda d: covers(d, place), "province": lambda d: d[:2] == place[:2],
            "city": lambda d: d[:2] == place[:2] and (d[:4] == place[:4] or "0000" in (d[2:], place[2:]))}
    bars = {"department": who["department"] != department,
            "certificate": who.get("certified_from", first) > first or who["certified_until"] < last,
            "absence": any(a["from"] <= first and last <= a["to"] for a in who.get("absences", [])),
            "qualification": asked is not None and asked not in who.get("qualifications", []),
            "jurisdiction": reach != "any" and not any(map(near[reach], who["divisions"])),
            "recusal": (who["id"], unit["id"]) in recused,
            "grid": team["same_grid"] and "grid" in unit and unit["grid"] == who.get("grid"),
            "rotation": team["rotation"] and who["id"] in standing.get("last_team", [])}
    return next((reason for reason, holds in bars.items() if holds), None)

def bfs(near, room, many):  # Spec 11.3, step 1; node 0 is the source, 1 the sink
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
    """Spec 11.3: lefts is [(supply, {right: capacity})], sink {right: capacity}, over {right: both its capacities}.
    Left node i is 2i + 2, right node j 2j + 3, the overflow node -1. With `many` every path a search finds is used:
    enough where any maximum flow will do. Gives the supply not met, the lefts and rights reached, the flows."""
    missing, near, room = sum(supply for supply, _ in lefts), {0: [], -1: [1]}, defaultdict(Counter)
    room[-1][1] = missing - sum(sink.values())
    for j in sorted(sink):
        near[2 * j + 3], room[2 * j + 3][1] = [1], sink[j]
        if over:
            near[2 * j + 3].append(-1)
            near[-1].append(2 * j + 3)
            room[2 * j + 3][-1] = over[j] - sink[j]
    for i, (supply, arcs) in enumerate(lefts):
        near[0].append(2 * i + 2)
        near[2 * i + 2], room[0][2 * i + 2] = [2 * j + 3 for j in sorted(arcs)], supply
        for j, capacity in arcs.items():
            near[2 * j + 3].append(2 * i + 2)
            room[2 * i + 2][2 * j + 3] = capacity
    parent, ends = bfs(near, room, many)
    while ends:  # step 2
        for end in ends:
            path = [1, end]
            while path[-1]:
                path.append(parent[path[-1]])
            push = min(room[u][v] for v, u in zip(path, path[1:]))
            for v, u in zip(path, path[1:]):
                room[u][v] -= push
                room[v][u] += push
            missing -= push
        parent, ends = bfs(near, room, many)
    flows = {(i, j): room[2 * j + 3][2 * i + 2] for i, (_, arcs) in enumerate(lefts) for j in arcs}
    reached = {j for j in sink if 2 * j + 3 in parent}
    return missing, [i for i in range(len(lefts)) if 2 * i + 2 in parent], reached, flows

def spread(block, lower, upper, pairs, top):
    """Spec 11.6: block is [[class, supply, {right: capacity}, free]]; an arc has pairs(i, j), ceiling top(i, j)."""
    arcs = {(k, j): pairs(row[0], j) for k, row in enumerate(block) for j in row[2]}
    ceiling = {(k, j): top(block[k][0], j) for k, j in arcs}
    free, fixed = {(k, j) for k, j in arcs if block[k][3]}, {}

    def attempt(t, many=True):
        limit = {a: arcs[a] * min(t, ceiling[a]) if a in free else fixed.get(a, block[a[0]][2][a[1]]) for a in arcs}
        return flow([(row[1], {j: limit[k, j] for j in row[2]}) for k, row in enumerate(block)], lower, upper, many)
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

def level(lefts, seats, cap, count, pairs, top):
    """Spec 11.5: lefts is [(supply, {right: capacity})] of the visit classes, count the visits; the flow X."""
    X, nodes, rights = Counter(), [[i, *row, True] for i, row in enumerate(lefts)], set(range(len(seats)))
    for a in range(min(max(cap, default=0), count), 0, -1):  # above the number of visits no cap binds
        lower, upper = ({j: len(seats[j]) * min(cap[j], b) * W for j in rights} for b in (a - 1, a))
        missing, low, reached, _ = flow([row[1:3] for row in nodes], lower)  # step 1
        if not missing:
            continue
        block, rest = [nodes[k] for k in low], [row for k, row in enumerate(nodes) if k not in low]
        for row in rest:  # step 2
            row[2] = {j: c for j, c in row[2].items() if j in rights - reached}
        for row in block:
            for j in sorted(set(row[2]) - reached):
                X[row[0], j] = F = row[2].pop(j)
                row[1] -= F
                rest.append([row[0], F, {j: F}, False])
        flows = spread(block, {j: lower[j] for j in reached}, upper, pairs, top)
        X.update({(block[k][0], j): f for (k, j), f in flows.items() if block[k][3]})
        nodes, rights = rest, rights - reached
    assert not nodes  # step 3
    return X

def chances(units, who, may, caps, places, Q):
    """Spec 11.2-11.7 for one component: x of the pairs, the officers (chairs are pairs), raised, shortages."""
    left, right = defaultdict(list), defaultdict(list)
    for u in units:  # 11.2, step 1
        left[tuple(may[u])].append(u)
    for o in who:
        right[tuple(u for u in units if o in may[u]), caps[o]].append(o)
    left, seats, cap = list(left.values()), list(right.values()), [key[1] for key in right]
    steps, raised, shortages, chairs = [0] * len(left), defaultdict(list), [], set()
    links = [{j for j, group in enumerate(seats) if group[0] in may[members[0]]} for members in left]
    pairs = lambda i, j: len(left[i]) * len(seats[j])
    top = lambda i, j: W if j in chairs else Q + (W - Q) * steps[i] // 8
    while True:  # 11.4
        lefts = [(len(m) * places * W, {j: pairs(i, j) * top(i, j) for j in links[i]}) for i, m in enumerate(left)]
        missing, low, reached, _ = flow(lefts, {j: len(group) * cap[j] * W for j, group in enumerate(seats)})
        if not missing:
            break
        full = all(steps[i] == 8 for i in low)
        assert not full or missing % W == 0
        for i in low:
            steps[i] = min(8, steps[i] + 1)  # step 2
            if full:  # step 3
                links[i].add(len(seats))
        if full:
            block = sorted(u for i in low for u in left[i])
            people = sorted(o for j in reached - chairs for o in seats[j])
            shortages.append((block, people, len(block) * places, len(block) * places - missing // W))
            chairs.add(len(seats))
            cap.append(1)
            seats.append([(len(seats), s) for s in range(missing // W)])
    X, x, sent = level(lefts, seats, cap, len(units), pairs, top), {}, {}
    for i, members in enumerate(left):  # 11.7
        if steps[i] and not any(members[0] in row[0] for row in shortages):  # Spec 12, step 2
            raised[Q + (W - Q) * steps[i] // 8] += members
        for r, u in enumerate(members):
            C = 0
            for j in sorted(links[i]):
                sent[u, j] = (C + X[i, j] + r) // len(members) - (C + r) // len(members)
                C += X[i, j]
    for j, group in enumerate(seats):
        B = 0
        for u in (u for i, members in enumerate(left) if j in links[i] for u in members):
            for s, o in enumerate(group):
                x[u, o] = (B + sent[u, j] + s) // len(group) - (B + s) // len(group)
            B += sent[u, j]
    people = sorted(who) + [chair for j in sorted(chairs) for chair in seats[j]]
    return {p: c for p, c in x.items() if c}, people, [(c, sorted(us)) for c, us in sorted(raised.items())], shortages

def settle(units, people, x, words):  # Spec 11.8: the pairs at W
    visits, officers = words.shuffle(sorted(units)), words.shuffle(list(people))  # step 1
    sink, value, near = len(visits + officers), Counter(), defaultdict(list)
    rank, post = {u: k for k, u in enumerate(visits)}, {o: k for k, o in enumerate(officers, len(visits))}
    for (u, o), chance in x.items():  # arrows lead from a lower to a higher rank
        value[rank[u], post[o]] = chance
        value[post[o], sink] += chance
    for a, b in sorted(value):  # first the lower neighbours, then the higher, each ascending
        near[b].append(a)
    for a, b in sorted(value):
        near[a].append(b)
    for b in range(20):  # step 2
        ahead = {p: iter([q for q in near[p] if value[min(p, q), max(p, q)] >> b & 1]) for p in range(sink + 1)}
        taken = set()  # edges on the path, or settled for this bit: neither is walked again
        for origin in range(sink + 1):
            path = [origin]
            while (q := next((q for q in ahead[path[-1]] if frozenset((path[-1], q)) not in taken), None)) is not None:
                taken.add(frozenset((path[-1], q)))
                path.append(q)
                if q in path[:-1]:
                    at, up = path.index(q), 1 if words.coin() else -1
                    for s, t in zip(path[at:], path[at + 1:]):
                        value[min(s, t), max(s, t)] += (up if s < t else -up) << b
                    del path[at + 1:]
    assert all(v in (0, W) for (_, b), v in value.items() if b < sink)  # step 3
    return [(visits[a], officers[b - len(visits)]) for (a, b), v in value.items() if v == W and b < sink]

def department_teams(seed, department, may, caps, places, Q):
    """Spec 11.2-11.8 for one department: the table, the teams {unit: [officers, vacancies]}, raised, shortages."""
    table, teams, raised, shortages, visits_of = [], {u: [[], 0] for u in may}, [], [], defaultdict(list)
    for u, o in ((u, o) for u, people in may.items() for o in people):
        visits_of[o].append(u)
    done = set()
    for name in sorted(may):  # 11.2: components by name
        if name in done:
            continue
        units, who = [name], set()
        for u in units:
            for o in set(may[u]) - who:
                units += set(visits_of[o]) - set(units)
            who.update(may[u])
        done.update(units)
        x, people, up, short = chances(sorted(units), sorted(who), may, caps, places, Q)
        for u, o in settle(units, people, x, Words(f"teams/{department}/{name}", seed)):
            officers, vacancies = teams[u]
            teams[u] = [officers, vacancies + 1] if isinstance(o, tuple) else [sorted([*officers, o]), vacancies]
        table += [(u, o, c) for (u, o), c in x.items() if not isinstance(o, tuple)]
        raised, shortages = raised + up, shortages + short
    return sorted(table), teams, raised, shortages

def lead_of(seed, unit, post):  # Spec 11.9
    officers = [o["id"] for o in post["officers"]]
    return {"lead": min(officers, key=lambda o: H("lead", f"{seed} {unit} {o}"))} if officers else {}

def teams_of(policy, units, picks, roster, standings, seed):  # Spec 12, step 2: the `teams` of a record
    recused, people = {(r["inspector"], r["unit"]) for r in roster["recusals"]}, roster["inspectors"]
    posts, team, lines, raised, shortages = {u: [] for u in sorted(picks)}, policy["team"], [], [], []
    caps, Q = {w["id"]: w.get("cap", team["cap"]) for w in people}, billionths(team["ceiling"]) * W // ONE  # 11.4
    for place, post in enumerate(team["departments"]):
        name = post["department"]
        bars = {(u, w["id"]): barred(policy, name, units[u], w, standings.get(u, {}), recused)
                for u in posts for w in people if w["department"] == name}
        may = {u: sorted(w["id"] for w in people if bars.get((u, w["id"]), "department") is None) for u in posts}
        table, teams, up, short = department_teams(seed, name, may, caps, post["officers"], Q)
        lines += [((u, place, o), f"{u} {name} {o} {x}\n") for u, o, x in table]
        x_of = {(u, o): x for u, o, x in table}
        for u, (officers, vacancies) in teams.items():
            posts[u].append({"department": name, "vacancies": vacancies,
                             "officers": [{"chance": x_of[u, o], "id": o} for o in officers]})
        raised += [{"ceiling": c, "department": name, "units": us} for c, us in up]
        shortages += [{"can_fill": can_fill, "department": name, "inspectors": inspectors, "need": wanted, "units": us,
                       "losses": Counter(reason for (u, _), reason in bars.items() if u in us and reason)}
                      for us, inspectors, wanted, can_fill in short]
    return {"raised": raised, "shortages": shortages, "table": H("table", "".join(line for _, line in sorted(lines))),
            "visits": [{"posts": p, "unit": u, **lead_of(seed, u, p[0])} for u, p in posts.items()]}

NEEDS = {"seal": "seal", "beacon": "beacon", "frame": "frame", "roster": "roster", "cycle": "cycle",
         "plan": "frame cycle", "sample": "frame cycle", "eligibility": "frame roster cycle",
         "assignment": "frame roster cycle"}

def checks(record, files):
    """Spec 13: the checks by name; each gives rows (what, expected, found) that must agree, or raises Fail."""
    policy, seal, table, sample, teams = (record[k] for k in ("policy", "seal", "table", "sample", "teams"))
    sources, seed, secret = seal["beacon"]["sources"], record["seed"], record.get("secret")
    frame, roster, cycle = (files.get(name, {}) for name in ("frame", "roster", "cycle"))
    rows = [(c["path"], int(c["size"]), c["count"], c["certain"]) for c in table["cells"]]
    shown = [cell["picks"] + cell["reserves"] for cell in sample]
    picked = [row["id"] for cell in sample for row in cell["picks"]]
    units, standings = {u["id"]: u for u in frame.get("units", [])}, {s["unit"]: s for s in cycle.get("standings", [])}
    planned = functools.cache(lambda: plan(policy, frame["units"], standings))
    salt = lambda file, name: H("salt", f"{file['salt_key']} {name}")

    def timing():  # Spec 8, steps 3 and 4
        for s in sources:
            yield f"{s['id']} after the seal", True, instant(s["at"]) > instant(seal["sealed_at"])
            if s["kind"] == "drand":
                due = datetime(1970, 1, 1) + timedelta(seconds=s["genesis"] + (s["round"] - 1) * s["period"])
                yield f"time of round {s['round']}", str(due), str(instant(s["at"]))
        yield "128 bits", True, sum(map(thousandths, sources)) >= 128_000

    def secrets():
        deferred = seal["disclosure"]["mode"] == "deferred"
        yield "secret", deferred, bool(re.fullmatch(HEX, secret)) if "secret" in record else False
        yield "commitment", H("secret", secret) if deferred else None, seal.get("secret")

    def allocation():
        counts = allocate(policy["design"], rows, seed)
        yield "picks of the cells", counts, [len(cell["picks"]) for cell in sample]
        yield "picks among the units", True, all(n <= c[2] for n, c in zip(counts, rows))

    def cutoffs():
        yield "units twice", [], [u for u, n in Counter(row["id"] for r in shown for row in r).items() if n > 1]
        yield "number of cells", len(rows), len(sample)
        for c, cell, both in zip(rows, sample, shown):
            yield f"order of {c[0]}", sorted(both, key=lambda row: (row["ticket"], row["id"])), both
            cutoff = {"cutoff": cell["picks"][-1]["ticket"]} if cell["picks"] else {}
            yield f"cutoff of {c[0]}", cutoff, {k: v for k, v in cell.items() if k not in ("picks", "reserves")}
            yield f"reserves of {c[0]}", min(policy["reserves"], c[2] - len(cell["picks"])), len(cell["reserves"])

    def visits():
        yield "visits", sorted(picked), [v["unit"] for v in teams["visits"]]
        short = {(s["department"], u) for s in teams["shortages"] for u in s["units"]}
        for unit, posts, visit in ((v["unit"], v["posts"], v) for v in teams["visits"]):
            filled = [{"department": p["department"], "officers": len(p["officers"]) + p["vacancies"]} for p in posts]
            yield f"posts of {unit}", policy["team"]["departments"], filled
            empty = [p["department"] for p in posts if p["vacancies"] and (p["department"], unit) not in short]
            yield f"vacancies of {unit} outside a shortage", [], empty
            officers = [o["id"] for p in posts for o in p["officers"]]
            yield f"officers of {unit} distinct", len(set(officers)), len(officers)
            yield f"lead of {unit}", lead_of(seed, unit, posts[0]), {k: v for k, v in visit.items() if k == "lead"}

    def roster_sealed():
        root = list_root(roster["salt_key"], "roster", "inspector", roster["inspectors"])
        recusals = {"recusals": roster["recusals"], "salt": salt(roster, "recusals")}
        yield "root, size and recusals", {**root, "recusals": H("recusals", canon(recusals))}, seal["roster"]

    def sampled():
        cells = planned()[0]
        counts = allocate(policy["design"], [(p, z, len(ids), c) for (p, z, c), ids in cells.items()], seed)
        yield "number of cells", len(cells), len(sample)
        for ids, n, cell in zip(cells.values(), counts, sample):
            picks, reserves, cutoff = draw(ids, n, seed)
            yield "cell", {"picks": picks, "reserves": reserves[:policy["reserves"]], **cutoff}, cell

    def eligibility():
        people = {w["id"]: w for w in roster["inspectors"]}
        recused = {(r["inspector"], r["unit"]) for r in roster["recusals"]}
        posts = [(v["unit"], p) for v in teams["visits"] for p in v["posts"]]
        posted = [(u, p["department"], o["id"]) for u, p in posts for o in p["officers"]]
        for u, name, o in posted:
            yield f"bar of {o} at {u}", None, barred(policy, name, units[u], people[o], standings.get(u, {}), recused)
        for o, n in Counter(o for _, _, o in posted).items():
            yield f"cap of {o} kept", True, n <= people[o].get("cap", policy["team"]["cap"])

    def assignment():
        expected = teams_of(policy, units, picked, roster, standings, seed)
        return [(field, expected.get(field), teams.get(field)) for field in expected | teams]
    body = {k: v for k, v in record.items() if k != "digest"}
    return {
        "digest": lambda: [("digest", H("record", canon(body)), record["digest"])],
        "policy": lambda: [("digest", H("policy", canon(policy)), seal["policy"]),
                           *((k, policy[k], seal[k]) for k in ("authority", "scope", "beacon", "disclosure"))],
        "cells": lambda: [("cells", H("cells", canon(table)), seal["cells"])], "timing": timing,
        "seal": lambda: [("seal", files["seal"], seal)],
        "beacon_form": lambda: [
            ("sources", [s["id"] for s in sources], [v["source"] for v in record["beacon"]]),
            *((s["id"], True, canonical_value(s, v["value"])) for s, v in zip(sources, record["beacon"]))],
        "beacon": lambda: [("values", files["beacon"], record["beacon"])], "secret": secrets,
        "seed": lambda: [("seed", H("seed", seed_text(H("seal", canon(seal)), record["beacon"], secret)), seed)],
        "allocation": allocation,
        "tickets": lambda: [(r["id"], H("ticket", f"{seed} {r['id']}"), r["ticket"]) for both in shown for r in both],
        "cutoffs": cutoffs, "teams": visits,
        "frame": lambda: [("root", list_root(frame["salt_key"], "frame", "unit", frame["units"]), seal["frame"])],
        "roster": roster_sealed, "cycle": lambda: [("cycle", H("cycle", canon(
            {"salt": salt(cycle, "cycle"), "standings": cycle["standings"]})), seal["cycle"])],
        "plan": lambda: [("table", cell_table(*planned()), table)], "sample": sampled, "eligibility": eligibility,
        "assignment": assignment}

def verify(record, files, show=print):
    try:
        every, results = checks(record, files), {}
    except MALFORMED as error:
        raise Unusable(f"malformed record or files: {type(error).__name__} {error}") from None
    for name, check in every.items():
        missing = [f for f in NEEDS.get(name, "").split() if f not in files]
        try:
            for row in check() if not missing else []:
                same(*row)
            results[name] = "not run" if missing else "pass"
            show(f"----  {name}: not run, no {' and no '.join(missing)} given" if missing else f"pass {name}")
        except (Fail, AssertionError, *MALFORMED) as error:
            results[name] = "fail"
            show(f"FAIL {name}: {error if isinstance(error, Fail) else f'malformed, {error!r}'}")
    both = results["seal"] == results["beacon"] == "pass"
    return "refuted" if "fail" in results.values() else "confirmed" if both else "self-consistent"

def accepted(text):
    try:
        return parse(text.encode()) is not Fail
    except MALFORMED:
        return False

def vector(kind, case):
    """What one case of a vector file expects, and what is found."""
    joined = lambda items: sha(",".join(map(str, items)).encode()).hex()

    def tree():
        leaves = [bytes.fromhex(x) for x in case.get("leaves", [])]
        leaves += [str(i).encode() for i in range(case.get("count", 0))]
        found, size = Tree(leaves), len(leaves)
        return ([case["root"], *(p["path"] for p in case.get("proofs", []))],
                [found.hash(0, size).hex(), *(found.proof(p["index"], 0, size) for p in case.get("proofs", []))])

    def words():
        found = Words(case["label"], case["seed"])
        return case["words"], [str(found.word()) for _ in case["words"]]

    def below():
        source = Words("", "")
        source.source = iter(map(int, case["words"]))
        return [case["result"], case["taken"]], [str(source.below(int(case["n"]))), source.taken]

    def shuffle():
        order = Words(case["label"], case["seed"]).shuffle(list(range(case["n"])))
        return (case["digest"], joined(order)) if "digest" in case else (case["order"], order)

    def allocation():
        joint = lambda path: path if isinstance(path, str) else "/".join(path)
        cells = [(joint(c["path"]), int(c["size"]), c["count"], c["certain"]) for c in case["cells"]]
        counts, start = walk(cells, int(case["factor"]), int(case["step"]), case["seed"])
        return [case["counts"], case["start"]], [counts, str(start)]

    def tickets():
        ids = case["ids"] if "ids" in case else [f"U-{i:06}" for i in range(case["generated"])]
        picks, reserves, cutoff = draw(ids, case["take"], case["seed"])
        found = {"picks": [r["id"] for r in picks], "digest": joined(r["id"] for r in picks + reserves), **cutoff}
        keys = [k for k in ("picks", "digest", "cutoff") if k in case]
        return [case[k] for k in keys], [found.get(k) for k in keys]

    def seed():
        text = seed_text(case["seal"], case["values"], case.get("secret"))
        return [case["text"], case["seed"]], [text, H("seed", text)]

    def guard():
        sizes = [int(size) for size, count in case["sizes"] for _ in range(count)]
        grown = dict(zip(sizes, raise_sizes(sizes, case["need"])))
        return case["raised"], [str(grown[int(size)]) for size, _ in case["sizes"]]

    def teams():
        caps, no = {i["id"]: i["cap"] for i in case["inspectors"]}, {tuple(pair) for pair in case["barred"]}
        may = {u: sorted(i for i in caps if (u, i) not in no) for u in case["visits"]}
        table, found, *rest = department_teams(
            case["seed"], case["department"], may, caps, case["places"], case["ceiling"])
        rows = [table, [(u, *team) for u, team in sorted(found.items())], *rest]
        names = {"table": ("unit", "inspector", "chance"), "teams": ("unit", "officers", "vacancies"),
                 "raised": ("ceiling", "units"), "shortages": ("units", "inspectors", "need", "can_fill")}
        return [case[k] for k in names], [[dict(zip(names[k], row)) for row in part] for k, part in zip(names, rows)]
    return {
        "bytes": lambda: (case["accepted"], accepted(case["text"])), "tree": tree, "words": words, "below": below,
        "digest": lambda: (case["digest"], H(case["label"], case["content"])), "shuffle": shuffle, "seed": seed,
        "allocation": allocation, "tickets": tickets, "guard": guard, "teams": teams,
        "hazard": lambda: (case["size"], str(hazard(
            int(case["frequency"]), int(case["share"]), int(case["exposure"]), case["visits"])))}[kind]()

def run_vectors(folder):
    tally = Counter()
    for path in sorted(Path(folder).glob("*.json")):
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            cases = data["cases"] if data["protocol"] == PROTOCOL else None
        except (OSError, *MALFORMED):
            cases = None
        for number, case in enumerate(cases or [{}]):
            try:
                same(case.get("name", ""), *vector(path.stem, case))
                tally["passed"] += 1
            except (Fail, AssertionError, *MALFORMED) as error:
                tally["failed"] += 1
                print(f"FAIL {path.name} case {number}: {error!r}")
    for home in sorted(path for path in Path(folder).glob("records/*") if path.is_dir()):
        lines = []
        try:
            verdict = verify(*load({path.stem: path for path in home.glob("*.json")}), lines.append)
        except Unusable as error:
            verdict = f"unusable: {error}"
        tally["passed" if verdict == "confirmed" else "failed"] += 1
        if verdict != "confirmed":
            print(f"FAIL {home}: {verdict}", *(line for line in lines if line[0] == "F"), sep="\n  ")
    print(f"{tally['passed']} passed, {tally['failed']} failed")
    return int(tally["failed"] > 0)

def main(command="", path="", *options):
    names = [name[2:] for name in options[::2] if name in ("--seal", "--beacon", "--frame", "--roster", "--cycle")]
    if command == "vectors" and path and not options:
        return run_vectors(path)
    if command != "record" or not path or len(options) != 2 * len(names):
        print("usage: replay.py vectors DIR | record RECORD.json [--seal|--beacon|--frame|--roster|--cycle FILE]...")
        return 3
    try:
        verdict = verify(*load({"record": path, **dict(zip(names, options[1::2]))}))
    except Unusable as error:
        print(f"unusable: {error}")
        return 3
    print(verdict)
    return ["confirmed", "refuted", "self-consistent"].index(verdict)

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
