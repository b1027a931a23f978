#!/usr/bin/env python3
"""A country of a million constructed institutions through the office: import, plan, seal, draw, verify, with SQLite.

    cargo build --release -p double-random-office
    python3 examples/office/million.py [UNITS] [FOLDER]

Prints seconds, peak memory and size of the database for each step. Everything about the institutions is constructed; a fifth of them is
drawn, and 2,000 counties have ten officers each.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

here = Path(__file__).resolve().parent.parent
units = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
out = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
out.mkdir(parents=True, exist_ok=True)
office = os.environ.get("OFFICE", str(here.parent / "target/release/office"))
database = out / "office.db"

counties = [f"{p}{c:02}{k:02}" for p in (31, 32, 33, 34, 35, 36, 37, 41, 42, 44) for c in range(1, 11) for k in range(1, 21)]
kinds, risks, credits = ["hospital", "tcm", "maternal", "township", "community"], ["high", "medium", "low"], list("ABCD")
policy = json.loads((here / "data/quanzhou_policy.json").read_text())
policy.update(authority="100000-ndcpa", scope="million", title="一百万家（构造）", disclosure={"mode": "immediate"})
policy["frame"]["divisions"] = counties
policy["labels"] = {}
policy["team"].update(cap=60, qualifications={})
policy["beacon"]["sources"] = [s for s in policy["beacon"]["sources"] if s["kind"] == "dice"]
policy["beacon"]["sources"][0]["count"] = 40
(out / "policy.json").write_text(json.dumps(policy, ensure_ascii=False))
with open(out / "units.csv", "w", encoding="utf-8") as file:
    file.write("标识,名称,行政区划代码,机构类别,风险等级,信用等级,状态,开业日期,网格,许可证号,有效期至,投诉举报\n")
    for n in range(units):
        h = n * 2654435761 % 2**32
        county = counties[n % len(counties)]
        file.write(
            f"U-{n:07},第{n}家（构造）,{county},{kinds[h % 5]},{risks[h // 5 % 3]},{credits[h // 15 % 4]},正常,"
            f"{2000 + h // 60 % 20}-0{1 + h // 1200 % 9}-11,{county}-{h // 11 % 9},XK-{n:07},2029-12-31,{1 if h % 40 == 0 else 0}\n"
        )
with open(out / "officers.csv", "w", encoding="utf-8") as file:
    file.write("执法证号,姓名,所属部门,管辖片区,岗位资质,证件有效期至\n")
    for n in range(len(counties) * 10):
        file.write(f"I-{n:05},某{n},wsjd,{counties[n // 10]},infectious,2029-12-31\n")
(out / "dice.txt").write_text("3141592653589793238462643383279502884197")

steps = [
    ("init", ["init", "--policy", "policy.json", "--at", "2023-08-20T01:00:00Z"]),
    ("import units", ["import", "units", "units.csv", "--yes"]),
    ("import officers", ["import", "officers", "officers.csv", "--yes"]),
    ("import units again", ["import", "units", "units.csv", "--yes"]),
    ("plan and adopt", ["plan", "--adopt", "--approved-by", "director", "--at", "2023-08-20T02:00:00Z"]),
    ("seal", ["seal", "--at", "2023-08-22T08:00:00Z"]),
    ("beacon", ["beacon", "--value", "dice-notary=3141592653589793238462643383279502884197", "--at", "2023-08-23T16:00:00Z"]),
    ("draw (verified before it is kept)", ["draw", "--at", "2023-08-23T16:01:00Z"]),
    ("status", ["status"]),
    ("export tasks, CSV", ["export", "tasks", "--out", "tasks.csv"]),
    ("publish for an auditor", ["publish", "--auditor", "--out", "auditor"]),
    ("verify the folder", ["verify", "auditor"]),
]
print(f"{units:,} institutions, {len(counties) * 10:,} officers")
print("| step | seconds | peak MB | database MB | says |")
print("|---|---|---|---|---|")
for name, arguments in steps:
    start = time.time()
    command = [office, *arguments, "--database", str(database), "--quiet", "--lang", "en"]
    with open(out / "said.txt", "wb+") as said:
        process = subprocess.Popen(command, cwd=out, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode().strip().splitlines()
    size = database.stat().st_size / 1e6 if database.exists() else 0
    words = (text[-1] if text else "")[:70].replace("|", "/")
    print(f"| {name} | {time.time() - start:.1f} | {usage.ru_maxrss / 1024:.0f} | {size:.0f} | {process.returncode} {words} |", flush=True)
    if process.returncode not in (0, 2):
        sys.exit(f"{name}: exit status {process.returncode}\n" + "\n".join(text[:20]))
