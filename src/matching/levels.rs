//! Raises ceilings until the network is feasible, then finds a flow of least cost and its prices (Spec 11.6
//! and 11.7).

use super::WHOLE;
use super::classes::Class;
use super::flow::{Network, index};
use super::layout::Layout;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// A shortage, as nodes of a network.
#[derive(Debug)]
pub(super) struct Block {
    /// Posts, ascending.
    pub(super) posts: Vec<u32>,
    /// Number of places missing.
    pub(super) missing: u64,
    /// Groups whose limit keeps more places from being filled, as a post of the block and the group.
    pub(super) full_groups: Vec<(u32, usize)>,
}

/// The shortages at the highest ceilings, without the ceilings at which the others can be filled. They are
/// those of [`feasible`]: what is left there is left here, because the arcs that bound it are the same.
pub(super) fn highest(layout: &mut Layout, posts: usize, visits: usize) -> Vec<Block> {
    layout.set_ceilings(&vec![WHOLE; visits]);
    let mut excess = layout.excess();
    let reached = layout.net.send(&mut excess);
    blocks(&layout.net, &reached, &excess, posts, layout)
}

/// The ceiling after so many steps of eight towards certainty (Spec 11.6).
fn ceiling_after(ceiling: u64, step: u64) -> u64 {
    ceiling + (WHOLE - ceiling) * step / 8
}

/// Raises ceilings where places cannot be filled under them (Spec 11.6). Returns the ceiling of every visit
/// and the shortages that remain at the highest ceilings.
pub(super) fn feasible(
    layout: &mut Layout,
    visit_of: &[u32],
    ceiling: u64,
    visits: usize,
) -> (Vec<u64>, Vec<Block>) {
    let mut steps = vec![0; visits];
    let mut ceilings = vec![ceiling; visits];
    layout.set_ceilings(&ceilings);
    let mut excess = layout.excess();
    loop {
        let reached = layout.net.send(&mut excess);
        if excess.iter().all(|units| *units == 0) {
            return (ceilings, Vec::new());
        }
        let mut raised = false;
        // An extra post of a pin has no ceiling that could be raised.
        let mut here: Vec<u32> = (0..visit_of.len())
            .filter(|&post| reached[post] && !layout.pinned[post])
            .map(|post| visit_of[post])
            .collect();
        here.dedup();
        for visit in here.into_iter().map(index).filter(|&visit| steps[visit] < 8).collect::<Vec<_>>() {
            steps[visit] += 1;
            ceilings[visit] = ceiling_after(ceiling, steps[visit]);
            raised = true;
        }
        if !raised {
            return (ceilings, blocks(&layout.net, &reached, &excess, visit_of.len(), layout));
        }
        layout.set_ceilings(&ceilings);
    }
}

/// The connected parts of the reached nodes. Each part is a shortage (Spec 11.6, step 3).
fn blocks(net: &Network, reached: &[bool], excess: &[i64], posts: usize, layout: &Layout) -> Vec<Block> {
    let mut seen = vec![false; net.nodes()];
    let mut found = Vec::new();
    // The groups stand in the order of their posts.
    let groups: Vec<_> =
        layout.left.iter().filter_map(|bundle| Some((net.arcs[bundle.arc?], &bundle.links))).collect();
    for first in 0..posts {
        if seen[first] || !reached[first] {
            continue;
        }
        seen[first] = true;
        let mut part = vec![first];
        let mut place = 0;
        while let Some(&node) = part.get(place) {
            place += 1;
            for arc in net.at(node) {
                let arc = net.arcs[arc];
                let to = index(if index(arc.tail) == node { arc.head } else { arc.tail });
                if reached[to] && !seen[to] {
                    seen[to] = true;
                    part.push(to);
                }
            }
        }
        let mut own: Vec<u32> =
            part.into_iter().filter(|&node| node < posts).map(super::flow::short).collect();
        own.sort_unstable();
        let units: u64 = own.iter().map(|&post| excess[index(post)].unsigned_abs()).sum();
        let of_post = |&post: &u32| {
            let begin = groups.partition_point(|(arc, _)| arc.tail < post);
            groups[begin..].iter().take_while(move |(arc, _)| arc.tail == post)
        };
        let full = own.iter().flat_map(of_post).filter(|(arc, _)| !reached[index(arc.head)]);
        let group = |links: &Range<usize>| {
            let class = &layout.classes[index(layout.links[links.start].class)];
            class.seat.group.expect("a member of a group")
        };
        let full_groups = full.map(|(arc, links)| (arc.tail, group(links))).collect();
        // All capacities of the cut are whole places, so the deficit is too (Spec 14).
        found.push(Block { missing: units / WHOLE, full_groups, posts: own });
    }
    found
}

/// The costs of the places of a class. The a-th place of an officer with load o before costs 2(o + a) − 1, so
/// that a load of t costs t² in all (Spec 11.7).
#[derive(Clone, Copy)]
struct Slope {
    size: u64,
    cap: u64,
    before: u64,
    /// Bits of every cost that are left out: while prices are looked for roughly, costs are whole multiples
    /// of a power of two.
    rough: u32,
}

impl Slope {
    /// The units of the class that cost less than a price, and those that cost at most as much.
    fn bounds(&self, price: i64) -> (u64, u64) {
        // The number of places that cost at most `most` each.
        let places = |most: i64| {
            // A rough cost of at most `most` is a cost below the next multiple.
            let most = most.saturating_add(1).saturating_mul(1 << self.rough).saturating_sub(1);
            let last = (most.saturating_add(1)).div_euclid(2);
            u64::try_from(last).unwrap_or(0).saturating_sub(self.before).min(self.cap)
        };
        (places(price.saturating_sub(1)) * self.size * WHOLE, places(price) * self.size * WHOLE)
    }

    /// The cost of the next unit beyond a flow, if there is one.
    fn next(&self, flow: u64) -> Option<i64> {
        let place = flow / (self.size * WHOLE) + 1;
        (self.size > 0 && place <= self.cap).then(|| self.cost(place))
    }

    /// The cost of the last unit of a flow, if there is one.
    fn last(&self, flow: u64) -> Option<i64> {
        (flow > 0).then(|| self.cost(flow.div_ceil(self.size * WHOLE)))
    }

    fn cost(&self, place: u64) -> i64 {
        i64::try_from((2 * (self.before + place) - 1) >> self.rough).expect("loads are below 2^40")
    }
}

/// The price of a vacancy, above that of every path through the network.
const VACANT: i64 = 1 << 60;

/// Finds a flow of least cost and the price of every node, which is the cost of one more unit from there
/// (Spec 11.7). It must be possible to meet all supplies. The arcs then have the bounds that every flow of
/// least cost keeps.
///
/// Prices are found by the primal-dual method, for rough costs first and then bit by bit (Edmonds and Karp
/// 1972). With exact costs alone every load that occurs would be a round of its own, and a thousand officers
/// can have a thousand loads.
pub(super) fn level(layout: &mut Layout) -> Vec<i64> {
    let mut slopes: Vec<Slope> = layout
        .classes
        .iter()
        .map(|class| Slope { size: class.size(), cap: class.seat.cap, before: class.seat.before, rough: 0 })
        .collect();
    let mut slope_of: Vec<u32> = vec![u32::MAX; layout.net.arcs.len()];
    for (class, &arc) in (0..).zip(&layout.officer_arcs) {
        slope_of[arc] = class;
    }
    let supplies = layout.excess();
    let net = &mut layout.net;
    let mut prices = vec![0; net.nodes()];
    for arc in &mut net.arcs {
        arc.flow = 0;
    }
    for rough in (0..=roughest(&slopes)).rev() {
        slopes.iter_mut().for_each(|slope| slope.rough = rough);
        prices.iter_mut().for_each(|price| *price *= 2);
        let slope = |arc: usize| slopes.get(index(slope_of[arc]));
        balance(net, &mut prices, &supplies, slope);
    }
    let slope = |arc: usize| slopes.get(index(slope_of[arc]));
    let prices = cheapest(net, &prices, layout.supplies.len(), slope);
    bound(net, &prices, slope);
    prices
}

/// How many bits of the costs are left out at first: all but some four of those in which costs differ.
fn roughest(slopes: &[Slope]) -> u32 {
    let last = slopes.iter().map(|slope| slope.before + slope.cap).max().unwrap_or(0);
    let first = slopes.iter().map(|slope| slope.before).min().unwrap_or(0);
    (last - first).checked_ilog2().unwrap_or(0).saturating_sub(4)
}

/// Raises prices until all supplies reach the sink within the bounds that prices give. The prices and the
/// flow at the beginning are any.
fn balance<'a>(
    net: &mut Network,
    prices: &mut [i64],
    supplies: &[i64],
    slope: impl Fn(usize) -> Option<&'a Slope>,
) {
    let sink = net.sink();
    bound(net, prices, &slope);
    let mut excess = supplies.to_vec();
    excess[sink] = -supplies.iter().sum::<i64>();
    for arc in &mut net.arcs {
        arc.flow = arc.flow.clamp(arc.lower, arc.upper);
        let flow = i64::try_from(arc.flow).expect("below 2^63 units");
        excess[index(arc.tail)] -= flow;
        excess[index(arc.head)] += flow;
    }
    loop {
        net.settle(&mut excess);
        if excess.iter().all(|units| *units == 0) {
            break;
        }
        let reached = net.reached(&excess);
        net.count(2 * net.arcs.len());
        let step = (0..net.arcs.len()).filter_map(|arc| slack(net, arc, &reached, prices, &slope)).min();
        let step = step.expect("all supplies can be met");
        for (price, _) in prices.iter_mut().zip(&reached).filter(|(_, reached)| **reached) {
            *price += step;
        }
        bound(net, prices, &slope);
    }
    // Prices count from that of the sink.
    let zero = prices[sink];
    prices.iter_mut().for_each(|price| *price -= zero);
}

/// A lower bound of the cost of a flow that meets all supplies, by the prices alone: the prices of the
/// supplies less the gains of full arcs (the dual of the flow). Empty chairs are not counted.
pub(super) fn least(layout: &Layout, prices: &[i64]) -> i128 {
    let paid: i128 = layout
        .supplies
        .iter()
        .zip(prices)
        .map(|(&units, &price)| i128::from(units) * i128::from(price))
        .sum();
    let mut slopes: Vec<Option<usize>> = vec![None; layout.net.arcs.len()];
    for (class, &arc) in layout.officer_arcs.iter().enumerate() {
        slopes[arc] = Some(class);
    }
    let earned = layout.net.arcs.iter().zip(slopes).map(|(arc, class)| {
        let price = i128::from(prices[index(arc.tail)]) - i128::from(prices[index(arc.head)]);
        let Some(class) = class.map(|class| &layout.classes[class]) else {
            return i128::from(arc.cap) * price.max(0);
        };
        // Places a = 1, 2 … that cost 2(o + a) − 1 each, below the price.
        let places = i128::from(arc.lower / WHOLE) / i128::from(class.size().max(1));
        let before = i128::from(class.seat.before);
        let cost = (before + places) * (before + places) - before * before;
        i128::from(class.size() * WHOLE) * (places * price - cost)
    });
    let earned: i128 = earned.sum();
    let chairs: u64 = layout.classes.iter().filter(|class| class.chairs).map(Class::size).sum();
    paid - earned - i128::from(chairs * WHOLE)
}

/// Sets the bounds of flows with these prices. An arc to a node of a lower price is full, and one to a node
/// of a higher price is empty.
fn bound<'a>(net: &mut Network, prices: &[i64], slope: impl Fn(usize) -> Option<&'a Slope>) {
    for (number, arc) in net.arcs.iter_mut().enumerate() {
        let price = prices[index(arc.tail)] - prices[index(arc.head)];
        (arc.lower, arc.upper) = match slope(number) {
            Some(slope) => slope.bounds(price),
            None => match price {
                0 => (0, arc.cap),
                1.. => (arc.cap, arc.cap),
                _ => (0, 0),
            },
        };
    }
}

/// How much the prices of the reached nodes can rise before one more unit can be sent over this arc. `None`
/// if that never happens.
fn slack<'a>(
    net: &Network,
    number: usize,
    reached: &[bool],
    prices: &[i64],
    slope: impl Fn(usize) -> Option<&'a Slope>,
) -> Option<i64> {
    let arc = net.arcs[number];
    let price = prices[index(arc.tail)] - prices[index(arc.head)];
    match (reached[index(arc.tail)], reached[index(arc.head)]) {
        (true, false) => match slope(number) {
            Some(slope) => slope.next(arc.flow).map(|cost| cost - price),
            None => (arc.flow < arc.cap).then_some(-price),
        },
        (false, true) => match slope(number) {
            Some(slope) => slope.last(arc.flow).map(|cost| price - cost),
            None => (arc.flow > 0).then_some(price),
        },
        _ => None,
    }
}

/// The largest prices of the flow: the cost of the cheapest path from every node to the sink, where a post
/// may also stay vacant (Dijkstra's algorithm on the costs reduced by the prices at hand).
fn cheapest<'a>(
    net: &Network,
    prices: &[i64],
    posts: usize,
    slope: impl Fn(usize) -> Option<&'a Slope>,
) -> Vec<i64> {
    let mut best: Vec<Option<i64>> = vec![None; net.nodes()];
    let mut heap = BinaryHeap::from([Reverse((0, net.sink()))]);
    for (post, price) in prices[..posts].iter().enumerate() {
        heap.push(Reverse((VACANT - price, post)));
    }
    while let Some(Reverse((paid, node))) = heap.pop() {
        if best[node].is_some() {
            continue;
        }
        best[node] = Some(paid);
        for number in net.at(node) {
            net.count(1);
            let arc = net.arcs[number];
            let price = prices[index(arc.tail)] - prices[index(arc.head)];
            // A step from the other end to this node goes along the arc if this is its head, and against it
            // if this is its tail.
            let (from, left) = if index(arc.head) == node {
                let next = match slope(number) {
                    Some(slope) => slope.next(arc.flow),
                    None => (arc.flow < arc.cap).then_some(0),
                };
                (index(arc.tail), next.map(|cost| cost - price))
            } else {
                let last = match slope(number) {
                    Some(slope) => slope.last(arc.flow),
                    None => (arc.flow > 0).then_some(0),
                };
                (index(arc.head), last.map(|cost| price - cost))
            };
            if let Some(left) = left.filter(|_| best[from].is_none()) {
                heap.push(Reverse((paid + left, from)));
            }
        }
    }
    // A node without a path gets a price above all others, so that nothing is sent there either.
    (0..net.nodes()).map(|node| best[node].map_or(2 * VACANT, |paid| prices[node] + paid)).collect()
}
