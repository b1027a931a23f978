//! What the lines of a ledger are about, so that a command finds them without reading all of them.

use super::{Database, StoreError, Value};
use double_random::dossier::DossierEntry;
use double_random::id::UnitId;
use double_random::ledger::{Content, Entry};
use std::fmt;

/// A thing that lines are about.
pub enum Thing<'a> {
    /// What happened at an institution, and its corrections.
    Unit(&'a UnitId),
    /// Changes of the visits of a draw: replacements, drop-outs, changes of teams.
    Changes(u64),
    /// Policies that were adopted.
    Policies,
    /// A withdrawal of an entry of the dossiers.
    Withdrawal(u64),
}

impl fmt::Display for Thing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unit(unit) => write!(f, "unit {unit}"),
            Self::Changes(draw) => write!(f, "changes {draw}"),
            Self::Policies => f.write_str("policies"),
            Self::Withdrawal(of) => write!(f, "withdrawal {of}"),
        }
    }
}

/// The scope of the dossiers: that of no ledger.
pub const DOSSIERS: &str = "";

/// What an entry is about; nothing that a command looks up.
const fn thing(content: &Content) -> Option<Thing<'_>> {
    Some(match content {
        Content::Visited(visited) => Thing::Unit(&visited.unit),
        Content::Missed(missed) => Thing::Unit(&missed.unit),
        Content::Inspected(inspected) => Thing::Unit(&inspected.unit),
        Content::Amended { entry, .. } => Thing::Unit(entry.unit()),
        Content::Replaced(replaced) => Thing::Changes(replaced.draw),
        Content::DroppedOut(out) => Thing::Changes(out.draw),
        Content::Reassigned(reassigned) => Thing::Changes(reassigned.draw),
        Content::Policy { .. } => Thing::Policies,
        _ => return None,
    })
}

fn add(database: &mut Database, scope: &str, thing: &Thing<'_>, number: i64) -> Result<(), StoreError> {
    let thing = thing.to_string();
    let values = [Value::Text(scope), Value::Text(&thing), Value::Int(number)];
    database.execute("INSERT INTO about (scope, thing, number) VALUES (?1, ?2, ?3)", &values)?;
    Ok(())
}

/// Notes what a new line is about.
pub fn note(database: &mut Database, scope: &str, number: u64, content: &Content) -> Result<(), StoreError> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    thing(content).map_or(Ok(()), |thing| add(database, scope, &thing, number))
}

/// Notes what a new entry of the dossiers is about.
pub fn note_dossier(database: &mut Database, number: i64, entry: &DossierEntry) -> Result<(), StoreError> {
    let thing = match entry {
        DossierEntry::Noted { unit, .. }
        | DossierEntry::Cleared { unit, .. }
        | DossierEntry::Result { unit, .. } => Thing::Unit(unit),
        DossierEntry::Withdrawn { of, .. } => Thing::Withdrawal(*of),
    };
    add(database, DOSSIERS, &thing, number)
}

/// Notes it of all lines that an older program has stored. A line that cannot be read is for the next command to
/// name.
pub fn fill(database: &mut Database) -> Result<(), StoreError> {
    let mut things: Vec<(Vec<String>, i64)> = Vec::new();
    database.query("SELECT scope, number, line FROM ledger", &[], &mut |row| {
        let mut cells = row.into_iter();
        let (Some(scope), Some(number), Some(line)) = (cells.next(), cells.next(), cells.next()) else {
            return;
        };
        if let Ok(entry) = serde_json::from_slice::<Entry>(&line.bytes())
            && let Some(thing) = thing(&entry.entry)
        {
            things.push((vec![scope.text(), thing.to_string()], number.int()));
        }
    })?;
    database.query("SELECT number, entry FROM dossier", &[], &mut |row| {
        let mut cells = row.into_iter();
        let (Some(number), Some(entry)) = (cells.next(), cells.next()) else { return };
        let thing = match serde_json::from_str::<DossierEntry>(&entry.text()) {
            Ok(DossierEntry::Withdrawn { of, .. }) => Thing::Withdrawal(of).to_string(),
            Ok(entry) => entry.unit().map(|unit| Thing::Unit(unit).to_string()).unwrap_or_default(),
            Err(_) => return,
        };
        things.push((vec![DOSSIERS.to_owned(), thing], number.int()));
    })?;
    database.fill("about", &["scope", "thing", "number"], &mut things.into_iter())
}
