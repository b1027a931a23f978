//! What the seed decides about picks: control picks (Spec 6.4) and subsamples (Spec 6.5).

use super::Key;
use super::allocation::{allocate, remainder};
use super::tickets::Tickets;
use crate::bytes::{Half, Label};
use crate::odds::ONE;
use crate::odds::cells::{Cell, Scale, mark_certain};

/// Whether a pick counts against the exposure of its unit (Spec 6.4).
///
/// Of the probability `size` of the unit (billionths), `scheduled` is its schedule. The rest is the control
/// share, and a control pick comes on top of the frequency.
#[must_use]
pub fn credited(seed: &Key, unit: &str, size: u64, scheduled: u64) -> bool {
    let hash = || seed.hash(Label::Control, &[unit.as_bytes()]);
    scheduled >= size || remainder(&hash(), u128::from(size)) < u128::from(scheduled)
}

/// The phase with which a unit begins (Spec 6.6): each with a chance in proportion to its weight. `weights`
/// are the phases, ascending, with their weights, which sum to more than 0 and less than 2¹²⁷.
///
/// # Panics
/// If the weights sum to 0 or to 2¹²⁷ or more.
#[must_use]
pub fn phase(seed: &Key, pseudonym: &Half, weights: &[(i64, u128)]) -> i64 {
    let sum = weights.iter().map(|(_, weight)| weight).sum();
    at(weights, remainder(&seed.hash(Label::Phase, &[&pseudonym.hex()]), sum))
}

/// The first phase whose weight, added to those before it, is above a number below their sum.
fn at(weights: &[(i64, u128)], number: u128) -> i64 {
    let mut left = number;
    let mut found = weights.iter().skip_while(|(_, weight)| {
        let passed = left >= *weight;
        left -= if passed { *weight } else { 0 };
        passed
    });
    found.next().expect("a number below the sum").0
}

/// A subsample of the picks: ⌈share · picks⌉ of them, spread over the paths, each pick with the same
/// probability (Spec 6.5).
///
/// `paths` are the stratum paths that have picks, ascending, with the pseudonyms of the picks and their ids.
/// `share` is in billionths, at most [`ONE`]. The result ascends.
#[must_use]
pub fn subsample<Id: Ord + Copy>(
    seed: &Key,
    code: &str,
    share: u64,
    paths: &[(&str, Vec<(Half, Id)>)],
) -> Vec<Id> {
    let stage = seed.derive(Label::Stage, &[code.as_bytes()]);
    let length = |list: &[(Half, Id)]| u64::try_from(list.len()).expect("a length");
    let mut cells: Vec<Cell> = paths
        .iter()
        .map(|(path, units)| Cell { path: (*path).into(), size: ONE, count: length(units), certain: false })
        .collect();
    let picks: u64 = cells.iter().map(|cell| cell.count).sum();
    let number = (u128::from(share) * u128::from(picks)).div_ceil(u128::from(ONE));
    let number = u64::try_from(number).expect("at most the picks");
    mark_certain(&mut cells, number);
    let counts = allocate(&cells, Scale::number(&cells, number), &stage);
    let tickets = Tickets::new(&stage);
    let mut taken: Vec<Id> = Vec::new();
    for ((_, units), count) in paths.iter().zip(counts) {
        let ranked = tickets.in_order(units.iter().map(|(pseudonym, _)| *pseudonym).enumerate());
        let count = usize::try_from(count).expect("at most the units");
        taken.extend(ranked.into_iter().take(count).map(|(index, _)| units[index].1));
    }
    taken.sort_unstable();
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Over all numbers that a hash can leave: every phase comes as often as its weight says.
    #[test]
    fn every_phase_comes_as_often_as_its_weight_says() {
        for weights in [vec![(-1, 3), (0, 0), (1, 5), (2, 1)], vec![(-3, 0), (-2, 1)], vec![(0, 4), (7, 0)]] {
            let sum = weights.iter().map(|(_, weight)| weight).sum::<u128>();
            for (phase, weight) in &weights {
                let times = (0..sum).filter(|number| at(&weights, *number) == *phase).count();
                assert_eq!(u128::try_from(times).unwrap(), *weight, "{weights:?} {phase}");
            }
        }
    }
}
