//! Workbooks of an office: the same table gives the same rows from CSV, .xlsx and .xls; what cannot be read
//! is named by sheet and cell; no file makes it panic.

use crate::book::{RICH, book, texts, zipped};
use crate::tables::{inspectors, recusals, standings, units};
use double_random::frame::{Frame, UnitRow};
use double_random::policy::Policy;
use double_random::roster::Roster;
use double_random_office::sheet::{Cell, Sheet, to_xlsx, to_xlsx_split};
use double_random_office::table::{Source, TableError, TableProblem, decode};
use encoding_rs::GB18030;

const UNITS: &[u8] = include_bytes!("../../../data/quanzhou_units.csv");
const OFFICERS: &[u8] = include_bytes!("../../../data/quanzhou_officers.csv");
const RECUSALS: &[u8] = include_bytes!("../../../data/quanzhou_recusals.csv");
const XLS: &[u8] = include_bytes!("../data/quanzhou.xls");

fn policy() -> Policy {
    Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap()
}

fn grid(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = decode(bytes).unwrap().0;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A table as an .xlsx of Excel: every cell a text.
fn excel(bytes: &[u8]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (r, row) in (0..).zip(grid(bytes)) {
        for (c, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(r, c, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// One problem, or a panic that shows all.
fn problem<T: std::fmt::Debug>(result: Result<T, TableError>) -> TableProblem {
    match result.unwrap_err().problems() {
        [one] => one.clone(),
        more => panic!("{more:#?}"),
    }
}

const HEAD: [&str; 7] = ["id", "name", "division", "kind", "risk", "credit", "opened"];

/// A workbook of one unit whose cells from `from` on are these.
fn unit(from: usize, cells: &str, from_1904: bool) -> Result<(UnitRow, Vec<String>), TableError> {
    let before: String = ["FJQZ-1", "a", "350502", "tcm", "low", "A"][..from]
        .iter()
        .map(|cell| format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>"))
        .collect();
    let data = format!("{}<row r=\"2\">{before}{cells}</row>", texts(1, &HEAD));
    let (mut rows, notes, _) = units(&book(&[("名录", "", &data)], from_1904, RICH), &policy())?;
    assert_eq!(rows.len(), 1);
    Ok((rows.remove(0), notes))
}

// The same table in every form.

#[test]
fn the_shipped_rosters_are_the_same_in_every_form() {
    let policy = policy();
    let gbk = |bytes: &[u8]| GB18030.encode(&decode(bytes).unwrap().0).0.into_owned();
    for other in [gbk, excel] {
        assert_eq!(units(&other(UNITS), &policy).unwrap().0, units(UNITS, &policy).unwrap().0);
        assert_eq!(
            inspectors(&other(OFFICERS), &policy).unwrap().0,
            inspectors(OFFICERS, &policy).unwrap().0
        );
        assert_eq!(recusals(&other(RECUSALS), &policy).unwrap().0, recusals(RECUSALS, &policy).unwrap().0);
    }
    assert_eq!(units(UNITS, &policy).unwrap().0.len(), 221);
}

#[test]
fn an_old_workbook_gives_the_rows_of_its_csv() {
    let policy = policy();
    let (rows, notes, places) = units(XLS, &policy).unwrap();
    let mut expected = units(UNITS, &policy).unwrap().0;
    expected.truncate(20);
    // An empty row stands between the note and the heading.
    expected.iter_mut().for_each(|row| row.row += 1);
    assert_eq!(rows, expected);
    assert_eq!(
        notes,
        [
            "the sheet is 检查对象",
            "the sheet 执法人员 is not read",
            "the sheet 参数 is hidden and not read",
            "the sheet 字典 is hidden so that no menu shows it, and not read",
            "whether rows are hidden or filtered out cannot be told of an .xls: all are read",
            "sheet 检查对象, row 1: above the heading, not read: 泉州市发热门诊检查对象名录（机构名称真实，其余字段均为构造数据，与机构实际情况无关）",
            "sheet 检查对象, row 3: column \"序号\" is not read",
        ]
    );
    assert_eq!(places.sheet(), Some("检查对象"));
    let (rows, _, places) = inspectors(XLS, &policy).unwrap();
    let mut expected = inspectors(OFFICERS, &policy).unwrap().0;
    expected.truncate(20);
    expected.iter_mut().for_each(|row| row.row += 1);
    assert_eq!(rows, expected);
    assert_eq!(places.sheet(), Some("执法人员"));
}

// Which sheet.

#[test]
fn a_sheet_that_nobody_sees_is_not_read() {
    let data = texts(1, &HEAD) + &texts(2, &["FJQZ-1", "a", "350502", "tcm", "low", "A"]);
    let hidden = texts(1, &HEAD) + &texts(2, &["FJQZ-9", "b", "350502", "tcm", "low", "A"]);
    let file =
        book(&[("旧", "hidden", &hidden), ("更旧", "veryHidden", &hidden), ("新", "", &data)], false, RICH);
    let (rows, notes, _) = units(&file, &policy()).unwrap();
    assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["FJQZ-1"]);
    assert_eq!(notes[1], "the sheet 旧 is hidden and not read");
    assert_eq!(notes[2], "the sheet 更旧 is hidden so that no menu shows it, and not read");
    // Not even by its name.
    let named = units(Source::new(&file).sheet("旧"), &policy());
    let expected = TableProblem::NoSheet { name: "旧".to_owned(), there: "新".to_owned() };
    assert_eq!(problem(named), expected);
    let only = book(&[("旧", "hidden", &hidden)], false, RICH);
    assert!(matches!(problem(units(&only, &policy())), TableProblem::NoHeader { .. }));
}

#[test]
fn two_sheets_that_could_be_the_table_are_named_and_the_caller_chooses() {
    let sheet = |id: &str| texts(1, &HEAD) + &texts(2, &[id, "a", "350502", "tcm", "low", "A"]);
    let (first, second) = (sheet("FJQZ-1"), sheet("FJQZ-2"));
    let file = book(&[("上半年", "", &first), ("下半年", "", &second)], false, RICH);
    let shown = problem(units(&file, &policy())).to_string();
    assert_eq!(
        shown,
        "sheets 上半年, 下半年 all look like this table: name the one to read, or hide the others"
    );
    let (rows, ..) = units(Source::new(&file).sheet("下半年"), &policy()).unwrap();
    assert_eq!(rows[0].id, "FJQZ-2");
    // A sheet with the keys alone is no table of units where another has all that is needed.
    let short = texts(1, &["id", "name"]) + &texts(2, &["FJQZ-1", "a"]);
    let file = book(&[("简表", "", &short), ("名录", "", &second)], false, RICH);
    assert_eq!(units(&file, &policy()).unwrap().0[0].id, "FJQZ-2");
    // Alone it is the table, and what it lacks is named.
    let error = units(&book(&[("简表", "", &short)], false, RICH), &policy()).unwrap_err();
    assert!(error.to_string().contains("sheet 简表, row 1: no column division; it may be called"), "{error}");
}

// Cells.

#[test]
fn dates_are_days_whatever_number_stands_for_them() {
    let opened = |cell: &str, from_1904| unit(6, cell, from_1904).unwrap().0.opened;
    for style in [1, 4] {
        assert_eq!(opened(&format!("<c s=\"{style}\"><v>45139</v></c>"), false), "2023-08-01");
        assert_eq!(opened(&format!("<c s=\"{style}\"><v>43677</v></c>"), true), "2023-08-01");
    }
    assert_eq!(opened("<c s=\"1\"><v>1</v></c>", false), "1900-01-01");
    assert_eq!(opened("<c s=\"1\"><v>61</v></c>", false), "1900-03-01");
    assert_eq!(opened("<c s=\"1\"><v>2958352</v></c>", false), "9999-09-09");
    assert_eq!(opened("<c t=\"d\"><v>2023-08-01T00:00:00</v></c>", false), "2023-08-01");
    // A day at noon is that day.
    assert_eq!(opened("<c s=\"1\"><v>45139.5</v></c>", false), "2023-08-01");
    // Not a day: as it stands, for the library to name.
    assert_eq!(opened("<c s=\"2\"><v>0.5</v></c>", false), "12:00:00");
    assert_eq!(opened("<c s=\"3\"><v>1.25</v></c>", false), "30:00:00");
    assert_eq!(opened("<c><v>45139</v></c>", false), "45139");
    assert_eq!(opened("<c s=\"1\"><v>-3</v></c>", false), "-3");
    assert_eq!(opened("<c s=\"1\"><v>1e300</v></c>", false), "1E+300");
}

#[test]
fn numbers_are_written_as_people_see_them() {
    let division = |cell: &str| unit(2, cell, false).unwrap().0.division;
    assert_eq!(division("<c><v>350502</v></c>"), "350502");
    assert_eq!(division("<c><v>350502.0</v></c>"), "350502");
    assert_eq!(division("<c><v>3.50502E5</v></c>"), "350502");
    assert_eq!(division("<c><v>0.30000000000000004</v></c>"), "0.3");
    assert_eq!(division("<c><v>-0</v></c>"), "0");
    assert_eq!(division("<c><v>123456789012345</v></c>"), "123456789012345");
    assert_eq!(division("<c t=\"b\"><v>1</v></c>"), "TRUE");
    // A formula has the value that it had when the file was saved.
    assert_eq!(division("<c><f>A1+1</f><v>350503</v></c>"), "350503");
    assert_eq!(division("<c t=\"str\"><f>\"35\"&amp;\"0502\"</f><v>350502</v></c>"), "350502");
}

#[test]
fn texts_lose_only_what_nobody_sees() {
    let name = |cell: &str| unit(1, cell, false).unwrap().0.name;
    assert_eq!(name("<c t=\"s\"><v>0</v></c>"), "泉州医院");
    for cell in ["'甲院", "=\"甲院\"", "　甲院 ", "甲院"] {
        assert_eq!(
            name(&format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell}</t></is></c>")),
            "甲院"
        );
    }
    assert_eq!(name("<c><v>120</v></c>"), "120");
    assert_eq!(name("<c t=\"inlineStr\"><is><t>第一&amp;第二&#10;医院</t></is></c>"), "第一&第二\n医院");
}

#[test]
fn an_id_that_lost_digits_is_never_guessed() {
    for value in ["123456789012345678", "9.13505E17", "1e18", "1000000000000000", "35050211223344556677"] {
        let shown = problem(unit(0, &format!("<c><v>{value}</v></c><c><v>1</v></c>"), false)).to_string();
        assert!(shown.starts_with("sheet 名录, cell A2 (id) \""), "{shown}");
        assert!(
            shown.contains("E+") && shown.contains("is a number that a spreadsheet has shortened"),
            "{shown}"
        );
    }
    let fifteen = unit(0, "<c><v>350502112233445</v></c><c><v>1</v></c>", false).unwrap().0;
    assert_eq!(fifteen.id, "350502112233445");
}

#[test]
fn an_error_is_named_once_where_it_is_read_and_nowhere_else() {
    for error in ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!"] {
        let shown = problem(unit(2, &format!("<c t=\"e\"><f>VLOOKUP(1,B:B,1)</f><v>{error}</v></c>"), false))
            .to_string();
        let expected = format!(
            "sheet 名录, cell C2 (division) \"{error}\" is an error in the workbook: mend the formula or enter \
             the value"
        );
        assert_eq!(shown, expected);
    }
    // Column I has no heading.
    let (row, notes) = unit(6, "<c r=\"I2\" t=\"e\"><v>#N/A</v></c>", false).unwrap();
    assert_eq!((row.id.as_str(), row.opened.as_str()), ("FJQZ-1", ""));
    assert_eq!(notes[1..], ["sheet 名录, row 1: column I has no heading and is not read"]);
    let data = texts(1, &["unit", "visits", "exposure"])
        + "<row r=\"2\"><c t=\"e\"><v>#N/A</v></c><c t=\"e\"><v>#N/A</v></c><c><v>0.3</v></c></row>";
    let error = standings(&book(&[("台账", "", &data)], false, RICH)).unwrap_err();
    assert_eq!(error.problems().len(), 2);
}

#[test]
fn empty_rows_and_cells_that_are_not_written_change_nothing() {
    let data = texts(3, &HEAD)
        + "<row r=\"4\"/><row r=\"5\"><c r=\"A5\" t=\"inlineStr\"><is><t>FJQZ-1</t></is></c><c r=\"D5\" \
            t=\"inlineStr\"><is><t>tcm</t></is></c></row>"
        + "<row r=\"7\"><c s=\"1\"/><c><v></v></c></row>"
        + &texts(8, &HEAD)
        + &texts(9, &["FJQZ-2", "b"]);
    let (rows, notes, _) = units(&book(&[("名录", "", &data)], false, RICH), &policy()).unwrap();
    let read: Vec<(u64, &str, &str, &str)> =
        rows.iter().map(|r| (r.row, r.id.as_str(), r.name.as_str(), r.kind.as_str())).collect();
    assert_eq!(read, [(5, "FJQZ-1", "", "tcm"), (9, "FJQZ-2", "b", "")]);
    assert_eq!(notes[1..], ["sheet 名录, row 8: the heading again, not read"]);
}

// Places.

#[test]
fn a_problem_of_the_library_is_told_at_its_cell() {
    let policy = policy();
    let head = "id,名称,行政区划代码,机构类别,风险等级,信用等级,许可证号,有效期至,投诉举报,安全隐患";
    let row = "FJQZ-1,a,35050,tcm,low,A,GZ-1,soon,x,";
    let text = format!("{head}\n{row}\n");
    let told = |bytes: &[u8]| {
        let (rows, _, places) = units(bytes, &policy).unwrap();
        places.tell_all(&Frame::new(rows, &policy.frame, policy.as_of).unwrap_err())
    };
    let shown = told(text.as_bytes());
    for expected in [
        "problems, nothing was taken over\n",
        "\n  line 2, column C 行政区划代码 \"35050\" ",
        "\n  line 2, column G/H 许可证号/有效期至 \"soon\" ",
        "\n  line 2, column I/J 投诉举报/安全隐患 \"x\" ",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let header = cells(head);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let shown = told(&to_xlsx(&[Sheet::new("检查对象", &header, vec![cells(row)])]).unwrap());
    assert!(shown.contains("\n  sheet 检查对象, cell C2 (行政区划代码) \"35050\" "), "{shown}");
    assert!(shown.contains("\n  sheet 检查对象, cell G2/H2 (许可证号/有效期至) \"soon\" "), "{shown}");
}

#[test]
fn a_field_without_column_is_named_by_itself() {
    let policy = policy();
    let text = "执法证号,姓名,部门,管辖片区,有效期至\nW-1,甲,wsjd,350500,退休前\n";
    let (rows, _, places) = inspectors(text.as_bytes(), &policy).unwrap();
    let problems = Roster::new(rows, [], &policy.roster, policy.as_of).unwrap_err();
    assert!(places.tell_all(&problems).contains("line 2, column E 有效期至 \"退休前\" is no date"));
    assert_eq!(places.cell(7, "cap").to_string(), "line 7");
    assert_eq!(places.cell(7, "expert.certified_until").to_string(), "line 7, column E 有效期至");
}

#[test]
fn columns_beyond_z_have_two_letters() {
    let mut head: Vec<String> = (0..701).map(|i| format!("备注{i}")).collect();
    head.extend(["id", "name", "division", "kind", "risk", "credit"].map(str::to_owned));
    let text = head.join(",") + "\n";
    let (_, _, places) = units(text.as_bytes(), &policy()).unwrap();
    assert_eq!(places.cell(2, "id").to_string(), "line 2, column ZZ id");
    assert_eq!(places.cell(2, "name").to_string(), "line 2, column AAA name");
}

// What is handed out.

fn handed() -> Sheet {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (id, name) in
        [("350502000000000001", "=HYPERLINK(\"x\")"), ("0042", "第一，“甲”\n医院"), ("+1", "a,b")]
    {
        rows.push(vec![
            id.into(),
            name.into(),
            "350502".into(),
            "tcm".into(),
            "low".into(),
            "A".into(),
            7.into(),
        ]);
    }
    let header =
        ["id", "name", "division", "kind", "risk", "credit", "complaints"].map(str::to_owned).to_vec();
    Sheet { name: "抽取结果".to_owned(), title: None, header, rows }
}

#[test]
fn what_is_handed_out_reads_back_as_it_was() {
    let policy = policy();
    let xlsx = to_xlsx(&[handed()]).unwrap();
    for bytes in [handed().to_csv(), handed().to_csv_lf(), xlsx] {
        let (rows, ..) = units(&bytes, &policy).unwrap();
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["350502000000000001", "0042", "+1"]);
        assert_eq!(rows[1].name, "第一，“甲”\n医院");
        assert_eq!(rows[2].name, "a,b");
        assert!(rows.iter().all(|row| row.signals == [("complaints".to_owned(), "7".to_owned())]));
    }
}

#[test]
fn csv_defuses_formulas_and_ends_lines_as_excel_does() {
    let text = String::from_utf8(handed().to_csv()).unwrap();
    assert!(text.starts_with("\u{feff}id,name,division,kind,risk,credit,complaints\r\n350502000000000001,\"'=HYPERLINK(\"\"x\"\")\","));
    assert!(text.ends_with("'+1,\"a,b\",350502,tcm,low,A,7\r\n"));
    assert_eq!(
        Sheet::new("x", &["a"], vec![vec![String::new()]]).to_csv_lf(),
        "\u{feff}a\n\"\"\n".as_bytes()
    );
}

#[test]
fn a_text_with_a_mark_of_its_own_comes_back_from_csv() {
    let head = ["id", "name", "division", "kind", "risk", "credit"];
    for name in ["'s Graven Clinic", "'=1+1", "''", "=1+1", "+1", "-1", "@a", "a'b", "'\u{201c}a\",b\u{201d}"]
    {
        let row = ["FJQZ-1", name, "350502", "tcm", "low", "A"].map(str::to_owned).to_vec();
        let sheet = Sheet::new("x", &head, vec![row]);
        for bytes in [sheet.to_csv(), sheet.to_csv_lf()] {
            let (rows, _, _) = units(&bytes, &policy()).unwrap();
            assert_eq!(rows[0].name, name);
        }
    }
}

#[test]
fn a_workbook_keeps_texts_as_texts_and_counts_as_numbers() {
    let bytes = to_xlsx(&[handed()]).unwrap();
    assert_eq!(bytes, to_xlsx(&[handed()]).unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes[..])).unwrap();
    let part = |archive: &mut zip::ZipArchive<_>, name: &str| {
        std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
    };
    let xml = part(&mut archive, "xl/worksheets/sheet1.xml");
    // Nothing is a formula; ids are shared texts, only the count is a number.
    assert!(!xml.contains("<f>"));
    assert_eq!(xml.matches("t=\"s\"").count(), 7 + 3 * 6);
    for row in 2..5 {
        let cell = xml.split(&format!("<c r=\"G{row}\"")).nth(1).unwrap().split("</c>").next().unwrap();
        assert!(cell.ends_with("><v>7</v>") && !cell.contains("t=\""), "{cell}");
    }
    assert!(xml.contains("<autoFilter ref=\"A1:G4\"/>") && xml.contains("state=\"frozen\""), "{xml}");
    assert!(part(&mut archive, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
    use calamine::{Data, Reader as _};
    let mut open = calamine::Xlsx::new(std::io::Cursor::new(&bytes[..])).unwrap();
    let range = open.worksheet_range("抽取结果").unwrap();
    assert_eq!(range.get((1, 0)), Some(&Data::String("350502000000000001".to_owned())));
    assert_eq!(range.get((1, 1)), Some(&Data::String("=HYPERLINK(\"x\")".to_owned())));
    assert_eq!(range.get((1, 6)), Some(&Data::Float(7.0)));
}

#[test]
fn a_table_longer_than_a_sheet_goes_on_in_the_next() {
    let rows = (0..5).map(|i| vec![format!("FJQZ-{i}")]).collect();
    let sheet = Sheet::new("一个很长很长很长很长很长很长很长很长很长很长的表名共三十字吧", &["id"], rows);
    let bytes = to_xlsx_split(&[sheet], 2).unwrap();
    use calamine::Reader as _;
    let mut open = calamine::Xlsx::new(std::io::Cursor::new(&bytes[..])).unwrap();
    let names = open.sheet_names();
    assert_eq!(names.len(), 3);
    assert!(names[2].ends_with(" (3)") && names[2].chars().count() <= 31);
    let heights: Vec<usize> = names.iter().map(|name| open.worksheet_range(name).unwrap().height()).collect();
    assert_eq!(heights, [3, 3, 2]);
    assert_eq!(double_random_office::sheet::ROWS + 1, 1 << 20);
    let named = |name: &str| to_xlsx(&[Sheet::new(name, &["id"], Vec::new())]);
    assert!(named("a/b").is_err() && named("").is_err() && named("空").is_ok());
    assert!(to_xlsx(&[Sheet::new("x", &["id"], vec![vec!["长".repeat(32_768)]])]).is_err());
}

#[test]
fn progress_is_told_and_ends_with_all_rows() {
    let text: String =
        std::iter::once(HEAD.join(",") + "\n").chain((0..2500).map(|i| format!("FJQZ-{i},a\n"))).collect();
    let mut told = Vec::new();
    let mut note = |rows| told.push(rows);
    let (rows, ..) = units(Source::new(text.as_bytes()).progress(&mut note), &policy()).unwrap();
    assert_eq!((rows.len(), told), (2500, vec![1000, 2000, 2500]));
}

// Files that are none.

fn patched(find: &[u8], put: &[u8]) -> Vec<u8> {
    let mut bytes = XLS.to_vec();
    let at = bytes.windows(find.len()).position(|window| window == find).unwrap();
    bytes.splice(at..at + put.len(), put.iter().copied());
    bytes
}

#[test]
fn a_protected_workbook_asks_for_one_without_password() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    // As .xlsx: a compound file that holds an encrypted package. As .xls: a record before the first cell.
    for bytes in [
        patched(&utf16("Workbook"), &utf16("EncryptedPackage")),
        patched(b"\x42\x00\x02\x00\xb0\x04", b"\x2f\x00"),
    ] {
        assert_eq!(problem(units(&bytes, &policy())), TableProblem::Password);
    }
}

#[test]
fn files_of_other_programs_are_named() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let word = patched(&utf16("Workbook"), &utf16("WordDocu"));
    let web = b"<html><table><tr><td>id</td></tr></table></html>".to_vec();
    for bytes in [word, web, zipped(&[("content.xml", "")]), zipped(&[("xl/workbook.bin", "")])] {
        assert!(matches!(problem(units(&bytes, &policy())), TableProblem::Format { .. }));
    }
    for bytes in [
        zipped(&[("a.txt", "id,name")]),
        b"PK\x03\x04".to_vec(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
    ] {
        assert!(matches!(problem(units(&bytes, &policy())), TableProblem::Damaged { .. }));
    }
}

#[test]
fn a_workbook_that_would_fill_the_memory_is_refused() {
    let large = |bytes: &[u8]| matches!(problem(units(bytes, &policy())), TableProblem::TooLarge { .. });
    assert!(large(&book(&[("a", "", "")], false, "uniqueCount = '99999999999999'>")));
    let cells = format!("<row r=\"1\">{}</row>", "<c r=\"A1\"/>".repeat(4_000_001));
    assert!(large(&book(&[("a", "", &cells)], false, RICH)));
    assert!(large(&zipped(&[("xl/media/zeros", &"0".repeat((1 << 30) + 1))])));
    // The size that a sheet of an .xls claims, and a cell far below the others.
    let size = XLS.windows(4).position(|window| window == b"\x00\x02\x0e\x00").unwrap();
    let mut claims = XLS.to_vec();
    claims[size + 8..size + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(large(&claims));
    let text = XLS.windows(4).rposition(|window| window == b"\xfd\x00\x0a\x00").unwrap();
    let mut far = XLS.to_vec();
    // In the last sheet, whose other cell is its first.
    far[text + 4..text + 8].copy_from_slice(&[0xff, 0xff, 0xff, 0x00]);
    assert!(large(&far));
}

#[test]
fn cells_that_no_sheet_has_are_damage() {
    for data in [
        "<row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row>",
        "<row r=\"9999999\"><c r=\"A9999999\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c t=\"s\"><v>7</v></c></row>",
        "<row r=\"1\"><c>",
    ] {
        let error = problem(units(&book(&[("a", "", data)], false, RICH), &policy()));
        assert!(matches!(error, TableProblem::Damaged { .. }), "{data}: {error}");
    }
}

#[test]
fn no_damage_makes_it_panic() {
    let policy = policy();
    let all = |bytes: &[u8]| {
        let read = [
            units(bytes, &policy).map(|_| ()),
            inspectors(bytes, &policy).map(|_| ()),
            recusals(bytes, &policy).map(|_| ()),
            standings(bytes).map(|_| ()),
        ];
        read.iter().filter(|read| read.as_ref().is_err_and(|e| !e.to_string().is_empty())).count()
    };
    let xlsx = excel(RECUSALS);
    for good in [XLS, &xlsx[..]] {
        assert!(all(good) < 4);
        for part in 1..50 {
            assert_eq!(all(&good[..good.len() * part / 50]), 4, "cut at {part} of 50");
        }
        // A prime step, so that every kind of place is hit.
        for at in (0..good.len()).step_by(37) {
            for bit in [0x01, 0x80] {
                let mut bytes = good.to_vec();
                bytes[at] ^= bit;
                all(&bytes);
            }
        }
    }
}
