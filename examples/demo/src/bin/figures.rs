//! How often the intervals of a year's figures hold the truth: years of five cities and of the fever clinics of
//! 福建 are drawn again and again, with institutions of which it is known who breaks the rules. What is known is
//! constructed; registers, rules, chances and draws are those that the repository ships.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

#[path = "five_cities/city.rs"]
mod city;

use city::{CITIES, City, Result, constructed};
use clap::Parser;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant;
use double_random::cycle::Event;
use double_random::frame::{Unit, UnitRow};
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::policy::{Billionths, Round};
use double_random::seal::Secret;
use double_random::study::{WeighedVisit, YearChance, YearOutcome, found_share, rate_change, year_weights};
use double_random::verify::Verdict;
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, Roster, SealTerms};
use double_random_office::line::{judge, lang};
use double_random_support::files::Failure;
use double_random_support::out;
use double_random_support::screen::{Lang, columns};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

/// Draw years of known institutions, and count how often intervals hold the truth.
#[derive(Parser)]
#[command(
    name = "figures",
    after_help = "Examples:
  figures                          the table of docs/for-auditors.md
  figures --trend                  of the change between two years
  figures --runs 20                quick"
)]
struct FiguresArgs {
    /// Years that are drawn of each register.
    #[arg(long, default_value_t = 200)]
    runs: u64,
    /// Hold each year against the next instead: how often the interval of the change holds the true one.
    #[arg(long)]
    trend: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
}

/// How common violations are: per thousand institutions of the middle level.
const RATES: [u64; 3] = [30, 100, 300];
/// Parts with fewer first visits are not counted.
const ENOUGH: u64 = 10;

fn main() -> ExitCode {
    judge(run)
}

/// A register with the policies of its year.
struct Register {
    name: String,
    /// Frame and policy of each draw.
    draws: Vec<(Frame, Policy)>,
}

fn of_city(code: &str, examples: &Path) -> Result<Register> {
    let city = City::read(examples, code)?;
    let dossier = city.opening()?;
    let task = city.programme.tasks.iter().max_by_key(|task| task.batches.len()).ok_or("no task")?;
    let digest = dossier.digest(city.programme.terms.suite, &SaltKey::new([0; 32]));
    let draws = (1..).zip(&task.batches).map(|(batch, _)| {
        let policy = city.programme.policy(&city.pack, &task.code, batch, Some(digest))?;
        Ok((city.frame(&policy, &dossier)?, policy))
    });
    Ok(Register { name: code.to_owned(), draws: draws.collect::<Result<_>>()? })
}

fn clinics(examples: &Path) -> Result<Register> {
    let data = examples.join("data");
    let policy = Policy::from_json(&std::fs::read_to_string(data.join("fujian_policy.json"))?)?;
    let mut reader = csv::Reader::from_path(data.join("fujian_units.csv"))?;
    let mut rows = Vec::new();
    for (row, read) in (2..).zip(reader.deserialize::<BTreeMap<String, String>>()) {
        let read = read?;
        let text = |name: &str| read.get(name).cloned().unwrap_or_default();
        rows.push(UnitRow {
            row,
            id: text("机构标识"),
            name: text("机构名称"),
            division: text("设区市"),
            kind: text("类别"),
            risk: text("风险"),
            credit: text("信用"),
            ..UnitRow::default()
        });
    }
    let frame = Frame::new(rows, &policy.frame, policy.as_of)?;
    let quarter = ONE / 4;
    let draws = (0..4).map(|number| {
        let rest = Billionths::new(ONE - number * quarter)?;
        let mut terms = policy.clone().into_terms();
        terms.round = Some(Round { rest, share: Billionths::new(quarter)? });
        Ok((frame.clone(), Policy::new(terms)?))
    });
    Ok(Register { name: "fujian".to_owned(), draws: draws.collect::<Result<_>>()? })
}

/// Whether an institution breaks the rules: more often the higher its level stands in the policy's list, and more
/// in some divisions than in others.
fn breaks(unit: &Unit, policy: &Policy, rate: u64) -> bool {
    let visits = policy.frequency_of(&unit.risk, &unit.credit).map_or(ONE / 2, |entry| entry.visits.get());
    let level = if visits >= ONE {
        200
    } else if visits >= ONE / 2 {
        100
    } else {
        60
    };
    let place = 60 + constructed(&["division", unit.division.as_str()]) % 81;
    let limit = (rate * level * place / 10_000).min(900);
    constructed(&["breaks", unit.id.as_str(), &rate.to_string()]) % 1000 < limit
}

/// Whether a register still has an institution that is no more.
fn gone(unit: &Unit) -> bool {
    constructed(&["gone", unit.id.as_str()]) % 1000 < 20
}

/// The rows of a year, and the units by number.
type YearDrawn = (Vec<YearChance>, Vec<(usize, usize)>);

/// The rows of one year, and the units by number.
fn year(register: &Register, run: u64) -> Result<YearDrawn> {
    let mut cycle = Cycle::default();
    let (mut rows, mut of) = (Vec::new(), Vec::new());
    let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
    let mut classes: BTreeMap<(&Code, &Code), u64> = BTreeMap::new();
    for (place, (frame, policy)) in register.draws.iter().enumerate() {
        let draw = u64::try_from(place)? + 1;
        let roster = Roster::new([], [], &policy.roster, policy.as_of)?;
        let plan = Plan::new(frame.clone(), roster, policy.clone(), cycle.clone())?;
        let text = |what: &str| format!("{what} {} {run} {draw}", register.name);
        let salt = constructed(&[&text("salt")]).to_be_bytes().repeat(4);
        let salt: [u8; 32] = salt.try_into().map_err(|_| "32 bytes")?;
        let sealed = plan.clone().seal(SealTerms {
            sequence: draw,
            attempt: 1,
            sealed_at: Instant::parse(&format!("{}T00:00:00Z", policy.as_of))?,
            previous: Digest::ZERO,
            salt_key: SaltKey::new(salt),
            // A draw that is not announced has a secret; here it is known to everybody.
            secret: policy.disclosure.reveal_by().map(|_| Secret::new(salt)),
        })?;
        let dice: String =
            (0..40).map(|n| (constructed(&[&text("dice"), &n.to_string()]) % 10).to_string()).collect();
        let source = policy.beacon.sources.first().ok_or("no source")?.id().to_string();
        let values: Vec<BeaconValue> =
            serde_json::from_value(serde_json::json!([{ "source": source, "value": dice }]))?;
        let seed = sealed.seed(&values)?;
        let sample = seed.draw();
        cycle.apply(&sample.drawn())?;
        let drawn: BTreeSet<&str> = sample.units().iter().map(|unit| unit.id.as_str()).collect();
        for (position, unit) in frame.units().iter().enumerate() {
            let next = u64::try_from(numbers.len())?;
            let number = *numbers.entry(unit.id.as_str()).or_insert(next);
            let next = u64::try_from(classes.len())?;
            let class = *classes.entry((&unit.risk, &unit.credit)).or_insert(next);
            let missed =
                constructed(&["door", &run.to_string(), &draw.to_string(), unit.id.as_str()]) % 100 < 5;
            let outcome = match (drawn.contains(unit.id.as_str()), gone(unit), missed) {
                (false, _, _) => YearOutcome::NotDrawn,
                (true, true, _) => YearOutcome::Gone,
                (true, false, true) => YearOutcome::Unanswered,
                // What was found is filled in by the caller.
                (true, false, false) => YearOutcome::Visited { found: false },
            };
            if drawn.contains(unit.id.as_str()) {
                let (date, unit) = (policy.window.from(), unit.id.clone());
                let event = if matches!(outcome, YearOutcome::Visited { .. }) {
                    Event::Visited { date, draw, items: Vec::new(), team: Vec::new(), unit }
                } else {
                    Event::Missed { date, draw, reason: Code::parse("closed")?, unit }
                };
                cycle.apply(&event)?;
            }
            let probability = plan.probability(position).unwrap_or(0);
            rows.push(YearChance { unit: number, draw, probability, class, stand_in: false, outcome });
            of.push((place, position));
        }
    }
    Ok((rows, of))
}

/// How often a kind of rate held the truth.
#[derive(Default, Clone, Copy)]
struct Held {
    hits: u64,
    all: u64,
    width: u64,
}

impl Held {
    fn add(&mut self, visits: &[WeighedVisit], truth: Option<u64>) {
        let (Some(rate), Some(truth)) = (found_share(visits), truth) else { return };
        self.hits += u64::from((rate.low..=rate.high).contains(&truth));
        self.all += 1;
        self.width += rate.high - rate.low;
    }

    fn share(self) -> String {
        (self.hits * 1000).checked_div(self.all).map_or_else(|| "—".to_owned(), tenths)
    }
}

fn tenths(thousandths: u64) -> String {
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// What a year has told of a part of the institutions: first visits, and the true rate.
type Part = (Vec<WeighedVisit>, Option<u64>);

/// The whole, and levels (`true`) and divisions by code, with the rows as the visits filled them.
fn parts(
    register: &Register,
    (rows, units): &YearDrawn,
    rate: u64,
) -> (Part, BTreeMap<(bool, String), Part>) {
    let of = |(place, position): &(usize, usize)| {
        let (frame, policy) = &register.draws[*place];
        (&frame.units()[*position], policy)
    };
    // An institution is what it is in its first frame, all the year.
    let mut known: BTreeMap<u64, usize> = BTreeMap::new();
    known.extend(rows.iter().enumerate().rev().map(|(place, row)| (row.unit, place)));
    let mut rows = rows.clone();
    for row in &mut rows {
        if let (YearOutcome::Visited { found }, Some(first)) = (&mut row.outcome, known.get(&row.unit)) {
            let (unit, policy) = of(&units[*first]);
            *found = breaks(unit, policy, rate);
        }
    }
    let weights = year_weights(&rows);
    let silent: BTreeSet<u64> = weights.silent.iter().copied().collect();
    let names =
        |unit: &Unit| [(true, format!("{} {}", unit.risk, unit.credit)), (false, unit.division.to_string())];
    // The truth: of each institution once, without those that are gone.
    let (mut all, mut of_part) = ((0, 0), BTreeMap::<(bool, String), (u64, u64)>::new());
    for (_, place) in known.iter().filter(|(number, _)| !silent.contains(number)) {
        let (unit, policy) = of(&units[*place]);
        if gone(unit) {
            continue;
        }
        let broken = u64::from(breaks(unit, policy, rate));
        let add = |sum: &mut (u64, u64)| *sum = (sum.0 + 1, sum.1 + broken);
        add(&mut all);
        names(unit).into_iter().for_each(|name| add(of_part.entry(name).or_default()));
    }
    let share = |(all, broken): (u64, u64)| (broken * ONE).checked_div(all);
    let mut found: BTreeMap<(bool, String), Part> = BTreeMap::new();
    for visit in &weights.visits {
        let first = known.get(&rows[visit.place].unit).copied().unwrap_or(visit.place);
        for name in names(of(&units[first]).0) {
            let truth = of_part.get(&name).copied().and_then(share);
            found.entry(name).or_insert_with(|| (Vec::new(), truth)).0.push(*visit);
        }
    }
    ((weights.visits, share(all)), found)
}

/// One line of the table: the whole, levels, divisions, and the plain share.
fn line(register: &Register, years: &[YearDrawn], rate: u64) -> Vec<String> {
    let [mut whole, mut levels, mut places, mut plain] = [Held::default(); 4];
    let (mut truths, mut first_visits, mut off) = (0, 0, 0i128);
    for year in years {
        let ((visits, everybody), of_part) = parts(register, year, rate);
        truths += everybody.unwrap_or(0);
        first_visits += visits.len() as u64;
        whole.add(&visits, everybody);
        off += found_share(&visits).map_or(0, |r| i128::from(r.rate)) - i128::from(everybody.unwrap_or(0));
        let one = u128::from(ONE);
        let alike = |visit: &WeighedVisit| WeighedVisit { weight: one, left: ONE, group: 0, ..*visit };
        plain.add(&visits.iter().map(alike).collect::<Vec<_>>(), everybody);
        for ((is_level, _), (visits, truth)) in of_part {
            if visits.len() as u64 >= ENOUGH {
                let held = if is_level { &mut levels } else { &mut places };
                held.add(&visits, truth);
            }
        }
    }
    let runs = years.len().max(1) as u64;
    let units: usize = register.draws.last().map_or(0, |(frame, _)| frame.units().len());
    let points = off.abs() * 1000 / i128::from(runs) / i128::from(ONE);
    vec![
        register.name.clone(),
        units.to_string(),
        register.draws.len().to_string(),
        (first_visits / runs).to_string(),
        tenths(truths / runs / 1_000_000),
        tenths(u64::try_from(points).unwrap_or(0)),
        whole.share(),
        format!("±{}", tenths(whole.width / 2 / whole.all.max(1) / 1_000_000)),
        levels.share(),
        places.share(),
        plain.share(),
    ]
}

/// From one year to the next: how common violations are in each.
const CHANGES: [(u64, u64); 3] = [(100, 100), (100, 300), (300, 30)];

/// One line about the trend: every year held against the one that was drawn after it, with its own truth.
fn trend(register: &Register, years: &[YearDrawn], (before, after): (u64, u64)) -> Vec<String> {
    let [mut whole, mut parts_held] = [Held::default(); 2];
    let mut truth = 0i128;
    let add = |held: &mut Held, then: &Part, now: &Part| -> Option<()> {
        let change = rate_change(&found_share(&then.0)?, &found_share(&now.0)?);
        let true_change = i64::try_from(now.1?).ok()? - i64::try_from(then.1?).ok()?;
        held.hits += u64::from((change.low..=change.high).contains(&true_change));
        held.all += 1;
        held.width += change.high.abs_diff(change.low);
        Some(())
    };
    for (n, year) in years.iter().enumerate() {
        let (then, then_parts) = parts(register, year, before);
        let (now, now_parts) = parts(register, &years[(n + 1) % years.len()], after);
        let difference = i128::from(now.1.unwrap_or(0)) - i128::from(then.1.unwrap_or(0));
        truth += difference;
        let _ = add(&mut whole, &then, &now);
        for (name, now) in &now_parts {
            let enough = |part: &Part| part.0.len() as u64 >= ENOUGH;
            if let Some(then) = then_parts.get(name).filter(|then| enough(then) && enough(now)) {
                let _ = add(&mut parts_held, then, now);
            }
        }
    }
    let runs = i128::from(years.len().max(1) as u64);
    let points = i64::try_from(truth / runs / 1_000_000).unwrap_or(0);
    let sign = if points < 0 { "−" } else { "+" };
    vec![
        register.name.clone(),
        format!("{sign}{}", tenths(points.unsigned_abs())),
        whole.share(),
        format!("±{}", tenths(whole.width / 2 / whole.all.max(1) / 1_000_000)),
        parts_held.share(),
    ]
}

fn run(args: &FiguresArgs) -> std::result::Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    let examples = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let head = match lang {
        Lang::En => [
            "register",
            "units",
            "draws",
            "visited",
            "true rate",
            "bias",
            "holds",
            "half width",
            "of levels",
            "of divisions",
            "plain share holds",
        ],
        Lang::Zh => [
            "名录",
            "对象数",
            "抽取次数",
            "首次检查",
            "真实比率",
            "偏差",
            "区间含真值",
            "半宽",
            "各等级",
            "各区划",
            "简单比例含真值",
        ],
    };
    let mut table = vec![head.map(str::to_owned).to_vec()];
    if args.trend {
        let head = match lang {
            Lang::En => ["register", "true change", "holds", "half width", "of levels and divisions"],
            Lang::Zh => ["名录", "真实变化", "区间含真值", "半宽", "各等级、各区划"],
        };
        table = vec![head.map(str::to_owned).to_vec()];
    }
    let mut registers = vec![clinics(examples)?];
    for code in CITIES {
        registers.push(of_city(code, examples)?);
    }
    for register in &registers {
        let named = |error: Box<dyn std::error::Error>| format!("{}: {error}", register.name);
        let years: Vec<_> =
            (0..args.runs).map(|n| year(register, n)).collect::<Result<_>>().map_err(named)?;
        if args.trend {
            table.extend(CHANGES.iter().map(|change| trend(register, &years, *change)));
        } else {
            table.extend(RATES.iter().map(|rate| line(register, &years, *rate)));
        }
    }
    out::text(&columns(&table))?;
    Ok(Verdict::Confirmed)
}
