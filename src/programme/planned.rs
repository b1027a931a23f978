//! The tasks of a year as its check needs them: what each asks of every unit. The plan that it follows from
//! is not kept, because a year can have hundreds of tasks.

use super::Task;
use crate::calendar::Date;
use crate::frame::Unit;
use crate::id::Code;
use crate::odds::ONE;
use crate::plan::Plan;
use crate::policy::{Billionths, Design, ItemClass};
use crate::stratum::StratumNode;
use std::collections::{BTreeMap, BTreeSet};

/// Some units of a frame, by position.
#[derive(Debug, Clone)]
pub(super) struct UnitSet(Vec<u64>);

impl UnitSet {
    /// The units for which something holds.
    pub(super) fn of(units: &[Unit], holds: impl Fn(usize, &Unit) -> bool) -> Self {
        let word = |(number, units): (usize, &[Unit])| {
            let bits = units.iter().enumerate().rev();
            bits.fold(0, |word, (bit, unit)| word << 1 | u64::from(holds(64 * number + bit, unit)))
        };
        Self(units.chunks(64).enumerate().map(word).collect())
    }

    pub(super) fn contains(&self, position: usize) -> bool {
        self.0[position / 64] >> (position % 64) & 1 == 1
    }

    /// How many units both have.
    pub(super) fn common(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Adds those of another set.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }
}

/// A task that could be planned: its first batch on this frame, before anything was drawn.
pub(super) struct PlannedTask<'a> {
    pub(super) task: &'a Task,
    /// The date of the first batch.
    pub(super) as_of: Date,
    pub(super) has_key_item: bool,
    pub(super) active: UnitSet,
    /// The units that a rule makes certain.
    pub(super) certain: UnitSet,
    /// Expected visits of the year of every unit, billionths: those of the first batch for its share of it.
    pub(super) expected: Vec<u64>,
    /// The units that are visited at all.
    pub(super) visited: UnitSet,
    /// The innermost nodes of the stratum tree that expect at least one visit, with the units of each.
    nodes: Vec<Vec<usize>>,
    /// In a draw by frequency: the largest base frequency of an active unit, and the share of the first
    /// batch.
    pub(super) largest: Option<(Billionths, u64)>,
}

impl<'a> PlannedTask<'a> {
    /// What the plan of the first batch says.
    pub(super) fn new(task: &'a Task, plan: &Plan) -> Self {
        let (units, policy) = (plan.frame().units(), plan.policy());
        let share = policy.round().share.get().max(1);
        let year = |position: usize| {
            let chance = u128::from(plan.probability(position).unwrap_or(0));
            let visits = chance * u128::from(ONE) / u128::from(share);
            u64::try_from(visits).unwrap_or(u64::MAX).min(Billionths::MAX.get())
        };
        let expected: Vec<u64> = (0..units.len()).map(year).collect();
        let active = UnitSet::of(units, |_, unit| policy.outside(unit, None).is_none());
        let bases = || {
            let here = units.iter().enumerate().filter(|(position, _)| active.contains(*position));
            here.filter_map(|(_, unit)| policy.rate(&unit.kind, &unit.signals).map(|rated| rated.base)).max()
        };
        let by_frequency = policy.design == Design::Frequency {};
        Self {
            task,
            as_of: policy.as_of,
            has_key_item: policy.items.iter().any(|item| item.class == ItemClass::Key),
            certain: UnitSet::of(units, |position, _| plan.is_certain(position)),
            visited: UnitSet::of(units, |position, _| expected[position] > 0),
            largest: by_frequency.then(bases).flatten().map(|largest| (largest, share)),
            nodes: innermost(plan),
            expected,
            active,
        }
    }

    /// Whether the first batch surely draws a unit to which an item applies. It does if the item applies to
    /// all drawable units of some node of the stratum tree whose expectation is at least one, because such a
    /// node has at least one pick (Spec 14, theorem 2). An outer node has the innermost of them within.
    pub(super) fn surely(&self, applies: &UnitSet) -> bool {
        self.nodes.iter().any(|units| units.iter().all(|&position| applies.contains(position)))
    }
}

/// The units of the nodes that expect at least one visit and have no such node within.
fn innermost(plan: &Plan) -> Vec<Vec<usize>> {
    let mut sums: BTreeMap<StratumNode<'_>, u64> = BTreeMap::new();
    for (number, cell) in plan.cells().iter().enumerate() {
        let chances = plan.members(number).iter().map(|&unit| plan.probability(unit).unwrap_or(0));
        let sum: u64 = chances.fold(0, u64::saturating_add);
        for node in cell.path.ancestors() {
            let known = sums.entry(node).or_default();
            *known = known.saturating_add(sum);
        }
    }
    // A node with another one within is none of the innermost.
    let mut units: BTreeMap<StratumNode<'_>, Option<Vec<usize>>> = BTreeMap::new();
    for (number, cell) in plan.cells().iter().enumerate() {
        let mut found = cell.path.ancestors().rev().filter(|node| sums[node] >= ONE);
        if let Some(innermost) = found.next() {
            if let Some(list) = units.entry(innermost).or_insert_with(|| Some(Vec::new())) {
                list.extend(plan.members(number));
            }
            found.for_each(|outer| drop(units.insert(outer, None)));
        }
    }
    units.into_values().flatten().collect()
}

/// What some tasks together ask of every unit.
pub(super) struct YearTotals {
    pub(super) active: UnitSet,
    pub(super) certain: UnitSet,
    /// Expected visits of all tasks, billionths.
    pub(super) sums: Vec<u64>,
    /// Expected visits of the task that brings most.
    pub(super) tops: Vec<u64>,
}

impl YearTotals {
    pub(super) fn new(units: &[Unit], tasks: &[&PlannedTask<'_>]) -> Self {
        let none = UnitSet::of(units, |_, _| false);
        let zeros = vec![0; units.len()];
        let mut totals = Self { active: none.clone(), certain: none, sums: zeros.clone(), tops: zeros };
        for task in tasks {
            totals.active.add(&task.active);
            totals.certain.add(&task.certain);
            for ((sum, top), &own) in totals.sums.iter_mut().zip(&mut totals.tops).zip(&task.expected) {
                (*sum, *top) = (sum.saturating_add(own), own.max(*top));
            }
        }
        totals
    }
}

/// What belongs to the tasks that have an item, each task once, in their order.
pub(super) fn with_item<'t, T>(
    tasks: impl Iterator<Item = (&'t Task, &'t T)>,
) -> BTreeMap<&'t Code, Vec<&'t T>> {
    let mut with: BTreeMap<&Code, Vec<&T>> = BTreeMap::new();
    for (task, own) in tasks {
        let items: BTreeSet<&Code> = task.items.iter().collect();
        items.into_iter().for_each(|item| with.entry(item).or_default().push(own));
    }
    with
}
