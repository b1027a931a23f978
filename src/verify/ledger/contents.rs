//! The contents of closed lines, as far as the files of the draws tell them (Spec 17.7 and 19, `contents`).

use super::super::report::{Comparison, differ};
use super::super::words;
use crate::ledger::{self, ClosedContent, Line, State, is_contents};
use crate::message::said;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Files by draw, attempt and name.
type FilesOfDraws = BTreeMap<(u64, u64), BTreeMap<String, Vec<u8>>>;

/// Closed lines whose contents are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedLines {
    /// Sequence number and attempt.
    pub draw: (u64, u64),
    /// The numbers of the entries, ascending.
    pub entries: Vec<u64>,
    /// The day by which they are told; `None` where they should be by now, as the draw is disclosed.
    pub until: Option<crate::calendar::Date>,
}

/// The lines with the contents that the files of draws tell, as far as these are theirs (Spec 17.7).
#[must_use]
pub fn told(lines: &[Line], files: &BTreeMap<(u64, u64), BTreeMap<String, Vec<u8>>>) -> Vec<Line> {
    tell(lines, files).0.into_owned()
}

/// The lines with the contents that are given, and whether all of these are of their lines; `None` where no
/// content is given.
pub(super) fn tell<'l>(lines: &'l [Line], given: &FilesOfDraws) -> (Cow<'l, [Line]>, Option<Comparison>) {
    let suite = ledger::suite(lines);
    let mut told = Cow::Borrowed(lines);
    let mut comparison: Option<Comparison> = None;
    for (name, files) in given {
        for (file, bytes) in files.iter().filter(|(file, _)| is_contents(file)) {
            for (place, row) in ledger::rows(bytes).enumerate() {
                let one = match content(lines, name.0, row, suite) {
                    Some(line) => {
                        let place = usize::try_from(line.entry().number).unwrap_or(0).saturating_sub(1);
                        told.to_mut()[place] = line;
                        Ok(())
                    }
                    None => {
                        let (row, (draw, attempt)) = (place + 1, name);
                        let what = said!(
                            "compared.content_row",
                            "row {row} of {file} of draw {draw}, attempt {attempt}",
                            row,
                            file,
                            draw,
                            attempt
                        );
                        let expected =
                            said!("expected.closed_content", "the content of a closed line of the draw");
                        differ(what, expected, words::another())
                    }
                };
                comparison = Some(comparison.map_or_else(|| one.clone(), |before| before.and(one.clone())));
            }
        }
    }
    (told, comparison)
}

/// The line of a draw whose content a row is.
fn content(lines: &[Line], draw: u64, row: &[u8], suite: crate::bytes::Suite) -> Option<Line> {
    let content = ClosedContent::from_row(row).ok()?;
    let place = usize::try_from(content.number).ok()?.checked_sub(1)?;
    let line = lines.get(place)?;
    let own = line.entry().entry.about_visits().is_some_and(|(of, _)| of == draw);
    line.told(&content, suite).filter(|_| own)
}

/// The closed lines whose contents are not known.
pub(super) fn closed(state: &State) -> Vec<ClosedLines> {
    let attempts = state.attempts().iter().filter(|attempt| !attempt.untold().is_empty());
    let lines = attempts.map(|attempt| ClosedLines {
        draw: attempt.name(),
        entries: attempt.untold().to_vec(),
        until: attempt.seal().disclosure.reveal_by().filter(|_| attempt.is_closing()),
    });
    lines.collect()
}
