//! A year of five cities under their own rules: 上海松江, 盐城, 杭州, 苏州, 泉州. Every policy is made from the city's
//! rule pack and programme, every draw is verified with its rules, and every demand of the city's document
//! stands in a table with how the year met it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    unreachable_pub,
    dead_code,
    clippy::cast_possible_truncation
)]

mod city;
mod clauses;
mod demands;

use city::{CITIES, City, Year};
use clap::Parser;
use clauses::{CLAUSES, How};
use demands::{DEMANDS, Demand};
use double_random::bytes::encode;
use double_random::message::{AsParam as _, Coded as _};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::verify::Verdict;
use double_random_office::line::{judge, lang};
use double_random_office::{catalogue, say, told};
use double_random_support::files::{self, Failure, Files};
use double_random_support::out;
use double_random_support::screen::{Lang, explanation};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run the year of five cities under their rule packs.
#[derive(Parser)]
#[command(
    name = "five_cities",
    after_help = "Examples:
  five_cities                              all five, records written to target/five_cities
  five_cities --city quanzhou --lang zh    泉州一市
  five_cities --city yancheng --explain YC-0001   the probability of one institution, rule by rule
  five_cities --check pack.json programme.json    every problem of your own rules, or the number of policies they give
  five_cities --demands                    the table of demands, as in docs/demands.md"
)]
struct CitiesArgs {
    /// Only these cities.
    #[arg(long, value_parser = CITIES)]
    city: Vec<String>,
    /// Where to write records and rules. An existing file with another content is never overwritten.
    #[arg(long, default_value = "target/five_cities")]
    out: PathBuf,
    /// Explain the probability of an institution in every draw whose frame it is on.
    #[arg(long)]
    explain: Option<String>,
    /// Read a rule pack of your own, and a programme if there is one: every problem, or the number of
    /// policies they give.
    #[arg(long, num_args = 1..=2, value_names = ["PACK", "PROGRAMME"])]
    check: Vec<PathBuf>,
    /// Print the table of demands and nothing else.
    #[arg(long)]
    demands: bool,
    /// Print nothing.
    #[arg(long)]
    quiet: bool,
    /// Language of the screen; that of the terminal if not given.
    #[arg(long, value_parser = lang())]
    lang: Option<Lang>,
}

fn main() -> ExitCode {
    judge(run)
}

fn run(args: &CitiesArgs) -> Result<Verdict, Failure> {
    let lang = Lang::or_environment(args.lang);
    if args.demands {
        out::text(&table(lang))?;
        return Ok(Verdict::Confirmed);
    }
    if let Some(pack) = args.check.first() {
        check(pack, args.check.get(1), lang)?;
        return Ok(Verdict::Confirmed);
    }
    let examples = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut verdict = Verdict::Confirmed;
    for code in CITIES.iter().filter(|code| args.city.is_empty() || args.city.iter().any(|c| c == *code)) {
        let city = City::read(examples, code)?;
        let year = files::about(code, city.year())?;
        let met = year.draws.iter().all(|draw| {
            draw.report.verdict() == Verdict::Confirmed && draw.origin.verdict() == Verdict::Confirmed
        });
        let demands = demands_of(code);
        if !met
            || year.findings.is_refused()
            || !demands.iter().all(|demand| (demand.met)(&city, &year).holds)
        {
            verdict = Verdict::Refuted;
        }
        files(&city, &year)?.write(&args.out.join(code))?;
        if !args.quiet {
            out::text(&report(&city, &year, &demands, lang)?)?;
        }
        if let Some(unit) = &args.explain {
            explain(&year, unit, lang)?;
        }
    }
    if !args.quiet {
        let written = catalogue::word("screen.cities.written", lang);
        out!("{written} {}", args.out.display())?;
    }
    Ok(verdict)
}

/// Reads a pack and a programme, and makes every policy of the year.
fn check(pack: &Path, programme: Option<&PathBuf>, lang: Lang) -> Result<(), Failure> {
    let text = |path: &Path| files::text(path);
    let named = |path: &Path| path.display().to_string();
    let rules = files::about(&named(pack), Pack::from_json(&text(pack)?))?;
    let (items, documents) = (rules.items.len(), rules.documents.len());
    out!("{}", told!(lang, "screen.cities.pack", title = rules.title, items, documents))?;
    let Some(path) = programme else { return Ok(()) };
    let year = files::about(&named(path), Programme::from_json(&text(path)?))?;
    let (mut policies, mut problems) = (0, Vec::new());
    for task in &year.tasks {
        for (batch, _) in (1..).zip(&task.batches) {
            match year.policy(&rules, &task.code, batch, None) {
                Ok(_) => policies += 1,
                Err(error) => problems.push(error.message()),
            }
        }
    }
    if !problems.is_empty() {
        let (file, problems) = (named(path), problems.param());
        return Err(say!("screen.cities.problems", "{file}: {problems}", file, problems).into());
    }
    out!("{}", told!(lang, "screen.cities.policies_can_be_made", title = year.title, policies))?;
    Ok(())
}

fn demands_of(code: &str) -> Vec<&'static Demand> {
    DEMANDS.iter().filter(|demand| demand.of.contains(&code)).collect()
}

/// What a city's year printed.
fn report(city: &City, year: &Year, demands: &[&Demand], lang: Lang) -> Result<String, Failure> {
    let mut out = String::new();
    let (pack, programme) = (&city.pack, &city.programme);
    writeln!(out, "\n{} · {}", pack.title, programme.title)?;
    let document = &pack.documents[0];
    let number = document.number.as_ref().unwrap_or(&document.title);
    let (all, real) = (city.rows.len(), city.real);
    let advice = year.findings.advice().count();
    writeln!(
        out,
        "  {}",
        told!(
            lang,
            "screen.cities.rules",
            year = pack.year,
            number,
            issued = document.issued,
            all,
            real,
            breaches = year.findings.breaches().count(),
            advice
        )
    )?;
    for breach in year.findings.breaches() {
        writeln!(out, "    {}", catalogue::said(breach, lang))?;
    }
    for task in &programme.tasks {
        let draws: Vec<_> = year.draws.iter().filter(|draw| draw.task == task.code).collect();
        let visits: Vec<String> =
            draws.iter().map(|draw| draw.record.teams.visits.len().to_string()).collect();
        let confirmed = draws.iter().filter(|d| d.report.verdict() == Verdict::Confirmed).count();
        let label = |code| draws.first().map_or("", |draw| draw.policy.label(code));
        let departments: Vec<&str> = match lang {
            Lang::En => task.departments().map(|code| code.as_str()).collect(),
            Lang::Zh => task.departments().map(label).collect(),
        };
        let (visits, departments) =
            (visits.join(" + "), departments.join(catalogue::word("screen.cities.between", lang)));
        writeln!(
            out,
            "  {}",
            told!(
                lang,
                "screen.cities.task",
                title = task.title,
                code = task.code,
                visits,
                departments,
                confirmed,
                draws = draws.len()
            )
        )?;
    }
    let made = year.visits.iter().filter(|visit| visit.made).count();
    let merged = year.visits.iter().filter(|visit| visit.visit.draws.len() > 1).count();
    let picks: usize = year.draws.iter().map(|draw| draw.record.teams.visits.len()).sum();
    writeln!(
        out,
        "  {}",
        told!(
            lang,
            "screen.cities.visits",
            picks,
            visits = year.visits.len(),
            merged,
            made,
            left = year.visits.len() - made
        )
    )?;
    for demand in demands {
        let met = (demand.met)(city, year);
        let which = usize::from(lang == Lang::Zh);
        let mark = if met.holds {
            catalogue::word("screen.cities.met", lang)
        } else {
            catalogue::word("screen.cities.not_met", lang)
        };
        writeln!(out, "  [{mark}] {}", demand.says[which])?;
        writeln!(out, "        {}", met.figures[which])?;
        writeln!(out, "        → {}", demand.carried[which])?;
    }
    Ok(out)
}

/// The name of a city, and what its document is called.
fn named(code: &str) -> ([&'static str; 2], &'static str) {
    match code {
        "songjiang" => (["Songjiang", "松江"], "沪松府办〔2021〕18号"),
        "yancheng" => (["Yancheng", "盐城"], "盐城市改革完善医疗卫生行业综合监管制度实施方案"),
        "hangzhou" => (["Hangzhou", "杭州"], "杭州市医疗卫生行业综合监管工作重点任务清单"),
        "suzhou" => (["Suzhou", "苏州"], "苏府办〔2020〕166号"),
        _ => (["Quanzhou", "泉州"], "泉政办〔2020〕50号"),
    }
}

/// The tables of docs/demands: the demands, and the clauses of each document.
fn table(lang: Lang) -> String {
    let which = usize::from(lang == Lang::Zh);
    let head = catalogue::word("screen.cities.demands", lang);
    let mut out = format!("{head}\n|---|---|---|---|---|\n");
    for (number, demand) in (1..).zip(DEMANDS) {
        let of = if demand.of.len() == CITIES.len() {
            catalogue::word("screen.cities.all", lang).to_owned()
        } else {
            let names = demand.of.iter().map(|code| named(code).0[which]);
            catalogue::joined(&names.collect::<Vec<_>>(), "office.between.words", lang)
        };
        let (carried, test) = (demand.carried[which], demand.test[which]);
        let _ = writeln!(out, "| {number} | {} | {of} | {carried} | {test} |", demand.says[which]);
    }
    for city in CITIES {
        let (name, document) = named(city);
        let clauses = CLAUSES.iter().filter(|clause| clause.city == city);
        let head = catalogue::word("screen.cities.clauses", lang);
        let title = told!(lang, "screen.cities.city", name = name[which], document);
        let _ = writeln!(out, "\n## {title}\n\n{head}\n|---|---|---|");
        for clause in clauses {
            let says = if lang == Lang::Zh { clause.words } else { clause.says };
            let _ = writeln!(out, "| {} | {says} | {} |", clause.place, carrier(&clause.how, lang));
        }
    }
    out
}

/// What carries a clause, in words.
fn carrier(how: &How, lang: Lang) -> String {
    let which = usize::from(lang == Lang::Zh);
    match how {
        How::By(codes) => {
            let number = |code: &&str| DEMANDS.iter().position(|demand| demand.code == *code);
            let numbers = codes.iter().filter_map(number).map(|place| (place + 1).to_string());
            let numbers = catalogue::joined(&numbers.collect::<Vec<_>>(), "office.between.words", lang);
            told!(lang, "screen.cities.number", numbers)
        }
        How::Rule(words) => words[which].to_owned(),
        How::Outside(words) => {
            format!("{}{}", told!(lang, "screen.cities.outside"), words[which])
        }
    }
}

/// The probability of an institution and its grounds, draw by draw.
fn explain(year: &Year, unit: &str, lang: Lang) -> Result<(), Failure> {
    let id = double_random::UnitId::parse(unit)?;
    for draw in &year.draws {
        if let Some(explained) = draw.plan.explain(&id) {
            let explained = explanation(&explained, &draw.policy, lang);
            out!("{} {} ({})\n{explained}", draw.task, draw.batch, draw.drawn)?;
        }
    }
    Ok(())
}

/// What is kept of a year: the rules it followed, and for each draw what the public and what an auditor gets.
fn files(city: &City, year: &Year) -> Result<Files, Failure> {
    let mut files = Files::default();
    files.add_for("pack.json", city.pack.to_json()?, ["the rules of the city", "规则包"]);
    files.add_for("programme.json", city.programme.to_json()?, ["the tasks of the year", "年度抽查计划"]);
    for draw in &year.draws {
        let place = format!("{}-{}", draw.task, draw.batch);
        let purpose = ["one draw: published files and files for auditors", "一次抽取：公布文件与审计文件"];
        files.lists(&format!("{place}/"), purpose);
        files.add(&format!("{place}/public/record.json"), draw.record.to_json());
        files.add(&format!("{place}/public/seal.json"), encode(&draw.record.seal)?);
        files.add(&format!("{place}/public/policy.json"), encode(&draw.policy)?);
        files.add(&format!("{place}/public/beacon.json"), encode(&draw.record.beacon)?);
        let auditor = format!("{place}/auditor");
        files.add(&format!("{auditor}/frame.json"), draw.frame.to_json(&draw.salt));
        files.add(&format!("{auditor}/roster.json"), draw.plan.roster().to_json(&draw.salt));
        files.add(&format!("{auditor}/cycle.json"), draw.before.to_json(&draw.salt));
        files.add(&format!("{auditor}/dossier.json"), draw.dossier.to_json(&draw.salt));
    }
    Ok(files.indexed(["A year of one city: what each file is for", "一市全年：各文件用途"]))
}
