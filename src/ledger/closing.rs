//! Which entries are closed, and which may be open (Spec 17.7).

use super::attempt::Attempt;
use super::closed::OfVisits;
use super::entry::Entry;
use super::present::Present;
use super::refusal::{Refusal, Rule};
use crate::message::{Message, said};

/// What names visits to come of a draw that is not disclosed is closed; nothing is closed of another draw.
pub(super) fn check(state: &Present, entry: &Entry, closed: bool) -> Result<(), Refusal> {
    let Some(OfVisits { draw, visits, to_come }) = entry.entry.of_visits() else { return Ok(()) };
    let refuse = |code, what: &str, expected: &str, found: Message| {
        Err(Refusal::new(entry, Rule::Disclosure, code, what, expected, found))
    };
    let closing = state.latest(draw).filter(|attempt| attempt.is_closing());
    if !closed {
        if closing.is_some() && to_come {
            let expected = "closed, as the draw is not disclosed: it names a visit to come, or who goes";
            let found = said!("found.open_line", "an open line");
            return refuse("ledger.disclosure.open_line", "the entry", expected, found);
        }
        return Ok(());
    }
    let Some(assigned) = closing.and_then(Attempt::assigned) else {
        let expected = "of a draw whose teams are made, that is deferred and neither disclosed nor void";
        let found = said!("found.of_draw", "draw {draw}", draw);
        return refuse("ledger.disclosure.closed_line", "a closed line", expected, found);
    };
    match visits.filter(|visits| visits.size != assigned.size) {
        None => Ok(()),
        Some(other) => {
            let (what, expected) = ("the number of visits", assigned.size);
            let code = "ledger.visits.number";
            Err(Refusal::new(entry, Rule::Visits, code, what, expected, other.size))
        }
    }
}
