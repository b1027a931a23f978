//! The next entry, held against what stands before it: what the rules of every kind are stated with.

use super::entry::Entry;
use super::past::Past;
use super::present::Present;
use super::reason::{Approval, Level, VoidReason};
use super::refusal::{Refusal, Rule, Said};
use crate::message::said;

/// An entry that may follow, what stands before it, and what happened, if it is known.
pub(super) struct NextEntry<'a> {
    pub(super) state: &'a Present,
    pub(super) past: Option<&'a Past>,
    pub(super) entry: &'a Entry,
}

impl Present {
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
}

impl NextEntry<'_> {
    /// Refuses, by a rule.
    pub(super) fn refuse<T>(
        &self,
        rule: Rule,
        code: &'static str,
        what: impl Said,
        expected: impl Said,
        found: impl Said,
    ) -> Result<T, Refusal> {
        Err(Refusal::new(self.entry, rule, code, what, expected, found))
    }

    /// Refuses unless it holds.
    pub(super) fn hold(
        &self,
        holds: bool,
        rule: Rule,
        code: &'static str,
        what: &str,
        expected: impl Said,
        found: impl Said,
    ) -> Result<(), Refusal> {
        if holds { Ok(()) } else { self.refuse(rule, code, what, expected, found) }
    }

    /// Refuses unless both are the same.
    pub(super) fn same<T: PartialEq + Said>(
        &self,
        rule: Rule,
        code: &'static str,
        what: &str,
        expected: T,
        found: T,
    ) -> Result<(), Refusal> {
        if expected == found { Ok(()) } else { self.refuse(rule, code, what, expected, found) }
    }

    /// The level of an approval is this one or above.
    pub(super) fn level(&self, approval: &Approval, least: Level) -> Result<(), Refusal> {
        let level = least.in_words();
        let expected = said!("expected.level", "at least {level}", level);
        let found = approval.level.in_words();
        let holds = approval.level >= least;
        self.hold(
            holds,
            Rule::Approval,
            "ledger.approval.level",
            "the level of the approval",
            expected,
            found,
        )
    }
}
