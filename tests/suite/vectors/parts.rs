//! Parts of frames, what they merge to, and documents that are refused (Spec 26).

use super::{Files, lines};
use double_random::bytes::{Digest, encode};
use double_random::stream::{Census, Counts, Part, PartLeaves, SelectedPart};
use double_random::{Cycle, Policy};
use serde_json::{Value, json};
use std::ops::Range;
use testkit::{cycle, dice, policy, roster, sealed, terms, unit_row};

pub(super) fn files() -> Files {
    Files::from([("parts.json".to_owned(), lines("26", &cases()))])
}

const SLACK: u64 = 2;

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn census(policy: &Policy, cycle: &Cycle, range: Range<u64>) -> (Part, PartLeaves) {
    let key = terms(policy).salt_key;
    let mut census = Census::starting(policy.clone(), cycle.clone(), key, range.start).unwrap();
    census.extend(range.map(unit_row));
    census.part().unwrap()
}

/// A draw cut at these places, everything that its parts hand over, and what they come to.
fn whole(name: &str, policy: &Policy, cycle: &Cycle, units: u64, cuts: &[u64]) -> Value {
    let borders: Vec<u64> = [&[0], cuts, &[units]].concat();
    let ranges: Vec<Range<u64>> = borders.windows(2).map(|pair| pair[0]..pair[1]).collect();
    let key = terms(policy).salt_key;
    let (parts, leaves): (Vec<Part>, Vec<PartLeaves>) =
        ranges.iter().map(|range| census(policy, cycle, range.clone())).unzip();
    let mut all = PartLeaves::default();
    leaves.into_iter().for_each(|own| all.append(own));
    let every = Part::merged(parts.iter().cloned()).unwrap().unwrap();
    let counted =
        double_random::stream::Counted::of(policy.clone(), cycle.clone(), key.clone(), &every, all).unwrap();
    let sealed = counted.seal(roster(12, &[], policy), terms(policy)).unwrap();
    let draw = sealed.draw(&dice(7)).unwrap();
    let (seed, counts) = (draw.seed(), sealed.counted().counts());
    let select = |slack: Option<u64>| -> Vec<SelectedPart<'_>> {
        let of = |(place, range): (usize, &Range<u64>)| select(counts, seed, &parts[..place], range, slack);
        ranges.iter().enumerate().map(of).collect()
    };
    let (plain, below) = (select(None), select(Some(SLACK)));
    let written = |parts: &[SelectedPart<'_>]| -> Vec<Value> {
        parts.iter().map(|part| value(&part.to_json())).collect()
    };
    let (selected, kept) = (written(&plain), written(&below));
    let sample = draw.join(SelectedPart::merged(below).unwrap().unwrap()).unwrap();
    let record = sample.record();
    assert_eq!(
        sealed.draw(&dice(7)).unwrap().join(SelectedPart::merged(plain).unwrap().unwrap()).unwrap().record(),
        record
    );
    let frame = testkit::frame(units, policy);
    json!({
        "name": name, "policy": value(&record.to_json())["policy"], "frame": value(&frame.to_json(&key)),
        "cycle": value(&cycle.to_json(&key)), "seal": value(&sealed.seal().to_json()), "seed": seed, "cuts": cuts,
        "parts": parts.iter().map(|part| value(&part.to_json())).collect::<Vec<_>>(), "selected": selected,
        "slack": SLACK, "below": kept, "sample": record.sample,
    })
}

fn select<'a>(
    counts: &'a Counts,
    seed: Digest,
    before: &[Part],
    range: &Range<u64>,
    slack: Option<u64>,
) -> SelectedPart<'a> {
    let mut selection = counts.select(seed);
    if let Some(slack) = slack {
        selection = selection.below_ceilings(slack);
    }
    if let Some(before) = Part::merged(before.iter().cloned()).unwrap() {
        selection = selection.after(&before).unwrap();
    }
    selection.extend(range.clone().map(unit_row));
    selection.part().unwrap()
}

/// Changes of a part that contradict it, each with a name.
fn contradictions() -> Vec<(&'static str, fn(&mut Value))> {
    vec![
        ("one row more", |p| p["size"] = json!(p["size"].as_u64().unwrap() + 1)),
        ("another place", |p| p["start"] = json!(p["start"].as_u64().unwrap() + 1)),
        ("more rows than a frame has", |p| p["start"] = json!((1_u64 << 32) + 1)),
        ("more reached than can be", |p| p["strata"][0]["reached"] = p["strata"][0]["units"].clone()),
        ("a measure in another spelling", |p| p["strata"][0]["measures"][0]["measure"] = json!("007")),
        ("a measure that is a number", |p| p["strata"][0]["measures"][0]["measure"] = json!(7)),
        ("a digest is missing", |p| drop(p["blocks"].as_array_mut().unwrap().pop())),
        ("no first id", |p| drop(p.as_object_mut().unwrap().remove("first"))),
        ("the last id before the first", |p| p["last"] = json!("A-1")),
        ("a class without units", |p| p["classes"][0]["units"] = json!(0)),
        ("a class with more units", |p| p["classes"][0]["units"] = json!(99)),
        ("an exclusion of more units", |p| p["exclusions"]["closed"] = json!(1)),
        ("more reached than there are", |p| p["strata"][0]["reached"] = json!(99)),
        ("a measure of more units", |p| p["strata"][0]["measures"][0]["units"] = json!(99)),
        ("a measure without units", |p| p["strata"][0]["measures"][0]["units"] = json!(0)),
        ("strata that do not ascend", |p| p["strata"].as_array_mut().unwrap().swap(0, 1)),
        ("classes that do not ascend", |p| p["classes"].as_array_mut().unwrap().swap(0, 1)),
        ("a field too many", |p| p["rows"] = json!([])),
        ("another document", |p| p["document"] = json!("frame")),
    ]
}

fn cases() -> Vec<Value> {
    let team: &[&str] = &["I-0001", "I-0003"];
    let started = cycle("0.5", &[(0, 1, "0.5", "2025-11-01", team), (7, 1, "0.5", "2025-11-01", team)]);
    let in_round = |p: &mut Value| p["round"] = json!({"share": "0.5", "rest": "0.5"});
    let rate = policy(|p| p["design"] = json!({"method": "rate", "rate": "0.13"}));
    let number = policy(|p| {
        p["design"] = json!({"method": "number", "number": 40});
        p["certainties"] = json!([{"code": "complained", "basis": "a rule",
            "rule": {"signal": {"signal": "complaints", "at_least": 3}}}]);
    });
    let frequency = policy(in_round);
    let exempt = policy(|p| {
        p["suite"] = json!("sm3");
        p["strata"] = json!(["city", "kind"]);
        p["coverage"] = json!({"guards": ["total"], "minimum": "0.3"});
        p["exclusions"] = json!([{"code": "few", "basis": "a rule", "rule": {"units": ["T-000003"]}}]);
        p["reserves"] = json!(0);
    });
    let none = Cycle::default();
    let mut cases = vec![
        whole("rate, raised by floors, with an empty part", &rate, &none, 60, &[1, 13, 13, 37]),
        whole("number, with certain units", &number, &none, 60, &[20, 40]),
        whole("frequency in mid-cycle", &frequency, &started, 60, &[5, 6, 7, 8, 59]),
        whole("sm3, exempt units, no reserves", &exempt, &none, 40, &[39]),
        whole("in one part", &rate, &none, 60, &[]),
    ];

    let part = |range| census(&rate, &none, range).0;
    let right = value(&part(4..30).to_json());
    cases.push(json!({"name": "a part in order", "part": right, "holds": true}));
    cases.push(json!({"name": "a part without rows", "part": value(&part(4..4).to_json()), "holds": true}));
    for (name, change) in contradictions() {
        let mut wrong = right.clone();
        change(&mut wrong);
        assert!(Part::from_json(&encode(&wrong).unwrap()).is_err(), "{name}");
        cases.push(json!({"name": name, "part": wrong, "holds": false}));
    }

    let mut merge = |name: &str, one: Part, other: Part, holds: bool| {
        assert_eq!(one.clone().append(other.clone()).is_ok(), holds, "{name}");
        let both = [value(&one.to_json()), value(&other.to_json())];
        cases.push(json!({"name": name, "merge": both, "holds": holds}));
    };
    merge("side by side", part(0..9), part(9..12), true);
    merge("behind a part without rows", part(9..9), part(9..12), true);
    merge("a gap", part(0..9), part(10..12), false);
    merge("an overlap", part(0..9), part(8..12), false);
    merge("the wrong way round", part(9..12), part(0..9), false);
    let key = terms(&rate).salt_key;
    let again = {
        let mut census = Census::starting(rate.clone(), none.clone(), key, 9).unwrap();
        census.extend((8..12).map(unit_row));
        census.part().unwrap().0
    };
    merge("an id in both", part(0..9), again, false);
    merge("another policy", part(0..9), census(&number, &none, 9..12).0, false);
    let half = policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.13"});
        in_round(p);
    });
    let of_half = |cycle: &Cycle, range| census(&half, cycle, range).0;
    merge("another cycle", of_half(&started, 0..9), of_half(&cycle("0.5", &[]), 9..12), false);

    // Counts that agree with each other, and not with the rows.
    let rows = json!({"policy": value(&draw_of(&rate))["policy"], "cycle": value(&none.to_json(&terms(&rate).salt_key)),
        "frame": value(&testkit::frame(40, &rate).to_json(&terms(&rate).salt_key))});
    let held = |name: &str, part: Value, holds: bool| {
        let mut case = rows.clone();
        (case["name"], case["part"], case["holds"]) = (json!(name), part, json!(holds));
        case
    };
    let mut moved = right.clone();
    for at in ["/strata/0", "/strata/0/measures/0", "/classes/0"] {
        let units = &mut moved.pointer_mut(at).unwrap()["units"];
        *units = json!(units.as_u64().unwrap() - 1);
    }
    moved["exclusions"]["closed"] = json!(1);
    assert!(Part::from_json(&encode(&moved).unwrap()).is_ok());
    let mut dearer = right.clone();
    dearer["strata"][0]["measures"][0]["measure"] = json!("1000000");
    // Paths where no unit of the policy can stand, in parts that agree with themselves.
    let counted = |name: &str, path: &str, holds: bool| {
        let mut part = value(&part(0..1).to_json());
        part["strata"][0]["path"] = json!(path);
        let key = terms(&rate).salt_key;
        let read = Part::from_json(&encode(&part).unwrap()).unwrap();
        let found = Counts::of(rate.clone(), none.clone(), key, &read);
        assert_eq!(found.is_ok(), holds, "{name}: {:?}", found.err());
        let policy = value(&draw_of(&rate))["policy"].take();
        json!({"name": name, "part": part, "policy": policy, "counted": true, "holds": holds})
    };
    cases.push(counted("a path of the policy", "350583/hospital", true));
    cases.push(counted("a path of nowhere", "nowhere/nowhere", false));
    cases.push(counted("a kind that there is not", "350583/nowhere", false));
    cases.push(counted("a division of letters", "nowhere/hospital", false));
    cases.push(counted("a township that is no county", "350583100/hospital", false));
    cases.push(counted("a path of one component", "350583", false));
    cases.push(counted("a path with one component more", "350583/hospital/low", false));
    cases.push(held("the counts of the rows", right, true));
    cases.push(held("a unit is said to be closed", moved, false));
    cases.push(held("another measure than the rows have", dearer, false));
    cases
}

fn draw_of(policy: &Policy) -> Vec<u8> {
    testkit::draw(&sealed(40, 12, &[], policy.clone()), 7).to_json()
}
