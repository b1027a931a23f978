//! The coverage guard: raises probabilities until a node is sure of its floor (Spec 10.4, step 3).

use super::ONE;

/// One group of equal units: their inclusion probability (billionths, at most [`ONE`]) and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Inclusion probability in billionths.
    pub size: u64,
    /// Number of units.
    pub count: u64,
}

/// Raises the groups' probabilities until they sum to at least `need` units: the positive ones by the smallest common
/// factor (capped at one), then, if all of them are certain, those at zero evenly.
///
/// Returns the new sizes in the same order; unchanged where the sum is enough.
///
/// # Panics
/// If there are fewer than `need` units: a plan refuses that before.
#[must_use]
pub fn raise(groups: &[Group], need: u64) -> Vec<u64> {
    let needed = u128::from(need) * u128::from(ONE);
    let total = |factor: u128| -> u128 {
        groups.iter().map(|g| u128::from(g.count) * u128::from(scaled(g.size, factor))).sum()
    };
    let units: u64 = groups.iter().map(|g| g.count).sum();
    assert!(units >= need, "{need} of {units} units");
    let one = u128::from(ONE);
    if total(one) >= needed {
        return groups.iter().map(|g| g.size).collect();
    }
    // A factor of ONE·ONE lifts even one billionth to certainty, so the search below is complete.
    let (mut low, mut high) = (one, one * one);
    if total(high) >= needed {
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if total(middle) >= needed { high = middle } else { low = middle }
        }
        return groups.iter().map(|g| scaled(g.size, high)).collect();
    }
    let positive: u64 = groups.iter().filter(|g| g.size > 0).map(|g| g.count).sum();
    let zero = units - positive;
    let even = (u128::from(need - positive) * one).div_ceil(u128::from(zero));
    let even = u64::try_from(even).expect("at most ONE, as there are enough units");
    groups.iter().map(|g| if g.size > 0 { ONE } else { even }).collect()
}

/// min(ONE, ⌈size · factor / ONE⌉)
fn scaled(size: u64, factor: u128) -> u64 {
    let raised = (u128::from(size) * factor).div_ceil(u128::from(ONE));
    u64::try_from(raised.min(u128::from(ONE))).expect("at most ONE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(size: u64, count: u64) -> Group {
        Group { size, count }
    }

    #[test]
    fn the_smallest_factor_that_reaches_the_floor() {
        // 224 units at 20 % expect 44.8; the law wants 45.
        let raised = raise(&[group(ONE / 5, 224)], 45);
        assert_eq!(raised, [200_892_858]);
        assert!(raised[0] * 224 >= 45 * ONE && (raised[0] - 1) * 224 < 45 * ONE);
        assert_eq!(raise(&[group(ONE / 5, 225)], 45), [ONE / 5]);
        assert_eq!(raise(&[group(ONE / 10, 10), group(ONE / 5, 10)], 6), [ONE / 5, 2 * ONE / 5]);
    }

    #[test]
    fn certainty_caps_and_the_rest_goes_to_those_at_zero() {
        assert_eq!(raise(&[group(1, 2), group(0, 4)], 3), [ONE, ONE / 4]);
        assert_eq!(raise(&[group(ONE / 2, 1), group(ONE / 4, 2)], 2), [ONE, ONE / 2]);
        assert_eq!(raise(&[group(0, 3)], 1), [333_333_334]);
        assert_eq!(raise(&[], 0), [0u64; 0]);
    }
}
