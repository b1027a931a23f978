//! What is entered after an entry was wrong: amendments, entries taken back, clocks set right, people who are
//! barred.

use super::{LATE, ONE, Refusals, amended, at_level, with};
use crate::ledger::*;
use serde_json::{Value, json};

/// A visit entered, then amended wrongly.
pub(super) fn amendments(refusals: &mut Refusals, office: &Office) {
    let units = office.units(ONE);
    let visit = office.visit(ONE, "2026-02-10", &units[0]);
    let mut visited = office.clone();
    let number = visited.enter(LATE, &visit);
    let amended = |entry: &Value, level: &str| amended(number, entry, level);
    let missed = json!({"kind": "missed", "approval": approval("authority"), "date": "2026-02-10", "draw": 1,
        "evidence": hex(1), "reason": "closed", "unit": units[0]});
    let mut own = missed.clone();
    own["approval"]["by"] = json!("clerk");
    let elsewhere = with(&visit, "unit", json!(units[1]));
    let by_others = with(&visit, "team", json!(["I-0000"]));
    let old = with(&visit, "date", "2026-01-09");
    refusals.first(
        &visited,
        [
            ("amended_to_another_unit", "amendment", amended(&elsewhere, "authority")),
            ("amended_to_a_miss_too_low", "approval", amended(&missed, "office")),
            ("amended_to_another_team_too_low", "approval", amended(&by_others, "office")),
            ("amended_to_before_the_draw", "amendment", amended(&old, "authority")),
            ("amended_with_his_own_approval", "amendment", amended(&own, "authority")),
            ("visited_twice", "visits", visit),
        ],
    );
}

/// An inspection that the authority approved moves rotation: the office does not take that away.
pub(super) fn inspections(refusals: &mut Refusals, office: &Office) {
    let inspected = |level: &str| {
        json!({"kind": "inspected", "date": "2026-02-10", "team": ["I-0001", "I-0002"],
            "approval": approval(level), "unit": "T-000039"})
    };
    for (level, name) in [
        ("authority", "inspection_amended_to_move_no_more_too_low"),
        ("office", "inspection_amended_to_move_too_low"),
    ] {
        let mut entered = office.clone();
        let number = entered.enter(LATE, &inspected(level));
        let other = inspected(if level == "office" { "authority" } else { "office" });
        refusals.first(&entered, [(name, "approval", amended(number, &other, "office"))]);
    }
}

/// An entry is taken back: of its unit and draw, by the authority, and only while the year can still be folded.
pub(super) fn taken_back(refusals: &mut Refusals, office: &Office) {
    let units = office.units(ONE);
    let mut visited = office.clone();
    let number = visited.enter(LATE, &office.visit(ONE, "2026-02-10", &units[0]));
    refusals.first(
        &visited,
        [
            ("taken_back_of_another_unit", "amendment", withdrawal(number, Some(1), &units[1])),
            ("taken_back_of_no_draw", "amendment", withdrawal(number, None, &units[0])),
            ("taken_back_too_low", "approval", at_level(&withdrawal(number, Some(1), &units[0]), "office")),
        ],
    );
    let mut back = visited.clone();
    back.enter(LATE, &withdrawal(number, Some(1), &units[0]));
    let closing = json!({"kind": "cycle_closed", "approval": approval("authority")});
    refusals.first(&back, [("closed_with_a_visit_taken_back", "cycle", closing)]);
    let mut replaced = back.clone();
    let away = replaced.replacement(ONE, "2026-02-11", &units[0]);
    replaced.enter(LATE, &away);
    // The visit is another institution's now, so the old one cannot be entered again.
    let again = amended(number, &office.visit(ONE, "2026-02-10", &units[0]), "authority");
    refusals.first(&replaced, [("entered_again_after_another_took_its_place", "amendment", again)]);
    for unit in &units[1..] {
        visited.enter(LATE, &office.visit(ONE, "2026-02-10", unit));
    }
    visited.enter(LATE, &json!({"kind": "cycle_closed", "approval": approval("authority")}));
    let late = withdrawal(number, Some(1), &units[0]);
    refusals.first(&visited, [("taken_back_after_the_cycle_was_closed", "amendment", late)]);
}

/// A clock set right: by the authority above, between the entry before the wrong one and the last, and not
/// before what the entries report.
pub(super) fn clocks(refusals: &mut Refusals, office: &Office) {
    let mut ahead = office.clone();
    let units = office.units(ONE);
    let wrong = ahead.enter("2027-02-12T00:00:00Z", &office.visit(ONE, "2026-02-10", &units[0]));
    let clock = |from: u64| json!({"kind": "clock", "approval": approval("superior"), "evidence": hex(1), "from": from});
    let low = at_level(&clock(wrong), "authority");
    refusals.first(
        &ahead,
        [
            ("clock_without_the_superior", "approval", low),
            ("clock_of_the_first_entry", "times", clock(1)),
            ("clock_of_an_entry_to_come", "times", clock(wrong + 1)),
        ],
    );
    let mut cases = |at: &str, name: &'static str| {
        refusals.try_all("first", &ahead, at, "clerk", [(name, "times", clock(wrong))]);
    };
    cases("2027-02-12T00:00:00Z", "clock_that_was_right");
    cases("2026-01-11T10:59:59Z", "clock_before_the_entry_before");
    cases("2026-02-08T23:59:59Z", "clock_before_the_visit");
    let then = "2026-02-12T00:00:00Z";
    ahead.enter(then, &clock(wrong));
    let early = [("after_the_clock_is_time_again", "times", office.visit(ONE, "2026-02-10", &units[1]))];
    refusals.try_all("first", &ahead, "2026-02-11T23:59:59Z", "clerk", early);
    // A value of dice entered a year ahead cannot have been entered before they were thrown.
    let mut office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2027-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    let back = [("clock_before_the_value_was_known", "times", clock(office.state().size()))];
    refusals.own(&office, "2026-01-11T08:59:59Z", back);
}

/// People whom a register bars: named, of the team, with evidence, as the authority approves.
pub(super) fn barred_teams(refusals: &mut Refusals, office: &Office) {
    let units = office.units(ONE);
    let mut visit = office.visit(ONE, "2026-02-10", &units[0]);
    let who = visit["team"][0].clone();
    let people = json!([{"id": who, "reason": "recused"}]);
    visit["barred"] = json!({"approval": approval("authority"), "people": people});
    let bare = visit.clone();
    visit["evidence"] = json!(hex(1));
    let change = |path: &str, value: Value| {
        let mut visit = visit.clone();
        *visit.pointer_mut(path).unwrap() = value;
        visit
    };
    let despite = |findings: Value, reason: &str| {
        json!({"kind": "policy", "approval": approval("superior"), "policy": hex(1),
            "despite": {"findings": findings, "reason": reason}})
    };
    refusals.first(
        office,
        [
            ("barred_without_evidence", "visits", bare),
            ("barred_and_nobody", "visits", change("/barred/people", json!([]))),
            ("barred_and_not_there", "visits", change("/barred/people/0/id", json!("I-0777"))),
            ("barred_too_low", "approval", change("/barred/approval/level", json!("office"))),
            ("barred_with_his_own_approval", "approval", change("/barred/approval/by", json!("clerk"))),
            ("despite_nothing", "policy", despite(json!([]), "because")),
            ("despite_without_a_reason", "policy", despite(json!(["deadline"]), "")),
            ("despite_out_of_order", "visits", despite(json!(["joint", "deadline"]), "because")),
        ],
    );
}
