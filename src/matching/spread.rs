//! Chances spread as evenly as the levels allow (Spec 11.8): proportional fitting in whole numbers, then an exact repair.
//!
//! Fitting decides only how even the chances are. Every bound is kept by the repair, whatever fitting left.

use super::WHOLE;
use super::classes::{Bundle, Layout};
use super::flow::index;

/// Sweeps at most, for so many links: small networks converge, however slowly; in large ones 40 must do.
fn sweeps(links: usize) -> usize {
    (1_000_000 / links.max(1)).clamp(40, 1000)
}

/// Fixed point: bits below one unit.
const FINE: u32 = 20;

/// Spec 11.8: the flow of every arc, within the bounds that [`level`](super::levels::level) left.
pub(super) fn spread(layout: &mut Layout) {
    let mut chances = fit(layout);
    for chance in &mut chances {
        *chance >>= FINE;
    }
    // Every arc carries what its links carry, brought within its bounds; then the nodes are balanced.
    for (link, &chance) in layout.links.iter().zip(&chances) {
        let arc = &mut layout.net.arcs[index(link.arc)];
        arc.flow = chance.clamp(arc.lower, arc.upper);
    }
    let mut balance = layout.excess();
    let net = &mut layout.net;
    for bundle in &layout.left {
        if let Some(arc) = bundle.arc {
            let sum: u64 = chances[bundle.links.clone()].iter().sum();
            net.arcs[arc].flow = sum.clamp(net.arcs[arc].lower, net.arcs[arc].upper);
        }
    }
    for bundle in &layout.right {
        if let Some(arc) = bundle.arc {
            let sum: u64 = layout.inward[bundle.links.clone()].iter().map(|&link| chances[index(link)]).sum();
            net.arcs[arc].flow = sum.clamp(net.arcs[arc].lower, net.arcs[arc].upper);
        }
    }
    let signed = |units: u64| i64::try_from(units).expect("below 2^63 units");
    balance[net.sink()] = -balance.iter().sum::<i64>();
    for arc in &net.arcs {
        balance[index(arc.tail)] -= signed(arc.flow);
        balance[index(arc.head)] += signed(arc.flow);
    }
    net.settle(&mut balance);
}

/// Proportional fitting: every sum in turn is brought to its bounds by one factor for all its links. Chances of the links, in 2⁻²⁰ of a
/// unit.
fn fit(layout: &Layout) -> Vec<u64> {
    let bounds: Vec<(u64, u64)> = layout
        .links
        .iter()
        .map(|link| {
            let arc = &layout.net.arcs[index(link.arc)];
            (fine(arc.lower), fine(arc.upper))
        })
        .collect();
    let mut chances: Vec<u64> = layout
        .links
        .iter()
        .zip(&bounds)
        .map(|(link, &(lower, upper))| {
            fine(layout.classes[index(link.class)].size() * WHOLE).clamp(lower, upper)
        })
        .collect();
    let mut posts = layout.supplies.iter();
    let left: Vec<(&Bundle, u64, u64)> = layout
        .left
        .iter()
        .map(|bundle| {
            let (lower, upper) = bundle.arc.map_or_else(
                || {
                    posts
                        .next()
                        .map(|&supply| (supply, supply))
                        .expect("one bundle without an arc for every post")
                },
                |arc| (layout.net.arcs[arc].lower, layout.net.arcs[arc].upper),
            );
            (bundle, fine(lower), fine(upper))
        })
        .collect();
    let right: Vec<(&Bundle, u64, u64)> = layout
        .right
        .iter()
        .filter_map(|bundle| {
            let arc = &layout.net.arcs[bundle.arc?];
            Some((bundle, fine(arc.lower), fine(arc.upper)))
        })
        .collect();
    for _ in 0..sweeps(layout.links.len()) {
        let mut settled = true;
        for &(bundle, lower, upper) in &left {
            let links = bundle.links.clone();
            let sum = chances[links.clone()].iter().sum();
            if let Some(factor) = factor(sum, lower, upper, &mut settled) {
                for (chance, bounds) in chances[links.clone()].iter_mut().zip(&bounds[links]) {
                    *chance = scaled(*chance, factor, *bounds);
                }
            }
        }
        for &(bundle, lower, upper) in &right {
            let links = &layout.inward[bundle.links.clone()];
            let sum = links.iter().map(|&link| chances[index(link)]).sum();
            if let Some(factor) = factor(sum, lower, upper, &mut settled) {
                for &link in links {
                    chances[index(link)] = scaled(chances[index(link)], factor, bounds[index(link)]);
                }
            }
        }
        if settled {
            break;
        }
    }
    chances
}

/// Units in fixed point. A capacity that does not fit is above all supplies together (fewer than 2²⁴ places), so that it binds nothing as the
/// largest number either.
fn fine(units: u64) -> u64 {
    units.saturating_mul(1 << FINE)
}

/// What brings a sum to the nearer of its bounds, in 2⁻³²; nothing if it is within them. Notes a sum that is off by more than
/// a 2⁻¹⁶th.
fn factor(sum: u64, lower: u64, upper: u64, settled: &mut bool) -> Option<u128> {
    let target = sum.clamp(lower, upper);
    if sum == target || sum == 0 {
        return None;
    }
    if sum.abs_diff(target) > target >> 16 {
        *settled = false;
    }
    Some((u128::from(target) << 32) / u128::from(sum))
}

fn scaled(chance: u64, factor: u128, (lower, upper): (u64, u64)) -> u64 {
    u64::try_from((u128::from(chance) * factor) >> 32).unwrap_or(u64::MAX).clamp(lower, upper)
}
