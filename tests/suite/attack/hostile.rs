//! What an operator can try who wants to steer a draw and owns the machine: each attack fails, or stands in
//! the report (`reference` of the attacks: spec 19, "what it shows").

mod closed;
mod dispatch;
mod federation;
mod folder;
mod kit;
mod kept;
mod levels;
mod parts;
mod people;
mod phases;
mod places;
mod privacy;
mod published;
mod registers;
mod rows;
mod size;
mod sources;
mod year_rows;

use double_random::bytes::{Digest, SaltKey};
use double_random::ledger::{Level, Rule};
use double_random::note::Note;
use double_random::receipt::{Fate, UnitOutcome};
use double_random::seal::{SealError, Sealed, Secret};
use double_random::verify::{
    self, Check, LedgerBasis, LedgerCheck, LedgerGap, PublishedDraw, ReceiptChecker, Verdict, verify,
};
use double_random::{Evidence, Frame, Plan, Record, UnitId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::ledger::*;
use testkit::{dice, draw, policy, sealed, terms};

fn friend() -> UnitId {
    UnitId::parse("T-000003").unwrap()
}

fn drawn(record: &Record, unit: &UnitId) -> bool {
    record.teams.visits.iter().any(|visit| &visit.unit == unit)
}

fn rate(p: &mut Value) {
    p["design"] = json!({"method": "rate", "rate": "0.2"});
    p["coverage"] = json!({"guards": ["total"], "minimum": "0"});
}

/// He tries ten thousand salt keys, and with them ten thousand seals, before he publishes one. Each would
/// give another draw, but which one he cannot know: under every later throw of the dice the friend's chance
/// is what the plan says.
#[test]
fn ten_thousand_seals_before_the_beacon_gain_nothing() {
    let policy = policy(rate);
    let plan = || {
        let (frame, roster) = (testkit::frame(25, &policy), testkit::roster(12, &[], &policy));
        Plan::new(frame, roster, policy.clone(), double_random::Cycle::default()).unwrap()
    };
    let one = plan();
    let position = one.frame().position(&friend()).unwrap();
    assert_eq!(one.probability(position), Some(200_000_000));
    // What he computes for each seal with the dice that he expects tells him nothing about the dice that
    // fall: he keeps the seals under which his friend is spared by the expected dice, and then the others
    // fall.
    let (mut kept, mut hit) = (0u32, 0u32);
    let mut seals = BTreeSet::new();
    for n in 0..10_000u32 {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&n.to_be_bytes());
        let sealed =
            plan().seal(double_random::SealTerms { salt_key: SaltKey::new(key), ..terms(&policy) }).unwrap();
        seals.insert(sealed.digest().to_string());
        let spared = |throw: u64| {
            let seed = sealed.seed(&dice(throw)).unwrap();
            let sample = seed.draw();
            !sample.units().iter().any(|unit| unit.id == friend())
        };
        if spared(1) {
            kept += 1;
            hit += u32::from(!spared(2 + u64::from(n)));
        }
    }
    assert_eq!(seals.len(), 10_000);
    // 8,000 ± 160 and 1,600 ± 144: four standard deviations of fair coins, fixed once by these seeds.
    assert!((7_840..=8_160).contains(&kept), "{kept}");
    assert!((1_456..=1_744).contains(&hit), "{hit} of {kept}");
}

/// He waits for the dice and then grinds: ten thousand secrets, dates or policies, until his friend is
/// spared. The library gives him the seed of no such seal, the ledger takes none, and a record that he writes
/// by hand is not the sealed one.
#[test]
fn grinding_after_the_beacon_is_refused_everywhere() {
    // The gate: no seal is made after a value of its beacon is known.
    let policy = policy_of(1, 1, |_| ());
    let plan = Plan::new(
        Office::frame(&policy),
        Office::roster(&policy),
        policy.clone(),
        double_random::Cycle::default(),
    )
    .unwrap();
    let late = double_random::SealTerms { sealed_at: instant("2026-01-11T09:00:00Z"), ..terms(&policy) };
    assert!(matches!(plan.seal(late).unwrap_err(), SealError::SourceNotAfterSeal { .. }));
    // A machine with its clock turned back: the ledger has gone on, and the witnesses have not seen it.
    let mut office = Office::open(Some(2));
    office.enter(
        "2026-01-11T10:00:00Z",
        &json!({"kind": "policy", "approval": approval("superior"), "policy": policy.digest()}),
    );
    let sealed = office.plan(policy.clone(), "2026-01-05T00:00:00Z");
    let refusal =
        office.attempt("2026-01-11T10:00:00Z", "clerk", &json!({"kind": "sealed", "seal": sealed.seal()}));
    assert_eq!(refusal.unwrap_err().rule, Rule::Seal);
    // A whole ledger dated back, with the seal that was found after ten thousand tries: valid line by line,
    // and witnessed too late.
    let mut found = None;
    for n in 0..10_000u64 {
        let mut office = Office::open(Some(2));
        let mut key = [0; 32];
        key[..8].copy_from_slice(&n.to_be_bytes());
        office.enter(
            "2026-01-05T00:00:00Z",
            &json!({"kind": "policy", "approval": approval("superior"), "policy": policy.digest()}),
        );
        let (frame, roster) = (Office::frame(&policy), Office::roster(&policy));
        let terms = double_random::SealTerms {
            previous: office.state().head(),
            salt_key: SaltKey::new(key),
            sealed_at: instant("2026-01-05T00:00:00Z"),
            ..terms(&policy)
        };
        let plan = Plan::new(frame, roster, policy.clone(), double_random::Cycle::default()).unwrap();
        let sealed = plan.seal(terms).unwrap();
        let seed = sealed.seed(&[throw("dice", 1)]).unwrap();
        if !seed.draw().units().iter().any(|unit| unit.id == friend()) {
            office.enter("2026-01-05T00:00:00Z", &json!({"kind": "sealed", "seal": sealed.seal()}));
            office.sealed.insert((1, 1), sealed.clone());
            found = Some(office);
            break;
        }
    }
    let mut office = found.expect("grinding finds one");
    office.values("2026-01-11T09:30:00Z", (1, 1), &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", (1, 1));
    office.witness("2026-01-11T11:00:00Z");
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), [LedgerCheck::Witnesses]);
}

/// He sees the outcome and wants another: he cannot seal again, void silently, or void and keep the outcome
/// to himself.
#[test]
fn a_second_try_takes_a_void_that_everybody_sees() {
    let mut office = first_draw(Some(2));
    let again = policy_of(1, 2, |_| ());
    let at = "2026-01-11T12:00:00Z";
    office.enter(at, &json!({"kind": "policy", "approval": approval("superior"), "policy": again.digest()}));
    let mut seal: Value = serde_json::to_value(office.sealed[&(1, 1)].seal()).unwrap();
    seal["attempt"] = json!(2);
    seal["previous"] = json!(office.state().head());
    seal["sealed_at"] = json!(at);
    seal["policy"] = json!(again.digest());
    seal["beacon"] = json!(again.beacon);
    let refused = |office: &mut Office, seal: &Value| {
        office.attempt(at, "clerk", &json!({"kind": "sealed", "seal": seal})).unwrap_err().rule
    };
    assert_eq!(refused(&mut office, &seal), Rule::Sequence);
    // As draw 2 without draw 1 undone, the year is spent twice: the plan refuses.
    let cycle = office.state().cycle().unwrap().clone();
    assert!(Plan::new(Office::frame(&again), Office::roster(&again), again.clone(), cycle).is_err());
    let void = |level: &str| {
        json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval(level),
               "evidence": hex(1), "reason": "technical"})
    };
    assert_eq!(office.attempt(at, "clerk", &void("authority")).unwrap_err().rule, Rule::Approval);
    office.enter(at, &void("superior"));
    let two = office.seal(at, again);
    office.values("2026-01-12T09:30:00Z", two, &[throw("dice", 2)]);
    office.draw("2026-01-12T10:00:00Z", two);
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), []);
    let journal = report.state().journal();
    assert_eq!(journal.voids.iter().filter(|(_, after)| *after).count(), 1);
    assert_eq!(journal.further_attempts.len(), 1);
    assert_eq!(journal.actors.values().map(|tally| tally.voids_after).sum::<u64>(), 1);
    // Both records are there to be compared.
    assert_eq!(report.state().attempts().iter().filter(|attempt| attempt.record().is_some()).count(), 2);
    assert_eq!(office.lines().len(), usize::try_from(report.state().size()).unwrap());
    assert!(Level::Office < Level::Superior);
}

fn redrawn(sealed: &Sealed, frame: Frame) -> (Record, Evidence) {
    let plan = sealed.plan();
    let plan = Plan::new(frame, plan.roster().clone(), plan.policy().clone(), plan.cycle().clone()).unwrap();
    let other = plan.seal(terms(sealed.plan().policy())).unwrap();
    let record = draw(&other, 1);
    let evidence = Evidence { seal: Some(sealed.seal().clone()), ..testkit::evidence(&other, &record) };
    (record, evidence)
}

/// He edits the frame after the seal: a level lowered, a unit dropped, dummies added. It is another seal;
/// with the published seal in the record the frame is another; and the institution's receipt shows its row.
#[test]
fn the_frame_cannot_change_after_the_seal() {
    let sealed = sealed(25, 12, &[], policy(rate));
    let honest = draw(&sealed, 1);
    let terms_of = &sealed.plan().policy().frame;
    let as_of = sealed.plan().policy().as_of;
    let with = |change: &dyn Fn(&mut Vec<double_random::frame::UnitRow>)| {
        let mut rows: Vec<_> = (0..25).map(testkit::unit_row).collect();
        change(&mut rows);
        Frame::new(rows, terms_of, as_of).unwrap()
    };
    let lowered = with(&|rows| rows[3].risk = "low".into());
    let dropped = with(&|rows| drop(rows.remove(3)));
    let padded = with(&|rows| {
        for n in 100..110 {
            rows.push(testkit::unit_row(n));
        }
    });
    for frame in [lowered, dropped.clone(), padded] {
        let (record, evidence) = redrawn(&sealed, frame.clone());
        assert!(verify(&record, &evidence).failed().contains(&Check::Seal));
        // The honest record with the other frame given to the auditor.
        let key = SaltKey::new([7; 32]);
        let given = Evidence { frame: Some((frame, key)), ..testkit::evidence(&sealed, &honest) };
        assert!(verify(&honest, &given).failed().contains(&Check::Frame));
    }
    // The dropped institution holds its receipt. Its absence cannot be shown.
    let receipts = sealed.receipts();
    let receipt = receipts.get(&friend()).unwrap();
    assert!(receipt.is_in(sealed.seal()));
    assert!(receipts.absence(&friend()).is_none());
    let plan = Plan::new(
        dropped,
        sealed.plan().roster().clone(),
        sealed.plan().policy().clone(),
        sealed.plan().cycle().clone(),
    )
    .unwrap();
    let other = plan.seal(terms(sealed.plan().policy())).unwrap();
    let absence = other.receipts().absence(&friend()).unwrap();
    assert!(absence.shows(other.seal()) && !absence.shows(sealed.seal()) && !receipt.is_in(other.seal()));
}

/// Dummies that were on the frame from the beginning: they change no chance of another unit, and the auditor
/// sees them row by row.
#[test]
fn dummies_shift_nobody() {
    let few = sealed(25, 12, &[], policy(rate));
    let many = {
        let policy = policy(rate);
        let rows = (0..25).chain(500..600).map(testkit::unit_row);
        let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
        let terms = terms(&policy);
        Plan::new(frame, testkit::roster(12, &[], &policy), policy, double_random::Cycle::default())
            .unwrap()
            .seal(terms)
            .unwrap()
    };
    for unit in few.plan().frame().units() {
        let chance = |sealed: &Sealed| {
            let plan = sealed.plan();
            plan.probability(plan.frame().position(&unit.id).unwrap())
        };
        assert_eq!(chance(&few), chance(&many));
    }
}

/// He shows one history to the press and another to the auditor.
#[test]
fn two_histories_need_two_sets_of_witnesses() {
    let base = first_draw(Some(2));
    let (mut press, mut auditor) = (base.clone(), base);
    let unit = press.units((1, 1))[0].clone();
    let visit = press.visit((1, 1), "2026-02-10", &unit);
    press.enter("2026-02-12T00:00:00Z", &visit);
    press.witness("2026-02-12T01:00:00Z");
    let missed = json!({"kind": "missed", "approval": approval("authority"), "date": "2026-02-10", "draw": 1,
                        "evidence": hex(1),
        "reason": "unreachable", "unit": unit});
    auditor.enter("2026-02-12T00:00:00Z", &missed);
    // The press hands its checkpoint to the auditor.
    auditor.evidence.checkpoints = press.evidence.checkpoints.clone();
    assert_eq!(verify::ledger(auditor.lines(), &auditor.evidence).failed(), [LedgerCheck::Checkpoint]);
    assert_eq!(verify::ledger(press.lines(), &press.evidence).verdict(), Verdict::Confirmed);
}

/// He holds the secret back because he does not like what it opens.
#[test]
fn a_secret_held_back_is_a_failed_draw_without_a_second_one() {
    let mut office = Office::open(None);
    let deferred = |p: &mut Value| p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-03-31"});
    let name = office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, deferred));
    office.values("2026-01-11T09:30:00Z", name, &[throw("dice", 1)]);
    office.draw("2026-01-11T10:00:00Z", name);
    // Another secret does not open the commitment, so he cannot choose among secrets either.
    let seeds: BTreeSet<Digest> = (0..100u8)
        .map(|n| {
            let sealed = &office.sealed[&name];
            assert!(
                n == 9
                    || Secret::new([n; 32]).commitment(sealed.seal().suite) != sealed.seal().secret.unwrap()
            );
            sealed.seed(&[throw("dice", 1)]).unwrap().digest()
        })
        .collect();
    assert_eq!(seeds.len(), 1);
    office.evidence.at = Some(instant("2026-04-01T00:00:00Z"));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Deadlines]);
    office.enter(
        "2026-04-02T00:00:00Z",
        &json!({"kind": "void", "draw": 1, "attempt": 1, "approval": approval("superior"),
                "evidence": hex(1), "reason": "not_revealed"}),
    );
    assert_eq!(office.state().next(), (2, 1));
    office.evidence.draws.get_mut(&name).unwrap().record = None;
    assert_eq!(verify::ledger(office.lines(), &office.evidence).verdict(), Verdict::SelfConsistent);
}

/// He replaces an institution by the one he wants, or an officer by his friend. (Sick notes in number:
/// `people`.)
#[test]
fn reserves_and_officers_are_not_his_to_choose() {
    let office = first_draw(None);
    let one = (1, 1);
    let unit = office.units(one)[0].clone();
    let mut bound = office.clone();
    let rule = bound.replacement(one, "2026-02-02", &unit);
    let all: Vec<UnitId> =
        office.draws[&one].whole.iter().flat_map(|cell| cell.reserves.iter().map(|r| r.id.clone())).collect();
    let other = all.iter().find(|id| json!(id) != rule["by"]).unwrap();
    let mut wish = office.clone();
    let mut entry = rule.clone();
    entry["by"] = json!(other);
    wish.enter("2026-02-03T00:00:00Z", &entry);
    let failed = verify::ledger(wish.lines(), &wish.evidence).failed();
    assert!(failed.contains(&LedgerCheck::Reserves), "{failed:?}");
    // With the record alone the shown reserves say the same.
    let mut public = wish.evidence.clone();
    let known = public.draws.get_mut(&one).unwrap();
    (known.evidence.frame, known.evidence.roster, known.evidence.cycle, known.drawn) =
        (None, None, None, None);
    assert_eq!(verify::ledger(wish.lines(), &public).failed(), [LedgerCheck::Reserves]);
    // The officer.
    let out = office.first_officer(one, &unit);
    let mut wish = office.clone();
    let note = Office::dropped_out(one, &out, ["2026-02-01", "2026-03-25"], "office");
    let number = wish.enter("2026-02-03T00:00:00Z", &note);
    let mut entry = wish.clone().reassigned(one, number, "office");
    let by = (0..30)
        .map(|n| format!("I-{n:04}"))
        .find(|id| json!(id) != entry["moves"][0]["by"] && json!(id) != json!(out))
        .unwrap();
    entry["moves"][0]["by"] = json!(by);
    wish.enter("2026-02-03T00:00:00Z", &entry);
    assert_eq!(verify::ledger(wish.lines(), &wish.evidence).failed(), [LedgerCheck::Reassignments]);
    // Sending others than the lot has chosen.
    let mut wish = office;
    let mut visit = wish.visit(one, "2026-02-10", &unit);
    visit["team"] = json!([by]);
    let number = wish.enter("2026-02-11T00:00:00Z", &visit);
    assert_eq!(verify::ledger(wish.lines(), &wish.evidence).other_teams(), [number]);
    assert!(!drawn(&wish.draws[&one].record, other));
}

/// The whole ledger is made up afterwards: dates, dice and two witnesses of his own, who sign everything in
/// time.
#[test]
fn a_ledger_made_afterwards_with_its_own_witnesses_is_not_confirmed() {
    let mut office = first_draw(Some(2));
    office.witness("2026-01-12T00:00:00Z");
    let honest = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((honest.verdict(), honest.gaps().len()), (Verdict::Confirmed, 0), "{honest}");
    // The keys that only the ledger names are his own: they show nothing.
    office.evidence.witnesses.clear();
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent));
    assert!(report.gaps().contains(&LedgerGap::Checkpoint) && report.gaps().contains(&LedgerGap::Witnesses));
    assert!(report.to_string().contains("missing  no checkpoint that the checker kept"), "{report}");
    // Whoever knows the true witnesses sees that the ledger names others.
    let other = Note::new("any\n".to_owned()).unwrap().cosign("notary.example", &[3; 32], 0).unwrap();
    office.evidence.witnesses = vec![other];
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Witnesses]);
}

/// He appends a line that looks like a signature to a checkpoint that nobody signed.
#[test]
fn a_meaningless_signature_changes_no_verdict() {
    for quorum in [None, Some(2)] {
        let mut office = first_draw(quorum);
        let end = office.ledger.checkpoint().unwrap().note();
        let lines = ["— nobody.example AAAAAAAAAAA=\n".to_owned(), {
            // A signature of a true witness, and of another text.
            let mut other = Note::new("another text\n".to_owned()).unwrap();
            other.cosign(WITNESSES[0].0, &WITNESSES[0].1, 0).unwrap();
            other.to_string().lines().last().unwrap().to_owned() + "\n"
        }];
        for keys in [Vec::new(), brought_keys()] {
            office.evidence.witnesses = keys;
            let verdict = |office: &Office, text: String| {
                let mut evidence = office.evidence.clone();
                evidence.checkpoints.push(Note::parse(&text).unwrap());
                verify::ledger(office.lines(), &evidence).verdict()
            };
            let unsigned = verdict(&office, end.to_string());
            assert_eq!(unsigned, Verdict::SelfConsistent);
            for line in &lines {
                assert_eq!(verdict(&office, format!("{end}{line}")), unsigned, "{quorum:?} {line}");
            }
        }
    }
}

/// He rewrites what stands behind the last witnessed line, and shows a checkpoint of the new end that nobody
/// signed.
#[test]
fn the_end_of_a_ledger_needs_the_quorum() {
    let office = first_draw(Some(2));
    let mut end = office.ledger.checkpoint().unwrap().note();
    let verdict = |note: &Note, kept: bool| {
        let mut evidence = office.evidence.clone();
        if kept { &mut evidence.kept } else { &mut evidence.checkpoints }.push(note.clone());
        let report = verify::ledger(office.lines(), &evidence);
        assert_eq!(report.failed(), []);
        (report.verdict(), report.gaps().to_vec())
    };
    // Kept by the checker or not: where a quorum is asked, the end needs the quorum.
    assert_eq!(verdict(&end, false), (Verdict::SelfConsistent, vec![LedgerGap::End, LedgerGap::Quorum]));
    assert_eq!(verdict(&end, true), (Verdict::SelfConsistent, vec![LedgerGap::Quorum]));
    end.cosign(WITNESSES[0].0, &WITNESSES[0].1, 1_768_176_000).unwrap();
    assert_eq!(verdict(&end, false), (Verdict::SelfConsistent, vec![LedgerGap::Quorum]));
    end.cosign(WITNESSES[1].0, &WITNESSES[1].1, 1_768_176_000).unwrap();
    assert_eq!(verdict(&end, false), (Verdict::Confirmed, vec![]));
    // No quorum is asked: what the checker kept shows that nothing before it was written anew.
    let office = first_draw(None);
    let mut evidence = office.evidence.clone();
    (evidence.checkpoints, evidence.witnesses) = (Vec::new(), Vec::new());
    evidence.kept = vec![office.ledger.checkpoint().unwrap().note()];
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!(
        (report.verdict(), report.basis()),
        (Verdict::Confirmed, &[LedgerBasis::Kept, LedgerBasis::Values][..])
    );
    // The same checkpoint beside the ledger is one that its author wrote.
    std::mem::swap(&mut evidence.checkpoints, &mut evidence.kept);
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent));
    assert_eq!(report.gaps(), [LedgerGap::Checkpoint]);
}

/// A unit that is picked, and an outcome that shows it as a reserve under a seed that was never drawn.
fn forged_outcome(sealed: &Sealed, record: &Record) -> (UnitId, UnitOutcome) {
    let unit = record.teams.visits[0].unit.clone();
    let under = |throw: u64| sealed.seed(&dice(throw)).unwrap().draw().outcome(&unit).unwrap();
    let reserve = (5..).map(under).find(|outcome| matches!(outcome.fate, Fate::Reserve { .. })).unwrap();
    (unit, reserve)
}

/// He hands a drawn friend an outcome of a seed that he made up, and shows the genuine seal with it.
#[test]
fn a_forged_outcome_is_not_confirmed_by_the_seal_alone() {
    let sealed = sealed(40, 24, &[], policy(rate));
    let record = draw(&sealed, 3);
    let (unit, forged) = forged_outcome(&sealed, &record);
    let receipt = sealed.receipts().get(&unit).unwrap();
    let (seal, values) = (sealed.seal(), dice(3));
    let verdict =
        |published: PublishedDraw<'_>| verify::receipt(&receipt, Some(&forged), &published).verdict();
    let alone = PublishedDraw { seal: Some(seal), ..PublishedDraw::default() };
    assert_eq!(verdict(alone), Verdict::SelfConsistent);
    let rules = PublishedDraw { policy: Some(&record.policy), table: Some(&record.table), ..alone };
    assert_eq!(verdict(rules), Verdict::SelfConsistent);
    assert_eq!(verdict(PublishedDraw { values: Some(&values), ..alone }), Verdict::Refuted);
    assert_eq!(verdict(PublishedDraw { record: Some(&record), ..alone }), Verdict::Refuted);
    // Under a record with other dice: refuted by the published values, and never confirmed without them.
    let other = (5..).map(|throw| draw(&sealed, throw)).find(|other| other.seed == forged.seed).unwrap();
    let under = PublishedDraw { record: Some(&other), ..alone };
    assert_eq!(verdict(under), Verdict::SelfConsistent);
    assert_eq!(verdict(PublishedDraw { values: Some(&values), ..under }), Verdict::Refuted);
}

/// No report on an outcome is stronger than `verify` on the same evidence, over every choice of evidence.
#[test]
fn no_receipt_says_more_than_verify_on_the_same_evidence() {
    let rank = |verdict: Verdict| match verdict {
        Verdict::Refuted => 0,
        Verdict::SelfConsistent => 1,
        Verdict::Confirmed => 2,
    };
    let (sealed, foreign) = (sealed(40, 24, &[], policy(rate)), sealed(41, 24, &[], policy(rate)));
    let (one, other) = (draw(&sealed, 3), draw(&sealed, 4));
    let mut edited = one.clone();
    edited.sample[0].picks.pop();
    let receipts = sealed.receipts();
    let (unit, forged) = forged_outcome(&sealed, &one);
    let seed = sealed.seed(&dice(3)).unwrap();
    let sample = seed.draw();
    let mut outcomes: Vec<(UnitId, UnitOutcome)> =
        sample.outcomes().map(|outcome| (outcome.unit.clone(), outcome)).collect();
    outcomes.push((unit, forged));
    let (three, four) = (dice(3), dice(4));
    let (mut cases, mut confirmed) = (0, 0);
    for seal in [None, Some(sealed.seal()), Some(foreign.seal())] {
        for values in [None, Some(&three), Some(&four)] {
            for record in [None, Some(&one), Some(&other), Some(&edited)] {
                let evidence =
                    Evidence { seal: seal.cloned(), beacon: values.cloned(), ..Evidence::default() };
                let most = record.map_or(1, |record| rank(verify(record, &evidence).verdict()));
                let published = PublishedDraw {
                    seal,
                    record,
                    values: values.map(Vec::as_slice),
                    ..PublishedDraw::default()
                };
                let checker = ReceiptChecker::new(&published);
                for (unit, outcome) in &outcomes {
                    let report = checker.check(&receipts.get(unit).unwrap(), Some(outcome));
                    assert!(rank(report.verdict()) <= most, "{unit} {report}");
                    cases += 1;
                    confirmed += usize::from(report.verdict() == Verdict::Confirmed);
                }
            }
        }
    }
    // Confirmed is every genuine outcome under the one right choice of evidence, and nothing else.
    assert_eq!((cases, confirmed), (36 * 41, 40));
}
