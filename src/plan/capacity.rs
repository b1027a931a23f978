//! Whether the officers can make the visits that the plan will ask for, before anything is drawn.
//!
//! A node of the stratum tree needs as many places as it can be given visits, times the officers of a visit. The officers who may go
//! there can fill at most the smaller of their cap and the number of its units that they may go to, each. Where that is less,
//! some visit will have a vacancy whatever the seed: the plan names what asks for it, and what would fit. That every node fits does
//! not yet staff every visit; recusals and overlaps show in [`Plan::understaffed`] and, after the draw, in the shortage statements.

use super::{Candidates, Party, Plan};
use crate::chance::ONE;
use crate::id::Code;
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeMap;
use std::fmt;

/// Places that a node needs of one department, and places that can be filled there. A place is one officer at one visit.
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
    /// Places that the officers who may go there can fill at the largest draw: each at most his cap, the units he may go to, and one a
    /// visit.
    pub available: u64,
    /// The most visits that can be staffed.
    pub visits: u64,
    /// The smallest policy cap under which they could fill all; `None` if no cap would do, or none is needed.
    pub enough_cap: Option<u64>,
    /// How many more officers who may go everywhere there, with the policy's cap, would do; 0 if none is needed or the cap is 0.
    pub more_officers: u64,
}

impl Capacity {
    /// Places that may be missing.
    #[must_use]
    pub const fn shortfall(&self) -> u64 {
        self.most.saturating_sub(self.available)
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { department, node, floor, certain, expected, most, available, .. } = self;
        write!(f, "{department} at {}: ", if node.is_root() { "all" } else { node.as_str() })?;
        if self.shortfall() == 0 {
            return write!(f, "{most} places at most, {available} can be filled");
        }
        let asks = [("certain units", certain), ("the floors", floor), ("frequencies and floors", expected)];
        let what =
            asks.iter().find(|(_, places)| *places > available).map_or("the largest draw", |ask| ask.0);
        write!(
            f,
            "{what} cannot be staffed: certain units need {certain} places, floors {floor}, expected visits {expected}, the largest draw {most}; \
             {available} can be filled, {} short; it would fit with {} visits",
            self.shortfall(),
            self.visits
        )?;
        if let Some(cap) = self.enough_cap {
            write!(f, ", with team.cap {cap}")?;
        }
        match self.more_officers {
            0 => Ok(()),
            n => write!(f, ", with {n} more officers"),
        }
    }
}

/// What the cells of a place ask for, visited before or not.
#[derive(Default)]
struct Place<'a> {
    /// One unit of each division and kind, and how many there are: what officers' general bars look at.
    classes: BTreeMap<(&'a str, &'a str), (usize, u64)>,
    certain: u64,
    floor: u128,
    expected: u128,
    most: u64,
}

/// The most places that officers can fill at so many visits: each by the units he may go to, his own cap or the policy's.
fn filled(officers: &[(u64, Option<u64>)], cap: u64, visits: u64) -> u64 {
    officers.iter().map(|(units, own)| (*units).min(own.unwrap_or(cap)).min(visits)).sum()
}

impl Plan {
    /// Places needed and places that can be filled, for every department, in all and at every stratum node, ascending by node.
    /// What does not fit has a [`Capacity::shortfall`].
    #[must_use]
    pub fn capacity(&self) -> Vec<Capacity> {
        let mut places: BTreeMap<StratumNode<'_>, Place<'_>> = BTreeMap::new();
        for (cell, members) in
            self.cells.iter().zip(self.members.iter()).filter(|(cell, _)| cell.size > 0 || cell.certain)
        {
            for node in cell.path.ancestors() {
                let at = places.entry(node.strata()).or_default();
                at.certain += if cell.certain { cell.count } else { 0 };
                for &member in members {
                    let unit = &self.frame.units()[member];
                    let key = (unit.division.as_str(), unit.kind.as_str());
                    at.classes.entry(key).or_insert((member, 0)).1 += 1;
                }
            }
        }
        let nodes = self.nodes();
        for node in &nodes {
            if let Some(at) = places.get_mut(&node.node.node().strata()) {
                at.floor += node.bounded.as_ref().map_or(0, |bounded| bounded.lo);
                at.expected += node.expected;
                at.most += node.at_most;
            }
        }
        // `first` and `repeat` together bring at most what the whole walk can.
        let whole = nodes.iter().filter(|node| node.node.node().depth() == 1).map(|node| node.expected).sum();
        let up = |billionths: u128| u64::try_from(billionths.div_ceil(u128::from(ONE))).unwrap_or(u64::MAX);
        let mut candidates = Candidates::new(self);
        let mut found = Vec::new();
        for (node, at) in places {
            for (number, rule) in self.policy.team.departments.iter().enumerate() {
                let mut reach: BTreeMap<u32, u64> = BTreeMap::new();
                for (member, count) in at.classes.values() {
                    for officer in candidates.present(Party::Department(number), &self.frame.units()[*member])
                    {
                        *reach.entry(officer).or_default() += count;
                    }
                }
                let cap = |officer: u32| {
                    self.roster.inspectors()[usize::try_from(officer).expect("a place in the roster")].cap
                };
                let officers: Vec<_> = reach.into_iter().map(|(o, units)| (units, cap(o))).collect();
                let places = |visits: u64| visits.saturating_mul(rule.officers);
                let (cap, visits) = (self.policy.team.cap, at.most.min(up(whole)));
                let (most, available) = (places(visits), filled(&officers, cap, visits));
                let short = most.saturating_sub(available);
                let enough = short > 0 && filled(&officers, visits, visits) >= most;
                // What k visits need grows evenly with k and what can be filled ever more slowly, so the staffable ones are the first ones.
                let too_many = |k: u64| filled(&officers, cap, k) < places(k);
                let staffed = if too_many(visits) { smallest(visits, too_many) - 1 } else { visits };
                found.push(Capacity {
                    department: rule.department.clone(),
                    officers: rule.officers,
                    floor: places(up(at.floor)),
                    certain: places(at.certain),
                    expected: places(up(at.expected)),
                    most,
                    available,
                    visits: staffed,
                    enough_cap: enough
                        .then(|| smallest(visits, |cap| filled(&officers, cap, visits) >= most)),
                    more_officers: if cap == 0 || short == 0 { 0 } else { short.div_ceil(cap.min(visits)) },
                    node: node.to_path(),
                });
            }
        }
        found
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
