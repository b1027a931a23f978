//! The clock of the machine: an entry under a clock that is ahead keeps every other entry away until that day.

use super::Run;
use super::args::Command;
use super::desk::{Office, Rules, refuse};
use super::store::{Database, SqlCell, Value};
use double_random::Policy;
use double_random::calendar::{Date, Instant};
use double_random::id::Code;
use double_random::ledger::{Entry, Present};
use double_random::message::Message;
use double_random::policy::Source;
use double_random::programme::Programme;
use double_random_office::say;
use double_random_support::files::{self, Failure};
use std::io::IsTerminal as _;

/// The number and the instant of the last entry of a ledger.
fn last_entry(database: &mut Database, scope: &Code) -> Result<Option<(u64, Instant)>, Failure> {
    let sql = "SELECT line FROM ledger WHERE scope = ?1 ORDER BY number DESC LIMIT 1";
    let Some(line) = database.one(sql, &[Value::Text(scope.as_str())])? else { return Ok(None) };
    let entry: Entry = serde_json::from_slice(&SqlCell::bytes(line))?;
    Ok(Some((entry.number, entry.at)))
}

/// The last day of the year of a day.
fn end_of_year(day: Date) -> Option<Date> {
    Date::parse(&format!("{:04}-12-31", day.year())).ok()
}

/// The days that a policy names.
fn days_of(policy: &Policy) -> impl Iterator<Item = Date> {
    let sources = policy.beacon.all().filter_map(|source: &Source| source.at().day());
    let own = [Some(policy.window.to()), end_of_year(policy.window.to()), policy.disclosure.reveal_by()];
    sources.chain(own.into_iter().flatten())
}

/// The newest day that the office knows: of its last entries, and of its rules.
fn newest(
    run: &Run,
    database: &mut Database,
    office: &Office,
    command: &Command,
) -> Result<Option<Date>, Failure> {
    let mut days: Vec<Date> = Vec::new();
    for (scope, _) in office.scopes()? {
        days.extend(last_entry(database, &scope)?.and_then(|(_, at)| run.offset.day(at)));
    }
    match &office.rules {
        Rules::Policy(first) => {
            days.extend(days_of(first));
            days.extend(super::steps::latest_policy(database, office)?.iter().flat_map(days_of));
        }
        Rules::Programme(rules) => {
            days.extend(Date::parse(&format!("{:04}-12-31", rules.1.year)).ok());
            let batches = rules.1.tasks.iter().flat_map(|task| &task.batches);
            days.extend(batches.flat_map(|batch| [batch.window.to(), batch.published]));
            if matches!(command, Command::NewYear(_)) {
                days.extend(Date::parse(&format!("{:04}-12-31", rules.1.year + 1)).ok());
            }
        }
    }
    // What the command itself brings is known, too.
    if let Command::Plan(plan) = command
        && let Some(path) = &plan.policy
        && let Ok(policy) = Policy::from_json(&files::text(path)?)
    {
        days.extend(days_of(&policy));
    }
    if let Command::Rules(rules) = command
        && let Ok(programme) = Programme::from_json(&files::text(&rules.programme)?)
    {
        days.extend(Date::parse(&format!("{:04}-12-31", programme.year)).ok());
    }
    Ok(days.into_iter().max())
}

/// Asks about a clock that shows a day which the office does not expect.
pub fn plausible(run: &Run, database: &mut Database, command: &Command) -> Result<(), Failure> {
    let office = Office::load(database)?;
    let Some((newest, today)) = newest(run, database, &office, command)?.zip(run.day()) else {
        return Ok(());
    };
    if today.days_since(newest) <= 1 {
        return Ok(());
    }
    let screen = run.screen;
    let what = say!(
        "office.clock.ahead",
        "the clock of this machine says {at}, and the last day that the office knows is {newest}. An entry under a \
         clock that is ahead keeps every other entry away until that day",
        at = run.at,
        newest
    );
    if !screen.json && !screen.quiet && std::io::stdin().is_terminal() {
        let (what, right) =
            (screen.tell(&what), screen.tell(&say!("office.clock.right", "Is the clock right? [y/N]")));
        screen.ask(&format!("{what}\n{right} "));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if matches!(answer.trim(), "y" | "Y" | "yes" | "是") {
            return Ok(());
        }
    }
    refuse(say!(
        "office.clock.nothing",
        "{what}; nothing was entered. Set the clock; or, if it is right, run the command again with --clock-is-right",
        what
    ))
}

/// Why nothing can be entered at an instant: the last entry lies later.
pub fn behind(scope: &Code, state: &Present, at: Instant) -> Option<Message> {
    let last = state.last_at().filter(|last| at < *last)?;
    let number = state.size();
    Some(say!(
        "office.clock.behind",
        "{scope}: the last entry, {number}, lies in the future: it was made at {last}, and now it is {at}. Either this \
         clock (or --at) is behind, or that entry was made under a clock that was ahead: office clock --entry \
         {number} --evidence FILE --approved-by … --level superior sets it right",
        at,
        last,
        number,
        scope
    ))
}
