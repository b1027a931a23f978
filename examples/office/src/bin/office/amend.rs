//! Corrections: an earlier entry was wrong, or is taken back; a clock was wrong; an entry of a dossier was a
//! mistake.

use super::Run;
use super::args::{Amend, AmendArg, Clock, WithdrawEntry};
use super::bars::{barred, outsiders};
use super::book::SaidOf;
use super::desk::{Book, Office, Rules, WholeBook, refuse};
use super::meaning;
use super::now::{self, Registers};
use super::steps::{approval, evidence, whole_book};
use super::store::Database;
use super::visits::{date, team};
use super::words::Answer;
use double_random::calendar::Date;
use double_random::dossier::DossierEntry;
use double_random::id::{Code, InspectorId, UnitId};
use double_random::ledger::{
    AmendmentReason, BarredTeam, Content, Correction, Inspected, Unavailable, Visited, Withdrawn,
};
use double_random::message::Coded as _;
use double_random::pack::Pack;
use double_random::{Frame, Roster};
use double_random_office::catalogue::{self, option};
use double_random_office::meaning::{Reading, inspection};
use double_random_office::{say, told};
use double_random_support::files::Failure;
use serde_json::json;
use std::fmt::Write as _;

/// Refuses a correction that brings in somebody whom the registers bar. Who was entered stays entered.
fn comes_new(unit: &UnitId, people: &[Unavailable], named: Option<&BarredTeam>) -> Result<(), Failure> {
    let named: &[Unavailable] = named.map_or(&[], |named| &named.people);
    match people.iter().find(|person| !named.contains(person)) {
        Some(person) => {
            let (id, why) = (&person.id, now::why(now::word(person.reason)));
            refuse(say!("office.bars.comes", "{unit}: {id} {why}", id, unit, why))
        }
        None => Ok(()),
    }
}

/// The dossier follows a correction: what the entry said is taken back, and what it says now is entered.
fn dossier_follows(
    database: &mut Database,
    office: &Office,
    pack: &Pack,
    number: u64,
    (was, now): (Option<DossierEntry>, Option<DossierEntry>),
) -> Result<(), Failure> {
    if was == now {
        return Ok(());
    }
    if let Some(was) = &was {
        meaning::take_back(database, office, pack, was, &format!("amendment of entry {number}"))?;
    }
    if let Some(now) = &now {
        meaning::note(database, pack, now)?;
    }
    Ok(())
}

/// The same rules for an inspection outside a draw: nobody comes in by a correction who could not be entered.
fn follow_inspection(
    database: &mut Database,
    office: &Office,
    book: &Book,
    (number, known, now): (u64, Option<&Correction>, &Correction),
) -> Result<(), Failure> {
    let was = match known {
        Some(Correction::Inspected(was)) => Some(was),
        _ => None,
    };
    if let Correction::Inspected(Inspected { team, unit, date, barred: named, .. }) = now
        && was.is_none_or(|was| was.team != *team)
    {
        let people = outsiders(database, office, book, team, unit, *date)?;
        comes_new(unit, &people, named.as_ref())?;
    }
    let (Rules::Programme(rules), Some(task)) = (&office.rules, &book.task) else { return Ok(()) };
    let noted = |entry: &Inspected| inspection(&rules.0, task, entry);
    let now = match now {
        Correction::Inspected(now) => noted(now)?,
        _ => None,
    };
    let was = was.map(noted).transpose()?.flatten();
    dossier_follows(database, office, &rules.0, number, (was, now))
}

/// What a correction means: who came must have been able to, the pack must know the result, and the dossier
/// follows.
fn follow_amendment(
    database: &mut Database,
    office: &Office,
    book: &WholeBook,
    number: u64,
    now: &Correction,
) -> Result<(), Failure> {
    let known = book.whole().visit(number).cloned();
    let draw = match now {
        Correction::Visited(visited) => visited.draw,
        Correction::Missed(missed) => missed.draw,
        Correction::Withdrawn(Withdrawn { draw: Some(draw), .. }) => *draw,
        Correction::Inspected(_) | Correction::Withdrawn(_) => {
            return follow_inspection(database, office, book, (number, known.as_ref(), now));
        }
    };
    let stood = book.state().attempts().iter().rfind(|a| a.name().0 == draw && a.number() < number);
    let name = stood.ok_or("the attempt of the entry")?.name();
    if let Correction::Visited(Visited { team, unit, date, barred: named, .. }) = now {
        let roster = Roster::from_json(&book.document(database, name, "roster")?)?.0;
        let people = barred(&Registers::load(database)?, &roster, team, unit, *date)?;
        if !matches!(&known, Some(Correction::Visited(was)) if was.team == *team) {
            comes_new(unit, &people, named.as_ref())?;
        }
    }
    let (Rules::Programme(rules), Some(task)) = (&office.rules, &book.task) else { return Ok(()) };
    let (pack, programme) = rules.as_ref();
    let frame = &Frame::from_json(&book.document(database, name, "frame")?)?.0;
    let reading = Reading { pack, programme, task, frame, draw };
    let meant = |content: Option<Correction>| -> Result<Option<DossierEntry>, Failure> {
        let content = content.and_then(double_random_office::meaning::content);
        let meaning = content.map(|content| reading.of(content, "")).transpose()?.flatten();
        Ok(meaning.map(|meaning| meaning.entry))
    };
    let told = (meant(known)?, meant(Some(now.clone()))?);
    dossier_follows(database, office, pack, number, told)
}

/// The other tasks learned of a visit as an inspection outside their draws: they learn of its correction, too.
fn amend_others(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &Book,
    was: &Correction,
    amendment: &dyn Fn(u64, Correction) -> Content,
) -> Result<Vec<String>, Failure> {
    let Correction::Visited(before) = was else { return Ok(Vec::new()) };
    if !matches!(office.rules, Rules::Programme(_)) {
        return Ok(Vec::new());
    }
    let mut amended = Vec::new();
    for other in meaning::others(database, office, book)? {
        let told = |visit: &Correction| {
            matches!(visit, Correction::Inspected(told) if told.unit == before.unit
                && told.date == before.date && told.team == before.team && told.evidence.is_none())
        };
        let found = other.at_unit(database, &before.unit)?.into_iter().find(|known| told(&known.now));
        let Some(SaidOf { number, now: Correction::Inspected(told), .. }) = found else { continue };
        let content = amendment(number, Correction::Inspected(told.clone()));
        let same =
            matches!(&content, Content::Amended { entry: Correction::Inspected(now), .. } if *now == told);
        if !same {
            let mut other = WholeBook::load(database, other.scope, other.task)?;
            other.enter(database, run.at, &run.actor, content)?;
            amended.push(other.scope.to_string());
        }
    }
    Ok(amended)
}

/// What an entry said when it was made.
fn entered(book: &WholeBook, number: u64) -> Option<&Content> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    book.lines().get(place).map(|line| &line.entry().entry)
}

/// Corrects an earlier entry, or takes it back.
pub fn amend(run: &Run, database: &mut Database, given: &Amend) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = whole_book(run, database, &office)?;
    let Some(known) = book.whole().visit(given.entry).cloned() else {
        return refuse(say!(
            "office.amend.no_visit",
            "entry {entry} is no visit, miss or inspection",
            entry = given.entry
        ));
    };
    // What was taken back is entered again as it was, with what is corrected.
    let base = match (&known, entered(&book, given.entry)) {
        (Correction::Withdrawn(_), Some(Content::Visited(visited))) => Correction::Visited(visited.clone()),
        (Correction::Withdrawn(_), Some(Content::Missed(missed))) => Correction::Missed(missed.clone()),
        (Correction::Withdrawn(_), Some(Content::Inspected(was))) => Correction::Inspected(was.clone()),
        _ => known.clone(),
    };
    let on = |was: Date| -> Result<Date, Failure> {
        given.date.as_deref().map_or(Ok(was), |text| date(Some(text), run))
    };
    let came = |was: Vec<InspectorId>| given.team.as_deref().map_or(Ok(was), team);
    let now = match base {
        base if given.withdraw => {
            let (draw, unit) = match base {
                Correction::Visited(visited) => (Some(visited.draw), visited.unit),
                Correction::Missed(missed) => (Some(missed.draw), missed.unit),
                Correction::Inspected(inspected) => (None, inspected.unit),
                Correction::Withdrawn(withdrawn) => (withdrawn.draw, withdrawn.unit),
            };
            Correction::Withdrawn(Withdrawn { draw, unit })
        }
        Correction::Visited(mut visited) => {
            visited.date = on(visited.date)?;
            visited.team = came(visited.team)?;
            if let Some(result) = &given.result {
                visited.result =
                    Code::parse(result).map_err(|error| option("--result", result, &error.message()))?;
            }
            Correction::Visited(visited)
        }
        Correction::Missed(mut missed) => {
            if let Some(result) = &given.result {
                return refuse(say!(
                    "office.amend.no_result",
                    "entry {entry} is a visit that could not be made and has no result: --result {result} would be \
                     lost. Take the entry back with --withdraw, and enter what it should be",
                    entry = given.entry,
                    result
                ));
            }
            if given.team.is_some() {
                return refuse(say!(
                    "office.amend.nobody",
                    "entry {entry} is a visit that could not be made: nobody went",
                    entry = given.entry
                ));
            }
            missed.date = on(missed.date)?;
            Correction::Missed(missed)
        }
        Correction::Inspected(mut inspected) => {
            if let Some(result) = &given.result {
                let result =
                    Code::parse(result).map_err(|error| option("--result", result, &error.message()))?;
                inspected.result = Some(result);
            }
            inspected.date = on(inspected.date)?;
            inspected.team = came(inspected.team)?;
            Correction::Inspected(inspected)
        }
        withdrawn @ Correction::Withdrawn(_) => withdrawn,
    };
    if known == now {
        // Nothing to correct, or corrected already before a crash.
        return refuse(say!(
            "office.amend.same",
            "entry {entry} has these values already",
            entry = given.entry
        ));
    }
    follow_amendment(database, &office, &book, given.entry, &now)?;
    let reason = match given.reason {
        AmendArg::Appeal => AmendmentReason::Appeal,
        AmendArg::Clerical => AmendmentReason::Clerical,
        AmendArg::Evidence => AmendmentReason::Evidence,
    };
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let evidence = evidence(office.suite, &given.evidence)?;
    let amended = |amends: u64, entry: Correction| Content::Amended {
        amends,
        approval: approval.clone(),
        entry,
        evidence,
        reason,
    };
    let entry = book.enter(database, run.at, &run.actor, amended(given.entry, now.clone()))?;
    let told = |number: u64, told: Correction| match (&now, told) {
        (Correction::Visited(now), Correction::Inspected(told)) => {
            let (date, team) = (now.date, now.team.clone());
            amended(number, Correction::Inspected(Inspected { date, team, ..told }))
        }
        (_, told) => {
            let unit = told.unit().clone();
            amended(number, Correction::Withdrawn(Withdrawn { draw: None, unit }))
        }
    };
    let others = amend_others(run, database, &office, &book, &known, &told)?;
    let lang = run.screen.lang;
    let mut text = match now {
        Correction::Withdrawn(_) => {
            told!(lang, "office.amend.withdrawn", entry = given.entry, number = entry)
        }
        Correction::Visited(_) | Correction::Missed(_) | Correction::Inspected(_) => {
            told!(lang, "office.amend.corrected", entry = given.entry, number = entry)
        }
    };
    for scope in &others {
        let _ = write!(text, "\n{}", told!(lang, "office.amend.other", scope));
    }
    Ok(Answer::said(json!({ "entry": entry, "amends": given.entry, "others": others }), text))
}

/// Sets the clock of a ledger right: the instant of the command is the right time of its last entries.
pub fn clock(run: &Run, database: &mut Database, given: &Clock) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = whole_book(run, database, &office)?;
    let content = Content::Clock {
        approval: approval(run, &given.approval.approved_by, given.approval.level)?,
        evidence: evidence(office.suite, &given.evidence)?,
        from: given.entry,
    };
    let entry = book.enter(database, run.at, &run.actor, content)?;
    let text = say!(
        "office.clock.set",
        "{scope}: the time of entries {from} to {entry} is {at}. Have witnesses sign a checkpoint within a day: office \
         witness",
        at = run.at,
        entry,
        from = given.entry,
        scope = book.scope
    );
    let text = catalogue::words(&text, run.screen.lang);
    Ok(Answer::said(json!({ "scope": book.scope, "entry": entry, "from": given.entry, "at": run.at }), text))
}

/// Takes an entry of a dossier back.
pub fn withdraw(run: &Run, database: &mut Database, given: &WithdrawEntry) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let (pack, _) = office.rules.programme()?;
    let dossier = office.dossier(database)?.ok_or("a dossier")?;
    let place = usize::try_from(given.entry).ok().and_then(|number| number.checked_sub(1));
    let Some(entry) = place.and_then(|place| dossier.entries().get(place)) else {
        return refuse(say!(
            "office.withdraw.none",
            "the dossier has {count} entries, and no entry {entry}",
            count = dossier.entries().len(),
            entry = given.entry
        ));
    };
    if matches!(entry, DossierEntry::Result { source, .. } if source.starts_with("visit: ")
        || source.starts_with("inspection: "))
    {
        return refuse(say!(
            "office.withdraw.result",
            "entry {entry} is the result of a visit: office amend corrects it in the ledger, and the dossier follows",
            entry = given.entry
        ));
    }
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let date = match given.date.as_deref() {
        Some(text) => date(Some(text), run)?,
        None => entry.date(),
    };
    let source = format!("{} (entered by {}, approved by {})", given.reason.trim(), run.actor, approval.by);
    let withdrawn = DossierEntry::Withdrawn { date, of: given.entry, source };
    let number = meaning::enter(database, &office, pack, &withdrawn)?;
    let unit = entry.unit().map_or_else(String::new, ToString::to_string);
    let text = told!(run.screen.lang, "office.amend.dossier", entry = given.entry, number, unit);
    Ok(Answer::said(json!({ "entry": number, "withdraws": given.entry, "unit": unit, "from": date }), text))
}
