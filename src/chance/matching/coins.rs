//! Bit-peeling: fair coins round chances to places, each pair with exactly its chance (Spec 11.10).
//!
//! Doerr's bitwise rounding on a flow: after the round for bit b no value has that bit. A simple cycle touches a node in
//! two edges whose change cancels, so every node keeps its sum, and every value is a martingale from its chance to zero or a
//! whole place.

use super::flow::{index, short};
use super::{Component, Day, Matching, Pair};
use std::collections::BTreeMap;

/// An edge of a flow that is to become whole. What arrives at a node and what leaves it must differ by a multiple of a whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Where it begins.
    pub tail: u32,
    /// Where it ends: at a node with a larger number.
    pub head: u32,
    /// Units; after [`round`] a multiple of a whole place.
    pub value: u64,
}

/// Rounds the values of all edges to multiples of 2^`bits`, one coin for each cycle. Nodes are tried in the order of their numbers,
/// a node's edges in the order of the nodes at their other ends. No two edges have the same ends.
///
/// # Panics
/// If the values at some node do not add up to a multiple of 2^`bits`.
pub fn round(nodes: usize, edges: &mut [Edge], bits: u32, coin: &mut impl FnMut() -> bool) {
    let mut first: Vec<u32> = vec![0; nodes + 1];
    for edge in edges.iter() {
        first[index(edge.tail) + 1] += 1;
        first[index(edge.head) + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    // Every edge at both its ends, by the node at the other end.
    let mut at: Vec<At> = vec![At { edge: 0, other: 0 }; 2 * edges.len()];
    let mut fill = first.clone();
    for (edge, &Edge { tail, head, .. }) in (0..).zip(edges.iter()) {
        for (end, other) in [(tail, head), (head, tail)] {
            at[index(fill[index(end)])] = At { edge, other };
            fill[index(end)] += 1;
        }
    }
    for node in 0..nodes {
        at[index(first[node])..index(first[node + 1])].sort_unstable_by_key(|at| at.other);
    }
    let mut round = Round {
        at: Vec::new(),
        next: vec![0; nodes],
        end: vec![0; nodes],
        taken: vec![false; edges.len()],
        place: vec![NOWHERE; nodes],
        nodes: Vec::new(),
        path: Vec::new(),
    };
    for bit in (0..bits).map(|bit| 1 << bit) {
        // Only edges with the bit take part; each of them loses it in one cycle.
        round.at.clear();
        round.taken.fill(false);
        for node in 0..nodes {
            round.next[node] = short(round.at.len());
            let all = &at[index(first[node])..index(first[node + 1])];
            round.at.extend(all.iter().filter(|at| edges[index(at.edge)].value & bit != 0));
            round.end[node] = short(round.at.len());
        }
        for start in 0..short(nodes) {
            round.walk(start, bit, edges, coin);
        }
    }
}

/// A node that is not on the path.
const NOWHERE: u32 = u32::MAX;

/// An edge as a node sees it.
#[derive(Debug, Clone, Copy)]
struct At {
    edge: u32,
    other: u32,
}

/// The edges that have the bit, and a walk on them that cuts off a cycle wherever it meets itself.
struct Round {
    at: Vec<At>,
    /// How far each node's edges have been tried, and where they end.
    next: Vec<u32>,
    end: Vec<u32>,
    /// Edges that have lost the bit, or are on the path and will lose it there: none is walked again.
    taken: Vec<bool>,
    /// Where each node stands on the path.
    place: Vec<u32>,
    nodes: Vec<u32>,
    path: Vec<u32>,
}

impl Round {
    /// Walks from a node until it has no edge with the bit.
    fn walk(&mut self, start: u32, bit: u64, edges: &mut [Edge], coin: &mut impl FnMut() -> bool) {
        self.nodes.push(start);
        self.place[index(start)] = 0;
        while let Some(&node) = self.nodes.last() {
            let next = &mut self.next[index(node)];
            let end = self.end[index(node)];
            while *next < end && self.taken[index(self.at[index(*next)].edge)] {
                *next += 1;
            }
            if *next == end {
                assert!(self.path.is_empty(), "every node has an even number of edges with the bit");
                break;
            }
            let At { edge, other } = self.at[index(*next)];
            self.taken[index(edge)] = true;
            self.path.push(edge);
            let begin = self.place[index(other)];
            if begin == NOWHERE {
                self.place[index(other)] = short(self.nodes.len());
                self.nodes.push(other);
                continue;
            }
            let begin = index(begin);
            let along = coin();
            for (&tail, &edge) in self.nodes[begin..].iter().zip(&self.path[begin..]) {
                // Along its arrow the edge goes with the coin, against it the other way.
                let edge = &mut edges[index(edge)];
                if (edge.tail == tail) == along {
                    edge.value += bit;
                } else {
                    edge.value -= bit;
                }
            }
            for node in self.nodes.drain(begin + 1..) {
                self.place[index(node)] = NOWHERE;
            }
            self.path.truncate(begin);
        }
        self.nodes.clear();
        self.place[index(start)] = NOWHERE;
    }
}

impl Component {
    /// The network of the coins: every officer for himself, nodes in the given orders (Spec 11.10, step 1). The pairs come first.
    pub(super) fn coins(
        &self,
        matching: &Matching,
        visits: &[usize],
        officers: &[usize],
    ) -> (usize, Vec<Edge>) {
        let people = self.people(matching);
        let post_of: Vec<u32> = {
            let place = |post: u32| self.posts.binary_search(&index(post)).expect("a post of this component");
            self.pairs.iter().map(|pair| short(place(pair.post))).collect()
        };
        let visit_of: Vec<u32> = {
            let place = |visit| self.visits.binary_search(visit).expect("a visit of this component");
            self.posts.iter().map(|&post| short(place(&matching.posts[post].visit))).collect()
        };
        let mut edges: Vec<Edge> =
            self.pairs.iter().map(|pair| Edge { tail: 0, head: 0, value: u64::from(pair.chance) }).collect();
        let mut chain: Vec<Edge> = Vec::new();
        let mut nodes = Numbers(0);
        self.left(matching, visits, &post_of, &visit_of, &mut nodes, &mut edges, &mut chain);

        let mut held: Vec<Vec<u32>> = vec![Vec::new(); people.len()];
        for (number, pair) in (0..).zip(&self.pairs) {
            held[people.binary_search(&index(pair.officer)).expect("a person of this component")]
                .push(number);
        }
        let mut rank: Vec<u32> = vec![0; visits.len()];
        for (place, &visit) in (0..).zip(visits) {
            rank[visit] = place;
        }
        let visit = |pair: u32| visit_of[index(post_of[index(pair)])];
        let day = |pair: u32| matching.visits[self.visits[index(visit(pair))]];
        let mut offices: BTreeMap<usize, Vec<(u32, u64)>> = BTreeMap::new();
        let mut last: Vec<(u32, u64)> = Vec::new();
        for &officer in officers {
            let own = &mut held[officer];
            if own.is_empty() {
                continue;
            }
            let seat = matching.officers.get(people[officer]).copied();
            own.sort_unstable_by_key(|&pair| (rank[index(visit(pair))], pair));
            // Sums that still have to be led on: a pair that names their day, where they stand if not in the pair itself, units.
            let mut sums: Vec<Sum> = Vec::with_capacity(own.len());
            for same in own.chunk_by(|a, b| seat.is_some() && visit(*a) == visit(*b)) {
                let units = same.iter().map(|&pair| edges[index(pair)].value).sum();
                let at = (same.len() > 1).then(|| nodes.next());
                for &pair in same.iter().filter(|_| at.is_some()) {
                    edges[index(pair)].head = at.expect("just made");
                }
                sums.push(Sum { pair: same[0], at, units });
            }
            let seat = seat.unwrap_or_default();
            for (capped, key) in [
                (seat.day_cap.is_some(), (|day: Day| day.number) as fn(Day) -> u32),
                (seat.week_cap.is_some(), |day: Day| day.week),
            ] {
                if capped {
                    sums = gather(sums, |pair| day(pair).map(key), &mut nodes, &mut edges, &mut chain);
                }
            }
            let (node, units) = (nodes.next(), sums.iter().map(|sum| sum.units).sum());
            for sum in sums {
                sum.lead(node, &mut edges, &mut chain);
            }
            match seat.office {
                Some(office) => offices.entry(office).or_default().push((node, units)),
                None => last.push((node, units)),
            }
        }
        for list in offices.into_values() {
            let node = nodes.next();
            last.push((node, list.iter().map(|(_, units)| units).sum()));
            chain.extend(list.into_iter().map(|(tail, value)| Edge { tail, head: node, value }));
        }
        let sink = nodes.next();
        chain.extend(last.into_iter().map(|(tail, value)| Edge { tail, head: sink, value }));
        edges.extend(chain);
        (index(nodes.0), edges)
    }

    /// The posts of each visit, each before its groups.
    #[expect(clippy::too_many_arguments, reason = "one part of the network of the coins")]
    fn left(
        &self,
        matching: &Matching,
        visits: &[usize],
        post_of: &[u32],
        visit_of: &[u32],
        nodes: &mut Numbers,
        edges: &mut [Edge],
        chain: &mut Vec<Edge>,
    ) {
        let mut pairs_at = vec![0..0; self.posts.len()];
        let mut begin = 0;
        for same in post_of.chunk_by(|a, b| a == b) {
            pairs_at[index(same[0])] = begin..begin + same.len();
            begin += same.len();
        }
        let mut posts_at = vec![0..0; self.visits.len()];
        let mut begin = 0;
        for same in visit_of.chunk_by(|a, b| a == b) {
            posts_at[index(same[0])] = begin..begin + same.len();
            begin += same.len();
        }
        for post in visits.iter().flat_map(|&visit| posts_at[visit].clone()) {
            let own = nodes.next();
            let limited = matching.posts[self.posts[post]].limit.is_some();
            let group = |pair: &Pair| {
                let seat = matching.officers.get(index(pair.officer)).filter(|_| limited);
                seat.and_then(|seat| seat.group)
            };
            let here = pairs_at[post].clone();
            let mut groups: BTreeMap<usize, (u32, u64)> = BTreeMap::new();
            for (pair, edge) in self.pairs[here.clone()].iter().zip(&edges[here.clone()]) {
                if let Some(group) = group(pair) {
                    groups.entry(group).or_default().1 += edge.value;
                }
            }
            for (node, value) in groups.values_mut() {
                *node = nodes.next();
                chain.push(Edge { tail: own, head: *node, value: *value });
            }
            for (pair, edge) in self.pairs[here.clone()].iter().zip(&mut edges[here]) {
                edge.tail = group(pair).map_or(own, |group| groups[&group].0);
            }
        }
    }
}

/// Numbers for nodes, as they come.
struct Numbers(u32);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0 - 1
    }
}

/// Units on their way to the officer.
struct Sum {
    /// A pair that brings some of them, and names their visit.
    pair: u32,
    /// The node where they stand, if they are not in the pair itself.
    at: Option<u32>,
    units: u64,
}

impl Sum {
    /// Leads the units on to a node.
    fn lead(self, to: u32, edges: &mut [Edge], chain: &mut Vec<Edge>) {
        match self.at {
            None => edges[index(self.pair)].head = to,
            Some(tail) => chain.push(Edge { tail, head: to, value: self.units }),
        }
    }
}

/// Leads sums of one day, or one week, to a node of their own, the nodes in ascending order.
fn gather(
    sums: Vec<Sum>,
    key: impl Fn(u32) -> Option<u32>,
    nodes: &mut Numbers,
    edges: &mut [Edge],
    chain: &mut Vec<Edge>,
) -> Vec<Sum> {
    let mut found: BTreeMap<u32, Sum> = BTreeMap::new();
    for sum in &sums {
        if let Some(key) = key(sum.pair) {
            found.entry(key).or_insert(Sum { pair: sum.pair, at: None, units: 0 });
        }
    }
    for sum in found.values_mut() {
        sum.at = Some(nodes.next());
    }
    let mut onward = Vec::new();
    for sum in sums {
        match key(sum.pair).and_then(|key| found.get_mut(&key)) {
            Some(all) => {
                all.units += sum.units;
                sum.lead(all.at.expect("just numbered"), edges, chain);
            }
            None => onward.push(sum),
        }
    }
    onward.extend(found.into_values());
    onward
}
