//! Why a unit has the probability it has: every rule that led to it, in order, in words an officer can read.

use super::{Bounded, Fit, Plan, Verdict};
use crate::chance::ONE;
use crate::chance::allocation::Scale;
use crate::chance::hazard::Due;
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::policy::{Billionths, Design, Fired};
use crate::stratum::StratumPath;
use std::fmt;

/// One rule that had a say in a unit's probability.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The unit cannot be drawn.
    Excluded {
        /// Reason code.
        code: Code,
        /// The rule it comes from; empty for the protocol's own reasons.
        basis: String,
    },
    /// The unit is certain by a rule of the policy.
    Certain {
        /// Reason code.
        code: Code,
        /// The rule it comes from.
        basis: String,
    },
    /// The base: rate, frequency or size, billionths.
    Base {
        /// Risk level.
        risk: Code,
        /// Credit level.
        credit: Code,
        /// Billionths.
        value: u64,
    },
    /// A rule of the rating that applied to it.
    Rated {
        /// The rule, what let it apply and what it moved.
        fired: Fired,
        /// The rule it comes from.
        basis: String,
    },
    /// A signal that raised it.
    Signal {
        /// Which.
        signal: Code,
        /// How often the unit has it.
        count: u64,
        /// Billionths added.
        add: u64,
        /// The rule it comes from.
        basis: String,
    },
    /// The share of the yearly frequency that falls on this round, with what has happened so far.
    Round {
        /// This round's share, billionths.
        share: u64,
        /// Expected visits of the exposure window so far, billionths.
        exposure: u64,
        /// Draws credited against them.
        credited: u64,
        /// The probability that follows, billionths.
        probability: u64,
    },
    /// The control share keeps everybody reachable.
    Surprise {
        /// The control share, billionths.
        share: u64,
        /// The probability that follows, billionths.
        probability: u64,
    },
    /// A floor or a limit of a node changed the probabilities there.
    Bound {
        /// The node.
        node: StratumPath,
        /// Its figures, and whether it was raised or lowered.
        bounded: Bounded,
    },
    /// What the bounds together made of it.
    Bounds {
        /// Before, billionths.
        from: u64,
        /// After, billionths.
        to: u64,
    },
    /// In a number draw: this size among all sizes.
    Share {
        /// How many are still to be drawn besides the certain ones.
        number: u128,
        /// The unit's size.
        size: u64,
        /// The sum of all sizes that are not certain.
        of: u128,
    },
}

/// How a unit came to its inclusion probability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// The rules in order.
    pub steps: Vec<Step>,
    /// The stratum path of its cell, if it may be drawn.
    pub path: Option<StratumPath>,
    /// The probability in billionths, rounded down (rate draws: exact).
    pub probability: u64,
}

/// Billionths as a decimal text.
fn decimal(billionths: u64) -> String {
    Billionths::new(billionths).map_or_else(|_| format!("{billionths}/{ONE}"), |b| b.to_string())
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded { code, basis } if basis.is_empty() => write!(f, "not drawn: {code}"),
            Self::Excluded { code, basis } => write!(f, "not drawn: {code} ({basis})"),
            Self::Certain { code, basis } => write!(f, "certain: {code} ({basis})"),
            Self::Base { risk, credit, value } => {
                write!(f, "base {} for risk {risk}, credit {credit}", decimal(*value))
            }
            Self::Rated { fired, basis } => write!(f, "{fired} ({basis})"),
            Self::Signal { signal, count, add, basis } => {
                write!(f, "+ {} for {count} × {signal} ({basis})", decimal(*add))
            }
            Self::Round { share, exposure, credited, probability } => write!(
                f,
                "this round has {} of the year; expected so far {}, drawn {credited}: {}",
                decimal(*share),
                decimal(*exposure),
                decimal(*probability)
            ),
            Self::Surprise { share, probability } => {
                write!(f, "control share {} of what is left: {}", decimal(*share), decimal(*probability))
            }
            Self::Bound { node, bounded } => {
                let (Bounded { active, quota, limit, .. }, rules) = (bounded, bounded.named());
                match bounded.fit {
                    Fit::Lowered => write!(f, "{node} may reach at most {limit} of {active}{rules}: lowered"),
                    Fit::Raised | Fit::Kept => {
                        write!(f, "{node} must reach {quota} of {active}{rules}: raised")
                    }
                }
            }
            Self::Bounds { from, to } => write!(f, "from {} to {}", decimal(*from), decimal(*to)),
            Self::Share { number, size, of } => write!(f, "{number} × {size} / {of}"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.unit, self.name, decimal(self.probability))?;
        self.steps.iter().try_for_each(|step| write!(f, "\n  {step}"))
    }
}

impl Plan {
    /// How the unit of this id came to its probability. `None` if it is not on the frame.
    #[must_use]
    pub fn explain(&self, id: &UnitId) -> Option<Explanation> {
        let position = self.frame.position(id)?;
        let unit = &self.frame.units()[position];
        let planned = self.units[position];
        let (mut steps, moved) = self.explain_rating(unit);
        let cell = planned.cell.and_then(|cell| self.cells.get(usize::try_from(cell).ok()?));
        if let Some(code) = self.exclusion(position) {
            let basis = match planned.verdict {
                Verdict::Excluded(rule) => self.policy.exclusions[rule].basis.clone(),
                _ => String::new(),
            };
            steps.push(Step::Excluded { code, basis });
        } else if let Verdict::Certain(rule) = planned.verdict {
            let certainty = &self.policy.certainties[rule];
            steps.push(Step::Certain { code: certainty.code.clone(), basis: certainty.basis.clone() });
        } else {
            self.explain_measure(position, moved, &mut steps);
            let applied = self.bounded.iter().filter(|(node, bounded)| {
                bounded.fit != Fit::Kept && cell.is_some_and(|c| c.path.within(node.node()))
            });
            // Deepest first, as they were applied.
            let mut applied: Vec<(&StratumPath, &Bounded)> = applied.collect();
            applied.reverse();
            let changed = cell.filter(|c| c.size != planned.measured && self.scale == Scale::RATE);
            if let Some(cell) = changed {
                steps.extend(
                    applied
                        .into_iter()
                        .map(|(node, bounded)| Step::Bound { node: node.clone(), bounded: bounded.clone() }),
                );
                steps.push(Step::Bounds { from: planned.measured, to: cell.size });
            }
            if matches!(self.policy.design, Design::Number { .. })
                && let Some(cell) = cell.filter(|c| !c.certain)
            {
                steps.push(Step::Share { number: self.scale.factor, size: cell.size, of: self.scale.step });
            }
        }
        Some(Explanation {
            unit: id.clone(),
            name: unit.name.clone(),
            steps,
            path: cell.map(|c| c.path.clone()),
            probability: self.probability(position)?,
        })
    }

    /// The rules of the rating that applied to a unit, whether or not it may be drawn: those of its levels, those of its base.
    fn explain_rating(&self, unit: &Unit) -> (Vec<Step>, Vec<Step>) {
        let Some((rating, rated)) =
            self.policy.rating.as_ref().zip(self.policy.rate(&unit.kind, &unit.signals))
        else {
            return (Vec::new(), Vec::new());
        };
        let rules = || rating.levels.iter().chain(&rating.visits).flat_map(|stage| &stage.rules);
        let basis = |fired: &Fired| {
            rules().find(|rule| rule.code == fired.code).map(|rule| rule.basis.clone()).unwrap_or_default()
        };
        let of_levels = |fired: &Fired| rating.levels.iter().any(|stage| stage.code == fired.stage);
        let (levels, visits): (Vec<Fired>, Vec<Fired>) = rated.fired.into_iter().partition(of_levels);
        let step = |fired: Fired| Step::Rated { basis: basis(&fired), fired };
        (levels.into_iter().map(step).collect(), visits.into_iter().map(step).collect())
    }

    /// Base, signals and round of an open unit.
    fn explain_measure(&self, position: usize, moved: Vec<Step>, steps: &mut Vec<Step>) {
        let unit = &self.frame.units()[position];
        let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
        let table = self.policy.frequency_of(&risk, &credit).map(|entry| entry.visits);
        let value = self.policy.base(|| table.map(Billionths::get)).unwrap_or(ONE);
        steps.push(Step::Base { risk, credit, value });
        steps.extend(moved);
        for rule in &self.policy.signals {
            if let Some(add) = rule.added(unit) {
                let count = unit.signals.get(&rule.signal).copied().unwrap_or(0);
                let (signal, basis) = (rule.signal.clone(), rule.basis.clone());
                steps.push(Step::Signal { signal, count, add, basis });
            }
        }
        if let Some(due) = self.units[position].due {
            let share = self.policy.round().share.get();
            let Due { exposure, credited, base: probability, reachable, .. } = due;
            steps.push(Step::Round { share, exposure, credited, probability });
            if let Some(surprise) = self.policy.surprise.filter(|_| reachable > probability) {
                steps.push(Step::Surprise { share: surprise.get(), probability: reachable });
            }
        }
    }
}
