//! Tables about what happened: results of visits, and entries of dossiers.

use super::cells::narrow;
use super::columns::{ENTRY, RESULT};
use super::grid::{self, Row, Schema, Told};
use super::{Read, Source};
use crate::say;
use double_random::calendar::Date;
use double_random::dossier::DossierEntry;
use double_random::id::{Code, UnitId};
use double_random::message::{Coded, Message};

/// One row of a table of results (检查结果).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultRow {
    /// Line of the file or row of the sheet.
    pub row: u64,
    /// The institution.
    pub unit: String,
    /// When, YYYY-MM-DD.
    pub date: String,
    /// The result, by its code.
    pub result: String,
    /// Who came; empty: the drawn team.
    pub team: Vec<String>,
    /// The check items that were used.
    pub items: Vec<String>,
    /// What the row enters, in its own word; empty: a visit that was made or could not be made.
    pub entry: String,
    /// Who came in the place of the institution; only of a replacement, and never a choice.
    pub by: String,
    /// Who drops out; only of a drop-out.
    pub officer: String,
    /// The last day of a drop-out; empty: the end of the window.
    pub until: String,
    /// Why the visit could not be made, the institution is replaced or the officer is out; empty: it was made, or
    /// the result says why.
    pub reason: String,
    /// The evidence, a file beside the table; empty: that of the command.
    pub evidence: String,
    /// Who approved it; empty: as the command says.
    pub approved_by: String,
    /// The level of the approval, in its own word; empty: as the command says.
    pub level: String,
}

impl ResultRow {
    /// Whether it is a visit that is still to be made: the row of a form that nobody has filled in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let filled =
            [&self.date, &self.result, &self.entry, &self.by, &self.officer, &self.until, &self.reason];
        filled.into_iter().all(String::is_empty)
    }
}

/// Reads a table of results (检查结果).
///
/// # Errors
/// As for [`units`](super::units).
pub fn results<'a>(source: impl Into<Source<'a>>) -> Read<ResultRow> {
    let required = ["unit", "date", "result"];
    let schema = Schema { columns: RESULT, keys: ["unit", "result"], required: &required, more: &[] };
    let mut read = Vec::new();
    let (notes, places) = grid::read(source.into(), &schema, &mut |row, told| {
        read.push(ResultRow {
            row: row.number(),
            unit: row.unit("unit", told),
            date: row.day("date", told),
            result: row.maybe("result"),
            team: row.list("team"),
            items: row.list("items"),
            reason: row.maybe("reason"),
            evidence: row.text("evidence"),
            approved_by: row.maybe("approved by"),
            entry: row.maybe("entry"),
            by: row.other("by", told),
            officer: row.maybe("officer"),
            until: row.until("until", &row.maybe("until"), told),
            level: row.maybe("level"),
        });
    })?;
    Ok((read, notes, places))
}

/// Reads a table of entries of dossiers (信用与处罚记录): what was noted of institutions, and what was cleared.
///
/// # Errors
/// As for [`units`](super::units), and every cell that cannot be read.
pub fn entries<'a>(source: impl Into<Source<'a>>) -> Read<(u64, DossierEntry)> {
    let required = ["date", "entry", "signal", "unit", "source"];
    let schema = Schema { columns: ENTRY, keys: ["unit", "signal"], required: &required, more: &[] };
    let mut read = Vec::new();
    let (notes, places) = grid::read(source.into(), &schema, &mut |row, told| {
        read.extend(entry(row, told).map(|entry| (row.number(), entry)));
    })?;
    Ok((read, notes, places))
}

fn entry(row: Row<'_>, told: &mut Told) -> Option<DossierEntry> {
    fn kept<T, E: Coded>(
        row: Row<'_>,
        told: &mut Told,
        field: &str,
        value: &str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|error| row.problem(field, value, &error.message(), told)).ok()
    }
    let before = told.problems.len();
    let (on, id) = (row.day("date", told), row.unit("unit", told));
    let named = told.problems.len() > before;
    let date = kept(row, told, "date", &on, Date::parse(&on));
    let signal = match row.signal("signal") {
        Ok(code) => kept(row, told, "signal", &code, Code::parse(&code)),
        Err(rule) => kept(row, told, "signal", &row.code("signal"), Err::<Code, Message>(rule)),
    };
    let unit = if named { None } else { kept(row, told, "unit", &id, UnitId::read(&id, row.ids())) };
    let count = match row.maybe("count").as_str() {
        "" => Some(1),
        text => {
            let count = text.parse::<u64>().map_err(|_| say!("office.cell.count", "is no count"));
            kept(row, told, "count", text, count)
        }
    };
    let kind = narrow(&row.text("entry")).to_lowercase();
    let source = row.text("source");
    let (date, signal, unit, count) = (date?, signal?, unit?, count?);
    match kind.as_str() {
        "noted" | "记录" | "列入" => Some(DossierEntry::Noted { count, date, signal, source, unit }),
        "cleared" | "修复" | "移出" => Some(DossierEntry::Cleared { date, signal, source, unit }),
        _ => {
            let rule = say!("office.cell.entry", "is neither noted (记录) nor cleared (修复)");
            row.problem("entry", &kind, &rule, told);
            None
        }
    }
}
