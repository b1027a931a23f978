//! Problems of a table: all of them at once, each with its row, field, value and rule. The broken rules of a
//! document that people write are collected likewise, each with its place.

mod document;
mod text;

pub use document::BrokenRule;
pub(crate) use document::{BrokenRules, Field, repeats};
pub(crate) use text::{is_hidden, is_space, name_key, readable};

use crate::id::Code;
pub(crate) use crate::message::clipped;
use crate::message::{AsParam, Coded, Message, Param, said};
use std::fmt;

/// Problems of one table, or broken rules of one document, that are kept with their places. A wrong column
/// has a problem in every row. Whoever mends a thousand reads the table again, and sees the others.
pub const MOST_PROBLEMS: usize = 1000;

/// Most characters of a cell that a problem repeats.
const VALUE: usize = 80;

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem<R> {
    /// The row's number as the caller gave it, usually its line in the file.
    pub row: u64,
    /// The field.
    pub field: &'static str,
    /// The value as it stood there.
    pub value: String,
    /// The rule that it breaks.
    pub rule: R,
}

impl<R: fmt::Display> fmt::Display for Problem<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, {} {:?} {}", self.row, self.field, self.value, self.rule)
    }
}

/// The problems of a table, ordered by row and then in the order in which the row was read: the first
/// [`MOST_PROBLEMS`], and the number of the others. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems<R> {
    kept: Vec<Problem<R>>,
    left_off: u64,
}

impl<R> Problems<R> {
    /// The problems in order, at most [`MOST_PROBLEMS`].
    #[must_use]
    pub fn as_slice(&self) -> &[Problem<R>] {
        &self.kept
    }

    /// How many problems there are besides.
    #[must_use]
    pub const fn left_off(&self) -> u64 {
        self.left_off
    }
}

impl<R: Coded> Coded for Problem<R> {
    /// The row, the field, the value, and what its rule says.
    fn message(&self) -> Message {
        let (field, value, rule) = (self.field, self.value.as_str(), self.rule.message());
        let params = [
            ("field", field.param()),
            ("row", self.row.param()),
            ("rule", rule.param()),
            ("value", value.param()),
        ];
        Message::new("table.row", self.to_string(), params)
    }
}

/// What is said of problems that are not listed; empty if there are none.
pub(crate) fn left_off(number: u64) -> Option<Message> {
    (number > 0)
        .then(|| said!("left_off", "{number} more are not listed: correct these, and read it again", number))
}

impl<R: fmt::Display> fmt::Display for Problems<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = u64::try_from(self.kept.len()).unwrap_or(u64::MAX).saturating_add(self.left_off);
        let plural = if total == 1 { "" } else { "s" };
        write!(f, "{total} problem{plural}, nothing was taken over")?;
        self.kept.iter().try_for_each(|problem| write!(f, "\n  {problem}"))?;
        left_off(self.left_off).into_iter().try_for_each(|more| write!(f, "\n  {more}"))
    }
}

impl<R: Coded> Coded for Problems<R> {
    /// All problems that are kept, and how many there are besides.
    fn message(&self) -> Message {
        let problems: Vec<Message> = self.kept.iter().map(Coded::message).collect();
        let total = u64::try_from(self.kept.len()).unwrap_or(u64::MAX).saturating_add(self.left_off);
        let more = left_off(self.left_off);
        let params =
            [("more", more.as_slice().param()), ("problems", problems.param()), ("total", total.param())];
        Message::new("table.problems", self.to_string(), params)
    }
}

impl<R: fmt::Debug + fmt::Display> std::error::Error for Problems<R> {}

/// Gathers problems while rows are read. The first [`MOST_PROBLEMS`] are kept, the others counted.
#[derive(Debug)]
pub(crate) struct Gather<R> {
    kept: Vec<Problem<R>>,
    left_off: u64,
}

impl<R> Gather<R> {
    pub(crate) const fn new() -> Self {
        Self { kept: Vec::new(), left_off: 0 }
    }

    /// Takes over what another part of the table has noted, after what is here.
    pub(crate) fn append(&mut self, next: Self) {
        self.left_off = self.left_off.saturating_add(next.left_off);
        for problem in next.kept {
            if self.kept.len() < MOST_PROBLEMS {
                self.kept.push(problem);
            } else {
                self.left_off = self.left_off.saturating_add(1);
            }
        }
    }

    /// Problems kept so far.
    pub(crate) const fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing was noted.
    pub(crate) const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Notes a problem.
    pub(crate) fn note(&mut self, row: u64, field: &'static str, value: &str, rule: R) {
        self.note_with(row, field, value, || rule);
    }

    /// The same for a rule that takes work to state: it is stated only if the problem is kept.
    pub(crate) fn note_with(&mut self, row: u64, field: &'static str, value: &str, rule: impl FnOnce() -> R) {
        if self.kept.len() == MOST_PROBLEMS {
            self.left_off = self.left_off.saturating_add(1);
            return;
        }
        self.kept.push(Problem { row, field, value: clipped(&value, VALUE), rule: rule() });
    }

    /// Keeps the value of a cell that could be read, notes the rule otherwise.
    pub(crate) fn keep<T, E: Into<R>>(
        &mut self,
        row: u64,
        field: &'static str,
        value: &str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|rule| self.note(row, field, value, rule.into())).ok()
    }

    /// `Ok` if nothing was noted, else the problems in the order of their rows.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Problems<R>> {
        if self.is_empty() { Ok(value) } else { Err(self.in_order()) }
    }

    fn in_order(mut self) -> Problems<R> {
        self.kept.sort_by_key(|problem| problem.row);
        Problems { kept: self.kept, left_off: self.left_off }
    }
}

/// Words of a vocabulary that a problem names.
const NEAREST: usize = 8;

/// The words of a vocabulary as a problem names them: all of a short one, else those most like what was
/// found, and how many there are. A thousand rows with the same mistake would repeat a thousand words each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWords {
    /// The words that are named.
    pub words: Vec<Code>,
    /// How many there are.
    pub count: usize,
}

impl KnownWords {
    pub(crate) fn nearest(found: &str, vocabulary: &[Code]) -> Self {
        let mut words = vocabulary.to_vec();
        if words.len() > NEAREST {
            words.sort_by_cached_key(|word| {
                (std::cmp::Reverse(likeness(found, word.as_str())), word.as_str().to_owned())
            });
            words.truncate(NEAREST);
        }
        Self { words, count: vocabulary.len() }
    }
}

impl Coded for KnownWords {
    fn message(&self) -> Message {
        let Self { words: listed, count } = self;
        let words = listed.iter().map(Code::as_str).collect::<Vec<_>>().join(", ");
        let mut message = if listed.len() < *count {
            said!("words.nearest", "{words} … ({count} in all)", count, words)
        } else {
            said!("words.all", "{words}", words)
        };
        message.replace("words", listed.param());
        message
    }
}

impl fmt::Display for KnownWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl AsParam for KnownWords {
    fn param(&self) -> Param {
        Param::Message(Box::new(self.message()))
    }
}

/// How alike two texts are: the bytes that they share at the beginning and, of the rest, at the end. One
/// letter that is wrong, missing or too many leaves both ends.
fn likeness(a: &str, b: &str) -> usize {
    let same = |(x, y): &(u8, u8)| x.eq_ignore_ascii_case(y);
    let begin = a.bytes().zip(b.bytes()).take_while(same).count();
    let rest = |text: &str| text.len() - begin;
    let (ends, others) = (a.bytes().rev(), b.bytes().rev());
    begin + ends.zip(others).take(rest(a).min(rest(b))).take_while(same).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_words_share_both_ends_with_what_was_found() {
        let words: Vec<Code> = ["clinic", "clinical", "hospital", "pharmacy", "school", "nursery", "canteen"]
            .into_iter()
            .map(|word| Code::parse(word).unwrap())
            .collect();
        assert_eq!(
            KnownWords::nearest("clynic", &words).to_string(),
            "clinic, clinical, hospital, pharmacy, school, nursery, canteen",
            "a short vocabulary is named whole, in its own order"
        );
        let more = (0..100).map(|n| Code::parse(&format!("x{n}")).unwrap());
        let many: Vec<Code> = words.into_iter().chain(more).collect();
        let named = KnownWords::nearest("clynic", &many).to_string();
        assert!(named.starts_with("clinic, clinical, "), "{named}");
        assert!(named.ends_with(" … (107 in all)"), "{named}");
        assert_eq!((likeness("hopital", "hospital"), likeness("", "x")), (7, 0));
    }

    #[test]
    fn a_thousand_problems_are_kept_and_the_others_counted() {
        let mut gather: Gather<&str> = Gather::new();
        let mut asked = 0;
        for row in 0..1500 {
            gather.note_with(row, "id", &"界".repeat(100), || {
                asked += 1;
                "is wrong"
            });
        }
        let mut first: Gather<&str> = Gather::new();
        first.note(0, "id", "x", "is wrong");
        first.append(gather);
        let problems = first.finish(()).unwrap_err();
        assert_eq!((asked, problems.as_slice().len(), problems.left_off()), (1000, 1000, 501));
        assert_eq!(problems.as_slice()[5].value, format!("{}…", "界".repeat(79)));
        let text = problems.to_string();
        assert!(text.starts_with("1501 problems, nothing was taken over\n"), "{text}");
        assert!(text.ends_with("\n  501 more are not listed: correct these, and read it again"));
    }
}
