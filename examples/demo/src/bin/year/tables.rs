//! The tables of the year and of a study.

use double_random::odds::ONE;
use double_random::policy::Billionths;
use double_random::study::StudySummary;
use double_random_support::screen::{Lang, columns, short};
use std::fmt::Write as _;

/// Units, frequency and visits of one pair of levels.
pub struct LevelRow {
    /// Risk level, as it is called.
    pub risk: String,
    /// Credit level.
    pub credit: String,
    /// Institutions times the share of the year they were at this level, billionths.
    pub years: u64,
    /// Visits a year by the policy.
    pub frequency: Billionths,
    /// Visits made.
    pub visits: u64,
}

/// Visits by level against the frequency.
pub fn levels(levels: &[LevelRow], lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &["", "institution-years", "frequency", "visits", "per year"],
        Lang::Zh => &["", "在册家·年", "规定频次", "检查次数", "家均年检查次数"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    for LevelRow { risk, credit, years, frequency, visits } in levels {
        let one = u128::from(ONE);
        let mean = (u128::from(*visits) * one * one).checked_div(u128::from(*years)).unwrap_or(0);
        rows.push(vec![
            format!("{risk} {credit}"),
            short(u128::from(*years)),
            frequency.to_string(),
            visits.to_string(),
            short(mean),
        ]);
    }
    columns(&rows)
}

/// Studies side by side.
pub fn studies(studies: &[(String, StudySummary)], lang: Lang) -> String {
    let head: &[&str] = match lang {
        Lang::En => &[
            "",
            "years",
            "visits a year",
            "of them control",
            "lowest coverage",
            "below a floor",
            "visits a round",
            "at zero",
            "certain",
            "guess",
            "longest gap (rounds)",
        ],
        Lang::Zh => &[
            "",
            "年数",
            "年均次数",
            "其中机动抽查",
            "最低覆盖率",
            "未达下限",
            "每轮次数",
            "零概率家数",
            "必查家数",
            "被猜中概率",
            "最长间隔（轮）",
        ],
    };
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
    for (name, summary) in studies {
        let gap = summary.levels.values().map(|level| level.longest_gap).max().unwrap_or(0);
        rows.push(vec![
            name.clone(),
            summary.years.to_string(),
            (summary.drawn / summary.years.max(1)).to_string(),
            short(summary.control),
            summary.lowest.map_or_else(String::new, |share| share.to_string()),
            summary.deficits.to_string(),
            format!("{}-{}", summary.load.least, summary.load.most),
            summary.safe.to_string(),
            summary.certain.to_string(),
            short(u128::from(summary.guess)),
            gap.to_string(),
        ]);
    }
    let mut out = columns(&rows);
    for (name, summary) in studies {
        let _ = writeln!(out, "\n{name}");
        let head = match lang {
            Lang::En => ["", "units", "frequency", "visits a year", "longest gap"],
            Lang::Zh => ["", "家数", "规定频次", "家均年检查次数", "最长间隔（轮）"],
        };
        let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).collect()];
        for ((risk, credit), level) in &summary.levels {
            rows.push(vec![
                format!("{risk} {credit}"),
                level.units.to_string(),
                short(u128::from(level.frequency)),
                short(u128::from(level.mean)),
                level.longest_gap.to_string(),
            ]);
        }
        out.push_str(&columns(&rows));
    }
    out
}
