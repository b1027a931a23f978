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

/// The figures that lie in the public folder of an office, in the order of their numbers.
fn published(office: &Office, folder: &str) -> Vec<Value> {
    let draw = office.path(&format!("{folder}/draws/1.1"));
    let names = std::fs::read_dir(&draw).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &std::path::PathBuf| path.to_string_lossy().contains("/figures-");
    let mut names: Vec<_> = names.filter(named).collect();
    names.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    names.iter().map(|path| serde_json::from_str(&read(path)).unwrap()).collect()
}

/// What is published of levels, risk levels and the curve is one partition: the difference of two rates would tell
/// of a group that is too small to be told of.
#[test]
fn published_figures_tell_of_no_small_group_by_a_difference() {
    let (office, ..) = settled();
    let publish = |day: &str| {
        let place = "--where https://office.example --found violation";
        office.run(&format!("publish --out www {place} --at {day}T01:00:00Z")).ok();
    };
    publish("2023-09-20");
    let first = published(&office, "www/fever-clinics-2023");
    let [figures] = first.as_slice() else { panic!("{first:?}") };
    let levels = figures["groups"]["level"].as_array().unwrap();
    let joined: Vec<&Value> = levels.iter().filter(|group| group["codes"] == serde_json::json!([])).collect();
    let [joined] = joined.as_slice() else {
        panic!("the register has levels that are too small: {levels:?}")
    };
    assert!(joined["visits"].as_u64() >= Some(5) && joined["units"].as_u64() >= Some(10), "{joined}");
    for step in figures["rating"].as_array().unwrap() {
        assert!(levels.iter().any(|group| group["rate"] == step["rate"]), "{step}: {levels:?}");
    }
    assert_eq!(figures["groups"]["risk"], serde_json::json!([]));
    let names = [&figures["order"]["most"], &figures["order"]["least"]];
    assert!(names.iter().all(|name| !name.to_string().contains(" + ")), "{names:?}");
    // Two more visits would tell by their difference of what level the two institutions are.
    let list = office.read("list.csv");
    let units: std::collections::BTreeSet<&str> =
        list.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let rows = units.iter().take(2).map(|unit| format!("{unit},2023-09-21,violation\n"));
    let rows: Vec<String> = rows.collect();
    office.write("rest.csv", format!("检查对象,检查日期,检查结果\n{}", rows.concat()));
    office.run("result rest.csv --at 2023-09-22T01:00:00Z").ok();
    publish("2023-09-23");
    assert_eq!(published(&office, "www/fever-clinics-2023"), first);
}

/// A draw brings no result: figures that come after it and one result would tell of that one institution.
#[test]
fn a_new_draw_lets_no_figures_out_that_tell_of_one_institution() {
    let (office, ..) = settled();
    let publish = |at: &str| {
        let place = "--where https://office.example --found violation";
        office.run(&format!("publish --out www {place} --at {at}")).ok();
    };
    publish("2023-09-20T01:00:00Z");
    let list = office.read("list.csv");
    let first = list.lines().skip(1).filter_map(|line| line.split(',').next()).min().unwrap();
    office.write("rest.csv", format!("检查对象,检查日期,检查结果\n{first},2023-09-20,violation\n"));
    office.run("result rest.csv --at 2023-09-20T01:30:00Z").ok();
    office.draw_again();
    publish("2023-09-22T11:00:00Z");
    let draw = office.path("www/fever-clinics-2023/draws/2.1");
    let names =
        std::fs::read_dir(draw).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names: Vec<String> = names.collect();
    assert!(names.contains(&"record.json".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("figures-")), "{names:?}");
}

#[test]
fn a_report_is_refused_where_it_could_only_guess() {
    let (office, ..) = settled();
    // Without a pack nobody has said which results are findings.
    office.run("report").fails(4, "--found is needed");
    office.run("report --found violation --out figures.pdf").fails(3, "the ending says which form");
    // Of several files none is written if one cannot be.
    for (line, words) in [
        (
            "report --found violation --out first.json --out second.pdf",
            "second.pdf: the ending says which form",
        ),
        ("report --habits --found violation --out first.json --out second.svg", "second.svg"),
    ] {
        office.run(line).fails(3, words);
        assert!(!office.path("first.json").exists(), "{line}");
    }
    office.run("report --found violation --against nowhere-2022").fails(4, "no ledger of that scope");
    Office::new(Kind::Sqlite).run("report --found violation").fails(4, "nothing is drawn yet");
}

/// The real chances of a real draw: an honest round is called honest, and a clerk who enters nothing but closures,
/// or an officer at whose visits nothing was ever found, is named.
#[test]
fn habits_are_tested_by_the_chances_of_the_lot() {
    let (office, visits, _) = settled();
    let before = office.dump();
    let report =
        office.run("report --habits --again 39 --found violation --out h.xlsx --out h.json --lang en").ok();
    assert!(report.out.contains("0 strange") && report.out.contains("What this does not show"), "{report:?}");
    assert!(
        office.run("report --habits --again 0 --found violation --lang zh").ok().out.contains("异常 0 项")
    );
    assert_eq!(office.dump(), before, "a report changes nothing");
    let json: Value = serde_json::from_str(&office.read("h.json")).unwrap();
    assert_eq!(json["visits"].as_u64(), Some(visits + 1), "those made, and the one that was replaced");
    let tests = json["tests"].as_array().unwrap();
    let of =
        |habit: &str| tests.iter().find(|test| test["habit"] == habit).unwrap_or_else(|| panic!("{json}"));
    // What is expected of all officers together is two seats for each visit with a finding.
    assert!(of("findings")["made"].as_u64().unwrap() > 10, "{json}");
    assert!(of("drops_out")["made"].as_u64().unwrap() > 10, "{json}");
    assert!(of("together")["made"].as_u64().unwrap() > 10, "{json}");
    for test in tests {
        for found in test["found"].as_array().unwrap() {
            let [chance, corrected] = ["chance", "corrected"].map(|what| found[what].as_u64().unwrap());
            assert!(chance <= corrected && corrected <= 1_000_000_000, "{found}");
        }
    }
    office.run("report --habits --found violation --out h.svg").fails(3, "habits are written as");
    office.run("report --habits --found violation --against x").fails(64, "cannot be used with");
}
