//! The state of a ledger: a pure fold over its entries (Spec 17.3 to 17.5). The rules are in `rules`.

use super::entry::{Correction, Missed, Replaced, Visited};
use super::journal::Journal;
use super::{Attempt, Content, Entry, Opened, Published, Refusal, Rule, VoidReason};
use crate::bytes::{Digest, SaltKey, Suite};
use crate::calendar::Instant;
use crate::cycle::{Cycle, Event};
use crate::disclosure::DrawnDocument;
use crate::id::{Code, InspectorId};
use crate::policy::{PublicChance, Source};
use std::collections::{BTreeMap, BTreeSet};

/// What is known besides the lines: the cycle with which a ledger begins, and what the draw of an entry is to the cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Documents<'a> {
    pub(crate) opening: Option<&'a (Cycle, SaltKey)>,
    pub(crate) drawn: Option<&'a DrawnDocument>,
}

/// What a ledger amounts to.
#[derive(Debug, Clone)]
pub struct State {
    pub(super) opened: Option<Opened>,
    pub(super) number: u64,
    pub(super) head: Digest,
    pub(super) at: Option<Instant>,
    /// Policies that were adopted and not sealed yet, with the number of times.
    pub(super) policies: BTreeMap<Digest, u64>,
    /// Chances that seals have named.
    pub(super) chances: BTreeSet<PublicChance>,
    pub(super) attempts: Vec<Attempt>,
    /// What happened at institutions, by entry, as amended.
    pub(super) visits: BTreeMap<u64, Correction>,
    /// The entry that last closed a cycle.
    closed: u64,
    /// The events of the cycle, by entry, as amended.
    events: Vec<(u64, Event)>,
    /// The cycle with which the ledger begins.
    start: Cycle,
    cycle: Option<Cycle>,
    journal: Journal,
}

impl Default for State {
    fn default() -> Self {
        Self {
            opened: None,
            number: 0,
            head: Digest::ZERO,
            at: None,
            policies: BTreeMap::new(),
            chances: BTreeSet::new(),
            attempts: Vec::new(),
            visits: BTreeMap::new(),
            closed: 0,
            events: Vec::new(),
            start: Cycle::default(),
            cycle: Some(Cycle::default()),
            journal: Journal::default(),
        }
    }
}

impl State {
    /// How the ledger was opened.
    #[must_use]
    pub const fn opened(&self) -> Option<&Opened> {
        self.opened.as_ref()
    }

    /// Number of entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.number
    }

    /// Digest of the last line: the `previous` of the next entry, and of the next seal.
    #[must_use]
    pub const fn head(&self) -> Digest {
        self.head
    }

    /// When the last entry was made.
    #[must_use]
    pub const fn last_at(&self) -> Option<Instant> {
        self.at
    }

    /// The hash of lines and tree.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.opened.as_ref().map_or(Suite::default(), |opened| opened.suite)
    }

    /// All attempts in the order in which they were sealed.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// One attempt.
    #[must_use]
    pub fn attempt(&self, draw: u64, attempt: u64) -> Option<&Attempt> {
        self.attempts.iter().find(|known| known.name() == (draw, attempt))
    }

    /// The latest attempt at a draw.
    #[must_use]
    pub fn latest(&self, draw: u64) -> Option<&Attempt> {
        self.attempts.iter().rfind(|known| known.seal.sequence == draw)
    }

    /// Seals that are neither drawn nor void.
    pub fn open(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|attempt| attempt.drawn.is_none() && attempt.void.is_none())
    }

    /// Draws whose secret should be known at this instant, and is not.
    pub fn undisclosed(&self, at: Instant) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(move |attempt| attempt.undisclosed(at))
    }

    /// Sequence number and attempt that the next seal must have.
    #[must_use]
    pub fn next(&self) -> (u64, u64) {
        match self.attempts.last() {
            None => (1, 1),
            Some(last) if last.void.is_some_and(|reason| reason != VoidReason::NotRevealed) => {
                (last.seal.sequence, last.seal.attempt + 1)
            }
            Some(last) => (last.seal.sequence + 1, 1),
        }
    }

    /// The cycle, if the document of every draw was given.
    #[must_use]
    pub const fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }

    /// Visits that officers and experts have made in this cycle, drawn or not, as amended.
    #[must_use]
    pub fn loads(&self) -> BTreeMap<&InspectorId, u64> {
        let mut loads = BTreeMap::new();
        for officer in self.visits.range(self.closed..).flat_map(|(_, visit)| visit.team()) {
            *loads.entry(officer).or_default() += 1;
        }
        loads
    }

    /// What happened at institutions, by the number of the entry, as amended.
    pub fn visits(&self) -> impl Iterator<Item = (u64, &Correction)> {
        self.visits.iter().map(|(number, visit)| (*number, visit))
    }

    /// What one entry says of an institution, as amended.
    #[must_use]
    pub fn visit(&self, number: u64) -> Option<&Correction> {
        self.visits.get(&number)
    }

    /// Lists and statistics.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Lets one entry follow. `line` is its digest. A document with another digest than the one entered is none.
    ///
    /// # Errors
    /// The rule that the entry breaks; the state is then as it was.
    pub(super) fn apply(
        &mut self,
        entry: &Entry,
        line: Digest,
        documents: Documents<'_>,
    ) -> Result<(), Refusal> {
        self.check(entry)?;
        self.move_cycle(entry, documents)?;
        let mut journal = std::mem::take(&mut self.journal);
        journal.note(self, entry);
        self.journal = journal;
        self.enter(entry);
        self.number = entry.number;
        self.head = line;
        self.at = Some(entry.at);
        Ok(())
    }

    /// The event that an entry is to the cycle. `Err` where the document of a draw is missing.
    fn event(&self, entry: &Entry, drawn: Option<&DrawnDocument>) -> Result<Option<Event>, ()> {
        let date = entry.at.day();
        Ok(match &entry.entry {
            Content::Drawn { attempt, draw, drawn: digest, .. } => {
                let attempt = self.attempt(*draw, *attempt).filter(|attempt| attempt.void.is_none());
                let Some(attempt) = attempt else { return Ok(None) };
                let known = drawn.filter(|document| document.digest(attempt.seal.suite) == *digest);
                Some(Event::Drawn(known.ok_or(())?.drawn.clone()))
            }
            Content::Void { attempt, draw, reason: reason_given, .. } => {
                let last = self.attempts.last().filter(|last| last.name() == (*draw, *attempt));
                let reason = Code::parse(reason_given.as_str()).expect("a code");
                let voided = |date| Event::Voided { date, draw: *draw, reason };
                let taken_back = *reason_given != VoidReason::NotRevealed;
                last.filter(|last| last.drawn.is_some() && taken_back).and(date).map(voided)
            }
            Content::Replaced(Replaced { by, date, draw, reason, unit, .. }) => {
                let reason = Code::parse(reason.as_str()).expect("a code");
                Some(Event::Replaced { by: by.clone(), date: *date, draw: *draw, reason, unit: unit.clone() })
            }
            Content::CycleClosed { .. } => Some(Event::CycleClosed {}),
            content => content.correctable().map(|visit| visit.event()),
        })
    }

    /// Moves the cycle on; it stays as it was where the entry is nothing to it, or refused.
    fn move_cycle(&mut self, entry: &Entry, documents: Documents<'_>) -> Result<(), Refusal> {
        let refuse = |error: &dyn std::fmt::Display| {
            Refusal::new(entry, Rule::Cycle, "the event of the cycle", "one that follows", error)
        };
        if self.cycle.is_none() {
            return Ok(());
        }
        if let Content::Opened(Opened { cycle: Some(begins), suite, .. }) = &entry.entry {
            let known = documents.opening.filter(|(cycle, key)| cycle.digest(*suite, key) == *begins);
            self.cycle = known.map(|(cycle, _)| cycle.clone());
            self.start = self.cycle.clone().unwrap_or_default();
            return Ok(());
        }
        if let Content::Amended { amends, entry: now, .. } = &entry.entry {
            let place = self.events.iter().position(|(number, _)| number == amends).expect("checked before");
            let was = std::mem::replace(&mut self.events[place].1, now.event());
            let mut cycle = self.start.clone();
            match self.events.iter().try_for_each(|(_, event)| cycle.apply(event)) {
                Ok(()) => self.cycle = Some(cycle),
                Err(error) => {
                    self.events[place].1 = was;
                    return Err(refuse(&error));
                }
            }
            return Ok(());
        }
        let Ok(event) = self.event(entry, documents.drawn) else {
            (self.cycle, self.events) = (None, Vec::new());
            return Ok(());
        };
        let Some((event, cycle)) = event.zip(self.cycle.as_mut()) else { return Ok(()) };
        if let (Content::Drawn { draw, .. }, Event::Drawn(document)) = (&entry.entry, &event)
            && document.draw != *draw
        {
            return Err(Refusal::new(entry, Rule::Cycle, "the draw of its document", draw, document.draw));
        }
        cycle.apply(&event).map_err(|error| refuse(&error))?;
        self.events.push((entry.number, event));
        Ok(())
    }

    fn attempt_mut(&mut self, draw: u64, attempt: u64) -> &mut Attempt {
        let known = self.attempts.iter_mut().find(|known| known.name() == (draw, attempt));
        known.expect("checked before")
    }

    fn latest_mut(&mut self, draw: u64) -> &mut Attempt {
        self.attempts.iter_mut().rfind(|known| known.seal.sequence == draw).expect("checked before")
    }

    /// Takes in an entry that was checked.
    fn enter(&mut self, entry: &Entry) {
        let number = entry.number;
        if let Some(visit) = entry.entry.correctable() {
            self.visits.insert(number, visit);
        }
        match &entry.entry {
            Content::Opened(opened) => self.opened = Some(opened.clone()),
            Content::Policy { policy, .. } => *self.policies.entry(*policy).or_default() += 1,
            Content::Sealed { seal } => {
                self.chances.extend(seal.beacon.all().flat_map(Source::chances));
                if let Some(left) = self.policies.get_mut(&seal.policy) {
                    *left -= 1;
                }
                self.attempts.push(Attempt::new(number, (**seal).clone()));
            }
            Content::Beacon { attempt, draw, value } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.hear(number, value);
            }
            Content::Silent { attempt, draw, source, .. } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.silent.insert(source.clone(), (number, entry.at));
            }
            Content::Drawn { attempt, draw, drawn, record } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.drawn = Some((*drawn, *record, entry.at));
                attempt.decided = number;
            }
            Content::Assigned { attempt, draw, visits } => {
                self.attempt_mut(*draw, *attempt).visits = Some(visits.clone());
            }
            Content::Disclosed { attempt, draw, secret } => {
                self.attempt_mut(*draw, *attempt).secret = Some(secret.clone());
            }
            Content::Published { attempt, draw, what, .. } => {
                self.attempt_mut(*draw, *attempt).record_published |= *what == Published::Record;
            }
            Content::Visited(Visited { draw, .. }) => self.latest_mut(*draw).visited = true,
            Content::Replaced(replaced) => {
                self.latest_mut(replaced.draw).visits = Some(replaced.visits.clone());
            }
            Content::Reassigned(reassigned) => {
                let attempt = self.latest_mut(reassigned.draw);
                attempt.visits = Some(reassigned.visits.clone());
                let places = reassigned.moves.iter().map(|step| (step.unit.clone(), step.post.clone()));
                attempt.reassigned.extend(places);
            }
            Content::Void { attempt, draw, reason, .. } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                // What claims to have been voided before chance spoke must have been seen before.
                let free =
                    matches!(reason, VoidReason::InputError | VoidReason::Legal | VoidReason::Technical);
                let first = attempt.seal.beacon.first_at();
                if let Some(first) = first.filter(|_| free && !attempt.chance_spoke(entry.at)) {
                    attempt.must_precede.push((number, first));
                }
                attempt.void = Some(*reason);
                attempt.decided = number;
            }
            Content::CycleClosed { .. } => self.closed = number,
            Content::Amended { amends, entry, .. } => {
                self.visits.insert(*amends, entry.clone());
            }
            Content::Missed(_) | Content::Inspected(_) => {}
        }
    }
}

impl Correction {
    /// The event of the cycle.
    fn event(&self) -> Event {
        match self.clone() {
            Self::Visited(Visited { date, draw, items, team, unit, .. }) => {
                Event::Visited { date, draw, items, team, unit }
            }
            Self::Missed(Missed { date, draw, reason, unit, .. }) => {
                let reason = Code::parse(reason.as_str()).expect("a code");
                Event::Missed { date, draw, reason, unit }
            }
            Self::Inspected(visit) => {
                Event::Inspected { date: visit.date, team: visit.team, unit: visit.unit }
            }
        }
    }
}
