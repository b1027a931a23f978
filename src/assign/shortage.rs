//! Shortage statements: the posts that cannot be filled, in numbers that can be checked by counting, and the
//! ways out (Spec 11.6, 11.12 and 12.2).

use super::caps::{SeatCaps, Taken, with_one_visit_more};
use super::visits::PartyDemand;
use super::{LimitedPost, ShortPost, ShortageStatement, WayOut};
use crate::id::{InspectorId, UnitId};
use crate::matching::{Component, Matching, Shortage, WHOLE, missing_in};
use crate::plan::{Bar, Candidates, Party, Plan, PoolCounter, Target, Waived};
use crate::policy::Jurisdiction;
use std::collections::BTreeMap;

/// The shortages of one party, with what their statements depend on.
pub(super) struct Shortages<'a, 'b> {
    plan: &'a Plan,
    targets: &'b [Target<'a>],
    demand: &'b PartyDemand<'a>,
    components: &'b [Component],
    /// The component of every person of the roster who may be sent to a visit.
    of_officer: Vec<Option<usize>>,
    /// The component of every office with a cap.
    of_office: Vec<Option<usize>>,
    /// The units of the chance table by cap; empty where there is no shortage.
    taken: Taken,
    /// The units of empty chairs at every post; likewise.
    vacant: Vec<u64>,
}

/// The candidates that a way out gives a post.
struct WiderList {
    /// Position of the post in the network.
    post: usize,
    /// Positions in the roster, ascending.
    list: Vec<u32>,
}

impl<'a, 'b> Shortages<'a, 'b> {
    pub(super) fn new(
        plan: &'a Plan,
        targets: &'b [Target<'a>],
        demand: &'b PartyDemand<'a>,
        matching: &Matching,
        components: &'b [Component],
    ) -> Self {
        let mut of_officer = vec![None; matching.officers.len()];
        let mut of_office = vec![None; matching.offices.len()];
        for (number, component) in components.iter().enumerate() {
            for &officer in &component.officers {
                of_officer[officer] = Some(number);
                if let Some(office) = matching.officers[officer].office {
                    of_office[office] = Some(number);
                }
            }
        }
        let (mut taken, mut vacant) = (Taken::default(), Vec::new());
        if components.iter().any(|component| !component.shortages.is_empty()) {
            vacant = vec![0; matching.posts.len()];
            for pair in components.iter().flat_map(|component| &component.pairs) {
                let number = usize::try_from(pair.post).expect("a post");
                let (post, units) = (&matching.posts[number], u64::from(pair.chance));
                if usize::try_from(pair.officer).is_ok_and(|officer| officer >= matching.officers.len()) {
                    vacant[number] += units;
                } else {
                    let day = targets[post.visit].day;
                    taken.add(SeatCaps::of(matching), pair.officer, day, units);
                }
            }
        }
        Self { plan, targets, demand, components, of_officer, of_office, taken, vacant }
    }

    /// The statements, component by component. Ways out change the network for a moment and restore it.
    pub(super) fn statements(
        &self,
        matching: &mut Matching,
        candidates: &mut Candidates<'a>,
    ) -> Vec<ShortageStatement> {
        let (mut stated, mut pools) = (Vec::new(), PoolCounter::new(self.plan));
        let mut tried = Tried::new(self, matching);
        for (number, component) in self.components.iter().enumerate() {
            for place in 0..component.shortages.len() {
                let mut ways = BTreeMap::new();
                if tried.next(matching, component, &component.shortages[place]) {
                    ways = self.ways_out(number, place, matching, candidates);
                }
                stated.push(self.state(&component.shortages[place], ways, &mut pools, candidates));
            }
        }
        stated
    }

    /// The statement of one shortage, with what would still be missing after each way out.
    fn state(
        &self,
        shortage: &Shortage,
        ways_out: BTreeMap<WayOut, u64>,
        pools: &mut PoolCounter<'a>,
        candidates: &mut Candidates<'a>,
    ) -> ShortageStatement {
        let Self { plan, targets, demand, .. } = self;
        let unit = |post: usize| targets[demand.posts[post].visit].unit.id.clone();
        let code = |post: usize| demand.codes[demand.posts[post].rule].clone();
        // By post rule.
        let mut posts: Vec<Vec<UnitId>> = vec![Vec::new(); demand.codes.len()];
        for &post in &shortage.posts {
            let units = &mut posts[demand.posts[post].rule];
            if units.last() != Some(&unit(post)) {
                units.push(unit(post));
            }
        }
        let limits = shortage.limits.iter().map(|&(post, group)| LimitedPost {
            group: demand.seating.groups[group].clone(),
            post: code(post),
            unit: unit(post),
        });
        ShortageStatement {
            can_fill: shortage.can_fill,
            department: plan.department(demand.party).cloned(),
            limits: limits.collect(),
            losses: losses(plan, targets, demand, shortage, pools, candidates),
            need: shortage.need,
            officers: shortage.officers.iter().map(|&officer| id(plan, demand.party, officer)).collect(),
            posts: posts
                .into_iter()
                .zip(&demand.codes)
                .filter(|(units, _)| !units.is_empty())
                .map(|(units, &post)| ShortPost { post: post.clone(), units })
                .collect(),
            ways_out,
        }
    }

    /// The jurisdiction of the party.
    fn own_jurisdiction(&self) -> Jurisdiction {
        let team = &self.plan.policy().team;
        match self.demand.party {
            Party::Department(_) => team.jurisdiction,
            Party::Experts => team.experts.as_ref().map_or(Jurisdiction::Any, |experts| experts.jurisdiction),
        }
    }

    /// Places that would still be missing after each way out alone (Spec 11.12).
    fn ways_out(
        &self,
        number: usize,
        place: usize,
        matching: &mut Matching,
        candidates: &mut Candidates<'a>,
    ) -> BTreeMap<WayOut, u64> {
        let (team, own) = (&self.plan.policy().team, self.own_jurisdiction());
        let mut ways = BTreeMap::new();
        let population = self.plan.policy().population.as_ref();
        let back_check = population.is_some_and(|population| population.visited_since.is_some());
        let mut wider = |waived| self.with_lists(number, place, matching, candidates, waived);
        if team.rotation && !back_check {
            ways.insert(WayOut::Rotation, wider(Waived { rotation: true, jurisdiction: None }));
        }
        if let Some(next) = own.wider(&self.plan.policy().frame.divisions) {
            let missing = wider(Waived { rotation: false, jurisdiction: Some(next) });
            ways.insert(WayOut::Jurisdiction, missing);
            if next != Jurisdiction::Any {
                // The widest jurisdiction admits all people whom the next wider one admits.
                let any = Waived { rotation: false, jurisdiction: Some(Jurisdiction::Any) };
                ways.insert(WayOut::Anywhere, if missing == 0 { 0 } else { wider(any) });
            }
        }
        ways.insert(WayOut::Cap, self.with_caps(number, place, matching));
        ways
    }

    /// Whether people who are new on these lists can fill the vacancies of each post while all others stay.
    /// If so, nothing is missing. If not, others might have to move, and only a flow answers that.
    fn filled_at_once(&self, matching: &Matching, lists: &[WiderList]) -> bool {
        let caps = SeatCaps::of(matching);
        let mut more = Taken::default();
        let mut pairs: BTreeMap<(usize, u32), u64> = BTreeMap::new();
        lists.iter().all(|WiderList { post, list }| {
            let terms = &matching.posts[*post];
            let day = self.targets[terms.visit].day;
            let mut vacant = self.vacant[*post];
            let begin = matching.posts.partition_point(|other| other.visit < terms.visit);
            let here = || matching.posts[begin..].iter().take_while(|other| other.visit == terms.visit);
            for &officer in list {
                if vacant == 0 {
                    break;
                }
                let known = here().any(|other| other.list.binary_search(&officer).is_ok());
                if known || (terms.limit.is_some() && caps.seat(officer).group.is_some()) {
                    continue;
                }
                let pair = pairs.entry((terms.visit, officer)).or_default();
                let room = caps.room(officer, day, |scope| self.taken.of(scope) + more.of(scope));
                let units = room.min(WHOLE - *pair).min(vacant);
                *pair += units;
                vacant -= units;
                more.add(caps, officer, day, units);
            }
            vacant == 0
        })
    }

    /// The places of a shortage still missing with the lists of a way out for its posts.
    fn with_lists(
        &self,
        number: usize,
        place: usize,
        matching: &mut Matching,
        candidates: &mut Candidates<'a>,
        waived: Waived,
    ) -> u64 {
        let shortage = &self.components[number].shortages[place];
        let lists: Vec<WiderList> = shortage
            .posts
            .iter()
            .map(|&post| {
                let at = &self.demand.posts[post];
                let list = self.demand.waived(self.plan, &self.targets[at.visit], at, candidates, waived);
                WiderList { post, list }
            })
            .collect();
        if self.filled_at_once(matching, &lists) {
            return 0;
        }
        if lists.iter().all(|WiderList { post, list }| matching.posts[*post].list == *list) {
            // The way brings nobody.
            return shortage.need - shortage.can_fill;
        }
        let mut around = vec![number];
        let mut new: Vec<usize> = Vec::new();
        let mut kept = Vec::new();
        for WiderList { post, list } in lists {
            for officer in
                list.iter().map(|&officer| usize::try_from(officer).expect("a place in the roster"))
            {
                let office = matching.officers[officer].office.and_then(|office| self.of_office[office]);
                around.extend(self.of_officer[officer].into_iter().chain(office));
                new.push(officer);
            }
            kept.push((post, std::mem::replace(&mut matching.posts[post].list, list)));
        }
        around.sort_unstable();
        around.dedup();
        let mut union = Component::default();
        for component in around.iter().map(|&number| &self.components[number]) {
            union.visits.extend(&component.visits);
            union.posts.extend(&component.posts);
            new.extend(&component.officers);
        }
        union.visits.sort_unstable();
        union.posts.sort_unstable();
        new.sort_unstable();
        new.dedup();
        union.officers = new;
        let found = missing_in(matching, &union);
        let before: u64 = around.iter().map(|&number| missing(&self.components[number].shortages)).sum();
        for (post, list) in kept {
            matching.posts[post].list = list;
        }
        found.saturating_sub(before - (shortage.need - shortage.can_fill))
    }

    /// The places of a shortage still missing with one visit more for each of its inspectors. That may help
    /// another shortage as well, so the posts of the others are left out.
    fn with_caps(&self, number: usize, place: usize, matching: &mut Matching) -> u64 {
        let component = &self.components[number];
        let shortage = &component.shortages[place];
        if shortage.officers.is_empty() {
            return shortage.need - shortage.can_fill;
        }
        let officers: Vec<_> = shortage.officers.iter().map(|&o| (o, matching.officers[o])).collect();
        for &(officer, seat) in &officers {
            matching.officers[officer] = with_one_visit_more(seat);
        }
        let others = component.shortages.iter().enumerate().filter(|(other, _)| *other != place);
        let others: Vec<_> = others
            .flat_map(|(_, short)| &short.posts)
            .map(|&post| (post, matching.posts[post].places))
            .collect();
        for &(post, _) in &others {
            matching.posts[post].places = 0;
        }
        let found = missing_in(matching, component);
        for (post, places) in others {
            matching.posts[post].places = places;
        }
        for (officer, seat) in officers {
            matching.officers[officer] = seat;
        }
        found
    }
}

/// The pairs that ways out have been tried with so far (Spec 11.14). A party can have thousands of shortages,
/// and each way out takes a network.
struct Tried {
    pairs: u64,
    most: u64,
    /// The people of the party.
    people: u64,
    /// The pairs of all posts of the party, where a wider jurisdiction brings people of other components.
    others: Option<u64>,
}

impl Tried {
    fn new(shortages: &Shortages<'_, '_>, matching: &Matching) -> Self {
        let (plan, party) = (shortages.plan, shortages.demand.party);
        let wider = shortages.own_jurisdiction() != Jurisdiction::Any;
        let all = || pairs(matching, 0..matching.posts.len());
        Self {
            pairs: 0,
            most: plan.budget().saturating_mul(4),
            people: length(plan.people(party).len()),
            others: wider.then(all),
        }
    }

    /// Whether ways out of the next shortage are tried.
    fn next(&mut self, matching: &Matching, component: &Component, shortage: &Shortage) -> bool {
        let known = self.others.unwrap_or_else(|| pairs(matching, component.posts.iter().copied()));
        let new = self.people.saturating_mul(length(shortage.posts.len()));
        self.pairs = self.pairs.saturating_add(known).saturating_add(new);
        self.pairs <= self.most
    }
}

/// The pairs of some posts.
fn pairs(matching: &Matching, posts: impl Iterator<Item = usize>) -> u64 {
    posts.map(|post| length(matching.posts[post].list.len())).sum()
}

fn length(number: usize) -> u64 {
    u64::try_from(number).expect("a length")
}

/// The places that several shortages miss together.
fn missing(shortages: &[Shortage]) -> u64 {
    shortages.iter().map(|shortage| shortage.need - shortage.can_fill).sum()
}

fn id(plan: &Plan, party: Party, number: usize) -> InspectorId {
    match party {
        Party::Department(_) => plan.roster().inspectors()[number].id.clone(),
        Party::Experts => plan.roster().experts()[number].id.clone(),
    }
}

/// The number of people of the party barred from each post of a shortage, by reason (Spec 12.2).
fn losses<'a>(
    plan: &'a Plan,
    targets: &[Target<'a>],
    demand: &PartyDemand<'a>,
    shortage: &Shortage,
    pools: &mut PoolCounter<'a>,
    candidates: &mut Candidates<'a>,
) -> BTreeMap<Bar, u64> {
    let mut posts: Vec<(usize, usize)> =
        shortage.posts.iter().map(|&post| (demand.posts[post].visit, demand.posts[post].rule)).collect();
    posts.sort_unstable();
    posts.dedup();
    let mut losses = BTreeMap::new();
    for (visit, rule) in posts {
        let needs = plan.post_rules(demand.party).get(rule).and_then(|rule| rule.needs.as_ref());
        for (bar, people) in pools.count(demand.party, needs, &targets[visit], candidates).barred {
            *losses.entry(bar).or_default() += people;
        }
    }
    losses
}
