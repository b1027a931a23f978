//! Problems of a table: all of them at once, each with its row, field, value and rule. The broken rules of a
//! document that people write are collected likewise, each with its place.

mod document;
mod text;

pub use document::BrokenRule;
pub(crate) use document::{BrokenRules, Field, repeats};
pub(crate) use text::{is_hidden, is_space, name_key, readable};

use std::fmt;

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

/// All problems of a table, ordered by row and then in the order in which the row was read. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems<R>(Vec<Problem<R>>);

impl<R> Problems<R> {
    /// The problems in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem<R>] {
        &self.0
    }
}

impl<R: fmt::Display> fmt::Display for Problems<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{plural}, nothing was taken over", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl<R: fmt::Debug + fmt::Display> std::error::Error for Problems<R> {}

/// Gathers problems while rows are read.
#[derive(Debug)]
pub(crate) struct Gather<R>(Vec<Problem<R>>);

impl<R> Gather<R> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Takes over what another part of the table has noted, after what is here.
    pub(crate) fn append(&mut self, next: Self) {
        self.0.extend(next.0);
    }

    /// Problems noted so far.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first problems.
    pub(crate) fn truncate(&mut self, most: usize) {
        self.0.truncate(most);
    }

    /// Whether nothing was noted.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes a problem.
    pub(crate) fn note(&mut self, row: u64, field: &'static str, value: &str, rule: R) {
        // A cell of a megabyte is a problem to name, not to repeat.
        let value = value.chars().take(80).collect();
        self.0.push(Problem { row, field, value, rule });
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

    /// `Ok` if nothing was noted, else all problems in the order of their rows.
    pub(crate) fn finish<T>(self, value: T) -> Result<T, Problems<R>> {
        if self.is_empty() { Ok(value) } else { Err(self.in_order()) }
    }

    fn in_order(mut self) -> Problems<R> {
        self.0.sort_by_key(|problem| problem.row);
        Problems(self.0)
    }
}
