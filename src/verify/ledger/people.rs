//! The teams that were entered: people of the sealed roster, and no more of them than a team has (Spec 19,
//! `people`).

use super::super::posts;
use super::super::report::{Comparison, differ};
use super::super::words;
use super::draws::KnownDraw;
use crate::dispatch::KeptUnits;
use crate::id::{InspectorId, UnitId};
use crate::ledger::{Attempt, Correction, State};
use crate::message::said;
use crate::policy::Policy;
use crate::roster::Roster;
use std::collections::BTreeMap;

/// What a draw says about the teams of its visits.
struct TeamBounds<'a> {
    draw: &'a KnownDraw<'a>,
    policy: &'a Policy,
    /// `None` without the auditor's file.
    roster: Option<&'a Roster>,
}

impl<'a> TeamBounds<'a> {
    fn of(draw: &'a KnownDraw<'a>) -> Option<Self> {
        let policy = &draw.given.record.as_ref()?.policy;
        Some(Self { draw, policy, roster: draw.given.evidence.roster.as_ref().map(|(roster, _)| roster) })
    }

    /// The places of the largest team that the policy sends to any kind of institution.
    fn largest(&self) -> u64 {
        let places = |kind| self.policy.team.posts_at(kind).iter().map(|(_, _, places)| places).sum();
        self.policy.frame.kinds.iter().map(places).max().unwrap_or(0)
    }

    /// The places of the team at a unit, if the record has its visit.
    fn places(&self, unit: &UnitId) -> Option<u64> {
        let visits = &self.draw.given.record.as_ref()?.teams.visits;
        let visit = &visits[visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?];
        Some(posts::held(visit).map(|held| posts::places(&held)).sum())
    }

    fn knows(&self, id: &InspectorId) -> Option<bool> {
        let roster = self.roster?;
        Some(roster.position(id).or_else(|| roster.expert_position(id)).is_some())
    }
}

/// Every team that counts: of visits, against the draw; of inspections outside draws, against the draws
/// before and after. Nothing is said where the record of one of these is not known.
pub(super) fn people(state: &State, draws: &[KnownDraw<'_>]) -> Option<Comparison> {
    // Whom other authorities send stands on their rosters (Spec 27.2); the areas of each draw are taken once.
    let kept = draws.iter().filter_map(|draw| Some((draw.attempt.number(), draw.kept()?)));
    let kept: BTreeMap<u64, KeptUnits<'_>> = kept.collect();
    let mut run = false;
    for (number, visit) in state.visits() {
        let (team, unit) = (visit.team(), visit.about().1);
        let attempts = match visit {
            Correction::Visited(visited) => {
                last_before(state, number, Some(visited.draw)).into_iter().collect()
            }
            Correction::Inspected(_) => neighbours(state, number),
            Correction::Missed(_) | Correction::Withdrawn(_) => continue,
        };
        let drawn = matches!(visit, Correction::Visited(_));
        let sent = |attempt: &&Attempt| kept.get(&attempt.number()).is_some_and(|kept| !kept.contains(unit));
        if drawn && attempts.iter().any(sent) {
            continue;
        }
        let bounds = |attempt: &Attempt| {
            let draw = draws.iter().find(|draw| draw.attempt.number() == attempt.number())?;
            TeamBounds::of(draw)
        };
        let known: Option<Vec<TeamBounds<'_>>> = attempts.into_iter().map(bounds).collect();
        let Some(known) = known.filter(|known| !known.is_empty()) else { continue };
        run = true;
        let places = |bounds: &TeamBounds<'_>| {
            Some(unit)
                .filter(|_| drawn)
                .and_then(|unit| bounds.places(unit))
                .unwrap_or_else(|| bounds.largest())
        };
        let most = known.iter().map(places).max().unwrap_or(0);
        if count(team.len()) > most {
            let what =
                said!("compared.entry_people", "entry {number}, the people who came to {unit}", number, unit);
            return Some(differ(what, words::at_most(most), team.len()));
        }
        let stranger = |id: &&InspectorId| known.iter().all(|bounds| bounds.knows(id) == Some(false));
        if let Some(id) = team.iter().find(stranger) {
            let what = said!("compared.entry_person", "entry {number}, who came to {unit}", number, unit);
            return Some(differ(what, said!("expected.sealed_people", "people of the sealed roster"), id));
        }
    }
    run.then_some(Ok(()))
}

/// The attempt that stood last when an entry was made: of one draw, or of any.
fn last_before(state: &State, number: u64, draw: Option<u64>) -> Option<&Attempt> {
    let of = |attempt: &&Attempt| draw.is_none_or(|draw| attempt.seal().sequence == draw);
    let stands = |attempt: &&Attempt| attempt.record().is_some() && attempt.stands();
    state.attempts().iter().filter(of).filter(stands).rfind(|attempt| attempt.number() < number)
}

/// The draws that stand before and after an entry.
fn neighbours(state: &State, number: u64) -> Vec<&Attempt> {
    let stands = |attempt: &&Attempt| attempt.record().is_some() && attempt.stands();
    let after = state.attempts().iter().filter(stands).find(|attempt| attempt.number() > number);
    last_before(state, number, None).into_iter().chain(after).collect()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
