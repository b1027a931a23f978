//! What an outsider who knows the policy and the history can infer about the next draw.
//!
//! The plan is a function of published history, so every reader of it knows every unit's probability. The
//! outcome must not be foreseeable. It is for certain units, which will be visited, and for units with
//! probability 0, which will not. A control share ([`Policy::surprise`](crate::Policy)) gives every unit a
//! positive probability; it costs visits.

use super::rules::{Disposition, MeasureRules};
use super::{Exposure, Plan};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::message::{Coded, Message, said};
use crate::odds::ONE;
use crate::odds::hazard::{self, Balance, Due};
use crate::policy::{Billionths, Decimal};
use std::collections::BTreeMap;
use std::fmt;

/// How foreseeable a draw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Foresight {
    /// Units that can be drawn.
    pub units: u64,
    /// Of them certain by a rule of the policy.
    pub certain_by_rule: u64,
    /// Of them certain by their schedule or by a floor.
    pub certain_by_schedule: u64,
    /// Of them with probability 0. They can know that they will not be visited.
    pub safe: u64,
    /// Units that the policy exempts. They can know that, too.
    pub exempt: u64,
    /// Expected visits, billionths.
    pub expected: u128,
    /// Of them control visits: what the control share costs, billionths.
    pub control: u128,
    /// The probability that an outsider could name beforehand for a visit that then takes place, averaged
    /// over the visits: Σπ²/Σπ, billionths. A memoryless draw of 5 % has 0.05, a fixed timetable 1.
    pub guess: u64,
}

/// What an outsider can infer about one unit, in billionths. The figures of the next round are those of its
/// schedule. Floors, limits and rules can change them, which depends on the outcome for all other units and
/// is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// The probability in this draw.
    pub now: u64,
    /// In the next round of the same share, after a scheduled visit in this one; a control visit changes
    /// nothing.
    pub after_visit: u64,
    /// In the next round of the same share, without one.
    pub without_visit: u64,
}

impl Foresight {
    /// The least that [`Self::guess`] could be with as many expected visits: the mean probability, which is
    /// the guess where the history tells nothing. Billionths, rounded down; 0 without units.
    #[must_use]
    pub fn least_guess(&self) -> u64 {
        let mean = self.expected.checked_div(u128::from(self.units)).unwrap_or(0);
        u64::try_from(mean).expect("a mean of probabilities")
    }

    /// How many times the least guess the guess is, billionths, rounded down: [`ONE`] where the history tells
    /// nothing, 2 · [`ONE`] where half of the units are certain and the others safe. `None` where no visit is
    /// expected.
    #[must_use]
    pub fn ratio(&self) -> Option<u64> {
        let scaled = u128::from(self.guess) * u128::from(self.units) * u128::from(ONE);
        u64::try_from(scaled.checked_div(self.expected)?).ok()
    }

    /// Two draws, or the units of two groups, taken together: sums, and the guess over the visits of both.
    #[must_use]
    pub fn together(&self, other: &Self) -> Self {
        let expected = self.expected + other.expected;
        let squares = u128::from(self.guess) * self.expected + u128::from(other.guess) * other.expected;
        let guess = squares.checked_div(expected).unwrap_or(0);
        Self {
            units: self.units + other.units,
            certain_by_rule: self.certain_by_rule + other.certain_by_rule,
            certain_by_schedule: self.certain_by_schedule + other.certain_by_schedule,
            safe: self.safe + other.safe,
            exempt: self.exempt + other.exempt,
            expected,
            control: self.control + other.control,
            guess: u64::try_from(guess).expect("a mean of probabilities"),
        }
    }

    /// The part of the expected visits that is certain by schedule or by a floor, billionths, rounded down. 0
    /// where no visit is expected.
    #[must_use]
    pub fn certain_part(&self) -> u64 {
        let certain = u128::from(self.certain_by_schedule) * u128::from(ONE) * u128::from(ONE);
        u64::try_from(certain.checked_div(self.expected).unwrap_or(0)).expect("a part of the visits")
    }
}

impl Coded for Foresight {
    fn message(&self) -> Message {
        let Self { units, certain_by_rule, certain_by_schedule, safe, exempt, .. } = self;
        said!(
            "foresight.draw",
            "{units} units, {certain_by_rule} certain by rule, {certain_by_schedule} by schedule or floor, \
             {safe} at zero, {exempt} exempt; {expected} visits expected, {control} of them control; an \
             outsider's guess {guess}",
            units,
            certain_by_rule,
            certain_by_schedule,
            safe,
            exempt,
            expected = format!("{:.1}", Decimal(self.expected)),
            control = format!("{:.1}", Decimal(self.control)),
            guess = format!("{:.3}", Decimal(u128::from(self.guess)))
        )
    }
}

impl fmt::Display for Foresight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Plan {
    /// How foreseeable this draw is, over all units.
    #[must_use]
    pub fn foresight(&self) -> Foresight {
        self.foresight_of(|_| ()).remove(&()).unwrap_or_default()
    }

    /// The same for the units of each pair of a risk and a credit level, ascending by code. Levels without a
    /// unit that is active have no entry. A mean over all levels can hide a level that is a timetable.
    #[must_use]
    pub fn foresight_by_level(&self) -> BTreeMap<(&Code, &Code), Foresight> {
        self.foresight_of(|unit| (&unit.risk, &unit.credit))
    }

    /// The foresight of each group of units. Units outside the draw (closed, out of scope) count nowhere.
    fn foresight_of<'a, Group: Ord>(
        &'a self,
        group: impl Fn(&'a Unit) -> Group,
    ) -> BTreeMap<Group, Foresight> {
        let mut groups: BTreeMap<Group, (Foresight, u128)> = BTreeMap::new();
        for (position, (row, unit)) in self.frame.units().iter().zip(&self.units).enumerate() {
            if unit.cell.is_none() && !matches!(unit.disposition, Disposition::Excluded(_)) {
                continue;
            }
            let (found, squares) = groups.entry(group(row)).or_default();
            if unit.cell.is_none() {
                found.exempt += 1;
                continue;
            }
            let chance = self.probability(position).unwrap_or(0);
            found.units += 1;
            match (chance, unit.disposition) {
                (0, _) => found.safe += 1,
                (ONE, Disposition::Certain(_)) => found.certain_by_rule += 1,
                (ONE, _) => found.certain_by_schedule += 1,
                _ => {}
            }
            found.expected += u128::from(chance);
            found.control +=
                self.exposure(position).map_or(0, |exposure| u128::from(chance - exposure.scheduled));
            *squares += u128::from(chance) * u128::from(chance);
        }
        let finished = groups.into_iter().map(|(group, (mut found, squares))| {
            let guess = squares.checked_div(found.expected).unwrap_or(0);
            found.guess = u64::try_from(guess).expect("a mean of probabilities");
            (group, found)
        });
        finished.collect()
    }

    /// What an outsider can infer from the history about one unit in a draw by frequency: now, and by its
    /// schedule in the next round of the same share with this one's outcome known. After the last round the
    /// next cycle begins. `None` for other draws, and for units that cannot be drawn.
    #[must_use]
    pub fn outlook(&self, id: &UnitId) -> Option<Outlook> {
        let position = self.frame.position(id)?;
        let due = self.units[position].due?;
        let Exposure { added, scheduled } = self.exposure(position)?;
        let now = self.probability(position)?;
        let unit = &self.frame.units()[position];
        let base = MeasureRules::new(&self.policy).base(unit, |_| {}).ok()?;
        let round = self.policy.round();
        let cycles = self.policy.frequency_of(&unit.risk, &unit.credit).map_or(1, |entry| entry.cycles);
        let left = round.rest.get() - round.share.get();
        let last = left == 0;
        let share = if last { round.share.get() } else { round.share.get().min(left) };
        let next = hazard::due(base, share).unwrap_or(ONE);
        let surprise = self.policy.surprise.map_or(0, Billionths::get);
        let chance = |balance: Balance| Due::new(next, balance, surprise).reachable;
        let after = |visit: bool| {
            let Balance { exposure, credited, phase, slack } = due.balance;
            if last && cycles == 1 {
                let phase = (slack == 0).then_some(0);
                return chance(Balance { exposure: 0, credited: 0, phase, slack });
            }
            let (exposure, credited) = (exposure + added, credited + u64::from(visit));
            let chance = |phase| chance(Balance { exposure, credited, phase: Some(phase), slack });
            // The phase of a unit that begins is not known yet: the mean over what it can be.
            let Some(phases) = due.phases(scheduled, visit) else { return phase.map_or(0, chance) };
            let all: u128 = phases.iter().map(|(_, weight)| weight).sum();
            let parts = phases.iter().map(|(phase, weight)| weight * u128::from(chance(*phase)));
            u64::try_from(parts.sum::<u128>().checked_div(all).unwrap_or(0)).expect("a chance")
        };
        Some(Outlook { now, after_visit: after(true), without_visit: after(false) })
    }
}
