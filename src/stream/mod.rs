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
//! # In parts
//!
//! Both passes can be cut anywhere and made at several places: by threads of one server, by provinces whose
//! rows may not leave them, by the executors of an engine, as in `examples/engines` (Spec 26). A [`Part`]
//! holds digests and counts of some rows, a [`SelectedPart`] their candidates. Both are documents, and both
//! merge in any order. The single stream is a draw in one part, so the bytes are the same.
//!
//! ```no_run
//! # use double_random::{Cycle, Policy, Roster, SealTerms, beacon::BeaconValue, frame::UnitRow};
//! # use double_random::stream::{Census, Counted, Counts, Part, PartLeaves, SelectedPart};
//! # type Failure = Box<dyn std::error::Error>;
//! # fn rows(part: usize) -> Vec<UnitRow> { Vec::new() }
//! # fn draw(policy: Policy, roster: Roster, terms: SealTerms, values: &[BeaconValue], starts: [u64; 2])
//! # -> Result<(), Failure> {
//! # let (cycle, key) = (Cycle::default(), terms.salt_key.clone());
//! let (mut parts, mut leaves) = (Vec::new(), PartLeaves::default());
//! for (place, start) in starts.into_iter().enumerate() {
//!     let mut census = Census::starting(policy.clone(), cycle.clone(), key.clone(), start)?;
//!     census.extend(rows(place)); // anywhere, at the same time
//!     let (part, own) = census.part()?;
//!     parts.push(part);
//!     leaves.append(own);
//! }
//! let whole = Part::merged(parts.clone())?.ok_or("no parts")?;
//! let counted = Counted::of(policy.clone(), cycle.clone(), key.clone(), &whole, leaves)?;
//! let sealed = counted.seal(roster, terms)?;
//! std::fs::write("seal.json", sealed.seal().to_json())?; // published before the beacon's values
//!
//! let draw = sealed.draw(values)?;
//! let (counts, mut selected) = (sealed.counted().counts(), Vec::new());
//! for place in 0..starts.len() {
//!     let mut selection = counts.select(draw.seed()).below_ceilings(8);
//!     if let Some(before) = Part::merged(parts[..place].iter().cloned())? {
//!         selection = selection.after(&before)?;
//!     }
//!     selection.extend(rows(place)); // the same rows once more
//!     selected.push(selection.part()?);
//! }
//! let all = SelectedPart::merged(selected)?.ok_or("no parts")?;
//! let record = draw.join(all)?.record();
//! # Ok(()) }
//! ```
//!
//! The salt key goes wherever rows are read. Whoever has it can tell of every id whether it is on the frame,
//! and after the draw its ticket; he cannot say before the draw who will be drawn. The leaves of pseudonyms,
//! 32 bytes a row, go to whoever seals, and tell nothing without the key. A province that selects sends the
//! rows of its candidates, no others.
//!
//! # What a streamed draw does not give
//!
//! A streamed draw gives no receipts and outcomes of single units, and no reserves beyond those of the record.
//! What it is to the cycle comes row by row, from a third pass: [`SealedStream::drawn_rows`].

mod census;
mod drawn;
mod part;
mod places;
mod selected;
mod selection;

pub use census::{Census, Counted, Counts, SealedStream};
pub use part::{MOST_ROWS, Part, PartError, PartLeaves};
pub use selected::{Selected, SelectedPart};
pub use selection::{Selection, StreamedDraw, StreamedReplay, StreamedSample};

use crate::bytes::batch;
use crate::bytes::{Digest, Half, Run, SaltKey, Suite, UnitSecrets};
use crate::frame::{self, BATCHES, FrameRule, Hashed, Stretch, Unit, UnitRow};
use crate::id::UnitId;
use crate::plan::PlanError;
use crate::policy::Policy;
use crate::stratum::StratumPath;
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
    /// Parts of different draws.
    #[error(transparent)]
    Foreign(#[from] Foreign),
    /// Not the leaves of the pseudonyms of these rows.
    #[error(
        "these are {found} leaves of pseudonyms, not those of the {wanted} rows that were counted: hand over the leaves of every part, each once"
    )]
    Leaves {
        /// Rows that were counted.
        wanted: u64,
        /// Leaves.
        found: u64,
    },
    /// The counts of a part name a stratum or a measure that no unit of the policy can have, or that the
    /// whole
    /// has not.
    #[error("stratum {0:?} of the part is not one of the whole: use the parts of this census")]
    Stratum(StratumPath),
    /// The rows of a part were not counted as they are now.
    #[error(
        "the rows from place {start} to {end} have units that were not counted in their strata: read the register as it was sealed"
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

/// Reads, checks and hashes the rows of one pass, in their order.
#[derive(Debug)]
struct RowReader {
    suite: Suite,
    secrets: UnitSecrets,
    rows: Vec<UnitRow>,
    run: Run,
    /// The leaves of the tree of pseudonyms, if they are wanted.
    leaves: Option<Vec<Digest>>,
    /// The first and the last id so far.
    ends: Option<[UnitId; 2]>,
    problems: Gather<FrameRule>,
}

impl RowReader {
    /// Begins with the row at this place of the frame.
    fn starting(suite: Suite, key: &SaltKey, leaves: bool, start: usize) -> Self {
        Self {
            suite,
            secrets: key.units(suite),
            rows: Vec::new(),
            run: Run::starting(suite, start),
            leaves: leaves.then(Vec::new),
            ends: None,
            problems: Gather::new(),
        }
    }

    /// Whether no row came yet.
    const fn is_new(&self) -> bool {
        self.rows.is_empty() && self.run.size() == 0 && self.problems.is_empty()
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
        let begin = self.run.end();
        let read = |(place, rows): (usize, &mut [UnitRow])| {
            let Stretch { first, units, hashed, problems } =
                Stretch::new(rows, &rules, self.suite, &self.secrets);
            let ends = units.first().zip(units.last()).map(|(a, z)| (a.id.clone(), z.id.clone()));
            let done = hashed.map(|Hashed { rows, pseudonyms, leaves }| {
                // Where no row has a problem, the stretches before it are full.
                let mut run = Run::starting(self.suite, begin + place * Stretch::ROWS);
                run.extend(rows);
                let units = units.into_iter().zip(pseudonyms);
                (units.map(|(unit, pseudonym)| work(unit, pseudonym)).collect::<Vec<T>>(), run, leaves)
            });
            (first, ends, done, problems)
        };
        let stretches = batch::map(self.rows.chunks_mut(Stretch::ROWS).enumerate(), read);
        self.rows.clear();
        let mut done = Vec::with_capacity(stretches.len());
        for (first, ends, hashed, problems) in stretches {
            if let Some((id, last)) = ends {
                let before = self.ends.take();
                before.iter().for_each(|[_, before]| frame::order(before, &id, first, &mut self.problems));
                self.ends = Some([before.map_or(id, |[first, _]| first), last]);
            }
            self.problems.append(problems);
            if let Some((units, run, leaves)) = hashed.filter(|_| self.problems.is_empty()) {
                assert!(self.run.append(run), "a stretch behind full ones");
                self.leaves.iter_mut().for_each(|all| all.extend(&leaves));
                done.push(units);
            }
        }
        done.into_iter().flatten()
    }

    /// The digests of the rows, unless one had a problem, with the leaves of their pseudonyms and the ends.
    fn finish(self) -> Result<ReadRows, Problems<FrameRule>> {
        let Self { run, leaves, ends, problems, .. } = self;
        problems.finish(ReadRows { run, leaves: leaves.unwrap_or_default(), ends })
    }
}

/// What a pass keeps of its rows.
struct ReadRows {
    run: Run,
    leaves: Vec<Digest>,
    ends: Option<[UnitId; 2]>,
}
