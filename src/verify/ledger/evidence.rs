//! What the checker of a ledger has besides its lines.

use super::super::evidence::DrawEvidence;
use crate::bytes::{SaltKey, names};
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::note::{Note, NoteKey};
use std::collections::BTreeMap;

names! {
    /// What of a ledger was compared with evidence that its author could not have made afterwards (Spec 13).
    pub enum LedgerBasis {
        /// A checkpoint that the checker kept is one of this ledger.
        Kept = "a checkpoint that the checker kept" => "basis.kept",
        /// A checkpoint of this ledger is signed under a key that the checker brought.
        Witnessed = "a checkpoint signed under a key that the checker brought" => "basis.witnessed",
        /// The check `values` passed.
        Values = "beacon values from elsewhere, or signed by their networks" => "basis.values",
    }
}

names! {
    /// Why a ledger without a failed check is not confirmed (Spec 13).
    pub enum LedgerGap {
        /// No outside checkpoint: neither kept by the checker nor signed under a key that he brought.
        Checkpoint = "no checkpoint that the checker kept, and none signed under a key that he brought"
            => "gap.checkpoint",
        /// The outside checkpoints end before the last `sealed`, `drawn` or `void`.
        End = "the checkpoints from elsewhere end before the last seal, draw or void" => "gap.end",
        /// A quorum is asked, and no checkpoint with a quorum of signatures reaches the end.
        Quorum = "no checkpoint signed by a quorum under brought keys reaches the last seal, draw or void"
            => "gap.quorum",
        /// A quorum is asked, and `witnesses` did not pass.
        Witnesses = "the ledger asks for witnesses, and their signatures were not checked" => "gap.witnesses",
        /// `values` did not pass.
        Values = "a value of a draw was neither obtained elsewhere nor signed by its network" => "gap.values",
        /// Files of the year were given, and `events` or `cycles` did not pass.
        Year = "the cycle of the year was not made again from all drawn documents" => "gap.year",
        /// A draw that is public has no record that was replayed.
        Records = "a public draw has no record that was replayed" => "gap.records",
        /// An entry says that a file was published, and that file was not given.
        Files = "a file that an entry says was published was not given" => "gap.files",
        /// A draw is disclosed or due, and the contents of its closed lines were not given.
        Contents = "the content of a closed line of a draw that is disclosed or due was not given"
            => "gap.contents",
    }
}

/// What the checker obtained elsewhere than from the ledger. Each part is optional; the report says what was
/// missing.
#[derive(Debug, Clone, Default)]
pub struct LedgerEvidence {
    /// Checkpoints that lie beside the ledger. They can refute it. They confirm only what witnesses signed
    /// whose keys are in `witnesses`, because whoever wrote the ledger can have written them, too.
    pub checkpoints: Vec<Note>,
    /// Checkpoints that the checker kept himself from earlier, signed or not.
    pub kept: Vec<Note>,
    /// Documents of draws, by sequence number and attempt.
    pub draws: BTreeMap<(u64, u64), DrawEvidence>,
    /// The cycle with which the ledger begins, if it is not the empty one, with the salt key of its file.
    pub opening: Option<(Cycle, SaltKey)>,
    /// The keys of the witnesses as the checker knows them from elsewhere. A signature counts under no other
    /// key: those that only the ledger names are named by its author.
    pub witnesses: Vec<NoteKey>,
    /// The instant of the check; without it, or where it is earlier, the last entry's time is taken.
    pub at: Option<Instant>,
    /// The published files, as bytes, by draw, attempt and name: tables, contents of closed lines, and
    /// documents that are in `draws`.
    pub files: BTreeMap<(u64, u64), BTreeMap<String, Vec<u8>>>,
}
