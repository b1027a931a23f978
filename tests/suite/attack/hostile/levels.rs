//! Ledgers of two levels (Spec 27.5): what somebody can try who keeps one of them.

use double_random::verify::{
    self, GivenLedger, LedgerCheck, LedgerEvidence, LevelCheck, LevelsReport, NotRun, Outcome, Verdict,
    levels,
};
use testkit::counties::{city_office, ledgers, origin_of, received};
use testkit::ledger::Office;
use testkit::levels::{JOINT, LATER, READY};

/// The report on a tree, and the ledgers that stand in it.
fn report(name: &str) -> LevelsReport {
    let tree = ledgers().into_iter().find(|tree| tree.name == name).unwrap();
    let evidence: Vec<LedgerEvidence> = tree.offices.iter().map(kept).collect();
    let given = tree.offices.iter().zip(&evidence);
    let given: Vec<_> =
        given.map(|(office, evidence)| GivenLedger { lines: office.lines(), evidence }).collect();
    levels(given[0], &given[1..])
}

/// All files, and a checkpoint that the checker kept.
fn kept(office: &Office) -> LedgerEvidence {
    let kept = vec![office.ledger.checkpoint().unwrap().note()];
    LedgerEvidence { kept, ..office.evidence.clone() }
}

/// Every ledger is in order by itself, and one check of one part fails: that of the second county.
fn only(name: &str, check: LevelCheck) -> String {
    let report = report(name);
    assert!(report.ledgers.iter().all(|known| known.report.verdict() == Verdict::Confirmed), "{report}");
    for part in &report.parts {
        let failed = if part.below == origin_of(LATER.authority) { vec![check] } else { vec![] };
        assert_eq!(part.checks.failed(), failed, "{report}");
    }
    assert_eq!(report.verdict(), Verdict::Refuted);
    report.to_string()
}

#[test]
fn a_city_takes_in_what_its_counties_say() {
    let report = report("in_order");
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    let below: Vec<&str> = report.parts.iter().map(|part| part.below.as_str()).collect();
    let origins = [READY, LATER, JOINT].map(|below| origin_of(below.authority));
    assert_eq!(below, origins.each_ref().map(String::as_str));
    for part in &report.parts {
        assert!(part.checks.checks().all(|(_, outcome)| *outcome == Outcome::Pass), "{report}");
        assert_eq!(
            (part.visited + part.missed, part.missed, part.draws.len()),
            (part.picks, 1, 1),
            "{report}"
        );
        assert!(part.open.is_empty() && part.uncovered.is_empty() && part.link.is_some(), "{report}");
    }
    // How much of the city was visited, by the ledgers of all levels.
    let coverage = report.coverage.unwrap();
    let missed = report.parts.iter().map(|part| part.missed).sum::<usize>();
    let picks = city_office().units((1, 1)).len();
    assert_eq!((coverage.units, coverage.visited), (48, picks - missed), "{report}");
    assert_eq!(report.ledgers[0].report.state().journal().received.len(), 3);
}

/// What a county finds later is amended below; the city amends, and takes the next checkpoint in.
#[test]
fn a_county_may_amend_after_its_checkpoint_was_taken_in() {
    assert_eq!(report("a_county_amends_after_the_checkpoint").verdict(), Verdict::Confirmed);
}

#[test]
fn he_writes_the_results_of_a_county_anew() {
    let text = only("a_county_rewrites_its_results", LevelCheck::Received);
    assert!(text.contains("the root of the ledger below at"), "{text}");
}

#[test]
fn he_shows_the_checkpoint_of_another_ledger() {
    only("a_checkpoint_of_another_ledger", LevelCheck::Received);
}

#[test]
fn he_cuts_results_off_below() {
    let text = only("a_county_cuts_its_results_off", LevelCheck::Received);
    assert!(text.contains("the lines of the ledger below"), "{text}");
}

#[test]
fn he_tells_a_result_that_the_county_does_not_have() {
    let text = only("a_result_that_the_county_does_not_have", LevelCheck::Results);
    assert!(text.contains("the result of T-") && text.contains("violation"), "{text}");
    only("another_team_than_the_county_says", LevelCheck::Results);
    let text = only("a_visit_that_the_county_has_not_made", LevelCheck::Results);
    assert!(text.contains("nothing told"), "{text}");
}

#[test]
fn he_draws_below_until_the_team_suits_him() {
    let report = report("a_county_draws_twice");
    let part = &report.parts[1];
    assert_eq!((part.checks.failed(), part.draws.len()), (vec![LevelCheck::Once], 2), "{report}");
    assert_eq!(report.verdict(), Verdict::Refuted);
}

/// A county that never draws, and results for which no ledger is named, are named; nothing is confirmed.
#[test]
fn a_county_never_draws_or_names_no_ledger() {
    let idle = report("a_county_never_draws");
    let part = &idle.parts[1];
    assert_eq!((idle.verdict(), part.draws.len(), part.open.len()), (Verdict::SelfConsistent, 0, part.picks));
    assert_eq!(part.checks.outcome(LevelCheck::Once), &Outcome::NotRun { because: NotRun::NoDrawBelow });
    assert!(idle.to_string().contains("it has made no draw of these picks"), "{idle}");
    let bare = report("results_without_a_checkpoint");
    let part = &bare.parts[1];
    assert_eq!((bare.verdict(), part.uncovered.len()), (Verdict::SelfConsistent, part.picks), "{bare}");
    assert_eq!(part.checks.outcome(LevelCheck::Received), &Outcome::NotRun { because: NotRun::Received });
}

/// Without a ledger below nothing is said of it; one of no part is named and not used.
#[test]
fn a_ledger_that_is_not_there_is_named() {
    let stray = report("a_ledger_of_no_part");
    assert_eq!((stray.verdict(), stray.strays), (Verdict::Confirmed, vec![origin_of("350582-wsjd")]));
    let tree = ledgers().swap_remove(0);
    let evidence: Vec<LedgerEvidence> = tree.offices.iter().map(kept).collect();
    let given = |place: usize| GivenLedger { lines: tree.offices[place].lines(), evidence: &evidence[place] };
    let report = levels(given(0), &[given(3), given(1)]);
    assert_eq!(report.verdict(), Verdict::SelfConsistent);
    assert!(report.parts.iter().map(|part| part.given).eq([true, false, true]), "{report}");
    assert!(report.to_string().contains("its ledger was not given"), "{report}");
}

/// The record says to whom picks were dispatched: a checkpoint of anybody else is refuted in the ledger alone.
#[test]
fn he_takes_in_a_ledger_to_which_nothing_was_dispatched() {
    let mut city = city_office();
    city.enter("2026-02-12T00:00:00Z", &received(1, &Office::open_as("350582-wsjd", None)));
    assert_eq!(verify::ledger(city.lines(), &city.evidence).failed(), [LedgerCheck::Picks]);
    let alone = verify::ledger(city.lines(), &LedgerEvidence::default());
    assert_eq!(alone.failed(), [], "the lines do not show it");
}
