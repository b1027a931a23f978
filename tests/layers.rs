//! The house: rooms in the order of the path, each using only rooms above it; only `lot` touches a seed; the rooms that decide know no
//! institution; nothing reads the outside world.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of the path. A room may use only those before it.
const ROOMS: [&str; 29] = [
    "id",
    "bytes",
    "odds",
    "matching",
    "lot",
    "table",
    "calendar",
    "frame",
    "roster",
    "policy",
    "cycle",
    "dossier",
    "pack",
    "plan",
    "programme",
    "beacon",
    "seal",
    "sample",
    "assign",
    "record",
    "stream",
    "receipt",
    "disclosure",
    "note",
    "ledger",
    "verify",
    "study",
    "embed",
    "spec",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with the room it belongs to.
fn rooms() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    files(&source(), &mut found);
    let room = |path: &PathBuf| {
        let inside = path.strip_prefix(source()).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    };
    found.into_iter().map(|path| (room(&path), path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// The part of a file before its unit tests.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

/// What follows `crate::` in code, comments left out.
fn uses(text: &str) -> Vec<String> {
    let code = production(text).lines().filter(|line| !line.trim_start().starts_with("//"));
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.flat_map(|line| line.split("crate::").skip(1).map(word).collect::<Vec<_>>())
        .filter(|w| !w.is_empty())
        .collect()
}

#[test]
fn a_room_uses_only_rooms_above_it() {
    let place = |room: &str| ROOMS.iter().position(|r| *r == room);
    let mut seen = 0;
    for (room, path, text) in rooms().into_iter().filter(|(room, ..)| room != "lib") {
        assert!(
            !text.contains("use crate::{"),
            "{}: a nested import hides rooms from this test",
            path.display()
        );
        let own = place(&room).unwrap_or_else(|| panic!("{} is no known room", path.display()));
        for used in uses(&text) {
            let other =
                place(&used).unwrap_or_else(|| panic!("{}: crate::{used} is no room", path.display()));
            assert!(other <= own, "{}: {room} uses {used}, which comes after it", path.display());
            seen += 1;
        }
    }
    assert!(seen > 60, "only {seen} uses were found: does this test still read the sources?");
}

#[test]
fn the_crate_declares_its_rooms_in_this_order() {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let declared: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|rest| rest.trim_end_matches([';', ' ', '{', '}']))
        .collect();
    assert_eq!(declared, ROOMS);
}

/// The rooms that decide who is drawn: each with the rooms that it may use.
const DECIDING: [(&str, &[&str]); 3] = [
    ("odds", &["odds"]),
    ("matching", &["bytes", "matching"]),
    ("lot", &["bytes", "odds", "matching", "lot"]),
];

#[test]
fn the_rooms_that_decide_know_no_institution() {
    for (deciding, may_use) in DECIDING {
        for (_, path, text) in rooms().into_iter().filter(|(room, ..)| room == deciding) {
            for used in uses(&text) {
                assert!(may_use.contains(&used.as_str()), "{}: crate::{used}", path.display());
            }
        }
    }
}

/// Names that only code with a seed in its hands needs: digests and words that follow from it, and the labels of such digests.
const OF_A_SEED: [&str; 18] = [
    "Label::Node",
    "Label::Cell",
    "Label::Start",
    "Label::Ticket",
    "Label::Stream",
    "Label::Lead",
    "Label::Seed",
    "Label::Control",
    "Label::Stage",
    "Label::Day",
    "Label::Reserve",
    "Label::Study",
    "Words",
    "ChaCha20Rng",
    ".hash(",
    ".derive(",
    ".labelled(",
    "format!(\"shortlist/",
];

/// Whether a name stands in a line of code, and not as a part of a longer one.
fn names(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = name.starts_with(part) && line[..at].ends_with(part);
        let after = name.ends_with(part) && line[at + name.len()..].starts_with(part);
        !before && !after
    })
}

#[test]
fn nothing_follows_from_a_seed_outside_the_lot() {
    let mut in_the_lot = 0;
    for (room, path, text) in rooms() {
        for line in production(&text).lines().filter(|line| !line.trim_start().starts_with("//")) {
            for name in OF_A_SEED.iter().filter(|name| names(line, name)) {
                assert!(room == "lot", "{}: {name} outside `lot`: {line}", path.display());
                in_the_lot += 1;
            }
        }
    }
    assert!(in_the_lot > 20, "only {in_the_lot} places in `lot`: does this test still read the sources?");
}

/// A seed follows from a seal. What is decided before the seal cannot use one.
#[test]
fn no_room_before_the_seal_uses_the_lot() {
    let before = ROOMS.iter().take_while(|room| **room != "seal").filter(|room| **room != "lot");
    let before: Vec<&str> = before.copied().collect();
    for (_, path, text) in rooms().into_iter().filter(|(room, ..)| before.contains(&room.as_str())) {
        assert!(!uses(&text).contains(&"lot".to_owned()), "{}: a seed before the seal", path.display());
    }
}

#[test]
fn only_one_file_takes_words_from_a_crate() {
    for (_, path, text) in rooms() {
        let named = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        assert_eq!(text.contains("rand_chacha::"), named == "lot/words.rs", "{named}");
    }
}

#[test]
fn only_the_c_interface_is_unsafe() {
    let word = ["un", "safe"].concat();
    for (_, path, text) in rooms() {
        let named = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>());
        let found = words.filter(|found| *found == word).count();
        assert_eq!(found > 0, named == "embed/abi.rs", "{named}");
    }
}

#[test]
fn no_float_and_no_platform_width_reaches_an_outcome() {
    for (room, path, text) in rooms() {
        let code = production(&text);
        let floats =
            ["f32", "f64"].iter().any(|t| code.split(|c: char| !c.is_alphanumeric()).any(|w| w == *t));
        // The encoder names the types in order to refuse them.
        assert!(!floats || path.ends_with("bytes/json.rs"), "{} has a float", path.display());
        assert!(
            !DECIDING.iter().any(|(deciding, _)| *deciding == room)
                || !code.contains(" as usize") && !code.contains(" as u32"),
            "{} casts",
            path.display()
        );
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    for (_, path, text) in rooms() {
        let lines = production(&text).lines().count();
        assert!(lines <= 600, "{} has {lines} lines: make it a folder", path.display());
    }
}

/// Spec sections that the code cites exist.
#[test]
fn cited_spec_sections_exist() {
    let spec = fs::read_to_string(source().join("spec.md")).unwrap();
    let mut cited = 0;
    for (_, path, text) in rooms() {
        for rest in text.split("Spec ").skip(1) {
            let number: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            let number = number.trim_end_matches('.');
            let Some(section) = number.split('.').next().filter(|s| !s.is_empty()) else { continue };
            cited += 1;
            assert!(spec.contains(&format!("\n## {section} ")), "{}: Spec {number}", path.display());
        }
    }
    assert!(cited > 60, "only {cited} citations");
}

/// What must be trusted is counted: the numbers of `docs/for-auditors.md` are those of the files.
mod trusted_base {
    use super::{PathBuf, files, fs, production};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn page() -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/for-auditors.md")).unwrap()
    }

    /// The files that a path stands for: a folder, or a file, with alternatives in braces.
    fn expand(text: &str) -> Vec<PathBuf> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let Some((before, rest)) = text.split_once('{') else {
            let path = root.join(text);
            let mut found = Vec::new();
            if path.is_dir() {
                files(&path, &mut found)
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
            "**{} lines decide the lot (`src/lot`), {} lines make the probabilities (`src/odds`), {} lines make the chance \
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
        let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
        let levels = rows().into_iter().map(|(paths, _)| paths);
        for level in
            levels.filter(|level| level.iter().any(|path| path.extension().is_some_and(|e| e == "py")))
        {
            known.extend(level.iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()));
            for path in &level {
                let text = fs::read_to_string(path).unwrap();
                let lines =
                    text.lines().filter(|line| line.starts_with("import ") || line.starts_with("from "));
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
}
