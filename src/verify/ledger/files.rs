//! The files that the ledger says were published, against those that were given (Spec 19, `files`).

use super::super::report::{Comparison, differ};
use crate::bytes::{Digest, Suite};
use crate::ledger::{Content, Line, Published, has_digest};
use crate::message::said;
use std::collections::BTreeMap;

/// A draw and its attempt.
type Name = (u64, u64);

/// Files by draw, attempt and name.
type Given = BTreeMap<Name, BTreeMap<String, Vec<u8>>>;

/// A file that an entry says was published, and that was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFile {
    /// The draw and its attempt.
    pub draw: (u64, u64),
    /// The number of the entry.
    pub entry: u64,
    /// Its name within the folder of the attempt; of results without a name, their digest.
    pub file: String,
}

/// What the comparison has found.
pub(super) struct FilesFound {
    /// None where no file was given that an entry names.
    pub(super) comparison: Option<Comparison>,
    /// Ascending by draw, attempt and name.
    pub(super) missing: Vec<MissingFile>,
}

/// Compares all files.
pub(super) fn files(lines: &[Line], suite: Suite, given: &Given) -> FilesFound {
    let mut named: BTreeMap<(Name, &str), (Digest, u64)> = BTreeMap::new();
    let mut results: BTreeMap<(Name, String), (Digest, u64)> = BTreeMap::new();
    for entry in lines.iter().map(Line::entry) {
        let Content::Published { attempt, digest, draw, files, what, .. } = &entry.entry else { continue };
        let draw = (*draw, *attempt);
        named.extend(files.iter().map(|one| ((draw, one.file.as_str()), (one.digest, entry.number))));
        if *what == Published::Results {
            results.insert((draw, digest.to_string()), (*digest, entry.number));
        }
    }
    let mut found = FilesFound { comparison: None, missing: Vec::new() };
    for ((draw, file), (digest, entry)) in &named {
        let Some(bytes) = given.get(draw).and_then(|files| files.get(*file)) else {
            found.missing.push(MissingFile { draw: *draw, entry: *entry, file: (*file).to_owned() });
            continue;
        };
        let one = match has_digest(suite, bytes, digest) {
            true => Ok(()),
            false => {
                let (draw, attempt) = draw;
                let what = said!(
                    "compared.file",
                    "{file} of draw {draw}, attempt {attempt}, published by entry {entry}",
                    file,
                    draw,
                    attempt,
                    entry
                );
                differ(what, digest, suite.file(bytes))
            }
        };
        found.comparison =
            Some(found.comparison.map_or_else(|| one.clone(), |before| before.and(one.clone())));
    }
    for ((draw, file), (digest, entry)) in results {
        let any = |bytes: &Vec<u8>| has_digest(suite, bytes, &digest);
        if !given.get(&draw).is_some_and(|files| files.values().any(any)) {
            found.missing.push(MissingFile { draw, entry, file });
        }
    }
    found.missing.sort_by(|one, other| (one.draw, &one.file).cmp(&(other.draw, &other.file)));
    found
}
