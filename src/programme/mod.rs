//! The annual programme (年度抽查计划): which tasks a year has, checked as a whole before anything is sealed.
//!
//! A programme lists tasks with their departments, items, populations (定向, 不定向), amounts and batches.
//! [`Programme::check`] reports at once everything that is wrong or could be better. [`Programme::policy`]
//! derives the policy of each batch from pack and programme. [`Programme::visits`] merges the visits that
//! several draws bring to one unit. [`Programme::follow`] turns the results of a visit into events. Spec 24.

mod check;
mod finding;
mod follow;
mod planned;
mod policy;
mod visits;

pub use finding::{Finding, Findings, Severity};
pub use follow::{Answer, FollowError, FollowUp, VisitOutcome};
pub use visits::{DrawnTask, MergedVisit, TaskBatch, TaskTeam, VisitsError};

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, Suite, encode, written};
use crate::calendar::{Date, Window, WorkingDays};
use crate::division::Divisions;
use crate::frame::Listed;
use crate::id::Code;
use crate::message::{Coded, Message, coded, said};
use crate::pack::Pack;
use crate::policy::{
    BeaconPlan, Billionths, Design, Disclosure, Jurisdiction, Population, Stratum, Subsample,
};
use crate::table::Field;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The level that orders a task (抽查层级).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskLevel {
    /// 国家.
    National,
    /// 省.
    Province,
    /// 市.
    City,
    /// 县.
    County,
}

/// One draw of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The date of frame and roster.
    pub as_of: Date,
    /// Public sources of chance.
    pub beacon: BeaconPlan,
    /// The day from which on the record is public and the draw can be replayed.
    pub disclosure: Disclosure,
    /// The day of the draw.
    pub drawn: Date,
    /// The day by which inspectors are matched.
    pub matched: Date,
    /// The day by which results are published.
    pub published: Date,
    /// The last day on which recusals may be asked for, so that they are decided before the visits.
    pub recusals: Date,
    /// The share of the year that falls on this batch, 0 to 1. The check reports shares of a task that do not
    /// sum to 1.
    pub share: Billionths,
    /// The days of the visits.
    pub window: Window,
}

/// A task of the year (抽查任务).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its batches, in order.
    pub batches: Vec<Batch>,
    /// Its code.
    pub code: Code,
    /// The department that initiates and leads (发起部门).
    pub department: Code,
    /// The amount that is drawn in the year: by the pack's table, by one rate for all levels, or a number.
    /// The rating's rules about visits move the first two (Spec 24.3, step 3).
    pub design: Design,
    /// The items that are checked.
    pub items: Vec<Code>,
    /// Departments that join (配合部门); with any the draw is a joint one (部门联合).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joining: Vec<Code>,
    /// The level that orders it.
    pub level: TaskLevel,
    /// Whether the pack's coverage floor does not hold in this task.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_floor: bool,
    /// Inspectors of each department; absent: 2. 1 only where the pack allows teams of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officers: Option<u64>,
    /// The population (定向); absent: the whole frame (不定向).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
    /// The stratum tree.
    pub strata: Vec<Stratum>,
    /// Second-stage samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subsamples: Vec<Subsample>,
    /// The control share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surprise: Option<Billionths>,
    /// Title for people.
    pub title: String,
}

impl Task {
    /// All departments, the initiating one first.
    pub fn departments(&self) -> impl Iterator<Item = &Code> {
        std::iter::once(&self.department).chain(&self.joining)
    }

    /// Notes departments and items that the pack does not have, or that are named twice.
    fn check_references(&self, at: &Field<'_>, pack: &Pack) {
        let (mut departments, mut items) = (BTreeSet::new(), BTreeSet::new());
        for department in self.departments() {
            let known = pack.departments.iter().any(|known| known.code == *department);
            at.when(!known, || {
                said!("task.unknown_department", "{department} is no department of the pack", department)
            });
            at.when(!departments.insert(department.as_str()), || {
                said!("task.department_twice", "{department} takes part twice", department)
            });
        }
        for code in &self.items {
            at.when(!items.insert(code.as_str()), || said!("task.item_twice", "has item {code} twice", code));
            at.when(pack.item(code).is_none(), || {
                said!("task.unknown_item", "{code} is no item of the pack", code)
            });
        }
    }
}

/// The terms that all draws of the year have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawTerms {
    /// Most visits of an inspector in one draw.
    pub cap: u64,
    /// The largest chance of a pair.
    pub ceiling: Billionths,
    /// Most visits of an expert in one draw; absent: the cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert_cap: Option<u64>,
    /// The distance within which inspectors are sent.
    pub jurisdiction: Jurisdiction,
    /// States in which units may stand on the frame without being drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<Listed>,
    /// Reserves of each cell that records name.
    pub reserves: u64,
    /// Whether those who came last time stay away.
    pub rotation: bool,
    /// Whether inspectors stay away from units of their own grid.
    pub same_grid: bool,
    /// The hash; absent: SHA-256.
    #[serde(default, skip_serializing_if = "Suite::is_default")]
    pub suite: Suite,
}

/// The programme of one authority for one year (Spec 24.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// The authority that draws.
    pub authority: Code,
    /// The working days of the year.
    pub calendar: WorkingDays,
    /// The division list of its frame; absent: that of the pack.
    #[serde(
        default,
        deserialize_with = "crate::division::filled",
        skip_serializing_if = "Divisions::is_empty"
    )]
    pub divisions: Divisions,
    /// The kind of this document.
    pub document: Document,
    /// The code of the pack whose rules it follows.
    pub pack: Code,
    /// The protocol.
    pub protocol: Protocol,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// The terms that all draws have in common.
    pub terms: DrawTerms,
    /// Title for people.
    pub title: String,
    /// The year.
    pub year: u64,
}

/// The reason why a text is no programme, or a batch gives no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgrammeError {
    /// The text does not have the form of a programme. The message names line and column.
    #[error("{0}")]
    Form(Message),
    /// There is no such batch.
    #[error("task {task} has no batch {batch}")]
    NoBatch {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
    },
    /// The policy of the batch breaks rules of policies.
    #[error("task {task}, batch {batch}: {problems}")]
    Policy {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
        /// All broken rules, as the policy's reader lists them.
        problems: Message,
    },
}

coded! { ProgrammeError {
    NoBatch { task, batch } => "programme.no_batch",
    Policy { task, batch, problems } => "programme.policy";
    Form
} }

impl Programme {
    /// Reads a programme written by people. Whether it is a good one, [`Self::check`] says.
    ///
    /// # Errors
    /// The form is wrong (the first place, with line and column).
    pub fn from_json(text: &str) -> Result<Self, ProgrammeError> {
        let programme: Self = written(text).map_err(ProgrammeError::Form)?;
        programme.document.expect(Document::Programme).map_err(|e| ProgrammeError::Form(e.message()))?;
        encode(&programme).map_err(|e| ProgrammeError::Form(e.message()))?;
        Ok(programme)
    }

    /// The canonical bytes.
    ///
    /// # Errors
    /// A count beyond 2⁵³ − 1.
    pub fn to_json(&self) -> Result<Vec<u8>, JsonError> {
        encode(self)
    }

    /// The digest that policies name as their origin (Spec 24.1), in the suite of the terms.
    ///
    /// # Panics
    /// Never for a programme read by [`Self::from_json`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.terms.suite.digest(Label::Programme, &encode(self).expect("checked when the programme was read"))
    }

    /// The division list of all its draws: its own, or that of the pack.
    #[must_use]
    pub fn divisions<'a>(&'a self, pack: &'a Pack) -> &'a Divisions {
        if self.divisions.is_empty() { &pack.divisions } else { &self.divisions }
    }

    /// The task of a code.
    #[must_use]
    pub fn task(&self, code: &Code) -> Option<&Task> {
        self.tasks.iter().find(|task| task.code == *code)
    }
}
