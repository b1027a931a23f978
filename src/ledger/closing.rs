//! Which entries are closed, and which may be open (Spec 17.7).

use super::attempt::Attempt;
use super::entry::Entry;
use super::present::Present;
use super::refusal::{Refusal, Rule};

/// What names visits to come of a draw that is not disclosed is closed; nothing is closed of another draw.
pub(super) fn check(state: &Present, entry: &Entry, closed: bool) -> Result<(), Refusal> {
    let Some((draw, visits)) = entry.entry.about_visits() else { return Ok(()) };
    let refuse = |what: &str, expected: String, found: String| {
        Err(Refusal::new(entry, Rule::Disclosure, what, expected, found))
    };
    let closing = state.latest(draw).filter(|attempt| attempt.is_closing());
    if !closed {
        if closing.is_some() && entry.entry.names_to_come() {
            let expected = "closed, as the draw is not disclosed: it names a visit to come, or who goes";
            return refuse("the entry", expected.to_owned(), "an open line".to_owned());
        }
        return Ok(());
    }
    let Some(assigned) = closing.and_then(Attempt::assigned) else {
        let expected = "of a draw whose teams are made, that is deferred and neither disclosed nor void";
        return refuse("a closed line", expected.to_owned(), format!("draw {draw}"));
    };
    match visits.filter(|visits| visits.size != assigned.size) {
        None => Ok(()),
        Some(other) => {
            let (what, expected) = ("the number of visits", assigned.size);
            Err(Refusal::new(entry, Rule::Visits, what, expected, other.size))
        }
    }
}
