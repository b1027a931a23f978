//! Calling the library from another language: JSON in, JSON out, one function for each step of the path.
//!
//! This is the guide for developers who build the draw into a supervision platform in Java, C#, Go or Python.
//! From Rust, call the types of the path themselves. Nothing here decides anything that they do not decide.
//!
//! # Which way for whom
//!
//! - **Java, C#, Go, Python: the C library inside the process** (JNA, P/Invoke, cgo, ctypes). It has three
//!   functions. There is no second program to install, watch and secure, and the answer comes in the
//!   transaction that asked.
//! - **Where native libraries are not allowed, or no fault of one may end the platform: a child process that
//!   stays**, `embed --lines`. It is one program file and holds no state: if it ends, start it again and ask
//!   again.
//! - **Scripts, a first try: a process a call**, `embed STEP < request.json`. There is nothing to link.
//!
//! It is **no network service**. A service has an address, a login, a log and an operator, and every user who
//! reaches it can ask for draws with other inputs; the frame and the salt key would travel to it. The step is
//! a function of its request, so it belongs where the data is. And it is not a port to each language: one
//! implementation, and a second one in Python that checks its bytes (`tests/reference`).
//!
//! Why JSON and not a struct for every type: the documents that are sealed, published and verified are JSON
//! already, their digests are over its bytes, and every language reads it. A binding of two hundred types
//! would be four bindings to keep in step, and the step from the platform's tables to them would be the same.
//!
//! ```text
//! # the library, for examples/embed/double_random.h
//! cargo rustc --release --lib --features c-abi,signatures,drand --crate-type cdylib
//! # the program
//! cargo build --release --features schema --example embed
//! # the quickstart from C, Java, Python and a process
//! bash examples/embed/run.sh
//! ```
//!
//! # One call
//!
//! [`call`]`(step, request)` gives `{"ok":{…}}` or `{"error":{…}}`. The fields of each step are those of its
//! types ([`PlanRequest`], [`PlanResponse`] …), the schemas stand in
//! `examples/embed/schema/<step>.request.json` and `<step>.response.json` (what stands under `ok`), generated
//! from the types.
//!
//! - **Going in**, a document (policy, frame, seal, record …) is a JSON value in any spacing and order of
//!   keys, or a string with its text. A value is put into canonical form before it is read, so a platform's
//!   own JSON library cannot change a digest. A string is taken byte for byte.
//! - **Coming out**, what is published or hashed is a **string with the exact text**: write that text to the
//!   file or the column (`text`, not `jsonb`), and publish it. A document that was parsed and written again
//!   by another library may have other bytes, and verifiers refuse it.
//! - Everything else that comes out is a value, for screens.
//! - Numbers are integers; what has a fraction is a text such as `"0.2"`. A field that may be left out may
//!   also be `null`, inside documents nothing is. An unknown field and a field given twice are errors.
//!
//! # The path as calls
//!
//! | when | step | you keep | you publish |
//! |---|---|---|---|
//! | start-up | `version` | the answer, in the log | |
//! | rules change | `policy`; or `programme` with the pack | `policy` (text), `digest` | |
//! | import | `rosters` | | |
//! | before the draw | `plan`, `explain` | | |
//! | **sealing** | `state`, `append` policy | | |
//! | | `seal` | the response, the terms | `seal`, `digest`, `policy`, `cells` |
//! | | `append` sealed | | a checkpoint |
//! | then | `receipt` | | to each institution its own |
//! | values are published | `append` beacon, one for each | the values | |
//! | **the draw** | `draw`, `append` drawn, `append` assigned | the response | `record`, if disclosed |
//! | closed, not found | `reserve`, `append` replaced | `teams`, `visits` | |
//! | ill, on leave | `append` dropped_out, `replace`, `append` reassigned | `teams`, `visits` | |
//! | visited | `append` visited | | results |
//! | at any time, also by others | `verify`, `verify_dispatch`, `verify_intake`, `verify_receipt`, `verify_ledger`, `verify_levels` | | |
//!
//! The record of a deferred draw is published at its day, after `append` disclosed.
//!
//! Where one authority draws the institutions and another the officers (派发; Spec 27), the second one calls
//! `ready` before the first one seals, and hands the digest over. `dispatch` gives it the picks of the
//! record, and its own `seal` takes that record as `above`. `verify_levels` holds the ledger above against
//! those below, with the requests of `verify_ledger`: checkpoints taken in, results, and second draws.
//!
//! Where the frame is put together from registers of several authorities (名录库归集; Spec 28), each of them
//! calls `register`, publishes its answer and hands the rows in. `assemble` gives the `inputs.units` of the
//! draw, and `seal` takes the same `registers` besides. `intake` is for each authority, which calls
//! `verify_intake`.
//!
//! Rows that do not fit one request, or may not leave where they are, are counted and selected in parts
//! (Spec 26): `count_part` at each place, `seal_parts` and `seed` at the office, `select_part` at each place,
//! `draw_parts` at the office. Seal and record are those of `seal` and `draw`.
//!
//! `draw`, `reserve`, `replace` and `receipt` take the sealed inputs as `seal` gave them with the digest as
//! it was published, make the seal again, and answer `seal_differs` if anything is not as it was, the salt
//! key in `roster` and `cycle` included. They are computed anew each time: nothing is kept between calls, and
//! the same request gives the same answer on every machine and in every later version of the protocol.
//!
//! # Transactions
//!
//! The ledger line belongs into the **same database transaction** as what it describes:
//!
//! 1. Lock the ledger of this authority and scope (`select … for update` on one row), read its lines.
//! 2. Make the step. Call `append` with the lines as they stand and the new entry. `refused`: roll back, show
//!    `problems`.
//! 3. Insert `line` under its `number` (unique), with the documents of the step. Commit.
//! 4. After the commit, publish, and give `checkpoint` to the witnesses; for a seal, before the first value
//!    is known.
//!
//! A crash before the commit leaves nothing; one after it leaves everything, and publishing can be done
//! again, since the texts are stored. Without a ledger, keep the events (`event` of `draw`, and those of Spec
//! 9.6) and give them as `inputs.events`.
//!
//! # Salt keys and secrets
//!
//! The library has no randomness of its own. The platform draws 32 bytes from the operating system
//! (`SecureRandom`, `RandomNumberGenerator`, `crypto/rand`, `secrets.token_hex(32)`): a new salt key for
//! every draw, and a secret where `policy` answers `needs_secret`. `seal` refuses one that is all zeros,
//! which is a buffer that was never filled.
//!
//! - **Never published**: the salt key, and `frame`, `roster`, `cycle` and `drawn`, which hold it or what it
//!   protects. They are for the auditor.
//! - **Not before its day**: the secret, and with it the `record`, the `seed` and outcomes of a deferred
//!   draw.
//! - Requests hold them. Do not log requests. A person who can read the secret and the values before the day
//!   knows the draw, and must not be able to warn the units.
//! - A lost salt key or secret cannot be made again: the draw is then void. Back them up with the seal, in
//!   the same transaction.
//!
//! # Errors
//!
//! | code | what | what to do |
//! |---|---|---|
//! | `unknown_step` | no such step | mend the program, or take a newer library |
//! | `invalid_json` | no JSON, no UTF-8, nested more than 127 deep | mend the program |
//! | `invalid_request` | a field is missing, unknown, twice or of another type | mend the program |
//! | `invalid_document` | a document is not of its kind or breaks its rules | show `problems` (places) |
//! | `invalid_rows` | rows break rules | show `problems` on the import screen |
//! | `invalid_parts` | parts are missing, of other terms, or their rows have changed | read the register as it was sealed |
//! | `no_plan` | floors and limits collide, nothing to draw … | show `problems` to the policy's author |
//! | `not_sealed` | the terms of the seal do not hold | mend the terms |
//! | `seal_differs` | the inputs are no longer the sealed ones | stop: restore them, or void the attempt |
//! | `wrong_beacon` | a value is not of its source or has another form | type it again |
//! | `not_found` | the unit, visit, officer, task or batch is not there | mend the request |
//! | `not_replaced` | a team does not fit the roster | look for a lost change of the roster |
//! | `refused` | an entry, or a line, breaks a rule of ledgers | show `problems` (line, rule) |
//! | `internal` | a mistake of the library, which must not be | report the request; do not draw by hand |
//!
//! `invalid_rows` has all problems, the first thousand of a table with the number of those behind them:
//! `table`, `row`, `field`, `value`, `rule`. `row` is the number that came with the row, or its place in the
//! list from 1. `not_sealed` says which: a value becomes known before the seal, a secret is missing, numbers
//! do not follow, salt key or secret is all zeros. After `refused` nothing was appended.
//!
//! The words are [`ErrorCode`]; `message` is for people and may change. A record or ledger that does not hold
//! is no error but a `verdict`.
//!
//! # Versions
//!
//! Steps, fields, codes and check names are never renamed, and never change their meaning under one major
//! version of the crate; new ones may come, so ignore response fields that you do not know. Documents carry
//! their protocol: everything written under `double-random/1` stays readable and replays to the same bytes.
//! The platform's tests should hold the digest of one draw of its own, as
//! `examples/embed/quickstart.expected` does.
//!
//! # Threads and sizes
//!
//! Any thread may call at any time, several at once; there is no state, no set-up and no clean-up. A step
//! takes one thread for its whole time, so give large ones to a worker, not to the thread of a web request.
//!
//! Seen for 100 000 institutions and 4 000 officers, 5 000 institutions drawn with two officers each, one
//! process a step, on a shared machine with two cores (AMD EPYC, release build, `examples/embed/sizes.py`):
//!
//! | step | request | response | time of one core | peak memory |
//! |---|---|---|---|---|
//! | `plan` | 13.7 MB | 5.1 MB | 0.9 to 1.3 s | 92 MB |
//! | `seal` | 13.7 MB | 15.7 MB | 0.5 to 0.7 s | 117 MB |
//! | `draw` | 15.7 MB | 13.5 MB | 0.8 to 1.2 s | 115 MB |
//! | `receipt` with `beacon` | 15.7 MB | below 0.1 MB | 0.5 to 0.6 s | 102 MB |
//! | `verify` with all files | 17.4 MB | below 0.1 MB | 1.0 to 1.2 s | 135 MB |
//!
//! The teams of many visits take longer: with 40 000 drawn, `draw` took half a minute beside other work on
//! the same machine. The library has 44 MB with its line tables and 6 MB without (`strip`). `append` and
//! `state` fold all lines again, so their time grows with the ledger.
//!
//! # Java
//!
//! ```text
//! interface DoubleRandom extends Library {                          // com.sun.jna
//!     DoubleRandom LIBRARY = Native.load("double_random", DoubleRandom.class);
//!     Pointer double_random_call(byte[] step, byte[] request);      // UTF-8 and a zero byte
//!     void double_random_free(Pointer response);
//! }
//! static JsonNode call(String step, ObjectNode request) throws IOException {
//!     Pointer response = LIBRARY.double_random_call(text(step), text(mapper.writeValueAsString(request)));
//!     try { return mapper.readTree(response.getString(0, "UTF-8")); }
//!     finally { LIBRARY.double_random_free(response); }
//! }
//! // examples/embed/java/Quickstart.java runs the whole path.
//! ```
//!
//! # C&#35;
//!
//! ```text
//! [DllImport("double_random")] static extern IntPtr double_random_call(byte[] step, byte[] request);
//! [DllImport("double_random")] static extern void double_random_free(IntPtr response);
//! static JsonDocument Call(string step, object request) {
//!     byte[] text = [.. JsonSerializer.SerializeToUtf8Bytes(request), 0];
//!     var response = double_random_call(Encoding.UTF8.GetBytes(step + "\0"), text);
//!     try { return JsonDocument.Parse(Marshal.PtrToStringUTF8(response)!); }
//!     finally { double_random_free(response); }
//! }
//! ```
//!
//! # Go
//!
//! ```text
//! // #cgo LDFLAGS: -ldouble_random
//! // #include <stdlib.h>
//! // #include "double_random.h"
//! import "C"
//! func Call(step string, request []byte) []byte {
//!     s, r := C.CString(step), C.CString(string(request))
//!     defer C.free(unsafe.Pointer(s)); defer C.free(unsafe.Pointer(r))
//!     response := C.double_random_call(s, r)
//!     defer C.double_random_free(response)    // not C.free: the library has an allocator of its own
//!     return []byte(C.GoString(response))
//! }
//! ```
//!
//! # Python
//!
//! ```text
//! library = ctypes.CDLL("libdouble_random.so")
//! library.double_random_call.restype = ctypes.c_void_p   # not c_char_p: the pointer has to be given back
//! library.double_random_free.argtypes = [ctypes.c_void_p]
//! pointer = library.double_random_call(b"plan", json.dumps(request).encode())
//! try: response = json.loads(ctypes.string_at(pointer))
//! finally: library.double_random_free(pointer)
//! ```
//!
//! # A process
//!
//! ```text
//! $ embed --lines
//! {"step":"version","request":{}}
//! {"ok":{"drand":false,"protocol":"double-random/1", …}}
//! ```
//!
//! One response line for each request line, in order; the text of a request may also be given as a string.
//! The status of `embed STEP` is 0 for `ok` and 1 for `error`, 3 if reading or writing failed, 64 for wrong
//! usage.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a step takes its request over: all have one form, and tables are not copied"
)]

#[cfg(feature = "c-abi")]
pub mod abi;
mod checks;
mod dispatch;
mod draw;
mod error;
mod inputs;
mod json;
mod ledger;
mod levels;
mod parts;
mod registers;
mod rules;
#[cfg(feature = "schema")]
mod schema;
mod visits;

pub use checks::{
    CheckResult, Checked, DrawOf, FileOf, MissingOf, OutsideEvidence, PendingOf, VerifyLedgerRequest,
    VerifyLedgerResponse, VerifyReceiptRequest, VerifyReceiptResponse, VerifyRequest, VerifyResponse, verify,
    verify_ledger, verify_receipt,
};
pub use dispatch::{
    DispatchRequest, DispatchResponse, DispatchedDraw, DispatchedTo, ReadyRequest, ReadyResponse,
    UnansweredPart, VerifyDispatchRequest, VerifyDispatchResponse, dispatch, ready, verify_dispatch,
};
pub use draw::{
    DrawRequest, DrawResponse, ExplainRequest, ExplainResponse, Foreseen, PlanRequest, PlanResponse,
    PlannedUnit, SealRequest, SealResponse, Terms, draw, explain, plan, seal,
};
pub use error::{CallError, CallProblem, ErrorCode};
pub use inputs::{DrawInputs, Inputs, SealedInputs};
pub use json::{Json, Lines};
pub use ledger::{
    AppendRequest, AppendResponse, AttemptState, DrawnOf, Kept, LoadOf, StateRequest, StateResponse, append,
    state,
};
pub use levels::{
    CheckpointTaken, CoverageOfLevels, LevelLedger, LevelsDraw, PartOfLevels, VerifyLevelsRequest,
    VerifyLevelsResponse, verify_levels,
};
pub use parts::{
    CountPartRequest, CountPartResponse, CountTerms, DrawPartsRequest, DrawPartsResponse, SealPartsRequest,
    SealPartsResponse, SealedParts, SeedRequest, SeedResponse, SelectPartRequest, SelectPartResponse,
    count_part, draw_parts, seal_parts, seed, select_part,
};
pub use registers::{
    AssembleRequest, AssembleResponse, HandedIn, IntakeRequest, IntakeResponse, PerhapsOne, RegisterRequest,
    RegisterResponse, UnitOfRegister, VerifyIntakeRequest, VerifyIntakeResponse, assemble, intake, register,
    verify_intake,
};
pub use rules::{
    Found, PolicyRequest, PolicyResponse, ProgrammeRequest, ProgrammeResponse, RostersRequest,
    RostersResponse, SourceTime, policy, programme, rosters,
};
pub use visits::{
    ReceiptRequest, ReceiptResponse, ReplaceRequest, ReplaceResponse, ReserveRequest, ReserveResponse,
    receipt, replace, reserve,
};

use crate::bytes::{JsonError, PROTOCOL, encode, names};
use error::Shown;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::panic::catch_unwind;

/// Declares the steps, each in one line: name, function, request and response.
macro_rules! steps {
    ($( $Step:ident = $text:literal: $function:ident($Request:ident) -> $Response:ident, )+) => {
        names! {
            /// A step of the path: the name of a function of this room. The order is that of the path.
            #[non_exhaustive]
            pub enum StepName {
                $(
                    #[doc = concat!(
                        "[`", stringify!($function), "()`], with a [`", stringify!($Request), "`]."
                    )]
                    $Step = $text,
                )+
            }
        }

        fn run(step: StepName, request: &str) -> Result<Vec<u8>, CallError> {
            match step {
                $( StepName::$Step => answer::<$Request, $Response>(request, $function), )+
            }
        }

        /// The schemas of a step: of its request, and of what stands under `ok` in its response.
        ///
        /// They state the form of each field. The library checks the rules, and `problems` lists those that
        /// are broken.
        #[cfg(feature = "schema")]
        #[must_use]
        pub fn schema(step: StepName) -> (serde_json::Value, serde_json::Value) {
            match step {
                $( StepName::$Step => schema::pair::<$Request, $Response>(), )+
            }
        }
    };
}
steps! {
    Version = "version": version(VersionRequest) -> VersionResponse,
    Policy = "policy": policy(PolicyRequest) -> PolicyResponse,
    Programme = "programme": programme(ProgrammeRequest) -> ProgrammeResponse,
    Rosters = "rosters": rosters(RostersRequest) -> RostersResponse,
    Register = "register": register(RegisterRequest) -> RegisterResponse,
    Assemble = "assemble": assemble(AssembleRequest) -> AssembleResponse,
    Plan = "plan": plan(PlanRequest) -> PlanResponse,
    Explain = "explain": explain(ExplainRequest) -> ExplainResponse,
    Ready = "ready": ready(ReadyRequest) -> ReadyResponse,
    Seal = "seal": seal(SealRequest) -> SealResponse,
    Intake = "intake": intake(IntakeRequest) -> IntakeResponse,
    Draw = "draw": draw(DrawRequest) -> DrawResponse,
    CountPart = "count_part": count_part(CountPartRequest) -> CountPartResponse,
    SealParts = "seal_parts": seal_parts(SealPartsRequest) -> SealPartsResponse,
    Seed = "seed": seed(SeedRequest) -> SeedResponse,
    SelectPart = "select_part": select_part(SelectPartRequest) -> SelectPartResponse,
    DrawParts = "draw_parts": draw_parts(DrawPartsRequest) -> DrawPartsResponse,
    Dispatch = "dispatch": dispatch(DispatchRequest) -> DispatchResponse,
    Reserve = "reserve": reserve(ReserveRequest) -> ReserveResponse,
    Replace = "replace": replace(ReplaceRequest) -> ReplaceResponse,
    Append = "append": append(AppendRequest) -> AppendResponse,
    State = "state": state(StateRequest) -> StateResponse,
    Verify = "verify": verify(VerifyRequest) -> VerifyResponse,
    VerifyDispatch = "verify_dispatch": verify_dispatch(VerifyDispatchRequest) -> VerifyDispatchResponse,
    VerifyIntake = "verify_intake": verify_intake(VerifyIntakeRequest) -> VerifyIntakeResponse,
    VerifyLedger = "verify_ledger": verify_ledger(VerifyLedgerRequest) -> VerifyLedgerResponse,
    VerifyLevels = "verify_levels": verify_levels(VerifyLevelsRequest) -> VerifyLevelsResponse,
    Receipt = "receipt": receipt(ReceiptRequest) -> ReceiptResponse,
    VerifyReceipt = "verify_receipt": verify_receipt(VerifyReceiptRequest) -> VerifyReceiptResponse,
}

impl StepName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`CallError::UnknownStep`].
    pub fn parse(text: &str) -> Result<Self, CallError> {
        let unknown = || CallError::UnknownStep { step: text.chars().take(80).collect() };
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or_else(unknown)
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
        steps: StepName::ALL.into_iter().map(|step| step.as_str().to_owned()).collect(),
        version: library_version().to_owned(),
    })
}

/// Makes one step: reads the request, calls the function of that name, writes its answer.
///
/// The response is canonical JSON, `{"ok":{…}}` with the fields of the step's response, or
/// `{"error":{"code":…,"message":…,"problems":[{"field":…,"row":…,"rule":…,"table":…,"value":…}],"step":…}}`.
/// It never panics on any input; a mistake of the library is an answer with the code `internal`.
///
/// ```
/// use double_random::embed::call;
/// assert!(call("version", "{}").starts_with(r#"{"ok":{"drand":"#));
/// assert!(call("verify", "{}").starts_with(r#"{"error":{"code":"invalid_request","#));
/// ```
#[must_use]
pub fn call(step: &str, request: &str) -> String {
    guarded(step, || run(StepName::parse(step)?, request))
}

/// The response to a call that could not be made, such as one whose texts are no UTF-8: the same form as
/// [`call`] gives.
#[must_use]
pub fn refused(step: &str, error: &CallError) -> String {
    guarded(step, || Err(error.clone()))
}

/// Runs a step and writes its answer. What unwinds is a mistake of the library, and must not take the
/// platform down.
fn guarded(step: &str, run: impl FnOnce() -> Result<Vec<u8>, CallError>) -> String {
    let caught = catch_unwind(std::panic::AssertUnwindSafe(run));
    let answer = caught.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(CallError::Internal { message: words.unwrap_or("without a message").to_owned() })
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

fn answer<Q: DeserializeOwned, A: Serialize>(
    request: &str,
    step: impl FnOnce(Q) -> Result<A, CallError>,
) -> Result<Vec<u8>, CallError> {
    let request = serde_json::from_slice(request.as_bytes()).map_err(|error| CallError::parser(&error))?;
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
            concat!(
                r#"{"error":{"code":"internal","message":"the library has a mistake: a mistake","#,
                r#""problems":[],"step":"draw"}}"#
            )
        );
    }
}
