//! Words that several checks share: what they compare, and what they expect and find. Each has a code.

use super::names::Check;
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::message::{AsParam, Message, said};
use crate::stratum::StratumPath;
use std::fmt::Display;

/// Functions without values, one a line.
macro_rules! words {
    ($($name:ident = $code:literal, $words:literal;)+) => {
        $(pub(super) fn $name() -> Message {
            said!($code, $words)
        })+
    };
}

words! {
    another = "found.another", "another";
    another_order = "found.another_order", "another order";
    beacon_values = "expected.beacon_values", "those of the beacon plan";
    cell = "compared.cell", "the cell";
    cell_table = "compared.cell_table", "the cell table";
    dossier = "compared.dossier", "the dossier";
    lapsed_pins = "compared.lapsed_pins", "lapsed pins";
    none = "found.none", "none";
    of_policy = "expected.of_policy", "that of the policy";
    of_roster = "expected.of_roster", "one of the roster";
    one = "found.one", "one";
    others = "found.others", "others";
    overdue = "found.overdue", "overdue";
    picked = "found.picked", "picked";
    policy = "compared.policy", "the policy";
    record = "compared.record", "the record";
    reserve_place = "compared.reserve_place", "its place among the reserves";
    round_signature = "expected.round_signature", "the signature of its round";
    seal = "compared.seal", "the seal";
    seed = "compared.seed", "the seed";
    shortage = "compared.shortage", "a shortage";
    something_else = "found.something_else", "something else";
    table_digest = "compared.table_digest", "digest of the cell table";
    unit = "compared.unit", "the unit";
    values = "compared.values", "the values";
    visits = "compared.visits", "visits";
}

/// At most so many.
pub(super) fn at_most(most: impl AsParam + Display) -> Message {
    said!("expected.at_most", "at most {most}", most)
}

/// A value between two others, or these two.
pub(super) fn from_to(from: impl AsParam + Display, to: impl AsParam + Display) -> Message {
    said!("expected.from_to", "{from} to {to}", from, to)
}

/// One of so many.
pub(super) fn one_of(number: usize) -> Message {
    said!("expected.one_of", "one of {number}", number)
}

/// A party of a team: a department, or the experts.
pub(super) fn party(department: Option<&Code>) -> Message {
    match department {
        Some(department) => said!("found.department", "{department}", department),
        None => said!("found.experts", "experts"),
    }
}

/// The checks of a draw that failed.
pub(super) fn checks(failed: &[Check]) -> Message {
    let checks: Vec<Message> =
        failed.iter().map(|check| said!("found.check", "{check}", check = check.as_str())).collect();
    let checks = checks.as_slice().param();
    said!("found.checks", "{checks}", checks)
}

/// A cell with the measure of its units.
pub(super) fn cell_of_size(cell: &StratumPath, size: u64) -> Message {
    said!("compared.cell_of_size", "cell {cell} of size {size}", cell, size)
}

/// The pool of a post.
pub(super) fn pool(post: &Code) -> Message {
    said!("compared.pool", "the pool of {post}", post)
}

/// Somebody in a team.
pub(super) fn person_at(person: &InspectorId, unit: &UnitId) -> Message {
    said!("compared.person_at", "{person} at {unit}", person, unit)
}

/// The team of a unit.
pub(super) fn team(unit: &UnitId) -> Message {
    said!("compared.team", "team at {unit}", unit)
}

/// The visits of somebody on a day.
pub(super) fn day_visits(person: &InspectorId, day: Date) -> Message {
    said!("compared.day_visits", "visits of {person} on {day}", person, day)
}

/// The visits of somebody in a week.
pub(super) fn week_visits(person: &InspectorId, day: Date) -> Message {
    said!("compared.week_visits", "visits of {person} in the week of {day}", person, day)
}

/// The visits of a draw.
pub(super) fn visits_of_draw(draw: u64) -> Message {
    said!("compared.visits_of_draw", "the visits of draw {draw}", draw)
}
