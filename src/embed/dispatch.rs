//! Draws of two levels: `ready`, `dispatch`, `verify_dispatch` (Spec 27).

use super::checks::{Checked, OutsideEvidence, VerifyRequest, checked};
use super::error::CallError;
use super::inputs::{filled, policy, read, roster};
use super::json::Json;
use crate::bytes::{Digest, SaltKey};
use crate::dispatch;
use crate::id::{Code, UnitId};
use crate::message::Message;
use crate::record::Record;
use crate::roster::{ExpertRow, InspectorRow, RecusalRow, RosterCommitment};
use crate::verify::{self as verification, DispatchReport, DrawEvidence};
use serde::{Deserialize, Serialize};

/// Asks what an authority hands over before the draw above is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadyRequest {
    /// Rows of the table of experts and third parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<ExpertRow>,
    /// Rows of the table of officers.
    pub officers: Vec<InspectorRow>,
    /// The policy with which it will draw teams. Its beacon may still change.
    pub policy: Json,
    /// Rows of the table of recusals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recusals: Vec<RecusalRow>,
    /// The salt key of its draw, made now: `terms.salt_key` of the later `seal`.
    pub salt_key: SaltKey,
}

/// What an authority hands over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadyResponse {
    /// The digest, for `dispatch.parts[].ready` of the policy above.
    pub ready: Digest,
}

/// Makes the digest of roster, recusals and rules that is handed over before the draw above is sealed
/// (Spec 27.1).
///
/// # Errors
/// `invalid_document`, `invalid_rows` with all problems; `not_sealed` if the salt key is all zeros.
pub fn ready(request: ReadyRequest) -> Result<ReadyResponse, CallError> {
    let ReadyRequest { experts, officers, policy: rules, recusals, salt_key } = request;
    filled(&salt_key)?;
    let rules = policy("policy", &rules)?;
    let roster = roster((officers, experts, recusals), &rules).map_err(CallError::Rows)?;
    let commitment = RosterCommitment::new(&roster, rules.suite, &salt_key);
    Ok(ReadyResponse { ready: dispatch::ready(&rules, &commitment) })
}

/// Asks which picks are dispatched to whom.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DispatchRequest {
    /// The record of the draw above.
    pub record: Json,
}

/// The picks of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DispatchedTo {
    /// The authority that draws the teams.
    pub authority: Code,
    /// The departments whose officers it adds; empty: it draws the whole teams.
    pub departments: Vec<Code>,
    /// The scope of its draws.
    pub scope: Code,
    /// The picks, ascending by id.
    pub units: Vec<UnitId>,
}

/// Which picks are dispatched to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DispatchResponse {
    /// The parts in the policy's order; empty where the draw dispatches nothing.
    pub parts: Vec<DispatchedTo>,
}

/// Lists the picks of each part of a record (Spec 27.2). Who draws the teams of a part gives the same record
/// to `seal` as `above`.
///
/// # Errors
/// `invalid_document`.
pub fn dispatch(request: DispatchRequest) -> Result<DispatchResponse, CallError> {
    let record = read("record", &request.record, Record::from_json)?;
    let parts = record.dispatched().into_iter().map(|dispatched| DispatchedTo {
        authority: dispatched.part.authority.clone(),
        departments: dispatched.part.departments.clone(),
        scope: dispatched.part.scope.clone(),
        units: dispatched.picks.into_iter().cloned().collect(),
    });
    Ok(DispatchResponse { parts: parts.collect() })
}

/// Asks whether a draw and the draws of teams below it hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyDispatchRequest {
    /// The records of draws of teams, of all levels, in any order, each with what is known of it from
    /// elsewhere.
    pub below: Vec<VerifyRequest>,
    /// What is known of the record at the top from elsewhere.
    #[serde(default)]
    pub evidence: OutsideEvidence,
    /// The record at the top.
    pub record: Json,
}

/// What one record of the tree amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DispatchedDraw {
    /// The digest of the record above; left out at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<Digest>,
    /// Whose record it is.
    pub authority: Code,
    /// The checks of the record alone (Spec 13).
    pub checks: Vec<Checked>,
    /// The checks against the record above (Spec 27.4); empty at the top.
    pub link: Vec<Checked>,
    /// The digest that the record states.
    pub record: Digest,
    /// The people and events on whose word the draw rests; empty where a public source comes last.
    pub rests_on: Vec<Message>,
    /// The scope of the draw.
    pub scope: Code,
    /// The parts with picks of which no record was given.
    pub unanswered: Vec<UnansweredPart>,
    /// The verdict on the record alone.
    pub verdict: String,
}

/// A part with picks of which no record was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnansweredPart {
    /// Who draws its teams.
    pub authority: Code,
    /// The number of its picks.
    pub picks: u64,
    /// The scope of the draws.
    pub scope: Code,
}

/// What the tree amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyDispatchResponse {
    /// Every record, from the top down, each before those below it.
    pub draws: Vec<DispatchedDraw>,
    /// Records that were given and belong to no draw of the tree: nothing was said of them.
    pub strays: Vec<Digest>,
    /// `confirmed`, `self-consistent` or `refuted`, of all levels together.
    pub verdict: String,
}

/// Replays a draw and the draws of teams below it, and compares each with the one above (Spec 27.4).
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify_dispatch(request: VerifyDispatchRequest) -> Result<VerifyDispatchResponse, CallError> {
    let top = read("record", &request.record, Record::from_json)?;
    let evidence = request.evidence.evidence("evidence")?;
    let below = request.below.into_iter().enumerate().map(|(place, draw)| {
        let record = read(&format!("below[{place}].record"), &draw.record, Record::from_json)?;
        let evidence = draw.evidence.evidence(&format!("below[{place}].evidence"))?;
        Ok(DrawEvidence { record: Some(record), drawn: None, evidence })
    });
    let below: Vec<DrawEvidence> = below.collect::<Result<_, CallError>>()?;
    let report = verification::dispatched(&top, &evidence, &below);
    let mut draws = Vec::new();
    list(&report, None, &mut draws);
    let verdict = report.verdict().to_string();
    Ok(VerifyDispatchResponse { draws, strays: report.strays, verdict })
}

/// The record of a report, and those below it.
fn list(report: &DispatchReport, above: Option<Digest>, draws: &mut Vec<DispatchedDraw>) {
    let unanswered = report.parts.iter().filter(|part| part.picks > 0 && part.answers == 0);
    let unanswered = unanswered.map(|part| UnansweredPart {
        authority: part.authority.clone(),
        picks: u64::try_from(part.picks).unwrap_or(u64::MAX),
        scope: part.scope.clone(),
    });
    draws.push(DispatchedDraw {
        above,
        authority: report.authority.clone(),
        checks: report.report.checks().map(checked).collect(),
        link: report.link.iter().flat_map(|link| link.checks().map(checked)).collect(),
        record: report.record,
        rests_on: report.report.rests_on().to_vec(),
        scope: report.scope.clone(),
        unanswered: unanswered.collect(),
        verdict: report.report.verdict().to_string(),
    });
    for below in &report.below {
        list(below, Some(report.record), draws);
    }
}
