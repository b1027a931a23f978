//! Frames that are streamed: their rows in ascending order of ids, a stretch at a time.

use super::rows::{Reading, TableRules};
use super::{BATCH, FrameRule, Unit, UnitRow, leaves};
use crate::bytes::{Frontier, Salts, Suite};
use crate::id::UnitId;
use crate::table::Gather;

/// Some rows of a streamed frame, in the order in which they stand there.
pub(crate) struct Stretch {
    /// The number of the row of the first unit.
    pub(crate) first: u64,
    pub(crate) units: Vec<Unit>,
    /// Their leaves; of no use if a row has a problem.
    pub(crate) leaves: Frontier,
    pub(crate) problems: Gather<FrameRule>,
}

impl Stretch {
    /// The number of rows of every stretch but the last one. Their leaves are a full subtree.
    pub(crate) const ROWS: usize = BATCH;

    /// Reads rows as a table is read, and hashes them.
    pub(crate) fn new(rows: &mut [UnitRow], rules: &TableRules<'_>, suite: Suite, salts: &Salts) -> Self {
        let mut reading = Reading::new();
        rows.iter_mut().for_each(|row| reading.read(row, rules));
        let Reading { mut units, numbers, gather: mut problems, .. } = reading;
        for (pair, row) in units.windows(2).zip(numbers.iter().skip(1)) {
            order(&pair[0].id, &pair[1].id, *row, &mut problems);
        }
        units.iter_mut().for_each(|unit| unit.licences.sort_unstable());
        let mut frontier = Frontier::new(suite);
        if problems.is_empty() {
            frontier.extend(leaves(&units, suite, salts));
        }
        Self { first: numbers.first().copied().unwrap_or(0), units, leaves: frontier, problems }
    }
}

/// Notes a row whose id does not come after the one before.
pub(crate) fn order(before: &UnitId, id: &UnitId, row: u64, problems: &mut Gather<FrameRule>) {
    if before >= id {
        problems.note(row, "id", id.as_str(), FrameRule::Order { after: before.clone() });
    }
}
