//! The policy's rules about single units: who is certain, who is exempt, and the measure of everybody else (Spec 10.1 and 10.2).

use super::PlanError;
use crate::calendar::Date;
use crate::cycle::{MOST, Standing};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::odds::ONE;
use crate::odds::hazard::{self, Due};
use crate::policy::{
    Based, Billionths, Certainty, CertaintyRule, Design, Exclusion, ExclusionRule, Outside, Policy,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a unit is not drawn, or which rule makes it certain. Indices point into the policy's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Outside(Outside),
    Excluded(usize),
    Certain(usize),
    Open,
}

/// The reason code of a verdict that excludes.
pub(super) fn reason(policy: &Policy, verdict: Verdict) -> Option<Code> {
    match verdict {
        Verdict::Outside(outside) => Some(outside.code()),
        Verdict::Excluded(rule) => Some(policy.exclusions[rule].code.clone()),
        Verdict::Certain(_) | Verdict::Open => None,
    }
}

/// The policy's rules about single units, with the tables that make them quick to apply.
pub(crate) struct Rules<'a> {
    policy: &'a Policy,
    frequency: BTreeMap<(&'a Code, &'a Code), u64>,
    /// The units that rules name, by the position of the rule: certainties, then exclusions.
    certain: Vec<BTreeSet<&'a UnitId>>,
    excluded: Vec<BTreeSet<&'a UnitId>>,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(policy: &'a Policy) -> Self {
        let frequency = policy.frequency.iter().map(|f| ((&f.risk, &f.credit), f.visits.get())).collect();
        let certain = policy.certainties.iter().map(|rule| match &rule.rule {
            CertaintyRule::Units(units) => units.iter().collect(),
            _ => BTreeSet::new(),
        });
        let excluded = policy.exclusions.iter().map(|rule| match &rule.rule {
            ExclusionRule::Units(units) => units.iter().collect(),
            _ => BTreeSet::new(),
        });
        Self { policy, frequency, certain: certain.collect(), excluded: excluded.collect() }
    }

    pub(super) const fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Spec 10.1: the first rule that applies.
    pub(super) fn verdict(&self, unit: &Unit, standing: Option<&Standing>) -> Verdict {
        let policy = self.policy;
        let last_visit = standing.and_then(|s| s.last_visit);
        if let Some(outside) = policy.outside(unit, last_visit) {
            return Verdict::Outside(outside);
        }
        // Who has never been visited is overdue since he is known to exist, whichever way that is known.
        let seen = standing.and_then(|s| s.first_seen);
        let known_since = last_visit.or_else(|| seen.into_iter().chain(unit.opened).min());
        let since = |day: Date| u64::try_from(policy.as_of.days_since(day)).unwrap_or(0);
        let of_kind = |kinds: &[Code]| kinds.is_empty() || kinds.contains(&unit.kind);
        let certain = |(certainty, units): (&Based<Certainty>, &BTreeSet<&UnitId>)| {
            of_kind(&certainty.kinds)
                && match &certainty.rule {
                    CertaintyRule::Units(_) => units.contains(&unit.id),
                    CertaintyRule::Signal { at_least, signal } => {
                        unit.signals.get(signal).is_some_and(|n| n >= at_least)
                    }
                    CertaintyRule::NotVisitedDays(days) => known_since.is_some_and(|day| since(day) > *days),
                }
        };
        if let Some(rule) = policy.certainties.iter().zip(&self.certain).position(certain) {
            return Verdict::Certain(rule);
        }
        let excluded = |(exclusion, units): (&Based<Exclusion>, &BTreeSet<&UnitId>)| {
            of_kind(&exclusion.kinds)
                && match &exclusion.rule {
                    ExclusionRule::Units(_) => units.contains(&unit.id),
                    ExclusionRule::Kinds(kinds) => kinds.contains(&unit.kind),
                    ExclusionRule::VisitedWithinDays(days) => {
                        last_visit.is_some_and(|day| since(day) <= *days)
                    }
                    ExclusionRule::OpenedWithinDays(days) => {
                        unit.opened.is_some_and(|day| since(day) <= *days)
                    }
                    ExclusionRule::VisitsAtLeast(visits) => {
                        standing.is_some_and(|s| s.reached() + s.others >= *visits)
                    }
                }
        };
        policy
            .exclusions
            .iter()
            .zip(&self.excluded)
            .position(excluded)
            .map_or(Verdict::Open, Verdict::Excluded)
    }

    /// Whether the levels of a unit are those of the rule table, where there is one (Spec 10.2).
    pub(super) fn is_rated(&self, unit: &Unit) -> bool {
        self.policy.rating.is_none()
            || self.policy.levels(&unit.kind, &unit.signals) == Some((&unit.risk, &unit.credit))
    }

    /// Spec 10.2, steps 1 and 2: the base and what the signals add.
    pub(super) fn base(&self, unit: &Unit) -> Result<u64, PlanError> {
        let Some(base) = self.policy.base(|| self.frequency.get(&(&unit.risk, &unit.credit)).copied()) else {
            let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
            return Err(PlanError::UnknownLevel { unit: unit.id.clone(), risk, credit });
        };
        let rating = self.policy.rating.as_ref();
        let base = rating.map_or(base, |rating| rating.visits(base, &unit.kind, &unit.signals));
        Ok(base + self.policy.signals.iter().filter_map(|signal| signal.added(unit)).sum::<u64>())
    }

    /// Spec 10.2: the measure of a unit that may be drawn, and its schedule in a draw by frequency.
    pub(super) fn measure(
        &self,
        unit: &Unit,
        standing: Option<&Standing>,
        verdict: Verdict,
    ) -> Result<(u64, Option<Due>), PlanError> {
        let sum = self.base(unit)?;
        let full =
            |s: &Standing| s.exposure.get() > Billionths::MAX.get() - ONE || s.drawn.max(s.credited) >= MOST;
        if standing.is_some_and(full) {
            return Err(PlanError::Exhausted { unit: unit.id.clone() });
        }
        let certain = matches!(verdict, Verdict::Certain(_));
        match self.policy.design {
            Design::Number { .. } => Ok((sum, None)),
            Design::Rate { .. } => Ok((if certain { ONE } else { sum.min(ONE) }, None)),
            Design::Frequency {} => {
                let share = self.policy.round().share.get();
                // With a rating, what a signal adds must not stop the draw of all others: once in a draw is the most there is.
                let most = self.policy.rating.as_ref().map(|_| ONE);
                let Some(due) = hazard::due(sum, share).or(most) else {
                    let one = u128::from(ONE);
                    return Err(PlanError::MoreThanOneVisit {
                        unit: unit.id.clone(),
                        due: u128::from(sum) * u128::from(share) / one,
                        largest_share: one * one / u128::from(sum),
                        rounds: u128::from(sum).div_ceil(one),
                    });
                };
                let (exposure, credited) = standing.map_or((0, 0), |s| (s.exposure.get(), s.credited));
                // A make-up draw (rest 0) brings what is missing and nothing else.
                let surprise = self
                    .policy
                    .surprise
                    .filter(|_| self.policy.round().rest.get() > 0)
                    .map_or(0, Billionths::get);
                let due = Due::new(due, exposure, credited, surprise);
                Ok(if certain { (ONE, Some(due.certain())) } else { (due.reachable, Some(due)) })
            }
        }
    }
}

impl crate::policy::Signal {
    /// What this rule adds to the unit's measure, if its signal is there often enough.
    pub(super) fn added(&self, unit: &Unit) -> Option<u64> {
        unit.signals.get(&self.signal).is_some_and(|n| *n >= self.at_least).then(|| self.add.get())
    }
}
