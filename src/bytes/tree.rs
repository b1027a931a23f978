//! The Merkle tree of RFC 6962 section 2.1, with inclusion paths (Spec 4.3).

use super::{Digest, Suite, batch};

impl Suite {
    /// The hash of one leaf: hash(00 ‖ data).
    #[must_use]
    pub fn leaf(self, data: &[u8]) -> Digest {
        self.tagged(0, data)
    }

    /// The hashes of these leaves, in their order: [`Suite::leaf`] of each, in less time.
    #[must_use]
    pub fn leaves<D: AsRef<[u8]>>(self, data: &[D]) -> Vec<Digest> {
        self.tagged_each(0, data)
    }

    /// The hash of an inner node: hash(01 ‖ left ‖ right).
    pub(super) fn node(self, left: &Digest, right: &Digest) -> Digest {
        self.tagged(1, &children(left, right))
    }

    /// The level above these nodes. The last one stands in it unchanged if it has no sibling.
    fn above(self, nodes: &[Digest]) -> Vec<Digest> {
        let (pairs, single) = nodes.as_chunks();
        let pairs: Vec<[u8; 64]> = pairs.iter().map(|[left, right]| children(left, right)).collect();
        let mut above = self.tagged_each(1, &pairs);
        above.extend(single);
        above
    }

    /// The root of a full subtree.
    fn full(self, leaves: &[Digest]) -> Digest {
        assert!(leaves.len().is_power_of_two(), "the leaves of a full subtree");
        if let [leaf] = leaves {
            return *leaf;
        }
        let mut level = self.above(leaves);
        while level.len() > 1 {
            level = self.above(&level);
        }
        level[0]
    }

    /// The root over the largest full subtrees, from the left; the hash of nothing for none.
    fn join(self, blocks: impl DoubleEndedIterator<Item = Digest>) -> Digest {
        blocks.rev().reduce(|right, left| self.node(&left, &right)).unwrap_or_else(|| self.plain(&[]))
    }
}

fn children(left: &Digest, right: &Digest) -> [u8; 64] {
    let mut children = [0; 64];
    children[..32].copy_from_slice(left.as_bytes());
    children[32..].copy_from_slice(right.as_bytes());
    children
}

/// Number of nodes of a level that are hashed at a time. It is even, so that no pair is split.
const BATCH: usize = 4096;

/// A tree over leaf hashes in their order.
///
/// Levels are kept, so that paths cost no hashing. A node without a sibling stands unchanged in the level
/// above. This is exactly the tree that RFC 6962 defines by splitting at the largest power of two.
#[derive(Debug, Clone)]
pub struct Tree {
    suite: Suite,
    /// `levels[0]` are the leaves, the last level is the root alone (or nothing for the empty tree).
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// Builds the tree.
    #[must_use]
    pub fn new(suite: Suite, leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last()
            && level.len() > 1
        {
            let above = |nodes: &[Digest]| suite.above(nodes);
            // A level of one batch is too small for threads.
            let next = if level.len() <= BATCH {
                above(level)
            } else {
                batch::map(level.chunks(BATCH), above).concat()
            };
            levels.push(next);
        }
        Self { suite, levels }
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> usize {
        self.levels[0].len()
    }

    /// The root; the hash of nothing for the empty tree.
    #[must_use]
    pub fn root(&self) -> Digest {
        match self.levels.last().and_then(|level| level.first()) {
            Some(root) => *root,
            None => self.suite.plain(&[]),
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

    /// The subtree whose first leaf is number · 2^height. `None` if there is none.
    pub(super) fn subtree(&self, height: u32, number: u64) -> Option<Digest> {
        self.levels.get(usize::try_from(height).ok()?)?.get(usize::try_from(number).ok()?).copied()
    }

    /// The root that the tree had when it ended after so many leaves. `None` if it never had so many.
    #[must_use]
    pub fn root_at(&self, size: usize) -> Option<Digest> {
        Some(self.suite.join(self.blocks(size)?.into_iter()))
    }

    /// The largest full subtrees that make up the first `size` leaves, from the left.
    fn blocks(&self, size: usize) -> Option<Vec<Digest>> {
        let heights = (0..usize::BITS).rev().filter(|height| size >> height & 1 == 1);
        (size <= self.size()).then(|| {
            let mut before = 0;
            heights
                .filter_map(|height| {
                    let block = self.levels[usize::try_from(height).ok()?][before >> height];
                    before += 1 << height;
                    Some(block)
                })
                .collect()
        })
    }

    /// The proof that this tree continues the one of its first `size` leaves (RFC 6962 section 2.1.2): empty
    /// for the whole tree. `None` if it never had so many leaves, or none at all, from which nothing can be
    /// shown.
    #[must_use]
    pub fn consistency(&self, size: usize) -> Option<Vec<Digest>> {
        if size == 0 || size > self.size() {
            return None;
        }
        // Upwards from the last full subtree of the old leaves: that subtree, unless it is the whole old
        // tree, then every sibling.
        let height = size.trailing_zeros();
        let mut proof = Vec::new();
        if size == self.size() {
            return Some(proof);
        }
        let mut place = (size - 1) >> height;
        if !size.is_power_of_two() {
            proof.push(self.levels[usize::try_from(height).ok()?][place]);
        }
        for level in &self.levels[usize::try_from(height).ok()?..] {
            proof.extend(level.get(place ^ 1));
            place >>= 1;
        }
        Some(proof)
    }
}

/// The heights of the largest full subtrees that make up the leaves from `start` to before `end`, from the
/// left (Spec 26.1). Full subtrees stand at places that are multiples of their size in any tree that holds
/// them.
pub(crate) fn heights(start: usize, end: usize) -> impl Iterator<Item = u32> {
    let mut at = start;
    std::iter::from_fn(move || {
        let left = end.checked_sub(at).filter(|left| *left > 0)?;
        let height = at.trailing_zeros().min(left.ilog2());
        at += 1 << height;
        Some(height)
    })
}

/// Some leaves of a [`Tree`] that stand side by side, as the digests of the largest full subtrees among them:
/// at most two for every height. The leaves come one after the other and are not kept. Runs that stand side
/// by side make one run, and a run from the first leaf on gives the root (Spec 26.1).
///
/// ```
/// use double_random::bytes::{Run, Suite, Tree};
/// let leaves: Vec<_> = (0..9u8).map(|row| Suite::Sha256.leaf(&[row])).collect();
/// let mut runs = [0, 3, 8].map(|start| Run::starting(Suite::Sha256, start));
/// for (run, part) in runs.iter_mut().zip([&leaves[..3], &leaves[3..8], &leaves[8..]]) {
///     run.extend(part.iter().copied());
/// }
/// let [mut first, mut second, third] = runs;
/// assert!(second.append(third) && first.append(second));
/// assert_eq!(first.root(), Some(Tree::new(Suite::Sha256, leaves).root()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    suite: Suite,
    start: usize,
    size: usize,
    /// The largest full subtrees with their heights, from the left.
    blocks: Vec<(u32, Digest)>,
}

impl Run {
    /// No leaves yet; the first one will stand at this place of the tree, counted from 0.
    #[must_use]
    pub const fn starting(suite: Suite, start: usize) -> Self {
        Self { suite, start, size: 0, blocks: Vec::new() }
    }

    /// A run of so many leaves from its digests. `None` if there are not as many digests as such a run has.
    #[must_use]
    pub fn of(suite: Suite, start: usize, size: usize, digests: &[Digest]) -> Option<Self> {
        let heights: Vec<u32> = heights(start, start.checked_add(size)?).collect();
        let fits = heights.len() == digests.len();
        let blocks = || heights.into_iter().zip(digests.iter().copied()).collect();
        fits.then(|| Self { suite, start, size, blocks: blocks() })
    }

    /// Takes in the next leaf.
    pub fn push(&mut self, leaf: Digest) {
        self.block(leaf, 0);
    }

    /// Takes in the next full subtree, of 2^height leaves, at a multiple of its size.
    fn block(&mut self, mut block: Digest, mut height: u32) {
        let at = self.end();
        assert_eq!(at >> height << height, at, "a full subtree at a multiple of its size");
        self.size += 1 << height;
        // Two subtrees of one height are the halves of one where they end at a multiple of their double size.
        while let Some(&(left_height, left)) = self.blocks.last()
            && left_height == height
            && self.end().trailing_zeros() > height
        {
            self.blocks.pop();
            block = self.suite.node(&left, &block);
            height += 1;
        }
        self.blocks.push((height, block));
    }

    /// Takes in the run that begins where this one ends; `false`, and nothing is taken in, for any other.
    #[must_use]
    pub fn append(&mut self, next: Self) -> bool {
        let fits = next.suite == self.suite && next.start == self.end();
        next.blocks.into_iter().filter(|_| fits).for_each(|(height, block)| self.block(block, height));
        fits
    }

    /// The place of the first leaf in the tree.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.start
    }

    /// The place behind the last leaf.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.start + self.size
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// The digests, from the left. Their heights follow from start and size.
    pub fn digests(&self) -> impl Iterator<Item = Digest> + '_ {
        self.blocks.iter().map(|(_, digest)| *digest)
    }

    /// The root of the tree of these leaves; the hash of nothing for no leaves. `None` unless the run begins
    /// with the first leaf.
    #[must_use]
    pub fn root(&self) -> Option<Digest> {
        let digests = || self.blocks.iter().map(|(_, digest)| *digest);
        (self.start == 0).then(|| self.suite.join(digests()))
    }
}

impl Extend<Digest> for Run {
    fn extend<I: IntoIterator<Item = Digest>>(&mut self, leaves: I) {
        let mut leaves = leaves.into_iter();
        let mut some = Vec::new();
        while {
            some.clear();
            some.extend(leaves.by_ref().take(BATCH));
            !some.is_empty()
        } {
            let mut rest = some.as_slice();
            for height in heights(self.end(), self.end() + some.len()) {
                let (full, behind) = rest.split_at(1 << height);
                self.block(self.suite.full(full), height);
                rest = behind;
            }
        }
    }
}

/// The root of a [`Tree`] whose leaves come one after the other and are not kept: the [`Run`] from the first
/// leaf on. A frame of any length takes a few hundred bytes.
///
/// ```
/// use double_random::bytes::{Frontier, Suite, Tree};
/// let leaves: Vec<_> = ["a", "b", "c"].iter().map(|row| Suite::Sha256.leaf(row.as_bytes())).collect();
/// let mut frontier = Frontier::new(Suite::Sha256);
/// leaves.iter().for_each(|leaf| frontier.push(*leaf));
/// assert_eq!((frontier.size(), frontier.root()), (3, Tree::new(Suite::Sha256, leaves).root()));
/// ```
#[derive(Debug, Clone)]
pub struct Frontier(Run);

impl Frontier {
    /// No leaves yet.
    #[must_use]
    pub const fn new(suite: Suite) -> Self {
        Self(Run::starting(suite, 0))
    }

    /// Takes in the next leaf.
    pub fn push(&mut self, leaf: Digest) {
        self.0.push(leaf);
    }

    /// Takes in the leaves of another one. Its full subtrees must fit behind these leaves, as those of at
    /// most 2ⁿ leaves do behind whole subtrees of 2ⁿ.
    pub(crate) fn append(&mut self, next: Self) {
        next.0.blocks.into_iter().for_each(|(height, block)| self.0.block(block, height));
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.0.size()
    }

    /// The root; the hash of nothing for no leaves.
    ///
    /// # Panics
    /// Never: it begins with the first leaf.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.0.root().expect("from the first leaf on")
    }
}

impl Extend<Digest> for Frontier {
    fn extend<I: IntoIterator<Item = Digest>>(&mut self, leaves: I) {
        self.0.extend(leaves);
    }
}

/// Whether the tree of `new` (root, size) continues that of `old` by this proof (RFC 9162 section 2.1.4.2).
#[must_use]
pub fn consistent(suite: Suite, old: (Digest, usize), new: (Digest, usize), proof: &[Digest]) -> bool {
    let ((old_root, old_size), (new_root, new_size)) = (old, new);
    if old_size == 0 || old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    let (mut place, mut last) = (old_size - 1, new_size - 1);
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let (mut from_old, mut from_new) = (first, first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            from_old = suite.node(sibling, &from_old);
            from_new = suite.node(sibling, &from_new);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            from_new = suite.node(&from_new, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == old_root && from_new == new_root
}

/// The root that a leaf and its path lead to in a tree of `size` leaves (RFC 9162 section 2.1.3.2). `None` if
/// the path cannot belong to such a tree.
#[must_use]
pub fn root_from_path(
    suite: Suite,
    leaf: Digest,
    index: usize,
    size: usize,
    path: &[Digest],
) -> Option<Digest> {
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
            hash = suite.node(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = suite.node(&hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA: Suite = Suite::Sha256;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
    }

    /// The test data of the Certificate Transparency project (`transparency-dev/merkle`,
    /// testonly/constants.go).
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
        let hashes: Vec<Digest> = leaves.iter().map(|leaf| SHA.leaf(&unhex(leaf))).collect();
        for (size, root) in roots.iter().enumerate() {
            assert_eq!(Tree::new(SHA, hashes[..size].to_vec()).root().to_string(), *root, "size {size}");
        }
        let path: Vec<String> =
            Tree::new(SHA, hashes).path(5).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            path,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            SHA.leaf(b"L123456").to_string(),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
        );
    }

    #[test]
    fn every_path_leads_to_the_root_and_no_damaged_path_does() {
        for size in 1..=40 {
            let leaves: Vec<Digest> = (0..size).map(|i: u8| SHA.leaf(&[i])).collect();
            let tree = Tree::new(SHA, leaves.clone());
            for (index, &leaf) in leaves.iter().enumerate() {
                let path = tree.path(index).unwrap();
                let rebuilt = |i, n, p: &[Digest]| root_from_path(SHA, leaf, i, n, p) == Some(tree.root());
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

    /// All small sizes, and some around the borders of batches, leaf by leaf and in blocks.
    #[test]
    fn a_frontier_has_the_root_of_the_tree() {
        for suite in Suite::ALL {
            let leaves: Vec<Digest> = (0..20_011_u32).map(|i| suite.leaf(&i.to_be_bytes())).collect();
            let mut frontier = Frontier::new(suite);
            for size in 0..=leaves.len() {
                if size <= 130 || [4096, 4097, 8191, 8192, 8193, 12_345, 20_011].contains(&size) {
                    let root = Tree::new(suite, leaves[..size].to_vec()).root();
                    assert_eq!((frontier.size(), frontier.root()), (size, root), "{suite:?} {size}");
                    let mut blocks = Frontier::new(suite);
                    for part in leaves[..size].chunks(64) {
                        let mut next = Frontier::new(suite);
                        next.extend(part.iter().copied());
                        blocks.append(next);
                    }
                    assert_eq!((blocks.size(), blocks.root()), (size, root), "{suite:?} {size}");
                }
                frontier.extend(leaves.get(size).copied());
            }
        }
    }

    /// Every way to cut small trees in three, merged from both sides; its digests alone make a run again.
    #[test]
    fn runs_cut_anywhere_have_the_root_of_the_tree() {
        for suite in Suite::ALL {
            for size in 0..=40_usize {
                let leaves: Vec<Digest> = (0..size).map(|i| suite.leaf(&i.to_be_bytes())).collect();
                let root = Tree::new(suite, leaves.clone()).root();
                let run = |start: usize, end: usize| {
                    let mut run = Run::starting(suite, start);
                    run.extend(leaves[start..end].iter().copied());
                    let digests: Vec<Digest> = run.digests().collect();
                    assert_eq!(Run::of(suite, start, end - start, &digests), Some(run.clone()));
                    assert_eq!(Run::of(suite, start, end - start, &[&digests[..], &[root]].concat()), None);
                    let most = 2 * usize::try_from(usize::BITS - size.leading_zeros()).unwrap();
                    assert!(digests.len() <= most, "{} digests for {size} leaves", digests.len());
                    run
                };
                for (a, b) in (0..=size).flat_map(|a| (a..=size).map(move |b| (a, b))) {
                    let (mut left, mut right) = (run(0, a), run(a, b));
                    assert!(left.append(right.clone()) && left.append(run(b, size)));
                    assert!(right.append(run(b, size)));
                    let mut other = run(0, a);
                    assert!(other.append(right.clone()));
                    assert_eq!((left.root(), &left), (Some(root), &other), "{size} cut at {a} and {b}");
                    assert_eq!(left, run(0, size));
                    // A gap, an overlap and a run twice change nothing.
                    let before = left.clone();
                    assert!(size == 0 || !left.append(run(0, size)));
                    assert!(!left.append(Run::starting(suite, size + 1)));
                    assert!(left == before && (a == 0 || right.root().is_none()));
                }
            }
        }
        assert_eq!(Run::of(SHA, 1, usize::MAX, &[]), None);
    }

    /// Consistency from 2 to 5 leaves of the same test data, and every pair of sizes against the trees
    /// themselves.
    #[test]
    fn every_consistency_proof_holds_and_no_damaged_one_does() {
        let known = [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ];
        let leaves = ["", "00", "10", "2021", "3031"].map(|leaf| SHA.leaf(&unhex(leaf)));
        let proof = Tree::new(SHA, leaves.to_vec()).consistency(2).unwrap();
        assert_eq!(proof.iter().map(ToString::to_string).collect::<Vec<_>>(), known);
        for suite in Suite::ALL {
            let leaves: Vec<Digest> = (0..33u8).map(|i| suite.leaf(&[i])).collect();
            let trees: Vec<Tree> =
                (0..=leaves.len()).map(|size| Tree::new(suite, leaves[..size].to_vec())).collect();
            for (new, tree) in trees.iter().enumerate() {
                assert_eq!((tree.consistency(0), tree.consistency(new + 1)), (None, None));
                for (old, before) in trees.iter().enumerate().take(new + 1).skip(1) {
                    let proof = tree.consistency(old).unwrap();
                    let holds = |old_root: Digest, proof: &[Digest]| {
                        consistent(suite, (old_root, old), (tree.root(), new), proof)
                    };
                    assert_eq!(tree.root_at(old), Some(before.root()));
                    assert!(holds(before.root(), &proof), "{old} {new}");
                    assert!(!holds(Digest::ZERO, &proof));
                    assert!(!holds(before.root(), &[&proof[..], &[Digest::ZERO]].concat()));
                    for place in 0..proof.len() {
                        let mut other = proof.clone();
                        other[place] = Digest::ZERO;
                        assert!(!holds(before.root(), &other) && !holds(before.root(), &proof[..place]));
                    }
                    let swapped = (before.root(), new);
                    assert!(old == new || !consistent(suite, swapped, (tree.root(), old), &proof));
                }
            }
        }
    }
}
