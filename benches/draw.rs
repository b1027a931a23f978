//! From rows to a sample: each step alone, and all of the draw that waits for the seed, at 10² … 10⁶ units.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::chance::allocation::allocate;
use double_random::chance::tickets::Tickets;
use double_random::{Cycle, Frame, Plan};
use std::hint::black_box;
use support::*;

fn draw(c: &mut Criterion) {
    for &size in sizes() {
        let mut group = c.benchmark_group("draw");
        group.sample_size(10).throughput(Throughput::Elements(size));
        let policy = policy(size);
        let rows = unit_rows(size);
        group.bench_function(BenchmarkId::new("parse_frame", size), |b| {
            b.iter_batched(
                || rows.clone(),
                |rows| Frame::new(rows, &policy.frame, policy.as_of).unwrap(),
                BatchSize::PerIteration,
            );
        });
        drop(rows);
        let (frame, roster) = (frame(size, &policy), roster(size, &policy));
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
        let sealed = plan.seal(terms()).unwrap();
        let seed = sealed.seed(&dice()).unwrap();
        let digest = sealed.plan().policy().key(&seed.digest());
        group.bench_function(BenchmarkId::new("allocation", size), |b| {
            b.iter(|| allocate(black_box(sealed.plan().cells()), sealed.plan().scale(), &digest));
        });
        group.bench_function(BenchmarkId::new("tickets", size), |b| {
            let tickets = Tickets::new(&digest);
            b.iter(|| {
                let units = sealed.plan().frame().units();
                units.iter().fold(0u8, |x, unit| x ^ tickets.ticket(unit.id.as_str()).as_bytes()[0])
            });
        });
        group.bench_function(BenchmarkId::new("sample", size), |b| b.iter(|| black_box(seed.draw()).len()));
        group.finish();
    }
}

criterion_group!(benches, draw);
criterion_main!(benches);
