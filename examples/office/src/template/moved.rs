//! A programme of one year in another: the same tasks and batches, their days moved to working days of that year and
//! kept within the deadlines of the pack.

use double_random::calendar::{Date, Instant, Window, WorkingDays};
use double_random::message::{Coded, Message};
use double_random::pack::{Deadline, Pack};
use double_random::policy::{BeaconPlan, Disclosure, Source};
use double_random::programme::{Batch, Programme};
use serde_json::Value;

/// Why a programme cannot be moved by a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// A source names a round or an issue, which other days do not have.
    #[error(
        "task {task}, batch {batch}: source {id} names a round, an issue or shares: its next ones are not known here"
    )]
    Source {
        /// The task.
        task: String,
        /// The batch, from 1.
        batch: u64,
        /// The source.
        id: String,
    },
    /// A day of the batch has no day in the other year.
    #[error("task {task}, batch {batch}: a day lies outside the calendar")]
    Day {
        /// The task.
        task: String,
        /// The batch, from 1.
        batch: u64,
    },
}

impl Coded for MoveError {
    fn message(&self) -> Message {
        match self {
            Self::Source { task, batch, id } => crate::say!(
                "office.moved.source",
                "task {task}, batch {batch}: source {id} names a round, an issue or shares: its next ones are not known \
                 here",
                task,
                batch,
                id
            ),
            Self::Day { task, batch } => crate::say!(
                "office.moved.day",
                "task {task}, batch {batch}: a day lies outside the calendar",
                task,
                batch
            ),
        }
    }
}

/// Into which year, and by which days.
struct Move<'a> {
    years: i32,
    calendar: &'a WorkingDays,
    pack: &'a Pack,
}

impl Move<'_> {
    /// The same day of the month; the day before where a year has no 29 February.
    fn same(&self, day: Date) -> Option<Date> {
        let year = day.year() + self.years;
        let rest = day.to_string().get(4..)?.to_owned();
        let at = |rest: &str| Date::parse(&format!("{year:04}{rest}")).ok();
        at(&rest).or_else(|| at("-02-28"))
    }

    /// The nearest working day, `step` being the direction. A day that the calendar does not cover stays.
    fn working(&self, mut day: Date, step: i64) -> Option<Date> {
        while self.calendar.is_working(day) == Some(false) {
            day = day.plus_days(step)?;
        }
        Some(day)
    }

    fn batch(&self, old: &Batch) -> Option<Batch> {
        let deadlines = &self.pack.deadlines;
        // A place without a deadline bounds nothing.
        let after =
            |day: Date, deadline: &Option<Deadline>| self.calendar.after(day, deadline.as_ref()?.days);
        let drawn = self.working(self.same(old.drawn)?, 1)?;
        let as_of = drawn.plus_days(-old.drawn.days_since(old.as_of))?;
        let matched = self.working(self.same(old.matched)?, -1)?.max(drawn);
        let latest = if deadlines.matching.is_none() { Some(matched) } else { None };
        let latest = latest.or_else(|| after(drawn, &deadlines.matching)).unwrap_or(drawn);
        let matched = matched.min(latest.max(drawn));
        // What is asked for on the last day is decided when the visits begin: they begin later, if need be.
        let mut from = self.working(self.same(old.window.from())?, 1)?;
        let decided = |asked: Date| after(asked, &deadlines.recusal);
        if let Some(decided) = decided(matched) {
            from = from.max(decided);
        }
        from = from.max(drawn.plus_days(1)?);
        let mut recusals = self.working(self.same(old.recusals)?, -1)?.max(matched);
        while recusals > matched && decided(recusals).is_some_and(|decided| decided > from) {
            recusals = self.working(recusals.plus_days(-1)?, -1)?.max(matched);
        }
        let to = self.working(self.same(old.window.to())?, -1)?.max(from);
        let published = self.working(self.same(old.published)?, -1)?.max(to);
        let published = after(to, &deadlines.publish).map_or(published, |latest| latest.min(published));
        let disclosure = match &old.disclosure {
            Disclosure::Immediate {} => Disclosure::Immediate {},
            Disclosure::Deferred { reveal_by } => {
                Disclosure::Deferred { reveal_by: self.same(*reveal_by)?.clamp(to, published) }
            }
        };
        let beacon = shifted(&old.beacon, drawn.days_since(old.drawn))?;
        let window = Window::new(from, to).ok()?;
        Some(Batch {
            as_of,
            beacon,
            disclosure,
            drawn,
            matched,
            published,
            recusals,
            share: old.share,
            window,
        })
    }
}

/// A plan of sources so many days later.
fn shifted(plan: &BeaconPlan, days: i64) -> Option<BeaconPlan> {
    fn shift(value: &mut Value, days: i64) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (name.as_str(), &value) {
                        ("at" | "after", Value::String(text)) => {
                            if let Some(later) = later(text, days) {
                                *value = later.into();
                            }
                        }
                        _ => shift(value, days),
                    }
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| shift(value, days)),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(plan).ok()?;
    shift(&mut value, days);
    serde_json::from_value(value).ok()
}

/// The same second of the day so many days later.
fn later(text: &str, days: i64) -> Option<String> {
    let day = Instant::parse(text).ok()?.day()?.plus_days(days)?;
    Some(format!("{day}{}", text.get(10..)?))
}

/// The programme of another year: the same tasks, their days on working days of that year.
///
/// A draw falls on the same day of the month, or the next working day; frame and roster are as many days before it
/// as they were; teams, recusals, visits and publication stand on the same days of the month, or the nearest
/// working days that keep the deadlines of the pack.
///
/// # Errors
/// A source that names a round, an issue or shares; a day outside the years of dates.
pub fn moved(
    old: &Programme,
    pack: &Pack,
    year: u64,
    calendar: &WorkingDays,
) -> Result<Programme, MoveError> {
    let years = i32::try_from(i128::from(year) - i128::from(old.year)).unwrap_or(i32::MAX);
    let rule = Move { years, calendar, pack };
    let mut new = old.clone();
    for task in &mut new.tasks {
        for (number, batch) in (1..).zip(&mut task.batches) {
            let name = || task.code.to_string();
            let fixed = |source: &&Source| !matches!(source, Source::Dice { .. });
            if let Some(source) = batch.beacon.all().find(fixed).filter(|_| years != 0) {
                return Err(MoveError::Source { task: name(), batch: number, id: source.id().to_string() });
            }
            if years != 0 {
                *batch = rule.batch(batch).ok_or_else(|| MoveError::Day { task: name(), batch: number })?;
            }
        }
    }
    new.calendar = calendar.clone();
    new.title = of_year(&old.title, old.year, year);
    new.year = year;
    Ok(new)
}

/// The pack in another year: its rules stay.
#[must_use]
pub fn next_pack(old: &Pack, year: u64) -> Pack {
    Pack { title: of_year(&old.title, old.year, year), year, ..old.clone() }
}

/// A title with the year of the new rules.
fn of_year(title: &str, old: u64, new: u64) -> String {
    title.replace(&old.to_string(), &new.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::{TEMPLATES, given};
    use super::*;
    use double_random::programme::Finding;

    /// In every year to come the days are working days in their order, and keep the deadlines.
    #[test]
    fn a_moved_programme_keeps_the_deadlines_in_any_year() {
        for template in TEMPLATES {
            let (pack, programme) = template.rules().unwrap();
            for year in 2026..2040 {
                // Constructed: two long holidays, as most years have them.
                let days = format!("{year}-01-01, {year}-05-01..{year}-05-05, {year}-10-01..{year}-10-07");
                // In its own year nothing is moved, and its own calendar holds.
                let constructed = given(year, &days, "", "constructed").unwrap();
                let calendar = if year == programme.year { programme.calendar.clone() } else { constructed };
                let moved = moved(&programme, &pack, year, &calendar).unwrap();
                let pack = next_pack(&pack, year);
                let policy = moved.policy(&pack, &moved.tasks[0].code, 1, None).unwrap();
                let frame = double_random::Frame::new([], &policy.frame, policy.as_of).unwrap();
                let found = moved.check(&pack, &frame);
                let wrong: Vec<String> = found
                    .as_slice()
                    .iter()
                    .filter(|finding| matches!(finding, Finding::Deadline { .. } | Finding::Order { .. }))
                    .map(ToString::to_string)
                    .collect();
                assert_eq!(wrong, Vec::<String>::new(), "{} {year}", template.code);
                assert!(moved.title.contains(&year.to_string()), "{}", moved.title);
            }
        }
    }

    #[test]
    fn a_source_that_names_a_round_is_not_moved() {
        let (pack, mut programme) = TEMPLATES[0].rules().unwrap();
        let calendar = programme.calendar.clone();
        programme.tasks[0].batches[1].beacon.sources = serde_json::from_value(serde_json::json!([
            {"kind": "lottery", "id": "kl8", "game": "快乐8", "issue": "2026231",
             "fields": [{"of": 80, "take": 20}], "at": "2026-09-02T13:30:00Z"}
        ]))
        .unwrap();
        let found = moved(&programme, &pack, 2027, &calendar).unwrap_err();
        assert_eq!(found, MoveError::Source { task: "medical".into(), batch: 2, id: "kl8".into() });
        // In its own year nothing is moved.
        assert_eq!(moved(&programme, &pack, 2026, &calendar).unwrap(), programme);
    }
}
