//! The parts of a policy about who is drawn and how often (Spec 9.1).

use super::Billionths;
use crate::bytes::Digest;
use crate::calendar::Date;
use crate::division::AreaLevel;
use crate::id::{Code, Division, UnitId, read_text};
use crate::message::as_text;
use crate::stratum::StratumNode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

/// A rule of a policy with its source.
///
/// In JSON the source is one more field of the rule, `basis`, and the fields of the whole are closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Based<T> {
    /// The document that the rule comes from, and what it says there: 1 to 200 characters.
    pub basis: String,
    /// The rule.
    #[serde(flatten)]
    pub body: T,
}

impl<T> Deref for Based<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

/// The units that the policy is about (定向抽查). An absent list admits all (不定向).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Divisions whose units are meant, each with all that lies in it.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<Division>,
    /// Signals that a unit must have at least so often: radiology 1, beds 100 …
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub has: BTreeMap<Code, u64>,
    /// Kinds that are meant.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
    /// A back-check (复核): only units whose last visit was on this day or later. The teams of those visits
    /// stay away; see [`Cycle::back_check`](crate::Cycle::back_check).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited_since: Option<Date>,
}

/// A level of the stratum tree. Its order in the policy is the nesting, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stratum {
    /// The area of a level of the division list: `province`, `county`, `area1` …
    Area(AreaLevel),
    /// Kind of institution.
    Kind,
    /// Risk level.
    Risk,
    /// Credit level.
    Credit,
}

impl Stratum {
    /// The levels that are no areas.
    const OTHERS: [(&str, Self); 3] = [("kind", Self::Kind), ("risk", Self::Risk), ("credit", Self::Credit)];

    /// The stratum as documents write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Area(level) => level.as_str(),
            Self::Kind => "kind",
            Self::Risk => "risk",
            Self::Credit => "credit",
        }
    }

    /// The level of areas, if it is one.
    #[must_use]
    pub const fn area(self) -> Option<AreaLevel> {
        match self {
            Self::Area(level) => Some(level),
            Self::Kind | Self::Risk | Self::Credit => None,
        }
    }
}

impl Serialize for Stratum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Stratum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| {
            let other =
                || Self::OTHERS.into_iter().find(|(name, _)| *name == text).map(|(_, stratum)| stratum);
            let unknown = || AreaLevel::unknown(text, &[], &Self::OTHERS.map(|(name, _)| name));
            AreaLevel::named(text).map(Self::Area).or_else(other).ok_or_else(unknown)
        })
    }
}

/// A level at which the coverage floor must hold at every node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guard {
    /// All of the frame.
    Total,
    /// Every node of this stratum.
    #[serde(untagged)]
    Stratum(Stratum),
}

as_text!(Guard, Stratum);

impl fmt::Display for Stratum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Area(level) => fmt::Debug::fmt(level, f),
            other => fmt::Debug::fmt(other, f),
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total => f.write_str("Total"),
            Self::Stratum(stratum) => stratum.fmt(f),
        }
    }
}

/// The amount that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase", deny_unknown_fields)]
pub enum Design {
    /// Every unit with the same probability before signals (一次性抽查比例).
    Rate {
        /// Probability, 0 to 1.
        rate: Billionths,
    },
    /// An exact number of units, in proportion to the frequency table where there is one.
    Number {
        /// How many.
        number: u64,
    },
    /// By annual frequency: this round's share of it.
    Frequency {},
}

/// Which part of the cycle (the year) this draw is.
///
/// With shares ¼, ¼, ¼, ¼ the rounds have (share, rest) = (¼, 1), (¼, ¾), (¼, ½), (¼, ¼). In the last round
/// the share is all of the rest, and every floor must be reached. A **make-up** draw after the last round
/// (补抽) has (0, 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The share of the cycle that falls on this draw and all later ones, at most 1.
    pub rest: Billionths,
    /// The share of the cycle that falls on this draw, at most the rest.
    pub share: Billionths,
}

impl Round {
    /// The whole cycle in one draw.
    pub const WHOLE: Self = Self { rest: Billionths::ONE, share: Billionths::ONE };
    /// A draw after the last round.
    pub const MAKE_UP: Self = Self { rest: Billionths::ZERO, share: Billionths::ZERO };
}

/// One entry of the frequency table: visits a cycle for one pair of levels.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "WrittenFrequency")]
pub struct Frequency {
    /// Credit level.
    pub credit: Code,
    /// Exposure window in cycles (覆盖周期), 1 to 20. Above 1 the balance of expected and made visits passes from
    /// one cycle to the next. If visits · cycles ≥ 1 and there is no slack, at least one draw is certain in
    /// every window, counted from the unit's first round on. Two visits in neighbouring windows can lie
    /// almost two windows apart.
    #[serde(skip_serializing_if = "is_one")]
    pub cycles: u64,
    /// Risk level.
    pub risk: Code,
    /// How far the visits of a unit may run ahead of its exposure or behind it, besides the one visit of the
    /// timetable; at most 5 visits. The more there is, the less the history tells who comes next. In number
    /// draws it means nothing. Absent from a document: [`Self::usual_slack`], filled in before the policy is
    /// hashed.
    pub slack: Billionths,
    /// Expected visits a cycle; in number draws the measure of size.
    pub visits: Billionths,
}

impl Frequency {
    /// The slack of an entry that states none, by its window: [`Billionths::USUAL_SLACK`] in a window of one
    /// cycle. 0 in a longer window, whose point is that a visit in it is certain.
    #[must_use]
    pub const fn usual_slack(cycles: u64) -> Billionths {
        if cycles > 1 { Billionths::ZERO } else { Billionths::USUAL_SLACK }
    }
}

/// An entry as people write it: window and slack may be left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFrequency {
    credit: Code,
    cycles: Option<u64>,
    risk: Code,
    slack: Option<Billionths>,
    visits: Billionths,
}

impl From<WrittenFrequency> for Frequency {
    fn from(written: WrittenFrequency) -> Self {
        let WrittenFrequency { credit, cycles, risk, slack, visits } = written;
        let cycles = cycles.unwrap_or(1);
        let slack = slack.unwrap_or_else(|| Self::usual_slack(cycles));
        Self { credit, cycles, risk, slack, visits }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_one(cycles: &u64) -> bool {
    *cycles == 1
}

/// Bounds on the number of units at the nodes of a level that are reached in the cycle (抽查比例): at least p %,
/// at most p %, at least k, all if fewer than n.
///
/// Bounds hold at nodes of the stratum tree in every draw; see [`Plan`](crate::Plan). Bounds for single
/// levels (A at most 5 %, B 5 to 20 % …) are one entry each, with `is`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ratio {
    /// Every unit, where the node has fewer active units than this (不足n家的全部抽查). At least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_below: Option<u64>,
    /// At the nodes of which level.
    pub at: Guard,
    /// Its reason code.
    pub code: Code,
    /// Only at nodes of these values of the level; empty: at all of them.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<Code>,
    /// At least so many units, or all if there are fewer. At least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<u64>,
    /// At most this share of the active units, rounded down. Not with key items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Billionths>,
    /// At least this share of the active units, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Billionths>,
}

impl Ratio {
    /// Whether it bounds anything.
    pub(crate) const fn bounds(&self) -> bool {
        self.all_below.is_some() || self.least.is_some() || self.max.is_some() || self.min.is_some()
    }

    /// Whether it is about a node of its level, by the node's last component.
    pub(crate) fn names(&self, node: StratumNode<'_>) -> bool {
        self.is.is_empty() || self.is.iter().any(|code| Some(code.as_str()) == node.last())
    }
}

/// How strictly the number of checks of an item is limited (国市监信〔2019〕38号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemClass {
    /// 一般检查事项: its share may be limited.
    General,
    /// 重点检查事项: no upper limit.
    Key,
}

/// A check item of this draw (抽查事项). The list is what item coverage is measured against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// General or key.
    pub class: ItemClass,
    /// Its code.
    pub code: Code,
}

/// A second-stage sample of the drawn visits (抽检), as in "laboratory tests at 50 % of the drawn schools".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsample {
    /// The rule it comes from.
    pub basis: String,
    /// The code of what is done at the visits of the sample.
    pub code: Code,
    /// Share of the drawn visits, above 0 and at most 1; their number is rounded up.
    pub share: Billionths,
}

/// A signal that raises the measure (投诉举报, 安全隐患 …). It can only raise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// The amount that is added: probability in a rate draw, visits a cycle otherwise.
    pub add: Billionths,
    /// From how many on.
    pub at_least: u64,
    /// The rule it comes from.
    pub basis: String,
    /// Which signal.
    pub signal: Code,
}

/// A rule that makes a unit certain to be drawn (必查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certainty {
    /// Its reason code.
    pub code: Code,
    /// Only units of these kinds; empty: all.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
    /// The units that it concerns.
    pub rule: CertaintyRule,
}

/// The units that a certainty concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CertaintyRule {
    /// These units (处罚后复查 …).
    Units(Vec<UnitId>),
    /// Units that have a signal so many times (严重违法失信 …).
    Signal {
        /// From how many on.
        at_least: u64,
        /// Which signal.
        signal: Code,
    },
    /// Units not visited for more than so many days (超期未查). The days of a unit without a visit count from the
    /// day on which a draw first saw it, or before any draw from its opening. This is the strict form of a
    /// maximum gap. It makes dates foreseeable: the date of the last visit gives the latest date of the next
    /// one.
    NotVisitedDays(u64),
}

impl CertaintyRule {
    /// The units that the rule names one by one.
    pub(crate) fn units(&self) -> &[UnitId] {
        match self {
            Self::Units(units) => units,
            Self::Signal { .. } | Self::NotVisitedDays(_) => &[],
        }
    }
}

/// A rule that exempts a unit from this draw (免查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Its reason code.
    pub code: Code,
    /// Only units of these kinds; empty: all.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
    /// The units that it concerns.
    pub rule: ExclusionRule,
}

/// The units that an exclusion concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ExclusionRule {
    /// These units.
    Units(Vec<UnitId>),
    /// These kinds.
    Kinds(Vec<Code>),
    /// Visited so many days ago or less.
    VisitedWithinDays(u64),
    /// Opened so many days ago or less.
    OpenedWithinDays(u64),
    /// Visited this often in the cycle already (年度检查频次上限), drawn or not. Not with key items.
    VisitsAtLeast(u64),
}

impl ExclusionRule {
    /// The units that the rule names one by one.
    pub(crate) fn units(&self) -> &[UnitId] {
        match self {
            Self::Units(units) => units,
            Self::Kinds(_)
            | Self::VisitedWithinDays(_)
            | Self::OpenedWithinDays(_)
            | Self::VisitsAtLeast(_) => &[],
        }
    }
}

/// The origin of a policy: a batch of a task of an annual programme, under a rule pack (Spec 24.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The batch of the task, from 1.
    pub batch: u64,
    /// The salted digest of the dossier from which the frame's signals come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<Digest>,
    /// The digest of the pack.
    pub pack: Digest,
    /// The digest of the programme.
    pub programme: Digest,
    /// The task.
    pub task: Code,
}

/// The coverage floor (抽查覆盖率).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageFloor {
    /// At which levels every node has the floor.
    pub guards: Vec<Guard>,
    /// Share of the active units that must have been visited in the cycle once this draw is done, 0 to 1.
    pub minimum: Billionths,
}

/// The day from which on the record is public and the draw can be replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase", deny_unknown_fields)]
pub enum Disclosure {
    /// At once: beacon and seal give the seed.
    Immediate {},
    /// For unannounced visits: a secret, committed in the seal, enters the seed and is revealed later.
    Deferred {
        /// The day by which the secret is published; without it the draw has failed.
        reveal_by: Date,
    },
}

impl Disclosure {
    /// The day by which the secret is published, if there is one.
    #[must_use]
    pub const fn reveal_by(&self) -> Option<Date> {
        match self {
            Self::Immediate {} => None,
            Self::Deferred { reveal_by } => Some(*reveal_by),
        }
    }
}
