//! One proof for several leaves of a tree (Spec 4.6).
//!
//! Each inner node that the leaves share is hashed once, so m of n leaves take about m·log₂(n/m) digests
//! together instead of m·log₂ n.

use super::{Digest, Suite, Tree};
use serde::{Deserialize, Serialize};

/// Where some leaves stand in a tree, and what is hashed beside them (Spec 4.6).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    /// The largest subtrees without one of these leaves, from the left.
    pub hashes: Vec<Digest>,
    /// The places of the leaves, from 0, ascending.
    pub places: Vec<u64>,
}

/// A subtree: its first leaf is `number` · 2^`height`. It ends there or where the tree ends.
#[derive(Clone, Copy)]
struct Subtree {
    height: u32,
    number: u64,
}

impl Subtree {
    /// The whole tree of so many leaves.
    const fn whole(size: u64) -> Self {
        let height = match size {
            0 | 1 => 0,
            size => u64::BITS - (size - 1).leading_zeros(),
        };
        Self { height, number: 0 }
    }

    /// Its two halves: leaves below and from the middle. A half without leaves is left out.
    const fn halves(self, size: u64) -> Option<(Self, Option<Self>, u64)> {
        let Some(height) = self.height.checked_sub(1) else { return None };
        let (left, right) = (2 * self.number, 2 * self.number + 1);
        let middle = right << height;
        let right = if middle < size { Some(Self { height, number: right }) } else { None };
        Some((Self { height, number: left }, right, middle))
    }
}

impl Inclusion {
    /// The proof for the leaves at these places of a tree. They must ascend and be places of the tree, or it
    /// proves nothing.
    #[must_use]
    pub fn of(tree: &Tree, places: Vec<u64>) -> Self {
        let mut hashes = Vec::new();
        let size = u64::try_from(tree.size()).expect("a length");
        if !places.is_empty() {
            Self::beside(tree, size, Subtree::whole(size), &places, &mut hashes);
        }
        Self { hashes, places }
    }

    fn beside(tree: &Tree, size: u64, at: Subtree, places: &[u64], hashes: &mut Vec<Digest>) {
        if places.is_empty() {
            hashes.extend(tree.subtree(at.height, at.number));
            return;
        }
        let Some((left, right, middle)) = at.halves(size) else { return };
        let (before, behind) = places.split_at(places.partition_point(|place| *place < middle));
        Self::beside(tree, size, left, before, hashes);
        if let Some(right) = right {
            Self::beside(tree, size, right, behind, hashes);
        }
    }

    /// The root of the tree of `size` leaves in which these leaves stand at these places. `None` if that is
    /// no proof of so many leaves in such a tree: places that do not ascend or are none of the tree, too many
    /// or too few digests. Without leaves nothing is shown, and the proof is empty.
    #[must_use]
    pub fn root(&self, suite: Suite, leaves: &[Digest], size: u64) -> Option<Digest> {
        let sound = leaves.len() == self.places.len()
            && self.places.is_sorted_by(|a, b| a < b)
            && self.places.last().is_some_and(|last| *last < size && size <= 1 << 53);
        if !sound {
            return None;
        }
        let mut hashes = self.hashes.iter();
        let shown: Vec<(u64, Digest)> = self.places.iter().copied().zip(leaves.iter().copied()).collect();
        let root = Self::node(suite, size, Subtree::whole(size), &shown, &mut hashes)?;
        hashes.next().is_none().then_some(root)
    }

    fn node<'a>(
        suite: Suite,
        size: u64,
        at: Subtree,
        shown: &[(u64, Digest)],
        hashes: &mut impl Iterator<Item = &'a Digest>,
    ) -> Option<Digest> {
        if shown.is_empty() {
            return hashes.next().copied();
        }
        let Some((left, right, middle)) = at.halves(size) else {
            return shown.first().map(|(_, leaf)| *leaf);
        };
        let (before, behind) = shown.split_at(shown.partition_point(|(place, _)| *place < middle));
        let left = Self::node(suite, size, left, before, hashes)?;
        // A subtree without a right half stands unchanged in the level above.
        let Some(right) = right else { return Some(left) };
        Some(suite.node(&left, &Self::node(suite, size, right, behind, hashes)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every set of places of every small tree, and every way to damage its proof.
    #[test]
    fn every_set_of_leaves_leads_to_the_root_and_no_damaged_proof_does() {
        for suite in Suite::ALL {
            for size in 1..=9u64 {
                let leaves: Vec<Digest> = (0..size).map(|i| suite.leaf(&i.to_be_bytes())).collect();
                let tree = Tree::new(suite, leaves.clone());
                for set in 1u64..1 << size {
                    let places: Vec<u64> = (0..size).filter(|place| set >> place & 1 == 1).collect();
                    let shown: Vec<Digest> =
                        places.iter().map(|&place| leaves[usize::try_from(place).unwrap()]).collect();
                    let proof = Inclusion::of(&tree, places.clone());
                    let leads = |proof: &Inclusion, shown: &[Digest], size| {
                        proof.root(suite, shown, size) == Some(tree.root())
                    };
                    assert!(leads(&proof, &shown, size), "{size} {places:?}");
                    for at in 0..shown.len() {
                        let mut other = shown.clone();
                        other[at] = Digest::ZERO;
                        assert!(!leads(&proof, &other, size));
                        let mut moved = proof.clone();
                        moved.places[at] ^= 1;
                        assert!(!leads(&moved, &shown, size));
                    }
                    for at in 0..proof.hashes.len() {
                        let mut other = proof.clone();
                        other.hashes[at] = Digest::ZERO;
                        assert!(!leads(&other, &shown, size));
                        other.hashes.remove(at);
                        assert!(!leads(&other, &shown, size));
                    }
                    let mut longer = proof.clone();
                    longer.hashes.push(Digest::ZERO);
                    assert!(!leads(&longer, &shown, size) && !leads(&proof, &shown[1..], size));
                    let mut turned = shown.clone();
                    turned.reverse();
                    assert!(shown.len() == 1 || !leads(&proof, &turned, size));
                }
                assert_eq!(Inclusion::of(&tree, Vec::new()), Inclusion::default());
            }
        }
        let none = Inclusion { hashes: vec![Digest::ZERO], places: Vec::new() };
        assert_eq!(none.root(Suite::Sha256, &[], 4), None);
        let far = Inclusion { hashes: vec![Digest::ZERO; 53], places: vec![(1 << 53) - 1] };
        assert!(far.root(Suite::Sha256, &[Digest::ZERO], 1 << 53).is_some());
        assert_eq!(far.root(Suite::Sha256, &[Digest::ZERO], u64::MAX), None);
    }
}
