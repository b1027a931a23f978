"""Runs the kits of the draws in tests/vectors on the engines that are here, and holds them against the records.
    python3 tests/engines/run.py KIT [ENGINE]... [--postgresql ADDRESS] [--records FOLDER]

KIT is the program of `cargo build --example kit`. SQLite is always here. DuckDB and DataFusion run where `import` finds
them, PostgreSQL at an address for psql, MariaDB where its client is, Spark where pyspark is. An engine that is named and
is not here ends the run. Each draw must give the counts, picks and reserves of its record, and each change of a record
must be seen."""
import csv, hashlib, os, shutil, sqlite3, subprocess, sys, tempfile
from pathlib import Path

RECORDS = Path(__file__).parent.parent / "vectors/records"

def statements(text):
    return [part.strip() for part in text.split(";\n") if part.strip()]

class Sqlite:
    name = "sqlite"

    def __init__(self):
        self.base = sqlite3.connect(":memory:")
        self.base.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest())

    def rows(self, statement):
        return [tuple(map(str, row)) for row in self.base.execute(statement)]

class DuckDb:
    name = "duckdb"

    def __init__(self):
        import duckdb
        self.base = duckdb.connect()

    def rows(self, statement):
        found = self.base.execute(statement)
        return [tuple(map(str, row)) for row in found.fetchall()] if found.description else []

class DataFusion:
    name = "datafusion"

    def __init__(self):
        import datafusion
        self.base = datafusion.SessionContext()

    def rows(self, statement):
        batches = self.base.sql(statement).collect()
        return [tuple(map(str, row.values())) for batch in batches for row in batch.to_pylist()]

class Spark:
    name = "spark"
    base = None

    def __init__(self):
        from pyspark.sql import SparkSession
        if Spark.base is None:
            Spark.folder = tempfile.mkdtemp()
            builder = SparkSession.builder.master("local[2]").config("spark.sql.warehouse.dir", Spark.folder)
            Spark.base = builder.config("spark.sql.ansi.enabled", "true").config("spark.ui.enabled", "false") \
                .config("spark.sql.shuffle.partitions", "2").getOrCreate()
        for table in self.base.catalog.listTables():
            self.base.sql(f"drop table {table.name}")

    def rows(self, statement):
        return [tuple(map(str, row)) for row in self.base.sql(statement).collect()]

class Client:
    """An engine behind its command-line client: every statement in one session, the rows of the last of it."""

    def __init__(self):
        self.before = list(self.begin)

    def rows(self, statement):
        if statement.startswith("select"):
            found = self.run([*self.before, "select 'rows follow'", statement])
            return [tuple(line.split("\t")) for line in found.split("rows follow\n", 1)[1].splitlines()]
        self.before.append(statement)
        return []

    def run(self, every):
        return subprocess.run(self.command, input=";\n".join(every) + ";\n", capture_output=True, check=True,
                              text=True).stdout

class PostgreSql(Client):
    name, address = "postgresql", None
    begin = ["create temp table nothing (one integer)", "set search_path to pg_temp, public"]

    def __init__(self):
        super().__init__()
        self.command = ["psql", "-qAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.address]

class MariaDb(Client):
    name, begin = "mysql", ["create database if not exists kit", "use kit",
                            "drop table if exists cells, shown, units, allocation, tickets, drawn"]
    command = ["mariadb", "-BN", *(["-S", os.environ["MARIADB_SOCKET"]] if "MARIADB_SOCKET" in os.environ else []), "-uroot"]

def here(wanted, given):
    """The engines that are here; those that are named must be."""
    PostgreSql.address = given.get("--postgresql")
    for engine in (Sqlite, DuckDb, DataFusion, PostgreSql, MariaDb, Spark):
        try:
            if engine is PostgreSql and not PostgreSql.address or engine is MariaDb and not shutil.which("mariadb"):
                raise ImportError("no server")
            engine()
            yield engine
        except ImportError as error:
            if engine.name in wanted:
                sys.exit(f"{engine.name} is not here: {error}")

def kit(program, dialect, folder, record=None):
    """The statements of the three files, and the rows of `units`."""
    with tempfile.TemporaryDirectory() as out:
        record = record or folder / "record.json"
        files = [part for name in ("frame", "roster", "cycle") for part in (f"--{name}", str(folder / f"{name}.json"))]
        made = subprocess.run([program, str(record), "--dialect", dialect, "--out", out, *files], capture_output=True,
                              text=True)
        if made.returncode:
            return made.stderr.strip(), None
        texts = [statements((Path(out) / name).read_text()) for name in ("1-setup.sql", "2-draw.sql", "3-audit.sql")]
        with open(Path(out) / "units.csv", newline="") as file:
            return texts, list(csv.reader(file))[1:]

def differences(engine, texts, units):
    setup, draw, audit = texts
    base = engine()
    for statement in setup:
        base.rows(statement)
    for begin in range(0, len(units), 500):
        rows = ", ".join(f"({cell}, '{unit}', '{pseudonym}')" for cell, unit, pseudonym in units[begin:begin + 500])
        base.rows(f"insert into units values {rows}")
    for statement in draw:
        base.rows(statement)
    return [row for statement in audit for row in base.rows(statement)]

def changed(texts):
    """(what, texts) with one thing of the record changed."""
    setup, draw, audit = texts
    at = next(i for i, text in enumerate(setup) if text.startswith("insert into shown"))
    rows = setup[at].split("\n")
    yield "a shown unit less", [[*setup[:at], "\n".join(rows[:-1]).rstrip(","), *setup[at + 1:]], draw, audit]
    other = rows[1].replace("'", "'X", 1)
    yield "another shown unit", [[*setup[:at], "\n".join([rows[0], other, *rows[2:]]), *setup[at + 1:]], draw, audit]
    seed = draw[1].split("/1 lot ")[1][:64]
    yield "another seed", [setup, [text.replace(seed, "0" * 64) for text in draw], audit]

def main(program, *words):
    given = dict(zip(words, words[1:]))
    given = {name: value for name, value in given.items() if name.startswith("--")}
    wanted = [word for word in words if not word.startswith("--") and word not in given.values()]
    records, failed, done = Path(given.get("--records", RECORDS)), 0, 0
    engines = list(here(wanted, given))
    for folder in sorted(records.iterdir()):
        if not (folder / "cycle.json").exists():
            continue
        for engine in engines:
            texts, units = kit(program, engine.name, folder)
            if units is None:
                print(f"{engine.name} {folder.name}: {texts}")
                continue
            rows = differences(engine, texts, units)
            missed = [what for what, other in changed(texts) if not differences(engine, other, units)]
            missed += ["a unit less in the frame"] if not differences(engine, texts, units[1:]) else []
            if rows or missed:
                print(f"FAIL {engine.name} {folder.name}: {rows[:3]} not seen: {missed}")
                failed += 1
            done += 1
    print(f"{', '.join(engine.name for engine in engines)}: {done} draws, {failed} failed")
    return 1 if failed or not done else 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else print(__doc__) or 64)
