//! The state of a ledger: a pure fold over its entries (Spec 17.3 to 17.5). The rules are in `rules`.

use super::entry::{Correction, Missed, Replaced, Visited};
use super::journal::Journal;
use super::{Content, Entry, Opened, Published, Refusal, Rule, VoidReason};
use crate::beacon::{self, BeaconValue};
use crate::bytes::{Digest, Suite};
use crate::calendar::Instant;
use crate::cycle::{Cycle, Event};
use crate::disclosure::{DrawnDocument, VisitsCommitment};
use crate::id::{Code, InspectorId, UnitId};
use crate::policy::{Disclosure, Source};
use crate::seal::{Seal, Secret};
use std::collections::{BTreeMap, BTreeSet};

/// One attempt at a draw: what the ledger says about it.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub(super) number: u64,
    pub(super) seal: Seal,
    pub(super) digest: Digest,
    pub(super) values: BTreeMap<Code, BeaconValue>,
    pub(super) silent: BTreeSet<Code>,
    /// Digest of the drawn document and of the record, and when they were entered.
    pub(super) drawn: Option<(Digest, Digest, Instant)>,
    pub(super) visits: Option<VisitsCommitment>,
    pub(super) secret: Option<Secret>,
    pub(super) record_published: bool,
    pub(super) void: Option<VoidReason>,
    /// Whether a visit of it was entered.
    pub(super) visited: bool,
    /// Places that have been given to another once: unit and post.
    pub(super) reassigned: BTreeSet<(UnitId, Code)>,
}

impl Attempt {
    fn new(number: u64, seal: Seal) -> Self {
        let digest = seal.digest();
        Self {
            number,
            seal,
            digest,
            values: BTreeMap::new(),
            silent: BTreeSet::new(),
            drawn: None,
            visits: None,
            secret: None,
            record_published: false,
            void: None,
            visited: false,
            reassigned: BTreeSet::new(),
        }
    }

    /// Number of the entry that sealed it.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The seal.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// Sequence number and attempt.
    #[must_use]
    pub const fn name(&self) -> (u64, u64) {
        (self.seal.sequence, self.seal.attempt)
    }

    /// The values for the seed, in the plan's order: of each source or of its fallback. `None` while one is missing, or if the attempt
    /// has failed.
    #[must_use]
    pub fn values(&self) -> Option<Vec<BeaconValue>> {
        let of = |source: &Source| {
            let id = source.id();
            let heard = self.values.get(id);
            heard.or_else(|| self.values.get(self.seal.beacon.fallback(id)?.source.id())).cloned()
        };
        self.seal.beacon.sources.iter().map(of).collect::<Option<Vec<_>>>().filter(|_| !self.failed())
    }

    /// Whether any value was entered.
    pub(super) fn spoken(&self) -> bool {
        !self.values.is_empty()
    }

    /// Whether it can never be drawn: a source without fallback is silent, or a share that must be there is missing.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.beacon_failed() || self.share_missing()
    }

    pub(super) fn beacon_failed(&self) -> bool {
        self.silent.iter().any(|source| self.seal.beacon.fallback(source).is_none())
    }

    pub(super) fn share_missing(&self) -> bool {
        self.seal.beacon.sources.iter().any(|source| {
            self.values.get(source.id()).is_some_and(|value| beacon::lacks_share(source, value))
        })
    }

    /// The last `at` of the sources, and of the fallbacks that are used.
    pub(super) fn last_word(&self) -> Option<Instant> {
        let used = self.seal.beacon.fallbacks.iter().filter(|fallback| self.silent.contains(&fallback.of));
        self.seal.beacon.sources.iter().chain(used.map(|fallback| &fallback.source)).map(Source::at).max()
    }

    /// Digest of the record, once it is drawn.
    #[must_use]
    pub fn record(&self) -> Option<Digest> {
        self.drawn.map(|(_, record, _)| record)
    }

    /// Digest of the drawn document, once it is drawn.
    #[must_use]
    pub fn drawn(&self) -> Option<Digest> {
        self.drawn.map(|(drawn, _, _)| drawn)
    }

    pub(super) fn drawn_at(&self) -> Option<Instant> {
        self.drawn.map(|(_, _, at)| at)
    }

    /// The visits as they stand, once they are assigned.
    #[must_use]
    pub const fn visits(&self) -> Option<&VisitsCommitment> {
        self.visits.as_ref()
    }

    /// The secret, once it is disclosed.
    #[must_use]
    pub const fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Why it is void.
    #[must_use]
    pub const fn void(&self) -> Option<VoidReason> {
        self.void
    }

    /// Whether disclosure is deferred, and its day has passed at this instant.
    pub(super) fn overdue(&self, at: Instant) -> bool {
        match &self.seal.disclosure {
            Disclosure::Immediate {} => false,
            Disclosure::Deferred { reveal_by } => at.day().is_none_or(|day| day > *reveal_by),
        }
    }

    /// Whether its secret should be known at this instant, and is not (Spec 17.5).
    #[must_use]
    pub fn undisclosed(&self, at: Instant) -> bool {
        let declared = self.void == Some(VoidReason::NotRevealed);
        self.drawn.is_some() && self.secret.is_none() && !declared && self.overdue(at)
    }

    /// Whether its disclosure is deferred.
    #[must_use]
    pub const fn deferred(&self) -> bool {
        self.seal.is_deferred()
    }

    /// Whether another seal may follow: everything that chance gave is on the table (Spec 17.3, `sealed`).
    pub(super) const fn settled(&self, failed: bool) -> bool {
        match self.void {
            None => self.drawn.is_some() && self.visits.is_some(),
            Some(VoidReason::NotRevealed) => true,
            Some(_) => {
                failed
                    || (self.drawn.is_some()
                        && self.record_published
                        && (self.secret.is_some() || !self.deferred()))
            }
        }
    }
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
    pub(super) chances: BTreeSet<(u8, String, String)>,
    pub(super) attempts: Vec<Attempt>,
    /// What happened at institutions, by entry, as amended.
    pub(super) visits: BTreeMap<u64, Correction>,
    /// The entry that last closed a cycle.
    closed: u64,
    /// The events of the cycle, by entry, as amended.
    events: Vec<(u64, Event)>,
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
            Some(last) if last.void.is_some() => (last.seal.sequence, last.seal.attempt + 1),
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

    /// Lists and statistics.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Lets one entry follow. `line` is its digest; `drawn` is what a draw is to the cycle, where it is known: a document with another digest
    /// than the one entered is none.
    ///
    /// # Errors
    /// The rule that the entry breaks; the state is then as it was.
    pub(super) fn apply(
        &mut self,
        entry: &Entry,
        line: Digest,
        drawn: Option<&DrawnDocument>,
    ) -> Result<(), Refusal> {
        self.check(entry)?;
        self.move_cycle(entry, drawn)?;
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
            Content::Void { attempt, draw, reason, .. } => {
                let last = self.attempts.last().filter(|last| last.name() == (*draw, *attempt));
                let reason = Code::parse(reason.as_str()).expect("a code");
                let voided = |date| Event::Voided { date, draw: *draw, reason };
                last.filter(|last| last.drawn.is_some()).and(date).map(voided)
            }
            Content::Replaced(Replaced { by, date, draw, reason, unit, .. }) => {
                let reason = Code::parse(reason.as_str()).expect("a code");
                Some(Event::Replaced { by: by.clone(), date: *date, draw: *draw, reason, unit: unit.clone() })
            }
            Content::CycleClosed {} => Some(Event::CycleClosed {}),
            content => content.correctable().map(|visit| visit.event()),
        })
    }

    /// Moves the cycle on; it stays as it was where the entry is nothing to it, or refused.
    fn move_cycle(&mut self, entry: &Entry, drawn: Option<&DrawnDocument>) -> Result<(), Refusal> {
        let refuse = |error: &dyn std::fmt::Display| {
            Refusal::new(entry, Rule::Cycle, "the event of the cycle", "one that follows", error)
        };
        if self.cycle.is_none() {
            return Ok(());
        }
        if let Content::Amended { amends, entry: now, .. } = &entry.entry {
            let place = self.events.iter().position(|(number, _)| number == amends).expect("checked before");
            let was = std::mem::replace(&mut self.events[place].1, now.event());
            match Cycle::replay(self.events.iter().map(|(_, event)| event)) {
                Ok(cycle) => self.cycle = Some(cycle),
                Err((_, error)) => {
                    self.events[place].1 = was;
                    return Err(refuse(&error));
                }
            }
            return Ok(());
        }
        let Ok(event) = self.event(entry, drawn) else {
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
                self.chances.extend(seal.beacon.all().map(Source::event));
                if let Some(left) = self.policies.get_mut(&seal.policy) {
                    *left -= 1;
                }
                self.attempts.push(Attempt::new(number, (**seal).clone()));
            }
            Content::Beacon { attempt, draw, value } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.values.insert(value.source.clone(), value.clone());
            }
            Content::Silent { attempt, draw, source, .. } => {
                self.attempt_mut(*draw, *attempt).silent.insert(source.clone());
            }
            Content::Drawn { attempt, draw, drawn, record } => {
                self.attempt_mut(*draw, *attempt).drawn = Some((*drawn, *record, entry.at));
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
                let post = reassigned.moves.first().map(|step| step.post.clone());
                attempt.reassigned.extend(post.map(|post| (reassigned.unit.clone(), post)));
            }
            Content::Void { attempt, draw, reason, .. } => {
                self.attempt_mut(*draw, *attempt).void = Some(*reason);
            }
            Content::CycleClosed {} => self.closed = number,
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
