//! The pools of a record, as far as the public can check them (Spec 13, check `teams`).

use super::posts::held;
use super::report::{Comparison, differ, same};
use super::words;
use crate::id::{Code, UnitId};
use crate::message::said;
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
        let what = || words::pool(&pool.post);
        let size = pool.barred.values().fold(pool.may, |sum, count| sum.saturating_add(*count));
        let party = *sizes.entry(post.0).or_insert(size);
        same(
            said!("compared.pool_people", "the pool of {post}, people of the party", post = pool.post),
            party,
            size,
        )?;
        if pool.barred.values().any(|count| *count == 0) || !pool.units.is_sorted_by(|a, b| a < b) {
            return differ(
                what(),
                said!("expected.pool_counts", "counts above 0 and units ascending"),
                words::something_else(),
            );
        }
        let Some(here) = visits.get_mut(&post) else {
            return differ(
                what(),
                said!("expected.post_of_visit", "of a post that a visit has"),
                said!("found.another_post", "another post"),
            );
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
                    Some(holders) => {
                        let least = said!(
                            "expected.at_least_at",
                            "at least {least} at {unit}",
                            least = holders,
                            unit
                        );
                        return differ(what(), least, pool.may);
                    }
                    None => {
                        return differ(
                            what(),
                            said!("expected.each_visit_once", "each visit of the post once"),
                            unit,
                        );
                    }
                }
            }
            continue;
        }
        let expected = said!("expected.rest_of_post", "one entry without units, the first of its post");
        return differ(what(), expected, words::another_order());
    }
    for (post, left) in &visits {
        let may = rest.get(post).copied();
        if left.is_empty() || may.is_none_or(|may| left.values().any(|holders| *holders > may)) {
            let expected = said!("expected.pool_for_visit", "one for every visit, and enough people");
            return differ(words::pool(post.1), expected, may);
        }
    }
    Ok(())
}
