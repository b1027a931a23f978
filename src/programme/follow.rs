//! The consequences of a visit (谁检查、谁录入、谁公开). Every line of the form is answered once. Then each cycle gets
//! an event, and the dossier gets an entry. Spec 24.5.

use super::Programme;
use crate::calendar::Date;
use crate::cycle::Event;
use crate::dossier::{DossierEntry, ResultKind};
use crate::id::{Code, InspectorId};
use crate::message::coded;
use crate::pack::{Form, Pack};
use std::collections::{BTreeMap, BTreeSet};

/// Codes in a row.
fn listed(codes: &[Code]) -> String {
    codes.iter().map(Code::as_str).collect::<Vec<_>>().join(", ")
}

/// The result of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The item of the form.
    pub item: Code,
    /// A result of the pack.
    pub result: Code,
}

/// The outcome of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisitOutcome {
    /// It was made. Every line of the form has an answer.
    Made {
        /// The answers.
        answers: Vec<Answer>,
        /// The inspectors and experts who came.
        team: Vec<InspectorId>,
    },
    /// It could not be made.
    Unmade {
        /// A result of the pack of the kind `unmade`.
        result: Code,
    },
}

/// The reason why a visit cannot be entered. Nothing is changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FollowError {
    /// Answers are missing, or answer items that are not on the form. Inspectors add no item and drop none.
    #[error(
        "the form is not answered line by line: missing [{}], not on it [{}], twice [{}]",
        listed(missing),
        listed(unknown),
        listed(twice)
    )]
    Answers {
        /// Items of the form without an answer.
        missing: Vec<Code>,
        /// Answers to items that are not on it.
        unknown: Vec<Code>,
        /// Items answered twice.
        twice: Vec<Code>,
    },
    /// A result that the pack does not have.
    #[error("{result} is no result of the pack")]
    UnknownResult {
        /// The result.
        result: Code,
    },
    /// A result of a visit that was made says that it was not, or the other way round.
    #[error("{result} does not go with a visit that was {}", if *.visited { "made" } else { "not made" })]
    Kind {
        /// The result.
        result: Code,
        /// Whether the visit was made.
        visited: bool,
    },
    /// A task that the programme does not have.
    #[error("{task} is no task of the programme")]
    UnknownTask {
        /// The task.
        task: Code,
    },
    /// No task that drew the unit has a line on the form, so that there was nothing to check.
    #[error("nothing to check: none of the items of its tasks applies to the institution")]
    NothingToCheck,
}

coded! { FollowError {
    Answers { missing, unknown, twice } => "follow.answers",
    UnknownResult { result } => "follow.unknown_result",
    Kind { result, visited } => "follow.kind",
    UnknownTask { task } => "follow.unknown_task",
    NothingToCheck {} => "follow.nothing_to_check",
} }

/// The consequences of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The event for the cycle of each task of the programme, in their order. A task that drew the unit gets
    /// a visit or a miss. Any other task gets an inspection outside its draw, which counts for caps and
    /// rotation, never for coverage.
    pub events: Vec<(Code, Event)>,
    /// The entry for the dossier.
    pub entry: DossierEntry,
    /// The last day for the publication of the result, counted from this visit. The programme has a later day
    /// for the batch as a whole. `None` if the calendar ends before.
    pub publish_by: Option<Date>,
}

impl Programme {
    /// The consequences of a visit on a day. `draws` gives the number of the draw in the cycle of each task
    /// that drew the unit. A task without a number gets an inspection outside its draw.
    ///
    /// # Errors
    /// The form is not answered line by line, or a result does not fit.
    pub fn follow(
        &self,
        pack: &Pack,
        form: &Form,
        draws: &BTreeMap<Code, u64>,
        date: Date,
        outcome: VisitOutcome,
    ) -> Result<FollowUp, FollowError> {
        if let Some(task) = draws.keys().find(|task| self.task(task).is_none()) {
            return Err(FollowError::UnknownTask { task: task.clone() });
        }
        let unit = &form.unit;
        let kind = |result: &Code| {
            let known = pack.result(result).map(|rule| rule.kind);
            known.ok_or_else(|| FollowError::UnknownResult { result: result.clone() })
        };
        let mut events = Vec::new();
        let results: Vec<Code> = match outcome {
            VisitOutcome::Unmade { result } => {
                if kind(&result)? != ResultKind::Unmade {
                    return Err(FollowError::Kind { result, visited: false });
                }
                for (task, draw) in self.drawn(draws) {
                    let (unit, reason) = (unit.clone(), result.clone());
                    events.push((task.clone(), Event::Missed { date, draw, reason, unit }));
                }
                vec![result]
            }
            VisitOutcome::Made { answers, mut team } => {
                let idle = |task: &Code| form.lines.iter().all(|line| !line.tasks.contains(task));
                if draws.keys().all(idle) {
                    return Err(FollowError::NothingToCheck);
                }
                answered(form, &answers)?;
                for Answer { result, .. } in &answers {
                    if kind(result)? == ResultKind::Unmade {
                        return Err(FollowError::Kind { result: result.clone(), visited: true });
                    }
                }
                team.sort_unstable();
                team.dedup();
                for task in &self.tasks {
                    let (unit, team) = (unit.clone(), team.clone());
                    let event = match draws.get(&task.code) {
                        // The visit had nothing to check for this task, so it is no coverage of it.
                        Some(&draw) if idle(&task.code) => {
                            Event::Missed { date, draw, reason: nothing_to_check(), unit }
                        }
                        Some(&draw) => {
                            let asked = form.lines.iter().filter(|line| line.tasks.contains(&task.code));
                            let items = in_order(asked.map(|line| line.item.clone()).collect());
                            Event::Visited { date, draw, items, team, unit }
                        }
                        None => Event::Inspected { approved: true, date, team, unit },
                    };
                    events.push((task.code.clone(), event));
                }
                answers.into_iter().map(|answer| answer.result).collect()
            }
        };
        let tasks: Vec<String> = self.drawn(draws).map(|(task, draw)| format!("{task} {draw}")).collect();
        let source: String = format!("visit: {}", tasks.join(", ")).chars().take(200).collect();
        let results = in_order(results);
        let entry =
            DossierEntry::Result { date, drawn: !draws.is_empty(), results, source, unit: unit.clone() };
        let deadline = pack.deadlines.publish.as_ref();
        let publish_by = deadline.and_then(|deadline| self.calendar.after(date, deadline.days));
        Ok(FollowUp { events, entry, publish_by })
    }

    /// The tasks that drew a unit, in the programme's order, with the numbers of their draws.
    fn drawn<'a>(&'a self, draws: &'a BTreeMap<Code, u64>) -> impl Iterator<Item = (&'a Code, u64)> {
        self.tasks.iter().filter_map(|task| Some((&task.code, *draws.get(&task.code)?)))
    }
}

/// The reason of a task that drew a unit to which none of its items applies (Spec 24.5).
fn nothing_to_check() -> Code {
    Code::parse("nothing_to_check").expect("a code of the protocol")
}

/// Codes ascending, each once.
fn in_order(mut codes: Vec<Code>) -> Vec<Code> {
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Every line of the form once, and nothing else.
fn answered(form: &Form, answers: &[Answer]) -> Result<(), FollowError> {
    let lines: BTreeSet<&str> = form.lines.iter().map(|line| line.item.as_str()).collect();
    let mut given = BTreeSet::new();
    let twice: Vec<Code> =
        answers.iter().filter(|a| !given.insert(a.item.as_str())).map(|answer| answer.item.clone()).collect();
    let missing = form.lines.iter().map(|line| &line.item).filter(|item| !given.contains(item.as_str()));
    let unknown = answers.iter().map(|answer| &answer.item).filter(|item| !lines.contains(item.as_str()));
    let (missing, unknown) = (in_order(missing.cloned().collect()), in_order(unknown.cloned().collect()));
    if missing.is_empty() && unknown.is_empty() && twice.is_empty() {
        Ok(())
    } else {
        Err(FollowError::Answers { missing, unknown, twice })
    }
}
