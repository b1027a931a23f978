//! Text: bytes to text in any usual encoding, text to rows of cells.

use super::cells::bare;
use super::grid::Line;
use super::problem::{TableError, TableProblem};
use crate::say;
use double_random::message::Message;
use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;
use std::io::Read as _;
use std::ops::ControlFlow;

/// A text with the encoding that it was read in.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: &'static str,
    /// Whether the bytes are a text of Western Europe as well, and say nothing about which of the two they are.
    pub(super) doubtful: bool,
}

/// Decodes the bytes of a table and names the encoding: by its byte order mark, else UTF-8, else GB18030
/// (which holds GBK and GB2312).
///
/// # Errors
/// A workbook, bytes that are no text in the encoding, or bytes that are as well a text of another: nothing is
/// replaced by question marks, and nothing is guessed.
pub fn decode(bytes: &[u8]) -> Result<(String, &'static str), TableError> {
    if super::guard::container(bytes).is_some() {
        return Err(TableProblem::Workbook.into());
    }
    let read = read(bytes, None)?;
    if read.doubtful {
        return Err(undecided(bytes).into());
    }
    Ok((read.text.into_owned(), read.encoding))
}

/// The text of a table that was read, in the encoding that was named, if any. Whether bytes are text in two encodings was
/// decided when it was read.
///
/// # Errors
/// As for [`decode`].
pub fn decode_as(bytes: &[u8], named: Option<&'static Encoding>) -> Result<String, TableError> {
    Ok(read(bytes, named)?.text.into_owned())
}

/// The encoding of a name, such as `windows-1252`, `gbk` or `big5`.
///
/// # Errors
/// No encoding of the web has this name.
pub fn encoding(name: &str) -> Result<&'static Encoding, Message> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| {
        say!(
            "office.encoding.unknown",
            "no encoding \"{name}\" is known; usual ones are utf-8, gb18030, gbk, big5, windows-1252, utf-16le",
            name
        )
    })
}

/// As [`decode`], without a copy of what is UTF-8 already, and in the encoding that was named, if any.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    named: Option<&'static Encoding>,
) -> Result<Decoded<'a>, TableProblem> {
    let wrong = |encoding, hint| TableProblem::Encoding { encoding, hint };
    let whole = |encoding: &'static Encoding, name, rest: &'a [u8]| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        text.map(|text| (text, name)).ok_or_else(|| {
            let hint = say!(
                "office.encoding.name",
                "save it as UTF-8 CSV, or name the encoding, as in --encoding windows-1252"
            );
            wrong(name, hint)
        })
    };
    let marked = Encoding::for_bom(bytes);
    if let Some((found, named)) =
        marked.map(|(found, _)| found).zip(named).filter(|(found, named)| found != named)
    {
        let (found, named) = (found.name(), named.name());
        return Err(TableProblem::Marked { found, named });
    }
    let mut doubtful = false;
    let (text, encoding) = match (bytes, named) {
        ([0xef, 0xbb, 0xbf, rest @ ..], _) => match std::str::from_utf8(rest) {
            Ok(text) => (Cow::Borrowed(text), "UTF-8"),
            Err(_) => {
                let hint = say!("office.encoding.mark", "its byte order mark says so; save it again");
                return Err(wrong("UTF-8", hint));
            }
        },
        ([0xff, 0xfe, rest @ ..], _) => whole(UTF_16LE, "UTF-16LE", rest)?,
        ([0xfe, 0xff, rest @ ..], _) => whole(UTF_16BE, "UTF-16BE", rest)?,
        (_, Some(named)) => whole(named, named.name(), bytes)?,
        (_, None) => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), "UTF-8"),
            Err(_) => {
                doubtful = !chinese(bytes);
                whole(GB18030, "GB18030", bytes)?
            }
        },
    };
    if text.contains('\0') {
        let hint =
            say!("office.encoding.nul", "it holds NUL characters, as UTF-16 without byte order mark does");
        return Err(wrong(encoding, hint));
    }
    // Many systems export a web page under the name .xls, and Excel opens it without a word.
    let start = text.trim_start().get(..9).unwrap_or_default().to_ascii_lowercase();
    if ["<html", "<table", "<!doctype", "<?xml"].iter().any(|mark| start.starts_with(mark)) {
        let what = say!("office.format.page", "a web page or XML text under another name");
        return Err(TableProblem::Format { what });
    }
    Ok(Decoded { text, encoding, doubtful })
}

/// Whether bytes beyond ASCII stand as Chinese writes them: mostly four and more in a row, which are two characters.
/// In a text of Western Europe they stand alone between letters.
fn chinese(bytes: &[u8]) -> bool {
    let (mut long, mut all, mut run) = (0_u64, 0_u64, 0_u64);
    let mut rest = bytes;
    loop {
        // A character of four bytes has digits within.
        match rest {
            [a, b, c, d, after @ ..]
                if !a.is_ascii() && b.is_ascii_digit() && !c.is_ascii() && d.is_ascii_digit() =>
            {
                run += 4;
                rest = after;
            }
            [a, after @ ..] if !a.is_ascii() => {
                run += 1;
                rest = after;
            }
            _ => {
                all += u64::from(run > 0);
                long += u64::from(run >= 4);
                run = 0;
                let Some((_, after)) = rest.split_first() else { break };
                rest = after;
            }
        }
    }
    long * 2 >= all
}

/// How many lines are shown in both readings.
const SHOWN: usize = 5;

/// The problem of bytes that are two texts: the lines in which they differ, each as both.
pub(super) fn undecided(bytes: &[u8]) -> TableProblem {
    let either = [GB18030, WINDOWS_1252].map(|encoding| encoding.decode_without_bom_handling(bytes).0);
    let [one, other] = &either;
    let shown = |line: &str| line.trim().chars().take(60).collect::<String>();
    let differ = (1..).zip(one.lines().zip(other.lines())).filter(|(_, (one, other))| one != other);
    let mut lines: Vec<Message> = differ
        .map(|(number, (chinese, western)): (u64, _)| {
            say!(
                "office.encoding.differs",
                "line {number}: {western} (windows-1252), or {chinese} (gb18030)",
                chinese = shown(chinese),
                number,
                western = shown(western)
            )
        })
        .collect();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    TableProblem::Undecided { lines, more }
}

/// Splits the text into rows and hands over those that are not blank, until it is told to stop. Besides a row
/// it gives the byte at which the row begins.
pub(super) fn scan(
    text: &str,
    delimiter: u8,
    each: &mut dyn FnMut(&Line, usize) -> ControlFlow<()>,
) -> Result<(), TableProblem> {
    // The reader says nothing about a quotation mark that is never closed; it would swallow this last row,
    // which no file can hold, because NUL was refused before.
    let guarded = text.as_bytes().chain(&b"\n\0\n"[..]);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(guarded);
    let mut record = csv::StringRecord::new();
    let mut line = Line { number: 1, ..Line::default() };
    let mut counted = 0;
    let mut closed = false;
    while reader.read_record(&mut record).map_err(|e| TableProblem::Csv(e.to_string()))? {
        // The position lies before the line breaks that the reader skips; the row begins behind them.
        let before = record.position().map_or(0, csv::Position::byte);
        let before = usize::try_from(before).unwrap_or(text.len());
        let rest = text.as_bytes().get(before..).unwrap_or_default();
        let start = before + rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        line.number += breaks(text.as_bytes().get(counted..start).unwrap_or_default());
        counted = start;
        closed = record.len() == 1 && record.get(0) == Some("\0");
        if closed {
            break;
        }
        line.clear();
        record.iter().enumerate().for_each(|(column, cell)| line.put(column, bare(cell)));
        if !line.blank() && each(&line, start).is_break() {
            return Ok(());
        }
    }
    if closed { Ok(()) } else { Err(TableProblem::OpenQuote { line: line.number }) }
}

/// The number of line breaks: LF, CR LF, or CR alone.
fn breaks(bytes: &[u8]) -> u64 {
    let mut found = 0;
    for (i, byte) in bytes.iter().enumerate() {
        found += u64::from(match byte {
            b'\n' => true,
            b'\r' => bytes.get(i + 1) != Some(&b'\n'),
            _ => false,
        });
    }
    found
}
