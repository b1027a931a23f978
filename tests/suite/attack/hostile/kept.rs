//! What an office keeps of its ledger, so that a command need not read all lines: whatever the history, it is what
//! a fold of all lines gives, and what is kept of another ledger, or changed, is not gone on from.

use double_random::ledger::{self, Content, Continued, KeptError, Line, Present, Rule};
use double_random::verify::LedgerEvidence;
use serde_json::json;
use testkit::busy::BusyYear;
use testkit::ledger::*;
use testkit::refusals::refusals;

/// What stands after each line, and before the first.
fn presents(lines: &[Line], evidence: &LedgerEvidence) -> Vec<Present> {
    let drawn = |draw, attempt| evidence.draws.get(&(draw, attempt))?.drawn.as_ref();
    let fold = |count| ledger::fold(&lines[..count], evidence.opening.as_ref(), drawn);
    let after = |count| match fold(count) {
        (state, None) => state.present().clone(),
        (_, Some(refusal)) => panic!("{refusal}"),
    };
    (0..=lines.len()).map(after).collect()
}

/// Goes on from each line of a ledger to the next entry that looks back.
fn goes_on(lines: &[Line], evidence: &LedgerEvidence) {
    let all = presents(lines, evidence);
    let drawn = |draw, attempt| evidence.draws.get(&(draw, attempt))?.drawn.as_ref();
    for begins in 1..=lines.len() {
        let later = &lines[begins..];
        let back = later.iter().position(|line| line.entry().entry.looks_back());
        let ends = begins + back.unwrap_or(later.len());
        let (kept, line) = (all[begins].to_json().unwrap(), lines[begins - 1].bytes());
        let continued =
            Continued::new(&kept, line).unwrap().follow(lines[begins..ends].to_vec(), drawn).unwrap();
        assert_eq!(continued.present(), &all[ends], "from line {begins} to line {ends}");
        assert_eq!(continued.lines(), &lines[begins..ends]);
        assert_eq!(continued.present().to_json(), all[ends].to_json());
        if back.is_some() {
            let looks = Continued::new(&kept, line).unwrap().follow(lines[begins..=ends].to_vec(), drawn);
            assert_eq!(looks.unwrap_err(), KeptError::LooksBack { line: ends as u64 + 1 });
        }
    }
}

/// Each kind of entry, voids and their replays, changes of teams, corrections, ends of cycles, phases, an opening
/// cycle, a year of many visits: from whatever line, what was kept and the lines after it give what all lines give.
#[test]
fn what_is_kept_is_the_fold_of_all_lines() {
    let mut imported = published_draw();
    imported.enter(
        "2026-03-01T00:00:00Z",
        &json!({"kind": "imported", "head": hex(1), "size": 3, "what": "roster"}),
    );
    imported.enter(
        "2026-03-01T00:00:00Z",
        &json!({"kind": "received", "attempt": 1, "draw": 1, "origin": "double-random/1/350502-wsjd/test",
                "root": hex(1), "size": 3}),
    );
    let offices = [year(), mid_year(), other_registers(), imported, published_draw_under_sm3()];
    let offices = offices.into_iter().chain([phased_draw(|_| {}), first_draw(Some(2))]);
    let mut kinds: Vec<String> = Vec::new();
    for office in offices {
        goes_on(office.lines(), &office.evidence);
        goes_on(office.lines(), &LedgerEvidence::default());
        let kind = |line: &Line| serde_json::to_value(&line.entry().entry).unwrap()["kind"].to_string();
        kinds.extend(office.lines().iter().map(kind));
    }
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), 22, "{kinds:?}");
    let busy = BusyYear::new(200, 5);
    goes_on(busy.ledger.lines(), &busy.evidence);
}

/// An entry that a rule refuses is refused from what was kept, by the same rule and in the same words.
#[test]
fn what_a_rule_refuses_is_refused_from_what_was_kept() {
    let (mut same, mut back) = (0, 0);
    for refused in refusals() {
        let lines = &refused.lines[..usize::try_from(refused.number).unwrap().min(refused.lines.len())];
        let Some((last, before)) = lines.split_last().filter(|(_, before)| !before.is_empty()) else {
            continue;
        };
        let (state, refusal) = ledger::fold(before, None, |_, _| None);
        if refusal.is_some() {
            continue;
        }
        let expected = ledger::fold(lines, None, |_, _| None).1;
        let (kept, line) = (state.present().to_json().unwrap(), before[before.len() - 1].bytes());
        let found = Continued::new(&kept, line).unwrap().follow(vec![last.clone()], |_, _| None);
        match (found, expected) {
            (Err(KeptError::LooksBack { .. }), _) if last.entry().entry.looks_back() => back += 1,
            (Err(KeptError::Refused(found)), Some(expected)) => {
                assert_eq!(found, expected);
                same += 1;
            }
            // Only a document of the draw shows what is wrong with it.
            (Ok(found), None) => {
                let state = ledger::fold(lines, None, |_, _| None).0;
                assert_eq!(found.present(), state.present());
            }
            (found, expected) => panic!("{found:?} {expected:?}"),
        }
    }
    assert!(same > 100 && back > 10, "{same} {back}");
}

/// He changes what is kept, or puts that of another ledger, of another line or of an earlier day in its place.
#[test]
fn what_is_kept_of_another_ledger_is_not_gone_on_from() {
    let (office, other) = (year(), other_registers());
    let all = presents(office.lines(), &office.evidence);
    let nothing = |_, _| None;
    let last = office.lines().len();
    let (kept, line) = (all[last].to_json().unwrap(), office.lines()[last - 1].bytes());
    assert!(Continued::new(&kept, line).is_ok());
    for (other, title) in [
        (other.lines()[other.lines().len() - 1].bytes(), "of another ledger"),
        (office.lines()[last - 2].bytes(), "of an earlier line"),
    ] {
        let found = Continued::new(&kept, other);
        assert_eq!(found.unwrap_err(), KeptError::OtherLine { line: last as u64 }, "{title}");
    }
    // A line that the ledger has not: the chain is broken.
    let (kept, line) = (all[3].to_json().unwrap(), office.lines()[2].bytes());
    let later = office.lines()[4..5].to_vec();
    let Err(KeptError::Refused(refusal)) = Continued::new(&kept, line).unwrap().follow(later, nothing) else {
        panic!("a gap")
    };
    assert_eq!(refusal.rule, Rule::Chain);
    // Cut, or with another field.
    let text = String::from_utf8(kept.clone()).unwrap();
    for changed in [&text[..text.len() - 1], &text.replace("\"closed\":", "\"open\":")] {
        let found = Continued::new(changed.as_bytes(), line);
        assert!(matches!(found, Err(KeptError::Unreadable(_))), "{changed}");
    }
    // Without all lines nothing is corrected, whoever asks.
    let mut continued = Continued::new(&kept, line).unwrap();
    let back = office.lines().iter().find(|line| line.entry().entry.looks_back()).unwrap().entry().clone();
    assert!(matches!(back.entry, Content::Amended { .. }));
    let refusal = continued.append(back.at, back.actor, back.entry, None).unwrap_err();
    assert_eq!(refusal.rule, Rule::Amendment);
    assert_eq!(continued.lines().len(), 0);
}
