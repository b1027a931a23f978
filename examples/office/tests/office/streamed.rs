//! Plan, seal and draw from the cursor of the database: the same bytes as from memory, and the same refusals of what
//! was changed.

use crate::support::{DRAWN, Kind, Office, ROUND};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

both! {
    a_streamed_draw_is_the_draw_from_memory
    what_was_changed_is_not_drawn_from
    problems_of_the_register_are_said_at_once
}

/// The first command that can stream.
const PLAN: usize = 3;

/// A command of the round, streamed if it can be.
fn streamed(office: &Office, place: usize) -> String {
    let line = office.line(place);
    let can = ["plan", "seal"].iter().any(|command| line.starts_with(command));
    if can { format!("{line} --stream") } else { line }
}

/// All files of a folder.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn a_streamed_draw_is_the_draw_from_memory(kind: Kind) {
    let other = Office::after(kind, PLAN);
    let office = other.copy();
    for place in PLAN..ROUND.len() {
        let (streamed, from_memory) = (office.run(&streamed(&office, place)).ok(), other.step(place).ok());
        if place > DRAWN {
            assert_eq!(streamed.out, from_memory.out, "{place}");
        }
    }
    // The frame stands in pieces, and leaves the house as one document.
    let documents = office.dump()["documents"].clone();
    assert_eq!(
        documents.iter().filter(|row| row.contains("frame piece 0")).count(),
        2,
        "64, 128 and 29 rows"
    );
    for out in ["publish --auditor --out auditor", "publish --out again --where https://office.example/2023"]
    {
        let line = format!("{out} --at 2023-09-07T00:00:00Z");
        office.run(&line).ok();
        other.run(&line).ok();
    }
    for folder in ["www", "auditor", "again"] {
        let (mine, theirs) = (files(&office.path(folder)), files(&other.path(folder)));
        let names: Vec<&PathBuf> = mine.keys().collect();
        assert_eq!(names, theirs.keys().collect::<Vec<_>>());
        let differ: Vec<&PathBuf> = names.into_iter().filter(|name| mine[*name] != theirs[*name]).collect();
        assert!(differ.is_empty(), "{folder}: {differ:?}");
    }
    let ledgers = [&office, &other].map(|office| office.dump()["ledger"].clone());
    assert_eq!(ledgers[0], ledgers[1]);
    // A second time it is shown, and nothing is drawn.
    let again = office.run("draw --json --at 2023-09-08T00:00:00Z").ok().json();
    assert_eq!(again["again"], true, "{again}");
}

fn what_was_changed_is_not_drawn_from(kind: Kind) {
    let waiting = Office::after(kind, PLAN);
    for place in PLAN..DRAWN - 1 {
        waiting.run(&streamed(&waiting, place)).ok();
    }
    let draw = streamed(&waiting, DRAWN - 1);
    let piece = "frame piece 000000000001";
    let bytes = waiting.document(piece);
    let place = bytes.windows(7).position(|part| part == b"\"name\":").unwrap() + 8;
    let mut other = bytes.clone();
    other[place] = if other[place] == b'x' { b'y' } else { b'x' };
    let mut blank = bytes.clone();
    blank.insert(1, b' ');
    for (what, bytes) in
        [("another name", other), ("not canonical", blank), ("cut off", bytes[..90].to_vec())]
    {
        let office = waiting.copy();
        office.set_document(piece, &bytes);
        let before = office.dump();
        let out = office.run(&draw).fails(5, "the database was changed by another hand");
        assert_eq!(office.dump(), before, "{what}: {out:?}");
    }
    for gone in ["frame", piece, "frame piece 000000000002"] {
        let office = waiting.copy();
        office.sql(&format!("DELETE FROM documents WHERE name = '{gone}'"));
        office.run(&draw).fails(5, "the database was changed by another hand");
    }
    // What the register says after the seal does not matter.
    waiting.sql("DELETE FROM units");
    waiting.run(&draw).ok();
}

fn problems_of_the_register_are_said_at_once(kind: Kind) {
    let office = Office::after(kind, PLAN);
    // One in the first stretch, and one in the last.
    let swap = "UPDATE units SET content = REPLACE(content, '\"risk\":\"', '\"risk\":\"no-')";
    for end in ["MIN", "MAX"] {
        office.sql(&format!("{swap} WHERE id = (SELECT {end}(id) FROM units)"));
    }
    let line = office.line(PLAN);
    let (from_memory, streamed) = (office.run(&line), office.run(&format!("{line} --stream")));
    assert_eq!((streamed.status, &streamed.err), (from_memory.status, &from_memory.err));
    assert_eq!(streamed.err.matches("no-").count(), 2, "{streamed:?}");
}
