//! Vectors of folders: what the office publishes of a small year, whole and changed, with the verdict for what a
//! checker has (`tests/vectors/folders`, and its README). Python judges the same
//! (`tests/reference/foldervectors.py`).

use crate::abroad;
use crate::support::{Kind, Office, root};
use double_random::bytes::Suite;
use double_random::id::Code;
use double_random::ledger::{Content, Ledger};
use double_random::note::Note;
use double_random::verify::{LedgerCheck, LedgerGap, Outcome, Verdict};
use double_random_office::folder::{Folder, note};
use double_random_office::judge::Judgement;
use double_random_office::obtain::{bring, read_values};
use double_random_office::problem::FindingCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// One change of a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    /// Every text gets CR LF and a mark before it.
    Ends { ends: bool },
    /// A file or folder is taken out.
    Remove { remove: String },
    /// The first place of a text in a file gets another.
    Replace { file: String, from: String, to: String },
    /// A file of another text, or a new one.
    Write { file: String, text: String },
}

/// A folder, and what must be said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    base: String,
    edits: Vec<Edit>,
    /// The values that the checker looked up, in the place of those in `values/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<LookedUp>>,
    /// Without any evidence from elsewhere, with the checkpoint `kept.txt`, and with values that the checker looked
    /// up, too; `unusable` where it cannot be read.
    verdicts: Verdicts,
    /// The checks of the ledger that fail, with checkpoint and values.
    failed: Vec<String>,
    /// Place and code.
    findings: BTreeSet<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    alone: String,
    kept: String,
    values: String,
}

/// A file of values, as a checker wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LookedUp {
    file: String,
    text: String,
}

fn stored() -> PathBuf {
    root().join("tests/vectors/folders")
}

/// Where a checker of a base has checkpoint and values from.
fn brought(bases: &Path, base: &str) -> PathBuf {
    let own = bases.join("brought").join(base);
    if own.is_dir() { own } else { bases.to_owned() }
}

/// Every file of a folder, by its path within it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn write(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn edit(folder: &Path, edit: &Edit) {
    match edit {
        Edit::Ends { ends } => {
            assert!(ends);
            // A workbook and a paper for signature are no texts.
            let changed = files(folder).into_iter().filter_map(|(name, bytes)| {
                let text = String::from_utf8(bytes).ok()?;
                let feeds = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
                Some((name, format!("\u{feff}{}", feeds.replace('\n', "\r\n")).into_bytes()))
            });
            write(folder, &changed.collect());
        }
        Edit::Remove { remove } => {
            let path = folder.join(remove);
            if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
        }
        Edit::Replace { file, from, to } => {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            assert!(text.contains(from), "{from:?} is not in {file}");
            fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
        }
        Edit::Write { file, text } => {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
}

/// What is found in a folder with these checkpoints and files of values; `None` if it cannot be read.
fn judged(path: &Path, kept: Vec<Note>, looked_up: &[PathBuf]) -> Option<Judgement> {
    let mut folder = Folder::read(path, None).ok()?;
    folder.evidence.kept = kept;
    for file in looked_up {
        bring(std::slice::from_mut(&mut folder), read_values(file, path).ok()?).ok()?;
    }
    Some(Judgement::of(&folder))
}

/// A case with what is found of it.
fn found(bases: &Path, name: &str, base: &str, edits: Vec<Edit>, values: Option<Vec<LookedUp>>) -> Case {
    let (folder, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let brought = brought(bases, base);
    let own = values.iter().flatten().map(|row| {
        let path = desk.path().join(&row.file);
        fs::write(&path, &row.text).unwrap();
        path
    });
    let own: Vec<PathBuf> = own.collect();
    let shared = fs::read_dir(brought.join("values")).unwrap().map(|entry| entry.unwrap().path());
    let looked_up = if values.is_some() { own } else { shared.collect() };
    write(folder.path(), &files(&bases.join(base)));
    edits.iter().for_each(|one| edit(folder.path(), one));
    let point = || vec![note(&brought.join("kept.txt")).unwrap()];
    let alone = judged(folder.path(), Vec::new(), &[]);
    let kept = judged(folder.path(), point(), &[]);
    let whole = judged(folder.path(), point(), &looked_up);
    let verdict = |judged: &Option<Judgement>| {
        judged.as_ref().map_or("unusable", |judged| judged.verdict().as_str()).to_owned()
    };
    let failed = whole.iter().flat_map(|judged| judged.ledger.checks());
    let failed = failed.filter(|(_, outcome)| matches!(outcome, Outcome::Fail { .. }));
    Case {
        name: name.to_owned(),
        base: base.to_owned(),
        edits,
        values,
        verdicts: Verdicts { alone: verdict(&alone), kept: verdict(&kept), values: verdict(&whole) },
        failed: failed.map(|(check, _)| check.as_str().to_owned()).collect(),
        findings: whole
            .iter()
            .flat_map(|judged| &judged.findings)
            .map(|finding| (finding.place.clone(), finding.code.as_str().to_owned()))
            .collect(),
    }
}

/// A folder of the repository's rules and data.
pub(crate) fn shipped(folder: &str, file: &str) -> PathBuf {
    root().join("examples").join(folder).join(file)
}

/// The heading of a table, and the rows that are kept, by place and cells.
pub(crate) fn some(table: &str, keep: impl Fn(usize, &[&str]) -> bool) -> String {
    let text = fs::read_to_string(shipped("data/five_cities", table)).unwrap();
    let kept = text
        .lines()
        .enumerate()
        .filter(|(place, line)| *place == 0 || keep(*place, &line.split(',').collect::<Vec<_>>()));
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// An office with the pack of 泉州, one task of its programme, a ninth of its institutions, and its people.
pub(crate) fn small() -> Office {
    let office = Office::nothing(Kind::Sqlite);
    let text = fs::read(shipped("rules", "quanzhou-2026.json")).unwrap();
    let mut programme: Value = serde_json::from_slice(&text).unwrap();
    programme["tasks"].as_array_mut().unwrap().retain(|task| task["code"] == "medical");
    office.write("programme.json", programme.to_string());
    fs::copy(shipped("rules", "quanzhou.json"), office.path("pack.json")).unwrap();
    let kinds = ["public_hospital", "clinic", "township"];
    let units = some("quanzhou_units.csv", |place, row| place % 6 == 1 && kinds.contains(&row[3]));
    office.write("units.csv", units);
    let own = |row: &[&str]| row[0] == "quanzhou";
    let departments = ["wsjd", "ybj"];
    office.write("officers.csv", some("officers.csv", |_, row| own(row) && departments.contains(&row[3])));
    office.write("experts.csv", some("experts.csv", |_, row| own(row)));
    let init =
        "init --pack pack.json --programme programme.json --salt-key key.txt --at 2026-02-20T01:00:00Z";
    office.run(init).ok();
    for (table, minute) in [("units", 1), ("officers", 2), ("experts", 3)] {
        office.run(&format!("import {table} {table}.csv --yes --at 2026-02-20T01:0{minute}:00Z")).ok();
    }
    office
}

/// What was published by an office of one task, with a draw, a replacement, an officer who falls ill, results
/// and a correction: for the public without pages (they are a program, and the same for all), and for an
/// auditor. And a checkpoint that somebody kept.
fn published() -> BTreeMap<String, Vec<u8>> {
    let office = small();
    let first = |line: &str| {
        let printed = office.run(line);
        assert_eq!(printed.status, Some(0), "{line}: {printed:?}");
    };
    let publish = "publish --out www --where https://office.example/2026";
    first("plan --adopt --approved-by director --despite one-task-only --at 2026-03-02T02:00:00Z");
    first("seal --salt-key key.txt --secret key.txt --at 2026-03-03T03:00:00Z");
    first(&format!("{publish} --at 2026-03-03T04:00:00Z"));
    first("beacon --value dice=3141592653589793238462643383279502884197 --at 2026-03-04T03:10:00Z");
    first("draw --at 2026-03-04T03:20:00Z");
    first(&format!("{publish} --at 2026-03-05T02:00:00Z"));
    let tasks = || {
        first("export tasks --out list.csv --lang en");
        let rows = office.read("list.csv").lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        rows.iter().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let unit = tasks()[0][0].clone();
    first(&format!(
        "replace --unit {unit} --reason closed --evidence note.txt --approved-by director --at 2026-04-07T01:00:00Z"
    ));
    let rows = tasks();
    let ill = rows.iter().rev().find(|row| row[6].starts_with("QZ-W")).unwrap()[6].clone();
    first(&format!(
        "replace --officer {ill} --reason ill --evidence note.txt --approved-by head --level office --at \
         2026-04-07T02:00:00Z"
    ));
    let units: BTreeSet<String> = tasks().into_iter().map(|row| row[0].clone()).collect();
    let result = |place: usize| if place == 1 { "violation" } else { "no_problem" };
    let rows = units.iter().enumerate();
    let rows: String = rows.map(|(place, unit)| format!("{unit},2026-04-07,{}\n", result(place))).collect();
    office.write("results.csv", format!("检查对象,检查日期,检查结果\n{rows}"));
    first("result results.csv --approved-by head --level office --at 2026-04-07T09:00:00Z");
    first(&format!("{publish} --at 2026-04-07T10:00:00Z"));
    // Until here the public saw no institution: what the folder is then is the base `closed`.
    let closed = files(&office.path("www/2026-medical"));
    first("reveal --at 2026-04-07T11:00:00Z");
    first(&format!("{publish} --at 2026-04-07T12:00:00Z"));
    first("export ledger --out ledger.csv --lang en");
    let entries = office.read("ledger.csv");
    let visit = entries.lines().rfind(|row| row.contains(",visited,")).unwrap().split(',').next().unwrap();
    first(&format!(
        "amend --entry {} --result violation --reason evidence --evidence note.txt --approved-by director --at \
         2026-04-08T01:00:00Z",
        visit
    ));
    first(&format!("{publish} --at 2026-04-08T02:00:00Z"));
    first("publish --auditor --out auditor --at 2026-04-08T03:00:00Z");
    first("witness --out kept.txt");
    let mut all = BTreeMap::from([("kept.txt".to_owned(), fs::read(office.path("kept.txt")).unwrap())]);
    // A newspaper wrote the dice down when they were thrown.
    let seen = r#"[{"source":"dice","value":"3141592653589793238462643383279502884197"}]"#;
    all.insert("values/1.1.json".to_owned(), seen.as_bytes().to_vec());
    let of = |out: &str| files(&office.path(&format!("{out}/2026-medical")));
    // The year of a food office abroad: areas and ids of its own, one sanitarian a visit.
    let year = abroad::year();
    all.insert("brought/abroad/kept.txt".to_owned(), fs::read(year.path("kept.txt")).unwrap());
    for (draw, faces) in (1..).zip(abroad::FACES) {
        let seen = json!([{"source": "dice", "value": faces}]).to_string();
        all.insert(format!("brought/abroad/values/{draw}.1.json"), seen.into_bytes());
    }
    let abroad = files(&year.path("www/2026-routine"));
    let bases = [("closed", closed), ("public", of("www")), ("auditor", of("auditor")), ("abroad", abroad)];
    for (base, found) in bases {
        for (name, bytes) in found {
            if name == "index.json" {
                let mut index: Value = serde_json::from_slice(&bytes).unwrap();
                index["files"].as_array_mut().unwrap().retain(|row| row["what"] != "page");
                all.insert(format!("{base}/{name}"), index.to_string().into_bytes());
            } else if !name.ends_with(".html") {
                all.insert(format!("{base}/{name}"), bytes);
            }
        }
    }
    all
}

/// What an operator or an accident does to a folder, and what must be said: the verdicts alone and with the
/// checkpoint that was kept, and findings or failed checks that must be among those found.
struct Deed {
    name: &'static str,
    base: &'static str,
    edits: Vec<Edit>,
    /// The values that the checker looked up, if others than those of the office.
    values: Option<Vec<LookedUp>>,
    /// The row of this file in the index gets its new digest: whoever writes the folder writes the index.
    indexed: Option<String>,
    verdicts: (&'static str, &'static str, &'static str),
    among: Vec<(String, &'static str)>,
}

const REFUTED: (&str, &str, &str) = ("refuted", "refuted", "refuted");
const CAPPED: (&str, &str, &str) = ("self-consistent", "self-consistent", "self-consistent");
/// What the dice have shown is a word of the folder's author, until the checker has it from who saw them.
const WHOLE: (&str, &str, &str) = ("self-consistent", "self-consistent", "confirmed");
/// The checkpoint was kept later: it is of more lines than there are.
const BEFORE: (&str, &str, &str) = ("self-consistent", "refuted", "refuted");
/// What the checker looked up is not what the ledger says.
const OTHERWISE: (&str, &str, &str) = ("self-consistent", "self-consistent", "refuted");

/// The number in the name of a file: `draws/1.1/figures-000021.json`.
fn at_of(name: &str) -> u64 {
    let digits: String = name.rsplit('-').next().unwrap().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[allow(clippy::too_many_lines)]
fn deeds(bases: &Path) -> Vec<Deed> {
    let text = |base: &str, file: &str| fs::read_to_string(bases.join(base).join(file)).unwrap();
    let names = files(&bases.join("public"));
    let last = |kind: &str| {
        let found = names.keys().rfind(|name| name.starts_with(&format!("draws/1.1/{kind}-")));
        found.unwrap().clone()
    };
    let (visits, results) = (last("visits"), last("results"));
    let first_results = names.keys().find(|name| name.starts_with("draws/1.1/results-")).unwrap().clone();
    let dossier =
        files(&bases.join("auditor")).into_keys().rfind(|name| name.starts_with("dossier-")).unwrap();
    let remove = |file: &str| Edit::Remove { remove: file.to_owned() };
    let replace = |file: &str, from: &str, to: &str| Edit::Replace {
        file: file.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let fresh = |file: &str, text: &str| Edit::Write { file: file.to_owned(), text: text.to_owned() };
    // The row of a file in the index, with the comma that follows or comes before.
    let row = |base: &str, file: &str| {
        let index = text(base, "index.json");
        let from = index.find(&format!("{{\"file\":\"{file}\"")).unwrap();
        let to = from + index[from..].find('}').unwrap() + 1;
        format!("{},", &index[from..to])
    };
    let deed = |name, base, edits, verdicts, among: &[(&str, &'static str)]| Deed {
        name,
        base,
        edits,
        values: None,
        indexed: None,
        verdicts,
        among: among.iter().map(|(place, code)| ((*place).to_owned(), *code)).collect(),
    };
    let indexed = |file: &str, deed: Deed| Deed { indexed: Some(file.to_owned()), ..deed };
    let sample = text("public", "draws/1.1/sample.csv");
    let name = sample.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    let renamed = replace("draws/1.1/sample.csv", &name, "某医院");
    let note = text("public", &visits);
    let note = note
        .lines()
        .find(|line| line.contains("已替换为"))
        .unwrap()
        .split(',')
        .next_back()
        .unwrap()
        .to_owned();
    let turned = note.replace("注销或停业", "已迁出");
    let policy = |to: &str| replace("draws/1.1/policy.json", "\"share\":\"0.4\"", to);
    let mut deeds = vec![
        deed("as it was published", "public", vec![], WHOLE, &[("draws/1.1", "not_shown")]),
        deed("as an auditor gets it", "auditor", vec![], WHOLE, &[]),
        deed(
            "as an office abroad published its year",
            "abroad",
            vec![],
            WHOLE,
            &[("draws/1.1", "not_shown")],
        ),
        deed(
            "the rule that allows ids without a form is taken out",
            "abroad",
            vec![replace("draws/1.1/policy.json", "\"ids\":\"plain\",", "")],
            REFUTED,
            &[("draws/1.1/policy.json", "differs")],
        ),
        // What is not disclosed keeps nothing from being confirmed before its day.
        deed("before the draw is disclosed", "closed", vec![], BEFORE, &[]),
        deed(
            "the contents of closed lines are taken out",
            "public",
            vec![remove("draws/1.1/contents.jsonl")],
            CAPPED,
            &[("draws/1.1/contents.jsonl", "missing"), (&visits, "not_checked")],
        ),
        indexed(
            "draws/1.1/contents.jsonl",
            deed(
                "another result is told than was closed",
                "public",
                vec![replace("draws/1.1/contents.jsonl", "no_problem", "violation")],
                REFUTED,
                &[("", "contents"), ("", "files")],
            ),
        ),
        deed(
            "saved by programs that change ends of lines",
            "public",
            vec![Edit::Ends { ends: true }],
            WHOLE,
            &[],
        ),
        deed(
            "the record of a draw is taken out",
            "public",
            vec![remove("draws/1.1/record.json")],
            CAPPED,
            &[("draws/1.1/record.json", "missing"), ("draws/1.1/sample.csv", "not_checked")],
        ),
        deed(
            "the record of a draw is taken out of folder and index",
            "public",
            vec![
                remove("draws/1.1/record.json"),
                replace("index.json", &row("public", "draws/1.1/record.json"), ""),
            ],
            CAPPED,
            &[],
        ),
        deed(
            "a table is taken out",
            "public",
            vec![remove("draws/1.1/teams.csv")],
            CAPPED,
            &[("draws/1.1/teams.csv", "missing")],
        ),
        deed(
            "the table of visits is taken out",
            "public",
            vec![remove(&visits)],
            CAPPED,
            &[(&visits, "missing")],
        ),
        deed(
            "the last table of results is taken out of folder and index",
            "public",
            vec![remove(&results), replace("index.json", &row("public", &results), "")],
            CAPPED,
            &[],
        ),
        deed(
            "the folder of a draw is taken out",
            "public",
            vec![remove("draws/1.1")],
            CAPPED,
            &[("draws/1.1/seal.json", "missing")],
        ),
        deed(
            "a name in a table is changed",
            "public",
            vec![renamed.clone()],
            REFUTED,
            &[("draws/1.1/sample.csv", "index"), ("", "files")],
        ),
        indexed(
            "draws/1.1/sample.csv",
            deed(
                "a name in table and index is changed",
                "public",
                vec![renamed.clone()],
                REFUTED,
                &[("", "files")],
            ),
        ),
        indexed(
            "draws/1.1/sample.csv",
            deed(
                "a name in an auditor's table and index is changed",
                "auditor",
                vec![renamed],
                REFUTED,
                &[("draws/1.1/sample.csv", "differs")],
            ),
        ),
        indexed(
            &visits,
            deed(
                "a replacement has another reason",
                "public",
                vec![replace(&visits, &note, &turned)],
                REFUTED,
                &[(&visits, "differs")],
            ),
        ),
        indexed(
            &first_results,
            deed(
                "a violation is no problem in the table",
                "public",
                vec![replace(&first_results, "violation", "no_problem")],
                REFUTED,
                &[(&first_results, "differs"), ("", "files")],
            ),
        ),
        indexed(
            "draws/1.1/policy.json",
            deed(
                "another policy lies there",
                "public",
                vec![policy("\"share\":\"0.3\"")],
                REFUTED,
                &[("draws/1.1/policy.json", "differs")],
            ),
        ),
        indexed(
            "draws/1.1/cells.json",
            deed(
                "another table of cells lies there",
                "public",
                vec![replace("draws/1.1/cells.json", "\"size\":\"", "\"size\":\"1")],
                REFUTED,
                &[("draws/1.1/cells.json", "differs")],
            ),
        ),
        indexed(
            "draws/1.1/beacon.json",
            deed(
                "another value lies there",
                "public",
                vec![replace("draws/1.1/beacon.json", "31415", "31414")],
                REFUTED,
                &[("draws/1.1/beacon.json", "differs")],
            ),
        ),
        deed(
            "the folder has no copy of the values",
            "public",
            vec![remove("draws/1.1/beacon.json")],
            CAPPED,
            &[("draws/1.1/beacon.json", "missing")],
        ),
        deed(
            "a table of a later day is made up",
            "public",
            vec![fresh(
                "draws/1.1/results-000999.csv",
                &text("public", &results).replace("violation", "no_problem"),
            )],
            REFUTED,
            &[("draws/1.1/results-000999.csv", "differs")],
        ),
        deed(
            "a table that nobody published",
            "public",
            vec![fresh("draws/1.1/results-000001.csv", "a,b,c,d,e\r\n")],
            WHOLE,
            &[("draws/1.1/results-000001.csv", "not_checked")],
        ),
        deed(
            "the index does not name a record",
            "public",
            vec![replace("index.json", &row("public", "draws/1.1/record.json"), "")],
            WHOLE,
            &[("draws/1.1/record.json", "not_named")],
        ),
        deed(
            "there is no index",
            "public",
            vec![remove("index.json")],
            WHOLE,
            &[("index.json", "not_named")],
        ),
        deed(
            "the index is unusable",
            "public",
            vec![replace("index.json", "\"document\"", " \"document\"")],
            REFUTED,
            &[("index.json", "index")],
        ),
        deed(
            "other things lie there",
            "public",
            vec![
                fresh("notes.txt", "all was well\n"),
                fresh("draws/.DS_Store", "x"),
                fresh("checkpoints/a.bak", "x"),
            ],
            WHOLE,
            &[
                ("notes.txt", "not_checked"),
                ("draws/.DS_Store", "not_checked"),
                ("checkpoints/a.bak", "not_checked"),
            ],
        ),
        deed(
            "another pack lies there",
            "public",
            vec![replace("pack.json", "\"frequency\"", "\"frequency\"")],
            WHOLE,
            &[],
        ),
        indexed(
            "programme.json",
            deed(
                "another programme lies there",
                "public",
                vec![replace("programme.json", "\"surprise\":\"0.02\"", "\"surprise\":\"0.03\"")],
                REFUTED,
                &[("draws/1.1", "origin")],
            ),
        ),
        deed(
            "the pack is taken out",
            "public",
            vec![remove("pack.json")],
            CAPPED,
            &[("draws/1.1", "no_rules")],
        ),
        deed(
            "pack and programme are taken out of folder and index",
            "public",
            vec![
                remove("pack.json"),
                remove("programme.json"),
                replace("index.json", &row("public", "pack.json"), ""),
                replace(
                    "index.json",
                    &format!(",{}", row("public", "programme.json").trim_end_matches(',')),
                    "",
                ),
            ],
            CAPPED,
            &[("draws/1.1", "no_rules")],
        ),
        deed(
            "the pack cannot be read",
            "public",
            vec![fresh("pack.json", "{}")],
            ("unusable", "unusable", "unusable"),
            &[],
        ),
        deed(
            "the record cannot be read",
            "public",
            vec![fresh("draws/1.1/record.json", "{")],
            ("unusable", "unusable", "unusable"),
            &[],
        ),
        indexed(
            &dossier,
            deed(
                "a violation is no problem in the dossier",
                "auditor",
                vec![replace(&dossier, "\"violation\"", "\"no_problem\"")],
                REFUTED,
                &[(&dossier, "dossier")],
            ),
        ),
        indexed(
            "draws/1.1/dossier.json",
            deed(
                "the dossier of the draw is another",
                "auditor",
                vec![replace(
                    "draws/1.1/dossier.json",
                    "\"entries\":[]",
                    "\"entries\":[{\"date\":\"2026-01-05\",\"drawn\":true,\"entry\":\"result\",\"results\":[\"no_problem\"],\"source\":\"x\",\"unit\":\"QZ-0018\"}]",
                )],
                REFUTED,
                &[("draws/1.1", "origin")],
            ),
        ),
        deed(
            "the frame is not given to the auditor",
            "auditor",
            vec![remove("draws/1.1/frame.json")],
            CAPPED,
            &[(&dossier, "not_shown"), ("draws/1.1", "not_shown")],
        ),
    ];
    deeds.retain(|deed| deed.name != "another pack lies there");
    deeds.push(deed(
        "a violation is no problem in a ledger that was entered anew",
        "public",
        rewritten(bases),
        BEFORE,
        &[("", "checkpoint"), ("index.json", "not_named")],
    ));
    let page = r#"<script id="documents">{"draws/1.1/seal.json":"{}"}</script>"#;
    deeds.push(deed(
        "a page has another seal inside than the one beside it",
        "public",
        vec![fresh("draws/1.1/page.html", page)],
        REFUTED,
        &[("draws/1.1/page.html", "differs")],
    ));
    let ledger = text("public", "ledger.jsonl");
    let cut: String = ledger.split_inclusive('\n').take(ledger.lines().count() - 3).collect();
    deeds.push(deed(
        "the ledger lacks its last lines",
        "public",
        vec![fresh("ledger.jsonl", &cut)],
        REFUTED,
        &[("", "checkpoint")],
    ));
    let notice = names.keys().rfind(|name| name.contains("/notice-") && name.ends_with(".json")).unwrap();
    let called = text("public", notice);
    let called = called
        .split("\"name\":\"")
        .nth(called.split("\"rows\":").next().unwrap().matches("\"name\":\"").count() + 1);
    let called = format!("\"name\":\"{}\"", called.unwrap().split('"').next().unwrap());
    let told = |name, base, from: &str, to: &str| {
        indexed(notice, deed(name, base, vec![replace(notice, from, to)], REFUTED, &[(notice, "differs")]))
    };
    let figures = names.keys().rfind(|name| name.contains("/figures-")).unwrap();
    let counted = |name, from: &str, to: &str| {
        let edits = vec![replace(figures, from, to)];
        indexed(figures, deed(name, "public", edits, REFUTED, &[(figures, "differs")]))
    };
    deeds.extend([
        counted("figures count a finding less", "\"found\":", "\"found\":1"),
        counted("figures call a violation no finding", "\"violation\":\"fail\"", "\"violation\":\"pass\""),
        counted("figures have a kinder estimate of a draw", "\"estimate\":", "\"estimate\":1"),
        counted("figures count fewer visits that are still to be made", "\"awaited\":", "\"awaited\":1"),
        counted("figures leave out the draw", "\"draws\":[{", "\"draws\":[],\"groups\":[{"),
        counted("figures are not canonical", "\"document\":", " \"document\":"),
        counted("figures with a field of their own", "\"document\":", "\"all_is_well\":1,\"document\":"),
        indexed(
            figures,
            deed(
                "the office makes a rate of the year kinder that only its entry binds",
                "public",
                vec![replace(figures, "\"high\":", "\"high\":1")],
                REFUTED,
                &[("", "files")],
            ),
        ),
        deed(
            "figures under another number",
            "public",
            vec![fresh("draws/1.1/figures-000001.json", &text("public", figures))],
            REFUTED,
            &[("draws/1.1/figures-000001.json", "differs")],
        ),
        deed(
            "figures of more entries than there are",
            "public",
            vec![fresh(
                "draws/1.1/figures-000999.json",
                &text("public", figures).replacen(&format!("\"at\":{}", at_of(figures)), "\"at\":999", 1),
            )],
            WHOLE,
            &[("draws/1.1/figures-000999.json", "not_checked")],
        ),
    ]);
    let phrase = "\"phrase\":\"违反有关规定\"";
    deeds.extend([
        told("a notice has a kinder phrase for a result", "public", phrase, "\"phrase\":\"未发现问题\""),
        told("a notice has another number of institutions drawn", "public", "\"drawn\":", "\"drawn\":9"),
        told("a notice has a law of its own", "public", "\"basis\":\"", "\"basis\":\"国办发〔2099〕1号 "),
        told("a notice calls an institution by another name", "auditor", &called, "\"name\":\"某医院\""),
        told("a notice is not canonical", "public", "\"document\":", " \"document\":"),
        deed(
            "a notice under another number",
            "public",
            vec![fresh("draws/1.1/notice-000001.json", &text("public", notice))],
            REFUTED,
            &[("draws/1.1/notice-000001.json", "differs")],
        ),
        deed(
            "a workbook that no entry names",
            "public",
            vec![fresh("draws/1.1/notice-000001.xlsx", "")],
            WHOLE,
            &[("draws/1.1/notice-000001.xlsx", "not_checked")],
        ),
        deed(
            "the record is taken away from a notice that was made from it",
            "public",
            vec![remove("draws/1.1/record.json")],
            CAPPED,
            &[(notice, "not_checked")],
        ),
    ]);
    deeds.extend(looked_up());
    deeds
}

/// What the checker brings himself.
fn looked_up() -> Vec<Deed> {
    let dice = |value: &str| format!("[{{\"source\":\"dice\",\"value\":\"{value}\"}}]");
    let thrown = dice("3141592653589793238462643383279502884197");
    let deed = |name, base, file: &str, text: String, verdicts, among: &[(&str, &'static str)]| Deed {
        name,
        base,
        edits: vec![],
        values: Some(vec![LookedUp { file: file.to_owned(), text }]),
        indexed: None,
        verdicts,
        among: among.iter().map(|(place, code)| ((*place).to_owned(), *code)).collect(),
    };
    let other = dice("2718281828459045235360287471352662497757");
    let typed = thrown.replace(',', ",\r\n  ").replace(':', " : ").replace('}', "\r\n}");
    let number = r#"[{"source":"dice","value":3}]"#.to_owned();
    let source = r#"[{"source":7,"value":"3"}]"#.to_owned();
    let twice = thrown.replace('}', ",\"value\":\"3\"}");
    let two = thrown.replace(']', ",{\"source\":\"lottery\",\"value\":\"01\"}]");
    vec![
        deed(
            "the newspaper has seen other dice",
            "public",
            "1.1.json",
            other.clone(),
            OTHERWISE,
            &[("", "records")],
        ),
        deed(
            "other dice, under no number of a draw",
            "auditor",
            "dice.json",
            other,
            OTHERWISE,
            &[("", "records")],
        ),
        deed("the dice under no number of a draw", "public", "dice.json", thrown.clone(), WHOLE, &[]),
        deed("the dice under number and word", "public", "1.1-newspaper.json", thrown.clone(), WHOLE, &[]),
        deed(
            "the dice under the number of another draw",
            "public",
            "2.1.json",
            thrown,
            CAPPED,
            &[("2.1.json", "unused"), ("draws/1.1", "own_values")],
        ),
        deed(
            "a value of no source beside the dice",
            "public",
            "1.1.json",
            two,
            WHOLE,
            &[("1.1.json", "unused")],
        ),
        deed("no value in the file", "public", "1.1.json", "[]".to_owned(), NOTHING, &[]),
        // Whoever types it need not know of canonical JSON.
        deed("the dice typed by hand, on lines of their own", "public", "1.1.json", typed, WHOLE, &[]),
        deed("a value that is a number", "public", "1.1.json", number, NOTHING, &[]),
        deed("a source that is no code", "public", "1.1.json", source, NOTHING, &[]),
        deed("a value twice in its row", "public", "1.1.json", twice, NOTHING, &[]),
    ]
}

/// What the checker brings cannot be read.
const NOTHING: (&str, &str, &str) = ("self-consistent", "self-consistent", "unusable");

/// The publisher makes a violation of his ledger no problem, enters everything after it anew, with the tables as
/// they would be, and takes out what tells of the first ledger.
fn rewritten(bases: &Path) -> Vec<Edit> {
    let tells = |file: &str| file.starts_with("notice-") || file.starts_with("figures-");
    let home = bases.join("public");
    let (mut edits, mut digests) = (Vec::new(), BTreeMap::new());
    for (file, bytes) in files(&home) {
        if file.starts_with("draws/1.1/results-") {
            let text = String::from_utf8(bytes).unwrap();
            let other = text.replacen("violation", "no_problem", 1);
            let digest = |text: &str| Suite::Sha256.file(text.as_bytes());
            digests.insert(digest(&text), digest(&other));
            edits.push(Edit::Write { file, text: other });
        }
    }
    // Closed lines with what they hide: he closes them again.
    let lines = Folder::read(&home, None).unwrap().lines;
    let (mut ledger, mut contents) = (Ledger::default(), Vec::new());
    for line in &lines {
        let (entry, told) = (line.entry().clone(), line.content());
        let new = |digest| digests.get(&digest).copied().unwrap_or(digest);
        let content = match entry.entry {
            Content::Opened(opened) => {
                ledger = Ledger::open(entry.at, entry.actor, opened, None).unwrap();
                continue;
            }
            Content::Visited(mut visited) => {
                visited.result =
                    Code::parse(visited.result.as_str().replace("violation", "no_problem").as_str()).unwrap();
                Content::Visited(visited)
            }
            Content::Published { attempt, digest, draw, mut files, place, what } => {
                // He leaves out notices and figures, which would tell what the visits had found.
                files.retain(|file| !tells(file.file.as_str()));
                files.iter_mut().for_each(|file| {
                    file.digest = match file.file.as_str() {
                        "contents.jsonl" => Suite::Sha256.file(&contents),
                        _ => new(file.digest),
                    };
                });
                Content::Published { attempt, digest: new(digest), draw, files, place, what }
            }
            content => content,
        };
        let Some(told) = told else {
            ledger.append(entry.at, entry.actor, content, None).unwrap();
            continue;
        };
        let line = ledger.append_closed(entry.at, entry.actor, content, told.salt).unwrap();
        contents.extend(line.content().unwrap().row().unwrap());
        contents.push(b'\n');
    }
    let text = String::from_utf8(contents).unwrap();
    edits.push(Edit::Write { file: "draws/1.1/contents.jsonl".to_owned(), text });
    let text = String::from_utf8(ledger.to_jsonl()).unwrap();
    edits.push(Edit::Write { file: "ledger.jsonl".to_owned(), text });
    let told = files(&home).into_keys().filter(|file| file.strip_prefix("draws/1.1/").is_some_and(tells));
    let gone = ["checkpoints", "index.json"].map(str::to_owned).into_iter().chain(told);
    edits.into_iter().chain(gone.map(|remove| Edit::Remove { remove })).collect()
}

/// The edits of a deed, with that of the index.
fn edits(bases: &Path, deed: &Deed) -> Vec<Edit> {
    let mut edits = deed.edits.clone();
    if let Some(file) = &deed.indexed {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &files(&bases.join(deed.base)));
        let sha256 = || Suite::Sha256.file(&fs::read(folder.path().join(file)).unwrap()).to_string();
        let from = sha256();
        edits.iter().for_each(|one| edit(folder.path(), one));
        edits.push(Edit::Replace { file: "index.json".to_owned(), from, to: sha256() });
    }
    edits
}

fn cases(bases: &Path) -> Vec<Case> {
    let deeds = deeds(bases);
    let case = |deed: &Deed| found(bases, deed.name, deed.base, edits(bases, deed), deed.values.clone());
    deeds.iter().map(case).collect()
}

/// The verdicts that an author of this test expects, not only those that the program gives.
#[test]
fn folders_are_judged_as_they_must_be() {
    for deed in deeds(&stored()) {
        let case = found(&stored(), deed.name, deed.base, edits(&stored(), &deed), deed.values.clone());
        let Verdicts { alone, kept, values } = &case.verdicts;
        let verdicts = (alone.as_str(), kept.as_str(), values.as_str());
        assert_eq!(verdicts, deed.verdicts, "{}: {:?} {:?}", case.name, case.failed, case.findings);
        for (place, code) in deed.among {
            let is = case.findings.contains(&(place.clone(), code.to_owned()));
            let failed = place.is_empty() && case.failed.iter().any(|check| check == code);
            assert!(is || failed, "{}: {place} {code}, {:?} {:?}", case.name, case.failed, case.findings);
        }
    }
}

/// What the vectors say is what this program finds; Python runs on the same.
#[test]
fn vectors_of_folders_hold() {
    let file: Value = serde_json::from_slice(&fs::read(stored().join("cases.json")).unwrap()).unwrap();
    let cases: Vec<Case> = serde_json::from_value(file["cases"].clone()).unwrap();
    assert!(cases.len() >= 30, "{}", cases.len());
    for case in cases {
        let again = found(&stored(), &case.name, &case.base, case.edits.clone(), case.values.clone());
        assert_eq!(again, case);
    }
}

/// He throws dice until he likes them, makes ledger, record and copies of them, and hands out the folder with the
/// checkpoint that a newspaper took afterwards: it is not confirmed without what the newspaper saw of the dice, and
/// refuted with it. What lies in his folder is not what the newspaper saw.
#[test]
fn dice_that_were_chosen_afterwards_are_not_confirmed_without_what_others_saw() {
    let folder = stored().join("public");
    let point = || vec![note(&stored().join("kept.txt")).unwrap()];
    let alone = judged(&folder, point(), &[]).unwrap();
    assert_eq!(alone.verdict(), Verdict::SelfConsistent);
    assert!(alone.ledger.gaps().contains(&LedgerGap::Values), "{:?}", alone.ledger.gaps());
    assert_eq!(alone.own_values.len(), 1);
    let desk = tempfile::tempdir().unwrap();
    let seen = desk.path().join("1.1.json");
    fs::write(&seen, format!("[{{\"source\":\"dice\",\"value\":\"{}\"}}]", "7".repeat(40))).unwrap();
    let refuted = judged(&folder, point(), std::slice::from_ref(&seen)).unwrap();
    assert_eq!(refuted.ledger.failed(), [LedgerCheck::Records]);
    let words = refuted.ledger.to_string();
    assert!(words.contains("what dice said of draw 1, attempt 1"), "{words}");
    let own = read_values(&folder.join("draws/1.1/beacon.json"), &folder).unwrap_err().to_string();
    assert!(own.contains("lies in the folder under test"), "{own}");
}

/// Draws of a ledger name their sources alike: a value says by the name of its file of which it is.
#[test]
fn a_value_of_several_draws_is_asked_about() {
    let home = root().join("tests/vectors/ledgers/year");
    let desk = tempfile::tempdir().unwrap();
    let bring_as = |name: &str| {
        let path = desk.path().join(name);
        fs::copy(home.join("draws/1.1/beacon.json"), &path).unwrap();
        let mut folder = Folder::read(&home, None).unwrap();
        bring(std::slice::from_mut(&mut folder), read_values(&path, &home).unwrap()).map(|()| folder)
    };
    let told = bring_as("dice.json").err().unwrap().to_string();
    assert!(told.contains("is a source of several draws") && told.contains("2.1.json"), "{told}");
    let folder = bring_as("1.1.json").unwrap();
    assert!(folder.brought.iter().all(|(of, _)| *of == Some((1, 1))) && !folder.brought.is_empty());
}

/// Every code of a finding that a folder of one ledger can have stands in some vector.
#[test]
fn vectors_of_folders_have_every_code() {
    let text = fs::read_to_string(stored().join("cases.json")).unwrap();
    let elsewhere = [FindingCode::Earlier, FindingCode::NoOrigin, FindingCode::Page];
    let missing: Vec<&str> = FindingCode::ALL
        .into_iter()
        .filter(|code| !elsewhere.contains(code) && !text.contains(&format!("\"{}\"", code.as_str())))
        .map(FindingCode::as_str)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(Verdict::ALL.len(), 3, "the table of exit statuses has a row for each");
}

const AGAIN: &str =
    "cargo test -p double-random-office --all-features --test office -- folders::regenerate --ignored";

#[test]
fn the_folders_of_the_vectors_are_what_the_office_publishes() {
    let made = published();
    let mut stored = files(&stored());
    stored.retain(|name, _| name != "cases.json");
    let names = made.keys().chain(stored.keys());
    let differ: BTreeSet<&String> = names.filter(|name| made.get(*name) != stored.get(*name)).collect();
    assert!(differ.is_empty(), "{differ:?}: {AGAIN}");
}

/// Writes the vectors anew.
#[test]
#[ignore = "writes files"]
fn regenerate() {
    let folder = stored();
    let _ = fs::remove_dir_all(&folder);
    write(&folder, &published());
    let cases = cases(&folder);
    let lines: Vec<String> = cases.iter().map(|case| serde_json::to_string(case).unwrap()).collect();
    let text = format!("{{\"cases\":[\n{}\n],\"count\":{}}}\n", lines.join(",\n"), json!(lines.len()));
    fs::write(folder.join("cases.json"), text).unwrap();
}
