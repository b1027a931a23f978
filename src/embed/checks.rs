//! Verification: `verify`, `verify_ledger`, `verify_receipt`.

use super::error::CallError;
use super::inputs::{optional, policy, read};
use super::json::{Json, Lines};
use super::ledger::lines;
use crate::beacon::BeaconValue;
use crate::bytes::from_base64;
use crate::calendar::{Date, Instant};
use crate::cycle::Cycle;
use crate::disclosure::DrawnDocument;
use crate::frame::Frame;
use crate::id::UnitId;
use crate::ledger::Line;
use crate::message::{Coded as _, Message};
use crate::note::{Note, NoteKey};
use crate::receipt::{Receipt, UnitOutcome};
use crate::record::Record;
use crate::register::RegisterKeys;
use crate::roster::Roster;
use crate::seal::Seal;
use crate::verify::{
    self as verification, DrawEvidence, Evidence, LedgerEvidence, LedgerReport, MissingFile, Outcome,
    PendingVisits, PublishedDraw,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What the checker obtained elsewhere than from the record. Each part may be left out; the checks say what
/// was missing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutsideEvidence {
    /// The values as their sources published them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Vec<BeaconValue>>,
    /// The cycle document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Json>,
    /// The frame document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Json>,
    /// The document with the salt keys of the registers that the seal names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registers: Option<Json>,
    /// The roster document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Json>,
    /// The seal as it was published before the sources reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Json>,
}

impl OutsideEvidence {
    /// The documents, read. `field` is the place of these in the request, as in `draws[1].evidence`.
    pub(super) fn evidence(self, field: &str) -> Result<Evidence, CallError> {
        let at = |name: &str| format!("{field}.{name}");
        Ok(Evidence {
            seal: optional(&at("seal"), self.seal.as_ref(), Seal::from_json)?,
            beacon: self.beacon,
            frame: optional(&at("frame"), self.frame.as_ref(), Frame::from_json)?,
            roster: optional(&at("roster"), self.roster.as_ref(), Roster::from_json)?,
            cycle: optional(&at("cycle"), self.cycle.as_ref(), Cycle::from_json)?,
            registers: optional(&at("registers"), self.registers.as_ref(), RegisterKeys::from_json)?,
        })
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum CheckResult {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It was not run.
    NotRun,
}

/// One check by its stable name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checked {
    /// Its name (Spec 13, 15.4, 19).
    pub check: String,
    /// What it found.
    pub result: CheckResult,
    /// The same as `words`, with its code and its values; left out if it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Message>,
    /// What is compared, expected and found, or why it was not run; empty if it holds.
    pub words: String,
}

pub(super) fn checked<C: fmt::Display>((check, outcome): (C, &Outcome)) -> Checked {
    let (result, why) = match outcome {
        Outcome::Pass => (CheckResult::Pass, None),
        Outcome::Fail { why } => (CheckResult::Fail, Some(why.clone())),
        Outcome::NotRun { because } => (CheckResult::NotRun, Some(because.message())),
    };
    let words = why.as_ref().map(Message::to_string).unwrap_or_default();
    Checked { check: check.to_string(), result, why, words }
}

/// Asks whether a record holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyRequest {
    /// What is known from elsewhere.
    #[serde(default)]
    pub evidence: OutsideEvidence,
    /// The record.
    pub record: Json,
}

/// What the checks amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyResponse {
    /// Every check in order.
    pub checks: Vec<Checked>,
    /// The people and events on whose word the draw rests; empty where a public source comes last.
    pub rests_on: Vec<Message>,
    /// `confirmed`, `self-consistent` (nothing was shown that its author could not have made up) or
    /// `refuted`.
    pub verdict: String,
}

/// Replays a record and compares it with what is known from elsewhere. A record that does not hold is an
/// answer, not an error.
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify(request: VerifyRequest) -> Result<VerifyResponse, CallError> {
    let record = read("record", &request.record, Record::from_json)?;
    let report = verification::verify(&record, &request.evidence.evidence("evidence")?);
    Ok(VerifyResponse {
        checks: report.checks().map(checked).collect(),
        rests_on: report.rests_on().to_vec(),
        verdict: report.verdict().to_string(),
    })
}

/// What is known of one draw besides the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawOf {
    /// Number of the attempt.
    pub attempt: u64,
    /// Number of the draw.
    pub draw: u64,
    /// What the draw is to the cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Json>,
    /// The auditor's files; seal and values as they were published elsewhere.
    #[serde(default)]
    pub evidence: OutsideEvidence,
    /// The files that were published of the draw, byte for byte: those that entries of the ledger name, its
    /// documents among them. One that an entry names and that is not here keeps the ledger from `confirmed`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileOf>,
    /// The record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Json>,
}

/// A published file: its name within the folder of the draw, and its bytes in one of two forms.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileOf {
    /// Its bytes in base64 (RFC 4648, section 4); left out where `text` has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// Its name: that of the ledger.
    pub file: String,
    /// Its text, if it is one, with the mark before it and the ends of lines as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl FileOf {
    fn bytes(self) -> Result<(String, Vec<u8>), CallError> {
        let Self { base64, file, text } = self;
        let bytes = match (base64, text) {
            (None, Some(text)) => Some(text.into_bytes()),
            (Some(base64), None) => from_base64(&base64),
            _ => None,
        };
        let wrong =
            || format!("file {file:?}: its bytes stand in one of base64 and text, and base64 is padded");
        Ok((file.clone(), bytes.ok_or_else(|| CallError::request(wrong()))?))
    }
}

/// Asks whether a ledger holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyLedgerRequest {
    /// The instant of the check; left out: that of the last entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Checkpoints that lie beside the ledger: texts of notes. They confirm only what is signed under a key
    /// of `witnesses`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checkpoints: Vec<String>,
    /// Documents of draws.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws: Vec<DrawOf>,
    /// Checkpoints that the checker kept himself from earlier, signed or not: texts of notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// The ledger.
    pub lines: Lines,
    /// The cycle document with which it began, if not with the empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Json>,
    /// The keys of the witnesses as the checker knows them from elsewhere. A signature counts under no other
    /// key; left out: none counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<Vec<String>>,
}

/// What the checks of a ledger amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyLedgerResponse {
    /// Every check in order.
    pub checks: Vec<Checked>,
    /// The lines of `report`, each with its code and its values.
    pub lines: Vec<Message>,
    /// Files that entries say were published, and that were not given.
    pub missing_files: Vec<MissingOf>,
    /// Numbers of entries of visits on another day than the lot gave.
    pub other_days: Vec<u64>,
    /// Numbers of entries whose visit was made by others than the team of the draw.
    pub other_teams: Vec<u64>,
    /// Numbers of entries of visits before the draw or outside its window.
    pub outside_window: Vec<u64>,
    /// Visits of which nothing was entered yet, by draw.
    pub pending: Vec<PendingOf>,
    /// The whole report for people, with what to look at even where all is valid.
    pub report: String,
    /// Numbers of the entries of seals whose first source has come and that no entry says were published.
    pub seals_never_published: Vec<u64>,
    /// Numbers of the entries that published a seal at or after the time of its first source.
    pub seals_published_late: Vec<u64>,
    /// `confirmed`, `self-consistent` or `refuted`.
    pub verdict: String,
}

/// A file that an entry says was published, and that was not given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingOf {
    /// The attempt.
    pub attempt: u64,
    /// The sequence number of the draw.
    pub draw: u64,
    /// The number of the entry.
    pub entry: u64,
    /// Its name within the folder of the draw; of results without a name, their digest.
    pub file: String,
}

/// The visits of one draw of which nothing was entered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PendingOf {
    /// The attempt.
    pub attempt: u64,
    /// The sequence number of the draw.
    pub draw: u64,
    /// How many.
    pub number: u64,
    /// Whether they should have been entered before the time of the check.
    pub overdue: bool,
    /// The units; empty where the record was not given.
    pub units: Vec<UnitId>,
    /// The last day of the plan's window; absent where the record was not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl VerifyLedgerRequest {
    /// The lines and what is known besides. Places of what cannot be read begin with `at`.
    pub(super) fn given(self, at: &str) -> Result<(Vec<Line>, LedgerEvidence), CallError> {
        let place = |field: &str| format!("{at}{field}");
        let note = |field: &str, texts: &[String]| {
            let note =
                |text: &String| Note::parse(text).map_err(|error| CallError::document(&place(field), error));
            texts.iter().map(note).collect::<Result<Vec<_>, _>>()
        };
        let key = |text: &String| {
            NoteKey::parse(text).map_err(|error| CallError::document(&place("witnesses"), error))
        };
        let (mut draws, mut files) = (BTreeMap::new(), BTreeMap::new());
        for (number, known) in self.draws.into_iter().enumerate() {
            let at = |field: &str| place(&format!("draws[{number}].{field}"));
            let evidence = DrawEvidence {
                record: optional(&at("record"), known.record.as_ref(), Record::from_json)?,
                drawn: optional(&at("drawn"), known.drawn.as_ref(), DrawnDocument::from_json)?,
                evidence: known.evidence.evidence(&at("evidence"))?,
            };
            let (draw, attempt) = (known.draw, known.attempt);
            let of_draw: &mut BTreeMap<String, Vec<u8>> = files.entry((draw, attempt)).or_default();
            for file in known.files {
                let (name, bytes) = file.bytes()?;
                if of_draw.insert(name.clone(), bytes).is_some() {
                    let twice = format!("draw {draw}, attempt {attempt}: file {name:?} is given twice");
                    return Err(CallError::request(twice));
                }
            }
            if draws.insert((draw, attempt), evidence).is_some() {
                return Err(CallError::request(format!("draw {draw}, attempt {attempt} is given twice")));
            }
        }
        let evidence = LedgerEvidence {
            checkpoints: note("checkpoints", &self.checkpoints)?,
            kept: note("kept", &self.kept)?,
            draws,
            opening: optional(&place("opening"), self.opening.as_ref(), Cycle::from_json)?,
            witnesses: self.witnesses.iter().flatten().map(key).collect::<Result<_, _>>()?,
            at: self.at,
            files,
        };
        Ok((lines(&place("lines"), &self.lines)?, evidence))
    }
}

/// Checks a whole ledger. A ledger that does not hold is an answer, not an error.
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify_ledger(request: VerifyLedgerRequest) -> Result<VerifyLedgerResponse, CallError> {
    let (lines, evidence) = request.given("")?;
    let report = verification::ledger(&lines, &evidence);
    Ok(ledger_of(&report))
}

pub(super) fn ledger_of(report: &LedgerReport) -> VerifyLedgerResponse {
    VerifyLedgerResponse {
        checks: report.checks().map(checked).collect(),
        lines: report.messages(),
        missing_files: report.missing_files().iter().map(missing_of).collect(),
        other_days: report.other_days().to_vec(),
        other_teams: report.other_teams().to_vec(),
        outside_window: report.outside_window().to_vec(),
        pending: report.pending().iter().map(|visits| pending_of(visits, report.at())).collect(),
        report: report.to_string(),
        seals_never_published: report.seals_never_published(),
        seals_published_late: report.seals_published_late(),
        verdict: report.verdict().to_string(),
    }
}

fn missing_of(missing: &MissingFile) -> MissingOf {
    let (draw, attempt) = missing.draw;
    MissingOf { attempt, draw, entry: missing.entry, file: missing.file.clone() }
}

fn pending_of(visits: &PendingVisits, at: Option<Instant>) -> PendingOf {
    let (draw, attempt) = visits.draw;
    PendingOf {
        attempt,
        draw,
        number: visits.number,
        overdue: at.is_some_and(|at| visits.overdue(at)),
        units: visits.units.clone(),
        until: visits.until,
    }
}

/// Asks whether a receipt holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReceiptRequest {
    /// The published values as the checker obtained them elsewhere. Those that only the record holds confirm
    /// no outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Vec<BeaconValue>>,
    /// The institution's outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Json>,
    /// The published policy; left out: that of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Json>,
    /// The receipt.
    pub receipt: Json,
    /// The published record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Json>,
    /// The published seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Json>,
}

/// What a receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReceiptResponse {
    /// Every check in order.
    pub checks: Vec<Checked>,
    /// What was established, in words.
    pub established: Vec<String>,
    /// What was not established, in words.
    pub open: Vec<String>,
    /// `refuted` if a check failed. `confirmed` without an outcome if the row is in the published seal, and
    /// with one if every check passed: that takes seal, values and record. Else `self-consistent`.
    pub verdict: String,
}

/// Checks one institution's receipt, and its outcome, against what was published.
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify_receipt(request: VerifyReceiptRequest) -> Result<VerifyReceiptResponse, CallError> {
    let receipt = read("receipt", &request.receipt, Receipt::from_json)?;
    let outcome = optional("outcome", request.outcome.as_ref(), UnitOutcome::from_json)?;
    let seal = optional("seal", request.seal.as_ref(), Seal::from_json)?;
    let record = optional("record", request.record.as_ref(), Record::from_json)?;
    let policy = request.policy.as_ref().map(|json| policy("policy", json)).transpose()?;
    let published = PublishedDraw {
        seal: seal.as_ref(),
        record: record.as_ref(),
        policy: policy.as_ref(),
        values: request.beacon.as_deref(),
        ..PublishedDraw::default()
    };
    let report = verification::receipt(&receipt, outcome.as_ref(), &published);
    Ok(VerifyReceiptResponse {
        checks: report.checks().map(checked).collect(),
        established: report.established().map(|words| words.to_string()).collect(),
        open: report.open().map(|words| words.to_string()).collect(),
        verdict: report.verdict().to_string(),
    })
}
