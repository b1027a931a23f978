//! Figures of results: the report of an office as its people, its page and its auditors get it.

use crate::support::{DRAWN, Kind, Office};
use serde_json::Value;
use std::io::Read as _;

/// The demonstration with every visit made but two, every fifth of them with a finding.
fn settled() -> (Office, u64, u64) {
    let office = Office::after(Kind::Sqlite, DRAWN + 1);
    office.run("export tasks --out list.csv --lang en").ok();
    let list = office.read("list.csv");
    let units: std::collections::BTreeSet<&str> =
        list.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let visited: Vec<&str> = units.into_iter().skip(2).collect();
    let row = |(n, unit): (usize, &&str)| {
        let result = if n % 5 == 0 { "violation" } else { "no-problem" };
        format!("{unit},2023-09-18,{result}\n")
    };
    let rows: Vec<String> = visited.iter().enumerate().map(row).collect();
    office.write("results.csv", format!("检查对象,检查日期,检查结果\n{}", rows.concat()));
    office.run("result results.csv --at 2023-09-19T01:00:00Z").ok();
    let visits = visited.len() as u64;
    (office, visits, visits.div_ceil(5))
}

fn sum(groups: &Value, field: &str) -> u64 {
    groups.as_array().unwrap().iter().map(|group| group[field].as_u64().unwrap()).sum()
}

#[test]
fn a_report_gives_rates_with_intervals_and_says_what_it_does_not_cover() {
    let (office, visits, found) = settled();
    let before = office.dump();
    let out = "--out figures.xlsx --out figures.svg --out figures.json";
    let report = office.run(&format!("report --found violation {out} --lang en")).ok();
    assert!(
        report.out.contains("What this does not show") && report.out.contains("violation rate"),
        "{report:?}"
    );
    let zh = office.run("report --found violation --lang zh").ok();
    assert!(zh.out.contains("问题发现率") && zh.out.contains("本报告未说明的内容"), "{zh:?}");
    assert_eq!(office.dump(), before, "a report changes nothing");
    let json: Value = serde_json::from_str(&office.read("figures.json")).unwrap();
    assert_eq!(json, office.run("report --found violation --json").ok().json());
    // One institution was replaced as closed, two visits are still to be made.
    assert_eq!((json["gone"].as_u64(), json["awaited"].as_u64()), (Some(1), Some(2)));
    let groups = &json["groups"];
    for by in ["all", "risk", "level", "kind", "district"] {
        assert_eq!(sum(&groups[by], "visits"), visits, "{by}");
        assert_eq!(sum(&groups[by], "found"), found, "{by}");
        assert_eq!(sum(&groups[by], "units"), 221, "{by}");
        for group in groups[by].as_array().unwrap() {
            let Some(rate) = group.get("rate") else { continue };
            let [low, rate, high] = ["low", "rate", "high"].map(|end| rate[end].as_u64().unwrap());
            assert!(low <= rate && rate <= high && high <= 1_000_000_000, "{group}");
        }
    }
    // Visits of levels that are drawn more often count for less: the rate is not the plain share.
    let rate = groups["all"][0]["rate"]["rate"].as_u64().unwrap();
    assert_ne!(rate, found * 1_000_000_000 / visits);
    let svg = office.read("figures.svg");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains("<circle"), "{svg}");
    let mut book = zip::ZipArchive::new(std::fs::File::open(office.path("figures.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert!(part("xl/styles.xml").contains("0.0%"));
    assert!(part("xl/worksheets/sheet2.xml").contains("state=\"frozen\""));
}

#[test]
fn a_report_is_refused_where_it_could_only_guess() {
    let (office, ..) = settled();
    // Without a pack nobody has said which results are findings.
    office.run("report").fails(4, "--found is needed");
    office.run("report --found violation --out figures.pdf").fails(3, "the ending says which form");
    office.run("report --found violation --against nowhere-2022").fails(4, "no ledger of that scope");
    Office::new(Kind::Sqlite).run("report --found violation").fails(4, "nothing is drawn yet");
}
