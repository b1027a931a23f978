//! What happened in a ledger, by entry: what an entry that looks back asks for, an amendment or the
//! correction of a clock (Spec 17.3 and 17.4). It grows with every visit.

use super::entry::{Content, Correction, Entry};
use super::times::{Made, Times};
use crate::cycle::History;
use crate::id::UnitId;
use std::collections::BTreeMap;

/// What happened in a ledger.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// What happened at institutions, by entry, as amended.
    pub(super) visits: BTreeMap<u64, Correction>,
    /// The numbers of these entries by institution, ascending.
    at_units: BTreeMap<UnitId, Vec<u64>>,
    /// When entries were made.
    pub(super) times: Times,
    /// The events of the cycle, by entry, as amended; empty where the cycle is not known.
    pub(super) history: History,
}

impl Past {
    /// The numbers of the entries about an institution, ascending.
    pub(super) fn of(&self, unit: &UnitId) -> &[u64] {
        self.at_units.get(unit).map_or(&[][..], Vec::as_slice)
    }

    /// Takes in an entry of which nothing can be said. What the cycle is, is not known from there on.
    pub(super) fn pass_over(&mut self, made: Made) {
        self.times.push(made);
        self.history = History::default();
    }

    /// Takes in an entry; returns what an amendment changes.
    pub(super) fn enter(&mut self, entry: &Entry, made: Made) -> Option<Correction> {
        self.times.push(made);
        let visit = match &entry.entry {
            Content::Visited(visited) => Correction::Visited(visited.clone()),
            Content::Missed(missed) => Correction::Missed(missed.clone()),
            Content::Inspected(inspected) => Correction::Inspected(inspected.clone()),
            Content::Amended { amends, entry: now, .. } => return self.visits.insert(*amends, now.clone()),
            Content::Clock { from, .. } => {
                self.times.correct(*from, entry.at);
                return None;
            }
            Content::Opened(_)
            | Content::Registered { .. }
            | Content::Imported { .. }
            | Content::Received(_)
            | Content::Policy { .. }
            | Content::Sealed { .. }
            | Content::Beacon { .. }
            | Content::Silent { .. }
            | Content::Drawn { .. }
            | Content::Assigned { .. }
            | Content::Disclosed { .. }
            | Content::Published { .. }
            | Content::Replaced(_)
            | Content::DroppedOut(_)
            | Content::Reassigned(_)
            | Content::Void { .. }
            | Content::Closed { .. }
            | Content::CycleClosed { .. } => return None,
        };
        self.at_units.entry(visit.unit().clone()).or_default().push(entry.number);
        self.visits.insert(entry.number, visit);
        None
    }
}
