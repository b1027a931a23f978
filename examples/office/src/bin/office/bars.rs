//! Teams of people whom the registers bar: named, refused, or approved by the authority.

use super::Run;
use super::args::Results;
use super::desk::{Book, Office, refuse};
use super::now::{self, Registers};
use super::register;
use super::rows::approval_of;
use super::steps::{approved, policy_of};
use super::store::Database;
use double_random::Roster;
use double_random::calendar::Date;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{BarredTeam, DropOut, Unavailable};
use double_random::roster::InspectorRow;
use double_random_office::say;
use double_random_office::table::ResultRow;
use double_random_office::values::Parts;
use double_random_support::files::Failure;

/// People of a team whom the registers bar from an institution on a day, ascending; refuses people who are not
/// on the roster of the draw.
pub fn barred(
    registers: &Registers,
    roster: &Roster,
    team: &[InspectorId],
    unit: &UnitId,
    on: Date,
) -> Result<Vec<Unavailable>, Failure> {
    if team.is_empty() {
        return Err(say!("office.bars.nobody", "{unit}: no inspector of the visit is named", unit).into());
    }
    let mut people = Vec::new();
    for id in team {
        if roster.position(id).is_none() && roster.expert_position(id).is_none() {
            return Err(say!(
                "office.bars.unknown",
                "{unit}: {id} is not on the roster of the draw",
                unit,
                id
            )
            .into());
        }
        let sealed = roster.recused(id, unit).then_some(DropOut::Recused);
        let reason = sealed.or_else(|| registers.person(id, unit, (on, on)));
        people.extend(reason.map(|reason| Unavailable { id: id.clone(), reason }));
    }
    Ok(people)
}

/// The team of a visit that was made by people whom the registers bar: what the ledger says of it, or a
/// refusal in words. The approval is that of the row, or of the command if it says so.
pub fn as_approved(
    run: &Run,
    given: &Results,
    row: Option<&ResultRow>,
    people: Vec<Unavailable>,
    unit: &UnitId,
) -> Result<Option<BarredTeam>, Failure> {
    let own = row.is_some_and(|row| !row.approved_by.is_empty());
    if people.is_empty() {
        if own {
            return Err(say!(
                "office.bars.approved",
                "approved by (批准人): a register bars nobody of the team, and a visit needs no approval; leave the \
                 cell empty"
            )
            .into());
        }
        if given.barred && given.file.is_none() {
            return refuse(say!("office.bars.none", "--barred: a register bars nobody of the team"));
        }
        return Ok(None);
    }
    if given.barred || own {
        if given.evidence.is_none() && row.is_none_or(|row| row.evidence.is_empty()) {
            return refuse(say!(
                "office.bars.evidence",
                "{unit}: people went whom a register bars: evidence (证明材料) is needed, a file",
                unit
            ));
        }
        let approval = match row {
            Some(row) => approval_of(run, row, &given.approval)?,
            None => approved(run, &given.approval)?,
        };
        return Ok(Some(BarredTeam { approval, people }));
    }
    let said = |person: &Unavailable| {
        let (id, why) = (&person.id, now::why(now::word(person.reason)));
        say!("office.bars.person", "{id} {why}", id, why)
    };
    refuse(say!(
        "office.bars.people",
        "{unit}: {people}. Who went instead is entered with --team (检查人员). If they went all the same, the authority \
         approves it: --barred --evidence FILE --approved-by …, or 证明材料 and 批准人 in the row",
        people = Parts(people.iter().map(said).collect()),
        unit
    ))
}

/// People of an inspection outside a draw whom the registers bar; the rules of a visit by lot hold there as
/// well: an institution and people that the registers have, and as many officers as must go.
pub fn outsiders(
    database: &mut Database,
    office: &Office,
    book: &Book,
    came: &[InspectorId],
    unit: &UnitId,
    on: Date,
) -> Result<Vec<Unavailable>, Failure> {
    let registers = Registers::load(database)?;
    if !registers.has_unit(unit.as_str()) {
        return refuse(registers.unknown_unit(unit.as_str()));
    }
    if let Some(stranger) = came.iter().find(|id| !registers.has_person(id.as_str())) {
        return refuse(registers.unknown_person(stranger.as_str()));
    }
    let policy = policy_of(database, office, book)?;
    let least = policy.team.departments.iter().map(|party| party.officers).min().unwrap_or(1);
    let officers: Vec<InspectorRow> = register::load(database)?;
    let is_officer = |id: &&InspectorId| officers.iter().any(|officer| officer.id == id.as_str());
    let went = came.iter().filter(is_officer).count();
    if u64::try_from(went)? < least {
        return refuse(say!(
            "office.bars.few",
            "{unit}: {went} officers of the register went, and at least {least} must go (执法人员不得少于{least}人)",
            least,
            unit,
            went
        ));
    }
    let barred = |id: &InspectorId| {
        let reason = registers.person(id, unit, (on, on))?;
        Some(Unavailable { id: id.clone(), reason })
    };
    Ok(came.iter().filter_map(barred).collect())
}
