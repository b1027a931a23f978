//! Streamed frames: the same bytes as in memory, and rows that changed between the passes are refused.

use super::worlds;
use double_random::bytes::SaltKey;
use double_random::frame::{FrameRule, UnitRow};
use double_random::message::Coded as _;
use double_random::plan::{Placed, PlanError};
use double_random::register::Register;
use double_random::seal::SealError;
use double_random::stream::{Census, Counted, RegisterCensus, SealedStream, StreamError};
use double_random::verify::{Check, Evidence, Outcome, Verdict, streamed, verify};
use double_random::{Cycle, Plan, Policy, Record, Roster};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::*;

fn rows(units: u64) -> impl Iterator<Item = UnitRow> + Clone {
    (0..units).map(unit_row)
}

fn count(
    policy: &Policy,
    cycle: &Cycle,
    rows: impl Iterator<Item = UnitRow>,
) -> Result<Counted, StreamError> {
    let mut census = Census::new(policy.clone(), cycle.clone(), terms(policy).salt_key)?;
    census.extend(rows);
    census.finish()
}

fn seal(policy: &Policy, cycle: &Cycle, roster: Roster, rows: impl Iterator<Item = UnitRow>) -> SealedStream {
    count(policy, cycle, rows).unwrap().seal(roster, terms(policy)).unwrap()
}

fn record(
    sealed: &SealedStream,
    dice_of: u64,
    rows: impl Iterator<Item = UnitRow>,
) -> Result<Record, StreamError> {
    let mut draw = sealed.draw(&dice(dice_of)).unwrap();
    draw.extend(rows);
    Ok(draw.finish()?.record())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Seal, sample and record are those of a plan in memory, for every design, bounds, cycle and numbers;
    /// and an auditor who streams confirms every check that one with the file confirms.
    #[test]
    fn a_streamed_draw_is_the_draw(world in worlds()) {
        let (policy, cycle) = (world.policy(), world.cycle());
        let whole = world.sealed();
        let expected = draw(&whole, world.dice);
        let sealed = seal(&policy, &cycle, world.roster(&policy), rows(world.units));
        prop_assert_eq!(sealed.seal(), whole.seal());
        prop_assert_eq!(sealed.counted().table(), whole.plan().table());
        prop_assert_eq!(sealed.counted().bounded(), whole.plan().bounded());
        let mut draw = sealed.draw(&dice(world.dice)).unwrap();
        draw.extend(rows(world.units));
        let sample = draw.finish().unwrap();
        prop_assert_eq!(&sample.cells(), &expected.sample);
        let picks: usize = expected.sample.iter().map(|cell| cell.picks.len()).sum();
        let shown: usize = expected.sample.iter().map(|cell| cell.picks.len() + cell.reserves.len()).sum();
        prop_assert_eq!((sample.len(), sample.units().len()), (picks, shown));
        prop_assert_eq!(sample.record().to_json(), expected.to_json());
        // What it is to the cycle: the same rows, under the same digest, and the same cycle after it.
        let document = whole.seed(&dice(world.dice)).unwrap().draw().drawn_document();
        let mut units = Vec::new();
        let take = |row| -> Result<(), StreamError> {
            units.push(row);
            Ok(())
        };
        let head = sealed.drawn_rows(&sample, rows(world.units), take).unwrap();
        let suite = policy.suite;
        prop_assert_eq!(head.digest(suite), document.digest(suite));
        prop_assert_eq!(&units, &document.drawn.units);
        let mut after = cycle.clone();
        after.apply(&double_random::cycle::Event::Drawn(document.event())).unwrap();
        let (as_of, number, share) = (head.drawn.as_of, head.drawn.draw, head.drawn.share);
        let (mut next, drawn) = (Vec::new(), units.into_iter().map(|row| row.unit));
        let merged = cycle.head().drawn((as_of, number, share), cycle.rows(), drawn, |row| next.push(row));
        prop_assert_eq!(Cycle::of_rows(&merged.unwrap(), next).unwrap(), after);

        let counted = count(&expected.policy, &cycle, rows(world.units)).unwrap();
        let mut selection = counted.replay(&expected);
        selection.extend(rows(world.units));
        let evidence = evidence(&whole, &expected);
        let report = streamed(&expected, &evidence, selection.finish().unwrap());
        prop_assert_eq!(report, verify(&expected, &evidence));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the draw kit asks for (Spec 25): each unit in the cell from which it is drawn, as many as the
    /// table says, streamed as in memory.
    #[test]
    fn units_stand_in_the_cells_of_the_draw(world in worlds()) {
        let sealed = world.sealed();
        let record = draw(&sealed, world.dice);
        let places: Vec<Placed> = sealed.plan().places(sealed.salt_key()).collect();
        for (number, (cell, row)) in (0u64..).zip(record.sample.iter().zip(&record.table.cells)) {
            let count = places.iter().filter(|place| place.cell == number).count();
            prop_assert_eq!(u64::try_from(count).unwrap(), row.count);
            for pick in cell.picks.iter().chain(&cell.reserves) {
                let place = places.iter().find(|place| place.id == pick.id).unwrap();
                prop_assert_eq!((place.cell, place.pseudonym), (number, pick.pseudonym));
            }
        }
        let counted = count(&world.policy(), &world.cycle(), rows(world.units)).unwrap();
        let mut streamed = Vec::new();
        let taken = counted.places(rows(world.units), |place| {
            streamed.push(place);
            Ok::<(), StreamError>(())
        });
        prop_assert_eq!(taken, Ok(()));
        prop_assert_eq!(streamed, places);
    }
}

/// Another suite, a secret, second-stage samples, limits that lower a level, no strata.
#[test]
fn every_kind_of_policy_can_be_streamed() {
    let all: [&dyn Fn(&mut Value); 4] = [
        &|p| {
            p["suite"] = json!("sm3");
            p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
        },
        &|p| p["subsamples"] = json!([{"basis": "a rule", "code": "lab", "share": "0.5"}]),
        &|p| {
            p["strata"] = json!(["kind", "county"]);
            p["coverage"] = json!({"guards": ["total"], "minimum": "0.1"});
            p["ratios"] =
                json!([{"at": "kind", "basis": "b", "code": "few", "is": ["clinic"], "max": "0.15"}]);
        },
        &|p| {
            p["strata"] = json!([]);
            p["coverage"] = json!({"guards": ["total"], "minimum": "0.5"});
        },
    ];
    for change in all {
        let policy = policy(change);
        let whole = sealed(120, 40, &[], policy.clone());
        let expected = draw(&whole, 3);
        let streamed = seal(&policy, &Cycle::default(), roster(40, &[], &policy), rows(120));
        assert_eq!(streamed.seal(), whole.seal());
        assert_eq!(record(&streamed, 3, rows(120)).unwrap(), expected);
    }
}

/// More rows than one batch holds, and units that a rule shuts out.
#[test]
fn several_batches_give_the_same_bytes() {
    let policy = policy(|p| {
        p["exclusions"] = json!([{"code": "low_clinics", "basis": "a rule", "rule": {"kinds": ["clinic"]},
            "kinds": ["clinic"]}]);
        p["certainties"] = json!([{"code": "complained", "basis": "a rule",
            "rule": {"signal": {"signal": "complaints", "at_least": 3}}}]);
        p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
        p["design"] = json!({"method": "rate", "rate": "0.01"});
        p["team"]["cap"] = json!(1000);
    });
    let units = 20_000;
    let roster = || roster(40, &[(0, 3)], &policy);
    let plan = Plan::new(frame(units, &policy), roster(), policy.clone(), Cycle::default()).unwrap();
    let whole = plan.seal(terms(&policy)).unwrap();
    let sealed = seal(&policy, &Cycle::default(), roster(), rows(units));
    assert_eq!(sealed.seal(), whole.seal());
    assert_eq!(sealed.counted().exclusions(), whole.plan().exclusions());
    let streamed = record(&sealed, 5, rows(units)).unwrap();
    assert!(streamed == draw(&whole, 5), "the records differ");

    // One batch to the row, and a problem after it.
    for units in [16_383, 16_384, 16_385] {
        let counted = count(&policy, &Cycle::default(), rows(units)).unwrap();
        assert_eq!(counted.frame().root, frame(units, &policy).root(policy.suite, &terms(&policy).salt_key));
    }
    let late =
        |row: UnitRow| UnitRow { kind: if row.row == 16_390 { "?".into() } else { row.kind.clone() }, ..row };
    let mut draw = sealed.draw(&dice(5)).unwrap();
    draw.extend(rows(units).map(late));
    let Err(StreamError::Rows(problems)) = draw.finish() else { panic!() };
    assert_eq!(problems.as_slice().iter().map(|problem| problem.row).collect::<Vec<_>>(), [16_390]);
}

#[test]
fn rows_that_changed_since_the_seal_are_refused() {
    let policy = policy(|_| {});
    let units = 60;
    let sealed = seal(&policy, &Cycle::default(), roster(9, &[], &policy), rows(units));
    let changed = |rows: Vec<UnitRow>| match record(&sealed, 1, rows.into_iter()) {
        Err(StreamError::Changed { counted, found }) => {
            let frame = &sealed.seal().frame;
            assert_eq!((counted.root, counted.size), (frame.root, frame.size));
            assert_ne!(counted, found);
        }
        other => panic!("{other:?}"),
    };
    let all: Vec<UnitRow> = rows(units).collect();
    changed(Vec::new());
    changed(all[1..].to_vec());
    changed(all[..59].to_vec());
    changed([&all[..], &[unit_row(60)]].concat());
    // Every unit of a stratum that was not there, so that none of the counted units is left.
    changed(all.iter().cloned().map(|row| UnitRow { kind: "clinic".into(), ..row }).collect());
    for place in [0, 30, 59] {
        for (name, division, risk) in
            [("another", "", ""), ("", "350582", ""), ("", "", "high"), ("", "", "low")]
        {
            let mut rows = all.clone();
            let row = &mut rows[place];
            for (cell, value) in [(&mut row.name, name), (&mut row.division, division), (&mut row.risk, risk)]
            {
                if !value.is_empty() {
                    value.clone_into(cell);
                }
            }
            if rows != all {
                changed(rows);
            }
        }
    }
    assert!(record(&sealed, 1, all.into_iter()).is_ok());
}

#[test]
fn rows_with_problems_are_named_and_nothing_is_drawn() {
    let policy = policy(|_| {});
    let mut all: Vec<UnitRow> = rows(20).collect();
    all[3].risk = "extreme".into();
    all[7].division = "35".into();
    all.swap(10, 11);
    all.insert(15, all[14].clone());
    let Err(StreamError::Rows(problems)) = count(&policy, &Cycle::default(), all.into_iter()) else {
        panic!()
    };
    let found: Vec<(u64, &str)> = problems.as_slice().iter().map(|p| (p.row, p.field)).collect();
    assert_eq!(found, [(4, "risk"), (8, "division"), (11, "id"), (15, "id")]);
    let order = &problems.as_slice()[2];
    assert!(matches!(&order.rule, FrameRule::Order { after } if after.as_str() == "T-000011"), "{order}");

    // In the second pass, too.
    let sealed = seal(&policy, &Cycle::default(), roster(9, &[], &policy), rows(20));
    let mut all: Vec<UnitRow> = rows(20).collect();
    all.swap(3, 4);
    assert!(matches!(record(&sealed, 1, all.into_iter()), Err(StreamError::Rows(_))));

    // A wrong column is not gathered without end.
    let wrong = |row: UnitRow| UnitRow { kind: "?".into(), ..row };
    let mut census = Census::new(policy, Cycle::default(), SaltKey::new([1; 32])).unwrap();
    census.extend(rows(20_000).map(wrong));
    assert_eq!(census.problems(), 1000);
    let Err(StreamError::Rows(problems)) = census.finish() else { panic!() };
    assert_eq!(problems.as_slice().len(), 1000);
}

#[test]
fn a_census_refuses_what_a_plan_refuses() {
    let policy = policy(|p| p["design"] = json!({"method": "number", "number": 99}));
    let plan =
        Plan::new(frame(20, &policy), roster(9, &[], &policy), policy.clone(), Cycle::default()).unwrap_err();
    assert_eq!(plan, PlanError::MoreThanThereIs { asked: 99, there_are: 20 });
    assert_eq!(count(&policy, &Cycle::default(), rows(20)).unwrap_err(), StreamError::Plan(plan));
    let late = cycle("0.5", &[]);
    assert!(matches!(Census::new(policy.clone(), late, SaltKey::new([1; 32])), Err(PlanError::Round { .. })));
    let counted = count(&testkit::policy(|_| {}), &Cycle::default(), rows(20)).unwrap();
    let other = double_random::SealTerms { salt_key: SaltKey::new([8; 32]), ..terms(&policy) };
    assert_eq!(counted.seal(roster(9, &[], &policy), other).unwrap_err(), SealError::OtherSaltKey);
}

/// An auditor with other rows, another cycle or another policy than those of the record.
#[test]
fn an_auditor_who_streams_names_the_check() {
    let policy = policy(|_| {});
    let whole = sealed(60, 9, &[], policy.clone());
    let record = draw(&whole, 1);
    let evidence = evidence(&whole, &record);
    let report = |policy: &Policy, cycle: &Cycle, rows: Vec<UnitRow>, evidence: &Evidence| {
        let counted = count(policy, cycle, rows.iter().cloned()).unwrap();
        let mut selection = counted.replay(&record);
        selection.extend(rows);
        streamed(&record, evidence, selection.finish().unwrap())
    };
    let all: Vec<UnitRow> = rows(60).collect();
    assert_eq!(report(&policy, &Cycle::default(), all.clone(), &evidence).verdict(), Verdict::Confirmed);
    // What a record claims of other units than the true picks is looked at as with the whole file.
    for other in [unit_row(1).id, unit_row(58).id, "T-999999".to_owned()] {
        let mut tampered = record.clone();
        let pick = tampered.sample.iter_mut().flat_map(|cell| &mut cell.picks).next().unwrap();
        pick.id = double_random::UnitId::parse(&other).unwrap();
        let counted = count(&policy, &Cycle::default(), rows(60)).unwrap();
        let mut selection = counted.replay(&tampered);
        selection.extend(rows(60));
        let report = streamed(&tampered, &evidence, selection.finish().unwrap());
        assert_eq!(report, verify(&tampered, &evidence));
        assert_eq!(report.verdict(), Verdict::Refuted);
    }
    let mut renamed = all.clone();
    renamed[7].name = "another".into();
    assert_eq!(report(&policy, &Cycle::default(), renamed, &evidence).failed(), [Check::Frame]);
    let missing = report(&policy, &Cycle::default(), all[..59].to_vec(), &evidence);
    assert!(missing.failed().contains(&Check::Frame) && missing.failed().contains(&Check::Plan), "{missing}");
    let visited = cycle("0", &[(3, 1, "0.5", "2025-11-01", &[])]);
    assert!(report(&policy, &visited, all.clone(), &evidence).failed().contains(&Check::Cycle));
    let other = testkit::policy(|p| p["title"] = json!("Other"));
    let other = report(&other, &Cycle::default(), all.clone(), &evidence);
    assert_eq!(other.failed(), [Check::Frame, Check::Plan]);
    assert!(matches!(other.outcome(Check::Eligibility), Outcome::NotRun { .. }));
    let none = report(&policy, &Cycle::default(), all, &Evidence::default());
    assert_eq!(none.verdict(), Verdict::SelfConsistent);
    assert!(matches!(none.outcome(Check::Assignment), Outcome::NotRun { .. }));
}

/// A frame that is put together from registers is sealed with them, streamed or in memory, and draws alike.
#[test]
fn a_streamed_frame_names_the_registers_that_it_was_counted_against() {
    use testkit::assembled::{all_submitted, assembled, city_rules, rows};
    let (policy, key, whole) = (city_rules(), open_terms().salt_key, assembled());
    let given = || -> Vec<(Register, SaltKey)> {
        all_submitted(&policy).into_iter().map(|one| (one.register, one.salt_key)).collect()
    };
    let counted = || {
        let mut census = Census::new(policy.clone(), Cycle::default(), key.clone()).unwrap();
        census.extend(rows());
        census.finish().unwrap()
    };
    let of = |given: Vec<(Register, SaltKey)>, key: &SaltKey, rows: Vec<UnitRow>| {
        let mut census = RegisterCensus::new(policy.clone(), given, key)?;
        census.extend(rows);
        census.finish()
    };
    let roster = || whole.plan().roster().clone();
    let mut backwards = given();
    backwards.reverse();
    let registers = of(backwards, &key, rows()).unwrap();
    let sealed = counted().seal_assembled(roster(), open_terms(), &registers).unwrap();
    assert_eq!(sealed.seal(), whole.seal());
    assert_eq!(record(&sealed, 7, rows().into_iter()).unwrap(), draw(&whole, 7));
    // Made again from the published seal, it is the same.
    assert_eq!(counted().reopen(whole.seal(), roster(), None).unwrap().seal(), whole.seal());
    // Registers of other rows, or counted with another key than that of the draw, are not those of the frame.
    let other = of(given(), &SaltKey::new([9; 32]), rows()).unwrap();
    let refused = counted().seal_assembled(roster(), open_terms(), &other).unwrap_err();
    assert_eq!(refused, SealError::OtherRegisters);
    let problems = |given: Vec<(Register, SaltKey)>, rows: Vec<UnitRow>| match of(given, &key, rows) {
        Err(StreamError::Registers(problems)) => {
            problems.as_slice().iter().map(|problem| problem.message().rule()).collect::<Vec<_>>()
        }
        found => panic!("{found:?}"),
    };
    // A row that was altered, left out, put into another county; a key of another register; a register less.
    let altered = |change: &dyn Fn(&mut Vec<UnitRow>)| {
        let mut rows = rows();
        change(&mut rows);
        problems(given(), rows)
    };
    assert_eq!(altered(&|rows| rows[4].name.push('x')), ["register.root"]);
    assert_eq!(altered(&|rows| drop(rows.remove(4))), ["register.size"]);
    assert_eq!(altered(&|rows| rows[4].division = COUNTIES[1].into()), ["register.size"; 2]);
    let mut swapped = given();
    swapped[1].1 = swapped[2].1.clone();
    assert_eq!(problems(swapped, rows()), ["register.root"]);
    assert_eq!(problems(given().split_off(1), rows()), ["register.missing"]);
    // A unit of two registers is an id that stands twice.
    let mut twice = rows();
    twice.insert(5, UnitRow { division: COUNTIES[1].into(), ..twice[4].clone() });
    assert!(matches!(of(given(), &key, twice), Err(StreamError::Rows(_))));
}
