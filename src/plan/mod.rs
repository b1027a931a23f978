//! The plan: the policy applied to frame, roster and cycle. After it only chance is left to decide.
//!
//! [`Plan::new`] gives every unit either a reason why it cannot be drawn or an exact inclusion probability,
//! and [`Plan::explain`] lists the rules that led to it. Spec 10.

mod bounds;
mod candidates;
mod capacity;
mod cost;
mod eligibility;
mod explain;
mod groups;
mod idle;
mod nodes;
mod outlook;
mod places;
mod pools;
mod rules;
mod table;
mod tally;

pub use bounds::{Adjustment, BoundKind, Bounded, Collision};
pub use candidates::Understaffed;
pub use capacity::Capacity;
pub use cost::DrawCost;
pub use eligibility::{Bar, TeamCandidate};
pub use explain::{Explanation, ExplanationStep};
pub use idle::{IdleRule, Stray};
pub use nodes::NodeReport;
pub use outlook::{Foresight, Outlook};
pub use places::Placed;
pub use table::{CellRow, CellTable, CellTableError};

pub(crate) use candidates::Candidates;
pub(crate) use eligibility::{Party, Target, Waived};
pub(crate) use groups::CellAssigner;
pub(crate) use pools::{PoolCount, PoolCounter};
pub(crate) use rules::UnitRules;
pub(crate) use tally::{Assessment, FrameCount, PlanParts, StratumTally};

use crate::cycle::Cycle;
use crate::frame::Frame;
use crate::id::{Code, UnitId};
use crate::message::{AsParam, Coded, Message, fields};
use crate::odds::ONE;
use crate::odds::cells::{Cell, Scale};
use crate::odds::hazard::Due;
use crate::policy::{Billionths, Decimal, Design, Policy};
use crate::roster::Roster;
use crate::stratum::StratumPath;
use rules::{Disposition, reason};
use std::collections::BTreeMap;

/// Why frame, roster, policy and cycle give no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No unit may be drawn.
    #[error(
        "nothing to draw: the frame has {units} units and none of them may be drawn{}", reasons(.exclusions)
    )]
    NothingToDraw {
        /// Units on the frame.
        units: u64,
        /// Reasons and how many units each.
        exclusions: BTreeMap<Code, u64>,
    },
    /// A level that the frequency table does not have: the frame was read against another policy.
    #[error("unit {unit} has risk {risk}, credit {credit}, for which the policy has no frequency")]
    UnknownLevel {
        /// The unit.
        unit: UnitId,
        /// Its risk level.
        risk: Code,
        /// Its credit level.
        credit: Code,
    },
    /// More than one visit would be due in this round.
    #[error(
        "unit {unit} is due {:.9} visits in this round: its frequency needs shares of at most {:.9}, \
         at least {rounds} rounds a cycle",
        Decimal(*.due), Decimal(*.largest_share)
    )]
    MoreThanOneVisit {
        /// The unit (the first such).
        unit: UnitId,
        /// Expected visits of the round, billionths.
        due: u128,
        /// The largest share that would do, billionths.
        largest_share: u128,
        /// The number of equal rounds that would do.
        rounds: u128,
    },
    /// Levels on the frame are not those of the policy's rule table: see [`Policy::levels`].
    #[error(
        "{units} units do not have the levels that the rules give them; \
         the first is {first}: {stated} stated, {rated} by the rules"
    )]
    NotRated {
        /// How many.
        units: u64,
        /// The first of them.
        first: UnitId,
        /// Its levels on the frame, `<risk>/<credit>`.
        stated: String,
        /// Its levels by the rules.
        rated: String,
    },
    /// A number draw asks for more than there is.
    #[error("{asked} units are asked for, {there_are} can be drawn")]
    MoreThanThereIs {
        /// Asked for.
        asked: u64,
        /// Units with a size above zero or certain.
        there_are: u64,
    },
    /// A number draw asks for fewer than the rules make certain.
    #[error("{asked} units are asked for, and the rules of `certainties` alone make {certain} certain")]
    FewerThanCertain {
        /// Asked for.
        asked: u64,
        /// Certain by rule.
        certain: u64,
    },
    /// Floors or limits cannot be certain at these nodes.
    #[error("floors or limits cannot be certain at {} nodes:{}", .0.len(), listed(.0))]
    Bounds(Vec<Collision>),
    /// A count of the unit's standing is the largest that a cycle can hold, so that a draw of the unit could
    /// not be entered.
    #[error("unit {unit} has as many expected visits or draws as a cycle can hold: close the cycle first")]
    Exhausted {
        /// The unit.
        unit: UnitId,
    },
    /// The round is not the next of this cycle.
    #[error(
        "{spent} of the cycle has been drawn and {rest} is still to come by the policy's round: \
         together they are not 1"
    )]
    Round {
        /// The cycle's own figure.
        spent: Billionths,
        /// The policy's.
        rest: Billionths,
    },
}

impl Coded for PlanError {
    fn message(&self) -> Message {
        let words = self.to_string();
        match self {
            Self::NothingToDraw { units, exclusions } => {
                let reasons: Vec<String> =
                    exclusions.iter().map(|(code, n)| format!("{code}: {n}")).collect();
                Message::new(
                    "plan.nothing_to_draw",
                    words,
                    [("reasons", reasons.param()), ("units", units.param())],
                )
            }
            Self::UnknownLevel { unit, risk, credit } => {
                Message::new("plan.unknown_level", words, fields!({ unit, risk, credit }))
            }
            Self::MoreThanOneVisit { unit, due, largest_share, rounds } => {
                let [due, share] = [*due, *largest_share].map(|share| format!("{:.9}", Decimal(share)));
                let rounds = rounds.to_string();
                Message::new("plan.more_than_one_visit", words, fields!({ unit, due, share, rounds }))
            }
            Self::NotRated { units, first, stated, rated } => {
                Message::new("plan.not_rated", words, fields!({ units, first, stated, rated }))
            }
            Self::MoreThanThereIs { asked, there_are } => {
                Message::new("plan.more_than_there_is", words, fields!({ asked, there_are }))
            }
            Self::FewerThanCertain { asked, certain } => {
                Message::new("plan.fewer_than_certain", words, fields!({ asked, certain }))
            }
            Self::Bounds(collisions) => {
                let nodes: Vec<Message> = collisions.iter().take(50).map(Coded::message).collect();
                let count = collisions.len();
                Message::new("plan.bounds", words, fields!({ count, nodes }))
            }
            Self::Exhausted { unit } => Message::new("plan.exhausted", words, fields!({ unit })),
            Self::Round { spent, rest } => Message::new("plan.round", words, fields!({ spent, rest })),
        }
    }
}

/// The first fifty collisions, one a line. A nation has thousands of nodes, and a message is read by people.
fn listed(collisions: &[Collision]) -> String {
    let lines: String = collisions.iter().take(50).map(|collision| format!("\n  {collision}")).collect();
    match collisions.len().saturating_sub(50) {
        0 => lines,
        more => format!("{lines}\n  and {more} more"),
    }
}

fn reasons(exclusions: &BTreeMap<Code, u64>) -> String {
    let reasons: Vec<String> = exclusions.iter().map(|(code, count)| format!("{code}: {count}")).collect();
    if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) }
}

/// The plan of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitPlan {
    pub(crate) disposition: Disposition,
    /// Inclusion probability before the bounds, billionths; in a number draw the measure of size.
    pub(crate) measure: u64,
    /// The schedule, in a draw by frequency.
    pub(crate) due: Option<Due>,
    /// The number of its cell, if the unit may be drawn.
    pub(crate) cell: Option<u32>,
}

/// How masses and steps are scaled for this design (Spec 5.5 and 5.6).
///
/// The cells are those of a table, with certainties marked.
#[must_use]
pub fn scale(design: &Design, cells: &[Cell]) -> Scale {
    match design {
        Design::Number { number } => Scale::number(cells, *number),
        Design::Rate { .. } | Design::Frequency {} => Scale::RATE,
    }
}

/// The round is the next of its cycle.
pub(crate) fn check_round(policy: &Policy, spent: Billionths) -> Result<(), PlanError> {
    let rest = policy.round().rest;
    if spent.get() + rest.get() == ONE { Ok(()) } else { Err(PlanError::Round { spent, rest }) }
}

/// The scheduled part of a unit's inclusion probability, and what a draw adds to its exposure (Spec 10.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure {
    /// The part of the inclusion probability that is schedule and not control share, billionths.
    pub scheduled: u64,
    /// Expected visits that the draw adds to the exposure of the unit, billionths.
    pub added: u64,
}

/// A plan: cells with inclusion probabilities, and exclusions with reasons. Only chance is left to decide.
#[derive(Debug, Clone)]
pub struct Plan {
    frame: Frame,
    roster: Roster,
    policy: Policy,
    cycle: Cycle,
    /// In the order of the frame.
    units: Vec<UnitPlan>,
    cells: Vec<Cell>,
    members: Members,
    scale: Scale,
    exclusions: BTreeMap<Code, u64>,
    bounded: BTreeMap<StratumPath, Bounded>,
}

impl Plan {
    /// Applies the policy (Spec 10), in one pass over the units and a few over their groups.
    ///
    /// # Errors
    /// Nothing can be drawn, too many or too few units are asked for, more than one visit of a unit is due,
    /// the round does not follow the cycle, or floors and limits cannot be certain. Every error has the
    /// numbers that do not fit.
    pub fn new(frame: Frame, roster: Roster, policy: Policy, cycle: Cycle) -> Result<Self, PlanError> {
        Self::derive(frame, roster, policy, cycle)
    }

    /// The plan of a policy that has been checked already.
    pub(crate) fn derive(
        frame: Frame,
        roster: Roster,
        policy: Policy,
        cycle: Cycle,
    ) -> Result<Self, PlanError> {
        check_round(&policy, cycle.spent())?;
        let rules = UnitRules::new(&policy);
        let mut count = FrameCount::default();
        let mut units: Vec<UnitPlan> = Vec::with_capacity(frame.units().len());
        let mut groups: Vec<Option<u32>> = Vec::with_capacity(frame.units().len());
        // Not in parallel: most of the time goes into the count, which reads what the assessment has just
        // read.
        for unit in frame.units() {
            let assessment = Assessment::new(&rules, unit, cycle.get(&unit.id));
            if let Some((plan, group)) = count.count(&policy, unit, assessment) {
                units.push(plan);
                groups.push(group);
            }
        }
        count.settled()?;
        let exclusions = count.exclusions(&policy);
        let PlanParts { cells, routes, scale, exclusions, bounded } = count.finish(&policy, exclusions)?;
        let mut assigner = routes.assigner();
        for (unit, group) in units.iter_mut().zip(groups) {
            unit.cell = group.and_then(|group| assigner.assign(group));
        }
        let members = Members::new(cells.len(), units.iter().map(|unit| unit.cell));
        Ok(Self { frame, roster, policy, cycle, units, cells, members, scale, exclusions, bounded })
    }

    /// A plan with some of the units only. Cells and figures are those of the whole frame.
    pub(crate) fn excerpt(
        frame: Frame,
        roster: Roster,
        policy: Policy,
        cycle: Cycle,
        units: Vec<UnitPlan>,
        parts: &PlanParts,
    ) -> Self {
        let PlanParts { cells, scale, exclusions, bounded, .. } = parts;
        let members = Members::new(cells.len(), units.iter().map(|unit| unit.cell));
        let (cells, exclusions, bounded) = (cells.clone(), exclusions.clone(), bounded.clone());
        Self { frame, roster, policy, cycle, units, cells, members, scale: *scale, exclusions, bounded }
    }

    /// The sampling frame.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The roster.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The cycle so far.
    #[must_use]
    pub const fn cycle(&self) -> &Cycle {
        &self.cycle
    }

    /// The cells in the order of the table.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The units of a cell, as positions in the frame, ascending by id. Empty if there is no such cell.
    #[must_use]
    pub fn members(&self, cell: usize) -> &[usize] {
        self.members.of(cell)
    }

    /// How masses and steps of the cells are scaled.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// Units that cannot be drawn, by reason.
    #[must_use]
    pub const fn exclusions(&self) -> &BTreeMap<Code, u64> {
        &self.exclusions
    }

    /// The table that is published and hashed into the seal.
    #[must_use]
    pub fn table(&self) -> CellTable {
        CellTable::new(&self.cells, &self.exclusions)
    }

    /// The inclusion probability of a unit in billionths, rounded down; 0 for an excluded unit. In rate draws
    /// it is exact; in number draws the exact value is factor · size / step of [`Self::scale`].
    ///
    /// `position` is the unit's place in the frame. `None` if there is no such unit.
    #[must_use]
    pub fn probability(&self, position: usize) -> Option<u64> {
        let unit = self.units.get(position)?;
        let Some(cell) = unit.cell.and_then(|cell| self.cells.get(usize::try_from(cell).ok()?)) else {
            return Some(0);
        };
        Some(self.scale.probability(cell))
    }

    /// The nodes with a floor or a limit, by stratum path, and what that did to the probabilities.
    #[must_use]
    pub const fn bounded(&self) -> &BTreeMap<StratumPath, Bounded> {
        &self.bounded
    }

    /// What the schedule has to do with a unit's probability (Spec 10.6). `position` is the unit's place in
    /// the frame. `None` for a unit that cannot be drawn.
    #[must_use]
    pub fn exposure(&self, position: usize) -> Option<Exposure> {
        let unit = self.units.get(position)?;
        unit.cell?;
        let probability = self.probability(position)?;
        // Schedule and exposure of a one-off draw are its probability.
        let (scheduled, added) = unit.due.map_or((probability, probability), |due| due.settle(probability));
        Some(Exposure { scheduled, added })
    }

    /// The schedule of a unit, in a draw by frequency (Spec 10.6).
    pub(crate) fn due(&self, position: usize) -> Option<Due> {
        self.units.get(position)?.due
    }

    /// Whether a rule of `certainties` makes a unit certain.
    pub(crate) fn is_certain(&self, position: usize) -> bool {
        self.units.get(position).is_some_and(|unit| unit.disposition.is_certain())
    }

    /// The reason why a unit cannot be drawn, if there is one.
    #[must_use]
    pub fn exclusion(&self, position: usize) -> Option<Code> {
        reason(&self.policy, self.units.get(position)?.disposition)
    }
}

/// The positions of the units of every cell, one list behind the other.
#[derive(Debug, Clone)]
struct Members {
    positions: Vec<usize>,
    /// Where the list of each cell ends.
    ends: Vec<usize>,
}

impl Members {
    /// From the cell of every unit in the order of the frame.
    fn new(cells: usize, of_unit: impl Iterator<Item = Option<u32>> + Clone) -> Self {
        let index = |cell: u32| usize::try_from(cell).expect("a position");
        // How many there are in each cell; then where its next unit is written; in the end, where its list
        // ends.
        let mut ends = vec![0; cells];
        of_unit.clone().flatten().for_each(|cell| ends[index(cell)] += 1);
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut positions = vec![0; sum];
        for (position, cell) in of_unit.enumerate() {
            if let Some(cell) = cell {
                let end = &mut ends[index(cell)];
                positions[*end] = position;
                *end += 1;
            }
        }
        Self { positions, ends }
    }

    /// The lists, in the order of the cells.
    fn iter(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.ends.len()).map(|cell| self.of(cell))
    }

    /// Ascending. Empty if there is no such cell.
    fn of(&self, cell: usize) -> &[usize] {
        let start = cell.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        start.zip(self.ends.get(cell)).map_or(&[], |(start, end)| &self.positions[start..*end])
    }
}
