//! The shipped demonstration: 221 real institutions of 泉州. Their names are real, everything else is
//! constructed (`examples/data/README.md`).
//!
//! The tables stand in `examples/data` twice: as an office has them (`quanzhou_*.csv`), and as rows of the
//! library's own form (`quanzhou_*.json`), which are read here. A test of the office package reads the first
//! and holds the second against them.

use crate::files::Failure;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant;
use double_random::seal::SealTerms;
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, Roster};

/// The policy.
pub const POLICY: &str = include_str!("../../data/quanzhou_policy.json");
/// The institutions, a row each.
pub const UNITS: &str = include_str!("../../data/quanzhou_units.json");
/// The officers, a row each.
pub const OFFICERS: &str = include_str!("../../data/quanzhou_officers.json");
/// The recusals, a row each.
pub const RECUSALS: &str = include_str!("../../data/quanzhou_recusals.json");
/// The state of the year before the draw.
pub const CYCLE: &str = include_str!("../../data/quanzhou_cycle.json");
/// The values that the sources of the beacon published.
pub const BEACON: &str = include_str!("../../data/quanzhou_beacon.json");
/// The instant at which the plan is sealed.
pub const SEALED_AT: &str = "2023-08-22T08:00:00Z";
/// A public salt key: right for a demonstration, wrong for everything else.
pub const SALT_KEY: [u8; 32] = [0x5a; 32];

/// The plan of the demonstration.
///
/// # Errors
/// What the library finds wrong with the shipped tables: nothing.
pub fn plan() -> Result<Plan, Failure> {
    let policy = Policy::from_json(POLICY)?;
    let frame = Frame::new(serde_json::from_str::<Vec<_>>(UNITS)?, &policy.frame, policy.as_of)?;
    let officers = serde_json::from_str::<Vec<_>>(OFFICERS)?;
    let recusals = serde_json::from_str::<Vec<_>>(RECUSALS)?;
    let roster = Roster::new(officers, recusals, &policy.roster, policy.as_of)?;
    let (cycle, _) = Cycle::from_json(CYCLE.as_bytes())?;
    Ok(Plan::new(frame, roster, policy, cycle)?)
}

/// The terms under which the demonstration is sealed.
///
/// # Errors
/// None: the instant is well formed.
pub fn terms() -> Result<SealTerms, Failure> {
    Ok(SealTerms {
        sequence: 1,
        attempt: 1,
        sealed_at: Instant::parse(SEALED_AT)?,
        previous: Digest::ZERO,
        salt_key: SaltKey::new(SALT_KEY),
        secret: None,
    })
}

/// The values of the beacon.
///
/// # Errors
/// None: the shipped file is well formed.
pub fn beacon() -> Result<Vec<BeaconValue>, Failure> {
    Ok(serde_json::from_str(BEACON)?)
}
