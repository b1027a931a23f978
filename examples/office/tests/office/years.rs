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
pub(crate) fn draw(
    office: &Office,
    adopt: &str,
    [planned, sealed, thrown]: [&str; 3],
    dice: &str,
    wanted: u64,
) {
    office.run(&format!("{adopt} --adopt --approved-by director --at {planned}")).ok();
    let answer = office.run(&format!("seal --at {sealed} --json")).ok().json();
    assert_eq!((answer["draw"].as_u64(), answer["attempt"].as_u64()), (Some(wanted), Some(1)), "{answer}");
    office.run(&format!("beacon --value dice={dice} --at {thrown}")).ok();
    office.run(&format!("draw --at {thrown}")).ok();
    let verified = office.run(&format!("verify --lang en --at {thrown}"));
    assert_eq!(verified.status, Some(2), "{verified:?}");
}

/// Enters that every visit of the draw was made on a day.
pub(crate) fn visit(office: &Office, task: &str, day: &str) {
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
            office.run(&format!("reveal {task} --at 2026-07-08T01:00:00Z")).ok();
        }
    }
    // The second draw is the third batch: the programme has no other, whatever the number of the draw.
    let status = office.run("status --task medical --json --at 2026-09-02T03:10:00Z").ok().json();
    assert_eq!(status["ledgers"][0]["next"], "result", "{status}");
    let due = office.run("next --task medical --json --at 2026-09-02T03:10:00Z").ok().json();
    let steps = due["due"].as_array().unwrap().iter().map(|one| one["step"].as_str().unwrap());
    let ahead: Vec<&str> = steps.filter(|step| ["plan", "seal"].contains(step)).collect();
    assert!(ahead.is_empty(), "{ahead:?}: {due}");
    let verified = office.run("verify --task medical --lang en --at 2026-09-02T03:10:00Z");
    assert_eq!(verified.status, Some(2), "{verified:?}");
    assert!(verified.out.contains("registers 2 draws with 0.6 of the year"), "{verified:?}");
}

/// The programme and pack of the next year: the same a year later, on its working days.
pub(crate) fn next_year(office: &Office) {
    let mut programme = office.read("programme.json").replace("2026", "2027");
    let moves = ["05-22 05-24", "06-12 06-11", "09-11 09-10", "12-11 12-10"];
    for (day, other) in moves.iter().filter_map(|pair| pair.split_once(' ')) {
        programme = programme.replace(&format!("2027-{day}"), &format!("2027-{other}"));
    }
    let mut programme: Value = serde_json::from_str(&programme).unwrap();
    programme["calendar"]["make_up"] = json!([]);
    office.write("programme-2027.json", programme.to_string());
    let mut pack: Value = serde_json::from_str(&office.read("pack.json")).unwrap();
    pack["year"] = json!(2027);
    office.write("pack-2027.json", pack.to_string());
}

/// The year is closed, and a second one begins and draws.
pub(crate) fn second_year(office: &Office, adopt: &str) {
    office.run("close --approved-by director --at 2026-12-30T01:00:00Z").ok();
    next_year(office);
    let rules = "rules --pack pack-2027.json --programme programme-2027.json --at 2027-01-04T01:00:00Z";
    office.run(rules).ok();
    let days = ["2027-03-02T02:00:00Z", "2027-03-03T03:00:00Z", "2027-03-04T03:10:00Z"];
    draw(office, adopt, days, &"2".repeat(40), 1);
}

/// After `rules` for a new year, the ledger of the year before is looked at, published and verified by the name of
/// its scope, and the new one is held against it.
#[test]
fn a_ledger_of_an_earlier_year_is_shown_published_and_verified() {
    let office = crate::folders::small();
    office.rehearse();
    let adopt = "plan --despite one-task-only";
    let days = ["2026-03-02T02:00:00Z", "2026-03-03T03:00:00Z", "2026-03-04T03:10:00Z"];
    draw(&office, adopt, days, &"1".repeat(40), 1);
    visit(&office, "", "2026-04-07");
    office.run("reveal --at 2026-04-07T10:00:00Z").ok();
    office.run("publish --out www --where https://office.example --at 2026-04-08T01:00:00Z").ok();
    // That the year is closed is published first; then the next one begins.
    let closed = office.copy();
    closed.rehearse();
    let next = || {
        let status = closed.run("status --json --at 2026-12-30T02:00:00Z").ok().json();
        status["ledgers"][0]["next"].as_str().unwrap().to_owned()
    };
    closed.run("close --approved-by director --at 2026-12-30T01:00:00Z").ok();
    assert_eq!(next(), "publish");
    closed.run("publish --out www --where https://office.example --at 2026-12-30T01:30:00Z").ok();
    assert_eq!(next(), "new-year");
    second_year(&office, adopt);

    // The year before, by the name of its scope. A task is looked at in its present year, and verified in all.
    let names = |line: &str| -> Vec<String> {
        let found = office.run(line);
        assert!(matches!(found.status, Some(0 | 2)), "{line}: {found:?}");
        let json = found.json();
        let ledgers = json["ledgers"].as_array().unwrap();
        let name =
            |ledger: &Value| ledger.get("name").or(ledger.get("scope")).unwrap().as_str().unwrap().to_owned();
        ledgers.iter().map(name).collect()
    };
    for command in ["status", "verify"] {
        let line = format!("{command} --task 2026-medical --at 2027-03-05T00:00:00Z --json");
        assert_eq!(names(&line), ["2026-medical"]);
    }
    assert_eq!(names("status --task medical --at 2027-03-05T00:00:00Z --json"), ["2027-medical"]);
    let all = names("verify --task medical --at 2027-03-05T00:00:00Z --json");
    assert_eq!(all, ["2027-medical", "2026-medical"]);
    office.run("status --task medicine --at 2027-03-05T00:00:00Z").fails(4, "medical");
    let publish = "publish --task 2026-medical --where https://office.example --at 2027-03-05T00:00:00Z";
    office.run(&format!("{publish} --out www")).ok();
    assert!(office.path("www/2026-medical/draws/1.1/record.json").exists());
    let closed = office.run("status --task 2026-medical --at 2027-03-05T00:00:00Z --json").ok().json();
    assert_eq!(closed["ledgers"][0]["next"], "closed", "{closed}");
    assert!(!office.path("www/2027-medical").exists());
    office.run("verify www --lang en").fails(2, "self-consistent only");
    office.run("publish --auditor --task 2026-medical --out auditor --at 2027-03-05T01:00:00Z").ok();
    let witness = office.run("witness --task 2026-medical --out kept.txt").ok();
    assert!(witness.out.contains("2026-medical"), "{witness:?}");
    let noted = office.noted("auditor/2026-medical").join(" ");
    office.run(&format!("verify auditor --checkpoint kept.txt {noted}")).ok();

    // Both years together: the second goes on from the first.
    let pass = "pass     goes on from";
    let both = office.run("verify --lang en --at 2027-03-05T02:00:00Z").fails(2, pass);
    assert!(both.out.contains("goes on from 2026-medical"), "{both:?}");
    office.run("publish --auditor --out auditor --at 2027-03-05T03:00:00Z").ok();
    office.run("verify auditor --lang en").fails(2, pass);
    // An earlier ledger that ends before the new one begins is another one.
    let ledger = office.read("auditor/2026-medical/ledger.jsonl");
    let lines: Vec<&str> = ledger.lines().collect();
    office.write("auditor/2026-medical/ledger.jsonl", lines[..lines.len() - 2].join("\n") + "\n");
    let cut = office.run("verify auditor --lang en").fails(1, "FAIL ledger.jsonl: goes on from");
    assert!(cut.out.contains("the lines of the earlier ledger: expected"), "{cut:?}");
}
