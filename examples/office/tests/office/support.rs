//! An office of the tests: a folder, a database of either kind, and the program itself as a process.
#![allow(unreachable_pub)]

use crate::postgres::{Base, Server, server};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// Which database a test uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Both kinds of database as two tests.
macro_rules! both {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name($crate::support::Kind::Sqlite);
            }
            #[test]
            fn postgres() {
                if $crate::postgres::server().is_ok() {
                    super::$name($crate::support::Kind::Postgres);
                }
            }
        }
    )*};
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Out {
    /// The exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Out {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What the user sees last: of a failure its message, below the notes.
    pub fn said(&self) -> &str {
        let text = if self.status == Some(0) || self.err.trim().is_empty() { &self.out } else { &self.err };
        text.trim().lines().last().unwrap_or_default()
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{self:?}");
        self
    }

    /// A refusal of this status whose message holds these words.
    #[track_caller]
    pub fn fails(self, status: i32, words: &str) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        assert!(self.err.contains(words) || self.out.contains(words), "no {words:?} in {self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        self
    }
}

/// All rows of all tables.
pub type Dump = BTreeMap<String, Vec<String>>;

/// Says which tables differ, not every byte of them.
#[track_caller]
pub fn same(one: &Dump, other: &Dump, what: &str) {
    let keys = one.keys().chain(other.keys());
    let differ: Vec<&String> = keys.filter(|table| one.get(*table) != other.get(*table)).collect();
    assert!(differ.is_empty(), "{what}: the tables {differ:?} differ");
}

pub struct Office {
    pub kind: Kind,
    folder: TempDir,
    pub address: String,
    base: Option<Base>,
    rehearsal: AtomicBool,
}

pub const INIT: &str = "init --demo --at 2023-08-20T01:00:00Z";
/// The demonstration, command by command.
pub const ROUND: [&str; 14] = [
    "import units units.csv --yes --at 2023-08-20T01:01:00Z",
    "import officers officers.csv --yes --at 2023-08-20T01:02:00Z",
    "import recusals recusals.csv --yes --at 2023-08-20T01:03:00Z",
    "plan --adopt --approved-by director --at 2023-08-20T02:00:00Z",
    "seal --salt-key key.txt --at 2023-08-22T08:00:00Z",
    "publish --out www --where https://office.example/2023 --at 2023-08-22T09:00:00Z",
    // The dice are entered before the round of drand comes; the file has both.
    "beacon --value dice-notary=29827448039014525729 --at 2023-08-23T09:05:00Z",
    "beacon --file beacon.json --at 2023-08-23T16:00:00Z",
    "draw --at 2023-08-23T16:01:00Z",
    "replace --unit UNIT1 --reason closed --evidence note.txt --approved-by director --at \
     2023-08-24T01:00:00Z",
    "replace --officer OFFICER2 --reason ill --evidence note.txt --approved-by head --level \
     office --at 2023-08-24T02:00:00Z",
    "result results.csv --at 2023-09-04T01:00:00Z",
    "amend --entry AMENDED --result corrected --reason appeal --evidence note.txt --approved-by director \
     --at 2023-09-05T01:00:00Z",
    "publish --out www --where https://office.example/2023 --at 2023-09-06T01:00:00Z",
];
/// How many commands of the round lead to a seal, and to the draw.
pub const SEALED: usize = 5;
pub const DRAWN: usize = 9;

/// The folder of this package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Where cargo puts what it builds.
pub fn built() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().unwrap().parent().unwrap().to_owned()
}

/// The program.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_office"))
}

impl Office {
    /// A folder with the tables of the demonstration, and no database yet.
    pub fn nothing(kind: Kind) -> Self {
        Self::with(kind, None)
    }

    /// The same on a server of its own.
    pub fn with(kind: Kind, own: Option<&'static Server>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = root().join("examples/data");
        for file in ["units.csv", "officers.csv", "recusals.csv", "beacon.json", "policy.json"] {
            std::fs::copy(data.join(format!("quanzhou_{file}")), folder.path().join(file)).unwrap();
        }
        std::fs::write(folder.path().join("key.txt"), "5a".repeat(32)).unwrap();
        std::fs::write(folder.path().join("note.txt"), "a note\n").unwrap();
        let base = (kind == Kind::Postgres).then(|| own.unwrap_or_else(|| server().unwrap()).base(None));
        let address = base.as_ref().map_or_else(|| "office.db".to_owned(), |base| base.address.clone());
        Self { kind, folder, address, base, rehearsal: AtomicBool::new(false) }
    }

    pub fn new(kind: Kind) -> Self {
        let office = Self::nothing(kind);
        office.run(INIT).ok();
        office
    }

    /// An office whose draw is not announced, and is disclosed by 30 November 2023 at the latest.
    pub fn deferred(kind: Kind) -> Self {
        let office = Self::nothing(kind);
        let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
        policy["disclosure"] = serde_json::json!({ "mode": "deferred", "reveal_by": "2023-11-30" });
        office.write("policy.json", policy.to_string());
        office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
        office
    }

    /// An office after so many commands of the round.
    pub fn after(kind: Kind, commands: usize) -> Self {
        let office = Self::new(kind);
        for place in 0..commands {
            office.step(place).ok();
        }
        office
    }

    /// A second draw of the demonstration, which brings what the first left short: adopted, sealed, thrown and drawn.
    pub fn draw_again(&self) {
        let mut policy: Value = serde_json::from_str(&self.read("policy.json")).unwrap();
        policy["round"] = serde_json::json!({ "share": "0", "rest": "0" });
        policy["as_of"] = "2023-09-20".into();
        policy["window"] = serde_json::json!({ "from": "2023-09-25", "to": "2023-12-20" });
        let dice = serde_json::json!({ "kind": "dice", "id": "dice", "sides": 10, "count": 40,
            "witness": "notary", "at": "2023-09-22T09:00:00Z" });
        policy["beacon"]["sources"] = serde_json::json!([dice]);
        self.write("next.json", policy.to_string());
        let adopt = "plan --policy next.json --adopt --approved-by director --level superior";
        self.run(&format!("{adopt} --at 2023-09-20T02:00:00Z")).ok();
        self.run("seal --at 2023-09-21T08:00:00Z").ok();
        self.run(&format!("beacon --value dice={} --at 2023-09-22T09:05:00Z", "3".repeat(40))).ok();
        self.run("draw --at 2023-09-22T09:06:00Z").ok();
    }

    /// Another office in the same state, its files included.
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let copied = Command::new("cp").arg("-r").arg(self.path(".")).arg(folder.path()).status().unwrap();
        assert!(copied.success());
        let base = self.base.as_ref().map(|base| server().unwrap().base(Some(base)));
        let address = base.as_ref().map_or_else(|| self.address.clone(), |base| base.address.clone());
        Self { kind: self.kind, folder, address, base, rehearsal: AtomicBool::new(false) }
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// What a newspaper noted of the values of a folder's draws: files beside it, as the options of `verify` that bring
    /// them.
    pub fn noted(&self, folder: &str) -> Vec<String> {
        std::fs::create_dir_all(self.path("noted")).unwrap();
        let mut options = Vec::new();
        for draw in std::fs::read_dir(self.path(&format!("{folder}/draws"))).unwrap() {
            let draw = draw.unwrap();
            let (value, name) = (draw.path().join("beacon.json"), draw.file_name().into_string().unwrap());
            if value.exists() {
                std::fs::copy(value, self.path(&format!("noted/{name}.json"))).unwrap();
                options.extend(["--values".to_owned(), format!("noted/{name}.json")]);
            }
        }
        options
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(file), content).unwrap();
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path(file)).unwrap()
    }

    /// The program with words as they stand between blanks.
    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(program());
        command.args(line.split_whitespace()).current_dir(self.folder.path());
        command.env("DOUBLE_RANDOM_DATABASE", &self.address).env_remove("LANG").env_remove("LC_ALL");
        command.env_remove("DOUBLE_RANDOM_ACTOR").stdin(Stdio::null());
        if self.rehearsal.load(Ordering::Relaxed) {
            command.env("DOUBLE_RANDOM_REHEARSAL", "1");
        }
        command
    }

    /// From now on the days of commands may lie in the future.
    pub fn rehearse(&self) {
        self.rehearsal.store(true, Ordering::Relaxed);
    }

    pub fn run(&self, line: &str) -> Out {
        Self::done(&mut self.command(line))
    }

    pub fn done(command: &mut Command) -> Out {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Out { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn start(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub fn end(child: Child) -> Out {
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Out { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// A command of the round, with what it needs of the draw filled in.
    pub fn line(&self, place: usize) -> String {
        let mut line = ROUND[place].to_owned();
        if place >= DRAWN {
            let record: Value = serde_json::from_slice(&self.document("record")).unwrap();
            let visits = record["teams"]["visits"].as_array().unwrap();
            let unit = |place: usize| visits[place]["unit"].as_str().unwrap();
            let officer = visits[1]["posts"][0]["officers"][0]["id"].as_str().unwrap();
            line = line.replace("UNIT1", unit(0)).replace("UNIT2", unit(1)).replace("OFFICER2", officer);
            if line.contains("results.csv") {
                let rows: Vec<String> =
                    (2..8).map(|n| format!("{},2023-09-0{},no-problem\n", unit(n), n % 3 + 1)).collect();
                self.write("results.csv", format!("检查对象,检查日期,检查结果\n{}", rows.concat()));
            }
            if line.contains("AMENDED") {
                let lines = self.dump()["ledger"].clone();
                let first = lines.iter().filter(|line| line.contains("visited")).count();
                assert_eq!(first, 6, "the results of the table");
                line = line.replace("AMENDED", &(self.ledger_size() - 1).to_string());
            }
        }
        line
    }

    pub fn step(&self, place: usize) -> Out {
        self.run(&self.line(place))
    }

    /// How many entries the ledger has.
    pub fn ledger_size(&self) -> u64 {
        self.run("status --json").ok().json()["ledgers"][0]["entries"].as_u64().unwrap()
    }

    pub fn sqlite(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path(&self.address)).unwrap()
    }

    pub fn client(&self) -> postgres::Client {
        postgres::Client::connect(&self.address, postgres::NoTls).unwrap()
    }

    /// Changes the database by another hand.
    pub fn sql(&self, sql: &str) {
        match self.kind {
            Kind::Sqlite => self.sqlite().execute_batch(sql).unwrap(),
            Kind::Postgres => self.client().batch_execute(sql).unwrap(),
        }
    }

    /// A document by its name, in an office of one draw.
    pub fn document(&self, name: &str) -> Vec<u8> {
        let sql = format!("SELECT content FROM documents WHERE name = '{name}'");
        match self.kind {
            Kind::Sqlite => self.sqlite().query_row(&sql, [], |row| row.get(0)).unwrap(),
            Kind::Postgres => self.client().query_one(sql.as_str(), &[]).unwrap().get(0),
        }
    }

    /// Replaces the content of a document.
    pub fn set_document(&self, name: &str, content: &[u8]) {
        let hex: String = content.iter().map(|byte| format!("{byte:02x}")).collect();
        let value = match self.kind {
            Kind::Sqlite => format!("X'{hex}'"),
            Kind::Postgres => format!("decode('{hex}', 'hex')"),
        };
        self.sql(&format!("UPDATE documents SET content = {value} WHERE name = '{name}'"));
    }

    pub fn dump(&self) -> Dump {
        match self.kind {
            Kind::Sqlite => dump_file(&self.path(&self.address)),
            Kind::Postgres => dump_server(&mut self.client()),
        }
    }
}

fn dump_file(path: &Path) -> Dump {
    let mut dump = Dump::new();
    if !path.exists() {
        return dump;
    }
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
    let mut tables = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for table in tables {
        let mut rows = Vec::new();
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let cell = |place| match row.get_ref(place).unwrap() {
                rusqlite::types::ValueRef::Blob(bytes) | rusqlite::types::ValueRef::Text(bytes) => {
                    String::from_utf8_lossy(bytes).into_owned()
                }
                other => format!("{other:?}"),
            };
            rows.push((0..columns).map(cell).collect::<Vec<_>>().join("\u{1}"));
        }
        rows.sort();
        dump.insert(table, rows);
    }
    dump
}

fn dump_server(client: &mut postgres::Client) -> Dump {
    let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<String> = client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    let mut dump = Dump::new();
    for table in tables {
        let sql = format!("SELECT CAST(row_to_json(t) AS TEXT) FROM {table} t");
        let mut rows: Vec<String> = client.query(&sql, &[]).unwrap().iter().map(|row| row.get(0)).collect();
        rows.sort();
        dump.insert(table, rows);
    }
    dump
}

/// Adds a row to the table of faults, `target/office/faults.md`: each test writes a part of its own, and the
/// table is all parts.
pub fn fault(kind: Kind, fault: &str, sees: &str, after: &str) {
    use std::sync::Mutex;
    static ROWS: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());
    let folder = built().parent().unwrap().join("office");
    let parts = folder.join("parts");
    std::fs::create_dir_all(&parts).unwrap();
    let mut rows = ROWS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    let short: String = sees.replace('|', "/").chars().take(150).collect();
    let database = if kind == Kind::Sqlite { "SQLite" } else { "PostgreSQL" };
    let mine = rows.entry(test.clone()).or_default();
    mine.push(format!("| {database} | {fault} | {short} | {after} |"));
    std::fs::write(parts.join(format!("{test}.md")), mine.join("\n")).unwrap();
    let mut names: Vec<PathBuf> = std::fs::read_dir(&parts).unwrap().flatten().map(|e| e.path()).collect();
    names.sort();
    // One row for all commands and databases with which the same is seen.
    let mut all: BTreeMap<(String, String), [Vec<String>; 2]> = BTreeMap::new();
    for text in names.iter().filter_map(|path| std::fs::read_to_string(path).ok()) {
        for line in text.lines() {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [database, fault, sees, after] = cells[..] else { continue };
            let (what, command) = fault.split_once(": ").unwrap_or((fault, ""));
            let row = all.entry((what.to_owned(), format!("{sees} | {after}"))).or_default();
            for (known, new) in row.iter_mut().zip([database, command]) {
                if !new.is_empty() && !known.iter().any(|old| old == new) {
                    known.push(new.to_owned());
                }
            }
        }
    }
    let shown = all.into_iter().map(|((what, seen), [databases, commands])| {
        let colon = if commands.is_empty() { "" } else { ": " };
        format!("| {} | {what}{colon}{} | {seen} |", databases.join(", "), commands.join(", "))
    });
    let all: Vec<String> = shown.collect();
    let head = "| database | fault | what the user sees | state afterwards |\n|---|---|---|---|";
    std::fs::write(folder.join("faults.md"), format!("{head}\n{}\n", all.join("\n"))).unwrap();
}
