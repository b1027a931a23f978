//! What an office hands out: one table, written as CSV or as a workbook that Excel and WPS open.

use double_random_support::files;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet,
    XlsxError,
};

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
    /// A day, YYYY-MM-DD; what is none is a text.
    Day(String),
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Name of the sheet in a workbook.
    pub name: String,
    /// What stands above the headings of a workbook, for people; none in CSV.
    pub title: Option<String>,
    /// Headings.
    pub header: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A table of texts.
    pub fn new(name: &str, header: &[&str], rows: Vec<Vec<String>>) -> Self {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
        let header = header.iter().map(|heading| (*heading).to_owned()).collect();
        Self { name: name.to_owned(), title: None, header, rows }
    }

    /// The same with a title.
    #[must_use]
    pub fn titled(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }

    /// The same with texts that are days as days in these columns, from 0.
    #[must_use]
    pub fn days(self, columns: &[usize]) -> Self {
        self.with(columns, |text| is_day(text).then(|| Cell::Day(text.to_owned())))
    }

    /// The same with texts that are counts as counts in these columns, from 0.
    #[must_use]
    pub fn counts(self, columns: &[usize]) -> Self {
        let count = |text: &str| text.parse::<u64>().ok().filter(|count| count.to_string() == text);
        self.with(columns, |text| count(text).map(Cell::Count))
    }

    fn with(mut self, columns: &[usize], of: impl Fn(&str) -> Option<Cell>) -> Self {
        for row in &mut self.rows {
            for column in columns {
                if let Some(cell) = row.get_mut(*column)
                    && let Cell::Text(text) = &*cell
                    && let Some(other) = of(text)
                {
                    *cell = other;
                }
            }
        }
        self
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
            Cell::Text(text) | Cell::Day(text) => text.clone(),
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

/// Whether a text is a day as documents write it, YYYY-MM-DD.
fn is_day(text: &str) -> bool {
    double_random::calendar::Date::parse(text).is_ok()
}

/// A workbook of these tables for people: title and headings stay in sight and are repeated on every printed page, cells
/// have borders and the formats of counts, shares and days, and the page is set up for A4. The same tables give the same
/// bytes. A table with more rows than a sheet holds goes on in the next sheet.
///
/// # Errors
/// A name that no sheet can have, or twice the same; a text of more than 32,767 characters; more columns than
/// Excel has.
pub fn to_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    to_xlsx_split(sheets, ROWS)
}

/// As [`to_xlsx`], with so many rows to a sheet, its title included.
///
/// # Errors
/// As for [`to_xlsx`].
pub fn to_xlsx_split(sheets: &[Sheet], most: usize) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which a file was made would make two files of one table differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        let most = most.saturating_sub(usize::from(sheet.title.is_some())).max(1);
        // A table without rows is a sheet with a heading.
        let parts = sheet.rows.len().div_ceil(most).max(1);
        for part in 0..parts {
            let rows = sheet.rows.iter().skip(part * most).take(most);
            let to = book.add_worksheet();
            to.set_name(part_name(&sheet.name, part))?;
            fill(to, sheet, rows)?;
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

/// How cells look.
struct Look {
    text: Format,
    count: Format,
    share: Format,
    day: Format,
}

impl Look {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        Self {
            text: cell.clone().set_num_format("@").set_text_wrap(),
            count: cell.clone().set_num_format("#,##0"),
            share: cell.clone().set_num_format("0.0%"),
            day: cell.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        }
    }

    /// Writes a cell, and says how wide it is.
    fn write(&self, sheet: &mut Worksheet, row: u32, at: u16, cell: &Cell) -> Result<u32, XlsxError> {
        Ok(match cell {
            Cell::Text(written) => {
                sheet.write_string_with_format(row, at, written, &self.text)?;
                width(written)
            }
            Cell::Day(day) => {
                match ExcelDateTime::parse_from_str(day) {
                    Ok(date) if is_day(day) => sheet.write_datetime_with_format(row, at, date, &self.day)?,
                    _ => sheet.write_string_with_format(row, at, day, &self.text)?,
                };
                width(day)
            }
            // Excel counts exactly up to fifteen digits; a larger count is written out.
            Cell::Count(count) => {
                match u32::try_from(*count) {
                    Ok(small) => sheet.write_number_with_format(row, at, small, &self.count)?,
                    Err(_) => sheet.write_string_with_format(row, at, count.to_string(), &self.text)?,
                };
                // Every third digit has a comma.
                width(&count.to_string()) * 4 / 3
            }
            Cell::Share(share) => {
                // A tenth of a percent is all that is shown, so millionths are exact enough.
                let millionths = share / 1000;
                let decimal = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
                match decimal.parse::<f64>() {
                    Ok(number) => sheet.write_number_with_format(row, at, number, &self.share)?,
                    Err(_) => sheet.write_string_with_format(row, at, decimal, &self.text)?,
                };
                width(&percent(*share))
            }
        })
    }
}

fn fill<'r>(
    sheet: &mut Worksheet,
    table: &Sheet,
    rows: impl Iterator<Item = &'r Vec<Cell>>,
) -> Result<(), XlsxError> {
    let (look, top) = (Look::new(), u32::from(table.title.is_some()));
    let head = Format::new().set_bold().set_border(FormatBorder::Thin).set_background_color(0x00F2_F2F2);
    let head = head.set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let mut widths: Vec<u32> = Vec::new();
    for (i, heading) in table.header.iter().enumerate() {
        sheet.write_string_with_format(top, column(i)?, heading, &head)?;
        // The arrow of the filter stands beside the heading.
        widths.push(width(heading) + 3);
    }
    let mut last = top;
    for (row, cells) in (top + 1..).zip(rows) {
        last = row;
        for (i, cell) in cells.iter().enumerate() {
            let wide = look.write(sheet, row, column(i)?, cell)?;
            if widths.len() <= i {
                widths.resize(i + 1, 0);
            }
            if let Some(widest) = widths.get_mut(i) {
                *widest = wide.max(*widest);
            }
        }
    }
    widths.iter_mut().for_each(|wide| *wide = (*wide + 2).clamp(6, 60));
    for (i, wide) in widths.iter().enumerate() {
        sheet.set_column_width(column(i)?, *wide)?;
    }
    let Some(right) = widths.len().checked_sub(1) else { return Ok(()) };
    let right = column(right)?;
    if let Some(title) = &table.title {
        let centre = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        let centre = centre.set_align(FormatAlign::VerticalCenter);
        if right > 0 {
            sheet.merge_range(0, 0, 0, right, title, &centre)?;
        } else {
            sheet.write_string_with_format(0, 0, title, &centre)?;
        }
        sheet.set_row_height(0, 30)?;
    }
    sheet.autofilter(top, 0, last, right)?;
    sheet.set_freeze_panes(top + 1, 0)?;
    // Ids are digits on purpose; a green corner in each would invite people to make numbers of them.
    sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
    sheet.set_print_area(0, 0, last, right)?.set_repeat_rows(0, top)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    sheet.set_print_center_horizontally(true).set_footer("&C– &P / &N –");
    // An upright page of A4 holds so many digits.
    if widths.iter().sum::<u32>() > 95 {
        sheet.set_landscape();
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
