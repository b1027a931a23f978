//! Generated frames and rosters of any size: counties of about 2,000 institutions, one officer for each 50.

// The sizes of a bench come from its command line and its environment.
#![allow(clippy::disallowed_methods)]

pub use crate::open_terms as terms;
use crate::{kin, officer, pick};
use double_random::frame::UnitRow;
use double_random::roster::{InspectorRow, RecusalRow};
use double_random::seal::Sealed;
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, Roster};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The sizes of the benches: those in the variable `DOUBLE_RANDOM_BENCH_SIZES` (`1e4,1e5`), or else 10² …
/// 10⁶. `cargo test --benches` runs 10² and 10³.
pub fn sizes() -> &'static [u64] {
    static SIZES: OnceLock<Vec<u64>> = OnceLock::new();
    SIZES.get_or_init(|| match std::env::var("DOUBLE_RANDOM_BENCH_SIZES") {
        Ok(text) => text.split(',').map(size).collect(),
        Err(_) if !measuring() => vec![100, 1_000],
        Err(_) => vec![100, 1_000, 10_000, 100_000, 1_000_000],
    })
}

/// Whether `cargo bench` runs this, and not `cargo test --benches`.
pub fn measuring() -> bool {
    std::env::args().any(|arg| arg == "--bench")
}

/// A size as people write it: `1000`, `1_000`, `1e3`, `2e6`.
pub fn size(text: &str) -> u64 {
    let digits = text.trim().replace('_', "");
    let (digits, zeros) = digits.split_once('e').unwrap_or((&digits, "0"));
    let size = digits.parse::<u64>().ok().zip(zeros.parse().ok());
    let size = size.and_then(|(digits, zeros)| digits.checked_mul(10u64.checked_pow(zeros)?));
    size.filter(|&size| size > 0).unwrap_or_else(|| panic!("{text:?} is not a size such as 1000 or 1e3"))
}

const KINDS: [&str; 5] = ["hospital", "clinic", "school", "water", "blood"];
const RISKS: [&str; 3] = ["low", "medium", "high"];
const CREDITS: [&str; 4] = ["A", "B", "C", "D"];

/// County codes 350101, 350102, … of as many counties as the frame needs.
fn division(county: u64) -> String {
    format!("35{:02}{:02}", 1 + county / 99 % 99, 1 + county % 99)
}

fn counties(units: u64) -> u64 {
    units.div_ceil(2000).max(1)
}

pub fn policy(units: u64) -> Policy {
    let divisions: Vec<String> = (0..counties(units)).map(division).collect();
    let frequency: Vec<Value> = (0..12)
        .map(|i| json!({"risk": RISKS[i / 4], "credit": CREDITS[i % 4], "visits": format!("0.{:02}", 5 + 7 * i)}))
        .collect();
    let policy = json!({
        "protocol": "double-random/1", "document": "policy", "title": "Bench", "authority": "bench", "scope": "bench",
        "as_of": "2026-01-01", "window": {"from": "2026-02-01", "to": "2026-12-31"},
        "frame": {"credit": CREDITS, "divisions": divisions, "kinds": KINDS, "risk": RISKS},
        "roster": {"departments": ["wsjd"]}, "strata": ["county", "kind"],
        "design": {"method": "frequency"}, "round": {"share": "0.4", "rest": "1"}, "frequency": frequency,
        "coverage": {"guards": ["total", "county"], "minimum": "0.2"},
        "team": {"cap": 60, "ceiling": "0.75", "departments": [{"department": "wsjd", "officers": 2}],
                 "jurisdiction": "own", "rotation": true, "same_grid": true},
        "beacon": {"sources": [{"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": 40, "sides": 10, "witness": "notary"}]},
        "disclosure": {"mode": "immediate"}, "reserves": 3
    });
    Policy::from_json(&policy.to_string()).unwrap()
}

/// The same for a draw of one unit in five, with the frequencies as measures of size.
pub fn fifth(units: u64) -> Policy {
    let mut value = serde_json::to_value(policy(units)).unwrap();
    value["design"] = json!({"method": "number", "number": units / 5});
    Policy::from_json(&value.to_string()).unwrap()
}

pub fn unit_rows(units: u64) -> Vec<UnitRow> {
    let mix = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    (0..units)
        .map(|n| UnitRow {
            row: n,
            id: format!("U-{n:016}"),
            name: format!("Institution {n}"),
            division: division(n % counties(units)),
            kind: pick(&KINDS, mix(n)),
            risk: pick(&RISKS, mix(n + 1) / 7),
            credit: pick(&CREDITS, mix(n + 2) / 11),
            ..UnitRow::default()
        })
        .collect()
}

pub fn frame(units: u64, policy: &Policy) -> Frame {
    Frame::new(unit_rows(units), &policy.frame, policy.as_of).unwrap()
}

fn officers(units: u64) -> u64 {
    (units / 50).max(4)
}

pub fn inspector_rows(units: u64) -> Vec<InspectorRow> {
    let row = |n| officer(n, format!("I-{n:06}"), "wsjd", division(n % counties(units)));
    (0..officers(units)).map(row).collect()
}

/// One institution in a hundred has an officer of its county who must keep away.
pub fn recusal_rows(units: u64) -> Vec<RecusalRow> {
    let inspector = |n: u64| format!("I-{:06}", n % counties(units) % officers(units));
    let row = |n| kin(n, inspector(n), format!("U-{n:016}"));
    (0..units).step_by(101).map(row).collect()
}

pub fn roster(units: u64, policy: &Policy) -> Roster {
    Roster::new(inspector_rows(units), recusal_rows(units), &policy.roster, policy.as_of).unwrap()
}

pub fn plan(units: u64) -> Plan {
    let policy = policy(units);
    let (frame, roster) = (frame(units, &policy), roster(units, &policy));
    Plan::new(frame, roster, policy, Cycle::default()).unwrap()
}

pub fn sealed(units: u64) -> Sealed {
    plan(units).seal(terms()).unwrap()
}

pub fn dice() -> Vec<BeaconValue> {
    serde_json::from_value(json!([{"source": "dice", "value": "8270160495813379045618264079135506271948"}]))
        .unwrap()
}
