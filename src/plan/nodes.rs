//! What every node of the stratum tree can expect (Spec 14, theorem 2).

use super::bounds::Mass;
use super::{Bounded, Plan};
use crate::odds::ONE;
use crate::stratum::{StratumNode, StratumPath};

/// Expected and sure counts at one node of the stratum tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeReport {
    /// Stratum path.
    pub node: StratumPath,
    /// Units that may be drawn.
    pub units: u64,
    /// Expected number of picks, in billionths, rounded down.
    pub expected: u128,
    /// The least number of picks in any draw.
    pub at_least: u64,
    /// The largest number of picks in any draw.
    pub at_most: u64,
    /// Where the node is bounded: its floor and its limit.
    pub bounded: Option<Bounded>,
}

impl Plan {
    /// Every node of the stratum tree with its expected count and the two counts it can have (Spec 14,
    /// theorem 2), ascending by path.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeReport> {
        let one = u128::from(ONE);
        let report = |(node, mass): (StratumNode<'_>, Mass)| {
            let (at_least, at_most) = mass.counts(self.scale);
            let (share, step) = (self.scale.factor * mass.size, self.scale.step.max(1));
            NodeReport {
                node: node.to_path(),
                units: mass.units,
                expected: u128::from(mass.certain) * one + share / step * one + share % step * one / step,
                at_least,
                at_most,
                bounded: self.bounded.get(node.as_str()).cloned(),
            }
        };
        Mass::by_node(&self.cells).into_iter().map(report).collect()
    }
}
