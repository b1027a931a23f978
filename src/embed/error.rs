//! Why a call gives no answer: a short closed list of codes, and every problem of a table with its place.

use crate::assign::ReplacementError;
use crate::beacon::BeaconError;
use crate::bytes::{Digest, names};
use crate::dispatch::DispatchError;
use crate::ledger::Refusal;
use crate::message::{Coded, Param};
use crate::plan::PlanError;
use crate::register::RegisterProblems;
use crate::seal::{ReopenError, SealError};
use crate::stream::StreamError;
use crate::table::{BrokenRule, Problems, left_off};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Longest message, in characters: a request of a megabyte may be quoted in one.
const LONGEST: usize = 4000;

/// The largest integer of canonical JSON (Spec 2.2): a row with a larger number is shown with this one.
const LARGEST: u64 = (1 << 53) - 1;

names! {
    /// What kind of error a call met. The words are stable; the list may grow.
    #[non_exhaustive]
    pub enum ErrorCode {
        /// There is no such step.
        UnknownStep = "unknown_step",
        /// The request is no JSON at all, or no UTF-8, or nested too deep.
        InvalidJson = "invalid_json",
        /// The request does not have the fields of its step: one is missing, unknown, given twice or of
        /// another type.
        InvalidRequest = "invalid_request",
        /// A document in the request is not of its kind, or breaks the rules of its kind.
        InvalidDocument = "invalid_document",
        /// Rows of tables break rules: all of them are listed.
        InvalidRows = "invalid_rows",
        /// Parts of a frame do not stand side by side, or are not of one census, cycle, policy or seed.
        InvalidParts = "invalid_parts",
        /// The rules give no plan for these tables.
        NoPlan = "no_plan",
        /// The plan cannot be sealed on these terms.
        NotSealed = "not_sealed",
        /// The inputs no longer give the published seal: an input was changed after sealing.
        SealDiffers = "seal_differs",
        /// The values are not those of the sources that the seal names.
        WrongBeacon = "wrong_beacon",
        /// The request names a unit, visit, inspector, task or batch that is not there.
        NotFound = "not_found",
        /// No inspector can be put in the place in this way.
        NotReplaced = "not_replaced",
        /// The entry, or a line of the ledger, breaks a rule of ledgers.
        Refused = "refused",
        /// The library has a mistake. Nothing was decided; report the request.
        Internal = "internal",
    }
}

/// A broken rule with the place where it is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CallProblem {
    /// The stable code of the rule, as in `frame.duplicate`: what a screen in another language goes by.
    pub code: &'static str,
    /// The field of the row; the place in a document, as in `team.departments[1].officers`; the rule of a
    /// ledger by name.
    pub field: String,
    /// The number of the row as the caller gave it, its place in the list from 1 if none was given; of the
    /// line in a ledger; 0 where there are no rows.
    pub row: u64,
    /// The values that stand in the words, by their names.
    pub params: BTreeMap<&'static str, Param>,
    /// The rule that is broken, in words.
    pub rule: String,
    /// The table or document: `units`, `officers`, `experts`, `recusals`, or a field of the request.
    pub table: String,
    /// The value as it stood there, at most 80 characters; may be empty.
    pub value: String,
}

/// Why a call gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such step.
    #[error("there is no step {step:?}")]
    UnknownStep {
        /// What was asked for, shortened.
        step: String,
    },
    /// The text is no JSON.
    #[error("the request is no JSON: {message}")]
    Json {
        /// What the parser says, with line and column.
        message: String,
    },
    /// The request has other fields than its step.
    #[error("the request: {message}")]
    Request {
        /// What does not fit.
        message: String,
    },
    /// A document that cannot be read or breaks rules.
    #[error("{field}: {message}")]
    Document {
        /// The field of the request.
        field: String,
        /// Why it cannot be read, or which rules it breaks.
        message: String,
        /// The broken rules, where there is a list of them.
        problems: Vec<CallProblem>,
    },
    /// Rows that break rules.
    #[error("{} problem(s) in the tables, nothing was taken over", .0.len())]
    Rows(Vec<CallProblem>),
    /// Registers that do not fit together.
    #[error("{} problem(s) of registers, nothing was put together", .0.as_slice().len())]
    Registers(#[from] RegisterProblems),
    /// Parts that give no frame or no sample.
    #[error(transparent)]
    Parts(StreamError),
    /// No plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No seal.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// No seal upon the record above.
    #[error(transparent)]
    Dispatch(#[from] DispatchError),
    /// The inputs give another seal.
    #[error(
        "the inputs give the seal {found}, not the published {published}: something was changed after sealing"
    )]
    SealDiffers {
        /// Digest of the published seal.
        published: Digest,
        /// Digest of what the inputs give.
        found: Digest,
    },
    /// A sealed document has a salt key of its own: an auditor who gets it could not check it against the
    /// seal.
    #[error("sealed.{document} has another salt key than sealed.{than}: something was changed after sealing")]
    OtherSaltKey {
        /// Which document: `roster` or `cycle`.
        document: &'static str,
        /// The document it is compared with: `frame`, or `cycle` where the frame came in parts.
        than: &'static str,
    },
    /// A salt key or a secret that can be guessed.
    #[error(
        "terms.{field} is all zeros: a buffer that was never filled protects no row; \
         draw 32 random bytes from the operating system"
    )]
    Zeros {
        /// Which: `salt_key` or `secret`.
        field: &'static str,
    },
    /// Other values than the sources can have.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// The request names something that is not there.
    #[error("{what}")]
    NotFound {
        /// What was looked for, and where.
        what: String,
    },
    /// No replacement.
    #[error(transparent)]
    Replacement(#[from] ReplacementError),
    /// A rule of ledgers.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A mistake of the library.
    #[error("the library has a mistake: {message}")]
    Internal {
        /// What is known of it.
        message: String,
    },
}

impl From<StreamError> for CallError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Rows(found) => Self::Rows(table("units", &found)),
            StreamError::Plan(error) => Self::Plan(error),
            error => Self::Parts(error),
        }
    }
}

impl From<ReopenError> for CallError {
    fn from(error: ReopenError) -> Self {
        match error {
            ReopenError::OtherSaltKey { document } => Self::OtherSaltKey { document, than: "frame" },
            ReopenError::Plan(error) => error.into(),
            ReopenError::Seal(error) => error.into(),
            ReopenError::Differs { published, found } => Self::SealDiffers { published, found },
        }
    }
}

impl CallError {
    /// The code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::UnknownStep { .. } => ErrorCode::UnknownStep,
            Self::Json { .. } => ErrorCode::InvalidJson,
            Self::Request { .. } => ErrorCode::InvalidRequest,
            Self::Document { .. } => ErrorCode::InvalidDocument,
            Self::Rows(_) | Self::Registers(_) => ErrorCode::InvalidRows,
            Self::Parts(_) => ErrorCode::InvalidParts,
            Self::Plan(_) => ErrorCode::NoPlan,
            Self::Seal(_) | Self::Dispatch(_) | Self::Zeros { .. } => ErrorCode::NotSealed,
            Self::SealDiffers { .. } | Self::OtherSaltKey { .. } => ErrorCode::SealDiffers,
            Self::Beacon(_) => ErrorCode::WrongBeacon,
            Self::NotFound { .. }
            | Self::Replacement(ReplacementError::Visit { .. } | ReplacementError::NotThere { .. }) => {
                ErrorCode::NotFound
            }
            Self::Replacement(_) => ErrorCode::NotReplaced,
            Self::Refused(_) => ErrorCode::Refused,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }

    /// Every single problem, where there are several or they have a place: rows, rules of a policy or pack,
    /// floors that collide, the rule of a ledger.
    #[must_use]
    pub fn problems(&self) -> Vec<CallProblem> {
        match self {
            Self::Document { problems, .. } | Self::Rows(problems) => problems.clone(),
            Self::Registers(found) => {
                let more = left_off(found.left_off()).map(|more| problem("registers", 0, "", "", &more));
                found.as_slice().iter().map(|one| problem("registers", 0, "", "", one)).chain(more).collect()
            }
            Self::Plan(PlanError::Bounds(collisions)) => {
                collisions.iter().map(|found| problem("policy", 0, found.node.as_str(), "", found)).collect()
            }
            Self::Parts(error) => vec![problem("parts", 0, "", "", error)],
            Self::Plan(error) => vec![problem("policy", 0, "", "", error)],
            Self::Seal(error) => vec![problem("terms", 0, "", "", error)],
            Self::Dispatch(error) => vec![problem("above", 0, "", "", error)],
            Self::Beacon(error) => vec![problem("beacon", 0, "", "", error)],
            Self::Replacement(error) => vec![problem("teams", 0, "", "", error)],
            Self::Refused(refusal) => {
                let Refusal { number, rule, what, expected, found, why } = refusal;
                let words = format!("{what}: expected {expected}");
                let field = rule.as_str();
                vec![CallProblem { rule: words, ..problem("lines", *number, field, found, why.as_ref()) }]
            }
            _ => Vec::new(),
        }
    }

    /// A document that breaks rules of its kind, which are listed one by one.
    pub(super) fn broken(field: &str, message: String, rules: &[BrokenRule]) -> Self {
        let one = |broken: &BrokenRule| problem(field, 0, &broken.place, "", &broken.rule);
        Self::Document { field: field.to_owned(), message, problems: rules.iter().map(one).collect() }
    }

    /// A document that cannot be read.
    pub(super) fn document(field: &str, error: impl Coded) -> Self {
        let problems = vec![problem(field, 0, "", "", &error)];
        Self::Document { field: field.to_owned(), message: error.to_string(), problems }
    }

    /// A request that contradicts itself.
    pub(super) fn request(message: impl fmt::Display) -> Self {
        Self::Request { message: message.to_string() }
    }

    /// What a parser of the request says.
    pub(super) fn parser(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        match error.classify() {
            serde_json::error::Category::Data => Self::Request { message },
            _ => Self::Json { message },
        }
    }
}

/// A problem at a place.
pub(super) fn problem(table: &str, row: u64, field: &str, value: &str, rule: &dyn Coded) -> CallProblem {
    let message = rule.message();
    CallProblem {
        code: message.rule(),
        params: message.params().clone(),
        field: field.to_owned(),
        row: row.min(LARGEST),
        rule: rule.to_string(),
        table: table.to_owned(),
        value: value.chars().take(80).collect(),
    }
}

/// The problems of a table, and behind them how many more there are. Officers, experts and recusals are
/// reported together by their reader, with the table before the field's name.
pub(super) fn table<R: Coded>(name: &str, problems: &Problems<R>) -> Vec<CallProblem> {
    let one = |found: &crate::table::Problem<R>| {
        let (table, field) = match found.field.split_once('.') {
            Some(("expert", field)) => ("experts", field),
            Some(("recusal", field)) => ("recusals", field),
            _ => (name, found.field),
        };
        problem(table, found.row, field, &found.value, &found.rule)
    };
    let more = left_off(problems.left_off()).map(|more| problem(name, 0, "", "", &more));
    problems.as_slice().iter().map(one).chain(more).collect()
}

/// The error as it stands in a response.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    code: &'static str,
    message: String,
    problems: Vec<CallProblem>,
    step: &'a str,
}

impl<'a> Shown<'a> {
    pub(super) fn new(step: &'a str, error: &CallError) -> Self {
        let message = error.to_string().chars().take(LONGEST).collect();
        Self { code: error.code().as_str(), message, problems: error.problems(), step }
    }
}
