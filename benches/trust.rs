//! Receipts of a nation, one institution's check, a ledger of many lines, both hash suites.

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use double_random::bytes::{Digest, Half, Protocol, Suite};
use double_random::calendar::{Date, Instant};
use double_random::id::{Code, InspectorId, UnitId};
use double_random::ledger::{self, Approval, Content, Inspected, Ledger, Level, Opened};
use double_random::lot::Key;
use double_random::lot::tickets::Tickets;
use double_random::verify::{self, LedgerEvidence, PublishedDraw};
use double_random::{Cycle, Plan};
use std::hint::black_box;
use testkit::large::{dice, frame, policy, roster, sizes, terms};

fn receipts(c: &mut Criterion) {
    for &size in sizes() {
        let mut group = c.benchmark_group("receipts");
        group.sample_size(10);
        let policy = policy(size);
        let plan = Plan::new(frame(size, &policy), roster(size, &policy), policy, Cycle::default()).unwrap();
        let sealed = plan.seal(terms()).unwrap();
        group.bench_function(BenchmarkId::new("tree", size), |b| b.iter(|| black_box(sealed.receipts())));
        let receipts = sealed.receipts();
        group.bench_function(BenchmarkId::new("all", size), |b| {
            b.iter(|| receipts.iter().map(|receipt| receipt.row.path.len()).sum::<usize>());
        });
        group.bench_function(BenchmarkId::new("all_as_json", size), |b| {
            b.iter(|| receipts.iter().map(|receipt| receipt.to_json().len()).sum::<usize>());
        });
        let seed = sealed.seed(&dice()).unwrap();
        let sample = seed.draw();
        group.bench_function(BenchmarkId::new("outcomes", size), |b| b.iter(|| sample.outcomes().count()));
        let outcome = sample.outcomes().next().unwrap();
        let receipt = receipts.get(&outcome.unit).unwrap();
        let (policy, table, values) = (sealed.plan().policy(), sealed.plan().table(), dice());
        let published = PublishedDraw {
            record: None,
            seal: Some(sealed.seal()),
            policy: Some(policy),
            table: Some(&table),
            sample: None,
            values: Some(&values),
            secret: None,
        };
        assert!(verify::receipt(&receipt, Some(&outcome), &published).failed().is_empty());
        group.bench_function(BenchmarkId::new("row_of_one", size), |b| {
            b.iter(|| receipt.is_in(sealed.seal()))
        });
        group.bench_function(BenchmarkId::new("prepare", size), |b| {
            b.iter(|| black_box(verify::ReceiptChecker::new(&published)));
        });
        let prepared = verify::ReceiptChecker::new(&published);
        group.bench_function(BenchmarkId::new("check_one", size), |b| {
            b.iter(|| prepared.check(black_box(&receipt), Some(&outcome)));
        });
        group.finish();
    }
}

/// Lines as an office writes them all year: inspections outside draws.
fn lines(c: &mut Criterion) {
    let mut group = c.benchmark_group("ledger");
    group.sample_size(10);
    let code = |text: &str| Code::parse(text).unwrap();
    let opened = Opened {
        authority: code("350500-wsjd"),
        cycle: None,
        earlier: None,
        protocol: Protocol,
        quorum: None,
        scope: code("bench"),
        suite: Suite::Sha256,
        witnesses: Vec::new(),
    };
    let at = Instant::parse("2026-01-05T00:00:00Z").unwrap();
    let count: u64 = if cfg!(debug_assertions) { 20 } else { 20_000 };
    let keep = || {
        let mut ledger = Ledger::open(at, code("clerk"), opened.clone(), None).unwrap();
        for n in 0..count {
            let visit = Inspected {
                barred: None,
                approval: Approval { by: code("director"), level: Level::Office },
                date: Date::parse("2026-01-04").unwrap(),
                evidence: None,
                result: None,
                team: vec![InspectorId::parse("I-0001").unwrap()],
                unit: UnitId::parse(&format!("T-{n:06}")).unwrap(),
            };
            ledger.append(at, code("clerk"), Content::Inspected(visit), None).unwrap();
        }
        ledger
    };
    group.bench_function(BenchmarkId::new("append", count), |b| b.iter(keep));
    let text = keep().to_jsonl();
    group.bench_function(BenchmarkId::new("read", count), |b| b.iter(|| ledger::read(&text).unwrap()));
    let lines = ledger::read(&text).unwrap();
    group.bench_function(BenchmarkId::new("verify", count), |b| {
        b.iter(|| verify::ledger(&lines, &LedgerEvidence::default()));
    });
    group.finish();
    let mut group = c.benchmark_group("suite");
    for suite in Suite::ALL {
        let tickets = Tickets::new(&Key::new(suite, Digest::ZERO));
        group.bench_function(format!("ticket_{suite:?}"), |b| {
            b.iter_batched(|| Half::new([7; 16]), |unit| tickets.ticket(&unit), BatchSize::SmallInput);
        });
    }
    group.finish();
}

criterion_group!(benches, receipts, lines);
criterion_main!(benches);
