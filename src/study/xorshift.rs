//! `Math.random` of browsers and Node (V8): the state of xorshift128+ (Vigna 2017) from units in the order in
//! which they were drawn.
//!
//! V8 shows only the first word of the state, and so every output bit is a sum of bits of the state, without
//! carries. The row that was drawn says the first bits of an output. Some 150 known bits give the 128 unknown
//! ones, and the bits beyond 128 show whether the list follows from such a generator at all. V8 makes 64
//! values at once and gives them out last first, so that values are read backwards as well. Other programs
//! add the two words of the state; what they drew is not found here.

use std::collections::BTreeSet;

/// How a script takes rows with `Math.random`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptTaking {
    /// `rows[Math.floor(Math.random() * rows.length)]`, again where it was drawn before.
    Picks,
    /// `rows.splice(Math.floor(Math.random() * rows.length), 1)`.
    Splice,
}

/// A part of a list that follows from one state of the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptState {
    /// How rows were taken.
    pub taking: ScriptTaking,
    /// The first draw of the part, from 0.
    pub first: usize,
    /// How many draws the part has: all of them are derived again from the state.
    pub draws: usize,
    /// The state before the output of one end of the part.
    pub state: [u64; 2],
    /// Known bits beyond the 128 of the state: chance agrees with them once in 2 to this power.
    pub spare: u32,
}

/// One step of the generator, as V8 makes it.
#[must_use]
pub fn step(state: [u64; 2]) -> [u64; 2] {
    let [mut one, other] = state;
    one ^= one << 23;
    one ^= one >> 17;
    [other, one ^ other ^ other >> 26]
}

/// Looks for a state from which a run of at least 152 known bits follows. `drawn` are positions of `rows`
/// rows in the order of the draw. `None` if no run is found, or too little is known: of 1,000 rows some
/// twenty draws in a row without a repetition are needed.
#[must_use]
pub fn script_state(rows: u32, drawn: &[u32]) -> Option<ScriptState> {
    let distinct: BTreeSet<u32> = drawn.iter().copied().collect();
    if distinct.len() != drawn.len() || drawn.iter().any(|row| *row >= rows) {
        return None;
    }
    for taking in [ScriptTaking::Splice, ScriptTaking::Picks] {
        let mut outputs = Vec::new();
        let mut before: Vec<u32> = Vec::new();
        for row in drawn {
            let smaller = before.partition_point(|other| other < row);
            let (gone, left) = (width(smaller), width(before.len()));
            outputs.push(match taking {
                ScriptTaking::Splice => (row - gone, rows - left),
                ScriptTaking::Picks => (*row, rows),
            });
            before.insert(smaller, *row);
        }
        for first in 0..outputs.len() {
            // The shortest run with enough bits, then as much of it as follows.
            let mut bits = 0;
            let mut end = first;
            while bits < 152 && end < outputs.len() {
                bits += known(outputs[end]).1;
                end += 1;
            }
            if bits < 152 {
                break;
            }
            let run = &outputs[first..end];
            let backwards: Vec<(u32, u32)> = run.iter().rev().copied().collect();
            for run in [run, &backwards] {
                if let Some(state) = solve(run) {
                    return Some(ScriptState { taking, first, draws: run.len(), state, spare: bits - 128 });
                }
            }
        }
    }
    None
}

fn width(length: usize) -> u32 {
    u32::try_from(length).expect("at most the number of rows")
}

/// The first bits that all outputs with this value below this bound share, and how many they are.
fn known((value, bound): (u32, u32)) -> (u64, u32) {
    let edge = |value: u64| (u128::from(value) << 64).div_ceil(u128::from(bound));
    let least = u64::try_from(edge(u64::from(value))).expect("a value below its bound");
    let most = u64::try_from(edge(u64::from(value) + 1) - 1).expect("at most 64 bits");
    (least, (least ^ most).leading_zeros())
}

/// The state whose outputs have the known bits, if there is exactly one and it gives every value.
fn solve(run: &[(u32, u32)]) -> Option<[u64; 2]> {
    // Bit b of word w of the state, as the sum of the bits of the first state that the mask names.
    let mut words = [[0u128; 64]; 2];
    for (place, mask) in words.as_flattened_mut().iter_mut().enumerate() {
        *mask = 1 << place;
    }
    let mut pivots: Vec<Option<(u128, bool)>> = vec![None; 128];
    for value in run {
        words = symbolic(words);
        let (bits, count) = known(*value);
        for place in (0..64).rev().take(usize::try_from(count).expect("at most 64")) {
            let (mut mask, mut sum) = (words[0][place], bits >> place & 1 == 1);
            while mask != 0 {
                let top = usize::try_from(mask.ilog2()).expect("below 128");
                match pivots[top] {
                    Some((other, part)) => (mask, sum) = (mask ^ other, sum ^ part),
                    None => {
                        pivots[top] = Some((mask, sum));
                        break;
                    }
                }
            }
            if mask == 0 && sum {
                return None;
            }
        }
    }
    let mut bits = 0u128;
    for (place, pivot) in pivots.into_iter().enumerate() {
        let (mask, sum) = pivot?;
        if sum ^ ((mask & bits).count_ones() % 2 == 1) {
            bits |= 1 << place;
        }
    }
    let word = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).expect("64 bits");
    let first = [word(bits), word(bits >> 64)];
    let mut state = first;
    run.iter()
        .all(|(value, bound)| {
            state = step(state);
            (u128::from(state[0] >> 11) * u128::from(*bound)) >> 53 == u128::from(*value)
        })
        .then_some(first)
}

fn symbolic(words: [[u128; 64]; 2]) -> [[u128; 64]; 2] {
    let [mut one, other] = words;
    for place in (23..64).rev() {
        one[place] ^= one[place - 23];
    }
    for place in 0..64 - 17 {
        one[place] ^= one[place + 17];
    }
    for (place, mask) in one.iter_mut().enumerate() {
        *mask ^= other[place] ^ other.get(place + 26).copied().unwrap_or(0);
    }
    [other, one]
}
