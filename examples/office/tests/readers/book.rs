//! Workbooks written part by part, so that a test can say what stands in them that no office program would
//! write.
#![allow(dead_code)]

use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// A sheet: name, state (empty: visible), and what stands in its `sheetData`.
pub(crate) type RawSheet<'a> = (&'a str, &'a str, &'a str);

/// An archive of these parts.
pub(crate) fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook. Styles: 0 general, 1 `yyyy-mm-dd`, 2 `h:mm:ss`, 3 `[h]:mm:ss`, 4 `yyyy"年"m"月"d"日"`. Shared
/// texts: a rich one.
pub(crate) fn book(sheets: &[RawSheet<'_>], from_1904: bool, texts: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut list, mut links) = (String::new(), String::new());
    let mut parts = Vec::new();
    for (i, (name, state, data)) in (1..).zip(sheets) {
        let state = if state.is_empty() { String::new() } else { format!(" state=\"{state}\"") };
        list += &format!("<sheet name=\"{name}\" sheetId=\"{i}\"{state} r:id=\"r{i}\"/>");
        links += &format!(
            "<Relationship Id=\"r{i}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
        );
        let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{i}.xml"), sheet));
    }
    let dates = if from_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">{dates}<sheets>{list}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships xmlns=\"{package}/relationships\">{links}</Relationships>"),
    ));
    parts.push((
        "_rels/.rels".to_owned(),
        format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
             Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    ));
    parts.push((
        "xl/styles.xml".to_owned(),
        format!(
            "<styleSheet xmlns=\"{main}\"><numFmts count=\"4\"><numFmt numFmtId=\"164\" \
             formatCode=\"yyyy-mm-dd\"/><numFmt numFmtId=\"165\" formatCode=\"h:mm:ss\"/><numFmt \
             numFmtId=\"166\" formatCode=\"[h]:mm:ss\"/><numFmt numFmtId=\"167\" \
             formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts><cellXfs \
             count=\"5\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf \
             numFmtId=\"166\"/><xf numFmtId=\"167\"/></cellXfs></styleSheet>"
        ),
    ));
    parts.push(("xl/sharedStrings.xml".to_owned(), format!("<sst xmlns=\"{main}\" {texts}</sst>")));
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    zipped(&parts)
}

/// Shared texts without anything odd: the first is rich.
pub(crate) const RICH: &str =
    "uniqueCount=\"1\"><si><r><t>泉州</t></r><r><rPr><b/></rPr><t>医院</t></r></si>";

/// A row of texts as inline strings.
pub(crate) fn texts(row: u32, cells: &[&str]) -> String {
    let cells: String =
        cells.iter().map(|cell| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>")).collect();
    format!("<row r=\"{row}\">{cells}</row>")
}
