//! What is kept of a ledger beside its lines: commands go on from it and say the same as from all lines; what does
//! not fit its lines is not used, and that is said.

use crate::support::{Dump, Kind, Office, ROUND, fault, same};
use serde_json::Value;

both! {
    a_command_does_not_read_the_lines_before
    what_is_kept_gives_what_all_lines_give
    what_was_kept_of_something_else_is_not_used
    a_single_line_is_held_against_the_next
}

const AT: &str = "--at 2023-09-07T01:00:00Z";
const NOTE: &str = "what was kept of the ledger is not used";

/// An inspection outside the draw, of a unit and a team of the draw.
fn inspection(office: &Office) -> String {
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let visit = &record["teams"]["visits"][0];
    let officers = visit["posts"][0]["officers"].as_array().unwrap();
    let team: Vec<&str> = officers.iter().map(|officer| officer["id"].as_str().unwrap()).collect();
    let unit = visit["unit"].as_str().unwrap();
    let team = team.join(",");
    format!("result --outside --unit {unit} --team {team} --date 2023-09-06 --approved-by director {AT}")
}

/// An office after a round, with a correction: since then something is kept.
fn round(kind: Kind) -> Office {
    let office = Office::after(kind, ROUND.len());
    assert_eq!(office.dump()["kept"].len(), 1);
    assert!(office.dump()["about"].len() > 3);
    office
}

fn lines(mut dump: Dump) -> Dump {
    dump.remove("kept");
    dump
}

fn a_command_does_not_read_the_lines_before(kind: Kind) {
    let office = round(kind);
    let said = office.run(&format!("status --json {AT}")).ok().json();
    office.sql("UPDATE ledger SET line = REPLACE(line, 'clerk', 'clerc') WHERE number = 3");
    assert_eq!(office.run(&format!("status --json {AT}")).ok().json(), said);
    office.run(&inspection(&office)).ok();
    // What publishes, corrects or verifies reads all lines, and finds it.
    for line in ["verify", "publish --out www --where https://x.example", "export ledger --out l.csv"] {
        office.run(&format!("{line} {AT}")).fails(5, "the database was changed by another hand");
    }
    // Where nothing is kept, every command reads all lines.
    office.sql("DELETE FROM kept");
    office.run(&format!("status {AT}")).fails(5, "the database was changed by another hand");
    fault(
        kind,
        "a ledger line before what is kept is changed",
        "nothing in a command that does not read it; \"the database was changed by another hand\" in verify, \
         publish and amend",
        "as before",
    );
}

fn what_is_kept_gives_what_all_lines_give(kind: Kind) {
    let office = round(kind);
    let whole = office.copy();
    whole.sql("DELETE FROM kept");
    let commands = [
        format!("status --json {AT}"),
        inspection(&office),
        // The same once more is refused, or said to be there.
        inspection(&office),
        format!("export tasks --out t.csv {AT}"),
        format!("export sample --out s.csv {AT}"),
        format!("plan --json {AT}"),
        format!("replace --unit FJQZ-0001 --reason closed --evidence note.txt --approved-by director {AT}"),
        format!("status --json {AT}"),
        format!("close --approved-by director {AT}"),
    ];
    for line in &commands {
        let (one, other) = (office.run(line), whole.run(line));
        assert_eq!((one.status, &one.out, &one.err), (other.status, &other.out, &other.err), "{line}");
        same(&lines(office.dump()), &lines(whole.dump()), line);
        whole.sql("DELETE FROM kept");
    }
}

fn what_was_kept_of_something_else_is_not_used(kind: Kind) {
    let office = round(kind);
    let said = office.run(&format!("status --json {AT}")).ok();
    assert!(!said.err.contains(NOTE), "{}", said.err);
    for (what, sql) in [
        ("its bytes are changed", "UPDATE kept SET digest = REPLACE(digest, 'a', 'b')"),
        ("it stands on another line", "UPDATE kept SET size = size - 1"),
        ("it stands on a line that the ledger has not", "UPDATE kept SET size = size + 100"),
    ] {
        let office = office.copy();
        office.sql(sql);
        let out = office.run(&format!("status {AT}")).ok();
        assert!(out.err.contains(NOTE), "{what}: {}", out.err);
        assert_eq!(office.run(&format!("status --json {AT}")).ok().json(), said.json(), "{what}");
        // The next command that enters something keeps it anew.
        let out = office.run(&inspection(&office)).ok();
        assert!(out.err.contains(NOTE), "{what}: {}", out.err);
        let out = office.run(&format!("status {AT}")).ok();
        assert!(!out.err.contains(NOTE), "{what}: {}", out.err);
        assert_eq!(office.run(&format!("verify {AT}")).status, Some(2), "{what}");
    }
    fault(
        kind,
        "what is kept beside the lines is changed",
        "\"what was kept of the ledger is not used, and all its lines are read\"",
        "as before; the next entry keeps it anew",
    );
}

/// A command that reads old lines by what they are about does not take an edited one for what was entered.
fn a_single_line_is_held_against_the_next(kind: Kind) {
    let office = round(kind);
    let record: Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = record["teams"]["visits"][4]["unit"].as_str().unwrap();
    let table = office.read("results.csv");
    let own: Vec<&str> = table.lines().filter(|row| row.contains("检查") || row.contains(unit)).collect();
    assert_eq!(own.len(), 2);
    office.write("again.csv", own.join("\n"));
    // The same result once more is found, and not entered twice.
    let again = format!("result again.csv {AT}");
    let size = office.ledger_size();
    office.run(&again).ok();
    assert_eq!(office.ledger_size(), size);
    let edited = |from: &str, to: &str| {
        let office = office.copy();
        let like = format!("line LIKE '%\"kind\":\"visited\"%' AND line LIKE '%\"{unit}\"%'");
        office.sql(&format!("UPDATE ledger SET line = REPLACE(line, '{from}', '{to}') WHERE {like}"));
        office.run(&again).fails(5, "is not what the next line names");
    };
    // Another result, another day, another number of the entry.
    edited("no-problem", "no-problen");
    edited("2023-09-0", "2023-08-0");
    edited("\"number\":", "\"number\":1");
    fault(
        kind,
        "a ledger line that a command reads by what it is about is changed",
        "\"line … is not what the next line names\"",
        "as before",
    );
}
