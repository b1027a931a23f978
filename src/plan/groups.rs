//! Units that are alike to chance, counted: from measures to cells without a list of who is where (Spec 10.3 to 10.5).
//!
//! A unit enters the group of its path and measure. Where the bounds give the first units of a group another size than the rest, the group
//! is split, and its units are handed on in ascending order of ids. So the cell of a unit follows from its group and from how many units of
//! the group came before it: a frame of any length is placed in one pass, and what is kept grows with the groups only.

use super::PlanError;
use crate::chance::ONE;
use crate::chance::allocation::{Cell, mark_certain};
use crate::chance::guard::Fitted;
use crate::policy::Design;
use crate::stratum::{StratumNode, StratumPath};
use std::collections::BTreeMap;

/// What makes units alike: path, size, and whether a rule makes them certain. The order is that of the table.
pub(super) type Alike = (StratumPath, u64, bool);

/// A group that is still together, or the two that its units were handed on to.
#[derive(Debug, Clone, Copy)]
enum Course {
    Together,
    /// The first `plus` units go on to one group, the rest to another.
    Split {
        plus: u64,
        first: u32,
        rest: u32,
    },
    Cell(u32),
}

/// The groups of a frame.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    counts: Vec<u64>,
    courses: Vec<Course>,
    /// Those that are together.
    open: BTreeMap<Alike, u32>,
}

fn index(group: u32) -> usize {
    usize::try_from(group).expect("a position")
}

impl Groups {
    /// The number of a group, which is made if there is none of this kind.
    pub(super) fn open(&mut self, alike: Alike) -> u32 {
        let next = u32::try_from(self.counts.len()).expect("fewer than 2^32 groups");
        *self.open.entry(alike).or_insert_with(|| {
            self.counts.push(0);
            self.courses.push(Course::Together);
            next
        })
    }

    /// One more unit.
    pub(super) fn count(&mut self, group: u32) {
        self.counts[index(group)] += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The groups within a node and their units, in the order of the table.
    pub(super) fn within<'a>(&'a self, node: StratumNode<'_>) -> impl Iterator<Item = (&'a Alike, u64)> {
        // Between a node and its children stand the nodes whose last component only begins alike, as `a.b` between `a` and `a/x`.
        self.open
            .range((node.to_path(), 0, false)..)
            .take_while(move |((path, ..), _)| path.as_str().starts_with(node.as_str()))
            .filter(move |((path, ..), _)| path.within(node))
            .map(|(alike, group)| (alike, self.counts[index(*group)]))
    }

    /// Gives groups their new sizes. Units that become alike become one group again.
    pub(super) fn fit(&mut self, fitted: impl Iterator<Item = (Alike, Fitted)>) {
        let mut split: Vec<(u32, Alike, Fitted)> = Vec::new();
        for (alike, fitted) in fitted {
            let group = self.open.remove(&alike).expect("a group of this node");
            split.push((group, alike, fitted));
        }
        for (group, (path, _, certain), Fitted { size, plus }) in split {
            let units = self.counts[index(group)];
            assert!(plus <= units, "at most the units");
            let mut part = |size: u64, units: u64| {
                // A part without units is no group, and nobody is handed on to it.
                if units == 0 {
                    return group;
                }
                let part = self.open((path.clone(), size, certain));
                self.counts[index(part)] += units;
                part
            };
            let (first, rest) = (part(size + 1, plus), part(size, units - plus));
            self.courses[index(group)] = Course::Split { plus, first, rest };
        }
    }

    /// The cells in the order of the table, what is certain by size included, and the places of the units (Spec 10.5).
    pub(super) fn cells(self, design: &Design) -> Result<(Vec<Cell>, Places), PlanError> {
        let Self { counts, courses, open } = self;
        let groups = open.into_iter();
        let (cells, parts) = match *design {
            Design::Number { number: asked } => {
                let groups = groups.map(|((path, size, certain), group)| (path, size, certain, vec![group]));
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
                // A cell that has become certain by its size may now equal one that was certain by rule: they are one cell.
                let cells = cells.into_iter().zip(parts);
                merge(cells.map(|(c, groups)| (c.path, c.size, c.certain, groups)), &counts)
            }
            Design::Rate { .. } | Design::Frequency {} => {
                merge(groups.map(|((path, size, _), group)| (path, size, size == ONE, vec![group])), &counts)
            }
        };
        let mut places = Places { courses };
        for (number, group) in
            (0..).zip(parts).flat_map(|(cell, groups)| groups.into_iter().map(move |g| (cell, g)))
        {
            places.courses[index(group)] = Course::Cell(number);
        }
        Ok((cells, places))
    }
}

/// Groups of one path, size and certainty together.
fn merge(
    parts: impl Iterator<Item = (StratumPath, u64, bool, Vec<u32>)>,
    counts: &[u64],
) -> (Vec<Cell>, Vec<Vec<u32>>) {
    let mut merged: BTreeMap<Alike, Vec<u32>> = BTreeMap::new();
    for (path, size, certain, groups) in parts {
        merged.entry((path, size, certain)).or_default().extend(groups);
    }
    let cell = |((path, size, certain), groups): (Alike, Vec<u32>)| {
        let count = groups.iter().map(|group| counts[index(*group)]).sum();
        (Cell { path, size, count, certain }, groups)
    };
    merged.into_iter().map(cell).unzip()
}

/// Where the units of each group end up.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    courses: Vec<Course>,
}

impl Places {
    /// Places units one after the other.
    pub(crate) fn usher(&self) -> Usher<'_> {
        Usher { places: self, came: vec![0; self.courses.len()] }
    }
}

/// Hands units on to their cells. They must come in ascending order of ids, all of them.
#[derive(Debug, Clone)]
pub(crate) struct Usher<'a> {
    places: &'a Places,
    /// Units that came to each group so far.
    came: Vec<u64>,
}

impl Usher<'_> {
    /// The cell of the next unit, which is of this group. `None` if more units come than were counted.
    pub(crate) fn place(&mut self, mut group: u32) -> Option<u32> {
        loop {
            match self.places.courses[index(group)] {
                Course::Cell(cell) => return Some(cell),
                Course::Together => unreachable!("every group that is together is part of a cell"),
                Course::Split { plus, first, rest } => {
                    let came = &mut self.came[index(group)];
                    *came += 1;
                    let next = if *came <= plus { first } else { rest };
                    // A part that has no units leads nowhere.
                    if next == group {
                        return None;
                    }
                    group = next;
                }
            }
        }
    }
}
