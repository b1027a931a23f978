//! Rules tried before they are adopted: years of the office's own registers under changed rules, beside the rules
//! in force and under the same seeds. Nothing is entered and nothing is published.

mod figures;
pub mod options;
mod picture;
mod variant;

use crate::Run;
use crate::desk::{Office, refuse};
use crate::output::{form, write_all};
use crate::steps;
use crate::store::Database;
use crate::words::Answer;
use clap::Parser as _;
use double_random::bytes::{Digest, Suite};
use double_random::message::{Coded as _, Message};
use double_random::policy::Billionths;
use double_random::study::{self, StudySummary};
use double_random_office::sheet::{Sheet, to_xlsx};
use double_random_office::values::Lines;
use double_random_office::{catalogue, say, told};
use double_random_support::files::{self, Failure};
use double_random_support::screen::Lang;
use figures::Outcome;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use options::{Changes, StudyArgs, VariantLine};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
pub use variant::rounds;
use variant::{Terms, Variant};

/// The most characters of a name.
const NAME: usize = 40;

/// Tries the rules.
pub fn study(run: &Run, database: &mut Database, given: &StudyArgs) -> Result<Answer, Failure> {
    let (screen, lang) = (run.screen, run.screen.lang);
    let office = Office::load(database)?;
    let book = steps::book(run, database, &office)?;
    let mut problems = Vec::new();
    let seeds = seeds(given).unwrap_or_else(|error| {
        problems.extend(error);
        Vec::new()
    });
    let missed = variant::part("--missed", &given.missed).unwrap_or_else(|error| {
        problems.push(error);
        Billionths::ZERO
    });
    problems.extend(endings(given));
    let wanted = variants(given, lang, &mut problems);
    let base = variant::adopted(database, &office, &book)?;
    let terms = Terms { years: given.years, missed, teams: !given.no_teams, lang };
    let mut made: Vec<Variant> = Vec::new();
    for (name, changes) in &wanted {
        let named = |problem: Message| match wanted.len() {
            1 => problem,
            _ => say!("office.study.of", "{name}: {rule}", name, rule = problem),
        };
        match variant::make(database, (&office, &book), &base, (name.clone(), changes), &terms)? {
            Ok(variant) => match made.iter().find(|other| other.mark == variant.mark) {
                Some(other) => {
                    problems.push(named(say!(
                        "office.study.same",
                        "these are the rules of {name} again: nothing is changed",
                        name = other.name
                    )));
                }
                None => made.push(variant),
            },
            Err(found) => problems.extend(found.into_iter().map(named)),
        }
    }
    if !problems.is_empty() {
        return Err(say!("office.study.nothing", "nothing was tried:{lines}", lines = Lines(problems)).into());
    }
    let count = seeds.len() as u64;
    let cost =
        made.iter().fold(0, |sum: u64, variant| sum.saturating_add(variant.cost.saturating_mul(count)));
    if cost > given.budget {
        return refuse(dear(cost, given, count));
    }
    let steps = say!("office.study.steps", "{cost} steps, {most} allowed", cost, most = given.budget);
    screen.note(&catalogue::words(&steps, lang));
    let outcomes = draw(run, &made, &seeds, given.years);
    let text = said(run, given, book.scope.as_str(), &outcomes, count);
    let json = json!({
        "scope": book.scope, "years": given.years, "seeds": seeds, "missed": missed,
        "teams": terms.teams, "steps": cost, "variants": figures::json(&outcomes),
    });
    write(given, lang, book.scope.as_str(), &outcomes, count)?;
    let failed = outcomes.first().is_some_and(|first| first.figures.is_err());
    Ok(Answer { json, text, status: if failed { 4 } else { 0 } })
}

/// The seeds: those of a file, or those that a text stands for.
fn seeds(given: &StudyArgs) -> Result<Vec<Digest>, Vec<Message>> {
    let Some(path) = &given.seed_list else {
        return Ok(study::seeds(Suite::Sha256, &given.named, given.seeds));
    };
    let file = path.display().to_string();
    let (mut seeds, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let text = files::text(path).map_err(|error| vec![catalogue::as_message(error.as_ref())])?;
    for (line, words) in (1_u64..).zip(text.lines()) {
        match words.trim() {
            "" => {}
            text => match Digest::parse(text) {
                Ok(_) if !seen.insert(text.to_owned()) => {
                    wrong.push(say!(
                        "office.study.seed_twice",
                        "{file}, line {line}: the same seed twice is one year, counted twice",
                        file,
                        line
                    ));
                }
                Ok(seed) => seeds.push(seed),
                Err(error) => {
                    let rule = error.message();
                    wrong.push(say!("office.study.seed", "{file}, line {line}: {rule}", file, line, rule));
                }
            },
        }
    }
    if seeds.len() > 1000 || (seeds.is_empty() && wrong.is_empty()) {
        let count = seeds.len();
        wrong.push(say!("office.study.seeds", "{file}: {count} seeds, 1 to 1000 are needed", count, file));
    }
    if wrong.is_empty() { Ok(seeds) } else { Err(wrong) }
}

/// What is wrong with the names of the files that are to be written.
fn endings(given: &StudyArgs) -> Vec<Message> {
    let ending = |path: &Path| path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let mut problems = Vec::new();
    if let Some(path) = &given.out
        && !matches!(ending(path).as_deref(), Some("csv" | "xlsx"))
    {
        problems.push(form(path, &[".csv", ".xlsx"]));
    }
    if let Some(path) = &given.picture
        && ending(path).as_deref() != Some("svg")
    {
        let path = path.display().to_string();
        problems.push(say!("office.study.picture", "--picture {path}: a picture is .svg", path));
    }
    problems
}

/// The names and changes that are asked for, the adopted rules first.
fn variants(given: &StudyArgs, lang: Lang, problems: &mut Vec<Message>) -> Vec<(String, Changes)> {
    let mut wanted = vec![(catalogue::word("office.study.adopted", lang).to_owned(), Changes::default())];
    if given.changes != Changes::default() {
        wanted.push((catalogue::word("office.study.changed", lang).to_owned(), given.changes.clone()));
    }
    for text in &given.variant {
        let Some((name, words)) = text.split_once('=') else {
            problems.push(say!(
                "office.study.variant",
                "--variant \"{text}\": NAME=--OPTION VALUE … is needed",
                text
            ));
            continue;
        };
        let name = name.trim();
        let line = std::iter::once("--variant").chain(words.split_whitespace());
        match VariantLine::try_parse_from(line) {
            Ok(line) if line.changes == Changes::default() => {
                problems.push(say!("office.study.idle", "--variant {name}: it changes nothing", name));
            }
            Ok(line) => wanted.push((name.to_owned(), line.changes)),
            Err(error) => {
                problems.push(variant::wrong("--variant", name, &crate::help::message(&error)));
            }
        }
        if name.is_empty() || name.chars().count() > NAME {
            problems.push(say!(
                "office.study.name",
                "--variant \"{name}\": a name of 1 to {most} characters is needed",
                most = NAME,
                name
            ));
        }
    }
    let mut seen = BTreeSet::new();
    for (name, _) in &wanted {
        if !seen.insert(name.as_str()) {
            problems.push(say!("office.study.twice", "--variant {name}: two variants of one name", name));
        }
    }
    wanted
}

/// Why a study is too dear, and what would do.
fn dear(cost: u64, given: &StudyArgs, seeds: u64) -> Message {
    let most = given.budget;
    let fewer = u128::from(most) * u128::from(seeds) / u128::from(cost.max(1));
    let fewer = u64::try_from(fewer).unwrap_or(u64::MAX);
    if given.no_teams {
        return say!(
            "office.study.dear",
            "the study would cost {cost} steps, {most} are allowed: {fewer} seeds instead of {seeds} would do, or fewer \
             years or variants, or --budget {cost}",
            cost,
            fewer,
            most,
            seeds
        );
    }
    say!(
        "office.study.dear_teams",
        "the study would cost {cost} steps, {most} are allowed: {fewer} seeds instead of {seeds} would do, or fewer \
         years or variants, or --no-teams (institutions alone), or --budget {cost}",
        cost,
        fewer,
        most,
        seeds
    )
}

/// All variants under all seeds, as many at a time as there are cores. The order of work moves no figure.
fn draw(run: &Run, made: &[Variant], seeds: &[Digest], years: u64) -> Vec<Outcome> {
    let jobs: Vec<(usize, usize)> =
        (0..made.len()).flat_map(|variant| (0..seeds.len()).map(move |seed| (variant, seed))).collect();
    let bar = bar(run, made, seeds);
    type Seen = Result<StudySummary, String>;
    let found: Vec<Mutex<Option<Seen>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let failed: Vec<AtomicUsize> = made.iter().map(|_| AtomicUsize::new(usize::MAX)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((&(variant, seed), place)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|place| Some((jobs.get(place)?, place)))
        {
            // What fails under an earlier seed is not drawn under a later one.
            if failed[variant].load(Ordering::Relaxed) > seed {
                let drawn = made[variant].study.run(&seeds[seed..=seed]).map_err(|error| error.to_string());
                if drawn.is_err() {
                    failed[variant].fetch_min(seed, Ordering::Relaxed);
                }
                if let Ok(mut slot) = found[place].lock() {
                    *slot = Some(drawn);
                }
            }
            bar.inc(made[variant].cost);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        (1..cores.min(jobs.len())).for_each(|_| {
            scope.spawn(work);
        });
        work();
    });
    bar.finish_and_clear();
    let mut found = found.into_iter().map(|slot| slot.into_inner().ok().flatten());
    let outcome = |variant: &Variant| {
        let seen: Vec<Option<Seen>> = found.by_ref().take(seeds.len()).collect();
        let mut summaries = Vec::new();
        let mut why = None;
        for (number, one) in (1..).zip(seen) {
            match one {
                Some(Ok(summary)) => summaries.push(summary),
                Some(Err(error)) if why.is_none() => {
                    why = Some(told!(run.screen.lang, "office.study.failed", number, why = error));
                }
                _ => {}
            }
        }
        let figures = match why {
            Some(why) => Err(why),
            None => Ok(Outcome::figures(variant.shares.len() as u64, years, &summaries)),
        };
        Outcome {
            name: variant.name.clone(),
            changes: variant.changes.clone(),
            rounds: variant.shares.iter().map(ToString::to_string).collect(),
            units: variant.units,
            officers: variant.officers,
            figures,
        }
    };
    made.iter().map(outcome).collect()
}

/// The bar: one step for each step of the budget.
fn bar(run: &Run, made: &[Variant], seeds: &[Digest]) -> ProgressBar {
    if run.screen.quiet || run.screen.json {
        return ProgressBar::hidden();
    }
    let steps = made.iter().map(|variant| variant.cost).sum::<u64>() * seeds.len() as u64;
    let bar = ProgressBar::new(steps);
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(run.screen.word("office.study.running"));
    bar.enable_steady_tick(std::time::Duration::from_millis(500));
    bar
}

/// What the study is of, in one line.
fn title(scope: &str, given: &StudyArgs, seeds: u64, lang: Lang) -> String {
    let years = given.years;
    told!(lang, "office.study.title", scope, seeds, years)
}

/// How the figures are to be read, in one line.
fn reading(given: &StudyArgs, lang: Lang) -> String {
    let closed = match given.missed.as_str() {
        "0" => catalogue::word("office.study.all_made", lang).to_owned(),
        share => told!(lang, "office.study.some_made", share),
    };
    told!(lang, "office.study.reading", closed)
}

/// The answer on the screen.
fn said(run: &Run, given: &StudyArgs, scope: &str, outcomes: &[Outcome], seeds: u64) -> String {
    let screen = run.screen;
    let lang = screen.lang;
    let mut text = format!("{}\n{}\n", title(scope, given, seeds, lang), reading(given, lang));
    let source = match &given.seed_list {
        Some(path) => path.display().to_string(),
        None => format!("H(\"study\", \"{} n\"), n = 1 … {seeds}", given.named),
    };
    let _ = writeln!(text, "{}", told!(lang, "office.study.seeds_of", source));
    for outcome in outcomes {
        let Outcome { name, changes, rounds, units, officers, .. } = outcome;
        // Sixths are not whole billionths, and stand for equal shares.
        let parsed: Vec<u64> =
            rounds.iter().filter_map(|share| Some(Billionths::parse(share).ok()?.get())).collect();
        let apart = parsed.iter().max().zip(parsed.iter().min()).map_or(0, |(most, least)| most - least);
        let shares = match apart {
            0..=1 => screen.word("office.study.equal").to_owned(),
            _ => catalogue::joined(rounds, "office.between.words", lang),
        };
        let about = told!(lang, "office.study.about", name, officers, rounds = rounds.len(), shares, units);
        let mut line = vec![about.as_str()];
        line.extend(changes.iter().map(String::as_str));
        let _ = writeln!(text, "  {}", catalogue::joined(&line, "office.between.sentences", lang));
    }
    let _ = writeln!(text, "\n{}", figures::screen(outcomes, lang));
    for outcome in outcomes {
        if let Err(why) = &outcome.figures {
            let _ = writeln!(text, "{}", told!(lang, "office.study.not_drawn", name = outcome.name, why));
        }
    }
    if !given.no_teams {
        let _ = writeln!(text, "{}", screen.word("office.study.district"));
    }
    let files: Vec<String> =
        given.out.iter().chain(&given.picture).map(|path| path.display().to_string()).collect();
    if !files.is_empty() {
        let _ = writeln!(text, "{}", told!(lang, "office.study.written", files = files.join(", ")));
    }
    let _ = writeln!(text, "{}", screen.word("office.study.unentered"));
    text
}

/// Writes the table and the picture.
fn write(
    given: &StudyArgs,
    lang: Lang,
    scope: &str,
    outcomes: &[Outcome],
    seeds: u64,
) -> Result<(), Failure> {
    let mut files = Vec::new();
    if let Some(path) = &given.out {
        let sheet = figures::sheet(outcomes, lang);
        let csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let titled = |sheet: Sheet| sheet.titled(title(scope, given, seeds, lang));
        files.push((path.as_path(), if csv { sheet.to_csv() } else { to_xlsx(&[titled(sheet)])? }));
    }
    if let Some(path) = &given.picture {
        let svg = picture::draw(outcomes, &title(scope, given, seeds, lang), &reading(given, lang), lang)?;
        files.push((path.as_path(), svg.into_bytes()));
    }
    write_all(files.iter().map(|(path, bytes)| (*path, bytes.as_slice())))
}
