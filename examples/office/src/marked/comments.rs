//! The comments of a sheet, and the shapes in which they are drawn.

use super::column;
use super::parts::{Does, Edited, escaped, tags};
use crate::table::letters;
use double_random::message::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The author of marks, by whom they are known again.
const AUTHOR: &str = "double-random office";

/// A sheet without comments.
pub(super) const NO_COMMENTS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors></authors><commentList>\
</commentList></comments>";

/// A drawing without shapes.
pub(super) const NO_SHAPES: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>\
<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
<v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype></xml>";

/// A cell: row from 1, column from 0.
pub(super) type Cell = (u64, usize);

/// A cell by its name.
pub(super) fn cell(name: &str) -> Option<Cell> {
    let place = name.find(|c: char| c.is_ascii_digit())?;
    let (column_of, row) = (name.get(..place)?, name.get(place..)?);
    Some((row.parse().ok()?, column(column_of)?))
}

/// The name of a cell.
pub(super) fn name((row, column): Cell) -> String {
    format!("{}{row}", letters(column))
}

/// Comments with those of the marks, and the cells whose comment is new or has gone. A mark in a cell that has a comment
/// stands behind it; marks of an earlier copy go.
pub(super) fn comments(
    text: &str,
    marks: &BTreeMap<Cell, String>,
) -> Result<(String, BTreeSet<Cell>, BTreeSet<Cell>), Message> {
    let (mut authors, mut own) = (0_usize, None);
    let (mut author_from, mut within, mut x) = (0, false, String::new());
    tags(text, &mut |tag| {
        match (tag.name.as_str(), tag.does) {
            ("comments", Does::Begin) => x = tag.prefix(),
            ("author", Does::Begin) => {
                (author_from, within) = (tag.end, true);
            }
            ("author", Does::End) if within => {
                if text.get(author_from..tag.begin) == Some(AUTHOR) {
                    own = Some(authors);
                }
                authors += 1;
            }
            ("author", Does::Both) => authors += 1,
            _ => {}
        }
        Ok(())
    })?;
    let number = own.unwrap_or(authors);
    let run = |words: &str| format!("<{x}r><{x}t xml:space=\"preserve\">{}</{x}t></{x}r>", escaped(words));
    let mut left = marks.clone();
    let (mut gone, mut begun): (BTreeSet<Cell>, Option<(usize, Cell, bool)>) = (BTreeSet::new(), None);
    let mut edited = Edited::new(text);
    tags(text, &mut |tag| {
        match (tag.name.as_str(), tag.does) {
            ("authors", Does::Both) => {
                let author = format!("<{x}authors><{x}author>{AUTHOR}</{x}author></{x}authors>");
                edited.replace(tag.begin, tag.end, &author);
            }
            ("authors", Does::End) if own.is_none() => {
                edited.insert(tag.begin, &format!("<{x}author>{AUTHOR}</{x}author>"));
            }
            ("comment", Does::Begin) => {
                let at = tag.value("ref").as_deref().and_then(cell);
                let by_us = own.is_some() && tag.value("authorId") == own.map(|own| own.to_string());
                begun = at.map(|at| (tag.begin, at, by_us));
            }
            ("text", Does::End) => {
                // Another's comment stays, and the mark stands behind it.
                if let Some((_, at, false)) = begun
                    && let Some(words) = left.remove(&at)
                {
                    edited.insert(tag.begin, &run(&format!("\n{AUTHOR}: {words}")));
                }
            }
            ("comment", Does::End) => {
                if let Some((from, at, true)) = begun.take() {
                    edited.replace(from, tag.end, "");
                    gone.insert(at);
                }
            }
            ("commentList", Does::End | Does::Both) => {
                let all: String = left.iter().fold(String::new(), |mut all, (at, words)| {
                    let _ = write!(
                        all,
                        "<{x}comment ref=\"{}\" authorId=\"{number}\"><{x}text>{}</{x}text></{x}comment>",
                        name(*at),
                        run(words)
                    );
                    all
                });
                if tag.does == Does::Both {
                    let list = format!("<{x}commentList>{all}</{x}commentList>");
                    edited.replace(tag.begin, tag.end, &list);
                } else {
                    edited.insert(tag.begin, &all);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((edited.finish(), left.into_keys().collect(), gone))
}

/// Drawn shapes with those of new comments and without those of comments that have gone.
pub(super) fn shapes(text: &str, new: &BTreeSet<Cell>, gone: &BTreeSet<Cell>) -> String {
    // The shapes of a drawing have no namespace that a reader must know: their spelling is fixed by custom.
    let end = "</v:shape>";
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("<v:shape ") {
        let (before, shape) = rest.split_at(place);
        kept.push_str(before);
        let length = shape.find(end).map_or(shape.len(), |length| length + end.len());
        let (shape, after) = shape.split_at(length);
        let value = |tag: &str| -> Option<u64> {
            let (_, behind) = shape.split_once(&format!("<x:{tag}>"))?;
            behind.split_once('<')?.0.trim().parse().ok()
        };
        let at = value("Row").zip(value("Column"));
        let at = at.and_then(|(row, column)| Some((row + 1, usize::try_from(column).ok()?)));
        if !at.is_some_and(|at| gone.contains(&at)) {
            kept.push_str(shape);
        }
        rest = after;
    }
    kept.push_str(rest);
    let mut number = 5000;
    let mut drawn = String::new();
    for (row, column) in new {
        while kept.contains(&format!("\"_x0000_s{number}\"")) {
            number += 1;
        }
        let (top, left) = (row - 1, column + 1);
        let _ = write!(
            drawn,
            "<v:shape id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;\
             margin-top:2pt;width:240pt;height:80pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" \
             o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
             <v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div \
             style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/>\
             <x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 2, {}, 15, {}, 4</x:Anchor><x:AutoFill>False\
             </x:AutoFill><x:Row>{top}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
            left + 4,
            top + 5,
        );
        number += 1;
    }
    match kept.rfind("</xml>") {
        Some(place) => {
            let (before, after) = kept.split_at(place);
            format!("{before}{drawn}{after}")
        }
        None => kept,
    }
}
