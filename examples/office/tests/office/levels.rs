//! The levels that a register states, under a pack: a place to begin from, or a problem. Never read and dropped.

use crate::folders::{small, some};
use crate::support::Office;
use double_random::Frame;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A register of 60 institutions, 16 of them of high risk and 11 of credit D, and one more row.
fn register(office: &Office, more: Option<&str>) {
    let rows = some("quanzhou_units.csv", |_, row| ["public_hospital", "township"].contains(&row[3]));
    let mut rows = rows.lines();
    let mut table = format!("{},风险等级,信用等级\n", rows.next().unwrap());
    for (place, row) in rows.take(60).enumerate() {
        let risk = if place < 16 { "高风险" } else { "低风险" };
        let credit = if (10..21).contains(&place) { "D级" } else { "A级" };
        table += &match more {
            Some(credit) if place == 30 => format!("{row},{risk},{credit}\n"),
            _ => format!("{row},{risk},{credit}\n"),
        };
    }
    office.write("levels.csv", table);
}

/// The office under the same pack, which says what a stated level means.
fn begins_where_stated() -> Office {
    let office = small();
    let mut pack: Value = serde_json::from_str(&office.read("pack.json")).unwrap();
    pack["rating"]["start"]["stated"] = json!(true);
    office.write("pack.json", pack.to_string());
    std::fs::remove_file(office.path("office.db")).unwrap();
    office
        .run("init --pack pack.json --programme programme.json --salt-key key.txt --at 2026-02-20T01:00:00Z")
        .ok();
    for (table, minute) in [("officers", 2), ("experts", 3)] {
        office.run(&format!("import {table} {table}.csv --yes --at 2026-02-20T01:0{minute}:00Z")).ok();
    }
    office
}

#[test]
fn levels_of_a_register_are_used_or_refused() {
    // The pack of 泉州 states no meaning of a level in the register: every filled cell is a problem.
    let office = small();
    register(&office, None);
    let dump = office.dump();
    let refused = office.run("import units levels.csv --all --yes --at 2026-02-21T01:00:00Z --lang en");
    assert_eq!(refused.status, Some(3), "{refused:?}");
    let named = |words: &[&str]| refused.err.lines().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(named(&["line 2,", "风险等级", "high", "rating.start.stated"]), "{refused:?}");
    assert!(named(&["line 12,", "信用等级", "\"D\"", "rating.start.stated"]), "{refused:?}");
    assert!(office.dump() == dump, "something was stored");

    // A pack that begins where the register states: a level that is none of its own is a problem, by row, field,
    // value and what it may be.
    let office = begins_where_stated();
    register(&office, Some("丁级"));
    let refused = office.run("import units levels.csv --all --yes --at 2026-02-21T01:00:00Z --lang en");
    assert_eq!(refused.status, Some(3), "{refused:?}");
    let line = refused.err.lines().find(|line| line.contains("line 32,")).unwrap_or_default();
    assert!(
        ["信用等级", "丁级", "is not among", "frame.credit", "A, B, C, D"]
            .iter()
            .all(|word| line.contains(word)),
        "{refused:?}"
    );

    // Every level that was stated is that of the frame which is sealed: nothing raises them here.
    register(&office, None);
    office.run("import units levels.csv --yes --at 2026-02-21T01:00:00Z").ok();
    office.run("export units --out back.csv --lang en").ok();
    let back = office.read("back.csv");
    assert_eq!((back.matches(",high,").count(), back.matches(",D,").count()), (16, 11), "{back}");
    office.run("plan --adopt --approved-by director --despite one-task-only --at 2026-03-02T02:00:00Z").ok();
    office.run("seal --salt-key key.txt --at 2026-03-03T03:00:00Z").ok();
    let frame = Frame::from_json(&office.document("frame")).unwrap().0;
    let mut levels: BTreeMap<String, u64> = BTreeMap::new();
    for unit in frame.units() {
        *levels.entry(unit.risk.to_string()).or_default() += 1;
        *levels.entry(unit.credit.to_string()).or_default() += 1;
    }
    assert_eq!((levels["high"], levels["D"]), (16, 11), "{levels:?}");
    office.run(&format!("beacon --value dice={} --at 2026-03-04T03:10:00Z", "1".repeat(40))).ok();
    office.run("draw --at 2026-03-04T03:20:00Z").ok();
    let verified = office.run("verify --lang en --at 2026-03-04T03:30:00Z").fails(2, "pass     levels");
    assert!(verified.out.contains("pass     signals") && !verified.out.contains("FAIL"), "{verified:?}");
}
