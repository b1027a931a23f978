//! One run of the whole path at one size, step by step: seconds, nanoseconds a unit, and the most memory the
//! process ever held.
//!
//! ```sh
//! cargo bench --bench pipeline                # 10⁶ units
//! cargo bench --bench pipeline -- 1e7         # any size
//! ```
//!
//! Peak memory only grows; what a step adds to it is what it needs beyond all steps before it.
//! `python3 benches/table.py --growth FILE…` reads what this prints, for sizes that take too long for ten
//! runs.

use double_random::{Cycle, Evidence, Frame, Plan, Record, Roster, verify};
use std::time::Instant;
use testkit::large::*;

/// The most memory the process ever held, in MB; `None` where the system does not tell.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? * 1024.0 / 1e6)
}

/// The lines of the table.
struct Steps {
    size: u64,
    total: f64,
}

impl Steps {
    fn new(size: u64) -> Self {
        println!("\n{size} units\n\n| step | seconds | ns a unit | peak MB |\n|---|---:|---:|---:|");
        let mut steps = Self { size, total: 0.0 };
        steps.line("(before)", 0.0);
        steps
    }

    fn line(&mut self, name: &str, seconds: f64) {
        let peak = peak().map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0}"));
        println!("| {name} | {seconds:.3} | {:.0} | {peak} |", seconds * 1e9 / self.size as f64);
    }

    fn step<T>(&mut self, name: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        let seconds = start.elapsed().as_secs_f64();
        self.total += seconds;
        self.line(name, seconds);
        done
    }
}

fn pipeline(size: u64) {
    let policy = policy(size);
    let (rows, officers, recusals) = (unit_rows(size), inspector_rows(size), recusal_rows(size));
    let mut steps = Steps::new(size);
    let frame = steps.step("rows → frame", || Frame::new(rows, &policy.frame, policy.as_of).unwrap());
    let roster = steps
        .step("rows → roster", || Roster::new(officers, recusals, &policy.roster, policy.as_of).unwrap());
    let plan = steps.step("plan", || Plan::new(frame, roster, policy, Cycle::default()).unwrap());
    let sealed = steps.step("seal", || plan.seal(terms()).unwrap());
    let seed = steps.step("seed", || sealed.seed(&dice()).unwrap());
    let sample = steps.step("sample", || seed.draw());
    let assignment = steps.step("teams", || sample.assign());
    let record = steps.step("record", || assignment.record());
    let json = steps.step("record → JSON", || record.to_json());
    let read = steps.step("JSON → record", || Record::from_json(&json).unwrap());
    assert_eq!(read.digest(), record.digest());
    let key = sealed.salt_key();
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(record.beacon.clone()),
        frame: Some((sealed.plan().frame().clone(), key.clone())),
        roster: Some((sealed.plan().roster().clone(), key.clone())),
        cycle: Some((sealed.plan().cycle().clone(), key.clone())),
        registers: None,
    };
    let public =
        Evidence { seal: evidence.seal.clone(), beacon: evidence.beacon.clone(), ..Evidence::default() };
    let report = steps.step("verify, public", || verify(&read, &public));
    assert!(report.failed().is_empty());
    let report = steps.step("verify, auditor", || verify(&read, &evidence));
    assert!(report.failed().is_empty());
    let total = steps.total;
    steps.line("**all**", total);
    println!(
        "\n{} picks, {} cells, record of {} bytes",
        sample.len(),
        sealed.plan().cells().len(),
        json.len()
    );
}

fn main() {
    let mut args = std::env::args().skip(1);
    let given = args.find(|arg| !arg.starts_with("--"));
    pipeline(match given {
        Some(text) => size(&text),
        None if measuring() => 1_000_000,
        None => 300,
    });
}
