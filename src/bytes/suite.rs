//! The hash of a draw, by name: SHA-256, or SM3 where national rules require it (国密). The policy names it,
//! the seal repeats it, and every digest of the draw is made with it (Spec 3).

use super::{Digest, Label, PROTOCOL};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// A hash function with 32 bytes of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Suite {
    /// SHA-256 (FIPS 180-4). Documents that name no suite use it.
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Suite {
    /// All suites, the default first.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    /// Whether a document may leave the suite out.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The hash of these parts, one after the other, without a label.
    pub(crate) fn plain(self, parts: &[&[u8]]) -> Digest {
        Hasher::new(self).with(parts).finish()
    }

    /// `H(label, content)` of Spec 3.
    ///
    /// ```
    /// use double_random::bytes::{Label, Suite};
    /// // printf '%s' 'double-random/1 start abc' | sha256sum
    /// assert!(Suite::Sha256.digest(Label::Start, b"abc").to_string().starts_with("898cda34"));
    /// ```
    #[must_use]
    pub fn digest(self, label: Label, content: &[u8]) -> Digest {
        Labelled::new(self, label).with(content).finish()
    }

    /// The hash of a file, without a label: what `sha256sum` prints of it in the suite SHA-256 (Spec 17.2).
    ///
    /// ```
    /// use double_random::bytes::Suite;
    /// // printf 'abc' | sha256sum
    /// assert!(Suite::Sha256.file(b"abc").to_string().starts_with("ba7816bf"));
    /// ```
    #[must_use]
    pub fn file(self, bytes: &[u8]) -> Digest {
        self.plain(&[bytes])
    }

    /// `H(label, words joined by single spaces)`.
    #[must_use]
    pub fn words(self, label: Label, words: &[&[u8]]) -> Digest {
        let mut hasher = Labelled::new(self, label);
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                hasher = hasher.with(b" ");
            }
            hasher = hasher.with(word);
        }
        hasher.finish()
    }
}

/// One of the hash functions at work.
#[derive(Debug, Clone)]
pub(crate) enum Hasher {
    Sha256(Sha256),
    Sm3(Sm3),
}

impl Hasher {
    pub(super) fn new(suite: Suite) -> Self {
        match suite {
            Suite::Sha256 => Self::Sha256(Sha256::new()),
            Suite::Sm3 => Self::Sm3(Sm3::new()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sm3(hasher) => hasher.update(bytes),
        }
    }

    /// Takes in these parts, one after the other.
    pub(super) fn with(mut self, parts: &[&[u8]]) -> Self {
        for part in parts {
            self.update(part);
        }
        self
    }

    pub(super) fn finish(self) -> Digest {
        match self {
            Self::Sha256(hasher) => Digest::new(hasher.finalize().into()),
            Self::Sm3(hasher) => Digest::new(hasher.finalize().into()),
        }
    }
}

/// A hash that has already taken in `double-random/1 <label> ` and waits for the content (Spec 3).
///
/// A clone re-uses that beginning. For many texts that differ in their end only, as tickets and salts do,
/// `Prefix` costs less.
#[derive(Debug, Clone)]
pub struct Labelled(Hasher);

impl Labelled {
    /// Starts a digest of this label.
    #[must_use]
    pub fn new(suite: Suite, label: Label) -> Self {
        let mut hasher = Hasher::new(suite);
        for part in [PROTOCOL, " ", label.as_str(), " "] {
            hasher.update(part.as_bytes());
        }
        Self(hasher)
    }

    /// Takes in more content.
    #[must_use]
    pub fn with(mut self, content: &[u8]) -> Self {
        self.0.update(content);
        self
    }

    /// The digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 and GB/T 32905, with their examples.
    #[test]
    fn the_hashes_are_sha_256_and_sm3() {
        let hex = |suite: Suite, text: &str| suite.plain(&[text.as_bytes()]).to_string();
        for (suite, text, expected) in [
            (Suite::Sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (Suite::Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Suite::Sm3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            (
                Suite::Sm3,
                "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
                "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
            ),
        ] {
            assert_eq!(hex(suite, text), expected, "{suite:?} {text}");
        }
    }

    #[test]
    fn a_label_is_a_prefix_of_plain_text() {
        for suite in Suite::ALL {
            let whole = suite.plain(&[b"double-random/1 lot seed A-1"]);
            assert_eq!(suite.words(Label::Lot, &[b"seed", b"A-1"]), whole);
            assert_eq!(Labelled::new(suite, Label::Lot).with(b"se").with(b"ed A-1").finish(), whole);
        }
    }
}
