#!/usr/bin/env python3
"""What one command of the office costs in ledgers of 10^3, 10^4 and 10^5 entries, of an office of a fixed size.

  cargo build --release -p double-random-office -p testkit --bin office --example busy_year
  python3 benches/office.py target/release 1e3 1e4 1e5

For each size it makes a ledger (`busy_year --long`), an office database of it, and runs each command five times,
as a process of its own; the figure is the median, in milliseconds. The first command that enters something keeps
what stands; it is not counted.
"""
import json, pathlib, sqlite3, statistics, subprocess, sys, tempfile, time

TITLES = ("seal", "policy", "frame", "roster", "cycle", "record", "drawn", "beacon", "cells")


def database(folder, file):
    """The office whose ledger is in a folder of `busy_year --long`."""
    ledger = (folder / "ledger.jsonl").read_text().splitlines()
    assigned = {}
    for line in ledger:
        entry = json.loads(line)
        if entry["entry"]["kind"] == "assigned":
            assigned[entry["entry"]["draw"], entry["entry"]["attempt"]] = entry["number"]
    base = sqlite3.connect(file)
    base.execute("DELETE FROM ledger")
    base.execute("DELETE FROM about")
    base.execute("DELETE FROM kept")
    rows = [("bench", number, line) for number, line in enumerate(ledger, 1)]
    base.executemany("INSERT INTO ledger (scope, number, line) VALUES (?, ?, ?)", rows)
    # As an older program left it: the next command finds what lines are about, and keeps what stands.
    base.execute("DROP TABLE about")
    base.execute("DROP TABLE kept")
    base.execute("DELETE FROM office_schema WHERE version = 4")
    for table in ("units", "officers", "recusals"):
        content = json.loads((folder / f"office/{table}.json").read_text())
        key = (lambda row: f"{row['inspector']} {row['unit']}") if table == "recusals" else (lambda row: row["id"])
        base.executemany(f"INSERT INTO {table} (id, content, revision) VALUES (?, ?, 1)",
                         [(key(row), json.dumps(row, ensure_ascii=False)) for row in content])
    for home in (folder / "draws").iterdir():
        draw, attempt = map(int, home.name.split("."))
        documents = [(title, (home / f"{title}.json").read_bytes()) for title in TITLES]
        teams = (folder / f"office/teams-{home.name}.json").read_bytes()
        documents.append((f"teams {assigned[draw, attempt]:06d}", teams))
        base.executemany("INSERT INTO documents (scope, draw, attempt, name, content) VALUES ('bench', ?, ?, ?, ?)",
                         [(draw, attempt, title, content) for title, content in documents])
    base.commit()
    return json.loads(ledger[-1])["at"]


def measure(target, entries):
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        folder, file = home / "year", home / "office.db"
        subprocess.run([target / "examples/busy_year", entries, folder, "--long"], check=True, stdout=subprocess.DEVNULL)
        office = [target / "office", "--database", file, "--actor", "clerk", "--rehearsal", "--lang", "en", "--at"]
        policy = folder / "draws/1.1/policy.json"
        run = lambda at, *words: subprocess.run([*office, at, *words], check=True, capture_output=True)
        run("2025-12-20T00:00:00Z", "init", "--policy", policy)
        at = database(folder, file)
        lines = (folder / "ledger.jsonl").read_bytes().count(b"\n")
        left = [row for row in json.loads((folder / "office/left.json").read_text()) if row["kind"] == "visited"]
        entered = iter(left)

        def result():
            row = next(entered)
            return "result", "--unit", row["unit"], "--date", row["date"], "--result", row["result"]

        run(at, *result())
        amended = str(lines)
        commands = {
            "result": result,
            "status": lambda: ("status",),
            "replace": lambda: ("replace", "--unit", next(entered)["unit"], "--reason", "closed", "--evidence", policy,
                                "--approved-by", "director", "--level", "authority"),
            "export tasks": lambda: ("export", "tasks", "--out", home / "tasks.csv"),
        }
        figures = {}
        for name, words in commands.items():
            times = []
            for _ in range(5):
                given = words()
                begun = time.perf_counter()
                run(at, *given)
                times.append((time.perf_counter() - begun) * 1000)
            figures[name] = statistics.median(times)
        return lines, figures


def main():
    target, sizes = pathlib.Path(sys.argv[1]), sys.argv[2:] or ["1e3", "1e4", "1e5"]
    found = [measure(target, size) for size in sizes]
    names = list(found[0][1])
    print("| entries | " + " | ".join(names) + " |")
    print("|---:|" + "---:|" * len(names))
    for lines, figures in found:
        print(f"| {lines:,} | " + " | ".join(f"{figures[name]:.0f} ms" for name in names) + " |")


main()
