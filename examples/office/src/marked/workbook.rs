//! A copy of a workbook with its problems marked.

use super::Mark;
use super::comments::{self, Cell, NO_COMMENTS, NO_SHAPES};
use super::parts::{Does, Edited, Parts, broken, tags};
use super::styles::Styles;
use double_random::message::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What may stand behind the drawing of comments in a sheet.
const BEHIND: [&str; 8] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// A relation of a part: id, kind and the part that it leads to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The part of the relations of a part.
fn relations_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{file}.rels")
}

/// The part that a target means, seen from another.
fn resolved(part: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut folders: Vec<&str> = part.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        if step == ".." {
            folders.pop();
        } else if step != "." {
            folders.push(step);
        }
    }
    folders.join("/")
}

fn relations(parts: &Parts, part: &str) -> Result<Vec<Relation>, Message> {
    let name = relations_of(part);
    let mut found = Vec::new();
    if !parts.has(&name) {
        return Ok(found);
    }
    tags(&parts.text(&name)?, &mut |tag| {
        if tag.name == "Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (tag.value("Id"), tag.value("Type"), tag.value("Target"))
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            found.push(Relation { id, kind, target: resolved(part, &target) });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Enters a relation, and says under which id.
fn relate(parts: &mut Parts, part: &str, kind: &str, target: &str) -> Result<String, Message> {
    let name = relations_of(part);
    let text = if parts.has(&name) {
        parts.text(&name)?
    } else {
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships \
         xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>"
            .to_owned()
    };
    let known: BTreeSet<String> = relations(parts, part)?.into_iter().map(|one| one.id).collect();
    let id = (1..).map(|n: u64| format!("rIdMark{n}")).find(|id| !known.contains(id)).unwrap_or_default();
    let relation = format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"/{target}\"/>");
    let mut edited = Edited::new(&text);
    tags(&text, &mut |tag| {
        match (tag.name.as_str(), tag.does) {
            ("Relationships", Does::End) => edited.insert(tag.begin, &relation),
            ("Relationships", Does::Both) => {
                let open = tag.written.trim_end_matches("/>");
                edited.replace(tag.begin, tag.end, &format!("{open}>{relation}</Relationships>"));
            }
            _ => {}
        }
        Ok(())
    })?;
    let text = edited.finish();
    parts.put(&name, text);
    Ok(id)
}

/// Says of which kind a part is.
fn typed(parts: &mut Parts, entry: &str, known: &str) -> Result<(), Message> {
    let name = "[Content_Types].xml";
    let text = parts.text(name)?;
    if text.contains(known) {
        return Ok(());
    }
    let mut edited = Edited::new(&text);
    tags(&text, &mut |tag| {
        // Defaults and overrides may stand in any order.
        if tag.name == "Types" && tag.does == Does::End {
            edited.insert(tag.begin, entry);
        }
        Ok(())
    })?;
    let text = edited.finish();
    parts.put(name, text);
    Ok(())
}

/// A sheet with the styles of its marks, and with a drawing of comments under this id where it has none.
fn sheet(
    text: &str,
    marks: &BTreeMap<Cell, String>,
    styles: &mut Styles,
    drawing: Option<&str>,
) -> Result<String, Message> {
    let cells: BTreeSet<Cell> = marks.keys().copied().collect();
    let mut rows: BTreeMap<u64, BTreeSet<usize>> = BTreeMap::new();
    for (row, column) in &cells {
        rows.entry(*row).or_default().insert(*column);
    }
    let mut edited = Edited::new(text);
    let (mut number, mut column, mut x) = (0_u64, 0_usize, String::new());
    let mut open: BTreeSet<usize> = BTreeSet::new();
    let mut drawn = drawing.is_none();
    fn made(row: u64, columns: &BTreeSet<usize>, x: &str, styles: &mut Styles) -> String {
        let style = styles.of(0, true);
        columns.iter().fold(String::new(), |mut all, column| {
            let _ = write!(all, "<{x}c r=\"{}\" s=\"{style}\"/>", comments::name((row, *column)));
            all
        })
    }
    tags(text, &mut |tag| {
        let begins = tag.does != Does::End;
        match tag.name.as_str() {
            "worksheet" if begins => x = tag.prefix(),
            "row" if begins => {
                number = tag.value("r").and_then(|row| row.parse().ok()).unwrap_or(number + 1);
                column = 0;
                // Rows that the sheet does not have.
                while let Some(entry) = rows.first_entry().filter(|entry| *entry.key() < number) {
                    let (row, columns) = entry.remove_entry();
                    let cells = made(row, &columns, &x, styles);
                    edited.insert(tag.begin, &format!("<{x}row r=\"{row}\">{cells}</{x}row>"));
                }
                open = rows.remove(&number).unwrap_or_default();
                if tag.does == Does::Both && !open.is_empty() {
                    let cells = made(number, &std::mem::take(&mut open), &x, styles);
                    let begin = tag.written.trim_end_matches("/>");
                    edited.replace(tag.begin, tag.end, &format!("{begin}>{cells}</{x}row>"));
                }
            }
            "c" if begins => {
                let at = tag.value("r").as_deref().and_then(comments::cell);
                let here = at.map_or(column, |(_, column)| column);
                column = here + 1;
                let before: BTreeSet<usize> = open.iter().copied().filter(|place| *place < here).collect();
                if !before.is_empty() {
                    open.retain(|place| *place >= here);
                    edited.insert(tag.begin, &made(number, &before, &x, styles));
                }
                let own = tag.value("s").and_then(|style| style.parse().ok()).unwrap_or(0);
                if open.remove(&here) {
                    if !styles.is_marked(own) {
                        let style = styles.of(own, true).to_string();
                        edited.replace(tag.begin, tag.end, &tag.with("s", &style));
                    }
                } else if styles.is_marked(own) {
                    let style = styles.of(own, false).to_string();
                    edited.replace(tag.begin, tag.end, &tag.with("s", &style));
                }
            }
            "row" => {
                let cells = made(number, &std::mem::take(&mut open), &x, styles);
                edited.insert(tag.begin, &cells);
            }
            "sheetData" if tag.does != Does::Begin => {
                let mut rest = String::new();
                for (row, columns) in std::mem::take(&mut rows) {
                    let cells = made(row, &columns, &x, styles);
                    let _ = write!(rest, "<{x}row r=\"{row}\">{cells}</{x}row>");
                }
                if tag.does == Does::Both && !rest.is_empty() {
                    let data = format!("<{x}sheetData>{rest}</{x}sheetData>");
                    edited.replace(tag.begin, tag.end, &data);
                } else {
                    edited.insert(tag.begin, &rest);
                }
            }
            name => {
                let last = name == "worksheet" && tag.does == Does::End;
                let behind = tag.depth == 1 && begins && BEHIND.contains(&name);
                if !drawn && (last || behind) {
                    let id = drawing.unwrap_or_default();
                    edited.insert(
                        tag.begin,
                        &format!("<{x}legacyDrawing xmlns:r=\"{RELATIONS}\" r:id=\"{id}\"/>"),
                    );
                    drawn = true;
                }
            }
        }
        Ok(())
    })?;
    Ok(edited.finish())
}

/// A copy of a workbook with its problems marked.
pub(super) fn marked(bytes: &[u8], marks: &[Mark]) -> Result<Vec<u8>, Message> {
    let mut parts = Parts::open(bytes)?;
    let book = relations(&parts, "")?;
    let book = book.into_iter().find(|one| one.kind == "officeDocument");
    let book = book.map_or_else(|| "xl/workbook.xml".to_owned(), |one| one.target);
    let leads = relations(&parts, &book)?;
    let mut sheets: Vec<(String, String)> = Vec::new();
    tags(&parts.text(&book)?, &mut |tag| {
        if tag.name == "sheet"
            && let (Some(name), Some(id)) = (tag.value("name"), tag.value(":id"))
            && let Some(part) = leads.iter().find(|one| one.id == id)
        {
            sheets.push((name, part.target.clone()));
        }
        Ok(())
    })?;
    let style_part = leads.iter().find(|one| one.kind == "styles").map(|one| one.target.clone());
    let style_part = style_part.ok_or_else(|| broken("xl/styles.xml"))?;
    let mut styles = Styles::new(parts.text(&style_part)?)?;
    for (place, (name, part)) in sheets.iter().enumerate() {
        let mut of_sheet: BTreeMap<Cell, String> = BTreeMap::new();
        let here = |mark: &&Mark| mark.sheet.as_ref().map_or(place == 0, |sheet| sheet == name);
        for mark in marks.iter().filter(here) {
            let words = of_sheet.entry((mark.row.max(1), mark.column)).or_default();
            if !words.is_empty() {
                words.push('\n');
            }
            words.push_str(&mark.words);
        }
        let leads = relations(&parts, part)?;
        let target = |kind: &str| leads.iter().find(|one| one.kind == kind).map(|one| one.target.clone());
        let (of_comments, of_shapes) = (target("comments"), target("vmlDrawing"));
        if of_sheet.is_empty() && of_comments.is_none() {
            continue;
        }
        let before =
            of_comments.as_ref().map_or_else(|| Ok(NO_COMMENTS.to_owned()), |part| parts.text(part))?;
        let (text, new, gone) = comments::comments(&before, &of_sheet)?;
        if of_sheet.is_empty() && gone.is_empty() {
            continue;
        }
        let comment_part = match of_comments {
            Some(part) => part,
            None => {
                let made = format!("xl/commentsMark{}.xml", place + 1);
                relate(&mut parts, part, "comments", &made)?;
                let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
                let entry = format!("<Override PartName=\"/{made}\" ContentType=\"{kind}\"/>");
                typed(&mut parts, &entry, &format!("/{made}\""))?;
                made
            }
        };
        parts.put(&comment_part, text);
        let before = of_shapes.as_ref().map_or_else(|| Ok(NO_SHAPES.to_owned()), |part| parts.text(part))?;
        let shapes = comments::shapes(&before, &new, &gone);
        let (shape_part, drawing) = match of_shapes {
            Some(part) => (part, None),
            None => {
                let made = format!("xl/drawings/vmlDrawingMark{}.vml", place + 1);
                let id = relate(&mut parts, part, "vmlDrawing", &made)?;
                let entry = "<Default Extension=\"vml\" \
                    ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>";
                typed(&mut parts, entry, "Extension=\"vml\"")?;
                (made, Some(id))
            }
        };
        parts.put(&shape_part, shapes);
        let text = sheet(&parts.text(part)?, &of_sheet, &mut styles, drawing.as_deref())?;
        parts.put(part, text);
    }
    parts.put(&style_part, styles.finish()?);
    parts.close()
}
