//! Salts: without them, guesses at rows could be tested against a published root (Spec 4.1).

use super::{Digest, Label, Prefix, Suite, digits, unhex};
use crate::id::read_text;
use rand::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Half of a digest, 16 bytes: the pseudonym of a unit, or the salt of its row. Shown and written as 32
/// lower-case hexadecimal digits (Spec 4.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Half([u8; 16]);

/// A text is not 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not 32 lower-case hexadecimal digits")]
pub struct HalfError {
    text: String,
}

impl Half {
    /// Wraps 16 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Another length, another character, or an upper-case digit.
    pub fn parse(text: &str) -> Result<Self, HalfError> {
        let error = || HalfError { text: text.chars().take(80).collect() };
        let mut bytes = [0; 16];
        unhex(text, &mut bytes).ok_or_else(error)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The 32 hexadecimal digits as bytes, for texts that are hashed without going through the heap.
    #[must_use]
    pub fn hex(&self) -> [u8; 32] {
        let mut hex = [0; 32];
        digits(&self.0, &mut hex);
        hex
    }
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Half {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Half {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, Self::parse)
    }
}

/// What follows from the salt key for one unit: the two halves of one digest (Spec 4.1). Who knows one of
/// them knows nothing of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitSecret {
    /// The name of the unit in the lot. The record shows it of picks and of the first reserves.
    pub pseudonym: Half,
    /// The salt of its row in the tree of the frame. Only its receipt shows it.
    pub salt: Half,
}

impl UnitSecret {
    fn of(digest: &Digest) -> Self {
        let (pseudonym, salt) = digest.as_bytes().split_at(16);
        let half = |bytes: &[u8]| Half(bytes.try_into().expect("half of 32 bytes"));
        Self { pseudonym: half(pseudonym), salt: half(salt) }
    }
}

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

    /// The salt of one row of a list, such as `roster`.
    #[must_use]
    pub fn row(&self, suite: Suite, list: &str, id: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), list.as_bytes(), id.as_bytes()])
    }

    /// The salts of many rows, each the hash with the id as last word behind these words. The text before the
    /// id is hashed once.
    pub(crate) fn rows(&self, suite: Suite, words: &[&[u8]]) -> Prefix {
        Prefix::labelled(suite, Label::Salt, &self.0, words)
    }

    /// Pseudonym and salt of one unit.
    #[must_use]
    pub fn unit(&self, suite: Suite, id: &str) -> UnitSecret {
        UnitSecret::of(&self.row(suite, "frame", id))
    }

    /// The secrets of all units of a frame, each that of [`SaltKey::unit`].
    pub(crate) fn units(&self, suite: Suite) -> UnitSecrets {
        UnitSecrets(self.rows(suite, &[b"frame"]))
    }

    /// The salt of one visit of a sealed draw (Spec 16.1).
    #[must_use]
    pub(crate) fn visit(&self, suite: Suite, seal: &Digest, unit: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), b"visits", &seal.hex(), unit.as_bytes()])
    }

    /// The salt of a closed line of a draw (Spec 17.7).
    #[must_use]
    pub(crate) fn content(&self, suite: Suite, seal: &Digest, number: u64) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), b"content", &seal.hex(), number.to_string().as_bytes()])
    }

    /// The salt of a list that is committed as a whole, `recusals` or `cycle`.
    #[must_use]
    pub fn list(&self, suite: Suite, list: &str) -> Digest {
        suite.words(Label::Salt, &[&self.0.hex(), list.as_bytes()])
    }
}

/// Computes the secrets of the units of a frame. The text before the id is hashed once.
#[derive(Debug, Clone)]
pub(crate) struct UnitSecrets(Prefix);

impl UnitSecrets {
    /// Pseudonym and salt of one unit.
    pub(crate) fn of(&self, id: &str) -> UnitSecret {
        UnitSecret::of(&self.0.finish(id.as_bytes()))
    }

    /// Those of each of these units, in their order.
    pub(crate) fn each(&self, ids: &[&str]) -> Vec<UnitSecret> {
        self.0.each(ids).iter().map(UnitSecret::of).collect()
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
    fn the_secrets_of_a_frame_are_those_of_its_units() {
        let key = SaltKey::new([7; 32]);
        for suite in Suite::ALL {
            let secrets = key.units(suite);
            for id in ["A-1", "91350100M000100Y43", &"long-".repeat(12)] {
                let UnitSecret { pseudonym, salt } = key.unit(suite, id);
                assert_eq!(secrets.of(id), UnitSecret { pseudonym, salt });
                assert_eq!(secrets.each(&[id, id]), [secrets.of(id); 2]);
                assert_eq!(format!("{pseudonym}{salt}"), key.row(suite, "frame", id).to_string());
                assert_eq!(Half::parse(&salt.to_string()), Ok(salt));
            }
        }
        for wrong in ["00FF".repeat(8), "00f".repeat(8), "00fg".repeat(8), String::new()] {
            assert!(Half::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
