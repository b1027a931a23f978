"""Spec 26: a frame in parts: runs, the census and the selection of some rows, and how they merge. For auditors and for
whoever draws at several places; see replay.py. Everything is hashed with the suite of the `with` around it."""
import re
from collections import Counter
from math import isqrt

from basics import CODE, HEX, H, ascend, canon, has_fields, leaf_hash, need, node, pseudonym_leaf, pseudonym_of, row_salt
from basics import ONE, PROTOCOL, is_other_suite, whole
from bounds import fit
from divisions import divisions_of
from plan import Plan, admit, mark_certain, place

MOST = 1 << 32  # rows of a frame

# ---- Spec 26.1: runs. A block is a pair (height, digest) ----

def heights(start, end):  # step 1
    while start < end:
        fits = (start & -start).bit_length() - 1 if start else 64
        height = min(fits, (end - start).bit_length() - 1)
        yield height
        start += 1 << height

def blocks_of(start, leaves):  # of leaf hashes from place `start` on
    return merged_blocks(start, [(0, leaf) for leaf in leaves])

def merged_blocks(start, blocks):  # step 2: blocks of runs side by side
    made, at = [], start
    for height, block in blocks:
        at += 1 << height
        while made and made[-1][0] == height and at % (2 << height) == 0:
            height, block = height + 1, node(made.pop()[1], block)
        made.append((height, block))
    return made

def root_of(document):  # step 3, in hexadecimal
    need(document["start"] == 0, "the rows do not begin with the first")
    blocks = [bytes.fromhex(block) for block in document["blocks"]]
    root = blocks.pop() if blocks else leaf_hash(b"")[:0]
    while blocks:
        root = node(blocks.pop(), root)
    return root.hex()

def read_blocks(document):
    found = list(heights(document["start"], document["start"] + document["size"]))
    need(len(found) == len(document["blocks"]), "blocks: another number of digests")
    return list(zip(found, map(bytes.fromhex, document["blocks"])))

def beside(one, other):
    end = one["start"] + one["size"]
    need(end == other["start"], f"apart: rows end at {end}, others begin at {other['start']}")
    blocks = merged_blocks(one["start"], read_blocks(one) + read_blocks(other))
    return {"start": one["start"], "size": one["size"] + other["size"], "blocks": [block.hex() for _, block in blocks]}

# ---- Spec 26.2: the census of a part ----

def leaves_of(units, key):
    return [leaf_hash(pseudonym_leaf(pseudonym_of(key, unit["id"]), unit["id"])) for unit in units]

def row_leaves(units, key):  # Spec 4.2
    return [leaf_hash(canon({"salt": row_salt(key, unit["id"]), "unit": unit})) for unit in units]

def added(leaves):
    return f"{sum(int.from_bytes(leaf, 'big') for leaf in leaves) % (1 << 256):064x}"

def census(policy, standings, key, cycle, start, units):
    """The part of some rows; `cycle` is the commitment to it, `standings` its rows by unit."""
    exclusions, strata, measures, classes = Counter(), {}, {}, Counter()
    for unit in units:
        standing = standings.get(unit["id"], {})
        code, row = place(policy, unit, standing)
        if code:
            exclusions[code] += 1
        if not row:
            continue
        path = "/".join(row["path"])
        stratum = strata.setdefault(path, {"path": path, "reached": 0, "units": 0})
        stratum["units"] += 1
        stratum["reached"] += row["reached"]
        counts = measures.setdefault(path, Counter())
        if row["drawn"]:
            counts["repeat" if row["reached"] else "first", row["size"], row["certain"]] += 1
            classes[unit["division"], unit["kind"]] += 1
    rows = lambda counts: [{"certain": certain, "measure": str(size), "occasion": occasion, "units": n}
                           for (occasion, size, certain), n in sorted(counts.items())]
    ends = {"first": units[0]["id"], "last": units[-1]["id"]} if units else {}
    return {"document": "part", "protocol": PROTOCOL, **{key: policy[key] for key in ("suite",) if key in policy},
            "policy": H("policy", canon(policy)), "cycle": cycle, "start": start, "size": len(units),
            "blocks": [block.hex() for _, block in blocks_of(start, row_leaves(units, key))], **ends,
            "leaves": added(leaves_of(units, key)), "exclusions": dict(exclusions),
            "strata": [{**strata[path], "measures": rows(measures[path])} for path in sorted(strata)],
            "classes": [{"division": division, "kind": kind, "units": n}
                        for (division, kind), n in sorted(classes.items())]}

def read_standings(rows):  # of a cycle, beside those of a part
    need(has_fields(rows, "blocks size start first? last?"), "the fields of standings")
    need(all(re.fullmatch(HEX, text) for text in rows["blocks"]), "the form of a digest")
    need(whole(rows["size"], 0, MOST) and whole(rows["start"], 0, MOST), "more rows than a cycle has")
    read_blocks(rows)
    ends = [rows[name] for name in ("first", "last") if name in rows]
    need(len(ends) == 2 and ends[0] <= ends[1] or not ends and rows["size"] == 0, "first and last")

def ends_of(one, other):
    return {**{"first": part["first"] for part in (other, one) if "first" in part},
            **{"last": part["last"] for part in (one, other) if "last" in part}}

def read_part(part):  # step 1
    need(has_fields(part, "document protocol suite? policy cycle start size blocks first? last? leaves exclusions strata "
                    "classes standings?"), "the fields of a part")
    need(part["document"] == "part" and part["protocol"] == PROTOCOL, "another document")
    need("suite" not in part or is_other_suite(part["suite"]), "the suite")
    need(all(re.fullmatch(HEX, text) for text in [part["policy"], part["cycle"], part["leaves"], *part["blocks"]]),
         "the form of a digest")
    size = part["size"]
    need(whole(size, 0, MOST) and whole(part["start"], 0, MOST), "more rows than a frame has")
    read_blocks(part)
    if "standings" in part:
        read_standings(part["standings"])
    ends = [part[name] for name in ("first", "last") if name in part]
    need(len(ends) == (2 if size else 0) and (size < 2 or ascend(ends)) and (size != 1 or ends[0] == ends[1]),
         "first and last")
    active = drawable = 0
    for row in part["strata"]:
        need(has_fields(row, "measures path reached units"), "the fields of a stratum")
        need(all(has_fields(count, "certain measure occasion units") and type(count["certain"]) is bool
                 and count["occasion"] in ("first", "repeat") and re.fullmatch("0|[1-9][0-9]{0,19}", count["measure"])
                 and int(count["measure"]) < 1 << 64 for count in row["measures"]),
             "the form of a measure")
        here = sum(count["units"] for count in row["measures"])
        need(whole(row["units"], 1) and whole(row["reached"]), "a stratum without units")
        need(row["reached"] <= row["units"] and here <= row["units"], "more units than the stratum has")
        need(all(whole(count["units"], 1) for count in row["measures"]), "a measure without units")
        again = sum(count["units"] for count in row["measures"] if count["occasion"] == "repeat")
        need(0 <= row["reached"] - again <= row["units"] - here, "reached")
        need(ascend([(count["occasion"], int(count["measure"]), count["certain"]) for count in row["measures"]]),
             "measures that do not ascend")
        active, drawable = active + row["units"], drawable + here
    need(ascend([row["path"] for row in part["strata"]]), "strata that do not ascend")
    need(all(has_fields(row, "division kind units") and whole(row["units"], 1) for row in part["classes"]), "classes")
    need(ascend([(row["division"], row["kind"]) for row in part["classes"]]), "classes that do not ascend")
    need(all(re.fullmatch(CODE, code) and whole(n, 1) for code, n in part["exclusions"].items()), "exclusions")
    need(sum(row["units"] for row in part["classes"]) == drawable, "classes that come to another number")
    need(sum(part["exclusions"].values()) + drawable == size and active <= size, "units that come to another number")
    return part

def summed(rows, more, names):  # lists of counts by name, added
    total = Counter()
    for row in rows + more:
        total[tuple(row[name] for name in names)] += row["units"]
    number = lambda item: [int(value) if name == "measure" else value for name, value in zip(names, item[0])]
    return [dict(zip(names, key), units=n) for key, n in sorted(total.items(), key=number)]

def merged(one, other):  # step 2
    for name in ("policy", "cycle"):
        need(one[name] == other[name], f"foreign: another {name}")
    need(one.get("suite") == other.get("suite"), "foreign: another suite")
    run = beside(one, other)
    need("last" not in one or "first" not in other or one["last"] < other["first"], "order: ids do not ascend")
    strata = {row["path"]: row for row in one["strata"]}
    for row in other["strata"]:
        mine = strata.get(row["path"], {"measures": [], "path": row["path"], "reached": 0, "units": 0})
        strata[row["path"]] = {
            "measures": summed(mine["measures"], row["measures"], ("occasion", "measure", "certain")),
            "path": row["path"], "reached": mine["reached"] + row["reached"], "units": mine["units"] + row["units"]}
    ends, standings = ends_of(one, other), {}
    need(("standings" in one) == ("standings" in other), "foreign: standings of one part only")
    if "standings" in one:
        here, there = one["standings"], other["standings"]
        need("last" not in here or "first" not in there or here["last"] < there["first"], "order: ids do not ascend")
        standings = {"standings": {**beside(here, there), **ends_of(here, there)}}
    leaves = (int(one["leaves"], 16) + int(other["leaves"], 16)) % (1 << 256)
    return {**{key: value for key, value in one.items() if key not in ("first", "last")}, **run, **ends, **standings,
            "leaves": f"{leaves:064x}", "exclusions": dict(Counter(one["exclusions"]) + Counter(other["exclusions"])),
            "strata": [strata[path] for path in sorted(strata)],
            "classes": summed(one["classes"], other["classes"], ("division", "kind"))}

def is_path(policy, path):  # Spec 10.3: of the words of the policy, and the areas of one division
    words = {name: policy["frame"][list_] for name, list_ in (("kind", "kinds"), ("risk", "risk"), ("credit", "credit"))}
    places, at = divisions_of(policy["frame"]["divisions"]), dict(zip(policy["strata"], path))
    areas = {level: area for level, area in at.items() if level not in words}
    deepest = max(areas, key=places.depth_of, default=None)
    return (len(path) == len(policy["strata"]) and all(at[name] in known for name, known in words.items() if name in at)
            and (deepest is None or places.knows(areas[deepest]) and all(
                places.at(areas[deepest], level) == area for level, area in areas.items())))

def table_of(policy, part):  # step 3: the table of Spec 10.5, from counts alone
    active = []
    most = 1 << 63 if policy["design"]["method"] == "number" else ONE
    for row in part["strata"]:
        path, rows = row["path"].split("/") if row["path"] else [], []
        need(is_path(policy, path), "a path that no unit can have")
        for count in row["measures"]:
            need(int(count["measure"]) <= most, "a measure that no unit can have")
            rows += [{"reached": count["occasion"] == "repeat", "drawn": True, "certain": count["certain"],
                      "marked": count["certain"], "path": path, "size": int(count["measure"])}] * count["units"]
        exempt = row["reached"] - sum(unit["reached"] for unit in rows)  # of those reached, the others are exempt
        rows += [{"reached": n < exempt, "drawn": False, "path": path} for n in range(row["units"] - len(rows))]
        active += rows
    active = [{**row, "id": f"{n:012}"} for n, row in enumerate(active)]
    plan = Plan.__new__(Plan)
    plan.policy, plan.drawn, plan.excluded = policy, [row for row in active if row["drawn"]], part["exclusions"]
    number = policy["design"].get("number")
    plan.left, plan.mass = mark_certain(number, plan.drawn) if number else (0, 0)
    fit(policy, active, plan.left, plan.mass)
    plan.cells = plan.in_cells()
    return plan.table()

# ---- Spec 26.3 and 26.4: the selection in a part ----

def wanted_of(plan, counts, reserves):  # w of every cell
    return [min(n + reserves, len(ids)) for n, ids in zip(counts, plan.cells.values())]

def ceiling(wanted, units, slack):  # 26.4.1; None without one
    kept = wanted + slack * (isqrt(wanted) + 1)
    return (kept << 64) // units if slack is not None and kept < units else None

def candidates(plan, counts, policy, key, seed, start, units, slack=None):
    """The rows of `units` in a document; the units stand from place `start` on."""
    at, found = {unit["id"]: start + n for n, unit in enumerate(units)}, []
    wanted = wanted_of(plan, counts, policy.get("reserves", 0))
    for cell, (ids, w) in enumerate(zip(plan.cells.values(), wanted)):
        tickets = sorted((H("lot", f"{seed} {pseudonym_of(key, unit)}"), at[unit], unit) for unit in ids if unit in at)
        high = None if slack is None else ceiling(w, len(ids), slack)
        below = [row for row in tickets if high is None or int(row[0][:16], 16) < high]
        found += [(place_, cell) for _, place_, _ in below[:w]]
    return [{"cell": cell, "place": place_, "unit": units[place_ - start]} for place_, cell in sorted(found)]

def sample_of(plan, counts, policy, key, seed, kept, slack=None):
    """What the candidates of all parts come to, cell by cell: [[id…]…], or Fail if a cell is short (26.4.4)."""
    reserves, cells = policy.get("reserves", 0), [[] for _ in plan.cells]
    for row in kept:
        cells[row["cell"]].append((H("lot", f"{seed} {pseudonym_of(key, row['unit']['id'])}"), row["unit"]["id"]))
    for cell, ids, w in zip(cells, plan.cells.values(), wanted_of(plan, counts, reserves)):
        cell.sort()
        del cell[w:]
        high = None if slack is None else ceiling(w, len(ids), slack)
        need(len(cell) == w and (high is None or not cell or int(cell[-1][0][:16], 16) < high), "short")
    return [[unit for _, unit in cell] for cell in cells]
