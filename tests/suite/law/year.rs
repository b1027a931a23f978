//! The year: what holds for every frame, churn, level change, void, miss, bound and seed; small years
//! exactly; adversarial ones by name.

use double_random::bytes::SaltKey;
use double_random::cycle::{Cycle, Drawn, DrawnPick, DrawnUnit, Event, EventError, Standing};
use double_random::lot::allocation::walk;
use double_random::odds::ONE;
use double_random::odds::cells::mass;
use double_random::plan::{BoundKind, PlanError};
use double_random::policy::Round as Share;
use double_random::stratum::StratumPath;
use double_random::verify::{Verdict, verify};
use double_random::{Frame, Plan, Policy, Roster, UnitId};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::year::{Level, Round, Year, day, frame_of};
use testkit::*;

/// One institution through the rounds of a year.
#[derive(Debug, Clone)]
struct Life {
    county: u64,
    kind: u64,
    /// Rounds from and to which it is on the frame.
    from: usize,
    to: usize,
    /// Risk and credit in each round.
    levels: Vec<(u64, u64)>,
}

#[derive(Debug, Clone)]
struct World {
    lives: Vec<Life>,
    /// Shares of the rounds in sixtieths.
    shares: Vec<u64>,
    guards: Vec<&'static str>,
    minimum: &'static str,
    surprise: &'static str,
    /// The slack of each pair of levels: a level change can begin a unit anew.
    slacks: Vec<&'static str>,
    ratios: Value,
    certain: BTreeSet<u64>,
    /// Rounds whose first attempt is voided, before or after half of its visits.
    voids: BTreeSet<usize>,
    /// Picks that are missed, by position among the picks.
    misses: BTreeSet<usize>,
    strata: Vec<&'static str>,
    dice: u64,
}

const ROUNDS: usize = 4;

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let levels = prop::collection::vec((0u64..3, 0u64..2), ROUNDS);
    // Most stay, some come and some go; levels change for a third.
    let life = (0u64..4, 0u64..2, 0usize..8, 0usize..8, levels, any::<bool>(), any::<bool>());
    let life = life.prop_map(|(county, kind, from, gone, mut levels, a, b)| {
        if a || b {
            let first = levels[0];
            levels.fill(first);
        }
        let (from, to) = (from.saturating_sub(8 - ROUNDS), if gone < ROUNDS { gone + 1 } else { ROUNDS });
        Life { county, kind, from, to: to.max(from + 1), levels }
    });
    prop::collection::vec(life, 1..60)
}

fn shares() -> impl Strategy<Value = Vec<u64>> {
    prop::sample::select(vec![
        vec![15, 15, 15, 15],
        vec![24, 12, 12, 12],
        vec![6, 24, 18, 12],
        vec![20, 20, 10, 10],
    ])
}

fn worlds() -> impl Strategy<Value = World> {
    let guards = prop::sample::select(vec![
        vec!["total"],
        vec!["county"],
        vec!["total", "county"],
        vec!["total", "county", "kind"],
        vec!["kind"],
    ]);
    let strata = prop::sample::select(vec![vec!["county", "kind"], vec!["county", "kind", "credit"]]);
    let some = |n: usize| prop::collection::btree_set(0..n, 0..3);
    let certain = prop::collection::btree_set(0u64..60, 0..4);
    let minimum = prop::sample::select(vec!["0.2", "0.05", "0.5", "1", "0"]);
    let surprise = prop::sample::select(vec!["0", "0", "0.05", "0.5"]);
    let slack = prop::sample::select(vec!["0", "0", "2.5", "0.3", "5"]);
    let slacks = prop::collection::vec(slack, 6);
    let dice = (any::<u64>(), slacks);
    (lives(), shares(), guards, minimum, surprise, certain, some(ROUNDS), some(9), strata, dice).prop_map(
        |(lives, shares, guards, minimum, surprise, certain, voids, misses, strata, (dice, slacks))| World {
            lives,
            shares,
            guards,
            minimum,
            surprise,
            slacks,
            ratios: json!([]),
            certain,
            voids,
            misses,
            strata,
            dice,
        },
    )
}

/// Limits on what may be reached, at several levels and of several kinds.
fn limits() -> impl Strategy<Value = Value> {
    let ratio = |at: &str, is: &[&str], bounds: Value| {
        let mut ratio = json!({"at": at, "basis": "a rule", "code": "band"});
        ratio.as_object_mut().unwrap().extend(bounds.as_object().unwrap().clone());
        if !is.is_empty() {
            ratio["is"] = json!(is);
        }
        ratio
    };
    let all = vec![
        ratio("total", &[], json!({"max": "0.45"})),
        ratio("total", &[], json!({"max": "0.4", "min": "0.31"})),
        ratio("county", &[], json!({"max": "0.6"})),
        ratio("county", &["350502"], json!({"max": "0.2"})),
        ratio("kind", &["clinic"], json!({"max": "0.5", "least": 1})),
        ratio("kind", &["hospital"], json!({"all_below": 3})),
        ratio("kind", &[], json!({"least": 2})),
    ];
    prop::sample::subsequence(all, 1..4).prop_map(|ratios| json!(ratios))
}

impl World {
    fn policy(&self, round: usize) -> Policy {
        let sixtieths = |n: u64| billionths_of(n, 60);
        // The last share takes what the roundings leave.
        let before: u64 = self.shares[..round].iter().map(|s| sixtieths(*s)).sum();
        let rest = ONE - before;
        let share = if round + 1 == self.shares.len() { rest } else { sixtieths(self.shares[round]) };
        policy(|p| {
            p["round"] = json!({"rest": decimal(rest), "share": decimal(share)});
            p["strata"] = json!(self.strata);
            p["coverage"] = json!({"guards": self.guards, "minimum": self.minimum});
            p["surprise"] = json!(self.surprise);
            p["ratios"] = self.ratios.clone();
            p["signals"] = json!([]);
            for (i, visits) in ["0.3", "0.1", "1", "0.5", "2.4", "1.7"].iter().enumerate() {
                p["frequency"][i]["visits"] = json!(visits);
                p["frequency"][i]["slack"] = json!(self.slacks[i]);
            }
            p["frequency"][2]["cycles"] = json!(2);
            let units: Vec<String> = self.certain.iter().map(|n| format!("T-{n:06}")).collect();
            if !units.is_empty() {
                p["certainties"] =
                    json!([{"basis": "after a penalty", "code": "recheck", "rule": {"units": units}}]);
            }
        })
    }

    fn frame(&self, round: usize, policy: &Policy) -> Frame {
        let there = self.lives.iter().zip(0u64..).filter(|(life, _)| life.from <= round && round < life.to);
        let level = |(life, n): (&Life, u64)| {
            let (risk, credit) = life.levels[round];
            (n, Level { county: life.county, kind: life.kind, risk, credit })
        };
        frame_of(&there.map(level).collect::<Vec<_>>(), policy)
    }
}

fn billionths_of(part: u64, of: u64) -> u64 {
    ONE / of * part
}

fn decimal(billionths: u64) -> String {
    double_random::policy::Billionths::new(billionths).unwrap().to_string()
}

fn no_roster(policy: &Policy) -> Roster {
    Roster::new([], [], &policy.roster, policy.as_of).unwrap()
}

/// The balance of a unit, and the width of its band: one visit and the slack, billionths.
fn balance(standing: &Standing) -> (i128, i128) {
    let visits = i128::from(standing.credited) + i128::from(standing.phase.visits);
    let owed = i128::from(standing.exposure.get()) - visits * i128::from(ONE);
    (owed, i128::from(ONE + standing.phase.slack.get()))
}

/// The balance of every unit lies within one visit and the slack. Without slack: floor(E) ≤ v ≤ ceil(E).
fn law(cycle: &Cycle) -> Result<(), String> {
    for standing in cycle.standings() {
        let (owed, band) = balance(standing);
        if owed.abs() >= band {
            return Err(format!("{standing:?}"));
        }
        let (exposure, credited) = (standing.exposure.get(), standing.credited);
        if standing.phase.is_none() && !(exposure / ONE..=exposure.div_ceil(ONE)).contains(&credited) {
            return Err(format!("{standing:?}"));
        }
    }
    Ok(())
}

/// Reached units of every node that the plan bounds, after a draw.
fn reached(plan: &Plan, cycle: &Cycle) -> BTreeMap<StratumPath, u64> {
    let mut found: BTreeMap<StratumPath, u64> = plan.bounded().keys().map(|node| (node.clone(), 0)).collect();
    for unit in plan.frame().units() {
        if plan.policy().outside(unit, None).is_none() && cycle.get(&unit.id).is_some_and(|s| s.reached() > 0)
        {
            let path = plan.policy().path(unit);
            for (node, count) in &mut found {
                *count += u64::from(path.within(node.node().strata()));
            }
        }
    }
    found
}

/// What must hold after each draw, for every history.
fn check_round(world: &World, round: usize, drawn: &Round, year: &Year) -> Result<(), TestCaseError> {
    let plan = drawn.sealed.plan();
    let last = round + 1 == ROUNDS;
    for (node, count) in reached(plan, &year.cycle) {
        let bounded = &plan.bounded()[&node];
        prop_assert!(!last || count >= bounded.quota, "{node}: {count} of {bounded:?}");
        prop_assert!(count <= bounded.limit.max(bounded.reached), "{node}: {count} of {bounded:?}");
    }
    let picked: BTreeSet<&UnitId> = drawn.record.teams.visits.iter().map(|visit| &visit.unit).collect();
    for (position, unit) in plan.frame().units().iter().enumerate() {
        let certain = world.certain.iter().any(|n| unit.id.as_str() == format!("T-{n:06}"));
        prop_assert!(!certain || picked.contains(&unit.id), "{} was certain", unit.id);
        prop_assert!(plan.probability(position) != Some(0) || !picked.contains(&unit.id));
    }
    Ok(())
}

/// A state without draws in which nothing is pending: those can be voided no more once another draw followed.
fn kept(cycle: &Cycle) -> Value {
    let mut value: Value = serde_json::from_slice(&cycle.to_json(&SaltKey::new([0; 32]))).unwrap();
    if let Some(open) = value.get_mut("open") {
        open.as_array_mut().unwrap().retain(|open| open["pending"] != json!([]));
        if open == &json!([]) {
            value.as_object_mut().unwrap().remove("open");
        }
    }
    value
}

/// Runs a world's year; `None` if some plan was refused for any reason.
fn run(world: &World, misses: bool) -> Result<Option<Year>, TestCaseError> {
    let mut year = Year::default();
    for round in 0..ROUNDS {
        let policy = world.policy(round);
        let frame = world.frame(round, &policy);
        if frame.units().is_empty() {
            return Ok(None);
        }
        let attempts = 1 + u64::from(world.voids.contains(&round));
        for attempt in 1..=attempts {
            let before = year.cycle.clone();
            let dice = world.dice.wrapping_add(round as u64 * 10 + attempt);
            let drawn = match year.draw(frame.clone(), no_roster(&policy), policy.clone(), dice, attempt) {
                Ok(drawn) => drawn,
                Err(PlanError::Bounds(_)) if world.ratios != json!([]) => return Ok(None),
                Err(error) => return Err(TestCaseError::fail(format!("round {round}: {error}"))),
            };
            if !misses {
                law(&year.cycle).map_err(TestCaseError::fail)?;
            }
            check_round(world, round, &drawn, &year)?;
            if attempt < attempts {
                let reason = double_random::id::Code::parse("power-cut").unwrap();
                year.happen(Event::Voided { date: day("2026-02-01"), draw: year.sequence, reason });
                prop_assert_eq!(kept(&year.cycle), kept(&before), "a void leaves nothing behind");
            }
        }
        if misses {
            let open = year.cycle.open().last().cloned();
            let pending: Vec<UnitId> = open.map_or_else(Vec::new, |open| open.pending.into_keys().collect());
            for (place, unit) in pending.into_iter().enumerate().filter(|(n, _)| world.misses.contains(n)) {
                let reason = double_random::id::Code::parse("closed").unwrap();
                let (date, draw) = (day("2026-02-03"), year.sequence);
                let open = &year.cycle.open()[year.cycle.open().len() - 1];
                let spare = open
                    .units
                    .iter()
                    .map(|added| &added.unit)
                    .find(|by| !open.pending.contains_key(by))
                    .cloned();
                match spare.filter(|_| place % 2 == 1) {
                    Some(by) => year.happen(Event::Replaced { by, date, draw, reason, unit }),
                    None => year.happen(Event::Missed { date, draw, reason, unit }),
                }
            }
            for standing in year.cycle.standings() {
                let (owed, band) = balance(standing);
                prop_assert!(owed > -band, "{standing:?}");
            }
        }
        year.visit_all(year.sequence, "2026-02-05");
    }
    let again = Cycle::replay(&year.events).unwrap();
    prop_assert_eq!(&again, &year.cycle, "the state is the fold of its events");
    let read = Cycle::from_json(&year.cycle.to_json(&terms(&world.policy(0)).salt_key)).unwrap().0;
    prop_assert_eq!(&read, &year.cycle);
    Ok(Some(year))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Without bounds from above nothing is ever refused: every guarded node has its floor after the last
    /// round, visits are the floor or the ceiling of exposure after every one, certain units are always
    /// drawn, and a void leaves nothing behind.
    #[test]
    fn every_promise_holds_through_every_year(world in worlds()) {
        let mut world = world;
        world.misses.clear();
        run(&world, false)?;
    }

    /// Misses and replacements: no unit is ever visited beyond the ceiling of exposure, and floors still hold
    /// for what was drawn.
    #[test]
    fn misses_and_replacements_break_no_promise(world in worlds()) {
        run(&world, true)?;
    }

    /// With limits: a plan is refused, or every limit holds in every draw and every floor after the last
    /// round.
    #[test]
    fn no_limit_is_ever_passed(world in worlds(), ratios in limits(), certain in any::<bool>()) {
        let mut world = World { ratios, voids: BTreeSet::new(), misses: BTreeSet::new(), ..world };
        if !certain {
            world.certain.clear();
        }
        run(&world, false)?;
    }
}

/// The property above is not empty: most worlds with limits run to the end.
#[test]
fn worlds_with_limits_mostly_have_a_plan() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = (worlds(), limits());
    let done = (0..200).filter(|_| {
        let (world, ratios) = strategy.new_tree(&mut runner).unwrap().current();
        let world =
            World { ratios, minimum: "0.2", certain: BTreeSet::new(), voids: BTreeSet::new(), ..world };
        run(&world, false).unwrap().is_some()
    });
    let done = done.count();
    assert!(done > 50, "only {done} of 200");
}

/// All orders of a list.
fn orders<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    if list.is_empty() {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for (i, first) in list.iter().enumerate() {
        let rest: Vec<T> = list[..i].iter().chain(&list[i + 1..]).cloned().collect();
        all.extend(orders(&rest).into_iter().map(|order| [vec![first.clone()], order].concat()));
    }
    all
}

/// All choices of `take` of a list.
fn choices(list: &[usize], take: usize) -> Vec<Vec<usize>> {
    match list.split_first() {
        _ if take == 0 => vec![vec![]],
        None => vec![],
        Some((first, rest)) => {
            let with = choices(rest, take - 1).into_iter().map(|choice| [vec![*first], choice].concat());
            with.chain(choices(rest, take)).collect()
        }
    }
}

/// Every outcome of a plan without strata, over every order of nodes and cells, every start and every order
/// of tickets, with its weight: the weights sum to `ONE` · 2520, exactly.
fn outcomes(plan: &Plan) -> Vec<(u128, Vec<usize>)> {
    let walking: Vec<usize> = (0..plan.cells().len()).filter(|&i| !plan.cells()[i].certain).collect();
    let of =
        |node: &str| walking.iter().copied().filter(|&i| plan.cells()[i].path == node).collect::<Vec<_>>();
    let (first, repeat) = (orders(&of("first")), orders(&of("repeat")));
    let pairs = first.iter().flat_map(|a| {
        repeat.iter().flat_map(move |b| [[a.clone(), b.clone()].concat(), [b.clone(), a.clone()].concat()])
    });
    let all: Vec<Vec<usize>> = pairs.collect();
    let step = u128::from(ONE);
    let mut found = Vec::new();
    for order in &all {
        let masses: Vec<u128> = order.iter().map(|&i| mass(&plan.cells()[i], plan.scale())).collect();
        let mut ends: Vec<u128> = masses
            .iter()
            .scan(0, |sum, m| {
                *sum += m;
                Some(*sum % step)
            })
            .chain([0, step])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        for pair in ends.windows(2) {
            let counts = walk(&masses, pair[0], step);
            let certain = (0..plan.cells().len()).filter(|&i| plan.cells()[i].certain);
            let mut picks: Vec<Vec<usize>> = vec![certain.flat_map(|i| plan.members(i).to_vec()).collect()];
            for (&cell, &count) in order.iter().zip(&counts) {
                let ways = choices(plan.members(cell), usize::try_from(count).unwrap());
                picks = picks
                    .iter()
                    .flat_map(|p| ways.iter().map(move |way| [p.clone(), way.clone()].concat()))
                    .collect();
            }
            let share = (all.len() * picks.len()) as u128;
            assert_eq!(2520 % share, 0, "2520 has too few divisors for this frame");
            found.extend(picks.into_iter().map(|p| ((pair[1] - pair[0]) * 2520 / share, p)));
        }
    }
    found
}

/// Every history of a small year with its exact probability: states by the units' visits, and the visits of
/// each round.
fn histories(
    levels: &[(u64, u64)],
    rounds: usize,
    change: &dyn Fn(&mut Value),
) -> Vec<(u128, Cycle, Vec<Vec<bool>>)> {
    let mut states = vec![(1u128, Cycle::default(), Vec::<Vec<bool>>::new())];
    for round in 0..rounds {
        let share = ONE / rounds as u64;
        let rest = ONE - share * round as u64;
        let policy = policy(|p| {
            p["strata"] = json!([]);
            p["signals"] = json!([]);
            p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
            p["round"] = json!({"rest": decimal(rest),
                                "share": decimal(if round + 1 == rounds { rest } else { share })});
            change(p);
        });
        let level = |(n, (risk, credit)): (usize, &(u64, u64))| {
            (n as u64, Level { county: 0, kind: 0, risk: *risk, credit: *credit })
        };
        let frame = frame_of(&levels.iter().enumerate().map(level).collect::<Vec<_>>(), &policy);
        let mut next = Vec::new();
        for (weight, cycle, past) in states {
            let plan = Plan::new(frame.clone(), no_roster(&policy), policy.clone(), cycle.clone()).unwrap();
            let unit = |i: usize| frame.units()[i].id.clone();
            let rows = (0..levels.len()).filter_map(|i| {
                let add = double_random::policy::Billionths::new(plan.exposure(i)?.added).unwrap();
                Some(DrawnUnit { add, cycles: 1, phase: None, unit: unit(i) })
            });
            let rows: Vec<DrawnUnit> = rows.collect();
            for (ways, mut picks) in outcomes(&plan) {
                picks.sort_unstable();
                let mut cycle = cycle.clone();
                let draw = round as u64 + 1;
                let picks_of = picks.iter().map(|&i| DrawnPick { credited: true, unit: unit(i) }).collect();
                let share = policy.round().share;
                let drawn = Drawn { as_of: policy.as_of, draw, picks: picks_of, share, units: rows.clone() };
                cycle.apply(&Event::Drawn(drawn)).unwrap();
                for &i in &picks {
                    let (date, items, team) = (day("2026-02-01"), Vec::new(), Vec::new());
                    cycle.apply(&Event::Visited { date, draw, items, team, unit: unit(i) }).unwrap();
                }
                law(&cycle).unwrap();
                let seen = (0..levels.len()).map(|i| picks.contains(&i)).collect();
                next.push((weight * ways, cycle, [past.clone(), vec![seen]].concat()));
            }
        }
        // Equal states with equal pasts are one.
        let mut merged: BTreeMap<String, (u128, Cycle, Vec<Vec<bool>>)> = BTreeMap::new();
        for (weight, cycle, past) in next {
            let entry = merged.entry(format!("{past:?}")).or_insert((0, cycle.clone(), past));
            assert_eq!(entry.1, cycle, "the state is a function of what was published");
            entry.0 += weight;
        }
        states = merged.into_values().collect();
    }
    states
}

/// `weight / (ONE · 2520)^rounds` in billionths, rounded.
fn chance(weight: u128, rounds: u32) -> u64 {
    let each = u128::from(ONE) * 2520;
    // Two rounds' worth first: the whole denominator times ONE would pass 128 bits.
    u64::try_from(weight / (each.pow(rounds) / u128::from(ONE))).unwrap()
}

/// Three rounds, three units: the probabilities of all histories sum to one exactly; each unit's expected
/// visits are its frequency; a unit that is to be seen once is seen in each round with the same probability.
#[test]
fn the_probabilities_of_all_histories_of_a_small_year_give_the_frequency() {
    // Visits of the six pairs of levels: 0.3, 1 or 0.6, 2 or 1.5.
    for visits in [["0.3", "1", "2"], ["0.75", "0.6", "1.5"], ["0", "1", "2.7"]] {
        let frequency = |p: &mut Value| {
            for (i, visits) in visits.iter().enumerate() {
                p["frequency"][2 * i]["visits"] = json!(visits);
            }
        };
        let found = histories(&[(0, 0), (1, 0), (2, 0)], 3, &frequency);
        let whole: u128 = found.iter().map(|h| h.0).sum();
        assert_eq!(whole, (u128::from(ONE) * 2520).pow(3), "the probabilities sum to one");
        for (unit, visits) in visits.iter().enumerate() {
            let f = billionths(visits).get();
            let expected: u128 = found
                .iter()
                .map(|(w, _, past)| w * past.iter().filter(|seen| seen[unit]).count() as u128)
                .sum();
            assert!(chance(expected, 3).abs_diff(f) <= 6, "{visits}: {}", chance(expected, 3));
            for round in 0..3 {
                let seen: u128 = found.iter().filter(|(.., past)| past[round][unit]).map(|h| h.0).sum();
                assert!(
                    chance(seen, 3).abs_diff(f / 3) <= 4,
                    "{visits} in round {round}: {}",
                    chance(seen, 3)
                );
            }
            for (_, _, past) in &found {
                let count = past.iter().filter(|seen| seen[unit]).count() as u64;
                assert!((f / ONE..=f.div_ceil(ONE)).contains(&count), "{visits}: {count}");
            }
        }
    }
}

/// Two thirds must be reached, and the frequencies alone expect less than one: in every history two units
/// are, no unit is visited more rarely than the frequency says, and no round of a unit is foreseeable before
/// the last.
#[test]
fn a_floor_holds_in_every_history_and_only_ever_adds() {
    let change = |p: &mut Value| {
        for (i, visits) in ["0.2", "0.3", "0.4"].iter().enumerate() {
            p["frequency"][2 * i]["visits"] = json!(visits);
        }
        p["coverage"]["minimum"] = json!("0.6");
    };
    let found = histories(&[(0, 0), (1, 0), (2, 0)], 3, &change);
    assert_eq!(found.iter().map(|h| h.0).sum::<u128>(), (u128::from(ONE) * 2520).pow(3));
    for (_, cycle, past) in &found {
        assert!(cycle.standings().iter().filter(|s| s.visits > 0).count() >= 2, "{past:?}");
    }
    for (unit, f) in [200_000_000, 300_000_000, 400_000_000].into_iter().enumerate() {
        let expected: u128 =
            found.iter().map(|(w, _, past)| w * past.iter().filter(|seen| seen[unit]).count() as u128).sum();
        assert!(chance(expected, 3) > f, "{unit}");
        for round in 0..2 {
            let seen: u128 = found.iter().filter(|(.., past)| past[round][unit]).map(|h| h.0).sum();
            assert!(
                (1..ONE / 2).contains(&chance(seen, 3)),
                "unit {unit} in round {round}: {}",
                chance(seen, 3)
            );
        }
    }
}

fn quarter(rest: &str, change: impl FnOnce(&mut Value)) -> Policy {
    policy(|p| {
        p["round"] = json!({"rest": rest, "share": if rest == "0" { "0" } else { "0.25" }});
        p["signals"] = json!([]);
        change(p);
    })
}

fn level(county: u64) -> Level {
    Level { county, kind: 0, risk: 0, credit: 0 }
}

const RESTS: [&str; 4] = ["1", "0.75", "0.5", "0.25"];

/// Four districts of one institution each: all four must be visited in the year, and only in the last round
/// is it foreseeable when.
#[test]
fn one_unit_per_district() {
    let mut rounds = BTreeMap::new();
    for dice in 0..200 {
        let mut year = Year::default();
        for (round, rest) in RESTS.into_iter().enumerate() {
            let policy = quarter(rest, |_| ());
            let frame = frame_of(&[(0, level(0)), (1, level(1)), (2, level(2)), (3, level(3))], &policy);
            let drawn = year.draw(frame, no_roster(&policy), policy, dice, 1).unwrap();
            *rounds.entry(round).or_insert(0) += drawn.record.teams.visits.len();
            year.visit_all(year.sequence, "2026-02-05");
        }
        assert!(year.cycle.standings().iter().all(|s| s.visits == 1), "{:?}", year.cycle);
    }
    // 800 visits spread over the rounds: about 200 each, as a floor's due share is a hazard of one over the
    // rounds left.
    assert!(rounds.values().all(|visits| (150..250).contains(visits)), "{rounds:?}");
}

/// A district in which everything is new after the last round but one: its floor is made in the last round
/// alone.
#[test]
fn a_district_that_is_all_new_in_the_last_round() {
    for dice in 0..50 {
        let mut year = Year::default();
        for rest in RESTS {
            let policy = quarter(rest, |_| ());
            let old = (0..20).map(|n| (n, level(0)));
            let new = (20..29).map(|n| (n, level(1)));
            let units: Vec<_> = if rest == "0.25" { old.chain(new).collect() } else { old.collect() };
            let drawn = year.draw(frame_of(&units, &policy), no_roster(&policy), policy, dice, 1).unwrap();
            year.visit_all(year.sequence, "2026-02-05");
            if rest == "0.25" {
                let new = drawn.record.teams.visits.iter().filter(|v| v.unit.as_str() >= "T-000020").count();
                assert!((2..=3).contains(&new), "{new}");
            }
        }
    }
}

#[test]
fn years_that_cannot_be_are_refused_with_the_reason() {
    let refused = |policy: Policy, units: u64| {
        let units: Vec<_> =
            (0..units).map(|n| (n, Level { county: n, kind: 0, risk: 2, credit: 1 })).collect();
        Plan::new(frame_of(&units, &policy), no_roster(&policy), policy, Cycle::default()).unwrap_err()
    };
    // All of the highest level, five visits in four rounds.
    let error = refused(quarter("1", |p| p["frequency"][5]["visits"] = json!("5")), 40);
    assert_eq!(
        error.to_string(),
        "unit T-000000 is due 1.250000000 visits in this round: its frequency needs shares of at most \
         0.200000000, at least 5 rounds a cycle"
    );
    // As many visits as rounds are no more than one each, even where a round is a third of the year.
    let thirds = quarter("1", |p| {
        p["round"]["share"] = json!("0.333333334");
        p["frequency"][5]["visits"] = json!("3");
    });
    let units = [(0, Level { county: 0, kind: 0, risk: 2, credit: 1 })];
    let plan = Plan::new(frame_of(&units, &thirds), no_roster(&thirds), thirds, Cycle::default()).unwrap();
    assert_eq!(plan.probability(0), Some(ONE));
    // All units exempt: the floor cannot hold.
    let exempt = quarter("1", |p| {
        p["exclusions"] = json!([{"basis": "a rule", "code": "spared", "rule": {"kinds": ["hospital"]}}]);
    });
    let error = refused(exempt, 8);
    let PlanError::Bounds(collisions) = &error else { panic!("{error}") };
    assert_eq!(collisions.len(), 5);
    assert!(collisions.iter().all(|c| c.kind == BoundKind::Floor && c.exempt > 0 && c.sure == 0));
    assert!(
        error.to_string().contains(
            "first: 2 of 8 active units must be reached, 0 have been, 8 are \
        exempt; this draw needs 0.5 more, 0 are sure"
        ),
        "{error}"
    );
    // Certain units against a limit for general items.
    let limited = |items: &str| {
        let text = policy_json(|p| {
            p["items"] = json!([{"class": items, "code": "records"}]);
            p["ratios"] = json!([{"at": "total", "basis": "无为 2023：一般检查事项不超过10%", "code": "general",
                                  "max": "0.25"}]);
            p["certainties"] =
                json!([{"basis": "b", "code": "c", "rule": {"units": ["T-000000", "T-000001", "T-000002"]}}]);
        });
        Policy::from_json(&text)
    };
    let error = refused(limited("general").unwrap(), 8);
    assert!(
        error.to_string().contains(
            "first: at most 2 of 8 active units may be reached, 0 have been, 2 \
        are left; certain units and floors inside need 4 (general)"
        ),
        "{error}"
    );
    let error = limited("key").unwrap_err().to_string();
    assert!(
        error.contains(
            "ratios[0].max: limits the draw, and item records is a key item: those have no upper limit"
        ),
        "{error}"
    );
    let capped = policy_json(|p| {
        p["items"] = json!([{"class": "key", "code": "records"}]);
        p["exclusions"] = json!([{"basis": "b", "code": "cap", "rule": {"visits_at_least": 2}}]);
    });
    let error = Policy::from_json(&capped).unwrap_err().to_string();
    assert!(error.contains("exclusions[0].rule: caps the visits, and item records is a key item"), "{error}");
    // A round that is not the next of this cycle.
    let late = quarter("0.5", |_| ());
    let error = refused(late, 8);
    assert_eq!(
        error.to_string(),
        "0 of the cycle has been drawn and 0.5 is still to come by the policy's round: together \
         they are not 1"
    );
}

/// Frequency 0 is never drawn without a floor, and reachable with a control share.
#[test]
fn frequency_zero() {
    let plan = |surprise: &str, minimum: &str| {
        let policy = quarter("1", |p| {
            p["frequency"][0]["visits"] = json!("0");
            p["surprise"] = json!(surprise);
            p["coverage"]["minimum"] = json!(minimum);
        });
        let units: Vec<_> = (0..10).map(|n| (n, level(0))).collect();
        Plan::new(frame_of(&units, &policy), no_roster(&policy), policy, Cycle::default()).unwrap()
    };
    assert_eq!(plan("0", "0").probability(0), Some(0));
    assert_eq!(plan("0.05", "0").probability(0), Some(ONE / 20));
    // Two of ten in the year, a quarter of that in this round.
    assert_eq!(plan("0", "0.2").probability(0), Some(ONE / 20));
}

/// Closures after the last round: the report names the deficit, and a make-up draw brings exactly what is
/// missing.
#[test]
fn a_deficit_is_named_and_made_up() {
    let mut year = Year::default();
    let code = |text: &str| double_random::id::Code::parse(text).unwrap();
    let units: Vec<_> = (0..40).map(|n| (n, level(n / 10))).collect();
    for rest in RESTS {
        let policy = quarter(rest, |p| p["surprise"] = json!("0.01"));
        year.draw(frame_of(&units, &policy), no_roster(&policy), policy, 3, 1).unwrap();
        let pending = year.cycle.open()[0].pending.clone();
        for unit in pending.into_keys().filter(|unit| unit.as_str() < "T-000010") {
            // No unit of the first district can be found, and all still stand on the frame.
            let (date, draw) = (day("2026-03-01"), year.sequence);
            year.happen(Event::Missed { date, draw, reason: code("not-found"), unit });
        }
        year.visit_all(year.sequence, "2026-03-02");
    }
    let last = quarter("0.25", |_| ());
    let frame = frame_of(&units, &last);
    let report = year.cycle.coverage(&frame, &last);
    let short: Vec<_> = report.deficits().map(|node| (node.node.as_str(), node.deficit())).collect();
    assert!(short.contains(&("350502", 2)), "{short:?}");
    let district = report.nodes.iter().find(|node| node.node == "350502").unwrap();
    assert_eq!((district.completion().part, district.closure().part), (0, district.drawn));
    assert!(district.drawn > 0 && district.settled().part == district.drawn, "all settled, nothing covered");
    let make_up = report.make_up(&quarter("1", |p| p["surprise"] = json!("0.01"))).unwrap();
    let make_up = double_random::Policy::new(make_up).unwrap();
    assert_eq!(make_up.round(), Share::MAKE_UP);
    // The next cycle's frame is not asked for before the year is closed.
    let drawn = year.draw(frame.clone(), no_roster(&make_up), make_up.clone(), 4, 1).unwrap();
    assert_eq!(drawn.record.teams.visits.len() as u64, short.iter().find(|n| n.0 == "350502").unwrap().1);
    year.visit_all(year.sequence, "2026-04-01");
    let report = year.cycle.coverage(&frame, &make_up);
    assert_eq!(report.deficits().count(), 0, "{report:?}");
    assert!(report.make_up(&make_up).is_none());
    assert_eq!(year.cycle.apply(&Event::CycleClosed {}), Ok(()));
    assert_eq!(year.cycle.spent().get(), 0);
    assert!(year.cycle.standings().iter().all(|s| s.drawn == 0 && s.exposure.get() == 0));
}

/// A level seen once in four cycles is seen once in every window of four cycles, wherever it begins; in a
/// window of one cycle the balance would be forgotten.
#[test]
fn a_window_of_several_cycles_carries_its_balance() {
    for dice in 0..40 {
        let mut year = Year::default();
        let mut visits = Vec::new();
        for cycle in 0..12 {
            for rest in ["1", "0.5"] {
                let policy = policy(|p| {
                    p["round"] = json!({"rest": rest, "share": "0.5"});
                    p["frequency"][0] = json!({"risk": "low", "credit": "A", "visits": "0.25", "cycles": 4});
                    p["coverage"]["minimum"] = json!("0");
                });
                let frame = frame_of(&[(0, level(0)), (1, level(0)), (2, level(1))], &policy);
                let drawn = year.draw(frame, no_roster(&policy), policy, dice * 100 + cycle, 1).unwrap();
                visits.push(drawn.record.teams.visits.iter().map(|v| v.unit.clone()).collect::<Vec<_>>());
                year.visit_all(year.sequence, "2026-02-05");
            }
            year.happen(Event::CycleClosed {});
            law(&year.cycle).unwrap();
        }
        for window in visits.chunks(8) {
            let mut seen: Vec<_> = window.iter().flatten().map(UnitId::as_str).collect();
            seen.sort_unstable();
            assert_eq!(seen, ["T-000000", "T-000001", "T-000002"]);
        }
    }
}

/// A seal under a number that the cycle has passed is refused, and a record under such a seal is refuted.
#[test]
fn a_draw_has_a_number_after_the_last() {
    let mut year = Year::default();
    let units: Vec<_> = (0..12).map(|n| (n, level(n))).collect();
    let first = quarter("1", |_| ());
    let drawn = year.draw(frame_of(&units, &first), no_roster(&first), first, 1, 1).unwrap();
    year.visit_all(1, "2026-02-05");
    let second = quarter("0.75", |_| ());
    let plan = Plan::new(frame_of(&units, &second), no_roster(&second), second, year.cycle.clone()).unwrap();
    let late = plan.seal(terms(drawn.sealed.plan().policy())).unwrap_err();
    assert_eq!(late, double_random::seal::SealError::NotNext { sequence: 1, last: 1 });
    // The same record with the cycle as it was afterwards: the digest differs, and so would the number.
    let mut knows = evidence(&drawn.sealed, &drawn.record);
    knows.cycle = Some((year.cycle.clone(), drawn.sealed.salt_key().clone()));
    assert_eq!(verify(&drawn.record, &knows).verdict(), Verdict::Refuted);
}

/// A void takes back what its draw began, and leaves what was known before, be it as little as a date.
#[test]
fn a_void_leaves_what_was_known_before() {
    let policy = quarter("1", |_| ());
    let seen = |n: u64| double_random::cycle::Standing {
        first_seen: Some(day("2025-03-03")),
        cycles: 4,
        ..double_random::cycle::Standing::new(UnitId::parse(&format!("T-{n:06}")).unwrap())
    };
    let mut year = Year {
        cycle: Cycle::new(double_random::policy::Billionths::ZERO, vec![seen(0), seen(1)]).unwrap(),
        ..Year::default()
    };
    let before = year.cycle.clone();
    let units: Vec<_> = (0..8).map(|n| (n, level(n))).collect();
    year.draw(frame_of(&units, &policy), no_roster(&policy), policy, 1, 1).unwrap();
    assert_eq!(year.cycle.standings().len(), 8);
    let reason = double_random::id::Code::parse("power-cut").unwrap();
    year.happen(Event::Voided { date: day("2026-02-01"), draw: 1, reason });
    assert_eq!(year.cycle, before);
}

/// A make-up draw keeps the law of visits and exposure, and no rule makes a unit certain.
#[test]
fn a_make_up_draw_brings_what_is_missing_and_nothing_else() {
    for design in [
        json!({"method": "frequency"}),
        json!({"method": "rate", "rate": "0.3"}),
        json!({"method": "number", "number": 12}),
    ] {
        let mut year = Year::default();
        let change = |p: &mut Value| {
            p["design"] = design.clone();
            p["certainties"] = json!([{"basis": "b", "code": "c", "rule": {"units": ["T-000001"]}}]);
            p["round"] = json!({"rest": "1", "share": "1"});
        };
        let units: Vec<_> = (0..40).map(|n| (n, level(n / 10))).collect();
        let whole = quarter("1", change);
        year.draw(frame_of(&units, &whole), no_roster(&whole), whole.clone(), 5, 1).unwrap();
        year.visit_all(1, "2026-02-05");
        // Twenty open afterwards: four more must be visited, one of each ten.
        let more: Vec<_> = (0..60).map(|n| (n, level(n / 10 % 4))).collect();
        let frame = frame_of(&more, &whole);
        let report = year.cycle.coverage(&frame, &whole);
        let missing: u64 = report.nodes.iter().filter(|n| n.node.len() == 6).map(|n| n.shortfall()).sum();
        let Some(make_up) = report.make_up(&whole) else {
            assert_eq!(missing, 0, "{design}");
            continue;
        };
        let make_up = double_random::Policy::new(make_up).unwrap();
        let drawn = year.draw(frame.clone(), no_roster(&make_up), make_up.clone(), 6, 1).unwrap();
        let picks = drawn.record.teams.visits.len() as u64;
        assert!((missing..=missing + 1).contains(&picks), "{design}: {picks} for {missing}");
        if design["method"] == "frequency" {
            law(&year.cycle).unwrap();
        }
        year.visit_all(2, "2026-03-05");
        assert_eq!(year.cycle.coverage(&frame, &make_up).deficits().count(), 0, "{design}");
    }
}

/// Events that do not follow are refused and change nothing.
#[test]
fn the_fold_refuses_what_does_not_follow() {
    let mut year = Year::default();
    let policy = quarter("1", |p| p["coverage"]["minimum"] = json!("0.8"));
    let units: Vec<_> = (0..12).map(|n| (n, level(n))).collect();
    let drawn = year.draw(frame_of(&units, &policy), no_roster(&policy), policy, 1, 1).unwrap();
    let picked = drawn.record.teams.visits[0].unit.clone();
    let other = (0..12).map(|n| UnitId::parse(&format!("T-{n:06}")).unwrap());
    let other = other.into_iter().find(|id| drawn.record.teams.visits.iter().all(|v| &v.unit != id)).unwrap();
    let reason = double_random::id::Code::parse("ill").unwrap();
    let visited = |draw, unit: &UnitId| Event::Visited {
        date: day("2026-02-01"),
        draw,
        items: vec![],
        team: vec![],
        unit: unit.clone(),
    };
    let before = year.cycle.clone();
    let mut refuse = |event: Event, error: EventError| {
        assert_eq!(year.cycle.apply(&event), Err(error));
        assert_eq!(year.cycle, before);
    };
    refuse(drawn.event.clone(), EventError::NotNext { draw: 1, last: 1 });
    refuse(visited(2, &picked), EventError::NotOpen { draw: 2 });
    refuse(visited(1, &other), EventError::NotPending { draw: 1, unit: other.clone() });
    refuse(
        Event::Voided { date: day("2026-02-01"), draw: 9, reason: reason.clone() },
        EventError::NotOpen { draw: 9 },
    );
    let first = drawn.record.teams.visits[0].unit.clone();
    refuse(
        Event::CycleClosed {},
        EventError::Unsettled { unit: first, units: drawn.record.teams.visits.len() },
    );
    let by = drawn.record.teams.visits[1].unit.clone();
    let replaced = Event::Replaced { by: by.clone(), date: day("2026-02-01"), draw: 1, reason, unit: picked };
    refuse(replaced, EventError::PendingAlready { draw: 1, unit: by });
    let Event::Drawn(mut again) = drawn.event else { unreachable!() };
    again.draw = 2;
    again.share = billionths("0.9");
    let overspent = EventError::Overspent { draw: 2, share: again.share, spent: billionths("0.25") };
    refuse(Event::Drawn(again.clone()), overspent);
    again.share = billionths("0.25");
    again.picks.reverse();
    refuse(Event::Drawn(again.clone()), EventError::List { list: "picks" });
    again.picks.reverse();
    again.units.swap(0, 1);
    refuse(Event::Drawn(again), EventError::List { list: "units" });
}

/// Every control pick is outside the schedule, and every other inside; both kinds occur.
#[test]
fn a_control_share_reaches_those_who_were_visited() {
    let mut again = 0;
    for dice in 0..30 {
        let mut year = Year::default();
        for rest in RESTS {
            let policy = quarter(rest, |p| {
                p["surprise"] = json!("0.2");
                p["frequency"][0]["visits"] = json!("1");
            });
            let units: Vec<_> = (0..20).map(|n| (n, level(0))).collect();
            let drawn = year.draw(frame_of(&units, &policy), no_roster(&policy), policy, dice, 1).unwrap();
            let record = &drawn.record;
            assert_eq!(verify(record, &evidence(&drawn.sealed, record)).verdict(), Verdict::Confirmed);
            law(&year.cycle).unwrap();
            assert!(drawn.sealed.plan().foresight().safe == 0, "no unit is safe");
            year.visit_all(year.sequence, "2026-02-05");
        }
        assert!(year.cycle.standings().iter().all(|s| s.credited == 1 && s.visits >= 1));
        again += year.cycle.standings().iter().map(|s| s.visits - 1).sum::<u64>();
    }
    // In each round a quarter is scheduled, and a fifth of the other three quarters is control: 30 years × 20
    // units × 4 × 0.15.
    assert!((290..430).contains(&again), "{again} against 360");
}
