//! The pseudonyms under which the units of a frame are drawn, and the tree that binds each of them to the id
//! of its unit (Spec 4.5).

use crate::bytes::{Digest, Frontier, Half, Inclusion, Suite, Tree, batch};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Roots and size of the frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameCommitment {
    /// RFC 6962 root over the pseudonyms with their ids (Spec 4.5).
    pub pseudonyms: Digest,
    /// RFC 6962 root over the salted rows.
    pub root: Digest,
    /// Units.
    pub size: u64,
}

/// The leaf that binds a pseudonym to an id: `<pseudonym> <id>` (Spec 4.5). One compression of SHA-256 for a
/// credit code. An id has at most 64 characters (Spec 1.6).
pub(crate) fn pseudonym_leaf(suite: Suite, pseudonym: &Half, id: &str) -> Digest {
    suite.leaf(Binding::new(pseudonym, id).as_ref())
}

/// The leaves of these units, in their order.
pub(super) fn pseudonym_leaves<'a>(
    suite: Suite,
    units: impl Iterator<Item = (&'a Half, &'a str)>,
) -> Vec<Digest> {
    let texts: Vec<Binding> = units.map(|(pseudonym, id)| Binding::new(pseudonym, id)).collect();
    suite.leaves(&texts)
}

/// `<pseudonym> <id>`, without going through the heap.
struct Binding {
    text: [u8; 33 + 64],
    length: usize,
}

impl Binding {
    fn new(pseudonym: &Half, id: &str) -> Self {
        let (mut text, length) = ([b' '; 33 + 64], 33 + id.len());
        text[..32].copy_from_slice(&pseudonym.hex());
        text[33..length].copy_from_slice(id.as_bytes());
        Self { text, length }
    }
}

impl AsRef<[u8]> for Binding {
    fn as_ref(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// The leaves of the tree of pseudonyms. They ascend by their hash, so that no place in the tree tells of an
/// id: in the order of ids the places of two picks would tell how many units stand between them.
#[derive(Debug, Clone)]
pub(crate) struct PseudonymLeaves {
    suite: Suite,
    leaves: Arc<Vec<Digest>>,
}

/// Leaves that are sorted in one piece. More are dealt out by their first byte, so that every core sorts.
const SORTED_AT_ONCE: usize = 1 << 14;

impl PseudonymLeaves {
    /// Takes the leaves of all units, in any order.
    pub(crate) fn new(suite: Suite, mut leaves: Vec<Digest>) -> Self {
        if leaves.len() <= SORTED_AT_ONCE {
            leaves.sort_unstable();
        } else {
            let mut dealt: Vec<Vec<Digest>> =
                std::iter::repeat_with(|| Vec::with_capacity(leaves.len() / 240)).take(256).collect();
            for leaf in leaves.drain(..) {
                dealt[usize::from(leaf.as_bytes()[0])].push(leaf);
            }
            let sorted = batch::map(dealt, |mut part| {
                part.sort_unstable();
                part
            });
            sorted.into_iter().for_each(|part| leaves.extend(part));
        }
        Self { suite, leaves: Arc::new(leaves) }
    }

    /// The root (Spec 4.5).
    pub(crate) fn root(&self) -> Digest {
        let batches = batch::map(self.leaves.chunks(super::BATCH), |leaves| {
            let mut part = Frontier::new(self.suite);
            part.extend(leaves.iter().copied());
            part
        });
        let mut whole = Frontier::new(self.suite);
        batches.into_iter().for_each(|part| whole.append(part));
        whole.root()
    }

    /// The tree, for paths.
    pub(crate) fn tree(&self) -> Tree {
        Tree::new(self.suite, self.leaves.as_ref().clone())
    }

    /// The place of a unit's leaf in the tree.
    ///
    /// # Panics
    /// If it is no unit of this frame with its pseudonym.
    pub(crate) fn place(&self, pseudonym: &Half, id: &str) -> u64 {
        let leaf = pseudonym_leaf(self.suite, pseudonym, id);
        let place = self.leaves.binary_search(&leaf).expect("a unit of this frame");
        u64::try_from(place).expect("a position")
    }

    /// That these units were sealed with these pseudonyms (Spec 4.6).
    ///
    /// # Panics
    /// If one of them is no unit of this frame with its pseudonym.
    pub(crate) fn inclusion<'a>(&self, shown: impl Iterator<Item = (&'a Half, &'a str)>) -> Inclusion {
        let mut places: Vec<u64> = shown.map(|(pseudonym, id)| self.place(pseudonym, id)).collect();
        places.sort_unstable();
        if places.is_empty() { Inclusion::default() } else { Inclusion::of(&self.tree(), places) }
    }
}

/// The pseudonyms of units by their position, and the leaves of the whole frame.
#[derive(Debug, Clone)]
pub(crate) struct Pseudonyms {
    of: Arc<Vec<Half>>,
    leaves: PseudonymLeaves,
}

impl Pseudonyms {
    /// Those of the units that are at hand, and the leaves of all.
    pub(crate) fn new(of: Vec<Half>, leaves: PseudonymLeaves) -> Self {
        Self { of: Arc::new(of), leaves }
    }

    /// By position.
    pub(crate) fn all(&self) -> &[Half] {
        &self.of
    }

    /// The leaves of the whole frame.
    pub(crate) const fn leaves(&self) -> &PseudonymLeaves {
        &self.leaves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaves_of_any_number_ascend() {
        for suite in Suite::ALL {
            assert_eq!(pseudonym_leaf(suite, &Half::new([0xab; 16]), "A-1"), {
                suite.leaf(format!("{} A-1", "ab".repeat(16)).as_bytes())
            });
            for size in [0, 1, 2, 1024, 1025, SORTED_AT_ONCE, SORTED_AT_ONCE + 1, 40_000] {
                let leaves: Vec<Digest> = (0..size).map(|i| suite.leaf(&i.to_be_bytes())).collect();
                let mut sorted = leaves.clone();
                sorted.sort_unstable();
                let tree = Tree::new(suite, sorted.clone());
                let found = PseudonymLeaves::new(suite, leaves);
                assert_eq!(
                    (&*found.leaves, found.root(), found.tree().root()),
                    (&sorted, tree.root(), tree.root())
                );
            }
        }
    }
}
