//! The checkpoints of a ledger: those that the office keeps, and those that witnesses sign.

use super::Run;
use super::args::Witness;
use super::desk::{Book, Office, refuse};
use super::steps::whole_book;
use super::store::{Database, SqlCell, Value};
use super::words::Answer;
use double_random::note::Checkpoint;
use double_random_office::folder::note as note_of;
use double_random_office::say;
use double_random_support::files::{self, Failure, Files};
use serde_json::json;
use std::path::Path;

/// The checkpoints that are kept, by file name.
pub fn notes(database: &mut Database, book: &Book) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT size, note FROM notes WHERE scope = ?1 ORDER BY size, note";
    let rows = database.rows(sql, &[Value::Text(book.scope.as_str())])?;
    let named = |row: Vec<SqlCell>| -> Option<(String, String)> {
        let mut cells = row.into_iter();
        let (size, note) = (cells.next()?.int(), cells.next()?.text());
        let hash = double_random::bytes::Suite::Sha256.file(note.as_bytes()).to_string();
        Some((format!("checkpoints/{size:06}-{}.txt", &hash[..8]), note))
    };
    Ok(rows.into_iter().filter_map(named).collect())
}

/// Keeps a checkpoint.
pub fn note(database: &mut Database, book: &Book, size: u64, text: &str) -> Result<(), Failure> {
    let known = [Value::Text(book.scope.as_str()), Value::Int(i64::try_from(size)?), Value::Text(text)];
    let sql = "SELECT note FROM notes WHERE scope = ?1 AND size = ?2 AND note = ?3";
    if database.one(sql, &known)?.is_none() {
        database.execute("INSERT INTO notes (scope, size, note) VALUES (?1, ?2, ?3)", &known)?;
    }
    Ok(())
}

/// A checkpoint for witnesses, or from them.
pub fn witness(run: &Run, database: &mut Database, given: &Witness) -> Result<Answer, Failure> {
    let office = database.read(Office::load)?;
    let book = database.read(|database| whole_book(run, database, &office))?;
    let checkpoint = book.ledger().checkpoint().ok_or("a ledger that is open")?;
    let kept = match &given.note {
        None => checkpoint.note(),
        Some(path) => {
            let note = note_of(path)?;
            let signed = files::about(&path.display().to_string(), Checkpoint::parse(note.text()))?;
            let size = usize::try_from(signed.size)?;
            let lines = book.lines().get(..size);
            let ours = lines.map(|lines| double_random::ledger::tree(book.state().suite(), lines).root());
            if signed.origin != checkpoint.origin || ours != Some(signed.root) {
                return refuse(say!(
                    "office.witness.other",
                    "{file}: this checkpoint is not of this ledger",
                    file = path.display().to_string()
                ));
            }
            note
        }
    };
    let size = Checkpoint::parse(kept.text())?.size;
    let text = kept.to_string();
    if let Some(path) = &given.out {
        let mut files = Files::default();
        files.add(path.file_name().and_then(|name| name.to_str()).ok_or("--out: a file")?, text.clone());
        files.write(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")))?;
    }
    database.write(|database| note(database, &book, size, &text))?;
    Ok(Answer::said(json!({ "scope": book.scope, "size": size, "note": text }), text))
}
