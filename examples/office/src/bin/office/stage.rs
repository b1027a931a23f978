//! What is published of a ledger: the files of every attempt, and the entries that say so.

use super::Run;
use super::args::Publish;
use super::desk::{Book, Office, Rules, WholeBook, document, edited};
use super::export;
use super::notes::notes;
use super::notice;
use super::report;
use super::store::Database;
use super::streamed;
use super::words::Screen;
use double_random::bytes::{Digest, encode};
use double_random::ledger::{Attempt, ClosedContent, Content, FileName, Published, PublishedFile};
use double_random_office::say;
use double_random_support::files::{Failure, Files};
use double_random_support::screen::Lang;

/// Public documents of an attempt, and those for an auditor.
const PUBLIC: [&str; 3] = ["seal", "policy", "cells"];
const AUDITOR: [&str; 6] = ["frame", "registers", "roster", "cycle", "drawn", "dossier"];

/// Everything of a ledger but `ledger.jsonl`, and what its publication is.
pub struct Stage {
    pub files: Files,
    pub entries: Vec<Content>,
    /// Tables that are published now for the first time, to be kept as they are.
    pub tables: Vec<((u64, u64), String, Vec<u8>)>,
}

/// Refuses documents that are not those of the ledger.
fn intact(database: &mut Database, book: &Book, attempt: &Attempt) -> Result<(), Failure> {
    let name = attempt.name();
    let table = match streamed::is_large(database, book, name)? {
        true => streamed::table(database, book, name)?,
        false => encode(&book.sealed(database, name)?.plan().table())?,
    };
    if book.document(database, name, "cells")? != table {
        return edited(&say!("office.what.cells", "the table of cells"), name);
    }
    if attempt.record().is_some() {
        book.record(database, name)?;
        let values = attempt.values().ok_or("the values of a draw that is drawn")?;
        if book.document(database, name, "beacon")? != encode(&values)? {
            return edited(&say!("office.what.values", "the file of values"), name);
        }
    }
    Ok(())
}

/// The files that entries name as published with something of an attempt.
fn named(book: &WholeBook, name: (u64, u64)) -> impl Iterator<Item = &PublishedFile> {
    book.lines().iter().flat_map(move |line| match &line.entry().entry {
        Content::Published { attempt, draw, files, .. } if (*draw, *attempt) == name => files.as_slice(),
        _ => &[],
    })
}

/// Whether an entry of the ledger shows already that this was published, wherever that was.
pub fn said(book: &WholeBook, content: &Content) -> bool {
    let Content::Published { attempt, digest, draw, files, what, .. } = content else { return false };
    let same = (attempt, digest, draw, what);
    let once = book.lines().iter().any(|line| {
        matches!(&line.entry().entry, Content::Published { attempt, digest, draw, what, .. }
            if (attempt, digest, draw, what) == same)
    });
    once && files.iter().all(|file| named(book, (*draw, *attempt)).any(|known| known == file))
}

/// Whether a file is written for people, and kept with the bytes that it was published with.
fn is_table(file: &str) -> bool {
    double_random_office::notice::file(file).is_some()
        || double_random_office::figures::file(file).is_some()
        || file.ends_with(".csv")
}

/// The tables and notices of an attempt that were published, as they were.
fn tables(
    database: &mut Database,
    book: &WholeBook,
    name: (u64, u64),
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut found = Vec::new();
    for file in named(book, name).filter(|known| is_table(known.file.as_str())) {
        let title = file.file.as_str();
        if let Some(bytes) = document(database, &book.scope, name, title)? {
            found.push((title.to_owned(), bytes));
        }
    }
    Ok(found)
}

fn attempt_files(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    attempt: &Attempt,
    given: &Publish,
    stage: &mut Stage,
) -> Result<(), Failure> {
    let name = attempt.name();
    // What `verify` judges it takes as it stands; what leaves the house is held against the ledger first.
    let handed_out = !given.out.as_os_str().is_empty();
    if handed_out {
        intact(database, book, attempt)?;
    }
    let folder = format!("draws/{}.{}", name.0, name.1);
    let suite = book.state().suite();
    let bound = |title: &str, bytes: &[u8]| -> Result<PublishedFile, Failure> {
        Ok(PublishedFile { digest: suite.file(bytes), file: FileName::parse(title)? })
    };
    // What closed lines hide is told when the draw is disclosed, or never will be.
    let mut contents = Vec::new();
    if given.auditor || !attempt.is_closing() {
        let rows = super::desk::contents(database, &book.scope, name)?;
        if !rows.is_empty() {
            // A file has only one content: what an auditor gets before the disclosure bears the number of its
            // last line.
            let last = rows.split(|byte| *byte == b'\n').rfind(|row| !row.is_empty());
            let last = ClosedContent::from_row(last.unwrap_or_default())?.number;
            let title = match attempt.is_closing() {
                true => format!("contents-{last:06}.jsonl"),
                false => "contents.jsonl".to_owned(),
            };
            contents.push(bound(&title, &rows)?);
            stage.files.add(&format!("{folder}/{title}"), rows);
        }
    }
    let mut add = |title: &str, files: &mut Files| -> Result<Option<Vec<u8>>, Failure> {
        let bytes = document(database, &book.scope, name, title)?;
        if let Some(bytes) = &bytes {
            files.add(&format!("{folder}/{title}.json"), bytes.clone());
        }
        Ok(bytes)
    };
    let mut with_seal = Vec::new();
    for title in PUBLIC {
        if let Some(bytes) = add(title, &mut stage.files)? {
            with_seal.push(bound(&format!("{title}.json"), &bytes)?);
        }
    }
    let shown =
        attempt.record().filter(|_| given.auditor || !attempt.deferred() || attempt.secret().is_some());
    let mut with_record = Vec::new();
    if shown.is_some() {
        for title in ["beacon", "record"] {
            if let Some(bytes) = add(title, &mut stage.files)? {
                with_record.push(bound(&format!("{title}.json"), &bytes)?);
            }
        }
    }
    if given.auditor {
        for title in AUDITOR {
            add(title, &mut stage.files)?;
        }
    }
    let place = given.place.clone().unwrap_or_default();
    let (draw, number) = name;
    let published = |what, digest, mut files: Vec<PublishedFile>| {
        files.sort_by(|one, other| one.file.cmp(&other.file));
        Content::Published { attempt: number, digest, draw, files, what, place: place.clone() }
    };
    // What no entry names yet; what was named once is not named again.
    let fresh = |files: Vec<PublishedFile>| -> Vec<PublishedFile> {
        files.into_iter().filter(|file| named(book, name).all(|known| known != file)).collect()
    };
    let mut enter = |what: Published, digest: Digest, files: Vec<PublishedFile>| {
        let content = published(what, digest, fresh(files));
        if !said(book, &content) {
            stage.entries.push(content);
        }
    };
    // Tables that were published are those bytes for good, whatever a later program would make.
    let known = tables(database, book, name)?;
    for (title, bytes) in &known {
        stage.files.add(&format!("{folder}/{title}"), bytes.clone());
    }
    // The notice is that of the last attempt. An auditor gets those that were published.
    let mut notice = Vec::new();
    let latest = book.state().latest(name.0).is_some_and(|latest| latest.name() == name);
    if handed_out && !given.auditor && latest {
        for (title, bytes) in notice::files(run, database, office, book, attempt)? {
            notice.push(bound(&title, &bytes)?);
            stage.tables.push((name, title.clone(), bytes.clone()));
            stage.files.add(&format!("{folder}/{title}"), bytes);
        }
    }
    if shown.is_none() {
        with_seal.append(&mut notice);
        with_seal.append(&mut contents);
    }
    enter(Published::Seal, attempt.seal().digest(), with_seal);
    let Some(record) = shown else { return Ok(()) };
    with_record.append(&mut contents);
    if !handed_out {
        return Ok(());
    }
    let mut table = |title: String, bytes: Vec<u8>| -> Result<Option<PublishedFile>, Failure> {
        if known.iter().any(|(known, _)| *known == title) {
            return Ok(None);
        }
        let file = bound(&title, &bytes)?;
        if !given.auditor {
            stage.tables.push((name, title.clone(), bytes.clone()));
        }
        stage.files.add(&format!("{folder}/{title}"), bytes);
        Ok(Some(file))
    };
    // The language does not depend on who publishes: a published table has only one content.
    let lang = Lang::of_title(&book.record(database, name)?.policy.title);
    let screen = Screen { lang, ..run.screen };
    let run = &Run { actor: run.actor.clone(), at: run.at, offset: run.offset, task: None, screen };
    let is_known = |title: &str| known.iter().any(|(known, _)| known == title);
    if !is_known("sample.csv") {
        let sheet = export::sample(run, database, book, name, export::Strata::Paths)?;
        with_record.extend(table("sample.csv".into(), sheet.to_csv())?);
    }
    if !is_known("teams.csv") {
        let sheet = export::published_teams(run, database, book, name)?;
        with_record.extend(table("teams.csv".into(), sheet.to_csv())?);
    }
    if let Some((sheet, last)) = export::standing(run, database, book, name)? {
        // Sample and teams are those of the record; what holds now stands beside them.
        with_record.extend(table(format!("visits-{last:06}.csv"), sheet.to_csv())?);
    }
    let mut results = None;
    if let Some((sheet, last)) = export::results(run, database, book, name)? {
        // Later results make another file; what was published stays.
        let bytes = sheet.to_csv();
        let file = table(format!("results-{last:06}.csv"), bytes)?;
        results = file.filter(|_| latest);
    }
    if handed_out
        && !given.auditor
        && let Some((title, bytes)) = report::public(run, database, office, book, name, &given.found)?
    {
        // Figures are bound by the same entry as the notice.
        notice.push(bound(&title, &bytes)?);
        stage.tables.push((name, title.clone(), bytes.clone()));
        stage.files.add(&format!("{folder}/{title}"), bytes);
    }
    if results.is_none() {
        with_record.append(&mut notice);
    }
    enter(Published::Record, record, with_record);
    if let Some(file) = results {
        notice.push(file.clone());
        enter(Published::Results, file.digest, notice);
    }
    Ok(())
}

/// Everything that is published of a ledger now.
pub fn stage(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    given: &Publish,
) -> Result<Stage, Failure> {
    let mut stage = Stage { files: Files::default(), entries: Vec::new(), tables: Vec::new() };
    if let Rules::Programme(rules) = &office.rules {
        stage.files.add("pack.json", rules.0.to_json()?);
        stage.files.add("programme.json", rules.1.to_json()?);
    }
    if given.auditor {
        // The dossier as it stands: its results are held against the ledger. One that the rules of an earlier
        // year cannot read is that of a later one.
        if let Ok(Some(dossier)) = office.dossier(database) {
            let name = format!("dossier-{:06}.json", dossier.entries().len());
            stage.files.add(&name, dossier.to_json(&office.key));
        }
    }
    if let (true, Some(cycle)) = (given.auditor, document(database, &book.scope, (0, 0), "cycle")?) {
        stage.files.add("cycle.json", cycle);
    }
    for (name, note) in notes(database, book)? {
        stage.files.add(&name, note);
    }
    for attempt in book.state().attempts() {
        attempt_files(run, database, office, book, attempt, given, &mut stage)?;
    }
    if given.auditor {
        stage.entries.clear();
    }
    Ok(stage)
}
