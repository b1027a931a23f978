//! Steering between draws: registers that change unseen, draws that nobody announced.

use double_random::Cycle;
use double_random::bytes::SaltKey;
use double_random::cycle::CycleError;
use double_random::id::Code;
use double_random::ledger::{Ledger, Rule};
use double_random::verify::{self, Verdict};
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
