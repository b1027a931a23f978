//! Times of a year as plans give them: `1月—12月`, `2026.03.01-2026.11.30`, 上半年, 6月底前.

use super::numbers;
use double_random::calendar::Date;

/// A time within a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The beginning is not said (6月底前).
    pub open: bool,
}

#[derive(Default, Clone, Copy)]
struct Point {
    year: Option<u64>,
    month: Option<u64>,
    day: Option<u64>,
}

/// Reads a time. A year that is not said is `year`.
///
/// # Errors
/// Why it cannot be read, in English and in Chinese.
pub fn span(text: &str, year: u64) -> Result<Span, [String; 2]> {
    let unread = || [format!("{text:?} is no time that can be read"), format!("“{text}”不是可以识别的时间")];
    let months = |from: u64, to: u64| {
        let point = |month| Point { month: Some(month), ..Point::default() };
        vec![point(from), point(to)]
    };
    let quarter = [["一季度", "1季度"], ["二季度", "2季度"], ["三季度", "3季度"], ["四季度", "4季度"]];
    let named = |words: &[&str; 2]| words.iter().any(|word| text.contains(word));
    let quarters: Vec<u64> =
        (0..).zip(&quarter).filter(|(_, words)| named(words)).map(|(place, _)| place).collect();
    let points = if let (Some(first), Some(last)) = (quarters.first(), quarters.last()) {
        months(first * 3 + 1, last * 3 + 3)
    } else if text.contains("上半年") {
        months(1, 6)
    } else if text.contains("下半年") {
        months(7, 12)
    } else if text.contains("全年") || text.contains("长期") {
        months(1, 12)
    } else {
        points(text)
    };
    let before = text.trim_end().ends_with('前');
    let (first, last) = match points.as_slice() {
        [one] if before => (Point { month: Some(1), day: Some(1), ..*one }, *one),
        [one] => (*one, *one),
        [from, to] => (*from, *to),
        _ => return Err(unread()),
    };
    let stated = |point: Point| point.year.unwrap_or(year);
    let end_year = last.year.unwrap_or_else(|| stated(first));
    let begin_year = first.year.unwrap_or(end_year);
    let day = |year: u64, point: Point, end: bool| {
        let month = point.month.unwrap_or(if end { 12 } else { 1 });
        let date = |day: u64| Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok();
        match point.day {
            Some(day) => date(day),
            None if end => (28..=31).rev().find_map(date),
            None => date(1),
        }
    };
    let (Some(from), Some(to)) = (day(begin_year, first, false), day(end_year, last, true)) else {
        return Err(unread());
    };
    if from > to {
        return Err([format!("{text:?} ends before it begins"), format!("“{text}”的截止早于开始")]);
    }
    if begin_year != year || end_year != year {
        return Err([
            format!("{text:?} lies outside {year}, the year of the programme"),
            format!("“{text}”不在年度计划的{year}年内"),
        ]);
    }
    Ok(Span { from, to, open: before && points.len() == 1 })
}

/// The days and months of a text, in their order.
fn points(text: &str) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for number in numbers(text, false) {
        let between = number.before.trim();
        let after = number.after.trim_start();
        let divided = between.contains(['至', '到', '~', '—', '–']);
        let value = Some(number.whole);
        match points.last_mut() {
            _ if number.digits == 4 => points.push(Point { year: value, ..Point::default() }),
            Some(point) if !divided && point.month.is_none() && !after.starts_with('日') => {
                point.month = value
            }
            Some(point)
                if !divided
                    && point.day.is_none()
                    && !after.starts_with('月')
                    && (between != "-" || point.year.is_some()) =>
            {
                point.day = value;
            }
            _ => points.push(Point { month: value, ..Point::default() }),
        }
    }
    points
}
