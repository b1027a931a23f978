//! Whether there are enough inspectors for the visits that the draw can bring, before anything is drawn.
//!
//! A node of the stratum tree needs as many places as the most visits that it can be given, times the
//! officers of a visit. Each inspector who may go there can fill as many places as his cap and the number of
//! units that he may go to allow. Where all of them together fill fewer places than are needed, some visit
//! will have a vacancy under every seed. The plan then says which rules ask for the places, and what would
//! fit. Even where every node fits, single visits can lack officers: recusals and overlaps show in
//! [`Plan::understaffed`] and, after the draw, in the shortage statements.

use super::{Candidates, Party, Plan};
use crate::id::Code;
use crate::message::{Coded, Message, said};
use crate::odds::ONE;
use crate::policy::{DepartmentRule, Stratum};
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeMap;
use std::fmt;

/// Places that a node needs of one department, and places that can be filled there. A place is one officer at
/// one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// The department.
    pub department: Code,
    /// Stratum path without `first` and `repeat`, whose visits need the same officers; empty for all.
    pub node: StratumPath,
    /// Officers a visit.
    pub officers: u64,
    /// Places for what the floors ask of this draw, rounded up.
    pub floor: u64,
    /// Places for the units that are certain.
    pub certain: u64,
    /// Places for the expected visits, rounded up: what frequencies and floors ask for together.
    pub expected: u64,
    /// Places for the most visits that the draw can bring.
    pub most: u64,
    /// Places that the inspectors who may go there can fill at the largest draw. Each fills at most one place
    /// of a visit, and as many as his cap and the units that he may go to allow.
    pub available: u64,
    /// The most visits that can be staffed.
    pub visits: u64,
    /// The smallest policy cap under which they could fill all; `None` if no cap would do, or none is needed.
    pub enough_cap: Option<u64>,
    /// How many more officers who may go everywhere there, with the policy's cap, would do; 0 if none is
    /// needed or the cap is 0.
    pub more_officers: u64,
}

impl Capacity {
    /// Places that may be missing.
    #[must_use]
    pub const fn shortfall(&self) -> u64 {
        self.most.saturating_sub(self.available)
    }
}

impl Coded for Capacity {
    fn message(&self) -> Message {
        let Self { department, floor, certain, expected, most, available, .. } = self;
        let node = match self.node.is_root() {
            true => said!("stratum.all", "all"),
            false => said!("stratum.path", "{path}", path = self.node.as_str()),
        };
        if self.shortfall() == 0 {
            return said!(
                "capacity.enough",
                "{department} at {node}: {most} places at most, {available} can be filled",
                department,
                node,
                most,
                available
            );
        }
        let what = if certain > available {
            said!("capacity.certain", "certain units")
        } else if floor > available {
            said!("capacity.floors", "the floors")
        } else if expected > available {
            said!("capacity.expected", "frequencies and floors")
        } else {
            said!("capacity.largest", "the largest draw")
        };
        said!(
            "capacity.short",
            "{department} at {node}: {what} cannot be staffed: certain units need {certain} places, floors \
             {floor}, expected visits {expected}, the largest draw {most}; {available} can be filled, \
             {short} short; it would fit {fits}",
            department,
            node,
            what,
            certain,
            floor,
            expected,
            most,
            available,
            short = self.shortfall(),
            fits = self.fits()
        )
    }
}

impl Capacity {
    /// With what the largest draw would fit.
    fn fits(&self) -> Message {
        let Self { visits, enough_cap, more_officers: officers, .. } = self;
        match (enough_cap, officers) {
            (None, 0) => said!("capacity.visits", "with {visits} visits", visits),
            (Some(cap), 0) => {
                said!("capacity.cap", "with {visits} visits, with team.cap {cap}", visits, cap)
            }
            (None, _) => said!(
                "capacity.officers",
                "with {visits} visits, with {officers} more officers",
                visits,
                officers
            ),
            (Some(cap), _) => said!(
                "capacity.cap_officers",
                "with {visits} visits, with team.cap {cap}, with {officers} more officers",
                visits,
                cap,
                officers
            ),
        }
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// What a draw can ask of a node of the strata, where both occasions count together.
#[derive(Debug, Default)]
struct NodeDemand<'a> {
    /// Units by division and kind, which are all that bars look at before the draw.
    classes: BTreeMap<(&'a str, &'a str), UnitClass>,
    /// Visits of units that are certain.
    certain: u64,
    /// Visits that the floors ask for, billionths.
    floor: u128,
    /// Expected visits, billionths.
    expected: u128,
    /// The most visits.
    most: u64,
}

/// Units of one division and kind.
#[derive(Debug)]
struct UnitClass {
    /// The position of one of them in the frame.
    example: usize,
    /// How many they are.
    units: u64,
}

/// The inspectors of one department who may go to units of a node.
#[derive(Debug)]
struct NodeSupply {
    inspectors: Vec<Reach>,
}

/// How much of a node one inspector can cover.
#[derive(Debug)]
struct Reach {
    /// The units of the node that he may go to.
    units: u64,
    /// His own cap, if he has one.
    cap: Option<u64>,
}

impl NodeSupply {
    /// The most places that can be filled at so many visits: for each inspector the units he may go to, and
    /// at most his own cap or else the policy's.
    fn filled(&self, policy_cap: u64, visits: u64) -> u64 {
        let of = |reach: &Reach| reach.units.min(reach.cap.unwrap_or(policy_cap)).min(visits);
        self.inspectors.iter().map(of).sum()
    }
}

/// Billionths of visits as whole visits, rounded up.
fn whole_visits(billionths: u128) -> u64 {
    u64::try_from(billionths.div_ceil(u128::from(ONE))).unwrap_or(u64::MAX)
}

impl Plan {
    /// Places needed and places that can be filled, for every department, in all and at every stratum node,
    /// ascending by node. What does not fit has a [`Capacity::shortfall`].
    ///
    /// Of a draw that dispatches these are the nodes of one area each whose teams are kept: the places of the
    /// others are no places of this roster.
    #[must_use]
    pub fn capacity(&self) -> Vec<Capacity> {
        let mut candidates = Candidates::new(self);
        let mut found = Vec::new();
        for (node, demand) in self.node_demands().into_iter().filter(|(node, _)| self.is_staffed_here(*node))
        {
            for (number, department) in self.policy.team.departments.iter().enumerate() {
                let supply = self.node_supply(&demand, number, &mut candidates);
                found.push(self.node_capacity(node, department, &demand, &supply));
            }
        }
        found
    }

    /// Whether all teams of a node, whose path has no occasion, are drawn with this plan.
    fn is_staffed_here(&self, node: StratumNode<'_>) -> bool {
        let Some(dispatch) = &self.policy.dispatch else { return true };
        let place = self.policy.strata.iter().position(|own| *own == Stratum::Area(dispatch.at));
        let area = place.and_then(|place| node.components().nth(place));
        area.is_some_and(|area| !dispatch.takes_whole(area))
    }

    /// The demand at every node that has units to draw, by its path without an occasion.
    fn node_demands(&self) -> BTreeMap<StratumNode<'_>, NodeDemand<'_>> {
        let mut demands: BTreeMap<StratumNode<'_>, NodeDemand<'_>> = BTreeMap::new();
        let cells = self.cells.iter().zip(self.members.iter());
        for (cell, members) in cells.filter(|(cell, _)| cell.size > 0 || cell.certain) {
            for node in cell.path.ancestors() {
                let demand = demands.entry(node.strata()).or_default();
                demand.certain += if cell.certain { cell.count } else { 0 };
                for &example in members {
                    let unit = &self.frame.units()[example];
                    let class = (unit.division.as_str(), unit.kind.as_str());
                    demand.classes.entry(class).or_insert(UnitClass { example, units: 0 }).units += 1;
                }
            }
        }
        let nodes = self.nodes();
        for report in &nodes {
            if let Some(demand) = demands.get_mut(report.node.node().strata().as_str()) {
                demand.floor += report.bounded.as_ref().map_or(0, |bounded| bounded.lo);
                demand.expected += report.expected;
                demand.most += report.at_most;
            }
        }
        // The two occasions together bring at most what the whole walk can.
        let occasions = nodes.iter().filter(|report| report.node.node().depth() == 1);
        let whole = whole_visits(occasions.map(|report| report.expected).sum());
        for demand in demands.values_mut() {
            demand.most = demand.most.min(whole);
        }
        demands
    }

    /// The inspectors of a department, by its number in the policy, who may go to units of a node.
    fn node_supply<'a>(
        &'a self,
        demand: &NodeDemand<'_>,
        department: usize,
        candidates: &mut Candidates<'a>,
    ) -> NodeSupply {
        let mut reach = vec![0_u64; self.roster.inspectors().len()];
        for class in demand.classes.values() {
            let unit = &self.frame.units()[class.example];
            for inspector in candidates.present(Party::Department(department), unit) {
                reach[usize::try_from(inspector).expect("a position in the roster")] += class.units;
            }
        }
        let reached = self.roster.inspectors().iter().zip(reach).filter(|(_, units)| *units > 0);
        let inspectors = reached.map(|(inspector, units)| Reach { units, cap: inspector.cap });
        NodeSupply { inspectors: inspectors.collect() }
    }

    /// Demand and supply of a node compared, for one department.
    fn node_capacity(
        &self,
        node: StratumNode<'_>,
        department: &DepartmentRule,
        demand: &NodeDemand<'_>,
        supply: &NodeSupply,
    ) -> Capacity {
        let places = |visits: u64| visits.saturating_mul(department.officers);
        let (cap, visits) = (self.policy.team.cap, demand.most);
        let (most, available) = (places(visits), supply.filled(cap, visits));
        let short = most.saturating_sub(available);
        let fits_with = |cap: u64| supply.filled(cap, visits) >= most;
        // The places of k visits grow evenly with k, and those that can be filled ever more slowly: up to
        // some k all visits can be staffed, and none beyond it.
        let too_many = |visits: u64| supply.filled(cap, visits) < places(visits);
        Capacity {
            department: department.department.clone(),
            node: node.to_path(),
            officers: department.officers,
            floor: places(whole_visits(demand.floor)),
            certain: places(demand.certain),
            expected: places(whole_visits(demand.expected)),
            most,
            available,
            visits: if too_many(visits) { smallest(visits, too_many) - 1 } else { visits },
            enough_cap: (short > 0 && fits_with(visits)).then(|| smallest(visits, fits_with)),
            more_officers: if cap == 0 || short == 0 { 0 } else { short.div_ceil(cap.min(visits)) },
        }
    }
}

/// The smallest number up to `most` for which a monotone condition holds; it holds for `most`.
fn smallest(most: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    high
}
