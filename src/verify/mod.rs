//! Verification: a draw is made again and compared, and the report says what was shown and what was not (Spec
//! 13).
//!
//! [`verify`] never fails: what does not hold is a failed check of its report. The checks are named, the list
//! of names only grows, and each name has a tamper in `tests/suite/attack/tamper.rs` that it and no other
//! check must catch.
//!
//! Each file uses only those before it: `names`, `report`, `words`, `evidence`, `posts`, `pools`,
//! `registers`, `checks` (public), `replay`, `audit` (with the auditor's files), `receipt`, `origin`,
//! `intake`, `dispatch`, `ledger`.

mod audit;
mod checks;
mod dispatch;
mod evidence;
mod intake;
mod ledger;
mod names;
mod origin;
mod pools;
mod posts;
mod receipt;
mod registers;
mod replay;
mod report;
mod statements;
mod strata;
mod words;

pub use dispatch::{DispatchReport, PartReport, dispatched};
pub use evidence::{DrawEvidence, Evidence};
pub use intake::intake;
pub use ledger::{
    ClosedLines, GivenLedger, LedgerBasis, LedgerEvidence, LedgerGap, LedgerOfTree, LedgerReport,
    LevelCoverage, LevelPart, LevelsReport, MissingFile, PendingVisits, RegisterChange, RegisterList,
    RowChange, earlier, ledger, levels, told,
};
pub use names::{
    Check, CheckName, DispatchCheck, IntakeCheck, LedgerCheck, LevelCheck, OriginCheck, ReceiptCheck,
};
pub use origin::{OriginEvidence, origin};
pub use receipt::{PublishedDraw, ReceiptChecker, ReceiptReport, receipt};
pub use registers::{RegisterOutcome, registers};
pub use report::{IntakeReport, NotRun, OriginReport, Outcome, Report, Verdict};

use crate::id::UnitId;
use crate::record::Record;
use crate::stream::Selected;
use checks::PublishedElsewhere;
use replay::Replay;

/// Checks a record against the evidence that is given.
///
/// With the published seal and beacon values alone, all is made again but the completeness of the sample and
/// the making of the teams. With the files of frame, roster and cycle, everything is.
#[must_use]
pub fn verify(record: &Record, evidence: &Evidence) -> Report {
    checks::record(record, published(evidence), |report| {
        audit::audit(record, evidence, Replay::new(record, evidence).as_ref(), report);
    })
}

/// The same with the rows of the frame from a cursor: count them with a [`Census`](crate::stream::Census)
/// under the record's policy, the cycle and the salt key of the auditor's files, then
/// [`Counted::replay`](crate::stream::Counted::replay) them. Frame and cycle of the evidence are not used.
#[must_use]
pub fn streamed(record: &Record, evidence: &Evidence, selected: Selected<'_>) -> Report {
    checks::record(record, published(evidence), |report| {
        audit::streamed(record, evidence, selected, report);
    })
}

fn published(evidence: &Evidence) -> PublishedElsewhere<'_> {
    PublishedElsewhere { seal: evidence.seal.as_ref(), values: evidence.beacon.as_deref() }
}

/// Makes the team of one unit again, from the chances and the coins of its own component: for a question
/// about one institution of a nation's draw.
///
/// It takes the files of frame, roster and cycle. Seed and picks of the record are taken as they stand:
/// [`verify`] checks those.
#[must_use]
pub fn replay_team(record: &Record, evidence: &Evidence, unit: &UnitId) -> Outcome {
    if record.sound().is_err() {
        return Outcome::NotRun { because: NotRun::Unsound };
    }
    audit::one_team(record, evidence, unit)
}
