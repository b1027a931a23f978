//! Random worlds for properties: units, officers, recusals, a cycle in mid-year, a design.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// A draw over a random world.
#[derive(Debug, Clone)]
pub struct World {
    pub units: u64,
    pub officers: u64,
    pub recusals: BTreeSet<(u64, u64)>,
    pub visited: BTreeMap<u64, u64>,
    pub design: u8,
    pub cap: u64,
    pub dice: u64,
}

impl World {
    pub fn policy(&self) -> Policy {
        policy(|p| {
            p["team"]["cap"] = json!(self.cap);
            p["round"] = json!({"share": "0.5", "rest": "0.5"});
            p["design"] = match self.design {
                0 => json!({"method": "frequency"}),
                1 => json!({"method": "rate", "rate": "0.13"}),
                // A number that always is enough for the floors: all units not yet visited.
                _ => json!({"method": "number", "number": self.units}),
            };
        })
    }

    pub fn cycle(&self) -> Cycle {
        let team: &[&str] = &["I-0001", "I-0003"];
        let standing = |(unit, visits): (&u64, &u64)| (*unit, *visits, "0.5", "2025-11-01", team);
        cycle("0.5", &self.visited.iter().map(standing).collect::<Vec<_>>())
    }

    pub fn roster(&self, policy: &Policy) -> Roster {
        let recusals: Vec<(u64, u64)> = self.recusals.iter().copied().collect();
        roster(self.officers, &recusals, policy)
    }

    pub fn plan(&self) -> Plan {
        let policy = self.policy();
        let (frame, roster) = (frame(self.units, &policy), self.roster(&policy));
        Plan::new(frame, roster, policy, self.cycle()).unwrap()
    }

    pub fn sealed(&self) -> Sealed {
        let plan = self.plan();
        let terms = terms(plan.policy());
        plan.seal(terms).unwrap()
    }
}
