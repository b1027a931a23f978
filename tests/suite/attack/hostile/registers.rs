//! Steering between draws: registers that change unseen, draws that nobody announced.

use double_random::Cycle;
use double_random::bytes::SaltKey;
use double_random::cycle::CycleError;
use double_random::id::Code;
use double_random::ledger::{Ledger, Opened, Rule};
use double_random::note::{Checkpoint, CosignRefusal, may_cosign};
use double_random::verify::{self, LedgerCheck, LedgerEvidence, Outcome, Verdict};
use serde_json::json;
use testkit::ledger::*;

/// Everything of a ledger follows, its draws replay and fit its cycles.
fn holds(office: &Office) {
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((report.failed(), report.verdict()), (vec![], Verdict::SelfConsistent), "{report}");
}

/// A ledger ends with draw 3. The next year goes on from its cycle, and begins with draw 1.
#[test]
fn the_first_and_the_second_draw_of_a_ledger_that_goes_on_from_another() {
    let before = year();
    assert_eq!(before.state().cycle().unwrap().last_draw(), 3);
    let mut office = before.next_year();
    two_draws(&mut office, "2027", |draw| policy_in_2027("test-2027", draw, 1));
    assert_eq!((office.state().next(), office.state().cycle().unwrap().last_draw()), ((3, 1), 2));
    holds(&office);
}

/// The same in one ledger, after `cycle_closed`: numbers go on.
#[test]
fn the_first_and_the_second_draw_after_the_cycle_was_closed() {
    let mut office = year();
    for (draw, month) in [(1, 1), (2, 4)] {
        let name = office.seal(&format!("2027-{month:02}-05T00:00:00Z"), policy_in_2027("test", draw, 1));
        assert_eq!(name, (draw + 3, 1));
        office.values(&format!("2027-{month:02}-11T09:30:00Z"), name, &[throw("dice", 50 + draw)]);
        office.draw(&format!("2027-{month:02}-11T10:00:00Z"), name);
        office.publish(&format!("2027-{month:02}-11T11:00:00Z"), name);
        for unit in office.units(name) {
            let visit = office.visit(name, &format!("2027-{:02}-10", month + 1), &unit);
            office.enter(&format!("2027-{:02}-12T00:00:00Z", month + 1), &visit);
        }
    }
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!((report.failed(), report.state().next()), (vec![], (6, 1)), "{report}");
}

/// A state with numbers of draws, or with visits that only its own ledger can settle, opens no ledger.
#[test]
fn a_ledger_that_opens_with_the_numbers_of_another_is_refused() {
    let before = year();
    let opened = before.next_year().state().opened().unwrap().clone();
    let open = |cycle: Cycle| {
        let opening = (cycle, SaltKey::new([6; 32]));
        let (at, actor) = (instant("2027-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
        Ledger::open(at, actor, opened.clone(), Some(&opening))
    };
    let ended = before.state().cycle().unwrap();
    assert!(!ended.is_opening() && ended.opening().unwrap().is_opening());
    assert_eq!(open(ended.clone()).unwrap_err().rule, Rule::Cycle);
    assert!(open(ended.opening().unwrap()).is_ok());
    let pending = first_draw(None).state().cycle().unwrap().opening();
    assert!(matches!(pending, Err(CycleError::Pending { draw: 1, .. })), "{pending:?}");
}

/// Draw until the enemy falls: eighty draws of a millionth share. The authority alone cannot; with the
/// superior, each of them is listed first.
#[test]
fn eighty_draws_of_a_millionth_share() {
    let mut office = first_draw(None);
    for unit in office.units((1, 1)) {
        let visit = office.visit((1, 1), "2026-02-10", &unit);
        office.enter("2026-02-12T00:00:00Z", &visit);
    }
    let tiny = |n: u64| {
        policy_of(2, 1, |p| {
            p["round"] = json!({"share": "0.000001", "rest": format!("0.{:06}", 600_000 - n)});
            // A witness counts once a day.
            p["beacon"]["sources"][0]["witness"] = json!(format!("notary {n}"));
            p["beacon"]["sources"][0]["at"] =
                json!(format!("2026-04-{:02}T{:02}:00:00Z", 6 + n / 12, 2 * (n % 12)));
        })
    };
    let own = adoption(&tiny(0), None);
    let mut alone = own;
    alone["approval"] = approval("authority");
    let at = "2026-04-05T00:00:00Z";
    assert_eq!(office.attempt(at, "clerk", &alone).unwrap_err().rule, Rule::Approval);
    // Under the number of a registered batch, the second one is refused, and the first one has another share.
    let mut trial = office.clone();
    let name = trial.seal_as(at, tiny(0), Some(2));
    trial.values("2026-04-06T00:30:00Z", name, &[throw("dice", 100)]);
    trial.draw("2026-04-06T00:40:00Z", name);
    let report = verify::ledger(trial.lines(), &trial.evidence);
    assert_eq!(report.failed(), [LedgerCheck::Batches], "{report}");
    trial.enter("2026-04-06T01:00:00Z", &adoption(&tiny(1), Some(2)));
    let sealed = trial.plan(tiny(1), "2026-04-06T01:00:00Z");
    let sealed = json!({"kind": "sealed", "seal": sealed.seal()});
    assert_eq!(trial.attempt("2026-04-06T01:00:00Z", "clerk", &sealed).unwrap_err().rule, Rule::Batch);
    // With the superior's signature under each.
    for n in 0..80 {
        let hour = |minutes: u64| format!("2026-04-{:02}T{:02}:{minutes:02}:00Z", 6 + n / 12, 2 * (n % 12));
        let before = if n == 0 {
            at.to_owned()
        } else {
            format!("2026-04-{:02}T{:02}:50:00Z", 6 + (n - 1) / 12, 2 * ((n - 1) % 12))
        };
        let name = office.seal_as(&before, tiny(n), None);
        office.values(&hour(30), name, &[throw("dice", 1000 + n)]);
        office.draw(&hour(40), name);
    }
    let report = verify::ledger(office.lines(), &LedgerEvidence::default());
    assert_eq!((report.failed(), report.state().journal().outside.len()), (vec![], 80));
    let text = report.to_string();
    let first = text.lines().find(|line| line.starts_with("look at")).unwrap();
    assert!(first.starts_with("look at  draws outside the register of the year: entries"), "{first}");
}

/// What was registered and never drawn is listed: when its window has passed, or its cycle is closed.
#[test]
fn a_registered_draw_that_is_not_made_is_listed() {
    let mut office = Office::open(None);
    two_draws(&mut office, "2026", |draw| policy_of(draw, 1, |_| ()));
    let left_out = |office: &Office, at: &str| {
        let evidence = LedgerEvidence { at: Some(instant(at)), ..LedgerEvidence::default() };
        let report = verify::ledger(office.lines(), &evidence);
        assert_eq!(report.failed(), []);
        report.left_out()
    };
    assert_eq!(left_out(&office, "2026-09-25T23:00:00Z"), []);
    assert_eq!(left_out(&office, "2026-09-26T00:00:00Z"), [(2, 3)]);
    office.enter("2026-07-01T00:00:00Z", &json!({"kind": "cycle_closed", "approval": approval("authority")}));
    assert_eq!(left_out(&office, "2026-07-01T00:00:00Z"), [(2, 3)]);
    let report = verify::ledger(office.lines(), &LedgerEvidence::default()).to_string();
    assert!(report.contains("batch 3 of the register in entry 2 was not drawn"), "{report}");
}

/// Close the year and begin another, so that there is a register again: within half a year only the superior.
#[test]
fn a_year_that_is_closed_so_that_another_register_can_be_made() {
    let mut office = Office::open(None);
    office.register("2026-01-05T00:00:00Z", &policy_of(1, 1, |_| ()));
    office.enter("2026-01-06T00:00:00Z", &json!({"kind": "cycle_closed", "approval": approval("authority")}));
    let mut entry = serde_json::to_value(office.lines()[1].entry()).unwrap()["entry"].clone();
    let refused = office.clone().attempt("2026-07-03T23:59:59Z", "clerk", &entry).unwrap_err();
    assert_eq!(refused.rule, Rule::Approval);
    assert!(office.clone().attempt("2026-07-04T00:00:00Z", "clerk", &entry).is_ok());
    entry["approval"] = approval("superior");
    office.enter("2026-01-07T00:00:00Z", &entry);
    assert_eq!(office.state().journal().registers, [2, 4]);
}

/// A second ledger of the same authority and scope: no witness that signed the first one signs it.
#[test]
fn a_second_ledger_of_the_same_origin() {
    let (left, right) = (first_draw(None), Office::open(None));
    let (one, two) = (left.ledger.checkpoint().unwrap(), right.ledger.checkpoint().unwrap());
    let (suite, tree) = (left.state().suite(), left.ledger.tree());
    assert_eq!(may_cosign(suite, None, &one, &[]), Ok(()));
    assert_eq!(
        may_cosign(suite, None, &Checkpoint { size: 0, ..one.clone() }, &[]),
        Err(CosignRefusal::Size { signed: 0, found: 0 })
    );
    let mut grown = left;
    let unit = grown.units((1, 1))[0].clone();
    grown.enter("2026-02-12T00:00:00Z", &grown.visit((1, 1), "2026-02-10", &unit));
    let (next, proof) =
        (grown.ledger.checkpoint().unwrap(), grown.ledger.tree().consistency(tree.size()).unwrap());
    assert_eq!(may_cosign(suite, Some(&one), &next, &proof), Ok(()));
    // Another history of the same origin, shorter or longer than the first.
    let signed = one.size;
    assert_eq!(
        may_cosign(suite, Some(&one), &two, &[]),
        Err(CosignRefusal::Size { signed, found: two.size })
    );
    let mut other = right;
    while other.state().size() <= next.size {
        let size = other.state().size();
        other.enter(
            "2026-01-02T00:00:00Z",
            &json!({"kind": "imported", "head": hex(1), "size": size, "what": "frame"}),
        );
    }
    let longer = other.ledger.checkpoint().unwrap();
    for proof in [Vec::new(), proof.clone(), other.ledger.tree().consistency(tree.size()).unwrap()] {
        assert_eq!(may_cosign(suite, Some(&one), &longer, &proof), Err(CosignRefusal::Second { signed }));
    }
    let elsewhere = Checkpoint { origin: "double-random/1/350500-wsjd/other".into(), ..next };
    assert!(matches!(may_cosign(suite, Some(&one), &elsewhere, &proof), Err(CosignRefusal::Origin { .. })));
}

/// A year opened with a cycle that the earlier ledger did not end with: units drawn last year are forgotten.
#[test]
fn a_year_opened_with_a_cycle_that_the_earlier_ledger_did_not_end_with() {
    let before = year();
    let after = before.next_year();
    let compare = |office: &Office, earlier: &Office| {
        let opened = office.state().opened().unwrap();
        verify::earlier(opened, office.evidence.opening.as_ref(), earlier.lines(), &earlier.evidence)
    };
    assert_eq!(compare(&after, &before), Outcome::Pass);
    let with = |cycle: Cycle, change: &dyn Fn(&mut Opened)| {
        let mut opened = after.state().opened().unwrap().clone();
        change(&mut opened);
        let opening = (cycle, SaltKey::new([6; 32]));
        let (at, actor) = (instant("2027-01-02T00:00:00Z"), Code::parse("clerk").unwrap());
        let mut office = after.clone();
        office.ledger = Ledger::open(at, actor, opened, Some(&opening)).unwrap();
        office.evidence.opening = Some(opening);
        office
    };
    let fails = |office: &Office, words: &str| match compare(office, &before) {
        Outcome::Fail { why } => assert!(why.params()["what"].to_string().contains(words), "{why}"),
        other => panic!("{words}: {other:?}"),
    };
    let ended = before.state().cycle().unwrap().opening().unwrap();
    fails(&with(Cycle::default(), &|_| ()), "the cycle with which it ended");
    fails(&with(ended.clone(), &|o| o.earlier.as_mut().unwrap().size -= 1), "its root");
    fails(
        &with(ended.clone(), &|o| o.earlier.as_mut().unwrap().size += 1),
        "the lines of the earlier ledger",
    );
    let other = "double-random/1/350500-wsjd/other";
    fails(&with(ended, &|o| o.earlier.as_mut().unwrap().origin = other.into()), "the origin");
    // Without the documents of its draws nothing is known of its end.
    let mut bare = before.clone();
    bare.evidence = LedgerEvidence::default();
    assert!(matches!(compare(&after, &bare), Outcome::NotRun { .. }));
}

/// Between two seals a unit vanishes, a level is lowered, a recusal is dropped and a load is raised. No entry
/// tells of it; whoever has the auditor's files of both draws reads it by name, and a load that the ledger
/// accounts for is not among it.
#[test]
fn registers_that_change_for_one_draw_are_listed_by_row_and_field() {
    let office = other_registers();
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), [], "{report}");
    let load = office.state().loads().iter().find(|(id, _)| id.as_str() == "I-0001").map_or(0, |(_, n)| *n);
    let said: Vec<String> = report.register_changes().iter().map(ToString::to_string).collect();
    let raised = format!(
        "between draws 1.1 and 2.1, inspectors: I-0001 has load nothing and then {}, with {load} visits entered \
         between them",
        load + 40
    );
    assert_eq!(
        said,
        [
            "between draws 1.1 and 2.1, units: T-000005 is gone",
            "between draws 1.1 and 2.1, units: T-000006 has risk \"high\" and then \"low\"",
            raised.as_str(),
            "between draws 1.1 and 2.1, recusals: I-0000 T-000004 is gone",
        ]
    );
    assert!(said.iter().all(|line| report.to_string().contains(line.as_str())));
    // The loads of the others grew by what the ledger entered, and are no change.
    assert!(office.state().loads().len() > 2);
    // Without the auditor's files nothing is said of registers.
    assert!(verify::ledger(office.lines(), &office.public()).register_changes().is_empty());
}
