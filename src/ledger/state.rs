//! The state of a ledger: a pure fold over its entries (Spec 17.3 to 17.5), of what stands now and of what
//! happened. The rules are in `rules`.

use super::entry::{Correction, Entry};
use super::past::Past;
use super::present::{Documents, Present};
use super::refusal::Refusal;
use crate::bytes::Digest;
use crate::id::UnitId;
use std::ops::Deref;

/// The state of a ledger after some of its entries: what stands ([`Present`], whose methods it has), and what
/// happened.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub(super) present: Present,
    pub(super) past: Past,
}

impl Deref for State {
    type Target = Present;

    fn deref(&self) -> &Present {
        &self.present
    }
}

impl State {
    /// What stands now.
    #[must_use]
    pub const fn present(&self) -> &Present {
        &self.present
    }

    /// What happened at institutions, by the number of the entry, as amended.
    pub fn visits(&self) -> impl Iterator<Item = (u64, &Correction)> {
        self.past.visits.iter().map(|(number, visit)| (*number, visit))
    }

    /// The same of one institution; what this costs does not grow with the ledger.
    pub fn visits_to(&self, unit: &UnitId) -> impl Iterator<Item = (u64, &Correction)> {
        self.past.of(unit).iter().filter_map(|number| Some((*number, self.past.visits.get(number)?)))
    }

    /// The visit, miss or inspection of one entry, as amended.
    #[must_use]
    pub fn visit(&self, number: u64) -> Option<&Correction> {
        self.past.visits.get(&number)
    }

    /// Takes in an entry that `rules` let pass: see [`Present::apply`].
    pub(super) fn apply(
        &mut self,
        entry: &Entry,
        line: Digest,
        documents: Documents<'_>,
    ) -> Result<(), Refusal> {
        self.present.apply(Some(&mut self.past), entry, line, documents)
    }
}
