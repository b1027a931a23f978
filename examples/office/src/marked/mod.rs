//! A table with its problems marked in it, to be handed back: of a workbook a copy whose wrong cells are coloured and
//! carry a comment, of a text a copy with one more column. Everything else stays as it is. The marks say nothing to the
//! readers of tables: a corrected copy is imported as it stands, and when it is marked again the old marks go.

mod comments;
mod parts;
mod styles;
mod text;
mod workbook;

use crate::{say, table};
use double_random::message::Message;
use encoding_rs::Encoding;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Row of the sheet or line of the file, counted from 1.
    pub row: u64,
    /// The column, counted from 0. Where the row as a whole is meant, its first.
    pub column: usize,
    /// What is wrong, in words.
    pub words: String,
}

/// The column that letters name, counted from 0: 27 of AB.
#[must_use]
pub fn column(letters: &str) -> Option<usize> {
    let digit =
        |c: char| c.is_ascii_uppercase().then(|| usize::from(u8::try_from(c).unwrap_or(b'A') - b'A') + 1);
    let number =
        letters.chars().try_fold(0_usize, |number, c| number.checked_mul(26)?.checked_add(digit(c)?));
    number.and_then(|number| number.checked_sub(1))
}

/// How a text was read, so that its copy is the same text. A workbook says both itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsRead {
    /// The encoding that was named.
    pub encoding: Option<&'static Encoding>,
    /// The delimiter under which the heading was found; a comma if not known.
    pub delimiter: Option<u8>,
}

/// Whether problems can be marked in a copy of a file.
///
/// # Errors
/// An .xls or a paper, which cannot be changed.
pub fn can_be(bytes: &[u8]) -> Result<(), Message> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(say!("office.marked.xls", "an .xls cannot be marked: save it as .xlsx, and import that"));
    }
    if table::is_paper(bytes) {
        return Err(say!(
            "office.marked.paper",
            "a .docx cannot be marked: copy its table into an .xlsx, and import that"
        ));
    }
    Ok(())
}

/// A copy of a table with its problems marked.
///
/// # Errors
/// A file in which nothing can be marked, or a workbook whose parts are not where they are expected.
pub fn copy(bytes: &[u8], marks: &[Mark], heading: &str, read: AsRead) -> Result<Vec<u8>, Message> {
    can_be(bytes)?;
    if bytes.starts_with(b"PK\x03\x04") {
        workbook::marked(bytes, marks)
    } else {
        text::marked(bytes, marks, heading, read)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_letters() {
        for (place, name) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!((crate::table::letters(place), super::column(name)), (name.to_owned(), Some(place)));
        }
        assert_eq!((super::column(""), super::column("a1")), (None, None));
    }
}
