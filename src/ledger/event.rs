//! What an entry about an institution is to the cycle (Spec 17.4).

use super::entry::{Correction, Inspected, Missed, Visited};
use super::reason::Level;
use crate::cycle::Event;
use crate::id::Code;

impl Correction {
    /// The event of the cycle; none of an entry that was taken back.
    pub(super) fn event(&self) -> Option<Event> {
        match self {
            Self::Visited(visited) => Some(visited.event()),
            Self::Missed(missed) => Some(missed.event()),
            Self::Inspected(inspected) => Some(inspected.event()),
            Self::Withdrawn(_) => None,
        }
    }

    /// Whether it is an inspection that moves exclusions and rotation.
    pub(super) fn moves(&self) -> bool {
        match self {
            Self::Inspected(inspected) => inspected.moves(),
            Self::Visited(_) | Self::Missed(_) | Self::Withdrawn(_) => false,
        }
    }
}

impl Visited {
    pub(super) fn event(&self) -> Event {
        let Self { date, draw, items, team, unit, .. } = self.clone();
        Event::Visited { date, draw, items, team, unit }
    }
}

impl Missed {
    pub(super) fn event(&self) -> Event {
        let Self { date, draw, reason, unit, .. } = self.clone();
        Event::Missed { date, draw, reason: Code::parse(reason.as_str()).expect("a code"), unit }
    }
}

impl Inspected {
    /// Whether it moves exclusions and rotation: the head of the authority approved it (Spec 17.4).
    pub(super) fn moves(&self) -> bool {
        self.approval.level >= Level::Authority
    }

    pub(super) fn event(&self) -> Event {
        let approved = self.moves();
        let Self { date, team, unit, .. } = self.clone();
        Event::Inspected { approved, date, team, unit }
    }
}
