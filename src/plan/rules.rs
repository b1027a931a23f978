//! The policy's rules about single units: which are certain, which are exempt, and the measure of all others
//! (Spec 10.1, 10.2).

use super::PlanError;
use crate::calendar::Date;
use crate::cycle::{MOST, Phase, Standing};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::odds::ONE;
use crate::odds::hazard::{self, Balance, Due};
use crate::policy::{
    Billionths, CertaintyRule, Design, ExclusionRule, Frequency, Outside, Policy, RatingRule, Signal, Stage,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the rules about single units make of a unit. Positions are those of the policy's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Disposition {
    /// Not active, or not of the population.
    Outside(Outside),
    /// Exempt by this rule of `exclusions`.
    Excluded(usize),
    /// Certain by this rule of `certainties`.
    Certain(usize),
    /// Drawn with the probability of its measure.
    Open,
}

impl Disposition {
    pub(crate) const fn is_certain(self) -> bool {
        matches!(self, Self::Certain(_))
    }

    pub(crate) const fn may_be_drawn(self) -> bool {
        match self {
            Self::Certain(_) | Self::Open => true,
            Self::Outside(_) | Self::Excluded(_) => false,
        }
    }
}

/// The reason code of a disposition that keeps a unit out of the draw.
pub(super) fn reason(policy: &Policy, disposition: Disposition) -> Option<Code> {
    match disposition {
        Disposition::Outside(outside) => Some(outside.code()),
        Disposition::Excluded(rule) => Some(policy.exclusions[rule].code.clone()),
        Disposition::Certain(_) | Disposition::Open => None,
    }
}

/// The policy's rules about single units, with tables that make them quick to apply.
pub(crate) struct UnitRules<'a> {
    policy: &'a Policy,
    measures: MeasureRules<'a>,
    /// The units that each rule of `certainties` names.
    certain: Vec<BTreeSet<&'a str>>,
    /// The units that each rule of `exclusions` names.
    excluded: Vec<BTreeSet<&'a str>>,
}

impl<'a> UnitRules<'a> {
    pub(crate) fn new(policy: &'a Policy) -> Self {
        let named = |units: &'a [UnitId]| units.iter().map(UnitId::as_str).collect();
        let certain = policy.certainties.iter().map(|rule| named(rule.rule.units()));
        let excluded = policy.exclusions.iter().map(|rule| named(rule.rule.units()));
        let (certain, excluded) = (certain.collect(), excluded.collect());
        Self { policy, measures: MeasureRules::new(policy), certain, excluded }
    }

    pub(super) const fn measures(&self) -> &MeasureRules<'a> {
        &self.measures
    }

    /// The first rule that applies to a unit (Spec 10.1).
    pub(super) fn disposition(&self, unit: &Unit, standing: Option<&Standing>) -> Disposition {
        let policy = self.policy;
        let last_visit = standing.and_then(|s| s.last_visit);
        if let Some(outside) = policy.outside(unit, last_visit) {
            return Disposition::Outside(outside);
        }
        // The time without a visit begins with the last visit. A unit never visited is overdue from the day
        // on which it was first seen or opened, whichever is earlier.
        let first_seen = standing.and_then(|s| s.first_seen);
        let unvisited_since = last_visit.or_else(|| first_seen.into_iter().chain(unit.opened).min());
        let days_since = |day: Date| u64::try_from(policy.as_of.days_since(day)).unwrap_or(0);
        let of_kind = |kinds: &[Code]| kinds.is_empty() || kinds.contains(&unit.kind);
        let certain = policy.certainties.iter().zip(&self.certain).position(|(certainty, units)| {
            of_kind(&certainty.kinds)
                && match &certainty.rule {
                    CertaintyRule::Units(_) => units.contains(unit.id.as_str()),
                    CertaintyRule::Signal { at_least, signal } => {
                        unit.signals.get(signal).is_some_and(|count| count >= at_least)
                    }
                    CertaintyRule::NotVisitedDays(days) => {
                        unvisited_since.is_some_and(|day| days_since(day) > *days)
                    }
                }
        });
        if let Some(rule) = certain {
            return Disposition::Certain(rule);
        }
        let excluded = policy.exclusions.iter().zip(&self.excluded).position(|(exclusion, units)| {
            of_kind(&exclusion.kinds)
                && match &exclusion.rule {
                    ExclusionRule::Units(_) => units.contains(unit.id.as_str()),
                    ExclusionRule::Kinds(kinds) => kinds.contains(&unit.kind),
                    ExclusionRule::VisitedWithinDays(days) => {
                        last_visit.is_some_and(|day| days_since(day) <= *days)
                    }
                    ExclusionRule::OpenedWithinDays(days) => {
                        unit.opened.is_some_and(|day| days_since(day) <= *days)
                    }
                    ExclusionRule::VisitsAtLeast(visits) => {
                        standing.is_some_and(|s| s.reached() + s.others >= *visits)
                    }
                }
        });
        excluded.map_or(Disposition::Open, Disposition::Excluded)
    }
}

/// The measure of a unit (Spec 10.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// Inclusion probability before the bounds, billionths; in a number draw the measure of size.
    pub(super) size: u64,
    /// The schedule, in a draw by frequency.
    pub(super) due: Option<Due>,
}

/// One step of a measure. [`MeasureRules::measure`] passes each to its caller as it takes it, and an
/// explanation is made of them.
pub(super) enum MeasureStep<'a> {
    /// The base by the design, billionths.
    Base(u64),
    /// A rule of the rating that applied to the base, and the base before and after it, billionths.
    Rated { stage: &'a Stage, rule: &'a RatingRule, from: u64, to: u64 },
    /// A signal that raised the base, and how often the unit has it.
    Signal { rule: &'a Signal, count: u64 },
    /// The schedule of the round: its share of the cycle, billionths, and the part of the frequency that is
    /// due.
    Scheduled { share: u64, due: Due },
}

/// The rules that give units their measures, with a table that makes them quick to apply.
pub(super) struct MeasureRules<'a> {
    policy: &'a Policy,
    /// Entries of the frequency table by risk and credit level.
    frequency: BTreeMap<(&'a Code, &'a Code), &'a Frequency>,
}

impl<'a> MeasureRules<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        let frequency = policy.frequency.iter().map(|f| ((&f.risk, &f.credit), f)).collect();
        Self { policy, frequency }
    }

    /// The entry of the frequency table for the levels of a unit.
    fn entry(&self, unit: &Unit) -> Option<&'a Frequency> {
        self.frequency.get(&(&unit.risk, &unit.credit)).copied()
    }

    /// The base with what rating and signals add to it, billionths (Spec 10.2, steps 1 and 2).
    pub(super) fn base(&self, unit: &Unit, mut tell: impl FnMut(MeasureStep<'_>)) -> Result<u64, PlanError> {
        let policy = self.policy;
        let Some(base) = policy.base(|| self.entry(unit).map(|entry| entry.visits.get())) else {
            let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
            return Err(PlanError::UnknownLevel { unit: unit.id.clone(), risk, credit });
        };
        tell(MeasureStep::Base(base));
        let mut sum = match &policy.rating {
            Some(rating) => rating.visits(base, &unit.kind, &unit.signals, |stage, rule, from, to| {
                tell(MeasureStep::Rated { stage, rule, from, to });
            }),
            None => base,
        };
        for rule in &policy.signals {
            let count = unit.signals.get(&rule.signal).copied().unwrap_or(0);
            if rule.applies(count) {
                tell(MeasureStep::Signal { rule, count });
                sum += rule.add.get();
            }
        }
        Ok(sum)
    }

    /// The measure of a unit that may be drawn, `certain` by a rule or not (Spec 10.2). `tell` is given every
    /// step in order.
    pub(super) fn measure(
        &self,
        unit: &Unit,
        standing: Option<&Standing>,
        certain: bool,
        mut tell: impl FnMut(MeasureStep<'_>),
    ) -> Result<Measure, PlanError> {
        let base = self.base(unit, &mut tell)?;
        let full =
            |s: &Standing| s.exposure.get() > Billionths::MAX.get() - ONE || s.drawn.max(s.credited) >= MOST;
        if standing.is_some_and(full) {
            return Err(PlanError::Exhausted { unit: unit.id.clone() });
        }
        match self.policy.design {
            Design::Number { .. } => Ok(Measure { size: base, due: None }),
            Design::Rate { .. } => Ok(Measure { size: if certain { ONE } else { base.min(ONE) }, due: None }),
            Design::Frequency {} => {
                let due = self.schedule(unit, standing, base)?;
                tell(MeasureStep::Scheduled { share: self.policy.round().share.get(), due });
                Ok(if certain {
                    Measure { size: ONE, due: Some(due.certain()) }
                } else {
                    Measure { size: due.reachable, due: Some(due) }
                })
            }
        }
    }

    /// What is due to a unit in this round by its frequency, visits a cycle in billionths (Spec 10.2, step
    /// 5).
    fn schedule(&self, unit: &Unit, standing: Option<&Standing>, frequency: u64) -> Result<Due, PlanError> {
        let policy = self.policy;
        let round = policy.round();
        let share = round.share.get();
        // Under a rating, a unit with many signals must not stop the draw of all others: it is due one visit,
        // the most of a draw.
        let most = policy.rating.as_ref().map(|_| ONE);
        let Some(due) = hazard::due(frequency, share).or(most) else {
            let one = u128::from(ONE);
            return Err(PlanError::MoreThanOneVisit {
                unit: unit.id.clone(),
                due: u128::from(frequency) * u128::from(share) / one,
                largest_share: one * one / u128::from(frequency),
                rounds: u128::from(frequency).div_ceil(one),
            });
        };
        let slack = self.entry(unit).map_or(Billionths::ZERO, |entry| entry.slack);
        let (exposure, credited) = standing.map_or((0, 0), |s| (s.exposure.get(), s.credited));
        let phase = standing.map_or(Phase::NONE, |s| s.phase);
        let phase = (phase.slack == slack).then_some(phase.visits);
        let balance = Balance { exposure, credited, phase, slack: slack.get() };
        // A make-up draw (rest 0) makes up what is missing and has no control share.
        let surprise = policy.surprise.filter(|_| round.rest.get() > 0).map_or(0, Billionths::get);
        Ok(Due::new(due, balance, surprise))
    }
}

impl Signal {
    /// Whether the rule raises the measure of a unit that has its signal so many times.
    pub(super) const fn applies(&self, count: u64) -> bool {
        count >= self.at_least
    }
}
