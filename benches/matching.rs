//! Chances and coins on the instances s, m, l and lr of `support/instances.rs`, and on the full network of
//! posts, days, weeks and offices.
//!
//! The large ones take minutes; when benches are run as tests they are left out.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::bytes::{Digest, Suite};
use double_random::lot::Key;
use double_random::matching::{Component, Matching, table};
use std::hint::black_box;
use std::time::Duration;
use testkit::instances;

fn teams(matching: &Matching, components: &[Component]) -> usize {
    let seed = Key::new(Suite::Sha256, Digest::new([1; 32]));
    let draw = |component: &Component| {
        component.draw(matching, &format!("teams/d/V{}", component.visits[0]), &seed).len()
    };
    components.iter().map(draw).sum()
}

fn matching(c: &mut Criterion) {
    // As tests (without the flag of `cargo bench`), only what takes no time.
    let quick = !std::env::args().any(|arg| arg == "--bench");
    let mut cases: Vec<(&str, Matching)> =
        vec![("s", instances::s()), ("s_full", instances::full(instances::s(), 6, 60))];
    if !quick {
        cases.push(("m", instances::m()));
        cases.push(("m_full", instances::full(instances::m(), 150, 60)));
        cases.push(("l", instances::l()));
        cases.push(("l_full", instances::full(instances::l(), 3_000, 60)));
        cases.push(("lr", instances::lr()));
    }
    for (name, matching) in cases {
        let pairs: usize = matching.posts.iter().map(|post| post.list.len()).sum();
        let mut group = c.benchmark_group("matching");
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(1))
            .measurement_time(Duration::from_millis(1));
        group.throughput(Throughput::Elements(pairs as u64));
        group.bench_function(BenchmarkId::new("table", name), |b| b.iter(|| black_box(table(&matching))));
        let components = table(&matching);
        group.bench_function(BenchmarkId::new("coins", name), |b| {
            b.iter(|| black_box(teams(&matching, &components)))
        });
        group.finish();
    }
}

criterion_group!(benches, matching);
criterion_main!(benches);
