//! What the cells of published annual plans say: amounts (`5%`, `2次/年`, `3户`) and times (`1月—12月`). Nothing is
//! guessed here; what a spelling leaves open, the caller assumes aloud.

mod amount;
mod span;

pub use amount::{Amount, PERCENT, Plain, Share, amount};
pub use span::{Open, Span, span};

/// A number in a text, with what stands before and behind it.
struct Number<'t> {
    /// The text between the number before it and this one.
    before: &'t str,
    whole: u64,
    /// Digits behind the point.
    part: &'t str,
    /// The digits of the whole part, as they stand there.
    written: &'t str,
    /// How many they are.
    digits: usize,
    after: &'t str,
}

/// The numbers of a text, in their order; with points inside, or without as in dates.
fn numbers(text: &str, points: bool) -> Vec<Number<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut before_from) = (text, 0);
    let mut at = 0;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number = rest.get(start..).unwrap_or_default();
        let length = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (whole, behind) = number.split_at(length);
        let (part, after) = match behind.strip_prefix('.').filter(|_| points) {
            Some(tail) => tail.split_at(tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len())),
            None => ("", behind),
        };
        let begin = at + start;
        let before = text.get(before_from..begin).unwrap_or_default();
        found.push(Number {
            before,
            whole: whole.parse().unwrap_or(u64::MAX),
            part,
            written: whole,
            digits: whole.len(),
            after,
        });
        at = text.len() - after.len();
        before_from = at;
        rest = after;
    }
    found
}
