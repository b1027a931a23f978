//! Why a pass over the rows of a streamed frame fails, and why parts do not merge.

use crate::bytes::Digest;
use crate::cycle::CycleError;
use crate::frame::FrameRule;
use crate::id::UnitId;
use crate::message::{AsParam, Coded, Message, coded, fields};
use crate::plan::PlanError;
use crate::register::RegisterProblems;
use crate::stratum::StratumPath;
use crate::table::Problems;

/// Why a pass over the rows fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Rows with problems; of each pass the first thousand are named.
    #[error(transparent)]
    Rows(#[from] Problems<FrameRule>),
    /// Policy, cycle and units give no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Registers that the frame was not put together from, or that do not fit together.
    #[error(transparent)]
    Registers(#[from] RegisterProblems),
    /// The second pass saw other rows than the first.
    #[error(
        "these are not the rows that were counted: {} units with root {}, then {} units with root {}; \
         read the register as it was sealed",
        .counted.size, .counted.root, .found.size, .found.root
    )]
    Changed {
        /// What the first pass came to.
        counted: RowsRead,
        /// What the second came to.
        found: RowsRead,
    },
    /// Parts that do not stand side by side.
    #[error(transparent)]
    Apart(#[from] Apart),
    /// The ids of two parts do not ascend from one to the other.
    #[error(
        "the rows behind {before} begin with {id}: ids ascend by their bytes from part to part, each once"
    )]
    Order {
        /// The last id of the part before.
        before: UnitId,
        /// The first id of the part behind.
        id: UnitId,
    },
    /// More rows than a frame can have.
    #[error("{start} rows before the part are more than a frame can have: count the rows of each part")]
    TooMany {
        /// Rows before the part.
        start: u64,
    },
    /// A row of a cycle that breaks a rule, or a head that does.
    #[error(transparent)]
    Cycle(#[from] CycleError),
    /// Rows of the cycle out of order.
    #[error(
        "the row of the cycle of unit {unit} comes too late or twice: rows of the cycle ascend by unit, and \
         each comes ahead of its unit"
    )]
    CycleOrder {
        /// Its unit.
        unit: UnitId,
    },
    /// Rows of a cycle that is in memory.
    #[error("the cycle was given whole, and a row of unit {unit} comes too: give its head and all its rows")]
    CycleTwice {
        /// Its unit.
        unit: UnitId,
    },
    /// Rows that are not those of the cycle.
    #[error("the rows of the cycle give digest {found}, not {wanted}: read all of them as they were sealed")]
    OtherCycle {
        /// The digest of the cycle.
        wanted: Digest,
        /// That of the rows.
        found: Digest,
    },
    /// Parts of different draws.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// Not the leaves of the pseudonyms of these rows.
    #[error(
        "these are {found} leaves of pseudonyms, not those of the {wanted} rows that were counted: hand over the \
         leaves of every part, each once"
    )]
    Leaves {
        /// Rows that were counted.
        wanted: u64,
        /// Leaves.
        found: u64,
    },
    /// The counts of a part name a stratum or a measure that no unit of the policy can have, or that the
    /// whole has not.
    #[error("stratum {path} of the part is not one of the whole: use the parts of this census")]
    Stratum {
        /// Its path.
        path: StratumPath,
    },
    /// The rows of a part were not counted as they are now.
    #[error(
        "the rows from place {start} to {end} have units that were not counted in their strata: read the register \
         as it was sealed"
    )]
    Uncounted {
        /// The place of the first row, from 0.
        start: u64,
        /// The place behind the last row.
        end: u64,
    },
    /// Ceilings kept out units that are wanted.
    #[error(
        "{cells} cells have fewer candidates below their ceilings than are wanted, the first is {first}: \
         select again with more slack"
    )]
    Short {
        /// How many cells.
        cells: u64,
        /// The path of the first.
        first: StratumPath,
    },
}

/// Two parts with rows between them, or rows that are in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are parts up to place {ends} of the frame, and the next one begins at place {begins}: rows are {}",
    if .ends < .begins { "missing between them" } else { "in both" }
)]
pub struct Apart {
    /// The place behind the last row of one part, from 0.
    pub ends: u64,
    /// The place of the first row of the next one.
    pub begins: u64,
}

/// What is not the same in two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Foreign {
    /// Another policy.
    #[error("the parts were made under different policies: use one policy for all of them")]
    Policy,
    /// Another cycle or another salt key.
    #[error(
        "the parts were made from different cycles or salt keys: use one cycle and one key for all of them"
    )]
    CycleOrKey,
    /// Rows of the cycle between two parts or in both, or only some parts have them.
    #[error(
        "the rows of the cycle do not go on from part to part: give each part those between its ends and the \
         number of those before, and the head to whoever joins them"
    )]
    CycleRows,
    /// Another census.
    #[error("the candidates were selected from another census: select from the one that was sealed")]
    Census,
    /// Another seed.
    #[error("the candidates were selected with different seeds: use the seed of this draw")]
    Seed,
}

/// Root and size of the rows of one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsRead {
    /// RFC 6962 root over the salted rows.
    pub root: Digest,
    /// Units.
    pub size: u64,
}

impl Coded for StreamError {
    fn message(&self) -> Message {
        let said = self.to_string();
        match self {
            Self::Rows(problems) => problems.message(),
            Self::Plan(error) => error.message(),
            Self::Registers(problems) => problems.message(),
            Self::Apart(apart) => apart.message(),
            Self::Foreign(foreign) => foreign.message(),
            Self::Cycle(error) => error.message(),
            Self::CycleOrder { unit } => Message::new("stream.cycle_order", said, fields!({ unit })),
            Self::CycleTwice { unit } => Message::new("stream.cycle_twice", said, fields!({ unit })),
            Self::OtherCycle { wanted, found } => {
                Message::new("stream.other_cycle", said, fields!({ wanted, found }))
            }
            Self::Changed { counted, found } => Message::new(
                "stream.changed",
                said,
                [
                    ("size", counted.size.param()),
                    ("root", counted.root.param()),
                    ("then_size", found.size.param()),
                    ("then_root", found.root.param()),
                ],
            ),
            Self::Order { before, id } => Message::new("stream.order", said, fields!({ before, id })),
            Self::TooMany { start } => Message::new("stream.too_many", said, fields!({ start })),
            Self::Leaves { wanted, found } => Message::new("stream.leaves", said, fields!({ wanted, found })),
            Self::Stratum { path } => Message::new("stream.stratum", said, fields!({ path })),
            Self::Uncounted { start, end } => Message::new("stream.uncounted", said, fields!({ start, end })),
            Self::Short { cells, first } => Message::new("stream.short", said, fields!({ cells, first })),
        }
    }
}

impl Coded for Apart {
    fn message(&self) -> Message {
        let Self { ends, begins } = self;
        let code = if ends < begins { "stream.gap" } else { "stream.overlap" };
        Message::new(code, self.to_string(), fields!({ ends, begins }))
    }
}

coded! { Foreign {
    Policy {} => "stream.other_policy",
    CycleOrKey {} => "stream.other_cycle_or_key",
    CycleRows {} => "stream.cycle_rows",
    Census {} => "stream.other_census",
    Seed {} => "stream.other_seed",
} }
