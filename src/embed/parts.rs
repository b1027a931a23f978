//! A frame in parts (Spec 26): `count_part`, `seal_parts`, `seed`, `select_part`, `draw_parts`.
//!
//! The executors of an engine, or provinces whose rows may not leave them, count and select; the office
//! seals and draws. What travels are the texts of the responses. The calls keep nothing, so each takes its
//! terms again.

use super::draw::Terms;
use super::error::CallError;
use super::inputs::{cycle, numbered, policy, published, read, roster, text};
use super::json::Json;
use crate::assign::Teams;
use crate::beacon::{self, BeaconValue};
use crate::bytes::{Digest, SaltKey, encode};
use crate::cycle::Cycle;
use crate::frame::UnitRow;
use crate::id::UnitId;
use crate::message::{Coded, said};
use crate::policy::Policy;
use crate::roster::{ExpertRow, InspectorRow, RecusalRow, Roster};
use crate::seal::{self, Seal, Secret};
use crate::stream::{Census, Counted, Counts, Part, PartError, PartLeaves, SealedStream, SelectedPart};
use serde::{Deserialize, Serialize};

/// What every part of a frame is counted and selected under.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountTerms {
    /// The year so far, as `state` or an earlier seal gave it; left out: nothing has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Json>,
    /// What happened after `cycle`, in order (Spec 9.6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Json>,
    /// The policy.
    pub policy: Json,
    /// The salt key of the draw: that of `terms` when it is sealed.
    pub salt_key: SaltKey,
}

impl CountTerms {
    fn read(&self) -> Result<(Policy, Cycle, SaltKey), CallError> {
        let policy = policy("counting.policy", &self.policy)?;
        Ok((policy, cycle("counting", self.cycle.as_ref(), &self.events)?, self.salt_key.clone()))
    }
}

/// Asks for the count of some rows that stand side by side.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountPartRequest {
    /// What all parts are counted under.
    pub counting: CountTerms,
    /// The number of rows of the frame before the first one, at most 2³².
    pub start: u64,
    /// The rows, in ascending order of ids by their bytes; may be none.
    pub units: Vec<UnitRow>,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountPartResponse {
    /// For whoever seals: the leaves of the pseudonyms, 64 hexadecimal digits for each row.
    pub leaves: String,
    /// For whoever seals or selects: the part, text (Spec 26.2).
    pub part: String,
    /// The number of rows.
    pub size: u64,
}

/// Counts the rows of a part.
///
/// # Errors
/// `invalid_document`; `invalid_rows` with the problems of these rows; `no_plan` if the round of the policy
/// does not follow the cycle; `invalid_parts` if there are more rows before than a frame can have.
pub fn count_part(request: CountPartRequest) -> Result<CountPartResponse, CallError> {
    let (policy, cycle, key) = request.counting.read()?;
    let mut census = Census::starting(policy, cycle, key, request.start)?;
    census.extend(numbered(request.units, |unit| &mut unit.row));
    let (part, leaves) = census.part()?;
    let digits =
        leaves.to_bytes().as_chunks::<32>().0.iter().map(|leaf| Digest::new(*leaf).to_string()).collect();
    Ok(CountPartResponse { leaves: digits, size: part.size(), part: text(part.to_json()) })
}

/// What is wrong with a document of a part.
fn refused(field: &str, error: &PartError) -> CallError {
    match error {
        PartError::Rules(rules) => CallError::broken(field, error.to_string(), rules),
        PartError::Form(form) => CallError::document(field, form.message()),
    }
}

/// The part of all these parts.
fn merged(field: &str, parts: &[Json]) -> Result<Part, CallError> {
    let one = |(place, part): (usize, &Json)| {
        Part::from_json(part.bytes()).map_err(|error| refused(&format!("{field}[{place}]"), &error))
    };
    let parts = parts.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
    Part::merged(parts)?.ok_or_else(|| CallError::request(format!("`{field}` has no part")))
}

/// The leaves of all parts.
fn leaves(at: &str, texts: &[String]) -> Result<PartLeaves, CallError> {
    let mut all = PartLeaves::default();
    for (place, digits) in texts.iter().enumerate() {
        let field = format!("{at}[{place}]");
        let (digests, rest) = digits.as_bytes().as_chunks::<64>();
        let digest = |digits: &[u8; 64]| Digest::parse(std::str::from_utf8(digits).unwrap_or_default()).ok();
        let read: Option<Vec<Digest>> = digests.iter().map(digest).collect();
        let Some(read) = read.filter(|_| rest.is_empty()) else {
            let wrong = said!("part.leaves", "are no digests of 32 bytes that ascend");
            return Err(CallError::document(&field, wrong));
        };
        let bytes: Vec<u8> = read.iter().flat_map(|digest| *digest.as_bytes()).collect();
        all.append(PartLeaves::from_bytes(&bytes).map_err(|error| refused(&field, &error))?);
    }
    Ok(all)
}

/// Asks for the seal of a frame that was counted in parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealPartsRequest {
    /// What all parts were counted under.
    pub counting: CountTerms,
    /// Rows of the table of experts and third parties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experts: Vec<ExpertRow>,
    /// The leaves of every part, in any order.
    pub leaves: Vec<String>,
    /// Rows of the table of officers.
    pub officers: Vec<InspectorRow>,
    /// The parts of all rows, in any order.
    pub parts: Vec<Json>,
    /// Rows of the table of recusals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recusals: Vec<RecusalRow>,
    /// Numbers, time and secrets.
    pub terms: Terms,
}

/// A sealed frame: what to publish now, what to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealPartsResponse {
    /// To publish: the cell table, text.
    pub cells: String,
    /// To keep: the cycle with its salt key, text.
    pub cycle: String,
    /// The digest of the seal. Publish it where the public can see it.
    pub digest: Digest,
    /// To keep, with the leaves: the part of all rows, text.
    pub part: String,
    /// To publish: the policy as it was sealed, text.
    pub policy: String,
    /// To keep: the roster with its salt key, text.
    pub roster: String,
    /// To publish before the first source reports: the seal, text.
    pub seal: String,
}

/// Merges the parts and seals the frame. It is the seal that `seal` makes of the same rows.
///
/// # Errors
/// `invalid_document`, `invalid_rows`, `no_plan`; `invalid_parts` if the parts do not stand side by side from
/// the first row on, were counted under other terms, or leaves are missing; `not_sealed` as for `seal`.
pub fn seal_parts(request: SealPartsRequest) -> Result<SealPartsResponse, CallError> {
    let terms = request.terms.read()?;
    let (policy, cycle, key) = request.counting.read()?;
    let roster =
        roster((request.officers, request.experts, request.recusals), &policy).map_err(CallError::Rows)?;
    let part = merged("parts", &request.parts)?;
    let counted = Counted::of(policy, cycle.clone(), key, &part, leaves("leaves", &request.leaves)?)?;
    let (policy, roster_text) = (counted.policy().clone(), roster.to_json(&terms.salt_key));
    let (cells, cycle) = (counted.table(), cycle.to_json(&terms.salt_key));
    let sealed = counted.seal(roster, terms)?;
    let written = |error| CallError::Internal { message: format!("{error}") };
    Ok(SealPartsResponse {
        cells: text(encode(&cells).map_err(written)?),
        cycle: text(cycle),
        digest: sealed.digest(),
        part: text(part.to_json()),
        policy: text(policy.to_json().map_err(written)?),
        roster: text(roster_text),
        seal: text(sealed.seal().to_json()),
    })
}

/// Asks for the seed of a sealed draw.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeedRequest {
    /// The values, in the order of the seal's sources.
    pub beacon: Vec<BeaconValue>,
    /// The digest of the seal as it was published.
    pub digest: Digest,
    /// The published seal.
    pub seal: Json,
    /// The secret, exactly if the policy defers disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
}

/// The seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeedResponse {
    /// The seed.
    pub seed: Digest,
}

/// Makes the seed of a draw (Spec 8.1), which whoever selects parts is given.
///
/// # Errors
/// `invalid_document` if the secret is not the sealed one; `seal_differs` if the seal has another digest;
/// `wrong_beacon` if a value is not of its source.
pub fn seed(request: SeedRequest) -> Result<SeedResponse, CallError> {
    let SeedRequest { beacon: values, digest, seal, secret } = request;
    let seal = read("seal", &seal, Seal::from_json)?;
    published(digest, seal.digest())?;
    if seal.secret != secret.as_ref().map(|secret| secret.commitment(seal.suite)) {
        let wrong = said!("seed.secret", "is not the secret that the seal commits to");
        return Err(CallError::document("secret", wrong));
    }
    beacon::check(seal.suite, &seal.beacon, &values)?;
    Ok(SeedResponse { seed: seal::seed(seal.suite, &digest, &values, secret.as_ref()) })
}

/// Asks for the candidates among the rows of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SelectPartRequest {
    /// The parts of the rows before, in any order; none if the first row is among these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Json>,
    /// What all parts were counted under.
    pub counting: CountTerms,
    /// The parts of all rows: `part` of `seal_parts`, or the parts themselves in any order.
    pub parts: Vec<Json>,
    /// The seed.
    pub seed: Digest,
    /// How far above the expected number a cell keeps candidates: 8 for large cells in many parts. Left out:
    /// every part keeps as many as the whole frame wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<u64>,
    /// The rows that were counted, in the same order.
    pub units: Vec<UnitRow>,
}

/// The candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SelectPartResponse {
    /// The number of units that are kept.
    pub kept: u64,
    /// For whoever draws: the candidates with their rows, text (Spec 26.3).
    pub selected: String,
}

/// Selects the candidates among the rows of a part.
///
/// # Errors
/// `invalid_document`, `invalid_rows`, `no_plan`; `invalid_parts` if the parts are not of one census, or the
/// rows are not those that were counted.
pub fn select_part(request: SelectPartRequest) -> Result<SelectPartResponse, CallError> {
    let (policy, cycle, key) = request.counting.read()?;
    let counts = Counts::of(policy, cycle, key, &merged("parts", &request.parts)?)?;
    let mut selection = counts.select(request.seed);
    if let Some(slack) = request.slack {
        selection = selection.below_ceilings(slack);
    }
    if !request.before.is_empty() {
        selection = selection.after(&merged("before", &request.before)?)?;
    }
    selection.extend(numbered(request.units, |unit| &mut unit.row));
    let part = selection.part()?;
    let kept = u64::try_from(part.kept()).unwrap_or(u64::MAX);
    Ok(SelectPartResponse { kept, selected: text(part.to_json()) })
}

/// A frame as `seal_parts` sealed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedParts {
    /// The cycle document.
    pub cycle: Json,
    /// The digest of the seal as it was published.
    pub digest: Digest,
    /// The leaves of every part, in any order.
    pub leaves: Vec<String>,
    /// The parts of all rows: `part` of `seal_parts`, or the parts themselves in any order.
    pub parts: Vec<Json>,
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

impl SealedParts {
    /// Makes the seal again, and insists that it is the published one.
    fn reopen(&self) -> Result<SealedStream, CallError> {
        let seal = read("sealed.seal", &self.seal, Seal::from_json)?;
        let policy = policy("sealed.policy", &self.policy)?;
        let (cycle, key) = read("sealed.cycle", &self.cycle, Cycle::from_json)?;
        let (roster, roster_key) = read("sealed.roster", &self.roster, Roster::from_json)?;
        if roster_key != key {
            return Err(CallError::OtherSaltKey { document: "roster", than: "cycle" });
        }
        let part = merged("sealed.parts", &self.parts)?;
        let counted = Counted::of(policy, cycle, key, &part, leaves("sealed.leaves", &self.leaves)?)?;
        let sealed = counted.reopen(&seal, roster, self.secret.clone())?;
        published(self.digest, sealed.digest()).map(|()| sealed)
    }
}

/// Asks for the draw of a frame that was selected in parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawPartsRequest {
    /// The values, in the order of the seal's sources.
    pub beacon: Vec<BeaconValue>,
    /// The sealed frame.
    pub sealed: SealedParts,
    /// The candidates of all rows, in any order.
    pub selected: Vec<Json>,
}

/// What was drawn. A draw in parts has no event: it enters no cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawPartsResponse {
    /// The digest of the record.
    pub digest: Digest,
    /// To publish, with deferred disclosure not before its day, since it holds the secret: the record, text.
    pub record: String,
    /// The seed.
    pub seed: Digest,
    /// The teams (Spec 12.2).
    pub teams: Teams,
    /// The drawn institutions, ascending by id.
    pub units: Vec<UnitId>,
}

/// Draws from the candidates of all parts. It is the record that `draw` makes of the same rows.
///
/// # Errors
/// `invalid_document`, `wrong_beacon`; `seal_differs` if anything was changed after sealing; `invalid_parts`
/// if candidates of rows are missing, the rows are not those that were counted, or ceilings kept out units
/// that are wanted: select again with more `slack`.
pub fn draw_parts(request: DrawPartsRequest) -> Result<DrawPartsResponse, CallError> {
    let sealed = request.sealed.reopen()?;
    let draw = sealed.draw(&request.beacon)?;
    let counts = sealed.counted().counts();
    let one = |(place, part): (usize, &Json)| {
        SelectedPart::from_json(part.bytes(), counts)
            .map_err(|error| refused(&format!("selected[{place}]"), &error))
    };
    let selected = request.selected.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
    let all = SelectedPart::merged(selected)?.ok_or_else(|| CallError::request("`selected` has no part"))?;
    let record = draw.join(all)?.record();
    Ok(DrawPartsResponse {
        digest: record.digest(),
        record: text(record.to_json()),
        seed: record.seed,
        units: record.teams.visits.iter().map(|visit| visit.unit.clone()).collect(),
        teams: record.teams,
    })
}
