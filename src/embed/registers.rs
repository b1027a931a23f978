//! Registers of lower authorities: `register`, `assemble`, `intake`, `verify_intake` (Spec 28).

use super::checks::{Checked, checked};
use super::error::{CallError, table};
use super::inputs::{SealedInputs, filled, numbered, optional, policy, read, text};
use super::json::Json;
use crate::bytes::SaltKey;
use crate::frame::{Frame, UnitRow};
use crate::id::{Code, Division, UnitId};
use crate::policy::Policy;
use crate::receipt::Intake;
use crate::register::{Register, Registers, SubmittedRegister};
use crate::seal::Seal;
use crate::verify as verification;
use serde::{Deserialize, Serialize};

/// Asks for the register of an authority.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegisterRequest {
    /// The authority that keeps it.
    pub authority: Code,
    /// The divisions whose units it lists.
    pub divisions: Vec<Division>,
    /// The policy of the draw above: its day, its vocabulary, its suite.
    pub policy: Json,
    /// 32 fresh random bytes as 64 hexadecimal digits, kept, and used for no draw.
    pub salt_key: SaltKey,
    /// Rows of the table of institutions.
    pub units: Vec<UnitRow>,
}

/// A register: what to publish, and what to hand to the authority above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegisterResponse {
    /// To hand to the authority above, and to keep: the rows with the salt key, text.
    pub frame: String,
    /// To publish before the seal above is made: the register, text.
    pub register: String,
}

/// Makes the register of an authority (Spec 28.1).
///
/// # Errors
/// `invalid_document`, `invalid_rows` with all problems; `not_sealed` if the salt key is all zeros.
pub fn register(request: RegisterRequest) -> Result<RegisterResponse, CallError> {
    let RegisterRequest { authority, divisions, policy: rules, salt_key, units } = request;
    filled(&salt_key)?;
    let rules = policy("policy", &rules)?;
    let rows = numbered(units, |unit| &mut unit.row);
    let frame = Frame::new(rows, &rules.frame, rules.as_of)
        .map_err(|found| CallError::Rows(table("units", &found)))?;
    let register = Register::new(authority, rules.as_of, divisions, &frame, rules.suite, &salt_key);
    let register = text(register.to_json());
    // What a reader would refuse is not handed out.
    Register::from_json(register.as_bytes()).map_err(|error| CallError::document("divisions", error))?;
    Ok(RegisterResponse { frame: text(frame.to_json(&salt_key)), register })
}

/// What an authority hands in, as [`register`] gave it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HandedIn {
    /// The rows with the salt key.
    pub frame: Json,
    /// The published register.
    pub register: Json,
}

impl HandedIn {
    fn submitted(&self, field: &str) -> Result<SubmittedRegister, CallError> {
        let register = read(&format!("{field}.register"), &self.register, Register::from_json)?;
        let (frame, salt_key) = read(&format!("{field}.frame"), &self.frame, Frame::from_json)?;
        Ok(SubmittedRegister { register, frame, salt_key })
    }
}

/// Puts registers together.
pub(super) fn put_together(given: &[HandedIn], policy: &Policy) -> Result<Registers, CallError> {
    let given = given.iter().enumerate().map(|(place, one)| one.submitted(&format!("registers[{place}]")));
    Ok(Registers::assemble(given.collect::<Result<_, _>>()?, policy)?)
}

/// Asks for the frame of several registers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssembleRequest {
    /// The policy of the draw.
    pub policy: Json,
    /// What every authority has handed in.
    pub registers: Vec<HandedIn>,
}

/// A unit of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitOfRegister {
    /// The authority that keeps the register.
    pub authority: Code,
    /// The unit.
    pub unit: UnitId,
}

/// Units of several registers that are perhaps one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerhapsOne {
    /// What they share: `licences` or `name`.
    pub column: String,
    /// The units.
    pub units: Vec<UnitOfRegister>,
    /// The number of the licence, or the name.
    pub value: String,
}

/// The frame of several registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssembleResponse {
    /// Units under different ids that are perhaps one. Somebody has to look; nothing is refused for it.
    pub suspected: Vec<PerhapsOne>,
    /// The rows, ascending by id: `inputs.units` of `plan` and `seal`. `seal` takes the registers besides.
    pub units: Vec<UnitRow>,
}

/// Puts the frame of a policy together from the registers of several authorities (Spec 28.2).
///
/// # Errors
/// `invalid_document`; `invalid_rows` with everything that does not fit together.
pub fn assemble(request: AssembleRequest) -> Result<AssembleResponse, CallError> {
    let rules = policy("policy", &request.policy)?;
    let registers = put_together(&request.registers, &rules)?;
    let suspected = registers.suspected().iter().map(|one| PerhapsOne {
        column: one.column.to_owned(),
        units: one
            .units
            .iter()
            .map(|(authority, unit)| UnitOfRegister { authority: authority.clone(), unit: unit.clone() })
            .collect(),
        value: one.value.clone(),
    });
    let units = (1..).zip(registers.frame().units()).map(|(row, unit)| UnitRow::of(row, unit));
    Ok(AssembleResponse { suspected: suspected.collect(), units: units.collect() })
}

/// Asks for what an authority receives of the sealed frame.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntakeRequest {
    /// The authority that keeps the register.
    pub authority: Code,
    /// The sealed inputs.
    pub sealed: SealedInputs,
}

/// What an authority receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntakeResponse {
    /// For the authority alone: its rows in the sealed frame with one proof, text.
    pub intake: String,
}

/// Gives an authority its own rows in the sealed frame, with one proof (Spec 28.5).
///
/// # Errors
/// As `draw`; `not_found` if the seal names no register of the authority.
pub fn intake(request: IntakeRequest) -> Result<IntakeResponse, CallError> {
    let sealed = request.sealed.reopen()?;
    let missing =
        || CallError::NotFound { what: format!("the seal names no register of {}", request.authority) };
    let intake = sealed.receipts().intake(&request.authority).ok_or_else(missing)?;
    Ok(IntakeResponse { intake: text(intake.to_json()) })
}

/// Asks whether a register went in unchanged.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyIntakeRequest {
    /// The intake.
    pub intake: Json,
    /// The own register and rows, as `register` gave them.
    pub own: HandedIn,
    /// The seal as it was published; left out: nothing is said of the sealed frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Json>,
}

/// What the checks of an intake amount to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyIntakeResponse {
    /// Every check in order.
    pub checks: Vec<Checked>,
    /// `confirmed`: the register went in unchanged; `self-consistent` or `refuted`.
    pub verdict: String,
}

/// Checks an intake against the own register, the own rows and the published seal (Spec 28.5). An intake that
/// does not hold is an answer, not an error.
///
/// # Errors
/// `invalid_document` for what cannot be read at all.
pub fn verify_intake(request: VerifyIntakeRequest) -> Result<VerifyIntakeResponse, CallError> {
    let intake = read("intake", &request.intake, Intake::from_json)?;
    let own = request.own.submitted("own")?;
    let seal = optional("seal", request.seal.as_ref(), Seal::from_json)?;
    let report = verification::intake(&intake, &own, seal.as_ref());
    let verdict = report.verdict().to_string();
    Ok(VerifyIntakeResponse { checks: report.checks().map(checked).collect(), verdict })
}
