//! A ledger that goes on from what stands after some of its lines, without reading those lines again.
//!
//! An office keeps the [`Present`] beside the lines as a convenience. No proof rests on it:
//! [`verify::ledger`](crate::verify::ledger) folds all lines from nothing. What a command costs then
//! depends on the draws and the institutions, not on the length of the ledger. Only an entry that looks
//! back, an amendment or the correction of a clock, asks for all lines.

use super::present::{Documents, Present};
use super::refusal::{Refusal, Rule};
use super::{Content, Entry, Ledger, Line, rules};
use crate::bytes::{Digest, JsonError, Label, decode, of_parser};
use crate::calendar::Instant;
use crate::disclosure::DrawnDocument;
use crate::id::Code;
use crate::message::coded;

/// Why a ledger cannot go on from what was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeptError {
    /// It cannot be read: another version of this library wrote it, or it was changed.
    #[error("what is kept of the ledger cannot be read: {0}")]
    Unreadable(#[from] JsonError),
    /// It stands on another line.
    #[error("what is kept of the ledger stands on another line {line} than the ledger has")]
    OtherLine {
        /// The number of the line.
        line: u64,
    },
    /// A line after it looks back.
    #[error("entry {line} looks back: only a fold of all lines can take it in")]
    LooksBack {
        /// The number of the line.
        line: u64,
    },
    /// A line after it does not follow.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

coded! { KeptError {
    OtherLine { line } => "kept.other_line",
    LooksBack { line } => "kept.looks_back",
    Unreadable (error) => "kept.unreadable";
    Refused
} }

impl Content {
    /// Whether it changes what earlier entries say, so that all lines are asked for.
    #[must_use]
    pub const fn looks_back(&self) -> bool {
        matches!(self, Self::Amended { .. } | Self::Clock { .. })
    }
}

/// A ledger from some line on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continued {
    present: Present,
    lines: Vec<Line>,
}

impl Continued {
    /// Goes on from bytes of [`Present::to_json`]. `line` are the bytes of the line on which they stand.
    /// Whether the bytes are those that were kept is for who kept them.
    ///
    /// # Errors
    /// They cannot be read, or stand on another line.
    pub fn new(kept: &[u8], line: &[u8]) -> Result<Self, KeptError> {
        let unreadable = |error: serde_json::Error| JsonError::Schema { message: of_parser(&error) };
        let present: Present = serde_json::from_slice(kept).map_err(unreadable)?;
        let stands_on = (present.size(), present.head());
        let entry: Entry = decode(line)?;
        if (entry.number, present.suite().digest(Label::Entry, line)) != stands_on {
            return Err(KeptError::OtherLine { line: present.size() });
        }
        Ok(Self { present, lines: Vec::new() })
    }

    /// Lets later lines follow, closed ones with their contents; `drawn` gives the documents of draws, as for
    /// [`fold`](super::fold).
    ///
    /// # Errors
    /// A line that does not follow, or looks back.
    pub fn follow<'a>(
        mut self,
        later: Vec<Line>,
        drawn: impl Fn(u64, u64) -> Option<&'a DrawnDocument>,
    ) -> Result<Self, KeptError> {
        for line in later {
            if line.entry.entry.looks_back() {
                return Err(KeptError::LooksBack { line: line.entry.number });
            }
            let mut document = None;
            if let Content::Drawn { attempt, draw, .. } = line.entry.entry {
                document = drawn(draw, attempt);
            }
            self.take_in(line, document)?;
        }
        Ok(self)
    }

    /// Goes on from a ledger that is there, with none of its lines.
    #[must_use]
    pub fn of(ledger: &Ledger) -> Self {
        Self { present: ledger.state().present().clone(), lines: Vec::new() }
    }

    fn take_in(&mut self, line: Line, drawn: Option<&DrawnDocument>) -> Result<&Line, Refusal> {
        rules::check((&self.present, None), &line.entry, line.is_closed())?;
        let digest = line.digest(self.present.suite());
        self.present.apply(None, &line.entry, digest, Documents { opening: None, drawn })?;
        self.lines.push(line);
        Ok(self.lines.last().expect("just appended"))
    }

    /// Appends an entry, as [`Ledger::append`] does.
    ///
    /// # Errors
    /// The rule that it breaks. One that looks back is refused: it needs the ledger with all its lines.
    pub fn append(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        drawn: Option<&DrawnDocument>,
    ) -> Result<&Line, Refusal> {
        self.add(at, actor, content, None, drawn)
    }

    /// Appends a closed line, as [`Ledger::append_closed`] does.
    ///
    /// # Errors
    /// The same.
    pub fn append_closed(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        salt: Digest,
    ) -> Result<&Line, Refusal> {
        self.add(at, actor, content, Some(salt), None)
    }

    fn add(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        salt: Option<Digest>,
        drawn: Option<&DrawnDocument>,
    ) -> Result<&Line, Refusal> {
        let back = content.looks_back();
        let line = self.present.next_line(at, actor, content, salt)?;
        if back {
            let expected = "an entry that does not look back: this ledger has not all its lines";
            return Err(Refusal::new(
                &line.entry,
                Rule::Amendment,
                "ledger.amendment.looks_back",
                "the entry",
                expected,
                line.entry.number,
            ));
        }
        self.take_in(line, drawn)
    }

    /// What stands after all lines.
    #[must_use]
    pub const fn present(&self) -> &Present {
        &self.present
    }

    /// The lines after the one on which the kept bytes stood.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

impl Present {
    /// The bytes in which an office keeps it. They are no document of the protocol, and not canonical:
    /// another version of this library can refuse them.
    ///
    /// # Errors
    /// None is known; it is for who keeps them to say that nothing was kept.
    pub fn to_json(&self) -> Result<Vec<u8>, JsonError> {
        serde_json::to_vec(self).map_err(|error| JsonError::Schema { message: of_parser(&error) })
    }
}
