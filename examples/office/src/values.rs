//! Values of messages that are more than one text: lists, and parts that may be missing.

use double_random::message::{AsParam, Message, Param};
use std::fmt;

/// Several values in their order; each language joins them in its own way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several(Vec<String>);

impl Several {
    /// Of anything that can be shown.
    pub fn new<T: fmt::Display>(values: impl IntoIterator<Item = T>) -> Self {
        Self(values.into_iter().map(|value| value.to_string()).collect())
    }

    /// The first of them, with the sign that more follow.
    pub fn first<T: fmt::Display>(values: impl IntoIterator<Item = T>, most: usize) -> Self {
        let Self(mut all) = Self::new(values);
        if all.len() > most {
            all.truncate(most);
            all.push("…".to_owned());
        }
        Self(all)
    }
}

impl fmt::Display for Several {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl AsParam for Several {
    fn param(&self) -> Param {
        self.0.param()
    }
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyOf<'a>(pub &'a [&'a str]);

impl fmt::Display for AnyOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [before @ .., one, last] => {
                before.iter().try_for_each(|value| write!(f, "{value}, "))?;
                write!(f, "{one} or {last}")
            }
            few => f.write_str(&few.join(", ")),
        }
    }
}

impl AsParam for AnyOf<'_> {
    fn param(&self) -> Param {
        self.0.param()
    }
}

/// A part of a sentence that only some of its readers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also(pub Option<Message>);

impl fmt::Display for Also {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |message| message.fmt(f))
    }
}

impl AsParam for Also {
    fn param(&self) -> Param {
        self.0.as_ref().map_or_else(|| "".param(), AsParam::param)
    }
}

/// Messages, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts(pub Vec<Message>);

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join("; "))
    }
}

impl AsParam for Parts {
    fn param(&self) -> Param {
        self.0.param()
    }
}

/// Messages, each on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines(pub Vec<Message>);

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl AsParam for Lines {
    fn param(&self) -> Param {
        self.0.param()
    }
}
