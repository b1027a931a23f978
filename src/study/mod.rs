//! Policies tried before they are adopted, and estimates from what draws have found.
//!
//! [`Study`] draws the years of a policy on a given frame, under seeds from a list, and reports coverage,
//! visits by level, longest gaps, load and foreseeability. Nothing here decides a draw; the draws are those
//! of the path. [`violation_rate`] estimates how many institutions break the rules, from visits that were not
//! equally likely; [`year_weights`] and [`found_share`] do so for the draws of a year and for parts of it. [`audit`], [`meetings`], [`generators`] and [`xorshift`] examine lists that other people
//! drew, and [`schemes`] makes such lists, to learn what would be found.

pub mod audit;
mod estimate;
mod figures;
pub mod generators;
pub mod meetings;
pub mod schemes;
pub mod xorshift;

pub use estimate::{
    Estimate, Observation, RateChange, RateInterval, WeighedVisit, found_share, rate_change, violation_rate,
};
pub use figures::{YearChance, YearOutcome, YearWeights, year_weights};

use crate::bytes::{Digest, Half, SaltKey};
use crate::calendar::Date;
use crate::cycle::{CoverageLevel, Cycle, Event, Fraction};
use crate::frame::Frame;
use crate::id::Code;
use crate::lot::{Key, simulation};
use crate::odds::ONE;
use crate::plan::{Foresight, Plan, PlanError};
use crate::policy::{Billionths, Policy, Round};
use crate::roster::Roster;
use crate::sample;
use std::collections::BTreeMap;

/// A policy to be tried over several cycles on one frame.
#[derive(Debug, Clone)]
pub struct Study {
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

/// The result for the units of one pair of levels.
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
}

/// The visits of one unit while its years are drawn.
#[derive(Debug, Clone, Copy, Default)]
struct Track {
    visits: u64,
    last: u64,
    gap: u64,
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
        Ok(Self { frame, policy, shares, cycles, missed: Billionths::ZERO, pseudonyms })
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
        let mut cycle = Cycle::default();
        let mut tracks = vec![Track::default(); self.frame.units().len()];
        let rounds = u64::try_from(self.shares.len()).expect("a length");
        for year in 0..self.cycles {
            for (number, share) in (0u64..).zip(&self.shares) {
                let time = year * rounds + number + 1;
                let days = i64::try_from((year * rounds + number) * 365 / rounds).unwrap_or(i64::MAX);
                let (policy, date) = self.policy_of(*share, cycle.spent(), days);
                let round = usize::try_from(number).expect("a position") + 1;
                let roster = Roster::new([], [], &policy.roster, policy.as_of).expect("no rows, no problems");
                let plan = Plan::derive(self.frame.clone(), roster, policy, cycle.clone())
                    .map_err(|error| StudyError::Plan { cycle: year + 1, round, error })?;
                let (sum, guesses) = &mut *foresight;
                let seen = plan.foresight();
                sum.safe += seen.safe;
                sum.certain_by_rule += seen.certain_by_rule;
                sum.certain_by_schedule += seen.certain_by_schedule;
                sum.control += seen.control;
                *guesses += u128::from(seen.guess);
                let seed = simulation::round_seed(&Key::new(self.policy.suite, *seed), time);
                let picks = self.draw(&plan, &seed, time, date, &mut cycle, summary);
                for unit in picks {
                    let track = &mut tracks[unit];
                    track.gap = track.gap.max(time - track.last);
                    (track.visits, track.last) = (track.visits + 1, time);
                }
            }
            self.account(&cycle, summary);
            cycle.apply(&Event::CycleClosed {}).expect("every visit is settled");
            summary.years += 1;
        }
        let end = self.cycles * rounds + 1;
        for (unit, Track { visits, last, gap }) in self.frame.units().iter().zip(tracks) {
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

    /// One round: the draw, and its visits made or missed. Returns the visited positions.
    fn draw(
        &self,
        plan: &Plan,
        seed: &Digest,
        time: u64,
        date: Date,
        cycle: &mut Cycle,
        summary: &mut StudySummary,
    ) -> Vec<usize> {
        let mut positions = sample::replay_positions(plan, &self.pseudonyms, seed);
        let drawn = Event::Drawn(sample::drawn(plan, time, seed, &positions));
        cycle.apply(&drawn).expect("a draw of this cycle");
        let count = u64::try_from(positions.len()).expect("a length");
        summary.rounds += 1;
        summary.drawn += count;
        let RoundLoad { least, most } = summary.load;
        summary.load = RoundLoad { least: least.min(count), most: most.max(count) };
        let seed = Key::new(self.policy.suite, *seed);
        positions.retain(|&position| {
            let unit = plan.frame().units()[position].id.clone();
            let made = !simulation::missed(&seed, unit.as_str(), self.missed.get());
            let (draw, items, team) = (time, Vec::new(), Vec::new());
            let event = if made {
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
            if node.node.is_empty()
                && matches!(node.level, CoverageLevel::Stratum(_))
                && summary.lowest.is_none_or(|low| lower(coverage, low))
            {
                summary.lowest = Some(coverage);
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
