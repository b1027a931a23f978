//! What a checker has besides the record or the ledger.

use crate::beacon::BeaconValue;
use crate::bytes::SaltKey;
use crate::cycle::Cycle;
use crate::disclosure::DrawnDocument;
use crate::frame::Frame;
use crate::record::Record;
use crate::register::RegisterKeys;
use crate::roster::Roster;
use crate::seal::Seal;

/// What the checker obtained elsewhere than from the record. Each part is optional; the report says what was
/// missing.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The seal as it was published before its first source reported.
    pub seal: Option<Seal>,
    /// The beacon's values as their sources published them, and as the checker looked them up there. Whoever
    /// puts here what lies beside a record takes its author's word for it.
    pub beacon: Option<Vec<BeaconValue>>,
    /// The frame file.
    pub frame: Option<(Frame, SaltKey)>,
    /// The roster file.
    pub roster: Option<(Roster, SaltKey)>,
    /// The cycle file.
    pub cycle: Option<(Cycle, SaltKey)>,
    /// What is known of the registers that the seal names.
    pub registers: Option<RegisterKeys>,
}

impl Evidence {
    /// The salt key of any of the auditor's files.
    pub(super) fn salt_key(&self) -> Option<&SaltKey> {
        let frame = self.frame.as_ref().map(|file| &file.1);
        let roster = self.roster.as_ref().map(|file| &file.1);
        frame.or(roster).or(self.cycle.as_ref().map(|file| &file.1))
    }
}

/// What is known of one draw besides the ledger. Each part is optional.
#[derive(Debug, Clone, Default)]
pub struct DrawEvidence {
    /// The record.
    pub record: Option<Record>,
    /// The document with the draw's event of the cycle.
    pub drawn: Option<DrawnDocument>,
    /// The auditor's files; seal and values as they were published elsewhere.
    pub evidence: Evidence,
}
