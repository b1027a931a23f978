//! The sample: the units to be inspected (the first random), and the reserves of each cell in order.
//!
//! Spec 5 and 6. Every pick has what it follows from: cell, ticket, cutoff.

use crate::bytes::{Digest, Half, batch};
use crate::cycle::{Drawn, DrawnRow, Event, Phase};
use crate::frame::Unit;
use crate::id::{Code, UnitId};
use crate::lot::allocation::allocate;
use crate::lot::tickets::{Tickets, smallest};
use crate::lot::{Key, picks, reserves};
use crate::odds::cells::{Cell, Scale};
use crate::odds::hazard::Due;
use crate::plan::{CellTable, Plan};
use crate::policy::{Billionths, Policy, Subsample};
use crate::seal::Seed;
use crate::stratum::StratumNode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A unit with its pseudonym and its ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// The unit.
    pub id: UnitId,
    /// The name under which it was drawn (Spec 4.1). The record proves that it was sealed with this id.
    pub pseudonym: Half,
    /// `H("lot", "<seed> <pseudonym>")`.
    pub ticket: Digest,
}

/// What one cell gave, as it stands in the record (Spec 12.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellSample {
    /// The ticket of the last pick; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cutoff: Option<Digest>,
    /// The picks, ascending by ticket.
    pub picks: Vec<Pick>,
    /// The first reserves, ascending by ticket.
    pub reserves: Vec<Pick>,
}

impl CellSample {
    /// All units that are shown: the picks, then the reserves.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &Pick> {
        self.picks.iter().chain(&self.reserves)
    }
}

/// A second-stage sample of the drawn visits, as it stands in the record (Spec 6.5 and 12.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsampled {
    /// What is done there.
    pub code: Code,
    /// The units, ascending.
    pub units: Vec<UnitId>,
}

/// The subsamples of a sample, from what a record shows: the paths of the cells and their picks.
pub(crate) fn subsamples(
    policy: &Policy,
    table: &CellTable,
    cells: &[CellSample],
    seed: &Digest,
) -> Vec<Subsampled> {
    let mut picks: BTreeMap<&str, Vec<(Half, &UnitId)>> = BTreeMap::new();
    for (row, cell) in table.cells.iter().zip(cells) {
        if !cell.picks.is_empty() {
            let units = cell.picks.iter().map(|pick| (pick.pseudonym, &pick.id));
            picks.entry(row.path.as_str()).or_default().extend(units);
        }
    }
    let picks: Vec<(&str, Vec<(Half, &UnitId)>)> = picks.into_iter().collect();
    let taken = |rule: &Subsample| {
        let seed = Key::new(policy.suite, *seed);
        let units = picks::subsample(&seed, rule.code.as_str(), rule.share.get(), &picks);
        Subsampled { code: rule.code.clone(), units: units.into_iter().cloned().collect() }
    };
    policy.subsamples.iter().map(taken).collect()
}

/// A unit of one cell in ticket order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked {
    /// Its position in the frame.
    pub(crate) unit: usize,
    pub(crate) ticket: Digest,
}

/// What one cell gave.
#[derive(Debug, Clone)]
pub(crate) struct CellDraw {
    /// Its units in ticket order, as far as they are wanted.
    pub(crate) ranked: Vec<Ranked>,
    /// How many of them are picked, the first ones.
    pub(crate) picked: usize,
}

impl CellDraw {
    fn picks(&self) -> &[Ranked] {
        &self.ranked[..self.picked]
    }

    fn reserves(&self) -> &[Ranked] {
        &self.ranked[self.picked..]
    }
}

/// Number of picks of all cells.
pub(crate) fn size(cells: &[CellDraw]) -> usize {
    cells.iter().map(|cell| cell.picked).sum()
}

/// The picked units' positions in the frame, ascending.
fn picked_positions(cells: &[CellDraw]) -> Vec<usize> {
    let mut units: Vec<usize> = cells.iter().flat_map(CellDraw::picks).map(|ranked| ranked.unit).collect();
    units.sort_unstable();
    units
}

/// The drawn units, cell by cell, with the reserves that the record shows.
#[derive(Debug, Clone)]
pub struct Sample<'a> {
    seed: &'a Seed<'a>,
    cells: Vec<CellDraw>,
}

impl<'a> Seed<'a> {
    /// Draws the institutions.
    #[must_use]
    pub fn draw(&'a self) -> Sample<'a> {
        let (plan, pseudonyms) = (self.sealed().plan(), self.sealed().pseudonyms().all());
        Sample { seed: self, cells: draw(plan, pseudonyms, &self.digest(), plan.policy().reserves) }
    }
}

/// Spec 5: how many units each cell gives.
pub(crate) fn picks(cells: &[Cell], scale: Scale, seed: &Key) -> Vec<usize> {
    let length = |count: u64| usize::try_from(count).expect("at most the units");
    allocate(cells, scale, seed).into_iter().map(length).collect()
}

/// Spec 5 and 6 over all cells of a plan, with so many reserves in each. The pseudonyms are those of all
/// units, by position.
fn draw(plan: &Plan, pseudonyms: &[Half], seed: &Digest, reserves: u64) -> Vec<CellDraw> {
    let seed = &Key::new(plan.policy().suite, *seed);
    let tickets = Tickets::new(seed);
    let made = batch::pieces(pseudonyms, |some| tickets.each(some));
    let picks = picks(plan.cells(), plan.scale(), seed);
    let reserves = usize::try_from(reserves).unwrap_or(usize::MAX);
    let mut keys = Vec::new();
    let mut cells = Vec::with_capacity(picks.len());
    for (cell, picked) in picks.into_iter().enumerate() {
        let wanted = picked.saturating_add(reserves);
        let found = smallest(&made, plan.members(cell), wanted, &mut keys);
        let ranked = found.into_iter().map(|(unit, ticket)| Ranked { unit, ticket }).collect();
        cells.push(CellDraw { ranked, picked });
    }
    cells
}

/// The sample as the record shows it, cell by cell.
pub(crate) fn documents(units: &[Unit], pseudonyms: &[Half], cells: &[CellDraw]) -> Vec<CellSample> {
    let show = |ranked: &Ranked| Pick {
        id: units[ranked.unit].id.clone(),
        pseudonym: pseudonyms[ranked.unit],
        ticket: ranked.ticket,
    };
    cells
        .iter()
        .map(|cell| CellSample {
            cutoff: cell.picks().last().map(|last| last.ticket),
            picks: cell.picks().iter().map(show).collect(),
            reserves: cell.reserves().iter().map(show).collect(),
        })
        .collect()
}

/// The sample as the record shows it, from a plan, the pseudonyms and a seed: what an auditor replays.
pub(crate) fn replay(plan: &Plan, pseudonyms: &[Half], seed: &Digest) -> Vec<CellSample> {
    documents(plan.frame().units(), pseudonyms, &draw(plan, pseudonyms, seed, plan.policy().reserves))
}

/// The picked units of a plan under a seed, as positions in the frame, ascending.
pub(crate) fn replay_positions(plan: &Plan, pseudonyms: &[Half], seed: &Digest) -> Vec<usize> {
    picked_positions(&draw(plan, pseudonyms, seed, 0))
}

/// The sample as the record shows it, with all reserves of every cell.
pub(crate) fn replay_whole(plan: &Plan, pseudonyms: &[Half], seed: &Digest) -> Vec<CellSample> {
    documents(plan.frame().units(), pseudonyms, &draw(plan, pseudonyms, seed, u64::MAX))
}

/// The unit that is visited in place of a drawn one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserve {
    /// This unit.
    Unit(UnitId),
    /// None: every unit that could have been drawn is used.
    Exhausted,
    /// Unknown: the answer lies beyond the given lists, because a record names only some reserves of each
    /// cell.
    NotShown,
}

/// The next reserve for a drawn unit or a replacement: first of its cell, then of each stratum around the
/// cell, innermost first, in ticket order and without new randomness (递补; Spec 16.4). `used` are the
/// replacements of this draw so far.
///
/// `table` and `cells` are those of a record, or of [`Sample::whole`]. `None` if the lists do not hold the
/// unit, or do not fit the table.
#[must_use]
pub fn next_reserve(
    table: &CellTable,
    cells: &[CellSample],
    unit: &UnitId,
    used: &BTreeSet<UnitId>,
) -> Option<Reserve> {
    let holds = |cell: &CellSample| cell.picks.iter().chain(&cell.reserves).any(|pick| &pick.id == unit);
    let own = cells.iter().position(holds)?;
    if table.cells.len() != cells.len() {
        return None;
    }
    // The first unused reserve of a cell; an error where the list ends before it is known.
    let first = |cell: usize| {
        let CellSample { picks, reserves, .. } = &cells[cell];
        let shown = u64::try_from(picks.len() + reserves.len()).unwrap_or(u64::MAX);
        match reserves.iter().find(|pick| !used.contains(&pick.id)) {
            None if shown < table.cells[cell].count => Err(reserves::NotShown),
            found => Ok(found.map(|pick| (pick.ticket, &pick.id))),
        }
    };
    let rows: Vec<(StratumNode<'_>, bool)> =
        table.cells.iter().map(|row| (row.path.node(), row.size != "0")).collect();
    Some(match reserves::next(&rows, own, first) {
        Ok(Some(id)) => Reserve::Unit(id.clone()),
        Ok(None) => Reserve::Exhausted,
        Err(reserves::NotShown) => Reserve::NotShown,
    })
}

impl<'a> Sample<'a> {
    /// The sample of a streamed draw.
    pub(crate) const fn of(seed: &'a Seed<'a>, cells: Vec<CellDraw>) -> Self {
        Self { seed, cells }
    }

    /// The seed it was drawn with.
    #[must_use]
    pub const fn seed(&self) -> &'a Seed<'a> {
        self.seed
    }

    /// The plan it was drawn from.
    #[must_use]
    pub const fn plan(&self) -> &'a Plan {
        self.seed.sealed().plan()
    }

    /// Number of picks.
    #[must_use]
    pub fn len(&self) -> usize {
        size(&self.cells)
    }

    /// Whether nothing was drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The picked units, ascending by id.
    #[must_use]
    pub fn units(&self) -> Vec<&'a Unit> {
        self.positions().into_iter().map(|unit| &self.plan().frame().units()[unit]).collect()
    }

    /// The picked units' positions in the frame, ascending.
    pub(crate) fn positions(&self) -> Vec<usize> {
        picked_positions(&self.cells)
    }

    /// All units of a cell that were not picked, in the order in which they replace a pick. Empty if there is
    /// no such cell. Their tickets are made for each call.
    pub fn reserves(&self, cell: usize) -> impl Iterator<Item = (&'a Unit, Digest)> + '_ {
        let plan = self.plan();
        let units = plan.frame().units();
        let tickets = Tickets::new(&Key::new(plan.policy().suite, self.seed.digest()));
        let pseudonyms = self.pseudonyms();
        let members = plan.members(cell).iter().map(|&unit| (unit, pseudonyms[unit]));
        let picked = self.cells.get(cell).map_or(0, |cell| cell.picked);
        tickets.in_order(members).into_iter().skip(picked).map(|(unit, ticket)| (&units[unit], ticket))
    }

    /// The sample cell by cell, as it stands in the record.
    #[must_use]
    pub fn cells(&self) -> Vec<CellSample> {
        documents(self.plan().frame().units(), self.pseudonyms(), &self.cells)
    }

    /// The pseudonyms of all units, by position.
    fn pseudonyms(&self) -> &'a [Half] {
        self.seed.sealed().pseudonyms().all()
    }

    /// The same with all reserves of every cell: what [`next_reserve`] takes. All tickets are made for each
    /// call.
    #[must_use]
    pub fn whole(&self) -> Vec<CellSample> {
        replay_whole(self.plan(), self.pseudonyms(), &self.seed.digest())
    }

    /// The cells in the order of the table: the positions of all their units in ticket order with their
    /// tickets, and how many are picked.
    pub(crate) fn ranked(&self) -> impl Iterator<Item = (Vec<(usize, Digest)>, usize)> + '_ {
        let whole = draw(self.plan(), self.pseudonyms(), &self.seed.digest(), u64::MAX);
        whole.into_iter().map(|cell| (cell.ranked.iter().map(|r| (r.unit, r.ticket)).collect(), cell.picked))
    }

    /// The second-stage samples of the policy, in its order.
    #[must_use]
    pub fn subsamples(&self) -> Vec<Subsampled> {
        let plan = self.plan();
        // Table and sample are not copied for a policy without subsamples.
        if plan.policy().subsamples.is_empty() {
            return Vec::new();
        }
        subsamples(plan.policy(), &plan.table(), &self.cells(), &self.seed.digest())
    }

    /// The event of this draw, for [`Cycle::apply`](crate::Cycle::apply) (Spec 10.6, step 5).
    ///
    /// # Panics
    /// Never: the picks are those that the seed gives, and probabilities and shares are at most one.
    #[must_use]
    pub fn drawn(&self) -> Event {
        let number = self.seed.sealed().seal().sequence;
        let (seed, positions) = (self.seed.digest(), self.positions());
        let drawn = drawn(self.plan(), number, &seed, self.pseudonyms(), &positions);
        Event::Drawn(drawn.expect("picks that the seed gives"))
    }
}

/// The event of a draw: what it adds to the exposure of each unit, which picks are credited, and with which
/// phases units begin. The pseudonyms are those of all units, by position. `None` for picks that no seed
/// gives: one that cannot be drawn, or a unit left out that is certain. A record can claim them.
pub(crate) fn drawn(
    plan: &Plan,
    draw: u64,
    seed: &Digest,
    pseudonyms: &[Half],
    positions: &[usize],
) -> Option<Drawn> {
    let (policy, units) = (plan.policy(), plan.frame().units());
    let rows = EventRows::new(policy, *seed);
    if positions.iter().any(|position| plan.exposure(*position).is_none()) {
        return None;
    }
    let row = |(position, due)| {
        let picked = positions.binary_search(&position).is_ok();
        let size = plan.probability(position)?;
        rows.row(&units[position], pseudonyms.get(position), (size, due), picked)
    };
    let drawable = |position| plan.exposure(position).map(|_| (position, plan.due(position)));
    let rows = (0..units.len()).filter_map(drawable).map(row).collect::<Option<Vec<DrawnRow>>>()?;
    Some(Drawn::of_rows(policy.as_of, draw, policy.round().share, rows))
}

/// Makes what a draw is to single units.
pub(crate) struct EventRows<'a> {
    windows: BTreeMap<(&'a Code, &'a Code), u64>,
    seed: Key,
}

impl<'a> EventRows<'a> {
    pub(crate) fn new(policy: &'a Policy, seed: Digest) -> Self {
        let entries = policy.frequency.iter();
        let windows = entries.map(|entry| ((&entry.risk, &entry.credit), entry.cycles)).collect();
        Self { windows, seed: Key::new(policy.suite, seed) }
    }

    /// The row of a unit that could be drawn with this probability, and its schedule (Spec 6.4, 6.6 and
    /// 10.6). `None` for a unit that no seed leaves out, or without a pseudonym that is needed.
    pub(crate) fn row(
        &self,
        unit: &Unit,
        pseudonym: Option<&Half>,
        (size, due): (u64, Option<Due>),
        picked: bool,
    ) -> Option<DrawnRow> {
        // Schedule and exposure of a one-off draw are its probability.
        let (scheduled, added) = due.map_or((size, size), |due| due.settle(size));
        let credited = picked.then(|| picks::credited(&self.seed, unit.id.as_str(), size, scheduled));
        let weights = |due: Due| Some((due.balance.slack, due.phases(scheduled, credited == Some(true))?));
        let phase = match due.and_then(weights) {
            Some((_, weights)) if weights.iter().all(|(_, weight)| *weight == 0) => return None,
            Some((slack, weights)) => {
                let slack = Billionths::new(slack).expect("that of a level");
                Some(Phase { slack, visits: picks::phase(&self.seed, pseudonym?, &weights) })
            }
            None => None,
        };
        let add = Billionths::new(added).expect("at most two visits");
        let cycles = self.windows.get(&(&unit.risk, &unit.credit)).copied().unwrap_or(1);
        Some(DrawnRow { add, credited, cycles, phase, unit: unit.id.clone() })
    }
}
