//! Tickets: one number for each unit, from the seed and its own pseudonym (Spec 6).
//!
//! The ticket of a unit depends on no other row. Who knows its pseudonym can compute it: everybody, of a unit
//! that a record shows; its owner, from the receipt; an auditor, of all. With ids in place of pseudonyms
//! every guessed id would tell whether it is on the frame.
//!
//! ```sh
//! printf '%s' 'double-random/1 lot <seed> <pseudonym>' | sha256sum
//! ```

use super::Key;
use crate::bytes::{Digest, Half, Label, Prefix};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Computes tickets under one seed, re-using the hash of the constant prefix.
#[derive(Debug, Clone)]
pub struct Tickets(Prefix);

impl Tickets {
    /// Prepares the prefix `double-random/1 lot <seed> `.
    #[must_use]
    pub fn new(seed: &Key) -> Self {
        Self(seed.prefix(Label::Lot, &[]))
    }

    /// The ticket of one unit (Spec 6.1): one compression of SHA-256.
    #[must_use]
    pub fn ticket(&self, pseudonym: &Half) -> Digest {
        self.0.finish(&pseudonym.hex())
    }

    /// The indices and tickets of units in ascending order of ticket. The first `n_c` are the picks of the
    /// cell, the others its reserves (Spec 6.2). Units of one pseudonym, which no salt key gives, stand in
    /// the order of their indices.
    #[must_use]
    pub fn in_order(&self, units: impl IntoIterator<Item = (usize, Half)>) -> Vec<(usize, Digest)> {
        let mut tickets: Vec<(Digest, usize)> =
            units.into_iter().map(|(index, pseudonym)| (self.ticket(&pseudonym), index)).collect();
        tickets.sort_unstable();
        tickets.into_iter().map(|(ticket, index)| (index, ticket)).collect()
    }
}

/// The wanted number of units with the smallest tickets of a cell, ascending by ticket, equal tickets by
/// place (Spec 6.2).
///
/// `places` are the units of the cell, and `tickets` those of all places. Only the requested tickets are
/// sorted. `keys` is a scratch buffer.
pub(crate) fn smallest(
    tickets: &[Digest],
    places: &[usize],
    wanted: usize,
    keys: &mut Vec<(u64, usize)>,
) -> Vec<(usize, Digest)> {
    // The first eight bytes decide nearly always. They are copied, so that what is compared lies side by side
    // in memory.
    let key = |place: usize| {
        let (first, _) = tickets[place].as_bytes().split_first_chunk().expect("32 bytes");
        (u64::from_be_bytes(*first), place)
    };
    let rank = |a: &(u64, usize), b: &(u64, usize)| {
        a.0.cmp(&b.0).then_with(|| (tickets[a.1], a.1).cmp(&(tickets[b.1], b.1)))
    };
    keys.clear();
    keys.extend(places.iter().map(|&place| key(place)));
    if (1..keys.len()).contains(&wanted) {
        keys.select_nth_unstable_by(wanted - 1, rank);
    }
    keys.truncate(wanted);
    keys.sort_unstable_by(rank);
    keys.iter().map(|&(_, place)| (place, tickets[place])).collect()
}

/// Collects the units with the smallest tickets of each cell; the units come in any order (Spec 6.2). A unit
/// that can no longer be among them is dropped, so no more units are held than are needed.
#[derive(Debug, Clone)]
pub(crate) struct Smallest<T>(Vec<Shortlist<T>>);

/// The candidates of one cell, with the largest ticket on top.
#[derive(Debug, Clone)]
struct Shortlist<T> {
    wanted: usize,
    held: BinaryHeap<Candidate<T>>,
}

/// A candidate: its ticket, its place in the frame, and the data that the caller keeps of the unit.
#[derive(Debug, Clone)]
pub(crate) struct Candidate<T> {
    /// The ticket.
    pub(crate) ticket: Digest,
    /// The place of the unit among all units in ascending order of ids, which decides between equal tickets.
    pub(crate) place: usize,
    /// The data of the unit.
    pub(crate) unit: T,
}

impl<T> Candidate<T> {
    /// The key by which candidates are ordered.
    const fn rank(&self) -> (&Digest, usize) {
        (&self.ticket, self.place)
    }
}

impl<T> PartialEq for Candidate<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<T> Eq for Candidate<T> {}

impl<T> PartialOrd for Candidate<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Candidate<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl<T> Smallest<T> {
    /// Takes the number of wanted units of each cell.
    pub(crate) fn new(wanted: impl IntoIterator<Item = usize>) -> Self {
        let shortlist = |wanted| Shortlist { wanted, held: BinaryHeap::new() };
        Self(wanted.into_iter().map(shortlist).collect())
    }

    /// Takes in the next unit of a cell. `unit` is called only if its ticket is among the smallest so far.
    ///
    /// # Panics
    /// If there is no such cell.
    pub(crate) fn offer(&mut self, cell: usize, ticket: Digest, place: usize, unit: impl FnOnce() -> T) {
        let Shortlist { wanted, held } = &mut self.0[cell];
        if held.len() < *wanted {
            held.push(Candidate { ticket, place, unit: unit() });
        } else if let Some(mut last) = held.peek_mut()
            && (&ticket, place) < last.rank()
        {
            *last = Candidate { ticket, place, unit: unit() };
        }
    }

    /// The wanted units of every cell, ascending by ticket.
    pub(crate) fn finish(self) -> Vec<Vec<Candidate<T>>> {
        self.0.into_iter().map(|cell| cell.held.into_sorted_vec()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Suite;

    /// Against sorting everything, at hand and as they come, both orders of arrival alike, with tickets that
    /// are equal.
    #[test]
    fn the_smallest_are_those_that_sorting_gives() {
        let key = Key::new(Suite::Sha256, Digest::ZERO);
        let tickets = Tickets::new(&key);
        for (units, wanted) in
            [(0, 0), (1, 0), (1, 1), (40, 0), (40, 1), (40, 40), (40, 99), (3000, 7), (3000, 900)]
        {
            let number = |place: usize| if place.is_multiple_of(3) { place / 2 } else { place };
            let pseudonym = |place: usize| Half::new((number(place) as u128).to_be_bytes());
            let (mut forwards, mut backwards) = (Smallest::new([wanted, 2]), Smallest::new([wanted, 2]));
            let mut all: Vec<(Digest, usize)> =
                (0..units).map(|place| (tickets.ticket(&pseudonym(place)), place)).collect();
            for &(ticket, place) in &all {
                (0..2).for_each(|cell| forwards.offer(cell, ticket, place, || place));
            }
            for &(ticket, place) in all.iter().rev() {
                (0..2).for_each(|cell| backwards.offer(cell, ticket, place, || place));
            }
            all.sort_unstable();
            let of_places: Vec<Digest> = (0..units).map(|place| tickets.ticket(&pseudonym(place))).collect();
            let places: Vec<usize> = (0..units).collect();
            let found = smallest(&of_places, &places, wanted, &mut Vec::new());
            let found: Vec<_> = found.into_iter().map(|(place, ticket)| (ticket, place)).collect();
            assert_eq!(found, all[..wanted.min(units)], "{wanted} of {units}");
            for found in [forwards.finish(), backwards.finish()] {
                for (found, wanted) in found.iter().zip([wanted, 2]) {
                    let found: Vec<_> = found.iter().map(|c| (c.ticket, c.unit)).collect();
                    assert_eq!(found, all[..wanted.min(units)], "{wanted} of {units}");
                }
            }
        }
    }
}
