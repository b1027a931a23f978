#!/usr/bin/env python3
"""What one command of the office costs in ledgers of 10^3, 10^4 and 10^5 entries of one office.

  cargo build -p double-random-office --bin office
  python3 benches/office.py target/debug/office

It makes the office of the demonstration (221 institutions), fills its ledger with inspections outside draws, and runs
commands as processes of their own. The figures are medians of processor time, in milliseconds: `first` is the first
command that enters something (it finds what an older program left, reads all lines and keeps what stands), `result` and
`status` the commands after it, and `all lines` is `status` where nothing was kept.
"""
import hashlib, json, pathlib, resource, sqlite3, statistics, subprocess, sys, tempfile

DATA = pathlib.Path(__file__).resolve().parent.parent / "examples/data"
AT = "2026-11-30T13:00:00Z"


def fill(file, size):
    """Inspections outside draws, up to so many entries; the database as a program of schema 3 leaves it."""
    base = sqlite3.connect(file)
    scope, number, line = base.execute("SELECT scope, number, line FROM ledger ORDER BY number DESC LIMIT 1").fetchone()
    units = [row[0] for row in base.execute("SELECT id FROM units ORDER BY id")]
    while number < size:
        previous, number = hashlib.sha256(b"double-random/1 entry " + line.encode()).hexdigest(), number + 1
        entry = {"approval": {"by": "director", "level": "office"}, "date": AT[:10], "kind": "inspected",
                 "team": ["3505-0001", "3505-0002"], "unit": units[number % len(units)]}
        line = json.dumps({"actor": "clerk", "at": AT, "entry": entry, "number": number, "previous": previous},
                          sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        base.execute("INSERT INTO ledger VALUES (?, ?, ?)", (scope, number, line))
    base.executescript("DROP TABLE about; DROP TABLE kept; DELETE FROM office_schema WHERE version = 4;")
    base.commit()


def main(program, *sizes):
    print("| entries | first | result | status | all lines |\n|---:|---:|---:|---:|---:|")
    for size in map(int, sizes or ("1000", "10000", "100000")):
        with tempfile.TemporaryDirectory() as home:
            file, note = pathlib.Path(home) / "office.db", pathlib.Path(home) / "note.txt"
            note.write_text("x")

            def run(*words):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                subprocess.run([program, "--database", file, "--actor", "clerk", "--at", AT, "--rehearsal", *words],
                               check=True, capture_output=True)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

            def result(number):
                return run("result", "--outside", "--unit", f"FJQZ-{number:04}", "--team", "3505-0001,3505-0002", "--date",
                           "2026-11-29", "--barred", "--evidence", note, "--approved-by", "director")

            run("init", "--demo")
            run("import", "units", DATA / "quanzhou_units.csv", "--yes")
            run("import", "officers", DATA / "quanzhou_officers.csv", "--yes")
            fill(file, size)
            first, results = result(1), [result(number) for number in range(2, 9)]
            states = [run("status") for _ in range(5)]
            base = sqlite3.connect(file)
            base.execute("DELETE FROM kept")
            base.commit()
            figures = first, statistics.median(results), statistics.median(states), run("status")
            print(f"| {size:,} | " + " | ".join(f"{figure:.0f} ms" for figure in figures) + " |", flush=True)


main(*sys.argv[1:])
