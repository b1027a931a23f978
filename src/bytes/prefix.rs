//! A hash with a constant beginning, which is hashed once for all texts that begin with it (Spec 3, 4.1 and
//! 6.1).

use super::lanes::{self, LANES};
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

    /// The hashes of the constant text with each of these ends, in their order.
    pub(crate) fn each<E: AsRef<[u8]>>(&self, ends: &[E]) -> Vec<Digest> {
        match self {
            Self::Sha256(midstate) => {
                let mut digests = Vec::with_capacity(ends.len());
                ends.chunks(LANES).for_each(|ends| midstate.side_by_side(ends, &mut digests));
                digests
            }
            Self::Other(_) => ends.iter().map(|end| self.finish(end.as_ref())).collect(),
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

    /// hash(tag ‖ data) of each of these data, in their order.
    pub(super) fn tagged_each<E: AsRef<[u8]>>(self, tag: u8, data: &[E]) -> Vec<Digest> {
        Prefix::new(self, &[&[tag]]).each(data)
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

    /// Number of blocks from the unfilled one on, with this end, the bit behind it and the length.
    fn blocks(&self, end: &[u8]) -> usize {
        (self.filled + end.len() + 9).div_ceil(64)
    }

    /// Writes one of these blocks, counted from 0, into its place: what is copied after it was written waits
    /// for the copy (FIPS 180-4 section 5.1.1).
    #[inline]
    fn write(&self, end: &[u8], number: usize, block: &mut [u8; 64]) {
        let begins = if number == 0 { self.filled } else { 0 };
        *block = if number == 0 { self.block } else { [0; 64] };
        // Nothing is left of the end behind the block in which its last byte stands with the bit behind it.
        if let Some(rest) = end.get(64 * number + begins - self.filled..) {
            let here = &rest[..rest.len().min(64 - begins)];
            block[begins..begins + here.len()].copy_from_slice(here);
            if let Some(behind) = block.get_mut(begins + here.len()) {
                *behind = 0x80;
            }
        }
        if number + 1 == self.blocks(end) {
            let bits = 8 * u64::try_from(self.length + end.len()).expect("a length fits 64 bits");
            block[56..].copy_from_slice(&bits.to_be_bytes());
        }
    }

    /// The blocks that the end fills, from the block of this number on.
    #[inline]
    fn filled_by<'a>(&self, end: &'a [u8], number: usize) -> &'a [[u8; 64]] {
        let from = (64 * number).checked_sub(self.filled);
        from.and_then(|from| end.get(from..)).map_or(&[], |rest| rest.as_chunks().0)
    }

    fn finish(&self, end: &[u8]) -> Digest {
        self.finish_from(self.state, end, 0)
    }

    /// The digest, from the state before the block of this number.
    #[inline]
    fn finish_from(&self, mut state: [u32; 8], end: &[u8], mut number: usize) -> Digest {
        let (blocks, mut block) = (self.blocks(end), [0; 64]);
        while number < blocks {
            let filled = self.filled_by(end, number);
            if filled.is_empty() {
                self.write(end, number, &mut block);
                compress256(&mut state, std::slice::from_ref(&block));
                number += 1;
            } else {
                compress256(&mut state, filled);
                number += filled.len();
            }
        }
        let mut digest = [0; 32];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
            *bytes = word.to_be_bytes();
        }
        Digest::new(digest)
    }

    /// The digests with at most [`LANES`] ends: the blocks that all of them have, side by side, then the
    /// others.
    fn side_by_side<E: AsRef<[u8]>>(&self, ends: &[E], digests: &mut Vec<Digest>) {
        let common = ends.iter().map(|end| self.blocks(end.as_ref())).min().unwrap_or(0);
        let (mut states, mut written) = ([self.state; LANES], [[0; 64]; LANES]);
        for number in 0..common {
            let mut blocks = [&[0; 64]; LANES];
            for ((block, written), end) in blocks.iter_mut().zip(&mut written).zip(ends) {
                *block = match self.filled_by(end.as_ref(), number) {
                    [block, ..] => block,
                    [] => {
                        self.write(end.as_ref(), number, written);
                        written
                    }
                };
            }
            lanes::compress(&mut states[..ends.len()], &blocks[..ends.len()]);
        }
        for (end, state) in ends.iter().zip(states) {
            digests.push(self.finish_from(state, end.as_ref(), common));
        }
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
            for begin in [0, 1, 54, 55, 56, 63, 64, 92] {
                let prefix = Prefix::new(suite, &[&text[..begin]]);
                for ends in [0, 1, 3, 4, 5, 9, 64] {
                    let ends: Vec<&[u8]> = (0..ends).map(|i| &text[begin..][..i * 37 % 211]).collect();
                    let one_by_one: Vec<Digest> = ends.iter().map(|end| prefix.finish(end)).collect();
                    assert_eq!(prefix.each(&ends), one_by_one, "{suite:?} {begin} {}", ends.len());
                }
            }
            for end in 0..200 {
                assert_eq!(suite.tagged(7, &text[..end]), suite.plain(&[&[7], &text[..end]]), "{end}");
            }
        }
    }
}
