//! What makes a table unreadable, each problem with its code and its values.

use super::places::{Place, at};
use crate::say;
use crate::values::{Also, Lines};
use double_random::message::{AsParam, Coded, Message, Param};
use std::error::Error;
use std::fmt;

/// Something that makes a table unreadable.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableProblem {
    /// The bytes are a spreadsheet file where text was asked for.
    Workbook,
    /// A file of another program, or a web page that is only called a workbook.
    Format {
        /// What it is.
        what: Message,
    },
    /// A workbook that only its password opens.
    Password,
    /// A workbook whose parts do not hold together.
    Damaged {
        /// What does not hold.
        what: Message,
    },
    /// A workbook that would take more memory than any table of an office.
    TooLarge {
        /// What is too large.
        what: Message,
    },
    /// The caller names a sheet that cannot be read.
    NoSheet {
        /// The name.
        name: String,
        /// Names of the visible sheets.
        there: String,
    },
    /// More than one sheet could be the table.
    TwoSheets {
        /// The names.
        sheets: String,
    },
    /// The bytes are no text in the encoding they seem to have.
    Encoding {
        /// The encoding that was tried last.
        encoding: &'static str,
        /// What to do.
        hint: Message,
    },
    /// The bytes are a text in two encodings, and nothing in them says which is meant.
    Undecided {
        /// The first lines that differ, each in both readings.
        lines: Vec<Message>,
        /// How many more differ.
        more: usize,
    },
    /// The byte order mark contradicts the encoding that was named.
    Marked {
        /// The encoding of the mark.
        found: &'static str,
        /// The encoding that was named.
        named: &'static str,
    },
    /// A quotation mark that nothing closes: the rest of the file would be one cell.
    OpenQuote {
        /// The line of its row.
        line: u64,
    },
    /// What the CSV reader says.
    Csv(String),
    /// No row is a heading.
    NoHeader {
        /// The columns by which it is recognised.
        wanted: String,
    },
    /// A column is missing.
    MissingColumn {
        /// The row of the heading.
        place: Place,
        /// The field.
        field: String,
        /// What it may be called.
        names: String,
    },
    /// Two columns mean the same.
    TwoColumns {
        /// The row of the heading and both columns.
        place: Place,
        /// The field.
        field: String,
    },
    /// A row is longer than the heading, as happens where a comma in a name is not quoted.
    TooManyCells {
        /// The row.
        place: Place,
        /// Cells of the row.
        cells: usize,
        /// Headings.
        columns: usize,
    },
    /// Formulas whose values the workbook does not hold, as programs write them that do not calculate.
    Unsaved {
        /// The first such cell of the column.
        place: Place,
        /// The field.
        field: String,
        /// How many more cells of the column are such.
        more: u64,
    },
    /// Dates that may mean two days.
    Unordered {
        /// The first such cell of the column.
        place: Place,
        /// The field.
        field: String,
        /// How many more cells of the column are such.
        more: u64,
    },
    /// An answer of the office that the table has no use for.
    Answer {
        /// Which, and why.
        what: Message,
    },
    /// A cell that cannot be read.
    Cell {
        /// Row and column.
        place: Place,
        /// The field.
        field: String,
        /// The value.
        value: String,
        /// What is wrong.
        rule: Message,
    },
}

impl TableProblem {
    /// Where it is, of one that is about rows or cells.
    pub(super) const fn place(&self) -> Option<&Place> {
        match self {
            Self::MissingColumn { place, .. }
            | Self::TwoColumns { place, .. }
            | Self::TooManyCells { place, .. }
            | Self::Unsaved { place, .. }
            | Self::Unordered { place, .. }
            | Self::Cell { place, .. } => Some(place),
            Self::Workbook
            | Self::Format { .. }
            | Self::Password
            | Self::Damaged { .. }
            | Self::TooLarge { .. }
            | Self::NoSheet { .. }
            | Self::TwoSheets { .. }
            | Self::Encoding { .. }
            | Self::Undecided { .. }
            | Self::Marked { .. }
            | Self::OpenQuote { .. }
            | Self::Answer { .. }
            | Self::Csv(_)
            | Self::NoHeader { .. } => None,
        }
    }
}

/// What is said of the other cells of a column.
fn others(more: u64) -> Also {
    let others = || say!("office.table.others", ", and so do {more} more cells of the column", more);
    Also((more > 0).then(others))
}

impl Coded for TableProblem {
    fn message(&self) -> Message {
        match self {
            Self::Workbook => say!("office.table.workbook", "this is a workbook (.xls or .xlsx), not text"),
            Self::Format { what } => {
                say!("office.table.format", "is {what}: open it in Excel or WPS and save it as .xlsx", what)
            }
            Self::Password => {
                say!("office.table.password", "the workbook is protected by a password: save it without one")
            }
            Self::Damaged { what } => say!("office.table.damaged", "the workbook is damaged: {what}", what),
            Self::TooLarge { what } => say!(
                "office.table.too_large",
                "the workbook is too large: {what}; save the sheet as CSV, which may be of any length",
                what
            ),
            Self::NoSheet { name, there } => {
                say!("office.table.no_sheet", "no visible sheet \"{name}\"; there is {there}", name, there)
            }
            Self::TwoSheets { sheets } => say!(
                "office.table.two_sheets",
                "sheets {sheets} all look like this table: name the one to read, or hide the others",
                sheets
            ),
            Self::Encoding { encoding, hint } => {
                say!("office.table.encoding", "is no text in {encoding}: {hint}", encoding = *encoding, hint)
            }
            Self::Undecided { lines, more } => say!(
                "office.table.undecided",
                "may be text in two encodings, and {count} lines differ: say which is right, --encoding \
                 windows-1252 or --encoding gb18030{lines}",
                count = lines.len().saturating_add(*more),
                lines = Lines(lines.clone())
            ),
            Self::Marked { found, named } => say!(
                "office.table.marked",
                "begins with the byte order mark of {found}, and cannot be {named}",
                found = *found,
                named = *named
            ),
            Self::OpenQuote { line } => say!(
                "office.table.open_quote",
                "line {line}: a quotation mark is opened and never closed",
                line
            ),
            Self::Csv(text) => say!("office.table.csv", "{text}", text),
            Self::NoHeader { wanted } => {
                say!("office.table.no_header", "no heading row found: it needs at least {wanted}", wanted)
            }
            Self::MissingColumn { place, field, names } => say!(
                "office.table.missing_column",
                "{place}: no column {field}; it may be called {names}",
                field,
                names,
                place
            ),
            Self::TwoColumns { place, field } => {
                say!("office.table.two_columns", "{place}: both mean {field}; leave one", field, place)
            }
            Self::TooManyCells { place, cells, columns } => say!(
                "office.table.too_many_cells",
                "{place}: {cells} cells under {columns} headings; is a comma not quoted?",
                cells,
                columns,
                place
            ),
            Self::Unsaved { place, more, .. } => say!(
                "office.table.unsaved",
                "{place} holds a formula without a stored value{others}: open the workbook in Excel or WPS, save \
                 it, and import it again",
                others = others(*more),
                place
            ),
            Self::Unordered { place, more, .. } => say!(
                "office.table.unordered",
                "{place} has its year last{others}, and may mean two days: say which stands first, --dates mdy \
                 (month) or --dates dmy (day)",
                others = others(*more),
                place
            ),
            Self::Answer { what } => what.clone(),
            Self::Cell { place, field, value, rule } => at(place, field, value, rule),
        }
    }
}

impl AsParam for TableProblem {
    fn param(&self) -> Param {
        self.message().param()
    }
}

impl fmt::Display for TableProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Error for TableProblem {}

/// All problems that make a table unreadable. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError(pub(super) Vec<TableProblem>);

impl TableError {
    /// Of problems that were kept while a table was read on; none where there are none.
    #[must_use]
    pub fn of(problems: Vec<TableProblem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

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

impl Coded for TableError {
    fn message(&self) -> Message {
        let problems = Lines(self.0.iter().map(Coded::message).collect());
        let plural = if self.0.len() == 1 { "" } else { "s" };
        Message::new(
            "office.table.unread",
            format!("{} problem{plural}, the table was not read{problems}", self.0.len()),
            [("problems", problems.param())],
        )
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Error for TableError {}
