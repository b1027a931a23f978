//! What the published documents themselves contradict.

use double_random::Evidence;
use double_random::ledger::{Content, Rule};
use double_random::verify::{self, Check, LedgerCheck, LedgerEvidence, Verdict, verify};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::forged::forged;
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);

fn close() -> Value {
    json!({"kind": "cycle_closed", "approval": approval("authority")})
}

/// A friend is drawn, and nobody goes. The report names him while the visit is due, and `deadlines` fails
/// seven days after the plan's window.
#[test]
fn a_drawn_friend_is_never_visited() {
    let mut office = first_draw(None);
    let units = office.units(ONE);
    for unit in &units[1..] {
        let visit = office.visit(ONE, "2026-03-10", unit);
        office.enter("2026-03-12T00:00:00Z", &visit);
    }
    let public = |at: &str| LedgerEvidence { at: Some(instant(at)), ..office.public() };
    let due = verify::ledger(office.lines(), &public("2026-04-01T23:59:59Z"));
    assert_eq!(due.failed(), []);
    assert_eq!(due.pending()[0].units, [units[0].clone()]);
    let line = format!("look at  draw 1, attempt 1: 1 visits to come, due by 2026-03-25: {}", units[0]);
    assert!(due.to_string().contains(&line), "{due}");
    let over = verify::ledger(office.lines(), &public("2026-04-02T00:00:00Z"));
    assert_eq!(over.failed(), [LedgerCheck::Deadlines]);
    assert!(over.to_string().contains(&format!("nothing entered about {}", units[0])), "{over}");
    // Without the record the lines still show that one visit is to come.
    let blind = verify::ledger(office.lines(), &LedgerEvidence::default());
    assert_eq!((blind.pending()[0].number, blind.pending()[0].units.len()), (1, 0));
    assert_eq!(blind.verdict(), Verdict::SelfConsistent);
}

/// No visit of the draw is made, and the cycle is closed. No document of the draw is known to the reader.
#[test]
fn the_year_is_closed_before_anybody_was_visited() {
    let mut office = first_draw(None).by_lines_alone();
    let refusal = office.attempt("2026-12-31T00:00:00Z", "clerk", &close()).unwrap_err();
    assert_eq!(refusal.rule, Rule::Cycle);
    // Nor with all visits but one.
    let units = office.units(ONE);
    for unit in &units[1..] {
        let visit = office.visit(ONE, "2026-02-10", unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
    }
    assert_eq!(office.attempt("2026-12-31T00:00:00Z", "clerk", &close()).unwrap_err().rule, Rule::Cycle);
    let last = office.visit(ONE, "2026-02-10", &units[0]);
    office.enter("2026-02-12T00:00:00Z", &last);
    office.enter("2026-12-31T00:00:00Z", &close());
}

/// A visit is entered twice, and once more after the end of the cycle: it would move rotation and the
/// exemption of recently visited units.
#[test]
fn a_visit_counts_twice() {
    let mut office = first_draw(None).by_lines_alone();
    let units = office.units(ONE);
    for unit in &units {
        let visit = office.visit(ONE, "2026-02-10", unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
        let again = office.attempt("2026-02-12T00:00:00Z", "clerk", &visit).unwrap_err();
        assert_eq!(again.rule, Rule::Visits);
    }
    office.enter("2026-12-30T00:00:00Z", &close());
    let visit = office.visit(ONE, "2026-12-30", &units[0]);
    assert_eq!(office.attempt("2026-12-31T00:00:00Z", "clerk", &visit).unwrap_err().rule, Rule::Visits);
}

/// A unit that was never drawn is entered as a visit of the draw, in the place of a drawn friend.
#[test]
fn a_visit_to_a_unit_that_was_never_drawn() {
    let mut office = first_draw(None).by_lines_alone();
    let units = office.units(ONE);
    let mut visit = office.visit(ONE, "2026-02-10", &units[0]);
    visit["unit"] = json!("T-000777");
    office.enter("2026-02-12T00:00:00Z", &visit);
    let report = verify::ledger(office.lines(), &office.public());
    assert_eq!(report.failed(), [LedgerCheck::Picks], "{report}");
}

/// Fewer visits are committed to than units were picked.
#[test]
fn a_visit_is_left_out_of_the_commitment() {
    let office = first_draw(None);
    let assigned =
        office.lines().iter().position(|l| matches!(l.entry().entry, Content::Assigned { .. })).unwrap();
    let mut short = first_draw(None);
    short.ledger = double_random::ledger::Ledger::default();
    let mut lines: Vec<Value> =
        office.lines()[..=assigned].iter().map(|l| serde_json::from_slice(l.bytes()).unwrap()).collect();
    let size = lines[assigned]["entry"]["visits"]["size"].as_u64().unwrap();
    lines[assigned]["entry"]["visits"]["size"] = json!(size - 1);
    let lines: Vec<_> = lines
        .into_iter()
        .map(|line| double_random::ledger::Line::new(serde_json::from_value(line).unwrap()).unwrap())
        .collect();
    let report = verify::ledger(&lines, &office.public());
    assert_eq!(report.failed(), [LedgerCheck::Picks], "{report}");
}

/// He goes on a day that suits him: before the draw, off the day by lot, after the window.
#[test]
fn a_visit_on_a_day_of_his_own() {
    let mut office = Office::open(None);
    let days = |p: &mut Value| p["team"]["days"] = json!(["2026-02-10", "2026-02-11"]);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, days));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    let units = office.units(name);
    let day = office.draws[&name].record.teams.visits[0].day.unwrap().to_string();
    let mut enter = |unit: usize, date: &str| {
        let visit = office.visit(name, date, &units[unit]);
        office.enter("2026-03-26T00:00:00Z", &visit)
    };
    let right = enter(0, &day);
    let early = enter(1, "2026-01-10");
    let other = enter(2, "2026-02-12");
    let late = enter(3, "2026-03-26");
    let report = verify::ledger(office.lines(), &office.public());
    assert_eq!(report.failed(), []);
    assert_eq!(report.other_days(), [early, other, late]);
    assert_eq!(report.outside_window(), [early, late]);
    assert!(!report.other_days().contains(&right));
    let text = report.to_string();
    let lists = ["visits on another day than the lot gave", "visits before the draw or outside its window"];
    assert!(lists.iter().all(|heading| text.contains(&format!("look at  {heading}: entries"))), "{text}");
}

/// The seal is published when its source has spoken, or never: both are listed, and the first counts as late.
#[test]
fn a_seal_that_nobody_saw_before_its_source_spoke() {
    let office = |publish: Option<&str>| {
        let mut office = Office::open(None);
        let name = office.seal_only("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
        if let Some(at) = publish {
            office.publish_seal(at, name);
        }
        office.values("2026-01-11T10:00:00Z", name, &[throw("dice", 1)]);
        verify::ledger(office.lines(), &office.public())
    };
    let (never, late) = (office(None), office(Some("2026-01-11T09:00:00Z")));
    assert_eq!((never.seals_never_published(), never.seals_published_late()), (vec![4], vec![]));
    assert_eq!((late.seals_never_published(), late.seals_published_late()), (vec![], vec![5]));
    assert_eq!(late.state().journal().late, [5]);
    assert!(
        late.to_string().contains("look at  seals published after their first source: entries 5"),
        "{late}"
    );
    assert!(never.to_string().contains("look at  seals that no entry says were published: entries 4"));
    let in_time = office(Some("2026-01-11T08:59:59Z"));
    assert_eq!((in_time.seals_never_published(), in_time.seals_published_late()), (vec![], vec![]));
}

/// Every forgery of the table, the days and the statements about teams is refuted with nothing but the seal and
/// the values as published, by the checks named for it.
#[test]
fn published_parts_that_contradict_each_other() {
    let mut alone: BTreeSet<Check> = BTreeSet::new();
    for forged in forged() {
        let record = forged.read();
        let (seal, beacon) = (Some(record.seal.clone()), Some(record.beacon.clone()));
        let report = verify(&record, &Evidence { seal, beacon, ..Evidence::default() });
        assert_eq!(report.failed(), forged.failed, "{}:\n{report}", forged.name);
        alone.extend(forged.failed.first().filter(|_| forged.failed.len() == 1));
    }
    assert!(
        [Check::Strata, Check::Teams, Check::Days, Check::Statements]
            .iter()
            .all(|check| alone.contains(check))
    );
}
