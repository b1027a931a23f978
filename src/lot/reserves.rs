//! Who comes in the place of an officer (Spec 11.13) or of an institution (Spec 16.4).

use super::Key;
use crate::bytes::{Digest, Label};
use crate::stratum::StratumNode;

/// The reserve ticket of an officer for a post: `H("reserve", "<seed> <unit> <post> <officer>")` (Spec 11.13,
/// step 1). Reserves come in the order of their tickets.
#[must_use]
pub fn ticket(seed: &Key, unit: &str, post: &str, officer: &str) -> Digest {
    seed.hash(Label::Reserve, &[unit.as_bytes(), post.as_bytes(), officer.as_bytes()])
}

/// The list of a cell ends before the answer: not all of its reserves are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotShown;

/// The next reserve of a unit of the cell `own`, `None` if every unit that could have been drawn is used
/// (Spec 16.4).
///
/// It is the first reserve of the cell itself. Without one, it is that with the smallest ticket of all cells
/// under the cell's path, then under the path without its last component, and so on, then of all cells.
/// `cells` are the paths of the cells, and whether their size is above 0. `first` gives the first reserve of
/// a cell that is not used, with its ticket; equal tickets are ordered by id.
///
/// # Errors
/// The list of a cell ends before the answer.
///
/// # Panics
/// If there is no cell `own`.
pub fn next<Id: Ord + Copy>(
    cells: &[(StratumNode<'_>, bool)],
    own: usize,
    first: impl Fn(usize) -> Result<Option<(Digest, Id)>, NotShown>,
) -> Result<Option<Id>, NotShown> {
    if let Some((_, id)) = first(own)? {
        return Ok(Some(id));
    }
    let (path, _) = cells[own];
    for node in path.ancestors().rev().chain([StratumNode::ROOT]) {
        let inside = cells.iter().enumerate().filter(|(_, (path, drawable))| *drawable && path.within(node));
        let firsts: Vec<(Digest, Id)> =
            inside.filter_map(|(cell, _)| first(cell).transpose()).collect::<Result<_, _>>()?;
        if let Some((_, id)) = firsts.into_iter().min() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}
