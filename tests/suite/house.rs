//! The house: rooms in the order of the path, each using only rooms above it; only `lot` touches a seed; the
//! rooms that decide know no institution; nothing reads the outside world.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of the path. A room may use only those before it.
const ROOMS: [&str; 34] = [
    "message",
    "id",
    "bytes",
    "stratum",
    "odds",
    "matching",
    "lot",
    "table",
    "calendar",
    "division",
    "frame",
    "roster",
    "policy",
    "register",
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
    "dispatch",
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
    testkit::repository("src")
}

/// The files below a folder whose names end so, built ones left out.
pub(super) fn files(folder: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                files(&path, ends, found);
            }
        } else if path.extension().is_some_and(|end| ends.iter().any(|e| end == *e)) {
            found.push(path);
        }
    }
}

/// Every source file with the room it belongs to.
fn rooms() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    files(&source(), &["rs"], &mut found);
    let room = |path: &PathBuf| {
        let inside = path.strip_prefix(source()).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        first.trim_end_matches(".rs").to_owned()
    };
    found.into_iter().map(|path| (room(&path), path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// The part of a file before its unit tests.
pub(super) fn production(text: &str) -> &str {
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
    ("odds", &["stratum", "odds"]),
    ("matching", &["bytes", "matching"]),
    ("lot", &["bytes", "stratum", "odds", "matching", "lot"]),
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

/// Names that only code with a seed in its hands needs: digests and words that follow from it, and the labels
/// of such digests.
const OF_A_SEED: [&str; 18] = [
    "Label::Node",
    "Label::Cell",
    "Label::Start",
    "Label::Lot",
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
fn only_the_c_interface_and_the_lanes_are_unsafe() {
    let word = ["un", "safe"].concat();
    for (_, path, text) in rooms() {
        let named = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>());
        let found = words.filter(|found| *found == word).count();
        assert_eq!(found > 0, ["embed/abi.rs", "bytes/lanes.rs"].contains(&named.as_str()), "{named}");
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

/// A line of the sources fits a screen beside another. Text without a space (a key, a canonical document)
/// cannot be broken.
#[test]
fn lines_are_short() {
    let most = 110;
    for (_, path, text) in rooms() {
        // A row of a table and a text in quotes cannot be wrapped.
        let whole = |line: &str| line.contains('"') || line.trim_start().starts_with("//! | ");
        let long = |line: &&str| line.chars().count() > most && !whole(line);
        if let Some(line) = text.lines().find(long) {
            panic!("{}: a line of {} characters: {line}", path.display(), line.chars().count());
        }
    }
}

/// The name of a type that a line declares. The types that a trait asks for have the same name in every impl;
/// they are no declarations of their own.
fn declared_type(line: &str) -> Option<&str> {
    let (code, own_line) = (line.trim_start(), line.starts_with(|c: char| !c.is_whitespace()));
    let (visibility, rest) = match code.strip_prefix("pub") {
        Some(rest) => (true, rest.trim_start_matches(|c: char| c != ' ').trim_start()),
        None => (false, code),
    };
    let kinds = ["struct ", "enum ", "trait ", "union "];
    let alias = rest.strip_prefix("type ").filter(|_| visibility || own_line);
    let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind)).or(alias)?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(&name[..end])
}

/// One name for one thing: the name of a type is enough to find it.
#[test]
fn no_type_name_stands_twice() {
    assert_eq!(declared_type("pub(crate) struct Cell<'a> {"), Some("Cell"));
    assert_eq!(declared_type("    pub enum Check {"), Some("Check"));
    assert_eq!(declared_type("type Rows = Vec<Row>;"), Some("Rows"));
    assert_eq!(declared_type("    type Error = JsonError;"), None);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (_, path, text) in rooms() {
        let file = path.strip_prefix(source()).unwrap().display().to_string();
        for name in production(&text).lines().filter_map(declared_type) {
            let other = known.insert(name.to_owned(), file.clone());
            assert!(other.is_none(), "{name} is declared in {} and in {file}", other.unwrap());
        }
    }
    assert!(
        known.len() > 250,
        "only {} types were found: does this test still read the sources?",
        known.len()
    );
}

/// The files of the specification with their texts, in the order of their numbers: README first.
fn spec_files() -> Vec<(String, String)> {
    let folder = source().join("spec");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    names.sort_by_key(|name| numbers(name, '-'));
    names.into_iter().map(|name| (name.clone(), fs::read_to_string(folder.join(&name)).unwrap())).collect()
}

/// The numbers at the beginning of a text, joined by one character: `[11, 3]` of `11-3-chances.md` and of
/// `11.3 Components`.
fn numbers(text: &str, joint: char) -> Vec<u32> {
    text.split([joint, ' ']).map_while(|part| part.parse().ok()).collect()
}

/// What a spec can be cited by: every section, subsection, step (`11.2.3`) and theorem (`14.theorem.3`), with
/// the text it stands in.
fn anchors() -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (_, text) in spec_files() {
        let (mut section, mut quoted) = (String::new(), false);
        for line in text.lines() {
            quoted ^= line.trim_start().starts_with("```");
            if quoted {
                continue;
            }
            let heading = line.starts_with('#').then(|| line.trim_start_matches('#').trim_start());
            if let Some(heading) = heading {
                let word = heading.split(' ').next().unwrap();
                if numbers(word, '.').len() == word.split('.').count() {
                    section = word.to_owned();
                    assert!(!found.contains_key(&section), "section {section} stands twice");
                    found.insert(section.clone(), String::new());
                }
                if let Some(rest) = heading.strip_prefix("Theorem ") {
                    let number = rest.split(' ').next().unwrap();
                    found.insert(format!("{section}.theorem.{number}"), String::new());
                }
            }
            let step = line.split_once(". ").map(|(number, _)| number).filter(|n| n.parse::<u32>().is_ok());
            if let Some(step) = step.filter(|_| !section.is_empty()) {
                found.insert(format!("{section}.{step}"), String::new());
            }
            let top = section.split('.').next().unwrap().to_owned();
            for at in [Some(top), Some(section.clone())].into_iter().flatten().collect::<BTreeSet<_>>() {
                if let Some(text) = found.get_mut(&at) {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    found
}

/// The parts of a text from one citation of the spec to the next, on one line, without the marks of comments.
fn citations(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let line = line.trim();
        ["//!", "///", "//", "#"].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim_start()
    });
    let joined = lines.collect::<Vec<_>>().join(" ").replace("Spec ", "spec ");
    let cites = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    joined.split("spec ").skip(1).filter(cites).map(str::to_owned).collect()
}

/// The number at the beginning of a text, like `11.2.3`, and what follows it.
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    (!number.is_empty() && number.split('.').all(|part| part.parse::<u32>().is_ok()))
        .then(|| (number, &text[number.len()..]))
}

/// The last parts of all numbers of a list like `3 to 6, 8 and 9`, with what stands before them, and what
/// follows the list.
fn list(text: &str) -> (Vec<String>, &str) {
    let (mut found, mut rest): (Vec<String>, &str) = (Vec::new(), text);
    let mut range = false;
    while let Some((next, behind)) = number(rest) {
        if let Some(previous) = found.last().filter(|_| range) {
            let ((base, first), (other, last)) = (split(previous), split(next));
            assert!(base == other && first < last, "{text}: no range from {previous} to {next}");
            let between = (first + 1..last).map(|n| format!("{base}{n}")).collect::<Vec<_>>();
            found.extend(between);
        }
        found.push(next.to_owned());
        rest = behind;
        let joints = [" to ", ", and ", " and ", " or ", ", "];
        let Some(joint) = joints
            .into_iter()
            .find(|joint| behind.strip_prefix(joint).is_some_and(|rest| number(rest).is_some()))
        else {
            break;
        };
        range = joint == " to ";
        rest = &behind[joint.len()..];
    }
    (found, rest)
}

/// `11.2.` and 3 of `11.2.3`.
fn split(number: &str) -> (&str, u32) {
    let end = number.rfind('.').map_or(0, |dot| dot + 1);
    (&number[..end], number[end..].parse().unwrap())
}

/// What the text at a citation names: anchors, and words in quotes that must stand in the section named last.
fn cited(text: &str) -> (Vec<String>, Option<(String, String)>) {
    let (mut named, mut rest) = list(text);
    loop {
        let section = named.last().unwrap().clone();
        let kinds =
            [(", steps ", ""), (", step ", ""), (", theorems ", "theorem."), (", theorem ", "theorem.")];
        let kind = kinds.iter().find_map(|(word, part)| Some((rest.strip_prefix(word)?, part)));
        if let Some((numbers, part)) = kind {
            let (steps, behind) = list(numbers);
            // `steps 1 and 2, and 23.2`: a number with a dot is a section again.
            let of = |step: &String| match step.contains('.') {
                true => step.clone(),
                false => format!("{section}.{part}{step}"),
            };
            named.pop();
            named.extend(steps.iter().map(of));
            rest = behind;
            if steps.last().is_some_and(|step| step.contains('.')) {
                continue;
            }
        }
        let word = rest.strip_prefix(", `").and_then(|rest| rest.split('`').next());
        return (named, word.map(|word| (section, word.to_owned())));
    }
}

#[test]
fn every_cited_step_of_the_spec_exists() {
    assert_eq!(cited("10.4, steps 2, 4 to 6: x").0, ["10.4.2", "10.4.4", "10.4.5", "10.4.6"]);
    assert_eq!(cited("10.1, steps 1 and 2, and 23.2)").0, ["10.1.1", "10.1.2", "23.2"]);
    assert_eq!(cited("11.9 to 11.11.").0, ["11.9", "11.10", "11.11"]);
    assert_eq!(cited("14, theorem 2, 3 words").0, ["14.theorem.2", "14.theorem.3"]);
    let anchors = anchors();
    let root = testkit::repository("");
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        files(&root.join(folder), &["rs", "py", "md"], &mut found);
    }
    for page in ["README.md", "README.zh-CN.md"] {
        found.push(root.join(page));
    }
    // The specification shows how it is cited by examples, and this file tests the reading of citations.
    found.retain(|path| !path.starts_with(root.join("src/spec")) && !path.ends_with("house.rs"));
    let (mut steps, mut wrong) = (0, Vec::new());
    for path in found {
        for citation in citations(&fs::read_to_string(&path).unwrap()) {
            let start: String = citation.chars().take(60).collect();
            let (named, word) = cited(&citation);
            for anchor in &named {
                if !anchors.contains_key(anchor) {
                    wrong.push(format!("{}: Spec {start}: there is no {anchor}", path.display()));
                }
            }
            if let Some((section, word)) = word {
                let text = anchors.get(&section).map_or("", String::as_str);
                if !text.contains(&format!("`{word}`")) {
                    wrong.push(format!("{}: Spec {start}: {section} has no `{word}`", path.display()));
                }
            }
            steps += named.len();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(steps > 600, "only {steps} citations");
}

#[test]
fn the_spec_is_whole_and_in_order() {
    let files = spec_files();
    assert_eq!(files[0].0, "README.md");
    let (readme, sections) = (&files[0].1, &files[1..]);
    let module = fs::read_to_string(source().join("spec/mod.rs")).unwrap();
    let included: Vec<&str> = module
        .lines()
        .filter_map(|line| line.strip_prefix("#![doc = include_str!(\"")?.strip_suffix("\")]"))
        .collect();
    assert_eq!(included, files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());

    let (mut last, mut theorem) = (vec![0], 0);
    for (name, text) in sections {
        let stem = name.strip_suffix(".md").unwrap();
        assert!(readme.contains(&format!("][{stem}]: ")), "the contents do not list {name}");
        assert!(readme.contains(&format!("\n[{stem}]: {name}\n")), "the contents do not link {name}");
        assert!(module.contains(&format!("//! [{stem}]: #")), "the module does not link {name}");
        let mut step = 0;
        let mut first = true;
        for line in text.lines() {
            let most = if line.trim_start().starts_with('|') { 160 } else { 110 };
            assert!(line.chars().count() <= most, "{name}: {line}");
            if let Some(heading) = line.starts_with('#').then(|| line.trim_start_matches('#').trim_start()) {
                let number = numbers(heading.split(' ').next().unwrap(), '.');
                step = 0;
                if !number.is_empty() {
                    // Section n is followed by n.1 or by section n + 1, subsection n.m by n.(m + 1) or n + 1.
                    let next = [vec![last[0], last.get(1).map_or(1, |m| m + 1)], vec![last[0] + 1]];
                    assert!(next.contains(&number), "{name}: {heading} follows {last:?}");
                    last = number;
                    let begins = numbers(name, '-');
                    let here = last.starts_with(&begins) || begins == [last[0], 1];
                    assert!(!first || here, "{name} begins with {heading}");
                    first = false;
                }
                if let Some(rest) = heading.strip_prefix("Theorem ") {
                    theorem += 1;
                    assert!(rest.starts_with(&format!("{theorem} (")), "{heading} is not theorem {theorem}");
                }
            }
            let number = line.split_once(". ").and_then(|(number, _)| number.parse::<u32>().ok());
            if let Some(number) = number {
                assert!(number == step + 1 || number == 1, "{name}: step {number} follows {step}");
                step = number;
            }
        }
    }
    assert_eq!((last[0], theorem), (28, 20));
}

/// What an operator cannot do is said clause by clause, each with the attack that tries it.
#[test]
fn every_clause_of_what_an_operator_cannot_do_names_its_attack() {
    let text = fs::read_to_string(source().join("spec/19-ledger-verification.md")).unwrap();
    let list = text.split_once("Then the owner cannot:\n\n").unwrap().1.split("\n\n").next().unwrap();
    let mut found = Vec::new();
    files(&testkit::repository("tests/suite/attack"), &["rs"], &mut found);
    let tests: String = found.into_iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let clauses: Vec<&str> = list.trim_start_matches("- ").split("\n- ").collect();
    for clause in &clauses {
        let (_, attacks) = clause.split_once("Attack: ").unwrap_or_else(|| panic!("no attack: {clause}"));
        let names: Vec<&str> = attacks.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{clause}");
        for name in names {
            assert!(tests.contains(&format!("#[test]\nfn {name}(")), "there is no attack {name}");
        }
    }
    assert!(clauses.len() > 12, "{} clauses", clauses.len());
}

/// Every theorem names the tests that show it, and these tests exist.
#[test]
fn every_theorem_names_tests_that_exist() {
    let root = testkit::repository("");
    let mut found = Vec::new();
    for folder in ["src", "tests"] {
        files(&root.join(folder), &["rs"], &mut found);
    }
    let code: String = found.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let proofs = fs::read_to_string(source().join("spec/14-proofs.md")).unwrap();
    let theorems = proofs.split("\n## Theorem ").skip(1);
    for theorem in theorems {
        let title = theorem.lines().next().unwrap();
        let tests = theorem.split_once("*Test*: ").map(|(_, rest)| rest.split("\n\n").next().unwrap());
        let tests = tests.unwrap_or_else(|| panic!("theorem {title} names no test"));
        for test in tests.split('`').skip(1).step_by(2) {
            assert!(code.contains(&format!("fn {test}(")), "theorem {title}: there is no test {test}");
        }
        assert!(theorem.contains("*Rests on*: "), "theorem {title} does not say what it rests on");
    }
}

/// Texts that name tests: the papers, the sources, the programs.
fn papers() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["src", "examples", "docs"].map(testkit::repository) {
        if folder.is_dir() {
            files(&folder, &["rs", "md"], &mut found);
        }
    }
    found.extend(["README.md", "README.zh-CN.md"].map(testkit::repository));
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

/// What of a text stands between single backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Who is told where a promise is tested finds the test, or the module of tests, there.
#[test]
fn named_tests_exist() {
    let mut tests = Vec::new();
    for folder in ["tests", "examples"].map(testkit::repository) {
        files(&folder, &["rs"], &mut tests);
    }
    let exists = |module: &str, function: &str| {
        let file = format!("{}.rs", module.replace("::", "/"));
        let texts =
            tests.iter().filter(|path| path.ends_with(&file)).map(|path| fs::read_to_string(path).unwrap());
        let module =
            testkit::repository("tests/suite").join(format!("{}/{function}.rs", module.replace("::", "/")));
        module.exists() || texts.into_iter().any(|text| text.contains(&format!("fn {function}(")))
    };
    let parts = ["law", "attack", "path", "rules", "vectors", "house", "cities"];
    let (mut names, mut paths) = (0, 0);
    for (paper, text) in papers() {
        for named in quoted(&text) {
            let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == ':';
            let Some((module, function)) = named.rsplit_once("::").filter(|_| named.chars().all(inside))
            else {
                continue;
            };
            if parts.iter().any(|part| module == *part || module.starts_with(&format!("{part}::"))) {
                assert!(exists(module, function), "{}: there is no test {named}", paper.display());
                names += 1;
            }
        }
        for rest in text.split("tests/").skip(1) {
            let path: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_/.".contains(*c)).collect();
            if path.ends_with(".rs") || path.ends_with(".txt") {
                let whole = testkit::repository("tests").join(&path);
                let beside = tests.iter().any(|test| test.ends_with(format!("tests/{path}")));
                assert!(whole.exists() || beside, "{}: there is no tests/{path}", paper.display());
                paths += 1;
            }
        }
    }
    assert!(
        names > 10 && paths > 10,
        "only {names} names and {paths} paths: does this test still read the papers?"
    );
}

/// Files of a folder stand one upon the other: a reader can begin with the one that uses no other. A name
/// that the folder's `mod.rs` passes on counts as a use of the file that declares it.
#[test]
fn no_two_files_of_a_folder_use_each_other() {
    let modules: Vec<(Vec<String>, bool, String)> = rooms()
        .into_iter()
        .map(|(_, path, text)| {
            let inside = path.strip_prefix(source()).unwrap().with_extension("");
            let mut names: Vec<String> =
                inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            let folder = names.pop_if(|last| *last == "mod").is_some();
            (names, folder, code(&text))
        })
        .collect();
    let mut seen = 0;
    for (folder, _, root) in modules.iter().filter(|(names, is_folder, _)| *is_folder && !names.is_empty()) {
        let depth = folder.len();
        let inside: Vec<_> =
            modules.iter().filter(|(names, ..)| names.len() > depth && names.starts_with(folder)).collect();
        let files: BTreeSet<&str> = inside.iter().map(|(names, ..)| names[depth].as_str()).collect();
        let passed_on: BTreeMap<String, String> = root
            .split("use ")
            .skip(1)
            .flat_map(|rest| paths(rest.split(';').next().unwrap()))
            .filter(|path| files.contains(path[0].as_str()))
            .map(|path| (path.last().unwrap().clone(), path[0].clone()))
            .collect();
        let mut uses: BTreeSet<(String, String)> = BTreeSet::new();
        for (names, _, text) in &inside {
            for path in absolute_uses(names, text) {
                let Some(name) = path.starts_with(folder).then(|| path.get(depth)).flatten() else {
                    continue;
                };
                let known = files.contains(name.as_str()).then_some(name);
                let Some(used) = known.or_else(|| passed_on.get(name)) else { continue };
                if *used != names[depth] {
                    uses.insert((names[depth].clone(), used.clone()));
                }
            }
        }
        seen += uses.len();
        let room = folder.join("/");
        for (one, other) in uses.iter().filter(|(one, other)| one < other) {
            let mutual = uses.contains(&(other.clone(), one.clone()));
            assert!(!mutual, "{room}: {one} and {other} use each other");
        }
    }
    assert!(seen > 100, "only {seen} uses were found: does this test still read the sources?");
}

/// Code without comments and unit tests.
fn code(text: &str) -> String {
    let lines = production(text).lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The paths of a `use` behind its first words: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn paths(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start();
    if let Some(list) = text.strip_prefix('{') {
        let mut depth = 0_usize;
        let mut found = Vec::new();
        let mut begin = 0;
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    found.extend(paths(&list[begin..at]));
                    begin = at + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
        return found;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (first, rest) = (text[..end].to_owned(), &text[end..]);
    if first.is_empty() {
        return Vec::new();
    }
    let below = rest.strip_prefix("::").map(paths).unwrap_or_default();
    if below.is_empty() {
        return vec![vec![first]];
    }
    below.into_iter().map(|rest| [vec![first.clone()], rest].concat()).collect()
}

/// Everything that a file names by `super::` or `crate::`, from the root of the crate.
fn absolute_uses(names: &[String], code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = ["super::", "crate::"].iter().filter_map(|word| rest.find(word)).min() {
        let from_root = rest[at..].starts_with("crate::");
        rest = &rest[at..];
        let mut level = names.len();
        while let Some(after) = rest.strip_prefix("super::") {
            level = level.saturating_sub(1);
            rest = after;
        }
        let rest_of_path = if from_root { &rest["crate::".len()..] } else { rest };
        let base = if from_root { &[][..] } else { &names[..level] };
        found.extend(paths(rest_of_path).into_iter().map(|path| [base, &path].concat()));
        rest = rest_of_path;
    }
    found
}

/// `println!` panics where the reader of a pipe has gone, as in `draw | head`: programs print through
/// `double_random_support::out`, the office through its screen, and `embed`, which has neither, through `writeln!`. The
/// quickstart is written for a reader's own program, and prints as that would.
#[test]
fn no_program_panics_where_its_reader_has_gone() {
    let mut found = Vec::new();
    files(&testkit::repository("examples"), &["rs"], &mut found);
    let shipped = |path: &PathBuf| {
        path.components().all(|part| part.as_os_str() != "tests") && !path.ends_with("quickstart.rs")
    };
    let found: Vec<PathBuf> = found.into_iter().filter(shipped).collect();
    assert!(
        found.len() > 100,
        "only {} files were found: does this test still read the programs?",
        found.len()
    );
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let code = production(&text).lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let prints = ["println!(", "print!("].iter().any(|word| line.contains(word));
            assert!(!prints, "{}: {line}", path.display());
        }
    }
}
