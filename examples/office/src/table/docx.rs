//! The tables of a .docx as sheets of a workbook, which the readers of tables know: authorities publish their plans as
//! papers. A table that goes on under the same heading, as one that is cut by a page, stays one.

use super::guard::damaged;
use super::problem::TableProblem;
use crate::say;
use quick_xml::Reader;
use quick_xml::events::Event;
use rust_xlsxwriter::{Format, Workbook};
use std::io::{Cursor, Read};

/// Bytes of the document, unpacked.
const BYTES: u64 = 64 << 20;

/// A cell: its text, over how many columns it goes, and whether it goes on the cell above.
#[derive(Debug, Clone, Default)]
struct Cell {
    text: String,
    wide: u16,
    goes_on: bool,
}

type Row = Vec<Cell>;

/// Whether bytes are a .docx.
#[must_use]
pub fn is_paper(bytes: &[u8]) -> bool {
    let archive = || zip::ZipArchive::new(Cursor::new(bytes)).ok();
    bytes.starts_with(b"PK\x03\x04")
        && archive().is_some_and(|mut archive| archive.by_name("word/document.xml").is_ok())
}

/// The text of a document of at most so many bytes.
fn document(file: impl Read, most: u64) -> Result<String, TableProblem> {
    let mut text = Vec::new();
    let read = file.take(most + 1).read_to_end(&mut text).map_err(damaged)?;
    if u64::try_from(read).is_ok_and(|read| read <= most) {
        return String::from_utf8(text).map_err(damaged);
    }
    let what = say!("office.too_large.bytes", "it unpacks to more than {most} MiB", most = most >> 20);
    Err(TableProblem::TooLarge { what })
}

/// The tables of a paper as a workbook; `None` if the bytes are no .docx.
pub(super) fn workbook(bytes: &[u8]) -> Option<Result<Vec<u8>, TableProblem>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let file = archive.by_name("word/document.xml").ok()?;
    Some(document(file, BYTES).and_then(|text| tables(&text)).and_then(|tables| sheets(&tables)))
}

/// The tables of a document in their order. A table within a cell is text of the cell.
fn tables(text: &str) -> Result<Vec<Vec<Row>>, TableProblem> {
    let mut reader = Reader::from_str(text);
    let mut tables: Vec<Vec<Row>> = Vec::new();
    let (mut depth, mut within) = (0_usize, false);
    loop {
        let event = reader.read_event().map_err(damaged)?;
        let (begins, tag) = match &event {
            Event::Start(tag) => (true, tag.clone()),
            Event::Empty(tag) => (true, tag.clone()),
            Event::End(tag) => {
                match tag.local_name().as_ref() {
                    "tbl" => depth = depth.saturating_sub(1),
                    "t" => within = false,
                    // Paragraphs of a cell are its lines.
                    "p" if depth > 0 => last(&mut tables, |cell| cell.text.push('\n')),
                    _ => {}
                }
                continue;
            }
            Event::Text(words) if within && depth > 0 => {
                let words = quick_xml::escape::unescape(words).map_err(damaged)?;
                last(&mut tables, |cell| cell.text.push_str(&words));
                continue;
            }
            Event::GeneralRef(name) if within && depth > 0 => {
                let name: &str = name;
                let whole = format!("&{name};");
                let words = quick_xml::escape::unescape(&whole).map_err(damaged)?;
                last(&mut tables, |cell| cell.text.push_str(&words));
                continue;
            }
            Event::Eof => return Ok(tables),
            _ => continue,
        };
        let value = || {
            let all: Vec<_> = tag.attributes().with_checks(false).flatten().collect();
            let of_val = all.iter().find(|one| one.key.local_name().as_ref() == "val");
            of_val.map(|one| one.value.to_string())
        };
        let empty = matches!(event, Event::Empty(_));
        match tag.local_name().as_ref() {
            "tbl" if begins && !empty => {
                depth += 1;
                if depth == 1 {
                    tables.push(Vec::new());
                }
            }
            "tr" if depth == 1 => tables.last_mut().into_iter().for_each(|table| table.push(Vec::new())),
            "tc" if depth == 1 => {
                let row = tables.last_mut().and_then(|table| table.last_mut());
                row.into_iter().for_each(|row| row.push(Cell { wide: 1, ..Cell::default() }));
            }
            "gridSpan" if depth == 1 => {
                let wide = value().and_then(|wide| wide.parse().ok()).unwrap_or(1);
                last(&mut tables, |cell| cell.wide = wide);
            }
            "vMerge" if depth == 1 => {
                let goes_on = value().is_none_or(|value| value == "continue");
                last(&mut tables, |cell| cell.goes_on = goes_on);
            }
            "t" if !empty => within = true,
            "br" | "cr" if depth > 0 => last(&mut tables, |cell| cell.text.push('\n')),
            "tab" if depth > 0 => last(&mut tables, |cell| cell.text.push(' ')),
            _ => {}
        }
    }
}

fn last(tables: &mut [Vec<Row>], change: impl FnOnce(&mut Cell)) {
    if let Some(cell) = tables.last_mut().and_then(|table| table.last_mut()).and_then(|row| row.last_mut()) {
        change(cell);
    }
}

fn heading(row: Option<&Row>) -> Vec<&str> {
    row.map(|row| row.iter().map(|cell| cell.text.trim()).collect()).unwrap_or_default()
}

fn sheets(tables: &[Vec<Row>]) -> Result<Vec<u8>, TableProblem> {
    let mut whole: Vec<Vec<Row>> = Vec::new();
    for table in tables.iter().filter(|table| !table.is_empty()) {
        let same = whole.iter_mut().find(|known| heading(known.first()) == heading(table.first()));
        match same {
            Some(known) => known.extend(table.iter().skip(1).cloned()),
            None => whole.push(table.clone()),
        }
    }
    let wrong = |error: rust_xlsxwriter::XlsxError| damaged(error);
    let plain = Format::new();
    let mut book = Workbook::new();
    for (number, table) in (1..).zip(&whole) {
        let sheet = book.add_worksheet().set_name(format!("表{number}")).map_err(wrong)?;
        // The row in which what stands in a column begins, and its text, where it goes on below.
        let mut blocks: Vec<(u32, u16, u32, u16, String)> = Vec::new();
        for (row, cells) in (0_u32..).zip(table) {
            let mut column = 0_u16;
            for cell in cells {
                let end = column.saturating_add(cell.wide.max(1)).saturating_sub(1);
                let above = blocks.iter_mut().rev().find(|block| block.1 == column && block.3 == end);
                match above {
                    Some(block) if cell.goes_on && block.2 + 1 == row => block.2 = row,
                    _ => blocks.push((row, column, row, end, cell.text.trim().to_owned())),
                }
                column = end.saturating_add(1);
            }
        }
        for (top, left, bottom, right, text) in blocks {
            if (top, left) == (bottom, right) {
                sheet.write_string(top, left, text).map_err(wrong)?;
            } else {
                sheet.merge_range(top, left, bottom, right, &text, &plain).map_err(wrong)?;
            }
        }
    }
    book.save_to_buffer().map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_too_long_is_refused_and_never_cut() {
        let text = "表".repeat(1 << 20);
        let most = u64::try_from(text.len()).unwrap();
        assert_eq!(document(text.as_bytes(), most).unwrap(), text);
        // The limit may lie within a character.
        for less in 1..=4 {
            let refused = document(text.as_bytes(), most - less);
            assert!(matches!(refused, Err(TableProblem::TooLarge { .. })), "{less}: {refused:?}");
        }
    }
}
