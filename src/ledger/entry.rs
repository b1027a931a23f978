//! The entries of a ledger: one a line, of closed kinds, with reasons from short lists (Spec 17.1 and 17.2).

use super::published::PublishedFile;
use super::reason::{
    AmendmentReason, Approval, BarredTeam, Despite, DropOut, Gone, Published, Unavailable, VoidReason,
};
use super::year::{EarlierLedger, LoggedRegister, Received, RegisteredBatch};
use crate::assign::Move;
use crate::beacon::BeaconValue;
use crate::bytes::{Digest, Protocol, Suite};
use crate::calendar::{Date, Instant, Window};
use crate::cycle::ascends;
use crate::disclosure::VisitsCommitment;
use crate::id::{Code, InspectorId, UnitId};
use crate::seal::{Seal, Secret};
use serde::{Deserialize, Serialize};

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The operator who enters, by code.
    pub actor: Code,
    /// When.
    pub at: Instant,
    /// What.
    pub entry: Content,
    /// Number of the line, from 1, without gaps.
    pub number: u64,
    /// Digest of the line before; 64 zeros in the first.
    pub previous: Digest,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Whose ledger.
    pub authority: Code,
    /// Digest of the cycle with which it begins, under the salt of its file (期初); absent: the empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Digest>,
    /// The ledger that ended with this cycle, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierLedger>,
    /// The protocol.
    pub protocol: Protocol,
    /// The number of witnesses that must have signed a seal before its first value is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<u64>,
    /// Which draws.
    pub scope: Code,
    /// The hash of lines and tree; absent: SHA-256.
    #[serde(default, skip_serializing_if = "Suite::is_default")]
    pub suite: Suite,
    /// Their keys ([`NoteKey`](crate::note::NoteKey)), ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<String>,
}

/// A drawn visit was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visited {
    /// People of the team whom a register bars from the institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<BarredTeam>,
    /// When.
    pub date: Date,
    /// Number of the draw.
    pub draw: u64,
    /// Hash of a file that the office keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Digest>,
    /// The check items that were used, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Code>,
    /// The result, a code of the office's vocabulary (检查结果).
    pub result: Code,
    /// The people who came, ascending by id.
    pub team: Vec<InspectorId>,
    /// The institution.
    pub unit: UnitId,
}

/// A drawn visit cannot be made, and no unit is visited in its place: no reserve or no time is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missed {
    /// The approval.
    pub approval: Approval,
    /// When that was established.
    pub date: Date,
    /// Number of the draw.
    pub draw: u64,
    /// Hash of a file that the office keeps.
    pub evidence: Digest,
    /// Why.
    pub reason: Gone,
    /// The institution.
    pub unit: UnitId,
}

/// An inspection outside any draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspected {
    /// The approval.
    pub approval: Approval,
    /// People of the team whom a register bars from the institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<BarredTeam>,
    /// When.
    pub date: Date,
    /// Hash of a file that the office keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Digest>,
    /// The result, a code of the office's vocabulary (检查结果), where it is entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Code>,
    /// The people who came, ascending by id.
    pub team: Vec<InspectorId>,
    /// The institution.
    pub unit: UnitId,
}

/// A drawn institution was replaced by the next reserve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// The approval.
    pub approval: Approval,
    /// Who is visited instead: [`next_reserve`](crate::sample::next_reserve).
    pub by: UnitId,
    /// When that was decided.
    pub date: Date,
    /// Number of the draw.
    pub draw: u64,
    /// Hash of a file that the office keeps.
    pub evidence: Digest,
    /// How many reserves were passed over for the places of the new team: they are out, or have no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<u64>,
    /// Why.
    pub reason: Gone,
    /// People whom a register bars from the unit that comes, ascending by id: they count as out of its visit
    /// from this entry on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<Unavailable>,
    /// The unit that is not visited.
    pub unit: UnitId,
    /// The visits after it: [`Teams::relocated`](crate::assign::Teams::relocated).
    pub visits: VisitsCommitment,
}

/// A person drops out of a draw for some days, and with that out of every visit on these days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DroppedOut {
    /// The approval.
    pub approval: Approval,
    /// The first and the last day.
    pub dates: Window,
    /// Number of the draw.
    pub draw: u64,
    /// Hash of a file that the office keeps.
    pub evidence: Digest,
    /// The person.
    pub out: InspectorId,
    /// Why.
    pub reason: DropOut,
    /// The one unit to which he cannot go, exactly where he is recused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

/// The places of a person who dropped out were given on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassigned {
    /// The approval.
    pub approval: Approval,
    /// Number of the draw.
    pub draw: u64,
    /// Number of the entry by which the person dropped out.
    pub entry: u64,
    /// The moves, place by place: each names a person and the person whose place he takes. A place that stays
    /// vacant has none.
    pub moves: Vec<Move>,
    /// The visits after it: [`Plan::reassign`](crate::Plan::reassign).
    pub visits: VisitsCommitment,
}

/// A visit, a miss or an inspection that was entered of the wrong institution, or twice: it counts as never
/// entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    /// Number of the draw; none of an inspection outside any draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<u64>,
    /// The institution.
    pub unit: UnitId,
}

/// The content that takes another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Correction {
    /// A visit.
    Visited(Visited),
    /// A missed visit.
    Missed(Missed),
    /// An inspection outside any draw.
    Inspected(Inspected),
    /// Nothing: the entry is taken back, and a drawn visit is pending again.
    Withdrawn(Withdrawn),
}

/// The content of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Content {
    /// The ledger begins.
    Opened(Opened),
    /// The draws of the year are registered, before the first of them (年度抽查计划备案).
    Registered {
        /// The approval.
        approval: Approval,
        /// The draws, ascending by batch.
        batches: Vec<RegisteredBatch>,
        /// Digest of the annual programme that they follow from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        programme: Option<Digest>,
    },
    /// A register of the authority was changed: the head of its log (Spec 17.2).
    Imported {
        /// The root of the log's tree.
        head: Digest,
        /// The number of its lines.
        size: u64,
        /// Which register.
        what: LoggedRegister,
    },
    /// What a ledger below says of dispatched picks was taken in: its checkpoint.
    Received(Received),
    /// A policy was adopted. Every seal takes one that no seal took before.
    Policy {
        /// The approval.
        approval: Approval,
        /// The registered batch that it is for; absent: the draw is outside the register.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        batch: Option<u64>,
        /// What the check of the programme has found against it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        despite: Option<Despite>,
        /// Digest of the policy.
        policy: Digest,
    },
    /// A plan was sealed.
    Sealed {
        /// The seal.
        seal: Box<Seal>,
    },
    /// A source of the beacon reported its value.
    Beacon {
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// The value.
        value: BeaconValue,
    },
    /// A source did not report in time.
    Silent {
        /// The approval.
        approval: Approval,
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// Hash of a file that the office keeps.
        evidence: Digest,
        /// The source.
        source: Code,
    },
    /// The draw was computed; a void one, too.
    Drawn {
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// Digest of what it is to the cycle ([`DrawnDocument`](crate::disclosure::DrawnDocument)).
        drawn: Digest,
        /// Digest of its record.
        record: Digest,
    },
    /// The teams were made.
    Assigned {
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// The salted visits.
        visits: VisitsCommitment,
    },
    /// The secret of deferred disclosure.
    Disclosed {
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// The secret.
        secret: Secret,
    },
    /// Something was published.
    Published {
        /// Number of the attempt.
        attempt: u64,
        /// Its digest.
        digest: Digest,
        /// Number of the draw.
        draw: u64,
        /// The files published with it, ascending by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<PublishedFile>,
        /// What.
        what: Published,
        /// Where: an address, a newspaper, a notice board.
        #[serde(rename = "where")]
        place: String,
    },
    /// A drawn visit was made.
    Visited(Visited),
    /// A drawn visit cannot be made.
    Missed(Missed),
    /// A drawn institution was replaced.
    Replaced(Replaced),
    /// A person dropped out of the draw.
    DroppedOut(DroppedOut),
    /// The places of a person who dropped out were given on.
    Reassigned(Reassigned),
    /// An inspection outside any draw.
    Inspected(Inspected),
    /// An attempt is void.
    Void {
        /// The approval.
        approval: Approval,
        /// Number of the attempt.
        attempt: u64,
        /// Number of the draw.
        draw: u64,
        /// Hash of a file that the office keeps.
        evidence: Digest,
        /// Why.
        reason: VoidReason,
    },
    /// Something about the visits of a draw that is not disclosed; it is told later.
    Closed {
        /// Digest of its content.
        content: Digest,
        /// Number of the draw.
        draw: u64,
        /// The visits after it, where it changes them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visits: Option<VisitsCommitment>,
    },
    /// The year is over.
    CycleClosed {
        /// The approval.
        approval: Approval,
    },
    /// The clock was wrong. The instant of this entry is the right time of all entries from one on.
    Clock {
        /// The approval.
        approval: Approval,
        /// Hash of a file that the office keeps.
        evidence: Digest,
        /// Number of the first entry that was made under the wrong clock.
        from: u64,
    },
    /// An earlier entry was wrong. It stays where it is.
    Amended {
        /// Number of the entry.
        amends: u64,
        /// The approval.
        approval: Approval,
        /// The content that takes its place.
        entry: Correction,
        /// Hash of a file that the office keeps.
        evidence: Digest,
        /// Why.
        reason: AmendmentReason,
    },
}

/// What the rules for all kinds ask of an entry (Spec 17.3). [`Content::facts`] answers for every kind in one
/// place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// Sequence number and attempt, if the entry names an attempt.
    pub(crate) attempt: Option<(u64, u64)>,
    /// Number of the draw whose visits the entry reports or changes.
    pub(crate) visits_of: Option<u64>,
    /// The approval that the entry carries.
    pub(crate) approval: Option<&'a Approval>,
    /// The date of what the entry reports.
    pub(crate) date: Option<Date>,
    /// Whether its lists ascend without repetition, a team names somebody, and no number is written that is
    /// left out where it is 0.
    pub(crate) ascends: bool,
}

impl Facts<'_> {
    /// An entry that names no attempt, carries no approval, and so on.
    const NONE: Self = Self { attempt: None, visits_of: None, approval: None, date: None, ascends: true };
}

impl Content {
    /// What the rules for all kinds ask. The patterns name every field: no new one is overlooked here.
    pub(crate) fn facts(&self) -> Facts<'_> {
        let of_attempt =
            |draw: &u64, attempt: &u64| Facts { attempt: Some((*draw, *attempt)), ..Facts::NONE };
        match self {
            Self::Opened(Opened {
                authority: _,
                cycle: _,
                earlier: _,
                protocol: _,
                quorum: _,
                scope: _,
                suite: _,
                witnesses: _,
            }) => Facts::NONE,
            Self::Registered { approval, batches: _, programme: _ } => {
                Facts { approval: Some(approval), ..Facts::NONE }
            }
            Self::Imported { head: _, size: _, what: _ } => Facts::NONE,
            Self::Received(Received { attempt, draw, origin: _, root: _, size: _ }) => {
                of_attempt(draw, attempt)
            }
            Self::Policy { approval, batch: _, despite, policy: _ } => Facts {
                approval: Some(approval),
                ascends: despite.as_ref().is_none_or(|despite| ascends(&despite.findings, |code| code)),
                ..Facts::NONE
            },
            Self::Sealed { seal: _ } => Facts::NONE,
            Self::Beacon { attempt, draw, value: _ } => of_attempt(draw, attempt),
            Self::Silent { approval, attempt, draw, evidence: _, source: _ } => {
                Facts { approval: Some(approval), ..of_attempt(draw, attempt) }
            }
            Self::Drawn { attempt, draw, drawn: _, record: _ } => of_attempt(draw, attempt),
            Self::Assigned { attempt, draw, visits: _ } => of_attempt(draw, attempt),
            Self::Disclosed { attempt, draw, secret: _ } => of_attempt(draw, attempt),
            Self::Published { attempt, digest: _, draw, files, what: _, place: _ } => {
                Facts { ascends: ascends(files, |file| &file.file), ..of_attempt(draw, attempt) }
            }
            Self::Visited(visited) => Facts { visits_of: Some(visited.draw), ..visited.facts() },
            Self::Missed(missed) => Facts { visits_of: Some(missed.draw), ..missed.facts() },
            Self::Replaced(Replaced {
                approval,
                by: _,
                date,
                draw,
                evidence: _,
                passed,
                reason: _,
                unavailable,
                unit: _,
                visits: _,
            }) => Facts {
                visits_of: Some(*draw),
                approval: Some(approval),
                date: Some(*date),
                ascends: *passed != Some(0) && ascends(unavailable, |person| &person.id),
                ..Facts::NONE
            },
            Self::DroppedOut(DroppedOut {
                approval,
                dates: _,
                draw,
                evidence: _,
                out: _,
                reason: _,
                unit: _,
            })
            | Self::Reassigned(Reassigned { approval, draw, entry: _, moves: _, visits: _ }) => {
                Facts { visits_of: Some(*draw), approval: Some(approval), ..Facts::NONE }
            }
            Self::Inspected(inspected) => inspected.facts(),
            Self::Void { approval, attempt, draw, evidence: _, reason: _ } => {
                Facts { approval: Some(approval), ..of_attempt(draw, attempt) }
            }
            Self::Closed { content: _, draw, visits: _ } => Facts { visits_of: Some(*draw), ..Facts::NONE },
            Self::CycleClosed { approval } => Facts { approval: Some(approval), ..Facts::NONE },
            Self::Clock { approval, evidence: _, from: _ } => {
                Facts { approval: Some(approval), ..Facts::NONE }
            }
            Self::Amended { amends: _, approval, entry, evidence: _, reason: _ } => {
                Facts { approval: Some(approval), ..entry.facts() }
            }
        }
    }

    /// The suite of the ledger, if the entry opens one.
    pub(super) const fn suite(&self) -> Option<Suite> {
        if let Self::Opened(opened) = self { Some(opened.suite) } else { None }
    }
}

impl Visited {
    fn facts(&self) -> Facts<'_> {
        let Self { barred, date, draw: _, evidence: _, items, result: _, team, unit: _ } = self;
        let ascends = ascends(items, |item| item)
            && ascends(team, |id| id)
            && !team.is_empty()
            && people_ascend(barred.as_ref());
        let approval = barred.as_ref().map(|barred| &barred.approval);
        Facts { approval, date: Some(*date), ascends, ..Facts::NONE }
    }
}

impl Missed {
    const fn facts(&self) -> Facts<'_> {
        let Self { approval, date, draw: _, evidence: _, reason: _, unit: _ } = self;
        Facts { approval: Some(approval), date: Some(*date), ..Facts::NONE }
    }
}

impl Inspected {
    fn facts(&self) -> Facts<'_> {
        let Self { approval, barred, date, evidence: _, result: _, team, unit: _ } = self;
        let ascends = ascends(team, |id| id) && !team.is_empty() && people_ascend(barred.as_ref());
        Facts { approval: Some(approval), date: Some(*date), ascends, ..Facts::NONE }
    }
}

impl Withdrawn {
    const fn facts(&self) -> Facts<'_> {
        let Self { draw: _, unit: _ } = self;
        Facts::NONE
    }
}

fn people_ascend(barred: Option<&BarredTeam>) -> bool {
    barred.is_none_or(|barred| ascends(&barred.people, |person| &person.id))
}

impl Correction {
    /// The institution.
    #[must_use]
    pub const fn unit(&self) -> &UnitId {
        self.about().1
    }

    /// What the rules for all kinds ask, of the content itself.
    pub(crate) fn facts(&self) -> Facts<'_> {
        match self {
            Self::Visited(visited) => visited.facts(),
            Self::Missed(missed) => missed.facts(),
            Self::Inspected(inspected) => inspected.facts(),
            Self::Withdrawn(withdrawn) => withdrawn.facts(),
        }
    }

    /// The hash of the evidence, if there is any.
    pub(crate) const fn evidence(&self) -> Option<Digest> {
        match self {
            Self::Visited(Visited { evidence, .. }) | Self::Inspected(Inspected { evidence, .. }) => {
                *evidence
            }
            Self::Missed(Missed { evidence, .. }) => Some(*evidence),
            Self::Withdrawn(_) => None,
        }
    }

    /// The draw (none for an inspection outside any draw) and the unit.
    pub(crate) const fn about(&self) -> (Option<u64>, &UnitId) {
        match self {
            Self::Visited(visited) => (Some(visited.draw), &visited.unit),
            Self::Missed(missed) => (Some(missed.draw), &missed.unit),
            Self::Inspected(inspected) => (None, &inspected.unit),
            Self::Withdrawn(withdrawn) => (withdrawn.draw, &withdrawn.unit),
        }
    }
}
