//! The working days of a year: those of the notices that ship with the program, or as people write them.

use super::TEMPLATES;
use double_random::calendar::{Date, Window, WorkingDays, WorkingDaysError};
use double_random::message::{Coded, Message};
use double_random::programme::Programme;
use serde_json::json;
use std::collections::BTreeSet;

/// Days that are no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// A word is neither a day nor a span of days.
    #[error("{word:?} is no day YYYY-MM-DD and no span of days YYYY-MM-DD..YYYY-MM-DD")]
    Word {
        /// The word.
        word: String,
    },
    /// The lists contradict themselves.
    #[error("{0}")]
    Lists(WorkingDaysError),
}

impl Coded for DaysError {
    fn message(&self) -> Message {
        match self {
            Self::Word { word } => crate::say!(
                "office.days.word",
                "\"{word}\" is no day YYYY-MM-DD and no span of days YYYY-MM-DD..YYYY-MM-DD",
                word
            ),
            Self::Lists(error) => error.message(),
        }
    }
}

/// The calendars that ship: those of the templates' programmes.
fn shipped() -> impl Iterator<Item = WorkingDays> {
    TEMPLATES.iter().filter_map(|template| Some(Programme::from_json(template.programme).ok()?.calendar))
}

/// The years whose working days ship with the program.
#[must_use]
pub fn known() -> Vec<u64> {
    let years: BTreeSet<u64> =
        shipped().filter_map(|days| u64::try_from(days.covers().from().year()).ok()).collect();
    years.into_iter().collect()
}

/// The working days of a year after those of an old programme: of the same country, if they ship.
#[must_use]
pub fn calendar(old: &WorkingDays, year: u64) -> Option<WorkingDays> {
    if u64::try_from(old.covers().from().year()) == Ok(year) {
        return Some(old.clone());
    }
    if old.basis().starts_with(FEDERAL) {
        return federal(year);
    }
    // The notices of one country have one name, but for the year.
    let name =
        |days: &WorkingDays| -> String { days.basis().chars().filter(|c| !c.is_ascii_digit()).collect() };
    let of_notice = |days: &WorkingDays| -> String { name(days).chars().take(12).collect() };
    shipped().find(|days| {
        u64::try_from(days.covers().from().year()) == Ok(year) && of_notice(days) == of_notice(old)
    })
}

/// The law that gives the federal holidays of the United States in every year.
const FEDERAL: &str = "5 U.S.C. 6103";

/// Holidays that fall on a day of the week: the month, the day of the week counted from Monday as 0, and which of them
/// (0: the last).
const BY_WEEKDAY: [(u32, i64, i64); 6] = [(1, 0, 3), (2, 0, 3), (5, 0, 0), (9, 0, 1), (10, 0, 2), (11, 3, 4)];
/// Holidays of one date; one on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
const BY_DATE: [&str; 5] = ["01-01", "06-19", "07-04", "11-11", "12-25"];

/// The working days of a year by the federal holidays of the United States.
fn federal(year: u64) -> Option<WorkingDays> {
    let day = |rest: &str| Date::parse(&format!("{year:04}-{rest}")).ok();
    // 1 January 2001 was a Monday.
    let monday = Date::parse("2001-01-01").ok()?;
    let weekday = |day: Date| day.days_since(monday).rem_euclid(7);
    let mut days = BTreeSet::new();
    for (month, on, which) in BY_WEEKDAY {
        let first = day(&format!("{month:02}-01"))?;
        let found = first.plus_days((on - weekday(first)).rem_euclid(7) + 7 * (which.max(1) - 1))?;
        let last = |day: Date| {
            day.plus_days(28).filter(|later| later.to_string().get(5..7) == day.to_string().get(5..7))
        };
        let fourth = |day: Date| day.plus_days(21);
        days.insert(if which == 0 { last(found).or_else(|| fourth(found))? } else { found });
    }
    let kept = |day: Date| match weekday(day) {
        5 => day.plus_days(-1),
        6 => day.plus_days(1),
        _ => Some(day),
    };
    for date in BY_DATE {
        days.insert(kept(day(date)?)?);
    }
    // The next 1 January may be kept on 31 December.
    let next = Date::parse(&format!("{:04}-01-01", year + 1)).ok().and_then(kept);
    let of_year = |day: &Date| u64::try_from(day.year()) == Ok(year);
    days.extend(next);
    let value = json!({
        "basis": format!("{FEDERAL}, federal holidays of {year}"),
        "covers": { "from": format!("{year:04}-01-01"), "to": format!("{year:04}-12-31") },
        "holidays": days.into_iter().filter(of_year).collect::<Vec<_>>(),
    });
    serde_json::from_value(value).ok()
}

/// Days and spans of days, `2027-01-01..2027-01-03, 2027-04-05`.
fn days(text: &str) -> Result<BTreeSet<Date>, DaysError> {
    let mut found = BTreeSet::new();
    for word in text.split([',', '，', '、', ';', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
        let wrong = || DaysError::Word { word: word.to_owned() };
        let (from, to) =
            ["..", "至", "~"].iter().find_map(|mark| word.split_once(mark)).unwrap_or((word, word));
        let (from, to) = (Date::parse(from.trim()), Date::parse(to.trim()));
        let (Ok(mut day), Ok(to)) = (from, to) else { return Err(wrong()) };
        if to < day || to.days_since(day) > 60 {
            return Err(wrong());
        }
        loop {
            found.insert(day);
            match day.plus_days(1).filter(|next| *next <= to) {
                Some(next) => day = next,
                None => break,
            }
        }
    }
    Ok(found)
}

/// The working days of a year by its holidays, the weekend days that are worked for them, and the notice that says
/// so.
///
/// # Errors
/// A word that is no day, or lists that contradict themselves.
pub fn given(year: u64, holidays: &str, make_up: &str, notice: &str) -> Result<WorkingDays, DaysError> {
    let end = |rest: &str| {
        let day = format!("{year:04}-{rest}");
        Date::parse(&day).map_err(|_| DaysError::Word { word: day })
    };
    let (from, to) = (end("01-01")?, end("12-31")?);
    let covers = Window::new(from, to).map_err(|_| DaysError::Word { word: format!("{from}..{to}") })?;
    let list = |text: &str| Ok(days(text)?.into_iter().collect::<Vec<_>>());
    WorkingDays::new(notice.to_owned(), covers, list(holidays)?, list(make_up)?).map_err(DaysError::Lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped year was written by hand; the law gives the same days. 2022 and 2027 as the government lists them.
    #[test]
    fn the_law_gives_the_federal_holidays() {
        let (_, programme) = super::super::Template::find("food").unwrap().rules().unwrap();
        let days = |calendar: &WorkingDays| -> Vec<String> {
            let value = serde_json::to_value(calendar).unwrap();
            value["holidays"].as_array().unwrap().iter().map(|day| day.as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(days(&federal(2026).unwrap()), days(&programme.calendar));
        let of = |year: u64| days(&federal(year).unwrap()).join(" ").replace(&format!("{year}-"), "");
        assert_eq!(of(2027), "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31");
        // 1 January 2022 was a Saturday, kept in the year before.
        assert_eq!(of(2022), "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26");
        assert_eq!(calendar(&programme.calendar, 2027), federal(2027));
    }

    #[test]
    fn days_and_spans_are_read_as_people_write_them() {
        let found =
            given(2027, "2027-01-01..2027-01-03，2027-10-01至2027-10-02", "2027-01-09", "通知").unwrap();
        let is = |day: &str| found.is_working(Date::parse(day).unwrap());
        assert_eq!(
            (is("2027-01-01"), is("2027-01-04"), is("2027-10-02")),
            (Some(false), Some(true), Some(false))
        );
        assert_eq!((is("2027-01-09"), is("2027-01-10"), is("2028-01-03")), (Some(true), Some(false), None));
        for (holidays, make_up, notice, rule) in [
            ("1月1日", "", "通知", "office.days.word"),
            ("2027-01-03..2027-01-01", "", "通知", "office.days.word"),
            ("2026-12-31", "", "通知", "working_days.outside"),
            ("2027-01-01", "2027-01-04", "通知", "working_days.make_up"),
            ("2027-01-01", "", "", "working_days.basis"),
        ] {
            let found =
                given(2027, holidays, make_up, notice).map_err(|error| error.message().rule().to_string());
            assert_eq!(found, Err(rule.to_owned()), "{holidays} {make_up} {notice}");
        }
        assert_eq!(known(), [2026]);
    }
}
