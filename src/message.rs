//! What a refusal says: a stable code, named values, and the sentence in English.
//!
//! The English sentence is what an error prints (`Display`). A program that shows it to people who read
//! another language takes the code and the values instead, and says the same from a catalogue of its own. The
//! codes and the names of the values are part of the public contract of this library; the English words are
//! not. Every code stands in `examples/support/words/en.ftl`, with its values and its words, and in Chinese
//! in `zh-CN.ftl` beside it.
//!
//! ```
//! use double_random::id::Code;
//! use double_random::message::{Coded, Param};
//! let refused = Code::parse("a b").unwrap_err().message();
//! assert_eq!(refused.rule(), "id.alphabet");
//! assert_eq!(refused.params()["place"], Param::Number(2));
//! assert_eq!(refused.to_string(), "has ' ' at place 2, which 0-9 A-Z a-z - _ . does not contain");
//! ```

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// Most characters of a text among the values: a document of a megabyte may be quoted in one.
const TEXT: usize = 400;

/// Most characters of a value in the notation of documents: of a list, where two lists differ is to be seen.
const NOTATION: usize = 2000;

/// A value of a message. Dates, decimals, ids and codes are texts, as documents write them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Param {
    /// A count, at most 2⁵³ − 1.
    Number(u64),
    /// A text, at most 2,000 characters.
    Text(String),
    /// Several values in their order.
    List(Vec<Self>),
    /// What another rule says.
    Message(Box<Message>),
}

impl fmt::Display for Param {
    /// In English; the values of a list with commas between them, messages with semicolons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Message(message) => write!(f, "{message}"),
            Self::List(list) => {
                let messages = list.iter().all(|one| matches!(one, Self::Message(_)));
                list.iter().enumerate().try_for_each(|(place, one)| {
                    let between = if messages { "; " } else { ", " };
                    write!(f, "{}{one}", if place > 0 { between } else { "" })
                })
            }
        }
    }
}

/// What a rule says where it is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Message {
    /// The values by their names.
    params: BTreeMap<&'static str, Param>,
    /// The stable code, lower-case words joined by dots, as in `frame.duplicate`.
    rule: &'static str,
    /// The English sentence.
    words: String,
}

impl Message {
    /// A message of a program that is built on this library: its own code, the English sentence, and the
    /// values that stand in it by their names.
    #[must_use]
    pub fn new<const N: usize>(
        rule: &'static str,
        words: String,
        params: [(&'static str, Param); N],
    ) -> Self {
        Self { params: BTreeMap::from(params), rule, words }
    }

    /// The stable code, lower-case words joined by dots, as in `frame.duplicate`.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// The values by their names.
    #[must_use]
    pub const fn params(&self) -> &BTreeMap<&'static str, Param> {
        &self.params
    }

    /// Gives a value another form than the one that stands in the English sentence.
    pub(crate) fn replace(&mut self, name: &'static str, value: Param) {
        self.params.insert(name, value);
    }

    /// The same with an English sentence of at most so many characters.
    pub(crate) fn clipped(mut self, most: usize) -> Self {
        self.words = clipped(&self.words, most);
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Message {}

/// Something that has a stable code and named values beside its English sentence.
pub trait Coded: fmt::Display {
    /// Code, values and sentence.
    fn message(&self) -> Message;
}

impl Coded for Message {
    fn message(&self) -> Message {
        self.clone()
    }
}

/// What can be a value of a message.
pub trait AsParam {
    /// The value.
    fn param(&self) -> Param;
}

impl<T: AsParam + ?Sized> AsParam for &T {
    fn param(&self) -> Param {
        (**self).param()
    }
}

impl<T: AsParam> AsParam for [T] {
    fn param(&self) -> Param {
        Param::List(self.iter().map(AsParam::param).collect())
    }
}

impl<T: AsParam> AsParam for Vec<T> {
    fn param(&self) -> Param {
        self.as_slice().param()
    }
}

impl<T: AsParam + ?Sized> AsParam for Box<T> {
    fn param(&self) -> Param {
        (**self).param()
    }
}

impl AsParam for u64 {
    fn param(&self) -> Param {
        if *self >> 53 == 0 { Param::Number(*self) } else { self.to_string().as_str().param() }
    }
}

impl AsParam for i64 {
    fn param(&self) -> Param {
        u64::try_from(*self).map_or_else(|_| self.to_string().as_str().param(), |number| number.param())
    }
}

impl AsParam for bool {
    fn param(&self) -> Param {
        Param::Text(self.to_string())
    }
}

impl AsParam for usize {
    fn param(&self) -> Param {
        u64::try_from(*self).unwrap_or(u64::MAX).param()
    }
}

impl AsParam for str {
    fn param(&self) -> Param {
        Param::Text(clipped(&self, TEXT))
    }
}

impl AsParam for Param {
    fn param(&self) -> Param {
        self.clone()
    }
}

impl AsParam for Message {
    fn param(&self) -> Param {
        Param::Message(Box::new(self.clone()))
    }
}

/// Types whose text is the value of a message, and can be compared: ids, codes, dates, digests.
macro_rules! as_text {
    ($($Type:ty),+) => {
        $(
            impl $crate::message::AsParam for $Type {
                fn param(&self) -> $crate::message::Param {
                    $crate::message::AsParam::param(self.to_string().as_str())
                }
            }

            impl $crate::message::Compared for $Type {
                fn side(&self) -> $crate::message::Param {
                    $crate::message::AsParam::param(self)
                }
            }
        )+
    };
}
pub(crate) use as_text;

/// Texts of whoever wrote them: values of a message, and on no side of a comparison.
macro_rules! as_words {
    ($($Type:ty),+) => {
        $(impl AsParam for $Type {
            fn param(&self) -> Param {
                self.to_string().as_str().param()
            }
        })+
    };
}

as_words!(String, char, std::borrow::Cow<'_, str>);

/// The message of a rule: its code, the English sentence and the values that stand in it by name.
///
/// `said!("policy.window", "lies before as_of {as_of}", as_of = self.as_of)`; a value that has its own name
/// already stands alone: `said!("pack.days", "{days} days are not 1 to 36500", days)`.
macro_rules! said {
    (@value $name:ident = $value:expr) => {
        &$value
    };
    (@value $name:ident) => {
        &$name
    };
    ($rule:literal, $words:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        $(let $name = $crate::message::said!(@value $name $(= $value)?);)*
        $crate::message::Message::new(
            $rule,
            format!($words),
            [$((stringify!($name), $crate::message::AsParam::param($name))),*],
        )
    }};
}
pub(crate) use said;

/// The codes of an error, one for each variant with the fields that are its values. Behind the semicolon
/// stand the variants that only hold another error, as in `Id` or `Schema { message }`.
macro_rules! coded {
    ($Type:ty {
        $($Variant:ident $fields:tt => $rule:literal),* $(,)? $(; $($Inner:ident $({ $inner:ident })?),+)?
    }) => {
        impl $crate::message::Coded for $Type {
            fn message(&self) -> $crate::message::Message {
                match self {
                    $(Self::$Variant $fields => $crate::message::Message::new(
                        $rule, self.to_string(), $crate::message::fields!($fields),
                    ),)*
                    $($($crate::message::held!($Inner $({ $inner })? as inner) => {
                        $crate::message::Coded::message(inner)
                    })+)?
                }
            }
        }

        impl $crate::message::AsParam for $Type {
            fn param(&self) -> $crate::message::Param {
                $crate::message::Param::Message(Box::new($crate::message::Coded::message(self)))
            }
        }
    };
}
pub(crate) use coded;

/// The pattern of a variant that only holds another error.
macro_rules! held {
    ($Inner:ident as $held:ident) => {
        Self::$Inner($held)
    };
    ($Inner:ident { $inner:ident } as $held:ident) => {
        Self::$Inner { $inner: $held }
    };
}
pub(crate) use held;

/// The fields of a variant as values.
macro_rules! fields {
    ({ $($name:ident),* $(,)? }) => { [$((stringify!($name), $crate::message::AsParam::param(&$name))),*] };
    (( $($name:ident),* )) => { [$((stringify!($name), $crate::message::AsParam::param(&$name))),*] };
}
pub(crate) use fields;

/// A text from outside as it can be shown: characters that are not seen, and those that steer a terminal,
/// are written as their numbers, as in `\u{200b}`. Quotes, backslashes and spaces of a line stay, and so does
/// every script with its marks.
#[must_use]
pub fn shown(text: &str) -> String {
    // Alone a combining mark is escaped, too; after a letter only what is not printed.
    let escaped = |letter: char| String::from_iter(['a', letter]).escape_debug().count() > 2;
    // Marks and letters that are printed as nothing: joiners, selectors of variants, fillers.
    let unseen = |letter: char| {
        matches!(letter, '\u{34f}' | '\u{3164}' | '\u{ffa0}')
            || ('\u{115f}'..='\u{1160}').contains(&letter)
            || ('\u{17b4}'..='\u{17b5}').contains(&letter)
            || ('\u{180b}'..='\u{180f}').contains(&letter)
            || ('\u{fe00}'..='\u{fe0f}').contains(&letter)
            || ('\u{e0100}'..='\u{e01ef}').contains(&letter)
    };
    let kept = |letter: char| {
        let space = letter.is_whitespace() && !letter.is_control();
        matches!(letter, '"' | '\'' | '\\') || space && !matches!(letter, '\u{2028}' | '\u{2029}')
    };
    text.chars().fold(String::new(), |mut shown, letter| {
        if unseen(letter) {
            shown.extend(letter.escape_unicode());
        } else if !kept(letter) && escaped(letter) {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
        shown
    })
}

/// Two values that should be equal: what is compared, the expected value, the value found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    // Errors hold differences and stay small.
    pub(crate) what: Box<Message>,
    pub(crate) expected: Param,
    pub(crate) found: Param,
}

impl Difference {
    pub(crate) fn new(what: Message, expected: impl Compared, found: impl Compared) -> Self {
        Self { what: Box::new(what), expected: expected.side(), found: found.side() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, expected, found } = self;
        write!(f, "{what}: expected {expected}, found {found}")
    }
}

impl Coded for Difference {
    fn message(&self) -> Message {
        let Self { what, expected, found } = self;
        Message::new("compared.differs", self.to_string(), fields!({ what, expected, found }))
    }
}

/// What can stand on either side of a comparison: a value, or words with a code of their own. So `str` and
/// `String` are none: no words without a code get into a report.
pub(crate) trait Compared {
    /// The value.
    fn side(&self) -> Param;
}

/// A value in the notation of documents: codes, ids, numbers and digests, without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plain(pub(crate) String);

impl Plain {
    /// Several, with signs between them.
    pub(crate) fn join(values: impl IntoIterator<Item = impl Into<String>>, between: &str) -> Self {
        Self(values.into_iter().map(Into::into).collect::<Vec<String>>().join(between))
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

as_text!(u128);

impl AsParam for Plain {
    fn param(&self) -> Param {
        Param::Text(clipped(&self.0, NOTATION))
    }
}

impl Compared for Param {
    fn side(&self) -> Param {
        self.clone()
    }
}

impl<T: Compared + ?Sized> Compared for &T {
    fn side(&self) -> Param {
        (**self).side()
    }
}

impl<T: Compared> Compared for Option<T> {
    fn side(&self) -> Param {
        self.as_ref().map_or_else(|| said!("found.none", "none").param(), Compared::side)
    }
}

/// Types whose value stands on a side of a comparison as it stands in a message.
macro_rules! compared {
    ($($Type:ty),+) => {
        $(impl Compared for $Type {
            fn side(&self) -> Param {
                self.param()
            }
        })+
    };
}

compared!(u64, usize, Message, Plain);

/// A text of at most so many characters. What is written behind them is never held.
struct Clip {
    text: String,
    left: usize,
}

impl fmt::Write for Clip {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(letter);
        }
        Ok(())
    }
}

/// The first characters of what came from outside, at most so many with the sign that more follow. A cell of
/// a megabyte is a problem to name, not to repeat.
pub(crate) fn clipped(value: &dyn fmt::Display, most: usize) -> String {
    let mut clip = Clip { text: String::new(), left: most };
    if fmt::write(&mut clip, format_args!("{value}")).is_err() {
        clip.text.pop();
        clip.text.push('…');
    }
    clip.text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn every_script_is_shown_as_it_is_and_what_is_not_seen_as_its_number() {
        let kept = ["张\u{3000}三", "กำกับ", "कुल", "Nguye\u{302}\u{303}n", "10\u{a0}km", "O'Neill \"A\\B\""];
        for text in kept {
            assert_eq!(shown(text), text);
        }
        let hidden = "\0\t\n\r\u{1b}\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{17b4}\u{180e}\u{200b}\u{200d}\
                      \u{200e}\u{2028}\u{2029}\u{202e}\u{2066}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{e000}\u{e0100}";
        for letter in hidden.chars() {
            let escaped = shown(&format!("甲{letter}乙"));
            assert!(escaped.starts_with("甲\\"), "{letter:?} {escaped}");
            assert!(!escaped.contains(letter), "{letter:?} {escaped}");
        }
        assert_eq!(shown("a\u{200b}b\u{2028}"), "a\\u{200b}b\\u{2028}");
    }
}
