//! Whether a register went into a sealed frame unchanged, as its own authority sees it (Spec 28.5).

use super::names::IntakeCheck;
use super::report::{Comparison, Draft, IntakeReport, NotRun, differ, same};
use super::words;
use crate::bytes::Digest;
use crate::frame::Unit;
use crate::message::{Coded as _, said};
use crate::receipt::{Intake, IntakeRow};
use crate::register::{RowDifferences, SubmittedRegister};
use crate::seal::Seal;

/// Checks the intake of a register against the register that its authority has published, its own rows, and
/// the published seal. Without the seal it says only whether the rows shown are those of the register.
#[must_use]
pub fn intake(intake: &Intake, own: &SubmittedRegister, seal: Option<&Seal>) -> IntakeReport {
    let mut report = Draft::new();
    report.run_if(IntakeCheck::Seal, seal, NotRun::Seal, |seal| {
        same(words::seal(), seal.digest(), intake.seal)
    });
    report.run_if(IntakeCheck::Published, seal, NotRun::Seal, |seal| register(own, seal));
    report.run_if(IntakeCheck::Inclusion, seal, NotRun::Seal, |seal| proof(intake, seal));
    report.run(IntakeCheck::Unchanged, rows(intake, own));
    report.finish()
}

/// The seal names the register as it was published, and the rows at hand are those of it.
fn register(own: &SubmittedRegister, seal: &Seal) -> Comparison {
    let register = &own.register;
    let named = seal.registers.iter().find(|named| named.authority == register.authority);
    if named != Some(register) {
        let what =
            said!("compared.register_of", "the register of {authority}", authority = register.authority);
        let found = if named.is_some() { words::another() } else { words::none() };
        return differ(what, said!("expected.as_published", "as it was published"), found);
    }
    let units: Vec<&Unit> = own.frame.units().iter().collect();
    register.holds(&units, seal.suite, &own.salt_key).or_else(|problem| {
        let authority = &register.authority;
        let what = said!("compared.register_file", "the rows given of {authority}", authority);
        differ(what, said!("expected.rows_of_register", "those of its register"), problem.message())
    })
}

/// The rows shown lead to the root of the sealed frame.
fn proof(intake: &Intake, seal: &Seal) -> Comparison {
    let what = || said!("compared.frame_root", "root of the frame");
    let leaves: Vec<Digest> = intake.rows.iter().map(|row| row.leaf(seal.suite)).collect();
    if leaves.is_empty() {
        let digests = intake.inclusion.hashes.len() + intake.inclusion.places.len();
        return same(said!("compared.no_units", "digests and places for no units"), 0, digests);
    }
    same(what(), Some(seal.frame.root), intake.inclusion.root(seal.suite, &leaves, seal.frame.size))
}

/// The rows shown are those of the register.
fn rows(intake: &Intake, own: &SubmittedRegister) -> Comparison {
    let what =
        || said!("compared.register_of", "the register of {authority}", authority = own.register.authority);
    same(said!("compared.intake_of", "whose intake it is"), &own.register.authority, &intake.authority)?;
    let shown = intake.rows.iter().map(|IntakeRow { unit, .. }| unit);
    match RowDifferences::between(own.frame.units(), shown).told() {
        Some(told) => differ(what(), said!("expected.unchanged", "unchanged"), told),
        None => Ok(()),
    }
}
