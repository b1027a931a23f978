//! Steering by what is entered after the draw, row by row: who is called unavailable, who comes in whose place, what
//! an inspection is said to have found. (The tables themselves: `examples/office/tests/office/rows.rs`.)

use double_random::UnitId;
use double_random::ledger::Rule;
use double_random::verify::{self, LedgerCheck, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);
const LATE: &str = "2026-02-03T00:00:00Z";

/// The replacement as the rule has it, the unit that comes, and who goes there.
fn by_rule(office: &Office) -> (Value, UnitId, double_random::InspectorId) {
    let mut bound = office.clone();
    let entry = bound.replacement(ONE, "2026-02-02", &office.units(ONE)[0]);
    let by: UnitId = serde_json::from_value(entry["by"].clone()).unwrap();
    let first = bound.first_officer(ONE, &by);
    (entry, by, first)
}

/// He calls reserves of a post unavailable, one after the other, until his friend goes to the reserve institution. It
/// takes the authority, the entry names every one of them with a reason, and the report lists it.
#[test]
fn reserves_are_barred_until_a_friend_comes() {
    let office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let (rule, by, _) = by_rule(&office);
    let honest = {
        let mut office = office.clone();
        office.enter(LATE, &rule);
        verify::ledger(office.lines(), &office.evidence)
    };
    let listed = |report: &verify::LedgerReport| report.to_string().contains("first reserves");
    assert_eq!((honest.failed(), listed(&honest)), (vec![], false), "{honest}");
    let mut barred = BTreeSet::new();
    let mut came = BTreeSet::new();
    for _ in 0..6 {
        let mut wish = office.clone();
        let people: Vec<&double_random::InspectorId> = barred.iter().collect();
        let entry = wish.replacement_without(ONE, "2026-02-02", &unit, &people);
        let friend = wish.first_officer(ONE, &by);
        if !barred.is_empty() {
            let mut low = entry.clone();
            low["approval"]["level"] = json!("office");
            let refusal = wish.clone().attempt(LATE, "clerk", &low).unwrap_err();
            assert_eq!(refusal.rule, Rule::Approval);
            wish.enter(LATE, &entry);
            let report = verify::ledger(wish.lines(), &wish.evidence);
            assert_eq!(report.failed(), []);
            assert!(listed(&report), "{report}");
            assert_eq!(entry["unavailable"].as_array().unwrap().len(), barred.len());
        }
        assert!(came.insert(friend.clone()) && !barred.contains(&friend));
        barred.insert(friend);
    }
}

/// The friend goes, and nothing in the entry says why the first reserve does not; or the entry bars people, and the team
/// is the one without bars; or the bar is said of somebody else.
#[test]
fn a_team_that_its_bars_do_not_explain() {
    let office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let (rule, _, first) = by_rule(&office);
    let barred = office.clone().replacement_without(ONE, "2026-02-02", &unit, &[&first]);
    assert_ne!(rule["visits"], barred["visits"]);
    let mut silent = barred.clone();
    silent.as_object_mut().unwrap().remove("unavailable");
    let mut idle = rule;
    idle["unavailable"] = barred["unavailable"].clone();
    let mut other = barred.clone();
    other["unavailable"][0]["id"] = json!("I-0029");
    assert_ne!(barred["unavailable"][0]["id"], other["unavailable"][0]["id"]);
    for entry in [silent, idle, other] {
        let mut wish = office.clone();
        wish.enter(LATE, &entry);
        let failed = verify::ledger(wish.lines(), &wish.evidence).failed();
        assert_eq!(failed, [LedgerCheck::Reassignments], "{entry}");
    }
}

/// Whom the register barred from the institution that came is sent there a day later, in the place of one who is ill.
#[test]
fn a_barred_reserve_comes_by_the_back_door() {
    let mut office = first_draw(None);
    let unit = office.units(ONE)[0].clone();
    let (_, by, first) = by_rule(&office);
    let closed = office.replacement_without(ONE, "2026-02-02", &unit, &[&first]);
    office.enter(LATE, &closed);
    let second = office.first_officer(ONE, &by);
    let note = Office::dropped_out(ONE, &second, ["2026-02-01", "2026-03-25"], "authority");
    let number = office.enter(LATE, &note);
    let entry = office.clone().reassigned(ONE, number, "authority");
    let there = |step: &&Value| step["unit"] == json!(by);
    let step = entry["moves"].as_array().unwrap().iter().position(|step| there(&step)).unwrap();
    assert_ne!(entry["moves"][step]["by"], json!(first));
    let mut wish = office.clone();
    let mut back = entry.clone();
    back["moves"][step]["by"] = json!(first);
    wish.enter(LATE, &back);
    assert_eq!(verify::ledger(wish.lines(), &wish.evidence).failed(), [LedgerCheck::Reassignments]);
    office.enter(LATE, &entry);
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
}

/// He turns the result of an inspection outside the draw around, and chains the lines anew: whoever kept a checkpoint
/// refutes it. By an amendment it stays listed, and the first result stays in its line.
#[test]
fn the_result_of_an_inspection_outside_the_draw_is_turned_around() {
    let inspected = |result: &str| {
        json!({"kind": "inspected", "date": "2026-02-02", "team": ["I-0001", "I-0002"], "unit": "T-000039",
            "approval": approval("office"), "result": result})
    };
    let mut office = first_draw(None);
    let number = office.enter(LATE, &inspected("violation"));
    let kept = office.ledger.checkpoint().unwrap().note();
    let mut forged = first_draw(None);
    forged.enter(LATE, &inspected("ok"));
    let mut evidence = forged.evidence.clone();
    evidence.kept = vec![kept];
    assert_eq!(verify::ledger(forged.lines(), &evidence).failed(), [LedgerCheck::Checkpoint]);
    office.enter(
        "2026-02-04T00:00:00Z",
        &json!({"kind": "amended", "amends": number, "approval": approval("office"), "evidence": hex(5),
            "entry": inspected("ok"), "reason": "clerical"}),
    );
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_ne!(report.verdict(), Verdict::Refuted);
    assert!(report.to_string().contains("amendments"), "{report}");
}
