//! The progress of a cycle: coverage, completion and closure, told apart, each with numerator, denominator
//! and date.
//!
//! Platforms report "完结率 100 %" by counting closed institutions as done (江苏 2020: 17,447 visits and 3,060
//! closures of 20,507 draws). Here only visits that were made count as coverage.

use super::{Cycle, Standing};
use crate::calendar::Date;
use crate::frame::Frame;
use crate::id::Code;
use crate::policy::{Billionths, Design, Guard, Policy, PolicyTerms, ReachBounds, Round};
use crate::stratum::StratumNode;
use std::collections::BTreeMap;
use std::fmt;

/// A share with its numerator and denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    /// Numerator.
    pub part: u64,
    /// Denominator.
    pub of: u64,
}

/// As in `44/221 = 19.9 %`, rounded **down** to a tenth of a percent: 19.99 % is not 20 %. Without a
/// denominator, `0/0`.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, of } = *self;
        match (u128::from(part) * 1000).checked_div(u128::from(of)) {
            Some(mille) => write!(f, "{part}/{of} = {}.{} %", mille / 10, mille % 10),
            None => write!(f, "0/0"),
        }
    }
}

/// What the nodes of a report are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverageLevel {
    /// A node of the stratum tree: all, a city, a kind in a county …
    Stratum(Guard),
    /// A risk level, wherever its units are.
    Risk,
    /// A credit level, wherever its units are.
    Credit,
}

/// The cycle at one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageNode {
    /// What kind of node.
    pub level: CoverageLevel,
    /// Its stratum path without `first`, or its code; empty for all.
    pub node: String,
    /// Active units (Spec 10.1) on the report's date.
    pub active: u64,
    /// Active units with a visit of this cycle.
    pub visited: u64,
    /// Active units without one that are drawn and still to be visited.
    pub awaited: u64,
    /// Draws of this cycle, in every state of the unit.
    pub drawn: u64,
    /// Of these, visits made.
    pub made: u64,
    /// Of these, visits that could not be made.
    pub missed: u64,
    /// Active units that must be visited by the end of the cycle, and that may be; where the node is bounded.
    pub bounds: Option<ReachBounds>,
}

impl CoverageNode {
    /// Coverage (抽查覆盖率): distinct active units visited, of the active ones.
    #[must_use]
    pub const fn coverage(&self) -> Fraction {
        Fraction { part: self.visited, of: self.active }
    }

    /// Completion (完成率): visits made, of the draws.
    #[must_use]
    pub const fn completion(&self) -> Fraction {
        Fraction { part: self.made, of: self.drawn }
    }

    /// Closure (关闭率): visits that could not be made, of the draws.
    #[must_use]
    pub const fn closure(&self) -> Fraction {
        Fraction { part: self.missed, of: self.drawn }
    }

    /// Settled (完结率): made or impossible, of the draws. It says how much work is left, and nothing about
    /// coverage.
    #[must_use]
    pub const fn settled(&self) -> Fraction {
        Fraction { part: self.made + self.missed, of: self.drawn }
    }

    /// First visits that are missing to the floor; those still awaited are missing, too.
    #[must_use]
    pub fn deficit(&self) -> u64 {
        self.bounds.map_or(0, |bounds| bounds.quota.saturating_sub(self.visited))
    }

    /// First visits that will be missing to the floor even if all awaited ones are made.
    #[must_use]
    pub fn shortfall(&self) -> u64 {
        self.deficit().saturating_sub(self.awaited)
    }
}

/// Check items of the policy's list that were used, and those that were not (事项覆盖率).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCoverage {
    /// Used at least once.
    pub used: Vec<Code>,
    /// Never used.
    pub unused: Vec<Code>,
}

impl ItemCoverage {
    /// Items used, of the list.
    #[must_use]
    pub fn share(&self) -> Fraction {
        let length = |list: &[Code]| u64::try_from(list.len()).expect("a length");
        Fraction { part: length(&self.used), of: length(&self.used) + length(&self.unused) }
    }
}

/// The report of a cycle on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageReport {
    /// The date of the frame, on which "active" is decided.
    pub as_of: Date,
    /// All, then the nodes of the stratum tree outermost first, then risk and credit levels.
    pub nodes: Vec<CoverageNode>,
    /// The check items.
    pub items: ItemCoverage,
    /// The share of the cycle that its draws have spent.
    pub spent: Billionths,
}

impl CoverageReport {
    /// Nodes below their floor.
    pub fn deficits(&self) -> impl Iterator<Item = &CoverageNode> {
        self.nodes.iter().filter(|node| node.deficit() > 0)
    }

    /// The policy of a make-up draw (补抽), if the last round has been drawn and some floor will be missed. It
    /// keeps the bounds, and draws only what they ask for and the missed visits that the schedule still owes.
    /// Units that were certain have been drawn in their round, so certainties, signals, control share and
    /// number are dropped. The caller sets dates and beacon, and has the rules checked ([`Policy::new`]).
    #[must_use]
    pub fn make_up(&self, policy: &Policy) -> Option<PolicyTerms> {
        let short = self.spent == Billionths::ONE && self.nodes.iter().any(|node| node.shortfall() > 0);
        // A schedule with nothing due in this round draws only the missed visits that it still owes.
        let design = match policy.design {
            Design::Frequency {} => Design::Frequency {},
            Design::Rate { .. } | Design::Number { .. } => Design::Rate { rate: Billionths::ZERO },
        };
        short.then(|| PolicyTerms {
            certainties: Vec::new(),
            design,
            round: Some(Round::MAKE_UP),
            signals: Vec::new(),
            surprise: None,
            ..policy.clone().into_terms()
        })
    }
}

impl Cycle {
    /// Coverage, completion and closure at every node and level of a policy, on the date of the frame (the
    /// policy's `as_of`).
    ///
    #[must_use]
    pub fn coverage(&self, frame: &Frame, policy: &Policy) -> CoverageReport {
        let strata = policy.strata.iter().map(|stratum| Guard::Stratum(*stratum));
        let levels: Vec<Guard> = std::iter::once(Guard::Total).chain(strata).collect();
        let mut nodes: BTreeMap<(CoverageLevel, String), CoverageNode> = BTreeMap::new();
        for unit in frame.units() {
            let standing = self.get(&unit.id);
            let active = policy.outside(unit, standing.and_then(|s| s.last_visit)).is_none();
            let path = policy.path(unit);
            let mut at = |level, node: &str| {
                let node = nodes
                    .entry((level, node.to_owned()))
                    .or_insert_with(|| CoverageNode::new(level, node.to_owned()));
                node.add(standing, active);
            };
            for level in &levels {
                // The depth counts the occasion, which this path does not have.
                let node = path.node().ancestor(policy.depth(*level) - 1);
                at(CoverageLevel::Stratum(*level), node.as_str());
            }
            at(CoverageLevel::Risk, unit.risk.as_str());
            at(CoverageLevel::Credit, unit.credit.as_str());
        }
        let whole = (CoverageLevel::Stratum(Guard::Total), String::new());
        let all = nodes
            .entry(whole)
            .or_insert_with(|| CoverageNode::new(CoverageLevel::Stratum(Guard::Total), String::new()));
        // Units that have left the frame still count among those that were drawn.
        for gone in self.standings.iter().filter(|standing| frame.get(&standing.unit).is_none()) {
            all.add(Some(gone), false);
        }
        let mut nodes: Vec<CoverageNode> = nodes.into_values().collect();
        nodes.sort_by_key(|node| match node.level {
            CoverageLevel::Stratum(level) => (policy.depth(level), CoverageLevel::Stratum(Guard::Total)),
            level => (usize::MAX, level),
        });
        for node in &mut nodes {
            if let CoverageLevel::Stratum(level) = node.level {
                node.bounds = policy.bounds(level, StratumNode::new(&node.node), node.active);
            }
        }
        let mut listed: Vec<&Code> = policy.items.iter().map(|item| &item.code).collect();
        listed.sort_unstable();
        listed.dedup();
        let (used, unused) = listed.into_iter().cloned().partition(|code| self.items.contains_key(code));
        CoverageReport { as_of: policy.as_of, nodes, items: ItemCoverage { used, unused }, spent: self.spent }
    }
}

impl CoverageNode {
    const fn new(level: CoverageLevel, node: String) -> Self {
        Self { level, node, active: 0, visited: 0, awaited: 0, drawn: 0, made: 0, missed: 0, bounds: None }
    }

    fn add(&mut self, standing: Option<&Standing>, active: bool) {
        self.active += u64::from(active);
        let Some(standing) = standing else { return };
        self.drawn += standing.drawn;
        self.made += standing.visits;
        self.missed += standing.missed;
        if active {
            self.visited += u64::from(standing.visits > 0);
            self.awaited += u64::from(standing.visits == 0 && standing.pending() > 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of 江苏's health inspections of 2020: "settled 100 %" with 85 % of the visits made.
    #[test]
    fn completion_and_closure_are_not_coverage() {
        let level = CoverageLevel::Stratum(Guard::Total);
        let node = CoverageNode {
            active: 100_000,
            visited: 17_447,
            drawn: 20_507,
            made: 17_447,
            missed: 3_060,
            bounds: Some(ReachBounds { quota: 20_000, limit: 100_000 }),
            ..CoverageNode::new(level, String::new())
        };
        assert_eq!(node.completion().to_string(), "17447/20507 = 85.0 %");
        assert_eq!(node.closure().to_string(), "3060/20507 = 14.9 %");
        assert_eq!(node.settled().to_string(), "20507/20507 = 100.0 %");
        assert_eq!(node.coverage().to_string(), "17447/100000 = 17.4 %");
        assert_eq!(node.deficit(), 2_553);
        assert_eq!(Fraction { part: 0, of: 0 }.to_string(), "0/0");
    }
}
