//! Labelled streams of 64-bit words, unbiased bounded integers, shuffles and coins (Spec 7).

use super::Key;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of words for one purpose: ChaCha20 keyed by the label and the seed (Spec 7.1).
///
/// Each purpose has a stream of its own, so the number of words that one uses never changes another.
#[derive(Debug, Clone)]
pub struct Words(ChaCha20Rng);

impl Words {
    /// Opens the stream of this label. Labels are words without spaces.
    #[must_use]
    pub fn new(label: &str, seed: &Key) -> Self {
        Self(ChaCha20Rng::from_seed(*seed.stream(label).as_bytes()))
    }

    /// The next word: eight bytes of the keystream, little-endian.
    pub fn next_word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A uniform integer of `0..n` (Spec 7.2).
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        below(n, || self.next_word())
    }

    /// Puts the elements in uniformly random order (Spec 7.3).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let bound = u64::try_from(i).expect("a list index fits 64 bits") + 1;
            let other = usize::try_from(self.below(bound)).expect("below a list index");
            list.swap(i, other);
        }
    }

    /// One fair coin: the lowest bit of the next word (Spec 7.4).
    pub fn coin(&mut self) -> bool {
        self.next_word() & 1 == 1
    }
}

/// A uniform integer of `0..n` from uniform words (Spec 7.2; Lemire 2019, "Fast random integer generation in
/// an interval").
///
/// The result is unbiased: of the 2⁶⁴ words, those with a low part below 2⁶⁴ mod n are rejected, and every
/// result has exactly ⌊2⁶⁴/n⌋ of the others.
///
/// # Panics
/// If `n` is 0.
pub fn below(n: u64, mut word: impl FnMut() -> u64) -> u64 {
    assert!(n > 0, "below(0) asks for a number under nothing");
    let mut split = || {
        let product = u128::from(word()) * u128::from(n);
        let low = u64::try_from(product & u128::from(u64::MAX)).expect("masked to 64 bits");
        (u64::try_from(product >> 64).expect("the upper half of 128 bits"), low)
    };
    let (mut high, mut low) = split();
    if low < n {
        let threshold = n.wrapping_neg() % n;
        while low < threshold {
            (high, low) = split();
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keystream_is_that_of_rfc_8439() {
        // Appendix A.1, test vector 1: zero key, zero nonce, counter 0.
        let mut stream = Words(ChaCha20Rng::from_seed([0; 32]));
        let expected = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7\
                        da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586";
        let bytes: String =
            (0..8).flat_map(|_| stream.next_word().to_le_bytes()).map(|b| format!("{b:02x}")).collect();
        assert_eq!(bytes, expected);
    }

    /// The words at the two ends of every result's range, for bounds around powers of two: the first accepted
    /// word of a result gives it, the word before gives the result before or is thrown away, and the number
    /// of accepted words is ⌊2⁶⁴/n⌋ for each.
    #[test]
    fn below_gives_every_result_the_same_number_of_words() {
        let whole = 1u128 << 64;
        for n in
            [1, 2, 3, 5, 10, 255, 256, 257, (1 << 32) + 1, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX]
        {
            let wide = u128::from(n);
            let threshold = whole % wide;
            for result in [0, 1, n / 2, n - 1].into_iter().filter(|r| *r < n) {
                // Words x with ⌊x·n/2⁶⁴⌋ = result and low part at least the threshold: x from first to last.
                let first = (u128::from(result) * whole + threshold).div_ceil(wide);
                let last = ((u128::from(result) + 1) * whole - 1) / wide;
                assert_eq!(last - first + 1, whole / wide, "{n} {result}");
                for word in [first, last] {
                    let word = u64::try_from(word).unwrap();
                    assert_eq!(below(n, || word), result, "{n}");
                }
                if let Some(before) = first.checked_sub(1).and_then(|x| u64::try_from(x).ok()) {
                    let mut words = vec![u64::try_from(first).unwrap(), before];
                    let taken = below(n, || words.pop().unwrap());
                    assert!(taken == result || taken + 1 == result, "{n} {result}: {taken}");
                }
            }
        }
    }
}
