//! What a result means under a rule pack: the items that were checked, an entry of the dossier, and what the
//! other tasks have to know of it (谁检查、谁录入). And whether the dossier says what the ledger says.

use crate::catalogue::{IntoMessage as _, as_message};
use crate::folder::Folder;
use crate::published::no_contents;
use crate::say;
use crate::values::Several;
use double_random::Frame;
use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::dossier::{Dossier, DossierEntry, ResultKind};
use double_random::id::{Code, UnitId};
use double_random::ledger::{Attempt, Content, Correction, Inspected, State};
use double_random::message::{Coded, Message};
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
        let on_frame = |unit: &UnitId| {
            frame
                .get(unit)
                .ok_or_else(|| say!("office.meaning.not_on_frame", "{unit} was not on the frame", unit))
        };
        let (form, date, outcome) = match &content {
            Content::Visited(visited) => {
                let asked = programme.task(task).map_or(&[][..], |task| task.items.as_slice());
                let form = pack.form(on_frame(&visited.unit)?, [(task, asked)]);
                let kind = pack.result(&visited.result).map(|rule| rule.kind);
                if kind.is_none() || kind == Some(ResultKind::Unmade) {
                    let made = pack.results.iter().filter(|result| result.kind != ResultKind::Unmade);
                    return Err(say!(
                        "office.meaning.result",
                        "result \"{result}\" is none of a visit that was made; the pack has {known}",
                        known = Several::new(made.map(|result| &result.code)),
                        result = visited.result
                    )
                    .into());
                }
                // An inspector adds no item; what was left out is not certified.
                let on_form = |item: &&Code| form.lines.iter().any(|line| &line.item == *item);
                if let Some(item) = visited.items.iter().find(|item| !on_form(item)) {
                    return Err(say!(
                        "office.meaning.item",
                        "item {item} is not on the form of {unit}; it has {known}",
                        item,
                        known = Several::new(form.lines.iter().map(|line| &line.item)),
                        unit = visited.unit
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
                let rule = rule.ok_or_else(|| {
                    say!("office.meaning.no_result", "the pack has no result for a visit that was not made")
                })?;
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

/// What the result of an inspection outside any draw is to the dossier; nothing where none was entered. It did
/// not come by lot, so a pass earns no step of a ladder.
pub fn inspection(pack: &Pack, task: &Code, inspected: &Inspected) -> Result<Option<DossierEntry>, Failure> {
    let Inspected { date, result: Some(result), unit, .. } = inspected else { return Ok(None) };
    let made: Vec<&str> = pack
        .results
        .iter()
        .filter(|rule| rule.kind != ResultKind::Unmade)
        .map(|rule| rule.code.as_str())
        .collect();
    if !made.contains(&result.as_str()) {
        return Err(say!(
            "office.meaning.inspection",
            "result {result} is none of an inspection that was made; the pack has {known}",
            known = Several::new(made),
            result
        )
        .into());
    }
    Ok(Some(DossierEntry::Result {
        date: *date,
        drawn: false,
        results: vec![result.clone()],
        source: outside_source(task),
        unit: unit.clone(),
    }))
}

/// What the dossier names as the source of such a result.
fn outside_source(task: &Code) -> String {
    format!("inspection: {task}")
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

/// Where dossier and ledger do not say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The ledger has a result that the dossier does not have: the number of the entry, and what the dossier
    /// should say.
    Missing(u64, DossierEntry),
    /// The dossier has a result that no visit of the ledger gives: its number there.
    Foreign(u64, DossierEntry),
    /// An entry of the ledger whose meaning cannot be made again, and why.
    Unread(u64, Message),
}

impl Coded for Difference {
    fn message(&self) -> Message {
        match self {
            Self::Missing(number, entry) => say!(
                "office.dossier.missing",
                "entry {number} of the ledger: the dossier does not say {entry}",
                entry = told(entry),
                number
            ),
            Self::Foreign(number, entry) => say!(
                "office.dossier.foreign",
                "entry {number} of the dossier: no visit of the ledger says {entry}",
                entry = told(entry),
                number
            ),
            Self::Unread(number, why) => {
                say!("office.dossier.unread", "entry {number} of the ledger: {why}", number, why)
            }
        }
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.message().fmt(f)
    }
}

/// A result in words.
fn told(entry: &DossierEntry) -> Message {
    match entry {
        DossierEntry::Result { date, results, source, unit, .. } => say!(
            "office.dossier.result",
            "{results} of {unit} on {date} ({source})",
            date,
            results = Several::new(results),
            source,
            unit
        ),
        entry => entry.unit().map_or_else(String::new, ToString::to_string).into_message(),
    }
}

/// Entries of a dossier with their numbers.
type Numbered<'a> = Vec<(u64, &'a DossierEntry)>;

/// The results of the dossier made again from the visits of a ledger, as amended, and where they differ from
/// those that stand in the dossier.
///
/// # Errors
/// The frames that this takes were not given, or the ledger is of no task of the programme.
pub fn differences(folder: &Folder, state: &State, dossier: &Dossier) -> Result<Vec<Difference>, Message> {
    let (pack, programme) =
        folder.rules.as_ref().ok_or_else(|| say!("office.meaning.no_pack", "there is no pack"))?;
    if state.attempts().iter().any(|attempt| !attempt.untold().is_empty()) {
        return Err(no_contents());
    }
    let scope = state
        .opened()
        .map(|opened| opened.scope.clone())
        .ok_or_else(|| say!("office.meaning.empty", "the ledger is empty"))?;
    let of_scope = |task: &&double_random::programme::Task| {
        programme.policy(pack, &task.code, 1, None).is_ok_and(|policy| policy.scope == scope)
    };
    let none = || say!("office.meaning.no_task", "its scope is that of no task");
    let task = &programme.tasks.iter().find(of_scope).ok_or_else(none)?.code;
    let source = |draw: u64| format!("visit: {task} {draw}");
    // By institution and day, so that a year is read once and not once for each visit.
    let mut left: BTreeMap<(Option<UnitId>, Date), Numbered<'_>> = BTreeMap::new();
    for (number, entry) in dossier.standing() {
        left.entry((entry.unit().cloned(), entry.date())).or_default().push((number, entry));
    }
    let mut found = Vec::new();
    for (number, visit) in state.visits() {
        let Some(content) = content(visit.clone()) else { continue };
        let draw = match &content {
            Content::Visited(visited) => Some(visited.draw),
            Content::Missed(missed) => Some(missed.draw),
            _ => None,
        };
        let read = match (&content, draw) {
            (Content::Inspected(inspected), _) => inspection(pack, task, inspected),
            (_, None) => continue,
            (_, Some(draw)) => {
                let known = |known: &&Attempt| known.name().0 == draw && known.number() < number;
                let stood = state.attempts().iter().rfind(known);
                let frame = stood.and_then(|stood| folder.evidence.draws.get(&stood.name()));
                let frame = frame.and_then(|known| known.evidence.frame.as_ref());
                let (frame, _) = frame.ok_or_else(|| {
                    say!("office.meaning.no_frame", "the frame of draw {draw} is not there", draw)
                })?;
                let reading = Reading { pack, programme, task, frame, draw };
                reading.of(content, "").map(|meaning| meaning.map(|meaning| meaning.entry))
            }
        };
        let entry = match read {
            Ok(Some(entry)) => entry,
            Ok(None) => continue,
            Err(error) => {
                found.push(Difference::Unread(number, as_message(error.as_ref())));
                continue;
            }
        };
        let there = left.get_mut(&(entry.unit().cloned(), entry.date()));
        let place = there.and_then(|there| {
            let place = there.iter().position(|(_, there)| alike(pack, there, &entry))?;
            Some(there.remove(place))
        });
        if place.is_none() {
            found.push(Difference::Missing(number, entry));
        }
    }
    // Draws of every year begin with 1, so the year tells whose result it is.
    let mut draws: Vec<String> = state.attempts().iter().map(|attempt| source(attempt.name().0)).collect();
    draws.push(outside_source(task));
    let own = |entry: &DossierEntry| {
        let year = u64::try_from(entry.date().year()).is_ok_and(|year| year == programme.year);
        year && matches!(entry, DossierEntry::Result { source, .. } if draws.contains(source))
    };
    let mut left: Vec<(u64, &DossierEntry)> = left.into_values().flatten().collect();
    left.retain(|(_, entry)| own(entry));
    left.sort_by_key(|(number, _)| *number);
    found.extend(left.into_iter().map(|(number, entry)| Difference::Foreign(number, entry.clone())));
    Ok(found)
}

/// Whether an entry of the dossier is the one that a visit gives. A visit that could not be made may stand
/// under any word of the pack for that.
fn alike(pack: &Pack, there: &DossierEntry, made: &DossierEntry) -> bool {
    let unmade = |results: &[Code]| {
        results.iter().all(|code| pack.result(code).is_some_and(|rule| rule.kind == ResultKind::Unmade))
    };
    match (there, made) {
        (
            DossierEntry::Result { date, drawn, results, source, unit },
            DossierEntry::Result { date: on, drawn: by_lot, results: made, source: from, unit: of },
        ) => {
            let same = (date, drawn, source, unit) == (on, by_lot, from, of);
            same && (results == made || (unmade(results) && unmade(made)))
        }
        _ => false,
    }
}
