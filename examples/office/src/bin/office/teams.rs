//! The teams of a draw as they stand. The database keeps those of the draw once, and of each entry that changed
//! them only the visits that it changed; the ledger commits to all of them.

use super::desk::{Book, Refused, edited};
use super::steps::teams_title;
use super::store::{Database, SqlCell, Value};
use double_random::Record;
use double_random::assign::{Teams, Visit};
use double_random::bytes::encode;
use double_random::disclosure::VisitsTree;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::Attempt;
use double_random::sample::CellSample;
use double_random::seal::Sealed;
use double_random_office::say;
use double_random_support::files::Failure;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an entry changed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedVisits {
    /// Institutions that are not visited any more.
    gone: Vec<UnitId>,
    /// Visits that are new, or whose team is another, ascending by institution.
    visits: Vec<Visit>,
}

impl ChangedVisits {
    fn between(before: &Teams, after: &Teams) -> Self {
        let was: BTreeMap<&UnitId, &Visit> = before.visits.iter().map(|visit| (&visit.unit, visit)).collect();
        let is: BTreeSet<&UnitId> = after.visits.iter().map(|visit| &visit.unit).collect();
        let new = |visit: &&Visit| was.get(&visit.unit) != Some(visit);
        Self {
            gone: was.keys().filter(|unit| !is.contains(*unit)).map(|unit| (*unit).clone()).collect(),
            visits: after.visits.iter().filter(new).cloned().collect(),
        }
    }

    fn apply(self, teams: &mut Teams) {
        let other = |visit: &Visit| {
            !self.gone.contains(&visit.unit) && !self.visits.iter().any(|new| new.unit == visit.unit)
        };
        teams.visits.retain(other);
        teams.visits.extend(self.visits);
        teams.visits.sort_by(|one, other| one.unit.cmp(&other.unit));
    }
}

/// Keeps what an entry changed in the teams.
pub fn keep(
    book: &Book,
    database: &mut Database,
    name: (u64, u64),
    entry: u64,
    (before, after): (&Teams, &Teams),
) -> Result<(), Failure> {
    book.keep(database, name, &teams_title(entry), &encode(&ChangedVisits::between(before, after))?)
}

/// The teams of a draw as they stand.
pub fn teams_now(book: &Book, database: &mut Database, name: (u64, u64)) -> Result<Teams, Failure> {
    let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
    let values = [Value::Text(book.scope.as_str()), Value::Int(draw), Value::Int(attempt)];
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND draw = ?2 AND attempt = ?3 AND name LIKE \
               'teams %' ORDER BY name";
    let mut kept = database.rows(sql, &values)?.into_iter().flatten().map(SqlCell::bytes);
    let first = kept.next().ok_or_else(|| {
        Refused(say!(
            "office.draw.not_drawn",
            "draw {draw}.{attempt} is not drawn",
            draw = name.0,
            attempt = name.1
        ))
    })?;
    let Ok(mut teams) = serde_json::from_slice::<Teams>(&first) else {
        return edited(&say!("office.what.teams", "the table of teams"), name);
    };
    for bytes in kept {
        match serde_json::from_slice::<ChangedVisits>(&bytes) {
            Ok(changed) => changed.apply(&mut teams),
            // An older program kept all teams after each change.
            Err(_) => match serde_json::from_slice(&bytes) {
                Ok(whole) => teams = whole,
                Err(_) => return edited(&say!("office.what.teams", "the table of teams"), name),
            },
        }
    }
    let key = book.salt_key(database, name)?;
    if let Some(said) = book.state().attempt(name.0, name.1).and_then(Attempt::visits)
        && VisitsTree::new(book.seal(name)?, &key, &teams.visits)?.commitment() == *said
    {
        return Ok(teams);
    }
    edited(&say!("office.what.teams", "the table of teams"), name)
}

/// All people of a visit, ascending.
pub fn people(teams: &Teams, unit: &UnitId) -> Option<Vec<InspectorId>> {
    let place = teams.visits.binary_search_by(|visit| visit.unit.cmp(unit)).ok()?;
    let visit = teams.visits.get(place)?;
    let officers = visit.posts.iter().flat_map(|post| &post.officers).map(|officer| officer.id.clone());
    let experts = visit.experts.iter().flat_map(|post| &post.experts).map(|guest| guest.id.clone());
    let all: BTreeSet<InspectorId> = officers.chain(experts).collect();
    Some(all.into_iter().collect())
}

/// A draw whose teams a command changes: what it needs of it, read once for all changes.
pub struct Drawn {
    /// Draw and attempt.
    pub name: (u64, u64),
    /// The number of the entry that sealed it.
    pub number: u64,
    /// What was sealed.
    pub sealed: Sealed,
    /// Its record.
    pub record: Record,
    /// The sample with all reserves.
    pub whole: Vec<CellSample>,
    /// Who has come in the place of another.
    pub used: BTreeSet<UnitId>,
    /// The teams as they stand.
    pub teams: Teams,
}

impl Drawn {
    /// Reads it: the draw that is named, or the last one that stands.
    pub fn load(book: &Book, database: &mut Database, draw: Option<u64>) -> Result<Self, Failure> {
        let attempt = book.standing(draw)?;
        let (name, number) = (attempt.name(), attempt.number());
        let values = attempt.values().ok_or("the values of a draw that is drawn")?;
        let (record, sealed) = (book.record(database, name)?, book.sealed(database, name)?);
        let whole = sealed.seed(&values)?.draw().whole();
        let teams = teams_now(book, database, name)?;
        let used = attempt.stand_ins().clone();
        Ok(Self { name, number, used, sealed, record, whole, teams })
    }

    /// Takes the teams after an entry, and keeps what changed.
    pub fn moved(
        &mut self,
        book: &Book,
        database: &mut Database,
        entry: u64,
        teams: Teams,
    ) -> Result<(), Failure> {
        keep(book, database, self.name, entry, (&self.teams, &teams))?;
        self.teams = teams;
        Ok(())
    }
}
