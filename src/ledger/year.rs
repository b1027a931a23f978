//! What a ledger says of its year: where it begins (Spec 17.2).

use crate::bytes::Digest;
use serde::{Deserialize, Serialize};

/// The ledger that ended with the opening cycle of another: what its checkpoint states (Spec 18.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierLedger {
    /// Whose: [`origin`](crate::note::origin).
    pub origin: String,
    /// The root of its tree.
    pub root: Digest,
    /// Its number of lines, from 1.
    pub size: u64,
}
