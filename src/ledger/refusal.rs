//! The rules of a ledger by name, and the refusal of an entry that breaks one (Spec 17.3).

use super::entry::Entry;
use crate::bytes::{Digest, names};
use crate::message::{AsParam, Coded, Message, fields};
use crate::table::clipped;
use std::fmt;

names! {
    /// The rules of a ledger by name; each is a check of a report (Spec 17.3 and 19).
    #[non_exhaustive]
    pub enum Rule {
        /// Entries are numbered without gaps, and each line names the line before.
        Chain = "chain",
        /// Times do not go back, and nothing is dated in the future.
        Times = "times",
        /// The first line, and no other, opens the ledger.
        Opening = "opening",
        /// Another person than the actor approved, on the level that is needed.
        Approval = "approval",
        /// A seal belongs to this ledger and this moment, and its sources are due later.
        Seal = "seal",
        /// A seal takes a policy that was adopted.
        Policy = "policy",
        /// A draw is one of those that were registered before the year's first seal, or the superior agreed.
        Batch = "batch",
        /// The log of a register only grows, and so does a ledger below.
        Register = "register",
        /// Draws and attempts are numbered without gaps, one after the other.
        Sequence = "sequence",
        /// No chance is used for two seals.
        Chance = "chance",
        /// Values are those of the sealed sources.
        Beacon = "beacon",
        /// Values and silences are entered when they are due, and not when they could be chosen.
        Dating = "dating",
        /// Draws and teams are made once, after all sources have reported.
        Draw = "draw",
        /// Secrets open their commitments.
        Disclosure = "disclosure",
        /// Only what exists is published.
        Publication = "publication",
        /// Visits, misses and replacements belong to a draw that stands.
        Visits = "visits",
        /// A void has a reason that the ledger shows.
        Void = "void",
        /// A correction is of something that can be corrected.
        Amendment = "amendment",
        /// The events of the year follow each other.
        Cycle = "cycle",
    }
}

/// Why an entry does not follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {number} breaks {rule}: {what}: expected {expected}, found {found}")]
pub struct Refusal {
    /// Number that the entry has or would have.
    pub number: u64,
    /// The rule it breaks.
    pub rule: Rule,
    /// What is compared.
    pub what: String,
    /// The expected value, at most 400 characters.
    pub expected: String,
    /// The value found, at most 400 characters.
    pub found: String,
    /// The same with a code of its own, as in `ledger.draw.drawn_before`.
    pub why: Box<Message>,
}

impl Coded for Refusal {
    fn message(&self) -> Message {
        let Self { number, rule, why, .. } = self;
        let rule = rule.as_str();
        Message::new("ledger.refused", self.to_string(), fields!({ number, rule, why }))
    }
}

/// What a refusal compares: a value, or words with a code of their own.
pub(super) trait Said: fmt::Display + AsParam {}

impl<T: fmt::Display + AsParam> Said for T {}

/// The first 400 characters of a text.
fn shortened(text: &dyn fmt::Display) -> String {
    clipped(text, 400)
}

impl Refusal {
    pub(super) fn new(
        entry: &Entry,
        rule: Rule,
        code: &'static str,
        what: impl Said,
        expected: impl Said,
        found: impl Said,
    ) -> Self {
        let values = [("expected", expected.param()), ("found", found.param()), ("what", what.param())];
        let (what, expected, found) = (shortened(&what), shortened(&expected), shortened(&found));
        let why = Message::new(code, format!("{what}: expected {expected}, found {found}"), values);
        let why = Box::new(why);
        Self { number: entry.number, rule, what, expected, found, why }
    }
}

/// Why a line is not the next one after `number` lines that end with the digest `head`.
pub(crate) fn broken(entry: &Entry, number: u64, head: Digest) -> Option<Refusal> {
    if entry.number != number + 1 {
        return Some(Refusal::new(
            entry,
            Rule::Chain,
            "ledger.chain.number",
            "the number",
            number + 1,
            entry.number,
        ));
    }
    (entry.previous != head).then(|| {
        let (code, what) = ("ledger.chain.previous", "the digest of the line before");
        Refusal::new(entry, Rule::Chain, code, what, head, entry.previous)
    })
}
