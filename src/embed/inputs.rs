//! What several steps take: the tables of an office before the seal, the sealed inputs after it.

use super::error::{CallError, CallProblem, problem, table};
use super::json::Json;
use crate::beacon::BeaconValue;
use crate::bytes::{Digest, JsonError, of_parser};
use crate::cycle::{Cycle, Event};
use crate::frame::{Frame, UnitRow};
use crate::message::said;
use crate::pack::{Pack, PackError};
use crate::plan::Plan;
use crate::policy::{Policy, PolicyError};
use crate::roster::{ExpertRow, InspectorRow, RecusalRow, Roster, RosterRule};
use crate::seal::{ReopenError, Seal, Sealed, Secret};
use crate::table::Problems;
use serde::{Deserialize, Serialize};

/// Everything a plan is made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inputs {
    /// The year so far, as `state` or an earlier seal gave it; left out: nothing has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Json>,
    /// What happened after `cycle`, in order (Spec 9.6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Json>,
    /// Rows of the table of experts and third parties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<Vec<ExpertRow>>,
    /// The frame as a document, in place of `units`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Json>,
    /// Rows of the table of officers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officers: Option<Vec<InspectorRow>>,
    /// The policy.
    pub policy: Json,
    /// Rows of the table of recusals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recusals: Option<Vec<RecusalRow>>,
    /// The roster as a document, in place of `officers`, `experts` and `recusals`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Json>,
    /// Rows of the table of institutions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<Vec<UnitRow>>,
}

/// The inputs of a draw as `seal` gave them, with the seal as it was published.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedInputs {
    /// The cycle document.
    pub cycle: Json,
    /// The digest of the seal as it was published: numbers and time stand in the seal alone, and nothing else
    /// holds them.
    pub digest: Digest,
    /// The frame document.
    pub frame: Json,
    /// The policy document.
    pub policy: Json,
    /// The roster document.
    pub roster: Json,
    /// The published seal.
    pub seal: Json,
    /// The secret, exactly if the policy defers disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

/// A sealed draw and the values of its sources.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawInputs {
    /// The values, in the order of the seal's sources.
    pub beacon: Vec<BeaconValue>,
    /// The sealed inputs.
    pub sealed: SealedInputs,
}

/// Canonical bytes as text.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("canonical JSON is UTF-8")
}

/// Reads a document by the library's own reader.
pub(super) fn read<T>(
    field: &str,
    json: &Json,
    reader: impl FnOnce(&[u8]) -> Result<T, JsonError>,
) -> Result<T, CallError> {
    reader(json.bytes()).map_err(|error| CallError::document(field, error))
}

/// The same where the document may be left out.
pub(super) fn optional<T>(
    field: &str,
    json: Option<&Json>,
    reader: impl FnOnce(&[u8]) -> Result<T, JsonError>,
) -> Result<Option<T>, CallError> {
    json.map(|json| read(field, json, reader)).transpose()
}

/// The text of a document that people write.
pub(super) fn written<'a>(field: &str, json: &'a Json) -> Result<&'a str, CallError> {
    let refused = |_| CallError::document(field, said!("form.utf8", "is no text in UTF-8"));
    std::str::from_utf8(json.bytes()).map_err(refused)
}

/// Reads a policy; its broken rules are listed one by one.
pub(super) fn policy(field: &str, json: &Json) -> Result<Policy, CallError> {
    Policy::from_json(written(field, json)?).map_err(|error| {
        let message = error.to_string();
        let problems = match error {
            PolicyError::Rules(rules) => {
                rules.iter().map(|broken| problem(field, 0, &broken.place, "", &broken.rule)).collect()
            }
            PolicyError::Form(form) => vec![problem(field, 0, "", "", &form)],
        };
        CallError::Document { field: field.to_owned(), message, problems }
    })
}

/// Reads a pack; what does not hold in it is listed place by place.
pub(super) fn pack(field: &str, json: &Json) -> Result<Pack, CallError> {
    Pack::from_json(written(field, json)?).map_err(|error| {
        let message = error.to_string();
        let problems = match error {
            PackError::Refused(rules) => {
                rules.iter().map(|broken| problem(field, 0, &broken.place, "", &broken.rule)).collect()
            }
            PackError::Form(form) => vec![problem(field, 0, "", "", &form)],
        };
        CallError::Document { field: field.to_owned(), message, problems }
    })
}

/// Keeps a value, or its problems among those of the other tables.
pub(super) fn keep<T>(read: Result<T, Vec<CallProblem>>, problems: &mut Vec<CallProblem>) -> Option<T> {
    read.map_err(|found| problems.extend(found)).ok()
}

/// Rows without a number get their place in the list, from 1, so that a problem can be shown where it is.
pub(super) fn numbered<R>(mut rows: Vec<R>, row: impl Fn(&mut R) -> &mut u64) -> Vec<R> {
    for (place, given) in (1..).zip(&mut rows) {
        let number = row(given);
        if *number == 0 {
            *number = place;
        }
    }
    rows
}

/// The cycle after some events.
fn cycle(json: Option<&Json>, events: &[Json]) -> Result<Cycle, CallError> {
    let mut cycle =
        optional("inputs.cycle", json, Cycle::from_json)?.map_or_else(Cycle::default, |read| read.0);
    for (place, event) in events.iter().enumerate() {
        let field = format!("inputs.events[{place}]");
        let event: Event = serde_json::from_slice(event.bytes())
            .map_err(|error| CallError::document(&field, of_parser(&error)))?;
        cycle.apply(&event).map_err(|error| CallError::document(&field, error))?;
    }
    Ok(cycle)
}

/// A roster from the rows of its tables.
pub(super) fn roster(
    officers: Vec<InspectorRow>,
    experts: Option<Vec<ExpertRow>>,
    recusals: Option<Vec<RecusalRow>>,
    policy: &Policy,
) -> Result<Roster, Problems<RosterRule>> {
    let officers = numbered(officers, |officer| &mut officer.row);
    let experts = numbered(experts.unwrap_or_default(), |expert| &mut expert.row);
    let recusals = numbered(recusals.unwrap_or_default(), |recusal| &mut recusal.row);
    Roster::with_experts(officers, experts, recusals, &policy.roster, policy.as_of)
}

impl Inputs {
    /// Reads policy, tables and cycle. The problems of all tables are reported together.
    pub(super) fn parts(self) -> Result<(Policy, Frame, Roster, Cycle), CallError> {
        let policy = policy("inputs.policy", &self.policy)?;
        let cycle = cycle(self.cycle.as_ref(), &self.events)?;
        let mut problems = Vec::new();
        let (terms, as_of) = (&policy.frame, policy.as_of);
        let frame = match (self.units, &self.frame) {
            (Some(rows), None) => Frame::new(numbered(rows, |unit| &mut unit.row), terms, as_of),
            (None, Some(json)) => {
                let (frame, _) = read("inputs.frame", json, Frame::from_json)?;
                frame.conforms(terms, as_of).map(|()| frame)
            }
            _ => return Err(CallError::request("either `inputs.units` or `inputs.frame`")),
        };
        let frame = keep(frame.map_err(|found| table("units", &found)), &mut problems);
        let rows = (self.officers, self.experts, self.recusals);
        let roster = match (rows, &self.roster) {
            ((Some(officers), experts, recusals), None) => roster(officers, experts, recusals, &policy),
            ((None, None, None), Some(json)) => {
                let (roster, _) = read("inputs.roster", json, Roster::from_json)?;
                roster.conforms(&policy.roster, as_of).map(|()| roster)
            }
            _ => {
                let what = "either `inputs.officers` with `experts` and `recusals`, or `inputs.roster`";
                return Err(CallError::request(what));
            }
        };
        let roster = keep(roster.map_err(|found| table("officers", &found)), &mut problems);
        match (frame, roster) {
            (Some(frame), Some(roster)) => Ok((policy, frame, roster, cycle)),
            _ => Err(CallError::Rows(problems)),
        }
    }

    /// The plan.
    pub(super) fn plan(self) -> Result<Plan, CallError> {
        let (policy, frame, roster, cycle) = self.parts()?;
        Ok(Plan::new(frame, roster, policy, cycle)?)
    }
}

impl SealedInputs {
    /// Makes the sealed plan again, and insists that it is the published one.
    pub(super) fn reopen(&self) -> Result<Sealed, CallError> {
        let seal = read("sealed.seal", &self.seal, Seal::from_json)?;
        let policy = policy("sealed.policy", &self.policy)?;
        let frame = read("sealed.frame", &self.frame, Frame::from_json)?;
        let roster = read("sealed.roster", &self.roster, Roster::from_json)?;
        let cycle = read("sealed.cycle", &self.cycle, Cycle::from_json)?;
        let differs = |found| CallError::SealDiffers { published: self.digest, found };
        let sealed =
            Sealed::reopen(&seal, policy, frame, roster, cycle, self.secret.clone()).map_err(|error| {
                match error {
                    ReopenError::OtherSaltKey { document } => CallError::OtherSaltKey { document },
                    ReopenError::Plan(error) => error.into(),
                    ReopenError::Seal(error) => error.into(),
                    ReopenError::Differs { found, .. } => differs(found),
                }
            })?;
        if sealed.digest() == self.digest { Ok(sealed) } else { Err(differs(sealed.digest())) }
    }
}
