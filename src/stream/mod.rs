//! Frames that do not fit comfortably into memory: all market subjects of a country, from the cursor of a database.
//!
//! Rows come in ascending order of ids, twice. The first pass, the [`Census`], counts: it gives the root of the frame and the cell table, and
//! with them the seal. The second, the [`Selection`], looks for the smallest tickets and keeps only the units that may still be drawn. It
//! hashes the rows again, so that a register that has changed since the seal is refused instead of drawn from. Seal, sample and record are
//! the same bytes that [`Plan`](crate::Plan) and [`Sample`](crate::Sample) give for the same rows. What is kept in memory is the picks and
//! reserves, the cells (as many as there are different measures in a stratum), and 16,384 rows on their way.
//!
//! ```no_run
//! # use double_random::{Cycle, Policy, Roster, SealTerms, beacon::BeaconValue, frame::UnitRow, stream::Census};
//! # fn cursor() -> Vec<UnitRow> { Vec::new() }
//! # fn draw(policy: Policy, roster: Roster, terms: SealTerms, values: &[BeaconValue]) -> Result<(), Box<dyn std::error::Error>> {
//! let mut census = Census::new(policy, Cycle::default(), terms.salt_key.clone())?;
//! census.extend(cursor()); // SELECT … ORDER BY id
//! let sealed = census.finish()?.seal(roster, terms)?;
//! std::fs::write("seal.json", sealed.seal().to_json())?; // published before the beacon speaks
//!
//! let mut draw = sealed.draw(values)?;
//! draw.extend(cursor()); // the same rows once more
//! let record = draw.finish()?.record();
//! # Ok(()) }
//! ```
//!
//! Auditors do the same without sealing: [`Counted::replay`], then [`verify::streamed`](crate::verify::streamed).
//!
//! What a streamed draw does not give: receipts and outcomes of single institutions, further reserves than those of the record, and the event
//! of the draw, which is as long as the frame. Without it the draw is a one-off: no ledger and no cycle can be told of it. The cycle that it
//! starts from is held in memory.

mod census;
mod selection;

pub use census::{Census, Counted, SealedStream};
pub use selection::{Selected, Selection, StreamedDraw, StreamedSample};

use crate::bytes::batch;
use crate::bytes::{Frontier, SaltKey, Salts, Suite};
use crate::frame::{self, BATCHES, FrameRule, Stretch, Unit, UnitRow};
use crate::id::UnitId;
use crate::plan::PlanError;
use crate::policy::Policy;
use crate::seal::FrameCommitment;
use crate::table::{Gather, Problems};

/// Why a pass over the rows gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Rows with problems; of each pass the first thousand are named.
    #[error(transparent)]
    Rows(#[from] Problems<FrameRule>),
    /// Policy, cycle and units give no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The second pass saw other rows than the first.
    #[error(
        "these are not the rows that were counted: {} units with root {}, then {} units with root {}; read the register as it was sealed",
        .counted.size, .counted.root, .found.size, .found.root
    )]
    Changed {
        /// What the first pass came to.
        counted: FrameCommitment,
        /// What the second came to.
        found: FrameCommitment,
    },
}

/// Rows on their way through a pass: read, checked and hashed, in their order.
#[derive(Debug)]
struct Reader {
    suite: Suite,
    salts: Salts,
    rows: Vec<UnitRow>,
    leaves: Frontier,
    last: Option<UnitId>,
    problems: Gather<FrameRule>,
}

impl Reader {
    fn new(suite: Suite, key: &SaltKey) -> Self {
        Self {
            suite,
            salts: key.rows(suite, "frame"),
            rows: Vec::new(),
            leaves: Frontier::new(suite),
            last: None,
            problems: Gather::new(),
        }
    }

    /// Takes in a row; `true` if enough are waiting.
    fn add(&mut self, row: UnitRow) -> bool {
        self.rows.push(row);
        self.rows.len() >= BATCHES * Stretch::ROWS
    }

    /// Reads the rows that are waiting and does the work on each unit, in their order. Once a row has a problem the pass will fail, and nothing
    /// more comes of it but problems.
    fn read<T: Send>(
        &mut self,
        policy: &Policy,
        work: impl Fn(Unit) -> T + Send + Sync,
    ) -> impl Iterator<Item = T> {
        let rules = frame::TableRules::new(&policy.frame, policy.as_of);
        let read = |rows: &mut [UnitRow]| {
            let Stretch { first, units, leaves, problems } =
                Stretch::new(rows, &rules, self.suite, &self.salts);
            let ends = units.first().zip(units.last()).map(|(a, z)| (a.id.clone(), z.id.clone()));
            (first, ends, units.into_iter().map(&work).collect::<Vec<T>>(), leaves, problems)
        };
        let stretches = batch::map(self.rows.chunks_mut(Stretch::ROWS), read);
        self.rows.clear();
        let mut done = Vec::with_capacity(stretches.len());
        for (first, ends, units, leaves, problems) in stretches {
            if let Some((id, last)) = ends
                && let Some(before) = self.last.replace(last)
            {
                frame::order(&before, &id, first, &mut self.problems);
            }
            self.problems.append(problems);
            self.problems.truncate(Stretch::MOST_PROBLEMS);
            if self.problems.is_empty() {
                self.leaves.append(leaves);
                done.push(units);
            }
        }
        done.into_iter().flatten()
    }

    /// What the rows come to, unless one had a problem.
    fn finish(self) -> Result<FrameCommitment, Problems<FrameRule>> {
        let size = u64::try_from(self.leaves.size()).expect("a length");
        self.problems.finish(FrameCommitment { root: self.leaves.root(), size })
    }
}
