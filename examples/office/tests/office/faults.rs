//! The office when something goes wrong in the middle: power, kills, two at once, full and read-only disks,
//! servers that go away. After each the database is as it was or as it should be, and the same command again
//! does its work. All that is seen is also written to `target/office/faults.md`.

use crate::disk::{Small, limited};
use crate::postgres::Server;
use crate::support::{DRAWN, Dump, INIT, Kind, Office, Out, ROUND, SEALED, fault, same};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

both! {
    power_fails_at_every_statement_of_a_round
    power_fails_at_every_statement_of_init
    power_fails_at_every_statement_of_what_is_rare
    a_draw_is_killed
    an_import_is_killed
    four_draw_at_once
    two_import_at_once
    two_seal_at_once
    four_begin_at_once
    a_reader_sees_whole_imports_only
    a_writer_waits_for_another
    a_database_that_may_not_be_written
    what_is_published_onto_a_full_disk_comes_whole_or_not_at_all
}

const FUSE: &str = "DOUBLE_RANDOM_OFFICE_FUSE";

/// The first words of a command, to name it.
fn name(line: &str) -> String {
    let words = if line.starts_with("import") || line.starts_with("plan") { 2 } else { 1 };
    let officer = if line.contains("--officer") { " --officer" } else { "" };
    line.split(' ').take(words).collect::<Vec<_>>().join(" ") + officer
}

/// Lets the power fail before each statement of a command in turn, until it comes through. A reader comes in
/// between, as in an office.
fn burn(office: &Office, line: &str, before: &Dump, after: &Dump) {
    for n in 0.. {
        let out = Office::done(office.command(line).env(FUSE, n.to_string()));
        if out.status == Some(0) {
            assert!(n >= 5, "{line} has only {n} statements: does the fuse burn?");
            same(&office.dump(), after, line);
            fault(
                office.kind,
                &format!("{}: power fails at any of {n} statements", name(line)),
                "the program is gone",
                "as before, the last as after; again: the same result",
            );
            break;
        }
        assert_eq!(out.status, None, "{line} at statement {n}: {out:?}");
        // A server does not notice; a file may have a journal left beside it.
        if office.kind == Kind::Sqlite {
            let seen = office.run("status --quiet");
            assert_eq!(seen.status, Some(0), "status after {line} lost power at {n}: {seen:?}");
        }
        if line.starts_with("publish") && office.path("www").exists() {
            // What was published already holds.
            let seen = office.run("verify www --quiet");
            assert_ne!(seen.status, Some(1), "{line} at {n}: {seen:?}");
        }
        let now = office.dump();
        if &now == before {
            continue;
        }
        if line.starts_with("publish") {
            // Its entries are kept before the files are written, and that the files lie there after it: `next` asks
            // for the publication until then.
            let but_settings = |dump: &Dump| {
                let mut dump = dump.clone();
                dump.remove("settings");
                dump
            };
            same(&but_settings(&now), &but_settings(after), line);
        } else {
            same(&now, after, line);
        }
        // It was kept without an answer: again it is done already, or refused, and nothing is entered twice.
        let again = office.run(line);
        assert!(matches!(again.status, Some(0 | 3 | 4)), "{line} again: {again:?}");
        same(&office.dump(), after, &format!("{line} again"));
        fault(
            office.kind,
            &format!("{}: power fails at any of {n} statements", name(line)),
            "the program is gone",
            &format!(
                "as before; after the last one as after, and the command again says {:?}",
                again.said().chars().take(60).collect::<String>()
            ),
        );
        break;
    }
}

/// What is in a published folder.
fn published(office: &Office) -> String {
    let mut list = Command::new("sh");
    list.args(["-c", "find www -type f | LC_ALL=C sort | xargs sha256sum"]).current_dir(office.path("."));
    String::from_utf8(list.output().unwrap().stdout).unwrap()
}

fn power_fails_at_every_statement_of_a_round(kind: Kind) {
    let office = Office::new(kind);
    let whole = office.copy();
    for place in 0..ROUND.len() {
        let (line, before) = (office.line(place), office.dump());
        assert_eq!(whole.line(place), line);
        whole.run(&line).ok();
        burn(&office, &line, &before, &whole.dump());
    }
    assert_eq!(published(&office), published(&whole));
    assert_eq!(office.run("verify www").status, Some(2), "nothing but a checkpoint is missing");
}

fn power_fails_at_every_statement_of_init(kind: Kind) {
    let office = Office::nothing(kind);
    for n in 0.. {
        let out = Office::done(office.command(INIT).env(FUSE, n.to_string()));
        let kept = out.status == Some(0);
        if !kept {
            assert_eq!(out.status, None, "{out:?}");
        }
        if kept || !office.dump().is_empty() {
            assert!(n > 5, "{n}");
            office.run(INIT).fails(5, "holds an office already");
            break;
        }
        if office.kind == Kind::Postgres || office.path("office.db").exists() {
            office.run("status").fails(5, "holds no office: begin with `office init`");
        }
    }
    fault(
        kind,
        "init: power fails at any statement",
        "status: holds no office: begin with `office init`",
        "no office; again: made",
    );
    for place in 0..SEALED {
        office.step(place).ok();
    }
}

/// A deferred draw and its secret, a void draw, a checkpoint, the end of the year.
fn power_fails_at_every_statement_of_what_is_rare(kind: Kind) {
    let one = |office: &Office, line: &str| {
        let whole = office.copy();
        whole.run(line).ok();
        burn(office, line, &office.dump(), &whole.dump());
    };
    let office = Office::deferred(kind);
    for place in 0..SEALED {
        office.step(place).ok();
    }
    let sealed = office.copy();
    for place in SEALED..DRAWN {
        office.step(place).ok();
    }
    one(&office, "witness --out checkpoint.txt --at 2023-11-29T00:00:00Z");
    one(&office, "reveal --at 2023-11-30T01:00:00Z");
    one(
        &sealed,
        "void --reason input-error --evidence note.txt --approved-by province --level superior --at \
         2023-08-22T10:00:00Z",
    );
}

fn kill(office: &Office, line: &str, after: Duration) -> Out {
    let mut child = office.start(line);
    std::thread::sleep(after);
    // SIGKILL; of a program that has ended already nothing comes of it.
    let _ = child.kill();
    Office::end(child)
}

/// Kills a command at so many instants spread over the time that it takes.
fn killed(start: &Office, line: &str, times: u32) {
    let (before, whole) = (start.dump(), start.copy());
    let clock = Instant::now();
    whole.run(line).ok();
    let takes = clock.elapsed();
    let after = whole.dump();
    let (mut office, mut lost, mut done) = (start.copy(), 0, 0);
    for place in 0..times {
        let out = kill(&office, line, takes * place / (times - 2));
        let seen = office.run("status --quiet");
        assert_eq!(seen.status, Some(0), "status after the kill {place}: {seen:?}");
        let now = office.dump();
        if now == before {
            assert_ne!(out.status, Some(0), "it said that it was done: {out:?}");
            lost += 1;
            continue;
        }
        same(&now, &after, line);
        office.run(line).ok();
        same(&office.dump(), &after, line);
        done += 1;
        office = start.copy();
    }
    office.run(line).ok();
    same(&office.dump(), &after, line);
    assert!(lost > 0, "no kill came in time");
    fault(
        start.kind,
        &format!("{}: killed at {times} instants", name(line)),
        "the program is gone",
        &format!("as before ({lost}) or as after ({done}); again: the same result"),
    );
}

fn a_draw_is_killed(kind: Kind) {
    let office = Office::after(kind, DRAWN - 1);
    killed(&office, ROUND[DRAWN - 1], 15);
}

/// A register of many institutions.
fn many(office: &Office, count: u32) {
    let text = office.read("units.csv");
    let mut lines = text.trim_start_matches('\u{feff}').lines().skip(1);
    let head = lines.next().unwrap();
    let row = lines.next().unwrap();
    let rows: Vec<String> = (0..count)
        .map(|n| row.replace("FJQZ-0001", &format!("FJQZ-{n:06}")).replace("GZXK-0001", &format!("G{n:06}")))
        .collect();
    office.write("many.csv", format!("{head}\n{}\n", rows.join("\n")));
}

const MANY: &str = "import units many.csv --yes --at 2023-08-20T03:00:00Z";

fn an_import_is_killed(kind: Kind) {
    let office = Office::after(kind, 1);
    many(&office, 20_000);
    killed(&office, MANY, 15);
}

fn four_draw_at_once(kind: Kind) {
    let office = Office::after(kind, DRAWN - 1);
    let line = format!("{} --json", ROUND[DRAWN - 1]);
    let all: Vec<_> = (0..4).map(|_| office.start(&line)).collect();
    let all: Vec<Value> = all.into_iter().map(|child| Office::end(child).ok().json()).collect();
    assert!(all.iter().all(|one| one["record"] == all[0]["record"]), "{all:?}");
    assert_eq!(all.iter().filter(|one| one["again"] == false).count(), 1, "{all:?}");
    let ledger = &office.dump()["ledger"];
    assert_eq!(ledger.iter().filter(|line| line.contains("drawn")).count(), 1, "{ledger:?}");
    fault(
        kind,
        "four `draw` at the same time",
        "all four show the same record; three say \"drawn before\"",
        "drawn once",
    );
}

fn two_import_at_once(kind: Kind) {
    let office = Office::after(kind, 1);
    let text = office.read("units.csv");
    office.write("a.csv", text.replace(",福建", ",福州"));
    office.write("b.csv", text.replace("FJQZ-0221", "FJQZ-0999"));
    let (mut refused, mut both) = (0, 0);
    for _ in 0..4 {
        let office = office.copy();
        let children = ["a", "b"].map(|file| office.start(&format!("import units {file}.csv --yes")));
        let outs = children.map(Office::end);
        let stored: Vec<usize> = (0..2).filter(|place| outs[*place].status == Some(0)).collect();
        assert!(!stored.is_empty(), "{outs:?}");
        if let [only] = stored[..] {
            refused += 1;
            let other = &outs[1 - only];
            assert_eq!(other.status, Some(4), "{outs:?}");
            assert!(
                other.err.contains("a register was changed by another import in the meantime"),
                "{outs:?}"
            );
        } else {
            both += 1;
        }
        assert_eq!(office.dump()["imports"].len(), 1 + stored.len());
        // One of the two tables stands there as a whole: to read it again changes nothing.
        let same = ["a", "b"].map(|file| {
            office.run(&format!("import units {file}.csv --json")).json()["added"] == 0
                && office.run(&format!("import units {file}.csv --json")).json()["changed"] == 0
        });
        assert_eq!(same.iter().filter(|is| **is).count(), 1, "{same:?}");
    }
    fault(
        kind,
        "two `import` at the same time",
        "the later one: a register was changed by another import in the meantime",
        &format!("one whole table (refused {refused}, one after the other {both})"),
    );
}

fn two_seal_at_once(kind: Kind) {
    let office = Office::after(kind, SEALED - 1);
    let children = [(); 2].map(|()| office.start(ROUND[SEALED - 1]));
    let outs = children.map(Office::end);
    let mut statuses = [outs[0].status, outs[1].status];
    statuses.sort();
    assert_eq!(statuses, [Some(0), Some(4)], "{outs:?}");
    let second = outs.iter().find(|out| out.status == Some(4)).unwrap();
    assert!(second.err.contains("is sealed already"), "{second:?}");
    assert_eq!(
        office.dump()["ledger"]
            .iter()
            .filter(|line| line.contains("\"sealed\"") || line.contains("\\\"sealed\\\""))
            .count(),
        1
    );
    fault(kind, "two `seal` at the same time", second.said(), "sealed once");
}

/// A second process must not take away the database of the first.
fn four_begin_at_once(kind: Kind) {
    for _ in 0..3 {
        let office = Office::nothing(kind);
        let children: Vec<_> = (0..4).map(|_| office.start(INIT)).collect();
        let outs: Vec<Out> = children.into_iter().map(Office::end).collect();
        assert_eq!(outs.iter().filter(|out| out.status == Some(0)).count(), 1, "{outs:?}");
        for out in outs {
            if out.status != Some(0) {
                out.fails(5, "holds an office already");
            }
        }
        office.run("status").ok();
    }
    fault(kind, "four `init` at the same time", "three say: holds an office already", "made once");
}

fn a_reader_sees_whole_imports_only(kind: Kind) {
    let office = Office::after(kind, 1);
    many(&office, 20_000);
    let mut writer = office.start(MANY);
    let (mut seen, mut looks) = (std::collections::BTreeSet::new(), 0);
    let mut over = false;
    while !over {
        over = writer.try_wait().unwrap().is_some();
        seen.insert(office.run("status --json").ok().json()["registers"]["units"].as_u64().unwrap());
        looks += 1;
    }
    Office::end(writer).ok();
    assert!(looks >= 2 && seen.iter().all(|rows| [221, 20_000].contains(rows)), "{seen:?}");
    assert!(seen.contains(&20_000), "{seen:?}");
    fault(
        kind,
        "`status` while 20,000 rows are stored",
        "221 or 20000 institutions, never between",
        "stored",
    );
}

fn a_writer_waits_for_another(kind: Kind) {
    let office = Office::after(kind, DRAWN - 1);
    let hold = Duration::from_millis(700);
    let clock = Instant::now();
    let child = match kind {
        Kind::Sqlite => {
            let connection = office.sqlite();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            let child = office.start(ROUND[DRAWN - 1]);
            std::thread::sleep(hold);
            connection.execute_batch("COMMIT").unwrap();
            child
        }
        Kind::Postgres => {
            let mut client = office.client();
            client.batch_execute("BEGIN; SELECT pg_advisory_xact_lock(7308324466019430255)").unwrap();
            let child = office.start(ROUND[DRAWN - 1]);
            std::thread::sleep(hold);
            client.batch_execute("COMMIT").unwrap();
            child
        }
    };
    Office::end(child).ok();
    assert!(clock.elapsed() >= hold);
    fault(kind, "another program writes for a while", "nothing: it waits, up to 60 s", "as after");
}

#[test]
fn the_disk_is_full() {
    for (place, room) in [(0, 8192), (SEALED - 1, 20_000), (DRAWN - 1, 20_000)] {
        let mut office = Office::after(Kind::Sqlite, place);
        let (line, before, whole) = (office.line(place), office.dump(), office.copy());
        whole.run(&line).ok();
        let length = std::fs::metadata(office.path("office.db")).unwrap().len();
        let out = limited(&office, &line, length / 512);
        let seen = out.said().to_owned();
        out.fails(5, "no room is left for the database; nothing was changed");
        same(&office.dump(), &before, &line);
        fault(
            Kind::Sqlite,
            &format!("{}: limit on the size of files", name(&line)),
            &seen,
            "as before; again: the same result",
        );
        let small = Small::new(&office, 4096);
        if let Some(small) = &small {
            std::fs::copy(office.path("office.db"), office.path("small/office.db")).unwrap();
            office.address = "small/office.db".to_owned();
            small.fill(room);
            let out = office.run(&line);
            let seen = out.said().to_owned();
            out.fails(5, "no room is left for the database; nothing was changed");
            small.clear();
            same(&office.dump(), &before, &line);
            fault(
                Kind::Sqlite,
                &format!("{}: disk full", name(&line)),
                &seen,
                "as before; again: the same result",
            );
        }
        office.run(&line).ok();
        same(&office.dump(), &whole.dump(), &line);
    }
}

fn what_is_published_onto_a_full_disk_comes_whole_or_not_at_all(kind: Kind) {
    let office = Office::after(kind, DRAWN);
    let before = office.dump();
    let lines = [
        "publish --out small/www --where https://office.example --at 2023-08-24T00:00:00Z",
        "export tasks --out small/tasks.xlsx",
    ];
    for line in lines {
        let line_to = line.replace("small/", "out/");
        let out = limited(&office, &line_to, 2);
        assert!(matches!(out.status, Some(3 | 5)), "{out:?}");
        assert!(out.err.contains("large"), "{out:?}");
        same(&office.dump(), &before, line);
        fault(
            kind,
            &format!("{}: limit on the size of files", name(line)),
            out.said(),
            "as before, no half file",
        );
        if let Some(small) = Small::new(&office, 256) {
            small.fill(4096);
            let out = office.run(line);
            let seen = out.said().to_owned();
            out.fails(3, "No space left on device");
            let left = std::fs::read_dir(office.path("small")).unwrap().flatten().map(|entry| entry.path());
            let left: Vec<PathBuf> = left.filter(|path| path.extension().is_some()).collect();
            assert!(left.is_empty(), "half a file stays: {left:?}");
            same(&office.dump(), &before, line);
            fault(
                kind,
                &format!("{}: disk full", name(line)),
                &seen,
                "as before, no half file; again: written",
            );
            small.clear();
        }
        if line.starts_with("publish") {
            // A folder that cannot be made.
            let out = office.run(&line.replace("small/", "note.txt/"));
            fault(kind, "publish: folder cannot be made", out.said(), "as before");
            out.fails(3, "note.txt/www");
            same(&office.dump(), &before, line);
            if let Some(small) = Small::new(&office, 256) {
                small.read_only(true);
                let out = office.run(line);
                fault(kind, "publish: folder may not be written", out.said(), "as before");
                out.fails(3, "Read-only file system");
                same(&office.dump(), &before, line);
            }
        }
        let done = office.copy();
        done.run(line).ok();
        if line.starts_with("publish") {
            assert_eq!(done.run("verify small/www").status, Some(2));
        }
    }
}

fn a_database_that_may_not_be_written(kind: Kind) {
    let mut office = Office::after(kind, SEALED);
    // Not published yet, so that there is something to enter.
    for place in [SEALED + 1, SEALED + 2] {
        office.step(place).ok();
    }
    let before = office.dump();
    let mine = office.address.clone();
    let mut small = None;
    match kind {
        Kind::Postgres => {
            let mark = if mine.contains('?') { '&' } else { '?' };
            office.address = format!("{mine}{mark}options=-c%20default_transaction_read_only%3Don");
        }
        Kind::Sqlite => {
            let Some(mounted) = Small::new(&office, 4096) else {
                let rights = std::os::unix::fs::PermissionsExt::from_mode(0o444);
                std::fs::set_permissions(office.path("office.db"), rights).unwrap();
                return office.run(ROUND[DRAWN - 1]).fails(5, "may not be written").status.map_or((), |_| ());
            };
            std::fs::copy(office.path("office.db"), office.path("small/office.db")).unwrap();
            office.address = "small/office.db".to_owned();
            mounted.read_only(true);
            small = Some(mounted);
        }
    }
    for line in [
        "import units units.csv --yes --where 行政区划代码=350502",
        ROUND[DRAWN - 1],
        "publish --out www --where https://x.example --at 2023-08-23T17:00:00Z",
    ] {
        let out = office.run(line);
        fault(kind, &format!("{}: database may not be written", name(line)), out.said(), "as before");
        out.fails(5, "the database may not be written; nothing was changed");
    }
    office.run("status").ok();
    assert_eq!(office.run("verify --at 2023-08-24T00:00:00Z").status, Some(2));
    if let Some(small) = &small {
        small.read_only(false);
    }
    if kind == Kind::Postgres {
        office.address = mine;
    }
    same(&office.dump(), &before, "read-only");
    office.run(ROUND[DRAWN - 1]).ok();
}

/// A server that stops while it works.
#[test]
fn the_server_goes_away() {
    if crate::postgres::server().is_err() || std::env::var(crate::postgres::GIVEN).is_ok() {
        return;
    }
    let server: &'static Server = Box::leak(Box::new(Server::own().unwrap()));
    let office = Office::with(Kind::Postgres, Some(server));
    office.run(INIT).ok();
    office.step(0).ok();
    many(&office, 20_000);
    let before = office.dump();
    for wait in [0, 250, 450, 600] {
        let child = office.start(MANY);
        std::thread::sleep(Duration::from_millis(wait));
        assert!(server.stop());
        let out = Office::end(child);
        let after = office.run("status");
        fault(Kind::Postgres, "server that is not there", after.said(), "as before");
        after.fails(5, "the server cannot be reached, or refuses");
        assert!(server.start_again());
        let now = office.dump();
        if out.status == Some(0) {
            assert_ne!(now, before, "it said that it was done");
            break;
        }
        fault(
            Kind::Postgres,
            &format!("import: server stops after {wait} ms"),
            out.said(),
            "as before; again: the same result",
        );
        out.fails(5, "the server cannot be reached, or refuses");
        same(&now, &before, "a server that stopped");
    }
    office.run(MANY).ok();
    assert_eq!(office.dump()["units"].len(), 20_000);
}

/// Under every default isolation of the account, the second command reads what the first has left.
#[test]
fn an_account_with_another_isolation_draws_once() {
    if crate::postgres::server().is_err() {
        return;
    }
    let mut office = Office::after(Kind::Postgres, DRAWN - 1);
    let mark = if office.address.contains('?') { '&' } else { '?' };
    office.address =
        format!("{}{mark}options=-c%20default_transaction_isolation%3Dserializable", office.address);
    let all: Vec<_> = (0..3).map(|_| office.start(ROUND[DRAWN - 1])).collect();
    for child in all {
        Office::end(child).ok();
    }
}
