//! The parts of a workbook (ISO/IEC 29500-2), and the tags in them. A part is changed where it must be, and else stays
//! as it is, byte for byte.

use crate::say;
use double_random::message::Message;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;

/// A workbook that is not built as workbooks are.
pub(super) fn broken(what: &str) -> Message {
    say!("office.marked.broken", "the workbook cannot be marked: {what}", what)
}

/// All parts of a workbook, in their order.
pub(super) struct Parts(Vec<(String, Vec<u8>)>);

impl Parts {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Message> {
        let wrong = |error: &dyn std::fmt::Display| broken(&error.to_string());
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
        let mut parts = Vec::new();
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).map_err(|error| wrong(&error))?;
            let name = file.name().map_err(|error| wrong(&error))?.into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content).map_err(|error| wrong(&error))?;
            if !file.is_dir() {
                parts.push((name, content));
            }
        }
        Ok(Self(parts))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(part, _)| part.eq_ignore_ascii_case(name))
    }

    /// A part as text.
    pub(super) fn text(&self, name: &str) -> Result<String, Message> {
        let part = self.0.iter().find(|(part, _)| part.eq_ignore_ascii_case(name));
        let (_, content) = part.ok_or_else(|| broken(name))?;
        let content = content.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(content);
        String::from_utf8(content.to_vec()).map_err(|_| broken(name))
    }

    pub(super) fn put(&mut self, name: &str, text: String) {
        match self.0.iter_mut().find(|(part, _)| part.eq_ignore_ascii_case(name)) {
            Some((_, content)) => *content = text.into_bytes(),
            None => self.0.push((name.to_owned(), text.into_bytes())),
        }
    }

    pub(super) fn close(self) -> Result<Vec<u8>, Message> {
        let wrong = |error: &dyn std::fmt::Display| broken(&error.to_string());
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        for (name, content) in self.0 {
            archive.start_file(name, options).map_err(|error| wrong(&error))?;
            archive.write_all(&content).map_err(|error| wrong(&error))?;
        }
        Ok(archive.finish().map_err(|error| wrong(&error))?.into_inner())
    }
}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Begin,
    End,
    /// It begins and ends.
    Both,
}

/// A tag where it stands in its part.
pub(super) struct Tag<'t> {
    pub(super) does: Does,
    /// The name without its namespace.
    pub(super) name: String,
    /// The tag as it is written, `<` and `>` included.
    pub(super) written: &'t str,
    pub(super) begin: usize,
    pub(super) end: usize,
    /// How many elements it stands in.
    pub(super) depth: usize,
}

impl Tag<'_> {
    /// The value of an attribute. `Id` of `r:Id` is `:Id`.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        attribute(self.written, name).and_then(|(from, to)| {
            let raw = self.written.get(from..to)?;
            quick_xml::escape::unescape(raw).ok().map(std::borrow::Cow::into_owned)
        })
    }

    /// The tag with another value of an attribute.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        if let Some((from, to)) = attribute(self.written, name) {
            let (before, rest) = self.written.split_at(from);
            return format!("{before}{value}{}", rest.get(to - from..).unwrap_or_default());
        }
        let end = if self.written.ends_with("/>") { 2 } else { 1 };
        let (before, rest) = self.written.split_at(self.written.len().saturating_sub(end));
        let before = before.trim_end();
        format!("{before} {name}=\"{value}\"{rest}")
    }

    /// What stands before the name: `x:` of `<x:row>`.
    pub(super) fn prefix(&self) -> String {
        let name = self.written.trim_start_matches(['<', '/']);
        let name = name.split([' ', '\t', '\n', '\r', '/', '>']).next().unwrap_or_default();
        name.split_once(':').map_or_else(String::new, |(prefix, _)| format!("{prefix}:"))
    }
}

/// Where the value of an attribute stands in a tag.
fn attribute(tag: &str, name: &str) -> Option<(usize, usize)> {
    let own = name.strip_prefix(':');
    let mut from = 0;
    while let Some(place) = tag.get(from..)?.find(own.unwrap_or(name)) {
        let begin = from + place;
        let end = begin + own.unwrap_or(name).len();
        let before = tag.get(..begin)?.chars().next_back()?;
        let fits = if own.is_some() { before == ':' } else { before.is_whitespace() };
        let rest = tag.get(end..)?;
        let value = rest.trim_start().strip_prefix('=').map(str::trim_start);
        if let Some(value) = value.filter(|_| fits)
            && let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))
        {
            let at = tag.len() - value.len() + 1;
            return tag.get(at..)?.find(quote).map(|length| (at, at + length));
        }
        from = end;
    }
    None
}

/// Hands over the tags of a part.
pub(super) fn tags<'t>(
    text: &'t str,
    each: &mut dyn FnMut(&Tag<'t>) -> Result<(), Message>,
) -> Result<(), Message> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        let place = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let begin = place(&reader);
        let event = reader.read_event().map_err(|error| broken(&error.to_string()))?;
        let end = place(&reader);
        let (does, name) = match &event {
            Event::Eof => return Ok(()),
            Event::Start(tag) => (Does::Begin, tag.local_name().as_ref().to_owned()),
            Event::Empty(tag) => (Does::Both, tag.local_name().as_ref().to_owned()),
            Event::End(tag) => (Does::End, tag.local_name().as_ref().to_owned()),
            _ => continue,
        };
        if does == Does::End {
            depth = depth.saturating_sub(1);
        }
        let written = text.get(begin..end).unwrap_or_default();
        each(&Tag { does, name, written, begin, end, depth })?;
        if does == Does::Begin {
            depth += 1;
        }
    }
}

/// A text that is changed at places that ascend.
pub(super) struct Edited<'t> {
    text: &'t str,
    done: usize,
    out: String,
}

impl<'t> Edited<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, done: 0, out: String::with_capacity(text.len() + 1024) }
    }

    /// Puts something before a place.
    pub(super) fn insert(&mut self, at: usize, more: &str) {
        self.replace(at, at, more);
    }

    /// Puts something in the place of a piece.
    pub(super) fn replace(&mut self, from: usize, to: usize, with: &str) {
        self.out.push_str(self.text.get(self.done..from).unwrap_or_default());
        self.out.push_str(with);
        self.done = to;
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str(self.text.get(self.done..).unwrap_or_default());
        self.out
    }
}

/// A text as it stands between tags and in attributes. What XML does not have is left out.
pub(super) fn escaped(text: &str) -> String {
    let kept: String = text.chars().filter(|c| *c >= ' ' || matches!(c, '\n' | '\t')).collect();
    quick_xml::escape::escape(kept.as_str()).into_owned()
}
