//! Lists that other people drew: what in them does not look like chance.
//!
//! The question of every test is: if each draw had taken its units by lot among the units of a cell, all sets
//! of the same size equally likely, how often would the list look at least as strange? The answer is counted
//! over simulated lists, the published one among them, so that a fair list is called strange at the 5 % level
//! in at most 5 % of cases, whatever the size of the list (Dwass 1957; Phipson and Smyth 2010). Several tests
//! are made, and their p-values are corrected by Holm (1979). Cells carry what the rules of the draw allow:
//! quotas of districts, unequal chances of levels, units excluded from a draw. A rule that is left out of the
//! cells looks like a fault of the draw. Nothing here shows that a list is fair, and nothing shows intent.

use crate::odds::ONE;
use std::collections::{BTreeMap, BTreeSet};

/// Draws of units as they were published, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublishedList {
    /// The units in the order of the published register.
    pub ids: Vec<String>,
    /// The district of each unit; empty if none is known.
    pub districts: Vec<String>,
    /// The draws, the earliest first.
    pub draws: Vec<ListDraw>,
}

/// One published draw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListDraw {
    /// For each unit the number of its cell: units of one cell had the same chance. Empty if all units had
    /// the same. A unit that could not be drawn stands in a cell of which nothing was drawn.
    pub cells: Vec<u64>,
    /// The positions of the drawn units, in any order.
    pub drawn: Vec<usize>,
}

/// Why a published list cannot be examined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// A column is shorter or longer than the register.
    #[error("{column} of {values} values for {units} units: give each unit one value, or none at all")]
    Length {
        /// What was given.
        column: &'static str,
        /// Its length.
        values: usize,
        /// The units.
        units: usize,
    },
    /// A unit stands in the register twice.
    #[error("unit {0} stands in the register twice: keep one of its rows")]
    Twice(String),
    /// A draw names a row that there is not, or a unit twice.
    #[error("draw {draw}: position {position} is no unit of the register, or stands twice")]
    Drawn {
        /// The draw, from 1.
        draw: usize,
        /// The position, from 0.
        position: usize,
    },
    /// The list has more rows than are counted here.
    #[error("{0} rows: at most a million can be examined")]
    Size(usize),
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListTest {
    /// Rows at the top or the bottom of the register are favoured.
    RowPosition,
    /// Drawn rows lie too evenly, or in clusters.
    RowSpacing,
    /// One distance between drawn rows returns too often: every k-th row.
    RowStride,
    /// Ids at the beginning or the end of the ABC are favoured.
    IdPosition,
    /// Drawn ids lie too evenly in the ABC, or in clusters.
    IdSpacing,
    /// One distance between drawn ids in the ABC returns too often.
    IdStride,
    /// Some district has too many or too few units.
    District,
    /// Units of earlier draws return too often, or too seldom.
    Again,
    /// Some units are drawn too often: counted in triples of draws that have a unit in common.
    Favourite,
    /// Too many units are never drawn.
    Never,
}

/// The answer of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFinding {
    /// The test.
    pub test: ListTest,
    /// The share of simulated lists that are at least as strange, billionths; never 0.
    pub chance: u64,
    /// The same, corrected for the number of tests (Holm), billionths.
    pub corrected: u64,
    /// What was counted in the published list, in the units of the test.
    pub seen: i64,
    /// The mean of the simulated lists, rounded down.
    pub usual: i64,
    /// The district, or the unit, that stands out most, of tests that name one.
    pub most: Option<String>,
}

impl ListFinding {
    /// Whether chance alone would give this, or anything stranger in any of the tests, in at most 5 % of
    /// lists.
    #[must_use]
    pub const fn is_strange(&self) -> bool {
        is_strange(self.corrected)
    }
}

/// Whether a p-value (billionths) that is corrected for all tests is called strange: at most 5 %.
pub(crate) const fn is_strange(corrected: u64) -> bool {
    corrected <= ONE / 20
}

/// Corrects p-values (billionths) for their number by the method of Holm: the chance of any false alarm stays
/// at the level, whatever the tests have to do with each other. The order is kept.
#[must_use]
pub fn holm(chances: &[u64]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by_key(|at| chances[*at]);
    let mut corrected = vec![0; chances.len()];
    let mut most = 0;
    for (place, at) in order.into_iter().enumerate() {
        let factor = u64::try_from(chances.len() - place).expect("a length");
        most = chances[at].saturating_mul(factor).min(ONE).max(most);
        corrected[at] = most;
    }
    corrected
}

/// How many of the drawn units are not among those with the least keys, and not among those with the
/// greatest, so many each. 0 says that the list is the order of the keys: of a published column of random
/// numbers, or of digests of ids, which anybody could have computed before the draw. Of equal keys the
/// earlier row comes first. `None` if a position is no row.
#[must_use]
pub fn off_key_order<K: Ord>(keys: &[K], drawn: &[usize]) -> Option<[usize; 2]> {
    let own: BTreeSet<usize> = drawn.iter().copied().collect();
    if own.len() != drawn.len() || own.last().is_some_and(|last| *last >= keys.len()) {
        return None;
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|at| &keys[*at]);
    let least = order[..own.len()].iter().filter(|at| !own.contains(at)).count();
    let greatest = order[order.len() - own.len()..].iter().filter(|at| !own.contains(at)).count();
    Some([least, greatest])
}

/// Words for simulations, from a number of the caller: SplitMix64 (Steele, Lea and Flood 2014). They decide
/// nothing, and whoever has the number gets the same figures.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Words that follow from this number.
    #[must_use]
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    /// A number below a bound. The bias is below 2⁻³² for bounds up to 2³². A bound of 0 gives 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.word()) * u128::try_from(bound).expect("a length");
        usize::try_from(product >> 64).expect("below the bound")
    }

    /// Puts `count` values that were taken by lot at the front.
    pub fn take<T>(&mut self, values: &mut [T], count: usize) {
        for at in 0..count.min(values.len()) {
            let other = at + self.below(values.len() - at);
            values.swap(at, other);
        }
    }
}

/// The share of values that are at least as large as the first, billionths; the first is one of them.
pub(crate) fn upper(values: &[i128]) -> u64 {
    let Some(first) = values.first() else { return ONE };
    let count = values.iter().filter(|value| *value >= first).count();
    let share = u128::try_from(count).expect("a length") * u128::from(ONE);
    // Rounded up: a p-value is not made smaller.
    u64::try_from(share.div_ceil(u128::try_from(values.len()).expect("a length"))).expect("at most ONE")
}

/// The same for the distance from the mean of all values.
fn both_sides(values: &[i128]) -> u64 {
    let count = i128::try_from(values.len()).expect("a length");
    let sum: i128 = values.iter().sum();
    let distances: Vec<i128> = values.iter().map(|value| (value * count - sum).abs()).collect();
    upper(&distances)
}

const LEAST_SIMULATED: u32 = 99;

/// The most rows.
const ROWS: usize = 1_000_000;

/// Deviations are counted in millionths of a unit.
const MICRO: i128 = 1_000_000;

/// A published list, ready for simulation.
struct Prepared<'a> {
    list: &'a PublishedList,
    /// For each draw and cell the positions, and how many were drawn.
    cells: Vec<Vec<(Vec<usize>, usize)>>,
    /// The place of each unit in the order of ids; empty if that is the order of rows.
    places: Vec<usize>,
    names: Vec<&'a str>,
    /// The district of each unit as a position in `names`.
    districts: Vec<usize>,
    /// For each district the expected number and its variance, in millionths.
    expected: Vec<(i128, i128)>,
    /// For each draw the times that each unit was drawn before it.
    before: Vec<Vec<u32>>,
}

fn int(number: usize) -> i128 {
    i128::try_from(number).expect("a length")
}

impl PublishedList {
    /// Makes every test that the list allows, with so many simulated lists (at least 99), under a number of
    /// the caller. With m tests a finding can be strange at 5 % only if m / (simulated + 1) is at most 5 %:
    /// 999 are enough. An empty draw says nothing.
    ///
    /// # Errors
    /// A column has another length than the register, a unit stands twice, or a draw names no unit.
    pub fn findings(&self, number: u64, simulated: u32) -> Result<Vec<ListFinding>, ListError> {
        let prepared = self.prepare()?;
        let tests = prepared.tests();
        let mut values: Vec<Vec<i128>> = vec![Vec::new(); tests.len()];
        let mut dice = Dice::new(number);
        let mut drawn: Vec<Vec<usize>> = self.draws.iter().map(|draw| draw.drawn.clone()).collect();
        let mut most = Vec::new();
        for turn in 0..=simulated.max(LEAST_SIMULATED) {
            if turn > 0 {
                prepared.simulate(&mut dice, &mut drawn);
            }
            drawn.iter_mut().for_each(|draw| draw.sort_unstable());
            for (test, values) in tests.iter().zip(&mut values) {
                let (value, at) = prepared.count(*test, &drawn);
                values.push(value);
                if turn == 0 {
                    most.push(at);
                }
            }
        }
        let chances: Vec<u64> = tests
            .iter()
            .zip(&values)
            .map(|(test, values)| match test {
                ListTest::RowStride
                | ListTest::IdStride
                | ListTest::District
                | ListTest::Favourite
                | ListTest::Never => upper(values),
                ListTest::RowPosition
                | ListTest::RowSpacing
                | ListTest::IdPosition
                | ListTest::IdSpacing
                | ListTest::Again => both_sides(values),
            })
            .collect();
        let narrow = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
        let found = tests.into_iter().zip(values).zip(most).zip(chances.iter().zip(holm(&chances)));
        Ok(found
            .map(|(((test, values), most), (chance, corrected))| ListFinding {
                test,
                chance: *chance,
                corrected,
                seen: narrow(values[0]),
                usual: narrow(values.iter().sum::<i128>().div_euclid(int(values.len()))),
                most,
            })
            .collect())
    }

    /// The number of drawn units of each district and the number that chance gives in the mean, in
    /// millionths, over all draws. Empty without districts.
    ///
    /// # Errors
    /// As of [`PublishedList::findings`].
    pub fn by_district(&self) -> Result<Vec<(String, u64, u64)>, ListError> {
        let prepared = self.prepare()?;
        let drawn: Vec<Vec<usize>> = self.draws.iter().map(|draw| draw.drawn.clone()).collect();
        let seen = prepared.district_counts(&drawn);
        let rows = prepared.names.iter().zip(seen).zip(&prepared.expected);
        let whole = |value: i128| u64::try_from(value).expect("a count");
        Ok(rows
            .map(|((name, seen), (expected, _))| ((*name).to_owned(), whole(seen), whole(*expected)))
            .collect())
    }

    fn prepare(&self) -> Result<Prepared<'_>, ListError> {
        let units = self.ids.len();
        if units > ROWS {
            return Err(ListError::Size(units));
        }
        let mut order: Vec<usize> = (0..units).collect();
        order.sort_by_key(|at| &self.ids[*at]);
        if let Some(pair) = order.windows(2).find(|pair| self.ids[pair[0]] == self.ids[pair[1]]) {
            return Err(ListError::Twice(self.ids[pair[0]].clone()));
        }
        let mut places = vec![0; units];
        for (place, at) in order.iter().enumerate() {
            places[*at] = place;
        }
        let same = order.is_sorted();
        let length = |column, values: usize| {
            if values == units || values == 0 {
                return Ok(());
            }
            Err(ListError::Length { column, values, units })
        };
        length("districts", self.districts.len())?;
        let names: Vec<&str> =
            self.districts.iter().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect();
        let at = |name: &String| names.binary_search(&name.as_str()).expect("a name of the list");
        let districts: Vec<usize> = self.districts.iter().map(at).collect();
        let mut expected = vec![(0, 0); names.len()];
        let (mut cells, mut before, mut times) = (Vec::new(), Vec::new(), vec![0u32; units]);
        for (number, draw) in (1..).zip(&self.draws) {
            length("cells", draw.cells.len())?;
            before.push(times.clone());
            let mut drawn = vec![false; units];
            for position in draw.drawn.iter().copied() {
                if position >= units || drawn[position] {
                    return Err(ListError::Drawn { draw: number, position });
                }
                drawn[position] = true;
                times[position] += 1;
            }
            let mut by_cell: BTreeMap<u64, (Vec<usize>, usize)> = BTreeMap::new();
            for (unit, drawn) in drawn.iter().enumerate() {
                let cell = by_cell.entry(draw.cells.get(unit).copied().unwrap_or(0)).or_default();
                cell.0.push(unit);
                cell.1 += usize::from(*drawn);
            }
            for (members, count) in by_cell.values().filter(|_| !districts.is_empty()) {
                let mut of: BTreeMap<usize, usize> = BTreeMap::new();
                members.iter().for_each(|unit| *of.entry(districts[*unit]).or_default() += 1);
                let (all, count) = (int(members.len()), int(*count));
                for (district, part) in of {
                    let part = int(part);
                    expected[district].0 += count * part * MICRO / all;
                    // The variance of the hypergeometric distribution; products stay below 10²⁴ · 10⁶.
                    let spread = count * part * (all - part) / all * MICRO / all * (all - count);
                    expected[district].1 += spread / (all - 1).max(1);
                }
            }
            cells.push(by_cell.into_values().collect());
        }
        let places = if same { Vec::new() } else { places };
        Ok(Prepared { list: self, cells, places, names, districts, expected, before })
    }
}

impl Prepared<'_> {
    /// The tests that the list allows.
    fn tests(&self) -> Vec<ListTest> {
        let mut tests = vec![ListTest::RowPosition, ListTest::RowSpacing, ListTest::RowStride];
        if !self.places.is_empty() {
            tests.extend([ListTest::IdPosition, ListTest::IdSpacing, ListTest::IdStride]);
        }
        if self.names.len() > 1 {
            tests.push(ListTest::District);
        }
        if self.list.draws.len() > 1 {
            tests.extend([ListTest::Again, ListTest::Never]);
        }
        if self.list.draws.len() > 2 {
            tests.push(ListTest::Favourite);
        }
        tests
    }

    /// Draws every draw again, in its cells.
    fn simulate(&self, dice: &mut Dice, drawn: &mut [Vec<usize>]) {
        for (cells, drawn) in self.cells.iter().zip(drawn) {
            drawn.clear();
            for (members, count) in cells.iter().filter(|cell| cell.1 > 0) {
                if *count == members.len() {
                    drawn.extend(members);
                } else if count * 3 > members.len() {
                    let mut left = members.clone();
                    dice.take(&mut left, *count);
                    drawn.extend(&left[..*count]);
                } else {
                    // Few of many: a unit that was taken before is taken again.
                    let mut seen = BTreeSet::new();
                    while seen.len() < *count {
                        seen.insert(dice.below(members.len()));
                    }
                    drawn.extend(seen.into_iter().map(|at| members[at]));
                }
            }
        }
    }

    /// What a test counts in drawn units, sorted by position, and who stands out.
    fn count(&self, test: ListTest, drawn: &[Vec<usize>]) -> (i128, Option<String>) {
        let by_id = |draw: &Vec<usize>| {
            let mut places: Vec<usize> = draw.iter().map(|unit| self.places[*unit]).collect();
            places.sort_unstable();
            places
        };
        let sum = |count: &dyn Fn(&[usize]) -> i128| drawn.iter().map(|draw| count(draw)).sum();
        let by_ids = |count: &dyn Fn(&[usize]) -> i128| drawn.iter().map(|draw| count(&by_id(draw))).sum();
        let units = self.list.ids.len();
        let spacing = move |draw: &[usize]| spacing(draw, units);
        match test {
            ListTest::RowPosition => (sum(&position), None),
            ListTest::RowSpacing => (sum(&spacing), None),
            ListTest::RowStride => (sum(&stride), None),
            ListTest::IdPosition => (by_ids(&position), None),
            ListTest::IdSpacing => (by_ids(&spacing), None),
            ListTest::IdStride => (by_ids(&stride), None),
            ListTest::District => {
                let seen = self.district_counts(drawn);
                // The square of the deviation over its variance, in thousandths.
                let strange = |(seen, (expected, variance)): (&i128, &(i128, i128))| {
                    let off = (seen * MICRO - expected).abs();
                    off * off / 1000 / (variance + 1)
                };
                let most = (0..).zip(seen.iter().zip(&self.expected).map(strange)).max_by_key(|pair| pair.1);
                most.map_or((0, None), |(at, value): (usize, _)| (value, Some(self.names[at].to_owned())))
            }
            ListTest::Again => {
                let draws = drawn.iter().zip(&self.before);
                let times = draws
                    .map(|(draw, before)| draw.iter().map(|unit| i128::from(before[*unit])).sum::<i128>());
                (times.sum(), None)
            }
            ListTest::Favourite => {
                let times = self.times(drawn);
                let triples = times.iter().map(|times| times * (times - 1) * (times - 2) / 6).sum();
                let most = (0..).zip(times).max_by_key(|pair: &(usize, i128)| pair.1);
                (triples, most.map(|(unit, _)| self.list.ids[unit].clone()))
            }
            ListTest::Never => (int(self.times(drawn).iter().filter(|times| **times == 0).count()), None),
        }
    }

    fn district_counts(&self, drawn: &[Vec<usize>]) -> Vec<i128> {
        let mut seen = vec![0; self.names.len()];
        if !self.districts.is_empty() {
            drawn.iter().flatten().for_each(|unit| seen[self.districts[*unit]] += 1);
        }
        seen
    }

    fn times(&self, drawn: &[Vec<usize>]) -> Vec<i128> {
        let mut times = vec![0; self.list.ids.len()];
        drawn.iter().flatten().for_each(|unit| times[*unit] += 1);
        times
    }
}

fn position(draw: &[usize]) -> i128 {
    draw.iter().copied().map(int).sum()
}

/// The sum of the squares of the distances, those to both ends included.
fn spacing(draw: &[usize], units: usize) -> i128 {
    let mut last = -1;
    let mut sum = 0;
    for place in draw.iter().copied().chain([units]).map(int) {
        sum += (place - last) * (place - last);
        last = place;
    }
    sum
}

/// How often the most frequent distance between neighbours occurs.
fn stride(draw: &[usize]) -> i128 {
    let mut gaps: Vec<usize> = draw.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    int(gaps.chunk_by(|one, other| one == other).map(<[usize]>::len).max().unwrap_or(0))
}
