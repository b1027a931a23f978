//! The working days of a year: those of the notices that ship with the program, or as people write them.

use super::TEMPLATES;
use double_random::calendar::{Date, WorkingDays, WorkingDaysError};
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
    // The notices of one country have one name, but for the year.
    let name =
        |days: &WorkingDays| -> String { days.basis().chars().filter(|c| !c.is_ascii_digit()).collect() };
    let of_notice = |days: &WorkingDays| -> String { name(days).chars().take(12).collect() };
    shipped().find(|days| {
        u64::try_from(days.covers().from().year()) == Ok(year) && of_notice(days) == of_notice(old)
    })
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
    let value = json!({
        "basis": notice,
        "covers": { "from": format!("{year:04}-01-01"), "to": format!("{year:04}-12-31") },
        "holidays": days(holidays)?,
        "make_up": days(make_up)?,
    });
    let checked: Result<WorkingDays, _> = serde_json::from_value(value);
    // The checks of the library have their own words.
    checked.map_err(|error| DaysError::Word { word: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for (holidays, make_up, notice) in [
            ("1月1日", "", "通知"),
            ("2027-01-03..2027-01-01", "", "通知"),
            ("2026-12-31", "", "通知"),
            ("2027-01-01", "2027-01-04", "通知"),
            ("2027-01-01", "", ""),
        ] {
            assert!(given(2027, holidays, make_up, notice).is_err(), "{holidays} {make_up} {notice}");
        }
        assert_eq!(known(), [2026]);
    }
}
