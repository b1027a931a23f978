//! The notice as a workbook: a sheet that tells it, and a sheet with the table, both ready to print on A4.

use super::Notice;
use crate::catalogue;
use double_random_support::screen::Lang;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet,
    XlsxError,
};

const FONT: &str = "宋体";
/// Widths of the columns of the table, in digits.
const WIDTHS: [u32; 9] = [6, 30, 22, 30, 30, 12, 26, 26, 30];

fn plain() -> Format {
    Format::new().set_font_name(FONT).set_font_size(11).set_text_wrap().set_align(FormatAlign::VerticalCenter)
}

fn boxed() -> Format {
    plain().set_border(FormatBorder::Thin)
}

fn on_paper(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    sheet.set_print_center_horizontally(true).set_footer("&C– &P / &N –");
}

/// The lines that a text takes in a cell so wide, in points.
fn height(text: &str, width: u32) -> u32 {
    let digits = |line: &str| line.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum::<u32>();
    let lines: u32 = text.lines().map(|line| digits(line).div_ceil(width.max(1)).max(1)).sum();
    lines.max(1) * 16 + 4
}

fn told(notice: &Notice, lang: Lang, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(catalogue::word("office.notice.sheet", lang))?;
    sheet.set_column_width(0, 20)?;
    sheet.set_column_width(1, 72)?;
    let title = plain().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    let under = plain().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 1, &notice.title(lang), &title)?;
    sheet.set_row_height(0, 34)?;
    let mut row = 1;
    let across = |sheet: &mut Worksheet, row: &mut u32, text: &str, format: &Format| {
        sheet.merge_range(*row, 0, *row, 1, text, format)?;
        sheet.set_row_height(*row, height(text, 90))?;
        *row += 1;
        Ok::<(), XlsxError>(())
    };
    across(sheet, &mut row, &notice.under(lang), &under)?;
    across(sheet, &mut row, &notice.opening(lang), &plain())?;
    let name = boxed().set_bold().set_align(FormatAlign::Center);
    for (field, value) in notice.fields(lang) {
        sheet.write_string_with_format(row, 0, &field, &name)?;
        // Counts are numbers, days are days, everything else is text: an id must keep its zeros.
        match value.parse::<u32>() {
            Ok(count)
                if value == count.to_string() && field == catalogue::word("office.notice.drawn", lang) =>
            {
                let number = boxed().set_num_format("#,##0").set_align(FormatAlign::Left);
                sheet.write_number_with_format(row, 1, count, &number)?
            }
            _ if field == catalogue::word("office.notice.date", lang) => day(sheet, row, 1, &value)?,
            _ => sheet.write_string_with_format(row, 1, &value, &boxed().set_num_format("@"))?,
        };
        sheet.set_row_height(row, height(&value, 72))?;
        row += 1;
    }
    let closing = notice.summary(lang).into_iter().chain(notice.closing(lang));
    for text in closing {
        across(sheet, &mut row, &text, &plain())?;
    }
    let right = plain().set_align(FormatAlign::Right);
    for text in notice.signed(lang) {
        across(sheet, &mut row, &text, &right)?;
    }
    let last = row.saturating_sub(1);
    sheet.set_print_area(0, 0, last, 1)?;
    sheet.ignore_error_range(0, 0, last, 1, IgnoreError::NumberStoredAsText)?;
    on_paper(sheet);
    Ok(())
}

/// A day as Excel counts days; as text what is none.
fn day<'s>(
    sheet: &'s mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
) -> Result<&'s mut Worksheet, XlsxError> {
    match ExcelDateTime::parse_from_str(text) {
        Ok(date) if !text.is_empty() => {
            let format = boxed().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
            sheet.write_datetime_with_format(row, column, date, &format)
        }
        _ => sheet.write_string_with_format(row, column, text, &boxed()),
    }
}

fn table(notice: &Notice, lang: Lang, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(catalogue::word("office.notice.results", lang))?;
    let head = Notice::head(lang);
    let right = u16::try_from(head.len().saturating_sub(1)).map_err(|_| XlsxError::RowColumnLimitError)?;
    let title = plain().set_bold().set_font_size(16).set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, right, &notice.table_title(lang), &title)?;
    sheet.set_row_height(0, 30)?;
    let bold = boxed().set_bold().set_align(FormatAlign::Center).set_background_color(0x00F2_F2F2);
    for ((column, heading), width) in (0..).zip(&head).zip(WIDTHS) {
        sheet.write_string_with_format(1, column, heading, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    let mut last = 1;
    for (row, cells) in (2..).zip(notice.table(lang)) {
        last = row;
        let mut tall = 20;
        for ((column, cell), width) in (0..).zip(&cells).zip(WIDTHS) {
            match column {
                0 => {
                    let number = boxed().set_num_format("0").set_align(FormatAlign::Center);
                    sheet.write_number_with_format(row, 0, row - 1, &number)?
                }
                5 => day(sheet, row, column, cell)?,
                _ => sheet.write_string_with_format(row, column, cell, &boxed().set_num_format("@"))?,
            };
            tall = tall.max(height(cell, width));
        }
        sheet.set_row_height(row, tall)?;
    }
    sheet.set_freeze_panes(2, 2)?;
    sheet.autofilter(1, 0, last, right)?;
    sheet.set_repeat_rows(0, 1)?.set_landscape().set_print_area(0, 0, last, right)?;
    sheet.ignore_error_range(0, 0, last, right, IgnoreError::NumberStoredAsText)?;
    on_paper(sheet);
    Ok(())
}

/// The workbook. The same notice gives the same bytes.
pub(super) fn to_xlsx(notice: &Notice, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which a file was made would make two files of one notice differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(notice.title(lang)).set_creation_datetime(&made));
    told(notice, lang, book.add_worksheet())?;
    if !notice.rows.is_empty() {
        table(notice, lang, book.add_worksheet())?;
    }
    book.save_to_buffer()
}
