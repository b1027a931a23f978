//! Days as people write them in tables: in any order that can mean only one day, with a time of day behind them,
//! from one to another, and without an end.

use super::cells::{narrow, unseen};

/// The order in which a table writes a day whose year stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Month, day, year.
    Mdy,
    /// Day, month, year.
    Dmy,
}

/// The day 0 of spreadsheets: a date cell that nobody filled. It is a date of no calendar, so that whoever
/// does not take it for an empty cell refuses it.
pub(super) const NO_DAY: &str = "1900-01-00";

/// What registers write for the last day of what does not end.
pub(super) const ENDLESS: &str = "9999-12-31";

/// One day as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    /// `YYYY-MM-DD`, or the text as it stands where it can mean more than one day or none.
    pub(super) text: String,
    /// Whether it tells a time of day that is not midnight.
    pub(super) timed: bool,
    /// Whether only the order of day and month is missing.
    pub(super) unordered: bool,
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is a time of day: `09:30`, `9:30:00`, `09:30:00.000Z`, `9:30 PM`, `上午9时30分`.
fn is_clock(text: &str) -> bool {
    let text = text.trim_end_matches('Z').trim();
    let upper = text.to_uppercase();
    let bare = upper.strip_suffix("AM").or_else(|| upper.strip_suffix("PM")).unwrap_or(&upper).trim();
    let bare = bare.strip_prefix("上午").or_else(|| bare.strip_prefix("下午")).unwrap_or(bare);
    let plain = bare.replace(['时', '点'], ":").replace('分', ":").replace('秒', "");
    let plain = plain.trim_end_matches(':');
    let mut parts = plain.split(':');
    let hour = parts.next().is_some_and(|part| digits(part, 1, 2));
    let rest: Vec<&str> = parts.collect();
    let minutes = rest.first().is_none_or(|part| digits(part, 1, 2));
    let seconds = rest.get(1).is_none_or(|part| part.split('.').all(|part| digits(part, 1, 9)));
    // A number alone is no time: 2026-03-04 12 may be anything.
    let said = !rest.is_empty() || bare.contains(['时', '点']);
    hour && minutes && seconds && said && rest.len() <= 2
}

/// Date and time of a text that has both; the date alone otherwise.
fn parts(text: &str) -> (&str, Option<&str>) {
    let places = text.char_indices().filter(|(_, c)| matches!(c, ' ' | 'T'));
    for (place, mark) in places {
        let (date, time) = (text.get(..place), text.get(place + mark.len_utf8()..));
        if let Some((date, time)) = date.zip(time)
            && is_clock(time)
        {
            return (date.trim(), Some(time));
        }
    }
    // 2026年3月4日9时30分
    match text.split_once('日') {
        Some((date, time)) if is_clock(time) => {
            (text.get(..date.len() + '日'.len_utf8()).unwrap_or(text), Some(time))
        }
        _ => (text, None),
    }
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A day whose month is an English word: `4 Mar 2026`, `04-Mar-2026`, `March 4, 2026`.
fn named(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '-', ',', '.', '/']).filter(|word| !word.is_empty()).collect();
    let [one, two, year] = words.as_slice() else { return None };
    let month = |word: &str| {
        let letters = word.bytes().all(|b| b.is_ascii_alphabetic());
        (1_u32..).zip(MONTHS).find(|(_, name)| letters && word.starts_with(name)).map(|(number, _)| number)
    };
    let (day, month) = match (month(one), month(two)) {
        (None, Some(month)) => (*one, month),
        (Some(month), None) => (*two, month),
        _ => return None,
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (digits(day, 1, 2) && digits(year, 4, 4)).then(|| format!("{year}-{month:02}-{day:0>2}"))
}

/// A date in one of the spellings that can mean only one day, or one day in the order that was declared. Whether
/// the day exists is the library's business.
pub(super) fn day(text: &str, order: Option<DateOrder>) -> Day {
    let text = narrow(text);
    let (bare, time) = parts(&text);
    // Databases and spreadsheets add midnight to a date.
    let midnight = |time: &str| time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z'));
    let timed = time.is_some_and(|time| !midnight(time));
    let separated = |marks: [char; 2], end: &[char]| {
        let (year, rest) = bare.split_once(marks[0])?;
        let (month, last) = rest.split_once(marks[1])?;
        let last = if end.is_empty() { last } else { last.strip_suffix(end)? };
        (digits(year, 4, 4) && digits(month, 1, 2) && digits(last, 1, 2))
            .then(|| format!("{year}-{month:0>2}-{last:0>2}"))
    };
    let packed = || match (bare.get(..4), bare.get(4..6), bare.get(6..)) {
        (Some(y), Some(m), Some(d)) if digits(bare, 8, 8) => Some(format!("{y}-{m}-{d}")),
        _ => None,
    };
    let last = |mark: char| {
        let (one, rest) = bare.split_once(mark)?;
        let (two, year) = rest.split_once(mark)?;
        (digits(one, 1, 2) && digits(two, 1, 2) && digits(year, 4, 4)).then_some((one, two, year))
    };
    let ends = ['/', '-', '.'].into_iter().find_map(last);
    let read = separated(['-', '-'], &[])
        .or_else(|| separated(['/', '/'], &[]))
        .or_else(|| separated(['.', '.'], &[]))
        .or_else(|| separated(['年', '月'], &['日', '号']))
        .or_else(packed)
        .or_else(|| named(bare))
        .or_else(|| {
            let (one, two, year) = ends?;
            let (month, day) = match order? {
                DateOrder::Mdy => (one, two),
                DateOrder::Dmy => (two, one),
            };
            Some(format!("{year}-{month:0>2}-{day:0>2}"))
        });
    let unordered = read.is_none() && ends.is_some();
    let timed = timed && read.is_some();
    let text = read.unwrap_or_else(|| text.clone());
    // Programs write the day 0 as the last or the last but one of 1899.
    let text = if matches!(text.as_str(), "1899-12-30" | "1899-12-31") { NO_DAY.to_owned() } else { text };
    Day { text, timed, unordered }
}

/// A day in one of the spellings that can mean only one, as `YYYY-MM-DD`; anything else as it stands.
#[must_use]
pub fn read(text: &str) -> String {
    day(text, None).text
}

/// Whether a text says that there is no last day. 9999-09-09 is how registers write that.
pub(super) fn endless(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "长期",
        "长期有效",
        "永久",
        "永久有效",
        "无期限",
        "无固定期限",
        "无限期",
        "long-term",
        "longterm",
        "permanent",
        "indefinite",
        "no expiry",
        "9999-09-09",
        "9999-12-31",
    ];
    let said = narrow(text).to_lowercase();
    WORDS.contains(&said.as_str()) || WORDS.contains(&day(&said, None).text.as_str())
}

/// The two ends of an absence: `2023-09-04至2023-09-15`, `2023/10/9~2023/10/20`, `2023.9.4-2023.9.15`,
/// `9/4/2023 to 9/15/2023`, `2023年9月4日—15日`, or one day.
#[must_use]
pub fn ends(text: &str) -> (String, String) {
    let text = narrow(text);
    let lower = text.to_lowercase();
    let english = lower.find(" to ").and_then(|place| Some((text.get(..place)?, text.get(place + 4..)?)));
    let blank = || text.split_once(" - ");
    let twice = || text.split_once("--");
    // A hyphen divides only where it is the one hyphen, as in 2023.9.4-2023.9.15.
    let hyphen = || {
        text.split_once('-').filter(|(_, to)| !to.contains('-') && to.contains(['.', '/', '年', '月', '日']))
    };
    let marks = ['至', '到', '~', '\u{301c}', '—', '–', '―'];
    // 2023-09-04-2023-09-15
    let third = || {
        let mut places = text.match_indices('-').map(|(place, _)| place);
        let middle = places.nth(2).filter(|_| text.matches('-').count() == 5)?;
        Some((text.get(..middle)?, text.get(middle + 1..)?))
    };
    let found =
        text.split_once(marks).or(english).or_else(blank).or_else(twice).or_else(third).or_else(hyphen);
    let Some((from, to)) = found else { return (text.clone(), text) };
    let to = to.trim_start_matches(|c| marks.contains(&c) || unseen(c));
    (from.trim_matches(unseen).to_owned(), whole(from, to))
}

/// The end of a span with the year, and where it is left out the month, of its beginning: 2023年9月4日至15日.
fn whole(from: &str, to: &str) -> String {
    let to = to.trim_matches(unseen);
    let before = |mark| from.split_once(mark).map(|(before, _): (&str, _)| format!("{before}{mark}"));
    let days = to.strip_suffix(['日', '号']).is_some();
    let begins = match (days, to.contains('年'), to.contains('月')) {
        (true, false, true) => before('年'),
        (true, false, false) => before('月'),
        _ => None,
    };
    begins.map_or_else(|| to.to_owned(), |begins| format!("{}{to}", begins.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_a_time_is_its_day() {
        for text in [
            "2026-04-07 09:30",
            "2026/4/7 9:30:15",
            "2026-04-07T09:30:00Z",
            "2026年4月7日9时30分",
            "2026年4月7日 下午3时",
            "2026-04-07 09:30:00.000",
            "7 Apr 2026 9:30 AM",
        ] {
            assert_eq!(
                day(text, None),
                Day { text: "2026-04-07".into(), timed: true, unordered: false },
                "{text}"
            );
        }
        for text in [
            "2026-04-07",
            "2026-04-07 00:00:00",
            "20260407",
            "２０２６．４．７",
            "Apr 7, 2026",
            "07-April-2026",
        ] {
            assert_eq!(
                day(text, None),
                Day { text: "2026-04-07".into(), timed: false, unordered: false },
                "{text}"
            );
        }
        for text in ["2026-04-07 12", "2026-04-07 morning", "2026-04-07T", "4月7日", "Apr 2026", "9:30"] {
            assert!(!day(text, None).timed && read(text) == narrow(text), "{text}");
        }
    }

    /// 04/03/2026 is two days; which of them it is, the office says.
    #[test]
    fn the_order_of_a_date_is_never_guessed() {
        for text in ["04/03/2026", "4-3-2026", "4.3.2026", "13/04/2026"] {
            assert_eq!(day(text, None), Day { text: narrow(text), timed: false, unordered: true });
        }
        assert_eq!(day("4/3/2026", Some(DateOrder::Mdy)).text, "2026-04-03");
        assert_eq!(day("4/3/2026 9:30", Some(DateOrder::Dmy)).text, "2026-03-04");
        // A day that is none stays one, and the library says so.
        assert_eq!(day("13/04/2026", Some(DateOrder::Mdy)).text, "2026-13-04");
        assert_eq!(day("2026/4/3", Some(DateOrder::Mdy)).text, "2026-04-03");
    }

    #[test]
    fn spans_have_two_ends() {
        for text in [
            "2026-09-04至2026-09-15",
            "2026-09-04 — 2026-09-15",
            "2026-09-04——2026-09-15",
            "2026-09-04～2026-09-15",
            "2026-09-04 to 2026-09-15",
            "2026-09-04 TO 2026-09-15",
            "2026-09-04 - 2026-09-15",
            "2026-09-04--2026-09-15",
            "2026-09-04-2026-09-15",
            "2026-09-04–2026-09-15",
            "2026.9.4-2026.9.15",
            "2026年9月4日至9月15日",
            "2026年9月4日—15日",
        ] {
            let (from, to) = ends(text);
            assert_eq!((read(&from), read(&to)), ("2026-09-04".into(), "2026-09-15".into()), "{text}");
        }
        assert_eq!(ends("2026-09-04"), ("2026-09-04".into(), "2026-09-04".into()));
        assert!(endless("长期") && endless("9999-09-09") && endless("Permanent") && !endless("2029-01-01"));
    }
}
