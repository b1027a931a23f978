//! Examines a list of inspected institutions that somebody else drew: what in it does not look like chance,
//! and whether it follows from a seed that anybody could try.
//!
//! Exit status: 0 nothing found, 1 something found, 3 unusable input, 64 wrong usage.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

mod power;
mod read;
mod report;
mod search;

use clap::{Args, Parser, Subcommand};
use double_random::Verdict;
use double_random::calendar::Date;
use double_random::message::Coded as _;
use double_random::study::meetings::meeting_findings;
use double_random_office::line::{judge, lang};
use double_random_office::{catalogue, say};
use double_random_support::files::Failure;
use double_random_support::out;
use double_random_support::screen::Lang;
use std::path::PathBuf;
use std::process::ExitCode;

/// Examine lists that other people drew (审读他人的抽查名单).
#[derive(Parser)]
#[command(
    name = "audit",
    after_help = "Examples:
  audit list q1.csv q2.csv q3.csv
  audit list q1.csv --day 2026-03-01 --days 3 --millis --budget 2000000000
  audit power
One CSV file a draw, the earliest first, rows in the order of the published register. Columns: id, drawn (yes or no, or
1, 2, 3 … in the order of the draw), and where known district, cell (units of one cell had the same chance), key (a published
random number), outcome (clean, violation, closed), officers (A;B).
Exit status: 0 nothing found, 1 something found, 3 unusable input, 64 wrong usage."
)]
struct AuditLine {
    #[command(subcommand)]
    command: Command,
    /// Language of the report; that of the terminal if not given.
    #[arg(long, value_parser = lang(), global = true)]
    lang: Option<Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Examine published draws.
    List(ListArgs),
    /// How often each naive scheme is found, by the size of the list.
    Power {
        /// Lists for each cell of the table.
        #[arg(long, default_value_t = 20)]
        lists: u32,
    },
}

#[derive(Args)]
struct ListArgs {
    /// One file a draw, the earliest first.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Simulated lists.
    #[arg(long, default_value_t = 1999)]
    simulated: u32,
    /// The number that simulations follow from.
    #[arg(long, default_value_t = 1)]
    number: u64,
    /// Officers change places only within a district.
    #[arg(long)]
    within_district: bool,
    /// Seeds from 0 up to this number are tried.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first day whose seconds are tried as seeds, in the time of China.
    #[arg(long)]
    day: Option<String>,
    /// So many days.
    #[arg(long, default_value_t = 1)]
    days: u32,
    /// Milliseconds are tried as well.
    #[arg(long)]
    millis: bool,
    /// Texts that may stand before or behind a hashed id.
    #[arg(long)]
    salt: Vec<String>,
    /// The most trials a draw.
    #[arg(long, default_value_t = 5_000_000)]
    budget: u64,
}

/// Dates are tried as numbers, 20260301, in these years.
const YEARS: [u64; 2] = [2010, 2036];

impl ListArgs {
    fn plan(&self) -> Result<search::Plan, Failure> {
        let mut ranges = Vec::new();
        ranges.push(0..self.seeds.saturating_add(1));
        for month in (YEARS[0]..YEARS[1]).flat_map(|year| (1..13).map(move |month| year * 100 + month)) {
            let first = month * 100 + 1;
            ranges.push(first.max(self.seeds.saturating_add(1))..first + 31);
        }
        if let Some(day) = &self.day {
            let day = Date::parse(day).map_err(|error| catalogue::option("--day", day, &error.message()))?;
            let epoch = Date::parse("1970-01-01")?;
            let before = u64::try_from(day.days_since(epoch))
                .map_err(|_| say!("screen.audit.day", "--day: from 1970-01-02 on"))?;
            // China's day begins eight hours before that of UTC.
            let start = (before * 86_400).saturating_sub(8 * 3600);
            let end = start + u64::from(self.days) * 86_400;
            ranges.push(start..end);
            if self.millis {
                ranges.push(start * 1000..end * 1000);
            }
        }
        ranges.retain(|range| range.start < range.end);
        let salts = [String::new()].into_iter().chain(self.salt.iter().cloned()).collect();
        Ok(search::Plan { ranges, budget: self.budget, salts })
    }

    fn examine(&self, lang: Lang) -> Result<Verdict, Failure> {
        let published = read::read(&self.files, self.within_district)?;
        let findings = published.list.findings(self.number, self.simulated)?;
        let districts = published.list.by_district()?;
        let meetings = meeting_findings(&published.meetings, self.number, self.simulated);
        let plan = self.plan()?;
        let searched: Vec<search::Searched> =
            (0..published.list.draws.len()).map(|draw| search::search(&published, draw, &plan)).collect();
        let found = report::Findings { published, findings, districts, meetings, searched };
        let (text, strange) = found.report(lang);
        out::text(&text)?;
        Ok(if strange { Verdict::Refuted } else { Verdict::Confirmed })
    }
}

fn main() -> ExitCode {
    judge(|line: &AuditLine| {
        let lang = Lang::or_environment(line.lang);
        match &line.command {
            Command::List(args) => args.examine(lang),
            Command::Power { lists } => {
                out::text(&power::table(*lists, lang))?;
                Ok(Verdict::Confirmed)
            }
        }
    })
}
