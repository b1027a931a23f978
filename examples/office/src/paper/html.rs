//! The document as one HTML file for print, without anything to load and without a script.

use super::{Block, Page, escaped};
use crate::catalogue;
use double_random_support::screen::Lang;
use std::fmt::Write as _;

const STYLE: &str = "\
@page{size:A4;margin:20mm 18mm}@page wide{size:A4 landscape;margin:15mm}\
body{font:12pt/1.6 FangSong,\"Noto Serif CJK SC\",\"Songti SC\",serif;color:#000;background:#fff;\
max-width:180mm;margin:0 auto}\
section{break-after:page;padding:8mm 0}section.wide{page:wide}section:last-child{break-after:auto}\
h1{font-size:20pt;text-align:center;margin:0 0 4mm}.under{text-align:center;margin:0 0 5mm}\
h2{font-size:13pt;margin:5mm 0 2mm}p{margin:0 0 2mm;text-indent:2em}.right p{text-align:right;text-indent:0}\
table{border-collapse:collapse;width:100%;margin:2mm 0}\
th,td{border:.3mm solid #000;padding:1mm 1.5mm;font-size:10.5pt;line-height:1.35;vertical-align:top;\
overflow-wrap:anywhere}thead th{text-align:center;vertical-align:middle}\
tbody th{text-align:left;font-weight:600;width:24%}thead{display:table-header-group}tr{break-inside:avoid}\
figure{margin:3mm 0;text-align:center}svg{width:60mm;height:60mm}figure{break-inside:avoid}\
figcaption{font:8pt/1.3 monospace;overflow-wrap:anywhere}";

fn row(out: &mut String, cells: &[String], tag: &str) {
    out.push_str("<tr>");
    for cell in cells {
        let _ = write!(out, "<{tag}><bdi>{}</bdi></{tag}>", escaped(cell).replace('\n', "<br>"));
    }
    out.push_str("</tr>\n");
}

fn block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Title(text) => writeln!(out, "<h1>{}</h1>", escaped(text)),
        Block::Under(text) => writeln!(out, "<p class=\"under\">{}</p>", escaped(text)),
        Block::Heading(text) => writeln!(out, "<h2>{}</h2>", escaped(text)),
        Block::Text(text) => writeln!(out, "<p>{}</p>", escaped(text)),
        Block::Fields(fields) => {
            out.push_str("<table><tbody>\n");
            for (name, value) in fields {
                let value = escaped(value).replace('\n', "<br>");
                let _ = writeln!(
                    out,
                    "<tr><th scope=\"row\">{}</th><td><bdi>{value}</bdi></td></tr>",
                    escaped(name)
                );
            }
            writeln!(out, "</tbody></table>")
        }
        Block::Table { widths, head, rows } => {
            out.push_str("<table><colgroup>");
            let all = widths.iter().sum::<u32>().max(1);
            for width in widths {
                let _ = write!(out, "<col style=\"width:{}%\">", width * 100 / all);
            }
            out.push_str("</colgroup><thead>\n");
            row(out, head, "th");
            out.push_str("</thead><tbody>\n");
            rows.iter().for_each(|cells| row(out, cells, "td"));
            writeln!(out, "</tbody></table>")
        }
        Block::Right(lines) => {
            out.push_str("<div class=\"right\">");
            for line in lines {
                let _ = write!(out, "<p>{}</p>", escaped(line));
            }
            writeln!(out, "</div>")
        }
        Block::Picture(picture, words) => {
            writeln!(out, "<figure>{}<figcaption>{}</figcaption></figure>", picture.to_svg(), escaped(words))
        }
    };
}

/// The document as HTML.
#[must_use]
pub fn to_html(title: &str, pages: &[Page], lang: Lang) -> Vec<u8> {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta \
         http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        catalogue::word("office.paper.language", lang),
        escaped(title)
    );
    for page in pages {
        out.push_str(if page.wide { "<section class=\"wide\">\n" } else { "<section>\n" });
        page.blocks.iter().for_each(|one| block(&mut out, one));
        out.push_str("</section>\n");
    }
    out.push_str("</body>\n</html>\n");
    out.into_bytes()
}
