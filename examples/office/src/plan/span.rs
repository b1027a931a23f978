//! Times of a year as plans give them: `1月—12月`, `2026.03.01-2026.11.30`, 上半年, 6月底前, 3月起.

use crate::say;
use crate::table::{day, ends};
use double_random::calendar::Date;
use double_random::message::Message;

/// Which end of a time is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Both are said.
    No,
    /// The beginning: 6月底前.
    Begin,
    /// The end: 3月起.
    End,
}

/// A time within a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Which of them is not said, and is that of the year.
    pub open: Open,
}

/// One end of a time: a day, or months of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    year: Option<u64>,
    first: u64,
    last: u64,
    day: Option<u64>,
    /// A number alone, which is a month only beside one that says so: `1` of `1-12月`.
    bare: bool,
}

/// Parts of a year that have a name, and their months.
const PARTS: [(&str, u64, u64); 19] = [
    ("全年", 1, 12),
    ("长期", 1, 12),
    ("常年", 1, 12),
    ("年内", 1, 12),
    ("年度", 1, 12),
    ("", 1, 12),
    ("上半年", 1, 6),
    ("下半年", 7, 12),
    ("一季度", 1, 3),
    ("二季度", 4, 6),
    ("三季度", 7, 9),
    ("四季度", 10, 12),
    ("1季度", 1, 3),
    ("2季度", 4, 6),
    ("3季度", 7, 9),
    ("4季度", 10, 12),
    ("年底", 12, 12),
    ("年初", 1, 1),
    ("年末", 12, 12),
];

/// The values of a text and its shape: `2026年3月1日` is Y年N月N日.
fn shape(text: &str) -> Option<(String, Vec<u64>)> {
    let (mut shape, mut values, mut digits) = (String::new(), Vec::new(), String::new());
    for letter in text.chars().filter(|c| !c.is_whitespace()).chain(['\n']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        match digits.len() {
            0 => {}
            1 | 2 => shape.push('N'),
            4 => shape.push('Y'),
            _ => return None,
        }
        if !digits.is_empty() {
            values.push(digits.parse().ok()?);
            digits.clear();
        }
        shape.push(letter);
    }
    Some((shape.trim_end().to_owned(), values))
}

/// One end of a time; `ends` says that it is the last one. 底 and 末 end a month, 初 begins one.
fn point(text: &str, begins: bool, last: bool) -> Option<Point> {
    let text = text.trim();
    let iso = day(text);
    let text = if Date::parse(&iso).is_ok() { iso.as_str() } else { text };
    let mut bare = text.trim_start_matches(['自', '从']).trim_end_matches("月份");
    let whole = if bare.len() < text.trim_start_matches(['自', '从']).len() {
        format!("{bare}月")
    } else {
        bare.to_owned()
    };
    bare = whole.as_str();
    let named =
        |text: &str| PARTS.iter().find(|(name, ..)| *name == text).map(|(_, first, last)| (*first, *last));
    let year = bare.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()));
    let (year, rest) = match year.and_then(|year| Some((year, bare.get(4..)?.trim_start()))) {
        Some((year, rest)) if !rest.starts_with(|c: char| c.is_ascii_digit()) => (year.parse().ok(), rest),
        _ => (None, bare),
    };
    let part = rest.strip_prefix('年').filter(|_| year.is_some()).unwrap_or(rest);
    let part = part.strip_prefix('第').unwrap_or(part);
    // 年底 of "2026年底" keeps its 年.
    let found = named(part).or_else(|| named(rest)).filter(|_| year.is_some() || !rest.is_empty());
    if let Some((first, last)) = found {
        return Some(Point { year, first, last, day: None, bare: false });
    }
    if last {
        bare = bare.strip_suffix(['底', '末']).unwrap_or(bare);
    }
    if begins {
        bare = bare.strip_suffix('初').unwrap_or(bare);
    }
    let (shape, values) = shape(bare)?;
    let at = |n: usize| values.get(n).copied();
    let month = |year, month, day| Point { year, first: month, last: month, day, bare: false };
    match shape.as_str() {
        "Y年N月N日" | "Y年N月N号" | "Y年N月N" | "Y-N-N" | "Y/N/N" | "Y.N.N" => {
            Some(month(at(0), at(1)?, at(2)))
        }
        "Y年N月" | "Y-N" | "Y/N" | "Y.N" => Some(month(at(0), at(1)?, None)),
        "N月N日" | "N月N号" | "N月N" | "N.N" | "N/N" => Some(month(None, at(0)?, at(1))),
        "N月" => Some(month(None, at(0)?, None)),
        "N" => Some(Point { bare: true, ..month(None, at(0)?, None) }),
        _ => None,
    }
}

/// A text without words that tell nothing of the time, and which end of it is not said.
fn opened(text: &str) -> (&str, Open) {
    let mut text = text.trim();
    for word in ["完成", "开展", "进行", "实施", "结束", "期间"] {
        text = text.strip_suffix(word).unwrap_or(text).trim_end();
    }
    for word in ["以前", "之前", "前", "为止", "止"] {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest.trim_start_matches("截止").trim_start_matches("截至").trim(), Open::Begin);
        }
    }
    for word in ["截止", "截至"] {
        if let Some(rest) = text.strip_prefix(word) {
            return (rest.trim_start_matches(['到', '至', ':']).trim(), Open::Begin);
        }
    }
    for word in ["以后", "之后", "开始", "起"] {
        if let Some(rest) = text.strip_suffix(word) {
            return (rest.trim(), Open::End);
        }
    }
    (text, Open::No)
}

/// Reads a time. A year that is not said is `year`.
///
/// # Errors
/// Why it cannot be read.
pub fn span(text: &str, year: u64) -> Result<Span, Message> {
    let unread = || say!("office.plan.no_time", "\"{text}\" is no time that can be read", text);
    let whole: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // The 至 of 截至 is no range.
    let whole = ["截止至", "截止到", "截至"].iter().fold(whole, |text, word| text.replace(word, "截止"));
    let (from, to) = ends(&whole);
    // Only one end is said: 3月起, 6月底前. Between two ends such words say nothing: 自3月1日起至11月30日止.
    let (first, last, open) = if from == to {
        let (bare, open) = opened(&from);
        let point = point(bare, open != Open::Begin, open != Open::End).ok_or_else(unread)?;
        (point, point, open)
    } else {
        let (from, to) = (opened(&from).0, opened(&to).0);
        (point(from, true, false).ok_or_else(unread)?, point(to, false, true).ok_or_else(unread)?, Open::No)
    };
    if last.bare || (first.bare && last.day.is_some()) {
        return Err(unread());
    }
    let end_year = last.year.or(first.year).unwrap_or(year);
    let begin_year = first.year.unwrap_or(end_year);
    let date = |year: u64, month: u64, day: u64| Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok();
    let end = |year: u64, month: u64| (28..=31).rev().find_map(|day| date(year, month, day));
    let begins = match first.day {
        _ if open == Open::Begin => date(end_year, 1, 1),
        Some(day) => date(begin_year, first.first, day),
        None => date(begin_year, first.first, 1),
    };
    let finishes = match last.day {
        _ if open == Open::End => date(end_year, 12, 31),
        Some(day) => date(end_year, last.last, day),
        None => end(end_year, last.last),
    };
    let (Some(from), Some(to)) = (begins, finishes) else { return Err(unread()) };
    if from > to {
        return Err(say!("office.plan.backwards", "\"{text}\" ends before it begins", text));
    }
    if begin_year != year || end_year != year {
        return Err(say!(
            "office.plan.other_year",
            "\"{text}\" lies outside {year}, the year of the programme",
            text,
            year
        ));
    }
    Ok(Span { from, to, open })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match span(text, 2026) {
            Ok(span) => format!("{} {} {:?}", span.from, span.to, span.open),
            Err(why) => why.rule().to_owned(),
        }
    }

    #[test]
    fn times_of_plans() {
        for (text, wanted) in [
            ("1月—12月", "2026-01-01 2026-12-31 No"),
            ("1-12月", "2026-01-01 2026-12-31 No"),
            ("3月-11月", "2026-03-01 2026-11-30 No"),
            ("2026.03.01-2026.11.30", "2026-03-01 2026-11-30 No"),
            ("2026年3月1日 -2026年11月30日", "2026-03-01 2026-11-30 No"),
            ("2026年3月至11月", "2026-03-01 2026-11-30 No"),
            ("自2026年3月1日起至11月30日止", "2026-03-01 2026-11-30 No"),
            ("3.1-11.30", "2026-03-01 2026-11-30 No"),
            ("2026/5/20至2026/11/20", "2026-05-20 2026-11-20 No"),
            ("20260301-20261130", "office.plan.no_time"),
            ("2026-03-05", "2026-03-05 2026-03-05 No"),
            ("6月", "2026-06-01 2026-06-30 No"),
            ("6月份", "2026-06-01 2026-06-30 No"),
            ("2026年", "2026-01-01 2026-12-31 No"),
            ("全年", "2026-01-01 2026-12-31 No"),
            ("2026年上半年", "2026-01-01 2026-06-30 No"),
            ("第三季度", "2026-07-01 2026-09-30 No"),
            ("二季度至四季度", "2026-04-01 2026-12-31 No"),
            // One end is said.
            ("6月底前", "2026-01-01 2026-06-30 Begin"),
            ("6月30日前完成", "2026-01-01 2026-06-30 Begin"),
            ("截至11月30日", "2026-01-01 2026-11-30 Begin"),
            ("年底前", "2026-01-01 2026-12-31 Begin"),
            ("3月起", "2026-03-01 2026-12-31 End"),
            ("3月1日开始", "2026-03-01 2026-12-31 End"),
            // Two times are no time from one to the other, and a number without a unit is no month.
            ("3月、9月", "office.plan.no_time"),
            ("一、三季度", "office.plan.no_time"),
            ("5日", "office.plan.no_time"),
            ("第3周", "office.plan.no_time"),
            ("每3个月", "office.plan.no_time"),
            ("每季度", "office.plan.no_time"),
            ("7", "office.plan.no_time"),
            ("13月", "office.plan.no_time"),
            ("11月—3月", "office.plan.backwards"),
            ("2025年上半年", "office.plan.other_year"),
            ("2025年3月-5月", "office.plan.other_year"),
            ("2025年底前", "office.plan.other_year"),
        ] {
            assert_eq!(said(text), wanted, "{text}");
        }
    }
}
