//! Exact probabilities: not simulated, integrated over every start, every order and every coin of small
//! cases.

use double_random::bytes::{Digest, Suite};
use double_random::lot::Key;
use double_random::lot::allocation::{order, walk};
use double_random::odds::ONE;
use double_random::odds::cells::{Cell, Scale, mark_certain, mass};
use double_random::stratum::StratumPath;
use std::collections::BTreeMap;

/// All orders of `0..n`.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for shorter in orders(n - 1) {
        for at in 0..n {
            let mut order = shorter.clone();
            order.insert(at, n - 1);
            all.push(order);
        }
    }
    all
}

/// The intervals of starts on which all counts stay the same, with their lengths.
fn intervals(masses: &[u128], step: u128) -> Vec<(u128, u128)> {
    let mut ends: Vec<u128> = masses
        .iter()
        .scan(0, |sum, mass| {
            *sum += mass;
            Some(*sum % step)
        })
        .chain([0])
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let nexts = ends[1..].iter().copied().chain([step]).collect::<Vec<_>>();
    ends.into_iter().zip(nexts).map(|(from, to)| (from, to - from)).collect()
}

fn cell(path: &str, size: u64, count: u64) -> Cell {
    Cell { path: path.into(), size, count, certain: false }
}

/// Small frames: three levels, odd probabilities, cells of one unit, one cell of nothing.
fn frames() -> Vec<Vec<Cell>> {
    let odd = ONE / 7 + 3;
    vec![
        vec![cell("first/a", 200_000_000, 3)],
        vec![cell("first/a", 1, 1), cell("first/b", ONE - 1, 1), cell("first/b", odd, 2)],
        vec![
            cell("first/a/x", 333_333_333, 2),
            cell("first/a/y", 500_000_000, 1),
            cell("first/b/x", odd, 3),
            cell("repeat/a/x", 123_456_789, 2),
        ],
        vec![cell("first/a", 0, 2), cell("first/a", 999_999_999, 4), cell("first/b", 700_000_001, 3)],
    ]
}

/// Spec 14, theorems 1 and 2, rate draws: over every order of cells, every start and every order of tickets,
/// each unit's inclusion probability **equals** its own, and every contiguous run of cells (every node of
/// every tree) has the floor or the ceiling.
#[test]
fn inclusion_probabilities_are_exact_over_every_start_and_order() {
    for cells in frames() {
        let masses: Vec<u128> = cells.iter().map(|c| mass(c, Scale::RATE)).collect();
        for order in orders(cells.len()) {
            let ordered: Vec<u128> = order.iter().map(|&i| masses[i]).collect();
            check_walk(&cells, &order, &ordered, u128::from(ONE), 1);
        }
    }
}

/// The same for number draws: factor · size / step, and the total is the number in every draw.
#[test]
fn number_draws_are_exact_and_always_complete() {
    for frame in frames() {
        let units: u64 = frame.iter().filter(|c| c.size > 0).map(|c| c.count).sum();
        for number in 1..=units {
            let mut cells = frame.clone();
            mark_certain(&mut cells, number);
            let scale = Scale::number(&cells, number);
            let certain: u64 = cells.iter().filter(|c| c.certain).map(|c| c.count).sum();
            cells.retain(|c| !c.certain);
            assert_eq!(u128::from(number - certain), scale.factor);
            if scale.factor == 0 {
                continue;
            }
            let masses: Vec<u128> = cells.iter().map(|c| mass(c, scale)).collect();
            assert_eq!(masses.iter().sum::<u128>(), scale.factor * scale.step);
            for order in orders(cells.len()) {
                let ordered: Vec<u128> = order.iter().map(|&i| masses[i]).collect();
                for (start, _) in intervals(&ordered, scale.step) {
                    let total: u64 = walk(&ordered, start, scale.step).iter().sum();
                    assert_eq!(u128::from(total), scale.factor, "number {number}");
                }
                check_walk(&cells, &order, &ordered, scale.step, scale.factor);
            }
        }
    }
}

fn check_walk(cells: &[Cell], order: &[usize], ordered: &[u128], step: u128, factor: u128) {
    // Times unit u of cell c is drawn, weighted by the length of the start interval; tickets of a cell take
    // every order.
    let mut drawn: BTreeMap<(usize, usize), u128> = BTreeMap::new();
    for (start, length) in intervals(ordered, step) {
        let counts = walk(ordered, start, step);
        for (from, _) in counts.iter().enumerate() {
            for to in from..counts.len() {
                let sum: u64 = counts[from..=to].iter().sum();
                let mass: u128 = ordered[from..=to].iter().sum();
                assert!(u128::from(sum) == mass / step || u128::from(sum) == mass.div_ceil(step));
            }
        }
        for (&c, count) in order.iter().zip(counts) {
            let units = usize::try_from(cells[c].count).unwrap();
            for tickets in orders(units) {
                for &unit in &tickets[..usize::try_from(count).unwrap()] {
                    *drawn.entry((c, unit)).or_default() += length;
                }
            }
        }
    }
    for (c, cell) in cells.iter().enumerate() {
        let all = u128::try_from(orders(usize::try_from(cell.count).unwrap()).len()).unwrap();
        for unit in 0..usize::try_from(cell.count).unwrap() {
            let weight = drawn.get(&(c, unit)).copied().unwrap_or(0);
            assert_eq!(weight, factor * u128::from(cell.size) * all, "cell {c}, unit {unit}");
        }
    }
}

/// The walk is the definition: it counts the same points as going through them one by one.
#[test]
fn the_walk_counts_points() {
    let masses = [3, 0, 7, 1, 12, 5, 5];
    for step in 1..=9 {
        for start in 0..step {
            let mut before = 0;
            let expected: Vec<u64> = masses
                .iter()
                .map(|mass| {
                    let range = before..before + mass;
                    before += mass;
                    (0..100).filter(|k| range.contains(&(start + k * step))).count() as u64
                })
                .collect();
            assert_eq!(walk(&masses, start, step), expected, "start {start}, step {step}");
        }
    }
}

/// Every node of the tree is contiguous in the walking order, under every seed, so theorem 2 holds at it.
#[test]
fn nodes_are_contiguous_in_every_order() {
    let cells: Vec<Cell> = (0..60)
        .map(|i| cell(&format!("first/{}/{}/{}", i % 3, i % 3 * 4 + i % 4, i / 12), 1 + i, 1))
        .collect();
    let mut first = BTreeMap::new();
    for n in 0..200 {
        let order = order(&cells, &Key::new(Suite::Sha256, Digest::new([n; 32])));
        assert_eq!(order.len(), cells.len());
        for depth in 1..=4 {
            let node = |i: &usize| cells[*i].path.node().ancestor(depth).to_path();
            let mut seen: Vec<StratumPath> = Vec::new();
            for i in &order {
                if seen.last() != Some(&node(i)) {
                    assert!(!seen.contains(&node(i)), "node {} is torn apart", node(i));
                    seen.push(node(i));
                }
            }
        }
        *first.entry(order[0]).or_insert(0) += 1;
    }
    assert!(first.len() > 25, "the order hardly depends on the seed: {first:?}");
}
