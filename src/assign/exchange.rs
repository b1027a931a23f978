//! The teams after a replacement: of an inspector in one place of a team (Spec 11.13), or of a whole
//! institution (Spec 16.5).

use super::replacement::{Spot, Staffing};
use super::{
    Change, ExpertPost, Move, Officer, OfficerPost, Replacement, ReplacementError, TeamExpert, Teams, Visit,
};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::Key;
use crate::plan::Plan;

impl Teams {
    /// The position of the visit of a unit.
    pub(super) fn visit(&self, unit: &UnitId) -> Result<usize, ReplacementError> {
        let found = self.visits.binary_search_by(|visit| visit.unit.cmp(unit));
        found.map_err(|_| ReplacementError::Visit { unit: unit.clone() })
    }

    /// The teams after a replacement (Spec 11.13). A replacement stands in the team with chance 0, because no
    /// lot of the draw gave the place.
    ///
    /// `seed` is the seed of the draw, also where the reserve tickets followed from another key; it decides
    /// the lead where a visit needs a new one. `approved` says whether a chain was approved.
    ///
    /// # Errors
    /// The replacement is a chain without approval, or its moves do not fit the change, these teams or the
    /// roster.
    pub fn with(
        &self,
        plan: &Plan,
        change: &Change,
        replacement: &Replacement,
        approved: bool,
        seed: &Digest,
    ) -> Result<Self, ReplacementError> {
        let moves = replacement.moves(change, approved)?;
        let mut teams = self.clone();
        for step in moves {
            teams.change_holder(plan, &step.unit, &step.out, Some(&step.by), seed)?;
        }
        if moves.is_empty() {
            teams.change_holder(plan, &change.unit, &change.out, None, seed)?;
        }
        Ok(teams)
    }

    /// Gives the place of `out` at a unit to `by`, or leaves it vacant. A visit that loses its lead, or had
    /// none, gets a lead anew.
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
        if visit.lead.as_ref().is_none_or(|lead| lead == out) {
            visit.lead = plan.lead(visit, seed);
        }
        Ok(())
    }

    /// The teams after a drawn unit was replaced by another (Spec 16.5). The visit of `unit` is gone, `by`
    /// has a visit on the same day, and the rule of replacements fills its places one by one. Other teams
    /// stay. [`next_reserve`](crate::sample::next_reserve) gives the unit that may be put in the place.
    ///
    /// # Errors
    /// `unit` has no visit, `by` has one already or is not on the frame of the plan, or a team names a person
    /// who is not on the roster.
    pub fn relocated(
        &self,
        plan: &Plan,
        unit: &UnitId,
        by: &UnitId,
        seed: &Digest,
    ) -> Result<Self, ReplacementError> {
        let mut teams = self.clone();
        let day = teams.visits.remove(self.visit(unit)?).day;
        let other = || ReplacementError::Visit { unit: by.clone() };
        let target = plan.frame().get(by).ok_or_else(other)?;
        let Err(visit) = teams.visits.binary_search_by(|visit| visit.unit.cmp(by)) else {
            return Err(other());
        };
        teams.visits.insert(visit, Visit::vacant(plan, target, day));
        for party in plan.parties() {
            for post in plan.posts(party, &target.kind) {
                for _ in 0..post.places {
                    let spot = Spot { visit, rule: post.number, holder: None };
                    let Some(id) = Staffing::new(plan, &teams, party, *seed)?.first(&spot).cloned() else {
                        break;
                    };
                    teams.visits[visit].fill(plan.department(party), post.code(), id);
                }
            }
        }
        teams.visits[visit].lead = plan.lead(&teams.visits[visit], seed);
        Ok(teams)
    }
}

impl Replacement {
    /// The moves of this outcome: none if the place stays vacant.
    ///
    /// # Errors
    /// A chain without approval, or a first move that is not into the place of the change.
    fn moves(&self, change: &Change, approved: bool) -> Result<&[Move], ReplacementError> {
        let moves = match self {
            Self::Drawn { place, .. } => std::slice::from_ref(place),
            Self::Chain { moves } if approved => moves,
            Self::Chain { moves } => return Err(ReplacementError::Approval { moves: moves.len() }),
            Self::Vacant { .. } => return Ok(&[]),
        };
        let (out, unit) = moves.first().map_or((&change.out, &change.unit), |step| (&step.out, &step.unit));
        if moves.is_empty() || (unit, out) != (&change.unit, &change.out) {
            return Err(ReplacementError::NotThere { id: out.clone(), unit: unit.clone() });
        }
        Ok(moves)
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
            for required in plan.posts(party, &unit.kind) {
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
