//! The state of a ledger: a pure fold over its entries (Spec 17.3 to 17.5). The rules are in `rules`.

use super::entry::{Correction, Missed, Replaced, Visited};
use super::journal::Journal;
use super::{Content, Entry, Opened, Published, Refusal, Rule, VoidReason};
use crate::beacon::{self, BeaconValue};
use crate::bytes::{Digest, SaltKey, Suite};
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
    /// Number of its last entry of the kinds `sealed`, `drawn`, `void`.
    last_word_of: u64,
    pub(super) seal: Seal,
    pub(super) digest: Digest,
    pub(super) values: BTreeMap<Code, BeaconValue>,
    /// Sources that are silent, and since when that is entered.
    pub(super) silent: BTreeMap<Code, Instant>,
    /// Digest of the drawn document and of the record, and when they were entered.
    pub(super) drawn: Option<(Digest, Digest, Instant)>,
    pub(super) visits: Option<VisitsCommitment>,
    pub(super) secret: Option<Secret>,
    pub(super) record_published: bool,
    pub(super) void: Option<VoidReason>,
    /// Whether a visit of it was entered.
    pub(super) visited: bool,
    /// Entries that only count if they were made before an instant: shares, silences and voids.
    pub(super) must_precede: Vec<(u64, Instant)>,
    /// The entry of each silence.
    pub(super) silences: BTreeMap<Code, u64>,
    /// Places that changed hands: unit and post.
    pub(super) reassigned: BTreeSet<(UnitId, Code)>,
}

impl Attempt {
    fn new(number: u64, seal: Seal) -> Self {
        let digest = seal.digest();
        Self {
            number,
            last_word_of: number,
            seal,
            digest,
            values: BTreeMap::new(),
            silent: BTreeMap::new(),
            drawn: None,
            visits: None,
            secret: None,
            record_published: false,
            void: None,
            visited: false,
            must_precede: Vec::new(),
            silences: BTreeMap::new(),
            reassigned: BTreeSet::new(),
        }
    }

    /// Takes in a value that was checked.
    fn hear(&mut self, number: u64, value: &BeaconValue) {
        let plan = &self.seal.beacon;
        if let Some(Source::Shares { at, commitments, .. }) =
            plan.sources.iter().find(|source| source.id() == &value.source)
            && beacon::missing_shares(value) < commitments.len()
        {
            let later = plan.sources.iter().map(Source::at).filter(|later| later > at).min();
            self.must_precede.extend(later.map(|later| (number, later)));
        }
        if let Some(fallback) = plan.fallbacks.iter().find(|fallback| fallback.source.id() == &value.source) {
            let silence = self.silences.get(&fallback.of);
            self.must_precede.extend(silence.map(|silence| (*silence, fallback.source.at())));
        }
        self.values.insert(value.source.clone(), value.clone());
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
        let sources = self.seal.beacon.sources.iter().map(Source::id);
        sources
            .filter(|source| self.silent.contains_key(*source))
            .any(|source| self.instead(source).is_none())
    }

    /// The fallback that stands for a silent source: it was declared silent before the fallback spoke, and the fallback is not silent itself.
    pub(super) fn instead(&self, source: &Code) -> Option<&Source> {
        let (silent, fallback) = self.silent.get(source).zip(self.seal.beacon.fallback(source))?;
        let usable = *silent < fallback.source.at() && !self.silent.contains_key(fallback.source.id());
        usable.then_some(&fallback.source)
    }

    pub(super) fn share_missing(&self) -> bool {
        self.seal.beacon.sources.iter().any(|source| {
            self.values.get(source.id()).is_some_and(|value| beacon::lacks_share(source, value))
        })
    }

    /// The last `at` of the sources, and of the fallbacks that are used.
    pub(super) fn last_word(&self) -> Option<Instant> {
        let sources = &self.seal.beacon.sources;
        let used = sources.iter().filter_map(|source| self.instead(source.id()));
        sources.iter().chain(used).map(Source::at).max()
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

    /// Whether its teams go: it is not void, or was only declared failed.
    pub(crate) const fn stands(&self) -> bool {
        matches!(self.void, None | Some(VoidReason::NotRevealed))
    }

    /// Whether it should have been drawn at this instant, and was not (Spec 17.5).
    #[must_use]
    pub fn overdue(&self, at: Instant) -> bool {
        let settled = self.void.is_some() && self.failed();
        let due = self.last_word().map(|last| last.unix().saturating_add(7 * 86_400));
        self.drawn.is_none() && !settled && due.is_some_and(|due| at.unix() > due)
    }

    /// Why it is void.
    #[must_use]
    pub const fn void(&self) -> Option<VoidReason> {
        self.void
    }

    /// Whether disclosure is deferred, and its day has passed at this instant.
    pub(super) fn reveal_passed(&self, at: Instant) -> bool {
        match &self.seal.disclosure {
            Disclosure::Immediate {} => false,
            Disclosure::Deferred { reveal_by } => at.day().is_none_or(|day| day > *reveal_by),
        }
    }

    /// The last entry about it that decides: its seal, its draw or its void.
    pub(crate) const fn decided(&self) -> u64 {
        self.last_word_of
    }

    /// Whether it is drawn, and only the office knows how.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.drawn.is_some() && self.deferred() && self.secret.is_none()
    }

    /// Whether its record should be public at this instant.
    pub(crate) fn is_due(&self, at: Instant) -> bool {
        !self.deferred() || self.reveal_passed(at)
    }

    /// Whether a source was declared silent.
    #[must_use]
    pub fn is_silent(&self, source: &Code) -> bool {
        self.silent.contains_key(source)
    }

    /// What was entered as the value of a source, or of a fallback.
    #[must_use]
    pub fn value(&self, source: &Code) -> Option<&BeaconValue> {
        self.values.get(source)
    }

    /// Entries that witnesses must have seen before an instant: the seal before chance speaks; whatever could be chosen by who knows what
    /// speaks next (Spec 19, `witnesses`).
    pub(crate) fn to_be_witnessed(&self) -> Vec<(u64, Instant)> {
        let first = self.seal.beacon.sources.iter().map(Source::at).min();
        let mut asked: Vec<(u64, Instant)> = first.map(|first| (self.number, first)).into_iter().collect();
        asked.extend(self.must_precede.iter().copied());
        asked
    }

    /// Whether its secret should be known at this instant, and is not (Spec 17.5).
    #[must_use]
    pub fn undisclosed(&self, at: Instant) -> bool {
        let declared = self.void == Some(VoidReason::NotRevealed);
        self.drawn.is_some() && self.secret.is_none() && !declared && self.reveal_passed(at)
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
    pub(super) chances: BTreeSet<(u8, String, String)>,
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
                attempt.silent.insert(source.clone(), entry.at);
                attempt.silences.insert(source.clone(), number);
            }
            Content::Drawn { attempt, draw, drawn, record } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.drawn = Some((*drawn, *record, entry.at));
                attempt.last_word_of = number;
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
                let first = attempt.seal.beacon.sources.iter().map(Source::at).min();
                if let Some(first) = first.filter(|_| free && !attempt.chance_spoke(entry.at)) {
                    attempt.must_precede.push((number, first));
                }
                attempt.void = Some(*reason);
                attempt.last_word_of = number;
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
