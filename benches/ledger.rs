//! What an entry costs in ledgers of 10³, 10⁴ and 10⁵ entries of drawn visits: a row of a table of results, a
//! correction, the library's part of a single command; and what a command pays once, the fold of all lines.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use double_random::calendar::Instant;
use double_random::id::Code;
use double_random::ledger::{self, Content, Continued, Ledger};
use double_random::verify;
use std::hint::black_box;
use testkit::busy::BusyYear;

/// The rows of a table.
const ROWS: usize = 200;

/// A ledger as a command finds it.
fn copy(year: &BusyYear) -> Ledger {
    year.ledger.clone()
}

fn append(mut ledger: Ledger, rows: &[(Instant, Content)], actor: &Code) -> Ledger {
    for (at, row) in rows {
        ledger.append(*at, actor.clone(), row.clone(), None).unwrap();
    }
    ledger
}

fn ledgers(c: &mut Criterion) {
    let sizes: &[u64] = if cfg!(debug_assertions) { &[1_000] } else { &[1_000, 10_000, 100_000] };
    let actor = Code::parse("clerk").unwrap();
    for &size in sizes {
        let year = BusyYear::new(size, ROWS);
        let left = year.rows.len();
        let mut group = c.benchmark_group("ledger");
        group.sample_size(10);
        group.throughput(Throughput::Elements(left as u64));
        group.bench_function(BenchmarkId::new("rows_of_a_table", size), |b| {
            b.iter_batched(
                || copy(&year),
                |ledger| append(ledger, &year.rows, &actor),
                BatchSize::PerIteration,
            );
        });
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("one_entry", size), |b| {
            b.iter_batched(
                || copy(&year),
                |ledger| append(ledger, &year.rows[..1], &actor),
                BatchSize::PerIteration,
            );
        });
        let amended = year.corrections(50);
        group.throughput(Throughput::Elements(amended.len() as u64));
        group.bench_function(BenchmarkId::new("corrections", size), |b| {
            b.iter_batched(
                || copy(&year),
                |ledger| append(ledger, &amended, &actor),
                BatchSize::PerIteration,
            );
        });
        let (text, entries) = (year.ledger.to_jsonl(), year.ledger.state().size());
        group.throughput(Throughput::Elements(entries));
        group.bench_function(BenchmarkId::new("read", size), |b| {
            b.iter(|| ledger::read(black_box(&text)).unwrap());
        });
        group.bench_function(BenchmarkId::new("fold", size), |b| {
            b.iter(|| {
                ledger::fold(year.ledger.lines(), None, |draw, attempt| year.document(draw, attempt)).0
            });
        });
        group.bench_function(BenchmarkId::new("verify_lines", size), |b| {
            b.iter(|| verify::ledger(year.ledger.lines(), &verify::LedgerEvidence::default()));
        });
        group.bench_function(BenchmarkId::new("verify_all", size), |b| {
            b.iter(|| verify::ledger(year.ledger.lines(), black_box(&year.evidence)));
        });
        // What one command pays that goes on from what an office has kept: of an office of a fixed size.
        let long = BusyYear::long(size, ROWS);
        let lines = long.ledger.lines();
        let (kept, line) = (long.ledger.state().present().to_json().unwrap(), lines[lines.len() - 1].bytes());
        let (at, row) = &long.rows[0];
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("going_on", size), |b| {
            b.iter(|| {
                let mut ledger = Continued::new(black_box(&kept), line).unwrap();
                ledger.append(*at, actor.clone(), row.clone(), None).unwrap();
                ledger
            });
        });
        group.finish();
    }
}

criterion_group!(benches, ledgers);
criterion_main!(benches);
