//! The office as a clerk uses it: the same rosters from files of every kind give the same draw in either
//! database; what a command cannot do it says, and changes nothing.

use crate::postgres::server;
use crate::support::{DRAWN, INIT, Kind, Office, ROUND, SEALED, package, program, root, same};
use double_random::verify::{Outcome, replay_team};
use double_random::{Cycle, Evidence, Frame, Record, Roster};
use serde_json::Value;

both! {
    a_whole_round_is_confirmed
    registers_come_out_as_they_went_in
    commands_out_of_turn_are_refused
    results_are_entered_once_and_all_or_none
    a_closed_institution_is_a_row_of_the_results
    what_was_drawn_stays_in_the_register
    problems_of_a_table_are_told_together
    nobody_to_draw_is_said
}

/// Registers of the demonstration in one form: units, officers, recusals.
struct Files {
    form: &'static str,
    names: [&'static str; 3],
}

const FORMS: [Files; 7] = [
    Files { form: "UTF-8", names: ["units.csv", "officers.csv", "recusals.csv"] },
    Files { form: "GBK", names: ["units-gbk.csv", "officers-gbk.csv", "recusals-gbk.csv"] },
    Files { form: "xlsx", names: ["units-a.xlsx", "officers-a.xlsx", "recusals-a.xlsx"] },
    Files { form: "rows in reverse", names: ["units-r.csv", "officers-r.csv", "recusals-r.csv"] },
    Files { form: "every cell quoted", names: ["units-q.csv", "officers-q.csv", "recusals-q.csv"] },
    Files { form: "exported xlsx", names: ["units-b.xlsx", "officers-b.xlsx", "recusals-b.xlsx"] },
    Files { form: "exported csv", names: ["units-b.csv", "officers-b.csv", "recusals-b.csv"] },
];

/// A CSV as a workbook of texts.
fn workbook(text: &str) -> Vec<u8> {
    let text = text.trim_start_matches('\u{feff}');
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (r, row) in (0..).zip(reader.records()) {
        for (c, cell) in (0..).zip(row.unwrap().iter()).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(r, c, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// Writes the registers in all forms beside the tables of an office; the exported ones come out of another
/// database.
fn in_all_forms(to: &Office, from: Kind) {
    let source = Office::after(from, 3);
    for name in ["units", "officers", "recusals"] {
        let text = to.read(&format!("{name}.csv"));
        to.write(&format!("{name}-gbk.csv"), encoding_rs::GBK.encode(&text).0);
        to.write(&format!("{name}-a.xlsx"), workbook(&text));
        let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
        let quoted =
            |line: &&str| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
        to.write(&format!("{name}-q.csv"), lines.iter().map(quoted).collect::<Vec<_>>().join("\n"));
        lines[2..].reverse();
        to.write(&format!("{name}-r.csv"), lines.join("\r\n"));
        for ending in ["csv", "xlsx"] {
            let file = format!("{name}-b.{ending}");
            source.run(&format!("export {name} --out {file} --lang zh")).ok();
            std::fs::copy(source.path(&file), to.path(&file)).unwrap();
        }
    }
}

/// Frame, seal and record of a draw from these files.
fn drawn_from(files: &Files, kind: Kind, all: &Office) -> [String; 3] {
    let office = Office::new(kind);
    for (register, file) in ["units", "officers", "recusals"].iter().zip(files.names) {
        std::fs::copy(all.path(file), office.path(file)).unwrap();
        office.run(&format!("import {register} {file} --yes --at 2023-08-20T01:01:00Z")).ok();
    }
    office.step(3).ok();
    let sealed = office.run(&format!("{} --json", ROUND[SEALED - 1])).ok().json();
    for place in SEALED + 1..DRAWN - 1 {
        office.step(place).ok();
    }
    let drawn = office.run(&format!("{} --json", ROUND[DRAWN - 1])).ok().json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [text(&sealed["frame_root"]), text(&sealed["seal"]), text(&drawn["record"])]
}

/// Experts in a table of their own, leads and days: from the tables to a draw, and what is said of one
/// officer.
#[test]
fn leads_experts_and_days_are_drawn_and_explained() {
    let office = Office::nothing(Kind::Sqlite);
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    policy["team"]["departments"][0]["posts"] = serde_json::json!([{"post": "lead", "places": 1}]);
    let qualification = policy["roster"]["qualifications"][0].clone();
    policy["team"]["experts"] = serde_json::json!({"cap": 99, "jurisdiction": "any",
        "posts": [{"post": "lab", "needs": qualification, "places": 1}]});
    policy["team"]["days"] = serde_json::json!([policy["window"]["from"].clone()]);
    policy["team"]["caps"] = serde_json::json!({"day": 60});
    office.write("policy.json", policy.to_string());
    office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    office.step(0).ok();
    office.step(1).ok();
    let code = qualification.as_str().unwrap();
    let table = |until: &str| {
        format!(
            "专家库,,,,\n专家编号,姓名,服务区域,专业,聘期至\nX-1,张三,350500,{code},{until}\nX-2,李四,350000,{code},2030-12-31\n"
        )
    };
    let import = "import experts experts.csv --yes --at 2023-08-20T01:02:30Z";
    office.write("experts.csv", table("soon"));
    let refused = office.run(import).fails(3, "line 3, column E 聘期至 \"soon\" is no date");
    assert!(refused.err.contains("experts.csv: 1 problem"), "{refused:?}");
    office.write("experts.csv", table("2030-12-31"));
    office.run(import).ok();
    for place in [2, 3, 4, 6, 7, 8] {
        office.step(place).ok();
    }
    office.run("export tasks --out tasks.csv --lang en").ok();
    let tasks = office.read("tasks.csv");
    assert!(tasks.contains(",lead") && tasks.contains(",X-1,张三,"), "{tasks}");
    let record = Record::from_json(&office.document("record")).unwrap();
    let visit = &record.teams.visits[0];
    let (unit, lead) = (&visit.unit, visit.lead.as_ref().unwrap());
    assert!(!visit.experts.is_empty());
    let why = office.run(&format!("officer {lead} --lang en")).ok().out;
    assert!(why.contains(&format!("{unit} lead: chance 0.")), "{why}");
    assert!(why.contains(" visits expected, ") && why.contains("Table "), "{why}");
    let before = office.dump();
    let out = office.run(&format!("officer {lead} --drops-out --at 2023-08-24T02:00:00Z --json")).ok().json();
    let place = out["moves"].as_array().unwrap().iter().find(|step| step["unit"] == unit.as_str()).unwrap();
    assert_eq!(place["post"], "lead", "{out}");
    assert_ne!(place["by"], lead.as_str());
    office.run("officer 3505-9999 --drops-out").fails(3, "3505-9999");
    office.run("officer 3505-9999").fails(3, "belongs to no department of this draw");
    same(&office.dump(), &before, "questions");
    // The same officer takes the place when the office enters it.
    let by = place["by"].as_str().unwrap();
    let replaced = office.run(&format!(
        "replace --officer {lead} --reason ill --evidence note.txt --approved-by head --level \
         office --at 2023-08-24T02:00:00Z"
    ));
    assert!(replaced.ok().out.contains(&format!("→ {by}")));
    // The team of one institution is replayed alone.
    let evidence = Evidence {
        seal: Some(record.seal.clone()),
        beacon: Some(record.beacon.clone()),
        frame: Some(Frame::from_json(&office.document("frame")).unwrap()),
        roster: Some(Roster::from_json(&office.document("roster")).unwrap()),
        cycle: Some(Cycle::from_json(&office.document("cycle")).unwrap()),
        registers: None,
    };
    assert_eq!(replay_team(&record, &evidence, unit), Outcome::Pass);
}

/// After a draw the year says what is missing; what the last draw left short is brought by a draw of share 0.
#[test]
fn a_make_up_draw_follows_the_last_round() {
    let office = Office::after(Kind::Sqlite, ROUND.len());
    let status = office.run("status --lang en").ok().out;
    assert!(status.contains(" to go, ") && status.contains("drawn and still to be visited"), "{status}");
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    policy["round"] = serde_json::json!({ "share": "0", "rest": "0" });
    policy["as_of"] = "2023-09-20".into();
    policy["window"] = serde_json::json!({ "from": "2023-09-25", "to": "2023-12-20" });
    let dice = serde_json::json!({ "kind": "dice", "id": "dice", "sides": 10, "count": 40,
        "witness": "notary", "at": "2023-09-22T09:00:00Z" });
    policy["beacon"]["sources"] = serde_json::json!([dice]);
    office.write("next.json", policy.to_string());
    let adopt = "plan --policy next.json --adopt --approved-by director --at 2023-09-20T02:00:00Z --json";
    // It is none of the year's registered draws.
    office.run(adopt).fails(4, "a draw outside the register needs --level superior");
    let adopted = office.run(&format!("{adopt} --level superior"));
    assert_eq!(adopted.status, Some(0), "{adopted:?}");
    let sealed = office.run("seal --at 2023-09-21T08:00:00Z --json").ok().json();
    assert_eq!(sealed["draw"], 2, "{sealed}");
}

/// What a register says must not depend on the file that it came in, nor on the database that it stands in.
#[test]
fn every_form_in_either_database_gives_the_same_draw() {
    let mut kinds = vec![Kind::Sqlite];
    kinds.extend(server().is_ok().then_some(Kind::Postgres));
    let all = Office::nothing(Kind::Sqlite);
    let mut known: Option<[String; 3]> = None;
    for from in &kinds {
        in_all_forms(&all, *from);
        for to in &kinds {
            for files in &FORMS {
                if from != &kinds[0] && !files.form.starts_with("exported") {
                    continue;
                }
                let found = drawn_from(files, *to, &all);
                let expected = known.get_or_insert_with(|| found.clone());
                assert_eq!(&found, expected, "{} of {from:?} in {to:?}", files.form);
            }
        }
    }
}

/// The old format of Excel, of which a few rows are shipped: the same rows as the CSV gives.
#[test]
fn an_old_workbook_gives_the_rows_of_the_csv() {
    let xls = package().join("tests/data/quanzhou.xls");
    let office = Office::new(Kind::Sqlite);
    std::fs::copy(xls, office.path("old.xls")).unwrap();
    office.run("import units units.csv --yes").ok();
    let json = office.run("import units old.xls --merge --json").json();
    assert_eq!(json["added"], 0, "{json}");
    assert_eq!(json["changed"], 0, "{json}");
    assert!(json["same"].as_u64().unwrap() >= 221, "{json}");
}

fn a_whole_round_is_confirmed(kind: Kind) {
    let office = Office::after(kind, ROUND.len());
    let out = office.run("verify www").fails(2, "no checkpoint that the checker kept");
    assert!(!out.out.contains("FAIL"), "{out:?}");
    assert_eq!(office.run("verify").status, Some(2), "what only the office itself holds confirms nothing");
    for what in [
        "tasks", "notices", "sample", "results", "coverage", "units", "officers", "experts", "recusals",
        "ledger", "changes",
    ] {
        for ending in ["csv", "xlsx"] {
            let json = office.run(&format!("export {what} --out {what}.{ending} --json")).ok().json();
            let empty = matches!(what, "experts" | "changes");
            assert_eq!(json["rows"] == 0, empty, "{what}: {json}");
            assert!(office.path(&format!("{what}.{ending}")).exists());
        }
    }
    // What is out stays as it is, and to publish again adds nothing.
    let before = office.dump();
    office.step(ROUND.len() - 1).ok();
    same(&office.dump(), &before, "publish again");
    // Any edit of the folder is seen.
    let record = "www/fever-clinics-2023/draws/1.1/record.json";
    let text = office.read(record);
    office.write(record, text.replacen("FJQZ-0", "FJQZ-1", 1));
    assert!(matches!(office.run("verify www").status, Some(1 | 3)));
}

fn registers_come_out_as_they_went_in(kind: Kind) {
    let office = Office::after(kind, 3);
    for name in ["units", "officers", "recusals"] {
        for ending in ["csv", "xlsx"] {
            for lang in ["zh", "en"] {
                office.run(&format!("export {name} --out {name}-out.{ending} --lang {lang}")).ok();
                let json = office.run(&format!("import {name} {name}-out.{ending} --json")).ok().json();
                let changes = ["added", "changed", "removed"].map(|key| json[key].as_u64().unwrap());
                assert_eq!(changes, [0, 0, 0], "{name}.{ending} {lang}: {json}");
            }
        }
    }
}

/// Runs lines that must all fail with their status and words, in both languages and as JSON, and change
/// nothing.
fn refused(office: &Office, lines: &[(&str, i32, &str)]) {
    let before = office.dump();
    for (line, status, words) in lines {
        let line = &format!("{line} --clock-is-right");
        let out = office.run(line).fails(*status, words);
        assert!(out.out.is_empty(), "{out:?}");
        if *status != 64 {
            let json = office.run(&format!("{line} --json")).fails(*status, "").json();
            assert!(json["error"]["code"].is_string() && json["error"]["message"].is_string(), "{json}");
        }
    }
    same(&office.dump(), &before, "commands that were refused");
}

fn commands_out_of_turn_are_refused(kind: Kind) {
    let office = Office::new(kind);
    refused(
        &office,
        &[
            ("seal", 4, "no policy is adopted"),
            ("draw", 4, "nothing is sealed yet"),
            ("beacon --value dice=1", 4, "no seal waits for values"),
            ("result --unit FJQZ-0001 --result ok", 4, "nothing is sealed yet"),
            (
                "void --reason technical --evidence note.txt --approved-by province",
                4,
                "nothing is sealed yet",
            ),
            ("reveal", 4, "no draw waits"),
            ("init --demo", 5, "holds an office already"),
            ("export tasks --out t.csv", 4, "nothing is sealed yet"),
            ("import units missing.csv --yes", 3, "missing.csv"),
            ("import units note.txt --yes", 3, "note.txt"),
            ("import entries units.csv --yes", 3, ""),
            ("nonsense", 64, "nonsense"),
            ("import nonsense units.csv", 64, "nonsense"),
            ("plan --adopt", 64, "--approved-by"),
            ("init", 3, "the office needs rules"),
            ("status --task other", 4, "other"),
            ("status --at yesterday", 3, "--at"),
            ("status --at 2023-02-30T00:00:00Z", 3, "--at"),
            ("status --actor ,,", 3, "--actor"),
            ("export units --out units.pdf", 3, ".csv or .xlsx"),
            ("export units", 64, "--out"),
            ("publish --out www", 64, "--where"),
            ("replace --unit FJQZ-0001", 64, "--reason"),
            ("verify nowhere", 3, "no ledger.jsonl"),
        ],
    );
    for place in 0..3 {
        office.step(place).ok();
    }
    refused(
        &office,
        &[
            ("plan --adopt --approved-by clerk", 4, "clerk"),
            ("plan --explain FJQZ-9999", 3, "not on the frame"),
            ("plan --policy note.txt", 3, "note.txt"),
        ],
    );
    for place in 3..SEALED {
        office.step(place).ok();
    }
    refused(
        &office,
        &[
            ("seal --at 2023-08-22T08:30:00Z", 4, "is sealed already"),
            ("draw --at 2023-08-23T16:00:00Z", 4, "waits for its sources (drand-quicknet, dice-notary)"),
            // Before the value of the source could be known.
            ("beacon --file beacon.json --at 2023-08-22T09:00:00Z", 4, ""),
            ("beacon --value nobody=1 --at 2023-08-23T16:00:00Z", 3, "nobody"),
            ("beacon --value dice-notary=12 --at 2023-08-23T16:00:00Z", 4, ""),
            ("beacon --value dice", 3, "SOURCE=VALUE"),
            ("beacon", 3, "nothing to enter"),
            ("beacon --file note.txt", 3, "note.txt"),
            ("result --unit FJQZ-0001 --result ok", 4, "is not drawn"),
            (
                "replace --unit FJQZ-0001 --reason closed --evidence note.txt --approved-by director",
                4,
                "is not drawn",
            ),
            ("export sample --out s.csv", 4, "is not drawn yet"),
            // The person who enters cannot approve, and the ledger does not go back in time.
            (
                "void --reason technical --evidence note.txt --approved-by clerk --level superior --at \
                 2023-08-22T09:00:00Z",
                4,
                "",
            ),
            (
                "void --reason technical --evidence note.txt --approved-by province --level superior --at \
                 2023-08-01T00:00:00Z",
                4,
                "",
            ),
            ("void --reason technical --evidence missing.txt --approved-by province", 3, "missing.txt"),
        ],
    );
    for place in SEALED + 1..DRAWN {
        office.step(place).ok();
    }
    refused(
        &office,
        &[
            (
                "result --unit FJQZ-9999 --result ok --date 2023-09-04 --at 2023-09-04T01:00:00Z",
                3,
                "has no visit in draw 1.1",
            ),
            ("result --unit FJQZ-0001 --result ok --date 2023-02-30", 3, "2023-02-30"),
            ("result --unit ,, --result ok", 3, "--unit"),
            ("result --unit FJQZ-0001", 3, "--result CODE, or --missed"),
            ("result", 3, "nothing to enter"),
            (
                "replace --unit FJQZ-9999 --reason closed --evidence note.txt --approved-by director",
                4,
                "was not drawn",
            ),
            (
                "replace --unit FJQZ-0001 --reason ill --evidence note.txt --approved-by director",
                4,
                "closed, merged, moved or unreachable",
            ),
            (
                "replace --officer 3505-0001 --reason closed --evidence note.txt \
                 --approved-by director",
                4,
                "ill, on leave",
            ),
            (
                "replace --unit FJQZ-0001 --reason closed --evidence note.txt --approved-by clerk --at \
                 2023-08-24T01:00:00Z",
                4,
                "",
            ),
            (
                "amend --entry 1 --result ok --reason clerical --evidence note.txt --approved-by director",
                4,
                "entry 1 is no visit",
            ),
            ("seal --at 2023-08-24T01:00:00Z", 4, "no policy is adopted"),
            ("plan --at 2023-08-24T01:00:00Z", 4, "needs a policy of its own"),
            ("export results --out r.csv", 4, "has no results yet"),
        ],
    );
}

fn results_are_entered_once_and_all_or_none(kind: Kind) {
    let office = Office::after(kind, DRAWN + 2);
    let line = office.line(DRAWN + 2);
    let before = office.dump();
    let table = office.read("results.csv");
    office.write(
        "results.csv",
        format!("{table}FJQZ-9999,2023-09-04,no-problem\nFJQZ-0001,2023-09-44,no-problem\n"),
    );
    let out = office.run(&line).fails(3, "no result was entered");
    assert!(out.err.contains("FJQZ-9999") && out.err.contains("2023-09-44"), "{out:?}");
    same(&office.dump(), &before, "a table with two bad rows");
    office.write("results.csv", &table);
    office.run(&line).fails(0, "6 results entered, 0 were there");
    let after = office.dump();
    office.run(&line).fails(0, "0 results entered, 6 were there");
    same(&office.dump(), &after, "the same table again");
}

fn a_closed_institution_is_a_row_of_the_results(kind: Kind) {
    let office = Office::after(kind, DRAWN + 2);
    let line = office.line(DRAWN + 2);
    let before = office.dump();
    let table = office.read("results.csv");
    let rows: Vec<&str> = table.lines().skip(1).collect();
    let unit = rows[0].split(',').next().unwrap();
    office.write("photo.txt", "closed door\n");
    let write = |first: &str| {
        let rest: String = rows[1..].iter().map(|row| format!("{row},,,\n")).collect();
        let head = "检查对象,检查日期,检查结果,未检查原因,证明材料,批准人";
        office.write("results.csv", format!("{head}\n{unit},2023-09-04,{first}\n{rest}"));
    };
    for (first, said) in [
        ("注销,,,director", "证明材料"),
        ("注销,,photo.txt,", "批准人"),
        ("注销,sold,photo.txt,director", "失联"),
        ("no-problem,closed,photo.txt,director", "it was made"),
    ] {
        write(first);
        office.run(&line).fails(3, said);
        same(&office.dump(), &before, first);
    }
    write("注销,,photo.txt,director");
    let answer = office.run(&format!("{line} --json")).ok().json();
    assert_eq!(answer["entries"].as_array().map(Vec::len), Some(6), "{answer}");
    office.run("export ledger --out entries.csv").ok();
    let missed = office.read("entries.csv");
    let missed: Vec<&str> = missed.lines().filter(|line| line.contains("missed")).collect();
    assert!(missed.len() == 1 && missed[0].contains(unit), "{missed:?}");
    office.run(&line).fails(0, "0 results entered, 6 were there");
}

fn what_was_drawn_stays_in_the_register(kind: Kind) {
    let office = Office::after(kind, DRAWN);
    let before = office.dump();
    let text = office.read("units.csv");
    let visited: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = visited["teams"]["visits"][0]["unit"].as_str().unwrap();
    let rest: Vec<&str> = text.lines().filter(|line| !line.contains(unit)).collect();
    office.write("fewer.csv", rest.join("\n"));
    let out = office.run("import units fewer.csv --yes").fails(4, "enter them as closed (注销)");
    assert!(out.err.contains(unit), "{out:?}");
    same(&office.dump(), &before, "an import that takes away what was drawn");
    office.run("import units fewer.csv --yes --merge").ok();
    // Without --yes and without a terminal nothing is stored.
    office.write(
        "closed.csv",
        text.lines()
            .map(|line| if line.contains(unit) { line.replace("正常", "注销") } else { line.to_owned() })
            .collect::<Vec<_>>()
            .join("\n"),
    );
    office.run("import units closed.csv").fails(4, "nothing was stored: --yes stores it");
    same(&office.dump(), &before, "an import without agreement");
    let json = office.run("import units closed.csv --yes --json").ok().json();
    assert_eq!([&json["added"], &json["changed"], &json["removed"]], [0, 1, 0], "{json}");
    // What the row said before is kept.
    assert!(office.dump()["register_changes"][0].contains(unit));
}

fn problems_of_a_table_are_told_together(kind: Kind) {
    let office = Office::new(kind);
    let head = "机构标识,名称,行政区划代码,机构类别,风险等级,信用等级,状态,开业日期";
    let rows = [
        "FJQZ-0001,a,350502,综合医院,中,A,正常,1985-02-11",
        "FJQZ-0001,b,350502,综合医院,中,A,正常,1985-02-11",
        "FJQZ-0002,c,999999,综合医院,中,A,正常,1985-02-11",
        "FJQZ-0003,d,350502,茶馆,中,A,正常,1985-02-11",
        "FJQZ-0004,e,350502,综合医院,很高,A,正常,1985-02-11",
        "FJQZ-0005,f,350502,综合医院,中,Z,正常,1985-02-11",
        "FJQZ-0006,g,350502,综合医院,中,A,睡觉,1985-02-11",
        "FJQZ-0007,h,350502,综合医院,中,A,正常,1985-02-31",
        ",i,350502,综合医院,中,A,正常,1985-02-11",
    ];
    office.write("bad.csv", format!("{head}\n{}\n", rows.join("\n")));
    let before = office.dump();
    let out = office.run("import units bad.csv --yes").fails(3, "bad.csv");
    // One pass reports all that it found, each with its line.
    let told: Vec<usize> = (3..=10).filter(|line| out.err.contains(&format!("line {line}"))).collect();
    assert!(told.len() >= 3, "{told:?} of {}", out.err);
    office.write("empty.csv", format!("{head}\n"));
    office.run("import units empty.csv --yes").fails(3, "no rows below the heading");
    office.write("nothing.csv", "");
    office.run("import units nothing.csv --yes").fails(3, "nothing.csv");
    same(&office.dump(), &before, "bad tables");
}

/// One officer only, recused from all units: the plan says so, and the draw leaves places vacant instead of
/// failing.
fn nobody_to_draw_is_said(kind: Kind) {
    let text = Office::nothing(Kind::Sqlite).read("officers.csv");
    let one: Vec<&str> = text.lines().take(3).collect();
    for (what, officers, recusals) in
        [("one officer", one.join("\n"), None), ("all recused", text.clone(), Some(()))]
    {
        let office = Office::new(kind);
        office.write("officers.csv", officers);
        office.step(0).ok();
        office.step(1).ok();
        if recusals.is_some() {
            let units = (1..=221).map(|n| format!("FJQZ-{n:04}"));
            let people = text.lines().skip(2).map(|line| line.split(',').next().unwrap());
            let rows: Vec<String> = units
                .flat_map(|unit| people.clone().map(move |who| format!("{who},{unit},法定,构造")))
                .collect();
            office.write(
                "recusals.csv",
                format!("执法证号,机构标识,回避类型,事由及依据\n{}\n", rows.join("\n")),
            );
            office.step(2).ok();
        }
        let check = office.run("check").ok();
        assert!(
            check.out.contains("of 2 ") || check.out.contains("needed") || check.out.lines().count() > 5,
            "{what}: {check:?}"
        );
        for place in [3, 4, 6, 7, 8] {
            office.step(place).ok();
        }
        let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
        let visits = record["teams"]["visits"].as_array().unwrap();
        let sent = visits
            .iter()
            .flat_map(|visit| visit["posts"].as_array().unwrap())
            .map(|post| post["officers"].as_array().unwrap().len())
            .sum::<usize>();
        assert!(
            if recusals.is_some() { sent == 0 } else { sent < visits.len() },
            "{what}: {sent} officers for {} visits",
            visits.len()
        );
        assert_eq!(office.run("verify").status, Some(2), "{what}");
    }
}

/// Before a policy is adopted, `plan` says for each level who is certain and who is safe, warns of a level that
/// is a timetable, and proposes what helps with its cost. Without such a level it warns of nothing.
#[test]
fn a_timetable_is_shown_before_it_is_adopted() {
    for (visits, warned) in [("1", true), ("0.7", false)] {
        let office = Office::nothing(Kind::Sqlite);
        let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
        policy["coverage"] = serde_json::json!({"guards": [], "minimum": "0"});
        let table = policy["frequency"].as_array_mut().unwrap();
        let rows = table.iter_mut().filter(|row| row["credit"] == "D");
        rows.for_each(|row| row["visits"] = serde_json::json!(visits));
        let rows = table.iter_mut().filter(|row| row["credit"] == "A");
        rows.for_each(|row| row["visits"] = serde_json::json!("0"));
        office.write("policy.json", policy.to_string());
        office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
        (0..3).for_each(|place| {
            office.step(place).ok();
        });
        let out = office.run("plan --lang en").ok().out;
        assert!(out.contains("What an outsider with policy and history can foresee"), "{out}");
        let of_the_round = " D级: 100 % of the visits of this round are certain by schedule or floor";
        assert_eq!(out.contains(of_the_round), warned, "{out}");
        assert_eq!(out.contains("what helps: twice as many rounds"), warned, "{out}");
        assert_eq!(out.contains("what helps: a control share of 0.05"), warned, "{out}");
        let json = office.run("plan --json").ok().json();
        let levels = json["foresight"].as_array().unwrap();
        let of_d: Vec<&Value> = levels.iter().filter(|level| level["credit"] == "D").collect();
        assert!(!of_d.is_empty(), "{json}");
        for level in of_d {
            assert_eq!(level["certain_by_schedule"] == level["units"], warned, "{level}");
        }
        let zh = office.run("plan --lang zh").ok().out;
        assert!(zh.contains("外人依据抽取方案与历次结果可预见的程度"), "{zh}");
    }
}

/// Every command's help has an example, and says what it does in one sentence.
/// A program that offices get says which it is: the version of the library, written in one place.
#[test]
fn the_program_says_its_version() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    let said = Office::nothing(Kind::Sqlite).run("--version").ok().out;
    assert_eq!(said.trim(), format!("office {}", version.unwrap()));
    assert_ne!(version, Some("0.0.0"));
}

#[test]
fn help_of_every_command_has_an_example() {
    let office = Office::nothing(Kind::Sqlite);
    let help = office.run("--help").ok().out;
    let commands = [
        "init",
        "import",
        "check",
        "plan",
        "seal",
        "beacon",
        "draw",
        "replace",
        "result",
        "void",
        "reveal",
        "close",
        "amend",
        "witness",
        "publish",
        "status",
        "verify",
        "export",
        "migrate",
        "completion",
    ];
    for command in commands {
        assert!(help.contains(&format!("  {command} ")), "{command} in {help}");
        let own = office.run(&format!("{command} --help")).ok().out;
        assert!(own.matches("office ").count() >= 2, "no example in the help of {command}:\n{own}");
    }
    assert!(help.contains("Exit status: 0 done"));
}

#[test]
fn completion_is_for_every_shell() {
    let office = Office::nothing(Kind::Sqlite);
    for (shell, words) in
        [("bash", "complete -F _office"), ("zsh", "#compdef office"), ("fish", "complete -c office")]
    {
        let out = office.run(&format!("completion {shell}")).ok().out;
        assert!(out.contains(words) && out.contains("publish") && out.contains("approved-by"), "{shell}");
        let file = format!("office.{shell}");
        office.write(&file, &out);
        // Where the shell is installed it must take it.
        let checked = std::process::Command::new(shell).arg("-n").arg(office.path(&file)).output();
        if let Ok(checked) = checked {
            assert!(checked.status.success(), "{shell}: {checked:?}");
        }
    }
    office.run("completion tcl").fails(64, "tcl");
    assert!(program().exists());
}

/// Chinese where Chinese is asked for, in the words of the trade; JSON is the same in both.
#[test]
fn the_screen_is_chinese() {
    let office = Office::nothing(Kind::Sqlite);
    office.run("status --lang zh").fails(5, "请先执行 office init");
    office.run(&format!("{INIT} --lang zh")).fails(0, "已建立");
    for (place, words) in [
        (0, "新增 221"),
        (1, "已入库，修订号 2"),
        (2, "新增 12"),
        (3, "已审批通过：抽取方案"),
        (4, "请在首个随机数揭晓之前公布封存文件"),
        (6, "尚缺随机数： drand-quicknet"),
        (7, "随机数已齐"),
        (8, "已抽取："),
    ] {
        office.run(&format!("{} --lang zh", office.line(place))).fails(0, words);
    }
    let status = office.run("status --lang zh").ok().out;
    for words in ["检查对象 221", "执法人员 46", "回避 12", "台账条目", "待检查"] {
        assert!(status.contains(words), "{words} in {status}");
    }
    assert_eq!(
        office.run("status --lang zh --json").ok().out,
        office.run("status --lang en --json").ok().out
    );
    let quiet = office.run("status --quiet").ok().out;
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    office.run("export tasks --out tasks.csv --lang zh").ok();
    assert!(
        office.read("tasks.csv").starts_with('\u{feff}') && office.read("tasks.csv").contains("机构标识")
    );
    let mut command = office.command("status");
    assert!(Office::done(command.env("LANG", "zh_CN.UTF-8")).ok().out.contains("检查对象"));
}

/// The reader of the screen may be gone, or its disk full: what was done is done, and nothing panics.
#[test]
fn a_screen_that_nobody_reads_does_not_matter() {
    let office = Office::after(Kind::Sqlite, DRAWN - 1);
    let whole = office.copy();
    whole.step(DRAWN - 1).ok();
    for (line, status) in [
        (ROUND[DRAWN - 1], 0),
        ("status --json", 0),
        ("export tasks --json", 64),
        ("seal --json", 4),
        ("seal", 4),
        ("completion bash", 0),
    ] {
        let mut child = office.start(line);
        drop(child.stdout.take());
        let err = child.stderr.take().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(status), "{line}");
        let err = std::io::read_to_string(err).unwrap();
        assert!(!err.contains("panicked"), "{line}: {err}");
        let full = std::fs::File::create("/dev/full").unwrap();
        let ended = office.command(line).stdout(full.try_clone().unwrap()).stderr(full).status().unwrap();
        assert_eq!(ended.code(), Some(status), "{line}");
    }
    same(&office.dump(), &whole.dump(), "a draw whose output is not read");
}

/// A refusal of the whole table does not hide the cells that cannot be read, which may be its cause.
#[test]
fn cells_that_cannot_be_read_are_named_before_what_may_follow_from_them() {
    let office = Office::after(Kind::Sqlite, 2);
    let qualification = {
        let policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
        policy["roster"]["qualifications"][0].as_str().unwrap().to_owned()
    };
    let table = |name: &str| {
        let ids = ["3505-0001", "3505-0002"];
        let rows = ids.map(|id| format!("{id},{name},350500,{qualification},2030-12-31\n"));
        format!("专家编号,姓名,服务区域,专业,聘期至\n{}", rows.concat())
    };
    let import = "import experts experts.csv --yes --lang en --at 2023-08-20T01:02:30Z";
    office.write("experts.csv", table("张三"));
    office.run(import).fails(4, "officer and expert at once");
    office.write("experts.csv", table("张\u{fffd}"));
    let out = office
        .run(&format!("{import} --marked marked.csv"))
        .fails(3, "holds characters that a program has lost");
    assert!(out.err.contains("experts.csv: 2 problems"), "{out:?}");
    assert!(office.read("marked.csv").contains("holds characters that a program has lost"));
}

/// What is marked is the text that was read, under the encoding that was named and the delimiter that was found; a copy of a
/// paper is neither made nor offered.
#[test]
fn a_marked_copy_is_the_table_that_was_read() {
    use std::io::Write as _;
    let office = Office::after(Kind::Sqlite, 0);
    let head = "id;name;division;kind;risk;credit";
    let cells = "FJQZ-1;\"JALAPE\u{d1}O, a, b, c, d, e, f, g, h, i\";350502;tcm;low;A";
    let text = format!("{head}\n{cells}\n{}\n", cells.replace("FJQZ-1", "FJQZ-2").replace("tcm", "nothing"));
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    office.write("units.csv", bytes.as_ref());
    let import = "import units units.csv --yes --lang en --at 2023-08-20T01:02:30Z --marked marked.csv";
    office
        .run(&format!("{import} --encoding windows-1252"))
        .fails(3, "the problems are marked in marked.csv");
    let marked = office.read("marked.csv");
    let lines: Vec<&str> = marked.lines().collect();
    assert!(lines[0].ends_with("id;name;division;kind;risk;credit;import problems"), "{marked}");
    assert!(lines[1].contains("JALAPE\u{d1}O") && lines[1].ends_with(';'), "{marked}");
    assert!(lines[2].contains("\u{201c}nothing\u{201d}"), "{marked}");

    let row = |line: &str| {
        let cells =
            line.split(';').map(|cell| format!("<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>"));
        format!("<w:tr>{}</w:tr>", cells.collect::<String>())
    };
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let tables = text.lines().map(row).collect::<String>();
    write!(archive, "<w:document xmlns:w=\"w\"><w:body><w:tbl>{tables}</w:tbl></w:body></w:document>")
        .unwrap();
    office.write("units.docx", archive.finish().unwrap().into_inner());
    let import = "import units units.docx --yes --lang en --at 2023-08-20T01:02:30Z";
    let out = office.run(import).fails(3, "\"nothing\"");
    assert!(!out.err.contains("--marked"), "{out:?}");
    office.run(&format!("{import} --marked marked.docx")).fails(3, "a .docx cannot be marked");
    assert!(!office.path("marked.docx").exists());
}
