//! **The odds.** Everything that makes a probability: the schedule of a unit, the bounds of a stratum, the
//! cells of a draw.
//!
//! Nothing here touches a seed, and nothing here knows an institution: integers go in and integers come out.
//! Each file is one section of the [specification](crate::spec) and is frozen by vectors: other numbers mean
//! another protocol string.

pub mod cells;
pub mod guard;
pub mod hazard;
pub mod slack;

/// One, in billionths: the unit of probabilities, rates and frequencies (Spec 1.2).
pub const ONE: u64 = 1_000_000_000;
