//! Steering by the beacon: who speaks last, what is called silent, what is spelled twice.

use double_random::ledger::Rule;
use double_random::policy::Policy;
use double_random::seal::SealError;
use double_random::verify::{self, DrawEvidence, LedgerCheck, LedgerEvidence, LedgerReport, Verdict};
use double_random::{Cycle, Plan, Record, UnitId};
use serde_json::{Value, json};
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);

/// What reads a policy says of a beacon plan.
fn refused(beacon: &Value) -> String {
    let text = testkit::policy_json(|p| p["beacon"] = beacon.clone());
    Policy::from_json(&text).expect_err("a plan that must be refused").to_string()
}

fn dice(id: &str, at: &str, witness: &str) -> Value {
    json!({"kind": "dice", "id": id, "at": at, "count": 40, "sides": 10, "witness": witness})
}

fn beacon_entry(value: &double_random::BeaconValue) -> Value {
    json!({"kind": "beacon", "draw": 1, "attempt": 1, "value": value})
}

fn checked(office: &Office) -> LedgerReport {
    verify::ledger(office.lines(), &office.evidence)
}

fn spared_and_drawn(record: &Record, spared: &[&str], wanted: &str) -> bool {
    let drawn =
        |unit: &str| record.teams.visits.iter().any(|visit| visit.unit == UnitId::parse(unit).unwrap());
    spared.iter().all(|friend| !drawn(friend)) && drawn(wanted)
}

/// Dice at nine before a friend, the round of drand at half past. At twenty to ten he knows the round, and tries
/// throws until his three friends are spared and his enemy is drawn. The throw comes too late: it is refused
/// as it is, and dated back, no witness has seen it in time.
#[test]
fn nine_hundred_throws_after_the_round_is_known() {
    let mut office = Office::open(Some(2));
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, dice_then_round));
    let sealed = office.sealed[&ONE].clone();
    let friends = ["T-000001", "T-000003", "T-000006"];
    let chosen = (1..=900).find(|n| {
        let seed = sealed.seal().clone();
        assert_eq!(seed.sequence, 1);
        let seed = sealed.seed(&[throw("dice", *n), round_value(5)]).unwrap();
        spared_and_drawn(&seed.draw().assign().record(), &friends, "T-000002")
    });
    let chosen = throw("dice", chosen.expect("a throw that suits him"));
    // As it is.
    let refusal = office.attempt("2026-01-11T09:40:00Z", "clerk", &beacon_entry(&chosen)).unwrap_err();
    assert_eq!(refusal.rule, Rule::Dating);
    // Dated back: every line follows, and witnesses who see it now have not seen it then.
    let mut back = office.clone();
    back.values("2026-01-11T09:05:00Z", ONE, &[chosen]);
    back.witness("2026-01-11T09:41:00Z");
    back.values("2026-01-11T09:31:00Z", ONE, &[round_value(5)]);
    back.draw("2026-01-11T10:00:00Z", ONE);
    back.publish("2026-01-11T11:00:00Z", ONE);
    back.witness("2026-01-11T12:00:00Z");
    assert!(spared_and_drawn(&back.draws[&ONE].record, &friends, "T-000002"));
    assert_eq!(checked(&back).failed(), [LedgerCheck::Witnesses]);
    // The same draw with the throw seen at ten past nine is confirmed.
    let honest = checked(&public_round("2026-01-11T09:10:00Z", |_| ()));
    assert_eq!((honest.failed(), honest.verdict()), (vec![], Verdict::Confirmed));
    assert!(!honest.to_string().contains("rests on"), "{honest}");
    // Late dice are silent: the draw has failed, and the round decides nothing.
    let state = "2026-01-11T09:40:00Z";
    office.enter(state, &called_silent("dice"));
    assert!(office.state().attempt(1, 1).unwrap().failed());
    let value = beacon_entry(&throw("dice", 1));
    assert_eq!(office.attempt(state, "clerk", &value).unwrap_err().rule, Rule::Beacon);
}

/// He plans so that his dice have the last word: after the round, beside it, or as the fallback of it.
#[test]
fn dice_with_the_last_word_are_not_planned() {
    let (nine, ten, eleven) = ("2026-01-10T09:00:00Z", "2026-01-10T10:00:00Z", "2026-01-10T11:00:00Z");
    for sources in [
        json!([quicknet("round", nine), dice("dice", ten, "notary")]),
        json!([quicknet("round", nine), dice("dice", nine, "notary")]),
        json!([dice("early", nine, "notary"), quicknet("round", ten), dice("dice", eleven, "friend")]),
    ] {
        let words = refused(&json!({"sources": sources}));
        assert!(words.contains("a public source of at least 64 bits comes last"), "{words}");
    }
    let fallback = |of: Value, source: Value| {
        let row = json!({"after": ten, "for": of["id"], "source": source});
        json!({"sources": [of], "fallbacks": [row]})
    };
    let words = refused(&fallback(quicknet("round", nine), dice("dice", eleven, "friend")));
    assert!(words.contains("a round of drand comes late, and never fails for good"), "{words}");
    let words = refused(&fallback(quicknet("round", nine), quicknet("next", eleven)));
    assert!(words.contains("whoever calls it silent would draw twice"), "{words}");
    let lottery = json!({"kind": "lottery", "id": "balls", "at": nine, "game": "big", "issue": "1",
                         "fields": [{"of": 90, "take": 45}]});
    let words = refused(&fallback(lottery, dice("dice", eleven, "friend")));
    assert!(words.contains("a public source is replaced by a public one only"), "{words}");
    // Dice alone are allowed, and the report says on whom such a draw rests.
    let report = checked(&first_draw(None));
    assert!(report.to_string().contains("rests on the dice before notary: draws 1.1"), "{report}");
    let office = first_draw(None);
    let record = &office.draws[&ONE].record;
    let report = double_random::verify(record, &testkit::evidence(&office.sealed[&ONE], record));
    let people: Vec<String> = report.rests_on().iter().map(ToString::to_string).collect();
    assert_eq!(people, ["the dice before notary"]);
    assert!(report.to_string().contains("rests on the dice before notary"), "{report}");
}

/// The dice have a fallback. He waits for the round before he decides which of the two counts.
#[test]
fn silence_called_when_the_round_is_known_brings_no_second_throw() {
    let with_fallback = |p: &mut Value| {
        dice_then_round(p);
        p["beacon"]["fallbacks"] = json!([{"after": "2026-01-11T09:10:00Z", "for": "dice",
            "source": dice("other", "2026-01-11T09:20:00Z", "discipline office")}]);
    };
    let mut office = Office::open(Some(2));
    office.seal("2026-01-05T00:00:00Z", policy_of(1, 1, with_fallback));
    let mut late = office.clone();
    late.enter("2026-01-11T09:40:00Z", &called_silent("dice"));
    let value = beacon_entry(&throw("other", 7));
    assert_eq!(late.attempt("2026-01-11T09:41:00Z", "clerk", &value).unwrap_err().rule, Rule::Beacon);
    assert!(late.state().attempt(1, 1).unwrap().failed());
    // Called in time, the fallback's throw is held to the same instant.
    office.enter("2026-01-11T09:15:00Z", &called_silent("dice"));
    office.witness("2026-01-11T09:16:00Z");
    assert_eq!(office.attempt("2026-01-11T09:30:00Z", "clerk", &value).unwrap_err().rule, Rule::Dating);
    let draw = |seen: &str| {
        let mut office = office.clone();
        office.values("2026-01-11T09:25:00Z", ONE, &[throw("other", 7)]);
        office.witness(seen);
        office.values("2026-01-11T09:31:00Z", ONE, &[round_value(5)]);
        office.draw("2026-01-11T10:00:00Z", ONE);
        checked(&office).failed()
    };
    assert_eq!(draw("2026-01-11T09:26:00Z"), []);
    assert_eq!(draw("2026-01-11T09:40:00Z"), [LedgerCheck::Witnesses]);
}

/// He knows the round, dislikes the draw, calls the round silent and takes the next attempt.
#[test]
fn a_round_called_silent_is_asked_for_and_refutes() {
    let mut early = dice_entered("2026-01-11T09:10:00Z", |_| ());
    let refusal = early.attempt("2026-01-18T09:29:59Z", "clerk", &called_silent("round"));
    assert_eq!(refusal.unwrap_err().rule, Rule::Dating);
    let office = round_called_silent();
    let report = checked(&office);
    let lines: Vec<String> = report.to_string().lines().map(str::to_owned).collect();
    let first = lines.iter().find(|line| line.starts_with("look at")).unwrap();
    assert!(first.contains("round was called silent: get round 25"), "{first}");
    assert!(lines.iter().any(|line| line.contains("rounds of drand called silent: entries")), "{report}");
    // Whoever has the round shows that it spoke, though the attempt failed and has no record.
    let mut heard = office.evidence.clone();
    let value = vec![round_value(5)];
    let evidence = double_random::Evidence { beacon: Some(value), ..double_random::Evidence::default() };
    heard.draws.insert(ONE, DrawEvidence { evidence, ..DrawEvidence::default() });
    assert_eq!(verify::ledger(office.lines(), &heard).failed(), [LedgerCheck::Records]);
    // An honest office enters the round that came late after all, and shows the draw that it did not choose.
    let again = round_found_again();
    let report = checked(&again);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::Confirmed));
    assert!(!report.to_string().contains("was called silent: get round"), "{report}");
    // Entered and not shown, it is overdue, and nothing follows.
    let mut hidden = round_called_silent();
    hidden.values("2026-01-20T09:00:00Z", ONE, &[round_value(5)]);
    assert_eq!(checked(&hidden).failed(), [LedgerCheck::Deadlines]);
}

/// One witness under two spellings, or one second later, would count twice.
#[test]
fn one_witness_in_two_spellings_counts_once() {
    let (early, late) = ("2026-01-10T09:00:00Z", "2026-01-11T09:00:00Z");
    let twice = |a: &str, b: &str, at: &str| json!({"sources": [dice("a", early, a), dice("b", at, b)]});
    for (a, b) in [
        ("公证处 李", "公证处李"),
        ("公证处（李）", "公证处(李)"),
        ("Notary Li", "NOTARY  LI"),
        ("Notary Li", "Ｎｏｔａｒｙ Ｌｉ"),
        ("公证处李", "公证处李 "),
    ] {
        let words = refused(&twice(a, b, late));
        assert!(words.contains("count the witness of b twice"), "{a:?} {b:?}: {words}");
        // One second later.
        let words = refused(&twice(a, b, "2026-01-10T09:00:01Z"));
        assert!(words.contains("count the chance of b twice"), "{a:?} {b:?}: {words}");
    }
    // Spellings that are not seen, or that composition would change, are none.
    for hidden in
        ["公证处\u{200B}李", "\u{FEFF}公证处李", "Mu\u{308}ller", "公证处\u{2066}李", "ﬁ", "公证处\u{FE00}"]
    {
        let words = refused(&twice("公证处李", hidden, late));
        assert!(words.contains("without characters that are not seen"), "{hidden:?}: {words}");
    }
    // Games and parties likewise.
    let lottery = |id: &str, game: &str, issue: &str| {
        json!({"kind": "lottery", "id": id, "at": early, "game": game, "issue": issue,
               "fields": [{"of": 90, "take": 45}]})
    };
    let words =
        refused(&json!({"sources": [lottery("a", "快乐8", "2026001"), lottery("b", "快乐８ ", "2026001")]}));
    assert!(words.contains("count the chance of b twice"), "{words}");
    let (commitments, _) = shares(double_random::bytes::Suite::Sha256, &[]);
    let mut twins = commitments;
    twins[1]["party"] = json!(format!("{} ", twins[0]["party"].as_str().unwrap()));
    let shares =
        json!({"kind": "shares", "id": "shares", "at": early, "missing": "void", "commitments": twins});
    let words = refused(&json!({"sources": [shares, dice("dice", late, "notary")]}));
    assert!(words.contains("2 to 16 different parties"), "{words}");
}

/// Direction marks let a title, a name or a place of publication read otherwise than it is written.
#[test]
fn a_title_that_reads_backwards_is_refused() {
    for hidden in ["\u{202E}", "\u{2066}", "\u{200F}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{E0041}"] {
        let text = format!("双随机{hidden}检查");
        let words = Policy::from_json(&testkit::policy_json(|p| p["title"] = json!(text))).unwrap_err();
        assert!(
            words.to_string().contains("title: is no text of 1 to 200 characters that are all seen"),
            "{words}"
        );
        let policy = testkit::policy(|_| ());
        let row = double_random::frame::UnitRow { name: text.clone(), ..testkit::unit_row(1) };
        let words = double_random::Frame::new([row], &policy.frame, policy.as_of).unwrap_err();
        assert!(words.to_string().contains("characters that are all seen"), "{words}");
        let mut office = first_draw(None);
        let digest = office.draws[&ONE].record.digest();
        let entry = json!({"kind": "published", "draw": 1, "attempt": 1, "what": "record", "digest": digest,
                           "where": text});
        let refusal = office.attempt("2026-02-01T00:00:00Z", "clerk", &entry).unwrap_err();
        assert_eq!(refusal.rule, Rule::Publication);
        // Two keys of witnesses whose names look alike.
        assert!(
            double_random::note::Note::new("any\n".to_owned()).unwrap().cosign(&text, &[1; 32], 0).is_err()
        );
    }
}

/// He seals minutes before the dice fall, and nobody has seen the seal in time to come and watch.
#[test]
fn a_seal_that_is_witnessed_too_late_for_the_lead() {
    let day = |p: &mut Value| p["beacon"]["lead"] = json!(86_400);
    let policy = policy_of(1, 1, day);
    let plan = Plan::new(Office::frame(&policy), Office::roster(&policy), policy.clone(), Cycle::default());
    let late =
        double_random::SealTerms { sealed_at: instant("2026-01-10T09:00:00Z"), ..testkit::terms(&policy) };
    let error = plan.unwrap().seal(late).unwrap_err();
    assert!(matches!(error, SealError::LeadTooShort { lead: 86_400, .. }), "{error}");
    // Sealed in time, and shown to the witnesses an hour before the dice.
    let mut office = public_round("2026-01-11T09:10:00Z", day);
    assert_eq!(checked(&office).failed(), []);
    office.evidence.checkpoints.remove(0);
    let mut only = Office::open(Some(2));
    only.evidence = LedgerEvidence { checkpoints: Vec::new(), ..only.evidence };
    assert_eq!(checked(&office).failed(), [LedgerCheck::Witnesses]);
    // The lead is a part of the sealed plan.
    assert_eq!(office.sealed[&ONE].seal().beacon.lead, 86_400);
}
