//! Calling the library from another language: JSON in, JSON out, one function for each step of the path.

#[cfg(feature = "c-abi")]
pub mod abi;
mod checks;
mod draw;
mod error;
mod inputs;
mod json;
mod ledger;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod visits;

pub use checks::{
    CheckResult, Checked, DrawOf, Elsewhere, VerifyLedgerRequest, VerifyLedgerResponse, VerifyReceiptRequest,
    VerifyReceiptResponse, VerifyRequest, VerifyResponse, verify, verify_ledger, verify_receipt,
};
pub use draw::{
    DrawRequest, DrawResponse, ExplainRequest, ExplainResponse, Foreseen, PlanRequest, PlanResponse,
    PlannedUnit, SealRequest, SealResponse, Terms, draw, explain, plan, seal,
};
pub use error::{CallError, ErrorCode, Problem};
pub use inputs::{Inputs, SealedInputs, Spoken};
pub use json::{Json, Lines};
pub use ledger::{
    AppendRequest, AppendResponse, AttemptState, DrawnOf, Kept, LoadOf, StateRequest, StateResponse, append,
    state,
};
pub use rules::{
    Found, PolicyRequest, PolicyResponse, ProgrammeRequest, ProgrammeResponse, RostersRequest,
    RostersResponse, Speaks, policy, programme, rosters,
};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use visits::{
    ReceiptRequest, ReceiptResponse, ReplaceRequest, ReplaceResponse, ReserveRequest, ReserveResponse,
    receipt, replace, reserve,
};

use crate::bytes::{JsonError, PROTOCOL, encode};
use error::Shown;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::panic::catch_unwind;

/// A step of the path: the name of a function of this room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Step {
    /// [`version`].
    Version,
    /// [`policy`].
    Policy,
    /// [`programme`].
    Programme,
    /// [`rosters`].
    Rosters,
    /// [`plan`].
    Plan,
    /// [`explain`].
    Explain,
    /// [`seal`].
    Seal,
    /// [`draw`].
    Draw,
    /// [`reserve`].
    Reserve,
    /// [`replace`].
    Replace,
    /// [`append`].
    Append,
    /// [`state`].
    State,
    /// [`verify`].
    Verify,
    /// [`verify_ledger`].
    VerifyLedger,
    /// [`receipt`].
    Receipt,
    /// [`verify_receipt`].
    VerifyReceipt,
}

impl Step {
    /// All steps, in the order of the path.
    pub const ALL: [Self; 16] = [
        Self::Version,
        Self::Policy,
        Self::Programme,
        Self::Rosters,
        Self::Plan,
        Self::Explain,
        Self::Seal,
        Self::Draw,
        Self::Reserve,
        Self::Replace,
        Self::Append,
        Self::State,
        Self::Verify,
        Self::VerifyLedger,
        Self::Receipt,
        Self::VerifyReceipt,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Policy => "policy",
            Self::Programme => "programme",
            Self::Rosters => "rosters",
            Self::Plan => "plan",
            Self::Explain => "explain",
            Self::Seal => "seal",
            Self::Draw => "draw",
            Self::Reserve => "reserve",
            Self::Replace => "replace",
            Self::Append => "append",
            Self::State => "state",
            Self::Verify => "verify",
            Self::VerifyLedger => "verify_ledger",
            Self::Receipt => "receipt",
            Self::VerifyReceipt => "verify_receipt",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// [`CallError::UnknownStep`].
    pub fn parse(text: &str) -> Result<Self, CallError> {
        let unknown = || CallError::UnknownStep { step: text.chars().take(80).collect() };
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or_else(unknown)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Asks which library this is.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionRequest {}

/// Which library this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionResponse {
    /// Whether rounds of drand are checked against the signature of their network.
    pub drand: bool,
    /// The protocol of every document it reads and writes.
    pub protocol: String,
    /// Whether signatures of witnesses are checked.
    pub signatures: bool,
    /// The steps it knows.
    pub steps: Vec<String>,
    /// The version of the crate.
    pub version: String,
}

/// The version of the crate, as in `0.1.0`.
#[must_use]
pub const fn library_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Says which library this is: what a platform logs when it starts.
///
/// # Errors
/// Never.
pub fn version(_: VersionRequest) -> Result<VersionResponse, CallError> {
    Ok(VersionResponse {
        drand: cfg!(feature = "drand"),
        protocol: PROTOCOL.to_owned(),
        signatures: cfg!(feature = "signatures"),
        steps: Step::ALL.into_iter().map(|step| step.as_str().to_owned()).collect(),
        version: library_version().to_owned(),
    })
}

/// Makes one step: reads the request, calls the function of that name, writes its answer.
///
/// The response is canonical JSON, `{"ok":{…}}` with the fields of the step's response, or
/// `{"error":{"code":…,"message":…,"problems":[{"field":…,"row":…,"rule":…,"table":…,"value":…}],"step":…}}`. It never panics on any input; a mistake of
/// the library is an answer with the code `internal`.
///
/// ```
/// use double_random::embed::call;
/// assert!(call("version", "{}").starts_with(r#"{"ok":{"drand":"#));
/// assert!(call("verify", "{}").starts_with(r#"{"error":{"code":"invalid_request","#));
/// ```
#[must_use]
pub fn call(step: &str, request: &str) -> String {
    guarded(step, || dispatch(Step::parse(step)?, request))
}

/// The response to a call that could not be made, such as one whose texts are no UTF-8: the same form as [`call`] gives.
#[must_use]
pub fn refused(step: &str, error: &CallError) -> String {
    guarded(step, || Err(error.clone()))
}

/// Runs a step and writes its answer. What unwinds is a mistake of the library, and must not take the platform down.
fn guarded(step: &str, run: impl FnOnce() -> Result<Vec<u8>, CallError>) -> String {
    let caught = catch_unwind(std::panic::AssertUnwindSafe(run));
    let answer = caught.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(CallError::Internal { message: words.unwrap_or("it says nothing").to_owned() })
    });
    let mut out = Vec::new();
    match answer {
        Ok(bytes) => {
            out.reserve_exact(bytes.len() + 7);
            out.extend(br#"{"ok":"#);
            out.extend(bytes);
        }
        Err(error) => {
            let step: String = step.chars().take(80).collect();
            out.extend(br#"{"error":"#);
            out.extend(encode(&Shown::new(&step, &error)).expect("texts and line numbers"));
        }
    }
    out.push(b'}');
    inputs::text(out)
}

fn dispatch(step: Step, request: &str) -> Result<Vec<u8>, CallError> {
    match step {
        Step::Version => answer(request, version),
        Step::Policy => answer(request, policy),
        Step::Programme => answer(request, programme),
        Step::Rosters => answer(request, rosters),
        Step::Plan => answer(request, plan),
        Step::Explain => answer(request, explain),
        Step::Seal => answer(request, seal),
        Step::Draw => answer(request, draw),
        Step::Reserve => answer(request, reserve),
        Step::Replace => answer(request, replace),
        Step::Append => answer(request, append),
        Step::State => answer(request, state),
        Step::Verify => answer(request, verify),
        Step::VerifyLedger => answer(request, verify_ledger),
        Step::Receipt => answer(request, receipt),
        Step::VerifyReceipt => answer(request, verify_receipt),
    }
}

fn answer<Q: DeserializeOwned, A: Serialize>(
    request: &str,
    step: impl FnOnce(Q) -> Result<A, CallError>,
) -> Result<Vec<u8>, CallError> {
    let request = serde_json::from_str(request).map_err(|error| CallError::parser(&error))?;
    let response = step(request)?;
    // Only numbers that came with the request can be too large: those of rows.
    encode(&response).map_err(|error| match error {
        JsonError::IntegerRange { .. } => CallError::request(error),
        error => CallError::Internal { message: error.to_string() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        let said = guarded("draw", || panic!("a mistake"));
        assert_eq!(
            said,
            r#"{"error":{"code":"internal","message":"the library has a mistake: a mistake","problems":[],"step":"draw"}}"#
        );
    }
}
