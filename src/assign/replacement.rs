//! Somebody drops out after the draw: who takes the place, by rule, and nobody else moves (Spec 11.13).
//!
//! The rules need no new randomness: the reserve tickets follow from a key, the seed or fresh entropy of the event. Whoever can read the
//! seed can read the order of reserves, too; where leave slips may be abused, give a key that nobody knew when the slip was signed.

use super::caps::{Scope, Seating, Taken};
use super::{ExpertPost, Post, Teams, Visit};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{self, Key};
use crate::matching::WHOLE;
use crate::plan::{Bar, Party, Person, Plan, Target, Waived};
use crate::policy::TeamRule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who cannot go to a visit after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Who drops out. He takes no other place that this change may free.
    pub out: InspectorId,
    /// People who cannot take the place: who dropped out of this visit before, who is ill or on leave, whose recusal came later. Ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<InspectorId>,
    /// The visit.
    pub unit: UnitId,
}

/// One place that goes from one person to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Move {
    /// Who takes it.
    pub by: InspectorId,
    /// Who had it.
    pub out: InspectorId,
    /// The post.
    pub post: Code,
    /// The reserve ticket of who takes it.
    pub ticket: Digest,
    /// The visit.
    pub unit: UnitId,
}

/// What comes of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Replacement {
    /// Somebody with room takes the place; no other team is touched.
    Drawn {
        /// The move.
        place: Move,
        /// People of the party who may not go, by reason.
        barred: BTreeMap<Bar, u64>,
        /// Those who may and have room, among whom the smallest load, then the smallest ticket, decided.
        pool: u64,
    },
    /// Nobody has room; others would have to give up visits of theirs. It takes an approval, since it touches their teams.
    Chain {
        /// The moves, the place first.
        moves: Vec<Move>,
    },
    /// Nobody can take the place.
    Vacant {
        /// The post.
        post: Code,
        /// People of the party who may not go, by reason.
        barred: BTreeMap<Bar, u64>,
        /// Those who may, and have no room.
        full: u64,
    },
}

/// Why a change cannot be dealt with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplacementError {
    /// No such visit, or none of this plan.
    #[error("unit {unit} has no visit in these teams, or is not on the frame of this plan")]
    Visit {
        /// The unit.
        unit: UnitId,
    },
    /// Who is to drop out is not in the team.
    #[error("{id} is not in the team of unit {unit}")]
    NotThere {
        /// Who.
        id: InspectorId,
        /// The unit.
        unit: UnitId,
    },
    /// A team names somebody who is not on the roster.
    #[error("{id} is not on the roster")]
    Unknown {
        /// Who.
        id: InspectorId,
    },
    /// Who is to come is in the team already, or not on the roster.
    #[error("{id} is in the team of unit {unit} already, or not on the roster")]
    Unfit {
        /// Who.
        id: InspectorId,
        /// The unit.
        unit: UnitId,
    },
    /// A chain without approval.
    #[error("a chain of {moves} moves touches other teams: it takes an approval")]
    Approval {
        /// Moves.
        moves: usize,
    },
}

/// A place of a team, held or vacant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    /// Position of the visit in the teams.
    visit: usize,
    /// Position of the post among the rules of its party; members stand behind them.
    rule: usize,
    /// Who holds the place; `None` for a vacancy.
    holder: Option<InspectorId>,
}

/// An inspector or an expert of the party, with the places that he holds.
#[derive(Debug)]
struct Member<'a> {
    /// Position in the roster.
    number: u32,
    person: Person<'a>,
    /// Ascending by visit.
    held: Vec<Spot>,
}

/// Somebody who may take a place, with his reserve ticket. Reserves are ordered by ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reserve<'a> {
    ticket: Digest,
    id: &'a InspectorId,
}

/// The people of the party, divided by whether they may take a place.
#[derive(Debug)]
struct Admission<'a> {
    /// Those who may, ascending by ticket.
    reserves: Vec<Reserve<'a>>,
    /// How many are barred, by reason.
    barred: BTreeMap<Bar, u64>,
}

/// The choice among those who may take a place and have room.
#[derive(Debug)]
struct Choice<'a> {
    first: Option<Reserve<'a>>,
    /// How many there were to choose from.
    pool: u64,
}

/// Why somebody who may take a place has no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// A cap of his own. He may have room once he gives up a visit that it counts.
    Own(Scope),
    /// The cap of his office, or the limit of the post. Giving up a visit of his own changes neither.
    Shared,
}

/// A place that becomes free if some moves are made.
#[derive(Debug, Clone)]
struct Opening {
    spot: Spot,
    /// The moves, in order.
    moves: Vec<Move>,
}

/// The teams of one party as they stand: who holds which place, and what that takes of every cap.
struct Staffing<'a> {
    plan: &'a Plan,
    teams: &'a Teams,
    party: Party,
    key: Digest,
    seating: Seating<'a>,
    members: BTreeMap<&'a InspectorId, Member<'a>>,
    taken: Taken,
}

impl Plan {
    /// Finds who takes the place of somebody who drops out, in teams of this plan as they stand now (Spec 11.13). The result is a fact for the
    /// ledger; [`Teams::with`] gives the teams after it.
    ///
    /// `key` is the seed of the draw, or entropy that nobody knew when the reason for dropping out was given.
    ///
    /// # Errors
    /// There is no such visit, or he is not in its team; a team names somebody who is not on the roster.
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

    /// The party and the post of somebody in a team.
    fn post_of<'a>(&self, visit: &'a Visit, id: &InspectorId) -> Option<(Party, &'a Code)> {
        let departments = &self.policy().team.departments;
        let holds = |post: &&Post| post.officers.iter().any(|officer| &officer.id == id);
        if let Some(post) = visit.posts.iter().find(holds) {
            let number = departments.iter().position(|rule| rule.department == post.department)?;
            return Some((Party::Department(number), &post.post));
        }
        let post = visit.experts.iter().find(|post| post.experts.iter().any(|guest| &guest.id == id))?;
        Some((Party::Experts, &post.post))
    }
}

impl Teams {
    fn visit(&self, unit: &UnitId) -> Result<usize, ReplacementError> {
        let found = self.visits.binary_search_by(|visit| visit.unit.cmp(unit));
        found.map_err(|_| ReplacementError::Visit { unit: unit.clone() })
    }

    /// The teams after a replacement. Who comes later stands there with chance 0: no lot of the draw put him there.
    ///
    /// # Errors
    /// A chain without approval, or moves that do not fit the change, these teams or the roster. `seed` is the draw's, whatever the key was.
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
            teams.exchange(plan, &step.unit, &step.out, Some(&step.by), seed)?;
        }
        if moves.is_empty() {
            teams.exchange(plan, &change.unit, &change.out, None, seed)?;
        }
        Ok(teams)
    }

    /// Gives the place of `out` at a unit to `by`, or leaves it vacant. A visit that loses its lead, or had none, gets a lead anew.
    fn exchange(
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

impl Teams {
    /// The teams after a drawn institution was replaced by another: the visit of `unit` is gone, `by` has one on the same day, and every place of
    /// it goes to whom the rule of replacements gives (Spec 16.5). Other teams stay. Which unit may come is for [`next_reserve`](crate::sample::next_reserve).
    ///
    /// # Errors
    /// `unit` has no visit, `by` has one already or is not on the frame of the plan; a team names somebody who is not on the roster.
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
            for (rule, terms, places) in plan.posts(party, &target.kind) {
                let post = terms.map_or(TeamRule::member(), |terms| &terms.post);
                for _ in 0..places {
                    let staffing = Staffing::new(plan, &teams, party, *seed)?;
                    let spot = Spot { visit, rule, holder: None };
                    let admission = staffing.admit(&spot, &[]);
                    let Some(Reserve { id, .. }) = staffing.choose(&spot, &admission.reserves).first else {
                        break;
                    };
                    let id = id.clone();
                    teams.visits[visit].fill(plan.department(party), post, id);
                }
            }
        }
        teams.visits[visit].lead = plan.lead(&teams.visits[visit], seed);
        Ok(teams)
    }
}

impl Plan {
    /// Whether somebody stands on the roster, as an officer or as an expert.
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
            for (_, terms, vacancies) in plan.posts(party, &unit.kind) {
                let post = terms.map_or(TeamRule::member(), |terms| &terms.post).clone();
                match plan.department(party).cloned() {
                    Some(department) => {
                        posts.push(Post { department, officers: Vec::new(), post, vacancies })
                    }
                    None => experts.push(ExpertPost { experts: Vec::new(), post, vacancies }),
                }
            }
        }
        Self { day, experts, lead: None, posts, unit: unit.id.clone() }
    }

    /// Whether somebody is in the team.
    fn holds(&self, id: &InspectorId) -> bool {
        self.posts.iter().any(|post| post.officers.iter().any(|officer| &officer.id == id))
            || self.experts.iter().any(|post| post.experts.iter().any(|guest| &guest.id == id))
    }

    /// Puts somebody in a vacant place of a post, of an expert without department.
    fn fill(&mut self, department: Option<&Code>, code: &Code, id: InspectorId) {
        if let Some(department) = department {
            let mut posts = self.posts.iter_mut();
            let post = posts.find(|post| &post.department == department && &post.post == code);
            let post = post.expect("a post of the visit");
            post.officers.push(super::Officer { chance: 0, id });
            post.officers.sort_by(|a, b| a.id.cmp(&b.id));
            post.vacancies -= 1;
        } else {
            let post = self.experts.iter_mut().find(|post| &post.post == code).expect("a post of the visit");
            post.experts.push(super::Guest { chance: 0, id });
            post.experts.sort_by(|a, b| a.id.cmp(&b.id));
            post.vacancies -= 1;
        }
    }

    /// Puts one person in another's place, or leaves it empty. Says whether the other was there.
    fn exchange(&mut self, out: &InspectorId, by: Option<&InspectorId>) -> bool {
        for post in &mut self.posts {
            if let Some(place) = post.officers.iter().position(|officer| &officer.id == out) {
                post.officers.remove(place);
                match by {
                    Some(by) => post.officers.push(super::Officer { chance: 0, id: by.clone() }),
                    None => post.vacancies += 1,
                }
                post.officers.sort_by(|a, b| a.id.cmp(&b.id));
                return true;
            }
        }
        for post in &mut self.experts {
            if let Some(place) = post.experts.iter().position(|guest| &guest.id == out) {
                post.experts.remove(place);
                match by {
                    Some(by) => post.experts.push(super::Guest { chance: 0, id: by.clone() }),
                    None => post.vacancies += 1,
                }
                post.experts.sort_by(|a, b| a.id.cmp(&b.id));
                return true;
            }
        }
        false
    }
}

impl<'a> Staffing<'a> {
    fn new(plan: &'a Plan, teams: &'a Teams, party: Party, key: Digest) -> Result<Self, ReplacementError> {
        let member =
            |(number, person): (u32, Person<'a>)| (person.id, Member { number, person, held: Vec::new() });
        let members = plan.people(party).into_iter().map(member).collect();
        let (seating, taken) = (Seating::new(plan, party), Taken::default());
        let mut staffing = Self { plan, teams, party, key, seating, members, taken };
        for (visit, team) in teams.visits.iter().enumerate() {
            if plan.frame().get(&team.unit).is_none() {
                return Err(ReplacementError::Visit { unit: team.unit.clone() });
            }
            for (post, ids) in staffing.posts(team) {
                let rule = staffing.rule(post);
                for id in ids {
                    staffing.book(Spot { visit, rule, holder: Some(id.clone()) }, id)?;
                }
            }
        }
        Ok(staffing)
    }

    /// Counts a place that somebody holds.
    fn book(&mut self, spot: Spot, id: &InspectorId) -> Result<(), ReplacementError> {
        let day = self.day(&spot);
        let unknown = || ReplacementError::Unknown { id: id.clone() };
        let member = self.members.get_mut(id).ok_or_else(unknown)?;
        self.taken.add(self.seating.caps(), member.number, day, WHOLE);
        member.held.push(spot);
        Ok(())
    }

    /// The day of the visit to which a place belongs.
    fn day(&self, spot: &Spot) -> Option<Date> {
        self.teams.visits[spot.visit].day
    }

    /// The posts of the party at a visit, with who holds them.
    fn posts<'b>(&self, visit: &'b Visit) -> Vec<(&'b Code, Vec<&'b InspectorId>)> {
        match self.plan.department(self.party) {
            Some(department) => {
                let posts = visit.posts.iter().filter(|post| &post.department == department);
                posts.map(|post| (&post.post, post.officers.iter().map(|o| &o.id).collect())).collect()
            }
            None => {
                let posts = visit.experts.iter();
                posts.map(|post| (&post.post, post.experts.iter().map(|e| &e.id).collect())).collect()
            }
        }
    }

    fn rule(&self, post: &Code) -> usize {
        let rules = self.plan.post_rules(self.party);
        rules.iter().position(|rule| &rule.post == post).unwrap_or(rules.len())
    }

    fn code(&self, rule: usize) -> &'a Code {
        self.plan.post_rules(self.party).get(rule).map_or(TeamRule::member(), |rule| &rule.post)
    }

    fn target(&self, visit: usize) -> Target<'a> {
        let team = &self.teams.visits[visit];
        let unit = self.plan.frame().get(&team.unit).expect("teams of this plan");
        self.plan.targets(&[(unit, team.day)]).pop().expect("one unit, one target")
    }

    fn ticket(&self, spot: &Spot, id: &InspectorId) -> Digest {
        let unit = self.teams.visits[spot.visit].unit.as_str();
        let post = self.code(spot.rule).as_str();
        let key = Key::new(self.plan.policy().suite, self.key);
        lot::reserves::ticket(&key, unit, post, id.as_str())
    }

    /// Who may take a place, and who is barred from it. Those who are in the team already, or unavailable, are neither.
    fn admit(&self, spot: &Spot, unavailable: &[InspectorId]) -> Admission<'a> {
        let team = &self.teams.visits[spot.visit];
        let there: BTreeSet<&InspectorId> = self.posts(team).into_iter().flat_map(|(_, ids)| ids).collect();
        let target = self.target(spot.visit);
        let needs = self.plan.post_rules(self.party).get(spot.rule).and_then(|rule| rule.needs.as_ref());
        let (mut reserves, mut barred) = (Vec::new(), BTreeMap::new());
        for (&id, member) in &self.members {
            if let Some(bar) = self.plan.barred(&member.person, &target, needs, Waived::default()) {
                *barred.entry(bar).or_default() += 1;
            } else if !there.contains(id) && !unavailable.contains(id) {
                reserves.push(Reserve { ticket: self.ticket(spot, id), id });
            }
        }
        reserves.sort_unstable();
        Admission { reserves, barred }
    }

    /// What keeps a member from one more visit; `None` if he has room. The holder of the place does not count, nor does a visit that the
    /// member gives up.
    fn obstacle(&self, spot: &Spot, member: &Member<'a>, given_up: Option<&Spot>) -> Option<Obstacle> {
        // Spec 11.13 names the office before the limit. Both have the same consequence.
        if self.limit_is_reached(spot, member) {
            return Some(Obstacle::Shared);
        }
        let caps = self.seating.caps();
        let mut freed = Taken::default();
        if let Some(holder) = &spot.holder {
            freed.add(caps, self.members[holder].number, self.day(spot), WHOLE);
        }
        if let Some(given_up) = given_up {
            freed.add(caps, member.number, self.day(given_up), WHOLE);
        }
        let taken = |scope| self.taken.of(scope).saturating_sub(freed.of(scope));
        match caps.obstacle(member.number, self.day(spot), taken)? {
            Scope::Office(_) => Some(Obstacle::Shared),
            own => Some(Obstacle::Own(own)),
        }
    }

    /// Whether the post has as many of the member's group as its limit allows, without the holder of the place and those pinned to it.
    fn limit_is_reached(&self, spot: &Spot, member: &Member<'a>) -> bool {
        let Some((group, limit)) = self.plan.group(&member.person).zip(self.plan.policy().team.limit) else {
            return false;
        };
        let team = &self.teams.visits[spot.visit];
        let code = self.code(spot.rule);
        let pins = &self.plan.policy().team.pins;
        let pinned = |id: &InspectorId| {
            pins.iter().any(|pin| (&pin.unit, &pin.inspector, &pin.post) == (&team.unit, id, code))
        };
        let counts = |id: &&InspectorId| {
            Some(*id) != spot.holder.as_ref()
                && !pinned(id)
                && self.plan.group(&self.members[*id].person) == Some(group)
        };
        let holders = self.posts(team).into_iter().filter(|(post, _)| *post == code).flat_map(|(_, ids)| ids);
        count(holders.filter(counts).count()) >= limit.most
    }

    /// The choice among the reserves of a place: those with room, then the smallest load, then the smallest ticket.
    fn choose(&self, spot: &Spot, reserves: &[Reserve<'a>]) -> Choice<'a> {
        let has_room =
            |reserve: &&Reserve<'_>| self.obstacle(spot, &self.members[reserve.id], None).is_none();
        let free: Vec<&Reserve<'a>> = reserves.iter().filter(has_room).collect();
        let load = |id: &InspectorId| {
            let member = &self.members[id];
            member.person.load + count(member.held.len())
        };
        let pool = count(free.len());
        let first = free.into_iter().min_by_key(|reserve| (load(reserve.id), reserve.ticket)).copied();
        Choice { first, pool }
    }

    /// A move of a reserve into a place that somebody holds.
    fn step(&self, spot: &Spot, reserve: Reserve<'a>) -> Move {
        Move {
            by: reserve.id.clone(),
            out: spot.holder.clone().expect("a place that is given up"),
            post: self.code(spot.rule).clone(),
            ticket: reserve.ticket,
            unit: self.teams.visits[spot.visit].unit.clone(),
        }
    }

    fn replace(&self, spot: &Spot, unavailable: &[InspectorId]) -> Replacement {
        let Admission { reserves, barred } = self.admit(spot, unavailable);
        let Choice { first, pool } = self.choose(spot, &reserves);
        if let Some(reserve) = first {
            return Replacement::Drawn { place: self.step(spot, reserve), barred, pool };
        }
        if let Some(moves) = self.chain(spot, unavailable) {
            return Replacement::Chain { moves };
        }
        Replacement::Vacant { post: self.code(spot.rule).clone(), barred, full: count(reserves.len()) }
    }

    /// The shortest chain of moves that ends with somebody who has room: breadth-first over the places that become free (Spec 11.13,
    /// step 2).
    fn chain(&self, start: &Spot, unavailable: &[InspectorId]) -> Option<Vec<Move>> {
        let mut seen: BTreeSet<&InspectorId> = BTreeSet::new();
        let mut queue = vec![Opening { spot: start.clone(), moves: Vec::new() }];
        let mut next = 0;
        while let Some(opening) = queue.get(next).cloned() {
            let Admission { reserves, .. } = self.admit(&opening.spot, unavailable);
            if next > 0
                && let Some(last) = self.choose(&opening.spot, &reserves).first
                && opening.moves.iter().all(|step| &step.by != last.id)
            {
                return Some(self.extended(&opening, last));
            }
            for reserve in reserves {
                let member = &self.members[reserve.id];
                if let Some(Obstacle::Own(cap)) = self.obstacle(&opening.spot, member, None)
                    && seen.insert(reserve.id)
                {
                    queue.extend(self.openings(&opening, reserve, cap));
                }
            }
            next += 1;
        }
        None
    }

    /// The places that a reserve could give up for the place of an opening, `cap` being his obstacle there.
    fn openings(&self, opening: &Opening, reserve: Reserve<'a>, cap: Scope) -> Vec<Opening> {
        let member = &self.members[reserve.id];
        let makes_room = |held: &&Spot| {
            cap.is_freed_by(self.day(held)) && self.obstacle(&opening.spot, member, Some(held)).is_none()
        };
        let given_up = member.held.iter().filter(makes_room);
        given_up.map(|held| Opening { spot: held.clone(), moves: self.extended(opening, reserve) }).collect()
    }

    /// The moves of an opening, and the move of a reserve into it.
    fn extended(&self, opening: &Opening, reserve: Reserve<'a>) -> Vec<Move> {
        let mut moves = opening.moves.clone();
        moves.push(self.step(&opening.spot, reserve));
        moves
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).expect("a length")
}
