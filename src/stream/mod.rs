//! Frames that do not fit comfortably into memory: all market subjects of a country, from the cursor of a database.
//!
//! Rows come in ascending order of ids, twice. The first pass, the [`Census`], counts: it gives the root of the frame and the cell table, and
//! with them the seal. The second, the [`Selection`], looks for the smallest tickets and keeps only the units that may still be drawn. It
//! hashes the rows again, so that a register that has changed since the seal is refused instead of drawn from. Seal, sample and record are
//! the same bytes that [`Plan`](crate::Plan) and [`Sample`](crate::Sample) give for the same rows; what is kept in memory grows with the
//! picks and with the strata, not with the frame.
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
//! What a streamed draw does not give: receipts and outcomes of single institutions, and the event of the draw for a cycle, which is as long
//! as the frame. The cycle that it starts from is held in memory.

mod census;
mod selection;

pub use census::{Census, Counted, SealedStream};
pub use selection::{Selected, Selection, StreamedDraw, StreamedSample};

use crate::bytes::{Digest, Frontier, SaltKey, Salts, Suite, batch};
use crate::cycle::Cycle;
use crate::frame::{self, FrameRule, Unit, UnitRow};
use crate::id::UnitId;
use crate::plan::{Appraisal, PlanError, Rules};
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

/// Rows that are read together: enough to share among threads, few enough to be nothing beside the picks.
const BATCH: usize = 1 << 14;

/// Problems that are named before a pass counts no more.
const MOST_PROBLEMS: usize = 1000;

/// Rows on their way through a pass: read, checked and hashed, batch by batch, in their order.
#[derive(Debug)]
struct Reader {
    suite: Suite,
    salts: Salts,
    rows: Vec<UnitRow>,
    frontier: Frontier,
    last: Option<UnitId>,
    problems: Gather<FrameRule>,
}

/// A row that was read: the unit, and what the policy says of it.
type Read = (Unit, Result<Appraisal, PlanError>);

impl Reader {
    fn new(suite: Suite, key: &SaltKey) -> Self {
        Self {
            suite,
            salts: key.rows(suite, "frame"),
            rows: Vec::with_capacity(BATCH),
            frontier: Frontier::new(suite),
            last: None,
            problems: Gather::new(),
        }
    }

    /// Takes in a row; `true` if a batch is waiting.
    fn add(&mut self, row: UnitRow) -> bool {
        self.rows.push(row);
        self.rows.len() >= BATCH
    }

    /// Reads the rows that are waiting. What has a problem is left out, and the pass fails in the end.
    fn read(&mut self, policy: &Policy, cycle: &Cycle) -> Vec<Read> {
        let rules = Rules::new(policy);
        let (terms, as_of) = (&policy.frame, policy.as_of);
        let rows = std::mem::take(&mut self.rows);
        let read = batch::map(&rows, |row| {
            let mut gather = Gather::new();
            let unit = frame::read_row(row, terms, as_of, &mut gather);
            let read = unit.map(|unit| {
                let leaf = self.suite.leaf(&frame::leaf(&unit, &self.salts));
                let appraisal = Appraisal::new(&rules, &unit, cycle.get(&unit.id));
                (leaf, (unit, appraisal))
            });
            (read, gather)
        });
        let mut units = Vec::with_capacity(rows.len());
        for (row, (read, gather)) in rows.iter().zip(read) {
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.absorb(gather);
            }
            let Some((leaf, read)) = read else { continue };
            let id = &read.0.id;
            if let Some(last) = self.last.as_ref().filter(|last| *last >= id) {
                if self.problems.len() < MOST_PROBLEMS {
                    let rule = FrameRule::Order { after: last.clone() };
                    self.problems.note(row.row, "id", &row.id, rule);
                }
                continue;
            }
            self.last = Some(id.clone());
            self.frontier.push(leaf);
            units.push(read);
        }
        units
    }

    /// What the rows come to, unless one had a problem.
    fn finish(self) -> Result<FrameCommitment, Problems<FrameRule>> {
        let root: Digest = self.frontier.root();
        self.problems.finish(FrameCommitment { root, size: self.frontier.size() })
    }
}
