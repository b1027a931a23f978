//! What was counted of some rows that stand side by side: a document that merges with that of the rows before
//! or behind (Spec 26).

use super::standings::{CycleRun, join};
use super::{Apart, Foreign, StreamError};
use crate::bytes::{Digest, Document, JsonError, Protocol, Run, Suite, decode, encode, heights};
use crate::id::{Code, Division, UnitId};
use crate::message::{coded, said};
use crate::plan::StratumTally;
use crate::policy::Policy;
use crate::stratum::{Occasion, StratumPath};
use crate::table::{BrokenRule, BrokenRules, Field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most rows of a frame (Spec 26.1): beyond all registers, and few enough that no sum over them can overflow.
pub const MOST_ROWS: u64 = 1 << 32;

/// What parts must have been made under to be merged: digests, as they stand in the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PartTerms {
    pub(super) policy: Digest,
    /// It depends on the salt key, too.
    pub(super) cycle: Digest,
    pub(super) suite: Suite,
}

impl PartTerms {
    pub(super) fn new(policy: &Policy, cycle: Digest) -> Self {
        Self { policy: policy.digest(), cycle, suite: policy.suite }
    }

    /// Refuses what was made under other terms.
    pub(super) fn expect(&self, found: &Self) -> Result<(), StreamError> {
        if found.policy != self.policy || found.suite != self.suite {
            return Err(StreamError::Foreign(Foreign::Policy));
        }
        if found.cycle == self.cycle { Ok(()) } else { Err(StreamError::Foreign(Foreign::CycleOrKey)) }
    }
}

/// What was counted of some rows of a frame that stand side by side: digests and counts, and the first and
/// the last id. Parts merge in any order, and the part of all rows is the census (Spec 26.2).
///
/// A part names no other row. Its digests do not tell of a row without the salt key, and its counts are those
/// that the published cell table sums up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub(super) terms: PartTerms,
    pub(super) run: Run,
    /// The same of the rows of the cycle that came beside them; none if it was in memory.
    pub(super) standings: Option<CycleRun>,
    /// The first and the last id; none without rows.
    pub(super) ends: Option<[UnitId; 2]>,
    pub(super) exclusions: BTreeMap<Code, u64>,
    pub(super) strata: BTreeMap<StratumPath, StratumTally>,
    /// The units that may be drawn, by what the cost of their teams depends on.
    pub(super) classes: BTreeMap<(Division, Code), u64>,
    /// The sum of the leaves of pseudonyms, modulo 2²⁵⁶: whether all of them were handed over.
    pub(super) leaves: Digest,
}

impl Part {
    /// The number of rows before the first one.
    #[must_use]
    pub fn start(&self) -> u64 {
        length(self.run.start())
    }

    /// The number of rows.
    #[must_use]
    pub fn size(&self) -> u64 {
        length(self.run.size())
    }

    /// Adds the part of the rows behind these.
    ///
    /// # Errors
    /// There are rows between the two, or some are in both; the ids do not ascend from one to the other; they
    /// were counted under different policies, cycles or keys.
    pub fn append(&mut self, next: Self) -> Result<(), StreamError> {
        self.terms.expect(&next.terms)?;
        apart(&self.run, &next.run)?;
        if let Some([_, before]) = &self.ends
            && let Some([id, _]) = &next.ends
            && before >= id
        {
            return Err(StreamError::Order { before: before.clone(), id: id.clone() });
        }
        join(&mut self.standings, next.standings)?;
        assert!(self.run.append(next.run), "it begins where this one ends");
        self.ends = match (self.ends.take(), next.ends) {
            (Some([first, _]), Some([_, last])) => Some([first, last]),
            (one, other) => one.or(other),
        };
        self.leaves = sum(&self.leaves, &next.leaves);
        for (code, units) in next.exclusions {
            *self.exclusions.entry(code).or_default() += units;
        }
        for (path, tally) in next.strata {
            self.strata.entry(path).or_default().add(tally);
        }
        for (class, units) in next.classes {
            *self.classes.entry(class).or_default() += units;
        }
        Ok(())
    }

    /// The part of all these parts, which are given in any order. `None` without parts.
    ///
    /// # Errors
    /// As for [`Self::append`].
    pub fn merged(parts: impl IntoIterator<Item = Self>) -> Result<Option<Self>, StreamError> {
        let mut parts: Vec<Self> = parts.into_iter().collect();
        parts.sort_by_key(|part| order(&part.run, part.standings.as_ref()));
        let mut parts = parts.into_iter();
        let Some(mut whole) = parts.next() else { return Ok(None) };
        parts.try_for_each(|part| whole.append(part))?;
        Ok(Some(whole))
    }

    /// The document (Spec 26.2): canonical JSON.
    ///
    /// # Panics
    /// Never: all counts are below 2⁵³.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let strata = self.strata.iter().map(|(path, StratumTally { units, reached, measures })| {
            let measure = |(&(occasion, measure, certain), &units): (&_, &_)| MeasureCount {
                certain,
                measure,
                occasion,
                units,
            };
            let measures = measures.iter().map(measure).collect();
            StratumRow { measures, path: path.clone(), reached: *reached, units: *units }
        });
        let class = |((division, kind), units): (&(Division, Code), &u64)| ClassCount {
            division: division.clone(),
            kind: kind.clone(),
            units: *units,
        };
        let [first, last] = self.ends.clone().map_or([None, None], |ends| ends.map(Some));
        let document = PartDocument {
            blocks: self.run.digests().collect(),
            classes: self.classes.iter().map(class).collect(),
            cycle: self.terms.cycle,
            document: Document::Part,
            exclusions: self.exclusions.clone(),
            first,
            last,
            leaves: self.leaves,
            policy: self.terms.policy,
            protocol: Protocol,
            size: self.size(),
            standings: self.standings.as_ref().map(RunDocument::of),
            start: self.start(),
            strata: strata.collect(),
            suite: self.terms.suite,
        };
        encode(&document).expect("counts below 2^53")
    }

    /// Reads a document.
    ///
    /// # Errors
    /// The bytes are not the canonical document of a part, or its figures contradict each other (the error
    /// lists all rules that are broken, with their places). Whether it fits a policy is found where it is
    /// used.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PartError> {
        let document: PartDocument = decode(bytes)?;
        document.document.expect(Document::Part)?;
        let broken = document.broken_rules();
        let place = |number: u64| usize::try_from(number).ok();
        let PartDocument { start, size, blocks, suite, .. } = &document;
        let run = place(*start).zip(place(*size)).and_then(|(at, size)| Run::of(*suite, at, size, blocks));
        let Some(run) = run.filter(|_| broken.is_empty()) else { return Err(PartError::Rules(broken)) };
        let standings = document.standings.as_ref().and_then(|rows| rows.run(*suite));
        let PartDocument { cycle, exclusions, first, last, leaves, policy, suite, .. } = document;
        let class = |ClassCount { division, kind, units }| ((division, kind), units);
        let stratum = |StratumRow { measures, path, reached, units }| {
            let measures = measures.into_iter().map(|count| (count.key(), count.units)).collect();
            (path, StratumTally { units, reached, measures })
        };
        Ok(Self {
            terms: PartTerms { policy, cycle, suite },
            run,
            standings,
            ends: first.zip(last).map(|(first, last)| [first, last]),
            exclusions,
            strata: document.strata.into_iter().map(stratum).collect(),
            classes: document.classes.into_iter().map(class).collect(),
            leaves,
        })
    }
}

/// Two runs that do not stand side by side.
pub(super) fn apart(run: &Run, next: &Run) -> Result<(), StreamError> {
    let (ends, begins) = (length(run.end()), length(next.start()));
    if ends == begins { Ok(()) } else { Err(StreamError::Apart(Apart { ends, begins })) }
}

/// By what parts are put in order.
pub(super) fn order(run: &Run, standings: Option<&CycleRun>) -> (usize, usize, Option<(usize, usize)>) {
    (run.start(), run.size(), standings.map(CycleRun::place))
}

pub(super) fn length(rows: usize) -> u64 {
    u64::try_from(rows).expect("a length")
}

/// The leaves of the pseudonyms of some rows: 32 bytes a row, which tell of no row without the salt key.
/// Whoever seals needs those of all rows, because they are sorted (Spec 4.5); whoever selects needs none.
#[derive(Debug, Clone, Default)]
pub struct PartLeaves(pub(super) Vec<Digest>);

impl PartLeaves {
    /// Takes in the leaves of another part. Any order gives the same.
    pub fn append(&mut self, other: Self) {
        if self.0.is_empty() {
            self.0 = other.0;
        } else {
            self.0.extend(other.0);
        }
    }

    /// Number of leaves.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All leaves, ascending, one behind the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut leaves = self.0.clone();
        leaves.sort_unstable();
        leaves.iter().flat_map(|leaf| *leaf.as_bytes()).collect()
    }

    /// Reads leaves.
    ///
    /// # Errors
    /// The bytes are no digests in ascending order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PartError> {
        let (leaves, rest) = bytes.as_chunks::<32>();
        let leaves: Vec<Digest> = leaves.iter().map(|leaf| Digest::new(*leaf)).collect();
        if !rest.is_empty() || !leaves.is_sorted_by(|a, b| a < b) {
            let broken = BrokenRules::default();
            broken.at("leaves").note(said!("part.leaves", "are no digests of 32 bytes that ascend"));
            return Err(PartError::Rules(broken.into_vec()));
        }
        Ok(Self(leaves))
    }

    /// The sum that a part states.
    pub(super) fn sum(&self) -> Digest {
        self.0.iter().fold(Digest::ZERO, |all, leaf| sum(&all, leaf))
    }
}

/// The sum of two digests as numbers, modulo 2²⁵⁶.
fn sum(a: &Digest, b: &Digest) -> Digest {
    let halves = |digest: &Digest| {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |sum: u128, byte| sum << 8 | u128::from(*byte));
        [number(&digest.as_bytes()[..16]), number(&digest.as_bytes()[16..])]
    };
    let ([a_high, a_low], [b_high, b_low]) = (halves(a), halves(b));
    let (low, carry) = a_low.overflowing_add(b_low);
    let high = a_high.wrapping_add(b_high).wrapping_add(u128::from(carry));
    let mut all = [0; 32];
    all[..16].copy_from_slice(&high.to_be_bytes());
    all[16..].copy_from_slice(&low.to_be_bytes());
    Digest::new(all)
}

/// Why a document of a part cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// Not the canonical bytes of such a document.
    #[error(transparent)]
    Form(#[from] JsonError),
    /// The form is right, these rules are broken.
    #[error("{}", BrokenRule::list("broken rule", .0))]
    Rules(Vec<BrokenRule>),
}

coded! { PartError {
    Rules (rules) => "part.rules";
    Form
} }

/// How often a measure occurs in a stratum.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureCount {
    certain: bool,
    #[serde(with = "as_digits")]
    measure: u64,
    occasion: Occasion,
    units: u64,
}

impl MeasureCount {
    const fn key(&self) -> (Occasion, u64, bool) {
        (self.occasion, self.measure, self.certain)
    }
}

/// A number that may be above 2⁵³, as a text of digits. Whether it is the shortest text, the comparison of
/// the whole document finds.
mod as_digits {
    use crate::id::read_text;
    use crate::message::said;
    use serde::{Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        read_text(deserializer, |text| {
            text.parse::<u64>().map_err(|_| said!("part.measure", "is no number below 2^64 in digits"))
        })
    }
}

/// The units of one stratum path.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StratumRow {
    measures: Vec<MeasureCount>,
    path: StratumPath,
    reached: u64,
    units: u64,
}

/// The units of one division and kind that may be drawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassCount {
    division: Division,
    kind: Code,
    units: u64,
}

/// Notes a number of digests that does not belong to these rows: the first place, and how many (Spec 26.1).
fn check_blocks(at: &Field<'_>, (start, size): (u64, u64), found: usize) {
    let few = size <= MOST_ROWS && start <= MOST_ROWS;
    let end = usize::try_from(start).ok().zip(usize::try_from(start.saturating_add(size)).ok());
    let wanted = end.filter(|_| few).map_or(0, |(start, end)| heights(start, end).count());
    at.field("blocks").when(found != wanted, || {
        said!("part.blocks", "has {found} digests, {wanted} belong to these rows", found, wanted)
    });
}

/// The rows of a cycle that came beside those of a part (Spec 26.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunDocument {
    blocks: Vec<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<UnitId>,
    size: u64,
    start: u64,
}

impl RunDocument {
    pub(super) fn of(rows: &CycleRun) -> Self {
        let CycleRun { run, ends } = rows;
        let [first, last] = ends.clone().map_or([None, None], |ends| ends.map(Some));
        let (size, start) = (length(run.size()), length(run.start()));
        Self { blocks: run.digests().collect(), first, last, size, start }
    }

    /// Notes what contradicts itself.
    pub(super) fn check(&self, at: &Field<'_>) {
        at.field("size").in_range(self.size, &(0..=MOST_ROWS));
        at.field("start").in_range(self.start, &(0..=MOST_ROWS));
        let ends = match (&self.first, &self.last) {
            (None, None) => self.size == 0,
            (Some(first), Some(last)) => first <= last,
            _ => false,
        };
        at.field("first").when(!ends, || {
            let size = self.size;
            said!("part.ends", "and last are not the ends of {size} rows in ascending order", size)
        });
        check_blocks(at, (self.start, self.size), self.blocks.len());
    }

    /// The rows; `None` if they contradict themselves.
    pub(super) fn run(&self, suite: Suite) -> Option<CycleRun> {
        let (start, size) = (usize::try_from(self.start).ok()?, usize::try_from(self.size).ok()?);
        let ends = self.first.clone().zip(self.last.clone()).map(<[UnitId; 2]>::from);
        Some(CycleRun { run: Run::of(suite, start, size, &self.blocks)?, ends })
    }
}

/// The document of a part (Spec 26.2).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartDocument {
    blocks: Vec<Digest>,
    classes: Vec<ClassCount>,
    cycle: Digest,
    document: Document,
    exclusions: BTreeMap<Code, u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<UnitId>,
    leaves: Digest,
    policy: Digest,
    protocol: Protocol,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standings: Option<RunDocument>,
    start: u64,
    strata: Vec<StratumRow>,
    #[serde(default, skip_serializing_if = "Suite::is_default")]
    suite: Suite,
}

impl PartDocument {
    /// What contradicts itself (Spec 26.2).
    fn broken_rules(&self) -> Vec<BrokenRule> {
        let broken = BrokenRules::default();
        let (size, start) = (self.size, self.start);
        broken.at("size").in_range(size, &(0..=MOST_ROWS));
        broken.at("start").in_range(start, &(0..=MOST_ROWS));
        if !broken.is_empty() {
            return broken.into_vec();
        }
        check_blocks(&broken.at(""), (start, size), self.blocks.len());
        self.standings.iter().for_each(|rows| rows.check(&broken.at("standings")));
        let ends = match (&self.first, &self.last) {
            (None, None) => size == 0,
            (Some(first), Some(last)) => (size == 1 && first == last) || (size > 1 && first < last),
            _ => false,
        };
        broken.at("first").when(!ends, || {
            said!("part.ends", "and last are not the ends of {size} rows in ascending order", size)
        });
        let mut totals = Totals::default();
        for (field, StratumRow { measures, reached, units, .. }) in broken.at("strata").entries(&self.strata)
        {
            field.field("reached").at_most(*reached, *units);
            let repeat = measures.iter().filter(|count| count.occasion == Occasion::Repeat);
            let repeat = repeat.fold(0_u64, |sum, count| sum.saturating_add(count.units));
            let drawable = measures.iter().fold(0_u64, |sum, count| sum.saturating_add(count.units));
            field.field("measures").at_most(drawable, *units);
            // Of the others some may have been reached, too, and are exempt.
            let others = units.saturating_sub(drawable);
            let fits = repeat <= *reached && reached.saturating_sub(repeat) <= others;
            field.field("reached").when(drawable <= *units && reached <= units && !fits, || {
                said!("part.reached", "is not {repeat} to {repeat} and {others} more", repeat, others)
            });
            let none = *units == 0 || measures.iter().any(|count| count.units == 0);
            field.when(none, || said!("part.none", "counts no unit"));
            let ascend = measures.is_sorted_by(|a, b| a.key() < b.key());
            field.field("measures").when(!ascend, || said!("part.order", "does not ascend"));
            totals.active = totals.active.saturating_add(*units);
            totals.drawable = totals.drawable.saturating_add(drawable);
        }
        let ascend = self.strata.is_sorted_by(|a, b| a.path < b.path);
        broken.at("strata").when(!ascend, || said!("part.order", "does not ascend"));
        let ascend = self.classes.is_sorted_by(|a, b| (&a.division, &a.kind) < (&b.division, &b.kind));
        broken.at("classes").when(!ascend, || said!("part.order", "does not ascend"));
        let classes = self.classes.iter().fold(0_u64, |sum, class| sum.saturating_add(class.units));
        let excluded = self.exclusions.values().fold(0_u64, |sum, units| sum.saturating_add(*units));
        let mut none = self.classes.iter().map(|class| class.units).chain(self.exclusions.values().copied());
        broken.at("classes").when(none.any(|units| units == 0), || said!("part.none", "counts no unit"));
        let Totals { active, drawable } = totals;
        let same = |field: &str, found: u64, wanted: u64| {
            broken.at(field).when(found != wanted, || {
                said!("part.sum", "comes to {found} units where others come to {wanted}", found, wanted)
            });
        };
        same("classes", classes, drawable);
        same("exclusions", excluded.saturating_add(drawable), size);
        broken.at("strata").at_most(active, size);
        broken.into_vec()
    }
}

/// Sums over the strata of a document.
#[derive(Default)]
struct Totals {
    active: u64,
    drawable: u64,
}
