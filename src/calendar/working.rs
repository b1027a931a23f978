//! Working days as data (工作日): holidays and the weekend days worked in exchange, as the State Council
//! announces them each year.

use super::{Date, Window};
use crate::message::coded;
use crate::table::readable;
use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};

/// The working days of a span, usually of one year (Spec 21). 行政处罚法 art. 85 counts its own short terms in
/// them; that deadlines of random inspection count so is our reading.
///
/// ```
/// use double_random::calendar::{Date, WorkingDays};
/// let calendar: WorkingDays = serde_json::from_str(r#"{"basis":"国务院办公厅关于2026年部分节假日安排的通知",
///     "covers":{"from":"2026-02-01","to":"2026-02-28"}, "make_up":["2026-02-14","2026-02-28"],
///     "holidays":["2026-02-16","2026-02-17","2026-02-18","2026-02-19","2026-02-20","2026-02-23"]}"#)?;
/// // Friday, then the Saturday that is worked for the spring festival, then the Tuesday after it.
/// assert_eq!(calendar.after(Date::parse("2026-02-13")?, 2), Some(Date::parse("2026-02-24")?));
/// assert_eq!(calendar.after(Date::parse("2026-02-27")?, 2), None); // ends before
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Days")]
pub struct WorkingDays {
    basis: String,
    covers: Window,
    holidays: Vec<Date>,
    make_up: Vec<Date>,
}

/// Working days as they stand in a document, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    basis: String,
    covers: Window,
    #[serde(default)]
    holidays: Vec<Date>,
    #[serde(default)]
    make_up: Vec<Date>,
}

/// The reason why lists of days are no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkingDaysError {
    /// The notice that it comes from is not named.
    #[error("the calendar does not say which notice it comes from")]
    Basis,
    /// A list does not ascend.
    #[error("{list} do not ascend at {day}")]
    Order {
        /// `holidays` or `make_up`.
        list: &'static str,
        /// The first day out of order.
        day: Date,
    },
    /// A day outside what the calendar covers.
    #[error("{day} is outside {from} to {to}")]
    Outside {
        /// The day.
        day: Date,
        /// First day covered.
        from: Date,
        /// Last day covered.
        to: Date,
    },
    /// A make-up day from Monday to Friday, or one that is a holiday.
    #[error("{day} cannot make up for a holiday: it is no Saturday or Sunday, or a holiday itself")]
    MakeUp {
        /// The day.
        day: Date,
    },
}

coded! { WorkingDaysError {
    Basis {} => "working_days.basis",
    Order { list, day } => "working_days.order",
    Outside { day, from, to } => "working_days.outside",
    MakeUp { day } => "working_days.make_up",
} }

impl TryFrom<Days> for WorkingDays {
    type Error = WorkingDaysError;

    fn try_from(days: Days) -> Result<Self, WorkingDaysError> {
        let Days { basis, covers, holidays, make_up } = days;
        Self::new(basis, covers, holidays, make_up)
    }
}

impl Date {
    fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Sat | Weekday::Sun)
    }
}

impl WorkingDays {
    /// The working days of a span by its holidays, the weekend days that are worked for them, both ascending,
    /// and the notice that says so.
    ///
    /// # Errors
    /// No notice, a list that does not ascend or goes beyond the span, or a day that cannot make up for a
    /// holiday.
    pub fn new(
        basis: String,
        covers: Window,
        holidays: Vec<Date>,
        make_up: Vec<Date>,
    ) -> Result<Self, WorkingDaysError> {
        if !readable(&basis) {
            return Err(WorkingDaysError::Basis);
        }
        for (list, days) in [("holidays", &holidays), ("make_up", &make_up)] {
            if let Some(pair) = days.windows(2).find(|pair| pair[0] >= pair[1]) {
                return Err(WorkingDaysError::Order { list, day: pair[1] });
            }
            if let Some(&day) = days.iter().find(|day| **day < covers.from() || **day > covers.to()) {
                return Err(WorkingDaysError::Outside { day, from: covers.from(), to: covers.to() });
            }
        }
        let wrong = |day: &&Date| !day.is_weekend() || holidays.binary_search(day).is_ok();
        if let Some(&day) = make_up.iter().find(wrong) {
            return Err(WorkingDaysError::MakeUp { day });
        }
        Ok(Self { basis, covers, holidays, make_up })
    }

    /// The notice that it comes from.
    #[must_use]
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// The days that it covers.
    #[must_use]
    pub const fn covers(&self) -> Window {
        self.covers
    }

    /// Whether a day is a working day; `None` for one that it does not cover.
    #[must_use]
    pub fn is_working(&self, day: Date) -> Option<bool> {
        let covered = self.covers.from() <= day && day <= self.covers.to();
        let listed = |days: &[Date]| days.binary_search(&day).is_ok();
        covered.then(|| listed(&self.make_up) || (!day.is_weekend() && !listed(&self.holidays)))
    }

    /// The n-th working day after a day, which is not counted itself; for 0 the day itself. `None` if the
    /// calendar begins later or ends before.
    #[must_use]
    pub fn after(&self, day: Date, n: u64) -> Option<Date> {
        let (mut day, mut left) = (day, n);
        if day.plus_days(1).is_some_and(|next| next < self.covers.from()) || day > self.covers.to() {
            return None;
        }
        while left > 0 {
            day = day.plus_days(1)?;
            left -= u64::from(self.is_working(day)?);
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<WorkingDays, String> {
        serde_json::from_str(text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_calendar_that_cannot_be_is_refused() {
        let with = |days: &str| {
            read(&format!(r#"{{"basis":"b","covers":{{"from":"2026-01-01","to":"2026-01-31"}},{days}}}"#))
        };
        assert!(with(r#""holidays":["2026-01-01","2026-01-02"],"make_up":["2026-01-04"]"#).is_ok());
        for (days, why) in [
            (r#""holidays":["2026-01-02","2026-01-01"]"#, "do not ascend"),
            (r#""holidays":["2026-01-02","2026-01-02"]"#, "do not ascend"),
            (r#""holidays":["2026-02-01"]"#, "outside"),
            (r#""make_up":["2026-01-05"]"#, "no Saturday"),
            (r#""holidays":["2026-01-04"],"make_up":["2026-01-04"]"#, "holiday itself"),
            (r#""free":[]"#, "unknown field"),
        ] {
            assert!(with(days).unwrap_err().contains(why), "{days}");
        }
        assert!(read(r#"{"basis":" ","covers":{"from":"2026-01-01","to":"2026-01-31"}}"#).is_err());
    }

    #[test]
    fn counting_agrees_with_looking_at_every_day() {
        let calendar = read(
            r#"{"basis":"b","covers":{"from":"2026-01-01","to":"2026-03-31"},
            "make_up":["2026-01-04","2026-02-14","2026-02-28"],
            "holidays":["2026-01-01","2026-01-02","2026-01-03","2026-02-15","2026-02-16",
                "2026-02-17","2026-02-18","2026-02-19","2026-02-20"]}"#,
        )
        .unwrap();
        let first = Date::parse("2025-12-31").unwrap();
        let days: Vec<Date> = (1..=90).map(|n| first.plus_days(n).unwrap()).collect();
        let working: Vec<Date> =
            days.iter().copied().filter(|day| calendar.is_working(*day) == Some(true)).collect();
        // 64 days from Monday to Friday, 7 of them holidays, 3 made up.
        assert_eq!(working.len(), 60);
        for day in std::iter::once(first).chain(days) {
            let later: Vec<Date> = working.iter().copied().filter(|other| *other > day).collect();
            for n in 0..70 {
                let expected = if n == 0 { Some(day) } else { later.get(n - 1).copied() };
                assert_eq!(calendar.after(day, u64::try_from(n).unwrap()), expected, "{n} after {day}");
            }
        }
        assert_eq!(calendar.after(Date::parse("2025-12-30").unwrap(), 0), None);
        assert_eq!(calendar.after(Date::parse("2026-04-01").unwrap(), 0), None);
    }
}
