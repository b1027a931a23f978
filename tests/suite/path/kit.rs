//! The draw kit as text (Spec 25). `tests/engines/run.py` runs it on engines, the office's tests on SQLite.

use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::lot::Key;
use double_random::lot::sql::{Dialect, LotSql, SqlError};
use double_random::odds::cells::{Cell, Scale};
use double_random::plan::Placed;
use double_random::record::KitError;
use double_random::{Cycle, Frame, Plan, Record, Roster};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::{draw, policy, sealed};

/// A draw with the units that can be drawn.
struct Case {
    name: String,
    record: Record,
    units: Vec<Placed>,
}

impl Case {
    fn of(name: &str, record: Record, plan: &Plan, key: &SaltKey) -> Self {
        assert_eq!(plan.table(), record.table, "{name}");
        Self { name: name.to_owned(), record, units: plan.places(key).collect() }
    }
}

fn vectors() -> Vec<Case> {
    let folder = testkit::repository("tests/vectors/records");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let case = |folder: &PathBuf| {
        let text = |name: &str| fs::read(folder.join(name)).ok();
        let record = Record::from_json(&text("record.json").unwrap()).unwrap();
        let (frame, key) = Frame::from_json(&text("frame.json")?).unwrap();
        let (roster, _) = Roster::from_json(&text("roster.json")?).unwrap();
        let (cycle, _) = Cycle::from_json(&text("cycle.json")?).unwrap();
        let plan = Plan::new(frame, roster, record.policy.clone(), cycle).unwrap();
        Some(Case::of(folder.file_name().unwrap().to_str().unwrap(), record, &plan, &key))
    };
    folders.iter().filter_map(case).collect()
}

/// A number draw whose masses pass 2⁶³, of a hundred thousand units.
fn wide() -> Case {
    let units = 100_000;
    let mut rules = serde_json::to_value(testkit::large::fifth(units)).unwrap();
    for (row, visits) in rules["frequency"].as_array_mut().unwrap().iter_mut().zip(5..) {
        row["visits"] = json!(visits.to_string());
    }
    let rules = double_random::Policy::from_json(&rules.to_string()).unwrap();
    let frame = testkit::large::frame(units, &rules);
    let roster = testkit::large::roster(units, &rules);
    let plan = Plan::new(frame, roster, rules, Cycle::default()).unwrap();
    of_plan("wide_number", plan)
}

fn of_plan(name: &str, plan: Plan) -> Case {
    let sealed = plan.seal(testkit::large::terms()).unwrap();
    let record = sealed.seed(&testkit::large::dice()).unwrap().draw().assign().record();
    Case::of(name, record, sealed.plan(), sealed.salt_key())
}

/// Masses of 126 bits, the most that a table of cells can come to.
fn widest() -> (Vec<Cell>, Scale) {
    let cell = |n: u64| Cell {
        path: format!("first/c{n}").as_str().into(),
        size: (1 << 62) + n,
        count: 1 << 32,
        certain: false,
    };
    let cells: Vec<Cell> = (0..3).map(cell).collect();
    let scale = Scale::number(&cells, (1 << 30) - 1);
    (cells, scale)
}

/// Every draw of the vectors has its text in every dialect that has its suite, one row for each cell and for
/// each unit shown.
#[test]
fn every_draw_is_written_for_every_engine() {
    let cases = vectors();
    assert!(cases.len() > 10, "only {} draws", cases.len());
    for Case { name, record, units } in &cases {
        let (cells, shown) = (record.sample.len(), |cell: &double_random::sample::CellSample| {
            cell.picks.len() + cell.reserves.len()
        });
        let shown: usize = record.sample.iter().map(shown).sum();
        assert!(units.len() >= shown, "{name}");
        for dialect in Dialect::ALL {
            let kit = match record.sql(dialect) {
                Ok(kit) => kit,
                Err(KitError::Engine(SqlError::Suite { .. })) if record.policy.suite == Suite::Sm3 => {
                    continue;
                }
                Err(error) => panic!("{name} {dialect:?}: {error}"),
            };
            let names: Vec<&str> = kit.files.iter().map(|file| file.name).collect();
            assert_eq!(names, ["1-setup.sql", "2-allocation.sql", "3-sample.sql", "4-audit.sql"]);
            let setup = kit.files[0].text(ToString::to_string);
            assert_eq!(setup.matches("\n(").count(), cells + shown, "{name} {dialect:?}");
            assert!(kit.files.iter().all(|file| file.text(ToString::to_string).is_ascii()));
            let named = record.sample.iter().flat_map(|cell| &cell.picks);
            assert!(named.into_iter().all(|pick| setup.contains(&format!("'{}'", pick.id))));
        }
    }
}

/// The comments stand above their statements, in the words of who asks, each line behind two hyphens.
#[test]
fn a_comment_is_never_read_as_a_statement() {
    let record = draw(&sealed(60, 12, &[], policy(|_| {})), 1);
    for dialect in Dialect::ALL {
        for file in record.sql(dialect).unwrap().files {
            let text = file.text(|says| format!("{};\ndrop table units;", says.rule()));
            let bare: Vec<&str> = text.lines().filter(|line| !line.starts_with("-- ")).collect();
            let plain = file.text(|_| String::new());
            assert_eq!(bare.join("\n") + "\n", plain);
            assert!(text.contains("-- kit.says."), "{}", file.name);
        }
    }
}

fn write_kit(folder: &Path, Case { record, units, .. }: &Case) {
    let lines = units.iter().map(|unit| unit.line() + "\n");
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("units.csv"), format!("{}\n{}", Placed::COLUMNS, lines.collect::<String>()))
        .unwrap();
    for dialect in Dialect::ALL {
        let folder = folder.join(dialect.as_str());
        fs::create_dir_all(&folder).unwrap();
        match record.sql(dialect) {
            Ok(kit) => {
                for file in kit.files {
                    fs::write(folder.join(file.name), file.text(ToString::to_string)).unwrap();
                }
            }
            Err(refused) => fs::write(folder.join("refused.txt"), refused.to_string()).unwrap(),
        }
    }
}

/// The table `cells` with what an allocation reads of it, and the allocation.
fn allocation(dialect: Dialect, cells: &[Cell], scale: Scale, seed: Digest) -> Result<String, SqlError> {
    let key = Key::new(Suite::Sha256, seed);
    let lot = LotSql::new(dialect, &key, cells, scale)?;
    let (text, integer) = (dialect.text(), dialect.integer());
    let mut sql = format!(
        "create table cells (cell integer, path {text}, size {integer}, units {integer}, certain integer);\n"
    );
    let row = |(number, Cell { path, size, count, certain }): (usize, &Cell)| {
        format!("({number}, '{}', {size}, {count}, {})", path.as_str(), u8::from(*certain))
    };
    let rows: Vec<String> = cells.iter().enumerate().map(row).collect();
    if !rows.is_empty() {
        writeln!(sql, "insert into cells values\n{};", rows.join(",\n")).unwrap();
    }
    Ok(sql + &lot.allocation() + ";\n")
}

fn allocation_vectors() -> Vec<(String, Vec<Cell>, Scale, Digest, Vec<u64>)> {
    let text = fs::read_to_string(testkit::repository("tests/vectors/allocation.json")).unwrap();
    let text: Value = serde_json::from_str(&text).unwrap();
    let number = |of: &Value| of.as_str().unwrap().parse::<u128>().unwrap();
    let cell = |of: &Value| Cell {
        path: of["path"].as_str().unwrap().into(),
        size: u64::try_from(number(&of["size"])).unwrap(),
        count: of["count"].as_u64().unwrap(),
        certain: of["certain"].as_bool().unwrap(),
    };
    let case = |(at, case): (usize, &Value)| {
        let scale = Scale { factor: number(&case["factor"]), step: number(&case["step"]) };
        let counts = case["counts"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
        let cells = case["cells"].as_array().unwrap().iter().map(cell).collect();
        let seed = serde_json::from_value(case["seed"].clone()).unwrap();
        (format!("{at:02}_{}", case["name"].as_str().unwrap()), cells, scale, seed, counts)
    };
    text["cases"].as_array().unwrap().iter().enumerate().map(case).collect()
}

/// Writes kits of all draws, and the allocation of all vectors, to `target/kit` for `tests/engines/run.py`.
/// `KIT_UNITS=100000,1000000` adds draws of so many units.
#[test]
#[ignore = "writes files"]
fn write() {
    let target = testkit::repository("target/kit");
    let _absent = fs::remove_dir_all(&target);
    for case in vectors().into_iter().chain([wide(), sm3(), split()]) {
        write_kit(&target.join("draws").join(&case.name), &case);
    }
    let (cells, scale) = widest();
    let seed = Digest::new([5; 32]);
    let counts = double_random::lot::allocation::allocate(&cells, scale, &Key::new(Suite::Sha256, seed));
    let widest = ("widest".to_owned(), cells, scale, seed, counts);
    for (name, cells, scale, seed, counts) in allocation_vectors().into_iter().chain([widest]) {
        let folder = target.join("allocations").join(name);
        fs::create_dir_all(&folder).unwrap();
        let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
        fs::write(folder.join("counts.txt"), counts.join("\n")).unwrap();
        for dialect in Dialect::ALL {
            match allocation(dialect, &cells, scale, seed) {
                Ok(sql) => fs::write(folder.join(format!("{}.sql", dialect.as_str())), sql).unwrap(),
                Err(refused) => {
                    fs::write(folder.join(format!("{}.refused", dialect.as_str())), refused.to_string())
                        .unwrap();
                }
            }
        }
    }
    let sizes = std::env::var("KIT_UNITS").unwrap_or_default();
    for units in sizes.split(',').filter(|size| !size.is_empty()).map(testkit::large::size) {
        write_kit(
            &target.join("large").join(units.to_string()),
            &of_plan("large", testkit::large::plan(units)),
        );
    }
}

fn sm3() -> Case {
    let sealed = sealed(200, 40, &[], policy(|p| p["suite"] = json!("sm3")));
    Case::of("sm3", draw(&sealed, 4), sealed.plan(), sealed.salt_key())
}

/// Floors that split groups: units of one level have two probabilities.
fn split() -> Case {
    let sealed = sealed(
        500,
        60,
        &[],
        policy(|p| p["coverage"] = json!({"guards": ["total", "county"], "minimum": "0.5"})),
    );
    let groups: std::collections::BTreeSet<&str> =
        sealed.plan().cells().iter().map(|cell| cell.path.as_str()).collect();
    assert!(sealed.plan().cells().len() > groups.len());
    Case::of("split", draw(&sealed, 4), sealed.plan(), sealed.salt_key())
}

/// What an engine would compute wrongly in silence is not written for it.
#[test]
fn integers_beyond_an_engine_are_refused() {
    let (cells, scale) = widest();
    let key = Key::new(Suite::Sha256, Digest::ZERO);
    for dialect in Dialect::ALL {
        let written = LotSql::new(dialect, &key, &cells, scale).map(drop);
        let refused = SqlError::Mass { dialect: "sqlite", bits: 126, holds: 63 };
        assert_eq!(written, if dialect == Dialect::Sqlite { Err(refused) } else { Ok(()) });
        // Beyond what any table of cells can come to.
        let beyond = Scale { factor: scale.factor * 4, ..scale };
        let refused = LotSql::new(dialect, &key, &cells, beyond).unwrap_err();
        assert!(matches!(refused, SqlError::Mass { bits: 128, .. }), "{refused}");
        let beyond = Scale { factor: scale.factor << 40, ..scale };
        let refused = LotSql::new(dialect, &key, &cells, beyond).unwrap_err();
        assert!(matches!(refused, SqlError::Mass { bits: 129, .. }), "{refused}");
    }
    // One cell up to the last integer of 63 bits, and one beyond.
    let cell = |count| [Cell { path: "first".into(), size: 1 << 31, count, certain: false }];
    let scale = Scale { factor: 1, step: 7 };
    for (count, fits) in [((1 << 32) - 1, true), (1 << 32, false)] {
        assert_eq!(LotSql::new(Dialect::Sqlite, &key, &cell(count), scale).is_ok(), fits, "{count}");
    }
}

/// The record of a wide draw has no kit of SQLite; the others have one.
#[test]
fn a_wide_number_draw_is_refused_where_it_would_overflow() {
    let Case { record, .. } = wide();
    for dialect in Dialect::ALL {
        let kit = record.sql(dialect);
        if dialect == Dialect::Sqlite {
            assert!(matches!(kit, Err(KitError::Engine(SqlError::Mass { holds: 63, .. }))), "{kit:?}");
        } else {
            kit.unwrap();
        }
    }
}
