//! What changed in the registers between two seals (Spec 19, *Register changes*): a unit that vanishes for
//! one draw, a level, a load or a recusal that differs, each by name and field.
//!
//! No rule forbids a change. Whoever has both files asks for the document behind it.

use super::super::evidence::Evidence;
use super::evidence::LedgerEvidence;
use crate::bytes::{encode, names};
use crate::id::InspectorId;
use crate::ledger::{Attempt, State};
use crate::message::{AsParam as _, Coded, Message, said};
use crate::roster::{Expert, Inspector, Recusal};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

names! {
    /// A list of a register, by its name in frame and roster file (Spec 9.2).
    pub enum RegisterList {
        /// The institutions of the frame.
        Units = "units" => "rows.units",
        /// The officers of the roster.
        Inspectors = "inspectors" => "rows.inspectors",
        /// The experts and third parties of the roster.
        Experts = "experts" => "rows.experts",
        /// The recusals of the roster.
        Recusals = "recusals" => "rows.recusals",
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

impl Coded for RegisterChange {
    fn message(&self) -> Message {
        let Self { before: (draw, attempt), after: (next, again), list, id, change } = self;
        let between = said!(
            "change.between",
            "between draws {draw}.{attempt} and {next}.{again}, {what}: {id}",
            draw,
            attempt,
            next,
            again,
            what = list,
            id
        );
        let (name, before, after, entered) = match change {
            RowChange::Gone => return said!("change.gone", "{between} is gone", between),
            RowChange::New => return said!("change.new", "{between} is new", between),
            RowChange::Field { name, before, after, entered } => (name, before, after, entered),
        };
        let show = |value: &Option<String>| match value {
            Some(value) => value.param(),
            None => said!("found.nothing", "nothing").param(),
        };
        let (before, after) = (show(before), show(after));
        match entered {
            None => said!(
                "change.field",
                "{between} has {name} {before} and then {after}",
                between,
                name,
                before,
                after
            ),
            Some(visits) => said!(
                "change.entered",
                "{between} has {name} {before} and then {after}, with {visits} visits entered between them",
                between,
                name,
                before,
                after,
                visits
            ),
        }
    }
}

impl fmt::Display for RegisterChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
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

/// Where changes of two attempts are noted, and the visits that the ledger entered between them.
struct Between<'a> {
    before: (u64, u64),
    after: (u64, u64),
    entered: BTreeMap<&'a str, u64>,
    found: &'a mut Vec<RegisterChange>,
}

impl Between<'_> {
    fn note(&mut self, list: RegisterList, id: &str, change: RowChange) {
        let (before, after) = (self.before, self.after);
        self.found.push(RegisterChange { before, after, list, id: id.to_owned(), change });
    }

    /// Compares the rows of a list, ascending by id.
    fn compare<'r, T: PartialEq + Serialize>(
        &mut self,
        list: RegisterList,
        (before, after): (&'r [T], &'r [T]),
        id: impl Fn(&T) -> String,
    ) {
        let by_id =
            |rows: &'r [T]| -> BTreeMap<String, &'r T> { rows.iter().map(|row| (id(row), row)).collect() };
        let (old, new) = (by_id(before), by_id(after));
        for id in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            match (old.get(id), new.get(id)) {
                (Some(was), Some(is)) => {
                    let entered = self.entered.get(id.as_str()).copied().unwrap_or(0);
                    // Most rows are the same. Only those that differ, or whose load should, are looked into.
                    if was != is || entered > 0 {
                        self.fields(list, id, (&fields(was), &fields(is)), entered);
                    }
                }
                (Some(_), None) => self.note(list, id, RowChange::Gone),
                _ => self.note(list, id, RowChange::New),
            }
        }
    }

    fn fields(
        &mut self,
        list: RegisterList,
        id: &str,
        (was, is): (&Map<String, Value>, &Map<String, Value>),
        entered: u64,
    ) {
        let text = |value: &Value| {
            encode(value).map_or_else(|e| e.to_string(), |b| String::from_utf8_lossy(&b).into_owned())
        };
        for name in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
            let (before, after) = (was.get(name), is.get(name));
            let visits = (name == "load").then_some(entered);
            if visits.map_or(before == after, |visits| accounted(before, after, visits)) {
                continue;
            }
            let (before, after) = (before.map(text), after.map(text));
            self.note(list, id, RowChange::Field { name: name.clone(), before, after, entered: visits });
        }
    }
}

/// The fields of a row by name.
fn fields<T: Serialize>(row: &T) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(fields)) => fields,
        // Rows of registers are objects.
        _ => Map::new(),
    }
}

/// What differs between the files of each two attempts that follow one another among those whose file was
/// given: by the later attempt, then units, inspectors, experts, recusals, by id and field.
pub(super) fn register_changes(state: &State, evidence: &LedgerEvidence) -> Vec<RegisterChange> {
    let mut found = Vec::new();
    pairs(
        state,
        evidence,
        &mut found,
        |given| Some(&given.frame.as_ref()?.0),
        |between, before, after| {
            between.compare(RegisterList::Units, (before.units(), after.units()), |unit| unit.id.to_string());
        },
    );
    pairs(
        state,
        evidence,
        &mut found,
        |given| Some(&given.roster.as_ref()?.0),
        |between, before, after| {
            let id = |officer: &Inspector| officer.id.to_string();
            between.compare(RegisterList::Inspectors, (before.inspectors(), after.inspectors()), id);
            let id = |expert: &Expert| expert.id.to_string();
            between.compare(RegisterList::Experts, (before.experts(), after.experts()), id);
            let id = |recusal: &Recusal| format!("{} {}", recusal.inspector, recusal.unit);
            between.compare(RegisterList::Recusals, (before.recusals(), after.recusals()), id);
        },
    );
    // Frames were looked at first, and rosters may be known of other attempts.
    found.sort_by_key(|change| (change.after, change.list));
    found
}

/// Each two attempts that follow one another among those of which a file is given.
fn pairs<'a, T: 'a>(
    state: &State,
    evidence: &'a LedgerEvidence,
    found: &mut Vec<RegisterChange>,
    of: impl Fn(&'a Evidence) -> Option<&'a T>,
    compare: impl Fn(&mut Between<'_>, &T, &T),
) {
    let mut earlier: Option<(&Attempt, &T)> = None;
    for attempt in state.attempts() {
        let given = evidence.draws.get(&attempt.name());
        let Some(file) = given.and_then(|given| of(&given.evidence)) else { continue };
        if let Some((known, before)) = earlier {
            let entered = entered(state, known.number(), attempt.number());
            let mut between = Between { before: known.name(), after: attempt.name(), entered, found };
            compare(&mut between, before, file);
        }
        earlier = Some((attempt, file));
    }
}
