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

    /// The ticket of each of these units, in their order.
    #[must_use]
    pub fn each(&self, pseudonyms: &[Half]) -> Vec<Digest> {
        let ends: Vec<[u8; 32]> = pseudonyms.iter().map(Half::hex).collect();
        self.0.each(&ends)
    }

    /// The indices and tickets of units in ascending order of ticket. The first `n_c` are the picks of the
    /// cell, the others its reserves (Spec 6.2). Units of one pseudonym, which no salt key gives, stand in
    /// the order of their indices.
    #[must_use]
    pub fn in_order(&self, units: impl IntoIterator<Item = (usize, Half)>) -> Vec<(usize, Digest)> {
        let (indices, pseudonyms): (Vec<usize>, Vec<Half>) = units.into_iter().unzip();
        let mut tickets: Vec<(Digest, usize)> = self.each(&pseudonyms).into_iter().zip(indices).collect();
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
    let key = |place: usize| (beginning(&tickets[place]), place);
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
    /// Tickets that do not begin below it are not held; `None` holds any.
    ceiling: Option<u64>,
    held: BinaryHeap<Candidate<T>>,
}

/// A number that the first eight bytes of a ticket are below where the unit is worth keeping: about so many
/// of the units of a cell are that `wanted` of them will be found among them (Spec 26.4). `slack` is how many
/// times the square root of `wanted` are kept besides. `None` if that is the whole cell.
pub(crate) fn ceiling(wanted: usize, count: u64, slack: u64) -> Option<u64> {
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX).min(count);
    let kept = u128::from(wanted) + u128::from(slack) * u128::from(wanted.isqrt() + 1);
    let share = (kept < u128::from(count)).then(|| (kept << 64) / u128::from(count));
    share.map(|share| u64::try_from(share).expect("less than the whole"))
}

/// The number by which a ticket is compared with a ceiling.
fn beginning(ticket: &Digest) -> u64 {
    let (first, _) = ticket.as_bytes().split_first_chunk().expect("32 bytes");
    u64::from_be_bytes(*first)
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
        let shortlist = |wanted| Shortlist { wanted, ceiling: None, held: BinaryHeap::new() };
        Self(wanted.into_iter().map(shortlist).collect())
    }

    /// Holds only tickets below the ceilings that follow from this slack. `counts` are the units of each
    /// cell.
    pub(crate) fn below(&mut self, counts: impl IntoIterator<Item = u64>, slack: u64) {
        for (list, count) in self.0.iter_mut().zip(counts) {
            list.ceiling = ceiling(list.wanted, count, slack);
        }
    }

    /// The cells of which fewer units are held than are wanted, or a unit is held whose ticket does not lie
    /// below the ceiling, so that a smaller one may have been dropped. `counts` are the units of each cell.
    /// Of other cells the wanted units are held, whatever was dropped.
    pub(crate) fn short(&self, counts: impl IntoIterator<Item = u64>) -> Vec<usize> {
        let lists = self.0.iter().zip(counts).enumerate();
        let short = lists.filter(|(_, (Shortlist { wanted, ceiling, held }, count))| {
            let all = usize::try_from(*count).unwrap_or(usize::MAX);
            let above = |ceiling| held.peek().is_some_and(|last| beginning(&last.ticket) >= ceiling);
            held.len() < all.min(*wanted) || ceiling.is_some_and(above)
        });
        short.map(|(cell, _)| cell).collect()
    }

    /// Takes in the candidates of another list of the same cells.
    pub(crate) fn append(&mut self, other: Self) {
        for (cell, list) in other.0.into_iter().enumerate() {
            for Candidate { ticket, place, unit } in list.held {
                self.offer(cell, ticket, place, || unit);
            }
        }
    }

    /// All that are held, cell by cell, in no order.
    pub(crate) fn held(&self) -> impl Iterator<Item = (usize, &Candidate<T>)> {
        self.0.iter().enumerate().flat_map(|(cell, list)| list.held.iter().map(move |held| (cell, held)))
    }

    /// Takes in the next unit of a cell. `unit` is called only if its ticket is among the smallest so far.
    ///
    /// # Panics
    /// If there is no such cell.
    pub(crate) fn offer(&mut self, cell: usize, ticket: Digest, place: usize, unit: impl FnOnce() -> T) {
        let Shortlist { wanted, ceiling, held } = &mut self.0[cell];
        if ceiling.is_some_and(|ceiling| beginning(&ticket) >= ceiling) {
            return;
        }
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

    /// Halves with a ceiling, merged: what is not short is what no ceiling gives, and a low ceiling is short.
    #[test]
    fn what_lies_below_a_ceiling_is_enough_or_short() {
        let tickets = Tickets::new(&Key::new(Suite::Sha256, Digest::ZERO));
        let ticket = |place: usize| tickets.ticket(&Half::new((place as u128).to_be_bytes()));
        assert_eq!((ceiling(0, 0, 3), ceiling(7, 7, 0), ceiling(9, 10, 1)), (None, None, None));
        assert_eq!((ceiling(3, 8, 0), ceiling(4, 16, 0)), (Some(3 << 61), Some(1 << 62)));
        let (mut short, mut enough) = (0, 0);
        for wanted in [1, 2, 10, 100, 990] {
            for slack in 0..6 {
                let mut whole = Smallest::new([wanted]);
                (0..1000).for_each(|place| whole.offer(0, ticket(place), place, || place));
                let half = |places: std::ops::Range<usize>| {
                    let mut half = Smallest::new([wanted]);
                    half.below([1000], slack);
                    places.for_each(|place| half.offer(0, ticket(place), place, || place));
                    half
                };
                let mut parts = half(0..500);
                parts.append(half(500..1000));
                if parts.short([1000]) == [0] {
                    short += 1;
                    continue;
                }
                enough += 1;
                let places = |found: Smallest<usize>| -> Vec<usize> {
                    found.finish()[0].iter().map(|candidate| candidate.unit).collect()
                };
                assert_eq!(places(parts), places(whole), "{wanted} with slack {slack}");
            }
        }
        assert!(short > 0 && enough > 20, "{short} short, {enough} enough");
    }
}
