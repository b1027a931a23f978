//! The tamper catalogue of the ledger: every field of every kind of entry, and lines dropped, swapped,
//! doubled, re-dated, forked, cut. Each tamper names the checks that catch it.
//!
//! The tamperer numbers and chains his lines anew. Where no rule catches the edit then, only a checkpoint
//! signed by another party does. The table says so.

use double_random::bytes::Suite;
use double_random::ledger::{self, Content, Entry, Ledger, Line};
use double_random::note::Note;
use double_random::verify::{self, LedgerCheck, LedgerEvidence, Verdict};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::ledger::*;

/// Every place of a JSON value that is no object, as a path; of a list of objects the first.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(k, v)| leaves(v, &format!("{path}/{k}"), found)),
        Value::Array(list) if list.first().is_some_and(Value::is_object) => {
            leaves(&list[0], &format!("{path}/0"), found);
        }
        _ => found.push(path.to_owned()),
    }
}

/// Another value of the same form; none for what has only one.
fn other(path: &str, value: &Value) -> Option<Value> {
    let field = path.rsplit('/').next().unwrap();
    let last = |text: &str, a: &str, b: &str| {
        let kept = &text[..text.len() - 1];
        if text.ends_with(a) { format!("{kept}{b}") } else { format!("{kept}{a}") }
    };
    Some(match value {
        Value::Number(n) => json!(n.as_u64().unwrap() + 1),
        Value::Array(list) => json!(list.get(1..).filter(|_| !list.is_empty())?),
        Value::String(text) => match field {
            "protocol" | "document" | "mode" | "kind" | "suite" => return None,
            // An hour more or less.
            "at" | "sealed_at" | "after" => json!(format!(
                "{}{:02}{}",
                &text[..11],
                text[11..13].parse::<u32>().unwrap() ^ 1,
                &text[13..]
            )),
            "date" | "reveal_by" | "from" | "to" => json!(format!("{}28", &text[..8])),
            "level" => json!(if text == "office" { "authority" } else { "office" }),
            "by" if text == "director" => json!("clerk"),
            "missing" => json!("omit"),
            "share" => json!("0.1"),
            "unit" | "by" if text.starts_with("T-") => {
                json!(if text == "T-000038" { "T-000040" } else { "T-000038" })
            }
            "by" | "out" if text.starts_with("I-") => json!("I-0029"),
            "reason" => json!(match text.as_str() {
                "closed" | "unreachable" => "moved",
                "ill" => "leave",
                "technical" => "beacon_failed",
                _ => "appeal",
            }),
            "what" => json!(if text == "seal" { "record" } else { "seal" }),
            "value" => json!(last(text, "1", "2")),
            "commitment" | "digest" | "drawn" | "record" | "evidence" | "secret" | "root" | "policy"
            | "pseudonyms" | "cells" | "cycle" | "recusals" | "previous" | "ticket" => {
                json!(last(text, "0", "1"))
            }
            _ => json!(format!("{text}x")),
        },
        _ => return None,
    })
}

fn to_values(lines: &[Line]) -> Vec<Value> {
    lines.iter().map(|line| serde_json::from_slice(line.bytes()).unwrap()).collect()
}

/// The lines as they are, readable or not.
fn as_they_are(values: &[Value]) -> Option<Vec<Line>> {
    let read = |value: &Value| Line::new(serde_json::from_value::<Entry>(value.clone()).ok()?).ok();
    values.iter().map(read).collect()
}

/// Numbers and chains lines anew.
fn rechain(values: &[Value]) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut head = hex(0);
    for (number, value) in (1u64..).zip(values) {
        let mut value = value.clone();
        value["number"] = json!(number);
        value["previous"] = json!(head);
        let line = Line::new(serde_json::from_value(value).ok()?).ok()?;
        head = line.digest(Suite::Sha256).to_string();
        lines.push(line);
    }
    Some(lines)
}

fn failed(lines: &[Line], evidence: &LedgerEvidence) -> Vec<&'static str> {
    verify::ledger(lines, evidence).failed().into_iter().map(LedgerCheck::as_str).collect()
}

/// The ledger up to the seal after the one that an entry belongs to, with the documents of the draws in it
/// and no checkpoint. A later seal would catch everything: it names the line before it.
fn until_next_seal(office: &Office, from: usize) -> (usize, LedgerEvidence) {
    let lines = office.lines();
    let sealed = |i: &usize| matches!(lines[*i].entry().entry, Content::Sealed { .. });
    let before = matches!(
        lines[from].entry().entry,
        Content::Policy { .. } | Content::Registered { .. } | Content::Opened(_)
    );
    let end = (from + 1..lines.len()).filter(sealed).nth(usize::from(before)).unwrap_or(lines.len());
    let mut evidence = office.evidence.clone();
    evidence.checkpoints.clear();
    let names: Vec<(u64, u64)> = office.sealed.keys().copied().collect();
    let sealed_before = (0..end).filter(sealed).count();
    evidence.draws.retain(|name, _| names[..sealed_before].contains(name));
    (end, evidence)
}

/// Every field of every kind: which checks catch its edit in a ledger that was chained anew, one alternative
/// for each place where the field stands. An empty list: the edit shows in a checkpoint only, not in the
/// ledger and the documents.
const FIELDS: &str = include_str!("ledger_fields.txt");

#[test]
fn every_field_of_every_kind_is_caught_by_the_check_named_for_it() {
    let office = year();
    let values = to_values(office.lines());
    let mut found: BTreeMap<String, BTreeSet<Vec<&str>>> = BTreeMap::new();
    for (place, value) in values.iter().enumerate() {
        let (end, evidence) = until_next_seal(&office, place);
        assert_eq!(failed(&office.lines()[..end], &evidence), [""; 0]);
        let mut paths = Vec::new();
        leaves(value, "", &mut paths);
        for path in paths {
            let Some(other) = other(&path, value.pointer(&path).unwrap()) else { continue };
            let mut edited = values.clone();
            assert_ne!(edited[place].pointer(&path), Some(&other), "{path}");
            *edited[place].pointer_mut(&path).unwrap() = other;
            // As it is: the next line does not fit, or the entry itself; the checkpoint never fits.
            let plain = as_they_are(&edited).unwrap();
            let caught = failed(&plain, &office.evidence);
            let last = place + 1 == values.len();
            assert!(caught.contains(&"checkpoint") && (last || caught.len() > 1), "{path} {caught:?}");
            // Chained anew, the lines after it gone: only what the field itself breaks.
            let chained = ["/number", "/previous"].contains(&path.as_str());
            let lines = if chained { plain[..end].to_vec() } else { rechain(&edited[..end]).unwrap() };
            let kind = value["entry"]["kind"].as_str().unwrap();
            found.entry(format!("{kind} {}", &path[1..])).or_default().insert(failed(&lines, &evidence));
        }
    }
    let show = |sets: &BTreeSet<Vec<&str>>| {
        sets.iter()
            .map(|set| if set.is_empty() { "-".to_owned() } else { set.join("+") })
            .collect::<Vec<_>>()
            .join(" | ")
    };
    let table: String = found.iter().map(|(field, sets)| format!("{field}: {}\n", show(sets))).collect();
    assert!(table == FIELDS, "tests/suite/attack/ledger_fields.txt differs:\n{table}");
}

/// Whole lines: dropped, swapped, doubled, re-dated, cut off.
#[test]
fn lines_cannot_be_dropped_swapped_doubled_or_cut() {
    let office = year();
    let lines = office.lines();
    let values = to_values(lines);
    let bare = LedgerEvidence {
        checkpoints: office.evidence.checkpoints.clone(),
        witnesses: brought_keys(),
        ..LedgerEvidence::default()
    };
    for place in 0..lines.len() {
        let mut dropped = lines.to_vec();
        dropped.remove(place);
        // The last line leaves no gap: only a checkpoint that knew it tells.
        let caught = failed(&dropped, &bare);
        let last = place + 1 == lines.len();
        assert_eq!(
            caught,
            if last { vec!["checkpoint"] } else { vec!["chain", "checkpoint"] },
            "drop {place}"
        );
        let mut doubled = lines.to_vec();
        doubled.insert(place, lines[place].clone());
        let caught = failed(&doubled, &bare);
        assert_eq!(caught, if last { vec!["chain"] } else { vec!["chain", "checkpoint"] }, "double {place}");
        if place > 0 {
            let mut swapped = lines.to_vec();
            swapped.swap(place, place - 1);
            assert_eq!(failed(&swapped, &bare), ["chain", "checkpoint"], "swap {place}");
        }
        // Chained anew: at the latest the checkpoint tells.
        let mut gone = values.clone();
        gone.remove(place);
        assert!(failed(&rechain(&gone).unwrap(), &bare).contains(&"checkpoint"), "drop {place} and chain");
        // Cut: what is left is a ledger, and no longer the one that was witnessed.
        assert_eq!(failed(&lines[..place], &bare), ["checkpoint"], "cut at {place}");
    }
    // Dated back behind the line before, and forth behind the line after it.
    for (place, at) in [(5, "2026-01-01T00:00:00Z"), (5, "2026-12-31T00:00:00Z")] {
        let mut dated = values.clone();
        dated[place]["at"] = json!(at);
        let caught = failed(&rechain(&dated).unwrap(), &LedgerEvidence::default());
        assert!(caught.contains(&"times"), "{at} {caught:?}");
    }
}

/// Two histories that share a beginning: each is a ledger, and no witness can have signed both.
#[test]
fn a_fork_contradicts_a_checkpoint_of_the_other_branch() {
    let office = first_draw(Some(2));
    let (mut left, mut right) = (office.clone(), office);
    let units = left.units((1, 1));
    for (branch, unit) in [(&mut left, 0), (&mut right, 1)] {
        let visit = branch.visit((1, 1), "2026-02-10", &units[unit]);
        branch.enter("2026-02-12T00:00:00Z", &visit);
        branch.witness("2026-02-12T01:00:00Z");
    }
    assert_eq!(failed(left.lines(), &left.evidence), [""; 0]);
    assert_eq!(failed(right.lines(), &right.evidence), [""; 0]);
    let mut both = left.evidence.clone();
    both.checkpoints.extend(right.evidence.checkpoints.iter().cloned());
    assert_eq!(failed(left.lines(), &both), ["checkpoint"]);
    assert_eq!(failed(right.lines(), &both), ["checkpoint"]);
    // A witness that saw the common beginning cannot be led from one branch to the other.
    let size = left.lines().len();
    let (one, two) = (left.ledger.tree(), right.ledger.tree());
    let common = one.consistency(size - 1).unwrap();
    let was = (one.root_at(size - 1).unwrap(), size - 1);
    assert!(double_random::bytes::consistent(Suite::Sha256, was, (one.root(), size), &common));
    let sideways = (one.root(), size);
    for proof in [Vec::new(), common, two.consistency(size - 1).unwrap()] {
        assert!(!double_random::bytes::consistent(Suite::Sha256, sideways, (two.root(), size), &proof));
    }
}

/// Every byte of the stored lines and of a checkpoint.
#[test]
fn no_byte_of_a_ledger_can_be_changed() {
    let office = first_draw(Some(2));
    let bare = LedgerEvidence { witnesses: brought_keys(), ..LedgerEvidence::default() };
    let mut office = office;
    office.witness("2026-01-12T00:00:00Z");
    let all = LedgerEvidence { checkpoints: office.evidence.checkpoints.clone(), ..bare };
    let text = office.ledger.to_jsonl();
    assert_eq!(failed(&ledger::read(&text).unwrap(), &all), [""; 0]);
    for place in 0..text.len() {
        for flip in [0x01, 0x20] {
            let mut other = text.clone();
            other[place] ^= flip;
            let _ = Ledger::from_jsonl(&other, None, |_, _| None);
            if let Ok(lines) = ledger::read(&other) {
                assert!(!failed(&lines, &all).is_empty(), "byte {place}");
            }
        }
    }
    let note = office.evidence.checkpoints.last().unwrap().to_string();
    let only = |note: Note| LedgerEvidence {
        checkpoints: vec![note],
        witnesses: brought_keys(),
        ..LedgerEvidence::default()
    };
    let sound = verify::ledger(office.lines(), &only(Note::parse(&note).unwrap()));
    // A witness signed after the value was known. This checkpoint alone does not show that the seal was
    // published in time.
    assert_eq!(sound.failed(), [LedgerCheck::Witnesses]);
    office.evidence.checkpoints.truncate(1);
    let note = office.evidence.checkpoints[0].to_string();
    assert_eq!(failed(office.lines(), &only(Note::parse(&note).unwrap())), [""; 0]);
    for place in 0..note.len() {
        for flip in [0x01, 0x20] {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= flip;
            let Ok(other) = String::from_utf8(bytes) else { continue };
            if let Ok(other) = Note::parse(&other) {
                let report = verify::ledger(office.lines(), &only(other));
                assert_eq!(report.verdict(), Verdict::Refuted, "byte {place}");
            }
        }
    }
}

/// Documents that are not what was entered.
#[test]
fn documents_are_held_against_their_entries() {
    let office = year();
    let case = |change: &dyn Fn(&mut LedgerEvidence), expected: &[&str]| {
        let mut evidence = office.evidence.clone();
        change(&mut evidence);
        assert_eq!(failed(office.lines(), &evidence), expected);
    };
    let one = (1, 1);
    case(&|_| (), &[]);
    // The record of another draw; of a draw that was never sealed.
    let foreign = office.draws[&(2, 2)].record.clone();
    case(
        &|e| e.draws.get_mut(&one).unwrap().record = Some(foreign.clone()),
        &["batches", "records", "replay", "picks", "assignments", "reserves"],
    );
    let known = office.evidence.draws[&one].clone();
    case(&|e| drop(e.draws.insert((9, 1), known.clone())), &["records"]);
    // A drawn document of another salt, and one whose content is not the draw's: its digest then is another,
    // too.
    case(
        &|e| e.draws.get_mut(&one).unwrap().drawn.as_mut().unwrap().salt = double_random::bytes::Digest::ZERO,
        &["events"],
    );
    // A source that was declared silent has a value.
    let value = serde_json::from_value(json!([{"source": "dice", "value": "1".repeat(40)}])).unwrap();
    case(&|e| e.draws.get_mut(&(2, 2)).unwrap().evidence.beacon = Some(Vec::clone(&value)), &["records"]);
    // Another seal was published.
    let seal = office.sealed[&(2, 1)].seal().clone();
    case(&|e| e.draws.get_mut(&one).unwrap().evidence.seal = Some(seal.clone()), &["records"]);
    // The auditor got another cycle.
    let cycle = office.evidence.draws[&one].evidence.cycle.clone();
    case(&|e| e.draws.get_mut(&(2, 2)).unwrap().evidence.cycle = cycle.clone(), &["replay", "cycles"]);
    // The draw has another share, or another window, than its batch of the year's register.
    for change in ["/round/share", "/window/to"] {
        let mut record = serde_json::to_value(&office.draws[&one].record).unwrap();
        let place = record["policy"].pointer_mut(change).unwrap();
        *place = json!(if change == "/round/share" { "0.35" } else { "2026-03-24" });
        let record: double_random::Record = serde_json::from_value(record).unwrap();
        let mut evidence = office.evidence.clone();
        evidence.draws.get_mut(&one).unwrap().record = Some(record);
        assert!(failed(office.lines(), &evidence).contains(&"batches"), "{change}");
    }
    // Witnesses who saw the first seal too late.
    case(&|e| drop(e.checkpoints.remove(0)), &["witnesses"]);
    // The secret was not disclosed, and the day has passed.
    let size = office
        .lines()
        .iter()
        .position(|line| matches!(line.entry().entry, Content::Disclosed { .. }))
        .unwrap();
    let mut evidence = office.evidence.clone();
    evidence.checkpoints.pop();
    evidence.at = Some(instant("2026-10-31T23:59:59Z"));
    assert_eq!(failed(&office.lines()[..size], &evidence), [""; 0]);
    evidence.at = Some(instant("2026-11-01T00:00:00Z"));
    assert_eq!(failed(&office.lines()[..size], &evidence), ["deadlines"]);
}
