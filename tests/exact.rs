//! Exact probabilities: not simulated, integrated over every start, every order and every coin of small cases.
#![allow(missing_docs, clippy::unwrap_used)]

use double_random::bytes::Digest;
use double_random::chance::ONE;
use double_random::chance::allocation::{Cell, Scale, mark_certain, mass, order, walk};
use double_random::chance::matching::{Edge, Matching, WHOLE, round, table};
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

/// Spec 14, theorems 1 and 2, rate draws: over every order of cells, every start and every order of tickets, each unit's inclusion
/// probability **equals** its own, and every contiguous run of cells (every node of every tree) has the floor or the ceiling.
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
    // Times unit u of cell c is drawn, weighted by the length of the start interval; tickets of a cell take every order.
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

/// Every node of the tree is contiguous in the walking order, whatever the seed, so theorem 2 holds at it.
#[test]
fn nodes_are_contiguous_in_every_order() {
    let cells: Vec<Cell> = (0..60)
        .map(|i| cell(&format!("first/{}/{}/{}", i % 3, i % 3 * 4 + i % 4, i / 12), 1 + i, 1))
        .collect();
    let mut first = BTreeMap::new();
    for n in 0..200 {
        let order = order(&cells, &Digest::new([n; 32]));
        assert_eq!(order.len(), cells.len());
        for depth in 1..=4 {
            let node = |i: &usize| cells[*i].path.split('/').take(depth).collect::<Vec<_>>().join("/");
            let mut seen: Vec<String> = Vec::new();
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

/// Runs a rounding over all coin strings and returns the outcomes with their probabilities in units of 2⁻³².
fn outcomes(visits: usize, officers: usize, edges: &[Edge], bits: u32) -> Vec<(u64, Vec<Edge>)> {
    let mut found = Vec::new();
    let mut pending: Vec<Vec<bool>> = vec![vec![]];
    while let Some(prefix) = pending.pop() {
        let mut edges = edges.to_vec();
        let mut taken = Vec::new();
        round(visits, officers, &mut edges, bits, &mut || {
            let coin = prefix.get(taken.len()).copied().unwrap_or(false);
            taken.push(coin);
            coin
        });
        // Every coin beyond the prefix came up tails: branch into heads at each of them.
        for at in prefix.len()..taken.len() {
            let mut branch = taken[..at].to_vec();
            branch.push(true);
            pending.push(branch);
        }
        found.push((1 << (32 - taken.len()), edges));
    }
    assert_eq!(found.iter().map(|(weight, _)| weight).sum::<u64>(), 1 << 32);
    found
}

/// T4 and T5: over all coin strings every pair has exactly its chance, every visit its places, and every officer the floor or the
/// ceiling of his load. T6: two officers of a visit come together at most with the product of their chances.
#[test]
fn coins_give_every_pair_exactly_its_chance() {
    let bits = 3;
    let whole = 1 << bits;
    let rows: [&[&[u64]]; 5] = [
        &[&[4, 6, 6]],
        &[&[8, 5, 3], &[3, 6, 7]],
        &[&[6, 6, 4, 0], &[1, 5, 3, 7], &[2, 0, 7, 7]],
        &[&[3, 3, 2], &[5, 5, 6], &[4, 4, 0]],
        &[&[1, 7, 5, 3], &[7, 1, 3, 5]],
    ];
    for rows in rows {
        let edges: Vec<Edge> = rows
            .iter()
            .enumerate()
            .flat_map(|(visit, row)| {
                row.iter().enumerate().map(move |(officer, value)| Edge { visit, officer, value: *value })
            })
            .filter(|edge| edge.value > 0)
            .collect();
        let officers = rows[0].len();
        let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        let mut together: BTreeMap<(usize, usize, usize), u64> = BTreeMap::new();
        for (weight, outcome) in outcomes(rows.len(), officers, &edges, bits) {
            let mut loads = vec![0; officers];
            for (visit, row) in rows.iter().enumerate() {
                let team: Vec<usize> = outcome
                    .iter()
                    .filter(|e| e.visit == visit && e.value == whole)
                    .map(|e| e.officer)
                    .collect();
                assert_eq!(team.len() as u64 * whole, row.iter().sum::<u64>());
                for &officer in &team {
                    loads[officer] += 1;
                    *pairs.entry((visit, officer)).or_default() += weight;
                    for &other in team.iter().filter(|other| **other > officer) {
                        *together.entry((visit, officer, other)).or_default() += weight;
                    }
                }
            }
            assert!(outcome.iter().all(|e| e.value == 0 || e.value == whole));
            for (officer, load) in loads.into_iter().enumerate() {
                let planned: u64 = rows.iter().map(|row| row[officer]).sum();
                assert!(load == planned / whole || load == planned.div_ceil(whole));
            }
        }
        for edge in &edges {
            let chance = pairs.get(&(edge.visit, edge.officer)).copied().unwrap_or(0);
            assert_eq!(chance, edge.value << (32 - bits), "{rows:?} {edge:?}");
        }
        for ((visit, a, b), weight) in together {
            assert!(weight <= (rows[visit][a] * rows[visit][b]) << (32 - 2 * bits), "{rows:?}");
        }
    }
}

/// All assignments of teams of `places` within lists and caps; returns the fewest vacancies and, among those, the least sum of squared
/// loads.
fn brute_force(matching: &Matching) -> (u64, u64) {
    fn go(matching: &Matching, visit: usize, loads: &mut Vec<u64>, vacant: u64, best: &mut (u64, u64)) {
        if visit == matching.lists.len() {
            *best = (*best).min((vacant, loads.iter().map(|l| l * l).sum()));
            return;
        }
        let list = &matching.lists[visit];
        for set in 0u32..1 << list.len() {
            let size = u64::from(set.count_ones());
            let team = || list.iter().enumerate().filter(move |(i, _)| set >> i & 1 == 1).map(|(_, o)| *o);
            if size <= matching.places && team().all(|o| loads[o] < matching.caps[o]) {
                team().for_each(|o| loads[o] += 1);
                go(matching, visit + 1, loads, vacant + matching.places - size, best);
                team().for_each(|o| loads[o] -= 1);
            }
        }
    }
    let mut best = (u64::MAX, u64::MAX);
    go(matching, 0, &mut vec![0; matching.caps.len()], 0, &mut best);
    best
}

/// T1 and T3 against brute force: no complete assignment is missed, the largest one is found otherwise, and with no chance ceiling
/// every single draw has loads as level as any assignment.
#[test]
fn teams_are_complete_and_level_whenever_that_is_possible() {
    let mut state = 1u64;
    let mut next = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut short = 0;
    for case in 0..400 {
        let (visits, officers) = (1 + next(4), 1 + next(5));
        let caps: Vec<u64> = (0..officers).map(|_| next(4)).collect();
        let lists: Vec<Vec<usize>> = (0..visits)
            .map(|_| (0..usize::try_from(officers).unwrap()).filter(|_| next(4) > 0).collect())
            .collect();
        let matching = Matching { places: 2, lists, caps, ceiling: WHOLE };
        let (vacant, squares) = brute_force(&matching);
        for seed in 0..3 {
            let (mut empty, mut loads) = (0, vec![0u64; matching.caps.len()]);
            for component in table(&matching) {
                for team in component.draw("d", "n", &Digest::new([seed; 32])) {
                    empty += team.vacancies;
                    for (officer, _) in &team.officers {
                        assert!(matching.lists[team.visit].contains(officer));
                        loads[*officer] += 1;
                    }
                    assert_eq!(team.officers.len() as u64 + team.vacancies, 2);
                }
            }
            assert_eq!(empty, vacant, "case {case}: {matching:?}");
            assert_eq!(
                loads.iter().map(|l| l * l).sum::<u64>(),
                squares,
                "case {case}: {matching:?} {loads:?}"
            );
        }
        short += u64::from(vacant > 0);
    }
    assert!(short > 50 && short < 350, "{short} of 400 cases are short");
}
