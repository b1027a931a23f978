//! How many units break the rules: an estimate from visits with unequal probabilities.
//!
//! Units that are drawn more often are those more likely to break a rule, so the plain share of visits with
//! findings is biased. Weights of 1/π remove the bias (Horvitz and Thompson 1952, as the ratio of Hájek
//! 1971).

use crate::odds::ONE;
use std::collections::BTreeMap;

/// One drawn unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Its cell, by any number: missing answers are taken to be like the answers of their cell.
    pub cell: u64,
    /// Its inclusion probability, billionths, above 0.
    pub probability: u64,
    /// Whether the rule was broken; `None` if the visit could not be made.
    pub found: Option<bool>,
}

/// An estimated share with its interval, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// The estimate.
    pub rate: u64,
    /// Lower end of the 95 % interval.
    pub low: u64,
    /// Upper end.
    pub high: u64,
    /// Visits made.
    pub answered: u64,
    /// Visits that could not be made.
    pub missed: u64,
    /// The share of the population in cells of which no visit was made, billionths. The estimate leaves it
    /// out.
    pub not_covered: u64,
}

/// The share of units that break the rule, among those that could be drawn, with a 95 % interval.
///
/// Weights are 1/π, in each cell divided among the visits that were made. The interval is Wilson's, with the
/// number of visits that a simple random sample would need for the same variance: that of Hájek's
/// approximation, in which a unit that was certain, and was found, adds nothing, or that of Kish's weights,
/// whichever is wider. It is an approximation for dozens of visits and more, and takes closures to be like
/// the rest of their cell. `None` without a single visit made, or with a probability that is 0 or above one.
#[must_use]
pub fn violation_rate(observations: &[Observation]) -> Option<Estimate> {
    let one = u128::from(ONE);
    // Weights 1/π in units of 10⁻⁹, at most 10¹⁸ of them.
    let weight = |observation: &Observation| (one * one).checked_div(u128::from(observation.probability));
    let mut cells: BTreeMap<u64, (u128, u128)> = BTreeMap::new();
    for observation in observations {
        if observation.probability > ONE {
            return None;
        }
        let weight = weight(observation)?;
        let (all, answered) = cells.entry(observation.cell).or_default();
        *all += weight;
        *answered += if observation.found.is_some() { weight } else { 0 };
    }
    let total: u128 = cells.values().map(|cell| cell.0).sum();
    let covered: u128 = cells.values().filter(|cell| cell.1 > 0).map(|cell| cell.0).sum();
    let mut answers = Vec::new();
    for observation in observations {
        if let Some(found) = observation.found {
            let (all, answered) = cells[&observation.cell];
            // The visits made are a sample of the cell's draws: to be drawn and visited is less probable than
            // to be drawn.
            let visited = narrow(u128::from(observation.probability) * answered / all);
            // all / answered is at most the number of draws of the cell.
            answers.push((weight(observation)? * (all * one / answered) / one, visited, found));
        }
    }
    let sum: u128 = answers.iter().map(|answer| answer.0).sum();
    if sum == 0 {
        return None;
    }
    let broken: u128 = answers.iter().filter(|answer| answer.2).map(|answer| answer.0).sum();
    let rate = share(broken, sum, one);
    let (low, high) = match effective(&answers, sum, rate) {
        Some(size) => wilson(rate, size),
        None => (rate, rate),
    };
    let missed = observations.iter().filter(|observation| observation.found.is_none()).count();
    Some(Estimate {
        rate: narrow(rate),
        low: narrow(low),
        high: narrow(high),
        answered: u64::try_from(answers.len()).expect("a length"),
        missed: u64::try_from(missed).expect("a length"),
        not_covered: narrow(share(total - covered, total, one)),
    })
}

fn narrow(billionths: u128) -> u64 {
    u64::try_from(billionths.min(u128::from(ONE))).expect("at most ONE")
}

/// `part · scale / whole`, for a part up to the whole and a scale up to 2⁴⁰: large weights lose their last
/// bits, not their ratio.
fn share(part: u128, whole: u128, scale: u128) -> u128 {
    let shift = (u128::BITS - whole.leading_zeros()).saturating_sub(86);
    (part >> shift) * scale / (whole >> shift).max(1)
}

/// The size, in billionths of a visit, of the simple random sample of an unlimited population with the same
/// variance. `None` if nothing is left to chance: every unit was certain.
fn effective(answers: &[(u128, u64, bool)], sum: u128, rate: u128) -> Option<u128> {
    let one = u128::from(ONE);
    let count = u128::try_from(answers.len()).expect("a length");
    let (mut variance, mut squares) = (0, 0);
    for (weight, probability, found) in answers {
        // The weight's part of the whole in units of 2⁻⁴⁰, and what is left to chance of this unit.
        let part = share(*weight, sum, 1 << 40);
        let left = one - u128::from(*probability);
        squares += part * part * left / one;
        let error = if *found { one - rate } else { rate };
        let scaled = (part * error) >> 27;
        variance += scaled * scaled * left / one;
    }
    // Where findings agree, or few carry most of the weight, their variance is too small an estimate. Then
    // the weights alone give the size, by Kish: (Σw)²/Σw².
    let kish = ((1 << 80) * one).checked_div(squares).map(|size| size.max(one))?;
    if variance == 0 || count < 2 {
        return Some(kish);
    }
    let variance = variance * count / (count - 1);
    // `variance` is 2²⁶ times that of the rate in billionths².
    let own = ((rate * (one - rate)) << 26) * one / variance;
    Some(own.max(one).min(kish))
}

/// Wilson's interval for a rate (billionths) and a size (billionths of a visit, at least one visit), z =
/// 1.96.
fn wilson(rate: u128, size: u128) -> (u128, u128) {
    let one = u128::from(ONE);
    // z²/n in billionths; z² = 3.8416.
    let z2 = 3_841_600_000 * one / size;
    let whole = one + z2;
    let centre = (rate + z2 / 2) * one / whole;
    // rate(1 − rate)/n + z²/4n², in billionths².
    let inner = rate * (one - rate) * one / size + z2 * z2 * 10_000 / (4 * 38_416);
    let half = 196 * inner.isqrt() / 100 * one / whole;
    (centre.saturating_sub(half), centre + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(cell: u64, probability: u64, found: Option<bool>) -> Observation {
        Observation { cell, probability, found }
    }

    #[test]
    fn weights_undo_unequal_chances() {
        // Ten of a hundred risky ones are all visited, five break the rule; a tenth of the ninety others, one
        // breaks it.
        let risky = (0..10).map(|i| one(0, ONE, Some(i < 5)));
        let others = (0..9).map(|i| one(1, ONE / 10, Some(i < 1)));
        let all: Vec<Observation> = risky.chain(others).collect();
        let estimate = violation_rate(&all).unwrap();
        assert_eq!(estimate.rate, 150_000_000, "(5 + 10) of 100");
        assert!(estimate.low < 80_000_000 && estimate.high > 250_000_000, "{estimate:?}");
        assert_eq!((estimate.answered, estimate.missed, estimate.not_covered), (19, 0, 0));
    }

    #[test]
    fn a_census_has_no_interval_and_an_agreement_has_one() {
        let census: Vec<Observation> = (0..20).map(|i| one(0, ONE, Some(i < 3))).collect();
        let estimate = violation_rate(&census).unwrap();
        assert_eq!((estimate.low, estimate.rate, estimate.high), (150_000_000, 150_000_000, 150_000_000));
        let clean: Vec<Observation> = (0..20).map(|_| one(0, ONE / 5, Some(false))).collect();
        let estimate = violation_rate(&clean).unwrap();
        assert_eq!((estimate.low, estimate.rate), (0, 0));
        // Wilson for 0 of 25 (20 visits, a fifth of the population known): 3.8416 / (25 + 3.8416).
        assert!(estimate.high.abs_diff(133_196_494) < 1000, "{estimate:?}");
        assert_eq!(violation_rate(&[]), None);
        assert_eq!(violation_rate(&[one(0, 0, Some(true))]), None);
        assert_eq!(violation_rate(&[one(0, ONE / 2, None)]), None);
        // A plain sample of 100 of very many: Wilson for 30 of 100 is 0.2189 to 0.3958, here widened by
        // 100/99.
        let plain: Vec<Observation> = (0..100).map(|i| one(0, 1, Some(i < 30))).collect();
        let estimate = violation_rate(&plain).unwrap();
        assert!(estimate.low.abs_diff(218_300_000) < 2_000_000, "{estimate:?}");
        assert!(estimate.high.abs_diff(396_400_000) < 2_000_000, "{estimate:?}");
    }

    #[test]
    fn closures_are_like_their_cell_and_silent_cells_are_named() {
        let answers = [
            one(0, ONE / 2, Some(true)),
            one(0, ONE / 2, None),
            one(1, ONE / 2, Some(false)),
            one(1, ONE / 2, Some(false)),
        ];
        assert_eq!(violation_rate(&answers).unwrap().rate, ONE / 2);
        let silent = [one(0, ONE / 2, None), one(1, ONE / 2, Some(false))];
        let estimate = violation_rate(&silent).unwrap();
        assert_eq!((estimate.rate, estimate.not_covered, estimate.missed), (0, ONE / 2, 1));
    }
}
