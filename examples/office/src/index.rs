//! `index.json` of a published folder: every file, what it is, its digest, and since when (Spec 19, *The
//! folder*).

use double_random::bytes::{Digest, Suite, decode, encode};
use double_random::calendar::Instant;
use double_random::id::Code;
use double_random::ledger::{FileName, has_digest};
use double_random_support::files::{self, Failure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Its name.
pub const INDEX: &str = "index.json";

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

/// What holding an index against its folder has found about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexProblem {
    /// It is another file than the index names, or the index cannot be read. This refutes.
    Changed(String),
    /// The index names it, and it is not there. Nothing is confirmed then.
    Missing(String),
    /// It is there, and the index does not name it; or there is no index. This changes no verdict.
    NotNamed(String),
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
        (_, "index") => "page".into(),
        (_, "AUDITORS-ONLY") => "mark".into(),
        (_, stem) => stem.split('-').next().unwrap_or(stem).to_ascii_lowercase(),
    }
}

/// Whether a path stays within its folder.
fn stays(path: &str) -> bool {
    path.split('/').all(|part| FileName::parse(part).is_ok())
}

fn read(folder: &Path) -> Result<Option<Index>, String> {
    let path = folder.join(INDEX);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = files::published(&path).map_err(|error| error.to_string())?;
    let index: Index = decode(&bytes).map_err(|error| error.to_string())?;
    if index.document != "index" || index.protocol != double_random::bytes::PROTOCOL {
        return Err("another document or protocol".into());
    }
    if index.files.iter().any(|row| row.lines.is_some() != (row.file == LEDGER)) {
        return Err(format!("the lines of {LEDGER} are counted, and of no other file"));
    }
    if let Some(row) = index.files.iter().find(|row| !stays(&row.file)) {
        return Err(format!("{:?} is no name of a file", row.file));
    }
    if let Some(row) = index.files.iter().find(|row| Code::parse(&row.what).is_err()) {
        return Err(format!("{:?} is no code of what a file is", row.what));
    }
    if !index.files.is_sorted_by(|one, other| one.file < other.file) {
        return Err("its files do not ascend, or one is named twice".into());
    }
    Ok(Some(index))
}

/// Everything in a folder but its index, by path.
fn there(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    let mut open = vec![String::new()];
    while let Some(within) = open.pop() {
        for path in crate::folder::listed(&folder.join(&within))? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = if within.is_empty() { name } else { format!("{within}/{name}") };
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
    let before = read(folder).map_err(|error| format!("{INDEX}: {error}"))?;
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
    let bytes = encode(&index)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, &bytes)?;
    #[cfg(unix)]
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    file.persist(folder.join(INDEX)).map_err(|error| error.error)?;
    Ok(())
}

/// The first lines of a file; all of it where they are not counted.
fn beginning(bytes: &[u8], lines: Option<u64>) -> &[u8] {
    let Some(lines) = lines.and_then(|lines| usize::try_from(lines).ok()) else { return bytes };
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(place, _)| place + 1);
    let end = std::iter::once(0).chain(ends).nth(lines);
    end.and_then(|end| bytes.get(..end)).unwrap_or(bytes)
}

/// Holds an index against its folder; by path, ascending.
#[must_use]
pub fn problems(folder: &Path) -> Vec<(String, IndexProblem)> {
    let own = |problem| vec![(INDEX.to_owned(), problem)];
    let index = match read(folder) {
        Ok(Some(index)) => index,
        Ok(None) => return own(IndexProblem::NotNamed("there is none".into())),
        Err(error) => return own(IndexProblem::Changed(error)),
    };
    let mut others = match there(folder) {
        Ok(there) => there,
        Err(error) => return own(IndexProblem::Changed(error.to_string())),
    };
    let mut found = Vec::new();
    for row in index.files {
        if !others.remove(&row.file) {
            let words = "the index names it, and it is not there".to_owned();
            found.push((row.file, IndexProblem::Missing(words)));
            continue;
        }
        let bytes = files::read(&folder.join(&row.file));
        let same =
            bytes.is_ok_and(|bytes| has_digest(Suite::Sha256, beginning(&bytes, row.lines), &row.sha256));
        if !same {
            found.push((row.file, IndexProblem::Changed("another file than the index names".into())));
        }
    }
    let unnamed = |file| (file, IndexProblem::NotNamed("the index does not name it".into()));
    found.extend(others.into_iter().map(unnamed));
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}
