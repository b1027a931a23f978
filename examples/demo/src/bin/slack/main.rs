//! The dial from even to unforeseeable: a constructed city of 8,000 institutions under several slacks. For each
//! level: how well an outsider guesses, who is certain by schedule, how the visits of a year and the gaps spread.
//!
//! ```sh
//! cargo run -p double-random-demo --bin slack
//! cargo run -p double-random-demo --bin slack -- --lang zh --units 800 --rounds 4
//! ```
#![allow(clippy::unwrap_used, clippy::disallowed_types, clippy::disallowed_methods)]

#[allow(dead_code, clippy::cast_possible_truncation, unreachable_pub)]
#[path = "../five_cities/city.rs"]
mod city;
mod cities;

use clap::Parser;
use double_random::bytes::{Label, Suite};
use double_random::frame::UnitRow;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::Billionths;
use double_random::study::{LevelSummary, Study, StudySummary};
use double_random::{Frame, Policy, Verdict};
use double_random_office::line::{judge, lang};
use double_random_support::files::Failure;
use double_random_support::out;
use double_random_support::screen::Lang;
use double_random_support::{catalogue, told};
use serde_json::json;
use std::process::ExitCode;

/// Years of a constructed city under several slacks.
#[derive(Parser)]
#[command(name = "slack")]
struct SlackArgs {
    /// Institutions: thirds of them are due 2, 1 and 0.5 visits a year.
    #[arg(long, default_value_t = 8_000)]
    units: u64,
    /// Rounds of a year; repeatable.
    #[arg(long, default_values_t = [4, 12])]
    rounds: Vec<u64>,
    /// Slack in visits; repeatable.
    #[arg(long, default_values_t = ["0", "0.5", "1", "1.5", "2", "2.5", "3"].map(str::to_owned))]
    slack: Vec<String>,
    /// Years.
    #[arg(long, default_value_t = 3)]
    years: u64,
    /// The programmes of the shipped cities in place of the constructed one.
    #[arg(long)]
    cities: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
}

const RISKS: [(&str, &str); 3] = [("high", "2"), ("middle", "1"), ("low", "0.5")];
const COUNTIES: u64 = 8;

fn county(number: u64) -> String {
    format!("3505{:02}", number % COUNTIES + 1)
}

fn policy(slack: &str) -> Result<Policy, Failure> {
    let level = |(risk, visits): &(&str, &str)| json!({"credit": "none", "risk": risk, "slack": slack, "visits": visits});
    let policy = json!({
        "protocol": "double-random/1", "document": "policy", "title": "A constructed city",
        "authority": "city", "scope": "food", "as_of": "2026-01-01",
        "window": {"from": "2026-02-01", "to": "2026-12-31"},
        "frame": {"credit": ["none"], "divisions": (0..COUNTIES).map(county).collect::<Vec<_>>(),
                  "kinds": ["food"], "risk": RISKS.map(|(risk, _)| risk)},
        "roster": {"departments": ["scjg"]}, "strata": ["county"],
        "design": {"method": "frequency"}, "frequency": RISKS.iter().map(level).collect::<Vec<_>>(),
        "coverage": {"guards": ["total", "county"], "minimum": "0.2"},
        "team": {"cap": 2000, "ceiling": "1", "departments": [{"department": "scjg", "officers": 2}],
                 "jurisdiction": "own", "rotation": true, "same_grid": true},
        "beacon": {"sources": [{"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": 40,
                                "sides": 10, "witness": "notary"}]},
        "disclosure": {"mode": "immediate"}, "reserves": 0
    });
    Ok(Policy::from_json(&policy.to_string())?)
}

fn frame(units: u64, policy: &Policy) -> Result<Frame, Failure> {
    let row = |number: u64| UnitRow {
        row: number,
        id: format!("U-{number:06}"),
        name: format!("institution {number}"),
        division: county(number),
        kind: "food".into(),
        risk: RISKS[usize::try_from(number / COUNTIES % 3).unwrap()].0.into(),
        credit: "none".into(),
        ..UnitRow::default()
    };
    Ok(Frame::new((0..units).map(row), &policy.frame, policy.as_of)?)
}

/// So many billionths with two digits, rounded half up.
fn two(billionths: u64) -> String {
    let hundredths = (billionths + ONE / 200) / (ONE / 100);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A part in per cent, rounded half up.
fn percent(part: u64, whole: u64) -> u64 {
    (200 * part + whole) / (2 * whole.max(1))
}

/// The unit-years with 0, 1, 2, 3, 4 and more visits, in per cent.
fn spread(level: &LevelSummary) -> String {
    let all: u64 = level.years.values().sum();
    let part = |from: u64, to: u64| {
        let found: u64 = level.years.range(from..=to).map(|(_, years)| years).sum();
        format!("{:>4}", (200 * found + all) / (2 * all.max(1)))
    };
    [part(0, 0), part(1, 1), part(2, 2), part(3, 3), part(4, u64::MAX)].concat()
}

/// The largest of a figure over the rounds of a year.
fn largest(summary: &StudySummary, risk: &str, figure: impl Fn(&Foresight) -> u64) -> u64 {
    let of_risk = summary.foresight.iter().filter(|((_, found, _), _)| found.as_str() == risk);
    of_risk.map(|(_, found)| figure(found)).max().unwrap_or(0)
}

fn table(found: &[(u64, &str, StudySummary)], lang: Lang) -> String {
    let mut out = catalogue::word("screen.slack.heading", lang).to_owned() + "\n";
    for (rounds, slack, summary) in found {
        for (risk, visits) in RISKS {
            let of_risk =
                |((found, _), _): &(&(double_random::id::Code, double_random::id::Code), &LevelSummary)| {
                    found.as_str() == risk
                };
            let (_, level) = summary.levels.iter().find(of_risk).unwrap();
            out += &format!(
                "{rounds:>6}  {visits:>10}  {slack:>5}  {}  {:>9}  {:>19}  {:>32}  {:>11}\n",
                two(level.mean),
                two(largest(summary, risk, |found| found.ratio().unwrap_or(0))),
                two(largest(summary, risk, Foresight::certain_part)),
                spread(level),
                level.longest_gap,
            );
        }
        let (drawn, years, least, most) =
            (summary.drawn, summary.years, summary.load.least, summary.load.most);
        out += &format!(
            "        {}\n",
            told!(
                lang,
                "screen.slack.year",
                visits = drawn / years.max(1),
                least,
                most,
                missed = summary.deficits
            )
        );
    }
    out
}

fn main() -> ExitCode {
    judge(run)
}

fn run(args: &SlackArgs) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    if args.cities {
        out::text(&cities::table(&args.slack, args.years, lang)?)?;
        return Ok(Verdict::Confirmed);
    }
    let seeds = [Suite::Sha256.digest(Label::Study, b"slack")];
    let mut found = Vec::new();
    for &rounds in &args.rounds {
        let share = ONE / rounds;
        let mut shares = vec![Billionths::new(share)?; usize::try_from(rounds)?];
        shares[0] = Billionths::new(ONE - share * (rounds - 1))?;
        for slack in &args.slack {
            let policy = policy(slack)?;
            let study = Study::new(frame(args.units, &policy)?, policy, shares.clone(), args.years)?;
            found.push((rounds, slack.as_str(), study.run(&seeds)?));
        }
    }
    out::text(&table(&found, lang))?;
    Ok(Verdict::Confirmed)
}
