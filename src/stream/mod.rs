//! Draws of frames too long for memory, as all market entities of a country, read from the cursor of a
//! database.
//!
//! All rows are read twice, in ascending order of ids. The first pass, the [`Census`], counts them and gives
//! the root of the frame and the cell table, and with them the seal. The second pass, the [`Selection`],
//! finds the smallest tickets and keeps only the units that may still be drawn. It hashes the rows again: a
//! register that has changed since the seal is refused. Seal, sample and record are the same bytes that
//! [`Plan`](crate::Plan) and [`Sample`](crate::Sample) give for the same rows. Memory holds the picks and
//! reserves, the cells (one for each measure in a stratum), the cycle, 16,384 rows at a time, and 32 bytes a
//! row from the first pass to the record: the leaves of the tree of pseudonyms, which are sorted (Spec 4.5).
//! Sorting and the proof of a record take as much once more for a moment. Those of ten million rows are
//! 320 MB, twice that at most.
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
mod places;
mod selection;

pub use census::{Census, Counted, SealedStream};
pub use selection::{Selected, Selection, StreamedDraw, StreamedSample};

use crate::bytes::batch;
use crate::bytes::{Digest, Frontier, Half, SaltKey, Suite, UnitSecrets};
use crate::frame::{self, BATCHES, FrameRule, Hashed, Stretch, Unit, UnitRow};
use crate::id::UnitId;
use crate::plan::PlanError;
use crate::policy::Policy;
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
        counted: RowsRead,
        /// What the second came to.
        found: RowsRead,
    },
}

/// Root and size of the rows of one pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsRead {
    /// RFC 6962 root over the salted rows.
    pub root: Digest,
    /// Units.
    pub size: u64,
}

/// Reads, checks and hashes the rows of one pass, in their order.
#[derive(Debug)]
struct RowReader {
    suite: Suite,
    secrets: UnitSecrets,
    rows: Vec<UnitRow>,
    tree: Frontier,
    /// The leaves of the tree of pseudonyms, if they are wanted.
    leaves: Option<Vec<Digest>>,
    last: Option<UnitId>,
    problems: Gather<FrameRule>,
}

impl RowReader {
    fn new(suite: Suite, key: &SaltKey, leaves: bool) -> Self {
        Self {
            suite,
            secrets: key.units(suite),
            rows: Vec::new(),
            tree: Frontier::new(suite),
            leaves: leaves.then(Vec::new),
            last: None,
            problems: Gather::new(),
        }
    }

    /// Adds a row to those that wait to be read. `true` if there are enough of them.
    fn add(&mut self, row: UnitRow) -> bool {
        self.rows.push(row);
        self.rows.len() >= BATCHES * Stretch::ROWS
    }

    /// Reads the waiting rows and does the work on each unit and its pseudonym, in their order. After a row
    /// with a problem the pass fails, so from then on it collects problems only.
    fn read<T: Send>(
        &mut self,
        policy: &Policy,
        work: impl Fn(Unit, Half) -> T + Send + Sync,
    ) -> impl Iterator<Item = T> {
        let rules = frame::TableRules::new(&policy.frame, policy.as_of);
        let read = |rows: &mut [UnitRow]| {
            let Stretch { first, units, hashed, problems } =
                Stretch::new(rows, &rules, self.suite, &self.secrets);
            let ends = units.first().zip(units.last()).map(|(a, z)| (a.id.clone(), z.id.clone()));
            let done = hashed.map(|Hashed { rows, pseudonyms, leaves }| {
                let mut tree = Frontier::new(self.suite);
                tree.extend(rows);
                let units = units.into_iter().zip(pseudonyms);
                (units.map(|(unit, pseudonym)| work(unit, pseudonym)).collect::<Vec<T>>(), tree, leaves)
            });
            (first, ends, done, problems)
        };
        let stretches = batch::map(self.rows.chunks_mut(Stretch::ROWS), read);
        self.rows.clear();
        let mut done = Vec::with_capacity(stretches.len());
        for (first, ends, hashed, problems) in stretches {
            if let Some((id, last)) = ends
                && let Some(before) = self.last.replace(last)
            {
                frame::order(&before, &id, first, &mut self.problems);
            }
            self.problems.append(problems);
            if let Some((units, tree, leaves)) = hashed.filter(|_| self.problems.is_empty()) {
                self.tree.append(tree);
                self.leaves.iter_mut().for_each(|all| all.extend(&leaves));
                done.push(units);
            }
        }
        done.into_iter().flatten()
    }

    /// Root and size of the rows, unless one had a problem, with the leaves of their pseudonyms.
    fn finish(self) -> Result<(RowsRead, Vec<Digest>), Problems<FrameRule>> {
        let size = u64::try_from(self.tree.size()).expect("a length");
        let rows = RowsRead { root: self.tree.root(), size };
        self.problems.finish((rows, self.leaves.unwrap_or_default()))
    }
}
