//! Verification: replay, compare, and say what was shown and what was not (Spec 13).
//!
//! [`verify`] never fails: what is wrong is a finding. The checks are named, the list of names only grows, and each name has a tamper
//! in `tests/suite/attack/tamper.rs` that it and no other check must catch.

mod audit;
mod checks;
mod ledger;
mod origin;
mod receipt;
mod replays;

pub use ledger::{DrawEvidence, LedgerCheck, LedgerEvidence, LedgerReport, ledger};
pub use origin::{OriginCheck, OriginEvidence, OriginReport, origin};
pub use receipt::{Published, ReceiptCheck, ReceiptReport, Receipts, receipt};

use crate::beacon::BeaconValue;
use crate::bytes::{PROTOCOL, SaltKey};
use crate::cycle::Cycle;
use crate::frame::Frame;
use crate::id::UnitId;
use crate::record::Record;
use crate::roster::Roster;
use crate::seal::Seal;
use crate::stream::Selected;
use std::collections::BTreeMap;
use std::fmt;

/// What the checker obtained elsewhere than from the record. Each part is optional; the report says what was missing.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The seal as it was published before the beacon spoke.
    pub seal: Option<Seal>,
    /// The beacon's values as their sources published them.
    pub beacon: Option<Vec<BeaconValue>>,
    /// The frame file.
    pub frame: Option<(Frame, SaltKey)>,
    /// The roster file.
    pub roster: Option<(Roster, SaltKey)>,
    /// The cycle file.
    pub cycle: Option<(Cycle, SaltKey)>,
}

/// The checks, in the order in which they are reported. Their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Check {
    /// The record's digest of itself.
    Digest,
    /// The policy is the sealed one.
    Policy,
    /// The cell table is the sealed one.
    Cells,
    /// Every source speaks after the seal, with enough bits.
    Timing,
    /// The record's seal is the published one.
    Seal,
    /// The values have the form of their sources.
    BeaconForm,
    /// Every pulse of drand is the signature of its round.
    Pulse,
    /// The values are the published ones.
    Beacon,
    /// The secret opens its commitment.
    Secret,
    /// The seed follows from seal, values and secret.
    Seed,
    /// Every cell has as many picks as the allocation gives.
    Allocation,
    /// Every ticket shown is its unit's.
    Tickets,
    /// Order, cutoff and reserves of every cell.
    Cutoffs,
    /// The second-stage samples follow from the picks.
    Subsamples,
    /// A team for every pick, distinct officers, vacancies explained.
    Teams,
    /// The frame file is the sealed one.
    Frame,
    /// The roster file is the sealed one.
    Roster,
    /// The cycle file is the sealed one.
    Cycle,
    /// The cell table follows from policy, frame and cycle.
    Plan,
    /// The picks are those with the smallest tickets of the whole frame.
    Sample,
    /// Every officer was allowed to go, and not too often.
    Eligibility,
    /// Teams, shortages and chances follow from roster, sample and seed.
    Assignment,
}

impl Check {
    /// All checks in order.
    pub const ALL: [Self; 22] = [
        Self::Digest,
        Self::Policy,
        Self::Cells,
        Self::Timing,
        Self::Seal,
        Self::BeaconForm,
        Self::Pulse,
        Self::Beacon,
        Self::Secret,
        Self::Seed,
        Self::Allocation,
        Self::Tickets,
        Self::Cutoffs,
        Self::Subsamples,
        Self::Teams,
        Self::Frame,
        Self::Roster,
        Self::Cycle,
        Self::Plan,
        Self::Sample,
        Self::Eligibility,
        Self::Assignment,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Policy => "policy",
            Self::Cells => "cells",
            Self::Timing => "timing",
            Self::Seal => "seal",
            Self::BeaconForm => "beacon_form",
            Self::Pulse => "pulse",
            Self::Beacon => "beacon",
            Self::Secret => "secret",
            Self::Seed => "seed",
            Self::Allocation => "allocation",
            Self::Tickets => "tickets",
            Self::Cutoffs => "cutoffs",
            Self::Subsamples => "subsamples",
            Self::Teams => "teams",
            Self::Frame => "frame",
            Self::Roster => "roster",
            Self::Cycle => "cycle",
            Self::Plan => "plan",
            Self::Sample => "sample",
            Self::Eligibility => "eligibility",
            Self::Assignment => "assignment",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail {
        /// What is compared.
        what: String,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// It was not run.
    NotRun {
        /// Why.
        because: &'static str,
    },
}

/// What a report amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something does not hold.
    Refuted,
    /// The record agrees with itself; nothing was shown that its author could not have made up.
    SelfConsistent,
    /// Everything that was run holds, and seal and beacon were compared with published ones.
    Confirmed,
}

impl Verdict {
    /// The verdict as a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::SelfConsistent => "self-consistent",
            Self::Confirmed => "confirmed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All checks with their outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    outcomes: BTreeMap<Check, Outcome>,
}

impl Report {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (Check, &Outcome)> {
        self.outcomes.iter().map(|(check, outcome)| (*check, outcome))
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: Check) -> &Outcome {
        &self.outcomes[&check]
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<Check> {
        self.checks().filter(|(_, o)| matches!(o, Outcome::Fail { .. })).map(|(check, _)| check).collect()
    }

    /// What the report amounts to (Spec 13).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let passed = |check| *self.outcome(check) == Outcome::Pass;
        if !self.failed().is_empty() {
            Verdict::Refuted
        } else if passed(Check::Seal) && passed(Check::Beacon) {
            Verdict::Confirmed
        } else {
            Verdict::SelfConsistent
        }
    }
}

/// One line of a report.
fn line(f: &mut fmt::Formatter<'_>, check: &dyn fmt::Display, outcome: &Outcome) -> fmt::Result {
    match outcome {
        Outcome::Pass => writeln!(f, "pass     {check}"),
        Outcome::Fail { what, expected, found } => {
            writeln!(f, "FAIL     {check}: {what}: expected {expected}, found {found}")
        }
        Outcome::NotRun { because } => writeln!(f, "not run  {check}: {because}"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, outcome) in self.checks() {
            line(f, &check, outcome)?;
        }
        let passed = self.checks().filter(|(_, o)| **o == Outcome::Pass).count();
        write!(f, "{PROTOCOL}: {}, {passed} of {} checks passed", self.verdict(), self.outcomes.len())
    }
}

/// Checks a record against whatever evidence there is.
///
/// With the published seal and beacon values alone, everything but the completeness of the sample and the making of
/// the teams is replayed. With frame, roster and cycle files as well, everything is.
#[must_use]
pub fn verify(record: &Record, evidence: &Evidence) -> Report {
    checked(record, evidence, |report| audit::audit(record, evidence, report))
}

/// The same with the rows of the frame from a cursor: count them with a [`Census`](crate::stream::Census) under the record's policy, the cycle
/// and the salt key of the auditor's files, then [`Counted::replay`](crate::stream::Counted::replay) them. Frame and cycle of the evidence
/// are not looked at.
#[must_use]
pub fn streamed(record: &Record, evidence: &Evidence, selected: Selected<'_>) -> Report {
    checked(record, evidence, |report| audit::streamed(record, evidence, selected, report))
}

/// The public checks, then those of an auditor.
fn checked(record: &Record, evidence: &Evidence, audit: impl FnOnce(&mut checks::Gather<Check>)) -> Report {
    let mut report = checks::Gather::default();
    // A record that did not come through `Record::from_json` may hold what no document can.
    let digest = match record.sound() {
        Ok(digest) => digest,
        Err(reason) => {
            let finding = checks::differ("the record", "one that can be written and read", reason);
            report.run(Check::Policy, finding);
            for check in Check::ALL.into_iter().filter(|check| *check != Check::Policy) {
                report.skip(check, "the record is not sound");
            }
            return Report { outcomes: report.finish() };
        }
    };
    checks::public(record, digest, evidence, &mut report);
    audit(&mut report);
    Report { outcomes: report.finish() }
}

/// Replays the team of one unit alone, from the chances and the coins of its own component: for whoever asks about one institution of a nation's draw.
///
/// It takes the files of frame, roster and cycle, and believes the record its seed and its picks: [`verify`] checks those.
#[must_use]
pub fn replay_team(record: &Record, evidence: &Evidence, unit: &UnitId) -> Outcome {
    if record.sound().is_err() {
        return Outcome::NotRun { because: "the record is not sound" };
    }
    audit::one_team(record, evidence, unit)
}
