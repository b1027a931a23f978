//! After the draw: `reserve`, `replace`, `receipt`.

use super::error::CallError;
use super::inputs::{DrawInputs, SealedInputs, text};
use super::json::Json;
use crate::assign::{Away, Change, Move, Replacement, Teams};
use crate::beacon::BeaconValue;
use crate::bytes::of_parser;
use crate::calendar::Window;
use crate::disclosure::{VisitsCommitment, VisitsTree};
use crate::id::{InspectorId, UnitId};
use crate::message::{Message, said};
use crate::sample::{Reserve, next_reserve};
use crate::seal::Sealed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Asks who is visited in place of an institution that cannot be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReserveRequest {
    /// Who dropped out of the draw so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
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
    /// How many reserves were passed over for the places of its team, for the ledger's entry; left out where
    /// it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<u64>,
    /// The teams after it; left out with `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Teams>,
    /// The salted visits after it, for the ledger's entry; left out with `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsCommitment>,
}

/// Teams of a request, fit for the rules that look visits up by unit and day.
fn standing(json: &Json, sealed: &Sealed) -> Result<Teams, CallError> {
    let wrong = |message: Message| CallError::document("teams", message);
    let teams: Teams = serde_json::from_slice(json.bytes()).map_err(|error| wrong(of_parser(&error)))?;
    if !teams.visits.is_sorted_by(|a, b| a.unit < b.unit) {
        return Err(wrong(said!("teams.order", "visits do not ascend by unit")));
    }
    let days = &sealed.plan().policy().team.days;
    match teams.visits.iter().find(|visit| visit.day.is_some_and(|day| !days.contains(&day))) {
        Some(visit) => Err(wrong(said!(
            "teams.day",
            "the visit of {unit} is on no day of the policy",
            unit = visit.unit
        ))),
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
    let ReserveRequest { away, draw, teams, unit, used } = request;
    let sealed = draw.sealed.reopen()?;
    let seed = sealed.seed(&draw.beacon)?;
    let sample = seed.draw();
    let drawn = sample.assign().teams().clone();
    let teams = teams.map_or_else(|| Ok(drawn.clone()), |json| standing(&json, &sealed))?;
    let used: BTreeSet<UnitId> = used.into_iter().collect();
    let (plan, missing) =
        (sealed.plan(), || CallError::NotFound { what: format!("unit {unit} could not be drawn") });
    match next_reserve(&plan.table(), &sample.whole(), &unit, &used).ok_or_else(missing)? {
        Reserve::Unit(by) => {
            let found = teams.relocated(plan, &drawn, &away, (&unit, &by), &seed.digest())?;
            let visits = Some(committed(&sealed, &found.teams)?);
            let passed = Some(found.passed).filter(|passed| *passed > 0);
            Ok(ReserveResponse { by: Some(by), passed, teams: Some(found.teams), visits })
        }
        Reserve::Exhausted | Reserve::NotShown => {
            Ok(ReserveResponse { by: None, passed: None, teams: None, visits: None })
        }
    }
}

/// Asks who takes the places of a person who drops out of a draw for some days.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplaceRequest {
    /// Whether the authority approved what needs its approval.
    #[serde(default)]
    pub approved: bool,
    /// Who else dropped out of the draw so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Away>,
    /// The first and the last day.
    pub dates: Window,
    /// The sealed draw.
    pub draw: DrawInputs,
    /// The person who drops out.
    pub out: InspectorId,
    /// Units whose visits were made, or cannot be made: their teams stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<UnitId>,
    /// The teams as they stand; left out: those of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Json>,
    /// The one unit of whose visit he drops out, a recusal; left out: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

/// The substitutes, and the teams after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplaceResponse {
    /// All moves, for the ledger's entry.
    pub moves: Vec<Move>,
    /// Whether it passes over a reserve, or a chain touches other teams, without approval of the authority:
    /// `teams` and `visits` are then left out, and the call is to be made again with `approved`.
    pub needs_approval: bool,
    /// What the rule gives for every place, ascending by unit (Spec 11.13).
    pub places: Vec<Replacement>,
    /// The teams after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Teams>,
    /// The salted visits after it, for the ledger's entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitsCommitment>,
}

/// Finds by rule the persons who take the places. No one chooses.
///
/// # Errors
/// As `draw`; `not_found` if he has no visit on these days that is not settled; `not_replaced` if he is not
/// on the roster, or a team names a person who is not.
pub fn replace(request: ReplaceRequest) -> Result<ReplaceResponse, CallError> {
    let ReplaceRequest { approved, away, dates, draw, out, settled, teams, unit } = request;
    let sealed = draw.sealed.reopen()?;
    let seed = sealed.seed(&draw.beacon)?;
    let drawn = seed.draw().assign().teams().clone();
    let teams = teams.map_or_else(|| Ok(drawn.clone()), |json| standing(&json, &sealed))?;
    let change = Change { away, dates, out, settled, unit };
    let found = sealed.plan().reassign(&drawn, &teams, &change, &seed.digest())?;
    if found.places.is_empty() {
        let what = format!("{} has no visit on these days that is not settled", change.out);
        return Err(CallError::NotFound { what });
    }
    let (moves, needs_approval) = (found.moves(), found.needs_authority() && !approved);
    let visits = committed(&sealed, &found.teams)?;
    let (teams, visits) = if needs_approval { (None, None) } else { (Some(found.teams), Some(visits)) };
    Ok(ReplaceResponse { moves, needs_approval, places: found.places, teams, visits })
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
