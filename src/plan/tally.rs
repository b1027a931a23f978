//! The first pass over a frame: what the policy says of each unit, and how many units are alike (Spec 10.1 to 10.3).

use super::bounds::{self, Active, Bounded};
use super::groups::{Groups, Places};
use super::rules::{Rules, Verdict, reason};
use super::{PlanError, Planned, scale};
use crate::chance::allocation::{Cell, Scale};
use crate::cycle::Standing;
use crate::frame::Unit;
use crate::id::Code;
use crate::policy::{Outside, Policy, Stratum};
use crate::stratum::{Occasion, StratumPath};
use std::collections::BTreeMap;

/// What the policy says of one unit, whoever else is on the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appraisal {
    pub(crate) planned: Planned,
    reached: bool,
}

/// The groups of the units of one stratum path, by reached, measure and certainty.
type Kinds = BTreeMap<(bool, u64, bool), u32>;

/// Tells paths apart as their texts do, and takes less room and time: the division down to the deepest level that is a stratum, then the numbers
/// of kind, risk and credit as far as they are strata.
type Key = (u32, [u32; 3]);

/// One stratum path, without `first` or `repeat`.
#[derive(Debug, Clone, Default)]
struct Node {
    path: StratumPath,
    active: Active,
    kinds: Kinds,
}

/// Units counted so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// The numbers of the codes that occur in paths, from 1.
    codes: BTreeMap<Code, u32>,
    /// The position of every node.
    positions: BTreeMap<Key, usize>,
    nodes: Vec<Node>,
    groups: Groups,
    units: u64,
    outside: BTreeMap<Outside, u64>,
    excluded: BTreeMap<usize, u64>,
    /// How many units do not have the levels of the rule table, and the first of them.
    unrated: Option<(u64, Box<Unit>)>,
    /// The first unit that the policy gives no measure.
    failed: Option<PlanError>,
}

/// What a whole frame comes to.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) cells: Vec<Cell>,
    pub(crate) places: Places,
    pub(crate) scale: Scale,
    pub(crate) exclusions: BTreeMap<Code, u64>,
    pub(crate) bounded: BTreeMap<StratumPath, Bounded>,
}

impl Appraisal {
    /// Applies the rules about single units.
    pub(crate) fn new(
        rules: &Rules<'_>,
        unit: &Unit,
        standing: Option<&Standing>,
    ) -> Result<Self, PlanError> {
        let verdict = rules.verdict(unit, standing);
        let (measured, due) = match verdict {
            Verdict::Outside(_) | Verdict::Excluded(_) => (0, None),
            Verdict::Certain(_) | Verdict::Open => rules.measure(unit, standing, verdict)?,
        };
        let reached = standing.is_some_and(|s| s.reached() > 0);
        Ok(Self { planned: Planned { verdict, measured, due, cell: None }, reached })
    }

    /// What the unit is grouped by within its stratum: reached, measure, certainty by rule.
    const fn kind(&self) -> (bool, u64, bool) {
        (self.reached, self.planned.measured, matches!(self.planned.verdict, Verdict::Certain(_)))
    }

    /// Neither outside nor excluded.
    pub(crate) const fn may_be_drawn(&self) -> bool {
        matches!(self.planned.verdict, Verdict::Certain(_) | Verdict::Open)
    }
}

impl Tally {
    /// Counts the next unit. Gives what is planned for it, and its group unless it cannot be drawn; nothing once a unit has failed. All units
    /// must be counted even then, so that every one that breaks a rule table is.
    pub(crate) fn count(
        &mut self,
        rules: &Rules<'_>,
        unit: &Unit,
        appraisal: Result<Appraisal, PlanError>,
    ) -> Option<(Planned, Option<u32>)> {
        self.units += 1;
        if !rules.is_rated(unit) {
            self.unrated.get_or_insert_with(|| (0, Box::new(unit.clone()))).0 += 1;
        }
        let appraisal = match appraisal {
            Ok(appraisal) if self.failed.is_none() => appraisal,
            Ok(_) => return None,
            Err(error) => {
                self.failed.get_or_insert(error);
                return None;
            }
        };
        let Appraisal { planned, reached } = appraisal;
        if let Verdict::Outside(outside) = planned.verdict {
            *self.outside.entry(outside).or_default() += 1;
            return Some((planned, None));
        }
        let node = self.node(rules.policy(), unit);
        let node = &mut self.nodes[node];
        node.active.units += 1;
        node.active.reached += u64::from(reached);
        if let Verdict::Excluded(rule) = planned.verdict {
            *self.excluded.entry(rule).or_default() += 1;
            return Some((planned, None));
        }
        let (groups, strata) = (&mut self.groups, node.path.node());
        let kind = appraisal.kind();
        let group = *node.kinds.entry(kind).or_insert_with(|| {
            let (reached, measured, certain) = kind;
            let occasion = if reached { Occasion::Repeat } else { Occasion::First };
            groups.open((occasion.of(strata), measured, certain))
        });
        groups.count(group);
        Some((planned, Some(group)))
    }

    /// Closes the count: bounds fitted, cells numbered (Spec 10.4 and 10.5). Afterwards units can be looked up with [`Self::find`].
    pub(crate) fn settle(&mut self, policy: &Policy) -> Result<Settled, PlanError> {
        if let Some((units, first)) = self.unrated.take() {
            let (risk, credit) = policy.levels(&first.kind, &first.signals).unzip();
            let text = |risk: Option<&Code>, credit: Option<&Code>| {
                risk.zip(credit).map_or_else(|| "nothing".into(), |(risk, credit)| format!("{risk}/{credit}"))
            };
            return Err(PlanError::NotRated {
                units,
                stated: text(Some(&first.risk), Some(&first.credit)),
                rated: text(risk, credit),
                first: first.id,
            });
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut exclusions: BTreeMap<Code, u64> = BTreeMap::new();
        let outside = self.outside.iter().map(|(outside, units)| (Verdict::Outside(*outside), units));
        let excluded = self.excluded.iter().map(|(rule, units)| (Verdict::Excluded(*rule), units));
        for (verdict, units) in outside.chain(excluded) {
            *exclusions.entry(reason(policy, verdict).expect("a verdict that excludes")).or_default() +=
                units;
        }
        let nodes = self.nodes.iter().map(|node| (node.path.node(), node.active));
        let mut bounded = bounds::bounded(policy, &nodes.collect());
        bounds::fit(policy, &mut bounded, &mut self.groups)?;
        if self.groups.is_empty() {
            return Err(PlanError::NothingToDraw { units: self.units, exclusions });
        }
        let (cells, places) = std::mem::take(&mut self.groups).cells(&policy.design)?;
        let scale = scale(&policy.design, &cells);
        bounds::check_number(policy, &bounded, &cells)?;
        Ok(Settled { cells, places, scale, exclusions, bounded })
    }

    /// The group in which a unit that may be drawn was counted; `None` if none like it was.
    pub(crate) fn find(&self, policy: &Policy, unit: &Unit, appraisal: &Appraisal) -> Option<u32> {
        let key = key(policy, unit, |code| self.codes.get(code).copied())?;
        self.nodes[*self.positions.get(&key)?].kinds.get(&appraisal.kind()).copied()
    }

    /// The position of the unit's node, which is made if it is the first in it.
    fn node(&mut self, policy: &Policy, unit: &Unit) -> usize {
        let number = |code: &Code| {
            let next = u32::try_from(self.codes.len() + 1).expect("fewer than 2^32 codes");
            let known = self.codes.get(code).copied();
            Some(known.unwrap_or_else(|| *self.codes.entry(code.clone()).or_insert(next)))
        };
        let key = key(policy, unit, number).expect("every code has a number now");
        *self.positions.entry(key).or_insert_with(|| {
            self.nodes.push(Node { path: policy.path(unit), ..Node::default() });
            self.nodes.len() - 1
        })
    }
}

/// The key of the unit's path; `None` if one of its codes has no number.
fn key(policy: &Policy, unit: &Unit, mut number: impl FnMut(&Code) -> Option<u32>) -> Option<Key> {
    let (mut division, mut codes) = (0, [0; 3]);
    let county = unit.division.number();
    for stratum in &policy.strata {
        match stratum {
            Stratum::Province => division = division.max(county / 10_000 * 10_000),
            Stratum::City => division = division.max(county / 100 * 100),
            Stratum::County => division = county,
            Stratum::Kind => codes[0] = number(&unit.kind)?,
            Stratum::Risk => codes[1] = number(&unit.risk)?,
            Stratum::Credit => codes[2] = number(&unit.credit)?,
        }
    }
    Some((division, codes))
}
