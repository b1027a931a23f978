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
//! A cycle as long as the frame need not be in memory: the census takes its
//! [`CycleHead`](crate::cycle::CycleHead), and every pass the rows of the cycle [`beside`] those of the
//! frame.
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
//! # Registers of lower authorities
//!
//! Where the frame is put together from registers (Spec 28), a [`RegisterCensus`] reads the same rows, from
//! the same cursor or another, and [`Counted::seal_assembled`] seals with the registers named. It takes all
//! rows in one stream, with the keys of all registers.
//!
//! # What a streamed draw does not give
//!
//! A streamed draw gives no receipts and outcomes of single units, no intakes of registers, and no reserves
//! beyond the record's. What it is to the cycle comes row by row, from a third pass:
//! [`SealedStream::drawn_rows`]. With the rows of the cycle it makes those of the next one:
//! [`CycleHead::drawn`](crate::cycle::CycleHead::drawn).

mod census;
mod drawn;
mod error;
mod part;
mod places;
mod registers;
mod selected;
mod selection;
mod standings;

pub use census::{Census, Counted, Counts, SealedStream};
pub use error::{Apart, Foreign, RowsRead, StreamError};
pub use part::{MOST_ROWS, Part, PartError, PartLeaves};
pub use registers::{CountedRegisters, RegisterCensus};
pub use selected::{Selected, SelectedPart};
pub use selection::{Selection, StreamedDraw, StreamedReplay, StreamedSample};
pub use standings::{StreamRow, StreamedCycle, beside};

use crate::bytes::batch;
use crate::bytes::{Digest, Half, Run, SaltKey, Suite, UnitSecrets};
use crate::cycle::Standing;
use crate::frame::{self, BATCHES, FrameRule, Hashed, Stretch, Unit, UnitRow};
use crate::id::UnitId;
use crate::policy::Policy;
use crate::table::Gather;
use standings::{CycleReader, CycleRun};

/// Reads, checks and hashes the rows of one pass, in their order.
#[derive(Debug)]
struct RowReader {
    suite: Suite,
    secrets: UnitSecrets,
    rows: Vec<UnitRow>,
    /// The standing that came ahead of each of them.
    standings: Vec<Option<Standing>>,
    /// The id of the last row that was read.
    last: Option<String>,
    cycle: CycleReader,
    run: Run,
    /// The leaves of the tree of pseudonyms, if they are wanted.
    leaves: Option<Vec<Digest>>,
    /// The first and the last id so far.
    ends: Option<[UnitId; 2]>,
    problems: Gather<FrameRule>,
}

impl RowReader {
    /// Begins with the row at this place of the frame, and that of the cycle.
    fn starting(
        suite: Suite,
        key: &SaltKey,
        leaves: bool,
        start: usize,
        (cycle, before): (&StreamedCycle, usize),
    ) -> Self {
        Self {
            suite,
            secrets: key.units(suite),
            rows: Vec::new(),
            standings: Vec::new(),
            last: None,
            cycle: CycleReader::new(suite, key, cycle, before),
            run: Run::starting(suite, start),
            leaves: leaves.then(Vec::new),
            ends: None,
            problems: Gather::new(),
        }
    }

    /// Whether no row came yet.
    const fn is_new(&self) -> bool {
        self.rows.is_empty() && self.cycle.is_new() && self.run.size() == 0 && self.problems.is_empty()
    }

    /// Adds a row to those that wait to be read. `true` if there are enough of them.
    fn add(&mut self, cycle: &StreamedCycle, row: StreamRow) -> bool {
        match row {
            StreamRow::Unit(row) => {
                self.standings.push(self.cycle.of(&row.id));
                self.rows.push(row);
            }
            StreamRow::Cycle(row) => {
                let unit = self.rows.last().map(|row| &row.id).or(self.last.as_ref());
                self.cycle.add(cycle, row, unit.map(String::as_str));
            }
        }
        self.rows.len().max(self.cycle.len()) >= BATCHES * Stretch::ROWS
    }

    /// Reads the waiting rows and does the work on each unit and its pseudonym, in their order. After a row
    /// with a problem the pass fails, so from then on it collects problems only.
    fn read<T: Send>(
        &mut self,
        policy: &Policy,
        cycle: &StreamedCycle,
        work: impl Fn(Unit, Half, Option<&Standing>) -> T + Send + Sync,
    ) -> impl Iterator<Item = T> {
        self.cycle.read(&cycle.head);
        self.last = self.rows.last().map(|row| row.id.clone()).or(self.last.take());
        let rules = frame::TableRules::new(&policy.frame, policy.as_of);
        let begin = self.run.end();
        let read = |(place, (rows, standings)): (usize, (&mut [UnitRow], &[Option<Standing>]))| {
            let Stretch { first, units, hashed, problems } =
                Stretch::new(rows, &rules, self.suite, &self.secrets);
            let ends = units.first().zip(units.last()).map(|(a, z)| (a.id.clone(), z.id.clone()));
            let done = hashed.map(|Hashed { rows, pseudonyms, leaves }| {
                // Where no row has a problem, the stretches before it are full.
                let mut run = Run::starting(self.suite, begin + place * Stretch::ROWS);
                run.extend(rows);
                let units = units.into_iter().zip(pseudonyms).zip(standings);
                let work = |((unit, pseudonym), standing): ((Unit, Half), &Option<Standing>)| {
                    let known = standing.as_ref().or_else(|| cycle.get(&unit.id));
                    work(unit, pseudonym, known)
                };
                (units.map(work).collect::<Vec<T>>(), run, leaves)
            });
            (first, ends, done, problems)
        };
        let rows = self.rows.chunks_mut(Stretch::ROWS).zip(self.standings.chunks(Stretch::ROWS));
        let stretches = batch::map(rows.enumerate(), read);
        self.rows.clear();
        self.standings.clear();
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
    fn finish(self, cycle: &StreamedCycle) -> Result<ReadRows, StreamError> {
        let Self { run, leaves, ends, problems, cycle: reader, .. } = self;
        let read = ReadRows { run, leaves: leaves.unwrap_or_default(), ends, standings: None };
        let read = problems.finish(read)?;
        Ok(ReadRows { standings: reader.finish(cycle, read.ends.as_ref())?, ..read })
    }
}

/// What a pass keeps of its rows.
struct ReadRows {
    run: Run,
    leaves: Vec<Digest>,
    ends: Option<[UnitId; 2]>,
    /// The digests of the rows of the cycle, if they came beside those of the frame.
    standings: Option<CycleRun>,
}
