//! The office: rosters, ledgers and draws of an authority in one database, from the first import to the last
//! publication of a year.
//!
//! Every command is one transaction. What it prints, it has done; what it refuses, it has not begun.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::float_arithmetic,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

mod ahead;
mod amend;
mod args;
mod asked;
mod bars;
mod book;
mod chart;
mod clock;
mod desk;
mod dispatch;
mod dropout;
mod export;
mod figures;
mod habits;
mod help;
mod import;
mod kit;
mod meaning;
mod named;
mod next;
mod notes;
mod notice;
mod now;
mod officer;
mod opening;
mod output;
mod papers;
mod planned;
mod publish;
mod receipts;
mod register;
mod report;
mod results;
mod rows;
mod rules;
mod stage;
mod start;
mod status;
mod steps;
mod store;
mod streamed;
mod study;
mod teams;
mod together;
mod unused;
mod verify;
mod visits;
mod words;
mod year;

use args::{Command, CommandLine, PlanArgs, PlanWork};
use clap::{CommandFactory, FromArgMatches};
use double_random::calendar::{Date, Instant, Offset};
use double_random::id::Code;
use double_random::ledger::{LedgerError, Refusal};
use double_random_office::say;
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use std::process::ExitCode;
use store::{Database, StoreError};
use words::{Answer, Screen};

/// Who asks for what, and when.
pub struct Run {
    /// Who enters.
    pub actor: Code,
    /// When.
    pub at: Instant,
    /// The clock of the authority.
    pub offset: Offset,
    /// The task that was named.
    pub task: Option<String>,
    /// The screen.
    pub screen: Screen,
}

impl Run {
    /// The day of the entry, as the authority counts days.
    pub fn day(&self) -> Option<Date> {
        self.offset.day(self.at)
    }
}

fn main() -> ExitCode {
    let lang = Lang::asked(std::env::args().skip(1));
    let parsed = help::command(lang).try_get_matches();
    let mut line = match parsed.and_then(|given| CommandLine::from_arg_matches(&given)) {
        Ok(line) => line,
        Err(error) => {
            // The words of a machine that asked for JSON, and did not get so far as to be understood.
            if error.use_stderr() && std::env::args().any(|word| word == "--json") {
                use std::io::Write as _;
                let said = serde_json::json!({ "error": { "code": "usage", "message": help::refused(&error, lang) } });
                let _ = writeln!(std::io::stdout(), "{said}");
            } else if error.use_stderr() && lang == Lang::Zh {
                use std::io::Write as _;
                let _ = writeln!(std::io::stderr(), "{}", help::refused(&error, lang));
            } else {
                let _ = error.print();
            }
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    let lang = Lang::or_environment(line.options.lang);
    let mut screen = Screen { lang, quiet: line.options.quiet, json: line.options.json, offset: Offset::UTC };
    let unused = unused::unused(&line);
    if !unused.is_empty() {
        let words = unused.iter().map(|(option, why)| {
            let words =
                say!("office.unused.option", "{option} would not be used: {why}", option = *option, why);
            screen.tell(&words)
        });
        screen.fail(&words.collect::<Vec<_>>().join("\n").into(), "usage");
        return ExitCode::from(64);
    }
    match run(&mut line, &mut screen) {
        Ok(answer) => {
            screen.print(&answer);
            ExitCode::from(answer.status)
        }
        Err(error) => {
            let (status, code) = status_of(&error);
            screen.fail(&error, code);
            ExitCode::from(status)
        }
    }
}

/// The exit status of a failure, and its name for machines.
fn status_of(error: &Failure) -> (u8, &'static str) {
    if let Some(store) = error.downcast_ref::<StoreError>() {
        return (5, words::code(store));
    }
    if error.is::<desk::Refused>() || error.is::<Refusal>() {
        return (4, "refused");
    }
    if error.is::<LedgerError>() { (5, "damaged") } else { (3, "input") }
}

fn run(line: &mut CommandLine, screen: &mut Screen) -> Result<Answer, Failure> {
    match &line.command {
        Command::Completion { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut CommandLine::command(), "office", &mut script);
            // The reader of a pipe may close it.
            let _ = std::io::Write::write_all(&mut std::io::stdout(), &script);
            return Ok(Answer::default());
        }
        Command::Verify(given) if given.folder.is_some() => return verify::verify_folder(given, *screen),
        Command::Export(given) if given.record.is_some() => return kit::of_file(*screen, given),
        // A plan is read before there is an office.
        Command::Plan(PlanArgs { work: Some(PlanWork::Import(given)), .. }) => {
            return planned::import(*screen, given);
        }
        _ => {}
    }
    let actor = Code::parse(&line.options.actor)
        .map_err(|error| format!("--actor {:?} {error}", line.options.actor))?;
    let mut opened = None;
    let offset = if let Command::Init(given) = &line.command {
        rules::offset(given)
    } else {
        let database = opened.insert(Database::open(&line.options.database, line.command.writes())?);
        database.read(desk::offset)?
    };
    screen.offset = offset;
    if let Some(database) = &mut opened {
        let (options, command) = (&mut line.options, &mut line.command);
        database.read(|database| named::understand(database, options, command))?;
    }
    let at = now(line.options.at.as_deref(), offset, line.options.rehearsal)?;
    let run = Run { actor, at, offset, task: line.options.task.clone(), screen: *screen };
    let Some(database) = &mut opened else {
        let Command::Init(given) = &line.command else { return Err("handled above".into()) };
        return rules::init(&run, &line.options.database, given);
    };
    if line.command.enters() && line.options.at.is_none() && !line.options.clock_is_right {
        database.read(|database| clock::plausible(&run, database, &line.command))?;
    }
    match &line.command {
        Command::Rules(given) => database.write(|database| rules::renew(&run, database, given)),
        Command::NewYear(given) => database.write(|database| start::new_year(&run, database, given)),
        Command::Import(given) => import::import(&run, database, given),
        Command::Check => database.read(|database| steps::check(&run, database)),
        Command::Plan(given) if given.adopt => database.write(|database| steps::plan(&run, database, given)),
        Command::Plan(given) => database.read(|database| steps::plan(&run, database, given)),
        Command::Study(given) => database.read(|database| study::study(&run, database, given)),
        Command::Seal(given) => database.write(|database| steps::seal(&run, database, given)),
        Command::Beacon(given) => database.write(|database| steps::beacon(&run, database, given)),
        Command::Draw => database.write(|database| steps::draw(&run, database)),
        Command::Replace(given) => database.write(|database| visits::replace(&run, database, given)),
        Command::Officer(given) => database.read(|database| officer::officer(&run, database, given)),
        Command::Result(given) => database.write(|database| results::result(&run, database, given)),
        Command::Void(given) => database.write(|database| visits::void(&run, database, given)),
        Command::Reveal(given) => database.write(|database| visits::reveal(&run, database, given)),
        Command::Close(given) => database.write(|database| visits::close(&run, database, given)),
        Command::Amend(given) => database.write(|database| amend::amend(&run, database, given)),
        Command::Clock(given) => database.write(|database| amend::clock(&run, database, given)),
        Command::Withdraw(given) => database.write(|database| amend::withdraw(&run, database, given)),
        Command::Witness(given) => notes::witness(&run, database, given),
        Command::Receipt(given) => database.read(|database| receipts::receipts(&run, database, given)),
        Command::Opening(given) => database.read(|database| opening::openings(&run, database, given)),
        Command::Notice(given) if given.enters() => {
            database.write(|database| notice::notice(&run, database, given))
        }
        Command::Notice(given) => database.read(|database| notice::notice(&run, database, given)),
        Command::Dispatch(given) => dispatch::dispatch(&run, database, given),
        Command::Register(given) => together::registers(&run, database, given),
        Command::Publish(given) => publish::publish(&run, database, given),
        Command::Next => database.read(|database| next::next(&run, database)),
        Command::Status => database.read(|database| status::status(&run, database)),
        Command::Verify(_) => database.read(|database| verify::verify(&run, database)),
        Command::Export(given) => database.read(|database| export::export(&run, database, given)),
        Command::Report(given) => database.read(|database| report::report(&run, database, given)),
        Command::Migrate => Ok(Answer::said(
            serde_json::json!({ "schema": store::VERSION }),
            format!("{}: schema {}", database.name(), store::VERSION),
        )),
        Command::Init(_) | Command::Completion { .. } => Err("handled above".into()),
    }
}

/// The instant of the command: that of the option, else that of the clock, to the second.
fn now(given: Option<&str>, offset: Offset, rehearsal: bool) -> Result<Instant, Failure> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let seconds = i64::try_from(seconds)?;
    if let Some(text) = given {
        let at = offset.instant(text).map_err(|error| format!("--at {text:?} {error}"))?;
        // Nothing can be entered before the last entry: one wrong digit would close the ledger for as long.
        if at.unix() > seconds + 86_400 && !rehearsal {
            return desk::refuse(say!(
                "office.at.future",
                "--at {at} lies in the future; only a rehearsal may enter it: --rehearsal",
                at
            ));
        }
        return Ok(at);
    }
    let time = chrono::DateTime::from_timestamp(seconds, 0).ok_or("a clock beyond the calendar")?;
    Ok(Instant::parse(&time.format("%Y-%m-%dT%H:%M:%SZ").to_string())?)
}
