//! Bounds: inclusion probabilities are raised or lowered until every node of the stratum tree surely reaches
//! its floor and surely does not pass its limit (Spec 10.4, steps 3 to 6).
//!
//! By theorem 2 the count of a node is the floor or the ceiling of the sum of its probabilities. So a sum of
//! at least `lo` whole units makes a floor certain, and a sum of at most `hi` whole units makes a limit
//! certain.

use super::ONE;

/// Units with the same inclusion probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardGroup {
    /// Inclusion probability in billionths, at most [`ONE`].
    pub size: u64,
    /// Number of units.
    pub count: u64,
    /// Whether a rule makes the units certain. They keep [`ONE`] under all bounds.
    pub certain: bool,
}

/// A bounded node of the stratum tree: its own units, which lie in no inner bounded node, and the inner
/// bounded nodes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuardNode {
    /// The least sum of sizes, in billionths. It is not used for the outermost node, which has a target.
    pub lo: u128,
    /// The largest sum of sizes, in billionths.
    pub hi: u128,
    /// Own units.
    pub groups: Vec<GuardGroup>,
    /// Inner bounded nodes.
    pub inner: Vec<Self>,
}

/// New sizes of one group: `size` for all its units, and one billionth more for the first `plus` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fitted {
    /// Inclusion probability in billionths.
    pub size: u64,
    /// How many units, the first ones, get one billionth more.
    pub plus: u64,
}

/// The largest μ. Up to `ONE²` the positive sizes grow, above it those that were zero.
const LARGEST: u128 = (ONE as u128) * (ONE as u128) + (ONE as u128);

impl GuardGroup {
    /// The size of one unit at μ (Spec 10.4, step 3).
    fn at(self, mu: u128) -> u64 {
        let one = u128::from(ONE);
        if self.certain {
            return ONE;
        }
        let size = match self.size {
            0 => mu.saturating_sub(one * one),
            size => (u128::from(size) * mu.min(one * one)).div_ceil(one).min(one),
        };
        u64::try_from(size).expect("at most ONE")
    }

    fn sum(self, mu: u128) -> u128 {
        u128::from(self.count) * u128::from(self.at(mu))
    }
}

impl GuardNode {
    /// `V(node, μ)`: the own units at μ, and the inner nodes within their bounds (Spec 10.4, step 3).
    fn value(&self, mu: u128) -> u128 {
        let own: u128 = self.groups.iter().map(|group| group.sum(mu)).sum();
        own + self.inner.iter().map(|inner| inner.part(mu)).sum::<u128>()
    }

    /// The part of this node in the value of the node around it.
    fn part(&self, mu: u128) -> u128 {
        self.value(mu).clamp(self.lo, self.hi.max(self.lo))
    }

    /// The least sum of sizes that this node can have, in billionths: certain units, and the floors inside.
    #[must_use]
    pub fn least(&self) -> u128 {
        self.value(0)
    }

    /// The largest sum of sizes that this node can have, in billionths: all units certain, within the limits
    /// inside.
    #[must_use]
    pub fn most(&self) -> u128 {
        self.value(LARGEST)
    }

    /// The sum of the sizes before any change, in billionths.
    #[must_use]
    pub fn sum(&self) -> u128 {
        let own: u128 = self
            .groups
            .iter()
            .map(|g| u128::from(g.count) * u128::from(if g.certain { ONE } else { g.size }))
            .sum();
        own + self.inner.iter().map(Self::sum).sum::<u128>()
    }

    /// Number of units of the node, those of inner nodes included.
    #[must_use]
    pub fn units(&self) -> u64 {
        let own: u64 = self.groups.iter().map(|group| group.count).sum();
        own + self.inner.iter().map(Self::units).sum::<u64>()
    }

    /// The smallest μ at which the value of the node is at least the target.
    fn factor(&self, target: u128) -> u128 {
        let (mut low, mut high) = (0, LARGEST);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.value(middle) >= target { high = middle } else { low = middle + 1 }
        }
        high
    }

    /// Raises the node to at least `target` and at most `limit`, both in billionths. Equal units stay equal
    /// unless that would pass the limit. The result has one entry for each group, own groups first, then
    /// those of the inner nodes in order.
    ///
    /// # Panics
    /// If the target is above [`Self::most`] or the limit. A plan is refused before that.
    #[must_use]
    pub fn raise(&self, target: u128, limit: u128) -> Vec<Fitted> {
        assert!(target <= self.most(), "a floor that cannot be reached");
        let mu = self.factor(target);
        if self.value(mu) > limit {
            return self.set(target);
        }
        let mut fitted: Vec<Fitted> =
            self.groups.iter().map(|group| Fitted { size: group.at(mu), plus: 0 }).collect();
        fitted.extend(self.inner.iter().flat_map(|inner| inner.set(inner.part(mu))));
        fitted
    }

    /// Sets the node to exactly the target, in billionths. Groups are split by one billionth where that is
    /// needed (Spec 10.4, step 6). The result is ordered as that of [`Self::raise`].
    ///
    /// # Panics
    /// If the target is below [`Self::least`] or above [`Self::most`]. A plan is refused before that.
    #[must_use]
    pub fn set(&self, target: u128) -> Vec<Fitted> {
        assert!((self.least()..=self.most()).contains(&target), "a sum that cannot be reached");
        let mu = self.factor(target);
        let before = mu.saturating_sub(1);
        let mut left = target - self.value(before).min(target);
        let mut fitted = Vec::new();
        for group in &self.groups {
            let grows = if group.at(mu) > group.at(before) { u128::from(group.count) } else { 0 };
            let plus = grows.min(left);
            left -= plus;
            let plus = u64::try_from(plus).expect("at most the units");
            fitted.push(Fitted { size: group.at(before), plus });
        }
        for inner in &self.inner {
            let given = (inner.part(mu) - inner.part(before)).min(left);
            left -= given;
            fitted.extend(inner.set(inner.part(before) + given));
        }
        fitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONES: u128 = ONE as u128;

    fn node(groups: &[(u64, u64)]) -> GuardNode {
        let group = |&(size, count)| GuardGroup { size, count, certain: false };
        GuardNode { groups: groups.iter().map(group).collect(), hi: u128::MAX, ..GuardNode::default() }
    }

    fn raised(groups: &[(u64, u64)], need: u128) -> Vec<u64> {
        node(groups).raise(need * ONES, u128::MAX).into_iter().map(|fitted| fitted.size).collect()
    }

    #[test]
    fn the_smallest_factor_that_reaches_the_floor() {
        // 224 units at 20 % expect 44.8; the law wants 45.
        let sizes = raised(&[(ONE / 5, 224)], 45);
        assert_eq!(sizes, [200_892_858]);
        assert!(sizes[0] * 224 >= 45 * ONE && (sizes[0] - 1) * 224 < 45 * ONE);
        assert_eq!(raised(&[(ONE / 5, 225)], 45), [ONE / 5]);
        assert_eq!(raised(&[(ONE / 10, 10), (ONE / 5, 10)], 6), [ONE / 5, 2 * ONE / 5]);
    }

    #[test]
    fn certainty_caps_and_the_rest_goes_to_those_at_zero() {
        assert_eq!(raised(&[(1, 2), (0, 4)], 3), [ONE, ONE / 4]);
        assert_eq!(raised(&[(ONE / 2, 1), (ONE / 4, 2)], 2), [ONE, ONE / 2]);
        assert_eq!(raised(&[(0, 3)], 1), [333_333_334]);
        assert_eq!(raised(&[], 0), [0u64; 0]);
    }

    #[test]
    fn a_limit_is_met_to_the_billionth() {
        // Two of three: 0.666666667 twice and 0.666666666 once.
        assert_eq!(node(&[(ONE, 3)]).set(2 * ONES), [Fitted { size: 666_666_666, plus: 2 }]);
        // Equal sizes would pass the limit by a few billionths, and 46 could be drawn.
        let full = node(&[(150_000_000, 221)]).raise(45 * ONES, 45 * ONES);
        assert_eq!(u128::from(full[0].size) * 221 + u128::from(full[0].plus), 45 * ONES);
        // An inner node at its limit leaves the floor to its neighbours.
        let inner = GuardNode { hi: ONES, ..node(&[(ONE / 2, 2)]) };
        let outer = GuardNode { inner: vec![inner], ..node(&[(ONE / 4, 4)]) };
        let fitted = outer.raise(3 * ONES, 9 * ONES);
        assert_eq!(fitted[0], Fitted { size: ONE / 2, plus: 0 });
        assert_eq!(2 * fitted[1].size + fitted[1].plus, ONE);
        // A node that is lowered leaves an inner floor alone, and a certain unit.
        let inner = GuardNode { lo: ONES, hi: 9 * ONES, ..node(&[(ONE / 2, 2)]) };
        let mut outer = GuardNode { inner: vec![inner], ..node(&[(ONE / 2, 4)]) };
        outer.groups.push(GuardGroup { size: 0, count: 1, certain: true });
        // Own units, the certain unit, the inner node: one visit each.
        let fitted = outer.set(3 * ONES);
        let sums: Vec<u64> = fitted.iter().zip([4, 1, 2]).map(|(f, count)| f.size * count + f.plus).collect();
        assert_eq!(sums, [ONE, ONE, ONE]);
    }
}
