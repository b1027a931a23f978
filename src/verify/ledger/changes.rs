//! The entries about the visits of a draw, made again: reserves and changes of teams (Spec 16.4, 16.5
//! and 17.6).

use super::super::replay::Replay;
use super::super::report::{Comparison, differ, same};
use super::draws::KnownDraw;
use crate::assign::{Away, Change, Move, Teams, Visit};
use crate::disclosure::{VisitsCommitment, VisitsTree};
use crate::dispatch::KeptUnits;
use crate::id::{InspectorId, UnitId};
use crate::ledger::{
    Attempt, Content, Correction, DroppedOut, Line, Missed, Reassigned, Replaced, State, Visited,
};
use crate::message::{AsParam as _, Coded as _, Message, Param, Plain, said};
use crate::sample::{self, Reserve};
use std::collections::{BTreeMap, BTreeSet};

/// The entries about the visits of each draw, in order: the lines are looked through once for all draws.
#[derive(Debug)]
pub(super) struct Changes<'a>(BTreeMap<u64, Vec<ChangeOfDraw<'a>>>);

#[derive(Debug)]
struct ChangeOfDraw<'a> {
    number: u64,
    content: &'a Content,
    /// The entry whose attempt it belongs to: of an amendment what it amends.
    since: u64,
}

impl<'a> Changes<'a> {
    pub(super) fn new(lines: &'a [Line]) -> Self {
        let mut draws: BTreeMap<u64, Vec<ChangeOfDraw<'a>>> = BTreeMap::new();
        for line in lines {
            let (number, content) = (line.entry().number, &line.entry().entry);
            let (since, about) = match content {
                Content::Amended { amends, entry, .. } => (*amends, entry.about().0),
                content => (number, content.facts().visits_of),
            };
            if let Some(draw) = about {
                draws.entry(draw).or_default().push(ChangeOfDraw { number, content, since });
            }
        }
        Self(draws)
    }

    /// Those of an attempt that stands, with their numbers, before the first whose content is not known.
    pub(super) fn of(&self, attempt: &Attempt) -> Vec<(u64, &'a Content)> {
        let all = self.0.get(&attempt.seal().sequence).map_or(&[][..], Vec::as_slice);
        let own = all.iter().filter(|change| change.since > attempt.number());
        let told = |number: u64| attempt.untold().first().is_none_or(|untold| number < *untold);
        own.map(|change| (change.number, change.content)).take_while(|(number, _)| told(*number)).collect()
    }
}

/// Every replacement is the next reserve, as far as the lists reach.
pub(super) fn reserves(changes: &Changes<'_>, draw: &KnownDraw<'_>) -> Option<Comparison> {
    let record = draw.given.record.as_ref()?;
    draw.attempt.stands().then_some(())?;
    let changes = changes.of(draw.attempt);
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
            let what = said!("compared.entry_replaced", "entry {number}, who is replaced", number);
            let expected = said!("expected.unit_to_visit", "a unit that is to be visited in this draw");
            return Some(differ(what, expected, unit));
        }
        standing.insert(by.as_str());
        let known = sample::next_reserve(&record.table, cells, unit, &used);
        used.insert(by.clone());
        let expected = match known {
            Some(Reserve::Unit(expected)) => Some(expected),
            Some(Reserve::Exhausted) => None,
            // A unit that came as a replacement and is not among those shown.
            Some(Reserve::NotShown) | None => continue,
        };
        run = true;
        if expected.as_ref() != Some(by) {
            return Some(differ(said!("compared.next_reserve", "who replaces {unit}", unit), expected, by));
        }
    }
    run.then_some(Ok(()))
}

/// Every change of a team is the one that the rule gives, and the visits committed to are those after it. The
/// numbers of visits that were made by others than the team are added to `others`, as long as the team is
/// known.
pub(super) fn teams(
    changes: &Changes<'_>,
    state: &State,
    draw: &KnownDraw<'_>,
    others: &mut Vec<u64>,
) -> Option<Comparison> {
    let record = draw.given.record.as_ref()?;
    draw.attempt.stands().then_some(())?;
    let (teams, settled) = (record.teams.clone(), BTreeMap::new());
    let (out, kept) = (BTreeMap::new(), draw.kept());
    let mut after = TeamsAfter { teams, kept, out, barred: Vec::new(), settled };
    let changes = changes.of(draw.attempt);
    // The entry that says last what became of each visit.
    let told = |(number, change): &(u64, &Content)| Some((settles(*number, change)?.0, *number));
    let last: BTreeMap<u64, u64> = changes.iter().filter_map(told).collect();
    let mut run = false;
    for (number, change) in changes {
        let step = match change {
            Content::Replaced(replaced) => TeamChange::Unit(replaced),
            Content::Reassigned(reassigned) => TeamChange::Inspector(reassigned),
            Content::DroppedOut(entered) => {
                after.out.insert(number, entered);
                continue;
            }
            change => {
                let Some((visit, unit)) = settles(number, change) else { continue };
                match unit {
                    Some(unit) => drop(after.settled.insert(visit, unit.clone())),
                    None => drop(after.settled.remove(&visit)),
                }
                let counts = last.get(&visit) == Some(&number);
                if let Some(Correction::Visited(made)) = state.visit(visit).filter(|_| counts)
                    && !after.is_team_of(made)
                {
                    others.push(visit);
                }
                continue;
            }
        };
        let replay = draw.replay.filter(|replay| replay.has_roster())?;
        let key = draw.given.evidence.salt_key()?;
        run = true;
        if let Err(reason) = after.change(replay, &step) {
            let what = said!("compared.entry_teams", "entry {number}, a change of teams", number);
            return Some(differ(what, said!("expected.of_rule", "the one that the rule gives"), reason));
        }
        let tree = VisitsTree::new(draw.attempt.seal(), key, &after.teams.visits).ok()?;
        let what = said!("compared.entry_visits", "entry {number}, the visits after the change", number);
        let comparison = same(what, show(&tree.commitment()), show(step.visits()));
        if comparison.is_err() {
            return Some(comparison);
        }
    }
    run.then_some(Ok(()))
}

/// The entry whose visit a change makes, misses, or takes back, and the unit that is settled by it. A visit
/// that was taken back is still to be made.
const fn settles(number: u64, change: &Content) -> Option<(u64, Option<&UnitId>)> {
    match change {
        Content::Visited(Visited { unit, .. }) | Content::Missed(Missed { unit, .. }) => {
            Some((number, Some(unit)))
        }
        Content::Amended { amends, entry: Correction::Withdrawn(_), .. } => Some((*amends, None)),
        Content::Amended { amends, entry, .. } => Some((*amends, Some(entry.unit()))),
        _ => None,
    }
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
}

/// The teams after some entries, who dropped out by which entry, who is barred from a unit that came, and
/// which visits are settled by which entry.
struct TeamsAfter<'a> {
    teams: Teams,
    /// Of a draw that dispatches.
    kept: Option<KeptUnits<'a>>,
    out: BTreeMap<u64, &'a DroppedOut>,
    barred: Vec<Away>,
    settled: BTreeMap<u64, UnitId>,
}

impl TeamsAfter<'_> {
    /// Whether those who made a visit are its team as it stands. Where others send people as well, its team
    /// are the officers who are drawn here, and whoever came with them.
    fn is_team_of(&self, made: &Visited) -> bool {
        let visits = &self.teams.visits;
        let place = visits.binary_search_by(|visit| visit.unit.cmp(&made.unit));
        let alone = self.kept.as_ref().is_none_or(|kept| kept.contains(&made.unit));
        let are_team = |visit| if alone { came(visit, &made.team) } else { came_along(visit, &made.team) };
        place.is_ok_and(|place| are_team(&visits[place]))
    }

    fn change(&mut self, replay: &Replay<'_>, change: &TeamChange<'_>) -> Result<(), Message> {
        let (plan, record) = (replay.plan(), replay.record());
        if let TeamChange::Unit(replaced) = change {
            self.barred.extend(replaced.away(plan.policy().window));
        }
        let dropped_out = self.out.values().map(|entered| entered.away());
        let away: Vec<Away> = dropped_out.chain(self.barred.iter().cloned()).collect();
        self.teams = match change {
            TeamChange::Unit(Replaced { by, passed, unit, .. }) => {
                let found = self.teams.relocated(plan, &record.teams, &away, (unit, by), &record.seed);
                let found = found.map_err(|error| error.message())?;
                let entered = passed.unwrap_or(0);
                if found.passed != entered {
                    let right = found.passed;
                    return Err(said!(
                        "found.passed_over",
                        "{entered} reserves passed over instead of {right}",
                        entered,
                        right
                    ));
                }
                found.teams
            }
            TeamChange::Inspector(reassigned) => {
                let unknown = || said!("found.no_drop_out", "no entry of who dropped out");
                let entered = self.out.get(&reassigned.entry).ok_or_else(unknown)?;
                let (dates, out, unit) = (entered.dates, entered.out.clone(), entered.unit.clone());
                let change =
                    Change { away, dates, out, settled: self.settled.values().cloned().collect(), unit };
                let found = plan.reassign(&record.teams, &self.teams, &change, &record.seed);
                let found = found.map_err(|error| error.message())?;
                let moves = found.moves();
                if moves != reassigned.moves {
                    let (entered, right) = (told(&reassigned.moves), told(&moves));
                    return Err(said!("found.moves", "{entered} instead of {right}", entered, right));
                }
                found.teams
            }
        };
        Ok(())
    }
}

/// Moves in words, for reports.
fn told(moves: &[Move]) -> Param {
    let one = |step: &Move| {
        let Move { by, out, passed, post, unit, .. } = step;
        said!(
            "found.move",
            "{by} for {out} at {unit} as {post}, {passed} passed over",
            by,
            out,
            unit,
            post,
            passed
        )
    };
    Param::List(moves.iter().map(|step| one(step).param()).collect())
}

/// Size and root, for reports.
pub(super) fn show(visits: &VisitsCommitment) -> Plain {
    Plain(format!("{} × {}", visits.size, visits.root))
}

fn officers(visit: &Visit) -> impl Iterator<Item = &InspectorId> {
    visit.posts.iter().flat_map(|post| post.officers.iter().map(|officer| &officer.id))
}

/// Whether the officers of the visit are among those who came.
fn came_along(visit: &Visit, team: &[InspectorId]) -> bool {
    officers(visit).all(|officer| team.binary_search(officer).is_ok())
}

/// Whether those who came are the officers of the visit, or these with its experts.
fn came(visit: &Visit, team: &[InspectorId]) -> bool {
    let mut people: Vec<&InspectorId> = officers(visit).collect();
    people.sort_unstable();
    if people.iter().copied().eq(team) {
        return true;
    }
    people.extend(visit.experts.iter().flat_map(|post| post.experts.iter().map(|guest| &guest.id)));
    people.sort_unstable();
    people.iter().copied().eq(team)
}
