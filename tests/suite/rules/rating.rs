//! Ratings and roles: what is refused, and what holds for every rule table and every institution.

use double_random::cycle::Cycle;
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::plan::{ExplanationStep, Exposure, PlanError};
use double_random::policy::{Based, Effect, Rating, RatingRule, Stage, When};
use double_random::roster::{Role, RosterRule};
use double_random::{Frame, Plan, Policy, Roster, UnitId, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use testkit::rules::{bad_ratings, rated_frame, rated_policy, rated_policy_json, rated_world};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

const RAISING: [&str; 3] = ["complaints", "points", "serious"];
const LOWERING: [&str; 2] = ["ladder", "red"];

/// A rule that 20.1 allows.
fn rule(of_visits: bool) -> impl Strategy<Value = Based<RatingRule>> {
    let counts = |codes: &'static [&'static str], least: usize| {
        proptest::collection::btree_map(proptest::sample::select(codes), 1..4_u64, least..=codes.len().min(2))
            .prop_map(|map| map.into_iter().map(|(signal, n)| (code(signal), n)).collect::<BTreeMap<_, _>>())
    };
    let level =
        |list: &'static [&'static str]| proptest::option::of(proptest::sample::select(list).prop_map(code));
    let levels = (level(&["low", "medium", "high"]), level(&["A", "B", "C", "D"]))
        .prop_filter("one of them", |(risk, credit)| risk.is_some() || credit.is_some())
        .prop_map(|(risk, credit)| json!({"risk": risk, "credit": credit}));
    let steps = (1..3_u64, 0..3_u64).prop_map(|(risk, credit)| match credit {
        0 => json!({"risk": risk}),
        _ => json!({"risk": risk, "credit": credit}),
    });
    let clean = |value: Value| {
        let object = value.as_object().unwrap().iter().filter(|(_, v)| !v.is_null());
        Value::Object(object.map(|(k, v)| (k.clone(), v.clone())).collect())
    };
    let amount = (0..200_u64).prop_map(|n| format!("{}.{:02}", n / 100, n % 100));
    let does = if of_visits {
        (0..3_usize, amount).prop_map(|(which, n)| json!({["at_least", "add", "at_most"][which]: n})).boxed()
    } else {
        (0..4_usize, levels, steps)
            .prop_map(move |(which, levels, steps)| match which {
                0 => json!({"raise_to": clean(levels)}),
                1 => json!({"raise_by": steps}),
                2 => json!({"lower_to": clean(levels)}),
                _ => json!({"lower_by": steps}),
            })
            .boxed()
    };
    let does = does.prop_map(|value| {
        serde_json::from_value::<Effect>(value).unwrap_or(Effect::Add(testkit::billionths("0")))
    });
    let kinds = proptest::option::of(proptest::sample::select(&["hospital", "clinic"][..]));
    (
        does,
        counts(&RAISING, 0),
        counts(&RAISING, 0),
        counts(&LOWERING, 1),
        counts(&LOWERING, 0),
        kinds,
        any::<u64>(),
    )
        .prop_map(|(does, has, below, lowers, unless, kinds, number)| {
            let (has, below) = if does.lowers() { (lowers, below) } else { (has, unless) };
            let kinds = kinds.into_iter().map(code).collect();
            let code = code(&format!("r{number}"));
            let body = RatingRule { code, does, when: When { below, has, kinds } };
            Based { basis: "a rule".into(), body }
        })
}

fn stages(of_visits: bool) -> impl Strategy<Value = Vec<Stage>> {
    proptest::collection::vec(proptest::collection::vec(rule(of_visits), 1..5), 0..3).prop_map(
        move |stages| {
            let stage = |(number, rules): (usize, Vec<Based<RatingRule>>)| Stage {
                any_order: false,
                code: code(&format!("{}{number}", if of_visits { "v" } else { "l" })),
                rules,
            };
            stages.into_iter().enumerate().map(stage).collect()
        },
    )
}

/// A policy with a random table, read back through the reader: what it refuses is not tried.
fn table() -> impl Strategy<Value = Policy> {
    (stages(false), stages(true)).prop_filter_map("a table that is refused", |(levels, visits)| {
        let rating = Rating {
            levels,
            lowering: LOWERING.iter().map(|c| code(c)).collect(),
            start: serde_json::from_value(json!({"credit": "B", "risk": "low"})).unwrap(),
            visits,
        };
        Policy::from_json(&rated_policy_json(|p| p["rating"] = serde_json::to_value(rating).unwrap())).ok()
    })
}

fn signals() -> impl Strategy<Value = (BTreeMap<Code, u64>, BTreeMap<Code, u64>)> {
    let count = || 0..5_u64;
    (proptest::array::uniform5(count()), proptest::array::uniform5(count())).prop_map(|(low, more)| {
        let map = |n: [u64; 5]| {
            let all = RAISING.iter().chain(&LOWERING).zip(n).filter(|(_, n)| *n > 0);
            all.map(|(signal, n)| (code(signal), n)).collect::<BTreeMap<_, _>>()
        };
        // More of everything that raises, less of everything that lowers.
        let high = [
            low[0] + more[0],
            low[1] + more[1],
            low[2] + more[2],
            low[3].saturating_sub(more[3]),
            low[4].saturating_sub(more[4]),
        ];
        (map(low), map(high))
    })
}

fn places(policy: &Policy, kind: &str, signals: &BTreeMap<Code, u64>) -> (usize, usize, u64) {
    let rated = policy.rate(&code(kind), signals).unwrap();
    let place = |list: &[Code], code: &Code| list.iter().position(|c| c == code).unwrap();
    (place(&policy.frame.risk, &rated.risk), place(&policy.frame.credit, &rated.credit), rated.base.get())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// Theorem 13, of levels and base.
    #[test]
    fn raising_a_signal_never_lowers_a_level_or_the_frequency(
        policy in table(), (low, high) in signals(),
        kind in proptest::sample::select(&["hospital", "clinic"][..])
    ) {
        let (a, b) = (places(&policy, kind, &low), places(&policy, kind, &high));
        prop_assert!(a.0 <= b.0 && a.1 <= b.1 && a.2 <= b.2, "{low:?} gives {a:?}, {high:?} gives {b:?}");
    }

    /// A stage that says so gives the same in every order; nothing else may say so.
    #[test]
    fn the_order_of_rules_does_not_matter_where_the_table_says_so(
        policy in table(), (low, high) in signals(), shuffle in any::<u64>()
    ) {
        let mut claimed: Value = serde_json::to_value(&policy).unwrap();
        for list in ["levels", "visits"] {
            for stage in claimed["rating"][list].as_array_mut().into_iter().flatten() {
                stage["any_order"] = json!(true);
            }
        }
        // Keep the claim where the reader believes it, stage by stage.
        let Ok(claiming) = Policy::from_json(&claimed.to_string()) else { return Ok(()) };
        let mut turned = claiming.clone().into_terms();
        let rating = turned.rating.as_mut().unwrap();
        for (number, stage) in rating.levels.iter_mut().chain(&mut rating.visits).enumerate() {
            let n = stage.rules.len();
            stage.rules.rotate_left((shuffle >> number) as usize % n);
            if shuffle >> (number + 8) & 1 == 1 {
                stage.rules.reverse();
            }
        }
        let turned = Policy::new(turned).unwrap();
        for signals in [&low, &high] {
            for kind in ["hospital", "clinic"] {
                prop_assert_eq!(places(&claiming, kind, signals), places(&turned, kind, signals));
            }
        }
    }
}

#[test]
fn the_claim_of_any_order_is_refused_where_order_matters() {
    let both = BTreeMap::from([(code("red"), 1)]);
    // raise_by and lower_to do not commute at the end of the list: the witness.
    let witness = |rules: Value| {
        let policy = rated_policy(|p| {
            p["rating"] = json!({"start": {"credit": "A", "risk": "low"}, "lowering": ["red"],
                                 "levels": [{"code": "s", "rules": rules}]})
        });
        policy.levels(&code("clinic"), &both).map(|(_, credit)| credit.to_string()).unwrap()
    };
    let up = json!({"basis": "b", "code": "up", "does": {"raise_by": {"credit": 1}}});
    let down = json!({"basis": "b", "code": "down", "does": {"lower_by": {"credit": 1}},
                      "when": {"has": {"red": 1}}});
    assert_eq!((witness(json!([up, down])), witness(json!([down, up]))), ("A".into(), "B".into()));
}

#[test]
fn every_broken_rule_of_a_rating_is_named() {
    for (change, why) in bad_ratings() {
        let read = Policy::from_json(&rated_policy_json(change));
        match (why, read) {
            ("", read) => assert!(read.is_ok(), "{read:?}"),
            (why, Ok(_)) => panic!("accepted, although: {why}"),
            (why, Err(error)) => assert!(error.to_string().contains(why), "{why}: {error}"),
        }
    }
}

#[test]
fn empty_lists_of_kinds_do_not_mean_everybody() {
    for change in [
        (|p: &mut Value| {
            p["exclusions"] =
                json!([{"basis": "b", "code": "c", "kinds": [], "rule": {"visits_at_least": 1}}])
        }) as fn(&mut Value),
        |p| {
            p["certainties"] =
                json!([{"basis": "b", "code": "c", "kinds": [], "rule": {"not_visited_days": 1}}])
        },
        |p| p["rating"]["levels"][0]["rules"][0]["when"]["kinds"] = json!([]),
    ] {
        let error = Policy::from_json(&rated_policy_json(change)).unwrap_err().to_string();
        assert!(error.contains("the list is empty"), "{error}");
    }
}

#[test]
fn the_trace_says_which_rules_fired_and_why() {
    let sealed = rated_world(|_| ());
    let plan = sealed.plan();
    let unit = |n: u64| UnitId::parse(&format!("T-{n:06}")).unwrap();
    // 27 complaints… T-000027: hospital (kind of n/4), complaints 3, points 10, red no, ladder 1.
    let text = plan.explain(&unit(27)).unwrap().to_string();
    for line in [
        "rule complaints-1 for 3 × complaints: low/B → medium/B (rule complaints-1)",
        "rule complaints-3 for 3 × complaints: medium/B → high/C (rule complaints-3)",
        "rule hospital: nothing to move (rule hospital)",
        "base 0.22 for risk high, credit C",
        "rule complaints-more for 3 × complaints: 0.22 → 0.32 (rule complaints-more)",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    // Also who cannot be drawn has his trace: T-000001 is out of the population (9 beds).
    let outside = plan.explain(&unit(1)).unwrap();
    assert_eq!(
        (outside.probability, outside.steps.iter().any(|step| matches!(step, ExplanationStep::Rated { .. }))),
        (0, true)
    );
    assert!(outside.to_string().contains("not drawn: out_of_scope"));
    for unit in plan.frame().units() {
        let explained = plan.explain(&unit.id).unwrap();
        let rated = plan.policy().rate(&unit.kind, &unit.signals).unwrap();
        let fired =
            explained.steps.iter().filter(|step| matches!(step, ExplanationStep::Rated { .. })).count();
        let shown = if explained.path.is_none()
            || explained.steps.iter().any(|s| matches!(s, ExplanationStep::Certain { .. }))
        {
            rated
                .fired
                .iter()
                .filter(|fired| fired.stage.as_str() == "signals" || fired.stage.as_str() == "serious")
                .count()
        } else {
            rated.fired.len()
        };
        assert_eq!(fired, shown, "{explained}");
    }
}

#[test]
fn levels_that_are_not_the_rules_own_are_refused() {
    let policy = rated_policy(|_| {});
    let mut rows: Vec<_> = (0..20).map(testkit::unit_row).collect();
    rows.iter_mut().for_each(|row| (row.risk, row.credit) = ("medium".into(), "B".into()));
    let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
    let roster = || Roster::new([], [], &policy.roster, policy.as_of).unwrap();
    let error = Plan::new(frame, roster(), policy.clone(), Cycle::default()).unwrap_err();
    let PlanError::NotRated { units, first, stated, rated } = &error else { panic!("{error}") };
    // Hospitals are medium; of the eight clinics, T-000004 first, two complaints make one medium.
    assert_eq!(
        (*units, first.as_str(), stated.as_str(), rated.as_str()),
        (7, "T-000004", "medium/B", "low/B")
    );
    assert!(Plan::new(rated_frame(20, &policy), roster(), policy, Cycle::default()).is_ok());
}

#[test]
fn a_signal_cannot_stop_the_draw_of_all_others() {
    // T-000040 has 30 complaints and is due 3 visits a year, of which half fall on this round.
    let sealed = rated_world(|_| ());
    let plan = sealed.plan();
    let position = plan.frame().position(&UnitId::parse("T-000040").unwrap()).unwrap();
    assert_eq!(
        (plan.probability(position), plan.exposure(position)),
        (Some(ONE), Some(Exposure { scheduled: ONE, added: ONE }))
    );
}

#[test]
fn features_and_kinds_decide_who_is_meant() {
    let sealed = rated_world(|_| ());
    let plan = sealed.plan();
    for (position, unit) in plan.frame().units().iter().enumerate() {
        let beds = unit.signals.get(&code("beds")).copied().unwrap_or(0);
        let reason = plan.exclusion(position).map(|reason| reason.to_string());
        let named = ["T-000002", "T-000003", "T-000005", "T-000017"].contains(&unit.id.as_str());
        let certain = unit.kind.as_str() == "clinic" && unit.signals.contains_key(&code("recheck"));
        let expected = match () {
            () if beds < 10 => Some("out_of_scope"),
            () if named && unit.kind.as_str() == "hospital" && !certain => Some("some"),
            () => None,
        };
        assert_eq!(reason.as_deref(), expected, "{unit:?}");
        if expected.is_none() && certain {
            assert_eq!(plan.probability(position), Some(ONE), "{unit:?}");
        }
    }
}

#[test]
fn barred_roles_never_go_to_enterprises_and_never_count_as_officers() {
    let sealed = rated_world(|_| ());
    let plan = sealed.plan();
    let role = |id: &double_random::InspectorId| {
        plan.roster().experts().iter().find(|e| e.id == *id).map(|e| e.role)
    };
    let (mut at_clinics, mut at_hospitals) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..12 {
        let record = testkit::draw(&sealed, n);
        for visit in &record.teams.visits {
            let kind = &plan.frame().get(&visit.unit).unwrap().kind;
            let seen = if kind.as_str() == "clinic" { &mut at_clinics } else { &mut at_hospitals };
            seen.extend(
                visit.experts.iter().flat_map(|post| &post.experts).map(|expert| role(&expert.id).unwrap()),
            );
            for officer in visit.posts.iter().flat_map(|post| &post.officers) {
                assert_eq!(role(&officer.id), None);
            }
            assert!(
                visit.posts.iter().map(|post| post.officers.len() as u64 + post.vacancies).sum::<u64>() >= 2
            );
        }
        assert_eq!(verify(&record, &testkit::evidence(&sealed, &record)).failed(), []);
    }
    assert_eq!(at_clinics, BTreeSet::from([Role::Expert, Role::Uncertified]));
    // Who may go nowhere else goes to hospitals: loads are level.
    assert!(at_hospitals.is_superset(&BTreeSet::from([Role::ThirdParty, Role::Grid])));
    // With every role barred there are vacancies and a shortage that names the reason, never a person who may
    // not go.
    let sealed = rated_world(|p| {
        p["team"]["enterprises"]["barred"] = json!(["expert", "third_party", "grid", "uncertified"])
    });
    let record = testkit::draw(&sealed, 3);
    let clinic = |unit: &UnitId| sealed.plan().frame().get(unit).unwrap().kind.as_str() == "clinic";
    for visit in record.teams.visits.iter().filter(|visit| clinic(&visit.unit)) {
        assert!(visit.experts.iter().all(|post| post.experts.is_empty() && post.vacancies == 1));
    }
    let losses: u64 = record
        .teams
        .shortages
        .iter()
        .filter_map(|s| s.losses.get(&double_random::plan::Bar::Enterprise))
        .sum();
    assert_eq!(losses, 12 * record.teams.visits.iter().filter(|visit| clinic(&visit.unit)).count() as u64);
}

#[test]
fn a_role_that_is_none_is_a_problem_of_its_row() {
    let policy = rated_policy(|_| {});
    let guest = double_random::roster::ExpertRow {
        row: 5,
        id: "X-1".into(),
        name: "Guest".into(),
        divisions: vec!["350500".into()],
        engaged_until: "2027-01-01".into(),
        role: "friend".into(),
        ..Default::default()
    };
    let problems = Roster::with_experts([], [guest], [], &policy.roster, policy.as_of).unwrap_err();
    assert_eq!(
        (problems.as_slice()[0].field, &problems.as_slice()[0].rule),
        ("expert.role", &RosterRule::UnknownRole)
    );
}

/// What each effect does, level by level and visit by visit.
#[test]
fn effects_move_as_they_say() {
    let moved = |does: Value, start: (&str, &str)| {
        let lowers = does.as_object().unwrap().keys().any(|key| key.starts_with("lower") || key == "at_most");
        let when = if lowers { json!({"has": {"red": 1}}) } else { json!({}) };
        let list = if does.as_object().unwrap().keys().any(|key| key.contains("to") || key.contains("by")) {
            "levels"
        } else {
            "visits"
        };
        let policy = rated_policy(|p| {
            p["design"] = json!({"method": "rate", "rate": "0.4"});
            p["rating"] = json!({"start": {"risk": start.0, "credit": start.1}, "lowering": ["red"],
                list: [{"code": "s", "rules": [{"basis": "b", "code": "r", "does": does, "when": when}]}]});
            if !lowers {
                p["rating"][list][0]["rules"][0].as_object_mut().unwrap().remove("when");
            }
        });
        let rated = policy.rate(&code("clinic"), &BTreeMap::from([(code("red"), 1)])).unwrap();
        format!("{}/{} {}", rated.risk, rated.credit, rated.base)
    };
    for (does, start, after) in [
        (json!({"raise_to": {"credit": "C"}}), ("low", "B"), "low/C 0.4"),
        (json!({"raise_to": {"credit": "C"}}), ("low", "D"), "low/D 0.4"),
        (json!({"raise_to": {"risk": "medium", "credit": "A"}}), ("low", "B"), "medium/B 0.4"),
        (json!({"raise_by": {"credit": 9}}), ("low", "B"), "low/D 0.4"),
        (json!({"raise_by": {"risk": 1, "credit": 1}}), ("low", "B"), "medium/C 0.4"),
        (json!({"lower_to": {"credit": "B"}}), ("high", "D"), "high/B 0.4"),
        (json!({"lower_to": {"credit": "B"}}), ("high", "A"), "high/A 0.4"),
        (json!({"lower_to": {"risk": "medium"}}), ("high", "A"), "medium/A 0.4"),
        (json!({"lower_by": {"risk": 1, "credit": 64}}), ("high", "D"), "medium/A 0.4"),
        (json!({"at_least": "0.7"}), ("low", "B"), "low/B 0.7"),
        (json!({"at_least": "0.3"}), ("low", "B"), "low/B 0.4"),
        (json!({"add": "0.25"}), ("low", "B"), "low/B 0.65"),
        (json!({"add": "9000000"}), ("low", "B"), "low/B 9000000"),
        (json!({"at_most": "0.1"}), ("low", "B"), "low/B 0.1"),
        (json!({"at_most": "0.5"}), ("low", "B"), "low/B 0.4"),
    ] {
        assert_eq!(moved(does.clone(), start), after, "{does}");
    }
}
