//! wip
#![allow(missing_docs)]
pub mod assign;
pub mod beacon;
pub mod bytes;
pub mod calendar;
pub mod chance;
pub mod cycle;
pub mod frame;
pub mod id;
pub mod plan;
pub mod policy;
pub mod record;
pub mod roster;
pub mod sample;
pub mod seal;
pub mod table;
pub mod verify;
pub use beacon::BeaconValue;
pub use cycle::Cycle;
pub use frame::Frame;
pub use plan::Plan;
pub use policy::Policy;
pub use record::Record;
pub use roster::Roster;
pub use verify::{Evidence, verify};
#[doc = include_str!("spec.md")]
pub mod spec {}
