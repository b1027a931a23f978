//! Who meets whom: officers and institutions, officers and officers, over published teams.
//!
//! The question of every test is: if the seats of a draw had been filled by lot with the same officers,
//! each as often as he really went, how often would the list look at least as strange? Seats change hands
//! only within a group (a district, a trade), so that what the rules say of who may go where can be kept.
//! The answer is counted over lists that come from the published one by random exchanges of two seats. All
//! of them, and the published one, are equally likely to be any of the lists (Besag and Clifford 1989), so
//! that a p-value holds for any length of the chain.

use super::audit::{Dice, holm, is_strange, upper};
use crate::odds::ONE;
use std::collections::BTreeMap;

/// A visit with its team, as published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// The draw, and the group within which officers could have changed places: `3/350102`.
    pub group: String,
    /// The institution.
    pub unit: String,
    /// The officers. One who is named twice counts once.
    pub officers: Vec<String>,
    /// What became of the visit, if it is known.
    pub outcome: Option<MeetingOutcome>,
}

/// What became of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingOutcome {
    /// Nothing was found.
    Clean,
    /// A violation was found.
    Violation,
    /// The door was closed, or the visit fell out.
    Closed,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingTest {
    /// Officers return to the same institutions.
    SameUnit,
    /// Some officer and some institution meet too often.
    PairWithUnit,
    /// The same officers go together.
    Together,
    /// Some officer finds too much or too little.
    Findings,
    /// Some officer stands before closed doors too often.
    Closures,
}

/// The answer of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFinding {
    /// The test.
    pub test: MeetingTest,
    /// The share of lists by exchange that are at least as strange, billionths; never 0.
    pub chance: u64,
    /// The same, corrected for the number of tests (Holm), billionths.
    pub corrected: u64,
    /// Who stands out most.
    pub most: Vec<String>,
    /// How often that was: meetings, visits with a violation, closed doors.
    pub times: u64,
    /// Its mean over the lists by exchange, billionths, rounded down.
    pub usual: u64,
}

impl MeetingFinding {
    /// Whether chance alone would give this, or anything stranger in any of the tests, in at most 5 % of
    /// lists.
    #[must_use]
    pub const fn is_strange(&self) -> bool {
        is_strange(self.corrected)
    }
}

/// A table of seats.
#[derive(Clone)]
struct Seats {
    /// The officers of each visit.
    teams: Vec<Vec<usize>>,
    /// The seats of each group with more than one: visit and place.
    groups: Vec<Vec<(usize, usize)>>,
}

impl Seats {
    /// So many exchanges of two seats of one group by lot. One that would put an officer twice into a team is
    /// not made: the chain stays where it is.
    fn exchange(&mut self, dice: &mut Dice, groups: &[usize], steps: usize) {
        if groups.is_empty() {
            return;
        }
        for _ in 0..steps {
            let group = &self.groups[groups[dice.below(groups.len())]];
            let (one, other) = (group[dice.below(group.len())], group[dice.below(group.len())]);
            let (a, b) = (self.teams[one.0][one.1], self.teams[other.0][other.1]);
            if a != b && !self.teams[one.0].contains(&b) && !self.teams[other.0].contains(&a) {
                self.teams[one.0][one.1] = b;
                self.teams[other.0][other.1] = a;
            }
        }
    }
}

/// Makes every test that the visits allow, with so many lists by exchange (at least 99), under a number of
/// the caller. Empty without two visits in some group.
#[must_use]
pub fn meeting_findings(visits: &[Meeting], number: u64, simulated: u32) -> Vec<MeetingFinding> {
    let names = sorted(visits.iter().flat_map(|visit| visit.officers.iter().map(String::as_str)));
    let units = sorted(visits.iter().map(|visit| visit.unit.as_str()));
    let place = |list: &[&str], name: &str| list.binary_search(&name).expect("a name of the list");
    let unit: Vec<usize> = visits.iter().map(|visit| place(&units, &visit.unit)).collect();
    let mut by_group: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    let mut teams = Vec::new();
    for (at, visit) in visits.iter().enumerate() {
        let team = sorted(visit.officers.iter().map(String::as_str));
        let seats = by_group.entry(&visit.group).or_default();
        seats.extend((0..team.len()).map(|seat| (at, seat)));
        teams.push(team.into_iter().map(|name| place(&names, name)).collect::<Vec<_>>());
    }
    let groups: Vec<_> = by_group.into_values().collect();
    // A group is taken as often as it has seats: every seat is exchanged equally often.
    let weighted: Vec<usize> = groups
        .iter()
        .enumerate()
        .filter(|(_, seats)| seats.len() > 1)
        .flat_map(|(at, seats)| vec![at; seats.len()])
        .collect();
    if weighted.is_empty() {
        return Vec::new();
    }
    let known = |outcome| visits.iter().any(|visit| visit.outcome == Some(outcome));
    let mut tests = vec![MeetingTest::SameUnit, MeetingTest::PairWithUnit];
    tests.extend(teams.iter().any(|team| team.len() > 1).then_some(MeetingTest::Together));
    tests.extend(known(MeetingOutcome::Violation).then_some(MeetingTest::Findings));
    tests.extend(known(MeetingOutcome::Closed).then_some(MeetingTest::Closures));
    let outcomes: Vec<Option<MeetingOutcome>> = visits.iter().map(|visit| visit.outcome).collect();
    let rates = Rates::of(&outcomes, &Seats { teams: teams.clone(), groups: groups.clone() }, names.len());
    let seats = Seats { teams, groups };
    let steps = 4 * weighted.len();
    let mut dice = Dice::new(number);
    let mut hub = seats.clone();
    hub.exchange(&mut dice, &weighted, steps);
    let look = |seats: &Seats, test| count(test, seats, &unit, &outcomes, &rates);
    let first: Vec<Count> = tests.iter().map(|test| look(&seats, *test)).collect();
    let mut values: Vec<Vec<i128>> = first.iter().map(|count| vec![count.value]).collect();
    let mut sums: Vec<u128> = vec![0; tests.len()];
    let simulated = simulated.max(99);
    for _ in 0..simulated {
        let mut other = hub.clone();
        other.exchange(&mut dice, &weighted, steps);
        for (at, test) in tests.iter().enumerate() {
            values[at].push(look(&other, *test).value);
            sums[at] += u128::from(times(*test, &other, &unit, &outcomes, &first[at].who));
        }
    }
    let chances: Vec<u64> = values.iter().map(|values| upper(values)).collect();
    let corrected = holm(&chances);
    let rows = tests.into_iter().zip(first).zip(sums).zip(chances.into_iter().zip(corrected));
    rows.map(|(((test, first), sum), (chance, corrected))| MeetingFinding {
        test,
        chance,
        corrected,
        most: first.names(test, &names, &units),
        times: times(test, &seats, &unit, &outcomes, &first.who),
        usual: u64::try_from(sum * u128::from(ONE) / u128::from(simulated)).unwrap_or(u64::MAX),
    })
    .collect()
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

/// What a test counted, and the two who stand out: officer and institution, or officer and officer.
struct Count {
    value: i128,
    who: (usize, usize),
}

impl Count {
    fn names(&self, test: MeetingTest, officers: &[&str], units: &[&str]) -> Vec<String> {
        let (one, other) = self.who;
        let other = match test {
            MeetingTest::SameUnit | MeetingTest::PairWithUnit => units.get(other),
            MeetingTest::Together => officers.get(other),
            MeetingTest::Findings | MeetingTest::Closures => None,
        };
        officers.get(one).into_iter().chain(other).map(|name| (*name).to_owned()).collect()
    }
}

/// For each officer the expected number of an outcome and its variance under exchange, in millionths: the
/// same for all lists, because an officer keeps his number of seats in every group.
struct Rates {
    found: Vec<(i128, i128)>,
    closed: Vec<(i128, i128)>,
}

const MICRO: i128 = 1_000_000;

fn int(number: usize) -> i128 {
    i128::try_from(number).expect("a length")
}

/// Whether a visit counts for an outcome, and whether it has it: closed visits say nothing of findings.
fn answer(outcome: Option<MeetingOutcome>, wanted: MeetingOutcome) -> Option<bool> {
    outcome.map(|outcome| outcome == wanted)
}

impl Rates {
    fn of(outcomes: &[Option<MeetingOutcome>], seats: &Seats, officers: usize) -> Self {
        let of = |wanted| {
            let mut rates = vec![(0, 0); officers];
            for group in &seats.groups {
                let mut own: BTreeMap<usize, usize> = BTreeMap::new();
                let mut hits = 0;
                for (visit, seat) in group {
                    *own.entry(seats.teams[*visit][*seat]).or_default() += 1;
                    hits += int(usize::from(answer(outcomes[*visit], wanted) == Some(true)));
                }
                let all = int(group.len());
                for (officer, seats) in own {
                    let seats = int(seats);
                    rates[officer].0 += seats * hits * MICRO / all;
                    let spread = seats * hits * (all - hits) * MICRO / all * (all - seats) / all;
                    rates[officer].1 += spread / (all - 1).max(1);
                }
            }
            rates
        };
        Self { found: of(MeetingOutcome::Violation), closed: of(MeetingOutcome::Closed) }
    }
}

fn hits(
    seats: &Seats,
    outcomes: &[Option<MeetingOutcome>],
    wanted: MeetingOutcome,
    officers: usize,
) -> Vec<i128> {
    let mut hits = vec![0; officers];
    for (team, outcome) in seats.teams.iter().zip(outcomes) {
        if answer(*outcome, wanted) == Some(true) {
            team.iter().for_each(|officer| hits[*officer] += 1);
        }
    }
    hits
}

/// How many times each pair occurs.
fn pairs(seats: &Seats, unit: &[usize], with_unit: bool) -> Vec<(usize, (usize, usize))> {
    let mut found = Vec::new();
    for (team, unit) in seats.teams.iter().zip(unit) {
        for (at, officer) in team.iter().enumerate() {
            if with_unit {
                found.push((*officer, *unit));
            } else {
                let partners = team[at + 1..].iter();
                found.extend(partners.map(|other| (*officer.min(other), *officer.max(other))));
            }
        }
    }
    found.sort_unstable();
    found.chunk_by(|one, other| one == other).map(|same| (same.len(), same[0])).collect()
}

fn count(
    test: MeetingTest,
    seats: &Seats,
    unit: &[usize],
    outcomes: &[Option<MeetingOutcome>],
    rates: &Rates,
) -> Count {
    let repeated = |with_unit| {
        let pairs = pairs(seats, unit, with_unit);
        let most = pairs.iter().copied().max_by_key(|pair| pair.0).unwrap_or((0, (0, 0)));
        let sum = pairs.iter().map(|(times, _)| int(times * (times - 1) / 2)).sum();
        (sum, most)
    };
    let strange = |wanted, rates: &[(i128, i128)], only_more: bool| {
        let hits = hits(seats, outcomes, wanted, rates.len());
        let value = |hits: &i128, (expected, variance): &(i128, i128)| {
            let off = hits * MICRO - expected;
            let off = if only_more { off.max(0) } else { off };
            off * off / 1000 / (variance + 1)
        };
        let all = hits.iter().zip(rates).map(|(hits, rate)| value(hits, rate));
        let (at, value) = all.enumerate().max_by_key(|pair| pair.1).unwrap_or((0, 0));
        Count { value, who: (at, 0) }
    };
    match test {
        MeetingTest::SameUnit => {
            let (value, (_, who)) = repeated(true);
            Count { value, who }
        }
        MeetingTest::PairWithUnit => {
            let (_, (times, who)) = repeated(true);
            Count { value: int(times), who }
        }
        MeetingTest::Together => {
            let (value, (_, who)) = repeated(false);
            Count { value, who }
        }
        MeetingTest::Findings => strange(MeetingOutcome::Violation, &rates.found, false),
        MeetingTest::Closures => strange(MeetingOutcome::Closed, &rates.closed, true),
    }
}

/// How often the two who stood out meet in a list, or what the one has.
fn times(
    test: MeetingTest,
    seats: &Seats,
    unit: &[usize],
    outcomes: &[Option<MeetingOutcome>],
    who: &(usize, usize),
) -> u64 {
    let has = |at: &usize| {
        let (team, outcome) = (&seats.teams[*at], outcomes[*at]);
        let (one, other) = who;
        team.contains(one)
            && match test {
                MeetingTest::SameUnit | MeetingTest::PairWithUnit => unit[*at] == *other,
                MeetingTest::Together => team.contains(other),
                MeetingTest::Findings => outcome == Some(MeetingOutcome::Violation),
                MeetingTest::Closures => outcome == Some(MeetingOutcome::Closed),
            }
    };
    u64::try_from((0..seats.teams.len()).filter(has).count()).expect("a length")
}
