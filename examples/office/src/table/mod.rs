//! Reads the tables of an office (CSV in any usual encoding or an Excel file, Chinese or English headings)
//! into the library's row types.
//!
//! The library takes rows whose codes have one spelling; an office has spreadsheets. What lies between is
//! here and decides nothing: spellings that can mean only one thing are brought to the library's, everything
//! else is passed on as it stands, so that [`Frame::new`](double_random::frame::Frame::new) and its like
//! report it with its row, and [`Places`] says where that row's cell stands. What is left out (note rows,
//! hidden sheets, columns that are not needed) is named in the notes; what makes the table unreadable comes
//! as one [`TableError`] with all problems.
//!
//! `text` and `workbook` turn bytes into rows of cells, `columns` finds what the headings mean, `grid` brings
//! both together, `cells` reads single cells, `units`, `people` and `records` are the tables. `hidden` finds
//! the rows that nobody sees. `guard` looks at a workbook before anything in it is believed.
#![allow(clippy::result_large_err, reason = "a problem is made once for a file, not once for a cell")]

mod asked;
mod cells;
mod certain;
mod columns;
mod days;
mod docx;
mod grid;
mod guard;
mod headings;
mod hidden;
mod names;
mod people;
mod places;
mod plans;
mod problem;
mod records;
mod seats;
mod text;
mod told;
mod units;
mod workbook;

pub use asked::Asked;
pub(crate) use columns::letters;
pub use days::{DateOrder, ends, read as day};
pub use docx::is_paper;
pub use headings::heading_of;
pub use names::{Named, Names, code};
pub use people::{experts, inspectors, recusals};
pub use places::{Place, Places};
pub use plans::{PlanRow, plans};
pub use problem::{TableError, TableProblem};
pub use records::{ResultRow, entries, results};
pub use seats::{SeatRow, seats};
pub use text::{decode, decode_as, encoding};
pub use told::{WrongCell, WrongTable};
pub use units::{standings, units};

use double_random::message::Message;

use std::cell::RefCell;

/// Rows, notes on what was left out or put together, and where the columns stand.
pub type Read<T> = Result<(Vec<T>, Vec<Message>, Places), TableError>;

/// The bytes of a table, and what the caller wants of them.
pub struct Source<'a> {
    bytes: &'a [u8],
    sheet: Option<&'a str>,
    progress: Option<&'a mut dyn FnMut(u64)>,
    only: &'a [(String, String)],
    dates: Option<DateOrder>,
    names: Option<&'a Names>,
    encoding: Option<&'static encoding_rs::Encoding>,
    asked: Option<&'a Asked>,
    kept: Option<&'a RefCell<Vec<TableProblem>>>,
}

impl<'a> Source<'a> {
    /// A file as it is.
    pub fn new(bytes: &'a [u8]) -> Self {
        let (sheet, progress, dates, names) = (None, None, None, None);
        let (encoding, asked, kept) = (None, None, None);
        Self { bytes, sheet, progress, only: &[], dates, names, encoding, asked, kept }
    }

    /// The sheet to read, where more than one could be meant. Text has no sheets: there it says nothing.
    #[must_use]
    pub fn sheet(self, name: &'a str) -> Self {
        Self { sheet: Some(name), ..self }
    }

    /// The names by which institutions, people and signals may be called.
    #[must_use]
    pub fn names(self, names: &'a Names) -> Self {
        Self { names: Some(names), ..self }
    }

    /// The order of dates whose year stands last. Without it such a date is a problem: it may mean two days.
    #[must_use]
    pub fn dates(self, order: Option<DateOrder>) -> Self {
        Self { dates: order, ..self }
    }

    /// The encoding of a text. Without it, bytes that are text in two encodings are a problem.
    #[must_use]
    pub fn encoding(self, named: Option<&'static encoding_rs::Encoding>) -> Self {
        Self { encoding: named, ..self }
    }

    /// What the office answers where the table leaves something open.
    #[must_use]
    pub fn asked(self, asked: &'a Asked) -> Self {
        Self { asked: Some(asked), ..self }
    }

    /// Keeps problems of single cells here, and reads on, so that whoever checks the rows can name all problems at once.
    #[must_use]
    pub fn keep(self, kept: &'a RefCell<Vec<TableProblem>>) -> Self {
        Self { kept: Some(kept), ..self }
    }

    /// Reads only rows that have these values under these headings.
    #[must_use]
    pub fn only(self, only: &'a [(String, String)]) -> Self {
        Self { only, ..self }
    }

    /// Is told the number of rows read so far, after every thousand and at the end.
    #[must_use]
    pub fn progress(self, told: &'a mut dyn FnMut(u64)) -> Self {
        Self { progress: Some(told), ..self }
    }
}

impl<'a> From<&'a [u8]> for Source<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::new(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Source<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::new(bytes)
    }
}
