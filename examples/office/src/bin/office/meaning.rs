//! What a result does to the dossiers and to the ledgers of the other tasks.

use super::desk::{Book, Office};
use super::store::about::{self, DOSSIERS, Thing};
use super::store::{Database, Value};
use double_random::bytes::encode;
use double_random::dossier::{Dossier, DossierEntry};
use double_random::id::UnitId;
use double_random::pack::Pack;
use double_random_support::files::Failure;

/// Adds an entry to the dossiers, unless it stands there. Only the entries of its institution are read.
pub fn note(database: &mut Database, pack: &Pack, entry: &DossierEntry) -> Result<(), Failure> {
    // What a pack asks of a result depends on no other entry.
    Dossier::default().enter(&pack.dossier_terms(), entry.clone())?;
    if let Some(unit) = entry.unit()
        && stands(database, unit, entry)?
    {
        return Ok(());
    }
    let last = database.one("SELECT COALESCE(MAX(number), 0) FROM dossier", &[])?;
    let last = usize::try_from(last.map_or(0, |cell| cell.int()))?;
    store(database, last + 1, entry)
}

/// Whether the dossier of an institution has an entry that says exactly this and was not withdrawn.
fn stands(database: &mut Database, unit: &UnitId, entry: &DossierEntry) -> Result<bool, Failure> {
    let thing = Thing::Unit(unit).to_string();
    let sql = "SELECT dossier.number, dossier.entry FROM about JOIN dossier ON dossier.number = about.number \
               WHERE about.scope = ?1 AND about.thing = ?2";
    for row in database.rows(sql, &[Value::Text(DOSSIERS), Value::Text(&thing)])? {
        let [number, known] = <[_; 2]>::try_from(row).map_err(|_| "a row of two columns")?;
        if serde_json::from_str::<DossierEntry>(&known.text())? != *entry {
            continue;
        }
        let thing = Thing::Withdrawal(u64::try_from(number.int())?).to_string();
        let sql = "SELECT number FROM about WHERE scope = ?1 AND thing = ?2";
        if database.one(sql, &[Value::Text(DOSSIERS), Value::Text(&thing)])?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
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

pub fn store(database: &mut Database, number: usize, entry: &DossierEntry) -> Result<(), Failure> {
    let text = String::from_utf8(encode(entry)?)?;
    let number = i64::try_from(number)?;
    let values = [Value::Int(number), Value::Text(&text)];
    database.execute("INSERT INTO dossier (number, entry) VALUES (?1, ?2)", &values)?;
    about::note_dossier(database, number, entry)?;
    Ok(())
}

/// The ledgers of the other tasks.
pub fn others(database: &mut Database, office: &Office, book: &Book) -> Result<Vec<Book>, Failure> {
    let scopes = office.scopes()?.into_iter().filter(|(scope, _)| *scope != book.scope);
    scopes.map(|(scope, task)| Book::load(database, scope, task)).collect()
}
