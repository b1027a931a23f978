//! The rules for the teams of a record that need no roster (Spec 13, check `teams`).

use super::report::{Comparison, differ, same};
use crate::assign::{self, ShortageStatement, Teams, Visit};
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::Key;
use crate::record::Record;
use std::collections::{BTreeMap, BTreeSet};

/// A post of a visit. Posts of inspectors and of experts are treated alike.
#[derive(Debug)]
pub(super) struct HeldPost<'a> {
    /// `None` for experts.
    pub(super) department: Option<&'a Code>,
    pub(super) post: &'a Code,
    /// The person who holds it.
    pub(super) people: Vec<&'a InspectorId>,
    /// Places that stay empty.
    pub(super) vacancies: u64,
}

/// The posts of a visit, those of experts last.
pub(super) fn held(visit: &Visit) -> impl Iterator<Item = HeldPost<'_>> {
    let officers = visit.posts.iter().map(|post| HeldPost {
        department: Some(&post.department),
        post: &post.post,
        people: post.officers.iter().map(|officer| &officer.id).collect(),
        vacancies: post.vacancies,
    });
    let experts = visit.experts.iter().map(|post| HeldPost {
        department: None,
        post: &post.post,
        people: post.experts.iter().map(|expert| &expert.id).collect(),
        vacancies: post.vacancies,
    });
    officers.chain(experts)
}

/// Posts that a kind of institution has: department (`None` for experts), post, places.
type PostsOfKind<'a> = Vec<(Option<&'a Code>, &'a Code, u64)>;

/// The check `teams`.
pub(super) fn teams(record: &Record) -> Comparison {
    one_visit_a_pick(record)?;
    let team = &record.policy.team;
    let mut kinds: Vec<PostsOfKind<'_>> =
        record.policy.frame.kinds.iter().map(|kind| team.posts_at(kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for visit in &record.teams.visits {
        day(record, visit)?;
        posts(visit, &kinds)?;
        people(visit)?;
        lead(record, visit)?;
    }
    vacancies(&record.teams)
}

fn one_visit_a_pick(record: &Record) -> Comparison {
    let mut picks: Vec<&UnitId> =
        record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| &pick.id)).collect();
    picks.sort_unstable();
    picks.dedup();
    let visits = &record.teams.visits;
    if visits.iter().map(|visit| &visit.unit).eq(picks.iter().copied()) {
        return Ok(());
    }
    differ("visits", format!("one for each of {} picks, ascending", picks.len()), visits.len())
}

fn day(record: &Record, visit: &Visit) -> Comparison {
    let days = &record.policy.team.days;
    if visit.day.map_or(days.is_empty(), |day| days.contains(&day)) {
        return Ok(());
    }
    let found = visit.day.map_or_else(|| "none".to_owned(), |day| day.to_string());
    differ(format!("day at {}", visit.unit), "one of team.days, or none without them", found)
}

/// The posts and places of a visit are those of some kind of institution. The kinds ascend by their posts.
fn posts(visit: &Visit, kinds: &[PostsOfKind<'_>]) -> Comparison {
    let places = |held: &HeldPost<'_>| {
        u64::try_from(held.people.len()).unwrap_or(u64::MAX).saturating_add(held.vacancies)
    };
    let found: PostsOfKind<'_> =
        held(visit).map(|held| (held.department, held.post, places(&held))).collect();
    if kinds.binary_search(&found).is_ok() {
        return Ok(());
    }
    let show = |posts: &PostsOfKind<'_>| {
        let one = |(department, post, places): &(Option<&Code>, &Code, u64)| {
            format!("{places} × {}/{post}", department.map_or("experts", Code::as_str))
        };
        posts.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    let mut expected = kinds.iter().take(4).map(show).collect::<Vec<_>>().join(" or ");
    if kinds.len() > 4 {
        expected.push_str(" or those of another kind");
    }
    differ(format!("posts and places at {}", visit.unit), expected, show(&found))
}

/// The people of a visit are distinct, and those of a post ascend.
fn people(visit: &Visit) -> Comparison {
    let what = || format!("officers at {}", visit.unit);
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for HeldPost { people, .. } in held(visit) {
        if !people.is_sorted_by(|a, b| a < b) {
            return differ(what(), "distinct, ascending", "another order");
        }
        if let Some(twice) = people.into_iter().find(|id| !all.insert(id.as_str())) {
            return differ(what(), "distinct", format!("{twice} twice"));
        }
    }
    Ok(())
}

/// The lead is the inspector whom the seed gives.
fn lead(record: &Record, visit: &Visit) -> Comparison {
    let first = record.policy.team.departments.first().map(|rule| &rule.department);
    let seed = Key::new(record.policy.suite, record.seed);
    let lead = first.and_then(|first| assign::lead_of(first, &seed, visit));
    let show = |lead: Option<&InspectorId>| lead.map_or("no lead", InspectorId::as_str).to_owned();
    same(format!("lead at {}", visit.unit), show(lead.as_ref()), show(visit.lead.as_ref()))
}

/// A post as records write it. A post and what a pin has taken out of it are written as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct WrittenPost<'a> {
    unit: &'a UnitId,
    /// `None` for experts.
    department: Option<&'a Code>,
    post: &'a Code,
}

/// Shortages that share a post, directly or through others.
#[derive(Debug, Default)]
struct ShortageGroup<'a> {
    /// The posts, a post as often as shortages name it.
    posts: Vec<WrittenPost<'a>>,
    /// Places that they cannot fill together.
    missing: u64,
}

/// Every group of shortages has as many vacancies as places that it cannot fill, and there are no other
/// vacancies.
fn vacancies(teams: &Teams) -> Comparison {
    let mut vacancies: BTreeMap<WrittenPost<'_>, u64> = BTreeMap::new();
    for visit in &teams.visits {
        for HeldPost { department, post, vacancies: empty, .. } in
            held(visit).filter(|held| held.vacancies > 0)
        {
            vacancies.insert(WrittenPost { unit: &visit.unit, department, post }, empty);
        }
    }
    for group in shortage_groups(&teams.shortages).iter().filter(|group| !group.posts.is_empty()) {
        let own = group.posts.iter().filter_map(|post| vacancies.remove(post));
        same("vacancies of a shortage", group.missing, own.fold(0, u64::saturating_add))?;
    }
    match vacancies.first_key_value() {
        Some((post, empty)) => {
            differ(format!("vacancies at {}", post.unit), "none outside a shortage", empty)
        }
        None => Ok(()),
    }
}

/// Joins the shortages that share a post: their vacancies count together. The groups stand in the order of
/// their last shortages.
fn shortage_groups(shortages: &[ShortageStatement]) -> Vec<ShortageGroup<'_>> {
    // Sets of shortages are joined, and the last shortage stands for each.
    fn root(parent: &mut [usize], mut node: usize) -> usize {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    }
    let mut parent: Vec<usize> = (0..shortages.len()).collect();
    let mut groups: Vec<ShortageGroup<'_>> = Vec::with_capacity(shortages.len());
    let mut first: BTreeMap<WrittenPost<'_>, usize> = BTreeMap::new();
    for (number, shortage) in shortages.iter().enumerate() {
        let department = shortage.department.as_ref();
        let written = |unit, post| WrittenPost { unit, department, post };
        let posts = shortage.posts.iter();
        let posts: Vec<WrittenPost<'_>> =
            posts.flat_map(|post| post.units.iter().map(|unit| written(unit, &post.post))).collect();
        for post in &posts {
            let other = root(&mut parent, *first.entry(*post).or_insert(number));
            parent[other] = number;
        }
        groups.push(ShortageGroup { posts, missing: shortage.need.saturating_sub(shortage.can_fill) });
    }
    for number in 0..groups.len() {
        let root = root(&mut parent, number);
        if root != number {
            let ShortageGroup { posts, missing } = std::mem::take(&mut groups[number]);
            groups[root].posts.extend(posts);
            groups[root].missing = groups[root].missing.saturating_add(missing);
        }
    }
    groups
}
