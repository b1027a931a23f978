"""Spec 1 to 4: conventions, canonical JSON, digests of both suites, trees and their proofs."""
import contextlib, functools, hashlib, json, math, re
from datetime import date, datetime

from sm3 import sm3

# ---- Spec 1: conventions ----

PROTOCOL, HEX = "double-random/1", "[0-9a-f]{64}"
CODE = "[0-9A-Za-z][0-9A-Za-z_.-]{0,63}"
ONE, W = 10**9, 1 << 20  # one, in billionths; one place on a team, in units of chance
MOST = 9_000_000 * ONE  # the largest decimal

EXIT = {"confirmed": 0, "refuted": 1, "self-consistent": 2}  # Spec 19; and 3 where the input cannot be used

class Fail(Exception):
    """A check that does not hold, or a plan that is refused."""

class Unusable(Exception):
    """Input that cannot be read at all."""

MALFORMED = KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError

def need(condition, what):
    if not condition:
        raise Fail(what)

def billionths(text):  # Spec 1.2
    found = re.fullmatch(r"(0|[1-9][0-9]{0,6})(?:\.([0-9]{0,8}[1-9]))?", text)
    value = int(found[1]) * ONE + int((found[2] or "0").ljust(9, "0")) if found else math.inf
    need(value <= MOST, f"{text} is not a canonical decimal")
    return value

def decimal(n):  # Spec 1.2
    return f"{n // ONE}.{n % ONE:09}".rstrip("0").rstrip(".")

def ascend(items):
    return all(a < b for a, b in zip(items, items[1:]))

def whole(n, least=0, most=(1 << 53) - 1):
    return type(n) is int and least <= n <= most

def instant(text):  # Spec 1.8
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    need(moment.isoformat() + "Z" == text, f"{text} is not an instant")
    return moment

def day(text):  # Spec 1.8
    need(date.fromisoformat(text).isoformat() == text, f"{text} is not a date")
    return date.fromisoformat(text)

def is_offset(text):  # Spec 1.8
    found = re.fullmatch("([+-])([0-9]{2}):([0-5][0-9])", text)
    return bool(found) and text != "-00:00" and int(found[2]) * 60 + int(found[3]) <= 60 * (14 if found[1] == "+" else 12)

def characters(ranges):  # "20 2000-200A": code points, hexadecimal
    pairs = [part.partition("-") for part in ranges.split()]
    return frozenset(chr(n) for first, _, last in pairs for n in range(int(first, 16), int(last or first, 16) + 1))

SPACES = characters("20 A0 1680 2000-200A 202F 205F 3000")  # Spec 1.9
HIDDEN = characters("0-1F 7F-9F AD 34F 600-605 61C 6DD 70F 890-891 8E2 115F-1160 17B4-17B5 180B-180F 200B-200F 2028-202E "
                    "2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFFB FFFE-FFFF 110BD 110CD 13430-1343F 1BCA0-1BCA3 "
                    "1D173-1D17A E0000-E0FFF FFFFE-10FFFF")
LETTERS = characters("30-39 61-7A DF-F6 F8-FF 3007 3400-4DBF 4E00-9FFF AC00-D7A3 20000-2A6DF 2A700-2EE5F 30000-323AF")
MARKS = characters("20-2F 3A-40 5B-60 7B-7E B7 2013-2014 2018-2019 201C-201D 2022 2027 3000-3003 3008-3011 3014-3017 30FB")
IN_NAMES = LETTERS | MARKS

def is_text(text):  # Spec 1.9
    return 1 <= len(text) <= 200 and not set(text) <= SPACES and not set(text) & HIDDEN

def narrow(character):  # Spec 1.10: one width, one case
    n = ord(character) - 0xFEE0 if 0xFF01 <= ord(character) <= 0xFF5E else ord(character)
    return chr(n + 32 if 0x41 <= n <= 0x5A or 0xC0 <= n <= 0xDE and n != 0xD7 else n)

def name_key(text):  # Spec 1.10: what a name is compared by; Fail where the text is none
    text = "".join(map(narrow, text)) if is_text(text) else ""
    need(text and set(text) <= IN_NAMES and set(text) & LETTERS, "no name")
    words = "".join(c if c in LETTERS else " " for c in text).split(" ")
    words = [word for word in words if word]
    joint = lambda a, b: "." if re.fullmatch("[0-9]{2}", a[-1] + b[0]) else ""
    return words[0] + "".join(joint(a, b) + b for a, b in zip(words, words[1:]))

def has_fields(value, names):  # "?" marks what may be absent
    fields = names.split()
    return {f for f in fields if f[-1] != "?"} <= set(value) <= {f.rstrip("?") for f in fields}

# ---- Spec 2: canonical JSON ----

WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

def canon(value):
    return WRITER.encode(value).encode()

def scan(value):  # Spec 2.1, 2.2, 2.4
    if value is None or isinstance(value, float) or isinstance(value, int) and abs(value) >= 1 << 53:
        raise ValueError("null, or a number that is no integer or out of range")
    if isinstance(value, dict) and not all(re.fullmatch(r'[ !#-\[\]-~]*', key) for key in value):
        raise ValueError("a key that is not printable ASCII, or that has a quotation mark or a backslash")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        scan(part)
    return value

def parse(data):  # Spec 2.5: what would not be written back the same is refused
    value = scan(json.loads(data.decode()))
    if canon(value) != data:
        raise ValueError("not canonical JSON")
    return value

# ---- Spec 3: suites and labelled digests. Everything is hashed with the suite of the `with` around it ----

def sha256(data):
    return hashlib.sha256(data).digest()

HASHES, CURRENT = {"sha256": sha256, "sm3": sm3}, ["sha256"]

@contextlib.contextmanager
def suite(name):
    if name not in HASHES:
        raise Unusable(f"no suite is called {name}")
    CURRENT.append(name)
    try:
        yield
    finally:
        CURRENT.pop()

def suite_of(document):  # of a seal, of a policy or of the first entry of a ledger
    return suite(document.get("suite", "sha256"))

def valid_suite(document):  # Spec 9.1: the default is left out
    return "suite" not in document or is_other_suite(document["suite"])

def is_other_suite(name):
    return name in HASHES and name != "sha256"

def sha(data):
    return HASHES[CURRENT[-1]](data)

def H(label, content):
    return sha(f"{PROTOCOL} {label} ".encode() + (content if isinstance(content, bytes) else content.encode())).hex()

def salt(key, name):  # Spec 4.1
    need(re.fullmatch(HEX, key), "the form of the salt key")
    return H("salt", f"{key} {name}")

def pseudonym_of(key, unit):  # Spec 4.1
    return salt(key, f"frame {unit}")[:32]

def row_salt(key, unit):  # Spec 4.1
    return salt(key, f"frame {unit}")[32:]

# ---- Spec 4.3: trees ----

class Tree:
    """The tree of RFC 6962 over the leaves lo, …, hi - 1."""

    def __init__(self, leaves):
        self.leaves = leaves
        self.hash = functools.cache(self.hash)

    @staticmethod
    def split(lo, hi):
        return lo + (1 << (hi - lo - 1).bit_length() - 1)

    def hash(self, lo, hi):
        if hi - lo < 2:
            return sha(b"\0" + self.leaves[lo]) if lo < hi else sha(b"")
        mid = self.split(lo, hi)
        return sha(b"\1" + self.hash(lo, mid) + self.hash(mid, hi))

    def root(self, size=None):
        return self.hash(0, len(self.leaves) if size is None else size).hex()

    def inclusion(self, index, lo=0, hi=None):  # RFC 9162, 2.1.3.1
        hi = len(self.leaves) if hi is None else hi
        if hi - lo == 1:
            return []
        mid = self.split(lo, hi)
        near, far = ((lo, mid), (mid, hi)) if index < mid else ((mid, hi), (lo, mid))
        return self.inclusion(index, *near) + [self.hash(*far).hex()]

    def consistency(self, old, lo=0, hi=None, whole=True):  # RFC 9162, 2.1.4.1: from the first `old` leaves
        hi = len(self.leaves) if hi is None else hi
        if old in (lo, hi):  # lo: only for the empty tree, whose proof is empty
            return [] if whole else [self.hash(lo, hi).hex()]
        mid = self.split(lo, hi)
        if old <= mid:
            return self.consistency(old, lo, mid, whole) + [self.hash(mid, hi).hex()]
        return self.consistency(old, mid, hi, False) + [self.hash(lo, mid).hex()]

def node(left, right):
    return sha(b"\1" + left + right)

def hashes(path):
    need(isinstance(path, list) and all(re.fullmatch(HEX, step) for step in path), "the form of a path")
    return [bytes.fromhex(step) for step in path]

def is_included(data, index, size, path, root):  # RFC 9162, 2.1.3.2
    if not (type(index) is int and type(size) is int and 0 <= index < size):
        return False
    fn, sn, r = index, size - 1, sha(b"\0" + data)
    for p in hashes(path):
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r.hex() == root

def is_consistent(old, old_root, size, root, path):  # RFC 9162, 2.1.4.2
    path = hashes(path)
    if old == size or old == 0:
        return not path and (old_root == root if old else old_root == sha(b"").hex())
    if not 0 < old < size or not path:
        return False
    path = [bytes.fromhex(old_root), *path] if old & old - 1 == 0 else path
    fn, sn, fr, sr = old - 1, size - 1, path[0], path[0]
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    for p in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(p, fr), node(p, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and (fr.hex(), sr.hex()) == (old_root, root)

# ---- Spec 4.5 and 4.6: trees whose places tell nothing, and one proof for several leaves ----

HALF = "[0-9a-f]{32}"

def leaf_hash(data):
    return sha(b"\0" + data)

def blind_tree(leaves):  # Spec 4.5
    return Tree(sorted(leaves, key=leaf_hash))

def pseudonym_leaf(pseudonym, unit):
    need(re.fullmatch(HALF, pseudonym) and len(unit) <= 64, "the form of a pseudonym and its id")
    return f"{pseudonym} {unit}".encode()

def shown_root(leaves, size, inclusion, order=sorted):  # Spec 4.6: the root in hexadecimal
    need(has_fields(inclusion, "hashes places"), "the fields of a proof of inclusion")
    places, rest = inclusion["places"], hashes(inclusion["hashes"])
    need(all(map(whole, places)) and ascend(places) and len(places) == len(leaves), "places that ascend, one a leaf")
    need(leaves or not rest, "no digests beside no leaves")
    need(not leaves or places[-1] < size, "places in the tree")
    rest.reverse()

    def root(lo, hi, shown):
        if not shown:
            need(rest, "more digests")
            return rest.pop()
        if hi - lo == 1:
            return shown[0][1]
        mid = Tree.split(lo, hi)
        left = root(lo, mid, [row for row in shown if row[0] < mid])
        return node(left, root(mid, hi, [row for row in shown if row[0] >= mid]))
    found = root(0, size, list(zip(places, order(map(leaf_hash, leaves))))).hex() if leaves else None
    need(not rest, "no more digests")
    return found
