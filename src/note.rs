//! Notes: a short text with signatures, as witnesses of transparency logs sign them (C2SP signed-note; Spec
//! 18).
//!
//! A checkpoint of the ledger, a seal and a record have one text each. Reading and writing needs nothing;
//! making and checking signatures is the optional feature `signatures` (Ed25519).

use crate::bytes::{Digest, PROTOCOL, Suite, consistent, from_base64, to_base64};
use crate::id::Code;
use crate::message::{Message, coded, said};
use crate::record::Record;
use crate::seal::Seal;
use crate::table::{is_hidden, is_space};
use std::fmt;

/// Begins every signature line.
const DASH: &str = "\u{2014} ";

/// Why a text is no note, no key, or no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// The text breaks a rule of notes.
    #[error("no note: {rule}")]
    Form {
        /// The rule.
        rule: Message,
    },
    /// A key text is not `<name>+<id>+<base64>`, or its id is not its own.
    #[error("{text:?} is no key: <name>+<8 hexadecimal digits>+<base64 of the type and 32 bytes>")]
    Key {
        /// The text, shortened.
        text: String,
    },
    /// A note of something else than a checkpoint.
    #[error("the text is no checkpoint: origin, size and root on three lines")]
    Checkpoint,
}

coded! { NoteError {
    Form { rule } => "note.form",
    Key { text } => "note.key",
    Checkpoint {} => "note.checkpoint",
} }

/// What a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyKind {
    /// Texts of any kind (type `01`).
    Text,
    /// Checkpoints that it has seen, with the time (type `04`): a witness.
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Witness => 4,
        }
    }
}

/// A public key with its owner's name (Spec 18.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoteKey {
    name: String,
    kind: KeyKind,
    bytes: [u8; 32],
}

/// A name that can stand in a signature line.
fn named(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| is_space(c) || is_hidden(c) || c == '+')
}

impl NoteKey {
    /// Joins a name, without spaces and `+`, and an Ed25519 public key.
    ///
    /// # Errors
    /// A name that cannot stand in a signature line.
    pub fn new(name: &str, kind: KeyKind, bytes: [u8; 32]) -> Result<Self, NoteError> {
        let key = || Self { name: name.to_owned(), kind, bytes };
        named(name)
            .then(key)
            .ok_or_else(|| NoteError::Form { rule: said!("note.rule.name", "a name without spaces and '+'") })
    }

    /// Reads a key text.
    ///
    /// # Errors
    /// Another form, an unknown type, or an id that is not the key's.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let read = || {
            let (name, rest) = text.split_once('+')?;
            let (_, data) = rest.split_once('+')?;
            let data = from_base64(data)?;
            let (kind, bytes) = data.split_first()?;
            let kind = [KeyKind::Text, KeyKind::Witness].into_iter().find(|known| known.byte() == *kind)?;
            let key = Self::new(name, kind, bytes.try_into().ok()?).ok()?;
            (key.to_string() == text).then_some(key)
        };
        read().ok_or_else(|| NoteError::Key { text: text.chars().take(120).collect() })
    }

    /// The owner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The Ed25519 public key.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// First four bytes of SHA-256(name, newline, type, key): finds the signature, proves nothing.
    fn id(&self) -> [u8; 4] {
        let hash = Suite::Sha256.plain(&[self.name.as_bytes(), b"\n", &[self.kind.byte()], &self.bytes]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.id();
        let data = [&[self.kind.byte()], &self.bytes[..]].concat();
        write!(f, "{}+{a:02x}{b:02x}{c:02x}{d:02x}+{}", self.name, to_base64(&data))
    }
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    name: String,
    /// Key id, then the bytes that the type of the key prescribes.
    bytes: Vec<u8>,
}

/// A text with signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// What a note shows about one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureStatus {
    /// No signature names this key, or several do.
    Missing,
    /// This build does not check signatures (feature `signatures`).
    Unchecked,
    /// The key signed the text; a witness adds the time, in seconds since 1970.
    Valid {
        /// When, by the witness's own clock.
        time: Option<u64>,
    },
    /// There is a signature in the key's name, and it was not made with the key.
    Forged,
}

impl Note {
    /// A note without signatures.
    ///
    /// # Errors
    /// The text does not end with a newline, has an empty line or a control character.
    pub fn new(text: String) -> Result<Self, NoteError> {
        let lines = text.strip_suffix('\n').ok_or_else(|| NoteError::Form {
            rule: said!("note.rule.newline", "lines end with a newline"),
        })?;
        if lines.split('\n').any(|line| line.is_empty() || line.chars().any(char::is_control)) {
            return Err(NoteError::Form {
                rule: said!("note.rule.lines", "lines are not empty and hold no control characters"),
            });
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note.
    ///
    /// # Errors
    /// It breaks a rule of Spec 18.1.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        let form = |rule| NoteError::Form { rule };
        let (text, rest) = note
            .split_once("\n\n")
            .ok_or_else(|| form(said!("note.rule.blank", "an empty line stands after the text")))?;
        let mut parsed = Self::new(format!("{text}\n"))?;
        let lines: Vec<&str> = match rest.strip_suffix('\n') {
            Some(rest) => rest.split('\n').collect(),
            None if rest.is_empty() => Vec::new(),
            None => return Err(form(said!("note.rule.newline", "lines end with a newline"))),
        };
        if lines.len() > 16 {
            return Err(form(said!("note.rule.signatures", "at most 16 signatures")));
        }
        for line in lines {
            let parts = line.strip_prefix(DASH).and_then(|line| line.split_once(' '));
            let (name, data) = parts.ok_or_else(|| {
                form(said!("note.rule.signature", "a signature line is a dash, a name, and base64"))
            })?;
            let bytes = from_base64(data).filter(|bytes| bytes.len() > 4 && named(name));
            let bytes = bytes.ok_or_else(|| {
                form(said!("note.rule.signature", "a signature line is a dash, a name, and base64"))
            })?;
            parsed.signatures.push(Signature { name: name.to_owned(), bytes });
        }
        Ok(parsed)
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a key has signed the text (Spec 18.4).
    #[must_use]
    pub fn signed(&self, key: &NoteKey) -> SignatureStatus {
        let id = key.id();
        let mut own = self.signatures.iter().filter(|s| s.name == key.name && s.bytes.starts_with(&id));
        let (Some(signature), None) = (own.next(), own.next()) else { return SignatureStatus::Missing };
        let rest = &signature.bytes[4..];
        let (time, bytes) = match key.kind {
            KeyKind::Text => (None, rest),
            KeyKind::Witness => match rest.split_first_chunk() {
                Some((time, bytes)) => (Some(u64::from_be_bytes(*time)), bytes),
                None => return SignatureStatus::Forged,
            },
        };
        check(key, &message(&self.text, time), bytes, time)
    }

    /// Signs the text with an Ed25519 secret key of 32 bytes.
    ///
    /// # Errors
    /// A name that cannot stand in a signature line, or 16 signatures already.
    #[cfg(feature = "signatures")]
    pub fn sign(&mut self, name: &str, secret: &[u8; 32]) -> Result<NoteKey, NoteError> {
        self.add(name, KeyKind::Text, secret, None)
    }

    /// Signs a checkpoint as a witness, at a time in seconds since 1970. A witness signs only what continues
    /// what it signed before: [`consistent`].
    ///
    /// # Errors
    /// A name that cannot stand in a signature line, or 16 signatures already.
    #[cfg(feature = "signatures")]
    pub fn cosign(&mut self, name: &str, secret: &[u8; 32], time: u64) -> Result<NoteKey, NoteError> {
        self.add(name, KeyKind::Witness, secret, Some(time))
    }

    #[cfg(feature = "signatures")]
    fn add(
        &mut self,
        name: &str,
        kind: KeyKind,
        secret: &[u8; 32],
        time: Option<u64>,
    ) -> Result<NoteKey, NoteError> {
        use ed25519_dalek::{Signer, SigningKey};
        if self.signatures.len() >= 16 {
            return Err(NoteError::Form { rule: said!("note.rule.signatures", "at most 16 signatures") });
        }
        let secret = SigningKey::from_bytes(secret);
        let key = NoteKey::new(name, kind, secret.verifying_key().to_bytes())?;
        let mut bytes = key.id().to_vec();
        bytes.extend(time.map(u64::to_be_bytes).iter().flatten());
        bytes.extend(secret.sign(message(&self.text, time).as_bytes()).to_bytes());
        self.signatures.push(Signature { name: name.to_owned(), bytes });
        Ok(key)
    }
}

/// What is signed: the text, or the witness's statement about it.
fn message(text: &str, time: Option<u64>) -> String {
    time.map_or_else(|| text.to_owned(), |time| format!("cosignature/v1\ntime {time}\n{text}"))
}

#[cfg(feature = "signatures")]
fn check(key: &NoteKey, message: &str, signature: &[u8], time: Option<u64>) -> SignatureStatus {
    use ed25519_dalek::{Signature, VerifyingKey};
    let valid = VerifyingKey::from_bytes(&key.bytes).ok().zip(Signature::from_slice(signature).ok());
    let valid =
        valid.is_some_and(|(key, signature)| key.verify_strict(message.as_bytes(), &signature).is_ok());
    if valid { SignatureStatus::Valid { time } } else { SignatureStatus::Forged }
}

#[cfg(not(feature = "signatures"))]
fn check(_: &NoteKey, _: &str, _: &[u8], _: Option<u64>) -> SignatureStatus {
    SignatureStatus::Unchecked
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, bytes } in &self.signatures {
            writeln!(f, "{DASH}{name} {}", to_base64(bytes))?;
        }
        Ok(())
    }
}

/// The name of an authority's ledger in the texts that are signed (Spec 18.2).
#[must_use]
pub fn origin(authority: &Code, scope: &Code) -> String {
    format!("{PROTOCOL}/{authority}/{scope}")
}

/// Whether a text is the origin of some ledger.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix(PROTOCOL).and_then(|rest| rest.strip_prefix('/'));
    let codes = rest.and_then(|rest| rest.split_once('/'));
    codes.is_some_and(|(authority, scope)| Code::parse(authority).is_ok() && Code::parse(scope).is_ok())
}

/// Why a witness does not sign a checkpoint (Spec 18.6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CosignRefusal {
    /// A checkpoint of another ledger than the one that was signed before.
    #[error("the checkpoint is of {found}, the one signed before of {signed}")]
    Origin {
        /// Of the checkpoint that was signed before.
        signed: String,
        /// Of the new one.
        found: String,
    },
    /// A ledger without a line, or with fewer lines than were signed.
    #[error("the checkpoint has {found} lines, {signed} were signed before: a ledger only grows")]
    Size {
        /// Lines that were signed before, 0 if none were.
        signed: u64,
        /// Lines of the new checkpoint.
        found: u64,
    },
    /// The new ledger does not begin with the lines that were signed: it is a second one of the same origin.
    #[error("the proof does not show that the ledger begins with the {signed} lines that were signed before")]
    Second {
        /// Lines that were signed before, 0 if none were.
        signed: u64,
    },
}

coded! { CosignRefusal {
    Origin { signed, found } => "witness.origin",
    Size { signed, found } => "witness.size",
    Second { signed } => "witness.second",
} }

/// The rule of a witness (Spec 18.6): whether it signs a checkpoint after the last one that it signed of the
/// same origin, `None` before the first. The proof is that of [`Tree::consistency`](crate::bytes::Tree),
/// empty before the first. The suite is that of the ledger.
///
/// # Errors
/// The new checkpoint is not of the ledger that was signed before: of another origin, shorter, or with other
/// lines. So no witness signs two ledgers of one authority and scope.
pub fn may_cosign(
    suite: Suite,
    signed: Option<&Checkpoint>,
    next: &Checkpoint,
    proof: &[Digest],
) -> Result<(), CosignRefusal> {
    let before = signed.map_or(0, |signed| signed.size);
    if let Some(signed) = signed.filter(|signed| signed.origin != next.origin) {
        return Err(CosignRefusal::Origin { signed: signed.origin.clone(), found: next.origin.clone() });
    }
    if next.size < before.max(1) {
        return Err(CosignRefusal::Size { signed: before, found: next.size });
    }
    let sizes = usize::try_from(before).ok().zip(usize::try_from(next.size).ok());
    let goes_on = match (signed, sizes) {
        (None, _) => proof.is_empty(),
        (Some(signed), Some((before, after))) => {
            consistent(suite, (signed.root, before), (next.root, after), proof)
        }
        (Some(_), None) => false,
    };
    if goes_on { Ok(()) } else { Err(CosignRefusal::Second { signed: before }) }
}

impl Seal {
    /// The text that is signed for this seal (Spec 18.2).
    #[must_use]
    pub fn statement(&self) -> String {
        format!("{}\nseal\n{}\n", origin(&self.authority, &self.scope), self.digest())
    }
}

impl Record {
    /// The text that is signed for this record (Spec 18.2).
    #[must_use]
    pub fn statement(&self) -> String {
        let Seal { authority, scope, .. } = &self.seal;
        format!("{}\nrecord\n{}\n", origin(authority, scope), self.digest())
    }
}

/// Size and root of a ledger at one moment (C2SP tlog-checkpoint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger: see [`origin`].
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree over their lines.
    pub root: Digest,
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn statement(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, to_base64(self.root.as_bytes()))
    }

    /// The note to be signed and published.
    ///
    /// # Panics
    /// Never for the checkpoint of a ledger.
    #[must_use]
    pub fn note(&self) -> Note {
        Note::new(self.statement()).expect("three lines")
    }

    /// Reads the text of a note.
    ///
    /// # Errors
    /// It is no checkpoint.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let read = || {
            let lines: Vec<&str> = text.lines().collect();
            let [origin, size, root] = lines.as_slice() else { return None };
            let root = Digest::new(from_base64(root)?.try_into().ok()?);
            let checkpoint = Self { origin: (*origin).to_owned(), size: size.parse().ok()?, root };
            (checkpoint.statement() == text).then_some(checkpoint)
        };
        read().ok_or_else(|| NoteError::Checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_checkpoints_have_one_spelling() {
        let key = NoteKey::new("notary.example", KeyKind::Witness, [5; 32]).unwrap();
        let text = key.to_string();
        assert_eq!(NoteKey::parse(&text).unwrap(), key);
        let (name, rest) = text.split_once('+').unwrap();
        let (id, data) = rest.split_once('+').unwrap();
        let other = if id.starts_with('0') { "1" } else { "0" };
        for wrong in [
            format!("{name}+{other}{}+{data}", &id[1..]),
            format!("other+{id}+{data}"),
            format!("{name}+{id}+{}", &data[..data.len() - 4]),
            format!("{name}+{id}"),
            format!("+{id}+{data}"),
        ] {
            assert!(NoteKey::parse(&wrong).is_err(), "{wrong}");
        }
        assert!(NoteKey::new("a b", KeyKind::Text, [0; 32]).is_err());
        let checkpoint =
            Checkpoint { origin: "double-random/1/a/b".into(), size: 12, root: Digest::new([7; 32]) };
        let text = checkpoint.statement();
        assert_eq!(Checkpoint::parse(checkpoint.note().text()).unwrap(), checkpoint);
        for wrong in [
            text.replace("\n12\n", "\n012\n"),
            text.replace("\n12\n", "\n+12\n"),
            format!("{text}more\n"),
            text.trim_end().to_owned(),
            text.replace("\n12\n", "\nseal\n"),
        ] {
            assert!(Checkpoint::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
