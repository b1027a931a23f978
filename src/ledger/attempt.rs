//! One attempt at a draw, as the ledger shows it (Spec 17.3 and 17.5).

use super::entry::Reassigned;
use super::reason::VoidReason;
use crate::beacon::{self, BeaconValue};
use crate::bytes::Digest;
use crate::calendar::Instant;
use crate::disclosure::VisitsCommitment;
use crate::id::{Code, InspectorId, UnitId};
use crate::policy::{Disclosure, Source};
use crate::seal::{Seal, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Seconds after which an attempt that is not drawn is overdue, and from which on a round of drand may be
/// called silent: seven days (Spec 17.3 and 17.5).
const PATIENCE: u64 = 7 * 86_400;

/// A source of an attempt was declared silent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Silence {
    pub(super) source: Code,
    /// The entry.
    pub(super) number: u64,
    /// When it was made.
    pub(super) at: Instant,
}

/// One attempt at a draw, as the ledger shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    pub(super) number: u64,
    /// Number of its last entry of the kinds `sealed`, `drawn`, `void`.
    pub(super) decided: u64,
    pub(super) seal: Seal,
    pub(super) digest: Digest,
    /// The entry `registered` and the batch that its policy names.
    pub(super) batch: Option<(u64, u64)>,
    pub(super) values: Vec<BeaconValue>,
    pub(super) silences: Vec<Silence>,
    /// Digest of the drawn document and of the record, and when they were entered.
    pub(super) drawn: Option<(Digest, Digest, Instant)>,
    /// The visits as they were first assigned.
    pub(super) assigned: Option<VisitsCommitment>,
    pub(super) visits: Option<VisitsCommitment>,
    pub(super) secret: Option<Secret>,
    pub(super) record_published: bool,
    pub(super) void: Option<VoidReason>,
    /// Whether a visit of it was entered.
    pub(super) visited: bool,
    /// Entries that only count if they were made before an instant: values that people enter, silences and
    /// voids.
    pub(super) must_precede: Vec<(u64, Instant)>,
    /// Units that were visited, missed or replaced: nothing is to be visited there any more.
    pub(super) done: BTreeSet<UnitId>,
    /// Units that came in the place of another.
    pub(super) stand_ins: BTreeSet<UnitId>,
    /// Whether the cycle of its draw is closed.
    pub(super) closed: bool,
    /// When its seal was first entered as published, and by which entry.
    pub(super) seal_published: Option<(u64, Instant)>,
    /// Whether it was void before the first value was known.
    pub(super) void_unseen: bool,
    /// People who dropped out of it, in order.
    pub(super) drop_outs: Vec<DropOutEntry>,
    /// People who came into places of others.
    pub(super) came: BTreeSet<InspectorId>,
    /// Entries about its visits whose contents are not known.
    pub(super) untold: Vec<u64>,
}

/// A person dropped out of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DropOutEntry {
    /// The entry.
    pub(super) number: u64,
    pub(super) out: InspectorId,
    /// Whether the places were given on.
    pub(super) settled: bool,
}

impl Attempt {
    pub(super) fn new(number: u64, seal: Seal, batch: Option<(u64, u64)>) -> Self {
        let digest = seal.digest();
        Self {
            number,
            decided: number,
            seal,
            digest,
            batch,
            values: Vec::new(),
            silences: Vec::new(),
            drawn: None,
            assigned: None,
            visits: None,
            secret: None,
            record_published: false,
            void: None,
            visited: false,
            must_precede: Vec::new(),
            done: BTreeSet::new(),
            stand_ins: BTreeSet::new(),
            closed: false,
            seal_published: None,
            void_unseen: false,
            drop_outs: Vec::new(),
            came: BTreeSet::new(),
            untold: Vec::new(),
        }
    }

    /// Visits of the draw that are neither made nor missed, as far as the lines show: the number committed to
    /// by `assigned`, less those entered (a replacement takes one and gives one). 0 where nothing is to be
    /// visited: before `assigned`, after a void that takes back, after the end of the cycle.
    #[must_use]
    pub fn pending(&self) -> u64 {
        let size = self.assigned.as_ref().filter(|_| self.is_running()).map_or(0, |visits| visits.size);
        let entered = self.done.len().saturating_sub(self.stand_ins.len());
        size.saturating_sub(u64::try_from(entered).unwrap_or(u64::MAX))
    }

    /// Whether its visits can still be entered: it stands, and the cycle is not closed.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.stands() && !self.closed
    }

    /// The entry that published the seal at or after the first source's time.
    #[must_use]
    pub fn published_late(&self) -> Option<u64> {
        let first = self.seal.beacon.first_at()?;
        self.seal_published.filter(|(_, at)| *at >= first).map(|(number, _)| number)
    }

    /// Whether its first source has come at an instant and no entry says that the seal was published. An
    /// attempt that was void before needs none.
    #[must_use]
    pub fn never_published(&self, at: Instant) -> bool {
        let spoken = self.seal.beacon.first_at().is_some_and(|first| first <= at);
        spoken && self.seal_published.is_none() && !self.void_unseen
    }

    /// Enters a value that was checked.
    pub(super) fn enter_value(&mut self, number: u64, value: &BeaconValue) {
        let plan = &self.seal.beacon;
        let source = plan.all().find(|source| source.id() == &value.source);
        if let Some(source) = source.filter(|source| !beacon::says_nothing(source, value)) {
            self.must_precede.extend(plan.closes(source).map(|closes| (number, closes)));
        }
        if let Some(fallback) = plan.fallbacks.iter().find(|fallback| fallback.source.id() == &value.source) {
            let silence = self.silence(&fallback.of);
            self.must_precede.extend(silence.map(|silence| (silence.number, fallback.source.at())));
        }
        self.values.push(value.clone());
    }

    /// Whether a unit was visited, missed or replaced. One whose entry was taken back was not.
    #[must_use]
    pub fn is_done(&self, unit: &UnitId) -> bool {
        self.done.contains(unit)
    }

    /// The units that were visited, missed or replaced, ascending.
    #[must_use]
    pub const fn done(&self) -> &BTreeSet<UnitId> {
        &self.done
    }

    /// The units that came in the place of another, ascending.
    #[must_use]
    pub const fn stand_ins(&self) -> &BTreeSet<UnitId> {
        &self.stand_ins
    }

    /// Whether an entry says that its seal was published.
    #[must_use]
    pub const fn seal_is_published(&self) -> bool {
        self.seal_published.is_some()
    }

    /// Whether an entry says that its record was published.
    #[must_use]
    pub const fn record_is_published(&self) -> bool {
        self.record_published
    }

    /// Number of the entry that sealed it.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The entry `registered` and the batch that it is the draw of; `None` for a draw outside the register.
    #[must_use]
    pub const fn batch(&self) -> Option<(u64, u64)> {
        self.batch
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

    /// The values for the seed, in the plan's order: of each source or of its fallback. `None` while one is
    /// missing, or if the attempt has failed.
    #[must_use]
    pub fn values(&self) -> Option<Vec<BeaconValue>> {
        let of = |source: &Source| {
            let id = source.id();
            let own = self.value(id);
            own.or_else(|| self.value(self.seal.beacon.fallback(id)?.source.id())).cloned()
        };
        self.seal.beacon.sources.iter().map(of).collect::<Option<Vec<_>>>().filter(|_| !self.failed())
    }

    /// Whether a value of the attempt was entered, or its first source is due.
    pub(super) fn value_known(&self, at: Instant) -> bool {
        !self.values.is_empty() || self.seal.beacon.first_at().is_some_and(|first| first <= at)
    }

    /// The instant from which a source or a fallback of the plan may be declared silent.
    pub(super) fn silent_from(&self, id: &Code) -> Option<Instant> {
        let plan = &self.seal.beacon;
        let replaced_from = plan.fallback(id).map(|fallback| fallback.after);
        let own = |source: &Source| match source {
            Source::Drand { at, .. } => at.later(PATIENCE),
            Source::Dice { at, .. } | Source::Lottery { at, .. } | Source::Shares { at, .. } => *at,
        };
        replaced_from.or_else(|| plan.all().find(|source| source.id() == id).map(own))
    }

    /// The rounds of drand that were called silent and have no value. Whoever has the value of one shows that
    /// it was not silent (Spec 17.3 and 19).
    pub fn silent_rounds(&self) -> impl Iterator<Item = &Source> {
        let silent = |source: &&Source| self.is_silent(source.id()) && self.value(source.id()).is_none();
        self.seal.beacon.all().filter(|source| source.is_round()).filter(silent)
    }

    /// Whether it can never be drawn: a source without fallback is silent, or a share that must be there is
    /// missing.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failure().is_some()
    }

    /// Why it can never be drawn, as the reason of a void that says so: [`VoidReason::BeaconFailed`] or
    /// [`VoidReason::ShareMissing`]. `None` if it can still be drawn, or is drawn.
    #[must_use]
    pub fn failure(&self) -> Option<VoidReason> {
        let missing = || self.share_missing().then_some(VoidReason::ShareMissing);
        self.beacon_failed().then_some(VoidReason::BeaconFailed).or_else(missing)
    }

    pub(super) fn beacon_failed(&self) -> bool {
        let sources = self.seal.beacon.sources.iter().map(Source::id);
        // A round of drand that was found again is silent no longer.
        let mut silent = sources.filter(|source| self.is_silent(source) && self.value(source).is_none());
        silent.any(|source| self.instead(source).is_none())
    }

    /// The fallback that stands for a silent source: the silence was declared before the fallback was due,
    /// and the fallback is not silent itself.
    pub(super) fn instead(&self, source: &Code) -> Option<&Source> {
        let (silence, fallback) = self.silence(source).zip(self.seal.beacon.fallback(source))?;
        let usable = silence.at < fallback.source.at() && !self.is_silent(fallback.source.id());
        usable.then_some(&fallback.source)
    }

    pub(super) fn share_missing(&self) -> bool {
        self.seal
            .beacon
            .sources
            .iter()
            .any(|source| self.value(source.id()).is_some_and(|value| beacon::lacks_share(source, value)))
    }

    /// Whether a reason for a void holds at an instant, as far as this attempt shows.
    pub(super) fn shows(&self, reason: VoidReason, at: Instant) -> bool {
        match reason {
            VoidReason::BeaconFailed => self.beacon_failed(),
            VoidReason::ShareMissing => self.share_missing(),
            VoidReason::NotRevealed => self.undisclosed(at),
            VoidReason::InputError | VoidReason::Legal | VoidReason::Technical => !self.failed(),
        }
    }

    /// The last `at` of the sources, and of the fallbacks that are used.
    pub(super) fn last_due(&self) -> Option<Instant> {
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

    pub(crate) fn drawn_at(&self) -> Option<Instant> {
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

    /// Whether its visits take place: it is not void, or void only because the secret was not revealed.
    pub(crate) const fn stands(&self) -> bool {
        matches!(self.void, None | Some(VoidReason::NotRevealed))
    }

    /// Whether it should have been drawn at this instant, and was not (Spec 17.5).
    #[must_use]
    pub fn overdue(&self, at: Instant) -> bool {
        let settled = self.void.is_some() && self.failed();
        let due = self.last_due().map(|last| last.later(PATIENCE));
        self.drawn.is_none() && !settled && due.is_some_and(|due| at > due)
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
        self.decided
    }

    /// Whether it is drawn, and its result is not disclosed yet.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.drawn.is_some() && self.deferred() && self.secret.is_none()
    }

    /// Whether its secret is still to be disclosed: it is hidden, and the ledger does not say that it was not
    /// revealed.
    #[must_use]
    pub const fn awaits_disclosure(&self) -> bool {
        self.is_hidden() && !matches!(self.void, Some(VoidReason::NotRevealed))
    }

    /// Whether entries about its visits are closed (Spec 17.7): it is hidden, and not void.
    #[must_use]
    pub const fn is_closing(&self) -> bool {
        self.is_hidden() && self.void.is_none()
    }

    /// The entries about its visits whose contents are not known, ascending.
    #[must_use]
    pub fn untold(&self) -> &[u64] {
        &self.untold
    }

    /// Whether its record should be public at this instant.
    pub(crate) fn is_due(&self, at: Instant) -> bool {
        !self.deferred() || self.reveal_passed(at)
    }

    /// The visits that the entry `assigned` committed to.
    pub(crate) const fn assigned(&self) -> Option<&VisitsCommitment> {
        self.assigned.as_ref()
    }

    /// The clock was set right: nothing that was entered is later than this.
    pub(super) fn correct_clock(&mut self, at: Instant) {
        if let Some((_, _, drawn)) = &mut self.drawn {
            *drawn = at.min(*drawn);
        }
    }

    /// Whether a source was declared silent.
    #[must_use]
    pub fn is_silent(&self, source: &Code) -> bool {
        self.silence(source).is_some()
    }

    fn silence(&self, source: &Code) -> Option<&Silence> {
        self.silences.iter().find(|silence| silence.source == *source)
    }

    /// What was entered as the value of a source, or of a fallback.
    #[must_use]
    pub fn value(&self, source: &Code) -> Option<&BeaconValue> {
        self.values.iter().find(|value| value.source == *source)
    }

    /// Entries that witnesses must have seen before an instant (Spec 19, `witnesses`): the seal before its
    /// first source is due, by the lead of the plan, and every entry that could depend on a later value
    /// before that value is due.
    pub(crate) fn to_be_witnessed(&self) -> Vec<(u64, Instant)> {
        let seal = self.seal.beacon.seal_by().map(|by| (self.number, by));
        seal.into_iter().chain(self.must_precede.iter().copied()).collect()
    }

    /// Whether a person dropped out of it before.
    pub(super) fn was_out(&self, id: &InspectorId) -> bool {
        self.drop_outs.iter().any(|known| &known.out == id)
    }

    /// Whether a change of teams takes the authority (Spec 17.3): a chain, a reserve who was passed over, or
    /// a person who comes and was out before.
    pub(super) fn is_unusual(&self, change: &Reassigned) -> bool {
        let known = self.drop_outs.iter().find(|known| known.number == change.entry);
        let chain = |out: &InspectorId| known.is_none_or(|known| &known.out != out);
        change.moves.iter().any(|step| chain(&step.out) || step.passed > 0 || self.was_out(&step.by))
    }

    /// The entries by which people dropped out whose places were not given on, while it stands.
    pub fn unsettled_drop_outs(&self) -> impl Iterator<Item = u64> {
        let open = self.drop_outs.iter().filter(|known| !known.settled && self.stands());
        open.map(|known| known.number)
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

    /// Whether another seal may follow: every result of the draw is entered or published (Spec 17.3,
    /// `sealed`).
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
