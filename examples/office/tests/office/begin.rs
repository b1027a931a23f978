//! An office from a template to its second year, doing nothing but what `office next` says.
#![allow(unreachable_pub)]

use crate::support::{Kind, Office};
use calamine::{Data, Reader as _};
use serde_json::Value;
use std::collections::BTreeSet;

/// The second after which the next command comes.
fn later(at: &str, seconds: i64) -> String {
    let time = chrono::DateTime::parse_from_rfc3339(at).unwrap() + chrono::TimeDelta::seconds(seconds);
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Fills in a form: its headings and its example stay, rows are added below.
pub fn fill(office: &Office, form: &str, rows: &[Vec<(&str, String)>]) {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(office.path(form)).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let mut filled = rust_xlsxwriter::Workbook::new();
    let sheet = filled.add_worksheet();
    sheet.set_name(&name).unwrap();
    let mut headings: Vec<String> = Vec::new();
    for (row, cells) in (0..).zip(range.rows()) {
        for (column, cell) in (0..).zip(cells) {
            let text = match cell {
                Data::String(text) => text.clone(),
                _ => String::new(),
            };
            sheet.write_string(row, column, &text).unwrap();
            if row == 0 {
                headings.push(text.trim_end_matches('*').to_owned());
            }
        }
    }
    let begin = u32::try_from(range.height()).unwrap();
    for (row, cells) in (begin..).zip(rows) {
        for (heading, text) in cells {
            let column = headings.iter().position(|known| known == heading);
            let column = column.unwrap_or_else(|| panic!("{form} has no column {heading}, but {headings:?}"));
            sheet.write_string(row, u16::try_from(column).unwrap(), text).unwrap();
        }
    }
    filled.save(office.path(form)).unwrap();
}

/// A clerk who knows nothing but what `office next` says.
struct Clerk<'a> {
    office: &'a Office,
    at: String,
    /// The days of the new year, which no program can know beforehand.
    days: &'a str,
    lang: &'a str,
    steps: BTreeSet<String>,
    dice: u64,
}

impl Clerk<'_> {
    fn due(&self) -> Vec<Value> {
        let json = self.office.run(&format!("next --json --at {}", self.at)).ok().json();
        json["due"].as_array().unwrap().clone()
    }

    /// The next command with what only the office knows in its blanks.
    fn command(&mut self, due: &Value) -> String {
        let command = due["command"].as_str().unwrap().strip_prefix("office ").unwrap().to_owned();
        let task = command.split_once("--task ").map_or("", |(_, task)| task).to_owned();
        let file = match command.split(' ').next().unwrap() {
            _ if !command.contains("FILE") => String::new(),
            "import" if command.contains("units") => "UNITS.xlsx --yes".to_owned(),
            "import" => "OFFICERS.xlsx --yes".to_owned(),
            "result" => self.results(&task),
            other => panic!("{other} takes no file here: {command}"),
        };
        self.dice += 1;
        let dice = format!("{:040}", u128::from(self.dice) * 987_654_321_987_654_321_987_u128);
        let command = command
            .replace("FILE", &file)
            .replace("APPROVER", "director")
            .replace("WHERE", "https://office.example")
            .replace("VALUE", &dice)
            .replace("FOLDER", "next");
        if command.starts_with("new-year") { format!("{command} {}", self.days) } else { command }
    }

    /// Fills in the form of the visits of today.
    fn results(&self, task: &str) -> String {
        let task = task.split(' ').next().unwrap();
        self.office.run(&format!("export form --task {task} --out form.csv --lang {}", self.lang)).ok();
        let form = self.office.read("form.csv");
        let form = form.trim_start_matches('\u{feff}');
        let units: Vec<&str> = form.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert!(!units.is_empty(), "{form}");
        let day = &self.at[..10];
        let [wrong, fine] = match self.lang {
            "zh" => ["违反有关规定", "未发现问题"],
            _ => ["Violation", "In compliance"],
        };
        let row = |(place, unit): (usize, &&str)| {
            format!("{unit},{day},{}\n", if place % 7 == 3 { wrong } else { fine })
        };
        let rows: String = units.iter().enumerate().map(row).collect();
        self.office.write("results.csv", format!("检查对象,检查日期,检查结果\n{rows}"));
        "results.csv".to_owned()
    }

    /// Holds that `status` says of every ledger what `next` says: the first thing that can be done of it, else the one that
    /// can be soonest; where nothing is due of it, what the office has to do first.
    fn agrees(&self, due: &[Value]) {
        let status = self.office.run(&format!("status --json --at {}", self.at)).ok().json();
        let shown = self.office.run(&format!("status --at {} --lang {}", self.at, self.lang)).ok().out;
        for ledger in status["ledgers"].as_array().unwrap() {
            let own: Vec<&Value> = due.iter().filter(|one| one["scope"] == ledger["scope"]).collect();
            let office =
                || due.iter().filter(|one| one["scope"].is_null() && one["step"] != "notice").collect();
            let of: Vec<&Value> = if own.is_empty() { office() } else { own };
            let now = of.iter().find(|one| one["now"] == true);
            let first = now.or_else(|| of.iter().min_by_key(|one| one["from"].as_str()));
            let step = first.map_or("closed", |one| one["step"].as_str().unwrap());
            assert_eq!(ledger["next"], step, "{} at {}: {due:?}", ledger["scope"], self.at);
            if let Some(first) = first {
                // The blanks of a command are in the language of the screen.
                let command = first["command"].as_str().unwrap();
                let command = command.split(['A', 'F', 'W', 'V']).next().unwrap();
                assert!(shown.contains(command), "no {command:?} in {shown}");
            }
        }
    }

    /// Does the first thing that can be done; where there is none, waits until there is. What was done.
    fn step(&mut self) -> (String, String) {
        let due = self.due();
        self.agrees(&due);
        for one in &due {
            assert_eq!(one["overdue"], false, "{} at {}", one, self.at);
        }
        let Some(now) = due.iter().find(|one| one["now"] == true) else {
            let from = due.iter().filter_map(|one| one["from"].as_str()).min();
            self.at = later(from.unwrap_or_else(|| panic!("nothing to wait for at {}", self.at)), 3_600);
            return (String::new(), String::new());
        };
        let command = self.command(now);
        self.office.run(&format!("{command} --at {}", self.at)).ok();
        self.at = later(&self.at, 60);
        let step = now["step"].as_str().unwrap().to_owned();
        self.steps.insert(step.clone());
        (step, now["scope"].as_str().unwrap_or_default().to_owned())
    }
}

/// From the template to a draw of the second year.
fn two_years(office: &Office, at: &str, days: &str, lang: &str) {
    let mut clerk = Clerk { office, at: at.to_owned(), days, lang, steps: BTreeSet::new(), dice: 41 };
    let mut drawn = BTreeSet::new();
    for _ in 0..400 {
        let (step, scope) = clerk.step();
        if step == "draw" {
            drawn.insert(scope.clone());
            if scope.starts_with("2027-") {
                break;
            }
        }
    }
    assert!(drawn.iter().any(|scope| scope.starts_with("2027-")), "no draw of the second year: {drawn:?}");
    let wanted =
        ["beacon", "close", "draw", "import", "new-year", "plan", "publish", "result", "reveal", "seal"];
    assert_eq!(clerk.steps.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    // What is public, a stranger can verify: nothing in it is refuted.
    office.run("verify www").fails(2, "");
}

fn text(parts: &str, number: usize) -> String {
    format!("{parts}{number:04}")
}

const DAYS_2027: &str = "--holidays 2027-01-01..2027-01-03,2027-02-05..2027-02-11,2027-05-01..2027-05-05,\
                         2027-10-01..2027-10-07 --make-up 2027-02-13 --notice 构造的放假安排";

fn officers(office: &Office, department: &str) {
    let row = |n: usize| {
        vec![
            ("执法证号", text("3505-", n)),
            ("姓名", text("执法员", n)),
            ("所属部门", department.to_owned()),
            ("管辖区划", "350502".to_owned()),
            ("执法证有效期至", "2029-12-31".to_owned()),
        ]
    };
    fill(office, "执法检查人员名录库.xlsx", &(1..=10).map(row).collect::<Vec<_>>());
    std::fs::copy(office.path("执法检查人员名录库.xlsx"), office.path("OFFICERS.xlsx")).unwrap();
}

#[test]
fn a_county_health_office_needs_nothing_but_next() {
    let office = Office::nothing(Kind::Sqlite);
    office.rehearse();
    let made = office
        .run("init --template 县级卫健 --division 350502 --name 鲤城区卫生健康局 --year 2026 --lang zh --at 2026-02-20T01:00:00Z")
        .ok();
    for words in ["pack-2026.json", "检查对象名录库.xlsx", "office import units", "office next"] {
        assert!(made.out.contains(words), "{words}: {}", made.out);
    }
    let kinds =
        ["公立医院", "社会办医院", "乡镇卫生院、社区卫生服务中心", "诊所、门诊部", "公共场所经营单位"];
    let row = |n: usize| {
        vec![
            ("统一社会信用代码/机构标识", text("LCWS-", n)),
            ("机构名称", text("机构", n)),
            ("行政区划", "350502".to_owned()),
            ("机构类别", kinds[n % kinds.len()].to_owned()),
            ("状态", "在业".to_owned()),
        ]
    };
    fill(&office, "检查对象名录库.xlsx", &(1..=40).map(row).collect::<Vec<_>>());
    std::fs::copy(office.path("检查对象名录库.xlsx"), office.path("UNITS.xlsx")).unwrap();
    officers(&office, "卫生健康监督机构");
    two_years(&office, "2026-02-24T01:00:00Z", DAYS_2027, "zh");
}

#[test]
fn a_market_office_needs_nothing_but_next() {
    let office = Office::nothing(Kind::Sqlite);
    office.rehearse();
    office
        .run("init --template market --division 350502 --name 鲤城区市场监督管理局 --year 2026 --lang zh --at 2026-02-20T01:00:00Z")
        .ok();
    let row = |n: usize| {
        vec![
            ("统一社会信用代码/机构标识", text("QY-", n)),
            ("机构名称", text("企业", n)),
            ("行政区划", "350502".to_owned()),
            ("机构类别", ["企业", "农民专业合作社", "个体工商户"][n % 3].to_owned()),
            (
                "风险等级",
                ["A类（信用风险低）", "B类（信用风险一般）", "C类（信用风险较高）", "D类（信用风险高）"]
                    [n % 4]
                    .to_owned(),
            ),
        ]
    };
    fill(&office, "检查对象名录库.xlsx", &(1..=60).map(row).collect::<Vec<_>>());
    std::fs::copy(office.path("检查对象名录库.xlsx"), office.path("UNITS.xlsx")).unwrap();
    officers(&office, "市场监管部门");
    two_years(&office, "2026-02-24T01:00:00Z", DAYS_2027, "zh");
}

/// Abroad: own divisions, one inspector to a visit, federal holidays of any year by law.
#[test]
fn a_food_office_needs_nothing_but_next() {
    let office = Office::nothing(Kind::Sqlite);
    office.rehearse();
    office
        .run("init --template food --division linden=Linden --name County_Food --year 2026 --lang en --at 2026-01-05T15:00:00Z")
        .ok();
    let row = |n: usize| {
        vec![
            ("id", text("FOOD-", n)),
            ("name", text("Kitchen ", n)),
            ("division", "Linden".to_owned()),
            (
                "kind",
                ["Restaurant", "Grocery store", "School or hospital kitchen", "Mobile food unit"][n % 4]
                    .to_owned(),
            ),
            ("risk", format!("Risk category {}", n % 4 + 1)),
        ]
    };
    fill(&office, "units.xlsx", &(1..=40).map(row).collect::<Vec<_>>());
    std::fs::rename(office.path("units.xlsx"), office.path("UNITS.xlsx")).unwrap();
    let row = |n: usize| {
        vec![
            ("id", text("SAN-", n)),
            ("name", text("Sanitarian ", n)),
            ("department", "Food protection".to_owned()),
            ("divisions", "Linden".to_owned()),
            ("certified until", "2029-12-31".to_owned()),
        ]
    };
    fill(&office, "officers.xlsx", &(1..=8).map(row).collect::<Vec<_>>());
    std::fs::rename(office.path("officers.xlsx"), office.path("OFFICERS.xlsx")).unwrap();
    two_years(&office, "2026-01-09T15:00:00Z", "", "en");
}

#[test]
fn a_template_that_there_is_not_and_days_that_nobody_knows_are_refused_in_words() {
    let office = Office::nothing(Kind::Sqlite);
    office.run("init --template 县卫健 --division 350502").fails(3, "county-health (县级卫健)");
    office.run("init --template market").fails(64, "--division");
    office.run("init --template market --division 3505 --year 2026").fails(3, "--division 3505");
    office.run("init --template market --division 350502 --year 2031").fails(3, "--holidays 2031-01-01");
    // Where the files cannot be written there is no office either, and another folder will do.
    office.write("blocked", "");
    office
        .run("init --template market --division 350502 --year 2026 --folder blocked/rules")
        .fails(3, "blocked");
    assert!(!office.path("office.db").exists(), "a refused beginning leaves no office");
    office.run("init --template market --division 350502 --year 2026 --folder rules --lang en").ok();
    // Nothing is written over what people have filled in.
    std::fs::remove_file(office.path("office.db")).unwrap();
    office
        .run("init --template market --division 350502 --year 2026 --folder rules --lang en")
        .fails(4, "--folder");
    assert!(!office.path("office.db").exists());
    // The holidays of the next year are the office's to give, and its cycles to close.
    office.run("init --template market --division 350502 --year 2026 --folder more --lang en").ok();
    office.run("new-year --folder 2027 --draft").fails(3, "--holidays 2027-01-01");
    office.run(&format!("new-year --folder 2027 --draft {DAYS_2027}")).ok();
    assert!(office.read("2027/programme-2027.json").contains("\"year\": 2027"));
    // What people changed in a draft is taken as it stands.
    let changed = office.read("2027/programme-2027.json").replace("\"2027-04-08\"", "\"2027-04-12\"");
    office.write("2027/programme-2027.json", &changed);
    let there = office.run(&format!("new-year --folder 2027 --draft {DAYS_2027}"));
    there.fails(4, "programme-2027.json are there, and are taken as they stand, without --holidays");
    let json = office.run("new-year --folder 2027 --draft --json").ok().json();
    assert_eq!(json["year"], 2027);
    // A file may be of a later year than the next.
    let files = ["2027/programme-2027.json", "2027/pack-2027.json"];
    let drafts = files.map(|file| office.read(file));
    for (file, draft) in files.iter().zip(&drafts) {
        office.write(file, draft.replace("2027", "2028"));
    }
    assert_eq!(office.run("new-year --folder 2027 --draft --json").ok().json()["year"], 2028);
    for (file, draft) in files.iter().zip(&drafts) {
        office.write(file, draft);
    }
    assert_eq!(office.read("2027/programme-2027.json"), changed);
}
