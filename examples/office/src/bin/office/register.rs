//! The registers (名录库): rows of text in and out of the database, and what an import changes.

use super::store::{Cell, Database, StoreError, Value};
use double_random::frame::{LicenceRow, UnitRow};
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use std::collections::BTreeMap;

/// A table of rows of text whose first columns are its key.
pub trait Register: Sized {
    /// The table.
    const TABLE: &'static str;
    /// Its columns but the last, which is the revision.
    const COLUMNS: &'static [&'static str];
    /// How many of them are the key.
    const KEYS: usize;

    /// The row as texts, one a column.
    fn cells(&self) -> Vec<String>;

    /// The row again. `row` is its number in the order of the keys.
    fn row(cells: Vec<String>, row: u64) -> Self;
}

fn join(values: &[String]) -> String {
    values.join(";")
}

fn split(text: &str) -> Vec<String> {
    text.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn pairs(values: &[(String, String)], mark: char) -> String {
    values.iter().map(|(a, b)| format!("{a}{mark}{b}")).collect::<Vec<_>>().join(";")
}

fn unpaired(text: &str, mark: char) -> Vec<(String, String)> {
    let pair = |part: String| {
        let (a, b) = part.rsplit_once(mark).unwrap_or((&part, ""));
        (a.to_owned(), b.to_owned())
    };
    split(text).into_iter().map(pair).collect()
}

/// The cells of a row, in order.
struct Cells(std::vec::IntoIter<String>);

impl Cells {
    fn next(&mut self) -> String {
        self.0.next().unwrap_or_default()
    }
}

impl Register for UnitRow {
    const TABLE: &'static str = "units";
    const COLUMNS: &'static [&'static str] = &[
        "id", "name", "division", "kind", "risk", "credit", "status", "opened", "grid", "licences", "signals",
    ];
    const KEYS: usize = 1;

    fn cells(&self) -> Vec<String> {
        let licence = |licence: &LicenceRow| (licence.number.clone(), licence.valid_until.clone());
        let licences: Vec<_> = self.licences.iter().map(licence).collect();
        let texts = [
            &self.id,
            &self.name,
            &self.division,
            &self.kind,
            &self.risk,
            &self.credit,
            &self.status,
            &self.opened,
        ];
        let mut cells: Vec<String> = texts.into_iter().cloned().collect();
        cells.extend([self.grid.clone(), pairs(&licences, '@'), pairs(&self.signals, ':')]);
        cells
    }

    fn row(cells: Vec<String>, row: u64) -> Self {
        let mut cells = Cells(cells.into_iter());
        let licence = |(number, valid_until)| LicenceRow { number, valid_until };
        Self {
            row,
            id: cells.next(),
            name: cells.next(),
            division: cells.next(),
            kind: cells.next(),
            risk: cells.next(),
            credit: cells.next(),
            status: cells.next(),
            opened: cells.next(),
            grid: cells.next(),
            licences: unpaired(&cells.next(), '@').into_iter().map(licence).collect(),
            signals: unpaired(&cells.next(), ':'),
        }
    }
}

impl Register for InspectorRow {
    const TABLE: &'static str = "officers";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "department",
        "office",
        "divisions",
        "qualifications",
        "certified_from",
        "certified_until",
        "absences",
        "grid",
        "cap",
        "family",
        "load",
    ];
    const KEYS: usize = 1;

    fn cells(&self) -> Vec<String> {
        let mut cells: Vec<String> =
            [&self.id, &self.name, &self.department, &self.office].into_iter().cloned().collect();
        cells.extend([join(&self.divisions), join(&self.qualifications)]);
        cells.extend([self.certified_from.clone(), self.certified_until.clone(), pairs(&self.absences, '/')]);
        cells.extend([self.grid.clone(), self.cap.clone(), self.family.clone(), self.load.clone()]);
        cells
    }

    fn row(cells: Vec<String>, row: u64) -> Self {
        let mut cells = Cells(cells.into_iter());
        Self {
            row,
            id: cells.next(),
            name: cells.next(),
            department: cells.next(),
            office: cells.next(),
            divisions: split(&cells.next()),
            qualifications: split(&cells.next()),
            certified_from: cells.next(),
            certified_until: cells.next(),
            absences: unpaired(&cells.next(), '/'),
            grid: cells.next(),
            cap: cells.next(),
            family: cells.next(),
            load: cells.next(),
        }
    }
}

impl Register for ExpertRow {
    const TABLE: &'static str = "experts";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "name",
        "organisation",
        "divisions",
        "qualifications",
        "engaged_from",
        "engaged_until",
        "absences",
        "cap",
        "family",
        "load",
        "role",
    ];
    const KEYS: usize = 1;

    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.id.clone(), self.name.clone(), self.organisation.clone()];
        cells.extend([join(&self.divisions), join(&self.qualifications)]);
        cells.extend([self.engaged_from.clone(), self.engaged_until.clone(), pairs(&self.absences, '/')]);
        cells.extend([self.cap.clone(), self.family.clone(), self.load.clone(), self.role.clone()]);
        cells
    }

    fn row(cells: Vec<String>, row: u64) -> Self {
        let mut cells = Cells(cells.into_iter());
        Self {
            row,
            id: cells.next(),
            name: cells.next(),
            organisation: cells.next(),
            divisions: split(&cells.next()),
            qualifications: split(&cells.next()),
            engaged_from: cells.next(),
            engaged_until: cells.next(),
            absences: unpaired(&cells.next(), '/'),
            cap: cells.next(),
            family: cells.next(),
            load: cells.next(),
            role: cells.next(),
        }
    }
}

impl Register for RecusalRow {
    const TABLE: &'static str = "recusals";
    const COLUMNS: &'static [&'static str] = &["inspector", "unit", "ground", "basis"];
    const KEYS: usize = 2;

    fn cells(&self) -> Vec<String> {
        [&self.inspector, &self.unit, &self.ground, &self.basis].into_iter().cloned().collect()
    }

    fn row(cells: Vec<String>, row: u64) -> Self {
        let mut cells = Cells(cells.into_iter());
        Self { row, inspector: cells.next(), unit: cells.next(), ground: cells.next(), basis: cells.next() }
    }
}

/// All rows of a register, ascending by key in byte order, whatever the database's own order of texts is.
pub fn load<R: Register>(database: &mut Database) -> Result<Vec<R>, StoreError> {
    Ok((1..).zip(texts::<R>(database)?).map(|(number, (_, cells))| R::row(cells, number)).collect())
}

/// The cells of all rows by key.
fn texts<R: Register>(database: &mut Database) -> Result<BTreeMap<Vec<String>, Vec<String>>, StoreError> {
    let sql = format!("SELECT {} FROM {}", R::COLUMNS.join(", "), R::TABLE);
    let mut found = BTreeMap::new();
    database.query(&sql, &[], &mut |row| {
        let cells: Vec<String> = row.into_iter().map(Cell::text).collect();
        found.insert(cells[..R::KEYS].to_vec(), cells);
    })?;
    Ok(found)
}

/// One row that an import changes: its key, and the columns with what they said and say.
pub struct Change {
    /// The key.
    pub key: Vec<String>,
    /// Column, before, after.
    pub columns: Vec<(&'static str, String, String)>,
}

/// What an import would do to a register.
pub struct Difference {
    /// Rows that are new.
    pub added: Vec<Vec<String>>,
    /// Rows that say something else.
    pub changed: Vec<Change>,
    /// Rows that are not in the new table.
    pub removed: Vec<Vec<String>>,
    /// Rows that stay as they are.
    pub same: usize,
    /// The new cells of added and changed rows.
    new: Vec<Vec<String>>,
    /// The old cells of changed and removed rows, with their keys.
    old: Vec<(Vec<String>, Vec<String>)>,
}

impl Difference {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// Holds rows against the register. With `keep`, rows of the register that are not among them stay.
    pub fn new<R: Register>(database: &mut Database, rows: &[R], keep: bool) -> Result<Self, StoreError> {
        let mut known = texts::<R>(database)?;
        let mut difference = Self {
            added: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
            same: 0,
            new: Vec::new(),
            old: Vec::new(),
        };
        for row in rows {
            let cells = row.cells();
            let key = cells[..R::KEYS].to_vec();
            match known.remove(&key) {
                Some(was) if was == cells => difference.same += 1,
                Some(was) => {
                    let columns = R::COLUMNS.iter().zip(was.iter().zip(&cells));
                    let columns = columns.filter(|(_, (was, now))| was != now);
                    let columns =
                        columns.map(|(column, (was, now))| (*column, was.clone(), now.clone())).collect();
                    difference.changed.push(Change { key: key.clone(), columns });
                    difference.old.push((key, was));
                    difference.new.push(cells);
                }
                None => {
                    difference.added.push(key);
                    difference.new.push(cells);
                }
            }
        }
        if keep {
            difference.same += known.len();
        } else {
            difference.removed = known.keys().cloned().collect();
            difference.old.extend(known);
        }
        Ok(difference)
    }

    /// Stores it under a revision.
    pub fn store<R: Register>(
        self,
        database: &mut Database,
        revision: i64,
        mut step: impl FnMut(),
    ) -> Result<(), StoreError> {
        let keys = (1..).zip(&R::COLUMNS[..R::KEYS]);
        let keys: Vec<String> = keys.map(|(place, column)| format!("{column} = ?{place}")).collect();
        let delete = format!("DELETE FROM {} WHERE {}", R::TABLE, keys.join(" AND "));
        let mut kept = Vec::with_capacity(self.old.len());
        for (key, was) in self.old {
            let values: Vec<Value<'_>> = key.iter().map(|text| Value::Text(text)).collect();
            database.execute(&delete, &values)?;
            let was = serde_json::to_string(&was).map_err(|error| StoreError::Other(error.to_string()))?;
            kept.push((vec![R::TABLE.to_owned(), key.join(" "), was], revision));
            step();
        }
        database.fill("register_changes", &["register", "id", "was", "revision"], &mut kept.into_iter())?;
        let mut columns = R::COLUMNS.to_vec();
        columns.push("revision");
        let mut rows = self.new.into_iter().map(|cells| {
            step();
            (cells, revision)
        });
        database.fill(R::TABLE, &columns, &mut rows)
    }
}
