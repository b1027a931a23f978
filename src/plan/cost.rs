//! The cost of drawing teams, before anything is drawn, and the budget that every verifier has for it (Spec
//! 11.14).

use super::{Candidates, Plan};
use crate::frame::Unit;
use crate::message::{AsParam, Coded, Message, Param, fields};
use std::collections::BTreeMap;
use std::fmt;

/// The cost of the teams of a draw. Its unit is the **pair**: a post of a visit and a person who may be on
/// the list of candidates for it. Time and memory of the chance table follow from the number of pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawCost {
    /// The most visits that the draw can bring.
    pub visits: u64,
    /// The most pairs that these visits can have; each post counts as one more.
    pub pairs: u64,
    /// The most pairs that may be sealed: [`DrawCost::FREE`] and [`DrawCost::PER_ROW`] for every row of frame
    /// and roster.
    pub budget: u64,
}

impl DrawCost {
    /// Pairs that the smallest registers may have.
    pub const FREE: u64 = 1 << 19;

    /// Pairs for every unit of the frame and every person of the roster.
    pub const PER_ROW: u64 = 1 << 8;

    /// Whether every verifier can make the teams again.
    #[must_use]
    pub const fn is_within(&self) -> bool {
        self.pairs <= self.budget
    }

    /// The cost as the reason of a refusal.
    pub(crate) fn checked(self) -> Result<(), Self> {
        if self.is_within() { Ok(()) } else { Err(self) }
    }
}

impl Coded for DrawCost {
    fn message(&self) -> Message {
        let Self { visits, pairs, budget } = self;
        Message::new("plan.cost", self.to_string(), fields!({ visits, pairs, budget }))
    }
}

impl AsParam for DrawCost {
    fn param(&self) -> Param {
        self.message().param()
    }
}

impl fmt::Display for DrawCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { visits, pairs, budget } = self;
        write!(f, "{visits} visits with up to {pairs} pairs of a post and a candidate, of {budget}")
    }
}

impl Plan {
    /// The cost of drawing the teams of this plan (Spec 11.14).
    #[must_use]
    pub fn cost(&self) -> DrawCost {
        let drawable =
            self.frame.units().iter().zip(&self.units).filter(|(_, planned)| planned.cell.is_some());
        let mut classes: BTreeMap<(&str, &str), (&Unit, u64)> = BTreeMap::new();
        for (unit, _) in drawable {
            let class = (unit.division.as_str(), unit.kind.as_str());
            classes.entry(class).or_insert((unit, 0)).1 += 1;
        }
        self.cost_of(classes.into_values())
    }

    /// The same for units that are given as one of each kind and division, and how many there are.
    pub(crate) fn cost_of<'a>(&'a self, classes: impl Iterator<Item = (&'a Unit, u64)>) -> DrawCost {
        let mut candidates = Candidates::new(self);
        let mut by_pairs: Vec<(u64, u64)> =
            classes.map(|(unit, units)| (self.pairs_at(&mut candidates, unit), units)).collect();
        by_pairs.sort_unstable();
        let (visits, mut pairs) = (self.most_visits(), 0_u64);
        let mut left = visits;
        for (each, units) in by_pairs.into_iter().rev() {
            let units = units.min(left);
            pairs = pairs.saturating_add(each.saturating_mul(units));
            left -= units;
        }
        DrawCost { visits, pairs, budget: self.budget() }
    }

    /// The pairs of the units at these positions of the frame.
    pub(crate) fn pairs_of(&self, positions: &[usize]) -> u64 {
        let mut candidates = Candidates::new(self);
        let mut known: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let units = positions.iter().map(|&position| &self.frame.units()[position]);
        units.fold(0, |sum: u64, unit| {
            let class = (unit.division.as_str(), unit.kind.as_str());
            sum.saturating_add(*known.entry(class).or_insert_with(|| self.pairs_at(&mut candidates, unit)))
        })
    }

    /// The most pairs that may be sealed. The rows of the frame are those of the cell table, so that an
    /// excerpt of the frame has the same budget.
    pub(crate) fn budget(&self) -> u64 {
        let people = self.roster.inspectors().len() + self.roster.experts().len();
        let cells: u64 = self.cells.iter().map(|cell| cell.count).sum();
        let rows = cells + self.exclusions.values().sum::<u64>() + u64::try_from(people).expect("a length");
        DrawCost::PER_ROW.saturating_mul(rows).saturating_add(DrawCost::FREE)
    }

    /// The most visits that a draw can bring: the certain ones, and the expected others rounded up (Spec 14,
    /// theorem 2).
    fn most_visits(&self) -> u64 {
        let (mut certain, mut mass) = (0, 0);
        for cell in &self.cells {
            match cell.certain {
                true => certain += cell.count,
                false => mass += self.scale.factor * u128::from(cell.size) * u128::from(cell.count),
            }
        }
        let others = if self.scale.step == 0 { 0 } else { mass.div_ceil(self.scale.step) };
        certain.saturating_add(u64::try_from(others).unwrap_or(u64::MAX))
    }

    /// The pairs of a unit: for each of its posts the general list, or as many names as a shortlist takes.
    fn pairs_at<'a>(&'a self, candidates: &mut Candidates<'a>, unit: &'a Unit) -> u64 {
        let shortlist = self.policy.team.shortlist.unwrap_or(u64::MAX);
        let mut pairs = 0_u64;
        for party in self.parties() {
            for post in self.posts(party, unit) {
                let length = candidates.length(party, unit, post.needs());
                pairs = pairs.saturating_add(1 + length.min(shortlist));
            }
        }
        pairs
    }
}
