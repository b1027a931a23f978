//! Entries that rest on closed lines whose contents are not known, and lines of hidden draws out of their time
//! (Spec 17.7).

use super::{ONE, Refusals, amended, with};
use crate::ledger::*;
use double_random::ledger::{Content, Ledger, Line};
use serde_json::json;

/// A ledger with a hidden draw and another one, as its readers have it: the contents of closed lines are not
/// known. What rests on such a line is of the draw of that line: else the line would keep the visits of every
/// other draw from being checked.
pub(super) fn another_draw(refusals: &mut Refusals) {
    let mut office = closed_draw();
    let line = office.lines().iter().find(|line| line.is_closed()).unwrap().entry().number;
    let two = office.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    office.values("2026-04-11T09:30:00Z", two, &[throw("dice", 2)]);
    office.draw("2026-04-11T10:00:00Z", two);
    let unit = office.units(two)[0].clone();
    let visit = office.visit(two, "2026-04-12", &unit);
    let moved = json!({"kind": "reassigned", "approval": approval("office"), "draw": 2, "entry": line, "moves": [],
                       "visits": office.commitment(two)});
    let inspected = json!({"kind": "inspected", "approval": approval("authority"), "date": "2026-04-12",
                           "team": ["I-0001"], "unit": unit});
    office.ledger = Ledger::from_lines(office.shown(), None, |_, _| None).unwrap();
    let on_the_line = |entry| amended(line, entry, "authority");
    refusals.own(
        &office,
        "2026-04-12T00:00:00Z",
        [
            ("corrected_on_a_closed_line_of_another_draw", "amendment", on_the_line(&visit)),
            (
                "taken_back_on_a_closed_line_of_another_draw",
                "amendment",
                on_the_line(&json!({"draw": 2, "kind": "withdrawn", "unit": unit})),
            ),
            ("an_inspection_corrected_on_a_closed_line", "amendment", on_the_line(&inspected)),
            (
                "corrected_on_a_closed_line_of_no_draw",
                "amendment",
                on_the_line(&with(&visit, "draw", json!(7))),
            ),
            ("moved_on_a_closed_line_of_another_draw", "visits", moved.clone()),
            ("moved_on_a_closed_line_of_no_draw", "visits", with(&moved, "draw", json!(7))),
        ],
    );
}

/// What an entry about visits needs first is asked before whether it is closed: one rule refuses it everywhere.
pub(super) fn out_of_time(refusals: &mut Refusals) {
    let mut office = closed_draw();
    let unit = office.units(ONE)[4].clone();
    let out =
        Office::dropped_out(ONE, &office.first_officer(ONE, &unit), ["2026-02-12", "2026-02-20"], "office");
    let gone = office.replacement(ONE, "2026-02-17", &unit);
    let early = with(&gone, "date", "2026-01-09");
    refusals.own(
        &office,
        "2026-02-18T00:00:00Z",
        [("a_hidden_replacement_before_the_draw", "visits", early)],
    );
    // Drawn, and its teams are not assigned yet.
    let assigned = |line: &Line| matches!(line.entry().entry, Content::Assigned { .. });
    let end = office.lines().iter().position(assigned).unwrap();
    office.ledger = Ledger::from_lines(office.shown()[..end].to_vec(), None, |_, _| None).unwrap();
    let early = [("an_officer_drops_out_of_a_hidden_draw_without_teams", "visits", out)];
    refusals.own(&office, "2026-02-12T00:00:00Z", early);
}
