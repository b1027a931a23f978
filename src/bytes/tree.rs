//! The Merkle tree of RFC 6962 section 2.1, with inclusion paths (Spec 4.3).

use super::Digest;
use sha2::{Digest as _, Sha256};

/// The hash of one leaf: SHA-256(00 ‖ data).
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Digest {
    Digest::new(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

/// The hash of an inner node: SHA-256(01 ‖ left ‖ right).
fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let hasher = Sha256::new().chain_update([1]).chain_update(left.as_bytes()).chain_update(right.as_bytes());
    Digest::new(hasher.finalize().into())
}

/// A tree over leaf hashes in their order.
///
/// Levels are kept, so that paths cost no hashing. A node without a sibling is handed up unchanged, which gives exactly
/// the tree that RFC 6962 defines by splitting at the largest power of two.
#[derive(Debug, Clone)]
pub struct Tree {
    /// `levels[0]` are the leaves, the last level is the root alone (or nothing for the empty tree).
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// Builds the tree.
    #[must_use]
    pub fn new(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            let next = level.chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                single => single[0],
            });
            let next = next.collect();
            levels.push(next);
        }
        Self { levels }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> usize {
        self.levels[0].len()
    }

    /// The root; SHA-256 of nothing for the empty tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        match self.levels.last().and_then(|level| level.first()) {
            Some(root) => *root,
            None => Digest::new(Sha256::new().finalize().into()),
        }
    }

    /// The inclusion path of a leaf, from the leaf upwards. `None` if there is no such leaf.
    #[must_use]
    pub fn path(&self, index: usize) -> Option<Vec<Digest>> {
        (index < self.size()).then(|| {
            let siblings = self.levels.iter().enumerate();
            siblings.filter_map(|(height, level)| level.get((index >> height) ^ 1).copied()).collect()
        })
    }
}

/// The root that a leaf and its path lead to in a tree of `size` leaves (RFC 9162 section 2.1.3.2). `None` if the path cannot
/// belong to such a tree.
#[must_use]
pub fn root_from_path(leaf: Digest, index: usize, size: usize, path: &[Digest]) -> Option<Digest> {
    if index >= size {
        return None;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in path {
        if last == 0 {
            return None;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    }

    /// The test data of the Certificate Transparency project (`transparency-dev/merkle`, testonly/constants.go).
    #[test]
    fn roots_and_proofs_are_those_of_certificate_transparency() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let hashes: Vec<Digest> = leaves.iter().map(|leaf| leaf_hash(&unhex(leaf))).collect();
        for (size, root) in roots.iter().enumerate() {
            assert_eq!(Tree::new(hashes[..size].to_vec()).root().to_string(), *root, "size {size}");
        }
        let path: Vec<String> = Tree::new(hashes).path(5).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            path,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            leaf_hash(b"L123456").to_string(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
    }

    #[test]
    fn every_path_leads_to_the_root_and_no_damaged_path_does() {
        for size in 1..=40 {
            let leaves: Vec<Digest> = (0..size).map(|i: u8| leaf_hash(&[i])).collect();
            let tree = Tree::new(leaves.clone());
            for (index, &leaf) in leaves.iter().enumerate() {
                let path = tree.path(index).unwrap();
                let rebuilt = |i, n, p: &[Digest]| root_from_path(leaf, i, n, p) == Some(tree.root());
                assert!(rebuilt(index, leaves.len(), &path));
                for broken in 0..path.len() {
                    let mut other = path.clone();
                    other[broken] = Digest::ZERO;
                    assert!(!rebuilt(index, leaves.len(), &other));
                    assert!(!rebuilt(index, leaves.len(), &path[..broken]));
                }
                assert!(!rebuilt(index ^ 1, leaves.len(), &path) || leaves.len() == 1);
                assert!(!rebuilt(leaves.len(), leaves.len(), &path));
            }
            assert_eq!(tree.path(leaves.len()), None);
        }
    }
}
