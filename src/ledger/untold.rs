//! Entries of which nothing can be said: closed lines whose contents are not known, and what rests on them
//! (Spec 17.7).

use super::attempt::Attempt;
use super::entry::{Content, Entry};

/// The place of the attempt at whose visits such an entry is: of a closed line the latest at its draw, of
/// what rests on a line that of the line. `None` of an entry of which something can be said.
fn place(attempts: &[Attempt], content: &Content) -> Option<usize> {
    if let Content::Closed { draw, .. } = content {
        return attempts.iter().rposition(|known| known.seal.sequence == *draw);
    }
    let number = content.rests_on()?;
    attempts.iter().position(|known| known.untold.binary_search(&number).is_ok())
}

/// The attempt at whose visits an entry is of which nothing can be said.
pub(super) fn attempt_of<'a>(attempts: &'a [Attempt], content: &Content) -> Option<&'a Attempt> {
    place(attempts, content).and_then(|place| attempts.get(place))
}

/// Notes that nothing can be said of an entry, but what its line shows of the visits.
pub(super) fn pass_over(attempts: &mut [Attempt], entry: &Entry) {
    let Some(place) = place(attempts, &entry.entry) else { return };
    let Some(attempt) = attempts.get_mut(place) else { return };
    attempt.untold.push(entry.number);
    if let Some((_, Some(visits))) = entry.entry.about_visits() {
        attempt.visits = Some(visits.clone());
    }
}
