//! The plan: the rules applied to frame, roster and cycle, every number filled in, nothing left to decide but chance.
//!
//! [`Plan::new`] gives every unit either a reason why it cannot be drawn or an exact inclusion probability, and
//! [`Plan::explain`] says how it came about, rule by rule. Spec 10.

mod coverage;
mod eligibility;
mod explain;

pub use coverage::{NodeReport, ShortNode};
pub use eligibility::{Bar, Understaffed};
pub use explain::{Explanation, Step};

pub(crate) use eligibility::Candidates;

use crate::bytes::{Digest, Label, digest, encode};
use crate::calendar::Date;
use crate::chance::allocation::{Cell, Scale, mark_certain};
use crate::chance::{ONE, hazard};
use crate::cycle::{Cycle, Standing};
use crate::frame::{Frame, Status, Unit};
use crate::id::{Code, UnitId};
use crate::policy::{
    Certainty, CertaintyRule, Design, Exclusion, ExclusionRule, Policy, PolicyError, Stratum,
};
use crate::roster::Roster;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why frame, roster, policy and cycle give no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The policy breaks rules of policies: it was not read by [`Policy::from_json`].
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// No unit may be drawn.
    #[error("nothing to draw: the frame has {units} units and none of them may be drawn{}", reasons(.exclusions))]
    NothingToDraw {
        /// Units on the frame.
        units: u64,
        /// Reasons and how many units each.
        exclusions: BTreeMap<Code, u64>,
    },
    /// A level that the frequency table does not have: the frame was read against another policy.
    #[error("unit {unit} has risk {risk}, credit {credit}, for which the policy has no frequency")]
    UnknownLevel {
        /// The unit.
        unit: UnitId,
        /// Its risk level.
        risk: Code,
        /// Its credit level.
        credit: Code,
    },
    /// More than one visit would be due in this round.
    #[error(
        "unit {unit} is due {} visits in this round: its frequency needs shares of at most {}, at least {rounds} rounds a cycle",
        decimal(*.due), decimal(*.largest_share)
    )]
    MoreThanOneVisit {
        /// The unit (the first such).
        unit: UnitId,
        /// Expected visits of the round, billionths.
        due: u128,
        /// The largest share that would do, billionths.
        largest_share: u128,
        /// The number of equal rounds that would do.
        rounds: u128,
    },
    /// A number draw asks for more than there is.
    #[error("{asked} units are asked for, {there_are} can be drawn")]
    MoreThanThereIs {
        /// Asked for.
        asked: u64,
        /// Units with a size above zero or certain.
        there_are: u64,
    },
    /// A number draw asks for fewer than the rules make certain.
    #[error("{asked} units are asked for, and the rules of `certainties` alone make {certain} certain")]
    FewerThanCertain {
        /// Asked for.
        asked: u64,
        /// Certain by rule.
        certain: u64,
    },
    /// The coverage floor cannot be certain at these nodes.
    #[error("the coverage floor cannot be certain:{}", .0.iter().map(|node| format!("\n  {node}")).collect::<String>())]
    Coverage(Vec<ShortNode>),
}

/// Billionths as a decimal.
fn decimal(billionths: u128) -> String {
    let one = u128::from(ONE);
    format!("{}.{:09}", billionths / one, billionths % one)
}

fn reasons(exclusions: &BTreeMap<Code, u64>) -> String {
    let reasons: Vec<String> = exclusions.iter().map(|(code, count)| format!("{code}: {count}")).collect();
    if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) }
}

/// Why a unit is not drawn, or which rule makes it certain. Indices point into the policy's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Closed,
    Suspended,
    LicenceExpired,
    OutOfScope,
    Excluded(usize),
    Certain(usize),
    Open,
}

/// Where a unit stands after planning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) verdict: Verdict,
    /// Measure before the coverage guard.
    pub(crate) measured: u64,
    /// Index into the cells, if the unit may be drawn.
    pub(crate) cell: Option<u32>,
}

/// One row of the published cell table (Spec 10.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellRow {
    /// Every unit of the cell is taken.
    pub certain: bool,
    /// Units in the cell.
    pub count: u64,
    /// Stratum path, `first` or `repeat` outermost.
    pub path: String,
    /// Rate draws: inclusion probability in billionths; number draws: measure of size. An integer as text.
    pub size: String,
}

/// The published cell table: what the allocation needs, and nobody's name (Spec 10.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellTable {
    /// The cells in order.
    pub cells: Vec<CellRow>,
    /// Units that could not be drawn, by reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exclusions: BTreeMap<Code, u64>,
}

/// The table's sizes are not integers, or its cells are not in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cell {index} of the table is out of order, empty, or its path or size is none of its policy")]
pub struct CellTableError {
    /// Which cell, from 0.
    pub index: usize,
}

impl CellTable {
    /// The table's digest, as it stands in the seal.
    ///
    /// # Panics
    /// Never for a table of a plan.
    #[must_use]
    pub fn digest(&self) -> Digest {
        digest(Label::Cells, &encode(self).expect("counts below 2^53"))
    }

    /// The table as the allocation takes it (Spec 5).
    ///
    /// # Errors
    /// A path does not have the policy's strata, a size is no canonical integer, a rate draw has a size above [`ONE`], certainty does not agree with the size, a cell is
    /// empty, or cells are out of order.
    pub fn cells(&self, policy: &Policy) -> Result<Vec<Cell>, CellTableError> {
        let rate = !matches!(policy.design, Design::Number { .. });
        let shaped = |path: &str| {
            let mut parts = path.split('/');
            matches!(parts.next(), Some("first" | "repeat"))
                && path.matches('/').count() == policy.strata.len()
                && parts.all(|part| Code::parse(part).is_ok())
        };
        let mut cells: Vec<Cell> = Vec::with_capacity(self.cells.len());
        let mut total: u128 = 0;
        for (index, row) in self.cells.iter().enumerate() {
            let error = CellTableError { index };
            let size: u64 = row.size.parse().map_err(|_| error.clone())?;
            let sound = size.to_string() == row.size
                && shaped(&row.path)
                && (1..=1 << 32).contains(&row.count)
                && (!rate || (size <= ONE && row.certain == (size == ONE)));
            let key = (&row.path, size, row.certain);
            let ascending = cells.last().is_none_or(|c| (&c.path, c.size, c.certain) < key);
            // With 96 bits here and 30 bits of design.number no mass can leave 127 bits.
            total += u128::from(size) * u128::from(row.count.min(1 << 32));
            if !sound || !ascending || total >= 1 << 96 {
                return Err(error);
            }
            cells.push(Cell { path: row.path.clone(), size, count: row.count, certain: row.certain });
        }
        Ok(cells)
    }
}

/// How masses and steps are scaled for this design (Spec 5.5 and 5.6).
#[must_use]
pub(crate) fn scale(design: &Design, cells: &[Cell]) -> Scale {
    match design {
        Design::Number { number } => Scale::number(cells, *number),
        Design::Rate { .. } | Design::Frequency { .. } => Scale::RATE,
    }
}

/// Everything decided but chance: cells with inclusion probabilities, exclusions with reasons.
#[derive(Debug, Clone)]
pub struct Plan {
    frame: Frame,
    roster: Roster,
    policy: Policy,
    cycle: Cycle,
    units: Vec<Planned>,
    cells: Vec<Cell>,
    /// Units of each cell, ascending by id.
    members: Vec<Vec<usize>>,
    scale: Scale,
    exclusions: BTreeMap<Code, u64>,
    guards: Vec<coverage::Guarded>,
}

impl Plan {
    /// Applies the policy (Spec 10). One pass over the units and one over the cells.
    ///
    /// # Errors
    /// Nothing can be drawn, too many or too few are asked for, more than one visit of a unit is due, or the coverage floor
    /// cannot be certain: each with the numbers that collide.
    pub fn new(frame: Frame, roster: Roster, policy: Policy, cycle: Cycle) -> Result<Self, PlanError> {
        policy.check()?;
        let mut groups: BTreeMap<(String, u64, bool), Vec<usize>> = BTreeMap::new();
        let mut strata: BTreeMap<String, coverage::Active> = BTreeMap::new();
        let mut exclusions: BTreeMap<Code, u64> = BTreeMap::new();
        let mut units: Vec<Planned> = Vec::with_capacity(frame.units().len());
        let rules = Rules::new(&policy);
        for (index, unit) in frame.units().iter().enumerate() {
            let standing = cycle.get(&unit.id);
            let verdict = rules.verdict(unit, standing);
            let visited = standing.is_some_and(|s| s.visits > 0);
            let path = stratum_path(&policy.strata, unit);
            if !matches!(
                verdict,
                Verdict::Closed | Verdict::Suspended | Verdict::LicenceExpired | Verdict::OutOfScope
            ) {
                let active = strata.entry(path.clone()).or_default();
                active.units += 1;
                active.visited += u64::from(visited);
            }
            let mut measured = 0;
            if let Some(code) = reason(&policy, verdict) {
                *exclusions.entry(code).or_default() += 1;
            } else {
                measured = rules.measure(unit, standing, verdict)?;
                let first = if visited { "repeat" } else { "first" };
                let path = if path.is_empty() { first.to_owned() } else { format!("{first}/{path}") };
                let number = matches!(policy.design, Design::Number { .. });
                let certain = number && matches!(verdict, Verdict::Certain(_));
                groups.entry((path, measured, certain)).or_default().push(index);
            }
            units.push(Planned { verdict, measured, cell: None });
        }
        if groups.is_empty() {
            let units = u64::try_from(units.len()).expect("a length");
            return Err(PlanError::NothingToDraw { units, exclusions });
        }
        let mut drafts: Vec<coverage::Draft> = groups
            .into_iter()
            .map(|((path, size, certain), units)| coverage::Draft { path, size, certain, units })
            .collect();
        let guards = coverage::guard(&policy, &strata, &mut drafts)?;
        let (cells, members) = cells(drafts, &policy.design)?;
        let scale = scale(&policy.design, &cells);
        coverage::check_number(&policy, &guards, &cells)?;
        for (number, members) in (0..).zip(&members) {
            for &index in members {
                units[index].cell = Some(number);
            }
        }
        Ok(Self { frame, roster, policy, cycle, units, cells, members, scale, exclusions, guards })
    }

    /// The sampling frame.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The roster.
    #[must_use]
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The cycle so far.
    #[must_use]
    pub const fn cycle(&self) -> &Cycle {
        &self.cycle
    }

    /// The cells in the order of the table.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The units of a cell, as positions in the frame, ascending by id. Empty if there is no such cell.
    #[must_use]
    pub fn members(&self, cell: usize) -> &[usize] {
        self.members.get(cell).map_or(&[], Vec::as_slice)
    }

    /// How masses and steps of the cells are scaled.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.scale
    }

    /// Units that cannot be drawn, by reason.
    #[must_use]
    pub const fn exclusions(&self) -> &BTreeMap<Code, u64> {
        &self.exclusions
    }

    /// The table that is published and hashed into the seal.
    #[must_use]
    pub fn table(&self) -> CellTable {
        let row = |c: &Cell| CellRow {
            certain: c.certain,
            count: c.count,
            path: c.path.clone(),
            size: c.size.to_string(),
        };
        CellTable { cells: self.cells.iter().map(row).collect(), exclusions: self.exclusions.clone() }
    }

    /// The inclusion probability of a unit in billionths, rounded down; 0 for an excluded unit. In rate draws it is exact;
    /// in number draws the exact value is factor · size / step of [`Self::scale`].
    ///
    /// `position` is the unit's place in the frame. `None` if there is no such unit.
    #[must_use]
    pub fn probability(&self, position: usize) -> Option<u64> {
        let planned = self.units.get(position)?;
        let Some(cell) = planned.cell.and_then(|cell| self.cells.get(usize::try_from(cell).ok()?)) else {
            return Some(0);
        };
        if cell.certain {
            return Some(ONE);
        }
        if self.scale.factor == 0 || self.scale.step == 0 {
            return Some(0);
        }
        let exact = self.scale.factor * u128::from(cell.size) * u128::from(ONE) / self.scale.step;
        Some(u64::try_from(exact).expect("a cell that is not certain stays below ONE"))
    }

    /// The reason why a unit cannot be drawn, if there is one.
    #[must_use]
    pub fn exclusion(&self, position: usize) -> Option<Code> {
        reason(&self.policy, self.units.get(position)?.verdict)
    }
}

/// Groups drafts of one path and size into cells, marks what is certain and checks what a number draw asks for (Spec 10.5).
fn cells(drafts: Vec<coverage::Draft>, design: &Design) -> Result<(Vec<Cell>, Vec<Vec<usize>>), PlanError> {
    let Design::Number { number: asked } = *design else {
        return Ok(merge(drafts.into_iter().map(|d| (d.path, d.size, d.size == ONE, d.units))));
    };
    let (mut cells, members) = merge(drafts.into_iter().map(|d| (d.path, d.size, d.certain, d.units)));
    let certain: u64 = cells.iter().filter(|c| c.certain).map(|c| c.count).sum();
    let there_are: u64 = cells.iter().filter(|c| c.certain || c.size > 0).map(|c| c.count).sum();
    if asked > there_are {
        return Err(PlanError::MoreThanThereIs { asked, there_are });
    }
    if asked < certain {
        return Err(PlanError::FewerThanCertain { asked, certain });
    }
    mark_certain(&mut cells, asked);
    // A cell that has become certain by its size may now equal one that was certain by rule: they are one cell.
    Ok(merge(cells.into_iter().zip(members).map(|(c, units)| (c.path, c.size, c.certain, units))))
}

/// Cells in the order of the table, units of one (path, size, certain) together, ascending.
fn merge(parts: impl Iterator<Item = (String, u64, bool, Vec<usize>)>) -> (Vec<Cell>, Vec<Vec<usize>>) {
    let mut merged: BTreeMap<(String, u64, bool), Vec<usize>> = BTreeMap::new();
    for (path, size, certain, units) in parts {
        merged.entry((path, size, certain)).or_default().extend(units);
    }
    let cell = |((path, size, certain), mut units): (_, Vec<usize>)| {
        units.sort_unstable();
        let count = u64::try_from(units.len()).expect("a length");
        (Cell { path, size, count, certain }, units)
    };
    merged.into_iter().map(cell).unzip()
}

/// The path below `first`/`repeat` (Spec 10.3).
fn stratum_path(strata: &[Stratum], unit: &Unit) -> String {
    let mut path = String::new();
    for stratum in strata {
        if !path.is_empty() {
            path.push('/');
        }
        match stratum {
            Stratum::Province => path.push_str(unit.division.province().as_str()),
            Stratum::City => path.push_str(unit.division.city().as_str()),
            Stratum::County => path.push_str(unit.division.as_str()),
            Stratum::Kind => path.push_str(unit.kind.as_str()),
            Stratum::Risk => path.push_str(unit.risk.as_str()),
            Stratum::Credit => path.push_str(unit.credit.as_str()),
        }
    }
    path
}

/// The reason code of a verdict that excludes.
fn reason(policy: &Policy, verdict: Verdict) -> Option<Code> {
    let code = |text| Code::parse(text).expect("a code of the protocol");
    match verdict {
        Verdict::Closed => Some(code("closed")),
        Verdict::Suspended => Some(code("suspended")),
        Verdict::LicenceExpired => Some(code("licence_expired")),
        Verdict::OutOfScope => Some(code("out_of_scope")),
        Verdict::Excluded(rule) => Some(policy.exclusions[rule].code.clone()),
        Verdict::Certain(_) | Verdict::Open => None,
    }
}

/// The policy's rules about single units, with the tables that make them quick to apply.
struct Rules<'a> {
    policy: &'a Policy,
    frequency: BTreeMap<(&'a Code, &'a Code), u64>,
}

impl<'a> Rules<'a> {
    fn new(policy: &'a Policy) -> Self {
        let frequency = policy.frequency.iter().map(|f| ((&f.risk, &f.credit), f.visits.get())).collect();
        Self { policy, frequency }
    }

    /// Spec 10.1: the first rule that applies.
    fn verdict(&self, unit: &Unit, standing: Option<&Standing>) -> Verdict {
        let policy = self.policy;
        match unit.status {
            Status::Closed => return Verdict::Closed,
            Status::Suspended => return Verdict::Suspended,
            Status::Active if unit.expired(policy.as_of) => return Verdict::LicenceExpired,
            Status::Active => {}
        }
        if let Some(population) = &policy.population {
            let divisions = &population.divisions;
            let inside = divisions.is_empty() || divisions.iter().any(|d| d.covers(&unit.division));
            if !inside || !(population.kinds.is_empty() || population.kinds.contains(&unit.kind)) {
                return Verdict::OutOfScope;
            }
        }
        let last_visit = standing.and_then(|s| s.last_visit);
        let since = |day: Date| u64::try_from(policy.as_of.days_since(day)).unwrap_or(0);
        let certain = |certainty: &Certainty| match &certainty.rule {
            CertaintyRule::Units(units) => units.contains(&unit.id),
            CertaintyRule::Signal { at_least, signal } => {
                unit.signals.get(signal).is_some_and(|n| n >= at_least)
            }
            CertaintyRule::NotVisitedDays(days) => last_visit.is_none_or(|day| since(day) > *days),
        };
        if let Some(rule) = policy.certainties.iter().position(certain) {
            return Verdict::Certain(rule);
        }
        let excluded = |exclusion: &Exclusion| match &exclusion.rule {
            ExclusionRule::Units(units) => units.contains(&unit.id),
            ExclusionRule::Kinds(kinds) => kinds.contains(&unit.kind),
            ExclusionRule::VisitedWithinDays(days) => last_visit.is_some_and(|day| since(day) <= *days),
            ExclusionRule::OpenedWithinDays(days) => unit.opened.is_some_and(|day| since(day) <= *days),
            ExclusionRule::VisitsAtLeast(visits) => standing.is_some_and(|s| s.visits >= *visits),
        };
        policy.exclusions.iter().position(excluded).map_or(Verdict::Open, Verdict::Excluded)
    }

    /// Spec 10.2, steps 1 and 2: the base and what the signals add.
    fn base(&self, unit: &Unit) -> Result<u64, PlanError> {
        let table = self.frequency.get(&(&unit.risk, &unit.credit)).copied();
        let base = match self.policy.design {
            Design::Rate { rate } => Some(rate.get()),
            Design::Number { .. } if self.policy.frequency.is_empty() => Some(ONE),
            Design::Number { .. } | Design::Frequency { .. } => table,
        };
        let Some(base) = base else {
            let (risk, credit) = (unit.risk.clone(), unit.credit.clone());
            return Err(PlanError::UnknownLevel { unit: unit.id.clone(), risk, credit });
        };
        Ok(base + self.policy.signals.iter().filter_map(|signal| signal.added(unit)).sum::<u64>())
    }

    /// Spec 10.2: the measure of a unit that may be drawn.
    fn measure(&self, unit: &Unit, standing: Option<&Standing>, verdict: Verdict) -> Result<u64, PlanError> {
        let sum = self.base(unit)?;
        let certain = matches!(verdict, Verdict::Certain(_));
        match self.policy.design {
            Design::Number { .. } => Ok(sum),
            Design::Rate { .. } if certain => Ok(ONE),
            Design::Rate { .. } => Ok(sum.min(ONE)),
            Design::Frequency { share } => {
                let one = u128::from(ONE);
                let due = u128::from(sum) * u128::from(share.get()) / one;
                if due > one {
                    let rounds = u128::from(sum).div_ceil(one);
                    let largest_share = one * one / u128::from(sum);
                    return Err(PlanError::MoreThanOneVisit {
                        unit: unit.id.clone(),
                        due,
                        largest_share,
                        rounds,
                    });
                }
                if certain {
                    return Ok(ONE);
                }
                let due = u64::try_from(due).expect("at most ONE");
                let (exposure, visits) = standing.map_or((0, 0), |s| (s.exposure.get(), s.visits));
                Ok(hazard::probability(due, exposure, visits))
            }
        }
    }
}

impl crate::policy::Signal {
    /// What this rule adds to the unit's measure, if its signal is there often enough.
    fn added(&self, unit: &Unit) -> Option<u64> {
        unit.signals.get(&self.signal).is_some_and(|n| *n >= self.at_least).then(|| self.add.get())
    }
}
