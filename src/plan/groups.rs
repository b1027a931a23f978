//! Counts of units that share stratum path, size and certainty: how a frame becomes cells without a list of
//! their members (Spec 10.3 to 10.5).
//!
//! Every unit that may be drawn is counted in one group. Where the bounds give the first units of a group a
//! size of one billionth more than the others, the group is split in two, and the first units in ascending
//! order of ids belong to the first part. The cell of a unit therefore follows from its group and from the
//! number of units of that group before it. A frame of any length is assigned to its cells in one pass, and
//! memory grows with the number of groups only.

use super::PlanError;
use crate::odds::ONE;
use crate::odds::cells::{Cell, mark_certain};
use crate::odds::guard::Fitted;
use crate::policy::Design;
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeMap;

/// What the units of a group share. Keys are ordered as the rows of the cell table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GroupKey {
    /// Stratum path, the occasion included.
    pub(super) path: StratumPath,
    /// Inclusion probability in billionths; in a number draw the measure of size.
    pub(super) size: u64,
    /// Whether a rule of `certainties` makes the units certain.
    pub(super) certain: bool,
}

/// Where the units of a group belong.
#[derive(Debug, Clone, Copy)]
enum Route {
    /// The group is still being counted, or has not been given a cell yet.
    Open,
    /// The first `plus` units belong to the group `first`, the others to `rest`. A part without units has no
    /// group.
    Split { plus: u64, first: Option<u32>, rest: Option<u32> },
    /// All units belong to the cell of this number.
    Cell(u32),
}

/// The groups of a frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// Units of each group.
    counts: Vec<u64>,
    routes: Vec<Route>,
    /// The groups that have not been split.
    open: BTreeMap<GroupKey, u32>,
}

fn index(group: u32) -> usize {
    usize::try_from(group).expect("a position")
}

impl Groups {
    /// The number of the group with this key. A new group has no units.
    pub(super) fn open(&mut self, key: GroupKey) -> u32 {
        let next = u32::try_from(self.counts.len()).expect("fewer than 2^32 groups");
        *self.open.entry(key).or_insert_with(|| {
            self.counts.push(0);
            self.routes.push(Route::Open);
            next
        })
    }

    /// Counts one more unit of a group.
    pub(super) fn count(&mut self, group: u32) {
        self.add(group, 1);
    }

    /// Counts more units of a group.
    pub(super) fn add(&mut self, group: u32, units: u64) {
        self.counts[index(group)] += units;
    }

    /// The units of a group.
    pub(super) fn counted(&self, group: u32) -> u64 {
        self.counts[index(group)]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The groups within a node with their numbers of units, in the order of the table.
    pub(super) fn within<'a>(&'a self, node: StratumNode<'_>) -> impl Iterator<Item = (&'a GroupKey, u64)> {
        // In the order of texts, `a.b` stands between `a` and its child `a/x`, and does not lie within `a`.
        self.open
            .range(GroupKey { path: node.to_path(), size: 0, certain: false }..)
            .take_while(move |(key, _)| key.path.as_str().starts_with(node.as_str()))
            .filter(move |(key, _)| key.path.within(node))
            .map(|(key, group)| (key, self.counts[index(*group)]))
    }

    /// Gives groups their new sizes. Units whose keys become equal are one group again.
    pub(super) fn fit(&mut self, fitted: impl Iterator<Item = (GroupKey, Fitted)>) {
        // All old groups are taken out before new ones come in: a new key can equal the key of a group still
        // to be split.
        let mut split: Vec<(u32, GroupKey, Fitted)> = Vec::new();
        for (key, fitted) in fitted {
            let group = self.open.remove(&key).expect("a group of this node");
            split.push((group, key, fitted));
        }
        for (group, GroupKey { path, certain, .. }, Fitted { size, plus }) in split {
            let units = self.counts[index(group)];
            assert!(plus <= units, "at most the units");
            let first = self.part(GroupKey { path: path.clone(), size: size + 1, certain }, plus);
            let rest = self.part(GroupKey { path, size, certain }, units - plus);
            self.routes[index(group)] = Route::Split { plus, first, rest };
        }
    }

    /// The group of one part of a split group, with the units of the part added; `None` for a part without
    /// units.
    fn part(&mut self, key: GroupKey, units: u64) -> Option<u32> {
        (units > 0).then(|| {
            let part = self.open(key);
            self.counts[index(part)] += units;
            part
        })
    }

    /// The cells in the order of the table, those that are certain by their size included, and the way from
    /// each group to its cell (Spec 10.5).
    pub(super) fn cells(self, design: &Design) -> Result<(Vec<Cell>, CellRoutes), PlanError> {
        let Self { counts, mut routes, open } = self;
        let groups = open.into_iter().map(|(key, group)| (key, vec![group]));
        let (cells, parts) = match *design {
            Design::Number { number: asked } => {
                let (mut cells, parts) = merge(groups, &counts);
                let certain: u64 = cells.iter().filter(|c| c.certain).map(|c| c.count).sum();
                let there_are: u64 = cells.iter().filter(|c| c.certain || c.size > 0).map(|c| c.count).sum();
                if asked > there_are {
                    return Err(PlanError::MoreThanThereIs { asked, there_are });
                }
                if asked < certain {
                    return Err(PlanError::FewerThanCertain { asked, certain });
                }
                mark_certain(&mut cells, asked);
                // A cell that has become certain by its size may equal one that a rule made certain: they are
                // one cell.
                let key = |cell: Cell| GroupKey { path: cell.path, size: cell.size, certain: cell.certain };
                merge(cells.into_iter().map(key).zip(parts), &counts)
            }
            Design::Rate { .. } | Design::Frequency {} => {
                let by_size = |key: GroupKey| GroupKey { certain: key.size == ONE, ..key };
                merge(groups.map(|(key, groups)| (by_size(key), groups)), &counts)
            }
        };
        for (cell, groups) in (0..).zip(parts) {
            for group in groups {
                routes[index(group)] = Route::Cell(cell);
            }
        }
        Ok((cells, CellRoutes { routes }))
    }
}

/// One cell for each key, and the groups that it is made of.
fn merge(groups: impl Iterator<Item = (GroupKey, Vec<u32>)>, counts: &[u64]) -> (Vec<Cell>, Vec<Vec<u32>>) {
    let mut merged: BTreeMap<GroupKey, Vec<u32>> = BTreeMap::new();
    for (key, groups) in groups {
        merged.entry(key).or_default().extend(groups);
    }
    let cell = |(GroupKey { path, size, certain }, groups): (GroupKey, Vec<u32>)| {
        let count = groups.iter().map(|group| counts[index(*group)]).sum();
        (Cell { path, size, count, certain }, groups)
    };
    merged.into_iter().map(cell).unzip()
}

/// The way from every group to the cells of its units.
#[derive(Debug, Clone)]
pub(crate) struct CellRoutes {
    routes: Vec<Route>,
}

impl CellRoutes {
    /// Whether units of a group can belong to a cell.
    pub(crate) fn leads(&self, group: u32, cell: u32) -> bool {
        match self.routes.get(index(group)) {
            Some(Route::Cell(own)) => *own == cell,
            Some(Route::Split { first, rest, .. }) => {
                [first, rest].into_iter().flatten().any(|part| self.leads(*part, cell))
            }
            Some(Route::Open) | None => false,
        }
    }

    /// Begins to assign the units of a frame to their cells.
    pub(crate) fn assigner(&self) -> CellAssigner<'_> {
        CellAssigner { routes: &self.routes, seen: vec![0; self.routes.len()] }
    }
}

/// Assigns units to their cells. It must be given all units of the frame that may be drawn, in ascending
/// order of ids. Of those before the first, the numbers in each group are enough (Spec 26.3).
#[derive(Debug, Clone)]
pub(crate) struct CellAssigner<'a> {
    routes: &'a [Route],
    /// The number of units of each group so far.
    seen: Vec<u64>,
}

impl CellAssigner<'_> {
    /// Passes over units of a group that come before all that are assigned. Where they go does not matter to
    /// anything but the number of units that each part of a split group has then.
    pub(crate) fn pass(&mut self, group: u32, units: u64) {
        let Route::Split { plus, first, rest } = self.routes[index(group)] else { return };
        let seen = &mut self.seen[index(group)];
        let before = (*seen).min(plus);
        *seen += units;
        let in_first = (*seen).min(plus) - before;
        for (part, units) in [(first, in_first), (rest, units - in_first)] {
            part.filter(|_| units > 0).into_iter().for_each(|part| self.pass(part, units));
        }
    }

    /// The cell of the next unit, which was counted in this group. `None` if the group had fewer units when
    /// it was counted.
    pub(crate) fn assign(&mut self, mut group: u32) -> Option<u32> {
        loop {
            match self.routes[index(group)] {
                Route::Cell(cell) => return Some(cell),
                Route::Open => unreachable!("every group that was not split has a cell"),
                Route::Split { plus, first, rest } => {
                    let seen = &mut self.seen[index(group)];
                    *seen += 1;
                    group = if *seen <= plus { first? } else { rest? };
                }
            }
        }
    }
}
