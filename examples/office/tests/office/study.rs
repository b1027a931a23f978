//! Rules tried before they are adopted: figures that are known by hand, the same seeds for all, nothing entered.

use crate::support::{Kind, Office, root, same};
use serde_json::{Value, json};

/// An office with four institutions in two districts, three officers, and rules by which everybody is due once a
/// year, in one round.
fn tiny() -> Office {
    changed("1985-02-11", |_| ())
}

/// The same with other rules, and institutions that opened on another day.
pub(crate) fn changed(opened: &str, change: impl FnOnce(&mut Value)) -> Office {
    let office = Office::nothing(Kind::Sqlite);
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    for entry in policy["frequency"].as_array_mut().unwrap() {
        entry["visits"] = json!("1");
        // Strict: once a year, each year, so that every figure is known.
        entry["slack"] = json!("0");
    }
    policy["coverage"]["minimum"] = json!("0");
    for none in ["exclusions", "certainties", "signals"] {
        policy[none] = json!([]);
    }
    policy["team"]["rotation"] = json!(false);
    policy["team"]["same_grid"] = json!(false);
    policy["team"]["jurisdiction"] = json!("city");
    policy["team"]["qualifications"] = json!({});
    change(&mut policy);
    office.write("policy.json", policy.to_string());
    let table = |file: &str, rows: &[&str]| {
        let text = office.read(file);
        let head: Vec<&str> = text.lines().take(2).collect();
        office.write(file, [&head[..], rows].concat().join("\n") + "\n");
    };
    let unit = |n: u64, district: &str| {
        format!(
            "{n},FJQZ-000{n},医院{n},{district},综合医院,中,B,正常,{opened},350502-05,GZXK-000{n},2028-09-21,0,0,0"
        )
    };
    let units = [unit(1, "350502"), unit(2, "350502"), unit(3, "350503"), unit(4, "350503")];
    table("units.csv", &units.each_ref().map(String::as_str));
    let officer = |n: u64| {
        format!("3505-000{n},甲0{n},卫生监督所,qz-350502,350502,医疗、传染病,2020-05-19,2026-11-03,,,")
    };
    let officers = [officer(1), officer(2), officer(3)];
    table("officers.csv", &officers.each_ref().map(String::as_str));
    office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    office.step(0).ok();
    office.step(1).ok();
    office
}

/// Median and range of a figure of a variant, in thousandths.
fn figure(study: &Value, variant: usize, code: &str) -> [i64; 3] {
    let found = &study["variants"][variant]["figures_thousandths"][code];
    ["least", "median", "most"].map(|name| found[name].as_i64().unwrap_or_else(|| panic!("{code}: {study}")))
}

#[test]
fn the_figures_of_a_tiny_office_are_those_by_hand() {
    let office = tiny();
    let before = office.dump();
    let line = "study --years 2 --seeds 5 --rounds 2 --without 3505-0003 --lang en";
    let study = office.run(&format!("{line} --json")).ok().json();
    assert_eq!(study["variants"].as_array().unwrap().len(), 2);
    assert_eq!(study["variants"][1]["changes"], json!(["rounds 2", "without 3505-0003"]));
    assert_eq!(study["seeds"].as_array().unwrap().len(), 5);
    for variant in [0, 1] {
        let same = |value: i64| [value; 3];
        // Everybody is visited once a year, by two officers.
        assert_eq!(figure(&study, variant, "visits"), same(4_000));
        assert_eq!(figure(&study, variant, "covered"), same(100_000));
        assert_eq!(figure(&study, variant, "unvisited"), same(0));
        assert_eq!(figure(&study, variant, "places"), same(8_000));
        assert_eq!(figure(&study, variant, "vacancies"), same(0));
    }
    // In one round everybody is certain. Of two rounds the first has half a chance for everybody and visits two;
    // in the second the other two are certain: Σπ² / Σπ = (4·¼ + 2) / (4·½ + 2), and half of the visits are certain.
    // In the second round the guess is 1 where it could be ½: history tells most there.
    assert_eq!(figure(&study, 0, "guess"), [1_000; 3]);
    assert_eq!(figure(&study, 0, "ratio"), [1_000; 3]);
    assert_eq!(figure(&study, 0, "certain"), [100_000; 3]);
    assert_eq!(figure(&study, 1, "guess"), [750; 3]);
    assert_eq!(figure(&study, 1, "ratio"), [2_000; 3]);
    assert!(
        study["variants"][1]["figures_thousandths"]["ratio_rare"].is_null(),
        "no level is due less often"
    );
    assert_eq!(figure(&study, 1, "certain"), [50_000; 3]);
    // Three officers share eight places: two or three visits each. Two officers go everywhere.
    assert_eq!((figure(&study, 0, "least_load")[1], figure(&study, 0, "most_load")[1]), (2_000, 3_000));
    assert_eq!(figure(&study, 1, "least_load"), [4_000; 3]);
    assert_eq!(figure(&study, 1, "most_load"), [4_000; 3]);
    assert_eq!(figure(&study, 0, "gap"), [365_000; 3]);
    assert!(study["variants"][1]["figures_thousandths"]["missed"].is_null());
    // Two officers go to two districts in one round: one change of district a year.
    let one = office.run("study --years 2 --seeds 5 --without 3505-0003 --missed 1 --json").ok().json();
    assert_eq!(figure(&one, 1, "changes"), [1_000; 3]);
    assert_eq!((figure(&one, 1, "missed"), figure(&one, 1, "covered")), ([4_000; 3], [0; 3]));
    assert_eq!(figure(&one, 1, "gap"), [730_000; 3], "nobody was seen in two years");
    // A copy of the roster is another officer.
    let more = office.run("study --years 1 --seeds 2 --officers 8 --json").ok().json();
    assert_eq!((&more["variants"][1]["officers"], figure(&more, 1, "most_load")), (&json!(8), [1_000; 3]));
    // With slack nobody is certain any more in the second of two rounds.
    let slack = office.run("study --years 3 --seeds 8 --no-teams --rounds 2 --slack 2.5 --json").ok().json();
    assert!(figure(&slack, 1, "guess")[2] < 750 && figure(&slack, 1, "certain")[2] < 50_000, "{slack}");
    // The screen says the same, twice, in both languages; files are written; nothing is entered.
    let files = "--out s.csv --picture s.svg";
    let screen = office.run(&format!("{line} {files}")).ok().out;
    assert!(screen.contains("visits certain by schedule or floor, %") && screen.contains("50.0"), "{screen}");
    assert!(screen.contains("Nothing was entered and nothing was published."), "{screen}");
    assert_eq!(office.run(&format!("{line} {files}")).ok().out, screen);
    let csv = office.read("s.csv");
    assert!(
        csv.contains("changed,rounds 2; without 3505-0003,visits a year,4.0,4.0,4.0,0.0,0.0,0.0"),
        "{csv}"
    );
    assert!(office.read("s.svg").starts_with("<svg"));
    let zh = office.run("study --years 2 --seeds 5 --rounds 2 --lang zh --out s.xlsx").ok().out;
    assert!(zh.contains("年末覆盖率（%）") && zh.contains("仅为试算"), "{zh}");
    assert!(office.path("s.xlsx").exists());
    same(&office.dump(), &before, "a study");
}

/// The check says before the adoption what an outsider can foresee, and what helps, with measured costs.
#[test]
fn the_check_foresees_the_batches_to_come() {
    let office = tiny();
    let check = office.run("check --json").ok().json();
    let ahead = &check["tasks"][0]["ahead"];
    let levels = ahead["levels"].as_array().unwrap();
    assert_eq!((levels.len(), &ahead["years"]), (1, &json!(8)), "one batch of one level: {ahead}");
    // Sums over eight years: four institutions, all certain.
    assert_eq!((&levels[0]["batch"], &levels[0]["units"]), (&json!(1), &json!(32)));
    assert_eq!(levels[0]["certain_by_schedule"], json!(32));
    assert_eq!(levels[0]["expected_billionths"], json!("32000000000"));
    // Two rounds visit two each, and only the second is certain. A control share changes nothing where all are.
    let helps = ahead["helps"].as_array().unwrap();
    let of = |visits: u64, guess: u64, certain: u64| json!({ "visits_billionths": visits.to_string(), "guess_billionths": guess, "certain_billionths": certain });
    let all = of(4_000_000_000, 1_000_000_000, 1_000_000_000);
    let what: Vec<&str> = helps.iter().map(|help| help["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["rounds", "slack", "control"]);
    assert!(helps.iter().all(|help| help["before"] == all), "{helps:?}");
    assert_eq!(helps[0]["after"], of(4_000_000_000, 750_000_000, 500_000_000));
    assert_eq!(helps[2]["after"], all);
    let said = office.run("check --lang en").ok().out;
    for words in [
        "4 can be drawn, 4.0 visits expected; certain 4 by schedule or floor",
        "100 % of 4.0 visits are certain by schedule or floor (4.0 certain, 0.0 safe); guess 1.00, 1.0 times",
        "tried: twice as many rounds: visits until the end of the year 4.0 → 4.0, guess 1.00 → 0.75, certain 100 % → 50 %",
    ] {
        assert!(said.contains(words), "no {words:?} in {said}");
    }
    let zh = office.run("check --lang zh").ok().out;
    assert!(zh.contains("试算：轮次加倍：至年末检查 4.0 → 4.0 家次"), "{zh}");
}

/// At most half of the institutions in a year, and nobody unseen for so many days: from the second year on, or from the
/// third round on, these rules cannot both hold.
fn strict(days: u64, share: &str) -> impl FnOnce(&mut Value) {
    move |policy| {
        let rule = json!({ "not_visited_days": days });
        policy["round"] = json!({ "rest": "1", "share": share });
        policy["ratios"] = json!([{ "basis": "b", "code": "half", "at": "total", "max": "0.5" }]);
        policy["certainties"] = json!([{ "basis": "b", "code": "overdue", "rule": rule }]);
    }
}

#[test]
fn rules_that_break_later_are_said_to_break() {
    // The first round could be drawn under either of them.
    let office = changed("2023-07-01", |policy| {
        strict(300, "0.5")(policy);
        policy["certainties"] = json!([]);
    });
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    strict(300, "0.5")(&mut policy);
    office.write("strict.json", policy.to_string());
    let study = office.run("study --years 2 --seeds 2 --policy strict.json --json").ok().json();
    assert_eq!(figure(&study, 0, "visits"), [2_000; 3], "at most half of four");
    let why = study["variants"][1]["refused"].as_str().unwrap();
    assert!(why.starts_with("seed 1: cycle 2, round 1: floors or limits cannot be certain"), "{why}");
    let said = office.run("study --years 2 --seeds 2 --policy strict.json --lang en").ok().out;
    assert!(said.contains("changed: cannot be drawn: seed 1: cycle 2, round 1"), "{said}");
    // The rules in force themselves break within the year.
    let office = changed("2023-07-01", strict(200, "0.333333334"));
    let check = office.run("check --lang en").ok().out;
    assert!(
        check.contains("a later batch could not be drawn: cycle 1, round 3: floors or limits"),
        "{check}"
    );
    let refused = office.run("study --years 1 --seeds 2 --lang en").fails(4, "adopted: cannot be drawn");
    assert!(
        refused.out.contains("2 have been, 0 are left; certain units and floors inside need 2"),
        "{refused:?}"
    );
}

#[test]
fn seeds_are_those_of_the_list() {
    let office = tiny();
    let by_name = office.run("study --years 1 --seeds 3 --named trial --rounds 2 --json").ok().json();
    let seeds: Vec<&str> = by_name["seeds"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    office.write("seeds.txt", seeds.join("\n"));
    let by_file = office.run("study --years 1 --seed-list seeds.txt --rounds 2 --json").ok().json();
    assert_eq!(by_name, by_file);
    office.write("seeds.txt", format!("{0}\nxyz\n{0}\n", seeds[0]));
    let refused = office.run("study --years 1 --seed-list seeds.txt").fails(3, "line 2");
    assert!(refused.err.contains("line 3: the same seed twice"), "{refused:?}");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let office = tiny();
    let mut command = office.command("study --frequency extreme=2 --floor 1.5 --picture s.png --missed 2");
    command.args(["--variant", "x=--rounds 0 --without Z"]).args(["--variant", "y"]);
    command.args(["--variant", "x=--cap 3"]).args(["--variant", "same=--floor 0"]);
    command.args(["--variant", "odd=--colour blue"]).args(["--variant", "often=--frequency 3"]);
    command.args(["--variant", "rate=--rate 0.2"]).args(["--variant", "loose=--slack 6"]);
    let refused = Office::done(&mut command).fails(3, "\"extreme\" is no risk level");
    for words in [
        "--floor 1.5: a part of one is needed",
        "--picture s.png: a picture is .svg",
        "--missed 2: a part of one is needed",
        "x: --rounds 0: a number from 1 to 366 is needed",
        "x: --without Z: no officer of this draw has that number",
        "--variant \"y\": NAME=",
        "--variant x: two variants of one name",
        "same: these are the rules of adopted again",
        "--variant odd: unexpected argument '--colour' found",
        "often: unit FJQZ-0001 is due 3",
        "rate: --rate 0.2: the rules draw by frequency",
        "loose: 12 broken rule(s):\n  frequency[0].slack: is 6: at most 5 visits",
    ] {
        assert!(refused.err.contains(words), "no {words:?} in {}", refused.err);
    }
    office.run("study --budget 10").fails(4, "steps, 10 are allowed");
    office.run("study --no-teams --cap 3").fails(64, "cannot be used with");
}

#[test]
fn a_task_of_a_programme_is_tried_with_its_rounds() {
    let office = Office::nothing(Kind::Sqlite);
    let rules = root().join("examples/rules");
    let programme = std::fs::read_to_string(rules.join("quanzhou-2026.json")).unwrap();
    office.write(
        "other.json",
        programme
            .replace("\"share\": \"0.3\"", "\"share\": \"0.25\"")
            .replace("\"share\": \"0.4\"", "\"share\": \"0.5\""),
    );
    let rules = rules.display();
    office.run(&format!("init --pack {rules}/quanzhou.json --programme {rules}/quanzhou-2026.json --at 2026-02-20T01:00:00Z")).ok();
    let data = root().join("examples/data/five_cities");
    let data = data.display();
    office.run(&format!("import units {data}/quanzhou_units.csv --yes --at 2026-02-20T01:01:00Z")).ok();
    office
        .run(&format!(
            "import officers {data}/officers.csv --where city=quanzhou --yes --at 2026-02-20T01:02:00Z"
        ))
        .ok();
    // The check looks at every batch of every task.
    let check = office.run("check --json").ok().json();
    let batches = |task: &Value| {
        let levels = task["ahead"]["levels"].as_array().unwrap();
        levels.iter().map(|level| level["batch"].as_u64().unwrap()).max().unwrap()
    };
    let found: Vec<u64> = check["tasks"].as_array().unwrap().iter().map(batches).collect();
    assert_eq!(found, [4, 4, 3, 2, 2, 2, 2]);
    let study = office.run("study --task medical --years 1 --seeds 2 --policy other.json --json").ok().json();
    assert_eq!(study["variants"][0]["shares"], json!(["0.4", "0.3", "0.3"]));
    assert_eq!(study["variants"][1]["shares"], json!(["0.5", "0.25", "0.25"]));
    for variant in [0, 1] {
        assert_eq!(figure(&study, variant, "deficits"), [0; 3], "floors hold");
        assert!(figure(&study, variant, "weakest")[0] >= 20_000, "{study}");
    }
    office.run("study --years 1").fails(4, "--task is needed");
}
