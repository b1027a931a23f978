//! Cells of a draw, their masses, and the certainty cells of a draw of a fixed number (Spec 5.4 to 5.6).

use super::ONE;
use crate::stratum::StratumPath;

/// The units of one path with one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// All paths of a table have the same number of components.
    pub path: StratumPath,
    /// Rate draws: inclusion probability in billionths. Number draws: the measure of size.
    pub size: u64,
    /// Number of units.
    pub count: u64,
    /// Whether all units of the cell are taken. Then the cell stands outside the walk.
    pub certain: bool,
}

/// The scale of a walk: mass is `factor · size · count`, one unit is drawn for each `step` of mass (Spec 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// 1 in a rate draw, the number still to be drawn in a number draw.
    pub factor: u128,
    /// [`ONE`] in a rate draw, the sum of sizes in a number draw.
    pub step: u128,
}

impl Scale {
    /// Rate draws: sizes are billionths (Spec 5.5).
    pub const RATE: Self = Self { factor: 1, step: ONE as u128 };

    /// The scale of a number draw over cells whose certainties are marked (Spec 5.6).
    ///
    /// A factor of 0 means that the certain cells are the whole sample.
    #[must_use]
    pub fn number(cells: &[Cell], number: u64) -> Self {
        let certain: u64 = cells.iter().filter(|c| c.certain).map(|c| c.count).sum();
        let step =
            cells.iter().filter(|c| !c.certain).map(|c| u128::from(c.size) * u128::from(c.count)).sum();
        Self { factor: u128::from(number.saturating_sub(certain)), step }
    }
}

/// The mass of a cell (Spec 5.4).
#[must_use]
pub fn mass(cell: &Cell, scale: Scale) -> u128 {
    scale.factor * u128::from(cell.size) * u128::from(cell.count)
}

/// Marks the cells of a number draw that are certain by their size (Spec 5.6).
///
/// As long as the units of some cell would be drawn with probability one or more, all such cells become
/// certain, and the rest of the number is divided anew.
pub fn mark_certain(cells: &mut [Cell], number: u64) {
    loop {
        let scale = Scale::number(cells, number);
        let mut any = false;
        for cell in cells.iter_mut().filter(|c| !c.certain) {
            if scale.factor > 0 && scale.factor * u128::from(cell.size) >= scale.step {
                cell.certain = true;
                any = true;
            }
        }
        if !any {
            return;
        }
    }
}
