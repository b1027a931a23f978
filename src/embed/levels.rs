//! Ledgers of two levels and more: `verify_levels` (Spec 27.5).

use super::checks::{Checked, VerifyLedgerRequest, VerifyLedgerResponse, checked, ledger_of};
use super::error::CallError;
use crate::id::UnitId;
use crate::message::Message;
use crate::verify::{self as verification, GivenLedger, LevelPart, Report};
use serde::{Deserialize, Serialize};

/// Asks whether a ledger holds against those below it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyLevelsRequest {
    /// The ledgers below, of all levels, in any order, each with what is known of it from elsewhere.
    pub below: Vec<VerifyLedgerRequest>,
    /// The ledger at the top, with what is known of it from elsewhere.
    pub top: VerifyLedgerRequest,
}

/// What one ledger of the tree amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LevelLedger {
    /// Whose ledger it is (Spec 18).
    pub origin: String,
    /// What the checks of the ledger by itself amount to, as `verify_ledger` answers.
    pub report: VerifyLedgerResponse,
}

/// A draw of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LevelsDraw {
    /// The attempt.
    pub attempt: u64,
    /// The sequence number of the draw.
    pub draw: u64,
}

impl From<(u64, u64)> for LevelsDraw {
    fn from((draw, attempt): (u64, u64)) -> Self {
        Self { attempt, draw }
    }
}

/// A checkpoint of the ledger below that the ledger above took in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckpointTaken {
    /// The number of the entry above.
    pub entry: u64,
    /// The number of lines below.
    pub size: u64,
}

/// The picks of one part of one draw, by the ledgers of both levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartOfLevels {
    /// The origin of the ledger above.
    pub above: String,
    /// The origin of the ledger of the part.
    pub below: String,
    /// Each ledger against the other.
    pub checks: Vec<Checked>,
    /// The draw above.
    pub draw: LevelsDraw,
    /// The draws of the ledger below upon the record above that are made and stand.
    pub draws: Vec<LevelsDraw>,
    /// Whether the ledger of the part was given.
    pub given: bool,
    /// The record below against the record above; left out where one of them was not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Vec<Checked>>,
    /// How many picks the ledger below says were missed.
    pub missed: u64,
    /// Picks of which it says nothing.
    pub open: Vec<UnitId>,
    /// How many picks were dispatched to it.
    pub picks: u64,
    /// The last checkpoint of it that the ledger above took in for this draw; left out if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<CheckpointTaken>,
    /// Numbers of entries above that tell of a pick, and after which no checkpoint of the ledger below was
    /// taken in.
    pub uncovered: Vec<u64>,
    /// How many picks the ledger below says were visited.
    pub visited: u64,
}

/// How much of the frame of a draw was visited, by the ledgers of all levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CoverageOfLevels {
    /// The last draw of the ledger at the top whose frame was given.
    pub draw: LevelsDraw,
    /// The number of its institutions.
    pub units: u64,
    /// The number of those that an entry of any ledger given says were visited in a draw.
    pub visited: u64,
}

/// What the ledgers amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyLevelsResponse {
    /// How much of the frame was visited; left out where no frame of a draw at the top was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageOfLevels>,
    /// The ledgers of the tree, the one at the top first.
    pub ledgers: Vec<LevelLedger>,
    /// The lines of `report`, each with its code and its values.
    pub lines: Vec<Message>,
    /// The parts with picks of all draws whose records were given, level by level.
    pub parts: Vec<PartOfLevels>,
    /// The whole report for people.
    pub report: String,
    /// Origins of ledgers that were given and are of no part, or given twice: nothing was said of them.
    pub strays: Vec<String>,
    /// `confirmed`, `self-consistent` or `refuted`, of all ledgers together.
    pub verdict: String,
}

/// Checks a ledger and those below it, each by itself and each against the one above (Spec 27.5). Ledgers
/// that do not hold are an answer, not an error.
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify_levels(request: VerifyLevelsRequest) -> Result<VerifyLevelsResponse, CallError> {
    let top = request.top.given("top.")?;
    let below = request.below.into_iter().enumerate();
    let below = below.map(|(place, ledger)| ledger.given(&format!("below[{place}].")));
    let below: Vec<_> = below.collect::<Result<_, _>>()?;
    let below: Vec<GivenLedger<'_>> =
        below.iter().map(|(lines, evidence)| GivenLedger { lines, evidence }).collect();
    let report = verification::levels(GivenLedger { lines: &top.0, evidence: &top.1 }, &below);
    let (lines, words) = (report.lines(), report.to_string());
    let verdict = report.verdict().to_string();
    let coverage = report.coverage.map(|found| CoverageOfLevels {
        draw: found.draw.into(),
        units: number(found.units),
        visited: number(found.visited),
    });
    let ledgers = report.ledgers.iter();
    let ledgers = ledgers
        .map(|known| LevelLedger { origin: known.origin.clone(), report: ledger_of(&known.report) })
        .collect();
    let parts = report.parts.into_iter().map(part).collect();
    Ok(VerifyLevelsResponse {
        coverage,
        ledgers,
        lines,
        parts,
        report: words,
        strays: report.strays,
        verdict,
    })
}

fn part(part: LevelPart) -> PartOfLevels {
    PartOfLevels {
        above: part.above,
        below: part.below,
        checks: part.checks.checks().map(checked).collect(),
        draw: part.draw.into(),
        draws: part.draws.into_iter().map(LevelsDraw::from).collect(),
        given: part.given,
        link: part.link.as_ref().map(|link: &Report<_>| link.checks().map(checked).collect()),
        missed: number(part.missed),
        open: part.open,
        picks: number(part.picks),
        taken: part.taken.map(|(entry, size)| CheckpointTaken { entry, size }),
        uncovered: part.uncovered,
        visited: number(part.visited),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
