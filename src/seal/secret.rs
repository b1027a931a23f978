//! The secret of a draw that is disclosed later (Spec 12.1).

use crate::bytes::{Digest, Label, Suite};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The secret of deferred disclosure: committed in the seal, hashed into the seed, revealed later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Digest);

impl Secret {
    /// Takes 32 secret bytes that the caller has drawn from a good source.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(Digest::new(bytes))
    }

    /// Draws a secret from the caller's random source.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self::new(bytes)
    }

    /// The 32 bytes in hexadecimal.
    #[must_use]
    pub const fn reveal(&self) -> Digest {
        self.0
    }

    /// The commitment that the seal holds (Spec 12.1).
    #[must_use]
    pub fn commitment(&self, suite: Suite) -> Digest {
        suite.digest(Label::Secret, &self.0.hex())
    }
}

/// Never shows the secret, because logs are read by many.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
