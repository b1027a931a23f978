//! Officers who come together more often than the lot gives. How often two come together has no exact chance:
//! the lot fills the places of all visits at once. But the lot can be thrown again. The teams of the same
//! visits, drawn again under other seeds, are as likely as those that came; so the share of them in which
//! some two meet at least as far beyond their mean is the chance of it (Barnard 1963), whatever the lot does.

use super::seeds;
use crate::assign::assign;
use crate::id::{InspectorId, UnitId};
use crate::odds::ONE;
use crate::sample::Sample;
use std::collections::{BTreeMap, BTreeSet};

/// The teams of the picks of a sample, drawn again so many times: the n-th under the n-th seed of [`seeds`]
/// for the text. Whoever has the same plan and the same text gets the same teams. They are nobody's teams:
/// only what was drawn under the seed of the draw goes.
///
/// Each draws all teams anew; what that costs is the cost of [`Sample::assign`].
#[must_use]
pub fn teams_again(
    sample: &Sample<'_>,
    text: &str,
    count: u64,
) -> Vec<BTreeMap<UnitId, BTreeSet<InspectorId>>> {
    let plan = sample.plan();
    let positions = sample.positions();
    let again = seeds(plan.policy().suite, text, count).into_iter().map(|seed| {
        let teams = assign(plan, &seed, &positions).teams;
        let team = |visit: crate::assign::Visit| {
            let officers = visit.posts.into_iter().flat_map(|post| post.officers).map(|one| one.id);
            let experts = visit.experts.into_iter().flat_map(|post| post.experts).map(|one| one.id);
            (visit.unit, officers.chain(experts).collect())
        };
        teams.visits.into_iter().map(team).collect()
    });
    again.collect()
}

/// Two officers.
pub(super) struct Couple {
    pub(super) who: [String; 2],
    /// Visits at which both were.
    pub(super) times: u64,
    /// The mean over all lists, billionths.
    pub(super) expected: u64,
    /// The share of lists in which any two are at least as strange, billionths, rounded up: it is corrected
    /// for the number of pairs.
    pub(super) chance: u64,
}

type Pairs<'a> = BTreeMap<(&'a str, &'a str), u64>;

fn pairs<'a>(teams: &[&'a [String]]) -> Pairs<'a> {
    let mut found = Pairs::new();
    for team in teams {
        let names: BTreeSet<&str> = team.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.into_iter().collect();
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                *found.entry((*one, *other)).or_default() += 1;
            }
        }
    }
    found
}

/// The pairs that meet most beyond their mean, at most so many; with the number of pairs that ever met.
///
/// How far a pair is beyond its mean is measured by the square of the difference over the mean and one: a
/// pair that hardly ever meets is not strange for meeting once. Means are over all lists, the one that came
/// among them, so that all are treated alike.
pub(super) fn couples(came: &[&[String]], again: &[Vec<&[String]>], most: usize) -> (u64, Vec<Couple>) {
    let lists: Vec<Pairs<'_>> =
        std::iter::once(pairs(came)).chain(again.iter().map(|teams| pairs(teams))).collect();
    let all = u128::try_from(lists.len()).expect("a length");
    let one = u128::from(ONE);
    let mut sums = Pairs::new();
    for (pair, times) in lists.iter().flatten() {
        *sums.entry(*pair).or_default() += times;
    }
    let mean = |pair: &(&str, &str)| u128::from(sums.get(pair).copied().unwrap_or(0)) * one / all;
    // Millionths; below 10³³ for a million visits.
    let beyond = |pair: &(&str, &str), times: u64| {
        let mean = mean(pair);
        let above = (u128::from(times) * one).saturating_sub(mean);
        above * (above / 1000) / (mean + one) / 1000
    };
    let greatest =
        |list: &Pairs<'_>| list.iter().map(|(pair, times)| beyond(pair, *times)).max().unwrap_or(0);
    let greatest: Vec<u128> = lists.iter().map(greatest).collect();
    let couple = |(pair, times): (&(&str, &str), &u64)| {
        let own = beyond(pair, *times);
        let reach = u128::try_from(greatest.iter().filter(|other| **other >= own).count()).expect("a length");
        Couple {
            who: [pair.0.to_owned(), pair.1.to_owned()],
            times: *times,
            expected: u64::try_from(mean(pair)).unwrap_or(u64::MAX),
            chance: u64::try_from((reach * one).div_ceil(all)).expect("at most ONE"),
        }
    };
    let mut found: Vec<Couple> = lists.first().into_iter().flatten().map(couple).collect();
    found.sort_by(|one, other| (one.chance, &one.who).cmp(&(other.chance, &other.who)));
    found.truncate(most);
    (u64::try_from(sums.len()).expect("a length"), found)
}
