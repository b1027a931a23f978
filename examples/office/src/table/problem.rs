//! What makes a table unreadable, in words for the office.

use super::places::{Place, told};
use std::fmt;

/// Something that makes a table unreadable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableProblem {
    /// The bytes are a spreadsheet file where text was asked for.
    #[error("this is a workbook (.xls or .xlsx), not text")]
    Workbook,
    /// A file of another program, or a web page that is only called a workbook.
    #[error("is {what}: open it in Excel or WPS and save it as .xlsx")]
    Format {
        /// What it is.
        what: &'static str,
    },
    /// A workbook that only its password opens.
    #[error("the workbook is protected by a password: save it without one")]
    Password,
    /// A workbook whose parts do not hold together.
    #[error("the workbook is damaged: {what}")]
    Damaged {
        /// What does not hold.
        what: String,
    },
    /// A workbook that would take more memory than any table of an office.
    #[error("the workbook is too large: {what}; save the sheet as CSV, which may be of any length")]
    TooLarge {
        /// What is too large.
        what: String,
    },
    /// The caller names a sheet that cannot be read.
    #[error("no visible sheet {name:?}; there is {there}")]
    NoSheet {
        /// The name.
        name: String,
        /// Names of the visible sheets.
        there: String,
    },
    /// More than one sheet could be the table.
    #[error("sheets {sheets} all look like this table: name the one to read, or hide the others")]
    TwoSheets {
        /// The names.
        sheets: String,
    },
    /// The bytes are no text in the encoding they seem to have.
    #[error("is no text in {encoding}: {hint}")]
    Encoding {
        /// The encoding that was tried last.
        encoding: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// The bytes are a text in two encodings, and nothing in them says which is meant.
    #[error(
        "may be text in two encodings, and {} lines differ: say which is right, --encoding windows-1252 or --encoding \
         gb18030\n  {lines}",
        lines.lines().count() + more
    )]
    Undecided {
        /// The first lines that differ, each in both readings.
        lines: String,
        /// How many more differ.
        more: usize,
    },
    /// The byte order mark contradicts the encoding that was named.
    #[error("begins with the byte order mark of {found}, and cannot be {named}")]
    Marked {
        /// The encoding of the mark.
        found: &'static str,
        /// The encoding that was named.
        named: &'static str,
    },
    /// A quotation mark that nothing closes: the rest of the file would be one cell.
    #[error("line {line}: a quotation mark is opened and never closed")]
    OpenQuote {
        /// The line of its row.
        line: u64,
    },
    /// What the CSV reader says.
    #[error("{0}")]
    Csv(String),
    /// No row is a heading.
    #[error("no heading row found: it needs at least {wanted}")]
    NoHeader {
        /// The columns by which it is recognised.
        wanted: String,
    },
    /// A column is missing.
    #[error("{place}: no column {field}; it may be called {names}")]
    MissingColumn {
        /// The row of the heading.
        place: Place,
        /// The field.
        field: String,
        /// What it may be called.
        names: String,
    },
    /// Two columns mean the same.
    #[error("{place}: both mean {field}; leave one")]
    TwoColumns {
        /// The row of the heading and both columns.
        place: Place,
        /// The field.
        field: String,
    },
    /// A row is longer than the heading, as happens where a comma in a name is not quoted.
    #[error("{place}: {cells} cells under {columns} headings; is a comma not quoted?")]
    TooManyCells {
        /// The row.
        place: Place,
        /// Cells of the row.
        cells: usize,
        /// Headings.
        columns: usize,
    },
    /// Formulas whose values the workbook does not hold, as programs write them that do not calculate.
    #[error(
        "{place} holds a formula without a stored value{}: open the workbook in Excel or WPS, save it, and \
         import it again",
        others(*more)
    )]
    Unsaved {
        /// The first such cell of the column.
        place: Place,
        /// The field.
        field: String,
        /// How many more cells of the column are such.
        more: u64,
    },
    /// Dates that may mean two days.
    #[error(
        "{place} has its year last{}, and may mean two days: say which stands first, --dates mdy (month) or --dates \
         dmy (day)",
        others(*more)
    )]
    Unordered {
        /// The first such cell of the column.
        place: Place,
        /// The field.
        field: String,
        /// How many more cells of the column are such.
        more: u64,
    },
    /// A cell that cannot be read.
    #[error("{}", told(place, field, value, rule))]
    Cell {
        /// Row and column.
        place: Place,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What is wrong.
        rule: String,
    },
}

fn others(more: u64) -> String {
    if more == 0 { String::new() } else { format!(", and so do {more} more cells of the column") }
}

/// All problems that make a table unreadable. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TableError(pub(super) Vec<TableProblem>);

impl TableError {
    /// The problems, those of the file and the heading first, then those of the rows in their order.
    #[must_use]
    pub fn problems(&self) -> &[TableProblem] {
        &self.0
    }
}

impl From<TableProblem> for TableError {
    fn from(problem: TableProblem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{plural}, the table was not read", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}
