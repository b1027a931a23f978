//! The checks that take the files of frame, roster and cycle: no unit was left out, and every team follows
//! from the rules.

use super::evidence::Evidence;
use super::names::Check;
use super::posts::{HeldPost, held};
use super::replay::{NoReplay, Replay, roster};
use super::report::{Comparison, Draft, NotRun, Outcome, differ, differs, outcome, same};
use super::{registers, words};
use crate::assign::{self, Visit};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::frame::{FrameCommitment, Unit};
use crate::id::{Code, InspectorId, UnitId};
use crate::message::{AsParam as _, Coded as _, Message, Param, Plain, said};
use crate::plan::{CellTable, Plan, TeamCandidate};
use crate::policy::Pin;
use crate::record::Record;
use crate::sample::CellSample;
use crate::stream::Selected;
use std::collections::BTreeMap;

/// The checks with an auditor's files; `replay` is made from them.
pub(super) fn audit(
    record: &Record,
    evidence: &Evidence,
    replay: Result<&Replay<'_>, &NoReplay>,
    report: &mut Draft<Check>,
) {
    let seal = &record.seal;
    report.run_if(Check::Frame, evidence.frame.as_ref(), NotRun::FrameFile, |(frame, key)| {
        committed(record, &frame.commit(seal.suite, key).0)?;
        let rows = frame.conforms(&record.policy.frame, record.policy.as_of);
        conforms(said!("compared.frame_rows", "rows of the frame"), rows.map_err(|found| found.message()))
    });
    let rows = evidence.frame.as_ref().map(|(frame, _)| frame);
    registers::rows(record, rows, evidence.registers.as_ref(), report);
    roster_file(record, evidence, report);
    let digested = evidence.cycle.as_ref().map(|(cycle, key)| (cycle, cycle.digest(seal.suite, key)));
    report.run_if(Check::Cycle, digested, NotRun::CycleFile, |(cycle, digest)| {
        cycle_file(record, cycle.last_draw(), digest)
    });
    match replay {
        Ok(replay) => {
            report.run(Check::Plan, table(record, &replay.plan().table()));
            report.run(Check::Sample, sample(record, &replay.sample()));
            officers(replay, report);
        }
        Err(NoReplay::NoPlan(error)) => {
            let expected = said!("expected.plan", "a plan from policy, frame and cycle");
            let what = said!("compared.plan", "the plan");
            report.run(Check::Plan, differ(what, expected, error.message()));
            report.skip_rest(NotRun::Plan);
        }
        Err(NoReplay::Because(because)) => report.skip_rest(*because),
    }
}

/// The same for a frame whose rows were streamed: they were read by the policy's own gate, hashed and
/// counted.
pub(super) fn streamed(
    record: &Record,
    evidence: &Evidence,
    selected: Selected<'_>,
    report: &mut Draft<Check>,
) {
    let counted = selected.counted();
    let what = said!("compared.census_policy", "policy of the census");
    let policy = same(what, record.policy.digest(), counted.policy().digest());
    let ours = policy.is_ok();
    let frame = counted.frame();
    report.run(Check::Frame, policy.clone().and_then(|()| committed(record, frame)));
    registers::rows(record, None, evidence.registers.as_ref(), report);
    roster_file(record, evidence, report);
    let (last, digest) = counted.cycle();
    report.run(Check::Cycle, cycle_file(record, last, digest));
    report.run(Check::Plan, policy.and_then(|()| table(record, &counted.table())));
    if !ours {
        return report.skip_rest(NotRun::OtherPolicy);
    }
    let what = said!("compared.selection_seed", "seed of the selection");
    let seed = same(what, record.seed, selected.seed());
    report.run(Check::Sample, seed.and_then(|()| sample(record, &selected.cells())));
    let (plan, ..) = selected.excerpt(roster(record, evidence));
    officers(&Replay::of(record, plan, evidence.roster.is_some()), report);
}

/// Size and roots of the frame are the sealed ones.
fn committed(record: &Record, frame: &FrameCommitment) -> Comparison {
    let sealed = &record.seal.frame;
    same(said!("compared.units", "units"), sealed.size, frame.size)?;
    same(said!("compared.frame_root", "root of the frame"), sealed.root, frame.root)?;
    same(said!("compared.pseudonyms_root", "root of the pseudonyms"), sealed.pseudonyms, frame.pseudonyms)
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn roster_file(record: &Record, evidence: &Evidence, report: &mut Draft<Check>) {
    let seal = &record.seal;
    report.run_if(Check::Roster, evidence.roster.as_ref(), NotRun::RosterFile, |(roster, key)| {
        same(
            said!("compared.people_of_roster", "officers and experts"),
            seal.roster.size,
            length(roster.inspectors().len() + roster.experts().len()),
        )?;
        let what = said!("compared.roster_root", "root of the roster");
        same(what, seal.roster.root, roster.tree(seal.suite, key).root())?;
        let what = said!("compared.recusals_digest", "digest of the recusals");
        same(what, seal.roster.recusals, roster.recusals_digest(seal.suite, key))?;
        let rows = roster.conforms(&record.policy.roster, record.policy.as_of);
        conforms(said!("compared.roster_rows", "rows of the roster"), rows.map_err(|found| found.message()))
    });
}

fn cycle_file(record: &Record, last: u64, digest: Digest) -> Comparison {
    same(said!("compared.cycle_digest", "digest of the cycle"), record.seal.cycle, digest)?;
    if last < record.seal.sequence {
        return Ok(());
    }
    let expected = said!("expected.before_draw", "before draw {draw}", draw = record.seal.sequence);
    differ(said!("compared.last_draw", "the last draw of the cycle"), expected, last)
}

fn table(record: &Record, table: &CellTable) -> Comparison {
    let suite = record.seal.suite;
    same(words::table_digest(), table.digest(suite), record.table.digest(suite))
}

fn sample(record: &Record, replayed: &[CellSample]) -> Comparison {
    match replayed.iter().zip(&record.sample).position(|(a, b)| a != b) {
        Some(cell) => {
            let what = said!("compared.sample_cell", "cell {cell} of the sample", cell);
            differ(
                what,
                said!("expected.smallest_tickets", "the smallest tickets of the frame"),
                words::others(),
            )
        }
        None => same(
            said!("compared.cells_of_sample", "cells of the sample"),
            replayed.len(),
            record.sample.len(),
        ),
    }
}

/// The checks that take the roster, too.
fn officers(replay: &Replay<'_>, report: &mut Draft<Check>) {
    if !replay.has_roster() {
        return report.skip_rest(NotRun::RosterFile);
    }
    report.run(Check::Eligibility, eligibility(replay.record(), replay.plan()));
    if too_large(replay) {
        return report.skip(Check::Assignment, NotRun::TooLarge);
    }
    report.run(Check::Assignment, assignment(replay));
}

/// Whether the picks have more pairs than a plan may have that is sealed (Spec 11.14). Whoever sealed them
/// all the same wanted no one to make the teams again.
fn too_large(replay: &Replay<'_>) -> bool {
    let plan = replay.plan();
    replay.picks().is_ok_and(|positions| plan.pairs_of(&positions) > plan.budget())
}

/// Rows that the policy's own gate would have refused were never rows of this draw.
fn conforms(what: Message, rows: Result<(), Message>) -> Comparison {
    let expected = || said!("expected.rows_of_policy", "rows that keep the policy's rules");
    rows.or_else(|problems| differ(what, expected(), problems))
}

/// Every post and every inspector against the rules, pair by pair. Lists of candidates and the replay are not
/// used, so that a mistake in those cannot hide here.
fn eligibility(record: &Record, plan: &Plan) -> Comparison {
    let mut loads = Loads::default();
    for visit in &record.teams.visits {
        let Some(unit) = plan.frame().get(&visit.unit) else {
            let what = said!("compared.visited_unit", "a visited unit");
            return differ(what, said!("expected.of_frame", "one of the frame"), &visit.unit);
        };
        posts_of_kind(plan, unit, visit)?;
        for post in held(visit) {
            people(plan, unit, visit.day, &post, &mut loads)?;
        }
    }
    Ok(())
}

/// A visit has the posts that the policy has for the kind of its unit.
fn posts_of_kind(plan: &Plan, unit: &Unit, visit: &Visit) -> Comparison {
    // Teams that another authority draws have no posts here (Spec 27.2).
    let posts = if plan.policy().dispatches(&unit.division) {
        Vec::new()
    } else {
        plan.policy().team.posts_at(&unit.kind)
    };
    let expected: Vec<_> = posts.into_iter().map(|(department, post, _)| (department, post)).collect();
    let found: Vec<_> = held(visit).map(|held| (held.department, held.post)).collect();
    if expected == found {
        return Ok(());
    }
    let show = |posts: Vec<(Option<&Code>, &Code)>| {
        let one = |(department, post): &(Option<&Code>, &Code)| {
            format!("{}/{post}", department.map_or("experts", Code::as_str))
        };
        Plain::join(posts.iter().map(one), " ")
    };
    differ(said!("compared.visit_posts", "posts at {unit}", unit = visit.unit), show(expected), show(found))
}

/// Every person in a post was allowed to go, and no group and no cap has too many.
fn people<'a>(
    plan: &'a Plan,
    unit: &Unit,
    day: Option<Date>,
    held: &HeldPost<'a>,
    loads: &mut Loads<'a>,
) -> Comparison {
    let team = &plan.policy().team;
    let needs = needs(plan, held);
    let mut groups: BTreeMap<Code, u64> = BTreeMap::new();
    for &id in &held.people {
        let person = person(plan, held, id, &unit.id)?;
        if let Some(bar) = plan.bar_at(person, unit, needs, day) {
            let found = said!("found.barred", "barred by {bar}", bar);
            return differ(words::person_at(id, &unit.id), said!("expected.allowed", "allowed to go"), found);
        }
        let pinned = |pin: &Pin| (&pin.unit, &pin.inspector, &pin.post) == (&unit.id, id, held.post);
        // Only inspectors can be pinned; the limit does not count them.
        let alone = held.department.is_some() && team.pins.iter().any(pinned);
        if let Some(group) = plan.group(&person).filter(|_| !alone) {
            *groups.entry(group.clone()).or_default() += 1;
        }
        let office = person.office.map(|office| OfficeOf { department: held.department, office });
        loads.count(plan, id, plan.cap(person), day, office)?;
    }
    let most = team.limit.map_or(u64::MAX, |limit| limit.most);
    match groups.into_iter().find(|(_, count)| *count > most) {
        Some((group, count)) => {
            let what = said!("compared.group", "{group} in one post at {unit}", group, unit = unit.id);
            differ(what, words::at_most(most), count)
        }
        None => Ok(()),
    }
}

/// The qualification that a post asks for.
fn needs<'a>(plan: &'a Plan, held: &HeldPost<'_>) -> Option<&'a Code> {
    let team = &plan.policy().team;
    let posts = match held.department {
        Some(department) => {
            team.departments.iter().find(|rule| &rule.department == department).map(|rule| &rule.posts)
        }
        None => team.experts.as_ref().map(|experts| &experts.posts),
    };
    posts?.iter().find(|rule| &rule.post == held.post)?.needs.as_ref()
}

/// The row of the roster behind an id, for a post of its department or for experts.
fn person<'a>(
    plan: &'a Plan,
    held: &HeldPost<'_>,
    id: &InspectorId,
    unit: &UnitId,
) -> Result<TeamCandidate<'a>, Message> {
    let roster = plan.roster();
    let Some(department) = held.department else {
        let place = roster.expert_position(id);
        let what = || said!("compared.expert", "an expert");
        let place = place.ok_or_else(|| differs(what(), words::of_roster(), id))?;
        return Ok((&roster.experts()[place]).into());
    };
    let what = || said!("compared.officer", "an officer");
    let place = roster.position(id).ok_or_else(|| differs(what(), words::of_roster(), id))?;
    let inspector = &roster.inspectors()[place];
    let what = said!("compared.department_at", "department of {person} at {unit}", person = id, unit);
    same(what, department, &inspector.department)?;
    Ok(inspector.into())
}

/// An office within a department, or of experts: what the cap of offices counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OfficeOf<'a> {
    department: Option<&'a Code>,
    office: &'a Code,
}

/// What a cap counts the visits of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Capped<'a> {
    Draw(&'a InspectorId),
    Day(&'a InspectorId, Date),
    Week(&'a InspectorId, u32),
    Office(OfficeOf<'a>),
}

/// Visits counted so far.
#[derive(Default)]
struct Loads<'a>(BTreeMap<Capped<'a>, u64>);

impl<'a> Loads<'a> {
    /// Counts one visit of a person, and compares with every cap.
    fn count(
        &mut self,
        plan: &Plan,
        id: &'a InspectorId,
        cap: u64,
        day: Option<Date>,
        office: Option<OfficeOf<'a>>,
    ) -> Comparison {
        let caps = &plan.policy().team.caps;
        self.within(Capped::Draw(id), cap, &|| {
            said!("compared.draw_visits", "visits of {person}", person = id)
        })?;
        if let Some((day, cap)) = day.zip(caps.day) {
            self.within(Capped::Day(id, day), cap, &|| words::day_visits(id, day))?;
        }
        if let Some((day, cap)) = day.zip(caps.week) {
            self.within(Capped::Week(id, day.week()), cap, &|| words::week_visits(id, day))?;
        }
        match office.zip(caps.office) {
            Some((key, cap)) => {
                let what =
                    || said!("compared.office_places", "places of office {office}", office = key.office);
                self.within(Capped::Office(key), cap, &what)
            }
            None => Ok(()),
        }
    }

    /// Counts one more visit, and compares with the cap.
    fn within(&mut self, key: Capped<'a>, cap: u64, what: &dyn Fn() -> Message) -> Comparison {
        let count = self.0.entry(key).or_default();
        *count += 1;
        if *count > cap { differ(what(), words::at_most(cap), *count) } else { Ok(()) }
    }
}

/// A team as one line, for reports.
fn team(visit: &Visit) -> Param {
    let officer = |o: &assign::Officer| format!("{} ({}/2^20)", o.id, o.chance);
    let mut parts: Vec<Message> = visit.day.iter().map(|day| said!("found.team_day", "{day}", day)).collect();
    parts.extend(visit.posts.iter().map(|post| {
        said!(
            "found.team_post",
            "{department}/{post} {officers} + {vacancies} vacant",
            department = post.department,
            officers = post.officers.iter().map(officer).collect::<Vec<_>>().join(" "),
            vacancies = post.vacancies,
            post = post.post
        )
    }));
    parts.extend(visit.experts.iter().map(|post| {
        let experts: Vec<&str> = post.experts.iter().map(|expert| expert.id.as_str()).collect();
        said!(
            "found.team_experts",
            "experts/{post} {experts} + {vacancies} vacant",
            experts = experts.join(" "),
            vacancies = post.vacancies,
            post = post.post
        )
    }));
    parts.extend(visit.lead.iter().map(|lead| said!("found.team_lead", "lead {lead}", lead)));
    parts.param()
}

/// Makes the team of one unit again, from its own component.
pub(super) fn one_team(record: &Record, evidence: &Evidence, unit: &UnitId) -> Outcome {
    let files = (&evidence.frame, &evidence.roster, &evidence.cycle);
    let (Some(_), Some(_), Some(_)) = files else {
        return Outcome::NotRun { because: NotRun::Files };
    };
    let Ok(replay) = Replay::new(record, evidence) else {
        return Outcome::NotRun { because: NotRun::Plan };
    };
    if too_large(&replay) {
        return Outcome::NotRun { because: NotRun::TooLarge };
    }
    let comparison = replay.picks().and_then(|positions| {
        let found = record.teams.visits.iter().find(|visit| &visit.unit == unit);
        let expected = assign::assign_one(replay.plan(), &record.seed, &positions, unit);
        match (expected, found) {
            (Some(expected), Some(found)) if expected == *found => Ok(()),
            (expected, found) => differ(words::team(unit), expected.as_ref().map(team), found.map(team)),
        }
    });
    outcome(comparison)
}

/// Chance table and coins, made again for the picks of the record.
fn assignment(replay: &Replay<'_>) -> Comparison {
    let (teams, found) = (replay.teams()?, &replay.record().teams);
    if let Some((expected, visit)) = teams.visits.iter().zip(&found.visits).find(|(a, b)| a != b) {
        return differ(words::team(&visit.unit), team(expected), team(visit));
    }
    same(words::visits(), teams.visits.len(), found.visits.len())?;
    same(said!("compared.chances_digest", "digest of the chance table"), teams.table, found.table)?;
    let lists = |same: bool| match same {
        true => said!("expected.replayed", "the replayed ones"),
        false => words::others(),
    };
    same(said!("compared.pools", "pools"), lists(true), lists(teams.pools == found.pools))?;
    same(
        said!("compared.raised_ceilings", "raised ceilings"),
        lists(true),
        lists(teams.raised == found.raised),
    )?;
    same(said!("compared.shortages", "shortages"), lists(true), lists(teams.shortages == found.shortages))?;
    same(words::lapsed_pins(), lists(true), lists(teams.lapsed == found.lapsed))?;
    same(
        said!("compared.widened_shortlists", "widened shortlists"),
        lists(true),
        lists(teams.widened == found.widened),
    )
}
