//! What takes the files of frame, roster and cycle: that nobody was left out and every team follows from the rules.

use super::checks::{Finding, Gather, differ, held, same};
use super::{Check, Evidence, Outcome};
use crate::assign::{self, Visit};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::cycle::Cycle;
use crate::id::{Code, InspectorId, UnitId};
use crate::plan::{CellTable, Plan, TeamCandidate};
use crate::policy::Pin;
use crate::record::Record;
use crate::roster::Roster;
use crate::sample::{self, CellSample};
use crate::stream::Selected;
use std::collections::BTreeMap;

const NO_FRAME: &str = "the frame file was not given";
const NO_ROSTER: &str = "the roster file was not given";
const NO_CYCLE: &str = "the cycle file was not given";

/// What takes the auditor's files.
pub(super) fn audit(record: &Record, evidence: &Evidence, report: &mut Gather<Check>) {
    let seal = &record.seal;
    report.run_if(Check::Frame, evidence.frame.as_ref(), NO_FRAME, |(frame, key)| {
        committed(record, length(frame.units().len()), || frame.root(seal.suite, key))?;
        conforms("rows of the frame", frame.conforms(&record.policy.frame, record.policy.as_of))
    });
    roster_file(record, evidence, report);
    let digested = evidence.cycle.as_ref().map(|(cycle, key)| (cycle, cycle.digest(seal.suite, key)));
    report.run_if(Check::Cycle, digested, NO_CYCLE, |(cycle, digest)| cycle_file(record, cycle, digest));
    let Some(((frame, _), (cycle, _))) = evidence.frame.as_ref().zip(evidence.cycle.as_ref()) else {
        let because = if evidence.frame.is_none() { NO_FRAME } else { NO_CYCLE };
        for check in [Check::Plan, Check::Sample, Check::Eligibility, Check::Assignment] {
            report.skip(check, because);
        }
        return;
    };
    let plan = match Plan::new(frame.clone(), roster(record, evidence), record.policy.clone(), cycle.clone())
    {
        Ok(plan) => plan,
        Err(error) => {
            report.run(Check::Plan, differ("the plan", "a plan from policy, frame and cycle", error));
            for check in [Check::Sample, Check::Eligibility, Check::Assignment] {
                report.skip(check, "the plan could not be derived");
            }
            return;
        }
    };
    report.run(Check::Plan, table(record, &plan.table()));
    report.run(Check::Sample, sample(record, &sample::replay(&plan, &record.seed)));
    officers(record, evidence, &plan, report);
}

/// The same for a frame whose rows were streamed: they were read by the policy's own gate, hashed and counted.
pub(super) fn streamed(
    record: &Record,
    evidence: &Evidence,
    selected: Selected<'_>,
    report: &mut Gather<Check>,
) {
    let counted = selected.counted();
    let policy = same("policy of the census", record.policy.digest(), counted.policy().digest());
    let ours = policy.is_ok();
    let frame = counted.frame();
    report.run(Check::Frame, policy.clone().and_then(|()| committed(record, frame.size, || frame.root)));
    roster_file(record, evidence, report);
    let (cycle, digest) = counted.cycle();
    report.run(Check::Cycle, cycle_file(record, cycle, digest));
    report.run(Check::Plan, policy.and_then(|()| table(record, &counted.table())));
    if !ours {
        for check in [Check::Sample, Check::Eligibility, Check::Assignment] {
            report.skip(check, "the rows were counted under another policy");
        }
        return;
    }
    let seed = same("seed of the selection", record.seed, selected.seed());
    report.run(Check::Sample, seed.and_then(|()| sample(record, &selected.cells())));
    let (plan, _) = selected.excerpt(roster(record, evidence));
    officers(record, evidence, &plan, report);
}

/// Size and root of the frame are the sealed ones.
fn committed(record: &Record, size: u64, root: impl FnOnce() -> Digest) -> Finding {
    same("units", record.seal.frame.size, size)?;
    same("root of the frame", record.seal.frame.root, root())
}

fn length(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// The roster file; without it the teams cannot be replayed, but the plan of the units can.
fn roster(record: &Record, evidence: &Evidence) -> Roster {
    let none =
        || Roster::new([], [], &record.policy.roster, record.policy.as_of).expect("no rows, no problems");
    evidence.roster.as_ref().map_or_else(none, |(roster, _)| roster.clone())
}

fn roster_file(record: &Record, evidence: &Evidence, report: &mut Gather<Check>) {
    let seal = &record.seal;
    report.run_if(Check::Roster, evidence.roster.as_ref(), NO_ROSTER, |(roster, key)| {
        same(
            "officers and experts",
            seal.roster.size,
            length(roster.inspectors().len() + roster.experts().len()),
        )?;
        same("root of the roster", seal.roster.root, roster.tree(seal.suite, key).root())?;
        same("digest of the recusals", seal.roster.recusals, roster.recusals_digest(seal.suite, key))?;
        conforms("rows of the roster", roster.conforms(&record.policy.roster, record.policy.as_of))
    });
}

fn cycle_file(record: &Record, cycle: &Cycle, digest: Digest) -> Finding {
    same("digest of the cycle", record.seal.cycle, digest)?;
    if cycle.last_draw() < record.seal.sequence {
        return Ok(());
    }
    differ("the last draw of the cycle", format!("before draw {}", record.seal.sequence), cycle.last_draw())
}

fn table(record: &Record, table: &CellTable) -> Finding {
    let suite = record.seal.suite;
    same("digest of the cell table", table.digest(suite), record.table.digest(suite))
}

fn sample(record: &Record, replayed: &[CellSample]) -> Finding {
    match replayed.iter().zip(&record.sample).position(|(a, b)| a != b) {
        Some(cell) => {
            differ(format!("cell {cell} of the sample"), "the smallest tickets of the frame", "others")
        }
        None => same("cells of the sample", replayed.len(), record.sample.len()),
    }
}

/// What takes the roster besides.
fn officers(record: &Record, evidence: &Evidence, plan: &Plan, report: &mut Gather<Check>) {
    if evidence.roster.is_none() {
        report.skip(Check::Eligibility, NO_ROSTER);
        report.skip(Check::Assignment, NO_ROSTER);
        return;
    }
    report.run(Check::Eligibility, eligibility(record, plan));
    report.run(Check::Assignment, assignment(record, plan));
}

/// Rows that the policy's own gate would have refused were never rows of this draw.
fn conforms(what: &str, rows: Result<(), impl std::fmt::Display>) -> Finding {
    rows.or_else(|problems| differ(what, "rows that keep the policy's rules", problems))
}

/// Every post and every officer against the rules, pair by pair: no list of candidates and no replay comes into it, so that a mistake in
/// those cannot hide here.
fn eligibility(record: &Record, plan: &Plan) -> Finding {
    let team = &plan.policy().team;
    let mut loads = Loads::default();
    for visit in &record.teams.visits {
        let Some(unit) = plan.frame().get(&visit.unit) else {
            return differ("a visited unit", "one of the frame", &visit.unit);
        };
        let expected: Vec<_> =
            team.posts_at(&unit.kind).into_iter().map(|(department, post, _)| (department, post)).collect();
        let found: Vec<_> = held(visit).map(|(department, post, _, _)| (department, post)).collect();
        if expected != found {
            let show = |posts: Vec<(Option<&Code>, &Code)>| {
                let one = |(department, post): &(Option<&Code>, &Code)| {
                    format!("{}/{post}", department.map_or("experts", Code::as_str))
                };
                posts.iter().map(one).collect::<Vec<_>>().join(" ")
            };
            return differ(format!("posts at {}", visit.unit), show(expected), show(found));
        }
        for (department, post, people, _) in held(visit) {
            let rules = match department {
                Some(department) => team
                    .departments
                    .iter()
                    .find(|rule| &rule.department == department)
                    .map(|rule| &rule.posts),
                None => team.experts.as_ref().map(|experts| &experts.posts),
            };
            let rule = rules.and_then(|rules| rules.iter().find(|rule| &rule.post == post));
            let needs = rule.and_then(|rule| rule.needs.as_ref());
            let mut groups: BTreeMap<&Code, u64> = BTreeMap::new();
            for id in people {
                let pair = format!("{id} at {}", visit.unit);
                let person: TeamCandidate<'_> = match department {
                    Some(department) => {
                        let Some(place) = plan.roster().position(id) else {
                            return differ("an officer", "one of the roster", id);
                        };
                        let inspector = &plan.roster().inspectors()[place];
                        same(format!("department of {pair}"), department, &inspector.department)?;
                        inspector.into()
                    }
                    None => {
                        let Some(place) = plan.roster().expert_position(id) else {
                            return differ("an expert", "one of the roster", id);
                        };
                        (&plan.roster().experts()[place]).into()
                    }
                };
                if let Some(bar) = plan.bar_at(person, unit, needs, visit.day) {
                    return differ(pair, "allowed to go", format!("barred by {bar}"));
                }
                let pinned = |pin: &Pin| (&pin.unit, &pin.inspector, &pin.post) == (&unit.id, id, post);
                // Only inspectors can be pinned; the limit does not count them.
                let alone = department.is_some() && team.pins.iter().any(pinned);
                if let Some(group) = plan.group(&person).filter(|_| !alone) {
                    *groups.entry(group).or_default() += 1;
                }
                let office = person.office.map(|office| (department, office));
                loads.count(plan, id, plan.cap(person), visit.day, office)?;
            }
            let most = team.limit.map_or(u64::MAX, |limit| limit.most);
            if let Some((group, count)) = groups.into_iter().find(|(_, count)| *count > most) {
                return differ(
                    format!("{group} in one post at {}", visit.unit),
                    format!("at most {most}"),
                    count,
                );
            }
        }
    }
    Ok(())
}

/// Visits counted so far.
#[derive(Default)]
struct Loads<'a> {
    all: BTreeMap<&'a InspectorId, u64>,
    days: BTreeMap<(&'a InspectorId, Date), u64>,
    weeks: BTreeMap<(&'a InspectorId, u32), u64>,
    offices: BTreeMap<(Option<&'a Code>, &'a Code), u64>,
}

impl<'a> Loads<'a> {
    /// Counts one visit of somebody, and compares with every cap.
    fn count(
        &mut self,
        plan: &Plan,
        id: &'a InspectorId,
        cap: u64,
        day: Option<Date>,
        office: Option<(Option<&'a Code>, &'a Code)>,
    ) -> Finding {
        fn within<K: Ord>(
            counts: &mut BTreeMap<K, u64>,
            key: K,
            cap: u64,
            what: impl FnOnce() -> String,
        ) -> Finding {
            let count = counts.entry(key).or_default();
            *count += 1;
            if *count > cap { differ(what(), format!("at most {cap}"), *count) } else { Ok(()) }
        }
        let caps = &plan.policy().team.caps;
        within(&mut self.all, id, cap, || format!("visits of {id}"))?;
        if let Some((day, cap)) = day.zip(caps.day) {
            within(&mut self.days, (id, day), cap, || format!("visits of {id} on {day}"))?;
        }
        if let Some((day, cap)) = day.zip(caps.week) {
            within(&mut self.weeks, (id, day.week()), cap, || {
                format!("visits of {id} in the week of {day}")
            })?;
        }
        match office.zip(caps.office) {
            Some((key, cap)) => within(&mut self.offices, key, cap, || format!("places of office {}", key.1)),
            None => Ok(()),
        }
    }
}

/// The positions of the picks in the frame, ascending.
pub(super) fn picked(record: &Record, plan: &Plan) -> Result<Vec<usize>, (String, String, String)> {
    let mut positions = Vec::new();
    for pick in record.sample.iter().flat_map(|cell| &cell.picks) {
        let Some(position) = plan.frame().position(&pick.id) else {
            return Err(differ("a pick", "a unit of the frame", &pick.id).expect_err("a difference"));
        };
        positions.push(position);
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// A team as one line, for reports.
fn team(visit: &Visit) -> String {
    let officer = |o: &assign::Officer| format!("{} ({}/2^20)", o.id, o.chance);
    let posts = visit.posts.iter().map(|post| {
        let officers: Vec<String> = post.officers.iter().map(officer).collect();
        format!("{}/{} {} + {} vacant", post.department, post.post, officers.join(" "), post.vacancies)
    });
    let guests = visit.experts.iter().map(|post| {
        let guests: Vec<&str> = post.experts.iter().map(|guest| guest.id.as_str()).collect();
        format!("experts/{} {} + {} vacant", post.post, guests.join(" "), post.vacancies)
    });
    let day = visit.day.iter().map(ToString::to_string);
    let lead = visit.lead.iter().map(|lead| format!("lead {lead}"));
    day.chain(posts).chain(guests).chain(lead).collect::<Vec<_>>().join("; ")
}

/// Replays the team of one unit from its own component.
pub(super) fn one_team(record: &Record, evidence: &Evidence, unit: &UnitId) -> Outcome {
    let (Some((frame, _)), Some((roster, _)), Some((cycle, _))) =
        (&evidence.frame, &evidence.roster, &evidence.cycle)
    else {
        return Outcome::NotRun { because: "it takes the files of frame, roster and cycle" };
    };
    let Ok(plan) = Plan::new(frame.clone(), roster.clone(), record.policy.clone(), cycle.clone()) else {
        return Outcome::NotRun { because: "the plan could not be derived" };
    };
    let finding = picked(record, &plan).and_then(|positions| {
        let found = record.teams.visits.iter().find(|visit| &visit.unit == unit);
        let expected = assign::assign_one(&plan, &record.seed, &positions, unit);
        match (expected, found) {
            (Some(expected), Some(found)) if expected == *found => Ok(()),
            (expected, found) => {
                let show = |visit: Option<&Visit>| visit.map_or_else(|| "no visit".to_owned(), team);
                differ(format!("team at {unit}"), show(expected.as_ref()), show(found))
            }
        }
    });
    match finding {
        Ok(()) => Outcome::Pass,
        Err((what, expected, found)) => Outcome::Fail { what, expected, found },
    }
}

/// Replays chance table and coins for the picks of the record.
fn assignment(record: &Record, plan: &Plan) -> Finding {
    let positions = picked(record, plan)?;
    let teams = assign::assign(plan, &record.seed, &positions).teams;
    let found = &record.teams;
    if let Some((expected, visit)) = teams.visits.iter().zip(&found.visits).find(|(a, b)| a != b) {
        return differ(format!("team at {}", visit.unit), team(expected), team(visit));
    }
    same("visits", teams.visits.len(), found.visits.len())?;
    same("digest of the chance table", teams.table, found.table)?;
    let lists = |same: bool| if same { "the replayed ones" } else { "others" };
    same("raised ceilings", lists(true), lists(teams.raised == found.raised))?;
    same("shortages", lists(true), lists(teams.shortages == found.shortages))?;
    same("lapsed pins", lists(true), lists(teams.lapsed == found.lapsed))?;
    same("widened shortlists", lists(true), lists(teams.widened == found.widened))
}
