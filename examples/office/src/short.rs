//! A receipt or an opening on paper: a short text that the public page takes, and the picture of it that a phone reads (QR code).
//!
//! The text is the documents, one a line, compressed (zlib) and written in letters and digits that QR codes pack best
//! (Spec 15.5). What does not fit one picture stands in several.

use double_random::bytes::Suite;
use double_random_support::files::Failure;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use qrcode::{Color, EcLevel, QrCode};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

/// What every part begins with.
pub const MARK: &str = "DR1";
/// RFC 4648, section 6.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// How many letters a part has at most. With its head it fits a QR code of version 24 at the level M, whose 113
/// modules a phone reads from 5 cm of paper.
const PART: usize = 1260;
/// How many bytes the documents of a text have at most: a text from elsewhere cannot fill the memory.
const MOST: u64 = 1 << 20;

/// A square of dark and light modules, from the upper left, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Modules in a row.
    pub size: usize,
    /// Whether each is dark.
    pub dark: Vec<bool>,
}

/// The parts of the short text of documents.
///
/// # Errors
/// The documents cannot be compressed.
pub fn parts(documents: &[&[u8]]) -> Result<Vec<String>, Failure> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&documents.join(&b'\n'))?;
    let bytes = encoder.finish()?;
    let (text, name) = (base32(&bytes), name(&bytes));
    let chunks: Vec<&[u8]> = text.as_bytes().chunks(PART).collect();
    let part = |(place, chunk): (usize, &&[u8])| {
        format!("{MARK}:{name}:{}/{}:{}", place + 1, chunks.len(), String::from_utf8_lossy(chunk))
    };
    Ok(chunks.iter().enumerate().map(part).collect())
}

/// The documents of a short text, whatever the order of its parts; spaces and ends of lines in it say nothing.
///
/// # Errors
/// In words: no short text, parts of several, a part that is missing, or a slip in one.
pub fn read(text: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let plain: String = text.chars().filter(|c| !is_space(*c)).map(|c| c.to_ascii_uppercase()).collect();
    let mark = format!("{MARK}:");
    if !plain.starts_with(&mark) {
        return Err("no short text: it begins with DR1:".into());
    }
    let mut found: BTreeMap<usize, &str> = BTreeMap::new();
    let mut whole = None;
    for part in plain.split(&mark).skip(1) {
        let fields: Vec<&str> = part.split(':').collect();
        let [name, place, letters] = fields[..] else {
            return Err(format!("{part}: no part of a short text").into());
        };
        let (place, of) = place.split_once('/').ok_or("a part without its number")?;
        let (place, of) = (number(place)?, number(of)?);
        if *whole.get_or_insert((name, of)) != (name, of) {
            return Err("parts of two short texts".into());
        }
        found.insert(place, letters);
    }
    let (name, of) = whole.ok_or("no short text: it begins with DR1:")?;
    if found.len() != of || !(1..=of).all(|place| found.contains_key(&place)) {
        return Err(format!("{} of {of} parts are there", found.len()).into());
    }
    let letters: String = found.into_values().collect();
    let bytes = from_base32(&letters).ok_or("a letter that is none of A to Z, 2 to 7")?;
    if base32(&bytes) != letters {
        return Err("letters at the end that no bytes give".into());
    }
    if self::name(&bytes) != name {
        return Err("a slip in the text: its name is another".into());
    }
    let documents = inflated(&bytes)?;
    std::str::from_utf8(&documents).map_err(|_| "its documents are no UTF-8")?;
    Ok(documents.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect())
}

/// What a text may be wrapped with (Spec 15.5).
fn is_space(letter: char) -> bool {
    matches!(letter, '\u{9}'..='\u{d}' | ' ' | '\u{a0}' | '\u{3000}' | '\u{feff}')
}

/// The number of a part: 1 to 999, without sign and leading zeros.
fn number(text: &str) -> Result<usize, Failure> {
    let digits = text.len() <= 3 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| format!("{text}: no number of a part, 1 to 999").into())
}

/// The documents of one whole zlib stream, with nothing behind it. (A reader of streams takes one that was cut off
/// for its end, and what follows for nothing.)
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let (mut stream, mut out) = (Decompress::new(true), Vec::new());
    loop {
        let (read, made) = (stream.total_in(), stream.total_out());
        let rest = bytes.get(usize::try_from(read)?..).unwrap_or_default();
        out.reserve(1 << 16);
        let status = stream.decompress_vec(rest, &mut out, FlushDecompress::None)?;
        if stream.total_out() > MOST {
            return Err("its documents are too long".into());
        }
        match status {
            Status::StreamEnd if stream.total_in() == bytes.len() as u64 => return Ok(out),
            Status::StreamEnd => return Err("bytes behind the documents".into()),
            _ if (stream.total_in(), stream.total_out()) == (read, made) => {
                return Err("the documents are cut off".into());
            }
            _ => {}
        }
    }
}

/// The picture of one part.
///
/// # Errors
/// The part is too long.
pub fn picture(part: &str) -> Result<Picture, Failure> {
    let code = QrCode::with_error_correction_level(part, EcLevel::M)?;
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Picture { size: code.width(), dark })
}

/// What tells the parts of one text from those of another, and shows a slip: the beginning of its digest.
fn name(bytes: &[u8]) -> String {
    Suite::Sha256.file(bytes).to_string()[..8].to_uppercase()
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut put = |bits: u32| text.push(char::from(LETTERS[(bits & 31) as usize]));
    for byte in bytes {
        bits = (bits << 8 | u32::from(*byte)) & 0xfff;
        held += 8;
        while held >= 5 {
            held -= 5;
            put(bits >> held);
        }
    }
    if held > 0 {
        put(bits << (5 - held));
    }
    text
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|one| *one == letter)?;
        bits = (bits << 5 | u32::try_from(value).ok()?) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

impl Picture {
    /// Light modules around the code, which readers need.
    const QUIET: usize = 4;

    fn rows(&self) -> impl Iterator<Item = Vec<bool>> + '_ {
        let side = self.size + 2 * Self::QUIET;
        let at = move |row: usize, column: usize| {
            let inside = |place: usize| place.checked_sub(Self::QUIET).filter(|place| *place < self.size);
            matches!((inside(row), inside(column)), (Some(row), Some(column)) if self.dark[row * self.size + column])
        };
        (0..side).map(move |row| (0..side).map(|column| at(row, column)).collect())
    }

    /// The picture as SVG, one path.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let side = self.size + 2 * Self::QUIET;
        let mut path = String::new();
        for (row, modules) in self.rows().enumerate() {
            for (column, dark) in modules.into_iter().enumerate() {
                if dark {
                    let _ = write!(path, "M{column} {row}h1v1h-1z");
                }
            }
        }
        format!(
            "<svg viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
        )
    }

    /// The picture as PNG of one bit a pixel, `scale` pixels a module.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn to_png(&self, scale: usize) -> Result<Vec<u8>, Failure> {
        let side = (self.size + 2 * Self::QUIET) * scale;
        let mut pixels = Vec::with_capacity(side * side.div_ceil(8));
        for modules in self.rows() {
            let mut row = vec![0_u8; side.div_ceil(8)];
            for pixel in (0..side).filter(|pixel| !modules[pixel / scale]) {
                row[pixel / 8] |= 0x80 >> (pixel % 8);
            }
            (0..scale).for_each(|_| pixels.extend_from_slice(&row));
        }
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, u32::try_from(side)?, u32::try_from(side)?);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.write_header()?.write_image_data(&pixels)?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(length: usize) -> Vec<u8> {
        // As hard to compress as hashes are.
        let digest = |n: usize| Suite::Sha256.file(&n.to_le_bytes()).to_string().into_bytes();
        (0..length).flat_map(digest).take(length).collect()
    }

    #[test]
    fn documents_come_back_from_their_parts_in_any_order() {
        for length in [0, 1, 700, 5000, 40_000] {
            let (first, second) = (given(length), b"{}".to_vec());
            let mut parts = parts(&[&first, &second]).unwrap();
            parts.reverse();
            let text = parts.join("\n").to_lowercase();
            assert_eq!(read(&text).unwrap(), [first, second]);
            let wrapped: String = text
                .chars()
                .enumerate()
                .flat_map(|(n, c)| [Some(c), (n % 60 == 0).then_some('\n')])
                .flatten()
                .collect();
            assert!(read(&wrapped).is_ok());
        }
    }

    #[test]
    fn a_slip_in_a_short_text_is_told() {
        let (mut all, other) = (parts(&[&given(5000)]).unwrap(), parts(&[&given(300)]).unwrap());
        let said = |text: &str| read(text).unwrap_err().to_string();
        assert!(said("receipt").contains("begins with DR1:"));
        assert!(said(&format!("{} {}", all[0], other[0])).contains("two short texts"));
        assert!(said(&all[0]).contains("1 of"));
        let last = all[0].pop().unwrap();
        all[0].push(if last == 'A' { 'B' } else { 'A' });
        assert!(said(&all.join(" ")).contains("slip"));
        all[0].push('1');
        assert!(said(&all.join(" ")).contains("A to Z"));
    }

    /// As long as a text may be, and a byte longer.
    #[test]
    fn documents_are_as_long_as_they_may_be() {
        let of = |length: usize| {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&vec![b' '; length]).unwrap();
            let bytes = encoder.finish().unwrap();
            read(&format!("DR1:{}:1/1:{}", name(&bytes), base32(&bytes)))
        };
        assert_eq!(of(1 << 20).unwrap(), [vec![b' '; 1 << 20]]);
        assert!(of((1 << 20) + 1).unwrap_err().to_string().contains("too long"));
    }

    #[test]
    fn a_reader_of_pictures_reads_every_part() {
        for part in parts(&[&given(3000)]).unwrap() {
            let picture = picture(&part).unwrap();
            assert!(picture.size <= 117, "{}", picture.size);
            let png = picture.to_png(4).unwrap();
            let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
            let mut row = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut row).unwrap();
            let (side, line) = (info.width as usize, info.line_size);
            let light = |x: usize, y: usize| row[y * line + x / 8] & (0x80 >> (x % 8)) != 0;
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(
                    side,
                    side,
                    |x, y| if light(x, y) { 255 } else { 0 },
                );
            let grids = image.detect_grids();
            assert_eq!(grids[0].decode().unwrap().1, part);
            assert!(picture.to_svg().contains("<path"));
        }
    }
}
