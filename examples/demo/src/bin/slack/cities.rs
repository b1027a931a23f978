//! The programmes of the five cities and the year of Fujian under several slacks, on the registers that are shipped.

use crate::{percent, two};
use double_random::bytes::Suite;
use double_random::frame::UnitRow;
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Design};
use double_random::study::{Study, StudySummary, foresight_ratio, seeds};
use double_random::{Frame, Policy};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use double_random_support::{catalogue, told};
use std::collections::BTreeMap;
use std::path::Path;

/// A task of a programme, or a policy with its rounds, on its register.
struct Task {
    name: String,
    policy: Policy,
    frame: Frame,
    shares: Vec<Billionths>,
}

/// The seeds; each is a run of years, so that what differs between them is chance.
const SEEDS: u64 = 4;

/// All tasks that draw by the frequency of levels. A rate over the year has no levels, and no slack.
fn tasks() -> Result<Vec<Task>, Failure> {
    let examples = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut tasks = vec![fujian(examples)?];
    for code in crate::city::CITIES {
        let city = crate::city::City::read(examples, code)?;
        let dossier = city.opening()?;
        for task in city.programme.tasks.iter().filter(|task| task.design == (Design::Frequency {})) {
            let policy = city.programme.policy(&city.pack, &task.code, 1, None)?;
            let frame = city.frame(&policy, &dossier)?;
            let shares = task.batches.iter().map(|batch| batch.share).collect();
            tasks.push(Task { name: format!("{code} {}", task.code), policy, frame, shares });
        }
    }
    Ok(tasks)
}

/// The year of the nine cities, on the register of its first round.
fn fujian(examples: &Path) -> Result<Task, Failure> {
    let data = examples.join("data");
    let policy = Policy::from_json(&std::fs::read_to_string(data.join("fujian_policy.json"))?)?;
    let mut reader = csv::Reader::from_path(data.join("fujian_units.csv"))?;
    let mut rows = Vec::new();
    for (number, row) in (2..).zip(reader.deserialize()) {
        let row: BTreeMap<String, String> = row?;
        if row["列入轮次"] == "1" {
            let of = |column: &str| row[column].clone();
            rows.push(UnitRow {
                row: number,
                id: of("机构标识"),
                name: of("机构名称"),
                division: of("设区市"),
                kind: of("类别"),
                risk: of("风险"),
                credit: of("信用"),
                ..UnitRow::default()
            });
        }
    }
    let frame = Frame::new(rows, &policy.frame, policy.as_of)?;
    Ok(Task { name: "fujian".into(), policy, frame, shares: vec![Billionths::new(ONE / 4)?; 4] })
}

/// What the table shows of one task under one slack.
#[derive(Default)]
struct Row {
    /// Visits a year in tenths: the mean, the fewest and the most under a seed.
    visits: [u64; 3],
    /// Of the active units, those that were reached in the year, in thousandths.
    covered: u64,
    /// The largest of a round, billionths: levels due a visit a year and more, and the others.
    foresight: [u64; 2],
    /// The part of all visits that is certain by schedule or floor, billionths.
    certain: u64,
    /// Unit-years with 0, 1, 2, 3, 4 and more visits, of levels due a visit a year and more.
    years: [u64; 5],
    gap: u64,
    deficits: u64,
}

impl Task {
    /// The task with one slack in all levels, or with its own.
    fn measured(&self, slack: Option<&str>, years: u64) -> Result<Row, Failure> {
        let mut terms = self.policy.clone().into_terms();
        if let Some(slack) = slack {
            let slack = Billionths::parse(slack)?;
            terms.frequency.iter_mut().for_each(|entry| entry.slack = slack);
        }
        let study = Study::new(self.frame.clone(), Policy::new(terms)?, self.shares.clone(), years)?;
        let seeds = seeds(Suite::Sha256, "slack", SEEDS);
        let found: Result<Vec<StudySummary>, _> = seeds.iter().map(|seed| study.run(&[*seed])).collect();
        self.row(&found?)
    }

    /// The figures of the years under all seeds.
    fn row(&self, found: &[StudySummary]) -> Result<Row, Failure> {
        let tenths = |drawn: u64, years: u64| (20 * drawn + years) / (2 * years.max(1));
        let each = found.iter().map(|one| tenths(one.drawn, one.years));
        let sum = |part: fn(&StudySummary) -> u64| found.iter().map(part).sum::<u64>();
        let mean = tenths(sum(|one| one.drawn), sum(|one| one.years));
        let reached = sum(|one| one.covered.map_or(0, |covered| covered.part));
        let active = sum(|one| one.covered.map_or(0, |covered| covered.of));
        let mut row = Row {
            visits: [mean, each.clone().min().unwrap_or(0), each.max().unwrap_or(0)],
            covered: (2000 * reached + active) / (2 * active.max(1)),
            deficits: sum(|one| one.deficits),
            ..Row::default()
        };
        let mut levels: BTreeMap<(u64, &Code, &Code), Foresight> = BTreeMap::new();
        for ((round, risk, credit), one) in found.iter().flat_map(|one| &one.foresight) {
            let known = levels.entry((*round, risk, credit)).or_default();
            *known = known.together(one);
        }
        row.foresight = [true, false].map(|often| {
            let own = levels.iter().filter(|((_, risk, credit), _)| self.is_often(risk, credit) == often);
            foresight_ratio(own.map(|((round, ..), one)| (*round, one))).unwrap_or(0)
        });
        let all = levels.values().fold(Foresight::default(), |sum, one| sum.together(one));
        row.certain = all.certain_part();
        for ((risk, credit), level) in found.iter().flat_map(|one| &one.levels) {
            row.gap = row.gap.max(level.longest_gap);
            if self.is_often(risk, credit) {
                for (visits, units) in &level.years {
                    row.years[usize::try_from(*visits)?.min(4)] += units;
                }
            }
        }
        Ok(row)
    }

    /// Whether a level is due a visit a year or more.
    fn is_often(&self, risk: &Code, credit: &Code) -> bool {
        self.policy.frequency_of(risk, credit).is_some_and(|entry| entry.visits >= Billionths::ONE)
    }
}

/// A ratio with two digits; a dash where there is no such level.
fn ratio(billionths: u64) -> String {
    if billionths == 0 { "–".to_owned() } else { two(billionths) }
}

/// The table of all tasks under all slacks; the last row of a task is its rules as they are shipped.
pub(crate) fn table(slacks: &[String], years: u64, lang: Lang) -> Result<String, Failure> {
    let head = catalogue::word("screen.slack.cities", lang);
    let mut out = format!("{head}\n");
    for task in tasks()? {
        let units = task.frame.units().len();
        out += &format!("{}\n", told!(lang, "screen.slack.register", name = task.name, units));
        let rows = slacks.iter().map(|slack| (slack.as_str(), Some(slack.as_str())));
        for (name, slack) in rows.chain([(catalogue::word("screen.slack.shipped", lang), None)]) {
            let Row { visits, covered, foresight, certain, years, gap, deficits } =
                task.measured(slack, years)?;
            let [mean, least, most] = visits.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
            let all: u64 = years.iter().sum();
            let parts: Vec<String> = years.iter().map(|part| format!("{:>4}", percent(*part, all))).collect();
            let parts = if all == 0 { format!("{:>20}", "–") } else { parts.concat() };
            out += &format!(
                "{:>6}  {name:>7}  {mean:>6} ({least}–{most})  {:>4}.{} %  {:>8}  {:>6}  {:>5} %  {parts}  {gap:>4}{}\n",
                task.shares.len(),
                covered / 10,
                covered % 10,
                ratio(foresight[0]),
                ratio(foresight[1]),
                percent(certain, ONE),
                if deficits == 0 {
                    String::new()
                } else {
                    format!("  {deficits} {}", catalogue::word("screen.slack.floors_missed", lang))
                },
            );
        }
    }
    Ok(out)
}
