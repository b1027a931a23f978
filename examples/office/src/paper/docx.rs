//! The document as WordprocessingML (ISO/IEC 29500), which Word and WPS open: parts in a ZIP archive.
//!
//! It is written here and not by a crate, because none repeats the heading of a table on every page, and a
//! published file needs the same bytes every time.

use super::{Block, Page, escaped};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Default Extension=\"png\" ContentType=\"image/png\"/>\
<Override PartName=\"/word/document.xml\" \
ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" \
ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/footer1.xml\" \
ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/></Types>";

const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Target=\"word/document.xml\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>";

const OF_DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Target=\"styles.xml\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\"/>\
<Relationship Id=\"rId2\" Target=\"footer1.xml\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\"/></Relationships>";

/// `– 3 –`, as official papers number their pages.
const FOOTER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<w:ftr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:pPr>\
<w:jc w:val=\"center\"/></w:pPr><w:r><w:t xml:space=\"preserve\">– </w:t></w:r>\
<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText>\
</w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> –</w:t></w:r></w:p></w:ftr>";

/// Sizes in half points. 仿宋 is the type of official papers (GB/T 9704); another takes its place where it is
/// not installed.
fn styles(lang: Lang) -> String {
    let style = |id: &str, size: u32, paragraph: &str, run: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{id}\"/><w:pPr>{paragraph}</w:pPr>\
             <w:rPr>{run}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>"
        )
    };
    let indent = if lang == Lang::Zh { "<w:ind w:firstLineChars=\"200\" w:firstLine=\"480\"/>" } else { "" };
    let close = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"260\" w:lineRule=\"auto\"/>";
    let title = "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"200\"/><w:jc w:val=\"center\"/>";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:docDefaults><w:rPrDefault>\
         <w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋\"/>\
         <w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr>\
         </w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"60\" w:line=\"340\" w:lineRule=\"auto\"/></w:pPr>\
         </w:pPrDefault></w:docDefaults>{}{}{}{}{}{}{}{}</w:styles>",
        style("Title", 40, title, "<w:b/>"),
        style("Under", 24, "<w:spacing w:after=\"200\"/><w:jc w:val=\"center\"/>", ""),
        style("Heading", 26, "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/>", "<w:b/>"),
        style("Text", 24, indent, ""),
        style("Cell", 21, close, ""),
        style("Head", 21, &format!("{close}<w:jc w:val=\"center\"/>"), "<w:b/>"),
        style("Small", 14, &format!("{close}<w:wordWrap w:val=\"0\"/>"), ""),
        style("Right", 24, "<w:keepLines/><w:jc w:val=\"right\"/>", ""),
    )
}

fn paragraph(out: &mut String, style: &str, text: &str) {
    let _ = write!(out, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
    for (place, line) in text.split('\n').enumerate() {
        let rest = if place > 0 { "<w:br/>" } else { "" };
        let _ = write!(out, "<w:r>{rest}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(line));
    }
    out.push_str("</w:p>");
}

/// Twentieths of a point between the margins of a sheet.
const fn width(wide: bool) -> u32 {
    if wide { 15_138 } else { 9_866 }
}

fn table(out: &mut String, widths: &[u32], head: Option<&[String]>, rows: &[Vec<String>], wide: bool) {
    let all = widths.iter().sum::<u32>().max(1);
    let widths: Vec<u32> = widths.iter().map(|part| width(wide) * part / all).collect();
    let side =
        |name: &str| format!("<w:{name} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let sides: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).concat();
    let _ = write!(
        out,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{sides}</w:tblBorders><w:tblLayout \
         w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
        widths.iter().sum::<u32>()
    );
    for width in &widths {
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out.push_str("</w:tblGrid>");
    let mut row = |cells: &[String], header: bool, first: &str| {
        let mark = if header { "<w:tblHeader/>" } else { "" };
        let _ = write!(out, "<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>");
        for (place, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>");
            let style = if header || place == 0 { first } else { "Cell" };
            paragraph(out, if header { "Head" } else { style }, cell);
            out.push_str("</w:tc>");
        }
        out.push_str("</w:tr>");
    };
    if let Some(head) = head {
        row(head, true, "Head");
    }
    let first = if head.is_some() { "Cell" } else { "Head" };
    rows.iter().for_each(|cells| row(cells, false, first));
    out.push_str("</w:tbl>");
    // Two tables that follow each other would grow together.
    paragraph(out, "Cell", "");
}

fn section(wide: bool) -> String {
    let size = if wide {
        "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/>"
    } else {
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
    };
    let (side, top) = if wide { (850, 850) } else { (1_020, 1_134) };
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:type w:val=\"nextPage\"/>{size}<w:pgMar \
         w:top=\"{top}\" w:right=\"{side}\" w:bottom=\"{top}\" w:left=\"{side}\" w:header=\"600\" w:footer=\"500\" \
         w:gutter=\"0\"/></w:sectPr>"
    )
}

/// A picture of 6 cm, by the number of its part. Sizes are in English metric units, 36,000 a millimetre.
fn picture(out: &mut String, number: usize) {
    const SIDE: u32 = 60 * 36_000;
    let _ = write!(
        out,
        "<w:p><w:pPr><w:keepNext/><w:jc w:val=\"center\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" \
         distL=\"0\" distR=\"0\"><wp:extent cx=\"{SIDE}\" cy=\"{SIDE}\"/><wp:docPr id=\"{number}\" name=\"QR {number}\" \
         descr=\"QR\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
         <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"QR {number}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>\
         <a:blip r:embed=\"rIdQ{number}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>\
         <a:off x=\"0\" y=\"0\"/><a:ext cx=\"{SIDE}\" cy=\"{SIDE}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/>\
         </a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    );
}

fn block(out: &mut String, block: &Block, wide: bool, pictures: &mut Vec<Vec<u8>>) -> Result<(), Failure> {
    match block {
        Block::Title(text) => paragraph(out, "Title", text),
        Block::Under(text) => paragraph(out, "Under", text),
        Block::Heading(text) => paragraph(out, "Heading", text),
        Block::Text(text) => paragraph(out, "Text", text),
        Block::Fields(fields) => {
            let rows: Vec<_> = fields.iter().map(|(name, value)| vec![name.clone(), value.clone()]).collect();
            table(out, &[24, 76], None, &rows, wide);
        }
        Block::Table { widths, head, rows } => table(out, widths, Some(head), rows, wide),
        Block::Right(lines) => lines.iter().for_each(|line| paragraph(out, "Right", line)),
        Block::Picture(code, words) => {
            pictures.push(code.to_png(6)?);
            picture(out, pictures.len());
            paragraph(out, "Small", words);
        }
    }
    Ok(())
}

/// The document as .docx.
///
/// # Errors
/// The archive cannot be written.
pub fn to_docx(pages: &[Page], lang: Lang) -> Result<Vec<u8>, Failure> {
    let (mut body, mut pictures) = (String::new(), Vec::new());
    for (place, page) in pages.iter().enumerate() {
        for one in &page.blocks {
            block(&mut body, one, page.wide, &mut pictures)?;
        }
        let end = section(page.wide);
        // The last section of a document stands in its body, others in the last paragraph of each.
        let _ = match place + 1 == pages.len() {
            true => write!(body, "{end}"),
            false => write!(body, "<w:p><w:pPr>{end}</w:pPr></w:p>"),
        };
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{body}</w:body>\
         </w:document>"
    );
    let styles = styles(lang);
    let mut relations = OF_DOCUMENT.to_owned();
    for number in 1..=pictures.len() {
        let picture = format!(
            "<Relationship Id=\"rIdQ{number}\" Target=\"media/qr{number}.png\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\"/></Relationships>"
        );
        relations = relations.replace("</Relationships>", &picture);
    }
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/_rels/document.xml.rels", &relations),
        ("word/document.xml", &document),
        ("word/styles.xml", &styles),
        ("word/footer1.xml", FOOTER),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // The time of writing would make two files of one document differ.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    for (name, text) in parts {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    for (number, picture) in (1..).zip(&pictures) {
        archive.start_file(format!("word/media/qr{number}.png"), options)?;
        archive.write_all(picture)?;
    }
    Ok(archive.finish()?.into_inner())
}
