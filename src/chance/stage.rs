//! What the seed decides about picks besides their tickets: control picks (Spec 6.4), subsamples (Spec 6.5) and days (Spec 11.2).

use super::ONE;
use super::allocation::{Cell, Scale, allocate, mark_certain, remainder};
use super::tickets::Tickets;
use crate::bytes::{Digest, Key, Label};
use std::collections::BTreeMap;

/// Whether a pick counts against the unit's exposure. Of its probability `size` (billionths), `scheduled` is schedule; the rest is
/// control share, and a control pick comes on top of the frequency.
#[must_use]
pub fn credited(seed: &Key, unit: &str, size: u64, scheduled: u64) -> bool {
    let hash = || seed.hash(Label::Control, &[unit.as_bytes()]);
    scheduled >= size || remainder(&hash(), u128::from(size)) < u128::from(scheduled)
}

/// A subsample of the picks: ⌈share · picks⌉ of them, spread over the paths, each pick with the same probability.
///
/// `paths` are the stratum paths that have picks, ascending, with the picks' ids; `share` is in billionths, at most [`ONE`]. The result
/// ascends.
#[must_use]
pub fn subsample<'a, T: AsRef<str> + Ord + ?Sized>(
    seed: &Key,
    code: &str,
    share: u64,
    paths: &[(&str, Vec<&'a T>)],
) -> Vec<&'a T> {
    let stage = seed.derive(Label::Stage, &[code.as_bytes()]);
    let length = |list: &[&T]| u64::try_from(list.len()).expect("a length");
    let mut cells: Vec<Cell> = paths
        .iter()
        .map(|(path, ids)| Cell { path: (*path).into(), size: ONE, count: length(ids), certain: false })
        .collect();
    let picks: u64 = cells.iter().map(|cell| cell.count).sum();
    let number = (u128::from(share) * u128::from(picks)).div_ceil(u128::from(ONE));
    let number = u64::try_from(number).expect("at most the picks");
    mark_certain(&mut cells, number);
    let counts = allocate(&cells, Scale::number(&cells, number), &stage);
    let tickets = Tickets::new(&stage);
    let mut taken: Vec<&T> = Vec::new();
    for ((_, ids), count) in paths.iter().zip(counts) {
        let ranked = tickets.in_order(ids.iter().map(|id| (*id).as_ref()).enumerate());
        let count = usize::try_from(count).expect("at most the units");
        taken.extend(ranked.into_iter().take(count).map(|(index, _)| ids[index]));
    }
    taken.sort_unstable();
    taken
}

/// The number of the day of every unit (division and id), of so many days: by lot, and on every day the floor or the ceiling of its share, in
/// every division and in all (Spec 11.2, step 1).
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
