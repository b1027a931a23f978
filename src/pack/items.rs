//! The items that apply to a unit, and the form on which one visit answers all of them (执法监督检查表). Spec 23.2
//! and 23.3.

use super::{CheckItem, Mode, Pack, UnitFilter};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::policy::ItemClass;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One line of a check form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormLine {
    /// General or key.
    pub class: ItemClass,
    /// The department responsible.
    pub department: Code,
    /// The qualification of an expert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<Code>,
    /// The item.
    pub item: Code,
    /// The mode of the check.
    pub mode: Mode,
    /// The qualification of an inspector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Code>,
    /// The tasks that ask for it.
    pub tasks: Vec<Code>,
}

/// Everything that one visit checks at one unit, for all tasks (进一次门、查多项事).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The departments responsible, in the order of their first line.
    pub departments: Vec<Code>,
    /// The lines, in the pack's order.
    pub lines: Vec<FormLine>,
    /// The unit.
    pub unit: UnitId,
}

impl Pack {
    /// Whether an item of the pack applies to a unit.
    #[must_use]
    pub fn applies(&self, item: &CheckItem, unit: &Unit) -> bool {
        let UnitFilter { divisions, has, kinds } = &item.subjects;
        unit.meets(&self.divisions, divisions, kinds, has)
    }

    /// The check form of a visit: each item once that applies to the unit and that one of the tasks (given
    /// with its items) has.
    #[must_use]
    pub fn form<'a>(&self, unit: &Unit, tasks: impl IntoIterator<Item = (&'a Code, &'a [Code])>) -> Form {
        let tasks: Vec<(&Code, &[Code])> = tasks.into_iter().collect();
        let mut lines = Vec::new();
        for item in self.items.iter().filter(|item| self.applies(item, unit)) {
            let asking = tasks.iter().filter(|(_, items)| items.contains(&item.code));
            let tasks: Vec<Code> = asking.map(|(task, _)| (*task).clone()).collect();
            if tasks.is_empty() {
                continue;
            }
            lines.push(FormLine {
                class: item.class,
                department: item.department.clone(),
                expert: item.expert.clone(),
                item: item.code.clone(),
                mode: item.mode,
                needs: item.needs.clone(),
                tasks,
            });
        }
        let (mut seen, mut departments) = (BTreeSet::new(), Vec::new());
        for FormLine { department, .. } in &lines {
            if seen.insert(department.as_str()) {
                departments.push(department.clone());
            }
        }
        Form { departments, lines, unit: unit.id.clone() }
    }
}
