//! The replacement of an inspector who drops out after the draw (Spec 11.13). A fixed rule gives the
//! substitute, and all other teams stay.
//!
//! The order of substitutes follows from reserve tickets under a key. The key is the seed of the draw, or
//! fresh entropy of the event. With the seed as the key, the order is known as soon as the seed is. Where
//! leave may be taken in order to steer a replacement, the key must be a value that was unknown when the
//! reason for dropping out was given.

use super::caps::{CapScope, Seating, Taken};
use super::{OfficerPost, Teams, Visit};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{self, Key};
use crate::matching::WHOLE;
use crate::plan::{Bar, Party, Plan, Target, TeamCandidate, Waived};
use crate::policy::TeamRule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An inspector or an expert who drops out of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The inspector who drops out. He takes no other place that this change may free.
    pub out: InspectorId,
    /// People who cannot take the place, ascending: those who dropped out of this visit before, who are ill
    /// or on leave, or whose recusal was declared after the draw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<InspectorId>,
    /// The visit.
    pub unit: UnitId,
}

/// The transfer of one place from one inspector to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Move {
    /// The inspector who takes the place.
    pub by: InspectorId,
    /// The inspector who had it.
    pub out: InspectorId,
    /// The post.
    pub post: Code,
    /// The reserve ticket of the inspector who takes it.
    pub ticket: Digest,
    /// The visit.
    pub unit: UnitId,
}

/// The outcome of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Replacement {
    /// An inspector with room takes the place. No other team changes.
    Drawn {
        /// The move.
        place: Move,
        /// People of the party who may not go, by reason.
        barred: BTreeMap<Bar, u64>,
        /// How many may go and have room. The smallest load among them decided, then the smallest ticket.
        pool: u64,
    },
    /// No person has room, but a chain of moves makes room. It changes other teams, so it needs an approval.
    Chain {
        /// The moves, the one into the place of the change first.
        moves: Vec<Move>,
    },
    /// No person can take the place.
    Vacant {
        /// The post.
        post: Code,
        /// People of the party who may not go, by reason.
        barred: BTreeMap<Bar, u64>,
        /// How many may go, but have no room.
        full: u64,
    },
}

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
    /// A team names a person who is not on the roster.
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
    /// A chain without approval.
    #[error("a chain of {moves} moves touches other teams: it takes an approval")]
    Approval {
        /// The number of its moves.
        moves: usize,
    },
}

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
struct TeamMember<'a> {
    /// Position in the roster.
    number: u32,
    person: TeamCandidate<'a>,
    /// Ascending by visit.
    held: Vec<Spot>,
}

/// A person who may take a place, with his reserve ticket. The order is that of the tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Substitute<'a> {
    ticket: Digest,
    id: &'a InspectorId,
}

/// The people of the party, divided by whether they may take a place.
#[derive(Debug)]
struct Admission<'a> {
    /// Those who may, ascending by ticket.
    substitutes: Vec<Substitute<'a>>,
    /// How many are barred, by reason.
    barred: BTreeMap<Bar, u64>,
}

/// The choice among those who may take a place and have room.
#[derive(Debug)]
struct Choice<'a> {
    first: Option<Substitute<'a>>,
    /// How many there were to choose from.
    pool: u64,
}

/// Why a person who may take a place has no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// A cap of his own. He may have room once he gives up a visit that it counts.
    Own(CapScope),
    /// The cap of his office, or the limit of the post. Giving up a visit of his own changes neither.
    Shared,
}

/// A place that becomes free by a chain of moves.
#[derive(Debug, Clone)]
struct FreedPlace {
    spot: Spot,
    /// The moves, in their order.
    moves: Vec<Move>,
}

/// The teams of one party as they stand now: who holds which place, and how much of every cap is taken.
pub(super) struct Staffing<'a> {
    plan: &'a Plan,
    teams: &'a Teams,
    party: Party,
    key: Digest,
    seating: Seating<'a>,
    /// Ascending by id.
    members: Vec<TeamMember<'a>>,
    taken: Taken,
}

impl Plan {
    /// Finds the substitute of an inspector who drops out of a team as it stands now (Spec 11.13). The
    /// outcome is entered in the ledger; [`Teams::with`] gives the teams after it.
    ///
    /// `key` is the seed of the draw, or entropy that was unknown when the reason for dropping out was given.
    ///
    /// # Errors
    /// There is no such visit, the inspector is not in its team, or a team names a person who is not on the
    /// roster.
    pub fn replace(
        &self,
        teams: &Teams,
        change: &Change,
        key: &Digest,
    ) -> Result<Replacement, ReplacementError> {
        let visit = teams.visit(&change.unit)?;
        let missing = || ReplacementError::NotThere { id: change.out.clone(), unit: change.unit.clone() };
        let (party, post) = self.post_of(&teams.visits[visit], &change.out).ok_or_else(missing)?;
        let staffing = Staffing::new(self, teams, party, *key)?;
        let spot = Spot { visit, rule: staffing.rule(post), holder: Some(change.out.clone()) };
        let unavailable = [change.unavailable.as_slice(), std::slice::from_ref(&change.out)].concat();
        Ok(staffing.replace(&spot, &unavailable))
    }

    /// The party and the post of a person in a team.
    fn post_of<'a>(&self, visit: &'a Visit, id: &InspectorId) -> Option<(Party, &'a Code)> {
        let departments = &self.policy().team.departments;
        let holds = |post: &&OfficerPost| post.officers.iter().any(|officer| &officer.id == id);
        if let Some(post) = visit.posts.iter().find(holds) {
            let number = departments.iter().position(|rule| rule.department == post.department)?;
            return Some((Party::Department(number), &post.post));
        }
        let post = visit.experts.iter().find(|post| post.experts.iter().any(|expert| &expert.id == id))?;
        Some((Party::Experts, &post.post))
    }
}

impl<'a> Staffing<'a> {
    /// # Errors
    /// A visit is of no unit of the plan, or a team names a person who is not of the party.
    pub(super) fn new(
        plan: &'a Plan,
        teams: &'a Teams,
        party: Party,
        key: Digest,
    ) -> Result<Self, ReplacementError> {
        let member =
            |(number, person): (u32, TeamCandidate<'a>)| TeamMember { number, person, held: Vec::new() };
        let members = plan.people(party).into_iter().map(member).collect();
        let (seating, taken) = (Seating::new(plan, party), Taken::default());
        let mut staffing = Self { plan, teams, party, key, seating, members, taken };
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
    fn member(&self, id: &InspectorId) -> &TeamMember<'a> {
        &self.members[self.place(id).expect("a member of the party")]
    }

    /// The day of the visit to which a place belongs.
    fn day(&self, spot: &Spot) -> Option<Date> {
        self.teams.visits[spot.visit].day
    }

    /// The holders of places of the party at a visit, each with the post.
    fn holders<'b>(&self, visit: &'b Visit) -> Vec<(&'b Code, &'b InspectorId)> {
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
    fn rule(&self, post: &Code) -> usize {
        let rules = self.plan.post_rules(self.party);
        rules.iter().position(|rule| &rule.post == post).unwrap_or(rules.len())
    }

    /// The code of the post at a position among the rules.
    fn code(&self, rule: usize) -> &'a Code {
        self.plan.post_rules(self.party).get(rule).map_or(TeamRule::member(), |rule| &rule.post)
    }

    /// The unit of a visit as the bars see it.
    fn target(&self, visit: usize) -> Target<'a> {
        let team = &self.teams.visits[visit];
        let unit = self.plan.frame().get(&team.unit).expect("teams of this plan");
        self.plan.targets(&[(unit, team.day)]).pop().expect("one unit, one target")
    }

    /// The reserve ticket of a person for a place (Spec 11.13, step 1).
    fn ticket(&self, spot: &Spot, id: &InspectorId) -> Digest {
        let unit = self.teams.visits[spot.visit].unit.as_str();
        let post = self.code(spot.rule).as_str();
        let key = Key::new(self.plan.policy().suite, self.key);
        lot::reserves::ticket(&key, unit, post, id.as_str())
    }

    /// Who may take a place, and who is barred from it. Those who are in the team already, or unavailable,
    /// are neither.
    fn admit(&self, spot: &Spot, unavailable: &[InspectorId]) -> Admission<'a> {
        let team = &self.teams.visits[spot.visit];
        let there: BTreeSet<&str> = self.holders(team).into_iter().map(|(_, id)| id.as_str()).collect();
        let target = self.target(spot.visit);
        let needs = self.plan.post_rules(self.party).get(spot.rule).and_then(|rule| rule.needs.as_ref());
        let (mut substitutes, mut barred) = (Vec::new(), BTreeMap::new());
        for member in &self.members {
            let id = member.person.id;
            if let Some(bar) = self.plan.barred(&member.person, &target, needs, Waived::default()) {
                *barred.entry(bar).or_default() += 1;
            } else if !there.contains(id.as_str()) && !unavailable.contains(id) {
                substitutes.push(Substitute { ticket: self.ticket(spot, id), id });
            }
        }
        substitutes.sort_unstable();
        Admission { substitutes, barred }
    }

    /// What keeps a member from one more visit; `None` if he has room. The holder of the place does not
    /// count, nor does a visit that the member gives up.
    fn obstacle(&self, spot: &Spot, member: &TeamMember<'a>, given_up: Option<&Spot>) -> Option<Obstacle> {
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

    /// The choice among the substitutes of a place: those with room, then the smallest load, then the
    /// smallest ticket.
    fn choose(&self, spot: &Spot, substitutes: &[Substitute<'a>]) -> Choice<'a> {
        let has_room =
            |substitute: &&Substitute<'_>| self.obstacle(spot, self.member(substitute.id), None).is_none();
        let free: Vec<&Substitute<'a>> = substitutes.iter().filter(has_room).collect();
        let load = |id: &InspectorId| {
            let member = self.member(id);
            member.person.load + count(member.held.len())
        };
        let pool = count(free.len());
        let first =
            free.into_iter().min_by_key(|substitute| (load(substitute.id), substitute.ticket)).copied();
        Choice { first, pool }
    }

    /// The inspector whom the rule of replacements gives a place, if any inspector may go and has room.
    pub(super) fn first(&self, spot: &Spot) -> Option<&'a InspectorId> {
        let Admission { substitutes, .. } = self.admit(spot, &[]);
        self.choose(spot, &substitutes).first.map(|substitute| substitute.id)
    }

    /// A move of a substitute into a place that is held.
    fn step(&self, spot: &Spot, substitute: Substitute<'a>) -> Move {
        Move {
            by: substitute.id.clone(),
            out: spot.holder.clone().expect("a place that is given up"),
            post: self.code(spot.rule).clone(),
            ticket: substitute.ticket,
            unit: self.teams.visits[spot.visit].unit.clone(),
        }
    }

    /// The outcome for a place whose holder drops out.
    fn replace(&self, spot: &Spot, unavailable: &[InspectorId]) -> Replacement {
        let Admission { substitutes, barred } = self.admit(spot, unavailable);
        let Choice { first, pool } = self.choose(spot, &substitutes);
        if let Some(substitute) = first {
            return Replacement::Drawn { place: self.step(spot, substitute), barred, pool };
        }
        if let Some(moves) = self.chain(spot, unavailable) {
            return Replacement::Chain { moves };
        }
        Replacement::Vacant { post: self.code(spot.rule).clone(), barred, full: count(substitutes.len()) }
    }

    /// The shortest chain of moves that ends with a person who has room: breadth-first over the places that
    /// become free (Spec 11.13, step 2).
    fn chain(&self, start: &Spot, unavailable: &[InspectorId]) -> Option<Vec<Move>> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut queue = vec![FreedPlace { spot: start.clone(), moves: Vec::new() }];
        let mut next = 0;
        while let Some(freed) = queue.get(next).cloned() {
            let Admission { substitutes, .. } = self.admit(&freed.spot, unavailable);
            if next > 0
                && let Some(last) = self.choose(&freed.spot, &substitutes).first
                && freed.moves.iter().all(|step| &step.by != last.id)
            {
                return Some(self.extended(&freed, last));
            }
            for substitute in substitutes {
                let member = self.member(substitute.id);
                if let Some(Obstacle::Own(cap)) = self.obstacle(&freed.spot, member, None)
                    && seen.insert(substitute.id.as_str())
                {
                    queue.extend(self.freed_places(&freed, substitute, cap));
                }
            }
            next += 1;
        }
        None
    }

    /// The places that a substitute could give up in order to take a freed one, where `cap` is the obstacle.
    fn freed_places(&self, freed: &FreedPlace, substitute: Substitute<'a>, cap: CapScope) -> Vec<FreedPlace> {
        let member = self.member(substitute.id);
        let makes_room = |held: &&Spot| {
            cap.is_freed_by(self.day(held)) && self.obstacle(&freed.spot, member, Some(held)).is_none()
        };
        let given_up = member.held.iter().filter(makes_room);
        given_up
            .map(|held| FreedPlace { spot: held.clone(), moves: self.extended(freed, substitute) })
            .collect()
    }

    /// The moves that free a place, and then the move of a substitute into it.
    fn extended(&self, freed: &FreedPlace, substitute: Substitute<'a>) -> Vec<Move> {
        let mut moves = freed.moves.clone();
        moves.push(self.step(&freed.spot, substitute));
        moves
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length")
}
