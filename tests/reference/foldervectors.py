"""The vectors of folders: what an office published, whole and changed, and the verdict for what a checker has."""
import json, shutil, tempfile
from pathlib import Path

from around import findings, worst
from basics import MALFORMED, Fail, Unusable, canon
from brought import read_values
from ledger import Audit
from ledgerfiles import Folder

MARK = "\ufeff"

def edit(home, row):
    if "ends" in row:  # as other programs save a text
        for path in [path for path in home.rglob("*") if path.is_file()]:
            try:
                text = path.read_bytes().decode().removeprefix(MARK).replace("\r\n", "\n")
            except UnicodeDecodeError:  # a workbook and a paper for signature are no texts
                continue
            path.write_bytes((MARK + text.replace("\n", "\r\n")).encode())
    elif "remove" in row:
        path = home / row["remove"]
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif "from" in row:
        path, wanted = home / row["file"], row["from"].encode()
        data = path.read_bytes()
        if wanted not in data:
            raise ValueError(f"{row['from']} is not in {row['file']}")
        path.write_bytes(data.replace(wanted, row["to"].encode(), 1))
    else:
        (home / row["file"]).write_bytes(row["text"].encode())

def judged(home, kept, looked_up):
    """The verdict, the checks that fail, and [[place, code]] of the findings."""
    try:
        values = [row for path in sorted(looked_up) for row in read_values(path, home)]
        audit = Audit(Folder(home), None, [], kept, values)
        checks, verdict = audit.run()
        around = findings(audit, home)
    except (OSError, Unusable, Fail, *MALFORMED):
        return "unusable", [], []
    failed = [name for name, (result, *_) in checks.items() if result == "fail"]
    return worst(verdict, around), failed, sorted({(place, code) for place, code, _ in around})

def run_case(home, case):
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "ledger"
        shutil.copytree(home / case["base"], copy)
        for row in case["edits"]:
            edit(copy, row)
        brought = home / "brought" / case["base"] if (home / "brought" / case["base"]).is_dir() else home
        point, looked_up = [(brought / "kept.txt").read_bytes()], list((brought / "values").iterdir())
        if "values" in case:
            looked_up = [Path(place) / row["file"] for row in case["values"]]
            for path, row in zip(looked_up, case["values"]):
                path.write_text(row["text"], encoding="utf-8")
        alone, *_ = judged(copy, [], [])
        kept, *_ = judged(copy, point, [])
        values, failed, found = judged(copy, point, looked_up)
    return {"verdicts": {"alone": alone, "kept": kept, "values": values}, "failed": failed, "findings": found}

def run_folders(home):
    """None or why it fails, for each case."""
    reasons, data = [], json.loads((home / "cases.json").read_text(encoding="utf-8"))
    if not data["cases"] or data["count"] != len(data["cases"]):
        return ["its head"]
    for case in data["cases"]:
        try:
            found = run_case(home, case)
            wrong = [name for name in found if canon(found[name]) != canon(case[name])]
            reasons.append("; ".join(f"{case['name']}: {name}: expected {case[name]}, found {found[name]}"
                                     for name in wrong)[:600] or None)
        except (OSError, *MALFORMED) as error:
            reasons.append(f"{case.get('name')}: {error!r}")
    return reasons
