//! An officer who cannot go: one command, one entry for the note, one for the teams after it (Spec 11.13).

use super::Run;
use super::args::{Reason, Replace};
use super::desk::{Book, refuse};
use super::now::{self, Registers};
use super::steps::{approval, evidence, teams_title};
use super::store::Database;
use super::visits::{officer_id, teams_now, unit_id};
use super::words::Answer;
use double_random::assign::{Away, Change, Move, Reassignment, Replacement};
use double_random::bytes::{Suite, encode};
use double_random::calendar::{Date, Window};
use double_random::disclosure::VisitsTree;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{Content, Correction, DropOut, DroppedOut, Level, Reassigned};
use double_random_support::files::Failure;
use serde_json::json;

fn drop_out(reason: Reason) -> Result<DropOut, Failure> {
    Ok(match reason {
        Reason::Ill => DropOut::Ill,
        Reason::Leave => DropOut::Leave,
        Reason::Left => DropOut::Left,
        Reason::Recused => DropOut::Recused,
        _ => {
            return refuse(
                "--reason: an officer is ill, on leave, has left or is recused; there is no other reason",
            );
        }
    })
}

/// The days on which somebody is out: from the day of the entry to the end of the window, if not given.
pub fn days(run: &Run, window: Window, from: Option<&str>, to: Option<&str>) -> Result<Window, Failure> {
    let day =
        |option: &str, text: &str| Date::parse(text).map_err(|error| format!("{option} {text:?} {error}"));
    let from = match from {
        Some(text) => day("--from", text)?,
        None => run.at.day().ok_or("a day within the calendar")?,
    };
    let to = match to {
        Some(text) => day("--to", text)?,
        None => window.to().max(from),
    };
    Ok(Window::new(from, to).map_err(|error| format!("--from {from} --to {to}: {error}"))?)
}

/// Who dropped out of a draw so far.
pub fn away(book: &Book, draw: u64, number: u64) -> Vec<Away> {
    let lines = book.ledger.lines().iter().filter(|line| line.entry().number > number);
    let out = lines.filter_map(|line| match &line.entry().entry {
        Content::DroppedOut(out) if out.draw == draw => Some(out),
        _ => None,
    });
    out.map(|out| Away { dates: out.dates, id: out.out.clone(), unit: out.unit.clone() }).collect()
}

/// The units of a draw whose visits were made, or cannot be made. A visit that was taken back is still to be made.
pub fn settled(book: &Book, draw: u64, number: u64) -> Vec<UnitId> {
    let own = book.state().visits().filter(|(entry, _)| *entry > number);
    let unit = own.filter_map(|(_, visit)| match visit {
        Correction::Visited(made) if made.draw == draw => Some(made.unit.clone()),
        Correction::Missed(missed) if missed.draw == draw => Some(missed.unit.clone()),
        _ => None,
    });
    unit.collect()
}

/// The moves in words, a place a line.
pub fn said(run: &Run, out: &InspectorId, found: &Reassignment) -> String {
    let vacant = run.screen.say("no inspector is eligible: the place stays vacant", "无人可选派：该岗位缺员");
    let line = |place: &Replacement| match place {
        Replacement::Vacant { unit, .. } => vec![format!("{unit} {out}: {vacant}")],
        place => {
            place.moves().iter().map(|step| format!("{} {} → {}", step.unit, step.out, step.by)).collect()
        }
    };
    let lines: Vec<String> = found.places.iter().flat_map(line).collect();
    if lines.is_empty() {
        let none = run.screen.say("has no visit on these days", "在该期间没有待检查任务");
        return format!("{out}: {none}");
    }
    lines.join("\n")
}

/// Refuses a change by which somebody would come whom a register bars now: his own drop-out is entered first, and
/// the change then passes him over.
fn barred_now(
    run: &Run,
    registers: &Registers,
    found: &Reassignment,
    (draw, window): (u64, Window),
) -> Result<(), Failure> {
    let barred = |step: Move| {
        let visit = found.teams.visits.iter().find(|visit| visit.unit == step.unit)?;
        let days = now::days_left(visit.day, window, run.at.day());
        let reason = registers.person(&step.by, &step.unit, days)?;
        let hindered =
            now::Hindered { draw, unit: step.unit, person: Some(step.by), reason: now::word(reason) };
        Some(hindered.said(run.screen))
    };
    let barred: Vec<String> = found.moves().into_iter().filter_map(barred).collect();
    if barred.is_empty() {
        return Ok(());
    }
    let what = run.screen.say(
        "the register bars who would come; enter his drop-out first, then this command again",
        "名录显示下列接替人员不能到岗：请先录入其缺岗，再执行本命令",
    );
    refuse(format!("{what}\n{}", barred.join("\n")))
}

/// Enters that an officer is out, and who comes in the places.
pub fn enter(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    suite: Suite,
    given: &Replace,
) -> Result<Answer, Failure> {
    let attempt = book.standing(given.draw)?;
    let (name, number) = (attempt.name(), attempt.number());
    let reason = drop_out(given.reason)?;
    let unit = given.unit.as_deref().map(unit_id).transpose()?;
    if unit.is_some() != (reason == DropOut::Recused) {
        return refuse(
            "--unit: an officer who is recused (回避) names the one unit; one who is ill, on leave or has left is \
             out of every visit on these days, without --unit",
        );
    }
    let out = officer_id(given.officer.as_deref().unwrap_or_default())?;
    let shown = evidence(suite, &given.evidence)?;
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let (record, sealed) = (book.record(database, name)?, book.sealed(database, name)?);
    let teams = teams_now(book, database, name)?;
    let dates = days(run, sealed.plan().policy().window, given.from.as_deref(), given.to.as_deref())?;
    let mut out_now = away(book, name.0, number);
    out_now.push(Away { dates, id: out.clone(), unit: unit.clone() });
    let settled = settled(book, name.0, number);
    let change = Change { away: out_now, dates, out: out.clone(), settled, unit: unit.clone() };
    let found = sealed.plan().reassign(&record.teams, &teams, &change, &record.seed)?;
    let window = sealed.plan().policy().window;
    barred_now(run, &Registers::load(database)?, &found, (name.0, window))?;
    if found.needs_authority() && approval.level < Level::Authority {
        return refuse(run.screen.say(
            "a reserve who is out or has no room would be passed over, or other teams would change: that takes \
             --level authority",
            "须越过不能到岗的候补人员，或须调整其他检查组：应由机关负责人批准（--level authority）",
        ));
    }
    let dropped = DroppedOut {
        approval: approval.clone(),
        dates,
        draw: name.0,
        evidence: shown,
        out: out.clone(),
        reason,
        unit,
    };
    let note = book.enter(database, run.at, &run.actor, Content::DroppedOut(dropped), None)?;
    let moves = found.moves();
    let visits = VisitsTree::new(sealed.seal(), sealed.salt_key(), &found.teams.visits)?.commitment();
    let reassigned = Reassigned { approval, draw: name.0, entry: note, moves: moves.clone(), visits };
    let entry = book.enter(database, run.at, &run.actor, Content::Reassigned(reassigned), None)?;
    book.keep(database, name, &teams_title(entry), &encode(&found.teams)?)?;
    let text = said(run, &out, &found);
    let places: serde_json::Value = serde_json::from_slice(&encode(&found.places)?)?;
    let json = json!({ "note": note, "entry": entry, "out": out, "moves": moves, "places": places });
    Ok(Answer::said(json, text))
}
