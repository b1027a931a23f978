//! The seed of a draw, and the form of everything that is hashed from it (Spec 3 and 8.1).

use crate::bytes::{Digest, Label, Labelled, Prefix, Suite};

/// The seed of a draw: `H("seed", "<seal> <source>=<value> … secret=<hex>")` (Spec 8.1).
///
/// `seal` is the digest of the seal, `values` are the ids of the beacon's sources with their values in the
/// order of the seal, and `secret` is that of deferred disclosure.
#[must_use]
pub fn seed<'a>(
    suite: Suite,
    seal: &Digest,
    values: impl IntoIterator<Item = (&'a str, &'a str)>,
    secret: Option<&Digest>,
) -> Digest {
    let mut text = seal.to_string();
    for (source, value) in values {
        text.extend([" ", source, "=", value]);
    }
    if let Some(secret) = secret {
        text.extend([" secret=", &secret.to_string()]);
    }
    suite.digest(Label::Seed, text.as_bytes())
}

/// A seed with the suite of its draw. Other rooms can make one and hand it to this room. They can derive
/// nothing from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    suite: Suite,
    seed: Digest,
}

impl Key {
    /// Joins a suite and a seed.
    #[must_use]
    pub const fn new(suite: Suite, seed: Digest) -> Self {
        Self { suite, seed }
    }

    /// The hash function of the draw.
    pub(super) const fn suite(&self) -> Suite {
        self.suite
    }

    /// The seed itself, as it stands in texts.
    pub(super) const fn digest(&self) -> &Digest {
        &self.seed
    }

    /// `H(label, "<seed> <words joined by single spaces>")`, the form of every digest that follows from a
    /// seed.
    pub(super) fn hash(&self, label: Label, words: &[&[u8]]) -> Digest {
        let begin = Labelled::new(self.suite, label).with(&self.seed.hex());
        words.iter().fold(begin, |hash, word| hash.with(b" ").with(word)).finish()
    }

    /// The same digest as the seed of further ones.
    pub(super) fn derive(&self, label: Label, words: &[&[u8]]) -> Self {
        Self { seed: self.hash(label, words), ..*self }
    }

    /// `H(label, "<seed> <words> …")` for many texts that differ in their last word only: [`Prefix::finish`]
    /// takes that one.
    pub(super) fn prefix(&self, label: Label, words: &[&[u8]]) -> Prefix {
        Prefix::labelled(self.suite, label, &self.seed, words)
    }

    /// `H("stream", "<stream> <seed>")`: the key of a word stream (Spec 7.1).
    pub(super) fn stream(&self, stream: &str) -> Digest {
        self.suite.words(Label::Stream, &[stream.as_bytes(), &self.seed.hex()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_of_a_seed_is_the_hash_of_plain_text() {
        for suite in Suite::ALL {
            let key = Key::new(suite, Digest::ZERO);
            let text = format!("double-random/1 node {} a/b 5", Digest::ZERO);
            let whole = suite.plain(&[text.as_bytes()]);
            assert_eq!(key.hash(Label::Node, &[b"a/b", b"5"]), whole);
            assert_eq!(key.prefix(Label::Node, &[b"a/b"]).finish(b"5"), whole);
            assert_eq!(key.prefix(Label::Node, &[]).finish(b"a/b 5"), whole);
            assert_eq!(key.derive(Label::Node, &[b"a/b", b"5"]), Key::new(suite, whole));
            let seal = Digest::new([1; 32]);
            let text = format!("double-random/1 seed {seal} dice=123 drand=ab secret={}", Digest::ZERO);
            let made = seed(suite, &seal, [("dice", "123"), ("drand", "ab")], Some(&Digest::ZERO));
            assert_eq!(made, suite.plain(&[text.as_bytes()]));
        }
    }
}
