//! Bit-peeling: fair coins round chances to places, each pair with exactly its chance (Spec 11.10).
//!
//! Doerr's bitwise rounding on a flow: after the round for bit b no value has that bit. A simple cycle touches a node in
//! two edges whose change cancels, so every node keeps its sum, and every value is a martingale from its chance to zero or a
//! whole place.

use super::Key;
use super::words::Words;
use crate::matching::{BITS, Component, Day, Matching, Pair, WHOLE, index, places, short};
use std::collections::BTreeMap;
use std::ops::Range;

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
/// If the values at some node do not add up to a multiple of 2^`bits`, or `bits` is above 30.
pub fn round(nodes: usize, edges: &mut [Edge], bits: u32, coin: &mut impl FnMut() -> bool) {
    assert!(bits <= 30, "what is rounded fits 32 bits, with what is carried out of it");
    let below = |edge: &Edge| u32::try_from(edge.value & ((1 << bits) - 1)).expect("at most 30 bits");
    let order = sorted(nodes, edges);
    let low = order.iter().map(|&edge| below(&edges[index(edge)])).collect();
    let mut round = Round::new(nodes, order.iter().map(|&edge| edges[index(edge)]), low);
    for bit in (0..bits).map(|bit| 1 << bit) {
        round.mark(bit);
        for start in 0..short(nodes) {
            round.walk(start, bit, coin);
        }
    }
    for (&edge, &low) in order.iter().zip(&round.low) {
        let edge = &mut edges[index(edge)];
        edge.value = edge.value - u64::from(below(edge)) + u64::from(low);
    }
}

/// The edges by tail, then head: sorted by counting, by head and then by tail, which leaves those of one tail as they are.
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
struct Node {
    /// Where its edges begin.
    first: u32,
    /// Where its words of marks begin, and the first of them that may hold one.
    word: u32,
    next: u32,
    /// Where it stands on the path.
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

/// A step of the path: the node that it leaves, the edge, and whether it goes along the arrow.
#[derive(Debug, Clone, Copy)]
struct Step {
    node: u32,
    edge: u32,
    along: bool,
}

/// The edges that have a bit, and a walk on them that cuts off a cycle wherever it meets itself.
#[derive(Debug)]
struct Round {
    /// By number, and the end of the last one.
    nodes: Vec<Node>,
    /// The edges at each node, by the node at the other end.
    at: Vec<At>,
    /// A mark for each edge at each node, 64 to a word: it has the bit, and no walk has taken it. So the first of them is found without
    /// looking at the others.
    marks: Vec<u64>,
    /// What is not whole yet of each edge, and what was carried out of that.
    low: Vec<u32>,
    path: Vec<Step>,
}

impl Round {
    /// Takes edges by tail, then head, and what is not whole of each.
    fn new(nodes: usize, edges: impl Iterator<Item = Edge> + Clone, low: Vec<u32>) -> Self {
        let mut degrees = vec![0; nodes];
        for edge in edges.clone() {
            degrees[index(edge.tail)] += 1;
            degrees[index(edge.head)] += 1;
        }
        let mut end = Node { first: 0, word: 0, next: 0, place: NOWHERE };
        let mut list = Vec::with_capacity(nodes + 1);
        for degree in &mut degrees {
            list.push(end);
            end.first += *degree;
            end.word += degree.div_ceil(WORD);
            *degree = 0;
        }
        list.push(end);
        let mut at = vec![At { edge: 0, other: 0, back: 0 }; 2 * low.len()];
        // Arrows lead to larger numbers: what arrives at a node comes before what leaves it.
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
            self.path.push(Step { node, edge, along: other > node });
            node = other;
            let place = &mut self.nodes[index(other)].place;
            let begin = *place;
            if begin == NOWHERE {
                *place = short(self.path.len());
                continue;
            }
            let coin = coin();
            for &Step { node, edge, along } in &self.path[index(begin)..] {
                // Along its arrow the edge goes with the coin, against it the other way.
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

    /// The first marked edge of a node; takes its marks.
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

/// Who holds a post.
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
    /// Turns the coins of this component: teams with exactly the chances of the table (Spec 11.10). One entry for every post.
    ///
    /// `label` names the stream of words.
    #[must_use]
    pub fn draw(&self, matching: &Matching, label: &str, seed: &Key) -> Vec<Filled> {
        let mut words = Words::new(label, seed);
        let mut visits: Vec<usize> = (0..self.visits.len()).collect();
        words.shuffle(&mut visits);
        let mut officers: Vec<usize> = (0..self.people(matching).len()).collect();
        words.shuffle(&mut officers);
        self.settle(matching, &visits, &officers, &mut || words.coin())
    }

    /// The officers, then the chairs: those who are shuffled.
    fn people(&self, matching: &Matching) -> Vec<usize> {
        let chairs = usize::try_from(self.chairs).expect("places of a component");
        let first = matching.officers.len();
        self.officers.iter().copied().chain(first..first + chairs).collect()
    }

    /// The same with orders and coins of one's own: for proofs that go through all of them. `visits` orders the places in
    /// [`visits`](Self::visits), `officers` those in [`officers`](Self::officers) with the empty chairs behind them.
    #[must_use]
    pub fn settle(
        &self,
        matching: &Matching,
        visits: &[usize],
        officers: &[usize],
        coin: &mut impl FnMut() -> bool,
    ) -> Vec<Filled> {
        let (nodes, mut edges) = self.coins(matching, visits, officers);
        round(nodes, &mut edges, BITS, coin);
        let mut filled: Vec<Filled> =
            self.posts.iter().map(|&post| Filled { post, officers: Vec::new(), vacancies: 0 }).collect();
        // The first edges are the pairs, in their order.
        for (pair, _) in self.pairs.iter().zip(&edges).filter(|(_, edge)| edge.value == WHOLE) {
            let place = self.posts.binary_search(&index(pair.post)).expect("a post of this component");
            if index(pair.officer) < matching.officers.len() {
                filled[place].officers.push((index(pair.officer), u64::from(pair.chance)));
            } else {
                filled[place].vacancies += 1;
            }
        }
        filled
    }
}

impl Component {
    /// The network of the coins: every officer for himself, nodes in the given orders (Spec 11.10, step 1). The pairs come first.
    fn coins(&self, matching: &Matching, visits: &[usize], officers: &[usize]) -> (usize, Vec<Edge>) {
        let people = self.people(matching);
        // The pairs of each post, and the posts of each visit.
        let mut pairs_at = vec![0..0; self.posts.len()];
        let (mut begin, mut place) = (0, places(&self.posts));
        for same in self.pairs.chunk_by(|a, b| a.post == b.post) {
            pairs_at[place(index(same[0].post))] = begin..begin + same.len();
            begin += same.len();
        }
        let mut posts_at = vec![0..0; self.visits.len()];
        let (mut begin, mut place) = (0, places(&self.visits));
        for same in self.posts.chunk_by(|&a, &b| matching.posts[a].visit == matching.posts[b].visit) {
            posts_at[place(matching.posts[same[0]].visit)] = begin..begin + same.len();
            begin += same.len();
        }
        let mut edges: Vec<Edge> =
            self.pairs.iter().map(|pair| Edge { tail: 0, head: 0, value: u64::from(pair.chance) }).collect();
        let mut chain: Vec<Edge> = Vec::new();
        let mut nodes = Numbers(0);
        let posts = visits.iter().flat_map(|&visit| posts_at[visit].clone());
        self.left(matching, posts, &pairs_at, &mut nodes, &mut edges, &mut chain);

        // The pairs of each officer, with their visits: as these were shuffled.
        let mut held: Vec<Vec<(u32, usize)>> = vec![Vec::new(); people.len()];
        for &visit in visits {
            for post in posts_at[visit].clone() {
                let mut place = places(&people);
                for pair in pairs_at[post].clone() {
                    held[place(index(self.pairs[pair].officer))].push((short(pair), visit));
                }
            }
        }
        let day = |visit: usize| matching.visits[self.visits[visit]];
        let mut offices: BTreeMap<usize, Vec<(u32, u64)>> = BTreeMap::new();
        let mut last: Vec<(u32, u64)> = Vec::new();
        for &officer in officers {
            let own = &held[officer];
            if own.is_empty() {
                continue;
            }
            let seat = matching.officers.get(people[officer]).copied();
            // Sums that still have to be led on.
            let mut sums: Vec<Sum> = Vec::with_capacity(own.len());
            for same in own.chunk_by(|a, b| seat.is_some() && a.1 == b.1) {
                let units = same.iter().map(|&(pair, _)| edges[index(pair)].value).sum();
                let at = (same.len() > 1).then(|| nodes.next());
                for &(pair, _) in same.iter().filter(|_| at.is_some()) {
                    edges[index(pair)].head = at.expect("just made");
                }
                let (pair, visit) = same[0];
                sums.push(Sum { pair, visit, at, units });
            }
            let seat = seat.unwrap_or_default();
            for (capped, key) in [
                (seat.day_cap.is_some(), (|day: Day| day.number) as fn(Day) -> u32),
                (seat.week_cap.is_some(), |day: Day| day.week),
            ] {
                if capped {
                    sums = gather(sums, |visit| day(visit).map(key), &mut nodes, &mut edges, &mut chain);
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

    /// The posts, each before its groups.
    fn left(
        &self,
        matching: &Matching,
        posts: impl Iterator<Item = usize>,
        pairs_at: &[Range<usize>],
        nodes: &mut Numbers,
        edges: &mut [Edge],
        chain: &mut Vec<Edge>,
    ) {
        for post in posts {
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
    /// A pair that brings some of them, and its visit.
    pair: u32,
    visit: usize,
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
    key: impl Fn(usize) -> Option<u32>,
    nodes: &mut Numbers,
    edges: &mut [Edge],
    chain: &mut Vec<Edge>,
) -> Vec<Sum> {
    let mut found: BTreeMap<u32, Sum> = BTreeMap::new();
    for sum in &sums {
        if let Some(key) = key(sum.visit) {
            found.entry(key).or_insert(Sum { at: None, units: 0, ..*sum });
        }
    }
    for sum in found.values_mut() {
        sum.at = Some(nodes.next());
    }
    let mut onward = Vec::new();
    for sum in sums {
        match key(sum.visit).and_then(|key| found.get_mut(&key)) {
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
