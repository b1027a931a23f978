//! Entries of which nothing can be said: closed lines whose contents are not known, and what rests on them
//! (Spec 17.7).

use super::entry::{Content, Entry};
use super::journal::Tally;
use super::present::Present;

impl Present {
    /// Whether nothing can be said of an entry: its content is not known, or that of the entry it rests on.
    pub(super) fn is_untold(&self, entry: &Entry) -> bool {
        let closed = matches!(entry.entry, Content::Closed { .. });
        closed || entry.entry.rests_on().is_some_and(|number| self.untold.contains(&number))
    }

    /// Notes that nothing can be said of an entry. What the cycle is, is not known from there on.
    pub(super) fn pass_over(&mut self, entry: &Entry) {
        self.untold.insert(entry.number);
        self.cycle = None;
        let tally = self.journal.actors.entry(entry.actor.clone()).or_default();
        tally.add(&Tally { entries: 1, ..Tally::default() });
        let Some((draw, visits)) = entry.entry.about_visits() else { return };
        let Some(attempt) = self.attempts.iter_mut().rfind(|known| known.seal.sequence == draw) else {
            return;
        };
        attempt.untold.push(entry.number);
        if let Some(visits) = visits {
            attempt.visits = Some(visits.clone());
        }
    }
}
