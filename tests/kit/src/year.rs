//! A year of rounds over a frame that changes: seals, draws, visits and everything else that happens, through
//! the public path.

use super::*;
use double_random::Sample;
use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::plan::PlanError;

/// What is known of one institution in one round; absent: not on the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    pub county: u64,
    pub kind: u64,
    pub risk: u64,
    pub credit: u64,
}

/// A frame of these units; the number is that of [`unit_row`].
pub fn frame_of(levels: &[(u64, Level)], policy: &Policy) -> Frame {
    let row = |(n, level): &(u64, Level)| UnitRow {
        division: pick(&COUNTIES, level.county),
        kind: pick(&KINDS, level.kind),
        risk: pick(&RISKS, level.risk),
        credit: pick(&CREDITS, level.credit),
        signals: Vec::new(),
        ..unit_row(*n)
    };
    Frame::new(levels.iter().map(row), &policy.frame, policy.as_of).unwrap()
}

/// The year as it goes: the state, everything that happened, what was published.
#[derive(Debug, Default)]
pub struct Year {
    pub cycle: Cycle,
    pub events: Vec<Event>,
    pub sequence: u64,
}

/// A drawn round.
pub struct Round {
    pub sealed: Sealed,
    pub record: Record,
    pub event: Event,
}

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

impl Year {
    /// Lets something happen.
    pub fn happen(&mut self, event: Event) {
        self.cycle.apply(&event).unwrap();
        self.events.push(event);
    }

    /// Draws a round, as the next one or as another attempt at the last.
    pub fn draw(
        &mut self,
        frame: Frame,
        roster: Roster,
        policy: Policy,
        dice: u64,
        attempt: u64,
    ) -> Result<Round, PlanError> {
        let mut terms = terms(&policy);
        self.sequence += u64::from(attempt == 1);
        (terms.sequence, terms.attempt) = (self.sequence, attempt);
        let sealed = Plan::new(frame, roster, policy, self.cycle.clone())?.seal(terms).unwrap();
        let seed = sealed.seed(&super::dice(dice)).unwrap();
        let sample: Sample<'_> = seed.draw();
        let (event, record) = (sample.drawn(), sample.assign().record());
        self.happen(event.clone());
        Ok(Round { sealed, record, event })
    }

    /// All units that are still to be visited in a draw are visited. An empty roster gives teams without
    /// names.
    pub fn visit_all(&mut self, draw: u64, date: &str) {
        let open = self.cycle.open().iter().find(|open| open.draw == draw);
        let pending: Vec<_> = open.map_or_else(Vec::new, |open| open.pending.keys().cloned().collect());
        for unit in pending {
            let team = Vec::new();
            self.happen(Event::Visited { date: day(date), draw, items: Vec::new(), team, unit });
        }
    }
}
