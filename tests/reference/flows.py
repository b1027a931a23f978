"""Spec 7, 11.5 and 11.10.2: words, settled flows and coins. For auditors; see replay.py."""
import struct

from basics import H

# ---- Spec 7: words ----

class Words:
    def __init__(self, label, seed):
        self.key, self.taken = struct.unpack("<8I", bytes.fromhex(H("stream", f"{label} {seed}"))), 0
        self.source = self.blocks()

    def blocks(self):  # Spec 7.1: RFC 8439, section 2.3
        """So many blocks at once: each of the 16 words of the state is a number with 64 bits for each block."""
        counter, count = 0, 2
        while counter < 1 << 32:
            each = sum(1 << 64 * k for k in range(count))
            low = each * 0xFFFFFFFF
            words = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *self.key, counter, 0, 0, 0]
            start = [word * each for word in words]
            start[12] += sum(k << 64 * k for k in range(count))
            s = start[:]
            for _ in range(10):
                for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                                   (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                    for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                        s[x] = (s[x] + s[y]) & low
                        mixed = s[z] ^ s[x]
                        s[z] = (mixed << turn | mixed >> 32 - turn) & low
            s = [(p + q) & low for p, q in zip(s, start)]
            pairs = [p | q << 32 for p, q in zip(s[::2], s[1::2])]
            for block in zip(*(struct.unpack(f"<{count}Q", pair.to_bytes(8 * count, "little")) for pair in pairs)):
                yield from block
            counter, count = counter + count, min(64, 4 * count)

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

# ---- Spec 11.5: flows ----

class Network:
    """Arcs (tail, head) between numbers. room[2a] can be sent along arc a, room[2a + 1] against it."""

    def __init__(self, count, ends):
        self.ends, self.low, self.room, self.near = ends, [0] * len(ends), [0] * (2 * len(ends)), [
            [] for _ in range(count)]
        for a, (tail, head) in enumerate(ends):
            self.near[tail].append((head, 2 * a))
            self.near[head].append((tail, 2 * a + 1))
        for steps in self.near:
            steps.sort()

    def flow(self, a):
        return self.low[a] + self.room[2 * a + 1]

    def bind(self, a, low, high, flow=None):
        flow = self.flow(a) if flow is None else flow
        assert low <= flow <= high
        self.low[a], self.room[2 * a], self.room[2 * a + 1] = low, high - flow, flow - low

    def distances(self, balance):  # step 1; None: there is no way
        distance, room = [0 if b < 0 else None for b in balance], self.room
        queue = [u for u, b in enumerate(balance) if b < 0]
        for v in queue:
            next_to = distance[v] + 1
            for u, e in self.near[v]:
                if distance[u] is None and room[e ^ 1]:
                    distance[u] = next_to
                    queue.append(u)
        return distance

    def settle(self, balance):
        near, room, sent = self.near, self.room, True
        while sent and any(b > 0 for b in balance):
            distance, tried, sent = self.distances(balance), [0] * len(near), False
            for origin in (u for u, b in enumerate(balance) if b > 0 and distance[u] is not None):  # step 2
                path, here = [], origin
                while balance[origin] > 0:
                    if balance[here] < 0:
                        amount = min(balance[origin], -balance[here], *(room[e] for _, e in path))
                        for _, e in path:
                            room[e] -= amount
                            room[e ^ 1] += amount
                        balance[origin] -= amount
                        balance[here] += amount
                        path, here, sent = [], origin, True
                        continue
                    k, steps, wanted = tried[here], near[here], distance[here] - 1
                    for k in range(k, len(steps) + 1):
                        if k < len(steps) and room[steps[k][1]] and distance[steps[k][0]] == wanted:
                            break
                    tried[here] = k
                    if k < len(steps):
                        path.append((here, steps[k][1]))
                        here = steps[k][0]
                    elif path:
                        here, _ = path.pop()
                        tried[here] += 1
                    else:
                        break

    def reach(self, start):
        found, queue = set(start), list(start)
        for u in queue:
            for v, e in self.near[u]:
                if self.room[e] and v not in found:
                    found.add(v)
                    queue.append(v)
        return found

# ---- Spec 11.10, step 2: coins ----

def flip(edges, words):
    """{(node, node): units}, arrows from the first to the second, with every value at 0 or a multiple of W."""
    order = sorted({node for ends in edges for node in ends})
    rank = {node: i for i, node in enumerate(order)}
    value, near = list(edges.values()), [[] for _ in order]
    for e, (a, b) in enumerate(edges):  # arrows lead from a lower to a higher rank
        near[rank[a]].append((rank[b], e))
        near[rank[b]].append((rank[a], e))
    for nodes in near:
        nodes.sort()
    for b in range(20):
        ahead = [iter([step for step in steps if value[step[1]] >> b & 1]) for steps in near]
        taken = set()  # edges on the path, or settled for this bit: neither is walked again
        for origin in range(len(order)):
            path, place, walked = [origin], {origin: 0}, []  # walked: the edges between the nodes of the path
            while True:
                here = path[-1]
                there, e = next((step for step in ahead[here] if step[1] not in taken), (None, None))
                if there is None:
                    break
                taken.add(e)
                walked.append(e)
                if there not in place:
                    place[there] = len(path)
                    path.append(there)
                    continue
                start, up = place[there], 1 if words.coin() else -1
                for e, s, t in zip(walked[start:], path[start:], [*path[start + 1:], there]):
                    value[e] += (up if s < t else -up) << b
                for node in path[start + 1:]:
                    del place[node]
                del path[start + 1:], walked[start:]
            assert path == [origin]
    return dict(zip(edges, value))
