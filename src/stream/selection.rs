//! The second pass: the units with the smallest tickets, and the sample and record that follow.

use super::part::{Part, length};
use super::selected::{NamedUnit, shortlists};
use super::{
    Counted, Counts, ReadRows, RowReader, SealedStream, Selected, SelectedPart, StreamError, StreamRow,
};
use crate::beacon::{self, BeaconError, BeaconValue};
use crate::bytes::Digest;
use crate::frame::Unit;
use crate::id::UnitId;
use crate::lot::Key;
use crate::lot::tickets::{Smallest, Tickets};
use crate::plan::{Assessment, CellAssigner, UnitPlan, UnitRules};
use crate::record::Record;
use crate::sample::{self, CellDraw, CellSample, Sample};
use crate::seal::{self, Sealed};
use std::collections::{BTreeMap, BTreeSet};

/// Selects the candidates for picks and reserves, row by row.
#[derive(Debug)]
pub struct Selection<'a> {
    counts: &'a Counts,
    seed: Digest,
    reader: RowReader,
    tickets: Tickets,
    assigner: CellAssigner<'a>,
    smallest: Smallest<NamedUnit>,
    slack: Option<u64>,
    place: usize,
    /// Units that a record names.
    names: BTreeSet<UnitId>,
    named: BTreeMap<usize, NamedUnit>,
    /// A row came that the first pass did not count. The roots of the two passes will differ, and the end of
    /// the pass reports that; until then it only reads on.
    changed: bool,
}

impl Counts {
    /// Begins a selection under the seed of a draw: [`StreamedDraw::seed`].
    #[must_use]
    pub fn select(&self, seed: Digest) -> Selection<'_> {
        Selection::new(self, seed, BTreeSet::new())
    }

    /// Begins a selection of an auditor, with the seed of a record. The units that the record draws are kept
    /// with any ticket.
    #[must_use]
    pub fn replay(&self, record: &Record) -> Selection<'_> {
        let picks = record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| pick.id.clone()));
        Selection::new(self, record.seed, picks.collect())
    }
}

impl<'a> Selection<'a> {
    fn new(counts: &'a Counts, seed: Digest, names: BTreeSet<UnitId>) -> Self {
        let Counts { policy, key, parts, .. } = counts;
        let (_, smallest) = shortlists(counts, &seed, None);
        Self {
            counts,
            seed,
            reader: RowReader::starting(policy.suite, key, false, 0, (&counts.cycle, 0)),
            tickets: Tickets::new(&Key::new(policy.suite, seed)),
            assigner: parts.routes.assigner(),
            smallest,
            slack: None,
            place: 0,
            names,
            named: BTreeMap::new(),
            changed: false,
        }
    }

    /// The rows will be those behind a part of the census, which begins with the first row. Without this they
    /// begin with the first row.
    ///
    /// # Errors
    /// The part does not begin with the first row, was made under another policy, cycle or key, or is no part
    /// of the census.
    ///
    /// # Panics
    /// If rows were added before.
    pub fn after(mut self, before: &Part) -> Result<Self, StreamError> {
        assert!(self.place == 0 && self.reader.is_new(), "no row comes before");
        self.assigner = self.counts.assigner(before)?;
        self.place = before.run.end();
        let Counts { policy, cycle, key, .. } = self.counts;
        let rows = before.standings.as_ref().map_or(0, |rows| rows.run.end());
        self.reader = RowReader::starting(policy.suite, key, false, self.place, (cycle, rows));
        Ok(self)
    }

    /// Keeps only units below a ceiling of their cell: of w wanted units about w + slack · (√w + 1), in all
    /// parts together. Without ceilings every part keeps w. A cell is short with a chance of at most 1 in 800
    /// at slack 4, and of 1 in 800,000 at slack 8; [`StreamError::Short`] says so when all parts are merged.
    /// Ceilings are worth it where parts are many and cells large.
    ///
    /// # Panics
    /// If rows were added before.
    #[must_use]
    pub fn below_ceilings(mut self, slack: u64) -> Self {
        assert!(self.reader.is_new(), "no row comes before");
        self.slack = Some(slack);
        self.smallest = shortlists(self.counts, &self.seed, self.slack).1;
        self
    }

    /// Adds the next row. Rows must be those of the first pass, in the same order.
    pub fn add(&mut self, row: impl Into<StreamRow>) {
        if self.reader.add(&self.counts.cycle, row.into()) {
            self.read();
        }
    }

    /// How many problems the rows read so far have: [`Census::problems`](super::Census::problems).
    #[must_use]
    pub fn problems(&self) -> usize {
        self.reader.problems.len()
    }

    fn read(&mut self) {
        let Counts { policy, cycle, count, .. } = self.counts;
        let (rules, tickets) = (UnitRules::new(policy), &self.tickets);
        let assessed = self.reader.read(policy, cycle, |unit, pseudonym, standing| {
            let assessment = Assessment::new(&rules, &unit, standing).ok()?;
            // A unit that cannot be drawn has no group and needs no ticket.
            let drawable = if assessment.may_be_drawn() {
                Some((count.group(policy, &unit, &assessment)?, tickets.ticket(&pseudonym)))
            } else {
                None
            };
            Some(((unit, pseudonym, assessment.plan), standing.cloned(), drawable))
        });
        for assessed in assessed {
            let place = self.place;
            self.place += 1;
            let Some(((unit, pseudonym, plan), standing, drawable)) = assessed.filter(|_| !self.changed)
            else {
                self.changed = true;
                continue;
            };
            let cell = drawable.and_then(|(group, _)| self.assigner.assign(group));
            self.changed = drawable.is_some() && cell.is_none();
            let plan = UnitPlan { cell, ..plan };
            if self.names.contains(&unit.id) {
                self.named.insert(place, Box::new((unit.clone(), pseudonym, plan, standing.clone())));
            }
            let Some((cell, (_, ticket))) = cell.zip(drawable) else { continue };
            let cell = usize::try_from(cell).expect("a position");
            self.smallest.offer(cell, ticket, place, || Box::new((unit, pseudonym, plan, standing)));
        }
    }

    /// Ends a part.
    ///
    /// # Errors
    /// Problems of the rows, or units among them that were not counted. Other changes since the census are
    /// found when all parts are merged.
    pub fn part(self) -> Result<SelectedPart<'a>, StreamError> {
        let part = self.ended()?;
        if part.changed {
            let (start, end) = (length(part.run.start()), length(part.run.end()));
            return Err(StreamError::Uncounted { start, end });
        }
        Ok(part)
    }

    fn ended(mut self) -> Result<SelectedPart<'a>, StreamError> {
        self.read();
        let Self { counts, seed, reader, smallest, slack, named, changed, .. } = self;
        let ReadRows { run, standings, .. } = reader.finish(&counts.cycle)?;
        Ok(SelectedPart { counts, seed, run, standings, slack, smallest, named, changed })
    }

    /// Ends a pass over all rows.
    fn finish(self, counted: &'a Counted) -> Result<Selected<'a>, StreamError> {
        let seed = self.seed;
        self.ended()?.finish(counted, &seed)
    }
}

impl<R: Into<StreamRow>> Extend<R> for Selection<'_> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.add(row));
    }
}

/// The second pass of an auditor over all rows.
#[derive(Debug)]
pub struct StreamedReplay<'a> {
    counted: &'a Counted,
    selection: Selection<'a>,
}

impl Counted {
    /// Begins the second pass of an auditor, with the seed of a record.
    /// [`verify::streamed`](crate::verify::streamed) checks whether that seed follows from the seal, and
    /// whether the sample is the record's.
    #[must_use]
    pub fn replay(&self, record: &Record) -> StreamedReplay<'_> {
        StreamedReplay { counted: self, selection: self.counts().replay(record) }
    }
}

impl<'a> StreamedReplay<'a> {
    /// Adds the next row. Rows must be those of the first pass, in the same order.
    pub fn add(&mut self, row: impl Into<StreamRow>) {
        self.selection.add(row);
    }

    /// How many problems the rows read so far have: [`Census::problems`](super::Census::problems).
    #[must_use]
    pub fn problems(&self) -> usize {
        self.selection.problems()
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// Problems of the rows, or they are not those that were counted.
    pub fn finish(self) -> Result<Selected<'a>, StreamError> {
        self.selection.finish(self.counted)
    }
}

impl<R: Into<StreamRow>> Extend<R> for StreamedReplay<'_> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        self.selection.extend(rows);
    }
}

impl SealedStream {
    /// Takes the values of the sources named in the seal, in their order, and begins the second pass.
    ///
    /// # Errors
    /// A value of another source or in another form. No value of the right source can be refused.
    pub fn draw(&self, values: &[BeaconValue]) -> Result<StreamedDraw<'_>, BeaconError> {
        beacon::check(self.seal.suite, &self.seal.beacon, values)?;
        let seed = seal::seed(self.seal.suite, &self.digest, values, self.secret.as_ref());
        let selection = self.counted.counts().select(seed);
        Ok(StreamedDraw { sealed: self, values: values.to_vec(), selection })
    }
}

/// The second pass of the office that sealed the frame.
#[derive(Debug)]
pub struct StreamedDraw<'a> {
    sealed: &'a SealedStream,
    values: Vec<BeaconValue>,
    selection: Selection<'a>,
}

impl<'a> StreamedDraw<'a> {
    /// The seed, for selections of parts elsewhere.
    #[must_use]
    pub const fn seed(&self) -> Digest {
        self.selection.seed
    }

    /// Adds the next row. Rows must be those of the first pass, in the same order.
    pub fn add(&mut self, row: impl Into<StreamRow>) {
        self.selection.add(row);
    }

    /// How many problems the rows read so far have: [`Census::problems`](super::Census::problems).
    #[must_use]
    pub fn problems(&self) -> usize {
        self.selection.problems()
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// Problems of the rows, or they are not those that were counted and sealed.
    pub fn finish(self) -> Result<StreamedSample, StreamError> {
        let Self { sealed, values, selection } = self;
        Ok(Self::sample(sealed, values, selection.finish(&sealed.counted)?))
    }

    /// Ends the draw with the candidates of all rows, which were selected in parts.
    ///
    /// # Errors
    /// They do not begin with the first row, the rows are not those that were counted and sealed, they were
    /// selected from another census or with another seed, or ceilings kept out units that are wanted.
    pub fn join(self, all: SelectedPart<'a>) -> Result<StreamedSample, StreamError> {
        let Self { sealed, values, selection } = self;
        Ok(Self::sample(sealed, values, all.finish(&sealed.counted, &selection.seed)?))
    }

    fn sample(sealed: &SealedStream, values: Vec<BeaconValue>, selected: Selected<'_>) -> StreamedSample {
        let SealedStream { counted, roster, seal, digest, secret } = sealed;
        let (plan, pseudonyms, cells) = selected.excerpt(roster.clone());
        let hidden = (counted.counts().key.clone(), pseudonyms);
        let sealed = Sealed::excerpt(plan, seal.clone(), *digest, hidden, secret.clone());
        StreamedSample { sealed, values, cells }
    }
}

impl<R: Into<StreamRow>> Extend<R> for StreamedDraw<'_> {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        self.selection.extend(rows);
    }
}

/// The drawn units of a streamed frame, with the reserves that the record shows.
#[derive(Debug, Clone)]
pub struct StreamedSample {
    /// A sealed plan of these units only. No receipt or outcome may be made from it.
    pub(super) sealed: Sealed,
    pub(super) values: Vec<BeaconValue>,
    cells: Vec<CellDraw>,
}

impl StreamedSample {
    /// Number of picks.
    #[must_use]
    pub fn len(&self) -> usize {
        sample::size(&self.cells)
    }

    /// Whether nothing was drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sample cell by cell, as it stands in the record.
    #[must_use]
    pub fn cells(&self) -> Vec<CellSample> {
        sample::documents(self.units(), self.sealed.pseudonyms().all(), &self.cells)
    }

    /// Picks and reserves, ascending by id.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        self.sealed.plan().frame().units()
    }

    /// Assigns officers to the picks and writes the record: [`Sample::assign`](crate::Sample::assign) and
    /// [`Assignment::record`](crate::Assignment::record).
    ///
    /// # Panics
    /// Never: the values were checked when the draw began.
    #[must_use]
    pub fn record(&self) -> Record {
        let seed = self.sealed.seed(&self.values).expect("values that were checked");
        Sample::of(&seed, self.cells.clone()).assign().record()
    }
}
