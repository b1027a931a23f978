//! What the seed decides about teams besides the coins: days, shortlists and leads (Spec 11.2 and 11.11).

use super::Key;
use super::allocation::remainder;
use super::words::Words;
use crate::bytes::{Digest, Label};
use std::collections::BTreeMap;

/// The day of every unit, as a number below `days`, by lot (Spec 11.2, step 1).
///
/// A unit is its division and its id. Every day gets the floor or the ceiling of its share of the units, in
/// every division and in all.
///
/// # Panics
/// If there are no days.
#[must_use]
pub fn days(seed: &Key, units: &[(&str, &str)], days: u64) -> Vec<u64> {
    let hash = |kind: &str, name: &str| seed.hash(Label::Day, &[kind.as_bytes(), name.as_bytes()]);
    let mut divisions: BTreeMap<&str, Digest> = BTreeMap::new();
    let mut order: Vec<(Digest, Digest, usize)> = Vec::with_capacity(units.len());
    for (number, &(division, id)) in units.iter().enumerate() {
        let of_division = *divisions.entry(division).or_insert_with(|| hash("division", division));
        order.push((of_division, hash("unit", id), number));
    }
    order.sort_unstable();
    let start = remainder(&seed.hash(Label::Day, &[]), u128::from(days));
    let mut given = vec![0; units.len()];
    for (k, (_, _, number)) in (start..).zip(order) {
        given[number] = u64::try_from(k % u128::from(days)).expect("below the days");
    }
    given
}

/// The candidates of a post from a general list of officers, `wanted` of them at most (Spec 11.2, step 4).
///
/// The post is named by its party, unit and code. Names are drawn from the list one after the other, and
/// those who may hold the post are taken. The result ascends. The flag says whether the list ended. If it
/// did, it holds every person who may hold the post.
pub fn shortlist(
    seed: &Key,
    (party, unit, post): (&str, &str, &str),
    general: &[u32],
    wanted: usize,
    may: impl Fn(&u32) -> bool,
) -> (Vec<u32>, bool) {
    let mut words = Words::new(&format!("shortlist/{party}/{unit}/{post}"), seed);
    // The list is shuffled from its front, as far as it is needed. Only what was swapped is kept.
    let mut moved: BTreeMap<usize, u32> = BTreeMap::new();
    let mut list = Vec::new();
    for t in 0..general.len() {
        if list.len() == wanted {
            list.sort_unstable();
            return (list, false);
        }
        let left = u64::try_from(general.len() - t).expect("a length");
        let other = t + usize::try_from(words.below(left)).expect("below a length");
        let name = moved.get(&other).copied().unwrap_or(general[other]);
        let here = moved.get(&t).copied().unwrap_or(general[t]);
        moved.insert(other, here);
        list.extend(may(&name).then_some(name));
    }
    list.sort_unstable();
    (list, true)
}

/// The place of the lead in a list of officers: the one with the smallest `H("lead", "<seed> <unit>
/// <officer>")` (Spec 11.11). `None` if the list is empty.
pub fn lead<'a>(seed: &Key, unit: &str, officers: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    let tickets = seed.prefix(Label::Lead, &[unit.as_bytes()]);
    let ranked =
        officers.into_iter().enumerate().map(|(place, id)| (tickets.finish(id.as_bytes()), id, place));
    ranked.min().map(|(_, _, place)| place)
}
