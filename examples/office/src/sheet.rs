//! What an office hands out: one table, written as CSV or as a workbook that Excel and WPS open.

use double_random_support::files;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Workbook, Worksheet, XlsxError};

/// Rows that a sheet of Excel holds below its heading.
pub const ROWS: usize = 1_048_575;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text, id, code or date: never a number to Excel, which would drop digits and leading zeros.
    Text(String),
    /// A count, which people may want to add up.
    Count(u64),
    /// A share in billionths, shown as a percentage.
    Share(u64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet in a workbook.
    pub name: String,
    /// Headings.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A table of texts.
    pub fn new(name: &str, header: &[&str], rows: Vec<Vec<String>>) -> Self {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
        Self { name: name.to_owned(), header: header.iter().map(|h| (*h).to_owned()).collect(), rows }
    }

    /// CSV that Excel opens: UTF-8 with byte order mark, lines ended by CR LF.
    pub fn to_csv(&self) -> Vec<u8> {
        self.csv("\r\n")
    }

    /// The same with lines ended by LF, as the published files of the examples have them.
    pub fn to_csv_lf(&self) -> Vec<u8> {
        self.csv("\n")
    }

    fn csv(&self, end: &str) -> Vec<u8> {
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Share(share) => percent(*share),
        };
        let rows = self.rows.iter().map(|row| row.iter().map(text).collect());
        files::csv(&self.header, rows, end).into_bytes()
    }
}

/// A share in billionths as a percentage with one digit, rounded half up.
pub fn percent(share: u64) -> String {
    let tenths = share.saturating_add(500_000) / 1_000_000;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A workbook of these tables. The same tables give the same bytes. A table with more rows than a sheet holds
/// goes on in the next sheet.
///
/// # Errors
/// A name that no sheet can have, or twice the same; a text of more than 32,767 characters; more columns than
/// Excel has.
pub fn to_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    to_xlsx_split(sheets, ROWS)
}

/// As [`to_xlsx`], with so many rows to a sheet.
///
/// # Errors
/// As for [`to_xlsx`].
pub fn to_xlsx_split(sheets: &[Sheet], most: usize) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which a file was made would make two files of one table differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        // A table without rows is a sheet with a heading.
        let parts = sheet.rows.len().div_ceil(most.max(1)).max(1);
        for part in 0..parts {
            let rows = sheet.rows.iter().skip(part * most.max(1)).take(most.max(1));
            let to = book.add_worksheet();
            to.set_name(part_name(&sheet.name, part))?;
            fill(to, &sheet.header, rows)?;
        }
    }
    book.save_to_buffer()
}

/// The name of a part of a table, within the 31 characters that a name may have.
fn part_name(name: &str, part: usize) -> String {
    if part == 0 {
        return name.to_owned();
    }
    let mark = format!(" ({})", part + 1);
    let kept: String = name.chars().take(31_usize.saturating_sub(mark.len())).collect();
    kept + &mark
}

fn fill<'r>(
    sheet: &mut Worksheet,
    header: &[String],
    rows: impl Iterator<Item = &'r Vec<Cell>>,
) -> Result<(), XlsxError> {
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let parts = Format::new().set_num_format("0.0%");
    let mut widths: Vec<u32> = Vec::new();
    for (i, heading) in header.iter().enumerate() {
        let column = column(i)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
        // The arrow of the filter stands beside the heading.
        widths.push(width(heading) + 3);
    }
    let mut last = 0;
    for (row, cells) in (1..).zip(rows) {
        last = row;
        for (i, cell) in cells.iter().enumerate() {
            let at = column(i)?;
            let wide = match cell {
                Cell::Text(written) => {
                    sheet.write_string_with_format(row, at, written, &text)?;
                    width(written)
                }
                // Excel counts exactly up to fifteen digits; a larger count is written out.
                Cell::Count(count) => {
                    match u32::try_from(*count) {
                        Ok(small) => sheet.write_number(row, at, small)?,
                        Err(_) => sheet.write_string_with_format(row, at, count.to_string(), &text)?,
                    };
                    width(&count.to_string())
                }
                Cell::Share(share) => {
                    // A tenth of a percent is all that is shown, so millionths are exact enough.
                    let millionths = share / 1000;
                    let decimal = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
                    match decimal.parse::<f64>() {
                        Ok(number) => sheet.write_number_with_format(row, at, number, &parts)?,
                        Err(_) => sheet.write_string_with_format(row, at, decimal, &text)?,
                    };
                    width(&percent(*share))
                }
            };
            if widths.len() <= i {
                widths.resize(i + 1, 0);
            }
            if let Some(widest) = widths.get_mut(i) {
                *widest = wide.max(*widest);
            }
        }
    }
    for (i, wide) in widths.iter().enumerate() {
        sheet.set_column_width(column(i)?, (wide + 2).clamp(6, 60))?;
    }
    if let Some(right) = widths.len().checked_sub(1) {
        let right = column(right)?;
        sheet.autofilter(0, 0, last, right)?;
        sheet.set_freeze_panes(1, 0)?;
        // Ids are digits on purpose; a green corner in each would invite people to make numbers of them.
        sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

fn column(i: usize) -> Result<u16, XlsxError> {
    u16::try_from(i).map_err(|_| XlsxError::RowColumnLimitError)
}

/// The width of the widest line of a text in digits: a Chinese character takes two.
fn width(text: &str) -> u32 {
    let wide = |line: &str| line.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum();
    text.lines().map(wide).max().unwrap_or(0)
}
