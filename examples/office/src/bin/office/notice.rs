//! The notice of a draw: the facts that only the office knows, the notice itself, its publication.

use super::Run;
use super::args::{Export, NoticeArgs};
use super::desk::{Book, Office, Rules, WholeBook, document, refuse, set, setting};
use super::output::{ending, no_form, write};
use super::steps::whole_book;
use super::store::Database;
use super::streamed;
use super::words::Answer;
use double_random::ledger::{Attempt, Content};
use double_random::plan::CellTable;
use double_random::{Policy, UnitId};
use double_random_office::notice::{Fact, Facts, Material, Notice, Seat, build};
use double_random_office::paper::to_html;
use double_random_office::table::{Source, seats};
use double_random_office::{catalogue, say, told};
use double_random_support::files::{self, Failure};
use double_random_support::screen::Lang;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The settings in which facts stand, from the general to the particular.
fn levels(book: &Book, draw: u64) -> [String; 3] {
    ["notice".to_owned(), format!("notice {}", book.scope), format!("notice {} {draw}", book.scope)]
}

fn stored<T: Default + serde::de::DeserializeOwned>(
    database: &mut Database,
    name: &str,
) -> Result<T, Failure> {
    match setting(database, name)? {
        Some(text) => files::about(name, serde_json::from_str(&text)),
        None => Ok(T::default()),
    }
}

fn store<T: serde::Serialize>(database: &mut Database, name: &str, value: &T) -> Result<(), Failure> {
    Ok(set(database, name, &serde_json::to_string(value)?)?)
}

/// Enters who issues all notices.
pub fn issuer(database: &mut Database, name: &str) -> Result<(), Failure> {
    let mut facts: Facts = stored(database, "notice")?;
    facts.insert(Fact::Issuer, name.to_owned());
    store(database, "notice", &facts)
}

/// The facts of a draw.
pub fn facts(database: &mut Database, book: &Book, draw: u64) -> Result<Facts, Failure> {
    let mut all = Facts::new();
    for level in levels(book, draw) {
        all.extend(stored::<Facts>(database, &level)?);
    }
    Ok(all)
}

/// Addresses and credit codes.
pub fn seats_known(database: &mut Database) -> Result<BTreeMap<UnitId, Seat>, Failure> {
    let stored: BTreeMap<String, Seat> = stored(database, "notice seats")?;
    stored.into_iter().map(|(unit, seat)| Ok((UnitId::any(&unit)?, seat))).collect()
}

/// The notice of an attempt as it would be published now.
pub fn made(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    attempt: &Attempt,
) -> Result<Notice, Failure> {
    let name = attempt.name();
    let policy = Policy::from_json(std::str::from_utf8(&book.document(database, name, "policy")?)?)?;
    let table: CellTable = double_random::bytes::decode(&book.document(database, name, "cells")?)?;
    // What is hidden from the public is hidden from the notice.
    let open = attempt.record().is_some() && !attempt.is_hidden();
    let record = if open { Some(book.record(database, name)?) } else { None };
    let frame = streamed::frame(database, book, name)?;
    let (facts, seats) = (facts(database, book, name.0)?, seats_known(database)?);
    let rules = match &office.rules {
        Rules::Programme(rules) => Some((&rules.0, &rules.1)),
        Rules::Policy(_) => None,
    };
    let lines = book.lines();
    Ok(build(&Material {
        lines,
        name,
        policy: &policy,
        table: &table,
        record: record.as_ref(),
        rules,
        frame: Some(&frame),
        facts: &facts,
        seats: &seats,
        date: run.day().ok_or("a day within the calendar")?,
    }))
}

/// The last notice of an attempt that was published.
fn last(database: &mut Database, book: &WholeBook, name: (u64, u64)) -> Result<Option<Notice>, Failure> {
    let named = book.lines().iter().rev().find_map(|line| match &line.entry().entry {
        Content::Published { attempt, draw, files, .. } if (*draw, *attempt) == name => {
            files.iter().map(|file| file.file.as_str()).find(|file| is_notice(file)).map(str::to_owned)
        }
        _ => None,
    });
    let Some(named) = named else { return Ok(None) };
    let bytes = document(database, &book.scope, name, &named)?;
    bytes.map(|bytes| Notice::from_json(&bytes)).transpose()
}

fn is_notice(file: &str) -> bool {
    file.starts_with("notice-") && file.ends_with(".json")
}

/// The files of the notice, if it says something that the last one does not. The language does not depend on who
/// publishes: a published file has only one content.
pub fn files(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    attempt: &Attempt,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut notice = made(run, database, office, book, attempt)?;
    if let Some(last) = last(database, book, attempt.name())? {
        // The telephone of a later year does not change the notices of a year that is closed: that of a draw ends
        // with the first closing after its seal.
        if book.state().journal().closings.iter().any(|closing| *closing > attempt.number()) {
            notice.keep_facts(&last);
            // What is entered for this draw alone is meant for it at any time.
            let [.., own] = levels(book, attempt.name().0);
            notice.facts.extend(stored::<Facts>(database, &own)?);
        }
        if last.says_the_same(&notice) {
            return Ok(Vec::new());
        }
    }
    let name = format!("notice-{:06}", notice.at);
    // A file has only one content.
    if document(database, &book.scope, attempt.name(), &format!("{name}.json"))?.is_some() {
        return Ok(Vec::new());
    }
    let lang = Lang::of_title(&notice.task);
    Ok(vec![
        (format!("{name}.docx"), notice.to_docx(lang)?),
        (format!("{name}.json"), notice.to_json()?),
        (format!("{name}.xlsx"), notice.to_xlsx(lang)?),
    ])
}

/// What the notice lacks, in words; empty if it lacks nothing.
pub fn lacks(notice: &Notice, lang: Lang) -> String {
    let mut text = String::new();
    let missing = notice.missing();
    if !missing.is_empty() {
        let _ = writeln!(text, "{}", catalogue::word("office.notice.lacks", lang));
        for fact in missing {
            let _ = writeln!(text, "  {}  (office notice {}=…)", fact.called(lang), fact.word());
        }
    }
    if notice.without_address() > 0 {
        let n = notice.without_address();
        let _ = writeln!(text, "  {}", told!(lang, "office.notice.lacks_addresses", count = n));
    }
    text
}

/// Enters facts and addresses, and shows the notice.
pub fn notice(run: &Run, database: &mut Database, given: &NoticeArgs) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let lang = run.screen.lang;
    let mut text = String::new();
    // Facts of the whole office need no task.
    let of_one = run.task.is_some() || given.draw.is_some() || office.scopes()?.len() == 1;
    let ledger = if of_one { Some(whole_book(run, database, &office)?) } else { None };
    if !given.facts.is_empty() {
        let level = match (&ledger, given.draw, &run.task) {
            (Some(book), Some(draw), _) => levels(book, draw)[2].clone(),
            (Some(book), None, Some(_)) => levels(book, 0)[1].clone(),
            _ => "notice".to_owned(),
        };
        let mut known: Facts = stored(database, &level)?;
        for word in &given.facts {
            let (name, value) = word
                .split_once('=')
                .ok_or_else(|| say!("office.notice.fact", "\"{word}\": FACT=TEXT", word))?;
            let Some(fact) = Fact::ALL.into_iter().find(|fact| fact.is_called(name)) else {
                let all: Vec<&str> = Fact::ALL.iter().map(|fact| fact.word()).collect();
                return Err(say!(
                    "office.notice.unknown_fact",
                    "\"{name}\" is no fact of a notice; it has {known}",
                    name,
                    known = all.join(", ")
                )
                .into());
            };
            let value = value.trim();
            if value.chars().count() > 500 || value.chars().any(char::is_control) {
                return Err(
                    say!("office.notice.long", "{name}: at most 500 characters on one line", name).into()
                );
            }
            if value.is_empty() {
                known.remove(&fact)
            } else {
                known.insert(fact, value.to_owned())
            };
        }
        store(database, &level, &known)?;
        let _ = writeln!(text, "{}", told!(lang, "office.notice.facts", count = given.facts.len()));
    }
    if let Some(path) = &given.addresses {
        let bytes = files::read(path)?;
        let names = super::named::names(database)?;
        let (rows, notes, _) = seats(given.reading.of(Source::new(&bytes)).names(&names))
            .map_err(|error| super::asked::wrong(run.screen, &given.reading, path, &bytes, error.into()))?;
        let file = path.display().to_string();
        notes.iter().for_each(|note| run.screen.remark(&file, note));
        let mut known: BTreeMap<String, Seat> = stored(database, "notice seats")?;
        let count = rows.len();
        known
            .extend(rows.into_iter().map(|(unit, address, code)| (unit.to_string(), Seat { address, code })));
        store(database, "notice seats", &known)?;
        let _ = writeln!(text, "{}", told!(lang, "office.notice.addresses", count));
    }
    let entered = !given.facts.is_empty() || given.addresses.is_some();
    let attempt = ledger.as_ref().map(|book| book.attempt(given.draw));
    let Some((book, Ok(attempt))) = ledger.as_ref().zip(attempt) else {
        if entered {
            return Ok(Answer::said(json!({ "entered": given.facts.len() }), text));
        }
        return refuse(say!(
            "office.notice.not_sealed",
            "nothing is sealed yet, so there is no notice: office plan, then office seal"
        ));
    };
    let notice = made(run, database, &office, book, attempt)?;
    for (name, value) in notice.shown(lang) {
        let _ = writeln!(text, "{name}: {value}");
    }
    text.push_str(&lacks(&notice, lang));
    let missing: Vec<&str> = notice.missing().into_iter().map(Fact::word).collect();
    Ok(Answer::said(
        json!({ "notice": notice, "missing": missing, "without_address": notice.without_address() }),
        text,
    ))
}

/// Writes the notice somewhere else than into the public folder.
pub fn export(
    run: &Run,
    database: &mut Database,
    office: &Office,
    given: &Export,
) -> Result<Answer, Failure> {
    let lang = run.screen.lang;
    let book = whole_book(run, database, office)?;
    let attempt = book.attempt(given.draw)?;
    let notice = made(run, database, office, &book, attempt)?;
    let bytes = match ending(&given.out) {
        "docx" => notice.to_docx(lang)?,
        "xlsx" => notice.to_xlsx(lang)?,
        "html" => to_html(&notice.title(lang), &notice.pages(lang), lang),
        "json" => notice.to_json()?,
        _ => return Err(no_form(&given.out, &[".docx", ".xlsx", ".html", ".json"])),
    };
    write(&given.out, &bytes)?;
    let text = format!("{}{}: {}", lacks(&notice, lang), given.out.display(), notice.title(lang));
    let missing: Vec<&str> = notice.missing().into_iter().map(Fact::word).collect();
    Ok(Answer::said(json!({ "file": given.out, "missing": missing }), text))
}
