//! Who wants another phase for a unit: by it the unit would be due sooner or later than its lot says.

use double_random::cycle::{Phase, Standing};
use double_random::disclosure::DrawnRows;
use double_random::policy::Billionths;
use double_random::verify::{self, LedgerCheck, Outcome};
use double_random::{Cycle, Plan, Record, UnitId};
use serde_json::json;
use std::collections::BTreeMap;
use testkit::ledger::*;
use testkit::{billionths, policy};

const ONE: (u64, u64) = (1, 1);

fn phases(office: &Office, name: (u64, u64)) -> BTreeMap<UnitId, Phase> {
    let rows = &office.evidence.draws[&name].drawn.as_ref().unwrap().drawn.units;
    rows.iter().map(|row| (row.unit.unit.clone(), row.unit.phase.unwrap())).collect()
}

/// He enters the draw with another phase for his friend, who would then have been visited twice already. The
/// draw replays to the phase of the lot, with the files and by the record alone of who has the salt key.
#[test]
fn a_phase_of_his_own_choice() {
    let honest = phased_draw(|_| ());
    let report = verify::ledger(honest.lines(), &honest.evidence);
    assert_eq!(report.failed(), [], "{report}");
    assert!(matches!(report.outcome(LedgerCheck::Events), Outcome::Pass), "{report}");
    let units = honest.evidence.draws[&ONE].drawn.as_ref().unwrap().drawn.units.len();
    for place in [0, units / 2, units - 1] {
        let office = phased_draw(|drawn: &mut DrawnRows| another_phase(drawn, place));
        let failed = verify::ledger(office.lines(), &office.evidence).failed();
        assert_eq!(failed, [LedgerCheck::Events], "{place}");
    }
    // No phase at all, and one of another slack.
    let office = phased_draw(|drawn| drawn.units[3].unit.phase = None);
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Events]);
    let office = phased_draw(|drawn| drawn.units[3].unit.phase.as_mut().unwrap().slack = billionths("2"));
    assert_eq!(verify::ledger(office.lines(), &office.evidence).failed(), [LedgerCheck::Events]);
}

/// He voids the draw because of its phases and draws again. The void takes the phases back, the units begin
/// anew with the chance that is due, and the void stands in the report.
#[test]
fn voided_until_the_phases_please() {
    let mut office = phased_draw(|_| ());
    let first = phases(&office, ONE);
    office.enter(
        "2026-01-12T00:00:00Z",
        &json!({"kind": "void", "approval": approval("superior"), "draw": 1, "attempt": 1,
            "reason": "technical", "evidence": hex(5)}),
    );
    assert_eq!(office.state().cycle(), Some(&Cycle::default()), "nothing of it is left");
    let name = office.seal("2026-01-12T12:00:00Z", slack_policy(3));
    let sealed = &office.sealed[&name];
    for position in 0..sealed.plan().frame().units().len() {
        let exposure = sealed.plan().exposure(position).unwrap();
        assert_eq!(exposure.added, exposure.scheduled, "it begins");
    }
    office.values("2026-01-13T09:30:00Z", name, &[throw("dice", 2)]);
    office.draw("2026-01-13T10:00:00Z", name);
    assert_ne!(phases(&office, name), first);
    let report = verify::ledger(office.lines(), &office.evidence);
    assert_eq!(report.failed(), [], "{report}");
    assert!(report.to_string().contains("void"), "{report}");
}

/// He changes the slack by a billionth, so that his friend, who is behind, begins anew and owes nothing. So
/// do all others, and everybody's chance is exactly what is due.
#[test]
fn a_slack_of_a_billionth_more_spares_nobody() {
    let with = |slack: &str| {
        policy(|p| {
            (0..6).for_each(|level| p["frequency"][level]["slack"] = json!(slack));
            p["round"] = json!({"rest": "0.75", "share": "0.25"});
            p["coverage"] = json!({"guards": [], "minimum": "0"});
            p["signals"] = json!([]);
        })
    };
    let plan = |slack: &str, cycle: &Cycle| {
        let policy = with(slack);
        let (frame, roster) = (testkit::frame(40, &policy), testkit::roster(12, &[], &policy));
        Plan::new(frame, roster, policy, cycle.clone()).unwrap()
    };
    let standing = |n: u64| {
        let unit = testkit::frame(40, &with("2")).units()[usize::try_from(n).unwrap()].id.clone();
        let phase = Phase { slack: billionths("2"), visits: i64::try_from(n % 4).unwrap() - 2 };
        Standing { exposure: billionths("0.9"), phase, ..Standing::new(unit) }
    };
    let cycle = Cycle::new(billionths("0.25"), (0..40).map(standing).collect()).unwrap();
    let (kept, changed) = (plan("2", &cycle), plan("2.000000001", &cycle));
    let mut differs = 0;
    for (position, unit) in changed.frame().units().iter().enumerate() {
        let entry = changed.policy().frequency_of(&unit.risk, &unit.credit).unwrap();
        let due = entry.visits.get().div_ceil(4);
        assert_eq!(changed.probability(position), Some(due), "{}", unit.id);
        differs += u64::from(kept.probability(position) != Some(due));
        let said = changed.explain(&unit.id).unwrap().to_string();
        assert!(said.contains("begins with slack 2.000000001"), "{said}");
    }
    assert!(differs > 30, "{differs}");
}

/// He leaves the slack out of the policy, to say afterwards that it was the timetable or that it was not. It is
/// filled in before the policy is hashed, and a record whose policy does not state it is none.
#[test]
fn a_slack_that_he_leaves_unsaid() {
    let unsaid = |p: &mut serde_json::Value| drop(p["frequency"][1].as_object_mut().unwrap().remove("slack"));
    let usual = policy(unsaid);
    assert_eq!(usual.frequency[1].slack, Billionths::USUAL_SLACK);
    assert_eq!(usual.digest(), policy(|p| p["frequency"][1]["slack"] = json!("2.50")).digest());
    assert_ne!(usual.digest(), policy(|_| ()).digest());
    // A window of several years promises a visit in it.
    let long = policy(|p| {
        unsaid(p);
        p["frequency"][1]["cycles"] = json!(5);
    });
    assert_eq!(long.frequency[1].slack, Billionths::ZERO);
    let record = testkit::draw(&testkit::sealed(40, 24, &[], usual), 1).to_json();
    assert!(Record::from_json(&record).is_ok());
    let text = String::from_utf8(record).unwrap();
    let without = text.replacen("\"slack\":\"2.5\",", "", 1);
    assert_ne!(without, text);
    assert!(Record::from_json(without.as_bytes()).is_err());
}
