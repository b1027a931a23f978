//! The closed lists of entries: levels of approval, reasons, what was published (Spec 17.2).

use crate::id::{Code, InspectorId};
use serde::{Deserialize, Serialize};

/// Who has to agree (审批层级).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The head of the office that draws (科室负责人).
    Office,
    /// The head of the authority (机关负责人).
    Authority,
    /// The authority above (上级机关).
    Superior,
}

impl Level {
    /// The word of the entry, with that of the field.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Office => "office (科室负责人)",
            Self::Authority => "authority (机关负责人)",
            Self::Superior => "superior (上级机关)",
        }
    }
}

/// Why an institution cannot be visited. There is no other reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gone {
    /// Closed (注销、停业).
    Closed,
    /// Merged into another (合并).
    Merged,
    /// Moved out of the jurisdiction (迁出).
    Moved,
    /// Not to be found or reached (查无、失联).
    Unreachable,
}

impl Gone {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Moved => "moved",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Why an officer cannot go. There is no other reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DropOut {
    /// Ill (病假).
    Ill,
    /// On leave (休假、公出).
    Leave,
    /// Left the service or the post (调离).
    Left,
    /// Is recused (回避).
    Recused,
}

/// Why an attempt at a draw is void (作废). There is no other reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// A source was silent, and has no fallback.
    BeaconFailed,
    /// A wrong frame, roster or policy was sealed.
    InputError,
    /// A court or the authority above ordered it.
    Legal,
    /// The secret was not revealed by its deadline.
    NotRevealed,
    /// A party did not reveal its share.
    ShareMissing,
    /// A fault of machines.
    Technical,
}

impl VoidReason {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeaconFailed => "beacon_failed",
            Self::InputError => "input_error",
            Self::Legal => "legal",
            Self::NotRevealed => "not_revealed",
            Self::ShareMissing => "share_missing",
            Self::Technical => "technical",
        }
    }

    /// Whether the office decides to give this reason. The others follow from what the ledger shows.
    pub(super) const fn is_by_choice(self) -> bool {
        match self {
            Self::InputError | Self::Legal | Self::Technical => true,
            Self::BeaconFailed | Self::NotRevealed | Self::ShareMissing => false,
        }
    }
}

/// Why an entry is amended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AmendmentReason {
    /// An appeal was upheld (申诉、复议).
    Appeal,
    /// A slip of the pen (笔误).
    Clerical,
    /// New evidence (新证据).
    Evidence,
}

/// What was published (公示).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Published {
    /// The seal.
    Seal,
    /// The record.
    Record,
    /// Results of visits.
    Results,
}

/// An approval: never by the one who enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The person who approved.
    pub by: Code,
    /// On which level.
    pub level: Level,
}

/// A person who cannot go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unavailable {
    /// Who.
    pub id: InspectorId,
    /// Why.
    pub reason: DropOut,
}

/// People who came although a register bars them from the institution, and the approval of their visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarredTeam {
    /// The approval, by the authority at least.
    pub approval: Approval,
    /// The people, ascending by id, at least one, all of the team.
    pub people: Vec<Unavailable>,
}

/// What the check of the programme has found, and why the policy was adopted all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Despite {
    /// The findings by their codes, ascending, at least one.
    pub findings: Vec<Code>,
    /// The reason, a text of 1 to 200 characters.
    pub reason: String,
}
