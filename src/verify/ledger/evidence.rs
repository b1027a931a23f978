//! What the checker of a ledger has besides its lines.

use super::super::evidence::DrawEvidence;
use crate::bytes::SaltKey;
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::note::{Note, NoteKey};
use std::collections::BTreeMap;

/// What the checker obtained elsewhere than from the ledger. Each part is optional; the report says what was
/// missing.
#[derive(Debug, Clone, Default)]
pub struct LedgerEvidence {
    /// Checkpoints that were published before, with the signatures of witnesses.
    pub checkpoints: Vec<Note>,
    /// Documents of draws, by sequence number and attempt.
    pub draws: BTreeMap<(u64, u64), DrawEvidence>,
    /// The cycle with which the ledger begins, if it is not the empty one, with the salt key of its file.
    pub opening: Option<(Cycle, SaltKey)>,
    /// The keys of the witnesses as the checker knows them from elsewhere. Without them, those that the
    /// ledger names are believed.
    pub witnesses: Option<Vec<NoteKey>>,
    /// The instant of the check; without it, or where it is earlier, the last entry's time is taken.
    pub at: Option<Instant>,
}
