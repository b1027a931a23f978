//! The inclusion probability of one round from a yearly frequency and what has happened so far (Spec 10.2, step 5).

use super::ONE;

/// The inclusion probability of this round, in billionths, 0 to [`ONE`].
///
/// `due` is the expected visits of this round (billionths, at most [`ONE`]), `exposure` the expected visits of the window so
/// far (billionths), `visits` the visits made in it. The visits of a unit then stay the floor or the ceiling of its exposure,
/// and their expectation is the exposure.
///
/// # Panics
/// If `due` exceeds [`ONE`]: a plan refuses that before.
#[must_use]
pub fn probability(due: u64, exposure: u64, visits: u64) -> u64 {
    assert!(due <= ONE, "more than one visit is due in one round");
    let one = i128::from(ONE);
    let due = i128::from(due);
    let owed = i128::from(exposure) - i128::from(visits) * one;
    let probability = if owed >= 0 {
        if owed + due >= one { one } else { due * one / (one - owed) }
    } else if owed + due <= 0 {
        0
    } else {
        // Ahead of schedule, and the exposure catches up in this round. As due ≤ ONE, owed is above −ONE here.
        (owed + due) * one / (one + owed)
    };
    u64::try_from(probability).expect("between 0 and ONE")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All histories of a year, with their probabilities in exact integers: the visits are the floor or the ceiling of
    /// the exposure after every round, and their expectation is the frequency up to one billionth a round.
    #[test]
    fn visits_follow_exposure_in_every_history() {
        for (frequency, rounds) in
            [(ONE, 4), (ONE / 5, 4), (2 * ONE, 4), (ONE / 3, 3), (1_700_000_000, 5), (0, 2)]
        {
            let due = frequency / rounds;
            // visits -> probability in billionths (nested floors lose less than one part a round)
            let mut states = vec![(0u64, u128::from(ONE) * u128::from(ONE))];
            let mut exposure = 0;
            for _ in 0..rounds {
                let mut next: Vec<(u64, u128)> = Vec::new();
                for (visits, weight) in states {
                    let hit = u128::from(probability(due, exposure, visits));
                    for (visits, weight) in [
                        (visits + 1, weight * hit / u128::from(ONE)),
                        (visits, weight - weight * hit / u128::from(ONE)),
                    ] {
                        if weight > 0 {
                            match next.iter_mut().find(|state| state.0 == visits) {
                                Some(state) => state.1 += weight,
                                None => next.push((visits, weight)),
                            }
                        }
                    }
                }
                states = next;
                exposure += due;
                for (visits, _) in &states {
                    assert!(
                        (exposure / ONE..=exposure.div_ceil(ONE)).contains(visits),
                        "{frequency} {rounds}"
                    );
                }
            }
            let expected: u128 = states.iter().map(|(visits, weight)| u128::from(*visits) * weight).sum();
            let target = u128::from(exposure) * u128::from(ONE);
            assert!(expected.abs_diff(target) <= 10 * u128::from(ONE), "{frequency} {rounds}");
        }
    }
}
