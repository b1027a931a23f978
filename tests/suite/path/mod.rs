//! The steps from rows to a verdict, their refusals, the ledger, embedding.

mod beacons;
mod draw;
mod embed;
#[cfg(feature = "signatures")]
mod ledger;
