"""parts.json of the vectors: parts of frames and what they merge to, and documents that are refused (Spec 26)."""
from functools import reduce

from basics import MALFORMED, Fail, H, Tree, canon, leaf_hash, need, pseudonym_leaf, pseudonym_of, suite_of
from plan import Plan
from parts import candidates, census, leaves_of, added, beside, merged, read_part, root_of, sample_of, table_of
from replay import allocate

def same(what, expected, found):
    need(canon(expected) == canon(found), f"{what}: expected {str(expected)[:300]}, found {str(found)[:300]}")

def in_halves(join, parts):  # as a tree, and not one after the other
    half = len(parts) // 2
    return join(in_halves(join, parts[:half]), in_halves(join, parts[half:])) if half else parts[0]

def whole_draw(case):
    policy, units, key = case["policy"], case["frame"]["units"], case["frame"]["salt_key"]
    standings, seal = {row["unit"]: row for row in case["cycle"]["standings"]}, case["seal"]
    ranges = list(zip([0, *case["cuts"]], [*case["cuts"], len(units)]))
    made = [census(policy, standings, key, seal["cycle"], a, units[a:b]) for a, b in ranges]
    for document, own in zip(case["parts"], made):
        same("a part", document, own)
        read_part(document)
    every = census(policy, standings, key, seal["cycle"], 0, units)
    backwards = reduce(lambda behind, part: merged(part, behind), reversed(case["parts"]))
    for name, found in (("one by one", reduce(merged, case["parts"])), ("backwards", backwards),
                        ("in halves", in_halves(merged, case["parts"]))):
        same(f"parts merged {name}", every, found)
    same("policy and cycle", [seal["policy"], seal["cycle"]], [every["policy"], every["cycle"]])
    leaves = leaves_of(units, key)
    same("the sum of leaves", every["leaves"], added(leaves))
    shown = sorted((pseudonym_leaf(pseudonym_of(key, unit["id"]), unit["id"]) for unit in units), key=leaf_hash)
    same("frame", seal["frame"], {"pseudonyms": Tree(shown).root(), "root": root_of(every), "size": len(units)})
    plan = Plan(policy, units, case["cycle"])
    same("the table from counts", plan.table(), table_of(policy, every))
    same("cells", seal["cells"], H("cells", canon(plan.table())))
    cells = [(path, size, len(ids), certain) for (path, size, certain), ids in plan.cells.items()]
    counts = allocate(policy["design"], cells, case["seed"])
    for slack, documents in ((None, case["selected"]), (case["slack"], case["below"])):
        for document, (a, b) in zip(documents, ranges):
            same("candidates", document["units"], candidates(plan, counts, policy, key, case["seed"], a, units[a:b], slack))
            same("their slack", slack, document.get("slack"))
        run = in_halves(beside, documents)
        same("root of the rows selected from", seal["frame"]["root"], root_of(run))
        kept = [row for document in documents for row in document["units"]]
        found = sample_of(plan, counts, policy, key, case["seed"], kept, slack)
        same("sample", [[pick["id"] for pick in cell["picks"] + cell["reserves"]] for cell in case["sample"]], found)

def parts(case):
    """A whole draw; or `part` and whether it is refused; or `merge`, two parts, and whether they merge; or `part` with
    the rows that it should be of, or as all that was `counted`."""
    with suite_of(case.get("policy", {})):
        if "parts" in case:
            whole_draw(case)
            return True, True
        try:
            if "merge" in case:
                merged(*map(read_part, case["merge"]))
            elif "frame" in case:
                part, standings = read_part(case["part"]), {row["unit"]: row for row in case["cycle"]["standings"]}
                key, units = case["frame"]["salt_key"], case["frame"]["units"]
                rows = units[part["start"]:part["start"] + part["size"]]
                same("the part", part, census(case["policy"], standings, key, part["cycle"], part["start"], rows))
            elif "counted" in case:
                table_of(case["policy"], read_part(case["part"]))
            else:
                read_part(case["part"])
            return case["holds"], True
        except (Fail, *MALFORMED):
            return case["holds"], False

KINDS = {"parts": parts}
