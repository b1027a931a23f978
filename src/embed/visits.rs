//! After the draw: `reserve`, `replace`, `receipt`.

use super::error::CallError;
use super::inputs::{DrawInputs, SealedInputs, text};
use super::json::Json;
use crate::assign::{Change, Replacement, Teams};
use crate::beacon::BeaconValue;
use crate::bytes::Digest;
use crate::disclosure::{VisitsCommitment, VisitsTree};
use crate::id::{InspectorId, UnitId};
use crate::sample::{Reserve, next_reserve};
use crate::seal::Sealed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Asks who is visited in place of an institution that cannot be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReserveRequest {
    /// The sealed draw.
    pub draw: DrawInputs,
    /// The teams as they stand; left out: those of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Json>,
    /// The unit that cannot be visited. It was drawn, or came as a replacement.
    pub unit: UnitId,
    /// Units that have come as replacements in this draw before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<UnitId>,
}

/// The substitute, and the teams after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReserveResponse {
    /// The unit that is visited instead. Left out if every unit that could have been drawn is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UnitId>,
    /// The teams after it; left out with `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Teams>,
    /// The salted visits after it, for the ledger's entry; left out with `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsCommitment>,
}

/// Teams of a request, fit for the rules that look visits up by unit and day.
fn standing(json: &Json, sealed: &Sealed) -> Result<Teams, CallError> {
    let wrong = |message: &dyn std::fmt::Display| CallError::document("teams", message);
    let teams: Teams = serde_json::from_slice(json.bytes()).map_err(|error| wrong(&error))?;
    if !teams.visits.is_sorted_by(|a, b| a.unit < b.unit) {
        return Err(wrong(&"visits do not ascend by unit"));
    }
    let days = &sealed.plan().policy().team.days;
    match teams.visits.iter().find(|visit| visit.day.is_some_and(|day| !days.contains(&day))) {
        Some(visit) => Err(wrong(&format!("the visit of {} is on no day of the policy", visit.unit))),
        None => Ok(teams),
    }
}

fn committed(sealed: &Sealed, teams: &Teams) -> Result<VisitsCommitment, CallError> {
    let tree = VisitsTree::new(sealed.seal(), sealed.salt_key(), &teams.visits);
    tree.map(|tree| tree.commitment()).map_err(|error| CallError::document("teams", error))
}

/// Finds the next reserve by the order of tickets, and its team by rule.
///
/// # Errors
/// As `draw`; `not_found` if the unit was not drawn, or has no visit in these teams.
pub fn reserve(request: ReserveRequest) -> Result<ReserveResponse, CallError> {
    let ReserveRequest { draw, teams, unit, used } = request;
    let sealed = draw.sealed.reopen()?;
    let seed = sealed.seed(&draw.beacon)?;
    let sample = seed.draw();
    let teams = match teams {
        Some(json) => standing(&json, &sealed)?,
        None => sample.assign().teams().clone(),
    };
    let used: BTreeSet<UnitId> = used.into_iter().collect();
    let (plan, missing) =
        (sealed.plan(), || CallError::NotFound { what: format!("unit {unit} could not be drawn") });
    match next_reserve(&plan.table(), &sample.whole(), &unit, &used).ok_or_else(missing)? {
        Reserve::Unit(by) => {
            let teams = teams.relocated(plan, &unit, &by, &seed.digest())?;
            let visits = Some(committed(&sealed, &teams)?);
            Ok(ReserveResponse { by: Some(by), teams: Some(teams), visits })
        }
        Reserve::Exhausted | Reserve::NotShown => Ok(ReserveResponse { by: None, teams: None, visits: None }),
    }
}

/// Asks who takes the place of an inspector who drops out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplaceRequest {
    /// Whether a chain, which touches other teams, was approved.
    #[serde(default)]
    pub approved: bool,
    /// The sealed draw.
    pub draw: DrawInputs,
    /// 32 bytes that were unknown when the reason was given, as 64 hexadecimal digits. Left out: the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Digest>,
    /// The person who drops out.
    pub out: InspectorId,
    /// The teams as they stand; left out: those of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Json>,
    /// People who cannot take the place either.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<InspectorId>,
    /// The institution.
    pub unit: UnitId,
}

/// The substitute, and the teams after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplaceResponse {
    /// Whether it is a chain without approval: `teams` and `visits` are then left out, and the call is to be
    /// made again with `approved`.
    pub needs_approval: bool,
    /// What the rule gives (Spec 11.13).
    pub replacement: Replacement,
    /// The teams after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Teams>,
    /// The salted visits after it, for the ledger's entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsCommitment>,
}

/// Finds by rule the person who takes the place. No one chooses.
///
/// # Errors
/// As `draw`; `not_found` if there is no such visit or he is not in its team; `not_replaced` if a team names
/// a person who is not on the roster.
pub fn replace(request: ReplaceRequest) -> Result<ReplaceResponse, CallError> {
    let ReplaceRequest { approved, draw, key, out, teams, mut unavailable, unit } = request;
    let sealed = draw.sealed.reopen()?;
    let seed = sealed.seed(&draw.beacon)?.digest();
    let teams = match teams {
        Some(json) => standing(&json, &sealed)?,
        None => sealed.seed(&draw.beacon)?.draw().assign().teams().clone(),
    };
    unavailable.sort_unstable();
    unavailable.dedup();
    let (plan, change) = (sealed.plan(), Change { out, unavailable, unit });
    let replacement = plan.replace(&teams, &change, &key.unwrap_or(seed))?;
    if matches!(replacement, Replacement::Chain { .. }) && !approved {
        return Ok(ReplaceResponse { needs_approval: true, replacement, teams: None, visits: None });
    }
    let teams = teams.with(plan, &change, &replacement, approved, &seed)?;
    let visits = Some(committed(&sealed, &teams)?);
    Ok(ReplaceResponse { needs_approval: false, replacement, teams: Some(teams), visits })
}

/// Asks for the documents of one institution.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceiptRequest {
    /// The values of the sources; left out before they have reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beacon: Option<Vec<BeaconValue>>,
    /// The sealed inputs.
    pub sealed: SealedInputs,
    /// The institution.
    pub unit: UnitId,
}

/// The documents of one institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReceiptResponse {
    /// If it is not on the frame: that it is not, text (Spec 15.2). It shows the rows next to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absence: Option<String>,
    /// What the draw gave it, text (Spec 15.3); left out without `beacon`. With deferred disclosure it shows
    /// the seed: not before its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// If it is on the frame: its row with the proof, text (Spec 15.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// Writes an institution's receipt and, after the draw, its outcome.
///
/// # Errors
/// As `draw`.
pub fn receipt(request: ReceiptRequest) -> Result<ReceiptResponse, CallError> {
    let sealed = request.sealed.reopen()?;
    let receipts = sealed.receipts();
    let outcome = match &request.beacon {
        Some(values) => sealed.seed(values)?.draw().outcome(&request.unit),
        None => None,
    };
    Ok(ReceiptResponse {
        absence: receipts.absence(&request.unit).map(|absence| text(absence.to_json())),
        outcome: outcome.map(|outcome| text(outcome.to_json())),
        receipt: receipts.get(&request.unit).map(|receipt| text(receipt.to_json())),
    })
}
