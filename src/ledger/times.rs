//! When entries were made, and when they could have been made at the earliest (Spec 17.3, `clock`).

use crate::calendar::{Date, Instant};

/// When one entry was made, and its lower bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    /// When it was made: as it says, or the right time if a clock was corrected since.
    pub(super) at: Instant,
    /// The date of what it reports.
    pub(super) date: Option<Date>,
    /// Nothing of it was known before this instant.
    pub(super) due: Option<Instant>,
    /// It could be made only after this day.
    pub(super) after: Option<Date>,
}

impl Made {
    /// Whether it could have been made at an instant.
    fn possible(&self, at: Instant) -> bool {
        let day = at.day();
        let dated = self.date.zip(day).is_none_or(|(date, day)| date.days_since(day) <= 1);
        let after = self.after.zip(day).is_none_or(|(after, day)| day > after);
        dated && after && self.due.is_none_or(|due| at >= due)
    }
}

/// All entries of a ledger, in order. Their instants never fall.
#[derive(Debug, Clone, Default)]
pub(super) struct Times(Vec<Made>);

impl Times {
    pub(super) fn push(&mut self, made: Made) {
        self.0.push(made);
    }

    fn place(number: u64) -> Option<usize> {
        usize::try_from(number).ok()?.checked_sub(1)
    }

    /// When an entry was made.
    pub(super) fn at(&self, number: u64) -> Option<Instant> {
        self.0.get(Self::place(number)?).map(|made| made.at)
    }

    /// The first entry, from one on, that could not have been made at an instant.
    pub(super) fn impossible(&self, from: u64, at: Instant) -> Option<u64> {
        let made = Self::place(from).and_then(|place| self.0.get(place..)).unwrap_or_default();
        (from..).zip(made).find(|(_, made)| !made.possible(at)).map(|(number, _)| number)
    }

    /// Gives all entries from one on their right time.
    pub(super) fn correct(&mut self, from: u64, at: Instant) {
        let made = Self::place(from).and_then(|place| self.0.get_mut(place..)).unwrap_or_default();
        made.iter_mut().for_each(|made| made.at = at);
    }
}
