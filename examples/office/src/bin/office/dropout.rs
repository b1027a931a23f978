//! An officer who cannot go: one command, one entry for the note, one for the teams after it (Spec 11.13).

use super::Run;
use super::args::{Reason, Replace};
use super::desk::{Book, Office, refuse};
use super::now::{self, Registers};
use super::steps::{approval, evidence};
use super::store::Database;
use super::store::about::Thing;
use super::teams::Drawn;
use super::visits::{day, officer_id, unit_id};
use super::words::Answer;
use double_random::assign::{Away, Change, Move, Reassignment, Replacement};
use double_random::bytes::{Digest, encode};
use double_random::calendar::Window;
use double_random::disclosure::VisitsTree;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{Approval, Attempt, Content, DropOut, DroppedOut, Entry, Level, Reassigned};
use double_random::message::Message;
use double_random_office::catalogue::{self, IntoMessage};
use double_random_office::say;
use double_random_office::values::Lines;
use double_random_support::files::Failure;
use serde_json::json;
use std::collections::BTreeSet;

fn drop_out(reason: Reason) -> Result<DropOut, Failure> {
    Ok(match reason {
        Reason::Ill => DropOut::Ill,
        Reason::Leave => DropOut::Leave,
        Reason::Left => DropOut::Left,
        Reason::Recused => DropOut::Recused,
        _ => {
            return refuse(say!(
                "office.reason.officer",
                "--reason: an officer is ill, on leave, has left or is recused; there is no other reason"
            ));
        }
    })
}

/// The days on which somebody is out: from the day of the entry to the end of the window, if not given.
pub fn days(run: &Run, window: Window, from: Option<&str>, to: Option<&str>) -> Result<Window, Failure> {
    let from = match from {
        Some(text) => day("--from", text)?,
        None => run.day().ok_or("a day within the calendar")?,
    };
    let to = match to {
        Some(text) => day("--to", text)?,
        None => window.to().max(from),
    };
    Ok(Window::new(from, to)
        .map_err(|rule| say!("office.option.window", "--from {from} --to {to}: {rule}", from, rule, to))?)
}

/// Who dropped out of a draw so far, or is barred from an institution that came in the place of another.
pub fn away(
    book: &Book,
    database: &mut Database,
    (draw, number): (u64, u64),
    window: Window,
) -> Result<Vec<Away>, Failure> {
    let out = |entry: Entry| match entry.entry {
        Content::DroppedOut(out) => vec![out.away()],
        Content::Replaced(replaced) => replaced.away(window).collect(),
        _ => Vec::new(),
    };
    Ok(book.entries(database, &Thing::Changes(draw), number)?.into_iter().flat_map(out).collect())
}

/// The units of a draw whose visits were made, or cannot be made. A visit that was taken back is still to be made.
pub fn settled(
    book: &Book,
    database: &mut Database,
    (draw, number): (u64, u64),
) -> Result<Vec<UnitId>, Failure> {
    let replaced = |entry: Entry| match entry.entry {
        Content::Replaced(replaced) => Some(replaced.unit),
        _ => None,
    };
    let changes = book.entries(database, &Thing::Changes(draw), number)?;
    let replaced: BTreeSet<UnitId> = changes.into_iter().filter_map(replaced).collect();
    let done = book.state().latest(draw).map(Attempt::done).into_iter().flatten();
    Ok(done.filter(|unit| !replaced.contains(*unit)).cloned().collect())
}

/// The moves in words, a place a line.
pub fn said(out: &InspectorId, found: &Reassignment) -> Vec<Message> {
    let line = |place: &Replacement| match place {
        Replacement::Vacant { unit, .. } => vec![say!(
            "office.drop_out.vacant",
            "{unit} {out}: no inspector is eligible: the place stays vacant",
            out,
            unit
        )],
        place => place
            .moves()
            .iter()
            .map(|step| format!("{} {} → {}", step.unit, step.out, step.by).into_message())
            .collect(),
    };
    let lines: Vec<Message> = found.places.iter().flat_map(line).collect();
    if lines.is_empty() {
        return vec![say!("office.drop_out.none", "{out}: has no visit on these days", out)];
    }
    lines
}

/// Refuses a change by which somebody would come whom a register bars now: his own drop-out is entered first, and
/// the change then passes him over.
fn barred_now(
    run: &Run,
    registers: &Registers,
    found: &Reassignment,
    (draw, is_last, window): (u64, bool, Window),
) -> Result<(), Failure> {
    let barred = |step: Move| {
        let visit = found.teams.visits.iter().find(|visit| visit.unit == step.unit)?;
        let days = now::days_left(visit.day, window, run.day());
        let reason = registers.person(&step.by, &step.unit, days)?;
        let hindered = now::Hindered {
            draw,
            unit: step.unit,
            person: Some(step.by),
            reason: now::word(reason),
            is_last,
        };
        Some(hindered.remedy())
    };
    let barred: Vec<Message> = found.moves().into_iter().filter_map(barred).collect();
    if barred.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.drop_out.barred",
        "the register bars who would come; enter his drop-out first, then this command again{lines}",
        lines = Lines(barred)
    ))
}

/// An officer who drops out of a draw.
pub struct Leaving {
    /// Who.
    pub out: InspectorId,
    /// Why.
    pub reason: DropOut,
    /// The one institution to which he cannot go, where he is recused.
    pub unit: Option<UnitId>,
    /// The first and the last day.
    pub dates: Window,
    /// The hash of the evidence.
    pub evidence: Digest,
    /// Who approved it.
    pub approval: Approval,
}

impl Leaving {
    /// The entry of it.
    pub fn entry(&self, draw: u64) -> DroppedOut {
        DroppedOut {
            approval: self.approval.clone(),
            dates: self.dates,
            draw,
            evidence: self.evidence,
            out: self.out.clone(),
            reason: self.reason,
            unit: self.unit.clone(),
        }
    }
}

/// Enters that an officer is out, and who comes in the places: the numbers of both entries, and what becomes of
/// each place.
pub fn leaves(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    (drawn, registers): (&mut Drawn, &Registers),
    leaving: &Leaving,
) -> Result<(u64, u64, Reassignment), Failure> {
    let Leaving { out, reason, unit, dates, approval, .. } = leaving;
    if unit.is_some() != (*reason == DropOut::Recused) {
        return refuse(say!(
            "office.drop_out.unit",
            "--unit: an officer who is recused (回避) names the one unit; one who is ill, on leave or has left is \
             out of every visit on these days, without --unit"
        ));
    }
    let plan = drawn.sealed.plan();
    let (draw, window) = (drawn.name.0, plan.policy().window);
    let mut away = away(book, database, (draw, drawn.number), window)?;
    away.push(Away { dates: *dates, id: out.clone(), unit: unit.clone() });
    let settled = settled(book, database, (draw, drawn.number))?;
    let change = Change { away, dates: *dates, out: out.clone(), settled, unit: unit.clone() };
    let found = plan.reassign(&drawn.record.teams, &drawn.teams, &change, &drawn.record.seed)?;
    barred_now(run, registers, &found, (draw, book.is_last(drawn.name), window))?;
    if found.needs_authority() && approval.level < Level::Authority {
        return refuse(say!(
            "office.drop_out.authority",
            "a reserve who is out or has no room would be passed over, or other teams would change: that takes \
             --level authority"
        ));
    }
    let visits =
        VisitsTree::new(drawn.sealed.seal(), drawn.sealed.salt_key(), &found.teams.visits)?.commitment();
    let note = book.enter(database, run.at, &run.actor, Content::DroppedOut(leaving.entry(draw)), None)?;
    let (approval, moves) = (approval.clone(), found.moves());
    let reassigned = Reassigned { approval, draw, entry: note, moves, visits };
    let entry = book.enter(database, run.at, &run.actor, Content::Reassigned(reassigned), None)?;
    drawn.moved(book, database, entry, found.teams.clone())?;
    Ok((note, entry, found))
}

/// The command: enters that an officer is out.
pub fn enter(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    office: &Office,
    given: &Replace,
) -> Result<Answer, Failure> {
    let mut drawn = Drawn::load(book, database, given.draw)?;
    let window = drawn.sealed.plan().policy().window;
    let leaving = Leaving {
        out: officer_id(given.officer.as_deref().unwrap_or_default())?,
        reason: drop_out(given.reason)?,
        unit: given.unit.as_deref().map(|unit| unit_id(unit, office)).transpose()?,
        dates: days(run, window, given.from.as_deref(), given.to.as_deref())?,
        evidence: evidence(office.suite, &given.evidence)?,
        approval: approval(run, &given.approval.approved_by, given.approval.level)?,
    };
    let registers = Registers::load(database)?;
    let (note, entry, found) = leaves(run, database, book, (&mut drawn, &registers), &leaving)?;
    let (out, moves) = (&leaving.out, found.moves());
    let text = catalogue::lines(&said(out, &found), run.screen.lang);
    let places: serde_json::Value = serde_json::from_slice(&encode(&found.places)?)?;
    let json = json!({ "note": note, "entry": entry, "out": out, "moves": moves, "places": places });
    Ok(Answer::said(json, text))
}
