//! What cannot be staffed, in numbers anyone can check, and what would help (Spec 11.6, 11.12 and 12.2).

use super::visits::Task;
use super::{LimitedPost, ShortPost, ShortageStatement, WayOut};
use crate::chance::matching::{Matching, Shortage, component_with, shortages_of};
use crate::id::InspectorId;
use crate::plan::{Bar, Candidates, Party, Plan, Target, Waived};
use crate::policy::Jurisdiction;
use std::collections::{BTreeMap, BTreeSet};

/// A shortage in short: where, and how many places.
#[derive(Debug, Clone)]
pub(super) struct Short {
    visit: usize,
    missing: u64,
    posts: Vec<usize>,
}

impl Short {
    pub(super) fn of(shortage: &Shortage, matching: &Matching) -> Self {
        let visit = matching.posts[shortage.posts[0]].visit;
        Self { visit, missing: shortage.need - shortage.can_fill, posts: shortage.posts.clone() }
    }
}

/// The statement of one shortage; `all` are those of the party, and `number` is its place among them.
#[expect(clippy::too_many_arguments, reason = "a statement is about all of these")]
pub(super) fn state<'a>(
    plan: &'a Plan,
    targets: &[Target<'a>],
    task: &Task<'a>,
    matching: &Matching,
    shortage: &Shortage,
    all: &[Short],
    number: usize,
    candidates: &mut Candidates<'a>,
) -> ShortageStatement {
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
        group: task.groups[group].clone(),
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
        ways_out: ways_out(plan, targets, task, matching, shortage, all, number, candidates),
    }
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
    for person in plan.people(task.party) {
        for &(visit, rule) in &posts {
            let needs = plan.post_rules(task.party).get(rule).and_then(|rule| rule.needs.as_ref());
            if let Some(bar) = plan.barred(&person, &targets[visit], needs, Waived::default()) {
                *losses.entry(bar).or_default() += 1;
            }
        }
    }
    losses
}

/// Places that would still be missing after each way out alone.
#[expect(clippy::too_many_arguments, reason = "as for the statement")]
fn ways_out<'a>(
    plan: &'a Plan,
    targets: &[Target<'a>],
    task: &Task<'a>,
    matching: &Matching,
    shortage: &Shortage,
    all: &[Short],
    number: usize,
    candidates: &mut Candidates<'a>,
) -> BTreeMap<WayOut, u64> {
    let team = &plan.policy().team;
    let own = match task.party {
        Party::Department(_) => team.jurisdiction,
        Party::Experts => team.experts.as_ref().map_or(Jurisdiction::Any, |experts| experts.jurisdiction),
    };
    let mut wider = |waived: Waived| {
        let mut changed = matching.clone();
        for &post in &shortage.posts {
            let place = &task.places[post];
            changed.posts[post].list = task.waived(plan, &targets[place.visit], place, candidates, waived);
        }
        let others: Vec<&Short> =
            all.iter().enumerate().filter(|(o, _)| *o != number).map(|(_, s)| s).collect();
        missing(&changed, &others, all[number].visit)
    };
    let mut ways = BTreeMap::new();
    let back_check =
        plan.policy().population.as_ref().is_some_and(|population| population.visited_since.is_some());
    if team.rotation && !back_check {
        ways.insert(WayOut::Rotation, wider(Waived { rotation: true, jurisdiction: None }));
    }
    if let Some(next) = own.wider() {
        ways.insert(WayOut::Jurisdiction, wider(Waived { rotation: false, jurisdiction: Some(next) }));
        if next != Jurisdiction::Any {
            ways.insert(
                WayOut::Anywhere,
                wider(Waived { rotation: false, jurisdiction: Some(Jurisdiction::Any) }),
            );
        }
    }
    // One place more for an officer may help another shortage as well: this one is looked at without the others.
    let mut changed = matching.clone();
    for &officer in &shortage.officers {
        let seat = &mut changed.officers[officer];
        seat.cap += 1;
        seat.day_cap = seat.day_cap.map(|cap| cap + 1);
        seat.week_cap = seat.week_cap.map(|cap| cap + 1);
    }
    for &post in
        all.iter().enumerate().filter(|(other, _)| *other != number).flat_map(|(_, short)| &short.posts)
    {
        changed.posts[post].places = 0;
    }
    ways.insert(WayOut::Cap, missing(&changed, &[], all[number].visit));
    ways
}

/// Places that are missing in a changed matching around a visit, less what other shortages there were short of before.
fn missing(changed: &Matching, others: &[&Short], visit: usize) -> u64 {
    let component = component_with(changed, visit);
    let found: u64 = shortages_of(changed, &component).iter().map(|s| s.need - s.can_fill).sum();
    let others = others.iter().filter(|short| component.visits.binary_search(&short.visit).is_ok());
    found.saturating_sub(others.map(|short| short.missing).sum())
}
