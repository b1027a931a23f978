//! SQLite: one file, no server.

use super::{SqlCell, Store, StoreError, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use std::path::Path;
use std::time::Duration;

/// How long a command waits for another one.
const WAIT: Duration = Duration::from_secs(60);

pub struct Sqlite {
    connection: Connection,
    name: String,
}

impl Sqlite {
    pub fn open(path: &Path, write: bool) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let writes = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let rights = if write { writes } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
        let open = |rights| -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, rights | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.busy_timeout(WAIT)?;
            Ok(connection)
        };
        // It holds salt keys and secrets: no other account of the machine can read a file that we make.
        #[cfg(unix)]
        if write && !path.exists() {
            use std::os::unix::fs::OpenOptionsExt as _;
            let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
            if let Err(error) = made.map(|_| ())
                && error.kind() != std::io::ErrorKind::AlreadyExists
            {
                return Err(StoreError::ReadOnly(format!("{name}: {error}")));
            }
        }
        let mut connection = open(rights).map_err(|error| said(&name, &error))?;
        // A command that was cut off while it stored leaves its journal, which the next command plays back:
        // that writes.
        if !write && left_over(&connection) {
            connection = open(OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| said(&name, &error))?;
        }
        let store = Self { connection, name };
        // The journal is one more file only while a transaction is open, which is what an office that copies
        // its file expects; EXTRA also survives the loss of power right after a commit.
        store
            .connection
            .execute_batch(
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA cache_size = \
                -65536; PRAGMA temp_store = MEMORY;",
            )
            .or_else(|error| if write { Err(error) } else { Ok(()) })
            .map_err(|error| store.said(&error))?;
        Ok(store)
    }

    fn said(&self, error: &rusqlite::Error) -> StoreError {
        said(&self.name, error)
    }
}

/// Whether a journal lies beside the file that has to be played back before any reading.
fn left_over(connection: &Connection) -> bool {
    let read = connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()));
    let code = read.err().and_then(|error| error.sqlite_error().map(|error| error.extended_code));
    code == Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK)
}

/// What SQLite says, in our words.
fn said(name: &str, error: &rusqlite::Error) -> StoreError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy { seconds: WAIT.as_secs() }
        }
        // A limit on the size of files is told as a failed write.
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => StoreError::Full(format!("{name}: {text}")),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            StoreError::ReadOnly(format!("{name}: {text}"))
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(name.to_owned()),
        Some(ErrorCode::ConstraintViolation) => StoreError::Conflict(text),
        _ => StoreError::Other(text),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn values<'a>(values: &'a [Value<'a>]) -> Vec<&'a dyn ToSql> {
    values.iter().map(|value| value as &dyn ToSql).collect()
}

impl Store for Sqlite {
    fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        let sql = if write { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.connection.execute_batch(sql).map_err(|error| self.said(&error))
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("COMMIT").map_err(|error| self.said(&error))
    }

    fn rollback(&mut self) {
        // An error here means that SQLite has rolled back already.
        let _ = self.connection.execute_batch("ROLLBACK");
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(sql).map_err(|error| self.said(&error))
    }

    fn execute(&mut self, sql: &str, given: &[Value<'_>]) -> Result<u64, StoreError> {
        let run = || -> rusqlite::Result<usize> {
            self.connection.prepare_cached(sql)?.execute(values(given).as_slice())
        };
        run().map(|count| u64::try_from(count).unwrap_or(u64::MAX)).map_err(|error| self.said(&error))
    }

    fn query(
        &mut self,
        sql: &str,
        given: &[Value<'_>],
        each: &mut dyn FnMut(Vec<SqlCell>),
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(values(given).as_slice())?;
            while let Some(row) = rows.next()? {
                let mut cells = Vec::with_capacity(columns);
                for place in 0..columns {
                    cells.push(match row.get_ref(place)? {
                        ValueRef::Integer(number) => SqlCell::Int(number),
                        ValueRef::Text(text) => SqlCell::Text(String::from_utf8_lossy(text).into_owned()),
                        ValueRef::Blob(bytes) => SqlCell::Bytes(bytes.to_vec()),
                        ValueRef::Null | ValueRef::Real(_) => SqlCell::Text(String::new()),
                    });
                }
                each(cells);
            }
            Ok(())
        };
        run().map_err(|error| self.said(&error))
    }

    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = (Vec<String>, i64)>,
    ) -> Result<(), StoreError> {
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(&sql)?;
            for (texts, number) in rows {
                for (place, text) in (1..).zip(&texts) {
                    statement.raw_bind_parameter(place, text)?;
                }
                statement.raw_bind_parameter(texts.len() + 1, number)?;
                statement.raw_execute()?;
            }
            Ok(())
        };
        run().map_err(|error| self.said(&error))
    }

    fn has(&mut self, table: &str) -> Result<bool, StoreError> {
        let mut found = false;
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?1";
        self.query(sql, &[Value::Text(table)], &mut |_| found = true)?;
        Ok(found)
    }

    fn blob(&self) -> &'static str {
        "BLOB"
    }

    fn order(&self) -> &'static str {
        "COLLATE BINARY"
    }
}
