//! The pools of a record: for every post of a visit, how many people may hold it, and how many each bar keeps
//! from it (Spec 11.2, step 6).

use crate::id::{Code, UnitId};
use crate::plan::{Bar, Candidates, Plan, PoolCount, PoolCounter, Target};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The pool of a post at some visits: numbers, no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pool {
    /// People of the party who may not hold the post there, by the first reason.
    pub barred: BTreeMap<Bar, u64>,
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// People who may.
    pub may: u64,
    /// The post.
    pub post: Code,
    /// The visits, ascending; absent: all visits with this post that no other entry names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
}

/// The pools of all posts of visits: party by party, post by post, the value of most visits first and without
/// their names, the others by their first visit.
pub(super) fn pools<'a>(
    plan: &'a Plan,
    targets: &[Target<'a>],
    candidates: &mut Candidates<'a>,
) -> Vec<Pool> {
    let (mut counter, mut found) = (PoolCounter::new(plan), Vec::new());
    for party in plan.parties() {
        let mut values: BTreeMap<usize, BTreeMap<PoolCount, Vec<usize>>> = BTreeMap::new();
        let mut codes: BTreeMap<usize, &Code> = BTreeMap::new();
        for (visit, target) in targets.iter().enumerate() {
            for required in plan.posts(party, target.unit) {
                codes.insert(required.number, required.code());
                let needs = plan.post_rules(party).get(required.number).and_then(|rule| rule.needs.as_ref());
                let value = counter.count(party, needs, target, candidates);
                values.entry(required.number).or_default().entry(value).or_default().push(visit);
            }
        }
        for (rule, values) in values {
            let mut values: Vec<(PoolCount, Vec<usize>)> = values.into_iter().collect();
            values.sort_by_key(|(_, visits)| visits[0]);
            let most = values.iter().map(|(_, visits)| visits.len()).max();
            if let Some(first) = values.iter().position(|(_, visits)| Some(visits.len()) == most) {
                values[..=first].rotate_right(1);
            }
            for (place, (PoolCount { barred, may }, visits)) in values.into_iter().enumerate() {
                let named = visits.into_iter().filter(|_| place > 0);
                found.push(Pool {
                    barred,
                    department: plan.department(party).cloned(),
                    may,
                    post: codes[&rule].clone(),
                    units: named.map(|visit| targets[visit].unit.id.clone()).collect(),
                });
            }
        }
    }
    found
}
