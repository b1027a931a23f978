"""Writes office-1.sql: the database of an office at schema 1, with a round of a county up to a result in it.

usage: make_office_1.py PATH-OF-THE-PROGRAM office

Schema 2 has added one table, register_changes, which this round leaves empty. Schema 3 keeps rows of registers as JSON: with a program of schema 3
the rows of registers are those of the office-1.sql that is there, and everything else is what the program writes today.
The statements that make the tables are those of version 1 in src/bin/office/store/schema.rs.
"""
import pathlib, re, sqlite3, subprocess, sys, tempfile

program = pathlib.Path(sys.argv[1]).resolve()
here = pathlib.Path(__file__).resolve().parent
root = here.parents[3]
data = root / "examples/data"
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "key.txt").write_text("5a" * 32)
(folder / "note.txt").write_text("a note\n")


def office(line):
    words = [str(program), *line.split()]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={"DOUBLE_RANDOM_DATABASE": "office.db"})
    assert done.returncode == 0, (line, done.stdout, done.stderr)


def unit(place):
    with sqlite3.connect(folder / "office.db") as base:
        (record,) = base.execute("SELECT content FROM documents WHERE name = 'record'").fetchone()
    return re.findall(r'"unit":"([^"]+)"', bytes(record).decode())[place]


for register, more in [("units", "--where 行政区划代码=350502"), ("officers", ""), ("recusals", "")]:
    (folder / f"{register}.csv").write_bytes((data / f"quanzhou_{register}.csv").read_bytes())
office("init --demo --at 2023-08-20T01:00:00Z")
office("import units units.csv --where 行政区划代码=350502 --yes --at 2023-08-20T01:01:00Z")
office("import officers officers.csv --yes --at 2023-08-20T01:02:00Z")
office("import recusals recusals.csv --where 机构标识=FJQZ-0009 --yes --at 2023-08-20T01:03:00Z")
office("plan --adopt --approved-by director --at 2023-08-20T02:00:00Z")
office("seal --salt-key key.txt --at 2023-08-22T08:00:00Z")
office("beacon --value dice-notary=29827448039014525729 --at 2023-08-23T09:05:00Z")
office(f"beacon --file {data}/quanzhou_beacon.json --at 2023-08-23T16:00:00Z")
office("draw --at 2023-08-23T16:01:00Z")
office(f"replace --unit {unit(0)} --reason closed --evidence note.txt --approved-by director --at 2023-08-24T01:00:00Z")
office(f"result --unit {unit(1)} --date 2023-09-01 --result no-problem --at 2023-09-02T01:00:00Z")

schema = (here.parents[1] / "src/bin/office/store/schema.rs").read_text()
old = (here / "office-1.sql").read_text() if (here / "office-1.sql").exists() else ""
first = re.search(r'// 1: [^\n]*\n\s*"\n(.*?)",', schema, re.S).group(1)
lines = [first.strip()]
with sqlite3.connect(folder / "office.db") as base:
    version = max(base.execute("SELECT version FROM office_schema"))[0]
    for table in re.findall(r"CREATE TABLE (\w+)", first):
        if version > 2 and table in ("units", "officers", "experts", "recusals"):
            # The id of a recusal begins with its officer.
            known = [row[0] for row in base.execute(f"SELECT id FROM {table}")]
            rows = re.findall(rf"^INSERT INTO {table} VALUES \('([^']+)'(.*?)\);$", old, re.M | re.S)
            lines += [f"INSERT INTO {table} VALUES ('{row}'{rest});" for row, rest in rows if any(key.startswith(row) for key in known)]
            continue
        for row in sorted(base.execute(f"SELECT * FROM {table}"), key=repr):
            row = (1,) if table == "office_schema" else row
            cells = []
            for cell in row:
                if isinstance(cell, bytes):
                    cells.append(f"X'{cell.hex()}'")
                elif isinstance(cell, int):
                    cells.append(str(cell))
                else:
                    cells.append("'" + cell.replace("'", "''") + "'")
            line = f"INSERT INTO {table} VALUES ({', '.join(cells)});"
            if line not in lines:
                lines.append(line)
(here / "office-1.sql").write_text("\n".join(lines) + "\n")
