//! What a result means under a rule pack: the items that were checked, an entry of the dossier, and what the
//! other tasks have to know of it (谁检查、谁录入).

use super::desk::{Book, Office};
use super::store::{Database, Value};
use double_random::Frame;
use double_random::bytes::encode;
use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::dossier::{DossierEntry, ResultKind};
use double_random::id::Code;
use double_random::ledger::{Content, Correction};
use double_random::pack::Pack;
use double_random::programme::{Answer, Programme, VisitOutcome};
use double_random_support::files::Failure;
use std::collections::BTreeMap;

/// What follows from one entry.
pub struct Meaning {
    /// The entry, with the items of the form where it named none.
    pub content: Content,
    /// What the dossier gets.
    pub entry: DossierEntry,
    /// What the other tasks get: an inspection outside their draws.
    pub others: Vec<(Code, Event)>,
}

/// The rules and the draw under which a result is read.
pub struct Reading<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The programme.
    pub programme: &'a Programme,
    /// The task.
    pub task: &'a Code,
    /// The frame of the draw.
    pub frame: &'a Frame,
    /// Its number.
    pub draw: u64,
}

impl Reading<'_> {
    /// What a visit or a miss means. `word` is the pack's own word for a visit that could not be made, if the
    /// office used one.
    pub fn of(&self, content: Content, word: &str) -> Result<Option<Meaning>, Failure> {
        let Self { pack, programme, task, frame, draw } = *self;
        let on_frame = |unit| frame.get(unit).ok_or_else(|| format!("{unit} was not on the frame"));
        let (form, date, outcome) = match &content {
            Content::Visited(visited) => {
                let asked = programme.task(task).map_or(&[][..], |task| task.items.as_slice());
                let form = pack.form(on_frame(&visited.unit)?, [(task, asked)]);
                let kind = pack.result(&visited.result).map(|rule| rule.kind);
                if kind.is_none() || kind == Some(ResultKind::Unmade) {
                    let made = pack.results.iter().filter(|result| result.kind != ResultKind::Unmade);
                    let known: Vec<&str> = made.map(|result| result.code.as_str()).collect();
                    return Err(format!(
                        "result {:?} is none of a visit that was made; the pack has {}",
                        visited.result.as_str(),
                        known.join(", ")
                    )
                    .into());
                }
                // An inspector adds no item; what was left out is not certified.
                let on_form = |item: &&Code| form.lines.iter().any(|line| &line.item == *item);
                if let Some(item) = visited.items.iter().find(|item| !on_form(item)) {
                    let known: Vec<&str> = form.lines.iter().map(|line| line.item.as_str()).collect();
                    let unit = &visited.unit;
                    return Err(format!(
                        "item {item} is not on the form of {unit}; it has {}",
                        known.join(", ")
                    )
                    .into());
                }
                let answer = |item: &Code| Answer { item: item.clone(), result: visited.result.clone() };
                let answers = form.lines.iter().map(|line| answer(&line.item)).collect();
                let outcome = VisitOutcome::Made { answers, team: visited.team.clone() };
                (form, visited.date, outcome)
            }
            Content::Missed(missed) => {
                let form = pack.form(on_frame(&missed.unit)?, []);
                let of_kind = || pack.results.iter().filter(|result| result.kind == ResultKind::Unmade);
                let called = |code: &str| of_kind().find(|result| result.code.as_str() == code);
                let rule =
                    called(word).or_else(|| called(missed.reason.as_str())).or_else(|| of_kind().next());
                let rule = rule.ok_or("the pack has no result for a visit that was not made")?;
                (form, missed.date, VisitOutcome::Unmade { result: rule.code.clone() })
            }
            _ => return Ok(None),
        };
        let followed =
            programme.follow(pack, &form, &BTreeMap::from([(task.clone(), draw)]), date, outcome)?;
        let (own, others): (Vec<_>, Vec<_>) =
            followed.events.into_iter().partition(|(known, _)| known == task);
        let content = match (content, own.into_iter().next()) {
            (Content::Visited(mut visited), Some((_, Event::Visited { items, .. }))) => {
                if visited.items.is_empty() {
                    visited.items = items;
                }
                Content::Visited(visited)
            }
            (content, _) => content,
        };
        Ok(Some(Meaning { content, entry: followed.entry, others }))
    }
}

/// Adds an entry to the dossiers, unless it is there.
pub fn note(
    database: &mut Database,
    office: &Office,
    pack: &Pack,
    entry: &DossierEntry,
) -> Result<(), Failure> {
    let mut dossier = office.dossier(database)?.ok_or("a dossier")?;
    if dossier.entries().contains(entry) {
        return Ok(());
    }
    dossier.enter(&pack.dossier_terms(), entry.clone())?;
    store(database, dossier.entries().len(), entry)
}

/// Takes an entry back from a day on, as an amendment does: it stays, and no longer counts.
pub fn take_back(
    database: &mut Database,
    office: &Office,
    pack: &Pack,
    was: &DossierEntry,
    date: Date,
    why: &str,
) -> Result<(), Failure> {
    let mut dossier = office.dossier(database)?.ok_or("a dossier")?;
    let place = dossier.entries().iter().rposition(|entry| entry == was);
    // What was entered before the office had a pack has no entry.
    let Some(place) = place else { return Ok(()) };
    let withdrawn = DossierEntry::Withdrawn { date, of: u64::try_from(place + 1)?, source: why.to_owned() };
    dossier.enter(&pack.dossier_terms(), withdrawn.clone())?;
    store(database, dossier.entries().len(), &withdrawn)
}

fn store(database: &mut Database, number: usize, entry: &DossierEntry) -> Result<(), Failure> {
    let text = String::from_utf8(encode(entry)?)?;
    let values = [Value::Int(i64::try_from(number)?), Value::Text(&text)];
    database.execute("INSERT INTO dossier (number, entry) VALUES (?1, ?2)", &values)?;
    Ok(())
}

/// A correctable entry as content.
pub fn content(correction: Correction) -> Option<Content> {
    Some(match correction {
        Correction::Visited(visited) => Content::Visited(visited),
        Correction::Missed(missed) => Content::Missed(missed),
        Correction::Inspected(inspected) => Content::Inspected(inspected),
        Correction::Withdrawn(_) => return None,
    })
}

/// The ledgers of the other tasks.
pub fn others(database: &mut Database, office: &Office, book: &Book) -> Result<Vec<Book>, Failure> {
    let scopes = office.scopes()?.into_iter().filter(|(scope, _)| *scope != book.scope);
    scopes.map(|(scope, task)| Book::load(database, scope, task)).collect()
}
