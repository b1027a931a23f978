//! What a plan says before anything is drawn: bounds of number draws, capacity, outlook, idle rules, the
//! coverage report.

use double_random::cycle::{Cycle, Drawn, DrawnPick, DrawnUnit, Event, EventError, Standing};
use double_random::odds::ONE;
use double_random::plan::{BoundKind, PlanError};
use double_random::policy::{Guard, ReachBounds};
use double_random::{Frame, InspectorId, Plan, Policy, Roster, UnitId};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::year::{Level, Year, day, frame_of};
use testkit::*;

fn unit(n: u64) -> UnitId {
    UnitId::parse(&format!("T-{n:06}")).unwrap()
}

fn level(county: u64, kind: u64) -> Level {
    Level { county, kind, risk: 0, credit: 0 }
}

fn plan_of(
    units: &[(u64, Level)],
    officers: u64,
    cycle: Cycle,
    change: impl FnOnce(&mut Value),
) -> Result<Plan, PlanError> {
    let policy = policy(|p| {
        p["signals"] = json!([]);
        change(p);
    });
    let roster = roster(officers, &[], &policy);
    Plan::new(frame_of(units, &policy), roster, policy, cycle)
}

/// A draw of no share that picks these units: their visits are still to be made.
fn draw_again(cycle: &mut Cycle, units: &[u64]) {
    let row = |n: &u64| DrawnUnit {
        add: double_random::policy::Billionths::ZERO,
        cycles: 1,
        phase: None,
        unit: unit(*n),
    };
    let pick = |n: &u64| DrawnPick { credited: false, unit: unit(*n) };
    let (picks, units) = (units.iter().map(pick).collect(), units.iter().map(row).collect());
    let (as_of, share) = (day("2026-01-01"), double_random::policy::Billionths::ZERO);
    cycle.apply(&Event::Drawn(Drawn { as_of, draw: cycle.last_draw() + 1, picks, share, units })).unwrap();
}

/// A number draw and a limit: the limit holds for the most that the node can get, and no number is offered
/// that passes another limit.
#[test]
fn number_draws_are_held_against_floors_and_limits() {
    let units: Vec<_> = (0..40).map(|n| (n, level(n % 4, 0))).collect();
    let draw = |number: u64, ratios: Value| {
        plan_of(&units, 0, Cycle::default(), |p| {
            p["design"] = json!({"method": "number", "number": number});
            p["frequency"] = json!([]);
            p["ratios"] = ratios;
        })
    };
    let limit = |max: &str| json!([{"at": "county", "basis": "b", "code": "c", "max": max}]);
    // 9 over four counties: 2 or 3 in each, and at most 2 are allowed.
    let PlanError::Bounds(collisions) = draw(9, limit("0.2")).unwrap_err() else { panic!() };
    assert!(
        collisions
            .iter()
            .all(|c| c.kind == BoundKind::Limit && c.sure == 3 * u128::from(ONE) && c.enough.is_none())
    );
    assert_eq!(collisions.len(), 4);
    assert!(draw(8, limit("0.2")).is_ok());
    // 7 are too few for four floors of 2; 8 would do.
    let PlanError::Bounds(collisions) = draw(7, json!([])).unwrap_err() else { panic!() };
    assert!(collisions.iter().all(|c| c.kind == BoundKind::Floor && c.enough == Some(8)), "{collisions:?}");
    // … but not where 8 pass a limit on the whole.
    let total = json!([{"at": "total", "basis": "b", "code": "c", "max": "0.19"}]);
    let PlanError::Bounds(collisions) = draw(7, total).unwrap_err() else { panic!() };
    assert!(collisions.iter().all(|c| c.enough.is_none()), "{collisions:?}");
    // Half a visit that is due in the first of two rounds is no whole visit yet: one of ten counts.
    let early = plan_of(&units[..10], 0, Cycle::default(), |p| {
        p["design"] = json!({"method": "number", "number": 1});
        p["frequency"] = json!([]);
        p["round"] = json!({"rest": "1", "share": "0.5"});
        p["strata"] = json!([]);
        p["coverage"] = json!({"guards": ["total"], "minimum": "0.3"});
    });
    assert_eq!(early.unwrap().bounded()["first"].lo, 1_500_000_000);
}

/// Every unit lies in a cell of its own path, whichever levels are strata, at divisions of every depth
/// (Spec 10.3).
#[test]
fn every_unit_lies_in_a_cell_of_its_path() {
    const STRATA: [&str; 6] = ["province", "city", "county", "kind", "risk", "credit"];
    const DIVISIONS: [&str; 7] = ["110000", "110101", "350000", "350100", "350102", "350200", "350502"];
    for subset in 0..64_usize {
        let strata: Vec<&str> = (0..6).filter(|bit| subset >> bit & 1 == 1).map(|bit| STRATA[bit]).collect();
        let policy = policy(|p| {
            p["frame"]["divisions"] = json!(DIVISIONS);
            p["strata"] = json!(strata);
            p["coverage"] = json!({"guards": ["total"], "minimum": "0.2"});
        });
        let row = |n: u64| double_random::frame::UnitRow {
            division: DIVISIONS[usize::try_from(n % 7).unwrap()].into(),
            ..unit_row(n)
        };
        let frame = Frame::new((0..120).map(row), &policy.frame, policy.as_of).unwrap();
        let plan = Plan::new(frame, roster(0, &[], &policy), policy, Cycle::default()).unwrap();
        let mut placed = 0;
        for (cell, members) in plan.cells().iter().zip((0..).map(|cell| plan.members(cell))) {
            for &member in members {
                let path = plan.policy().path(&plan.frame().units()[member]);
                let whole = double_random::stratum::Occasion::First.of(path.node());
                assert_eq!(cell.path, whole, "{strata:?}");
            }
            placed += members.len();
        }
        assert_eq!(placed, 120, "{strata:?}");
    }
}

/// Codes that are prefixes of one another are different nodes.
#[test]
fn a_node_ends_where_its_code_ends() {
    let policy = policy(|p| {
        p["frame"]["kinds"] = json!(["a", "a-b", "a.b"]);
        p["strata"] = json!(["kind"]);
        p["team"]["qualifications"] = json!({});
        p["signals"] = json!([]);
        p["coverage"] = json!({"guards": ["kind"], "minimum": "0.25"});
        p["ratios"] = json!([{"at": "kind", "basis": "b", "code": "all", "is": ["a"], "min": "1"}]);
    });
    let row = |n: u64| double_random::frame::UnitRow {
        kind: ["a", "a-b", "a.b"][usize::try_from(n % 3).unwrap()].into(),
        signals: vec![],
        ..unit_row(n)
    };
    let frame = Frame::new((0..12).map(row), &policy.frame, policy.as_of).unwrap();
    let plan = Plan::new(frame, roster(0, &[], &policy), policy, Cycle::default()).unwrap();
    for n in 0..12 {
        let probability = plan.probability(plan.frame().position(&unit(n)).unwrap()).unwrap();
        assert_eq!(probability == ONE, n % 3 == 0, "{n}: {probability}");
    }
    let bounded = &plan.bounded()["first/a"];
    assert_eq!((bounded.active, bounded.quota), (4, 4));
}

#[test]
fn all_if_fewer_than_n_is_fewer() {
    let units: Vec<_> = (0..7).map(|n| (n, level(u64::from(n >= 3), 0))).collect();
    let rule = json!([{"all_below": 4, "at": "county", "basis": "不足4家全查", "code": "small"}]);
    let plan = plan_of(&units, 0, Cycle::default(), |p| p["ratios"] = rule).unwrap();
    assert_eq!(plan.bounded()["first/350502"].quota, 3);
    assert_eq!(plan.bounded()["first/350503"].quota, 1);
}

/// Two officers, two distinct people: what one officer alone can do is nothing.
#[test]
fn capacity_counts_distinct_officers() {
    let capacity = |units: u64, officers: u64, cap: u64, rate: &str| {
        let units: Vec<_> = (0..units).map(|n| (n, level(0, 1))).collect();
        let plan = plan_of(&units, officers, Cycle::default(), |p| {
            p["design"] = json!({"method": "rate", "rate": rate});
            p["coverage"]["minimum"] = json!("0");
            p["team"]["cap"] = json!(cap);
            p["roster"]["departments"] = json!(["wsjd", "scjg"]);
        });
        plan.unwrap().capacity().into_iter().find(|c| c.node.is_root()).unwrap()
    };
    // Of the officers 0, 1, 2 … every third is of another department.
    let one = capacity(10, 1, 20, "0.1");
    assert_eq!((one.most, one.available, one.shortfall(), one.visits, one.more_officers), (2, 1, 1, 0, 1));
    assert_eq!(capacity(10, 1, 20, "1").visits, 0);
    let no_officer = capacity(1, 0, 6, "1");
    assert_eq!((no_officer.shortfall(), no_officer.more_officers, no_officer.enough_cap), (2, 2, None));
    // Ten visits, two officers with a cap of 4 fill 8 of 20 places: 4 visits; a cap of 10 would do, or three
    // more of them.
    let short = capacity(10, 2, 4, "1");
    assert_eq!(
        (short.most, short.available, short.visits, short.enough_cap, short.more_officers),
        (20, 8, 4, Some(10), 3)
    );
    assert_eq!((short.certain, short.expected), (20, 20));
    assert!(
        short.to_string().contains("certain units cannot be staffed")
            && short.to_string().contains("with 4 visits, with team.cap 10, with 3 more officers"),
        "{short}"
    );
    let enough = capacity(10, 5, 6, "1");
    assert_eq!((enough.shortfall(), enough.visits, enough.more_officers), (0, 10, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The number of visits that a node can staff, against trying all: k visits can be staffed if and only if
    /// the officers' caps, each at most k, reach k times the team (every officer may go everywhere here).
    #[test]
    fn staffable_visits_agree_with_a_search(
        units in 1u64..12, caps in prop::collection::vec(0u64..9, 0..7), officers in 2u64..4
    ) {
        let policy = policy(|p| {
            p["design"] = json!({"method": "rate", "rate": "1"});
            p["signals"] = json!([]);
            p["team"]["departments"][0]["officers"] = json!(officers);
            p["team"]["jurisdiction"] = json!("any");
            p["team"]["qualifications"] = json!({});
        });
        let row = |(n, cap): (u64, &u64)| double_random::roster::InspectorRow {
            cap: cap.to_string(),
            department: "wsjd".into(),
            ..inspector_row(n)
        };
        let roster = Roster::new((0..).zip(&caps).map(row), [], &policy.roster, policy.as_of).unwrap();
        let all: Vec<_> = (0..units).map(|n| (n, level(0, 0))).collect();
        let plan = Plan::new(frame_of(&all, &policy), roster, policy, Cycle::default()).unwrap();
        let found = plan.capacity().into_iter().find(|c| c.node.is_root()).unwrap();
        let staffable = |k: u64| caps.iter().map(|cap| (*cap).min(k)).sum::<u64>() >= k * officers;
        let most = (0..=units).filter(|k| staffable(*k)).max().unwrap();
        prop_assert_eq!(found.visits, most);
        prop_assert_eq!(found.shortfall() == 0, most == units);
    }
}

#[test]
fn overdue_counts_from_the_earliest_that_is_known() {
    let rule = |p: &mut Value| {
        p["certainties"] = json!([{"basis": "b", "code": "overdue", "rule": {"not_visited_days": 300}}]);
        p["coverage"]["minimum"] = json!("0");
    };
    let seen = |first_seen: &str| Standing { first_seen: Some(day(first_seen)), ..Standing::new(unit(0)) };
    let policy = policy(rule);
    let certain = |standing: Option<Standing>, opened: &str| {
        let row = double_random::frame::UnitRow { opened: opened.into(), ..unit_row(0) };
        let frame = Frame::new([row], &policy.frame, policy.as_of).unwrap();
        let cycle =
            Cycle::new(double_random::policy::Billionths::ZERO, standing.into_iter().collect()).unwrap();
        Plan::new(frame, roster(0, &[], &policy), policy.clone(), cycle).unwrap().probability(0) == Some(ONE)
    };
    assert!(!certain(None, ""), "nothing is known");
    assert!(certain(None, "2024-01-01") && !certain(None, "2025-12-01"));
    assert!(certain(Some(seen("2025-01-01")), "") && !certain(Some(seen("2025-12-01")), ""));
    // Seen by a draw late, or a draw that was voided: open for long all the same.
    assert!(certain(Some(seen("2025-12-01")), "2020-01-01"));
    let visited = Standing { last_visit: Some(day("2025-12-01")), ..seen("2020-01-01") };
    assert!(!certain(Some(visited), "2020-01-01"));
}

#[test]
fn a_cap_counts_every_inspection_and_a_missed_one_does_not() {
    let capped = |standing: Standing, pending: bool| {
        let mut cycle = Cycle::new(double_random::policy::Billionths::ZERO, vec![standing]).unwrap();
        if pending {
            draw_again(&mut cycle, &[0]);
        }
        let rule = json!([{"basis": "国办发〔2024〕54号", "code": "cap", "rule": {"visits_at_least": 2}}]);
        let plan = plan_of(&[(0, level(0, 0)), (1, level(0, 0))], 0, cycle, |p| p["exclusions"] = rule);
        plan.unwrap().exclusion(0).is_some()
    };
    let base = || Standing::new(unit(0));
    assert!(capped(Standing { others: 2, ..base() }, false));
    assert!(capped(Standing { drawn: 1, visits: 1, others: 1, ..base() }, false));
    assert!(capped(Standing { drawn: 1, visits: 1, ..base() }, true), "one is still to be made");
    assert!(!capped(Standing { drawn: 2, visits: 1, missed: 1, ..base() }, false));
}

/// Visits of those who were visited before need the same officers as first visits do.
#[test]
fn capacity_adds_first_and_repeated_visits() {
    let units: Vec<_> = (0..20).map(|n| (n, level(0, 1))).collect();
    let rows = (0..10).map(|n| Standing { drawn: 1, visits: 1, ..Standing::new(unit(n)) });
    let cycle = Cycle::new(double_random::policy::Billionths::ZERO, rows.collect()).unwrap();
    let plan = plan_of(&units, 2, cycle, |p| {
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["cap"] = json!(15);
        p["coverage"]["minimum"] = json!("0.6");
    })
    .unwrap();
    let found = plan.capacity();
    for node in ["", "350502", "350502/clinic"] {
        let here = found.iter().find(|c| c.node == node).unwrap();
        assert_eq!((here.most, here.available, here.shortfall(), here.visits), (40, 30, 10, 15), "{node}");
    }
    // 12 of 20 must be reached, 10 are: two visits of two officers.
    assert_eq!(found.iter().find(|c| c.node == "350502").unwrap().floor, 4);
    // A unit of size 0 needs no officer.
    let plan = plan_of(&units, 2, Cycle::default(), |p| {
        p["frequency"][0]["visits"] = json!("0");
        p["coverage"]["minimum"] = json!("0");
    });
    assert!(plan.unwrap().capacity().iter().all(|c| c.most == 0 && c.shortfall() == 0));
}

/// Foresight counts exempt units as exempt, and closed ones not at all.
#[test]
fn foresight_counts_who_knows_what() {
    let policy = policy(|p| {
        p["frame"]["listed"] = json!(["closed"]);
        p["signals"] = json!([]);
        p["coverage"]["minimum"] = json!("0");
        p["exclusions"] = json!([{"basis": "b", "code": "spared", "rule": {"units": ["T-000003"]}}]);
        p["certainties"] = json!([{"basis": "b", "code": "c", "rule": {"units": ["T-000001"]}}]);
        p["frequency"][0]["visits"] = json!("0");
        p["frequency"][2]["visits"] = json!("1");
    });
    let row = |n: u64| double_random::frame::UnitRow {
        status: if n == 4 { "closed" } else { "active" }.into(),
        risk: if n == 2 { "medium" } else { "low" }.into(),
        credit: "A".into(),
        signals: vec![],
        ..unit_row(n)
    };
    let frame = Frame::new((0..6).map(row), &policy.frame, policy.as_of).unwrap();
    let plan = Plan::new(frame, roster(0, &[], &policy), policy, Cycle::default()).unwrap();
    let found = plan.foresight();
    assert_eq!(
        (found.units, found.certain_by_rule, found.certain_by_schedule, found.safe, found.exempt),
        (4, 1, 1, 2, 1)
    );
    assert_eq!((found.expected, found.control, found.guess), (2 * u128::from(ONE), 0, ONE));
    // By level: the low ones are certain by rule or safe, the medium one is certain by its schedule.
    let levels = plan.foresight_by_level();
    let said: Vec<_> = levels
        .iter()
        .map(|((risk, credit), l)| {
            let certain = (l.certain_by_rule, l.certain_by_schedule);
            (risk.as_str(), credit.as_str(), l.units, certain, l.safe, l.exempt)
        })
        .collect();
    assert_eq!(said, [("low", "A", 3, (1, 0), 2, 1), ("medium", "A", 1, (0, 1), 0, 0)]);
    let figures: Vec<_> = levels.values().map(|l| (l.least_guess(), l.ratio(), l.certain_part())).collect();
    assert_eq!(figures, [(ONE / 3, Some(3 * ONE), 0), (ONE, Some(ONE), ONE)]);
}

/// Two visits a year in four rounds: before the second round half of the units are certain and the other half
/// safe. The level says so, though the mean over all levels is far below.
#[test]
fn a_level_that_is_a_timetable_is_seen_among_others() {
    let of = |n: u64| Level { risk: u64::from(n >= 10), ..level(0, 0) };
    let units: Vec<(u64, Level)> = (0..50).map(|n| (n, of(n))).collect();
    let terms = |rest: &'static str| {
        move |p: &mut Value| {
            p["round"] = json!({"rest": rest, "share": "0.25"});
            p["coverage"]["minimum"] = json!("0");
            p["surprise"] = json!("0");
            p["frequency"][0]["visits"] = json!("2");
            p["frequency"][2]["visits"] = json!("0.8");
        }
    };
    let first = plan_of(&units, 0, Cycle::default(), terms("1")).unwrap();
    // Before the first round the history tells nothing.
    assert!(first.foresight_by_level().values().all(|l| l.ratio() == Some(ONE) && l.certain_part() == 0));
    let row = |position: usize| {
        let add = first.exposure(position).unwrap().added;
        let add = double_random::policy::Billionths::new(add).unwrap();
        DrawnUnit { add, cycles: 1, phase: None, unit: first.frame().units()[position].id.clone() }
    };
    let pick = |n: u64| DrawnPick { credited: true, unit: unit(n) };
    let mut cycle = Cycle::default();
    let drawn = Drawn {
        as_of: day("2026-01-01"),
        draw: 1,
        picks: (0..5).map(pick).collect(),
        share: billionths("0.25"),
        units: (0..50).map(row).collect(),
    };
    cycle.apply(&Event::Drawn(drawn)).unwrap();
    let second = plan_of(&units, 0, cycle, terms("0.75")).unwrap();
    let levels: Vec<_> = second
        .foresight_by_level()
        .into_values()
        .map(|l| (l.certain_by_schedule, l.safe, l.ratio(), l.certain_part()))
        .collect();
    assert_eq!(levels[0], (5, 5, Some(2 * ONE), ONE));
    assert_eq!((levels[1].0, levels[1].1, levels[1].3), (0, 0, 0));
    let all = second.foresight();
    assert_eq!((all.certain_by_schedule, all.safe), (5, 5));
}

/// The outlook says what the next plan will say.
#[test]
fn the_outlook_is_the_next_rounds_probability() {
    let units = [(0, level(0, 0)), (1, level(0, 0)), (2, level(0, 0))];
    // The share after next is what is left, if that is less: 0.6, then 0.4.
    for (rest, share, next) in [("1", "0.25", "0.75"), ("0.25", "0.25", "1"), ("1", "0.6", "0.4")] {
        let mut year = Year::default();
        let plan = |rest: &str, share: &str, cycle: Cycle| {
            plan_of(&units, 0, cycle, |p| {
                p["round"] = json!({"rest": rest, "share": share});
                p["frequency"][0]["visits"] = json!("0.8");
                p["coverage"]["minimum"] = json!("0");
                p["surprise"] = json!("0.01");
            })
            .unwrap()
        };
        if rest != "1" {
            let add = billionths("0.6");
            let units: Vec<_> =
                (0..3).map(|n| DrawnUnit { add, cycles: 1, phase: None, unit: unit(n) }).collect();
            let drawn =
                Drawn { as_of: day("2026-01-01"), draw: 1, picks: vec![], share: billionths("0.75"), units };
            year.happen(Event::Drawn(drawn));
        }
        let now = plan(rest, share, year.cycle.clone());
        let outlook = now.outlook(&unit(0)).unwrap();
        assert_eq!(Some(outlook.now), now.probability(0));
        for visited in [true, false] {
            let mut year = Year { cycle: year.cycle.clone(), ..Year::default() };
            let rows = (0..3).map(|n| {
                let add = double_random::policy::Billionths::new(now.exposure(n).unwrap().added).unwrap();
                DrawnUnit { add, cycles: 1, phase: None, unit: unit(n as u64) }
            });
            let picks = if visited { vec![DrawnPick { credited: true, unit: unit(0) }] } else { vec![] };
            let share_of = billionths(share);
            year.happen(Event::Drawn(Drawn {
                as_of: day("2026-01-01"),
                draw: 2,
                picks,
                share: share_of,
                units: rows.collect(),
            }));
            year.visit_all(2, "2026-02-01");
            if next == "1" {
                year.happen(Event::CycleClosed {});
            }
            let share = if next == "0.4" { "0.4" } else { share };
            let expected = plan(next, share, year.cycle.clone()).probability(0).unwrap();
            let said = if visited { outlook.after_visit } else { outlook.without_visit };
            assert_eq!(said, expected, "rest {rest}, visited {visited}");
        }
    }
    assert!(
        plan_of(&units, 0, Cycle::default(), |p| p["design"] = json!({"method": "rate", "rate": "0.5"}))
            .unwrap()
            .outlook(&unit(0))
            .is_none()
    );
}

#[test]
fn rules_that_concern_nobody_are_named() {
    let plan = plan_of(&[(0, level(0, 0)), (1, level(1, 0))], 0, Cycle::default(), |p| {
        p["signals"] = json!([{"add": "0.1", "at_least": 1, "basis": "b", "signal": "complants"}]);
        p["certainties"] = json!([
            {"basis": "b", "code": "a", "rule": {"units": ["T-000001", "NOBODY-1"]}},
            {"basis": "b", "code": "b", "rule": {"signal": {"at_least": 1, "signal": "serius"}}}]);
        p["exclusions"] = json!([{"basis": "b", "code": "c", "rule": {"units": ["T-000001"]}}]);
        p["ratios"] = json!([{"at": "kind", "basis": "b", "code": "d", "is": ["clinic"], "least": 1},
                             {"at": "total", "basis": "b", "code": "e", "least": 1}]);
    });
    let said: Vec<String> = plan.unwrap().idle_rules().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "certainties[0]: NOBODY-1 is not on the frame",
            "certainties[1]: applies to no unit that an earlier rule does not decide",
            "exclusions[0]: applies to no unit that an earlier rule does not decide",
            "signals[0]: no unit has 1 × complants",
            "ratios[0]: no active unit is of these values",
        ]
    );
    // What is known of a unit that is not on the frame is named, too: a recusal, and a standing of the cycle.
    let policy_of_all = policy(|_| ());
    let officers = roster(6, &[(0, 4), (1, 777)], &policy_of_all);
    let frame = Frame::new((0..8).map(unit_row), &policy_of_all.frame, policy_of_all.as_of).unwrap();
    let cycle = testkit::cycle("0", &[(3, 0, "0", "2025-11-03", &["I-0777"]), (888, 0, "0", "", &[])]);
    let plan = Plan::new(frame, officers, policy_of_all, cycle).unwrap();
    let strays: Vec<String> = plan.strays().iter().map(ToString::to_string).collect();
    assert_eq!(
        strays,
        [
            "recusal of I-0001 from T-000777, which is not on the frame",
            "standing of T-000888 in the cycle, which is not on the frame",
            "I-0777 of the last team of T-000003, who is not on the roster",
        ]
    );
    // The same code at two levels: a rule about the credit level A says nothing about a kind that is called
    // A.
    let policy = policy(|p| {
        p["frame"]["kinds"] = json!(["A", "clinic"]);
        p["team"]["qualifications"] = json!({});
        p["strata"] = json!(["kind", "credit"]);
        p["coverage"] = json!({"guards": ["kind"], "minimum": "0"});
        p["ratios"] = json!([{"at": "credit", "basis": "b", "code": "c", "is": ["A"], "least": 1}]);
        p["signals"] = json!([]);
    });
    let row = |n: u64| double_random::frame::UnitRow {
        kind: "A".into(),
        credit: "B".into(),
        signals: vec![],
        ..unit_row(n)
    };
    let frame = Frame::new((0..4).map(row), &policy.frame, policy.as_of).unwrap();
    let plan = Plan::new(frame, roster(0, &[], &policy), policy, Cycle::default()).unwrap();
    assert_eq!(plan.idle_rules().len(), 1);
    // What no frame could have is refused with the policy.
    let wrong = policy_json(|p| {
        p["ratios"] = json!([{"at": "kind", "basis": "b", "code": "c", "is": ["hospitall"], "least": 1}])
    });
    let error = Policy::from_json(&wrong).unwrap_err().to_string();
    assert!(error.contains("ratios[0].is") && error.contains("hospitall"), "{error}");
    for (value, place) in [
        (json!({"surprise": "0.1", "design": {"method": "rate", "rate": "0.2"}}), "surprise"),
        (json!({"surprise": "1"}), "surprise"),
        (json!({"round": {"rest": "0.5", "share": "0.6"}}), "round"),
        (json!({"round": {"rest": "0.5", "share": "0"}}), "round.share"),
    ] {
        let text = policy_json(|p| p.as_object_mut().unwrap().extend(value.as_object().unwrap().clone()));
        let error = Policy::from_json(&text).unwrap_err().to_string();
        assert!(error.contains(&format!("\n  {place}: ")), "{error}");
    }
    let text = policy_json(|p| {
        p["frequency"][0] = json!({"risk": "low", "credit": "A", "visits": "0.2", "cycles": 4})
    });
    assert!(
        Policy::from_json(&text)
            .unwrap_err()
            .to_string()
            .contains("frequency[0].cycles: 4 cycles of 0.2 visits make no whole visit")
    );
}

/// Explanations end at the plan's own probability, bounds named from the inside out.
#[test]
fn bounds_are_explained_from_the_inside_out() {
    let units: Vec<_> = (0..12).map(|n| (n, level(n % 2, 0))).collect();
    let plan = plan_of(&units, 0, Cycle::default(), |p| {
        p["coverage"] = json!({"guards": ["total", "county"], "minimum": "0.3"});
        p["ratios"] = json!([{"at": "total", "basis": "b", "code": "c", "min": "0.5"}]);
    })
    .unwrap();
    let text = plan.explain(&unit(0)).unwrap().to_string();
    let (county, total) = (
        text.find("first/350502 must reach 2 of 6: raised"),
        text.find("first must reach 6 of 12 (c): raised"),
    );
    assert!(county.unwrap() < total.unwrap() && text.ends_with("from 0.1 to 0.5"), "{text}");
    let low = plan_of(&units, 0, Cycle::default(), |p| {
        p["frequency"][0]["visits"] = json!("0.9");
        p["ratios"] = json!([{"at": "total", "basis": "b", "code": "c", "max": "0.5"}]);
    });
    let text = low.unwrap().explain(&unit(0)).unwrap().to_string();
    assert!(
        text.contains("first may reach at most 6 of 12 (c): lowered") && text.ends_with("from 0.9 to 0.5"),
        "{text}"
    );
}

/// Who has left the frame stays in the account of what was drawn; who is closed is not active, visited or
/// not; who is still to be visited is awaited, not visited.
#[test]
fn the_report_counts_what_it_says() {
    let policy = policy(|p| {
        p["frame"]["listed"] = json!(["closed"]);
        p["items"] = json!([{"class": "general", "code": "records"}, {"class": "key", "code": "water"}]);
    });
    let standing = |n: u64, drawn: u64, visits: u64, missed: u64| Standing {
        drawn,
        visits,
        missed,
        ..Standing::new(unit(n))
    };
    let rows = vec![standing(0, 1, 1, 0), standing(8, 1, 1, 0), standing(12, 1, 0, 1), standing(99, 3, 2, 1)];
    let mut cycle = Cycle::new(double_random::policy::Billionths::ZERO, rows).unwrap();
    draw_again(&mut cycle, &[0, 4]);
    let row = |n: u64| double_random::frame::UnitRow {
        status: if n == 8 { "closed" } else { "active" }.into(),
        ..unit_row(n)
    };
    let frame = Frame::new((0..20).map(row), &policy.frame, policy.as_of).unwrap();
    let report = cycle.coverage(&frame, &policy);
    let all = &report.nodes[0];
    assert_eq!((all.active, all.visited, all.awaited, all.drawn, all.made, all.missed), (19, 1, 1, 8, 4, 2));
    assert_eq!(
        (all.bounds, all.deficit(), all.shortfall()),
        (Some(ReachBounds { quota: 4, limit: 19 }), 3, 2)
    );
    let county = report.nodes.iter().find(|n| n.node == "350502").unwrap();
    assert_eq!((county.active, county.visited, county.awaited, county.drawn), (4, 1, 1, 5));
    let strata = report
        .nodes
        .iter()
        .filter(|n| matches!(n.level, double_random::cycle::CoverageLevel::Stratum(Guard::Stratum(_))))
        .count();
    assert_eq!((strata, report.nodes.len()), (4 + 8, 1 + 12 + 3 + 2));
    assert_eq!((report.items.share().part, report.items.share().of), (0, 2));
    assert!(report.make_up(&policy).is_none(), "rounds are still to come");
}

/// What a cycle cannot hold is refused: counts at their end, lists out of order, states that contradict
/// themselves.
#[test]
fn a_cycle_keeps_its_own_rules() {
    let most = 1_000_000;
    let full = Standing { others: most, ..Standing::new(unit(0)) };
    let mut cycle = Cycle::new(double_random::policy::Billionths::ZERO, vec![full]).unwrap();
    let inspected = Event::Inspected { approved: true, date: day("2026-01-01"), team: vec![], unit: unit(0) };
    assert_eq!(cycle.apply(&inspected), Err(EventError::TooMany { unit: unit(0) }));
    let drawn_out = Standing { drawn: most, visits: most, ..Standing::new(unit(0)) };
    let full = Cycle::new(double_random::policy::Billionths::ZERO, vec![drawn_out]).unwrap();
    let error = plan_of(&[(0, level(0, 0))], 0, full.clone(), |_| ()).unwrap_err();
    assert_eq!(error, PlanError::Exhausted { unit: unit(0) });
    let credited = Standing { credited: most, ..Standing::new(unit(0)) };
    let credited = Cycle::new(double_random::policy::Billionths::ZERO, vec![credited]).unwrap();
    let error = plan_of(&[(0, level(0, 0))], 0, credited, |_| ()).unwrap_err();
    assert_eq!(error, PlanError::Exhausted { unit: unit(0) });
    let mut full = full;
    let row = DrawnUnit { add: billionths("0.5"), cycles: 1, phase: None, unit: unit(0) };
    let pick = DrawnPick { credited: false, unit: unit(0) };
    let drawn = Drawn {
        as_of: day("2026-01-01"),
        draw: 1,
        picks: vec![pick],
        share: billionths("1"),
        units: vec![row],
    };
    assert_eq!(full.apply(&Event::Drawn(drawn)), Err(EventError::TooMany { unit: unit(0) }));
    // Items and teams ascend.
    let mut year = Year::default();
    let row = DrawnUnit { add: billionths("0.5"), cycles: 1, phase: None, unit: unit(0) };
    let pick = DrawnPick { credited: true, unit: unit(0) };
    year.happen(Event::Drawn(Drawn {
        as_of: day("2026-01-01"),
        draw: 1,
        picks: vec![pick],
        share: billionths("1"),
        units: vec![row],
    }));
    let officers = |ids: [&str; 2]| ids.map(|id| InspectorId::parse(id).unwrap()).to_vec();
    let codes = |codes: [&str; 2]| codes.map(|code| double_random::id::Code::parse(code).unwrap()).to_vec();
    for (team, items) in
        [(["I-2", "I-1"], ["a", "b"]), (["I-1", "I-2"], ["b", "a"]), (["I-1", "I-1"], ["a", "b"])]
    {
        let event = Event::Visited {
            date: day("2026-01-02"),
            draw: 1,
            items: codes(items),
            team: officers(team),
            unit: unit(0),
        };
        assert_eq!(year.cycle.apply(&event), Err(EventError::List { list: "items or team" }));
    }
    // Files that contradict themselves.
    let good = year.cycle.to_json(&terms(&policy(|_| ())).salt_key);
    let read = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_slice(&good).unwrap();
        change(&mut value);
        Cycle::from_json(&double_random::bytes::encode(&value).unwrap())
    };
    assert!(read(&|_| ()).is_ok());
    let broken: [&dyn Fn(&mut Value); 12] = [
        &|v| v["standings"][0]["drawn"] = json!(0),
        &|v| v["standings"][0]["visits"] = json!(1),
        &|v| v["standings"][0]["credited"] = json!(0),
        &|v| v["standings"][0]["cycles"] = json!(21),
        &|v| v["spent"] = json!("0.9"),
        &|v| v["spent"] = json!("1.1"),
        &|v| v["last"] = json!(0),
        &|v| v["last"] = json!(1_000_000_000_001u64),
        &|v| v["open"][0]["units"] = json!([]),
        &|v| v["open"][0]["pending"][0]["unit"] = json!("T-000007"),
        &|v| {
            v["last"] = json!(2);
            v["open"][0]["pending"] = json!([])
        },
        &|v| v["items"] = json!({"a": 0}),
    ];
    for (n, change) in broken.iter().enumerate() {
        assert!(read(change).is_err(), "{n}");
    }
}
