//! What an outsider can foresee of the batches of the year that are still to come, before anything is adopted.
//!
//! The next batch can be planned. Those after it follow from draws that nobody knows yet, so they are simulated
//! with seeds from a list, on the registers as they stand, from the state of the ledger.

use double_random::bytes::Suite;
use double_random::cycle::Cycle;
use double_random::id::Code;
use double_random::message::Message;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Design};
use double_random::study::{self, Study, StudySummary};
use double_random::{Frame, Policy, PolicyTerms};
use double_random_office::catalogue::{self, as_message};
use double_random_office::told;
use double_random_support::foresight::{SLACK, WARNED, fixed};
use double_random_support::screen::Lang;
use serde_json::{Value, json};

/// The list of seeds: the n-th is H("study", "office check n").
const NAMED: &str = "office check";
/// How many of them, where the registers are small.
const SEEDS: u64 = 8;
/// Institutions times batches times seeds that the check of one task may cost; large registers get fewer seeds.
const STEPS: u64 = 1_000_000;
/// The control share that is tried, billionths.
const CONTROL: u64 = ONE / 20;

/// The rest of the year of one task.
pub struct Ahead {
    /// How many years were simulated.
    pub seeds: u64,
    /// By batch (from 1), risk and credit: sums over these years.
    pub foresight: std::collections::BTreeMap<(u64, Code, Code), Foresight>,
    /// What was tried against what can be foreseen, where that is too much.
    pub helps: Vec<Help>,
}

/// Something that helps, with its cost over the rest of the year.
pub struct Help {
    /// For machines.
    pub code: &'static str,
    /// For people, by its code in the catalogue.
    pub name: &'static str,
    /// Visits, billionths; the guess and the part that is certain, billionths. As they are, and with it.
    pub before: Measured,
    /// With it, or why it gives no year.
    pub after: Result<Measured, Message>,
}

/// Means over the simulated years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Visits expected in the rest of the year, billionths.
    pub visits: u128,
    /// The outsider's guess, billionths.
    pub guess: u64,
    /// The part of the visits that is certain by schedule or floor, billionths.
    pub certain: u64,
}

impl Measured {
    fn of(summary: &StudySummary) -> Self {
        let seen = summary.foreseen();
        let visits = seen.expected / u128::from(summary.years.max(1));
        Self { visits, guess: seen.guess, certain: seen.certain_part() }
    }
}

/// Simulates the rest of the year. `None` where nothing is left of it.
pub fn look(
    frame: &Frame,
    policy: &Policy,
    shares: &[Billionths],
    state: &Cycle,
) -> Result<Option<Ahead>, Message> {
    if state.spent() >= Billionths::ONE {
        return Ok(None);
    }
    let steps = (frame.units().len() as u64).saturating_mul(shares.len() as u64).max(1);
    let count = (STEPS / steps).clamp(1, SEEDS);
    let seeds = study::seeds(Suite::Sha256, NAMED, count);
    let run = |policy: Policy, shares: Vec<Billionths>| -> Result<StudySummary, Message> {
        let study = Study::new(frame.clone(), policy, shares, 1).map_err(|error| as_message(&error))?;
        let study = study.from_state(state.clone()).map_err(|error| as_message(&error))?;
        study.run(&seeds).map_err(|error| as_message(&error))
    };
    let summary = run(policy.clone(), shares.to_vec())?;
    let warned = summary.foresight.values().any(|found| is_said(found, count));
    let mut helps = Vec::new();
    if warned && policy.design == (Design::Frequency {}) {
        let before = Measured::of(&summary);
        let mut help = |code, name, policy: Result<Policy, Message>, shares| {
            let after = policy.and_then(|policy| run(policy, shares)).map(|summary| Measured::of(&summary));
            helps.push(Help { code, name, before, after });
        };
        help(
            "rounds",
            "office.ahead.rounds",
            Ok(policy.clone()),
            shares.iter().flat_map(|share| halves(*share)).collect(),
        );
        if policy.frequency.iter().any(|entry| entry.slack.get() < SLACK) {
            let mut terms = policy.clone().into_terms();
            let least = Billionths::new(SLACK).unwrap_or(Billionths::ZERO);
            terms.frequency.iter_mut().for_each(|entry| entry.slack = entry.slack.max(least));
            let policy = Policy::new(terms).map_err(|error| as_message(&error));
            help("slack", "office.ahead.slack", policy, shares.to_vec());
        }
        if policy.surprise.is_none() {
            let surprise = Billionths::new(CONTROL).ok();
            let terms = PolicyTerms { surprise, ..policy.clone().into_terms() };
            let policy = Policy::new(terms).map_err(|error| as_message(&error));
            help("control", "office.ahead.control", policy, shares.to_vec());
        }
    }
    Ok(Some(Ahead { seeds: count, foresight: summary.foresight, helps }))
}

/// Whether people are told of a level: more than a tenth of its visits is certain by schedule or floor, and that is
/// at least one visit in the mean over the simulated years.
fn is_said(found: &Foresight, years: u64) -> bool {
    found.certain_part() > WARNED && found.certain_by_schedule >= years
}

/// Two rounds in place of one.
fn halves(share: Billionths) -> Vec<Billionths> {
    let half = share.get() / 2;
    [share.get() - half, half]
        .into_iter()
        .filter(|half| *half > 0)
        .filter_map(|half| Billionths::new(half).ok())
        .collect()
}

impl Ahead {
    /// One line for each batch and level that people are told of, then what was tried against it.
    pub fn lines(&self, policy: &Policy, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        let mean = |count: u64| fixed(u128::from(count) * u128::from(ONE) / u128::from(self.seeds), 1);
        for ((batch, risk, credit), found) in &self.foresight {
            if !is_said(found, self.seeds) {
                continue;
            }
            let (risk, credit) = (policy.label(risk), policy.label(credit));
            let percent = fixed(u128::from(found.certain_part()) * 100, 0);
            let visits = fixed(found.expected / u128::from(self.seeds), 1);
            let (certain, safe) = (mean(found.certain_by_schedule), mean(found.safe));
            let guess = fixed(u128::from(found.guess), 2);
            let ratio = fixed(u128::from(found.ratio().unwrap_or(ONE)), 1);
            lines.push(told!(
                lang,
                "office.ahead.level",
                batch,
                certain,
                credit,
                guess,
                percent,
                ratio,
                risk,
                safe,
                visits
            ));
        }
        lines.extend(self.helps.iter().map(|help| help.line(lang)));
        lines
    }

    /// For machines: sums over the simulated years.
    pub fn json(&self) -> Value {
        let level = |((batch, risk, credit), found): (&(u64, Code, Code), &Foresight)| {
            json!({
                "batch": batch, "risk": risk, "credit": credit, "units": found.units, "safe": found.safe,
                "exempt": found.exempt, "certain_by_rule": found.certain_by_rule,
                "certain_by_schedule": found.certain_by_schedule,
                "expected_billionths": found.expected.to_string(), "guess_billionths": found.guess,
                "least_guess_billionths": found.least_guess(),
            })
        };
        let levels: Vec<Value> = self.foresight.iter().map(level).collect();
        let measured = |measured: &Measured| {
            json!({ "visits_billionths": measured.visits.to_string(), "guess_billionths": measured.guess,
                    "certain_billionths": measured.certain })
        };
        let help = |help: &Help| {
            let mut value = json!({ "what": help.code, "before": measured(&help.before) });
            match &help.after {
                Ok(after) => value["after"] = measured(after),
                Err(why) => value["refused"] = json!(why.to_string()),
            }
            value
        };
        json!({ "years": self.seeds, "levels": levels, "helps": self.helps.iter().map(help).collect::<Vec<_>>() })
    }
}

impl Help {
    fn line(&self, lang: Lang) -> String {
        let name = catalogue::word(self.name, lang);
        let after = match &self.after {
            Ok(after) => after,
            Err(why) => {
                let why = catalogue::words(why, lang);
                let why = why.lines().next().unwrap_or_default();
                return told!(lang, "office.ahead.no_year", name, why);
            }
        };
        let pair = |one: u128, two: u128, digits| (fixed(one, digits), fixed(two, digits));
        let visits = pair(self.before.visits, after.visits, 1);
        let guess = pair(u128::from(self.before.guess), u128::from(after.guess), 2);
        let certain = pair(u128::from(self.before.certain) * 100, u128::from(after.certain) * 100, 0);
        told!(
            lang,
            "office.ahead.tried",
            certain = certain.0,
            certain_then = certain.1,
            guess = guess.0,
            guess_then = guess.1,
            name,
            visits = visits.0,
            visits_then = visits.1
        )
    }
}

/// What the lines of all tasks assume.
pub fn heading(lang: Lang) -> &'static str {
    catalogue::word("office.ahead.heading", lang)
}
