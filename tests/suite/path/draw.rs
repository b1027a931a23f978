//! The path from rows to a verdict, what people are told on the way, and the clear outcomes at its edges.

use double_random::frame::{LicenceRow, UnitRow};
use double_random::plan::{Bar, PlanError};
use double_random::roster::InspectorRow;
use double_random::seal::SealError;
use double_random::verify::{Check, NotRun, Outcome, Verdict, verify};
use double_random::{BeaconValue, Cycle, Evidence, Frame, Plan, Policy, PolicyTerms, Record, Roster};
use serde_json::{Value, json};
use testkit::*;

#[test]
fn a_draw_is_confirmed_by_its_own_evidence() {
    let sealed = sealed(300, 40, &[(0, 4), (3, 8)], policy(|_| ()));
    let record = draw(&sealed, 1);
    let report = verify(&record, &evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    assert!(report.to_string().ends_with("double-random/1: confirmed, 23 of 27 checks passed"));
    let alone = verify(&record, &Evidence::default());
    assert_eq!(alone.verdict(), Verdict::SelfConsistent, "{alone}");
    let because = Outcome::NotRun { because: NotRun::Seal };
    assert_eq!(alone.outcome(Check::Seal), &because);
}

#[test]
fn files_survive_their_encoding() {
    let sealed = sealed(50, 12, &[(0, 4)], policy(|_| ()));
    let (plan, key) = (sealed.plan(), sealed.salt_key());
    assert_eq!(Frame::from_json(&plan.frame().to_json(key)).unwrap(), (plan.frame().clone(), key.clone()));
    assert_eq!(Roster::from_json(&plan.roster().to_json(key)).unwrap(), (plan.roster().clone(), key.clone()));
    assert_eq!(Cycle::from_json(&plan.cycle().to_json(key)).unwrap(), (plan.cycle().clone(), key.clone()));
    let policy = String::from_utf8(plan.policy().to_json().unwrap()).unwrap();
    assert_eq!(&Policy::from_json(&policy).unwrap(), plan.policy());
    // One kind of file is not another.
    assert!(Record::from_json(&plan.frame().to_json(key)).is_err());
    assert!(double_random::seal::Seal::from_json(&draw(&sealed, 1).to_json()).is_err());
}

#[test]
fn a_frame_is_refused_with_all_its_problems_at_once() {
    let policy = policy(|_| ());
    let row = |n, change: &dyn Fn(&mut UnitRow)| {
        let mut row = unit_row(n);
        change(&mut row);
        row
    };
    let licence =
        |number: &str, until: &str| vec![LicenceRow { number: number.into(), valid_until: until.into() }];
    let rows = [
        row(1, &|r| r.id = "91350100M000100Y4Z".into()),
        row(2, &|r| r.division = "350999".into()),
        row(3, &|r| r.risk = "extreme".into()),
        row(4, &|r| r.opened = "2026-02-30".into()),
        row(5, &|r| r.opened = "2026-01-02".into()),
        row(6, &|r| r.status = "closed".into()),
        row(7, &|r| r.licences = licence("L-1", "2025-12-31")),
        row(8, &|r| r.name = " ".into()),
        row(9, &|r| r.licences = licence("L-1", "")),
        row(9, &|r| r.licences = licence("L-2", "")),
        row(10, &|_| ()),
        row(10, &|r| r.credit = "Z".into()),
        row(12, &|r| r.signals = vec![("complaints".into(), "-1".into())]),
    ];
    let rows = rows.into_iter().zip(2..).map(|(mut row, line)| {
        row.row = line;
        row
    });
    let problems = Frame::new(rows, &policy.frame, policy.as_of).unwrap_err();
    let expected = "\
12 problems, nothing was taken over
  row 2, id \"91350100M000100Y4Z\" has 'Z' at place 18, which the alphabet of GB 32100 (no I O S V Z) does not contain
  row 3, division \"350999\" is not among the policy's frame.divisions
  row 4, risk \"extreme\" is not among the policy's frame.risk: low, medium, high
  row 5, opened \"2026-02-30\" is no date YYYY-MM-DD of the calendar
  row 6, opened \"2026-01-02\" is later than the frame's own date 2026-01-01
  row 7, status \"closed\" is closed: such units do not belong on the frame, unless the policy's frame.listed names that state
  row 8, licences \"2025-12-31\" is expired: such units do not belong on the frame, unless the policy's frame.listed names that state
  row 9, name \" \" is no text of 1 to 200 characters that are all seen
  row 11, id \"T-000009\" stands in row 10 with another licence: list all licences of a subject in one row
  row 13, credit \"Z\" is not among the policy's frame.credit: A, B
  row 13, id \"T-000010\" stands in row 12 already: one institution is one row
  row 14, signals \"-1\" is no count of 0 to 999999999";
    assert_eq!(problems.to_string(), expected);
}

#[test]
fn a_roster_is_refused_with_all_its_problems_at_once() {
    let policy = policy(|_| ());
    let row = |n, change: &dyn Fn(&mut InspectorRow)| {
        let mut row = inspector_row(n);
        change(&mut row);
        row
    };
    let rows = [
        row(1, &|r| r.certified_until = "2025-12-31".into()),
        row(2, &|r| r.department = "police".into()),
        row(3, &|r| r.divisions.clear()),
        row(4, &|r| r.qualifications = vec!["medical".into(), "flying".into(), "medical".into()]),
        row(5, &|r| r.absences = vec![("2026-03-01".into(), "2026-02-01".into())]),
        row(6, &|r| r.cap = "many".into()),
        row(7, &|r| r.id = "I 7".into()),
        row(8, &|_| ()),
        row(8, &|r| r.row = 99),
    ];
    let mut recusals = [recusal_row(8, 1), recusal_row(8, 1), recusal_row(50, 1)];
    recusals[1].row = 2;
    recusals[2].ground = "mood".into();
    let problems = Roster::new(rows, recusals, &policy.roster, policy.as_of).unwrap_err().to_string();
    for expected in [
        "row 2, certified_until \"2025-12-31\" has run out by 2026-01-01",
        "row 3, department \"police\" is not among the policy's roster.departments: wsjd, scjg",
        "row 4, divisions \"\" names no division",
        "row 5, qualifications \"flying\" is not among the policy's roster.qualifications: medical",
        "row 5, qualifications \"medical\" is given twice in this row",
        "row 6, absences \"2026-03-01\" ends before it begins",
        "row 7, cap \"many\" is no count of 0 to 999999",
        "row 8, id \"I 7\" has ' ' at place 2",
        "row 99, id \"I-0008\" stands in row 9 already",
        "row 2, recusal.inspector \"I-0008\" stands in row 1 already with the same unit",
        "row 1, recusal.inspector \"I-0050\" is no officer of the roster",
        "row 1, recusal.ground \"mood\" is no ground",
    ] {
        assert!(problems.contains(expected), "{expected}\n\n{problems}");
    }
    assert_eq!(problems.lines().count(), 13, "{problems}");
}

#[test]
fn a_policy_is_refused_with_the_place() {
    let read = |change: &dyn Fn(&mut serde_json::Value)| {
        Policy::from_json(&policy_json(change)).unwrap_err().to_string()
    };
    let form = read(&|p| p["design"] = json!({"method": "rate", "rate": 0.2}));
    assert!(
        form.contains("a decimal text such as \"0.2\" (JSON numbers are not exact)")
            && form.contains("line 1"),
        "{form}"
    );
    let form = read(&|p| p["round"] = json!({"share": "0.3333333333", "rest": "1"}));
    assert!(form.contains("\"0.3333333333\" is no decimal text"), "{form}");
    let form = read(&|p| p["strat"] = json!([]));
    assert!(form.contains("unknown field `strat`"), "{form}");
    let rule = |rule: serde_json::Value| json!([{"code": "c", "basis": "b", "rule": rule, "until": "never"}]);
    let open: [(&str, serde_json::Value); 3] = [
        ("certainties", rule(json!({"not_visited_days": 9}))),
        ("exclusions", rule(json!({"opened_within_days": 9}))),
        ("ratios", json!([{"code": "c", "basis": "b", "at": "total", "min": "0.1", "until": "never"}])),
    ];
    for (list, rules) in open {
        let form = read(&|p| p[list] = rules.clone());
        assert!(form.contains("unknown field `until`") && form.contains("line 1"), "{list}: {form}");
    }
    let form = read(&|p| p["disclosure"] = json!({"mode": "immediate", "until": "never"}));
    assert!(form.contains("unknown field `until`"), "{form}");
    let form = read(&|p| p["protocol"] = json!("double-random/2"));
    assert!(form.contains("get one that can"), "{form}");
    let rules = read(&|p| {
        p["team"]["departments"][0]["officers"] = json!(1);
        p["frequency"].as_array_mut().unwrap().remove(0);
        p["coverage"]["guards"] = json!(["total", "city"]);
        p["beacon"]["sources"][0]["count"] = json!(38);
        p["exclusions"] = json!([{"code": "closed", "basis": "", "rule": {"kinds": ["clinic"]}}]);
    });
    for expected in [
        "frequency: has 0 entries for risk low, credit A, not 1",
        "coverage.guards[1]: City is not among the strata",
        "exclusions[0].basis: is empty or no text",
        "exclusions[0].code: closed is a reason of the protocol's own",
        "team.departments[0].officers: 1 is not 2 to 20: the law asks for at least two officers",
        "beacon.sources: give 126.198 bits together, at least 128 are needed",
    ] {
        assert!(rules.contains(expected), "{expected}\n\n{rules}");
    }
}

#[test]
fn coverage_of_twenty_percent_is_the_default() {
    let policy = policy(|p| {
        p.as_object_mut().unwrap().remove("coverage");
    });
    assert_eq!(
        serde_json::to_value(policy.coverage()).unwrap(),
        json!({"guards": ["total", "county"], "minimum": "0.2"})
    );
    // A policy inside a record has nothing left to fill in.
    let text = r#""coverage":{"guards":["total","county"],"minimum":"0.2"},"#;
    let record = String::from_utf8(draw(&sealed(20, 6, &[], policy), 1).to_json()).unwrap();
    assert!(Record::from_json(record.replace(text, "").as_bytes()).is_err());
}

#[test]
fn a_unit_is_explained_rule_by_rule() {
    let policy = policy(|p| {
        p["round"] = json!({"share": "0.5", "rest": "1"});
        p["exclusions"] =
            json!([{"code": "checked", "basis": "a rule", "rule": {"visited_within_days": 90}}]);
        p["certainties"] =
            json!([{"code": "recheck", "basis": "after a penalty", "rule": {"units": ["T-000002"]}}]);
        p["strata"] = json!(["county"]);
    });
    let cycle = cycle("0", &[(3, 0, "0.4", "2025-12-01", &[]), (14, 0, "0.25", "", &[])]);
    let (frame, roster) = (frame(40, &policy), roster(12, &[], &policy));
    let plan = Plan::new(frame, roster, policy, cycle).unwrap();
    let explain = |n: u64| plan.explain(&format!("T-{n:06}").parse_id()).unwrap().to_string();
    assert_eq!(explain(2), "T-000002 Unit 2: 1\n  certain: recheck (after a penalty)");
    assert_eq!(explain(3), "T-000003 Unit 3: 0\n  not drawn: checked (a rule)");
    assert_eq!(
        explain(14),
        "T-000014 Unit 14: 0.266666666\n  base 0.3 for risk medium, credit A\n  + 0.1 for 2 × complaints (a \
         rule)\n  \
         this round has 0.5 of the year; expected so far 0.25, drawn 0: 0.266666666"
    );
    assert!(plan.explain(&"T-999999".parse_id()).is_none());
}

trait ParseId {
    fn parse_id(&self) -> double_random::UnitId;
}

impl ParseId for str {
    fn parse_id(&self) -> double_random::UnitId {
        double_random::UnitId::parse(self).unwrap()
    }
}

/// 221 institutions at 20 % would give 44 or 45; the law wants 45, in every draw.
#[test]
fn twenty_percent_means_twenty_percent() {
    let policy = policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["strata"] = json!([]);
        p["coverage"] = json!({"guards": ["total"], "minimum": "0.2"});
    });
    let sealed = sealed(221, 40, &[], policy);
    for n in 0..50 {
        let picks = sealed.seed(&dice(n)).unwrap().draw().len();
        assert!(picks == 45 || picks == 46, "{picks}");
    }
    let node = &sealed.plan().nodes()[0];
    let bounded = node.bounded.clone().unwrap();
    assert_eq!((node.at_least, bounded.active, bounded.reached, bounded.quota), (45, 221, 0, 45));
}

fn refused(units: u64, change: impl FnOnce(&mut serde_json::Value)) -> PlanError {
    let policy = policy(change);
    let (frame, roster) = (frame(units, &policy), roster(12, &[], &policy));
    Plan::new(frame, roster, policy, Cycle::default()).unwrap_err()
}

#[test]
fn plans_that_cannot_keep_a_promise_are_refused_with_the_numbers() {
    assert_eq!(
        refused(0, |_| ()).to_string(),
        "nothing to draw: the frame has 0 units and none of them may be drawn"
    );
    let error = refused(9, |p| p["population"] = json!({"has": {"beds": 1}}));
    assert!(error.to_string().ends_with("none of them may be drawn (out_of_scope: 9)"), "{error}");
    let error = refused(9, |p| p["design"] = json!({"method": "number", "number": 10}));
    assert_eq!(error.to_string(), "10 units are asked for, 9 can be drawn");
    let error = refused(9, |p| {
        p["design"] = json!({"method": "number", "number": 1});
        p["certainties"] = json!([{"code": "c", "basis": "b", "rule": {"units": ["T-000001", "T-000002"]}}]);
    });
    assert_eq!(
        error.to_string(),
        "1 units are asked for, and the rules of `certainties` alone make 2 certain"
    );
    let error = refused(9, |p| p["frequency"][5]["visits"] = json!("3.5"));
    assert!(
        error.to_string().contains("is due 3.500000000 visits in this round")
            && error.to_string().contains("at least 4 rounds"),
        "{error}"
    );
    // Four counties of 25 units need 5 each. Signals make some units larger than others, so 20 are not enough
    // for every county.
    let error = refused(100, |p| {
        p["design"] = json!({"method": "number", "number": 12});
        p["frequency"] = json!([]);
    });
    let PlanError::Bounds(nodes) = &error else { panic!("{error}") };
    assert_eq!(nodes.len(), 5);
    assert!(
        error.to_string().contains(
            "first/350502: 5 of 25 active units must be reached, 0 have been, 0 \
        are exempt; this draw needs 5 more, 2 are sure; design.number 21 would do"
        ),
        "{error}"
    );
    let error = refused(8, |p| {
        p["exclusions"] =
            json!([{"code": "spared", "basis": "b", "rule": {"kinds": ["hospital", "clinic"]}}]);
        p["certainties"] = json!([{"code": "c", "basis": "b", "rule": {"units": ["T-000001"]}}]);
    });
    assert!(
        error.to_string().contains(
            "first/350502: 1 of 2 active units must be reached, 0 have been, 2 are exempt; this draw needs 1 \
             more, 0 are sure"
        ),
        "{error}"
    );
}

#[test]
fn a_seal_is_made_before_its_values_are_known() {
    let policy = policy(|_| ());
    let plan =
        || Plan::new(frame(9, &policy), roster(6, &[], &policy), policy.clone(), Cycle::default()).unwrap();
    let mut late = terms(&policy);
    late.sealed_at = double_random::calendar::Instant::parse("2026-01-10T09:00:00Z").unwrap();
    assert!(matches!(plan().seal(late), Err(SealError::SourceNotAfterSeal { .. })));
    let mut secretive = terms(&policy);
    secretive.secret = Some(double_random::seal::Secret::new([1; 32]));
    assert_eq!(plan().seal(secretive).unwrap_err(), SealError::SecretUnexpected);
    let mut zeroth = terms(&policy);
    zeroth.sequence = 0;
    assert!(matches!(plan().seal(zeroth), Err(SealError::Numbers { .. })));
}

#[test]
fn a_seed_takes_only_the_values_of_its_own_beacon() {
    let sealed = sealed(9, 6, &[], policy(|_| ()));
    let value = |source: &str, value: &str| -> BeaconValue {
        serde_json::from_value(json!({"source": source, "value": value})).unwrap()
    };
    let digits = "0123456789".repeat(4);
    assert!(sealed.seed(&[value("dice", &digits)]).is_ok());
    assert!(sealed.seed(&[]).unwrap_err().to_string().contains("has 1 sources, 0 values"));
    assert!(
        sealed
            .seed(&[value("drand", &digits)])
            .unwrap_err()
            .to_string()
            .contains("is from drand, the plan names dice")
    );
    assert!(
        sealed.seed(&[value("dice", &digits[1..])]).unwrap_err().to_string().contains("40 faces from 0 to 9")
    );
}

/// The ticket in the record is what `printf '%s' 'double-random/1 lot <seed> <pseudonym>' | sha256sum` prints.
#[test]
fn a_ticket_can_be_checked_with_sha256sum() {
    use sha2::Digest as _;
    let record = draw(&sealed(40, 12, &[], policy(|_| ())), 1);
    let pick = record.sample.iter().flat_map(|cell| &cell.picks).next().unwrap();
    let hash = sha2::Sha256::digest(format!("double-random/1 lot {} {}", record.seed, pick.pseudonym));
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, pick.ticket.to_string());
}

fn confirmed(
    units: u64,
    officers: u64,
    recusals: &[(u64, u64)],
    change: impl FnOnce(&mut serde_json::Value),
) -> Record {
    let sealed = sealed(units, officers, recusals, policy(change));
    let record = draw(&sealed, 1);
    let report = verify(&record, &evidence(&sealed, &record));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
    record
}

#[test]
fn the_edges_have_clear_outcomes() {
    // One unit, all certain.
    let record = confirmed(1, 6, &[], |p| p["design"] = json!({"method": "number", "number": 1}));
    assert_eq!(record.teams.visits.len(), 1);
    let record = confirmed(30, 30, &[], |p| p["design"] = json!({"method": "rate", "rate": "1"}));
    assert_eq!(record.teams.visits.len(), 30);
    assert!(record.table.cells.iter().all(|cell| cell.certain));
    // One officer: he goes, and every second place is a vacancy with its statement.
    let record = confirmed(10, 1, &[], |p| p["team"]["cap"] = json!(100));
    let vacancies: u64 = record.teams.visits.iter().map(|v| v.posts[0].vacancies).sum();
    assert_eq!(vacancies, record.teams.visits.len() as u64);
    assert_eq!(record.teams.shortages[0].losses, Default::default());
    // No officers at all.
    let record = confirmed(10, 0, &[], |_| ());
    assert!(record.teams.visits.iter().all(|v| v.lead.is_none() && v.posts[0].vacancies == 2));
    // All officers recused from all units.
    let all: Vec<(u64, u64)> = (0..6).flat_map(|i| (0..10).map(move |u| (i, u))).collect();
    let record = confirmed(10, 6, &all, |_| ());
    assert!(record.teams.visits.iter().all(|v| v.posts[0].officers.is_empty()));
    let recused: u64 =
        record.teams.shortages.iter().map(|s| s.losses[&double_random::plan::Bar::Recusal]).sum();
    assert!(recused > 0);
}

/// Defects of existing systems, by name: an odd roster puts one officer in a team twice; the last rows can
/// never be drawn; a quota above the pool never ends.
#[test]
fn the_defects_of_existing_systems_are_not_here() {
    let record = confirmed(100, 10, &[], |p| {
        p["design"] = json!({"method": "rate", "rate": "1"});
        p["team"]["jurisdiction"] = json!("any");
        p["team"]["cap"] = json!(100);
    });
    for visit in &record.teams.visits {
        let officers = &visit.posts[0].officers;
        assert!(officers.len() == 2 && officers[0].id != officers[1].id);
    }
    // N = 299, k = 100: the skip-sampling of one platform leaves 99 rows without any chance. Here every unit
    // is drawn sooner or later.
    let policy = policy(|p| {
        p["design"] = json!({"method": "number", "number": 100});
        p["frequency"] = json!([]);
        p["strata"] = json!([]);
        p["coverage"] = json!({"guards": ["total"], "minimum": "0.2"});
    });
    let sealed = sealed(299, 4, &[], policy);
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..60 {
        let seed = sealed.seed(&dice(n)).unwrap();
        let sample = seed.draw();
        assert_eq!(sample.len(), 100);
        seen.extend(sample.units().into_iter().map(|unit| unit.id.clone()));
    }
    assert_eq!(seen.len(), 299);
}

/// What a hostile operator tried: a chain with a genesis of his own, one chance counted many times, lists and
/// paths without end.
#[test]
fn chances_are_counted_once_and_chains_are_known() {
    let read = |sources: serde_json::Value| {
        Policy::from_json(&policy_json(|p| p["beacon"]["sources"] = sources)).map_err(|e| e.to_string())
    };
    let drand = |genesis: i64, at: &str| {
        json!([{"kind": "drand", "id": "d", "at": at, "genesis": genesis, "period": 3, "round": 1000,
                "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"}])
    };
    // A genesis of his own; a round that is due one period before; a chain that nobody knows.
    let error = read(drand(1_768_035_600 - 2997, "2026-01-10T09:00:00Z")).unwrap_err();
    assert!(error.contains("genesis is 1692803367"), "{error}");
    let error = read(drand(1_692_803_367, "2023-08-23T15:59:27Z")).unwrap_err();
    let due = "round 1000 is due at 2023-08-23T15:59:24Z, and not at 2023-08-23T15:59:27Z";
    assert!(error.contains(due), "{error}");
    let mut unknown = drand(1_692_803_367, "2023-08-23T15:59:24Z");
    unknown[0]["chain"] = json!("00".repeat(32));
    assert!(read(unknown).unwrap_err().contains("chain is unknown"));
    let dice = json!([{"kind": "dice", "id": "d", "at": "2026-01-10T09:00:00Z", "count": 40, "sides": 11,
        "witness": "notary"}]);
    assert!(read(dice).unwrap_err().contains("2 to 10 sides"));
    let lottery = |id: &str| {
        json!({"kind": "lottery", "id": id, "at": "2026-01-10T09:00:00Z", "game": "快乐8", "issue": "1",
               "fields": [{"of": 80, "take": 20}]})
    };
    let error = read(json!([lottery("a"), lottery("b"), lottery("c")])).unwrap_err();
    assert!(error.contains("count the chance of b twice"), "{error}");
    let dice = |n: u64| {
        json!({"kind": "dice", "id": format!("d{n}"),
               "at": format!("2026-01-10T09:00:{n:02}Z"), "count": 3, "sides": 10, "witness": "n"})
    };
    let error = read((0..17).map(dice).collect()).unwrap_err();
    assert!(error.contains("beacon.sources: has 17 entries, at most 16 are allowed"), "{error}");
    let late = json!([{"kind": "dice", "id": "d", "at": "2026-02-02T00:00:00Z", "count": 40, "sides": 10,
                       "witness": "n"}]);
    assert!(read(late).unwrap_err().contains("after window.from 2026-02-01"));
    let huge = json!([{"kind": "dice", "id": "d", "at": "2026-01-10T09:00:00Z",
                       "count": 9_007_199_254_740_991u64, "sides": 10, "witness": "n"}]);
    assert!(read(huge).unwrap_err().contains("1 to 200 throws"));
    let many: Vec<String> = (0..2000).map(|n| format!("r{n}")).collect();
    let error =
        Policy::from_json(&policy_json(|p| p["frame"]["risk"] = json!(many))).unwrap_err().to_string();
    assert!(error.contains("frame.risk: has 2000 entries, at most 64 are allowed"), "{error}");
}

/// Files whose rows the policy's gate would have refused are not the rows of a draw, with any hash.
#[test]
fn an_auditor_asks_the_rows_too() {
    let sealed = sealed(30, 12, &[(0, 4)], policy(|_| ()));
    let record = draw(&sealed, 1);
    let mut knows = evidence(&sealed, &record);
    let (frame, key) = knows.frame.clone().unwrap();
    let policy = sealed.plan().policy();
    assert!(frame.conforms(&policy.frame, policy.as_of).is_ok());
    assert!(sealed.plan().roster().conforms(&policy.roster, policy.as_of).is_ok());
    let edited =
        String::from_utf8(frame.to_json(&key)).unwrap().replacen("\"risk\":\"low\"", "\"risk\":\"odd\"", 1);
    let (odd, _) = Frame::from_json(edited.as_bytes()).unwrap();
    let problems = odd.conforms(&policy.frame, policy.as_of).unwrap_err().to_string();
    assert!(problems.contains("risk \"odd\" is not among the policy's frame.risk"), "{problems}");
    knows.frame = Some((odd, key));
    assert!(verify(&record, &knows).failed().contains(&Check::Frame));
    let cap = String::from_utf8(sealed.plan().roster().to_json(sealed.salt_key())).unwrap();
    let cap = cap.replacen("\"certified_until\"", "\"cap\":9007199254740991,\"certified_until\"", 1);
    assert!(Roster::from_json(cap.as_bytes()).unwrap_err().to_string().contains("is above 999999"));
}

/// No policy is made past its rules, by a framework's JSON extractor for example, and none is changed
/// afterwards without them.
#[test]
fn no_policy_is_made_past_its_rules() {
    let refused = |change: fn(&mut Value), rule: &str| {
        let text = policy_json(change);
        let error = serde_json::from_str::<Policy>(&text).unwrap_err().to_string();
        assert!(error.contains(rule), "{error}");
        let terms: PolicyTerms = serde_json::from_str(&text).unwrap();
        assert!(Policy::new(terms).unwrap_err().to_string().contains(rule));
    };
    refused(|p| drop(p.as_object_mut().unwrap().remove("coverage")), "missing field `coverage`");
    refused(|p| p["reserves"] = json!(u64::MAX), "reserves");
    refused(|p| p["window"]["from"] = json!("2000-01-01"), "window.from");
    let good = policy(|_| ());
    let record = serde_json::to_value(draw(&sealed(9, 6, &[], good.clone()), 1)).unwrap();
    let mut broken = record.clone();
    broken["policy"]["reserves"] = json!(u64::MAX);
    assert!(serde_json::from_value::<Record>(record).is_ok());
    assert!(serde_json::from_value::<Record>(broken).unwrap_err().to_string().contains("reserves"));
    // The digest is that of the terms, whichever way the policy came.
    let longer =
        Policy::new(PolicyTerms { reserves: good.reserves + 1, ..good.clone().into_terms() }).unwrap();
    assert_ne!(longer.digest(), good.digest());
    assert_eq!(Policy::new(longer.into_terms()).unwrap().reserves, good.reserves + 1);
    assert_eq!(Policy::new(good.clone().into_terms()).unwrap(), good);
}

/// Who is near enough to a city, because it covers his county, is not so to a township right below it, whichever of
/// the two is asked about first.
#[test]
fn who_may_go_to_a_city_need_not_be_near_a_township_right_below_it() {
    for divisions in [["350500", "350500101"], ["350500101", "350500"]] {
        let policy = testkit::policy(testkit::elsewhere::below_a_city);
        let units = (0..).zip(divisions);
        let units = units.map(|(n, division)| UnitRow { division: division.into(), ..testkit::unit_row(n) });
        let officer = |n| InspectorRow {
            divisions: vec!["350502".into()],
            qualifications: vec!["medical".into()],
            ..testkit::inspector_row(n)
        };
        let frame = Frame::new(units, &policy.frame, policy.as_of).unwrap();
        let roster = Roster::new((0..14).map(officer), [], &policy.roster, policy.as_of).unwrap();
        let plan = Plan::new(frame, roster, policy, Cycle::default()).unwrap();
        for unit in plan.frame().units() {
            let near = unit.division.as_str() == "350500";
            let bars = plan.roster().inspectors().iter().map(|officer| plan.bar(officer, unit));
            assert_eq!(bars.filter(|bar| *bar == Some(Bar::Jurisdiction)).count(), if near { 0 } else { 14 });
            let short = plan.understaffed();
            assert_eq!(short.iter().all(|post| post.unit != unit.id), near, "{divisions:?} {short:?}");
        }
    }
}
