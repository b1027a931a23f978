//! Where the office keeps everything: one SQLite file, or a PostgreSQL server. Both hold the same tables
//! (`schema.rs`) and give the same answers.
//!
//! Every command of the office is one transaction: what it did is there as a whole after a crash, or not at
//! all. A writing transaction takes the database for itself when it begins, so of two commands at once the
//! second one reads what the first has left.

pub mod about;
mod columns;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
mod sqlite;

pub use schema::VERSION;

use double_random::message::{Coded, Message};
use double_random_office::say;
use std::error::Error;
use std::fmt;
use std::path::Path;

/// Why the database does not do what it should, and what to do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// Another program keeps the database.
    Busy {
        /// How long we waited.
        seconds: u64,
    },
    /// No room left.
    Full(String),
    /// It may not be written.
    ReadOnly(String),
    /// A later version of this program made it.
    Newer {
        /// Schema of the database.
        found: i64,
        /// Schema of this program.
        known: i64,
    },
    /// An earlier version of this program made it, and this command only reads.
    Older {
        /// Schema of the database.
        found: i64,
        /// Schema of this program.
        known: i64,
    },
    /// There is none.
    Missing(String),
    /// There is one already.
    There(String),
    /// The file is damaged, or something else.
    Damaged(String),
    /// What the ledger names is not what is stored.
    Edited(Message),
    /// The server does not answer.
    Unreachable(String),
    /// Another process entered the same line at the same time.
    Conflict(String),
    /// What the database says.
    Other(String),
}

impl Coded for StoreError {
    fn message(&self) -> Message {
        match self {
            Self::Busy { seconds } => say!(
                "office.store.busy",
                "another program has been working on the database for more than {seconds} \
                 seconds; nothing was changed: try again when it has ended",
                seconds
            ),
            Self::Full(why) => say!(
                "office.store.full",
                "no room is left for the database; nothing was changed: make room and run the \
                 command again ({why})",
                why
            ),
            Self::ReadOnly(why) => say!(
                "office.store.read_only",
                "the database may not be written; nothing was changed: check the rights of the \
                 file, of its folder or of the account ({why})",
                why
            ),
            Self::Newer { found, known } => say!(
                "office.store.newer",
                "the database has schema {found}, this program knows {known}: it was written \
                 by a later version; nothing was changed: use that version, or a later one",
                found,
                known
            ),
            Self::Older { found, known } => say!(
                "office.store.older",
                "the database has schema {found}, this program writes {known}: run any command \
                 that changes something, such as `office import`, or `office migrate`",
                found,
                known
            ),
            Self::Missing(name) => {
                say!("office.store.missing", "{name} holds no office: begin with `office init`", name)
            }
            Self::There(name) => say!(
                "office.store.there",
                "{name} holds an office already; nothing was changed: choose another --database",
                name
            ),
            Self::Damaged(name) => say!(
                "office.store.damaged",
                "{name} is damaged, or no database of this program; nothing was changed: \
                 restore the last copy",
                name
            ),
            Self::Edited(what) => say!(
                "office.store.edited",
                "{what}: the database was changed by another hand; nothing was done: restore \
                 the last copy",
                what
            ),
            Self::Unreachable(why) => {
                say!("office.store.unreachable", "the server cannot be reached, or refuses: {why}", why)
            }
            Self::Conflict(why) => say!(
                "office.store.conflict",
                "somebody else entered something at the same time; nothing was changed: run \
                 the command again ({why})",
                why
            ),
            Self::Other(why) => {
                say!("office.store.other", "the database says: {why}; nothing was changed", why)
            }
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Error for StoreError {}

/// A value that goes into a statement.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A number.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A value that comes out of one. No column is ever NULL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqlCell {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl SqlCell {
    /// The number; 0 of anything else.
    pub const fn int(&self) -> i64 {
        match self {
            Self::Int(number) => *number,
            _ => 0,
        }
    }

    /// The text; empty of anything else.
    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            _ => String::new(),
        }
    }

    /// The bytes.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.into_bytes(),
            Self::Int(_) => Vec::new(),
        }
    }
}

/// What a database can do. Statements hold their values as `?1`, `?2` …
pub trait Store {
    /// Begins a transaction; one that writes waits for the others to end.
    fn begin(&mut self, write: bool) -> Result<(), StoreError>;
    /// Ends it and keeps what it did.
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Ends it as if it had never begun.
    fn rollback(&mut self);
    /// Runs statements without values.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;
    /// Runs one statement; how many rows it touched.
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError>;
    /// Runs a query and hands over each row.
    fn query(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(Vec<SqlCell>),
    ) -> Result<(), StoreError>;
    /// Adds many rows to a table of text columns, with one number last.
    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = (Vec<String>, i64)>,
    ) -> Result<(), StoreError>;
    /// Whether a table is there.
    fn has(&mut self, table: &str) -> Result<bool, StoreError>;
    /// `BLOB` as the database calls it.
    fn blob(&self) -> &'static str;
    /// What compares texts by their bytes.
    fn order(&self) -> &'static str;
}

/// An open database, of a schema that this program knows.
pub struct Database {
    store: Box<dyn Store>,
    name: String,
    /// Statements until the process is killed: how the tests let the power fail at any of them.
    fuse: Option<u64>,
}

/// The variable that sets the fuse.
pub const FUSE: &str = "DOUBLE_RANDOM_OFFICE_FUSE";

impl Database {
    /// Opens a database by its address: `postgres://…`, or the path of a file.
    ///
    /// # Errors
    /// It cannot be opened, or there is no office in it, or it is of a later version.
    pub fn open(address: &str, write: bool) -> Result<Self, StoreError> {
        let file = !is_server(address);
        if file && !Path::new(address).exists() {
            return Err(StoreError::Missing(address.to_owned()));
        }
        let mut database = Self::connect(address, write)?;
        let found = database.version()?.ok_or_else(|| StoreError::Missing(database.name.clone()))?;
        if found > VERSION {
            return Err(StoreError::Newer { found, known: VERSION });
        }
        if found < VERSION {
            if !write {
                return Err(StoreError::Older { found, known: VERSION });
            }
            database.write(|database| {
                // Another process may have done it while we waited.
                let found = database.version()?.unwrap_or(VERSION);
                database.migrate(found, VERSION)
            })?;
        }
        Ok(database)
    }

    /// Makes the tables of a new office, and keeps them only if `fill` succeeds.
    ///
    /// # Errors
    /// There is an office already, or it cannot be made.
    pub fn create<E: From<StoreError>>(
        address: &str,
        fill: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        let new = !is_server(address) && !Path::new(address).exists();
        let made = Self::connect(address, true).map_err(E::from).and_then(|mut database| {
            database.write(|database| {
                if database.version()?.is_some() {
                    return Err(StoreError::There(database.name.clone()).into());
                }
                database.migrate(0, VERSION)?;
                fill(database)
            })
        });
        if made.is_err() && new && std::fs::metadata(address).is_ok_and(|file| file.len() == 0) {
            // An empty file would only be in the way; one that is not empty is the office that another
            // process made meanwhile.
            let _ = std::fs::remove_file(address);
        }
        made
    }

    fn connect(address: &str, write: bool) -> Result<Self, StoreError> {
        let store: Box<dyn Store> = if is_server(address) {
            server(address)?
        } else {
            Box::new(sqlite::Sqlite::open(Path::new(address), write)?)
        };
        let fuse = std::env::var(FUSE).ok().and_then(|text| text.parse().ok());
        // An address can hold a password.
        let name = if is_server(address) { shown(address) } else { address.to_owned() };
        Ok(Self { store, name, fuse })
    }

    /// The address, without account and password.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs one transaction that writes: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transaction(true, work)
    }

    /// Runs one transaction that reads: it sees the database as it was when it began.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn read<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transaction(false, work)
    }

    fn transaction<T, E: From<StoreError>>(
        &mut self,
        write: bool,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.burn();
        self.store.begin(write)?;
        let done = match work(self) {
            Ok(value) => {
                self.burn();
                self.store.commit().map(|()| value).map_err(E::from)
            }
            Err(error) => Err(error),
        };
        if done.is_err() {
            self.store.rollback();
        } else {
            self.burn();
        }
        done
    }

    /// Runs one statement; how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        self.burn();
        self.store.execute(sql, values)
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// What the database says.
    pub fn rows(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Vec<SqlCell>>, StoreError> {
        let mut rows = Vec::new();
        self.query(sql, values, &mut |row| rows.push(row))?;
        Ok(rows)
    }

    /// Hands over each row of a query.
    ///
    /// # Errors
    /// What the database says.
    pub fn query(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(Vec<SqlCell>),
    ) -> Result<(), StoreError> {
        self.burn();
        self.store.query(sql, values, each)
    }

    /// The first cell of the first row.
    ///
    /// # Errors
    /// What the database says.
    pub fn one(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Option<SqlCell>, StoreError> {
        Ok(self.rows(sql, values)?.into_iter().next().and_then(|row| row.into_iter().next()))
    }

    /// Adds many rows to a table of text columns, with one number last.
    ///
    /// # Errors
    /// What the database says.
    pub fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = (Vec<String>, i64)>,
    ) -> Result<(), StoreError> {
        self.burn();
        self.store.fill(table, columns, rows)
    }

    /// The schema; `None` where there is no office.
    ///
    /// # Errors
    /// What the database says.
    pub fn version(&mut self) -> Result<Option<i64>, StoreError> {
        if !self.store.has("office_schema")? {
            return Ok(None);
        }
        Ok(self.one("SELECT MAX(version) FROM office_schema", &[])?.map(|cell| cell.int()))
    }

    fn migrate(&mut self, from: i64, to: i64) -> Result<(), StoreError> {
        let (blob, order) = (self.store.blob(), self.store.order());
        for (version, sql) in schema::steps(from, to) {
            self.burn();
            self.store.batch(&sql.replace("BLOB", blob).replace("COLLATE BYTES", order))?;
            if version == 3 {
                columns::move_rows(self)?;
            }
            if version == 4 {
                about::fill(self)?;
            }
            self.execute("INSERT INTO office_schema (version) VALUES (?1)", &[Value::Int(version)])?;
        }
        Ok(())
    }

    /// What a statement writes behind a column to compare and order its texts by their bytes, as ids are ordered.
    pub fn order(&self) -> &'static str {
        self.store.order()
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.burn();
        self.store.batch(sql)
    }

    fn burn(&mut self) {
        if let Some(left) = &mut self.fuse {
            match left.checked_sub(1) {
                Some(less) => *left = less,
                // Nothing is cleaned up and nothing is said, as when the power fails.
                None => std::process::abort(),
            }
        }
    }
}

#[cfg(feature = "postgres")]
fn server(address: &str) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(postgres::Postgres::open(address)?))
}

#[cfg(not(feature = "postgres"))]
fn server(address: &str) -> Result<Box<dyn Store>, StoreError> {
    let how = "this program was built without PostgreSQL: build it with `--features postgres`";
    Err(StoreError::Unreachable(format!("{}: {how}", shown(address))))
}

/// The address without account, password and parameters.
pub fn shown(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split('?').next().unwrap_or(rest);
    rest.rsplit('@').next().unwrap_or(rest).replace("%2F", "/").replace("%2f", "/")
}

/// Whether an address names a server.
pub fn is_server(address: &str) -> bool {
    address.starts_with("postgres://") || address.starts_with("postgresql://")
}
