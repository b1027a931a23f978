//! What must be trusted is counted: the numbers of `docs/for-auditors.md` are those of the files.

use super::house::{files, production};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn page() -> String {
    fs::read_to_string(testkit::repository("docs/for-auditors.md")).unwrap()
}

/// The files that a path stands for: a folder, or a file, with alternatives in braces.
fn expand(text: &str) -> Vec<PathBuf> {
    let root = testkit::repository("");
    let Some((before, rest)) = text.split_once('{') else {
        let path = root.join(text);
        let mut found = Vec::new();
        if path.is_dir() {
            files(&path, &["rs"], &mut found)
        } else {
            found.push(path)
        }
        return found;
    };
    let (names, after) = rest.split_once('}').unwrap();
    names.split(',').map(|name| root.join(format!("{before}{name}{after}"))).collect()
}

/// The lines of a file before its unit tests, and those of code among them.
fn count(path: &Path) -> (usize, usize) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let comment = if path.extension().is_some_and(|e| e == "py") { "#" } else { "//" };
    let lines = production(&text).lines();
    let code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(comment);
    (lines.clone().count(), lines.filter(code).count())
}

fn sum<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> (usize, usize) {
    paths.into_iter().map(|path| count(path)).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// 1,223 for 1223.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { tail.to_owned() } else { format!("{head},{tail}") }
}

/// The files, the two numbers and the text of every row of a table with numbers.
fn rows() -> Vec<(Vec<PathBuf>, String)> {
    let page = page();
    let cells = |line: &str| line.split(" | ").map(str::to_owned).collect::<Vec<_>>();
    let tables = page.lines().filter(|line| line.starts_with("| ") && line.contains('`')).map(cells);
    let paths = |cell: &str| {
        let quoted: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        quoted.into_iter().filter(|text| text.contains('/')).flat_map(expand).collect()
    };
    tables.map(|cells| (paths(&cells[1]), format!("{} | {}", cells[2], cells[3]))).collect()
}

#[test]
fn every_number_of_the_page_for_auditors_is_counted() {
    let mut wrong = Vec::new();
    for (paths, stated) in rows().into_iter().filter(|(paths, _)| !paths.is_empty()) {
        let (lines, code) = sum(&paths);
        let counted = format!("{} | {}", grouped(lines), grouped(code));
        if stated.trim_end_matches(" |") != counted {
            wrong.push(format!("{}: {stated}, counted {counted}", paths[0].display()));
        }
    }
    assert!(wrong.is_empty(), "docs/for-auditors.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_page_for_auditors_begins_with_what_must_be_trusted() {
    let code = |room: &str| grouped(sum(&expand(&format!("src/{room}"))).1);
    let python = sum(&expand("tests/reference/{replay,basics,beacon,sm3}.py")).0;
    let head = format!(
        "**{} lines decide the lot (`src/lot`), {} lines make the probabilities (`src/odds`), {} lines make \
         the chance \
         table of the teams (`src/matching`). {} lines of Python check a published record.**",
        code("lot"),
        code("odds"),
        code("matching"),
        grouped(python)
    );
    let page = page().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains(&head), "docs/for-auditors.md must begin with:\n{head}");
}

/// Whoever reads a level and those before it has read all that its files import.
#[test]
fn a_level_of_the_second_implementation_imports_only_levels_before_it() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let reference = testkit::repository("tests/reference");
    let levels = rows().into_iter().map(|(paths, _)| paths);
    for level in levels.filter(|level| level.iter().any(|path| path.extension().is_some_and(|e| e == "py"))) {
        known.extend(level.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()));
        for path in &level {
            let text = fs::read_to_string(path).unwrap();
            let lines = text.lines().filter(|line| line.starts_with("import ") || line.starts_with("from "));
            for line in lines {
                let modules = line.trim_start_matches("import ").trim_start_matches("from ");
                let modules = modules.split(" import ").next().unwrap().split(',');
                for module in modules.map(str::trim) {
                    let own = reference.join(format!("{module}.py")).exists();
                    assert!(!own || known.contains(module), "{} imports {module}", path.display());
                }
            }
        }
    }
    assert!(known.len() > 20, "only {known:?} are listed");
}
