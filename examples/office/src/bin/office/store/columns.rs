//! The registers of schema 1 and 2: a column for each field of a row, several values of a field joined by
//! marks. Rows of such a database are moved to schema 3, in which a row is JSON. Nothing here changes any
//! more.

use super::{Database, SqlCell, StoreError};
use serde_json::{Map, Value as Json, json};

/// How a column held its value.
#[derive(Clone, Copy)]
enum Form {
    /// As it was.
    Text,
    /// Values joined by `;`.
    List,
    /// Pairs joined by `;`, the two parts of a pair by this mark.
    Pairs(char),
    /// Numbers of licences with their last days, `number@day`, joined by `;`.
    Licences,
}

/// The registers, and how many of their columns, the first ones, are the id.
const REGISTERS: [(&str, usize, &[&str]); 4] = [
    (
        "units",
        1,
        &[
            "id", "name", "division", "kind", "risk", "credit", "status", "opened", "grid", "licences",
            "signals",
        ],
    ),
    (
        "officers",
        1,
        &[
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
        ],
    ),
    (
        "experts",
        1,
        &[
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
        ],
    ),
    ("recusals", 2, &["inspector", "unit", "ground", "basis"]),
];

fn form(column: &str) -> Form {
    match column {
        "divisions" | "qualifications" => Form::List,
        "absences" => Form::Pairs('/'),
        "signals" => Form::Pairs(':'),
        "licences" => Form::Licences,
        _ => Form::Text,
    }
}

fn value(form: Form, text: &str) -> Json {
    let parts = || text.split(';').filter(|part| !part.is_empty());
    let pair = |part: &str, mark: char| {
        let (one, other) = part.rsplit_once(mark).unwrap_or((part, ""));
        (one.to_owned(), other.to_owned())
    };
    match form {
        Form::Text => json!(text),
        Form::List => parts().collect(),
        Form::Pairs(mark) => parts().map(|part| json!(pair(part, mark))).collect(),
        Form::Licences => {
            let licence = |(number, until)| json!({ "number": number, "valid_until": until });
            parts().map(|part| licence(pair(part, '@'))).collect()
        }
    }
}

/// Moves the rows of all registers from their columns, in tables that schema 3 has put aside, into JSON.
pub fn move_rows(database: &mut Database) -> Result<(), StoreError> {
    for (table, keys, columns) in REGISTERS {
        let mut moved = Vec::new();
        let sql = format!("SELECT {}, revision FROM {table}_2", columns.join(", "));
        database.query(&sql, &[], &mut |row| {
            let revision = row.last().map_or(0, SqlCell::int);
            let texts: Vec<String> = row.into_iter().take(columns.len()).map(SqlCell::text).collect();
            let fields = columns.iter().zip(&texts);
            let fields = fields.map(|(column, text)| ((*column).to_owned(), value(form(column), text)));
            let content = Json::Object(fields.collect::<Map<_, _>>()).to_string();
            moved.push((vec![texts[..keys].join(" "), content], revision));
        })?;
        database.fill(table, &["id", "content", "revision"], &mut moved.into_iter())?;
        database.batch(&format!("DROP TABLE {table}_2"))?;
    }
    Ok(())
}
