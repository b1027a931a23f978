//! Compressions of SHA-256 that do not depend on each other, several at a time (FIPS 180-4 section 6.2.2).
//!
//! A processor's instructions for SHA-256 take several cycles each, and one message waits for each of them.
//! Four messages side by side fill these cycles. The compression of the crate `sha2` is the reference: it is
//! used for what is left over, on other processors, and in builds without optimisation, where it is the
//! faster one.
//!
//! The only `unsafe` of the library beside the C interface is here: a call into a function that needs these
//! instructions, once the processor has been asked for them.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "the processor was asked for the instructions")
)]

use sha2::block_api::compress256;

/// Messages that are hashed side by side.
pub(super) const LANES: usize = 4;

/// Every state takes in the block of its place.
///
/// # Panics
/// If there are not as many blocks as states.
pub(super) fn compress(states: &mut [[u32; 8]], blocks: &[&[u8; 64]]) {
    assert_eq!(states.len(), blocks.len(), "a block for every state");
    // The tests of the library take this way always, those of the suite take the other one.
    let slow = cfg!(all(debug_assertions, not(test)));
    let done = if slow { 0 } else { side_by_side(states, blocks) };
    for (state, block) in states.iter_mut().zip(blocks.iter().copied()).skip(done) {
        compress256(state, std::slice::from_ref(block));
    }
}

/// Takes in the blocks of as many states from the first on as fill all lanes. Their number; 0 where the
/// processor cannot.
#[cfg(target_arch = "x86_64")]
fn side_by_side(states: &mut [[u32; 8]], blocks: &[&[u8; 64]]) -> usize {
    use std::arch::is_x86_feature_detected;
    if !(is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1")) {
        return 0;
    }
    let (states, blocks) = (states.as_chunks_mut().0, blocks.as_chunks().0);
    for (states, blocks) in states.iter_mut().zip(blocks) {
        // SAFETY: both features were asked for above; SSE4.1 comes with SSSE3 and SSE2.
        unsafe { x86::compress(states, blocks) }
    }
    LANES * states.len()
}

#[cfg(not(target_arch = "x86_64"))]
fn side_by_side(_: &mut [[u32; 8]], _: &[[u8; 64]]) -> usize {
    0
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::LANES;
    use std::arch::x86_64::*;

    /// The constants of the rounds, four at a time (FIPS 180-4 section 4.2.2).
    const CONSTANTS: [[[u32; 4]; 4]; 4] = [
        [
            [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
            [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
            [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
            [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
        ],
        [
            [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
            [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
            [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
            [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
        ],
        [
            [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
            [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
            [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
            [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
        ],
        [
            [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
            [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
            [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
            [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
        ],
    ];

    /// Four words, the first one lowest.
    #[target_feature(enable = "sse4.1")]
    fn four(words: [u32; 4]) -> __m128i {
        let [a, b, c, d] = words.map(u32::cast_signed);
        _mm_set_epi32(d, c, b, a)
    }

    /// The four words, the first one lowest.
    #[target_feature(enable = "sse4.1")]
    fn words(of: __m128i) -> [u32; 4] {
        let words = [
            _mm_extract_epi32(of, 0),
            _mm_extract_epi32(of, 1),
            _mm_extract_epi32(of, 2),
            _mm_extract_epi32(of, 3),
        ];
        words.map(i32::cast_unsigned)
    }

    /// One block for each of the states. The instructions keep the variables of a round as (f, e, b, a) and
    /// (h, g, d, c), the first one lowest.
    #[target_feature(enable = "sha,sse4.1")]
    pub(super) fn compress(states: &mut [[u32; 8]; LANES], blocks: &[&[u8; 64]; LANES]) {
        let zero = _mm_setzero_si128();
        let (mut abef, mut cdgh, mut schedule) = ([zero; LANES], [zero; LANES], [[zero; 4]; LANES]);
        for lane in 0..LANES {
            let [a, b, c, d, e, f, g, h] = states[lane];
            (abef[lane], cdgh[lane]) = (four([f, e, b, a]), four([h, g, d, c]));
            let (eights, _) = blocks[lane].as_chunks();
            let (pairs, _) = eights.as_chunks();
            for (words, pair) in schedule[lane].iter_mut().zip(pairs) {
                let [low, high] = pair.map(i64::from_le_bytes);
                // Words are big-endian.
                let turned = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
                *words = _mm_shuffle_epi8(_mm_set_epi64x(high, low), turned);
            }
        }
        let (abef_before, cdgh_before) = (abef, cdgh);
        // Groups of four steps, so that each step has its words in registers.
        for (group, constants) in CONSTANTS.iter().enumerate() {
            for (step, constants) in constants.iter().enumerate() {
                let constants = four(*constants);
                for lane in 0..LANES {
                    let round = _mm_add_epi32(schedule[lane][step], constants);
                    cdgh[lane] = _mm_sha256rnds2_epu32(cdgh[lane], abef[lane], round);
                    abef[lane] =
                        _mm_sha256rnds2_epu32(abef[lane], cdgh[lane], _mm_shuffle_epi32(round, 0x0e));
                }
                if group < 3 {
                    for words in &mut schedule {
                        let [w0, w4, w8, w12] = [0, 1, 2, 3].map(|after| words[(step + after) % 4]);
                        let w9 = _mm_alignr_epi8(w12, w8, 4);
                        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w4), w9);
                        words[step] = _mm_sha256msg2_epu32(sum, w12);
                    }
                }
            }
        }
        for lane in 0..LANES {
            let [f, e, b, a] = words(_mm_add_epi32(abef[lane], abef_before[lane]));
            let [h, g, d, c] = words(_mm_add_epi32(cdgh[lane], cdgh_before[lane]));
            states[lane] = [a, b, c, d, e, f, g, h];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Suite;

    /// Any states and any blocks, against the crate's compression.
    #[test]
    fn lanes_compress_as_the_crate_does() {
        let mut text = 0_u64;
        let mut words = || {
            text += 1;
            let digest = Suite::Sha256.plain(&[&text.to_be_bytes()]);
            let (words, _) = digest.as_bytes().as_chunks();
            <[[u8; 4]; 8]>::try_from(words).unwrap().map(u32::from_be_bytes)
        };
        for number in (0..14).cycle().take(280) {
            let mut states: Vec<[u32; 8]> = (0..number).map(|_| words()).collect();
            let block = |half: [u32; 8]| half.map(u32::to_be_bytes).concat();
            let blocks: Vec<[u8; 64]> =
                (0..number).map(|_| [block(words()), block(words())].concat().try_into().unwrap()).collect();
            let blocks: Vec<&[u8; 64]> = blocks.iter().collect();
            let mut one_by_one = states.clone();
            for (state, block) in one_by_one.iter_mut().zip(blocks.iter().copied()) {
                compress256(state, std::slice::from_ref(block));
            }
            let mut at_once = states.clone();
            let done = side_by_side(&mut at_once, &blocks);
            assert!(done == 0 || done == number / LANES * LANES, "{done} of {number}");
            assert_eq!((&at_once[..done], &at_once[done..]), (&one_by_one[..done], &states[done..]));
            compress(&mut states, &blocks);
            assert_eq!(states, one_by_one);
        }
    }
}
