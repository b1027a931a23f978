//! Chances spread as evenly as the levels allow (Spec 11.8): proportional fitting in whole numbers, then an
//! exact repair.
//!
//! Fitting decides only how even the chances are. The repair keeps every bound for every result of fitting.

use super::WHOLE;
use super::flow::index;
use super::layout::{Bundle, Layout};
use std::ops::Range;

/// The largest number of sweeps for so many links (Spec 11.8, step 3). Small networks have time to converge,
/// large ones get 40 sweeps.
fn sweeps(links: usize) -> usize {
    (1_000_000 / links.max(1)).clamp(40, 1000)
}

/// Fixed point: bits below one unit.
const FINE: u32 = 20;

/// Sets the flow of every arc within the bounds that [`level`](super::levels::level) has set (Spec 11.8).
pub(super) fn spread(layout: &mut Layout) {
    let mut chances = fit(layout);
    for chance in &mut chances {
        *chance >>= FINE;
    }
    // Every arc carries the sum of its links, brought within its bounds. Then the nodes are balanced.
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

/// Proportional fitting: each sum in turn is brought within its bounds by one factor for all its links
/// (Spec 11.8, steps 1 to 3). Returns the chances of the links in 2⁻²⁰ of a unit.
fn fit(layout: &Layout) -> Vec<u64> {
    let arc_bounds = |arc: usize| {
        let arc = &layout.net.arcs[arc];
        (fine(arc.lower), fine(arc.upper))
    };
    let groups = layout.left.iter().filter_map(|bundle| Some((bundle, arc_bounds(bundle.arc?))));
    let posts = layout.left.iter().filter(|bundle| bundle.arc.is_none());
    let posts = posts.zip(layout.supplies.iter().map(|&supply| (fine(supply), fine(supply))));
    let left: Vec<(&Bundle, (u64, u64))> = groups.chain(posts).collect();
    let right = layout.right.iter().filter_map(|bundle| Some((bundle, arc_bounds(bundle.arc?))));
    let right: Vec<(&Bundle, (u64, u64))> = right.collect();
    let mut fitting = Fitting::new(layout);
    for _ in 0..sweeps(layout.links.len()) {
        fitting.settled = true;
        let looks = left.iter().chain(&right).map(|(bundle, _)| bundle.links.len()).sum();
        layout.net.count(looks);
        for (bundle, bounds) in &left {
            fitting.scale_range(bundle.links.clone(), *bounds);
        }
        for (bundle, bounds) in &right {
            fitting.scale_places(&layout.inward[bundle.links.clone()], *bounds);
        }
        if fitting.settled {
            break;
        }
    }
    fitting.chances
}

/// The chances of the links while they are fitted. All bounds are a least and a largest value.
struct Fitting {
    chances: Vec<u64>,
    /// The bounds of each link.
    bounds: Vec<(u64, u64)>,
    /// Whether the sweep has met no sum that is off by more than one part in 2¹⁶.
    settled: bool,
}

impl Fitting {
    fn new(layout: &Layout) -> Self {
        let arcs = layout.links.iter().map(|link| &layout.net.arcs[index(link.arc)]);
        let bounds: Vec<(u64, u64)> = arcs.map(|arc| (fine(arc.lower), fine(arc.upper))).collect();
        let size = |class: u32| layout.classes[index(class)].size();
        let start = layout.links.iter().map(|link| fine(size(link.class) * WHOLE));
        let chances = start.zip(&bounds).map(|(chance, &(lower, upper))| chance.clamp(lower, upper));
        Self { chances: chances.collect(), bounds, settled: true }
    }

    /// Brings the sum of a range of links within its bounds.
    fn scale_range(&mut self, links: Range<usize>, bounds: (u64, u64)) {
        let sum = self.chances[links.clone()].iter().sum();
        if let Some(factor) = self.factor(sum, bounds) {
            for (chance, bounds) in self.chances[links.clone()].iter_mut().zip(&self.bounds[links]) {
                *chance = scaled(*chance, factor, *bounds);
            }
        }
    }

    /// Brings the sum of some links within its bounds.
    fn scale_places(&mut self, links: &[u32], bounds: (u64, u64)) {
        let sum = links.iter().map(|&link| self.chances[index(link)]).sum();
        if let Some(factor) = self.factor(sum, bounds) {
            for &link in links {
                let chance = &mut self.chances[index(link)];
                *chance = scaled(*chance, factor, self.bounds[index(link)]);
            }
        }
    }

    /// The factor in 2⁻³² that brings a sum to the nearer of its bounds, `None` if it is within them.
    fn factor(&mut self, sum: u64, (lower, upper): (u64, u64)) -> Option<u128> {
        let target = sum.clamp(lower, upper);
        if sum == target || sum == 0 {
            return None;
        }
        self.settled &= sum.abs_diff(target) <= target >> 16;
        Some((u128::from(target) << 32) / u128::from(sum))
    }
}

/// Units in fixed point. A capacity that does not fit is above all supplies together (fewer than 2²⁴ places).
/// It binds nothing, and neither does the largest number in its place.
fn fine(units: u64) -> u64 {
    units.saturating_mul(1 << FINE)
}

/// A chance times a factor in 2⁻³², brought within its bounds.
fn scaled(chance: u64, factor: u128, (lower, upper): (u64, u64)) -> u64 {
    u64::try_from((u128::from(chance) * factor) >> 32).unwrap_or(u64::MAX).clamp(lower, upper)
}
