//! The roster (执法检查人员名录库): who may be sent, and whom the law keeps away (回避).
//!
//! As with the frame, [`Roster::new`] returns either a well-formed roster or every problem of the two tables.
//! Identity card and telephone numbers have no field here, so they cannot reach anything that is published.
//! Spec 9.3.

mod rows;

pub use rows::{ExpertRow, InspectorRow, RecusalRow, RosterRule};

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, SaltKey, Suite, Tree, decode, encode};
use crate::calendar::{Date, Window};
use crate::division::Divisions;
use crate::id::{Code, Division, InspectorId, UnitId, UnitIdForm};
use crate::message::said;
use crate::table::{Gather, Problems};
use rows::{read_expert, read_inspector, read_recusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The largest cap of an inspector (Spec 9.3). It keeps every sum of places within 64 bits.
const MAX_CAP: u64 = 999_999;

/// The largest load before a draw (Spec 9.3).
const MAX_LOAD: u64 = 1_000_000;

/// The vocabulary of a roster, as its policy states it (Spec 9.1, field `roster`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterTerms {
    /// Departments (部门) that send inspectors.
    pub departments: Vec<Code>,
    /// The division list of the frame, which the divisions of people are read against. No part of the
    /// document here: [`Policy::new`](crate::Policy::new) fills it in.
    #[serde(skip)]
    pub divisions: Divisions,
    /// Which ids the units of recusals have. As `divisions`, no part of the document here.
    #[serde(skip)]
    pub ids: UnitIdForm,
    /// States in which a row may stand on the roster although the inspector cannot be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<ListedInspector>,
    /// Qualifications (岗位资质).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Code>,
}

/// A state in which an inspector may be listed without being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListedInspector {
    /// The enforcement certificate has run out by the date of the roster.
    Expired,
}

impl fmt::Display for ListedInspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("expired"),
        }
    }
}

/// A certified inspector (执法检查人员).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspector {
    /// Absences, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Window>,
    /// Most visits of this inspector in one draw; absent: the policy's cap.
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
    /// A declared kin group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Code>,
    /// Grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Code>,
    /// Unique id.
    pub id: InspectorId,
    /// Visits made before, over which loads are levelled; at most 10⁶.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub load: u64,
    /// Name.
    pub name: String,
    /// Office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Code>,
    /// Qualifications, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Code>,
}

/// The role of a person who accompanies a visit and is no certified inspector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An expert of the authority's own list (专家).
    #[default]
    Expert,
    /// Staff of a third party: laboratory, research institute, contractor (第三方机构).
    ThirdParty,
    /// A grid member (网格员).
    Grid,
    /// Auxiliary or temporary staff without a certificate (辅助人员, 临时工).
    Uncertified,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Expert, Self::ThirdParty, Self::Grid, Self::Uncertified];

    /// Its word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expert => "expert",
            Self::ThirdParty => "third_party",
            Self::Grid => "grid",
            Self::Uncertified => "uncertified",
        }
    }

    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_expert(&self) -> bool {
        *self == Self::Expert
    }
}

/// An expert or a third party (专家, 第三方机构). The type is its own, so that no expert can be counted as an
/// inspector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expert {
    /// Absences, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absences: Vec<Window>,
    /// Most visits in one draw; absent: the policy's cap of experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u64>,
    /// Divisions, ascending, at least one.
    pub divisions: Vec<Division>,
    /// First day of the engagement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engaged_from: Option<Date>,
    /// Last day of the engagement.
    pub engaged_until: Date,
    /// A declared kin group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Code>,
    /// Unique id, also among inspectors.
    pub id: InspectorId,
    /// Visits made before, over which loads are levelled; at most 10⁶.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub load: u64,
    /// Name.
    pub name: String,
    /// Organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Code>,
    /// Qualifications, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Code>,
    /// The role.
    #[serde(default, skip_serializing_if = "Role::is_expert")]
    pub role: Role,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(load: &u64) -> bool {
    *load == 0
}

/// The ground on which a person stays away from a unit (回避).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    /// Required by law: party, near relative, interest (行政处罚法 art. 43).
    Statutory,
    /// The party or the inspector asked for it.
    Requested,
    /// The authority decided it.
    Decided,
}

/// A person and a unit that must not meet. No rule of a policy can waive it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recusal {
    /// The reason, and the file in which it is recorded.
    pub basis: String,
    /// The ground.
    pub ground: Ground,
    /// The inspector.
    pub inspector: InspectorId,
    /// The unit.
    pub unit: UnitId,
}

/// The inspectors and the experts, ascending by id, and the recusals, ascending by person and unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    experts: Vec<Expert>,
    inspectors: Vec<Inspector>,
    recusals: Vec<Recusal>,
}

/// The roster as a file for auditors (Spec 12.3).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RosterFile {
    document: Document,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    experts: Vec<Expert>,
    inspectors: Vec<Inspector>,
    protocol: Protocol,
    recusals: Vec<Recusal>,
    salt_key: SaltKey,
}

#[derive(Serialize)]
struct InspectorLeaf<'a> {
    inspector: &'a Inspector,
    salt: Digest,
}

#[derive(Serialize)]
struct ExpertLeaf<'a> {
    expert: &'a Expert,
    salt: Digest,
}

#[derive(Serialize)]
struct Recusals<'a> {
    recusals: &'a [Recusal],
    salt: Digest,
}

impl Roster {
    /// Reads the tables of inspectors and recusals against the policy's vocabulary, as of a date.
    ///
    /// # Errors
    /// Every problem of both tables (fields of the recusal table begin with `recusal`), ordered by row.
    pub fn new(
        inspectors: impl IntoIterator<Item = InspectorRow>,
        recusals: impl IntoIterator<Item = RecusalRow>,
        terms: &RosterTerms,
        as_of: Date,
    ) -> Result<Self, Problems<RosterRule>> {
        Self::with_experts(inspectors, [], recusals, terms, as_of)
    }

    /// Like [`new`](Self::new), with experts and third parties, who may be recused, too.
    ///
    /// # Errors
    /// Every problem of the three tables (fields of the experts begin with `expert`), ordered by row.
    pub fn with_experts(
        inspectors: impl IntoIterator<Item = InspectorRow>,
        experts: impl IntoIterator<Item = ExpertRow>,
        recusals: impl IntoIterator<Item = RecusalRow>,
        terms: &RosterTerms,
        as_of: Date,
    ) -> Result<Self, Problems<RosterRule>> {
        let (mut inspectors, mut experts) = (inspectors.into_iter(), experts.into_iter());
        Self::read(&mut inspectors, &mut experts, &mut recusals.into_iter(), terms, as_of)
    }

    /// [`Self::with_experts`], compiled once for rows from wherever they come.
    fn read(
        inspectors: &mut dyn Iterator<Item = InspectorRow>,
        experts: &mut dyn Iterator<Item = ExpertRow>,
        recusals: &mut dyn Iterator<Item = RecusalRow>,
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
        rows.sort_unstable();
        for group in rows.chunk_by(|a, b| a.0 == b.0) {
            for (id, row) in &group[1..] {
                gather.note(*row, "id", id, RosterRule::Duplicate { first: group[0].1 });
            }
        }
        let mut experts_read: Vec<Expert> = Vec::new();
        let mut known: Vec<(String, u64)> = Vec::new();
        for row in experts {
            if rows.binary_search_by(|(id, _)| id.cmp(&row.id)).is_ok() {
                gather.note(row.row, "expert.id", &row.id, RosterRule::Officer);
            }
            known.push((row.id.clone(), row.row));
            experts_read.extend(read_expert(&row, terms, as_of, &mut gather));
        }
        known.sort_unstable();
        for group in known.chunk_by(|a, b| a.0 == b.0) {
            for (id, row) in &group[1..] {
                gather.note(*row, "expert.id", id, RosterRule::Duplicate { first: group[0].1 });
            }
        }
        rows.extend(known);
        rows.sort_unstable();
        let mut pairs: Vec<(Recusal, u64)> = Vec::new();
        for row in recusals {
            if rows.binary_search_by(|(id, _)| id.as_str().cmp(&row.inspector)).is_err() {
                gather.note(row.row, "recusal.inspector", &row.inspector, RosterRule::UnknownInspector);
            }
            pairs.extend(read_recusal(&row, terms.ids, &mut gather).map(|recusal| (recusal, row.row)));
        }
        pairs.sort_by(|(a, x), (b, y)| (&a.inspector, &a.unit, x).cmp(&(&b.inspector, &b.unit, y)));
        for group in pairs.chunk_by(|(a, _), (b, _)| (&a.inspector, &a.unit) == (&b.inspector, &b.unit)) {
            for (recusal, row) in &group[1..] {
                let rule = RosterRule::DuplicateRecusal { first: group[0].1 };
                gather.note(*row, "recusal.inspector", recusal.inspector.as_str(), rule);
            }
        }
        read.sort_by(|a, b| a.id.cmp(&b.id));
        experts_read.sort_by(|a, b| a.id.cmp(&b.id));
        let recusals = pairs.into_iter().map(|(recusal, _)| recusal).collect();
        gather.finish(Self { experts: experts_read, inspectors: read, recusals })
    }

    /// Checks every row against the rules of rows and the vocabulary of a policy; see
    /// [`Frame::conforms`](crate::frame::Frame::conforms).
    ///
    /// # Errors
    /// Every problem, rows numbered from 1 in the order of ids.
    pub fn conforms(&self, terms: &RosterTerms, as_of: Date) -> Result<(), Problems<RosterRule>> {
        let mut inspectors = (1..).zip(&self.inspectors).map(|(row, i)| InspectorRow::of(row, i));
        let mut experts = (1..).zip(&self.experts).map(|(row, e)| ExpertRow::of(row, e));
        let mut recusals = (1..).zip(&self.recusals).map(|(row, r)| RecusalRow::of(row, r));
        let again = Self::read(&mut inspectors, &mut experts, &mut recusals, terms, as_of)?;
        let mut gather = Gather::new();
        let mut note = |place: usize, field, id: &InspectorId| {
            let row = u64::try_from(place).expect("a place in this list") + 1;
            gather.note(row, field, id.as_str(), RosterRule::NotCanonical);
        };
        if let Some(place) = self.inspectors.iter().zip(&again.inspectors).position(|(a, b)| a != b) {
            note(place, "id", &self.inspectors[place].id);
        }
        if let Some(place) = self.experts.iter().zip(&again.experts).position(|(a, b)| a != b) {
            note(place, "expert.id", &self.experts[place].id);
        }
        gather.finish(())
    }

    /// Adds visits to the loads of the inspectors, in their order. A load stays at most what a row may have.
    pub(crate) fn add_loads(&mut self, visits: &[u64]) {
        for (inspector, visits) in self.inspectors.iter_mut().zip(visits) {
            inspector.load = inspector.load.saturating_add(*visits).min(MAX_LOAD);
        }
    }

    /// The inspectors, ascending by id.
    #[must_use]
    pub fn inspectors(&self) -> &[Inspector] {
        &self.inspectors
    }

    /// The position of the inspector with this id.
    #[must_use]
    pub fn position(&self, id: &InspectorId) -> Option<usize> {
        self.inspectors.binary_search_by(|inspector| inspector.id.cmp(id)).ok()
    }

    /// The experts and third parties, ascending by id.
    #[must_use]
    pub fn experts(&self) -> &[Expert] {
        &self.experts
    }

    /// The position of the expert with this id.
    #[must_use]
    pub fn expert_position(&self, id: &InspectorId) -> Option<usize> {
        self.experts.binary_search_by(|expert| expert.id.cmp(id)).ok()
    }

    /// The recusals, ascending by person and unit.
    #[must_use]
    pub fn recusals(&self) -> &[Recusal] {
        &self.recusals
    }

    /// Whether this pair must not meet.
    #[must_use]
    pub fn recused(&self, inspector: &InspectorId, unit: &UnitId) -> bool {
        self.recusals.binary_search_by(|r| (&r.inspector, &r.unit).cmp(&(inspector, unit))).is_ok()
    }

    /// The Merkle tree over the salted rows, first the inspectors', then the experts' (Spec 4).
    ///
    /// # Panics
    /// Never for a roster made by [`Roster::new`]: its values are all writable.
    #[must_use]
    pub fn tree(&self, suite: Suite, key: &SaltKey) -> Tree {
        let leaf = |inspector: &Inspector| {
            let salt = key.row(suite, "roster", inspector.id.as_str());
            suite.leaf(&encode(&InspectorLeaf { inspector, salt }).expect("counts below 2^53"))
        };
        let expert_leaf = |expert: &Expert| {
            let salt = key.row(suite, "roster", expert.id.as_str());
            suite.leaf(&encode(&ExpertLeaf { expert, salt }).expect("counts below 2^53"))
        };
        Tree::new(
            suite,
            self.inspectors.iter().map(leaf).chain(self.experts.iter().map(expert_leaf)).collect(),
        )
    }

    /// The commitment to the recusals (Spec 4.4).
    ///
    /// # Panics
    /// Never: a recusal holds nothing but text.
    #[must_use]
    pub fn recusals_digest(&self, suite: Suite, key: &SaltKey) -> Digest {
        let salted = Recusals { recusals: &self.recusals, salt: key.list(suite, "recusals") };
        suite.digest(Label::Recusals, &encode(&salted).expect("text only"))
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never for a roster made by [`Roster::new`].
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let file = RosterFile {
            document: Document::Roster,
            experts: self.experts.clone(),
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
            || !file.experts.is_sorted_by(|a, b| a.id < b.id)
            || !file.recusals.is_sorted_by(|a, b| pair(a) < pair(b))
        {
            return Err(JsonError::Schema {
                message: said!("roster.rows_order", "inspectors, experts or recusals do not ascend"),
            });
        }
        let caps = file.inspectors.iter().map(|i| (&i.id, i.cap, i.load));
        let experts = file.experts.iter().map(|e| (&e.id, e.cap, e.load));
        if let Some((id, _, _)) = caps
            .chain(experts)
            .find(|(_, cap, load)| cap.is_some_and(|cap| cap > MAX_CAP) || *load > MAX_LOAD)
        {
            let (most, load) = (MAX_CAP, MAX_LOAD);
            let words = said!(
                "roster.numbers",
                "the cap of {id} is above {most}, or the load above {load}",
                id,
                most,
                load
            );
            return Err(JsonError::Schema { message: words });
        }
        Ok((
            Self { experts: file.experts, inspectors: file.inspectors, recusals: file.recusals },
            file.salt_key,
        ))
    }
}

/// Root and size of the roster, and the recusals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterCommitment {
    /// Digest of the salted recusal list.
    pub recusals: Digest,
    /// RFC 6962 root over the salted rows.
    pub root: Digest,
    /// Officers.
    pub size: u64,
}

impl RosterCommitment {
    /// The commitment of a roster under a salt key.
    #[must_use]
    pub fn new(roster: &Roster, suite: Suite, salt_key: &SaltKey) -> Self {
        Self {
            recusals: roster.recusals_digest(suite, salt_key),
            root: roster.tree(suite, salt_key).root(),
            size: u64::try_from(roster.inspectors().len() + roster.experts().len()).expect("a length"),
        }
    }
}
