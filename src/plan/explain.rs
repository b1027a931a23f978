//! Why a unit has its inclusion probability: every rule that contributed to it, in order and in plain words.

use super::rules::{Disposition, MeasureRules, MeasureStep};
use super::{Adjustment, Bounded, Plan, UnitPlan};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::message::{Coded, Message, fields, said};
use crate::odds::cells::{Cell, Scale};
use crate::odds::hazard::{Balance, Due};
use crate::policy::{Decimal, Design, Fired};
use crate::stratum::StratumPath;
use std::fmt;

/// One step from the rules of a policy to the probability of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExplanationStep {
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
        /// The phase with which the unit began, visits. `None` if it begins in this round.
        phase: Option<i64>,
        /// The slack of its level, billionths.
        slack: u64,
        /// The probability that follows, billionths.
        probability: u64,
    },
    /// The control share keeps every unit reachable.
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
    pub steps: Vec<ExplanationStep>,
    /// The stratum path of its cell, if it may be drawn.
    pub path: Option<StratumPath>,
    /// The probability in billionths, rounded down (rate draws: exact).
    pub probability: u64,
}

/// Billionths as a decimal.
fn decimal(billionths: u64) -> String {
    Decimal(u128::from(billionths)).to_string()
}

impl Coded for ExplanationStep {
    fn message(&self) -> Message {
        match self {
            Self::Excluded { code, basis } if basis.is_empty() => {
                said!("explain.not_drawn", "not drawn: {code}", code)
            }
            Self::Excluded { code, basis } => {
                said!("explain.not_drawn_by", "not drawn: {code} ({basis})", code, basis)
            }
            Self::Certain { code, basis } => {
                said!("explain.certain", "certain: {code} ({basis})", code, basis)
            }
            Self::Base { risk, credit, value } => {
                let value = decimal(*value);
                said!("explain.base", "base {value} for risk {risk}, credit {credit}", value, risk, credit)
            }
            Self::Rated { fired, basis } => {
                said!("explain.rated", "{fired} ({basis})", fired = fired.message(), basis)
            }
            Self::Signal { signal, count, add, basis } => said!(
                "explain.signal",
                "+ {add} for {count} × {signal} ({basis})",
                add = decimal(*add),
                count,
                signal,
                basis
            ),
            Self::Round { share, exposure, credited, phase, slack, probability } => {
                round([*share, *exposure, *probability], *credited, *phase, *slack)
            }
            Self::Surprise { share, probability } => said!(
                "explain.control",
                "control share {share} of what is left: {probability}",
                share = decimal(*share),
                probability = decimal(*probability)
            ),
            Self::Bound { node, bounded } => {
                let (Bounded { active, quota, limit, rules, .. }, named) = (bounded, bounded.named());
                match bounded.adjustment {
                    Adjustment::Lowered => Message::new(
                        "explain.at_most",
                        format!("{node} may reach at most {limit} of {active}{named}: lowered"),
                        fields!({ active, limit, node, rules }),
                    ),
                    Adjustment::Raised | Adjustment::Kept => Message::new(
                        "explain.at_least",
                        format!("{node} must reach {quota} of {active}{named}: raised"),
                        fields!({ active, node, quota, rules }),
                    ),
                }
            }
            Self::Bounds { from, to } => {
                said!("explain.bounds", "from {from} to {to}", from = decimal(*from), to = decimal(*to))
            }
            Self::Share { number, size, of } => {
                said!("explain.share", "{number} × {size} / {of}", number, size, of)
            }
        }
    }
}

/// What is said of the share of a round: share, exposure and probability in billionths, phase and slack.
fn round([share, exposure, probability]: [u64; 3], credited: u64, phase: Option<i64>, slack: u64) -> Message {
    let [share, exposure, probability, amount] = [share, exposure, probability, slack].map(decimal);
    match phase {
        None => said!(
            "explain.round_begins",
            "this round has {share} of the year; expected so far {exposure}, drawn {credited}, \
             begins with slack {slack}: {probability}",
            share,
            exposure,
            credited,
            slack = amount,
            probability
        ),
        Some(0) if slack == 0 => said!(
            "explain.round",
            "this round has {share} of the year; expected so far {exposure}, drawn {credited}: {probability}",
            share,
            exposure,
            credited,
            probability
        ),
        Some(phase) => said!(
            "explain.round_phase",
            "this round has {share} of the year; expected so far {exposure}, drawn {credited}, \
             phase {phase}, slack {slack}: {probability}",
            share,
            exposure,
            credited,
            phase = format!("{phase:+}"),
            slack = amount,
            probability
        ),
    }
}

impl fmt::Display for ExplanationStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
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
    ///
    /// # Panics
    /// Never: every unit was measured when the plan was made.
    #[must_use]
    pub fn explain(&self, id: &UnitId) -> Option<Explanation> {
        let position = self.frame.position(id)?;
        let unit = &self.frame.units()[position];
        let UnitPlan { disposition, cell, .. } = self.units[position];
        let cell = cell.and_then(|cell| self.cells.get(usize::try_from(cell).ok()?));
        let mut steps = self.level_steps(unit);
        match disposition {
            Disposition::Outside(outside) => {
                steps.push(ExplanationStep::Excluded { code: outside.code(), basis: String::new() });
            }
            Disposition::Excluded(rule) => {
                let exclusion = &self.policy.exclusions[rule];
                let (code, basis) = (exclusion.code.clone(), exclusion.basis.clone());
                steps.push(ExplanationStep::Excluded { code, basis });
            }
            Disposition::Certain(rule) => {
                let certainty = &self.policy.certainties[rule];
                let (code, basis) = (certainty.code.clone(), certainty.basis.clone());
                steps.push(ExplanationStep::Certain { code, basis });
            }
            Disposition::Open => {
                steps.extend(self.measure_steps(unit));
                steps.extend(cell.into_iter().flat_map(|cell| self.cell_steps(position, cell)));
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

    /// The rules of the rating that gave a unit its levels, whether or not it may be drawn.
    fn level_steps(&self, unit: &Unit) -> Vec<ExplanationStep> {
        let mut steps = Vec::new();
        self.policy.trace_levels(&unit.kind, &unit.signals, |fired| steps.push(self.rated(fired)));
        steps
    }

    /// The steps of the measure of a unit that may be drawn.
    fn measure_steps(&self, unit: &Unit) -> Vec<ExplanationStep> {
        let mut steps = Vec::new();
        let tell = |step: MeasureStep<'_>| match step {
            MeasureStep::Base(value) => {
                let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
                steps.push(ExplanationStep::Base { risk, credit, value });
            }
            MeasureStep::Rated { stage, rule, from, to } => {
                steps.push(self.rated(Fired::of_visits(stage, rule, &unit.signals, from, to)));
            }
            MeasureStep::Signal { rule, count } => {
                let (signal, add, basis) = (rule.signal.clone(), rule.add.get(), rule.basis.clone());
                steps.push(ExplanationStep::Signal { signal, count, add, basis });
            }
            MeasureStep::Scheduled { share, due } => {
                let Due { balance, base: probability, reachable, .. } = due;
                let Balance { exposure, credited, phase, slack } = balance;
                steps.push(ExplanationStep::Round { share, exposure, credited, phase, slack, probability });
                if let Some(surprise) = self.policy.surprise.filter(|_| reachable > probability) {
                    let share = surprise.get();
                    steps.push(ExplanationStep::Surprise { share, probability: reachable });
                }
            }
        };
        MeasureRules::new(&self.policy)
            .measure(unit, self.cycle.get(&unit.id), false, tell)
            .expect("a unit that was measured when the plan was made");
        steps
    }

    /// The steps from the measure of a unit to the size of its cell: bounds, and in a number draw the
    /// division by all sizes.
    fn cell_steps(&self, position: usize, cell: &Cell) -> Vec<ExplanationStep> {
        let mut steps = Vec::new();
        let measure = self.units[position].measure;
        if cell.size != measure && self.scale == Scale::RATE {
            // Deepest node first, as the bounds were applied.
            for (node, bounded) in self.bounded.iter().rev() {
                if bounded.adjustment != Adjustment::Kept && cell.path.within(node.node()) {
                    steps.push(ExplanationStep::Bound { node: node.clone(), bounded: bounded.clone() });
                }
            }
            steps.push(ExplanationStep::Bounds { from: measure, to: cell.size });
        }
        if matches!(self.policy.design, Design::Number { .. }) && !cell.certain {
            let Scale { factor: number, step: of } = self.scale;
            steps.push(ExplanationStep::Share { number, size: cell.size, of });
        }
        steps
    }

    /// A rule of the rating that applied, with its source.
    fn rated(&self, fired: Fired) -> ExplanationStep {
        let stages = self.policy.rating.iter().flat_map(|rating| rating.levels.iter().chain(&rating.visits));
        let mut rules = stages.flat_map(|stage| &stage.rules);
        let rule = rules.find(|rule| rule.code == fired.code);
        ExplanationStep::Rated { basis: rule.map(|rule| rule.basis.clone()).unwrap_or_default(), fired }
    }
}
