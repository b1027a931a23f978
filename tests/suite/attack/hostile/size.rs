//! Inputs that are small and would take minutes or gigabytes. Nothing here looks at a clock: what a network
//! takes is counted in looks at its arcs, and what would take minutes keeps the test from ending.

use double_random::frame::UnitRow;
use double_random::id::InspectorId;
use double_random::matching::{Demand, Matching, Seat, WHOLE, shortages, table};
use double_random::record::Record;
use double_random::roster::InspectorRow;
use double_random::table::MOST_PROBLEMS;
use double_random::verify::{Check, Outcome, verify};
use double_random::{Evidence, Frame, Plan, Policy, Roster};
use serde_json::{Value, json};
use testkit::policy;

/// A vocabulary as long as a policy may have, of words as long as words may be.
fn wordy() -> Policy {
    let words: Vec<String> = (0..1000).map(|n| format!("{n:04}{}", "w".repeat(60))).collect();
    policy(|p| {
        p["frame"]["kinds"] = json!(words);
        p["team"]["qualifications"] = json!({});
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
    })
}

/// He sends a register with one wrong word in every row, and the reader answers with the whole vocabulary for
/// each of them: a megabyte became eight gigabytes.
#[test]
fn a_wrong_column_is_answered_with_a_thousand_problems_and_their_number() {
    let policy = wordy();
    let row = |n: u64| UnitRow { kind: format!("{n:04}{}v", "w".repeat(59)), ..testkit::unit_row(n) };
    let rows: Vec<UnitRow> = (1..=4000).map(row).collect();
    let problems = Frame::new(rows, &policy.frame, policy.as_of).unwrap_err();
    assert_eq!(problems.as_slice().len(), MOST_PROBLEMS);
    assert_eq!(problems.left_off(), 3000);
    let first = &problems.as_slice()[0];
    let rule = first.rule.to_string();
    assert!(rule.contains(&format!("0001{}", "w".repeat(60))), "the word that was meant: {rule}");
    assert!(rule.ends_with("(1000 in all)"), "{rule}");
    let text = problems.to_string();
    assert!(
        text.starts_with("4000 problems")
            && text.ends_with("3000 more are not listed: correct these, and read it again")
    );
    assert!(text.len() < 1_000_000, "{}", text.len());
}

/// The same with one cell of a megabyte.
#[test]
fn a_cell_of_a_megabyte_is_named_and_not_repeated() {
    let policy = testkit::policy(|_| ());
    let row = UnitRow { kind: "x".repeat(1_000_000), name: "n".repeat(1_000_000), ..testkit::unit_row(1) };
    let problems = Frame::new([row], &policy.frame, policy.as_of).unwrap_err();
    assert!(problems.to_string().len() < 2000, "{problems}");
}

/// One visit for two officers, all of whom may go everywhere.
fn everywhere(visits: usize, officers: Vec<Seat>, offices: Vec<u64>) -> Matching {
    let list: Vec<u32> = (0..u32::try_from(officers.len()).unwrap()).collect();
    let post = |visit| Demand { visit, places: 2, list: list.clone(), limit: None, pinned: false };
    Matching {
        visits: vec![None; visits],
        posts: (0..visits).map(post).collect(),
        officers,
        offices,
        ceiling: WHOLE,
    }
}

/// Looks at one pair of a post and a person, at most so many in the chance table of any of these networks.
/// Where every load was a round, they were the number of officers.
const LOOKS: u64 = 1500;

fn looks(matching: &Matching) -> u64 {
    let pairs: usize = matching.posts.iter().map(|post| post.list.len()).sum();
    let steps: u64 = table(matching).iter().map(|component| component.steps).sum();
    steps / u64::try_from(pairs).unwrap()
}

/// He gives every officer another load before the draw, far from the others: every price was a round of its
/// own, and 219 KB took 154 seconds after the seal.
#[test]
fn officers_with_widely_distinct_loads_take_no_more_rounds_than_loads_have_bits() {
    for (visits, officers) in [(40, 80), (80, 160)] {
        for step in [1, 97, 6000] {
            let seat = |n: u64| Seat { cap: 30, before: n * n % 7919 * step, ..Seat::default() };
            let matching = everywhere(visits, (0..officers).map(seat).collect(), Vec::new());
            let found = looks(&matching);
            assert!(found < LOOKS, "{visits} visits, {officers} officers, step {step}: {found}");
            // The caps of offices stand behind the loads.
            let seat = |n: u64| Seat { office: Some(usize::try_from(n % 7).unwrap()), ..seat(n) };
            let matching = everywhere(visits, (0..officers).map(seat).collect(), vec![20; 7]);
            let found = looks(&matching);
            assert!(found < LOOKS, "{visits} visits, {officers} officers, step {step}, offices: {found}");
        }
    }
}

/// A policy under which every unit is visited, by whoever works in the city.
fn every_unit(p: &mut Value) {
    p["design"] = json!({"method": "rate", "rate": "1"});
    p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
    p["team"]["qualifications"] = json!({});
    p["team"]["jurisdiction"] = json!("any");
}

/// Posts of many visits that all want more people than there are, in one dense network: every shortage was
/// compared with every pair of the network, and 273 KB took 228 seconds.
#[test]
fn a_dense_network_where_every_visit_is_short_is_looked_at_a_few_times() {
    for (visits, officers) in [(60, 20), (120, 40)] {
        let seat = |_| Seat { cap: 1, ..Seat::default() };
        let matching = everywhere(visits, (0..officers).map(seat).collect(), Vec::new());
        let short = shortages(&matching);
        assert_eq!((short.len(), short[0].posts.len()), (1, visits));
        let found = looks(&matching);
        assert!(found < LOOKS, "{visits} visits, {officers} officers: {found}");
    }
    let policy = policy(|p| {
        every_unit(p);
        p["team"]["cap"] = json!(1);
        p["team"]["departments"] = json!([{"department": "wsjd", "officers": 20}]);
    });
    let sealed = testkit::sealed(150, 150, &[], policy);
    let record = testkit::draw(&sealed, 1);
    let [shortage] = &record.teams.shortages[..] else { panic!("one shortage") };
    assert_eq!((shortage.need, shortage.can_fill), (3000, 100), "100 of the 150 are of the department");
    assert!(
        verify(&record, &testkit::evidence(&sealed, &record)).outcome(Check::Assignment) == &Outcome::Pass
    );
}

/// He enters an absence for every day of a century: each of them was compared with each day of each visit,
/// and 955 KB took 181 seconds.
#[test]
fn an_absence_is_looked_up_and_not_compared_with_every_day() {
    let policy = policy(|p| {
        every_unit(p);
        p["team"]["days"] = json!((1..=28).map(|d| format!("2026-02-{d:02}")).collect::<Vec<_>>());
    });
    let days = |n: u64| {
        let day = |k: u64| format!("{}-{:02}-{:02}", 2027 + k / 336, 1 + k / 28 % 12, 1 + k % 28);
        (0..2000).map(|k| (day(k * (1 + n % 3)), day(k * (1 + n % 3)))).collect()
    };
    let row = |n: u64| InspectorRow { absences: days(n), ..testkit::inspector_row(n) };
    let roster = Roster::new((0..20).map(row), [], &policy.roster, policy.as_of).unwrap();
    let plan =
        Plan::new(testkit::frame(120, &policy), roster, policy, double_random::Cycle::default()).unwrap();
    assert!(plan.understaffed().is_empty());
    assert!(plan.capacity().iter().all(|node| node.available > 0));
    let officer = &plan.roster().inspectors()[0];
    assert_eq!(plan.bar(officer, &plan.frame().units()[0]), None);
}

/// The last visit of a unit was made by a crowd, so that rotation compares each candidate with each of it.
#[test]
fn a_crowd_at_the_last_visit_is_looked_up() {
    let policy = policy(|p| {
        every_unit(p);
        p["round"] = json!({"rest": "0.5", "share": "0.5"});
    });
    let crowd: Vec<String> = (0..20_000).map(|n| format!("Z-{n:05}")).collect();
    let mut crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    crowd.insert(0, "I-0000");
    let cycle = testkit::cycle("0.5", &[(3, 1, "0", "2025-06-01", &crowd)]);
    let (frame, roster) = (testkit::frame(60, &policy), testkit::roster(60, &[], &policy));
    let plan = Plan::new(frame, roster, policy, cycle).unwrap();
    assert!(plan.understaffed().is_empty());
    let position = plan.roster().position(&InspectorId::parse("I-0000").unwrap()).unwrap();
    let officer = &plan.roster().inspectors()[position];
    let unit = &plan.frame().units()[3];
    assert_eq!(plan.bar(officer, unit), Some(double_random::plan::Bar::Rotation));
}

/// Shortages of a record that all share a post: joining them again with every one took half a minute for a
/// megabyte. The check still finds that the vacancies are not those of the group.
#[test]
fn shortages_that_share_a_post_are_joined_once_each() {
    let sealed = testkit::sealed(40, 4, &[], policy(every_unit));
    let mut record: Value = serde_json::from_slice(&testkit::draw(&sealed, 1).to_json()).unwrap();
    let one = record["teams"]["shortages"][0].clone();
    let statements: Vec<Value> = (0..3000)
        .map(|_| {
            let mut statement = one.clone();
            statement["officers"] = json!([]);
            statement["losses"] = json!({});
            statement
        })
        .collect();
    record["teams"]["shortages"] = json!(statements);
    let record = Record::from_json(&double_random::bytes::encode(&record).unwrap()).unwrap();
    let report = verify(&record, &Evidence::default());
    let Outcome::Fail { what, .. } = report.outcome(Check::Teams) else { panic!("{report}") };
    assert_eq!(what, "vacancies of a shortage");
}
