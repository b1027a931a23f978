//! Who may go where: the bars of Spec 11.1, one pair at a time and for whole lists.

use super::Plan;
use crate::calendar::Window;
use crate::frame::Unit;
use crate::id::{Code, Division, UnitId};
use crate::policy::Jurisdiction;
use crate::roster::Inspector;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why an officer of the right department may not go to a unit, in the order in which the reasons are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bar {
    /// The certificate does not cover the window of the visits.
    Certificate,
    /// One absence covers the whole window.
    Absence,
    /// The qualification for this kind of institution is missing.
    Qualification,
    /// The unit lies outside the officer's jurisdiction.
    Jurisdiction,
    /// A recusal (回避): never waived.
    Recusal,
    /// The unit lies in the officer's own grid.
    Grid,
    /// The officer was in the team that came last time (轮换).
    Rotation,
}

/// A unit for which a department has fewer officers than the team needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understaffed {
    /// The unit.
    pub unit: UnitId,
    /// The department.
    pub department: Code,
    /// Officers who may go there.
    pub officers: u64,
    /// Officers the team needs.
    pub needed: u64,
}

impl Plan {
    /// What keeps an officer from a unit; `None` if he may go. His department is not looked at (Spec 11.1).
    #[must_use]
    pub fn bar(&self, inspector: &Inspector, unit: &Unit) -> Option<Bar> {
        self.general_bar(inspector, &unit.division, &unit.kind).or_else(|| self.personal_bar(inspector, unit))
    }

    /// The bars that depend on the unit's division and kind alone.
    fn general_bar(&self, inspector: &Inspector, division: &Division, kind: &Code) -> Option<Bar> {
        let team = &self.policy.team;
        let window = self.policy.window;
        let certificate = inspector.certified_from.is_none_or(|day| day <= window.from())
            && inspector.certified_until >= window.to();
        if !certificate {
            return Some(Bar::Certificate);
        }
        if inspector.absences.iter().any(|absence: &Window| absence.covers(window)) {
            return Some(Bar::Absence);
        }
        if team.qualifications.get(kind).is_some_and(|needed| !inspector.qualifications.contains(needed)) {
            return Some(Bar::Qualification);
        }
        let near = |own: &Division| match team.jurisdiction {
            Jurisdiction::Own => own.covers(division),
            Jurisdiction::City => own.same_city(division),
            Jurisdiction::Province => own.same_province(division),
            Jurisdiction::Any => true,
        };
        (!inspector.divisions.iter().any(near)).then_some(Bar::Jurisdiction)
    }

    /// The bars between this officer and this unit.
    fn personal_bar(&self, inspector: &Inspector, unit: &Unit) -> Option<Bar> {
        let team = &self.policy.team;
        if self.roster.recused(&inspector.id, &unit.id) {
            return Some(Bar::Recusal);
        }
        if team.same_grid && inspector.grid.is_some() && inspector.grid == unit.grid {
            return Some(Bar::Grid);
        }
        let came = || self.cycle.get(&unit.id).is_some_and(|s| s.last_team.contains(&inspector.id));
        (team.rotation && came()).then_some(Bar::Rotation)
    }

    /// The most visits of an officer in this draw.
    #[must_use]
    pub fn cap(&self, inspector: &Inspector) -> u64 {
        inspector.cap.unwrap_or(self.policy.team.cap)
    }

    /// Units that may be drawn and for which some department has too few officers: what the office should know before it
    /// seals. Ascending by unit.
    #[must_use]
    pub fn understaffed(&self) -> Vec<Understaffed> {
        let mut candidates = Candidates::new(self);
        let mut found = Vec::new();
        for (unit, planned) in self.frame.units().iter().zip(&self.units) {
            if planned.cell.is_none() {
                continue;
            }
            for (number, rule) in self.policy.team.departments.iter().enumerate() {
                let officers = u64::try_from(candidates.of(unit, number).len()).expect("a length");
                if officers < rule.officers {
                    let (unit, department) = (unit.id.clone(), rule.department.clone());
                    found.push(Understaffed { unit, department, officers, needed: rule.officers });
                }
            }
        }
        found
    }
}

/// Lists of officers by department, division and kind, made once and then thinned by what is personal.
#[derive(Debug)]
pub(crate) struct Candidates<'a> {
    plan: &'a Plan,
    lists: BTreeMap<(usize, &'a str, &'a str), Vec<usize>>,
}

impl<'a> Candidates<'a> {
    pub(crate) const fn new(plan: &'a Plan) -> Self {
        Self { plan, lists: BTreeMap::new() }
    }

    /// Positions in the roster of the officers of a department (by its place in the policy) who may go to units of this division and
    /// kind, whatever is personal between them; ascending by id.
    pub(crate) fn general(&mut self, unit: &'a Unit, department: usize) -> &[usize] {
        let plan = self.plan;
        self.lists.entry((department, unit.division.as_str(), unit.kind.as_str())).or_insert_with(|| {
            let wanted = &plan.policy.team.departments[department].department;
            let officers = plan.roster.inspectors().iter().enumerate();
            let may = officers.filter(|(_, inspector)| {
                &inspector.department == wanted
                    && plan.general_bar(inspector, &unit.division, &unit.kind).is_none()
            });
            may.map(|(position, _)| position).collect()
        })
    }

    /// Positions in the roster of the officers of a department (by its place in the policy) who may go to the unit, ascending by id.
    pub(crate) fn of(&mut self, unit: &'a Unit, department: usize) -> Vec<usize> {
        let plan = self.plan;
        let may = |officer: &usize| plan.personal_bar(&plan.roster.inspectors()[*officer], unit).is_none();
        self.general(unit, department).iter().copied().filter(may).collect()
    }
}
