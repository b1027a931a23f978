//! What a ledger says after its draws, made again: events, reserves, changes of teams (Spec 16.3 to 16.5 and 17.6).

use super::Evidence;
use super::audit::picked;
use super::checks::{Finding, differ, same};
use super::ledger::{DrawEvidence, salt_key};
use crate::assign::{Change, Move, Replacement, Teams, Visit};
use crate::bytes::SaltKey;
use crate::disclosure::{DrawnDocument, VisitsCommitment, VisitsTree};
use crate::id::{InspectorId, UnitId};
use crate::ledger::{Attempt, Content, Correction, Line, Reassigned, Replaced, State};
use crate::plan::Plan;
use crate::record::Record;
use crate::roster::Roster;
use crate::sample::{self, Reserve};
use std::collections::{BTreeMap, BTreeSet};

/// The plan of a draw from the auditor's files; without a roster where only institutions matter.
fn plan(record: &Record, evidence: &Evidence, teams: bool) -> Option<Plan> {
    let ((frame, _), (cycle, _)) = evidence.frame.as_ref().zip(evidence.cycle.as_ref())?;
    record.policy.check().ok()?;
    let roster = match (&evidence.roster, teams) {
        (Some((roster, _)), _) => roster.clone(),
        (None, true) => return None,
        (None, false) => Roster::new([], [], &record.policy.roster, record.policy.as_of).ok()?,
    };
    Plan::new(frame.clone(), roster, record.policy.clone(), cycle.clone()).ok()
}

/// What a draw is to the cycle, from its record and files.
pub(super) fn document(draw: &DrawEvidence) -> Option<DrawnDocument> {
    let (record, key) = draw.record.as_ref().zip(salt_key(&draw.evidence))?;
    let plan = plan(record, &draw.evidence, false)?;
    let positions = picked(record, &plan).ok()?;
    let drawn = sample::drawn(&plan, record.seal.sequence, &record.seed, &positions);
    Some(DrawnDocument::new(&record.seal, key, drawn))
}

/// The drawn document that is known is the one entered, and a given one follows from plan and seed.
pub(super) fn event(
    attempt: &Attempt,
    draw: &DrawEvidence,
    known: Option<&DrawnDocument>,
) -> Option<Finding> {
    let known = known?;
    let name = format!("the drawn document of draw {}", attempt.seal().sequence);
    let entered = attempt.drawn()?;
    let found = known.digest(attempt.seal().suite);
    if entered != found {
        return Some(same(name, entered, found));
    }
    let own = draw.drawn.as_ref().and_then(|_| document(draw));
    let fits = own.is_none_or(|own| own == *known);
    Some(if fits { Ok(()) } else { differ(name, "what the draw is to the cycle", "something else") })
}

/// Entries about the visits of a draw that stands, in order, with their numbers.
fn changes<'a>(lines: &'a [Line], attempt: &Attempt) -> Vec<(u64, &'a Content)> {
    let (draw, from) = (attempt.seal().sequence, attempt.number());
    let own = |line: &&Line| line.entry().number > from && line.entry().entry.visits_of() == Some(draw);
    lines.iter().filter(own).map(|line| (line.entry().number, &line.entry().entry)).collect()
}

/// Every replacement is the next reserve, as far as the lists reach.
pub(super) fn reserves(lines: &[Line], attempt: &Attempt, draw: &DrawEvidence) -> Option<Finding> {
    let record = draw.record.as_ref().filter(|record| record.policy.check().is_ok())?;
    attempt.stands().then_some(())?;
    let changes = changes(lines, attempt);
    changes.iter().find(|(_, change)| matches!(change, Content::Replaced(_)))?;
    let whole = plan(record, &draw.evidence, false).map(|plan| sample::replay_whole(&plan, &record.seed));
    let cells = whole.as_ref().unwrap_or(&record.sample);
    let mut used: BTreeSet<UnitId> = BTreeSet::new();
    let picks = record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| &pick.id));
    let mut standing: BTreeSet<&UnitId> = picks.collect();
    let mut run = false;
    for change in changes {
        let (number, Content::Replaced(Replaced { by, unit, .. })) = change else { continue };
        if !standing.remove(unit) {
            let expected = "a unit that is to be visited in this draw";
            return Some(differ(format!("entry {number}, who is replaced"), expected, unit));
        }
        standing.insert(by);
        let known = sample::next_reserve(&record.table, cells, unit, &used);
        used.insert(by.clone());
        let expected = match known {
            Some(Reserve::Unit(expected)) => expected.to_string(),
            Some(Reserve::Exhausted) => "nobody".to_owned(),
            // A unit that came as a replacement and is not among those shown.
            Some(Reserve::NotShown) | None => continue,
        };
        run = true;
        if expected != by.as_str() {
            return Some(differ(format!("who replaces {unit}"), expected, by));
        }
    }
    run.then_some(Ok(()))
}

/// Every change of a team is the one that the rule gives, and the visits committed to are those after it. Visits made by others than the team
/// are noted, as long as the team is known.
pub(super) fn teams(
    lines: &[Line],
    state: &State,
    attempt: &Attempt,
    draw: &DrawEvidence,
    others: &mut Vec<u64>,
) -> Option<Finding> {
    let record = draw.record.as_ref().filter(|record| record.policy.check().is_ok())?;
    attempt.stands().then_some(())?;
    let mut teams = record.teams.clone();
    let mut files: Option<(Plan, &SaltKey)> = None;
    let mut dropped: BTreeMap<UnitId, BTreeSet<InspectorId>> = BTreeMap::new();
    for (number, change) in changes(lines, attempt) {
        if let Content::Visited(entered) = change {
            let Some(Correction::Visited(visited)) = state.visit(number) else { continue };
            if !teams.visits.iter().any(|visit| visit.unit == entered.unit && came(visit, &visited.team)) {
                others.push(number);
            }
            continue;
        }
        let (Content::Replaced(_) | Content::Reassigned(_)) = change else { continue };
        if files.is_none() {
            files = Some((plan(record, &draw.evidence, true)?, salt_key(&draw.evidence)?));
        }
        let (plan, key) = files.as_ref()?;
        let step = match change {
            Content::Replaced(Replaced { by, unit, visits, .. }) => {
                let after = teams.relocated(plan, unit, by, &record.seed);
                after.map_err(|error| error.to_string()).map(|after| (after, visits, by))
            }
            Content::Reassigned(reassigned) => {
                let out = dropped.entry(reassigned.unit.clone()).or_default();
                reassign(plan, &teams, reassigned, out, record)
                    .map(|after| (after, &reassigned.visits, &reassigned.unit))
            }
            _ => continue,
        };
        let (after, visits, unit) = match step {
            Ok(step) => step,
            Err(found) => {
                let what = format!("entry {number}, a change of teams");
                return Some(differ(what, "the one that the rule gives", found));
            }
        };
        let tree = VisitsTree::new(attempt.seal(), key, &after.visits).ok()?;
        let show = |visits: &VisitsCommitment| format!("{} × {}", visits.size, visits.root);
        let what = format!("entry {number}, the visits after the change at {unit}");
        let finding = same(what, show(&tree.commitment()), show(visits));
        if finding.is_err() {
            return Some(finding);
        }
        teams = after;
    }
    files.map(|_| Ok(()))
}

/// Whether those who came are the officers of the visit, or these with its experts.
fn came(visit: &Visit, team: &[InspectorId]) -> bool {
    let mut people: Vec<&InspectorId> =
        visit.posts.iter().flat_map(|post| post.officers.iter().map(|officer| &officer.id)).collect();
    people.sort_unstable();
    if people.iter().copied().eq(team) {
        return true;
    }
    people.extend(visit.experts.iter().flat_map(|post| post.experts.iter().map(|guest| &guest.id)));
    people.sort_unstable();
    people.iter().copied().eq(team)
}

/// The teams after somebody dropped out, if the entry's moves are the rule's.
fn reassign(
    plan: &Plan,
    teams: &Teams,
    entry: &Reassigned,
    dropped: &mut BTreeSet<InspectorId>,
    record: &Record,
) -> Result<Teams, String> {
    let mut unavailable: BTreeSet<InspectorId> = dropped.clone();
    unavailable.extend(entry.unavailable.iter().map(|away| away.id.clone()));
    let change = Change {
        out: entry.out.clone(),
        unavailable: unavailable.into_iter().collect(),
        unit: entry.unit.clone(),
    };
    let found = plan.replace(teams, &change, &record.seed).map_err(|error| error.to_string())?;
    let moves = match &found {
        Replacement::Drawn { place, .. } => std::slice::from_ref(place),
        Replacement::Chain { moves } => moves,
        Replacement::Vacant { .. } => &[],
    };
    if moves != entry.moves.as_slice() {
        let show = |moves: &[Move]| {
            moves
                .iter()
                .map(|m| format!("{} for {} at {}", m.by, m.out, m.unit))
                .collect::<Vec<_>>()
                .join(", ")
        };
        return Err(format!("{:?} instead of {:?}", show(&entry.moves), show(moves)));
    }
    dropped.insert(entry.out.clone());
    teams.with(plan, &change, &found, true, &record.seed).map_err(|error| error.to_string())
}
