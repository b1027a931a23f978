//! Known answers.

mod lot;
mod rules;
#[cfg(feature = "signatures")]
mod trust;
