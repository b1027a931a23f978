//! The events of a cycle: draws, visits, misses, replacements, voids, the end of the year (Spec 9.6).

use super::{Added, Cycle, LARGEST, MOST, OpenDraw, OpenRow, Phase, Standing, ascends};
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::message::coded;
use crate::odds::ONE;
use crate::policy::Billionths;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that happened. Every list ascends by unit, without repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Event {
    /// A round was drawn: [`Sample::drawn`](crate::Sample::drawn) makes it.
    Drawn(Drawn),
    /// A drawn visit was made.
    Visited {
        /// When.
        date: Date,
        /// Sequence number of the draw.
        draw: u64,
        /// The check items that were used, ascending.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<Code>,
        /// The people who came, ascending by id.
        team: Vec<InspectorId>,
        /// The unit.
        unit: UnitId,
    },
    /// A drawn visit cannot be made: closed (关闭), moved, not found. The unit stays owed to the schedule.
    Missed {
        /// When that was established.
        date: Date,
        /// Sequence number of the draw.
        draw: u64,
        /// Why.
        reason: Code,
        /// The unit.
        unit: UnitId,
    },
    /// As missed, and another unit of the draw, a reserve, is visited in its place (递补).
    Replaced {
        /// Who is visited instead.
        by: UnitId,
        /// When that was decided.
        date: Date,
        /// Sequence number of the draw.
        draw: u64,
        /// Why.
        reason: Code,
        /// The unit that is not visited.
        unit: UnitId,
    },
    /// The last draw was voided (作废): what it added and drew is taken back; visits already made or missed
    /// stay so.
    Voided {
        /// When.
        date: Date,
        /// Sequence number of the draw.
        draw: u64,
        /// Why.
        reason: Code,
    },
    /// An inspection outside any draw (投诉举报核查 …). It is counted apart, neither for coverage nor for the
    /// schedule.
    Inspected {
        /// Whether the head of the authority approved it. Only then it is the last visit of the unit, for
        /// exclusions and for rotation: else one entry could spare a unit or pick its next team.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        approved: bool,
        /// When.
        date: Date,
        /// The people who came, ascending by id.
        team: Vec<InspectorId>,
        /// The unit.
        unit: UnitId,
    },
    /// The year is over and the next begins. Windows of one cycle begin anew, longer ones carry their
    /// balance.
    CycleClosed {},
}

/// A round that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drawn {
    /// The date of the frame.
    pub as_of: Date,
    /// Sequence number of the draw.
    pub draw: u64,
    /// The drawn units.
    pub picks: Vec<DrawnPick>,
    /// The share of the cycle that the draw stands for.
    pub share: Billionths,
    /// All units that could be drawn.
    pub units: Vec<DrawnUnit>,
}

/// A drawn unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawnPick {
    /// Whether the visit counts against the exposure; a control pick does not (Spec 6.4).
    pub credited: bool,
    /// The unit.
    pub unit: UnitId,
}

/// A unit that could be drawn, and what the draw adds to its exposure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawnUnit {
    /// Expected visits.
    pub add: Billionths,
    /// The exposure window of its level, in cycles.
    pub cycles: u64,
    /// Where it begins, if it does (Spec 6.6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The unit.
    pub unit: UnitId,
}

/// What a draw is to one unit that could be drawn: the row of its drawn document (Spec 16.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnRow {
    /// Expected visits.
    pub add: Billionths,
    /// Of a pick: whether the visit counts against the exposure. Absent: the unit was not drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited: Option<bool>,
    /// The exposure window of its level, in cycles.
    pub cycles: u64,
    /// Where it begins, if it does (Spec 6.6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The unit.
    pub unit: UnitId,
}

impl Drawn {
    /// What the draw is to each unit that could be drawn, in the order of the units. A pick that is none of
    /// them is in no row.
    pub fn rows(&self) -> impl Iterator<Item = DrawnRow> + '_ {
        let mut picks = self.picks.iter().peekable();
        self.units.iter().map(move |DrawnUnit { add, cycles, phase, unit }| {
            while picks.next_if(|pick| pick.unit < *unit).is_some() {}
            let credited = picks.next_if(|pick| pick.unit == *unit).map(|pick| pick.credited);
            DrawnRow { add: *add, credited, cycles: *cycles, phase: *phase, unit: unit.clone() }
        })
    }

    /// The event of a draw with these rows, in their order.
    pub fn of_rows(
        as_of: Date,
        draw: u64,
        share: Billionths,
        rows: impl IntoIterator<Item = DrawnRow>,
    ) -> Self {
        let (mut picks, mut units) = (Vec::new(), Vec::new());
        for DrawnRow { add, credited, cycles, phase, unit } in rows {
            picks.extend(credited.map(|credited| DrawnPick { credited, unit: unit.clone() }));
            units.push(DrawnUnit { add, cycles, phase, unit });
        }
        Self { as_of, draw, picks, share, units }
    }
}

/// Why an event cannot follow. The cycle is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// It was never drawn, all its visits are settled, or it is void.
    #[error("draw {draw} is not open")]
    NotOpen {
        /// The draw.
        draw: u64,
    },
    /// A draw twice, or out of its order.
    #[error("draw {draw} cannot follow draw {last}")]
    NotNext {
        /// The draw.
        draw: u64,
        /// The last draw that stands.
        last: u64,
    },
    /// A void of a draw after which another was drawn: that one was planned upon it and must be voided first.
    #[error("draw {draw} cannot be voided: draw {last} came after it")]
    NotLast {
        /// The draw.
        draw: u64,
        /// The last draw that stands.
        last: u64,
    },
    /// The replacement could not have been drawn.
    #[error("unit {unit} could not be drawn in draw {draw}")]
    NotDrawable {
        /// The draw.
        draw: u64,
        /// The unit.
        unit: UnitId,
    },
    /// The unit has no pending visit in the draw.
    #[error("unit {unit} has no pending visit in draw {draw}")]
    NotPending {
        /// The draw.
        draw: u64,
        /// The unit.
        unit: UnitId,
    },
    /// The replacement is to be visited in this draw anyway.
    #[error("unit {unit} is to be visited in draw {draw} itself")]
    PendingAlready {
        /// The draw.
        draw: u64,
        /// The unit.
        unit: UnitId,
    },
    /// More than the whole cycle would be drawn.
    #[error("{spent} of the cycle is spent, draw {draw} would spend another {share}")]
    Overspent {
        /// The draw.
        draw: u64,
        /// Its share.
        share: Billionths,
        /// What was spent before.
        spent: Billionths,
    },
    /// A list is out of order or repeats an entry, or a pick could not have been drawn.
    #[error("{list} is out of order, repeats an entry, or names what it cannot")]
    List {
        /// Which list.
        list: &'static str,
    },
    /// A phase that no draw gives the unit: out of its range, or of the slack with which it began already.
    #[error("unit {unit} cannot begin with this phase")]
    Phase {
        /// The unit.
        unit: UnitId,
    },
    /// Exposure or a count beyond what a cycle can hold.
    #[error("unit {unit} would have more expected visits or draws than a cycle can hold")]
    TooMany {
        /// The unit.
        unit: UnitId,
    },
    /// The year cannot end yet.
    #[error("the cycle cannot close: {units} units have visits that are not settled, {unit} is the first")]
    Unsettled {
        /// How many.
        units: usize,
        /// The first of them.
        unit: UnitId,
    },
}

coded! { EventError {
    NotOpen { draw } => "event.not_open",
    NotNext { draw, last } => "event.not_next",
    NotLast { draw, last } => "event.not_last",
    NotDrawable { draw, unit } => "event.not_drawable",
    NotPending { draw, unit } => "event.not_pending",
    PendingAlready { draw, unit } => "event.pending_already",
    Overspent { draw, share, spent } => "event.overspent",
    List { list } => "event.list",
    Phase { unit } => "event.phase",
    TooMany { unit } => "event.too_many",
    Unsettled { units, unit } => "event.unsettled",
} }

impl Cycle {
    /// Applies events one after the other to the empty cycle.
    ///
    /// # Errors
    /// The position (from 0) and the reason of the first event that cannot follow.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Self, (usize, EventError)> {
        let mut cycle = Self::default();
        for (position, event) in events.into_iter().enumerate() {
            cycle.apply(event).map_err(|error| (position, error))?;
        }
        Ok(cycle)
    }

    /// Applies one event.
    ///
    /// # Errors
    /// It cannot follow the events before it. The cycle is then unchanged.
    pub fn apply(&mut self, event: &Event) -> Result<(), EventError> {
        self.step(event).map(drop)
    }

    /// The same; returns the draws that are open no longer because all their visits are settled.
    pub(crate) fn step(&mut self, event: &Event) -> Result<Vec<OpenDraw>, EventError> {
        match event {
            Event::Drawn(drawn) => self.drawn(drawn),
            Event::Visited { date, draw, items, team, unit } => {
                if !ascends(items, |item| item) || !ascends(team, |officer| officer) {
                    return Err(EventError::List { list: "items or team" });
                }
                if items.iter().any(|item| self.items.get(item).is_some_and(|count| *count >= LARGEST)) {
                    return Err(EventError::TooMany { unit: unit.clone() });
                }
                let (_, settled) = self.settle(*draw, unit)?;
                for item in items {
                    *self.items.entry(item.clone()).or_default() += 1;
                }
                let standing = self.standing(unit, *date);
                standing.visits += 1;
                standing.record_visit(*date, team);
                Ok(settled.into_iter().collect())
            }
            Event::Missed { draw, unit, date, .. } => {
                let (credited, settled) = self.settle(*draw, unit)?;
                self.standing(unit, *date).add_miss(credited);
                Ok(settled.into_iter().collect())
            }
            Event::Replaced { by, draw, unit, date, .. } => {
                self.replaced(*draw, unit, by, *date).map(|()| Vec::new())
            }
            Event::Voided { draw, .. } => self.voided(*draw).map(|()| Vec::new()),
            Event::Inspected { approved, date, team, unit } => {
                if !ascends(team, |officer| officer) {
                    return Err(EventError::List { list: "team" });
                }
                if self.get(unit).is_some_and(|standing| standing.others >= MOST) {
                    return Err(EventError::TooMany { unit: unit.clone() });
                }
                let standing = self.standing(unit, *date);
                standing.others += 1;
                if *approved {
                    standing.record_visit(*date, team);
                }
                Ok(Vec::new())
            }
            Event::CycleClosed {} => self.close().map(|()| Vec::new()),
        }
    }

    /// The standing of a unit, begun on this date if there is none.
    fn standing(&mut self, unit: &UnitId, date: Date) -> &mut Standing {
        let place = match self.place(unit) {
            Ok(place) => place,
            Err(place) => {
                let standing = Standing { first_seen: Some(date), ..Standing::new(unit.clone()) };
                self.standings.insert(place, standing);
                place
            }
        };
        &mut self.standings[place]
    }

    pub(super) fn open_draw(&self, draw: u64) -> Result<usize, EventError> {
        self.open.binary_search_by_key(&draw, |open| open.draw).map_err(|_| EventError::NotOpen { draw })
    }

    /// Removes a visit from the pending ones of a draw, and returns whether it was credited. A draw with no
    /// pending visit left is open no longer, unless it is the last: it is returned, too.
    fn settle(&mut self, draw: u64, unit: &UnitId) -> Result<(bool, Option<OpenDraw>), EventError> {
        let open = self.open_draw(draw)?;
        let pending = &mut self.open[open].pending;
        let credited =
            pending.remove(unit).ok_or_else(|| EventError::NotPending { draw, unit: unit.clone() })?;
        let settled = pending.is_empty() && draw != self.last;
        Ok((credited, settled.then(|| self.open.remove(open))))
    }

    fn drawn(&mut self, drawn: &Drawn) -> Result<Vec<OpenDraw>, EventError> {
        let Drawn { as_of, draw, picks, share, units } = drawn;
        let spent = may_draw(self.last, self.spent, *draw, *share)?;
        if !ascends(units, |unit| &unit.unit) {
            return Err(EventError::List { list: "units" });
        }
        let known = |pick: &DrawnPick| units.binary_search_by(|unit| unit.unit.cmp(&pick.unit)).is_ok();
        if !ascends(picks, |pick| &pick.unit) || !picks.iter().all(known) {
            return Err(EventError::List { list: "picks" });
        }
        // One pass over two ascending lists. The cycle is changed after the last check only.
        let mut standings = Vec::with_capacity(self.standings.len() + units.len());
        let mut old = self.standings.iter().peekable();
        let mut pending = BTreeMap::new();
        let mut added = Vec::with_capacity(units.len());
        for row in drawn.rows() {
            while let Some(standing) = old.next_if(|standing| standing.unit < row.unit) {
                standings.push(standing.clone());
            }
            let known = old.next_if(|standing| standing.unit == row.unit);
            let (standing, change) = Standing::drawn(known, &row, *as_of)?;
            pending.extend(row.credited.map(|credited| (row.unit.clone(), credited)));
            added.push(change);
            standings.push(standing);
        }
        standings.extend(old.cloned());
        self.standings = standings;
        self.spent = spent;
        // The draw before can be voided no more.
        let settled = self.open.extract_if(.., |open| open.pending.is_empty()).collect();
        self.open.push(OpenDraw { before: self.last, draw: *draw, pending, share: *share, units: added });
        self.last = *draw;
        Ok(settled)
    }

    fn replaced(&mut self, draw: u64, unit: &UnitId, by: &UnitId, date: Date) -> Result<(), EventError> {
        let open = self.open_draw(draw)?;
        if !self.open[open].pending.contains_key(unit) {
            return Err(EventError::NotPending { draw, unit: unit.clone() });
        }
        self.stand_in(draw, by, date)?;
        // Who came is pending now, so the draw stays open.
        let (settled, _) = self.settle(draw, unit)?;
        self.standing(unit, date).add_miss(settled);
        Ok(())
    }

    /// The part of a replacement that concerns the unit which comes.
    pub(super) fn stand_in(&mut self, draw: u64, by: &UnitId, date: Date) -> Result<(), EventError> {
        let open = self.open_draw(draw)?;
        if self.open[open].pending.contains_key(by) {
            return Err(EventError::PendingAlready { draw, unit: by.clone() });
        }
        if !self.open[open].could_draw(by) {
            return Err(EventError::NotDrawable { draw, unit: by.clone() });
        }
        let standing = self.standing(by, date);
        // A unit that is ahead of its schedule gets no credit for this visit: a credit could exempt it for
        // good.
        let credited = standing.balance() > 0;
        standing.add_draw(credited).ok_or_else(|| EventError::TooMany { unit: by.clone() })?;
        self.open[open].pending.insert(by.clone(), credited);
        Ok(())
    }

    fn voided(&mut self, draw: u64) -> Result<(), EventError> {
        let open = self.open_draw(draw)?;
        if draw != self.last {
            return Err(EventError::NotLast { draw, last: self.last });
        }
        let OpenDraw { before, pending, share, units, .. } = self.open.remove(open);
        self.last = before;
        self.spent = Billionths::new(self.spent.get() - share.get()).expect("at most ONE");
        // They ascend, as the units do.
        let mut begun: Vec<UnitId> = Vec::new();
        for added in units {
            let place = self.place(&added.unit).expect("a unit of the draw has a standing");
            let change = OpenRow::of(draw, &added, pending.get(&added.unit).copied());
            if self.standings[place].take_back(&change) {
                begun.push(added.unit);
            }
        }
        self.standings.retain(|standing| begun.binary_search(&standing.unit).is_err());
        Ok(())
    }

    fn close(&mut self) -> Result<(), EventError> {
        let mut unsettled = self.standings.iter().filter(|standing| standing.pending() > 0);
        if let Some(first) = unsettled.next() {
            return Err(EventError::Unsettled { unit: first.unit.clone(), units: 1 + unsettled.count() });
        }
        self.standings.iter_mut().for_each(Standing::close);
        self.spent = Billionths::ZERO;
        self.items.clear();
        self.open.clear();
        Ok(())
    }
}

/// The share that is spent after a draw of this number and share; refused if it cannot follow.
pub(super) fn may_draw(
    last: u64,
    spent: Billionths,
    draw: u64,
    share: Billionths,
) -> Result<Billionths, EventError> {
    if !(last + 1..=LARGEST).contains(&draw) {
        return Err(EventError::NotNext { draw, last });
    }
    let sum = Billionths::new(spent.get() + share.get()).ok().filter(|sum| sum.get() <= ONE);
    sum.ok_or(EventError::Overspent { draw, share, spent })
}

impl OpenDraw {
    /// Whether a unit could be drawn.
    pub(super) fn could_draw(&self, unit: &UnitId) -> bool {
        self.units.binary_search_by(|added| added.unit.cmp(unit)).is_ok()
    }
}

/// What events do to the standing of one unit. A cycle in memory and one in rows both call these.
impl Standing {
    /// What a draw makes of the standing of a unit that could be drawn, and what it changed (Spec 9.6.1).
    pub(super) fn drawn(
        known: Option<&Self>,
        row: &DrawnRow,
        as_of: Date,
    ) -> Result<(Self, Added), EventError> {
        let DrawnRow { add, credited, cycles, phase, unit } = row;
        if !(1..=20).contains(cycles) {
            return Err(EventError::List { list: "units" });
        }
        let had = known.map_or(Phase::NONE, |standing| standing.phase);
        if phase.is_some_and(|phase| !phase.is_valid() || phase.slack == had.slack) {
            return Err(EventError::Phase { unit: unit.clone() });
        }
        let mut standing = match known {
            Some(standing) => standing.clone(),
            None => Self { first_seen: Some(as_of), ..Self::new(unit.clone()) },
        };
        let too_many = || EventError::TooMany { unit: unit.clone() };
        standing.exposure = Billionths::new(standing.exposure.get() + add.get()).map_err(|_| too_many())?;
        standing.cycles = *cycles;
        standing.phase = phase.unwrap_or(standing.phase);
        if let Some(credited) = credited {
            standing.add_draw(*credited).ok_or_else(too_many)?;
        }
        let was = known.map(|standing| standing.cycles);
        let had = phase.map_or(Phase::NONE, |_| had);
        Ok((standing, Added { add: *add, had, phase: *phase, unit: unit.clone(), was }))
    }

    /// Takes back what a draw that is voided changed (Spec 9.6.5). `true` if nothing is left of the standing.
    pub(super) fn take_back(&mut self, change: &OpenRow) -> bool {
        let OpenRow { add, had, pending, phase, was, .. } = *change;
        if let Some(credited) = pending {
            self.drawn -= 1;
            self.credited -= u64::from(credited);
        }
        if phase.is_some() {
            self.phase = had;
        }
        // Visits that were made stay. The balance then stays above one visit and the slack ahead.
        let before = i128::from(self.exposure.get());
        let slack = i128::from(self.phase.slack.get());
        let least = before - self.balance() - i128::from(ONE) - slack + 1;
        let left = (before - i128::from(add.get())).max(least.min(before)).max(0);
        let left = u64::try_from(left).expect("not negative, and no more than it was");
        self.exposure = Billionths::new(left).expect("no more than it was");
        self.cycles = was.unwrap_or(1);
        let first_seen = self.first_seen;
        was.is_none() && *self == (Self { first_seen, ..Self::new(self.unit.clone()) })
    }

    /// Begins the next cycle (Spec 9.6.7).
    pub(super) fn close(&mut self) {
        (self.drawn, self.visits, self.missed, self.others) = (0, 0, 0, 0);
        let whole = self.credited.min(self.exposure.get() / ONE);
        let (exposure, credited) = match self.cycles {
            1 => (0, 0),
            _ => (self.exposure.get() - whole * ONE, self.credited - whole),
        };
        self.exposure = Billionths::new(exposure).expect("no more than it was");
        self.credited = credited;
        if self.cycles == 1 {
            self.phase = Phase::NONE;
        }
    }

    /// What is owed to it, in billionths of a visit; below 0 it is ahead (`r` of Spec 9.4).
    fn balance(&self) -> i128 {
        let visits = i128::from(self.credited) + i128::from(self.phase.visits);
        i128::from(self.exposure.get()) - visits * i128::from(ONE)
    }

    /// Counts a draw of the unit, or its choice as a replacement. `None` if that is more than a cycle holds.
    const fn add_draw(&mut self, credited: bool) -> Option<()> {
        if self.drawn >= MOST || self.credited >= MOST {
            return None;
        }
        self.drawn += 1;
        if credited {
            self.credited += 1;
        }
        Some(())
    }

    /// Counts a drawn visit that is not made.
    fn add_miss(&mut self, credited: bool) {
        self.missed += 1;
        self.credited -= u64::from(credited);
    }

    /// Records when the unit was visited and by whom. A visit entered late does not replace a later one.
    fn record_visit(&mut self, date: Date, team: &[InspectorId]) {
        if self.last_visit.is_none_or(|last| last <= date) {
            self.last_visit = Some(date);
            self.last_team = team.to_vec();
        }
    }
}
