//! What a reader should look at even where all is valid: further attempts, voids, replacements, late entries, and who made them
//! (Spec 17.5 and 19).

use super::attempt::Attempt;
use super::state::State;
use super::{Content, Entry};
use crate::beacon::missing_shares;
use crate::calendar::{Date, Instant};
use crate::id::Code;
use std::collections::BTreeMap;

/// A day in seconds.
const DAY: i64 = 86_400;

/// What one actor did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Entries.
    pub entries: u64,
    /// Seals.
    pub seals: u64,
    /// Draws computed.
    pub draws: u64,
    /// Voids before chance spoke.
    pub voids_before: u64,
    /// Voids after a value was entered or due: whoever voids then may know what he voids.
    pub voids_after: u64,
    /// Institutions replaced.
    pub replacements: u64,
    /// Officers replaced.
    pub reassignments: u64,
    /// Amendments.
    pub amendments: u64,
    /// Late entries.
    pub late: u64,
}

/// Lists of entries by number, and what each actor did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// Seals of a second or later attempt.
    pub further_attempts: Vec<u64>,
    /// Voids, and whether chance had spoken.
    pub voids: Vec<(u64, bool)>,
    /// Sources that did not speak.
    pub silent: Vec<u64>,
    /// Shares that were not revealed, by entry.
    pub missing_shares: Vec<(u64, u64)>,
    /// Institutions that were replaced.
    pub replacements: Vec<u64>,
    /// Visits that could not be made.
    pub misses: Vec<u64>,
    /// Officers who were replaced.
    pub reassignments: Vec<u64>,
    /// Corrections.
    pub amendments: Vec<u64>,
    /// Inspections outside draws: they count for exclusions and rotation.
    pub inspections: Vec<u64>,
    /// Changes of teams for which somebody was called unavailable.
    pub with_unavailable: Vec<u64>,
    /// Ends of cycles: exposure and coverage begin anew.
    pub closings: Vec<u64>,
    /// Entries later than they should be (Spec 17.5).
    pub late: Vec<u64>,
    /// By actor.
    pub actors: BTreeMap<Code, Tally>,
}

impl Journal {
    /// Takes down an entry that follows; `before` is the state without it.
    pub(super) fn note(&mut self, before: &State, entry: &Entry) {
        let number = entry.number;
        let late = late(before, entry);
        let tally = self.actors.entry(entry.actor.clone()).or_default();
        tally.entries += 1;
        tally.late += u64::from(late);
        if late {
            self.late.push(number);
        }
        match &entry.entry {
            Content::Sealed { seal } => {
                tally.seals += 1;
                if seal.attempt > 1 {
                    self.further_attempts.push(number);
                }
            }
            Content::Beacon { value, .. } => match u64::try_from(missing_shares(value)) {
                Ok(0) | Err(_) => {}
                Ok(missing) => self.missing_shares.push((number, missing)),
            },
            Content::Silent { .. } => self.silent.push(number),
            Content::Drawn { .. } => tally.draws += 1,
            Content::Void { attempt, draw, .. } => {
                let spoken = before.attempt(*draw, *attempt).is_some_and(|a| a.chance_spoke(entry.at));
                if spoken {
                    tally.voids_after += 1;
                } else {
                    tally.voids_before += 1;
                }
                self.voids.push((number, spoken));
            }
            Content::Missed(_) => self.misses.push(number),
            Content::Replaced(_) => {
                tally.replacements += 1;
                self.replacements.push(number);
            }
            Content::Reassigned(reassigned) => {
                tally.reassignments += 1;
                self.reassignments.push(number);
                if !reassigned.unavailable.is_empty() {
                    self.with_unavailable.push(number);
                }
            }
            Content::Inspected(_) => self.inspections.push(number),
            Content::CycleClosed { .. } => self.closings.push(number),
            Content::Amended { .. } => {
                tally.amendments += 1;
                self.amendments.push(number);
            }
            _ => {}
        }
    }
}

/// Whether an entry comes later than it should (Spec 17.5).
fn late(before: &State, entry: &Entry) -> bool {
    let after = |due: i64| entry.at.unix() > due.saturating_add(DAY);
    let attempt = entry.entry.attempt().and_then(|(draw, attempt)| before.attempt(draw, attempt));
    match (&entry.entry, attempt) {
        (Content::Beacon { value, .. }, Some(attempt)) => {
            let mut sources = attempt.seal().beacon.all();
            sources
                .find(|source| source.id() == &value.source)
                .is_some_and(|source| after(source.at().unix()))
        }
        (Content::Silent { source, .. }, Some(attempt)) => {
            let plan = &attempt.seal().beacon;
            let own = || plan.sources.iter().find(|known| known.id() == source).map(|known| known.at());
            plan.fallback(source)
                .map(|fallback| fallback.after)
                .or_else(own)
                .is_some_and(|due| after(due.unix()))
        }
        (Content::Drawn { .. }, Some(attempt)) => attempt.last_word().is_some_and(|due| after(due.unix())),
        (Content::Assigned { .. }, Some(attempt)) => attempt.drawn_at().is_some_and(|due| after(due.unix())),
        (Content::Disclosed { .. }, Some(attempt)) => attempt.reveal_passed(entry.at),
        (
            content @ (Content::Visited(_)
            | Content::Missed(_)
            | Content::Replaced(_)
            | Content::Inspected(_)),
            _,
        ) => content
            .date()
            .zip(entry.at.day())
            .is_some_and(|(date, day): (Date, Date)| day.days_since(date) > 7),
        _ => false,
    }
}

impl Attempt {
    /// Whether a value of the attempt was entered, or its first source is due.
    pub(super) fn chance_spoke(&self, at: Instant) -> bool {
        self.spoken() || self.seal().beacon.first_at().is_some_and(|first| first <= at)
    }
}
