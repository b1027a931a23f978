//! `index.json` of a published folder: every file, what it is, its digest, and since when (Spec 19, *The
//! folder*).

use crate::catalogue::as_message;
use crate::disk::{listed, name, put};
use crate::problem::{Finding, FindingCode, other_document};
use crate::say;
use double_random::bytes::{Digest, Suite, decode, encode};
use double_random::calendar::Instant;
use double_random::id::Code;
use double_random::ledger::{FileName, has_digest};
use double_random::message::{Coded as _, Message};
use double_random_support::files::{self, Failure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Its name.
pub const INDEX: &str = "index.json";

/// What a page is.
const PAGE: &str = "page";

/// The file that grows.
const LEDGER: &str = "ledger.jsonl";

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Its path within the folder, with `/`.
    file: String,
    /// Of the ledger, which grows: how many lines the digest is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lines: Option<u64>,
    /// The SHA-256 of its bytes, in every suite.
    sha256: Digest,
    /// When it was published with these bytes.
    since: Instant,
    /// What it is, by code.
    what: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    document: String,
    files: Vec<Row>,
    protocol: String,
}

fn sha256(bytes: &[u8]) -> Digest {
    Suite::Sha256.file(bytes)
}

/// What a file is, by the beginning of its name.
fn what(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    match (path, stem) {
        _ if path.starts_with("checkpoints/") => "checkpoint".into(),
        (_, "index") => PAGE.into(),
        (_, "AUDITORS-ONLY") => "mark".into(),
        (_, stem) => stem.split('-').next().unwrap_or(stem).to_ascii_lowercase(),
    }
}

/// Whether a path stays within its folder.
fn stays(path: &str) -> bool {
    path.split('/').all(|part| FileName::parse(part).is_ok())
}

fn read(folder: &Path) -> Result<Option<Index>, Message> {
    let path = folder.join(INDEX);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = files::published(&path).map_err(|error| as_message(error.as_ref()))?;
    let index: Index = decode(&bytes).map_err(|error| error.message())?;
    if index.document != "index" || index.protocol != double_random::bytes::PROTOCOL {
        return Err(other_document());
    }
    if index.files.iter().any(|row| row.lines.is_some() != (row.file == LEDGER)) {
        return Err(say!(
            "office.index.lines",
            "the lines of {file} are counted, and of no other file",
            file = LEDGER
        ));
    }
    if let Some(row) = index.files.iter().find(|row| !stays(&row.file)) {
        return Err(say!("office.index.name", "\"{file}\" is no name of a file", file = row.file));
    }
    if let Some(row) = index.files.iter().find(|row| Code::parse(&row.what).is_err()) {
        return Err(say!("office.index.code", "\"{code}\" is no code of what a file is", code = row.what));
    }
    if !index.files.is_sorted_by(|one, other| one.file < other.file) {
        return Err(say!("office.index.order", "its files do not ascend, or one is named twice"));
    }
    Ok(Some(index))
}

/// Everything in a folder but its index, by path.
fn there(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    let mut open = vec![String::new()];
    while let Some(within) = open.pop() {
        for path in listed(&folder.join(&within))? {
            let name = if within.is_empty() { name(&path) } else { format!("{within}/{}", name(&path)) };
            if path.is_dir() {
                open.push(name);
            } else if name != INDEX {
                found.insert(name);
            }
        }
    }
    Ok(found)
}

/// Writes the index of a folder anew: what it named before, and these files as they lie there now. What was
/// published stays named when it is gone.
///
/// # Errors
/// The folder or its index cannot be read or written.
pub fn write(folder: &Path, published: &[String], now: Instant) -> Result<(), Failure> {
    let before =
        read(folder).map_err(|rule| say!("office.index.file", "{file}: {rule}", file = INDEX, rule))?;
    let mut rows: BTreeMap<String, Row> =
        before.into_iter().flat_map(|index| index.files).map(|row| (row.file.clone(), row)).collect();
    for file in published {
        let bytes = files::read(&folder.join(file))?;
        let digest = sha256(&bytes);
        let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
        let lines = (file == LEDGER).then_some(u64::try_from(feeds)?);
        if rows.get(file).is_none_or(|row| row.sha256 != digest) {
            let row = Row { file: file.clone(), lines, sha256: digest, since: now, what: what(file) };
            rows.insert(file.clone(), row);
        }
    }
    let index = Index {
        document: "index".into(),
        files: rows.into_values().collect(),
        protocol: double_random::bytes::PROTOCOL.into(),
    };
    put(&folder.join(INDEX), &encode(&index)?)
}

/// The first lines of a file; all of it where they are not counted.
fn beginning(bytes: &[u8], lines: Option<u64>) -> &[u8] {
    let Some(lines) = lines.and_then(|lines| usize::try_from(lines).ok()) else { return bytes };
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
    let end = std::iter::once(0).chain(ends).nth(lines);
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// Holds an index against its folder.
#[must_use]
pub fn problems(folder: &Path) -> Vec<Finding> {
    let own = |code, words: Message| vec![Finding::new(code, INDEX, words)];
    let index = match read(folder) {
        Ok(Some(index)) => index,
        Ok(None) => return own(FindingCode::NotNamed, say!("office.index.none", "there is none")),
        Err(error) => return own(FindingCode::Index, error),
    };
    let mut others = match there(folder) {
        Ok(there) => there,
        Err(error) => return own(FindingCode::Index, as_message(error.as_ref())),
    };
    let mut found = Vec::new();
    for row in index.files {
        if !others.remove(&row.file) {
            let words = say!("office.index.gone", "index.json names it, and it is not there");
            found.push(Finding::new(FindingCode::Missing, row.file, words));
            continue;
        }
        let bytes = files::read(&folder.join(&row.file));
        if bytes.is_ok_and(|bytes| has_digest(Suite::Sha256, beginning(&bytes, row.lines), &row.sha256)) {
            continue;
        }
        // A page says nothing of its own, and a later program writes another. What it has inside is held
        // against the files beside it.
        found.push(match row.what.as_str() {
            PAGE => {
                let words = say!(
                    "office.index.page",
                    "another page than index.json names: a publication was interrupted, or it was changed; take the \
                     page from the source, or publish again"
                );
                Finding::new(FindingCode::Page, row.file, words)
            }
            _ => {
                let words = say!("office.index.other", "another file than index.json names");
                Finding::new(FindingCode::Index, row.file, words)
            }
        });
    }
    let unnamed = |file| {
        let words = say!("office.index.not_named", "index.json does not name it");
        Finding::new(FindingCode::NotNamed, file, words)
    };
    found.extend(others.into_iter().map(unnamed));
    found
}
