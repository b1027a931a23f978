//! Dates and instants as data. There is no clock here. The caller states the present day, and the seal keeps
//! it.

mod offset;
mod working;

pub use offset::Offset;
pub use working::{WorkingDays, WorkingDaysError};

use crate::id::read_text;
use crate::message::{as_text, coded};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The reason why a text is no date or no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// Not `YYYY-MM-DD`, or a day that does not exist.
    #[error("is no date YYYY-MM-DD of the calendar")]
    Date,
    /// Not `YYYY-MM-DDTHH:MM:SSZ`, or an instant that does not exist.
    #[error("is no instant YYYY-MM-DDTHH:MM:SSZ (UTC)")]
    Instant,
    /// Not `+HH:MM` or `-HH:MM`, or an offset that no place has.
    #[error("is no offset +HH:MM or -HH:MM from universal time, -12:00 to +14:00")]
    Offset,
    /// Neither `YYYY-MM-DD HH:MM` of a place nor an instant of universal time.
    #[error("is neither YYYY-MM-DD HH:MM, as the authority's clock shows it, nor YYYY-MM-DDTHH:MM:SSZ (UTC)")]
    Local,
    /// A span that ends before it begins.
    #[error("ends before it begins")]
    Backwards,
}

coded! { CalendarError {
    Date {} => "calendar.date",
    Instant {} => "calendar.instant",
    Backwards {} => "calendar.backwards",
    Offset {} => "calendar.offset",
    Local {} => "calendar.local",
} }

as_text!(Date, Instant);

/// Whether a text has digits where the pattern has `0` and the pattern's own characters elsewhere.
fn shaped(text: &str, pattern: &str) -> bool {
    let fits = |(byte, shape): (u8, u8)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

/// A day, written `YYYY-MM-DD` (Spec 1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// Reads `YYYY-MM-DD`, exactly ten characters.
    ///
    /// # Errors
    /// Another form, or a day that the calendar does not have.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        // chrono also takes 2023-1-5, +12023-01-05 and the year 0; one day has one spelling here, and
        // comparing texts compares days.
        if !shaped(text, "0000-00-00") || text.starts_with("0000") {
            return Err(CalendarError::Date);
        }
        let number =
            |from, to| text.as_bytes()[from..to].iter().fold(0, |n, digit| 10 * n + u32::from(digit - b'0'));
        let year = i32::try_from(number(0, 4)).map_err(|_| CalendarError::Date)?;
        NaiveDate::from_ymd_opt(year, number(5, 7), number(8, 10)).map(Self).ok_or(CalendarError::Date)
    }

    /// `YYYY-MM-DD`: every year here has four digits.
    fn text(self) -> [u8; 10] {
        let digit = |n: u32| u8::try_from(n % 10).map_or(b'?', |n| b'0' + n);
        let (year, month, day) = (self.0.year().unsigned_abs(), self.0.month(), self.0.day());
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ]
    }

    /// The day so many days later, or earlier for a negative number; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let later = self.0.checked_add_signed(TimeDelta::try_days(days)?)?;
        (1..=9999).contains(&later.year()).then_some(Self(later))
    }

    /// The number of the week, Monday to Sunday, that holds this day: 0 for the week of 0001-01-01.
    #[must_use]
    pub fn week(self) -> u32 {
        // Day 1 of the common era was a Monday.
        u32::try_from((self.0.num_days_from_ce() - 1) / 7).unwrap_or(0)
    }

    /// The year of the common era.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Days from `earlier` to this day; negative if it is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0.signed_duration_since(earlier.0).num_days()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.text()).expect("digits are ASCII"))
    }
}

/// A second of universal time, written `YYYY-MM-DDTHH:MM:SSZ` (Spec 1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// Reads `YYYY-MM-DDTHH:MM:SSZ`.
    ///
    /// # Errors
    /// Another form (offsets other than `Z` included), or an instant that does not exist.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        if !shaped(text, "0000-00-00T00:00:00Z") || text.starts_with("0000") {
            return Err(CalendarError::Instant);
        }
        let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ");
        let instant = Self(time.map_err(|_| CalendarError::Instant)?.and_utc().timestamp());
        // A leap second has no second of its own here, and 5:00:00 is not 05:00:00: one instant has one
        // spelling.
        if instant.to_string() == text { Ok(instant) } else { Err(CalendarError::Instant) }
    }

    /// The day in universal time.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        DateTime::from_timestamp(self.0, 0).map(|time| Date(time.date_naive()))
    }

    /// The instant so many seconds before.
    pub(crate) fn earlier(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub_unsigned(seconds))
    }

    /// The instant so many seconds after; the last one that can be counted at most.
    #[must_use]
    pub const fn later(self, seconds: u64) -> Self {
        Self(self.0.saturating_add_unsigned(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp(self.0, 0) {
            Some(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%SZ")),
            None => write!(f, "@{}", self.0),
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.text()).expect("digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Self::parse(text).map_err(|e| format!("{text:?} {e}")))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Self::parse(text).map_err(|e| format!("{text:?} {e}")))
    }
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Ends")]
pub struct Window {
    from: Date,
    to: Date,
}

/// A window as it stands in a document, before its order is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    from: Date,
    to: Date,
}

impl TryFrom<Ends> for Window {
    type Error = CalendarError;

    fn try_from(ends: Ends) -> Result<Self, CalendarError> {
        Self::new(ends.from, ends.to)
    }
}

impl Window {
    /// A span from one day to another.
    ///
    /// # Errors
    /// `to` is before `from`.
    pub fn new(from: Date, to: Date) -> Result<Self, CalendarError> {
        if to < from { Err(CalendarError::Backwards) } else { Ok(Self { from, to }) }
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(self) -> Date {
        self.to
    }

    /// The days that both spans have in common; `None` if there are none.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to)).ok()
    }

    /// Whether all of `other` lies within this span.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_day_has_one_spelling() {
        assert_eq!(Date::parse("2024-02-29").unwrap().to_string(), "2024-02-29");
        assert_eq!(Date::parse("9999-09-09").unwrap().days_since(Date::parse("9999-09-01").unwrap()), 8);
        let day = Date::parse("2024-02-28").unwrap();
        assert_eq!(day.plus_days(2).unwrap().to_string(), "2024-03-01");
        assert_eq!(day.plus_days(-59).unwrap().to_string(), "2023-12-31");
        assert_eq!((day.plus_days(4_000_000), day.plus_days(i64::MIN)), (None, None));
        for text in
            ["2023-02-29", "2023-2-01", "20230201", "+2023-02-01", "2023-02-01 ", "", "２０２３-02-01"]
        {
            assert_eq!(Date::parse(text), Err(CalendarError::Date), "{text}");
        }
    }

    /// Every day of two centuries, and both ends: what chrono writes and reads.
    #[test]
    fn days_are_written_and_read_as_chrono_does() {
        let ends = ["0001-01-01", "9998-12-31"].map(|text| Date::parse(text).unwrap());
        let from = Date::parse("1899-12-31").unwrap();
        for day in (0..73_050).map(|n| from.plus_days(n)).chain(ends.map(|end| end.plus_days(365))) {
            let day = day.unwrap();
            let text = day.0.format("%Y-%m-%d").to_string();
            assert_eq!((day.to_string(), Date::parse(&text)), (text, Ok(day)));
        }
        for (month, day) in (0..100).flat_map(|month| (0..100).map(move |day| (month, day))) {
            let text = format!("2026-{month:02}-{day:02}");
            let read =
                NaiveDate::parse_from_str(&text, "%Y-%m-%d").map(Date).map_err(|_| CalendarError::Date);
            assert_eq!(Date::parse(&text), read);
        }
    }

    #[test]
    fn years_have_four_digits_and_begin_with_1() {
        for text in ["0000-01-01", "+10000-01-01", "-0001-01-01", "+262142-12-31"] {
            assert_eq!(Date::parse(text), Err(CalendarError::Date), "{text}");
        }
        assert!(Date::parse("0001-01-01").is_ok() && Date::parse("9999-12-31").is_ok());
        assert!(Instant::parse("+10000-01-01T00:00:00Z").is_err());
    }

    #[test]
    fn one_instant_has_one_spelling() {
        let instant = Instant::parse("2023-08-23T15:59:24Z").unwrap();
        assert_eq!(instant.unix(), 1_692_806_364);
        assert_eq!(instant.to_string(), "2023-08-23T15:59:24Z");
        for text in [
            "2023-08-23T15:59:60Z",
            "2023-08-23T15:59:24+08:00",
            "2023-08-23 15:59:24",
            "2023-08-23T15:59:24.0Z",
        ] {
            assert_eq!(Instant::parse(text), Err(CalendarError::Instant), "{text}");
        }
    }

    #[test]
    fn a_window_does_not_end_before_it_begins() {
        let read = |text| serde_json::from_str::<Window>(text);
        assert!(read(r#"{"from":"2023-09-01","to":"2023-09-01"}"#).is_ok());
        assert!(read(r#"{"from":"2023-09-02","to":"2023-09-01"}"#).is_err());
    }
}
