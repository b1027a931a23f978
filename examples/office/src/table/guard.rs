//! Looks at a workbook before it is opened: whether it is one, and whether it would take more memory than any
//! table of an office.
//!
//! The workbook reader trusts the sizes that a file states: it reserves memory for as many cells and texts
//! as a file claims, and it follows a chain of sectors without asking whether it ends. Everything that it
//! would believe is measured here first.

use super::problem::TableProblem;
use crate::say;
use double_random::message::Message;
use std::io::{Cursor, Read};

/// Cells of a workbook's largest sheet: a county has some ten thousand units.
pub(super) const CELLS: u64 = 4_000_000;
/// Cells of a sheet that may be formatted without holding anything: 64 columns down to the last row of Excel.
pub(super) const FORMATTED: u64 = 64 << 20;
/// Bytes of all parts of a workbook, unpacked.
const BYTES: u64 = 1 << 30;
/// Texts that a workbook may claim to hold.
const TEXTS: u64 = CELLS;
/// Records of an .xls file, read once for each sheet.
const RECORDS: u64 = 20_000_000;

/// What holds the parts of a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// A ZIP archive, as of .xlsx.
    Zip,
    /// A compound file, as of .xls.
    Compound,
}

/// The container by its first bytes.
pub(super) fn container(bytes: &[u8]) -> Option<Container> {
    if bytes.starts_with(b"PK\x03\x04") {
        Some(Container::Zip)
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Some(Container::Compound)
    } else {
        None
    }
}

const fn broken(what: Message) -> TableProblem {
    TableProblem::Damaged { what }
}

/// What the reader of archives or of workbooks says in its own words.
#[allow(clippy::needless_pass_by_value, reason = "takes what map_err gives")]
pub(super) fn damaged(text: impl ToString) -> TableProblem {
    broken(say!("office.damaged.reader", "{text}", text = text.to_string()))
}

/// The problem of a sheet with more cells than are read.
pub(super) fn too_many_cells() -> TableProblem {
    let what = say!("office.too_large.cells", "more than {most} cells", most = CELLS);
    TableProblem::TooLarge { what }
}

/// Unpacks every part of an archive once, keeping nothing: sizes and checksums are then known to be true.
pub(super) fn archive(bytes: &[u8]) -> Result<(), TableProblem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let name =
        |name: &str| archive.file_names().any(|file| file.is_ok_and(|file| file.eq_ignore_ascii_case(name)));
    if name("xl/workbook.bin") {
        return Err(TableProblem::Format { what: say!("office.format.binary", "a binary workbook (.xlsb)") });
    }
    if name("content.xml") {
        return Err(TableProblem::Format {
            what: say!("office.format.open_document", "an OpenDocument file"),
        });
    }
    let mut left = BYTES;
    let mut buffer = vec![0; 1 << 16];
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).map_err(damaged)?;
        let texts = file.name().map_err(damaged)?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let mut kept = 0;
        loop {
            let free = buffer.get_mut(kept..).unwrap_or_default();
            let read = file.read(free).map_err(damaged)?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(u64::try_from(read).unwrap_or(u64::MAX)).ok_or_else(|| {
                let most = BYTES >> 20;
                TableProblem::TooLarge {
                    what: say!("office.too_large.bytes", "it unpacks to more than {most} MiB", most),
                }
            })?;
            if texts {
                let filled = kept + read;
                claimed_texts(buffer.get(..filled).unwrap_or_default())?;
                // A claim may lie across two readings.
                let from = filled.saturating_sub(64);
                buffer.copy_within(from..filled, 0);
                kept = filled - from;
            }
        }
    }
    Ok(())
}

/// Refuses a table of texts that claims more of them than could be.
fn claimed_texts(part: &[u8]) -> Result<(), TableProblem> {
    const CLAIM: &[u8] = b"uniqueCount";
    for (at, _) in part.windows(CLAIM.len()).enumerate().filter(|(_, window)| *window == CLAIM) {
        let rest = part.get(at + CLAIM.len()..).unwrap_or_default().iter();
        let digits =
            rest.skip_while(|b| matches!(b, b' ' | b'=' | b'"' | b'\'')).take_while(|b| b.is_ascii_digit());
        let claimed = digits.fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
        if claimed > TEXTS {
            let what = say!("office.too_large.texts", "it claims {claimed} texts", claimed);
            return Err(TableProblem::TooLarge { what });
        }
    }
    Ok(())
}

/// Little-endian numbers, or nothing where the bytes end.
fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A compound file: sectors, and a table that says which sector follows which.
struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match short(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Self { bytes, sector, next: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|i| long(bytes, 76 + 4 * i)).collect();
        let mut more = long(bytes, 68)?;
        let mut seen = 0;
        while more < 0xffff_fffa {
            seen += 1;
            if seen > bytes.len() / sector {
                return None;
            }
            let listed = compound.sector(more)?;
            tables.extend((0..sector / 4).filter_map(|i| long(listed, 4 * i)));
            more = tables.pop()?;
        }
        for table in tables.into_iter().filter(|id| *id < 0xffff_fffc) {
            let listed = compound.sector(table)?;
            compound.next.extend((0..sector / 4).filter_map(|i| long(listed, 4 * i)));
        }
        Some(compound)
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = index(id).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector of a file may be cut.
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain of sectors; nothing if the chain leaves the file or never ends.
    fn chain(&self, mut id: u32, length: usize) -> Option<Vec<u8>> {
        let mut chain = Vec::new();
        let mut seen = 0;
        while id != 0xffff_fffe && chain.len() < length {
            seen += 1;
            if seen > self.next.len() {
                return None;
            }
            chain.extend_from_slice(self.sector(id)?);
            id = *self.next.get(index(id))?;
        }
        chain.truncate(length);
        Some(chain)
    }

    /// The entries of the directory: name, first sector, length.
    fn directory(&self) -> Option<Vec<(String, u32, usize)>> {
        let entries = self.chain(long(self.bytes, 48)?, usize::MAX)?;
        let entry = |entry: &[u8]| {
            let units: Vec<u16> =
                (0..32).filter_map(|i| short(entry, 2 * i)).take_while(|unit| *unit != 0).collect();
            Some((String::from_utf16_lossy(&units), long(entry, 116)?, index(long(entry, 120)?)))
        };
        entries.chunks_exact(128).map(entry).collect()
    }

    /// A stream of the directory, which lies among the small sectors if it is short.
    fn stream(&self, directory: &[(String, u32, usize)], at: usize) -> Option<Vec<u8>> {
        let (_, root, size) = directory.first()?;
        let (_, first, length) = directory.get(at)?;
        // Both are read whenever a compound file is opened, so both have to end.
        let (small, follow) = if long(self.bytes, 64)? > 0 {
            let follow = index(long(self.bytes, 64)?).checked_mul(self.sector)?;
            (self.chain(*root, *size)?, self.chain(long(self.bytes, 60)?, follow)?)
        } else {
            (Vec::new(), Vec::new())
        };
        if *length >= 4096 {
            return self.chain(*first, *length);
        }
        let mut stream = Vec::new();
        let (mut id, mut seen) = (*first, 0);
        while id != 0xffff_fffe && stream.len() < *length {
            seen += 1;
            if seen > small.len() / 64 + 1 {
                return None;
            }
            let start = index(id).checked_mul(64)?;
            stream.extend_from_slice(small.get(start..start.checked_add(64)?)?);
            id = long(&follow, index(id).checked_mul(4)?)?;
        }
        stream.truncate(*length);
        Some(stream)
    }
}

/// Walks a compound file: it must hold a workbook that is not encrypted and whose sheets have no more cells
/// than are read.
pub(super) fn compound(bytes: &[u8]) -> Result<(), TableProblem> {
    let chains = || broken(say!("office.damaged.sectors", "its sectors do not hold together"));
    let file = Compound::open(bytes).ok_or_else(chains)?;
    let directory = file.directory().ok_or_else(chains)?;
    let find = |name: &str| directory.iter().position(|(found, ..)| found.eq_ignore_ascii_case(name));
    if find("EncryptedPackage").is_some() {
        return Err(TableProblem::Password);
    }
    let Some(at) = find("Workbook").or_else(|| find("Book")) else {
        return Err(TableProblem::Format { what: say!("office.format.other", "a file of another program") });
    };
    let stream = file.stream(&directory, at).ok_or_else(chains)?;
    let mut sheets = Vec::new();
    let mut records = 0;
    for (kind, data) in Records(&stream) {
        records += 1;
        match kind {
            0x002f if short(data, 0) != Some(0) => return Err(TableProblem::Password),
            0x0085 => sheets.push(long(data, 0).map_or(usize::MAX, index)),
            0x000a => break,
            _ => {}
        }
    }
    let mut cells: u64 = 0;
    for sheet in sheets {
        let beyond = || broken(say!("office.damaged.beyond", "a sheet lies beyond its end"));
        let start = stream.get(sheet..).ok_or_else(beyond)?;
        let (mut corner, mut depth, mut begun) = (None::<[u16; 4]>, 0_u32, false);
        for (kind, data) in Records(start) {
            records += 1;
            if records > RECORDS {
                let what = say!("office.too_large.records", "more than {most} records", most = RECORDS);
                return Err(TableProblem::TooLarge { what });
            }
            match kind {
                0x0809 if begun => depth += 1,
                0x0809 => begun = true,
                0x000a if depth == 0 => break,
                0x000a => depth -= 1,
                _ if depth > 0 => {}
                0x0200 => claimed(data)?,
                0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x0006 | 0x027e | 0x00fd | 0x00bd => {
                    let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) else { continue };
                    let last = short(data, data.len().saturating_sub(2)).filter(|_| kind == 0x00bd);
                    let last = last.unwrap_or(column).max(column);
                    let [top, left, bottom, right] = corner.unwrap_or([row, column, row, last]);
                    corner = Some([top.min(row), left.min(column), bottom.max(row), right.max(last)]);
                }
                _ => {}
            }
        }
        if let Some([top, left, bottom, right]) = corner {
            cells += (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1);
        }
        if cells > CELLS {
            return Err(too_many_cells());
        }
    }
    Ok(())
}

/// Refuses a sheet that claims more cells than are read. Memory is reserved for them before the first is
/// there.
fn claimed(data: &[u8]) -> Result<(), TableProblem> {
    let cut = || broken(say!("office.damaged.cut", "the size of a sheet is cut"));
    let backwards = || broken(say!("office.damaged.backwards", "a sheet ends before it begins"));
    let (top, bottom, left, right) = if data.len() == 10 {
        let at = |i| short(data, i).map(u32::from);
        (at(0), at(2), at(4), at(6))
    } else {
        (long(data, 0), long(data, 4), short(data, 8).map(u32::from), short(data, 10).map(u32::from))
    };
    let [Some(top), Some(bottom), Some(left), Some(right)] = [top, bottom, left, right] else {
        return Err(cut());
    };
    let left = if left > 0xff || right < left { 0 } else { left };
    // A sheet without cells has neither a last row nor a last column.
    if bottom == 0 || right == 0 {
        return Ok(());
    }
    let rows = bottom.checked_sub(top).ok_or_else(backwards)?;
    let columns = right.checked_sub(left).ok_or_else(backwards)?;
    if u64::from(rows) * u64::from(columns) > CELLS { Err(too_many_cells()) } else { Ok(()) }
}

/// The records of a workbook stream: kind and bytes.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = self.0.get(4 + length..).unwrap_or_default();
        Some((kind, data))
    }
}
