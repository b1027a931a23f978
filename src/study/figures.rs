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
//! uncertainty for units of one class, the mean of (1 − π)/π, which no result enters.

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
    /// those known of its class, or of all where none is known.
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
    /// Units of which the visits say nothing: no chance in any draw in which somebody was met. Ascending.
    pub silent: Vec<u64>,
}

/// Of one class in one draw: sums of 1/π, billionths.
#[derive(Clone, Copy, Default)]
struct Heard {
    /// Units that had answered in earlier draws, each once.
    known: u128,
    /// Its picks.
    picked: u128,
    /// Its picks and those that came instead.
    tried: u128,
    /// Those that answered.
    answered: u128,
    /// Those that did not.
    unanswered: u128,
}

impl Heard {
    /// What one of those tried stands for, where others came instead: picked/tried, billionths.
    fn each(&self) -> u128 {
        let one = u128::from(ONE);
        (self.picked * one).checked_div(self.tried).unwrap_or(one)
    }

    /// The sum that its answers stand for, and that of those that did not answer.
    fn sums(&self) -> (u128, u128) {
        let one = u128::from(ONE);
        (self.known + self.answered * self.each() / one, self.unanswered * self.each() / one)
    }
}

/// By what the weights of a class are multiplied to stand for those that did not answer: a class answers for
/// its own, and all classes of a draw for those of which nobody answered. Billionths; none in a draw without
/// any answer.
fn factors(heard: &BTreeMap<(u64, u64), Heard>) -> BTreeMap<(u64, u64), u128> {
    let one = u128::from(ONE);
    let mut draws: BTreeMap<u64, (u128, u128)> = BTreeMap::new();
    for ((draw, _), class) in heard {
        let (answers, missing) = class.sums();
        let (own, others) = draws.entry(*draw).or_default();
        *(if answers > 0 { own } else { others }) += answers + missing;
    }
    let mut factors = BTreeMap::new();
    for ((draw, code), class) in heard {
        let (answers, missing) = class.sums();
        let (own, others) = draws.get(draw).copied().unwrap_or_default();
        if let Some(whole) = ((own + others) * one).checked_div(own) {
            let class = ((answers + missing) * one).checked_div(answers).unwrap_or(one);
            factors.insert((*draw, *code), class * whole / one);
        }
    }
    factors
}

/// The rows of one unit in the order of the draws, and which of them is its first visit.
struct UnitYear {
    rows: Vec<usize>,
    first: Option<usize>,
    /// Its class in the first draw of the year, which no result of the year has changed.
    home: u64,
}

fn chance(row: &YearChance) -> u128 {
    u128::from(row.probability.min(ONE))
}

/// 1/π in billionths; 0 without a chance.
fn weight(row: &YearChance) -> u128 {
    let one = u128::from(ONE);
    (one * one).checked_div(chance(row)).unwrap_or(0)
}

fn histories(rows: &[YearChance]) -> BTreeMap<u64, UnitYear> {
    let mut units: BTreeMap<u64, UnitYear> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        let new = || UnitYear { rows: Vec::new(), first: None, home: row.class };
        units.entry(row.unit).or_insert_with(new).rows.push(place);
    }
    let visited =
        |row: &YearChance| matches!(row.outcome, YearOutcome::Visited { .. }) && row.probability > 0;
    for unit in units.values_mut() {
        unit.rows.sort_by_key(|place| rows[*place].draw);
        unit.first = unit.rows.iter().position(|place| visited(&rows[*place]));
        unit.home = unit.rows.first().map_or(unit.home, |place| rows[*place].class);
    }
    units
}

/// Weighs the first visits of a year. A row stands for every unit of the frame in every draw; rows may come
/// in any order. A probability above one counts as one.
#[must_use]
pub fn year_weights(rows: &[YearChance]) -> YearWeights {
    let one = u128::from(ONE);
    let units = histories(rows);
    let mut repeated = 0;
    let mut heard: BTreeMap<(u64, u64), Heard> = BTreeMap::new();
    // By draw and class in the first draw: the sum of (1 − π)/π over those not visited before, and their
    // number.
    let mut loose: BTreeMap<(u64, u64), (u128, u128)> = BTreeMap::new();
    for unit in units.values() {
        for (order, place) in unit.rows.iter().enumerate() {
            let row = &rows[*place];
            let class = heard.entry((row.draw, row.class)).or_default();
            if unit.first.is_some_and(|first| order > first) {
                class.known += one;
                repeated += u64::from(matches!(row.outcome, YearOutcome::Visited { .. }));
                continue;
            }
            if row.probability == 0 {
                continue;
            }
            let weight = weight(row);
            let (sum, count) = loose.entry((row.draw, unit.home)).or_default();
            *sum += weight.saturating_sub(one);
            *count += 1;
            match row.outcome {
                YearOutcome::NotDrawn => continue,
                YearOutcome::Visited { .. } => class.answered += weight,
                YearOutcome::Unanswered => class.unanswered += weight,
                YearOutcome::Gone => {}
            }
            class.tried += weight;
            class.picked += if row.stand_in { 0 } else { weight };
        }
    }
    let factors = factors(&heard);
    // The more certain a draw is of a unit, the more it counts.
    let worth = |row: &YearChance, home: u64| {
        let (sum, count) = loose.get(&(row.draw, home)).copied().unwrap_or_default();
        (one * one).checked_div(sum.checked_div(count).unwrap_or(0).max(1)).unwrap_or(0).max(1)
    };
    let (mut visits, mut silent) = (Vec::new(), BTreeSet::new());
    for (number, unit) in &units {
        let after = |order: usize| unit.first.is_some_and(|first| order > first);
        // The draws that say something of the unit, and what each counts.
        let mut says: Vec<(usize, u128)> = Vec::new();
        for (order, place) in unit.rows.iter().enumerate() {
            let row = &rows[*place];
            if (after(order) || row.probability > 0) && factors.contains_key(&(row.draw, row.class)) {
                says.push((order, worth(row, unit.home)));
            }
        }
        let all: u128 = says.iter().map(|(_, worth)| worth).sum();
        if all == 0 {
            silent.insert(*number);
            continue;
        }
        let Some(first) = unit.first else { continue };
        let place = unit.rows[first];
        let row = &rows[place];
        let YearOutcome::Visited { found } = row.outcome else { continue };
        // What the visit stands for in each draw, and what chance leaves of that.
        let mut parts: Vec<(u128, u128)> = Vec::new();
        for (order, worth) in says.into_iter().filter(|(order, _)| *order >= first) {
            let of = &rows[unit.rows[order]];
            let key = (of.draw, of.class);
            let factor = factors.get(&key).copied().unwrap_or(one);
            let (weight, met) = if order == first {
                let factor = factor * heard.get(&key).map_or(one, Heard::each) / one;
                (weight(of) * factor / one, (chance(of) * one).checked_div(factor).unwrap_or(one))
            } else {
                (factor, (one * one).checked_div(factor).unwrap_or(one))
            };
            parts.push((weight * (worth * one / all) / one, one.saturating_sub(met)));
        }
        let weight: u128 = parts.iter().map(|part| part.0).sum();
        let square = |(part, left): &(u128, u128)| {
            let share = (part << 20).checked_div(weight).unwrap_or(0);
            share * share * left
        };
        let left = parts.iter().map(square).sum::<u128>() >> 40;
        let left = u64::try_from(left.min(one)).expect("at most ONE");
        visits.push(WeighedVisit { place, weight, left, group: row.class, found });
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

    /// Who did not answer is stood for by all of his class, also by those visited before; that is no census.
    #[test]
    fn a_census_with_a_gap_has_an_interval() {
        let mut rows = Vec::new();
        for unit in 0..20 {
            let early = unit < 10;
            let outcome = if unit % 4 == 0 { HIT } else { CLEAN };
            rows.push(row(unit, 1, ONE / 2, if early { outcome } else { YearOutcome::NotDrawn }));
            let late = if unit == 19 { YearOutcome::Unanswered } else { outcome };
            rows.push(row(
                unit,
                2,
                if early { 0 } else { ONE },
                if early { YearOutcome::NotDrawn } else { late },
            ));
        }
        let weights = year_weights(&rows);
        let all: u128 = weights.visits.iter().map(|visit| visit.weight).sum();
        assert!(all.abs_diff(20 * u128::from(ONE)) < 1000 && weights.visits.len() == 19, "{all}");
        let found = found_share(&weights.visits).unwrap();
        assert!(
            found.low < ONE / 4 && found.high > ONE / 4 && found.high - found.low > ONE / 50,
            "{found:?}"
        );
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
        assert_eq!(weights.silent, [20]);
        assert_eq!(weights.visits.len(), 8);
        let all: u128 = weights.visits.iter().map(|visit| visit.weight).sum();
        // Twenty less the share of those tried that were gone, 20 · 9/11, and the two of the class without an
        // answer.
        assert!(all.abs_diff((20 * 9 + 22) * u128::from(ONE) / 11) < 1000, "{all}");
        assert_eq!(found_share(&weights.visits).unwrap().rate, ONE / 4);
    }
}
