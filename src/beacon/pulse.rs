//! A round of drand with its signature, which shows that the value comes from the network (Spec 8.2 and
//! 18.5).

use super::BeaconValue;
use crate::bytes::{self, Digest, Suite};
use crate::message::{Message, said};
use crate::policy::Source;
use serde::{Deserialize, Serialize};

/// The signature of which a round of drand is the hash, in lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pulse {
    /// The signature of the round before, in a chained network only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The signature of the round.
    pub signature: String,
}

/// The state of the signature of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signed {
    /// The value is no round of drand, or came without its signature.
    NoPulse,
    /// This build does not check signatures (feature `drand`).
    Unchecked,
    /// The network signed this round.
    Valid,
    /// The network did not sign this round.
    Forged,
}

/// The hash of the network that signs its rounds one by one. The other known network chains them.
const QUICKNET: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// Bytes from hexadecimal digits, as many as there are.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    bytes::unhex(text, &mut bytes).map(|()| bytes)
}

impl Pulse {
    /// The rule for pulses of a chain, if this pulse breaks it or its hash is not the value.
    pub(super) fn misfit(&self, chain: &Digest, round: i64, value: &str) -> Option<Message> {
        let quick = chain.to_string() == QUICKNET;
        let signature = unhex(&self.signature).filter(|bytes| bytes.len() == if quick { 48 } else { 96 });
        let previous = self.previous.as_deref().map(unhex);
        let before = match previous {
            None => quick,
            // The first round of a chain follows its genesis seed of 32 bytes.
            Some(bytes) => {
                !quick && bytes.is_some_and(|bytes| bytes.len() == if round == 1 { 32 } else { 96 })
            }
        };
        let Some(signature) = signature.filter(|_| before) else {
            return Some(said!(
                "beacon.pulse",
                "a pulse of this chain: a signature, and the one before where rounds are chained"
            ));
        };
        let hash = Suite::Sha256.plain(&[&signature]).to_string();
        (hash != value).then(|| said!("beacon.pulse_hash", "SHA-256 of its pulse, {hash}", hash = hash))
    }

    /// Whether the network of the source signed its round with this pulse (Spec 18.5).
    fn signed(&self, source: &Source) -> Signed {
        let Source::Drand { chain, round, .. } = source else { return Signed::NoPulse };
        #[cfg(feature = "drand")]
        {
            let previous = self.previous.as_deref().map_or(Some(Vec::new()), unhex);
            let parts = unhex(&self.signature).zip(previous).zip(u64::try_from(*round).ok());
            let valid = parts.is_some_and(|((signature, previous), round)| {
                bls::valid(chain.to_string() == QUICKNET, round, &previous, &signature)
            });
            if valid { Signed::Valid } else { Signed::Forged }
        }
        #[cfg(not(feature = "drand"))]
        {
            let _ = (chain, round);
            Signed::Unchecked
        }
    }
}

impl BeaconValue {
    /// Whether the value carries the signature of the source's round, and whether it is genuine.
    #[must_use]
    pub fn signed(&self, source: &Source) -> Signed {
        self.pulse.as_ref().map_or(Signed::NoPulse, |pulse| pulse.signed(source))
    }
}

/// The check of the signature, by the crate `drand-verify`.
#[cfg(feature = "drand")]
mod bls {
    use super::unhex;
    use drand_verify::{G1Pubkey, G2PubkeyRfc, Pubkey};

    const QUICKNET_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
    const FIRST_KEY: &str =
        "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31";

    pub(super) fn valid(quicknet: bool, round: u64, previous: &[u8], signature: &[u8]) -> bool {
        let key = unhex(if quicknet { QUICKNET_KEY } else { FIRST_KEY }).expect("hexadecimal digits");
        let valid = if quicknet {
            G2PubkeyRfc::from_variable(&key).expect("the network's key").verify(round, previous, signature)
        } else {
            G1Pubkey::from_variable(&key).expect("the network's key").verify(round, previous, signature)
        };
        valid.unwrap_or(false)
    }
}
