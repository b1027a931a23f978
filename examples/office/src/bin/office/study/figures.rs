//! What a study compares: figures of every seed, their median and range, and the same differences seed by seed.

use double_random::id::Code;
use double_random::odds::ONE;
use double_random::study::{self, StudySummary};
use double_random_office::sheet::Sheet;
use double_random_support::screen::{Lang, columns};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What one variant did under one seed.
pub struct Tried<'a> {
    pub summary: &'a StudySummary,
    /// Rounds a year.
    pub rounds: u64,
    /// Years under one seed.
    pub years: u64,
}

/// One figure, in thousandths; `None` where there is nothing to measure.
pub struct Figure {
    /// Its name for machines.
    pub code: &'static str,
    /// Its name for people.
    pub name: [&'static str; 2],
    /// Digits after the point.
    pub digits: u32,
    /// How it is read off.
    pub of: fn(&Tried<'_>) -> Option<i64>,
}

impl Figure {
    /// What it is called.
    pub const fn name(&self, lang: Lang) -> &'static str {
        lang.say(self.name[0], self.name[1])
    }
}

/// A quotient in thousandths, rounded half up.
fn quotient(part: u128, of: u128) -> Option<i64> {
    i64::try_from((part * 1000 + of / 2).checked_div(of)?).ok()
}

fn a_year(tried: &Tried<'_>, count: u64) -> Option<i64> {
    quotient(u128::from(count), u128::from(tried.summary.years))
}

/// The value at a place of the ordered loads: the fewest, the lower of the middle two, the most.
fn load(tried: &Tried<'_>, place: fn(usize) -> usize) -> Option<i64> {
    let loads = &tried.summary.work.as_ref()?.loads;
    let last = loads.len().checked_sub(1)?;
    i64::try_from(loads[place(last)]).ok().map(|load| load * 1000)
}

/// The guess over the least possible one in the round where that is most: of the levels due a visit a year or more, or of
/// the others.
fn foresight(summary: &StudySummary, often: bool) -> Option<i64> {
    let due = |risk: &Code, credit: &Code| {
        let level = summary.levels.get(&(risk.clone(), credit.clone()));
        level.is_some_and(|level| level.frequency >= ONE)
    };
    let own = summary.foresight.iter().filter(|((_, risk, credit), _)| due(risk, credit) == often);
    let ratio = study::foresight_ratio(own.map(|((round, ..), found)| (*round, found)))?;
    quotient(u128::from(ratio), u128::from(ONE))
}

/// All of them, in the order of the table.
pub const FIGURES: [Figure; 17] = [
    Figure {
        code: "visits",
        name: ["visits a year", "年抽查家次"],
        digits: 1,
        of: |tried| a_year(tried, tried.summary.drawn),
    },
    Figure {
        code: "missed",
        name: ["of them not made, a year", "其中未能实施（年）"],
        digits: 1,
        of: |tried| (tried.summary.missed > 0).then(|| a_year(tried, tried.summary.missed)).flatten(),
    },
    Figure {
        code: "covered",
        name: ["coverage at the end of a year, %", "年末覆盖率（%）"],
        digits: 1,
        of: |tried| {
            let share = tried.summary.covered?;
            quotient(u128::from(share.part) * 100, u128::from(share.of))
        },
    },
    Figure {
        code: "weakest",
        name: ["lowest coverage of an area with a floor, %", "设下限的区域中最低覆盖率（%）"],
        digits: 1,
        of: |tried| {
            let (_, share) = tried.summary.weakest.as_ref()?;
            quotient(u128::from(share.part) * 100, u128::from(share.of))
        },
    },
    Figure {
        code: "deficits",
        name: ["floors that were not reached, a year", "未达下限的区域数（年）"],
        digits: 1,
        of: |tried| a_year(tried, tried.summary.deficits),
    },
    Figure {
        code: "unvisited",
        name: ["institutions without a visit in all years", "全部年份均未被查的家数"],
        digits: 0,
        of: |tried| quotient(u128::from(tried.summary.unvisited), 1),
    },
    Figure {
        code: "gap",
        name: ["longest time without a visit, days", "最长未检查时间（天）"],
        digits: 0,
        of: |tried| {
            let gap = tried.summary.levels.values().map(|level| level.longest_gap).max()?;
            // The time before the first round and after the last one counts, but nobody was seen for longer than
            // the study.
            let days = u128::from(gap) * 365;
            quotient(days.min(u128::from(tried.years * tried.rounds) * 365), u128::from(tried.rounds))
        },
    },
    Figure {
        code: "guess",
        name: ["an outsider's guess of a visit", "外人猜中一次检查的概率"],
        digits: 3,
        of: |tried| quotient(u128::from(tried.summary.foreseen().guess), u128::from(ONE)),
    },
    Figure {
        code: "ratio",
        name: [
            "what history tells (1: nothing), levels due yearly or more",
            "可预见程度（1 为毫无用处），每年一次及以上的等级",
        ],
        digits: 2,
        of: |tried| foresight(tried.summary, true),
    },
    Figure {
        code: "ratio_rare",
        name: ["what history tells, levels due less often", "可预见程度，频次较低的等级"],
        digits: 2,
        of: |tried| foresight(tried.summary, false),
    },
    Figure {
        code: "certain",
        name: ["visits certain by schedule or floor, %", "按排期或下限必然发生的检查（%）"],
        digits: 1,
        of: |tried| quotient(u128::from(tried.summary.foreseen().certain_part()) * 100, u128::from(ONE)),
    },
    Figure {
        code: "places",
        name: ["officers sent, a year", "派出执法人员人次（年）"],
        digits: 1,
        of: |tried| a_year(tried, tried.summary.work.as_ref()?.filled),
    },
    Figure {
        code: "vacancies",
        name: ["places left empty, a year", "缺员席位（年）"],
        digits: 1,
        of: |tried| a_year(tried, tried.summary.work.as_ref()?.vacancies),
    },
    Figure {
        code: "least_load",
        name: ["visits of an officer and year: fewest", "每人每年检查家次：最少"],
        digits: 0,
        of: |tried| load(tried, |_| 0),
    },
    Figure {
        code: "median_load",
        name: ["visits of an officer and year: median", "每人每年检查家次：中位数"],
        digits: 0,
        of: |tried| load(tried, |last| last / 2),
    },
    Figure {
        code: "most_load",
        name: ["visits of an officer and year: most", "每人每年检查家次：最多"],
        digits: 0,
        of: |tried| load(tried, |last| last),
    },
    Figure {
        code: "changes",
        name: ["changes of district, of an officer and year", "每人每年跨区次数"],
        digits: 2,
        of: |tried| {
            let work = tried.summary.work.as_ref()?;
            quotient(u128::from(work.changes), work.loads.len() as u128)
        },
    },
];

/// The figures of which differences are shown on the screen.
const COMPARED: [&str; 8] = ["visits", "covered", "weakest", "gap", "guess", "ratio", "most_load", "changes"];

/// Median and range of a figure over the seeds. The median is the lower of the middle two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub least: i64,
    pub median: i64,
    pub most: i64,
}

impl Spread {
    fn of(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        let last = values.len().checked_sub(1)?;
        Some(Self { least: values[0], median: values[last / 2], most: values[last] })
    }

    fn text(self, digits: u32, signed: bool) -> String {
        let one = |value| decimal(value, digits, signed);
        if self.least == self.most {
            return one(self.median);
        }
        format!("{} ({} … {})", one(self.median), one(self.least), one(self.most))
    }
}

/// A number of thousandths with so many digits after the point, rounded half away from zero.
pub fn decimal(thousandths: i64, digits: u32, signed: bool) -> String {
    let unit = 10_u64.pow(3 - digits.min(3));
    let parts = (thousandths.unsigned_abs() + unit / 2) / unit;
    let whole = 10_u64.pow(digits.min(3));
    let sign = match (thousandths < 0 && parts > 0, signed) {
        (true, _) => "−",
        (false, true) => "+",
        (false, false) => "",
    };
    let width = digits as usize;
    match digits {
        0 => format!("{sign}{parts}"),
        _ => format!("{sign}{}.{:0width$}", parts / whole, parts % whole),
    }
}

/// The outcome of one variant: figures of every seed, in the order of the list; or why it could not be drawn.
pub struct Outcome {
    pub name: String,
    pub changes: Vec<String>,
    pub rounds: Vec<String>,
    pub units: u64,
    pub officers: u64,
    /// By figure, then by seed.
    pub figures: Result<Vec<Vec<Option<i64>>>, String>,
}

impl Outcome {
    /// All figures of the summaries of its seeds.
    pub fn figures(rounds: u64, years: u64, summaries: &[StudySummary]) -> Vec<Vec<Option<i64>>> {
        let of = |figure: &Figure| {
            summaries.iter().map(|summary| (figure.of)(&Tried { summary, rounds, years })).collect()
        };
        FIGURES.iter().map(of).collect()
    }

    /// Median and range of a figure.
    pub fn spread(&self, place: usize) -> Option<Spread> {
        let values = &self.figures.as_ref().ok()?[place];
        Spread::of(values.iter().copied().collect::<Option<_>>()?)
    }

    /// The same of the differences from another variant under the same seed.
    pub fn against(&self, other: &Self, place: usize) -> Option<Spread> {
        let (own, other) = (self.figures.as_ref().ok()?, other.figures.as_ref().ok()?);
        let pairs = own[place].iter().zip(&other[place]);
        Spread::of(pairs.map(|(own, other)| Some((*own)? - (*other)?)).collect::<Option<_>>()?)
    }
}

/// Whether any variant has a figure.
fn known(outcomes: &[Outcome], place: usize) -> bool {
    outcomes.iter().any(|outcome| outcome.spread(place).is_some())
}

/// The table on the screen: a row for each figure, a column for each variant.
pub fn screen(outcomes: &[Outcome], lang: Lang) -> String {
    let head = || outcomes.iter().map(|outcome| outcome.name.clone());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(head()).collect()];
    for (place, figure) in FIGURES.iter().enumerate().filter(|(place, _)| known(outcomes, *place)) {
        let mut row = vec![figure.name(lang).to_owned()];
        let text = |spread: Spread| spread.text(figure.digits, false);
        row.extend(outcomes.iter().map(|outcome| outcome.spread(place).map_or_else(|| "–".into(), text)));
        rows.push(row);
    }
    let mut out = columns(&rows);
    let Some((first, others)) = outcomes.split_first().filter(|(_, others)| !others.is_empty()) else {
        return out;
    };
    let _ = writeln!(
        out,
        "\n{}",
        lang.say(
            "Difference from the adopted rules under the same seed:",
            "与现行方案在同一随机种子下的差值："
        )
    );
    let head = others.iter().map(|outcome| outcome.name.clone());
    let mut rows: Vec<Vec<String>> = vec![std::iter::once(String::new()).chain(head).collect()];
    for (place, figure) in FIGURES.iter().enumerate().filter(|(place, _)| known(outcomes, *place)) {
        if !COMPARED.contains(&figure.code) {
            continue;
        }
        let mut row = vec![figure.name(lang).to_owned()];
        let text = |spread: Spread| spread.text(figure.digits, true);
        let against = |outcome: &Outcome| outcome.against(first, place).map_or_else(|| "–".into(), text);
        row.extend(others.iter().map(against));
        rows.push(row);
    }
    out.push_str(&columns(&rows));
    out
}

/// The table as a file: one row for each variant and figure.
pub fn sheet(outcomes: &[Outcome], lang: Lang) -> Sheet {
    let header: &[&str] = match lang {
        Lang::En => &[
            "variant",
            "changes",
            "figure",
            "median",
            "least",
            "most",
            "difference from the adopted rules: median",
            "difference: least",
            "difference: most",
        ],
        Lang::Zh => &[
            "方案",
            "调整内容",
            "指标",
            "中位数",
            "最小",
            "最大",
            "与现行方案之差：中位数",
            "差值最小",
            "差值最大",
        ],
    };
    let mut rows = Vec::new();
    for (number, outcome) in outcomes.iter().enumerate() {
        let changes = outcome.changes.join(lang.say("; ", "；"));
        if let Err(why) = &outcome.figures {
            let mut row = vec![outcome.name.clone(), changes, lang.say("no draw", "无法抽取").to_owned()];
            row.push(why.clone());
            row.resize(header.len(), String::new());
            rows.push(row);
            continue;
        }
        for (place, figure) in FIGURES.iter().enumerate() {
            let Some(spread) = outcome.spread(place) else { continue };
            let mut row = vec![outcome.name.clone(), changes.clone(), figure.name(lang).to_owned()];
            let three = |spread: Spread| [spread.median, spread.least, spread.most];
            row.extend(three(spread).map(|value| plain(value, figure.digits)));
            let against = outcomes.first().filter(|_| number > 0);
            match against.and_then(|first| outcome.against(first, place)) {
                Some(spread) => row.extend(three(spread).map(|value| plain(value, figure.digits))),
                None => row.extend(["", "", ""].map(str::to_owned)),
            }
            rows.push(row);
        }
    }
    Sheet::new(lang.say("study", "试算"), header, rows)
}

/// A number as a table has it: with the minus of a keyboard.
fn plain(thousandths: i64, digits: u32) -> String {
    decimal(thousandths, digits, false).replace('−', "-")
}

/// For machines: every figure of every seed, in thousandths.
pub fn json(outcomes: &[Outcome]) -> Vec<Value> {
    let one = |outcome: &Outcome| {
        let mut value = json!({
            "name": outcome.name, "changes": outcome.changes, "shares": outcome.rounds,
            "units": outcome.units, "officers": outcome.officers,
        });
        match &outcome.figures {
            Err(why) => value["refused"] = json!(why),
            Ok(figures) => {
                for (place, figure) in FIGURES.iter().enumerate() {
                    if let Some(Spread { least, median, most }) = outcome.spread(place) {
                        value["figures_thousandths"][figure.code] = json!({
                            "least": least, "median": median, "most": most, "by_seed": figures[place],
                        });
                    }
                }
            }
        }
        value
    };
    outcomes.iter().map(one).collect()
}
