//! Tables in the words of people: states as public registers write them, days as people write them, notes and
//! signatures below a table, names in place of ids, unknown words, encodings that the text does not decide. All
//! inputs are constructed.

use crate::book::{RICH, book, texts};
use crate::tables::{entries, experts, inspectors, recusals, results, units};
use double_random::Frame;
use double_random::dossier::DossierEntry;
use double_random::frame::UnitRow;
use double_random::id::UnitIdForm;
use double_random::policy::Policy;
use double_random_office::table::{DateOrder, Named, Names, Source, TableError, decode, encoding};

fn policy() -> Policy {
    Policy::from_json(include_str!("../../../data/quanzhou_policy.json")).unwrap()
}

fn told<T: std::fmt::Debug>(read: Result<T, TableError>) -> Vec<String> {
    read.unwrap_err().problems().iter().map(ToString::to_string).collect()
}

const HEAD: &str = "id,name,division,kind,risk,credit,status,opened,licence,valid until\n";

/// One institution of this state, opened on this day, whose licence ends so.
fn unit(
    status: &str,
    opened: &str,
    until: &str,
    order: Option<DateOrder>,
) -> Result<(UnitRow, Vec<String>), TableError> {
    let text = format!("{HEAD}FJQZ-1,甲,350502,tcm,low,A,\"{status}\",\"{opened}\",L-1,\"{until}\"\n");
    let (mut rows, notes, _) = units(Source::new(text.as_bytes()).dates(order), &policy())?;
    Ok((rows.remove(0), notes))
}

// States.

#[test]
fn states_of_public_registers_are_known() {
    for (word, state) in [
        ("存续（在营、开业、在册）", "active"),
        ("在营（开业）企业", "active"),
        ("在营（开业）", "active"),
        ("吊销，未注销", "closed"),
        ("吊销企业", "closed"),
        ("注销企业", "closed"),
        ("撤销", "closed"),
        ("迁出", "closed"),
        ("停业", "suspended"),
        ("正常", "active"),
        // A word that contradicts itself, and one that nobody knows, stay for the library to refuse.
        ("存续(吊销)", "存续(吊销)"),
        ("正在筹建", "正在筹建"),
    ] {
        assert_eq!(unit(word, "2020-01-01", "长期", None).unwrap().0.status, state, "{word}");
    }
}

// Days.

#[test]
fn a_time_of_day_is_its_day_in_every_column_and_said() {
    let (row, notes) = unit("active", "2020-01-01 09:30", "2029年3月1日 下午3时", None).unwrap();
    assert_eq!((row.opened.as_str(), row.licences[0].valid_until.as_str()), ("2020-01-01", "2029-03-01"));
    assert_eq!(
        notes.iter().filter(|note| note.ends_with("the time of day is not entered")).count(),
        2,
        "{notes:#?}"
    );
}

#[test]
fn the_order_of_an_english_table_is_declared_and_never_guessed() {
    let problems = told(unit("active", "04/03/2020", "12/31/2029", None));
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems.iter().all(|problem| problem.contains("--dates mdy")), "{problems:#?}");
    let (row, _) = unit("active", "04/03/2020", "12/31/2029", Some(DateOrder::Mdy)).unwrap();
    assert_eq!((row.opened.as_str(), row.licences[0].valid_until.as_str()), ("2020-04-03", "2029-12-31"));
    let (row, _) = unit("active", "04/03/2020", "31.12.2029", Some(DateOrder::Dmy)).unwrap();
    assert_eq!((row.opened.as_str(), row.licences[0].valid_until.as_str()), ("2020-03-04", "2029-12-31"));
    // A thousand such cells are one problem for each column.
    let rows: String =
        (0..1000).map(|n| format!("FJQZ-{n},甲{n},350502,tcm,low,A,active,4/3/2020,,\n")).collect();
    let problems = told(units(format!("{HEAD}{rows}").as_bytes(), &policy()));
    assert!(problems.len() == 1 && problems[0].contains("999 more cells"), "{problems:#?}");
    let entry = "date,entry,signal,unit,source\n3/4/2026,noted,serious,FJQZ-1,x\n";
    assert_eq!(told(entries(entry.as_bytes())).len(), 1);
}

#[test]
fn spans_and_ends_are_read_as_people_write_them() {
    let head = "id,name,department,divisions,certified until,absences\n";
    let rows = "A-1,甲,350500-wsjd,350502,长期,2026-03-01至2026-03-05、2026/4/1 — 2026/4/3\n\
                A-2,乙,350500-wsjd,350502,2029-01-01 00:00:00,2026-03-01 to 2026-03-05;2026-05-01～2026-05-02\n\
                A-3,丙,350500-wsjd,350502,2029-01-01,2026年3月1日—5日;2026-06-01至长期\n";
    let (read, notes, _) = inspectors(format!("{head}{rows}").as_bytes(), &policy()).unwrap();
    let span = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(read[0].absences, [span("2026-03-01", "2026-03-05"), span("2026-04-01", "2026-04-03")]);
    assert_eq!(read[1].absences, [span("2026-03-01", "2026-03-05"), span("2026-05-01", "2026-05-02")]);
    assert_eq!(read[2].absences, [span("2026-03-01", "2026-03-05"), span("2026-06-01", "9999-12-31")]);
    assert_eq!(read[0].certified_until, "9999-12-31");
    assert!(notes.iter().any(|note| note.contains("read as 9999-12-31")), "{notes:#?}");
    let expert = "id,name,divisions,engaged until\nE-1,丁,350502,长期有效\n";
    assert_eq!(experts(expert.as_bytes(), &policy()).unwrap().0[0].engaged_until, "9999-12-31");
    assert_eq!(unit("active", "2020-01-01", "长期", None).unwrap().0.licences[0].valid_until, "");
}

// Below the table.

#[test]
fn notes_and_signatures_below_a_table_are_passed_over_and_named() {
    let head = ["id", "name", "division", "kind", "risk", "credit"];
    let row = ["FJQZ-1", "甲", "350502", "tcm", "low", "A"];
    let data = texts(1, &head)
        + &texts(2, &row)
        + &texts(3, &["合计：1家", "", "", "", "", ""])
        + &texts(4, &["注：本表由各区县报送", "", "", "", "", ""])
        + &texts(5, &["审核人（签字）：王某", "填表人：李某", "", "", "日期：2026-03-01", ""])
        + &texts(6, &["备注", "以上均为构造", "", "", "", ""]);
    let (rows, notes, _) = units(&book(&[("名录", "", &data)], false, RICH), &policy()).unwrap();
    assert_eq!(rows.len(), 1);
    for (row, words) in
        [(3, "a total"), (4, "a note or signature"), (5, "a note or signature"), (6, "a note")]
    {
        let begin = format!("sheet 名录, row {row}: {words}");
        assert!(notes.iter().any(|note| note.starts_with(&begin)), "{begin}: {notes:#?}");
    }
    // Whoever is called so and has an id is an officer.
    let officers =
        "职务,执法证号,姓名,部门,行政区划,证件有效期至\n科室负责人,A-1,甲,350500-wsjd,350502,2029-01-01\n";
    assert_eq!(inspectors(officers.as_bytes(), &policy()).unwrap().0.len(), 1);
    // SUM12 is an id.
    let ids = "检查对象,检查日期,检查结果\nSUM-12,2026-04-07,x\n合计（2家）,,2\n";
    assert_eq!(results(ids.as_bytes()).unwrap().0.len(), 1);
}

// Unknown words.

#[test]
fn an_unknown_word_gets_the_list_of_what_there_is() {
    let text = format!("{HEAD}FJQZ-1,甲,350502,中医医完,低,A,正在筹建,2020-01-01,,\n");
    let (rows, _, places) = units(text.as_bytes(), &policy()).unwrap();
    let problems = Frame::new(rows, &policy().frame, policy().as_of).unwrap_err();
    let said = places.tell_all(&problems);
    assert!(said.contains("\"中医医完\"") && said.contains(": there is tcm (中医医院), "), "{said}");
    assert!(said.contains("\"正在筹建\"") && said.contains("active ("), "{said}");
}

// Names in place of ids.

fn names() -> Names {
    let pairs = |rows: &[(&str, &str)]| {
        rows.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect::<Vec<_>>()
    };
    Names {
        units: Named::new(pairs(&[("U-1", "东街诊所"), ("U-2", "西街诊所"), ("U-3", "西街诊所")])),
        people: Named::new(pairs(&[("A-1", "张三"), ("A-2", "李四"), ("A-3", "李四")])),
        signals: pairs(&[("serious", "严重违法失信"), ("complaints", "投诉举报")]),
        ids: UnitIdForm::default(),
    }
}

#[test]
fn institutions_people_and_signals_are_found_by_name() {
    let names = names();
    let table = |text: &str| text.as_bytes().to_vec();
    // By a column of names where there is none of ids.
    let text = table("姓名,机构名称,回避类型,事由及依据\n张三,东街诊所,法定,亲属\n");
    let (rows, ..) = recusals(Source::new(&text).names(&names), &policy()).unwrap();
    assert_eq!((rows[0].inspector.as_str(), rows[0].unit.as_str()), ("A-1", "U-1"));
    let text = table("姓名,机构名称,回避类型,事由及依据\n李四,西街诊所,法定,亲属\n王五,南街诊所,法定,亲属\n");
    let problems = told(recusals(Source::new(&text).names(&names), &policy()));
    for words in ["A-2, A-3: write the id", "U-2, U-3: write the id", "is the name of none", "U-1 (东街诊所)"]
    {
        assert!(problems.iter().any(|problem| problem.contains(words)), "{words}: {problems:#?}");
    }
    assert_eq!(problems.len(), 4, "{problems:#?}");
    let text = table("日期,记录类型,信用事项,机构名称,来源\n2026-03-01,记录,严重违法失信,东街诊所,处罚\n");
    let (rows, ..) = entries(Source::new(&text).names(&names)).unwrap();
    assert!(matches!(&rows[0].1, DossierEntry::Noted { signal, unit, .. }
        if signal.as_str() == "serious" && unit.as_str() == "U-1"));
    let text = table("日期,记录类型,信用事项,机构名称,来源\n2026-03-01,记录,严重失信,东街诊所,处罚\n");
    let problems = told(entries(Source::new(&text).names(&names)));
    assert!(
        problems.len() == 1 && problems[0].contains("is none of serious (严重违法失信)"),
        "{problems:#?}"
    );
    let text = table("机构名称,检查日期,检查结果\n东街诊所,2026-04-07,未发现问题\n");
    assert_eq!(results(Source::new(&text).names(&names)).unwrap().0[0].unit, "U-1");
}

// Encodings.

/// Names of Western Europe in Windows-1252, under English headings.
const WESTERN: &[u8] = b"id,name,division,kind,risk,credit\nU-1,JALAPE\xd1O GRILL,350502,tcm,low,A\nU-2,PLAIN,350502,tcm,low,A\n\
      U-3,CAF\xc9S ROYAL,350502,tcm,low,A\n";

#[test]
fn an_encoding_that_the_text_does_not_decide_is_asked_for() {
    let problems = told(units(WESTERN, &policy()));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    for words in [
        "2 lines differ",
        "line 2: U-1,JALAPEÑO GRILL",
        "or U-1,JALAPE袿 GRILL",
        "line 4: ",
        "--encoding windows-1252",
    ] {
        assert!(problems[0].contains(words), "{words}: {problems:#?}");
    }
    assert!(decode(WESTERN).is_err());
    let read = |name: &str| {
        let named = encoding(name).unwrap();
        units(Source::new(WESTERN).encoding(Some(named)), &policy()).unwrap().0[0].name.clone()
    };
    assert_eq!(
        [read("windows-1252"), read("latin1"), read("gb18030")].map(|name| name.chars().nth(6)),
        [Some('Ñ'), Some('Ñ'), Some('袿')]
    );
    assert!(encoding("windows-1525").unwrap_err().to_string().contains("windows-1252"));
    // A mark at the beginning decides, whatever is said.
    let marked = "\u{feff}id,name\n";
    let wrong = told(units(Source::new(marked.as_bytes()).encoding(encoding("gbk").ok()), &policy()));
    assert!(wrong[0].contains("byte order mark of UTF-8"), "{wrong:#?}");
}

#[test]
fn chinese_text_decides_by_its_headings_or_by_its_words() {
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    // By its headings, although the one name is short and rare.
    let text = gbk("标识,名称,行政区划代码,机构类别,风险等级,信用等级\nU-1,镕,350502,tcm,low,A\n");
    assert_eq!(units(&text, &policy()).unwrap().0[0].name, "镕");
    // By its words under English headings.
    let text = gbk(
        "id,name,division,kind,risk,credit\nU-1,朱镕诊所,350502,tcm,low,A\nU-2,泉州市第一医院,350502,tcm,low,A\n",
    );
    assert_eq!(units(&text, &policy()).unwrap().0[1].name, "泉州市第一医院");
    // One name of two letters might be either.
    let text = gbk("id,name,division,kind,risk,credit\nU-1,甲,350502,tcm,low,A\n");
    assert!(told(units(&text, &policy()))[0].contains("gb18030"));
}
