//! The parts of a rule pack: every rule carries the citation it comes from (Spec 23.1).

use crate::dossier::{ResultKind, Span};
use crate::id::{Code, Division};
use crate::policy::{Billionths, Frequency, ItemClass, Ratio, Stratum};
use crate::roster::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Deref;

/// The source of a rule: a document, its words, and our reading of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cite {
    /// A code of the pack's documents.
    pub document: Code,
    /// The decisions that were needed to make the words exact. Absent: `says` needed none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The words of the document, as far as the rule needs them.
    pub says: String,
}

/// A rule with its citation. In JSON the citation is one more field of the rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited<T> {
    /// The source of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// The rule, as policies carry it.
    #[serde(flatten)]
    pub body: T,
}

impl<T> Deref for Cited<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

/// A document that rules come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedDocument {
    /// Its code.
    pub code: Code,
    /// The year or date of issue, as far as it is known.
    pub issued: String,
    /// Its number (文号).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its title.
    pub title: String,
}

/// A code and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
}

/// A kind of units (检查对象类别): public hospital, private hospital, clinic, school, water supplier … Each pack
/// has its own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitKind {
    /// The code.
    pub code: Code,
    /// Whether inspections of it are inspections of enterprises (涉企行政检查).
    pub enterprise: bool,
    /// The name.
    pub name: String,
}

/// The levels of risk and credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackLevels {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Credit levels, best first. Absent where the place has none: every unit then has the level `none`.
    #[serde(default = "no_credit", skip_serializing_if = "is_no_credit")]
    pub credit: Vec<Named>,
    /// Risk levels, lowest first.
    pub risk: Vec<Named>,
}

/// The code of the one credit level of a place that has no levels of credit.
fn none() -> Code {
    Code::parse("none").expect("a code")
}

fn is_none(code: &Code) -> bool {
    code.as_str() == "none"
}

fn no_credit() -> Vec<Named> {
    vec![Named { code: none(), name: "none".to_owned() }]
}

fn is_no_credit(levels: &Vec<Named>) -> bool {
    *levels == no_credit()
}

/// A signal: something that can be noted of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignalRule {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Whether it can be cleared (信用修复, 移出名单).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clearable: bool,
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
    /// The time for which a note counts; absent: for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
}

/// A ladder: an adaptive regime such as 100 → 25 → 5 %. Its code is a signal that tells the step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// The code.
    pub code: Code,
    /// The step after a failure; absent: 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fails_to: u64,
    /// Only for these kinds; empty: for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
    /// The name.
    pub name: String,
    /// The steps, at least two.
    pub steps: Vec<LadderStep>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(step: &u64) -> bool {
    *step == 0
}

/// A step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LadderStep {
    /// The name.
    pub code: Code,
    /// Passes in a row that lead to the next step, 1 to 1000; the last step has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passes: Option<u64>,
}

/// A result of the vocabulary (抽查检查结果).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRule {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// The code.
    pub code: Code,
    /// The way in which it counts.
    pub kind: ResultKind,
    /// The name.
    pub name: String,
    /// A signal that holds from this result on until a later visit passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<Code>,
    /// Notes that it makes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raises: BTreeMap<Code, u64>,
}

/// An entry of the frequency table. A pack may state the window of one cycle, which a policy leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFrequency {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Credit level; absent: `none`, for a pack without credit levels.
    #[serde(default = "none", skip_serializing_if = "is_none")]
    pub credit: Code,
    /// Exposure window in cycles (覆盖周期), 1 to 20; absent: 1. Above 1, visits · cycles is at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u64>,
    /// Risk level.
    pub risk: Code,
    /// The slack of its visits, at most 5; absent: [`Frequency::usual_slack`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<Billionths>,
    /// Visits a year.
    pub visits: Billionths,
}

impl PackFrequency {
    /// The entry as policies carry it.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        let Self { credit, cycles, risk, slack, visits, .. } = self;
        let (credit, risk, cycles) = (credit.clone(), risk.clone(), cycles.unwrap_or(1));
        let slack = slack.unwrap_or_else(|| Frequency::usual_slack(cycles));
        Frequency { credit, cycles, risk, slack, visits: *visits }
    }
}

/// The slack of tasks with certain items, in place of that of the frequency table. It is 0 where a document
/// asks for every unit in every year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemSlack {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// A task with one of these items has this slack in all levels; where several apply, the smallest.
    pub items: Vec<Code>,
    /// The slack, at most 5 visits.
    pub slack: Billionths,
}

/// Bounds of one level over the year, as in 林甸: level A at most 5 % and less than once a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Its code.
    pub code: Code,
    /// The credit level that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Code>,
    /// The risk level that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Code>,
    /// The share of its units that is inspected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareBand>,
    /// Visits a year of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsBand>,
}

impl Band {
    /// The level that it is about; `None` if it names none, or both, which no pack that was read does.
    #[must_use]
    pub const fn level(&self) -> Option<(Stratum, &Code)> {
        match (&self.risk, &self.credit) {
            (Some(level), None) => Some((Stratum::Risk, level)),
            (None, Some(level)) => Some((Stratum::Credit, level)),
            _ => None,
        }
    }
}

impl Band {
    /// The least and the largest share.
    pub(crate) fn share_bounds(&self) -> (Option<Billionths>, Option<Billionths>) {
        self.share.as_ref().map_or((None, None), |share| (share.min, share.max))
    }

    /// The least number of visits, and the number that they stay below.
    pub(crate) fn visit_bounds(&self) -> (Option<Billionths>, Option<Billionths>) {
        self.visits.as_ref().map_or((None, None), |visits| (visits.at_least, visits.below))
    }
}

/// A share from … to ….
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareBand {
    /// At most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Billionths>,
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Billionths>,
}

/// Visits a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitsBand {
    /// At least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Billionths>,
    /// Less than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Billionths>,
}

/// Bounds at the nodes of a level for some tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRatio {
    /// Only for tasks with one of these items; empty: for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Code>,
    /// The bounds.
    #[serde(flatten)]
    pub ratio: Ratio,
}

impl Deref for ItemRatio {
    type Target = Ratio;

    fn deref(&self) -> &Ratio {
        &self.ratio
    }
}

/// A cap of visits a year (年度检查频次上限). Tasks of general items do not draw a unit with so many visits in the
/// year, whether made or drawn by the same task. Visits drawn by other tasks count from the day on which they
/// are entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Its code, the reason of the exemption.
    pub code: Code,
    /// Only these kinds; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
    /// How many, at least 1.
    pub visits: u64,
}

/// The mode in which an item is checked (检查方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// On the spot (现场检查).
    OnSite,
    /// On paper (书面检查).
    Documents,
    /// From afar (非现场监管, 在线监测).
    Online,
}

/// A check item (随机抽查事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckItem {
    /// The citation of its legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// General (一般) or key (重点).
    pub class: ItemClass,
    /// Its code.
    pub code: Code,
    /// The department responsible for it.
    pub department: Code,
    /// The qualification of an expert who has to accompany the visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<Code>,
    /// The mode of the check.
    pub mode: Mode,
    /// The name.
    pub name: String,
    /// The qualification that one inspector of the department needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Code>,
    /// The units to which it applies; absent: all.
    #[serde(default, skip_serializing_if = "UnitFilter::is_empty")]
    pub subjects: UnitFilter,
}

/// A filter of units. Each part that is given must admit the unit; an empty part admits all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnitFilter {
    /// Divisions with all that lies in them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<Division>,
    /// Signals and features that they have at least so often.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub has: BTreeMap<Code, u64>,
    /// Kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
}

impl UnitFilter {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the filter can admit units of a kind.
    #[must_use]
    pub fn admits_kind(&self, kind: &Code) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }
}

/// The duty of a department for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duty {
    /// Responsible (责任部门): exactly one.
    Responsible,
    /// Joins (配合部门).
    Joining,
    /// Supervises (监督部门).
    Supervising,
}

/// An entry of the responsibility list (事中事后监管责任清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsibility {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// The department.
    pub department: Code,
    /// The item.
    pub item: Code,
    /// The duty.
    pub role: Duty,
}

/// The number of joint draws that a year must have (跨部门联合).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct JointRule {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// At least so many; 0 asks for none.
    pub least: u64,
}

impl JointRule {
    /// Whether the place has no such rule.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Deadlines in working days. A place need not have any of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Deadlines {
    /// From the draw to the teams.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<Deadline>,
    /// From the last visit to the publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish: Option<Deadline>,
    /// From a request for recusal to its decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recusal: Option<Deadline>,
}

impl Deadlines {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Working days, 1 to 36 500.
    pub days: u64,
}

/// The rule about persons who accompany inspectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The rule of the place that allows teams of one. Absent, as where the law asks for two: no task of this
    /// pack sends fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Cite>,
    /// Roles that never go to enterprises.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barred: Vec<Role>,
    /// The citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cite: Option<Cite>,
    /// Whether experts and third parties accompany visits at all.
    pub experts: bool,
}
