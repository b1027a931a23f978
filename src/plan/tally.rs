//! The first pass over a frame: the disposition of each unit, and the number of units in each group (Spec
//! 10.1 to 10.3).

use super::bounds::{self, Active, Bounded};
use super::groups::{CellRoutes, GroupKey, Groups};
use super::rules::{Disposition, UnitRules, reason};
use super::{PlanError, UnitPlan, scale};
use crate::cycle::Standing;
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::odds::cells::{Cell, Scale};
use crate::policy::{LevelDifference, Policy, Stratum};
use crate::stratum::{Occasion, StratumPath};
use std::collections::BTreeMap;

/// What follows for a unit from the policy alone, without the other units of the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assessment {
    pub(crate) plan: UnitPlan,
    /// Visited in this cycle, or drawn and still to be visited.
    reached: bool,
}

/// What the units of a group share within their strata. Without the text of a path it is quick to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct MeasureKey {
    occasion: Occasion,
    measure: u64,
    certain: bool,
}

/// The strata of a unit as numbers. Two keys are equal exactly when the stratum paths are, and they take less
/// room and time than the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct StrataKey {
    /// The area of the deepest level that is a stratum; 0 without one.
    division: u64,
    /// The numbers of kind, risk and credit; 0 for what is no stratum.
    codes: [u64; 3],
}

/// The units of one stratum path.
#[derive(Debug, Clone, Default)]
struct StratumCount {
    /// The path without its occasion.
    path: StratumPath,
    active: Active,
    /// The groups of the units that may be drawn.
    groups: BTreeMap<MeasureKey, u32>,
}

/// How many units do not have the levels of the rule table, and the first of them.
#[derive(Debug, Clone)]
struct Misrated {
    units: u64,
    first: UnitId,
    difference: LevelDifference,
}

/// The units of a frame, counted one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct FrameCount {
    /// The numbers of the codes that occur in stratum paths, from 1.
    codes: BTreeMap<Code, u64>,
    /// The position of every stratum path in `strata`.
    positions: BTreeMap<StrataKey, usize>,
    strata: Vec<StratumCount>,
    groups: Groups,
    units: u64,
    /// Units that cannot be drawn, by what keeps them out.
    undrawable: BTreeMap<Disposition, u64>,
    misrated: Option<Misrated>,
    /// Why the first unit that cannot be measured cannot.
    failed: Option<PlanError>,
}

/// The parts of a plan that do not grow with the frame.
#[derive(Debug, Clone)]
pub(crate) struct PlanParts {
    pub(crate) cells: Vec<Cell>,
    pub(crate) routes: CellRoutes,
    pub(crate) scale: Scale,
    pub(crate) exclusions: BTreeMap<Code, u64>,
    pub(crate) bounded: BTreeMap<StratumPath, Bounded>,
}

impl Assessment {
    /// Applies the rules about single units.
    pub(crate) fn new(
        rules: &UnitRules<'_>,
        unit: &Unit,
        standing: Option<&Standing>,
    ) -> Result<Self, PlanError> {
        let disposition = rules.disposition(unit, standing);
        let (measure, due) = match disposition {
            Disposition::Outside(_) | Disposition::Excluded(_) => (0, None),
            Disposition::Certain(_) | Disposition::Open => {
                let certain = disposition.is_certain();
                let measure = rules.measures().measure(unit, standing, certain, |_| {})?;
                (measure.size, measure.due)
            }
        };
        let reached = standing.is_some_and(|s| s.reached() > 0);
        Ok(Self { plan: UnitPlan { disposition, measure, due, cell: None }, reached })
    }

    const fn key(&self) -> MeasureKey {
        MeasureKey {
            occasion: if self.reached { Occasion::Repeat } else { Occasion::First },
            measure: self.plan.measure,
            certain: self.plan.disposition.is_certain(),
        }
    }

    /// Neither outside the draw nor exempt.
    pub(crate) const fn may_be_drawn(&self) -> bool {
        self.plan.disposition.may_be_drawn()
    }
}

impl FrameCount {
    /// Counts the next unit and returns its plan, without a cell yet, and the group of a unit that may be
    /// drawn.
    ///
    /// `None` from the first unit on that cannot be measured: no plan will come of the frame. The units after
    /// it are counted all the same, because the message about levels names the number of all units whose
    /// levels are wrong.
    pub(crate) fn count(
        &mut self,
        policy: &Policy,
        unit: &Unit,
        assessment: Result<Assessment, PlanError>,
    ) -> Option<(UnitPlan, Option<u32>)> {
        self.units += 1;
        if let Some(difference) = policy.level_difference(unit) {
            let first = || Misrated { units: 0, first: unit.id.clone(), difference };
            self.misrated.get_or_insert_with(first).units += 1;
        }
        let assessment = match assessment {
            Ok(assessment) if self.failed.is_none() => assessment,
            Ok(_) => return None,
            Err(error) => {
                self.failed.get_or_insert(error);
                return None;
            }
        };
        let Assessment { plan, reached } = assessment;
        if let Disposition::Outside(_) = plan.disposition {
            *self.undrawable.entry(plan.disposition).or_default() += 1;
            return Some((plan, None));
        }
        let stratum = self.stratum(policy, unit);
        let stratum = &mut self.strata[stratum];
        stratum.active.units += 1;
        stratum.active.reached += u64::from(reached);
        if let Disposition::Excluded(_) = plan.disposition {
            *self.undrawable.entry(plan.disposition).or_default() += 1;
            return Some((plan, None));
        }
        let key = assessment.key();
        let (groups, strata) = (&mut self.groups, stratum.path.node());
        let group = *stratum.groups.entry(key).or_insert_with(|| {
            groups.open(GroupKey { path: key.occasion.of(strata), size: key.measure, certain: key.certain })
        });
        groups.count(group);
        Some((plan, Some(group)))
    }

    /// Ends the count: fits the bounds and numbers the cells (Spec 10.4 and 10.5). Afterwards [`Self::group`]
    /// finds the group of a unit that was counted.
    pub(crate) fn finish(&mut self, policy: &Policy) -> Result<PlanParts, PlanError> {
        if let Some(Misrated { units, first, difference }) = self.misrated.take() {
            let LevelDifference { stated, rated } = difference;
            let rated = rated.unwrap_or_else(|| "nothing".into());
            return Err(PlanError::NotRated { units, first, stated, rated });
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut exclusions: BTreeMap<Code, u64> = BTreeMap::new();
        for (&disposition, units) in &self.undrawable {
            let code = reason(policy, disposition).expect("a disposition that excludes");
            *exclusions.entry(code).or_default() += units;
        }
        let active = self.strata.iter().map(|stratum| (stratum.path.node(), stratum.active));
        let mut bounded = bounds::bounded(policy, &active.collect::<Vec<_>>());
        bounds::fit(policy, &mut bounded, &mut self.groups)?;
        if self.groups.is_empty() {
            return Err(PlanError::NothingToDraw { units: self.units, exclusions });
        }
        let (cells, routes) = std::mem::take(&mut self.groups).cells(&policy.design)?;
        let scale = scale(&policy.design, &cells);
        bounds::check_number(policy, &bounded, &cells)?;
        Ok(PlanParts { cells, routes, scale, exclusions, bounded })
    }

    /// The group in which a unit that may be drawn was counted; `None` if no unit of its strata and measure
    /// was.
    pub(crate) fn group(&self, policy: &Policy, unit: &Unit, assessment: &Assessment) -> Option<u32> {
        let key = strata_key(policy, unit, |code| self.codes.get(code).copied())?;
        self.strata[*self.positions.get(&key)?].groups.get(&assessment.key()).copied()
    }

    /// The position of the unit's stratum path. The first unit of a path adds it.
    fn stratum(&mut self, policy: &Policy, unit: &Unit) -> usize {
        let number = |code: &Code| {
            let next = u64::try_from(self.codes.len() + 1).expect("a length");
            let known = self.codes.get(code).copied();
            Some(known.unwrap_or_else(|| *self.codes.entry(code.clone()).or_insert(next)))
        };
        let key = strata_key(policy, unit, number).expect("every code has a number now");
        *self.positions.entry(key).or_insert_with(|| {
            self.strata.push(StratumCount { path: policy.path(unit), ..StratumCount::default() });
            self.strata.len() - 1
        })
    }
}

/// The key of the unit's strata; `None` if one of its codes has no number.
fn strata_key(
    policy: &Policy,
    unit: &Unit,
    mut number: impl FnMut(&Code) -> Option<u64>,
) -> Option<StrataKey> {
    let (mut depth, mut codes) = (0, [0; 3]);
    for stratum in &policy.strata {
        match stratum {
            Stratum::Area(level) => depth = depth.max(level.depth()),
            Stratum::Kind => codes[0] = number(&unit.kind)?,
            Stratum::Risk => codes[1] = number(&unit.risk)?,
            Stratum::Credit => codes[2] = number(&unit.credit)?,
        }
    }
    let division = if depth == 0 { 0 } else { policy.frame.divisions.key(&unit.division, depth) };
    Some(StrataKey { division, codes })
}
