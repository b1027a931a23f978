//! Known answers. The files of `tests/vectors` are what the library gave when they were frozen. They are made
//! again here and compared, so that nothing that decides an outcome changes unseen. `tests/reference`,
//! written from the specification alone, runs the same files.
//!
//! `cargo test --all-features --test suite vectors::regenerate -- --ignored` writes all of them anew. A
//! change of a released vector is another protocol.

mod absences;
mod dispatch;
#[cfg(feature = "signatures")]
mod levels;
mod lot;
mod parts;
mod records;
mod refusals;
mod registers;
mod rules;
mod slack;
mod teams;
#[cfg(feature = "signatures")]
mod trust;
mod year;

use double_random::Record;
use double_random::bytes::{self, PROTOCOL};
use double_random::seal::Sealed;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Files by their path below `tests/vectors`.
type Files = BTreeMap<String, Vec<u8>>;

/// A part of the vectors.
struct Generator {
    name: &'static str,
    /// The files and folders that are its own: nothing else lies there.
    owns: &'static [&'static str],
    /// `None` in a build without the feature that it takes.
    make: Option<fn() -> Files>,
}

#[cfg(feature = "signatures")]
const TRUST: Option<fn() -> Files> = Some(trust::files);
#[cfg(not(feature = "signatures"))]
const TRUST: Option<fn() -> Files> = None;

const GENERATORS: [Generator; 14] = [
    Generator {
        name: "lot",
        owns: &[
            "bytes.json",
            "digest.json",
            "tree.json",
            "inclusion.json",
            "allocation.json",
            "tickets.json",
            "words.json",
            "below.json",
            "shuffle.json",
            "seed.json",
            "hazard.json",
            "guard.json",
            "exposure.json",
            "control.json",
            "subsample.json",
        ],
        make: Some(lot::files),
    },
    Generator { name: "slack", owns: &["law.json", "slack.json"], make: Some(slack::files) },
    Generator { name: "teams", owns: &["teams.json", "replacement.json"], make: Some(teams::files) },
    Generator { name: "parts", owns: &["parts.json"], make: Some(parts::files) },
    Generator {
        name: "records",
        owns: &["records", "cost.json", "forged.json", "unusable.json"],
        make: Some(records::files),
    },
    Generator { name: "dispatch", owns: &["dispatch.json"], make: Some(dispatch::files) },
    Generator { name: "registers", owns: &["registers.json"], make: Some(registers::files) },
    Generator { name: "absences", owns: &["absences.json"], make: Some(absences::files) },
    Generator { name: "refusals", owns: &["refusals.json"], make: Some(refusals::files) },
    // Made by another compressor, so that no reader depends on the one that writes (Spec 15.5).
    Generator { name: "short", owns: &["short.json"], make: None },
    Generator { name: "year", owns: &["events.json", "years"], make: Some(year::files) },
    // What an office publishes is made by the office, whose tests hold it (`folders`).
    Generator { name: "folders", owns: &["folders"], make: None },
    Generator {
        name: "rules",
        owns: &[
            "rating.json",
            "rating_valid.json",
            "workdays.json",
            "dossier.json",
            "packs.json",
            "programmes.json",
        ],
        make: Some(rules::files),
    },
    Generator {
        name: "trust",
        owns: &["suite.json", "consistency.json", "beacon.json", "notes.json", "receipts", "ledgers"],
        make: TRUST,
    },
];

/// Cases as a document that people read.
fn document(section: &str, cases: &[Value]) -> Vec<u8> {
    pretty(&json!({"protocol": PROTOCOL, "section": section, "count": cases.len(), "cases": cases}))
}

/// Cases as a document with one case a line: whole packs and programmes stand in them.
fn lines(section: &str, cases: &[Value]) -> Vec<u8> {
    assert!(!cases.is_empty(), "section {section}");
    let lines: Vec<String> = cases.iter().map(Value::to_string).collect();
    let (count, cases) = (cases.len(), lines.join(",\n"));
    let head = format!(r#""protocol":"{PROTOCOL}","section":"{section}","count":{count}"#);
    format!("{{{head},\"cases\":[\n{cases}\n]}}\n").into_bytes()
}

fn pretty(value: &Value) -> Vec<u8> {
    (serde_json::to_string_pretty(value).unwrap() + "\n").into_bytes()
}

/// A draw with everything an auditor needs, as a folder.
fn draw(files: &mut Files, folder: &str, sealed: &Sealed, record: &Record) {
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    for (file, content) in [
        ("record.json", record.to_json()),
        ("seal.json", sealed.seal().to_json()),
        ("beacon.json", bytes::encode(&record.beacon).unwrap()),
        ("frame.json", plan.frame().to_json(key)),
        ("roster.json", plan.roster().to_json(key)),
        ("cycle.json", plan.cycle().to_json(key)),
    ] {
        files.insert(format!("{folder}/{file}"), content);
    }
}

/// The stored files at a path below `tests/vectors`.
fn stored(path: &str, found: &mut Files) {
    let whole = testkit::repository("tests/vectors").join(path);
    if whole.is_dir() {
        for entry in fs::read_dir(&whole).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            stored(&if path.is_empty() { name } else { format!("{path}/{name}") }, found);
        }
    } else if let Ok(content) = fs::read(&whole) {
        found.insert(path.to_owned(), content);
    }
}

impl Generator {
    fn of(name: &str) -> &'static Self {
        GENERATORS.iter().find(|generator| generator.name == name).unwrap()
    }

    fn owns(&self, path: &str) -> bool {
        self.owns.iter().any(|own| Path::new(path).starts_with(own))
    }

    /// Makes the files and holds them against the stored ones.
    fn compare(&self) {
        let made = self.make.unwrap()();
        assert!(made.keys().all(|path| self.owns(path)), "{}: a file outside of what it owns", self.name);
        let mut found = Files::new();
        self.owns.iter().for_each(|path| stored(path, &mut found));
        assert!(
            found.keys().eq(made.keys()),
            "{}: a file without a generator, or the other way round",
            self.name
        );
        let differs: Vec<&String> = made.keys().filter(|path| made.get(*path) != found.get(*path)).collect();
        assert!(differs.is_empty(), "{differs:?} differ from what the library gives now");
    }
}

#[test]
fn vectors_are_what_the_library_gives() {
    Generator::of("lot").compare();
    Generator::of("parts").compare();
    Generator::of("teams").compare();
}

#[test]
fn records_are_what_the_library_gives() {
    Generator::of("records").compare();
}

#[test]
fn what_several_authorities_have_is_what_the_library_gives() {
    Generator::of("dispatch").compare();
    Generator::of("registers").compare();
}

#[test]
fn readers_refuse_what_they_refused() {
    Generator::of("refusals").compare();
    Generator::of("absences").compare();
}

#[test]
fn years_are_what_the_library_gives() {
    Generator::of("year").compare();
}

#[test]
fn the_rules_give_what_they_gave_when_they_were_frozen() {
    Generator::of("rules").compare();
}

#[cfg(feature = "signatures")]
#[test]
fn vectors_of_trust_are_what_the_library_gives() {
    Generator::of("trust").compare();
}

#[test]
fn every_vector_has_one_generator() {
    let mut all = Files::new();
    stored("", &mut all);
    assert!(all.len() > 600, "{} files", all.len());
    for path in all.keys().filter(|path| *path != "README.md") {
        let owners = GENERATORS.iter().filter(|generator| generator.owns(path)).count();
        assert_eq!(owners, 1, "{path}");
    }
}

/// The page says of every file what its fields mean.
#[test]
fn the_page_explains_every_field_of_every_file() {
    let page = fs::read_to_string(testkit::repository("tests/vectors/README.md")).unwrap();
    let mut all = Files::new();
    stored("", &mut all);
    let mut missing = Vec::new();
    for (path, content) in all.iter().filter(|(path, _)| path.ends_with(".json") && !path.contains('/')) {
        let Some(rest) = page.split_once(&format!("### `{path}`")).map(|(_, rest)| rest) else {
            missing.push(path.clone());
            continue;
        };
        let section = rest.split("\n### ").next().unwrap().split("\n## ").next().unwrap();
        let document: Value = serde_json::from_slice(content).unwrap();
        let fields: std::collections::BTreeSet<&String> = document["cases"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|case| case.as_object().unwrap().keys())
            .collect();
        let unknown =
            fields.into_iter().filter(|field| *field != "name" && !section.contains(&format!("`{field}`")));
        missing.extend(unknown.map(|field| format!("{path}: {field}")));
    }
    let folders = all.keys().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder);
    missing.extend(folders.filter(|folder| !page.contains(&format!("### `{folder}/`"))).map(str::to_owned));
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
#[ignore = "writes tests/vectors anew"]
fn regenerate() {
    let folder = testkit::repository("tests/vectors");
    for generator in &GENERATORS {
        let Some(make) = generator.make else { continue };
        let (made, mut old) = (make(), Files::new());
        generator.owns.iter().for_each(|path| stored(path, &mut old));
        for path in old.keys().filter(|path| !made.contains_key(*path)) {
            fs::remove_file(folder.join(path)).unwrap();
        }
        for (path, content) in made {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
}
