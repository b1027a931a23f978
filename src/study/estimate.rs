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

/// A visit that was made, with what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighedVisit {
    /// Its place in the list that it was weighed from.
    pub place: usize,
    /// The number of units that it stands for, billionths.
    pub weight: u128,
    /// What chance leaves of the weight, billionths: one less the probability that the unit was drawn and
    /// visited. 0: the unit stands for itself alone, for certain.
    pub left: u64,
    /// Units of one group (a level) are taken to break the rule about equally often.
    pub group: u64,
    /// Whether the rule was broken.
    pub found: bool,
}

/// A share with its 95 % interval, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateInterval {
    /// The estimate.
    pub rate: u64,
    /// Lower end.
    pub low: u64,
    /// Upper end.
    pub high: u64,
    /// Visits that it rests on.
    pub visits: u64,
}

/// Visits of a group below which its own rate is too uncertain to be held against the rate of all.
const GROUP: u64 = 5;

/// The share of units that break the rule, by weighed visits (Hájek's ratio), with a 95 % interval. Those of
/// a part of the units (a level, a district) give the share in that part. `None` without a visit of any
/// weight.
///
/// **The variance.** A draw of this library takes from each cell of equal probability p and size m a simple
/// random sample of ⌊mp⌋ or ⌈mp⌉ units, and its cells stand in a systematic walk in random order (Spec 5, 6).
/// - *Inside a cell* the joint inclusion is exact: with f = ⌊mp⌋ and φ = mp − f it is f(f − 1 + 2φ)/(m(m
///   − 1)). It is at most p², because a count that is floor or ceiling has the smallest variance of all
///   counts of its mean. So the variance inside cells is at most m/(m − 1) times that of independent
///   draws, which is Σ w²(1 − π)(y − R)².
/// - *Between cells* the joint inclusion is that of a walk through random orders, which has no short
///   form. Where no two cells come together more often than independently, the eigenvalues of the
///   design's covariance lie below twice the variances of single cells (Gershgorin's circles: the rows of
///   a design of fixed size sum to 0). So the part of the variance that comes from different rates of
///   groups is counted twice: Σ w²(1 − π)(Rg − R)² is added, Rg being the rate of the group.
///
/// The first point is proved, the second a bound under its condition; the intervals are tested on real
/// registers. The interval is Wilson's, with the number of visits that a simple random sample would need for
/// the same variance, or for that of Kish's weights, whichever is fewer. Both ends are moved out by one unit
/// (by what was not visited, if that is less than one): a share of a whole number of units moves in steps,
/// and where nearly all were visited a step is wider than the curve of Wilson. Without it the interval of a
/// sample of 15 of 16 would hold some truths in 81 % of samples. With it simple random samples of 10 to 60
/// units, a fourth of the population and more, hold every truth in at least 93 %, and in 97 % and more in the
/// mean of all truths (an exact test counts all samples). Of small shares of a large population a rare truth
/// is held less often: by Wilson's interval alone, in 85 % of samples.
#[must_use]
pub fn found_share(visits: &[WeighedVisit]) -> Option<RateInterval> {
    let one = u128::from(ONE);
    let sum: u128 = visits.iter().map(|visit| visit.weight).sum();
    if sum == 0 {
        return None;
    }
    let broken: u128 = visits.iter().filter(|visit| visit.found).map(|visit| visit.weight).sum();
    let rate = share(broken, sum, one);
    let (low, high) = match effective(visits, sum, rate) {
        Some(size) => {
            let (low, high) = wilson(rate, size);
            let step = step(sum, visits.len()) + ROUNDED;
            // Roots are rounded down.
            (low.min(rate).saturating_sub(step), high.max(rate) + step)
        }
        None => (rate, rate),
    };
    let count = u64::try_from(visits.len()).expect("a length");
    Some(RateInterval { rate: narrow(rate), low: narrow(low), high: narrow(high), visits: count })
}

/// The share of units that break the rule, among those that could be drawn, with a 95 % interval.
///
/// Weights are 1/π, in each cell divided among the visits that were made; closures are taken to be like the
/// rest of their cell. The interval is that of [`found_share`]. `None` without a single visit made, or with a
/// probability that is 0 or above one.
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
    for (place, observation) in observations.iter().enumerate() {
        if let Some(found) = observation.found {
            let (all, answered) = cells[&observation.cell];
            // The visits made are a sample of the cell's draws: to be drawn and visited is less probable than
            // to be drawn.
            let visited = narrow(u128::from(observation.probability) * answered / all);
            // all / answered is at most the number of draws of the cell.
            let weight = weight(observation)? * (all * one / answered) / one;
            let left = ONE - visited;
            answers.push(WeighedVisit { place, weight, left, group: 0, found });
        }
    }
    let RateInterval { rate, low, high, visits } = found_share(&answers)?;
    let missed = observations.iter().filter(|observation| observation.found.is_none()).count();
    Some(Estimate {
        rate,
        low,
        high,
        answered: visits,
        missed: u64::try_from(missed).expect("a length"),
        not_covered: narrow(share(total - covered, total, one)),
    })
}

fn narrow(billionths: u128) -> u64 {
    u64::try_from(billionths.min(u128::from(ONE))).expect("at most ONE")
}

/// The difference of two shares that do not depend on each other, with its 95 % interval (Newcombe 1998):
/// later less earlier, in billionths.
#[must_use]
pub fn rate_change(earlier: &RateInterval, later: &RateInterval) -> RateChange {
    let signed = |value: u64| i128::from(value);
    let square = |one: u64, other: u64| u128::from(one.abs_diff(other)).pow(2);
    let root = |sum: u128| i128::try_from(sum.isqrt()).unwrap_or(i128::MAX);
    let change = signed(later.rate) - signed(earlier.rate);
    let down = root(square(later.rate, later.low) + square(earlier.high, earlier.rate));
    let up = root(square(later.high, later.rate) + square(earlier.rate, earlier.low));
    let one = i128::from(ONE);
    let bounded = |value: i128| i64::try_from(value.clamp(-one, one)).unwrap_or(0);
    RateChange { change: bounded(change), low: bounded(change - down), high: bounded(change + up) }
}

/// A difference of two shares with its 95 % interval, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateChange {
    /// The difference.
    pub change: i64,
    /// Lower end.
    pub low: i64,
    /// Upper end.
    pub high: i64,
}

impl RateChange {
    /// Whether the visits show that there is a difference at all.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        self.low > 0 || self.high < 0
    }
}

/// A step of [`lift_curve`]: shares of all, and the lift, in billionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiftStep {
    /// Units up to and with this level, of all.
    pub units: u64,
    /// Violations expected in them, of all.
    pub violations: u64,
    /// The rate of the level against that of all levels: above [`ONE`] for a level that breaks the rule more
    /// often than the others.
    pub lift: u64,
}

/// Whether levels tell who breaks the rule: for levels in the order in which they are visited, each with its
/// number of units and its rate (billionths), the share of units and of violations up to each. Levels that
/// tell nothing have the same share of both.
#[must_use]
pub fn lift_curve(levels: &[(u64, u64)]) -> Vec<LiftStep> {
    let broken = |(units, rate): &(u64, u64)| u128::from(*units) * u128::from(*rate);
    let units: u128 = levels.iter().map(|level| u128::from(level.0)).sum();
    let violations: u128 = levels.iter().map(broken).sum();
    let part = |part: u128, of: u128| share(part, of.max(1), u128::from(ONE));
    let wide = |share: u128| u64::try_from(share).unwrap_or(u64::MAX);
    let (mut seen, mut hit) = (0, 0);
    let step = |level: &(u64, u64)| {
        seen += u128::from(level.0);
        hit += broken(level);
        // rate / (violations / units)
        let lift = part(u128::from(level.1) * units, violations);
        LiftStep { units: wide(part(seen, units)), violations: wide(part(hit, violations)), lift: wide(lift) }
    };
    levels.iter().map(step).collect()
}

/// `part · scale / whole`, for a part up to the whole and a scale up to 2⁴⁰: large weights lose their last
/// bits, not their ratio.
fn share(part: u128, whole: u128, scale: u128) -> u128 {
    let shift = (u128::BITS - whole.leading_zeros()).saturating_sub(86);
    (part >> shift) * scale / (whole >> shift).max(1)
}

/// Weights are rounded: a rate of units that were all visited is known to a millionth.
const ROUNDED: u128 = 1_000;

/// One unit as a share of all, or what was not visited, if that is less; billionths.
fn step(sum: u128, visits: usize) -> u128 {
    let one = u128::from(ONE);
    let unseen = sum.saturating_sub(u128::try_from(visits).expect("a length") * one);
    share(unseen.min(one), sum, one)
}

/// The size, in billionths of a visit, of the simple random sample of an unlimited population with the same
/// variance. `None` if nothing is left to chance: every unit was certain.
fn effective(visits: &[WeighedVisit], sum: u128, rate: u128) -> Option<u128> {
    let one = u128::from(ONE);
    let count = u128::try_from(visits.len()).expect("a length");
    let mut groups: BTreeMap<u64, (u128, u128, u64)> = BTreeMap::new();
    for visit in visits {
        let (all, broken, count) = groups.entry(visit.group).or_default();
        *all += visit.weight;
        *broken += if visit.found { visit.weight } else { 0 };
        *count += 1;
    }
    // How far the rate of a group is from the rate of all.
    let apart = |group: u64| match groups.get(&group) {
        Some((all, broken, count)) if *count >= GROUP && *all > 0 => share(*broken, *all, one).abs_diff(rate),
        _ => 0,
    };
    let (mut variance, mut squares) = (0, 0);
    for visit in visits {
        // The part of the whole in units of 2⁻⁴⁰, and what is left to chance of it.
        let part = share(visit.weight, sum, 1 << 40);
        let left = u128::from(visit.left);
        squares += part * part * left / one;
        for error in [if visit.found { one - rate } else { rate }, apart(visit.group)] {
            let scaled = (part * error) >> 27;
            variance += scaled * scaled * left / one;
        }
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
        // Wilson for 0 of 25 (20 visits, a fifth of the population known), 3.8416 / (25 + 3.8416), and one of
        // the hundred units.
        assert!(estimate.high.abs_diff(143_196_494) < 1000, "{estimate:?}");
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

    /// Of every population and truth the chance that a simple random sample's interval holds the truth, by
    /// counting samples.
    #[test]
    fn intervals_of_small_groups_hold_every_truth() {
        fn choose(all: u64, some: u64) -> u128 {
            (0..some).fold(1, |sum, k| sum * u128::from(all - k) / u128::from(k + 1))
        }
        let thousand = 1000;
        for (all, unseen) in [
            (11, 1),
            (15, 2),
            (16, 1),
            (16, 3),
            (20, 4),
            (23, 8),
            (23, 12),
            (30, 5),
            (48, 20),
            (60, 40),
            (80, 60),
        ] {
            let taken: u64 = all - unseen;
            let rates: Vec<RateInterval> = (0..=taken)
                .map(|found| {
                    let visit = |place: u64| WeighedVisit {
                        place: usize::try_from(place).unwrap(),
                        weight: u128::from(all) * u128::from(ONE) / u128::from(taken),
                        left: ONE - taken * ONE / all,
                        group: 0,
                        found: place < found,
                    };
                    found_share(&(0..taken).map(visit).collect::<Vec<_>>()).unwrap()
                })
                .collect();
            let held = |broken: u64| {
                let truth = broken * ONE / all;
                let least = broken.saturating_sub(unseen);
                let samples = (least..=broken.min(taken)).map(|found| {
                    let rate = rates[usize::try_from(found).unwrap()];
                    let samples = choose(broken, found) * choose(all - broken, taken - found);
                    if (rate.low..=rate.high).contains(&truth) { samples } else { 0 }
                });
                samples.sum::<u128>() * thousand / choose(all, taken)
            };
            let shares: Vec<u128> = (0..=all).map(held).collect();
            let mean = shares.iter().sum::<u128>() / u128::from(all + 1);
            let least = shares.iter().min().copied().unwrap();
            assert!(least >= 930 && mean >= 970, "{taken} of {all}: least {least}, mean {mean}: {shares:?}");
        }
    }

    /// 100 units of which 30 % break the rule, 300 of which 10 %, 600 of which 5 %: 30 violations in each.
    #[test]
    fn a_rating_that_finds_violations_lifts_them() {
        let steps = lift_curve(&[(100, 300_000_000), (300, 100_000_000), (600, 50_000_000)]);
        let [first, second, third] = steps.try_into().unwrap();
        // All: 90 of 1,000. 0.30 / 0.09 = 3.33, 0.10 / 0.09 = 1.11, 0.05 / 0.09 = 0.56.
        assert_eq!((first.units, first.violations, first.lift), (100_000_000, 333_333_333, 3_333_333_333));
        assert_eq!((second.units, second.violations, second.lift), (400_000_000, 666_666_666, 1_111_111_111));
        assert_eq!((third.units, third.violations, third.lift), (ONE, ONE, 555_555_555));
        // A rating that tells nothing has the diagonal.
        let steps = lift_curve(&[(10, 200_000_000), (30, 200_000_000)]);
        assert!(steps.iter().all(|step| step.units == step.violations && step.lift == ONE), "{steps:?}");
        // Without a violation nothing is lifted.
        assert_eq!(lift_curve(&[(10, 0)]), [LiftStep { units: ONE, violations: 0, lift: 0 }]);
        assert_eq!(lift_curve(&[]), []);
    }

    /// Newcombe's interval by hand: 20 % (10 … 35) after 30 % (20 … 42).
    #[test]
    fn a_change_has_the_interval_of_both() {
        let rate = |rate, low, high| RateInterval { rate, low, high, visits: 50 };
        let [then, now] =
            [rate(300_000_000, 200_000_000, 420_000_000), rate(200_000_000, 100_000_000, 350_000_000)];
        let change = rate_change(&then, &now);
        // −0.10 − √(0.10² + 0.12²) = −0.2562, −0.10 + √(0.15² + 0.10²) = 0.0803.
        assert_eq!(change.change, -100_000_000);
        assert!(
            change.low.abs_diff(-256_204_993) < 10 && change.high.abs_diff(80_277_563) < 10,
            "{change:?}"
        );
        assert!(
            !change.is_shown() && rate_change(&now, &rate(600_000_000, 500_000_000, 700_000_000)).is_shown()
        );
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
