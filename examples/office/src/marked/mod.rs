//! A table with its problems marked in it, to be handed back: of a workbook a copy whose wrong cells are coloured and
//! carry a comment, of a text a copy with one more column. Everything else stays as it is. The marks say nothing to the
//! readers of tables: a corrected copy is imported as it stands, and when it is marked again the old marks go.

mod comments;
mod parts;
mod styles;
mod text;
mod workbook;

use double_random::message::Message;

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

/// The letters of a column counted from 0.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(u8::try_from(left % 26).map_or('?', |digit| char::from(b'A' + digit)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// A copy of a table with its problems marked.
///
/// # Errors
/// An .xls, which cannot be changed, or a workbook whose parts are not where they are expected.
pub fn copy(bytes: &[u8], marks: &[Mark], heading: &str) -> Result<Vec<u8>, Message> {
    if bytes.starts_with(b"PK\x03\x04") {
        workbook::marked(bytes, marks)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Err(crate::say!("office.marked.xls", "an .xls cannot be marked: save it as .xlsx, and import that"))
    } else {
        text::marked(bytes, marks, heading)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_have_letters() {
        for (place, name) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!((super::letters(place), super::column(name)), (name.to_owned(), Some(place)));
        }
        assert_eq!((super::column(""), super::column("a1")), (None, None));
    }
}
