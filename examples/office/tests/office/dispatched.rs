//! Draws of two levels: a city's office and that of one of its counties, each with a database of its own (派发).

use crate::support::{Kind, Office, Out};
use double_random::bytes::Suite;
use serde_json::{Value, json};

const COUNTY: &str = "350583";
const BELOW: &str = "350583-wsjd";
const SCOPE: &str = "fever-clinics-2023";

/// The policy of the demonstration, of one throw of dice at an instant.
fn policy(office: &Office, witness: &str, at: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    policy["beacon"] = json!({"sources": [dice(witness, at)]});
    policy["design"] = json!({"method": "rate", "rate": "0.3"});
    policy["frequency"] = json!([]);
    policy["team"].as_object_mut().unwrap().remove("days");
    change(&mut policy);
    policy
}

fn dice(witness: &str, at: &str) -> Value {
    json!({"kind": "dice", "id": "dice", "sides": 10, "count": 40, "witness": witness, "at": at})
}

/// The folder that the city hands down to the county.
fn handed(city: &Office, folder: &str) -> String {
    city.path(&format!("{folder}/{BELOW}-{SCOPE}")).display().to_string()
}

/// The city with its registers, before its policy is adopted.
fn city(kind: Kind) -> Office {
    let city = Office::nothing(kind);
    let own = policy(&city, "notary", "2023-08-23T09:00:00Z", |policy| {
        policy["dispatch"] = json!({"at": "county", "parts": [
            {"authority": BELOW, "divisions": [COUNTY], "scope": SCOPE}]});
    });
    city.write("policy.json", own.to_string());
    city.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    for (place, register) in ["units", "officers", "recusals"].into_iter().enumerate() {
        city.run(&format!("import {register} {register}.csv --yes --at 2023-08-20T01:0{place}:30Z")).ok();
    }
    city
}

/// The county, which has officers and no institutions of its own.
fn county(kind: Kind) -> Office {
    let county = Office::nothing(kind);
    let own = policy(&county, "notary of the county", "2023-08-25T09:00:00Z", |policy| {
        policy["authority"] = json!(BELOW);
        policy["team"]["jurisdiction"] = json!("city");
    });
    county.write("policy.json", own.to_string());
    county.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    county.run("import officers officers.csv --yes --at 2023-08-20T01:01:00Z").ok();
    county
}

/// Adopts a policy, seals it, throws the dice on a day, draws and publishes.
fn draw(office: &Office, policy: &str, seal: &str, (sealed, day): (&str, &str), digit: &str) {
    office
        .run(&format!("plan --policy {policy} --adopt --approved-by director --at {sealed}T02:00:00Z"))
        .ok();
    office.run(&format!("seal {seal} --at {sealed}T08:00:00Z")).ok();
    office.run(&format!("publish --out www --where https://office.example --at {sealed}T09:00:00Z")).ok();
    office.run(&format!("beacon --value dice={} --at {day}T09:05:00Z", digit.repeat(40))).ok();
    office.run(&format!("draw --at {day}T09:06:00Z")).ok();
    office.run(&format!("publish --out www --where https://office.example --at {day}T09:30:00Z")).ok();
}

fn two_levels(kind: Kind) {
    let (city, county) = (city(kind), county(kind));
    // Before the draw the county gets ready.
    city.run("dispatch out --ready --out ready --at 2023-08-20T03:00:00Z").ok();
    let ready = handed(&city, "ready");
    county.run(&format!("dispatch in {ready} --write next.json --at 2023-08-20T04:00:00Z")).ok();
    let mut next: Value = serde_json::from_str(&county.read("next.json")).unwrap();
    next["beacon"] = json!({"sources": [dice("notary of the county", "2023-08-25T09:00:00Z")]});
    assert_eq!((&next["above"]["authority"], &next["round"]["share"]), (&json!("350500-wsjd"), &json!("0")));
    county.write("next.json", next.to_string());
    let said =
        county.run("dispatch ready --policy next.json --salt-key key.txt --json --at 2023-08-20T04:10:00Z");
    let digest = said.ok().json()["ready"].clone();
    let adopt = "plan --policy next.json --adopt --approved-by director";
    county.run(&format!("{adopt} --at 2023-08-20T05:00:00Z")).fails(4, "office dispatch in");
    // The city draws; nobody of the city goes to the county.
    let mut own: Value = serde_json::from_str(&city.read("policy.json")).unwrap();
    own["dispatch"]["parts"][0]["ready"] = digest;
    city.write("city.json", own.to_string());
    draw(&city, "city.json", "--salt-key key.txt", ("2023-08-21", "2023-08-23"), "3");
    city.run("dispatch out --out down --at 2023-08-23T10:00:00Z").ok();
    let down = handed(&city, "down");
    let record: Value =
        serde_json::from_str(&city.read(&format!("down/{BELOW}-{SCOPE}/record.json"))).unwrap();
    let units = format!("down/{BELOW}-{SCOPE}/receipts.json");
    let receipts: Value = serde_json::from_str(&city.read(&units)).unwrap();
    let rows: Vec<&Value> = receipts.as_array().unwrap().iter().map(|one| &one["row"]["unit"]).collect();
    assert!(rows.len() > 1 && rows.iter().all(|row| row["division"] == COUNTY), "{rows:?}");
    for visit in record["teams"]["visits"].as_array().unwrap() {
        let below = rows.iter().any(|row| row["id"] == visit["unit"]);
        assert_eq!(visit["posts"] == json!([]), below, "{visit}");
    }
    // A file that was changed on the way down, and a folder for somebody else.
    let before = county.dump();
    let whole = city.read(&units);
    let changed = whole.replacen(COUNTY, "350582", 1);
    city.write(&units, &changed);
    county.run(&format!("dispatch in {down} --at 2023-08-23T11:00:00Z")).fails(4, "receipts.json");
    // Who changes the row changes the list of files, too: the row does not stand in the sealed frame.
    let title = format!("down/{BELOW}-{SCOPE}/dispatch.json");
    let listed = city.read(&title);
    let [was, is] = [&whole, &changed].map(|bytes| Suite::Sha256.file(bytes.as_bytes()).to_string());
    city.write(&title, listed.replace(&was, &is));
    let first = rows[0]["id"].as_str().unwrap();
    let refused = county.run(&format!("dispatch in {down} --at 2023-08-23T11:00:00Z"));
    refused.fails(4, &format!("do not stand in the sealed frame of the draw above: {first}"));
    city.write(&title, listed);
    city.write(&units, whole);
    city.run(&format!("dispatch in {down} --at 2023-08-23T11:00:00Z")).fails(4, BELOW);
    assert!(before == county.dump(), "something was stored");
    // The county takes the picks, and draws who goes. Nothing is left out, and nothing more is drawn.
    county.run(&format!("dispatch in {down} --at 2023-08-24T01:00:00Z")).ok();
    let www = county.path(&format!("www/{SCOPE}")).display().to_string();
    draw(&county, "next.json", "--salt-key key.txt", ("2023-08-24", "2023-08-25"), "5");
    let drawn: Value = serde_json::from_slice(&county.document("record")).unwrap();
    assert_eq!(drawn["seal"]["above"], record["digest"]);
    let visits = drawn["teams"]["visits"].as_array().unwrap();
    assert!(visits.iter().map(|visit| &visit["unit"]).eq(rows.iter().map(|row| &row["id"])));
    // One visit is missing yet; another was missed.
    let unit = |place: usize| visits[place]["unit"].as_str().unwrap().to_owned();
    let missed = unit(0);
    let results: String =
        (2..visits.len()).map(|place| format!("{},2023-09-01,no-problem\n", unit(place))).collect();
    county.write("results.csv", format!("检查对象,检查日期,检查结果\n{results}"));
    county.run("result results.csv --at 2023-09-05T01:00:00Z").ok();
    let miss = format!("result --unit {missed} --date 2023-09-01 --missed closed --evidence note.txt");
    county.run(&format!("{miss} --approved-by director --at 2023-09-05T02:00:00Z")).ok();
    county.run("publish --out www --where https://office.example --at 2023-09-05T03:00:00Z").ok();
    // What it tells is entered above; a miss needs an approval of the city.
    let taken = city.run(&format!("dispatch take {www} --json --at 2023-09-06T01:00:00Z")).ok().json();
    assert_eq!(taken["results"].as_array().unwrap().len(), visits.len() - 2, "{taken}");
    assert_eq!((&taken["by_hand"], taken["missed"].as_u64()), (&json!([missed]), Some(1)));
    assert_eq!(taken["open"], json!([unit(1)]));
    city.run(&format!("{miss} --approved-by director --at 2023-09-06T02:00:00Z")).ok();
    // The county amends: the city amends before it takes the next checkpoint in.
    let amend = |office: &Office, at: &str| -> Out {
        office.run(&format!("publish --out www --where https://office.example --at {at}")).ok();
        let ledger = office.read(&format!("www/{SCOPE}/ledger.jsonl"));
        let of = |line: &Value| line["entry"]["kind"] == "visited" && line["entry"]["unit"] == unit(2);
        let entry = ledger.lines().map(|line| serde_json::from_str(line).unwrap()).find(of).unwrap();
        let words = "--result corrected --reason evidence --evidence note.txt --approved-by director";
        office.run(&format!("amend --entry {} {words} --at {at}", entry["number"]))
    };
    amend(&county, "2023-09-07T01:00:00Z").ok();
    let last = format!("result --unit {} --date 2023-09-07 --result no-problem", unit(1));
    county.run(&format!("{last} --at 2023-09-07T02:00:00Z")).ok();
    county.run("publish --out www --where https://office.example --at 2023-09-07T03:00:00Z").ok();
    let before = city.dump();
    city.run(&format!("dispatch take {www} --at 2023-09-08T01:00:00Z")).fails(4, &unit(2));
    let chinese = city.run(&format!("dispatch take {www} --lang zh --at 2023-09-08T01:00:00Z"));
    chinese.fails(4, "下级台账与本台账不一致");
    assert!(before == city.dump(), "something was entered");
    amend(&city, "2023-09-08T02:00:00Z").ok();
    let taken = city.run(&format!("dispatch take {www} --json --at 2023-09-08T03:00:00Z")).ok().json();
    assert_eq!((taken["results"].as_array().unwrap().len(), &taken["open"]), (1, &json!([])), "{taken}");
    // Both ledgers together, as anybody finds them published.
    city.run("publish --out www --where https://office.example --at 2023-09-08T04:00:00Z").ok();
    std::fs::create_dir(city.path("both")).unwrap();
    for (office, name) in [(&city, "city"), (&county, "county")] {
        std::fs::rename(office.path(&format!("www/{SCOPE}")), city.path(&format!("both/{name}"))).unwrap();
    }
    let report = city.run("verify both --lang en");
    assert_eq!(report.status, Some(2), "{report:?}");
    let picks = format!("{} picks, {} visited, 1 missed, 0 open", visits.len(), visits.len() - 1);
    for words in [picks.as_str(), "pass     received", "pass     results", "pass     ready", "all ledgers: "]
    {
        assert!(report.out.contains(words), "{words}: {}", report.out);
    }
}

both! { two_levels }
