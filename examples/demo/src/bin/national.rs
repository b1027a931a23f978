//! All market subjects of a country, from the cursor of a database or generated, in little memory: census →
//! seal → draw → record → an auditor's replay. Constructed rows; the room is `double_random::stream`.
//!
//! ```sh
//! cargo run --release -p double-random-demo --bin national                                 # a million
//! cargo run --release -p double-random-demo --bin national -- --units 200000000 --no-teams # China
//! cargo run --release -p double-random-demo --bin national -- --register target/register.sqlite
//! cargo run --release -p double-random-demo --bin national -- --parts 200 # on threads, merged
//! ```
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::unwrap_used
)]

use clap::Parser;
use double_random::bytes::{Digest, SaltKey};
use double_random::calendar::Instant as Moment;
use double_random::frame::UnitRow;
use double_random::roster::InspectorRow;
use double_random::stream::{Census, Counted, Part, PartLeaves, SealedStream, SelectedPart, StreamedSample};
use double_random::verify::{Evidence, streamed, verify};
use double_random::{BeaconValue, Cycle, Frame, Plan, Policy, Roster, SealTerms, Verdict};
use double_random_office::line::{judge, lang};
use double_random_office::{catalogue, say, told};
use double_random_support::files::Failure;
use double_random_support::out;
use double_random_support::screen::{Lang, padded};
use rusqlite::Connection;
use serde_json::json;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

/// Every row brings texts, and a few of them stay: the system's own allocator takes half of the second pass
/// for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Draws from a register that is read twice and never held in memory.
#[derive(Parser)]
#[command(name = "national")]
struct NationalArgs {
    /// Market subjects.
    #[arg(long, default_value_t = 1_000_000)]
    units: u64,
    /// Share that is drawn (抽查比例), in every county for certain.
    #[arg(long, default_value = "0.03")]
    rate: String,
    /// Officers for the teams.
    #[arg(long, default_value_t = 6_200)]
    officers: u64,
    /// Draws the subjects only: teams of millions of visits take more time and memory than all the rest.
    #[arg(long)]
    no_teams: bool,
    /// A SQLite file with the register; it is filled first if it is not there.
    #[arg(long)]
    register: Option<PathBuf>,
    /// Cuts the frame into so many parts of unequal length, which threads count and select at the same time.
    #[arg(long, default_value_t = 1, conflicts_with = "register")]
    parts: u64,
    /// Draws again with everything in memory, and compares seal and record.
    #[arg(long)]
    compare: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
}

const PROVINCES: [u64; 31] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65,
];
const KINDS: [&str; 4] = ["company", "shop", "cooperative", "branch"];
const RISKS: [&str; 4] = ["A", "B", "C", "D"];
const COUNTIES: u64 = 3_100;

/// County codes: 31 provinces of ten cities of ten counties.
fn county(number: u64) -> String {
    let province = PROVINCES[usize::try_from(number % 31).unwrap()];
    format!("{province}{:02}{:02}", 1 + number / 31 % 10, 1 + number / 310 % 10)
}

fn policy(rate: &str) -> Result<Policy, Failure> {
    let counties: std::collections::BTreeSet<String> = (0..COUNTIES).map(county).collect();
    let frequency: Vec<_> =
        RISKS.iter().map(|risk| json!({"risk": risk, "credit": "none", "visits": "0.1"})).collect();
    let policy = json!({
        "protocol": "double-random/1", "document": "policy", "title": "Market subjects",
        "authority": "national",
        "scope": "market", "as_of": "2026-01-01", "window": {"from": "2026-02-01", "to": "2026-12-31"},
        "frame": {"credit": ["none"], "divisions": counties, "kinds": KINDS, "risk": RISKS},
        "roster": {"departments": ["scjg"]}, "strata": ["province", "county", "risk"],
        "design": {"method": "rate", "rate": rate}, "frequency": frequency,
        "signals": [{"signal": "complaints", "at_least": 1, "add": "0.1", "basis": "constructed"}],
        "coverage": {"guards": ["total", "province", "county"], "minimum": rate},
        "team": {"cap": 2000, "ceiling": "0.75", "departments": [{"department": "scjg", "officers": 2}],
                 "jurisdiction": "own", "rotation": true, "same_grid": true},
        "beacon": {"sources": [{"kind": "dice", "id": "dice", "at": "2026-01-10T09:00:00Z", "count": 40,
                                "sides": 10, "witness": "notary"}]},
        "disclosure": {"mode": "immediate"}, "reserves": 3
    });
    Ok(Policy::from_json(&policy.to_string())?)
}

/// One constructed row; ids ascend.
fn row(number: u64) -> UnitRow {
    let mix = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let pick = |list: &[&str], n: u64| list[usize::try_from(n % list.len() as u64).unwrap()].to_owned();
    UnitRow {
        row: number,
        id: format!("CN-{number:015}"),
        name: format!("市场主体 {number}"),
        division: county(mix % COUNTIES),
        kind: pick(&KINDS, mix / 7),
        risk: pick(&RISKS, mix / 3100),
        credit: "none".into(),
        signals: if mix.is_multiple_of(97) { vec![("complaints".into(), "1".into())] } else { Vec::new() },
        ..UnitRow::default()
    }
}

fn roster(officers: u64, policy: &Policy) -> Result<Roster, Failure> {
    let inspector = |n: u64| InspectorRow {
        row: n,
        id: format!("I-{n:07}"),
        name: format!("Officer {n}"),
        department: "scjg".into(),
        divisions: vec![county(n % COUNTIES)],
        certified_until: "2027-12-31".into(),
        ..InspectorRow::default()
    };
    Ok(Roster::new((0..officers).map(inspector), [], &policy.roster, policy.as_of)?)
}

/// The register as a table of a database.
fn fill(path: &Path, units: u64) -> Result<(), Failure> {
    let mut database = Connection::open(path)?;
    let all = database.transaction()?;
    all.execute_batch(
        "CREATE TABLE subject (id TEXT PRIMARY KEY, name TEXT, division TEXT, kind TEXT, risk TEXT, \
         complained INTEGER) WITHOUT ROWID",
    )?;
    let mut insert = all.prepare("INSERT INTO subject VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for row in (0..units).map(row) {
        insert.execute((row.id, row.name, row.division, row.kind, row.risk, !row.signals.is_empty()))?;
    }
    drop(insert);
    Ok(all.commit()?)
}

/// Hands over every row in ascending order of ids: SQLite compares text by bytes unless told otherwise.
fn read(args: &NationalArgs, mut take: impl FnMut(UnitRow)) -> Result<(), Failure> {
    let Some(path) = &args.register else {
        (0..args.units).map(row).for_each(take);
        return Ok(());
    };
    let database = Connection::open(path)?;
    let mut select =
        database.prepare("SELECT id, name, division, kind, risk, complained FROM subject ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        let complained: bool = row.get(5)?;
        let signals = complained.then(|| ("complaints".to_owned(), "1".to_owned()));
        take(UnitRow {
            row: number,
            id: row.get(0)?,
            name: row.get(1)?,
            division: row.get(2)?,
            kind: row.get(3)?,
            risk: row.get(4)?,
            credit: "none".into(),
            signals: signals.into_iter().collect(),
            ..UnitRow::default()
        });
    }
    Ok(())
}

/// The most memory that this process has had, in MiB; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Prints what a step took.
fn step(name: &str, units: u64, since: &mut Instant, lang: Lang) -> Result<(), Failure> {
    let seconds = since.elapsed().as_secs_f64();
    let (each, peak) = (seconds * 1e9 / units as f64, peak());
    let name = padded(name, 22);
    let (seconds, peak) = (format!("{seconds:>9.2}"), format!("{peak:>8}"));
    // The Chinese words stand before the number, and take two of its columns.
    let (wide, each) = (format!("{each:>9.0}"), format!("{each:>7.0}"));
    out!(
        "{name}{}",
        told!(lang, "screen.national.step", seconds, each = if lang == Lang::En { wide } else { each }, peak)
    )?;
    *since = Instant::now();
    Ok(())
}

fn census(args: &NationalArgs, policy: &Policy, terms: &SealTerms) -> Result<Counted, Failure> {
    let mut census = Census::new(policy.clone(), Cycle::default(), terms.salt_key.clone())?;
    read(args, |row| census.add(row))?;
    Ok(census.finish()?)
}

/// The places of the rows of every part; their lengths differ by the half.
fn ranges(args: &NationalArgs) -> Vec<Range<u64>> {
    let border = |part: u64| (args.units * part + args.units / 2 * (part % 2)) / args.parts;
    (0..args.parts).map(|part| border(part)..border(part + 1).min(args.units)).collect()
}

/// The work on every part, on as many threads as there are cores; what the parts give, in their order.
fn on_threads<T: Send>(
    parts: usize,
    work: impl Fn(usize) -> Result<T, String> + Sync,
) -> Result<Vec<T>, Failure> {
    let threads = thread::available_parallelism()?.get();
    let work = &work;
    let of =
        move |first: usize| (first..parts).step_by(threads).map(|part| Ok((part, work(part)?))).collect();
    let mut done = thread::scope(|scope| -> Result<Vec<(usize, T)>, String> {
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || of(first))).collect();
        let mut done = Vec::new();
        for thread in running {
            let found: Result<Vec<(usize, T)>, String> = thread.join().map_err(|_| "a thread broke off")?;
            done.extend(found?);
        }
        Ok(done)
    })?;
    done.sort_by_key(|(part, _)| *part);
    Ok(done.into_iter().map(|(_, found)| found).collect())
}

/// The census in parts: they are kept for the selection.
fn count_parts(
    args: &NationalArgs,
    policy: &Policy,
    terms: &SealTerms,
) -> Result<(Vec<Part>, Counted), Failure> {
    let (ranges, key) = (ranges(args), &terms.salt_key);
    let counted = on_threads(ranges.len(), |place| {
        let range = ranges[place].clone();
        let census = Census::starting(policy.clone(), Cycle::default(), key.clone(), range.start);
        let mut census = census.map_err(|error| error.to_string())?;
        census.extend(range.map(row));
        census.part().map_err(|error| error.to_string())
    })?;
    let (mut parts, mut leaves) = (Vec::new(), PartLeaves::default());
    for (part, own) in counted {
        leaves.append(own);
        parts.push(part);
    }
    let whole = Part::merged(parts.iter().cloned())?.ok_or("no parts")?;
    let (count, bytes) = (parts.len(), whole.to_json().len());
    out!("{}", told!(Lang::or_environment(args.lang), "screen.national.parts", count, bytes))?;
    let counted = Counted::of(policy.clone(), Cycle::default(), key.clone(), &whole, leaves)?;
    Ok((parts, counted))
}

/// The selection in parts.
fn select_parts(
    args: &NationalArgs,
    sealed: &SealedStream,
    parts: &[Part],
    dice: &[BeaconValue],
) -> Result<StreamedSample, Failure> {
    let (draw, counts, ranges) = (sealed.draw(dice)?, sealed.counted().counts(), ranges(args));
    let mut before: Vec<Option<Part>> = vec![None];
    for part in &parts[..parts.len() - 1] {
        let sum = before.last().cloned().flatten();
        before.push(Part::merged(sum.into_iter().chain([part.clone()]))?);
    }
    let selected = on_threads(ranges.len(), |place| {
        let mut selection = counts.select(draw.seed()).below_ceilings(8);
        if let Some(before) = &before[place] {
            selection = selection.after(before).map_err(|error| error.to_string())?;
        }
        selection.extend(ranges[place].clone().map(row));
        selection.part().map_err(|error| error.to_string())
    })?;
    let kept = selected.iter().map(SelectedPart::kept).sum::<usize>();
    out!("{}", told!(Lang::or_environment(args.lang), "screen.national.candidates", kept))?;
    Ok(draw.join(SelectedPart::merged(selected)?.ok_or("no candidates")?)?)
}

fn main() -> ExitCode {
    judge(run)
}

fn run(args: &NationalArgs) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    let (policy, terms) = (
        policy(&args.rate)?,
        SealTerms {
            sequence: 1,
            attempt: 1,
            sealed_at: Moment::parse("2026-01-05T00:00:00Z")?,
            previous: Digest::ZERO,
            salt_key: SaltKey::new([7; 32]), // in earnest: SaltKey::generate(&mut rng)
            secret: None,
        },
    );
    let officers = roster(args.officers, &policy)?;
    if let Some(path) = args.register.as_deref().filter(|path| !path.exists()) {
        fill(path, args.units)?;
    }
    let mut since = Instant::now();
    if args.register.is_none() {
        let generated: usize = (0..args.units).map(|n| row(n).name.len()).sum();
        let megabytes = generated / 1_000_000;
        let name = told!(lang, "screen.national.rows", megabytes);
        step(&name, args.units, &mut since, lang)?;
    }

    let (parts, counted) = match args.parts {
        1 => (Vec::new(), census(args, &policy, &terms)?),
        _ => count_parts(args, &policy, &terms)?,
    };
    let sealed = counted.seal(officers.clone(), terms.clone())?;
    let units = sealed.seal().frame.size;
    step(catalogue::word("screen.national.census", lang), units, &mut since, lang)?;

    let dice: Vec<BeaconValue> = serde_json::from_value(
        json!([{"source": "dice", "value": "8270160495813379045618264079135506271948"}]),
    )?;
    let sample = if parts.is_empty() {
        let mut draw = sealed.draw(&dice)?;
        read(args, |row| draw.add(row))?;
        draw.finish()?
    } else {
        select_parts(args, &sealed, &parts, &dice)?
    };
    step(catalogue::word("screen.national.draw", lang), units, &mut since, lang)?;
    out!("{} {}", catalogue::word("screen.national.seal", lang), sealed.digest())?;
    let (cells, picks) = (sealed.counted().table().cells.len(), sample.len());
    out!("{}", told!(lang, "screen.national.counts", units, cells, picks))?;
    if args.no_teams {
        return Ok(Verdict::Confirmed);
    }

    let record = sample.record();
    drop(sample);
    step(catalogue::word("screen.national.teams", lang), units, &mut since, lang)?;
    out!("{} {}", catalogue::word("screen.national.record", lang), record.digest())?;

    // An auditor, with the published documents and his rows.
    let counted = census(args, &record.policy, &terms)?;
    let mut selection = counted.replay(&record);
    read(args, |row| selection.add(row))?;
    let selected = selection.finish()?;
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(dice.clone()),
        roster: Some((officers.clone(), terms.salt_key.clone())),
        ..Evidence::default()
    };
    let report = streamed(&record, &evidence, selected);
    step(catalogue::word("screen.national.audit", lang), units, &mut since, lang)?;
    out!("{}", catalogue::verdict(report.verdict(), lang))?;

    if args.compare {
        let mut rows = Vec::new();
        read(args, |row| rows.push(row))?;
        let frame = Frame::new(rows, &policy.frame, policy.as_of)?;
        let whole = Plan::new(frame, officers, policy, Cycle::default())?.seal(terms)?;
        let seed = whole.seed(&dice)?;
        let again = seed.draw().assign().record();
        step(catalogue::word("screen.national.memory", lang), units, &mut since, lang)?;
        let same = whole.seal() == sealed.seal() && again == record;
        out!(
            "{}",
            match same {
                true => catalogue::word("screen.national.same", lang),
                false => catalogue::word("screen.national.not_same", lang),
            }
        )?;
        out!("{}", catalogue::verdict(verify(&record, &evidence).verdict(), lang))?;
        if !same {
            return Err(say!("screen.national.other", "the streamed draw is another").into());
        }
    }
    Ok(Verdict::Confirmed)
}
