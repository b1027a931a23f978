//! Seeds of simulated rounds: they decide nothing (Spec 3, label `study`).

use super::Key;
use super::picks::credited;
use crate::bytes::{Digest, Label, Suite};
use crate::odds::ONE;

/// The seed with this number of a list that a text stands for.
pub(crate) fn named_seed(suite: Suite, text: &str, number: u64) -> Digest {
    suite.words(Label::Study, &[text.as_bytes(), number.to_string().as_bytes()])
}

/// The seed of one round of a simulated year.
pub(crate) fn round_seed(key: &Key, round: u64) -> Digest {
    key.hash(Label::Study, &[round.to_string().as_bytes()])
}

/// Whether a simulated visit is missed, with this probability (billionths). `key` holds the seed of the
/// round.
pub(crate) fn missed(key: &Key, unit: &str, probability: u64) -> bool {
    // The coin of a control pick, under a seed that nothing else uses.
    credited(&key.derive(Label::Study, &[]), unit, ONE, probability)
}
