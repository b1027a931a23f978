//! The styles of a workbook: for every style of a marked cell one that differs from it by the colour of a mark.

use super::parts::{Does, Edited, Tag, broken, tags};
use double_random::message::Message;
use std::collections::BTreeMap;

/// The colour of a mark: light red, by one shade not the one that Excel offers, so that marks are known again.
const COLOUR: &str = "FFFFC7CD";

/// The styles, and what the marked cells need besides.
pub(super) struct Styles {
    text: String,
    /// The formats of cells as they stand in the part.
    formats: Vec<String>,
    fills: usize,
    /// The fill of marks, where an earlier copy has left it.
    marking: Option<usize>,
    more: BTreeMap<(usize, bool), usize>,
    order: Vec<String>,
    prefix: String,
}

impl Styles {
    pub(super) fn new(text: String) -> Result<Self, Message> {
        let (mut formats, mut fills, mut marking) = (Vec::new(), 0, None);
        let (mut within, mut begun, mut fill) = (String::new(), 0, 0);
        let mut prefix = String::new();
        tags(&text, &mut |tag| {
            match (tag.depth, tag.does) {
                (0, Does::Begin) => prefix = tag.prefix(),
                (1, Does::Begin) => within.clone_from(&tag.name),
                (1, Does::End) => within.clear(),
                _ => {}
            }
            match (within.as_str(), tag.name.as_str(), tag.does) {
                ("fills", "fill", Does::Begin | Does::Both) => {
                    fill = fills;
                    fills += 1;
                }
                ("fills", "fgColor", _) if tag.value("rgb").as_deref() == Some(COLOUR) => {
                    marking = Some(fill)
                }
                ("cellXfs", "xf", Does::Begin) => begun = tag.begin,
                ("cellXfs", "xf", Does::End) => {
                    formats.push(text.get(begun..tag.end).unwrap_or_default().to_owned());
                }
                ("cellXfs", "xf", Does::Both) => formats.push(tag.written.to_owned()),
                _ => {}
            }
            Ok(())
        })?;
        if formats.is_empty() || fills == 0 {
            return Err(broken("xl/styles.xml"));
        }
        Ok(Self { text, formats, fills, marking, more: BTreeMap::new(), order: Vec::new(), prefix })
    }

    fn fill(&self) -> usize {
        self.marking.unwrap_or(self.fills)
    }

    /// Whether a style has the colour of marks.
    pub(super) fn is_marked(&self, style: usize) -> bool {
        let fill = self.marking.map(|fill| fill.to_string());
        let format = self.formats.get(style).map_or("", String::as_str);
        let mut found = false;
        let read = tags(format, &mut |tag| {
            found |= tag.name == "xf" && fill.is_some() && tag.value("fillId") == fill;
            Ok(())
        });
        read.is_ok() && found
    }

    /// The style of a marked cell whose own style is this, or of one whose mark has gone.
    pub(super) fn of(&mut self, style: usize, marked: bool) -> usize {
        if let Some(known) = self.more.get(&(style, marked)) {
            return *known;
        }
        let own = self.formats.get(style).or_else(|| self.formats.first()).cloned().unwrap_or_default();
        let fill = if marked { self.fill() } else { 0 };
        let changed = |tag: &Tag<'_>| {
            let filled = tag.with("fillId", &fill.to_string());
            let again = Tag { written: &filled, name: tag.name.clone(), ..*tag };
            again.with("applyFill", "1")
        };
        let mut edited = Edited::new(&own);
        let _ = tags(&own, &mut |tag| {
            if tag.name == "xf" && tag.does != Does::End {
                edited.replace(tag.begin, tag.end, &changed(tag));
            }
            Ok(())
        });
        let place = self.formats.len() + self.order.len();
        self.order.push(edited.finish());
        self.more.insert((style, marked), place);
        place
    }

    /// The part with the styles of marks.
    pub(super) fn finish(self) -> Result<String, Message> {
        let (x, fill) = (&self.prefix, self.marking);
        let mark = format!(
            "<{x}fill><{x}patternFill patternType=\"solid\"><{x}fgColor rgb=\"{COLOUR}\"/><{x}bgColor \
             indexed=\"64\"/></{x}patternFill></{x}fill>"
        );
        let mut edited = Edited::new(&self.text);
        tags(&self.text, &mut |tag| {
            match (tag.name.as_str(), tag.does, tag.depth) {
                ("fills", Does::Begin, 1) if fill.is_none() => {
                    edited.replace(tag.begin, tag.end, &tag.with("count", &(self.fills + 1).to_string()));
                }
                ("fills", Does::End, 1) if fill.is_none() => edited.insert(tag.begin, &mark),
                ("cellXfs", Does::Begin, 1) => {
                    let count = (self.formats.len() + self.order.len()).to_string();
                    edited.replace(tag.begin, tag.end, &tag.with("count", &count));
                }
                ("cellXfs", Does::End, 1) => edited.insert(tag.begin, &self.order.concat()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(edited.finish())
    }
}
