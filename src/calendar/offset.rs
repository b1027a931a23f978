//! The clock of a place: which day it is there, and how its people write an instant.

use super::{CalendarError, Date, Instant, shaped};
use crate::id::read_text;
use chrono::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// How far the clocks of a place are ahead of universal time, −12:00 to +14:00, written `+08:00` (Spec
/// 1.8). It is one offset for the whole year: a place that changes its clocks states that of its winter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Offset(i64);

/// Seconds of a minute.
const MINUTE: i64 = 60;

impl Offset {
    /// Universal time.
    pub const UTC: Self = Self(0);

    /// Reads `+HH:MM` or `-HH:MM`, exactly six characters.
    ///
    /// # Errors
    /// Another form, `-00:00`, or an offset that no place of the Earth has.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let (ahead, digits) = match text.split_at_checked(1) {
            Some(("+", digits)) => (true, digits),
            Some(("-", digits)) => (false, digits),
            _ => return Err(CalendarError::Offset),
        };
        if !shaped(digits, "00:00") {
            return Err(CalendarError::Offset);
        }
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok());
        let (hours, minutes) =
            number(digits.get(..2)).zip(number(digits.get(3..))).ok_or(CalendarError::Offset)?;
        let whole = hours * 60 + minutes;
        let most = if ahead { 14 * 60 } else { 12 * 60 };
        if minutes > 59 || whole > most || (whole == 0 && !ahead) {
            return Err(CalendarError::Offset);
        }
        Ok(Self(if ahead { whole } else { -whole }))
    }

    /// The day on which an instant falls there; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn day(self, at: Instant) -> Option<Date> {
        self.there(at).and_then(Instant::day)
    }

    /// The instant whose universal time reads as the clocks of the place do at `at`.
    fn there(self, at: Instant) -> Option<Instant> {
        at.unix().checked_add(self.0 * MINUTE).map(Instant)
    }

    /// An instant as the clocks of the place show it: `2026-03-04 11:00`, with its seconds where they are
    /// not 0.
    #[must_use]
    pub fn shown(self, at: Instant) -> String {
        let time = self.there(at).and_then(|there| DateTime::from_timestamp(there.0, 0));
        let Some(time) = time else { return at.to_string() };
        let form = if time.timestamp() % MINUTE == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
        time.format(form).to_string()
    }

    /// Reads an instant as the clocks of the place show it, `2026-03-04 11:00` or `2026-03-04 11:00:05`,
    /// or in universal time, `2026-03-04T03:00:00Z`.
    ///
    /// # Errors
    /// Another form, or an instant that does not exist.
    pub fn instant(self, text: &str) -> Result<Instant, CalendarError> {
        if text.ends_with('Z') {
            return Instant::parse(text);
        }
        let local = match text.split_once(' ') {
            Some((day, time)) if time.len() == 5 => format!("{day}T{time}:00Z"),
            Some((day, time)) => format!("{day}T{time}Z"),
            None => return Err(CalendarError::Local),
        };
        let there = Instant::parse(&local).map_err(|_| CalendarError::Local)?;
        let at = there.unix().checked_sub(self.0 * MINUTE).map(Instant).ok_or(CalendarError::Local)?;
        // The first and the last hours of the calendar may lie outside it in universal time.
        Instant::parse(&at.to_string()).map_err(|_| CalendarError::Local)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, minutes) = (if self.0 < 0 { '-' } else { '+' }, self.0.unsigned_abs());
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl Serialize for Offset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| Self::parse(text).map_err(|e| format!("{text:?} {e}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn one_offset_has_one_spelling() {
        for text in ["+08:00", "-05:00", "+05:45", "+00:00", "-12:00", "+14:00", "-00:30"] {
            assert_eq!(Offset::parse(text).unwrap().to_string(), text);
        }
        for text in
            ["-00:00", "+14:01", "-12:01", "+8:00", "+0800", "+08:60", "08:00", "Z", "", "＋08:00", "+08:00 "]
        {
            assert_eq!(Offset::parse(text), Err(CalendarError::Offset), "{text}");
        }
    }

    /// A morning in China is an evening of the day before in universal time.
    #[test]
    fn a_morning_is_of_its_own_day() {
        let china = Offset::parse("+08:00").unwrap();
        let early = china.instant("2026-04-08 07:30").unwrap();
        assert_eq!(early, at("2026-04-07T23:30:00Z"));
        assert_eq!(china.day(early).unwrap().to_string(), "2026-04-08");
        assert_eq!(Offset::UTC.day(early).unwrap().to_string(), "2026-04-07");
        assert_eq!(china.shown(early), "2026-04-08 07:30");
        assert_eq!(china.shown(at("2026-04-07T23:30:07Z")), "2026-04-08 07:30:07");
        let fall = Offset::parse("-05:00").unwrap();
        assert_eq!(fall.day(at("2026-04-08T03:00:00Z")).unwrap().to_string(), "2026-04-07");
    }

    #[test]
    fn instants_are_read_as_they_are_shown() {
        let china = Offset::parse("+08:00").unwrap();
        for text in ["2026-03-04 11:00", "2026-03-04 11:00:05", "2026-01-01 00:00", "2024-02-29 23:59:59"] {
            assert_eq!(china.shown(china.instant(text).unwrap()), text);
        }
        assert_eq!(china.instant("2026-03-04T03:00:00Z").unwrap(), at("2026-03-04T03:00:00Z"));
        for text in [
            "2026-03-04",
            "2026-03-04 24:00",
            "2026-3-4 11:00",
            "2026-03-04T11:00",
            "0001-01-01 07:59",
            "11:00",
        ] {
            assert_eq!(china.instant(text), Err(CalendarError::Local), "{text}");
        }
    }
}
