//! The seal: everything that is decided, hashed and published before the beacon's values are known. A
//! [`Seed`] can be made only from it.
//!
//! Spec 8 and 12.1.

mod secret;

use crate::beacon::{self, BeaconError, BeaconValue};
use crate::bytes::{Digest, Document, JsonError, Label, Protocol, SaltKey, Suite, decode, encode};
use crate::calendar::{Date, Instant};
use crate::cycle::Cycle;
use crate::frame::{Frame, FrameCommitment, Pseudonyms};
use crate::id::Code;
use crate::lot;
pub(crate) use crate::message::Difference;
use crate::message::{Coded, coded, said};
use crate::plan::{CellTable, DrawCost, Plan, PlanError};
use crate::policy::{BeaconPlan, Disclosure, Policy};
use crate::register::{self, Register, Registers};
use crate::roster::{Roster, RosterCommitment};
pub use secret::Secret;
use serde::{Deserialize, Serialize};

/// The most days between the seal and the deadline of its secret (Spec 8.6).
const LONGEST_SECRET: i64 = 731;

impl Disclosure {
    /// The deadline, if it is too long after the seal.
    fn too_far(&self, sealed_at: Instant) -> Option<Date> {
        match self {
            Self::Immediate {} => None,
            Self::Deferred { reveal_by } => {
                let days = sealed_at.day().map(|day| reveal_by.days_since(day));
                Some(*reveal_by).filter(|_| days.is_none_or(|days| days > LONGEST_SECRET))
            }
        }
    }
}

/// What the caller adds to a plan when sealing it.
#[derive(Debug, Clone)]
pub struct SealTerms {
    /// Number of this draw within the authority and scope, from 1, without gaps.
    pub sequence: u64,
    /// Number of the attempt at this draw, from 1. The next attempt follows a voided one.
    pub attempt: u64,
    /// The instant at which the seal is made and published. Every value of the beacon must become known
    /// later.
    pub sealed_at: Instant,
    /// Digest of the record before, [`Digest::ZERO`] for the first.
    pub previous: Digest,
    /// The key of salts and pseudonyms. Take a new one for every draw: they do not name the seal. Under the
    /// same key everybody could compute the ticket that a unit shown once has in every later draw.
    pub salt_key: SaltKey,
    /// The secret, if and only if the policy defers disclosure.
    pub secret: Option<Secret>,
}

impl SealTerms {
    /// Whether a plan of this policy and cycle can be sealed on these terms (Spec 8.4 to 8.6 and 12.1).
    fn check(&self, policy: &Policy, last: u64) -> Result<(), SealError> {
        let &Self { sequence, attempt, sealed_at, .. } = self;
        if !believable(sequence) || !believable(attempt) {
            return Err(SealError::Numbers { sequence, attempt });
        }
        if sequence <= last {
            return Err(SealError::NotNext { sequence, last });
        }
        if let Some(source) = policy.beacon.all().find(|s| s.at() <= sealed_at) {
            return Err(SealError::SourceNotAfterSeal {
                id: source.id().clone(),
                at: source.at(),
                sealed_at,
            });
        }
        if let Some(by) = policy.beacon.seal_by().filter(|by| *by <= sealed_at) {
            return Err(SealError::LeadTooShort { by, lead: policy.beacon.lead, sealed_at });
        }
        if sealed_at.day().is_none_or(|day| policy.as_of.days_since(day) > 1) {
            return Err(SealError::AsOfAfterSeal { as_of: policy.as_of, sealed_at });
        }
        if let Some(reveal_by) = policy.disclosure.too_far(sealed_at) {
            return Err(SealError::RevealTooLate { reveal_by, sealed_at });
        }
        match (&policy.disclosure, &self.secret) {
            (Disclosure::Immediate {}, Some(_)) => Err(SealError::SecretUnexpected),
            (Disclosure::Deferred { .. }, None) => Err(SealError::SecretMissing),
            (Disclosure::Immediate {}, None) | (Disclosure::Deferred { .. }, Some(_)) => Ok(()),
        }
    }
}

/// What a seal names besides its own plan: the record whose picks the draw takes, the registers of its frame.
#[derive(Debug, Default)]
pub(crate) struct SealTies {
    pub(crate) above: Option<Digest>,
    pub(crate) registers: Vec<Register>,
}

/// Why a plan cannot be sealed on these terms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The value of a source could be known before the seal.
    #[error("the value of source {id} becomes known at {at}, which is not after the seal at {sealed_at}")]
    SourceNotAfterSeal {
        /// The source.
        id: Code,
        /// The instant at which its value becomes known.
        at: Instant,
        /// The instant of the seal.
        sealed_at: Instant,
    },
    /// The first source comes sooner after the seal than the policy's lead.
    #[error(
        "the seal at {sealed_at} is not before {by}, which is {lead} seconds (the policy's lead) before the \
         first source: seal earlier, or plan with later sources"
    )]
    LeadTooShort {
        /// The instant before which the seal had to be made.
        by: Instant,
        /// The lead, in seconds.
        lead: u64,
        /// The instant of the seal.
        sealed_at: Instant,
    },
    /// Frame and roster are of a day after the seal. One day is allowed for the time zone.
    #[error("as_of {as_of} is after the seal at {sealed_at}")]
    AsOfAfterSeal {
        /// The date of frame and roster.
        as_of: Date,
        /// The instant of the seal.
        sealed_at: Instant,
    },
    /// The secret would be kept for longer than two years (Spec 8.6).
    #[error("reveal_by {reveal_by} is more than {LONGEST_SECRET} days after the seal at {sealed_at}")]
    RevealTooLate {
        /// The deadline.
        reveal_by: Date,
        /// The instant of the seal.
        sealed_at: Instant,
    },
    /// The policy defers disclosure, and no secret was given.
    #[error("the policy defers disclosure: a secret is needed")]
    SecretMissing,
    /// The policy discloses at once, and a secret was given.
    #[error("the policy discloses at once: a secret would hide the seed")]
    SecretUnexpected,
    /// Sequence or attempt is 0 or beyond a million million.
    #[error("sequence {sequence} and attempt {attempt} are numbers from 1")]
    Numbers {
        /// The sequence number.
        sequence: u64,
        /// The attempt.
        attempt: u64,
    },
    /// The rows of a streamed frame were counted with another salt key.
    #[error("the rows were counted with another salt key: seal with the one that the census was given")]
    OtherSaltKey,
    /// No verifier could make the teams again (Spec 11.14).
    #[error(
        "too large to be replayed: {0}. Set team.shortlist to the names that are drawn for each post, narrow \
         team.jurisdiction, or draw in batches"
    )]
    TooLarge(DrawCost),
    /// The cycle has a draw with this number or a later one, so the result of this draw could not be entered.
    #[error("sequence {sequence} does not follow draw {last}, the last one of the cycle")]
    NotNext {
        /// The sequence number.
        sequence: u64,
        /// The last draw of the cycle.
        last: u64,
    },
    /// The policy takes the picks of another authority, and no record of it was given.
    #[error("the policy takes picks from above: seal it upon the record that picked them (Plan::seal_under)")]
    AboveMissing,
    /// A record above was given, and the policy draws its own picks.
    #[error("a record above was given, and the policy draws its own picks: it has no `above`")]
    AboveUnexpected,
    /// The plan is not of the registers that were put together.
    #[error("the plan is not of the registers that were put together: plan with the frame that they gave")]
    OtherRegisters,
}

coded! { SealError {
    SourceNotAfterSeal { id, at, sealed_at } => "seal.source_not_after_seal",
    LeadTooShort { by, lead, sealed_at } => "seal.lead_too_short",
    AsOfAfterSeal { as_of, sealed_at } => "seal.as_of_after_seal",
    RevealTooLate { reveal_by, sealed_at } => "seal.reveal_too_late",
    SecretMissing {} => "seal.secret_missing",
    SecretUnexpected {} => "seal.secret_unexpected",
    Numbers { sequence, attempt } => "seal.numbers",
    OtherSaltKey {} => "seal.other_salt_key",
    TooLarge (cost) => "seal.too_large",
    NotNext { sequence, last } => "seal.not_next",
    AboveMissing {} => "seal.above_missing",
    AboveUnexpected {} => "seal.above_unexpected",
    OtherRegisters {} => "seal.other_registers",
} }

/// The document that is published before the values of the beacon are known (Spec 12.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Digest of the record whose picks the draw takes, exactly where the policy names an authority above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Digest>,
    /// Number of the attempt.
    pub attempt: u64,
    /// The authority that draws.
    pub authority: Code,
    /// The sources of the beacon.
    pub beacon: BeaconPlan,
    /// Digest of the cell table.
    pub cells: Digest,
    /// Digest of the salted cycle.
    pub cycle: Digest,
    /// When the seed and the record are disclosed.
    pub disclosure: Disclosure,
    /// The kind of the document.
    pub document: Document,
    /// The frame.
    pub frame: FrameCommitment,
    /// Digest of the policy.
    pub policy: Digest,
    /// Digest of the record before.
    pub previous: Digest,
    /// The protocol.
    pub protocol: Protocol,
    /// The registers that make up the frame, ascending by authority; none where it was not put together from
    /// registers (Spec 28.3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<Register>,
    /// The roster.
    pub roster: RosterCommitment,
    /// The scope of the draw.
    pub scope: Code,
    /// When the seal was made.
    pub sealed_at: Instant,
    /// Commitment to the secret of deferred disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Digest>,
    /// Number of the draw.
    pub sequence: u64,
    /// The hash of this draw, SHA-256 if absent.
    #[serde(default, skip_serializing_if = "Suite::is_default")]
    pub suite: Suite,
}

impl Seal {
    /// The seal of a plan, or of a frame that was only counted. `frame` is called last, because hashing takes
    /// the longest. What it gives besides is handed back.
    pub(crate) fn new<T>(
        policy: &Policy,
        (last, cycle): (u64, impl FnOnce() -> Digest),
        table: &CellTable,
        roster: &Roster,
        terms: &SealTerms,
        ties: SealTies,
        frame: impl FnOnce() -> (FrameCommitment, T),
    ) -> Result<(Self, T), SealError> {
        terms.check(policy, last)?;
        let SealTies { above, registers } = ties;
        if policy.above.is_some() != above.is_some() {
            return Err(if above.is_some() { SealError::AboveUnexpected } else { SealError::AboveMissing });
        }
        let SealTerms { sequence, attempt, sealed_at, previous, salt_key, secret } = terms;
        let suite = policy.suite;
        let (frame, besides) = frame();
        let seal = Self {
            above,
            attempt: *attempt,
            authority: policy.authority.clone(),
            beacon: policy.beacon.clone(),
            cells: table.digest(suite),
            cycle: cycle(),
            disclosure: policy.disclosure.clone(),
            document: Document::Seal,
            frame,
            policy: policy.digest(),
            previous: *previous,
            protocol: Protocol,
            registers,
            roster: RosterCommitment::new(roster, suite, salt_key),
            scope: policy.scope.clone(),
            sealed_at: *sealed_at,
            secret: secret.as_ref().map(|secret| secret.commitment(suite)),
            sequence: *sequence,
            suite,
        };
        Ok((seal, besides))
    }

    /// The canonical bytes, to be published.
    ///
    /// # Panics
    /// Never for a seal of this library: its numbers were checked when it was made or read.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        encode(self).expect("counts below 2^53")
    }

    /// Reads a published seal.
    ///
    /// # Errors
    /// The bytes are not a canonical seal document.
    pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
        let seal: Self = decode(bytes)?;
        seal.check()?;
        Ok(seal)
    }

    /// Whether the document is a seal and its numbers are from 1.
    pub(crate) fn check(&self) -> Result<(), JsonError> {
        self.document.expect(Document::Seal)?;
        register::check_form(&self.registers)?;
        if believable(self.sequence) && believable(self.attempt) {
            return Ok(());
        }
        let (sequence, attempt) = (self.sequence, self.attempt);
        Err(JsonError::Schema { message: SealError::Numbers { sequence, attempt }.message() })
    }

    /// The digest of the seal. These 32 bytes can be read out, printed in a newspaper or given to a notary.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.suite.digest(Label::Seal, &self.to_json())
    }

    /// The terms on which it was sealed, with what is not in it.
    pub(crate) const fn terms(&self, salt_key: SaltKey, secret: Option<Secret>) -> SealTerms {
        let Self { sequence, attempt, sealed_at, previous, .. } = *self;
        SealTerms { sequence, attempt, sealed_at, previous, salt_key, secret }
    }

    /// Whether disclosure is deferred.
    pub(crate) const fn is_deferred(&self) -> bool {
        matches!(self.disclosure, Disclosure::Deferred { .. })
    }

    /// Checks that the value of every source becomes known after the seal, and that the sources have enough
    /// bits that no person can choose (Spec 8.3 and 8.4).
    ///
    /// # Errors
    /// The first problem: what it is about, what is expected, and what was found.
    pub(crate) fn in_time(&self) -> Result<(), Difference> {
        let (at, lead, days) = (self.sealed_at, self.beacon.lead, LONGEST_SECRET);
        if let Some(source) = self.beacon.all().find(|source| source.at() <= at) {
            let (id, known) = (source.id(), source.at());
            let what = said!("compared.value_known", "when the value of {id} becomes known", id);
            let after = said!("expected.after_seal", "after the seal at {at}", at);
            return Err(Difference::new(what, after, known));
        }
        if let Some((first, by)) = self.beacon.first_at().zip(self.beacon.seal_by())
            && by <= self.sealed_at
        {
            let lead = said!("expected.lead", "more than the lead of {lead} seconds after the seal", lead);
            let what = said!("compared.first_value_known", "when the first value becomes known");
            return Err(Difference::new(what, lead, first));
        }
        if let Some(reveal_by) = self.disclosure.too_far(self.sealed_at) {
            let expected =
                said!("expected.reveal_by", "at most {days} days after the seal at {at}", days, at);
            return Err(Difference::new(said!("compared.reveal_by", "reveal_by"), expected, reveal_by));
        }
        match self.beacon.problem() {
            Some(problem) => {
                let expected = said!("expected.bits", "128 bits of chances that are not one");
                let found = said!("found.sources", "they {problem}", problem);
                Err(Difference::new(said!("compared.sources", "the sources"), expected, found))
            }
            None => Ok(()),
        }
    }

    /// Compares the fields of a policy that stand in the seal. Returns the name of the first that differs.
    pub(crate) fn differs_from(&self, policy: &Policy) -> Option<&'static str> {
        let fields = [
            ("suite", self.suite == policy.suite),
            ("policy", self.policy == policy.digest()),
            ("authority", self.authority == policy.authority),
            ("scope", self.scope == policy.scope),
            ("beacon", self.beacon == policy.beacon),
            ("disclosure", self.disclosure == policy.disclosure),
            ("above", self.above.is_some() == policy.above.is_some()),
        ];
        fields.into_iter().find(|(_, same)| !same).map(|(name, _)| name)
    }
}

/// A plan with its seal. It cannot be changed any more.
#[derive(Debug, Clone)]
pub struct Sealed {
    plan: Plan,
    seal: Seal,
    digest: Digest,
    salt_key: SaltKey,
    pseudonyms: Pseudonyms,
    secret: Option<Secret>,
}

/// Whether a number can be that of a draw or an attempt.
fn believable(n: u64) -> bool {
    (1..=1_000_000_000_000).contains(&n)
}

impl Plan {
    /// Seals the plan. Publish [`Sealed::seal`] before the first value of the beacon becomes known.
    ///
    /// # Errors
    /// The value of a source becomes known too early, frame and roster are of a day after the seal, a secret
    /// is missing or not wanted, a number is not from 1 or does not follow the cycle, the policy takes the
    /// picks of another authority ([`Plan::seal_under`]), or the [cost](Plan::cost) is above the budget.
    pub fn seal(self, terms: SealTerms) -> Result<Sealed, SealError> {
        self.seal_upon(terms, SealTies::default())
    }

    /// Seals a plan whose frame was put together from registers of lower authorities; the seal names them
    /// (Spec 28.3). Publish their documents before it, and [`Sealed::seal`] before the first value of the
    /// beacon becomes known.
    ///
    /// # Errors
    /// The plan is not of the frame, the day, the vocabulary and the suite of these registers, or
    /// [`Plan::seal`] refuses it.
    pub fn seal_assembled(self, terms: SealTerms, registers: &Registers) -> Result<Sealed, SealError> {
        if !registers.are_of(self.policy(), self.frame()) {
            return Err(SealError::OtherRegisters);
        }
        let registers = registers.list().to_vec();
        self.seal_upon(terms, SealTies { registers, ..SealTies::default() })
    }

    /// Seals a plan upon what its seal names besides.
    pub(crate) fn seal_upon(self, terms: SealTerms, ties: SealTies) -> Result<Sealed, SealError> {
        self.cost().checked().map_err(SealError::TooLarge)?;
        let frame = || self.frame().commit(self.policy().suite, &terms.salt_key);
        let cycle = || self.cycle().digest(self.policy().suite, &terms.salt_key);
        let cycle = (self.cycle().last_draw(), cycle);
        let (seal, pseudonyms) =
            Seal::new(self.policy(), cycle, &self.table(), self.roster(), &terms, ties, frame)?;
        let SealTerms { salt_key, secret, .. } = terms;
        let digest = seal.digest();
        Ok(Sealed { plan: self, seal, digest, salt_key, pseudonyms, secret })
    }
}

/// The published seal and the kept files do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReopenError {
    /// A file has another salt key than the frame: an auditor who gets it could not check it against the
    /// seal.
    #[error("the {document} has another salt key than the frame: something was changed after sealing")]
    OtherSaltKey {
        /// Which file: `roster` or `cycle`.
        document: &'static str,
    },
    /// The inputs give no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The plan cannot be sealed on the terms of the published seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The inputs give another seal.
    #[error(
        "the inputs give the seal {found}, not the published {published}: something was changed after sealing"
    )]
    Differs {
        /// Digest of the published seal.
        published: Digest,
        /// Digest of the seal that the inputs give.
        found: Digest,
    },
}

coded! { ReopenError {
    OtherSaltKey { document } => "reopen.other_salt_key",
    Differs { published, found } => "reopen.differs";
    Plan, Seal
} }

impl Sealed {
    /// Makes a sealed plan again from the published seal and the files that were kept, each with the salt key
    /// that it holds.
    ///
    /// # Errors
    /// Roster or cycle hold another salt key than the frame, or the inputs do not give exactly this seal.
    pub fn reopen(
        seal: &Seal,
        policy: Policy,
        (frame, salt_key): (Frame, SaltKey),
        (roster, roster_key): (Roster, SaltKey),
        (cycle, cycle_key): (Cycle, SaltKey),
        secret: Option<Secret>,
    ) -> Result<Self, ReopenError> {
        // The seal is made with the frame's key: another key in roster or cycle would not change it.
        for (document, key) in [("roster", &roster_key), ("cycle", &cycle_key)] {
            if key != &salt_key {
                return Err(ReopenError::OtherSaltKey { document });
            }
        }
        let terms = seal.terms(salt_key, secret);
        let ties = SealTies { above: seal.above, registers: seal.registers.clone() };
        let sealed = Plan::new(frame, roster, policy, cycle)?.seal_upon(terms, ties)?;
        if &sealed.seal == seal {
            return Ok(sealed);
        }
        Err(ReopenError::Differs { published: seal.digest(), found: sealed.digest })
    }

    /// A seal with a plan that holds some of the units only.
    pub(crate) fn excerpt(
        plan: Plan,
        seal: Seal,
        digest: Digest,
        (salt_key, pseudonyms): (SaltKey, Pseudonyms),
        secret: Option<Secret>,
    ) -> Self {
        Self { plan, seal, digest, salt_key, pseudonyms, secret }
    }

    /// The document to publish.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The seal's digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The plan that was sealed.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The key of the salts, for the files of an auditor.
    #[must_use]
    pub const fn salt_key(&self) -> &SaltKey {
        &self.salt_key
    }

    /// The pseudonyms of the plan's units, and the leaves of all units of the frame.
    pub(crate) const fn pseudonyms(&self) -> &Pseudonyms {
        &self.pseudonyms
    }

    /// The secret of deferred disclosure.
    pub(crate) const fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Takes the values of the sources named in the seal, in their order, and makes the seed (Spec 8).
    ///
    /// # Errors
    /// A value of another source or in another form. No value of the right source can be refused.
    pub fn seed(&self, values: &[BeaconValue]) -> Result<Seed<'_>, BeaconError> {
        beacon::check(self.seal.suite, &self.seal.beacon, values)?;
        let digest = seed(self.seal.suite, &self.digest, values, self.secret.as_ref());
        Ok(Seed { sealed: self, values: values.to_vec(), digest })
    }
}

/// The bytes of a seed (Spec 8.1).
pub(crate) fn seed(suite: Suite, seal: &Digest, values: &[BeaconValue], secret: Option<&Secret>) -> Digest {
    let values = values.iter().map(|value| (value.source.as_str(), value.value.as_str()));
    lot::seed(suite, seal, values, secret.map(Secret::reveal).as_ref())
}

/// The seed of one draw. It holds its sealed plan, so it cannot be used for another. [`Sealed::seed`] is the
/// only way to make one.
#[derive(Debug, Clone)]
pub struct Seed<'a> {
    sealed: &'a Sealed,
    values: Vec<BeaconValue>,
    digest: Digest,
}

impl<'a> Seed<'a> {
    /// The 32 bytes, as they stand in every hashed text after the seal.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The sealed plan it belongs to.
    #[must_use]
    pub const fn sealed(&self) -> &'a Sealed {
        self.sealed
    }

    /// The beacon's values.
    #[must_use]
    pub fn values(&self) -> &[BeaconValue] {
        &self.values
    }
}
