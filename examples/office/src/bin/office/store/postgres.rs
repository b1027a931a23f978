//! PostgreSQL, and databases with its protocol (人大金仓, openGauss): plain SQL, no extensions.

use super::{SqlCell, Store, StoreError, Value};
use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Error, NoTls};
use std::io::Write as _;

pub struct Postgres {
    client: Client,
}

impl Postgres {
    pub fn open(address: &str) -> Result<Self, StoreError> {
        let mut client = Client::connect(address, NoTls).map_err(|error| match error.as_db_error() {
            Some(_) => said(&error),
            None => StoreError::Unreachable(words(&error)),
        })?;
        let quiet = "SET client_min_messages = warning; SET lock_timeout = '60s'";
        client.batch_execute(quiet).map_err(|error| said(&error))?;
        Ok(Self { client })
    }
}

/// What the server says, with its reason.
fn words(error: &Error) -> String {
    use std::error::Error as _;
    match error.as_db_error() {
        Some(said) => said.message().to_owned(),
        None => error.source().map_or_else(|| error.to_string(), |why| format!("{error}: {why}")),
    }
}

/// What the server says, in our words.
fn said(error: &Error) -> StoreError {
    let text = words(error);
    let Some(code) = error.code() else { return StoreError::Unreachable(text) };
    match *code {
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => StoreError::Busy { seconds: 60 },
        SqlState::DISK_FULL | SqlState::OUT_OF_MEMORY | SqlState::IO_ERROR => StoreError::Full(text),
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::INSUFFICIENT_PRIVILEGE => StoreError::ReadOnly(text),
        SqlState::UNIQUE_VIOLATION
        | SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED => StoreError::Conflict(text),
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME
        | SqlState::ADMIN_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS => StoreError::Unreachable(text),
        _ => StoreError::Other(text),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        of: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Int(number) => number.to_sql(of, out),
            Self::Text(text) => text.to_sql(of, out),
            Self::Bytes(bytes) => bytes.to_sql(of, out),
        }
    }

    fn accepts(of: &Type) -> bool {
        matches!(*of, Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

/// `?1` is `$1` here. No statement of ours holds a question mark otherwise.
fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

/// A text for COPY, which has signs of its own for these four.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

impl Store for Postgres {
    fn begin(&mut self, write: bool) -> Result<(), StoreError> {
        // A writing command waits here for the one before it, and reads only then: the lock comes before the
        // snapshot of every statement, for any default level of the account.
        let sql = if write {
            "BEGIN ISOLATION LEVEL READ COMMITTED"
        } else {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        };
        self.client.batch_execute(sql).map_err(|error| said(&error))?;
        if write {
            // Taken for the office, not for a table: the first one has no table yet.
            let lock = "SELECT pg_advisory_xact_lock(7308324466019430255)";
            let taken = self.client.batch_execute(lock).map_err(|error| said(&error));
            taken.inspect_err(|_| self.rollback())?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.client.batch_execute("COMMIT").map_err(|error| said(&error))
    }

    fn rollback(&mut self) {
        // Where this fails the connection is gone, and the server rolls back by itself.
        let _ = self.client.batch_execute("ROLLBACK");
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).map_err(|error| said(&error))
    }

    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.client.execute(&dollars(sql), &values).map_err(|error| said(&error))
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(Vec<SqlCell>),
    ) -> Result<(), StoreError> {
        let values = values.iter().map(|value| value as &(dyn ToSql + Sync));
        let values: Vec<&(dyn ToSql + Sync)> = values.collect();
        let mut rows = self.client.query_raw(&dollars(sql), values).map_err(|error| said(&error))?;
        while let Some(row) = rows.next().map_err(|error| said(&error))? {
            let mut cells = Vec::with_capacity(row.len());
            for (place, column) in row.columns().iter().enumerate() {
                let cell = match *column.type_() {
                    Type::INT8 => row.try_get::<_, Option<i64>>(place).map(|n| n.map(SqlCell::Int)),
                    Type::BYTEA => {
                        row.try_get::<_, Option<Vec<u8>>>(place).map(|bytes| bytes.map(SqlCell::Bytes))
                    }
                    _ => row.try_get::<_, Option<String>>(place).map(|text| text.map(SqlCell::Text)),
                };
                cells.push(cell.map_err(|error| said(&error))?.unwrap_or(SqlCell::Text(String::new())));
            }
            each(cells);
        }
        Ok(())
    }

    fn fill(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = (Vec<String>, i64)>,
    ) -> Result<(), StoreError> {
        let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
        let gone = |error: &std::io::Error| StoreError::Unreachable(error.to_string());
        let mut copy = self.client.copy_in(&sql).map_err(|error| said(&error))?;
        for (texts, number) in rows {
            let mut line = texts.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("\t");
            line.push_str(&format!("\t{number}\n"));
            copy.write_all(line.as_bytes()).map_err(|error| gone(&error))?;
        }
        copy.finish().map(|_| ()).map_err(|error| said(&error))
    }

    fn has(&mut self, table: &str) -> Result<bool, StoreError> {
        let mut found = false;
        let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() AND \
            tablename = ?1";
        // `tablename` is of the type NAME, which only a text is compared with.
        let sql = sql.replace("tablename = ?1", "CAST(tablename AS TEXT) = ?1");
        self.query(&sql, &[Value::Text(table)], &mut |_| found = true)?;
        Ok(found)
    }

    fn blob(&self) -> &'static str {
        "BYTEA"
    }

    fn order(&self) -> &'static str {
        "COLLATE \"C\""
    }
}
