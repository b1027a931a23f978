//! The cycle (the year) so far, as the caller knows it: visits, exposure, last visit, last team of each unit.
//!
//! A draw reads it to know who was visited already and who is exempt, due or rotated away. It is sealed like frame and
//! roster. Spec 9.4.

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, SaltKey, decode, digest, encode};
use crate::calendar::Date;
use crate::id::{InspectorId, UnitId};
use crate::policy::Billionths;
use serde::{Deserialize, Serialize};

/// What the cycle holds about one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Expected visits of its window so far.
    pub exposure: Billionths,
    /// Who came last time, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last_team: Vec<InspectorId>,
    /// When the last visit was, in this cycle or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_visit: Option<Date>,
    /// The unit. It need not be on the frame any more.
    pub unit: UnitId,
    /// Visits in this cycle.
    pub visits: u64,
}

/// Why standings are no cycle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CycleError {
    /// Two standings of one unit.
    #[error("unit {unit} has two standings")]
    Duplicate {
        /// The unit.
        unit: UnitId,
    },
    /// A last team that names an officer twice.
    #[error("the last team of unit {unit} names an officer twice")]
    Team {
        /// The unit.
        unit: UnitId,
    },
    /// More visits than a cycle can hold.
    #[error("unit {unit} has {visits} visits, at most 1000000 are believed")]
    Visits {
        /// The unit.
        unit: UnitId,
        /// Its visits.
        visits: u64,
    },
}

/// The state of the year: standings, ascending by unit. Units without one have never been visited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cycle {
    standings: Vec<Standing>,
}

#[derive(Serialize)]
struct Salted<'a> {
    salt: Digest,
    standings: &'a [Standing],
}

/// The cycle as a file for auditors (Spec 12.3).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CycleFile {
    document: Document,
    protocol: Protocol,
    salt_key: SaltKey,
    standings: Vec<Standing>,
}

impl Cycle {
    /// Takes standings in any order.
    ///
    /// # Errors
    /// A unit twice, an officer twice in a team, or an unbelievable number of visits.
    pub fn new(mut standings: Vec<Standing>) -> Result<Self, CycleError> {
        standings.sort_by(|a, b| a.unit.cmp(&b.unit));
        for standing in &mut standings {
            standing.last_team.sort();
            let unit = || standing.unit.clone();
            if standing.visits > 1_000_000 {
                return Err(CycleError::Visits { unit: unit(), visits: standing.visits });
            }
            if standing.last_team.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(CycleError::Team { unit: unit() });
            }
        }
        match standings.windows(2).find(|pair| pair[0].unit == pair[1].unit) {
            Some(pair) => Err(CycleError::Duplicate { unit: pair[0].unit.clone() }),
            None => Ok(Self { standings }),
        }
    }

    /// What is known about a unit.
    #[must_use]
    pub fn get(&self, unit: &UnitId) -> Option<&Standing> {
        self.standings.binary_search_by(|standing| standing.unit.cmp(unit)).ok().map(|i| &self.standings[i])
    }

    /// The standings, ascending by unit.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// The commitment to the cycle (Spec 4.4).
    ///
    /// # Panics
    /// Never for a cycle made by [`Cycle::new`].
    #[must_use]
    pub fn digest(&self, key: &SaltKey) -> Digest {
        let salted = Salted { salt: key.list("cycle"), standings: &self.standings };
        digest(Label::Cycle, &encode(&salted).expect("counts below 2^53"))
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never for a cycle made by [`Cycle::new`].
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let file = CycleFile {
            document: Document::Cycle,
            protocol: Protocol,
            salt_key: key.clone(),
            standings: self.standings.clone(),
        };
        encode(&file).expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a cycle.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, SaltKey), JsonError> {
        let file: CycleFile = decode(bytes)?;
        file.document.expect(Document::Cycle)?;
        let cycle =
            Self::new(file.standings.clone()).map_err(|e| JsonError::Schema { message: e.to_string() })?;
        if cycle.standings != file.standings {
            return Err(JsonError::Schema { message: "standings do not ascend".into() });
        }
        Ok((cycle, file.salt_key))
    }
}
