//! Known answers. `tests/vectors/*.json` are what the library gave when they were frozen; this file makes them again and
//! compares, so that nothing that decides an outcome changes unseen. `tests/reference/replay.py`, written from the
//! specification alone, runs the same files.
//!
//! `cargo test --test vectors -- --ignored regenerate` writes them anew: a change of a released vector is another protocol.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::type_complexity
)]

mod support;

use double_random::assign::Change;
use double_random::bytes::{self, Digest, Label, Suite, Tree};
use double_random::calendar::Date;
use double_random::cycle::Event;
use double_random::lot::Key;
use double_random::lot::allocation::{allocate, start};
use double_random::lot::picks as stage;
use double_random::lot::tickets::Tickets;
use double_random::lot::words::{Words, below};
use double_random::matching::{Day, Demand as Post, Matching, Seat, WHOLE, table};
use double_random::odds::ONE;
use double_random::odds::cells::{Cell, Scale, mark_certain};
use double_random::odds::guard::{Fitted, GuardGroup as Group, GuardNode as Node};
use double_random::odds::hazard::{self, Due};
use double_random::seal::Sealed;
use double_random::{Cycle, Plan};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn seed(n: u8) -> Digest {
    Digest::new([n; 32])
}

/// A seed as the kernel takes it.
fn key(seed: Digest) -> Key {
    Key::new(Suite::Sha256, seed)
}

fn hash(text: &str) -> String {
    Digest::new(Sha256::digest(text).into()).to_string()
}

fn joined<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Every vector file: name, section of the spec, cases.
fn files() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    vec![
        ("bytes", "2", bytes_cases()),
        ("digest", "3", digest_cases()),
        ("tree", "4.3", tree_cases()),
        ("allocation", "5", allocation_cases()),
        ("tickets", "6", ticket_cases()),
        ("words", "7.1", word_cases()),
        ("below", "7.2", below_cases()),
        ("shuffle", "7.3", shuffle_cases()),
        ("seed", "8.1", seed_cases()),
        ("hazard", "10.2", hazard_cases()),
        ("guard", "10.4", guard_cases()),
        ("exposure", "10.6", exposure_cases()),
        ("control", "6.4", control_cases()),
        ("subsample", "6.5", subsample_cases()),
        ("events", "9.6", event_cases()),
        ("teams", "11", team_cases()),
        ("replacement", "11.13", replacement_cases()),
    ]
}

fn document(section: &str, cases: &[Value]) -> String {
    let file = json!({"protocol": bytes::PROTOCOL, "section": section, "count": cases.len(), "cases": cases});
    serde_json::to_string_pretty(&file).unwrap() + "\n"
}

#[test]
fn vectors_are_what_the_library_gives() {
    for (name, section, cases) in files() {
        let stored = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap_or_default();
        assert!(stored == document(section, &cases), "{name}.json differs from what the library gives now");
    }
    // Those of `tests/vectors_trust.rs` and `tests/vectors_rules.rs`.
    let others = [
        "suite",
        "consistency",
        "beacon",
        "notes",
        "rating",
        "rating_valid",
        "workdays",
        "dossier",
        "packs",
        "programmes",
    ]
    .map(|name| format!("{name}.json"));
    let mut known: Vec<String> = files().iter().map(|f| format!("{}.json", f.0)).chain(others).collect();
    known.sort();
    let mut stored: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    stored.sort();
    assert_eq!(stored, known, "a vector file without a generator, or the other way round");
}

#[test]
fn records_are_what_the_library_gives() {
    for (name, files) in records() {
        for (file, content) in files {
            let stored = fs::read(folder().join("records").join(name).join(file)).unwrap_or_default();
            assert!(stored == content, "records/{name}/{file} differs from what the library gives now");
        }
    }
}

#[test]
fn years_are_what_the_library_gives() {
    for (file, content) in year() {
        let stored = fs::read(folder().join("years/four_rounds").join(&file)).unwrap_or_default();
        assert!(stored == content, "years/four_rounds/{file} differs from what the library gives now");
    }
}

#[test]
#[ignore = "writes tests/vectors anew"]
fn regenerate() {
    for (name, section, cases) in files() {
        fs::write(folder().join(format!("{name}.json")), document(section, &cases)).unwrap();
    }
    for (file, content) in year() {
        let path = folder().join("years/four_rounds").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (name, files) in records() {
        let folder = folder().join("records").join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, content) in files {
            fs::write(folder.join(file), content).unwrap();
        }
    }
}

fn bytes_cases() -> Vec<Value> {
    let texts = [
        ("empty_object", "{}", true),
        ("nested", r#"{"a":[1,-2,{"b":true,"c":false}],"d":"x"}"#, true),
        ("chinese", r#"{"name":"泉州市正骨医院"}"#, true),
        ("astral", "{\"name\":\"\u{20000}\u{1f600}\"}", true),
        ("escapes", r#"{"a":"\"\\\b\t\n\f\r\u0001\u001f"}"#, true),
        ("delete_and_slash_stand_for_themselves", "{\"a\":\"/\u{7f}\"}", true),
        ("decomposed_accent_is_kept", "{\"a\":\"A\u{30a}\"}", true),
        ("largest_integer", r#"{"a":9007199254740991}"#, true),
        ("smallest_integer", r#"{"a":-9007199254740991}"#, true),
        ("integer_beyond_2_53", r#"{"a":9007199254740993}"#, false),
        ("fraction", r#"{"a":0.1}"#, false),
        ("fraction_of_an_integer", r#"{"a":56.0}"#, false),
        ("exponent", r#"{"a":1e3}"#, false),
        ("negative_zero", r#"{"a":-0}"#, false),
        ("leading_zero", r#"{"a":01}"#, false),
        ("null", r#"{"a":null}"#, false),
        ("duplicate_key", r#"{"a":1,"a":2}"#, false),
        ("keys_out_of_order", r#"{"b":1,"a":2}"#, false),
        ("space", r#"{"a": 1}"#, false),
        ("newline_at_the_end", "{\"a\":1}\n", false),
        ("upper_case_escape", "{\"a\":\"\\u001F\"}", false),
        ("needless_escape", r#"{"a":"\u0041"}"#, false),
        ("escaped_slash", r#"{"a":"\/"}"#, false),
        ("non_ascii_key", "{\"é\":1}", false),
        ("byte_order_mark", "\u{feff}{}", false),
    ];
    let case = |(name, text, accepted): (&str, &str, bool)| {
        assert_eq!(canonical(text), accepted, "{name}");
        json!({"name": name, "text": text, "accepted": accepted})
    };
    texts.into_iter().map(case).collect()
}

/// Whether the library's decoder takes a document of any shape.
fn canonical(text: &str) -> bool {
    bytes::decode::<Shape>(text.as_bytes()).is_ok()
}

/// Any canonical JSON.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum Shape {
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<Self>),
    Object(std::collections::BTreeMap<String, Self>),
}

fn digest_cases() -> Vec<Value> {
    let contents = [
        (Label::Start, "", "start"),
        (Label::Ticket, "00 FJQZ-0001", "ticket"),
        (Label::Secret, "泉州", "secret"),
        (Label::Record, "a b c", "record"),
    ];
    let case = |(label, content, name): (Label, &str, &str)| json!({"label": name, "content": content, "digest": Suite::Sha256.digest(label, content.as_bytes())});
    contents.into_iter().map(case).collect()
}

fn tree_cases() -> Vec<Value> {
    let sizes = [0, 1, 2, 3, 7, 8, 255, 256, 257, 65_535, 65_536, 65_537];
    let case = |count: usize| {
        let leaves = (0..count).map(|i| Suite::Sha256.leaf(i.to_string().as_bytes())).collect();
        let tree = Tree::new(Suite::Sha256, leaves);
        let proofs: Vec<Value> = [0, count / 3, count.saturating_sub(1)]
            .into_iter()
            .filter_map(|index| tree.path(index).map(|path| json!({"index": index, "path": path})))
            .collect();
        json!({"name": format!("count_{count}"), "count": count, "root": tree.root(), "proofs": proofs})
    };
    sizes.into_iter().map(case).collect()
}

fn cell(path: &str, size: u64, count: u64) -> Cell {
    Cell { path: path.into(), size, count, certain: size == ONE }
}

fn allocation_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let mut case = |name: &str, cells: &[Cell], scale: Scale, seed: Digest| {
        let counts = allocate(cells, scale, &key(seed));
        let start = if scale.step == 0 { 0 } else { start(&key(seed), scale.step) };
        let shown: Vec<Value> = cells
            .iter()
            .map(|c| json!({"path": c.path, "size": c.size.to_string(), "count": c.count, "certain": c.certain}))
            .collect();
        cases.push(json!({
            "name": name, "seed": seed, "cells": shown, "factor": scale.factor.to_string(),
            "step": scale.step.to_string(), "start": start.to_string(), "counts": counts,
        }));
    };
    case("no_cell", &[], Scale::RATE, seed(0));
    case("one_unit_certain", &[cell("first", ONE, 1)], Scale::RATE, seed(0));
    case("one_unit_never", &[cell("first", 0, 1)], Scale::RATE, seed(0));
    for n in 0..4 {
        case("one_unit_half", &[cell("first", ONE / 2, 1)], Scale::RATE, seed(n));
    }
    let flat: Vec<Cell> = (1..=9).map(|i| cell(&format!("first/35010{i}"), i * ONE / 20, i)).collect();
    let deep: Vec<Cell> = (0..64)
        .map(|i: u64| {
            cell(
                &format!("first/35{:02}00/35{:02}{:02}/k{}", 1 + i / 16, 1 + i / 16, 1 + i / 4 % 4, i % 4),
                1 + i * 13_000_001,
                1 + i * i % 37,
            )
        })
        .collect();
    let mixed = [
        cell("first/a", 1, 1_000_000),
        cell("first/a", 200_000_000, 224),
        cell("first/a", ONE, 3),
        cell("first/a.b", 200_000_000, 17),
        cell("first/a/x", 999_999_999, 2),
        cell("repeat/a", 7, 5),
    ];
    for n in 0..3 {
        case("flat", &flat, Scale::RATE, seed(n));
        case("deep", &deep, Scale::RATE, seed(n));
        case("mixed_depth_and_certain", &mixed, Scale::RATE, seed(n));
        for number in [1, 45, 255, 256, 257] {
            let mut cells = deep.clone();
            mark_certain(&mut cells, number);
            let scale = Scale::number(&cells, number);
            case(&format!("number_{number}"), &cells, scale, seed(n));
        }
    }
    for count in [65_535, 65_536, 65_537] {
        case("large_cell", &[cell("first", 333_333_333, count)], Scale::RATE, seed(9));
    }
    let mut all = flat.clone();
    mark_certain(&mut all, 45);
    case("number_takes_everything", &all, Scale::number(&all, 45), seed(1));
    cases
}

fn ticket_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let ids = ["FJQZ-0001", "91350100M000100Y43", "440301103097413", "A-1", "A-2"];
    let tickets = Tickets::new(&key(seed(3)));
    let order = tickets.in_order(ids.iter().copied().enumerate());
    for take in 0..=ids.len() {
        let picks: Vec<&str> = order[..take].iter().map(|(i, _)| ids[*i]).collect();
        let mut case = json!({"name": format!("take_{take}_of_5"), "seed": seed(3), "ids": ids, "take": take, "picks": picks});
        if take > 0 {
            case["cutoff"] = json!(order[take - 1].1);
        }
        cases.push(case);
    }
    for count in [0usize, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537] {
        let ids: Vec<String> = (0..count).map(|i| format!("U-{i:06}")).collect();
        let order = tickets.in_order(ids.iter().map(String::as_str).enumerate());
        let take = count / 5;
        let names: Vec<&str> = order.iter().map(|(i, _)| ids[*i].as_str()).collect();
        let mut case = json!({
            "name": format!("generated_{count}"), "seed": seed(3), "generated": count, "take": take,
            "digest": hash(&names.join(",")),
        });
        if take > 0 {
            case["cutoff"] = json!(order[take - 1].1);
        }
        cases.push(case);
    }
    cases
}

fn word_cases() -> Vec<Value> {
    let case = |label: &str| {
        let mut words = Words::new(label, &key(seed(5)));
        let words: Vec<String> = (0..20).map(|_| words.next_word().to_string()).collect();
        json!({"label": label, "seed": seed(5), "words": words})
    };
    ["teams/wsjd/FJQZ-0001", "teams/wsjd/FJQZ-0002", "x"].into_iter().map(case).collect()
}

fn below_cases() -> Vec<Value> {
    let top = u64::MAX;
    let half = (1 << 63) + 1;
    let injected: [(&[u64], u64); 9] = [
        (&[0], 1),
        (&[top], 1),
        (&[0, 5], 3),
        (&[top], 10),
        (&[0, top], half),
        (&[0, 0, 0, 1, top], half),
        (&[1 << 63], 2),
        (&[6, 6, 1 << 60], 10),
        (&[top], top),
    ];
    let case = |(words, n): (&[u64], u64)| {
        let mut taken = 0;
        let result = below(n, || {
            taken += 1;
            words[taken - 1]
        });
        let words: Vec<String> = words.iter().map(u64::to_string).collect();
        json!({"words": words, "n": n.to_string(), "result": result.to_string(), "taken": taken})
    };
    injected.into_iter().map(case).collect()
}

fn shuffle_cases() -> Vec<Value> {
    let case = |n: usize| {
        let mut order: Vec<usize> = (0..n).collect();
        Words::new("shuffle", &key(seed(6))).shuffle(&mut order);
        let mut case = json!({"label": "shuffle", "seed": seed(6), "n": n});
        if n <= 10 {
            case["order"] = json!(order);
        } else {
            case["digest"] = json!(hash(&joined(&order)));
        }
        case
    };
    [0, 1, 2, 3, 10, 255, 256, 257, 65_535, 65_536, 65_537].into_iter().map(case).collect()
}

fn seed_cases() -> Vec<Value> {
    // Seeds are made only by sealed plans, so these come from three of them.
    let dice = support::sealed(12, 6, &[], support::policy(|_| ()));
    let two = support::sealed(12, 6, &[], support::policy(|p| p["beacon"]["sources"] = two_sources()));
    let secret = support::sealed(
        12,
        6,
        &[],
        support::policy(|p| {
            p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-04-30"});
        }),
    );
    let mut cases = Vec::new();
    for (sealed, values) in [
        (&dice, json!([{"source": "dice", "value": "0".repeat(40)}])),
        (&two, two_values()),
        (&secret, json!([{"source": "dice", "value": "0".repeat(40)}])),
    ] {
        let values: Vec<double_random::BeaconValue> = serde_json::from_value(values).unwrap();
        let seed = sealed.seed(&values).unwrap();
        let record = seed.draw().assign().record();
        let mut text = sealed.digest().to_string();
        for value in &values {
            text += &format!(" {}={}", value.source, value.value);
        }
        let mut case = json!({"seal": sealed.digest(), "values": values, "seed": seed.digest()});
        if let Some(secret) = &record.secret {
            text += &format!(" secret={}", secret.reveal());
            case["secret"] = json!(secret);
        }
        assert_eq!(Suite::Sha256.digest(Label::Seed, text.as_bytes()), seed.digest());
        case["text"] = json!(text);
        cases.push(case);
    }
    cases
}

fn two_sources() -> Value {
    json!([
        {"kind": "lottery", "id": "k8", "at": "2026-01-10T13:30:00Z", "game": "快乐8", "issue": "2026010",
         "fields": [{"of": 80, "take": 20}]},
        {"kind": "lottery", "id": "ssq", "at": "2026-01-11T13:15:00Z", "game": "双色球", "issue": "2026005",
         "fields": [{"of": 33, "take": 6}, {"of": 16, "take": 1}]},
        {"kind": "dice", "id": "dice", "at": "2026-01-12T01:00:00Z", "count": 20, "sides": 6, "witness": "notary"}])
}

fn two_values() -> Value {
    json!([
        {"source": "k8", "value": "01.05.09.12.17.22.24.31.33.40.41.47.50.58.61.66.70.72.79.80"},
        {"source": "ssq", "value": "03.11.19.22.27.33+08"},
        {"source": "dice", "value": "16254316253416253412"}])
}

fn hazard_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for frequency in [0, ONE / 5, ONE / 3, ONE, 2 * ONE, 3_700_000_000] {
        for share in [ONE / 4, ONE / 7] {
            for (visits, exposure) in
                [(0, 0), (0, ONE / 2), (1, ONE / 2), (1, ONE), (2, 1_900_000_000), (3, ONE)]
            {
                let due = hazard::due(frequency, share).unwrap();
                let size = hazard::probability(due, exposure, visits);
                cases.push(json!({
                    "frequency": frequency.to_string(), "share": share.to_string(), "visits": visits,
                    "exposure": exposure.to_string(), "size": size.to_string(),
                }));
            }
        }
    }
    cases
}

/// A node with own groups (size, count) and inner nodes.
fn node(groups: &[(u64, u64)], inner: Vec<Node>) -> Node {
    let group = |&(size, count): &(u64, u64)| Group { size, count, certain: false };
    Node { lo: 0, hi: u128::MAX, groups: groups.iter().map(group).collect(), inner }
}

/// The same with bounds, in whole units.
fn bounded(lo: u128, hi: u128, node: Node) -> Node {
    Node { lo: lo * u128::from(ONE), hi: hi * u128::from(ONE), ..node }
}

fn node_json(node: &Node, outermost: bool) -> Value {
    let group = |g: &Group| json!({"certain": g.certain, "count": g.count, "size": g.size.to_string()});
    let mut value = json!({"groups": node.groups.iter().map(group).collect::<Vec<_>>(),
                           "inner": node.inner.iter().map(|n| node_json(n, false)).collect::<Vec<_>>()});
    if !outermost {
        value["lo"] = json!(node.lo.to_string());
        value["hi"] = json!(node.hi.to_string());
    }
    value
}

fn counts(node: &Node) -> Vec<u64> {
    node.groups.iter().map(|g| g.count).chain(node.inner.iter().flat_map(counts)).collect()
}

fn guard_cases() -> Vec<Value> {
    let flat = |groups: &[(u64, u64)]| node(groups, vec![]);
    let tenth = ONE / 10;
    let mut certain = flat(&[(ONE / 2, 4), (0, 3)]);
    certain.groups.push(Group { size: tenth, count: 2, certain: true });
    let counties = || {
        vec![
            bounded(1, 2, flat(&[(tenth, 9), (3 * tenth, 2)])),
            bounded(2, 2, flat(&[(2 * tenth, 10)])),
            bounded(
                0,
                1,
                node(
                    &[(tenth, 4)],
                    vec![bounded(0, 1, flat(&[(5 * tenth, 3)])), bounded(1, 3, flat(&[(ONE / 3, 3)]))],
                ),
            ),
        ]
    };
    let cases = [
        ("quanzhou_20_percent", flat(&[(ONE / 5, 221)]), 45_000_000_000, false),
        ("enough_already", flat(&[(ONE / 5, 225)]), 45_000_000_000, false),
        ("two_levels", flat(&[(tenth, 10), (ONE / 5, 10)]), 6_000_000_000, false),
        ("cap_at_certainty", flat(&[(ONE / 2, 1), (ONE / 4, 2)]), 2_000_000_000, false),
        ("one_billionth", flat(&[(1, 2), (0, 4)]), 3_000_000_000, false),
        ("all_at_zero", flat(&[(0, 3)]), 1_000_000_000, false),
        ("everybody", flat(&[(ONE / 7, 3), (0, 2)]), 5_000_000_000, false),
        ("uneven", flat(&[(123_456_789, 17), (987_654_321, 3), (5, 1000)]), 11_000_000_000, false),
        ("a_fraction_of_a_unit", flat(&[(tenth, 1)]), 250_000_000, false),
        ("exactly_two_of_three", flat(&[(ONE, 3)]), 2_000_000_000, true),
        ("exactly_two_of_seven_uneven", flat(&[(tenth, 3), (7 * tenth, 4)]), 2_000_000_000, true),
        ("exactly_nothing", flat(&[(tenth, 3), (0, 4)]), 0, true),
        ("exactly_with_zeros", flat(&[(tenth, 1), (0, 7)]), 3_000_000_000, true),
        ("certain_units_stay", certain.clone(), 4_000_000_000, false),
        ("certain_units_stay_when_lowered", certain, 3_000_000_000, true),
        ("limits_inside_leave_the_floor_to_others", node(&[(tenth, 5)], counties()), 9_000_000_000, false),
        ("everything_inside_at_its_limit", node(&[(tenth, 5)], counties()), 10_000_000_000, true),
        ("floors_inside_stay_when_lowered", node(&[(5 * tenth, 5)], counties()), 4_500_000_001, true),
        (
            "remainders_go_to_own_units_first",
            node(&[(ONE / 3, 3)], vec![bounded(0, 9, flat(&[(ONE / 3, 3)]))]),
            1_000_000_001,
            true,
        ),
        (
            "remainders_stop_at_limits",
            node(&[], vec![bounded(0, 1, flat(&[(ONE / 7, 7)])), bounded(0, 9, flat(&[(ONE / 7, 7)]))]),
            1_999_999_999,
            true,
        ),
    ];
    let case = |(name, node, target, exactly): (&str, Node, u128, bool)| {
        let fitted = if exactly { node.set(target) } else { node.raise(target, u128::MAX) };
        let runs = |(count, fitted): (u64, &Fitted)| {
            let all = [(fitted.size + 1, fitted.plus), (fitted.size, count - fitted.plus)];
            let kept = all.into_iter().filter(|(_, count)| *count > 0);
            kept.map(|(size, count)| json!([size.to_string(), count])).collect::<Vec<_>>()
        };
        let sizes: Vec<_> = counts(&node).into_iter().zip(&fitted).map(runs).collect();
        json!({"name": name, "node": node_json(&node, true), "target": target.to_string(), "exactly": exactly,
               "sizes": sizes})
    };
    cases.into_iter().map(case).collect()
}

fn exposure_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let quarter = ONE / 4;
    let sizes = [None, Some(0), Some(1), Some(quarter), Some(ONE / 2), Some(ONE - 1), Some(ONE)];
    for (frequency, visits, exposure) in [
        (ONE, 0, 0),
        (ONE, 0, ONE / 2),
        (ONE, 1, quarter),
        (3 * ONE, 1, 1_900_000_000),
        (0, 1, 1),
        (ONE / 3, 2, 999_999_999),
        (ONE, 0, 1_700_000_000),
    ] {
        for surprise in [0, ONE / 20] {
            for certain in [false, true] {
                for size in sizes {
                    let mut due =
                        Due::new(hazard::due(frequency, quarter).unwrap(), exposure, visits, surprise);
                    if certain {
                        due = due.certain();
                    }
                    let last = size.unwrap_or(if certain { ONE } else { due.reachable });
                    let (scheduled, add) = due.settle(last);
                    let mut case = json!({
                        "name": format!("case_{}", cases.len()), "frequency": frequency.to_string(),
                        "share": quarter.to_string(), "surprise": surprise.to_string(), "exposure": exposure.to_string(),
                        "visits": visits, "certain": certain, "due": due.due.to_string(), "base": due.base.to_string(),
                        "reachable": due.reachable.to_string(), "scheduled": scheduled.to_string(), "add": add.to_string(),
                    });
                    if let Some(size) = size {
                        case["size"] = json!(size.to_string());
                    }
                    cases.push(case);
                }
            }
        }
    }
    cases
}

fn control_cases() -> Vec<Value> {
    let units = (0..40u64).map(|n| format!("U-{n:06}"));
    let case = |(n, unit): (usize, String)| {
        let size = [ONE, ONE / 2, 1, 50_000_000][n % 4];
        let scheduled = [size, size / 2, size - 1, 0, size / 10 * 9][n % 5];
        let credited = stage::credited(&key(seed(3)), &unit, size, scheduled);
        json!({"seed": seed(3).to_string(), "unit": unit, "size": size.to_string(),
               "scheduled": scheduled.to_string(), "credited": credited})
    };
    let cases: Vec<Value> = units.enumerate().map(case).collect();
    assert!(cases.iter().any(|c| c["credited"] == false && c["scheduled"] != "0"), "both outcomes");
    cases
}

fn subsample_cases() -> Vec<Value> {
    let worlds: [(&str, &[(&str, u64)]); 6] = [
        ("0.5", &[("first/350502", 7), ("first/350503", 2), ("repeat/350502", 4)]),
        ("0.5", &[("first", 1)]),
        ("1", &[("first/a/x", 3), ("first/a/y", 1)]),
        ("0.000000001", &[("first/a", 300), ("first/b", 5)]),
        ("0.333333333", &[("first/a", 100), ("first/b", 50), ("first/c", 1)]),
        ("0.5", &[]),
    ];
    let case = |(n, (share, paths)): (usize, (&str, &[(&str, u64)]))| {
        let seed = seed(u8::try_from(n).unwrap());
        let mut next = 0;
        let mut ids = |count: u64| {
            let ids: Vec<String> = (next..next + count).map(|n| format!("U-{n:06}")).collect();
            next += count;
            ids
        };
        let picks: Vec<(&str, Vec<String>)> =
            paths.iter().map(|(path, count)| (*path, ids(*count))).collect();
        let given: Vec<(&str, Vec<&str>)> =
            picks.iter().map(|(path, ids)| (*path, ids.iter().map(String::as_str).collect())).collect();
        let billionths = support::billionths(share).get();
        let units = stage::subsample(&key(seed), "lab", billionths, &given);
        let picks: Vec<Value> = picks.iter().map(|(path, ids)| json!({"path": path, "units": ids})).collect();
        json!({"seed": seed.to_string(), "code": "lab", "share": share, "picks": picks, "units": units})
    };
    worlds.into_iter().enumerate().map(case).collect()
}

/// One case of teams by number: everything that section 11.3 to 11.10 gives.
fn team_case(name: &str, matching: &Matching, seed: Digest) -> Value {
    let (mut firsts, mut pairs, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    let (mut raised, mut shortages, mut teams) = (Vec::new(), Vec::new(), Vec::new());
    for component in table(matching) {
        firsts.push(component.visits[0]);
        let real = component.pairs.iter().filter(|p| (p.officer as usize) < matching.officers.len());
        pairs.extend(real.map(|p| (p.post, p.officer, p.chance)));
        prices.push(json!([component.post_prices, component.prices]));
        raised.extend(component.raised.iter().map(|r| json!({"ceiling": r.ceiling, "visits": r.visits})));
        shortages.extend(component.shortages.iter().map(|s| {
            json!({"posts": s.posts, "officers": s.officers, "limits": s.limits, "need": s.need, "can_fill": s.can_fill})
        }));
        for filled in component.draw(matching, &format!("teams/d/V{:03}", component.visits[0]), &key(seed)) {
            let officers: Vec<usize> = filled.officers.iter().map(|(o, _)| *o).collect();
            teams.push((
                filled.post,
                json!({"post": filled.post, "officers": officers, "vacancies": filled.vacancies}),
            ));
        }
    }
    pairs.sort_unstable();
    teams.sort_by_key(|team| team.0);
    let posts: Vec<Value> = matching
        .posts
        .iter()
        .map(|post| {
            let mut value = json!({"visit": post.visit, "places": post.places, "list": post.list});
            if let Some(limit) = post.limit {
                value["limit"] = json!(limit);
            }
            if post.pinned {
                value["pinned"] = json!(true);
            }
            value
        })
        .collect();
    let officers: Vec<Value> = matching
        .officers
        .iter()
        .map(|seat| {
            let mut value = json!({"cap": seat.cap, "before": seat.before});
            let more = [("day_cap", seat.day_cap), ("week_cap", seat.week_cap)];
            let places = [("group", seat.group), ("office", seat.office)];
            for (field, number) in more.into_iter().chain(places.map(|(f, n)| (f, n.map(|n| n as u64)))) {
                if let Some(number) = number {
                    value[field] = json!(number);
                }
            }
            value
        })
        .collect();
    let visits: Vec<Value> = matching
        .visits
        .iter()
        .map(|day| day.map_or(Value::Null, |day| json!([day.week, day.number])))
        .collect();
    json!({
        "name": name, "ceiling": matching.ceiling, "visits": visits, "posts": posts, "officers": officers,
        "offices": matching.offices, "party": "d", "seed": seed.to_string(),
        "expected": {
            "components": firsts, "pairs": pairs, "prices": prices, "raised": raised, "shortages": shortages,
            "teams": teams.into_iter().map(|team| team.1).collect::<Vec<_>>(),
        }
    })
}

/// Teams of one post each: visits × officers by number, with bars.
fn simple(
    places: u64,
    visits: usize,
    caps: &[u64],
    ceiling: u64,
    bar: &dyn Fn(usize, usize) -> bool,
) -> Matching {
    let post = |visit: usize| {
        let list = (0..caps.len()).filter(|&o| !bar(visit, o)).map(|o| o as u32).collect();
        Post { visit, places, list, limit: None, pinned: false }
    };
    Matching {
        visits: vec![None; visits],
        posts: (0..visits).map(post).collect(),
        officers: caps.iter().map(|&cap| Seat { cap, ..Seat::default() }).collect(),
        offices: Vec::new(),
        ceiling,
    }
}

/// Teams by number: simple ones at the edges, and random ones with all that a policy can ask for.
fn team_cases() -> Vec<Value> {
    let q = 3 * WHOLE / 4;
    let free: &dyn Fn(usize, usize) -> bool = &|_, _| false;
    let mut cases = Vec::new();
    let mut case =
        |name: &str, matching: Matching, seed: Digest| cases.push(team_case(name, &matching, seed));
    case("no_visit", simple(2, 0, &[5, 5], q, free), seed(1));
    case("one_visit_two_officers", simple(2, 1, &[5, 5], q, free), seed(1));
    case("one_visit_three_officers", simple(2, 1, &[5, 5, 5], q, free), seed(1));
    case("one_officer", simple(2, 3, &[5], q, free), seed(1));
    case("no_officer", simple(2, 2, &[], q, free), seed(1));
    case("everybody_barred", simple(2, 3, &[5, 5, 5], q, &|_, _| true), seed(1));
    case("odd_roster", simple(2, 10, &[9, 9, 9, 9, 9, 9, 9], q, free), seed(2));
    case("tight_caps", simple(2, 6, &[4, 4, 4], WHOLE, free), seed(2));
    case("two_short", simple(2, 7, &[4, 4, 4], WHOLE, free), seed(2));
    case("slack", simple(2, 5, &[3; 20], q, free), seed(3));
    let districts: &dyn Fn(usize, usize) -> bool = &|v, o| v % 4 != o % 4 && o < 16;
    case("districts_and_city", simple(2, 24, &[6; 19], q, districts), seed(4));
    let apart: &dyn Fn(usize, usize) -> bool = &|v, o| v / 6 != o / 2;
    case("two_blocks_apart", simple(2, 12, &[4; 4], q, apart), seed(5));
    let half: &dyn Fn(usize, usize) -> bool = &|v, o| (v * 7 + o * 3) % 5 < 2;
    case("mixed_caps", simple(2, 30, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 2, 2], q, half), seed(6));
    case("three_places", simple(3, 20, &[9; 9], q, half), seed(7));
    case("low_ceiling", simple(2, 9, &[5; 7], WHOLE / 8, half), seed(8));
    // A cap beyond all need, on a class so large that 64 bits of fixed point would not hold its capacity.
    let mut beyond = simple(2, 30, &[3; 92], q, free);
    beyond.visits = vec![Some(Day { week: 1, number: 3 }); 30];
    for (officer, seat) in beyond.officers.iter_mut().enumerate() {
        (seat.cap, seat.day_cap) = (if officer < 32 { 3 } else { 2 }, Some(524_288));
    }
    case("day_cap_beyond_all_need", beyond, seed(9));
    for n in 0..60 {
        case(&format!("full_{n}"), support::matching(u64::from(n), 9, 10), seed(n));
    }
    for n in 60..66 {
        case(&format!("full_{n}"), support::matching(u64::from(n), 40, 30), seed(n));
    }
    cases
}

/// The state of a cycle as it stands in a vector: its file without the head.
fn state(cycle: &Cycle) -> Value {
    let file = cycle.to_json(&bytes::SaltKey::new([0; 32]));
    let mut file: Value = serde_json::from_slice(&file).unwrap();
    for head in ["document", "protocol", "salt_key"] {
        file.as_object_mut().unwrap().remove(head);
    }
    file
}

fn event_cases() -> Vec<Value> {
    let drawn = |draw: u64, share: &str, add: &[(&str, &str, u64)], picks: &[(&str, bool)]| {
        let units: Vec<Value> = add
            .iter()
            .map(|(unit, add, cycles)| json!({"add": add, "cycles": cycles, "unit": unit}))
            .collect();
        let picks: Vec<Value> =
            picks.iter().map(|(unit, credited)| json!({"credited": credited, "unit": unit})).collect();
        json!({"as_of": "2026-01-01", "draw": draw, "event": "drawn", "picks": picks, "share": share, "units": units})
    };
    let visited = |draw: u64, unit: &str, date: &str| json!({"date": date, "draw": draw, "event": "visited", "items": ["records", "water"], "team": ["I-1", "I-2"], "unit": unit});
    let missed = |draw: u64, unit: &str| json!({"date": "2026-03-03", "draw": draw, "event": "missed", "reason": "closed", "unit": unit});
    let replaced = |draw: u64, unit: &str, by: &str| json!({"by": by, "date": "2026-03-04", "draw": draw, "event": "replaced", "reason": "not-found", "unit": unit});
    let voided =
        |draw: u64| json!({"date": "2026-03-05", "draw": draw, "event": "voided", "reason": "power-cut"});
    let inspected =
        |unit: &str, date: &str| json!({"date": date, "event": "inspected", "team": ["I-3"], "unit": unit});
    let closed = || json!({"event": "cycle_closed"});
    let three: &[(&str, &str, u64)] = &[("U-A", "0.5", 1), ("U-B", "0.25", 1), ("U-C", "0.3", 4)];
    let cases: Vec<(&str, Vec<Value>)> = vec![
        (
            "one_round",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-C", true)]),
                visited(1, "U-A", "2026-02-02"),
                missed(1, "U-C"),
            ],
        ),
        ("a_draw_without_picks_is_not_kept", vec![drawn(1, "0.5", three, &[]), voided(1), closed()]),
        (
            "replaced_by_one_behind_and_one_ahead",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                replaced(1, "U-A", "U-B"),
                replaced(1, "U-B", "U-A"),
                replaced(1, "U-A", "U-A"),
                visited(1, "U-A", "2026-02-02"),
                drawn(2, "0.25", three, &[("U-B", true)]),
                replaced(2, "U-B", "U-D"),
                replaced(2, "U-D", "U-A"),
                visited(2, "U-D", "2026-02-03"),
                visited(2, "U-A", "2026-02-03"),
            ],
        ),
        (
            "a_void_before_and_after_visits",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", false)]),
                voided(1),
                voided(1),
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", false), ("U-C", true)]),
                visited(1, "U-C", "2026-02-02"),
                voided(1),
                visited(1, "U-A", "2026-02-02"),
            ],
        ),
        (
            "draws_ascend_and_only_the_last_is_voided",
            vec![
                drawn(3, "0.25", three, &[("U-A", true)]),
                drawn(3, "0.25", three, &[]),
                drawn(2, "0.25", three, &[]),
                drawn(0, "0.25", three, &[]),
                drawn(5, "0.25", &[("U-A", "0.5", 4), ("U-E", "0.5", 2)], &[("U-E", true)]),
                voided(3),
                voided(5),
                voided(3),
                drawn(3, "0.25", three, &[]),
                voided(3),
                drawn(1_000_000_000_001, "0", three, &[]),
            ],
        ),
        (
            "a_void_leaves_what_was_visited_or_missed",
            vec![
                drawn(1, "0.5", three, &[("U-A", true), ("U-B", true)]),
                replaced(1, "U-B", "U-C"),
                visited(1, "U-C", "2026-02-02"),
                voided(1),
            ],
        ),
        (
            "a_replacement_must_have_been_drawable",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                inspected("U-Z", "2026-01-02"),
                replaced(1, "U-A", "U-Z"),
                replaced(1, "U-A", "U-B"),
            ],
        ),
        (
            "a_carried_balance",
            vec![
                drawn(1, "1", &[("U-A", "2.75", 4), ("U-B", "1.25", 4)], &[("U-A", true), ("U-B", true)]),
                visited(1, "U-A", "2026-02-02"),
                closed(),
                missed(1, "U-B"),
                closed(),
            ],
        ),
        (
            "two_draws_open",
            vec![
                drawn(1, "0.5", three, &[("U-A", true)]),
                drawn(1, "0.1", three, &[]),
                drawn(2, "0.6", three, &[]),
                drawn(2, "0.5", three, &[("U-A", false), ("U-B", true)]),
                voided(1),
                missed(2, "U-A"),
                closed(),
                visited(2, "U-B", "2026-02-02"),
                closed(),
            ],
        ),
        (
            "late_entries_hide_nothing",
            vec![
                inspected("U-A", "2026-05-05"),
                inspected("U-A", "2026-04-04"),
                inspected("U-B", "2026-04-04"),
                inspected("U-B", "2026-04-04"),
            ],
        ),
        (
            "windows_of_one_and_of_four_cycles",
            vec![
                drawn(
                    1,
                    "1",
                    &[("U-A", "1.5", 1), ("U-B", "2.75", 4), ("U-C", "0.25", 4)],
                    &[("U-A", true), ("U-B", true), ("U-C", true)],
                ),
                visited(1, "U-A", "2026-02-02"),
                visited(1, "U-B", "2026-02-02"),
                visited(1, "U-C", "2026-02-02"),
                closed(),
                drawn(2, "1", &[("U-A", "0.1", 2), ("U-B", "0.25", 1)], &[]),
                closed(),
            ],
        ),
        (
            "lists_out_of_order",
            vec![
                drawn(1, "0.5", &[("U-B", "0.5", 1), ("U-A", "0.5", 1)], &[]),
                drawn(1, "0.5", three, &[("U-C", true), ("U-A", true)]),
                drawn(1, "0.5", three, &[("U-D", true)]),
                drawn(1, "0.5", &[("U-A", "0.5", 0)], &[]),
                drawn(1, "0.5", &[("U-A", "0.5", 21)], &[]),
                drawn(1, "0.5", &[("U-A", "9000000", 20)], &[]),
                drawn(2, "0.5", &[("U-A", "0.000000001", 20)], &[]),
                json!({"date": "2026-02-02", "event": "inspected", "team": ["I-2", "I-1"], "unit": "U-A"}),
            ],
        ),
    ];
    let case = |(name, events): (&str, Vec<Value>)| {
        let mut cycle = Cycle::default();
        let mut steps = Vec::new();
        for event in events {
            let accepted = cycle.apply(&serde_json::from_value(event.clone()).unwrap()).is_ok();
            steps.push(json!({"accepted": accepted, "event": event}));
        }
        assert!(steps.iter().any(|step| step["accepted"] == true), "{name}");
        json!({"name": name, "state": state(&cycle), "steps": steps})
    };
    cases.into_iter().map(case).collect()
}

/// A year of four rounds over a frame that changes: a void and its second attempt, misses, a replacement, an inspection outside, a
/// make-up draw, the end of the year and the first round of the next.
fn year() -> Vec<(String, Vec<u8>)> {
    use support::year::{Level, Year, day, frame_of};
    let mut year = Year::default();
    let mut files = Vec::new();
    let mut folders = 0;
    let rounds = [
        ("1", "0.25", 1),
        ("0.75", "0.25", 1),
        ("0.75", "0.25", 2),
        ("0.5", "0.2", 1),
        ("0.3", "0.3", 1),
        ("0", "0", 1),
        ("1", "0.4", 1),
    ];
    for (number, (rest, share, attempt)) in (0u64..).zip(rounds) {
        let policy = support::policy(|p| {
            p["strata"] = json!(["county", "credit"]);
            p["round"] = json!({"rest": rest, "share": share});
            p["surprise"] = json!("0.02");
            p["items"] = json!([{"class": "key", "code": "records"}, {"class": "general", "code": "water"}, {"class": "general", "code": "waste"}]);
            p["coverage"] = json!({"guards": ["total", "county", "credit"], "minimum": "0.3"});
            p["frequency"][1]["cycles"] = json!(5);
            p["frequency"][1]["visits"] = json!("0.2");
            p["frequency"][5]["visits"] = json!("2.2");
            p["subsamples"] = json!([{"basis": "a rule", "code": "lab", "share": "0.5"}]);
            p["certainties"] =
                json!([{"code": "overdue", "basis": "覆盖周期", "rule": {"not_visited_days": 900}}]);
        });
        let units = (0..48u64).filter(|n| if number > 2 { n % 11 != 3 } else { n % 13 != 5 }).map(|n| {
            let credit = if n % 9 == 0 { number } else { n / 3 };
            (n, Level { county: n, kind: n / 4, risk: n / 5, credit })
        });
        let frame = frame_of(&units.collect::<Vec<_>>(), &policy);
        let roster = support::roster(20, &[(0, 4), (3, 8)], &policy);
        let drawn = year.draw(frame, roster, policy, number, attempt).unwrap();
        folders += 1;
        let (plan, key) = (drawn.sealed.plan(), drawn.sealed.salt_key());
        for (file, content) in [
            ("record.json", drawn.record.to_json()),
            ("seal.json", drawn.sealed.seal().to_json()),
            ("beacon.json", bytes::encode(&drawn.record.beacon).unwrap()),
            ("frame.json", plan.frame().to_json(key)),
            ("roster.json", plan.roster().to_json(key)),
            ("cycle.json", plan.cycle().to_json(key)),
        ] {
            files.push((format!("round{folders}/{file}"), content));
        }
        let code = |text: &str| double_random::id::Code::parse(text).unwrap();
        let draw = year.sequence;
        if number == 1 {
            year.happen(Event::Voided { date: day("2026-02-01"), draw, reason: code("power-cut") });
        }
        let visits = drawn.record.teams.visits.iter().filter(|_| number != 1);
        for (place, visit) in visits.enumerate() {
            let (date, unit) = (day("2026-02-10"), visit.unit.clone());
            let mut team: Vec<_> =
                visit.posts.iter().flat_map(|p| p.officers.iter().map(|o| o.id.clone())).collect();
            team.sort();
            let spare = || {
                let picked =
                    |id: &double_random::UnitId| drawn.record.teams.visits.iter().any(|v| &v.unit == id);
                plan.frame().units().iter().map(|u| u.id.clone()).find(|id| !picked(id)).unwrap()
            };
            match place {
                1 => year.happen(Event::Missed { date, draw, reason: code("closed"), unit }),
                2 if number == 3 => {
                    let by = spare();
                    year.happen(Event::Replaced {
                        by: by.clone(),
                        date,
                        draw,
                        reason: code("not-found"),
                        unit,
                    });
                    year.happen(Event::Visited { date, draw, items: vec![code("water")], team, unit: by });
                }
                _ => year.happen(Event::Visited { date, draw, items: vec![code("records")], team, unit }),
            }
        }
        if number == 4 {
            let team = vec![double_random::InspectorId::parse("I-0001").unwrap()];
            let unit = double_random::UnitId::parse("T-000002").unwrap();
            year.happen(Event::Inspected { date: day("2026-03-03"), team, unit });
        }
        if number == 5 {
            year.happen(Event::CycleClosed {});
        }
    }
    let events = json!({"protocol": bytes::PROTOCOL, "events": year.events});
    files.push(("events.json".into(), bytes::encode(&events).unwrap()));
    files.push(("end.json".into(), bytes::encode(&state(&year.cycle)).unwrap()));
    files
}

/// Whole draws with everything an auditor needs.
fn records() -> Vec<(&'static str, Vec<(&'static str, Vec<u8>)>)> {
    let rate = support::policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["frequency"] = json!([]);
    });
    let number = support::policy(|p| {
        p["design"] = json!({"method": "number", "number": 30});
        p["certainties"] =
            json!([{"code": "recheck", "basis": "处罚后复查", "rule": {"units": ["T-000003", "T-000010"]}}]);
    });
    let joint = support::policy(|p| {
        p["team"]["departments"] =
            json!([{"department": "wsjd", "officers": 2}, {"department": "scjg", "officers": 3}]);
        p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-04-30"});
        p["exclusions"] = json!([{"code": "too_small", "basis": "a rule", "rule": {"units": ["T-000005"]}}]);
        p["beacon"]["sources"] = two_sources();
        p["team"]["cap"] = json!(3);
    });
    let mut records = Vec::new();
    let bounded = support::policy(|p| {
        p["strata"] = json!(["county", "kind", "credit"]);
        p["round"] = json!({"rest": "1", "share": "0.4"});
        p["surprise"] = json!("0.03");
        p["ratios"] = json!([
            {"at": "credit", "basis": "林甸 2024", "code": "band-a", "is": ["A"], "max": "0.2"},
            {"at": "county", "basis": "a rule", "code": "exact", "is": ["350503"], "max": "0.32", "min": "0.3"},
            {"at": "kind", "basis": "宣城 2023", "code": "small", "all_below": 3, "least": 2},
            {"at": "total", "basis": "无为 2023", "code": "general", "max": "0.26"}]);
        p["items"] = json!([{"class": "general", "code": "records"}]);
        p["subsamples"] = json!([{"basis": "2022 国家学校卫生", "code": "lab", "share": "0.5"},
                                 {"basis": "a rule", "code": "photo", "share": "1"}]);
        p["certainties"] =
            json!([{"code": "recheck", "basis": "处罚后复查", "rule": {"units": ["T-000004"]}}]);
    });
    let teams = team_worlds().into_iter().map(|(name, sealed)| (name, sealed, None));
    let worlds = [
        ("bounded", support::sealed(140, 24, &[(1, 5)], bounded), None),
        ("frequency", support::sealed(120, 24, &[(0, 4), (3, 8), (6, 4)], support::policy(|_| ())), None),
        ("rate", support::sealed(257, 30, &[(1, 5)], rate), None),
        ("number", support::sealed(100, 40, &[], number), None),
        ("joint_deferred_short", support::sealed(90, 20, &[(2, 0), (5, 0)], joint), Some(two_values())),
        ("back_check", back_check(), None),
        ("rated", support::rules::rated_world(|_| ()), None),
    ];
    for (name, sealed, values) in worlds.into_iter().chain(teams) {
        let values =
            values.map_or_else(|| support::dice(7), |values| serde_json::from_value(values).unwrap());
        let seed = sealed.seed(&values).unwrap();
        let record = seed.draw().assign().record();
        let (plan, key) = (sealed.plan(), sealed.salt_key());
        records.push((
            name,
            vec![
                ("record.json", record.to_json()),
                ("seal.json", sealed.seal().to_json()),
                ("beacon.json", bytes::encode(&values).unwrap()),
                ("frame.json", plan.frame().to_json(key)),
                ("roster.json", plan.roster().to_json(key)),
                ("cycle.json", plan.cycle().to_json(key)),
            ],
        ));
    }
    records
}

/// Draws with everything that teams can have.
fn team_worlds() -> Vec<(&'static str, Sealed)> {
    vec![
        ("teams_full", support::full(100, 90, 20, |_| ())),
        ("teams_tight", support::full(110, 66, 9, |_| ())),
        ("teams_full_short", support::full(120, 33, 5, |p| p["team"]["jurisdiction"] = json!("own"))),
        (
            "teams_by_office",
            support::full(60, 60, 12, |p| {
                p["team"]["limit"] = json!({"by": "office", "most": 1});
                p["team"]["caps"]["office"] = json!(25);
                p["team"].as_object_mut().unwrap().remove("shortlist");
            }),
        ),
        (
            "teams_few",
            support::full(50, 40, 9, |p| {
                p["team"]["cap"] = json!(3);
                p["team"]["caps"] = json!({"week": 2, "office": 24});
            }),
        ),
    ]
}

/// A back-check of visits made in January, by officers who were not there.
fn back_check() -> Sealed {
    let policy = support::policy(|p| {
        p["population"] = json!({"visited_since": "2026-01-01"});
        p["design"] = json!({"method": "rate", "rate": "0.3"});
        p["coverage"] = json!({"guards": [], "minimum": "0"});
        p["as_of"] = json!("2026-01-04");
    });
    let teams: [&[&str]; 3] = [&["I-0000", "I-0001"], &["I-0003", "I-0004"], &["I-0006"]];
    let rows: Vec<(u64, u64, &str, &str, &[&str])> = (0..60)
        .map(|n| (n, 1, "0.5", if n % 4 == 0 { "2025-12-30" } else { "2026-01-02" }, teams[n as usize % 3]))
        .collect();
    let cycle = support::cycle("0.25", &rows).back_check(Date::parse("2026-01-01").unwrap());
    let terms = support::terms(&policy);
    let (frame, roster) = (support::frame(90, &policy), support::roster(24, &[], &policy));
    Plan::new(frame, roster, policy, cycle).unwrap().seal(terms).unwrap()
}

/// Officers and experts who drop out one after the other, in the records that are written beside: who takes the place, and the teams in the end.
fn replacement_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    let (mut longest, mut full) = (0, 0);
    let mut kinds = std::collections::BTreeSet::new();
    for (name, sealed) in team_worlds() {
        let seed = sealed.seed(&support::dice(7)).unwrap();
        let sample = seed.draw();
        let mut teams = sample.assign().teams().clone();
        let mut steps = Vec::new();
        for n in 0..60usize {
            let visit = &teams.visits[n * 7 % teams.visits.len()];
            let posts = visit.posts.iter().flat_map(|post| post.officers.iter().map(|o| &o.id));
            let ids: Vec<_> =
                posts.chain(visit.experts.iter().flat_map(|p| p.experts.iter().map(|e| &e.id))).collect();
            let Some(out) = ids.get(n % ids.len().max(1)) else { continue };
            // Every fifth time many are ill, every eighth all.
            let ill = |id: &double_random::InspectorId| {
                n % 8 == 7 || (n % 5 == 4 && id.as_str().ends_with(['0', '3', '6', '9']))
            };
            let inspectors = sealed.plan().roster().inspectors().iter().map(|i| i.id.clone());
            let change = Change {
                out: (*out).clone(),
                unavailable: inspectors.filter(ill).collect(),
                unit: visit.unit.clone(),
            };
            let key = if n % 2 == 0 {
                seed.digest()
            } else {
                Suite::Sha256.digest(Label::Reserve, &n.to_le_bytes())
            };
            let found = sealed.plan().replace(&teams, &change, &key).unwrap();
            let kind = serde_json::to_value(&found).unwrap();
            let (name, inner) = kind.as_object().unwrap().iter().next().unwrap();
            kinds.insert(name.clone());
            longest = longest.max(inner["moves"].as_array().map_or(0, Vec::len));
            full = full.max(inner["full"].as_u64().unwrap_or(0));
            steps.push(json!({"change": change, "key": key, "result": kind}));
            teams = teams.with(sealed.plan(), &change, &found, true, &seed.digest()).unwrap();
        }
        cases.push(json!({"record": name, "steps": steps, "visits": teams.visits}));
    }
    assert_eq!(kinds.len(), 3, "drawn, chain and vacant: {kinds:?}");
    assert!(longest > 1 && full > 0, "chains of {longest}, vacancies with {full} who have no room");
    cases
}
