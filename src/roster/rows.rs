//! The tables of inspectors, experts and recusals as text, and how a row becomes a value (Spec 9.3).

use super::{Expert, Ground, Inspector, ListedInspector, MAX_CAP, MAX_LOAD, Recusal, Role, RosterTerms};
use crate::calendar::{CalendarError, Date, Window};
use crate::id::{Code, Division, IdError, InspectorId, UnitId, UnitIdForm};
use crate::message::coded;
use crate::table::{Gather, KnownWords, readable};
use serde::{Deserialize, Serialize};

/// One row of the officer table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// A declared kin group (亲属), a code, may be empty.
    pub family: String,
    /// Visits made before, over which loads are levelled; empty for none.
    pub load: String,
}

/// One row of the table of experts and third parties as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpertRow {
    /// The row's number in its source, for messages.
    pub row: u64,
    /// An id of its own, of the form of officers' ids.
    pub id: String,
    /// Name.
    pub name: String,
    /// 机构, a code, may be empty.
    pub organisation: String,
    /// Divisions that the expert works in.
    pub divisions: Vec<String>,
    /// 专业, codes of the policy's vocabulary.
    pub qualifications: Vec<String>,
    /// First day of the engagement, may be empty.
    pub engaged_from: String,
    /// Last day of the engagement.
    pub engaged_until: String,
    /// Absences: first and last day.
    pub absences: Vec<(String, String)>,
    /// Most visits in one draw; empty for the policy's cap of experts.
    pub cap: String,
    /// A declared kin group, a code, may be empty.
    pub family: String,
    /// Visits made before; empty for none.
    pub load: String,
    /// `expert` (also if empty), `third_party` (第三方机构), `grid` (网格员) or `uncertified` (辅助人员).
    pub role: String,
}

/// One row of the recusal table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// The rules that a row of the roster or of the recusals can break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RosterRule {
    /// An id, code or division is not well-formed.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A date is impossible, or a span ends before it begins.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The same inspector stands in an earlier row.
    #[error("stands in row {first} already: one officer is one row")]
    Duplicate {
        /// The earlier row.
        first: u64,
    },
    /// A text is empty, longer than 200 characters or holds control characters.
    #[error("is no text of 1 to 200 characters that are all seen")]
    Text,
    /// The department is not of the policy's list.
    #[error("is not among the policy's roster.departments: {known}")]
    UnknownDepartment {
        /// The departments; of many those nearest to what was found, and how many there are.
        known: KnownWords,
    },
    /// The qualification is not of the policy's list.
    #[error("is not among the policy's roster.qualifications: {known}")]
    UnknownQualification {
        /// The qualifications; of many those nearest to what was found, and how many there are.
        known: KnownWords,
    },
    /// The certificate has run out, and the policy does not list such rows.
    #[error(
        "has run out by {as_of}: uncertified staff may not be sent, \
         unless the policy's roster.listed names `expired`"
    )]
    CertificateExpired {
        /// The date of the roster.
        as_of: Date,
    },
    /// No division given.
    #[error("names no division")]
    NoDivision,
    /// The division is no entry of the policy's own list.
    #[error("is not among the policy's frame.divisions")]
    UnknownDivision,
    /// A cap is no integer of 0 to 999 999.
    #[error("is no count of 0 to 999999")]
    Count,
    /// A load is no integer of 0 to 1 000 000.
    #[error("is no count of 0 to 1000000")]
    Load,
    /// Not one of the four roles.
    #[error("is no role: expert, third_party, grid, uncertified")]
    UnknownRole,
    /// An expert has the id of an inspector.
    #[error("stands among the officers: experts are never officers")]
    Officer,
    /// A row of a file whose lists do not ascend.
    #[error("does not have the order of a row of the roster")]
    NotCanonical,
    /// A list holds a value twice.
    #[error("is given twice in this row")]
    Twice,
    /// A recusal of a person who is not on the roster.
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

coded! { RosterRule {
    Duplicate { first } => "roster.duplicate",
    Text {} => "table.text",
    UnknownDepartment { known } => "roster.unknown_department",
    UnknownQualification { known } => "roster.unknown_qualification",
    CertificateExpired { as_of } => "roster.certificate_expired",
    NoDivision {} => "roster.no_division",
    UnknownDivision {} => "roster.unknown_division",
    Count {} => "roster.count",
    Load {} => "roster.load",
    UnknownRole {} => "roster.unknown_role",
    Officer {} => "roster.officer",
    NotCanonical {} => "roster.not_canonical",
    Twice {} => "table.twice",
    UnknownInspector {} => "roster.unknown_inspector",
    UnknownGround {} => "roster.unknown_ground",
    DuplicateRecusal { first } => "roster.duplicate_recusal";
    Id, Calendar
} }

/// The part that the rows of inspectors and experts have in common.
struct PersonRow<'a> {
    row: u64,
    /// The names of the fields, those of an inspector or of an expert.
    fields: &'static PersonFields,
    id: &'a str,
    name: &'a str,
    divisions: &'a [String],
    qualifications: &'a [String],
    from: &'a str,
    until: &'a str,
    absences: &'a [(String, String)],
    office: &'a str,
    cap: &'a str,
    family: &'a str,
    load: &'a str,
}

struct PersonFields {
    id: &'static str,
    name: &'static str,
    divisions: &'static str,
    qualifications: &'static str,
    from: &'static str,
    until: &'static str,
    absences: &'static str,
    office: &'static str,
    cap: &'static str,
    family: &'static str,
    load: &'static str,
}

const OFFICER: PersonFields = PersonFields {
    id: "id",
    name: "name",
    divisions: "divisions",
    qualifications: "qualifications",
    from: "certified_from",
    until: "certified_until",
    absences: "absences",
    office: "office",
    cap: "cap",
    family: "family",
    load: "load",
};

const EXPERT: PersonFields = PersonFields {
    id: "expert.id",
    name: "expert.name",
    divisions: "expert.divisions",
    qualifications: "expert.qualifications",
    from: "expert.engaged_from",
    until: "expert.engaged_until",
    absences: "expert.absences",
    office: "expert.organisation",
    cap: "expert.cap",
    family: "expert.family",
    load: "expert.load",
};

/// The fields of a person that could be read. Each of the others is noted as a problem.
struct PersonRead {
    id: Option<InspectorId>,
    divisions: Vec<Division>,
    qualifications: Vec<Code>,
    from: Option<Date>,
    until: Option<Date>,
    absences: Vec<Window>,
    office: Option<Code>,
    cap: Option<u64>,
    family: Option<Code>,
    load: u64,
}

impl PersonRow<'_> {
    fn read(&self, terms: &RosterTerms, as_of: Date, gather: &mut Gather<RosterRule>) -> PersonRead {
        let Self { row, fields, .. } = *self;
        let id = gather.keep(row, fields.id, self.id, InspectorId::parse(self.id));
        if !readable(self.name) {
            gather.note(row, fields.name, self.name, RosterRule::Text);
        }
        let mut divisions = Vec::new();
        for text in self.divisions {
            let read = gather.keep(row, fields.divisions, text, terms.divisions.read(text));
            if read.as_ref().is_some_and(|division| !terms.divisions.knows(division)) {
                gather.note(row, fields.divisions, text, RosterRule::UnknownDivision);
            }
            divisions.extend(read);
        }
        if self.divisions.is_empty() {
            gather.note(row, fields.divisions, "", RosterRule::NoDivision);
        }
        let mut qualifications = Vec::new();
        for text in self.qualifications {
            let code = gather.keep(row, fields.qualifications, text, Code::parse(text));
            if code.as_ref().is_some_and(|c| !terms.qualifications.contains(c)) {
                let known = || KnownWords::nearest(text, &terms.qualifications);
                let rule = || RosterRule::UnknownQualification { known: known() };
                gather.note_with(row, fields.qualifications, text, rule);
            }
            qualifications.extend(code);
        }
        sort_once(&mut divisions, row, fields.divisions, Division::as_str, gather);
        sort_once(&mut qualifications, row, fields.qualifications, Code::as_str, gather);
        let mut date = |field, text: &str| {
            if text.is_empty() { None } else { gather.keep(row, field, text, Date::parse(text)) }
        };
        let from = date(fields.from, self.from);
        let mut spans = Vec::new();
        for (first, last) in self.absences {
            if let (Some(from), Some(to)) = (date(fields.absences, first), date(fields.absences, last)) {
                spans.push((from, to, first));
            }
        }
        let until = gather.keep(row, fields.until, self.until, Date::parse(self.until));
        if until.is_some_and(|day| day < as_of) && !terms.listed.contains(&ListedInspector::Expired) {
            gather.note(row, fields.until, self.until, RosterRule::CertificateExpired { as_of });
        }
        if let (Some(from), Some(until)) = (from, until) {
            gather.keep(row, fields.until, self.until, Window::new(from, until));
        }
        let mut absences = Vec::new();
        for (first, last, text) in spans {
            absences.extend(gather.keep(row, fields.absences, text, Window::new(first, last)));
        }
        absences.sort_unstable();
        for pair in absences.windows(2).filter(|pair| pair[0] == pair[1]) {
            gather.note(row, fields.absences, &pair[0].from().to_string(), RosterRule::Twice);
        }
        let mut code = |field, text: &str| {
            if text.is_empty() { None } else { gather.keep(row, field, text, Code::parse(text)) }
        };
        let office = code(fields.office, self.office);
        let family = code(fields.family, self.family);
        let mut number = |field, text: &str, most: u64, rule: RosterRule| match text {
            "" => None,
            text => match text.parse::<u64>() {
                Ok(number) if number <= most && text.bytes().all(|b| b.is_ascii_digit()) => Some(number),
                _ => {
                    gather.note(row, field, text, rule);
                    None
                }
            },
        };
        let cap = number(fields.cap, self.cap, MAX_CAP, RosterRule::Count);
        let load = number(fields.load, self.load, MAX_LOAD, RosterRule::Load).unwrap_or(0);
        PersonRead { id, divisions, qualifications, from, until, absences, office, cap, family, load }
    }
}

/// Reads one inspector and notes every problem. Returns the inspector only if all fields could be read.
pub(super) fn read_inspector(
    row: &InspectorRow,
    terms: &RosterTerms,
    as_of: Date,
    gather: &mut Gather<RosterRule>,
) -> Option<Inspector> {
    let read = PersonRow {
        row: row.row,
        fields: &OFFICER,
        id: &row.id,
        name: &row.name,
        divisions: &row.divisions,
        qualifications: &row.qualifications,
        from: &row.certified_from,
        until: &row.certified_until,
        absences: &row.absences,
        office: &row.office,
        cap: &row.cap,
        family: &row.family,
        load: &row.load,
    }
    .read(terms, as_of, gather);
    let department = gather.keep(row.row, "department", &row.department, Code::parse(&row.department));
    if department.as_ref().is_some_and(|d| !terms.departments.contains(d)) {
        let known = || KnownWords::nearest(&row.department, &terms.departments);
        let rule = || RosterRule::UnknownDepartment { known: known() };
        gather.note_with(row.row, "department", &row.department, rule);
    }
    let grid =
        (!row.grid.is_empty()).then(|| gather.keep(row.row, "grid", &row.grid, Code::parse(&row.grid)));
    Some(Inspector {
        absences: read.absences,
        cap: read.cap,
        certified_from: read.from,
        certified_until: read.until?,
        department: department?,
        divisions: read.divisions,
        family: read.family,
        grid: grid.flatten(),
        id: read.id?,
        load: read.load,
        name: row.name.clone(),
        office: read.office,
        qualifications: read.qualifications,
    })
}

/// Reads one expert, likewise.
pub(super) fn read_expert(
    row: &ExpertRow,
    terms: &RosterTerms,
    as_of: Date,
    gather: &mut Gather<RosterRule>,
) -> Option<Expert> {
    let read = PersonRow {
        row: row.row,
        fields: &EXPERT,
        id: &row.id,
        name: &row.name,
        divisions: &row.divisions,
        qualifications: &row.qualifications,
        from: &row.engaged_from,
        until: &row.engaged_until,
        absences: &row.absences,
        office: &row.organisation,
        cap: &row.cap,
        family: &row.family,
        load: &row.load,
    }
    .read(terms, as_of, gather);
    let role = match row.role.as_str() {
        "" => Some(Role::Expert),
        text => Role::ALL.into_iter().find(|role| role.as_str() == text),
    };
    if role.is_none() {
        gather.note(row.row, "expert.role", &row.role, RosterRule::UnknownRole);
    }
    Some(Expert {
        absences: read.absences,
        cap: read.cap,
        divisions: read.divisions,
        engaged_from: read.from,
        engaged_until: read.until?,
        family: read.family,
        id: read.id?,
        load: read.load,
        name: row.name.clone(),
        organisation: read.office,
        qualifications: read.qualifications,
        role: role?,
    })
}

fn texts<T: ToString>(list: &[T]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

fn spans(absences: &[Window]) -> Vec<(String, String)> {
    absences.iter().map(|a| (a.from().to_string(), a.to().to_string())).collect()
}

impl InspectorRow {
    /// The row of an inspector, for files that came without their table.
    pub(super) fn of(row: u64, i: &Inspector) -> Self {
        Self {
            row,
            id: i.id.to_string(),
            name: i.name.clone(),
            department: i.department.to_string(),
            office: text(i.office.as_ref()),
            divisions: texts(&i.divisions),
            qualifications: texts(&i.qualifications),
            certified_from: text(i.certified_from.as_ref()),
            certified_until: i.certified_until.to_string(),
            absences: spans(&i.absences),
            grid: text(i.grid.as_ref()),
            cap: text(i.cap.as_ref()),
            family: text(i.family.as_ref()),
            load: i.load.to_string(),
        }
    }
}

impl ExpertRow {
    /// The row of an expert.
    pub(super) fn of(row: u64, e: &Expert) -> Self {
        Self {
            row,
            id: e.id.to_string(),
            name: e.name.clone(),
            organisation: text(e.organisation.as_ref()),
            divisions: texts(&e.divisions),
            qualifications: texts(&e.qualifications),
            engaged_from: text(e.engaged_from.as_ref()),
            engaged_until: e.engaged_until.to_string(),
            absences: spans(&e.absences),
            cap: text(e.cap.as_ref()),
            family: text(e.family.as_ref()),
            load: e.load.to_string(),
            role: e.role.as_str().to_owned(),
        }
    }
}

impl RecusalRow {
    /// The row of a recusal.
    pub(super) fn of(row: u64, r: &Recusal) -> Self {
        let ground = match r.ground {
            Ground::Statutory => "statutory",
            Ground::Requested => "requested",
            Ground::Decided => "decided",
        };
        Self {
            row,
            inspector: r.inspector.to_string(),
            unit: r.unit.to_string(),
            ground: ground.to_owned(),
            basis: r.basis.clone(),
        }
    }
}

/// Sorts a list and notes what it holds twice.
fn sort_once<T: Ord>(
    list: &mut [T],
    row: u64,
    field: &'static str,
    text: impl Fn(&T) -> &str,
    gather: &mut Gather<RosterRule>,
) {
    list.sort_unstable();
    for pair in list.windows(2).filter(|pair| pair[0] == pair[1]) {
        gather.note(row, field, text(&pair[0]), RosterRule::Twice);
    }
}

pub(super) fn read_recusal(
    row: &RecusalRow,
    ids: UnitIdForm,
    gather: &mut Gather<RosterRule>,
) -> Option<Recusal> {
    let inspector =
        gather.keep(row.row, "recusal.inspector", &row.inspector, InspectorId::parse(&row.inspector));
    let unit = gather.keep(row.row, "recusal.unit", &row.unit, UnitId::read(&row.unit, ids));
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
