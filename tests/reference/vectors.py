#!/usr/bin/env python3
"""Runs replay.py and its like over the shared test vectors.

    python3 vectors.py DIR

Every file DIR/<kind>.json has cases, each with its input and what must come out; every folder in DIR/records is a
record with its files, which must be confirmed; every folder in DIR/years has the events of a cycle, and its draws
as records with their files in round1, round2, … Folders in DIR/receipts and DIR/ledgers, and DIR/ledgers/refused.json,
have beside them what the checks must say of them: each thing said counts (ledgervectors.py). DIR/folders has what an
office published, and cases.json what is changed there and what must be said (foldervectors.py). The last line is
`N passed, M failed`; exit status 0 if M is 0 and N is not.
"""
import itertools
import json
import sys
from collections import Counter
from pathlib import Path

from basics import blind_tree, pseudonym_of, shown_root
from basics import MALFORMED, PROTOCOL, Fail, H, Tree, Unusable, billionths, canon, is_included, need, parse, sha
from basics import suite_of
from beacon import seed_text
from audit import planned
from cost import cost
from published import NotHere, check_registers
from replay import check_fields, draw, load, run, subsample, verify, walk
from bounds import Node
from plan import hazard
from flows import Words
from matching import Game, Officer, Post, components
from replacement import Teams
from year import Cycle, drawn_event, exposure, is_credited, step
import audit
import collated
import dispatch
import foldervectors
import ledgervectors
import partvectors
import rulevectors
import slackvectors
from slackvectors import known

def joined(items):
    return sha(",".join(map(str, items)).encode()).hex()

# What a case of each kind expects, and what is found

def digest(case):
    return case["digest"], H(case["label"], case["content"])

def bytes_(case):
    try:
        parse(case["text"].encode())
        return case["accepted"], True
    except MALFORMED:
        return case["accepted"], False

def tree(case):
    leaves = [bytes.fromhex(leaf) for leaf in case.get("leaves", [])]
    leaves += [str(i).encode() for i in range(case.get("count", 0))]
    whole, proofs = Tree(leaves), case.get("proofs", [])
    found = [whole.inclusion(row["index"]) for row in proofs]
    for row, path in zip(proofs, found):
        need(is_included(leaves[row["index"]], row["index"], len(leaves), path, case["root"]), "a proof that is none")
    return [case["root"], *(row["path"] for row in proofs)], [whole.root(), *found]

def inclusion(case):
    leaves, made = [leaf.encode() for leaf in case["leaves"]], blind_tree([str(i).encode() for i in range(case["count"])])
    holds = holds_inclusion(leaves, case)
    return [case["holds"], case["root"]], [holds, made.root()]

def holds_inclusion(leaves, case):
    try:
        return shown_root(leaves, case["count"], {key: case[key] for key in ("hashes", "places")}) == case["root"]
    except Fail:
        return False

def allocation(case):
    joint = lambda path: path if isinstance(path, str) else "/".join(path)
    cells = [(joint(cell["path"]), int(cell["size"]), cell["count"], cell["certain"]) for cell in case["cells"]]
    counts, start = walk(cells, int(case["factor"]), int(case["step"]), case["seed"])
    return [case["counts"], case["start"]], [counts, str(start)]

def tickets(case):
    ids = case["ids"] if "ids" in case else [f"U-{i:06}" for i in range(case["generated"])]
    made = case.get("pseudonyms") or [pseudonym_of(case["salt_key"], unit) for unit in ids]
    picks, reserves, cutoff = draw(list(zip(made, ids)), case["take"], case["seed"])
    found = {"picks": [row["id"] for row in picks], "digest": joined(row["id"] for row in picks + reserves), **cutoff}
    asked = [key for key in ("picks", "digest", "cutoff") if key in case]
    return [case[key] for key in asked], [found.get(key) for key in asked]

def words(case):
    stream = Words(case["label"], case["seed"])
    return case["words"], [str(stream.word()) for _ in case["words"]]

def below(case):
    stream = Words("", "")
    stream.source = iter(map(int, case["words"]))
    return [case["result"], case["taken"]], [str(stream.below(int(case["n"]))), stream.taken]

def shuffle(case):
    order = Words(case["label"], case["seed"]).shuffle(list(range(case["n"])))
    return (case["digest"], joined(order)) if "digest" in case else (case["order"], order)

def seed(case):
    text = seed_text(case["seal"], case["values"], case.get("secret"))
    return [case["text"], case["seed"]], [text, H("seed", text)]

def hazards(case):
    return case["size"], str(hazard(int(case["share"]), known(case)))

def guards(case):
    groups = []

    def build(data):
        node, first = Node(int(data.get("lo", "0")), int(data.get("hi", 1 << 200))), len(groups)
        for number, group in enumerate(data["groups"], first):
            path = [f"{number:09}"]  # keeps the groups in their order
            groups.append([{"path": path, "id": i, "size": int(group["size"]), "certain": group["certain"]}
                           for i in range(group["count"])])
        node.own = [row for group in groups[first:] for row in group]
        node.inner = [build(inner) for inner in data["inner"]]
        return node
    node = build(case["node"])
    node.begin()
    (node.set_to if case["exactly"] else node.raise_to)(int(case["target"]))
    runs = [[[str(size), len(list(run))] for size, run in itertools.groupby(row["size"] for row in group)]
            for group in groups]
    return case["sizes"], runs

def exposures(case):
    found = exposure(int(case["share"]), int(case["surprise"]), known(case), case["certain"],
                     int(case["size"]) if "size" in case else None)
    asked = "due", "base", "reachable", "scheduled", "add"
    return {key: case[key] for key in asked}, {key: str(found[key]) for key in asked}

def control(case):
    return case["credited"], is_credited(case["seed"], case["unit"], int(case["size"]), int(case["scheduled"]))

def subsamples(case):
    paths = {row["path"]: [(unit["pseudonym"], unit["id"]) for unit in row["units"]] for row in case["picks"]}
    return case["units"], subsample(case["seed"], case["code"], billionths(case["share"]), paths)

def events(case):
    cycle, accepted = Cycle(), []
    for row in case["steps"]:
        try:
            cycle = step(cycle, row["event"])
            accepted.append(True)
        except Fail:
            accepted.append(False)
    return [[row["accepted"] for row in case["steps"]], case["state"]], [accepted, cycle.json()]

def teams(case):
    posts = [Post(row["visit"], row["places"], row["list"], row.get("limit"), row.get("pinned", False))
             for row in case["posts"]]
    officers = [Officer(row["cap"], (row.get("day_cap"), row.get("week_cap")), row["before"], row.get("group"),
                        row.get("office")) for row in case["officers"]]
    visits = [when and tuple(reversed(when)) for when in case["visits"]]
    game = Game(visits, posts, officers, case["offices"], case["ceiling"])
    parts, pairs, prices, raised, shortages = components(game), [], [], [], []
    held = [{"officers": [], "post": p, "vacancies": 0} for p in range(len(posts))]
    for part in parts:
        x = part.chances()
        pairs += [[p, o, chance] for (p, o), chance in x.items() if not part.is_chair(o)]
        prices.append(part.post_and_officer_prices())
        raised += [{"ceiling": ceiling, "visits": visits} for ceiling, visits in part.raised()]
        shortages += [short._asdict() for short in part.shortages]
        for p, o in part.draw(x, Words(f"teams/{case['party']}/V{part.visits[0]:03}", case["seed"])):
            held[p]["vacancies"] += part.is_chair(o)
            held[p]["officers"] += [] if part.is_chair(o) else [o]
    found = {"components": [part.visits[0] for part in parts], "pairs": sorted(pairs), "prices": prices,
             "raised": raised, "shortages": shortages, "teams": held}
    wrong = [key for key in found if canon(found[key]) != canon(case["expected"].get(key))]  # the first to differ
    return ({key: case["expected"].get(key) for key in wrong} | {"fields": sorted(case["expected"])},
            {key: found[key] for key in wrong} | {"fields": sorted(found)})

def costs(case):
    record, files = files_of(case["records"] / case["record"])
    units = {row["id"]: row for row in files["frame"]["units"]}
    return case["cost"], cost(planned(record, files), units, files)

def replacement(case):
    record, files = files_of(case["records"] / case["record"])
    with suite_of(record["seal"]):
        return replacements(case, Teams(record, files), {}, {})

def replacements(case, standing, expected, found):
    for number, row in enumerate(case["steps"]):  # those that differ
        result = standing.reassign(row["change"])
        if canon(result) != canon(row["places"]):
            expected[f"step {number}"], found[f"step {number}"] = row["places"], result
    visits = {visit["unit"]: visit for visit in case["visits"]}
    wrong = [unit for unit in {**visits, **standing.visits}
             if canon(visits.get(unit)) != canon(standing.visits.get(unit))]
    return ({"steps": expected, "visits": list(visits), "wrong": [visits.get(unit) for unit in wrong]},
            {"steps": found, "visits": list(standing.visits), "wrong": [standing.visits.get(unit) for unit in wrong]})

def put(value, at, edit):  # at a JSON pointer without escapes; an edit without `to` takes out
    first, *rest = at
    key = int(first) if isinstance(value, list) else first
    if rest:
        put(value[key], rest, edit)
    elif "to" in edit:
        value[key] = edit["to"]
    else:
        del value[key]

def forged(case):  # Spec 13: the checks that fail, with seal and values as published
    record = case.get("record") or files_of(case["records"] / case["base"])[0]
    for edit in case.get("edits", []):
        put(record, edit["at"].split("/")[1:], edit)
    lines = []
    verify(record, {"seal": record["seal"], "beacon": record["beacon"]}, lines.append)
    return case["failed"], [line.split()[1].rstrip(":") for line in lines if line[0] == "F"]

def unusable(case):  # Spec 12.2
    record = files_of(case["records"] / case["base"])[0]
    for edit in case["edits"]:
        put(record, edit["at"].split("/")[1:], edit)
    try:
        check_fields(record, "record")
    except MALFORMED:
        return "unusable", "unusable"
    return "unusable", "read"

def dispatched(case):  # Spec 27.4
    nodes = [(base["record"], {name: base[name] for name in base if name != "record"})
             for base in (case["bases"][place] for place in case["draws"])]
    verdict, links, missing, strays = dispatch.tree(nodes, verify, run)
    return [case["verdict"], case["missing"], case["strays"], case["links"]], [verdict, missing, strays, links]

def registered(case):  # Spec 28
    bases, policy = case["bases"], case["bases"][0]
    if "given" in case:
        return sorted(case["problems"]), sorted(collated.problems(policy, [bases[place] for place in case["given"]]))
    record, checks = {"policy": policy, "seal": bases[case["seal"]]}, {"registers": check_registers, **audit.CHECKS}
    files = {name: bases[case[name]] for name in ("frame", "registers") if name in case}
    failed, not_run, found = [], [], []
    with suite_of(record["seal"]):
        for name in ("registers", "register_rows"):
            try:
                failed += [name] if run(checks[name], record, files) else []
            except NotHere:
                not_run.append(name)
        given = {row["authority"]: row for row in files.get("registers", {"registers": []})["registers"]}
        each = audit.register_outcomes(record, files["frame"]["units"], given)
    words = {True: "pass", False: "fail", None: "not run"}
    for row in case["intakes"]:
        known = {"intake": bases[row["intake"]], "own": bases[row["own"]], "seal": record["seal"]}
        found.append([name for name, why in collated.check_intake(known).items() if why])
    return ([case["failed"], case["not_run"], case["each"], [row["failed"] for row in case["intakes"]]],
            [failed, not_run, {name: words[holds] for name, holds in each.items()}, found])

KINDS = {"allocation": allocation, "dispatch": dispatched, "registers": registered, "cost": costs, "below": below, "bytes": bytes_, "control": control,
         "digest": digest, "events": events, "exposure": exposures, "forged": forged, "guard": guards, "hazard": hazards,
         "inclusion": inclusion,
         **slackvectors.KINDS, "replacement": replacement, "seed": seed, "shuffle": shuffle, "subsample": subsamples, "teams": teams,
         "tickets": tickets, "tree": tree, "unusable": unusable, "words": words, **ledgervectors.KINDS, **partvectors.KINDS,
         **rulevectors.KINDS}

def run_file(path):
    """For each case, None or why it fails."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        need(data["cases"] and data.get("count", len(data["cases"])) == len(data["cases"]), "its head")
        need(data.get("protocol", PROTOCOL) == PROTOCOL, "its protocol")
        kind = KINDS[path.stem]
    except (OSError, Fail, *MALFORMED) as error:
        return [f"the file cannot be used: {error!r}"]
    results = []
    for case in data["cases"]:
        try:
            expected, found = kind(case | {"records": path.parent / "records", "bases": data.get("bases")})
            equal = canon(expected) == canon(found)
            results.append(None if equal else f"{case.get('name', '')}: expected {expected}, found {found}"[:400])
        except (Fail, AssertionError, Unusable, *MALFORMED) as error:
            results.append(repr(error))
    return results

def confirmed(record, files):
    """None, or why not."""
    lines = []
    verdict = verify(record, files, lines.append)
    return None if verdict == "confirmed" else "\n  ".join([verdict, *(line for line in lines if line[0] == "F")])

def files_of(home):
    return load({path.stem: path for path in home.glob("*.json")})

def run_record(home):
    try:
        return confirmed(*files_of(home))
    except Unusable as error:
        return f"unusable: {error}"

def same(what, expected, found):
    need(canon(expected) == canon(found), f"{what}: expected {str(expected)[:300]}, found {str(found)[:300]}")

def check_round(name, cycle, event, record, files):
    document = {key: value for key, value in files["cycle"].items() if key not in ("document", "protocol", "salt_key")}
    same(f"cycle of {name}", document, cycle.json())
    need(not (reason := confirmed(record, files)), f"{name}: {reason}")
    with suite_of(record["seal"]):
        same(f"event of {name}", event, drawn_event(record, files))

def run_year(home):
    try:
        number = lambda path: int(path.name.removeprefix("round"))
        rounds = [(path.name, *files_of(path)) for path in sorted(home.glob("round*"), key=number)]
        draws = {record["seal"]["sequence"] for _, record, _ in rounds}
        data, cycle = json.loads((home / "events.json").read_text(encoding="utf-8")), Cycle()
        need(data["protocol"] == PROTOCOL and data["events"] and rounds, "its head")
        for event in data["events"]:
            if event["event"] == "drawn" and event["draw"] in draws:
                need(rounds and rounds[0][1]["seal"]["sequence"] == event["draw"], f"no round for draw {event['draw']}")
                name, record, files = rounds.pop(0)
                check_round(name, cycle, event, record, files)
            cycle = step(cycle, event)
        need(not rounds, "rounds without an event")
        same("end", json.loads((home / "end.json").read_text(encoding="utf-8")), cycle.json())
    except (OSError, Unusable, Fail, AssertionError, *MALFORMED) as error:
        return f"{type(error).__name__} {error}"

def main(*folders):
    if len(folders) != 1:
        print("usage: vectors.py DIR")
        return 3
    tally = Counter()
    results = {path: run_file(path) for path in sorted(Path(folders[0]).glob("*.json"))}
    for home in sorted(path for path in Path(folders[0]).glob("records/*") if path.is_dir()):
        results[home] = [run_record(home)]
    for home in sorted(path for path in Path(folders[0]).glob("years/*") if path.is_dir()):
        results[home] = [run_year(home)]
    results |= ledgervectors.run_folders(Path(folders[0]))
    results |= {home: foldervectors.run_folders(home) for home in Path(folders[0]).glob("folders")}
    for path, reasons in results.items():
        for number, reason in enumerate(reasons):
            tally["failed" if reason else "passed"] += 1
            if reason:
                print(f"FAIL {path.name} {number}: {reason}")
    print(f"{tally['passed']} passed, {tally['failed']} failed")
    return 0 if tally["passed"] and not tally["failed"] else 1

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
