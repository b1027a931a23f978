//! What an entry about an institution is to the cycle (Spec 17.4), and to the teams of its draw (17.6).

use super::entry::{Correction, DroppedOut, Inspected, Missed, Replaced, Visited};
use super::reason::{BarredTeam, Level};
use crate::assign::Away;
use crate::calendar::Window;
use crate::cycle::Event;
use crate::id::{Code, InspectorId};

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

    /// The people of the team whom a register bars, with the approval.
    pub(crate) const fn barred(&self) -> Option<&BarredTeam> {
        match self {
            Self::Visited(Visited { barred, .. }) | Self::Inspected(Inspected { barred, .. }) => {
                barred.as_ref()
            }
            Self::Missed(_) | Self::Withdrawn(_) => None,
        }
    }

    /// The people who came.
    pub(crate) fn team(&self) -> &[InspectorId] {
        match self {
            Self::Visited(Visited { team, .. }) | Self::Inspected(Inspected { team, .. }) => team,
            Self::Missed(_) | Self::Withdrawn(_) => &[],
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

impl DroppedOut {
    /// Who is out of the visits of the draw by this entry, and when.
    #[must_use]
    pub fn away(&self) -> Away {
        Away { dates: self.dates, id: self.out.clone(), unit: self.unit.clone() }
    }
}

impl Replaced {
    /// Who is out of the visit of the unit that comes: all days of the window of the draw (Spec 17.6).
    pub fn away(&self, window: Window) -> impl Iterator<Item = Away> {
        let unit = Some(self.by.clone());
        let away = move |id| Away { dates: window, id, unit: unit.clone() };
        self.unavailable.iter().map(|person| person.id.clone()).map(away)
    }
}
