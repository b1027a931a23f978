//! A cycle as rows, one for each unit, in the order of ids: so it is sealed under a root (Spec 4.4), and so
//! it can stand in a database. Events of visits touch the rows that they name. Draws, voids and the end of
//! the cycle are passes over all rows, a merge of two lists in the order of ids (Spec 9.6).
//!
//! Every effect on a row is that of [`Cycle::apply`]: both call the same functions.

use super::fold::may_draw;
use super::{Added, Cycle, CycleError, DrawnRow, Event, EventError, OpenDraw, OpenRow, Standing};
use crate::bytes::{Digest, Frontier, Label, Prefix, SaltKey, Suite, batch, encode};
use crate::calendar::Date;
use crate::id::{Code, UnitId};
use crate::policy::Billionths;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// All that a cycle holds about one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CycleRow {
    /// What the open draws changed, ascending by draw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opens: Vec<OpenRow>,
    /// The standing.
    pub standing: Standing,
}

/// An open draw without what it changed of each unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenHead {
    /// The number of the draw before it, 0 if there is none.
    pub before: u64,
    /// Its sequence number.
    pub draw: u64,
    /// The number of visits that are still to be made.
    pub pending: u64,
    /// The share of the cycle that it stands for.
    pub share: Billionths,
}

/// All that a cycle holds besides its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CycleHead {
    /// How often each item was checked.
    pub items: BTreeMap<Code, u64>,
    /// The number of the last draw that stands; 0 before the first.
    pub last: u64,
    /// The open draws, ascending.
    pub open: Vec<OpenHead>,
    /// The share of the cycle that its draws have spent, 0 to 1.
    pub spent: Billionths,
}

/// The data of a row's leaf: keys in byte order.
#[derive(Serialize)]
struct CycleLeaf<'a> {
    #[serde(skip_serializing_if = "<[OpenRow]>::is_empty")]
    opens: &'a [OpenRow],
    salt: Digest,
    standing: &'a Standing,
}

/// The committed head: keys in byte order.
#[derive(Serialize)]
struct Committed<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    items: &'a BTreeMap<Code, u64>,
    last: u64,
    #[serde(skip_serializing_if = "<[OpenHead]>::is_empty")]
    open: &'a [OpenHead],
    salt: Digest,
    spent: Billionths,
    standings: RowsCommitment,
}

/// Root and size of the tree over salted rows of units in the order of ids (Spec 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsCommitment {
    /// Root.
    pub root: Digest,
    /// Rows.
    pub size: u64,
}

impl From<&Frontier> for RowsCommitment {
    fn from(rows: &Frontier) -> Self {
        Self { root: rows.root(), size: u64::try_from(rows.size()).expect("a length") }
    }
}

/// Rows that are held at a time while their leaves are hashed, on all cores.
const HELD: usize = 1 << 16;

impl CycleHead {
    /// Whether a draw is open.
    fn is_open(&self, draw: u64) -> bool {
        self.open.binary_search_by_key(&draw, |open| open.draw).is_ok()
    }

    /// Leaves out of a row what it holds of draws that are open no longer.
    pub(crate) fn tidy(&self, row: &mut CycleRow) {
        row.opens.retain(|open| self.is_open(open.draw));
    }

    fn tidied(&self, mut row: CycleRow) -> CycleRow {
        self.tidy(&mut row);
        row
    }

    /// The digest of the cycle with these rows.
    pub(crate) fn digest(&self, suite: Suite, key: &SaltKey, standings: RowsCommitment) -> Digest {
        let Self { items, last, open, spent } = self;
        let salt = key.list(suite, "cycle");
        let committed = Committed { items, last: *last, open, salt, spent: *spent, standings };
        suite.digest(Label::Cycle, &encode(&committed).expect("counts below 2^53"))
    }

    /// The rules of Spec 9.4 that the head alone can break.
    pub(crate) fn check(&self) -> Result<(), CycleError> {
        let all = Cycle::excerpt_of(&Self { open: Vec::new(), ..self.clone() }, []);
        all.check()?;
        if self.last > super::LARGEST || !super::ascends(&self.open, |open| &open.draw) {
            return Err(CycleError::order(self.last));
        }
        for open in &self.open {
            open.check(self.last)?;
        }
        let shares: u64 = self.open.iter().map(|open| open.share.get().min(1 << 32)).sum();
        if shares > self.spent.get() { Err(CycleError::Spent { spent: self.spent }) } else { Ok(()) }
    }

    /// The cycle after a draw: a merge of its rows and those of the draw, both ascending by unit. `put` is
    /// given the rows of the cycle after the draw, ascending. After an error they are void.
    ///
    /// # Errors
    /// As for [`Cycle::apply`].
    pub fn drawn(
        &self,
        (as_of, draw, share): (Date, u64, Billionths),
        rows: impl IntoIterator<Item = CycleRow>,
        drawn: impl IntoIterator<Item = DrawnRow>,
        mut put: impl FnMut(CycleRow),
    ) -> Result<Self, EventError> {
        let spent = may_draw(self.last, self.spent, draw, share)?;
        // The draw before can be voided no more.
        let mut open: Vec<OpenHead> = self.open.iter().filter(|open| open.pending > 0).cloned().collect();
        let mut after = Self { items: self.items.clone(), last: draw, open: open.clone(), spent };
        let (mut pending, mut before) = (0, None::<UnitId>);
        let (mut rows, mut drawn) = (rows.into_iter().peekable(), drawn.into_iter().peekable());
        loop {
            let next = match (rows.peek(), drawn.peek()) {
                (Some(row), Some(unit)) => row.standing.unit.cmp(&unit.unit),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let row = if next == Ordering::Greater { None } else { rows.next() };
            let unit = if next == Ordering::Less { None } else { drawn.next() };
            let row = match (row, unit) {
                (Some(row), None) => after.tidied(row),
                (row, Some(unit)) => {
                    let known = row.as_ref().map(|row| &row.standing);
                    let (standing, added) = Standing::drawn(known, &unit, as_of)?;
                    pending += u64::from(unit.credited.is_some());
                    let mut row = after
                        .tidied(CycleRow { opens: row.map_or_else(Vec::new, |row| row.opens), standing });
                    row.opens.push(OpenRow::of(draw, &added, unit.credited));
                    row
                }
                (None, None) => break,
            };
            if before.as_ref().is_some_and(|before| *before >= row.standing.unit) {
                return Err(EventError::List { list: "units" });
            }
            before = Some(row.standing.unit.clone());
            put(row);
        }
        open.push(OpenHead { before: self.last, draw, pending, share });
        after.open = open;
        Ok(after)
    }

    /// The cycle after its last draw was voided: `put` is given the rows that are left of these.
    ///
    /// # Errors
    /// As for [`Cycle::apply`].
    pub fn voided(
        &self,
        draw: u64,
        rows: impl IntoIterator<Item = CycleRow>,
        mut put: impl FnMut(CycleRow),
    ) -> Result<Self, EventError> {
        let at = self.open.binary_search_by_key(&draw, |open| open.draw);
        let at = at.map_err(|_| EventError::NotOpen { draw })?;
        if draw != self.last {
            return Err(EventError::NotLast { draw, last: self.last });
        }
        let mut after = self.clone();
        let OpenHead { before, share, .. } = after.open.remove(at);
        after.last = before;
        after.spent = Billionths::new(self.spent.get() - share.get()).expect("at most ONE");
        for mut row in rows {
            let own = row.opens.iter().find(|open| open.draw == draw).copied();
            if !own.is_some_and(|own| row.standing.take_back(&own)) {
                put(after.tidied(row));
            }
        }
        Ok(after)
    }

    /// The cycle after the end of this one: `put` is given each of its rows as the next one begins with it.
    /// After an error they are void.
    ///
    /// # Errors
    /// As for [`Cycle::apply`].
    pub fn closed(
        &self,
        rows: impl IntoIterator<Item = CycleRow>,
        mut put: impl FnMut(CycleRow),
    ) -> Result<Self, EventError> {
        let (mut units, mut first) = (0, None);
        for CycleRow { mut standing, .. } in rows {
            if standing.pending() > 0 {
                units += 1;
                first.get_or_insert(standing.unit.clone());
            }
            standing.close();
            put(CycleRow { opens: Vec::new(), standing });
        }
        match first {
            Some(unit) => Err(EventError::Unsettled { units, unit }),
            None => Ok(Self { last: self.last, ..Self::default() }),
        }
    }

    /// The cycle after a visit, a miss, a replacement or an inspection, and the rows of the units that it
    /// names: it takes those that there are of them, ascending. All other rows stay. One may still name draws
    /// that are open no longer: whatever reads it leaves them out.
    ///
    /// # Errors
    /// As for [`Cycle::apply`].
    pub fn touched(
        &self,
        rows: impl IntoIterator<Item = CycleRow>,
        event: &Event,
    ) -> Result<(Self, Vec<CycleRow>), EventError> {
        let mut cycle = Cycle::excerpt_of(self, rows);
        let here = |cycle: &Cycle| -> BTreeMap<u64, u64> {
            cycle.head().open.iter().map(|open| (open.draw, open.pending)).collect()
        };
        let before = here(&cycle);
        // A draw of which nothing is pending here may be pending elsewhere.
        for open in cycle.step(event)? {
            let at = cycle.open.partition_point(|known| known.draw < open.draw);
            cycle.open.insert(at, open);
        }
        let mut after = cycle.head();
        for open in &mut after.open {
            let all = self.open.iter().find(|known| known.draw == open.draw).map_or(0, |known| known.pending);
            open.pending += all - before.get(&open.draw).copied().unwrap_or(0);
        }
        let last = after.last;
        after.open.retain(|open| open.pending > 0 || open.draw == last);
        let rows = cycle.rows().map(|row| after.tidied(row)).collect();
        Ok((after, rows))
    }
}

/// Commits to the rows of a cycle as they come, in the order of ids (Spec 4.4). They are not kept.
#[derive(Debug, Clone)]
pub struct CycleCensus<'a> {
    suite: Suite,
    key: &'a SaltKey,
    head: &'a CycleHead,
    leaves: RowLeaves,
    rows: Frontier,
}

impl<'a> CycleCensus<'a> {
    /// No rows yet of the cycle with this head.
    #[must_use]
    pub fn new(suite: Suite, key: &'a SaltKey, head: &'a CycleHead) -> Self {
        Self { suite, key, head, leaves: RowLeaves::new(suite, key), rows: Frontier::new(suite) }
    }

    /// Takes in the row of the next unit.
    ///
    /// # Panics
    /// Never for the row of a cycle: its counts are below 2⁵³.
    pub fn push(&mut self, row: CycleRow) {
        let row = self.head.tidied(row);
        self.rows.push(self.leaves.leaf(&row.opens, &row.standing));
    }

    /// The commitment to the cycle.
    ///
    /// # Panics
    /// Never for the head of a cycle.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.head.digest(self.suite, self.key, RowsCommitment::from(&self.rows))
    }
}

/// Hashes rows of a cycle (Spec 4.4).
#[derive(Debug, Clone)]
pub(crate) struct RowLeaves {
    suite: Suite,
    salts: Prefix,
}

impl RowLeaves {
    pub(crate) fn new(suite: Suite, key: &SaltKey) -> Self {
        Self { suite, salts: key.rows(suite, &[b"standing"]) }
    }

    /// The leaves of such rows, in their order.
    fn each(&self, rows: &[(Vec<OpenRow>, &Standing)]) -> Vec<Digest> {
        let ids: Vec<&str> = rows.iter().map(|(_, standing)| standing.unit.as_str()).collect();
        let data = |((opens, standing), salt): (&(Vec<OpenRow>, &Standing), Digest)| {
            encode(&CycleLeaf { opens, salt, standing }).expect("counts below 2^53")
        };
        let texts: Vec<Vec<u8>> = rows.iter().zip(self.salts.each(&ids)).map(data).collect();
        self.suite.leaves(&texts)
    }

    /// The leaf of a row without draws that are open no longer.
    pub(crate) fn leaf(&self, opens: &[OpenRow], standing: &Standing) -> Digest {
        let salt = self.salts.finish(standing.unit.as_str().as_bytes());
        let data = encode(&CycleLeaf { opens, salt, standing }).expect("counts below 2^53");
        self.suite.leaf(&data)
    }
}

impl OpenHead {
    fn check(&self, last: u64) -> Result<(), CycleError> {
        let &Self { before, draw, pending, .. } = self;
        if before >= draw || draw > last {
            return Err(CycleError::number(draw));
        }
        if pending == 0 && draw != last { Err(CycleError::settled(draw)) } else { Ok(()) }
    }
}

impl CycleRow {
    /// The rules of Spec 9.4 that a row without draws that are open no longer can break.
    pub(crate) fn check(&self) -> Result<(), CycleError> {
        let Self { opens, standing } = self;
        standing.check()?;
        if !super::ascends(opens, |open| &open.draw) {
            return Err(CycleError::order(opens[0].draw));
        }
        let (mut pending, mut credited) = (0, 0);
        for (place, open) in opens.iter().enumerate() {
            if !open.phases_fit() {
                return Err(CycleError::phase(open.draw));
            }
            if !open.was.map_or(place == 0, |was| (1..=20).contains(&was)) {
                return Err(CycleError::standing(open.draw));
            }
            pending += u64::from(open.pending.is_some());
            credited += u64::from(open.pending == Some(true));
            if pending > standing.pending() || credited > standing.credited {
                return Err(CycleError::pending(open.draw));
            }
        }
        if pending == standing.pending() {
            return Ok(());
        }
        Err(CycleError::Unsettled { unit: standing.unit.clone(), pending: standing.pending() })
    }
}

impl Cycle {
    /// All but the rows.
    #[must_use]
    pub fn head(&self) -> CycleHead {
        let open = |open: &OpenDraw| OpenHead {
            before: open.before,
            draw: open.draw,
            pending: u64::try_from(open.pending.len()).expect("a length"),
            share: open.share,
        };
        let open = self.open.iter().map(open).collect();
        CycleHead { items: self.items.clone(), last: self.last, open, spent: self.spent }
    }

    /// The rows, ascending by unit.
    pub fn rows(&self) -> impl Iterator<Item = CycleRow> + '_ {
        self.row_parts().map(|(opens, standing)| CycleRow { opens, standing: standing.clone() })
    }

    fn row_parts(&self) -> impl Iterator<Item = (Vec<OpenRow>, &Standing)> + '_ {
        let mut open: Vec<_> = self.open.iter().map(|open| (open, open.units.iter().peekable())).collect();
        self.standings.iter().map(move |standing| {
            let row = |(open, units): &mut (&OpenDraw, std::iter::Peekable<std::slice::Iter<'_, Added>>)| {
                let added = units.next_if(|added| added.unit == standing.unit)?;
                Some(OpenRow::of(open.draw, added, open.pending.get(&standing.unit).copied()))
            };
            (open.iter_mut().filter_map(row).collect(), standing)
        })
    }

    /// The cycle of a head and all its rows, ascending by unit. What a row holds of draws that are open no
    /// longer is left out.
    ///
    /// # Errors
    /// The rows break a rule of Spec 9.4.
    pub fn of_rows(head: &CycleHead, rows: impl IntoIterator<Item = CycleRow>) -> Result<Self, CycleError> {
        let cycle = Self::excerpt_of(head, rows);
        cycle.check()?;
        Ok(cycle)
    }

    /// The same of some rows.
    pub(crate) fn excerpt_of(head: &CycleHead, rows: impl IntoIterator<Item = CycleRow>) -> Self {
        let open = |&OpenHead { before, draw, share, .. }: &OpenHead| OpenDraw {
            before,
            draw,
            pending: BTreeMap::new(),
            share,
            units: Vec::new(),
        };
        let mut cycle = Self {
            items: head.items.clone(),
            last: head.last,
            open: head.open.iter().map(open).collect(),
            spent: head.spent,
            standings: Vec::new(),
        };
        for CycleRow { opens, standing } in rows {
            for row in opens {
                let Ok(at) = cycle.open_draw(row.draw) else { continue };
                cycle.open[at].units.push(row.added(&standing.unit));
                if let Some(credited) = row.pending {
                    cycle.open[at].pending.insert(standing.unit.clone(), credited);
                }
            }
            cycle.standings.push(standing);
        }
        cycle
    }

    /// The commitment to the cycle (Spec 4.4).
    ///
    /// # Panics
    /// Never for a cycle made by [`Cycle::new`].
    #[must_use]
    pub fn digest(&self, suite: Suite, key: &SaltKey) -> Digest {
        let head = self.head();
        let mut census = CycleCensus::new(suite, key, &head);
        let (mut rows, mut some) = (self.row_parts(), Vec::new());
        while {
            // A part of the rows at a time is held beside the cycle.
            some.clear();
            some.extend(rows.by_ref().take(HELD));
            !some.is_empty()
        } {
            census.rows.extend(batch::pieces(&some, |rows| census.leaves.each(rows)));
        }
        census.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::super::history::tests::{Numbers, began};
    use super::*;

    /// A cycle that stands in rows.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Stored {
        head: CycleHead,
        rows: BTreeMap<UnitId, CycleRow>,
    }

    impl Stored {
        fn apply(&mut self, event: &Event) -> Result<(), EventError> {
            let all = self.rows.values().cloned().collect::<Vec<_>>();
            let mut after = BTreeMap::new();
            let put = |row: CycleRow| assert_eq!(after.insert(row.standing.unit.clone(), row), None);
            let named = match event {
                Event::Drawn(drawn) => {
                    let of_draw = (drawn.as_of, drawn.draw, drawn.share);
                    self.head = self.head.drawn(of_draw, all, drawn.rows(), put)?;
                    self.rows = after;
                    return Ok(());
                }
                Event::Voided { draw, .. } => {
                    self.head = self.head.voided(*draw, all, put)?;
                    self.rows = after;
                    return Ok(());
                }
                Event::CycleClosed {} => {
                    self.head = self.head.closed(all, put)?;
                    self.rows = after;
                    return Ok(());
                }
                Event::Replaced { by, unit, .. } => [by, unit].map(Clone::clone).to_vec(),
                Event::Visited { unit, .. } | Event::Missed { unit, .. } | Event::Inspected { unit, .. } => {
                    vec![unit.clone()]
                }
            };
            let own: Vec<CycleRow> =
                all.into_iter().filter(|row| named.contains(&row.standing.unit)).collect();
            let (head, rows) = self.head.touched(own, event)?;
            self.head = head;
            self.rows.extend(rows.into_iter().map(|row| (row.standing.unit.clone(), row)));
            Ok(())
        }
    }

    /// Whatever happens, in whatever order: a cycle in rows is the one in memory, is refused the same, and
    /// has the same digest, although rows still name draws that are settled.
    #[test]
    fn a_cycle_in_rows_is_the_one_in_memory() {
        let (mut followed, mut refused, mut untidy) = (0_u32, 0_u32, 0_u32);
        for seed in 1..100 {
            let mut n = Numbers(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
            let mut cycle = began(&mut n);
            let rows = cycle.rows().map(|row| (row.standing.unit.clone(), row)).collect();
            let mut stored = Stored { head: cycle.head(), rows };
            for _ in 0..80 {
                let event = n.event(&cycle);
                let before = stored.clone();
                let applied = cycle.apply(&event);
                assert_eq!(stored.apply(&event), applied, "{event:?}");
                match applied {
                    Ok(()) => followed += 1,
                    Err(_) => {
                        assert_eq!(stored, before);
                        refused += 1;
                    }
                }
                assert_eq!(stored.head, cycle.head());
                let again = Cycle::of_rows(&stored.head, stored.rows.values().cloned());
                assert_eq!(again.as_ref(), Ok(&cycle));
                untidy += u32::from(!stored.rows.values().cloned().eq(cycle.rows()));
                let key = SaltKey::new([7; 32]);
                let mut census = CycleCensus::new(Suite::Sha256, &key, &stored.head);
                stored.rows.values().cloned().for_each(|row| census.push(row));
                assert_eq!(census.digest(), cycle.digest(Suite::Sha256, &key));
            }
        }
        assert!(followed > 4_000 && refused > 100 && untidy > 100, "{followed} {refused} {untidy}");
    }
}
