//! Paths in the stratum tree, and the questions that are asked about them (Spec 5.1, 10.3).
//!
//! A path is a text: the components of a node joined with `/`, outermost first, as in `first/350521/clinic`.
//! In a cell table the outermost component is the [`Occasion`], and each further one is the unit's value at
//! one stratum. [`StratumPath`] owns its text; [`StratumNode`] borrows it and copies nothing, so that a walk
//! over the ancestors of a million paths allocates nothing.

use crate::message::as_text;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;

as_text!(StratumPath);

/// Whether a visit would be a unit's first of the cycle or a repeat: the outermost component of every cell's
/// path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// The unit has not been reached in this cycle.
    First,
    /// The unit has been reached in this cycle.
    Repeat,
}

impl Occasion {
    /// The word in the path: `first` or `repeat`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Repeat => "repeat",
        }
    }

    /// The path of the node that holds these strata on this occasion; `strata` is a path without an occasion.
    #[must_use]
    pub fn of(self, strata: StratumNode<'_>) -> StratumPath {
        let mut path = StratumPath::from(self.as_str());
        if !strata.is_root() {
            path.push(strata.as_str());
        }
        path
    }
}

/// A path that owns its text. It stands in documents as that text; whether it fits a policy is checked where
/// a table is read ([`CellTable::cells`](crate::plan::CellTable::cells)). Paths are ordered by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StratumPath(String);

/// A node of the stratum tree, named by a borrowed path. The empty path names the root, the whole tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StratumNode<'a>(&'a str);

impl StratumPath {
    /// The text of the path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The node that the path names.
    #[must_use]
    pub fn node(&self) -> StratumNode<'_> {
        StratumNode(&self.0)
    }

    /// Whether it names the whole tree: [`StratumNode::is_root`].
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes down to a child of the node.
    pub fn push(&mut self, component: &str) {
        if !self.0.is_empty() {
            self.0.push('/');
        }
        self.0.push_str(component);
    }

    /// The ancestors of the node, outermost first, and the node itself: [`StratumNode::ancestors`].
    pub fn ancestors(&self) -> impl DoubleEndedIterator<Item = StratumNode<'_>> {
        self.node().ancestors()
    }

    /// Whether the node is another one or lies below it: [`StratumNode::within`].
    #[must_use]
    pub fn within(&self, node: StratumNode<'_>) -> bool {
        self.node().within(node)
    }
}

impl<'a> StratumNode<'a> {
    /// The whole tree.
    pub const ROOT: Self = Self("");

    /// The node with this path.
    #[must_use]
    pub const fn new(path: &'a str) -> Self {
        Self(path)
    }

    /// The text of the path.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// The path with a text of its own.
    #[must_use]
    pub fn to_path(self) -> StratumPath {
        StratumPath(self.0.to_owned())
    }

    /// Whether this is the whole tree.
    #[must_use]
    pub const fn is_root(self) -> bool {
        self.0.is_empty()
    }

    /// The number of components; 0 for the root.
    #[must_use]
    pub fn depth(self) -> usize {
        self.ends().count()
    }

    /// The components, outermost first; none for the root.
    pub fn components(self) -> impl Iterator<Item = &'a str> {
        self.0.split('/').filter(move |_| !self.is_root())
    }

    /// The innermost component; `None` for the root.
    #[must_use]
    pub fn last(self) -> Option<&'a str> {
        self.0.rsplit('/').next().filter(|_| !self.is_root())
    }

    /// Every node from the outermost one down to this one, which is the last. The root is not among them.
    pub fn ancestors(self) -> impl DoubleEndedIterator<Item = Self> {
        self.ends().map(move |end| Self(&self.0[..end]))
    }

    /// The ancestor of a depth; the node itself where it is not so deep.
    #[must_use]
    pub fn ancestor(self, depth: usize) -> Self {
        match depth.checked_sub(1) {
            None => Self::ROOT,
            Some(above) => self.ancestors().nth(above).unwrap_or(self),
        }
    }

    /// Whether this is the other node or lies below it. Everything lies within the root.
    #[must_use]
    pub fn within(self, node: StratumNode<'_>) -> bool {
        node.is_root()
            || self.0.strip_prefix(node.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The path of a child.
    #[must_use]
    pub fn child(self, component: &str) -> StratumPath {
        let mut path = self.to_path();
        path.push(component);
        path
    }

    /// The occasion that the path begins with, if it begins with one.
    #[must_use]
    pub fn occasion(self) -> Option<Occasion> {
        let outermost = self.components().next()?;
        [Occasion::First, Occasion::Repeat].into_iter().find(|occasion| occasion.as_str() == outermost)
    }

    /// The path without its outermost component, the occasion.
    #[must_use]
    pub fn strata(self) -> Self {
        Self(self.0.split_once('/').map_or("", |(_, strata)| strata))
    }

    /// Where each component ends in the text.
    fn ends(self) -> impl DoubleEndedIterator<Item = usize> {
        let whole = (!self.is_root()).then_some(self.0.len());
        self.0.match_indices('/').map(|(end, _)| end).chain(whole)
    }
}

impl From<&str> for StratumPath {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for StratumPath {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<StratumPath> for String {
    fn from(path: StratumPath) -> Self {
        path.0
    }
}

/// A map by path can be asked with a text.
impl Borrow<str> for StratumPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A map by node can be asked with a text.
impl Borrow<str> for StratumNode<'_> {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for StratumPath {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for StratumPath {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for StratumPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for StratumNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLINICS: StratumNode<'_> = StratumNode::new("first/350521/clinic");

    #[test]
    fn a_path_is_taken_apart_in_one_way() {
        let texts =
            |nodes: Vec<StratumNode<'static>>| nodes.into_iter().map(StratumNode::as_str).collect::<Vec<_>>();
        assert_eq!(texts(CLINICS.ancestors().collect()), ["first", "first/350521", "first/350521/clinic"]);
        assert_eq!(texts(CLINICS.ancestors().rev().collect())[0], "first/350521/clinic");
        assert_eq!(CLINICS.components().collect::<Vec<_>>(), ["first", "350521", "clinic"]);
        assert_eq!((CLINICS.depth(), CLINICS.last()), (3, Some("clinic")));
        assert_eq!((0..5).map(|depth| CLINICS.ancestor(depth).depth()).collect::<Vec<_>>(), [0, 1, 2, 3, 3]);
        assert_eq!((CLINICS.occasion(), CLINICS.strata().as_str()), (Some(Occasion::First), "350521/clinic"));
        let root = StratumNode::ROOT;
        assert_eq!((root.depth(), root.last(), root.occasion()), (0, None, None));
        assert_eq!((root.ancestors().count(), root.components().count()), (0, 0));
    }

    #[test]
    fn a_node_lies_within_itself_and_its_ancestors_only() {
        let within = |node: &str| CLINICS.within(StratumNode::new(node));
        assert!(["", "first", "first/350521", "first/350521/clinic"].into_iter().all(within));
        assert!(
            !["f", "first/3505", "350521", "first/350521/clinics", "first/350521/"].into_iter().any(within)
        );
    }

    #[test]
    fn a_path_is_put_together_in_one_way() {
        assert_eq!(Occasion::First.of(StratumNode::ROOT), "first");
        assert_eq!(Occasion::Repeat.of(StratumNode::new("350521/clinic")), "repeat/350521/clinic");
        assert_eq!(StratumNode::ROOT.child("first"), "first");
        assert_eq!(StratumNode::new("first/350521").child("clinic").node(), CLINICS);
        assert_eq!(serde_json::to_string(&CLINICS.to_path()).unwrap(), "\"first/350521/clinic\"");
    }
}
