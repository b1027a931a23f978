//! Verifies a published record, offline.
//!
//! Exit status: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

use clap::Parser;
use double_random::lot::Key;
use double_random::seal::Seal;
use double_random::verify::{Evidence, Outcome, Verdict, replay_team, verify};
use double_random::{Cycle, Frame, Record, Roster, UnitId};
use double_random_office::files::{self, Failure};
use double_random_office::show::{self, Lang};
use std::path::PathBuf;
use std::process::ExitCode;

/// Verify a published record with whatever evidence there is.
#[derive(Parser)]
#[command(after_help = "Examples:
  verify public/record.json --seal seal.json --beacon beacon.json
  verify public/record.json --seal seal.json --beacon beacon.json \\
         --frame auditor/frame.json --roster auditor/roster.json --cycle auditor/cycle.json
Take seal and beacon values from where they were published, not from who gave you the record.
Exit status: 0 confirmed, 1 refuted, 2 self-consistent only, 3 unusable input, 64 wrong usage.")]
struct Args {
    /// The record.
    record: PathBuf,
    /// The published seal.
    #[arg(long)]
    seal: Option<PathBuf>,
    /// The published beacon values.
    #[arg(long)]
    beacon: Option<PathBuf>,
    /// The frame file.
    #[arg(long)]
    frame: Option<PathBuf>,
    /// The roster file.
    #[arg(long)]
    roster: Option<PathBuf>,
    /// The cycle file.
    #[arg(long)]
    cycle: Option<PathBuf>,
    /// Say what the record says about this institution.
    #[arg(long)]
    unit: Option<String>,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    files::judge(run)
}

/// Reads an optional file.
fn optional<T, E: Into<Failure>>(
    path: Option<&PathBuf>,
    parse: impl FnOnce(&[u8]) -> Result<T, E>,
) -> Result<Option<T>, Failure> {
    path.map(|path| files::about(&path.display().to_string(), parse(&files::read(path)?))).transpose()
}

fn run(args: &Args) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    let record =
        files::about(&args.record.display().to_string(), Record::from_json(&files::read(&args.record)?))?;
    let evidence = Evidence {
        seal: optional(args.seal.as_ref(), Seal::from_json)?,
        beacon: optional(args.beacon.as_ref(), |bytes| serde_json::from_slice(bytes))?,
        frame: optional(args.frame.as_ref(), Frame::from_json)?,
        roster: optional(args.roster.as_ref(), Roster::from_json)?,
        cycle: optional(args.cycle.as_ref(), Cycle::from_json)?,
    };
    let report = verify(&record, &evidence);
    println!("{}", show::report(&report, lang));
    if let Some(id) = &args.unit {
        let id = UnitId::parse(id).map_err(|e| format!("{id:?} {e}"))?;
        println!("\n{}", fate(&record, &id, lang));
        if record.teams.visits.iter().any(|visit| visit.unit == id) {
            let replayed = match replay_team(&record, &evidence, &id) {
                Outcome::Pass => lang
                    .say("replayed alone from its own component: the same", "按所在连通块单独重放：一致")
                    .to_owned(),
                Outcome::Fail { expected, found, .. } => {
                    format!("{}: {expected} / {found}", lang.say("replayed alone: differs", "单独重放：不符"))
                }
                Outcome::NotRun { because } => {
                    format!("{}: {because}", lang.say("not replayed alone", "未单独重放"))
                }
            };
            println!("{replayed}");
        }
    }
    Ok(report.verdict())
}

/// What the record says about one institution, and how to check it.
fn fate(record: &Record, id: &UnitId, lang: Lang) -> String {
    let ticket = double_random::lot::tickets::Tickets::new(&Key::new(record.policy.suite, record.seed))
        .ticket(id.as_str());
    let mut lines = vec![
        format!("{} {id}: {ticket}", lang.say("ticket of", "抽签号")),
        format!("  printf '%s' 'double-random/1 ticket {} {id}' | sha256sum", record.seed),
    ];
    let shown = record.table.cells.iter().zip(&record.sample).find_map(|(row, cell)| {
        let cutoff = cell.cutoff.map_or_else(|| "-".to_owned(), |cutoff| cutoff.to_string());
        let place = |what: &str| {
            format!("{what}: {} ({} / {}), cutoff {cutoff}", row.path, cell.picks.len(), row.count)
        };
        if cell.picks.iter().any(|pick| &pick.id == id) {
            return Some(place(lang.say("drawn from cell", "抽中，所在层")));
        }
        let reserve = cell.reserves.iter().position(|pick| &pick.id == id)?;
        Some(place(&format!("{} {}", lang.say("reserve", "候补第"), reserve + 1)))
    });
    lines.push(shown.unwrap_or_else(|| {
        let not_shown = "not drawn, and not among the reserves shown: drawn only if its ticket is at or below the cutoff of its cell";
        lang.say(not_shown, "未抽中，且不在公布的候补之列：仅当抽签号不大于所在层截止号时抽中").to_owned()
    }));
    if let Some(visit) = record.teams.visits.iter().find(|visit| &visit.unit == id) {
        let officers: Vec<&str> =
            visit.posts.iter().flat_map(|p| &p.officers).map(|o| o.id.as_str()).collect();
        let day = visit.day.map_or_else(String::new, |day| format!(" {day}"));
        lines.push(format!("{}{day}: {}", lang.say("team", "检查组"), officers.join(" ")));
        let guests: Vec<&str> =
            visit.experts.iter().flat_map(|p| &p.experts).map(|e| e.id.as_str()).collect();
        if !guests.is_empty() {
            lines.push(format!("{}: {}", lang.say("with the experts", "随同专家"), guests.join(" ")));
        }
    }
    lines.join("\n")
}
