//! After the draw: who cannot be visited, and who is visited instead; draws that are void, disclosed, closed.

use super::Run;
use super::args::{ApprovalArgs, Reason, Replace, Reveal, Void, VoidArg};
use super::desk::{Book, Office, refuse};
use super::dropout;
use super::now::{self, Registers};
use super::steps::{approval, book, evidence};
use super::store::Database;
use super::teams::{Drawn, people};
use super::words::Answer;
use double_random::assign::{Away, Relocation};
use double_random::bytes::Digest;
use double_random::calendar::Date;
use double_random::disclosure::VisitsTree;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{Approval, Attempt, Content, DropOut, Gone, Replaced, Unavailable, VoidReason};
use double_random::message::Coded as _;
use double_random::policy::Disclosure;
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::Secret;
use double_random_office::catalogue::{self, option};
use double_random_office::table;
use double_random_office::{say, told};
use double_random_support::files::Failure;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub fn gone(reason: Reason) -> Result<Gone, Failure> {
    Ok(match reason {
        Reason::Closed => Gone::Closed,
        Reason::Merged => Gone::Merged,
        Reason::Moved => Gone::Moved,
        Reason::Unreachable => Gone::Unreachable,
        _ => {
            return refuse(say!(
                "office.reason.unit",
                "--reason: an institution is closed, merged, moved or unreachable; there is no other reason"
            ));
        }
    })
}

pub fn unit_id(text: &str, office: &Office) -> Result<UnitId, Failure> {
    Ok(UnitId::read(text, office.rules.ids())
        .map_err(|error| say!("office.option.unit", "--unit \"{text}\" {error}", text, error))?)
}

pub fn officer_id(text: &str) -> Result<InspectorId, Failure> {
    Ok(InspectorId::parse(text)
        .map_err(|rule| say!("office.option.officer", "\"{text}\" {rule}", rule, text))?)
}

pub fn date(text: Option<&str>, run: &Run) -> Result<Date, Failure> {
    match text {
        Some(text) => day("--date", text),
        None => Ok(run.day().ok_or("a day within the calendar")?),
    }
}

/// A day in any spelling that can mean only one.
pub fn day(option: &str, text: &str) -> Result<Date, Failure> {
    Ok(Date::parse(&table::day(text)).map_err(|error| self::option(option, text, &error.message()))?)
}

/// The inspectors of a visit, ascending and once each.
pub fn team(text: &str) -> Result<Vec<InspectorId>, Failure> {
    let ids = text.split([',', ';', ' ', '、', '，']).filter(|id| !id.is_empty());
    let ids: BTreeSet<InspectorId> = ids.map(officer_id).collect::<Result<_, _>>()?;
    Ok(ids.into_iter().collect())
}

/// An institution that cannot be visited.
pub struct Replacing {
    /// Which.
    pub unit: UnitId,
    /// Why.
    pub reason: Gone,
    /// When it was decided.
    pub date: Date,
    /// The hash of the evidence.
    pub evidence: Digest,
    /// Who approved it.
    pub approval: Approval,
}

/// One step of a replacement: who came in whose place, by which entry, and whom a register bars from it.
pub struct Step {
    /// The number of the entry.
    pub entry: u64,
    /// Who is not visited.
    pub unit: UnitId,
    /// Why.
    pub reason: Gone,
    /// Who is visited instead.
    pub by: UnitId,
    /// Whom a register bars from it now.
    pub unavailable: Vec<Unavailable>,
}

/// The teams after a unit came in the place of another, how many reserves were passed over, and whom a register
/// bars from it now: he is as unavailable as one who dropped out.
fn relocated(
    run: &Run,
    (book, database): (&Book, &mut Database),
    (drawn, registers): (&Drawn, &Registers),
    (out, by): (&UnitId, &UnitId),
) -> Result<(Relocation, Vec<Unavailable>), Failure> {
    let plan = drawn.sealed.plan();
    let window = plan.policy().window;
    let mut away = dropout::away(book, database, (drawn.name.0, drawn.number), window)?;
    let mut barred: BTreeMap<InspectorId, DropOut> = BTreeMap::new();
    loop {
        let found = drawn.teams.relocated(plan, &drawn.record.teams, &away, (out, by), &drawn.record.seed)?;
        let day = found.teams.visits.iter().find(|visit| &visit.unit == by).and_then(|visit| visit.day);
        let days = now::days_left(day, window, run.day());
        let come = people(&found.teams, by).unwrap_or_default();
        let new =
            come.into_iter().filter_map(|id| registers.person(&id, by, days).map(|reason| (id, reason)));
        let new: Vec<(InspectorId, DropOut)> = new.collect();
        // An institution that is gone itself is replaced in its turn, and nobody goes there.
        if new.is_empty() || registers.unit(by).is_some() {
            let people = barred.into_iter().map(|(id, reason)| Unavailable { id, reason }).collect();
            return Ok((found, people));
        }
        let out_of_it =
            |(id, _): &(InspectorId, DropOut)| Away { dates: window, id: id.clone(), unit: Some(by.clone()) };
        away.extend(new.iter().map(out_of_it));
        barred.extend(new);
    }
}

/// Enters that an institution is replaced by the next reserve. The reserve is not chosen: one that the register
/// calls gone comes, and is replaced in its turn.
pub fn replaces(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    (drawn, registers): (&mut Drawn, &Registers),
    given: &Replacing,
) -> Result<Vec<Step>, Failure> {
    let (draw, attempt) = drawn.name;
    let (mut out, mut reason) = (given.unit.clone(), given.reason);
    let mut steps = Vec::new();
    loop {
        let by = match next_reserve(&drawn.record.table, &drawn.whole, &out, &drawn.used) {
            Some(Reserve::Unit(by)) => by,
            Some(_) => {
                return refuse(say!(
                    "office.replace.no_reserve",
                    "no reserve is left for {out}: office result --unit {out} --missed …",
                    out
                ));
            }
            None => {
                return refuse(say!(
                    "office.replace.not_drawn",
                    "{out} was not drawn in draw {draw}.{attempt}",
                    out,
                    draw,
                    attempt
                ));
            }
        };
        let (found, unavailable) = relocated(run, (book, database), (drawn, registers), (&out, &by))?;
        let sealed = &drawn.sealed;
        let replaced = Replaced {
            approval: given.approval.clone(),
            by: by.clone(),
            date: given.date,
            draw,
            evidence: given.evidence,
            passed: Some(found.passed).filter(|passed| *passed > 0),
            reason,
            unavailable: unavailable.clone(),
            unit: out.clone(),
            visits: VisitsTree::new(sealed.seal(), sealed.salt_key(), &found.teams.visits)?.commitment(),
        };
        let entry = book.enter(database, run.at, &run.actor, Content::Replaced(replaced), None)?;
        drawn.moved(book, database, entry, found.teams)?;
        drawn.used.insert(by.clone());
        steps.push(Step { entry, unit: out, reason, by: by.clone(), unavailable });
        let Some(gone) = registers.unit(&by) else { return Ok(steps) };
        (out, reason) = (by, gone);
    }
}

/// Replaces an institution, or an officer.
pub fn replace(run: &Run, database: &mut Database, given: &Replace) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    if given.officer.is_some() {
        return dropout::enter(run, database, &mut book, &office, given);
    }
    let Some(unit) = &given.unit else {
        return refuse(say!("office.replace.which", "--unit: which institution cannot be visited?"));
    };
    let mut drawn = Drawn::load(&book, database, given.draw)?;
    let replacing = Replacing {
        unit: unit_id(unit, &office)?,
        reason: gone(given.reason)?,
        date: date(given.date.as_deref(), run)?,
        evidence: evidence(office.suite, &given.evidence)?,
        approval: approval(run, &given.approval.approved_by, given.approval.level)?,
    };
    let registers = Registers::load(database)?;
    let steps = replaces(run, database, &mut book, (&mut drawn, &registers), &replacing)?;
    let Some(last) = steps.last() else { return Err("a replacement without a step".into()) };
    let mut text = String::new();
    for step in &steps {
        if let Some(gone) = registers.unit(&step.by) {
            let _ = writeln!(
                text,
                "{} → {}: {}",
                step.unit,
                step.by,
                catalogue::words(&now::why(gone.as_str()), run.screen.lang)
            );
        }
        for person in &step.unavailable {
            let why = catalogue::words(&now::why(now::word(person.reason)), run.screen.lang);
            let (unit, person) = (&step.by, &person.id);
            let _ = writeln!(text, "{}", told!(run.screen.lang, "office.visit.passed", person, unit, why));
        }
    }
    let come = people(&drawn.teams, &last.by).unwrap_or_default();
    let ids: Vec<&str> = come.iter().map(InspectorId::as_str).collect();
    let called = drawn.sealed.plan().frame().get(&last.by).map_or("", |unit| unit.name.as_str());
    let _ = write!(text, "{} → {} {called}: {}", last.unit, last.by, ids.join(" "));
    let shown = |step: &Step| {
        json!({ "entry": step.entry, "unit": step.unit, "by": step.by, "reason": step.reason.as_str(),
                "unavailable": step.unavailable })
    };
    let shown: Vec<_> = steps.iter().map(shown).collect();
    let json = json!({ "entry": last.entry, "unit": unit, "by": last.by, "name": called, "team": come,
                      "steps": shown });
    Ok(Answer::said(json, text))
}

/// Declares the last attempt void.
pub fn void(run: &Run, database: &mut Database, given: &Void) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let (draw, attempt) = book.attempt(None)?.name();
    let reason = match given.reason {
        VoidArg::BeaconFailed => VoidReason::BeaconFailed,
        VoidArg::InputError => VoidReason::InputError,
        VoidArg::Legal => VoidReason::Legal,
        VoidArg::NotRevealed => VoidReason::NotRevealed,
        VoidArg::ShareMissing => VoidReason::ShareMissing,
        VoidArg::Technical => VoidReason::Technical,
    };
    let approval = approval(run, &given.approval.approved_by, given.approval.level)?;
    let evidence = evidence(office.suite, &given.evidence)?;
    let content = Content::Void { approval, attempt, draw, evidence, reason };
    let entry = book.enter(database, run.at, &run.actor, content, None)?;
    let next = book.state().next();
    let text = told!(run.screen.lang, "office.void.next", again = next.1, attempt, draw, next = next.0);
    Ok(Answer::said(
        json!({ "entry": entry, "draw": draw, "attempt": attempt, "next": [next.0, next.1] }),
        text,
    ))
}

/// Discloses the secret of a deferred draw.
pub fn reveal(run: &Run, database: &mut Database, given: &Reveal) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    // What the ledger says was not revealed is disclosed only where it is named.
    let meant = |attempt: &&Attempt| match given.draw {
        Some(draw) => attempt.name().0 == draw && attempt.is_hidden(),
        None => attempt.awaits_disclosure(),
    };
    let Some((draw, attempt)) = book.state().attempts().iter().find(meant).map(Attempt::name) else {
        return refuse(match given.draw {
            Some(draw) => {
                say!(
                    "office.reveal.not_hidden",
                    "draw {draw} does not wait for its secret to be disclosed",
                    draw
                )
            }
            None => say!("office.reveal.none", "no draw waits for its secret to be disclosed"),
        });
    };
    if let Some(hidden) = book.state().attempt(draw, attempt) {
        let day = match &hidden.seal().disclosure {
            Disclosure::Deferred { reveal_by } => Some(*reveal_by),
            Disclosure::Immediate {} => None,
        };
        let open = super::steps::cycle(&book)?.open().iter().filter(|open| open.draw == draw);
        let pending: usize = open.map(|open| open.pending.len()).sum();
        if let (Some(day), Some(today)) = (day, run.day())
            && today < day
            && pending > 0
            && hidden.void().is_none()
        {
            return refuse(say!(
                "office.reveal.early",
                "{pending} unannounced visits are still to be made, and the secret is due on {day}: a disclosure \
                 cannot be undone",
                day,
                pending
            ));
        }
    }
    let secret: Secret = serde_json::from_slice(&book.document(database, (draw, attempt), "secret")?)?;
    let entry =
        book.enter(database, run.at, &run.actor, Content::Disclosed { attempt, draw, secret }, None)?;
    let text = told!(run.screen.lang, "office.reveal.done", attempt, draw);
    Ok(Answer::said(json!({ "entry": entry, "draw": draw, "attempt": attempt }), text))
}

/// Closes the cycle.
pub fn close(run: &Run, database: &mut Database, given: &ApprovalArgs) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = book(run, database, &office)?;
    let content = Content::CycleClosed { approval: approval(run, &given.approved_by, given.level)? };
    let entry = book.enter(database, run.at, &run.actor, content, None)?;
    let text = run.screen.word("office.close.done").to_owned();
    Ok(Answer::said(json!({ "entry": entry, "scope": book.scope }), text))
}
