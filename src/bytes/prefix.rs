//! A hash with a constant beginning, which is hashed once for all texts that begin with it (Spec 3, 4.1 and
//! 6.1).

use super::suite::Hasher;
use super::{Digest, Label, PROTOCOL, Suite};
use sha2::block_api::compress256;
use std::fmt;

/// The state of SHA-256 before the first block (FIPS 180-4 section 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A hash that has taken in a constant text and is finished again and again, each time with another end.
///
/// With SHA-256 an end that leaves nine bytes of the last block costs one compression. A ticket does (85
/// bytes, then a pseudonym of 32), and so does the secret of a unit (92 bytes, then a credit code of 18). The
/// crates of other hashes have no public compression function. There the hasher is cloned, which saves the
/// same blocks and copies more.
#[derive(Clone)]
pub(crate) enum Prefix {
    Sha256(Midstate),
    Other(Hasher),
}

impl Prefix {
    /// Takes in the constant text: these parts, one after the other.
    pub(crate) fn new(suite: Suite, parts: &[&[u8]]) -> Self {
        match suite {
            Suite::Sha256 => Self::Sha256(Midstate::new(&parts.concat())),
            other => Self::Other(Hasher::new(other).with(parts)),
        }
    }

    /// Takes in `double-random/1 <label> <key> <words> `, with a space behind every word.
    /// [`finish`](Self::finish) takes the last word.
    pub(crate) fn labelled(suite: Suite, label: Label, key: &Digest, words: &[&[u8]]) -> Self {
        let hex = key.hex();
        let mut parts = vec![PROTOCOL.as_bytes(), b" ", label.as_str().as_bytes(), b" ", &hex, b" "];
        parts.extend(words.iter().flat_map(|word| [*word, b" "]));
        Self::new(suite, &parts)
    }

    /// The hash of the constant text and this end.
    pub(crate) fn finish(&self, end: &[u8]) -> Digest {
        match self {
            Self::Sha256(midstate) => midstate.finish(end),
            Self::Other(hasher) => hasher.clone().with(&[end]).finish(),
        }
    }
}

impl Suite {
    /// hash(tag ‖ data), the form of leaves and nodes (Spec 4.3).
    pub(super) fn tagged(self, tag: u8, data: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Midstate::short(&[tag]).finish(data),
            other => other.plain(&[&[tag], data]),
        }
    }
}

/// Never shows the state, which may stand for a salt key or for a seed that is not disclosed yet.
impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prefix(…)")
    }
}

/// SHA-256 after some bytes.
#[derive(Clone)]
pub(crate) struct Midstate {
    /// The state after the whole blocks.
    state: [u32; 8],
    /// The bytes after them, then zeros.
    block: [u8; 64],
    /// Number of these bytes.
    filled: usize,
    /// Number of all bytes.
    length: usize,
}

impl Midstate {
    fn new(text: &[u8]) -> Self {
        let (blocks, rest) = text.as_chunks();
        let mut midstate = Self { length: text.len(), ..Self::short(rest) };
        compress256(&mut midstate.state, blocks);
        midstate
    }

    /// After a text that fills no block.
    fn short(text: &[u8]) -> Self {
        let mut block = [0; 64];
        block[..text.len()].copy_from_slice(text);
        Self { state: START, block, filled: text.len(), length: text.len() }
    }

    fn finish(&self, end: &[u8]) -> Digest {
        let mut state = self.state;
        // The last block, and one more for the length where that does not fit it.
        let mut last = [[0; 64]; 2];
        last[0] = self.block;
        let (mut filled, mut rest) = (self.filled, end);
        if let Some((head, more)) = end.split_at_checked(64 - filled) {
            last[0][filled..].copy_from_slice(head);
            compress256(&mut state, &last[..1]);
            let (blocks, tail) = more.as_chunks();
            compress256(&mut state, blocks);
            (last[0], filled, rest) = ([0; 64], 0, tail);
        }
        last[0][filled..filled + rest.len()].copy_from_slice(rest);
        last[0][filled + rest.len()] = 0x80;
        let blocks = if filled + rest.len() < 56 { 1 } else { 2 };
        let bits = 8 * u64::try_from(self.length + end.len()).expect("a length fits 64 bits");
        last[blocks - 1][56..].copy_from_slice(&bits.to_be_bytes());
        compress256(&mut state, &last[..blocks]);
        let mut digest = [0; 32];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        Digest::new(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way in which a beginning and an end can meet the borders of blocks.
    #[test]
    fn a_prefix_and_an_end_hash_as_the_whole_text() {
        let text: Vec<u8> = (0..400u32).map(|i| u8::try_from(i * i % 251).unwrap()).collect();
        for suite in Suite::ALL {
            for begin in 0..200 {
                let prefix = Prefix::new(suite, &[&text[..begin / 2], &text[begin / 2..begin]]);
                for end in begin..begin + 200 {
                    assert_eq!(
                        prefix.finish(&text[begin..end]),
                        suite.plain(&[&text[..end]]),
                        "{suite:?} {begin} {end}"
                    );
                }
            }
            for end in 0..200 {
                assert_eq!(suite.tagged(7, &text[..end]), suite.plain(&[&[7], &text[..end]]), "{end}");
            }
        }
    }
}
