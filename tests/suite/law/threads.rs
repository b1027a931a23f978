//! With the feature `rayon`, every byte is the same at any number of threads, and without it.

use double_random::bytes::Suite;
use double_random::stream::Census;
use double_random::verify::{Verdict, verify};
use double_random::{Cycle, Plan};
use rayon::ThreadPoolBuilder;
use serde_json::json;
use testkit::*;

/// Root, seal, record and report of a draw in memory, then seal and sample of the same rows streamed, as
/// text.
fn all(units: u64) -> String {
    let policy = policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.01"});
        p["coverage"] = json!({"guards": ["total", "county"], "minimum": "0.01"});
    });
    let roster = roster(300, &[(3, 5)], &policy);
    let frame = frame(units, &policy);
    let root = frame.tree(Suite::Sm3, &terms(&policy).salt_key).root();
    let plan = Plan::new(frame, roster.clone(), policy.clone(), Cycle::default()).unwrap();
    let sealed = plan.seal(terms(&policy)).unwrap();
    let record = draw(&sealed, 7);
    let report = verify(&record, &evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    let mut census = Census::new(policy.clone(), Cycle::default(), terms(&policy).salt_key).unwrap();
    census.extend((0..units).map(unit_row));
    let streamed = census.finish().unwrap().seal(roster, terms(&policy)).unwrap();
    let mut pass = streamed.draw(&dice(7)).unwrap();
    pass.extend((0..units).map(unit_row));
    let sample = pass.finish().unwrap();
    assert_eq!(sample.cells(), record.sample);
    let record = String::from_utf8(record.to_json()).unwrap();
    format!("{root}\n{}\n{}\n{record}\n{report}", sealed.digest(), streamed.digest())
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    // Beyond one batch of rows, and not a multiple of anything.
    let units = 17_011;
    let digest = |text: &str| Suite::Sha256.leaf(text.as_bytes()).to_string();
    let once = all(units);
    // The same here whether the feature is on (`cargo test --all-features`) or off
    // (`cargo test --test suite law::threads`): CI runs both.
    assert_eq!(digest(&once), "f09cadbcdbe8bd9c7a495b888aaa2d7b438baf6cc8978c1f3fd49211fa331e38");
    for threads in [1, 2, 3, 8] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert!(pool.install(|| all(units)) == once, "{threads} threads");
    }
}
