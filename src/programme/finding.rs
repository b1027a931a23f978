//! The findings of the check of a programme, and their texts (Spec 24.6).

use crate::calendar::{Date, Window};
use crate::id::{Code, UnitId};
use crate::message::{Coded, Message, fields};
use crate::policy::Billionths;
use crate::table::{MOST_PROBLEMS, left_off};
use std::collections::BTreeMap;
use std::fmt;

/// The weight of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A rule is broken. Policies can be derived all the same; the approval of the programme decides.
    Breach,
    /// Nothing is broken, and something could be better.
    Advice,
}

/// Something that the check of a programme found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Something is named that there is not, or named twice.
    Reference {
        /// The place.
        place: String,
        /// The rule that is broken there.
        rule: Message,
    },
    /// An item that no task has (事项覆盖率 100 %).
    ItemUncovered {
        /// The item.
        item: Code,
    },
    /// An item that applies to no unit of its tasks.
    ItemWithoutSubjects {
        /// The item.
        item: Code,
        /// The tasks.
        tasks: Vec<Code>,
    },
    /// An item that the lot may leave out this year: no draw of its tasks surely draws a unit to which it
    /// applies.
    ItemByChance {
        /// The item.
        item: Code,
        /// The tasks.
        tasks: Vec<Code>,
        /// Expected visits of the year that would check it.
        expected: Billionths,
    },
    /// An item whose responsible department does not take part.
    ItemDepartment {
        /// The task.
        task: Code,
        /// The item.
        item: Code,
        /// Its department.
        department: Code,
    },
    /// A task with key items and general ones: general items lose their upper limits there.
    MixedClasses {
        /// The task.
        task: Code,
        /// Its general items.
        general: Vec<Code>,
    },
    /// Too few joint draws (部门联合).
    Joint {
        /// Their number.
        have: u64,
        /// The number that the pack asks for.
        least: u64,
        /// The rule.
        basis: String,
    },
    /// Units whose expected visits by tasks of general items are above their cap.
    Cap {
        /// The cap's code.
        cap: Code,
        /// Most visits a year.
        visits: u64,
        /// The largest expected number.
        expected: Billionths,
        /// The number of these units.
        units: u64,
        /// The tasks.
        tasks: Vec<Code>,
        /// The rule.
        basis: String,
    },
    /// Active units that are in no task with a coverage floor.
    WithoutFloor {
        /// Their kinds and how many.
        kinds: BTreeMap<Code, u64>,
        /// The rule.
        basis: String,
    },
    /// A band that the year would break.
    Band {
        /// The band's code.
        band: Code,
        /// The tasks that bring it.
        tasks: Vec<Code>,
        /// The level.
        level: Code,
        /// The share of its units, or visits a year of one of them, that is expected.
        expected: Billionths,
        /// The bound of the band.
        bound: Message,
        /// The rule.
        basis: String,
    },
    /// A deadline in working days that the dates break.
    Deadline {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
        /// Which: `match`, `publish`, `recusal`.
        deadline: &'static str,
        /// The date of the programme.
        stated: Date,
        /// The last day that would do; `None` if the calendar does not cover it.
        latest: Option<Date>,
        /// The rule.
        basis: String,
    },
    /// Dates or shares that do not fit each other.
    Order {
        /// The task.
        task: Code,
        /// The batch; 0 for all of them.
        batch: u64,
        /// What does not hold.
        rule: Message,
    },
    /// Units of a task to which none of its items applies. A visit there would have nothing to check.
    EmptyForms {
        /// The task.
        task: Code,
        /// The number of active units.
        units: u64,
        /// The first of them.
        first: UnitId,
    },
    /// A batch whose frame is made before the visits of the batch before are over. Their findings are not in
    /// the frame.
    Overlap {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
        /// The day of its frame.
        as_of: Date,
        /// The last day of visits of the batch before.
        until: Date,
    },
    /// Two tasks that visit the same units on the same days and could be one joint task.
    Mergeable {
        /// One task.
        first: Code,
        /// The other.
        second: Code,
        /// The days they have in common.
        window: Window,
        /// Active units that both are about.
        units: u64,
    },
    /// Too few batches for the frequency of some level: once in a draw is the most there is.
    Batches {
        /// The task.
        task: Code,
        /// The largest frequency of a unit, visits a year.
        visits: Billionths,
        /// The visits a year that its batches can bring.
        most: Billionths,
    },
    /// An item that asks for an expert at enterprises, although the pack bars all roles there, or all but the
    /// authority's own experts.
    Attendance {
        /// The item.
        item: Code,
        /// The kinds.
        kinds: Vec<Code>,
        /// Whether all roles are barred, so that no expert could come.
        none_may: bool,
        /// The rule.
        basis: String,
    },
    /// A batch that gives no policy or no plan on this frame, with the floors, limits and bands that collide.
    Refused {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
        /// The reasons, rule by rule.
        because: Message,
    },
}

impl Finding {
    /// Whether it is a breach or an advice.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::ItemByChance { .. }
            | Self::MixedClasses { .. }
            | Self::Mergeable { .. }
            | Self::EmptyForms { .. }
            | Self::Overlap { .. }
            | Self::Batches { .. }
            | Self::Attendance { none_may: false, .. } => Severity::Advice,
            _ => Severity::Breach,
        }
    }
}

impl Finding {
    /// The word by which a ledger names it (Spec 24.6).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Reference { .. } => "reference",
            Self::ItemUncovered { .. } => "item_uncovered",
            Self::ItemWithoutSubjects { .. } => "item_without_subjects",
            Self::ItemByChance { .. } => "item_by_chance",
            Self::ItemDepartment { .. } => "item_department",
            Self::MixedClasses { .. } => "mixed_classes",
            Self::Joint { .. } => "joint",
            Self::Cap { .. } => "cap",
            Self::WithoutFloor { .. } => "without_floor",
            Self::Band { .. } => "band",
            Self::Deadline { .. } => "deadline",
            Self::Order { .. } => "order",
            Self::EmptyForms { .. } => "empty_forms",
            Self::Overlap { .. } => "overlap",
            Self::Mergeable { .. } => "mergeable",
            Self::Batches { .. } => "batches",
            Self::Attendance { .. } => "attendance",
            Self::Refused { .. } => "refused",
        }
    }
}

/// Codes that a finding names; it has all of them, and its text the first.
const NAMED: usize = 20;

fn list(codes: &[Code]) -> String {
    let named = codes.iter().take(NAMED).map(Code::as_str).collect::<Vec<_>>().join(", ");
    match codes.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference { place, rule } => write!(f, "{place}: {rule}"),
            Self::ItemUncovered { item } => {
                write!(f, "item {item} is in no task: every item of the list is to be covered")
            }
            Self::ItemWithoutSubjects { item, tasks } => {
                write!(f, "item {item} applies to no unit in the tasks that have it ({})", list(tasks))
            }
            Self::ItemByChance { item, tasks, expected } => write!(
                f,
                "item {item} may be left out by chance: {expected} visits expected of {}, none of them sure",
                list(tasks)
            ),
            Self::ItemDepartment { task, item, department } => {
                write!(f, "task {task} has item {item} without {department}, which is responsible for it")
            }
            Self::MixedClasses { task, general } => {
                write!(
                    f,
                    "task {task} has key items, so its general ones ({}) have no upper limit there",
                    list(general)
                )
            }
            Self::Joint { have, least, basis } => {
                write!(f, "{have} joint draws in the year, at least {least} are asked for ({basis})")
            }
            Self::Cap { cap, visits, expected, units, tasks, basis } => write!(
                f,
                "cap {cap}: {units} subjects expect up to {expected} visits of {}, \
                 at most {visits} are allowed ({basis})",
                list(tasks)
            ),
            Self::WithoutFloor { kinds, basis } => {
                let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                write!(f, "{} are in no task with a coverage floor ({basis})", kinds.join(", "))
            }
            Self::Band { band, tasks, level, expected, bound, basis } => {
                let tasks = list(tasks);
                write!(
                    f,
                    "band {band}: {tasks} bring {expected} to level {level}, the band says {bound} ({basis})"
                )
            }
            Self::Deadline { task, batch, deadline, stated, latest, basis } => {
                write!(f, "task {task}, batch {batch}: {deadline} on {stated}, ")?;
                match latest {
                    Some(latest) => write!(f, "the last day is {latest} ({basis})"),
                    None => write!(f, "and the calendar does not cover its deadline ({basis})"),
                }
            }
            Self::Order { task, batch: 0, rule } => write!(f, "task {task}: {rule}"),
            Self::Order { task, batch, rule } => write!(f, "task {task}, batch {batch}: {rule}"),
            Self::Mergeable { first, second, window, units } => write!(
                f,
                "tasks {first} and {second} are both about {units} units from {} to {}: \
                 one joint task would visit them once",
                window.from(),
                window.to()
            ),
            Self::Batches { task, visits, most } => write!(
                f,
                "task {task}: a unit is due {visits} visits a year, and its batches can bring {most}: \
                 more batches are needed"
            ),
            Self::EmptyForms { task, units, first } => write!(
                f,
                "task {task}: none of its items applies to {units} of its units ({first} is the first): \
                 its population is too wide"
            ),
            Self::Overlap { task, batch, as_of, until } => write!(
                f,
                "task {task}, batch {batch}: its frame is of {as_of}, \
                 and visits of the batch before go on until {until}"
            ),
            Self::Attendance { item, kinds, none_may, basis } => {
                let who = if *none_may {
                    "no expert may go"
                } else {
                    "only experts of the authority's own list may go"
                };
                write!(f, "item {item} asks for an expert at {}, where {who} ({basis})", list(kinds))
            }
            Self::Refused { task, batch, because } => write!(f, "task {task}, batch {batch}: {because}"),
        }
    }
}

impl Coded for Finding {
    fn message(&self) -> Message {
        let words = self.to_string();
        match self {
            Self::Reference { place, rule } => {
                Message::new("finding.reference", words, fields!({ place, rule }))
            }
            Self::ItemUncovered { item } => Message::new("finding.item_uncovered", words, fields!({ item })),
            Self::ItemWithoutSubjects { item, tasks } => {
                Message::new("finding.item_without_subjects", words, fields!({ item, tasks }))
            }
            Self::ItemByChance { item, tasks, expected } => {
                Message::new("finding.item_by_chance", words, fields!({ item, tasks, expected }))
            }
            Self::ItemDepartment { task, item, department } => {
                Message::new("finding.item_department", words, fields!({ task, item, department }))
            }
            Self::MixedClasses { task, general } => {
                Message::new("finding.mixed_classes", words, fields!({ task, general }))
            }
            Self::Joint { have, least, basis } => {
                Message::new("finding.joint", words, fields!({ have, least, basis }))
            }
            Self::Cap { cap, visits, expected, units, tasks, basis } => {
                Message::new("finding.cap", words, fields!({ cap, visits, expected, units, tasks, basis }))
            }
            Self::WithoutFloor { kinds, basis } => {
                let kinds: Vec<String> = kinds.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                Message::new("finding.without_floor", words, fields!({ kinds, basis }))
            }
            Self::Band { band, tasks, level, expected, bound, basis } => {
                let params = fields!({ band, tasks, level, expected, bound, basis });
                Message::new("finding.band", words, params)
            }
            Self::Deadline { task, batch, deadline, stated, latest: Some(latest), basis } => {
                let params = fields!({ task, batch, deadline, stated, latest, basis });
                Message::new("finding.deadline", words, params)
            }
            Self::Deadline { task, batch, deadline, stated, latest: None, basis } => {
                let params = fields!({ task, batch, deadline, stated, basis });
                Message::new("finding.deadline_beyond", words, params)
            }
            Self::Order { task, batch: 0, rule } => {
                Message::new("finding.order_of_task", words, fields!({ task, rule }))
            }
            Self::Order { task, batch, rule } => {
                Message::new("finding.order", words, fields!({ task, batch, rule }))
            }
            Self::EmptyForms { task, units, first } => {
                Message::new("finding.empty_forms", words, fields!({ task, units, first }))
            }
            Self::Overlap { task, batch, as_of, until } => {
                Message::new("finding.overlap", words, fields!({ task, batch, as_of, until }))
            }
            Self::Mergeable { first, second, window, units } => {
                let (from, to) = (window.from(), window.to());
                Message::new("finding.mergeable", words, fields!({ first, second, from, to, units }))
            }
            Self::Batches { task, visits, most } => {
                Message::new("finding.batches", words, fields!({ task, visits, most }))
            }
            Self::Attendance { item, kinds, none_may: true, basis } => {
                Message::new("finding.attendance_of_none", words, fields!({ item, kinds, basis }))
            }
            Self::Attendance { item, kinds, none_may: false, basis } => {
                Message::new("finding.attendance", words, fields!({ item, kinds, basis }))
            }
            Self::Refused { task, batch, because } => {
                Message::new("finding.refused", words, fields!({ task, batch, because }))
            }
        }
    }
}

/// Everything that the check found: the first [`MOST_PROBLEMS`] breaches and pieces of advice each, and how
/// many there are besides. Hundreds of tasks can be merged in a hundred thousand ways.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    kept: Vec<Finding>,
    /// Breaches and pieces of advice so far.
    numbers: [u64; 2],
}

impl Findings {
    /// Adds a finding, or counts it.
    pub(super) fn push(&mut self, finding: Finding) {
        let number = &mut self.numbers[usize::from(finding.severity() == Severity::Advice)];
        *number = number.saturating_add(1);
        if usize::try_from(*number).is_ok_and(|number| number <= MOST_PROBLEMS) {
            self.kept.push(finding);
        }
    }

    /// Adds several.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// The findings, in the order of the checks.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.kept
    }

    /// How many findings there are besides.
    #[must_use]
    pub fn left_off(&self) -> u64 {
        let kept = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        self.numbers.iter().fold(0, |sum: u64, number| sum.saturating_add(*number)).saturating_sub(kept)
    }

    /// Those that break a rule.
    pub fn breaches(&self) -> impl Iterator<Item = &Finding> {
        self.kept.iter().filter(|finding| finding.severity() == Severity::Breach)
    }

    /// Those that break nothing.
    pub fn advice(&self) -> impl Iterator<Item = &Finding> {
        self.kept.iter().filter(|finding| finding.severity() == Severity::Advice)
    }

    /// Whether any rule is broken.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.breaches().next().is_some()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [breaches, advice] = self.numbers;
        write!(f, "{breaches} breaches, {advice} pieces of advice")?;
        let line = |f: &mut fmt::Formatter<'_>, what, finding| write!(f, "\n  {what}: {finding}");
        self.breaches().try_for_each(|finding| line(f, "breach", finding))?;
        self.advice().try_for_each(|finding| line(f, "advice", finding))?;
        left_off(self.left_off()).into_iter().try_for_each(|more| write!(f, "\n  {more}"))
    }
}
