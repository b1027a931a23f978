//! The path from rows to a verdict, and the clear outcomes at its edges.
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use double_random::verify::{Verdict, verify};
use double_random::{Evidence, Record};
use support::*;

#[test]
fn a_draw_is_confirmed_by_its_own_evidence() {
    let sealed = sealed(300, 40, &[(0, 4), (3, 8)], policy(|_| ()));
    let record = draw(&sealed, 1);
    let report = verify(&record, &evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    assert_eq!(Record::from_json(&record.to_json()).unwrap(), record);
    let alone = verify(&record, &Evidence::default());
    assert_eq!(alone.verdict(), Verdict::SelfConsistent, "{alone}");
    println!("{report}");
    println!("{}", String::from_utf8_lossy(&record.to_json()[..3000]));
}
