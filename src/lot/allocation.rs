//! Allocation: how many units each cell gives, by hierarchical systematic sampling (Spec 5).
//!
//! There is one random start and a random order of siblings at every level of the stratum tree. The count at
//! every node of the tree, and in total, is the floor or the ceiling of its expectation. The expectation of
//! every cell is exact.

use super::Key;
use crate::bytes::{Digest, Label, Prefix};
use crate::odds::cells::{Cell, Scale, mass};
use crate::stratum::StratumNode;
use std::fmt::Write as _;

/// The number of units each cell gives, in the order of the table.
#[must_use]
pub fn allocate(cells: &[Cell], scale: Scale, seed: &Key) -> Vec<u64> {
    let mut counts: Vec<u64> = cells.iter().map(|c| if c.certain { c.count } else { 0 }).collect();
    // Without anything left to draw, or any size, there is no walk (Spec 5.6).
    if scale.factor == 0 || scale.step == 0 {
        return counts;
    }
    let order = order(cells, seed);
    let masses: Vec<u128> = order.iter().map(|&i| mass(&cells[i], scale)).collect();
    for (&i, count) in order.iter().zip(walk(&masses, start(seed, scale.step), scale.step)) {
        counts[i] = count;
    }
    counts
}

/// The start of the walk: `H("start", seed)` as a big-endian integer, mod `step` (Spec 5.3).
#[must_use]
pub fn start(seed: &Key, step: u128) -> u128 {
    remainder(&seed.hash(Label::Start, &[]), step)
}

/// A digest as a big-endian integer, mod `step`.
pub(super) fn remainder(hash: &Digest, step: u128) -> u128 {
    // Long division of 256 bits, a bit at a time. The remainder and its double stay below 2¹²⁸, as step <
    // 2¹²⁷.
    assert!(step > 0 && step < 1 << 127, "a step between 1 and 2^127");
    hash.as_bytes().iter().fold(0, |remainder, byte| {
        (0..8)
            .rev()
            .fold(remainder, |remainder: u128, bit| (remainder * 2 + u128::from(byte >> bit & 1)) % step)
    })
}

/// Indices of the cells that walk, in walking order (Spec 5.2).
#[must_use]
pub fn order(cells: &[Cell], seed: &Key) -> Vec<usize> {
    let mut walking: Vec<usize> = (0..cells.len()).filter(|&i| !cells[i].certain).collect();
    walking.sort_by(|&a, &b| cells[a].path.node().components().cmp(cells[b].path.node().components()));
    let siblings =
        Siblings { cells, node: seed.prefix(Label::Node, &[]), cell: seed.prefix(Label::Cell, &[]) };
    let mut order = Vec::with_capacity(walking.len());
    siblings.arrange(&walking, None, &mut order);
    order
}

/// Puts the children of a node into the order of their digests, and the children of each inside it.
struct Siblings<'a> {
    cells: &'a [Cell],
    node: Prefix,
    cell: Prefix,
}

impl Siblings<'_> {
    /// `below` are the cells of one node, and `node` is the length of its path in bytes. The cells of one
    /// child stand side by side.
    fn arrange(&self, below: &[usize], node: Option<usize>, order: &mut Vec<usize>) {
        let path = |cell: usize| self.cells[cell].path.as_str();
        let from = node.map_or(0, |node| node + 1);
        let mut children: Vec<(Digest, &[usize], Option<usize>)> = Vec::new();
        let mut rest = below;
        let mut text = String::new();
        while let Some(&first) = rest.first() {
            let Some(inside) = path(first).get(from..) else {
                // A cell of the node itself.
                let Cell { path, size, .. } = &self.cells[first];
                text.clear();
                write!(text, "{path} {size}").expect("a text takes every text");
                let (own, others) = rest.split_at(1);
                children.push((self.cell.finish(text.as_bytes()), own, None));
                rest = others;
                continue;
            };
            let end = from + inside.find('/').unwrap_or(inside.len());
            let child = &path(first)[..end];
            let within = |cell: &usize| self.cells[*cell].path.within(StratumNode::new(child));
            let (own, others) = rest.split_at(rest.iter().take_while(|cell| within(cell)).count());
            children.push((self.node.finish(child.as_bytes()), own, Some(end)));
            rest = others;
        }
        children.sort_unstable();
        for (_, group, end) in children {
            match end {
                Some(end) => self.arrange(group, Some(end), order),
                None => order.extend(group),
            }
        }
    }
}

/// The systematic walk over masses in order: for each mass m, the number of integers k ≥ 0 with `A ≤ u + k·S
/// < A + m` (Spec 5.4).
#[must_use]
pub fn walk(masses: &[u128], start: u128, step: u128) -> Vec<u64> {
    // Points u + k·S below x: none for x ≤ u, else ⌊(x − u − 1)/S⌋ + 1.
    let below = |x: u128| if x <= start { 0 } else { (x - start - 1) / step + 1 };
    let (mut sum, mut before) = (0, 0);
    masses
        .iter()
        .map(|mass| {
            sum += mass;
            let after = below(sum);
            let count = after - std::mem::replace(&mut before, after);
            u64::try_from(count).expect("at most the number of units in the cell")
        })
        .collect()
}
