//! The ledger: what follows, what is refused, what it amounts to, and what its verification says.
#![allow(missing_docs, clippy::unwrap_used)]
#![cfg(feature = "signatures")]

mod support;

use double_random::Cycle;
use double_random::ledger::{self, Ledger, Rule};
use double_random::verify::{self, LedgerCheck, LedgerEvidence, Outcome, Verdict};
use serde_json::{Value, json};
use support::ledger::*;

#[test]
fn a_year_with_everything_is_confirmed_and_everything_in_it_is_listed() {
    let office = year();
    let report = verify::ledger(office.lines(), &office.evidence);
    println!("{report}");
    assert_eq!(report.failed(), []);
    assert_eq!(report.verdict(), Verdict::Confirmed);
}
