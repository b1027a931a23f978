//! What became of the visits of each draw, from records and lines alone (Spec 19): whether every entry is
//! of a unit of the draw, which visits are still to be made, and which were made on another day.

use super::super::report::{Comparison, differ, same};
use super::changes::Changes;
use super::draws::KnownDraw;
use crate::calendar::{Date, Instant, Window};
use crate::id::UnitId;
use crate::ledger::{Attempt, Content, Correction, Missed, Reassigned, Replaced, State, Visited};
use crate::message::{Message, said};
use crate::record::Record;
use std::collections::BTreeMap;

/// Days after the last day of a plan's window until which its visits can be entered in time: an entry about a
/// visit is late after so many (Spec 17.5).
const GRACE: i64 = 7;

/// The visits of a draw that were neither made, missed nor replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingVisits {
    /// Sequence number and attempt.
    pub draw: (u64, u64),
    /// How many.
    pub number: u64,
    /// The units by name, ascending; empty where no record was given.
    pub units: Vec<UnitId>,
    /// The last day of the plan's window, if a record was given.
    pub until: Option<Date>,
}

impl PendingVisits {
    /// The first of the units by name, for reports.
    pub(super) fn names(&self) -> Message {
        const MOST: usize = 20;
        let names: Vec<&str> = self.units.iter().take(MOST).map(UnitId::as_str).collect();
        let names = names.join(" ");
        match self.units.len().saturating_sub(MOST) {
            0 => said!("report.names", "{names}", names),
            more => said!("report.names_more", "{names} and {more} others", names, more),
        }
    }

    /// Whether they should have been entered at an instant: it is more than seven days after the window.
    #[must_use]
    pub fn overdue(&self, at: Instant) -> bool {
        self.until.zip(at.day()).is_some_and(|(until, day)| day.days_since(until) > GRACE)
    }
}

/// What records and lines show about visits.
#[derive(Debug, Clone, Default)]
pub(super) struct VisitsFound {
    /// The check `picks` of every draw whose record was given.
    pub(super) comparisons: Vec<Comparison>,
    pub(super) pending: Vec<PendingVisits>,
    /// Entries of visits on another day than the lot gave, as far as records are given.
    pub(super) other_days: Vec<u64>,
    /// Entries of visits before the draw or, as far as records are given, outside the plan's window.
    pub(super) outside: Vec<u64>,
}

impl VisitsFound {
    pub(super) fn new(changes: &Changes<'_>, state: &State, draws: &[KnownDraw<'_>]) -> Self {
        let mut found = Self::default();
        for attempt in state.attempts().iter().filter(|a| a.drawn().is_some() && a.stands()) {
            let known = draws.iter().find(|draw| draw.attempt.name() == attempt.name());
            found.of(changes.of(attempt), state, attempt, known.and_then(|draw| draw.given.record.as_ref()));
        }
        found.other_days.sort_unstable();
        found.outside.sort_unstable();
        found
    }

    fn of(
        &mut self,
        changes: Vec<(u64, &Content)>,
        state: &State,
        attempt: &Attempt,
        record: Option<&Record>,
    ) {
        let window = record.map(|record| record.policy.window);
        let drawn = attempt.drawn_at().and_then(Instant::day);
        for visit in changes.iter().filter_map(|(number, _)| made(state, *number)) {
            let early = drawn.is_some_and(|drawn| visit.1.date < drawn);
            let outside = |window: Window| visit.1.date < window.from() || visit.1.date > window.to();
            if early || window.is_some_and(outside) {
                self.outside.push(visit.0);
            }
        }
        let Some(record) = record else {
            if attempt.pending() > 0 && attempt.untold().is_empty() {
                let (draw, number) = (attempt.name(), attempt.pending());
                self.pending.push(PendingVisits { draw, number, units: Vec::new(), until: None });
            }
            return;
        };
        let mut visits = DrawnUnits::new(record);
        let mut comparison = visits.assigned(attempt);
        for (number, change) in changes {
            let own = visits.take_in(number, change);
            comparison = comparison.and(own);
            let visit = made(state, number);
            let day = visit.and_then(|(_, visit)| visits.days.get(&visit.unit).copied().flatten());
            if visit.zip(day).is_some_and(|((_, visit), day)| visit.date != day) {
                self.other_days.push(number);
            }
        }
        self.comparisons.push(comparison);
        let units: Vec<UnitId> =
            visits.days.into_keys().filter(|unit| !attempt.is_done(unit)).cloned().collect();
        // Behind a closed line a visit may have been entered.
        if attempt.is_running() && attempt.untold().is_empty() && !units.is_empty() {
            self.pending.push(PendingVisits {
                draw: attempt.name(),
                number: u64::try_from(units.len()).unwrap_or(u64::MAX),
                units,
                until: Some(record.policy.window.to()),
            });
        }
    }
}

/// The visit that an entry says was made, as amended.
fn made(state: &State, number: u64) -> Option<(u64, &Visited)> {
    match state.visit(number)? {
        Correction::Visited(visited) => Some((number, visited)),
        Correction::Missed(_) | Correction::Inspected(_) | Correction::Withdrawn(_) => None,
    }
}

/// The units of a draw while entries change them.
struct DrawnUnits<'a> {
    /// Units that were picked, or came as replacements, with the day that the lot gave.
    days: BTreeMap<&'a UnitId, Option<Date>>,
}

impl<'a> DrawnUnits<'a> {
    fn new(record: &'a Record) -> Self {
        let given: BTreeMap<_, _> =
            record.teams.visits.iter().map(|visit| (&visit.unit, visit.day)).collect();
        let day = |unit| given.get(unit).copied().flatten();
        let picks = record.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| &pick.id));
        Self { days: picks.map(|unit| (unit, day(unit))).collect() }
    }

    /// `assigned` commits to as many visits as the record picks units.
    fn assigned(&self, attempt: &Attempt) -> Comparison {
        let picks = u64::try_from(self.days.len()).unwrap_or(u64::MAX);
        let draw = attempt.seal().sequence;
        let what = || said!("compared.visits_assigned", "visits assigned in draw {draw}", draw);
        attempt.assigned().map_or(Ok(()), |visits| same(what(), picks, visits.size))
    }

    /// An entry about a unit of the draw.
    fn take_in(&mut self, number: u64, change: &'a Content) -> Comparison {
        let (unit, by) = match change {
            Content::Visited(Visited { unit, .. }) | Content::Missed(Missed { unit, .. }) => (unit, None),
            Content::Replaced(Replaced { by, unit, .. }) => (unit, Some(by)),
            Content::Reassigned(Reassigned { moves, .. }) => {
                return match moves.iter().find(|step| !self.days.contains_key(&step.unit)) {
                    None => Ok(()),
                    Some(step) => stranger(number, &step.unit),
                };
            }
            // An amendment is about the unit of the entry that it amends.
            _ => return Ok(()),
        };
        let Some(day) = self.days.get(unit).copied() else { return stranger(number, unit) };
        match by.filter(|by| self.days.insert(by, day).is_some()) {
            None => Ok(()),
            Some(by) => {
                let what = said!("compared.entry_comes", "entry {number}, who comes", number);
                differ(what, said!("expected.unit_not_drawn", "a unit that is not drawn"), by)
            }
        }
    }
}

/// An entry is about a unit that is not of the draw.
fn stranger(number: u64, unit: &UnitId) -> Comparison {
    let what = said!("compared.entry_visit", "entry {number}, whose visit it is", number);
    let expected =
        said!("expected.unit_of_record", "a unit that the record picks, or that came in its place");
    differ(what, expected, unit)
}
