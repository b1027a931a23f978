//! The roster (执法检查人员名录库): who may be sent, and whom the law keeps away (回避).
//!
//! As with the frame, [`Roster::new`] returns either a well-formed roster or every problem of the two tables. Identity card
//! and telephone numbers have no field here, so they cannot reach anything that is published. Spec 9.3.

use crate::bytes::{
    Digest, Document, JsonError, Label, Protocol, SaltKey, Tree, decode, digest, encode, leaf_hash,
};
use crate::calendar::{CalendarError, Date, Window};
use crate::id::{Code, Division, IdError, InspectorId, UnitId};
use crate::table::{Gather, Problems, readable};
use serde::{Deserialize, Serialize};

/// The largest cap of an officer (Spec 9.3). With it no sum of places leaves 64 bits.
const MAX_CAP: u64 = 999_999;

/// The vocabulary of a roster, as its policy states it (Spec 9.1, field `roster`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterTerms {
    /// Departments (部门) that send officers.
    pub departments: Vec<Code>,
    /// States in which a row may stand on the roster although the officer cannot be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<ListedInspector>,
    /// Qualifications (岗位资质).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Code>,
}

/// A state in which an officer may be listed without being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListedInspector {
    /// The enforcement certificate has run out by the date of the roster.
    Expired,
}

/// One row of the officer table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InspectorRow {
    /// The row's number in its source, for messages.
    pub row: u64,
    /// 执法证号; see [`InspectorId`].
    pub id: String,
    /// 姓名.
    pub name: String,
    /// 部门, a code of the policy's vocabulary.
    pub department: String,
    /// 工作单位, a code, may be empty.
    pub office: String,
    /// 管辖片区: divisions this officer works in.
    pub divisions: Vec<String>,
    /// 资质, codes of the policy's vocabulary.
    pub qualifications: Vec<String>,
    /// First day of the certificate, may be empty.
    pub certified_from: String,
    /// Last day of the certificate.
    pub certified_until: String,
    /// Absences (请假): first and last day.
    pub absences: Vec<(String, String)>,
    /// 网格, a code, may be empty.
    pub grid: String,
    /// Most visits of this officer in one draw; empty for the policy's cap.
    pub cap: String,
}

/// One row of the recusal table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecusalRow {
    /// The row's number in its source, for messages.
    pub row: u64,
    /// The officer.
    pub inspector: String,
    /// The institution; it need not be on the frame of this draw.
    pub unit: String,
    /// `statutory` (法定), `requested` (申请) or `decided` (决定).
    pub ground: String,
    /// Why: kinship, former employer, an interest …, and where that is on file.
    pub basis: String,
}

/// What a row of the roster or of the recusals can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterRule {
    /// An id, code or division is not well-formed.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A date is impossible, or a span ends before it begins.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The same officer stands in an earlier row.
    #[error("stands in row {first} already: one officer is one row")]
    Duplicate {
        /// The earlier row.
        first: u64,
    },
    /// A text is empty, longer than 200 characters or holds control characters.
    #[error("is no text of 1 to 200 printable characters")]
    Text,
    /// The department is not of the policy's list.
    #[error("is not among the policy's roster.departments: {known}")]
    UnknownDepartment {
        /// The departments.
        known: String,
    },
    /// The qualification is not of the policy's list.
    #[error("is not among the policy's roster.qualifications: {known}")]
    UnknownQualification {
        /// The qualifications.
        known: String,
    },
    /// The certificate has run out, and the policy does not list such rows.
    #[error(
        "has run out by {as_of}: uncertified staff may not be sent, unless the policy's roster.listed names `expired`"
    )]
    CertificateExpired {
        /// The date of the roster.
        as_of: Date,
    },
    /// No division given.
    #[error("names no division")]
    NoDivision,
    /// A cap is no integer of 0 to 999 999.
    #[error("is no count of 0 to 999999")]
    Count,
    /// A row of a file whose lists do not ascend.
    #[error("does not have the order of a row of the roster")]
    NotCanonical,
    /// A list holds a value twice.
    #[error("is given twice in this row")]
    Twice,
    /// A recusal of somebody who is not on the roster.
    #[error("is no officer of the roster")]
    UnknownInspector,
    /// Not one of the three grounds.
    #[error("is no ground: statutory, requested, decided")]
    UnknownGround,
    /// The same pair stands in an earlier row.
    #[error("stands in row {first} already with the same unit")]
    DuplicateRecusal {
        /// The earlier row.
        first: u64,
    },
}

/// A certified officer (执法检查人员).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspector {
    /// Absences, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Window>,
    /// Most visits of this officer in one draw; absent: the policy's cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u64>,
    /// First day of the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_from: Option<Date>,
    /// Last day of the certificate.
    pub certified_until: Date,
    /// Department.
    pub department: Code,
    /// Divisions, ascending, at least one.
    pub divisions: Vec<Division>,
    /// Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Code>,
    /// Unique id.
    pub id: InspectorId,
    /// Name.
    pub name: String,
    /// Office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Code>,
    /// Qualifications, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Code>,
}

/// On what ground an officer keeps away from a unit (回避).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    /// The law says so: party, near relative, interest (行政处罚法 art. 43).
    Statutory,
    /// The party or the officer asked for it.
    Requested,
    /// The authority decided it.
    Decided,
}

/// A pair that must not meet. No rule of a policy can waive it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recusal {
    /// Why, and where that is on file.
    pub basis: String,
    /// The ground.
    pub ground: Ground,
    /// The officer.
    pub inspector: InspectorId,
    /// The institution.
    pub unit: UnitId,
}

/// The officers, ascending by id, and the recusals, ascending by officer and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    inspectors: Vec<Inspector>,
    recusals: Vec<Recusal>,
}

/// The roster as a file for auditors (Spec 12.3).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RosterFile {
    document: Document,
    inspectors: Vec<Inspector>,
    protocol: Protocol,
    recusals: Vec<Recusal>,
    salt_key: SaltKey,
}

#[derive(Serialize)]
struct Leaf<'a> {
    inspector: &'a Inspector,
    salt: Digest,
}

#[derive(Serialize)]
struct Recusals<'a> {
    recusals: &'a [Recusal],
    salt: Digest,
}

impl Roster {
    /// Reads the officer table and the recusal table against the policy's vocabulary, as of a date.
    ///
    /// # Errors
    /// Every problem of both tables (fields of the recusal table begin with `recusal`), ordered by row.
    pub fn new(
        inspectors: impl IntoIterator<Item = InspectorRow>,
        recusals: impl IntoIterator<Item = RecusalRow>,
        terms: &RosterTerms,
        as_of: Date,
    ) -> Result<Self, Problems<RosterRule>> {
        let mut gather = Gather::new();
        let mut rows: Vec<(String, u64)> = Vec::new();
        let mut read: Vec<Inspector> = Vec::new();
        for row in inspectors {
            rows.push((row.id.clone(), row.row));
            read.extend(read_inspector(&row, terms, as_of, &mut gather));
        }
        rows.sort();
        for group in rows.chunk_by(|a, b| a.0 == b.0) {
            for (id, row) in &group[1..] {
                gather.note(*row, "id", id, RosterRule::Duplicate { first: group[0].1 });
            }
        }
        let mut pairs: Vec<(Recusal, u64)> = Vec::new();
        for row in recusals {
            if rows.binary_search_by(|(id, _)| id.as_str().cmp(&row.inspector)).is_err() {
                gather.note(row.row, "recusal.inspector", &row.inspector, RosterRule::UnknownInspector);
            }
            pairs.extend(read_recusal(&row, &mut gather).map(|recusal| (recusal, row.row)));
        }
        pairs.sort_by(|(a, x), (b, y)| (&a.inspector, &a.unit, x).cmp(&(&b.inspector, &b.unit, y)));
        for group in pairs.chunk_by(|(a, _), (b, _)| (&a.inspector, &a.unit) == (&b.inspector, &b.unit)) {
            for (recusal, row) in &group[1..] {
                let rule = RosterRule::DuplicateRecusal { first: group[0].1 };
                gather.note(*row, "recusal.inspector", recusal.inspector.as_str(), rule);
            }
        }
        read.sort_by(|a, b| a.id.cmp(&b.id));
        let recusals = pairs.into_iter().map(|(recusal, _)| recusal).collect();
        gather.finish(Self { inspectors: read, recusals })
    }

    /// Whether every row keeps the rules of rows and the vocabulary of a policy; see
    /// [`Frame::conforms`](crate::frame::Frame::conforms).
    ///
    /// # Errors
    /// Every problem, rows numbered from 1 in the order of ids.
    pub fn conforms(&self, terms: &RosterTerms, as_of: Date) -> Result<(), Problems<RosterRule>> {
        let texts = |list: &[Code]| list.iter().map(ToString::to_string).collect();
        let code = |code: &Option<Code>| code.as_ref().map_or_else(String::new, ToString::to_string);
        let inspector = |(row, i): (u64, &Inspector)| InspectorRow {
            row,
            id: i.id.to_string(),
            name: i.name.clone(),
            department: i.department.to_string(),
            office: code(&i.office),
            divisions: i.divisions.iter().map(ToString::to_string).collect(),
            qualifications: texts(&i.qualifications),
            certified_from: i.certified_from.map_or_else(String::new, |date| date.to_string()),
            certified_until: i.certified_until.to_string(),
            absences: i.absences.iter().map(|a| (a.from().to_string(), a.to().to_string())).collect(),
            grid: code(&i.grid),
            cap: i.cap.map_or_else(String::new, |cap| cap.to_string()),
        };
        let recusal = |(row, r): (u64, &Recusal)| RecusalRow {
            row,
            inspector: r.inspector.to_string(),
            unit: r.unit.to_string(),
            ground: match r.ground {
                Ground::Statutory => "statutory",
                Ground::Requested => "requested",
                Ground::Decided => "decided",
            }
            .to_owned(),
            basis: r.basis.clone(),
        };
        let inspectors = (1..).zip(&self.inspectors).map(inspector);
        let again = Self::new(inspectors, (1..).zip(&self.recusals).map(recusal), terms, as_of)?;
        let place = self.inspectors.iter().zip(&again.inspectors).position(|(a, b)| a != b);
        let Some(place) = place else { return Ok(()) };
        let mut gather = Gather::new();
        let row = u64::try_from(place).expect("a place in this list") + 1;
        gather.note(row, "id", self.inspectors[place].id.as_str(), RosterRule::NotCanonical);
        gather.finish(())
    }

    /// The officers, ascending by id.
    #[must_use]
    pub fn inspectors(&self) -> &[Inspector] {
        &self.inspectors
    }

    /// Where the officer of this id stands.
    #[must_use]
    pub fn position(&self, id: &InspectorId) -> Option<usize> {
        self.inspectors.binary_search_by(|inspector| inspector.id.cmp(id)).ok()
    }

    /// The recusals, ascending by officer and unit.
    #[must_use]
    pub fn recusals(&self) -> &[Recusal] {
        &self.recusals
    }

    /// Whether this pair must not meet.
    #[must_use]
    pub fn recused(&self, inspector: &InspectorId, unit: &UnitId) -> bool {
        self.recusals.binary_search_by(|r| (&r.inspector, &r.unit).cmp(&(inspector, unit))).is_ok()
    }

    /// The Merkle tree over the salted officer rows (Spec 4).
    ///
    /// # Panics
    /// Never for a roster made by [`Roster::new`]: its values are all writable.
    #[must_use]
    pub fn tree(&self, key: &SaltKey) -> Tree {
        let leaf = |inspector: &Inspector| {
            let salt = key.row("roster", inspector.id.as_str());
            leaf_hash(&encode(&Leaf { inspector, salt }).expect("counts below 2^53"))
        };
        Tree::new(self.inspectors.iter().map(leaf).collect())
    }

    /// The commitment to the recusals (Spec 4.4).
    ///
    /// # Panics
    /// Never: a recusal holds nothing but text.
    #[must_use]
    pub fn recusals_digest(&self, key: &SaltKey) -> Digest {
        let salted = Recusals { recusals: &self.recusals, salt: key.list("recusals") };
        digest(Label::Recusals, &encode(&salted).expect("text only"))
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never for a roster made by [`Roster::new`].
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let file = RosterFile {
            document: Document::Roster,
            inspectors: self.inspectors.clone(),
            protocol: Protocol,
            recusals: self.recusals.clone(),
            salt_key: key.clone(),
        };
        encode(&file).expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a roster, or its lists do not ascend.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, SaltKey), JsonError> {
        let file: RosterFile = decode(bytes)?;
        file.document.expect(Document::Roster)?;
        let pair = |r: &Recusal| (r.inspector.clone(), r.unit.clone());
        if !file.inspectors.is_sorted_by(|a, b| a.id < b.id)
            || !file.recusals.is_sorted_by(|a, b| pair(a) < pair(b))
        {
            return Err(JsonError::Schema { message: "inspectors or recusals do not ascend".into() });
        }
        if let Some(inspector) = file.inspectors.iter().find(|i| i.cap.is_some_and(|cap| cap > MAX_CAP)) {
            return Err(JsonError::Schema {
                message: format!("the cap of {} is above {MAX_CAP}", inspector.id),
            });
        }
        Ok((Self { inspectors: file.inspectors, recusals: file.recusals }, file.salt_key))
    }
}

/// Reads one officer; notes every problem and returns the officer only if all fields could be read.
fn read_inspector(
    row: &InspectorRow,
    terms: &RosterTerms,
    as_of: Date,
    gather: &mut Gather<RosterRule>,
) -> Option<Inspector> {
    let known = |codes: &[Code]| codes.iter().map(Code::as_str).collect::<Vec<_>>().join(" ");
    let id = gather.keep(row.row, "id", &row.id, InspectorId::parse(&row.id));
    if !readable(&row.name) {
        gather.note(row.row, "name", &row.name, RosterRule::Text);
    }
    let department = gather.keep(row.row, "department", &row.department, Code::parse(&row.department));
    if department.as_ref().is_some_and(|d| !terms.departments.contains(d)) {
        let rule = RosterRule::UnknownDepartment { known: known(&terms.departments) };
        gather.note(row.row, "department", &row.department, rule);
    }
    let mut divisions = Vec::new();
    for text in &row.divisions {
        divisions.extend(gather.keep(row.row, "divisions", text, Division::parse(text)));
    }
    if row.divisions.is_empty() {
        gather.note(row.row, "divisions", "", RosterRule::NoDivision);
    }
    let mut qualifications = Vec::new();
    for text in &row.qualifications {
        let code = gather.keep(row.row, "qualifications", text, Code::parse(text));
        if code.as_ref().is_some_and(|c| !terms.qualifications.contains(c)) {
            let rule = RosterRule::UnknownQualification { known: known(&terms.qualifications) };
            gather.note(row.row, "qualifications", text, rule);
        }
        qualifications.extend(code);
    }
    sort_once(&mut divisions, row.row, "divisions", Division::as_str, gather);
    sort_once(&mut qualifications, row.row, "qualifications", Code::as_str, gather);
    let mut date = |field, text: &str| {
        if text.is_empty() { None } else { gather.keep(row.row, field, text, Date::parse(text)) }
    };
    let certified_from = date("certified_from", &row.certified_from);
    let mut absences = Vec::new();
    for (from, to) in &row.absences {
        if let (Some(first), Some(last)) = (date("absences", from), date("absences", to)) {
            absences.push((first, last, from));
        }
    }
    let certified_until =
        gather.keep(row.row, "certified_until", &row.certified_until, Date::parse(&row.certified_until));
    if certified_until.is_some_and(|day| day < as_of) && !terms.listed.contains(&ListedInspector::Expired) {
        let rule = RosterRule::CertificateExpired { as_of };
        gather.note(row.row, "certified_until", &row.certified_until, rule);
    }
    if let (Some(from), Some(until)) = (certified_from, certified_until) {
        gather.keep(row.row, "certified_until", &row.certified_until, Window::new(from, until));
    }
    let mut windows = Vec::new();
    for (first, last, text) in absences {
        windows.extend(gather.keep(row.row, "absences", text, Window::new(first, last)));
    }
    windows.sort();
    let grid =
        (!row.grid.is_empty()).then(|| gather.keep(row.row, "grid", &row.grid, Code::parse(&row.grid)));
    let office = (!row.office.is_empty())
        .then(|| gather.keep(row.row, "office", &row.office, Code::parse(&row.office)));
    let cap = match row.cap.as_str() {
        "" => None,
        text => match text.parse::<u64>() {
            Ok(cap) if cap <= MAX_CAP && text.bytes().all(|b| b.is_ascii_digit()) => Some(cap),
            _ => {
                gather.note(row.row, "cap", text, RosterRule::Count);
                None
            }
        },
    };
    Some(Inspector {
        absences: windows,
        cap,
        certified_from,
        certified_until: certified_until?,
        department: department?,
        divisions,
        grid: grid.flatten(),
        id: id?,
        name: row.name.clone(),
        office: office.flatten(),
        qualifications,
    })
}

/// Sorts a list and notes what it holds twice.
fn sort_once<T: Ord>(
    list: &mut [T],
    row: u64,
    field: &'static str,
    text: impl Fn(&T) -> &str,
    gather: &mut Gather<RosterRule>,
) {
    list.sort();
    for pair in list.windows(2).filter(|pair| pair[0] == pair[1]) {
        gather.note(row, field, text(&pair[0]), RosterRule::Twice);
    }
}

fn read_recusal(row: &RecusalRow, gather: &mut Gather<RosterRule>) -> Option<Recusal> {
    let inspector =
        gather.keep(row.row, "recusal.inspector", &row.inspector, InspectorId::parse(&row.inspector));
    let unit = gather.keep(row.row, "recusal.unit", &row.unit, UnitId::parse(&row.unit));
    let ground = match row.ground.as_str() {
        "statutory" => Some(Ground::Statutory),
        "requested" => Some(Ground::Requested),
        "decided" => Some(Ground::Decided),
        other => {
            gather.note(row.row, "recusal.ground", other, RosterRule::UnknownGround);
            None
        }
    };
    if !readable(&row.basis) {
        gather.note(row.row, "recusal.basis", &row.basis, RosterRule::Text);
    }
    Some(Recusal { basis: row.basis.clone(), ground: ground?, inspector: inspector?, unit: unit? })
}
