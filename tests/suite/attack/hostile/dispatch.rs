//! Draws of two levels (Spec 27): what an operator above or below can try.

use double_random::bytes::Digest;
use double_random::dispatch::DispatchError;
use double_random::message::Coded;
use double_random::seal::SealError;
use double_random::verify::{
    Check, DispatchCheck, DispatchReport, LedgerCheck, Outcome, Verdict, dispatched, ledger, verify,
};
use double_random::{Cycle, Frame, InspectorId, Plan, UnitId};
use serde_json::{Value, json};
use testkit::ledger::{OF_COUNTIES, dispatching_draw, dispatching_year};
use testkit::levels::{CITY, JOINT, LATER, READY, changed, city, city_policy, county_of, trees};
use testkit::{dice, draw, evidence, terms};

fn report(name: &str) -> DispatchReport {
    let tree = trees().into_iter().find(|tree| tree.name == name).unwrap();
    dispatched(tree.record(0), tree.evidence(), &tree.draws[1..])
}

/// The checks against the draw above that fail, of the draws below the city in their order.
fn failed(report: &DispatchReport) -> Vec<Vec<DispatchCheck>> {
    report.below.iter().map(|draw| draw.link.as_ref().unwrap().failed()).collect()
}

/// Every record is in order by itself: only the city's record says what is wrong.
fn only(name: &str, place: usize, check: DispatchCheck) {
    let report = report(name);
    let alone = |draw: &DispatchReport| draw.report.verdict() == Verdict::Confirmed;
    assert!(alone(&report) && report.below.iter().all(alone), "{report}");
    for (number, failed) in failed(&report).into_iter().enumerate() {
        assert_eq!(failed, if number == place { vec![check] } else { vec![] }, "{report}");
    }
    assert_eq!(report.verdict(), Verdict::Refuted);
}

#[test]
fn a_city_draws_and_its_counties_draw_who_goes() {
    let report = report("in_order");
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    let parts: Vec<(&str, usize)> =
        report.parts.iter().map(|part| (part.authority.as_str(), part.answers)).collect();
    assert_eq!(parts, [(READY.authority, 1), (LATER.authority, 1), (JOINT.authority, 1)]);
    // Which promises hold where: the first county could not choose its officers by the picks, the second one
    // could, and the report says so.
    let ready = |place: usize| report.below[place].link.as_ref().unwrap().outcome(DispatchCheck::Ready);
    assert_eq!(ready(0), &Outcome::Pass);
    assert!(
        matches!(ready(1), Outcome::NotRun { because } if because.as_str().contains("when the picks were known"))
    );
    assert_eq!((report.unanswered(), report.strays.len()), (vec![], 0));
}

/// Every pick has one visit in the city's record. Its posts stand there where the city draws the team, and
/// below where a county does; a joint visit has posts in both.
#[test]
fn every_pick_has_a_team_from_the_level_that_draws_it() {
    let tree = trees().swap_remove(0);
    let city = tree.record(0);
    assert!(city.teams.visits.iter().all(|visit| {
        let number: usize = visit.unit.as_str()[2..].parse().unwrap();
        let drawn_here = [false, false, true, true][number % 4];
        visit.posts.is_empty() != drawn_here && visit.day.is_none() && visit.lead.is_some() == drawn_here
    }));
    for (part, place) in city.dispatched().iter().zip(1..) {
        assert!(!part.picks.is_empty());
        let visits = &tree.record(place).teams.visits;
        assert!(visits.iter().map(|visit| &visit.unit).eq(part.picks.iter().copied()));
        let own = part.part.authority.as_str().split_once('-').unwrap().0;
        let people = visits.iter().flat_map(|visit| &visit.posts).flat_map(|post| &post.officers);
        assert!(people.clone().count() > 0 && people.into_iter().all(|o| o.id.as_str().starts_with(own)));
    }
}

#[test]
fn a_county_that_was_ready_may_still_choose_when_its_beacon_speaks() {
    assert_eq!(report("another_beacon_of_a_county_that_was_ready").verdict(), Verdict::Confirmed);
}

#[test]
fn a_county_dispatches_in_turn() {
    let report = report("three_levels");
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    assert_eq!(report.below[1].below[0].authority.as_str(), "350503-office");
}

#[test]
fn he_drops_a_pick_on_the_way_down() {
    only("a_pick_is_dropped_on_the_way_down", 1, DispatchCheck::Picks);
}

#[test]
fn he_drops_a_pick_and_adds_another() {
    only("a_county_drops_a_pick_and_adds_another", 1, DispatchCheck::Picks);
}

#[test]
fn he_takes_an_officer_off_the_roster_when_he_knows_the_picks() {
    only("a_county_takes_an_officer_off_when_it_knows_the_picks", 0, DispatchCheck::Ready);
}

#[test]
fn he_changes_the_rules_when_he_knows_the_picks() {
    only("a_county_changes_its_rules_when_it_knows_the_picks", 0, DispatchCheck::Ready);
}

#[test]
fn he_draws_twice_and_shows_both() {
    let report = report("a_county_draws_twice");
    assert_eq!(failed(&report), [vec![], vec![DispatchCheck::Once], vec![DispatchCheck::Once], vec![]]);
    assert_eq!(report.verdict(), Verdict::Refuted);
}

#[test]
fn he_seals_below_before_the_beacon_above_has_spoken() {
    only("a_county_seals_before_the_beacon_above", 1, DispatchCheck::Order);
}

#[test]
fn he_takes_the_registers_of_another_day() {
    only("a_county_takes_the_registers_of_another_day", 1, DispatchCheck::Order);
}

#[test]
fn a_neighbour_draws_the_teams() {
    only("another_authority_draws_the_teams", 1, DispatchCheck::Part);
}

#[test]
fn another_department_goes() {
    only("another_department_goes", 2, DispatchCheck::Part);
}

#[test]
fn he_draws_for_a_plan_of_another_scope() {
    only("the_policy_below_names_another_scope", 1, DispatchCheck::Above);
}

#[test]
fn he_writes_a_hospital_down_as_a_clinic() {
    only("a_county_changes_a_row", 1, DispatchCheck::Rows);
}

/// A county that never draws is named with its picks, and the whole is no more than self-consistent. A county
/// that draws upon a record of its own making has not answered either.
#[test]
fn a_county_never_draws() {
    for (name, strays) in [("a_county_never_draws", 0), ("a_county_draws_upon_another_record", 1)] {
        let report = report(name);
        assert_eq!(report.verdict(), Verdict::SelfConsistent, "{report}");
        let unanswered = report.unanswered();
        let named: Vec<_> =
            unanswered.iter().map(|(by, part)| (by.as_str(), part.authority.as_str())).collect();
        assert_eq!((named, report.strays.len()), (vec![(CITY, LATER.authority)], strays));
        assert!(report.to_string().contains("350503-wsjd test: "), "{report}");
    }
    let report = report("the_third_level_is_missing");
    assert_eq!(report.verdict(), Verdict::SelfConsistent);
    assert_eq!(report.unanswered()[0].0.as_str(), LATER.authority);
}

/// The library refuses to seal each of these, so that nobody makes them by mistake.
#[test]
fn what_cannot_be_answered_is_not_sealed() {
    let city = city();
    let record = draw(&city, 7);
    let refused = |above: &double_random::Record| match LATER.sealed(above).unwrap_err() {
        DispatchError::Differs { what, .. } => what.to_string(),
        error => panic!("{error}"),
    };
    let early = changed(&record, |r| {
        r["seal"]["beacon"]["sources"][0]["at"] = json!("2026-01-12T09:00:00Z");
    });
    assert_eq!(refused(&early), "the seal below");
    let other = changed(&record, |r| r["policy"]["scope"] = json!("other"));
    assert_eq!(refused(&other), "the authority above");
    let policy = READY.policy(|_| ());
    let roster = READY.roster(&policy, &[0]);
    let refused = READY.plan(&record, policy, roster).seal_under(READY.terms(), &record).unwrap_err();
    assert!(refused.to_string().starts_with("roster and rules that were handed over"), "{refused}");
    let policy = LATER.policy(|_| ());
    let plan = || LATER.plan(&record, policy.clone(), LATER.roster(&policy, &[]));
    assert_eq!(plan().seal(LATER.terms()).unwrap_err(), SealError::AboveMissing);
    let own = testkit::policy(|_| ());
    let own = double_random::Plan::new(
        testkit::frame(9, &own),
        testkit::roster(9, &[], &own),
        own.clone(),
        double_random::Cycle::default(),
    );
    let refused = own.unwrap().seal_under(terms(&policy), &record).unwrap_err();
    assert!(
        matches!(refused, DispatchError::Differs { what, .. } if what.to_string() == "the authority above")
    );
}

/// Every dispatched pick is certain below: a unit that the lot could leave out is no unit of a draw of teams.
#[test]
fn a_pick_that_is_not_certain_below_is_not_sealed() {
    let record = draw(&city(), 7);
    let policy = LATER.policy(|_| ());
    let parts = record.dispatched();
    let part = parts.iter().find(|part| part.part.authority.as_str() == LATER.authority).unwrap();
    let mut rows: Vec<_> =
        part.picks.iter().map(|id| testkit::unit_row(id.as_str()[2..].parse().unwrap())).collect();
    // It is no longer active, and the frame is read as one of another policy.
    rows[1].status = "closed".into();
    let other = testkit::policy(|p| p["frame"]["listed"] = json!(["closed"]));
    let frame = Frame::new(rows, &other.frame, policy.as_of).unwrap();
    let roster = LATER.roster(&policy, &[]);
    let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
    let refused = plan.seal_under(LATER.terms(), &record).unwrap_err();
    let gone = part.picks[1];
    let words = format!("a unit of the draw below: expected one that is certain, found {gone}");
    assert_eq!(refused.to_string(), words);
    assert_eq!(refused.message().params()["what"].to_string(), "a unit of the draw below");
}

/// A list that differs late is shown up to where it differs.
#[test]
fn departments_that_differ_late_are_told_apart() {
    let names = |last: &str| (0..60).map(|n| format!("department-{n:03}")).chain([last.to_owned()]).collect();
    let (asked, sent): (Vec<String>, Vec<String>) = (names("last-a"), names("last-b"));
    let above = draw(&city(), 7);
    let above = changed(&above, |r| {
        r["policy"]["roster"]["departments"] =
            json!([["scjg", "wsjd"].map(str::to_owned).to_vec(), asked.clone()].concat());
        r["policy"]["dispatch"]["parts"][1]["departments"] = json!(asked);
    });
    let policy = LATER.policy(|p| {
        p["roster"]["departments"] = json!(sent);
        p["team"]["departments"] =
            json!(sent.iter().map(|d| json!({"department": d, "officers": 2})).collect::<Vec<_>>());
    });
    let roster = double_random::Roster::new([], [], &policy.roster, policy.as_of).unwrap();
    let refused = LATER.plan(&above, policy, roster).seal_under(LATER.terms(), &above).unwrap_err();
    let DispatchError::Differs { expected, found, .. } = refused else { panic!("{refused}") };
    assert!(expected.to_string().ends_with("last-a") && found.to_string().ends_with("last-b"));
}

/// Whoever goes to a dispatched institution stands on a roster of another authority: honest visits of picks and
/// of reserves are no fault, and who goes where the city draws the team is looked at as before.
#[test]
fn honest_visits_of_a_city_that_dispatches_are_no_fault() {
    let year = dispatching_year();
    for evidence in [&year.evidence, &year.public()] {
        let report = ledger(year.lines(), evidence);
        assert!(report.failed().is_empty(), "{report}");
        assert!(report.outcome(LedgerCheck::People) == &Outcome::Pass, "{report}");
        assert_eq!(report.other_teams(), [0; 0], "{report}");
    }
    let at = "2026-02-12T00:00:00Z";
    let entered = |county: &str, change: &dyn Fn(&mut Vec<Value>)| {
        let mut office = dispatching_draw();
        let units = office.units((1, 1));
        let unit = units.iter().find(|unit| county_of(unit) == county).unwrap();
        let mut visit = office.visit_by_county("2026-02-10", unit);
        change(visit["team"].as_array_mut().unwrap());
        let number = office.enter(at, &visit);
        let report = ledger(office.lines(), &office.evidence);
        let people = report.failed() == [LedgerCheck::People];
        assert!(people || report.failed().is_empty(), "{report}");
        (people, report.other_teams() == [number])
    };
    let of =
        |people: [&'static str; 2]| move |team: &mut Vec<Value>| *team = people.map(|id| json!(id)).to_vec();
    // In a county that sends whole teams anybody may come; where it adds officers, those of the city must come.
    assert_eq!(entered("350502", &of(OF_COUNTIES[1])), (false, false));
    assert_eq!(entered("350583", &|_| ()), (false, false));
    assert_eq!(entered("350583", &of(OF_COUNTIES[1])), (false, true));
    assert_eq!(entered("350582", &|_| ()), (false, false));
    assert_eq!(entered("350582", &of(OF_COUNTIES[0])), (true, true));
}

/// He draws a team for a pick that he has dispatched, or none where he keeps it.
#[test]
fn he_draws_the_teams_of_a_dispatched_pick_himself() {
    let sealed = city();
    let record = draw(&sealed, 7);
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
    let move_posts = |record: &mut Value| {
        let visits = record["teams"]["visits"].as_array_mut().unwrap();
        let kept = visits.iter().position(|visit| visit["posts"][0].is_object()).unwrap();
        let gone = visits.iter().position(|visit| !visit["posts"][0].is_object()).unwrap();
        let posts = visits[kept]["posts"].take();
        visits[gone]["posts"] = posts;
        visits[kept]["posts"] = json!([]);
    };
    let forged = changed(&record, move_posts);
    let failed = verify(&forged, &evidence(&sealed, &record)).failed();
    assert!(
        [Check::Teams, Check::Eligibility, Check::Assignment].iter().all(|c| failed.contains(c)),
        "{failed:?}"
    );
}

/// What is handed over covers all but the beacon: another roster, recusal or rule gives another digest.
#[test]
fn what_is_handed_over_covers_roster_and_rules() {
    let policy = READY.policy(|_| ());
    let key = READY.terms().salt_key;
    let ready = |policy: &double_random::Policy, without: &[u64]| {
        let roster = READY.roster(policy, without);
        let roster = double_random::roster::RosterCommitment::new(&roster, policy.suite, &key);
        double_random::dispatch::ready(policy, &roster)
    };
    let first: Digest = ready(&policy, &[]);
    let later = READY.policy(|p| p["beacon"]["sources"][0]["at"] = json!("2026-01-14T09:00:00Z"));
    assert_eq!(ready(&later, &[]), first);
    assert_ne!(ready(&policy, &[1]), first);
    assert_ne!(ready(&READY.policy(|p| p["team"]["cap"] = json!(5)), &[]), first);
    // It stands in the seal above, as every rule of the policy does.
    let changed = city_policy(|p| p["dispatch"]["parts"][0]["ready"] = json!(Digest::ZERO));
    assert_ne!(changed.digest(), city_policy(|_| ()).digest());
}

/// The beacon above decides nothing below: under another throw below other officers go to the same picks.
#[test]
fn nobody_above_knows_who_goes() {
    let record = draw(&city(), 7);
    let sealed = LATER.sealed(&record).unwrap();
    let teams = |n: u64| sealed.seed(&dice(n)).unwrap().draw().assign().record().teams;
    let (one, other) = (teams(1), teams(2));
    assert!(one.visits.iter().map(|v| &v.unit).eq(other.visits.iter().map(|v| &v.unit)));
    assert_ne!(one.visits, other.visits);
    assert_eq!(one.table, other.table, "the chances are fixed before the lot");
}

/// What the city has drawn counts in the county's own year: coverage, `repeat`, the cap of visits and rotation
/// know it, and it takes nothing of the share of the county's own draws.
#[test]
fn what_the_city_drew_counts_in_the_county() {
    let record = draw(&city(), 7);
    let sealed = LATER.sealed(&record).unwrap();
    let seed = sealed.seed(&dice(7)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let mut cycle = Cycle::default();
    cycle.apply(&sample.drawn()).unwrap();
    assert_eq!((cycle.spent().get(), cycle.last_draw()), (0, 1), "the share is that of the city's draw");
    for visit in &assignment.teams().visits {
        let team: Vec<&str> = visit.posts[0].officers.iter().map(|officer| officer.id.as_str()).collect();
        let visited =
            json!({"event": "visited", "date": "2026-02-03", "draw": 1, "team": team, "unit": visit.unit});
        cycle.apply(&serde_json::from_value(visited).unwrap()).unwrap();
    }
    let picks: Vec<&UnitId> = assignment.teams().visits.iter().map(|visit| &visit.unit).collect();
    let own = |change: &dyn Fn(&mut Value)| {
        let policy = testkit::policy(|p| {
            p["design"] = json!({"method": "rate", "rate": "0.5"});
            p["frequency"] = json!([]);
            p["as_of"] = json!("2026-03-01");
            p["window"] = json!({"from": "2026-04-01", "to": "2026-05-31"});
            p["beacon"]["sources"][0]["at"] = json!("2026-03-10T09:00:00Z");
            change(p);
        });
        let rows = (0..48).filter(|n| n % 4 == 1).map(testkit::unit_row);
        let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
        let roster = LATER.roster(&policy, &[]);
        Plan::new(frame, roster, policy, cycle.clone()).unwrap()
    };
    let plan = own(&|_| ());
    for unit in plan.frame().units() {
        let path = String::from(plan.explain(&unit.id).unwrap().path.unwrap());
        assert_eq!(path.starts_with("repeat/"), picks.contains(&&unit.id), "{path}");
    }
    // One visit is the cap of the year: those that the city has drawn are not drawn again.
    let capped = own(&|p| {
        p["exclusions"] = json!([{"basis": "a rule", "code": "often", "rule": {"visits_at_least": 1}}]);
    });
    assert_eq!(capped.exclusions().values().sum::<u64>(), u64::try_from(picks.len()).unwrap());
    // The officers of that visit stay away from the next.
    let standing = cycle.standings().iter().find(|standing| standing.unit == *picks[0]).unwrap();
    let sent: Vec<&InspectorId> =
        assignment.teams().visits[0].posts[0].officers.iter().map(|officer| &officer.id).collect();
    assert_eq!(standing.last_team.iter().collect::<Vec<_>>(), sent);
}
