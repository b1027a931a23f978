//! What must be trusted is counted: the numbers of the pages for auditors and of the first pages are those of
//! the files.

use super::house::{files, production};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PAGES: [&str; 2] = ["docs/for-auditors.md", "docs/for-auditors.zh-CN.md"];

fn page(name: &str) -> String {
    fs::read_to_string(testkit::repository(name)).unwrap()
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
fn rows(page: &str) -> Vec<(Vec<PathBuf>, String)> {
    let page = self::page(page);
    let cells = |line: &str| line.split(" | ").map(str::to_owned).collect::<Vec<_>>();
    let tables = page.lines().filter(|line| line.starts_with("| ") && line.contains('`')).map(cells);
    let paths = |cell: &str| {
        let quoted: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        quoted.into_iter().filter(|text| text.contains('/')).flat_map(expand).collect()
    };
    tables.map(|cells| (paths(&cells[1]), format!("{} | {}", cells[2], cells[3]))).collect()
}

#[test]
fn every_number_of_the_pages_for_auditors_is_counted() {
    let mut wrong = Vec::new();
    for page in PAGES {
        for (paths, stated) in rows(page).into_iter().filter(|(paths, _)| !paths.is_empty()) {
            let (lines, code) = sum(&paths);
            let counted = format!("{} | {}", grouped(lines), grouped(code));
            if stated.trim_end_matches(" |") != counted {
                wrong.push(format!("{page}: {}: {stated}, counted {counted}", paths[0].display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pages_begin_with_what_must_be_trusted() {
    // `sql.rs` writes the lot down for databases and decides nothing.
    let decides = |path: &&PathBuf| !path.ends_with("src/lot/sql.rs");
    let code = |room: &str| grouped(sum(expand(&format!("src/{room}")).iter().filter(decides)).1);
    let [lot, odds, matching] = ["lot", "odds", "matching"].map(code);
    let python = grouped(
        sum(&expand(
            "tests/reference/{replay,basics,beacon,dispatch,divisions,forms,names,policies,poolrows,published,rating,sm3}.py",
        ))
        .0,
    );
    let heads = [
        (
            PAGES[0],
            format!(
                "**{lot} lines decide the lot (`src/lot` but `sql.rs`), {odds} lines make the probabilities (`src/odds`), {matching} \
                 lines make the chance table of the teams (`src/matching`). {python} lines of Python check a published \
                 record.**"
            ),
        ),
        (
            PAGES[1],
            format!(
                "**{lot} 行代码决定抽签（`src/lot`，`sql.rs` 除外），{odds} 行决定概率（`src/odds`），{matching} \
                 行决定检查组的概率表（`src/matching`）。{python} 行 Python 即可核验一份公布的记录。**"
            ),
        ),
        (
            "README.md",
            format!("{python} lines of Python check a published record, {lot} lines of Rust decide the lot"),
        ),
        (
            "README.zh-CN.md",
            format!("{python} 行 Python 即可核验一份公布的记录，决定抽签的 Rust 代码为 {lot} 行"),
        ),
    ];
    let wrong: Vec<String> = heads
        .into_iter()
        .filter(|(name, head)| !page(name).split_whitespace().collect::<Vec<_>>().join(" ").contains(head))
        .map(|(name, head)| format!("{name} must say: {head}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files of a level import only files of this level and those before it.
#[test]
fn a_level_of_the_second_implementation_imports_only_levels_before_it() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let reference = testkit::repository("tests/reference");
    let levels = rows(PAGES[0]).into_iter().map(|(paths, _)| paths);
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
