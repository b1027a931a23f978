//! A year of twelve rounds: plan, draw and fold, at 10³ … 10⁵ units; and each part of a round in the middle
//! of the year.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::cycle::Event;
use double_random::policy::{Billionths, Policy, PolicyTerms, Round};
use double_random::seal::SealTerms;
use double_random::study::Study;
use double_random::{Cycle, Plan};
use std::hint::black_box;
use testkit::large::*;

const ROUNDS: u64 = 12;

/// Twelve rounds a year, a control share, and bounds at three levels.
fn monthly(units: u64) -> Policy {
    let mut value: serde_json::Value = serde_json::from_slice(&policy(units).to_json().unwrap()).unwrap();
    value["surprise"] = "0.002".into();
    value["ratios"] =
        serde_json::json!([{"at": "kind", "basis": "a rule", "code": "band", "max": "0.9", "min": "0.1"}]);
    value["round"] = serde_json::json!({"rest": "1", "share": "0.083333333"});
    Policy::from_json(&value.to_string()).unwrap()
}

fn shares() -> Vec<Billionths> {
    let each = 1_000_000_000 / ROUNDS;
    let last = 1_000_000_000 - each * (ROUNDS - 1);
    (1..=ROUNDS).map(|round| Billionths::new(if round < ROUNDS { each } else { last }).unwrap()).collect()
}

/// The cycle after six rounds, and the policy of the seventh.
fn half(units: u64) -> (Cycle, Policy) {
    let (frame, mut cycle) = (frame(units, &monthly(units)), Cycle::default());
    let mut policy = monthly(units);
    for draw in 1..=6 {
        let plan = Plan::new(frame.clone(), roster(4, &policy), policy.clone(), cycle.clone()).unwrap();
        let sealed = plan.seal(SealTerms { sequence: draw, ..terms() }).unwrap();
        let seed = sealed.seed(&dice()).unwrap();
        let event = seed.draw().drawn();
        let Event::Drawn(drawn) = &event else { unreachable!() };
        let picks = drawn.picks.clone();
        cycle.apply(&event).unwrap();
        for pick in picks {
            let (date, items, team) = (policy.as_of, Vec::new(), Vec::new());
            cycle.apply(&Event::Visited { date, draw, items, team, unit: pick.unit }).unwrap();
        }
        let rest = Billionths::new(1_000_000_000 - cycle.spent().get()).unwrap();
        let round = Some(Round { rest, share: shares()[0] });
        policy = Policy::new(PolicyTerms { round, ..policy.into_terms() }).unwrap();
    }
    (cycle, policy)
}

fn year(c: &mut Criterion) {
    let sizes: &[u64] = if cfg!(debug_assertions) { &[300] } else { &[1_000, 10_000, 100_000] };
    for &size in sizes {
        let mut group = c.benchmark_group("year");
        group.sample_size(10).throughput(Throughput::Elements(size * ROUNDS));
        let study = Study::new(frame(size, &monthly(size)), monthly(size), shares(), 1).unwrap();
        group.bench_function(BenchmarkId::new("twelve_rounds", size), |b| {
            b.iter(|| study.run(black_box(&[Digest::new([7; 32])])).unwrap());
        });
        let (cycle, policy) = half(size);
        let (frame, roster) = (frame(size, &policy), roster(size, &policy));
        group.throughput(Throughput::Elements(size));
        group.bench_function(BenchmarkId::new("plan_in_mid_year", size), |b| {
            b.iter_batched(
                || (frame.clone(), roster.clone(), policy.clone(), cycle.clone()),
                |(frame, roster, policy, cycle)| Plan::new(frame, roster, policy, cycle).unwrap(),
                BatchSize::PerIteration,
            );
        });
        let plan = Plan::new(frame.clone(), roster, policy.clone(), cycle.clone()).unwrap();
        let sealed = plan.seal(SealTerms { sequence: 7, ..terms() }).unwrap();
        let seed = sealed.seed(&dice()).unwrap();
        let event = seed.draw().drawn();
        group.bench_function(BenchmarkId::new("fold_a_draw", size), |b| {
            b.iter_batched(
                || cycle.clone(),
                |mut cycle| {
                    cycle.apply(&event).unwrap();
                    cycle
                },
                BatchSize::PerIteration,
            );
        });
        group.bench_function(BenchmarkId::new("coverage", size), |b| {
            b.iter(|| cycle.coverage(&frame, &policy))
        });
        group.bench_function(BenchmarkId::new("capacity", size), |b| b.iter(|| sealed.plan().capacity()));
        group.bench_function(BenchmarkId::new("foresight", size), |b| b.iter(|| sealed.plan().foresight()));
        let key = SaltKey::new([7; 32]);
        group.bench_function(BenchmarkId::new("cycle_digest", size), |b| {
            b.iter(|| cycle.digest(Suite::Sha256, &key))
        });
        group.finish();
    }
}

criterion_group!(benches, year);
criterion_main!(benches);
