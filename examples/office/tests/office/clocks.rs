//! The clock of the authority: days that are not given are its days, instants are shown and entered in it, and the
//! ledger keeps universal time.

use crate::support::{DRAWN, Kind, Office, Out};
use serde_json::Value;

fn at(office: &Office, line: &str, at: &str) -> Out {
    Office::done(office.command(line).args(["--at", at]))
}

fn last(office: &Office) -> Value {
    let lines = office.dump()["ledger"].clone();
    let line = |row: &String| row.rsplit('\u{1}').find(|cell| cell.starts_with('{')).unwrap().to_owned();
    let lines = lines.iter().map(|row| serde_json::from_str::<Value>(&line(row)).unwrap());
    lines.max_by_key(|line| line["number"].as_u64()).unwrap()
}

fn drawn() -> (Office, String) {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    (office, record["teams"]["visits"][0]["unit"].as_str().unwrap().to_owned())
}

/// A result that is entered at 07:30 in China is of that day, and not of the day before.
#[test]
fn a_result_of_the_early_morning_is_of_its_day() {
    let (office, unit) = drawn();
    at(&office, &format!("result --unit {unit} --result no-problem"), "2023-09-08 07:30").ok();
    let entry = last(&office);
    assert_eq!(
        (&entry["at"], &entry["entry"]["date"]),
        (&"2023-09-07T23:30:00Z".into(), &"2023-09-08".into())
    );
    // Machines get universal time.
    let status = office.run("status --json --at 2023-09-08T01:00:00Z").ok().json();
    assert_eq!(status["ledgers"][0]["last_at"], "2023-09-07T23:30:00Z");
    // What people see is what they entered.
    let behind = office.run("status --lang zh --at 2023-09-07T23:00:00Z").ok();
    assert!(behind.out.contains("2023-09-08 07:30") && !behind.out.contains("23:30:00Z"), "{behind:?}");
    office.run("export ledger --out ledger.csv").ok();
    assert!(office.read("ledger.csv").contains("2023-09-08 07:30"));
    let refused = at(&office, "close --approved-by director", "8 September").fails(3, "YYYY-MM-DD HH:MM");
    assert!(refused.err.contains("UTC"), "{refused:?}");
}

/// An office without a pack states its clock when it is made; a pack states its own.
#[test]
fn the_clock_is_that_of_the_authority() {
    let office = Office::nothing(Kind::Sqlite);
    at(&office, "init --policy policy.json --offset -05:00", "2023-08-20 20:00").ok();
    assert_eq!(last(&office)["at"], "2023-08-21T01:00:00Z");
    let status = at(&office, "status", "2023-08-20 19:00").ok();
    assert!(status.out.contains("2023-08-20 20:00"), "{status:?}");
    let rules = crate::support::root().join("examples/rules");
    let mut pack: Value =
        serde_json::from_str(&std::fs::read_to_string(rules.join("quanzhou.json")).unwrap()).unwrap();
    assert_eq!(pack["offset"], "+08:00");
    let made = |pack: &Value, at: &str| {
        let office = Office::nothing(Kind::Sqlite);
        office.write("pack.json", pack.to_string());
        std::fs::copy(rules.join("quanzhou-2026.json"), office.path("programme.json")).unwrap();
        self::at(&office, "init --pack pack.json --programme programme.json", at).ok();
        (last(&office)["at"].as_str().unwrap().to_owned(), office)
    };
    let (begun, office) = made(&pack, "2026-02-20 09:00");
    assert_eq!(begun, "2026-02-20T01:00:00Z");
    office.run("init --pack pack.json --programme programme.json --offset -05:00").fails(64, "--offset");
    pack.as_object_mut().unwrap().remove("offset");
    // A pack without a clock goes by universal time.
    assert_eq!(made(&pack, "2026-02-20 09:00").0, "2026-02-20T09:00:00Z");
}
