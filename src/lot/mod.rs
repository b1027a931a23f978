//! **The lot.** Everything that touches a seed. Each line here can change who is inspected, or who goes.
//!
//! | what the seed decides | where | Spec |
//! |---|---|---|
//! | the seed itself, from the seal, the beacon's values and the secret | [`seed`] | 8.1 |
//! | how many units each cell gives | [`allocation`] | 5 |
//! | which units those are, and the order of the reserves | [`tickets`] | 6.1 to 6.3 |
//! | which picks are control picks, and which are in a subsample | [`picks`] | 6.4, 6.5 |
//! | streams of words: shuffles, bounded integers, coins | [`words`] | 7 |
//! | the days of the visits, the shortlists, the leads | [`teams`] | 11.2, 11.11 |
//! | the teams, with the chances of the [chance table](crate::matching) | [`coins`] | 11.10 |
//! | who comes in the place of an officer or an institution | [`reserves`] | 11.13, 16.4 |
//! | the same counts and tickets as text for table engines | [`sql`] | 25 |
//!
//! Ids are text and everything else is an integer: nothing here knows an institution, a policy or a document.
//! No other room makes a digest or a word from a seed (`tests/suite/house.rs`), and no room before the seal
//! uses this one. A change that moves one bit of an outcome means another protocol string; vectors freeze
//! each file.
//!
//! These functions are public for verifiers and for other implementations. A draw that others are to check
//! goes through [`Plan`](crate::Plan) and its seal, because only there the seed cannot be chosen.

pub mod allocation;
pub mod coins;
mod key;
pub mod picks;
pub mod reserves;
pub(crate) mod simulation;
pub mod sql;
pub mod teams;
pub mod tickets;
pub mod words;

pub use key::{Key, seed};
