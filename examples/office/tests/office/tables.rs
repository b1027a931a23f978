//! What people read in a published folder is verified too: no table can say anything that seal, record and
//! ledger do not say.

use crate::support::{Kind, Office, Out, ROUND};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

const DRAW: &str = "draws/1.1";

/// A ledger's folder within what was published.
fn folder(office: &Office, out: &str) -> String {
    let mut found = std::fs::read_dir(office.path(out)).unwrap().map(|entry| entry.unwrap().file_name());
    format!("{out}/{}", found.next().unwrap().to_str().unwrap())
}

/// Verifies a folder with one file of the draw changed, and puts the file back.
#[track_caller]
fn changed(office: &Office, out: &str, file: &str, change: impl Fn(&str) -> String) -> Out {
    let path = format!("{}/{DRAW}/{file}", folder(office, out));
    let before = office.read(&path);
    let after = change(&before);
    assert_ne!(before, after, "{file} is as it was");
    office.write(&path, after);
    let found = office.run(&format!("verify {out}"));
    let json = office.run(&format!("verify {out} --json")).json();
    office.write(&path, before);
    let path = format!("{DRAW}/{file}");
    let findings = json["ledgers"][0]["findings"].as_array().unwrap().iter();
    let failed = findings.filter(|found| found["code"] == "differs" || found["code"] == "index");
    // A page has the file as it was inside: it differs, too, where it has the file.
    let pages = ["index.html".to_owned(), format!("{DRAW}/page.html")];
    let is_page = |found: &&Value| pages.iter().any(|page| found["file"] == *page);
    let (inside, failed): (Vec<&Value>, Vec<&Value>) = failed.partition(is_page);
    let of_page = |page: &String| {
        let page = format!("{}/{page}", folder(office, out));
        let text = if office.path(&page).exists() { office.read(&page) } else { return false };
        let (_, documents) = text.split_once("id=\"documents\">").unwrap();
        documents.contains(&format!("\"{path}\"")) || documents.contains(&format!("\"{file}\""))
    };
    let expected: Vec<&String> = pages.iter().filter(|page| !failed.is_empty() && of_page(page)).collect();
    assert!(expected.iter().all(|page| inside.iter().any(|found| found["file"] == **page)), "{json}");
    assert!(failed.iter().all(|found| found["file"] == path), "{json}");
    assert_eq!(found.out.contains(&format!("FAIL {path}: ")), !failed.is_empty(), "{json} {found:?}");
    assert_eq!(json["verdict"] == "refuted", found.status == Some(1), "{json} {found:?}");
    found
}

/// One row of a table with other text, by its number; 0 is the heading.
fn row(text: &str, number: usize, change: impl Fn(&str) -> Option<String>) -> String {
    let mut lines: Vec<String> = text.split("\r\n").map(str::to_owned).collect();
    match change(&lines[number]) {
        Some(line) => lines[number] = line,
        None => drop(lines.remove(number)),
    }
    lines.join("\r\n")
}

fn cell(line: &str, column: usize, change: impl Fn(&str) -> String) -> String {
    let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
    cells[column] = change(&cells[column]);
    cells.join(",")
}

fn results(office: &Office, out: &str) -> String {
    let files = std::fs::read_dir(office.path(&format!("{}/{DRAW}", folder(office, out)))).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("results-")).collect();
    names.sort();
    names.pop().unwrap()
}

#[test]
fn no_published_table_can_be_changed() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    // Nothing contradicts it; to confirm it takes a checkpoint that was kept elsewhere.
    // On the day after the last entry, when the visits may still be made.
    let whole = office.run("verify www --at 2023-09-07T00:00:00Z");
    assert_eq!(whole.status, Some(2), "{whole:?}");
    assert!(!whole.out.contains("FAIL") && !whole.out.contains("not checked"), "{whole:?}");
    let refuted = |file: &str, words: &str, change: &dyn Fn(&str) -> String| {
        let found = changed(&office, "www", file, change).fails(1, &format!("FAIL {DRAW}/{file}: "));
        let start = format!("FAIL {DRAW}/{file}: ");
        let mut lines = found.out.lines().filter(|line| line.starts_with(&start));
        assert!(lines.any(|line| line.contains(words)), "{found:?}");
    };
    // Another person in a team, an own lead, another day; two visits that change places.
    let other = |team: &str| format!("QZ-9999 {}", team.split_once(' ').unwrap().1);
    refuted("teams.csv", "row 2, column 4", &|text| row(text, 1, |line| Some(cell(line, 3, other))));
    refuted("teams.csv", "row 3, column 5", &|text| row(text, 2, |line| Some(cell(line, 4, |_| "X".into()))));
    refuted("teams.csv", "row 2, column 3", &|text| {
        row(text, 1, |line| Some(cell(line, 2, |_| "2023-01-01".into())))
    });
    refuted("teams.csv", "row 2, column 1", &|text| {
        let mut lines: Vec<&str> = text.split("\r\n").collect();
        lines.swap(1, 2);
        lines.join("\r\n")
    });
    // A unit that was drawn is left out, one that was not is added, a reserve is said to be drawn, a ticket
    // is another.
    refuted("sample.csv", "column 1", &|text| row(text, 1, |_| None));
    let last = |text: &str| text.split("\r\n").count() - 2;
    refuted("sample.csv", "found no more rows", &|text| row(text, last(text), |_| None));
    refuted("sample.csv", "expected no more rows", &|text| {
        row(text, last(text), |line| Some(format!("{line}\r\n{line}")))
    });
    refuted("sample.csv", "column 6", &|text| row(text, 1, |line| Some(cell(line, 5, |_| "1".into()))));
    refuted("sample.csv", "column 4", &|text| row(text, 1, |line| Some(cell(line, 3, |_| "all".into()))));
    let turned = |kind: &str| if kind == "候补" { "抽中".to_owned() } else { "候补".to_owned() };
    refuted("sample.csv", "column 5", &|text| row(text, 1, |line| Some(cell(line, 4, turned))));
    refuted("sample.csv", "", &|text| row(text, 1, |line| Some(format!("{line},more"))));
    refuted("sample.csv", "columns", &|_| String::new());
    // Rules and cells, to a blank.
    refuted("policy.json", "its digest", &|text| text.replacen("2023", "2024", 1));
    refuted("policy.json", "its digest", &|text| format!("{text}\n"));
    refuted("cells.json", "its digest", &|text| text.replacen("\"size\":", "\"size\":1", 1));
    // Results: another one, another name, another row, a table of a later day that was not entered.
    let file = results(&office, "www");
    refuted(&file, "column 4", &|text| row(text, 1, |line| Some(cell(line, 3, |_| "perfect".into()))));
    // The public knows no names: the digest in the ledger binds them.
    let renamed =
        changed(&office, "www", &file, |text| row(text, 1, |line| Some(cell(line, 1, |_| "X".into()))));
    assert!(renamed.out.contains(&format!("FAIL     files: {file}")), "{renamed:?}");
    refuted(&file, "found no more rows", &|text| row(text, last(text), |_| None));
    let www = folder(&office, "www");
    let later = format!("{www}/{DRAW}/results-000999.csv");
    office.write(&later, office.read(&format!("{www}/{DRAW}/{file}")).replacen("no-problem", "perfect", 1));
    office.run("verify www").fails(1, &format!("FAIL {DRAW}/results-000999.csv: row 2, column 4"));
    std::fs::remove_file(office.path(&later)).unwrap();
    // A file that no entry names is listed, and refutes nothing.
    office.write(&format!("{www}/{DRAW}/notes.txt"), "all was well\n");
    office.write(&format!("{www}/summary.xlsx"), "");
    let found = office.run("verify www");
    assert_eq!(found.status, Some(2), "{found:?}");
    let named = |file: &str| found.out.contains(&format!("not checked {file}: "));
    assert!(
        named("summary.xlsx") && named(&format!("{DRAW}/notes.txt")) && !found.out.contains("FAIL"),
        "{found:?}"
    );
}

/// The public knows no frame: names and divisions are bound by the entry that says they were published. With a
/// checkpoint that was kept a whole folder is confirmed, and what is taken out of it is named.
#[test]
fn nothing_can_be_taken_out_of_a_published_folder() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let scope = folder(&office, "www");
    office.run("witness --out kept.txt").ok();
    let noted = office.noted(&scope).join(" ");
    let line = format!("verify www --checkpoint kept.txt {noted} --at 2023-09-07T00:00:00Z --lang en");
    let check = || office.run(&line);
    let whole = check();
    assert_eq!(whole.status, Some(0), "{whole:?}");
    assert!(!whole.out.contains("nothing was compared"), "{whole:?}");
    let sample = format!("{scope}/{DRAW}/sample.csv");
    let before = office.read(&sample);
    for column in [1, 2] {
        office.write(&sample, row(&before, 1, |line| Some(cell(line, column, |text| format!("{text}x")))));
        check().fails(1, "FAIL     files: sample.csv");
    }
    office.write(&sample, &before);
    for file in ["sample.csv", "record.json", "policy.json"] {
        let path = office.path(&format!("{scope}/{DRAW}/{file}"));
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        check().fails(2, &format!("missing {DRAW}/{file}: index.json names it"));
        std::fs::write(&path, bytes).unwrap();
    }
    std::fs::remove_dir_all(office.path(&format!("{scope}/{DRAW}"))).unwrap();
    check().fails(2, "a public draw has no record that was replayed");
}

#[test]
fn an_auditor_gets_results_before_they_are_published() {
    // Without the publication at the end.
    let office = Office::after(Kind::Sqlite, ROUND.len() - 2);
    office.run("publish --auditor --out auditor").ok();
    office.run("publish --auditor --out lists --lang zh").ok();
    for out in ["auditor", "lists"] {
        let file = results(&office, out);
        let found = office.run(&format!("verify {out}"));
        assert!(matches!(found.status, Some(0 | 2)) && !found.out.contains("FAIL"), "{found:?}");
        assert!(
            found.out.contains(&format!("not checked {DRAW}/{file}: its rows are right, and no entry")),
            "{found:?}"
        );
        // The frame is there: also a name is checked.
        for (file, column) in
            [(file.as_str(), 1), (&file, 2), (&file, 4), ("sample.csv", 1), ("teams.csv", 1)]
        {
            let change =
                |text: &str| row(text, 1, |line| Some(cell(line, column, |text| format!("{text}x"))));
            changed(&office, out, file, change).fails(1, &format!("FAIL {DRAW}/{file}: "));
        }
    }
}

/// Git and editors change line ends, and Windows programs put a byte order mark before a text.
#[test]
fn line_ends_and_marks_that_a_program_changed_change_no_verdict() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let before = office.run("verify www");
    let feeds = |text: &str| text.replace("\r\n", "\n");
    let returns = |text: &str| feeds(text).replace('\n', "\r\n");
    let marked = |text: &str| format!("\u{feff}{}", text.trim_start_matches('\u{feff}'));
    let www = folder(&office, "www");
    let root = office.path(&www);
    for change in [&feeds as &dyn Fn(&str) -> String, &returns, &marked] {
        let mut folders = vec![root.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = std::fs::read_to_string(&path) {
                    // A workbook and a paper for signature are no texts.
                    std::fs::write(&path, change(&text)).unwrap();
                }
            }
        }
        let after = office.run("verify www");
        assert_eq!((after.status, &after.out), (before.status, &before.out));
    }
}

#[test]
fn a_merge_cannot_bring_an_id_in_other_upper_and_lower_case() {
    let office = Office::new(Kind::Sqlite);
    office.run("import units units.csv --yes").ok();
    let text = office.read("units.csv");
    let dump = office.dump();
    office.write("more.csv", text.replace("FJQZ-0001", "fjqz-0001"));
    let shown = office.run("import units more.csv --yes --merge");
    assert_eq!(shown.status, Some(4), "{shown:?}");
    assert!(shown.err.contains("fjqz-0001 (in the register: FJQZ-0001)"), "{shown:?}");
    assert!(office.dump() == dump, "something was stored");
}

/// After a replacement the public sees who is visited now, and beside it who was replaced and why.
#[test]
fn public_tables_show_what_holds_now_with_what_was_replaced_beside_it() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let folder = office.path(&format!("{}/{DRAW}", folder(&office, "www")));
    let names = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("visits-"));
    let [name] = names.as_slice() else { panic!("one table of visits: {names:?}") };
    let table = std::fs::read_to_string(folder.join(name)).unwrap();
    let replaced = |line: &&str| line.contains("（注销或停业）");
    let rows: Vec<&str> = table.lines().filter(replaced).collect();
    let [(came, _), (gone, _)] = ["替换 ", "已替换为 "].map(|words| {
        let row = rows.iter().find(|row| row.split(',').next_back().unwrap().starts_with(words)).unwrap();
        let cells: Vec<&str> = row.split(',').collect();
        let other = cells[5].trim_start_matches(words).split('（').next().unwrap();
        ((cells[0].to_owned(), other.to_owned()), cells[3].is_empty())
    });
    assert_eq!((rows.len(), &came.0, &came.1), (2, &gone.1, &gone.0), "{rows:?}");
    assert!(!table.contains("(closed)"), "{table}");
    // It is held against the ledger.
    let turned = |text: &str| text.replacen("（注销或停业）", "（已迁出）", 1);
    changed(&office, "www", name, turned).fails(1, &format!("FAIL {DRAW}/{name}: "));
}

/// Every file of a folder.
fn files(root: PathBuf) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![root]);
    while let Some(next) = open.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                found.insert(path, bytes);
            }
        }
    }
    found
}

const PUBLISH: &str = "publish --out www --where https://office.example/2023 --at 2023-09-07T02:00:00Z";

/// Publishes, and looks at every state that the folder has in between. Returns what was said before the last
/// write.
fn interrupted(office: &Office, publish: &str, fewest: usize) -> String {
    let folder = office.path(&folder(office, "www"));
    let (ledger, index) = (folder.join("ledger.jsonl"), folder.join("index.json"));
    let before = files(folder.clone());
    office.run(publish).ok();
    let after = files(folder);
    // In the order of their writing: the ledger as it was, the files of draws, pages, the ledger with what was
    // published, its checkpoints, the index.
    let order = |path: &PathBuf| match path.extension().and_then(|end| end.to_str()) {
        _ if *path == ledger => 2,
        _ if *path == index => 4,
        Some("txt") => 3,
        end => usize::from(end == Some("html")),
    };
    let mut changed: Vec<_> = after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).collect();
    changed.sort_by_key(|(path, _)| order(path));
    assert!(changed.len() >= fewest, "{:?}", changed.iter().map(|(path, _)| path).collect::<Vec<_>>());
    for (path, _) in &changed {
        match before.get(*path) {
            Some(bytes) => std::fs::write(path, bytes).unwrap(),
            None => std::fs::remove_file(path).unwrap(),
        }
    }
    let known = before[&ledger].iter().filter(|byte| **byte == b'\n').count();
    let lines = String::from_utf8(after[&ledger].clone()).unwrap();
    let new = lines.lines().skip(known).take_while(|line| !line.contains(r#""kind":"published""#)).count();
    let first: String = lines.split_inclusive('\n').take(known + new).collect();
    std::fs::write(&ledger, first).unwrap();
    let check =
        || office.run("verify www --at 2023-09-07T00:00:00Z --lang en").fails(2, "self-consistent only").out;
    let mut last = String::new();
    for (path, bytes) in changed {
        last = check();
        assert!(!last.contains("FAIL"), "before {}: {last}", path.display());
        std::fs::write(path, bytes).unwrap();
    }
    // Power has failed before the index was written: the next publication writes it, of all files.
    std::fs::write(&index, &before[&index]).unwrap();
    office.run(publish).ok();
    let whole = check();
    assert!(!whole.contains("not named") && !whole.contains("not checked"), "{whole}");
    last
}

/// Power fails while a folder is published: whatever was written by then, readers find nothing that refutes, and
/// the next publication ends it.
#[test]
fn an_interrupted_publication_refutes_nothing() {
    let office = Office::after(Kind::Sqlite, ROUND.len() - 1);
    let said = interrupted(&office, ROUND[ROUND.len() - 1], 9);
    assert!(said.contains("not named draws/1.1/record.json: index.json does not name it"), "{said}");
    office.run(&withdrawal(&office)).ok();
    let said = interrupted(&office, PUBLISH, 5);
    assert!(said.contains("not checked draws/1.1/page.html: another page than index.json names"), "{said}");
}

/// Takes the last visit back.
fn withdrawal(office: &Office) -> String {
    let lines = office.read(&format!("{}/ledger.jsonl", folder(office, "www")));
    let mut lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let visit = lines.rfind(|line| line["entry"]["kind"] == "visited").unwrap();
    format!(
        "amend --entry {} --withdraw --reason clerical --evidence note.txt --approved-by director --at \
         2023-09-07T01:00:00Z",
        visit["number"]
    )
}

/// A visit that is taken back leaves the public table: the table is another one then, and is published.
#[test]
fn a_visit_that_was_taken_back_leaves_the_public_results() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let before = results(&office, "www");
    office.run(&withdrawal(&office)).ok();
    office.run(PUBLISH).ok();
    let after = results(&office, "www");
    let rows = |name: &str| office.read(&format!("{}/{DRAW}/{name}", folder(&office, "www"))).lines().count();
    assert_eq!(rows(&before), rows(&after) + 1, "{before} {after}");
    let found = office.run("verify www --at 2023-09-07T03:00:00Z").fails(2, "self-consistent only");
    assert!(!found.out.contains("FAIL") && !found.out.contains("not checked"), "{found:?}");
}
