//! The law of a unit's balance: how far its visits may run ahead of its exposure or behind it (Spec 10.2).
//!
//! Inside the law the visits of a unit are v = ⌊E + X⌋. E is its exposure, and X = U + W is forgotten after
//! every round: U is uniform from 0 to 1, and W the sum of two uniform numbers from −S/2 to S/2, with S the
//! slack. With S = 0 that is the timetable (floor or ceiling of the exposure). The wider W, the less the
//! history tells of the next round. All numbers are billionths of a visit.

use super::ONE;
use std::ops::RangeInclusive;

/// The largest slack: 5 visits. Up to it, masses times [`ONE`] fit 127 bits.
pub const LARGEST_SLACK: u64 = 5 * ONE;

/// The slack of a level, at most [`LARGEST_SLACK`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slack(i128);

impl Slack {
    /// Takes a slack in billionths of a visit.
    ///
    /// # Panics
    /// If it is above [`LARGEST_SLACK`]: no policy has such a level.
    #[must_use]
    pub fn new(slack: u64) -> Self {
        assert!(slack <= LARGEST_SLACK, "a slack of more than 5 visits");
        Self(i128::from(slack))
    }

    /// The mass of X up to `x`: its distribution function, times a number that depends on the slack only. `x`
    /// lies between −9 and 9 visits.
    #[must_use]
    pub fn mass(self, x: i128) -> i128 {
        let one = i128::from(ONE);
        if self.0 == 0 {
            return x.clamp(0, one);
        }
        let cube = |y: i128| y.max(0).pow(3);
        let step = |y: i128| cube(y) - cube(y - one);
        step(x + self.0) - 2 * step(x) + step(x - self.0)
    }

    /// The mass of a balance: of those X that give a unit its visits.
    fn of_balance(self, balance: i128) -> i128 {
        self.mass(i128::from(ONE) - balance) - self.mass(-balance)
    }

    /// The mass of those X among them that give it a visit more where `due` is added to the exposure.
    fn of_visit(self, balance: i128, due: u64) -> i128 {
        let one = i128::from(ONE);
        self.mass(one - balance) - self.mass(one - balance - i128::from(due))
    }

    /// The chance of a visit where `due` (at most [`ONE`]) is added, in billionths, rounded down.
    #[must_use]
    pub fn chance(self, balance: i128, due: u64) -> u64 {
        let one = i128::from(ONE);
        let chance = if balance >= one + self.0 {
            one
        } else if balance <= -one - self.0 {
            0
        } else {
            self.of_visit(balance, due) * one / self.of_balance(balance)
        };
        u64::try_from(chance).expect("between 0 and ONE")
    }

    /// What a chance (billionths, at most [`ONE`]) stands for: the exposure that would have given it, in
    /// billionths (`a` of Spec 10.6).
    #[must_use]
    pub fn stands_for(self, balance: i128, chance: u64) -> i128 {
        let one = i128::from(ONE);
        let exposure = if balance >= one + self.0 || balance <= -one - self.0 {
            0
        } else {
            let all = self.of_balance(balance);
            let certain = chance == ONE;
            // Whether so much exposure, and all that is more, is too much. For certainty the least that is
            // enough is wanted, for every other chance the most that is not too much.
            let beyond = |exposure: u64| {
                let visit = self.of_visit(balance, exposure);
                if certain { visit == all } else { visit * one > i128::from(chance) * all }
            };
            let (mut low, mut high) = (0, ONE + 1);
            // Below `low` nothing is beyond, and from `high` on all is.
            while low < high {
                let middle = low.midpoint(high);
                if middle > ONE || beyond(middle) { high = middle } else { low = middle + 1 }
            }
            i128::from(low) - i128::from(!certain)
        };
        if chance == 0 { exposure } else { exposure.max(1 - self.0 - balance) }
    }

    /// The phases that a unit can begin with, ascending, with their weights. `ahead` is its exposure less its
    /// visits, `chance` its chance in the round in which it begins (billionths), and `credited` whether that
    /// brought a visit that counts (Spec 10.6, step 4).
    pub fn phases(
        self,
        ahead: i128,
        chance: u64,
        credited: bool,
    ) -> impl Iterator<Item = (i64, u128)> + Clone {
        let one = i128::from(ONE);
        let chance = i128::from(chance);
        let weight = move |phase: i128| {
            let (from, to) = (phase * one - ahead, (phase + 1) * one - ahead);
            let weight = if credited {
                self.mass(to) - self.mass(to - chance)
            } else {
                self.mass(to - chance) - self.mass(from)
            };
            let phase = i64::try_from(phase).expect("at most the visits and the exposure of a cycle");
            (phase, u128::try_from(weight).expect("masses do not fall"))
        };
        self.range(ahead).map(weight)
    }

    /// The phases whose weight can be positive.
    fn range(self, ahead: i128) -> RangeInclusive<i128> {
        let one = i128::from(ONE);
        (ahead - self.0).div_euclid(one)..=-(-ahead - self.0).div_euclid(one)
    }
}
