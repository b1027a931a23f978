//! What takes the files of frame, roster and cycle: that nobody was left out and every team follows from the rules.

use super::checks::{Finding, Gather, differ, same};
use super::{Check, Evidence};
use crate::assign::{self, Visit};
use crate::id::InspectorId;
use crate::plan::Plan;
use crate::record::Record;
use crate::roster::Roster;
use crate::sample;
use std::collections::BTreeMap;

/// What takes the auditor's files.
pub(super) fn audit(record: &Record, evidence: &Evidence, report: &mut Gather) {
    let seal = &record.seal;
    let length = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let (no_frame, no_roster, no_cycle) =
        ("the frame file was not given", "the roster file was not given", "the cycle file was not given");
    report.run_if(Check::Frame, evidence.frame.as_ref(), no_frame, |(frame, key)| {
        same("units", seal.frame.size, length(frame.units().len()))?;
        same("root of the frame", seal.frame.root, frame.tree(key).root())?;
        conforms("rows of the frame", frame.conforms(&record.policy.frame, record.policy.as_of))
    });
    report.run_if(Check::Roster, evidence.roster.as_ref(), no_roster, |(roster, key)| {
        same("officers", seal.roster.size, length(roster.inspectors().len()))?;
        same("root of the roster", seal.roster.root, roster.tree(key).root())?;
        same("digest of the recusals", seal.roster.recusals, roster.recusals_digest(key))?;
        conforms("rows of the roster", roster.conforms(&record.policy.roster, record.policy.as_of))
    });
    report.run_if(Check::Cycle, evidence.cycle.as_ref(), no_cycle, |(cycle, key)| {
        same("digest of the cycle", seal.cycle, cycle.digest(key))?;
        if cycle.last_draw() < seal.sequence {
            return Ok(());
        }
        differ("the last draw of the cycle", format!("before draw {}", seal.sequence), cycle.last_draw())
    });
    let Some(((frame, _), (cycle, _))) = evidence.frame.as_ref().zip(evidence.cycle.as_ref()) else {
        let because = if evidence.frame.is_none() { no_frame } else { no_cycle };
        for check in [Check::Plan, Check::Sample, Check::Eligibility, Check::Assignment] {
            report.skip(check, because);
        }
        return;
    };
    // Without the roster file the teams cannot be replayed, but the plan of the units can.
    let roster = evidence.roster.as_ref().map(|(roster, _)| roster.clone());
    let empty =
        || Roster::new([], [], &record.policy.roster, record.policy.as_of).expect("no rows, no problems");
    let known = roster.clone().unwrap_or_else(empty);
    let plan = match Plan::new(frame.clone(), known, record.policy.clone(), cycle.clone()) {
        Ok(plan) => plan,
        Err(error) => {
            report.run(Check::Plan, differ("the plan", "a plan from policy, frame and cycle", error));
            for check in [Check::Sample, Check::Eligibility, Check::Assignment] {
                report.skip(check, "the plan could not be derived");
            }
            return;
        }
    };
    report.run(Check::Plan, same("digest of the cell table", plan.table().digest(), record.table.digest()));
    let replayed = sample::replay(&plan, &record.seed);
    report.run(
        Check::Sample,
        match replayed.iter().zip(&record.sample).position(|(a, b)| a != b) {
            Some(cell) => {
                differ(format!("cell {cell} of the sample"), "the smallest tickets of the frame", "others")
            }
            None => same("cells of the sample", replayed.len(), record.sample.len()),
        },
    );
    if roster.is_none() {
        report.skip(Check::Eligibility, no_roster);
        report.skip(Check::Assignment, no_roster);
        return;
    }
    report.run(Check::Eligibility, eligibility(record, &plan));
    report.run(Check::Assignment, assignment(record, &plan));
}

/// Rows that the policy's own gate would have refused were never rows of this draw.
fn conforms(what: &str, rows: Result<(), impl std::fmt::Display>) -> Finding {
    rows.or_else(|problems| differ(what, "rows that keep the policy's rules", problems))
}

/// Every officer against the rules, pair by pair: no list of candidates and no replay comes into it, so that a mistake in
/// those cannot hide here.
fn eligibility(record: &Record, plan: &Plan) -> Finding {
    let mut loads: BTreeMap<&InspectorId, u64> = BTreeMap::new();
    for visit in &record.teams.visits {
        let Some(unit) = plan.frame().get(&visit.unit) else {
            return differ("a visited unit", "one of the frame", &visit.unit);
        };
        for post in &visit.posts {
            for officer in &post.officers {
                let roster = plan.roster();
                let Some(inspector) = roster.position(&officer.id).map(|i| &roster.inspectors()[i]) else {
                    return differ("an officer", "one of the roster", &officer.id);
                };
                let pair = || format!("{} at {}", officer.id, visit.unit);
                same(format!("department of {}", pair()), &post.department, &inspector.department)?;
                if let Some(bar) = plan.bar(inspector, unit) {
                    return differ(pair(), "allowed to go", format!("barred by {bar:?}"));
                }
                let load = loads.entry(&officer.id).or_default();
                *load += 1;
                if *load > plan.cap(inspector) {
                    let what = format!("visits of {}", officer.id);
                    return differ(what, format!("at most {}", plan.cap(inspector)), load);
                }
            }
        }
    }
    Ok(())
}

/// Replays chance table and coins for the picks of the record.
fn assignment(record: &Record, plan: &Plan) -> Finding {
    let mut positions = Vec::new();
    for pick in record.sample.iter().flat_map(|cell| &cell.picks) {
        let Some(position) = plan.frame().position(&pick.id) else {
            return differ("a pick", "a unit of the frame", &pick.id);
        };
        positions.push(position);
    }
    positions.sort_unstable();
    positions.dedup();
    let (teams, _) = assign::assign(plan, &record.seed, &positions);
    let found = &record.teams;
    if let Some((expected, visit)) = teams.visits.iter().zip(&found.visits).find(|(a, b)| a != b) {
        let show = |visit: &Visit| {
            let officer = |o: &assign::Officer| format!("{} ({}/2^20)", o.id, o.chance);
            let posts = visit.posts.iter().map(|post| {
                let officers: Vec<String> = post.officers.iter().map(officer).collect();
                format!("{} {} + {} vacant", post.department, officers.join(" "), post.vacancies)
            });
            posts.collect::<Vec<_>>().join("; ")
        };
        return differ(format!("team at {}", visit.unit), show(expected), show(visit));
    }
    same("visits", teams.visits.len(), found.visits.len())?;
    same("digest of the chance table", teams.table, found.table)?;
    let lists = |same: bool| if same { "the replayed ones" } else { "others" };
    same("raised ceilings", lists(true), lists(teams.raised == found.raised))?;
    same("shortages", lists(true), lists(teams.shortages == found.shortages))
}
