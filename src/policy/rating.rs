//! The rule table of risk and credit. Signals give every unit its levels and move its frequency. Every rule
//! that applied can be named (Spec 20).
//!
//! A signal can only raise, unless the table's `lowering` names it (信用修复, 红名单, a step of a ladder that was
//! earned). No level falls silently. Theorem 13 of the specification states that more of a raising signal
//! never lowers a unit.

use super::{Based, Billionths, Design, Policy, Vocabulary};
use crate::frame::{STATED, Unit, is_stated};
use crate::id::Code;
use crate::message::{Coded, Message, said};
use crate::table::{BrokenRules, Field};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Deref;

/// The rule table. `R` is a rule with its source: the text of it in a policy, a citation in a rule pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating<R = Based<RatingRule>> {
    /// Rules that move the levels, stage by stage.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Stage<R>>,
    /// Signals that may lower, ascending. All others can only raise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lowering: Vec<Code>,
    /// The levels before any rule.
    pub start: Start,
    /// Rules that move the base: the frequency, or in rate draws the probability.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Stage<R>>,
}

/// The levels of a unit before any rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Credit level.
    pub credit: Code,
    /// Risk level.
    pub risk: Code,
    /// Whether a unit begins at the levels that its register states, where it states them. Without this a
    /// register states none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stated: bool,
}

/// A stage of the table: rules that are applied one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage<R = Based<RatingRule>> {
    /// Whether the table claims that the order of its rules does not matter. The claim is checked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub any_order: bool,
    /// Its code.
    pub code: Code,
    /// Its rules, in order.
    pub rules: Vec<R>,
}

/// One rule of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRule {
    /// Its code.
    pub code: Code,
    /// The effect.
    pub does: Effect,
    /// The units that the rule applies to. Absent: all units.
    #[serde(default, skip_serializing_if = "When::is_empty")]
    pub when: When,
}

/// The effect of a rule. The first four move levels, the others the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// At least these levels.
    RaiseTo(Levels),
    /// So many levels up, at most to the last.
    RaiseBy(Steps),
    /// At most these levels.
    LowerTo(Levels),
    /// So many levels down, at most to the first.
    LowerBy(Steps),
    /// At least so many visits a cycle; here and below in rate draws a probability. 0 to 9 000 000.
    AtLeast(Billionths),
    /// So many visits a cycle more.
    Add(Billionths),
    /// At most so many visits a cycle.
    AtMost(Billionths),
}

/// One or both levels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Credit level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Code>,
    /// Risk level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<Code>,
}

/// Places along one or both lists of levels, 1 to 64.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// Along the credit levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<u64>,
    /// Along the risk levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<u64>,
}

/// The condition of a rule. Every part that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Signals that the unit has less often than this.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub below: BTreeMap<Code, u64>,
    /// Signals that the unit has at least this often.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub has: BTreeMap<Code, u64>,
    /// Only these kinds; empty: all.
    #[serde(default, deserialize_with = "super::filled", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Code>,
}

impl When {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn holds(&self, kind: &Code, signals: &BTreeMap<Code, u64>) -> bool {
        let count = |signal: &Code| signals.get(signal).copied().unwrap_or(0);
        (self.kinds.is_empty() || self.kinds.contains(kind))
            && self.has.iter().all(|(signal, least)| count(signal) >= *least)
            && self.below.iter().all(|(signal, bound)| count(signal) < *bound)
    }
}

impl Effect {
    /// The key that it is written with.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::RaiseTo(_) => "raise_to",
            Self::RaiseBy(_) => "raise_by",
            Self::LowerTo(_) => "lower_to",
            Self::LowerBy(_) => "lower_by",
            Self::AtLeast(_) => "at_least",
            Self::Add(_) => "add",
            Self::AtMost(_) => "at_most",
        }
    }

    /// Whether it can only lower. All others can only raise.
    #[must_use]
    pub const fn lowers(&self) -> bool {
        matches!(self, Self::LowerTo(_) | Self::LowerBy(_) | Self::AtMost(_))
    }

    /// Whether it moves risk, credit, visits.
    const fn moves(&self) -> [bool; 3] {
        match self {
            Self::RaiseTo(Levels { credit, risk }) | Self::LowerTo(Levels { credit, risk }) => {
                [risk.is_some(), credit.is_some(), false]
            }
            Self::RaiseBy(Steps { credit, risk }) | Self::LowerBy(Steps { credit, risk }) => {
                [risk.is_some(), credit.is_some(), false]
            }
            Self::AtLeast(_) | Self::Add(_) | Self::AtMost(_) => [false, false, true],
        }
    }

    /// The base after it (Spec 20.2, step 3).
    fn on_visits(&self, base: u64) -> u64 {
        match self {
            Self::AtLeast(visits) => base.max(visits.get()),
            Self::Add(visits) => base.saturating_add(visits.get()).min(Billionths::MAX.get()),
            Self::AtMost(visits) => base.min(visits.get()),
            Self::RaiseTo(_) | Self::RaiseBy(_) | Self::LowerTo(_) | Self::LowerBy(_) => base,
        }
    }

    /// A place in a list of levels after it (Spec 20.2, step 2).
    fn on_level<'a>(
        &'a self,
        list: &[Code],
        place: usize,
        level: impl Fn(&'a Levels) -> &'a Option<Code>,
        step: impl Fn(&Steps) -> Option<u64>,
    ) -> usize {
        let named = |levels: &'a Levels| {
            let code = level(levels).as_ref()?;
            list.iter().position(|known| known == code)
        };
        let steps = |steps: &Steps| usize::try_from(step(steps).unwrap_or(0)).unwrap_or(usize::MAX);
        match self {
            Self::RaiseTo(levels) => named(levels).map_or(place, |to| place.max(to)),
            Self::LowerTo(levels) => named(levels).map_or(place, |to| place.min(to)),
            Self::RaiseBy(by) => place.saturating_add(steps(by)).min(list.len().saturating_sub(1)),
            Self::LowerBy(by) => place.saturating_sub(steps(by)),
            Self::AtLeast(_) | Self::Add(_) | Self::AtMost(_) => place,
        }
    }
}

/// A rule that applied to a unit, and what it moved (Spec 20.2, step 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fired {
    /// The unit's own counts of the signals that the rule asks for.
    #[serde(skip_serializing_if = "Because::is_empty")]
    pub because: Because,
    /// The rule's code.
    pub code: Code,
    /// The levels, as `<risk>/<credit>`, or the visits before the rule; absent if nothing moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The stage's code.
    pub stage: Code,
    /// The same after the rule; absent if nothing moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Counts of signals that let a rule apply.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Because {
    /// Of signals that had to be below something.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub below: BTreeMap<Code, u64>,
    /// Of signals that had to be there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub has: BTreeMap<Code, u64>,
}

impl Because {
    fn is_empty(&self) -> bool {
        self.below.is_empty() && self.has.is_empty()
    }

    /// The counts, one after the other; nothing without any.
    fn message(&self) -> Option<Message> {
        let has = self.has.iter().map(|(signal, n)| said!("fired.has", "{n} × {signal}", n, signal));
        let below =
            self.below.iter().map(|(signal, n)| said!("fired.only", "only {n} × {signal}", n, signal));
        has.chain(below).reduce(|first, then| said!("fired.and", "{first}, {then}", first, then))
    }
}

impl Coded for Fired {
    fn message(&self) -> Message {
        let Self { because, code, from, to, .. } = self;
        match (because.message(), from.as_ref().zip(to.as_ref())) {
            (None, None) => said!("fired.kept", "rule {code}: nothing to move", code),
            (None, Some((from, to))) => {
                said!("fired.moved", "rule {code}: {from} → {to}", code, from, to)
            }
            (Some(because), None) => {
                said!("fired.kept_for", "rule {code} for {because}: nothing to move", code, because)
            }
            (Some(because), Some((from, to))) => {
                said!("fired.moved_for", "rule {code} for {because}: {from} → {to}", code, because, from, to)
            }
        }
    }
}

impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

/// The result of the rule table for a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rated {
    /// Visits a cycle after the rules, or the probability of a rate draw; before signals and bounds.
    pub base: Billionths,
    /// Credit level.
    pub credit: Code,
    /// The rules that applied, in order.
    pub fired: Vec<Fired>,
    /// Risk level.
    pub risk: Code,
}

/// The two levels of a unit, as positions in the policy's lists.
#[derive(Clone, Copy, PartialEq, Eq)]
struct LevelPair {
    credit: usize,
    risk: usize,
}

impl Policy {
    /// The levels of a unit by the rule table: risk and credit. `None` without a table.
    #[must_use]
    pub fn levels(&self, kind: &Code, signals: &BTreeMap<Code, u64>) -> Option<(&Code, &Code)> {
        let LevelPair { credit, risk } =
            self.rating.as_ref()?.levels(self, kind, signals, |_, _, _, _| {})?;
        Some((self.frame.risk.get(risk)?, self.frame.credit.get(credit)?))
    }

    /// The levels of a unit, where they are not those of the rule table (Spec 10.2); `None` without a table.
    pub(crate) fn level_difference(&self, unit: &Unit) -> Option<LevelDifference> {
        self.rating.as_ref()?;
        let (stated, rated) = ((&unit.risk, &unit.credit), self.levels(&unit.kind, &unit.signals));
        let text = |(risk, credit): (&Code, &Code)| format!("{risk}/{credit}");
        (rated != Some(stated)).then(|| LevelDifference { stated: text(stated), rated: rated.map(text) })
    }

    /// The levels of a unit by the rule table, as [`Self::levels`]. Tells of every rule that applies, in
    /// order (Spec 20.2, step 4).
    pub(crate) fn trace_levels(
        &self,
        kind: &Code,
        signals: &BTreeMap<Code, u64>,
        mut tell: impl FnMut(Fired),
    ) -> Option<(&Code, &Code)> {
        let (risks, credits) = (&self.frame.risk, &self.frame.credit);
        let name = |LevelPair { credit, risk }: LevelPair| {
            Some(format!("{}/{}", risks.get(risk)?, credits.get(credit)?))
        };
        let trace = |stage: &Stage, rule: &RatingRule, from: LevelPair, to: LevelPair| {
            let moved = (from != to).then(|| name(from).zip(name(to))).flatten();
            tell(Fired::new(stage, rule, signals, moved));
        };
        let LevelPair { credit, risk } = self.rating.as_ref()?.levels(self, kind, signals, trace)?;
        Some((risks.get(risk)?, credits.get(credit)?))
    }

    /// The levels and the base of a unit of this kind with these signals, and the rules that applied. `None`
    /// without a rule table, or if the table names a level that the policy's lists do not have (a policy that
    /// was read has them all).
    #[must_use]
    pub fn rate(&self, kind: &Code, signals: &BTreeMap<Code, u64>) -> Option<Rated> {
        let rating = self.rating.as_ref()?;
        let mut fired: Vec<Fired> = Vec::new();
        let (risk, credit) = self.trace_levels(kind, signals, |rule| fired.push(rule))?;
        let base = self.base(|| self.frequency_of(risk, credit).map(|entry| entry.visits.get()))?;
        let base = rating.visits(base, kind, signals, |stage, rule, from, to| {
            fired.push(Fired::of_visits(stage, rule, signals, from, to));
        });
        let base = Billionths::new(base).ok()?;
        Some(Rated { base, credit: credit.clone(), fired, risk: risk.clone() })
    }

    /// The base of a unit before the rules of the table, given its entry in the frequency table (Spec 10.2,
    /// step 1). `None` if the design needs an entry and there is none.
    pub(crate) fn base(&self, table: impl FnOnce() -> Option<u64>) -> Option<u64> {
        match self.design {
            Design::Rate { rate } => Some(rate.get()),
            Design::Number { .. } if self.frequency.is_empty() => Some(Billionths::ONE.get()),
            Design::Number { .. } | Design::Frequency {} => table(),
        }
    }
}

/// The levels of a unit that are not those of the rule table, each pair as `<risk>/<credit>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LevelDifference {
    /// The unit's own.
    pub(crate) stated: String,
    /// Those of the rule table; `None` if the table names a level that the policy does not have.
    pub(crate) rated: Option<String>,
}

impl Fired {
    fn new(
        stage: &Stage,
        rule: &RatingRule,
        signals: &BTreeMap<Code, u64>,
        moved: Option<(String, String)>,
    ) -> Self {
        let counts = |asked: &BTreeMap<Code, u64>| {
            asked.keys().map(|s| (s.clone(), signals.get(s).copied().unwrap_or(0))).collect()
        };
        let because = Because { below: counts(&rule.when.below), has: counts(&rule.when.has) };
        let (from, to) = moved.unzip();
        Self { because, code: rule.code.clone(), from, stage: stage.code.clone(), to }
    }

    /// A rule that applied to the base, and the base before and after it, billionths.
    pub(crate) fn of_visits(
        stage: &Stage,
        rule: &RatingRule,
        signals: &BTreeMap<Code, u64>,
        from: u64,
        to: u64,
    ) -> Self {
        let text = |n| Billionths::new(n).ok().map(|n| n.to_string());
        Self::new(stage, rule, signals, (from != to).then(|| text(from).zip(text(to))).flatten())
    }
}

/// The rules of some stages that apply to a unit, in order.
fn applying<'a>(
    stages: &'a [Stage],
    kind: &'a Code,
    signals: &'a BTreeMap<Code, u64>,
) -> impl Iterator<Item = (&'a Stage, &'a RatingRule)> {
    stages
        .iter()
        .flat_map(|stage| stage.rules.iter().map(move |rule| (stage, &rule.body)))
        .filter(move |(_, rule)| rule.when.holds(kind, signals))
}

impl Rating {
    /// The levels of a unit (Spec 20.2, steps 1 and 2). Reports every rule that applies, with the levels
    /// before and after it.
    fn levels(
        &self,
        policy: &Policy,
        kind: &Code,
        signals: &BTreeMap<Code, u64>,
        mut tell: impl FnMut(&Stage, &RatingRule, LevelPair, LevelPair),
    ) -> Option<LevelPair> {
        let (risks, credits) = (&policy.frame.risk, &policy.frame.credit);
        let begin = |list: &[Code], start: &Code, signal: &str| {
            let of_signal = |(code, place): (&Code, &u64)| {
                (code.as_str() == signal).then(|| usize::try_from(*place).ok()?.checked_sub(1))?
            };
            let stated = self.start.stated.then(|| signals.iter().find_map(of_signal)).flatten();
            match stated {
                Some(place) => (place < list.len()).then_some(place),
                None => list.iter().position(|level| level == start),
            }
        };
        let [stated_credit, stated_risk] = STATED;
        let mut pair = LevelPair {
            credit: begin(credits, &self.start.credit, stated_credit)?,
            risk: begin(risks, &self.start.risk, stated_risk)?,
        };
        for (stage, rule) in applying(&self.levels, kind, signals) {
            let from = pair;
            pair.risk = rule.does.on_level(risks, pair.risk, |levels| &levels.risk, |steps| steps.risk);
            pair.credit =
                rule.does.on_level(credits, pair.credit, |levels| &levels.credit, |steps| steps.credit);
            tell(stage, rule, from, pair);
        }
        Some(pair)
    }

    /// The base of a unit after the rules (Spec 20.2, step 3). Tells of every rule that applies, with the
    /// base before and after.
    pub(crate) fn visits(
        &self,
        base: u64,
        kind: &Code,
        signals: &BTreeMap<Code, u64>,
        mut tell: impl FnMut(&Stage, &RatingRule, u64, u64),
    ) -> u64 {
        applying(&self.visits, kind, signals).fold(base, |from, (stage, rule)| {
            let to = rule.does.on_visits(from);
            tell(stage, rule, from, to);
            to
        })
    }
}

impl<R: Deref<Target = RatingRule>> Rating<R> {
    /// All rules, those about levels first.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &R> {
        self.levels.iter().chain(&self.visits).flat_map(|stage| &stage.rules)
    }

    /// Checks the table (Spec 20.1, steps 1, 2 and 4).
    pub(crate) fn check(&self, broken: &BrokenRules, vocabulary: &Vocabulary<'_>) {
        let Start { credit, risk, stated: _ } = &self.start;
        broken
            .at("rating.start")
            .when(!vocabulary.risk.contains(risk) || !vocabulary.credit.contains(credit), || {
                said!("rating.unknown_level", "names a level that there is not")
            });
        let named = self.rules().flat_map(|rule| rule.when.has.keys().chain(rule.when.below.keys()));
        if let Some(signal) = self.lowering.iter().chain(named).find(|code| is_stated(code)) {
            broken.at("rating").note(said!(
                "rating.stated_signal",
                "names {signal}, by which only a register states a level",
                signal
            ));
        }
        let ascending = self.lowering.is_sorted_by(|a, b| a < b);
        broken.at("rating.lowering").when(!ascending || self.lowering.len() > 1000, || {
            said!("rating.lowering_order", "does not ascend, or names more than 1000 signals")
        });
        let (mut stages, mut rules) = (BTreeSet::new(), BTreeSet::new());
        for (list, stage) in
            self.levels.iter().map(|s| ("levels", s)).chain(self.visits.iter().map(|s| ("visits", s)))
        {
            let at = broken.at(format!("rating stage {}", stage.code));
            at.when(!stages.insert(stage.code.as_str()), || said!("document.stands_twice", "stands twice"));
            at.when(stage.rules.is_empty(), || said!("rating.stage_empty", "has no rules"));
            let mut effects: [BTreeSet<&str>; 3] = Default::default();
            for rule in &stage.rules {
                let RatingRule { code, does, when } = &**rule;
                let at = broken.at(format!("rating rule {code}"));
                at.when(!rules.insert(code.as_str()), || said!("document.stands_twice", "stands twice"));
                vocabulary.check_effect(&at, does);
                vocabulary.check_condition(&at, when);
                vocabulary.check_direction(&at, does, when);
                let moves = does.moves();
                at.when(moves[2] != (list == "visits"), || {
                    said!("rating.list", "{does} does not belong into {list}", list, does = does.key())
                });
                for (effects, _) in effects.iter_mut().zip(moves).filter(|(_, moves)| *moves) {
                    effects.insert(does.key());
                }
            }
            if let Some(mixed) = effects.iter().find(|effects| stage.any_order && effects.len() > 1) {
                at.note(said!(
                    "rating.order",
                    "says any_order, and the order of {mixed} matters",
                    mixed = mixed.iter().copied().collect::<Vec<_>>().join(", ")
                ));
            }
        }
        let count = rules.len();
        broken.at("rating").when(count > 1000, || {
            said!("rating.too_many", "has {count} rules, at most 1000 are allowed", count)
        });
    }
}

impl Vocabulary<'_> {
    /// An effect moves something, to a level that there is or by a possible number of steps.
    fn check_effect(&self, at: &Field<'_>, does: &Effect) {
        at.when(does.moves() == [false; 3], || {
            said!("rating.effect_empty", "{does} names neither risk nor credit", does = does.key())
        });
        match does {
            Effect::RaiseTo(Levels { credit, risk }) | Effect::LowerTo(Levels { credit, risk }) => {
                let unknown = risk.iter().any(|level| !self.risk.contains(level))
                    || credit.iter().any(|level| !self.credit.contains(level));
                at.when(unknown, || said!("rating.unknown_level", "names a level that there is not"));
            }
            Effect::RaiseBy(Steps { credit, risk }) | Effect::LowerBy(Steps { credit, risk }) => {
                let impossible = risk.iter().chain(credit).any(|steps| !(1..=64).contains(steps));
                at.when(impossible, || {
                    said!("rating.steps", "moves by a number of steps that is not 1 to 64")
                });
            }
            Effect::AtLeast(_) | Effect::Add(_) | Effect::AtMost(_) => {}
        }
    }

    /// A condition asks for signals, counts and kinds that there are.
    fn check_condition(&self, at: &Field<'_>, when: &When) {
        self.check_counts(at, &when.below);
        self.check_counts(at, &when.has);
        at.kinds(&when.kinds, self.kinds);
    }

    /// More of a signal lowers nothing unless the table says so, and less of it raises nothing.
    fn check_direction(&self, at: &Field<'_>, does: &Effect, when: &When) {
        let may_lower = |signal: &&Code| self.lowering.contains(signal);
        if does.lowers() {
            at.when(when.has.is_empty(), || {
                said!(
                    "rating.lowers_freely",
                    "{does} lowers without a signal that may lower",
                    does = does.key()
                )
            });
            if let Some(signal) = when.has.keys().find(|signal| !may_lower(signal)) {
                at.note(said!(
                    "rating.lowers_for",
                    "lowers for {signal}, which `lowering` does not name",
                    signal
                ));
            }
            if let Some(signal) = when.below.keys().find(may_lower) {
                at.note(said!(
                    "rating.lowers_below",
                    "lowers below a bound of {signal}, which may lower itself",
                    signal
                ));
            }
        } else {
            if let Some(signal) = when.has.keys().find(may_lower) {
                at.note(said!("rating.raises_for", "raises for {signal}, which `lowering` names", signal));
            }
            if let Some(signal) = when.below.keys().find(|signal| !may_lower(signal)) {
                at.note(said!(
                    "rating.raises_below",
                    "raises below a bound of {signal}: more of it would lower",
                    signal
                ));
            }
        }
    }
}
