//! Why a unit has the probability it has: every rule that led to it, in order, in words an officer can read.

use super::{Plan, Verdict, coverage};
use crate::chance::ONE;
use crate::id::{Code, UnitId};
use crate::policy::{Billionths, Design};
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
        /// Expected visits so far, billionths.
        exposure: u64,
        /// Visits in this cycle so far.
        visits: u64,
        /// The probability that follows, billionths.
        probability: u64,
    },
    /// The coverage guard of a node raised it.
    Guard {
        /// The node.
        node: String,
        /// Active units there.
        active: u64,
        /// Visits there must be once the draw is done.
        quota: u64,
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
    pub path: Option<String>,
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
            Self::Signal { signal, count, add, basis } => {
                write!(f, "+ {} for {count} × {signal} ({basis})", decimal(*add))
            }
            Self::Round { share, exposure, visits, probability } => write!(
                f,
                "this round has {} of the year; expected so far {}, visited {visits}: {}",
                decimal(*share),
                decimal(*exposure),
                decimal(*probability)
            ),
            Self::Guard { node, active, quota, from, to } => write!(
                f,
                "raised from {} to {}: {node} must reach {quota} of {active}",
                decimal(*from),
                decimal(*to)
            ),
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
        let mut steps = Vec::new();
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
            self.explain_measure(position, &mut steps);
            let mut size = planned.measured;
            for guarded in &self.guards {
                let coverage::Guarded { node, active, quota, raised, .. } = guarded;
                let inside = cell.is_some_and(|c| coverage::within(&c.path, node));
                if let Some(&to) = raised.get(&size).filter(|_| inside) {
                    let (node, active, quota) = (node.clone(), *active, *quota);
                    steps.push(Step::Guard { node, active, quota, from: size, to });
                    size = to;
                }
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

    /// Base, signals and round of an open unit.
    fn explain_measure(&self, position: usize, steps: &mut Vec<Step>) {
        let unit = &self.frame.units()[position];
        let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
        let table = self.policy.visits(&risk, &credit);
        let value = match self.policy.design {
            Design::Rate { rate } => rate.get(),
            _ => table.map_or(ONE, Billionths::get),
        };
        steps.push(Step::Base { risk, credit, value });
        for rule in &self.policy.signals {
            if let Some(add) = rule.added(unit) {
                let count = unit.signals.get(&rule.signal).copied().unwrap_or(0);
                let (signal, basis) = (rule.signal.clone(), rule.basis.clone());
                steps.push(Step::Signal { signal, count, add, basis });
            }
        }
        if let Design::Frequency { share } = self.policy.design {
            let standing = self.cycle.get(&unit.id);
            let (exposure, visits) = standing.map_or((0, 0), |s| (s.exposure.get(), s.visits));
            let probability = self.units[position].measured;
            steps.push(Step::Round { share: share.get(), exposure, visits, probability });
        }
    }
}
