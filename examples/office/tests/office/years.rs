//! Years that begin in the middle, and years that follow: the first and the second draw.

use crate::support::{Kind, Office, root};
use serde_json::{Value, json};

/// A state of the year in which so much is spent, and draw 7 was the last.
fn state(office: &Office, spent: &str) {
    let key = "5a".repeat(32);
    office.write(
        "state.json",
        format!(
            r#"{{"document":"cycle","last":7,"protocol":"double-random/1","salt_key":"{key}","spent":"{spent}","standings":[]}}"#
        ),
    );
}

/// Adopts, seals, throws and draws; the verifier finds no fault.
fn draw(office: &Office, adopt: &str, [planned, sealed, thrown]: [&str; 3], dice: &str, wanted: u64) {
    office.run(&format!("{adopt} --adopt --approved-by director --at {planned}")).ok();
    let answer = office.run(&format!("seal --at {sealed} --json")).ok().json();
    assert_eq!((answer["draw"].as_u64(), answer["attempt"].as_u64()), (Some(wanted), Some(1)), "{answer}");
    office.run(&format!("beacon --value dice={dice} --at {thrown}")).ok();
    office.run(&format!("draw --at {thrown}")).ok();
    let verified = office.run(&format!("verify --lang en --at {thrown}"));
    assert_eq!(verified.status, Some(2), "{verified:?}");
}

/// Enters that every visit of the draw was made on a day.
fn visit(office: &Office, task: &str, day: &str) {
    office.run(&format!("export tasks {task} --out list.csv --lang en")).ok();
    let list = office.read("list.csv");
    let units: std::collections::BTreeSet<&str> =
        list.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let rows: Vec<String> = units.iter().map(|unit| format!("{unit},{day},no_problem\n")).collect();
    office.write("results.csv", format!("检查对象,检查日期,检查结果\n{}", rows.concat()));
    office.run(&format!("result results.csv {task} --at {day}T09:00:00Z")).ok();
}

/// An office with a policy for each draw begins when half of the year is spent.
#[test]
fn two_draws_of_an_office_that_begins_in_mid_year() {
    let office = Office::nothing(Kind::Sqlite);
    state(&office, "0.5");
    let policy = |draw: u64, share: (&str, &str), month: u64| {
        let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
        policy["round"] = json!({"share": share.0, "rest": share.1});
        policy["as_of"] = json!(format!("2023-{month:02}-20"));
        policy["window"] = window(month);
        policy["beacon"] = json!({"sources": [{"kind": "dice", "id": "dice", "sides": 10, "count": 40,
            "witness": format!("notary {draw}"), "at": format!("2023-{month:02}-23T09:00:00Z")}]});
        office.write(&format!("policy-{draw}.json"), policy.to_string());
    };
    policy(1, ("0.25", "0.5"), 8);
    policy(2, ("0.25", "0.25"), 10);
    let year = json!([{"batch": 1, "share": "0.25", "window": window(8)},
                      {"batch": 2, "share": "0.25", "window": window(10)}]);
    office.write("year.json", year.to_string());
    office.run("init --policy policy-1.json --cycle state.json --at 2023-08-20T01:00:00Z").ok();
    for place in 0..3 {
        office.step(place).ok();
    }
    let days = ["2023-08-20T02:00:00Z", "2023-08-21T08:00:00Z", "2023-08-23T10:00:00Z"];
    draw(&office, "plan --year year.json", days, &"1".repeat(40), 1);
    // A day on which no officer is on leave, whoever is drawn.
    visit(&office, "", "2023-09-18");
    let days = ["2023-10-20T02:00:00Z", "2023-10-21T08:00:00Z", "2023-10-23T10:00:00Z"];
    draw(&office, "plan --policy policy-2.json", days, &"2".repeat(40), 2);
}

fn window(month: u64) -> Value {
    json!({"from": format!("2023-{:02}-01", month + 1), "to": format!("2023-{:02}-20", month + 1)})
}

/// With pack and programme, the first draw is the batch that begins where the state ends.
#[test]
fn a_programme_that_begins_in_mid_year_goes_on_with_its_next_batch() {
    let rules = root().join("examples/rules");
    let rules = |name: &str| rules.join(name).display().to_string();
    let data = root().join("examples/data/five_cities");
    let data = |name: &str| data.join(name).display().to_string();
    let begin = |spent: &str| {
        let office = Office::nothing(Kind::Sqlite);
        state(&office, spent);
        let init = format!(
            "init --pack {} --programme {} --cycle medical=state.json --at 2026-04-20T01:00:00Z",
            rules("quanzhou.json"),
            rules("quanzhou-2026.json")
        );
        let answer = office.run(&init);
        (office, answer)
    };
    begin("0.3").1.fails(4, "the batches of the programme begin at 0, 0.4, 0.7");
    let (office, answer) = begin("0.4");
    answer.ok();
    for (register, table) in
        [("units", "quanzhou_units.csv"), ("officers", "officers.csv"), ("experts", "experts.csv")]
    {
        let only = if register == "units" { "" } else { "--where city=quanzhou" };
        office.run(&format!("import {register} {} {only} --yes --at 2026-04-20T02:00:00Z", data(table))).ok();
    }
    for (number, days, dice) in [
        (1, ["2026-06-02T02:00:00Z", "2026-06-02T03:00:00Z", "2026-06-03T03:10:00Z"], "1"),
        (2, ["2026-08-31T02:00:00Z", "2026-09-01T03:00:00Z", "2026-09-02T03:10:00Z"], "2"),
    ] {
        let [planned, sealed, thrown] = days;
        let task = "--task medical";
        office.run(&format!("plan {task} --adopt --approved-by director --at {planned}")).ok();
        let answer = office.run(&format!("seal {task} --at {sealed} --json")).ok().json();
        assert_eq!(answer["draw"].as_u64(), Some(number), "{answer}");
        office.run(&format!("beacon {task} --value dice={} --at {thrown}", dice.repeat(40))).ok();
        office.run(&format!("draw {task} --at {thrown}")).ok();
        if number == 1 {
            visit(&office, task, "2026-07-07");
        }
    }
    let verified = office.run("verify --task medical --lang en --at 2026-09-02T03:10:00Z");
    assert_eq!(verified.status, Some(2), "{verified:?}");
    assert!(verified.out.contains("registers 2 draws with 0.6 of the year"), "{verified:?}");
}
