#!/usr/bin/env python3
"""A country of a million constructed institutions through a year of four rounds of the office: import in parts, and in
each round plan, seal, draw, publish and the results of all visits; then the close of the year, verification and a
folder for an auditor.

    cargo build --release -p double-random-office --all-features
    python3 examples/office/million.py [--units 1000000] [--rounds 4] [--folder OUT] [--database postgres://…]

Without --database it is a SQLite file of the folder. Prints seconds, peak memory of the program and size of the
database for each step; the memory of a PostgreSQL server is not in it. Everything about the institutions is
constructed; a fifth of them is drawn in the year, and 2,000 counties have ten officers each.
"""
import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

here = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser()
parser.add_argument("--units", type=int, default=1_000_000)
parser.add_argument("--rounds", type=int, default=4, choices=[1, 2, 4])
parser.add_argument("--part", type=int, default=100_000, help="rows of one import")
parser.add_argument("--folder", type=Path)
parser.add_argument("--database", default="")
parser.add_argument("--no-auditor", action="store_true", help="without the auditor's folder and its verification")
given = parser.parse_args()
out = given.folder or Path(tempfile.mkdtemp())
out.mkdir(parents=True, exist_ok=True)
office = os.environ.get("OFFICE", str(here.parent / "target/release/office"))
database = given.database or str(out / "office.db")

PROVINCES = (31, 32, 33, 34, 35, 36, 37, 41, 42, 44)
counties = [f"{p}{c:02}{k:02}" for p in PROVINCES for c in range(1, 11) for k in range(1, 21)]
kinds, risks, credits = ["hospital", "tcm", "maternal", "township", "community"], ["high", "medium", "low"], list("ABCD")
UNITS = "标识,名称,行政区划代码,机构类别,风险等级,信用等级,状态,开业日期,网格,许可证号,有效期至,投诉举报\n"
DICE = "3141592653589793238462643383279502884197"


def unit(n):
    """A row of the register."""
    h = n * 2654435761 % 2**32
    county = counties[n % len(counties)]
    opened = f"{2000 + h // 60 % 20}-0{1 + h // 1200 % 9}-11"
    levels = f"{kinds[h % 5]},{risks[h // 5 % 3]},{credits[h // 15 % 4]}"
    signal = 1 if h % 40 == 0 else 0
    return f"U-{n:08},第{n}家（构造）,{county},{levels},正常,{opened},{county}-{h // 11 % 9},XK-{n:08},2029-12-31,{signal}\n"


def days(number):
    """The days of a round: its rules, its seal, its dice, and its visits."""
    month = 1 + (number - 1) * 12 // given.rounds
    last = 12 if given.rounds == 1 else month + 12 // given.rounds - 1
    return [f"2023-{month:02}-{day:02}" for day in (12, 13, 14)] + [f"2023-{month:02}-16", f"2023-{last:02}-20"]


def policy(number):
    """The policy of a round."""
    as_of, _, dice, first, last = days(number)
    terms = json.loads((here / "data/quanzhou_policy.json").read_text())
    terms.update(authority="100000-ndcpa", scope="million", title="一百万家（构造）", as_of=as_of)
    terms["frame"]["divisions"] = counties
    terms["labels"] = {}
    terms["window"] = {"from": first, "to": last}
    terms["team"].update(cap=60, qualifications={})
    terms["round"] = {"share": share, "rest": str(1 - (number - 1) * float(share))}
    source = [s for s in terms["beacon"]["sources"] if s["kind"] == "dice"][0]
    terms["beacon"]["sources"] = [{**source, "count": 40, "at": f"{dice}T09:00:00Z"}]
    return terms


share = {1: "1", 2: "0.5", 4: "0.25"}[given.rounds]
year = [{"batch": n, "share": share, "window": policy(n)["window"]} for n in range(1, given.rounds + 1)]
(out / "year.json").write_text(json.dumps(year))
for n in range(1, given.rounds + 1):
    (out / f"policy{n}.json").write_text(json.dumps(policy(n), ensure_ascii=False))
with open(out / "officers.csv", "w", encoding="utf-8") as file:
    file.write("执法证号,姓名,所属部门,管辖片区,岗位资质,证件有效期至\n")
    for n in range(len(counties) * 10):
        file.write(f"I-{n:05},某{n},wsjd,{counties[n // 10]},infectious,2029-12-31\n")


def size():
    """Megabytes of the database."""
    if not given.database:
        return os.path.getsize(database) / 1e6 if os.path.exists(database) else 0
    sql = "SELECT pg_database_size(current_database())"
    return int(subprocess.check_output(["psql", database, "-Atc", sql])) / 1e6


totals = {}


def step(name, *arguments, of=None):
    """One command of the office, with what it took."""
    start = time.time()
    command = [office, *arguments, "--database", database, "--quiet", "--lang", "en"]
    with open(out / "said.txt", "wb+") as said:
        process = subprocess.Popen(command, cwd=out, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode().strip().splitlines()
    if process.returncode not in (0, 2):
        sys.exit(f"{name}: exit status {process.returncode}\n" + "\n".join(text[:20]))
    seconds, peak = time.time() - start, usage.ru_maxrss / 1024
    known = totals.setdefault(of or name, [0, 0])
    totals[of or name] = [known[0] + seconds, max(known[1], peak)]
    words = (text[-1] if text else "")[:60].replace("|", "/")
    print(f"| {name} | {seconds:.1f} | {peak:.0f} | {size():.0f} | {words} |", flush=True)


def results(number):
    """The results of all visits of a round, as its published table of the sample names them."""
    folder = out / "www" / "million" / "draws" / f"{number}.1"
    record = json.loads((folder / "record.json").read_text())
    day = days(number)[3]
    with open(out / f"results{number}.csv", "w", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["检查对象", "检查日期", "检查结果"])
        rows.writerows([visit["unit"], day, "no-problem"] for visit in record["teams"]["visits"])
    return len(record["teams"]["visits"])


print(f"{given.units:,} institutions, {len(counties) * 10:,} officers, {given.rounds} rounds")
print("| step | seconds | peak MB | database MB | says |")
print("|---|---|---|---|---|")
step("init", "init", "--policy", "policy1.json", "--at", "2023-01-10T01:00:00Z")
for begin in range(0, given.units, given.part):
    with open(out / "part.csv", "w", encoding="utf-8") as file:
        file.write(UNITS)
        file.writelines(map(unit, range(begin, min(begin + given.part, given.units))))
    end = min(begin + given.part, given.units)
    merge = ("--merge",) if begin else ()
    step(f"import units to {end:,}", "import", "units", "part.csv", "--yes", *merge, of="import units, in parts")
step("import officers", "import", "officers", "officers.csv", "--yes")
for n in range(1, given.rounds + 1):
    as_of, sealed, dice, _, last = days(n)
    adopt = ("--adopt", "--approved-by", "director", *(("--year", "year.json") if n == 1 else ()))
    own = ("--policy", f"policy{n}.json")
    where = ("--where", "https://office.example/2023")
    step(f"{n}: plan", "plan", *own, *adopt, "--at", f"{as_of}T02:00:00Z", of="plan")
    step(f"{n}: seal", "seal", "--at", f"{sealed}T08:00:00Z", of="seal")
    step(f"{n}: beacon", "beacon", "--value", f"dice-notary={DICE}", "--at", f"{dice}T16:00:00Z", of="beacon")
    step(f"{n}: draw, verified", "draw", "--at", f"{dice}T16:01:00Z", of="draw, verified before it is kept")
    step(f"{n}: publish", "publish", "--out", "www", *where, "--at", f"{dice}T17:00:00Z", of="publish")
    visits = results(n)
    step(f"{n}: results of {visits:,}", "result", f"results{n}.csv", "--at", f"{last}T09:00:00Z", of="results")
step("status", "status")
step("close the year", "close", "--approved-by", "director", "--at", "2023-12-28T01:00:00Z")
if not given.no_auditor:
    step("publish for an auditor", "publish", "--auditor", "--out", "auditor")
    step("verify the folder", "verify", "auditor")
print("\n| step | seconds | peak MB |\n|---|---:|---:|")
for name, (seconds, peak) in totals.items():
    print(f"| {name} | {seconds:,.0f} | {peak:,.0f} |")
print(f"| the year | {sum(seconds for seconds, _ in totals.values()):,.0f} | {max(peak for _, peak in totals.values()):,.0f} |")
