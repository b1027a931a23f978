//! Closed lines: what happens at the visits of a draw that is not disclosed is committed to in the ledger,
//! and told later (Spec 17.7).

use super::entry::{Content, Correction};
use crate::bytes::{Digest, JsonError, Label, SaltKey, Suite, decode, encode};
use crate::disclosure::VisitsCommitment;
use crate::seal::Seal;
use serde::{Deserialize, Serialize};

/// The content of a closed line, with the salt that hides it: one row of `contents.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosedContent {
    /// What was entered.
    pub entry: Content,
    /// Number of the line.
    pub number: u64,
    /// The salt: without it, guesses at what was entered could be tested.
    pub salt: Digest,
}

impl ClosedContent {
    /// Reads a row, without its newline.
    ///
    /// # Errors
    /// No canonical JSON, or another form.
    pub fn from_row(row: &[u8]) -> Result<Self, JsonError> {
        decode(row)
    }

    /// The row, without a newline.
    ///
    /// # Errors
    /// A number above 2⁵³ − 1.
    pub fn row(&self) -> Result<Vec<u8>, JsonError> {
        encode(self)
    }

    /// The closed form of the content: what the line shows. `None` of a kind that is never closed.
    ///
    /// # Errors
    /// A number above 2⁵³ − 1.
    pub(super) fn shown(&self, suite: Suite) -> Result<Option<Content>, JsonError> {
        let content = suite.digest(Label::Content, &self.row()?);
        let Some((draw, visits)) = self.entry.about_visits() else { return Ok(None) };
        Ok(Some(Content::Closed { content, draw, visits: visits.cloned() }))
    }
}

/// The salt of a closed line of a draw, from the salt key of its files (Spec 17.7).
#[must_use]
pub fn closing_salt(key: &SaltKey, seal: &Seal, number: u64) -> Digest {
    key.content(seal.suite, &seal.digest(), number)
}

/// What an entry of the kinds that can be closed shows of the visits of a draw.
pub(super) struct OfVisits<'a> {
    pub(super) draw: u64,
    /// The visits after it.
    pub(super) visits: Option<&'a VisitsCommitment>,
    /// Whether it names a visit that is still to come, or who goes there: a draw that is not disclosed has it
    /// closed. What tells of a visit that was made or missed may be open.
    pub(super) to_come: bool,
}

impl Content {
    /// What it shows of the visits of a draw.
    pub(super) const fn of_visits(&self) -> Option<OfVisits<'_>> {
        let (draw, visits, to_come) = match self {
            Self::Visited(visited) => (visited.draw, None, false),
            Self::Missed(missed) => (missed.draw, None, false),
            Self::Replaced(replaced) => (replaced.draw, Some(&replaced.visits), true),
            Self::DroppedOut(out) => (out.draw, None, true),
            Self::Reassigned(reassigned) => (reassigned.draw, Some(&reassigned.visits), true),
            Self::Amended { entry, .. } => match entry.about().0 {
                Some(draw) => (draw, None, matches!(entry, Correction::Withdrawn(_))),
                None => return None,
            },
            Self::Closed { draw, visits, .. } => (*draw, visits.as_ref(), false),
            Self::Opened(_)
            | Self::Registered { .. }
            | Self::Imported { .. }
            | Self::Received(_)
            | Self::Policy { .. }
            | Self::Sealed { .. }
            | Self::Beacon { .. }
            | Self::Silent { .. }
            | Self::Drawn { .. }
            | Self::Assigned { .. }
            | Self::Disclosed { .. }
            | Self::Published { .. }
            | Self::Inspected(_)
            | Self::Void { .. }
            | Self::CycleClosed { .. }
            | Self::Clock { .. } => return None,
        };
        Some(OfVisits { draw, visits, to_come })
    }

    /// The draw whose visits it is about, and the visits after it, of the kinds that are closed while the
    /// draw is not disclosed.
    #[must_use]
    pub const fn about_visits(&self) -> Option<(u64, Option<&VisitsCommitment>)> {
        match self.of_visits() {
            Some(OfVisits { draw, visits, to_come: _ }) => Some((draw, visits)),
            None => None,
        }
    }

    /// The earlier entry without whose content nothing can be said of this one.
    pub(super) const fn rests_on(&self) -> Option<u64> {
        if let Self::Amended { amends, .. } = self {
            return Some(*amends);
        }
        if let Self::Reassigned(reassigned) = self { Some(reassigned.entry) } else { None }
    }
}

/// The rows of a file of contents; ends of lines and a mark before the text do not matter.
pub(crate) fn rows(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let rows = (!text.is_empty()).then(|| text.split(|byte| *byte == b'\n'));
    rows.into_iter().flatten().map(|row| row.strip_suffix(b"\r").unwrap_or(row))
}

/// Whether a file of an attempt's folder holds contents: `contents.jsonl`, `contents-000123.jsonl`.
#[must_use]
pub fn is_contents(name: &str) -> bool {
    let Some(middle) = name.strip_prefix("contents").and_then(|rest| rest.strip_suffix(".jsonl")) else {
        return false;
    };
    let digits = |digits: &str| digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    middle.is_empty() || middle.strip_prefix('-').is_some_and(digits)
}
