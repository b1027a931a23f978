//! Draws of frames too long for memory, as all market entities of a country, read from the cursor of a
//! database.
//!
//! All rows are read twice, in ascending order of ids. The first pass, the [`Census`], counts them and gives
//! the root of the frame and the cell table, and with them the seal. The second pass, the [`Selection`],
//! finds the smallest tickets and keeps only the units that may still be drawn. It hashes the rows again: a
//! register that has changed since the seal is refused. Seal, sample and record are the same bytes that
//! [`Plan`](crate::Plan) and [`Sample`](crate::Sample) give for the same rows. Memory holds the picks and
//! reserves, the cells (one for each measure in a stratum), the cycle, and 16,384 rows at a time.
//!
//! ```no_run
//! # use double_random::{Cycle, Policy, Roster, SealTerms, beacon::BeaconValue, frame::UnitRow};
//! # use double_random::stream::Census;
//! # type Failure = Box<dyn std::error::Error>;
//! # fn cursor() -> Vec<UnitRow> { Vec::new() }
//! # fn draw(policy: Policy, roster: Roster, terms: SealTerms, values: &[BeaconValue])
//! # -> Result<(), Failure> {
//! let mut census = Census::new(policy, Cycle::default(), terms.salt_key.clone())?;
//! census.extend(cursor()); // SELECT … ORDER BY id
//! let sealed = census.finish()?.seal(roster, terms)?;
//! std::fs::write("seal.json", sealed.seal().to_json())?; // published before the beacon's values
//!
//! let mut draw = sealed.draw(values)?;
//! draw.extend(cursor()); // the same rows once more
//! let record = draw.finish()?.record();
//! # Ok(()) }
//! ```
//!
//! Auditors do the same without sealing: [`Counted::replay`], then
//! [`verify::streamed`](crate::verify::streamed).
//!
//! A streamed draw gives no receipts and outcomes of single units, no reserves beyond those of the record,
//! and no event of the draw, which would be as long as the frame. Without its event the draw is a one-off: it
//! cannot be entered in a ledger or a cycle.

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
    /// The second pass saw other rows than the first.
    #[error(
        "these are not the rows that were counted: {} units with root {}, then {} units with root {}; \
         read the register as it was sealed",
        .counted.size, .counted.root, .found.size, .found.root
    )]
    Changed {
        /// What the first pass came to.
        counted: FrameCommitment,
        /// What the second came to.
        found: FrameCommitment,
    },
}

/// Reads, checks and hashes the rows of one pass, in their order.
#[derive(Debug)]
struct RowReader {
    suite: Suite,
    salts: Salts,
    rows: Vec<UnitRow>,
    leaves: Frontier,
    last: Option<UnitId>,
    problems: Gather<FrameRule>,
}

impl RowReader {
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

    /// Adds a row to those that wait to be read. `true` if there are enough of them.
    fn add(&mut self, row: UnitRow) -> bool {
        self.rows.push(row);
        self.rows.len() >= BATCHES * Stretch::ROWS
    }

    /// Reads the waiting rows and does the work on each unit, in their order. After a row with a problem the
    /// pass fails, so from then on it collects problems only.
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
            if self.problems.is_empty() {
                self.leaves.append(leaves);
                done.push(units);
            }
        }
        done.into_iter().flatten()
    }

    /// Root and size of the rows, unless one had a problem.
    fn finish(self) -> Result<FrameCommitment, Problems<FrameRule>> {
        let size = u64::try_from(self.leaves.size()).expect("a length");
        self.problems.finish(FrameCommitment { root: self.leaves.root(), size })
    }
}
