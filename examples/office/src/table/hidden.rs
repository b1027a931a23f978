//! The rows of an .xlsx sheet that nobody sees. The workbook reader says nothing about them, so the parts of
//! the file are read here for this one mark.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Cursor};

/// The hidden rows of a sheet, counted from 1; `place` is that of the sheet in the workbook. A file whose
/// parts are not where they are expected has none, and is read as it stands.
pub(super) fn rows(bytes: &[u8], place: usize) -> BTreeSet<u64> {
    part_of(bytes, place).and_then(|part| hidden(bytes, &part)).unwrap_or_default()
}

/// The name of the part that holds a sheet.
fn part_of(bytes: &[u8], place: usize) -> Option<String> {
    let mut ids = Vec::new();
    tags(bytes, "xl/workbook.xml", "sheet", &mut |tag| ids.extend(attribute(tag, ":id")))?;
    let id = ids.get(place)?;
    let mut target = None;
    tags(bytes, "xl/_rels/workbook.xml.rels", "Relationship", &mut |tag| {
        if attribute(tag, " Id").as_ref() == Some(id) {
            target = attribute(tag, " Target");
        }
    })?;
    let target = target?;
    Some(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

fn hidden(bytes: &[u8], part: &str) -> Option<BTreeSet<u64>> {
    let (mut hidden, mut number) = (BTreeSet::new(), 0_u64);
    tags(bytes, part, "row", &mut |tag| {
        number = attribute(tag, " r").and_then(|row| row.parse().ok()).unwrap_or(number.saturating_add(1));
        if attribute(tag, " hidden").is_some_and(|said| said == "1" || said == "true") {
            hidden.insert(number);
        }
    })?;
    Some(hidden)
}

/// Hands over the tags of one name that a part holds, without the mark before them.
fn tags(bytes: &[u8], part: &str, name: &str, each: &mut dyn FnMut(&str)) -> Option<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let at = (0..archive.len()).find(|at| {
        let file = archive.by_index(*at).ok();
        file.is_some_and(|file| file.name().is_ok_and(|found| found.eq_ignore_ascii_case(part)))
    })?;
    let mut reader = BufReader::new(archive.by_index(at).ok()?);
    let mut piece = Vec::new();
    while reader.read_until(b'<', &mut piece).ok()? > 0 {
        if let Ok(text) = std::str::from_utf8(&piece) {
            let tag = text.split('>').next().unwrap_or_default();
            let called = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
            if called.rsplit(':').next() == Some(name) {
                each(tag);
            }
        }
        piece.clear();
    }
    Some(())
}

/// The value of an attribute; `name` begins with what stands before it.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!("{name}="))?;
    let quote = rest.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}
