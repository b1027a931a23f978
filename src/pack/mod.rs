//! The rule pack (规则包): the rules of a city or of the nation as data, each with its citation.
//!
//! A pack holds the list of check items (随机抽查事项清单), the responsibility list (事中事后监管责任清单), subject kinds, signals, ladders, results,
//! the rating, frequencies, bands, floors, caps and deadlines. It is no code: a programme ([`crate::programme`]) makes policies of it. Spec 23.

mod check;
mod items;
mod rows;
mod rules;

pub use items::{Form, FormLine};
pub use rules::{
    Attendance, Band, Cap, CheckItem, Cite, Cited, CitedDocument, Deadline, Deadlines, Duty, ItemRatio,
    JointRule, Machine, MachineStep, Mode, Named, PackFrequency, PackLevels, Responsibility, ResultRule,
    ShareBand, SignalRule, SubjectKind, Subjects, VisitsBand,
};

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, Suite, encode};
use crate::dossier::{DossierTerms, Ladder, ResultTerms, SignalTerms};
use crate::id::Code;
use crate::policy::{Based, Certainty, Coverage, Exclusion, Rating, RatingRule, Stage};
use crate::table::{BrokenRule, BrokenRules};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The rules of a city or of the nation (Spec 23.1).
///
/// Every rule of a pack that was read has its `cite`: it is optional in the types only so that a reader can report all that are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Who may accompany officers.
    pub attendance: Attendance,
    /// What must hold of single levels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// Most visits a year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// Who is certain to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certainties: Vec<Cited<Certainty>>,
    /// Its code.
    pub code: Code,
    /// The coverage floor.
    pub coverage: Cited<Coverage>,
    /// Deadlines.
    pub deadlines: Deadlines,
    /// Departments.
    pub departments: Vec<Named>,
    /// What kind of document this is.
    pub document: Document,
    /// The documents that rules come from.
    pub documents: Vec<CitedDocument>,
    /// Who is exempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Cited<Exclusion>>,
    /// Attributes of the register that stand among a unit's signals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Named>,
    /// Visits a year by risk × credit.
    pub frequency: Vec<PackFrequency>,
    /// Check items.
    pub items: Vec<CheckItem>,
    /// Joint draws.
    pub joint: JointRule,
    /// Kinds of subjects.
    pub kinds: Vec<SubjectKind>,
    /// Levels of risk and credit.
    pub levels: PackLevels,
    /// Ladders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub machines: Vec<Machine>,
    /// The protocol.
    pub protocol: Protocol,
    /// Qualifications of officers and experts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub qualifications: Vec<Named>,
    /// The rule table of risk and credit.
    pub rating: Rating<Cited<RatingRule>>,
    /// Bounds per node.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratios: Vec<Cited<ItemRatio>>,
    /// The responsibility list.
    pub responsibilities: Vec<Responsibility>,
    /// The result vocabulary.
    pub results: Vec<ResultRule>,
    /// Signals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<SignalRule>,
    /// Title for people.
    pub title: String,
    /// The year that it is applied to, 2000 to 9999.
    pub year: u64,
}

/// Why a text is no pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The text does not have the form of a pack at all: a missing field, a value of another type. The message names line and column.
    #[error("{0}")]
    Form(String),
    /// Unknown fields, missing citations, contradictions: all of them.
    #[error("{}", BrokenRule::list("problem", .0))]
    Refused(Vec<BrokenRule>),
}

impl Pack {
    /// Reads a pack written by people.
    ///
    /// # Errors
    /// The form is wrong, or the pack has fields that are not known, rules without citation or contradictions: all of these, with their places.
    pub fn from_json(text: &str) -> Result<Self, PackError> {
        let text = text.trim_start_matches('\u{feff}');
        let form = |e: serde_json::Error| PackError::Form(e.to_string());
        let pack: Self = serde_json::from_str(text).map_err(form)?;
        let written: Value = serde_json::from_str(text).map_err(form)?;
        let again = serde_json::to_value(&pack).map_err(form)?;
        let broken = BrokenRules::default();
        check::check_fields(&broken.at(""), &written, &again);
        pack.check(&broken);
        if broken.is_empty() { Ok(pack) } else { Err(PackError::Refused(broken.into_vec())) }
    }

    /// The canonical bytes.
    ///
    /// # Errors
    /// A count beyond 2⁵³ − 1.
    pub fn to_json(&self) -> Result<Vec<u8>, JsonError> {
        encode(self)
    }

    /// The digest that policies name as their origin (Spec 23.1).
    ///
    /// # Panics
    /// Never for a pack read by [`Self::from_json`].
    #[must_use]
    pub fn digest(&self, suite: Suite) -> Digest {
        suite.digest(Label::Pack, &encode(self).expect("checked when the pack was read"))
    }

    /// The text of a citation as policies carry it: number or title of the document, what it says, and a mark where our reading is in it.
    #[must_use]
    pub fn basis(&self, cite: Option<&Cite>) -> String {
        let Some(cite) = cite else { return String::new() };
        let document = self.documents.iter().find(|document| document.code == cite.document);
        let label = document
            .map_or(cite.document.as_str(), |document| document.number.as_ref().unwrap_or(&document.title));
        let mark = if cite.reading.is_some() { READING } else { "" };
        format!("{label}: {}{mark}", cite.says)
    }

    /// A rule as policies carry it: with the text of its citation.
    pub(crate) fn based<T: Clone>(&self, rule: &Cited<T>) -> Based<T> {
        Based { basis: self.basis(rule.cite.as_ref()), body: rule.body.clone() }
    }

    /// What dossiers need of the pack.
    #[must_use]
    pub fn dossier_terms(&self) -> DossierTerms {
        let signal = |rule: &SignalRule| {
            (rule.code.clone(), SignalTerms { clearable: rule.clearable, window: rule.window })
        };
        let result = |rule: &ResultRule| {
            let terms =
                ResultTerms { kind: rule.kind, opens: rule.opens.clone(), raises: rule.raises.clone() };
            (rule.code.clone(), terms)
        };
        let ladder = |machine: &Machine| {
            let ladder = Ladder {
                fails_to: machine.fails_to,
                kinds: machine.kinds.clone(),
                passes: machine.steps.iter().filter_map(|step| step.passes).collect(),
            };
            (machine.code.clone(), ladder)
        };
        DossierTerms {
            ladders: self.machines.iter().map(ladder).collect(),
            results: self.results.iter().map(result).collect(),
            signals: self.signals.iter().map(signal).collect(),
        }
    }

    /// The rating with texts in place of citations, as policies carry it.
    #[must_use]
    pub fn rating(&self) -> Rating {
        let stages = |stages: &[Stage<Cited<RatingRule>>]| {
            let stage = |stage: &Stage<Cited<RatingRule>>| Stage {
                any_order: stage.any_order,
                code: stage.code.clone(),
                rules: stage.rules.iter().map(|rule| self.based(rule)).collect(),
            };
            stages.iter().map(stage).collect()
        };
        Rating {
            levels: stages(&self.rating.levels),
            lowering: self.rating.lowering.clone(),
            start: self.rating.start.clone(),
            visits: stages(&self.rating.visits),
        }
    }

    /// The item of a code.
    #[must_use]
    pub fn item(&self, code: &Code) -> Option<&CheckItem> {
        self.items.iter().find(|item| item.code == *code)
    }

    /// The result of a code.
    #[must_use]
    pub fn result(&self, code: &Code) -> Option<&ResultRule> {
        self.results.iter().find(|result| result.code == *code)
    }

    /// Whether inspections of this kind are inspections of enterprises.
    #[must_use]
    pub fn is_enterprise(&self, kind: &Code) -> bool {
        self.kinds.iter().any(|known| known.code == *kind && known.enterprise)
    }
}

/// What stands behind a basis that holds our reading of the document (Spec 23.1).
const READING: &str = "（含我们的理解 our reading）";

/// The codes of a list.
pub(crate) fn codes(list: &[Named]) -> Vec<Code> {
    list.iter().map(|named| named.code.clone()).collect()
}
