//! Who comes in the place of an inspector who drops out after the draw (Spec 11.13). A fixed rule gives the
//! substitute, and all other teams stay.
//!
//! The reserves of every post follow from the seed, the sealed inputs and the teams as drawn ([`reserves`]).
//! So the order in which people drop out changes nothing, and every person who is passed over is counted.
//!
//! [`reserves`]: super::reserves

use super::caps::CapScope;
use super::reserves::{PostOf, ReserveLists, ReserveOrder, Substitute};
use super::staffing::{Obstacle, ReplacementError, Spot, Staffing, count, span};
use super::{OfficerPost, Teams, Visit};
use crate::bytes::Digest;
use crate::calendar::Window;
use crate::id::{Code, InspectorId, UnitId};
use crate::plan::{Bar, Party, Plan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A person who cannot go on some days, or not to one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Away {
    /// The first and the last day.
    pub dates: Window,
    /// The person.
    pub id: InspectorId,
    /// The one unit to which he cannot go: a recusal. Left out: he cannot go anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

/// An inspector or an expert who drops out of a draw for some days: out of every visit of his that may be
/// made on one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Who else dropped out of the draw so far, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
    /// The first and the last day.
    pub dates: Window,
    /// The person who drops out. He takes no other place that this change may free.
    pub out: InspectorId,
    /// Units whose visits were made, or cannot be made: their teams stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<UnitId>,
    /// The one unit of whose visit he drops out: a recusal. Left out: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
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
    /// How many reserves of the post stand before him and were passed over: they are out, or have no room
    /// now.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub passed: u64,
    /// The post.
    pub post: Code,
    /// The reserve ticket of the inspector who takes it.
    pub ticket: Digest,
    /// The visit.
    pub unit: UnitId,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// What becomes of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Replacement {
    /// The first reserve who can takes the place. No other team changes.
    Drawn {
        /// The move.
        place: Move,
        /// People of the party who may not go, by reason.
        barred: BTreeMap<Bar, u64>,
        /// How many reserves the post has.
        pool: u64,
    },
    /// No reserve has room, but a chain of moves makes room. It changes other teams, so it takes the approval
    /// of the authority.
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
        /// How many reserves the post has, all of them out, in the team already or without room.
        pool: u64,
        /// The unit.
        unit: UnitId,
    },
}

/// A place that becomes free by a chain of moves.
#[derive(Debug, Clone)]
struct FreedPlace {
    spot: Spot,
    /// The moves, in their order.
    moves: Vec<Move>,
}

/// The choice of a reserve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen<'a> {
    pub(super) substitute: Substitute<'a>,
    /// Reserves before him who are passed over.
    pub(super) passed: u64,
}

/// The teams of one party as they stand now, against the reserves as they were drawn.
pub(super) struct Substitution<'a, 'd> {
    drawn: &'d ReserveLists<'a>,
    now: Staffing<'a>,
    away: &'d [Away],
    settled: &'d [UnitId],
    out: Option<&'d InspectorId>,
}

impl Plan {
    /// The party and the post of a person in a team.
    pub(super) fn post_of<'a>(&self, visit: &'a Visit, id: &InspectorId) -> Option<(Party, &'a Code)> {
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

impl Replacement {
    /// The moves of this outcome: none if the place stays vacant.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        match self {
            Self::Drawn { place, .. } => std::slice::from_ref(place),
            Self::Chain { moves } => moves,
            Self::Vacant { .. } => &[],
        }
    }
}

impl<'a, 'd> Substitution<'a, 'd> {
    /// # Errors
    /// A visit is of no unit of the plan, or a team names a person who is not of the party.
    pub(super) fn new(
        plan: &'a Plan,
        drawn: &'d ReserveLists<'a>,
        now: &'a Teams,
        party: Party,
        away: &'d [Away],
    ) -> Result<Self, ReplacementError> {
        let now = Staffing::new(plan, now, party)?;
        Ok(Self { drawn, now, away, settled: &[], out: None })
    }

    /// The person who drops out, and the units whose teams stay.
    pub(super) fn of(self, change: &'d Change) -> Self {
        Self { settled: &change.settled, out: Some(&change.out), ..self }
    }

    fn unit(&self, visit: usize) -> &'a UnitId {
        &self.now.teams.visits[visit].unit
    }

    fn order(&self, spot: &Spot) -> ReserveOrder<'a> {
        let unit = self.unit(spot.visit);
        self.drawn.reserves(PostOf { unit, rule: spot.rule, day: self.now.day(spot) })
    }

    /// Whether a reserve can come to a visit on its day: he is not out, and in no post of it.
    fn can_come(&self, spot: &Spot, id: &InspectorId) -> bool {
        let team = &self.now.teams.visits[spot.visit];
        let away = |away: &Away| &away.id == id && away.is_out(self.now.plan, team);
        Some(id) != self.out
            && !self.away.iter().any(away)
            && self.now.holders(team).into_iter().all(|(_, there)| there != id)
    }

    /// The first reserve who can come and has room. Passed over is who stands before him, does not hold the
    /// post there, and is not the one who drops out.
    pub(super) fn choose(&self, spot: &Spot, reserves: &[Substitute<'a>]) -> Option<Chosen<'a>> {
        let free =
            |id| self.can_come(spot, id) && self.now.obstacle(spot, self.now.member(id), None).is_none();
        let place = reserves.iter().position(|reserve| free(reserve.id))?;
        let code = self.now.code(spot.rule);
        let team = self.now.holders(&self.now.teams.visits[spot.visit]);
        let holds = |id: &InspectorId| team.iter().any(|(post, there)| *post == code && *there == id);
        let passed =
            reserves[..place].iter().filter(|before| Some(before.id) != self.out && !holds(before.id));
        Some(Chosen { substitute: reserves[place], passed: count(passed.count()) })
    }

    /// Who comes into a vacant place, if anybody.
    pub(super) fn first(&self, visit: usize, rule: usize) -> Option<Chosen<'a>> {
        let spot = Spot { visit, rule, holder: None };
        self.choose(&spot, &self.order(&spot).reserves)
    }

    /// A move of a substitute into a place that is held.
    fn step(&self, spot: &Spot, chosen: Chosen<'a>) -> Move {
        let Chosen { substitute: Substitute { ticket, id }, passed } = chosen;
        let out = spot.holder.clone().expect("a place that is given up");
        let (post, unit) = (self.now.code(spot.rule).clone(), self.unit(spot.visit).clone());
        Move { by: id.clone(), out, passed, post, ticket, unit }
    }

    /// The outcome for the place of a person who drops out of a visit.
    pub(super) fn replace(&self, visit: usize, post: &Code, out: &InspectorId) -> Replacement {
        let spot = Spot { visit, rule: self.now.rule(post), holder: Some(out.clone()) };
        let ReserveOrder { reserves, barred } = self.order(&spot);
        if let Some(chosen) = self.choose(&spot, &reserves) {
            return Replacement::Drawn {
                place: self.step(&spot, chosen),
                barred,
                pool: count(reserves.len()),
            };
        }
        if let Some(moves) = self.chain(&spot) {
            return Replacement::Chain { moves };
        }
        let (post, unit) = (self.now.code(spot.rule).clone(), self.unit(visit).clone());
        Replacement::Vacant { post, barred, pool: count(reserves.len()), unit }
    }

    /// The shortest chain of moves that ends with a person who has room: breadth-first over the places that
    /// become free (Spec 11.13, step 2).
    fn chain(&self, start: &Spot) -> Option<Vec<Move>> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut queue = vec![FreedPlace { spot: start.clone(), moves: Vec::new() }];
        let mut next = 0;
        while let Some(freed) = queue.get(next).cloned() {
            let ReserveOrder { reserves, .. } = self.order(&freed.spot);
            if next > 0
                && let Some(last) = self.choose(&freed.spot, &reserves)
                && freed.moves.iter().all(|step| &step.by != last.substitute.id)
            {
                return Some(self.extended(&freed, last));
            }
            for substitute in reserves {
                if !self.can_come(&freed.spot, substitute.id) {
                    continue;
                }
                let member = self.now.member(substitute.id);
                if let Some(Obstacle::Own(cap)) = self.now.obstacle(&freed.spot, member, None)
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
        let member = self.now.member(substitute.id);
        let makes_room = |held: &&Spot| {
            cap.is_freed_by(self.now.day(held))
                && !self.settled.contains(self.unit(held.visit))
                && self.now.obstacle(&freed.spot, member, Some(held)).is_none()
        };
        let given_up = member.held.iter().filter(makes_room);
        // In a chain nobody is counted as passed over: it takes the approval of the authority in any case.
        let chosen = Chosen { substitute, passed: 0 };
        given_up.map(|held| FreedPlace { spot: held.clone(), moves: self.extended(freed, chosen) }).collect()
    }

    /// The moves that free a place, and then the move of a substitute into it.
    fn extended(&self, freed: &FreedPlace, chosen: Chosen<'a>) -> Vec<Move> {
        let mut moves = freed.moves.clone();
        moves.push(self.step(&freed.spot, Chosen { passed: 0, ..chosen }));
        moves
    }
}

impl Away {
    /// Whether the person is out of a visit: on its day, or in the window of the plan where it has none.
    pub(super) fn is_out(&self, plan: &Plan, visit: &Visit) -> bool {
        let concerned = self.unit.as_ref().is_none_or(|unit| unit == &visit.unit);
        concerned && self.dates.common(span(plan, visit.day)).is_some()
    }
}
