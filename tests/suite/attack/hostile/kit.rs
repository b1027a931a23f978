//! The draw kit: what an operator can try with a table of units, a record or an engine that would not see it.
//! On SQLite the office's tests run the queries (`kit`), on the others `tests/engines/run.py`.

use super::*;
use double_random::Cycle;
use double_random::lot::sql::{Dialect, SqlError};
use double_random::plan::Placed;
use double_random::record::KitError;
use double_random::stream::{Census, StreamError};

fn places(sealed: &Sealed) -> Vec<Placed> {
    sealed.plan().places(sealed.salt_key()).collect()
}

/// The operator puts the friend into a cell from which nobody is drawn, in the register that he lets the
/// auditor read. The auditor's own register has him where the policy puts him, and the cells of the two are
/// not those of one table.
#[test]
fn a_false_map_of_units_is_not_that_of_the_auditors_register() {
    let policy = policy(rate);
    let sealed = testkit::sealed(120, 24, &[], policy.clone());
    let record = draw(&sealed, 3);
    let rows = |from: &str| {
        (0..120)
            .map(testkit::unit_row)
            .map(|mut row| {
                if row.id == friend().as_str() {
                    row.division = from.to_owned();
                }
                row
            })
            .collect::<Vec<_>>()
    };
    let own = testkit::unit_row(3).division;
    let other = testkit::COUNTIES.into_iter().find(|county| *county != own).unwrap();
    let frame = Frame::new(rows(other), &policy.frame, policy.as_of).unwrap();
    let roster = testkit::roster(24, &[], &policy);
    let false_plan = Plan::new(frame, roster, policy.clone(), Cycle::default()).unwrap();
    assert_ne!(false_plan.table(), record.table, "the tables are compared before a map is used");
    let of = |all: &[Placed]| all.iter().find(|place| place.id == friend()).cloned();
    let false_map: Vec<Placed> = false_plan.places(sealed.salt_key()).collect();
    assert_ne!(of(&false_map), of(&places(&sealed)));

    // A second pass over other rows than were counted gives no map.
    let counted = |rows: Vec<_>| {
        let mut census = Census::new(policy.clone(), Cycle::default(), sealed.salt_key().clone()).unwrap();
        census.extend(rows);
        census.finish().unwrap()
    };
    let counted = counted(rows(&own));
    assert_eq!(counted.table(), record.table);
    let ignore = |_| Ok::<(), StreamError>(());
    assert!(counted.places(rows(&own), ignore).is_ok());
    let changed = counted.places(rows(other), ignore);
    assert!(matches!(changed, Err(StreamError::Changed { .. })), "{changed:?}");
    let fewer = counted.places(rows(&own).into_iter().skip(1), ignore);
    assert!(matches!(fewer, Err(StreamError::Changed { .. })), "{fewer:?}");
}

/// He recommends an engine that has no SM3, or integers too small, and would give other picks without a word.
#[test]
fn an_engine_that_would_be_silently_wrong_gets_no_text() {
    let record = draw(&sealed(60, 12, &[], policy(|p| p["suite"] = json!("sm3"))), 1);
    for dialect in Dialect::ALL {
        let has_sm3 = matches!(dialect, Dialect::PostgreSql | Dialect::Sqlite);
        match record.sql(dialect) {
            Ok(_) => assert!(has_sm3, "{dialect:?}"),
            Err(error) => {
                assert!(!has_sm3 && matches!(error, KitError::Engine(SqlError::Suite { .. })), "{error}");
            }
        }
    }
    let text = record.sql(Dialect::PostgreSql).unwrap().files[2].text(ToString::to_string);
    assert!(text.contains("'sm3'") && !text.contains("sha256"), "{text}");
}

/// He gives a record whose table or sample is not sound: the kit would draw from other cells than it shows.
#[test]
fn a_record_that_is_not_sound_has_no_kit() {
    let record = serde_json::to_value(draw(&sealed(60, 12, &[], policy(rate)), 1)).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut record = record.clone();
        change(&mut record);
        Record::from_json(record.to_string().as_bytes()).unwrap().sql(Dialect::Sqlite).unwrap_err()
    };
    let less = refused(&|record| drop(record["sample"].as_array_mut().unwrap().pop()));
    assert!(matches!(less, KitError::Sample { .. }), "{less}");
    let swapped = refused(&|record| record["table"]["cells"].as_array_mut().unwrap().swap(0, 1));
    assert!(matches!(swapped, KitError::Table(_)), "{swapped}");
    let above = refused(&|record| record["table"]["cells"][0]["size"] = json!("1000000001"));
    assert!(matches!(above, KitError::Table(_)), "{above}");
}
