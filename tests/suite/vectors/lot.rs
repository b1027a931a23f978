//! Bytes, hashes, trees, allocation, tickets, words, seeds, hazards, guards: what the lot is made of.

use super::{Files, document};
use double_random::bytes::{self, Digest, Half, Inclusion, Label, SaltKey, Suite, Tree};
use double_random::lot::Key;
use double_random::lot::allocation::{allocate, start};
use double_random::lot::picks;
use double_random::lot::tickets::Tickets;
use double_random::lot::words::{Words, below};
use double_random::odds::ONE;
use double_random::odds::cells::{Cell, Scale, mark_certain};
use double_random::odds::guard::{Fitted, GuardGroup, GuardNode};
use double_random::odds::hazard::{self, Balance, Due};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(super) fn files() -> Files {
    [
        ("bytes", "2", bytes_cases()),
        ("digest", "3", digest_cases()),
        ("tree", "4.3", tree_cases()),
        ("inclusion", "4.6", inclusion_cases()),
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
    ]
    .into_iter()
    .map(|(name, section, cases)| (format!("{name}.json"), document(section, &cases)))
    .collect()
}

pub(super) fn seed(n: u8) -> Digest {
    Digest::new([n; 32])
}

/// A seed as the kernel takes it.
pub(super) fn key(seed: Digest) -> Key {
    Key::new(Suite::Sha256, seed)
}

fn hash(text: &str) -> String {
    Digest::new(Sha256::digest(text).into()).to_string()
}

fn joined<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
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
        (Label::Lot, "00 FJQZ-0001", "lot"),
        (Label::Secret, "泉州", "secret"),
        (Label::Record, "a b c", "record"),
    ];
    let case = |(label, content, name): (Label, &str, &str)| {
        json!({"label": name, "content": content,
               "digest": Suite::Sha256.digest(label, content.as_bytes())})
    };
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

/// Trees whose leaves ascend by hash, with one proof for several leaves, right and damaged.
fn inclusion_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for (count, every) in
        [(1u64, 1), (2, 1), (2, 2), (3, 2), (7, 3), (8, 8), (13, 5), (255, 100), (256, 3), (257, 40)]
    {
        let mut leaves: Vec<(Digest, String)> =
            (0..count).map(|i| (Suite::Sha256.leaf(i.to_string().as_bytes()), i.to_string())).collect();
        leaves.sort_unstable();
        let tree = Tree::new(Suite::Sha256, leaves.iter().map(|(leaf, _)| *leaf).collect());
        let shown: Vec<(u64, &(Digest, String))> =
            (0..).zip(&leaves).filter(|(place, _)| (place + 1) % every == 0).collect();
        let texts: Vec<&str> = shown.iter().map(|(_, (_, text))| text.as_str()).collect();
        let honest = Inclusion::of(&tree, shown.iter().map(|(place, _)| *place).collect());
        let mut case = |name: &str, texts: &[&str], proof: &Inclusion| {
            let mut hashes: Vec<Digest> =
                texts.iter().map(|text| Suite::Sha256.leaf(text.as_bytes())).collect();
            hashes.sort_unstable();
            let holds = proof.root(Suite::Sha256, &hashes, count) == Some(tree.root());
            assert_eq!(holds, name == "honest", "{name} {count}");
            cases.push(json!({"name": format!("{name}_{count}_{every}"), "count": count, "leaves": texts,
                "root": tree.root(), "hashes": proof.hashes, "places": proof.places, "holds": holds}));
        };
        case("honest", &texts, &honest);
        let with = |hashes: Vec<Digest>, places: Vec<u64>| Inclusion { hashes, places };
        let Inclusion { hashes, places } = honest.clone();
        let longer = [hashes.clone(), vec![Digest::ZERO]].concat();
        case("a_digest_more", &texts, &with(longer, places.clone()));
        if let Some((_, fewer)) = hashes.split_last() {
            case("a_digest_less", &texts, &with(fewer.to_vec(), places.clone()));
            case("no_place", &texts, &with(hashes.clone(), places[1..].to_vec()));
        }
        let moved = [&places[..places.len() - 1], &[count]].concat();
        case("a_place_behind_the_tree", &texts, &with(hashes.clone(), moved));
        let twice = [&places[..1], &places].concat();
        case("a_place_twice", &[&texts[..1], &texts].concat(), &with(hashes.clone(), twice));
        let other = [&["another"], &texts[1..]].concat();
        case("another_leaf", &other, &honest);
    }
    cases
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
            .map(|c| {
                json!({"path": c.path, "size": c.size.to_string(), "count": c.count,
                            "certain": c.certain})
            })
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
    let pseudonyms = ids.map(testkit::pseudonym);
    let order = tickets.in_order(pseudonyms.into_iter().enumerate());
    for take in 0..=ids.len() {
        let picks: Vec<&str> = order[..take].iter().map(|(i, _)| ids[*i]).collect();
        let mut case = json!({"name": format!("take_{take}_of_5"), "seed": seed(3), "ids": ids, "take": take,
                              "pseudonyms": pseudonyms, "picks": picks});
        if take > 0 {
            case["cutoff"] = json!(order[take - 1].1);
        }
        cases.push(case);
    }
    for count in [0usize, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537] {
        let ids: Vec<String> = (0..count).map(|i| format!("U-{i:06}")).collect();
        let secrets = SaltKey::new([7; 32]);
        let pseudonym = |id: &String| secrets.unit(Suite::Sha256, id).pseudonym;
        let order = tickets.in_order(ids.iter().map(pseudonym).enumerate());
        let take = count / 5;
        let names: Vec<&str> = order.iter().map(|(i, _)| ids[*i].as_str()).collect();
        let mut case = json!({
            "name": format!("generated_{count}"), "seed": seed(3), "generated": count, "take": take,
            "salt_key": secrets.reveal(),
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
    let dice = testkit::sealed(12, 6, &[], testkit::policy(|_| ()));
    let two = testkit::sealed(12, 6, &[], testkit::policy(|p| p["beacon"]["sources"] = two_sources()));
    let secret = testkit::sealed(
        12,
        6,
        &[],
        testkit::policy(|p| {
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

pub(super) fn two_sources() -> Value {
    json!([
        {"kind": "lottery", "id": "k8", "at": "2026-01-10T13:30:00Z", "game": "快乐8", "issue": "2026010",
         "fields": [{"of": 80, "take": 20}]},
        {"kind": "lottery", "id": "ssq", "at": "2026-01-11T13:15:00Z", "game": "双色球", "issue": "2026005",
         "fields": [{"of": 33, "take": 6}, {"of": 16, "take": 1}]},
        {"kind": "dice", "id": "dice", "at": "2026-01-12T01:00:00Z", "count": 20, "sides": 6,
         "witness": "notary"}])
}

pub(super) fn two_values() -> Value {
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
                let size = hazard::probability(due, &Balance::strict(exposure, visits));
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
fn node(groups: &[(u64, u64)], inner: Vec<GuardNode>) -> GuardNode {
    let group = |&(size, count): &(u64, u64)| GuardGroup { size, count, certain: false };
    GuardNode { lo: 0, hi: u128::MAX, groups: groups.iter().map(group).collect(), inner }
}

/// The same with bounds, in whole units.
fn bounded(lo: u128, hi: u128, node: GuardNode) -> GuardNode {
    GuardNode { lo: lo * u128::from(ONE), hi: hi * u128::from(ONE), ..node }
}

fn node_json(node: &GuardNode, outermost: bool) -> Value {
    let group = |g: &GuardGroup| json!({"certain": g.certain, "count": g.count, "size": g.size.to_string()});
    let mut value = json!({"groups": node.groups.iter().map(group).collect::<Vec<_>>(),
                           "inner": node.inner.iter().map(|n| node_json(n, false)).collect::<Vec<_>>()});
    if !outermost {
        value["lo"] = json!(node.lo.to_string());
        value["hi"] = json!(node.hi.to_string());
    }
    value
}

fn counts(node: &GuardNode) -> Vec<u64> {
    node.groups.iter().map(|g| g.count).chain(node.inner.iter().flat_map(counts)).collect()
}

fn guard_cases() -> Vec<Value> {
    let flat = |groups: &[(u64, u64)]| node(groups, vec![]);
    let tenth = ONE / 10;
    let mut certain = flat(&[(ONE / 2, 4), (0, 3)]);
    certain.groups.push(GuardGroup { size: tenth, count: 2, certain: true });
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
    let case = |(name, node, target, exactly): (&str, GuardNode, u128, bool)| {
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
                    let balance = Balance::strict(exposure, visits);
                    let mut due = Due::new(hazard::due(frequency, quarter).unwrap(), balance, surprise);
                    if certain {
                        due = due.certain();
                    }
                    let last = size.unwrap_or(if certain { ONE } else { due.reachable });
                    let (scheduled, add) = due.settle(last);
                    let mut case = json!({
                        "name": format!("case_{}", cases.len()), "frequency": frequency.to_string(),
                        "share": quarter.to_string(), "surprise": surprise.to_string(),
                        "exposure": exposure.to_string(),
                        "visits": visits, "certain": certain, "due": due.due.to_string(),
                        "base": due.base.to_string(),
                        "reachable": due.reachable.to_string(), "scheduled": scheduled.to_string(),
                        "add": add.to_string(),
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
        let credited = picks::credited(&key(seed(3)), &unit, size, scheduled);
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
        let named = |ids: &'_ Vec<String>| -> Vec<(Half, String)> {
            ids.iter().map(|id| (testkit::pseudonym(id), id.clone())).collect()
        };
        let named: Vec<(&str, Vec<(Half, String)>)> =
            picks.iter().map(|(path, ids)| (*path, named(ids))).collect();
        let given: Vec<(&str, Vec<(Half, &str)>)> = named
            .iter()
            .map(|(path, units)| (*path, units.iter().map(|(known, id)| (*known, id.as_str())).collect()))
            .collect();
        let billionths = testkit::billionths(share).get();
        let units = picks::subsample(&key(seed), "lab", billionths, &given);
        let unit = |(pseudonym, id): &(Half, String)| json!({"id": id, "pseudonym": pseudonym});
        let row = |(path, units): &(&str, Vec<(Half, String)>)| json!({"path": path, "units": units.iter().map(unit).collect::<Vec<_>>()});
        let picks: Vec<Value> = named.iter().map(row).collect();
        json!({"seed": seed.to_string(), "code": "lab", "share": share, "picks": picks, "units": units})
    };
    worlds.into_iter().enumerate().map(case).collect()
}
