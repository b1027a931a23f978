//! The policy: the rules as people write them, in one JSON document with closed field sets (Spec 9.1).
//!
//! Every number that is not a count is a decimal text that is exact in billionths (`"0.2"`); a JSON number
//! with a point is refused, because readers of JSON turn it into something near it. Nothing here decides an
//! outcome; the [`Plan`](crate::Plan) applies it.

mod check;
mod decimal;
mod dispatch;
mod rating;
mod rules;
mod scope;
mod sources;
mod team;
mod vocabulary;

pub(crate) use decimal::Decimal;
pub use decimal::{Billionths, DecimalError};
pub use dispatch::{Above, Dispatch, DispatchedPart};
pub(crate) use rating::LevelDifference;
pub use rating::{Because, Effect, Fired, Levels, Rated, Rating, RatingRule, Stage, Start, Steps, When};
pub use rules::{
    Based, Certainty, CertaintyRule, CoverageFloor, Design, Disclosure, Exclusion, ExclusionRule, Frequency,
    Guard, Item, ItemClass, Origin, Population, Ratio, Round, Signal, Stratum, Subsample,
};
pub use scope::{Outside, ReachBounds};
pub(crate) use sources::PublicChance;
pub use sources::{BeaconPlan, Fallback, LotteryField, Missing, ShareCommitment, Source};
pub use team::{
    Caps, DepartmentRule, EnterpriseRule, ExpertRule, GroupBy, Jurisdiction, Limit, Pin, PostRule, TeamRule,
};
pub(crate) use team::{LEAD, RequiredPost};
pub(crate) use vocabulary::{Vocabulary, check_ids, check_named};

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, Suite, encode, written};
use crate::calendar::{Date, Window};
use crate::frame::FrameTerms;
use crate::id::{Code, Division};
use crate::message::{Coded, Message, coded, said};
use crate::odds::ONE;
use crate::roster::RosterTerms;
use crate::table::BrokenRule;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::ops::Deref;

/// A policy whose rules were checked (Spec 9.1).
///
/// Its fields are those of [`PolicyTerms`], to be read and not to be changed: who changes a rule changes the
/// terms and has them checked again.
///
/// ```compile_fail
/// fn more_reserves(mut policy: double_random::Policy) {
///     policy.reserves += 1;
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    terms: PolicyTerms,
    /// The coverage floor of the terms.
    coverage: CoverageFloor,
    /// The digest of the terms (Spec 9.1).
    digest: Digest,
}

/// The rules as written (Spec 9.1), not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerms {
    /// The authority whose picks the draw takes; absent: it draws its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Above>,
    /// The date of frame and roster.
    pub as_of: Date,
    /// The authority that draws.
    pub authority: Code,
    /// Public sources of chance.
    pub beacon: BeaconPlan,
    /// Rules that make units certain to be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certainties: Vec<Based<Certainty>>,
    /// The coverage floor. Absent from a document: 20 % in total and in every province, city and county that
    /// is a stratum.
    #[serde(deserialize_with = "present")]
    #[serde(default)]
    pub coverage: Option<CoverageFloor>,
    /// The amount that is drawn.
    pub design: Design,
    /// The day from which on the record is public and the draw can be replayed.
    pub disclosure: Disclosure,
    /// The picks whose teams other authorities draw; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<Dispatch>,
    /// The kind of this document.
    pub document: Document,
    /// Rules that exempt units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Based<Exclusion>>,
    /// The vocabulary of the frame.
    pub frame: FrameTerms,
    /// Visits a cycle by risk × credit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frequency: Vec<Frequency>,
    /// The check items of the draw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The names of codes. They decide nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Code, String>,
    /// The batch of a programme that the policy was derived from. It decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The population of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<Population>,
    /// The protocol.
    pub protocol: Protocol,
    /// The rule table of risk and credit. A policy with a table lists the lowest risk first in `frame.risk`
    /// and the best credit first in `frame.credit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Bounds per level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ratios: Vec<Based<Ratio>>,
    /// The number of reserves of each cell that the record names.
    pub reserves: u64,
    /// The vocabulary of the roster.
    pub roster: RosterTerms,
    /// Which part of the cycle this draw is; absent: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// The scope of the draw, as in `2026-fever-clinics`.
    pub scope: Code,
    /// Signals that raise the measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// The stratum tree, outermost first.
    pub strata: Vec<Stratum>,
    /// Second-stage samples of the drawn visits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subsamples: Vec<Subsample>,
    /// The hash of this draw; absent: SHA-256.
    #[serde(default, skip_serializing_if = "Suite::is_default")]
    pub suite: Suite,
    /// The control share σ, below 1: the part of the probability left open by the schedule that keeps every
    /// unit reachable in every round. Its visits come on top of the frequency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surprise: Option<Billionths>,
    /// How teams are made.
    pub team: TeamRule,
    /// Title for people.
    pub title: String,
    /// The days of the visits.
    pub window: Window,
}

/// A field that may be left out but not be null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CoverageFloor>, D::Error> {
    CoverageFloor::deserialize(deserializer).map(Some)
}

/// A list that may be left out but not be empty. An absent list means all; an empty one would mean none.
fn filled<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() {
        return Err(serde::de::Error::custom(
            "the list is empty: leave it out for all, or name what is meant",
        ));
    }
    Ok(list)
}

/// The reason why a text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The text does not have the form of a policy, for example because of an unknown or missing field or a
    /// number that is not exact. The message names line and column.
    #[error("{0}")]
    Form(Message),
    /// The form is right, these rules are broken.
    #[error("{}", BrokenRule::list("broken rule", .0))]
    Rules(Vec<BrokenRule>),
}

coded! { PolicyError {
    Rules (rules) => "policy.rules";
    Form
} }

impl Policy {
    /// Checks the terms of a policy. Nothing is filled in.
    ///
    /// # Errors
    /// The coverage is missing, or rules are broken (the error lists all of them, with their places).
    pub fn new(mut terms: PolicyTerms) -> Result<Self, PolicyError> {
        terms.roster.divisions = terms.frame.divisions.clone();
        terms.roster.ids = terms.frame.ids;
        let coverage = terms.coverage.clone().ok_or_else(|| {
            PolicyError::Form(said!("form.missing_field", "missing field `{field}`", field = "coverage"))
        })?;
        let broken = terms.broken_rules(&coverage);
        if !broken.is_empty() {
            return Err(PolicyError::Rules(broken));
        }
        let bytes = encode(&terms).map_err(|e| PolicyError::Form(e.message()))?;
        let digest = terms.suite.digest(Label::Policy, &bytes);
        Ok(Self { terms, coverage, digest })
    }

    /// Reads a policy written by people: any spacing, any order of keys.
    ///
    /// # Errors
    /// The form is wrong (the error names the first place, with line and column), or rules are broken (the
    /// error lists all of them, with their places).
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        let mut terms: PolicyTerms = written(text).map_err(PolicyError::Form)?;
        terms.coverage.get_or_insert_with(|| CoverageFloor {
            guards: std::iter::once(Guard::Total)
                .chain(terms.strata.iter().filter(|s| s.area().is_some()).map(|s| Guard::Stratum(*s)))
                .collect(),
            minimum: Billionths::new(ONE / 5).expect("a fifth"),
        });
        Self::new(terms)
    }

    /// The same rules on another day and in another round of the cycle. A study moves on in time, and no
    /// visit takes place in it, so the window stays.
    pub(crate) fn on(&self, as_of: Date, round: Round) -> Self {
        let terms = PolicyTerms { as_of, round: Some(round), ..self.terms.clone() };
        Self { terms, ..self.clone() }
    }

    /// The terms, to be changed and checked again by [`Self::new`].
    #[must_use]
    pub fn into_terms(self) -> PolicyTerms {
        self.terms
    }

    /// The coverage floor.
    #[must_use]
    pub const fn coverage(&self) -> &CoverageFloor {
        &self.coverage
    }

    /// The policy's digest, as it stands in the seal (Spec 9.1).
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

impl Deref for Policy {
    type Target = PolicyTerms;

    fn deref(&self) -> &PolicyTerms {
        &self.terms
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.terms.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let terms = PolicyTerms::deserialize(deserializer)?;
        Self::new(terms).map_err(|error| serde::de::Error::custom(format!("policy: {error}")))
    }
}

impl PolicyTerms {
    /// Which part of the cycle this draw is.
    #[must_use]
    pub fn round(&self) -> Round {
        self.round.unwrap_or(Round::WHOLE)
    }

    /// The canonical bytes of the policy.
    ///
    /// # Errors
    /// A count beyond 2⁵³ − 1.
    pub fn to_json(&self) -> Result<Vec<u8>, JsonError> {
        encode(self)
    }

    /// The name of a code: its label, or the code itself.
    #[must_use]
    pub fn label<'a>(&'a self, code: &'a Code) -> &'a str {
        self.labels.get(code).map_or(code.as_str(), String::as_str)
    }

    /// A division as tables for people show it: its name and its code, or the code alone where it has no name
    /// (Spec 9.7, step 6).
    #[must_use]
    pub fn place(&self, division: &Division) -> String {
        let name = self.place_name(division);
        name.map_or_else(|| division.to_string(), |name| format!("{name} {division}"))
    }

    /// What people call a division: the name in the list, else the label of its code.
    #[must_use]
    pub fn place_name(&self, division: &Division) -> Option<&str> {
        let label = || Some(self.labels.get(&Code::parse(division.as_str()).ok()?)?.as_str());
        self.frame.divisions.name(division).or_else(label)
    }

    /// The entry of a pair of levels in the frequency table, if there is a table.
    #[must_use]
    pub fn frequency_of(&self, risk: &Code, credit: &Code) -> Option<&Frequency> {
        self.frequency.iter().find(|f| &f.risk == risk && &f.credit == credit)
    }
}
