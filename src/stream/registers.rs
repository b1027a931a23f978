//! Registers of lower authorities behind a streamed frame (Spec 28): each of its rows is counted for the
//! register of its division, under the key of that register.

use super::part::length;
use super::{ReadRows, RowReader, RowsRead, StreamError, StreamRow, StreamedCycle};
use crate::bytes::{Digest, Run, SaltKey};
use crate::cycle::Cycle;
use crate::frame::UnitRow;
use crate::id::Division;
use crate::policy::Policy;
use crate::register::{self, Owners, Register, RegisterProblem, RegisterProblems};
use std::collections::BTreeMap;

/// Counts the rows of a frame against the registers that it was put together from, row by row: the streamed
/// form of [`Registers::assemble`](crate::register::Registers::assemble). It reads the same rows as the
/// [`Census`](super::Census), beside it from the same cursor or from another, and memory holds a few hundred
/// bytes a register. Suspected duplicates (Spec 28.2.4) are not looked for.
#[derive(Debug)]
pub struct RegisterCensus {
    policy: Policy,
    given: Vec<(Register, SaltKey)>,
    /// The place of the register of each division of the policy.
    places: BTreeMap<Division, usize>,
    reader: RowReader,
    /// None: registers have no standings.
    cycle: StreamedCycle,
    runs: Vec<Run>,
}

impl RegisterCensus {
    /// Begins the count under a policy, against the registers with their keys, in any order. `key` is the
    /// salt key of the draw, as for [`Census::new`](super::Census::new).
    ///
    /// # Errors
    /// An authority or a division stands twice, a division of the policy is of no register, a register is of
    /// another day, or names a division to which none of the policy belongs: everything at once.
    pub fn new(
        policy: Policy,
        mut given: Vec<(Register, SaltKey)>,
        key: &SaltKey,
    ) -> Result<Self, StreamError> {
        given.sort_by(|(a, _), (b, _)| a.authority.cmp(&b.authority));
        let list: Vec<Register> = given.iter().map(|(register, _)| register.clone()).collect();
        let divisions = &policy.frame.divisions;
        register::listed(&list, divisions, policy.as_of).settled()?;
        let owners = Owners::new(divisions, &list);
        let place = |division: &Division| {
            let owner = owners.of(division).map(|(_, owner)| &owner.authority)?;
            list.iter().position(|register| &register.authority == owner)
        };
        let places = divisions.codes().filter_map(|code| Some((code.clone(), place(code)?))).collect();
        let cycle = StreamedCycle::from(Cycle::default());
        let reader = RowReader::starting(policy.suite, key, false, 0, (&cycle, 0));
        let runs = vec![Run::starting(policy.suite, 0); given.len()];
        Ok(Self { policy, given, places, reader, cycle, runs })
    }

    /// Adds the next row, in ascending order of ids.
    pub fn add(&mut self, row: UnitRow) {
        if self.reader.add(&self.cycle, StreamRow::Unit(row)) {
            self.read();
        }
    }

    fn read(&mut self) {
        let Self { policy, given, places, reader, cycle, runs } = self;
        let leaves = reader.read(policy, cycle, |unit, _, _| {
            // A row that passes the gate lies in a division of the policy, and each of them has a register.
            let place = *places.get(&unit.division)?;
            let (_, key) = given.get(place)?;
            Some((place, register::leaf(&unit, policy.suite, key)))
        });
        for (place, leaf) in leaves.flatten() {
            runs[place].push(leaf);
        }
    }

    /// Ends the count of all rows.
    ///
    /// # Panics
    /// Never: the rows are those from the first one on.
    ///
    /// # Errors
    /// Problems of the rows, where a unit of two registers is an id out of order; or every register whose
    /// rows in the frame are not its own.
    pub fn finish(mut self) -> Result<CountedRegisters, StreamError> {
        self.read();
        let Self { policy, given, reader, cycle, runs, .. } = self;
        let ReadRows { run, .. } = reader.finish(&cycle)?;
        let size = |run: &Run| length(run.size());
        let mut found = RegisterProblems::NONE;
        for ((register, _), own) in given.iter().zip(&runs) {
            let root = own.root().expect("from the first row on");
            if let Err(problem) = register.expect(size(own), root) {
                found.note(problem);
            }
        }
        let counted: u64 = runs.iter().map(size).sum();
        if counted != size(&run) {
            found.note(RegisterProblem::Units { expected: counted, found: size(&run) });
        }
        found.settled()?;
        let rows = RowsRead { root: run.root().expect("from the first row on"), size: size(&run) };
        let list = given.into_iter().map(|(register, _)| register).collect();
        Ok(CountedRegisters { list, rows, policy: policy.digest() })
    }
}

impl Extend<UnitRow> for RegisterCensus {
    fn extend<I: IntoIterator<Item = UnitRow>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.add(row));
    }
}

/// Registers that make up a streamed frame: [`Counted::seal_assembled`](super::Counted::seal_assembled) takes
/// them with the count of the same rows.
#[derive(Debug, Clone)]
pub struct CountedRegisters {
    list: Vec<Register>,
    rows: RowsRead,
    policy: Digest,
}

impl CountedRegisters {
    /// The registers, ascending by authority.
    #[must_use]
    pub fn list(&self) -> &[Register] {
        &self.list
    }

    /// Whether a frame that was counted under a policy is of these rows.
    pub(super) fn are_of(&self, policy: &Policy, rows: RowsRead) -> bool {
        (self.policy, self.rows) == (policy.digest(), rows)
    }
}
