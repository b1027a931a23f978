//! The coverage guard of the plan: every guarded node is sure of its floor, or the plan is refused (Spec 10.4).

use super::{Plan, PlanError};
use crate::chance::ONE;
use crate::chance::allocation::{Cell, Scale, mark_certain};
use crate::chance::guard::{Group, raise};
use crate::policy::{Design, Guard, Policy};
use std::collections::BTreeMap;
use std::fmt;

/// Active units of one stratum path and those of them visited in the cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Active {
    pub(super) units: u64,
    pub(super) visited: u64,
}

/// Units of one path and size before the cells are final.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) path: String,
    pub(super) size: u64,
    pub(super) certain: bool,
    pub(super) units: Vec<usize>,
}

/// What the guard found and did at one node.
#[derive(Debug, Clone)]
pub(super) struct Guarded {
    pub(super) node: String,
    pub(super) active: u64,
    pub(super) visited: u64,
    pub(super) quota: u64,
    pub(super) need: u64,
    /// Sizes that were raised here: from, to.
    pub(super) raised: BTreeMap<u64, u64>,
}

/// A node at which the coverage floor cannot be certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortNode {
    /// Stratum path; `first` alone is the whole.
    pub node: String,
    /// Active units.
    pub active: u64,
    /// Of them visited in this cycle already.
    pub visited: u64,
    /// Units that must have been visited once this draw is done.
    pub quota: u64,
    /// First visits that this draw can be sure of.
    pub sure: u64,
    /// For a number draw: the smallest number that would do, if any does.
    pub enough: Option<u64>,
}

impl fmt::Display for ShortNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, active, visited, quota, sure, .. } = self;
        write!(
            f,
            "{node}: {quota} of {active} active units must be visited, {visited} have been, {} more are needed, {sure} are sure",
            quota - visited
        )?;
        match self.enough {
            Some(number) => write!(f, "; design.number {number} would do"),
            None => Ok(()),
        }
    }
}

/// Whether a path lies at or below a node.
pub(super) fn within(path: &str, node: &str) -> bool {
    path.strip_prefix(node).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Raises sizes until every guarded node is sure of its floor, deepest guards first (Spec 10.4, steps 1 to 3).
pub(super) fn guard(
    policy: &Policy,
    strata: &BTreeMap<String, Active>,
    drafts: &mut [Draft],
) -> Result<Vec<Guarded>, PlanError> {
    let mut depths: Vec<usize> = policy.coverage().guards.iter().map(|g| depth(policy, *g)).collect();
    depths.sort_unstable_by(|a, b| b.cmp(a));
    let mut done = Vec::new();
    let mut short = Vec::new();
    for depth in depths {
        let mut nodes: BTreeMap<String, (Active, Vec<usize>)> = BTreeMap::new();
        for (path, active) in strata {
            let full = if path.is_empty() { "first".to_owned() } else { format!("first/{path}") };
            let (sum, _) = nodes.entry(prefix(&full, depth).to_owned()).or_default();
            sum.units += active.units;
            sum.visited += active.visited;
        }
        for (i, draft) in drafts.iter().enumerate() {
            if let Some((_, members)) = nodes.get_mut(prefix(&draft.path, depth)) {
                members.push(i);
            }
        }
        for (node, (active, members)) in nodes {
            let quota = ceil_share(policy.coverage().minimum.get(), active.units);
            let need = quota.saturating_sub(active.visited);
            let groups: Vec<Group> = members.iter().map(|&i| drafts[i].group()).collect();
            let open: u64 = groups.iter().map(|g| g.count).sum();
            if open < need {
                let Active { units, visited } = active;
                short.push(ShortNode { node, active: units, visited, quota, sure: open, enough: None });
                continue;
            }
            let mut raised = BTreeMap::new();
            if !matches!(policy.design, Design::Number { .. }) {
                for (&i, size) in members.iter().zip(raise(&groups, need)) {
                    if size != drafts[i].size {
                        raised.insert(drafts[i].size, size);
                        drafts[i].size = size;
                    }
                }
            }
            let Active { units: active, visited } = active;
            done.push(Guarded { node, active, visited, quota, need, raised });
        }
    }
    if short.is_empty() { Ok(done) } else { Err(PlanError::Coverage(short)) }
}

impl Draft {
    fn group(&self) -> Group {
        Group { size: self.size, count: u64::try_from(self.units.len()).expect("a length") }
    }
}

/// ⌈share · units⌉
fn ceil_share(share: u64, units: u64) -> u64 {
    let product = u128::from(share) * u128::from(units);
    u64::try_from(product.div_ceil(u128::from(ONE))).expect("at most the units")
}

/// The number of components of the nodes of a guard.
fn depth(policy: &Policy, guard: Guard) -> usize {
    match guard {
        Guard::Total => 1,
        Guard::Stratum(stratum) => {
            2 + policy.strata.iter().position(|s| *s == stratum).expect("checked with the policy")
        }
    }
}

/// The first `depth` components of a path.
fn prefix(path: &str, depth: usize) -> &str {
    path.match_indices('/').nth(depth - 1).map_or(path, |(at, _)| &path[..at])
}

/// First visits that a draw is sure of at a node: the certain ones and the floor of the rest's expectation.
fn sure(node: &str, cells: &[Cell], scale: Scale) -> u64 {
    let inside = || cells.iter().filter(|c| within(&c.path, node));
    let certain: u64 = inside().filter(|c| c.certain).map(|c| c.count).sum();
    let size: u128 = inside().filter(|c| !c.certain).map(|c| u128::from(c.size) * u128::from(c.count)).sum();
    if scale.factor == 0 || scale.step == 0 {
        return certain;
    }
    certain + u64::try_from(scale.factor * size / scale.step).expect("at most the units")
}

/// Spec 10.4, step 4: a number draw does not bend; where its number is too small for the floor, the plan is refused and
/// says which number would do.
pub(super) fn check_number(policy: &Policy, guards: &[Guarded], cells: &[Cell]) -> Result<(), PlanError> {
    let Design::Number { number } = policy.design else { return Ok(()) };
    let scale = Scale::number(cells, number);
    let mut short: Vec<ShortNode> = guards
        .iter()
        .filter(|g| sure(&g.node, cells, scale) < g.need)
        .map(|g| ShortNode {
            node: g.node.clone(),
            active: g.active,
            visited: g.visited,
            quota: g.quota,
            sure: sure(&g.node, cells, scale),
            enough: None,
        })
        .collect();
    if short.is_empty() {
        return Ok(());
    }
    // More units drawn never make a node less sure, so the smallest number that does can be searched for.
    let all: u64 = cells.iter().filter(|c| c.certain || c.size > 0).map(|c| c.count).sum();
    let enough = |number: u64| {
        let mut cells = cells.to_vec();
        mark_certain(&mut cells, number);
        let scale = Scale::number(&cells, number);
        guards.iter().all(|g| sure(&g.node, &cells, scale) >= g.need)
    };
    if enough(all) {
        let (mut low, mut high) = (number, all);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if enough(middle) { high = middle } else { low = middle }
        }
        short.iter_mut().for_each(|node| node.enough = Some(high));
    }
    Err(PlanError::Coverage(short))
}

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
    /// Where the node is guarded: active units, visited ones, quota.
    pub guard: Option<(u64, u64, u64)>,
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
            let guard = self.guards.iter().find(|g| g.node == node).map(|g| (g.active, g.visited, g.quota));
            let one = u128::from(ONE);
            NodeReport {
                node: node.to_owned(),
                units,
                expected: u128::from(certain) * one + mass / step * one + mass % step * one / step,
                at_least: certain + whole(mass / step),
                at_most: certain + whole(mass.div_ceil(step)),
                guard,
            }
        };
        nodes.into_iter().map(report).collect()
    }
}
