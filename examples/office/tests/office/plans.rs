//! Annual plans as cities and counties publish them. The tables are constructed in the shapes of real ones; what they
//! say of 苏州 is invented.

use crate::support::{Kind, Office, root};
use serde_json::Value;

fn office() -> Office {
    let office = Office::nothing(Kind::Sqlite);
    for name in ["suzhou.json", "suzhou-2026.json"] {
        std::fs::copy(root().join("examples/rules").join(name), office.path(name)).unwrap();
    }
    office
}

const RULES: &str = "--pack suzhou.json --programme suzhou-2026.json";

fn programme(office: &Office) -> Value {
    serde_json::from_str(&office.read("new.json")).unwrap()
}

fn task<'a>(programme: &'a Value, title: &str) -> &'a Value {
    let tasks = programme["tasks"].as_array().unwrap();
    tasks.iter().find(|task| task["title"].as_str().unwrap().contains(title)).unwrap()
}

/// The shape of county plans: one office a row, share, times and number in columns of their own, a title above and
/// a remark below.
#[test]
fn a_plan_of_administrative_checks_becomes_tasks() {
    let office = office();
    let table = "苏州市2026年度行政检查计划,,,,,,,,
序号,检查主体,年度计划名称,检查内容,计划开展时间,股室,抽查比例,抽查频次,抽查数量
1,市卫生监督机构,学校卫生抽查,学校卫生与传染病防控,3月—11月,监督一科,5%,=1,
2,市卫生监督机构,公共场所抽查,公共场所卫生管理,1月—12月,监督二科,,>=1,3户（以实际为准）
3,市水务局,供水资料抽查,取水与供水设施资料,上半年,供水科,100%,1次/年,
备注：比例按在册数计算,,,,,,,,
";
    office.write("plan.csv", table);
    let said = office.run(&format!("plan import plan.csv {RULES} --out new.json --lang en")).ok();
    assert!(said.out.contains("not read: 备注") && said.out.contains("row 3: 学校卫生抽查"), "{said:?}");
    assert!(said.out.contains("understood: 5 % of the subjects a year"), "{said:?}");
    assert!(said.out.contains("assumed: \">=1\" has no unit"), "{said:?}");
    let made = programme(&office);
    assert_eq!(made["tasks"].as_array().unwrap().len(), 3);
    let school = task(&made, "学校");
    assert_eq!(school["design"], serde_json::json!({ "method": "rate", "rate": "0.05" }));
    assert_eq!(school["items"], serde_json::json!(["school-health"]));
    assert_eq!(school["population"]["kinds"], serde_json::json!(["school"]));
    assert!(school["batches"][0]["drawn"].as_str().unwrap().starts_with("2026-03-0"));
    assert_eq!(school["batches"][0]["window"]["to"], "2026-11-30");
    assert_eq!(task(&made, "公共场所")["design"], serde_json::json!({ "method": "number", "number": 3 }));
    assert_eq!(task(&made, "供水")["department"], "slj");
    // The year ends before twenty working days after its last: visits end so that results can be published.
    let end = task(&made, "公共场所")["batches"][0].clone();
    assert!(end["window"]["to"].as_str().unwrap() < "2026-12-31", "{end}");
    // An office begins with it.
    office.run("init --pack suzhou.json --programme new.json --at 2026-01-02T01:00:00Z").ok();
}

/// The shape of joint plans: share and times in one cell, credit classes, departments that join, who draws and who
/// checks.
#[test]
fn a_joint_plan_with_share_and_times_in_one_cell() {
    let office = office();
    let table = "抽查任务名称,抽查事项,抽查对象范围,抽查比例及频次,信用风险分类要求,起止时间,发起部门,配合部门,抽查检查模式
医疗机构联合抽查,1.医疗机构执业资格与人员资质；2.药品、医疗器械使用质量,公立医院、社会办医院、诊所,3%;2次/年,B类以下提高比例,2026年3月1日 -2026年11月30日,市卫生监督机构,市市场监管局,市抽县查
感染防控抽查,传染病防治与医院感染管理,公立医院,\"三级≥50%，二级≥30%\",/,2026.04.01-2026.10.31,市卫生监督机构,,县抽县查
";
    office.write("plan.csv", table);
    let said = office.run(&format!("plan import plan.csv {RULES} --out new.json --lang zh")).ok();
    assert!(said.out.contains("2 次抽取每次 3 %：全年 6 %"), "{said:?}");
    assert!(said.out.contains("三级 50 %, 二级 30 %：分级比例由规则包"), "{said:?}");
    assert!(said.out.contains("信用风险分类要求“B类以下提高比例”：由规则包规定"), "{said:?}");
    let made = programme(&office);
    let joint = task(&made, "联合");
    assert_eq!(joint["design"]["rate"], "0.06");
    assert_eq!(
        (&joint["joining"], &joint["level"]),
        (&serde_json::json!(["scjg"]), &serde_json::json!("city"))
    );
    assert_eq!(joint["items"], serde_json::json!(["practice-licence", "drug-use"]));
    assert_eq!(
        joint["population"]["kinds"],
        serde_json::json!(["public_hospital", "private_hospital", "clinic"])
    );
    let batches = joint["batches"].as_array().unwrap();
    assert!(batches.len() == 2 && batches[0]["window"]["to"].as_str() < batches[1]["drawn"].as_str());
    let other = task(&made, "感染");
    assert_eq!(
        (&other["level"], &other["design"]["rate"]),
        (&serde_json::json!("county"), &serde_json::json!("0.3"))
    );
}

/// A list of items without tasks, and a workbook whose plan name is one cell over several rows.
#[test]
fn lists_of_items_and_merged_cells() {
    let office = office();
    office.write(
        "items.csv",
        "抽查事项,检查对象,抽查内容,抽查依据,抽查方式,比例和频次
学校卫生与传染病防控,学校、托幼机构,教学环境,学校卫生工作条例,现场检查,不低于20%，1次/年
公共场所卫生管理,公共场所经营单位,卫生管理,公共场所卫生管理条例,现场检查,全覆盖
",
    );
    let said = office.run(&format!("plan import items.csv {RULES} --out new.json --lang en")).ok();
    assert!(said.out.contains("at least so much, or a range: the lower end"), "{said:?}");
    assert!(said.out.contains("no department is named") && said.out.contains("the whole year"), "{said:?}");
    let made = programme(&office);
    assert_eq!(task(&made, "学校")["design"]["rate"], "0.2");
    assert_eq!(task(&made, "公共场所")["design"]["rate"], "1");

    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = rust_xlsxwriter::Format::new();
    let heads = [
        "计划名称",
        "抽查事项",
        "任务类型",
        "抽取时间自",
        "抽取时间至",
        "抽查对象数量",
        "抽查对象比例",
        "分配任务的处（科）室",
    ];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string(0, column, head).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "公共卫生抽查", &plain).unwrap();
    for (row, item) in [(1, "学校卫生与传染病防控"), (2, "公共场所卫生管理")] {
        for (column, cell) in
            [(1, item), (2, "定向抽查"), (3, "2026/5/20"), (4, "2026/11/20"), (7, "监督一科")]
        {
            sheet.write_string(row, column, cell).unwrap();
        }
        sheet.write_number(row, 5, 8.0).unwrap();
    }
    office.write("plan.xlsx", workbook.save_to_buffer().unwrap());
    let said = office.run(&format!("plan import plan.xlsx {RULES} --out merged.json --lang en")).ok();
    assert!(said.out.contains("the number 8 is of both rows together"), "{said:?}");
    let made: Value = serde_json::from_str(&office.read("merged.json")).unwrap();
    let tasks = made["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 1, "two rows of one task");
    assert_eq!(tasks[0]["items"], serde_json::json!(["school-health", "public-place"]));
    assert_eq!(tasks[0]["design"], serde_json::json!({ "method": "number", "number": 8 }));
}

/// Everything that contradicts or is not known is named at once, row by row, and nothing is written.
#[test]
fn contradictions_are_named_at_once_and_nothing_is_written() {
    let office = office();
    let heading = "任务名称,检查事项,检查对象,检查对象基数,检查比例,抽查数量,任务日期,实施主体";
    let table = format!(
        "{heading}
甲,学校卫生与传染病防控,学校,,5%,1户,2026.01.01-2026.12.31,市卫生监督机构
乙,公共场所卫生管理,公共场所,200,10%,20户,2026.01.01-2026.12.31,市卫生监督机构
丙,公共场所卫生管理,公共场所,200,10%,50户,2025年3月-5月,市卫生监督机构
丁,养老机构消防,养老机构,,按需,,2026年3月-5月,消防救援机构
戊,取水与供水设施资料,供水单位,,,,某月,市水务局
"
    );
    office.write("plan.csv", &table);
    let line = format!("plan import plan.csv {RULES} --out new.json --lang en");
    let out = office.run(&line).fails(3, "nothing was written");
    for said in [
        "a share of 5 % and a number of 1: they agree only where there are fewer than 40 subjects",
        "a share of 10 % and a number of 50: 10 % of 200 is 20",
        "lies outside 2026",
        "item \"养老机构消防\" is not in the pack",
        "kind \"养老机构\" is not in the pack",
        "department \"消防救援机构\" is not in the pack",
        "\"按需\" is no amount that can be read",
        "no share and no number",
        "\"某月\" is no time that can be read",
    ] {
        assert!(out.out.contains(said), "{said}: {out:?}");
    }
    assert!(out.out.contains("20 is 10 % of 200"), "{out:?}");
    assert!(!office.path("new.json").exists());
    let told = office.run(&format!("{line} --json"));
    let rows = told.json()["rows"].as_array().unwrap().clone();
    let wrong: Vec<usize> = rows.iter().map(|row| row["contradicts"].as_array().unwrap().len()).collect();
    assert!(
        wrong.len() == 5 && wrong[1] == 0 && wrong[0] == 1 && wrong[2] == 2 && wrong[3] >= 3,
        "{wrong:?}"
    );
    // What was meant is said, and the first two rows become tasks.
    let short: Vec<&str> = table.lines().take(3).collect();
    office.write("plan.csv", short.join("\n"));
    office.run(&format!("{line} --prefer share")).ok();
    assert_eq!(programme(&office)["tasks"].as_array().unwrap().len(), 2);
    office
        .run(&format!("{line} --means 学校=nothing"))
        .fails(3, "nothing is no department, item or kind of the pack");
}

/// The first task of the programme, changed.
fn changed(office: &Office, change: impl FnOnce(&mut Value)) {
    let mut rules: Value = serde_json::from_str(&office.read("suzhou-2026.json")).unwrap();
    change(&mut rules);
    office.write("suzhou-2026.json", rules.to_string());
}

/// `--keep` keeps every task that no row names, also where a row's number would give its code; a code never comes to
/// mean another task.
#[test]
fn a_code_of_the_programme_never_means_another_task() {
    let office = office();
    changed(&office, |rules| rules["tasks"][3]["code"] = "plan-2".into());
    office.write(
        "plan.csv",
        "任务名称,检查事项,检查对象,检查比例\n学校卫生抽查,学校卫生与传染病防控,学校,5%\n",
    );
    let said = office.run(&format!("plan import plan.csv {RULES} --out new.json --keep --lang en")).ok();
    assert!(said.out.contains("tasks of the programme that stay: medical"), "{said:?}");
    let made = programme(&office);
    let tasks = made["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 7, "six of the programme and the new one");
    let codes: Vec<&str> = tasks.iter().map(|task| task["code"].as_str().unwrap()).collect();
    assert_eq!((codes[0], codes.contains(&"plan-2")), ("plan-2-1", true));
    // Without --keep the code is not taken over either.
    office.run(&format!("plan import plan.csv {RULES} --out new.json --lang en")).ok();
    assert_eq!(programme(&office)["tasks"][0]["code"], "plan-2-1");
}

/// A task of the programme that a row names keeps what a plan does not say: officers, subsamples, control share,
/// the rest of its population, and its draws where they fit.
#[test]
fn a_task_keeps_its_own_terms() {
    let office = office();
    changed(&office, |rules| {
        rules["tasks"][0]["officers"] = 3.into();
        rules["tasks"][0]["population"]["has"] = serde_json::json!({ "radiology": 1 });
    });
    let title = "医疗机构执业、感控与用药部门联合抽查";
    let item = "医疗机构执业资格与人员资质";
    office.write(
        "plan.csv",
        format!("任务名称,检查事项,检查对象,比例及频次,发起部门\n{title},{item},公立医院,\"3%,4次/年\",市卫生监督机构\n"),
    );
    let said = office.run(&format!("plan import plan.csv {RULES} --out new.json --lang en")).ok();
    assert!(said.out.contains("its 4 draws stay as the programme has them"), "{said:?}");
    let old: Value = serde_json::from_str(&office.read("suzhou-2026.json")).unwrap();
    let (old, made) = (&old["tasks"][0], &programme(&office)["tasks"][0]);
    for field in ["code", "officers", "surprise", "strata", "batches", "level"] {
        assert_eq!(made[field], old[field], "{field}");
    }
    assert_eq!(
        made["population"],
        serde_json::json!({ "has": { "radiology": 1 }, "kinds": ["public_hospital"] })
    );
    assert_eq!(made["design"]["rate"], "0.12");
    assert_eq!(made["joining"], Value::Null, "the plan names nobody who joins");
}

/// A list of which one part is known does not lose the others.
#[test]
fn every_part_of_a_list_is_read_or_named() {
    let office = office();
    let table = "任务名称,检查事项,检查对象,检查比例,实施主体
甲,学校卫生与传染病防控和养老机构消防,学校、养老机构,5%,市卫生监督机构、市水务局
";
    office.write("plan.csv", table);
    let line = format!("plan import plan.csv {RULES} --out new.json --lang en");
    let out = office.run(&line).fails(3, "nothing was written");
    for said in ["kind \"养老机构\" is not in the pack", "item \"养老机构消防\" is not in the pack"]
    {
        assert!(out.out.contains(said), "{said}: {out:?}");
    }
    let means = "--means 养老机构=public_place --means 养老机构消防=school-health";
    let said = office.run(&format!("{line} {means} --means 无此=school")).ok();
    assert!(said.out.contains("several departments are named: wsjd leads, slj joins"), "{said:?}");
    assert!(said.out.contains("--means 无此=school: no row says so"), "{said:?}");
    let made = programme(&office);
    let task = task(&made, "甲");
    assert_eq!(task["population"]["kinds"], serde_json::json!(["school", "public_place"]));
    assert_eq!((&task["department"], &task["joining"]), (&"wsjd".into(), &serde_json::json!(["slj"])));
    // A word is explained once.
    office
        .run(&format!("{line} --means 学校=school --means 学校=clinic"))
        .fails(3, "the word is explained twice");
}

/// Cells of which nothing is made are named, and so is what stands beside an amount.
#[test]
fn cells_that_are_not_used_are_named() {
    let office = office();
    let table =
        "序号,任务名称,检查事项,检查内容,检查对象,检查对象基数,检查比例,检查方式,责任科室,是否联合检查,备注
1,甲,学校卫生与传染病防控,教学环境,学校,80,5%（含民办）,现场检查,监督一科,否,省里另有要求
";
    office.write("plan.csv", table);
    let said = office.run(&format!("plan import plan.csv {RULES} --lang zh")).ok();
    for cell in [
        "检查内容“教学环境”",
        "检查对象基数“80”",
        "检查比例“含民办”",
        "检查方式“现场检查”",
        "责任科室“监督一科”",
        "备注“省里另有要求”",
    ] {
        assert!(said.out.contains(&format!("未用：{cell}：不据此生成内容")), "{cell}: {said:?}");
    }
    office.write("plan.csv", table.replace(",否,", ",是,"));
    office.run(&format!("plan import plan.csv {RULES} --lang zh")).fails(3, "写明联合检查，但未写配合部门");
    let told = office.run(&format!("plan import plan.csv {RULES} --lang zh --json"));
    assert_eq!(told.json()["rows"][0]["contradicts"][0]["code"], "office.plan.joint_alone");
}

/// The sources of a draw move as a whole: rounds, and the instants at which others stand in. What is published under
/// another number on another day is no source of a day that the plan names.
#[test]
fn sources_move_with_the_draw() {
    let office = office();
    let table = "任务名称,检查事项,检查对象,检查比例,检查时间\n甲,学校卫生与传染病防控,学校,5%,4月-6月\n";
    office.write("plan.csv", table);
    let dice = |id: &str, at: &str| serde_json::json!({ "kind": "dice", "id": id, "at": at, "count": 40, "sides": 10, "witness": "公证处" });
    changed(&office, |rules| {
        let beacon = &mut rules["tasks"][0]["batches"][0]["beacon"];
        beacon["fallbacks"] = serde_json::json!([
            { "for": "dice", "after": "2026-02-26T01:00:00Z", "source": dice("again", "2026-02-26T09:00:00Z") }
        ]);
    });
    office.run(&format!("plan import plan.csv {RULES} --out new.json")).ok();
    let made = programme(&office);
    let batch = &made["tasks"][0]["batches"][0];
    assert_eq!(batch["drawn"], "2026-04-01");
    let beacon = &batch["beacon"];
    assert_eq!(beacon["sources"][0]["at"], "2026-04-01T01:00:00Z");
    assert_eq!(beacon["fallbacks"][0]["after"], "2026-04-02T01:00:00Z");
    assert_eq!(beacon["fallbacks"][0]["source"]["at"], "2026-04-02T09:00:00Z");
    changed(&office, |rules| {
        rules["tasks"][0]["batches"][0]["beacon"]["fallbacks"][0]["source"] = serde_json::json!({
            "kind": "lottery", "id": "again", "at": "2026-02-26T13:00:00Z", "game": "双色球", "issue": "2026023",
            "fields": [{ "of": 33, "take": 6 }, { "of": 16, "take": 1 }]
        });
    });
    office.run(&format!("plan import plan.csv {RULES} --lang en")).fails(
        3,
        "source again is issue 2026023 of 双色球, and which issue is drawn on another day cannot be computed",
    );
}

/// A number in two rows of one task is one number only where both rows are about the same: 10 of each are 20, and 10 of
/// all are others than 10 of each.
#[test]
fn a_number_of_two_rows_is_never_halved_in_silence() {
    let office = office();
    let table = "任务名称,检查事项,检查对象,抽查数量
甲,学校卫生与传染病防控,学校,10
甲,学校卫生与传染病防控,公共场所,10
";
    let line = format!("plan import plan.csv {RULES} --out new.json");
    office.write("plan.csv", table);
    let out = office.run(&format!("{line} --lang en")).fails(3, "nothing was written");
    let said = "contradicts: row 2 is the same task with the number 10 of other subjects or items";
    assert!(out.out.contains(said), "{out:?}");
    let out = office.run(&format!("{line} --lang zh"));
    assert!(out.out.contains("未写明是合计抽 10 户还是各抽 10 户"), "{out:?}");
    // The same of other items.
    office.write(
        "plan.csv",
        table.replace(",公共场所,", ",学校,").replacen("学校卫生与传染病防控", "公共场所卫生管理", 1),
    );
    office.run(&format!("{line} --lang en")).fails(3, "nothing was written");
    assert!(!office.path("new.json").exists());
    // A row that stands there twice.
    office.write("plan.csv", table.replace(",公共场所,", ",学校,"));
    let out = office.run(&format!("{line} --lang en")).ok();
    assert!(out.out.contains("assumed: the number 10 is of both rows together"), "{out:?}");
    assert_eq!(programme(&office)["tasks"][0]["design"]["number"], 10);
    // A share of all is the same as that share of each.
    office.write("plan.csv", table.replace("抽查数量", "检查比例").replace(",10\n", ",10%\n"));
    let out = office.run(&format!("{line} --lang en")).ok();
    assert!(out.out.contains("one task with row 2") && !out.out.contains("both rows together"), "{out:?}");
}

/// Columns of the beginning and the end are read as they say it themselves, and named where they cannot be read, also
/// beside a time.
#[test]
fn the_ends_of_a_time_are_read_or_named() {
    let office = office();
    let line = format!("plan import plan.csv {RULES} --lang en");
    let table = |ends: [&str; 3]| {
        let [time, from, to] = ends;
        office.write(
            "plan.csv",
            format!(
                "任务名称,检查事项,检查对象,检查比例,检查时间,开始时间,结束时间\n\
                 甲,学校卫生与传染病防控,学校,5%,{time},{from},{to}\n"
            ),
        );
    };
    for (from, to, said) in [
        ("", "6月底前", "2026-01-01 to 2026-06-30"),
        ("", "6月底", "2026-01-01 to 2026-06-30"),
        ("", "6月底前完成", "2026-01-01 to 2026-06-30"),
        ("", "6月30日止", "2026-01-01 to 2026-06-30"),
        ("", "截至6月底", "2026-01-01 to 2026-06-30"),
        ("3月起", "", "2026-03-01 to 2026-12-31"),
        ("3月开始", "", "2026-03-01 to 2026-12-31"),
        ("3月", "", "2026-03-01 to 2026-12-31"),
        ("3月起", "6月底前", "2026-03-01 to 2026-06-30"),
    ] {
        table(["", from, to]);
        let out = office.run(&line).ok();
        assert!(out.out.contains(said), "{from} {to}: {out:?}");
    }
    table(["3月-6月", "某月", ""]);
    let out = office.run(&line).fails(3, "nothing was written");
    assert!(out.out.contains("contradicts: \"某月起\" is no time that can be read"), "{out:?}");
}

/// A paper of the shape in which plans are published: a title, a table with cells over several rows, cut by a page.
#[test]
fn a_plan_in_a_paper_is_read() {
    use std::io::Write as _;
    let cell = |text: &str, more: &str| {
        let lines: String =
            text.split('\n').map(|line| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>")).collect();
        format!("<w:tc><w:tcPr>{more}</w:tcPr>{lines}</w:tc>")
    };
    let row = |cells: &[(&str, &str)]| {
        let cells: String = cells.iter().map(|(text, more)| cell(text, more)).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let heads = ["任务名称", "检查事项", "检查对象", "检查比例", "检查时间"].map(|head| (head, ""));
    let (begins, goes_on) = ("<w:vMerge w:val=\"restart\"/>", "<w:vMerge/>");
    let one = [
        row(&heads),
        row(&[
            ("甲 &lt;一&gt;", begins),
            ("学校卫生与传染病防控", ""),
            ("学校", ""),
            ("5%", ""),
            ("3月—11月", ""),
        ]),
        row(&[("", goes_on), ("公共场所卫生管理", ""), ("公共场所", ""), ("5%", ""), ("3月—11月", "")]),
    ];
    let two = [
        row(&heads),
        row(&[
            ("乙", ""),
            ("1.供水卫生管理与水质检测\n2.取水与供水设施资料", ""),
            ("供水单位", ""),
            ("10%", ""),
            ("全年", ""),
        ]),
    ];
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body><w:p><w:r><w:t>某市2026年度计划</w:t></w:r></w:p><w:tbl>{}</w:tbl><w:p/><w:tbl>{}</w:tbl></w:body>\
         </w:document>",
        one.concat(),
        two.concat()
    );
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(document.as_bytes()).unwrap();
    let office = office();
    office.write("plan.docx", archive.finish().unwrap().into_inner());
    let said = office.run(&format!("plan import plan.docx {RULES} --out new.json --lang en")).ok();
    assert!(said.out.contains("row 2: 甲<一>") && said.out.contains("row 4: 乙"), "{said:?}");
    let made = programme(&office);
    assert_eq!(task(&made, "甲")["items"], serde_json::json!(["school-health", "public-place"]));
    assert_eq!(task(&made, "乙")["items"], serde_json::json!(["water-safety", "water-source"]));
    assert_eq!(made["tasks"].as_array().unwrap().len(), 2);
    // A paper without a table says so.
    let empty = document.replace("w:tbl", "w:sdt");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(empty.as_bytes()).unwrap();
    office.write("none.docx", archive.finish().unwrap().into_inner());
    office.run(&format!("plan import none.docx {RULES} --lang en")).fails(3, "no heading row found");
}
