//! The rules of a ledger: which entry may follow, one function for each kind (Spec 17.3).

use super::attempt::Attempt;
use super::entry::{Content, Entry, Inspected, Opened, Visited};
use super::next::NextEntry;
use super::reason::{Approval, Despite, Level, Published};
use super::refusal::{Refusal, Rule, broken};
use super::year::{EarlierLedger, Received, RegisteredBatch, YearRegister};
use super::{closing, past::Past, present::Present, untold};
use crate::beacon::{self, BeaconValue};
use crate::bytes::Digest;
use crate::cycle::ascends;
use crate::id::Code;
use crate::message::said;
use crate::note::{self, KeyKind, NoteKey, is_origin};
use crate::odds::ONE;
use crate::policy::Source;
use crate::seal::{Difference, Seal, Secret};
use crate::table::readable;

/// Half a year (180 days) in seconds.
const HALF_YEAR: i64 = 180 * 86_400;

/// Holds an entry against the rules.
///
/// # Errors
/// The first rule that it breaks, in the order of Spec 17.3.
pub(super) fn check(known: (&Present, Option<&Past>), entry: &Entry, closed: bool) -> Result<(), Refusal> {
    NextEntry { state: known.0, past: known.1, entry }.check(closed)
}

impl<'a> NextEntry<'a> {
    fn check(&self, closed: bool) -> Result<(), Refusal> {
        let Self { state, past: _, entry } = *self;
        if let Some(refusal) = broken(entry, state.number, state.head) {
            return Err(refusal);
        }
        // The correction of a clock has a rule of its own.
        if let Some(last) = state.at.filter(|_| !matches!(entry.entry, Content::Clock { .. })) {
            self.hold(
                entry.at >= last,
                Rule::Times,
                "ledger.times.back",
                "at",
                said!("expected.not_before", "not before {at}", at = last),
                entry.at,
            )?;
        }
        self.hold(
            matches!(entry.entry, Content::Opened(_)) == state.opened.is_none(),
            Rule::Opening,
            "ledger.opening.first",
            "the first entry",
            "the opening, and no other entry is",
            entry.number,
        )?;
        let facts = entry.entry.facts();
        if let Some(approval) = facts.approval {
            self.hold(
                approval.by != entry.actor,
                Rule::Approval,
                "ledger.approval.by",
                "who approves",
                "another than the actor",
                &approval.by,
            )?;
        }
        if let Some((date, day)) = facts.date.zip(entry.at.day()) {
            let most = said!("expected.day_after", "at most one day after {day}", day);
            self.hold(date.days_since(day) <= 1, Rule::Times, "ledger.times.future", "date", most, date)?;
        }
        // There is one spelling of everything.
        let expected = "ascending, without repetition, a team not empty, and no 0 that is left out";
        self.hold(
            facts.ascends,
            Rule::Visits,
            "ledger.visits.lists",
            "its lists",
            expected,
            "another order",
        )?;
        if let Some((draw, attempt)) = facts.attempt {
            self.sealed_attempt(draw, attempt)?;
        }
        if let Some(draw) = facts.visits_of {
            self.stands(draw, facts.date)?;
        }
        closing::check(state, entry, closed)?;
        match untold::attempt_of(&state.attempts, &entry.entry) {
            None => self.content(),
            Some(attempt) => self.is_of(attempt),
        }
    }

    /// The rules of each kind.
    fn content(&self) -> Result<(), Refusal> {
        match &self.entry.entry {
            Content::Opened(opened) => self.opened(opened),
            Content::Registered { approval, batches, programme: _ } => self.registered(approval, batches),
            Content::Imported { head: _, size, what } => {
                let before = self.state.logs.get(what).copied().unwrap_or(0);
                let expected = said!("expected.above", "above {before}", before);
                self.hold(
                    *size > before,
                    Rule::Register,
                    "ledger.register.grows",
                    "the lines of the log",
                    expected,
                    size,
                )
            }
            Content::Received(received) => {
                self.received(self.sealed_attempt(received.draw, received.attempt)?, received)
            }
            Content::Policy { approval, batch, despite, policy: _ } => {
                self.adopted(approval, *batch)?;
                despite.as_ref().map_or(Ok(()), |despite| self.despite(despite))
            }
            Content::Sealed { seal } => self.sealed(seal),
            Content::Beacon { attempt, draw, value } => {
                self.beacon(self.sealed_attempt(*draw, *attempt)?, value)
            }
            Content::Silent { approval, attempt, draw, evidence: _, source } => {
                self.silent(self.sealed_attempt(*draw, *attempt)?, source)?;
                self.level(approval, Level::Superior)
            }
            Content::Drawn { attempt, draw, drawn: _, record: _ } => {
                self.drawn(self.sealed_attempt(*draw, *attempt)?)
            }
            Content::Assigned { attempt, draw, visits: _ } => {
                self.assigned(self.sealed_attempt(*draw, *attempt)?)
            }
            Content::Disclosed { attempt, draw, secret } => {
                self.disclosed(self.sealed_attempt(*draw, *attempt)?, secret)
            }
            Content::Published { attempt, digest, draw, files: _, what, place } => {
                self.published(self.sealed_attempt(*draw, *attempt)?, *what, digest, place)
            }
            Content::Visited(Visited { barred, draw, evidence, team, unit, .. }) => {
                self.visit_is_due(*draw, unit)?;
                barred.as_ref().map_or(Ok(()), |barred| self.barred(barred, team, *evidence))
            }
            Content::Missed(missed) => {
                self.visit_is_due(missed.draw, &missed.unit)?;
                self.level(&missed.approval, Level::Authority)
            }
            Content::Replaced(replaced) => self.replaced(replaced),
            Content::DroppedOut(entered) => self.dropped_out(entered),
            Content::Reassigned(reassigned) => self.reassigned(reassigned),
            Content::Inspected(Inspected { approval, barred, evidence, team, .. }) => {
                self.level(approval, Level::Office)?;
                barred.as_ref().map_or(Ok(()), |barred| self.barred(barred, team, *evidence))
            }
            Content::Void { approval, attempt, draw, evidence: _, reason } => {
                self.void(self.sealed_attempt(*draw, *attempt)?, approval, *reason)
            }
            Content::Closed { .. } => Ok(()),
            Content::CycleClosed { approval } => self.cycle_closed(approval),
            Content::Clock { approval, evidence: _, from } => self.clock(approval, *from),
            Content::Amended { amends, approval, entry, evidence: _, reason: _ } => {
                self.amended(*amends, approval, entry)
            }
        }
    }

    /// The attempt that an entry names.
    fn sealed_attempt(&self, draw: u64, attempt: u64) -> Result<&'a Attempt, Refusal> {
        let name = || said!("found.draw", "draw {draw}, attempt {attempt}", draw, attempt);
        self.state.attempt(draw, attempt).map_or_else(
            || {
                self.refuse(
                    Rule::Sequence,
                    "ledger.sequence.sealed",
                    "the draw",
                    "one that was sealed",
                    name(),
                )
            },
            Ok,
        )
    }

    fn drawn(&self, attempt: &Attempt) -> Result<(), Refusal> {
        let once = "not computed before";
        self.hold(
            attempt.drawn.is_none(),
            Rule::Draw,
            "ledger.draw.drawn_before",
            "the draw",
            once,
            "already computed",
        )?;
        let expected = "a value of every source or of its fallback, and no failed attempt";
        let found = "a source that has not reported yet, or a failed attempt";
        self.hold(attempt.values().is_some(), Rule::Draw, "ledger.draw.sources", "the draw", expected, found)
    }

    fn assigned(&self, attempt: &Attempt) -> Result<(), Refusal> {
        let ready = attempt.drawn.is_some() && attempt.stands();
        let expected = "those of a draw that is computed and stands";
        self.hold(
            ready,
            Rule::Draw,
            "ledger.draw.teams_of",
            "the teams",
            expected,
            "a draw that is not computed, or void",
        )?;
        self.hold(
            attempt.visits.is_none(),
            Rule::Draw,
            "ledger.draw.teams_before",
            "the teams",
            "not made before",
            "already made",
        )
    }

    fn disclosed(&self, attempt: &Attempt, secret: &Secret) -> Result<(), Refusal> {
        let ready = attempt.deferred() && attempt.drawn.is_some();
        let (expected, found) = ("that of a deferred draw that is computed", "another draw");
        self.hold(ready, Rule::Disclosure, "ledger.disclosure.draw", "the secret", expected, found)?;
        let once = "not disclosed before";
        self.hold(
            attempt.secret.is_none(),
            Rule::Disclosure,
            "ledger.disclosure.before",
            "the secret",
            once,
            "already disclosed",
        )?;
        let found = secret.commitment(attempt.seal.suite);
        let sealed = attempt.seal.secret.unwrap_or(Digest::ZERO);
        self.same(
            Rule::Disclosure,
            "ledger.disclosure.commitment",
            "the commitment to the secret",
            sealed,
            found,
        )
    }

    fn cycle_closed(&self, approval: &Approval) -> Result<(), Refusal> {
        self.level(approval, Level::Authority)?;
        let open =
            |attempt: &&Attempt| attempt.drawn.is_none() && !(attempt.failed() && attempt.void.is_some());
        if let Some(open) = self.state.attempts.iter().find(open) {
            let draw = open.seal.sequence;
            let found = said!("found.not_computed", "draw {draw} is not computed", draw);
            return self.refuse(
                Rule::Cycle,
                "ledger.cycle.not_drawn",
                "the end of the cycle",
                "after every draw",
                found,
            );
        }
        let mut running = self.state.attempts.iter().filter(|a| a.drawn.is_some() && a.is_running());
        match running.find(|a| a.assigned.is_none() || (a.untold.is_empty() && a.pending() > 0)) {
            None => Ok(()),
            Some(open) => {
                let draw = open.seal.sequence;
                let found = match open.assigned {
                    None => said!("found.not_assigned", "draw {draw} is not assigned", draw),
                    Some(_) => {
                        let visits = open.pending();
                        said!("found.visits_to_come", "draw {draw} has {visits} visits to come", draw, visits)
                    }
                };
                self.refuse(
                    Rule::Cycle,
                    "ledger.cycle.open_visits",
                    "the end of the cycle",
                    "after every visit",
                    found,
                )
            }
        }
    }

    /// The right time of entries that were made under a wrong clock: each of them could have been made then.
    fn clock(&self, approval: &Approval, from: u64) -> Result<(), Refusal> {
        let Self { state, past, entry } = *self;
        let times = past.map(|past| &past.times);
        let before = times.and_then(|times| times.at(from).and(times.at(from.checked_sub(1)?)));
        let Some((times, before)) = times.zip(before) else {
            let expected = "an earlier entry, and not the first";
            return self.refuse(
                Rule::Times,
                "ledger.times.clock_entry",
                "the entry made under a wrong clock",
                expected,
                from,
            );
        };
        let last = state.at.unwrap_or(before);
        let expected = said!("expected.between", "not before {before} and before {last}", before, last);
        let between = before <= entry.at && entry.at < last;
        self.hold(between, Rule::Times, "ledger.times.clock_between", "the right time", expected, entry.at)?;
        if let Some(number) = times.impossible(from, entry.at) {
            let expected = "one at which all these entries could have been made";
            let at = entry.at;
            let found = said!("found.too_early_for", "{at}, too early for entry {number}", at, number);
            return self.refuse(
                Rule::Times,
                "ledger.times.clock_too_early",
                "the right time",
                expected,
                found,
            );
        }
        self.level(approval, Level::Superior)
    }

    /// Findings of the check, and a reason to adopt the policy all the same.
    fn despite(&self, despite: &Despite) -> Result<(), Refusal> {
        let Despite { findings, reason } = despite;
        let expected = "at least one, and a reason of 1 to 200 characters";
        let sound = !findings.is_empty() && readable(reason);
        self.hold(sound, Rule::Policy, "ledger.policy.despite", "findings of the check", expected, reason)
    }

    fn opened(&self, opened: &Opened) -> Result<(), Refusal> {
        let Opened { authority, cycle, earlier, quorum, scope, witnesses, protocol: _, suite: _ } = opened;
        if let Some(EarlierLedger { origin, root: _, size }) = earlier {
            let another = is_origin(origin) && *origin != note::origin(authority, scope);
            let sound = another && *size > 0 && cycle.is_some();
            let expected = "the origin and the size of another ledger, and the cycle with which it ended";
            self.hold(
                sound,
                Rule::Opening,
                "ledger.opening.earlier",
                "the earlier ledger",
                expected,
                format!("{origin} {size}"),
            )?;
        }
        let keys: Vec<NoteKey> = witnesses.iter().filter_map(|text| NoteKey::parse(text).ok()).collect();
        let new = |place: usize| keys[..place].iter().all(|known| known.bytes() != keys[place].bytes());
        let sound = witnesses.len() <= 16
            && ascends(witnesses, |text| text)
            && keys.iter().all(|key| key.kind() == KeyKind::Witness)
            && keys.len() == witnesses.len()
            && (0..keys.len()).all(new);
        let expected = "at most 16 different keys of witnesses, ascending";
        self.hold(
            sound,
            Rule::Opening,
            "ledger.opening.witnesses",
            "witnesses",
            expected,
            witnesses.join(" "),
        )?;
        // Two quorums must share a witness, or two histories could be shown to two halves.
        let all = u64::try_from(witnesses.len()).unwrap_or(u64::MAX);
        let enough = quorum.is_none_or(|q| q <= all && q > all / 2);
        self.hold(
            enough,
            Rule::Opening,
            "ledger.opening.quorum",
            "quorum",
            "more than half of the witnesses",
            quorum.unwrap_or(0),
        )
    }

    /// A year has one register. To change it, or to begin another year after less than half a year, is for
    /// the superior.
    fn registered(&self, approval: &Approval, batches: &[RegisteredBatch]) -> Result<(), Refusal> {
        let sound = (1..=366).contains(&batches.len())
            && ascends(batches, |batch| &batch.batch)
            && batches.iter().all(|batch| batch.batch > 0)
            && batches.iter().map(|batch| u128::from(batch.share.get())).sum::<u128>() <= ONE.into();
        let expected =
            "1 to 366 batches, numbered ascending from 1 or above, with shares of at most 1 in sum";
        self.hold(sound, Rule::Batch, "ledger.batch.list", "the batches", expected, batches.len())?;
        let soon = |last: &YearRegister| self.entry.at.unix() < last.at.unix().saturating_add(HALF_YEAR);
        let again = self.state.register().is_some() || self.state.registers.last().is_some_and(soon);
        self.level(approval, if again { Level::Superior } else { Level::Authority })
    }

    /// The ledger of another authority only grows, and the draw that dispatched its picks stands.
    fn received(&self, attempt: &Attempt, received: &Received) -> Result<(), Refusal> {
        let Received { attempt: _, draw: _, origin, root, size } = received;
        let (expected, found) = ("one that is computed and stands", "a draw that is not computed, or void");
        let stands = attempt.drawn.is_some() && attempt.stands();
        self.hold(stands, Rule::Draw, "ledger.draw.received", "the draw", expected, found)?;
        let opened = self.state.opened.as_ref().expect("opened before");
        let another = is_origin(origin) && *origin != note::origin(&opened.authority, &opened.scope);
        let expected = "the origin of another ledger";
        self.hold(another, Rule::Register, "ledger.register.origin", "the ledger below", expected, origin)?;
        let before = self.state.below.get(origin);
        let (least, known) = before.map_or((1, None), |(size, root)| (*size, Some(root)));
        let expected = said!("expected.at_least", "at least {least}", least);
        self.hold(
            *size >= least,
            Rule::Register,
            "ledger.register.falls",
            "the lines of the ledger below",
            expected,
            size,
        )?;
        match known.filter(|known| *size == least && *known != root) {
            None => Ok(()),
            Some(known) => {
                let what = "the root of the ledger below";
                self.refuse(Rule::Register, "ledger.register.root", what, *known, *root)
            }
        }
    }

    /// A draw outside the register of the year is for the superior.
    fn adopted(&self, approval: &Approval, batch: Option<u64>) -> Result<(), Refusal> {
        let Some(batch) = batch else { return self.level(approval, Level::Superior) };
        let known = self.state.register().is_some_and(|register| register.batch(batch).is_some());
        let expected = "one of the register of this year's draws";
        self.hold(known, Rule::Batch, "ledger.batch.unknown", "the batch", expected, batch)?;
        self.level(approval, Level::Authority)
    }

    /// The batch that a policy names is still one of the year's, and no other draw has it.
    fn batch(&self, adopted: Option<(u64, u64)>, seal: &Seal) -> Result<(), Refusal> {
        let Some((register, batch)) = adopted else { return Ok(()) };
        let stands = self.state.register().is_some_and(|now| now.number() == register);
        let expected = "of the register that stands: the policy is to be adopted again";
        self.hold(
            stands,
            Rule::Batch,
            "ledger.batch.register",
            "the register of the batch",
            expected,
            said!("found.entry", "entry {register}", register),
        )?;
        let free = !self.state.batch_is_taken(batch, seal.sequence);
        self.hold(free, Rule::Batch, "ledger.batch.taken", "the batch", "one that no other draw has", batch)
    }

    fn sealed(&self, seal: &Seal) -> Result<(), Refusal> {
        let Self { state, past: _, entry } = *self;
        let opened = state.opened.as_ref().expect("opened before");
        self.same(
            Rule::Seal,
            "ledger.seal.authority",
            "the seal's authority",
            &opened.authority,
            &seal.authority,
        )?;
        self.same(Rule::Seal, "ledger.seal.scope", "the seal's scope", &opened.scope, &seal.scope)?;
        self.same(Rule::Seal, "ledger.seal.previous", "the seal's previous", entry.previous, seal.previous)?;
        self.same(Rule::Seal, "ledger.seal.sealed_at", "sealed_at", entry.at, seal.sealed_at)?;
        if let Err(Difference { what, expected, found }) = seal.in_time() {
            return self.refuse(Rule::Seal, "ledger.seal.time", *what, expected, found);
        }
        let kept = seal.check().is_ok() && seal.secret.is_some() == seal.is_deferred();
        let expected = "numbers from 1, and a commitment to a secret exactly where disclosure is deferred";
        self.hold(kept, Rule::Seal, "ledger.seal.form", "the seal", expected, "something else")?;
        let Some(adopted) = state.policies.get(&seal.policy).and_then(|entries| entries.last()) else {
            let expected = "one that was adopted for this seal";
            return self.refuse(
                Rule::Policy,
                "ledger.policy.not_adopted",
                "the policy",
                expected,
                seal.policy,
            );
        };
        if let Some(open) = state.attempts.iter().find(|attempt| !attempt.settled(attempt.failed())) {
            let (draw, attempt) = open.name();
            let found =
                said!("found.not_settled", "draw {draw}, attempt {attempt} is not settled", draw, attempt);
            return self.refuse(
                Rule::Sequence,
                "ledger.sequence.open_draw",
                "another seal",
                "after all draws before it",
                found,
            );
        }
        let (draw, attempt) = state.next();
        self.same(Rule::Sequence, "ledger.sequence.number", "the sequence number", draw, seal.sequence)?;
        self.same(Rule::Sequence, "ledger.sequence.attempt", "the attempt", attempt, seal.attempt)?;
        self.batch(*adopted, seal)?;
        match seal
            .beacon
            .all()
            .find(|source| source.chances().iter().any(|chance| state.chances.contains(chance)))
        {
            None => Ok(()),
            Some(again) => {
                self.refuse(Rule::Chance, "ledger.chance.used", "a source", "a chance of its own", again.id())
            }
        }
    }

    fn beacon(&self, attempt: &Attempt, value: &BeaconValue) -> Result<(), Refusal> {
        let plan = &attempt.seal.beacon;
        let known = |id: &Code| attempt.value(id).is_some();
        // A round of drand that was called silent may be found again: then the attempt is drawn after all.
        let speaks = |source: &&Source| !attempt.is_silent(source.id()) || source.is_round();
        let own = plan.sources.iter().find(|source| source.id() == &value.source && speaks(source));
        let instead = plan.sources.iter().filter_map(|source| attempt.instead(source.id()));
        let source = own.or(instead.into_iter().find(|source| source.id() == &value.source));
        let source = source.filter(|source| attempt.drawn.is_none() && !known(source.id()));
        let Some(source) = source else {
            let expected = "a source of the plan that has not reported yet, or the fallback of a silent one";
            return self.refuse(Rule::Beacon, "ledger.beacon.source", "the source", expected, &value.source);
        };
        if let Err(error) = beacon::check_one(attempt.seal.suite, source, value) {
            return self.refuse(Rule::Beacon, "ledger.beacon.value", "the value", "one of its source", error);
        }
        let due = said!("expected.not_before", "not before {at}", at = source.at());
        self.hold(
            self.entry.at >= source.at(),
            Rule::Dating,
            "ledger.dating.early",
            "at",
            due,
            self.entry.at,
        )?;
        let closes = plan.closes(source).filter(|_| !beacon::says_nothing(source, value));
        let Some(closes) = closes.filter(|closes| self.entry.at >= *closes) else { return Ok(()) };
        let expected = said!(
            "expected.before_next",
            "before {closes}, when the next source reports: whoever enters it later could choose it. The \
             source counts as silent now",
            closes
        );
        self.refuse(Rule::Dating, "ledger.dating.late", "at", expected, self.entry.at)
    }

    fn silent(&self, attempt: &Attempt, id: &Code) -> Result<(), Refusal> {
        let plan = &attempt.seal.beacon;
        let open = |source: &&Source| {
            let shares = matches!(source, Source::Shares { .. });
            let known = attempt.value(id).is_some() || attempt.is_silent(id);
            !shares && !known && attempt.drawn.is_none()
        };
        let own = plan.sources.iter().find(|source| source.id() == id);
        let instead = plan.fallbacks.iter().find(|f| f.source.id() == id && attempt.is_silent(&f.of));
        let Some(source) = own.or(instead.map(|fallback| &fallback.source)).filter(open) else {
            let expected = "one of the plan, no shares, of which nothing is known yet";
            return self.refuse(Rule::Beacon, "ledger.beacon.silent", "a silent source", expected, id);
        };
        let from = attempt.silent_from(id).unwrap_or(source.at());
        let expected = said!("expected.not_before", "not before {at}", at = from);
        self.hold(self.entry.at >= from, Rule::Dating, "ledger.dating.silent", "at", expected, self.entry.at)
    }

    fn published(
        &self,
        attempt: &Attempt,
        what: Published,
        digest: &Digest,
        place: &str,
    ) -> Result<(), Refusal> {
        let expected = match what {
            Published::Seal => Some(attempt.digest),
            Published::Record => attempt.record().filter(|_| !attempt.deferred() || attempt.secret.is_some()),
            Published::Results => Some(*digest).filter(|_| attempt.visited || !attempt.untold.is_empty()),
        };
        let Some(expected) = expected else {
            return self.refuse(
                Rule::Publication,
                "ledger.publication.nothing",
                "what is published",
                "something that is there",
                "nothing yet",
            );
        };
        self.same(Rule::Publication, "ledger.publication.digest", "what is published", expected, *digest)?;
        self.hold(
            readable(place),
            Rule::Publication,
            "ledger.publication.place",
            "where",
            "a text of 1 to 200 characters",
            place,
        )
    }
}
