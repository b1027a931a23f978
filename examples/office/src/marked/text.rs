//! A copy of a text with its problems in one more column.

use super::parts::broken;
use super::{AsRead, Mark};
use crate::{catalogue, table};
use double_random::message::Message;
use double_random_support::screen::Lang;
use std::collections::BTreeMap;

/// A copy of a text with its problems in one more column, in UTF-8.
pub(super) fn marked(bytes: &[u8], marks: &[Mark], heading: &str, read: AsRead) -> Result<Vec<u8>, Message> {
    let text = table::decode_as(bytes, read.encoding).map_err(|error| broken(&error.to_string()))?;
    let delimiter = read.delimiter.unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let (mut line, mut counted) = (1_u64, 0);
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error.to_string()))?;
        // The position lies before the line breaks that the reader skips; the row begins behind them.
        let before = record.position().and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(0);
        let rest = text.get(before..).unwrap_or_default();
        let start = before + rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let skipped = text.get(counted..start).unwrap_or_default().replace("\r\n", "\n");
        line += u64::try_from(skipped.matches(['\r', '\n']).count()).unwrap_or(0);
        counted = start;
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    // The column of an earlier copy, in either language.
    let headings = [Lang::En, Lang::Zh].map(|lang| catalogue::word("office.marked.heading", lang));
    let own =
        rows.iter().find_map(|(_, cells)| cells.iter().position(|cell| headings.contains(&cell.trim())));
    for (_, cells) in &mut rows {
        if let Some(own) = own.filter(|own| *own < cells.len()) {
            cells.remove(own);
        }
    }
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let mut words: BTreeMap<u64, String> = BTreeMap::new();
    for mark in marks {
        let said = words.entry(mark.row).or_default();
        if !said.is_empty() {
            said.push_str("; ");
        }
        said.push_str(&mark.words);
    }
    // The heading is the first row that is as wide as the table.
    let head =
        rows.iter().position(|(_, cells)| cells.iter().filter(|cell| !cell.is_empty()).count() * 2 > width);
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(vec![0xef, 0xbb, 0xbf]);
    for (place, (line, mut cells)) in rows.into_iter().enumerate() {
        let mut said = words.remove(&line).unwrap_or_default();
        if Some(place) == head {
            said = if said.is_empty() { heading.to_owned() } else { format!("{heading}: {said}") };
        }
        cells.resize(width, String::new());
        cells.push(said);
        writer.write_record(&cells).map_err(|error| broken(&error.to_string()))?;
    }
    writer.into_inner().map_err(|error| broken(&error.to_string()))
}
