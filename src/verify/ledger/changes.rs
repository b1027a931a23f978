//! The entries about the visits of a draw, made again: reserves and changes of teams (Spec 16.4, 16.5
//! and 17.6).

use super::super::replay::Replay;
use super::super::report::{Comparison, differ, same};
use super::draws::KnownDraw;
use crate::assign::{Change, Move, Replacement, Teams, Visit};
use crate::disclosure::{VisitsCommitment, VisitsTree};
use crate::id::{InspectorId, UnitId};
use crate::ledger::{Attempt, Content, Correction, Line, Reassigned, Replaced, State};
use crate::plan::Plan;
use crate::record::Record;
use crate::sample::{self, Reserve};
use std::collections::{BTreeMap, BTreeSet};

/// Entries about the visits of a draw that stands, in order, with their numbers.
pub(super) fn changes<'a>(lines: &'a [Line], attempt: &Attempt) -> Vec<(u64, &'a Content)> {
    let (draw, from) = (attempt.seal().sequence, attempt.number());
    let own = |line: &&Line| line.entry().number > from && line.entry().entry.facts().visits_of == Some(draw);
    lines.iter().filter(own).map(|line| (line.entry().number, &line.entry().entry)).collect()
}

/// Every replacement is the next reserve, as far as the lists reach.
pub(super) fn reserves(lines: &[Line], draw: &KnownDraw<'_>) -> Option<Comparison> {
    let record = draw.sound_record()?;
    draw.attempt.stands().then_some(())?;
    let changes = changes(lines, draw.attempt);
    changes.iter().find(|(_, change)| matches!(change, Content::Replaced(_)))?;
    let whole = draw.replay.map(Replay::whole_sample);
    let cells = whole.as_ref().unwrap_or(&record.sample);
    let mut used: BTreeSet<UnitId> = BTreeSet::new();
    let picks = record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| pick.id.as_str()));
    let mut standing: BTreeSet<&str> = picks.collect();
    let mut run = false;
    for change in changes {
        let (number, Content::Replaced(Replaced { by, unit, .. })) = change else { continue };
        if !standing.remove(unit.as_str()) {
            let expected = "a unit that is to be visited in this draw";
            return Some(differ(format!("entry {number}, who is replaced"), expected, unit));
        }
        standing.insert(by.as_str());
        let known = sample::next_reserve(&record.table, cells, unit, &used);
        used.insert(by.clone());
        let expected = match known {
            Some(Reserve::Unit(expected)) => expected.to_string(),
            Some(Reserve::Exhausted) => "no reserve".to_owned(),
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

/// Every change of a team is the one that the rule gives, and the visits committed to are those after it. The
/// numbers of visits that were made by others than the team are added to `others`, as long as the team is
/// known.
pub(super) fn teams(
    lines: &[Line],
    state: &State,
    draw: &KnownDraw<'_>,
    others: &mut Vec<u64>,
) -> Option<Comparison> {
    let record = draw.sound_record()?;
    draw.attempt.stands().then_some(())?;
    let mut after = TeamsAfter { teams: record.teams.clone(), out: BTreeMap::new() };
    let mut run = false;
    for (number, change) in changes(lines, draw.attempt) {
        if let Content::Visited(entered) = change {
            let Some(Correction::Visited(visited)) = state.visit(number) else { continue };
            let own = |visit: &Visit| visit.unit == entered.unit && came(visit, &visited.team);
            if !after.teams.visits.iter().any(own) {
                others.push(number);
            }
            continue;
        }
        let step = match change {
            Content::Replaced(replaced) => TeamChange::Unit(replaced),
            Content::Reassigned(reassigned) => TeamChange::Inspector(reassigned),
            _ => continue,
        };
        let replay = draw.replay.filter(|replay| replay.has_roster())?;
        let key = draw.given.evidence.salt_key()?;
        run = true;
        if let Err(reason) = after.change(replay, &step) {
            let what = format!("entry {number}, a change of teams");
            return Some(differ(what, "the one that the rule gives", reason));
        }
        let tree = VisitsTree::new(draw.attempt.seal(), key, &after.teams.visits).ok()?;
        let what = format!("entry {number}, the visits after the change at {}", step.at());
        let comparison = same(what, show(&tree.commitment()), show(step.visits()));
        if comparison.is_err() {
            return Some(comparison);
        }
    }
    run.then_some(Ok(()))
}

/// An entry that changes teams.
enum TeamChange<'a> {
    /// Another unit is visited.
    Unit(&'a Replaced),
    /// Another inspector goes.
    Inspector(&'a Reassigned),
}

impl TeamChange<'_> {
    /// The visits that the entry commits to.
    const fn visits(&self) -> &VisitsCommitment {
        match self {
            Self::Unit(replaced) => &replaced.visits,
            Self::Inspector(reassigned) => &reassigned.visits,
        }
    }

    /// The unit whose team is new.
    const fn at(&self) -> &UnitId {
        match self {
            Self::Unit(replaced) => &replaced.by,
            Self::Inspector(reassigned) => &reassigned.unit,
        }
    }
}

/// The teams after some entries, and who dropped out of which visit.
struct TeamsAfter {
    teams: Teams,
    out: BTreeMap<UnitId, Vec<InspectorId>>,
}

impl TeamsAfter {
    fn change(&mut self, replay: &Replay<'_>, change: &TeamChange<'_>) -> Result<(), String> {
        let (plan, record) = (replay.plan(), replay.record());
        self.teams = match change {
            TeamChange::Unit(Replaced { by, unit, .. }) => {
                let after = self.teams.relocated(plan, unit, by, &record.seed);
                after.map_err(|error| error.to_string())?
            }
            TeamChange::Inspector(reassigned) => {
                let out = self.out.entry(reassigned.unit.clone()).or_default();
                reassign(plan, &self.teams, reassigned, out, record)?
            }
        };
        Ok(())
    }
}

/// Size and root, for reports.
pub(super) fn show(visits: &VisitsCommitment) -> String {
    format!("{} × {}", visits.size, visits.root)
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

/// The teams after an inspector dropped out, if the entry's moves are those of the rule.
fn reassign(
    plan: &Plan,
    teams: &Teams,
    entry: &Reassigned,
    dropped: &mut Vec<InspectorId>,
    record: &Record,
) -> Result<Teams, String> {
    let mut unavailable = dropped.clone();
    unavailable.extend(entry.unavailable.iter().map(|away| away.id.clone()));
    unavailable.sort_unstable();
    unavailable.dedup();
    let change = Change { out: entry.out.clone(), unavailable, unit: entry.unit.clone() };
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
    dropped.push(entry.out.clone());
    teams.with(plan, &change, &found, true, &record.seed).map_err(|error| error.to_string())
}
