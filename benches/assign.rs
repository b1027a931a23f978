//! From a sample to teams, the record, and its verification by the public and by an auditor, at 10² … 10⁶ units.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::{Evidence, Record, verify};
use std::hint::black_box;
use support::*;

fn assign(c: &mut Criterion) {
    for &size in sizes() {
        let sealed = sealed(size);
        let seed = sealed.seed(&dice()).unwrap();
        let sample = seed.draw();
        let mut group = c.benchmark_group("assign");
        group.sample_size(10).throughput(Throughput::Elements(sample.len() as u64));
        group.bench_function(BenchmarkId::new("teams", size), |b| b.iter(|| black_box(sample.assign())));
        let record = sample.assign().record();
        group.bench_function(BenchmarkId::new("record", size), |b| {
            b.iter(|| Record::from_json(&record.to_json()).unwrap());
        });
        let public = Evidence {
            seal: Some(sealed.seal().clone()),
            beacon: Some(record.beacon.clone()),
            ..Evidence::default()
        };
        group
            .bench_function(BenchmarkId::new("verify_public", size), |b| b.iter(|| verify(&record, &public)));
        let key = sealed.salt_key().clone();
        let auditor = Evidence {
            frame: Some((sealed.plan().frame().clone(), key.clone())),
            roster: Some((sealed.plan().roster().clone(), key.clone())),
            cycle: Some((sealed.plan().cycle().clone(), key)),
            ..public
        };
        assert!(verify(&record, &auditor).failed().is_empty());
        group.bench_function(BenchmarkId::new("verify_auditor", size), |b| {
            b.iter(|| verify(&record, &auditor))
        });
        group.finish();
    }
}

criterion_group!(benches, assign);
criterion_main!(benches);
