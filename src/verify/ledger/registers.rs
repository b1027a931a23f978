//! What changed in the registers between two seals (Spec 19, *Register changes*): a unit that vanishes for
//! one draw, a level, a load or a recusal that differs, each by name and field.
//!
//! No rule forbids a change. Whoever has both files asks for the document behind it.

use super::super::evidence::Evidence;
use super::evidence::LedgerEvidence;
use crate::bytes::{encode, names};
use crate::frame::Frame;
use crate::id::InspectorId;
use crate::ledger::{Attempt, State};
use crate::roster::Roster;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

names! {
    /// A list of a register, by its name in frame and roster file (Spec 9.2).
    pub enum RegisterList {
        /// The institutions of the frame.
        Units = "units",
        /// The officers of the roster.
        Inspectors = "inspectors",
        /// The experts and third parties of the roster.
        Experts = "experts",
        /// The recusals of the roster.
        Recusals = "recusals",
    }
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowChange {
    /// The earlier draw has it, and the later has not.
    Gone,
    /// The later draw has it, and the earlier has not.
    New,
    /// A field differs; both values as canonical JSON, `None` where a row has no such field.
    Field {
        /// The field.
        name: String,
        /// Its value in the earlier draw.
        before: Option<String>,
        /// Its value in the later draw.
        after: Option<String>,
        /// For `load` alone: the visits and inspections of this person in the ledger between the two seals. A
        /// load that grew by exactly as many is no change.
        entered: Option<u64>,
    },
}

/// A row that differs between two draws.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterChange {
    /// The attempt sealed first, as sequence number and attempt.
    pub before: (u64, u64),
    /// The attempt sealed next of which the file is known.
    pub after: (u64, u64),
    /// The list.
    pub list: RegisterList,
    /// The id of the row; of a recusal, person and unit with a space between.
    pub id: String,
    /// What became of it.
    pub change: RowChange,
}

impl fmt::Display for RegisterChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { before: (draw, attempt), after: (next, again), list, id, change } = self;
        write!(f, "between draws {draw}.{attempt} and {next}.{again}, {list}: {id} ")?;
        match change {
            RowChange::Gone => f.write_str("is gone"),
            RowChange::New => f.write_str("is new"),
            RowChange::Field { name, before, after, entered } => {
                let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
                write!(f, "has {name} {} and then {}", show(before), show(after))?;
                entered.map_or(Ok(()), |visits| write!(f, ", with {visits} visits entered between them"))
            }
        }
    }
}

/// The rows of a list by id, each with its fields.
type Rows = BTreeMap<String, Map<String, Value>>;

/// The lists of a file, in the order of its form.
type Lists = Vec<(RegisterList, Rows)>;

fn rows<T: Serialize>(list: &[T], id: impl Fn(&T) -> String) -> Rows {
    let fields = |row: &T| match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => fields,
        // Rows of registers are objects.
        _ => Map::new(),
    };
    list.iter().map(|row| (id(row), fields(row))).collect()
}

fn of_frame(frame: &Frame) -> Lists {
    vec![(RegisterList::Units, rows(frame.units(), |unit| unit.id.to_string()))]
}

fn of_roster(roster: &Roster) -> Lists {
    vec![
        (RegisterList::Inspectors, rows(roster.inspectors(), |officer| officer.id.to_string())),
        (RegisterList::Experts, rows(roster.experts(), |expert| expert.id.to_string())),
        (
            RegisterList::Recusals,
            rows(roster.recusals(), |recusal| format!("{} {}", recusal.inspector, recusal.unit)),
        ),
    ]
}

/// The visits and inspections of each person between two entries, as amended.
fn entered(state: &State, from: u64, to: u64) -> BTreeMap<&str, u64> {
    let mut visits = BTreeMap::new();
    for (_, visit) in state.visits().filter(|(number, _)| (from..to).contains(number)) {
        visit.team().iter().map(InspectorId::as_str).for_each(|id| *visits.entry(id).or_default() += 1);
    }
    visits
}

/// A load that grew by the visits that the ledger entered.
fn accounted(before: Option<&Value>, after: Option<&Value>, entered: u64) -> bool {
    let load = |value: Option<&Value>| value.map_or(Some(0), Value::as_u64);
    load(before).and_then(|load| load.checked_add(entered)) == load(after) && load(after).is_some()
}

fn compare(
    before: &[(RegisterList, Rows)],
    after: &[(RegisterList, Rows)],
    entered: &BTreeMap<&str, u64>,
    mut note: impl FnMut(RegisterList, &str, RowChange),
) {
    for ((list, old), (_, new)) in before.iter().zip(after) {
        for id in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let (was, is) = match (old.get(id), new.get(id)) {
                (Some(was), Some(is)) => (was, is),
                (Some(_), None) => {
                    note(*list, id, RowChange::Gone);
                    continue;
                }
                _ => {
                    note(*list, id, RowChange::New);
                    continue;
                }
            };
            for name in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
                let (before, after) = (was.get(name), is.get(name));
                let visits = (name == "load").then(|| entered.get(id.as_str()).copied().unwrap_or(0));
                if visits.map_or(before == after, |visits| accounted(before, after, visits)) {
                    continue;
                }
                let text = |value: &Value| {
                    encode(value).map_or_else(|e| e.to_string(), |b| String::from_utf8_lossy(&b).into_owned())
                };
                let (before, after) = (before.map(text), after.map(text));
                note(*list, id, RowChange::Field { name: name.clone(), before, after, entered: visits });
            }
        }
    }
}

/// What differs between the files of each two attempts that follow one another among those whose file was
/// given: by the later attempt, then units, inspectors, experts, recusals, by id and field.
pub(super) fn register_changes(state: &State, evidence: &LedgerEvidence) -> Vec<RegisterChange> {
    let mut found = Vec::new();
    let of_evidence: [fn(&Evidence) -> Option<Lists>; 2] = [
        |given| Some(of_frame(&given.frame.as_ref()?.0)),
        |given| Some(of_roster(&given.roster.as_ref()?.0)),
    ];
    for of_evidence in of_evidence {
        let mut earlier: Option<(&Attempt, Lists)> = None;
        for attempt in state.attempts() {
            let given = evidence.draws.get(&attempt.name());
            let Some(lists) = given.and_then(|given| of_evidence(&given.evidence)) else { continue };
            if let Some((known, before)) = &earlier {
                let visits = entered(state, known.number(), attempt.number());
                compare(before, &lists, &visits, |list, id, change| {
                    let (before, after) = (known.name(), attempt.name());
                    found.push(RegisterChange { before, after, list, id: id.to_owned(), change });
                });
            }
            earlier = Some((attempt, lists));
        }
    }
    let place = |change: &RegisterChange| (change.after, change.list);
    found.sort_by(|a, b| {
        place(a).cmp(&place(b)).then_with(|| a.id.cmp(&b.id)).then_with(|| a.change.cmp(&b.change))
    });
    found
}
