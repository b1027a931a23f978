//! One visit in place of several: draws of one unit whose windows overlap are merged (进一次门、查多项事). Spec 24.2.

use super::{Programme, Task};
use crate::calendar::{Date, Window};
use crate::frame::Frame;
use crate::id::{Code, UnitId};
use crate::message::coded;
use crate::pack::{Form, FormLine, Mode, Pack};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The units drawn by a batch of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnTask {
    /// The batch, from 1.
    pub batch: u64,
    /// The task.
    pub task: Code,
    /// The units drawn.
    pub units: Vec<UnitId>,
}

/// The reason why draws give no list of visits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VisitsError {
    /// There is no such batch in the programme.
    #[error("task {task} has no batch {batch}")]
    NoBatch {
        /// The task.
        task: Code,
        /// The batch.
        batch: u64,
    },
    /// A drawn unit that is not on the frame.
    #[error("unit {unit} was drawn, and is not on the frame")]
    UnknownUnit {
        /// The unit.
        unit: UnitId,
    },
}

coded! { VisitsError {
    NoBatch { task, batch } => "programme.no_batch",
    UnknownUnit { unit } => "programme.unknown_unit",
} }

/// The task whose draw gives the team of a department at a merged visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskTeam {
    /// The department.
    pub department: Code,
    /// The task by whose draw its team was drawn.
    pub task: Code,
}

/// A batch of a task that drew a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TaskBatch {
    /// The batch, from 1.
    pub batch: u64,
    /// The task.
    pub task: Code,
}

/// One visit to one unit, for all tasks that drew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergedVisit {
    /// The teams that go, by department.
    pub departments: Vec<TaskTeam>,
    /// The batches that drew it, at most one of each task, in the programme's order of tasks.
    pub draws: Vec<TaskBatch>,
    /// The tasks whose experts go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<Code>,
    /// The items that are checked.
    pub form: Form,
    /// The leading department: that which initiates the first task.
    pub lead: Code,
    /// The unit.
    pub unit: UnitId,
    /// The days that suit all of them.
    pub window: Window,
}

/// Draws of one unit that one visit can serve.
struct VisitGroup {
    /// The days that suit all of them.
    window: Window,
    /// The position of each task in the programme, and its batch.
    draws: Vec<(usize, u64)>,
}

impl Programme {
    /// Merges the visits of several draws unit by unit, on the frame of the latest draw. A draw given twice
    /// counts once.
    ///
    /// # Errors
    /// A draw is of a task or batch that the programme does not have, or of a unit that is not on the frame.
    pub fn visits(
        &self,
        pack: &Pack,
        frame: &Frame,
        draws: &[DrawnTask],
    ) -> Result<Vec<MergedVisit>, VisitsError> {
        let mut known: BTreeMap<(Date, usize, u64), (Window, Vec<&UnitId>)> = BTreeMap::new();
        for draw in draws {
            let place = self.tasks.iter().position(|task| task.code == draw.task);
            let batch = usize::try_from(draw.batch).ok().and_then(|batch| batch.checked_sub(1));
            let found = place.zip(batch);
            let found = found.and_then(|(place, batch)| Some((place, self.tasks[place].batches.get(batch)?)));
            let (place, batch) =
                found.ok_or_else(|| VisitsError::NoBatch { task: draw.task.clone(), batch: draw.batch })?;
            let key = (batch.window.from(), place, draw.batch);
            known.entry(key).or_insert_with(|| (batch.window, Vec::new())).1.extend(&draw.units);
        }
        let mut groups: BTreeMap<&UnitId, Vec<VisitGroup>> = BTreeMap::new();
        for ((_, place, batch), (window, mut units)) in known {
            units.sort_unstable();
            units.dedup();
            for unit in units {
                let groups = groups.entry(unit).or_default();
                let new = |group: &VisitGroup| group.draws.iter().all(|(other, _)| *other != place);
                let meets = groups.iter_mut().filter(|group| new(group));
                let meets = meets.into_iter().find_map(|group| Some((group.window.common(window)?, group)));
                match meets {
                    Some((common, group)) => {
                        group.window = common;
                        group.draws.push((place, batch));
                    }
                    None => groups.push(VisitGroup { window, draws: vec![(place, batch)] }),
                }
            }
        }
        let mut visits = Vec::new();
        for (id, groups) in groups {
            let unit = frame.get(id).ok_or_else(|| VisitsError::UnknownUnit { unit: id.clone() })?;
            for VisitGroup { window, draws: mut places } in groups {
                places.sort_unstable();
                let tasks: Vec<&Task> = places.iter().map(|(place, _)| &self.tasks[*place]).collect();
                let form = pack.form(unit, tasks.iter().map(|task| (&task.code, task.items.as_slice())));
                let (departments, experts) = teams(&tasks, &form);
                let batch = |(place, batch): &(usize, u64)| TaskBatch {
                    batch: *batch,
                    task: self.tasks[*place].code.clone(),
                };
                visits.push(MergedVisit {
                    departments,
                    draws: places.iter().map(batch).collect(),
                    experts,
                    form,
                    lead: tasks[0].department.clone(),
                    unit: id.clone(),
                    window,
                });
            }
        }
        Ok(visits)
    }
}

/// The teams and experts that go. Of each department they are those of the first task, and those of a later
/// task that bring a qualification which the form asks for and no team has yet.
fn teams(tasks: &[&Task], form: &Form) -> (Vec<TaskTeam>, Vec<Code>) {
    let lines = |task: &Task| {
        let asked = |line: &&FormLine| line.mode != Mode::Online && line.tasks.contains(&task.code);
        form.lines.iter().filter(asked).collect::<Vec<_>>()
    };
    let (mut departments, mut experts) = (Vec::new(), Vec::new());
    let mut brought: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut qualified: BTreeSet<&str> = BTreeSet::new();
    for task in tasks {
        let lines = lines(task);
        for department in task.departments() {
            let own = lines.iter().filter(|line| line.department == *department);
            let needs: BTreeSet<&str> =
                own.filter_map(|line| line.needs.as_ref()).map(Code::as_str).collect();
            let goes = match brought.get(department.as_str()) {
                Some(there) => !needs.is_subset(there),
                None => true,
            };
            if goes {
                brought.entry(department.as_str()).or_default().extend(needs);
                departments.push(TaskTeam { department: department.clone(), task: task.code.clone() });
            }
        }
        let experts_asked = lines.iter().filter_map(|line| line.expert.as_ref());
        let needs: BTreeSet<&str> = experts_asked.map(Code::as_str).collect();
        if !needs.is_subset(&qualified) {
            qualified.extend(needs);
            experts.push(task.code.clone());
        }
    }
    (departments, experts)
}
