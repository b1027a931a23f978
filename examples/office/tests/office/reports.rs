//! The figures of a year against those of the year before, in two ledgers: every number is known by hand.
//!
//! In each of two counties stand eight clinics and four hospitals, of which a fourth is drawn, so that a visit stands for
//! four, and two clinics with a serious record, which are certain and stand for themselves: 28 institutions, ten visits a
//! year, whatever the seed.

use crate::folders::{shipped, some};
use crate::support::{Kind, Office};
use crate::years::{draw, second_year};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const COUNTIES: [&str; 2] = ["350502", "350503"];

/// County, kind and whether the record is serious, by the number of an institution.
fn place(number: usize) -> (usize, &'static str, bool) {
    let within = number % 14;
    (number / 14, if (8..12).contains(&within) { "public_hospital" } else { "clinic" }, within >= 12)
}

fn id(number: usize) -> String {
    format!("FJQZ-9{number:03}")
}

fn office() -> Office {
    let office = Office::nothing(Kind::Sqlite);
    let shipped_json = |file: &str| -> Value {
        serde_json::from_slice(&std::fs::read(shipped("rules", file)).unwrap()).unwrap()
    };
    let mut programme = shipped_json("quanzhou-2026.json");
    let tasks = programme["tasks"].as_array_mut().unwrap();
    tasks.retain(|task| task["code"] == "medical");
    let task = tasks[0].as_object_mut().unwrap();
    task.insert("design".into(), json!({ "method": "rate", "rate": "0.25" }));
    task.remove("surprise");
    let batches = task["batches"].as_array_mut().unwrap();
    batches.truncate(1);
    batches[0]["share"] = json!("1");
    office.write("programme.json", programme.to_string());
    // A finding changes no level here, so that the second year has the chances of the first.
    let mut pack = shipped_json("quanzhou.json");
    for result in pack["results"].as_array_mut().unwrap().iter_mut().filter(|one| one["code"] == "violation")
    {
        result.as_object_mut().unwrap().retain(|field, _| field != "opens" && field != "raises");
    }
    office.write("pack.json", pack.to_string());
    let mut units = "id,name,division,kind,grid,status,opened,features\n".to_owned();
    let mut entries = "date,entry,signal,count,unit,source\n".to_owned();
    for number in 0..28 {
        let (county, kind, serious) = place(number);
        let (county, unit) = (COUNTIES[county], id(number));
        units += &format!("{unit},机构{number},{county},{kind},{county}-01,active,2015-01-01,\n");
        if serious {
            entries += &format!("2026-01-10,noted,serious,1,{unit},处罚决定（构造）\n");
        }
    }
    office.write("units.csv", units);
    office.write("entries.csv", entries);
    let own = |row: &[&str]| row[0] == "quanzhou" && ["wsjd", "ybj"].contains(&row[3]);
    office.write("officers.csv", some("officers.csv", |_, row| own(row)));
    office.write("experts.csv", some("experts.csv", |_, row| row[0] == "quanzhou"));
    let init =
        "init --pack pack.json --programme programme.json --salt-key key.txt --at 2026-02-20T01:00:00Z";
    office.run(init).ok();
    for (minute, table) in (1..).zip(["units", "officers", "experts", "entries"]) {
        office.run(&format!("import {table} {table}.csv --yes --at 2026-02-20T01:0{minute}:00Z")).ok();
    }
    office
}

/// Enters every visit of the last draw: of each county, kind and record, so many find something.
fn visited(office: &Office, day: &str, findings: impl Fn((usize, &str, bool)) -> usize) {
    office.run("export tasks --out list.csv --lang en").ok();
    let list = office.read("list.csv");
    let units: BTreeSet<&str> = list.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(units.len(), 10, "{units:?}");
    let mut table = "检查对象,检查日期,检查结果\n".to_owned();
    for stratum in (0..28).map(place).collect::<BTreeSet<_>>() {
        let own = (0..28).filter(|number| place(*number) == stratum && units.contains(id(*number).as_str()));
        let own: Vec<usize> = own.collect();
        let expected = match stratum {
            (_, _, true) | (_, "clinic", _) => 2,
            _ => 1,
        };
        assert_eq!(own.len(), expected, "{stratum:?}");
        for (order, number) in own.into_iter().enumerate() {
            let result = if order < findings(stratum) { "violation" } else { "no_problem" };
            table += &format!("{},{day},{result}\n", id(number));
        }
    }
    office.write("results.csv", table);
    office.run(&format!("result results.csv --at {day}T09:00:00Z")).ok();
    office.run(&format!("reveal --at {day}T10:00:00Z")).ok();
}

/// Both years: in the first, three of the four with a record break rules, one clinic drawn and one hospital drawn of the
/// first county; in the second nobody with a record, and one clinic drawn in each county.
fn two_years() -> Office {
    let office = office();
    office.rehearse();
    let adopt = "plan --despite one-task-only";
    let days = ["2026-03-02T02:00:00Z", "2026-03-03T03:00:00Z", "2026-03-04T03:10:00Z"];
    draw(&office, adopt, days, &"1".repeat(40), 1);
    visited(&office, "2026-04-07", |stratum| match stratum {
        (0, _, true) => 2,
        (1, _, true) | (0, ..) => 1,
        _ => 0,
    });
    second_year(&office, adopt);
    visited(&office, "2027-04-07", |(_, kind, serious)| usize::from(kind == "clinic" && !serious));
    office
}

/// The one group with this name: institutions, visits, findings, the rate, that of last year, billionths.
#[track_caller]
fn told(groups: &Value, code: &str) -> [u64; 5] {
    let own = groups.as_array().unwrap().iter().filter(|group| group["codes"].to_string().contains(code));
    let own: Vec<&Value> = own.collect();
    assert_eq!(own.len(), 1, "{code}: {groups}");
    let of = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("{code}: {groups}"));
    let group = own[0];
    [&group["units"], &group["visits"], &group["found"], &group["rate"]["rate"], &group["before"]["rate"]]
        .map(of)
}

/// A share of so many of so many, billionths rounded down.
fn part(part: u64, of: u64) -> u64 {
    part * 1_000_000_000 / of
}

#[track_caller]
#[allow(clippy::float_arithmetic, reason = "figures by hand are decimals, and none of them is drawn with")]
fn near(found: &Value, by_hand: f64) {
    let text = found.as_str().map(str::to_owned).unwrap_or_else(|| found.to_string());
    let found: f64 = text.parse().unwrap();
    // Rates are billionths, differences decimal texts.
    let found = if text.contains('.') { found } else { found / 1e9 };
    assert!((found - by_hand).abs() < 5e-5, "{found} instead of {by_hand}");
}

#[test]
fn the_figures_of_two_years_are_those_by_hand() {
    let office = two_years();
    let report = "report --at 2027-04-08T01:00:00Z --out r.json --out r.xlsx --out r.svg";
    let said = office.run(&format!("{report} --lang en")).ok();
    let json: Value = serde_json::from_str(&office.read("r.json")).unwrap();
    assert_eq!((&json["against"], &json["drawn"]), (&json!("2026-medical"), &json!(10)));
    let groups = &json["groups"];
    // Weights of the findings: 4 + 4 of 28 this year; 2 + 1 + 4 + 4 of 28 last year.
    assert_eq!(told(&groups["all"], "[]"), [28, 10, 2, part(8, 28), part(11, 28)]);
    assert_eq!(told(&groups["kind"], "clinic"), [20, 8, 2, part(8, 20), part(7, 20)]);
    assert_eq!(told(&groups["kind"], "public_hospital"), [8, 2, 0, 0, part(4, 8)]);
    assert_eq!(told(&groups["district"], "350502"), [14, 5, 1, part(4, 14), part(10, 14)]);
    assert_eq!(told(&groups["district"], "350503"), [14, 5, 1, part(4, 14), part(1, 14)]);
    // A serious record is the level high, a hospital is medium, a clinic low.
    assert_eq!(told(&groups["risk"], "high"), [4, 4, 0, 0, part(3, 4)]);
    assert_eq!(told(&groups["risk"], "medium"), [8, 2, 0, 0, part(4, 8)]);
    assert_eq!(told(&groups["risk"], "low"), [16, 4, 2, part(8, 16), part(4, 16)]);
    assert_eq!(told(&groups["level"], "high"), [4, 4, 0, 0, part(3, 4)]);
    // Of all with a record everything is known: their rates have no interval, and neither has the change.
    let high =
        groups["risk"].as_array().unwrap().iter().find(|group| group["codes"] == json!(["high"])).unwrap();
    assert_eq!((&high["rate"]["low"], &high["rate"]["high"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&high["before"]["low"], &high["change"]["high"]),
        (&json!(750_000_000), &json!("-0.750000000"))
    );
    // The interval of all. Last year R = 11/28: six visits with w = 4/28 and 1 − π = 3/4 carry all chance,
    // V = (4/28)² · ¾ · (2 (17/28)² + 4 (11/28)²) · 10/9 = 0.023037, n = R (1 − R)/V = 10.354; Wilson 0.166137 to
    // 0.677569; one institution of 28 to both sides.
    let all = &groups["all"][0];
    near(&all["before"]["low"], 0.130_422);
    near(&all["before"]["high"], 0.713_284);
    // This year R = 8/28: V = (4/28)² · ¾ · (2 (20/28)² + 4 (8/28)²) · 10/9 = 0.022907, n = 8.909; 0.094043 to 0.606507.
    near(&all["rate"]["low"], 0.058_328);
    near(&all["rate"]["high"], 0.642_222);
    // The change, by Newcombe: −√(0.227386² + 0.320427²) and +√(0.356508² + 0.262435²) about −3/28.
    near(&all["change"]["change"], -3.0 / 28.0);
    near(&all["change"]["low"], -0.500_052);
    near(&all["change"]["high"], 0.335_542);
    // The screen, in both languages.
    for words in ["held against: 2026-medical", "28.6%", "39.3%", "−10.7 (−50.0 … +33.6)"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let zh = office.run("report --at 2027-04-08T01:00:00Z --lang zh").ok();
    assert!(zh.out.contains("对照： 2026-medical") && zh.out.contains("−10.7 (−50.0 … +33.6)"), "{}", zh.out);
    // The workbook: one sheet for each table, shares as numbers.
    let mut book: Xlsx<_> = calamine::open_workbook(office.path("r.xlsx")).unwrap();
    assert_eq!(
        book.sheet_names(),
        [
            "about",
            "all",
            "by risk level",
            "by risk and credit level",
            "by kind",
            "by division",
            "rating",
            "items"
        ]
    );
    let table = book.worksheet_range("by kind").unwrap();
    let rows: Vec<&[Data]> = table.rows().collect();
    assert!(rows[0][0].to_string().contains("violation rates · by kind"), "{:?}", rows[0]);
    let heads: Vec<String> = rows[1].iter().map(ToString::to_string).collect();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let clinic = rows[2..].iter().find(|row| row[1] == Data::Float(20.0)).unwrap();
    for (name, value) in
        [("first visits", 8.0), ("with findings", 2.0), ("violation rate", 0.4), ("last year", 0.35)]
    {
        assert_eq!(clinic[column(name)], Data::Float(value), "{name}");
    }
    assert!(clinic[column("change, points")].to_string().starts_with("+5.0 ("), "{clinic:?}");
    // The picture: a point for each of the eleven groups and each of the three levels of the curve, and last year's rate
    // in red.
    let svg = office.read("r.svg");
    assert_eq!((svg.matches("<circle").count(), svg.matches("#b22222").count()), (14, 11), "{svg}");
    for words in ["28.6% (", "40.0% (", "50.0% (", "Red: last year.", "n = 10"] {
        assert!(svg.contains(words), "{words}");
    }
}
