//! The teams after a replacement: of an inspector in one place of a team (Spec 11.13), or of a whole
//! institution (Spec 16.5).

use super::replacement::Substitution;
use super::reserves::ReserveLists;
use super::{
    Away, Change, ExpertPost, Move, Officer, OfficerPost, Replacement, ReplacementError, TeamExpert, Teams,
    Visit,
};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::Key;
use crate::plan::Plan;

/// What a person's dropping out changes, place by place, and the teams after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassignment {
    /// The outcome for every place that the person gives up, ascending by unit.
    pub places: Vec<Replacement>,
    /// The teams after it. A substitute stands in them with chance 0, because no lot of the draw gave the
    /// place.
    pub teams: Teams,
}

impl Reassignment {
    /// All moves, place by place: the content of the ledger's entry.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        self.places.iter().flat_map(Replacement::moves).cloned().collect()
    }

    /// Whether a reserve was passed over, or a chain touches other teams: that takes the approval of the
    /// authority.
    #[must_use]
    pub fn needs_authority(&self) -> bool {
        let chain = |place: &Replacement| matches!(place, Replacement::Chain { .. });
        self.places.iter().any(|place| chain(place) || place.moves().iter().any(|step| step.passed > 0))
    }
}

/// The teams after another institution came in the place of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// How many reserves were passed over for the places of the new team, all posts together.
    pub passed: u64,
    /// The teams after it.
    pub teams: Teams,
}

impl Plan {
    /// Gives on every place of a person who drops out of a draw for some days (Spec 11.13): each goes to the
    /// first reserve of its post who can, in the order of the units.
    ///
    /// `drawn` are the teams of the record, `teams` those that stand now, `seed` is the seed of the draw. The
    /// outcome is entered in the ledger.
    ///
    /// # Errors
    /// The person is not on the roster, a unit is not on the frame, or a team names a person who is not on
    /// the roster.
    pub fn reassign(
        &self,
        drawn: &Teams,
        teams: &Teams,
        change: &Change,
        seed: &Digest,
    ) -> Result<Reassignment, ReplacementError> {
        if !self.can_be_sent(&change.out) {
            return Err(ReplacementError::Unknown { id: change.out.clone() });
        }
        let (mut places, mut teams) = (Vec::new(), teams.clone());
        for unit in self.given_up(&teams, change) {
            let visit = teams.visit(&unit)?;
            let missing = || ReplacementError::NotThere { id: change.out.clone(), unit: unit.clone() };
            let (party, post) = self.post_of(&teams.visits[visit], &change.out).ok_or_else(missing)?;
            let reserves = ReserveLists::new(self, drawn, party, seed)?;
            let now = Substitution::new(self, &reserves, &teams, party, &change.away)?.of(change);
            let found = now.replace(visit, post, &change.out);
            teams = teams.with(self, &unit, &change.out, &found, seed)?;
            places.push(found);
        }
        Ok(Reassignment { places, teams })
    }

    /// The units whose visits lose the person who drops out, ascending: not settled, and on one of the days.
    fn given_up(&self, teams: &Teams, change: &Change) -> Vec<UnitId> {
        let Change { dates, out, unit, .. } = change;
        let away = Away { dates: *dates, id: out.clone(), unit: unit.clone() };
        let lost = |visit: &&Visit| {
            visit.holds(out) && away.is_out(self, visit) && !change.settled.contains(&visit.unit)
        };
        teams.visits.iter().filter(lost).map(|visit| visit.unit.clone()).collect()
    }
}

impl Teams {
    /// The position of the visit of a unit.
    pub(super) fn visit(&self, unit: &UnitId) -> Result<usize, ReplacementError> {
        let found = self.visits.binary_search_by(|visit| visit.unit.cmp(unit));
        found.map_err(|_| ReplacementError::Visit { unit: unit.clone() })
    }

    /// The teams after a person dropped out of a visit.
    fn with(
        &self,
        plan: &Plan,
        unit: &UnitId,
        out: &InspectorId,
        replacement: &Replacement,
        seed: &Digest,
    ) -> Result<Self, ReplacementError> {
        let mut teams = self.clone();
        for step in replacement.moves() {
            teams.change_holder(plan, &step.unit, &step.out, Some(&step.by), seed)?;
        }
        if replacement.moves().is_empty() {
            teams.change_holder(plan, unit, out, None, seed)?;
        }
        Ok(teams)
    }

    /// Gives the place of `out` at a unit to `by`, or leaves it vacant. The lead is determined anew.
    fn change_holder(
        &mut self,
        plan: &Plan,
        unit: &UnitId,
        out: &InspectorId,
        by: Option<&InspectorId>,
        seed: &Digest,
    ) -> Result<(), ReplacementError> {
        let visit = self.visit(unit)?;
        let visit = &mut self.visits[visit];
        if let Some(by) = by.filter(|by| visit.holds(by) || !plan.can_be_sent(by)) {
            return Err(ReplacementError::Unfit { id: by.clone(), unit: unit.clone() });
        }
        if !visit.exchange(out, by) {
            return Err(ReplacementError::NotThere { id: out.clone(), unit: unit.clone() });
        }
        visit.lead = plan.lead(visit, seed);
        Ok(())
    }

    /// The teams after a drawn unit was replaced by another (Spec 16.5). The visit of `unit` is gone, `by`
    /// has a visit on the same day, and the reserves of its posts fill its places one by one. Other teams
    /// stay. [`next_reserve`](crate::sample::next_reserve) gives the unit that may be put in the place.
    ///
    /// `drawn` are the teams of the record, `away` are those who dropped out of the draw so far.
    ///
    /// # Errors
    /// `unit` has no visit, `by` has one already or is not on the frame of the plan, or a team names a person
    /// who is not on the roster.
    pub fn relocated(
        &self,
        plan: &Plan,
        drawn: &Self,
        away: &[Away],
        (unit, by): (&UnitId, &UnitId),
        seed: &Digest,
    ) -> Result<Relocation, ReplacementError> {
        let mut teams = self.clone();
        let day = teams.visits.remove(self.visit(unit)?).day;
        let other = || ReplacementError::Visit { unit: by.clone() };
        let target = plan.frame().get(by).ok_or_else(other)?;
        let Err(visit) = teams.visits.binary_search_by(|visit| visit.unit.cmp(by)) else {
            return Err(other());
        };
        teams.visits.insert(visit, Visit::vacant(plan, target, day));
        let mut passed = 0;
        for party in plan.parties() {
            let reserves = ReserveLists::new(plan, drawn, party, seed)?;
            for post in plan.posts(party, target) {
                for _ in 0..post.places {
                    let now = Substitution::new(plan, &reserves, &teams, party, away)?;
                    let Some(chosen) = now.first(visit, post.number) else { break };
                    let id = chosen.substitute.id.clone();
                    passed += chosen.passed;
                    teams.visits[visit].fill(plan.department(party), post.code(), id);
                }
            }
        }
        teams.visits[visit].lead = plan.lead(&teams.visits[visit], seed);
        Ok(Relocation { passed, teams })
    }
}

impl Plan {
    /// Whether an id is on the roster, as that of an inspector or of an expert.
    fn can_be_sent(&self, id: &InspectorId) -> bool {
        let roster = self.roster();
        roster.position(id).or_else(|| roster.expert_position(id)).is_some()
    }

    /// The lead of a visit under the seed of its draw (Spec 11.11).
    fn lead(&self, visit: &Visit, seed: &Digest) -> Option<InspectorId> {
        let first = self.policy().team.departments.first()?;
        super::lead_of(&first.department, &Key::new(self.policy().suite, *seed), visit)
    }
}

impl Visit {
    /// A visit with all its places vacant.
    fn vacant(plan: &Plan, unit: &Unit, day: Option<Date>) -> Self {
        let (mut posts, mut experts) = (Vec::new(), Vec::new());
        for party in plan.parties() {
            for required in plan.posts(party, unit) {
                let (post, vacancies) = (required.code().clone(), required.places);
                match plan.department(party).cloned() {
                    Some(department) => {
                        posts.push(OfficerPost { department, officers: Vec::new(), post, vacancies })
                    }
                    None => experts.push(ExpertPost { experts: Vec::new(), post, vacancies }),
                }
            }
        }
        Self { day, experts, lead: None, posts, unit: unit.id.clone() }
    }

    /// Whether a person is in the team.
    fn holds(&self, id: &InspectorId) -> bool {
        self.posts.iter().any(|post| post.officers.iter().any(|officer| &officer.id == id))
            || self.experts.iter().any(|post| post.experts.iter().any(|expert| &expert.id == id))
    }

    /// Gives a vacant place of a post to a person. Without a department it is a post of experts.
    fn fill(&mut self, department: Option<&Code>, code: &Code, id: InspectorId) {
        if let Some(department) = department {
            let mut posts = self.posts.iter_mut();
            let post = posts.find(|post| &post.department == department && &post.post == code);
            let post = post.expect("a post of the visit");
            post.officers.push(Officer { chance: 0, id });
            post.sort();
            post.vacancies -= 1;
        } else {
            let post = self.experts.iter_mut().find(|post| &post.post == code).expect("a post of the visit");
            post.experts.push(TeamExpert { chance: 0, id });
            post.sort();
            post.vacancies -= 1;
        }
    }

    /// Gives the place of `out` to `by`, or leaves it vacant. Returns whether `out` was in the team.
    fn exchange(&mut self, out: &InspectorId, by: Option<&InspectorId>) -> bool {
        for post in &mut self.posts {
            if let Some(place) = post.officers.iter().position(|officer| &officer.id == out) {
                post.officers.remove(place);
                match by {
                    Some(by) => post.officers.push(Officer { chance: 0, id: by.clone() }),
                    None => post.vacancies += 1,
                }
                post.sort();
                return true;
            }
        }
        for post in &mut self.experts {
            if let Some(place) = post.experts.iter().position(|expert| &expert.id == out) {
                post.experts.remove(place);
                match by {
                    Some(by) => post.experts.push(TeamExpert { chance: 0, id: by.clone() }),
                    None => post.vacancies += 1,
                }
                post.sort();
                return true;
            }
        }
        false
    }
}
