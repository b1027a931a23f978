//! Teams at size: worlds that are hard for the chance table, each at several sizes. Seconds and nanoseconds a
//! visit.
//!
//! ```sh
//! cargo bench --bench teams                    # 10³, 10⁴, 10⁵ units, every world
//! cargo bench --bench teams -- 1e6 loads days  # one size, some worlds
//! ```
//!
//! | world | what makes it hard |
//! |---|---|
//! | `plain` | nothing: officers of a county are told apart by recusals only |
//! | `loads` | every officer has made another number of visits before, so no two are one class |
//! | `short` | caps are too low in every county: one shortage a county, stated and filled with chairs |
//! | `days` | 58 days by lot, a cap of 2 visits a day and 6 a week |
//! | `leads` | one of two officers may lead, and only at hospitals goes a third |
//! | `all` | loads, days and leads together |

use double_random::roster::InspectorRow;
use double_random::{Cycle, Frame, Plan, Policy, Roster};
use serde_json::{Value, json};
use std::time::Instant;
use testkit::large::*;

const WORLDS: [&str; 6] = ["plain", "loads", "short", "days", "leads", "all"];

/// Dates of 58 days from 2 February 2026 on.
fn days() -> Vec<String> {
    let month = |month: u32, last: u32| (1..=last).map(move |day| format!("2026-{month:02}-{day:02}"));
    month(2, 28).chain(month(3, 31)).skip(1).take(58).collect()
}

fn rules(world: &str, size: u64) -> Policy {
    let mut value: Value = serde_json::to_value(policy(size)).unwrap();
    let team = &mut value["team"];
    if world == "short" {
        team["cap"] = json!(12);
    }
    if matches!(world, "days" | "all") {
        team["days"] = json!(days());
        team["caps"] = json!({"day": 2, "week": 6});
    }
    if matches!(world, "leads" | "all") {
        let third = json!({"kinds": ["hospital"], "needs": "senior", "places": 1, "post": "third"});
        team["departments"][0]["officers"] = json!(3);
        team["departments"][0]["posts"] = json!([{"needs": "senior", "places": 1, "post": "lead"}, third]);
        value["roster"]["qualifications"] = json!(["senior"]);
    }
    Policy::from_json(&value.to_string()).unwrap()
}

fn officers(world: &str, size: u64) -> Vec<InspectorRow> {
    let mut rows = inspector_rows(size);
    let (loads, leads) = (matches!(world, "loads" | "all"), matches!(world, "leads" | "all"));
    for (n, row) in (0..).zip(&mut rows) {
        if loads {
            row.load = (n % 997).to_string();
        }
        if leads && (n / size.div_ceil(2000).max(1)).is_multiple_of(2) {
            row.qualifications = vec!["senior".into()];
        }
    }
    rows
}

fn measure(world: &str, size: u64) {
    let policy = rules(world, size);
    let frame = Frame::new(unit_rows(size), &policy.frame, policy.as_of).unwrap();
    let (rows, recusals) = (officers(world, size), recusal_rows(size));
    let roster = Roster::new(rows, recusals, &policy.roster, policy.as_of).unwrap();
    let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
    let sealed = match plan.seal(terms()) {
        Ok(sealed) => sealed,
        Err(refused) => return println!("| `{world}` | {size} | refused: {refused} | | | |"),
    };
    let seed = sealed.seed(&dice()).unwrap();
    let sample = seed.draw();
    let start = Instant::now();
    let assignment = sample.assign();
    let seconds = start.elapsed().as_secs_f64();
    let record = assignment.record();
    let (visits, short) = (sample.len(), record.teams.shortages.len());
    let each = seconds * 1e9 / visits.max(1) as f64;
    println!("| `{world}` | {size} | {visits} | {short} | {seconds:.3} | {each:.0} |");
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let named: Vec<&str> = WORLDS.into_iter().filter(|world| given.iter().any(|arg| arg == world)).collect();
    let worlds = if named.is_empty() { WORLDS.to_vec() } else { named };
    let sizes: Vec<u64> =
        given.iter().filter(|arg| !WORLDS.contains(&arg.as_str())).map(|arg| size(arg)).collect();
    let sizes = match (sizes.is_empty(), measuring()) {
        (false, _) => sizes,
        (true, true) => vec![1_000, 10_000, 100_000],
        (true, false) => vec![100],
    };
    println!("| world | units | visits | shortages | seconds | ns a visit |\n|---|---:|---:|---:|---:|---:|");
    for world in worlds {
        for &size in &sizes {
            measure(world, size);
        }
    }
}
