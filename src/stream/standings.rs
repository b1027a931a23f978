//! The cycle of a streamed draw: in memory, or as rows that come beside those of the frame.

use super::{Foreign, StreamError};
use crate::bytes::{Digest, Run, SaltKey, Suite, batch};
use crate::cycle::{Cycle, CycleError, CycleHead, CycleRow, RowLeaves, RowsCommitment, Standing};
use crate::frame::UnitRow;
use crate::id::UnitId;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The cycle that a streamed draw begins from. A [`Cycle`] stays in memory, and rows of the frame come alone.
/// With a [`CycleHead`] the rows of the cycle come beside them, and none is kept: see [`StreamRow`].
#[derive(Debug, Clone)]
pub struct StreamedCycle {
    pub(super) head: CycleHead,
    pub(super) whole: Option<Arc<Cycle>>,
    /// What is known before the rows come: the digest of the cycle.
    pub(super) digest: Option<Digest>,
    /// The rows of the cycle before the first one that comes.
    pub(super) before: u64,
}

impl From<Cycle> for StreamedCycle {
    fn from(cycle: Cycle) -> Self {
        Self { head: cycle.head(), whole: Some(Arc::new(cycle)), digest: None, before: 0 }
    }
}

impl From<CycleHead> for StreamedCycle {
    fn from(head: CycleHead) -> Self {
        Self { head, whole: None, digest: None, before: 0 }
    }
}

impl StreamedCycle {
    /// A cycle of this head and digest, for a part whose first row of the cycle has so many before it. One
    /// pass of a [`CycleCensus`](crate::cycle::CycleCensus) tells the digest. The rows of all parts must give
    /// it.
    #[must_use]
    pub const fn part(head: CycleHead, digest: Digest, before: u64) -> Self {
        Self { head, whole: None, digest: Some(digest), before }
    }

    /// The standing of a unit in a cycle in memory.
    pub(super) fn get(&self, unit: &UnitId) -> Option<&Standing> {
        self.whole.as_ref().and_then(|cycle| cycle.get(unit))
    }

    /// The cycle with the standings of some units, given in the order of ids: all that teams depend on.
    pub(super) fn excerpt(&self, standings: impl Iterator<Item = Standing>) -> Cycle {
        let rows = standings.map(|standing| CycleRow { opens: Vec::new(), standing });
        Cycle::excerpt_of(&self.head, rows)
    }

    /// The digest, from what came of its rows.
    pub(super) fn digest(&self, suite: Suite, key: &SaltKey, rows: Option<&CycleRun>) -> Option<Digest> {
        match (&self.whole, rows) {
            (Some(cycle), _) => Some(cycle.digest(suite, key)),
            (None, Some(CycleRun { run: rows, .. })) => {
                let rows = RowsCommitment {
                    root: rows.root()?,
                    size: u64::try_from(rows.size()).expect("a length"),
                };
                Some(self.head.digest(suite, key, rows))
            }
            (None, None) => None,
        }
    }
}

/// What a pass over a streamed frame is given, one after the other: the rows of the frame and, with a
/// [`CycleHead`], those of the cycle. Both ascend by their ids, and the row of the cycle comes ahead of the
/// unit with its id, or with the next later one: [`beside`] brings both into this order. Rows of the cycle
/// whose units are not on the frame come too. A unit without one has no standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamRow {
    /// A row of the cycle.
    Cycle(CycleRow),
    /// A row of the frame.
    Unit(UnitRow),
}

impl From<CycleRow> for StreamRow {
    fn from(row: CycleRow) -> Self {
        Self::Cycle(row)
    }
}

impl From<UnitRow> for StreamRow {
    fn from(row: UnitRow) -> Self {
        Self::Unit(row)
    }
}

/// The rows of a frame and those of a cycle, each in ascending order of ids, in the order of a pass.
///
/// ```
/// # use double_random::cycle::{CycleRow, Standing};
/// # use double_random::{frame::UnitRow, id::UnitId};
/// use double_random::stream::{StreamRow, beside};
/// let id = |n: u64| format!("T-{n:06}");
/// let unit = |n| UnitRow { id: id(n), ..UnitRow::default() };
/// let standing = |n| Standing::new(UnitId::parse(&id(n)).unwrap());
/// let row = |n| CycleRow { opens: Vec::new(), standing: standing(n) };
/// let rows: Vec<StreamRow> = beside([unit(2), unit(3)], [row(1), row(3), row(4)]).collect();
/// let order = [row(1).into(), unit(2).into(), row(3).into(), unit(3).into(), row(4).into()];
/// assert_eq!(rows, order);
/// ```
pub fn beside(
    units: impl IntoIterator<Item = UnitRow>,
    cycle: impl IntoIterator<Item = CycleRow>,
) -> impl Iterator<Item = StreamRow> {
    let (mut units, mut cycle) = (units.into_iter().peekable(), cycle.into_iter().peekable());
    std::iter::from_fn(move || {
        let first = match (units.peek(), cycle.peek()) {
            (Some(unit), Some(row)) => row.standing.unit.as_str().cmp(unit.id.as_str()),
            (_, Some(_)) => Ordering::Less,
            (_, None) => Ordering::Greater,
        };
        if first.is_gt() { units.next().map(StreamRow::Unit) } else { cycle.next().map(StreamRow::from) }
    })
}

/// Reads, checks and hashes the rows of a cycle that come beside those of the frame.
#[derive(Debug)]
pub(super) struct CycleReader {
    leaves: RowLeaves,
    rows: Vec<CycleRow>,
    run: Run,
    /// The standing of the last row; it is that of the next unit if it has its id.
    ahead: Option<Standing>,
    /// The unit of the last row.
    last: Option<UnitId>,
    /// That of the first row.
    first: Option<UnitId>,
    /// How many visits are pending, by draw.
    pending: BTreeMap<u64, u64>,
    /// The first thing that is wrong. From then on nothing is read.
    wrong: Option<StreamError>,
}

impl CycleReader {
    pub(super) fn new(suite: Suite, key: &SaltKey, cycle: &StreamedCycle, before: usize) -> Self {
        Self {
            leaves: RowLeaves::new(suite, key),
            rows: Vec::new(),
            run: Run::starting(suite, before),
            ahead: None,
            last: None,
            first: None,
            pending: BTreeMap::new(),
            wrong: cycle.head.check().err().map(StreamError::from),
        }
    }

    /// Whether no row came yet.
    pub(super) const fn is_new(&self) -> bool {
        self.last.is_none()
    }

    /// How many rows wait to be read.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes the row of a cycle that comes behind a unit.
    pub(super) fn add(&mut self, cycle: &StreamedCycle, row: CycleRow, unit: Option<&str>) {
        let id = &row.standing.unit;
        let late = unit.is_some_and(|unit| id.as_str() <= unit);
        if cycle.whole.is_some() {
            self.wrong.get_or_insert(StreamError::CycleTwice { unit: id.clone() });
        } else if late || self.last.as_ref().is_some_and(|last| id <= last) {
            self.wrong.get_or_insert(StreamError::CycleOrder { unit: id.clone() });
        }
        if self.wrong.is_none() {
            self.last = Some(id.clone());
            self.first.get_or_insert_with(|| id.clone());
            self.ahead = Some(row.standing.clone());
            self.rows.push(row);
        }
    }

    /// The standing of the unit that comes next.
    pub(super) fn of(&mut self, unit: &str) -> Option<Standing> {
        self.ahead.take_if(|standing| standing.unit.as_str() == unit)
    }

    /// Reads the waiting rows.
    pub(super) fn read(&mut self, head: &CycleHead) {
        const ROWS: usize = 1024;
        let hash = |rows: &mut [CycleRow]| -> Result<Vec<Digest>, CycleError> {
            let leaf = |row: &mut CycleRow| {
                head.tidy(row);
                row.check()?;
                Ok(self.leaves.leaf(&row.opens, &row.standing))
            };
            rows.iter_mut().map(leaf).collect()
        };
        let hashed = batch::map(self.rows.chunks_mut(ROWS), hash);
        for leaves in hashed {
            match leaves {
                Ok(leaves) => self.run.extend(leaves),
                Err(error) => _ = self.wrong.get_or_insert(error.into()),
            }
        }
        for row in self.rows.drain(..) {
            for open in row.opens.iter().filter(|open| open.pending.is_some()) {
                *self.pending.entry(open.draw).or_default() += 1;
            }
        }
    }

    /// The digests of the rows. If all rows came, as many visits are pending as the head says.
    pub(super) fn finish(
        self,
        cycle: &StreamedCycle,
        units: Option<&[UnitId; 2]>,
    ) -> Result<Option<CycleRun>, StreamError> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        if cycle.whole.is_some() {
            return Ok(None);
        }
        if cycle.digest.is_none() {
            for open in &cycle.head.open {
                let found = self.pending.get(&open.draw).copied().unwrap_or(0);
                if found != open.pending {
                    return Err(CycleError::count(open.draw, found, open.pending).into());
                }
            }
        }
        let own = self.first.zip(self.last);
        let all = units.into_iter().flatten().cloned().chain(own.into_iter().flat_map(<[UnitId; 2]>::from));
        let all: Vec<UnitId> = all.collect();
        let ends = all.iter().min().zip(all.iter().max());
        let ends = ends.map(|(first, last)| [first.clone(), last.clone()]);
        Ok(Some(CycleRun { run: self.run, ends }))
    }
}

/// The rows of a cycle that came beside those of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CycleRun {
    /// Their digests.
    pub(super) run: Run,
    /// The first and the last id of both lists: a row and its unit must be in one part.
    pub(super) ends: Option<[UnitId; 2]>,
}

impl CycleRun {
    /// Where the rows stand: the order of parts that have no rows of the frame.
    pub(super) const fn place(&self) -> (usize, usize) {
        (self.run.start(), self.run.size())
    }
}

/// Adds what came with the next part.
pub(super) fn join(rows: &mut Option<CycleRun>, next: Option<CycleRun>) -> Result<(), StreamError> {
    let (rows, next) = match (rows, next) {
        (None, None) => return Ok(()),
        (Some(rows), Some(next)) => (rows, next),
        _ => return Err(Foreign::CycleRows.into()),
    };
    if let (Some([_, before]), Some([id, _])) = (&rows.ends, &next.ends)
        && before >= id
    {
        return Err(StreamError::Order { before: before.clone(), id: id.clone() });
    }
    if !rows.run.append(next.run) {
        return Err(Foreign::CycleRows.into());
    }
    rows.ends = match (rows.ends.take(), next.ends) {
        (Some([first, _]), Some([_, last])) => Some([first, last]),
        (one, other) => one.or(other),
    };
    Ok(())
}
