//! What can be wrong with registers that should make a frame (Spec 28.2).

use crate::bytes::Digest;
use crate::calendar::Date;
use crate::frame::FrameRule;
use crate::id::{Code, Division, UnitId};
use crate::message::{AsParam, Coded, Message, Param, coded};
use crate::table::{MOST_PROBLEMS, Problem, left_off};
use std::fmt;

/// One thing that is wrong with registers that should make a frame (Spec 28.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterProblem {
    /// An authority gives two registers.
    #[error("{authority} stands there with two registers")]
    Twice {
        /// The authority.
        authority: Code,
    },
    /// The rows are of another day than the policy.
    #[error("the register of {authority} is of {found}, and the policy is of {expected}")]
    Day {
        /// The authority.
        authority: Code,
        /// The day of the policy.
        expected: Date,
        /// The day of the register.
        found: Date,
    },
    /// Two registers name one division.
    #[error("{division} is of two registers: {first} and {second}")]
    Shared {
        /// The division.
        division: Division,
        /// The authority of the first.
        first: Code,
        /// The authority of the second.
        second: Code,
    },
    /// A division of a register to which no division of the policy belongs.
    #[error("{division}, which {authority} names, has no division of frame.divisions for itself")]
    Idle {
        /// The authority.
        authority: Code,
        /// The division.
        division: Division,
    },
    /// A division of the policy that is of no register.
    #[error("{division} of frame.divisions is of no register")]
    Missing {
        /// The division.
        division: Division,
    },
    /// The registers together have another number of units than the frame.
    #[error("the registers have {expected} units together, and the frame has {found}")]
    Units {
        /// The units of all registers.
        expected: u64,
        /// The units of the frame.
        found: u64,
    },
    /// There are more or fewer rows than the register says.
    #[error("the register of {authority} has {expected} units, and {found} rows are given")]
    Size {
        /// The authority.
        authority: Code,
        /// The size that its document states.
        expected: u64,
        /// The rows.
        found: u64,
    },
    /// The rows are others than those of the register.
    #[error("the rows of {authority} are not those of its register: root {expected}, of the rows {found}")]
    Root {
        /// The authority.
        authority: Code,
        /// The root that its document states.
        expected: Digest,
        /// That of the rows under the key.
        found: Digest,
    },
    /// A row breaks a rule of the policy.
    #[error("{authority}: {problem}")]
    Row {
        /// The authority.
        authority: Code,
        /// The row, numbered from 1 in the order of ids, and the rule.
        problem: Problem<FrameRule>,
    },
    /// A row lies in a division of another register, or of none.
    #[error("{authority} lists {unit} in {division}, which does not belong to its register")]
    Outside {
        /// The authority.
        authority: Code,
        /// The unit.
        unit: UnitId,
        /// Its division.
        division: Division,
    },
    /// A unit stands in two registers.
    #[error("{unit} stands in two registers: {first} and {second}")]
    Duplicate {
        /// The unit.
        unit: UnitId,
        /// The authority of the first.
        first: Code,
        /// The authority of the second.
        second: Code,
    },
}

coded! { RegisterProblem {
    Twice { authority } => "register.twice",
    Day { authority, expected, found } => "register.day",
    Shared { division, first, second } => "register.shared",
    Idle { authority, division } => "register.idle",
    Missing { division } => "register.missing",
    Units { expected, found } => "register.sum",
    Size { authority, expected, found } => "register.size",
    Root { authority, expected, found } => "register.root",
    Row { authority, problem } => "register.row",
    Outside { authority, unit, division } => "register.outside",
    Duplicate { unit, first, second } => "register.duplicate",
} }

impl AsParam for Problem<FrameRule> {
    fn param(&self) -> Param {
        Param::Message(Box::new(self.message()))
    }
}

/// All problems of registers, grouped: what the registers as a list break, then each register in the order in
/// which they were given, then units that stand in two. The first [`MOST_PROBLEMS`], and the number of the
/// others. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterProblems {
    pub(super) kept: Vec<RegisterProblem>,
    pub(super) left_off: u64,
}

impl RegisterProblems {
    pub(crate) const NONE: Self = Self { kept: Vec::new(), left_off: 0 };

    pub(crate) fn note(&mut self, problem: RegisterProblem) {
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push(problem);
        } else {
            self.left_off = self.left_off.saturating_add(1);
        }
    }

    /// Fails if there is a problem.
    pub(crate) fn settled(self) -> Result<(), Self> {
        if self.kept.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The problems in order, at most [`MOST_PROBLEMS`].
    #[must_use]
    pub fn as_slice(&self) -> &[RegisterProblem] {
        &self.kept
    }

    /// How many problems there are besides.
    #[must_use]
    pub const fn left_off(&self) -> u64 {
        self.left_off
    }

    fn total(&self) -> u64 {
        u64::try_from(self.kept.len()).unwrap_or(u64::MAX).saturating_add(self.left_off)
    }
}

impl fmt::Display for RegisterProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "registers: {} problems, nothing was put together", self.total())?;
        self.kept.iter().try_for_each(|problem| write!(f, "\n  {problem}"))?;
        left_off(self.left_off).into_iter().try_for_each(|more| write!(f, "\n  {more}"))
    }
}

impl Coded for RegisterProblems {
    fn message(&self) -> Message {
        let problems: Vec<Message> = self.kept.iter().map(Coded::message).collect();
        let more = left_off(self.left_off);
        let params = [
            ("more", more.as_slice().param()),
            ("problems", problems.param()),
            ("total", self.total().param()),
        ];
        Message::new("register.problems", self.to_string(), params)
    }
}

impl std::error::Error for RegisterProblems {}
