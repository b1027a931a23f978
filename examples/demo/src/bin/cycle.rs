//! Moves the year on: takes the state as it was, lets events happen, writes the state as it is, and says how far the year has come.
//!
//! `draw` writes the event of its round to auditor/drawn.json; visits, misses, replacements and voids are a line of JSON each
//! (Spec 9.6). The state that comes out is what the next `seal --cycle` reads.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

use clap::Parser;
use double_random::bytes::SaltKey;
use double_random::cycle::Event;
use double_random::{Cycle, Frame, Policy};
use double_random_office::files::{self, Failure, Files, about};
use double_random_office::show::{self, Lang};
use std::path::PathBuf;
use std::process::ExitCode;

/// Let events happen to the state of the year.
#[derive(Parser)]
#[command(after_help = "Examples:
  cycle --events r1/auditor/drawn.json --events visits.jsonl --out state-1.json
  cycle --state state-1.json --events r2/auditor/drawn.json --out state-2.json
  cycle --state state-4.json --frame r4/auditor/frame.json --policy r4/public/policy.json     only the report
A line of visits.jsonl:
  {\"event\":\"visited\",\"date\":\"2026-02-03\",\"draw\":1,\"unit\":\"HOSP-0001\",\"team\":[\"3501-0001\",\"3501-0002\"]}")]
struct Args {
    /// The state of the year so far; without it the year begins.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Events, one JSON value a line, in the order in which they happened; may be given several times.
    #[arg(long)]
    events: Vec<PathBuf>,
    /// The frame of the last round (auditor/frame.json), for the report.
    #[arg(long, requires = "policy")]
    frame: Option<PathBuf>,
    /// The policy of the last round, for the report.
    #[arg(long, requires = "frame")]
    policy: Option<PathBuf>,
    /// Where to write the new state. An existing file with another content is never overwritten.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Language of the report; that of the terminal if not given.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    files::finish(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Failure> {
    let named = |path: &PathBuf| path.display().to_string();
    let mut cycle = match &args.state {
        Some(path) => about(&named(path), Cycle::from_json(&files::read(path)?))?.0,
        None => Cycle::default(),
    };
    let mut count = 0;
    for path in &args.events {
        let text = about(&named(path), String::from_utf8(files::read(path)?))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let place = format!("{} line {}", named(path), number + 1);
            let event: Event = about(&place, serde_json::from_str(line))?;
            about(&place, cycle.apply(&event))?;
            count += 1;
        }
    }
    let lang = Lang::or_environment(args.lang);
    let (spent, last) = (cycle.spent(), cycle.last_draw());
    match lang {
        Lang::En => println!("{count} events; {spent} of the year drawn, last draw {last}"),
        Lang::Zh => println!("{count} 条事件；全年已抽份额 {spent}，最近一次为第 {last} 次"),
    }
    if let (Some(frame), Some(policy)) = (&args.frame, &args.policy) {
        let (read, _) = about(&named(frame), Frame::from_json(&files::read(frame)?))?;
        let text = String::from_utf8(files::read(policy)?)?;
        let policy = about(&named(policy), Policy::from_json(&text))?;
        let report = cycle.coverage(&read, &policy);
        print!("{}", show::coverage(&report, &policy, lang));
        for node in report.deficits() {
            let place = show::place(&node.node, &policy, lang);
            let (missing, awaited) = (node.deficit(), node.awaited.min(node.deficit()));
            match lang {
                Lang::En => {
                    println!("{place}: {missing} to go, {awaited} of them drawn and still to be visited")
                }
                Lang::Zh => println!("{place}：尚差 {missing} 家，其中 {awaited} 家已抽中待查"),
            }
        }
        if report.make_up(&policy).is_some() {
            println!(
                "{}",
                lang.say(
                    "a make-up draw is needed (round share 0, rest 0)",
                    "须补抽（round 的 share、rest 均为 0）"
                )
            );
        }
    }
    if let Some(out) = &args.out {
        // The state needs no salt until it is sealed; the seal makes its own.
        let mut files = Files::default();
        let name = out.file_name().and_then(|name| name.to_str()).ok_or("--out names no file")?;
        files.add(name, cycle.to_json(&SaltKey::new([0; 32])));
        files.write(
            out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| std::path::Path::new(".")),
        )?;
        println!("{}", out.display());
    }
    Ok(())
}
