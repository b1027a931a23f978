//! What is due where something went wrong: the words are true, and the command is one that the ledger takes.

use crate::support::{DRAWN, Kind, Office, SEALED};
use double_random::beacon::{BeaconValue, commitment};
use double_random::bytes::{Digest, Suite};
use double_random::id::Code;
use serde_json::{Value, json};

fn due(office: &Office, at: &str) -> Vec<Value> {
    office.run(&format!("next --json --at {at}")).ok().json()["due"].as_array().unwrap().clone()
}

/// The one thing of this step that is due.
#[track_caller]
fn one(due: &[Value], step: &str) -> Value {
    let own: Vec<&Value> = due.iter().filter(|one| one["step"] == step).collect();
    assert_eq!(own.len(), 1, "{step}: {due:?}");
    own[0].clone()
}

/// A share that was not revealed is no source that did not publish: the ledger takes another reason, and a lower level.
#[test]
fn a_missing_share_is_named_with_the_reason_that_the_ledger_takes() {
    let office = Office::nothing(Kind::Sqlite);
    let secrets = [Digest::new([40; 32]), Digest::new([41; 32])];
    let parties = ["院方代表", "纪检组"].into_iter().zip(&secrets);
    let commitments: Vec<Value> = parties
        .map(|(party, secret)| {
            json!({ "party": party, "commitment": commitment(Suite::default(), secret, party) })
        })
        .collect();
    let value = BeaconValue::shares(Code::parse("shares").unwrap(), &[Some(secrets[0]), None]);
    let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
    policy["beacon"] = json!({ "sources": [
        { "kind": "shares", "id": "shares", "at": "2023-08-23T09:00:00Z", "commitments": commitments, "missing": "void" },
        { "kind": "dice", "id": "dice", "sides": 10, "count": 40, "witness": "notary", "at": "2023-08-23T10:00:00Z" },
    ] });
    office.write("policy.json", policy.to_string());
    office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    (0..=SEALED).for_each(|place| drop(office.step(place).ok()));
    let line = format!("beacon --value shares={} --at 2023-08-23T09:05:00Z --lang en", value.value);
    let said = office.run(&line).ok();
    let words =
        "a party did not reveal its share: the attempt is declared void (office void --reason share-missing)";
    assert!(said.out.contains(words), "{said:?}");
    let status = office.run("status --lang en --at 2023-08-23T09:06:00Z").ok();
    assert!(status.out.contains(words) && !status.out.contains("did not publish"), "{status:?}");
    let void = one(&due(&office, "2023-08-23T09:06:00Z"), "void");
    assert_eq!(void["rule"], "office.next.void_share");
    let command = void["command"].as_str().unwrap().strip_prefix("office ").unwrap();
    assert!(
        command.contains("--reason share-missing") && command.ends_with("--level authority"),
        "{command}"
    );
    let command = command.replace("FILE", "note.txt").replace("APPROVER", "director");
    office.run(&format!("{command} --at 2023-08-23T09:07:00Z")).ok();
}

/// What the ledger says was never disclosed is not asked for again.
#[test]
fn a_draw_that_nobody_disclosed_is_not_to_be_disclosed_for_ever() {
    let office = Office::deferred(Kind::Sqlite);
    (0..DRAWN).for_each(|place| drop(office.step(place).ok()));
    let at = "2023-12-01T01:00:00Z";
    assert_eq!(one(&due(&office, at), "reveal")["overdue"], true);
    let void = "void --reason not-revealed --evidence note.txt --approved-by province --level superior";
    office.run(&format!("{void} --at {at}")).ok();
    let due = due(&office, at);
    assert!(due.iter().all(|one| one["step"] != "reveal"), "{due:?}");
}

/// An adopted policy that was edited is a fault, and none that is still to be written.
#[test]
fn an_edited_policy_is_no_policy_that_is_missing() {
    let office = Office::after(Kind::Sqlite, SEALED - 1);
    assert_eq!(one(&due(&office, "2023-08-21T01:00:00Z"), "seal")["rule"], "office.next.seal");
    let name = "(SELECT name FROM documents WHERE name LIKE 'policy %')";
    office.sql(&format!("UPDATE documents SET content = X'7b7d' WHERE name = {name}"));
    office.run("next --at 2023-08-21T01:00:00Z").fails(5, "the adopted policy");
    // Where it is only not written yet, that is due.
    let office = Office::after(Kind::Sqlite, DRAWN);
    assert_eq!(one(&due(&office, "2023-08-24T01:00:00Z"), "plan")["rule"], "office.next.policy");
}

/// A visit of an earlier draw that cannot be made: the command names the draw, in every answer that shows it.
#[test]
fn a_visit_of_an_earlier_draw_is_replaced_in_its_draw() {
    let office = Office::after(Kind::Sqlite, DRAWN);
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = record["teams"]["visits"][0]["unit"].as_str().unwrap().to_owned();
    let options = format!("replace --unit {unit} --reason closed");
    let units = office.read("units.csv");
    let gone =
        |line: &str| if line.contains(&unit) { line.replace("正常", "注销") } else { line.to_owned() };
    office.write("gone.csv", units.lines().map(gone).collect::<Vec<_>>().join("\n"));
    office.run("import units gone.csv --yes --at 2023-09-19T01:00:00Z").ok();
    let status = |at: &str| office.run(&format!("status --lang en --at {at}")).ok().out;
    let shown = status("2023-09-19T02:00:00Z");
    assert!(shown.contains(&options) && !shown.contains("--draw"), "{shown}");
    office.draw_again();
    let named = format!("{options} --draw 1");
    let shown = status("2023-09-22T10:00:00Z");
    assert!(shown.contains(&named), "{shown}");
    let due = due(&office, "2023-09-22T10:00:00Z");
    let replace = one(&due, "replace")["command"].as_str().unwrap().to_owned();
    assert!(replace.contains(&named) && replace.matches("--draw").count() == 1, "{replace}");
    let command =
        replace.strip_prefix("office ").unwrap().replace("FILE", "note.txt").replace("APPROVER", "director");
    office.run(&format!("{command} --at 2023-09-22T10:01:00Z")).ok();
}
