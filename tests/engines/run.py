"""Runs the draw kits (Spec 25) on the engines that are here, and holds them against the records.
    cargo test --all-features --test suite -- path::kit::write --ignored
    python3 tests/engines/run.py target/kit [ENGINE]... [--postgresql ADDRESS] [--large]

SQLite is always here. DuckDB, DataFusion and Spark (pyspark) run where `import` finds them, PostgreSQL at an address for
psql, MariaDB or MySQL where the client finds a server (MARIADB_SOCKET). An engine that is named and not here ends the
run. Every allocation must give the counts of its vector, every draw the picks and reserves of its record, and every
change of a record must be seen. --large runs the draws of `KIT_UNITS` instead, and prints seconds."""
import csv, hashlib, os, re, shutil, sqlite3, subprocess, sys, tempfile, time
from pathlib import Path

def statements(text):
    """The statements of a file, without the comments above them."""
    bare = "\n".join(line for line in text.split("\n") if not line.startswith("-- "))
    return [part.strip() for part in bare.split(";\n") if part.strip()]

def sm3(text):
    try:
        return hashlib.new("sm3", text.encode()).hexdigest()
    except ValueError:  # an OpenSSL without SM3
        sys.path.insert(0, str(Path(__file__).parent.parent / "reference"))
        from sm3 import sm3 as digest
        return digest(text.encode()).hex()

class Sqlite:
    name = "sqlite"

    def __init__(self):
        self.base = sqlite3.connect(":memory:")
        self.base.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest(), deterministic=True)
        self.base.create_function("sm3", 1, sm3, deterministic=True)
        self.version = f"SQLite {sqlite3.sqlite_version}"

    def rows(self, statement):
        return [tuple(map(str, row)) for row in self.base.execute(statement)]

    def load(self, path):
        with open(path, newline="") as file:
            self.base.executemany("insert into units values (?, ?, ?)", list(csv.reader(file))[1:])

    def close(self):
        self.base.close()

class DuckDb:
    name = "duckdb"

    def __init__(self):
        import duckdb
        self.base = duckdb.connect()
        self.version = f"DuckDB {duckdb.__version__}"

    def rows(self, statement):
        found = self.base.execute(statement)
        return [tuple(map(str, row)) for row in found.fetchall()] if found.description else []

    def load(self, path):
        self.rows(f"insert into units select * from read_csv('{path}', header = true, all_varchar = true)")

    def close(self):
        self.base.close()

class DataFusion:
    name = "datafusion"

    def __init__(self):
        import datafusion
        self.base = datafusion.SessionContext()
        self.version = f"DataFusion {datafusion.__version__}"

    def rows(self, statement):
        batches = self.base.sql(statement).collect()
        return [tuple(map(str, row.values())) for batch in batches for row in batch.to_pylist()]

    def load(self, path):
        self.rows("create external table loaded (cell integer, id varchar, pseudonym varchar) stored as csv "
                  f"location '{path}' options ('has_header' 'true')")
        self.rows("insert into units select * from loaded")

    def close(self):
        pass

class Spark:
    name, base = "spark", None

    def __init__(self):
        from pyspark.sql import SparkSession
        if Spark.base is None:
            os.chdir(tempfile.mkdtemp())
            builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false") \
                .config("spark.ui.showConsoleProgress", "false")
            Spark.base = builder.config("spark.sql.shuffle.partitions", "2").config("spark.log.level", "ERROR").getOrCreate()
        for table in self.base.catalog.listTables():
            self.base.sql(f"drop table {table.name}")
        self.version = f"Spark {self.base.version}"

    def rows(self, statement):
        return [tuple(map(str, row)) for row in self.base.sql(statement).collect()]

    def load(self, path):
        loaded = self.base.read.csv(str(path), header=True, schema="cell int, id string, pseudonym string")
        loaded.write.insertInto("units")

    def close(self):
        pass

class Client:
    """An engine behind its command-line client, one session for each draw."""
    END = "the rows end here"

    def __init__(self):
        self.errors = tempfile.TemporaryFile("w+")
        self.client = subprocess.Popen(self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                       text=True)
        for statement in self.begin:
            self.rows(statement)
        self.version = self.name + " " + self.rows("select version()")[0][0].split(" (")[0].removeprefix("PostgreSQL ")

    def rows(self, statement, end=";\n"):
        found = []
        try:
            self.client.stdin.write(f"{statement}{end}select '{self.END}';\n")
            self.client.stdin.flush()
            for line in self.client.stdout:
                if line == self.END + "\n":
                    return found
                found.append(tuple(line.rstrip("\n").split("\t")))
        except BrokenPipeError:
            pass
        self.client.wait()
        self.errors.seek(0)
        raise RuntimeError(f"{self.name}: {self.errors.read()[:600]}")

    def close(self):
        self.client.stdin.close()
        self.client.wait()
        self.client.stdout.close()
        self.errors.close()

class PostgreSql(Client):
    name, address = "postgresql", None
    begin = ["set client_min_messages to warning", "drop schema if exists kit cascade", "create schema kit",
             "set search_path to kit, public"]

    def command(self):
        return ["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.address]

    def load(self, path):
        self.rows(f"\\copy units from '{path}' csv header", "\n")

class MySql(Client):
    name, begin = "mysql", ["create or replace database kit", "use kit"]

    def command(self):
        socket = os.environ.get("MARIADB_SOCKET")
        return ["mariadb", "-nBN", "-uroot", "--local-infile=1", *(["-S", socket] if socket else [])]

    def load(self, path):
        self.rows(f"load data local infile '{path}' into table units fields terminated by ',' ignore 1 lines")

def here(wanted):
    """The engines that are here; those that are named must be."""
    for engine in (Sqlite, DuckDb, DataFusion, PostgreSql, MySql, Spark):
        if wanted and engine.name not in wanted:
            continue
        try:
            if engine is PostgreSql and not engine.address or engine is MySql and not shutil.which("mariadb"):
                raise ImportError("no server")
            base = engine()
            base.close()
            yield engine
        except (ImportError, RuntimeError) as error:
            if wanted:
                sys.exit(f"{engine.name} is not here: {error}")
            print(f"{engine.name} is not here: {str(error).strip().splitlines()[0]}")

FILES = ["1-setup.sql", "2-allocation.sql", "3-sample.sql", "4-audit.sql"]

def run(engine, files, units):
    """What the comparison of the sample and the audit find, and the seconds of each file."""
    base, seconds, found = engine(), [], []
    for file in files:
        begun = time.monotonic()
        for statement in file:
            rows = base.rows(statement)
            found += rows if statement.startswith("select") else []
        seconds.append(time.monotonic() - begun)
        if file is files[0]:
            base.load(units)
    base.close()
    return found, seconds, base.version

def changed(files):
    """(what, files, what the audit must say) with one thing of the record changed."""
    setup, allocation, sample, audit = files
    def with_rows(table, change):
        at = next(i for i, text in enumerate(setup) if text.startswith(f"insert into {table}"))
        head, *rows = setup[at].split("\n")
        rows = change([row.rstrip(",") for row in rows])
        return [[*setup[:at], head + "\n" + ",\n".join(rows), *setup[at + 1:]], allocation, [], audit]
    def first(change):
        return lambda rows: [change(rows[0]), *rows[1:]]
    def cutoff(rows):
        at = next(i for i, row in enumerate(rows) if row.count("'") == 6)
        parts = rows[at].split("'")
        parts[3] = "f" * 64
        return [*rows[:at], "'".join(parts), *rows[at + 1:]]
    yield "a shown unit is left out", with_rows("shown", lambda rows: rows[1:]), "not_shown"
    yield "a pick is exchanged", with_rows("shown", first(lambda row: row.replace("'", "'X", 1))), "not_drawn"
    yield "a unit is shown twice", with_rows("shown", lambda rows: [rows[0], *rows]), "twice"
    yield "a cutoff is moved", with_rows("cells", cutoff), "cutoff"
    seed = sample[0].split("/1 lot ")[1][:64]
    yield "another seed", [setup, *([text.replace(seed, "0" * 64) for text in file] for file in (allocation, [], audit))], \
        "not_drawn"

def changed_units(units, setup):
    """(what, the lines of the auditor's table, what the audit must say) with one thing of the table wrong."""
    lines = units.read_text().splitlines(keepends=True)
    yield "a unit less in the frame", lines[:1] + lines[2:], "units"
    shown = {id_ for text in setup if text.startswith("insert into shown") for id_ in re.findall(r"^\(\d+, '([^']*)'", text, re.M)}
    hidden = {}
    for at, line in enumerate(lines[1:], 1):
        cell, id_, _ = line.split(",")
        if id_ not in shown:
            hidden.setdefault(cell, []).append(at)
    # Nobody would miss a unit that is not shown, and the number of rows is right.
    pair = next((places for places in hidden.values() if len(places) > 1), None)
    if pair:
        one, other = pair[:2]
        yield "a unit twice for one that is missing", [*lines[:other], lines[one], *lines[other + 1:]], "again"

def draws(folder, engines):
    done = failed = 0
    for case in sorted(folder.iterdir()):
        units = case / "units.csv"
        with tempfile.TemporaryDirectory() as others:
            os.chmod(others, 0o755)
            for engine in engines:
                refused = case / engine.name / "refused.txt"
                if refused.exists():
                    print(f"{case.name}: {refused.read_text()}")
                    continue
                files = [statements((case / engine.name / name).read_text()) for name in FILES]
                found, _, _ = run(engine, files, units)
                missed = []
                # What takes long shows what it sees in one draw: each query of Spark, and each load of the widest draw.
                if case.name == "rate" or engine is not Spark and units.stat().st_size < 1_000_000:
                    missed = [what for what, other, says in changed(files)
                              if says not in {row[0] for row in run(engine, other, units)[0]}]
                    for what, lines, says in changed_units(units, files[0]):
                        other = Path(others) / "units.csv"
                        other.write_text("".join(lines))
                        other.chmod(0o644)
                        # The audit is run without the sample: it alone must see it.
                        seen = {row[0] for row in run(engine, [*files[:2], [], files[3]], other)[0]}
                        missed += [] if says in seen else [what]
                if found or missed:
                    print(f"FAIL {engine.name} {case.name}: {found[:3]} not seen: {missed}")
                    failed += 1
                done += 1
    return done, failed

def allocations(folder, engines):
    done = failed = 0
    for engine in engines:
        for case in sorted(folder.iterdir()):
            if (case / f"{engine.name}.refused").exists():
                print(f"{case.name}: {(case / f'{engine.name}.refused').read_text()}")
                continue
            base = engine()
            *setup, allocation = statements((case / f"{engine.name}.sql").read_text())
            for statement in setup:
                base.rows(statement)
            found = sorted((int(cell), int(drawn)) for cell, drawn in base.rows(allocation))
            base.close()
            if found != list(enumerate(map(int, (case / "counts.txt").read_text().split()))):
                print(f"FAIL {engine.name} {case.name}: {found[:5]}")
                failed += 1
            done += 1
    return done, failed

def large(folder, engines):
    failed = 0
    print("| engine | rows | allocation s | sample s | audit s | equal |\n|---|---|---|---|---|---|")
    for case in sorted(folder.iterdir(), key=lambda case: int(case.name)):
        for engine in engines:
            files = [statements((case / engine.name / name).read_text()) for name in FILES]
            found, (_, *seconds), version = run(engine, files, case / "units.csv")
            shown = " | ".join(f"{of:.2f}" for of in seconds)
            print(f"| {version} | {int(case.name):,} | {shown} | {'NO' if found else 'yes'} |", flush=True)
            failed += bool(found)
    return failed

def main(folder, *words):
    given = {name: value for name, value in zip(words, words[1:]) if name == "--postgresql"}
    PostgreSql.address = given.get("--postgresql")
    folder = Path(folder).resolve()
    engines = list(here([word for word in words if not word.startswith("--") and word not in given.values()]))
    if "--large" in words:
        return 1 if large(folder / "large", engines) else 0
    counted, drawn = allocations(folder / "allocations", engines), draws(folder / "draws", engines)
    print(f"{', '.join(engine.name for engine in engines)}: {counted[0]} allocations, {drawn[0]} draws, "
          f"{counted[1] + drawn[1]} failed")
    return 1 if counted[1] + drawn[1] or not drawn[0] else 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else print(__doc__) or 64)
