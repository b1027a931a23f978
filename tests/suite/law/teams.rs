//! Teams: feasibility, loads and shortages against brute force, the law of the coins over all coin strings,
//! and theorems T1 to T9 as properties of random worlds with everything that a policy can ask for.

use double_random::bytes::{Digest, Suite};
use double_random::lot::Key;
use double_random::lot::coins::{Edge, Filled, round};
use double_random::matching::{
    Component, Demand, Matching, Seat, Shortage, WHOLE, component_with, shortages, table, table_of,
};
use std::collections::{BTreeMap, BTreeSet};
use testkit::instances;

/// Runs something that takes coins over all coin strings; gives each outcome with its probability in units of
/// 2⁻⁶², or nothing if there are more than `most`.
fn all_coins<T>(most: usize, mut run: impl FnMut(&mut dyn FnMut() -> bool) -> T) -> Option<Vec<(u64, T)>> {
    let mut found = Vec::new();
    let mut pending: Vec<Vec<bool>> = vec![vec![]];
    while let Some(prefix) = pending.pop() {
        let mut taken = Vec::new();
        let outcome = run(&mut || {
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
        found.push((1 << 62_usize.checked_sub(taken.len())?, outcome));
        if found.len() + pending.len() > most {
            return None;
        }
    }
    assert_eq!(found.iter().map(|(weight, _)| weight).sum::<u64>(), 1 << 62);
    Some(found)
}

/// T4, T5, T6 on hand-made flows through posts, groups, pair, day and office nodes, three bits a place.
#[test]
fn coins_round_any_network_exactly() {
    // Edges by tail, head, eighths of a place; the last node is the sink.
    type Edges = &'static [(u32, u32, u64)];
    let networks: [(usize, Edges); 4] = [
        // Two visits, three officers.
        (
            6,
            &[
                (0, 2, 8),
                (0, 3, 5),
                (0, 4, 3),
                (1, 2, 3),
                (1, 3, 6),
                (1, 4, 7),
                (2, 5, 11),
                (3, 5, 11),
                (4, 5, 10),
            ],
        ),
        // One visit with a lead and a member post, both open to officer 4 through a pair node (2); officers
        // 3, 4, 5.
        (7, &[(0, 2, 4), (0, 3, 4), (1, 2, 2), (1, 5, 6), (2, 4, 6), (3, 6, 4), (4, 6, 6), (5, 6, 6)]),
        // One post of two places with a group node (1) of two, officers 2, 3, 4; one office (5) of two.
        (7, &[(0, 1, 8), (0, 4, 8), (1, 2, 3), (1, 3, 5), (2, 5, 3), (3, 5, 5), (4, 6, 8), (5, 6, 8)]),
        // Two visits on one day of officer 4 (day node 2), another officer 3.
        (6, &[(0, 2, 5), (0, 3, 3), (1, 2, 4), (1, 3, 4), (2, 4, 9), (3, 5, 7), (4, 5, 9)]),
    ];
    for (nodes, given) in networks {
        let edges: Vec<Edge> = given.iter().map(|&(tail, head, value)| Edge { tail, head, value }).collect();
        let outcomes = all_coins(100_000, |mut coin| {
            let mut edges = edges.clone();
            round(nodes, &mut edges, 3, &mut coin);
            edges
        });
        let mut expected = vec![0u128; edges.len()];
        let mut together: BTreeMap<(usize, usize), u128> = BTreeMap::new();
        for (weight, outcome) in outcomes.unwrap() {
            for (i, edge) in outcome.iter().enumerate() {
                assert!(edge.value % 8 == 0, "a place is whole");
                let planned = given[i].2;
                assert!(
                    edge.value >= planned / 8 * 8 && edge.value <= planned.div_ceil(8) * 8,
                    "floor or ceiling"
                );
                expected[i] += u128::from(weight) * u128::from(edge.value);
                for (j, other) in outcome.iter().enumerate().skip(i + 1) {
                    if edge.tail == other.tail && edge.value == 8 && other.value == 8 {
                        *together.entry((i, j)).or_default() += u128::from(weight);
                    }
                }
            }
        }
        for (i, sum) in expected.into_iter().enumerate() {
            assert_eq!(sum, u128::from(given[i].2) << 62, "edge {i} of {given:?}");
        }
        for ((i, j), weight) in together {
            let product = u128::from(given[i].2) * u128::from(given[j].2);
            assert!(weight <= product << (62 - 6), "{i} and {j} of {given:?}");
        }
    }
}

fn drawn(matching: &Matching, component: &Component, seed: u8) -> Vec<Filled> {
    component.draw(matching, "teams/d/x", &Key::new(Suite::Sha256, Digest::new([seed; 32])))
}

/// The law of a whole draw: for small worlds whose table needs few coins, every coin string, some orders; the
/// frequencies of pairs are the table, as rationals.
#[test]
fn the_table_is_the_law_of_the_draw_over_all_coin_strings() {
    let (mut worlds, mut strings) = (0, 0);
    for number in 0..4_000 {
        let matching = testkit::matching(number, 3, 5);
        for component in table(&matching) {
            // Certain teams need no coins, and odd chances too many.
            let certain = component.pairs.iter().all(|pair| u64::from(pair.chance) == WHOLE);
            if certain || component.pairs.iter().any(|pair| pair.chance % (1 << 12) > 0) {
                continue;
            }
            let people = component.officers.len() + component.shortages.len();
            let mut orders =
                [((0..component.visits.len()).collect::<Vec<_>>(), (0..people).collect::<Vec<_>>()); 1]
                    .to_vec();
            orders.push((
                orders[0].0.iter().rev().copied().collect(),
                orders[0].1.iter().rev().copied().collect(),
            ));
            for (visits, officers) in orders {
                let outcomes =
                    all_coins(3_000, |mut coin| component.settle(&matching, &visits, &officers, &mut coin));
                let Some(outcomes) = outcomes else { continue };
                worlds += 1;
                strings += outcomes.len();
                let mut law: BTreeMap<(usize, usize), u128> = BTreeMap::new();
                let mut vacant: BTreeMap<usize, u128> = BTreeMap::new();
                for (weight, filled) in outcomes {
                    kept(&matching, &component, &filled);
                    for post in filled {
                        *vacant.entry(post.post).or_default() +=
                            u128::from(weight) * u128::from(post.vacancies);
                        for (officer, _) in post.officers {
                            *law.entry((post.post, officer)).or_default() += u128::from(weight);
                        }
                    }
                }
                let mut declared: BTreeMap<(usize, usize), u128> = BTreeMap::new();
                for pair in component.pairs.iter().filter(|p| (p.officer as usize) < matching.officers.len())
                {
                    declared.insert(
                        (pair.post as usize, pair.officer as usize),
                        u128::from(pair.chance) << (62 - 20),
                    );
                }
                assert_eq!(law, declared, "world {number}");
                let chairs =
                    component.pairs.iter().filter(|p| (p.officer as usize) >= matching.officers.len());
                let mut declared: BTreeMap<usize, u128> = BTreeMap::new();
                chairs.for_each(|p| {
                    *declared.entry(p.post as usize).or_default() += u128::from(p.chance) << (62 - 20)
                });
                vacant.retain(|_, weight| *weight > 0);
                assert_eq!(vacant, declared, "world {number}");
            }
        }
    }
    assert!(worlds > 1_000 && strings > 5_000, "{worlds} worlds, {strings} coin strings");
}

/// Every rule, on what was drawn: lists, distinct people in a visit, places, caps of draw, day, week and
/// office, limits of groups, pins.
fn kept(matching: &Matching, component: &Component, filled: &[Filled]) {
    let mut loads: BTreeMap<usize, u64> = BTreeMap::new();
    let mut days: BTreeMap<(usize, u32), u64> = BTreeMap::new();
    let mut weeks: BTreeMap<(usize, u32), u64> = BTreeMap::new();
    let mut offices: BTreeMap<usize, u64> = BTreeMap::new();
    let mut there: BTreeSet<(usize, usize)> = BTreeSet::new();
    assert_eq!(filled.iter().map(|f| f.post).collect::<Vec<_>>(), component.posts);
    for held in filled {
        let post = &matching.posts[held.post];
        assert_eq!(held.officers.len() as u64 + held.vacancies, post.places);
        let mut groups: BTreeMap<usize, u64> = BTreeMap::new();
        for &(officer, _) in &held.officers {
            assert!(post.list.contains(&(officer as u32)), "{officer} is not on the list of {}", held.post);
            assert!(there.insert((post.visit, officer)), "{officer} twice at visit {}", post.visit);
            let seat = &matching.officers[officer];
            *loads.entry(officer).or_default() += 1;
            assert!(loads[&officer] <= seat.cap);
            if let Some(day) = matching.visits[post.visit] {
                *days.entry((officer, day.number)).or_default() += 1;
                *weeks.entry((officer, day.week)).or_default() += 1;
                assert!(seat.day_cap.is_none_or(|cap| days[&(officer, day.number)] <= cap));
                assert!(seat.week_cap.is_none_or(|cap| weeks[&(officer, day.week)] <= cap));
            }
            if let Some(office) = seat.office {
                *offices.entry(office).or_default() += 1;
                assert!(offices[&office] <= matching.offices[office]);
            }
            if let Some((group, limit)) = seat.group.zip(post.limit) {
                *groups.entry(group).or_default() += 1;
                assert!(groups[&group] <= limit);
            }
        }
    }
    let short: u64 = component.shortages.iter().map(|s| s.need - s.can_fill).sum();
    assert_eq!(filled.iter().map(|f| f.vacancies).sum::<u64>(), short);
}

/// All assignments within the rules: the fewest vacancies, and with them the least Σ (load before + load)².
fn brute_force(matching: &Matching) -> (u64, u64) {
    struct State<'a> {
        matching: &'a Matching,
        held: Vec<Vec<usize>>,
        best: (u64, u64),
    }
    impl State<'_> {
        fn fits(&self, post: usize, officer: usize) -> bool {
            let (terms, seat) = (&self.matching.posts[post], &self.matching.officers[officer]);
            let visit = |post: usize| self.matching.posts[post].visit;
            let day = |post: usize| self.matching.visits[visit(post)];
            let own = &self.held[officer];
            let count = |wanted: &dyn Fn(usize) -> bool| own.iter().filter(|p| wanted(**p)).count() as u64;
            let on = |key: &dyn Fn(double_random::matching::Day) -> u32| {
                let wanted = day(post).map(key);
                wanted.map_or(0, |wanted| count(&|p| day(p).map(key) == Some(wanted)))
            };
            let office = seat.office.is_none_or(|office| {
                let places =
                    self.held.iter().zip(&self.matching.officers).filter(|(_, s)| s.office == Some(office));
                (places.map(|(held, _)| held.len()).sum::<usize>() as u64) < self.matching.offices[office]
            });
            let limit = terms.limit.zip(seat.group).is_none_or(|(limit, group)| {
                let same =
                    self.held.iter().zip(&self.matching.officers).filter(|(_, s)| s.group == Some(group));
                (same.filter(|(held, _)| held.contains(&post)).count() as u64) < limit
            });
            count(&|p| visit(p) == terms.visit) == 0
                && (own.len() as u64) < seat.cap
                && (day(post).is_none() || seat.day_cap.is_none_or(|cap| on(&|day| day.number) < cap))
                && (day(post).is_none() || seat.week_cap.is_none_or(|cap| on(&|day| day.week) < cap))
                && office
                && limit
        }

        /// Fills places of a post from the `from`-th of its list on.
        fn go(&mut self, post: usize, from: usize, left: u64, vacant: u64) {
            let Some(terms) = self.matching.posts.get(post) else {
                let load = |(held, seat): (&Vec<usize>, &Seat)| (held.len() as u64 + seat.before).pow(2);
                let squares = self.held.iter().zip(&self.matching.officers).map(load).sum();
                self.best = self.best.min((vacant, squares));
                return;
            };
            if vacant > self.best.0 {
                return;
            }
            if left == 0 || from == terms.list.len() {
                let next = self.matching.posts.get(post + 1).map_or(0, |next| next.places);
                self.go(post + 1, 0, next, vacant + left);
                return;
            }
            let officer = terms.list[from] as usize;
            if self.fits(post, officer) {
                self.held[officer].push(post);
                self.go(post, from + 1, left - 1, vacant);
                self.held[officer].pop();
            }
            self.go(post, from + 1, left, vacant);
        }
    }
    let first = matching.posts.first().map_or(0, |post| post.places);
    let held = vec![Vec::new(); matching.officers.len()];
    let mut state = State { matching, held, best: (u64::MAX, u64::MAX) };
    state.go(0, 0, first, 0);
    state.best
}

/// T1, T3: no complete assignment is missed, the largest is found otherwise, and with no chance ceiling every
/// draw has the least Σ load² of all. With a ceiling the expectation is the least that prices allow, and not
/// above what a draw at random could reach.
#[test]
fn teams_are_complete_and_level_whenever_that_is_possible() {
    let (mut short, mut ceilings) = (0, 0);
    for number in 0..1_500 {
        let mut matching = testkit::matching(number, 4, 5);
        let free = Matching { ceiling: WHOLE, ..matching.clone() };
        let (vacant, squares) = brute_force(&free);
        for seed in 0..2 {
            let mut loads: Vec<u64> = free.officers.iter().map(|seat| seat.before).collect();
            let mut empty = 0;
            for component in table(&free) {
                let filled = drawn(&free, &component, seed);
                kept(&free, &component, &filled);
                filled.iter().for_each(|f| empty += f.vacancies);
                filled.iter().flat_map(|f| &f.officers).for_each(|(officer, _)| loads[*officer] += 1);
            }
            assert_eq!(empty, vacant, "world {number}: {free:?}");
            assert_eq!(loads.iter().map(|l| l * l).sum::<u64>(), squares, "world {number}: {free:?}");
        }
        short += u64::from(vacant > 0);
        // The ceiling never costs a place, and never gains on the loads.
        matching.ceiling = WHOLE / 2;
        let components = table(&matching);
        let missing: u64 = components.iter().flat_map(|c| &c.shortages).map(|s| s.need - s.can_fill).sum();
        assert_eq!(missing, vacant, "world {number}");
        let before: u64 = matching.officers.iter().map(|seat| seat.before * seat.before).sum();
        let least: i128 = components.iter().map(|c| c.least).sum::<i128>() + i128::from(before * WHOLE);
        assert!(least >= i128::from(squares * WHOLE), "world {number}");
        ceilings += u64::from(least > i128::from(squares * WHOLE));
    }
    assert!((300..1_200).contains(&short), "{short} worlds are short");
    assert!(ceilings > 20, "the ceiling costs loads in {ceilings} worlds");
}

/// The number of a shortage by counting, from nothing but the lists: each group at its limit where the
/// statement says so, all other officers at the smallest of their caps and visits (Spec 11.6 and 14,
/// theorem 5).
fn count(matching: &Matching, shortage: &Shortage) -> u64 {
    let mut limited = 0;
    let mut pairs: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for &post in &shortage.posts {
        let terms = &matching.posts[post];
        let group =
            |officer: u32| matching.officers[officer as usize].group.filter(|_| terms.limit.is_some());
        for (_, group_there) in shortage.limits.iter().filter(|(at, _)| *at == post) {
            assert!(terms.list.iter().any(|officer| group(*officer) == Some(*group_there)));
            limited += terms.limit.unwrap().min(terms.places);
        }
        for &officer in &terms.list {
            if !shortage.limits.iter().any(|&(at, named)| at == post && group(officer) == Some(named)) {
                pairs.insert((officer as usize, terms.visit), true);
            }
        }
    }
    let mut offices: BTreeMap<usize, u64> = BTreeMap::new();
    let mut all = limited;
    for (officer, seat) in matching.officers.iter().enumerate() {
        let mut weeks: BTreeMap<Option<u32>, BTreeMap<Option<u32>, u64>> = BTreeMap::new();
        for visit in pairs.keys().filter(|(o, _)| *o == officer).map(|(_, visit)| *visit) {
            let day = matching.visits[visit];
            *weeks.entry(day.map(|d| d.week)).or_default().entry(day.map(|d| d.number)).or_default() += 1;
        }
        let of_day = |(day, n): (Option<u32>, u64)| n.min(day.and(seat.day_cap).unwrap_or(u64::MAX));
        let of_week = |(week, days): (Option<u32>, BTreeMap<Option<u32>, u64>)| {
            days.into_iter().map(of_day).sum::<u64>().min(week.and(seat.week_cap).unwrap_or(u64::MAX))
        };
        let own = weeks.into_iter().map(of_week).sum::<u64>().min(seat.cap);
        match seat.office {
            Some(office) => *offices.entry(office).or_default() += own,
            None => all += own,
        }
    }
    all + offices.into_iter().map(|(office, places)| places.min(matching.offices[office])).sum::<u64>()
}

/// T2: every shortage holds by counting, needs more than can be filled, and leaving out any of its visits
/// makes it smaller. Shortages of one world share no officer who is full: each is reported by itself.
#[test]
fn shortages_can_be_counted_and_have_no_part_too_many() {
    let (mut stated, mut with_limits, mut several) = (0, 0, 0);
    for number in 0..3_000 {
        let matching = testkit::matching(number, 7, 7);
        let found = shortages(&matching);
        several += u64::from(found.len() > 1);
        for shortage in &found {
            stated += 1;
            with_limits += u64::from(!shortage.limits.is_empty());
            assert!(shortage.can_fill < shortage.need);
            assert_eq!(count(&matching, shortage), shortage.can_fill, "world {number}: {shortage:?}");
            let need: u64 = shortage.posts.iter().map(|&post| matching.posts[post].places).sum();
            assert_eq!(need, shortage.need);
            for &left_out in &shortage.posts {
                let posts: Vec<Demand> = shortage
                    .posts
                    .iter()
                    .filter(|p| **p != left_out)
                    .map(|&p| matching.posts[p].clone())
                    .collect();
                let smaller = Matching { posts, ..matching.clone() };
                let missing: u64 = shortages(&smaller).iter().map(|s| s.need - s.can_fill).sum();
                assert!(
                    missing < shortage.need - shortage.can_fill,
                    "world {number}: {left_out} of {shortage:?}"
                );
            }
        }
    }
    assert!(stated > 1_000 && with_limits > 20 && several > 50, "{stated} {with_limits} {several}");
}

/// T5, T7, T8 on the table itself: rows and nested sums, the ceiling unless raised, equal officers equal to a
/// unit; and expected Σ load² is the least that prices allow. T9: the same twice.
#[test]
fn tables_keep_rows_caps_ceilings_and_equality() {
    let mut raised_somewhere = 0;
    for number in 0..1_500 {
        let matching = testkit::matching(number, 14, 12);
        let components = table(&matching);
        assert_eq!(components, table(&matching));
        let mut chance: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for component in &components {
            let mut rows: BTreeMap<usize, u64> = BTreeMap::new();
            let mut together: BTreeMap<(usize, usize), u64> = BTreeMap::new();
            let mut loads: BTreeMap<usize, u64> = BTreeMap::new();
            for pair in &component.pairs {
                let (post, officer, units) =
                    (pair.post as usize, pair.officer as usize, u64::from(pair.chance));
                *rows.entry(post).or_default() += units;
                if officer < matching.officers.len() {
                    *together.entry((matching.posts[post].visit, officer)).or_default() += units;
                    *loads.entry(officer).or_default() += units;
                    chance.insert((post, officer), units);
                }
            }
            for &post in &component.posts {
                assert_eq!(
                    rows.get(&post).copied().unwrap_or(0),
                    matching.posts[post].places * WHOLE,
                    "world {number}"
                );
            }
            let ceiling_at = |visit: usize| {
                let raised = component.raised.iter().find(|r| r.visits.contains(&visit)).map(|r| r.ceiling);
                let short = component
                    .shortages
                    .iter()
                    .flat_map(|s| &s.posts)
                    .any(|&p| matching.posts[p].visit == visit);
                if short { WHOLE } else { raised.unwrap_or(matching.ceiling) }
            };
            raised_somewhere += component.raised.len();
            for (&(visit, officer), &units) in &together {
                let pinned =
                    component.posts.iter().map(|&p| &matching.posts[p]).any(|post| {
                        post.visit == visit && post.pinned && post.list.contains(&(officer as u32))
                    });
                assert!(units <= if pinned { WHOLE } else { ceiling_at(visit) }, "world {number}");
            }
            // Expected squares of the loads against the bound of the prices.
            let squares: i128 = component
                .officers
                .iter()
                .map(|officer| {
                    let before = i128::from(matching.officers[*officer].before);
                    let units = loads.get(officer).copied().unwrap_or(0);
                    let (whole, part) = (before + i128::from(units / WHOLE), i128::from(units % WHOLE));
                    whole * whole * i128::from(WHOLE) + part * (2 * whole + 1)
                        - before * before * i128::from(WHOLE)
                })
                .sum();
            assert_eq!(
                squares, component.least,
                "world {number}: no lottery has a smaller expectation, and no larger one is left"
            );
        }
        // Officers whom the rules cannot tell apart.
        let lists = |officer: usize| -> Vec<usize> {
            let posts = matching.posts.iter().enumerate();
            posts
                .filter(|(_, post)| post.list.contains(&(officer as u32)))
                .map(|(number, _)| number)
                .collect()
        };
        for a in 0..matching.officers.len() {
            for b in a + 1..matching.officers.len() {
                if matching.officers[a] == matching.officers[b] && lists(a) == lists(b) {
                    for post in lists(a) {
                        let of = |officer| chance.get(&(post, officer)).copied().unwrap_or(0);
                        assert!(of(a).abs_diff(of(b)) <= 1, "world {number}: {a} and {b} at {post}");
                    }
                }
            }
        }
    }
    assert!(raised_somewhere > 100, "{raised_somewhere}");
}

/// T8: officers renamed, everything attached: least Σ load², prices and shortages stay as they are, and
/// chances move with their officers, up to what fitting has left in the worst of these worlds.
#[test]
fn renaming_officers_renames_the_law() {
    let (mut worst, mut moved) = (0, 0);
    for number in 0..1_000 {
        let matching = testkit::matching(number, 8, 9);
        let n = matching.officers.len();
        let new = |officer: usize| n - 1 - officer;
        let mut renamed = matching.clone();
        for officer in 0..n {
            renamed.officers[new(officer)] = matching.officers[officer];
        }
        for post in &mut renamed.posts {
            post.list = post.list.iter().rev().map(|&o| new(o as usize) as u32).collect();
        }
        let (a, b) = (table(&matching), table(&renamed));
        for (a, b) in a.iter().zip(&b) {
            assert_eq!(a.least, b.least, "world {number}");
            assert_eq!(a.post_prices, b.post_prices);
            assert_eq!(a.prices.iter().rev().collect::<Vec<_>>(), b.prices.iter().collect::<Vec<_>>());
            assert_eq!(a.raised, b.raised);
            let back: Vec<(Vec<usize>, Vec<usize>, u64)> = b
                .shortages
                .iter()
                .map(|s| (s.posts.clone(), s.officers.iter().rev().map(|o| new(*o)).collect(), s.can_fill))
                .collect();
            let own: Vec<_> =
                a.shortages.iter().map(|s| (s.posts.clone(), s.officers.clone(), s.can_fill)).collect();
            assert_eq!(own, back, "world {number}");
            let chances =
                |component: &Component, name: &dyn Fn(usize) -> usize| -> BTreeMap<(u32, usize), u32> {
                    let real = component.pairs.iter().filter(|pair| (pair.officer as usize) < n);
                    real.map(|pair| ((pair.post, name(pair.officer as usize)), pair.chance)).collect()
                };
            let (a, b) = (chances(a, &|o| o), chances(b, &new));
            for key in a.keys().chain(b.keys()) {
                let of = |map: &BTreeMap<(u32, usize), u32>| map.get(key).copied().unwrap_or(0);
                worst = worst.max(of(&a).abs_diff(of(&b)));
                moved += u64::from(of(&a).abs_diff(of(&b)) > 1 << 14);
            }
        }
    }
    // A sixty-fourth is 2^14 of 2^20.
    assert!(
        worst < 1 << 17 && moved < 200,
        "a chance moved by {worst} of 2^20, {moved} by more than a sixty-fourth"
    );
}

/// One component alone gives the same as in the whole table: what an institution replays.
#[test]
fn a_component_alone_is_the_component_of_the_whole() {
    let mut apart = 0;
    for number in 0..200 {
        let matching = testkit::matching(number, 12, 6);
        let whole = table(&matching);
        apart += usize::from(whole.len() > 1);
        for component in whole {
            let visit = *component.visits.last().unwrap();
            let alone = table_of(&matching, component_with(&matching, visit));
            assert_eq!(alone, component);
        }
    }
    assert!(apart > 50, "{apart}");
}

/// An oracle of another kind (Harvey, Ladner, Lovász, Tamir 2003): place by place along the way to the
/// officer with the smallest load. Only for one post a visit and no ceiling below one.
fn semi_matching(matching: &Matching) -> Vec<u64> {
    let mut held: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); matching.posts.len()];
    let mut loads = vec![0u64; matching.officers.len()];
    let mut holders: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); loads.len()];
    for post in 0..matching.posts.len() {
        for _ in 0..matching.posts[post].places {
            let mut from: BTreeMap<usize, usize> = BTreeMap::new();
            let mut through: BTreeMap<usize, usize> = BTreeMap::new();
            let mut seen = BTreeSet::from([post]);
            let mut queue = vec![post];
            let mut place = 0;
            while let Some(&at) = queue.get(place) {
                place += 1;
                for officer in matching.posts[at].list.iter().map(|&o| o as usize) {
                    if held[at].contains(&officer) || from.contains_key(&officer) {
                        continue;
                    }
                    from.insert(officer, at);
                    for &other in &holders[officer] {
                        if seen.insert(other) {
                            through.insert(other, officer);
                            queue.push(other);
                        }
                    }
                }
            }
            let open = from.keys().filter(|o| loads[**o] < matching.officers[**o].cap);
            let best = *open.min_by_key(|o| (loads[**o], **o)).expect("enough officers");
            loads[best] += 1;
            // Back along the way: each post on it takes the officer and gives up the one through whom it was
            // reached.
            let mut officer = best;
            loop {
                let at = from[&officer];
                held[at].insert(officer);
                holders[officer].insert(at);
                if at == post {
                    break;
                }
                officer = through[&at];
                held[at].remove(&officer);
                holders[officer].remove(&at);
            }
        }
    }
    loads
}

/// Loads on the measured instances s and a tenth of m: as level as another algorithm makes them, and with the
/// ceiling as level as prices allow.
#[test]
fn loads_are_optimal_on_the_measured_instances() {
    for matching in [instances::s(), instances::districts(2_000, 500, 15, 20)] {
        let free = Matching { ceiling: WHOLE, ..matching.clone() };
        let mut expected = semi_matching(&free);
        expected.sort_unstable();
        let mut loads = vec![0; free.officers.len()];
        for component in table(&free) {
            for (officer, _) in drawn(&free, &component, 3).into_iter().flat_map(|f| f.officers) {
                loads[officer] += 1;
            }
        }
        loads.sort_unstable();
        assert_eq!(loads, expected, "lexicographically the same loads");
        let squares: u64 = expected.iter().map(|l| l * l).sum();
        let least: i128 = table(&matching).iter().map(|c| c.least).sum();
        assert!(least >= i128::from(squares * WHOLE) && least <= i128::from(squares * WHOLE) * 1002 / 1000);
    }
}

/// A day cap that no officer can reach changes no chance: no capacity may wrap around in fixed point.
#[test]
fn a_cap_beyond_all_need_is_no_cap() {
    let world = |day_cap: u64| {
        let list: Vec<u32> = (0..92).collect();
        let post = |visit| Demand { visit, places: 2, list: list.clone(), limit: None, pinned: false };
        let seat = |officer| Seat {
            cap: if officer < 32 { 3 } else { 2 },
            day_cap: Some(day_cap),
            ..Seat::default()
        };
        Matching {
            visits: vec![Some(double_random::matching::Day { week: 1, number: 1 }); 30],
            posts: (0..30).map(post).collect(),
            officers: (0..92).map(seat).collect(),
            offices: Vec::new(),
            ceiling: WHOLE,
        }
    };
    let expected = table(&world(16));
    for day_cap in [17, 524_288, 999_999] {
        assert_eq!(table(&world(day_cap)), expected, "{day_cap}");
    }
}
