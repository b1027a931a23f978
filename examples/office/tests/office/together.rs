//! Registers of lower offices: two give theirs from databases of their own, a third puts them together (归集).

use crate::support::{Kind, Office};
use serde_json::{Value, json};

const COUNTY: &str = "350583";
const OTHERS: [&str; 10] =
    ["350502", "350503", "350504", "350505", "350521", "350524", "350525", "350526", "350581", "350582"];

/// The policy of the demonstration with one throw of dice, and whose it is.
fn policy(office: &Office, authority: &str) {
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    policy["authority"] = json!(authority);
    policy["beacon"] = json!({"sources": [{"kind": "dice", "id": "dice", "sides": 10, "count": 40,
        "witness": "notary", "at": "2023-08-23T09:00:00Z"}]});
    office.write("policy.json", policy.to_string());
    office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
}

/// The table of institutions with those of some divisions.
fn of(office: &Office, divisions: &[&str]) -> String {
    let table = office.read("units.csv");
    let stays = |line: &&str| {
        line.split(',').nth(3).is_none_or(|code| !code.starts_with("35") || divisions.contains(&code))
    };
    table.lines().filter(stays).map(|line| format!("{line}\n")).collect()
}

/// A lower office with the institutions of some divisions.
fn below(kind: Kind, authority: &str, divisions: &[&str]) -> Office {
    let office = Office::nothing(kind);
    policy(&office, authority);
    office.write("own.csv", of(&office, divisions));
    office.run("import units own.csv --yes --at 2023-08-20T01:01:00Z").ok();
    office
}

fn give(office: &Office, above: &str, divisions: &[&str], out: &str) -> Value {
    let divisions: String = divisions.iter().map(|division| format!(" --division {division}")).collect();
    let line = format!("register give --policy {above}{divisions} --out {out} --json");
    office.run(&format!("{line} --at 2023-08-20T02:00:00Z")).ok().json()
}

fn registers(kind: Kind) {
    let city = Office::nothing(kind);
    policy(&city, "350500-wsjd");
    city.run("import officers officers.csv --yes --at 2023-08-20T01:01:00Z").ok();
    let above = city.path("policy.json").display().to_string();
    let county = below(kind, "350583-wsjd", &[COUNTY]);
    let others = below(kind, "3505-wsjd", &OTHERS);
    // What is of no division of the register is named, and nothing is given.
    let line = format!("register give --policy {above} --division 350502 --out no --at 2023-08-20T02:00:00Z");
    county.run(&line).fails(4, "--division");
    assert!(!county.path("no").exists());
    county
        .run(&format!("register give --policy {above} --division 110000 --out no --at 2023-08-20T02:00:00Z"))
        .fails(3, "110000");
    let given = give(&county, &above, &[COUNTY], "in");
    assert_eq!((&given["units"], &given["authority"]), (&json!(35), &json!("350583-wsjd")), "{given}");
    give(&others, &above, &OTHERS, "in");
    let (first, second) = (county.path("in").display().to_string(), others.path("in").display().to_string());
    // Divisions that nobody hands in, a register twice, rows that were altered: all in words, nothing stored.
    let before = city.dump();
    city.run(&format!("register take {first} --at 2023-08-20T03:00:00Z"))
        .fails(4, "350502 of frame.divisions is of no register");
    city.run(&format!("register take {first} {first} {second} --at 2023-08-20T03:00:00Z"))
        .fails(4, "350583-wsjd stands there with two registers");
    let rows = county.read("in/frame.json");
    let id = rows.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    county.write("in/frame.json", rows.replacen("\"risk\":\"medium\"", "\"risk\":\"low\"", 1));
    let said = city.run(&format!("register take {first} {second} --lang zh --at 2023-08-20T03:00:00Z"));
    said.fails(4, "350583-wsjd 给出的各行不是其名录库的内容");
    county.write(
        "in/frame.json",
        rows.replacen(&format!("\"division\":\"{COUNTY}\""), "\"division\":\"350502\"", 1),
    );
    let said = city.run(&format!("register take {first} {second} --lang en --at 2023-08-20T03:00:00Z"));
    said.fails(4, &format!("350583-wsjd lists {id} in 350502"));
    county.write("in/frame.json", &rows);
    // Folders that cannot be read are named all at once.
    for folder in ["empty", "torn"] {
        std::fs::create_dir(city.path(folder)).unwrap();
    }
    city.write("torn/frame.json", rows.split_at(100).0);
    city.write("torn/register.json", county.read("in/register.json"));
    let said = city.run(&format!("register take empty {first} torn --lang zh --at 2023-08-20T03:00:00Z"));
    for words in ["未接收任何名录库", "empty/frame.json", "empty/register.json", "torn/frame.json"] {
        assert!(said.err.contains(words), "{words}: {said:?}");
    }
    assert_eq!(said.status, Some(3), "{said:?}");
    // An institution of two registers is named with both.
    let both_have = below(kind, "3505-wsjd", &OTHERS);
    let moved = of(&county, &[COUNTY]).lines().last().unwrap().replace(COUNTY, "350502");
    both_have.write("more.csv", of(&both_have, &OTHERS) + &moved + "\n");
    both_have.run("import units more.csv --yes --at 2023-08-20T01:02:00Z").ok();
    give(&both_have, &above, &OTHERS, "in");
    let id = moved.split(',').nth(1).unwrap();
    let said = city
        .run(&format!("register take {first} {} --at 2023-08-20T03:00:00Z", both_have.path("in").display()));
    said.fails(4, &format!("{id} stands in two registers: 3505-wsjd and 350583-wsjd"));
    assert!(before == city.dump(), "something was stored");
    // An id that the register above has in other upper and lower case stays out, as in an import.
    let spelt = city.copy();
    let lower = moved.replacen(id, &id.to_lowercase(), 1);
    spelt.write("lower.csv", of(&city, &[]) + &lower + "\n");
    spelt.run("import units lower.csv --yes --at 2023-08-20T02:50:00Z").ok();
    spelt
        .run(&format!("register take {first} {second} --merge --lang en --at 2023-08-20T03:00:00Z"))
        .fails(4, &format!("{id} (in the register: {})", id.to_lowercase()));
    city.run("register drop --at 2023-08-20T03:00:00Z").fails(4, "no registers were taken");
    // The frame is that of all rows, whoever gave them.
    let take = format!("register take {first} {second} --json");
    let taken = city.run(&format!("{take} --at 2023-08-20T03:10:00Z")).ok().json();
    assert_eq!((&taken["added"], taken["registers"].as_array().unwrap().len()), (&json!(221), 2), "{taken}");
    city.run("import recusals recusals.csv --yes --at 2023-08-20T03:20:00Z").ok();
    // What is changed above afterwards is named, until the registers are taken again.
    let table = city.read("units.csv").replacen(",中,", ",低,", 1);
    city.write("changed.csv", table);
    city.run("import units changed.csv --yes --at 2023-08-20T04:00:00Z").ok();
    city.run("plan --at 2023-08-20T04:10:00Z").fails(4, "are not as the registers below have them");
    city.run("plan --stream --at 2023-08-20T04:10:00Z").fails(4, "are not those of its register");
    city.run(&format!("{take} --at 2023-08-20T04:20:00Z")).ok();
    city.run("plan --adopt --approved-by director --at 2023-08-21T02:00:00Z").ok();
    // From memory or from the cursor, the seal is the same.
    let streamed = city.copy();
    streamed.run("seal --stream --salt-key key.txt --at 2023-08-21T08:00:00Z").ok();
    city.run("seal --salt-key key.txt --at 2023-08-21T08:00:00Z").ok();
    for name in ["seal", "registers"] {
        assert!(streamed.document(name) == city.document(name), "{name}");
    }
    streamed.run("publish --out streamed --where https://office.example --at 2023-08-21T09:00:00Z").ok();
    streamed.run(&format!("beacon --value dice={} --at 2023-08-23T09:05:00Z", "3".repeat(40))).ok();
    streamed.run("draw --at 2023-08-23T09:06:00Z").ok();
    streamed.run("register intake --out intakes --at 2023-08-23T10:00:00Z").ok();
    city.run("publish --out www --where https://office.example --at 2023-08-21T09:00:00Z").ok();
    let seal: Value = serde_json::from_slice(&city.document("seal")).unwrap();
    assert_eq!(seal["registers"].as_array().unwrap().len(), 2);
    assert_eq!(seal["registers"][1]["root"], given["root"]);
    city.run(&format!("beacon --value dice={} --at 2023-08-23T09:05:00Z", "3".repeat(40))).ok();
    city.run("draw --at 2023-08-23T09:06:00Z").ok();
    city.run("publish --out www --where https://office.example --at 2023-08-23T09:30:00Z").ok();
    // Everybody sees that the list of registers fits, an auditor that every row is that of its register.
    let report = city.run("verify www --lang en");
    assert!(report.status != Some(1) && !report.out.contains("fail"), "{report:?}");
    city.run("publish --auditor --out audit --at 2023-08-23T10:00:00Z").ok();
    assert!(city.path("audit/fever-clinics-2023/draws/1.1/registers.json").exists());
    let report = city.run("verify audit --lang en");
    assert!(report.status != Some(1) && !report.out.contains("registers.json"), "{report:?}");
    // A key of an auditor that is of another register is found by that check alone.
    let file = "audit/fever-clinics-2023/draws/1.1/registers.json";
    let keys = city.read(file);
    let key = keys.split("\"salt_key\":\"").nth(1).unwrap()[..64].to_owned();
    city.write(file, keys.replacen(&key, &"5a".repeat(32), 1));
    let report = city.run("verify audit --lang en");
    assert_eq!(report.status, Some(1), "{report:?}");
    assert!(report.out.contains("register_rows"), "{report:?}");
    // Each office below checks with its own rows, and with the published seal.
    city.run("register intake --out www/fever-clinics-2023/x --at 2023-08-23T10:00:00Z")
        .fails(4, "published folder");
    city.run("register intake --out intakes --at 2023-08-23T10:00:00Z").ok();
    let seal = city.path("www/fever-clinics-2023/draws/1.1/seal.json").display().to_string();
    let check = |office: &Office, authority: &str| {
        let intake = city.path(&format!("intakes/{authority}/intake.json")).display().to_string();
        office.run(&format!("register check {intake} --seal {seal} --json --lang en"))
    };
    assert_eq!(check(&county, "350583-wsjd").ok().json()["verdict"], "confirmed");
    assert_eq!(check(&others, "3505-wsjd").ok().json()["verdict"], "confirmed");
    let other = check(&county, "3505-wsjd");
    assert_eq!((other.status, &other.json()["verdict"]), (Some(1), &json!("refuted")), "{other:?}");
    city.run(&format!("register check {seal} --seal {seal}")).fails(3, "seal.json");
    // Who has given another register since still checks the one that the seal names.
    give(&county, &above, &[COUNTY], "later");
    assert_eq!(check(&county, "350583-wsjd").ok().json()["verdict"], "confirmed");
    // A draw without registers names none.
    city.run("register drop --at 2023-08-24T01:00:00Z").ok();
    city.run("register drop --at 2023-08-24T01:01:00Z").fails(4, "no registers were taken");
}

both! { registers }
