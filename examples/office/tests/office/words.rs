//! Names in place of codes on the command line: whatever has a name is accepted by it, and a word that nobody knows
//! gets the list of what there is.

use crate::rows::{drawn_programme, officer, programme, unit, visited};
use crate::support::{Office, Out, same};
use serde_json::Value;

fn with(office: &Office, line: &str, words: &[&str]) -> Out {
    Office::done(office.command(line).args(words))
}

/// What a register calls an id.
fn called(office: &Office, file: &str, id: &str, column: usize) -> String {
    let text = office.read(file);
    let row = text.lines().find(|line| line.split(',').any(|cell| cell == id)).unwrap();
    row.split(',').nth(column).unwrap().to_owned()
}

/// From the numbers on, a year in the words of an officer.
#[test]
fn a_draw_is_made_in_the_words_of_an_officer() {
    let office = programme();
    // A table of recusals and of entries with names.
    let (institution, person) =
        (called(&office, "units.csv", "FJQZ-0005", 1), called(&office, "officers.csv", "QZ-W-003", 2));
    office.write(
        "回避.csv",
        format!("姓名,机构名称,回避类型,事由及依据\n{person},{institution},法定,亲属（构造）\n"),
    );
    let out = office.run("import 回避名单 回避.csv --merge --yes --json --at 2026-02-21T01:00:00Z").ok();
    assert_eq!(out.json()["added"], 1, "{out:?}");
    office.write(
        "记录.csv",
        format!("日期,记录类型,信用事项,机构名称,来源\n2026-02-20,记录,严重违法失信,{institution},处罚决定（构造）\n"),
    );
    office.run("import 信用与处罚记录 记录.csv --yes --at 2026-02-21T02:00:00Z").ok();
    for line in [
        "plan --task medical --adopt --approved-by director --level 机关负责人 --at 2026-03-02T02:00:00Z",
        "seal --task medical --salt-key key.txt --at 2026-03-03T03:00:00Z",
    ] {
        office.run(line).ok();
    }
    let before = office.dump();
    let wrong =
        office.run("beacon --task medical --value 彩球=31 --at 2026-03-04T03:10:00Z").fails(3, "dice");
    assert!(wrong.err.contains("彩球"), "{wrong:?}");
    same(&office.dump(), &before, "a source that nobody knows");
    office
        .run("beacon --task medical --value 骰子=3141592653589793238462643383279502884197 --at 2026-03-04T03:10:00Z")
        .ok();
    office.run("draw --task medical --at 2026-03-04T03:20:00Z").ok();
    office.run("export 台账 --task medical --out 台账.csv").ok();
}

#[test]
fn institutions_officers_results_and_reasons_are_called_by_their_names() {
    let (office, visits) = drawn_programme();
    let [one, two, three] = [0, 1, 2].map(|place| unit(&visits[place]));
    let name = |id: &str| called(&office, "units.csv", id, 1);
    let at = "--task medical --at 2026-04-08T01:00:00Z --lang en";
    with(&office, &format!("result {at} --date 2026年4月7日 --result 未发现问题"), &["--unit", &name(one)])
        .ok();
    let entered = visited(&office);
    assert_eq!((&entered[0]["unit"], &entered[0]["result"]), (&one.into(), &"no_problem".into()));
    assert_eq!(entered[0]["date"], "2026-04-07");
    // Out of a table with no ids at all.
    office.write("结果.csv", format!("机构名称,检查日期,检查结果\n{},2026-04-07,未发现问题\n", name(two)));
    office.run(&format!("result 结果.csv {at}")).ok();
    assert_eq!(visited(&office)[1]["unit"], two);
    let line = format!(
        "replace {at} --reason 关闭 --evidence note.txt --approved-by director --level 本机关 --json"
    );
    let replaced = with(&office, &line, &["--unit", &name(three)]).ok().json();
    assert_eq!(
        (&replaced["steps"][0]["unit"], &replaced["steps"][0]["reason"]),
        (&three.into(), &"closed".into())
    );
    let who = called(&office, "officers.csv", officer(&visits[3], 0), 2);
    let explained = with(&office, "officer --task medical --json", &[&who]).ok().json();
    assert_eq!(explained["officer"], officer(&visits[3], 0));
    with(&office, &format!("receipt {at} --out receipts"), &["--unit", &name(two)]).ok();
    assert!(office.path("receipts").join(two).is_dir());
    // What nobody is called gets the nearest.
    let before = office.dump();
    let strange = name(unit(&visits[4])).chars().rev().take(1).chain("无此机构".chars()).collect::<String>();
    let result = format!("result {at} --date 2026-04-07");
    let out =
        with(&office, &format!("{result} --result 未发现问题"), &["--unit", &strange]).fails(3, "nearest");
    assert!(out.err.contains("--unit"), "{out:?}");
    let out = with(&office, &format!("{result} --unit {one}"), &["--result", "未发现"]);
    assert!(out.status == Some(3) && out.err.contains("none of no_problem (未发现问题)"), "{out:?}");
    let out = with(&office, "officer --task medical", &["无此人"]);
    assert!(out.status == Some(3) && out.err.contains("is the name of none"), "{out:?}");
    same(&office.dump(), &before, "words that nobody knows");
    // A task by its title.
    let text =
        std::fs::read_to_string(crate::support::root().join("examples/rules/quanzhou-2026.json")).unwrap();
    let rules: Value = serde_json::from_str(&text).unwrap();
    let tasks = rules["tasks"].as_array().unwrap();
    let title = tasks.iter().find(|task| task["code"] == "medical").unwrap()["title"].as_str().unwrap();
    with(&office, "status", &["--task", title]).ok();
    let out = with(&office, "status", &["--task", "没有的任务"]);
    assert!(out.status == Some(3) && out.err.contains("is none of"), "{out:?}");
}

/// A CSV of Western Europe under English headings: nothing is stored before somebody says what its encoding is.
#[test]
fn an_encoding_is_asked_for_before_anything_is_stored() {
    let office = programme();
    let units = office.read("units.csv").replace('\u{feff}', "");
    let mut lines = units.lines();
    let head = lines.next().unwrap().as_bytes().to_vec();
    let (id, row) = (b"FJQZ-9001".to_vec(), lines.next().unwrap());
    let mut cells: Vec<Vec<u8>> = row.split(',').map(|cell| cell.as_bytes().to_vec()).collect();
    (cells[0], cells[1]) = (id, b"JALAPE\xd1O".to_vec());
    office.write("new.csv", [head, cells.join(&b","[..])].join(&b"\n"[..]));
    let before = office.dump();
    let line = "import units new.csv --merge --yes --at 2026-02-21T01:00:00Z --lang en";
    let out = office.run(line).fails(3, "--encoding windows-1252");
    assert!(out.err.contains("JALAPEÑO") && out.err.contains("JALAPE袿"), "{out:?}");
    same(&office.dump(), &before, "a text in two encodings");
    office.run(&format!("{line} --encoding windows-1252")).ok();
    office.run("export units --out units-now.csv").ok();
    assert!(office.read("units-now.csv").contains("JALAPEÑO"));
    office.run("result --unit U-1 --result x --encoding gbk --task medical").fails(64, "--encoding");
}
