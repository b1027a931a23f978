//! What people enter is read, or somebody is told: formulas without values, empty dates, ids in two
//! spellings, lost characters, merged cells, headings in two rows, totals. All inputs are constructed.

use crate::book::{RICH, book, texts};
use crate::tables::{experts, inspectors, standings, units};
use double_random::Frame;
use double_random::frame::UnitRow;
use double_random::policy::{Policy, PolicyTerms};
use double_random_office::table::TableError;

fn policy() -> Policy {
    Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap()
}

macro_rules! entered {
    ($name:literal) => {
        &include_bytes!(concat!("../data/entered/", $name))[..]
    };
}

/// A policy whose rules give the levels, so that registers need none. Such a policy names its levels from low to high.
fn rated() -> Policy {
    let start = r#"{ "start": { "credit": "B", "risk": "low", "stated": true } }"#;
    let rating = Some(serde_json::from_str(start).unwrap());
    let mut terms = PolicyTerms { rating, ..policy().into_terms() };
    terms.frame.risk.reverse();
    Policy::new(terms).unwrap()
}

fn told<T: std::fmt::Debug>(read: Result<T, TableError>) -> Vec<String> {
    read.unwrap_err().problems().iter().map(ToString::to_string).collect()
}

fn read(bytes: &[u8]) -> (Vec<UnitRow>, Vec<String>) {
    let (rows, notes, _) = units(bytes, &rated()).unwrap_or_else(|error| panic!("{error}"));
    (rows, notes)
}

const HEAD: [&str; 7] = ["id", "name", "division", "kind", "risk", "credit", "opened"];
const ROW: [&str; 7] = ["FJQZ-1", "甲", "350502", "tcm", "low", "A", "2020-01-01"];

/// What looks like a day is no count, and no day of another column hides that.
#[test]
fn a_day_in_a_column_of_counts_is_a_problem_and_no_row_is_lost() {
    let head = "unit,visits,exposure,last visit\n";
    let table = format!("{head}FJQZ-1,1/2/1900,0.3,2023-04-05\nFJQZ-2,1,1/2/2023,\nFJQZ-3,1,0.5,\n");
    let found = told(standings(table.as_bytes()));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("1/2/1900") && found[0].contains("is no count"), "{found:#?}");
    assert!(found[1].contains("1/2/2023") && found[1].contains("is no decimal"), "{found:#?}");
    // A column of days is named once, and says how to read it.
    let found = told(standings(format!("{head}FJQZ-1,1,0.3,4/5/2023\nFJQZ-2,1,0.5,6/7/2023\n").as_bytes()));
    assert_eq!(found.len(), 1, "{found:#?}");
}

// Formulas without a stored value.

#[test]
fn a_formula_without_a_value_is_a_problem_with_its_place_and_the_remedy() {
    let todo = "open the workbook in Excel or WPS, save it, and import it again";
    let of_units = told(units(entered!("uncached_units.xlsx"), &policy()));
    assert_eq!(of_units.len(), 3, "{of_units:#?}");
    for (problem, heading) in of_units.iter().zip(["有效期至", "投诉举报", "安全隐患"]) {
        assert!(problem.starts_with("sheet ") && problem.contains(heading), "{problem}");
        assert!(problem.contains("holds a formula without a stored value") && problem.ends_with(todo));
    }
    let of_officers = told(inspectors(entered!("uncached_officers.xlsx"), &policy()));
    assert!(!of_officers.is_empty());
    assert!(of_officers.iter().all(|problem| problem.ends_with(todo)), "{of_officers:#?}");
    assert!(of_officers.iter().any(|problem| problem.contains("请假")), "{of_officers:#?}");
    assert!(of_officers.iter().any(|problem| problem.contains("本轮上限")), "{of_officers:#?}");
}

#[test]
fn a_formula_without_a_value_matters_only_where_it_is_read() {
    let data = texts(1, &HEAD)
        + "<row r=\"2\">"
        + &texts(2, &ROW).replace("<row r=\"2\">", "").replace("</row>", "")
        + "<c r=\"K2\"><f>1+1</f><v/></c></row>";
    assert_eq!(units(&book(&[("名录", "", &data)], false, RICH), &policy()).unwrap().0.len(), 1);
    // An empty text is a value; a shared formula is a formula.
    let cells = |cell: &str| {
        let data = texts(1, &["unit", "visits", "exposure", "last team"])
            + "<row r=\"2\"><c t=\"inlineStr\"><is><t>FJQZ-1</t></is></c><c><v>1</v></c><c><v>0.3</v></c>"
            + cell
            + "</row>";
        standings(&book(&[("台账", "", &data)], false, RICH))
    };
    assert_eq!(cells("<c t=\"str\"><f>\"\"</f><v></v></c>").unwrap().0[0].last_team, []);
    let shown = told(cells("<c><f t=\"shared\" si=\"0\"/><v/></c>"));
    let expected = "sheet 台账, cell D2 (last team) holds a formula without a stored value: open the workbook \
                    in Excel or WPS, save it, and import it again";
    assert_eq!(shown, [expected]);
}

// Empty dates.

#[test]
fn the_day_0_of_a_spreadsheet_is_an_empty_cell_and_noted() {
    let (rows, notes) = read(entered!("zero_dates.xlsx"));
    let endless = rows.iter().flat_map(|row| &row.licences).filter(|licence| licence.valid_until.is_empty());
    assert!(endless.count() >= 109);
    assert!(rows.iter().all(|row| row.licences.iter().all(|licence| !licence.valid_until.starts_with("1"))));
    let noted: Vec<&String> =
        notes.iter().filter(|note| note.contains("the day 0 of a spreadsheet")).collect();
    assert_eq!(noted.len(), 2, "{noted:#?}");
    assert!(noted[0].contains("cell L3 (有效期至（构造）) and 110 more cells of the column"), "{}", noted[0]);
    assert!(noted[1].contains("cell I3 (开业日期（构造）) and 73 more cells of the column"), "{}", noted[1]);
    assert_eq!(rows.iter().filter(|row| row.opened.is_empty()).count(), 74);
}

#[test]
fn every_spelling_of_the_day_0_is_empty() {
    for day in ["1899-12-30", "1899/12/31", "1900-01-00", "1899年12月31日", "1900-1-0"] {
        let text = format!("{}\nFJQZ-1,甲,350502,tcm,low,A,{day}\n", HEAD.join(","));
        let (rows, notes, _) = units(text.as_bytes(), &policy()).unwrap();
        assert_eq!(rows[0].opened, "", "{day}");
        assert_eq!(
            notes[1..],
            ["line 2, column G opened the day 0 of a spreadsheet (1900-01-00), read as an empty cell"]
        );
    }
    for (cell, from_1904) in [("<c s=\"1\"><v>0</v></c>", false), ("<c s=\"1\"><v>0</v></c>", true)] {
        let row = texts(2, &ROW[..6]).replace("</row>", &format!("{cell}</row>"));
        let (rows, notes, _) =
            units(&book(&[("名录", "", &(texts(1, &HEAD) + &row))], from_1904, RICH), &policy()).unwrap();
        assert_eq!((rows[0].opened.as_str(), notes.len()), ("", 2));
    }
    // A certificate must end, so there the day 0 stands for the library to refuse; an absence of it is none.
    let text =
        "id,name,department,divisions,certified until,leave\nW-1,甲,wsjd,350500,1899-12-30,1899-12-31\n";
    let (rows, ..) = inspectors(text.as_bytes(), &policy()).unwrap();
    assert_eq!((rows[0].certified_until.as_str(), rows[0].absences.len()), ("1900-01-00", 0));
}

// Ids.

#[test]
fn ids_that_differ_by_case_only_are_a_problem() {
    let text =
        "id,name,division,kind,risk,credit\nFJQZ-0001,甲,350502,tcm,low,A\nfjqz-0001,甲,350502,tcm,low,A\n";
    let expected = "line 3, column A id \"fjqz-0001\" differs from FJQZ-0001 in line 2 by upper and lower case \
                    only: write one id in one way";
    assert_eq!(told(units(text.as_bytes(), &policy())), [expected]);
    let of_officers = told(inspectors(entered!("off_x.csv"), &policy()));
    assert_eq!(of_officers.len(), 1);
    assert!(of_officers[0].contains("\"35020319900307123x\" differs from 35020319900307123X in line 2"));
    let text = "id,name,divisions,engaged until\nz-1,甲,350500,2027-01-01\nZ-1,乙,350500,2027-01-01\n";
    assert_eq!(told(experts(text.as_bytes(), &policy())).len(), 1);
    let shown = units(entered!("case_ids.csv"), &rated()).unwrap_err().to_string();
    assert!(shown.contains("\"fjqz-0001\" differs from FJQZ-0001"), "{shown}");
}

#[test]
fn the_same_name_and_division_under_two_ids_is_noted() {
    let row = |id: &str| format!("{id},甲,350502,tcm,low,A,\n");
    let text = HEAD.join(",") + "\n" + &row("FJQZ-1") + &row("FJQZ-2") + "FJQZ-3,甲,350503,tcm,low,A,\n";
    let (rows, notes, _) = units(text.as_bytes(), &policy()).unwrap();
    assert_eq!(rows.len(), 3);
    let expected = "line 3: FJQZ-2 has the name and the division of FJQZ-1 in line 2: is it one institution?";
    assert_eq!(notes[1..], [expected]);
}

#[test]
fn lost_characters_are_a_problem_and_what_looks_like_them_is_noted() {
    let text = |name: &str| format!("{}\nFJQZ-1,{name},350502,tcm,low,A,\n", HEAD.join(","));
    let shown = told(units(text("泉州\u{fffd}\u{fffd}医院").as_bytes(), &policy()));
    assert_eq!(shown.len(), 1);
    assert!(shown[0].starts_with("line 2, column B name \"泉州\u{fffd}\u{fffd}医院\" holds characters that"));
    for name in ["锟斤拷医院", "泉州??医院"] {
        let (_, notes, _) = units(text(name).as_bytes(), &policy()).unwrap();
        assert!(notes[1].starts_with("line 2, column B name looks as if characters were lost"), "{notes:?}");
    }
    let shown = units(entered!("mojibake.csv"), &policy()).unwrap_err().to_string();
    assert!(shown.contains("line 3, column B name") && shown.contains("U+FFFD"), "{shown}");
}

// Sheets as offices format them.

#[test]
fn a_sheet_that_is_formatted_down_to_the_last_row_is_read() {
    let blank = |row: u32| format!("<row r=\"{row}\">{}</row>", "<c s=\"1\"/>".repeat(5));
    let data = texts(1, &HEAD) + &texts(2, &ROW) + &(3..=1 << 20).map(blank).collect::<String>();
    let (rows, ..) = units(&book(&[("名录", "", &data)], false, RICH), &policy()).unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn rows_that_nobody_sees_are_read_and_named() {
    let (rows, notes) = read(entered!("hidden_rows.xlsx"));
    assert_eq!(rows.len(), 7);
    let expected = "row 4: 2 rows are hidden or filtered out in the workbook, and read: 4, 5";
    assert!(notes.iter().any(|note| note.ends_with(expected)), "{notes:#?}");
}

#[test]
fn cells_merged_downwards_give_every_row_their_value() {
    let (rows, notes) = read(entered!("merged_division.xlsx"));
    assert_eq!(rows.len(), 11);
    assert!(rows.iter().all(|row| !row.division.is_empty()), "{rows:#?}");
    assert_eq!(rows[1].division, rows[0].division);
    for cells in ["C2 to C3", "C4 to C5", "C6 to C7", "C10 to C12"] {
        let note = format!("cells {cells} are merged: their value is read in every row");
        assert!(notes.iter().any(|told| told.ends_with(&note)), "{note}: {notes:#?}");
    }
}

#[test]
fn a_heading_in_two_rows_is_one_heading() {
    let (rows, notes) = read(entered!("two_row_heading.xlsx"));
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0].signals, [("beds", "280"), ("radiology", "1")].map(|(a, b)| (a.into(), b.into())));
    assert!(notes.iter().any(|note| note.ends_with("row 2: the heading goes on in this row")), "{notes:#?}");
    // The keys may stand in the second row.
    let data = texts(1, &["基本信息", "", "行政区划代码", "机构类别", "风险等级", "信用等级"])
        + &texts(2, &["标识", "名称", "", "", "", ""])
        + &texts(3, &ROW[..6]);
    let (rows, notes, _) = units(&book(&[("名录", "", &data)], false, RICH), &policy()).unwrap();
    assert_eq!((rows.len(), rows[0].division.as_str()), (1, "350502"));
    assert_eq!(notes[1], "sheet 名录, row 2: the heading begins in the row above");
}

#[test]
fn a_total_is_no_institution() {
    let (rows, notes) = read(entered!("totals_units.xlsx"));
    assert_eq!(rows.len(), 5);
    assert!(notes.iter().any(|note| note.ends_with("row 7: a total, not read: 合计 5")), "{notes:#?}");
    let text = HEAD.join(",") + "\n" + &ROW.join(",") + "\n,,,,,共 计：,7\n";
    let (rows, notes, _) = units(text.as_bytes(), &policy()).unwrap();
    assert_eq!((rows.len(), notes[1].as_str()), (1, "line 3: a total, not read: 共 计： 7"));
}

#[test]
fn escaped_line_breaks_of_a_workbook_are_no_part_of_a_text() {
    let (rows, _) = read(entered!("x000d.xlsx"));
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| !row.name.contains("x000D") && !row.id.contains("x000D")), "{rows:#?}");
}

// Levels of a register.

/// 60 institutions, 16 of them at high risk and 11 with credit D, as a register states them.
fn stated_levels(odd: &str) -> Vec<u8> {
    let row = |n: usize| {
        let risk = if n < 16 { "high" } else { "low" };
        let credit = if n == 59 {
            odd
        } else if n < 11 {
            "D"
        } else {
            "B"
        };
        format!("FJQZ-{n:04},甲{n},350502,tcm,{risk},{credit},2020-01-01\n")
    };
    format!("{}\n{}", HEAD.join(","), (0..60).map(row).collect::<String>()).into_bytes()
}

#[test]
fn levels_that_a_register_states_reach_the_frame_or_are_a_problem() {
    let framed = |rows: Vec<UnitRow>, policy: &Policy| Frame::new(rows, &policy.frame, policy.as_of);
    // `D级` is how people write D.
    let (rows, _) = read(&stated_levels("D级"));
    let count = |of: &dyn Fn(&UnitRow) -> bool| rows.iter().filter(|row| of(row)).count();
    assert_eq!((rows.len(), count(&|row| row.risk == "high"), count(&|row| row.credit == "D")), (60, 16, 12));
    // A word that is no level of the policy.
    let (rows, _) = read(&stated_levels("优"));
    let problem = framed(rows, &policy()).unwrap_err().to_string();
    assert!(problem.contains("优") && problem.contains("credit"), "{problem}");
}
