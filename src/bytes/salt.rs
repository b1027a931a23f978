//! Salts: without them, guesses at rows could be tested against a published root (Spec 4.1).

use super::{Digest, Label, Prefix, Suite};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The key from which the salt of every row follows. It is secret until an auditor gets it. The salt of one
/// row tells nothing about that of another.
///
/// Credit codes can be enumerated, so an unsalted tree would show every reader which institutions are on the
/// frame.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SaltKey(Digest);

impl SaltKey {
    /// Takes 32 secret bytes that the caller has drawn from a good source.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(Digest::new(bytes))
    }

    /// Draws a key from the caller's random source. The library has none of its own.
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self::new(bytes)
    }

    /// The 32 bytes in hexadecimal, for keeping in a safe place until the auditor asks.
    #[must_use]
    pub fn reveal(&self) -> Digest {
        self.0
    }

    /// The salt of one row of a list, `frame` or `roster`.
    #[must_use]
    pub fn row(&self, suite: Suite, list: &str, id: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), list.as_bytes(), id.as_bytes()])
    }

    /// The salts of all rows of one list, each that of [`SaltKey::row`].
    pub(crate) fn rows(&self, suite: Suite, list: &str) -> Salts {
        Salts(Prefix::labelled(suite, Label::Salt, &self.0, &[list.as_bytes()]))
    }

    /// The salt of one visit of a sealed draw (Spec 16.1).
    #[must_use]
    pub(crate) fn visit(&self, suite: Suite, seal: &Digest, unit: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), b"visits", &seal.hex(), unit.as_bytes()])
    }

    /// The salt of a list that is committed as a whole, `recusals` or `cycle`.
    #[must_use]
    pub fn list(&self, suite: Suite, list: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), list.as_bytes()])
    }
}

/// Computes the salts of one list. The text before the id is hashed once.
#[derive(Debug, Clone)]
pub(crate) struct Salts(Prefix);

impl Salts {
    /// The salt of one row.
    pub(crate) fn row(&self, id: &str) -> Digest {
        self.0.finish(id.as_bytes())
    }
}

/// Never shows the key, because logs are read by many.
impl fmt::Debug for SaltKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salts_of_a_list_are_the_salts_of_its_rows() {
        let key = SaltKey::new([7; 32]);
        for suite in Suite::ALL {
            let salts = key.rows(suite, "frame");
            for id in ["A-1", "91350100M000100Y43", &"long-".repeat(12)] {
                assert_eq!(salts.row(id), key.row(suite, "frame", id));
            }
        }
    }
}
