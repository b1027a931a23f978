//! The broken rules of a document that people write: all of them at once, each with its place.

use super::{MOST_PROBLEMS, clipped, left_off, readable};
use crate::id::Code;
use crate::message::{AsParam, Coded, Message, said};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

/// A rule that a document breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// The place, as in `team.departments[1].officers`.
    pub place: String,
    /// The rule that is broken there.
    pub rule: Message,
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.rule)
    }
}

impl Coded for BrokenRule {
    /// The place, and what its rule says.
    fn message(&self) -> Message {
        let params = [("place", self.place.param()), ("rule", self.rule.param())];
        Message::new("document.rule", self.to_string(), params)
    }
}

impl AsParam for BrokenRule {
    fn param(&self) -> crate::message::Param {
        self.message().param()
    }
}

impl BrokenRule {
    /// The text of several broken rules: their number, then each on a line of its own.
    pub(crate) fn list(what: &str, broken: &[Self]) -> String {
        let lines = broken.iter().map(|rule| ["\n  ".to_owned(), rule.to_string()].concat());
        format!("{} {what}(s):{}", broken.len(), lines.collect::<String>())
    }
}

/// Whether a list names something twice.
pub(crate) fn repeats<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    names.into_iter().any(|name| !seen.insert(name))
}

/// Most characters of a place, and of a rule: both can hold texts of the document.
const PLACE: usize = 200;
const RULE: usize = 600;

/// Collects the broken rules of one document, in the order in which they are found: the first
/// [`MOST_PROBLEMS`], and the number of the others.
#[derive(Default)]
pub(crate) struct BrokenRules(RefCell<(Vec<BrokenRule>, u64)>);

impl BrokenRules {
    /// A field of the document, or any other name for a place in it, such as `item x-ray`. The empty text is
    /// the whole document.
    pub(crate) fn at(&self, place: impl Into<String>) -> Field<'_> {
        Field { place: place.into(), broken: self }
    }

    /// Whether no rule was broken so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().0.is_empty()
    }

    /// The rules, and behind them one that says how many more there are.
    pub(crate) fn into_vec(self) -> Vec<BrokenRule> {
        let (mut kept, more) = self.0.into_inner();
        let rest = left_off(more).map(|rule| BrokenRule { place: "others".to_owned(), rule });
        kept.extend(rest);
        kept
    }
}

/// A place in a document, and the rules that a value can break there.
pub(crate) struct Field<'a> {
    place: String,
    broken: &'a BrokenRules,
}

impl<'a> Field<'a> {
    /// A field of the object at this place.
    pub(crate) fn field(&self, name: impl fmt::Display) -> Self {
        match self.place.as_str() {
            "" => self.broken.at(name.to_string()),
            place => self.broken.at(format!("{place}.{name}")),
        }
    }

    /// An entry of the list at this place, counted from 0.
    pub(crate) fn index(&self, index: usize) -> Self {
        self.broken.at(format!("{}[{index}]", self.place))
    }

    /// The entries of the list at this place, each with its own place.
    pub(crate) fn entries<'l, T>(&self, list: &'l [T]) -> impl Iterator<Item = (Self, &'l T)> {
        list.iter().enumerate().map(|(index, entry)| (self.index(index), entry))
    }

    /// Notes a broken rule.
    pub(crate) fn note(&self, rule: Message) {
        self.when(true, || rule);
    }

    /// Notes a rule if it is broken.
    pub(crate) fn when(&self, broken: bool, rule: impl FnOnce() -> Message) {
        if !broken {
            return;
        }
        if self.broken.0.borrow().0.len() == MOST_PROBLEMS {
            self.broken.0.borrow_mut().1 += 1;
            return;
        }
        let (place, rule) = (clipped(&self.place, PLACE), rule().clipped(RULE));
        self.broken.0.borrow_mut().0.push(BrokenRule { place, rule });
    }

    /// A number lies in a range.
    pub(crate) fn in_range(&self, value: u64, range: &RangeInclusive<u64>) {
        self.when(!range.contains(&value), || {
            let (least, most) = (range.start(), range.end());
            said!("document.range", "{value} is not {least} to {most}", value, least, most)
        });
    }

    /// A number is not above a bound.
    pub(crate) fn at_most<T: PartialOrd + Copy + fmt::Display + AsParam>(&self, value: T, most: T) {
        self.when(value > most, || said!("document.at_most", "{value} is above {most}", value, most));
    }

    /// A list is not longer than any office needs.
    pub(crate) fn no_longer_than(&self, most: usize, length: usize) {
        self.when(length > most, || {
            said!("document.too_long", "has {length} entries, at most {most} are allowed", length, most)
        });
    }

    /// A list is not empty.
    pub(crate) fn filled<T>(&self, list: &[T]) {
        self.when(list.is_empty(), || said!("document.empty", "is empty"));
    }

    /// No value of a list is repeated. Values are compared by their texts.
    pub(crate) fn unique(&self, values: impl IntoIterator<Item: fmt::Display>) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for value in values {
            let value = value.to_string();
            if seen.contains(&value) {
                self.note(said!("document.repeats", "has {value} twice", value));
            }
            seen.insert(value);
        }
    }

    /// Every code is of a vocabulary, which the refusal calls by this name.
    pub(crate) fn known<'c>(
        &self,
        codes: impl IntoIterator<Item = &'c Code>,
        vocabulary: &[Code],
        list: &'static str,
    ) {
        for code in codes {
            self.when(!vocabulary.contains(code), || {
                said!("document.unknown", "{code} is not among {list}", code, list)
            });
        }
    }

    /// Kinds of units are of the vocabulary, each named once.
    pub(crate) fn kinds(&self, kinds: &[Code], vocabulary: &[Code]) {
        let strange = kinds.iter().any(|kind| !vocabulary.contains(kind));
        let wrong = strange || repeats(kinds.iter().map(Code::as_str));
        self.when(wrong, || said!("document.kinds", "names a kind twice, or one that there is not"));
    }

    /// A text is one for people.
    pub(crate) fn readable(&self, text: &str) {
        self.when(!readable(text), || {
            said!("table.text", "is no text of 1 to 200 characters that are all seen")
        });
    }

    /// A rule names its source.
    pub(crate) fn basis(&self, text: &str) {
        self.when(!readable(text), || {
            said!("document.basis", "is empty or no text: every rule names where it comes from")
        });
    }
}
