//! The programmes of the five cities and the year of Fujian under several slacks, on the registers that are shipped.

use crate::{Failure, percent, two};
use double_random::bytes::{Digest, Label, Suite};
use double_random::frame::UnitRow;
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::plan::Foresight;
use double_random::policy::{Billionths, Design};
use double_random::study::{Study, StudySummary};
use double_random::{Frame, Policy};
use double_random_support::screen::Lang;
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
const SEEDS: usize = 8;

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
    /// Visits a year: the mean in hundredths, the fewest and the most under a seed.
    visits: [u64; 3],
    covered: u64,
    /// The largest of a round: levels due a visit a year and more, and the others.
    foresight: [u64; 2],
    certain: u64,
    /// Unit-years with 0, 1, 2, 3, 4 and more visits, of levels due a visit a year and more; all of them.
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
        let seed = |n: usize| Suite::Sha256.digest(Label::Study, format!("slack {n}").as_bytes());
        let seeds: Vec<Digest> = (1..=SEEDS).map(seed).collect();
        let each: Result<Vec<StudySummary>, _> = seeds.iter().map(|seed| study.run(&[*seed])).collect();
        let each = each?;
        let all = study.run(&seeds)?;
        let hundredths = |drawn: u64, years: u64| (200 * drawn + years) / (2 * years);
        let a_year = each.iter().map(|one| hundredths(one.drawn, one.years));
        let mut row = Row {
            visits: [
                hundredths(all.drawn, all.years),
                a_year.clone().min().unwrap_or(0),
                a_year.max().unwrap_or(0),
            ],
            covered: all.covered.map_or(0, |covered| 1000 * covered.part / covered.of.max(1)),
            deficits: all.deficits,
            ..Row::default()
        };
        let (mut certain, mut expected) = (0, 0);
        let mut rounds: BTreeMap<(u64, bool), [u128; 2]> = BTreeMap::new();
        for ((round, risk, credit), found) in &all.foresight {
            let often = self.is_often(risk, credit);
            let sums = rounds.entry((*round, often)).or_default();
            sums[0] += found.expected * u128::from(found.guess);
            sums[1] += found.expected * u128::from(found.least_guess());
            certain += u128::from(found.certain_by_schedule) * u128::from(ONE);
            expected += found.expected;
        }
        for ((_, often), [guess, least]) in rounds {
            let ratio = u64::try_from((guess * u128::from(ONE)).checked_div(least).unwrap_or(0))?;
            let place = usize::from(!often);
            row.foresight[place] = row.foresight[place].max(ratio);
        }
        row.certain = u64::try_from((certain * u128::from(ONE)).checked_div(expected).unwrap_or(0))?;
        for ((risk, credit), level) in &all.levels {
            row.gap = row.gap.max(level.longest_gap);
            if self.is_often(risk, credit) {
                for (visits, found) in &level.years {
                    row.years[usize::try_from(*visits)?.min(4)] += found;
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

/// The table of all tasks under all slacks; the last row of a task is its own rules.
pub(crate) fn table(slacks: &[String], years: u64, lang: Lang) -> Result<String, Failure> {
    let mut out = lang
        .say(
            "rounds  slack  visits a year (range)     covered  foresight f≥1, f<1  certain  years with 0 1 2 3 4+ visits (f≥1), %  longest gap\n",
            "轮次  浮动  年检查家次（范围）  覆盖率  可预见程度 f≥1、f<1  必然发生  全年 0 1 2 3 4+ 次的占比（f≥1）%  最长间隔（轮）\n",
        )
        .to_owned();
    for task in tasks()? {
        let units = task.frame.units().len();
        let head = match lang {
            Lang::En => format!("{}: {units} institutions on the frame\n", task.name),
            Lang::Zh => format!("{}：名录库 {units} 家\n", task.name),
        };
        out += &head;
        let rows = slacks.iter().map(|slack| (slack.as_str(), Some(slack.as_str())));
        for (name, slack) in rows.chain([(lang.say("own", "本案"), None)]) {
            let Row { visits: [mean, least, most], covered, foresight, certain, years, gap, deficits } =
                task.measured(slack, years)?;
            let visits = [mean, least, most]
                .map(|hundredths| format!("{}.{}", hundredths / 100, hundredths / 10 % 10));
            let all: u64 = years.iter().sum();
            let parts: Vec<String> = years.iter().map(|part| format!("{:>4}", percent(*part, all))).collect();
            out += &format!(
                "{:>6}  {name:>5}  {:>8} ({}–{})  {:>5}.{}%  {:>9} {:>5}  {:>6}%  {}  {gap:>4}{}\n",
                task.shares.len(),
                visits[0],
                visits[1],
                visits[2],
                covered / 10,
                covered % 10,
                two(foresight[0]),
                two(foresight[1]),
                percent(certain, ONE),
                parts.concat(),
                if deficits == 0 { "" } else { "  !" },
            );
        }
    }
    Ok(out)
}

/// A figure that is not used elsewhere.
#[allow(dead_code)]
fn ratio(found: &Foresight) -> u64 {
    found.ratio().unwrap_or(0)
}
