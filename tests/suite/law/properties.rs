//! Laws that hold for every frame, roster and seed.

use super::worlds;
use double_random::bytes::SaltKey;
use double_random::frame::{LicenceRow, UnitRow};
use double_random::lot::Key;
use double_random::lot::tickets::Tickets;
use double_random::matching::WHOLE;
use double_random::verify::{Verdict, verify};
use double_random::{Cycle, Frame, Plan, Record, Roster};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use testkit::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every record is confirmed by its evidence, survives its encoding, and does not depend on the order of
    /// rows.
    #[test]
    fn a_draw_is_confirmed_and_independent_of_row_order(world in worlds(), shift in 0u64..200) {
        let sealed = world.sealed();
        let record = draw(&sealed, world.dice);
        let report = verify(&record, &evidence(&sealed, &record));
        prop_assert_eq!(report.verdict(), Verdict::Confirmed, "{}", report);
        prop_assert_eq!(&Record::from_json(&record.to_json()).unwrap(), &record);

        let policy = world.policy();
        let units = (0..world.units).map(|n| unit_row((n + shift) % world.units));
        let frame = Frame::new(units, &policy.frame, policy.as_of).unwrap();
        let officers = (0..world.officers).rev().map(inspector_row);
        let recusals = world.recusals.iter().rev().map(|&(i, u)| recusal_row(i, u));
        let roster = Roster::new(officers, recusals, &policy.roster, policy.as_of).unwrap();
        let terms = terms(&policy);
        let again = Plan::new(frame, roster, policy, world.cycle()).unwrap().seal(terms).unwrap();
        prop_assert_eq!(draw(&again, world.dice).to_json(), record.to_json());
    }

    /// Every node of the stratum tree has the floor or the ceiling of its expectation, and every guarded node
    /// its floor of first visits: in this draw, for all dice.
    #[test]
    fn every_node_keeps_its_count_and_its_floor(world in worlds()) {
        let sealed = world.sealed();
        let record = draw(&sealed, world.dice);
        for node in sealed.plan().nodes() {
            let picks: u64 = record.table.cells.iter().zip(&record.sample)
                .filter(|(row, _)| row.path.within(node.node.node()))
                .map(|(_, cell)| cell.picks.len() as u64)
                .sum();
            prop_assert!(picks == node.at_least || picks == node.at_most, "{:?}: {picks}", node);
            prop_assert!(node.at_most - node.at_least <= 1);
            if let Some(bounded) = &node.bounded {
                prop_assert_eq!(bounded.quota, bounded.active.div_ceil(5));
                prop_assert!(bounded.reached + picks >= bounded.quota, "{:?}: {picks}", node);
            }
        }
    }

    /// No officer goes where he must not, or too often; no person stands in a team twice; places are filled
    /// or vacant with a statement that adds up.
    #[test]
    fn no_team_breaks_a_rule(world in worlds()) {
        let sealed = world.sealed();
        let record = draw(&sealed, world.dice);
        let mut loads: BTreeMap<String, u64> = BTreeMap::new();
        for visit in &record.teams.visits {
            let unit: u64 = visit.unit.as_str()[2..].parse().unwrap();
            let post = &visit.posts[0];
            prop_assert_eq!(post.officers.len() as u64 + post.vacancies, 2);
            prop_assert!(post.officers.len() < 2 || post.officers[0].id != post.officers[1].id);
            for officer in &post.officers {
                let n: u64 = officer.id.as_str()[2..].parse().unwrap();
                prop_assert!(!world.recusals.contains(&(n, unit)));
                prop_assert!(n % 3 != 2, "only officers of the department");
                prop_assert!(unit_row(unit).kind != "hospital" || n % 5 != 4, "only with the qualification");
                prop_assert!(!(world.visited.contains_key(&unit) && [1, 3].contains(&n)), "not again");
                prop_assert!((1..=WHOLE).contains(&officer.chance));
                *loads.entry(officer.id.to_string()).or_default() += 1;
            }
        }
        prop_assert!(loads.values().all(|load| *load <= world.cap));
        for shortage in &record.teams.shortages {
            // T2: what can be filled is checked without a flow.
            let room = |inspector: &double_random::id::InspectorId| {
                let roster = sealed.plan().roster();
                let inspector = &roster.inspectors()[roster.position(inspector).unwrap()];
                let may = shortage.posts[0].units.iter().filter(|unit| {
                    sealed.plan().bar(inspector, sealed.plan().frame().get(unit).unwrap()).is_none()
                });
                world.cap.min(may.count() as u64)
            };
            let room: u64 = shortage.officers.iter().map(room).sum();
            prop_assert_eq!(room, shortage.can_fill);
            prop_assert_eq!(shortage.need, 2 * shortage.posts[0].units.len() as u64);
            prop_assert!(shortage.can_fill < shortage.need);
        }
    }

    /// With the seed held fixed, a row added to one cell leaves the order inside every cell alone. (A new row
    /// is a new frame root, so in earnest the seed differs.)
    #[test]
    fn a_row_elsewhere_changes_no_ticket(world in worlds()) {
        let before = world.plan();
        let mut larger = world.clone();
        larger.units += 1;
        let after = larger.plan();
        let seed = draw(&world.sealed(), world.dice).seed;
        let tickets = Tickets::new(&Key::new(before.policy().suite, seed));
        let order = |plan: &Plan| -> BTreeMap<String, Vec<String>> {
            // By stratum path: a size may move with the floor of its node, an order may not.
            let mut paths: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (cell, c) in plan.cells().iter().enumerate() {
                paths.entry(c.path.to_string()).or_default().extend(plan.members(cell));
            }
            let units = plan.frame().units();
            let ids = |members: Vec<usize>| {
                let order = tickets.in_order(members.iter().map(|&u| (u, pseudonym(units[u].id.as_str()))));
                order.into_iter().map(|(u, ticket)| format!("{} {ticket}", units[u].id)).collect()
            };
            paths.into_iter().map(|(path, members)| (path, ids(members))).collect()
        };
        let added = format!("T-{:06}", world.units);
        let mut orders = order(&after);
        for list in orders.values_mut() {
            list.retain(|line| !line.starts_with(&added));
        }
        orders.retain(|_, list| !list.is_empty());
        prop_assert_eq!(order(&before), orders);
    }

    /// For every content of the cells of a table, reading it gives a frame or problems, never a panic.
    #[test]
    fn rows_of_anything_are_read_or_refused(
        texts in prop::collection::vec(".{0,20}", 12), copies in 1u64..4
    ) {
        let policy = policy(|_| ());
        let row = |row| {
            let mut texts = texts.iter().cycle().cloned();
            let mut next = || texts.next().unwrap();
            let licences = vec![LicenceRow { number: next(), valid_until: next() }];
            let signals = vec![(next(), "1".into())];
            // The columns of text by their JSON, so that a new one is tried, too.
            let row = UnitRow { row, licences, signals, ..UnitRow::default() };
            let mut columns = serde_json::to_value(row).unwrap();
            for column in columns.as_object_mut().unwrap().values_mut().filter(|column| column.is_string()) {
                *column = next().into();
            }
            serde_json::from_value::<UnitRow>(columns).unwrap()
        };
        let problems = Frame::new((0..copies).map(row), &policy.frame, policy.as_of).unwrap_err();
        prop_assert!(problems.as_slice().is_sorted_by_key(|p| p.row));
    }

    /// Bytes of anything are a record or not, never a panic.
    #[test]
    fn bytes_of_anything_are_no_record(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Record::from_json(&bytes).is_err());
        prop_assert!(Frame::from_json(&bytes).is_err());
        prop_assert!(double_random::seal::Seal::from_json(&bytes).is_err());
    }
}

/// The salt key hides the frame: it changes the root, and no other part of what is planned.
#[test]
fn salts_change_the_root_and_not_the_table() {
    let policy = policy(|_| ());
    let seals = (0..9).map(|n| {
        let plan =
            Plan::new(frame(20, &policy), roster(6, &[], &policy), policy.clone(), Cycle::default()).unwrap();
        let terms = double_random::SealTerms { salt_key: SaltKey::new([n; 32]), ..terms(&policy) };
        plan.seal(terms).unwrap().seal().clone()
    });
    let seals: Vec<_> = seals.collect();
    let roots: BTreeSet<_> = seals.iter().map(|seal| seal.frame.root).collect();
    let tables: BTreeSet<_> = seals.iter().map(|seal| seal.cells).collect();
    assert_eq!((roots.len(), tables.len()), (9, 1));
}
