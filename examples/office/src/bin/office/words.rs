//! The texts of the office: answers for people or for machines, failures, progress.

use super::store::StoreError;
use double_random::calendar::{Instant, Offset};
use double_random::message::{Coded as _, Message};
use double_random_office::table::WrongTable;
use double_random_office::{catalogue, told};
use double_random_support::files::Failure;
use double_random_support::screen::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::Write as _;

/// The answer of a command.
#[derive(Default)]
pub struct Answer {
    /// For machines.
    pub json: Value,
    /// For people.
    pub text: String,
    /// Exit status.
    pub status: u8,
}

impl Answer {
    /// Done.
    pub const fn said(json: Value, text: String) -> Self {
        Self { json, text, status: 0 }
    }
}

/// The screen and what it should show.
#[derive(Clone, Copy)]
pub struct Screen {
    /// The language.
    pub lang: Lang,
    /// The last line only.
    pub quiet: bool,
    /// JSON.
    pub json: bool,
    /// The clock by which people are told instants. Machines get universal time.
    pub offset: Offset,
}

impl Screen {
    /// A text that takes no values.
    pub fn word(self, code: &'static str) -> &'static str {
        catalogue::word(code, self.lang)
    }

    /// A message in the language of the screen.
    pub fn tell(self, message: &Message) -> String {
        catalogue::words(message, self.lang)
    }

    /// Prints an answer.
    pub fn print(self, answer: &Answer) {
        let text = if self.json {
            if answer.json.is_null() { String::new() } else { answer.json.to_string() }
        } else if self.quiet {
            answer.text.trim_end().lines().last().unwrap_or_default().to_owned()
        } else {
            answer.text.trim_end().to_owned()
        };
        if !text.is_empty() {
            let text = if self.json { text } else { self.by_clock(&text) };
            // The reader of a pipe may have closed it; what was stored stays stored.
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// Prints why nothing was done.
    pub fn fail(self, error: &Failure, code: &str) {
        if self.json {
            let mut said = json!({ "code": code, "message": error.to_string() });
            let of_store = || error.downcast_ref::<StoreError>().map(StoreError::message);
            if let Some(message) = catalogue::message_of(error.as_ref()).or_else(of_store) {
                said["rule"] = message.rule().into();
                said["params"] = json!(message.params());
            }
            if let Some(table) = error.downcast_ref::<WrongTable>() {
                said["problems"] = table.json();
            }
            let said = json!({ "error": said });
            let _ = writeln!(std::io::stdout(), "{said}");
            return;
        }
        let words = match (error.downcast_ref::<StoreError>(), self.lang) {
            (Some(error), _) => self.tell(&error.message()),
            (None, Lang::En) => error.to_string(),
            (None, Lang::Zh) => {
                let words = catalogue::error(error.as_ref(), self.lang);
                match code {
                    "refused" => told!(self.lang, "office.failed.refused", words),
                    "input" => told!(self.lang, "office.failed.input", words),
                    "damaged" => told!(self.lang, "office.failed.damaged", words),
                    _ => words,
                }
            }
        };
        let _ = writeln!(std::io::stderr(), "{}", self.by_clock(&words));
    }

    /// A remark about a file while work goes on.
    pub fn remark(self, file: &str, remark: &Message) {
        self.note(&told!(self.lang, "office.about", rule = self.tell(remark), what = file));
    }

    /// A remark while work goes on.
    pub fn note(self, text: &str) {
        if !self.quiet && !self.json {
            let _ = writeln!(std::io::stderr(), "{}", self.by_clock(text));
        }
    }

    /// Asks who sits at the terminal; the answer is read by the caller.
    pub fn ask(self, question: &str) {
        let _ = write!(std::io::stderr(), "{}", self.by_clock(question));
    }

    /// A text with its instants as the authority's clock shows them. One instant has one spelling, so that
    /// those in the library's own messages are found, too.
    pub fn by_clock(self, text: &str) -> String {
        const LONG: usize = "0000-00-00T00:00:00Z".len();
        if self.offset == Offset::UTC {
            return text.to_owned();
        }
        let (mut told, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(place) = rest.find('T') {
            let begin = place.saturating_sub(10);
            let found = rest.get(begin..begin + LONG).and_then(|word| Instant::parse(word).ok());
            let Some(at) = found else {
                let (before, after) = rest.split_at(place + 1);
                told += before;
                rest = after;
                continue;
            };
            told += rest.get(..begin).unwrap_or_default();
            told += &self.offset.shown(at);
            rest = rest.get(begin + LONG..).unwrap_or_default();
        }
        told + rest
    }

    /// A bar for long work, on a terminal only.
    pub fn bar(self, length: usize, what: &'static str) -> ProgressBar {
        if self.quiet || self.json || length < 20_000 {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what);
        bar
    }

    /// A progress sign for work of unknown length.
    pub fn spinner(self, what: &'static str) -> ProgressBar {
        if self.quiet || self.json {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner();
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(8));
        bar.set_message(what);
        bar.enable_steady_tick(std::time::Duration::from_millis(150));
        bar
    }
}

/// The name of a database's failure for machines.
pub const fn code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy { .. } => "busy",
        StoreError::Full(_) => "full",
        StoreError::ReadOnly(_) => "read-only",
        StoreError::Newer { .. } => "newer",
        StoreError::Older { .. } => "older",
        StoreError::Missing(_) => "missing",
        StoreError::There(_) => "there",
        StoreError::Damaged(_) => "damaged",
        StoreError::Edited(_) => "edited",
        StoreError::Unreachable(_) => "unreachable",
        StoreError::Conflict(_) => "conflict",
        StoreError::Other(_) => "database",
    }
}
