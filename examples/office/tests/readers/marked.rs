//! Workbooks and texts with their problems marked: what was there stays, the marks are where they belong, a corrected
//! copy reads like any other, and marking it again leaves no old mark.

use calamine::{Data, Reader as _, Xlsx};
use double_random_office::marked::{self, AsRead, Mark};
use rust_xlsxwriter::{Color, Format, Note, Workbook};
use std::io::{Cursor, Read as _};

fn mark(sheet: &str, row: u64, column: &str, words: &str) -> Mark {
    let column = marked::column(column).unwrap();
    Mark { sheet: Some(sheet.to_owned()), row, column, words: words.to_owned() }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn names(bytes: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.file_names().map(|name| name.unwrap().into_owned()).collect()
}

/// Row, column and value of a cell.
type Placed = (u32, u32, Data);

/// Every cell of every sheet.
fn values(bytes: &[u8]) -> Vec<(String, Vec<Placed>)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    let sheet = |name: &String| {
        let range = book.worksheet_range(name).unwrap();
        let (top, left) = range.start().unwrap();
        let cells = range.used_cells().map(|(row, column, value)| {
            (top + u32::try_from(row).unwrap(), left + u32::try_from(column).unwrap(), value.clone())
        });
        (name.clone(), cells.collect())
    };
    names.iter().map(sheet).collect::<Vec<_>>()
}

/// The style of a cell, by its name.
fn style(bytes: &[u8], sheet: &str, cell: &str) -> Option<usize> {
    let text = part(bytes, sheet);
    let (_, rest) = text.split_once(&format!("<c r=\"{cell}\""))?;
    let tag = rest.split('>').next().unwrap();
    tag.split_once(" s=\"").map(|(_, rest)| rest.split('"').next().unwrap().parse().unwrap())
}

/// The format of a cell as it stands in the part of styles.
fn format(bytes: &[u8], style: usize) -> String {
    let text = part(bytes, "xl/styles.xml");
    let (_, rest) = text.split_once("<cellXfs").unwrap();
    let (all, _) = rest.split_once("</cellXfs>").unwrap();
    all.split("<xf ").nth(style + 1).unwrap().to_owned()
}

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd").set_background_color(Color::Green);
    let sheet = book.add_worksheet().set_name("名录 & 库").unwrap();
    sheet.merge_range(0, 0, 0, 2, "名录", &Format::new().set_bold()).unwrap();
    for (column, head) in (0..).zip(["标识", "名称", "日期"]) {
        sheet.write_string(1, column, head).unwrap();
    }
    sheet.write_string(2, 0, "U-1").unwrap();
    sheet.write_number_with_format(2, 2, 46000.0, &date).unwrap();
    sheet.write_string(3, 1, "乙").unwrap();
    sheet.insert_note(2, 0, &Note::new("同事的批注").set_author("李")).unwrap();
    sheet.add_table(6, 0, 7, 1, &rust_xlsxwriter::Table::new()).unwrap();
    let other = book.add_worksheet().set_name("说明").unwrap();
    other.write_formula(0, 0, "=1+1").unwrap();
    other.write_string(1, 0, "填表说明").unwrap();
    book.save_to_buffer().unwrap()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn a_marked_workbook_keeps_everything_and_names_its_problems() {
    let bytes = book();
    let marks = [
        mark("名录 & 库", 3, "C", "日期 < 2026 & 过期"),
        mark("名录 & 库", 3, "A", "代码有误"),
        mark("名录 & 库", 4, "A", "是空的"),
        mark("名录 & 库", 4, "A", "第二处"),
        mark("名录 & 库", 12, "E", "表外"),
        mark("说明", 2, "A", "另一表"),
    ];
    let copy = marked::copy(&bytes, &marks, "导入问题", AsRead::default()).unwrap();
    assert_eq!(values(&copy), values(&bytes), "values stay");
    // The parts that hold nothing marked are the same, byte for byte.
    for name in names(&bytes)
        .iter()
        .filter(|name| name.contains("theme") || name.contains("sharedStrings") || name.contains("tables"))
    {
        assert_eq!(part(&copy, name), part(&bytes, name), "{name}");
    }
    // The colour of a mark on the own format of the cell.
    let of = |cell| format(&copy, style(&copy, SHEET, cell).unwrap());
    let own = format(&bytes, style(&bytes, SHEET, "C3").unwrap());
    let number =
        |format: &str| format.split("numFmtId=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(number(&of("C3")), number(&own), "a date stays one");
    let fill = |format: &str| format.split("fillId=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fills: Vec<String> = ["A3", "C3", "A4", "E12"].iter().map(|cell| fill(&of(cell))).collect();
    assert!(fills.iter().all(|one| *one == fills[0]) && fills[0] != fill(&own), "{fills:?}");
    assert!(part(&copy, "xl/styles.xml").contains("FFFFC7CD"));
    assert_eq!(
        style(&copy, SHEET, "B4"),
        style(&bytes, SHEET, "B4"),
        "a cell without problem keeps its format"
    );
    // Words in comments; that of a colleague stays, and the mark stands behind it.
    let comments = part(&copy, "xl/comments1.xml");
    for words in ["日期 &lt; 2026 &amp; 过期", "同事的批注", "代码有误", "是空的\n第二处", "表外"]
    {
        assert!(comments.contains(words), "{words}: {comments}");
    }
    assert_eq!(comments.matches("ref=\"A3\"").count(), 1);
    let other = names(&copy).into_iter().find(|name| name.contains("commentsMark2")).unwrap();
    assert!(part(&copy, &other).contains("另一表"));
    assert!(part(&copy, "xl/worksheets/sheet2.xml").contains("legacyDrawing"));
    assert!(part(&copy, "[Content_Types].xml").contains("commentsMark2.xml"));

    // Marked again, with one problem left: old marks go, the colleague's comment stays.
    let again =
        marked::copy(&copy, &[mark("名录 & 库", 4, "A", "仍是空的")], "导入问题", AsRead::default()).unwrap();
    assert_eq!(values(&again), values(&bytes));
    let comments = part(&again, "xl/comments1.xml");
    assert!(comments.contains("仍是空的") && comments.contains("同事的批注"), "{comments}");
    assert!(
        !comments.contains("第二处") && !comments.contains("表外") && !comments.contains("过期"),
        "{comments}"
    );
    assert!(!part(&again, &other).contains("另一表"));
    let shapes = part(&again, "xl/drawings/vmlDrawing1.vml");
    assert_eq!(shapes.matches("<v:shape ").count(), 2, "{shapes}");
    let of = |cell| fill(&format(&again, style(&again, SHEET, cell).unwrap()));
    assert_eq!((of("A4") == of("C3"), of("C3").as_str()), (false, "0"), "the colour goes with its problem");
}

/// A workbook of another program, with texts in its cells and nothing drawn.
#[test]
fn a_workbook_of_an_office_is_marked() {
    let bytes = include_bytes!("../data/messy/检查对象名录库.xlsx");
    let sheet = values(bytes)[0].0.clone();
    let copy = marked::copy(
        bytes,
        &[mark(&sheet, 11, "C", "代码有误"), mark(&sheet, 64, "B", "空行")],
        "导入问题",
        AsRead::default(),
    )
    .unwrap();
    assert_eq!(values(&copy), values(bytes));
    assert!(part(&copy, "xl/commentsMark1.xml").contains("代码有误"));
    // A row that the sheet did not have stands in its place.
    let text = part(&copy, SHEET);
    let (before, after) = (text.find("<row r=\"64\"").unwrap(), text.find("r=\"65\"").unwrap());
    assert!(before < after && text.find("r=\"63\"").unwrap() < before);
}

#[test]
fn a_marked_text_has_one_more_column() {
    let text = "名录,,\r\n标识,名称,日期\r\nU-1,\"甲\n诊所\",2026\r\nU-2,乙\r\n";
    let mark = |row, words: &str| Mark { sheet: None, row, column: 0, words: words.to_owned() };
    let copy =
        marked::copy(text.as_bytes(), &[mark(3, "过期"), mark(5, "没有日期")], "导入问题", AsRead::default())
            .unwrap();
    let copy_text = String::from_utf8(copy.clone()).unwrap();
    assert_eq!(
        copy_text,
        "\u{feff}名录,,,\n标识,名称,日期,导入问题\nU-1,\"甲\n诊所\",2026,过期\nU-2,乙,,没有日期\n"
    );
    // Marked again: one column of marks.
    let again = marked::copy(&copy, &[mark(5, "仍没有")], "import problems", AsRead::default()).unwrap();
    assert_eq!(
        String::from_utf8(again).unwrap(),
        "\u{feff}名录,,,\n标识,名称,日期,import problems\nU-1,\"甲\n诊所\",2026,\nU-2,乙,,仍没有\n"
    );
    let old = marked::copy(b"\xd0\xcf\x11\xe0", &[], "", AsRead::default()).unwrap_err();
    assert_eq!(old.rule(), "office.marked.xls");
}

/// A copy is made of the text that was read: in the encoding that was named, and cut where the reader cut it.
#[test]
fn a_copy_is_made_of_the_text_that_was_read() {
    let mark = |row, words: &str| Mark { sheet: None, row, column: 0, words: words.to_owned() };
    // Western text that could be Chinese.
    let bytes = b"id;name\nX-1;JALAPE\xd1O\n";
    let read = AsRead { encoding: Some(encoding_rs::WINDOWS_1252), delimiter: Some(b';') };
    let copy = marked::copy(bytes, &[mark(2, "wrong")], "import problems", read).unwrap();
    assert_eq!(
        String::from_utf8(copy).unwrap(),
        "\u{feff}id;name;import problems\nX-1;JALAPE\u{d1}O;wrong\n"
    );
    // More commas within quotes than semicolons between cells.
    let text = "id;name\nX-1;\"a, b, c, d\"\nX-2;\"e, f, g, h\"\n";
    let read = AsRead { encoding: None, delimiter: Some(b';') };
    let copy = marked::copy(text.as_bytes(), &[mark(3, "wrong")], "import problems", read).unwrap();
    assert_eq!(
        String::from_utf8(copy).unwrap(),
        "\u{feff}id;name;import problems\nX-1;a, b, c, d;\nX-2;e, f, g, h;wrong\n"
    );
}

/// A paper has no cells that can be coloured.
#[test]
fn a_paper_is_not_marked() {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"<document/>").unwrap();
    let paper = archive.finish().unwrap().into_inner();
    let refused = marked::copy(&paper, &[], "", AsRead::default()).unwrap_err();
    assert_eq!(refused.rule(), "office.marked.paper");
    assert_eq!(marked::can_be(&paper), Err(refused));
    assert_eq!(marked::can_be(b"id,name\n"), Ok(()));
}
