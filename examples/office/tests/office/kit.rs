//! The draw kit on SQLite, and the command that writes it. `tests/engines/run.py` runs the same on other engines.

use crate::support::{DRAWN, Kind, Office, ROUND, root};
use double_random::bytes::Half;
use double_random::lot::sql::Dialect;
use double_random::plan::Placed;
use double_random::{Cycle, Frame, Plan, Record, Roster, UnitId};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// What differs, where: the first two columns of the rows of a query.
type Rows = Vec<(String, i64)>;

fn sqlite() -> Connection {
    let base = Connection::open_in_memory().unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let sha256 = |context: &rusqlite::functions::Context<'_>| {
        let text: String = context.get(0)?;
        Ok(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    };
    base.create_scalar_function("sha256", 1, flags, sha256).unwrap();
    base
}

/// Runs the statements of a file, and gives the rows of its queries.
fn run(base: &Connection, file: &str) -> Rows {
    let bare: Vec<&str> = file.lines().filter(|line| !line.starts_with("-- ")).collect();
    let mut found = Vec::new();
    for statement in bare.join("\n").split(";\n").map(|one| one.trim_end_matches([';', '\n'])) {
        if statement.starts_with("select") {
            let mut query = base.prepare(statement).unwrap();
            let rows =
                query.query_map([], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.unwrap_or(-1))));
            found.extend(rows.unwrap().map(Result::unwrap));
        } else if !statement.is_empty() {
            base.execute_batch(statement).unwrap();
        }
    }
    found
}

/// A draw of the vectors with the units of its frame.
struct Drawn {
    name: String,
    record: Record,
    units: Vec<Placed>,
}

impl Drawn {
    fn read(folder: &Path) -> Option<Self> {
        let read = |name: &str| std::fs::read(folder.join(name)).ok();
        let record = Record::from_json(&read("record.json")?).unwrap();
        let (frame, key) = Frame::from_json(&read("frame.json")?).unwrap();
        let roster = Roster::from_json(&read("roster.json")?).unwrap().0;
        let cycle = Cycle::from_json(&read("cycle.json")?).unwrap().0;
        let plan = Plan::new(frame, roster, record.policy.clone(), cycle).unwrap();
        let units = plan.places(&key).collect();
        Some(Self { name: folder.file_name().unwrap().to_str().unwrap().to_owned(), record, units })
    }

    fn all() -> Vec<Self> {
        let folder = root().join("tests/vectors/records");
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        folders.iter().filter_map(|folder| Self::read(folder)).collect()
    }

    fn rate() -> Self {
        Self::read(&root().join("tests/vectors/records/rate")).unwrap()
    }

    /// What the comparison and the audit find, with these units.
    fn check(&self) -> Rows {
        let base = sqlite();
        let files = self.record.sql(Dialect::Sqlite).unwrap().files;
        let [setup, rest @ ..] = files.as_slice() else { panic!("files") };
        assert_eq!(run(&base, &setup.text(ToString::to_string)), []);
        for Placed { cell, id, pseudonym } in &self.units {
            let row = (i64::try_from(*cell).unwrap(), id.as_str(), pseudonym.to_string());
            base.execute("insert into units values (?1, ?2, ?3)", row).unwrap();
        }
        rest.iter().flat_map(|file| run(&base, &file.text(ToString::to_string))).collect()
    }

    /// The same after a change of the record's document, which its reader takes.
    fn check_changed(&self, change: impl FnOnce(&mut serde_json::Value)) -> Vec<String> {
        let mut record = serde_json::to_value(&self.record).unwrap();
        change(&mut record);
        let record = Record::from_json(record.to_string().as_bytes()).unwrap();
        let (name, units) = (self.name.clone(), self.units.clone());
        let mut found: Vec<String> =
            Self { name, record, units }.check().into_iter().map(|row| row.0).collect();
        found.sort();
        found.dedup();
        found
    }
}

/// Counts, picks and reserves of every draw of the vectors follow on SQLite, too.
#[test]
fn every_draw_of_the_vectors_is_that_of_sqlite() {
    let all = Drawn::all();
    assert!(all.len() > 10);
    for drawn in all {
        assert_eq!(drawn.check(), [], "{}", drawn.name);
    }
}

/// The attacks on a record: each is seen by the queries, by name.
#[test]
fn a_pick_that_is_exchanged_and_a_cutoff_that_is_moved_are_seen() {
    let drawn = Drawn::rate();
    // A cell with two picks and a reserve, of more units than it shows.
    let at = drawn
        .record
        .sample
        .iter()
        .position(|cell| cell.picks.len() > 1 && !cell.reserves.is_empty())
        .unwrap();
    let cell = |record: &mut serde_json::Value| record["sample"][at].take();
    let edited = |edit: &dyn Fn(&mut serde_json::Value)| {
        drawn.check_changed(|record| {
            let mut own = cell(record);
            edit(&mut own);
            record["sample"][at] = own;
        })
    };
    // The friend goes, a reserve is drawn in his place, and the cutoff is moved to it.
    let exchanged = edited(&|cell| {
        let reserve = cell["reserves"].as_array_mut().unwrap().remove(0);
        cell["cutoff"] = reserve["ticket"].clone();
        cell["picks"][0] = reserve;
    });
    assert_eq!(exchanged, ["not_drawn", "not_shown", "order", "reserves"]);
    let moved = edited(&|cell| cell["cutoff"] = serde_json::json!("f".repeat(64)));
    assert_eq!(moved, ["cutoff"]);
    let less = edited(&|cell| drop(cell["picks"].as_array_mut().unwrap().remove(0)));
    assert_eq!(less, ["not_drawn", "not_shown", "picks"]);
    let more = edited(&|cell| {
        let reserve = cell["reserves"].as_array_mut().unwrap().remove(0);
        cell["cutoff"] = reserve["ticket"].clone();
        cell["picks"].as_array_mut().unwrap().push(reserve);
    });
    assert_eq!(more, ["not_drawn", "not_shown", "picks", "reserves"]);
    let twice = edited(&|cell| {
        let pick = cell["picks"][0].clone();
        cell["picks"][1] = pick;
    });
    assert!(twice.contains(&"twice".to_owned()) && twice.contains(&"not_shown".to_owned()), "{twice:?}");
    let swapped = edited(&|cell| cell["picks"].as_array_mut().unwrap().swap(0, 1));
    assert!(swapped.contains(&"order".to_owned()), "{swapped:?}");
    let last = edited(&|cell| drop(cell["reserves"].as_array_mut().unwrap().pop()));
    assert_eq!(last, ["not_shown", "reserves"]);
    let ticket = edited(&|cell| cell["picks"][0]["ticket"] = serde_json::json!("0".repeat(64)));
    assert!(ticket.contains(&"not_drawn".to_owned()), "{ticket:?}");
    let seed = drawn.check_changed(|record| record["seed"] = serde_json::json!("0".repeat(64)));
    assert!(seed.contains(&"not_drawn".to_owned()), "{seed:?}");
}

/// A unit is kept off the table, or moved to another cell: seen where the table of units is the auditor's. With
/// a table from the operator, who leaves out whom the record passes over, nothing is seen: it proves nothing.
#[test]
fn a_table_of_units_is_worth_what_its_author_is() {
    let drawn = Drawn::rate();
    let picked = drawn.record.sample.iter().flat_map(|cell| &cell.picks).next().unwrap().id.clone();
    let place = drawn.units.iter().position(|unit| unit.id == picked).unwrap();
    let with = |units: Vec<Placed>| {
        let (name, record) = (drawn.name.clone(), drawn.record.clone());
        Drawn { name, record, units }.check().into_iter().map(|row| row.0).collect::<Vec<_>>()
    };
    let mut fewer = drawn.units.clone();
    fewer.remove(place);
    let found = with(fewer);
    assert!(["units", "not_drawn"].iter().all(|what| found.contains(&(*what).to_owned())), "{found:?}");
    let mut moved = drawn.units.clone();
    moved[place].cell = if moved[place].cell == 0 { 1 } else { 0 };
    let found = with(moved);
    assert!(["units", "not_drawn"].iter().all(|what| found.contains(&(*what).to_owned())), "{found:?}");
    let mut nowhere = drawn.units.clone();
    nowhere[place].cell = 1_000_000;
    assert!(with(nowhere).contains(&"cell".to_owned()));

    // A unit that is not shown is missing, and another one stands there twice: the number of rows is right.
    let hidden = |unit: &Placed| {
        unit.cell == drawn.units[place].cell
            && !drawn
                .record
                .sample
                .iter()
                .any(|cell| cell.picks.iter().chain(&cell.reserves).any(|shown| shown.id == unit.id))
    };
    let hidden: Vec<usize> = (0..drawn.units.len()).filter(|&n| hidden(&drawn.units[n])).collect();
    let mut twice = drawn.units.clone();
    twice[hidden[0]] = twice[hidden[1]].clone();
    assert_eq!(with(twice), ["again"]);

    // The operator passes over the pick, and leaves it out of his table of units: a unit that there is not
    // stands in its place, far behind.
    let cell = usize::try_from(drawn.units[place].cell).unwrap();
    let ticket = |unit: &Placed| {
        let text = format!("double-random/1 lot {} {}", drawn.record.seed, unit.pseudonym);
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let made_up = |n: u8| {
        let (id, pseudonym) = (UnitId::parse("NO-0001").unwrap(), Half::new([n; 16]));
        Placed { id, pseudonym, ..drawn.units[place].clone() }
    };
    let far = (0..=u8::MAX).map(made_up).max_by_key(ticket).unwrap();
    let mut false_units = drawn.units.clone();
    false_units[place] = far;
    let mut of_cell: Vec<&Placed> =
        false_units.iter().filter(|unit| unit.cell == drawn.units[place].cell).collect();
    of_cell.sort_by_key(|unit| ticket(unit));
    let show = |unit: &&Placed| json!({"id": unit.id.as_str(), "pseudonym": unit.pseudonym.to_string(), "ticket": ticket(unit)});
    let shown = &drawn.record.sample[cell];
    let (picks, reserves) = of_cell[..shown.picks.len() + shown.reserves.len()].split_at(shown.picks.len());
    let mut record = serde_json::to_value(&drawn.record).unwrap();
    record["sample"][cell] = json!({"cutoff": ticket(picks[picks.len() - 1]),
        "picks": picks.iter().map(show).collect::<Vec<_>>(), "reserves": reserves.iter().map(show).collect::<Vec<_>>()});
    let record = Record::from_json(record.to_string().as_bytes()).unwrap();
    let (name, units) = (drawn.name.clone(), drawn.units.clone());
    assert_eq!(Drawn { name: name.clone(), record: record.clone(), units: false_units }.check(), []);
    let own = Drawn { name, record, units }.check();
    assert!(own.iter().any(|(what, _)| what == "not_shown"), "{own:?}");
}

/// The office writes the kit of its draw; an auditor writes it from the published record, without any office,
/// with the table of units from his own registers. In Chinese the comments are Chinese.
#[test]
fn an_auditor_writes_the_kit_from_the_record() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let said = office.run("export kit --dialect sqlite --out kit --lang en").ok();
    assert!(said.out.contains("--registers names his own folder"), "{said:?}");
    office.run("publish --auditor --out auditor --at 2023-09-06T02:00:00Z").ok();
    let folder = "auditor/fever-clinics-2023/draws/1.1";
    let brought = format!("export kit --dialect sqlite --record {folder}/record.json --registers {folder}");
    let mut auditor = office.command(&format!("{brought} --out own --lang en"));
    auditor.env("DOUBLE_RANDOM_DATABASE", "there/is/none.db");
    let made = auditor.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said = office.run(&format!("{brought} --out zh --lang zh")).ok();
    assert!(said.out.contains("SQL 不核验：封存、公开随机数、测算"), "{said:?}");
    let base = sqlite();
    let mut found = Vec::new();
    for (name, at) in ["1-setup", "2-allocation", "3-sample", "4-audit"].iter().zip(0..) {
        let texts = ["kit", "own", "zh"].map(|folder| office.read(&format!("{folder}/{name}.sql")));
        assert_eq!(texts[0], texts[1]);
        let bare =
            |text: &str| text.lines().filter(|line| !line.starts_with("-- ")).collect::<Vec<_>>().join("\n");
        assert_eq!(bare(&texts[0]), bare(&texts[2]));
        let comments = |text: &str| {
            text.lines().filter(|line| line.starts_with("-- ")).map(str::to_owned).collect::<Vec<_>>()
        };
        for (english, chinese) in comments(&texts[0]).iter().zip(comments(&texts[2])) {
            assert!(english.is_ascii() && !chinese.is_ascii(), "{english} {chinese}");
        }
        found.extend(run(&base, &texts[1]));
        if at == 0 {
            for line in office.read("own/units.csv").lines().skip(1) {
                let row: Vec<&str> = line.split(',').collect();
                base.execute("insert into units values (?1, ?2, ?3)", (row[0], row[1], row[2])).unwrap();
            }
        }
    }
    assert_eq!(found, []);
}

#[test]
fn a_kit_that_cannot_be_made_says_why() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    office.run("export kit --out kit").fails(4, "datafusion, duckdb, mysql, postgresql, spark or sqlite");
    office.run("export kit --dialect oracle --out kit").fails(64, "oracle");
    office.run("export units --dialect sqlite --out units.csv").fails(64, "only a kit takes it");
    office.run("export kit --dialect sqlite --record none.json --out kit").fails(3, "none.json");
    // Registers of another draw.
    let vectors = root().join("tests/vectors/records/rate").display().to_string();
    office
        .run(&format!("export kit --dialect sqlite --registers {vectors} --out kit --lang zh"))
        .fails(4, "分层表");
    let other = root().join("tests/vectors/records/number").display().to_string();
    let kit =
        format!("export kit --dialect sqlite --record {vectors}/record.json --registers {other} --out kit");
    office.run(&kit).fails(4, "another table of cells");
    assert!(!office.path("kit").exists(), "nothing was written");
}
