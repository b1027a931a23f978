//! Writes a year of drawn visits as the folder that the verifiers read:
//! `cargo run -p testkit --example busy_year -- 19000 target/busy-year`, then
//! `python3 tests/reference/ledger.py target/busy-year`. With `--check` Rust verifies it too, and says what a
//! row of a table, the reading of a line and the fold of an entry cost. With `--long` the office has a fixed size and
//! as many draws as the entries need.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::float_arithmetic)]

use double_random::id::Code;
use double_random::ledger;
use std::path::PathBuf;
use std::time::Instant;
use testkit::busy::BusyYear;

/// Microseconds for each of so many.
fn each<T>(what: &str, count: usize, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    println!("{what}: {:.1} µs", begun.elapsed().as_secs_f64() * 1e6 / count.max(1) as f64);
    done
}

fn main() {
    let mut given = std::env::args().skip(1);
    let entries = testkit::large::size(&given.next().expect("how many entries"));
    let folder = PathBuf::from(given.next().expect("a folder"));
    let options: Vec<String> = given.collect();
    let is = |word: &str| options.iter().any(|option| option == word);
    let mut year = if is("--long") { BusyYear::long(entries, 200) } else { BusyYear::new(entries, 200) };
    let (rows, count) = (year.rows.clone(), year.ledger.lines().len());
    if is("--check") {
        let text = year.ledger.to_jsonl();
        let lines = each("reading a line", count, || ledger::read(&text).unwrap());
        let (mut state, _) = each("folding an entry", count, || {
            ledger::fold(&lines, None, |draw, attempt| year.document(draw, attempt))
        });
        drop(std::mem::take(&mut state));
        let actor = Code::parse("clerk").unwrap();
        each("a row of a table", rows.len(), || {
            for (at, row) in rows {
                year.ledger.append(at, actor.clone(), row, None).unwrap();
            }
        });
        let corrections = year.corrections(100);
        each("a correction", corrections.len(), || {
            for (at, row) in corrections {
                year.ledger.append(at, actor.clone(), row, None).unwrap();
            }
        });
        let report = each("verifying an entry, with its draws", count, || {
            double_random::verify::ledger(year.ledger.lines(), &year.evidence)
        });
        println!("{}", report.verdict().as_str());
    }
    year.write(&folder).expect("a folder that can be written");
    println!("{}: {} entries", folder.display(), year.ledger.state().size());
}
