//! One officer of a draw: chances or bars at every drawn institution, the load and what settles it; and who takes the place when the
//! officer drops out of a visit.
//!
//! ```text
//! officer --id 3505-0002
//! officer --id 3505-0002 --drops-out FJQZ-0001
//! ```
#![allow(clippy::disallowed_methods, clippy::disallowed_types, unreachable_pub, dead_code)]

use clap::Parser;
use double_random::assign::{Assignment, Change, Replacement};
use double_random::bytes::Digest;
use double_random::matching::WHOLE;
use double_random::{BeaconValue, InspectorId, UnitId};
use double_random_office::files::{self, Failure};
use double_random_office::show::{self, Lang};
use std::path::PathBuf;
use std::process::ExitCode;

/// Explain one officer's chances and load in a draw, or find who takes a place.
#[derive(Parser)]
#[command(after_help = "Examples:
  officer --id 3505-0002                             the shipped demonstration: chances, bars, load
  officer --sealed 2026-11 --beacon values.json --id 3505-0002 --drops-out FJQZ-0001 --unavailable 3505-0007
Nothing is written: a replacement is printed as JSON, for the record of the office. Exit status: 0, 3 unusable input.")]
struct Args {
    /// The officer, or the expert.
    #[arg(long)]
    id: String,
    /// Folder that `seal` has written; without it the shipped demonstration.
    #[arg(long, requires = "beacon")]
    sealed: Option<PathBuf>,
    /// The published values.
    #[arg(long, requires = "sealed")]
    beacon: Option<PathBuf>,
    /// The officer drops out of the visit to this institution: who takes the place?
    #[arg(long)]
    drops_out: Option<String>,
    /// Others who cannot take it: ill, on leave, dropped out of this visit before.
    #[arg(long, value_delimiter = ',')]
    unavailable: Vec<String>,
    /// Fresh entropy of the event, 64 hexadecimal digits; the seed of the draw if not given.
    #[arg(long)]
    key: Option<String>,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    files::finish(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Failure> {
    let lang = Lang::or_environment(args.lang);
    let (sealed, beacon) = match (&args.sealed, &args.beacon) {
        (Some(folder), Some(beacon)) => (files::reopen(folder)?, files::read(beacon)?),
        _ => (files::demo_plan()?.0.seal(files::demo_terms()?)?, files::demo::BEACON.to_vec()),
    };
    let values: Vec<BeaconValue> = files::about("beacon", serde_json::from_slice(&beacon))?;
    let seed = files::about("beacon", sealed.seed(&values))?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let inspector = |text: &str| InspectorId::parse(text).map_err(|e| format!("{text:?} {e}"));
    let id = inspector(&args.id)?;
    let Some(unit) = &args.drops_out else {
        print!("{}", explained(&assignment, &id, lang)?);
        return Ok(());
    };
    let mut unavailable = Vec::new();
    for text in &args.unavailable {
        unavailable.push(inspector(text)?);
    }
    let unit = UnitId::parse(unit).map_err(|e| format!("{unit:?} {e}"))?;
    let change = Change { out: id, unavailable, unit };
    let key = args.key.as_deref().map_or(Ok(seed.digest()), Digest::parse)?;
    let found = sealed.plan().replace(assignment.teams(), &change, &key)?;
    if let Replacement::Chain { moves } = &found {
        let note = lang.say(
            "nobody has room: this chain takes an approval, moves:",
            "无空余人员：以下调整须经批准，人次：",
        );
        eprintln!("{note} {}", moves.len());
    }
    println!("{}", String::from_utf8(double_random::bytes::encode(&found)?)?);
    Ok(())
}

/// Chances, bars and load of one officer.
fn explained(assignment: &Assignment<'_>, id: &InspectorId, lang: Lang) -> Result<String, Failure> {
    use std::fmt::Write as _;
    let mut out = String::new();
    for visit in &assignment.teams().visits {
        let Some(posts) = assignment.explain(id, &visit.unit) else {
            return Err(format!(
                "{id} {}",
                lang.say("is of no department of this draw", "不属于本次抽取的任何部门")
            )
            .into());
        };
        for (post, why) in posts {
            writeln!(out, "  {} {post}: {}", visit.unit, show::why(why, lang))?;
        }
    }
    let units = |units: u64| format!("{}.{:03}", units / WHOLE, units % WHOLE * 1000 / WHOLE);
    let summary = assignment.summary();
    match assignment.load(id) {
        None => writeln!(out, "{id}: {}", lang.say("may go nowhere in this draw", "本次无可派任务"))?,
        Some(load) => {
            let (expected, elsewhere) = (units(load.expected), units(load.elsewhere));
            let (officers, visits) = (load.officers.len(), load.units.len());
            match lang {
                Lang::En => writeln!(
                    out,
                    "{id}: expected {expected} visits, drawn {}, before this draw {}. Settled by {visits} visits with {} places, of which others \
                     take {elsewhere}, all they can: the rest falls on {officers} officers.",
                    load.drawn, load.before, load.places
                )?,
                Lang::Zh => writeln!(
                    out,
                    "{id}：期望 {expected} 次，抽中 {} 次，此前 {} 次。由 {visits} 家共 {} 个岗位决定，其中他人至多承担 {elsewhere}，其余由 {officers} 人承担。",
                    load.drawn, load.before, load.places
                )?,
            }
        }
    }
    let (pairs, bits) = (summary.pairs, summary.entropy / 1000);
    let (pair, team) = (units(summary.largest_pair), units(summary.largest_team));
    let (squares, least) = (summary.squares, summary.least_squares);
    let (squares, least) = (squares / u128::from(WHOLE), least / u128::from(WHOLE));
    match lang {
        Lang::En => writeln!(
            out,
            "All chances: {pairs} pairs, {bits} bits, none above {pair}, no whole team above {team}; expected Σ load² {squares}, least possible {least}. Table {}",
            summary.table
        )?,
        Lang::Zh => writeln!(
            out,
            "机会表：{pairs} 对，{bits} 比特，单人最高 {pair}，整组不超过 {team}；期望负荷平方和 {squares}，理论最小 {least}。摘要 {}",
            summary.table
        )?,
    }
    Ok(out)
}
