//! Somebody drops out after the draw: who takes the place, by rule, and nobody else moves (Spec 11.13).
//!
//! The rules need no new randomness: the reserve tickets follow from a key, the seed or fresh entropy of the event. Whoever can read the
//! seed can read the order of reserves, too; where leave slips may be abused, give a key that nobody knew when the slip was signed.

use super::{ExpertPost, Post, Teams, Visit};
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{self, Key};
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

/// A place at a visit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    visit: usize,
    /// The post's place among the rules of its party.
    rule: usize,
    /// Whose place it is, if it is anybody's.
    out: Option<InspectorId>,
}

/// Everybody's visits as they stand.
struct Standing<'a> {
    plan: &'a Plan,
    teams: &'a Teams,
    party: Party,
    key: Digest,
    people: BTreeMap<&'a InspectorId, Person<'a>>,
    /// Visits of each person of the party.
    held: BTreeMap<&'a InspectorId, Vec<Spot>>,
    /// Places of each office.
    offices: BTreeMap<&'a Code, u64>,
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
        let standing = Standing::new(self, teams, party, *key)?;
        let rule = standing.rule(post);
        let spot = Spot { visit, rule, out: Some(change.out.clone()) };
        let unavailable = [change.unavailable.as_slice(), std::slice::from_ref(&change.out)].concat();
        Ok(standing.replace(&spot, &unavailable))
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
        let mut teams = self.clone();
        let moves = match replacement {
            Replacement::Drawn { place, .. } => std::slice::from_ref(place),
            Replacement::Chain { moves } if approved => moves,
            Replacement::Chain { moves } => return Err(ReplacementError::Approval { moves: moves.len() }),
            Replacement::Vacant { .. } => &[],
        };
        if let Some(step) =
            moves.first().filter(|step| (&step.unit, &step.out) != (&change.unit, &change.out))
        {
            return Err(ReplacementError::NotThere { id: step.out.clone(), unit: step.unit.clone() });
        }
        if moves.is_empty() && !matches!(replacement, Replacement::Vacant { .. }) {
            return Err(ReplacementError::NotThere { id: change.out.clone(), unit: change.unit.clone() });
        }
        let first = plan.policy().team.departments.first().map(|rule| &rule.department);
        let mut settle = |unit: &UnitId, out: &InspectorId, by: Option<&InspectorId>| {
            let place = teams.visit(unit)?;
            let visit = &mut teams.visits[place];
            let missing = || ReplacementError::NotThere { id: out.clone(), unit: unit.clone() };
            if let Some(by) = by.filter(|by| visit.holds(by) || !plan.can_be_sent(by)) {
                return Err(ReplacementError::Unfit { id: by.clone(), unit: unit.clone() });
            }
            visit.exchange(out, by).then_some(()).ok_or_else(missing)?;
            if visit.lead.as_ref().is_some_and(|lead| lead != out) {
                return Ok(());
            }
            visit.lead =
                first.and_then(|first| super::lead_of(first, &Key::new(plan.policy().suite, *seed), visit));
            Ok(())
        };
        for step in moves {
            settle(&step.unit, &step.out, Some(&step.by))?;
        }
        if moves.is_empty() {
            settle(&change.unit, &change.out, None)?;
        }
        Ok(teams)
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
        let kind = &plan.frame().get(by).ok_or_else(other)?.kind;
        let Err(visit) = teams.visits.binary_search_by(|visit| visit.unit.cmp(by)) else {
            return Err(other());
        };
        let wanted: Vec<_> = plan.parties().map(|party| (party, plan.posts(party, kind))).collect();
        let (mut posts, mut experts) = (Vec::new(), Vec::new());
        for (party, rules) in &wanted {
            for (_, rule, vacancies) in rules {
                let (vacancies, post) =
                    (*vacancies, rule.map_or(TeamRule::member(), |rule| &rule.post).clone());
                match plan.department(*party).cloned() {
                    Some(department) => {
                        posts.push(Post { department, officers: Vec::new(), post, vacancies })
                    }
                    None => experts.push(ExpertPost { experts: Vec::new(), post, vacancies }),
                }
            }
        }
        teams.visits.insert(visit, Visit { day, experts, lead: None, posts, unit: by.clone() });
        for (party, rules) in wanted {
            for (rule, post, places) in rules {
                for _ in 0..places {
                    let standing = Standing::new(plan, &teams, party, *seed)?;
                    let spot = Spot { visit, rule, out: None };
                    let (admissible, _) = standing.admissible(&spot, &[]);
                    let (Some((_, id)), _) = standing.first(&spot, &admissible) else { break };
                    let id = id.clone();
                    let post = post.map_or(TeamRule::member(), |rule| &rule.post);
                    teams.visits[visit].fill(plan.department(party), post, id);
                }
            }
        }
        let first = plan.policy().team.departments.first().map(|rule| &rule.department);
        let key = Key::new(plan.policy().suite, *seed);
        let lead = first.and_then(|first| super::lead_of(first, &key, &teams.visits[visit]));
        teams.visits[visit].lead = lead;
        Ok(teams)
    }
}

impl Plan {
    /// Whether somebody stands on the roster, as an officer or as an expert.
    fn can_be_sent(&self, id: &InspectorId) -> bool {
        let roster = self.roster();
        roster.position(id).or_else(|| roster.expert_position(id)).is_some()
    }
}

impl Visit {
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

/// What keeps somebody who may go from taking a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Free,
    /// His own cap, with a day or week if it is that one's.
    Own {
        day: Option<Date>,
        week: Option<u32>,
    },
    /// Something that giving up one of his visits does not change.
    None,
}

impl<'a> Standing<'a> {
    fn new(plan: &'a Plan, teams: &'a Teams, party: Party, key: Digest) -> Result<Self, ReplacementError> {
        let people: BTreeMap<&InspectorId, Person<'_>> =
            plan.people(party).into_iter().map(|person| (person.id, person)).collect();
        let mut standing =
            Self { plan, teams, party, key, people, held: BTreeMap::new(), offices: BTreeMap::new() };
        for (visit, team) in teams.visits.iter().enumerate() {
            if plan.frame().get(&team.unit).is_none() {
                return Err(ReplacementError::Visit { unit: team.unit.clone() });
            }
            for (post, ids) in standing.posts(team) {
                let rule = standing.rule(post);
                for id in ids {
                    let Some((id, _)) = standing.people.get_key_value(id) else {
                        return Err(ReplacementError::Unknown { id: id.clone() });
                    };
                    standing.held.entry(id).or_default().push(Spot { visit, rule, out: Some((*id).clone()) });
                    if let Some(office) = standing.people[*id].office {
                        *standing.offices.entry(office).or_default() += 1;
                    }
                }
            }
        }
        Ok(standing)
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

    /// Those who may take a place, ascending by ticket, and the others by reason.
    fn admissible(
        &self,
        spot: &Spot,
        unavailable: &[InspectorId],
    ) -> (Vec<(Digest, &'a InspectorId)>, BTreeMap<Bar, u64>) {
        let team = &self.teams.visits[spot.visit];
        let there: BTreeSet<&InspectorId> = self.posts(team).into_iter().flat_map(|(_, ids)| ids).collect();
        let target = self.target(spot.visit);
        let needs = self.plan.post_rules(self.party).get(spot.rule).and_then(|rule| rule.needs.as_ref());
        let (mut found, mut barred) = (Vec::new(), BTreeMap::new());
        for (id, person) in &self.people {
            if let Some(bar) = self.plan.barred(person, &target, needs, Waived::default()) {
                *barred.entry(bar).or_default() += 1;
            } else if !there.contains(id) && !unavailable.contains(id) {
                found.push((self.ticket(spot, id), *id));
            }
        }
        found.sort_unstable();
        (found, barred)
    }

    /// Whether one more visit fits somebody's caps, `given_up` and the place's holder not counted.
    fn room(&self, spot: &Spot, id: &InspectorId, given_up: Option<&Spot>) -> Room {
        let caps = &self.plan.policy().team.caps;
        let person = &self.people[id];
        let (cap, group, office) = (self.plan.cap(*person), self.plan.group(person), person.office);
        let day_of = |visit: usize| self.teams.visits[visit].day;
        let day = day_of(spot.visit);
        let held = self.held.get(id).map_or(&[][..], Vec::as_slice);
        let counted = || held.iter().filter(|held| Some(*held) != given_up);
        let count = |matches: &dyn Fn(Option<Date>) -> bool| {
            u64::try_from(counted().filter(|held| matches(day_of(held.visit))).count()).expect("a length")
        };
        let out_office = spot.out.as_ref().and_then(|out| self.people[out].office);
        if let Some((office, most)) = office.zip(caps.office) {
            let leaving =
                u64::from(out_office.is_some_and(|out| out == office)) + u64::from(given_up.is_some());
            if self.offices.get(office).copied().unwrap_or(0).saturating_sub(leaving) >= most {
                return Room::None;
            }
        }
        if let Some((group, limit)) = group.zip(self.plan.policy().team.limit) {
            let team = &self.teams.visits[spot.visit];
            let code = self.code(spot.rule);
            let same =
                self.posts(team).into_iter().filter(|(post, _)| *post == code).flat_map(|(_, ids)| ids);
            let pins = &self.plan.policy().team.pins;
            let pinned = |id: &InspectorId| {
                pins.iter().any(|pin| (&pin.unit, &pin.inspector, &pin.post) == (&team.unit, id, code))
            };
            let others = same.filter(|other| {
                Some(*other) != spot.out.as_ref()
                    && !pinned(other)
                    && self.plan.group(&self.people[other]) == Some(group)
            });
            if u64::try_from(others.count()).expect("a length") >= limit.most {
                return Room::None;
            }
        }
        if count(&|_| true) >= cap {
            return Room::Own { day: None, week: None };
        }
        if let Some((day, most)) = day.zip(caps.day)
            && count(&|other| other == Some(day)) >= most
        {
            return Room::Own { day: Some(day), week: None };
        }
        if let Some((day, most)) = day.zip(caps.week)
            && count(&|other| other.is_some_and(|other| other.week() == day.week())) >= most
        {
            return Room::Own { day: None, week: Some(day.week()) };
        }
        Room::Free
    }

    /// Among those with room: smallest load, then smallest ticket. And how many have room.
    fn first(
        &self,
        spot: &Spot,
        admissible: &[(Digest, &'a InspectorId)],
    ) -> (Option<(Digest, &'a InspectorId)>, u64) {
        let free: Vec<_> =
            admissible.iter().filter(|(_, id)| self.room(spot, id, None) == Room::Free).collect();
        let load = |id: &InspectorId| {
            self.people[id].load + u64::try_from(self.held.get(id).map_or(0, Vec::len)).expect("a length")
        };
        let pool = u64::try_from(free.len()).expect("a length");
        (free.into_iter().min_by_key(|(ticket, id)| (load(id), *ticket)).copied(), pool)
    }

    /// A move into a place that somebody holds.
    fn step(&self, spot: &Spot, ticket: Digest, id: &InspectorId) -> Move {
        Move {
            by: id.clone(),
            out: spot.out.clone().expect("a place that is given up"),
            post: self.code(spot.rule).clone(),
            ticket,
            unit: self.teams.visits[spot.visit].unit.clone(),
        }
    }

    fn replace(&self, spot: &Spot, unavailable: &[InspectorId]) -> Replacement {
        let (admissible, barred) = self.admissible(spot, unavailable);
        if let (Some((ticket, id)), pool) = self.first(spot, &admissible) {
            return Replacement::Drawn { place: self.step(spot, ticket, id), barred, pool };
        }
        if let Some(moves) = self.chain(spot, unavailable) {
            return Replacement::Chain { moves };
        }
        let full = u64::try_from(admissible.len()).expect("a length");
        Replacement::Vacant { post: self.code(spot.rule).clone(), barred, full }
    }

    /// Breadth-first over places that would become free, to one that somebody with room takes (Spec 11.13, step 2).
    fn chain(&self, start: &Spot, unavailable: &[InspectorId]) -> Option<Vec<Move>> {
        let mut seen: BTreeSet<&InspectorId> = BTreeSet::new();
        // A place, the moves that free it.
        let mut queue: Vec<(Spot, Vec<Move>)> = vec![(start.clone(), Vec::new())];
        let mut next = 0;
        while let Some((spot, moves)) = queue.get(next).cloned() {
            next += 1;
            let (admissible, _) = self.admissible(&spot, unavailable);
            if next > 1
                && let (Some((ticket, last)), _) = self.first(&spot, &admissible)
                && moves.iter().all(|step| &step.by != last)
            {
                return Some([moves, vec![self.step(&spot, ticket, last)]].concat());
            }
            for (ticket, id) in admissible {
                let Room::Own { day, week } = self.room(&spot, id, None) else { continue };
                if !seen.insert(id) {
                    continue;
                }
                let held = self.held.get(id).map_or(&[][..], Vec::as_slice);
                let fits = |held: &&Spot| {
                    let on = self.teams.visits[held.visit].day;
                    day.is_none_or(|day| on == Some(day))
                        && week.is_none_or(|week| on.map(Date::week) == Some(week))
                };
                for given_up in held.iter().filter(fits) {
                    if self.room(&spot, id, Some(given_up)) == Room::Free {
                        let step = self.step(&spot, ticket, id);
                        queue.push((given_up.clone(), [moves.clone(), vec![step]].concat()));
                    }
                }
            }
        }
        None
    }
}
