//! The teams of one party as they stand at some time: who holds which place, and how much of every cap is
//! taken (Spec 11.13).

use super::caps::{CapScope, Seating, Taken};
use super::{Teams, Visit};
use crate::calendar::{Date, Window};
use crate::id::{Code, InspectorId, UnitId};
use crate::matching::WHOLE;
use crate::message::coded;
use crate::plan::{Party, Plan, Target, TeamCandidate};
use crate::policy::TeamRule;

/// Why a change or a replacement is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplacementError {
    /// The unit has no visit in these teams, or is not on the frame of the plan.
    #[error("unit {unit} has no visit in these teams, or is not on the frame of this plan")]
    Visit {
        /// The unit.
        unit: UnitId,
    },
    /// The inspector who drops out is not in the team.
    #[error("{id} is not in the team of unit {unit}")]
    NotThere {
        /// The inspector.
        id: InspectorId,
        /// The unit.
        unit: UnitId,
    },
    /// A person who is not on the roster.
    #[error("{id} is not on the roster")]
    Unknown {
        /// The inspector.
        id: InspectorId,
    },
    /// The inspector who takes the place is in the team already, or not on the roster.
    #[error("{id} is in the team of unit {unit} already, or not on the roster")]
    Unfit {
        /// The inspector.
        id: InspectorId,
        /// The unit.
        unit: UnitId,
    },
}

coded! { ReplacementError {
    Visit { unit } => "replacement.visit",
    NotThere { id, unit } => "replacement.not_there",
    Unknown { id } => "replacement.unknown",
    Unfit { id, unit } => "replacement.unfit",
} }

/// A place of a team, held or vacant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// Position of the visit in the teams.
    pub(super) visit: usize,
    /// Position of the post among the rules of its party; members stand behind them.
    pub(super) rule: usize,
    /// The holder of the place; `None` for a vacancy.
    pub(super) holder: Option<InspectorId>,
}

/// An inspector or an expert of the party, with the places that he holds.
#[derive(Debug)]
pub(super) struct TeamMember<'a> {
    /// Position in the roster.
    pub(super) number: u32,
    pub(super) person: TeamCandidate<'a>,
    /// Ascending by visit.
    pub(super) held: Vec<Spot>,
}

/// Why a person who may take a place has no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A cap of his own. He may have room once he gives up a visit that it counts.
    Own(CapScope),
    /// The cap of his office, or the limit of the post. Giving up a visit of his own changes neither.
    Shared,
}

/// Who holds which place of one party, and how much of every cap is taken.
pub(super) struct Staffing<'a> {
    pub(super) plan: &'a Plan,
    pub(super) teams: &'a Teams,
    pub(super) party: Party,
    seating: Seating<'a>,
    /// Ascending by id.
    pub(super) members: Vec<TeamMember<'a>>,
    taken: Taken,
}

impl<'a> Staffing<'a> {
    /// # Errors
    /// A visit is of no unit of the plan, or a team names a person who is not of the party.
    pub(super) fn new(plan: &'a Plan, teams: &'a Teams, party: Party) -> Result<Self, ReplacementError> {
        let member =
            |(number, person): (u32, TeamCandidate<'a>)| TeamMember { number, person, held: Vec::new() };
        let members = plan.people(party).into_iter().map(member).collect();
        let (seating, taken) = (Seating::new(plan, party), Taken::default());
        let mut staffing = Self { plan, teams, party, seating, members, taken };
        for (visit, team) in teams.visits.iter().enumerate() {
            if plan.frame().get(&team.unit).is_none() {
                return Err(ReplacementError::Visit { unit: team.unit.clone() });
            }
            for (post, id) in staffing.holders(team) {
                let rule = staffing.rule(post);
                staffing.book(Spot { visit, rule, holder: Some(id.clone()) }, id)?;
            }
        }
        Ok(staffing)
    }

    /// Counts a place that a person holds.
    fn book(&mut self, spot: Spot, id: &InspectorId) -> Result<(), ReplacementError> {
        let day = self.day(&spot);
        let place = self.place(id).ok_or_else(|| ReplacementError::Unknown { id: id.clone() })?;
        let member = &mut self.members[place];
        self.taken.add(self.seating.caps(), member.number, day, WHOLE);
        member.held.push(spot);
        Ok(())
    }

    fn place(&self, id: &InspectorId) -> Option<usize> {
        self.members.binary_search_by(|member| member.person.id.cmp(id)).ok()
    }

    /// The member with this id, who holds a place or may take one.
    pub(super) fn member(&self, id: &InspectorId) -> &TeamMember<'a> {
        &self.members[self.place(id).expect("a member of the party")]
    }

    /// The day of the visit to which a place belongs.
    pub(super) fn day(&self, spot: &Spot) -> Option<Date> {
        self.teams.visits[spot.visit].day
    }

    /// The holders of places of the party at a visit, each with the post.
    pub(super) fn holders<'b>(&self, visit: &'b Visit) -> Vec<(&'b Code, &'b InspectorId)> {
        match self.plan.department(self.party) {
            Some(department) => {
                let posts = visit.posts.iter().filter(|post| &post.department == department);
                posts.flat_map(|post| post.officers.iter().map(|officer| (&post.post, &officer.id))).collect()
            }
            None => {
                let posts = visit.experts.iter();
                posts.flat_map(|post| post.experts.iter().map(|expert| (&post.post, &expert.id))).collect()
            }
        }
    }

    /// The position of a post among the rules of the party; members stand behind them.
    pub(super) fn rule(&self, post: &Code) -> usize {
        let rules = self.plan.post_rules(self.party);
        rules.iter().position(|rule| &rule.post == post).unwrap_or(rules.len())
    }

    /// The code of the post at a position among the rules.
    pub(super) fn code(&self, rule: usize) -> &'a Code {
        self.plan.post_rules(self.party).get(rule).map_or(TeamRule::member(), |rule| &rule.post)
    }

    /// A unit of the plan as the bars see it, on the day of its visit.
    pub(super) fn target(&self, unit: &UnitId, day: Option<Date>) -> Target<'a> {
        let unit = self.plan.frame().get(unit).expect("teams of this plan");
        self.plan.targets(&[(unit, day)]).pop().expect("one unit, one target")
    }

    /// Whether a member keeps every cap with one more visit on a day, the holders of a post at a visit not
    /// counted. A limit of the post cannot stand in the way then.
    pub(super) fn has_room_without_post(
        &self,
        unit: &UnitId,
        rule: usize,
        day: Option<Date>,
        member: &TeamMember<'a>,
    ) -> bool {
        let (caps, code) = (self.seating.caps(), self.code(rule));
        let mut freed = Taken::default();
        if let Ok(visit) = self.teams.visit(unit) {
            for (_, id) in
                self.holders(&self.teams.visits[visit]).into_iter().filter(|(post, _)| *post == code)
            {
                freed.add(caps, self.member(id).number, day, WHOLE);
            }
        }
        let taken = |scope| self.taken.of(scope).saturating_sub(freed.of(scope));
        caps.obstacle(member.number, day, taken).is_none()
    }

    /// What keeps a member from one more visit; `None` if he has room. The holder of the place does not
    /// count, nor does a visit that the member gives up.
    pub(super) fn obstacle(
        &self,
        spot: &Spot,
        member: &TeamMember<'a>,
        given_up: Option<&Spot>,
    ) -> Option<Obstacle> {
        // Spec 11.13 names the office before the limit. Both have the same consequence.
        if self.limit_is_reached(spot, member) {
            return Some(Obstacle::Shared);
        }
        let caps = self.seating.caps();
        let mut freed = Taken::default();
        if let Some(holder) = &spot.holder {
            freed.add(caps, self.member(holder).number, self.day(spot), WHOLE);
        }
        if let Some(given_up) = given_up {
            freed.add(caps, member.number, self.day(given_up), WHOLE);
        }
        let taken = |scope| self.taken.of(scope).saturating_sub(freed.of(scope));
        match caps.obstacle(member.number, self.day(spot), taken)? {
            CapScope::Office(_) => Some(Obstacle::Shared),
            own => Some(Obstacle::Own(own)),
        }
    }

    /// Whether the post has as many of the member's group as its limit allows, without the holder of the
    /// place and those pinned to it.
    fn limit_is_reached(&self, spot: &Spot, member: &TeamMember<'a>) -> bool {
        let Some((group, limit)) = self.plan.group(&member.person).zip(self.plan.policy().team.limit) else {
            return false;
        };
        let team = &self.teams.visits[spot.visit];
        let code = self.code(spot.rule);
        let pins = &self.plan.policy().team.pins;
        let pinned = |id: &InspectorId| {
            pins.iter().any(|pin| (&pin.unit, &pin.inspector, &pin.post) == (&team.unit, id, code))
        };
        let counts = |&(post, id): &(&Code, &InspectorId)| {
            post == code
                && Some(id) != spot.holder.as_ref()
                && !pinned(id)
                && self.plan.group(&self.member(id).person) == Some(group)
        };
        count(self.holders(team).into_iter().filter(counts).count()) >= limit.most
    }
}

/// The days on which a visit may be made: its day, or the window of the policy where it has none.
pub(super) fn span(plan: &Plan, day: Option<Date>) -> Window {
    day.and_then(|day| Window::new(day, day).ok()).unwrap_or(plan.policy().window)
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length")
}
