//! What a result does to the dossiers and to the ledgers of the other tasks.

use super::desk::{Book, Office};
use super::store::{Database, Value};
use double_random::bytes::encode;
use double_random::dossier::{Dossier, DossierEntry};
use double_random::pack::Pack;
use double_random_support::files::Failure;

/// Adds an entry to the dossiers, unless it stands there. The dossiers are read once for a table, not once for
/// each row.
pub fn note(
    database: &mut Database,
    dossier: &mut Dossier,
    pack: &Pack,
    entry: &DossierEntry,
) -> Result<(), Failure> {
    if dossier.find(entry).is_some() {
        return Ok(());
    }
    dossier.enter(&pack.dossier_terms(), entry.clone())?;
    store(database, dossier.entries().len(), entry)
}

/// Takes an entry back, as an amendment does: it stays, and counts on no day, as it was wrong from the first.
pub fn take_back(
    database: &mut Database,
    office: &Office,
    pack: &Pack,
    was: &DossierEntry,
    why: &str,
) -> Result<(), Failure> {
    let mut dossier = office.dossier(database)?.ok_or("a dossier")?;
    let number = dossier.find(was);
    // What was entered before the office had a pack has no entry.
    let Some(of) = number else { return Ok(()) };
    let withdrawn = DossierEntry::Withdrawn { date: was.date(), of, source: why.to_owned() };
    dossier.enter(&pack.dossier_terms(), withdrawn.clone())?;
    store(database, dossier.entries().len(), &withdrawn)
}

/// Enters an entry of the dossiers; its number.
pub fn enter(
    database: &mut Database,
    office: &Office,
    pack: &Pack,
    entry: &DossierEntry,
) -> Result<u64, Failure> {
    let mut dossier = office.dossier(database)?.ok_or("a dossier")?;
    dossier.enter(&pack.dossier_terms(), entry.clone())?;
    let number = dossier.entries().len();
    store(database, number, entry)?;
    Ok(u64::try_from(number)?)
}

fn store(database: &mut Database, number: usize, entry: &DossierEntry) -> Result<(), Failure> {
    let text = String::from_utf8(encode(entry)?)?;
    let values = [Value::Int(i64::try_from(number)?), Value::Text(&text)];
    database.execute("INSERT INTO dossier (number, entry) VALUES (?1, ?2)", &values)?;
    Ok(())
}

/// The ledgers of the other tasks.
pub fn others(database: &mut Database, office: &Office, book: &Book) -> Result<Vec<Book>, Failure> {
    let scopes = office.scopes()?.into_iter().filter(|(scope, _)| *scope != book.scope);
    scopes.map(|(scope, task)| Book::load(database, scope, task)).collect()
}
