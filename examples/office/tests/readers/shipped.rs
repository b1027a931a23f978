//! The rows that are shipped for the examples (`examples/data/quanzhou_*.json`) are the rows of the shipped
//! spreadsheets.
//!
//! `cargo test -p double-random-office --test readers -- --ignored write_the_rows` writes them anew.

use double_random::bytes::SaltKey;
use double_random::policy::{Billionths, Policy};
use double_random::{Cycle, Frame, Roster};
use double_random_office::table;
use double_random_support::demo;
use serde::Serialize;
use serde_json::Value;

const UNITS: &[u8] = include_bytes!("../../../data/quanzhou_units.csv");
const OFFICERS: &[u8] = include_bytes!("../../../data/quanzhou_officers.csv");
const RECUSALS: &[u8] = include_bytes!("../../../data/quanzhou_recusals.csv");
const CYCLE: &[u8] = include_bytes!("../../../data/quanzhou_cycle.csv");

fn policy() -> Policy {
    Policy::from_json(demo::POLICY).unwrap()
}

/// The state of the year; its salt is made when it is sealed.
fn cycle() -> String {
    let (rows, ..) = table::standings(CYCLE).unwrap();
    let spent = Billionths::new(Billionths::ONE.get() - policy().round().rest.get()).unwrap();
    let text = Cycle::new(spent, rows).unwrap().to_json(&SaltKey::new([0; 32]));
    String::from_utf8(text).unwrap()
}

#[test]
fn the_rows_of_the_examples_are_those_of_the_spreadsheets() {
    let (plan, policy, key) = (demo::plan().unwrap(), policy(), SaltKey::new(demo::SALT_KEY));
    let (units, ..) = table::units(UNITS, &policy).unwrap();
    let frame = Frame::new(units, &policy.frame, policy.as_of).unwrap();
    assert!(frame.to_json(&key) == plan.frame().to_json(&key));
    let (officers, ..) = table::inspectors(OFFICERS, &policy).unwrap();
    let (recusals, ..) = table::recusals(RECUSALS, &policy).unwrap();
    let roster = Roster::new(officers, recusals, &policy.roster, policy.as_of).unwrap();
    assert!(roster.to_json(&key) == plan.roster().to_json(&key));
    assert_eq!(cycle(), demo::CYCLE);
}

#[test]
#[ignore = "writes the rows"]
fn write_the_rows() {
    let policy = policy();
    write("units", &rows(table::units(UNITS, &policy).unwrap().0));
    write("officers", &rows(table::inspectors(OFFICERS, &policy).unwrap().0));
    write("recusals", &rows(table::recusals(RECUSALS, &policy).unwrap().0));
    write("cycle", &cycle());
}

fn write(table: &str, text: &str) {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../data");
    std::fs::write(format!("{data}/quanzhou_{table}.json"), text).unwrap();
}

/// A row a line, without its number and without what is empty.
fn rows<R: Serialize>(rows: Vec<R>) -> String {
    let row = |row: R| {
        let mut value = serde_json::to_value(row).unwrap();
        let fields = value.as_object_mut().unwrap();
        fields.remove("row");
        if let Some(Value::Array(signals)) = fields.get_mut("signals") {
            signals.retain(|signal| signal[1] != "0");
        }
        fields.retain(|_, value| value != "" && value != &Value::Array(Vec::new()));
        format!(" {value}")
    };
    format!("[\n{}\n]\n", rows.into_iter().map(row).collect::<Vec<_>>().join(",\n"))
}
