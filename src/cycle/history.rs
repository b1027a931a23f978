//! The events of a cycle and the state that they give, where what happened at a unit can be corrected later
//! (Spec 17.4): the state is always that of all events as they stand now, one after the other.
//!
//! After a correction the events are not folded from the beginning again. Units meet in a cycle only in which
//! draws are open, in the counts of items and in the share spent. So the events of one unit are folded alone,
//! by the same rules, and put in the place of what they gave before. What this costs depends on the draws of
//! the cycle and on what happened at the unit, not on the number of events.

use super::{Added, Cycle, Drawn, DrawnPick, DrawnUnit, Event, EventError, LARGEST, OpenDraw, Phase};
use crate::id::{Code, UnitId};
use std::collections::BTreeMap;

/// Events by the numbers of their entries; the cycle after them is kept beside them, and is given to each
/// method.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct History {
    start: Cycle,
    /// Ascending; none where an entry was taken back.
    events: Vec<(u64, Option<Event>)>,
    /// The places in `events` of what happened at a unit, ascending.
    of_units: BTreeMap<UnitId, Vec<usize>>,
    /// The places of what concerns all units: draws, voids, ends of cycles.
    of_all: Vec<usize>,
    /// The place of the end of the last cycle.
    closed: Option<usize>,
    /// The draws of this cycle that stand: their places.
    draws: BTreeMap<u64, usize>,
    /// Those of them that are open no longer, because all their visits are settled.
    settled: BTreeMap<u64, SettledDraw>,
}

/// What an [`OpenDraw`] has besides its event.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SettledDraw {
    before: u64,
    /// For each unit of the event its window before the draw, 0 if there was none: at most 20.
    windows: Vec<u8>,
    /// The phases that units had before the draw gave them others, by their places in the event. No
    /// correction of a visit changes them.
    had: BTreeMap<usize, Phase>,
}

impl History {
    /// Begins with a cycle.
    pub(crate) fn new(start: Cycle) -> Self {
        Self { start, ..Self::default() }
    }

    /// Notes the event of an entry that has moved the cycle ([`Cycle::step`]), with the draws that it
    /// settled; entries ascend.
    pub(crate) fn push(&mut self, number: u64, event: Event, settled: &[OpenDraw]) {
        let place = self.events.len();
        match &event {
            Event::Drawn(_) | Event::Voided { .. } | Event::CycleClosed {} => self.of_all.push(place),
            Event::Visited { unit, .. } | Event::Missed { unit, .. } | Event::Inspected { unit, .. } => {
                self.of_units.entry(unit.clone()).or_default().push(place);
            }
            Event::Replaced { by, unit, .. } => {
                self.of_units.entry(unit.clone()).or_default().push(place);
                self.of_units.entry(by.clone()).or_default().push(place);
            }
        }
        self.note(place, &event, settled);
        self.events.push((number, Some(event)));
    }

    /// Notes which draws stand, and which of them are settled, after an event.
    fn note(&mut self, place: usize, event: &Event, settled: &[OpenDraw]) {
        match event {
            Event::Drawn(drawn) => drop(self.draws.insert(drawn.draw, place)),
            Event::Voided { draw, .. } => drop(self.draws.remove(draw)),
            Event::CycleClosed {} => {
                self.closed = Some(place);
                self.draws.clear();
                self.settled.clear();
            }
            Event::Visited { .. }
            | Event::Missed { .. }
            | Event::Replaced { .. }
            | Event::Inspected { .. } => {}
        }
        self.settled.extend(settled.iter().map(SettledDraw::of));
    }

    /// Puts another event of the same unit and draw, or none, in the place of a visit, a miss or an
    /// inspection. `now` is the cycle after all events.
    ///
    /// # Errors
    /// An event cannot follow those before it any more. Nothing is changed.
    pub(crate) fn amend(
        &mut self,
        now: &mut Cycle,
        number: u64,
        event: Option<Event>,
    ) -> Result<(), EventError> {
        let found = self.events.binary_search_by_key(&number, |(number, _)| *number);
        let place = found.expect("an entry that was taken in");
        if self.events[place].1 == event {
            return Ok(());
        }
        let was = std::mem::replace(&mut self.events[place].1, event);
        if self.shift(now, place, was.as_ref()).is_some() {
            return Ok(());
        }
        let replayed = self.replay(now);
        if replayed.is_err() {
            self.events[place].1 = was;
        }
        replayed
    }

    /// Folds all events again.
    fn replay(&mut self, now: &mut Cycle) -> Result<(), EventError> {
        let (mut again, mut cycle) = (Self::default(), self.start.clone());
        for (place, event) in self.events.iter().enumerate() {
            if let (_, Some(event)) = event {
                let settled = cycle.step(event)?;
                again.note(place, event, &settled);
            }
        }
        let Self { closed, draws, settled, .. } = again;
        (*now, self.closed, self.draws, self.settled) = (cycle, closed, draws, settled);
        Ok(())
    }

    /// Moves the cycle from an event that was to the one that is now in its place. `None` where only a fold
    /// of all events can say what follows; nothing is changed then.
    fn shift(&mut self, now: &mut Cycle, place: usize, was: Option<&Event>) -> Option<()> {
        let is = self.events.get(place)?.1.clone();
        let (unit, draw) = about(was)?.or(about(is.as_ref())?)?;
        // A draw that was open before the first event has no event here.
        if !self.start.open.is_empty() {
            return None;
        }
        // No count of an item can reach its bound on the way.
        let most = LARGEST.checked_sub(u64::try_from(self.events.len()).ok()?)?;
        if self.start.items.values().chain(now.items.values()).any(|count| *count >= most) {
            return None;
        }
        let own = self.alone(unit).ok()?;
        let pending = |draw| own.open.get(own.open_draw(draw).ok()?)?.pending.get(unit).copied();
        // Only in its own draw a visit is settled, or pending again. One that is void could be voided only
        // while it was open: where more of it is settled than was, that is asked again.
        let stands = draw.filter(|draw| self.draws.get(draw).is_some_and(|drawn| *drawn < place));
        if draw.is_some() && stands.is_none() && was.is_none() {
            return None;
        }
        let (draw, mut leaves) = (stands, false);
        if let Some(draw) = draw {
            let open = now.open_draw(draw).ok().and_then(|at| now.open.get(at));
            let (before, after) = (open.map(|open| open.pending.contains_key(unit)), pending(draw).is_some());
            if open.is_some_and(|open| before == Some(true) && !after && open.pending.len() == 1) {
                leaves = now.last != draw;
                // The last draw stays open, unless there was one after it, which is void.
                if !leaves && self.draws.get(&draw) != self.last_drawn().as_ref() {
                    return None;
                }
            }
        }
        let back = draw.filter(|draw| self.settled.contains_key(draw) && pending(*draw).is_some());
        let reopened = match back {
            Some(draw) => Some(self.reopened(draw)?),
            None => None,
        };
        if let (Some(draw), Some(open)) = (back, reopened) {
            self.settled.remove(&draw);
            let at = now.open.partition_point(|known| known.draw < draw);
            now.open.insert(at, open);
        }
        place_standing(now, unit, &own);
        self.place_draws(now, unit, &own);
        if let Some(at) = draw.filter(|_| leaves).and_then(|draw| now.open_draw(draw).ok()) {
            let left = now.open.remove(at);
            self.settled.extend([SettledDraw::of(&left)]);
        }
        if self.closed.is_none_or(|closed| closed < place) {
            count_items(now, items(was), items(is.as_ref()));
        }
        Some(())
    }

    /// The cycle of one unit alone: its standing, its rows of every draw that stands, and no draw left out
    /// because it is settled.
    fn alone(&self, unit: &UnitId) -> Result<Cycle, EventError> {
        let mut cycle = Cycle { items: BTreeMap::new(), ..self.start.excerpt([unit].into_iter()) };
        let own = self.of_units.get(unit).map_or(&[][..], Vec::as_slice);
        let (mut own, mut all) = (own.iter().peekable(), self.of_all.iter().peekable());
        while let Some(place) = match (own.peek(), all.peek()) {
            (Some(one), Some(other)) if one < other => own.next(),
            (Some(_), None) => own.next(),
            _ => all.next(),
        } {
            let settled = match self.events.get(*place) {
                Some((_, Some(Event::Drawn(drawn)))) => cycle.step(&Event::Drawn(drawn.only(unit)))?,
                // The other unit of a replacement has no row here.
                Some((_, Some(Event::Replaced { by, date, draw, .. }))) if by == unit => {
                    cycle.stand_in(*draw, by, *date).map(|()| Vec::new())?
                }
                Some((_, Some(Event::Replaced { date, draw, reason, unit, .. }))) => {
                    let (date, draw, reason, unit) = (*date, *draw, reason.clone(), unit.clone());
                    cycle.step(&Event::Missed { date, draw, reason, unit })?
                }
                Some((_, Some(event))) => cycle.step(event)?,
                Some((_, None)) | None => Vec::new(),
            };
            for open in settled {
                let at = cycle.open.partition_point(|known| known.draw < open.draw);
                cycle.open.insert(at, open);
            }
        }
        Ok(cycle)
    }

    /// The place of the last draw of this cycle, void or not.
    fn last_drawn(&self) -> Option<usize> {
        let drawn = |place: &&usize| matches!(self.events.get(**place), Some((_, Some(Event::Drawn(_)))));
        self.of_all.iter().rfind(drawn).copied()
    }

    /// The event of a draw that stands.
    fn drawn(&self, draw: u64) -> Option<&Drawn> {
        match self.events.get(*self.draws.get(&draw)?)? {
            (_, Some(Event::Drawn(drawn))) => Some(drawn),
            _ => None,
        }
    }

    /// A settled draw as it was while it was open, with nothing pending.
    fn reopened(&self, draw: u64) -> Option<OpenDraw> {
        let (SettledDraw { before, windows, had }, drawn) = (self.settled.get(&draw)?, self.drawn(draw)?);
        let added = |(place, (row, window)): (usize, (&DrawnUnit, &u8))| Added {
            add: row.add,
            had: had.get(&place).copied().unwrap_or(Phase::NONE),
            phase: row.phase,
            unit: row.unit.clone(),
            was: Some(u64::from(*window)).filter(|window| *window > 0),
        };
        let units = drawn.units.iter().zip(windows).enumerate().map(added).collect();
        let (before, share, pending) = (*before, drawn.share, BTreeMap::new());
        Some(OpenDraw { before, draw, pending, share, units })
    }

    /// Takes over the rows of a unit in the draws of the cycle.
    fn place_draws(&mut self, now: &mut Cycle, unit: &UnitId, own: &Cycle) {
        for known in &own.open {
            let was = known.units.first().and_then(|added| added.was);
            if let Some(open) = now.open_draw(known.draw).ok().and_then(|at| now.open.get_mut(at)) {
                match known.pending.get(unit) {
                    Some(credited) => drop(open.pending.insert(unit.clone(), *credited)),
                    None => drop(open.pending.remove(unit)),
                }
                if let Ok(row) = open.units.binary_search_by(|added| added.unit.cmp(unit)) {
                    open.units[row].was = was;
                }
            }
            let row = self.drawn(known.draw).and_then(|drawn| drawn.row(unit));
            let window = row.and_then(|row| self.settled.get_mut(&known.draw)?.windows.get_mut(row));
            if let Some(window) = window {
                *window = small(was);
            }
        }
    }
}

/// Takes over the standing of a unit.
fn place_standing(now: &mut Cycle, unit: &UnitId, own: &Cycle) {
    match (now.place(unit), own.standings.first()) {
        (Ok(place), Some(standing)) => now.standings[place] = standing.clone(),
        (Err(place), Some(standing)) => now.standings.insert(place, standing.clone()),
        (Ok(place), None) => drop(now.standings.remove(place)),
        (Err(_), None) => {}
    }
}

/// Counts the items of an event that is, and no longer those of one that was.
fn count_items(now: &mut Cycle, was: &[Code], is: &[Code]) {
    for item in was {
        if let Some(count) = now.items.get_mut(item) {
            *count = count.saturating_sub(1);
        }
    }
    for item in is {
        *now.items.entry(item.clone()).or_default() += 1;
    }
    for item in was {
        if now.items.get(item) == Some(&0) {
            now.items.remove(item);
        }
    }
}

/// The unit and the draw of an event; `Some(None)` of no event, `None` of one that cannot be corrected.
fn about(event: Option<&Event>) -> Option<Option<(&UnitId, Option<u64>)>> {
    match event {
        None => Some(None),
        Some(Event::Visited { draw, unit, .. } | Event::Missed { draw, unit, .. }) => {
            Some(Some((unit, Some(*draw))))
        }
        Some(Event::Inspected { unit, .. }) => Some(Some((unit, None))),
        Some(Event::Drawn(_) | Event::Replaced { .. } | Event::Voided { .. } | Event::CycleClosed {}) => None,
    }
}

/// The items that an event counts.
fn items(event: Option<&Event>) -> &[Code] {
    match event {
        Some(Event::Visited { items, .. }) => items,
        _ => &[],
    }
}

/// A window as it is kept: 0 for none.
fn small(window: Option<u64>) -> u8 {
    window.map_or(0, |window| u8::try_from(window).expect("at most 20"))
}

impl SettledDraw {
    fn of(open: &OpenDraw) -> (u64, Self) {
        let windows = open.units.iter().map(|added| small(added.was)).collect();
        let rows = open.units.iter().enumerate();
        let had = rows.filter(|(_, row)| !row.had.is_none()).map(|(place, row)| (place, row.had)).collect();
        (open.draw, Self { before: open.before, windows, had })
    }
}

impl Drawn {
    /// The place of a unit among those that could be drawn.
    fn row(&self, unit: &UnitId) -> Option<usize> {
        self.units.binary_search_by(|row| row.unit.cmp(unit)).ok()
    }

    /// The draw as it concerns one unit.
    fn only(&self, unit: &UnitId) -> Self {
        let pick = self.picks.binary_search_by(|pick| pick.unit.cmp(unit)).ok();
        let picks: Vec<DrawnPick> = pick.and_then(|at| self.picks.get(at)).cloned().into_iter().collect();
        let units = self.row(unit).and_then(|at| self.units.get(at)).cloned().into_iter().collect();
        let (as_of, draw, share) = (self.as_of, self.draw, self.share);
        Self { as_of, draw, picks, share, units }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::calendar::Date;
    use crate::cycle::Standing;
    use crate::id::InspectorId;
    use crate::policy::Billionths;

    /// A history with its cycle.
    #[derive(Debug, Clone, PartialEq)]
    struct Kept {
        now: Cycle,
        past: History,
    }

    impl Kept {
        fn push(&mut self, number: u64, event: Event) -> Result<(), EventError> {
            let settled = self.now.step(&event)?;
            self.past.push(number, event, &settled);
            Ok(())
        }
    }

    /// Numbers that look random (xorshift64).
    pub(in crate::cycle) struct Numbers(pub(in crate::cycle) u64);

    impl Numbers {
        fn below(&mut self, most: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % most
        }

        fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
            let most = u64::try_from(of.len()).ok().filter(|most| *most > 0)?;
            of.get(usize::try_from(self.below(most)).unwrap()).cloned()
        }

        fn unit(&mut self) -> UnitId {
            UnitId::parse(&format!("U-{}", self.below(6))).unwrap()
        }

        fn date(&mut self) -> Date {
            Date::parse(&format!("2026-03-{:02}", 1 + self.below(28))).unwrap()
        }

        fn team(&mut self) -> Vec<InspectorId> {
            let team = (0..3).filter(|_| self.below(2) == 0).collect::<Vec<_>>();
            team.into_iter().map(|n| InspectorId::parse(&format!("I-{n}")).unwrap()).collect()
        }

        fn outcome(&mut self, draw: u64, unit: UnitId) -> Event {
            let (date, team) = (self.date(), self.team());
            if self.below(3) == 0 {
                return Event::Missed { date, draw, reason: Code::parse("closed").unwrap(), unit };
            }
            let items = ["fire", "licence"].into_iter().filter(|_| self.below(2) == 0);
            let items = items.map(|item| Code::parse(item).unwrap()).collect();
            Event::Visited { date, draw, items, team, unit }
        }

        fn draw(&mut self, draw: u64) -> Event {
            let mut units: Vec<UnitId> = (0..5).map(|_| self.unit()).collect();
            units.sort();
            units.dedup();
            let row = |unit: &UnitId, n: &mut Self| DrawnUnit {
                add: Billionths::new(250_000_000 * n.below(5)).unwrap(),
                cycles: 1 + n.below(3),
                // Hardly ever of the slack that it has: that would be refused.
                phase: (n.below(3) == 0).then(|| Phase {
                    slack: Billionths::new(n.below(1_000_000)).unwrap(),
                    visits: i64::try_from(n.below(7)).unwrap() - 3,
                }),
                unit: unit.clone(),
            };
            let picks = units.iter().filter(|_| self.below(2) == 0).cloned().collect::<Vec<_>>();
            let picks = picks.into_iter().map(|unit| DrawnPick { credited: self.below(2) == 0, unit });
            let (picks, as_of) = (picks.collect(), self.date());
            let (share, units) =
                (Billionths::new(1_000).unwrap(), units.iter().map(|u| row(u, self)).collect());
            Event::Drawn(Drawn { as_of, draw, picks, share, units })
        }

        /// An event that may follow, and often does.
        pub(in crate::cycle) fn event(&mut self, now: &Cycle) -> Event {
            let open = now.open.iter().flat_map(|open| {
                open.pending.keys().map(|unit| (open.draw, unit.clone())).collect::<Vec<_>>()
            });
            let open: Vec<(u64, UnitId)> = open.collect();
            let (date, unit) = (self.date(), self.unit());
            match (self.below(24), self.one(&open)) {
                (0..14, Some((draw, unit))) => self.outcome(draw, unit),
                (14..17, Some((draw, unit))) => {
                    let (by, reason) = (self.unit(), Code::parse("closed").unwrap());
                    Event::Replaced { by, date, draw, reason, unit }
                }
                (17..20, _) => {
                    Event::Inspected { approved: self.below(2) == 0, date, team: self.team(), unit }
                }
                (20, _) => {
                    let (draw, reason) = (now.last, Code::parse("legal").unwrap());
                    Event::Voided { date, draw, reason }
                }
                (21, _) => Event::CycleClosed {},
                _ => self.draw(now.last + 1),
            }
        }
    }

    pub(in crate::cycle) fn began(n: &mut Numbers) -> Cycle {
        let standing = |unit: u64, n: &mut Numbers| Standing {
            first_seen: Some(n.date()),
            cycles: 1 + n.below(3),
            last_visit: Some(n.date()),
            ..Standing::new(UnitId::parse(&format!("U-{unit}")).unwrap())
        };
        let known: Vec<u64> = (0..6).filter(|_| n.below(2) == 0).collect();
        Cycle::new(Billionths::ZERO, known.into_iter().map(|unit| standing(unit, n)).collect()).unwrap()
    }

    /// Whatever is corrected, taken back or made to count again, and in whatever order: the cycle is that of
    /// all events from the beginning, and a correction is refused where one of them cannot follow any more.
    /// Only where a draw was voided a correction that stands can take a fold of all events.
    #[test]
    fn a_corrected_history_is_the_fold_of_its_events() {
        let (mut shifted, mut folded, mut refused) = (0_u32, 0_u32, 0_u32);
        for seed in 1..150 {
            let mut n = Numbers(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
            let start = began(&mut n);
            let mut history = Kept { now: start.clone(), past: History::new(start) };
            let mut can = Vec::new();
            for number in 1..80 {
                let before = history.clone();
                let event = n.event(&history.now);
                let of = about(Some(&event)).flatten().map(|(unit, draw)| (number, unit.clone(), draw));
                match history.push(number, event) {
                    Ok(()) => can.extend(of),
                    Err(_) => assert_eq!(history, before),
                }
                let Some((number, unit, draw)) = n.one(&can) else { continue };
                for _ in 0..2 {
                    let event = match (n.below(3), draw) {
                        (0, _) => None,
                        (_, Some(draw)) => Some(n.outcome(draw, unit.clone())),
                        (which, None) => {
                            let (approved, date, team) = (which == 1, n.date(), n.team());
                            Some(Event::Inspected { approved, date, team, unit: unit.clone() })
                        }
                    };
                    let (mut whole, mut quick) = (history.clone(), history.clone());
                    let place = history.past.events.iter().position(|known| known.0 == number).unwrap();
                    let was = std::mem::replace(&mut whole.past.events[place].1, event.clone());
                    let expected = whole.past.replay(&mut whole.now);
                    quick.past.events[place].1 = event.clone();
                    match quick.past.shift(&mut quick.now, place, was.as_ref()) {
                        // Nothing changes: this is not asked.
                        None if was == event => {}
                        Some(()) => {
                            assert_eq!(expected, Ok(()));
                            assert_eq!(quick, whole);
                            shifted += 1;
                        }
                        None if expected.is_ok() => {
                            let void = |(_, event): &(u64, Option<Event>)| {
                                matches!(event, Some(Event::Voided { .. }))
                            };
                            assert!(history.past.events.iter().any(void));
                            folded += 1;
                        }
                        None => refused += 1,
                    }
                    let before = history.clone();
                    assert_eq!(history.past.amend(&mut history.now, number, event), expected);
                    assert_eq!(history, if expected.is_ok() { whole } else { before });
                }
            }
            let plain = history.past.events.iter().filter_map(|(_, event)| event.as_ref());
            let mut cycle = history.past.start.clone();
            plain.for_each(|event| cycle.apply(event).unwrap());
            assert_eq!(cycle, history.now);
            history.now.check().unwrap();
        }
        assert!(shifted > 10_000 && folded > 100 && refused > 1_000, "{shifted} {folded} {refused}");
    }
}
