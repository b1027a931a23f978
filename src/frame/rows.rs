//! Rows of the frame as text, and the rules that rows and the units of a file are held against.

use super::{Frame, FrameTerms, Licence, Listed, Status, Unit};
use crate::calendar::{CalendarError, Date};
use crate::id::{Code, Division, IdError, UnitId};
use crate::message::coded;
use crate::table::{Gather, KnownWords, Problems, readable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One row as it was read: text, nothing checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitRow {
    /// The row's number in its source, for messages.
    pub row: u64,
    /// 统一社会信用代码, 注册号 or local id; see [`UnitId`].
    pub id: String,
    /// 名称.
    pub name: String,
    /// 行政区划代码, six digits.
    pub division: String,
    /// Kind of institution, a code of the policy's vocabulary.
    pub kind: String,
    /// Risk level, a code of the policy's vocabulary.
    pub risk: String,
    /// Credit level, a code of the policy's vocabulary.
    pub credit: String,
    /// `active` (also if empty), `suspended` or `closed`.
    pub status: String,
    /// Date of opening, may be empty.
    pub opened: String,
    /// 网格, a code, may be empty.
    pub grid: String,
    /// Licences (许可证).
    pub licences: Vec<LicenceRow>,
    /// Signals and how often: complaints (投诉举报), hazards (安全隐患), penalties … Code and decimal count.
    pub signals: Vec<(String, String)>,
}

/// One licence of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LicenceRow {
    /// Licence number.
    pub number: String,
    /// Last day of validity; empty if it does not run out (长期).
    pub valid_until: String,
}

impl UnitRow {
    /// The row that gives a unit.
    #[must_use]
    pub fn of(row: u64, unit: &Unit) -> Self {
        let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let licence = |l: &Licence| LicenceRow { number: l.number.clone(), valid_until: date(l.valid_until) };
        Self {
            row,
            id: unit.id.to_string(),
            name: unit.name.clone(),
            division: unit.division.to_string(),
            kind: unit.kind.to_string(),
            risk: unit.risk.to_string(),
            credit: unit.credit.to_string(),
            status: unit.status.as_str().to_owned(),
            opened: date(unit.opened),
            grid: unit.grid.as_ref().map_or_else(String::new, ToString::to_string),
            licences: unit.licences.iter().map(licence).collect(),
            signals: unit.signals.iter().map(|(code, n)| (code.to_string(), n.to_string())).collect(),
        }
    }
}

/// The rules that a row of a frame can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameRule {
    /// An id, code or division is not well-formed.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A date is impossible.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The same id stands in an earlier row.
    #[error("stands in row {first} already: one institution is one row")]
    Duplicate {
        /// The earlier row.
        first: u64,
    },
    /// The same subject stands in an earlier row with another licence.
    #[error("stands in row {first} with another licence: list all licences of a subject in one row")]
    SeveralLicences {
        /// The earlier row.
        first: u64,
    },
    /// A text is empty, longer than 200 characters or holds control characters.
    #[error("is no text of 1 to 200 characters that are all seen")]
    Text,
    /// The division is not of the policy's list.
    #[error("is not among the policy's frame.divisions")]
    UnknownDivision,
    /// The code is not of the policy's vocabulary.
    #[error("is not among the policy's frame.{vocabulary}: {known}")]
    UnknownCode {
        /// Which vocabulary.
        vocabulary: &'static str,
        /// Its codes; of a long one those nearest to what was found, and how many there are.
        known: KnownWords,
    },
    /// Not one of the three states.
    #[error("is no state: active, suspended, closed")]
    UnknownStatus,
    /// Closed, suspended or expired, and the policy does not list such rows.
    #[error(
        "is {state}: such units do not belong on the frame, unless the policy's frame.listed names that state"
    )]
    NotListed {
        /// The state.
        state: Listed,
    },
    /// A date that lies after the frame's own.
    #[error("is later than the frame's own date {as_of}")]
    Later {
        /// The date of the frame.
        as_of: Date,
    },
    /// A count is no integer of 0 to 999 999 999.
    #[error("is no count of 0 to 999999999")]
    Count,
    /// A row of a file whose licences do not ascend, or that holds a signal of zero.
    #[error("does not have the order and the values of a row of the frame")]
    NotCanonical,
    /// A level in a row, where the rule table gives the levels.
    #[error(
        "is stated, and the rules of the pack give the levels of every unit: leave the cell empty, or let the \
         pack say that stated levels are where its rules begin (rating.start.stated)"
    )]
    LevelByRules,
    /// A signal or licence given twice in one row.
    #[error("is given twice in this row")]
    Twice,
    /// A row of a streamed frame that does not come after the one before.
    #[error("does not come after {after}: streamed rows ascend by the bytes of their ids, each id once")]
    Order {
        /// The id before.
        after: UnitId,
    },
}

coded! { FrameRule {
    Duplicate { first } => "frame.duplicate",
    SeveralLicences { first } => "frame.several_licences",
    Text {} => "table.text",
    UnknownDivision {} => "frame.unknown_division",
    UnknownCode { vocabulary, known } => "frame.unknown_code",
    UnknownStatus {} => "frame.unknown_status",
    NotListed { state } => "frame.not_listed",
    Later { as_of } => "frame.later",
    Count {} => "frame.count",
    NotCanonical {} => "frame.not_canonical",
    LevelByRules {} => "frame.level_by_rules",
    Twice {} => "table.twice",
    Order { after } => "frame.order";
    Id, Calendar
} }

/// The largest count of a signal.
pub(super) const MAX_COUNT: u64 = 999_999_999;

/// Rows on their way into a frame.
pub(super) struct Reading {
    /// The units of the rows, their licences in the order of the row.
    pub(super) units: Vec<Unit>,
    /// The numbers of these rows.
    pub(super) numbers: Vec<u64>,
    /// Rows that gave no unit.
    refused: Vec<RowKey>,
    pub(super) gather: Gather<FrameRule>,
}

/// The part of a row by which duplicates are found. Ordered by id, then by row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RowKey {
    id: String,
    row: u64,
    /// The numbers of the licences as the row gives them.
    licences: String,
}

impl RowKey {
    fn new(id: &str, row: u64, licences: &[Licence]) -> Self {
        let numbers: Vec<&str> = licences.iter().map(|licence| licence.number.as_str()).collect();
        Self { id: id.to_owned(), row, licences: numbers.join(" ") }
    }
}

impl Reading {
    pub(super) const fn new() -> Self {
        Self { units: Vec::new(), numbers: Vec::new(), refused: Vec::new(), gather: Gather::new() }
    }

    /// Takes over the rows after these.
    pub(super) fn append(&mut self, mut next: Self) {
        self.units.append(&mut next.units);
        self.numbers.append(&mut next.numbers);
        self.refused.append(&mut next.refused);
        self.gather.append(next.gather);
    }

    /// Reads one row and notes every problem. The row gives a unit if all its fields can be read.
    ///
    /// The name moves out of the row. The caller drops the rest of the row on the thread that allocated it,
    /// which is faster.
    pub(super) fn read(&mut self, row: &mut UnitRow, rules: &TableRules<'_>) {
        let number = row.row;
        // Levels can follow from signals, whose problems are noted last.
        let mut last = Gather::new();
        let signals = RowRules { rules, row: number, gather: &mut last }.signals(&row.signals);
        let mut at = RowRules { rules, row: number, gather: &mut self.gather };
        let id = at.keep("id", &row.id, |text| UnitId::read(text, rules.terms.ids));
        let name = at.name(&row.name);
        let division = at.keep("division", &row.division, |text| rules.terms.divisions.read(text));
        division.iter().for_each(|division| at.division(division));
        let kind = at.code("kind", &row.kind);
        let signals = match (rules.assess, signals) {
            (Some(assess), Some(mut signals)) => {
                at.stated_levels(assess.stated_levels(), row, &mut signals);
                Some(signals)
            }
            (_, signals) => signals,
        };
        let assessed = match (rules.assess, &id, &kind, signals) {
            (None, _, _, stated) => Some(Assessed { levels: None, signals: stated.unwrap_or_default() }),
            (Some(assess), Some(id), Some(kind), Some(stated)) => {
                let mut refuse =
                    |signal: &Code| last.note(number, "signals", signal.as_str(), FrameRule::Twice);
                Some(assess.assess(id, kind, stated, &mut refuse))
            }
            // The levels of this row follow from what could not be read.
            (Some(_), ..) => None,
        };
        let (risk, credit, mut signals) = match assessed {
            Some(Assessed { levels: Some(UnitLevels { credit, risk }), signals }) => {
                (Some(risk), Some(credit), signals)
            }
            Some(Assessed { levels: None, signals }) => {
                (at.code("risk", &row.risk), at.code("credit", &row.credit), signals)
            }
            None => (None, None, BTreeMap::new()),
        };
        signals.retain(|_, count| *count > 0);
        let status = match row.status.as_str() {
            "" | "active" => Some(Status::Active),
            "suspended" => Some(Status::Suspended),
            "closed" => Some(Status::Closed),
            other => {
                at.note("status", other, FrameRule::UnknownStatus);
                None
            }
        };
        status.iter().for_each(|status| at.status(*status));
        let opened = at.optional("opened", &row.opened, Date::parse);
        opened.iter().for_each(|day| at.opened(*day));
        let grid = at.optional("grid", &row.grid, Code::parse);
        let mut licences: Vec<Licence> = Vec::with_capacity(row.licences.len());
        for LicenceRow { number, valid_until } in row.licences.drain(..) {
            at.licence(&number, &licences);
            let valid_until = at.optional("licences", &valid_until, Date::parse);
            licences.push(Licence { number, valid_until });
        }
        self.gather.append(last);
        let (Some(credit), Some(division), Some(id), Some(kind), true, Some(risk), Some(status)) =
            (credit, division, id, kind, name, risk, status)
        else {
            self.refused.push(RowKey::new(&row.id, number, &licences));
            return;
        };
        let name = std::mem::take(&mut row.name);
        let unit = Unit { credit, division, grid, id, kind, licences, name, opened, risk, signals, status };
        RowRules { rules, row: number, gather: &mut self.gather }.expired(&unit);
        self.units.push(unit);
        self.numbers.push(number);
    }

    pub(super) fn finish(mut self) -> Result<Frame, Problems<FrameRule>> {
        let ascending = self.units.is_sorted_by(|a, b| a.id < b.id);
        if !ascending || !self.refused.is_empty() {
            // Copies of ids stand side by side, units do not: sorting these is what is cheap.
            let mut order: Vec<(UnitId, usize)> =
                (0..).zip(&self.units).map(|(i, u)| (u.id.clone(), i)).collect();
            order.sort_unstable();
            if !self.refused.is_empty() || order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                self.note_duplicates();
            } else {
                let mut units: Vec<Option<Unit>> = self.units.into_iter().map(Some).collect();
                self.units = order.into_iter().filter_map(|(_, place)| units[place].take()).collect();
            }
        }
        self.units.iter_mut().for_each(|unit| unit.licences.sort_unstable());
        self.gather.finish(Frame::of(self.units))
    }

    /// Duplicates are looked for among all rows, also those with other problems.
    fn note_duplicates(&mut self) {
        let read = self.numbers.iter().zip(&self.units);
        let read = read.map(|(row, unit)| RowKey::new(unit.id.as_str(), *row, &unit.licences));
        let mut keys: Vec<RowKey> = read.chain(self.refused.drain(..)).collect();
        keys.sort_unstable();
        for group in keys.chunk_by(|a, b| a.id == b.id) {
            let RowKey { row: first, licences, .. } = &group[0];
            for RowKey { id, row, licences: others } in &group[1..] {
                let rule = match licences == others || licences.is_empty() || others.is_empty() {
                    true => FrameRule::Duplicate { first: *first },
                    false => FrameRule::SeveralLicences { first: *first },
                };
                self.gather.note(*row, "id", id, rule);
            }
        }
    }
}

/// The rules of a table of units: the vocabulary and the date of the frame.
pub(crate) struct TableRules<'a> {
    terms: &'a FrameTerms,
    as_of: Date,
    /// The source of signals and levels; `None`: the rows state both.
    assess: Option<&'a dyn Assess>,
}

impl<'a> TableRules<'a> {
    pub(crate) const fn new(terms: &'a FrameTerms, as_of: Date) -> Self {
        Self { terms, as_of, assess: None }
    }

    /// The same rules for rows whose levels follow from their signals.
    pub(super) fn assessed(self, assess: &'a dyn Assess) -> Self {
        Self { assess: Some(assess), ..self }
    }
}

/// The signals of a unit that tell the levels which its register states: places in the lists of credit and of
/// risk, from 1 (Spec 20.2, step 1). No rule, no pack and no dossier names them.
pub(crate) const STATED: [&str; 2] = ["stated_credit", "stated_risk"];

/// Whether a signal tells a level that a register states.
pub(crate) fn is_stated(signal: &Code) -> bool {
    STATED.contains(&signal.as_str())
}

/// What a level means that a row states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LevelsOfRows {
    /// It is the level of the unit: there is no rule table.
    Counted,
    /// The rules begin with it.
    Begin,
    /// Nothing: the rules alone give the levels, and a filled cell is a problem.
    Refused,
}

/// Signals and levels that follow from rules instead of standing in the rows.
pub(crate) trait Assess: Sync {
    /// What the levels of the rows mean.
    fn stated_levels(&self) -> LevelsOfRows;

    /// The signals and levels of a unit, given the signals that its row states. Refuses every stated signal
    /// that comes from elsewhere, too.
    fn assess(
        &self,
        id: &UnitId,
        kind: &Code,
        stated: BTreeMap<Code, u64>,
        refuse: &mut dyn FnMut(&Code),
    ) -> Assessed;
}

/// The signals of a unit, and its levels if they follow from them.
pub(crate) struct Assessed {
    pub(crate) levels: Option<UnitLevels>,
    pub(crate) signals: BTreeMap<Code, u64>,
}

/// The levels of a unit.
pub(crate) struct UnitLevels {
    pub(crate) credit: Code,
    pub(crate) risk: Code,
}

/// The rules of one row, whether it comes as text or as a unit of a file. Each function notes what is wrong.
pub(super) struct RowRules<'a> {
    pub(super) rules: &'a TableRules<'a>,
    pub(super) row: u64,
    pub(super) gather: &'a mut Gather<FrameRule>,
}

impl RowRules<'_> {
    fn note(&mut self, field: &'static str, value: &str, rule: FrameRule) {
        self.gather.note(self.row, field, value, rule);
    }

    /// The value of a cell, if it can be read.
    fn keep<T, E>(
        &mut self,
        field: &'static str,
        text: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T>
    where
        FrameRule: From<E>,
    {
        self.gather.keep(self.row, field, text, read(text))
    }

    /// The same, and `None` for an empty cell.
    fn optional<T, E>(
        &mut self,
        field: &'static str,
        text: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T>
    where
        FrameRule: From<E>,
    {
        if text.is_empty() { None } else { self.keep(field, text, read) }
    }

    fn name(&mut self, name: &str) -> bool {
        let right = readable(name);
        if !right {
            self.note("name", name, FrameRule::Text);
        }
        right
    }

    fn division(&mut self, division: &Division) {
        let list = &self.rules.terms.divisions;
        if !list.has(division) {
            let unread = list.read(division.as_str()).err();
            let rule = unread.map_or(FrameRule::UnknownDivision, FrameRule::from);
            self.note("division", division.as_str(), rule);
        }
    }

    /// A code of one of the vocabularies.
    fn code(&mut self, field: &'static str, text: &str) -> Option<Code> {
        let terms = self.rules.terms;
        let (name, vocabulary) = match field {
            "kind" => ("kinds", &terms.kinds),
            "risk" => ("risk", &terms.risk),
            _ => ("credit", &terms.credit),
        };
        let found = vocabulary.iter().find(|code| code.as_str() == text);
        if let ([only], true) = (vocabulary.as_slice(), text.is_empty() && field != "kind") {
            return Some(only.clone());
        }
        if text.is_empty() {
            self.keep(field, text, Code::parse);
        } else if found.is_none() {
            // Whatever was written, what helps is which words there are.
            let known = || KnownWords::nearest(text, vocabulary);
            let rule = || FrameRule::UnknownCode { vocabulary: name, known: known() };
            self.gather.note_with(self.row, field, text, rule);
        }
        found.cloned()
    }

    fn status(&mut self, status: Status) {
        let state = match status {
            Status::Active => return,
            Status::Suspended => Listed::Suspended,
            Status::Closed => Listed::Closed,
        };
        if !self.rules.terms.listed.contains(&state) {
            self.note("status", status.as_str(), FrameRule::NotListed { state });
        }
    }

    fn opened(&mut self, day: Date) {
        let as_of = self.rules.as_of;
        if day > as_of {
            self.note("opened", &day.to_string(), FrameRule::Later { as_of });
        }
    }

    /// The signals that a row states, zeros included; `None` if one cannot be read.
    fn signals(&mut self, signals: &[(String, String)]) -> Option<BTreeMap<Code, u64>> {
        let (mut read, mut complete) = (BTreeMap::new(), true);
        for (code, count) in signals {
            let code = self.keep("signals", code, Code::parse);
            let count = match count.parse::<u64>() {
                Ok(n) if n <= MAX_COUNT && count.bytes().all(|b| b.is_ascii_digit()) => Some(n),
                _ => {
                    self.note("signals", count, FrameRule::Count);
                    None
                }
            };
            let Some((code, count)) = code.zip(count) else {
                complete = false;
                continue;
            };
            if read.insert(code.clone(), count).is_some() {
                self.note("signals", code.as_str(), FrameRule::Twice);
            }
        }
        complete.then_some(read)
    }

    /// The levels that a row states, as signals where the rules begin with them.
    fn stated_levels(&mut self, meaning: LevelsOfRows, row: &UnitRow, signals: &mut BTreeMap<Code, u64>) {
        let terms = self.rules.terms;
        if meaning == LevelsOfRows::Counted {
            return;
        }
        // They come from the columns of levels only.
        for signal in signals.keys().filter(|signal| is_stated(signal)) {
            self.gather.note(self.row, "signals", signal.as_str(), FrameRule::Twice);
        }
        let levels = [("credit", &row.credit, &terms.credit), ("risk", &row.risk, &terms.risk)];
        for ((field, text, list), signal) in levels.into_iter().zip(STATED) {
            match meaning {
                _ if text.is_empty() => {}
                LevelsOfRows::Counted => {}
                LevelsOfRows::Refused => self.note(field, text, FrameRule::LevelByRules),
                LevelsOfRows::Begin => {
                    let level = self.code(field, text);
                    let place = level.and_then(|level| list.iter().position(|known| *known == level));
                    let place = place.and_then(|place| u64::try_from(place + 1).ok());
                    if let Some((signal, place)) = Code::parse(signal).ok().zip(place) {
                        signals.insert(signal, place);
                    }
                }
            }
        }
    }

    /// The number of a licence, and those before it.
    fn licence(&mut self, number: &str, before: &[Licence]) {
        if !readable(number) {
            self.note("licences", number, FrameRule::Text);
        } else if before.iter().any(|licence| licence.number == number) {
            self.note("licences", number, FrameRule::Twice);
        }
    }

    /// The licences of a unit that is right otherwise.
    fn expired(&mut self, unit: &Unit) {
        if unit.expired(self.rules.as_of) && !self.rules.terms.listed.contains(&Listed::Expired) {
            let ends: Vec<String> =
                unit.licences.iter().filter_map(|l| l.valid_until).map(|day| day.to_string()).collect();
            self.note("licences", &ends.join(" "), FrameRule::NotListed { state: Listed::Expired });
        }
    }

    /// All rules of a row, for a unit, in the order in which a row is read.
    pub(super) fn unit(&mut self, unit: &Unit) {
        let ids = self.rules.terms.ids;
        self.keep("id", unit.id.as_str(), |_| unit.id.has_form(ids));
        let name = self.name(&unit.name);
        self.division(&unit.division);
        let codes = [("kind", &unit.kind), ("risk", &unit.risk), ("credit", &unit.credit)];
        let known = codes.map(|(field, code)| self.code(field, code.as_str()).is_some());
        self.status(unit.status);
        unit.opened.iter().for_each(|day| self.opened(*day));
        for (place, licence) in unit.licences.iter().enumerate() {
            self.licence(&licence.number, &unit.licences[..place]);
        }
        for count in unit.signals.values().filter(|count| **count > MAX_COUNT) {
            self.note("signals", &count.to_string(), FrameRule::Count);
        }
        if name && known == [true; 3] {
            self.expired(unit);
        }
    }
}
