//! Frames that are streamed: their rows in ascending order of ids, a stretch at a time.

use super::rows::{Reading, TableRules};
use super::{BATCH, FrameRule, Hashed, Unit, UnitRow};
use crate::bytes::{Suite, UnitSecrets};
use crate::id::UnitId;
use crate::table::Gather;

/// Some rows of a streamed frame, in the order in which they stand there.
pub(crate) struct Stretch {
    /// The number of the row of the first unit.
    pub(crate) first: u64,
    pub(crate) units: Vec<Unit>,
    /// Their hashes; none if a row has a problem.
    pub(crate) hashed: Option<Hashed>,
    pub(crate) problems: Gather<FrameRule>,
}

impl Stretch {
    /// The number of rows of every stretch but the last one. Their leaves are a full subtree.
    pub(crate) const ROWS: usize = BATCH;

    /// Reads rows as a table is read, and hashes them.
    pub(crate) fn new(
        rows: &mut [UnitRow],
        rules: &TableRules<'_>,
        suite: Suite,
        secrets: &UnitSecrets,
    ) -> Self {
        let mut reading = Reading::new();
        rows.iter_mut().for_each(|row| reading.read(row, rules));
        let Reading { mut units, numbers, gather: mut problems, .. } = reading;
        for (pair, row) in units.windows(2).zip(numbers.iter().skip(1)) {
            order(&pair[0].id, &pair[1].id, *row, &mut problems);
        }
        units.iter_mut().for_each(|unit| unit.licences.sort_unstable());
        let hashed = problems.is_empty().then(|| Hashed::new(&units, suite, secrets));
        Self { first: numbers.first().copied().unwrap_or(0), units, hashed, problems }
    }
}

/// Notes a row whose id does not come after the one before.
pub(crate) fn order(before: &UnitId, id: &UnitId, row: u64, problems: &mut Gather<FrameRule>) {
    if before >= id {
        problems.note(row, "id", id.as_str(), FrameRule::Order { after: before.clone() });
    }
}
