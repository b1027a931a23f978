//! What a ledger says of its year: where it begins, which draws it will have, how its registers and the
//! ledgers below grow (Spec 17.2).

use crate::bytes::Digest;
use crate::calendar::{Instant, Window};
use crate::policy::Billionths;
use serde::{Deserialize, Serialize};

/// The ledger that ended with the opening cycle of another: what its checkpoint states (Spec 18.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierLedger {
    /// Whose: [`origin`](crate::note::origin).
    pub origin: String,
    /// The root of its tree.
    pub root: Digest,
    /// Its number of lines, from 1.
    pub size: u64,
}

/// What the ledger of an authority below says of the picks that were dispatched to it: its checkpoint (Spec
/// 18.2), taken in for one draw (Spec 27.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// Number of the attempt.
    pub attempt: u64,
    /// Number of the draw that dispatched the picks.
    pub draw: u64,
    /// Whose ledger: [`origin`](crate::note::origin) of the authority and scope of a part.
    pub origin: String,
    /// The root of its tree.
    pub root: Digest,
    /// Its number of lines, from 1.
    pub size: u64,
}

/// A draw of the year as it is registered before the year's first seal (年度抽查计划中的批次).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredBatch {
    /// Its number, from 1. With a programme it is the number of the task's batch.
    pub batch: u64,
    /// The share of the cycle that falls on it.
    pub share: Billionths,
    /// The days of its visits.
    pub window: Window,
}

/// A register of the authority (名录库) whose changes are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggedRegister {
    /// The institutions (检查对象名录库).
    Frame,
    /// The recusals (回避).
    Recusals,
    /// The officers and experts (执法检查人员名录库).
    Roster,
}

impl LoggedRegister {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Frame, Self::Recusals, Self::Roster];

    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Recusals => "recusals",
            Self::Roster => "roster",
        }
    }
}

/// The draws of a year as one entry `registered` states them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearRegister {
    pub(super) number: u64,
    pub(super) at: Instant,
    pub(super) batches: Vec<RegisteredBatch>,
    pub(super) programme: Option<Digest>,
}

impl YearRegister {
    /// The register that stands: the last one since a cycle was closed, `closed` being the entry.
    pub(super) fn standing(registers: &[Self], closed: u64) -> Option<&Self> {
        registers.last().filter(|register| register.number > closed)
    }

    /// Number of the entry.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The draws, ascending by batch.
    #[must_use]
    pub fn batches(&self) -> &[RegisteredBatch] {
        &self.batches
    }

    /// Digest of the annual programme, if there is one.
    #[must_use]
    pub const fn programme(&self) -> Option<Digest> {
        self.programme
    }

    /// One draw.
    #[must_use]
    pub fn batch(&self, batch: u64) -> Option<&RegisteredBatch> {
        self.batches.iter().find(|registered| registered.batch == batch)
    }

    /// The sum of the shares, in billionths.
    #[must_use]
    pub fn share(&self) -> u64 {
        self.batches.iter().fold(0, |sum, batch| sum.saturating_add(batch.share.get()))
    }
}
