//! The ledger: `append`, `state`.

use super::error::{CallError, problem};
use super::inputs::{optional, read, text};
use super::json::{Json, Lines};
use crate::beacon::BeaconValue;
use crate::bytes::{Digest, SaltKey, of_parser};
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::disclosure::{DrawnDocument, VisitsCommitment};
use crate::id::{Code, InspectorId};
use crate::ledger::{self as ledger_room, Attempt, ClosedContent, Content, Ledger, LedgerError, Line};
use crate::message::said;
use crate::verify::DrawEvidence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one draw is to the cycle, as `draw` gave it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawnOf {
    /// Number of the attempt.
    pub attempt: u64,
    /// Number of the draw.
    pub draw: u64,
    /// The drawn document.
    pub drawn: Json,
}

/// A ledger with what it takes to know the cycle.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Kept {
    /// The contents of its closed lines, rows as they were given when these were appended.
    #[serde(default, skip_serializing_if = "Lines::is_empty")]
    pub contents: Lines,
    /// The drawn documents of its draws. Without one of them the cycle is unknown from there on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<DrawnOf>,
    /// The lines as they were appended; left out or empty before the first.
    #[serde(default)]
    pub lines: Lines,
    /// The cycle document with which it began, if not with the empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Json>,
}

/// Why lines cannot be read or do not follow.
pub(super) fn broken(field: &str, error: LedgerError) -> CallError {
    match error {
        LedgerError::Refused(refusal) => refusal.into(),
        LedgerError::Line { line, error } => {
            let row = u64::try_from(line).unwrap_or(u64::MAX);
            let problems = vec![problem("lines", row, "chain", "", &error)];
            CallError::Document {
                field: field.to_owned(),
                message: format!("line {line}: {error}"),
                problems,
            }
        }
        error @ LedgerError::Cut => CallError::document(field, error),
    }
}

impl Kept {
    fn opening(&self) -> Result<Option<(Cycle, SaltKey)>, CallError> {
        optional("ledger.opening", self.opening.as_ref(), Cycle::from_json)
    }

    /// Reads the lines and lets each follow.
    fn ledger(&self, opening: Option<&(Cycle, SaltKey)>) -> Result<Ledger, CallError> {
        let mut draws: BTreeMap<(u64, u64), DrawEvidence> = BTreeMap::new();
        for (place, known) in self.drawn.iter().enumerate() {
            let field = format!("ledger.drawn[{place}].drawn");
            let drawn = Some(read(&field, &known.drawn, DrawnDocument::from_json)?);
            draws.insert((known.draw, known.attempt), DrawEvidence { drawn, ..DrawEvidence::default() });
        }
        let drawn = |draw, attempt| draws.get(&(draw, attempt))?.drawn.as_ref();
        let lines = ledger_room::read(&self.lines.0).map_err(|error| broken("ledger.lines", error))?;
        let lines = self.told(lines)?;
        Ledger::from_lines(lines, opening, drawn).map_err(|error| broken("ledger.lines", error))
    }

    /// The lines with the contents that are kept of closed ones.
    fn told(&self, mut lines: Vec<Line>) -> Result<Vec<Line>, CallError> {
        const FIELD: &str = "ledger.contents";
        let suite = ledger_room::suite(&lines);
        for row in ledger_room::rows(&self.contents.0) {
            let told = ClosedContent::from_row(row).map_err(|error| CallError::document(FIELD, error))?;
            let place = usize::try_from(told.number).ok().and_then(|number| number.checked_sub(1));
            let line = place.and_then(|place| lines.get_mut(place));
            let found = line.as_ref().and_then(|line| line.told(&told, suite));
            let (Some(line), Some(found)) = (line, found) else {
                let number = told.number;
                let message =
                    said!("ledger.content", "entry {number}: not the content of its closed line", number);
                return Err(CallError::document(FIELD, message));
            };
            *line = found;
        }
        Ok(lines)
    }
}

/// Asks for the next line of a ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppendRequest {
    /// The operator who enters, by code.
    pub actor: Code,
    /// When.
    pub at: Instant,
    /// What: one of the kinds of Spec 17.2, with its field `kind`.
    pub content: Json,
    /// A salt of 64 hexadecimal digits, drawn at random: the line is closed (Spec 17.7). So it must be for
    /// what names visits to come of a draw that is not disclosed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close: Option<Digest>,
    /// The drawn document, where the entry is of kind `drawn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Json>,
    /// The ledger so far.
    #[serde(default)]
    pub ledger: Kept,
}

/// The next line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppendResponse {
    /// The text that witnesses sign (Spec 18.2).
    pub checkpoint: String,
    /// Of a closed line its content, text without newline: keep it with the others of the ledger. It is told
    /// when the draw is disclosed, and what is lost can never be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The digest of the line: the `previous` of the next one, and of the next seal.
    pub digest: Digest,
    /// The line, text without newline: append it, and a newline, to what is stored.
    pub line: String,
    /// Its number, from 1.
    pub number: u64,
}

/// The checkpoint as a note without signatures.
fn checkpoint(ledger: &Ledger) -> Option<String> {
    ledger.checkpoint().map(|checkpoint| checkpoint.note().to_string())
}

/// Holds an entry against the rules and writes its line. Store the line in the transaction that stores what
/// it describes.
///
/// # Errors
/// `refused` with the rule that the entry, or a line before it, breaks.
pub fn append(request: AppendRequest) -> Result<AppendResponse, CallError> {
    let AppendRequest { actor, at, close, content, drawn, ledger: kept } = request;
    let content: Content = serde_json::from_slice(content.bytes())
        .map_err(|error| CallError::document("content", of_parser(&error)))?;
    let drawn = optional("drawn", drawn.as_ref(), DrawnDocument::from_json)?;
    let opening = kept.opening()?;
    let mut ledger = kept.ledger(opening.as_ref())?;
    match content {
        Content::Opened(opened) if ledger.lines().is_empty() => {
            ledger = Ledger::open(at, actor, opened, opening.as_ref())?;
        }
        content => match close {
            Some(salt) => drop(ledger.append_closed(at, actor, content, salt)?),
            None => drop(ledger.append(at, actor, content, drawn.as_ref())?),
        },
    }
    let nothing = || CallError::Internal { message: "nothing was appended".to_owned() };
    let line = ledger.lines().last().ok_or_else(nothing)?;
    Ok(AppendResponse {
        checkpoint: checkpoint(&ledger).ok_or_else(nothing)?,
        content: line.content().and_then(|told| told.row().ok()).map(text),
        digest: ledger.state().head(),
        line: text(line.bytes().to_vec()),
        number: ledger.state().size(),
    })
}

/// Asks what a ledger amounts to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateRequest {
    /// The instant of the question; left out: that of the last entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// The ledger.
    pub ledger: Kept,
    /// The salt key under which the cycle is written; left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt_key: Option<SaltKey>,
}

/// One attempt at a draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttemptState {
    /// Number of the attempt.
    pub attempt: u64,
    /// The values for `draw`, once all sources have reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Vec<BeaconValue>>,
    /// Number of the draw.
    pub draw: u64,
    /// Number of the entry that sealed it.
    pub entry: u64,
    /// Whether it can never be drawn: a source or a share is missing.
    pub failed: bool,
    /// Whether it should have been drawn, and was not.
    pub overdue: bool,
    /// Digest of the record, once it is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Digest>,
    /// Digest of the seal.
    pub seal: Digest,
    /// Whether its secret should be known, and is not.
    pub undisclosed: bool,
    /// The visits as they stand, once they are assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsCommitment>,
    /// Why it is void.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
}

/// Visits that a person has made in this cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoadOf {
    /// The officer or expert.
    pub id: InspectorId,
    /// Visits, drawn or not, as amended: the field `load` of the row for the next draw.
    pub visits: u64,
}

/// What a ledger amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StateResponse {
    /// All attempts in order.
    pub attempts: Vec<AttemptState>,
    /// The text that witnesses sign; left out before the opening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// The cycle for the next plan, text; left out without `salt_key`, or if a drawn document is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// When the last entry was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Instant>,
    /// The visits of each inspector and expert, ascending by id.
    pub loads: Vec<LoadOf>,
    /// The attempt of the next seal.
    pub next_attempt: u64,
    /// The number of the next seal.
    pub next_draw: u64,
    /// Digest of the last line: the `previous` of the next seal. 64 zeros before the first.
    pub previous: Digest,
    /// Lines.
    pub size: u64,
}

/// Says what may come next: numbers and `previous` of the next seal, the cycle, the loads, and what is open.
///
/// # Errors
/// `refused` with the first line that does not follow.
pub fn state(request: StateRequest) -> Result<StateResponse, CallError> {
    let opening = request.ledger.opening()?;
    let ledger = request.ledger.ledger(opening.as_ref())?;
    let state = ledger.state();
    let at = request.at.max(state.last_at());
    let attempt = |known: &Attempt| {
        let (draw, attempt) = known.name();
        AttemptState {
            attempt,
            beacon: known.values(),
            draw,
            entry: known.number(),
            failed: known.failed(),
            overdue: at.is_some_and(|at| known.overdue(at)),
            record: known.record(),
            seal: known.seal().digest(),
            undisclosed: at.is_some_and(|at| known.undisclosed(at)),
            visits: known.visits().cloned(),
            void: known.void().map(|reason| reason.as_str().to_owned()),
        }
    };
    let load = |(id, visits): (&InspectorId, &u64)| LoadOf { id: id.clone(), visits: *visits };
    let cycle = request.salt_key.as_ref().zip(state.cycle());
    let (next_draw, next_attempt) = state.next();
    Ok(StateResponse {
        attempts: state.attempts().iter().map(attempt).collect(),
        checkpoint: checkpoint(&ledger),
        cycle: cycle.map(|(key, cycle)| text(cycle.to_json(key))),
        last_at: state.last_at(),
        loads: state.loads().iter().map(load).collect(),
        next_attempt,
        next_draw,
        previous: state.head(),
        size: state.size(),
    })
}

/// Reads lines without asking whether they follow.
pub(super) fn lines(field: &str, lines: &Lines) -> Result<Vec<ledger_room::Line>, CallError> {
    ledger_room::read(&lines.0).map_err(|error| broken(field, error))
}
