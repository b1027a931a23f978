//! Two years in one ledger: what is entered for the one does not change the other, and what was kept of the first is
//! held against the documents of the second.

use crate::study::changed;
use crate::support::Office;
use crate::years::{draw, visit};
use serde_json::{Value, json};

/// Four institutions, all due once a year, with two closed draws of one year each; the second has no visits yet.
fn two_years() -> Office {
    let rules = |policy: &mut Value, year: u64| {
        policy["as_of"] = json!(format!("{year}-08-20"));
        policy["window"] = json!({"from": format!("{year}-09-01"), "to": format!("{year}-09-20")});
        policy["beacon"] = json!({"sources": [{"kind": "dice", "id": "dice", "sides": 10, "count": 40,
            "witness": format!("notary {year}"), "at": format!("{year}-08-23T09:00:00Z")}]});
    };
    let office = changed("1985-02-11", |policy| rules(policy, 2023));
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    rules(&mut policy, 2024);
    office.write("policy-2.json", policy.to_string());
    let days = ["2023-08-20T02:00:00Z", "2023-08-21T08:00:00Z", "2023-08-23T10:00:00Z"];
    draw(&office, "plan", days, &"1".repeat(40), 1);
    visit(&office, "", "2023-09-18");
    office.run("notice phone=0595-1").ok();
    publish(&office, "2023-09-19T01:00:00Z");
    office.run("close --approved-by director --at 2023-12-30T01:00:00Z").ok();
    let days = ["2024-08-20T02:00:00Z", "2024-08-21T08:00:00Z", "2024-08-23T10:00:00Z"];
    draw(&office, "plan --policy policy-2.json", days, &"2".repeat(40), 2);
    publish(&office, "2024-08-24T01:00:00Z");
    office
}

fn publish(office: &Office, at: &str) {
    office.run(&format!("publish --out www --where https://office.example --at {at}")).ok();
}

/// The last notice of a draw that is published.
fn notice(office: &Office, draw: &str) -> Value {
    let ledger = std::fs::read_dir(office.path("www")).unwrap().next().unwrap().unwrap().path();
    let files = std::fs::read_dir(ledger.join("draws").join(draw)).unwrap().map(|file| file.unwrap().path());
    let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let last = files.filter(|path| name(path).starts_with("notice-") && name(path).ends_with(".json")).max();
    serde_json::from_slice(&std::fs::read(last.unwrap()).unwrap()).unwrap()
}

#[test]
fn the_telephone_of_a_year_is_that_of_its_notices_alone() {
    let office = two_years();
    let phone = |draw: &str| notice(&office, draw)["facts"]["phone"].clone();
    assert_eq!([phone("1.1"), phone("2.1")], ["0595-1", "0595-1"]);
    office.run("notice phone=0595-2").ok();
    publish(&office, "2024-08-25T01:00:00Z");
    // The year of draw 1 is closed, that of draw 2 is not.
    assert_eq!([phone("1.1"), phone("2.1")], ["0595-1", "0595-2"]);
    // What is entered for a draw alone is meant for it.
    office.run("notice phone=0595-3 --draw 1").ok();
    publish(&office, "2024-08-26T01:00:00Z");
    assert_eq!([phone("1.1"), phone("2.1")], ["0595-3", "0595-2"]);
}

#[test]
fn another_document_of_what_was_drawn_is_named_also_where_something_is_kept() {
    let office = two_years();
    let size: i64 = office.sqlite().query_row("SELECT size FROM kept", [], |row| row.get(0)).unwrap();
    let drawn = "SELECT number FROM ledger WHERE line LIKE '%\"kind\":\"drawn\"%' ORDER BY number DESC";
    let drawn: i64 = office.sqlite().query_row(drawn, [], |row| row.get(0)).unwrap();
    assert!(size < drawn, "what is kept stands before the second draw: {size}, {drawn}");
    office.run("status --at 2024-08-27T01:00:00Z").ok();
    office.sql(
        "UPDATE documents SET content = (SELECT content FROM documents WHERE name = 'drawn' AND draw = 1) \
         WHERE name = 'drawn' AND draw = 2",
    );
    let line = "status --lang en --at 2024-08-27T01:00:00Z";
    office.run(line).fails(5, "what was drawn of draw 2.1 is not what the ledger names");
    office.sql("DELETE FROM documents WHERE name = 'drawn' AND draw = 2");
    office.run(line).fails(5, "what was drawn of draw 2.1 is not what the ledger names");
}
