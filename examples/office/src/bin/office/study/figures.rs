//! What a study compares: figures of every seed, their median and range, and the same differences seed by seed.

use double_random::id::Code;
use double_random::odds::ONE;
use double_random::study::{self, StudySummary};
use double_random_office::catalogue;
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
    /// Its name for people, by its code in the catalogue.
    pub name: &'static str,
    /// Digits after the point.
    pub digits: u32,
    /// How it is read off.
    pub of: fn(&Tried<'_>) -> Option<i64>,
}

impl Figure {
    /// What it is called.
    pub fn name(&self, lang: Lang) -> &'static str {
        catalogue::word(self.name, lang)
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
        name: "office.study.figure_visits",
        digits: 1,
        of: |tried| a_year(tried, tried.summary.drawn),
    },
    Figure {
        code: "missed",
        name: "office.study.figure_missed",
        digits: 1,
        of: |tried| (tried.summary.missed > 0).then(|| a_year(tried, tried.summary.missed)).flatten(),
    },
    Figure {
        code: "covered",
        name: "office.study.figure_covered",
        digits: 1,
        of: |tried| {
            let share = tried.summary.covered?;
            quotient(u128::from(share.part) * 100, u128::from(share.of))
        },
    },
    Figure {
        code: "weakest",
        name: "office.study.figure_weakest",
        digits: 1,
        of: |tried| {
            let (_, share) = tried.summary.weakest.as_ref()?;
            quotient(u128::from(share.part) * 100, u128::from(share.of))
        },
    },
    Figure {
        code: "deficits",
        name: "office.study.figure_deficits",
        digits: 1,
        of: |tried| a_year(tried, tried.summary.deficits),
    },
    Figure {
        code: "unvisited",
        name: "office.study.figure_unvisited",
        digits: 0,
        of: |tried| quotient(u128::from(tried.summary.unvisited), 1),
    },
    Figure {
        code: "gap",
        name: "office.study.figure_gap",
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
        name: "office.study.figure_guess",
        digits: 3,
        of: |tried| quotient(u128::from(tried.summary.foreseen().guess), u128::from(ONE)),
    },
    Figure {
        code: "ratio",
        name: "office.study.figure_ratio",
        digits: 2,
        of: |tried| foresight(tried.summary, true),
    },
    Figure {
        code: "ratio_rare",
        name: "office.study.figure_ratio_rare",
        digits: 2,
        of: |tried| foresight(tried.summary, false),
    },
    Figure {
        code: "certain",
        name: "office.study.figure_certain",
        digits: 1,
        of: |tried| quotient(u128::from(tried.summary.foreseen().certain_part()) * 100, u128::from(ONE)),
    },
    Figure {
        code: "places",
        name: "office.study.figure_places",
        digits: 1,
        of: |tried| a_year(tried, tried.summary.work.as_ref()?.filled),
    },
    Figure {
        code: "vacancies",
        name: "office.study.figure_vacancies",
        digits: 1,
        of: |tried| a_year(tried, tried.summary.work.as_ref()?.vacancies),
    },
    Figure {
        code: "least_load",
        name: "office.study.figure_least_load",
        digits: 0,
        of: |tried| load(tried, |_| 0),
    },
    Figure {
        code: "median_load",
        name: "office.study.figure_median_load",
        digits: 0,
        of: |tried| load(tried, |last| last / 2),
    },
    Figure {
        code: "most_load",
        name: "office.study.figure_most_load",
        digits: 0,
        of: |tried| load(tried, |last| last),
    },
    Figure {
        code: "changes",
        name: "office.study.figure_changes",
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
    let _ = writeln!(out, "\n{}", catalogue::word("office.study.difference", lang));
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
    let header = [
        "office.study.head_variant",
        "office.study.head_changes",
        "office.study.head_figure",
        "office.study.head_median",
        "office.study.head_least",
        "office.study.head_most",
        "office.study.head_against",
        "office.study.head_against_least",
        "office.study.head_against_most",
    ]
    .map(|code| catalogue::word(code, lang));
    let mut rows = Vec::new();
    for (number, outcome) in outcomes.iter().enumerate() {
        let changes = catalogue::joined(&outcome.changes, "office.between.sentences", lang);
        if let Err(why) = &outcome.figures {
            let mut row =
                vec![outcome.name.clone(), changes, catalogue::word("office.study.no_draw", lang).to_owned()];
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
    Sheet::new(catalogue::word("office.study.sheet", lang), &header, rows)
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
