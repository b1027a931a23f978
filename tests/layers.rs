//! The house: rooms in the order of the path, each using only rooms above it; the vault knows no institution; nothing reads the
//! outside world.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of the path. A room may use only those before it.
const ROOMS: [&str; 27] = [
    "id",
    "bytes",
    "chance",
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

#[test]
fn the_vault_knows_no_institution() {
    for (_, path, text) in rooms().into_iter().filter(|(room, ..)| room == "chance") {
        for used in uses(&text) {
            assert!(["bytes", "chance"].contains(&used.as_str()), "{}: crate::{used}", path.display());
        }
    }
}

#[test]
fn only_one_file_takes_words_from_a_crate() {
    for (_, path, text) in rooms() {
        let named = path.strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
        assert_eq!(text.contains("rand_chacha::"), named == "chance/words.rs", "{named}");
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
            room != "chance" || !code.contains(" as usize") && !code.contains(" as u32"),
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

/// Pairs of files that still use each other, by folder. The list may only become shorter.
const MUTUAL: [(&str, &str, &str); 2] = [("bytes", "prefix", "suite"), ("policy", "check", "rating")];

/// Files of a folder stand one upon the other: a reader can begin with the one that uses no other. A name that the folder's `mod.rs` passes
/// on counts as a use of the file that declares it.
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
            let listed = MUTUAL.contains(&(room.as_str(), one.as_str(), other.as_str()));
            assert!(!mutual || listed, "{room}: {one} and {other} use each other");
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
