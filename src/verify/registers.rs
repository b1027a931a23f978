//! Whether the frame is made up of the registers that the seal names (Spec 28.4): what the seal alone shows,
//! and what the rows of the frame and the salt keys of the registers show.

use super::evidence::Evidence;
use super::names::Check;
use super::report::{Comparison, Draft, NotRun, Outcome, differ, differs};
use super::words;
use crate::frame::{Frame, Unit};
use crate::id::{Code, UnitId};
use crate::message::{AsParam as _, Coded as _, Message, said};
use crate::record::Record;
use crate::register::{self, Owners, Register, RegisterKey, RegisterKeys, RegisterProblem, RowDifferences};
use crate::table::MOST_PROBLEMS;
use std::collections::BTreeMap;

/// What became of one register in the sealed frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterOutcome {
    /// The authority that keeps it.
    pub authority: Code,
    /// `Pass`: it went in unchanged. `Fail`: it did not, with the units where its rows were given.
    pub outcome: Outcome,
}

/// What became of each register that the seal of a record names, ascending by authority, and of those that
/// were given and that it does not name. It takes the frame file and the salt keys of the registers, and
/// believes that the frame is the sealed one: the check `frame` of [`verify`](super::verify) shows that.
#[must_use]
pub fn registers(record: &Record, evidence: &Evidence) -> Vec<RegisterOutcome> {
    let rows = evidence.frame.as_ref().map(|(frame, _)| owners(record).rows(frame).0);
    outcomes(record, rows.as_ref(), evidence.registers.as_ref())
}

/// Which register of the seal a division belongs to.
fn owners(record: &Record) -> Owners<'_> {
    Owners::new(&record.policy.frame.divisions, &record.seal.registers)
}

/// What became of each register, with the rows of the frame by authority and the keys that were given.
fn outcomes(
    record: &Record,
    rows: Option<&BTreeMap<&Code, Vec<&Unit>>>,
    keys: Option<&RegisterKeys>,
) -> Vec<RegisterOutcome> {
    let named = &record.seal.registers;
    let given = keys.map_or(&[][..], RegisterKeys::as_slice);
    let keys: BTreeMap<&Code, &RegisterKey> = given.iter().map(|key| (&key.authority, key)).collect();
    let of_seal = named.iter().map(|register| {
        let key = keys.get(&register.authority);
        let outcome = match (rows, key) {
            (None, _) => Outcome::NotRun { because: NotRun::FrameFile },
            (_, None) => Outcome::NotRun { because: NotRun::RegisterKeys },
            (Some(rows), Some(key)) => {
                let found = rows.get(&register.authority).map_or(&[][..], Vec::as_slice);
                super::report::outcome(one(record, register, key, found))
            }
        };
        RegisterOutcome { authority: register.authority.clone(), outcome }
    });
    let mut outcomes: Vec<RegisterOutcome> = of_seal.collect();
    let strange = given.iter().filter(|key| named.iter().all(|register| register.authority != key.authority));
    outcomes.extend(strange.map(|key| {
        let why = differs(of(&key.authority), said!("expected.in_seal", "one of the seal"), words::none());
        RegisterOutcome { authority: key.authority.clone(), outcome: Outcome::Fail { why } }
    }));
    outcomes.sort_by(|a, b| a.authority.cmp(&b.authority));
    outcomes
}

/// The register of an authority, as something that is compared.
fn of(authority: &Code) -> Message {
    said!("compared.register_of", "the register of {authority}", authority)
}

/// The rows of a register as they stand in the frame.
fn one(record: &Record, register: &Register, key: &RegisterKey, found: &[&Unit]) -> Comparison {
    let suite = record.seal.suite;
    let Some(own) = &key.units else {
        let rows = register.holds(found, suite, &key.salt_key);
        let changed = |problem: RegisterProblem| {
            differs(of(&register.authority), said!("expected.unchanged", "unchanged"), problem.message())
        };
        return rows.map_err(changed);
    };
    // The rows that were given must be those of the register, or a difference would say nothing of the frame.
    let own_rows: Vec<&Unit> = own.iter().collect();
    if let Err(problem) = register.holds(&own_rows, suite, &key.salt_key) {
        let what =
            said!("compared.register_file", "the rows given of {authority}", authority = key.authority);
        return differ(what, said!("expected.rows_of_register", "those of its register"), problem.message());
    }
    match RowDifferences::between(own, found.iter().copied()).told() {
        Some(told) => differ(of(&register.authority), said!("expected.unchanged", "unchanged"), told),
        None => Ok(()),
    }
}

/// The check `registers`: the registers of the seal fit the policy and the size of the frame.
pub(super) fn named(record: &Record, registers: &[Register]) -> Comparison {
    match register::fit(registers, &record.policy, record.seal.frame.size) {
        Ok(()) => Ok(()),
        Err(problem) => {
            let what = said!("compared.registers_of_seal", "the registers of the seal");
            let expected = said!("expected.registers_fit", "registers that make up the frame");
            differ(what, expected, problem.message())
        }
    }
}

/// The check `register_rows`: every register went in unchanged, and no row stands in the frame without one.
/// Of a streamed frame the rows went by and were not kept.
pub(super) fn rows(
    record: &Record,
    frame: Option<&Frame>,
    keys: Option<&RegisterKeys>,
    report: &mut Draft<Check>,
) {
    if record.seal.registers.is_empty() && keys.is_none() {
        return report.skip(Check::RegisterRows, NotRun::NoRegisters);
    }
    let Some(frame) = frame else {
        return report.skip(Check::RegisterRows, NotRun::FrameFile);
    };
    let (rows, stray) = owners(record).rows(frame);
    let outcomes = outcomes(record, Some(&rows), keys);
    let mut wrong: Vec<Message> = Vec::new();
    for RegisterOutcome { outcome, .. } in &outcomes {
        if let Outcome::Fail { why } = outcome {
            wrong.push(why.clone());
        }
    }
    if !stray.is_empty() {
        let units: Vec<&UnitId> = stray.iter().take(MOST_PROBLEMS).map(|unit| &unit.id).collect();
        wrong.push(said!("found.rows_of_no_register", "of no register: {units}", units = units.param()));
    }
    if !wrong.is_empty() {
        let what = said!("compared.rows_of_registers", "the rows of the frame");
        let expected = said!("expected.rows_of_registers", "those of the registers that the seal names");
        let rows = wrong.as_slice().param();
        return report
            .run(Check::RegisterRows, differ(what, expected, said!("found.rows_differ", "{rows}", rows)));
    }
    let missing = outcomes.iter().any(|one| matches!(one.outcome, Outcome::NotRun { .. }));
    if missing {
        return report.skip(Check::RegisterRows, NotRun::RegisterKeys);
    }
    report.run(Check::RegisterRows, Ok(()));
}
