//! Workbooks: the cells of a sheet as the texts that people see there.

use super::cells::bare;
use super::days::NO_DAY;
use super::grid::Line;
use super::guard::{self, CELLS, Container, FORMATTED};
use super::hidden;
use super::problem::TableProblem;
use crate::say;
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xls, Xlsx};
use double_random::message::Message;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Cells of one column that are merged into one, by their rows, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merged {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) column: usize,
}

/// An open workbook.
pub(super) enum OpenWorkbook<'a> {
    Xlsx(Xlsx<Cursor<&'a [u8]>>),
    Xls(Xls<Cursor<&'a [u8]>>),
}

/// Runs a call of the workbook reader, which panics on some damaged files.
fn guarded<T, E: std::fmt::Display>(call: impl FnOnce() -> Result<T, E>) -> Result<T, TableProblem> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(guard::damaged),
        Err(_) => Err(TableProblem::Damaged {
            what: say!("office.damaged.parts", "its parts contradict each other"),
        }),
    }
}

impl<'a> OpenWorkbook<'a> {
    /// Opens a workbook, once it is known to be of a size that can be read.
    pub(super) fn open(bytes: &'a [u8], container: Container) -> Result<Self, TableProblem> {
        match container {
            Container::Zip => {
                guard::archive(bytes)?;
                guarded(|| Xlsx::new(Cursor::new(bytes))).map(Self::Xlsx)
            }
            Container::Compound => {
                guard::compound(bytes)?;
                guarded(|| Xls::new(Cursor::new(bytes))).map(Self::Xls)
            }
        }
    }

    fn sheets(&self) -> &[calamine::Sheet] {
        match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
        }
    }

    /// The sheets of cells that people see, in their order.
    pub(super) fn visible(&self) -> Vec<String> {
        let seen = |sheet: &&calamine::Sheet| {
            sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
        };
        self.sheets().iter().filter(seen).map(|sheet| sheet.name.clone()).collect()
    }

    /// Notes on the sheets that are not read where this one is.
    pub(super) fn unread(&self, read: &str) -> Vec<Message> {
        let others = self.sheets().iter().filter(|sheet| sheet.name != read);
        let note = |sheet: &calamine::Sheet| {
            let name = &sheet.name;
            match sheet.visible {
                SheetVisible::Visible => {
                    say!("office.note.other_sheet", "the sheet {name} is not read", name)
                }
                SheetVisible::Hidden => {
                    say!("office.note.hidden_sheet", "the sheet {name} is hidden and not read", name)
                }
                SheetVisible::VeryHidden => say!(
                    "office.note.very_hidden_sheet",
                    "the sheet {name} is hidden so that no menu shows it, and not read",
                    name
                ),
            }
        };
        others.map(note).collect()
    }

    /// The hidden rows of a sheet of an .xlsx, counted from 1.
    pub(super) fn hidden(&self, bytes: &[u8], name: &str) -> BTreeSet<u64> {
        let place = self.sheets().iter().position(|sheet| sheet.name == name);
        match (self, place) {
            (Self::Xlsx(_), Some(place)) => hidden::rows(bytes, place),
            _ => BTreeSet::new(),
        }
    }

    /// The blocks of cells of a sheet that are merged into one and reach over several rows, from the top.
    pub(super) fn merged(&mut self, name: &str) -> Result<Vec<Merged>, TableProblem> {
        let blocks: Vec<Dimensions> = match self {
            Self::Xlsx(book) => guarded(|| book.merge_cells_by_sheet_name(name))?,
            Self::Xls(book) => guarded(|| book.merge_cells_by_sheet_name(name))?,
        };
        let mut merged: Vec<Merged> = blocks
            .iter()
            .filter(|block| block.end.0 > block.start.0)
            .map(|block| Merged {
                column: index(block.start.1),
                first: u64::from(block.start.0) + 1,
                last: u64::from(block.end.0) + 1,
            })
            .collect();
        merged.sort_unstable();
        Ok(merged)
    }

    /// Hands over the rows of a sheet that are not blank, until it is told to stop.
    pub(super) fn scan(
        &mut self,
        name: &str,
        each: &mut dyn FnMut(&Line) -> ControlFlow<()>,
    ) -> Result<(), TableProblem> {
        match self {
            Self::Xlsx(book) => stream(book, name, each),
            Self::Xls(book) => {
                let range = guarded(|| book.worksheet_range(name))?;
                let Some((top, left)) = range.start() else { return Ok(()) };
                let mut line = Line { number: u64::from(top), ..Line::default() };
                for row in range.rows() {
                    line.clear();
                    line.number += 1;
                    for (column, cell) in (index(left)..).zip(row) {
                        put(&mut line, column, &as_ref(cell));
                    }
                    if !line.blank() && each(&line).is_break() {
                        break;
                    }
                }
                Ok(())
            }
        }
    }
}

fn index(column: u32) -> usize {
    usize::try_from(column).unwrap_or(usize::MAX)
}

/// Reads an .xlsx sheet cell by cell: only one row is kept, for any rectangle that the sheet claims to fill.
fn stream(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    each: &mut dyn FnMut(&Line) -> ControlFlow<()>,
) -> Result<(), TableProblem> {
    let mut cells = guarded(|| book.worksheet_cells_reader(name))?;
    let mut line = Line::default();
    // Cells that hold something, all cells, and the cells of one row. A sheet may be formatted down to its
    // last row without holding more than a few rows.
    let (mut filled, mut count, mut of_row): (u64, u64, u64) = (0, 0, 0);
    while let Some(cell) = guarded(|| cells.next_cell_with_formula_metadata())? {
        let unsaved = cell.formula.is_some() && cell.value == DataRef::Empty;
        count += 1;
        of_row += 1;
        filled += u64::from(unsaved || cell.value != DataRef::Empty);
        if filled > CELLS || count > FORMATTED || of_row > 1 << 14 {
            return Err(guard::too_many_cells());
        }
        let (row, column) = cell.pos;
        // The positions stand in the file as text; Excel has no others than these.
        if row >= 1 << 20 || column >= 1 << 14 {
            return Err(TableProblem::Damaged {
                what: say!("office.damaged.outside", "sheet {name} has a cell outside of a sheet", name),
            });
        }
        let number = u64::from(row) + 1;
        if number < line.number {
            let what = say!(
                "office.damaged.order",
                "sheet {name}, row {number} stands below row {above}",
                above = line.number,
                name,
                number
            );
            return Err(TableProblem::Damaged { what });
        }
        if number > line.number {
            if !line.blank() && each(&line).is_break() {
                return Ok(());
            }
            line.clear();
            line.number = number;
            of_row = 1;
        }
        if unsaved {
            line.unsaved.push(index(column));
        } else {
            put(&mut line, index(column), &cell.value);
        }
    }
    if !line.blank() {
        let _ = each(&line);
    }
    Ok(())
}

/// The same cell by reference.
fn as_ref(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Puts a cell into its row, as the text that stands for it.
fn put(line: &mut Line, column: usize, cell: &DataRef<'_>) {
    let text: Cow<'_, str> = match cell {
        DataRef::Empty => return,
        DataRef::String(text) => text.into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.into(),
        DataRef::Bool(is) => if *is { "TRUE" } else { "FALSE" }.into(),
        DataRef::Int(whole) => match whole.unsigned_abs() {
            0..=999_999_999_999_999 => whole.to_string(),
            _ => shortened(&whole.to_string()),
        }
        .into(),
        DataRef::Float(value) => number(*value).into(),
        DataRef::DateTime(date) => moment(*date).into(),
        DataRef::Error(error) => {
            line.faults.push(column);
            error.to_string().into()
        }
    };
    line.put(column, bare(&text));
}

/// A number as Excel holds it: to fifteen digits, whole numbers without point. A whole number with more
/// digits than that has lost some, and is written so that it cannot be taken for an id.
fn number(value: f64) -> String {
    let whole = format!("{value:.0}");
    if whole.trim_start_matches('-').len() > 15 && value.is_finite() {
        return shortened(&whole);
    }
    // Fourteen digits behind the first, and then the shortest spelling of that number.
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// Digits as Excel shows a number that is too long: `9.13505E+17`.
fn shortened(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let exponent = digits.len().saturating_sub(1);
    let kept: String = digits.chars().take(15).collect();
    let kept = kept.trim_end_matches('0');
    let (first, rest) = kept.split_at_checked(1).unwrap_or((kept, ""));
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E+{exponent}")
}

/// A day, a day with its time, a time of day, or hours. What is none of them in Excel either is its number.
fn moment(date: ExcelDateTime) -> String {
    let value = date.as_f64();
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    if !(0.0..2_958_466.0).contains(&value) {
        return number(value);
    }
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if date.is_duration() {
        let days: u64 = format!("{:.0}", value.trunc()).parse().unwrap_or(0);
        return format!(
            "{}:{minute:02}:{second:02}",
            days.saturating_mul(24).saturating_add(u64::from(hour))
        );
    }
    // What a formula or a form leaves in a date cell that nobody filled; Excel shows it as the day 0.
    if value == 0.0 {
        return NO_DAY.to_owned();
    }
    let midnight = (hour, minute, second) == (0, 0, 0);
    match (value < 1.0 && !midnight, midnight) {
        (true, _) => time,
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {time}"),
    }
}
