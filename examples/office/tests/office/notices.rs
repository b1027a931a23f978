//! The notice of a draw (公示) as its readers open it: the page's JSON, the workbook, the paper for signature.

use crate::support::{DRAWN, INIT, Kind, Office, ROUND, SEALED, root};
use calamine::{Data, Reader, Xlsx};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

both! {
    what_nobody_has_entered_stays_blank_and_is_named
    a_deferred_draw_names_nobody_in_its_notice_before_it_is_open
}

const DRAW: &str = "draws/1.1";

/// The folder of the one ledger that an office has published.
fn published(office: &Office) -> PathBuf {
    let mut folders = std::fs::read_dir(office.path("www")).unwrap();
    folders.next().unwrap().unwrap().path()
}

/// The notices of a draw with this ending, oldest first.
fn notices(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder.join(DRAW)).unwrap().map(|file| file.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut found: Vec<PathBuf> =
        all.filter(|path| name(path).starts_with("notice-") && name(path).ends_with(ending)).collect();
    found.sort();
    found
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A part of a .docx or .xlsx.
fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The rows of a sheet.
fn rows(path: &Path, sheet: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// Publishes again at an instant.
fn publish(office: &Office, at: &str) -> PathBuf {
    office.run(&format!("publish --out www --where https://office.example/2023 --at {at}")).ok();
    published(office)
}

const FIELDS: [&str; 20] = [
    "抽查计划名称",
    "抽查计划编号",
    "抽查任务名称",
    "抽查任务编号",
    "抽查类型",
    "发起部门",
    "配合部门",
    "抽查事项",
    "抽查依据",
    "抽查对象范围",
    "对象总数",
    "抽取数量",
    "抽取比例",
    "抽取时间",
    "抽取地点",
    "抽取方式",
    "见证",
    "检查时间",
    "公示期限",
    "异议渠道",
];
const HEADS: [&str; 9] = [
    "序号",
    "检查对象名称",
    "统一社会信用代码",
    "地址",
    "抽查事项",
    "检查日期",
    "检查人员（执法证号）",
    "检查结果",
    "处理情况",
];

/// An office of 泉州 under the shipped rules whose first draw has results.
fn quanzhou() -> Office {
    let office = Office::nothing(Kind::Sqlite);
    let rules = |name: &str| root().join("examples/rules").join(name).display().to_string();
    let data = |name: &str| root().join("examples/data/five_cities").join(name).display().to_string();
    office
        .run(&format!(
            "init --pack {} --programme {} --salt-key key.txt --at 2026-02-20T01:00:00Z",
            rules("quanzhou.json"),
            rules("quanzhou-2026.json")
        ))
        .ok();
    for (register, only) in
        [("units", ""), ("officers", "--where city=quanzhou"), ("experts", "--where city=quanzhou")]
    {
        let table =
            if register == "units" { "quanzhou_units.csv".to_owned() } else { format!("{register}.csv") };
        office
            .run(&format!("import {register} {} {only} --yes --at 2026-02-20T02:00:00Z", data(&table)))
            .ok();
    }
    let task = "--task medical";
    office.run(&format!("plan {task} --adopt --approved-by director --at 2026-03-02T02:00:00Z")).ok();
    office.run(&format!("seal {task} --salt-key key.txt --at 2026-03-03T03:00:00Z")).ok();
    office.run(&format!("beacon {task} --value dice={} --at 2026-03-04T03:10:00Z", "3".repeat(40))).ok();
    office.run(&format!("draw {task} --at 2026-03-04T03:20:00Z")).ok();
    let units = || -> BTreeSet<String> {
        office.run(&format!("export tasks {task} --out list.csv --lang en")).ok();
        let list = office.read("list.csv");
        list.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
    };
    let came = |before: &BTreeSet<String>| units().into_iter().find(|unit| !before.contains(unit)).unwrap();
    let before = units();
    let units = before.clone();
    let results = ["no_problem", "violation", "corrected", "uncooperative", "no_such_activity"];
    let mut table = "检查对象,检查日期,检查结果,未检查原因,证明材料,批准人\n".to_owned();
    for (place, unit) in units.iter().enumerate().skip(1) {
        match place {
            1 => table.push_str(&format!("{unit},2026-04-07,失联,,note.txt,director\n")),
            _ => table.push_str(&format!("{unit},2026-04-07,{},,,\n", results[place % results.len()])),
        }
    }
    let first = units.first().unwrap();
    office
        .run(&format!(
            "replace {task} --unit {first} --reason closed --evidence note.txt --approved-by director --at \
             2026-04-06T01:00:00Z"
        ))
        .ok();
    table.push_str(&format!("{},2026-04-07,no_problem,,,\n", came(&before)));
    office.write("results.csv", table);
    office.run(&format!("result results.csv {task} --at 2026-04-07T09:00:00Z")).ok();
    // No visit is to come: what was closed is opened.
    office.run(&format!("reveal {task} --at 2026-04-07T10:00:00Z")).ok();
    office
}

/// Every field and heading of real notices is in the workbook and in the paper, with the standard phrases of the
/// pack; sheets are ready to print.
#[test]
fn a_notice_has_what_real_notices_have() {
    let office = quanzhou();
    for fact in [
        "issuer=泉州市卫生健康委员会",
        "phone=0595-22500000",
        "objections=泉州市丰泽区东海大街",
        "place=公证处",
        "plan-number=泉卫监督〔2026〕1号",
        "period=2026-04-08至2026-05-08",
        "witnesses=派驻纪检监察组",
    ] {
        office.run(&format!("notice {fact} --task medical --draw 1")).ok();
    }
    let unit = office.read("list.csv").lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let seat = format!(
        "机构标识,地址,统一社会信用代码
{unit},中山北路34号,91350100M000100Y43
"
    );
    office.write("seats.csv", seat);
    let said = office.run("notice --addresses seats.csv --task medical --json").ok().json();
    assert_eq!(said["missing"], serde_json::json!([]));
    let folder = publish(&office, "2026-04-08T01:00:00Z");
    let (book, paper) = (notices(&folder, ".xlsx").pop().unwrap(), notices(&folder, ".docx").pop().unwrap());
    let notice = json(&notices(&folder, ".json").pop().unwrap());
    let told = rows(&book, "公示");
    let field = |name: &str| {
        let row = told.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no {name}"));
        row[1].to_string()
    };
    FIELDS.iter().for_each(|name| assert!(!field(name).is_empty() && !field(name).contains('＿'), "{name}"));
    assert_eq!((field("抽查类型"), field("配合部门")), ("定向抽查".into(), "市医保局".into()));
    assert!(field("抽查依据").contains("泉政办〔2020〕50号") && field("见证").contains("派驻纪检监察组"));
    let drawn = notice["drawn"].as_u64().unwrap();
    assert!(told.iter().any(|row| row[1] == Data::Float(f64::from(u32::try_from(drawn).unwrap()))));
    // The table: a title, the heading, one row for each institution; days are days.
    let table = rows(&book, "检查结果");
    assert_eq!(table[1].iter().map(ToString::to_string).collect::<Vec<_>>(), HEADS);
    let all = notice["rows"].as_array().unwrap();
    assert_eq!(table.len(), all.len() + 2);
    assert_eq!(all.len() as u64, drawn + 1, "the institution that came in the place of another");
    assert!(table[4..].iter().any(|row| matches!(row[5], Data::DateTime(_))));
    let column = |n: usize| table[2..].iter().map(|row| row[n].to_string()).collect::<Vec<_>>().join("\n");
    for phrase in [
        "未发现问题",
        "发现问题经责令已改正",
        "不配合检查情节严重",
        "未发现开展本次抽查涉及的经营活动",
        "通过登记的住所（经营场所）无法联系",
        "（注销或停业）",
    ] {
        assert!(column(7).contains(phrase), "{phrase}");
    }
    assert!(column(8).contains("列入待复查") && column(8).contains("计入信用档案"), "{}", column(8));
    assert!(column(3).contains("中山北路34号") && column(2).contains("91350100M000100Y43"));
    // What stays when the sheet is rolled, what is repeated when it is printed.
    let sheet = part(&book, "xl/worksheets/sheet2.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("ySplit=\"2\""), "{sheet}");
    assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("fitToHeight=\"0\""));
    assert!(part(&book, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(part(&book, "xl/styles.xml").contains("yyyy-mm-dd"));
    let text = part(&paper, "word/document.xml");
    FIELDS.iter().chain(&HEADS).for_each(|name| assert!(text.contains(name), "{name}"));
    assert!(text.contains("<w:tblHeader/>") && text.contains("泉州市卫生健康委员会（盖章）"));
    assert!(text.contains("中山北路34号"));
    // Nothing contradicts it, neither in public nor with the frame.
    let found = office.run("verify www --lang en");
    assert!(
        found.status == Some(2) && !found.out.contains("FAIL") && !found.out.contains("not checked"),
        "{found:?}"
    );
    office.run("publish --out audit --auditor --task medical --at 2026-04-08T02:00:00Z").ok();
    let found = office.run("verify audit --lang en");
    assert!(found.status == Some(2) && !found.out.contains("FAIL"), "{found:?}");
}

/// A notice that lacks something says so in words, and has a line to be filled in; what is entered later makes
/// another notice, and the first stays.
fn what_nobody_has_entered_stays_blank_and_is_named(kind: Kind) {
    let office = Office::after(kind, DRAWN);
    let folder = publish(&office, "2023-08-24T09:00:00Z");
    let first = notices(&folder, ".xlsx").pop().unwrap();
    let bytes = std::fs::read(&first).unwrap();
    let blank = |path: &Path, name: &str| {
        let row = rows(path, "公示").into_iter().find(|row| row[0] == name).unwrap();
        row[1].to_string().contains('＿')
    };
    assert!(blank(&first, "联系电话") && blank(&first, "异议渠道") && blank(&first, "抽取地点"));
    let said = office.run("notice --lang zh").ok();
    assert!(said.out.contains("尚未填写") && said.out.contains("office notice phone=…"), "{said:?}");
    office.run("notice phone=0595-1 colour=red").fails(3, "it has issuer, objections");
    office.run("notice phone").fails(3, "FACT=TEXT");
    assert!(
        office.run("notice --json").ok().json()["missing"].to_string().contains("phone"),
        "all or nothing"
    );
    office.run("notice phone=0595-1").ok();
    assert!(!office.run("notice --json").ok().json()["missing"].to_string().contains("phone"));
    let count = notices(&folder, ".xlsx").len();
    publish(&office, "2023-08-25T09:00:00Z");
    assert_eq!(notices(&folder, ".xlsx").len(), count + 1);
    assert_eq!(std::fs::read(&first).unwrap(), bytes, "what was published stays");
    let last = notices(&folder, ".xlsx").pop().unwrap();
    assert!(!blank(&last, "联系电话") && blank(&last, "异议渠道"));
    // Nothing new is no new notice.
    publish(&office, "2023-08-26T09:00:00Z");
    assert_eq!(notices(&folder, ".xlsx").len(), count + 1);
}

/// Before the disclosure of unannounced visits the public folder names no institution that was drawn and no
/// inspector, whatever happens to them; the notice says until when. Afterwards inspectors stand in it once they
/// were there.
fn a_deferred_draw_names_nobody_in_its_notice_before_it_is_open(kind: Kind) {
    assert_eq!(INIT, "init --demo --at 2023-08-20T01:00:00Z");
    let office = Office::deferred(kind);
    for place in 0..SEALED + 6 {
        office.step(place).ok();
    }
    let folder = publish(&office, "2023-08-25T09:00:00Z");
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap();
    let units: Vec<&str> = visits.iter().map(|visit| visit["unit"].as_str().unwrap()).collect();
    let officer = visits[0]["posts"][0]["officers"][0]["id"].as_str().unwrap();
    let mut open = vec![folder.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()));
            continue;
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let text = match ending.as_str() {
            "docx" => part(&path, "word/document.xml"),
            "xlsx" => part(&path, "xl/sharedStrings.xml"),
            _ => String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
        };
        let named = units.iter().find(|unit| text.contains(**unit));
        assert!(named.is_none() && !text.contains(officer), "{named:?} in {}", path.display());
    }
    let notice = json(&notices(&folder, ".json").pop().unwrap());
    assert_eq!((&notice["rows"], &notice["closed_until"]), (&serde_json::json!([]), &"2023-11-30".into()));
    assert!(
        part(&notices(&folder, ".docx").pop().unwrap(), "word/document.xml").contains("2023-11-30 前公开")
    );
    // The whole ledger is there: what happened is closed, and the report says until when.
    let found = office.run("verify www --lang en --as-of 2023-08-25T10:00:00Z");
    assert!(!found.out.contains("FAIL") && !found.out.contains("not checked draws"), "{found:?}");
    assert!(found.out.contains("closed lines, until 2023-11-30"), "{found:?}");
    let ledger = std::fs::read_to_string(folder.join("ledger.jsonl")).unwrap();
    let closed = ledger.matches("\"kind\":\"closed\"").count();
    assert!(closed > 0 && !ledger.contains("\"kind\":\"visited\""));
    assert!(!folder.join(DRAW).join("contents.jsonl").exists());
    let status = office.run("status --lang en").ok().out;
    assert!(status.contains(&format!("is closed until 2023-11-30 (closed lines {closed}, ")), "{status}");
    // The visits are made, the secret is revealed.
    office.step(SEALED + 6).ok();
    office.run("reveal --at 2023-11-30T01:00:00Z").ok();
    publish(&office, "2023-11-30T02:00:00Z");
    let notice = json(&notices(&folder, ".json").pop().unwrap());
    assert_eq!(notice.get("closed_until"), None);
    let mut made = 0;
    for row in notice["rows"].as_array().unwrap() {
        let visited = row["came"]["state"] == "visited";
        made += u64::from(visited);
        assert_eq!(row["came"].get("team").is_some(), visited, "{row}");
    }
    assert_eq!(made, 6);
    let found = office.run("verify www --lang en --as-of 2023-11-30T03:00:00Z");
    assert!(!found.out.contains("FAIL") && !found.out.contains("not checked draws"), "{found:?}");
    // The lines that were public are told, and none of them has changed.
    let now = std::fs::read_to_string(folder.join("ledger.jsonl")).unwrap();
    assert!(now.starts_with(&ledger));
    let contents = folder.join(DRAW).join("contents.jsonl");
    let rows = std::fs::read_to_string(&contents).unwrap();
    assert!(rows.lines().count() >= closed && rows.contains("\"kind\":\"visited\""));
    // Other contents than were closed refute, and lost ones keep the folder from being confirmed.
    std::fs::write(&contents, rows.replacen("\"unit\":\"", "\"unit\":\"X", 1)).unwrap();
    office.run("verify www --lang en --as-of 2023-11-30T03:00:00Z").fails(1, "FAIL     contents");
    std::fs::remove_file(&contents).unwrap();
    let found = office.run("verify www --lang en --as-of 2023-11-30T03:00:00Z").fails(2, "");
    assert!(found.out.contains("whose contents are not given, and should be"), "{found:?}");
}

/// A notice that says something else than ledger and record is refuted by its name, also when digests and index
/// are made to fit.
#[test]
fn a_notice_that_says_otherwise_is_refuted() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let folder = published(&office);
    let last = notices(&folder, ".json").pop().unwrap();
    let name = last.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(&last).unwrap();
    let refuted = |what: &str, from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{what}");
        std::fs::write(&last, changed).unwrap();
        let found = office.run("verify www --lang en").fails(1, &format!("FAIL {DRAW}/{name}"));
        let line = found.out.lines().find(|line| line.starts_with(&format!("FAIL {DRAW}/{name}")));
        assert!(line.is_some_and(|line| line.contains(what)), "{line:?}");
        std::fs::write(&last, &text).unwrap();
    };
    refuted("/rows/", "\"result\":\"no-problem\"", "\"result\":\"perfect\"");
    refuted(
        "/rows/",
        "\"state\":\"pending\"",
        "\"date\":\"2023-09-04\",\"reason\":\"closed\",\"state\":\"missed\"",
    );
    refuted("/drawn", "\"drawn\":", "\"drawn\":1");
    refuted("/eligible", "\"eligible\":", "\"eligible\":1");
    refuted("/targeted", "\"targeted\":false", "\"targeted\":true");
    refuted("/visits", "\"visits\":{\"from\":\"2023-09-01\"", "\"visits\":{\"from\":\"2023-09-02\"");
    // A workbook of another notice is not the one that the ledger names.
    let book = notices(&folder, ".xlsx").pop().unwrap();
    std::fs::copy(notices(&folder, ".xlsx").first().unwrap(), &book).unwrap();
    let named = book.file_name().unwrap().to_string_lossy().into_owned();
    office.run("verify www --lang en").fails(1, &format!("FAIL     files: {named} of draw 1"));
}
