//! The assignment: which inspectors are sent to which visit (Spec 11).
//!
//! The chance table is computed first, without any randomness but for days and shortlists. Coins then round
//! it to teams, each pair of inspector and post with exactly its chance. There is always an assignment: a
//! place that cannot be filled is a vacancy, and a shortage statement explains it. Counting checks the
//! statement.

mod caps;
mod draw;
mod exchange;
mod explain;
mod pools;
mod replacement;
mod reserves;
mod shortage;
mod staffing;
mod visits;

pub(crate) use draw::{ChanceLine, assign, assign_one, lead_of};
pub use exchange::{Reassignment, Relocation};
pub use explain::{DrawLoad, Load, TableSummary, Why};
pub use pools::Pool;
pub use replacement::{Away, Change, Move, Replacement};
pub use staffing::ReplacementError;

use crate::bytes::Digest;
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::plan::Bar;
use crate::sample::Sample;
use draw::PartyDraw;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An inspector in a team, with the chance of being in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Officer {
    /// Chance in units of 2⁻²⁰, 1 to 1 048 576; 0 for a replacement.
    pub chance: u64,
    /// The inspector.
    pub id: InspectorId,
}

/// The inspectors of one department in one post of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfficerPost {
    /// The department.
    pub department: Code,
    /// The inspectors, ascending by id.
    pub officers: Vec<Officer>,
    /// The post: `lead`, `member`, or a code of the policy.
    pub post: Code,
    /// Places left empty; explained by a shortage.
    pub vacancies: u64,
}

impl OfficerPost {
    /// Puts the inspectors in order.
    fn sort(&mut self) {
        self.officers.sort_by(|a, b| a.id.cmp(&b.id));
    }
}

/// An expert or third party in a team, with the chance of being in it. It is a type of its own, so that no
/// expert counts as an inspector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamExpert {
    /// Chance in units of 2⁻²⁰, 1 to 1 048 576; 0 for a replacement.
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
    pub experts: Vec<TeamExpert>,
    /// The post.
    pub post: Code,
    /// Places left empty; explained by a shortage.
    pub vacancies: u64,
}

impl ExpertPost {
    /// Puts the experts in order.
    fn sort(&mut self) {
        self.experts.sort_by(|a, b| a.id.cmp(&b.id));
    }
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
    /// The lead (组长), an inspector of the first department. Absent if that department has no inspector in the
    /// team, or has a post of the lead that is vacant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<InspectorId>,
    /// The posts of every department, in the policy's order.
    pub posts: Vec<OfficerPost>,
    /// The unit.
    pub unit: UnitId,
}

/// A pin of the policy that could not be kept (Spec 11.2, step 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Lapsed {
    /// The inspector.
    pub inspector: InspectorId,
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

/// Visits whose random shortlists had to be longer (Spec 11.2, step 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Widened {
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// Names on each of these shortlists.
    pub shortlist: u64,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// A way out of a shortage, whose effect the library computes (Spec 11.12). Recusals, certificates and the
/// number of inspectors are never waived, so they have no variant here. Places that no way out fills take a
/// direct assignment with approval (直接委派).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WayOut {
    /// Inspectors from anywhere (异地交叉).
    Anywhere,
    /// One visit more for every inspector of the shortage.
    Cap,
    /// The next wider jurisdiction: neighbouring areas.
    Jurisdiction,
    /// Inspectors of the last visit may come again.
    Rotation,
}

/// One post at several visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShortPost {
    /// The post.
    pub post: Code,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// A post whose limit for one group is reached.
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

/// Posts that could not all be filled (缺员说明). The roster is enough to check the statement: only these
/// inspectors may hold the posts, and within their caps and the limits named they fill `can_fill` places.
/// Without any one of the posts the shortage would be smaller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShortageStatement {
    /// Places that can be filled.
    pub can_fill: u64,
    /// The department; absent for the experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Code>,
    /// The posts whose limit for a group is reached. The group counts there with the limit, not with its
    /// members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<LimitedPost>,
    /// The number of barred pairs of a post and a person of the party, by reason.
    pub losses: BTreeMap<Bar, u64>,
    /// Places these posts need.
    pub need: u64,
    /// All inspectors (or experts) who may hold at least one of these posts, ascending.
    pub officers: Vec<InspectorId>,
    /// The posts.
    pub posts: Vec<ShortPost>,
    /// Places that would still be missing after each way out alone.
    pub ways_out: BTreeMap<WayOut, u64>,
}

/// The teams as they stand in the record (Spec 12.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Teams {
    /// The pins that could not be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapsed: Vec<Lapsed>,
    /// How many people may hold each post, and how many each bar keeps from it.
    pub pools: Vec<Pool>,
    /// The visits at which the ceiling was raised.
    pub raised: Vec<RaisedCeiling>,
    /// The posts that could not be filled, with the reasons.
    pub shortages: Vec<ShortageStatement>,
    /// Digest of the chance table.
    pub table: Digest,
    /// The visits, ascending by unit.
    pub visits: Vec<Visit>,
    /// The visits whose shortlists had to be longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub widened: Vec<Widened>,
}

/// The teams of a sample.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    sample: &'a Sample<'a>,
    teams: Teams,
    reasons: Vec<Code>,
    table: Vec<ChanceLine>,
    parties: Vec<PartyDraw>,
}

/// One line of the chance table: the chance of an inspector to hold a post at a visit, before any coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance<'a> {
    /// The unit.
    pub unit: &'a UnitId,
    /// The department; `None` for an expert.
    pub department: Option<&'a Code>,
    /// The post.
    pub post: &'a Code,
    /// The inspector, or the expert.
    pub inspector: &'a InspectorId,
    /// The chance in units of 2⁻²⁰.
    pub chance: u64,
}

impl<'a> Sample<'a> {
    /// Assigns inspectors and experts to the picks (Spec 11). It never fails: a place that cannot be filled
    /// is a recorded vacancy.
    #[must_use]
    pub fn assign(&'a self) -> Assignment<'a> {
        let drawn = assign(self.plan(), &self.seed().digest(), &self.positions());
        let draw::DrawnTeams { teams, reasons, table, parties } = drawn;
        Assignment { sample: self, teams, reasons, table, parties }
    }
}

impl<'a> Assignment<'a> {
    /// The sample whose visits are staffed.
    #[must_use]
    pub const fn sample(&self) -> &'a Sample<'a> {
        self.sample
    }

    /// The teams, shortages and raised ceilings.
    #[must_use]
    pub const fn teams(&self) -> &Teams {
        &self.teams
    }

    /// The pins that could not be kept, each with its reason: a bar, or `unknown`, `post`, `twice`, `places`
    /// (Spec 11.2, step 3). For the office and for auditors: the record leaves out the reason, because a
    /// recusal or an absence is nobody else's business.
    pub fn lapsed(&self) -> impl Iterator<Item = (&Lapsed, &Code)> {
        self.teams.lapsed.iter().zip(&self.reasons)
    }

    /// The chance table, ascending by unit, party, post and inspector.
    pub fn chances(&self) -> impl Iterator<Item = Chance<'_>> {
        let plan = self.sample.plan();
        self.table.iter().map(move |line| Chance {
            unit: &self.teams.visits[line.visit()].unit,
            department: line.department(plan),
            post: line.post(plan),
            inspector: line.inspector(plan),
            chance: line.chance(),
        })
    }
}
