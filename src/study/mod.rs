//! Policies tried before they are adopted, and estimates from what draws have found.
//!
//! [`Study`] draws the years of a policy on a given frame, under seeds from a list, and reports coverage,
//! visits by level, longest gaps, load, foreseeability, and with a roster the work of the officers. Nothing
//! here decides a draw; the draws are those of the path. [`violation_rate`] estimates how many institutions
//! break the rules, from visits that were not equally likely; [`year_weights`] and [`found_share`] do so for
//! the draws of a year and for parts of it. [`audit`], [`meetings`], [`generators`] and [`xorshift`] examine
//! lists that other people drew, and [`schemes`] makes such lists, to learn what would be found.
//! [`habit_tests`] looks for habits of officers and clerks in a ledger; [`teams_again`] draws the teams of a
//! sample under other seeds, for what has no exact chance.

pub mod audit;
mod estimate;
mod figures;
pub mod generators;
mod habits;
pub mod meetings;
pub mod schemes;
mod together;
mod work;
pub mod xorshift;

pub use estimate::{
    Estimate, LiftStep, Observation, RateChange, RateInterval, WeighedVisit, found_share, lift_curve,
    rate_change, violation_rate,
};
pub use figures::{YearChance, YearOutcome, YearWeights, year_weights};
pub use habits::{Habit, HabitFinding, HabitSeat, HabitTests, HabitVisit, habit_tests};
pub use together::teams_again;
pub use work::OfficerWork;

use crate::assign::assign;
use crate::bytes::{Digest, Half, SaltKey, Suite};
use crate::calendar::Date;
use crate::cycle::{CoverageLevel, Cycle, Event, Fraction};
use crate::frame::Frame;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::{Key, simulation};
use crate::message::{Coded, Message, fields};
use crate::odds::ONE;
use crate::plan::{Foresight, Plan, PlanError};
use crate::policy::{Billionths, Policy, Round};
use crate::roster::Roster;
use crate::sample;
use std::collections::BTreeMap;

/// Seeds from a text that everybody can read: the n-th, from 1, is `H("study", "<text> <n>")` (Spec 3).
/// Nobody chose them one by one, and who uses the same text and hash has the same seeds.
///
/// ```
/// use double_random::bytes::Suite;
/// // printf '%s' 'double-random/1 study 2026 1' | sha256sum
/// let seeds = double_random::study::seeds(Suite::Sha256, "2026", 3);
/// assert!(seeds[0].to_string().starts_with("8c89de9f"));
/// ```
#[must_use]
pub fn seeds(suite: Suite, text: &str, count: u64) -> Vec<Digest> {
    (1..=count).map(|number| simulation::named_seed(suite, text, number)).collect()
}

/// A policy to be tried over several cycles on one frame.
#[derive(Debug, Clone)]
pub struct Study {
    /// The state before the first round.
    begins: Cycle,
    /// Rounds of the first cycle that are drawn already.
    past: usize,
    roster: Option<Roster>,
    frame: Frame,
    policy: Policy,
    shares: Vec<Billionths>,
    cycles: u64,
    missed: Billionths,
    /// Of all units, by position, under a key that everybody knows: a study decides nothing.
    pseudonyms: Vec<Half>,
}

/// Why nothing can be studied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The shares of a cycle's rounds are not parts of one.
    #[error("the shares of the rounds are {shares:?}: they must be above 0 and sum to 1")]
    Shares {
        /// The shares.
        shares: Vec<String>,
    },
    /// The state does not end between two rounds.
    #[error("{spent} of the cycle is spent, and no round of {shares:?} ends there")]
    Begins {
        /// The share of the cycle that is spent.
        spent: Billionths,
        /// The shares.
        shares: Vec<String>,
    },
    /// The policy gives no plan in some round.
    #[error("cycle {cycle}, round {round}: {error}")]
    Plan {
        /// Which cycle, from 1.
        cycle: u64,
        /// Which round of it, from 1.
        round: usize,
        /// Why.
        error: PlanError,
    },
}

impl Coded for StudyError {
    fn message(&self) -> Message {
        let words = self.to_string();
        match self {
            Self::Shares { shares } => Message::new("study.shares", words, fields!({ shares })),
            Self::Begins { spent, shares } => Message::new("study.begins", words, fields!({ spent, shares })),
            Self::Plan { cycle, round, error } => {
                let error = error.message();
                Message::new("study.plan", words, fields!({ cycle, round, error }))
            }
        }
    }
}

/// The result for the units of one pair of levels. Units outside the draws (closed, out of scope) are not
/// among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LevelSummary {
    /// Units of the frame.
    pub units: u64,
    /// Visits a cycle by the policy's table, billionths; 0 without one.
    pub frequency: u64,
    /// Visits made, in all cycles and under all seeds.
    pub visits: u64,
    /// Visits a unit and cycle, billionths, rounded down.
    pub mean: u64,
    /// The longest time without a visit, in rounds, the times before the first visit and after the last
    /// included.
    pub longest_gap: u64,
    /// By visits drawn in a cycle, the number of units and cycles that had them.
    pub years: BTreeMap<u64, u64>,
}

/// The fewest and the most visits drawn in one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundLoad {
    /// The fewest.
    pub least: u64,
    /// The most.
    pub most: u64,
}

/// The result of a study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudySummary {
    /// Years that were drawn: cycles times seeds.
    pub years: u64,
    /// Rounds that were drawn.
    pub rounds: u64,
    /// The visits drawn in one round.
    pub load: RoundLoad,
    /// Drawn visits.
    pub drawn: u64,
    /// Of them missed.
    pub missed: u64,
    /// Coverage of the whole frame at the end of the cycles, all together: units reached of active units.
    pub covered: Option<Fraction>,
    /// The lowest coverage of the whole frame at the end of a cycle.
    pub lowest: Option<Fraction>,
    /// Nodes below their floor at the end of a cycle, counted over all cycles and seeds. Without misses it is
    /// 0.
    pub deficits: u64,
    /// The node with the lowest coverage of all bounded nodes, and that coverage.
    pub weakest: Option<(String, Fraction)>,
    /// Units with probability 0 in a round, in the mean over the rounds, rounded down.
    pub safe: u64,
    /// Units with probability 1, likewise.
    pub certain: u64,
    /// Control visits expected in a cycle, billionths, in the mean.
    pub control: u128,
    /// The outsider's guess of [`Foresight`], in the mean over the rounds, billionths.
    pub guess: u64,
    /// By risk and credit level.
    pub levels: BTreeMap<(Code, Code), LevelSummary>,
    /// Units of [`Self::levels`] without a visit in all years of a seed, summed over the seeds.
    pub unvisited: u64,
    /// What an outsider can foresee, by round of the cycle (from 1), risk and credit: sums over all years and
    /// seeds, the guess over all their visits.
    pub foresight: BTreeMap<(u64, Code, Code), Foresight>,
    /// The work of the officers, in a study with a roster.
    pub work: Option<OfficerWork>,
}

impl StudySummary {
    /// What an outsider can foresee over all rounds and levels together: sums over all draws, the guess over
    /// all their visits.
    #[must_use]
    pub fn foreseen(&self) -> Foresight {
        self.foresight.values().fold(Foresight::default(), |sum, one| sum.together(one))
    }
}

/// What history tells an outsider in the round of which it tells most: his guess over the least possible one,
/// levels weighted by their visits. [`ONE`]: nothing. Billionths, rounded down; `None` without a visit.
///
/// `found` are levels, each with its round. Levels are known to everybody, and drawn unequally often on
/// purpose: taken together they would look foreseeable by that alone.
#[must_use]
pub fn foresight_ratio<'a>(found: impl IntoIterator<Item = (u64, &'a Foresight)>) -> Option<u64> {
    let mut rounds: BTreeMap<u64, [u128; 2]> = BTreeMap::new();
    for (round, one) in found {
        let sums = rounds.entry(round).or_default();
        sums[0] += one.expected * u128::from(one.guess);
        sums[1] += one.expected * u128::from(one.least_guess());
    }
    let ratio = |[guess, least]: [u128; 2]| (guess * u128::from(ONE)).checked_div(least);
    rounds.into_values().filter_map(ratio).max().and_then(|ratio| u64::try_from(ratio).ok())
}

/// The visits of one unit while its years are drawn.
#[derive(Debug, Clone, Copy, Default)]
struct Track {
    visits: u64,
    last: u64,
    gap: u64,
}

/// A round that was drawn.
struct DrawnRound<'a> {
    plan: &'a Plan,
    seed: Digest,
    /// Its number in the cycle.
    draw: u64,
    date: Date,
    /// The drawn units, ascending by position.
    positions: Vec<usize>,
    /// Their teams, in a study with a roster.
    teams: Option<BTreeMap<UnitId, Vec<InspectorId>>>,
}

impl Study {
    /// Takes a frame, a policy whose own round is ignored, and the shares of a cycle's rounds. The frame
    /// stays as it is; the date moves on evenly, a cycle having 365 days.
    ///
    /// # Errors
    /// A share is 0, or they do not sum to 1.
    pub fn new(
        frame: Frame,
        policy: Policy,
        shares: Vec<Billionths>,
        cycles: u64,
    ) -> Result<Self, StudyError> {
        let sum: u128 = shares.iter().map(|share| u128::from(share.get())).sum();
        if sum != u128::from(ONE) || shares.contains(&Billionths::ZERO) {
            let shares = shares.iter().map(ToString::to_string).collect();
            return Err(StudyError::Shares { shares });
        }
        let pseudonyms = frame.pseudonyms(policy.suite, &SaltKey::new([0; 32]));
        let (begins, past, roster, missed) = (Cycle::default(), 0, None, Billionths::ZERO);
        Ok(Self { begins, past, roster, frame, policy, shares, cycles, missed, pseudonyms })
    }

    /// Sends officers, too: every round has a second lot. The roster stays as it is, with the absences and
    /// certificates of the policy's window; loads grow, and rotation bars who came last. Teams take far
    /// longer than the draw of the units.
    #[must_use]
    pub fn staffed(self, roster: Roster) -> Self {
        Self { roster: Some(roster), ..self }
    }

    /// Begins in mid-year, from a state, on the policy's date. Its pending visits count as made on that date.
    /// The first cycle has the rounds that the state has not spent.
    ///
    /// # Errors
    /// What is spent is not the sum of the first shares.
    ///
    /// # Panics
    /// Never: the visits are those that the state has pending.
    pub fn from_state(self, mut cycle: Cycle) -> Result<Self, StudyError> {
        let mut left = cycle.spent().get();
        let mut past = 0;
        while let Some(share) = self.shares.get(past).filter(|share| share.get() <= left) {
            (left, past) = (left - share.get(), past + 1);
        }
        if left > 0 {
            let shares = self.shares.iter().map(ToString::to_string).collect();
            return Err(StudyError::Begins { spent: cycle.spent(), shares });
        }
        let pending = cycle.open().iter();
        let pending: Vec<_> =
            pending.flat_map(|open| open.pending.keys().map(|unit| (open.draw, unit.clone()))).collect();
        for (draw, unit) in pending {
            let date = self.policy.as_of;
            let made = Event::Visited { date, draw, items: Vec::new(), team: Vec::new(), unit };
            cycle.apply(&made).expect("a pending visit");
        }
        Ok(Self { begins: cycle, past, ..self })
    }

    /// The chance that a drawn visit cannot be made (closed, not found), independently; 0 unless said
    /// otherwise. At most 1 counts.
    #[must_use]
    pub fn missing(self, chance: Billionths) -> Self {
        Self { missed: chance.min(Billionths::ONE), ..self }
    }

    /// Draws the cycles under every seed.
    ///
    /// # Errors
    /// Some round has no plan: the policy cannot keep its promises on this frame.
    ///
    /// # Panics
    /// Never: the events are those of the draws.
    pub fn run(&self, seeds: &[Digest]) -> Result<StudySummary, StudyError> {
        let mut summary =
            StudySummary { load: RoundLoad { least: u64::MAX, most: 0 }, ..StudySummary::default() };
        summary.work = self.roster.as_ref().map(|_| OfficerWork::default());
        let mut foresight = (Foresight::default(), 0u128);
        for seed in seeds {
            self.years(seed, &mut summary, &mut foresight)?;
        }
        let (sum, guesses) = foresight;
        let rounds = summary.rounds.max(1);
        summary.safe = sum.safe / rounds;
        summary.certain = (sum.certain_by_rule + sum.certain_by_schedule) / rounds;
        summary.control = sum.control / u128::from(summary.years.max(1));
        summary.guess = u64::try_from(guesses / u128::from(rounds)).expect("a mean of probabilities");
        summary.load.least = summary.load.least.min(summary.load.most);
        if let Some(work) = &mut summary.work {
            work.loads.sort_unstable();
        }
        let years = summary.years;
        for level in summary.levels.values_mut() {
            level.units /= u64::try_from(seeds.len().max(1)).expect("a length");
            let of = u128::from(level.units) * u128::from(years);
            let mean = (u128::from(level.visits) * u128::from(ONE)).checked_div(of).unwrap_or(0);
            level.mean = u64::try_from(mean).expect("visits a year");
        }
        Ok(summary)
    }

    /// All cycles under one seed.
    fn years(
        &self,
        seed: &Digest,
        summary: &mut StudySummary,
        foresight: &mut (Foresight, u128),
    ) -> Result<(), StudyError> {
        let mut cycle = self.begins.clone();
        let mut tracks = vec![Track::default(); self.frame.units().len()];
        let rounds = u64::try_from(self.shares.len()).expect("a length");
        let past = u64::try_from(self.past).expect("a length");
        // Draws of the state have their numbers, and time begins with the first round that is drawn here.
        let first = cycle.last_draw();
        let mut roster = self.roster.clone();
        for year in 0..self.cycles {
            let mut loads = vec![0; roster.as_ref().map_or(0, |roster| roster.inspectors().len())];
            let passed = if year == 0 { self.past } else { 0 };
            for (number, share) in (0u64..).zip(&self.shares).skip(passed) {
                let time = year * rounds + number + 1 - past;
                let days = i64::try_from((time - 1) * 365 / rounds).unwrap_or(i64::MAX);
                let (policy, date) = self.policy_of(*share, cycle.spent(), days);
                let round = usize::try_from(number).expect("a position") + 1;
                let none =
                    || Roster::new([], [], &policy.roster, policy.as_of).expect("no rows, no problems");
                let present = roster.clone().unwrap_or_else(none);
                let plan = Plan::derive(self.frame.clone(), present, policy, cycle.clone())
                    .map_err(|error| StudyError::Plan { cycle: year + 1, round, error })?;
                let (sum, guesses) = &mut *foresight;
                let seen = plan.foresight();
                sum.safe += seen.safe;
                sum.certain_by_rule += seen.certain_by_rule;
                sum.certain_by_schedule += seen.certain_by_schedule;
                sum.control += seen.control;
                *guesses += u128::from(seen.guess);
                for ((risk, credit), found) in plan.foresight_by_level() {
                    let level = (number + 1, risk.clone(), credit.clone());
                    let known = summary.foresight.entry(level).or_default();
                    *known = known.together(&found);
                }
                let seed = simulation::round_seed(&Key::new(self.policy.suite, *seed), time);
                let positions = sample::replay_positions(&plan, &self.pseudonyms, &seed);
                let teams = summary.work.as_mut().zip(roster.as_mut()).map(|(work, roster)| {
                    let teams = assign(&plan, &seed, &positions).teams;
                    let visits = work.add(&teams, plan.frame(), roster);
                    roster.add_loads(&visits);
                    loads.iter_mut().zip(visits).for_each(|(sum, visits)| *sum += visits);
                    work::by_visit(&teams)
                });
                let drawn = DrawnRound { plan: &plan, seed, draw: first + time, date, positions, teams };
                let picks = self.visit(drawn, &mut cycle, summary);
                for unit in picks {
                    let track = &mut tracks[unit];
                    track.gap = track.gap.max(time - track.last);
                    (track.visits, track.last) = (track.visits + 1, time);
                }
            }
            for unit in self.frame.units().iter().filter(|unit| self.policy.outside(unit, None).is_none()) {
                let drawn = cycle.get(&unit.id).map_or(0, |standing| standing.drawn);
                let level = summary.levels.entry((unit.risk.clone(), unit.credit.clone())).or_default();
                *level.years.entry(drawn).or_default() += 1;
            }
            summary.work.iter_mut().for_each(|work| work.loads.append(&mut loads));
            self.account(&cycle, summary);
            cycle.apply(&Event::CycleClosed {}).expect("every visit is settled");
            summary.years += 1;
        }
        let end = (self.cycles * rounds).saturating_sub(past) + 1;
        for (unit, Track { visits, last, gap }) in self.frame.units().iter().zip(tracks) {
            if self.policy.outside(unit, None).is_some() {
                continue;
            }
            summary.unvisited += u64::from(visits == 0);
            let entry = self.policy.frequency_of(&unit.risk, &unit.credit);
            let level = summary.levels.entry((unit.risk.clone(), unit.credit.clone())).or_default();
            level.units += 1;
            level.frequency = entry.map_or(0, |entry| entry.visits.get());
            level.visits += visits;
            level.longest_gap = level.longest_gap.max(gap).max(end - last);
        }
        Ok(())
    }

    /// The policy of a round, and its date.
    fn policy_of(&self, share: Billionths, spent: Billionths, days: i64) -> (Policy, Date) {
        let rest = Billionths::new(ONE - spent.get()).expect("at most one");
        let date = self.policy.as_of.plus_days(days).unwrap_or(self.policy.as_of);
        (self.policy.on(date, Round { rest, share }), date)
    }

    /// The visits of one round, made or missed. Returns the visited positions.
    fn visit(&self, drawn: DrawnRound<'_>, cycle: &mut Cycle, summary: &mut StudySummary) -> Vec<usize> {
        let DrawnRound { plan, seed, draw, date, mut positions, teams } = drawn;
        let drawn = sample::drawn(plan, draw, &seed, &self.pseudonyms, &positions);
        let event = Event::Drawn(drawn.expect("picks that the seed gives"));
        cycle.apply(&event).expect("a draw of this cycle");
        let count = u64::try_from(positions.len()).expect("a length");
        summary.rounds += 1;
        summary.drawn += count;
        let RoundLoad { least, most } = summary.load;
        summary.load = RoundLoad { least: least.min(count), most: most.max(count) };
        let seed = Key::new(self.policy.suite, seed);
        let mut teams = teams.unwrap_or_default();
        positions.retain(|&position| {
            let unit = plan.frame().units()[position].id.clone();
            let made = !simulation::missed(&seed, unit.as_str(), self.missed.get());
            let event = if made {
                let (items, team) = (Vec::new(), teams.remove(&unit).unwrap_or_default());
                Event::Visited { date, draw, items, team, unit }
            } else {
                summary.missed += 1;
                Event::Missed { date, draw, reason: Code::parse("missed").expect("a code"), unit }
            };
            cycle.apply(&event).expect("a pending visit");
            made
        });
        positions
    }

    /// The coverage at the end of a cycle.
    fn account(&self, cycle: &Cycle, summary: &mut StudySummary) {
        let report = cycle.coverage(&self.frame, &self.policy);
        let lower = |a: Fraction, b: Fraction| {
            u128::from(a.part) * u128::from(b.of) < u128::from(b.part) * u128::from(a.of)
        };
        for node in &report.nodes {
            let coverage = node.coverage();
            if node.node.is_empty() && matches!(node.level, CoverageLevel::Stratum(_)) {
                let sum = summary.covered.get_or_insert(Fraction { part: 0, of: 0 });
                (sum.part, sum.of) = (sum.part + coverage.part, sum.of + coverage.of);
                if summary.lowest.is_none_or(|low| lower(coverage, low)) {
                    summary.lowest = Some(coverage);
                }
            }
            if node.bounds.is_some() && node.active > 0 {
                summary.deficits += u64::from(node.deficit() > 0);
                if summary.weakest.as_ref().is_none_or(|(_, low)| lower(coverage, *low)) {
                    summary.weakest = Some((node.node.clone(), coverage));
                }
            }
        }
    }
}
