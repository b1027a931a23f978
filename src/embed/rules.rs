//! Rules and tables: `policy`, `programme`, `rosters`.

use super::error::{CallError, table};
use super::inputs::{Inputs, numbered, optional, pack, policy as read_policy, text, written};
use super::json::Json;
use crate::bytes::Digest;
use crate::calendar::{Date, Instant};
use crate::dossier::Dossier;
use crate::frame::UnitRow;
use crate::id::{Code, UnitId};
use crate::message::{Coded, Param};
use crate::policy::{Disclosure, Source};
use crate::programme::{Programme, ProgrammeError, Severity};
use crate::roster::{ExpertRow, InspectorRow, RecusalRow};
use crate::table::left_off;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Asks whether a policy keeps the rules of policies.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyRequest {
    /// The policy as people write it.
    pub policy: Json,
}

/// A source of chance, and when it reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceTime {
    /// When.
    pub at: Instant,
    /// Its name in the policy.
    pub source: Code,
}

/// A policy that keeps the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyResponse {
    /// The date of frame and roster.
    pub as_of: Date,
    /// The authority that draws.
    pub authority: Code,
    /// Its digest, for the ledger's entry `policy`.
    pub digest: Digest,
    /// Whether `seal` needs a secret.
    pub needs_secret: bool,
    /// The policy with everything filled in, text: what is sealed and published.
    pub policy: String,
    /// What the draw is about.
    pub scope: Code,
    /// The sources of chance in order.
    pub sources: Vec<SourceTime>,
}

/// Reads a policy and checks it.
///
/// # Errors
/// `invalid_document` with every broken rule.
pub fn policy(request: PolicyRequest) -> Result<PolicyResponse, CallError> {
    let policy = read_policy("policy", &request.policy)?;
    let time = |source: &Source| SourceTime { at: source.at(), source: source.id().clone() };
    Ok(PolicyResponse {
        as_of: policy.as_of,
        authority: policy.authority.clone(),
        digest: policy.digest(),
        needs_secret: matches!(policy.disclosure, Disclosure::Deferred { .. }),
        policy: text(policy.to_json().map_err(|error| CallError::document("policy", error))?),
        scope: policy.scope.clone(),
        sources: policy.beacon.sources.iter().map(time).collect(),
    })
}

/// Asks what a programme amounts to under its pack.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgrammeRequest {
    /// Which batch of the task, from 1; left out: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// The dossier document, where signals and levels follow from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<Json>,
    /// The rule pack.
    pub pack: Json,
    /// The annual programme.
    pub programme: Json,
    /// Which task; left out: the first of the programme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Code>,
    /// Rows of the register. With them the year is checked; levels and signals follow from dossier and pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<UnitRow>>,
}

/// Something that the check of the year found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Found {
    /// Whether a rule is broken; otherwise something could be better.
    pub breach: bool,
    /// The stable code, as in `finding.joint`: what a screen in another language goes by.
    pub code: &'static str,
    /// The values that stand in the words, by their names.
    pub params: BTreeMap<&'static str, Param>,
    /// What, in words.
    pub words: String,
}

impl Found {
    fn new(breach: bool, found: &dyn Coded) -> Self {
        let message = found.message();
        let params = message.params().clone();
        Self { breach, code: message.rule(), params, words: message.to_string() }
    }
}

/// The policy of a batch, and what the check of the year found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProgrammeResponse {
    /// The digest of the policy.
    pub digest: Digest,
    /// What the check of the year found; left out without `units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<Found>>,
    /// The policy of the batch, text.
    pub policy: String,
    /// The rows with signals and levels filled in, for `plan` and `seal`; left out without `units`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<UnitRow>>,
}

/// Makes the policy of a batch from pack and programme, and checks the year where the register is given.
///
/// # Errors
/// `invalid_document` for pack, programme or dossier, `not_found` for a task or batch that is not there,
/// `invalid_rows` for the register.
pub fn programme(request: ProgrammeRequest) -> Result<ProgrammeResponse, CallError> {
    let pack = pack("pack", &request.pack)?;
    let wrong = |error: ProgrammeError| match error {
        ProgrammeError::NoBatch { .. } => CallError::NotFound { what: error.to_string() },
        error => CallError::document("programme", error),
    };
    let programme = Programme::from_json(written("programme", &request.programme)?).map_err(wrong)?;
    let terms = pack.dossier_terms();
    let dossier = optional("dossier", request.dossier.as_ref(), |bytes| Dossier::from_json(bytes, &terms))?;
    let first = || programme.tasks.first().map(|task| task.code.clone());
    let missing = || CallError::NotFound { what: "the programme has no task".to_owned() };
    let task = request.task.or_else(first).ok_or_else(missing)?;
    let origin = dossier.as_ref().map(|(dossier, key)| dossier.digest(programme.terms.suite, key));
    let policy = programme.policy(&pack, &task, request.batch.unwrap_or(1), origin).map_err(wrong)?;
    let (mut findings, mut units) = (None, None);
    if let Some(rows) = request.units {
        let empty = Dossier::default();
        let dossier = dossier.as_ref().map_or(&empty, |read| &read.0);
        let register = numbered(rows.clone(), |unit| &mut unit.row);
        let frame = pack.frame(&policy, dossier, register);
        let frame = frame.map_err(|found| CallError::Rows(table("units", &found)))?;
        let found =
            |finding: &crate::programme::Finding| Found::new(finding.severity() == Severity::Breach, finding);
        let checked = programme.check(&pack, &frame);
        let more = left_off(checked.left_off()).map(|more| Found::new(checked.is_refused(), &more));
        findings = Some(checked.as_slice().iter().map(found).chain(more).collect());
        let rated = |row: UnitRow| {
            let unit = UnitId::any(&row.id).ok().and_then(|id| frame.get(&id))?;
            let UnitRow { credit, risk, signals, .. } = UnitRow::of(row.row, unit);
            Some(UnitRow { credit, risk, signals, ..row })
        };
        units = Some(rows.into_iter().filter_map(rated).collect());
    }
    let bytes = policy.to_json().map_err(|error| CallError::document("programme", error))?;
    Ok(ProgrammeResponse { digest: policy.digest(), findings, policy: text(bytes), units })
}

/// Asks whether tables keep the rules.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RostersRequest {
    /// Rows of the table of experts and third parties.
    #[serde(default)]
    pub experts: Vec<ExpertRow>,
    /// Rows of the table of officers.
    #[serde(default)]
    pub officers: Vec<InspectorRow>,
    /// The policy against whose vocabulary they are read.
    pub policy: Json,
    /// Rows of the table of recusals.
    #[serde(default)]
    pub recusals: Vec<RecusalRow>,
    /// Rows of the table of institutions.
    #[serde(default)]
    pub units: Vec<UnitRow>,
}

/// Tables that keep the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RostersResponse {
    /// Experts and third parties.
    pub experts: u64,
    /// Officers.
    pub officers: u64,
    /// Recusals.
    pub recusals: u64,
    /// Institutions.
    pub units: u64,
}

/// Reads all tables against the policy: the check of an import screen.
///
/// # Errors
/// `invalid_rows` with every problem of every table.
pub fn rosters(request: RostersRequest) -> Result<RostersResponse, CallError> {
    let RostersRequest { experts, officers, policy, recusals, units } = request;
    let inputs = Inputs {
        cycle: None,
        events: Vec::new(),
        experts: Some(experts),
        frame: None,
        officers: Some(officers),
        policy,
        recusals: Some(recusals),
        roster: None,
        units: Some(units),
    };
    let (_, frame, roster, _) = inputs.parts()?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(RostersResponse {
        experts: count(roster.experts().len()),
        officers: count(roster.inspectors().len()),
        recusals: count(roster.recusals().len()),
        units: count(frame.units().len()),
    })
}
