//! What stands after some entries of a ledger (Spec 17.3 to 17.5): all that the rules ask of it for an
//! entry that does not look back. It does not grow with what happened, only with the draws and the
//! institutions, so an office can keep it beside the lines and go on from it.

use super::attempt::{Attempt, DropOutEntry, Silence};
use super::entry::{Content, Correction, DroppedOut, Entry, Opened, Replaced};
use super::journal::{Journal, Tally};
use super::past::Past;
use super::reason::{Published, VoidReason};
use super::refusal::{Refusal, Rule};
use super::times::Made;
use super::untold;
use super::year::{LoggedRegister, Received, YearRegister};
use crate::beacon::missing_shares;
use crate::bytes::{Digest, SaltKey, Suite};
use crate::calendar::{Date, Instant};
use crate::cycle::{Cycle, Event, EventError, History};
use crate::disclosure::DrawnDocument;
use crate::id::{Code, InspectorId};
use crate::message::{Coded, said};
use crate::policy::{PublicChance, Source};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A day in seconds.
const DAY: i64 = 86_400;

/// What is known besides the lines: the cycle with which a ledger begins, and what the draw of an entry is to
/// the cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Documents<'a> {
    pub(crate) opening: Option<&'a (Cycle, SaltKey)>,
    pub(crate) drawn: Option<&'a DrawnDocument>,
}

/// What stands after some entries of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Present {
    pub(super) opened: Option<Opened>,
    pub(super) number: u64,
    pub(super) head: Digest,
    pub(super) at: Option<Instant>,
    /// Policies that were adopted and not sealed yet: for each entry its register and batch, if it names one.
    pub(super) policies: BTreeMap<Digest, Vec<Option<(u64, u64)>>>,
    /// The registers of the years' draws.
    pub(super) registers: Vec<YearRegister>,
    /// The number of lines of each log of a register.
    pub(super) logs: BTreeMap<LoggedRegister, u64>,
    /// The last checkpoint of each ledger below, size and root, by origin.
    pub(super) below: BTreeMap<String, (u64, Digest)>,
    /// Chances that seals have named.
    pub(super) chances: BTreeSet<PublicChance>,
    pub(super) attempts: Vec<Attempt>,
    /// Visits of people in this cycle, drawn or not, as amended.
    loads: BTreeMap<InspectorId, u64>,
    /// The entry that last closed a cycle.
    pub(super) closed: u64,
    /// Inspections outside draws that move exclusions and rotation, by entry, and the policy that was adopted
    /// next.
    moving: Vec<(u64, Option<Instant>)>,
    /// Corrections of a clock, and the instant before which witnesses must have seen each.
    clocks: Vec<(u64, Instant)>,
    /// `None` once the document of a draw is missing.
    pub(super) cycle: Option<Cycle>,
    pub(super) journal: Journal,
}

impl Default for Present {
    fn default() -> Self {
        Self {
            opened: None,
            number: 0,
            head: Digest::ZERO,
            at: None,
            policies: BTreeMap::new(),
            registers: Vec::new(),
            logs: BTreeMap::new(),
            below: BTreeMap::new(),
            chances: BTreeSet::new(),
            attempts: Vec::new(),
            loads: BTreeMap::new(),
            closed: 0,
            moving: Vec::new(),
            clocks: Vec::new(),
            cycle: Some(Cycle::default()),
            journal: Journal::default(),
        }
    }
}

impl Present {
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

    /// The cycle, if the document of every draw was given.
    #[must_use]
    pub fn cycle(&self) -> Option<&Cycle> {
        self.cycle.as_ref()
    }

    /// Visits that officers and experts have made in this cycle, drawn or not, as amended.
    #[must_use]
    pub const fn loads(&self) -> &BTreeMap<InspectorId, u64> {
        &self.loads
    }

    /// Entries by which an inspection outside any draw moves exclusions and rotation, each with the instant
    /// of the policy that was adopted next: witnesses must have seen it before.
    pub(crate) fn inspections_to_be_witnessed(&self) -> impl Iterator<Item = (u64, Instant)> {
        self.moving.iter().filter_map(|(number, policy)| Some((*number, (*policy)?)))
    }

    /// Lists and statistics.
    #[must_use]
    pub const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Entries of no attempt that witnesses must have seen before an instant (Spec 19, `witnesses`).
    pub(crate) fn to_be_witnessed(&self) -> &[(u64, Instant)] {
        &self.clocks
    }

    /// Takes in an entry that `rules` let pass. `line` is its digest. A document with another digest than the
    /// one entered is ignored. Without the past only an entry that does not look back is taken in.
    ///
    /// # Errors
    /// Rule [`Rule::Cycle`]; present and past are then as they were.
    pub(super) fn apply(
        &mut self,
        mut past: Option<&mut Past>,
        entry: &Entry,
        line: Digest,
        documents: Documents<'_>,
    ) -> Result<(), Refusal> {
        if untold::attempt_of(&self.attempts, &entry.entry).is_some() {
            if let Some(past) = past {
                past.pass_over(self.made(entry));
            }
            untold::pass_over(&mut self.attempts, entry);
            self.cycle = None;
            let tally = self.journal.actors.entry(entry.actor.clone()).or_default();
            tally.add(&Tally { entries: 1, ..Tally::default() });
        } else {
            self.move_cycle(past.as_deref_mut(), entry, documents)?;
            let was = past.and_then(|past| past.enter(entry, self.made(entry)));
            self.enter(entry, was.as_ref());
        }
        self.number = entry.number;
        self.head = line;
        self.at = Some(entry.at);
        Ok(())
    }

    /// When an entry is made, and when it could have been made at the earliest.
    fn made(&self, entry: &Entry) -> Made {
        let attempt = |draw: &u64, attempt: &u64| self.attempt(*draw, *attempt);
        let (mut due, mut after) = (None, None);
        match &entry.entry {
            Content::Beacon { attempt: number, draw, value } => {
                let plan = attempt(draw, number).map(|attempt| &attempt.seal.beacon);
                let source = plan.and_then(|plan| plan.all().find(|source| source.id() == &value.source));
                due = source.map(Source::at);
            }
            Content::Silent { approval: _, attempt: number, draw, evidence: _, source } => {
                due = attempt(draw, number).and_then(|attempt| attempt.silent_from(source));
            }
            Content::Void { approval: _, attempt: number, draw, evidence: _, reason } => {
                let deferred = attempt(draw, number).filter(|_| *reason == VoidReason::NotRevealed);
                after = deferred.and_then(|attempt| attempt.seal.disclosure.reveal_by());
            }
            Content::Opened(_)
            | Content::Registered { .. }
            | Content::Imported { .. }
            | Content::Received(_)
            | Content::Policy { .. }
            | Content::Sealed { .. }
            | Content::Drawn { .. }
            | Content::Assigned { .. }
            | Content::Disclosed { .. }
            | Content::Published { .. }
            | Content::Visited(_)
            | Content::Missed(_)
            | Content::Replaced(_)
            | Content::DroppedOut(_)
            | Content::Reassigned(_)
            | Content::Inspected(_)
            | Content::Closed { .. }
            | Content::CycleClosed { .. }
            | Content::Clock { .. }
            | Content::Amended { .. } => {}
        }
        Made { at: entry.at, date: entry.entry.facts().date, due, after }
    }

    /// The event that an entry is to the cycle. `Err` where the document of a draw is missing.
    fn event(&self, entry: &Entry, drawn: Option<&DrawnDocument>) -> Result<Option<Event>, ()> {
        let date = entry.at.day();
        Ok(match &entry.entry {
            Content::Drawn { attempt, draw, drawn: digest, record: _ } => {
                let attempt = self.attempt(*draw, *attempt).filter(|attempt| attempt.void.is_none());
                let Some(attempt) = attempt else { return Ok(None) };
                let known = drawn.filter(|document| document.digest(attempt.seal.suite) == *digest);
                Some(Event::Drawn(known.ok_or(())?.event()))
            }
            Content::Void { approval: _, attempt, draw, evidence: _, reason: given } => {
                let last = self.attempts.last().filter(|last| last.name() == (*draw, *attempt));
                let reason = Code::parse(given.as_str()).expect("a code");
                let voided = |date| Event::Voided { date, draw: *draw, reason };
                let taken_back = *given != VoidReason::NotRevealed;
                last.filter(|last| last.drawn.is_some() && taken_back).and(date).map(voided)
            }
            Content::Replaced(Replaced { by, date, draw, reason, unit, .. }) => {
                let reason = Code::parse(reason.as_str()).expect("a code");
                Some(Event::Replaced { by: by.clone(), date: *date, draw: *draw, reason, unit: unit.clone() })
            }
            Content::Visited(visited) => Some(visited.event()),
            Content::Missed(missed) => Some(missed.event()),
            Content::Inspected(inspected) => Some(inspected.event()),
            Content::CycleClosed { approval: _ } => Some(Event::CycleClosed {}),
            // An amendment changes an earlier event: see `move_cycle`.
            Content::Amended { .. }
            | Content::Closed { .. }
            | Content::Clock { .. }
            | Content::Opened(_)
            | Content::Registered { .. }
            | Content::Imported { .. }
            | Content::Received(_)
            | Content::Policy { .. }
            | Content::Sealed { .. }
            | Content::Beacon { .. }
            | Content::Silent { .. }
            | Content::Assigned { .. }
            | Content::Disclosed { .. }
            | Content::Published { .. }
            | Content::DroppedOut(_)
            | Content::Reassigned(_) => None,
        })
    }

    /// Moves the cycle on; it stays as it was where the entry is nothing to it, or refused.
    fn move_cycle(
        &mut self,
        past: Option<&mut Past>,
        entry: &Entry,
        documents: Documents<'_>,
    ) -> Result<(), Refusal> {
        let refuse = |error: &EventError| {
            let (what, expected) = ("the event of the cycle", "one that follows");
            Refusal::new(entry, Rule::Cycle, "ledger.cycle.event", what, expected, error.message())
        };
        if self.cycle.is_none() {
            return Ok(());
        }
        let history = past.map(|past| &mut past.history);
        if let Content::Opened(Opened { cycle: Some(begins), suite, .. }) = &entry.entry {
            let known = documents.opening.filter(|(cycle, key)| cycle.digest(*suite, key) == *begins);
            if let Some((cycle, _)) = known.filter(|(cycle, _)| !cycle.is_opening()) {
                let (last, open) = (cycle.last_draw(), cycle.open().len());
                let found = said!("found.begun_cycle", "last {last} and {open} open draws", last, open);
                let expected = "last 0 and no open draw: numbers belong to the ledger of the draw";
                return Err(Refusal::new(
                    entry,
                    Rule::Cycle,
                    "ledger.cycle.opening",
                    "the opening cycle",
                    expected,
                    found,
                ));
            }
            self.cycle = known.map(|(cycle, _)| cycle.clone());
            if let Some(history) = history {
                *history = known.map(|(cycle, _)| History::new(cycle.clone())).unwrap_or_default();
            }
            return Ok(());
        }
        let event = self.event(entry, documents.drawn);
        let Some(cycle) = &mut self.cycle else { return Ok(()) };
        let Ok(event) = event else {
            self.cycle = None;
            if let Some(history) = history {
                *history = History::default();
            }
            return Ok(());
        };
        if let Content::Amended { amends, entry: now, .. } = &entry.entry {
            let Some(history) = history else { return Ok(()) };
            return history.amend(cycle, *amends, now.event()).map_err(|error| refuse(&error));
        }
        let Some(event) = event else { return Ok(()) };
        if let (Content::Drawn { draw, .. }, Event::Drawn(document)) = (&entry.entry, &event)
            && document.draw != *draw
        {
            let (code, what) = ("ledger.cycle.draw", "the draw of its document");
            return Err(Refusal::new(entry, Rule::Cycle, code, what, *draw, document.draw));
        }
        let settled = cycle.step(&event).map_err(|error| refuse(&error))?;
        if let Some(history) = history {
            history.push(entry.number, event, &settled);
        }
        Ok(())
    }

    fn attempt_mut(&mut self, draw: u64, attempt: u64) -> &mut Attempt {
        let known = self.attempts.iter_mut().find(|known| known.name() == (draw, attempt));
        known.expect("checked before")
    }

    fn latest_mut(&mut self, draw: u64) -> &mut Attempt {
        self.attempts.iter_mut().rfind(|known| known.seal.sequence == draw).expect("checked before")
    }

    /// The attempt at a draw that stood when an entry was made.
    pub(super) fn stood(&self, draw: u64, entry: u64) -> Option<&Attempt> {
        self.attempts.iter().rfind(|known| known.seal.sequence == draw && known.number < entry)
    }

    /// Counts the visits of the draw again where an amendment takes an entry back, or lets it count again.
    fn recount(&mut self, amends: u64, was: Option<&Correction>, now: &Correction) {
        let (draw, unit) = now.about();
        let stood = |known: &&mut Attempt| Some(known.seal.sequence) == draw && known.number < amends;
        let Some(attempt) = self.attempts.iter_mut().rfind(stood) else { return };
        match (was.and_then(Correction::event).is_some(), now.event().is_some()) {
            (true, false) => drop(attempt.done.remove(unit)),
            (false, true) => drop(attempt.done.insert(unit.clone())),
            (true, true) | (false, false) => {}
        }
    }

    /// Notes an entry by which an inspection outside any draw moves exclusions and rotation, or no longer
    /// does.
    fn note_moving(&mut self, number: u64) {
        self.moving.push((number, None));
        self.journal.moving_inspections.push(number);
    }

    /// Counts a visit of a team, or one less.
    fn count(&mut self, team: &[InspectorId], more: bool) {
        for id in team {
            let visits = self.loads.entry(id.clone()).or_default();
            *visits = if more { visits.saturating_add(1) } else { visits.saturating_sub(1) };
            if *visits == 0 {
                self.loads.remove(id);
            }
        }
    }

    /// Takes in an entry that was checked: what each kind changes and adds to the journal, and when it is
    /// late (Spec 17.5). `was` is what an amendment changes.
    fn enter(&mut self, entry: &Entry, was: Option<&Correction>) {
        let number = entry.number;
        let day_after = |due: Instant| entry.at.unix() > due.unix().saturating_add(DAY);
        let week_after = |date: Date| entry.at.day().is_some_and(|day| day.days_since(date) > 7);
        let mut late = false;
        let mut done = Tally { entries: 1, ..Tally::default() };
        match &entry.entry {
            Content::Opened(opened) => self.opened = Some(opened.clone()),
            Content::Registered { approval: _, batches, programme } => {
                self.journal.registers.push(number);
                let (batches, programme) = (batches.clone(), *programme);
                self.registers.push(YearRegister { number, at: entry.at, batches, programme });
            }
            Content::Imported { head: _, size, what } => drop(self.logs.insert(*what, *size)),
            Content::Received(Received { attempt: _, draw: _, origin, root, size }) => {
                self.journal.received.push(number);
                self.below.insert(origin.clone(), (*size, *root));
            }
            Content::Policy { approval: _, batch, despite, policy } => {
                self.journal.despite.extend(despite.as_ref().map(|_| number));
                let register = YearRegister::standing(&self.registers, self.closed);
                let batch = register.map(YearRegister::number).zip(*batch);
                self.policies.entry(*policy).or_default().push(batch);
                for (_, next) in self.moving.iter_mut().rev().take_while(|(_, next)| next.is_none()) {
                    *next = Some(entry.at);
                }
            }
            Content::Sealed { seal } => {
                done.seals = 1;
                if seal.attempt > 1 {
                    self.journal.further_attempts.push(number);
                }
                self.chances.extend(seal.beacon.all().flat_map(Source::chances));
                let batch = self.policies.get_mut(&seal.policy).and_then(Vec::pop).flatten();
                if batch.is_none() {
                    self.journal.outside.push(number);
                }
                self.attempts.push(Attempt::new(number, (**seal).clone(), batch));
            }
            Content::Beacon { attempt, draw, value } => {
                if let Some(missing) =
                    u64::try_from(missing_shares(value)).ok().filter(|missing| *missing > 0)
                {
                    self.journal.missing_shares.push((number, missing));
                }
                let attempt = self.attempt_mut(*draw, *attempt);
                let source = attempt.seal.beacon.all().find(|source| source.id() == &value.source);
                late = source.is_some_and(|source| day_after(source.at()));
                attempt.enter_value(number, value);
            }
            Content::Silent { approval: _, attempt, draw, evidence: _, source } => {
                self.journal.silent.push(number);
                let attempt = self.attempt_mut(*draw, *attempt);
                let round = attempt.seal.beacon.all().any(|known| known.id() == source && known.is_round());
                late = attempt.silent_from(source).is_some_and(day_after);
                attempt.silences.push(Silence { source: source.clone(), number, at: entry.at });
                self.journal.silent_rounds.extend(round.then_some(number));
            }
            Content::Drawn { attempt, draw, drawn, record } => {
                done.draws = 1;
                let attempt = self.attempt_mut(*draw, *attempt);
                late = attempt.last_due().is_some_and(day_after);
                attempt.drawn = Some((*drawn, *record, entry.at));
                attempt.decided = number;
            }
            Content::Assigned { attempt, draw, visits } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                late = attempt.drawn_at().is_some_and(day_after);
                attempt.assigned = Some(visits.clone());
                attempt.visits = Some(visits.clone());
            }
            Content::Disclosed { attempt, draw, secret } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                late = attempt.reveal_passed(entry.at);
                attempt.secret = Some(secret.clone());
            }
            Content::Published { attempt, digest: _, draw, files: _, what, place: _ } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                attempt.record_published |= *what == Published::Record;
                if *what == Published::Seal && attempt.seal_published.is_none() {
                    attempt.seal_published = Some((number, entry.at));
                    late = attempt.published_late().is_some();
                }
            }
            Content::Visited(visited) => {
                late = week_after(visited.date);
                self.journal.barred.extend(visited.barred.as_ref().map(|_| number));
                let attempt = self.latest_mut(visited.draw);
                attempt.visited = true;
                attempt.done.insert(visited.unit.clone());
                self.count(&visited.team, true);
            }
            Content::Missed(missed) => {
                late = week_after(missed.date);
                self.journal.misses.push(number);
                self.latest_mut(missed.draw).done.insert(missed.unit.clone());
            }
            Content::Inspected(inspected) => {
                late = week_after(inspected.date);
                self.journal.inspections.push(number);
                self.journal.barred.extend(inspected.barred.as_ref().map(|_| number));
                if inspected.moves() {
                    self.note_moving(number);
                }
                self.count(&inspected.team, true);
            }
            Content::Replaced(replaced) => {
                late = week_after(replaced.date);
                done.replacements = 1;
                self.journal.replacements.push(number);
                if replaced.passed.is_some() || !replaced.unavailable.is_empty() {
                    self.journal.beyond_reserves.push(number);
                }
                let attempt = self.latest_mut(replaced.draw);
                attempt.visits = Some(replaced.visits.clone());
                attempt.done.insert(replaced.unit.clone());
                attempt.stand_ins.insert(replaced.by.clone());
            }
            Content::DroppedOut(DroppedOut { draw, out, .. }) => {
                let attempt = self.latest_mut(*draw);
                let again = attempt.was_out(out) || attempt.came.contains(out);
                attempt.drop_outs.push(DropOutEntry { number, out: out.clone(), settled: false });
                self.journal.drop_outs.push(number);
                if again {
                    self.journal.again_out.push(number);
                }
            }
            Content::Reassigned(reassigned) => {
                done.reassignments = 1;
                self.journal.reassignments.push(number);
                let attempt = self.latest_mut(reassigned.draw);
                attempt.visits = Some(reassigned.visits.clone());
                let strict = attempt.is_unusual(reassigned);
                let known = attempt.drop_outs.iter_mut().find(|known| known.number == reassigned.entry);
                known.expect("checked before").settled = true;
                attempt.came.extend(reassigned.moves.iter().map(|step| step.by.clone()));
                if strict {
                    self.journal.beyond_reserves.push(number);
                }
            }
            Content::Void { approval: _, attempt, draw, evidence: _, reason } => {
                let attempt = self.attempt_mut(*draw, *attempt);
                let value_known = attempt.value_known(entry.at);
                // A void that claims to be older than the first value must have been witnessed before it.
                let first = attempt.seal.beacon.first_at();
                if let Some(first) = first.filter(|_| reason.is_by_choice() && !value_known) {
                    attempt.must_precede.push((number, first));
                }
                attempt.void = Some(*reason);
                attempt.void_unseen = !value_known;
                attempt.decided = number;
                (done.voids_after, done.voids_before) = (u64::from(value_known), u64::from(!value_known));
                self.journal.voids.push((number, value_known));
            }
            Content::Closed { content: _, draw: _, visits: _ } => {}
            Content::CycleClosed { approval: _ } => {
                self.journal.closings.push(number);
                self.closed = number;
                self.loads.clear();
                self.attempts.iter_mut().for_each(|attempt| attempt.closed = true);
            }
            Content::Clock { approval: _, evidence: _, from: _ } => {
                self.journal.clocks.push(number);
                self.attempts.iter_mut().for_each(|attempt| attempt.correct_clock(entry.at));
                self.clocks.push((number, entry.at.later(DAY.unsigned_abs())));
            }
            Content::Amended { amends, approval: _, entry, evidence: _, reason: _ } => {
                done.amendments = 1;
                self.journal.amendments.push(number);
                self.journal.barred.extend(entry.barred().map(|_| number));
                if matches!(entry, Correction::Withdrawn(_)) {
                    self.journal.withdrawals.push(number);
                }
                if entry.moves() || was.is_some_and(Correction::moves) {
                    self.note_moving(number);
                }
                self.recount(*amends, was, entry);
                if *amends > self.closed {
                    self.count(was.map_or(&[][..], Correction::team), false);
                    self.count(entry.team(), true);
                }
            }
        }
        if late {
            done.late = 1;
            self.journal.late.push(number);
        }
        self.journal.actors.entry(entry.actor.clone()).or_default().add(&done);
    }
}
