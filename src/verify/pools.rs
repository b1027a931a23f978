//! The pools of a record, as far as the public can check them (Spec 13, check `teams`).

use super::posts::held;
use super::report::{Comparison, differ, same};
use crate::id::{Code, UnitId};
use crate::record::Record;
use std::collections::{BTreeMap, BTreeSet};

/// A post of a party: department (`None` for experts) and code.
type PartyPost<'a> = (Option<&'a Code>, &'a Code);

/// Every post of a visit has one pool; the people of a party are as many everywhere; and nobody holds a post
/// beyond those who may.
pub(super) fn pools(record: &Record) -> Comparison {
    let mut visits: BTreeMap<PartyPost<'_>, BTreeMap<&UnitId, u64>> = BTreeMap::new();
    for visit in &record.teams.visits {
        for post in held(visit) {
            let holders = u64::try_from(post.people.len()).unwrap_or(u64::MAX);
            visits.entry((post.department, post.post)).or_default().insert(&visit.unit, holders);
        }
    }
    let mut sizes: BTreeMap<Option<&Code>, u64> = BTreeMap::new();
    let mut seen: BTreeSet<PartyPost<'_>> = BTreeSet::new();
    let mut rest: BTreeMap<PartyPost<'_>, u64> = BTreeMap::new();
    for pool in &record.teams.pools {
        let post = (pool.department.as_ref(), &pool.post);
        let what = format!("the pool of {}", pool.post);
        let size = pool.barred.values().fold(pool.may, |sum, count| sum.saturating_add(*count));
        let party = *sizes.entry(post.0).or_insert(size);
        same(format!("{what}, people of the party"), party, size)?;
        if pool.barred.values().any(|count| *count == 0) || !pool.units.is_sorted_by(|a, b| a < b) {
            return differ(what, "counts above 0 and units ascending", "something else");
        }
        let Some(here) = visits.get_mut(&post) else {
            return differ(what, "of a post that a visit has", "another post");
        };
        // The first entry of a post is that of the visits that no other names.
        if seen.insert(post) == pool.units.is_empty() {
            if pool.units.is_empty() {
                rest.insert(post, pool.may);
                continue;
            }
            for unit in &pool.units {
                match here.remove(unit) {
                    Some(holders) if holders <= pool.may => {}
                    Some(holders) => return differ(what, format!("at least {holders} at {unit}"), pool.may),
                    None => return differ(what, "each visit of the post once", unit),
                }
            }
            continue;
        }
        return differ(what, "one entry without units, the first of its post", "another order");
    }
    for (post, left) in &visits {
        let may = rest.get(post).copied();
        if left.is_empty() || may.is_none_or(|may| left.values().any(|holders| *holders > may)) {
            let found = may.map_or_else(|| "none".to_owned(), |may| may.to_string());
            return differ(
                format!("the pool of {}", post.1),
                "one for every visit, and enough people",
                found,
            );
        }
    }
    Ok(())
}
