//! **The vault.** Every line here can change who is inspected. Integers only; nothing here knows an institution.
//!
//! Released lines are frozen by vectors: other bytes mean another protocol string. Each file is one section of the
//! [specification](crate::spec) and one file of `tests/vectors`.
//!
//! These functions are public for verifiers and for other implementations. A draw that anybody should believe goes
//! through [`Plan`](crate::Plan) and its seal, because only there the seed cannot be chosen.

pub mod allocation;
pub mod guard;
pub mod hazard;
pub mod matching;
pub mod stage;
pub mod tickets;
pub mod words;

/// One, in billionths: the unit of probabilities, rates and frequencies (Spec 1.2).
pub const ONE: u64 = 1_000_000_000;
