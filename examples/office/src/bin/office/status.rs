//! Where everything stands, and what comes next.

use super::Run;
use super::book::closed_lines;
use super::desk::{Book, Office};
use super::next::Outlook;
use super::now;
use super::steps::cycle;
use super::store::{Database, SqlCell, Value};
use super::words::Answer;
use double_random::calendar::Date;
use double_random::id::Code;
use double_random::ledger::Attempt;
use double_random::message::Message;
use double_random_office::{say, show};
use double_random_support::files::Failure;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Rows of a table.
pub fn count(database: &mut Database, table: &str) -> Result<i64, Failure> {
    let found = database.one(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
    Ok(found.map_or(0, |cell| SqlCell::int(&cell)))
}

/// The ledgers to show: all of this year, or those that were named, of whatever year.
pub fn shown(
    run: &Run,
    database: &mut Database,
    office: &Office,
) -> Result<Vec<(Code, Option<Code>)>, Failure> {
    let Some(name) = &run.task else { return office.scopes() };
    for office in Office::all(database)? {
        let found = office.named(name)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    // The refusal names the tasks that there are.
    Ok(vec![office.scope(Some(name))?])
}

/// A draw that is not disclosed.
struct Closed {
    draw: (u64, u64),
    until: Date,
    /// Visits that are still to be made.
    pending: u64,
    /// Lines of the ledger that are closed.
    lines: i64,
}

impl Closed {
    /// What is closed of an attempt, if something is.
    fn of(database: &mut Database, book: &Book, attempt: &Attempt) -> Result<Option<Self>, Failure> {
        let until = attempt.seal().disclosure.reveal_by().filter(|_| attempt.is_closing());
        let Some(until) = until else { return Ok(None) };
        let lines = closed_lines(database, &book.scope, attempt.name())?;
        Ok(Some(Self { draw: attempt.name(), until, pending: attempt.pending(), lines }))
    }

    fn said(&self) -> Message {
        let Self { draw: (draw, attempt), until, pending, lines } = self;
        if *pending == 0 {
            return say!(
                "office.status.ready",
                "{draw}.{attempt} is closed until {until} (closed lines {lines}, visits to be made {pending}); all visits \
                 are made: office reveal",
                attempt,
                draw,
                lines,
                pending,
                until
            );
        }
        say!(
            "office.status.closed",
            "{draw}.{attempt} is closed until {until} (closed lines {lines}, visits to be made {pending}); disclose it \
             when the visits are made, and not later: office reveal",
            attempt,
            draw,
            lines,
            pending,
            until
        )
    }

    fn json(&self) -> Json {
        let Self { draw: (draw, attempt), until, pending, lines } = self;
        json!({ "draw": draw, "attempt": attempt, "until": until, "pending": pending, "lines": lines })
    }
}

/// Everything at a glance.
pub fn status(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let outlook = Outlook::load(run, database)?;
    let screen = run.screen;
    let mut text = format!("{}  {}\n", office.authority, database.name());
    let [units, officers] = [count(database, "units")?, count(database, "officers")?];
    let [experts, recusals] = [count(database, "experts")?, count(database, "recusals")?];
    let registers = json!({ "units": units, "officers": officers, "experts": experts, "recusals": recusals });
    let words = say!(
        "office.status.registers",
        "institutions {units}  officers {officers}  experts {experts}  recusals {recusals}",
        experts,
        officers,
        recusals,
        units
    );
    let _ = writeln!(text, "{}", screen.tell(&words));
    let mut books: Vec<Json> = Vec::new();
    for (scope, task) in shown(run, database, &office)? {
        let book = Book::load(database, scope.clone(), task.clone())?;
        if let Some(why) = &book.remade {
            screen.note(&format!("{scope}: {}", super::steps::remade(why, run)));
        }
        let state = book.state();
        let _ = writeln!(
            text,
            "\n{scope}{}",
            task.as_ref().map_or_else(String::new, |task| format!("  --task {task}"))
        );
        let (head, size) = (state.head(), state.size());
        let words = say!("office.status.entries", "entries {size}  {head}", head, size);
        let _ = writeln!(text, "  {}", screen.tell(&words));
        let open: usize = cycle(&book)?.open().iter().map(|open| open.pending.len()).sum();
        let drawn = state.attempts().iter().filter(|attempt| attempt.record().is_some()).count();
        let late = state.journal().late.len();
        let words = say!(
            "office.status.draws",
            "draws {drawn}  visits to be made {open}  late entries {late}",
            drawn,
            late,
            open
        );
        let _ = writeln!(text, "  {}", screen.tell(&words));
        if let Some(words) = super::clock::behind(&scope, state, run.at) {
            let _ = writeln!(text, "  ! {}", screen.tell(&words));
        }
        let mut closed: Vec<Closed> = Vec::new();
        for attempt in state.attempts() {
            closed.extend(Closed::of(database, &book, attempt)?);
        }
        for one in &closed {
            let _ = writeln!(text, "  ! {}", screen.tell(&one.said()));
        }
        let hindered = outlook.hindered.get(&scope).map_or(&[][..], Vec::as_slice);
        for one in hindered {
            let _ = writeln!(text, "  ! {}", one.said(screen));
        }
        let next = outlook.next_of(&scope, run.at);
        let words = match next {
            Some(due) => due.said_of_ledger(run),
            None => screen.tell(&say!("office.status.over", "the year of this ledger is over")),
        };
        let _ = writeln!(text, "  → {}", words.trim_end());
        let last = state.attempts().iter().rev().find(|attempt| attempt.record().is_some());
        if let Some(last) = last {
            let name = last.name();
            let sealed = book.sealed(database, name)?;
            let (frame, policy) = (sealed.plan().frame(), sealed.plan().policy());
            let report = cycle(&book)?.coverage(frame, policy);
            text += &show::coverage(&report, policy, screen.lang);
            text += &show::deficits(&report, policy, screen.lang);
        }
        books.push(json!({
            "scope": scope, "task": task, "entries": state.size(), "head": head, "draws": drawn,
            "open_visits": open,
            "hindered": hindered.iter().map(now::Hindered::json).collect::<Vec<_>>(),
            "last_at": state.last_at(), "in_the_future": state.last_at().is_some_and(|last| last > run.at),
            "closed": closed.iter().map(Closed::json).collect::<Vec<_>>(),
            "next": next.map_or("closed", |due| due.step), "next_draw": [state.next().0, state.next().1], "late": state.journal().late,
        }));
    }
    let version = database.one("SELECT MAX(version) FROM office_schema", &[] as &[Value<'_>])?;
    let json = json!({ "authority": office.authority, "registers": registers, "ledgers": books,
                      "schema": version.map_or(0, |cell| cell.int()) });
    Ok(Answer::said(json, text))
}
