//! What makes standings and open draws no cycle (Spec 9.4).

use crate::id::{Code, UnitId};
use crate::message::{Message, coded, said};
use crate::policy::Billionths;

/// Why a state is no cycle (Spec 9.4).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CycleError {
    /// Two standings of one unit.
    #[error("unit {unit} has two standings")]
    Duplicate {
        /// The unit.
        unit: UnitId,
    },
    /// A last team that names an officer twice.
    #[error("the last team of unit {unit} names an officer twice")]
    Team {
        /// The unit.
        unit: UnitId,
    },
    /// A phase that no draw gives.
    #[error("the phase of unit {unit} has a slack above 5 or more than 10000000 visits")]
    Phase {
        /// The unit.
        unit: UnitId,
    },
    /// Counts that do not fit each other or that no cycle can hold.
    #[error(
        "unit {unit}: drawn {drawn} times, {visits} visits, {missed} missed, {others} other inspections, \
         {credited} credited, window of {cycles} cycles: visits and missed ones are at most the drawn ones, \
         counts at most 1000000, windows 1 to 20"
    )]
    Counts {
        /// The unit.
        unit: UnitId,
        /// Times drawn.
        drawn: u64,
        /// Visits.
        visits: u64,
        /// Missed ones.
        missed: u64,
        /// Other inspections.
        others: u64,
        /// Credited draws.
        credited: u64,
        /// Window in cycles.
        cycles: u64,
    },
    /// Visits are still to be made that no open draw has. They could never be settled.
    #[error("unit {unit} is to be visited {pending} times, and the open draws do not say so")]
    Unsettled {
        /// The unit.
        unit: UnitId,
        /// Drawn visits that are neither made nor missed.
        pending: u64,
    },
    /// More than the whole cycle has been spent, or less than the open draws stand for.
    #[error("{spent} of the cycle is spent: that is above 1 or below what the open draws stand for")]
    Spent {
        /// The share.
        spent: Billionths,
    },
    /// The open draws are not in the form of Spec 9.4.
    #[error("open draw {draw}: {rule}")]
    Open {
        /// The draw.
        draw: u64,
        /// What does not hold.
        rule: Message,
    },
    /// A visit that an open draw still has. It is settled in the ledger that has the draw, and nowhere else.
    #[error(
        "draw {draw} still has a visit to be made at unit {unit}: enter what became of it in the ledger of \
         that draw, then the cycle can open another"
    )]
    Pending {
        /// The draw.
        draw: u64,
        /// The first of its units.
        unit: UnitId,
    },
    /// An item that was never checked, or more often than can be.
    #[error("item {code} was checked {count} times: 1 to 1000000000000 are allowed")]
    Item {
        /// The item.
        code: Code,
        /// How often.
        count: u64,
    },
}

coded! { CycleError {
    Duplicate { unit } => "cycle.duplicate",
    Team { unit } => "cycle.team",
    Phase { unit } => "cycle.phase",
    Counts { unit, drawn, visits, missed, others, credited, cycles } => "cycle.counts",
    Unsettled { unit, pending } => "cycle.unsettled",
    Spent { spent } => "cycle.spent",
    Open { draw, rule } => "cycle.open",
    Pending { draw, unit } => "cycle.pending",
    Item { code, count } => "cycle.item",
} }

/// What is wrong with an open draw, whether it stands in one list or in rows.
impl CycleError {
    pub(super) fn number(draw: u64) -> Self {
        let rule = said!(
            "cycle.open.number",
            "its number is not after the draw before it, or above that of the last draw"
        );
        Self::Open { draw, rule }
    }

    pub(super) fn settled(draw: u64) -> Self {
        let rule = said!("cycle.open.settled", "nothing is pending, and it is not the last draw");
        Self::Open { draw, rule }
    }

    pub(super) fn phase(draw: u64) -> Self {
        let rule = said!(
            "cycle.open.phase",
            "the phase of a unit is none that a draw gives, or had one of the same slack"
        );
        Self::Open { draw, rule }
    }

    pub(super) fn standing(draw: u64) -> Self {
        let rule = said!(
            "cycle.open.standing",
            "it names a unit without a standing or begins one twice, or a window is not 1 to 20 cycles"
        );
        Self::Open { draw, rule }
    }

    pub(super) fn pending(draw: u64) -> Self {
        let rule = said!("cycle.open.pending", "more visits are pending than its units have been drawn");
        Self::Open { draw, rule }
    }

    pub(super) fn order(draw: u64) -> Self {
        let rule = said!("cycle.open.order", "draws do not ascend or are beyond 10^12");
        Self::Open { draw, rule }
    }

    /// The rows have not as many pending visits of a draw as the head of the cycle says.
    pub(crate) fn count(draw: u64, found: u64, stated: u64) -> Self {
        let rule = said!(
            "cycle.open.count",
            "{found} visits are pending by the rows, {stated} by the head",
            found,
            stated
        );
        Self::Open { draw, rule }
    }
}
