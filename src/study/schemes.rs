//! Lists as naive programs draw them, and fair ones: to learn what an audit of lists would find.

use super::audit::{Dice, ListDraw, PublishedList};

/// How a list is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// By lot.
    Fair,
    /// By lot in each district, as many as its share.
    FairByDistrict,
    /// By lot with two levels, of which the higher is drawn three times as often; the levels are published.
    FairByLevel,
    /// One start by lot, then every row at the same distance: at most rows / count lists are possible, and
    /// the last rows are never drawn.
    Stride,
    /// The same after sorting by id.
    StrideById,
    /// By lot among the first four fifths of the rows.
    Tail,
    /// The earlier of two rows by lot.
    Top,
    /// Rows in a run.
    Run,
    /// By lot, without one district of ten.
    District,
    /// By lot, but a tenth of every draw are the same units.
    Favourites,
    /// By lot among those that no earlier draw had, while a rule says that all may be drawn.
    Avoided,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 11] = [
        Self::Fair,
        Self::FairByDistrict,
        Self::FairByLevel,
        Self::Stride,
        Self::StrideById,
        Self::Tail,
        Self::Top,
        Self::Run,
        Self::District,
        Self::Favourites,
        Self::Avoided,
    ];

    /// Whether the list is what it says.
    #[must_use]
    pub fn is_fair(self) -> bool {
        matches!(self, Self::Fair | Self::FairByDistrict | Self::FairByLevel)
    }

    /// So many draws of `count` of `rows` units in ten districts. Rows stand in no order of ids or districts.
    /// At most a fifth of the rows are drawn in one draw.
    #[must_use]
    pub fn list(self, rows: usize, count: usize, draws: usize, dice: &mut Dice) -> PublishedList {
        let mut numbers: Vec<usize> = (0..rows).collect();
        dice.take(&mut numbers, rows);
        let ids = numbers.iter().map(|number| format!("U{number:07}")).collect();
        let district: Vec<usize> = (0..rows).map(|_| dice.below(10)).collect();
        let mut by_id: Vec<usize> = (0..rows).collect();
        by_id.sort_by_key(|row| numbers[*row]);
        let high: Vec<u64> = (0..rows).map(|_| u64::from(dice.below(4) == 0)).collect();
        let mut list = PublishedList {
            ids,
            districts: district.iter().map(|district| format!("D{district}")).collect(),
            draws: Vec::new(),
        };
        let count = count.min(rows / 5);
        let favourites = by_lot(rows, count / 10, dice, |_| true);
        let mut earlier = vec![false; rows];
        for _ in 0..draws {
            let mut cells = Vec::new();
            let drawn = match self {
                Self::Fair => by_lot(rows, count, dice, |_| true),
                Self::FairByDistrict => {
                    cells = district
                        .iter()
                        .map(|district| u64::try_from(*district).expect("below ten"))
                        .collect();
                    let share = |of: usize| district.iter().filter(|d| **d == of).count() * count / rows;
                    (0..10).flat_map(|of| by_lot(rows, share(of), dice, |row| district[row] == of)).collect()
                }
                Self::FairByLevel => {
                    cells.clone_from(&high);
                    let above = count / 2;
                    let mut drawn = by_lot(rows, above, dice, |row| high[row] == 1);
                    drawn.extend(by_lot(rows, count - above, dice, |row| high[row] == 0));
                    drawn
                }
                Self::Stride | Self::StrideById => {
                    let step = rows / count.max(1);
                    let start = dice.below(step);
                    let places = (0..count).map(|place| start + place * step);
                    if self == Self::Stride { places.collect() } else { places.map(|at| by_id[at]).collect() }
                }
                Self::Tail => by_lot(rows, count, dice, |row| row < rows * 4 / 5),
                Self::Top => {
                    let mut drawn: Vec<usize> = Vec::new();
                    while drawn.len() < count {
                        let row = dice.below(rows).min(dice.below(rows));
                        if !drawn.contains(&row) {
                            drawn.push(row);
                        }
                    }
                    drawn
                }
                Self::Run => {
                    let start = dice.below(rows - count);
                    (start..start + count).collect()
                }
                Self::District => by_lot(rows, count, dice, |row| district[row] != 3),
                Self::Favourites => {
                    let others =
                        by_lot(rows, count - favourites.len(), dice, |row| !favourites.contains(&row));
                    favourites.iter().copied().chain(others).collect()
                }
                Self::Avoided => by_lot(rows, count, dice, |row| !earlier[row]),
            };
            drawn.iter().for_each(|row| earlier[*row] = true);
            list.draws.push(ListDraw { cells, drawn });
        }
        list
    }
}

/// So many of the rows that may be drawn, or all of them.
fn by_lot(rows: usize, count: usize, dice: &mut Dice, may: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut open: Vec<usize> = (0..rows).filter(|row| may(*row)).collect();
    dice.take(&mut open, count);
    open.truncate(count);
    open
}
