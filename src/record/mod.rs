//! The record: everything that is published after the draw, in one canonical document (一公开; Spec 12.2).
//!
//! It names units and officers by their ids and nothing else about them. What an auditor needs besides, the
//! frame, the roster and the cycle, travels in files of its own. [`Kit`] is the draw as SQL for table
//! engines.

mod kit;

pub use kit::{Kit, KitError, KitFile, KitStatement};

use crate::assign::{Assignment, Teams};
use crate::beacon::BeaconValue;
use crate::bytes::{Digest, Document, Inclusion, JsonError, Label, Protocol, decode, encode};
use crate::id::UnitId;
use crate::message::said;
use crate::plan::CellTable;
use crate::policy::{Policy, Stratum};
use crate::sample::{CellSample, Pick, Subsampled};
use crate::seal::{Seal, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A published draw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The values of the beacon's sources.
    pub beacon: Vec<BeaconValue>,
    /// The record's digest of itself; absent only while it is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
    /// What kind of document this is.
    pub document: Document,
    /// That the units of the sample were sealed with their pseudonyms.
    pub inclusion: Inclusion,
    /// The rules.
    pub policy: Policy,
    /// The protocol.
    pub protocol: Protocol,
    /// The picks and reserves of each cell of the table.
    pub sample: Vec<CellSample>,
    /// The seal.
    pub seal: Seal,
    /// The revealed secret of deferred disclosure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// The seed.
    pub seed: Digest,
    /// The second-stage samples, in the policy's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subsamples: Vec<Subsampled>,
    /// The cell table.
    pub table: CellTable,
    /// The teams.
    pub teams: Teams,
}

impl Assignment<'_> {
    /// Writes the record of the draw. With deferred disclosure it holds the secret: publish it at the
    /// deadline.
    #[must_use]
    pub fn record(&self) -> Record {
        let seed = self.sample().seed();
        let sealed = seed.sealed();
        let sample = self.sample().cells();
        let shown = sample.iter().flat_map(CellSample::shown);
        let leaves = sealed.pseudonyms().leaves();
        let mut record = Record {
            beacon: seed.values().to_vec(),
            digest: None,
            document: Document::Record,
            inclusion: leaves.inclusion(shown.map(|pick| (&pick.pseudonym, pick.id.as_str()))),
            policy: sealed.plan().policy().clone(),
            protocol: Protocol,
            sample,
            seal: sealed.seal().clone(),
            secret: sealed.secret().cloned(),
            seed: seed.digest(),
            subsamples: self.sample().subsamples(),
            table: sealed.plan().table(),
            teams: self.teams().clone(),
        };
        record.digest = Some(record.compute_digest());
        record
    }
}

impl Record {
    /// The digest that the record states of itself. The next seal of the authority names it as `previous`.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest.unwrap_or(Digest::ZERO)
    }

    /// The digest that the record should have: of its canonical bytes without the field `digest`.
    ///
    /// # Panics
    /// Never for a record of this library: its numbers were checked when it was made or read.
    #[must_use]
    pub fn compute_digest(&self) -> Digest {
        self.digest_of_all().expect("counts below 2^53")
    }

    /// The same for a record that was not made here.
    fn digest_of_all(&self) -> Result<Digest, JsonError> {
        // Every field by name: one that is added is missed here.
        let Self {
            beacon,
            document,
            inclusion,
            policy,
            protocol,
            sample,
            seal,
            secret,
            seed,
            subsamples,
            table,
            teams,
            digest: _,
        } = self;
        let bare = Bare {
            beacon,
            document: *document,
            inclusion,
            policy,
            protocol: *protocol,
            sample,
            seal,
            secret: secret.as_ref(),
            seed,
            subsamples,
            table,
            teams,
        };
        Ok(policy.suite.digest(Label::Record, &encode(&bare)?))
    }

    /// The canonical bytes, to be published.
    ///
    /// # Panics
    /// Never for a record of this library.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        encode(self).expect("counts below 2^53")
    }

    /// Reads a published record.
    ///
    /// # Errors
    /// The bytes are not a canonical record, its protocol is another, or its policy breaks rules of policies.
    /// The claims of the record are not checked here: see [`verify`](crate::verify::verify).
    pub fn from_json(bytes: &[u8]) -> Result<Self, JsonError> {
        let record: Self = decode(bytes)?;
        record.document.expect(Document::Record)?;
        record.seal.check()?;
        record.complete()?;
        Ok(record)
    }

    /// What the strata say about every pick; empty where the policy has no such stratum.
    pub(crate) fn of_picks(&self, stratum: Stratum) -> BTreeMap<&UnitId, &str> {
        self.of_units(stratum, |cell| cell.picks.iter())
    }

    /// The same about units of the cells.
    pub(crate) fn of_units<'a, I: Iterator<Item = &'a Pick>>(
        &'a self,
        stratum: Stratum,
        units: impl Fn(&'a CellSample) -> I,
    ) -> BTreeMap<&'a UnitId, &'a str> {
        let cells = self.table.cells.iter().zip(&self.sample);
        let known = cells.filter_map(|(row, cell)| Some((self.policy.shown(&row.path, stratum)?, cell)));
        known.flat_map(|(value, cell)| units(cell).map(move |unit| (&unit.id, value))).collect()
    }

    /// What every record must have before anything in it is compared: a digest. (Its policy keeps the rules
    /// of policies, else it could not have been read.)
    fn complete(&self) -> Result<(), JsonError> {
        if self.digest.is_none() {
            return Err(JsonError::Schema {
                message: said!("form.missing_field", "missing field `{field}`", field = "digest"),
            });
        }
        Ok(())
    }

    /// The same for a record that did not come through [`Self::from_json`]: it may contain values that cannot
    /// be encoded (for example integers above 2^53). Gives the digest that it should have.
    pub(crate) fn sound(&self) -> Result<Digest, JsonError> {
        self.complete()?;
        self.digest_of_all()
    }
}

/// All that the digest of a record covers.
#[derive(Serialize)]
struct Bare<'a> {
    beacon: &'a [BeaconValue],
    document: Document,
    inclusion: &'a Inclusion,
    policy: &'a Policy,
    protocol: Protocol,
    sample: &'a [CellSample],
    seal: &'a Seal,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a Secret>,
    seed: &'a Digest,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    subsamples: &'a [Subsampled],
    table: &'a CellTable,
    teams: &'a Teams,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digest covers all other fields of the record, also the secret and the second-stage samples.
    #[test]
    fn the_digest_covers_every_other_field() {
        let secret = include_str!("../../tests/vectors/records/joint_deferred_short/record.json");
        let subsamples = include_str!("../../tests/vectors/records/bounded/record.json");
        for text in [secret, subsamples] {
            let record = Record::from_json(text.trim_end().as_bytes()).unwrap();
            let bare = encode(&Record { digest: None, ..record.clone() }).unwrap();
            let whole = record.policy.suite.digest(Label::Record, &bare);
            assert_eq!((record.compute_digest(), record.digest()), (whole, whole));
        }
    }
}
