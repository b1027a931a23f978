//! The places of the units of a streamed frame, for the draw kit (Spec 25.1, step 2).

use super::part::length;
use super::{Counted, Counts, ReadRows, RowReader, RowsRead, StreamError, StreamRow};
use crate::bytes::Half;
use crate::frame::Unit;
use crate::plan::{Assessment, Placed, UnitPlan, UnitRules};

impl Counted {
    /// All units that can be drawn with their cells, in the order of the frame: [`Plan::places`] of a frame
    /// larger than memory, from a second pass over the rows of the count. `each` takes them as they come.
    ///
    /// [`Plan::places`]: crate::Plan::places
    ///
    /// # Errors
    /// Those of `each`; or problems of the rows; or they are not those that were counted, and then what
    /// `each`
    /// has taken is worth nothing.
    pub fn places<E: From<StreamError>>(
        &self,
        rows: impl IntoIterator<Item = impl Into<StreamRow>>,
        mut each: impl FnMut(Placed) -> Result<(), E>,
    ) -> Result<(), E> {
        self.assigned(rows, |unit, pseudonym, UnitPlan { cell, .. }| match cell {
            Some(cell) => each(Placed { cell: cell.into(), id: unit.id, pseudonym }),
            None => Ok(()),
        })
    }

    /// All units that can be drawn with their plans, in the order of the frame, from one more pass.
    pub(super) fn assigned<E: From<StreamError>>(
        &self,
        rows: impl IntoIterator<Item = impl Into<StreamRow>>,
        mut each: impl FnMut(Unit, Half, UnitPlan) -> Result<(), E>,
    ) -> Result<(), E> {
        let Counts { policy, cycle, key, rows: counted, count, parts, .. } = self.counts();
        let mut reader = RowReader::starting(policy.suite, key, false, 0, (cycle, 0));
        let (rules, mut assigner, mut changed) = (UnitRules::new(policy), parts.routes.assigner(), false);
        let mut read = |reader: &mut RowReader| -> Result<(), E> {
            let assessed = reader.read(policy, cycle, |unit, pseudonym, standing| {
                let assessment = Assessment::new(&rules, &unit, standing).ok()?;
                let group = if assessment.may_be_drawn() {
                    Some(count.group(policy, &unit, &assessment)?)
                } else {
                    None
                };
                Some((unit, pseudonym, assessment.plan, group))
            });
            for assessed in assessed {
                // A unit that the count did not see has no group, or more units than its group had. The roots
                // will differ, and until then the pass only reads on.
                let Some((unit, pseudonym, plan, group)) = assessed.filter(|_| !changed) else {
                    changed = true;
                    continue;
                };
                let Some(group) = group else { continue };
                match assigner.assign(group) {
                    Some(cell) => each(unit, pseudonym, UnitPlan { cell: Some(cell), ..plan })?,
                    None => changed = true,
                }
            }
            Ok(())
        };
        for row in rows {
            if reader.add(cycle, row.into()) {
                read(&mut reader)?;
            }
        }
        read(&mut reader)?;
        let ReadRows { run, standings, .. } = reader.finish(cycle)?;
        let (root, size) = (run.root().expect("from the first row on"), length(run.size()));
        let (counted, found) = (*counted, RowsRead { root, size });
        if found != counted {
            return Err(StreamError::Changed { counted, found }.into());
        }
        Ok(self.counts().expect_rows(standings.as_ref())?)
    }
}
