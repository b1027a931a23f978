#!/usr/bin/env python3
"""Second implementation of the verifiable draw `double-random/1`, written from its specification alone.

    python3 replay.py record RECORD.json [--seal F] [--beacon F] [--frame F] [--roster F] [--cycle F] [--registers F]

Exit status: 0 confirmed, 1 refuted, 2 self-consistent, 3 unusable. It needs Python 3.11 and nothing else. A record
alone, with the seal published before the draw and the numbers the beacon published, is checked by this file
with basics.py, beacon.py, published.py and sm3.py: seed, number of picks, tickets, order of the picks, subsamples,
form of the teams. That its policy keeps the rules of policies, policies.py says, with forms.py, names.py and
rating.py. The files frame, roster and cycle are for auditors; the other files beside this one check them. `Spec 6.2`
is step 2 of section 6. Unknown fields are looked for in policies, rows, sources and values, and at the top level of
the other documents;
missing ones fail the check that asks for them.
"""
import re, sys
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

from basics import CODE, EXIT, HEX, MALFORMED, ONE, PROTOCOL, Fail, H, Unusable, ascend, billionths, canon, has_fields
from basics import instant, need, parse, pseudonym_leaf, shown_root, suite_of, valid_suite, whole
from beacon import form_rows, rests_on, seed_text, timing_rows
from forms import shaped
from names import has_form
from poolrows import check_pools
from published import EXPERTS, NotHere, check_days, check_registers, check_statements, check_strata, held_posts, kinds_of_picks
from published import areas_of, parties, people_rows, posts_at, posts_of, takes_whole

# ---- Spec 5: allocation. A cell is (path joined by "/", size, count, certain) ----

def walk(cells, factor, step, seed):  # Spec 5.1 to 5.4: the counts and u
    counts = [count if certain else 0 for _, _, count, certain in cells]  # 5.1
    if not factor:  # a number draw of certain cells only
        return counts, 0
    u = int(H("start", seed), 16) % step  # 5.3

    def order(i):  # 5.2: the hashes of all ancestors, then the cell's own
        path, size = cells[i][:2]
        parts = path.split("/")
        nodes = [H("node", f"{seed} {'/'.join(parts[:k + 1])}") for k in range(len(parts))]
        return nodes, H("cell", f"{seed} {path} {size}")

    def points(x):  # how many integers k >= 0 have u + k·step < x
        return -(-max(0, x - u) // step)

    A = 0
    for i in sorted((i for i, cell in enumerate(cells) if not cell[3]), key=order):  # 5.4
        mass = factor * cells[i][1] * cells[i][2]
        counts[i] = points(A + mass) - points(A)
        A += mass
    return counts, u

def factor_and_step(design, cells):  # Spec 5.5 and 5.6
    if design["method"] != "number":
        return 1, ONE
    left = design["number"] - sum(count for _, _, count, certain in cells if certain)
    need(left >= 0, "the certain cells hold more units than the number to draw")
    return left, sum(size * count for _, size, count, certain in cells if not certain)

def allocate(design, cells, seed):
    return walk(cells, *factor_and_step(design, cells), seed)[0]

# ---- Spec 6: tickets ----

def ticket(seed, pseudonym):  # Spec 6.1
    return H("lot", f"{seed} {pseudonym}")

def draw(units, take, seed):
    """Of (pseudonym, id): the picks, the reserves, and the cutoff as the field it is in the record."""
    order = sorted((ticket(seed, pseudonym), unit, pseudonym) for pseudonym, unit in units)
    rows = [{"id": unit, "pseudonym": pseudonym, "ticket": found} for found, unit, pseudonym in order]
    return rows[:take], rows[take:], {"cutoff": rows[take - 1]["ticket"]} if take else {}

def subsample(seed, code, share, paths):  # Spec 6.5; paths is {path: [(pseudonym, id)]} of picks
    z, paths = H("stage", f"{seed} {code}"), {path: units for path, units in sorted(paths.items()) if units}
    n = sum(map(len, paths.values()))
    cells = [(path, ONE, len(units), False) for path, units in paths.items()]
    counts = walk(cells, -(-share * n // ONE), n * ONE, z)[0]  # all of them if N = n, marked certain or not
    return sorted(row["id"] for units, count in zip(paths.values(), counts) for row in draw(units, count, z)[0])

# ---- Spec 13: the checks that need no auditor's files. Each yields (what, expected, found), which must agree ----

def table_cells(record):  # Spec 10.5.2
    for cell in record["table"]["cells"]:
        need(whole(cell["count"], 1, 1 << 32) and type(cell["certain"]) is bool and
             re.fullmatch("0|[1-9][0-9]*", cell["size"]), f"the form of a cell of {cell['path']}")
    return [(cell["path"], int(cell["size"]), cell["count"], cell["certain"]) for cell in record["table"]["cells"]]

def lead_of(seed, unit, posts, team):  # Spec 11.11
    first = team["departments"][0]["department"]
    posts = {post["post"]: post["officers"] for post in posts if post["department"] == first}
    officers = posts.get("lead", sum(posts.values(), []))
    rank = lambda officer: (officer["chance"] == 0, H("lead", f"{seed} {unit} {officer['id']}"))
    return {"lead": min(officers, key=rank)["id"]} if officers else {}

def check_digest(record, files):
    yield "digest", H("record", canon({key: record[key] for key in record if key != "digest"})), record["digest"]

def check_policy(record, files):
    try:
        from policies import canonical_rows
    except ImportError as error:
        raise Unusable(f"the rules of a policy need policies.py and its like beside this file: {error}") from None
    policy, seal = record["policy"], record["seal"]
    yield from canonical_rows(policy)
    yield "suite", True, valid_suite(policy) and policy.get("suite") == seal.get("suite")
    yield "digest", H("policy", canon(policy)), seal["policy"]
    yield from ((field, policy[field], seal[field]) for field in ("authority", "scope", "beacon", "disclosure"))
    yield "a record above", "above" in policy, "above" in seal

def check_cells(record, files):
    yield "cells", H("cells", canon(record["table"])), record["seal"]["cells"]

def check_timing(record, files):  # Spec 8.3 to 8.5
    seal = record["seal"]
    yield from timing_rows(seal["beacon"], seal["sealed_at"], seal["disclosure"])
    latest = instant(record["seal"]["sealed_at"]) + timedelta(days=1)
    yield "as_of by the seal", True, instant(record["policy"]["as_of"] + "T00:00:00Z") <= latest

def check_seal(record, files):
    yield "seal", files["seal"], record["seal"]

def check_beacon_form(record, files):
    yield from form_rows(record["seal"]["beacon"], record["beacon"])

def check_beacon(record, files):  # a pulse that only one side has is not compared: it is no part of the value
    yield "number of values", len(files["beacon"]), len(record["beacon"])
    for theirs, ours in zip(files["beacon"], record["beacon"]):
        keys = ("source", "value", *(["pulse"] if "pulse" in theirs and "pulse" in ours else []))
        yield "value", [theirs[key] for key in keys], [ours[key] for key in keys]

def check_secret(record, files):
    deferred = record["seal"]["disclosure"]["mode"] == "deferred"
    yield "secret and commitment present", [deferred] * 2, ["secret" in record, "secret" in record["seal"]]
    if deferred:
        yield "form of the secret", True, bool(re.fullmatch(HEX, record["secret"]))
        yield "commitment", H("secret", record["secret"]), record["seal"]["secret"]

def check_seed(record, files):
    text = seed_text(H("seal", canon(record["seal"])), record["beacon"], record.get("secret"))
    yield "seed", H("seed", text), record["seed"]

def check_allocation(record, files):
    cells, design = table_cells(record), record["policy"]["design"]
    path = "(first|repeat)" + f"/{CODE}" * len(record["policy"]["strata"])
    yield "paths of the cells", [], [cell[0] for cell in cells if not re.fullmatch(path, cell[0])]
    small = max((size for _, size, _, _ in cells), default=0) < 1 << 64
    yield "sizes", True, small and sum(size * count for _, size, count, _ in cells) < 1 << 96
    left, mass = factor_and_step(design, cells)
    need(all(a[:2] + a[3:] < b[:2] + b[3:] for a, b in zip(cells, cells[1:])), "cells out of order")  # Spec 10.5
    if design["method"] != "number":  # Spec 5.5
        yield "certain cells", [size == ONE for _, size, _, _ in cells], [certain for *_, certain in cells]
    elif left:  # Spec 5.6
        need(mass > 0, "fewer units to draw from than the number to draw")
        missed = [path for path, size, _, certain in cells if not certain and left * size >= mass]
        yield "cells that had to be marked certain", [], missed
    counts = allocate(design, cells, record["seed"])
    yield "picks of the cells", counts, [len(cell["picks"]) for cell in record["sample"]]
    yield "more picks than units", [], [cell[0] for cell, n in zip(cells, counts) if n > cell[2]]

def check_tickets(record, files):
    rows, frame = [row for cell in record["sample"] for row in cell["picks"] + cell["reserves"]], record["seal"]["frame"]
    for row in rows:
        need(has_fields(row, "id pseudonym ticket"), "the fields of a pick")
        yield f"form of the id {row['id']}", True, has_form(record["policy"]["frame"], row["id"])
        yield f"ticket of {row['id']}", ticket(record["seed"], row["pseudonym"]), row["ticket"]
    yield "pseudonyms", len(rows), len({row["pseudonym"] for row in rows})
    root = shown_root([pseudonym_leaf(row["pseudonym"], row["id"]) for row in rows], frame["size"], record["inclusion"])
    yield "root of the pseudonyms", frame["pseudonyms"] if rows else None, root

def check_cutoffs(record, files):  # Spec 6.2, 6.3
    cells, sample = table_cells(record), record["sample"]
    shown = Counter(row["id"] for cell in sample for row in cell["picks"] + cell["reserves"])
    yield "units shown twice", [], [unit for unit, times in shown.items() if times > 1]
    yield "number of cells", len(cells), len(sample)
    for (path, _, count, _), cell in zip(cells, sample):
        both = cell["picks"] + cell["reserves"]
        yield f"order of {path}", True, ascend([row["ticket"] for row in both])
        cutoff = {"cutoff": row["ticket"] for row in cell["picks"][-1:]}
        yield f"cutoff of {path}", cutoff, {k: v for k, v in cell.items() if k not in ("picks", "reserves")}
        reserves = min(record["policy"]["reserves"], count - len(cell["picks"]))
        yield f"number of reserves of {path}", reserves, len(cell["reserves"])

def check_subsamples(record, files):  # Spec 6.5
    paths = defaultdict(list)
    for (path, *_), cell in zip(table_cells(record), record["sample"]):
        paths[path] += [(row["pseudonym"], row["id"]) for row in cell["picks"]]
    rows = [{"code": row["code"], "units": subsample(record["seed"], row["code"], billionths(row["share"]), paths)}
            for row in record["policy"].get("subsamples", [])]
    yield "subsamples", {"subsamples": rows} if rows else {}, {k: record[k] for k in record if k == "subsamples"}

def check_teams(record, files):
    visits, shortages, team = record["teams"]["visits"], record["teams"]["shortages"], record["policy"]["team"]
    picked = sorted(row["id"] for cell in record["sample"] for row in cell["picks"])
    yield "visits", picked, [visit["unit"] for visit in visits]
    layouts = [[(name, *post[:2]) for name, row in parties(team) for post in posts_of(row, kind)]
               for kind in record["policy"]["frame"]["kinds"]]
    own = {unit: [layouts[record["policy"]["frame"]["kinds"].index(kind)]]  # where a stratum says the kind
           for unit, kind in kinds_of_picks(record)[0].items() if kind in record["policy"]["frame"]["kinds"]}
    own |= {unit: [[]] for unit, area in areas_of(record).items() if takes_whole(record["policy"], area)}  # Spec 27.2
    vacancies, days, blocks, posts = {}, team.get("days", [None]), [], {}
    for visit in visits:
        unit, held = visit["unit"], held_posts(visit)
        places = [(name, post, len(officers) + empty) for name, post, officers, empty in held]
        yield f"posts of {unit}, as of some kind", True, places in own.get(unit, layouts) and visit.get("experts") != []
        officers = sorted(o for _, _, ids, _ in held for o in ids)
        yield f"officers of {unit}, none twice", sorted(set(officers)), officers
        lead = lead_of(record["seed"], unit, visit["posts"], team)
        yield f"lead of {unit}", lead, {key: visit[key] for key in visit if key == "lead"}
        yield f"day of {unit}", True, visit.get("day") in days and ("day" in visit) == ("days" in team)
        vacancies.update({(name, unit, post): empty for name, post, _, empty in held})
        posts.update({(name, unit, post): (len(officers) + empty, officers) for name, post, officers, empty in held})
    yield from people_rows(record)
    yield "vacancies below 0", [], [unit for (_, unit, _), n in vacancies.items() if type(n) is not int or n < 0]
    for row in shortages:  # an extra post is written with its post: shortages that share one are joined
        block = {(row.get("department", EXPERTS), u, post["post"]) for post in row["posts"] for u in post["units"]}
        joined = [other for other in blocks if other[0] & block] + [
            (block, row["need"] - row["can_fill"], row["need"], set(row["officers"]))]
        blocks = [other for other in blocks if not other[0] & block]
        sets, missing, needs, officers = zip(*joined)
        blocks.append((set().union(*sets), sum(missing), sum(needs), set().union(*officers)))
    pinned = {(pin["unit"], pin["post"]) for pin in team.get("pins", [])}
    for block, missing, needed, officers in blocks:
        yield f"vacancies of the shortage of {min(block)}", missing, sum(vacancies[post] for post in block)
        places, pins = sum(posts[post][0] for post in block), any(post[1:] in pinned for post in block)
        yield f"need of the shortage of {min(block)}", True, needed <= places and (pins or needed == places)
        strangers = [who for post in block for who in posts[post][1] if not pins and who not in officers]
        yield f"who holds a post of the shortage of {min(block)}", [], strangers
        vacancies |= dict.fromkeys(block, 0)
    yield "vacancies outside a shortage", [], [list(post) for post, n in vacancies.items() if n]
    held = [(name, post, visit["unit"], len(ids)) for visit in visits for name, post, ids, _ in held_posts(visit)]
    yield from check_pools(record["teams"]["pools"], held, EXPERTS)

# ---- Spec 13: the verdict, and the command line ----

PUBLIC = {"digest": check_digest, "policy": check_policy, "cells": check_cells, "strata": check_strata,
          "registers": check_registers,
          "timing": check_timing,
          "seal": check_seal, "beacon_form": check_beacon_form, "pulse": None, "beacon": check_beacon,
          "secret": check_secret,
          "seed": check_seed, "allocation": check_allocation, "tickets": check_tickets, "cutoffs": check_cutoffs,
          "subsamples": check_subsamples, "teams": check_teams, "days": check_days, "statements": check_statements}
NEEDS = {"seal": ["seal"], "beacon": ["beacon"]}  # files, beside the record
AUDIT = {"frame": ["frame"], "register_rows": [], "roster": ["roster"], "cycle": ["cycle"], "plan": ["frame", "cycle"], "sample": [
    "frame", "cycle"], "eligibility": ["frame", "roster", "cycle"], "assignment": ["frame", "roster", "cycle"]}
FIELDS = {  # Spec 12: the top level of every document; "?" marks what may be absent
    "record": "beacon digest document inclusion policy protocol sample seal secret? seed subsamples? table teams",
    "seal": "above? attempt authority beacon cells cycle disclosure document frame policy previous protocol registers? roster "
            "scope sealed_at secret? sequence suite?",
    "frame": "document protocol salt_key units",
    "registers": "document protocol registers",
    "cycle": "document items? last open? protocol salt_key spent standings",
    "roster": "document experts? inspectors protocol recusals salt_key"}

PEOPLE = [{"chance": "chance", "id": "code"}]
TEAMS = {  # Spec 12.2
    "table": "hex", "raised": [{"ceiling": "count", "department?": "code", "units": ["unit"]}],
    "widened?": [{"department?": "code", "shortlist": "count", "units": ["unit"]}],
    "visits": [{"unit": "unit", "day?": "date", "lead?": "code",
                "posts": [{"department": "code", "officers": PEOPLE, "post": "code", "vacancies": "count"}],
                "experts?": [{"experts": PEOPLE, "post": "code", "vacancies": "count"}]}],
    "shortages": [{"department?": "code", "posts": [{"post": "code", "units": ["unit"]}], "need": "count", "can_fill": "count",
                   "officers": ["code"], "limits?": [{"group": "code", "post": "code", "unit": "unit"}],
                   "losses": {"*": "count"}, "ways_out": {"*": "count"}}],
    "pools": [{"barred": {"*": "count"}, "department?": "code", "may": "count", "post": "code", "units?": ["unit"]}],
    "lapsed?": [{"inspector": "code", "unit": "unit"}]}

def check_fields(value, document):
    if not has_fields(value, FIELDS[document]):
        raise ValueError(f"unknown or missing fields of a {document}")
    if (value["protocol"], value["document"]) != (PROTOCOL, document):
        raise ValueError(f"not a {document} of {PROTOCOL}")
    if document == "record":
        reasons = []
        shaped(TEAMS, value["teams"], "teams", reasons)
        if reasons:
            raise ValueError("; ".join(reasons[:5]))

def load(paths):
    try:
        files = {name: parse(Path(path).read_bytes()) for name, path in paths.items()}
        for name, value in [*files.items(), ("seal", files["record"]["seal"])]:
            if name != "beacon":
                check_fields(value, name)
                if name == "seal" and not all(whole(value[key], 1, 10**12) for key in ("attempt", "sequence")):
                    raise ValueError("the numbers of a seal")
            elif any(not has_fields(row, "pulse? source value") for row in value):
                raise ValueError("not a list of beacon values")
        return files.pop("record"), files
    except (OSError, *MALFORMED) as error:
        raise Unusable(f"{type(error).__name__} {error}") from None

class TooLarge(Exception):
    """Spec 11.14: what is not made again."""

def run(check, record, files):
    """Why a check fails, or None. Compared as bytes, because Python holds True and 1 to be equal."""
    try:
        for what, expected, found in check(record, files):
            need(canon(expected) == canon(found), f"{what}: expected {str(expected)[:90]}, found {str(found)[:90]}")
    except Fail as error:
        return str(error)
    except (AssertionError, *MALFORMED) as error:
        return f"malformed, {error!r}"

def run_rests(record):  # Spec 8.3
    try:
        return rests_on(record["seal"]["beacon"], record["beacon"])
    except (Fail, *MALFORMED):
        return []

def verify(record, files, show=print):
    with suite_of(record["seal"]):  # Spec 3
        return verdict(record, files, show)

def verdict(record, files, show):
    checks, passed, failed, large, no_plan = PUBLIC, set(), set(), False, False
    if files.keys() & {"frame", "roster", "cycle", "registers"}:
        try:
            from audit import CHECKS
        except ImportError as error:
            raise Unusable(f"auditor's files need audit.py and its like beside this one: {error}") from None
        checks = PUBLIC | CHECKS
    for name in [*PUBLIC, *AUDIT]:
        missing = [file for file in (NEEDS | AUDIT).get(name, []) if file not in files]
        if missing or not checks.get(name):
            why = f"no {' and no '.join(missing)} given" if missing else "the standard library has no BLS signatures"
            show(f"----  {name}: not run, {why}")
            continue
        if no_plan and name in ("sample", "eligibility", "assignment"):  # Spec 13
            show(f"----  {name}: not run, the plan could not be derived")
            continue
        try:
            reason = run(checks[name], record, files)
        except NotHere as error:
            show(f"----  {name}: not run, {error}")
            continue
        except TooLarge as error:
            show(f"----  {name}: not run, too large: {error}")
            large = True
            continue
        no_plan |= name == "plan" and (reason or "").startswith("plan refused")
        show(f"FAIL  {name}: {reason}" if reason else f"pass  {name}")
        (failed if reason else passed).add(name)
    for people in run_rests(record):
        show(f"rests on {people}: the draw has no public source")
    return "refuted" if failed else "confirmed" if {"seal", "beacon"} <= passed and not large else "self-consistent"

def main(command="", path="", *options):
    names = [name[2:] for name in options[::2] if name[2:] in (*FIELDS, "beacon") and name != "--record"]
    if command != "record" or not path or len(options) != 2 * len(names):
        print("usage: replay.py record RECORD.json [--seal|--beacon|--frame|--roster|--cycle|--registers FILE]...")
        return 3
    try:
        verdict = verify(*load({"record": path, **dict(zip(names, options[1::2]))}))
    except Unusable as error:
        print(f"unusable: {error}")
        return 3
    print(verdict)
    return EXIT[verdict]

if __name__ == "__main__":
    sys.modules["replay"] = sys.modules["__main__"]  # audit.py and its like import this file by name
    sys.exit(main(*sys.argv[1:]))
