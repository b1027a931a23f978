//! Rules at the size of a nation: signals from a dossier, levels from the rule table, the plan with and
//! without them, a programme's check.

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use double_random::dossier::{Dossier, DossierEntry};
use double_random::frame::UnitRow;
use double_random::id::{Code, UnitId};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::{Cycle, Plan, Policy, PolicyTerms, Roster};
use serde_json::json;
use std::hint::black_box;
use testkit::large::sizes;

const PACK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/rules/quanzhou.json"));
const PROGRAMME: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/rules/quanzhou-2026.json"));

fn rows(size: u64, pack: &Pack, programme: &Programme) -> Vec<UnitRow> {
    let at = |n: u64, len: usize| usize::try_from(n).unwrap() % len;
    let row = |n: u64| UnitRow {
        row: n,
        id: format!("U-{n:08}"),
        name: format!("Institution {n}"),
        division: programme.divisions.entries()[at(n, programme.divisions.len())].code.to_string(),
        kind: pack.kinds[at(n / 7, pack.kinds.len())].code.to_string(),
        risk: String::new(),
        credit: String::new(),
        ..UnitRow::default()
    };
    (0..size).map(row).collect()
}

/// Every third unit has something on file.
fn dossier(size: u64, pack: &Pack) -> Dossier {
    let signals = ["complaints", "hazards", "points", "dishonesty", "red"];
    let entry = |n: u64| {
        let entry = json!({"entry": "noted", "date": format!("2025-{:02}-{:02}", 1 + n % 12, 1 + n % 28),
                           "count": 1 + n % 3,
                           "signal": signals[usize::try_from(n % 5).unwrap()], "source": "file",
                           "unit": format!("U-{:08}", n * 3 % size)});
        serde_json::from_value::<DossierEntry>(entry).unwrap()
    };
    Dossier::replay(&pack.dossier_terms(), (0..size).map(entry)).unwrap()
}

fn rules(c: &mut Criterion) {
    let (pack, programme) = (Pack::from_json(PACK).unwrap(), Programme::from_json(PROGRAMME).unwrap());
    let task = Code::parse("medical").unwrap();
    let policy = programme.policy(&pack, &task, 1, None).unwrap();
    c.bench_function("rules/pack_read", |b| b.iter(|| Pack::from_json(black_box(PACK)).unwrap()));
    c.bench_function("rules/policy_of_a_batch", |b| {
        b.iter(|| programme.policy(&pack, black_box(&task), 1, None).unwrap());
    });
    for &size in sizes() {
        let mut group = c.benchmark_group("rules");
        group.sample_size(10);
        let dossier = dossier(size, &pack);
        let (terms, rows) = (pack.dossier_terms(), rows(size, &pack, &programme));
        let ids: Vec<(UnitId, Code)> = rows
            .iter()
            .map(|row| (UnitId::parse(&row.id).unwrap(), Code::parse(&row.kind).unwrap()))
            .collect();
        group.bench_function(BenchmarkId::new("signals", size), |b| {
            b.iter(|| {
                let signals =
                    ids.iter().map(|(id, kind)| dossier.signals(&terms, id, kind, policy.as_of).len());
                signals.sum::<usize>()
            });
        });
        let frame = pack.frame(&policy, &dossier, rows).unwrap();
        group.bench_function(BenchmarkId::new("levels", size), |b| {
            b.iter(|| {
                let units = frame.units().iter();
                units.filter(|unit| policy.levels(&unit.kind, &unit.signals).is_some()).count()
            });
        });
        group.bench_function(BenchmarkId::new("levels_with_trace", size), |b| {
            b.iter(|| {
                let rated = frame.units().iter().filter_map(|unit| policy.rate(&unit.kind, &unit.signals));
                rated.map(|rated| rated.fired.len()).sum::<usize>()
            });
        });
        let plain = Policy::new(PolicyTerms { rating: None, ..policy.clone().into_terms() }).unwrap();
        for (name, policy) in [("plan_with_rating", &policy), ("plan_without", &plain)] {
            let roster = || Roster::new([], [], &policy.roster, policy.as_of).unwrap();
            group.bench_function(BenchmarkId::new(name, size), |b| {
                b.iter_batched(
                    || (frame.clone(), roster(), policy.clone(), Cycle::default()),
                    |(frame, roster, policy, cycle)| Plan::new(frame, roster, policy, cycle).unwrap(),
                    BatchSize::LargeInput,
                );
            });
        }
        if size <= 100_000 {
            group.bench_function(BenchmarkId::new("check", size), |b| {
                b.iter(|| programme.check(&pack, &frame))
            });
        }
        group.finish();
    }
}

criterion_group!(benches, rules);
criterion_main!(benches);
