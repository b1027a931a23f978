//! The coins: they round the chances of the table to places, each pair with exactly its chance (Spec 11.10).
//!
//! This is Doerr's bitwise rounding on a flow. After the round for bit b no value has that bit. A simple
//! cycle touches a node in two edges whose changes cancel, so every node keeps its sum. Every value is a
//! martingale from its chance to zero or a whole place.

use super::Key;
use super::words::Words;
use crate::matching::{BITS, Component, Day, Matching, Pair, SPANS, WHOLE, index, places, short};
use std::collections::BTreeMap;
use std::ops::Range;

/// An edge of a flow that is to be rounded to whole places. What arrives at a node and what leaves it must
/// differ by a multiple of a whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The node where it begins.
    pub tail: u32,
    /// The node where it ends, a larger number.
    pub head: u32,
    /// Its units, a multiple of a whole place after [`round`].
    pub value: u64,
}

/// Rounds the values of all edges to multiples of 2^`bits`, with one coin for each cycle. Nodes are tried in
/// the order of their numbers, and the edges of a node in the order of the nodes at their other ends. No two
/// edges may have the same ends.
///
/// # Panics
/// If the values at some node do not add up to a multiple of 2^`bits`, or `bits` is above 30.
pub fn round(nodes: usize, edges: &mut [Edge], bits: u32, coin: &mut impl FnMut() -> bool) {
    assert!(bits <= 30, "what is rounded fits 32 bits, with what is carried out of it");
    let below = |edge: &Edge| u32::try_from(edge.value & ((1 << bits) - 1)).expect("at most 30 bits");
    let order = sorted(nodes, edges);
    let low = order.iter().map(|&edge| below(&edges[index(edge)])).collect();
    let mut peeling = Peeling::new(nodes, order.iter().map(|&edge| edges[index(edge)]), low);
    for bit in (0..bits).map(|bit| 1 << bit) {
        peeling.mark(bit);
        for start in 0..short(nodes) {
            peeling.walk(start, bit, coin);
        }
    }
    for (&edge, &low) in order.iter().zip(&peeling.low) {
        let edge = &mut edges[index(edge)];
        edge.value = edge.value - u64::from(below(edge)) + u64::from(low);
    }
}

/// The edges by tail, then head. They are sorted by counting, first by head and then by tail, which keeps the
/// order of heads.
fn sorted(nodes: usize, edges: &[Edge]) -> Vec<u32> {
    let by = |list: Vec<u32>, end: fn(&Edge) -> u32| {
        let mut next: Vec<usize> = vec![0; nodes + 1];
        for edge in edges {
            next[index(end(edge)) + 1] += 1;
        }
        for node in 0..nodes {
            next[node + 1] += next[node];
        }
        let mut sorted = vec![0; list.len()];
        for edge in list {
            let place = &mut next[index(end(&edges[index(edge)]))];
            sorted[*place] = edge;
            *place += 1;
        }
        sorted
    };
    by(by((0..short(edges.len())).collect(), |edge| edge.head), |edge| edge.tail)
}

/// A node that is not on the path.
const NOWHERE: u32 = u32::MAX;

/// Marks in a word.
const WORD: u32 = u64::BITS;

/// A node of the walk.
#[derive(Debug, Clone, Copy)]
struct WalkNode {
    /// The place of its first edge.
    first: u32,
    /// Its first word of marks, and the first word that may hold one.
    word: u32,
    next: u32,
    /// Its place on the path.
    place: u32,
}

/// An edge as a node sees it.
#[derive(Debug, Clone, Copy)]
struct At {
    edge: u32,
    other: u32,
    /// Its place among the edges of the other node.
    back: u32,
}

/// A step of the path: the node that it leaves, the edge, and whether it goes along the direction of the
/// edge.
#[derive(Debug, Clone, Copy)]
struct WalkStep {
    node: u32,
    edge: u32,
    along: bool,
}

/// The edges that have a bit, and a walk on them that closes a cycle wherever it meets itself.
#[derive(Debug)]
struct Peeling {
    /// By number, and the end of the last one.
    nodes: Vec<WalkNode>,
    /// The edges at each node, by the node at the other end.
    at: Vec<At>,
    /// A mark for each edge at each node, 64 to a word. A marked edge has the bit, and no walk has taken it.
    /// The first of them is found without a look at the others.
    marks: Vec<u64>,
    /// The part of each edge below a whole place, with what was carried out of it.
    low: Vec<u32>,
    path: Vec<WalkStep>,
}

impl Peeling {
    /// Takes edges by tail, then head, and the part of each below a whole place.
    fn new(nodes: usize, edges: impl Iterator<Item = Edge> + Clone, low: Vec<u32>) -> Self {
        let mut degrees = vec![0; nodes];
        for edge in edges.clone() {
            degrees[index(edge.tail)] += 1;
            degrees[index(edge.head)] += 1;
        }
        let mut end = WalkNode { first: 0, word: 0, next: 0, place: NOWHERE };
        let mut list = Vec::with_capacity(nodes + 1);
        for degree in &mut degrees {
            list.push(end);
            end.first += *degree;
            end.word += degree.div_ceil(WORD);
            *degree = 0;
        }
        list.push(end);
        let mut at = vec![At { edge: 0, other: 0, back: 0 }; 2 * low.len()];
        // Edges lead to larger numbers, so those that arrive at a node come before those that leave it.
        for (edge, Edge { tail, head, .. }) in (0..).zip(edges) {
            let places = (degrees[index(tail)], degrees[index(head)]);
            at[index(list[index(tail)].first + places.0)] = At { edge, other: head, back: places.1 };
            at[index(list[index(head)].first + places.1)] = At { edge, other: tail, back: places.0 };
            degrees[index(tail)] += 1;
            degrees[index(head)] += 1;
        }
        Self { nodes: list, at, marks: vec![0; index(end.word)], low, path: Vec::new() }
    }

    /// Marks the edges that have the bit.
    fn mark(&mut self, bit: u32) {
        let mut words = self.marks.iter_mut();
        for node in 1..self.nodes.len() {
            let (begin, end) = (self.nodes[node - 1].first, self.nodes[node].first);
            for (edges, word) in self.at[index(begin)..index(end)].chunks(64).zip(&mut words) {
                let marked = |at: &At| u64::from(self.low[index(at.edge)] & bit != 0);
                *word = edges.iter().rev().fold(0, |word, at| word << 1 | marked(at));
            }
            let node = &mut self.nodes[node - 1];
            node.next = node.word;
        }
    }

    /// Walks from a node until it has no edge with the bit.
    fn walk(&mut self, start: u32, bit: u32, coin: &mut impl FnMut() -> bool) {
        let mut node = start;
        self.nodes[index(start)].place = 0;
        while let Some(At { edge, other, .. }) = self.take(node) {
            self.path.push(WalkStep { node, edge, along: other > node });
            node = other;
            let place = &mut self.nodes[index(other)].place;
            let begin = *place;
            if begin == NOWHERE {
                *place = short(self.path.len());
                continue;
            }
            let coin = coin();
            for &WalkStep { node, edge, along } in &self.path[index(begin)..] {
                // An edge walked along its direction grows with the coin, one walked against it shrinks.
                let low = &mut self.low[index(edge)];
                *low = if along == coin { *low + bit } else { *low - bit };
                self.nodes[index(node)].place = NOWHERE;
            }
            self.path.truncate(index(begin));
            self.nodes[index(other)].place = begin;
        }
        assert!(self.path.is_empty(), "every node has an even number of edges with the bit");
        self.nodes[index(start)].place = NOWHERE;
    }

    /// The first marked edge of a node. Its marks are taken away at both ends.
    fn take(&mut self, node: u32) -> Option<At> {
        let end = self.nodes[index(node) + 1].word;
        let own = &mut self.nodes[index(node)];
        while own.next < end && self.marks[index(own.next)] == 0 {
            own.next += 1;
        }
        if own.next == end {
            return None;
        }
        let word = &mut self.marks[index(own.next)];
        let at = self.at[index(own.first + (own.next - own.word) * WORD + word.trailing_zeros())];
        *word &= *word - 1;
        let other = self.nodes[index(at.other)];
        self.marks[index(other.word + at.back / WORD)] &= !(1 << (at.back % WORD));
        Some(at)
    }
}

/// The holder of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The post.
    pub post: usize,
    /// The officers, ascending, each with the chance he had.
    pub officers: Vec<(usize, u64)>,
    /// Places left empty.
    pub vacancies: u64,
}

/// The name of a component's stream of words: its party, and the smallest unit of its visits (Spec 11.10).
#[must_use]
pub fn stream(party: &str, unit: &str) -> String {
    format!("teams/{party}/{unit}")
}

impl Component {
    /// Draws the teams of this component, each pair with exactly its chance of the table (Spec 11.10). One
    /// entry for every post.
    ///
    /// `label` is the name of the [stream] of words.
    #[must_use]
    pub fn draw(&self, matching: &Matching, label: &str, seed: &Key) -> Vec<Filled> {
        let mut words = Words::new(label, seed);
        let mut visits: Vec<usize> = (0..self.visits.len()).collect();
        words.shuffle(&mut visits);
        let mut officers: Vec<usize> = (0..self.people(matching).len()).collect();
        words.shuffle(&mut officers);
        self.settle(matching, &visits, &officers, &mut || words.coin())
    }

    /// The officers, then the chairs, those of each shortage as one. They are shuffled together.
    fn people(&self, matching: &Matching) -> Vec<usize> {
        let first = matching.officers.len();
        self.officers.iter().copied().chain(first..first + self.shortages.len()).collect()
    }

    /// The same with orders and coins from the caller, for tests that go through all of them. `visits` orders
    /// the places in [`visits`](Self::visits), `officers` the places in [`officers`](Self::officers) with the
    /// empty chairs of each shortage behind them.
    #[must_use]
    pub fn settle(
        &self,
        matching: &Matching,
        visits: &[usize],
        officers: &[usize],
        coin: &mut impl FnMut() -> bool,
    ) -> Vec<Filled> {
        let (nodes, mut edges) = CoinNetwork::new(matching, self).build(visits, officers);
        round(nodes, &mut edges, BITS, coin);
        let mut filled: Vec<Filled> =
            self.posts.iter().map(|&post| Filled { post, officers: Vec::new(), vacancies: 0 }).collect();
        // The first edges are the pairs, in their order.
        for (pair, edge) in self.pairs.iter().zip(&edges).filter(|(_, edge)| edge.value >= WHOLE) {
            let place = self.posts.binary_search(&index(pair.post)).expect("a post of this component");
            if index(pair.officer) < matching.officers.len() {
                filled[place].officers.push((index(pair.officer), u64::from(pair.chance)));
            } else {
                filled[place].vacancies += edge.value / WHOLE;
            }
        }
        filled
    }
}

/// The network of the coins while it is built: every officer stands for himself (Spec 11.10, step 1). Nodes
/// get their numbers in the order in which they are added.
struct CoinNetwork<'a> {
    matching: &'a Matching,
    component: &'a Component,
    /// The officers, then the chairs.
    people: Vec<usize>,
    /// The pairs of each post of the component.
    pairs_at: Vec<Range<usize>>,
    /// The posts of each visit of the component.
    posts_at: Vec<Range<usize>>,
    /// The edges of the pairs, in their order.
    pairs: Vec<Edge>,
    /// All other edges.
    chain: Vec<Edge>,
    nodes: u32,
}

/// Units on their way to the officer.
struct Sum {
    /// A pair that brings some of them, and its visit.
    pair: u32,
    visit: usize,
    /// The node where they stand, if they are not in the pair itself.
    at: Option<u32>,
    units: u64,
}

impl<'a> CoinNetwork<'a> {
    fn new(matching: &'a Matching, component: &'a Component) -> Self {
        let mut pairs_at = vec![0..0; component.posts.len()];
        let (mut begin, mut place) = (0, places(&component.posts));
        for same in component.pairs.chunk_by(|a, b| a.post == b.post) {
            pairs_at[place(index(same[0].post))] = begin..begin + same.len();
            begin += same.len();
        }
        let visit_of = |post: usize| matching.posts[post].visit;
        let mut posts_at = vec![0..0; component.visits.len()];
        let (mut begin, mut place) = (0, places(&component.visits));
        for same in component.posts.chunk_by(|&a, &b| visit_of(a) == visit_of(b)) {
            posts_at[place(visit_of(same[0]))] = begin..begin + same.len();
            begin += same.len();
        }
        let pair = |pair: &Pair| Edge { tail: 0, head: 0, value: u64::from(pair.chance) };
        Self {
            people: component.people(matching),
            pairs: component.pairs.iter().map(pair).collect(),
            chain: Vec::new(),
            nodes: 0,
            matching,
            component,
            pairs_at,
            posts_at,
        }
    }

    /// The network with the nodes in these orders of visits and officers.
    fn build(mut self, visits: &[usize], officers: &[usize]) -> (usize, Vec<Edge>) {
        self.posts(visits);
        let held = self.pairs_held(visits);
        // Sums that still have to be led on: to an office, or straight to the sink.
        let mut offices: BTreeMap<usize, Vec<(u32, u64)>> = BTreeMap::new();
        let mut last: Vec<(u32, u64)> = Vec::new();
        for &person in officers.iter().filter(|&&person| !held[person].is_empty()) {
            let sum = self.person(person, &held[person]);
            let seat = self.matching.officers.get(self.people[person]);
            match seat.and_then(|seat| seat.office) {
                Some(office) => offices.entry(office).or_default().push(sum),
                None => last.push(sum),
            }
        }
        for sums in offices.into_values() {
            last.push(self.join(sums));
        }
        self.join(last);
        self.pairs.append(&mut self.chain);
        (index(self.nodes), self.pairs)
    }

    fn node(&mut self) -> u32 {
        self.nodes += 1;
        self.nodes - 1
    }

    /// The posts of the visits, each before its groups.
    fn posts(&mut self, visits: &[usize]) {
        for &visit in visits {
            for post in self.posts_at[visit].clone() {
                self.post(post);
            }
        }
    }

    /// A post and its groups.
    fn post(&mut self, post: usize) {
        let own = self.node();
        let (matching, component) = (self.matching, self.component);
        let limited = matching.posts[component.posts[post]].limit.is_some();
        let group = |pair: &Pair| {
            let seat = matching.officers.get(index(pair.officer)).filter(|_| limited);
            seat.and_then(|seat| seat.group)
        };
        let here = self.pairs_at[post].clone();
        let mut groups: BTreeMap<usize, (u32, u64)> = BTreeMap::new();
        for pair in &component.pairs[here.clone()] {
            if let Some(group) = group(pair) {
                groups.entry(group).or_default().1 += u64::from(pair.chance);
            }
        }
        for (node, value) in groups.values_mut() {
            *node = self.node();
            self.chain.push(Edge { tail: own, head: *node, value: *value });
        }
        for (pair, edge) in component.pairs[here.clone()].iter().zip(&mut self.pairs[here]) {
            edge.tail = group(pair).map_or(own, |group| groups[&group].0);
        }
    }

    /// The pairs of each person with their visits, in the order of the visits.
    fn pairs_held(&self, visits: &[usize]) -> Vec<Vec<(u32, usize)>> {
        let mut held: Vec<Vec<(u32, usize)>> = vec![Vec::new(); self.people.len()];
        for &visit in visits {
            for post in self.posts_at[visit].clone() {
                let mut place = places(&self.people);
                for pair in self.pairs_at[post].clone() {
                    held[place(index(self.component.pairs[pair].officer))].push((short(pair), visit));
                }
            }
        }
        held
    }

    /// A person with the nodes before him, for visits, days and weeks. Returns his node and what arrives at
    /// it.
    fn person(&mut self, person: usize, held: &[(u32, usize)]) -> (u32, u64) {
        let seat = self.matching.officers.get(self.people[person]).copied();
        let mut sums: Vec<Sum> = Vec::with_capacity(held.len());
        for same in held.chunk_by(|a, b| seat.is_some() && a.1 == b.1) {
            let units = same.iter().map(|&(pair, _)| self.pairs[index(pair)].value).sum();
            let at = (same.len() > 1).then(|| self.node());
            if let Some(head) = at {
                same.iter().for_each(|&(pair, _)| self.pairs[index(pair)].head = head);
            }
            let (pair, visit) = same[0];
            sums.push(Sum { pair, visit, at, units });
        }
        let seat = seat.unwrap_or_default();
        for (cap, span) in seat.span_caps().into_iter().zip(SPANS) {
            if cap.is_some() {
                sums = self.gather(sums, span);
            }
        }
        let (node, units) = (self.node(), sums.iter().map(|sum| sum.units).sum());
        for sum in sums {
            self.lead(&sum, node);
        }
        (node, units)
    }

    /// Leads the sums of each day, or each week, to a node of their own, the nodes in ascending order. Sums
    /// without a day stay.
    fn gather(&mut self, sums: Vec<Sum>, key: fn(Day) -> u32) -> Vec<Sum> {
        let key = |sum: &Sum| self.matching.visits[self.component.visits[sum.visit]].map(key);
        let keys: Vec<Option<u32>> = sums.iter().map(key).collect();
        let mut found: BTreeMap<u32, Sum> = BTreeMap::new();
        for (key, sum) in keys.iter().zip(&sums).filter_map(|(key, sum)| key.map(|key| (key, sum))) {
            found.entry(key).or_insert(Sum { at: None, units: 0, ..*sum }).units += sum.units;
        }
        for sum in found.values_mut() {
            sum.at = Some(self.node());
        }
        let mut onward = Vec::new();
        for (key, sum) in keys.into_iter().zip(sums) {
            match key.and_then(|key| found[&key].at) {
                Some(node) => self.lead(&sum, node),
                None => onward.push(sum),
            }
        }
        onward.extend(found.into_values());
        onward
    }

    /// Leads the units of a sum on to a node.
    fn lead(&mut self, sum: &Sum, head: u32) {
        match sum.at {
            None => self.pairs[index(sum.pair)].head = head,
            Some(tail) => self.chain.push(Edge { tail, head, value: sum.units }),
        }
    }

    /// Leads all units of these nodes to a new one: an office, or the sink.
    fn join(&mut self, sums: Vec<(u32, u64)>) -> (u32, u64) {
        let head = self.node();
        let units = sums.iter().map(|(_, units)| units).sum();
        self.chain.extend(sums.into_iter().map(|(tail, value)| Edge { tail, head, value }));
        (head, units)
    }
}
