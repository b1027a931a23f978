//! Draws institutions and teams, and writes the record.
//!
//! Without arguments it runs the shipped demonstration: 221 real institutions of 泉州 (all but their names constructed), sealed and drawn
//! in one go. In earnest the seal is made and published the day before (`seal`), and this program takes it from there.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

use clap::Parser;
use double_random::id::Code;
use double_random::verify::{Evidence, verify};
use double_random::{BeaconValue, Record};
use double_random_office::files::{self, Failure};
use double_random_office::show::{self, Lang};
use std::path::PathBuf;
use std::process::ExitCode;

/// Draw institutions and teams from a sealed plan and the published beacon values.
#[derive(Parser)]
#[command(after_help = "Examples:
  draw                                             the shipped demonstration
  seal --out 2026-11 … ; draw --sealed 2026-11 --beacon values.json")]
struct Args {
    /// Folder that `seal` has written; without it the shipped demonstration is sealed and drawn.
    #[arg(long, requires = "beacon")]
    sealed: Option<PathBuf>,
    /// The published values: [{\"source\":…,\"value\":…}, …] in the order of the seal.
    #[arg(long, requires = "sealed")]
    beacon: Option<PathBuf>,
    /// Where to write; the folder of the seal if there is one, else target/draw.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// Print only the verdict.
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    files::finish(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Failure> {
    let lang = Lang::or_environment(args.lang);
    let (sealed, beacon) = match (&args.sealed, &args.beacon) {
        (Some(folder), Some(beacon)) => (files::reopen(folder)?, files::read(beacon)?),
        _ => {
            let (plan, notes) = files::demo_plan()?;
            if !args.quiet {
                notes.iter().for_each(|note| eprintln!("{note}"));
            }
            (plan.seal(files::demo_terms()?)?, files::demo::BEACON.to_vec())
        }
    };
    let values: Vec<BeaconValue> = files::about("beacon", serde_json::from_slice(&beacon))?;
    let seed = files::about("beacon", sealed.seed(&values))?;
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();

    // What is handed out has been read back and replayed first.
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(values.clone()),
        frame: Some((sealed.plan().frame().clone(), sealed.salt_key().clone())),
        roster: Some((sealed.plan().roster().clone(), sealed.salt_key().clone())),
        cycle: Some((sealed.plan().cycle().clone(), sealed.salt_key().clone())),
    };
    let report = verify(&Record::from_json(&record.to_json())?, &evidence);
    if !report.failed().is_empty() {
        return Err(format!("the record does not verify; nothing was written\n{report}").into());
    }

    let mut files = files::sealed_files(&sealed)?;
    let deferred = record.secret.is_some();
    let place = if deferred { "deferred" } else { "public" };
    files.add("public/beacon.json", double_random::bytes::encode(&values)?);
    files.add(&format!("{place}/record.json"), record.to_json());
    // What this draw is to the year: `Cycle::apply` takes it.
    files.add("auditor/drawn.json", double_random::bytes::encode(&sample.drawn())?);
    let plan = sealed.plan();
    let unit =
        |id: &double_random::UnitId| plan.frame().get(id).map_or("", |unit| unit.name.as_str()).to_owned();
    let picks = plan.cells().iter().zip(&record.sample).flat_map(|(cell, sample)| {
        let row = |pick: &double_random::sample::Pick, kind: &str| {
            vec![
                pick.id.to_string(),
                unit(&pick.id),
                cell.path.to_string(),
                kind.to_owned(),
                pick.ticket.to_string(),
            ]
        };
        let picks = sample.picks.iter().map(move |pick| (pick, "pick"));
        picks
            .chain(sample.reserves.iter().map(|pick| (pick, "reserve")))
            .map(|(p, k)| row(p, k))
            .collect::<Vec<_>>()
    });
    files.add_csv(
        &format!("{place}/sample.csv"),
        &["id", "name", "cell", "kind", "ticket"],
        picks.collect(),
    )?;
    let teams = record.teams.visits.iter().flat_map(|visit| {
        let lead = visit.lead.as_ref().map_or_else(String::new, ToString::to_string);
        let day = visit.day.map_or_else(String::new, |day| day.to_string());
        let officers = visit.posts.iter().map(|post| {
            let ids: Vec<&str> = post.officers.iter().map(|o| o.id.as_str()).collect();
            (post.department.to_string(), &post.post, ids, post.vacancies)
        });
        let experts = visit.experts.iter().map(|post| {
            let ids: Vec<&str> = post.experts.iter().map(|e| e.id.as_str()).collect();
            ("experts".to_owned(), &post.post, ids, post.vacancies)
        });
        let row = |(party, post, ids, vacancies): (String, &Code, Vec<&str>, u64)| {
            let (post, ids, vacancies) = (post.to_string(), ids.join(" "), vacancies.to_string());
            let (lead, day) = (lead.clone(), day.clone());
            vec![visit.unit.to_string(), unit(&visit.unit), day, party, post, ids, lead, vacancies]
        };
        officers.chain(experts).map(row).collect::<Vec<_>>()
    });
    let header = ["id", "name", "day", "department", "post", "officers", "lead", "vacancies"];
    files.add_csv(&format!("{place}/teams.csv"), &header, teams.collect())?;
    let chances = assignment.chances().map(|c| {
        let party = c.department.map_or_else(|| "experts".to_owned(), ToString::to_string);
        let (unit, post, inspector) = (c.unit.to_string(), c.post.to_string(), c.inspector.to_string());
        vec![unit, party, post, inspector, c.chance.to_string()]
    });
    files.add_csv(
        "auditor/chances.csv",
        &["unit", "department", "post", "inspector", "chance_of_1048576"],
        chances.collect(),
    )?;

    let out =
        args.out.clone().or_else(|| args.sealed.clone()).unwrap_or_else(|| PathBuf::from("target/draw"));
    files.write(&out)?;
    if !args.quiet {
        println!("{}", show::plan(&sealed, lang));
        println!("{}", show::draw(&sealed, &record, lang));
        let written = lang.say("Written to", "已写入");
        println!(
            "{written} {}: public/ (seal, record, beacon, tables), auditor/ (frame, roster, cycle, plan, drawn)",
            out.display()
        );
        if deferred {
            println!(
                "{}",
                lang.say(
                    "deferred/ is published at the deadline, not before",
                    "deferred/ 到期公布，不得提前"
                )
            );
        }
    }
    println!("{}", show::verdict(report.verdict(), lang));
    Ok(())
}
