//! The ledger: everything that happens to the draws of one authority and scope, in lines that only grow (台账;
//! Spec 17).
//!
//! [`Ledger`] is for the office that keeps it: every entry is held against the rules before it is appended. A
//! ledger of another office is read line by line with [`read`] and checked by
//! [`verify::ledger`](crate::verify::ledger), which names the entries that do not follow.
//!
//! Each file uses only those before it: `reason`, `year`, `published`, `entry` (kinds, and what all rules ask
//! of each), `closed` (what is told later), `event` (what it is to the cycle), `refusal`, `times`, `attempt`,
//! `journal`, `past` (what happened), `untold` (of what nothing can be said), `present` (what stands; the
//! fold), `state` (both), `registered` (the register of the year), `closing`, `next` (the next entry),
//! `visiting` (rules of visits), `rules`; then this file, and `continued`. A new kind of entry is a variant
//! in `entry`, its rule in `rules` and its effect in `present` and `past`.

#![deny(clippy::wildcard_enum_match_arm, reason = "a new kind of entry must not skip a rule")]

mod attempt;
mod closed;
mod closing;
mod continued;
mod entry;
mod event;
mod journal;
mod next;
mod past;
mod present;
mod published;
mod reason;
mod refusal;
mod registered;
mod rules;
mod state;
mod times;
mod untold;
mod visiting;
mod year;

pub use attempt::Attempt;
pub(crate) use closed::rows;
pub use closed::{ClosedContent, closing_salt, is_contents};
pub use continued::{Continued, KeptError};
pub use entry::{
    Content, Correction, DroppedOut, Entry, Inspected, Missed, Opened, Reassigned, Replaced, Visited,
    Withdrawn,
};
pub use journal::{Journal, Listing, Tally};
pub use present::Present;
pub use published::{FileName, FileNameError, PublishedFile, has_digest};
pub use reason::{
    AmendmentReason, Approval, BarredTeam, Despite, DropOut, Gone, Level, Published, Unavailable, VoidReason,
};
pub(crate) use refusal::broken;
pub use refusal::{Refusal, Rule};
pub use state::State;
pub use year::{EarlierLedger, LoggedRegister, Received, RegisteredBatch, YearRegister};

use crate::bytes::{Digest, JsonError, Label, SaltKey, Suite, Tree, batch, decode, encode};
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::disclosure::DrawnDocument;
use crate::id::Code;
use crate::message::coded;
use crate::note::{Checkpoint, origin};
use present::Documents;

/// Why lines are no ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A line that cannot be read.
    #[error("line {line}: {error}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// Why it cannot be read.
        error: JsonError,
    },
    /// The text does not end with a newline: its last line may be cut.
    #[error("the last line is cut: it does not end with a newline")]
    Cut,
    /// An entry that does not follow.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

coded! { LedgerError {
    Line { line, error } => "ledger.line",
    Cut {} => "ledger.cut";
    Refused
} }

/// The bytes of a line and its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// With the content of a closed line, where it is known.
    entry: Entry,
    bytes: Vec<u8>,
    /// The salt of a closed line whose content is known.
    salt: Option<Digest>,
}

impl Line {
    /// Writes an entry down.
    ///
    /// # Errors
    /// The entry contains an integer above 2⁵³ − 1, which canonical JSON cannot hold.
    pub fn new(entry: Entry) -> Result<Self, JsonError> {
        let bytes = encode(&entry)?;
        Ok(Self { entry, bytes, salt: None })
    }

    /// Writes an entry down as a closed line: its content is hidden by a salt, and told later. `None` of a
    /// kind that is never closed.
    ///
    /// # Errors
    /// The entry contains an integer above 2⁵³ − 1, which canonical JSON cannot hold.
    pub fn closed(entry: Entry, salt: Digest, suite: Suite) -> Result<Option<Self>, JsonError> {
        let told = ClosedContent { entry: entry.entry.clone(), number: entry.number, salt };
        let Some(shown) = told.shown(suite)? else { return Ok(None) };
        let bytes = encode(&Entry { entry: shown, ..entry.clone() })?;
        Ok(Some(Self { entry, bytes, salt: Some(salt) }))
    }

    /// The line with its content. `None` if it is no closed line, or has another content.
    #[must_use]
    pub fn told(&self, told: &ClosedContent, suite: Suite) -> Option<Self> {
        if let Some(known) = self.content() {
            return (known == *told).then(|| self.clone());
        }
        let closed = matches!(self.entry.entry, Content::Closed { .. });
        let hides = !matches!(told.entry, Content::Closed { .. }) && told.number == self.entry.number;
        let shown = told.shown(suite).ok().flatten().filter(|_| closed && hides)?;
        let entry = Entry { entry: told.entry.clone(), ..self.entry.clone() };
        (shown == self.entry.entry).then(|| Self { entry, bytes: self.bytes.clone(), salt: Some(told.salt) })
    }

    /// Whether the line shows no content.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.salt.is_some() || matches!(self.entry.entry, Content::Closed { .. })
    }

    /// The content of a closed line, where it is known.
    #[must_use]
    pub fn content(&self) -> Option<ClosedContent> {
        let (entry, number) = (self.entry.entry.clone(), self.entry.number);
        self.salt.map(|salt| ClosedContent { entry, number, salt })
    }

    /// The entry; of a closed line with its content, where that is known.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The hashed bytes, without newline.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `H("entry", line)`.
    #[must_use]
    pub fn digest(&self, suite: Suite) -> Digest {
        suite.digest(Label::Entry, &self.bytes)
    }
}

impl Present {
    /// The line of the next entry, closed under a salt; number and chain are filled in.
    fn next_line(
        &self,
        at: Instant,
        actor: Code,
        content: Content,
        salt: Option<Digest>,
    ) -> Result<Line, Refusal> {
        let number = self.size() + 1;
        let entry = Entry { actor, at, entry: content, number, previous: self.head() };
        let line = match salt {
            None => Line::new(entry.clone()).map(Some),
            Some(salt) => Line::closed(entry.clone(), salt, self.suite()),
        };
        let line = line.map_err(|error| {
            let (what, expected) = ("the entry", "one that can be written");
            Refusal::new(&entry, Rule::Chain, "ledger.chain.entry", what, expected, error)
        })?;
        let expected = "about the visits of a draw";
        line.ok_or_else(|| {
            let code = "ledger.disclosure.closed_content";
            Refusal::new(&entry, Rule::Disclosure, code, "a closed line", expected, "another entry")
        })
    }
}

/// Reads lines (JSON Lines). Whether they follow each other is not asked here.
///
/// # Errors
/// The first line that is no canonical entry.
pub fn read(text: &[u8]) -> Result<Vec<Line>, LedgerError> {
    let Some(text) = text.strip_suffix(b"\n") else {
        return if text.is_empty() { Ok(Vec::new()) } else { Err(LedgerError::Cut) };
    };
    let read = |(place, line): (usize, &[u8])| {
        let entry = decode(line).map_err(|error| LedgerError::Line { line: place + 1, error })?;
        Ok(Line { entry, bytes: line.to_vec(), salt: None })
    };
    batch::map(text.split(|byte| *byte == b'\n').enumerate(), read).into_iter().collect()
}

/// The tree over lines (Spec 17.1).
#[must_use]
pub fn tree(suite: Suite, lines: &[Line]) -> Tree {
    Tree::new(suite, batch::map(lines, |line| suite.leaf(&line.bytes)))
}

/// The suite that the first line names; the default if there is none.
#[must_use]
pub fn suite(lines: &[Line]) -> Suite {
    lines.first().and_then(|line| line.entry.entry.suite()).unwrap_or_default()
}

/// The state after some lines; where one is refused, the state before it, and why. `opening` is the cycle
/// with which the ledger begins, if it does not begin with the empty one; `drawn` gives the documents of
/// draws by sequence and attempt. Without them there is no cycle.
pub fn fold<'a>(
    lines: &[Line],
    opening: Option<&'a (Cycle, SaltKey)>,
    drawn: impl Fn(u64, u64) -> Option<&'a DrawnDocument>,
) -> (State, Option<Refusal>) {
    let (suite, mut state) = (suite(lines), State::default());
    for line in lines {
        if let Err(refusal) = step(&mut state, suite, line, opening, &drawn) {
            return (state, Some(refusal));
        }
    }
    (state, None)
}

/// Lets one line follow.
pub(crate) fn step<'a>(
    state: &mut State,
    suite: Suite,
    line: &Line,
    opening: Option<&'a (Cycle, SaltKey)>,
    drawn: impl Fn(u64, u64) -> Option<&'a DrawnDocument>,
) -> Result<(), Refusal> {
    let mut document = None;
    if let Content::Drawn { attempt, draw, .. } = line.entry.entry {
        document = drawn(draw, attempt);
    }
    follow(state, line, suite, Documents { opening, drawn: document })
}

/// Holds a line against the rules, and lets it follow.
fn follow(state: &mut State, line: &Line, suite: Suite, documents: Documents<'_>) -> Result<(), Refusal> {
    rules::check((&state.present, Some(&state.past)), &line.entry, line.is_closed())?;
    state.apply(&line.entry, line.digest(suite), documents)
}

/// A ledger that is kept: its lines and their state. It only grows, and only by entries that keep the rules;
/// an empty one by its opening.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    lines: Vec<Line>,
    state: State,
}

impl Ledger {
    /// Opens a ledger, with the cycle ([`Cycle::opening`]) and the salt key of its file if the office begins
    /// in mid-year or goes on from an earlier ledger: the digest is filled in.
    ///
    /// # Errors
    /// An opening cycle with numbers of draws, an earlier ledger without one, a quorum of more witnesses than
    /// there are, or a text that is no key of a witness.
    pub fn open(
        at: Instant,
        actor: Code,
        mut opened: Opened,
        opening: Option<&(Cycle, SaltKey)>,
    ) -> Result<Self, Refusal> {
        let mut ledger = Self::default();
        opened.cycle = opening.map(|(cycle, key)| cycle.digest(opened.suite, key));
        ledger.add(at, actor, Content::Opened(opened), None, Documents { opening, drawn: None })?;
        Ok(ledger)
    }

    /// Reads a ledger that this authority keeps, with the documents of [`fold`].
    ///
    /// # Errors
    /// A line that cannot be read, or the first entry that does not follow.
    pub fn from_jsonl<'a>(
        text: &[u8],
        opening: Option<&'a (Cycle, SaltKey)>,
        drawn: impl Fn(u64, u64) -> Option<&'a DrawnDocument>,
    ) -> Result<Self, LedgerError> {
        Self::from_lines(read(text)?, opening, drawn)
    }

    /// The same of lines that were read, closed ones with their contents ([`Line::told`]).
    ///
    /// # Errors
    /// The first entry that does not follow.
    pub fn from_lines<'a>(
        lines: Vec<Line>,
        opening: Option<&'a (Cycle, SaltKey)>,
        drawn: impl Fn(u64, u64) -> Option<&'a DrawnDocument>,
    ) -> Result<Self, LedgerError> {
        match fold(&lines, opening, drawn) {
            (state, None) => Ok(Self { lines, state }),
            (_, Some(refusal)) => Err(refusal.into()),
        }
    }

    /// Appends an entry; number and chain are filled in. For [`Content::Drawn`] give the draw's document, or
    /// the cycle is unknown from there on.
    ///
    /// # Errors
    /// The rule that it breaks; the ledger is then as it was.
    pub fn append(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        drawn: Option<&DrawnDocument>,
    ) -> Result<&Line, Refusal> {
        self.add(at, actor, content, None, Documents { opening: None, drawn })
    }

    /// Appends an entry about the visits of a draw that is not disclosed as a closed line, under a salt
    /// ([`closing_salt`]). Keep its [`Line::content`]: what is lost can never be told.
    ///
    /// # Errors
    /// The rule that it breaks; the ledger is then as it was.
    pub fn append_closed(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        salt: Digest,
    ) -> Result<&Line, Refusal> {
        self.add(at, actor, content, Some(salt), Documents { opening: None, drawn: None })
    }

    fn add(
        &mut self,
        at: Instant,
        actor: Code,
        content: Content,
        salt: Option<Digest>,
        documents: Documents<'_>,
    ) -> Result<&Line, Refusal> {
        let suite = content.suite().unwrap_or(self.state.suite());
        let line = self.state.next_line(at, actor, content, salt)?;
        follow(&mut self.state, &line, suite, documents)?;
        self.lines.push(line);
        Ok(self.lines.last().expect("just appended"))
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The state after all lines.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The whole ledger as JSON Lines.
    #[must_use]
    pub fn to_jsonl(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| line.bytes.iter().copied().chain([b'\n'])).collect()
    }

    /// The tree over the lines: inclusion paths, and consistency proofs for witnesses.
    #[must_use]
    pub fn tree(&self) -> Tree {
        tree(self.state.suite(), &self.lines)
    }

    /// Size and root now, for witnesses to sign. `None` before the opening.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let opened = self.state.opened()?;
        Some(Checkpoint {
            origin: origin(&opened.authority, &opened.scope),
            size: self.state.size(),
            root: self.tree().root(),
        })
    }
}
