//! A frame in parts: the bytes of the single stream at any borders and in any order of merging.

use super::worlds;
use double_random::bytes::SaltKey;
use double_random::frame::UnitRow;
use double_random::stream::{
    Apart, Census, Counted, Counts, Foreign, Part, PartError, PartLeaves, SealedStream, SelectedPart,
    StreamError,
};
use double_random::verify::{Verdict, streamed, verify};
use double_random::{Cycle, Policy, Record, Roster};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::ops::Range;
use testkit::*;

/// Numbers that look random.
struct Mix(u64);

impl Mix {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % n
    }
}

fn rows(range: Range<u64>) -> impl Iterator<Item = UnitRow> {
    range.map(unit_row)
}

/// So many parts of so many rows; some are empty.
fn cut(units: u64, parts: u64, mix: &mut Mix) -> Vec<Range<u64>> {
    let mut borders: Vec<u64> = (1..parts).map(|_| mix.below(units + 1)).collect();
    borders.extend([0, units]);
    borders.sort_unstable();
    borders.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

fn part(policy: &Policy, cycle: &Cycle, range: Range<u64>) -> (Part, PartLeaves) {
    let key = terms(policy).salt_key;
    let mut census = Census::starting(policy.clone(), cycle.clone(), key, range.start).unwrap();
    census.extend(rows(range));
    census.part().unwrap()
}

/// Merges neighbours, each time two of any, until one is left.
fn merge<T>(mut parts: Vec<T>, mix: &mut Mix, append: impl Fn(&mut T, T)) -> T {
    while parts.len() > 1 {
        let at = usize::try_from(mix.below(u64::try_from(parts.len()).unwrap() - 1)).unwrap();
        let next = parts.remove(at + 1);
        append(&mut parts[at], next);
    }
    parts.remove(0)
}

fn read(part: &Part) -> Part {
    Part::from_json(&part.to_json()).unwrap()
}

/// The candidates of every part, each written and read again, merged in some order.
fn select<'a>(
    counts: &'a Counts,
    seed: double_random::bytes::Digest,
    parts: &[Part],
    ranges: &[Range<u64>],
    slack: Option<u64>,
    mix: &mut Mix,
) -> SelectedPart<'a> {
    let (mut before, mut all): (Option<Part>, Vec<SelectedPart<'a>>) = (None, Vec::new());
    for (part, range) in parts.iter().zip(ranges) {
        let mut selection = counts.select(seed);
        if let Some(slack) = slack {
            selection = selection.below_ceilings(slack);
        }
        if let Some(before) = &before {
            selection = selection.after(before).unwrap();
        }
        selection.extend(rows(range.clone()));
        let selected = selection.part().unwrap();
        let read = SelectedPart::from_json(&selected.to_json(), counts).unwrap();
        assert_eq!(read.to_json(), selected.to_json());
        all.push(read);
        match &mut before {
            Some(before) => before.append(part.clone()).unwrap(),
            None => before = Some(part.clone()),
        }
    }
    merge(all, mix, |part, next| part.append(next).unwrap())
}

/// Seal and record from parts, and how many units were kept on the way.
fn draw_in_parts(
    policy: &Policy,
    cycle: &Cycle,
    roster: Roster,
    ranges: &[Range<u64>],
    dice_of: u64,
    mix: &mut Mix,
) -> (SealedStream, Record) {
    let (parts, mut leaves): (Vec<Part>, Vec<PartLeaves>) =
        ranges.iter().map(|range| part(policy, cycle, range.clone())).unzip();
    let parts: Vec<Part> = parts.iter().map(read).collect();
    let whole = merge(parts.clone(), mix, |part, next| part.append(next).unwrap());
    assert_eq!(Part::merged(parts.iter().rev().cloned()).unwrap(), Some(whole.clone()));
    assert_eq!(whole, part(policy, cycle, 0..ranges.last().unwrap().end).0);
    let turn = mix.below(u64::try_from(leaves.len()).unwrap());
    leaves.rotate_left(usize::try_from(turn).unwrap());
    let mut all = PartLeaves::default();
    leaves.iter().for_each(|own| all.append(PartLeaves::from_bytes(&own.to_bytes()).unwrap()));
    let key = terms(policy).salt_key;
    let counted = Counted::of(policy.clone(), cycle.clone(), key, &whole, all).unwrap();
    let sealed = counted.seal(roster, terms(policy)).unwrap();
    let draw = || sealed.draw(&dice(dice_of)).unwrap();
    let (seed, counts) = (draw().seed(), sealed.counted().counts());
    let record = draw().join(select(counts, seed, &parts, ranges, None, mix)).unwrap().record();
    // With ceilings, raised until they are high enough.
    let slack = [0, 1, 3, 9].into_iter().find_map(|slack| {
        match draw().join(select(counts, seed, &parts, ranges, Some(slack), mix)) {
            Ok(sample) => Some((slack, sample.record())),
            Err(StreamError::Short { cells, .. }) => {
                assert!(cells > 0);
                None
            }
            Err(other) => panic!("{other}"),
        }
    });
    assert!(slack.unwrap().1 == record, "ceilings changed the draw");
    (sealed, record)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every design, bounds that split cells, a cycle in mid-year; every part goes through its document.
    #[test]
    fn a_draw_in_parts_is_the_draw(world in worlds(), number in 0usize..5, mix: u64) {
        let (policy, cycle) = (world.policy(), world.cycle());
        let whole = world.sealed();
        let expected = draw(&whole, world.dice);
        let mut mix = Mix(mix);
        let ranges = cut(world.units, [1, 2, 3, 16, 200][number], &mut mix);
        let roster = world.roster(&policy);
        let (sealed, record) = draw_in_parts(&policy, &cycle, roster, &ranges, world.dice, &mut mix);
        prop_assert_eq!(sealed.seal(), whole.seal());
        prop_assert_eq!(sealed.counted().table(), whole.plan().table());
        prop_assert_eq!(record.to_json(), expected.to_json());
    }
}

/// Several suites and strata, limits, no strata, exclusions and certainties, and an auditor in parts.
#[test]
fn every_kind_of_policy_can_be_drawn_in_parts() {
    let all: [&dyn Fn(&mut Value); 5] = [
        &|p| {
            p["suite"] = json!("sm3");
            p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
        },
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
        &|p| {
            p["exclusions"] = json!([{"code": "low_clinics", "basis": "a rule", "rule": {"kinds": ["clinic"]},
                "kinds": ["clinic"]}]);
            p["certainties"] = json!([{"code": "complained", "basis": "a rule",
                "rule": {"signal": {"signal": "complaints", "at_least": 3}}}]);
            p["strata"] = json!(["city", "risk", "credit", "kind", "county"]);
            p["coverage"] = json!({"guards": ["total"], "minimum": "0.1"});
        },
        &testkit::elsewhere::elsewhere,
    ];
    for (number, change) in (1..).zip(all) {
        let policy = policy(change);
        let whole = sealed(120, 40, &[], policy.clone());
        let expected = draw(&whole, 3);
        let mut mix = Mix(number);
        let ranges = cut(120, 7, &mut mix);
        let roster = roster(40, &[], &policy);
        let (sealed, record) = draw_in_parts(&policy, &Cycle::default(), roster, &ranges, 3, &mut mix);
        assert_eq!(sealed.seal(), whole.seal());
        assert_eq!(record, expected);

        let (counted, evidence) = (sealed.counted(), evidence(&whole, &record));
        let parts: Vec<Part> =
            ranges.iter().map(|range| part(&policy, &Cycle::default(), range.clone()).0).collect();
        let replay = |record: &Record| {
            let of = |place: usize| {
                let mut selection = counted.counts().replay(record).below_ceilings(9);
                if let Some(before) = Part::merged(parts[..place].iter().cloned()).unwrap() {
                    selection = selection.after(&before).unwrap();
                }
                selection.extend(rows(ranges[place].clone()));
                let bytes = selection.part().unwrap().to_json();
                SelectedPart::from_json(&bytes, counted.counts()).unwrap()
            };
            let all = SelectedPart::merged((0..parts.len()).rev().map(of)).unwrap().unwrap();
            streamed(record, &evidence, counted.selected(all).unwrap())
        };
        let report = replay(&record);
        assert_eq!((report.verdict(), &report), (Verdict::Confirmed, &verify(&record, &evidence)));
        // What a record claims of a unit that is no candidate is looked at as with the whole file.
        let mut tampered = record.clone();
        let pick = tampered.sample.iter_mut().flat_map(|cell| &mut cell.picks).next().unwrap();
        pick.id = double_random::UnitId::parse("T-000119").unwrap();
        let report = replay(&tampered);
        assert_eq!((report.verdict(), &report), (Verdict::Refuted, &verify(&tampered, &evidence)));
    }
}

/// A part is small: at most two digests for each height, whatever its borders; ceilings keep few candidates.
#[test]
fn a_part_does_not_grow_with_its_rows() {
    let policy = policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.05"});
        p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
        p["strata"] = json!(["kind"]);
    });
    let cycle = Cycle::default();
    let (units, ranges) = (20_000, [0..3_001, 3_001..11_500, 11_500..20_000]);
    let mut parts: Vec<Part> = Vec::new();
    for range in ranges.clone() {
        let (part, leaves) = part(&policy, &cycle, range.clone());
        let length = range.end - range.start;
        assert_eq!((part.start(), part.size(), part.to_json().len() < 12_000), (range.start, length, true));
        assert_eq!(leaves.to_bytes().len(), usize::try_from(32 * length).unwrap());
        let blocks = serde_json::from_slice::<Value>(&part.to_json()).unwrap()["blocks"].clone();
        assert!(blocks.as_array().unwrap().len() <= 2 * 14);
        parts.push(part);
    }
    let whole = Part::merged(parts.clone()).unwrap().unwrap();
    let counts = Counts::of(policy.clone(), cycle, terms(&policy).salt_key, &whole).unwrap();
    assert_eq!(whole.size(), units);
    let mut mix = Mix(1);
    let seed = double_random::bytes::Digest::new([7; 32]);
    let kept = |slack, mix: &mut Mix| select(&counts, seed, &parts, &ranges, slack, mix).kept();
    assert_eq!(kept(None, &mut mix), kept(Some(4), &mut mix), "merged, both are what is wanted");
    let of_each = |slack: Option<u64>| -> usize {
        (0..3)
            .map(|place| {
                let mut selection = counts.select(seed);
                if let Some(slack) = slack {
                    selection = selection.below_ceilings(slack);
                }
                if let Some(before) = Part::merged(parts[..place].iter().cloned()).unwrap() {
                    selection = selection.after(&before).unwrap();
                }
                selection.extend(rows(ranges[place].clone()));
                selection.part().unwrap().kept()
            })
            .sum()
    };
    let (all, below) = (of_each(None), of_each(Some(4)));
    assert!(all > 2_500 && below < 1_500, "{all} without ceilings, {below} with");
}

/// What does not fit together is refused with its place.
#[test]
fn parts_that_do_not_fit_are_refused() {
    let policy = policy(|_| {});
    let (cycle, key) = (Cycle::default(), terms(&policy).salt_key);
    let one = |range| part(&policy, &cycle, range).0;
    let append = |mut part: Part, next: Part| part.append(next).unwrap_err();
    assert_eq!(append(one(0..5), one(6..9)), StreamError::Apart(Apart { ends: 5, begins: 6 }));
    assert_eq!(append(one(0..5), one(4..9)), StreamError::Apart(Apart { ends: 5, begins: 4 }));
    assert_eq!(append(one(0..5), one(0..5)), StreamError::Apart(Apart { ends: 5, begins: 0 }));
    let again = {
        let mut census = Census::starting(policy.clone(), cycle.clone(), key.clone(), 5).unwrap();
        census.extend(rows(4..8));
        census.part().unwrap().0
    };
    let ids = ["T-000004", "T-000004"].map(|id| double_random::UnitId::parse(id).unwrap());
    let [before, id] = ids;
    assert_eq!(append(one(0..5), again), StreamError::Order { before, id });
    let other = testkit::policy(|p| p["title"] = json!("Other"));
    assert_eq!(append(one(0..5), part(&other, &cycle, 5..9).0), StreamError::Foreign(Foreign::Policy));
    let other_key = SaltKey::new([8; 32]);
    let mut census = Census::starting(policy.clone(), cycle.clone(), other_key.clone(), 5).unwrap();
    census.extend(rows(5..9));
    let foreign = census.part().unwrap().0;
    assert_eq!(append(one(0..5), foreign), StreamError::Foreign(Foreign::CycleOrKey));

    let counts = |part: &Part, key: &SaltKey| Counts::of(policy.clone(), cycle.clone(), key.clone(), part);
    assert_eq!(counts(&one(2..60), &key).unwrap_err(), StreamError::Apart(Apart { ends: 0, begins: 2 }));
    assert_eq!(counts(&one(0..60), &other_key).unwrap_err(), StreamError::Foreign(Foreign::CycleOrKey));
    let whole = counts(&one(0..60), &key).unwrap();
    let seed = double_random::bytes::Digest::ZERO;
    assert_eq!(
        whole.select(seed).after(&one(1..5)).unwrap_err(),
        StreamError::Apart(Apart { ends: 0, begins: 1 })
    );
    // A part that is longer than the whole names strata that were not counted.
    let few = counts(&one(0..20), &key).unwrap();
    assert!(matches!(few.select(seed).after(&one(0..60)).unwrap_err(), StreamError::Stratum { .. }));
    // Rows that were not counted, in a part.
    let mut selection = few.select(seed);
    selection.extend(rows(0..200));
    assert_eq!(selection.part().unwrap_err(), StreamError::Uncounted { start: 0, end: 200 });
    let select = |counts: &Counts, seed, range: Range<u64>| {
        let mut selection = counts.select(seed).after(&one(0..range.start)).unwrap();
        selection.extend(rows(range));
        selection.part().unwrap().to_json()
    };
    let read = |bytes: &[u8]| SelectedPart::from_json(bytes, &whole).unwrap();
    let zero = || read(&select(&whole, seed, 0..30));
    let append = |next: SelectedPart<'_>| {
        let mut part = SelectedPart::from_json(&zero().to_json(), &whole).unwrap();
        part.append(SelectedPart::from_json(&next.to_json(), &whole).unwrap()).unwrap_err()
    };
    let other_seed = double_random::bytes::Digest::new([1; 32]);
    assert_eq!(append(read(&select(&whole, other_seed, 30..60))), StreamError::Foreign(Foreign::Seed));
    assert_eq!(
        append(read(&select(&whole, seed, 31..60))),
        StreamError::Apart(Apart { ends: 30, begins: 31 })
    );
    let of_few = few.select(seed).part().unwrap().to_json();
    assert!(matches!(SelectedPart::from_json(&of_few, &whole), Err(PartError::Rules(_))));
}

/// One change of the document for every rule, and the rule that it breaks.
#[test]
fn a_part_that_contradicts_itself_is_refused_with_every_place() {
    let policy = policy(|p| {
        p["exclusions"] = json!([{"code": "no_clinics", "basis": "a rule", "rule": {"kinds": ["clinic"]}}]);
    });
    let (whole, _) = part(&policy, &Cycle::default(), 0..60);
    let document: Value = serde_json::from_slice(&whole.to_json()).unwrap();
    let strata = document["strata"].as_array().unwrap();
    let at = strata.iter().position(|row| !row["measures"].as_array().unwrap().is_empty()).unwrap();
    let stratum = |field: &str| format!("strata[{at}]{field}");
    let (of_stratum, of_reached, of_measures) = (stratum(""), stratum(".reached"), stratum(".measures"));
    let refused = |change: &dyn Fn(&mut Value)| -> Vec<String> {
        let mut document = document.clone();
        change(&mut document);
        match Part::from_json(&double_random::bytes::encode(&document).unwrap()) {
            Err(PartError::Rules(rules)) => rules.iter().map(|rule| rule.place.clone()).collect(),
            Err(PartError::Form(error)) => vec![error.to_string()],
            other => panic!("{other:?}"),
        }
    };
    let cases: [(&dyn Fn(&mut Value), &[&str]); 13] = [
        (&|p| p["size"] = json!(61), &["blocks", "exclusions"]),
        (&|p| p["start"] = json!(1), &["blocks"]),
        (&|p| p["start"] = json!((1_u64 << 32) + 1), &["start"]),
        (&|p| p["blocks"] = json!([]), &["blocks"]),
        (&|p| p["last"] = json!("T-000000"), &["first"]),
        (&|p| p["classes"][0]["units"] = json!(0), &["classes", "classes"]),
        (&|p| p["exclusions"]["no_clinics"] = json!(1), &["exclusions"]),
        (&|p| p["strata"][at]["reached"] = json!(99), &[&of_reached]),
        (&|p| p["strata"][at]["reached"] = p["strata"][at]["units"].clone(), &[&of_reached]),
        (&|p| p["strata"][at]["units"] = json!(0), &[&of_measures, &of_stratum]),
        (&|p| p["strata"].as_array_mut().unwrap().swap(0, 1), &["strata"]),
        (&|p| p["classes"].as_array_mut().unwrap().swap(0, 1), &["classes"]),
        (&|p| p["strata"][at]["measures"][0]["units"] = json!(99), &[&of_measures, "classes", "exclusions"]),
    ];
    for (number, (change, places)) in cases.into_iter().enumerate() {
        assert_eq!(refused(change), places, "case {number}");
    }
    assert!(refused(&|p| p["more"] = json!(1))[0].contains("unknown field"));
    let as_frame = refused(&|p| p["document"] = json!("frame"));
    assert!(as_frame[0].contains("a part was expected"), "{as_frame:?}");
    // A stratum that no unit of the policy can have is found where the policy is at hand.
    let mut strange = document.clone();
    strange["strata"][0]["path"] = json!("000000");
    let strange = Part::from_json(&double_random::bytes::encode(&strange).unwrap()).unwrap();
    let counts = Counts::of(policy.clone(), Cycle::default(), terms(&policy).salt_key, &strange);
    assert_eq!(counts.unwrap_err(), StreamError::Stratum { path: "000000".into() });
    // So is a measure that would draw a cell more often than it has units.
    let mut strange = document.clone();
    let last = strange["strata"][at]["measures"].as_array_mut().unwrap().last_mut().unwrap();
    (last["measure"], last["occasion"]) = (json!("1000000001"), json!("first"));
    let strange = Part::from_json(&double_random::bytes::encode(&strange).unwrap()).unwrap();
    let counts = Counts::of(policy.clone(), Cycle::default(), terms(&policy).salt_key, &strange);
    assert!(matches!(counts.unwrap_err(), StreamError::Stratum { .. }));
    let far = Census::starting(policy, Cycle::default(), SaltKey::new([1; 32]), (1 << 32) + 1);
    assert_eq!(far.unwrap_err(), StreamError::TooMany { start: (1 << 32) + 1 });
    for bytes in [&[0_u8; 31][..], &[0; 64]] {
        assert!(matches!(PartLeaves::from_bytes(bytes), Err(PartError::Rules(_))));
    }
}
