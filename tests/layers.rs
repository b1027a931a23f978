//! The house: rooms in the order of the path, each using only rooms above it; the vault knows no institution; nothing reads the
//! outside world.
#![allow(missing_docs, clippy::unwrap_used, clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in the order of the path. A room may use only those before it.
const ROOMS: [&str; 28] = [
    "id",
    "bytes",
    "stratum",
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
            assert!(
                ["bytes", "stratum", "chance"].contains(&used.as_str()),
                "{}: crate::{used}",
                path.display()
            );
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
