//! Places: where a cell stands, in the words of the program that shows the table.

use super::columns::letters;
use crate::{nearest, say};
use double_random::message::{AsParam, Coded, Message, Param, shown};
use double_random::table::{Problem, Problems};
use std::collections::BTreeMap;
use std::fmt;

/// Where something stands: a row, and the columns if it is about cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The sheet of a workbook; none in a text file.
    pub sheet: Option<String>,
    /// What separates the cells of a text; none in a workbook.
    pub delimiter: Option<u8>,
    /// Row of the sheet or line of the file, counted from 1.
    pub row: u64,
    /// Letter and heading of each column that is meant. None: the row as a whole.
    pub columns: Vec<(String, String)>,
}

impl Coded for Place {
    fn message(&self) -> Message {
        let headings = self.columns.iter().map(|(_, heading)| heading.as_str()).collect::<Vec<_>>().join("/");
        let row = self.row;
        match &self.sheet {
            Some(sheet) if self.columns.is_empty() => {
                say!("office.place.row", "sheet {sheet}, row {row}", row, sheet)
            }
            Some(sheet) => {
                let cells: Vec<String> =
                    self.columns.iter().map(|(letters, _)| format!("{letters}{row}")).collect();
                let cells = cells.join("/");
                say!("office.place.cell", "sheet {sheet}, cell {cells} ({headings})", cells, headings, sheet)
            }
            None if self.columns.is_empty() => say!("office.place.line", "line {row}", row),
            None => {
                let letters: Vec<&str> = self.columns.iter().map(|(letters, _)| letters.as_str()).collect();
                let letters = letters.join("/");
                say!("office.place.column", "line {row}, column {letters} {headings}", headings, letters, row)
            }
        }
    }
}

impl AsParam for Place {
    fn param(&self) -> Param {
        self.message().param()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// Where the fields of a table stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    pub(super) sheet: Option<String>,
    pub(super) delimiter: Option<u8>,
    /// Field, its column counted from 0, and the heading as written.
    pub(super) columns: BTreeMap<String, (usize, String)>,
    /// The codes and names that a field may hold.
    pub(super) known: BTreeMap<&'static str, Vec<(String, String)>>,
}

impl Places {
    /// The sheet that was read, of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// A row as a whole.
    #[must_use]
    pub fn row(&self, row: u64) -> Place {
        Place { sheet: self.sheet.clone(), delimiter: self.delimiter, row, columns: Vec::new() }
    }

    /// The cell of a field, by the name that this folder or the library gives it (`certified until`,
    /// `expert.certified_until`). Several cells where the library has one name for what stands in several
    /// columns (`licences`, `signals`), none where there is no column.
    #[must_use]
    pub fn cell(&self, row: u64, field: &str) -> Place {
        let name = field.rsplit('.').next().unwrap_or_default().replace('_', " ");
        let stem = name.strip_suffix('s').unwrap_or(&name);
        let mut found: Vec<&(usize, String)> = match self.columns.get(&name) {
            Some(column) => vec![column],
            None => {
                let meant = |column: &str| {
                    column.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                };
                self.columns.iter().filter(|(column, _)| meant(column)).map(|(_, place)| place).collect()
            }
        };
        found.sort();
        let columns = found.into_iter().map(|(index, heading)| (letters(*index), heading.clone())).collect();
        Place { columns, ..self.row(row) }
    }

    /// A problem that the library has with a row, told at its place.
    pub fn tell<R: Coded>(&self, problem: &Problem<R>) -> String {
        let place = self.cell(problem.row, problem.field);
        let said = at(&place, problem.field, &problem.value, &problem.rule.message());
        match self.instead(problem.field, &problem.value) {
            Some(known) => format!("{said}: there is {known}"),
            None => said.to_string(),
        }
    }

    /// What a field may hold, the nearest to an unknown word first; none where the field has no list, or knows
    /// the word.
    #[must_use]
    pub fn instead(&self, field: &str, value: &str) -> Option<Message> {
        let name = field.rsplit('.').next().unwrap_or_default().replace('_', " ");
        let known =
            self.known.iter().find(|(known, _)| **known == name || name.strip_suffix('s') == Some(**known));
        let known = known.map(|(_, words)| words).filter(|words| !words.is_empty())?;
        // A list that stands under one name is told as one value.
        let strange = value.split([' ', ';', ',']).find(|part| known.iter().all(|(code, _)| code != part))?;
        let strange = if value.contains([';', ',']) { strange } else { value };
        (!value.is_empty()).then(|| nearest::told(strange, known))
    }

    /// All problems that the library has with a table, told as it tells them, but at their places.
    pub fn tell_all<R: Coded>(&self, problems: &Problems<R>) -> String {
        let all = problems.as_slice();
        let plural = if all.len() == 1 { "" } else { "s" };
        let mut lines: String = all.iter().map(|problem| format!("\n  {}", self.tell(problem))).collect();
        if problems.left_off() > 0 {
            lines.push_str(&format!("\n  and {} more, which are not listed", problems.left_off()));
        }
        format!("{} problem{plural}, nothing was taken over{lines}", all.len())
    }
}

/// A place, its content, and the rule that the content breaks. The field is named only where no heading can
/// be.
pub(super) fn at(place: &Place, field: &str, value: &str, rule: &Message) -> Message {
    let value = shown(value);
    if place.columns.is_empty() {
        say!("office.table.field", "{at}, {field} \"{value}\" {rule}", at = place, field, rule, value)
    } else {
        say!("office.table.cell", "{at} \"{value}\" {rule}", at = place, rule, value)
    }
}
