//! Floors and limits: every bounded node keeps them with certainty, or the plan is refused (Spec 10.4).

use super::PlanError;
use super::groups::{GroupKey, Groups};
use crate::id::Code;
use crate::message::{Coded, Message, fields, said};
use crate::odds::ONE;
use crate::odds::cells::{Cell, Scale, mark_certain};
use crate::odds::guard::{GuardGroup, GuardNode};
use crate::policy::{Decimal, Design, Policy, ReachBounds};
use crate::stratum::{Occasion, StratumNode, StratumPath};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

/// Active units of one stratum path and those of them reached in the cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Active {
    pub(super) units: u64,
    pub(super) reached: u64,
}

/// What the bounds did to the inclusion probabilities of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// They stayed as they were.
    Kept,
    /// They were raised to the floor.
    Raised,
    /// They were lowered to the limit.
    Lowered,
}

/// A bounded node of the stratum tree (Spec 10.4, step 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounded {
    /// Active units.
    pub active: u64,
    /// Of them reached in this cycle already: visited, or drawn and still to be visited.
    pub reached: u64,
    /// Units that must have been reached by the end of the cycle.
    pub quota: u64,
    /// Units that may have been.
    pub limit: u64,
    /// The least sum of inclusion probabilities of this draw, billionths: what is missing to the quota, by
    /// the round's share of the rest of the cycle.
    pub lo: u128,
    /// The largest sum, billionths.
    pub hi: u128,
    /// What the bounds did to the probabilities.
    pub adjustment: Adjustment,
    /// The codes of the policy's ratios that bound this node; a guard has no code.
    pub rules: Vec<Code>,
}

impl Bounded {
    /// The ratios' codes in brackets; empty without any.
    pub(super) fn named(&self) -> String {
        let codes: Vec<&str> = self.rules.iter().map(Code::as_str).collect();
        if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) }
    }

    /// Whether the floor asks for more units than the limit allows.
    const fn contradictory(&self) -> bool {
        self.quota.saturating_sub(self.reached) > self.limit.saturating_sub(self.reached)
    }
}

/// Which bound cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundKind {
    /// The floor: too few can be drawn.
    Floor,
    /// The limit: certain units and floors inside are too many.
    Limit,
}

/// A node whose floor or limit cannot be certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Stratum path; `first` alone is the whole.
    pub node: StratumPath,
    /// The node's figures.
    pub bounded: Bounded,
    /// Which bound.
    pub kind: BoundKind,
    /// Units of the node that are exempt from this draw and have not been reached.
    pub exempt: u64,
    /// First visits that this draw can be sure of (floor), or that other rules make sure (limit), billionths.
    pub sure: u128,
    /// For a number draw: the smallest number that would do, if any does.
    pub enough: Option<u64>,
}

impl fmt::Display for Collision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, bounded, exempt, .. } = self;
        let Bounded { active, reached, quota, limit, lo, hi, .. } = bounded;
        let sure = Decimal(self.sure);
        match self.kind {
            BoundKind::Floor => write!(
                f,
                "{node}: {quota} of {active} active units must be reached, {reached} have been, \
                 {exempt} are exempt; this draw needs {} more, {sure} are sure",
                Decimal(*lo)
            )?,
            BoundKind::Limit if bounded.contradictory() => write!(
                f,
                "{node}: {quota} of {active} active units must be reached and at most {limit} may be, \
                 {reached} have been"
            )?,
            BoundKind::Limit => write!(
                f,
                "{node}: at most {limit} of {active} active units may be reached, {reached} have been, \
                 {} are left; certain units and floors inside need {sure}",
                Decimal(*hi)
            )?,
        }
        f.write_str(&bounded.named())?;
        match self.enough {
            Some(number) => write!(f, "; design.number {number} would do"),
            None => Ok(()),
        }
    }
}

impl Coded for Collision {
    fn message(&self) -> Message {
        let Self { node, bounded, exempt, enough, .. } = self;
        let Bounded { active, reached, quota, limit, lo, hi, rules, .. } = bounded;
        let (node, sure) = (node.as_str(), Decimal(self.sure).to_string());
        let enough = enough.map(|number| said!("bounds.enough", "design.number {number} would do", number));
        let enough = enough.as_slice();
        let words = self.to_string();
        match self.kind {
            BoundKind::Floor => {
                let needed = Decimal(*lo).to_string();
                let params = fields!({ active, enough, exempt, needed, node, quota, reached, rules, sure });
                Message::new("bounds.floor", words, params)
            }
            BoundKind::Limit if bounded.contradictory() => {
                let params = fields!({ active, enough, limit, node, quota, reached, rules });
                Message::new("bounds.contradictory", words, params)
            }
            BoundKind::Limit => {
                let left = Decimal(*hi).to_string();
                let params = fields!({ active, enough, left, limit, node, reached, rules, sure });
                Message::new("bounds.limit", words, params)
            }
        }
    }
}

/// The bounded nodes by path (Spec 10.4, step 1).
pub(super) fn bounded(
    policy: &Policy,
    strata: &[(StratumNode<'_>, Active)],
) -> BTreeMap<StratumPath, Bounded> {
    let round = policy.round();
    let one = u128::from(ONE);
    let mut found = BTreeMap::new();
    for level in policy.bounded() {
        // The depth counts the occasion, which the strata do not have.
        let depth = policy.depth(level) - 1;
        let mut nodes: BTreeMap<StratumPath, Active> = BTreeMap::new();
        for (path, active) in strata {
            let sum = nodes.entry(Occasion::First.of(path.ancestor(depth))).or_default();
            sum.units += active.units;
            sum.reached += active.reached;
        }
        for (node, Active { units: active, reached }) in nodes {
            let Some(ReachBounds { quota, limit }) = policy.bounds(level, node.node(), active) else {
                continue;
            };
            let missing = u128::from(quota.saturating_sub(reached)) * one;
            let (share, rest) = (u128::from(round.share.get()), u128::from(round.rest.get()));
            let lo = if share == rest { missing } else { (missing * share).div_ceil(rest) };
            let hi = u128::from(limit.saturating_sub(reached)) * one;
            let ratios = policy.ratios.iter().filter(|ratio| ratio.at == level && ratio.names(node.node()));
            let rules = ratios.map(|ratio| ratio.code.clone()).collect();
            found.insert(
                node,
                Bounded { active, reached, quota, limit, lo, hi, adjustment: Adjustment::Kept, rules },
            );
        }
    }
    found
}

/// A bounded node as [`GuardNode::raise`] takes it, and the keys of its groups in the order of the sizes that
/// it returns.
struct Branch<'a> {
    node: GuardNode,
    keys: Vec<&'a GroupKey>,
}

/// A bounded node with the bounded nodes inside it. Every group belongs to the innermost bounded node that it
/// lies within.
fn branch<'a>(
    name: StratumNode<'_>,
    nodes: &BTreeMap<StratumPath, Bounded>,
    groups: &'a Groups,
) -> Branch<'a> {
    // The topmost bounded node strictly below this one that a path lies in.
    let depth = name.depth();
    let next =
        |path: &'a StratumPath| path.ancestors().skip(depth).find(|node| nodes.contains_key(node.as_str()));
    let mut built = Branch { node: GuardNode::default(), keys: Vec::new() };
    let mut inner: Vec<StratumNode<'a>> = Vec::new();
    for (key, count) in groups.within(name) {
        match next(&key.path) {
            Some(node) => inner.push(node),
            None => {
                built.node.groups.push(GuardGroup { size: key.size, count, certain: key.certain });
                built.keys.push(key);
            }
        }
    }
    inner.sort_unstable();
    inner.dedup();
    for name in inner {
        let Branch { mut node, keys } = branch(name, nodes, groups);
        (node.lo, node.hi) = (nodes[name.as_str()].lo, nodes[name.as_str()].hi);
        built.node.inner.push(node);
        built.keys.extend(keys);
    }
    built
}

/// Fits the sizes to floors and limits, deepest nodes first (Spec 10.4, steps 4 to 6). In a number draw the
/// sizes stay as they are; it is only checked whether floors and limits could hold.
pub(super) fn fit(
    policy: &Policy,
    nodes: &mut BTreeMap<StratumPath, Bounded>,
    groups: &mut Groups,
) -> Result<(), PlanError> {
    let number = matches!(policy.design, Design::Number { .. });
    let mut order: Vec<StratumPath> = nodes.keys().cloned().collect();
    order.sort_by_key(|name| Reverse(name.node().depth()));
    let mut collisions = Vec::new();
    for name in order {
        let Branch { node, keys } = branch(name.node(), nodes, groups);
        let bounded = &nodes[&name];
        let (least, most, sum) = (node.least(), node.most(), node.sum());
        let kind = match (most < bounded.lo, least > bounded.hi || bounded.contradictory()) {
            (true, _) => Some((BoundKind::Floor, most)),
            (_, true) => Some((BoundKind::Limit, least)),
            _ => None,
        };
        if let Some((kind, sure)) = kind {
            let open = node.units();
            let exempt = bounded.active - bounded.reached - open;
            collisions.push(Collision {
                node: name,
                bounded: bounded.clone(),
                kind,
                exempt,
                sure,
                enough: None,
            });
            continue;
        }
        // After a collision the plan is refused, and a node whose bound cannot be kept has no fitted sizes.
        let (fitted, adjustment) = match (sum < bounded.lo, sum > bounded.hi) {
            _ if number || !collisions.is_empty() => continue,
            (true, _) => (node.raise(bounded.lo, bounded.hi), Adjustment::Raised),
            (_, true) => (node.set(bounded.hi), Adjustment::Lowered),
            _ => continue,
        };
        let keys: Vec<_> = keys.into_iter().cloned().collect();
        groups.fit(keys.into_iter().zip(fitted));
        nodes.get_mut(&name).expect("one of the nodes").adjustment = adjustment;
    }
    if collisions.is_empty() { Ok(()) } else { Err(PlanError::Bounds(collisions)) }
}

/// The cells of a node summed up: all units, certain units, and the sizes of the others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mass {
    pub(super) units: u64,
    pub(super) certain: u64,
    pub(super) size: u128,
}

impl Mass {
    /// The sums of every node.
    pub(super) fn by_node(cells: &[Cell]) -> BTreeMap<StratumNode<'_>, Self> {
        let mut nodes: BTreeMap<StratumNode<'_>, Self> = BTreeMap::new();
        for cell in cells {
            for node in cell.path.ancestors() {
                let mass = nodes.entry(node).or_default();
                mass.units += cell.count;
                if cell.certain {
                    mass.certain += cell.count;
                } else {
                    mass.size += u128::from(cell.size) * u128::from(cell.count);
                }
            }
        }
        nodes
    }

    /// The fewest and the most picks of a draw: the certain units and the floor or the ceiling of the
    /// expectation of the others.
    pub(super) fn counts(self, scale: Scale) -> (u64, u64) {
        if scale.factor == 0 || scale.step == 0 {
            return (self.certain, self.certain);
        }
        let narrow = |n: u128| self.certain + u64::try_from(n).expect("at most the units");
        let mass = scale.factor * self.size;
        (narrow(mass / scale.step), narrow(mass.div_ceil(scale.step)))
    }
}

/// Spec 10.4, step 7: the number of a number draw is kept. Where it is too small for a floor or too large for
/// a limit, the plan is refused, and the error has the number that would do.
pub(super) fn check_number(
    policy: &Policy,
    nodes: &BTreeMap<StratumPath, Bounded>,
    cells: &[Cell],
) -> Result<(), PlanError> {
    let Design::Number { number } = policy.design else { return Ok(()) };
    let one = u128::from(ONE);
    let wrong = |(name, bounded): (&StratumPath, &Bounded),
                 masses: &BTreeMap<StratumNode<'_>, Mass>,
                 scale: Scale| {
        let (least, most) = masses.get(&name.node()).copied().unwrap_or_default().counts(scale);
        if u128::from(least) < bounded.lo / one {
            return Some((BoundKind::Floor, least));
        }
        (u128::from(most) * one > bounded.hi).then_some((BoundKind::Limit, most))
    };
    let (scale, masses) = (Scale::number(cells, number), Mass::by_node(cells));
    let mut collisions: Vec<Collision> = nodes
        .iter()
        .filter_map(|node| {
            let (kind, sure) = wrong(node, &masses, scale)?;
            let open = masses.get(&node.0.node()).map_or(0, |mass| mass.units);
            let exempt = node.1.active - node.1.reached - open;
            let (node, bounded) = (node.0.clone(), node.1.clone());
            Some(Collision { node, bounded, kind, exempt, sure: u128::from(sure) * one, enough: None })
        })
        .collect();
    if collisions.is_empty() {
        return Ok(());
    }
    // A larger number never lowers the fewest picks of a node, so the smallest number that reaches all floors
    // is found by bisection. It would do if it passes no limit.
    let all: u64 = cells.iter().filter(|c| c.certain || c.size > 0).map(|c| c.count).sum();
    let problems = |number: u64| {
        let mut cells = cells.to_vec();
        mark_certain(&mut cells, number);
        let (scale, masses) = (Scale::number(&cells, number), Mass::by_node(&cells));
        nodes.iter().filter_map(|node| wrong(node, &masses, scale)).map(|(kind, _)| kind).collect::<Vec<_>>()
    };
    let floors = |number: u64| !problems(number).contains(&BoundKind::Floor);
    if !floors(number) && floors(all) {
        let (mut low, mut high) = (number, all);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if floors(middle) { high = middle } else { low = middle }
        }
        if problems(high).is_empty() {
            collisions.iter_mut().for_each(|collision| collision.enough = Some(high));
        }
    }
    Err(PlanError::Bounds(collisions))
}
