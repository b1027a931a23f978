//! The rule pack (规则包): the rules of a city or of the nation as data, each with its citation.
//!
//! A pack holds the list of check items (随机抽查事项清单), the responsibility list (事中事后监管责任清单), kinds of units,
//! signals, ladders, results, the rating, frequencies, bands, floors, caps and deadlines. It is data, not
//! code. A programme ([`crate::programme`]) derives policies from it. Spec 23.

mod check;
mod items;
mod rows;
mod rules;

pub use items::{Form, FormLine};
pub use rules::{
    Attendance, Band, Cap, CheckItem, Cite, Cited, CitedDocument, Deadline, Deadlines, Duty, ItemRatio,
    ItemSlack, JointRule, Ladder, LadderStep, Mode, Named, PackFrequency, PackLevels, Responsibility,
    ResultRule, ShareBand, SignalRule, UnitFilter, UnitKind, VisitsBand,
};

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, Suite, encode, written};
use crate::calendar::Offset;
use crate::division::Divisions;
use crate::dossier::{DossierTerms, LadderTerms, ResultTerms, SignalTerms};
use crate::id::{Code, UnitIdForm};
use crate::message::{Message, coded};
use crate::policy::{Based, Certainty, CoverageFloor, Exclusion, Rating, RatingRule, Stage};
use crate::table::{BrokenRule, BrokenRules};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The rules of a city or of the nation (Spec 23.1).
///
/// Every rule of a pack that was read has its `cite`. The types make it optional only so that a reader can
/// report all missing ones at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The rule about persons who accompany inspectors.
    pub attendance: Attendance,
    /// Bounds of single levels over the year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// Most visits a year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// Rules that make units certain to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certainties: Vec<Cited<Certainty>>,
    /// Its code.
    pub code: Code,
    /// The coverage floor.
    pub coverage: Cited<CoverageFloor>,
    /// Deadlines; absent: the place has none.
    #[serde(default, skip_serializing_if = "Deadlines::is_empty")]
    pub deadlines: Deadlines,
    /// Departments.
    pub departments: Vec<Named>,
    /// The division list, where all programmes of the pack have the same; absent: each programme has its own.
    #[serde(
        default,
        deserialize_with = "crate::division::filled",
        skip_serializing_if = "Divisions::is_empty"
    )]
    pub divisions: Divisions,
    /// The kind of this document.
    pub document: Document,
    /// The documents that rules come from.
    pub documents: Vec<CitedDocument>,
    /// Rules that exempt units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Cited<Exclusion>>,
    /// Attributes of the register that count as signals of a unit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Named>,
    /// Visits a year by risk × credit.
    pub frequency: Vec<PackFrequency>,
    /// Which ids the units of the register have; absent: the numbers of China's registers, and local ids.
    #[serde(default, skip_serializing_if = "UnitIdForm::is_national")]
    pub ids: UnitIdForm,
    /// Check items.
    pub items: Vec<CheckItem>,
    /// Joint draws; absent: the place asks for none.
    #[serde(default, skip_serializing_if = "JointRule::is_empty")]
    pub joint: JointRule,
    /// Kinds of units.
    pub kinds: Vec<UnitKind>,
    /// Ladders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ladders: Vec<Ladder>,
    /// Levels of risk and credit.
    pub levels: PackLevels,
    /// The offset of the clocks that the authority goes by; absent: universal time. Days that are not
    /// given are its days. The protocol itself counts in universal time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
    /// The protocol.
    pub protocol: Protocol,
    /// Qualifications of inspectors and experts.
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
    /// The slack of tasks with certain items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slacks: Vec<ItemSlack>,
    /// Title for people.
    pub title: String,
    /// The year that it is applied to, 2000 to 9999.
    pub year: u64,
}

/// The reason why a text is no pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// The text does not have the form of a pack: a field is missing, or a value has another type. The
    /// message names line and column.
    #[error("{0}")]
    Form(Message),
    /// The pack has unknown fields, rules without citation or contradictions. All of them are listed.
    #[error("{}", BrokenRule::list("problem", .0))]
    Refused(Vec<BrokenRule>),
}

coded! { PackError {
    Refused (rules) => "pack.rules";
    Form
} }

impl Pack {
    /// Reads a pack written by people.
    ///
    /// # Errors
    /// The form is wrong, or the pack has fields that are not known, rules without citation or
    /// contradictions. The error lists all of these, with their places.
    pub fn from_json(text: &str) -> Result<Self, PackError> {
        let pack: Self = written(text).map_err(PackError::Form)?;
        let fields: Value = written(text).map_err(PackError::Form)?;
        let again = serde_json::to_value(&pack).map_err(|e| PackError::Form(crate::bytes::of_parser(&e)))?;
        let broken = BrokenRules::default();
        check::check_fields(&broken.at(""), &fields, &again);
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

    /// The text of a citation as policies carry it: number or title of the document, its words, and a mark if
    /// they were read in our own way.
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

    /// The part of the pack that dossiers are read with.
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
        let ladder = |ladder: &Ladder| {
            let terms = LadderTerms {
                fails_to: ladder.fails_to,
                kinds: ladder.kinds.clone(),
                passes: ladder.steps.iter().filter_map(|step| step.passes).collect(),
            };
            (ladder.code.clone(), terms)
        };
        DossierTerms {
            ladders: self.ladders.iter().map(ladder).collect(),
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

    /// Whether a code is a signal, a ladder or a feature, so that units can have it a number of times.
    pub(crate) fn counts(&self, code: &Code) -> bool {
        self.signals.iter().any(|signal| signal.code == *code)
            || self.ladders.iter().any(|ladder| ladder.code == *code)
            || self.features.iter().any(|feature| feature.code == *code)
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

/// The mark of a basis that holds our reading of the document (Spec 23.1).
const READING: &str = "（含我们的理解 our reading）";

/// The codes of a list.
pub(crate) fn codes(list: &[Named]) -> Vec<Code> {
    list.iter().map(|named| named.code.clone()).collect()
}
