//! The steps from rows to a verdict, their refusals, the ledger, embedding.

mod beacons;
mod draw;
mod embed;
mod kit;
#[cfg(feature = "signatures")]
mod ledger;
