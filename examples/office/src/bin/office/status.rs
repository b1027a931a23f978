//! Where everything stands, and what comes next.

use super::Run;
use super::book::closed_lines;
use super::desk::{Book, Office, refuse};
use super::now;
use super::steps::{cycle, failure, hearing, waiting};
use super::store::{Database, SqlCell, Value};
use super::words::{Answer, Screen};
use double_random::calendar::{Date, Instant};
use double_random::id::Code;
use double_random::ledger::{Attempt, VoidReason};
use double_random_office::{catalogue, show};
use double_random_support::files::Failure;
use serde_json::{Value as Json, json};
use std::fmt::Write as _;

/// Rows of a table.
pub fn count(database: &mut Database, table: &str) -> Result<i64, Failure> {
    let found = database.one(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
    Ok(found.map_or(0, |cell| SqlCell::int(&cell)))
}

/// The next step of a ledger; whether the office draws by these rules now.
fn next(
    (office, present): (&Office, bool),
    book: &Book,
    at: Instant,
    screen: Screen,
) -> Result<(String, &'static str), Failure> {
    let state = book.state();
    if let Some(hidden) = state.undisclosed(at).next() {
        let (draw, attempt) = hidden.name();
        let words = screen
            .say("its secret must be disclosed now: office reveal", "保密随机数已到公开期限：office reveal");
        return Ok((format!("{draw}.{attempt}: {words}"), "reveal"));
    }
    if let Some(last) = state.attempts().last() {
        let (draw, attempt) = last.name();
        let void = matches!(last.void(), Some(reason) if reason != VoidReason::NotRevealed);
        let mark = if void {
            screen.say(" (void, still to be computed and published)", "（已作废，仍须计算并公布）")
        } else {
            ""
        };
        let overdue = if last.overdue(at) { screen.say(" (overdue)", "（已逾期）") } else { "" };
        if !last.seal_is_published() && last.record().is_none() {
            let words = screen.say(
                "publish the seal before the sources publish: office publish",
                "请在随机数揭晓之前公布封存文件：office publish",
            );
            return Ok((format!("{draw}.{attempt}: {words}"), "publish"));
        }
        if let Some(failure) = failure(last) {
            return Ok((format!("{draw}.{attempt}: {}", failure.said(screen)), "void"));
        }
        if let Some(open) = hearing(book).filter(|open| !open.failed()) {
            if open.values().is_some() {
                return Ok((format!("{draw}.{attempt}{mark}: office draw{overdue}"), "draw"));
            }
            let missing: Vec<&str> = waiting(open).map(double_random::id::Code::as_str).collect();
            let words = screen.say("waits for", "待录入随机数");
            let words =
                format!("{draw}.{attempt}{mark} {words} {}: office beacon{overdue}", missing.join(", "));
            return Ok((words, "beacon"));
        }
        let hidden = last.deferred() && last.secret().is_none();
        if last.record().is_some() && !hidden && !last.record_is_published() {
            let words = screen.say("publish the record: office publish", "请公布抽取记录：office publish");
            return Ok((format!("{draw}.{attempt}{mark}: {words}"), "publish"));
        }
    }
    if book.task.is_some() && !state.journal().closings.is_empty() {
        let words = match present {
            true => screen.say(
                "the cycle is closed; once all are: office new-year",
                "本年度周期已结束；各任务均结束后：office new-year",
            ),
            false => screen.say("the cycle is closed", "本年度周期已结束"),
        };
        return Ok((words.to_owned(), if present { "new-year" } else { "closed" }));
    }
    if office.is_drawn_out(book)? {
        let words = screen.say(
            "all draws of the programme are made: office result, at the end office close, then office new-year",
            "年度抽查计划的抽取已全部完成：录入结果 office result，年末结转 office close，再 office new-year",
        );
        return Ok((words.to_owned(), "close"));
    }
    let (draw, attempt) = state.next();
    let words = screen.say(
        "to be planned: office plan, office seal; results: office result",
        "待编制抽取方案：office plan、office seal；录入结果：office result",
    );
    Ok((format!("{draw}.{attempt} {words}"), "plan"))
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

    fn said(&self, screen: Screen) -> String {
        let Self { draw: (draw, attempt), until, pending, lines } = self;
        let ready = *pending == 0;
        let next = match ready {
            true => screen.say("; all visits are made: office reveal", "；检查已全部完成：office reveal"),
            false => screen.say(
                "; disclose it when the visits are made, and not later: office reveal",
                "；检查完成后、最迟于该日公开：office reveal",
            ),
        };
        format!(
            "{draw}.{attempt} {} {until} ({} {lines}, {} {pending}){next}",
            screen.say("is closed until", "未公开，期限"),
            screen.say("closed lines", "封闭条目"),
            screen.say("visits to be made", "待检查")
        )
    }

    fn json(&self) -> Json {
        let Self { draw: (draw, attempt), until, pending, lines } = self;
        json!({ "draw": draw, "attempt": attempt, "until": until, "pending": pending, "lines": lines })
    }
}

/// Everything at a glance.
pub fn status(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    // A ledger of an earlier year, which only its name asks for, has the rules of its year.
    let offices = if run.task.is_some() { Office::all(database)? } else { vec![Office::load(database)?] };
    let Some(office) = offices.first() else { return refuse("no rules are stored") };
    let screen = run.screen;
    let mut text = format!("{}  {}\n", office.authority, database.name());
    let mut registers = serde_json::Map::new();
    let words = [
        ("units", "institutions", "检查对象"),
        ("officers", "officers", "执法人员"),
        ("experts", "experts", "专家"),
        ("recusals", "recusals", "回避"),
    ];
    for (table, en, zh) in words {
        let rows = count(database, table)?;
        let _ = write!(text, "{} {rows}  ", screen.say(en, zh));
        registers.insert(table.to_owned(), rows.into());
    }
    text.push('\n');
    let mut books: Vec<Json> = Vec::new();
    let today = now::Registers::load(database)?;
    for (scope, task) in shown(run, database, office)? {
        let book = Book::load(database, scope.clone(), task.clone())?;
        if let Some(why) = &book.remade {
            screen.note(&format!("{scope}: {}", super::steps::remade(why, run)));
        }
        let state = book.state();
        let at = state.last_at().map_or(run.at, |last| last.max(run.at));
        let mut of = offices.iter().enumerate();
        let of = of.find(|(_, known)| known.named(scope.as_str()).is_ok_and(|found| !found.is_empty()));
        let (year, own) = of.unwrap_or((0, office));
        let (words, step) = next((own, year == 0), &book, at, screen)?;
        let _ = writeln!(
            text,
            "\n{scope}{}",
            task.as_ref().map_or_else(String::new, |task| format!("  --task {task}"))
        );
        let head = state.head();
        let _ = writeln!(text, "  {} {}  {head}", screen.say("entries", "台账条目"), state.size());
        let open: usize = cycle(&book)?.open().iter().map(|open| open.pending.len()).sum();
        let drawn = state.attempts().iter().filter(|attempt| attempt.record().is_some()).count();
        let _ = writeln!(
            text,
            "  {} {drawn}  {} {open}  {} {}",
            screen.say("draws", "抽取"),
            screen.say("visits to be made", "待检查"),
            screen.say("late entries", "逾期录入"),
            state.journal().late.len()
        );
        if let Some(words) = super::clock::behind(&scope, state, run.at) {
            let _ = writeln!(text, "  ! {}", catalogue::words(&words, screen.lang));
        }
        let mut closed: Vec<Closed> = Vec::new();
        for attempt in state.attempts() {
            closed.extend(Closed::of(database, &book, attempt)?);
        }
        for one in &closed {
            let _ = writeln!(text, "  ! {}", one.said(screen));
        }
        let hindered = now::hindered(database, &book, &today, run.day())?;
        for one in &hindered {
            let _ = writeln!(text, "  ! {}", one.said(screen));
        }
        let _ = writeln!(text, "  → {words}");
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
            "next": step, "next_draw": [state.next().0, state.next().1], "late": state.journal().late,
        }));
    }
    let version = database.one("SELECT MAX(version) FROM office_schema", &[] as &[Value<'_>])?;
    let json = json!({ "authority": office.authority, "registers": registers, "ledgers": books,
                      "schema": version.map_or(0, |cell| cell.int()) });
    Ok(Answer::said(json, text))
}
