//! The office with a database that is not what it was: edited by another hand, damaged, of another version,
//! of another program, or not there.

use crate::postgres::server;
use crate::support::{DRAWN, Kind, Office, Out, ROUND, SEALED, fault, same};
use std::fs;

both! {
    an_edited_ledger_is_not_gone_on_with
    an_edited_document_is_not_gone_on_with
    a_ledger_without_its_end_is_not_published
    an_edited_plan_is_not_sealed
    an_edited_register_does_not_matter_after_the_seal
    rules_that_cannot_be_read_are_said
    a_later_schema_is_left_alone
    a_database_of_schema_1_is_brought_up_to_date
    power_fails_at_every_statement_of_the_migration
}

const DRAW: &str = ROUND[DRAWN - 1];
const PUBLISH: &str = "publish --out out --where https://x.example --at 2023-08-25T00:00:00Z";
/// What a clerk would do next, and what the program must not do with documents that were changed.
const NEXT: [&str; 4] = [DRAW, "export tasks --out t.csv", PUBLISH, "status"];

/// For every fault of a database, the program gives a message and a status of its own.
#[track_caller]
fn calm(out: &Out) -> i32 {
    assert!(!out.err.contains("panicked"), "{out:?}");
    out.status.unwrap_or_else(|| panic!("{out:?}"))
}

fn an_edited_ledger_is_not_gone_on_with(kind: Kind) {
    let office = Office::after(kind, DRAWN + 1);
    let end = office.ledger_size();
    let middle = end / 2;
    // The first entry has the number 0 or 1, whichever; these are in the middle.
    let cases = [
        (
            "a ledger line is changed",
            format!("UPDATE ledger SET line = REPLACE(line, 'clerk', 'clerc') WHERE number = {middle}"),
        ),
        ("a ledger line is removed", format!("DELETE FROM ledger WHERE number = {middle}")),
        (
            "a ledger line is added",
            format!(
                "INSERT INTO ledger SELECT scope, number + 100, line FROM ledger WHERE number = {middle}"
            ),
        ),
        ("a ledger line is no JSON", format!("UPDATE ledger SET line = 'x' WHERE number = {middle}")),
    ];
    for (what, sql) in cases {
        let office = office.copy();
        office.sql(&sql);
        let before = office.dump();
        let replace = "replace --unit FJQZ-0002 --reason closed --evidence note.txt --approved-by director";
        for line in NEXT.into_iter().chain(["verify", replace]) {
            let out = office.run(line);
            fault(kind, &format!("{what}: {}", line.split(' ').next().unwrap()), out.said(), "as before");
            out.fails(5, "the database was changed by another hand");
        }
        same(&office.dump(), &before, what);
    }
}

/// Another digit somewhere in a document: most readers will take it.
fn digit(content: &[u8]) -> Vec<u8> {
    let mut content = content.to_vec();
    let middle = content.len() / 2;
    let place =
        (middle..content.len()).find(|place| content[*place].is_ascii_digit() && content[*place] > b'0');
    let place = place.or_else(|| content.iter().rposition(u8::is_ascii_digit)).unwrap();
    content[place] = if content[place] == b'9' { b'8' } else { content[place] + 1 };
    content
}

fn an_edited_document_is_not_gone_on_with(kind: Kind) {
    let drawn = Office::after(kind, DRAWN + 1);
    let waiting = Office::after(kind, DRAWN - 1);
    let officer = drawn.line(DRAWN + 1);
    let teams = drawn.dump()["documents"].iter().filter(|row| row.contains("teams 0")).count();
    assert_eq!(teams, 2, "the teams of the draw, and those after the replacement");
    let all = ["frame", "roster", "cycle", "policy", "seal", "cells", "record", "drawn", "beacon", "teams"];
    for name in all {
        let office = drawn.copy();
        let (of, title) = match name {
            "teams" => {
                let rows = office.dump()["documents"].join("\n");
                let at = rows.rfind("teams 0").unwrap();
                let title = rows[at..at + 18].to_owned();
                (title.clone(), title)
            }
            name => (name.to_owned(), name.to_owned()),
        };
        office.set_document(&title, &digit(&office.document(&of)));
        let before = office.dump();
        let mut lines = NEXT.to_vec();
        // Every command that changes teams reads them first.
        lines.insert(if name == "teams" { 0 } else { lines.len() }, &officer);
        let mut stopped = 0;
        for line in &lines {
            let out = office.run(line);
            let status = calm(&out);
            // Not every command reads every document; whichever does, stops.
            assert!(matches!(status, 0 | 5), "{name}: {line}: {out:?}");
            if status == 5 {
                stopped += 1;
                assert!(
                    out.err.contains("the database was changed by another hand"),
                    "{name}: {line}: {out:?}"
                );
                fault(
                    kind,
                    &format!("document {name} is changed: {}", line.split(' ').next().unwrap()),
                    out.said(),
                    "as before",
                );
                continue;
            }
            let read = match name {
                "frame" | "roster" | "cycle" | "policy" | "seal" | "drawn" => true,
                "record" => *line != "status" && !line.starts_with("export"),
                "teams" => line.starts_with("replace") || line.starts_with("export"),
                _ => *line == PUBLISH,
            };
            assert!(!read, "{line} goes on with another {name}");
            if line.starts_with("replace") || line.starts_with("publish") {
                break;
            }
        }
        assert!(stopped > 0, "no command reads {name}");
        if !matches!(name, "cells" | "beacon" | "teams") {
            same(&office.dump(), &before, name);
        }
        let verdict = office.run("verify --quiet");
        if !matches!(name, "policy" | "cells" | "beacon" | "teams") {
            assert!(matches!(calm(&verdict), 1 | 3 | 5), "verify confirms another {name}: {verdict:?}");
            fault(kind, &format!("document {name} is changed: verify"), verdict.said(), "as before");
        }
        if matches!(name, "frame" | "roster" | "cycle" | "policy" | "seal") {
            let office = waiting.copy();
            office.set_document(name, &digit(&office.document(name)));
            let before = office.dump();
            office.run(DRAW).fails(5, "the database was changed by another hand");
            same(&office.dump(), &before, name);
        }
    }
}

fn a_ledger_without_its_end_is_not_published(kind: Kind) {
    let office = Office::after(kind, DRAWN + 1);
    office.run(PUBLISH).ok();
    office.sql("DELETE FROM ledger WHERE number = (SELECT MAX(number) FROM ledger)");
    let out = office.run("publish --out out --where elsewhere --at 2023-08-26T00:00:00Z");
    fault(kind, "the last ledger line is removed: publish", out.said(), "as before");
    out.fails(4, "is no beginning of this one; nothing was written");
    let office = Office::after(kind, DRAWN + 1);
    office.sql("DELETE FROM ledger WHERE number = (SELECT MAX(number) FROM ledger)");
    let out = office.run("export tasks --out tasks.csv");
    fault(kind, "the last ledger line is removed: export tasks", out.said(), "as before");
    out.fails(5, "the table of teams of draw 1.1 is not what the ledger names");
}

fn an_edited_plan_is_not_sealed(kind: Kind) {
    let office = Office::after(kind, SEALED - 1);
    let rows = office.dump()["documents"].join("\n");
    let at = rows.find("policy ").unwrap();
    let adopted = rows[at..at + 71].to_owned();
    let edited =
        String::from_utf8(office.document(&adopted)).unwrap().replace("\"2023-11-30\"", "\"2023-12-01\"");
    office.set_document(&adopted, edited.as_bytes());
    let before = office.dump();
    let out = office.run(ROUND[SEALED - 1]);
    fault(kind, "the adopted policy is changed: seal", out.said(), "as before");
    out.fails(5, "the database was changed by another hand");
    same(&office.dump(), &before, "seal");
}

fn an_edited_register_does_not_matter_after_the_seal(kind: Kind) {
    let office = Office::after(kind, DRAWN - 1);
    let whole = office.copy();
    office.sql(
        "UPDATE units SET content = replace(replace(replace(content, '\"low\"', '\"high\"'), \
        '\"3505', '\"nowhere'), '\"name\":\"', '\"name\":\"x'); DELETE FROM officers; DELETE FROM recusals",
    );
    let digest = |office: &Office| office.run(&format!("{DRAW} --json")).ok().json()["record"].clone();
    assert_eq!(digest(&office), digest(&whole));
    assert_eq!(office.run("verify").status, Some(2));
    // Who steps in is looked up in the registers of the day, on which nobody stands any more.
    office.run(&office.line(DRAWN + 1)).fails(4, "is no longer on the register");
    fault(
        kind,
        "registers are changed after the seal",
        "draw and verify as sealed; nobody steps in who is gone",
        "the same record",
    );
}

fn rules_that_cannot_be_read_are_said(kind: Kind) {
    let office = Office::after(kind, DRAWN - 1);
    for sql in [
        "UPDATE rules SET content = '{}'",
        "DELETE FROM rules",
        "UPDATE settings SET value = 'x'",
        "DELETE FROM settings",
    ] {
        let office = office.copy();
        office.sql(sql);
        let before = office.dump();
        for line in [DRAW, "status", "verify", "check", PUBLISH, "import units units.csv --yes"] {
            let out = office.run(line);
            assert!(matches!(calm(&out), 3 | 5), "{sql}: {line}: {out:?}");
            assert!(!out.said().is_empty());
        }
        same(&office.dump(), &before, sql);
    }
}

fn a_later_schema_is_left_alone(kind: Kind) {
    let office = Office::after(kind, 1);
    office.sql("INSERT INTO office_schema (version) VALUES (99)");
    let before = office.dump();
    for line in ["status", "import officers officers.csv --yes", "migrate", DRAW] {
        let out = office.run(line);
        fault(kind, "database of a later version", out.said(), "as before");
        out.fails(
            5,
            "the database has schema 99, this program knows 5: it was written by a later version; \
            nothing was changed",
        );
    }
    office.run("init --demo").fails(5, "holds an office already");
    let json = office.run("status --json").fails(5, "newer").json();
    assert_eq!(json["error"]["code"], "newer");
    office.run("status --lang zh").fails(5, "由更新的版本写成");
    same(&office.dump(), &before, "a later version");
}

/// An office as the first version of the program left it, after a draw, a replacement and a result.
fn of_schema_1(kind: Kind) -> Office {
    let office = Office::nothing(kind);
    let sql = fs::read_to_string(crate::support::package().join("tests/data/office-1.sql")).unwrap();
    let sql = match kind {
        Kind::Sqlite => sql,
        Kind::Postgres => sql.replace("content BLOB", "content BYTEA").replace(", X'", ", '\\x"),
    };
    office.sql(&sql);
    office
}

fn a_database_of_schema_1_is_brought_up_to_date(kind: Kind) {
    let office = of_schema_1(kind);
    let before = office.dump();
    assert!(!before.contains_key("register_changes"));
    for line in ["status", "verify", "check", "export units --out u.csv"] {
        let out = office.run(line);
        fault(kind, "database of an earlier version: a reader", out.said(), "as before");
        out.fails(
            5,
            "the database has schema 1, this program writes 5: run any command that changes something",
        );
    }
    same(&office.dump(), &before, "readers");
    let again = office.run(&format!("{DRAW} --json")).ok().json();
    assert_eq!(again["again"], true);
    let mut after = office.dump();
    assert_eq!(after.remove("register_changes").unwrap(), Vec::<String>::new());
    assert_eq!(after.remove("kept").unwrap(), Vec::<String>::new());
    assert!(!after.remove("about").unwrap().is_empty());
    assert_eq!(after["office_schema"].len(), 5);
    // A row of a register has another form now; the imports below show that it says the same.
    for table in ["office_schema", "units", "officers", "experts", "recusals"] {
        assert!(table == "office_schema" || after[table].len() == before[table].len(), "{table}");
        after.insert(table.to_owned(), before[table].clone());
    }
    same(&after, &before, "the migration");
    fault(
        kind,
        "database of an earlier version: a writer",
        "nothing: it works",
        "schema 5, all rows as before",
    );
    assert_eq!(office.run("verify --at 2023-09-04T00:00:00Z").status, Some(2));
    // The ledger goes on, and what an import changes is kept now.
    let record: serde_json::Value = serde_json::from_slice(&office.document("record")).unwrap();
    let unit = record["teams"]["visits"][2]["unit"].as_str().unwrap();
    office
        .run(&format!("result --unit {unit} --date 2023-09-04 --result no-problem --at 2023-09-05T00:00:00Z"))
        .ok();
    for register in [
        "units units.csv --where 行政区划代码=350502",
        "officers officers.csv",
        "recusals recusals.csv --where 机构标识=FJQZ-0009",
    ] {
        let again = office.run(&format!("import {register} --json")).ok().json();
        assert_eq!((&again["stored"], &again["changed"]), (&false.into(), &0.into()), "{again}");
    }
    office.run("import units units.csv --where 行政区划代码=350502 --yes").ok();
    assert_eq!(office.dump()["register_changes"].len(), 0);
    let text = office.read("units.csv").replace("福建医大附属第二医院", "福建医大附属第二医院东海院区");
    office.write("units.csv", text);
    office.run("import units units.csv --where 行政区划代码=350502 --yes").ok();
    assert!(office.dump()["register_changes"].join("").contains("福建医大附属第二医院"));
    office.run("publish --out www --where https://x.example --at 2023-09-06T00:00:00Z").ok();
    assert_eq!(
        office.run("verify www --at 2023-09-06T00:00:00Z").status,
        Some(2),
        "nothing but a checkpoint is missing"
    );
}

fn power_fails_at_every_statement_of_the_migration(kind: Kind) {
    let office = of_schema_1(kind);
    let before = office.dump();
    let mut last = None;
    for n in 0..40 {
        let out = Office::done(office.command("migrate").env("DOUBLE_RANDOM_OFFICE_FUSE", n.to_string()));
        let now = office.dump();
        if now != before {
            assert_eq!(now["office_schema"].len(), 5);
            assert!(now.contains_key("register_changes"));
            last = Some(n);
            break;
        }
        assert_eq!(out.status, None, "{out:?}");
        office.run("status").fails(5, "the database has schema 1");
    }
    assert!(last.is_some_and(|last| last >= 4), "{last:?}");
    office.run("migrate").ok();
    office.run("status").ok();
    fault(
        kind,
        "migration: power fails at any statement",
        "the program is gone",
        "schema 1 as before, or schema 5; again: migrated",
    );
}

/// Numbers that are always the same, for damage that is.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn a_damaged_file_never_gives_another_draw() {
    let office = Office::after(Kind::Sqlite, DRAWN - 1);
    let whole = office.copy();
    let record = whole.run(&format!("{DRAW} --json")).ok().json()["record"].clone();
    let (mut state, mut told, mut kinds) = (7, 0, std::collections::BTreeSet::new());
    for round in 0..24 {
        let office = office.copy();
        let mut bytes = fs::read(office.path("office.db")).unwrap();
        for _ in 0..6 {
            // Several bytes of several pages; in the first rounds the heads of pages, which hold their
            // structure.
            let page = next(&mut state) % (bytes.len() / 4096) * 4096;
            let at = page + next(&mut state) % if round < 8 { 100 } else { 4000 };
            for byte in &mut bytes[at..at + 16] {
                *byte ^= 0xa5;
            }
        }
        office.write("office.db", &bytes);
        for line in ["status", "verify", "check"] {
            calm(&office.run(line));
        }
        let out = office.run(&format!("{DRAW} --json"));
        match calm(&out) {
            0 => assert_eq!(out.json()["record"], record, "round {round}"),
            status => {
                assert!(matches!(status, 3..=5), "{out:?}");
                told += 1;
                kinds.insert(format!("{} {}", status, out.json()["error"]["code"]));
            }
        }
    }
    assert!(told > 5, "{told} of 24 were told");
    fault(
        Kind::Sqlite,
        "damaged file: bytes of several pages, 24 times",
        &format!("draw: the same record, or status and code {kinds:?}"),
        "as before",
    );
}

#[test]
fn a_file_that_is_no_database_is_said() {
    let office = Office::nothing(Kind::Sqlite);
    let cases: [(&str, &[u8], &str); 4] = [
        ("no database.db", b"this is a letter, not a database\n", "damaged, or no database of this program"),
        ("empty.db", b"", "holds no office: begin with `office init`"),
        ("head.db", b"SQLite format 3\0 and nothing else", "damaged, or no database of this program"),
        ("missing.db", b"", "holds no office: begin with `office init`"),
    ];
    for (file, content, words) in cases {
        if file != "missing.db" {
            office.write(file, content);
        }
        for line in ["status", DRAW, "import units units.csv --yes", "migrate"] {
            let mut command = office.command(line);
            let out = Office::done(command.env("DOUBLE_RANDOM_DATABASE", file));
            fault(
                Kind::Sqlite,
                &format!("{file}: {}", line.split(' ').next().unwrap()),
                out.said(),
                "as before",
            );
            out.fails(5, words);
        }
        if file == "missing.db" {
            assert!(!office.path(file).exists(), "a reader makes no file");
        } else {
            assert_eq!(fs::read(office.path(file)).unwrap(), content);
        }
    }
    let out = Office::done(office.command("init --demo").env("DOUBLE_RANDOM_DATABASE", "no database.db"));
    out.fails(5, "damaged, or no database");
    // A folder, and a file in a folder that is not there.
    for (file, words) in [(".", "may not be written"), ("nowhere/office.db", "may not be written")] {
        let out = Office::done(office.command("init --demo").env("DOUBLE_RANDOM_DATABASE", file));
        out.fails(5, words);
    }
}

/// A journal that a crash in the middle of a commit leaves: the next command, even one that reads, finds the
/// state before.
#[test]
fn a_crash_in_the_middle_of_a_commit_is_undone_by_the_next_reader() {
    let office = Office::after(Kind::Sqlite, DRAWN - 1);
    let whole = office.copy();
    whole.run(DRAW).ok();
    let before = office.copy().dump();
    let cut = Office::nothing(Kind::Sqlite);
    {
        let connection = office.sqlite();
        // A cache of two pages writes into the file long before the commit.
        connection
            .execute_batch(
                "PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE units SET content = content \
            || 'xxxxxxxxxxxxxxxx'; UPDATE documents SET content = x'00'",
            )
            .unwrap();
        for file in ["office.db", "office.db-journal"] {
            fs::copy(office.path(file), cut.path(file)).unwrap();
        }
    }
    for line in ["status", "verify", "check", "export units --out u.csv"] {
        let cut = cut.copy();
        assert!(cut.path("office.db-journal").exists());
        let out = cut.run(line);
        assert!(matches!(out.status, Some(0 | 2)), "{line}: {out:?}");
        same(&cut.dump(), &before, line);
    }
    cut.run(DRAW).ok();
    same(&cut.dump(), &whole.dump(), "draw");
    fault(
        Kind::Sqlite,
        "crash in the middle of a commit, then any command",
        "nothing: it works",
        "as before",
    );
}

#[test]
fn a_server_that_does_not_answer_is_said() {
    let office = Office::nothing(Kind::Sqlite);
    let mut cases = vec![
        ("postgres://office@127.0.0.1:1/office".to_owned(), "the server cannot be reached, or refuses"),
        ("postgres://office:secret@%2Fnowhere/office".to_owned(), "the server cannot be reached, or refuses"),
        ("postgres://".to_owned(), "the server cannot be reached, or refuses"),
    ];
    if let Ok(server) = server() {
        cases.push((server.address("no_such_office"), "database \"no_such_office\" does not exist"));
    }
    for (address, words) in cases {
        for line in ["status", DRAW, "init --demo"] {
            let out = Office::done(office.command(line).env("DOUBLE_RANDOM_DATABASE", &address));
            assert!(!out.err.contains("secret"), "a password is no one's business: {out:?}");
            fault(
                Kind::Postgres,
                if words.starts_with("the") { "no server" } else { "no such database" },
                out.said(),
                "as before",
            );
            out.fails(5, words);
        }
    }
}
