//! The caps of a draw in one place (Spec 11.1): which caps a visit counts against, and how much room they
//! leave.
//!
//! The chance network gets the caps as [`Seat`]s. Shortage statements and replacements count with
//! [`SeatCaps`] and [`Taken`]. `verify` has a count of its own on purpose, so that a mistake here cannot hide
//! there.

use crate::calendar::Date;
use crate::id::Code;
use crate::matching::{Day, Matching, Seat, WHOLE};
use crate::plan::{Party, Plan, TeamCandidate};
use std::collections::BTreeMap;

/// What a cap counts. An inspector stands for his position in the roster, an office for its position in
/// [`Seating::offices`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CapScope {
    /// The places that the inspectors of one office hold together.
    Office(usize),
    /// The visits of one inspector in the draw.
    Draw(u32),
    /// The visits of one inspector on one day.
    Day(u32, Date),
    /// The visits of one inspector in one week, as [`Date::week`] numbers it.
    Week(u32, u32),
}

impl CapScope {
    /// Whether giving up a visit on this day helps an inspector whose first obstacle is this cap (Spec 11.13,
    /// step 2). The cap of an office is no obstacle of his own, so none of his visits helps there.
    pub(super) fn is_freed_by(self, day: Option<Date>) -> bool {
        match self {
            Self::Office(_) => false,
            Self::Draw(_) => true,
            Self::Day(_, full) => day == Some(full),
            Self::Week(_, full) => day.map(Date::week) == Some(full),
        }
    }
}

/// The people of one party in numbers: their caps, offices and groups.
#[derive(Debug)]
pub(super) struct Seating<'a> {
    /// One seat for every position in the roster, of all departments.
    pub(super) seats: Vec<Seat>,
    /// The cap of every office, ascending by the code of the office; empty if the policy has no such cap.
    pub(super) offices: Vec<u64>,
    /// The groups that the limit of posts counts, ascending; empty if the policy has no limit.
    pub(super) groups: Vec<&'a Code>,
}

impl<'a> Seating<'a> {
    pub(super) fn new(plan: &'a Plan, party: Party) -> Self {
        let caps = &plan.policy().team.caps;
        let people: Vec<TeamCandidate<'_>> = match party {
            Party::Department(_) => plan.roster().inspectors().iter().map(TeamCandidate::from).collect(),
            Party::Experts => plan.roster().experts().iter().map(TeamCandidate::from).collect(),
        };
        let office_of = |person: &TeamCandidate<'a>| person.office.filter(|_| caps.office.is_some());
        let groups = distinct(people.iter().filter_map(|person| plan.group(person)));
        let offices = distinct(people.iter().filter_map(office_of));
        let seat = |person: &TeamCandidate<'a>| Seat {
            cap: plan.cap(*person),
            day_cap: caps.day,
            week_cap: caps.week,
            before: person.load,
            group: number_of(plan.group(person), &groups),
            office: number_of(office_of(person), &offices),
        };
        let seats = people.iter().map(seat).collect();
        Self { seats, offices: vec![caps.office.unwrap_or(0); offices.len()], groups }
    }

    /// The caps of these people.
    pub(super) fn caps(&self) -> SeatCaps<'_> {
        SeatCaps { seats: &self.seats, offices: &self.offices }
    }
}

/// The day of a visit in numbers, as the caps of the chance network count it.
pub(super) fn numbered(plan: &Plan, day: Date) -> Day {
    let number = plan.policy().team.days.binary_search(&day).expect("one of the policy's days");
    Day { week: day.week(), number: u32::try_from(number).expect("at most 366 days") }
}

/// Codes ascending, each once.
fn distinct<'a>(codes: impl Iterator<Item = &'a Code>) -> Vec<&'a Code> {
    let mut codes: Vec<&Code> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The position of a code among the distinct codes of the same people.
fn number_of(code: Option<&Code>, codes: &[&Code]) -> Option<usize> {
    code.map(|code| codes.binary_search(&code).expect("gathered from the same people"))
}

/// The caps of one party.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeatCaps<'a> {
    seats: &'a [Seat],
    offices: &'a [u64],
}

impl<'a> SeatCaps<'a> {
    /// The caps as a chance network holds them.
    pub(super) fn of(matching: &'a Matching) -> Self {
        Self { seats: &matching.officers, offices: &matching.offices }
    }

    /// The seat of an inspector.
    pub(super) fn seat(self, inspector: u32) -> &'a Seat {
        &self.seats[usize::try_from(inspector).expect("a position in the roster")]
    }

    /// Every cap that a visit of an inspector on a day counts against, with the visits it allows. The order
    /// is that of the obstacles of Spec 11.13. A new cap of the policy belongs here.
    fn on(self, inspector: u32, day: Option<Date>) -> impl Iterator<Item = (CapScope, u64)> {
        let seat = self.seat(inspector);
        let office = seat.office.map(|office| (CapScope::Office(office), self.offices[office]));
        let draw = Some((CapScope::Draw(inspector), seat.cap));
        let day_cap = seat.day_cap.zip(day).map(|(most, day)| (CapScope::Day(inspector, day), most));
        let week_cap =
            seat.week_cap.zip(day).map(|(most, day)| (CapScope::Week(inspector, day.week()), most));
        [office, draw, day_cap, week_cap].into_iter().flatten()
    }

    /// Each of these caps with the units that are left of it, `taken` being the units that count already.
    fn left(
        self,
        inspector: u32,
        day: Option<Date>,
        taken: impl Fn(CapScope) -> u64,
    ) -> impl Iterator<Item = (CapScope, u64)> {
        self.on(inspector, day).map(move |(scope, most)| (scope, (most * WHOLE).saturating_sub(taken(scope))))
    }

    /// The units that an inspector can still take on a day.
    pub(super) fn room(self, inspector: u32, day: Option<Date>, taken: impl Fn(CapScope) -> u64) -> u64 {
        self.left(inspector, day, taken).map(|(_, left)| left).min().unwrap_or(u64::MAX)
    }

    /// The first cap that leaves no room for one more visit of an inspector on a day.
    pub(super) fn obstacle(
        self,
        inspector: u32,
        day: Option<Date>,
        taken: impl Fn(CapScope) -> u64,
    ) -> Option<CapScope> {
        self.left(inspector, day, taken).find(|(_, left)| *left < WHOLE).map(|(scope, _)| scope)
    }
}

/// Units taken of every cap. One visit is [`WHOLE`] units.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeMap<CapScope, u64>);

impl Taken {
    /// Counts units of an inspector on a day against every cap that holds there.
    pub(super) fn add(&mut self, caps: SeatCaps<'_>, inspector: u32, day: Option<Date>, units: u64) {
        for (scope, _) in caps.on(inspector, day) {
            *self.0.entry(scope).or_default() += units;
        }
    }

    /// The units taken in one scope.
    pub(super) fn of(&self, scope: CapScope) -> u64 {
        self.0.get(&scope).copied().unwrap_or(0)
    }
}

/// The seat of an inspector who may make one visit more, on every day and in every week, too: the way out
/// `cap` of Spec 11.12. The cap of his office stays.
pub(super) fn with_one_visit_more(seat: Seat) -> Seat {
    Seat {
        cap: seat.cap + 1,
        day_cap: seat.day_cap.map(|cap| cap + 1),
        week_cap: seat.week_cap.map(|cap| cap + 1),
        ..seat
    }
}
