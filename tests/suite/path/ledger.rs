//! The ledger: what follows, what is refused and by which rule, what it amounts to, and what its verification
//! lists.

use double_random::bytes::Suite;
use double_random::ledger::{self, Ledger, LedgerError, Rule, VoidReason};
use double_random::note::Checkpoint;
use double_random::verify::{self, LedgerCheck, LedgerEvidence, NotRun, Outcome, Verdict};
use serde_json::json;
use std::collections::BTreeSet;
use testkit::ledger::*;
use testkit::refusals::{Refused, refusals};

/// Why nothing is said of the events of a year, and of the cycles of its draws.
const NO_EVENT: Outcome = Outcome::NotRun { because: NotRun::DrawDocument };
const NO_CYCLE: Outcome = Outcome::NotRun { because: NotRun::Cycles };

#[test]
fn a_year_with_everything_is_confirmed_and_everything_in_it_is_listed() {
    let office = year();
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::Confirmed));
    // No draw of this year is deferred, so no line is closed; `attack::hostile::closed` has those that are.
    let ran = |check: &LedgerCheck| *report.outcome(*check) == Outcome::Pass;
    let run = LedgerCheck::all().filter(|check| *check != LedgerCheck::Contents);
    assert!(run.into_iter().all(|check| ran(&check)), "{report}");
    assert!(!ran(&LedgerCheck::Contents), "{report}");
    let journal = report.state().journal();
    let counts = [
        (&journal.further_attempts, 1),
        (&journal.silent, 1),
        (&journal.replacements, 1),
        (&journal.misses, 1),
        (&journal.reassignments, 2),
        (&journal.amendments, 2),
        (&journal.inspections, 2),
        (&journal.late, 2),
        (&journal.withdrawals, 1),
        (&journal.clocks, 1),
        (&journal.despite, 1),
        (&journal.barred, 1),
    ];
    for (place, (list, count)) in counts.into_iter().enumerate() {
        assert_eq!(list.len(), count, "list {place}");
    }
    assert_eq!(journal.voids.len(), 1);
    assert!(journal.voids[0].1, "after the first value was known");
    let clerk = journal.actors.values().next().unwrap();
    assert_eq!((clerk.seals, clerk.draws, clerk.voids_before, clerk.voids_after), (4, 4, 0, 1));
    // Late are the visit of 9 February, entered on the 20th (its correction says the 19th), and what was entered
    // under a clock that is a year ahead.
    let text = report.to_string();
    for words in ["further attempts: entries", "voids after the first value was known", "late entries"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(report.other_teams().is_empty());
    // What a reader without any document can say.
    let alone = verify::ledger(office.lines(), &LedgerEvidence::default());
    assert_eq!((alone.failed(), alone.verdict()), (vec![], Verdict::SelfConsistent));
    assert!(alone.state().cycle().is_none() && report.state().cycle().is_some());
    assert_eq!(alone.state().loads(), report.state().loads());
}

#[test]
fn the_state_is_the_fold_of_its_events() {
    let office = year();
    let state = office.state();
    // All visits are settled, the year is closed: nothing is spent, nothing open, last draw 3.
    let cycle = state.cycle().unwrap();
    assert_eq!((cycle.spent().get(), cycle.open().len(), cycle.last_draw()), (0, 0, 3));
    assert_eq!(state.loads().len(), 0, "loads begin anew");
    let size = office.lines().len() - 1;
    let (before, refusal) = ledger::fold(&office.lines()[..size], None, |draw, attempt| {
        office.evidence.draws[&(draw, attempt)].drawn.as_ref()
    });
    assert!(refusal.is_none());
    let cycle = before.cycle().unwrap();
    assert_eq!(cycle.spent().to_string(), "1");
    // The amended visit counts as amended: its date and item.
    assert_eq!(cycle.items().values().sum::<u64>(), 1);
    let (missed, visits): (u64, u64) =
        cycle.standings().iter().fold((0, 0), |(m, v), standing| (m + standing.missed, v + standing.visits));
    // One replaced, one missed; every visit of the three draws that stand was made by two officers, and two
    // inspections outside. A visit that was taken back counts for nobody.
    assert_eq!(missed, 2);
    let loads: u64 = before.loads().values().sum();
    assert_eq!(loads, 2 * visits + 4);
    assert_eq!(before.next(), (4, 1));
    assert_eq!(before.visits().count() as u64, visits + 1 + 2 + 1);
    // Reading it again gives the same.
    let again = Ledger::from_jsonl(&office.ledger.to_jsonl(), None, |draw, attempt| {
        office.evidence.draws[&(draw, attempt)].drawn.as_ref()
    });
    let again = again.unwrap();
    assert_eq!(again.checkpoint(), office.ledger.checkpoint());
    assert_eq!(again.state().cycle(), office.state().cycle());
}

#[test]
fn every_entry_that_does_not_follow_is_refused_by_its_rule_and_changes_nothing() {
    let refused = refusals();
    let mut seventh = first_draw(None).evidence.draws[&(1, 1)].drawn.clone().unwrap();
    seventh.drawn.draw = 7;
    let mut rules: BTreeSet<&str> = refused.iter().map(|case| case.rule).collect();
    for Refused { name, base, lines, number, rule } in &refused {
        // `refusals` has tried to append it; here it is read.
        let office = first_draw(None);
        let drawn = |draw, attempt| match *base {
            "first" => office.evidence.draws.get(&(draw, attempt)).and_then(|known| known.drawn.as_ref()),
            "seventh" => Some(&seventh),
            _ => None,
        };
        let (state, refusal) = ledger::fold(lines, None, drawn);
        let refusal = refusal.expect(name);
        assert_eq!(
            (refusal.number, refusal.rule.as_str(), state.size()),
            (*number, *rule, number - 1),
            "{name}"
        );
    }
    // A line that is not the next one of this ledger.
    let lines = first_draw(None).lines().to_vec();
    let (_, refusal) = ledger::fold(&lines[1..], None, |_, _| None);
    rules.insert(refusal.unwrap().rule.as_str());
    let all: BTreeSet<&str> = Rule::ALL.into_iter().map(Rule::as_str).collect();
    assert_eq!(rules, all, "every rule has a case");
}

#[test]
fn text_that_is_no_ledger_is_refused_with_its_line() {
    let text = first_draw(None).ledger.to_jsonl();
    assert!(matches!(ledger::read(&text[..text.len() - 1]), Err(LedgerError::Cut)));
    assert_eq!(ledger::read(b"").unwrap(), []);
    let mut spaced = text.clone();
    let second = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    spaced.insert(second, b' ');
    assert!(matches!(ledger::read(&spaced), Err(LedgerError::Line { line: 2, .. })));
    let unknown = String::from_utf8(text).unwrap().replacen("\"kind\":\"policy\"", "\"kind\":\"polemic\"", 1);
    assert!(matches!(ledger::read(unknown.as_bytes()), Err(LedgerError::Line { line: 3, .. })));
    let report = verify::ledger(&[], &LedgerEvidence::default());
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent));
}

/// Before the first value is known, the authority may void an attempt. The attempt is drawn all the same
/// before the next one can be sealed.
#[test]
fn a_void_draw_is_computed_and_published_all_the_same() {
    let mut office = Office::open(None);
    let one = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    let void = json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("authority"),
                      "evidence": hex(1), "reason": "input_error"});
    office.enter("2026-01-06T00:00:00Z", &void);
    assert_eq!(office.state().next(), (1, 2));
    assert_eq!(office.state().open().count(), 0);
    office.values("2026-01-11T09:30:00Z", one, &[throw("dice", 1)]);
    office.draw("2026-01-11T09:40:00Z", one);
    office.publish("2026-01-11T09:50:00Z", one);
    // Nothing of it is in the cycle.
    assert_eq!(office.state().cycle().unwrap().standings(), []);
    let two = office.seal("2026-01-11T10:00:00Z", policy_of(1, 2, |_| ()));
    office.values("2026-01-12T09:30:00Z", two, &[throw("dice", 2)]);
    office.draw("2026-01-12T10:00:00Z", two);
    assert_eq!(office.state().cycle().unwrap().last_draw(), 1);
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), []);
    let journal = report.state().journal();
    assert_eq!((journal.voids.clone(), journal.further_attempts.len()), (vec![(6, false)], 1));
    // Without the void draw's record nothing is confirmed.
    office.witness("2026-01-13T00:00:00Z");
    assert_eq!(verify::ledger(office.lines(), &office.evidence).verdict(), Verdict::Confirmed);
    office.evidence.draws.get_mut(&one).unwrap().record = None;
    assert_eq!(verify::ledger(office.lines(), &office.evidence).verdict(), Verdict::SelfConsistent);
}

/// A secret that is not revealed: declared by the superior, never drawn again, never confirmed.
#[test]
fn a_missing_reveal_is_a_failed_draw_and_no_second_chance() {
    let mut office = Office::open(None);
    let deferred =
        |p: &mut serde_json::Value| p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
    let one = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    office.values("2026-01-11T09:30:00Z", one, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", one);
    office.witness("2026-01-12T00:00:00Z");
    let mut evidence = office.evidence.clone();
    evidence.draws.get_mut(&one).unwrap().record = None;
    assert_eq!(verify::ledger(office.lines(), &evidence).verdict(), Verdict::Confirmed, "nothing is due yet");
    evidence.at = Some(instant("2026-04-01T00:00:00Z"));
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!(report.failed(), [LedgerCheck::Deadlines]);
    assert_eq!(report.undisclosed().count(), 1);
    office.enter(
        "2026-04-02T00:00:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                "evidence": hex(1), "reason": "not_revealed"}),
    );
    assert_eq!(office.state().next(), (2, 1), "no further attempt");
    assert_eq!(office.state().attempt(1, 1).unwrap().void(), Some(VoidReason::NotRevealed));
    // Its visits go on, and the next draw can be made.
    let unit = office.units(one)[0].clone();
    let visit = office.visit(one, "2026-04-01", &unit);
    office.enter("2026-04-02T00:00:00Z", &visit);
    office.seal("2026-04-05T00:00:00Z", policy_of(2, 1, |_| ()));
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent));
}

/// A source falls silent, its fallback, too: the attempt has failed, and is not stuck.
#[test]
fn what_cannot_be_drawn_can_be_voided() {
    let mut office = Office::open(None);
    let one = office.seal(
        "2026-01-05T00:00:00Z",
        policy_of(1, 1, |p| {
            p["beacon"]["fallbacks"] = json!([{"after": "2026-01-12T09:00:00Z", "for": "dice",
                "source": {"kind": "dice", "id": "other",
                    "at": "2026-01-13T09:00:00Z", "count": 40, "sides": 10,
                    "witness": "discipline office"}}]);
        }),
    );
    let silent = |source: &str| {
        json!({"kind": "silent", "approval": approval("superior"), "draw": 1,
               "attempt": 1, "evidence": hex(1), "source": source})
    };
    office.enter("2026-01-12T10:00:00Z", &silent("dice"));
    assert!(!office.state().attempt(1, 1).unwrap().failed());
    office.enter("2026-01-13T10:00:00Z", &silent("other"));
    assert!(office.state().attempt(1, 1).unwrap().failed());
    let void = json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                      "evidence": hex(1), "reason": "beacon_failed"});
    office.enter("2026-01-13T11:00:00Z", &void);
    let mut late = Office::open(None);
    late.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |p| {
        p["beacon"]["fallbacks"] = json!([{"after": "2026-01-12T09:00:00Z", "for": "dice", "source": {"kind": "dice", "id": "other",
            "at": "2026-01-13T09:00:00Z", "count": 40, "sides": 10, "witness": "discipline office"}}]);
    }));
    // The source is declared silent when the value of the fallback is known. The fallback is no longer
    // usable.
    late.enter("2026-01-13T09:00:00Z", &silent("dice"));
    assert!(late.state().attempt(1, 1).unwrap().failed());
    // A day after its own `at`, the silence of the fallback is late, too (Spec 17.5).
    let number = late.enter("2026-01-14T09:00:01Z", &silent("other"));
    assert_eq!(late.state().journal().late, [number]);
    // The next attempt.
    let two = office.seal(
        "2026-01-13T12:00:00Z",
        policy_of(1, 2, |p| {
            p["beacon"]["sources"][0]["at"] = json!("2026-01-14T09:00:00Z");
        }),
    );
    assert_eq!((one, two), ((1, 1), (1, 2)));
}

#[test]
fn an_entry_is_proved_by_its_path_and_a_checkpoint_continues_another() {
    let office = year();
    let tree = office.ledger.tree();
    for (place, line) in office.lines().iter().enumerate() {
        let path = tree.path(place).unwrap();
        let leaf = Suite::Sha256.leaf(line.bytes());
        let root = double_random::bytes::root_from_path(Suite::Sha256, leaf, place, tree.size(), &path);
        assert_eq!(root, Some(tree.root()));
    }
    let now = office.ledger.checkpoint().unwrap();
    for note in &office.evidence.checkpoints {
        let before = Checkpoint::parse(note.text()).unwrap();
        let size = usize::try_from(before.size).unwrap();
        let proof = tree.consistency(size).unwrap();
        assert!(double_random::bytes::consistent(
            Suite::Sha256,
            (before.root, size),
            (now.root, tree.size()),
            &proof
        ));
    }
}

/// An office begins in mid-year: its first seal is planned upon the cycle that the first line commits to.
#[test]
fn a_ledger_can_begin_with_a_cycle() {
    let mut office = mid_year();
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), []);
    assert_eq!(*report.outcome(LedgerCheck::Cycles), Outcome::Pass);
    assert_eq!(report.state().cycle().unwrap().get(&support_unit(7)).unwrap().visits, 2);
    // An amendment is folded from there, too.
    let unit = office.units((1, 1))[0].clone();
    let mut visit = office.visit((1, 1), "2026-02-10", &unit);
    let number = office.enter("2026-02-12T00:00:00Z", &visit);
    visit["result"] = json!("findings");
    office.enter(
        "2026-02-13T00:00:00Z",
        &json!({"kind": "amended", "amends": number, "approval": approval("office"),
                "entry": visit, "evidence": hex(1), "reason": "clerical"}),
    );
    assert_eq!(office.state().cycle().unwrap().get(&support_unit(7)).unwrap().visits, 2);
    // Without the file, or with another, nothing is known of the cycle, and nothing is refuted.
    let mut evidence = office.evidence.clone();
    evidence.opening = None;
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!(report.failed(), []);
    assert_eq!(report.outcome(LedgerCheck::Cycles), &NO_CYCLE);
    evidence.opening = Some((double_random::Cycle::default(), double_random::bytes::SaltKey::new([6; 32])));
    assert!(verify::ledger(office.lines(), &evidence).state().cycle().is_none());
}

fn support_unit(n: u64) -> double_random::UnitId {
    double_random::UnitId::parse(&format!("T-{n:06}")).unwrap()
}

/// Who saw what before when: a checkpoint that ends before the seal, a signature in the very second, shares
/// brought unseen.
#[test]
fn witnesses_must_have_seen_the_line_itself_and_in_time() {
    let with = |at: &str| {
        let mut office = Office::open(Some(2));
        office.enter(
            "2026-01-05T00:00:00Z",
            &json!({"kind": "policy", "approval": approval("superior"),
                    "policy": policy_of(1, 1, |_| ()).digest()}),
        );
        office.witness("2026-01-05T00:00:00Z");
        let sealed = office.plan(policy_of(1, 1, |_| ()), "2026-01-05T01:00:00Z");
        office.enter("2026-01-05T01:00:00Z", &json!({"kind": "sealed", "seal": sealed.seal()}));
        if !at.is_empty() {
            office.witness(at);
        }
        verify::ledger(office.lines(), &office.evidence).failed()
    };
    assert_eq!(with(""), [LedgerCheck::Witnesses]);
    assert_eq!(with("2026-01-11T09:00:00Z"), [LedgerCheck::Witnesses]);
    assert_eq!(with("2026-01-11T08:59:59Z"), []);
    // Shares of which some are missing, and a void "before": both must have been seen.
    let (commitments, value) = shares(Suite::Sha256, &[1]);
    let with_shares = |p: &mut serde_json::Value| {
        let dice = p["beacon"]["sources"][0].take();
        p["beacon"]["sources"] = json!([{"kind": "shares", "id": "shares", "at": "2026-01-10T09:00:00Z",
            "missing": "omit",
            "commitments": commitments}, dice]);
    };
    for seen in [true, false] {
        let mut office = Office::open(Some(2));
        let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, with_shares));
        office.values("2026-01-10T09:30:00Z", name, std::slice::from_ref(&value));
        if seen {
            office.witness("2026-01-11T08:59:59Z");
        }
        let expected = if seen { vec![] } else { vec![LedgerCheck::Witnesses] };
        assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), expected);
        let mut office = Office::open(Some(2));
        office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
        office.enter(
            "2026-01-06T00:00:00Z",
            &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                    "evidence": hex(1), "reason": "technical"}),
        );
        if seen {
            office.witness("2026-01-06T01:00:00Z");
        }
        assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), expected);
    }
    // Other keys than those the checker knows.
    let mut office = first_draw(Some(2));
    let keys: Vec<_> =
        witness_keys().iter().map(|key| double_random::note::NoteKey::parse(key).unwrap()).collect();
    office.evidence.witnesses = keys.clone();
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
    office.evidence.witnesses = keys[..1].to_vec();
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Witnesses]);
}

/// What is not shown is not confirmed: values that no other party saw, a draw without its document, a
/// checkpoint that ends too early, a draw that was never computed.
#[test]
fn gaps_in_the_evidence_are_no_confirmation() {
    let mut office = year();
    let verdict = |evidence: &LedgerEvidence| {
        let report = verify::ledger(office.lines(), evidence);
        assert_eq!(report.failed(), []);
        (
            report.verdict(),
            report.outcome(LedgerCheck::Events).clone(),
            report.outcome(LedgerCheck::Cycles).clone(),
        )
    };
    let full = office.evidence.clone();
    assert_eq!(verdict(&full), (Verdict::Confirmed, Outcome::Pass, Outcome::Pass));
    // Without the documents they are made from record and files; without these, too, the year has a hole.
    let mut made = full.clone();
    made.draws.values_mut().for_each(|known| known.drawn = None);
    assert_eq!(verdict(&made), (Verdict::Confirmed, Outcome::Pass, Outcome::Pass));
    let first = made.draws.get_mut(&(1, 1)).unwrap();
    (first.evidence.frame, first.evidence.cycle) = (None, None);
    let (found, events, cycles) = verdict(&made);
    assert_eq!(found, Verdict::SelfConsistent);
    assert_eq!((events, cycles), (NO_EVENT, NO_CYCLE));
    let mut without_value = full.clone();
    without_value.draws.get_mut(&(2, 2)).unwrap().evidence.beacon = None;
    assert_eq!(verdict(&without_value).0, Verdict::SelfConsistent);
    let mut early = full.clone();
    early.checkpoints.pop();
    assert_eq!(verdict(&early).0, Verdict::SelfConsistent);
    // Disclosed before its deadline: the record is due.
    let mut early = full;
    early.draws.get_mut(&(3, 1)).unwrap().record = None;
    assert_eq!(verdict(&early).0, Verdict::SelfConsistent);
    // An attempt is sealed, its value is entered, and no draw follows.
    office = Office::open(None);
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, |_| ()));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.evidence.at = Some(instant("2026-01-18T09:00:00Z"));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
    office.evidence.at = Some(instant("2026-01-18T09:00:01Z"));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Deadlines]);
    // An earlier instant than the last entry's is none.
    office.enter(
        "2026-02-01T00:00:00Z",
        &json!({"kind": "policy", "approval": approval("superior"), "policy": hex(1)}),
    );
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Deadlines]);
    // A checkpoint of nothing covers nothing.
    let nothing = Checkpoint {
        size: 0,
        root: double_random::bytes::Tree::new(Suite::Sha256, Vec::new()).root(),
        ..office.ledger.checkpoint().unwrap()
    };
    office.evidence.checkpoints = vec![nothing.note()];
    assert!(verify::ledger(office.lines(), &office.evidence).failed().contains(&LedgerCheck::Checkpoint));
}

/// A unit is replaced that is not to be visited; a replacement's replacement comes from its own cell.
#[test]
fn only_who_is_to_be_visited_can_be_replaced() {
    let mut office = first_draw(None);
    let one = (1, 1);
    let unit = office.units(one)[0].clone();
    let entry = office.replacement(one, "2026-02-02", &unit);
    office.enter("2026-02-03T00:00:00Z", &entry);
    let by: double_random::UnitId = serde_json::from_value(entry["by"].clone()).unwrap();
    let next = office.replacement(one, "2026-02-04", &by);
    office.enter("2026-02-05T00:00:00Z", &next);
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), []);
    let mut wrong = first_draw(None);
    let mut evidence = wrong.evidence.clone();
    for known in evidence.draws.values_mut() {
        known.drawn = None;
        (known.evidence.frame, known.evidence.roster, known.evidence.cycle) = (None, None, None);
    }
    let mut stranger = entry;
    stranger["unit"] = next["by"].clone();
    wrong.ledger = {
        // Without the drawn document the ledger itself cannot tell.
        let lines = wrong.ledger.to_jsonl();
        Ledger::from_jsonl(&lines, None, |_, _| None).unwrap()
    };
    wrong.enter("2026-02-03T00:00:00Z", &stranger);
    let caught = [LedgerCheck::Picks, LedgerCheck::Reserves];
    assert_eq!(verify::ledger(wrong.lines(), &evidence).failed(), caught);
}

#[test]
fn late_entries_are_listed() {
    let mut office = Office::open(None);
    let deferred =
        |p: &mut serde_json::Value| p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    office.values("2026-01-12T09:00:01Z", name, &[throw("dice", 1)]);
    office.compute(name);
    let drawn = office.evidence.draws[&name].drawn.as_ref().unwrap().digest(Suite::Sha256);
    let record = office.draws[&name].record.digest();
    let in_time = office.enter(
        "2026-01-12T09:00:01Z",
        &json!({"kind": "drawn", "draw": 1, "attempt": 1, "drawn": drawn, "record": record}),
    );
    let visits = office.commitment(name);
    office.enter(
        "2026-01-13T09:00:02Z",
        &json!({"kind": "assigned", "draw": 1, "attempt": 1, "visits": visits}),
    );
    let unit = office.units(name)[0].clone();
    let visit = office.visit(name, "2026-02-10", &unit);
    office.enter("2026-02-18T00:00:00Z", &visit);
    office.enter(
        "2026-04-01T00:00:00Z",
        &json!({"kind": "disclosed", "draw": 1, "attempt": 1, "secret": hex(9)}),
    );
    // The value, the draw (a second more than a day after its source), the teams, the visit, the secret.
    assert_eq!(office.state().journal().late, [in_time - 1, in_time, in_time + 1, in_time + 2, in_time + 3]);
}
