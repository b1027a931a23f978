//! Decimals that are exact in billionths (Spec 1.2).

use crate::message::{AsParam, Coded, Message, as_text};
use crate::odds::ONE;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A decimal that is exact in billionths: probabilities, rates, shares, frequencies (visits a cycle),
/// exposures. 0 to 9 000 000 (Spec 1.2).
///
/// ```
/// use double_random::policy::Billionths;
/// assert_eq!(Billionths::parse("0.20")?.get(), 200_000_000);
/// assert_eq!(Billionths::parse("0.20")?.to_string(), "0.2");
/// assert!(Billionths::parse("0.3333333333").is_err()); // ten digits: not exact in billionths
/// # Ok::<(), double_random::policy::DecimalError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Billionths(u64);

/// A text is no decimal of 0 to 9 000 000 that is exact in billionths.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no decimal text of 0 to 9000000 with at most nine digits after the point, such as \"0.2\""
)]
pub struct DecimalError {
    text: String,
}

impl Coded for DecimalError {
    fn message(&self) -> Message {
        Message::new("decimal", self.to_string(), [("text", self.text.param())])
    }
}

as_text!(Billionths);

impl Billionths {
    /// 0.
    pub const ZERO: Self = Self(0);
    /// 1.
    pub const ONE: Self = Self(ONE);
    /// The slack of a level whose policy states none, 2.5 visits. It is the least half visit with which an
    /// outsider guesses at most a quarter better than chance in every round, for a visit a year and more in 4
    /// rounds and in 12 (`docs/slack.md` has the figures).
    pub const USUAL_SLACK: Self = Self(5 * ONE / 2);
    /// The largest value.
    pub const MAX: Self = Self(9_000_000 * ONE);

    /// Wraps a number of billionths.
    ///
    /// # Errors
    /// More than [`Self::MAX`].
    pub fn new(billionths: u64) -> Result<Self, DecimalError> {
        let value = Self(billionths);
        if value <= Self::MAX { Ok(value) } else { Err(DecimalError { text: value.to_string() }) }
    }

    /// Reads a decimal text.
    ///
    /// # Errors
    /// Anything that is not exact in billionths, signs and exponents included.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let read = || {
            let (whole, part) = match text.split_once('.') {
                Some((whole, part)) if (1..=9).contains(&part.len()) => (whole, part),
                Some(_) => return None,
                None => (text, "0"),
            };
            let digits = |t: &str| (1..=9).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
            if !digits(whole) || !digits(part) {
                return None;
            }
            let part: u64 = format!("{part:0<9}").parse().ok()?;
            Self::new(whole.parse::<u64>().ok()? * ONE + part).ok()
        };
        read().ok_or_else(|| DecimalError { text: text.chars().take(80).collect() })
    }

    /// The number of billionths.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Billionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Decimal(u128::from(self.0)).fmt(f)
    }
}

/// A number of billionths of any size, to be shown: `{}` writes as many digits after the point as it needs,
/// `{:.3}` three, the others cut off.
pub(crate) struct Decimal(pub(crate) u128);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = u128::from(ONE);
        let (whole, part) = (self.0 / one, self.0 % one);
        let digits = format!("{part:09}");
        let shown = match f.precision() {
            Some(places) => &digits[..places.min(digits.len())],
            None => digits.trim_end_matches('0'),
        };
        let point = if shown.is_empty() { "" } else { "." };
        write!(f, "{whole}{point}{shown}")
    }
}

impl Serialize for Billionths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Billionths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DecimalVisitor;
        impl serde::de::Visitor<'_> for DecimalVisitor {
            type Value = Billionths;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal text such as \"0.2\" (JSON numbers are not exact)")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Billionths, E> {
                Billionths::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(DecimalVisitor)
    }
}
