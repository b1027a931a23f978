//! The assignment: which officers go (the second random), team by team, with every vacancy explained.
//!
//! Spec 11. First the chances, which no seed has touched, then the coins. There is always an assignment: what cannot be
//! staffed is a vacancy with a statement that anyone can check by counting.

use crate::bytes::{Digest, Label, Labelled, digest_words};
use crate::chance::matching::{Matching, Pair, WHOLE, table};
use crate::id::{Code, InspectorId, UnitId};
use crate::plan::{Bar, Candidates, Plan};
use crate::policy::TeamRule;
use crate::sample::Sample;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An officer of a team and the chance he had of being in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Chance in units of 2⁻²⁰, 1 to 1 048 576.
    pub chance: u64,
    /// The officer.
    pub id: InspectorId,
}

/// The officers one department sends to a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// The department.
    pub department: Code,
    /// The officers, ascending by id.
    pub officers: Vec<Officer>,
    /// Places left empty; explained by a shortage.
    pub vacancies: u64,
}

/// The team of one visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The lead (组长), an officer of the first department; absent if it could send nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<InspectorId>,
    /// One post for every department, in the policy's order.
    pub posts: Vec<Post>,
    /// The institution.
    pub unit: UnitId,
}

/// Visits at which the policy's chance ceiling could not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaisedCeiling {
    /// The ceiling used, in units of 2⁻²⁰.
    pub ceiling: u64,
    /// The department.
    pub department: Code,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// Visits that could not all be staffed (缺员说明). Anyone with the roster can check it: nobody but these officers may go there, each
/// fills at most the smaller of his cap and the number of these visits he may go to, and that sums to `can_fill`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortageStatement {
    /// Places that can be filled.
    pub can_fill: u64,
    /// The department.
    pub department: Code,
    /// Everybody who may go to at least one of these visits, ascending.
    pub inspectors: Vec<InspectorId>,
    /// Pairs of these visits with officers of the department that were barred, by reason.
    pub losses: BTreeMap<Bar, u64>,
    /// Places these visits need.
    pub need: u64,
    /// The visits, ascending.
    pub units: Vec<UnitId>,
}

/// The teams as they stand in the record (Spec 12.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Teams {
    /// Where the ceiling was raised.
    pub raised: Vec<RaisedCeiling>,
    /// What could not be staffed, and why.
    pub shortages: Vec<ShortageStatement>,
    /// Digest of the chance table.
    pub table: Digest,
    /// The visits, ascending by unit.
    pub visits: Vec<Visit>,
}

/// The teams of a sample.
#[derive(Debug, Clone)]
pub struct Assignment<'a> {
    sample: &'a Sample<'a>,
    teams: Teams,
    table: Vec<Cell>,
}

/// One line of the chance table: how likely an officer was to go to a visit, before any coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance<'a> {
    /// The institution.
    pub unit: &'a UnitId,
    /// The department.
    pub department: &'a Code,
    /// The officer.
    pub inspector: &'a InspectorId,
    /// Units of 2⁻²⁰.
    pub chance: u64,
}

/// A chance by positions: the table of a nation has tens of millions of lines. The order of the fields is that of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    /// Position among the visits.
    visit: u32,
    /// Position among the policy's departments.
    department: u32,
    /// Position in the roster.
    inspector: u32,
    chance: u32,
}

impl<'a> Sample<'a> {
    /// Assigns officers to the picks. Never fails: an empty place is a recorded vacancy.
    #[must_use]
    pub fn assign(&'a self) -> Assignment<'a> {
        let (teams, table) = assign(self.plan(), &self.seed().digest(), &self.positions());
        Assignment { sample: self, teams, table }
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

    /// The chance table, ascending by unit, department and officer.
    pub fn chances(&self) -> impl Iterator<Item = Chance<'_>> {
        let plan = self.sample.plan();
        let at = |n: u32| usize::try_from(n).expect("a position");
        self.table.iter().map(move |cell| Chance {
            unit: &self.teams.visits[at(cell.visit)].unit,
            department: &plan.policy().team.departments[at(cell.department)].department,
            inspector: &plan.roster().inspectors()[at(cell.inspector)].id,
            chance: u64::from(cell.chance),
        })
    }
}

/// The ceiling in units (Spec 11.4).
fn ceiling(rule: &TeamRule) -> u64 {
    let units = u128::from(rule.ceiling.get()) * u128::from(WHOLE) / u128::from(crate::chance::ONE);
    u64::try_from(units).expect("at most WHOLE")
}

/// Spec 11 for the units at these positions of the frame, ascending.
pub(crate) fn assign(plan: &Plan, seed: &Digest, positions: &[usize]) -> (Teams, Vec<Cell>) {
    let units: Vec<&crate::frame::Unit> = positions.iter().map(|&p| &plan.frame().units()[p]).collect();
    let inspectors = plan.roster().inspectors();
    let rule = &plan.policy().team;
    let mut candidates = Candidates::new(plan);
    let mut visits: Vec<Visit> =
        units.iter().map(|u| Visit { lead: None, posts: Vec::new(), unit: u.id.clone() }).collect();
    let (mut raised, mut shortages) = (Vec::new(), Vec::new());
    let mut cells = Vec::new();
    let short = |n: usize| u32::try_from(n).expect("fewer than 2^32 visits, departments and officers");
    for (number, post) in rule.departments.iter().enumerate() {
        let department = &post.department;
        let matching = Matching {
            places: post.officers,
            lists: units.iter().map(|unit| candidates.of(unit, number)).collect(),
            caps: inspectors.iter().map(|inspector| plan.cap(inspector)).collect(),
            ceiling: ceiling(rule),
        };
        let ids = |visits: &[usize]| visits.iter().map(|&v| units[v].id.clone()).collect();
        for component in table(&matching) {
            for &Pair { visit, officer, chance } in
                component.pairs.iter().filter(|p| p.officer < inspectors.len())
            {
                let chance = u32::try_from(chance).expect("at most 2^20");
                cells.push(Cell {
                    visit: short(visit),
                    department: short(number),
                    inspector: short(officer),
                    chance,
                });
            }
            for r in &component.raised {
                let (ceiling, department) = (r.ceiling, department.clone());
                raised.push(RaisedCeiling { ceiling, department, units: ids(&r.visits) });
            }
            if let Some(s) = &component.shortage {
                shortages.push(ShortageStatement {
                    can_fill: s.can_fill,
                    department: department.clone(),
                    inspectors: s.officers.iter().map(|&o| inspectors[o].id.clone()).collect(),
                    losses: losses(plan, department, &s.visits, &units),
                    need: s.need,
                    units: ids(&s.visits),
                });
            }
            let name = units[component.visits[0]].id.as_str();
            for team in component.draw(department.as_str(), name, seed) {
                let officer =
                    |(o, chance): &(usize, u64)| Officer { chance: *chance, id: inspectors[*o].id.clone() };
                visits[team.visit].posts.push(Post {
                    department: department.clone(),
                    officers: team.officers.iter().map(officer).collect(),
                    vacancies: team.vacancies,
                });
            }
        }
    }
    for visit in &mut visits {
        visit.lead = lead(seed, visit);
    }
    cells.sort_unstable();
    let mut lines = Labelled::new(Label::Table);
    for cell in &cells {
        let at = |n: u32| usize::try_from(n).expect("a position");
        let unit = units[at(cell.visit)].id.as_str();
        let department = &rule.departments[at(cell.department)].department;
        let inspector = &inspectors[at(cell.inspector)].id;
        lines = lines.with(format!("{unit} {department} {inspector} {}\n", cell.chance).as_bytes());
    }
    (Teams { raised, shortages, table: lines.finish(), visits }, cells)
}

/// The lead: the officer of the first department with the smallest lead ticket (Spec 11.9).
pub(crate) fn lead(seed: &Digest, visit: &Visit) -> Option<InspectorId> {
    let ticket = |officer: &&Officer| {
        let words = [&seed.hex()[..], visit.unit.as_str().as_bytes(), officer.id.as_str().as_bytes()];
        (digest_words(Label::Lead, &words), officer.id.clone())
    };
    visit.posts.first()?.officers.iter().min_by_key(ticket).map(|officer| officer.id.clone())
}

/// What barred the department's officers from the visits of a shortage, by reason (Spec 12.2).
fn losses(
    plan: &Plan,
    department: &Code,
    visits: &[usize],
    units: &[&crate::frame::Unit],
) -> BTreeMap<Bar, u64> {
    let mut losses = BTreeMap::new();
    for inspector in plan.roster().inspectors().iter().filter(|i| &i.department == department) {
        for &visit in visits {
            if let Some(bar) = plan.bar(inspector, units[visit]) {
                *losses.entry(bar).or_default() += 1;
            }
        }
    }
    losses
}
