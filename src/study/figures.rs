//! What the visits of a year stand for: weights from the chances of several draws that followed one another.
//!
//! A unit's chance in a draw depends on what earlier draws have done, so no single probability belongs to it.
//! Draw by draw it does. Let y be 1 for a unit that breaks the rule. Before draw t the answers of the units
//! visited earlier are known, and the visits of draw t estimate the sum over all others with weights 1/π
//! (Horvitz and Thompson 1952). Both together estimate the sum over all units without bias, whatever the
//! history. The mean of these estimates over the draws is Des Raj's ordered estimator (1956). Its terms are
//! uncorrelated, because each is without bias given all before it.
//!
//! For one draw it is the estimator of Horvitz and Thompson. The draws enter with the inverse of their
//! uncertainty for a unit, the mean of (1 − π)/π, which no result enters.

use super::estimate::WeighedVisit;
use crate::odds::ONE;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a unit in a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearOutcome {
    /// It was not drawn.
    NotDrawn,
    /// It was visited, and the rule was broken or not.
    Visited {
        /// Whether it was broken.
        found: bool,
    },
    /// It was drawn, and nobody was met, or the visit is still to be made. Its answer is taken to be like
    /// those of its class.
    Unanswered,
    /// It was drawn and does not exist any more (closed, merged, moved away): it is no part of the question.
    Gone,
}

/// One unit in one draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearChance {
    /// The unit, by any number.
    pub unit: u64,
    /// The draw: numbers ascend as the draws follow one another.
    pub draw: u64,
    /// Its inclusion probability in billionths, at most one; 0 if it could not be drawn.
    pub probability: u64,
    /// Its class, by any number, as its level: who is taken to answer alike, and to break rules about equally
    /// often.
    pub class: u64,
    /// Whether it came in the place of another.
    pub stand_in: bool,
    /// What became of it.
    pub outcome: YearOutcome,
}

/// The year's first visits, weighed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct YearWeights {
    /// First visits of units, in the order of the rows. `place` is that of the row.
    pub visits: Vec<WeighedVisit>,
    /// Further visits to units that had been visited in the year; they do not enter.
    pub repeated: u64,
    /// Units of which the visits say nothing: no chance in any draw, or nobody of their class was met in the
    /// draws in which they had one. Ascending.
    pub silent: Vec<u64>,
}

/// Of one class in one draw: the sums of 1/π, billionths.
#[derive(Clone, Copy, Default)]
struct Class {
    /// Of its picks.
    picked: u128,
    /// Of its picks and those that came instead.
    tried: u128,
    /// Of those that are gone.
    gone: u128,
    /// Of those that answered.
    answered: u128,
}

impl Class {
    /// By what the weights of the answers of the class are multiplied, billionths: they stand for those that
    /// were not met, and not for those that are gone.
    fn factor(&self) -> u128 {
        let one = u128::from(ONE);
        let there = ((self.tried - self.gone) * one).checked_div(self.tried).unwrap_or(0);
        there * (self.picked * one).checked_div(self.answered).unwrap_or(0) / one
    }
}

/// Weighs the first visits of a year. A row stands for every unit of the frame in every draw; rows may come in
/// any order. A probability above one counts as one.
#[must_use]
pub fn year_weights(rows: &[YearChance]) -> YearWeights {
    let one = u128::from(ONE);
    let chance = |row: &YearChance| u128::from(row.probability.min(ONE));
    let weight = |row: &YearChance| (one * one).checked_div(chance(row)).unwrap_or(0);
    let mut of_unit: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        of_unit.entry(row.unit).or_default().push(place);
    }
    let visited =
        |row: &YearChance| matches!(row.outcome, YearOutcome::Visited { .. }) && row.probability > 0;
    let mut repeated = 0;
    // The place in `mine` of a unit's first visit.
    let mut first: BTreeMap<u64, usize> = BTreeMap::new();
    let mut classes: BTreeMap<(u64, u64), Class> = BTreeMap::new();
    // Of each draw: the sum of (1 − π)/π over the units not visited before, and their number.
    let mut loose: BTreeMap<u64, (u128, u128)> = BTreeMap::new();
    for (unit, mine) in &mut of_unit {
        mine.sort_by_key(|place| rows[*place].draw);
        let before = mine.iter().position(|place| visited(&rows[*place]));
        if let Some(at) = before {
            first.insert(*unit, at);
            let later = mine[at + 1..].iter().filter(|place| visited(&rows[**place])).count();
            repeated += u64::try_from(later).expect("a length");
        }
        for place in &mine[..before.map_or(mine.len(), |at| at + 1)] {
            let row = &rows[*place];
            if row.probability == 0 {
                continue;
            }
            let (sum, count) = loose.entry(row.draw).or_default();
            *sum += weight(row).saturating_sub(one);
            *count += 1;
            let class = classes.entry((row.draw, row.class)).or_default();
            let weight = weight(row);
            match row.outcome {
                YearOutcome::NotDrawn => continue,
                YearOutcome::Visited { .. } => class.answered += weight,
                YearOutcome::Unanswered => {}
                YearOutcome::Gone => class.gone += weight,
            }
            class.tried += weight;
            class.picked += if row.stand_in { 0 } else { weight };
        }
    }
    // The more certain a draw is of a unit, the more it counts.
    let worth = |draw: u64| {
        let (sum, count) = loose.get(&draw).copied().unwrap_or_default();
        (one * one).checked_div((sum.checked_div(count).unwrap_or(0)).max(1)).unwrap_or(0).max(1)
    };
    let worth: BTreeMap<u64, u128> = loose.keys().map(|draw| (*draw, worth(*draw))).collect();
    let (mut visits, mut silent) = (Vec::new(), BTreeSet::new());
    for (unit, mine) in &of_unit {
        let at = first.get(unit).copied();
        let says = |(order, place): &(usize, &usize)| {
            let row = &rows[**place];
            let heard = classes.get(&(row.draw, row.class)).is_some_and(|class| class.answered > 0);
            at.is_some_and(|at| *order > at) || (row.probability > 0 && heard)
        };
        let known: Vec<(usize, u128)> = mine
            .iter()
            .enumerate()
            .filter(says)
            .map(|(order, place)| (order, worth.get(&rows[*place].draw).copied().unwrap_or(0)))
            .collect();
        let all: u128 = known.iter().map(|(_, worth)| worth).sum();
        if all == 0 {
            silent.insert(*unit);
            continue;
        }
        let Some(at) = at else { continue };
        let row = &rows[mine[at]];
        let YearOutcome::Visited { found } = row.outcome else { continue };
        let part = |of: &dyn Fn(usize) -> bool| {
            known.iter().filter(|(order, _)| of(*order)).map(|(_, worth)| worth).sum::<u128>() * one / all
        };
        let (now, later) = (part(&|order| order == at), part(&|order| order > at));
        let factor = classes.get(&(row.draw, row.class)).map_or(0, Class::factor);
        let by_lot = weight(row) * factor / one * now / one;
        let met = (chance(row) * one).checked_div(factor).unwrap_or(one).min(one);
        let left = u64::try_from(one - met).expect("at most ONE");
        let place = mine[at];
        visits.push(WeighedVisit { place, weight: by_lot + later, by_lot, left, group: row.class, found });
    }
    visits.sort_by_key(|visit| visit.place);
    YearWeights { visits, repeated, silent: silent.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::found_share;

    const HIT: YearOutcome = YearOutcome::Visited { found: true };
    const CLEAN: YearOutcome = YearOutcome::Visited { found: false };

    fn row(unit: u64, draw: u64, probability: u64, outcome: YearOutcome) -> YearChance {
        YearChance { unit, draw, probability, class: 0, stand_in: false, outcome }
    }

    /// One of three in the first draw, one of the other two in the second: over all six histories every unit
    /// stands for exactly one in the mean.
    #[test]
    fn over_all_histories_every_unit_stands_for_one() {
        let mut sums = [0u128; 3];
        for one in 0..3u64 {
            for two in (0..3).filter(|two| *two != one) {
                let mut rows = Vec::new();
                for unit in 0..3 {
                    let drawn = |yes: bool| if yes { HIT } else { YearOutcome::NotDrawn };
                    rows.push(row(unit, 1, ONE / 3, drawn(unit == one)));
                    let due = if unit == one { 0 } else { ONE / 2 };
                    rows.push(row(unit, 2, due, drawn(unit == two)));
                }
                for visit in year_weights(&rows).visits {
                    sums[usize::try_from(rows[visit.place].unit).unwrap()] += visit.weight;
                }
            }
        }
        for sum in sums {
            assert!(sum.abs_diff(6 * u128::from(ONE)) < 100, "{sums:?}");
        }
    }

    #[test]
    fn the_last_draw_of_a_whole_year_is_a_census() {
        let mut rows = Vec::new();
        for unit in 0..10 {
            let early = unit < 5;
            rows.push(row(unit, 1, ONE / 2, if early { HIT } else { YearOutcome::NotDrawn }));
            rows.push(row(
                unit,
                2,
                if early { 0 } else { ONE },
                if early { YearOutcome::NotDrawn } else { CLEAN },
            ));
        }
        let weights = year_weights(&rows);
        let found = found_share(&weights.visits).unwrap();
        assert!(found.rate.abs_diff(ONE / 2) < 10 && found.high - found.low < 1_000_000, "{found:?}");
        assert_eq!((weights.repeated, weights.silent.len()), (0, 0));
    }

    #[test]
    fn those_who_are_gone_stand_for_nobody_and_the_silent_are_named() {
        // Ten are drawn of twenty: two are gone and one came instead, one was not met.
        let mut rows: Vec<YearChance> =
            (0..20).map(|unit| row(unit, 1, ONE / 2, YearOutcome::NotDrawn)).collect();
        (0..10).for_each(|unit| rows[unit].outcome = if unit < 4 { HIT } else { CLEAN });
        (rows[0].outcome, rows[1].outcome) = (YearOutcome::Gone, YearOutcome::Gone);
        rows[9].outcome = YearOutcome::Unanswered;
        (rows[10].outcome, rows[10].stand_in) = (CLEAN, true);
        // Another class that had no chance, and one in which nobody was met.
        rows.push(YearChance { class: 1, ..row(20, 1, 0, YearOutcome::NotDrawn) });
        rows.push(YearChance { class: 2, ..row(21, 1, ONE / 2, YearOutcome::Unanswered) });
        let weights = year_weights(&rows);
        assert_eq!(weights.silent, [20, 21]);
        assert_eq!(weights.visits.len(), 8);
        let all: u128 = weights.visits.iter().map(|visit| visit.weight).sum();
        // Twenty less the share of those tried that were gone: 20 · 9/11.
        assert!(all.abs_diff(20 * 9 * u128::from(ONE) / 11) < 100, "{all}");
        assert_eq!(found_share(&weights.visits).unwrap().rate, ONE / 4);
    }
}
