//! The work of the officers in simulated years: visits, empty places, and changes of district.

use crate::assign::{Teams, Visit};
use crate::calendar::Date;
use crate::frame::Frame;
use crate::id::{Division, InspectorId, UnitId};
use crate::roster::Roster;
use std::collections::{BTreeMap, BTreeSet};

/// What the officers of a roster have to do in all years of a study. Visits are those that were drawn:
/// officers go there also where nobody is found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficerWork {
    /// Visits of every officer in every year, ascending. Officers without a visit are among them.
    pub loads: Vec<u64>,
    /// Places of officers that were filled.
    pub filled: u64,
    /// Places left empty, of officers and of experts.
    pub vacancies: u64,
    /// Officers times days with a visit. Where the policy has no days, a round is one day.
    pub outings: u64,
    /// Changes of district: for every officer and day (or round) the districts visited, less one. That is the
    /// least number of moves, where the visits of a district are made one after the other. A district is the
    /// division of the unit, as the frame has it.
    pub changes: u64,
}

impl OfficerWork {
    /// Counts the teams of a round, and returns the visits of every officer of the roster.
    pub(super) fn add(&mut self, teams: &Teams, frame: &Frame, roster: &Roster) -> Vec<u64> {
        let mut visits = vec![0; roster.inspectors().len()];
        let mut districts: BTreeMap<(usize, Option<Date>), BTreeSet<&Division>> = BTreeMap::new();
        for visit in &teams.visits {
            let experts = visit.experts.iter().map(|post| post.vacancies);
            self.vacancies += visit.posts.iter().map(|post| post.vacancies).chain(experts).sum::<u64>();
            let unit = frame.get(&visit.unit).expect("a drawn unit stands on the frame");
            for officer in visit.posts.iter().flat_map(|post| &post.officers) {
                let place = roster.position(&officer.id).expect("a drawn officer stands on the roster");
                visits[place] += 1;
                self.filled += 1;
                districts.entry((place, visit.day)).or_default().insert(&unit.division);
            }
        }
        for visited in districts.values() {
            self.outings += 1;
            self.changes += u64::try_from(visited.len() - 1).expect("a length");
        }
        visits
    }
}

/// Who comes to each unit, officers and experts, ascending.
pub(super) fn by_visit(teams: &Teams) -> BTreeMap<UnitId, Vec<InspectorId>> {
    let team = |visit: &Visit| {
        let officers = visit.posts.iter().flat_map(|post| &post.officers).map(|officer| &officer.id);
        let experts = visit.experts.iter().flat_map(|post| &post.experts).map(|expert| &expert.id);
        let mut team: Vec<InspectorId> = officers.chain(experts).cloned().collect();
        team.sort_unstable();
        team
    };
    teams.visits.iter().map(|visit| (visit.unit.clone(), team(visit))).collect()
}
