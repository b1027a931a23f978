//! Writes a year of drawn visits as the folder that the verifiers read:
//! `cargo run -p testkit --example busy_year -- 19000 target/busy-year`, then
//! `python3 tests/reference/ledger.py target/busy-year`. With `--check` Rust verifies it too.

use std::path::PathBuf;
use std::time::Instant;
use testkit::busy::BusyYear;

// How long it took is what this program is for.
#[allow(clippy::disallowed_methods)]
fn main() {
    let mut given = std::env::args().skip(1);
    let entries = testkit::large::size(&given.next().expect("how many entries"));
    let folder = PathBuf::from(given.next().expect("a folder"));
    let year = BusyYear::new(entries, 0);
    year.write(&folder).expect("a folder that can be written");
    println!("{}: {} entries", folder.display(), year.ledger.state().size());
    if given.next().is_some_and(|option| option == "--check") {
        let begun = Instant::now();
        let report = double_random::verify::ledger(year.ledger.lines(), &year.evidence);
        println!("{} in {:.1} s", report.verdict().as_str(), begun.elapsed().as_secs_f64());
    }
}
