//! The problems that the library has with a table, at their places: grouped for people who correct a table,
//! each with its code and its values for programs.

use super::places::at;
use super::problem::{TableError, TableProblem};
use super::{Place, Places};
use crate::marked::{self, Mark};
use crate::values::Several;
use crate::{catalogue, say, told};
use double_random::message::{Coded, Message, Param};
use double_random::table::Problems;
use double_random_support::screen::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Examples of a group that are shown.
const SHOWN: usize = 3;
/// Values of a group that are named with their counts.
const VALUES: usize = 12;

/// A cell that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongCell {
    /// Where it stands.
    pub place: Place,
    /// The field, as the library calls it.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What the rule says.
    pub rule: Message,
    /// Whether the rule is about the file, the heading or a row, and names its place itself.
    pub whole: bool,
}

impl WrongCell {
    /// The problem in words, with its place.
    fn said(&self, lang: Lang) -> String {
        if self.whole {
            return catalogue::words(&self.rule, lang);
        }
        catalogue::words(&at(&self.place, &self.field, &self.value, &self.rule), lang)
    }

    /// What is wrong, for a mark at the cell itself.
    fn mark(&self, lang: Lang) -> Option<Mark> {
        let column = self.place.columns.first().and_then(|(letters, _)| marked::column(letters)).unwrap_or(0);
        let words = catalogue::words(&self.rule, lang);
        let words = match self.value.as_str() {
            value if self.whole || value.is_empty() => words,
            value => format!("“{value}” {words}"),
        };
        (self.place.row > 0).then(|| Mark {
            sheet: self.place.sheet.clone(),
            row: self.place.row,
            column,
            words,
        })
    }
}

/// Everything that the library has against a table. Nothing of the table was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongTable {
    /// The file.
    pub file: String,
    /// The cells that are kept, in the order of their rows.
    pub cells: Vec<WrongCell>,
    /// How many problems there are besides.
    pub left_off: u64,
    /// Whether every cell is named, and not only the first ones of each column and rule.
    pub every: bool,
    /// Where the problems are marked, and how they are answered.
    pub more: Vec<Message>,
}

impl WrongTable {
    /// The problems of a table that was read from a file.
    #[must_use]
    pub fn new<R: Coded>(file: &str, places: &Places, problems: &Problems<R>, every: bool) -> Self {
        let cell = |problem: &double_random::table::Problem<R>| WrongCell {
            place: places.cell(problem.row, problem.field),
            field: problem.field.to_owned(),
            value: problem.value.clone(),
            rule: problem.rule.message(),
            whole: false,
        };
        let cells = problems.as_slice().iter().map(cell).collect();
        Self { file: file.to_owned(), cells, left_off: problems.left_off(), every, more: Vec::new() }
    }

    /// What makes a table unreadable.
    #[must_use]
    pub fn unread(file: &str, error: &TableError, every: bool) -> Self {
        let cells = error.problems().iter().map(|problem| match problem {
            TableProblem::Cell { place, field, value, rule } => WrongCell {
                place: place.clone(),
                field: field.clone(),
                value: value.clone(),
                rule: rule.clone(),
                whole: false,
            },
            other => WrongCell {
                place: other.place().cloned().unwrap_or_else(|| Place {
                    sheet: None,
                    delimiter: None,
                    row: 0,
                    columns: Vec::new(),
                }),
                field: String::new(),
                value: String::new(),
                rule: other.message(),
                whole: true,
            },
        });
        Self { file: file.to_owned(), cells: cells.collect(), left_off: 0, every, more: Vec::new() }
    }

    /// The same with the problems that a check has besides; what it has against a cell that is named already follows from
    /// that.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        let named: BTreeSet<(u64, Vec<(String, String)>)> =
            self.cells.iter().map(|cell| (cell.place.row, cell.place.columns.clone())).collect();
        let fresh = |cell: &WrongCell| !named.contains(&(cell.place.row, cell.place.columns.clone()));
        self.cells.extend(more.cells.into_iter().filter(fresh));
        self.left_off += more.left_off;
        self
    }

    /// Rows that break a rule as a whole.
    #[must_use]
    pub fn rows(file: &str, rows: impl IntoIterator<Item = (Place, Message)>, every: bool) -> Self {
        let cell = |(place, rule): (Place, Message)| WrongCell {
            rule: say!("office.at.row", "{place}: {rule}", place, rule),
            place,
            field: String::new(),
            value: String::new(),
            whole: true,
        };
        let cells = rows.into_iter().map(cell).collect();
        Self { file: file.to_owned(), cells, left_off: 0, every, more: Vec::new() }
    }

    /// The problems as marks in the table.
    #[must_use]
    pub fn marks(&self, lang: Lang) -> Vec<Mark> {
        self.cells.iter().filter_map(|cell| cell.mark(lang)).collect()
    }

    /// What separates the cells of the text; none of a workbook.
    #[must_use]
    pub fn delimiter(&self) -> Option<u8> {
        self.cells.iter().find_map(|cell| cell.place.delimiter)
    }

    /// The cells by column and rule, the largest group first.
    fn groups(&self) -> Vec<Vec<&WrongCell>> {
        let mut groups: BTreeMap<(bool, &str, &str), Vec<&WrongCell>> = BTreeMap::new();
        for cell in &self.cells {
            let rule = inner(&cell.rule);
            groups.entry((cell.whole, cell.field.as_str(), rule)).or_default().push(cell);
        }
        let mut groups: Vec<Vec<&WrongCell>> = groups.into_values().collect();
        // What is about the file or the heading comes first: a missing column explains others.
        groups.sort_by_key(|group| (!group.iter().all(|cell| cell.whole), std::cmp::Reverse(group.len())));
        groups
    }

    /// The problems in words: for each column and rule how many cells break it and the first of them, or every
    /// cell on a line of its own.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let total = u64::try_from(self.cells.len()).unwrap_or(u64::MAX).saturating_add(self.left_off);
        let mut lines = Vec::new();
        if self.every {
            lines.extend(self.cells.iter().map(|cell| cell.said(lang)));
        } else {
            for group in self.groups() {
                let shown = if group.len() <= SHOWN { group.len() } else { SHOWN - 1 };
                lines.extend(group.iter().take(shown).map(|cell| cell.said(lang)));
                let more = group.len() - shown;
                if more > 0 {
                    lines.push(more_of(&group[shown..], lang));
                    lines.extend(values_of(&group, lang));
                }
            }
        }
        if self.left_off > 0 {
            let left_off = ("number", Param::Number(self.left_off));
            lines.push(catalogue::text("office.table.left_off", &[left_off], lang));
        }
        lines.extend(self.more.iter().map(|more| catalogue::words(more, lang)));
        let total = ("total", Param::Number(total));
        let head = catalogue::text("office.table.refused", &[total], lang);
        let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
        format!("{}{lines}", told!(lang, "office.about", rule = head, what = self.file))
    }

    /// Every problem for programs.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let cell = |cell: &WrongCell| {
            serde_json::json!({
                "code": cell.rule.rule(), "field": cell.field, "params": cell.rule.params(),
                "place": cell.place.to_string(), "row": cell.place.row, "rule": cell.rule.to_string(),
                "value": cell.value,
            })
        };
        self.cells.iter().map(cell).collect()
    }
}

/// The rule of a message: of a row that breaks one, that rule.
fn inner(message: &Message) -> &str {
    match (message.rule(), message.params().get("rule")) {
        ("office.at.row", Some(Param::Message(rule))) => rule.rule(),
        (rule, _) => rule,
    }
}

/// The values of a group where some stand in more than one cell, the most frequent first: what is asked once.
fn values_of(cells: &[&WrongCell], lang: Lang) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells.iter().filter(|cell| !cell.value.is_empty()) {
        *counts.entry(cell.value.as_str()).or_default() += 1;
    }
    if !counts.values().any(|count| *count > 1) {
        return None;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let values = Several::first(counts.iter().map(|(value, count)| format!("{value} ×{count}")), VALUES);
    let message = say!("office.table.values", "among them: {values}", values);
    Some(catalogue::words(&message, lang))
}

/// The cells of a group that are not shown: how many, and in which rows.
fn more_of(cells: &[&WrongCell], lang: Lang) -> String {
    let rows = |cell: Option<&&WrongCell>| Param::Number(cell.map_or(0, |cell| cell.place.row));
    let heading = cells.first().and_then(|cell| cell.place.columns.first());
    let named = heading.map(|(_, heading)| heading.clone()).filter(|heading| !heading.is_empty());
    let column = named.or_else(|| cells.first().map(|cell| catalogue::field(&cell.field, lang)));
    let count = u64::try_from(cells.len()).unwrap_or(u64::MAX);
    let values = [
        ("column", Param::Text(column.unwrap_or_default())),
        ("count", Param::Number(count)),
        ("first", rows(cells.first())),
        ("last", rows(cells.last())),
    ];
    catalogue::text("office.table.more", &values, lang)
}

impl fmt::Display for WrongTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

impl std::error::Error for WrongTable {}
