//! The problems that the library has with a table, at their places: grouped for people who correct a table,
//! each with its code and its values for programs.

use super::places::at;
use super::{Place, Places};
use crate::catalogue;
use double_random::message::{Coded, Message, Param};
use double_random::table::Problems;
use double_random_support::screen::Lang;
use std::collections::BTreeMap;
use std::fmt;

/// Examples of a group that are shown.
const SHOWN: usize = 3;

/// A cell that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongCell {
    /// Where it stands.
    pub place: Place,
    /// The field, as the library calls it.
    pub field: &'static str,
    /// What stands there.
    pub value: String,
    /// What the rule says.
    pub rule: Message,
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
}

impl WrongTable {
    /// The problems of a table that was read from a file.
    #[must_use]
    pub fn new<R: Coded>(file: &str, places: &Places, problems: &Problems<R>, every: bool) -> Self {
        let cell = |problem: &double_random::table::Problem<R>| WrongCell {
            place: places.cell(problem.row, problem.field),
            field: problem.field,
            value: problem.value.clone(),
            rule: problem.rule.message(),
        };
        let cells = problems.as_slice().iter().map(cell).collect();
        Self { file: file.to_owned(), cells, left_off: problems.left_off(), every }
    }

    /// The cells by column and rule, the largest group first.
    fn groups(&self) -> Vec<Vec<&WrongCell>> {
        let mut groups: BTreeMap<(&str, &str), Vec<&WrongCell>> = BTreeMap::new();
        for cell in &self.cells {
            groups.entry((cell.field, cell.rule.rule())).or_default().push(cell);
        }
        let mut groups: Vec<Vec<&WrongCell>> = groups.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        groups
    }

    /// The problems in words: for each column and rule how many cells break it and the first of them, or every
    /// cell on a line of its own.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let total = u64::try_from(self.cells.len()).unwrap_or(u64::MAX).saturating_add(self.left_off);
        let mut lines = Vec::new();
        if self.every {
            lines.extend(self.cells.iter().map(|cell| said_at(cell, lang)));
        } else {
            for group in self.groups() {
                let shown = if group.len() <= SHOWN { group.len() } else { SHOWN - 1 };
                lines.extend(group.iter().take(shown).map(|cell| said_at(cell, lang)));
                let more = group.len() - shown;
                if more > 0 {
                    lines.push(more_of(&group[shown..], lang));
                }
            }
        }
        if self.left_off > 0 {
            let left_off = ("number", Param::Number(self.left_off));
            lines.push(catalogue::text("office.table.left_off", &[left_off], lang));
        }
        let total = ("total", Param::Number(total));
        let head = catalogue::text("office.table.refused", &[total], lang);
        let lines: String = lines.iter().map(|line| format!("\n  {line}")).collect();
        format!("{}{}{head}{lines}", self.file, lang.say(": ", "："))
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

fn said_at(cell: &WrongCell, lang: Lang) -> String {
    catalogue::words(&at(&cell.place, cell.field, &cell.value, &cell.rule), lang)
}

/// The cells of a group that are not shown: how many, and in which rows.
fn more_of(cells: &[&WrongCell], lang: Lang) -> String {
    let rows = |cell: Option<&&WrongCell>| Param::Number(cell.map_or(0, |cell| cell.place.row));
    let heading = cells.first().and_then(|cell| cell.place.columns.first());
    let named = heading.map(|(_, heading)| heading.clone()).filter(|heading| !heading.is_empty());
    let column = named.or_else(|| cells.first().map(|cell| catalogue::field(cell.field, lang)));
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
