//! The draw beside what people would use instead, on the same frame and the same sample size, in the same
//! run: `peers/<name>/<units>`.
//!
//! ```sh
//! cargo bench --bench peers
//! python3 benches/table.py --peers
//! ```
//!
//! Ours:
//! - `draw`: [`Seed::draw`](double_random::seal::Seed::draw), what is left to do once the seed is known: a
//!   ticket for each unit, allocation, and the smallest tickets of each cell, on one core. Inclusion
//!   probabilities are exact, floors certain, and the same sample follows everywhere from seed and ids, in
//!   any language, in any order of rows, in ten years.
//! - `pipeline`: rows → frame → plan → seal → seed → sample → teams → record, the whole day of work.
//!
//! Peers, and what none of them promises: stratum counts, coverage floors, a sample that does not depend on
//! the order of rows, a unit's outcome that can be checked without the others. And each for itself:
//! - `rand_sample_weighted`: `rand::seq::index::sample_weighted`. Draws one unit after the other in
//!   proportion to weight, so that inclusion is not in proportion: units of high weight come up to 30 % too
//!   seldom. Floating point (`ln`, `exp`), results that depend on the order of rows and may change with any
//!   release of `rand`.
//! - `rand_slice_weighted`: `IndexedRandom::sample_weighted`, the same over a slice.
//! - `rand_sample_equal`: `rand::seq::index::sample`. One probability for all; reproducible within one
//!   release only.
//! - `sort_weighted`, `heap_weighted`: key −ln(u)/w for each unit (Efraimidis and Spirakis), words of
//!   ChaCha20; all keys sorted, or a heap of the smallest. The same wrong probabilities as
//!   `rand_sample_weighted`, and floating point.
//! - `sort_tickets`, `heap_tickets`: one SHA-256 ticket for each unit, all sorted, or a heap of the smallest.
//!   Replayable, but one probability for all.

mod short;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::lot::Key;
use double_random::lot::tickets::Tickets;
use double_random::{Cycle, Frame, Plan, Roster};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, index};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use short::short;
use std::collections::BinaryHeap;
use std::hint::black_box;
use testkit::large::*;

/// A key that sorts as floats do, and its unit.
#[derive(Clone, Copy, PartialEq)]
struct Keyed(f64, usize);

impl Eq for Keyed {}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// −ln(u)/w of every unit, u from 53 bits of a word and never 0.
fn weighted(weights: &[f64]) -> impl Iterator<Item = Keyed> + '_ {
    let mut words = ChaCha20Rng::from_seed([7; 32]);
    weights.iter().enumerate().map(move |(unit, weight)| {
        let u = ((words.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        Keyed(-u.ln() / weight, unit)
    })
}

/// The textbook way: sort all, keep the first k.
fn sorted<T: Ord>(keys: impl Iterator<Item = T>, k: usize) -> Vec<T> {
    let mut keys: Vec<T> = keys.collect();
    keys.sort_unstable();
    keys.truncate(k);
    keys
}

/// The other textbook way: a heap of the k smallest so far.
fn heaped<T: Ord>(keys: impl Iterator<Item = T>, k: usize) -> Vec<T> {
    let mut heap: BinaryHeap<T> = BinaryHeap::with_capacity(k + 1);
    for key in keys {
        if heap.len() < k {
            heap.push(key);
        } else if heap.peek().is_some_and(|largest| key < *largest) {
            *heap.peek_mut().unwrap() = key;
        }
    }
    heap.into_vec()
}

fn peers(c: &mut Criterion) {
    for &size in sizes() {
        let mut group = short(c, "peers", size);
        group.throughput(Throughput::Elements(size));
        let policy = fifth(size);
        let rows = (unit_rows(size), inspector_rows(size), recusal_rows(size));
        group.bench_function(BenchmarkId::new("pipeline", size), |b| {
            b.iter_batched(
                || (rows.clone(), policy.clone()),
                |((units, officers, recusals), policy)| {
                    let frame = Frame::new(units, &policy.frame, policy.as_of).unwrap();
                    let roster = Roster::new(officers, recusals, &policy.roster, policy.as_of).unwrap();
                    let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
                    let sealed = plan.seal(terms()).unwrap();
                    let seed = sealed.seed(&dice()).unwrap();
                    seed.draw().assign().record()
                },
                BatchSize::PerIteration,
            );
        });
        drop(rows);
        let (frame, roster) = (frame(size, &policy), roster(size, &policy));
        let sealed = Plan::new(frame, roster, policy, Cycle::default()).unwrap().seal(terms()).unwrap();
        let seed = sealed.seed(&dice()).unwrap();
        group.bench_function(BenchmarkId::new("draw", size), |b| b.iter(|| seed.draw()));

        // The same units, the same number of them, the same probabilities as weights.
        let plan = sealed.plan();
        let units = plan.frame().units();
        let (n, k) = (units.len(), seed.draw().len());
        let weights: Vec<f64> = (0..n).map(|unit| plan.probability(unit).unwrap() as f64).collect();
        let slice: Vec<(usize, f64)> = weights.iter().copied().enumerate().collect();
        let tickets = Tickets::new(&Key::new(plan.policy().suite, seed.digest()));
        let pseudonyms = testkit::all_pseudonyms(&sealed);
        let ticketed = || pseudonyms.iter().enumerate().map(|(unit, known)| (tickets.ticket(known), unit));
        let rng = || StdRng::seed_from_u64(7);
        assert!(k.abs_diff(n / 5) <= 1, "one in five: {k} of {n}");
        group.bench_function(BenchmarkId::new("rand_sample_weighted", size), |b| {
            b.iter(|| index::sample_weighted(&mut rng(), n, |unit| weights[unit], k).unwrap());
        });
        group.bench_function(BenchmarkId::new("rand_slice_weighted", size), |b| {
            b.iter(|| {
                let chosen = slice.sample_weighted(&mut rng(), k, |unit| unit.1).unwrap();
                chosen.map(|unit| unit.0).collect::<Vec<_>>()
            });
        });
        group.bench_function(BenchmarkId::new("rand_sample_equal", size), |b| {
            b.iter(|| index::sample(&mut rng(), black_box(n), k));
        });
        group.bench_function(BenchmarkId::new("sort_weighted", size), |b| {
            b.iter(|| sorted(weighted(&weights), k));
        });
        group.bench_function(BenchmarkId::new("heap_weighted", size), |b| {
            b.iter(|| heaped(weighted(&weights), k));
        });
        group.bench_function(BenchmarkId::new("sort_tickets", size), |b| b.iter(|| sorted(ticketed(), k)));
        group.bench_function(BenchmarkId::new("heap_tickets", size), |b| b.iter(|| heaped(ticketed(), k)));
        group.finish();
    }
}

criterion_group!(benches, peers);
criterion_main!(benches);
