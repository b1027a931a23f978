//! Tickets: one number for each unit, from the seed and its own id (Spec 6).
//!
//! A unit's ticket depends on no other row. Whoever knows the seed can compute it alone:
//!
//! ```sh
//! printf '%s' 'double-random/1 ticket <seed> <unit id>' | sha256sum
//! ```

use crate::bytes::{Digest, Key, Label, Labelled};

/// Computes tickets under one seed, re-using the hash of the constant prefix.
#[derive(Debug, Clone)]
pub struct Tickets(Labelled);

impl Tickets {
    /// Prepares the prefix `double-random/1 ticket <seed> `.
    #[must_use]
    pub fn new(seed: &Key) -> Self {
        Self(seed.labelled(Label::Ticket).with(b" "))
    }

    /// The ticket of one unit (Spec 6.1).
    #[must_use]
    pub fn ticket(&self, id: &str) -> Digest {
        self.0.clone().with(id.as_bytes()).finish()
    }

    /// The units' indices and tickets in ascending order of ticket, ties by id: the first `n_c` are the picks of the
    /// cell, the rest its reserves (Spec 6.2).
    #[must_use]
    pub fn in_order<'a>(&self, ids: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<(usize, Digest)> {
        let mut tickets: Vec<(Digest, &str, usize)> =
            ids.into_iter().map(|(index, id)| (self.ticket(id), id, index)).collect();
        tickets.sort_unstable();
        tickets.into_iter().map(|(ticket, _, index)| (index, ticket)).collect()
    }
}
