//! What every node of the stratum tree can expect (Spec 14, theorem 2).

use super::{Bounded, Plan};
use crate::chance::ONE;
use std::collections::BTreeMap;

/// Expected and sure counts at one node of the stratum tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeReport {
    /// Stratum path.
    pub node: String,
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
    /// Every node of the stratum tree with its expected count and the two counts it can have (Spec 14, theorem 2), ascending by
    /// path.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeReport> {
        let mut nodes: BTreeMap<&str, (u64, u64, u128)> = BTreeMap::new();
        for cell in &self.cells {
            let ends = cell.path.match_indices('/').map(|(at, _)| at).chain([cell.path.len()]);
            for end in ends {
                let (units, certain, size) = nodes.entry(&cell.path[..end]).or_default();
                *units += cell.count;
                if cell.certain {
                    *certain += cell.count;
                } else {
                    *size += u128::from(cell.size) * u128::from(cell.count);
                }
            }
        }
        let report = |(node, (units, certain, size)): (&str, (u64, u64, u128))| {
            let (mass, step) = (self.scale.factor * size, self.scale.step.max(1));
            let whole = |n: u128| u64::try_from(n).expect("at most the units");
            let bounded = self.bounded.get(node).cloned();
            let one = u128::from(ONE);
            NodeReport {
                node: node.to_owned(),
                units,
                expected: u128::from(certain) * one + mass / step * one + mass % step * one / step,
                at_least: certain + whole(mass / step),
                at_most: certain + whole(mass.div_ceil(step)),
                bounded,
            }
        };
        nodes.into_iter().map(report).collect()
    }
}
