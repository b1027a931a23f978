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

    /// The inclusion probability of each unit of a cell in billionths, rounded down (Spec 5). In rate draws
    /// it is exact; in number draws the exact value is factor · size / step.
    #[must_use]
    pub fn probability(self, cell: &Cell) -> u64 {
        if cell.certain {
            return ONE;
        }
        // Nobody is drawn where nothing is left to draw.
        if self.factor == 0 || self.step == 0 {
            return 0;
        }
        // What is above all numbers is above one.
        let scaled = self.factor.checked_mul(u128::from(cell.size));
        let scaled = scaled.and_then(|scaled| scaled.checked_mul(u128::from(ONE)));
        let exact = scaled.map(|scaled| scaled / self.step);
        exact.map_or(ONE, |exact| u64::try_from(exact).unwrap_or(ONE).min(ONE))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(size: u64, count: u64, certain: bool) -> Cell {
        Cell { path: "first/a".into(), size, count, certain }
    }

    #[test]
    fn a_unit_of_a_cell_has_the_chance_of_its_design() {
        assert_eq!(Scale::RATE.probability(&cell(ONE / 4, 8, false)), ONE / 4);
        assert_eq!(Scale::RATE.probability(&cell(ONE, 8, true)), ONE);
        // Seven of eleven units, two of them certain: five for masses of 3 · 1 and 6 · 2, the step is 15.
        let cells = [cell(9, 2, true), cell(1, 3, false), cell(2, 6, false)];
        let scale = Scale::number(&cells, 7);
        assert_eq!(cells.each_ref().map(|cell| scale.probability(cell)), [ONE, ONE / 3, 666_666_666]);
        // Nothing is left to draw; all are certain.
        assert_eq!(Scale::number(&cells, 2).probability(&cells[1]), 0);
        assert_eq!(Scale::number(&cells[..1], 2).probability(&cells[0]), ONE);
        // Sizes of a table from elsewhere do not overflow.
        let large = [cell(u64::MAX, 1, false), cell(1, 1, false)];
        assert_eq!(Scale::number(&large, 1 << 30).probability(&large[0]), ONE);
        assert_eq!(Scale::number(&large, 1 << 40).probability(&large[0]), ONE);
        let scale = Scale { factor: u128::MAX, step: u128::MAX };
        assert_eq!((scale.probability(&large[0]), scale.probability(&cell(0, 1, false))), (ONE, 0));
    }
}
