//! Before and at the draw: `plan`, `explain`, `seal`, `draw`.

use super::error::CallError;
use super::inputs::{DrawInputs, Inputs, filled, optional, text};
use super::json::Json;
use super::registers::{HandedIn, put_together};
use crate::assign::Teams;
use crate::bytes::{Digest, SaltKey, encode};
use crate::calendar::Instant;
use crate::cycle::Event;
use crate::disclosure::VisitsCommitment;
use crate::id::{Code, UnitId};
use crate::plan::{CellTable, DrawCost, Plan};
use crate::policy::{Billionths, Decimal};
use crate::record::Record;
use crate::seal::{SealError, SealTerms, Secret};
use crate::table::MOST_PROBLEMS;
use serde::{Deserialize, Serialize};

/// Asks for a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanRequest {
    /// Policy, tables and cycle.
    pub inputs: Inputs,
}

/// One unit of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedUnit {
    /// Its cell: position in the table, from 0; left out if it cannot be drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<u64>,
    /// Why it cannot be drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Code>,
    /// The institution.
    pub id: UnitId,
    /// Its inclusion probability, rounded down to billionths; exact in draws by rate or frequency.
    pub probability: Billionths,
}

/// How foreseeable the draw is, over all units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Foreseen {
    /// Units certain by a rule of the policy.
    pub certain_by_rule: u64,
    /// Units certain by their schedule or a floor.
    pub certain_by_schedule: u64,
    /// Expected visits, a decimal of nine digits.
    pub expected: String,
    /// The probability that an outsider could name beforehand for a visit that then takes place, averaged
    /// over the visits.
    pub guess: Billionths,
    /// Units with probability 0.
    pub safe: u64,
    /// Units that can be drawn.
    pub units: u64,
}

/// The cost of drawing the teams of a plan. Above the budget it cannot be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanCost {
    /// The most pairs that may be sealed.
    pub budget: u64,
    /// The most pairs of a post and a candidate that a draw from this plan can have.
    pub pairs: u64,
    /// The most visits that it can bring.
    pub visits: u64,
}

/// A plan, with what an office should know before it seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanResponse {
    /// The cell table (Spec 12.1).
    pub cells: CellTable,
    /// Its digest, which the seal holds.
    pub cells_digest: Digest,
    /// What drawing the teams can cost at most, and how much may be sealed (Spec 11.14).
    pub cost: PlanCost,
    /// How foreseeable the draw is.
    pub foresight: Foreseen,
    /// Rules of the policy that apply to no unit and no inspector, as `<place>: <why>`.
    pub idle: Vec<String>,
    /// Posts for which fewer people may go to a unit than it needs, and nodes that could not be staffed.
    pub short: Vec<String>,
    /// Every unit of the frame, ascending by id.
    pub units: Vec<PlannedUnit>,
}

/// Nodes and departments whose capacities a plan computes at most, for an answer within seconds.
const MOST_NODES: usize = 20_000;

/// Nodes and units that cannot be staffed under any seed: the first thousand of each, and the number of the
/// others.
fn short(plan: &Plan, cost: DrawCost) -> Vec<String> {
    if !cost.is_within() {
        return vec![SealError::TooLarge(cost).to_string()];
    }
    let (nodes, departments) = (plan.nodes().len(), plan.policy().team.departments.len());
    let mut found = match nodes.saturating_mul(departments) > MOST_NODES {
        true => vec![format!("{nodes} nodes of {departments} departments are too many to be compared")],
        false => capacities(plan),
    };
    let (posts, left_off) = plan.understaffed_up_to(MOST_PROBLEMS);
    found.extend(posts.iter().map(ToString::to_string));
    found.extend((left_off > 0).then(|| format!("{left_off} more posts are not listed")));
    found
}

/// The nodes that could not be staffed.
fn capacities(plan: &Plan) -> Vec<String> {
    let short: Vec<_> = plan.capacity().into_iter().filter(|capacity| capacity.shortfall() > 0).collect();
    let more = short.len().saturating_sub(MOST_PROBLEMS);
    let lines = short.iter().take(MOST_PROBLEMS).map(ToString::to_string);
    lines.chain((more > 0).then(|| format!("{more} more nodes are not listed"))).collect()
}

fn idle(plan: &Plan) -> Vec<String> {
    plan.idle_rules().iter().map(ToString::to_string).collect()
}

/// A probability or a mass; what a plan gives is far below the largest.
fn billionths(value: u64) -> Billionths {
    Billionths::new(value).unwrap_or(Billionths::MAX)
}

/// Applies the rules to the tables: every unit's probability, and what could not be staffed.
///
/// # Errors
/// A broken document or table, or no plan.
pub fn plan(request: PlanRequest) -> Result<PlanResponse, CallError> {
    let plan = request.inputs.plan()?;
    let cost = plan.cost();
    let mut cells: Vec<Option<u64>> = vec![None; plan.frame().units().len()];
    for (number, cell) in (0..).zip(0..plan.cells().len()) {
        plan.members(cell).iter().for_each(|&unit| cells[unit] = Some(number));
    }
    let unit = |(place, cell): (usize, Option<u64>)| PlannedUnit {
        cell,
        excluded: plan.exclusion(place),
        id: plan.frame().units()[place].id.clone(),
        probability: billionths(plan.probability(place).unwrap_or(0)),
    };
    let units = cells.into_iter().enumerate().map(unit).collect();
    let (table, seen) = (plan.table(), plan.foresight());
    Ok(PlanResponse {
        cells_digest: table.digest(plan.policy().suite),
        cost: PlanCost { budget: cost.budget, pairs: cost.pairs, visits: cost.visits },
        cells: table,
        foresight: Foreseen {
            certain_by_rule: seen.certain_by_rule,
            certain_by_schedule: seen.certain_by_schedule,
            expected: format!("{:.9}", Decimal(seen.expected)),
            guess: billionths(seen.guess),
            safe: seen.safe,
            units: seen.units,
        },
        idle: idle(&plan),
        short: short(&plan, cost),
        units,
    })
}

/// Asks how one unit came to its probability.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainRequest {
    /// Policy, tables and cycle.
    pub inputs: Inputs,
    /// The institution.
    pub unit: UnitId,
}

/// How one unit came to its probability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainResponse {
    /// Its name.
    pub name: String,
    /// The stratum path of its cell; left out if it cannot be drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its inclusion probability.
    pub probability: Billionths,
    /// The rules that applied, in order, in words.
    pub steps: Vec<String>,
    /// The institution.
    pub unit: UnitId,
}

/// Shows rule by rule how one unit came to its probability.
///
/// # Errors
/// As [`plan`]; `not_found` if the unit is not on the frame.
pub fn explain(request: ExplainRequest) -> Result<ExplainResponse, CallError> {
    let plan = request.inputs.plan()?;
    let missing = || CallError::NotFound { what: format!("unit {} is not on the frame", request.unit) };
    let why = plan.explain(&request.unit).ok_or_else(missing)?;
    Ok(ExplainResponse {
        name: why.name,
        path: why.path.map(String::from),
        probability: billionths(why.probability),
        steps: why.steps.iter().map(ToString::to_string).collect(),
        unit: why.unit,
    })
}

/// What is added to a plan when it is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Terms {
    /// Number of the attempt, from 1.
    pub attempt: u64,
    /// Digest of the record before, or of the ledger's last line; 64 zeros for the first.
    pub previous: Digest,
    /// 32 fresh random bytes as 64 hexadecimal digits, new for every draw, kept until the auditor gets them.
    pub salt_key: SaltKey,
    /// When the seal is made and published.
    pub sealed_at: Instant,
    /// 32 fresh random bytes as 64 hexadecimal digits, exactly if the policy defers disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// Number of the draw, from 1, without gaps.
    pub sequence: u64,
}

impl Terms {
    /// The terms, if salt key and secret are more than zeros.
    pub(super) fn read(self) -> Result<SealTerms, CallError> {
        let Self { attempt, previous, salt_key, sealed_at, secret, sequence } = self;
        filled(&salt_key)?;
        if secret.as_ref().is_some_and(|secret| secret.reveal() == Digest::ZERO) {
            return Err(CallError::Zeros { field: "secret" });
        }
        Ok(SealTerms { sequence, attempt, sealed_at, previous, salt_key, secret })
    }
}

/// Asks for a seal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealRequest {
    /// The record whose picks the draw takes, exactly if the policy has `above`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Json>,
    /// Policy, tables and cycle.
    pub inputs: Inputs,
    /// The registers that make up the frame, as `assemble` took them: the seal names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<HandedIn>,
    /// Numbers, time and secrets.
    pub terms: Terms,
}

/// A sealed plan: what to publish now, what to keep for the auditor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealResponse {
    /// To publish: the cell table, text.
    pub cells: String,
    /// To keep: the cycle with its salt key, text.
    pub cycle: String,
    /// The digest of the seal. Publish it where the public can see it.
    pub digest: Digest,
    /// To keep: the frame with its salt key, text.
    pub frame: String,
    /// To publish: the policy as it was sealed, text.
    pub policy: String,
    /// To keep: the roster with its salt key, text.
    pub roster: String,
    /// To publish before the first source reports: the seal, text.
    pub seal: String,
}

/// Seals the plan. Publish the seal before the first source of the beacon reports; store everything else in
/// the same transaction.
///
/// # Errors
/// As [`plan`]; `not_sealed` if the terms do not fit policy or cycle, if the record `above` or the registers
/// do not fit the plan, or if salt key or secret is all zeros; `invalid_rows` if the registers do not fit
/// together.
pub fn seal(request: SealRequest) -> Result<SealResponse, CallError> {
    let terms = request.terms.read()?;
    let above = optional("above", request.above.as_ref(), Record::from_json)?;
    let plan = request.inputs.plan()?;
    let sealed = match (above, request.registers.as_slice()) {
        (Some(above), []) => plan.seal_under(terms, &above)?,
        (None, []) => plan.seal(terms)?,
        (None, given) => {
            let registers = put_together(given, plan.policy())?;
            plan.seal_assembled(terms, &registers)?
        }
        (Some(_), _) => {
            return Err(CallError::request("one of `above` and `registers`: its rows are the picks"));
        }
    };
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    let written = |error| CallError::Internal { message: format!("{error}") };
    Ok(SealResponse {
        cells: text(encode(&plan.table()).map_err(written)?),
        cycle: text(plan.cycle().to_json(key)),
        digest: sealed.digest(),
        frame: text(plan.frame().to_json(key)),
        policy: text(plan.policy().to_json().map_err(written)?),
        roster: text(plan.roster().to_json(key)),
        seal: text(sealed.seal().to_json()),
    })
}

/// Asks for the draw.
pub type DrawRequest = DrawInputs;

/// What was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DrawResponse {
    /// The digest of the record: the `previous` of the next seal where no ledger is kept.
    pub digest: Digest,
    /// To keep: what the draw is to the cycle with its salt, text (Spec 16.3). `append` and `verify_ledger`
    /// take it.
    pub drawn: String,
    /// Its digest, for the ledger's entry.
    pub drawn_digest: Digest,
    /// What the draw is to the cycle, for `inputs.events` where no ledger is kept.
    pub event: Event,
    /// To publish, with deferred disclosure not before its day, since it holds the secret: the record, text.
    pub record: String,
    /// The seed.
    pub seed: Digest,
    /// The teams as they stand in the record (Spec 12.2).
    pub teams: Teams,
    /// The drawn institutions, ascending by id.
    pub units: Vec<UnitId>,
    /// The salted visits, for the ledger's entry.
    pub visits: VisitsCommitment,
}

/// Draws institutions and officers from the sealed inputs and the values of the sources. The same request
/// gives the same answer, always.
///
/// # Errors
/// `seal_differs` if anything was changed after sealing; `wrong_beacon` if a value is not of its source.
pub fn draw(request: DrawRequest) -> Result<DrawResponse, CallError> {
    let sealed = request.sealed.reopen()?;
    let seed = sealed.seed(&request.beacon)?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let (record, document) = (assignment.record(), sample.drawn_document());
    Ok(DrawResponse {
        digest: record.digest(),
        drawn: text(document.to_json()),
        drawn_digest: document.digest(sealed.seal().suite),
        event: Event::Drawn(document.event()),
        record: text(record.to_json()),
        seed: seed.digest(),
        teams: record.teams,
        units: sample.units().into_iter().map(|unit| unit.id.clone()).collect(),
        visits: assignment.visits().commitment(),
    })
}
