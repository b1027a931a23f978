//! The registers (名录库): rows in and out of the database, and what an import changes.
//!
//! A row is kept as the JSON of the library's own row type, so a column that the library adds is kept without
//! any change here.

use super::store::{Database, SqlCell, StoreError, Value};
use double_random::frame::UnitRow;
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// A table of rows that have an id.
pub trait Register: Clone + Default + PartialEq + Serialize + DeserializeOwned {
    /// The table.
    const TABLE: &'static str;

    /// The id of the row.
    fn key(&self) -> String;

    /// The number of the row in its source.
    fn number(&mut self) -> &mut u64;
}

macro_rules! register {
    ($row:ty, $table:literal, $key:expr) => {
        impl Register for $row {
            const TABLE: &'static str = $table;

            fn key(&self) -> String {
                let key: fn(&Self) -> String = $key;
                key(self)
            }

            fn number(&mut self) -> &mut u64 {
                &mut self.row
            }
        }
    };
}

register!(UnitRow, "units", |row| row.id.clone());
register!(InspectorRow, "officers", |row| row.id.clone());
register!(ExpertRow, "experts", |row| row.id.clone());
register!(RecusalRow, "recusals", |row| format!("{} {}", row.inspector, row.unit));

/// The columns of a row in their order, each with its value; the row's number is no column.
pub struct Columns(pub Vec<(String, Json)>);

impl Columns {
    /// The columns of a row.
    pub fn of<R: Register>(row: &R) -> Result<Self, StoreError> {
        let text = serde_json::to_string(row).map_err(unreadable)?;
        let mut columns: Self = serde_json::from_str(&text).map_err(unreadable)?;
        columns.0.retain(|(name, _)| name != "row");
        Ok(columns)
    }
}

impl<'de> serde::Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Columns;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Columns, A::Error> {
                let mut columns = Vec::new();
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(Columns(columns))
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// A value of a row as one cell of a table, as the reader of tables takes it: the values of a list joined by
/// `;`, the two days of an absence by `~`, a signal and its count by `:`, a licence and its last day by `@`.
pub fn cell(column: &str, value: &Json) -> String {
    let mark = if column == "absences" { "~" } else { ":" };
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let part = |value: &Json| match value {
        Json::Array(pair) => pair.iter().map(text).collect::<Vec<_>>().join(mark),
        Json::Object(licence) => licence.values().map(text).collect::<Vec<_>>().join("@"),
        value => text(value),
    };
    match value {
        Json::Array(values) => values.iter().map(part).collect::<Vec<_>>().join(";"),
        value => text(value),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "takes what map_err gives")]
pub fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Other(format!("a row of a register cannot be read: {error}"))
}

/// The row as it is kept: without its number.
fn content<R: Register>(row: &R) -> Result<String, StoreError> {
    let mut row = row.clone();
    *row.number() = 0;
    serde_json::to_string(&row).map_err(unreadable)
}

/// All rows of a register, ascending by id in byte order, independent of the database's own order of texts.
pub fn load<R: Register>(database: &mut Database) -> Result<Vec<R>, StoreError> {
    let mut rows: Vec<R> = rows(database)?.into_values().collect();
    for (number, row) in (1..).zip(&mut rows) {
        *row.number() = number;
    }
    Ok(rows)
}

/// The row of an id, if the register has one.
pub fn find<R: Register>(database: &mut Database, key: &str) -> Result<Option<R>, StoreError> {
    let sql = format!("SELECT content FROM {} WHERE id = ?1", R::TABLE);
    let found = database.one(&sql, &[Value::Text(key)])?;
    found.map(|cell| serde_json::from_str(&cell.text()).map_err(unreadable)).transpose()
}

/// The rows by id.
fn rows<R: Register>(database: &mut Database) -> Result<BTreeMap<String, R>, StoreError> {
    let mut found = BTreeMap::new();
    each(database, &mut |row: R| drop(found.insert(row.key(), row)))?;
    Ok(found)
}

/// Hands over each row of a register, in the order of the database. Their numbers are 0.
pub fn each<R: Register>(database: &mut Database, each: &mut dyn FnMut(R)) -> Result<(), StoreError> {
    let mut wrong = None;
    database.query(&format!("SELECT content FROM {}", R::TABLE), &[], &mut |row| {
        let text = row.into_iter().next().map(SqlCell::text).unwrap_or_default();
        match serde_json::from_str::<R>(&text) {
            Ok(row) => each(row),
            Err(error) => wrong = Some(error),
        }
    })?;
    wrong.map_or(Ok(()), |error| Err(unreadable(error)))
}

/// All ids of a register, in the order of the database.
pub fn keys<R: Register>(database: &mut Database) -> Result<Vec<String>, StoreError> {
    let mut keys = Vec::new();
    database.query(&format!("SELECT id FROM {}", R::TABLE), &[], &mut |row| {
        keys.extend(row.into_iter().next().map(SqlCell::text));
    })?;
    Ok(keys)
}

/// One row that an import changes: its id, and the columns with what they said and say.
pub struct Change {
    /// The id.
    pub key: String,
    /// Column, before, after.
    pub columns: Vec<(String, String, String)>,
}

/// What an import would do to a register.
pub struct Difference<R> {
    /// Rows that are new.
    pub added: Vec<String>,
    /// Rows that say something else.
    pub changed: Vec<Change>,
    /// Rows that are not in the new table.
    pub removed: Vec<String>,
    /// Rows that stay as they are.
    pub same: usize,
    /// The added and changed rows.
    new: Vec<R>,
    /// The changed and removed rows as they were.
    old: Vec<R>,
}

impl<R: Register> Difference<R> {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// Holds rows against the register. With `keep`, rows of the register that are not among them stay. Of the
    /// register only rows that change or go are kept in memory.
    pub fn new(database: &mut Database, rows: Vec<R>, keep: bool) -> Result<Self, StoreError> {
        let (added, changed, removed) = (Vec::new(), Vec::new(), Vec::new());
        let mut difference = Self { added, changed, removed, same: 0, new: Vec::new(), old: Vec::new() };
        let keys: Vec<String> = rows.iter().map(Register::key).collect();
        // Of rows with one id, the first one is held against the register.
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, key) in keys.iter().enumerate() {
            places.entry(key).or_insert(place);
        }
        let mut now: Vec<Option<R>> = rows.into_iter().map(Some).collect();
        now.iter_mut().flatten().for_each(|row| *row.number() = 0);
        let (mut was, mut gone): (BTreeMap<usize, R>, BTreeMap<String, R>) = Default::default();
        each(database, &mut |row: R| {
            let key = row.key();
            match places.get(key.as_str()) {
                Some(place) if now.get(*place).is_some_and(|now| now.as_ref() == Some(&row)) => {
                    difference.same += 1;
                    now[*place] = None;
                }
                Some(place) => drop(was.insert(*place, row)),
                None if keep => difference.same += 1,
                None => drop(gone.insert(key, row)),
            }
        })?;
        for ((place, key), now) in keys.iter().enumerate().zip(now) {
            let Some(now) = now else { continue };
            match was.remove(&place) {
                Some(was) => {
                    let columns = changed_columns(&was, &now)?;
                    difference.changed.push(Change { key: key.clone(), columns });
                    difference.old.push(was);
                }
                None => difference.added.push(key.clone()),
            }
            difference.new.push(now);
        }
        difference.removed = gone.keys().cloned().collect();
        difference.old.extend(gone.into_values());
        Ok(difference)
    }

    /// Stores it under a revision, and keeps what the changed and removed rows said.
    pub fn store(
        self,
        database: &mut Database,
        revision: i64,
        mut step: impl FnMut(),
    ) -> Result<(), StoreError> {
        let delete = format!("DELETE FROM {} WHERE id = ?1", R::TABLE);
        let mut kept = Vec::with_capacity(self.old.len());
        for was in &self.old {
            let key = was.key();
            database.execute(&delete, &[Value::Text(&key)])?;
            kept.push((vec![R::TABLE.to_owned(), key, content(was)?], revision));
            step();
        }
        database.fill("register_changes", &["register", "id", "was", "revision"], &mut kept.into_iter())?;
        let mut failed = None;
        let mut rows = self.new.iter().map_while(|row| {
            step();
            let text = content(row).map_err(|error| failed = Some(error)).ok()?;
            Some((vec![row.key(), text], revision))
        });
        database.fill(R::TABLE, &["id", "content", "revision"], &mut rows)?;
        drop(rows);
        failed.map_or(Ok(()), Err)
    }
}

/// The columns in which two rows differ.
fn changed_columns<R: Register>(was: &R, now: &R) -> Result<Vec<(String, String, String)>, StoreError> {
    let columns = Columns::of(was)?.0.into_iter().zip(Columns::of(now)?.0);
    let differ = columns.filter(|((_, was), (_, now))| was != now);
    let texts = |((name, was), (_, now)): ((String, Json), (String, Json))| {
        let (was, now) = (cell(&name, &was), cell(&name, &now));
        (name, was, now)
    };
    Ok(differ.map(texts).collect())
}
