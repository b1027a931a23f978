//! The options of `office study`.

use clap::{Args, Parser};
use double_random_office::told;
use double_random_support::screen::Lang;
use std::path::PathBuf;

/// What is changed in the rules, to see what it would bring.
#[derive(Args, Debug, Clone, Default, PartialEq, Eq)]
#[command(next_help_heading = "Changed rules")]
pub struct Changes {
    /// Visits a year: 2 for all institutions, high=4 for a risk level, high/D=6 for a risk and a credit level, by
    /// code or name. With :CYCLES, as in low=0.25:4, the exposure window. Any number; the last one counts.
    #[arg(long, value_name = "[RISK[/CREDIT]=]VISITS[:CYCLES]")]
    pub frequency: Vec<String>,
    /// How far visits may run ahead of what is due or behind it, in visits, 0 to 5: 2.5 for all institutions, or of a
    /// level as in high=2.5. Any number; the last one counts.
    #[arg(long, value_name = "[RISK[/CREDIT]=]VISITS")]
    pub slack: Vec<String>,
    /// The coverage floor, 0 to 1.
    #[arg(long, value_name = "SHARE")]
    pub floor: Option<String>,
    /// So many rounds a year, of equal shares.
    #[arg(long, value_name = "N")]
    pub rounds: Option<String>,
    /// The shares of the rounds, as in 0.4,0.3,0.3.
    #[arg(long, value_name = "SHARE,SHARE,…")]
    pub shares: Option<String>,
    /// The control share, 0 to below 1: visits on top, so that nobody is out of reach.
    #[arg(long, value_name = "SHARE")]
    pub control: Option<String>,
    /// The probability of every institution in a draw, where the rules draw by rate.
    #[arg(long, value_name = "RATE")]
    pub rate: Option<String>,
    /// So many institutions in every draw, where the rules draw a number.
    #[arg(long, value_name = "N")]
    pub number: Option<String>,
    /// Most visits of an officer in one draw, where the register gives the officer no cap of his own.
    #[arg(long, value_name = "VISITS")]
    pub cap: Option<String>,
    /// So many officers. Fewer: those whose H("study", "officer <id>") come first. More: copies of them, with the
    /// same department, divisions, qualifications and load, and without recusals.
    #[arg(long, value_name = "N")]
    pub officers: Option<String>,
    /// Without this officer; any number.
    #[arg(long, value_name = "ID")]
    pub without: Vec<String>,
    /// A whole policy, JSON, or a whole programme, JSON, under the pack of this office; other changes come on
    /// top.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
}

/// The changes of one variant, as they stand behind its name.
#[derive(Parser, Debug)]
#[command(name = "--variant", disable_help_flag = true)]
pub struct VariantLine {
    #[command(flatten)]
    pub changes: Changes,
}

impl Changes {
    /// Each change as a person reads it.
    pub fn words(&self, lang: Lang) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        if let Some(file) = &self.policy {
            words.push(told!(lang, "office.change.policy", value = file.display()));
        }
        words.extend(self.frequency.iter().map(|value| told!(lang, "office.change.frequency", value)));
        words.extend(self.slack.iter().map(|value| told!(lang, "office.change.slack", value)));
        words.extend(self.floor.iter().map(|value| told!(lang, "office.change.floor", value)));
        words.extend(self.rounds.iter().map(|value| told!(lang, "office.change.rounds", value)));
        words.extend(self.shares.iter().map(|value| told!(lang, "office.change.shares", value)));
        words.extend(self.control.iter().map(|value| told!(lang, "office.change.control", value)));
        words.extend(self.rate.iter().map(|value| told!(lang, "office.change.rate", value)));
        words.extend(self.number.iter().map(|value| told!(lang, "office.change.number", value)));
        words.extend(self.cap.iter().map(|value| told!(lang, "office.change.cap", value)));
        words.extend(self.officers.iter().map(|value| told!(lang, "office.change.officers", value)));
        words.extend(self.without.iter().map(|value| told!(lang, "office.change.without", value)));
        words
    }
}

/// Try changed rules before they are adopted.
#[derive(Args)]
#[command(after_help = "Examples:
  office study --task medical --rounds 6 --floor 0.25          one change, beside the adopted rules
  office study --variant 'six rounds=--rounds 6' --variant 'fewer people=--without 3505-0001 --without 3505-0002'
  office study --task medical --frequency high=4 --frequency low=0.25:4 --out study.xlsx --picture study.svg
  office study --policy draft.json --seeds 40 --years 6
  office study --seed-list seeds.txt                           64 hexadecimal digits a line
Years are simulated on the registers as they stand, with the same seeds for every variant, each from an empty year.
Nothing is entered and nothing is published. Seeds come from a list that nobody chose one by one: the n-th is
H(\"study\", \"TEXT n\") with the TEXT of --named: printf '%s' 'double-random/1 study TEXT 1' | sha256sum
A study costs (institutions + pairs of a place and a candidate) × rounds × years × seeds steps for every variant;
a million steps took 11 to 16 seconds of one core in a build without optimisation.")]
pub struct StudyArgs {
    #[command(flatten)]
    pub changes: Changes,
    /// One more variant: a name, and the changes of rules as they stand in the options; any number.
    #[arg(long, value_name = "NAME=--OPTION VALUE …")]
    pub variant: Vec<String>,
    /// Years under every seed.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=50))]
    pub years: u64,
    /// How many seeds of the list.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub seeds: u64,
    /// The text that the list of seeds is made from.
    #[arg(long, value_name = "TEXT", default_value = "office study", conflicts_with = "seed_list")]
    pub named: String,
    /// A file with the seeds, one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    pub seed_list: Option<PathBuf>,
    /// The chance that a drawn visit cannot be made (closed, not found), 0 to 1.
    #[arg(long, value_name = "SHARE", default_value = "0")]
    pub missed: String,
    /// Institutions only, without teams: much faster.
    #[arg(long, conflicts_with_all = ["officers", "without", "cap"])]
    pub no_teams: bool,
    /// The most steps that the study may cost.
    #[arg(long, default_value_t = 20_000_000)]
    pub budget: u64,
    /// Write the table to this file, .csv or .xlsx.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the picture to this file, .svg.
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
}
