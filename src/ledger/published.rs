//! The files that an entry says were published (Spec 17.2).

use crate::bytes::{Digest, Suite};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Most characters of a file's name.
const MOST: usize = 100;

/// The name of a published file within the folder of its attempt: 1 to 100 letters, digits, `-`, `_` and `.`
/// of ASCII, the first a letter or digit. So it leads out of no folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

/// A text that is no name of a published file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no name of a published file: 1 to 100 letters, digits, -, _ and ., the first a letter or digit"
)]
pub struct FileNameError(String);

impl FileName {
    /// Reads a name.
    ///
    /// # Errors
    /// Another character, another length, or a first character that is neither a letter nor a digit.
    pub fn parse(text: &str) -> Result<Self, FileNameError> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if begins && text.len() <= MOST && text.bytes().all(inner) {
            return Ok(Self(text.to_owned()));
        }
        Err(FileNameError(text.chars().take(MOST).collect()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A file that was published with a seal, a record or results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedFile {
    /// The hash of its bytes in the suite of the ledger, without a label.
    pub digest: Digest,
    /// Its name within the folder of the attempt.
    pub file: FileName,
}

/// The mark that Windows programs put before a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether the bytes of a file have a digest, as they are, or with other ends of lines or another mark before
/// the text: a program that changed these changed nothing that the file says (Spec 19, `files`).
#[must_use]
pub fn has_digest(suite: Suite, bytes: &[u8], digest: &Digest) -> bool {
    if suite.file(bytes) == *digest {
        return true;
    }
    let text = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let (mut feeds, mut returns) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (place, byte) in text.iter().enumerate() {
        if *byte == b'\r' && text.get(place + 1) == Some(&b'\n') {
            continue;
        }
        feeds.push(*byte);
        returns.extend((*byte == b'\n').then_some(b'\r'));
        returns.push(*byte);
    }
    let marked = |text: &[u8]| [MARK, text].concat();
    let forms = [marked(&feeds), marked(&returns), feeds, returns];
    forms.iter().any(|form| suite.file(form) == *digest)
}
