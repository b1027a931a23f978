//! Rows of the cycle beside those of the frame: a draw, a draw in parts and a year of draws for which no
//! cycle is ever whole, with the bytes of a cycle in memory.

use super::worlds;
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::cycle::{CycleCensus, CycleError, CycleHead, CycleRow, Event, Standing};
use double_random::frame::UnitRow;
use double_random::id::Code;
use double_random::stream::{
    Census, Counted, Foreign, Part, PartLeaves, SelectedPart, StreamError, StreamRow, StreamedCycle, beside,
};
use double_random::verify::{streamed, verify};
use double_random::{Cycle, Frame, Plan, Policy, SealTerms, UnitId};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::Range;
use testkit::year::day;
use testkit::*;

/// A cycle that stands in rows: all that a database keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    head: CycleHead,
    rows: BTreeMap<UnitId, CycleRow>,
}

impl Stored {
    fn of(cycle: &Cycle) -> Self {
        let rows = cycle.rows().map(|row| (row.standing.unit.clone(), row)).collect();
        Self { head: cycle.head(), rows }
    }

    fn rows(&self) -> impl Iterator<Item = CycleRow> + '_ {
        self.rows.values().cloned()
    }

    fn take(&mut self, rows: Vec<CycleRow>) {
        self.rows = rows.into_iter().map(|row| (row.standing.unit.clone(), row)).collect();
    }

    fn digest(&self, suite: Suite, key: &SaltKey) -> Digest {
        let mut census = CycleCensus::new(suite, key, &self.head);
        self.rows().for_each(|row| census.push(row));
        census.digest()
    }

    /// A visit, a miss, a replacement or an inspection: only the rows that it names are read and written.
    fn touch(&mut self, event: &Event) {
        let named: Vec<&UnitId> = match event {
            Event::Replaced { unit, by, .. } => vec![unit.min(by), unit.max(by)],
            Event::Visited { unit, .. } | Event::Missed { unit, .. } | Event::Inspected { unit, .. } => {
                vec![unit]
            }
            other => panic!("{other:?}"),
        };
        let rows: Vec<CycleRow> = named.iter().filter_map(|unit| self.rows.get(*unit).cloned()).collect();
        let (head, rows) = self.head.touched(rows, event).unwrap();
        self.head = head;
        self.rows.extend(rows.into_iter().map(|row| (row.standing.unit.clone(), row)));
    }
}

/// The same cycle with units that have left the frame: before, between and behind its own.
fn with_others(cycle: &Cycle) -> Cycle {
    let mut rows: Vec<CycleRow> = cycle.rows().collect();
    for id in ["A-000001", "T-000003X", "Z-000001"] {
        rows.push(CycleRow { opens: Vec::new(), standing: Standing::new(UnitId::parse(id).unwrap()) });
    }
    rows.sort_by(|a, b| a.standing.unit.cmp(&b.standing.unit));
    Cycle::of_rows(&cycle.head(), rows).unwrap()
}

fn rows(range: Range<u64>) -> impl Iterator<Item = UnitRow> + Clone {
    range.map(unit_row)
}

/// Cuts the rows of both lists anywhere, but never between a row of the cycle and its unit.
fn cut(units: u64, cycle: &Cycle, mut borders: Vec<u64>) -> Vec<(u64, u64, Vec<StreamRow>)> {
    borders.sort_unstable();
    let mut parts = vec![(0, 0, Vec::new())];
    let (mut before, mut borders) = ([0; 2], borders.into_iter().peekable());
    for row in beside(rows(0..units), cycle.rows()) {
        let together = matches!(
            (parts.last().unwrap().2.last(), &row), (Some(StreamRow::Cycle(a)), StreamRow::Unit(b))
            if a.standing.unit.as_str() == b.id);
        while !together && borders.next_if(|border| *border <= before[0] + before[1]).is_some() {
            parts.push((before[0], before[1], Vec::new()));
        }
        before[usize::from(matches!(row, StreamRow::Cycle(_)))] += 1;
        parts.last_mut().unwrap().2.push(row);
    }
    parts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Seal, sample, record and drawn rows are those of the cycle in memory, and an auditor who streams both
    /// confirms what one with the files confirms.
    #[test]
    fn a_cycle_in_rows_gives_the_draw_of_the_cycle(world in worlds()) {
        let (policy, cycle) = (world.policy(), with_others(&world.cycle()));
        let roster = || world.roster(&policy);
        let plan = Plan::new(frame(world.units, &policy), roster(), policy.clone(), cycle.clone()).unwrap();
        let whole = plan.seal(terms(&policy)).unwrap();
        let expected = draw(&whole, world.dice);
        let all = || beside(rows(0..world.units), cycle.rows());
        let key = terms(&policy).salt_key;
        let counted = || {
            let mut census = Census::new(policy.clone(), cycle.head(), key.clone()).unwrap();
            census.extend(all());
            census.finish().unwrap()
        };
        let sealed = counted().seal(roster(), terms(&policy)).unwrap();
        prop_assert_eq!(sealed.seal(), whole.seal());
        prop_assert_eq!(sealed.counted().cost(&roster()), whole.plan().cost());
        prop_assert_eq!(counted().reopen(whole.seal(), roster(), None).unwrap().digest(), whole.digest());
        let mut draw = sealed.draw(&dice(world.dice)).unwrap();
        draw.extend(all());
        let sample = draw.finish().unwrap();
        prop_assert_eq!(sample.record().to_json(), expected.to_json());
        let document = whole.seed(&dice(world.dice)).unwrap().draw().drawn_document();
        let mut units = Vec::new();
        let head = sealed.drawn_rows(&sample, all(), |row| -> Result<(), StreamError> {
            units.push(row);
            Ok(())
        });
        prop_assert_eq!(head.unwrap().digest(policy.suite), document.digest(policy.suite));
        prop_assert_eq!(&units, &document.drawn.units);
        let counted = counted();
        let mut replay = counted.replay(&expected);
        replay.extend(all());
        let evidence = evidence(&whole, &expected);
        prop_assert_eq!(
            streamed(&expected, &evidence, replay.finish().unwrap()),
            verify(&expected, &evidence)
        );
    }

    /// In parts at any borders, each part written and read again: the same.
    #[test]
    fn parts_take_the_rows_of_the_cycle_between_their_ends(
        world in worlds(), borders in prop::collection::vec(0u64..240, 0..6), turn in 0usize..6,
    ) {
        let (policy, cycle) = (world.policy(), with_others(&world.cycle()));
        let roster = || world.roster(&policy);
        let plan = Plan::new(frame(world.units, &policy), roster(), policy.clone(), cycle.clone()).unwrap();
        let whole = plan.seal(terms(&policy)).unwrap();
        let (key, head) = (terms(&policy).salt_key, cycle.head());
        let digest = Stored::of(&cycle).digest(policy.suite, &key);
        let ranges = cut(world.units, &cycle, borders);
        let (mut parts, mut leaves) = (Vec::new(), PartLeaves::default());
        for (units, standings, rows) in &ranges {
            let own = StreamedCycle::part(head.clone(), digest, *standings);
            let mut census = Census::starting(policy.clone(), own, key.clone(), *units).unwrap();
            census.extend(rows.iter().cloned());
            let (part, own) = census.part().unwrap();
            prop_assert_eq!(Part::from_json(&part.to_json()).unwrap(), part.clone());
            parts.push(part);
            leaves.append(own);
        }
        let mut turned = parts.clone();
        turned.rotate_left(turn % parts.len());
        let merged = Part::merged(turned).unwrap().unwrap();
        let counted = Counted::of(policy.clone(), head, key, &merged, leaves).unwrap();
        let sealed = counted.seal(roster(), terms(&policy)).unwrap();
        prop_assert_eq!(sealed.seal(), whole.seal());
        let draw_of = sealed.draw(&dice(world.dice)).unwrap();
        let (counts, mut selected) = (sealed.counted().counts(), Vec::new());
        for (place, (_, _, rows)) in ranges.iter().enumerate() {
            let mut selection = counts.select(draw_of.seed());
            if let Some(before) = Part::merged(parts[..place].iter().cloned()).unwrap() {
                selection = selection.after(&before).unwrap();
            }
            selection.extend(rows.iter().cloned());
            let part = selection.part().unwrap();
            let read = SelectedPart::from_json(&part.to_json(), counts).unwrap();
            prop_assert_eq!(read.to_json(), part.to_json());
            selected.push(read);
        }
        selected.rotate_left(turn % ranges.len());
        let sample = draw_of.join(SelectedPart::merged(selected).unwrap().unwrap()).unwrap();
        prop_assert_eq!(sample.record().to_json(), draw(&whole, world.dice).to_json());
    }
}

/// What comes late, twice, out of order, changed or not at all is refused in words.
#[test]
fn rows_of_the_cycle_that_do_not_fit_are_refused() {
    let policy = policy(|p| p["round"] = json!({"share": "0.5", "rest": "0.5"}));
    let cycle = with_others(&cycle("0.5", &[(3, 1, "0.5", "2025-11-01", &["I-0001"]), (8, 1, "1", "", &[])]));
    let key = terms(&policy).salt_key;
    let all: Vec<StreamRow> = beside(rows(0..20), cycle.rows()).collect();
    let count = |from: StreamedCycle, rows: &[StreamRow]| {
        let mut census = Census::new(policy.clone(), from, key.clone()).unwrap();
        census.extend(rows.iter().cloned());
        census.finish()
    };
    let head = || StreamedCycle::from(cycle.head());
    let sealed = count(head(), &all).unwrap().seal(roster(9, &[], &policy), terms(&policy)).unwrap();
    let at = |id: &str| {
        let here = |row: &StreamRow| matches!(row, StreamRow::Cycle(row) if row.standing.unit.as_str() == id);
        all.iter().position(here).unwrap()
    };
    let (third, unit) = (at("T-000003"), UnitId::parse("T-000003").unwrap());
    // Behind its unit, and twice.
    let mut late = all.clone();
    late.swap(third, third + 1);
    let order = StreamError::CycleOrder { unit: unit.clone() };
    assert_eq!(count(head(), &late).unwrap_err(), order);
    let mut twice = all.clone();
    twice.insert(third, all[third].clone());
    assert_eq!(count(head(), &twice).unwrap_err(), order);
    // The cycle in memory and its rows, too.
    let whole = count(cycle.clone().into(), &all).unwrap_err();
    assert_eq!(whole, StreamError::CycleTwice { unit: UnitId::parse("A-000001").unwrap() });
    // A row that is no row of a cycle.
    let changed = |change: fn(&mut CycleRow)| {
        let mut rows = all.clone();
        let StreamRow::Cycle(row) = &mut rows[third] else { panic!() };
        change(row);
        rows
    };
    let wrong = count(head(), &changed(|row| row.standing.visits = 2)).unwrap_err();
    assert!(matches!(wrong, StreamError::Cycle(CycleError::Counts { .. })), "{wrong}");
    // A head that says that visits are pending which no row has.
    let mut open = cycle.clone();
    let drawn = double_random::cycle::Drawn {
        as_of: policy.as_of,
        draw: 1,
        picks: Vec::new(),
        share: billionths("0"),
        units: Vec::new(),
    };
    open.apply(&Event::Drawn(drawn)).unwrap();
    let mut pending = open.head();
    pending.open[0].pending = 1;
    let wrong = count(pending.into(), &all).unwrap_err();
    assert!(wrong.to_string().contains("0 visits are pending by the rows, 1 by the head"), "{wrong}");
    // Another row, or one less: another seal, and no draw from the true one.
    let mut fewer = all.clone();
    fewer.remove(third);
    for rows in [&changed(|row| row.standing.others += 1), &fewer] {
        let other = count(head(), rows).unwrap();
        assert!(other.reopen(sealed.seal(), roster(9, &[], &policy), None).is_err());
        let mut draw = sealed.draw(&dice(1)).unwrap();
        draw.extend(rows.iter().cloned());
        let found = draw.finish().unwrap_err();
        let StreamError::OtherCycle { wanted, found } = found else { panic!("{found}") };
        assert_eq!(wanted, sealed.seal().cycle);
        assert_ne!(found, wanted);
    }
    let mut draw = sealed.draw(&dice(1)).unwrap();
    draw.extend(all.clone());
    let (sample, take) = (draw.finish().unwrap(), |_| Ok::<(), StreamError>(()));
    assert!(sealed.drawn_rows(&sample, all.clone(), take).is_ok());
    let none = sealed.drawn_rows(&sample, fewer, take);
    assert!(matches!(none, Err(StreamError::OtherCycle { .. })), "{none:?}");
    // In parts: rows between two of them, a digest that they do not give, a cycle in memory.
    let digest = sealed.seal().cycle;
    let part = |digest: Digest, [units, standings]: [u64; 2], rows: &[StreamRow]| {
        let own = StreamedCycle::part(cycle.head(), digest, standings);
        let mut census = Census::starting(policy.clone(), own, key.clone(), units).unwrap();
        census.extend(rows.iter().cloned());
        census.part().unwrap()
    };
    // A row of the cycle and its unit in two parts.
    let (first, second) = all.split_at(third + 1);
    let torn = Part::merged([part(digest, [0, 0], first).0, part(digest, [3, 2], second).0]);
    assert_eq!(torn.unwrap_err(), StreamError::Order { before: unit.clone(), id: unit });
    let (first, second) = all.split_at(third);
    let standings =
        u64::try_from(first.iter().filter(|row| matches!(row, StreamRow::Cycle(_))).count()).unwrap();
    let begins = u64::try_from(first.len()).unwrap() - standings;
    let parts = |digest: Digest, standings: u64| {
        Part::merged([part(digest, [0, 0], first).0, part(digest, [begins, standings], second).0])
    };
    let apart = StreamError::Foreign(Foreign::CycleRows);
    assert_eq!(parts(digest, standings + 1).unwrap_err(), apart);
    let joined = parts(digest, standings).unwrap().unwrap();
    let counts = |from: StreamedCycle, part: &Part| {
        double_random::stream::Counts::of(policy.clone(), from, key.clone(), part)
    };
    assert!(counts(head(), &joined).is_ok());
    assert_eq!(counts(cycle.clone().into(), &joined).unwrap_err(), apart);
    let other = parts(Digest::ZERO, standings).unwrap().unwrap();
    assert_eq!(
        counts(head(), &other).unwrap_err(),
        StreamError::OtherCycle { wanted: Digest::ZERO, found: digest }
    );
    let foreign = counts(StreamedCycle::part(cycle.head(), digest, 0), &other).unwrap_err();
    assert_eq!(foreign, StreamError::Foreign(Foreign::CycleOrKey));
}

/// The policy of a round of four.
fn round_policy(round: u64) -> Policy {
    policy(|p| {
        let rest = ["1", "0.75", "0.5", "0.25"][usize::try_from(round).unwrap()];
        p["round"] = json!({"share": "0.25", "rest": rest});
        p["frequency"][0]["slack"] = json!("1");
    })
}

/// A year of four draws with visits, misses, replacements, inspections, a void, units that come and units
/// that
/// close. The cycle stands in rows all the time; after every step they are those of the cycle in memory.
#[test]
fn a_year_of_streamed_draws_never_has_its_cycle_in_memory() {
    let (mut stored, mut cycle) = (Stored::of(&Cycle::default()), Cycle::default());
    let code = |text: &str| Code::parse(text).unwrap();
    let mut sequence = 0;
    let mut happened = BTreeMap::<&str, u64>::new();
    for turn in [0, 1, 1, 2, 3_u64] {
        sequence += 1;
        let (policy, units) = (round_policy(turn), 7 * turn..90 + 11 * turn);
        let terms = SealTerms { sequence, ..terms(&policy) };
        let roster = || roster(24, &[], &policy);
        let all = |stored: &Stored| {
            beside(rows(units.clone()).collect::<Vec<_>>(), stored.rows().collect::<Vec<_>>())
        };
        let mut census = Census::new(policy.clone(), stored.head.clone(), terms.salt_key.clone()).unwrap();
        census.extend(all(&stored));
        let sealed = census.finish().unwrap().seal(roster(), terms.clone()).unwrap();
        let frame = Frame::new(rows(units.clone()), &policy.frame, policy.as_of).unwrap();
        let whole =
            Plan::new(frame, roster(), policy.clone(), cycle.clone()).unwrap().seal(terms.clone()).unwrap();
        assert_eq!(sealed.seal(), whole.seal());
        let mut second = sealed.draw(&dice(sequence)).unwrap();
        second.extend(all(&stored));
        let sample = second.finish().unwrap();
        let record = sample.record();
        assert_eq!(record.to_json(), draw(&whole, sequence).to_json());
        // The third pass: the rows of the draw, then those of the next cycle.
        let mut drawn = Vec::new();
        let head = sealed.drawn_rows(&sample, all(&stored), |row| -> Result<(), StreamError> {
            drawn.push(row.unit);
            Ok(())
        });
        let double_random::disclosure::DrawnRoot { as_of, draw: number, share, .. } = head.unwrap().drawn;
        let before = stored.clone();
        let mut next = Vec::new();
        let rows: Vec<CycleRow> = stored.rows().collect();
        stored.head = stored.head.drawn((as_of, number, share), rows, drawn, |row| next.push(row)).unwrap();
        stored.take(next);
        cycle
            .apply(&Event::Drawn(whole.seed(&dice(sequence)).unwrap().draw().drawn_document().event()))
            .unwrap();
        let same = |stored: &Stored, cycle: &Cycle| {
            assert_eq!(Cycle::of_rows(&stored.head, stored.rows()).unwrap(), *cycle);
            assert_eq!(
                stored.digest(policy.suite, &terms.salt_key),
                cycle.digest(policy.suite, &terms.salt_key)
            );
        };
        same(&stored, &cycle);
        if sequence == 2 {
            let event = Event::Voided { date: day("2026-02-01"), draw: sequence, reason: code("power-cut") };
            let (mut next, rows) = (Vec::new(), stored.rows().collect::<Vec<_>>());
            stored.head = stored.head.voided(sequence, rows, |row| next.push(row)).unwrap();
            stored.take(next);
            cycle.apply(&event).unwrap();
            same(&stored, &cycle);
            assert_eq!((stored.head.spent, stored.rows.len()), (before.head.spent, before.rows.len()));
            continue;
        }
        for (place, visit) in record.teams.visits.iter().enumerate() {
            let (date, draw, unit) = (day("2026-02-03"), sequence, visit.unit.clone());
            let open = cycle.open().last().unwrap();
            let mut spare = open.units.iter().map(|added| &added.unit);
            let by = spare.find(|by| !open.pending.contains_key(by)).cloned();
            let (kind, event) = match (place % 5, by) {
                (0, Some(by)) => {
                    let after = Event::Replaced { by: by.clone(), date, draw, reason: code("closed"), unit };
                    cycle.apply(&after).unwrap();
                    stored.touch(&after);
                    ("replaced", Event::Visited { date, draw, items: vec![], team: vec![], unit: by })
                }
                (1, _) => ("missed", Event::Missed { date, draw, reason: code("closed"), unit }),
                _ => {
                    ("visited", Event::Visited { date, draw, items: vec![code("fire")], team: vec![], unit })
                }
            };
            *happened.entry(kind).or_default() += 1;
            cycle.apply(&event).unwrap();
            stored.touch(&event);
        }
        for unit in ["T-000001", "N-000001"] {
            let unit = UnitId::parse(unit).unwrap();
            let event = Event::Inspected { approved: true, date: day("2026-02-04"), team: vec![], unit };
            cycle.apply(&event).unwrap();
            stored.touch(&event);
        }
        same(&stored, &cycle);
    }
    assert!(["replaced", "missed", "visited"].iter().all(|kind| happened[kind] > 3), "{happened:?}");
    let (mut next, rows) = (Vec::new(), stored.rows().collect::<Vec<_>>());
    stored.head = stored.head.closed(rows, |row| next.push(row)).unwrap();
    stored.take(next);
    cycle.apply(&Event::CycleClosed {}).unwrap();
    assert_eq!(Stored::of(&cycle), stored);
    assert!(cycle.standings().iter().any(|standing| standing.unit.as_str() == "T-000001"), "it has closed");
}
