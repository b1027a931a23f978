//! Every step from rows to a verified record, one case each, at 10² … 10⁶ units: `draw/<step>/<units>`.
//!
//! ```sh
//! cargo bench --bench draw                                                  # all sizes
//! DOUBLE_RANDOM_BENCH_SIZES=1e4,1e5 cargo bench --bench draw -- draw/select # some
//! python3 benches/table.py --growth                                         # steps × sizes, with exponents
//! ```
//!
//! | case | what is timed |
//! |---|---|
//! | `parse` | checked units from rows of text |
//! | `canonical` | the canonical bytes of the frame file |
//! | `tree` | salts, canonical bytes and Merkle tree of the frame |
//! | `plan` | inclusion probabilities, guards, cells |
//! | `seal` | the trees and digests of all inputs (with `tree`) |
//! | `tickets` | one ticket for each unit |
//! | `allocation` | how many units each cell gives |
//! | `select` | the whole draw once the seed is known: tickets, allocation, smallest tickets of each cell |
//! | `reserves` | all reserves of all cells |
//! | `assign` | teams |
//! | `record` | the record with its digest |
//! | `encode`, `decode` | its bytes, and the record from them |
//! | `verify_public` | all checks from the published seal and beacon alone |
//! | `verify_frame` | with the files of frame and cycle: plan and sample replayed |
//! | `verify_all` | with the roster's as well: eligibility checked, teams replayed |
//! | `receipt` | the receipts of all units, from a tree that stands |

mod short;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use double_random::lot::Key;
use double_random::lot::allocation::allocate;
use double_random::lot::tickets::Tickets;
use double_random::seal::Sealed;
use double_random::{Cycle, Evidence, Frame, Plan, Record, verify};
use short::short;
use std::hint::black_box;
use testkit::large::*;

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn before_the_seal(group: &mut Group<'_>, size: u64) -> Sealed {
    let (policy, rows) = (policy(size), unit_rows(size));
    group.bench_function(BenchmarkId::new("parse", size), |b| {
        b.iter_batched(
            || rows.clone(),
            |rows| Frame::new(rows, &policy.frame, policy.as_of).unwrap(),
            BatchSize::PerIteration,
        );
    });
    drop(rows);
    let (frame, roster, key) = (frame(size, &policy), roster(size, &policy), terms().salt_key);
    group.bench_function(BenchmarkId::new("canonical", size), |b| b.iter(|| frame.to_json(&key)));
    group.bench_function(BenchmarkId::new("tree", size), |b| b.iter(|| frame.tree(policy.suite, &key)));
    group.bench_function(BenchmarkId::new("plan", size), |b| {
        b.iter_batched(
            || (frame.clone(), roster.clone(), policy.clone()),
            |(frame, roster, policy)| Plan::new(frame, roster, policy, Cycle::default()).unwrap(),
            BatchSize::PerIteration,
        );
    });
    let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
    group.bench_function(BenchmarkId::new("seal", size), |b| {
        b.iter_batched(|| plan.clone(), |plan| plan.seal(terms()).unwrap(), BatchSize::PerIteration);
    });
    plan.seal(terms()).unwrap()
}

/// The steps that wait for the seed, up to the record.
fn after_the_seed(group: &mut Group<'_>, size: u64, sealed: &Sealed) -> Record {
    let seed = sealed.seed(&dice()).unwrap();
    let plan = sealed.plan();
    let key = Key::new(plan.policy().suite, seed.digest());
    group.bench_function(BenchmarkId::new("tickets", size), |b| {
        let tickets = Tickets::new(&key);
        let pseudonyms = testkit::all_pseudonyms(sealed);
        b.iter(|| {
            // As the draw takes them: a piece at a time, side by side.
            let pieces = pseudonyms.chunks(1024).flat_map(|some| tickets.each(some));
            pieces.fold(0, |sum, ticket| sum ^ ticket.as_bytes()[0])
        });
    });
    group.bench_function(BenchmarkId::new("allocation", size), |b| {
        b.iter(|| allocate(black_box(plan.cells()), plan.scale(), &key));
    });
    group.bench_function(BenchmarkId::new("select", size), |b| b.iter(|| seed.draw()));
    let sample = seed.draw();
    group.bench_function(BenchmarkId::new("reserves", size), |b| b.iter(|| sample.whole()));
    group.bench_function(BenchmarkId::new("assign", size), |b| b.iter(|| sample.assign()));
    let assignment = sample.assign();
    group.bench_function(BenchmarkId::new("record", size), |b| b.iter(|| assignment.record()));
    assignment.record()
}

fn verification(group: &mut Group<'_>, size: u64, sealed: &Sealed, record: &Record) {
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    let public = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(record.beacon.clone()),
        ..Evidence::default()
    };
    let frame = Evidence {
        frame: Some((plan.frame().clone(), key.clone())),
        cycle: Some((plan.cycle().clone(), key.clone())),
        ..public.clone()
    };
    let all = Evidence { roster: Some((plan.roster().clone(), key.clone())), ..frame.clone() };
    for (level, evidence) in [("verify_public", public), ("verify_frame", frame), ("verify_all", all)] {
        assert!(verify(record, &evidence).failed().is_empty(), "{level}");
        group.bench_function(BenchmarkId::new(level, size), |b| b.iter(|| verify(record, &evidence)));
    }
}

fn draw(c: &mut Criterion) {
    for &size in sizes() {
        let mut group = short(c, "draw", size);
        group.throughput(Throughput::Elements(size));
        let sealed = before_the_seal(&mut group, size);
        let record = after_the_seed(&mut group, size, &sealed);
        let json = record.to_json();
        group.bench_function(BenchmarkId::new("encode", size), |b| b.iter(|| record.to_json()));
        group.bench_function(BenchmarkId::new("decode", size), |b| {
            b.iter(|| Record::from_json(&json).unwrap());
        });
        verification(&mut group, size, &sealed, &record);
        let receipts = sealed.receipts();
        group.bench_function(BenchmarkId::new("receipt", size), |b| {
            b.iter(|| receipts.iter().map(|receipt| receipt.row.path.len()).sum::<usize>());
        });
        group.finish();
    }
}

criterion_group!(benches, draw);
criterion_main!(benches);
