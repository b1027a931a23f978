//! Exports: workbooks for people, and tables that the office reads back as they were.

use crate::support::{DRAWN, Kind, Office, ROUND};
use calamine::{Data, Reader, Xlsx};
use std::io::Read as _;

const REGISTERS: [&str; 4] = ["units", "officers", "experts", "recusals"];

/// An office with all registers: leave, a cap, several areas, licences that end and that never do.
fn registered() -> Office {
    let office = Office::after(Kind::Sqlite, 3);
    let experts = "id,name,organisation,divisions,qualifications,engaged from,engaged until,absences,cap\n\
                   E-1,专家甲,med-uni,350502;350503,infectious,2020-01-01,2026-12-31,2023-09-04~2023-09-06,3\n\
                   E-2,专家乙,med-uni,350502,medical;infectious,2020-01-01,2026-12-31,,\n";
    office.write("experts.csv", experts);
    office.run("import experts experts.csv --yes --at 2023-08-20T01:04:00Z").ok();
    office
}

fn part(office: &Office, file: &str, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(office.path(file)).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The rows of the first sheet.
fn rows(office: &Office, file: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook(office.path(file)).unwrap();
    let name = book.sheet_names()[0].clone();
    book.worksheet_range(&name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn registers_that_are_exported_read_back_as_they_were() {
    let office = registered();
    let then = |office: &Office, register: &str| {
        office.run(&format!("export {register} --out then.csv --lang en")).ok();
        office.read("then.csv")
    };
    let before = REGISTERS.map(|register| then(&office, register));
    assert!(before[0].lines().count() == 222 && before[2].contains("2023-09-04~2023-09-06"), "{before:?}");
    for (lang, ending) in [("zh", "xlsx"), ("en", "xlsx"), ("zh", "csv"), ("en", "csv")] {
        let back = Office::new(Kind::Sqlite);
        for (minute, register) in (1..).zip(REGISTERS) {
            let file = format!("{register}-{lang}.{ending}");
            office.run(&format!("export {register} --out {file} --lang {lang}")).ok();
            std::fs::copy(office.path(&file), back.path(&file)).unwrap();
            back.run(&format!("import {register} {file} --yes --at 2023-08-20T01:0{minute}:00Z")).ok();
        }
        for (register, before) in REGISTERS.iter().zip(&before) {
            assert_eq!(&then(&back, register), before, "{register}, {lang}, {ending}");
        }
    }
}

/// Title, headings in the language of the reader, days and counts as Excel knows them, borders, and a page that is set up.
#[test]
fn a_workbook_is_ready_for_people() {
    let office = registered();
    office.run("export units --out units.xlsx --lang zh --at 2023-08-21T01:00:00Z").ok();
    let table = rows(&office, "units.xlsx");
    assert_eq!(table[0][0].to_string(), "检查对象名录（2023-08-21）");
    let heads: Vec<String> = table[1].iter().map(ToString::to_string).collect();
    assert_eq!(heads[..4], ["机构标识", "名称", "行政区划代码", "机构类别"]);
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    assert!(table[2..].iter().all(|row| matches!(row[column("开业日期")], Data::DateTime(_))));
    // Ids are texts, whatever digits they have.
    assert!(table[2..].iter().all(|row| matches!(row[0], Data::String(_))));
    let sheet = part(&office, "units.xlsx", "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("ySplit=\"2\""), "{}", &sheet[..600]);
    for words in ["orientation=\"landscape\"", "paperSize=\"9\"", "fitToHeight=\"0\"", "<mergeCell ref=\"A1:"]
    {
        assert!(sheet.contains(words), "{words}");
    }
    let book = part(&office, "units.xlsx", "xl/workbook.xml");
    assert!(book.contains("_xlnm.Print_Titles") && book.contains("_xlnm.Print_Area"), "{book}");
    let styles = part(&office, "units.xlsx", "xl/styles.xml");
    for words in ["yyyy-mm-dd", "style=\"thin\""] {
        assert!(styles.contains(words), "{words}");
    }
    office.run("export officers --out officers.xlsx --lang en").ok();
    let heads = |file: &str| rows(&office, file)[1].iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(heads("officers.xlsx")[..3], ["id", "name", "department"]);
    office.run("export experts --out experts.xlsx --lang zh").ok();
    let (heads, experts) = (heads("experts.xlsx"), rows(&office, "experts.xlsx"));
    let cap = heads.iter().position(|head| head == "上限").unwrap();
    assert_eq!((&experts[2][cap], experts[3][cap].to_string()), (&Data::Float(3.0), String::new()));
}

/// Tables of a draw say of which, in both languages; shares and days are numbers; and the form is read as it is.
#[test]
fn tables_of_a_draw_are_titled_and_typed() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    for what in ["tasks", "notices", "sample", "coverage", "ledger", "form"] {
        for (lang, draw) in [("zh", "第1次抽取"), ("en", "draw 1")] {
            office.run(&format!("export {what} --out t.xlsx --lang {lang} --at 2023-08-23T17:00:00Z")).ok();
            let table = rows(&office, "t.xlsx");
            let title = table[0][0].to_string();
            // A ledger is that of all draws. The office counts its days in Beijing.
            assert_eq!(title.contains(draw), what != "ledger", "{title}");
            assert!(title.contains("2023-08-24"), "{title}");
            let chinese = table[1].iter().any(|head| !head.to_string().is_ascii());
            assert_eq!(chinese, lang == "zh", "{what}");
            if what == "coverage" {
                assert!(table[2..].iter().all(|row| matches!(row[1], Data::Float(_))), "{table:?}");
                assert!(table[2..].iter().all(|row| matches!(row[3], Data::Float(share) if share <= 1.0)));
                assert!(part(&office, "t.xlsx", "xl/styles.xml").contains("0.0%"));
            }
        }
    }
    // Nobody has filled it in: every row is a visit still to be made.
    let visits = rows(&office, "t.xlsx").len() - 2;
    let size = office.ledger_size();
    let read = office.run("result t.xlsx --lang en --at 2023-09-07T01:00:00Z").ok();
    assert!(read.err.contains(&format!("{visits} rows without date and result")), "{read:?}");
    assert_eq!(office.ledger_size(), size);
    // A table for machines has neither title nor formats.
    office.run("export coverage --out t.csv --lang en").ok();
    assert!(office.read("t.csv").starts_with("\u{feff}where,active,visited,coverage,"));
    let office = Office::after(Kind::Sqlite, ROUND.len());
    office.run("export results --out r.xlsx --lang zh").ok();
    let results = rows(&office, "r.xlsx");
    assert!(
        results.len() > 7 && results[2..].iter().all(|row| matches!(row[2], Data::DateTime(_))),
        "{results:?}"
    );
}

/// A table with names never lands among what is published, wherever the command runs and however the path is written.
#[test]
fn nothing_is_exported_into_a_published_folder() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    office.run("publish --out www --where https://office.example/2023 --at 2023-08-24T01:00:00Z").ok();
    let inner = std::fs::read_dir(office.path("www")).unwrap().map(|entry| entry.unwrap().path());
    let ledger = inner.into_iter().find(|folder| folder.join("ledger.jsonl").exists()).unwrap();
    let draw = ledger.join("draws/1.1");
    let refused = |folder: &std::path::Path, out: &str| {
        let mut command = office.command(&format!("export units --out {out} --lang en"));
        command.current_dir(folder).env("DOUBLE_RANDOM_DATABASE", office.path("office.db"));
        Office::done(&mut command).fails(4, "lies in a published folder");
    };
    let inside = draw.join("r.csv");
    let scope = ledger.file_name().unwrap().to_str().unwrap();
    refused(&office.path("."), &format!("www/{scope}/r.csv"));
    refused(&office.path("."), inside.to_str().unwrap());
    refused(&draw, "r.csv");
    refused(&draw, "../r.csv");
    assert!(!inside.exists() && !ledger.join("r.csv").exists());
}

/// Of several files one cannot be written: the answer says which were.
#[test]
fn an_export_that_stops_says_what_it_has_written() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    std::fs::create_dir_all(office.path("kit/2-allocation.sql")).unwrap();
    let said = office.run("export kit --dialect sqlite --out kit --lang en");
    let written = "these were: kit/1-setup.sql";
    assert!(said.status != Some(0) && said.err.contains(written), "{said:?}");
    assert!(office.path("kit/1-setup.sql").is_file() && !office.path("kit/3-sample.sql").exists());
    std::fs::create_dir_all(office.path("other/1-setup.sql")).unwrap();
    let said = office.run("export kit --dialect sqlite --out other --lang en");
    assert!(
        said.err.contains("nothing was written") && !office.path("other/2-allocation.sql").exists(),
        "{said:?}"
    );
}
