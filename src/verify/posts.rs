//! The rules for the teams of a record that need no roster (Spec 13, check `teams`).

use super::report::{Comparison, differ, same};
use super::words;
use crate::assign::{self, ShortageStatement, Visit};
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{self, Key};
use crate::message::{AsParam as _, Message, Param, Plain, said};
use crate::policy::Stratum;
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
    let own_kinds = record.of_picks(Stratum::Kind);
    let level = record.policy.dispatch.as_ref().map(|dispatch| Stratum::Area(dispatch.at));
    let areas = level.map(|level| record.of_picks(level)).unwrap_or_default();
    let elsewhere = |unit: &UnitId| {
        let area = areas.get(unit);
        record.policy.dispatch.as_ref().zip(area).is_some_and(|(dispatch, area)| dispatch.takes_whole(area))
    };
    for visit in &record.teams.visits {
        day(record, visit)?;
        if elsewhere(&visit.unit) {
            posts(visit, &[Vec::new()])?;
            lead(record, visit)?;
            continue;
        }
        let own = own_kinds.get(&visit.unit);
        let own = own.and_then(|own| record.policy.frame.kinds.iter().find(|kind| kind.as_str() == *own));
        match own {
            Some(kind) => posts(visit, &[team.posts_at(kind)])?,
            None => posts(visit, &kinds)?,
        }
        people(visit)?;
        lead(record, visit)?;
    }
    parties(record)?;
    spans(record)?;
    vacancies(record)
}

/// The check `days`: Spec 11.2, step 1, made again. `None` without days, or where no stratum shows the
/// divisions.
pub(super) fn days(record: &Record) -> Option<Comparison> {
    let policy = &record.policy;
    let days = &policy.team.days;
    let whole = Stratum::Area(policy.frame.divisions.innermost());
    if days.is_empty() || !policy.strata.contains(&whole) {
        return None;
    }
    let units: Vec<(&UnitId, &str)> = record.of_picks(whole).into_iter().collect();
    let known: Vec<(&str, &str)> = units.iter().map(|(unit, division)| (*division, unit.as_str())).collect();
    let length = u64::try_from(days.len()).unwrap_or(u64::MAX);
    let lot = lot::teams::days(&Key::new(policy.suite, record.seed), &known, length);
    let by_lot: BTreeMap<&UnitId, Option<&Date>> = units
        .iter()
        .zip(lot)
        .map(|((unit, _), day)| (*unit, usize::try_from(day).ok().and_then(|d| days.get(d))))
        .collect();
    let one = |visit: &Visit| {
        let Some(day) = by_lot.get(&visit.unit) else { return Ok(()) };
        same(said!("compared.lot_day", "the day at {unit}", unit = visit.unit), day.copied(), visit.day)
    };
    Some(record.teams.visits.iter().try_for_each(one))
}

/// Nobody stands in two parties, and there are not more people than the roster has.
fn parties(record: &Record) -> Comparison {
    let held = record.teams.visits.iter().flat_map(held);
    let held = held.map(|held| (held.department, held.people));
    let stated = record.teams.shortages.iter();
    let stated = stated.map(|short| (short.department.as_ref(), short.officers.iter().collect::<Vec<_>>()));
    let mut known: BTreeMap<&InspectorId, Option<&Code>> = BTreeMap::new();
    for (department, people) in held.chain(stated) {
        for person in people {
            let party = *known.entry(person).or_insert(department);
            if party != department {
                let what = said!("compared.department", "the department of {person}", person);
                return differ(what, words::party(party), words::party(department));
            }
        }
    }
    let (size, found) = (record.seal.roster.size, u64::try_from(known.len()).unwrap_or(u64::MAX));
    if found > size {
        let most = said!("expected.at_most_roster", "at most the {size} of the roster", size);
        return differ(said!("compared.people", "people of teams and shortages"), most, found);
    }
    Ok(())
}

/// Nobody has more visits on a day or in a week than the policy allows.
fn spans(record: &Record) -> Comparison {
    let caps = record.policy.team.caps;
    let begin = record.policy.as_of;
    within(record, words::day_visits, caps.day, |day| day.days_since(begin))?;
    within(record, words::week_visits, caps.week, |day| i64::from(day.week()))
}

/// Nobody has more than so many visits on days of the same number.
fn within(
    record: &Record,
    what: fn(&InspectorId, Date) -> Message,
    most: Option<u64>,
    number: impl Fn(Date) -> i64,
) -> Comparison {
    let Some(most) = most else { return Ok(()) };
    let mut visits: BTreeMap<(&InspectorId, i64), u64> = BTreeMap::new();
    for visit in &record.teams.visits {
        let Some(day) = visit.day else { continue };
        for person in held(visit).flat_map(|held| held.people) {
            let count = visits.entry((person, number(day))).or_default();
            *count += 1;
            if *count > most {
                return differ(what(person, day), most, *count);
            }
        }
    }
    Ok(())
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
    let expected =
        said!("expected.visit_for_pick", "one for each of {picks} picks, ascending", picks = picks.len());
    differ(words::visits(), expected, visits.len())
}

fn day(record: &Record, visit: &Visit) -> Comparison {
    let days = &record.policy.team.days;
    if visit.day.map_or(days.is_empty(), |day| days.contains(&day)) {
        return Ok(());
    }
    let what = said!("compared.visit_day", "day at {unit}", unit = visit.unit);
    differ(what, said!("expected.team_day", "one of team.days, or none without them"), visit.day)
}

/// The places of a post, held or empty.
pub(super) fn places(held: &HeldPost<'_>) -> u64 {
    u64::try_from(held.people.len()).unwrap_or(u64::MAX).saturating_add(held.vacancies)
}

/// The posts and places of a visit are those of some kind of institution. The kinds ascend by their posts.
fn posts(visit: &Visit, kinds: &[PostsOfKind<'_>]) -> Comparison {
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
    let known = Param::List(kinds.iter().take(4).map(|posts| show(posts).as_str().param()).collect());
    let expected = if kinds.len() > 4 {
        said!("expected.posts_or_others", "{posts}, or those of another kind", posts = known)
    } else {
        said!("expected.posts_among", "one of {posts}", posts = known)
    };
    differ(
        said!("compared.visit_places", "posts and places at {unit}", unit = visit.unit),
        expected,
        Plain(show(&found)),
    )
}

/// The people of a visit are distinct, and those of a post ascend.
fn people(visit: &Visit) -> Comparison {
    let what = || said!("compared.visit_people", "officers at {unit}", unit = visit.unit);
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for HeldPost { people, .. } in held(visit) {
        if !people.is_sorted_by(|a, b| a < b) {
            return differ(
                what(),
                said!("expected.distinct_ascending", "distinct, ascending"),
                words::another_order(),
            );
        }
        if let Some(twice) = people.into_iter().find(|id| !all.insert(id.as_str())) {
            let found = said!("found.one_of_twice", "{person} twice", person = twice);
            return differ(what(), said!("expected.distinct", "distinct"), found);
        }
    }
    Ok(())
}

/// The lead is the inspector whom the seed gives.
fn lead(record: &Record, visit: &Visit) -> Comparison {
    let first = record.policy.team.departments.first().map(|rule| &rule.department);
    let seed = Key::new(record.policy.suite, record.seed);
    let lead = first.and_then(|first| assign::lead_of(first, &seed, visit));
    same(said!("compared.lead", "lead at {unit}", unit = visit.unit), lead.as_ref(), visit.lead.as_ref())
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
    /// Places that they need together.
    need: u64,
    /// Everybody who may hold one of the posts.
    officers: BTreeSet<&'a InspectorId>,
}

/// Every group of shortages has as many vacancies as places that it cannot fill, and there are no other
/// vacancies. It needs the places of its posts, and who holds one is among its officers. A pin takes a place
/// out of its post, which then may stand in the group or not.
fn vacancies(record: &Record) -> Comparison {
    let teams = &record.teams;
    let mut vacancies: BTreeMap<WrittenPost<'_>, u64> = BTreeMap::new();
    let mut posts: BTreeMap<WrittenPost<'_>, HeldPost<'_>> = BTreeMap::new();
    for visit in &teams.visits {
        for held in held(visit) {
            let written = WrittenPost { unit: &visit.unit, department: held.department, post: held.post };
            if held.vacancies > 0 {
                vacancies.insert(written, held.vacancies);
            }
            if !teams.shortages.is_empty() {
                posts.insert(written, held);
            }
        }
    }
    let pinned: BTreeSet<(&UnitId, &Code)> =
        record.policy.team.pins.iter().map(|pin| (&pin.unit, &pin.post)).collect();
    for group in shortage_groups(&teams.shortages).iter().filter(|group| !group.posts.is_empty()) {
        let own = group.posts.iter().filter_map(|post| vacancies.remove(post));
        same(
            said!("compared.shortage_vacancies", "vacancies of a shortage"),
            group.missing,
            own.fold(0, u64::saturating_add),
        )?;
        let held: Vec<&HeldPost<'_>> = group.posts.iter().filter_map(|post| posts.get(post)).collect();
        let places = held.iter().map(|held| places(held)).fold(0, u64::saturating_add);
        let of_pins = group.posts.iter().any(|post| pinned.contains(&(post.unit, post.post)));
        if group.need > places || (group.need < places && !of_pins) {
            return differ(
                said!("compared.shortage_places", "places that a shortage needs"),
                places,
                group.need,
            );
        }
        let unknown = |person: &&&InspectorId| !of_pins && !group.officers.contains(**person);
        if let Some(stranger) = held.iter().flat_map(|held| &held.people).find(unknown) {
            let what = said!("compared.shortage_holder", "who holds a post of a shortage");
            return differ(what, said!("expected.officer_of_shortage", "one of its officers"), *stranger);
        }
    }
    match vacancies.first_key_value() {
        Some((post, empty)) => {
            let what = said!("compared.vacancies_at", "vacancies at {unit}", unit = post.unit);
            differ(what, said!("expected.no_vacancy", "none outside a shortage"), *empty)
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
        let ShortageStatement { can_fill, need, officers, .. } = shortage;
        let missing = need.saturating_sub(*can_fill);
        groups.push(ShortageGroup { posts, missing, need: *need, officers: officers.iter().collect() });
    }
    for number in 0..groups.len() {
        let root = root(&mut parent, number);
        if root != number {
            let ShortageGroup { posts, missing, need, officers } = std::mem::take(&mut groups[number]);
            groups[root].posts.extend(posts);
            groups[root].officers.extend(officers);
            groups[root].need = groups[root].need.saturating_add(need);
            groups[root].missing = groups[root].missing.saturating_add(missing);
        }
    }
    groups
}
