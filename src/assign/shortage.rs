//! What cannot be staffed, in numbers anyone can check, and what would help (Spec 11.6, 11.12 and 12.2).

use super::caps::{Caps, Taken, with_one_visit_more};
use super::visits::Task;
use super::{LimitedPost, ShortPost, ShortageStatement, WayOut};
use crate::id::InspectorId;
use crate::matching::{Component, Matching, Shortage, WHOLE, shortages_of};
use crate::plan::{Bar, Candidates, Party, Plan, Target, Waived};
use crate::policy::Jurisdiction;
use std::collections::{BTreeMap, BTreeSet};

/// The shortages of one party, and who works where around them.
pub(super) struct Shortages<'a, 'b> {
    plan: &'a Plan,
    targets: &'b [Target<'a>],
    task: &'b Task<'a>,
    components: &'b [Component],
    /// The component of every officer who may go somewhere, and of every office with a cap.
    of_officer: Vec<Option<usize>>,
    of_office: Vec<Option<usize>>,
    /// What the table gives everybody; empty where there is no shortage.
    taken: Taken,
}

impl<'a, 'b> Shortages<'a, 'b> {
    pub(super) fn new(
        plan: &'a Plan,
        targets: &'b [Target<'a>],
        task: &'b Task<'a>,
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
        let mut taken = Taken::default();
        if components.iter().any(|component| !component.shortages.is_empty()) {
            for pair in components.iter().flat_map(|component| &component.pairs) {
                if usize::try_from(pair.officer).is_ok_and(|officer| officer < matching.officers.len()) {
                    let post = &matching.posts[usize::try_from(pair.post).expect("a post")];
                    let (day, units) = (targets[post.visit].day, u64::from(pair.chance));
                    taken.add(Caps::of(matching), pair.officer, day, units);
                }
            }
        }
        Self { plan, targets, task, components, of_officer, of_office, taken }
    }

    /// The statements, component by component. The matching is changed for a moment and put back.
    pub(super) fn statements(
        &self,
        matching: &mut Matching,
        candidates: &mut Candidates<'a>,
    ) -> Vec<ShortageStatement> {
        let mut stated = Vec::new();
        for (number, component) in self.components.iter().enumerate() {
            for place in 0..component.shortages.len() {
                let ways = self.ways_out(number, place, matching, candidates);
                stated.push(self.state(&component.shortages[place], ways));
            }
        }
        stated
    }

    fn state(&self, shortage: &Shortage, ways_out: BTreeMap<WayOut, u64>) -> ShortageStatement {
        let Self { plan, targets, task, .. } = self;
        let unit = |post: usize| targets[task.places[post].visit].unit.id.clone();
        let code = |post: usize| task.codes[task.places[post].rule].clone();
        let mut posts: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for &post in &shortage.posts {
            let units = posts.entry(task.places[post].rule).or_default();
            if units.last() != Some(&unit(post)) {
                units.push(unit(post));
            }
        }
        let limits = shortage.limits.iter().map(|&(post, group)| LimitedPost {
            group: task.seating.groups[group].clone(),
            post: code(post),
            unit: unit(post),
        });
        ShortageStatement {
            can_fill: shortage.can_fill,
            department: plan.department(task.party).cloned(),
            limits: limits.collect(),
            losses: losses(plan, targets, task, shortage),
            need: shortage.need,
            officers: shortage.officers.iter().map(|&officer| id(plan, task.party, officer)).collect(),
            posts: posts
                .into_iter()
                .map(|(rule, units)| ShortPost { post: task.codes[rule].clone(), units })
                .collect(),
            ways_out,
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
        let team = &self.plan.policy().team;
        let own = match self.task.party {
            Party::Department(_) => team.jurisdiction,
            Party::Experts => team.experts.as_ref().map_or(Jurisdiction::Any, |experts| experts.jurisdiction),
        };
        let mut ways = BTreeMap::new();
        let population = self.plan.policy().population.as_ref();
        let back_check = population.is_some_and(|population| population.visited_since.is_some());
        let mut wider = |waived| self.with_lists(number, place, matching, candidates, waived);
        if team.rotation && !back_check {
            ways.insert(WayOut::Rotation, wider(Waived { rotation: true, jurisdiction: None }));
        }
        if let Some(next) = own.wider() {
            let missing = wider(Waived { rotation: false, jurisdiction: Some(next) });
            ways.insert(WayOut::Jurisdiction, missing);
            if next != Jurisdiction::Any {
                // Whom the next wider jurisdiction admits, the widest does, too.
                let any = Waived { rotation: false, jurisdiction: Some(Jurisdiction::Any) };
                ways.insert(WayOut::Anywhere, if missing == 0 { 0 } else { wider(any) });
            }
        }
        ways.insert(WayOut::Cap, self.with_caps(number, place, matching));
        ways
    }

    /// Whether people who are new on these lists can take what stays vacant at each post, with nobody else moved. If so, nothing is missing; if
    /// not, others might have to move, and it takes a flow to know.
    fn filled_at_once(&self, number: usize, matching: &Matching, lists: &[(usize, Vec<u32>)]) -> bool {
        let caps = Caps::of(matching);
        let mut more = Taken::default();
        let mut pairs: BTreeMap<(usize, u32), u64> = BTreeMap::new();
        let component = &self.components[number];
        lists.iter().all(|(post, list)| {
            let terms = &matching.posts[*post];
            let day = self.targets[terms.visit].day;
            let chairs = component.pairs.iter().filter(|pair| {
                usize::try_from(pair.post).is_ok_and(|at| at == *post)
                    && usize::try_from(pair.officer).is_ok_and(|officer| officer >= matching.officers.len())
            });
            let mut vacant: u64 = chairs.map(|pair| u64::from(pair.chance)).sum();
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

    /// What is missing of a shortage with other lists for its posts.
    fn with_lists(
        &self,
        number: usize,
        place: usize,
        matching: &mut Matching,
        candidates: &mut Candidates<'a>,
        waived: Waived,
    ) -> u64 {
        let shortage = &self.components[number].shortages[place];
        let lists: Vec<(usize, Vec<u32>)> = shortage
            .posts
            .iter()
            .map(|&post| {
                let at = &self.task.places[post];
                (post, self.task.waived(self.plan, &self.targets[at.visit], at, candidates, waived))
            })
            .collect();
        if self.filled_at_once(number, matching, &lists) {
            return 0;
        }
        let mut around = BTreeSet::from([number]);
        let mut new: BTreeSet<usize> = BTreeSet::new();
        let mut kept = Vec::new();
        for (post, list) in lists {
            for officer in
                list.iter().map(|&officer| usize::try_from(officer).expect("a place in the roster"))
            {
                let office = matching.officers[officer].office.and_then(|office| self.of_office[office]);
                around.extend(self.of_officer[officer].into_iter().chain(office));
                new.insert(officer);
            }
            kept.push((post, std::mem::replace(&mut matching.posts[post].list, list)));
        }
        let mut union = Component::default();
        for component in around.iter().map(|&number| &self.components[number]) {
            union.visits.extend(&component.visits);
            union.posts.extend(&component.posts);
            new.extend(&component.officers);
        }
        union.visits.sort_unstable();
        union.posts.sort_unstable();
        union.officers = new.into_iter().collect();
        let found = missing(&shortages_of(matching, &union));
        let before: u64 = around.iter().map(|&number| missing(&self.components[number].shortages)).sum();
        for (post, list) in kept {
            matching.posts[post].list = list;
        }
        found.saturating_sub(before - (shortage.need - shortage.can_fill))
    }

    /// What is missing of a shortage with one visit more for each of its officers. That may help another shortage as well, so this one is
    /// looked at without the others.
    fn with_caps(&self, number: usize, place: usize, matching: &mut Matching) -> u64 {
        let component = &self.components[number];
        let shortage = &component.shortages[place];
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
        let found = missing(&shortages_of(matching, component));
        for (post, places) in others {
            matching.posts[post].places = places;
        }
        for (officer, seat) in officers {
            matching.officers[officer] = seat;
        }
        found
    }
}

/// Places missing in all.
fn missing(shortages: &[Shortage]) -> u64 {
    shortages.iter().map(|shortage| shortage.need - shortage.can_fill).sum()
}

fn id(plan: &Plan, party: Party, number: usize) -> InspectorId {
    match party {
        Party::Department(_) => plan.roster().inspectors()[number].id.clone(),
        Party::Experts => plan.roster().experts()[number].id.clone(),
    }
}

/// What barred the people of the party from the posts of a shortage, by reason (Spec 12.2).
fn losses(plan: &Plan, targets: &[Target<'_>], task: &Task<'_>, shortage: &Shortage) -> BTreeMap<Bar, u64> {
    let posts: BTreeSet<(usize, usize)> =
        shortage.posts.iter().map(|&post| (task.places[post].visit, task.places[post].rule)).collect();
    let mut losses = BTreeMap::new();
    for (_, person) in plan.people(task.party) {
        for &(visit, rule) in &posts {
            let needs = plan.post_rules(task.party).get(rule).and_then(|rule| rule.needs.as_ref());
            if let Some(bar) = plan.barred(&person, &targets[visit], needs, Waived::default()) {
                *losses.entry(bar).or_default() += 1;
            }
        }
    }
    losses
}
