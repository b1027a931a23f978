//! The inclusion probability of one round, from a yearly frequency and the visits so far (Spec 10.2, step 5),
//! and what the round adds to the exposure (Spec 10.6).

use super::ONE;
use super::slack::Slack;

/// The expected visits of this round, in billionths, at most [`ONE`]. `None` if they are more than one visit.
///
/// This is a yearly frequency (billionths of visits) times the share of the round in the year (billionths).
/// It is rounded up, so that the rounds of a year never fall short of the frequency. Shares are whole
/// billionths and may be rounded up themselves, as thirds are. So a result of at most a millionth above one
/// counts as one.
#[must_use]
pub fn due(frequency: u64, share: u64) -> Option<u64> {
    let one = u128::from(ONE);
    let due = (u128::from(frequency) * u128::from(share)).div_ceil(one);
    (due <= one + 1000).then(|| u64::try_from(due.min(one)).expect("at most ONE"))
}

/// What a round must know of a unit's past, and of the law of its level (Spec 9.4 and 10.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Expected visits of the exposure window so far, billionths.
    pub exposure: u64,
    /// Draws credited against the exposure.
    pub credited: u64,
    /// The phase with which the unit began under this slack, in visits. `None` if it begins in this round.
    pub phase: Option<i64>,
    /// The slack of its level, billionths, at most [`LARGEST_SLACK`](super::slack::LARGEST_SLACK).
    pub slack: u64,
}

impl Balance {
    /// A unit of the timetable: without slack and phase, it need not begin.
    #[must_use]
    pub const fn strict(exposure: u64, credited: u64) -> Self {
        Self { exposure, credited, phase: Some(0), slack: 0 }
    }

    /// The balance in billionths (`r` of Spec 9.4; of a unit that begins, `t` of Spec 10.6): what is owed to
    /// the unit, negative where it is ahead.
    #[must_use]
    pub fn owed(&self) -> i128 {
        let visits = i128::from(self.credited) + i128::from(self.phase.unwrap_or(0));
        i128::from(self.exposure) - visits * i128::from(ONE)
    }

    fn slack(&self) -> Slack {
        Slack::new(self.slack)
    }
}

/// The inclusion probability of this round, in billionths, 0 to [`ONE`] (`p` of Spec 10.2).
///
/// `due` are the expected visits of this round (billionths, at most [`ONE`]). The expectation of the visits
/// is the exposure, and the balance stays within one visit and the slack.
///
/// # Panics
/// If `due` exceeds [`ONE`]. A plan is refused before that.
#[must_use]
pub fn probability(due: u64, balance: &Balance) -> u64 {
    assert!(due <= ONE, "more than one visit is due in one round");
    if balance.phase.is_none() { due } else { balance.slack().chance(balance.owed(), due) }
}

/// The schedule of a unit before a round, and what is due to it in the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Expected visits of this round, billionths, at most [`ONE`].
    pub due: u64,
    /// The unit before the round.
    pub balance: Balance,
    /// Inclusion probability by schedule, billionths (`p` of Spec 10.2).
    pub base: u64,
    /// The same with the control share (`q` of Spec 10.2).
    pub reachable: u64,
}

impl Due {
    /// The schedule of a unit: its probability p, and q = p + ⌈(1 − p)·σ⌉ with the control share σ, which is
    /// `surprise` (billionths, below [`ONE`]).
    ///
    /// # Panics
    /// If `due` exceeds [`ONE`]. A plan is refused before that.
    #[must_use]
    pub fn new(due: u64, balance: Balance, surprise: u64) -> Self {
        let base = probability(due, &balance);
        let control = (u128::from(ONE - base) * u128::from(surprise)).div_ceil(u128::from(ONE));
        let reachable = base + u64::try_from(control).expect("at most ONE");
        Self { due, balance, base, reachable }
    }

    /// The same unit made certain by a rule, without a control share.
    #[must_use]
    pub const fn certain(self) -> Self {
        Self { reachable: self.base, ..self }
    }

    /// The scheduled part of the final probability `size`, and what the round adds to the exposure, in
    /// billionths (Spec 10.6).
    ///
    /// A pick that falls into the scheduled part is credited. So the balance stays within one visit and the
    /// slack, however the bounds have changed the probability.
    #[must_use]
    pub fn settle(&self, size: u64) -> (u64, u64) {
        let control = (self.reachable - self.base).min(size - self.base.min(size));
        let scheduled = size - control;
        if self.balance.phase.is_none() {
            return (scheduled, scheduled);
        }
        if scheduled == self.base {
            return (scheduled, self.due);
        }
        let stands_for = self.balance.slack().stands_for(self.balance.owed(), scheduled);
        let due = i128::from(self.due);
        let add = if scheduled > self.base { due.max(stands_for) } else { due.min(stands_for) };
        (scheduled, u64::try_from(add).expect("not negative"))
    }

    /// The weights of the phases with which the unit begins, by its scheduled part and by whether it was
    /// credited with a visit (Spec 10.6, step 4). `None` if it does not begin.
    #[must_use]
    pub fn phases(&self, scheduled: u64, credited: bool) -> Option<Vec<(i64, u128)>> {
        let Balance { phase: None, .. } = self.balance else { return None };
        Some(self.balance.slack().phases(self.balance.owed(), scheduled, credited).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Under all bounds, rules and control shares, after every round, drawn or not, the balance stays within
    /// one visit and the slack. (Without slack: credited draws are the floor or ceiling of exposure.)
    #[test]
    fn credited_draws_follow_exposure_for_every_final_size() {
        let values = [0, 1, 2, ONE / 3, ONE / 2, ONE - 1, ONE];
        let mut checked = 0;
        for slack in [0, 1, ONE / 2, 1_234_567_891, 5 * ONE / 2, 5 * ONE] {
            let band = i128::from(ONE + slack);
            let owed =
                [1 - band, 2 - band, 9 - band, 1_000_000 - band, -i128::from(slack), 1 - i128::from(ONE)];
            let owed = owed.into_iter().chain([-400_000_000, -1, 0]);
            let owed = owed.flat_map(|owed| [owed, -owed]).filter(|owed| owed.abs() < band);
            for (owed, due) in owed.flat_map(|owed| values.map(|due| (owed, due))) {
                for surprise in [0, 1, ONE / 20, ONE - 1] {
                    let exposure = u64::try_from(i128::from(9 * ONE) + owed).unwrap();
                    let balance = Balance { exposure, credited: 6, phase: Some(3), slack };
                    let unit = Due::new(due, balance, surprise);
                    for size in values.into_iter().chain([unit.base, unit.reachable]) {
                        let (scheduled, add) = unit.settle(size);
                        assert!(scheduled <= size);
                        let after = |credited| Balance { exposure: exposure + add, credited, ..balance };
                        let law = |credited: u64| after(credited).owed().abs() < band;
                        assert!(scheduled == ONE || law(6), "{unit:?} at {size}: {scheduled} {add}");
                        assert!(scheduled == 0 || law(7), "{unit:?} at {size}: {scheduled} {add}");
                        checked += 1;
                    }
                }
            }
        }
        assert!(checked > 20_000, "{checked}");
        let due = |exposure, credited| Due::new(ONE / 4, Balance::strict(exposure, credited), 0);
        // A raised unit's exposure stands for the raised chance; a lowered one's is lowered with it.
        assert_eq!(due(0, 0).settle(ONE / 2), (ONE / 2, ONE / 2));
        assert_eq!(due(ONE / 2, 0).settle(ONE / 4), (ONE / 4, ONE / 8));
        assert_eq!(due(ONE / 2, 1).settle(ONE), (ONE, ONE));
    }

    /// What a changed chance stands for gives that chance, up to the rounding of one billionth of exposure.
    #[test]
    fn a_changed_chance_adds_the_exposure_that_gives_it() {
        for (slack, owed) in [0, ONE, 5 * ONE / 2]
            .into_iter()
            .flat_map(|slack| [-700_000_000, 0, 600_000_000, 1_400_000_000].map(|owed: i64| (slack, owed)))
        {
            let exposure = u64::try_from(3_000_000_000 + owed).unwrap();
            let balance = Balance { exposure, credited: 3, phase: Some(0), slack };
            if i128::from(owed) >= i128::from(ONE + slack) {
                continue;
            }
            let unit = Due::new(ONE / 4, balance, 0);
            for size in [ONE / 20, ONE / 3, ONE / 2, 9 * ONE / 10] {
                let (scheduled, add) = unit.settle(size);
                assert_eq!(scheduled, size);
                let kept = if size > unit.base { add == unit.due } else { add <= unit.due };
                let again = |due| probability(due, &balance);
                let meets = again(add) <= size && (add == ONE || again(add + 1) >= size);
                assert!(meets || kept && unit.base == ONE, "{unit:?} {size} {add} {}", again(add));
            }
        }
    }

    /// A unit begins with exactly the chance that is due, or that the bounds have given it, and its phases
    /// are the law of the slack: their weights are the masses of the balances after the round.
    #[test]
    fn a_unit_begins_with_what_is_due_and_in_the_law() {
        for slack in [0, 1, ONE / 2, 1_234_567_891, 5 * ONE / 2, 5 * ONE] {
            for (exposure, credited) in [(0, 0), (ONE / 3, 1), (7 * ONE, 2), (1, 4)] {
                for size in [0, 1, ONE / 6, ONE / 2, ONE - 1, ONE] {
                    let balance = Balance { exposure, credited, phase: None, slack };
                    let unit = Due::new(ONE / 6, balance, 0);
                    assert_eq!((unit.base, unit.settle(size)), (ONE / 6, (size, size)));
                    let law = Slack::new(slack);
                    let all = u128::try_from(law.mass(9 * i128::from(ONE))).unwrap();
                    let mut masses = std::collections::BTreeMap::new();
                    let mut sums = [0, 0];
                    for (visit, sum) in [0, 1].into_iter().zip(&mut sums) {
                        for (phase, weight) in unit.phases(size, visit == 1).unwrap() {
                            *sum += weight;
                            let after = Balance {
                                exposure: exposure + size,
                                credited: credited + visit,
                                phase: Some(phase),
                                slack,
                            };
                            *masses.entry(after.owed()).or_insert(0) += weight;
                            assert!(weight == 0 || after.owed().abs() < i128::from(ONE + slack));
                        }
                    }
                    assert_eq!(sums[1] * u128::from(ONE), all * u128::from(size), "the chance is exact");
                    assert_eq!(sums[0] + sums[1], all);
                    for (owed, weight) in masses {
                        let mass = law.mass(i128::from(ONE) - owed) - law.mass(-owed);
                        assert_eq!(i128::try_from(weight).unwrap(), mass, "the law");
                    }
                }
            }
        }
    }

    /// All histories of a year, with their probabilities in exact integers: the visits are the floor or the
    /// ceiling of the exposure after every round, and their expectation is the frequency up to one billionth
    /// a round.
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
                    let hit = u128::from(probability(due, &Balance::strict(exposure, visits)));
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
