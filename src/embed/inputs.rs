//! What several steps take: the tables of an office before the seal, the sealed inputs after it.

use super::error::{CallError, CallProblem, table};
use super::json::Json;
use crate::beacon::BeaconValue;
use crate::bytes::{Digest, JsonError, SaltKey, of_parser};
use crate::cycle::{Cycle, Event};
use crate::frame::{Frame, UnitRow};
use crate::message::{Coded, said};
use crate::pack::{Pack, PackError};
use crate::plan::Plan;
use crate::policy::{Policy, PolicyError};
use crate::roster::{ExpertRow, InspectorRow, RecusalRow, Roster};
use crate::seal::{Seal, Sealed, Secret};
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
    Policy::from_json(written(field, json)?).map_err(|error| match &error {
        PolicyError::Rules(rules) => CallError::broken(field, error.to_string(), rules),
        PolicyError::Form(form) => CallError::document(field, form.message()),
    })
}

/// Reads a pack; what does not hold in it is listed place by place.
pub(super) fn pack(field: &str, json: &Json) -> Result<Pack, CallError> {
    Pack::from_json(written(field, json)?).map_err(|error| match &error {
        PackError::Refused(rules) => CallError::broken(field, error.to_string(), rules),
        PackError::Form(form) => CallError::document(field, form.message()),
    })
}

/// Insists on a salt key that is more than zeros.
pub(super) fn filled(key: &SaltKey) -> Result<(), CallError> {
    if key.reveal() == Digest::ZERO { Err(CallError::Zeros { field: "salt_key" }) } else { Ok(()) }
}

/// The rows of a roster: officers, experts, recusals.
pub(super) type RosterRows = (Vec<InspectorRow>, Vec<ExpertRow>, Vec<RecusalRow>);

/// Reads the rows of a roster.
pub(super) fn roster(rows: RosterRows, policy: &Policy) -> Result<Roster, Vec<CallProblem>> {
    let (officers, experts, recusals) = rows;
    let officers = numbered(officers, |officer| &mut officer.row);
    let experts = numbered(experts, |expert| &mut expert.row);
    let recusals = numbered(recusals, |recusal| &mut recusal.row);
    Roster::with_experts(officers, experts, recusals, &policy.roster, policy.as_of)
        .map_err(|found| table("officers", &found))
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
pub(super) fn cycle(at: &str, json: Option<&Json>, events: &[Json]) -> Result<Cycle, CallError> {
    let mut cycle =
        optional(&format!("{at}.cycle"), json, Cycle::from_json)?.map_or_else(Cycle::default, |read| read.0);
    for (place, event) in events.iter().enumerate() {
        let field = format!("{at}.events[{place}]");
        let event: Event = serde_json::from_slice(event.bytes())
            .map_err(|error| CallError::document(&field, of_parser(&error)))?;
        cycle.apply(&event).map_err(|error| CallError::document(&field, error))?;
    }
    Ok(cycle)
}

impl Inputs {
    /// Reads policy, tables and cycle. The problems of all tables are reported together.
    pub(super) fn parts(self) -> Result<(Policy, Frame, Roster, Cycle), CallError> {
        let policy = policy("inputs.policy", &self.policy)?;
        let cycle = cycle("inputs", self.cycle.as_ref(), &self.events)?;
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
        let roster = match ((self.officers, self.experts, self.recusals), &self.roster) {
            ((Some(officers), experts, recusals), None) => {
                roster((officers, experts.unwrap_or_default(), recusals.unwrap_or_default()), &policy)
            }
            ((None, None, None), Some(json)) => {
                let (roster, _) = read("inputs.roster", json, Roster::from_json)?;
                let conforms = roster.conforms(&policy.roster, as_of).map(|()| roster);
                conforms.map_err(|found| table("officers", &found))
            }
            _ => {
                let what = "either `inputs.officers` with `experts` and `recusals`, or `inputs.roster`";
                return Err(CallError::request(what));
            }
        };
        let roster = keep(roster, &mut problems);
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

/// Insists that a seal has the published digest.
pub(super) fn published(published: Digest, found: Digest) -> Result<(), CallError> {
    if found == published { Ok(()) } else { Err(CallError::SealDiffers { published, found }) }
}

impl SealedInputs {
    /// Makes the sealed plan again, and insists that it is the published one.
    pub(super) fn reopen(&self) -> Result<Sealed, CallError> {
        let seal = read("sealed.seal", &self.seal, Seal::from_json)?;
        let policy = policy("sealed.policy", &self.policy)?;
        let frame = read("sealed.frame", &self.frame, Frame::from_json)?;
        let roster = read("sealed.roster", &self.roster, Roster::from_json)?;
        let cycle = read("sealed.cycle", &self.cycle, Cycle::from_json)?;
        let sealed = Sealed::reopen(&seal, policy, frame, roster, cycle, self.secret.clone())?;
        published(self.digest, sealed.digest()).map(|()| sealed)
    }
}
