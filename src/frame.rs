//! The sampling frame (检查对象名录库): who may be inspected.
//!
//! [`Frame::new`] takes rows as they come out of a database or a spreadsheet and returns either a frame that is
//! well-formed or every problem of the table. Once a [`Frame`] exists, its ids are unique and ascending, its codes are of
//! the policy's vocabulary and its dates are possible. Spec 9.2.

use crate::bytes::{Document, JsonError, Protocol, SaltKey, Suite, Tree, decode, encode};
use crate::calendar::{CalendarError, Date};
use crate::id::{Code, Division, IdError, UnitId};
use crate::table::{Gather, Problems, readable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The vocabulary of a frame, as its policy states it (Spec 9.1, field `frame`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameTerms {
    /// Credit levels (信用等级) that a row may carry, as in `A B C D`.
    pub credit: Vec<Code>,
    /// Divisions (行政区划) that a row may carry: GB/T 2260 of the year of the draw.
    pub divisions: Vec<Division>,
    /// Kinds of institution (机构类别).
    pub kinds: Vec<Code>,
    /// States in which a row may stand on the frame although it can never be drawn. Without them such a row is a problem:
    /// closed institutions that stay on the list are how coverage is counted up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<Listed>,
    /// Risk levels (风险等级).
    pub risk: Vec<Code>,
}

/// A state in which a row may be listed without being drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listed {
    /// 注销、吊销、关闭.
    Closed,
    /// 停业、歇业.
    Suspended,
    /// Every licence has run out by the date of the frame.
    Expired,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
        })
    }
}

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

/// What a row of a frame can break.
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
    #[error("is no text of 1 to 200 printable characters")]
    Text,
    /// The division is not of the policy's list.
    #[error("is not among the policy's frame.divisions")]
    UnknownDivision,
    /// The code is not of the policy's vocabulary.
    #[error("is not among the policy's frame.{vocabulary}: {known}")]
    UnknownCode {
        /// Which vocabulary.
        vocabulary: &'static str,
        /// Its codes.
        known: String,
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
    /// A signal or licence given twice in one row.
    #[error("is given twice in this row")]
    Twice,
}

/// The state of an institution in its register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// 正常.
    Active,
    /// 停业、歇业: never drawn.
    Suspended,
    /// 注销、吊销、关闭: never drawn.
    Closed,
}

/// A licence (许可证) of a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Licence number.
    pub number: String,
    /// Last day of validity; absent if it does not run out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// One institution on the frame (检查对象).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Credit level.
    pub credit: Code,
    /// Division, six digits.
    pub division: Division,
    /// Grid (网格).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Code>,
    /// Unique id.
    pub id: UnitId,
    /// Kind of institution.
    pub kind: Code,
    /// Licences, ascending by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<Licence>,
    /// Name.
    pub name: String,
    /// Date of opening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Date>,
    /// Risk level.
    pub risk: Code,
    /// Signals and how often, above zero.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signals: BTreeMap<Code, u64>,
    /// State in the register.
    pub status: Status,
}

impl Unit {
    /// Whether a filter of subjects admits the unit: a division that covers its own, its kind, and every signal at least so often; an empty part
    /// admits all (Spec 10.1, step 2, and 23.2).
    pub(crate) fn meets(&self, divisions: &[Division], kinds: &[Code], has: &BTreeMap<Code, u64>) -> bool {
        (divisions.is_empty() || divisions.iter().any(|division| division.covers(&self.division)))
            && (kinds.is_empty() || kinds.contains(&self.kind))
            && has.iter().all(|(signal, least)| self.signals.get(signal).is_some_and(|n| n >= least))
    }

    /// Whether every licence has run out before that day. A unit without licences has none that could.
    #[must_use]
    pub fn expired(&self, as_of: Date) -> bool {
        !self.licences.is_empty()
            && self.licences.iter().all(|l| l.valid_until.is_some_and(|day| day < as_of))
    }
}

/// The sampling frame: units with unique ids, ascending by id. The order of the rows it came from is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    units: Vec<Unit>,
}

/// The frame as a file for auditors (Spec 12.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameFile {
    document: Document,
    protocol: Protocol,
    salt_key: SaltKey,
    units: Vec<Unit>,
}

/// The leaf of one unit (Spec 4.2).
#[derive(Serialize)]
struct Leaf<'a> {
    salt: crate::bytes::Digest,
    unit: &'a Unit,
}

impl Frame {
    /// Reads a table of rows against the policy's vocabulary, as of a date.
    ///
    /// # Errors
    /// Every problem of the table, ordered by row; nothing is taken over unless all rows are right.
    pub fn new(
        rows: impl IntoIterator<Item = UnitRow>,
        terms: &FrameTerms,
        as_of: Date,
    ) -> Result<Self, Problems<FrameRule>> {
        let mut gather = Gather::new();
        let mut read: Vec<(u64, Unit)> = Vec::new();
        let mut ids: Vec<(String, u64, String)> = Vec::new();
        for row in rows {
            let licences: Vec<&str> = row.licences.iter().map(|l| l.number.as_str()).collect();
            ids.push((row.id.clone(), row.row, licences.join(" ")));
            if let Some(unit) = read_row(&row, terms, as_of, &mut gather) {
                read.push((row.row, unit));
            }
        }
        // Duplicates are looked for among all rows, also those with other problems.
        ids.sort();
        for group in ids.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            let (_, first, licences) = &group[0];
            for (id, row, others) in &group[1..] {
                gather.note(
                    *row,
                    "id",
                    id,
                    match licences == others || licences.is_empty() || others.is_empty() {
                        true => FrameRule::Duplicate { first: *first },
                        false => FrameRule::SeveralLicences { first: *first },
                    },
                );
            }
        }
        let mut units: Vec<Unit> = read.into_iter().map(|(_, unit)| unit).collect();
        units.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        gather.finish(Self { units })
    }

    /// Whether every row keeps the rules of rows and the vocabulary of a policy. A frame of [`Frame::new`] does for the policy it was
    /// read against; one from an auditor's file has to be asked.
    ///
    /// # Errors
    /// Every problem, rows numbered from 1 in the order of ids.
    pub fn conforms(&self, terms: &FrameTerms, as_of: Date) -> Result<(), Problems<FrameRule>> {
        let text = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        let licence = |l: &Licence| LicenceRow { number: l.number.clone(), valid_until: text(l.valid_until) };
        let row = |(row, unit): (u64, &Unit)| UnitRow {
            row,
            id: unit.id.to_string(),
            name: unit.name.clone(),
            division: unit.division.to_string(),
            kind: unit.kind.to_string(),
            risk: unit.risk.to_string(),
            credit: unit.credit.to_string(),
            status: match unit.status {
                Status::Active => "active",
                Status::Suspended => "suspended",
                Status::Closed => "closed",
            }
            .to_owned(),
            opened: text(unit.opened),
            grid: unit.grid.as_ref().map_or_else(String::new, ToString::to_string),
            licences: unit.licences.iter().map(licence).collect(),
            signals: unit.signals.iter().map(|(code, n)| (code.to_string(), n.to_string())).collect(),
        };
        let again = Self::new((1..).zip(&self.units).map(row), terms, as_of)?;
        // What is right row by row may still stand in another order or hold a signal of zero.
        let Some((row, unit)) = (1..).zip(&self.units).find(|(row, unit)| {
            let place = usize::try_from(*row - 1).expect("a place in this list");
            again.units[place] != **unit
        }) else {
            return Ok(());
        };
        let mut gather = Gather::new();
        gather.note(row, "id", unit.id.as_str(), FrameRule::NotCanonical);
        gather.finish(())
    }

    /// The units, ascending by id.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Where the unit of this id stands.
    #[must_use]
    pub fn position(&self, id: &UnitId) -> Option<usize> {
        self.units.binary_search_by(|unit| unit.id.cmp(id)).ok()
    }

    /// The unit of this id.
    #[must_use]
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        self.position(id).map(|i| &self.units[i])
    }

    /// The Merkle tree over the salted rows (Spec 4).
    #[must_use]
    pub fn tree(&self, suite: Suite, key: &SaltKey) -> Tree {
        Tree::new(suite, self.units.iter().map(|unit| suite.leaf(&leaf(unit, suite, key))).collect())
    }

    /// The file an auditor gets: all rows and the salt key, canonical JSON.
    ///
    /// # Panics
    /// Never for a frame made by [`Frame::new`]: its values are all writable.
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let (document, protocol) = (Document::Frame, Protocol);
        encode(&FrameFile { document, protocol, salt_key: key.clone(), units: self.units.clone() })
            .expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a frame, or the ids do not ascend. Whether the rows
    /// keep a policy's vocabulary, [`Frame::conforms`] says.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, SaltKey), JsonError> {
        let file: FrameFile = decode(bytes)?;
        file.document.expect(Document::Frame)?;
        if !file.units.is_sorted_by(|a, b| a.id < b.id) {
            return Err(JsonError::Schema { message: "units do not ascend by id".into() });
        }
        Ok((Self { units: file.units }, file.salt_key))
    }
}

/// The bytes of a unit's leaf (Spec 4.2).
fn leaf(unit: &Unit, suite: Suite, key: &SaltKey) -> Vec<u8> {
    let salt = key.row(suite, "frame", unit.id.as_str());
    encode(&Leaf { salt, unit }).expect("counts below 2^53")
}

/// Reads one row; notes every problem and returns a unit only if there is none.
fn read_row(row: &UnitRow, terms: &FrameTerms, as_of: Date, gather: &mut Gather<FrameRule>) -> Option<Unit> {
    let id = gather.keep(row.row, "id", &row.id, UnitId::parse(&row.id));
    let name = readable(&row.name).then(|| row.name.clone());
    if name.is_none() {
        gather.note(row.row, "name", &row.name, FrameRule::Text);
    }
    let division = gather.keep(row.row, "division", &row.division, Division::parse(&row.division));
    if division.as_ref().is_some_and(|d| !terms.divisions.contains(d)) {
        gather.note(row.row, "division", &row.division, FrameRule::UnknownDivision);
    }
    let mut coded = |field, value: &str, vocabulary: &[Code]| {
        let code = gather.keep(row.row, field, value, Code::parse(value))?;
        if !vocabulary.contains(&code) {
            let known: Vec<&str> = vocabulary.iter().map(Code::as_str).collect();
            let vocabulary = if field == "kind" { "kinds" } else { field };
            let rule = FrameRule::UnknownCode { vocabulary, known: known.join(" ") };
            gather.note(row.row, field, value, rule);
            return None;
        }
        Some(code)
    };
    let kind = coded("kind", &row.kind, &terms.kinds);
    let risk = coded("risk", &row.risk, &terms.risk);
    let credit = coded("credit", &row.credit, &terms.credit);
    let status = match row.status.as_str() {
        "" | "active" => Some(Status::Active),
        "suspended" => Some(Status::Suspended),
        "closed" => Some(Status::Closed),
        _ => None,
    };
    let unlisted = match status {
        None => {
            gather.note(row.row, "status", &row.status, FrameRule::UnknownStatus);
            None
        }
        Some(Status::Active) => None,
        Some(Status::Suspended) => Some(Listed::Suspended),
        Some(Status::Closed) => Some(Listed::Closed),
    };
    if let Some(state) = unlisted.filter(|state| !terms.listed.contains(state)) {
        gather.note(row.row, "status", &row.status, FrameRule::NotListed { state });
    }
    let opened = optional(&row.opened, |text| gather.keep(row.row, "opened", text, Date::parse(text)));
    if opened.flatten().is_some_and(|day| day > as_of) {
        gather.note(row.row, "opened", &row.opened, FrameRule::Later { as_of });
    }
    let grid = optional(&row.grid, |text| gather.keep(row.row, "grid", text, Code::parse(text)));
    let licences = read_licences(row, gather);
    let signals = read_signals(row, gather);
    let unit = Unit {
        credit: credit?,
        division: division?,
        grid: grid.flatten(),
        id: id?,
        kind: kind?,
        licences,
        name: name?,
        opened: opened.flatten(),
        risk: risk?,
        signals,
        status: status?,
    };
    if unit.expired(as_of) && !terms.listed.contains(&Listed::Expired) {
        let ends: Vec<&str> = row.licences.iter().map(|l| l.valid_until.as_str()).collect();
        gather.note(row.row, "licences", &ends.join(" "), FrameRule::NotListed { state: Listed::Expired });
    }
    Some(unit)
}

/// `None` for an empty cell.
fn optional<T>(text: &str, read: impl FnOnce(&str) -> T) -> Option<T> {
    (!text.is_empty()).then(|| read(text))
}

fn read_licences(row: &UnitRow, gather: &mut Gather<FrameRule>) -> Vec<Licence> {
    let mut licences: Vec<Licence> = Vec::new();
    for LicenceRow { number, valid_until } in &row.licences {
        if !readable(number) {
            gather.note(row.row, "licences", number, FrameRule::Text);
        } else if licences.iter().any(|l| &l.number == number) {
            gather.note(row.row, "licences", number, FrameRule::Twice);
        }
        let until = optional(valid_until, |t| gather.keep(row.row, "licences", t, Date::parse(t)));
        licences.push(Licence { number: number.clone(), valid_until: until.flatten() });
    }
    licences.sort();
    licences
}

fn read_signals(row: &UnitRow, gather: &mut Gather<FrameRule>) -> BTreeMap<Code, u64> {
    let mut signals = BTreeMap::new();
    for (code, count) in &row.signals {
        let code = gather.keep(row.row, "signals", code, Code::parse(code));
        let count = match count.parse::<u64>() {
            Ok(n) if n <= 999_999_999 && count.bytes().all(|b| b.is_ascii_digit()) => Some(n),
            _ => {
                gather.note(row.row, "signals", count, FrameRule::Count);
                None
            }
        };
        if let (Some(code), Some(count)) = (code, count)
            && signals.insert(code.clone(), count).is_some()
        {
            gather.note(row.row, "signals", code.as_str(), FrameRule::Twice);
        }
    }
    signals.retain(|_, count| *count > 0);
    signals
}
