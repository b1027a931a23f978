//! What the public gets, and how the public checks it.
//!
//! A published file never changes: seal, record and tables are written once; the ledger only grows, and a
//! folder that holds something else than its beginning is another ledger's. Files are on the disk before the
//! ledger says that they were published, and a command that was cut off is simply run again.

use super::Run;
use super::args::{Publish, Verify, Witness};
use super::desk::{Book, Office, Rules, document, edited, refuse};
use super::export;
use super::notice;
use super::steps::book;
use super::store::{Database, SqlCell, Value};
use super::words::{Answer, Screen};
use double_random::bytes::{Digest, encode};
use double_random::id::Code;
use double_random::ledger::{Attempt, Content, FileName, Published, PublishedFile};
use double_random::note::{Checkpoint, NoteKey};
use double_random::verify::{self, Verdict};
use double_random_office::folder::{FileProblem, Folder, listed, note as note_of, worst};
use double_random_office::index::{self, IndexProblem};
use double_random_office::meaning;
use double_random_support::files::{self, Failure, Files};
use double_random_support::screen::{self, Lang};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Public documents of an attempt, and those for an auditor.
const PUBLIC: [&str; 3] = ["seal", "policy", "cells"];
const AUDITOR: [&str; 5] = ["frame", "roster", "cycle", "drawn", "dossier"];

/// The checkpoints that are kept, by file name.
fn notes(database: &mut Database, book: &Book, auditor: bool) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT size, note FROM notes WHERE scope = ?1 ORDER BY size, note";
    let rows = database.rows(sql, &[Value::Text(book.scope.as_str())])?;
    // A checkpoint beyond what the folder shows would say that lines are missing.
    let most = if auditor { book.ledger.lines().len() } else { public_lines(book) };
    let most = i64::try_from(most)?;
    let named = |row: Vec<SqlCell>| -> Option<(String, String)> {
        let mut cells = row.into_iter();
        let (size, note) = (cells.next()?.int(), cells.next()?.text());
        if size > most {
            return None;
        }
        let hash = double_random::bytes::Suite::Sha256.file(note.as_bytes()).to_string();
        Some((format!("checkpoints/{size:06}-{}.txt", &hash[..8]), note))
    };
    Ok(rows.into_iter().filter_map(named).collect())
}

/// Keeps a checkpoint.
fn note(database: &mut Database, book: &Book, size: u64, text: &str) -> Result<(), Failure> {
    let known = [Value::Text(book.scope.as_str()), Value::Int(i64::try_from(size)?), Value::Text(text)];
    let sql = "SELECT note FROM notes WHERE scope = ?1 AND size = ?2 AND note = ?3";
    if database.one(sql, &known)?.is_none() {
        database.execute("INSERT INTO notes (scope, size, note) VALUES (?1, ?2, ?3)", &known)?;
    }
    Ok(())
}

/// Everything of a ledger but `ledger.jsonl`, and what its publication is.
struct Stage {
    files: Files,
    entries: Vec<Content>,
    /// Tables that are published now for the first time, to be kept as they are.
    tables: Vec<((u64, u64), String, Vec<u8>)>,
}

/// Refuses documents that are not those of the ledger.
fn intact(database: &mut Database, book: &Book, attempt: &Attempt) -> Result<(), Failure> {
    let name = attempt.name();
    let sealed = book.sealed(database, name)?;
    if book.document(database, name, "cells")? != encode(&sealed.plan().table())? {
        return edited("the table of cells", name);
    }
    if attempt.record().is_some() {
        book.record(database, name)?;
        let values = attempt.values().ok_or("the values of a draw that is drawn")?;
        if book.document(database, name, "beacon")? != encode(&values)? {
            return edited("the file of values", name);
        }
    }
    Ok(())
}

/// The files that entries name as published with something of an attempt.
fn named(book: &Book, name: (u64, u64)) -> impl Iterator<Item = &PublishedFile> {
    book.ledger.lines().iter().flat_map(move |line| match &line.entry().entry {
        Content::Published { attempt, draw, files, .. } if (*draw, *attempt) == name => files.as_slice(),
        _ => &[],
    })
}

/// Whether an entry of the ledger shows already that this was published, wherever that was.
fn said(book: &Book, content: &Content) -> bool {
    let Content::Published { attempt, digest, draw, files, what, .. } = content else { return false };
    let same = (attempt, digest, draw, what);
    let once = book.ledger.lines().iter().any(|line| {
        matches!(&line.entry().entry, Content::Published { attempt, digest, draw, what, .. }
            if (attempt, digest, draw, what) == same)
    });
    once && files.iter().all(|file| named(book, (*draw, *attempt)).any(|known| known == file))
}

/// Whether a file is written for people, and kept with the bytes that it was published with.
fn is_table(file: &str) -> bool {
    file.starts_with("notice-") || file.ends_with(".csv")
}

/// The tables and notices of an attempt that were published, as they were.
fn tables(database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Vec<(String, Vec<u8>)>, Failure> {
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
    book: &Book,
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
    let mut add = |title: &str, files: &mut Files| -> Result<Option<Vec<u8>>, Failure> {
        let bytes = document(database, &book.scope, name, title)?;
        if let Some(bytes) = &bytes {
            files.add(&format!("{folder}/{title}.json"), bytes.clone());
        }
        Ok(bytes)
    };
    let suite = book.state().suite();
    let bound = |title: &str, bytes: &[u8]| -> Result<PublishedFile, Failure> {
        Ok(PublishedFile { digest: suite.file(bytes), file: FileName::parse(title)? })
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
    }
    enter(Published::Seal, attempt.seal().digest(), with_seal);
    let Some(record) = shown else { return Ok(()) };
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
    let screen = Screen { lang: Lang::Zh, ..run.screen };
    let run = &Run { actor: run.actor.clone(), at: run.at, task: None, screen };
    let sheet = export::sample(run, database, book, name, export::Strata::Paths)?;
    with_record.extend(table("sample.csv".into(), sheet.to_csv())?);
    let sheet = export::published_teams(run, database, book, name)?;
    with_record.extend(table("teams.csv".into(), sheet.to_csv())?);
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

fn stage(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &Book,
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
    for (name, note) in notes(database, book, given.auditor)? {
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

/// What marks a folder that holds registers and salts.
const MARK: &str = "AUDITORS-ONLY.txt";

/// Keeps the two kinds of folders apart: registers never lie beside published files.
fn apart(folder: &Path, auditor: bool) -> Result<(), Failure> {
    let (used, marked) = (folder.join("ledger.jsonl").exists(), folder.join(MARK).exists());
    if auditor && used && !marked {
        return refuse(format!(
            "{} is public: registers and salts must not lie there; choose another --out",
            folder.display()
        ));
    }
    if !auditor && marked {
        return refuse(format!(
            "{} holds registers and salts: it must never be published; choose another --out",
            folder.display()
        ));
    }
    Ok(())
}

/// The lines that may be public now: while visits of a deferred draw are unannounced, nothing that names who
/// is visited next, or by whom.
pub fn public_lines(book: &Book) -> usize {
    let lines = book.ledger.lines();
    let hidden = |draw: u64| book.state().latest(draw).is_some_and(Attempt::is_hidden);
    let tells = |content: &Content| match content {
        Content::Replaced(replaced) => hidden(replaced.draw),
        Content::DroppedOut(out) => hidden(out.draw),
        Content::Reassigned(reassigned) => hidden(reassigned.draw),
        _ => false,
    };
    lines.iter().position(|line| tells(&line.entry().entry)).unwrap_or(lines.len())
}

/// The ledger as the folder may hold it.
fn shown_lines(book: &Book, auditor: bool) -> Vec<u8> {
    let most = if auditor { book.ledger.lines().len() } else { public_lines(book) };
    book.ledger
        .lines()
        .iter()
        .take(most)
        .flat_map(|line| line.bytes().iter().copied().chain([b'\n']))
        .collect()
}

/// Writes the ledger over its own beginning.
fn write_ledger(folder: &Path, lines: &[u8]) -> Result<(), Failure> {
    let path = folder.join("ledger.jsonl");
    if path.exists() {
        let there = files::read(&path)?;
        if there == lines {
            return Ok(());
        }
        if !lines.starts_with(&there) {
            return refuse(format!(
                "{} is no beginning of this ledger: it was changed, or belongs to another; nothing was \
                 overwritten",
                path.display()
            ));
        }
    }
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(named)?;
    std::io::Write::write_all(&mut file, lines).map_err(named)?;
    file.as_file().sync_all().map_err(named)?;
    #[cfg(unix)]
    std::fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .map_err(named)?;
    file.persist(&path).map_err(|error| named(error.error))?;
    Ok(())
}

/// A ledger to be published or verified: the office under the rules of its year, its scope and task.
type Wanted<'a> = (&'a Office, Code, Option<Code>);

/// The ledgers of the task that was named, or all, of all years.
fn wanted<'a>(run: &Run, offices: &'a [Office]) -> Result<Vec<Wanted<'a>>, Failure> {
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
            let book = Book::load(database, scope.clone(), task.clone())?;
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
        let mut trial = book.ledger.clone();
        for content in &staged.entries {
            trial.append(run.at, run.actor.clone(), content.clone(), None)?;
        }
        if folder.join("ledger.jsonl").exists() {
            // Nothing is written beside a ledger that is not ours.
            let there = files::read(&folder.join("ledger.jsonl"))?;
            if !book.ledger.to_jsonl().starts_with(&there) {
                return refuse(format!(
                    "{}: the ledger there is no beginning of this one; nothing was written",
                    folder.display()
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
                mark.add(MARK, "Registers, recusals and salts are in this folder: for auditors, never in public.\n本文件夹内含名录、回避名单和保密参数：仅供审计使用，不得公开。\n");
                mark.write(&folder)?;
            }
        }
        write_ledger(&folder, &shown_lines(&book, given.auditor))?;
        let mut written = vec!["ledger.jsonl".to_owned()];
        written.extend(folder.join(MARK).exists().then(|| MARK.to_owned()));
        written.extend(staged.files.paths());
        staged.files.write(&folder)?;
        if !given.auditor {
            written.extend(double_random_office::page::write(&folder)?);
        }
        let (lines, notes) = if given.auditor {
            (shown_lines(&book, true), Vec::new())
        } else {
            database.write(|database| -> Result<_, Failure> {
                let mut book = Book::load(database, scope.clone(), task.clone())?;
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
                    book.enter(database, run.at, &run.actor, content.clone(), None)?;
                }
                // A checkpoint for readers who keep what was published: later ledgers must go on from it.
                if !entries.is_empty() {
                    let checkpoint = book.ledger.checkpoint().ok_or("a ledger that is open")?;
                    note(database, &book, checkpoint.size, &checkpoint.note().to_string())?;
                }
                Ok((shown_lines(&book, false), notes(database, &book, given.auditor)?))
            })?
        };
        let mut files = Files::default();
        notes.into_iter().for_each(|(name, note)| files.add(&name, note));
        written.extend(files.paths());
        files.write(&folder)?;
        write_ledger(&folder, &lines)?;
        index::write(&folder, &written, run.at)?;
        let entries = lines.iter().filter(|byte| **byte == b'\n').count();
        let _ = writeln!(text, "{}  {} {entries}", folder.display(), run.screen.say("entries", "台账条目"));
        done.push(json!({ "scope": scope, "folder": folder, "entries": entries }));
    }
    if done.is_empty() {
        return refuse(
            "nothing is sealed yet, so there is nothing to publish: office plan, then office seal",
        );
    }
    if given.auditor {
        let _ = writeln!(
            text,
            "{}",
            run.screen
                .say("For auditors only: registers and salts are in it", "仅供审计人员：内含名录和保密参数")
        );
    }
    Ok(Answer::said(json!({ "published": done }), text))
}

/// A checkpoint for witnesses, or from them.
pub fn witness(run: &Run, database: &mut Database, given: &Witness) -> Result<Answer, Failure> {
    let office = database.read(Office::load)?;
    let book = database.read(|database| book(run, database, &office))?;
    let checkpoint = book.ledger.checkpoint().ok_or("a ledger that is open")?;
    let kept = match &given.note {
        None => checkpoint.note(),
        Some(path) => {
            let note = note_of(path)?;
            let signed = files::about(&path.display().to_string(), Checkpoint::parse(note.text()))?;
            let size = usize::try_from(signed.size)?;
            let lines = book.ledger.lines().get(..size);
            let ours = lines.map(|lines| double_random::ledger::tree(book.state().suite(), lines).root());
            if signed.origin != checkpoint.origin || ours != Some(signed.root) {
                return refuse(format!("{}: this checkpoint is not of this ledger", path.display()));
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

/// The report of one ledger.
fn judge(
    folder: &Folder,
    name: &str,
    index: &[(String, IndexProblem)],
    screen: Screen,
) -> (Verdict, String, serde_json::Value) {
    let report = verify::ledger(&folder.lines, &folder.evidence);
    let mut text = format!("{name}\n{report}\n{}\n", screen::ledger_verdict(&report, screen.lang));
    let mut verdict = report.verdict();
    let mut origins = Vec::new();
    for what in folder.rules_missing(report.state()) {
        let _ = writeln!(text, "{} {what}", screen.say("missing", "尚缺"));
        verdict = worst([verdict, Verdict::SelfConsistent]);
    }
    for ((draw, attempt), report) in folder.origins() {
        let _ = writeln!(
            text,
            "{draw}.{attempt} {}\n{report}",
            screen.say("policy from its rules", "抽取方案是否由规则生成")
        );
        // What takes documents that are not public is named, and does not stand against the rest.
        verdict = worst([verdict, report.verdict()]);
        let hidden: Vec<&str> = report.not_shown().iter().map(|check| check.as_str()).collect();
        if !hidden.is_empty() {
            let what = screen.say("not shown without the auditor's files", "缺审计文件，未能核对");
            let _ = writeln!(text, "{what}: {}", hidden.join(" "));
        }
        origins.push(json!({ "draw": draw, "attempt": attempt, "verdict": report.verdict().as_str(),
                             "not_shown": hidden }));
    }
    let mut conduct = Vec::new();
    if let Some(dossier) = &folder.dossier {
        match meaning::differences(folder, report.state(), dossier) {
            Ok(differences) => {
                for difference in &differences {
                    let _ = writeln!(text, "{} {difference}", screen.say("FAIL", "不通过"));
                    verdict = Verdict::Refuted;
                }
                conduct.extend(differences.iter().map(ToString::to_string));
                if conduct.is_empty() {
                    let same = "the results of the dossier are those of the ledger";
                    let _ = writeln!(text, "{}", screen.say(same, "信用档案中的检查结果与台账一致"));
                }
            }
            Err(why) => {
                let what = screen.say("not checked: results of the dossier", "未核对：信用档案中的检查结果");
                let _ = writeln!(text, "{what}: {why}");
            }
        }
    }
    let mut tables = Vec::new();
    for (file, problem) in folder.tables() {
        let (failed, what) = match problem {
            FileProblem::Wrong(what) => (true, what),
            FileProblem::NotChecked(what) => (false, what),
        };
        let _ = match failed {
            true => writeln!(text, "{} {file}: {what}", screen.say("FAIL", "不通过")),
            false => writeln!(text, "{} {file}: {what}", screen.say("not checked", "未核对")),
        };
        if failed {
            verdict = Verdict::Refuted;
        }
        tables.push(json!({ "file": file, "failed": failed, "problem": what }));
    }
    let mut named = Vec::new();
    for (file, problem) in index {
        let (word, what) = match problem {
            IndexProblem::Changed(what) => (screen.say("FAIL", "不通过"), what),
            IndexProblem::Missing(what) => (screen.say("missing", "尚缺"), what),
            IndexProblem::NotNamed(what) => (screen.say("not named", "未列入目录"), what),
        };
        verdict = match problem {
            IndexProblem::Changed(_) => Verdict::Refuted,
            IndexProblem::Missing(_) => worst([verdict, Verdict::SelfConsistent]),
            IndexProblem::NotNamed(_) => verdict,
        };
        let _ = writeln!(text, "{word} index.json: {file}: {what}");
        named.push(json!({ "file": file, "problem": what }));
    }
    let json = json!({ "name": name, "index": named, "entries": folder.lines.len(), "verdict": verdict.as_str(),
                      "origins": origins, "dossier": conduct, "tables": tables, "report": report.to_string() });
    (verdict, text, json)
}

fn verdict_answer(judged: Vec<(Verdict, String, serde_json::Value)>, screen: Screen) -> Answer {
    let verdict = worst(judged.iter().map(|(verdict, ..)| *verdict));
    let mut text: String = judged.iter().map(|(_, text, _)| text.as_str()).collect();
    let _ = writeln!(
        text,
        "{}",
        match verdict {
            Verdict::Confirmed => screen.say("confirmed", "核验通过"),
            Verdict::SelfConsistent => screen.say("self-consistent only", "内部一致，未全部核对"),
            Verdict::Refuted => screen.say("refuted", "核验不通过"),
        }
    );
    let status = match verdict {
        Verdict::Confirmed => 0,
        Verdict::Refuted => 1,
        _ => 2,
    };
    let ledgers: Vec<_> = judged.into_iter().map(|(.., json)| json).collect();
    Answer { json: json!({ "verdict": verdict.as_str(), "ledgers": ledgers }), text, status }
}

/// Verifies a published folder, or one that holds several.
pub fn verify_folder(given: &Verify, screen: Screen) -> Result<Answer, Failure> {
    let root = given.folder.as_deref().ok_or("a folder")?;
    let is_ledger = |path: &Path| path.join("ledger.jsonl").exists();
    let mut folders = vec![root.to_path_buf()];
    if !is_ledger(root) {
        folders = listed(root)?.into_iter().filter(|path| is_ledger(path)).collect();
    }
    if folders.is_empty() {
        return Err(format!("{}: no ledger.jsonl in it, nor one folder below", root.display()).into());
    }
    let keys = given.witness_key.iter().map(|key| files::about("--witness-key", NoteKey::parse(key)));
    let keys = keys.collect::<Result<Vec<_>, Failure>>()?;
    let mut judged = Vec::new();
    for path in &folders {
        let spin = screen.spinner(screen.say("verifying", "核验"));
        let mut folder = Folder::read(path, given.as_of.as_deref())?;
        folder.evidence.witnesses.clone_from(&keys);
        for file in &given.checkpoint {
            let note = note_of(file)?;
            // Of several ledgers, a checkpoint is of the one whose name it bears.
            let origin = Checkpoint::parse(note.text()).map(|checkpoint| checkpoint.origin);
            if folders.len() == 1 || origin.is_ok_and(|origin| folder.origin() == Some(origin)) {
                folder.evidence.kept.push(note);
            }
        }
        judged.push(judge(&folder, &path.display().to_string(), &index::problems(path), screen));
        spin.finish_and_clear();
    }
    Ok(verdict_answer(judged, screen))
}

/// Verifies the database: what it holds of every ledger, as an auditor would.
pub fn verify(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let offices = Office::all(database)?;
    let given = Publish { out: Path::new("").to_path_buf(), place: None, auditor: true };
    let mut judged = Vec::new();
    for (office, scope, task) in wanted(run, &offices)? {
        let book = Book::load(database, scope.clone(), task)?;
        let staged = stage(run, database, office, &book, &given)?;
        // The same files, read by the same reader, as if they had been handed out.
        let folder = tempfile::tempdir()?;
        staged.files.write(folder.path())?;
        write_ledger(folder.path(), &book.ledger.to_jsonl())?;
        judged.push(judge(&Folder::read(folder.path(), None)?, scope.as_str(), &[], run.screen));
    }
    Ok(verdict_answer(judged, run.screen))
}
