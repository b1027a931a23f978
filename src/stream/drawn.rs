//! What a streamed draw is to the cycle, from a third pass over the rows.

use super::{SealedStream, StreamError, StreamRow, StreamedSample};
use crate::bytes::SaltKey;
use crate::cycle::DrawnRow;
use crate::id::UnitId;
use crate::plan::UnitPlan;
use crate::sample::EventRows;
use std::collections::BTreeSet;

impl SealedStream {
    /// What the draw is to each unit that could be drawn, from one more pass over the rows of the count: the
    /// rows of [`Sample::drawn`](crate::Sample::drawn), which `each` takes as they come, ascending by unit.
    ///
    /// # Errors
    /// Those of `each`; or problems of the rows; or they are not those that were counted, and then what
    /// `each` has taken is worth nothing.
    ///
    /// # Panics
    /// If the sample is of another draw.
    pub(crate) fn event_rows<E: From<StreamError>>(
        &self,
        sample: &StreamedSample,
        rows: impl IntoIterator<Item = impl Into<StreamRow>>,
        mut each: impl FnMut(DrawnRow) -> Result<(), E>,
    ) -> Result<(), E> {
        assert_eq!(sample.sealed.digest(), self.digest, "a sample of this draw");
        let counts = self.counted.counts();
        let seed = sample.sealed.seed(&sample.values).expect("values that were checked").digest();
        let cells = sample.cells();
        let picks = cells.iter().flat_map(|cell| &cell.picks).map(|pick| &pick.id);
        let (picks, event): (BTreeSet<&UnitId>, _) = (picks.collect(), EventRows::new(&counts.policy, seed));
        self.counted.assigned(rows, |unit, pseudonym, UnitPlan { cell, due, .. }| {
            let cell = cell.and_then(|cell| counts.parts.cells.get(usize::try_from(cell).ok()?));
            let size = cell.map_or(0, |cell| counts.parts.scale.probability(cell));
            let row = event.row(&unit, Some(&pseudonym), (size, due), picks.contains(&unit.id));
            each(row.expect("a pick that the seed gives"))
        })
    }

    pub(crate) const fn salt_key(&self) -> &SaltKey {
        &self.counted.counts().key
    }
}
