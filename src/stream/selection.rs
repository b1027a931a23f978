//! The second pass: the units with the smallest tickets, and the sample and record that follow.

use super::{Counted, RowReader, RowsRead, SealedStream, StreamError};
use crate::beacon::{self, BeaconError, BeaconValue};
use crate::bytes::{Digest, Half};
use crate::frame::{Frame, Pseudonyms, Unit, UnitRow};
use crate::id::UnitId;
use crate::lot::Key;
use crate::lot::tickets::{Candidate, Smallest, Tickets};
use crate::plan::{Assessment, CellAssigner, Plan, UnitPlan, UnitRules};
use crate::record::Record;
use crate::roster::Roster;
use crate::sample::{self, CellDraw, CellSample, Ranked, Sample};
use crate::seal::{self, Sealed};
use std::collections::BTreeSet;

/// A unit that may be drawn or that a record names, with its pseudonym and its plan.
type NamedUnit = Box<(Unit, Half, UnitPlan)>;

/// Selects the picks and reserves, row by row.
#[derive(Debug)]
pub struct Selection<'a> {
    counted: &'a Counted,
    seed: Digest,
    reader: RowReader,
    tickets: Tickets,
    assigner: CellAssigner<'a>,
    smallest: Smallest<NamedUnit>,
    picks: Vec<usize>,
    place: usize,
    /// Units that a record names. They are kept with any ticket, so that the record's claims about them can
    /// be checked.
    named: BTreeSet<UnitId>,
    claimed: Vec<(usize, NamedUnit)>,
    /// A row came that the first pass did not count. The roots of the two passes will differ, and
    /// [`Self::finish`] reports that; until then the pass only reads on.
    changed: bool,
}

impl Counted {
    /// Begins the second pass of an auditor, with the seed of a record.
    /// [`verify::streamed`](crate::verify::streamed) checks whether that seed follows from the seal, and
    /// whether the sample is the record's.
    #[must_use]
    pub fn replay(&self, record: &Record) -> Selection<'_> {
        let picks = record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| pick.id.clone()));
        Selection { named: picks.collect(), ..Selection::new(self, record.seed) }
    }
}

impl<'a> Selection<'a> {
    fn new(counted: &'a Counted, seed: Digest) -> Self {
        let Counted { policy, key, parts, .. } = counted;
        let of_seed = Key::new(policy.suite, seed);
        let picks = sample::picks(&parts.cells, parts.scale, &of_seed);
        let reserves = usize::try_from(policy.reserves).unwrap_or(usize::MAX);
        let smallest = Smallest::new(picks.iter().map(|picks| picks.saturating_add(reserves)));
        Self {
            counted,
            seed,
            reader: RowReader::new(policy.suite, key, false),
            tickets: Tickets::new(&of_seed),
            assigner: parts.routes.assigner(),
            smallest,
            picks,
            place: 0,
            named: BTreeSet::new(),
            claimed: Vec::new(),
            changed: false,
        }
    }

    /// Adds the next row. Rows must be those of the first pass, in the same order.
    pub fn add(&mut self, row: UnitRow) {
        if self.reader.add(row) {
            self.read();
        }
    }

    /// How many problems the rows read so far have: [`Census::problems`](super::Census::problems).
    #[must_use]
    pub fn problems(&self) -> usize {
        self.reader.problems.len()
    }

    fn read(&mut self) {
        let Counted { policy, cycle, count, .. } = self.counted;
        let (rules, tickets) = (UnitRules::new(policy), &self.tickets);
        let assessed = self.reader.read(policy, |unit, pseudonym| {
            let assessment = Assessment::new(&rules, &unit, cycle.get(&unit.id)).ok()?;
            // A unit that cannot be drawn has no group and needs no ticket.
            let drawable = if assessment.may_be_drawn() {
                Some((count.group(policy, &unit, &assessment)?, tickets.ticket(&pseudonym)))
            } else {
                None
            };
            Some((unit, pseudonym, assessment.plan, drawable))
        });
        for assessed in assessed {
            let place = self.place;
            self.place += 1;
            let Some((unit, pseudonym, plan, drawable)) = assessed.filter(|_| !self.changed) else {
                self.changed = true;
                continue;
            };
            let cell = drawable.and_then(|(group, _)| self.assigner.assign(group));
            self.changed = drawable.is_some() && cell.is_none();
            let plan = UnitPlan { cell, ..plan };
            if self.named.contains(&unit.id) {
                self.claimed.push((place, Box::new((unit.clone(), pseudonym, plan))));
            }
            let Some((cell, (_, ticket))) = cell.zip(drawable) else { continue };
            let cell = usize::try_from(cell).expect("a position");
            self.smallest.offer(cell, ticket, place, || Box::new((unit, pseudonym, plan)));
        }
    }

    /// Ends the pass.
    ///
    /// # Errors
    /// Problems of the rows, or they are not those that were counted.
    pub fn finish(mut self) -> Result<Selected<'a>, StreamError> {
        self.read();
        let Self { counted, seed, reader, smallest, picks, claimed, changed, .. } = self;
        let (found, _) = reader.finish()?;
        let counted_rows = RowsRead { root: counted.frame.root, size: counted.frame.size };
        // The pseudonyms follow from the key and the ids of these rows.
        if found != counted_rows {
            return Err(StreamError::Changed { counted: counted_rows, found });
        }
        assert!(!changed, "rows with this root were all counted");
        let found = smallest.finish();
        let of_claimed = claimed.iter().map(|(place, _)| *place);
        let mut places: Vec<usize> =
            found.iter().flatten().map(|candidate| candidate.place).chain(of_claimed).collect();
        places.sort_unstable();
        places.dedup();
        let mut kept: Vec<Option<NamedUnit>> = places.iter().map(|_| None).collect();
        let mut ranked = |Candidate { ticket, place, unit }: Candidate<NamedUnit>| {
            let at = places.binary_search(&place).expect("one of them");
            kept[at] = Some(unit);
            Ranked { unit: at, ticket }
        };
        let mut cells = Vec::with_capacity(picks.len());
        for (candidates, picked) in found.into_iter().zip(picks) {
            cells.push(CellDraw { ranked: candidates.into_iter().map(&mut ranked).collect(), picked });
        }
        for (place, unit) in claimed {
            let at = places.binary_search(&place).expect("one of them");
            kept[at].get_or_insert(unit);
        }
        let (mut units, mut pseudonyms, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        for kept in kept {
            let (unit, pseudonym, plan) = *kept.expect("every place has its unit");
            units.push(unit);
            pseudonyms.push(pseudonym);
            plans.push(plan);
        }
        Ok(Selected { counted, seed, units, pseudonyms, plans, cells })
    }
}

impl Extend<UnitRow> for Selection<'_> {
    fn extend<I: IntoIterator<Item = UnitRow>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.add(row));
    }
}

/// The picks and reserves of a counted frame under one seed.
#[derive(Debug, Clone)]
pub struct Selected<'a> {
    counted: &'a Counted,
    seed: Digest,
    /// Picks, reserves and those that the record of a replay names, ascending by id.
    units: Vec<Unit>,
    pseudonyms: Vec<Half>,
    plans: Vec<UnitPlan>,
    /// Positions are those in `units`.
    cells: Vec<CellDraw>,
}

impl Selected<'_> {
    /// What was counted.
    #[must_use]
    pub const fn counted(&self) -> &Counted {
        self.counted
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> Digest {
        self.seed
    }

    /// The sample cell by cell, as it stands in the record.
    #[must_use]
    pub fn cells(&self) -> Vec<CellSample> {
        sample::documents(&self.units, &self.pseudonyms, &self.cells)
    }

    /// Picks, reserves and those that the record of a replay names, ascending by id.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The plan of these units, from which teams are made, their pseudonyms, and the cells.
    pub(crate) fn excerpt(self, roster: Roster) -> (Plan, Pseudonyms, Vec<CellDraw>) {
        let Counted { policy, cycle, parts, leaves, .. } = self.counted;
        let pseudonyms = Pseudonyms::new(self.pseudonyms, leaves.clone());
        let cycle = cycle.excerpt(self.units.iter().map(|unit| &unit.id));
        let frame = Frame::of(self.units);
        let plan = Plan::excerpt(frame, roster, policy.clone(), cycle, self.plans, parts);
        (plan, pseudonyms, self.cells)
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
        let selection = Selection::new(&self.counted, seed);
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

impl StreamedDraw<'_> {
    /// Adds the next row. Rows must be those of the first pass, in the same order.
    pub fn add(&mut self, row: UnitRow) {
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
        let Self { sealed: SealedStream { counted, roster, seal, digest, secret }, values, selection } = self;
        let (plan, pseudonyms, cells) = selection.finish()?.excerpt(roster.clone());
        let hidden = (counted.key.clone(), pseudonyms);
        let sealed = Sealed::excerpt(plan, seal.clone(), *digest, hidden, secret.clone());
        Ok(StreamedSample { sealed, values, cells })
    }
}

impl Extend<UnitRow> for StreamedDraw<'_> {
    fn extend<I: IntoIterator<Item = UnitRow>>(&mut self, rows: I) {
        self.selection.extend(rows);
    }
}

/// The drawn units of a streamed frame, with the reserves that the record shows.
#[derive(Debug, Clone)]
pub struct StreamedSample {
    /// A sealed plan of these units only. No receipt or outcome may be made from it.
    sealed: Sealed,
    values: Vec<BeaconValue>,
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
