//! Rows as tasks, tasks as draws, and the programme of both.

use super::row::{Wanted, known};
use super::{Reader, Said, Told};
use double_random::calendar::{Date, Instant, Window};
use double_random::id::Code;
use double_random::message::Message;
use double_random::pack::Deadline;
use double_random::policy::{BeaconPlan, Billionths, Design, Disclosure, Source};
use double_random::programme::{Batch, Programme, Task};
use double_random_office::plan::Span;
use double_random_office::say;
use double_random_support::files::Failure;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The tasks that the rows make, and which of the programme's own they stand for.
pub(super) struct Made {
    tasks: Vec<Value>,
    replaced: BTreeSet<Code>,
}

fn day_after(day: Date, days: i64) -> Result<Date, Message> {
    day.plus_days(days).ok_or_else(|| {
        let day = day.to_string();
        say!("office.plan.no_day", "there is no day {days} days after {day}", days, day)
    })
}

fn instant(at: Instant, days: i64) -> Result<Instant, Message> {
    let none = || say!("office.plan.no_instant", "the instant {at} cannot be moved", at = at.to_string());
    let day = at.day().and_then(|day| day.plus_days(days)).ok_or_else(none)?;
    let text = at.to_string();
    let (_, time) = text.split_once('T').ok_or_else(none)?;
    Instant::parse(&format!("{day}T{time}")).map_err(|_| none())
}

/// A source as many days later. What a source publishes on another day, it publishes under another number.
fn later(source: &Source, days: i64) -> Result<Source, Message> {
    let mut source = source.clone();
    let named = source.id().to_string();
    match &mut source {
        _ if days == 0 => {}
        Source::Dice { at, .. } => *at = instant(*at, days)?,
        Source::Drand { at, period, round, .. } => {
            let rounds = (*period > 0 && DAY % *period == 0).then(|| DAY / *period * days);
            let moved = rounds.and_then(|rounds| round.checked_add(rounds)).filter(|round| *round > 0);
            *round = moved.ok_or_else(|| {
                say!(
                    "office.plan.rounds",
                    "source {id}: its rounds do not fall on the same time every day",
                    id = named
                )
            })?;
            *at = instant(*at, days)?;
        }
        Source::Lottery { game, issue, .. } => {
            return Err(say!(
                "office.plan.issue",
                "source {id} is issue {issue} of {game}, and which issue is drawn on another day cannot be computed: \
                 let the first task of the programme name dice or drand, or enter the task with its issues in the \
                 programme",
                id = named,
                issue = *issue,
                game = *game
            ));
        }
        Source::Shares { .. } => {
            return Err(say!(
                "office.plan.commitments",
                "source {id} holds commitments to shares, which are good for one draw: let the first task of the \
                 programme name dice or drand, or enter the task with its commitments in the programme",
                id = named
            ));
        }
    }
    Ok(source)
}

/// The sources of a draw as many days later, with the instants at which others stand in.
fn moved(beacon: &BeaconPlan, days: i64) -> Result<BeaconPlan, Message> {
    let mut beacon = beacon.clone();
    for source in &mut beacon.sources {
        *source = later(source, days)?;
    }
    for fallback in &mut beacon.fallbacks {
        fallback.after = instant(fallback.after, days)?;
        fallback.source = later(&fallback.source, days)?;
    }
    Ok(beacon)
}

/// The amount of a task, in words.
fn designed(design: &Design) -> Message {
    match design {
        Design::Frequency {} => say!("office.plan.by_table", "the visits of the pack's table"),
        Design::Rate { rate } => {
            say!("office.plan.by_rate", "{rate} of the subjects", rate = rate.to_string())
        }
        Design::Number { number } => say!("office.plan.number", "{count} subjects", count = number),
    }
}

impl Said {
    /// A number that two rows of one task say. Of the same it may be said twice, and of items that stand beside one
    /// cell with the title of their task; else nobody can tell whether each row has its own.
    fn one_number(&mut self, one: &Wanted, next: &Wanted) {
        let Some(count) = next.design["number"].as_u64() else { return };
        let same = |one: &[Code], next: &[Code]| {
            one.iter().collect::<BTreeSet<_>>() == next.iter().collect::<BTreeSet<_>>()
        };
        if next.listed || (same(&one.kinds, &next.kinds) && same(&one.items, &next.items)) {
            self.assumed.push(say!(
                "office.plan.one_number",
                "the number {count} is of both rows together",
                count
            ));
        } else {
            self.contradicts.push(say!(
                "office.plan.two_numbers",
                "row {row} is the same task with the number {count} of other subjects or items, and whether {count} \
                 are drawn of all or of each is not said: give each row a title of its own, or write one row with all \
                 subjects and items",
                count,
                row = one.row
            ));
        }
    }
}

impl Reader<'_> {
    /// The tasks; rows of one title, department, level, time and amount are one task of several items.
    pub(super) fn tasks(&self, wanted: Vec<Wanted>, told: &mut [Told]) -> Made {
        let mut merged: Vec<Wanted> = Vec::new();
        for next in wanted {
            let same = merged.iter_mut().find(|one| {
                one.title == next.title
                    && one.department == next.department
                    && one.joining == next.joining
                    && one.level == next.level
                    && one.design == next.design
                    && one.span == next.span
                    && one.draws == next.draws
            });
            let Some(one) = same else {
                merged.push(next);
                continue;
            };
            if let Some(told) = told.iter_mut().find(|told| told.row == next.row) {
                told.said.understood.push(say!(
                    "office.plan.one_task",
                    "one task with row {row}",
                    row = one.row
                ));
                told.said.one_number(one, &next);
            }
            for item in next.items {
                if !one.items.contains(&item) {
                    one.items.push(item);
                }
            }
            for kind in next.kinds {
                if !one.kinds.contains(&kind) {
                    one.kinds.push(kind);
                }
            }
        }
        let mut made = Made { tasks: Vec::new(), replaced: BTreeSet::new() };
        let mut codes: BTreeSet<String> =
            self.base.tasks.iter().map(|task| task.code.as_str().to_owned()).collect();
        for task in merged {
            let Some(told) = told.iter_mut().find(|told| told.row == task.row) else { continue };
            let own = known(&self.base.tasks, &task.title);
            let own = own.filter(|own| made.replaced.insert(own.code.clone()));
            let code = match own {
                Some(own) => own.code.to_string(),
                // A code of the programme never means another task.
                None => {
                    let numbered = |n: u64| match n {
                        0 => format!("plan-{}", task.row),
                        n => format!("plan-{}-{n}", task.row),
                    };
                    (0..).map(numbered).find(|code| !codes.contains(code)).unwrap_or_default()
                }
            };
            codes.insert(code.clone());
            let Some(span) = task.span else { continue };
            match self.task(&task, &code, own, span, &mut told.said) {
                Ok(value) => made.tasks.push(value),
                Err(why) => told.said.contradicts.push(why),
            }
        }
        made
    }

    /// One task: what the plan says, and of the programme's own task everything that a plan does not say.
    fn task(
        &self,
        task: &Wanted,
        code: &str,
        own: Option<&Task>,
        span: Span,
        said: &mut Said,
    ) -> Result<Value, Message> {
        let model = own.or(self.base.tasks.first());
        let mut value = own.map_or_else(
            || json!({ "strata": model.map_or_else(|| json!(["kind"]), |model| json!(model.strata)) }),
            |own| json!(own),
        );
        if let Some(own) = own {
            said.assumed.push(say!(
                "office.plan.own_terms",
                "task {code} of the programme: what the plan does not say stays",
                code = own.code
            ));
            if json!(own.design) != task.design {
                said.assumed.push(say!(
                    "office.plan.own_design",
                    "the amount of the programme ({was}) gives way to that of the plan",
                    was = designed(&own.design)
                ));
            }
        }
        value["batches"] = json!(self.batches(span, task.draws, own, said)?);
        for (field, of_plan) in [
            ("code", json!(code)),
            ("department", json!(task.department)),
            ("design", task.design.clone()),
            ("items", json!(task.items)),
            ("level", json!(task.level)),
            ("title", json!(task.title)),
        ] {
            value[field] = of_plan;
        }
        if !value["population"].is_object() {
            value["population"] = json!({});
        }
        value["population"]["kinds"] = json!(task.kinds);
        value["joining"] = json!(task.joining);
        Ok(value)
    }

    /// The draws of a time. Those that the programme has for the task stay where they are as many and lie within it;
    /// else each part of the time begins with a draw on a working day, and ends so that results can be published
    /// within the calendar.
    fn batches(
        &self,
        span: Span,
        draws: u64,
        own: Option<&Task>,
        said: &mut Said,
    ) -> Result<Vec<Batch>, Message> {
        let within = |batch: &Batch| batch.drawn >= span.from && batch.window.to() <= span.to;
        if let Some(own) = own
            && u64::try_from(own.batches.len()) == Ok(draws)
            && own.batches.iter().all(within)
        {
            said.understood.push(say!(
                "office.plan.own_draws",
                "its {draws} draws stay as the programme has them",
                draws
            ));
            return Ok(own.batches.clone());
        }
        let models = own.or(self.base.tasks.first()).map(|task| task.batches.as_slice()).unwrap_or_default();
        let Some(first_model) = models.first() else {
            return Err(say!(
                "office.plan.no_model",
                "the programme has no task to take sources and disclosure from"
            ));
        };
        let calendar = &self.base.calendar;
        let deadlines = &self.pack.deadlines;
        let days = u64::try_from(span.to.days_since(span.from)).unwrap_or(0) + 1;
        let part = i64::try_from(days / draws).unwrap_or(0);
        let (from, to) = (span.from.to_string(), span.to.to_string());
        let short = || {
            say!(
                "office.plan.short",
                "{from} to {to} is too short for {draws} draws with the deadlines of the pack",
                from,
                to,
                draws
            )
        };
        let mut batches = Vec::new();
        let mut told = Vec::new();
        let shares = 1_000_000_000 / draws;
        for place in 0..draws {
            let model =
                usize::try_from(place).ok().and_then(|place| models.get(place)).unwrap_or(first_model);
            let offset = i64::try_from(place).unwrap_or(0) * part;
            let first = day_after(span.from, offset)?;
            let mut to = if place + 1 == draws { span.to } else { day_after(first, part - 1)? };
            let drawn = (0..40)
                .filter_map(|n| first.plus_days(n))
                .find(|day| calendar.is_working(*day) == Some(true))
                .ok_or_else(short)?;
            // Where the place has no deadline, the next working day does.
            let days = |deadline: &Option<Deadline>| deadline.as_ref().map_or(1, |deadline| deadline.days);
            let matched = calendar.after(drawn, days(&deadlines.matching)).ok_or_else(short)?;
            let recusals = calendar.after(matched, 1).ok_or_else(short)?;
            let from = calendar.after(recusals, days(&deadlines.recusal)).ok_or_else(short)?;
            let mut published = calendar.after(to, days(&deadlines.publish));
            while published.is_none() && to > from {
                to = day_after(to, -1)?;
                published = calendar.after(to, days(&deadlines.publish));
            }
            let published = published.filter(|_| to > from).ok_or_else(short)?;
            let shown = [drawn, from, to, published].map(|day| day.to_string());
            told.push(say!(
                "office.plan.draw",
                "drawn on {drawn}, visits {from} to {to}, published by {published}",
                drawn = shown[0],
                from = shown[1],
                to = shown[2],
                published = shown[3]
            ));
            let disclosure = match model.disclosure {
                Disclosure::Immediate {} => Disclosure::Immediate {},
                Disclosure::Deferred { reveal_by } => {
                    let wait = reveal_by.days_since(model.window.to()).max(0);
                    Disclosure::Deferred { reveal_by: day_after(to, wait)? }
                }
            };
            let share = if place + 1 == draws { 1_000_000_000 - shares * (draws - 1) } else { shares };
            batches.push(Batch {
                as_of: day_after(drawn, model.as_of.days_since(model.drawn).min(0))?,
                beacon: moved(&model.beacon, drawn.days_since(model.drawn))?,
                disclosure,
                drawn,
                matched,
                published,
                recusals,
                share: Billionths::new(share).map_err(|_| short())?,
                window: Window::new(from, to).map_err(|_| short())?,
            });
        }
        said.assumed.extend(told);
        Ok(batches)
    }

    /// The programme with these tasks; every policy of it must follow from the pack.
    pub(super) fn programme(&self, made: Made, told: &[Told]) -> Result<(Option<Programme>, Said), Failure> {
        let mut whole = Said { unused: self.words.idle(), ..Said::default() };
        if self.given.prefer.is_some() && !self.preferred.get() {
            whole.unused.push(say!(
                "office.plan.prefer_idle",
                "--prefer: no row has a share and a number that differ"
            ));
        }
        let keep = self.given.keep;
        let left: Vec<&Task> =
            self.base.tasks.iter().filter(|task| !made.replaced.contains(&task.code)).collect();
        let names = left.iter().map(|task| task.code.as_str()).collect::<Vec<_>>().join(", ");
        match (left.is_empty(), keep) {
            (true, _) => {}
            (false, true) => {
                whole.understood.push(say!(
                    "office.plan.stay",
                    "tasks of the programme that stay: {names}",
                    names
                ));
            }
            (false, false) => whole.unused.push(say!(
                "office.plan.left_out",
                "tasks of the programme that no row names, left out (--keep keeps them): {names}",
                names
            )),
        }
        if told.iter().any(|row| !row.said.contradicts.is_empty()) {
            return Ok((None, whole));
        }
        let mut value = serde_json::to_value(self.base)?;
        let mut all = made.tasks;
        if keep {
            all.extend(left.iter().map(|task| json!(task)));
        }
        value["tasks"] = Value::Array(all);
        match Programme::from_json(&value.to_string()) {
            Ok(programme) => {
                for task in &programme.tasks {
                    for (batch, _) in (1..).zip(&task.batches) {
                        if let Err(error) = programme.policy(self.pack, &task.code, batch, None) {
                            whole.contradicts.push(say!(
                                "office.plan.follows",
                                "task {task}, batch {batch}: {why}",
                                task = task.code,
                                batch,
                                why = double_random::message::Coded::message(&error)
                            ));
                        }
                    }
                }
                Ok((Some(programme), whole))
            }
            Err(error) => {
                whole.contradicts.push(double_random::message::Coded::message(&error));
                Ok((None, whole))
            }
        }
    }
}
