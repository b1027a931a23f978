//! The first pass over a frame: what the policy says of each unit, and how many units are alike (Spec 10.1 to 10.3).

use super::bounds::{self, Active, Bounded};
use super::groups::{Groups, Places};
use super::rules::{Rules, Verdict, reason};
use super::{PlanError, Planned, scale};
use crate::chance::allocation::{Cell, Scale};
use crate::cycle::Standing;
use crate::frame::Unit;
use crate::id::Code;
use crate::policy::{Outside, Policy};
use std::collections::BTreeMap;

/// What the policy says of one unit, whoever else is on the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Appraisal {
    pub(crate) planned: Planned,
    reached: bool,
}

/// The groups of the units of one stratum path, by reached, measure and certainty.
type Kinds = BTreeMap<(bool, u64, bool), u32>;

/// One stratum path, without `first` or `repeat`.
#[derive(Debug, Clone, Default)]
struct Stratum {
    active: Active,
    kinds: Kinds,
}

/// Units counted so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Position of every path among the strata.
    paths: BTreeMap<String, usize>,
    strata: Vec<Stratum>,
    groups: Groups,
    units: u64,
    outside: BTreeMap<Outside, u64>,
    excluded: BTreeMap<usize, u64>,
    /// How many units do not have the levels of the rule table, and the first of them.
    unrated: Option<(u64, Box<Unit>)>,
    /// The first unit that the policy gives no measure.
    failed: Option<PlanError>,
    /// Where a path is written before it is looked up.
    text: String,
}

/// What a whole frame comes to.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) cells: Vec<Cell>,
    pub(crate) places: Places,
    pub(crate) scale: Scale,
    pub(crate) exclusions: BTreeMap<Code, u64>,
    pub(crate) bounded: BTreeMap<String, Bounded>,
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
        let place = self.path(rules.policy(), unit);
        let stratum = &mut self.strata[place];
        stratum.active.units += 1;
        stratum.active.reached += u64::from(reached);
        if let Verdict::Excluded(rule) = planned.verdict {
            *self.excluded.entry(rule).or_default() += 1;
            return Some((planned, None));
        }
        let (groups, text) = (&mut self.groups, &self.text);
        let kind = appraisal.kind();
        let group = *stratum.kinds.entry(kind).or_insert_with(|| {
            let (reached, measured, certain) = kind;
            let first = if reached { "repeat" } else { "first" };
            let path = if text.is_empty() { first.to_owned() } else { format!("{first}/{text}") };
            groups.open((path, measured, certain))
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
        let strata = self.paths.iter().map(|(path, place)| (path.as_str(), self.strata[*place].active));
        let mut bounded = bounds::bounded(policy, &strata.collect());
        bounds::fit(policy, &mut bounded, &mut self.groups)?;
        if self.groups.is_empty() {
            return Err(PlanError::NothingToDraw { units: self.units, exclusions });
        }
        let (cells, places) = std::mem::take(&mut self.groups).cells(&policy.design)?;
        let scale = scale(&policy.design, &cells);
        bounds::check_number(policy, &bounded, &cells)?;
        Ok(Settled { cells, places, scale, exclusions, bounded })
    }

    /// The group in which a unit that may be drawn was counted; `None` if none like it was. `path` is room to write in.
    pub(crate) fn find(
        &self,
        policy: &Policy,
        unit: &Unit,
        appraisal: &Appraisal,
        path: &mut String,
    ) -> Option<u32> {
        path.clear();
        policy.write_path(unit, path);
        self.strata[*self.paths.get(path.as_str())?].kinds.get(&appraisal.kind()).copied()
    }

    /// The position of the unit's stratum. Its path stands in `text` after this.
    fn path(&mut self, policy: &Policy, unit: &Unit) -> usize {
        self.text.clear();
        policy.write_path(unit, &mut self.text);
        if let Some(place) = self.paths.get(self.text.as_str()) {
            return *place;
        }
        self.strata.push(Stratum::default());
        self.paths.insert(self.text.clone(), self.strata.len() - 1);
        self.strata.len() - 1
    }
}
