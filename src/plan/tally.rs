//! The first pass over a frame: the disposition of each unit, and the number of units in each group (Spec
//! 10.1 to 10.3). What was counted of some units and of others is added by stratum path (Spec 26.2).

use super::bounds::{self, Active, Bounded};
use super::groups::{CellRoutes, GroupKey, Groups};
use super::rules::{Disposition, UnitRules, reason};
use super::{PlanError, UnitPlan, scale};
use crate::cycle::Standing;
use crate::frame::Unit;
use crate::id::{Code, Division, UnitId};
use crate::odds::ONE;
use crate::odds::cells::{Cell, Scale};
use crate::policy::{Design, LevelDifference, Policy, Stratum};
use crate::stratum::{Occasion, StratumNode, StratumPath};
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

/// What is counted of the units of one stratum path, as it stands in a document (Spec 26.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StratumTally {
    /// Active units.
    pub(crate) units: u64,
    /// Those of them reached in the cycle.
    pub(crate) reached: u64,
    /// How many may be drawn with each measure: on which occasion, with which measure of size, and whether a
    /// rule makes them certain.
    pub(crate) measures: BTreeMap<(Occasion, u64, bool), u64>,
}

impl StratumTally {
    /// Adds what was counted of other units of the path.
    pub(crate) fn add(&mut self, other: Self) {
        self.units += other.units;
        self.reached += other.reached;
        for (measure, units) in other.measures {
            *self.measures.entry(measure).or_default() += units;
        }
    }
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

    /// Whether a plan can come of the units that were counted, as far as single units decide it.
    pub(crate) fn settled(&mut self) -> Result<(), PlanError> {
        if let Some(Misrated { units, first, difference }) = self.misrated.take() {
            let LevelDifference { stated, rated } = difference;
            let rated = rated.unwrap_or_else(|| "nothing".into());
            return Err(PlanError::NotRated { units, first, stated, rated });
        }
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The units that cannot be drawn, by reason.
    pub(crate) fn exclusions(&self, policy: &Policy) -> BTreeMap<Code, u64> {
        let mut exclusions: BTreeMap<Code, u64> = BTreeMap::new();
        for (&disposition, units) in &self.undrawable {
            let code = reason(policy, disposition).expect("a disposition that excludes");
            *exclusions.entry(code).or_default() += units;
        }
        exclusions
    }

    /// What was counted, by the path without its occasion.
    pub(crate) fn strata(&self) -> BTreeMap<StratumPath, StratumTally> {
        let tally = |stratum: &StratumCount| {
            let of = |(key, group): (&MeasureKey, &u32)| {
                ((key.occasion, key.measure, key.certain), self.groups.counted(*group))
            };
            let Active { units, reached } = stratum.active;
            let measures = stratum.groups.iter().map(of).collect();
            (stratum.path.clone(), StratumTally { units, reached, measures })
        };
        self.strata.iter().map(tally).collect()
    }

    /// The count that gave these figures for so many units; an error with a path where no unit of the policy
    /// can stand, or where it cannot have its measure.
    pub(crate) fn of<'a>(
        policy: &Policy,
        units: u64,
        strata: &'a BTreeMap<StratumPath, StratumTally>,
    ) -> Result<Self, &'a StratumPath> {
        let mut count = Self { units, ..Self::default() };
        // A base and at most a thousand signals are below 2⁶³ (Spec 9.1).
        let most = if matches!(policy.design, Design::Number { .. }) { 1 << 63 } else { ONE };
        for (path, StratumTally { units, reached, measures }) in strata {
            let key = path_key(policy, path.node(), |code| Some(count.number(code))).ok_or(path)?;
            let mut stratum = StratumCount { path: path.clone(), ..StratumCount::default() };
            stratum.active = Active { units: *units, reached: *reached };
            for (&(occasion, measure, certain), units) in measures {
                if measure > most {
                    return Err(path);
                }
                let key = GroupKey { path: occasion.of(path.node()), size: measure, certain };
                let group = count.groups.open(key);
                count.groups.add(group, *units);
                stratum.groups.insert(MeasureKey { occasion, measure, certain }, group);
            }
            count.positions.insert(key, count.strata.len());
            count.strata.push(stratum);
        }
        Ok(count)
    }

    /// The groups of some of the units that were counted, and how many of them each has; an error with a path
    /// or a measure that was not counted.
    pub(crate) fn groups_of<'a>(
        &self,
        policy: &Policy,
        strata: &'a BTreeMap<StratumPath, StratumTally>,
    ) -> Result<Vec<(u32, u64)>, &'a StratumPath> {
        let mut groups = Vec::new();
        for (path, tally) in strata {
            let key = path_key(policy, path.node(), |code| self.codes.get(code).copied()).ok_or(path)?;
            let stratum = self.positions.get(&key).map(|place| &self.strata[*place]).ok_or(path)?;
            for (&(occasion, measure, certain), units) in &tally.measures {
                let key = MeasureKey { occasion, measure, certain };
                groups.push((*stratum.groups.get(&key).ok_or(path)?, *units));
            }
        }
        Ok(groups)
    }

    /// Ends the count: fits the bounds and numbers the cells (Spec 10.4 and 10.5). `exclusions` are the units
    /// that cannot be drawn, by reason. Afterwards [`Self::group`] finds the group of a unit that was
    /// counted.
    pub(crate) fn finish(
        &mut self,
        policy: &Policy,
        exclusions: BTreeMap<Code, u64>,
    ) -> Result<PlanParts, PlanError> {
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

    /// The number of a code of stratum paths. A new one gets the next.
    fn number(&mut self, code: &Code) -> u64 {
        let next = u64::try_from(self.codes.len() + 1).expect("a length");
        let known = self.codes.get(code).copied();
        known.unwrap_or_else(|| *self.codes.entry(code.clone()).or_insert(next))
    }

    /// The position of the unit's stratum path. The first unit of a path adds it.
    fn stratum(&mut self, policy: &Policy, unit: &Unit) -> usize {
        let key = strata_key(policy, unit, |code| Some(self.number(code)));
        let key = key.expect("every code has a number now");
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

/// The key of the units of a path without its occasion; `None` if no unit of the policy can have the path, or
/// one of its codes has no number.
fn path_key(
    policy: &Policy,
    path: StratumNode<'_>,
    mut number: impl FnMut(&Code) -> Option<u64>,
) -> Option<StrataKey> {
    let (list, mut components) = (&policy.frame.divisions, path.components());
    let (mut depth, mut deepest, mut areas, mut codes) = (0, None, Vec::new(), [0; 3]);
    for stratum in &policy.strata {
        let component = components.next()?;
        let mut code = |place: usize, known: &[Code]| {
            let code = known.iter().find(|code| code.as_str() == component)?;
            codes[place] = number(code)?;
            Some(())
        };
        match stratum {
            Stratum::Area(level) => {
                let area = Division::parse(component).ok()?;
                if level.depth() >= depth {
                    (depth, deepest) = (level.depth(), Some(area.clone()));
                }
                areas.push((level.depth(), area));
            }
            Stratum::Kind => code(0, &policy.frame.kinds)?,
            Stratum::Risk => code(1, &policy.frame.risk)?,
            Stratum::Credit => code(2, &policy.frame.credit)?,
        }
    }
    let deepest = deepest.filter(|_| depth > 0);
    let fits = |area: &Division| list.knows(area) && areas.iter().all(|(at, own)| list.at(area, *at) == *own);
    let fitting = components.next().is_none() && deepest.as_ref().is_none_or(fits);
    fitting.then(|| StrataKey { division: deepest.map_or(0, |area| list.key(&area, depth)), codes })
}
