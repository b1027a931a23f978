//! Bytes that are hashed: canonical JSON, labelled digests, RFC 6962 trees.
//!
//! Only this room makes the bytes that reach a seal. Everything that it accepts has exactly one spelling, so
//! an auditor can recompute any digest with a page of code in another language (Spec 2 to 4).

mod base64;
pub(crate) mod batch;
mod inclusion;
mod json;
mod lanes;
mod names;
mod prefix;
mod salt;
mod suite;
mod tree;
mod written;

pub(crate) use base64::{from_base64, to_base64};
pub use inclusion::Inclusion;
pub(crate) use json::Buffer;
pub use json::{decode, encode};
pub(crate) use names::names;
pub(crate) use prefix::Prefix;
pub(crate) use salt::UnitSecrets;
pub use salt::{Half, HalfError, SaltKey, UnitSecret};
pub use suite::{Labelled, Suite};
pub(crate) use tree::heights;
pub use tree::{Frontier, Run, Tree, consistent, root_from_path};
pub(crate) use written::of_parser;
pub use written::{JsonError, written};

use crate::id::read_text;
use crate::message::{AsParam, Coded, Message, as_text, said};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The protocol string, first word of every hashed text and a field of every document (Spec 1.1).
pub const PROTOCOL: &str = "double-random/1";

/// Deserialises from [`PROTOCOL`] only. Documents of another protocol are refused (Spec 1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Protocol;

impl Serialize for Protocol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(PROTOCOL)
    }
}

impl<'de> Deserialize<'de> for Protocol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| match text {
            PROTOCOL => Ok(Self),
            _ => Err(format!(
                "protocol {text:?} is not {PROTOCOL:?}: this verifier cannot read it, get one that can"
            )),
        })
    }
}

/// Which document a file is: its field `document` (Spec 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Document {
    /// The rules as written.
    Policy,
    /// The sampling frame, for auditors.
    Frame,
    /// The officers and recusals, for auditors.
    Roster,
    /// The state of the year, for auditors.
    Cycle,
    /// The published commitment.
    Seal,
    /// The published outcome.
    Record,
    /// What one institution gets when the frame is sealed.
    Receipt,
    /// That an id is not on the frame.
    Absence,
    /// What the draw gave one institution.
    Outcome,
    /// One visit of a draw that is not disclosed yet.
    Opening,
    /// What a draw is to the cycle, for auditors.
    Drawn,
    /// What is known of the conduct of institutions, for auditors.
    Dossier,
    /// Rules with their citations.
    Pack,
    /// The annual programme.
    Programme,
    /// What was counted of some rows of a frame.
    Part,
    /// The candidates among some rows of a frame.
    Selected,
    /// The root of a lower authority's rows.
    Register,
    /// The salt keys of registers, for auditors.
    Registers,
    /// The rows of one register as they stand in a sealed frame, for its authority.
    Intake,
}

impl Document {
    /// Refuses a document of another kind.
    pub(crate) fn expect(self, wanted: Self) -> Result<(), JsonError> {
        if self == wanted {
            return Ok(());
        }
        let word = |kind: Self| format!("{kind:?}").to_lowercase();
        let (found, wanted) = (word(self), word(wanted));
        let message = said!("form.document", "this is a {found}, a {wanted} was expected", found, wanted);
        Err(JsonError::Schema { message })
    }
}

/// 32 bytes: a digest, a key or a seed. Shown and written as 64 lower-case hexadecimal digits (Spec 1.5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not 64 lower-case hexadecimal digits")]
pub struct DigestError {
    text: String,
}

impl Coded for DigestError {
    fn message(&self) -> Message {
        Message::new("digest", self.to_string(), [("text", self.text.param())])
    }
}

as_text!(Digest, Half);

impl Digest {
    /// 32 zero bytes: the `previous` of a first seal.
    pub const ZERO: Self = Self([0; 32]);

    /// Wraps 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Another length, another character, or an upper-case digit.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let error = || DigestError { text: text.chars().take(80).collect() };
        let mut bytes = [0; 32];
        unhex(text, &mut bytes).ok_or_else(error)?;
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits as bytes, for texts that are hashed without going through the heap.
    #[must_use]
    pub fn hex(&self) -> [u8; 64] {
        let mut hex = [0; 64];
        digits(&self.0, &mut hex);
        hex
    }
}

/// Writes two hexadecimal digits for each byte.
#[inline]
fn digits(bytes: &[u8], hex: &mut [u8]) {
    // Arithmetic instead of a table lets the compiler make many digits at once.
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    for (pair, byte) in hex.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
}

/// Fills bytes from lower-case hexadecimal digits, two for each. `None` if the text has other characters or
/// another length.
pub(crate) fn unhex(text: &str, bytes: &mut [u8]) -> Option<()> {
    if text.len() != 2 * bytes.len() {
        return None;
    }
    let mut wrong = 0;
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks().0) {
        let [high, low] = pair.map(|digit| NIBBLES[usize::from(digit)]);
        *byte = high << 4 | low & 15;
        wrong |= high | low;
    }
    (wrong < 16).then_some(())
}

/// The value of every lower-case hexadecimal digit, and 255 for every other byte.
const NIBBLES: [u8; 256] = {
    let mut nibbles = [u8::MAX; 256];
    let mut value = 0u8;
    while value < 16 {
        nibbles[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    nibbles
};

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, Self::parse)
    }
}

/// The purpose of a digest. The list is closed, so that no two purposes hash the same bytes (Spec 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The seal document.
    Seal,
    /// The policy document.
    Policy,
    /// The cell table.
    Cells,
    /// The salted recusal list.
    Recusals,
    /// The salted cycle.
    Cycle,
    /// A salt.
    Salt,
    /// The commitment to the secret of deferred disclosure.
    Secret,
    /// The record document.
    Record,
    /// The chance table of the teams.
    Table,
    /// The order of siblings in the stratum tree.
    Node,
    /// The order of cells of one path.
    Cell,
    /// The start of the systematic walk.
    Start,
    /// A unit's ticket.
    Lot,
    /// The key of a word stream.
    Stream,
    /// The lead's ticket.
    Lead,
    /// The seed.
    Seed,
    /// Whether a pick is a control pick.
    Control,
    /// The phase with which a unit begins.
    Phase,
    /// The seed of a subsample.
    Stage,
    /// The order in which visits get their days.
    Day,
    /// The order in which officers replace one who drops out.
    Reserve,
    /// The commitment to a party's share of the beacon.
    Share,
    /// The salted event of a draw.
    Drawn,
    /// A line of the ledger.
    Entry,
    /// The salted content of a closed line of the ledger.
    Content,
    /// The salted dossier.
    Dossier,
    /// A rule pack.
    Pack,
    /// An annual programme.
    Programme,
    /// Roster and rules of an authority that will draw teams for picks of another.
    Ready,
    /// A simulated draw of a study, which decides nothing.
    Study,
}

impl Label {
    /// The label's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Policy => "policy",
            Self::Cells => "cells",
            Self::Recusals => "recusals",
            Self::Cycle => "cycle",
            Self::Salt => "salt",
            Self::Secret => "secret",
            Self::Record => "record",
            Self::Table => "table",
            Self::Node => "node",
            Self::Cell => "cell",
            Self::Start => "start",
            Self::Lot => "lot",
            Self::Stream => "stream",
            Self::Lead => "lead",
            Self::Seed => "seed",
            Self::Control => "control",
            Self::Phase => "phase",
            Self::Stage => "stage",
            Self::Day => "day",
            Self::Reserve => "reserve",
            Self::Share => "share",
            Self::Drawn => "drawn",
            Self::Entry => "entry",
            Self::Content => "content",
            Self::Dossier => "dossier",
            Self::Pack => "pack",
            Self::Programme => "programme",
            Self::Ready => "ready",
            Self::Study => "study",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_have_one_spelling() {
        let text = "00ff".repeat(16);
        assert_eq!(Digest::parse(&text).unwrap().to_string(), text);
        for wrong in ["00FF".repeat(16), "00f".repeat(16), "00fg".repeat(16), "é".repeat(32), String::new()]
        {
            assert!(Digest::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
