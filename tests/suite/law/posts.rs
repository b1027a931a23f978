//! Teams in records: posts, days, experts, pins, limits, shortlists; why, replacements, back-checks; and what
//! existing systems do wrong.

use double_random::assign::{Change, Replacement, ReplacementError, Teams, Visit, WayOut, Why};
use double_random::calendar::Date;
use double_random::calendar::Window;
use double_random::frame::Unit;
use double_random::id::{Code, InspectorId, UnitId};
use double_random::matching::WHOLE;
use double_random::plan::Bar;
use double_random::verify::{Check, Outcome, Verdict, replay_team, verify};
use double_random::{Cycle, Plan, Record};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use testkit::*;

fn inspector(n: u64) -> InspectorId {
    InspectorId::parse(&format!("I-{n:04}")).unwrap()
}

fn unit(n: u64) -> UnitId {
    UnitId::parse(&format!("T-{n:06}")).unwrap()
}

fn officers(visit: &Visit) -> Vec<&InspectorId> {
    visit.posts.iter().flat_map(|post| post.officers.iter().map(|o| &o.id)).collect()
}

fn experts(visit: &Visit) -> Vec<&InspectorId> {
    visit.experts.iter().flat_map(|post| post.experts.iter().map(|e| &e.id)).collect()
}

/// Every rule of the policy of `full_teams`, on teams, one by one.
fn kept(plan: &Plan, teams: &Teams) {
    let (mut days, mut weeks, mut all) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut offices: BTreeMap<(String, String), u64> = BTreeMap::new();
    for visit in &teams.visits {
        let place: &Unit = plan.frame().get(&visit.unit).unwrap();
        let day = visit.day.unwrap();
        let hospital = place.kind.as_str() == "hospital";
        let posts: Vec<(&str, &str)> =
            visit.posts.iter().map(|p| (p.department.as_str(), p.post.as_str())).collect();
        let wsjd: &[_] = if hospital { &["lead", "radiology", "member"] } else { &["lead", "member"] };
        let expected: Vec<(&str, &str)> =
            wsjd.iter().map(|post| ("wsjd", *post)).chain([("scjg", "member")]).collect();
        assert_eq!(posts, expected, "{}", visit.unit);
        let sent: u64 = visit.posts.iter().map(|p| p.officers.len() as u64 + p.vacancies).sum();
        assert_eq!(sent, 5, "three of one department, two of the other; experts are not among them");
        for post in &visit.posts {
            let mut kin = BTreeSet::new();
            for officer in &post.officers {
                let i = &plan.roster().inspectors()[plan.roster().position(&officer.id).unwrap()];
                assert_eq!(i.department, post.department);
                let needs = match post.post.as_str() {
                    "lead" => Some(Code::parse("senior").unwrap()),
                    "radiology" => Some(Code::parse("radiation").unwrap()),
                    _ => None,
                };
                assert_eq!(plan.bar_at(i, place, needs.as_ref(), Some(day)), None);
                assert!(
                    i.certified_until >= day && !i.absences.iter().any(|a| a.from() <= day && day <= a.to())
                );
                assert!(
                    i.family.as_ref().is_none_or(|family| kin.insert(family)),
                    "one of a family in a post"
                );
                *days.entry((&officer.id, day)).or_insert(0) += 1;
                *weeks.entry((&officer.id, day.week())).or_insert(0) += 1;
                *all.entry(&officer.id).or_insert(0u64) += 1;
                let office = i.office.as_ref().unwrap().to_string();
                *offices.entry((post.department.to_string(), office)).or_default() += 1;
            }
        }
        for post in &visit.experts {
            for guest in &post.experts {
                let e = plan.roster().experts().iter().find(|e| e.id == guest.id).unwrap();
                let needs =
                    Code::parse(if post.post.as_str() == "jurist" { "law" } else { "radiation" }).unwrap();
                assert_eq!(plan.bar_at(e, place, Some(&needs), Some(day)), None);
            }
        }
        if let Some(lead) = &visit.lead {
            assert_eq!(visit.posts[0].officers[0].id, *lead, "who holds the post leads");
        } else {
            assert!(visit.posts[0].officers.is_empty());
        }
        let people: Vec<_> = officers(visit).into_iter().chain(experts(visit)).collect();
        assert_eq!(
            people.iter().collect::<BTreeSet<_>>().len(),
            people.len(),
            "no person twice at {}",
            visit.unit
        );
    }
    assert!(days.values().all(|n| *n <= 1) && weeks.values().all(|n| *n <= 4));
    assert!(all.values().all(|n| *n <= 7) && offices.values().all(|n| *n <= 70));
}

#[test]
fn every_post_is_filled_within_every_rule_and_the_record_is_confirmed() {
    for dice in 0..4 {
        let sealed = full(100, 90, 20, |_| ());
        let record = draw(&sealed, dice);
        kept(sealed.plan(), &record.teams);
        let report = verify(&record, &evidence(&sealed, &record));
        assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
        assert!(record.teams.shortages.len() < 3, "enough people, but for a day or two");
    }
    // Few people: every visit has a vacancy, every other rule is kept.
    let sealed = full(120, 33, 5, |p| p["team"]["jurisdiction"] = json!("own"));
    let record = draw(&sealed, 1);
    kept(sealed.plan(), &record.teams);
    assert!(record.teams.shortages.len() > 10);
    let report = verify(&record, &evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
}

/// Days are even in all and in every division, under every seed, and every visit can get every day.
#[test]
fn days_are_even_and_anybody_s() {
    let mut seen = BTreeSet::new();
    for dice in 0..60 {
        let sealed =
            full(100, 90, 20, |p| p["team"]["days"] = json!(["2026-02-03", "2026-02-05", "2026-02-10"]));
        let record = draw(&sealed, dice);
        let plan = sealed.plan();
        let mut counts: BTreeMap<(String, Date), u64> = BTreeMap::new();
        let mut totals: BTreeMap<String, u64> = BTreeMap::new();
        for visit in &record.teams.visits {
            let division = plan.frame().get(&visit.unit).unwrap().division.to_string();
            for place in ["all".to_owned(), division] {
                *counts.entry((place.clone(), visit.day.unwrap())).or_default() += 1;
                *totals.entry(place).or_default() += 1;
            }
            seen.insert((visit.unit.clone(), visit.day.unwrap()));
        }
        for ((place, day), n) in &counts {
            let total = totals[place];
            assert!(*n == total / 3 || *n == total.div_ceil(3), "{n} of {total} at {place} on {day}");
        }
    }
    assert!(seen.len() > 280, "{} of 300 units and days", seen.len());
}

#[test]
fn a_pin_is_kept_and_seen_and_a_barred_one_lapses_with_the_reason() {
    let pins = json!([
        {"basis": "the officer who fined it", "inspector": "I-0003", "post": "member", "unit": "T-000004"},
        {"basis": "again", "inspector": "I-0006", "post": "member", "unit": "T-000004"},
        {"basis": "no room", "inspector": "I-0009", "post": "member", "unit": "T-000004"},
        {"basis": "recused", "inspector": "I-0007", "post": "member", "unit": "T-000002"},
        {"basis": "not there", "inspector": "I-9999", "post": "member", "unit": "T-000004"},
        {"basis": "no clinic has it", "inspector": "I-0012", "post": "radiology", "unit": "T-000005"}]);
    let sealed = full(40, 60, 20, |p| {
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["days"] = json!(["2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"]);
        p["team"]["caps"] = json!({});
        p["team"]["cap"] = json!(40);
        p["team"]["pins"] = pins;
    });
    let seed = sealed.seed(&dice(3)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();
    let at = |n: u64| record.teams.visits.iter().find(|visit| visit.unit == unit(n)).unwrap();
    let members = &at(4).posts.iter().find(|post| post.post.as_str() == "member").unwrap().officers;
    let chances: Vec<(&str, u64)> = members.iter().map(|o| (o.id.as_str(), o.chance)).collect();
    assert_eq!(chances, [("I-0003", WHOLE), ("I-0006", WHOLE)]);
    let lapsed: Vec<(&str, &str)> =
        assignment.lapsed().map(|(l, reason)| (l.inspector.as_str(), reason.as_str())).collect();
    assert_eq!(
        lapsed,
        [("I-0007", "recusal"), ("I-0009", "places"), ("I-9999", "unknown"), ("I-0012", "post")]
    );
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
    // The record tells that these pins did not hold, and of nobody why.
    let shown = serde_json::to_value(&record.teams.lapsed).unwrap();
    assert_eq!(shown[0], json!({"inspector": "I-0007", "unit": "T-000002"}));
}

#[test]
fn experts_are_a_roster_of_their_own() {
    let policy = policy(full_teams);
    // An id cannot be both, and recusals hold for experts.
    let mut row = inspector_row(0);
    row.qualifications = vec!["law".into()];
    let guest = double_random::roster::ExpertRow {
        row: 7,
        id: "I-0000".into(),
        name: "Both".into(),
        divisions: vec!["350500".into()],
        engaged_until: "2026-12-31".into(),
        load: "many".into(),
        ..Default::default()
    };
    let problems =
        double_random::Roster::with_experts([row], [guest], [], &policy.roster, policy.as_of).unwrap_err();
    assert!(
        problems
            .to_string()
            .contains("expert.id \"I-0000\" stands among the officers: experts are never officers"),
        "{problems}"
    );
    assert!(
        problems.to_string().contains("row 7, expert.load \"many\" is no count of 0 to 1000000"),
        "{problems}"
    );
    let sealed = full(60, 60, 20, |_| ());
    for visit in &draw(&sealed, 2).teams.visits {
        for id in experts(visit) {
            assert!(sealed.plan().roster().position(id).is_none());
        }
        for id in officers(visit) {
            assert!(sealed.plan().roster().position(id).is_some());
        }
    }
}

/// Why for every officer and every visit: the answers are those of the table and of the bars, and they add
/// up.
#[test]
fn every_pair_and_every_load_is_explained() {
    let sealed = full(60, 70, 12, |_| ());
    let seed = sealed.seed(&dice(5)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let mut sums: BTreeMap<InspectorId, u64> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for visit in &assignment.teams().visits {
        for i in sealed.plan().roster().inspectors() {
            for (post, why) in assignment.explain(&i.id, &visit.unit).unwrap() {
                let place = sealed.plan().frame().get(&visit.unit).unwrap();
                let needs = (post.as_str() == "lead").then(|| Code::parse("senior").unwrap());
                let bar = if post.as_str() == "radiology" {
                    None
                } else {
                    Some(sealed.plan().bar_at(i, place, needs.as_ref(), visit.day))
                };
                let kind = match why {
                    Why::Chance(units) => {
                        *sums.entry(i.id.clone()).or_default() += units;
                        "chance"
                    }
                    Why::Barred(found) => {
                        assert!(bar.is_none_or(|bar| bar == Some(found)));
                        "barred"
                    }
                    Why::Idle => "idle",
                    Why::Unlisted => "unlisted",
                    _ => "pinned",
                };
                if kind != "barred" {
                    assert!(bar.is_none_or(|bar| bar.is_none()));
                }
                *kinds.entry(kind).or_default() += 1;
            }
        }
    }
    assert!(["chance", "barred", "idle", "unlisted"].iter().all(|kind| kinds[kind] > 0), "{kinds:?}");
    assert_eq!(assignment.explain(&inspector(9999), &assignment.teams().visits[0].unit), None);
    let (mut expected, mut drawn) = (0, 0);
    for loaded in assignment.loads() {
        let (id, units, visits) = (loaded.inspector, loaded.expected, loaded.drawn);
        assert!(visits == units / WHOLE || visits == units.div_ceil(WHOLE), "{id}: the floor or the ceiling");
        if sealed.plan().roster().position(id).is_some() {
            assert_eq!(sums.get(id).copied().unwrap_or(0), units, "{id}");
        }
        expected += units;
        drawn += visits;
        let load = assignment.load(id).unwrap();
        assert_eq!((load.expected, load.drawn), (units, visits));
        // What the block must carry is carried by the block.
        let block: u64 = assignment
            .loads()
            .iter()
            .filter(|l| load.officers.contains(l.inspector))
            .map(|l| l.expected)
            .sum();
        assert!(load.officers.contains(id));
        assert!(load.places * WHOLE <= block + load.elsewhere, "{id}: {load:?}");
    }
    assert_eq!(expected, drawn * WHOLE);
    let summary = assignment.summary();
    assert_eq!(summary.squares, summary.least_squares, "no lottery has a smaller expected sum");
    assert_eq!(summary.table, assignment.teams().table);
    assert_eq!(summary.pairs, assignment.chances().count() as u64);
    assert_eq!(summary.largest_pair, assignment.chances().map(|c| c.chance).max().unwrap());
    assert!(summary.largest_team <= summary.largest_pair && summary.largest_team > 0);
    let entropy: f64 =
        assignment.chances().map(|c| c.chance as f64 / WHOLE as f64).map(|p| -p * p.log2()).sum();
    assert!((entropy - summary.entropy as f64 / 1000.0).abs() < 0.1, "{entropy} {}", summary.entropy);
}

#[test]
fn one_team_is_replayed_from_its_component_alone() {
    let sealed = full(110, 66, 9, |_| ());
    let record = draw(&sealed, 7);
    let evidence = evidence(&sealed, &record);
    for visit in &record.teams.visits {
        assert_eq!(replay_team(&record, &evidence, &visit.unit), Outcome::Pass);
    }
    let mut edited: Record = record.clone();
    let visit = &mut edited.teams.visits[3];
    visit.posts.swap(0, 1);
    let unit = visit.unit.clone();
    assert!(matches!(replay_team(&edited, &evidence, &unit), Outcome::Fail { .. }));
    let other = edited.teams.visits[4].unit.clone();
    assert_eq!(replay_team(&edited, &evidence, &other), Outcome::Pass);
    assert!(matches!(
        replay_team(&record, &double_random::Evidence::default(), &unit),
        Outcome::NotRun { .. }
    ));
}

/// Drop-outs at random: other teams stay, every rule is kept after each step, and a chain is asked for only
/// when no reserve has room.
#[test]
fn replacements_keep_every_rule_and_every_other_team() {
    let (mut drawn, mut chains, mut vacant) = (0, 0, 0);
    for (units, staff, guests, cap) in
        [(100, 90, 20, 7), (110, 66, 9, 7), (110, 60, 9, 7), (50, 44, 9, 3), (50, 40, 9, 3)]
    {
        let sealed = full(units, staff, guests, |p| p["team"]["cap"] = json!(cap));
        let plan = sealed.plan();
        let seed = sealed.seed(&dice(11)).unwrap();
        let sample = seed.draw();
        let as_drawn = sample.assign().teams().clone();
        let mut teams = as_drawn.clone();
        let window = plan.policy().window;
        for n in 0..60usize {
            let visit = teams.visits[n * 5 % teams.visits.len()].clone();
            let people: Vec<_> = officers(&visit).into_iter().chain(experts(&visit)).cloned().collect();
            let Some(out) = people.get(n % people.len().max(1)) else { continue };
            let dates = visit.day.map_or(window, |day| Window::new(day, day).unwrap());
            let change =
                Change { away: Vec::new(), dates, out: out.clone(), settled: Vec::new(), unit: None };
            let found = plan.reassign(&as_drawn, &teams, &change, &seed.digest()).unwrap();
            assert_eq!(
                plan.reassign(&as_drawn, &teams, &change, &seed.digest()).unwrap(),
                found,
                "the same twice"
            );
            let mut touched: BTreeSet<&UnitId> = BTreeSet::new();
            for place in &found.places {
                touched.extend(place.moves().iter().map(|step| &step.unit));
                match place {
                    Replacement::Drawn { place, pool, .. } => {
                        drawn += 1;
                        assert!(*pool > 0 && place.by != *out);
                    }
                    Replacement::Chain { moves } => {
                        chains += 1;
                        assert!(moves.len() > 1 && found.needs_authority());
                    }
                    Replacement::Vacant { unit, .. } => {
                        vacant += 1;
                        touched.insert(unit);
                    }
                    other => panic!("{other:?}"),
                }
            }
            for (before, now) in teams.visits.iter().zip(&found.teams.visits) {
                assert!(before == now || touched.contains(&now.unit), "{} is another team's", now.unit);
                let gone = now.day.is_none_or(|day| dates.from() <= day && day <= dates.to());
                assert!(!gone || (!officers(now).contains(&out) && !experts(now).contains(&out)));
            }
            kept(plan, &found.teams);
            teams = found.teams;
        }
        let nobody =
            Change { away: vec![], dates: window, out: inspector(9999), settled: Vec::new(), unit: None };
        assert!(matches!(
            plan.reassign(&as_drawn, &teams, &nobody, &seed.digest()),
            Err(ReplacementError::Unknown { .. })
        ));
    }
    assert!(drawn > 100 && chains > 3 && vacant > 0, "{drawn} drawn, {chains} chains, {vacant} vacant");
}

/// The order of the reserves is a lot: under many seeds every person who may go and has room comes, about
/// equally often, whatever his load.
#[test]
fn the_first_reserve_is_a_fair_lot_among_all_who_may_go() {
    let sealed = full(20, 60, 20, |_| ());
    let plan = sealed.plan();
    let teams = sealed.seed(&dice(1)).unwrap().draw().assign().teams().clone();
    let visit = &teams.visits[0];
    let out = visit.posts.last().unwrap().officers[0].id.clone();
    let dates = visit.day.map_or(plan.policy().window, |day| Window::new(day, day).unwrap());
    let change = Change { away: vec![], dates, out, settled: Vec::new(), unit: None };
    let mut counts: BTreeMap<InspectorId, u64> = BTreeMap::new();
    for n in 0..1000u64 {
        let seed =
            double_random::bytes::Suite::Sha256.digest(double_random::bytes::Label::Study, &n.to_le_bytes());
        let found = plan.reassign(&teams, &teams, &change, &seed).unwrap();
        let own = found.places.iter().find(|place| place.moves().iter().any(|step| step.unit == visit.unit));
        match own.unwrap() {
            Replacement::Drawn { place, .. } => {
                assert_eq!(place.passed, 0);
                *counts.entry(place.by.clone()).or_default() += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    let n = counts.len() as u64;
    assert!(n > 2, "{counts:?}");
    assert!(counts.values().all(|c| *c * n > 400 && *c * n < 2000), "{counts:?}");
}

#[test]
fn a_back_check_is_made_by_officers_who_were_not_there() {
    let policy = policy(|p| {
        p["population"] = json!({"visited_since": "2026-01-01"});
        p["design"] = json!({"method": "rate", "rate": "0.5"});
        p["coverage"] = json!({"guards": [], "minimum": "0"});
        p["as_of"] = json!("2026-01-04");
    });
    let team: &[&str] = &["I-0000", "I-0001", "I-0003"];
    let rows: Vec<(u64, u64, &str, &str, &[&str])> =
        (0..40).map(|n| (n, 1, "0.5", if n % 4 == 0 { "2025-12-30" } else { "2026-01-02" }, team)).collect();
    let main = cycle("0.25", &rows);
    let cycle = main.back_check(Date::parse("2026-01-01").unwrap());
    assert_eq!((cycle.standings().len(), cycle.spent().get()), (30, 0));
    let (frame, roster) = (frame(60, &policy), roster(24, &[], &policy));
    let sealed = Plan::new(frame.clone(), roster.clone(), policy.clone(), cycle)
        .unwrap()
        .seal(terms(&policy))
        .unwrap();
    let record = draw(&sealed, 1);
    assert!((14..=18).contains(&record.teams.visits.len()), "half of 30, and what signals add");
    for visit in &record.teams.visits {
        let n: u64 = visit.unit.as_str()[2..].parse().unwrap();
        assert!(n < 40 && !n.is_multiple_of(4), "only finished visits: {n}");
        assert!(officers(visit).iter().all(|id| !team.contains(&id.as_str())), "{visit:?}");
    }
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
    // Without the visits there is nothing to check again, and a policy that lets them come again is refused.
    assert!(Plan::new(frame, roster, policy, Cycle::default()).is_err());
    let text = policy_json(|p| {
        p["population"] = json!({"visited_since": "2026-01-01"});
        p["team"]["rotation"] = json!(false);
    });
    assert!(double_random::Policy::from_json(&text).unwrap_err().to_string().contains("team.rotation"));
}

/// Shortlists: a visit's list is short, and doubled only where it does not suffice.
#[test]
fn shortlists_are_widened_only_where_they_are_short() {
    let world = |shortlist: u64, staff: u64, cap: u64| {
        sealed(
            200,
            staff,
            &[],
            policy(|p| {
                p["team"]["jurisdiction"] = json!("any");
                p["team"]["shortlist"] = json!(shortlist);
                p["team"]["cap"] = json!(cap);
            }),
        )
    };
    let sealed = world(6, 60, 6);
    let seed = sealed.seed(&dice(1)).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let mut lists: BTreeMap<&UnitId, u64> = BTreeMap::new();
    assignment.chances().for_each(|c| *lists.entry(c.unit).or_default() += 1);
    assert!(assignment.teams().shortages.is_empty());
    assert!(lists.values().all(|n| *n <= 6) && assignment.teams().widened.is_empty());
    // So few that lists of six leave visits without a candidate: they are widened, others are not.
    let sealed = world(4, 36, 6);
    let (mut widened, mut complete) = (0, 0);
    for n in 0..30 {
        let seed = sealed.seed(&dice(n)).unwrap();
        let sample = seed.draw();
        let assignment = sample.assign();
        let teams = assignment.teams();
        complete += u64::from(teams.shortages.is_empty());
        let wider: BTreeMap<&UnitId, u64> =
            teams.widened.iter().flat_map(|w| w.units.iter().map(|unit| (unit, w.shortlist))).collect();
        let mut lists: BTreeMap<&UnitId, u64> = BTreeMap::new();
        assignment.chances().for_each(|c| *lists.entry(c.unit).or_default() += 1);
        assert!(lists.iter().all(|(unit, n)| *n <= wider.get(unit).copied().unwrap_or(4)));
        widened += u64::from(!wider.is_empty() && wider.len() < teams.visits.len());
        let record = assignment.record();
        assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
    }
    assert!(widened > 0 && complete > 15, "{widened} widened in part, {complete} of 30 complete");
}

/// Ways out are computed: each number is what a draw under the changed rule would miss.
#[test]
fn ways_out_say_what_would_help() {
    // County 350502 has no officer of its own; three of 350503 came last time.
    let change = |p: &mut serde_json::Value| {
        p["team"]["jurisdiction"] = json!("own");
        p["team"]["qualifications"] = json!({});
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["cap"] = json!(9);
    };
    let strict = policy(change);
    let rows = (0..12).map(|n| {
        let mut row = inspector_row(n * 3);
        row.divisions = vec![COUNTIES[if n < 6 { 1 } else { 2 + n as usize % 2 }].into()];
        row
    });
    let roster = double_random::Roster::new(rows, [], &strict.roster, strict.as_of).unwrap();
    let world = |policy: &double_random::Policy| {
        Plan::new(frame(24, policy), roster.clone(), policy.clone(), Cycle::default())
            .unwrap()
            .seal(terms(policy))
            .unwrap()
    };
    let record = draw(&world(&strict), 1);
    assert!(!record.teams.shortages.is_empty());
    let alone: Vec<_> = record.teams.shortages.iter().filter(|s| s.officers.is_empty()).collect();
    assert_eq!(alone.len(), 6, "each visit without a candidate is a shortage of its own");
    for shortage in alone {
        assert_eq!((shortage.need, shortage.can_fill), (2, 0));
        assert_eq!(shortage.ways_out[&WayOut::Cap], 2);
        assert_eq!(shortage.ways_out[&WayOut::Rotation], 2);
        assert_eq!(shortage.ways_out[&WayOut::Jurisdiction], 0);
        assert_eq!(shortage.ways_out[&WayOut::Anywhere], 0);
        assert_eq!(shortage.losses, BTreeMap::from([(Bar::Jurisdiction, 12)]));
    }
    let wide = policy(|p| {
        change(p);
        p["team"]["jurisdiction"] = json!("city");
    });
    assert!(draw(&world(&wide), 1).teams.shortages.is_empty());
}

// What existing systems do wrong, by name.

/// One platform sends the same officer twice to a visit where the roster is odd.
#[test]
fn wrong_elsewhere_the_same_person_twice() {
    for staff in [3, 5, 7, 9] {
        let record = draw(&sealed(60, staff, &[], policy(|p| p["team"]["qualifications"] = json!({}))), 1);
        for visit in &record.teams.visits {
            let ids = officers(visit);
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        }
    }
}

/// Walking the roster in turn passes caps and leaves others idle.
#[test]
fn wrong_elsewhere_loads_over_the_cap() {
    let record = draw(&sealed(200, 9, &[], policy(|p| p["team"]["cap"] = json!(3))), 1);
    let mut loads: BTreeMap<&InspectorId, u64> = BTreeMap::new();
    record.teams.visits.iter().flat_map(officers).for_each(|id| *loads.entry(id).or_default() += 1);
    assert!(loads.values().all(|n| *n <= 3));
    let missing: u64 = record.teams.shortages.iter().map(|s| s.need - s.can_fill).sum();
    let empty: u64 = record.teams.visits.iter().flat_map(|v| &v.posts).map(|p| p.vacancies).sum();
    assert!(missing == empty && missing > 0, "what is missing is said");
}

/// A quota above the pool made one platform loop for ever.
#[test]
fn wrong_elsewhere_a_quota_above_the_pool_never_ends() {
    let sealed = sealed(
        30,
        3,
        &[],
        policy(|p| {
            p["team"]["departments"] = json!([{"department": "wsjd", "officers": 20}]);
            p["team"]["cap"] = json!(999_999);
        }),
    );
    let record = draw(&sealed, 1);
    assert!(record.teams.visits.iter().all(|visit| visit.posts[0].vacancies >= 17));
    assert_eq!(verify(&record, &evidence(&sealed, &record)).verdict(), Verdict::Confirmed);
}

/// Another drops the targets that are left over when a group of officers is not complete.
#[test]
fn wrong_elsewhere_leftover_targets_dropped() {
    for dice in 0..10 {
        let sealed = sealed(101, 5, &[], policy(|p| p["team"]["cap"] = json!(4)));
        let record = draw(&sealed, dice);
        let picks: usize = record.sample.iter().map(|cell| cell.picks.len()).sum();
        assert_eq!(record.teams.visits.len(), picks, "every pick has a visit, staffed or short");
    }
}

/// And one walks on from a random start: one team known, all known. Here two draws that share a team differ
/// elsewhere.
#[test]
fn wrong_elsewhere_one_team_gives_away_the_rest() {
    let policy = policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["cap"] = json!(12);
    });
    let sealed = sealed(12, 24, &[], policy);
    let mut rest: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for n in 0..300 {
        let teams = draw(&sealed, n).teams;
        let names = |visit: &Visit| officers(visit).iter().map(ToString::to_string).collect::<Vec<_>>();
        let others = teams.visits[1..].iter().flat_map(names).collect();
        rest.entry(names(&teams.visits[0])).or_default().insert(others);
    }
    let most = rest.values().map(BTreeSet::len).max().unwrap();
    assert!(most >= 5, "one first team, {most} different rests");
    assert!(rest.values().map(BTreeSet::len).sum::<usize>() > 290, "nearly every draw is another");
}

/// What a reader of a forged record sees first: the check that is named for it.
#[test]
fn forged_teams_are_caught_by_name() {
    let sealed = full(100, 90, 20, |_| ());
    let record = draw(&sealed, 1);
    let full = evidence(&sealed, &record);
    // A careful forger writes the digest anew.
    let again = |edited: &Record| {
        let mut value: serde_json::Value = serde_json::from_slice(&edited.to_json()).unwrap();
        value["digest"] = json!(edited.compute_digest());
        Record::from_json(&double_random::bytes::encode(&value).unwrap()).unwrap()
    };
    let edit = |change: &dyn Fn(&mut Record)| {
        let mut edited = record.clone();
        change(&mut edited);
        again(&edited)
    };
    let day = |record: &mut Record, n: usize, day: &str| {
        record.teams.visits[n].day = Some(Date::parse(day).unwrap())
    };
    let failed = |record: &Record| verify(record, &full).failed();
    assert_eq!(
        failed(&edit(&|r| day(r, 0, "2026-02-01"))),
        [Check::Teams, Check::Days, Check::Assignment],
        "a day that is none"
    );
    assert!(
        failed(&edit(&|r| {
            let other = if r.teams.visits[0].day.unwrap().to_string() == "2026-02-27" {
                "2026-02-26"
            } else {
                "2026-02-27"
            };
            day(r, 0, other);
        }))
        .contains(&Check::Assignment),
        "another day"
    );
    let lost = edit(&|r| r.teams.visits.iter_mut().for_each(|v| v.experts.clear()));
    assert_eq!(failed(&lost), [Check::Teams, Check::Eligibility, Check::Assignment]);
    let guest = edit(&|r| {
        let id = r.teams.visits[0].experts[0].experts[0].id.clone();
        let post = r.teams.visits[0].posts.last_mut().unwrap();
        post.officers[0].id = id;
        post.officers.sort_by(|a, b| a.id.cmp(&b.id));
    });
    assert!(failed(&guest).contains(&Check::Eligibility), "an expert counted as an officer");
    let mut lapsed = (1..).map(|n| draw(&sealed, n)).find(|r| !r.teams.lapsed.is_empty()).unwrap();
    let full = evidence(&sealed, &lapsed);
    lapsed.teams.lapsed.clear();
    assert_eq!(verify(&again(&lapsed), &full).failed(), [Check::Assignment]);
}

/// Every rule about teams has its place and its reason, and all are told at once.
#[test]
fn a_policy_of_teams_is_refused_with_every_place() {
    let text = policy_json(|p| {
        full_teams(p);
        p["team"]["days"] = json!(["2026-02-05", "2026-02-03", "2026-05-01"]);
        p["team"]["caps"] = json!({"day": 0, "office": 1_000_000});
        p["team"]["departments"][0]["posts"] = json!([
            {"post": "lead", "places": 2}, {"post": "member", "places": 1},
            {"post": "radiology", "needs": "magic", "places": 0},
            {"post": "radiology", "kinds": [], "places": 1}]);
        p["team"]["departments"][1]["posts"] = json!([{"post": "lead", "places": 1}]);
        p["team"]["experts"]["posts"] = json!([]);
        p["team"]["experts"]["cap"] = json!(1_000_000);
        p["team"]["limit"]["most"] = json!(0);
        p["team"]["shortlist"] = json!(3);
        p["team"]["pins"] = json!([
            {"basis": "", "inspector": "I-0003", "post": "cook", "unit": "T-000002"},
            {"basis": "x", "inspector": "I-0003", "post": "member", "unit": "T-000002"}]);
    });
    let error = double_random::Policy::from_json(&text).unwrap_err().to_string();
    for place in [
        "team.days: do not ascend",
        "team.days: 2026-05-01 is outside the window",
        "team.caps.day: 0 is not 1 to 999999",
        "team.caps.office: 1000000 is not 1 to 999999",
        "team.departments[0].posts[0].places: 2 is not 1: one officer leads",
        "team.departments[0].posts[1].post: member is the post of all who hold no other",
        "team.departments[0].posts[2].places: 0 is not 1 to 20",
        "team.departments[0].posts[2].needs: is not among roster.qualifications",
        "team.departments[0].posts[3].kinds: is empty",
        "team.departments[0].posts: has radiology twice",
        "team.departments[1].posts[0].post: only the first department leads",
        "team.experts.cap: 1000000 is above 999999",
        "team.experts.posts: is empty",
        "team.limit.most: is 0",
        "team.shortlist: 3 is not 4 to 10000",
        "team.pins[0].post: cook is a post of no department",
        "team.pins[0].basis",
        "team.pins: has T-000002 I-0003 twice",
    ] {
        assert!(error.contains(place), "{place} is missing in {error}");
    }
    let text = policy_json(|p| {
        full_teams(p);
        p["team"].as_object_mut().unwrap().remove("days");
        p["team"]["departments"][0]["posts"][1]["places"] = json!(3);
    });
    let error = double_random::Policy::from_json(&text).unwrap_err().to_string();
    assert!(error.contains("team.caps.day: has no meaning without team.days"), "{error}");
    assert!(error.contains("team.departments[0].posts: have 4 places at hospital, of 3 officers"), "{error}");
}

/// The eligibility check alone, clause by clause: each forgery is refused with the words of its rule.
#[test]
fn eligibility_names_the_rule_that_was_broken() {
    let sealed = full(100, 90, 20, |_| ());
    let record = draw(&sealed, 1);
    let full = evidence(&sealed, &record);
    let plan = sealed.plan();
    let said = |change: &dyn Fn(&mut Record)| {
        let mut edited = record.clone();
        change(&mut edited);
        match verify(&edited, &full).outcome(Check::Eligibility) {
            Outcome::Fail { why } => format!("{}: {}", why.params()["what"], why.params()["found"]),
            other => panic!("{other:?}"),
        }
    };
    let people = plan.roster().inspectors();
    let id = |wanted: &dyn Fn(&double_random::roster::Inspector) -> bool| {
        people.iter().find(|i| wanted(i)).unwrap().id.clone()
    };
    let put = |record: &mut Record, visit: usize, post: usize, id: &InspectorId| {
        record.teams.visits[visit].posts[post].officers[0].id = id.clone();
    };
    let department = id(&|i| i.department.as_str() == "scjg");
    assert!(said(&|r| put(r, 0, 0, &department)).starts_with(&format!("department of {department}")));
    let junior =
        id(&|i| i.department.as_str() == "wsjd" && !i.qualifications.iter().any(|q| q.as_str() == "senior"));
    assert!(said(&|r| put(r, 0, 0, &junior)).contains("barred by"));
    // The same officer at all visits of a day that has several, where he may go: his cap of the day.
    let mut days: BTreeMap<_, u64> = BTreeMap::new();
    record.teams.visits.iter().for_each(|visit| *days.entry(visit.day).or_default() += 1);
    let (full_day, _) = days.into_iter().max_by_key(|(_, visits)| *visits).unwrap();
    let busy = |r: &mut Record| {
        for visit in r.teams.visits.iter_mut().filter(|visit| visit.day == full_day) {
            let unit = plan.frame().get(&visit.unit).unwrap();
            let day = visit.day;
            let may = people.iter().find(|i| {
                i.department.as_str() == "scjg"
                    && plan.bar_at(*i, unit, None, day).is_none()
                    && i.id.as_str() > "I-0040"
            });
            if let Some(may) = may {
                visit.posts.last_mut().unwrap().officers.truncate(1);
                visit.posts.last_mut().unwrap().officers[0].id = may.id.clone();
            }
        }
    };
    assert!(said(&busy).contains(" on 2026-"), "{}", said(&busy));
    // An expert who lacks the qualification of his post.
    let physicist = plan
        .roster()
        .experts()
        .iter()
        .find(|e| !e.qualifications.iter().any(|q| q.as_str() == "law"))
        .unwrap();
    assert!(
        said(&|r| r.teams.visits[0].experts[0].experts[0].id = physicist.id.clone())
            .contains("barred by qualification")
    );
    assert!(
        said(&|r| {
            r.teams.visits[0].posts.remove(0);
        })
        .starts_with("posts at ")
    );
    let stranger = inspector(9999);
    assert!(said(&|r| put(r, 0, 0, &stranger)).starts_with("an officer"));
}

/// Caps of the draw, the week and the office, on records that keep everything else.
#[test]
fn eligibility_counts_every_cap() {
    let world = |caps: serde_json::Value, cap: u64| {
        full(60, 90, 20, |p| {
            p["team"]["caps"] = caps;
            p["team"]["cap"] = json!(cap);
            p["team"]["jurisdiction"] = json!("any");
        })
    };
    for (caps, cap, words) in [
        (json!({}), 2, "visits of"),
        (json!({"week": 1}), 9, "in the week of"),
        (json!({"office": 5}), 99, "places of office"),
    ] {
        let sealed = world(caps, cap);
        let record = draw(&sealed, 1);
        let plan = sealed.plan();
        let mut edited = record.clone();
        // One officer of the second department at every visit where the rules let him.
        let busy = plan.roster().inspectors().iter().filter(|i| i.department.as_str() == "scjg");
        let mut refused = String::new();
        for one in busy.take(12) {
            for visit in &mut edited.teams.visits {
                let unit = plan.frame().get(&visit.unit).unwrap();
                let post = visit.posts.last_mut().unwrap();
                if plan.bar_at(one, unit, None, visit.day).is_none() {
                    post.officers = vec![double_random::assign::Officer { chance: 1, id: one.id.clone() }];
                }
            }
            if let Outcome::Fail { why } =
                verify(&edited, &evidence(&sealed, &record)).outcome(Check::Eligibility)
            {
                refused = why.params()["what"].to_string();
                break;
            }
        }
        assert!(refused.contains(words), "{words}: {refused:?}");
    }
}
