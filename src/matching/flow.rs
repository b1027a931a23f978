//! Networks and flows on them, in a fixed order (Spec 11.5).
//!
//! An arc leads from a node to one with a larger number. So the neighbours of a node in ascending order are
//! the tails of its arriving arcs, then the heads of its leaving arcs.

use std::cell::Cell;

/// An arc, with `lower ≤ flow ≤ upper ≤ cap` once the flow is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) tail: u32,
    pub(super) head: u32,
    /// The largest flow by the rules, in units.
    pub(super) cap: u64,
    pub(super) lower: u64,
    pub(super) upper: u64,
    pub(super) flow: u64,
}

/// A directed graph without circles. Nodes are numbered along its arcs, and the last one is the sink.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// Ascending by tail, then head.
    pub(super) arcs: Vec<Arc>,
    /// Where the arcs leaving each node begin in `arcs`.
    leaving: Vec<u32>,
    /// Where the arcs arriving at each node begin in `inward`.
    arriving: Vec<u32>,
    inward: Vec<u32>,
    /// Looks at arcs so far.
    pub(super) steps: Cell<u64>,
}

/// Stands for no distance.
const NONE: u32 = u32::MAX;

/// A 32-bit number as a place of an array.
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).expect("32 bits fit a place")
}

/// A place or a length as a 32-bit number.
pub(crate) fn short(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than 2^32 pairs of visits and officers")
}

impl Network {
    /// Makes a network of so many nodes and of arcs as tail, head and capacity. The head of an arc must be
    /// the larger number, and no two arcs may have the same ends.
    pub(super) fn new(nodes: usize, mut arcs: Vec<(u32, u32, u64)>) -> Self {
        arcs.sort_unstable_by_key(|&(tail, head, _)| (tail, head));
        let mut leaving = vec![0; nodes + 1];
        let mut arriving = vec![0; nodes + 1];
        for &(tail, head, _) in &arcs {
            debug_assert!(tail < head && index(head) < nodes);
            leaving[index(tail) + 1] += 1;
            arriving[index(head) + 1] += 1;
        }
        for node in 0..nodes {
            leaving[node + 1] += leaving[node];
            arriving[node + 1] += arriving[node];
        }
        let mut next = arriving.clone();
        let mut inward = vec![0; arcs.len()];
        for (arc, &(_, head, _)) in (0..).zip(&arcs) {
            inward[index(next[index(head)])] = arc;
            next[index(head)] += 1;
        }
        let arc = |(tail, head, cap)| Arc { tail, head, cap, lower: 0, upper: cap, flow: 0 };
        Self { arcs: arcs.into_iter().map(arc).collect(), leaving, arriving, inward, steps: Cell::new(0) }
    }

    /// Counts looks at arcs.
    pub(super) fn count(&self, looks: usize) {
        self.steps.set(self.steps.get().saturating_add(u64::try_from(looks).unwrap_or(u64::MAX)));
    }

    pub(super) fn nodes(&self) -> usize {
        self.leaving.len() - 1
    }

    pub(super) fn sink(&self) -> usize {
        self.nodes() - 1
    }

    /// The place of the arc between two nodes.
    pub(super) fn arc(&self, tail: u32, head: u32) -> usize {
        let begin = index(self.leaving[index(tail)]);
        let end = index(self.leaving[index(tail) + 1]);
        begin
            + self.arcs[begin..end]
                .binary_search_by_key(&head, |arc| arc.head)
                .expect("an arc of the network")
    }

    /// The arcs at a node, by the node at their other end, ascending.
    pub(super) fn at(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let inward = index(self.arriving[node])..index(self.arriving[node + 1]);
        let outward = index(self.leaving[node])..index(self.leaving[node + 1]);
        self.inward[inward].iter().map(|&arc| index(arc)).chain(outward)
    }

    fn degree(&self, node: usize) -> u32 {
        self.arriving[node + 1] - self.arriving[node] + self.leaving[node + 1] - self.leaving[node]
    }

    /// The `step`-th arc at a node in the order of [`at`](Self::at).
    fn nth(&self, node: usize, step: u32) -> usize {
        let inward = self.arriving[node + 1] - self.arriving[node];
        match step.checked_sub(inward) {
            None => index(self.inward[index(self.arriving[node] + step)]),
            Some(outward) => index(self.leaving[node] + outward),
        }
    }

    /// The node at the other end of an arc, and how much more can be sent there.
    pub(super) fn onward(&self, arc: usize, node: usize) -> (usize, u64) {
        let Arc { tail, head, lower, upper, flow, .. } = self.arcs[arc];
        if index(tail) == node { (index(head), upper - flow) } else { (index(tail), flow - lower) }
    }

    fn push(&mut self, arc: usize, node: usize, amount: u64) {
        let arc = &mut self.arcs[arc];
        if index(arc.tail) == node { arc.flow += amount } else { arc.flow -= amount }
    }

    /// Sends as much as possible of the excess of the nodes to the sink. The result is some maximum flow, for
    /// questions to which all maximum flows give the same answer. Returns the nodes that can be reached from
    /// nodes with excess left.
    pub(super) fn send(&mut self, excess: &mut [i64]) -> Vec<bool> {
        let total: i64 = excess.iter().sum();
        let sink = self.sink();
        excess[sink] = -total;
        self.settle(excess);
        excess[sink] = 0;
        self.reached(excess)
    }

    /// Settles a flow within its bounds, as far as that is possible (Spec 11.5; Dinic 1970). `balance` is
    /// what arrives at each node less what leaves it. Nodes with positive balance send it along the shortest
    /// paths to nodes with negative balance.
    pub(super) fn settle(&mut self, balance: &mut [i64]) {
        loop {
            let distances = self.distances(balance);
            let mut moved = false;
            let mut next = vec![0; self.nodes()];
            for source in 0..self.nodes() {
                if distances[source] != NONE {
                    while balance[source] > 0 && self.bring_away(source, balance, &distances, &mut next) {
                        moved = true;
                    }
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// The distance of each node to the nearest node with negative balance (Spec 11.5, step 1).
    fn distances(&self, balance: &[i64]) -> Vec<u32> {
        let mut distances = vec![NONE; self.nodes()];
        let mut queue: Vec<usize> = Vec::new();
        for (node, _) in balance.iter().enumerate().filter(|(_, balance)| **balance < 0) {
            distances[node] = 0;
            queue.push(node);
        }
        let mut place = 0;
        while let Some(&node) = queue.get(place) {
            place += 1;
            self.count(index(self.degree(node)));
            for arc in self.at(node) {
                let from = self.other(arc, node);
                if distances[from] == NONE && self.onward(arc, from).1 > 0 {
                    distances[from] = distances[node] + 1;
                    queue.push(from);
                }
            }
        }
        distances
    }

    /// The nodes that can be reached from nodes with positive balance.
    pub(super) fn reached(&self, balance: &[i64]) -> Vec<bool> {
        let mut reached: Vec<bool> = balance.iter().map(|balance| *balance > 0).collect();
        let mut queue: Vec<usize> = (0..self.nodes()).filter(|&node| reached[node]).collect();
        while let Some(node) = queue.pop() {
            self.count(index(self.degree(node)));
            for arc in self.at(node) {
                let (to, room) = self.onward(arc, node);
                if room > 0 && !reached[to] {
                    reached[to] = true;
                    queue.push(to);
                }
            }
        }
        reached
    }

    fn other(&self, arc: usize, node: usize) -> usize {
        let Arc { tail, head, .. } = self.arcs[arc];
        if index(tail) == node { index(head) } else { index(tail) }
    }

    /// Sends the largest possible amount along one path from a node to a node with negative balance (Spec
    /// 11.5, step 2). Each step of the path leads one nearer. `next` is the first arc of each node that was
    /// not tried yet. `false` if there is no path.
    fn bring_away(
        &mut self,
        source: usize,
        balance: &mut [i64],
        distances: &[u32],
        next: &mut [u32],
    ) -> bool {
        let mut path: Vec<(usize, usize)> = Vec::new();
        let mut node = source;
        while balance[node] >= 0 {
            self.count(1);
            if next[node] == self.degree(node) {
                // From a dead end the path goes back, and this arc is not tried again.
                let Some((_, before)) = path.pop() else { return false };
                node = before;
                next[node] += 1;
                continue;
            }
            let arc = self.nth(node, next[node]);
            let (to, room) = self.onward(arc, node);
            if room > 0 && distances[to] != NONE && distances[to] + 1 == distances[node] {
                path.push((arc, node));
                node = to;
            } else {
                next[node] += 1;
            }
        }
        let most = balance[source].min(-balance[node]).unsigned_abs();
        let amount = path.iter().map(|&(arc, node)| self.onward(arc, node).1).fold(most, u64::min);
        for (arc, node) in path {
            self.push(arc, node, amount);
        }
        let amount = i64::try_from(amount).expect("below 2^63 units");
        balance[source] -= amount;
        balance[node] += amount;
        true
    }
}
