//! The assignment: which officers go (the second random), team by team, with every vacancy explained.
//!
//! Spec 11. First the chances, which coins have not touched, then the coins. There is always an assignment: what cannot be
//! staffed is a vacancy with a statement that anyone can check by counting.

mod caps;
mod draw;
mod explain;
mod replacement;
mod shortage;
mod visits;

pub(crate) use draw::{Cell, assign, assign_one, lead_of};
pub use explain::{Load, Summary, Why};
pub use replacement::{Change, Move, Replacement, ReplacementError};

use crate::bytes::Digest;
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::plan::Bar;
use crate::sample::Sample;
use draw::PartyDraw;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An officer of a team and the chance he had of being in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Officer {
    /// Chance in units of 2⁻²⁰, 1 to 1 048 576; 0 for one who came as a replacement.
    pub chance: u64,
    /// The officer.
    pub id: InspectorId,
}

/// The officers of one department in one post of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Post {
    /// The department.
    pub department: Code,
    /// The officers, ascending by id.
    pub officers: Vec<Officer>,
    /// The post: `lead`, `member`, or a code of the policy.
    pub post: Code,
    /// Places left empty; explained by a shortage.
    pub vacancies: u64,
}

/// An expert or third party at a visit, with the chance of it. A type of its own: an expert is never counted as an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Guest {
    /// Chance in units of 2⁻²⁰, 1 to 1 048 576; 0 for one who came as a replacement.
    pub chance: u64,
    /// The expert.
    pub id: InspectorId,
}

/// The experts in one post of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpertPost {
    /// The experts, ascending by id.
    pub experts: Vec<Guest>,
    /// The post.
    pub post: Code,
    /// Places left empty; explained by a shortage.
    pub vacancies: u64,
}

/// The team of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Visit {
    /// The day, where the policy has days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The posts of experts, in the policy's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<ExpertPost>,
    /// The lead (组长), an officer of the first department; absent if it could send nobody who may lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<InspectorId>,
    /// The posts of every department, in the policy's order.
    pub posts: Vec<Post>,
    /// The institution.
    pub unit: UnitId,
}

/// A pin of the policy that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lapsed {
    /// The officer.
    pub inspector: InspectorId,
    /// Why: a bar, or `unknown`, `post`, `twice`, `places`.
    pub reason: Code,
    /// The unit.
    pub unit: UnitId,
}

/// Visits at which the policy's chance ceiling could not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RaisedCeiling {
    /// The ceiling used, in units of 2⁻²⁰.
    pub ceiling: u64,
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// Visits whose random shortlist had to be longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Widened {
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// Names on it.
    pub shortlist: u64,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// A way out of a shortage that the library computes (Spec 11.12). A recusal, a certificate or the number of officers is no way out:
/// there is no name for it. What no way fills, only a direct assignment with approval (直接委派) can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WayOut {
    /// Officers from anywhere (异地交叉).
    Anywhere,
    /// One visit more for every officer of the shortage.
    Cap,
    /// The next wider jurisdiction: neighbouring areas.
    Jurisdiction,
    /// Those who came last time may come again.
    Rotation,
}

/// One post at some visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShortPost {
    /// The post.
    pub post: Code,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// A post in which the limit of a group stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LimitedPost {
    /// The family or office.
    pub group: Code,
    /// The post.
    pub post: Code,
    /// The visit.
    pub unit: UnitId,
}

/// Posts that could not all be filled (缺员说明). Anyone with the roster can check it: nobody but these officers may go there, and
/// within their caps, and the limits named, they fill `can_fill` places. Leaving out any of the posts would make the shortage smaller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShortageStatement {
    /// Places that can be filled.
    pub can_fill: u64,
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// Where the limit of a group stands in the way: such a group counts with the limit, not with its officers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitedPost>,
    /// Pairs of these posts with officers of the party that were barred, by reason.
    pub losses: BTreeMap<Bar, u64>,
    /// Places these posts need.
    pub need: u64,
    /// Everybody who may hold at least one of these posts, ascending.
    pub officers: Vec<InspectorId>,
    /// The posts.
    pub posts: Vec<ShortPost>,
    /// Places of it that would still be missing after each way out alone.
    pub ways_out: BTreeMap<WayOut, u64>,
}

/// The teams as they stand in the record (Spec 12.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Teams {
    /// Pins that could not be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapsed: Vec<Lapsed>,
    /// Where the ceiling was raised.
    pub raised: Vec<RaisedCeiling>,
    /// What could not be staffed, and why.
    pub shortages: Vec<ShortageStatement>,
    /// Digest of the chance table.
    pub table: Digest,
    /// The visits, ascending by unit.
    pub visits: Vec<Visit>,
    /// Where shortlists had to be longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widened: Vec<Widened>,
}

/// The teams of a sample.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    sample: &'a Sample<'a>,
    teams: Teams,
    table: Vec<Cell>,
    parties: Vec<PartyDraw>,
}

/// One line of the chance table: how likely an officer was to hold a post at a visit, before any coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance<'a> {
    /// The institution.
    pub unit: &'a UnitId,
    /// The department; `None` for an expert.
    pub department: Option<&'a Code>,
    /// The post.
    pub post: &'a Code,
    /// The officer, or the expert.
    pub inspector: &'a InspectorId,
    /// Units of 2⁻²⁰.
    pub chance: u64,
}

impl<'a> Sample<'a> {
    /// Assigns officers to the picks. Never fails: an empty place is a recorded vacancy.
    #[must_use]
    pub fn assign(&'a self) -> Assignment<'a> {
        let drawn = assign(self.plan(), &self.seed().digest(), &self.positions());
        Assignment { sample: self, teams: drawn.teams, table: drawn.table, parties: drawn.parties }
    }
}

impl<'a> Assignment<'a> {
    /// The sample it staffs.
    #[must_use]
    pub const fn sample(&self) -> &'a Sample<'a> {
        self.sample
    }

    /// The teams, shortages and raised ceilings.
    #[must_use]
    pub const fn teams(&self) -> &Teams {
        &self.teams
    }

    /// The chance table, ascending by unit, party, post and officer.
    pub fn chances(&self) -> impl Iterator<Item = Chance<'_>> {
        let plan = self.sample.plan();
        self.table.iter().map(move |cell| {
            let (department, post, inspector) = cell.names(plan);
            Chance {
                unit: &self.teams.visits[cell.visit()].unit,
                department,
                post,
                inspector,
                chance: cell.chance(),
            }
        })
    }
}
