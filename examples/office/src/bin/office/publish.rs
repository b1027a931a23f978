//! What the public gets, and how the public checks it.
//!
//! A published file never changes: seal, record and tables are written once; the ledger only grows, and a
//! folder that holds something else than its beginning is another ledger's. Files are on the disk before the
//! ledger says that they were published. A command that was cut off is simply run again: at no moment does the
//! folder hold anything that refutes it.

use super::Run;
use super::args::Publish;
use super::desk::{Office, WholeBook, document, refuse};
use super::next;
use super::notes::{note, notes};
use super::stage::{said, stage};
use super::store::Database;
use super::words::Answer;
use double_random::id::Code;
use double_random::ledger::Content;
use double_random_office::disk::put;
use double_random_office::{catalogue, index, say, told};
use double_random_support::files::{self, Failure, Files};
use double_random_support::screen::Lang;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// What marks a folder that holds registers and salts.
const MARK: &str = "AUDITORS-ONLY.txt";

/// Keeps the two kinds of folders apart: registers never lie beside published files.
fn apart(folder: &Path, auditor: bool) -> Result<(), Failure> {
    let (used, marked) = (folder.join("ledger.jsonl").exists(), folder.join(MARK).exists());
    if auditor && used && !marked {
        return refuse(say!(
            "office.publish.public",
            "{folder} is public: registers and salts must not lie there; choose another --out",
            folder = folder.display().to_string()
        ));
    }
    if !auditor && marked {
        return refuse(say!(
            "office.publish.auditors",
            "{folder} holds registers and salts: it must never be published; choose another --out",
            folder = folder.display().to_string()
        ));
    }
    Ok(())
}

/// Writes the ledger over its own beginning.
pub fn write_ledger(folder: &Path, lines: &[u8]) -> Result<(), Failure> {
    let path = folder.join("ledger.jsonl");
    if path.exists() {
        let there = files::read(&path)?;
        if there == lines {
            return Ok(());
        }
        if !lines.starts_with(&there) {
            return refuse(say!(
                "office.publish.changed",
                "{path} is no beginning of this ledger: it was changed, or belongs to another; nothing was overwritten",
                path = path.display().to_string()
            ));
        }
    }
    put(&path, lines)
}

/// A ledger to be published or verified: the office under the rules of its year, its scope and task.
type Wanted<'a> = (&'a Office, Code, Option<Code>);

/// The ledgers of the task that was named, or all, of all years.
pub fn wanted<'a>(run: &Run, offices: &'a [Office]) -> Result<Vec<Wanted<'a>>, Failure> {
    let mut wanted: Vec<Wanted<'a>> = Vec::new();
    for office in offices {
        let scopes = match &run.task {
            // A year that did not have the task has nothing of it to show.
            Some(task) => office.named(task)?,
            None => office.scopes()?,
        };
        for (scope, task) in scopes {
            if !wanted.iter().any(|(_, known, _)| *known == scope) {
                wanted.push((office, scope, task));
            }
        }
    }
    match (&run.task, wanted.as_slice()) {
        // The refusal names the tasks that there are.
        (Some(task), []) => offices.first().map_or(Ok(wanted), |office| {
            Ok(vec![{
                let (scope, found) = office.scope(Some(task))?;
                (office, scope, found)
            }])
        }),
        _ => Ok(wanted),
    }
}

/// Writes what the public gets, and enters that it was published.
pub fn publish(run: &Run, database: &mut Database, given: &Publish) -> Result<Answer, Failure> {
    let offices = database.read(Office::all)?;
    let wanted = wanted(run, &offices)?;
    let mut done = Vec::new();
    let mut text = String::new();
    for (office, scope, task) in wanted {
        let folder = given.out.join(scope.as_str());
        // First the ledger as it is, then the files, then the entries about them, then the ledger with those.
        let (book, staged) = database.read(|database| -> Result<_, Failure> {
            let book = WholeBook::load(database, scope.clone(), task.clone())?;
            let staged = stage(run, database, office, &book, given)?;
            Ok((book, staged))
        })?;
        if book.state().attempts().is_empty() {
            continue;
        }
        apart(&folder, given.auditor)?;
        if let Some(words) =
            super::clock::behind(&scope, book.state(), run.at).filter(|_| !staged.entries.is_empty())
        {
            return refuse(words);
        }
        // What the ledger would refuse is refused before the first file.
        let mut trial = book.ledger().clone();
        for content in &staged.entries {
            trial.append(run.at, run.actor.clone(), content.clone(), None)?;
        }
        if folder.join("ledger.jsonl").exists() {
            // Nothing is written beside a ledger that is not ours.
            let there = files::read(&folder.join("ledger.jsonl"))?;
            if !book.ledger().to_jsonl().starts_with(&there) {
                return refuse(say!(
                    "office.publish.other",
                    "{folder}: the ledger there is no beginning of this one; nothing was written",
                    folder = folder.display().to_string()
                ));
            }
        }
        // A record beside a ledger that does not name it yet would be refuted by a reader who comes in
        // between or after a crash.
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        if given.auditor {
            #[cfg(unix)]
            std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
                .map_err(|error| format!("{}: {error}", folder.display()))?;
            // A folder that is marked already keeps its mark, also one in other words.
            if !folder.join(MARK).exists() {
                let mut mark = Files::default();
                let words = [Lang::En, Lang::Zh].map(|lang| catalogue::word("office.publish.mark", lang));
                mark.add(MARK, words.join("\n") + "\n");
                mark.write(&folder)?;
            }
        }
        write_ledger(&folder, &book.ledger().to_jsonl())?;
        let mut written = vec!["ledger.jsonl".to_owned()];
        written.extend(folder.join(MARK).exists().then(|| MARK.to_owned()));
        written.extend(staged.files.paths());
        staged.files.write(&folder)?;
        let (lines, notes) = if given.auditor {
            (book.ledger().to_jsonl(), Vec::new())
        } else {
            database.write(|database| -> Result<_, Failure> {
                let mut book = WholeBook::load(database, scope.clone(), task.clone())?;
                // Another process may have published the same while the files were written; what was drawn
                // since is not out yet.
                let entries: Vec<Content> =
                    staged.entries.into_iter().filter(|content| !said(&book, content)).collect();
                for (name, title, bytes) in &staged.tables {
                    if document(database, &book.scope, *name, title)?.is_none() {
                        book.keep(database, *name, title, bytes)?;
                    }
                }
                for content in &entries {
                    book.enter(database, run.at, &run.actor, content.clone())?;
                }
                // A checkpoint for readers who keep what was published: later ledgers must go on from it.
                if !entries.is_empty() {
                    let checkpoint = book.ledger().checkpoint().ok_or("a ledger that is open")?;
                    note(database, &book, checkpoint.size, &checkpoint.note().to_string())?;
                }
                Ok((book.ledger().to_jsonl(), notes(database, &book)?))
            })?
        };
        let mut files = Files::default();
        notes.into_iter().for_each(|(name, note)| files.add(&name, note));
        written.extend(files.paths());
        // A checkpoint beside a ledger that does not reach it yet would refute it. The index comes last: until
        // then it names what was published before, and the new files are only not named (Spec 19, *The
        // folder*).
        write_ledger(&folder, &lines)?;
        files.write(&folder)?;
        if !given.auditor {
            written.extend(double_random_office::page::write(&folder)?);
        }
        index::write(&folder, &written, run.at)?;
        let entries = lines.iter().filter(|byte| **byte == b'\n').count();
        if !given.auditor {
            let count = u64::try_from(entries)?;
            database.write(|database| next::note_published(database, &scope, count))?;
        }
        let _ = writeln!(
            text,
            "{}",
            told!(run.screen.lang, "office.publish.written", count = entries, folder = folder.display())
        );
        done.push(json!({ "scope": scope, "folder": folder, "entries": entries }));
    }
    if done.is_empty() {
        return refuse(say!(
            "office.publish.nothing",
            "nothing is sealed yet, so there is nothing to publish: office plan, then office seal"
        ));
    }
    if given.auditor {
        let _ = writeln!(text, "{}", run.screen.word("office.publish.auditor"));
    }
    Ok(Answer::said(json!({ "published": done }), text))
}
