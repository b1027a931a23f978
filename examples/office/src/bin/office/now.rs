//! What the registers say today of visits that are still to be made: who is recused since, who is away or has
//! left, which institution is gone. A seal looks at the registers once; an office must look at them until the
//! last visit.

use super::desk::{Book, Office};
use super::register;
use super::steps::cycle;
use super::store::Database;
use super::teams::{people, teams_now};
use super::words::Screen;
use double_random::Policy;
use double_random::calendar::{Date, Window};
use double_random::frame::UnitRow;
use double_random::id::{InspectorId, UnitId};
use double_random::ledger::{DropOut, Gone};
use double_random::message::Message;
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random_office::values::Also;
use double_random_office::{catalogue, say};
use double_random_support::files::Failure;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// A person of the registers as of today.
struct PersonNow {
    until: String,
    absences: Vec<(String, String)>,
}

/// The registers as of today, as far as visits depend on them.
pub struct Registers {
    people: BTreeMap<String, PersonNow>,
    recused: BTreeSet<(String, String)>,
    units: BTreeMap<String, String>,
}

impl Registers {
    /// Reads them.
    pub fn load(database: &mut Database) -> Result<Self, Failure> {
        let officers: Vec<InspectorRow> = register::load(database)?;
        let experts: Vec<ExpertRow> = register::load(database)?;
        let recusals: Vec<RecusalRow> = register::load(database)?;
        let mut units = BTreeMap::new();
        register::each(database, &mut |row: UnitRow| drop(units.insert(row.id, row.status)))?;
        let officers = officers
            .into_iter()
            .map(|row| (row.id, PersonNow { until: row.certified_until, absences: row.absences }));
        let experts = experts
            .into_iter()
            .map(|row| (row.id, PersonNow { until: row.engaged_until, absences: row.absences }));
        Ok(Self {
            people: officers.chain(experts).collect(),
            recused: recusals.into_iter().map(|row| (row.inspector, row.unit)).collect(),
            units,
        })
    }

    /// Whether any institution is on the register.
    pub fn has_units(&self) -> bool {
        !self.units.is_empty()
    }

    /// Whether the register has this institution.
    pub fn has_unit(&self, unit: &str) -> bool {
        self.units.contains_key(unit)
    }

    /// Whether the registers have this officer or expert.
    pub fn has_person(&self, id: &str) -> bool {
        self.people.contains_key(id)
    }

    /// Why a person cannot make a visit to an institution on any of these days; `None` if nothing bars him.
    pub fn person(&self, id: &InspectorId, unit: &UnitId, days: (Date, Date)) -> Option<DropOut> {
        if self.recused.contains(&(id.to_string(), unit.to_string())) {
            return Some(DropOut::Recused);
        }
        let Some(person) = self.people.get(id.as_str()) else { return Some(DropOut::Left) };
        let (first, last) = days;
        // A certificate that has run out is as good as none.
        if Date::parse(&person.until).is_ok_and(|until| until < first) {
            return Some(DropOut::Left);
        }
        let away = person.absences.iter().any(|(from, to)| {
            let window = Date::parse(from).ok().zip(Date::parse(to).ok());
            window.is_some_and(|(from, to)| from <= first && last <= to)
        });
        away.then_some(DropOut::Leave)
    }

    /// Why an institution cannot be visited; `None` if it can.
    pub fn unit(&self, unit: &UnitId) -> Option<Gone> {
        match self.units.get(unit.as_str()).map(String::as_str) {
            Some("" | "active") => None,
            Some(_) => Some(Gone::Closed),
            None => Some(Gone::Moved),
        }
    }
}

/// The days that are left for a visit: its own day, or those of the window from today on.
pub fn days_left(day: Option<Date>, window: Window, today: Option<Date>) -> (Date, Date) {
    let from = today.map_or(window.from(), |today| today.max(window.from()));
    day.map_or((from.min(window.to().max(from)), window.to().max(from)), |day| (day, day))
}

/// A visit that is still to be made, and cannot be made as it stands.
pub struct Hindered {
    /// The number of the draw.
    pub draw: u64,
    /// The institution.
    pub unit: UnitId,
    /// The person who must not or cannot go; none: the institution itself is gone.
    pub person: Option<InspectorId>,
    /// Why, in the words of `--reason`.
    pub reason: &'static str,
    /// Whether the draw is the last one of its ledger.
    pub is_last: bool,
}

impl Hindered {
    /// In words, with what to do.
    pub fn remedy(&self) -> Message {
        let Self { draw, unit, person, reason, .. } = self;
        let (why, options) = (why(reason), self.options());
        match person {
            Some(person) => say!(
                "office.now.out",
                "{draw} {unit}: {person} {why}: office replace {options}",
                draw,
                options,
                person,
                unit,
                why
            ),
            None => say!(
                "office.now.unit_gone",
                "{draw} {unit}: {why}: office replace {options}",
                draw,
                options,
                unit,
                why
            ),
        }
    }

    /// The options of the command that replaces the institution or the person.
    pub fn options(&self) -> String {
        let Self { draw, unit, person, reason, is_last } = self;
        let of = match person {
            // Only who is recused is out of one visit; who is away or has left is out of all of them.
            Some(person) if *reason == "recused" => {
                format!("--unit {unit} --officer {person} --reason recused")
            }
            Some(person) => format!("--officer {person} --reason {reason}"),
            None => format!("--unit {unit} --reason {reason}"),
        };
        // Without --draw a command is about the last one.
        if *is_last { of } else { format!("{of} --draw {draw}") }
    }

    /// What is in the way of the visit.
    pub fn message(&self) -> Message {
        let unit = &self.unit;
        match (&self.person, self.reason) {
            (Some(person), "recused") => {
                say!("office.next.recused", "{person} is recused from {unit} now", person, unit)
            }
            (Some(person), "left") => {
                say!(
                    "office.next.left",
                    "{person} is drawn for {unit}, and no longer on the register, or without a valid certificate",
                    person,
                    unit
                )
            }
            (Some(person), _) => {
                say!("office.next.leave", "{person} is drawn for {unit}, and on leave", person, unit)
            }
            (None, "closed") => {
                say!("office.next.closed", "{unit} is no longer active in the register", unit)
            }
            (None, _) => say!("office.next.moved", "{unit} is no longer in the register", unit),
        }
    }

    /// The same in the language of the screen.
    pub fn said(&self, screen: Screen) -> String {
        catalogue::words(&self.remedy(), screen.lang)
    }

    /// For machines.
    pub fn json(&self) -> Json {
        json!({ "draw": self.draw, "unit": self.unit, "person": self.person, "reason": self.reason })
    }
}

/// A reason in words.
pub fn why(reason: &str) -> Message {
    match reason {
        "recused" => say!("office.now.recused", "is recused now"),
        "leave" | "ill" => say!("office.now.leave", "is on leave"),
        "left" => {
            say!("office.now.left", "is no longer on the register, or the certificate has run out")
        }
        "closed" => say!("office.now.closed", "is no longer active in the register"),
        _ => say!("office.now.gone", "is no longer in the register"),
    }
}

/// The word of a reason.
pub const fn word(reason: DropOut) -> &'static str {
    match reason {
        DropOut::Ill => "ill",
        DropOut::Leave => "leave",
        DropOut::Left => "left",
        DropOut::Recused => "recused",
    }
}

/// The visits of a ledger that are still to be made, and cannot be made as they stand.
pub fn hindered(
    database: &mut Database,
    book: &Book,
    registers: &Registers,
    today: Option<Date>,
) -> Result<Vec<Hindered>, Failure> {
    let mut found = Vec::new();
    for open in cycle(book)?.open() {
        let draw = open.draw;
        // A draw of the opening cycle has no attempt here.
        let Some(attempt) = book.state().latest(draw).filter(|attempt| attempt.visits().is_some()) else {
            continue;
        };
        let name = attempt.name();
        if open.pending.is_empty() {
            continue;
        }
        let is_last = book.is_last(name);
        let teams = teams_now(book, database, name)?;
        let policy = book.document(database, name, "policy")?;
        let window = Policy::from_json(std::str::from_utf8(&policy)?)?.window;
        for visit in teams.visits.iter().filter(|visit| open.pending.contains_key(&visit.unit)) {
            if let Some(gone) = registers.unit(&visit.unit) {
                let unit = visit.unit.clone();
                found.push(Hindered { draw, unit, person: None, reason: gone.as_str(), is_last });
            }
            let days = days_left(visit.day, window, today);
            for id in people(&teams, &visit.unit).unwrap_or_default() {
                if let Some(reason) = registers.person(&id, &visit.unit, days) {
                    let unit = visit.unit.clone();
                    found.push(Hindered { draw, unit, person: Some(id), reason: word(reason), is_last });
                }
            }
        }
    }
    Ok(found)
}

/// The same of all ledgers, each in words under its task.
pub fn all_hindered(
    database: &mut Database,
    office: &Office,
    today: Option<Date>,
) -> Result<Vec<(String, Hindered)>, Failure> {
    let registers = Registers::load(database)?;
    let mut all = Vec::new();
    for (scope, task) in office.scopes()? {
        let book = Book::load(database, scope.clone(), task)?;
        let found = hindered(database, &book, &registers, today)?;
        all.extend(found.into_iter().map(|one| (scope.to_string(), one)));
    }
    Ok(all)
}

/// An id of a register that differs from this one by case, or by a letter that looks like a figure.
pub fn like<'a>(id: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let plain = |text: &str| -> String {
        text.to_uppercase()
            .chars()
            .map(|c| match c {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect()
    };
    let wanted = plain(id);
    known.into_iter().find(|known| plain(known) == wanted)
}

fn is_it(known: Option<&String>) -> Also {
    Also(known.map(|known| say!("office.unknown.like", ": is it {known}?", known)))
}

impl Registers {
    /// The refusal of an institution that the register does not have.
    pub fn unknown_unit(&self, unit: &str) -> Message {
        let hint = is_it(like(unit, self.units.keys()));
        say!("office.unknown.unit", "{unit} is not in the register of institutions{hint}", hint, unit)
    }

    /// The refusal of a person whom the registers do not have.
    pub fn unknown_person(&self, id: &str) -> Message {
        let hint = is_it(like(id, self.people.keys()));
        say!("office.unknown.person", "{id} is not in the registers of officers and experts{hint}", hint, id)
    }
}
