//! What is due where something went wrong: the words are true, and the command is one that the ledger takes.

use crate::support::{DRAWN, Kind, Office, SEALED};
use double_random::beacon::{BeaconValue, commitment};
use double_random::bytes::{Digest, Suite};
use double_random::id::Code;
use double_random::note::Note;
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

/// Does what is due, with what only the office knows in the blanks.
#[track_caller]
fn follow(office: &Office, due: &Value, at: &str) {
    let command = due["command"].as_str().unwrap().strip_prefix("office ").unwrap();
    let command = command.replace("FILE", "note.txt").replace("APPROVER", "director");
    office.run(&format!("{command} --at {at}")).ok();
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
    let words = "a party did not reveal its share: the attempt is declared void\n    office void --reason share-missing";
    assert!(status.out.contains(words) && !status.out.contains("did not publish"), "{status:?}");
    let void = one(&due(&office, "2023-08-23T09:06:00Z"), "void");
    assert_eq!(void["rule"], "office.next.void_share");
    let command = void["command"].as_str().unwrap();
    assert!(
        command.contains("--reason share-missing") && command.ends_with("--level authority"),
        "{command}"
    );
    follow(&office, &void, "2023-08-23T09:07:00Z");
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

/// A draw that was never disclosed is void, and the next one is due: that one is disclosed, and the first only where it
/// is named.
#[test]
fn the_draw_that_waits_is_disclosed_and_not_the_one_that_is_void() {
    let office = Office::nothing(Kind::Sqlite);
    let deferred = |day: &str| {
        let mut policy: Value = serde_json::from_str(&office.read("policy.json")).unwrap();
        policy["disclosure"] = json!({ "mode": "deferred", "reveal_by": day });
        office.write("policy.json", policy.to_string());
    };
    deferred("2023-09-05");
    office.run("init --policy policy.json --at 2023-08-20T01:00:00Z").ok();
    (0..DRAWN).for_each(|place| drop(office.step(place).ok()));
    assert_eq!(one(&due(&office, "2023-09-01T01:00:00Z"), "reveal")["command"], "office reveal");
    let void = "void --reason not-revealed --evidence note.txt --approved-by province --level superior";
    office.run(&format!("{void} --at 2023-09-06T01:00:00Z")).ok();
    office.run("reveal --at 2023-09-06T01:01:00Z").fails(4, "no draw waits");
    deferred("2023-12-30");
    office.draw_again();
    let at = "2023-12-28T01:00:00Z";
    let waits = one(&due(&office, at), "reveal");
    assert_eq!((&waits["draw"], &waits["command"]), (&json!([2, 1]), &json!("office reveal")));
    office.run(&format!("reveal --draw 3 --at {at}")).fails(4, "draw 3 does not wait");
    let disclosed = |line: &str, at: &str| {
        let said = office.run(&format!("{line} --json --at {at}")).ok().json();
        [said["draw"].clone(), said["attempt"].clone()]
    };
    let second = office.copy();
    assert_eq!(disclosed("reveal", "2023-12-30T01:00:00Z"), [json!(2), json!(1)]);
    assert_eq!(disclosed("reveal --draw 1", "2023-12-30T01:01:00Z"), [json!(1), json!(1)]);
    office.run("reveal --at 2023-12-30T01:02:00Z").fails(4, "no draw waits");
    // Named, the first can be disclosed before the second.
    second.run("reveal --draw 1 --at 2023-12-30T01:00:00Z").ok();
    assert_eq!(one(&due(&second, "2023-12-30T01:01:00Z"), "reveal")["draw"], json!([2, 1]));
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
    follow(&office, &one(&due, "replace"), "2023-09-22T10:01:00Z");
}

/// The witnesses of a ledger are asked for until a quorum of them has signed it with the seal in it; a signature twice,
/// one of somebody else and one of the ledger before the seal are none of them.
#[test]
fn witnesses_are_asked_for_until_a_quorum_has_signed_the_seal() {
    let office = Office::nothing(Kind::Sqlite);
    let (court, press, notary, stranger) =
        (("court", [7; 32]), ("press", [8; 32]), ("notary", [9; 32]), ("stranger", [10; 32]));
    let key = |(name, secret): (&str, [u8; 32])| {
        let mut note = Note::new("keys\n".to_owned()).unwrap();
        note.cosign(name, &secret, 0).unwrap().to_string()
    };
    let keys = [court, press, notary].map(|witness| format!("--witness {}", key(witness))).join(" ");
    office.run(&format!("init --demo {keys} --quorum 2 --at 2023-08-20T01:00:00Z")).ok();
    let signs = |file: &str, witnesses: &[(&str, [u8; 32])], at: &str| {
        let mut note = Note::parse(&office.read(file)).unwrap();
        for (name, secret) in witnesses {
            note.cosign(name, secret, 1_692_700_000).unwrap();
        }
        office.write("signed.txt", note.to_string());
        office.run(&format!("witness --note signed.txt --at {at}")).ok();
    };
    (0..SEALED - 1).for_each(|place| drop(office.step(place).ok()));
    office.run("witness --out early.txt --at 2023-08-21T01:00:00Z").ok();
    signs("early.txt", &[court, press], "2023-08-21T01:01:00Z");
    office.step(SEALED - 1).ok();
    let at = "2023-08-22T08:10:00Z";
    let asked = one(&due(&office, at), "witness");
    assert_eq!((&asked["rule"], &asked["params"]["quorum"]), (&"office.next.witness".into(), &2.into()));
    // Twelve hours before the first source speaks.
    assert_eq!((&asked["by"], &asked["overdue"]), (&"2023-08-22T21:00:00Z".into(), &false.into()));
    assert_eq!(office.run(&format!("status --json --at {at}")).ok().json()["ledgers"][0]["next"], "witness");
    follow(&office, &asked, at);
    for witnesses in [&[court][..], &[court], &[stranger]] {
        signs("checkpoint.txt", witnesses, at);
        assert_eq!(one(&due(&office, at), "witness")["now"], true, "{witnesses:?}");
    }
    assert_eq!(one(&due(&office, "2023-08-22T21:00:00Z"), "witness")["overdue"], true);
    signs("checkpoint.txt", &[notary], at);
    let left = due(&office, at);
    assert!(left.iter().all(|one| one["step"] != "witness"), "{left:?}");
    assert_eq!(one(&left, "publish")["rule"], "office.next.publish_seal");
}

/// A source that did not publish, and has no fallback: the attempt is void, and the draw gets another one.
#[test]
fn a_draw_whose_source_was_silent_is_declared_void_and_planned_again() {
    let office = Office::after(Kind::Sqlite, SEALED + 1);
    let at = "2023-08-25T01:00:00Z";
    assert!(due(&office, at).iter().all(|one| one["step"] != "void"));
    let silent = "beacon --silent dice-notary --evidence note.txt --approved-by province --level superior";
    let said = office.run(&format!("{silent} --lang en --at {at}")).ok();
    assert!(said.out.contains("a source did not publish, and has no fallback"), "{said:?}");
    let void = one(&due(&office, at), "void");
    assert_eq!((&void["rule"], &void["draw"]), (&"office.next.void".into(), &json!([1, 1])));
    assert_eq!(office.run(&format!("status --json --at {at}")).ok().json()["ledgers"][0]["next"], "void");
    follow(&office, &void, "2023-08-25T01:01:00Z");
    let plan = one(&due(&office, "2023-08-25T01:02:00Z"), "plan");
    assert_eq!((&plan["rule"], &plan["draw"]), (&"office.next.policy".into(), &json!([1, 2])));
}

/// What a register says against a visit is due until the visit, with the command that the ledger takes; then it is gone.
#[test]
fn every_visit_that_a_register_bars_is_due_with_the_command_that_replaces() {
    let drawn = Office::after(Kind::Sqlite, DRAWN);
    let record: Value = serde_json::from_slice(&drawn.document("record")).unwrap();
    let visits = record["teams"]["visits"].as_array().unwrap();
    let unit = visits[0]["unit"].as_str().unwrap();
    let officer = visits[1]["posts"][0]["officers"][0]["id"].as_str().unwrap();
    let visited = visits[1]["unit"].as_str().unwrap();
    let changed = |office: &Office, file: &str, change: &dyn Fn(&str) -> Option<String>| {
        let lines: Vec<String> = office.read(file).lines().filter_map(change).collect();
        office.write(file, lines.join("\n"));
    };
    let without = |line: &str, id: &str| (!line.contains(id)).then(|| line.to_owned());
    let gone = |line: &str| {
        Some(if line.contains(unit) { line.replace("正常", "注销") } else { line.to_owned() })
    };
    let away = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if cells[0] == officer {
            cells[8] = "2023-08-24~2023-12-31";
        }
        Some(cells.join(","))
    };
    let at = "2023-08-24T02:00:00Z";
    for (rule, register, reason) in [
        ("office.next.closed", "units", "closed"),
        ("office.next.left", "officers", "left"),
        ("office.next.leave", "officers", "leave"),
        ("office.next.recused", "recusals", "recused"),
    ] {
        let office = drawn.copy();
        let file = format!("{register}.csv");
        match reason {
            "closed" => changed(&office, &file, &gone),
            "left" => changed(&office, &file, &|line| without(line, officer)),
            "leave" => changed(&office, &file, &away),
            _ => {
                let rows = office.read(&file);
                office.write(&file, format!("{}\n{officer},{visited},法定回避,配偶任职\n", rows.trim_end()));
            }
        }
        office.run(&format!("import {register} {file} --yes --at 2023-08-24T01:00:00Z")).ok();
        let before: Vec<Value> =
            due(&office, at).into_iter().filter(|one| one["step"] == "replace").collect();
        assert!(!before.is_empty() && before.iter().all(|one| one["rule"] == rule), "{rule}: {before:?}");
        let command = before[0]["command"].as_str().unwrap();
        assert!(command.contains(&format!("--reason {reason} ")), "{command}");
        // By the last day of the visits, and not before it is known.
        assert_eq!((&before[0]["by"], &before[0]["now"]), (&"2023-11-30".into(), &true.into()));
        follow(&office, &before[0], at);
        let after = due(&office, "2023-08-24T02:01:00Z");
        assert!(after.iter().all(|one| one["command"] != command), "{rule}: {after:?}");
    }
}

/// Once a source of a draw has spoken, no seal can name it: the policy is written out, gets new days, and is adopted.
#[test]
fn a_draw_whose_source_has_spoken_is_planned_with_other_days() {
    let office = Office::after(Kind::Sqlite, SEALED - 1);
    // A second before the dice are thrown there is still a seal to be made, though too late for its lead.
    let seal = one(&due(&office, "2023-08-23T08:59:59Z"), "seal");
    assert_eq!((&seal["overdue"], &seal["by"]), (&true.into(), &"2023-08-22T21:00:00Z".into()));
    let at = "2023-08-23T09:00:00Z";
    office.run(&format!("seal --at {at}")).fails(3, "which is not after the seal");
    let past = one(&due(&office, at), "plan");
    assert_eq!(
        (&past["rule"], &past["command"]),
        (&"office.next.past".into(), &"office plan --write next.json".into())
    );
    follow(&office, &past, at);
    let mut policy: Value = serde_json::from_str(&office.read("next.json")).unwrap();
    let dice = json!({ "kind": "dice", "id": "dice", "sides": 10, "count": 40, "witness": "notary",
        "at": "2023-08-28T09:00:00Z" });
    policy["beacon"]["sources"] = json!([dice]);
    office.write("next.json", policy.to_string());
    let adopt = "plan --policy next.json --adopt --approved-by director --level superior";
    office.run(&format!("{adopt} --at 2023-08-24T01:00:00Z")).ok();
    let at = "2023-08-24T01:01:00Z";
    let seal = one(&due(&office, at), "seal");
    assert_eq!((&seal["overdue"], &seal["by"]), (&false.into(), &"2023-08-27T21:00:00Z".into()));
    follow(&office, &seal, at);
}
