//! The cycle (the year) so far: what was expected of each unit, what was drawn, visited and missed, and which
//! draws are open.
//!
//! A [`Cycle`] is a pure fold over [`Event`]s: an embedder keeps the events, or the state, in a database of
//! his own, and computes the state from the events at any time. A draw reads from the state which units were
//! visited, exempt or due, and which inspectors rotation bars; the state is sealed like frame and roster.
//! Spec 9.4 and 9.6.

mod coverage;
mod error;
mod fold;
mod history;
mod kept;
mod rows;

pub use coverage::{CoverageLevel, CoverageNode, CoverageReport, Fraction, ItemCoverage};
pub use error::CycleError;
pub use fold::{Drawn, DrawnPick, DrawnRow, DrawnUnit, Event, EventError};
pub(crate) use history::History;
pub(crate) use rows::RowLeaves;
pub use rows::{CycleCensus, CycleHead, CycleRow, OpenHead, RowsCommitment};

use crate::bytes::{Document, JsonError, Protocol, SaltKey, decode, encode};
use crate::calendar::Date;
use crate::id::{Code, InspectorId, UnitId};
use crate::message::{Coded, Message, said};
use crate::odds::slack::LARGEST_SLACK;
use crate::policy::Billionths;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Where a unit began under the slack of its level (Spec 9.4): a whole number of visits, drawn by lot in its
/// first round. They count as if they had been made before (or, below 0, been left out). With it the unit
/// is in the law of its slack from its first round on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phase {
    /// The slack of the level under which it began, at most 5 visits.
    pub slack: Billionths,
    /// The visits, −10⁷ to 10⁷.
    pub visits: i64,
}

impl Phase {
    /// Without slack and visits: that of a unit that never began.
    pub const NONE: Self = Self { slack: Billionths::ZERO, visits: 0 };

    /// Whether it is that of a unit that never began.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Spec 9.4.
    pub(crate) const fn is_valid(self) -> bool {
        self.slack.get() <= LARGEST_SLACK && self.visits.unsigned_abs() <= 10_000_000
    }
}

/// What the cycle holds about one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Draws credited against the exposure. In draws by frequency they are its floor or its ceiling, as long
    /// as no credited visit is missed.
    pub credited: u64,
    /// The exposure window of its level, in cycles.
    pub cycles: u64,
    /// Times it was drawn in this cycle, or put in another's place.
    pub drawn: u64,
    /// Expected visits of the exposure window so far.
    pub exposure: Billionths,
    /// When a draw first saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Date>,
    /// The team of the last visit, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last_team: Vec<InspectorId>,
    /// When the last visit was, in this cycle or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_visit: Option<Date>,
    /// Of the drawn ones, visits that could not be made (closed, not found …).
    pub missed: u64,
    /// Inspections of this cycle outside any draw. They count for caps, not for coverage.
    pub others: u64,
    /// Where it began. Absent: nowhere ahead, without slack.
    #[serde(default, skip_serializing_if = "Phase::is_none")]
    pub phase: Phase,
    /// The unit. It need not be on the frame any more.
    pub unit: UnitId,
    /// Of the drawn ones, visits that were made.
    pub visits: u64,
}

impl Standing {
    /// The standing of a unit without any event.
    #[must_use]
    pub const fn new(unit: UnitId) -> Self {
        Self {
            credited: 0,
            cycles: 1,
            drawn: 0,
            exposure: Billionths::ZERO,
            first_seen: None,
            last_team: Vec::new(),
            last_visit: None,
            missed: 0,
            others: 0,
            phase: Phase::NONE,
            unit,
            visits: 0,
        }
    }

    /// Visits of this cycle that were made or are still to be made.
    #[must_use]
    pub const fn reached(&self) -> u64 {
        self.drawn.saturating_sub(self.missed)
    }

    /// The rules of Spec 9.4 that one standing can break.
    pub(crate) fn check(&self) -> Result<(), CycleError> {
        let Self { credited, cycles, drawn, missed, others, visits, .. } = *self;
        let unit = || self.unit.clone();
        let counts = [credited, drawn, missed, others, visits].into_iter().all(|n| n <= MOST);
        if !counts || visits + missed > drawn || !(1..=20).contains(&cycles) {
            let unit = unit();
            return Err(CycleError::Counts { unit, drawn, visits, missed, others, credited, cycles });
        }
        if !self.phase.is_valid() {
            return Err(CycleError::Phase { unit: unit() });
        }
        if ascends(&self.last_team, |officer| officer) {
            Ok(())
        } else {
            Err(CycleError::Team { unit: unit() })
        }
    }

    /// Drawn visits that are still to be made.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.reached().saturating_sub(self.visits)
    }
}

/// The effect of a draw on a unit that could be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// What it added to the exposure.
    pub add: Billionths,
    /// The phase before, if the draw gave it another.
    #[serde(default, skip_serializing_if = "Phase::is_none")]
    pub had: Phase,
    /// The phase that the draw gave it, if it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The unit.
    pub unit: UnitId,
    /// The unit's window before the draw; absent if the draw was the first to see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u64>,
}

/// What an open draw changed of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRow {
    /// What it added to the exposure.
    pub add: Billionths,
    /// The draw.
    pub draw: u64,
    /// The phase before, if the draw gave it another.
    #[serde(default, skip_serializing_if = "Phase::is_none")]
    pub had: Phase,
    /// Whether the visit counts against the exposure, if the unit has one that is still to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<bool>,
    /// The phase that the draw gave it, if it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The unit's window before the draw; absent if the draw was the first to see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u64>,
}

impl OpenRow {
    const fn of(draw: u64, added: &Added, pending: Option<bool>) -> Self {
        Self { add: added.add, draw, had: added.had, pending, phase: added.phase, was: added.was }
    }

    /// Whether the phase is one that a draw gives.
    fn phases_fit(&self) -> bool {
        phases_fit(self.phase, self.had)
    }

    pub(super) fn added(&self, unit: &UnitId) -> Added {
        Added { add: self.add, had: self.had, phase: self.phase, unit: unit.clone(), was: self.was }
    }
}

/// A draw that can still be voided, or that has visits to be settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenDraw {
    /// The number of the draw before it, 0 if there is none.
    pub before: u64,
    /// Its sequence number.
    pub draw: u64,
    /// Visits still to be made, and whether they count against the exposure.
    #[serde(with = "pending")]
    pub pending: BTreeMap<UnitId, bool>,
    /// The share of the cycle that it stands for.
    pub share: Billionths,
    /// All units that could be drawn, ascending.
    pub units: Vec<Added>,
}

/// Pending visits as a list of `{"credited":…,"unit":…}`, ascending by unit.
mod pending {
    use super::UnitId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Pending {
        credited: bool,
        unit: UnitId,
    }

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<UnitId, bool>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            map.iter().map(|(unit, credited)| Pending { credited: *credited, unit: unit.clone() }),
        )
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<UnitId, bool>, D::Error> {
        // A list out of order or with a unit twice would not be written back the same: the canonical reader
        // refuses it.
        let list = Vec::<Pending>::deserialize(deserializer)?;
        Ok(list.into_iter().map(|pending| (pending.unit, pending.credited)).collect())
    }
}

/// The state of the year: standings, ascending by unit; units without one are unknown and were never drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cycle {
    items: BTreeMap<Code, u64>,
    last: u64,
    open: Vec<OpenDraw>,
    spent: Billionths,
    standings: Vec<Standing>,
}

/// The most that draw numbers and item counts can be.
const LARGEST: u64 = 1_000_000_000_000;
/// The most that the counts of a standing can be.
pub(crate) const MOST: u64 = 1_000_000;

/// A cycle within another document, or the file for auditors (Spec 12.3), which has `document`, `protocol`
/// and `salt_key`, too.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CycleDocument<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<Document>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    items: Cow<'a, BTreeMap<Code, u64>>,
    last: u64,
    #[serde(default, skip_serializing_if = "<[OpenDraw]>::is_empty")]
    open: Cow<'a, [OpenDraw]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    protocol: Option<Protocol>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt_key: Option<SaltKey>,
    spent: Billionths,
    standings: Cow<'a, [Standing]>,
}

impl CycleDocument<'_> {
    /// The cycle that it states, checked.
    fn cycle(self) -> Result<Cycle, CycleError> {
        let Self { items, last, open, spent, standings, .. } = self;
        let (items, open, standings) = (items.into_owned(), open.into_owned(), standings.into_owned());
        let cycle = Cycle { items, last, open, spent, standings };
        cycle.check()?;
        Ok(cycle)
    }
}

/// Whether a draw can give a phase to a unit that had this one.
fn phases_fit(phase: Option<Phase>, had: Phase) -> bool {
    match phase {
        Some(phase) => phase.is_valid() && had.is_valid() && phase.slack != had.slack,
        None => had.is_none(),
    }
}

/// Whether a list ascends strictly by a key.
pub(crate) fn ascends<T, K: Ord>(list: &[T], key: impl Fn(&T) -> &K) -> bool {
    list.is_sorted_by(|a, b| key(a) < key(b))
}

impl Cycle {
    /// A cycle that begins in mid-year with standings from a table, in any order, and with the share of the
    /// cycle that earlier draws have spent (0 to 1). From then on, [`Self::apply`] keeps the state.
    ///
    /// # Errors
    /// A unit stands twice, an inspector stands twice in a team, counts are impossible, or visits are still
    /// to be made, which no draw of this cycle could settle.
    pub fn new(spent: Billionths, mut standings: Vec<Standing>) -> Result<Self, CycleError> {
        standings.sort_by(|a, b| a.unit.cmp(&b.unit));
        standings.iter_mut().for_each(|standing| standing.last_team.sort_unstable());
        let cycle = Self { spent, standings, ..Self::default() };
        cycle.check()?;
        Ok(cycle)
    }

    /// The cycle with which another ledger **begins** (期初): this one without the numbers of its draws. A
    /// number belongs to the ledger that has the draw (Spec 17.4), so `last` is 0 and no draw is open. Shares
    /// spent, standings and items stay.
    ///
    /// # Errors
    /// An open draw still has a visit to be made.
    pub fn opening(&self) -> Result<Self, CycleError> {
        let mut pending = self.open.iter().filter_map(|open| Some((open.draw, open.pending.keys().next()?)));
        match pending.next() {
            Some((draw, unit)) => Err(CycleError::Pending { draw, unit: unit.clone() }),
            None => Ok(Self { last: 0, open: Vec::new(), ..self.clone() }),
        }
    }

    /// Whether it can be the opening cycle of a ledger: [`Self::opening`] would change nothing.
    #[must_use]
    pub const fn is_opening(&self) -> bool {
        self.last == 0 && self.open.is_empty()
    }

    /// The cycle of a **back-check** (复核) of this one: a cycle of its own scope, in which nothing has been
    /// drawn yet. It has the last visit and its team of every unit visited on this day or later. With a
    /// policy whose population has `visited_since`, those units can be drawn, and rotation bars the
    /// inspectors of the last visit. A visit entered without its team bars none.
    #[must_use]
    pub fn back_check(&self, since: Date) -> Self {
        let finished =
            self.standings.iter().filter(|standing| standing.last_visit.is_some_and(|day| day >= since));
        let standing = |standing: &Standing| Standing {
            first_seen: standing.first_seen,
            last_team: standing.last_team.clone(),
            last_visit: standing.last_visit,
            ..Standing::new(standing.unit.clone())
        };
        Self { standings: finished.map(standing).collect(), ..Self::default() }
    }

    /// Spec 9.4.
    fn check(&self) -> Result<(), CycleError> {
        if self.spent > Billionths::ONE {
            return Err(CycleError::Spent { spent: self.spent });
        }
        for standing in &self.standings {
            standing.check()?;
        }
        if let Some(pair) = self.standings.windows(2).find(|pair| pair[0].unit >= pair[1].unit) {
            return Err(CycleError::Duplicate { unit: pair[1].unit.clone() });
        }
        if let Some((code, count)) = self.items.iter().find(|(_, count)| !(1..=LARGEST).contains(*count)) {
            return Err(CycleError::Item { code: code.clone(), count: *count });
        }
        self.check_open()
    }

    /// Spec 9.4: the open draws against the standings.
    fn check_open<'a>(&'a self) -> Result<(), CycleError> {
        let mut seen: BTreeSet<&'a str> = BTreeSet::new();
        // By standing: all that are pending, and the credited ones.
        let mut pending = vec![(0, 0); self.standings.len()];
        for open in &self.open {
            let draw = open.draw;
            if open.before >= open.draw || open.draw > self.last {
                return Err(CycleError::number(draw));
            }
            if open.pending.is_empty() && open.draw != self.last {
                return Err(CycleError::settled(draw));
            }
            if !ascends(&open.units, |added| &added.unit) {
                return Err(CycleError::Open {
                    draw,
                    rule: said!("cycle.open.units", "its units do not ascend"),
                });
            }
            let phases = |added: &Added| phases_fit(added.phase, added.had);
            if !open.units.iter().all(phases) {
                return Err(CycleError::phase(draw));
            }
            // Only the first draw that sees a unit begins its standing.
            let mut window = |added: &'a Added| {
                let first = seen.insert(added.unit.as_str());
                added.was.map_or(first, |was| (1..=20).contains(&was))
            };
            if !open.units.iter().all(|added| self.get(&added.unit).is_some() && window(added)) {
                return Err(CycleError::standing(draw));
            }
            for (unit, credited) in &open.pending {
                let fits = self.place(unit).is_ok_and(|place| {
                    let ((all, of_them), standing) = (&mut pending[place], &self.standings[place]);
                    *all += 1;
                    *of_them += u64::from(*credited);
                    *all <= standing.pending() && *of_them <= standing.credited
                });
                if !fits || !open.could_draw(unit) {
                    return Err(CycleError::pending(draw));
                }
            }
        }
        let mut counted = self.standings.iter().zip(&pending);
        if let Some((standing, _)) = counted.find(|(standing, (all, _))| standing.pending() != *all) {
            return Err(CycleError::Unsettled { unit: standing.unit.clone(), pending: standing.pending() });
        }
        let shares: u64 = self.open.iter().map(|open| open.share.get().min(1 << 32)).sum();
        if shares > self.spent.get() {
            return Err(CycleError::Spent { spent: self.spent });
        }
        if !ascends(&self.open, |open| &open.draw) || self.last > LARGEST {
            return Err(CycleError::order(self.last));
        }
        Ok(())
    }

    /// What is known about a unit.
    #[must_use]
    pub fn get(&self, unit: &UnitId) -> Option<&Standing> {
        self.place(unit).ok().map(|i| &self.standings[i])
    }

    fn place(&self, unit: &UnitId) -> Result<usize, usize> {
        self.standings.binary_search_by(|standing| standing.unit.cmp(unit))
    }

    /// The same with the standings of some units only, which ascend.
    pub(crate) fn excerpt<'a>(&self, units: impl Iterator<Item = &'a UnitId>) -> Self {
        let standings = units.filter_map(|unit| self.get(unit).cloned()).collect();
        Self {
            standings,
            items: self.items.clone(),
            last: self.last,
            open: self.open.clone(),
            spent: self.spent,
        }
    }

    /// The standings, ascending by unit.
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        &self.standings
    }

    /// The share of the cycle that its draws have spent, 0 to 1.
    #[must_use]
    pub const fn spent(&self) -> Billionths {
        self.spent
    }

    /// The sequence number of the last draw that stands; 0 before the first.
    #[must_use]
    pub const fn last_draw(&self) -> u64 {
        self.last
    }

    /// The last draw, and every other whose visits are not all settled, ascending.
    #[must_use]
    pub fn open(&self) -> &[OpenDraw] {
        &self.open
    }

    /// How often each item was checked in this cycle.
    #[must_use]
    pub const fn items(&self) -> &BTreeMap<Code, u64> {
        &self.items
    }

    /// The fields that both have.
    fn document(&self) -> CycleDocument<'_> {
        let Self { items, last, open, spent, standings } = self;
        CycleDocument {
            document: None,
            items: Cow::Borrowed(items),
            last: *last,
            open: open.into(),
            protocol: None,
            salt_key: None,
            spent: *spent,
            standings: standings.into(),
        }
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never for a cycle made by [`Cycle::new`].
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let file = CycleDocument {
            document: Some(Document::Cycle),
            protocol: Some(Protocol),
            salt_key: Some(key.clone()),
            ..self.document()
        };
        encode(&file).expect("counts below 2^53")
    }

    /// Reads an auditor's file.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a cycle.
    pub fn from_json(bytes: &[u8]) -> Result<(Self, SaltKey), JsonError> {
        let refused = |message: Message| JsonError::Schema { message };
        let file: CycleDocument<'_> = decode(bytes)?;
        let (Some(document), Some(Protocol), Some(salt_key)) =
            (file.document, file.protocol, file.salt_key.clone())
        else {
            return Err(refused(said!(
                "cycle.file",
                "the file of a cycle has document, protocol and salt_key"
            )));
        };
        document.expect(Document::Cycle)?;
        let cycle = file.cycle().map_err(|error| refused(error.message()))?;
        Ok((cycle, salt_key))
    }
}
