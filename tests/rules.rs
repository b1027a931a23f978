//! Rating, dossiers, packs and forms: what is refused, and what holds for every table, history and institution.
#![allow(
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::type_complexity
)]

mod support;

use double_random::bytes::{SaltKey, Suite};
use double_random::calendar::Date;
use double_random::cycle::Cycle;
use double_random::dossier::{Dossier, DossierEntry, DossierTerms};
use double_random::frame::Unit;
use double_random::id::Code;
use double_random::odds::ONE;
use double_random::pack::{Pack, PackError};
use double_random::plan::{PlanError, Step};
use double_random::policy::{Based, Effect, Rating, RatingRule, Stage, When};
use double_random::roster::{Role, RosterRule};
use double_random::{Frame, Plan, Policy, Roster, UnitId, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::rules::{
    bad_packs, bad_ratings, pack_json, rated_frame, rated_policy, rated_policy_json, rated_world,
    refused_entries,
};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
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
        serde_json::from_value::<Effect>(value).unwrap_or(Effect::Add(support::billionths("0")))
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
        policy in table(), (low, high) in signals(), kind in proptest::sample::select(&["hospital", "clinic"][..])
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
        let mut turned = claiming.clone();
        let rating = turned.rating.as_mut().unwrap();
        for (number, stage) in rating.levels.iter_mut().chain(&mut rating.visits).enumerate() {
            let n = stage.rules.len();
            stage.rules.rotate_left((shuffle >> number) as usize % n);
            if shuffle >> (number + 8) & 1 == 1 {
                stage.rules.reverse();
            }
        }
        for signals in [&low, &high] {
            for kind in ["hospital", "clinic"] {
                prop_assert_eq!(places(&claiming, kind, signals), places(&turned, kind, signals));
            }
        }
    }
}

#[test]
fn the_claim_of_any_order_is_refused_where_order_matters() {
    let policy = rated_policy(|_| {});
    let both = BTreeMap::from([(code("red"), 1)]);
    let mut turned = policy.clone();
    turned.rating.as_mut().unwrap().levels[1]
        .rules
        .insert(0, policy.rating.as_ref().unwrap().levels[1].rules[1].clone());
    // raise_by and lower_to do not commute at the end of the list: the witness.
    let witness = |rules: Value| {
        let policy = rated_policy(|p| {
            p["rating"] = json!({"start": {"credit": "A", "risk": "low"}, "lowering": ["red"],
            "levels": [{"code": "s", "rules": rules}]})
        });
        policy.levels(&code("clinic"), &both).map(|(_, credit)| credit.to_string()).unwrap()
    };
    let up = json!({"basis": "b", "code": "up", "does": {"raise_by": {"credit": 1}}});
    let down = json!({"basis": "b", "code": "down", "does": {"lower_by": {"credit": 1}}, "when": {"has": {"red": 1}}});
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
        (outside.probability, outside.steps.iter().any(|step| matches!(step, Step::Rated { .. }))),
        (0, true)
    );
    assert!(outside.to_string().contains("not drawn: out_of_scope"));
    for unit in plan.frame().units() {
        let explained = plan.explain(&unit.id).unwrap();
        let rated = plan.policy().rate(&unit.kind, &unit.signals).unwrap();
        let fired = explained.steps.iter().filter(|step| matches!(step, Step::Rated { .. })).count();
        let shown = if explained.path.is_none()
            || explained.steps.iter().any(|s| matches!(s, Step::Certain { .. }))
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
    let mut rows: Vec<_> = (0..20).map(support::unit_row).collect();
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
    assert_eq!((plan.probability(position), plan.exposure(position)), (Some(ONE), Some((ONE, ONE))));
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
        let record = support::draw(&sealed, n);
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
        assert_eq!(verify(&record, &support::evidence(&sealed, &record)).failed(), []);
    }
    assert_eq!(at_clinics, BTreeSet::from([Role::Expert, Role::Uncertified]));
    // Who may go nowhere else goes to hospitals: loads are level.
    assert!(at_hospitals.is_superset(&BTreeSet::from([Role::ThirdParty, Role::Grid])));
    // With every role barred there are vacancies and a shortage that names the reason, never somebody who may not go.
    let sealed = rated_world(|p| {
        p["team"]["enterprises"]["barred"] = json!(["expert", "third_party", "grid", "uncertified"])
    });
    let record = support::draw(&sealed, 3);
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

// ---- Dossiers ----

fn pack() -> Pack {
    Pack::from_json(&pack_json(|_| {})).unwrap()
}

fn enter(dossier: &mut Dossier, terms: &DossierTerms, entry: Value) {
    dossier.enter(terms, serde_json::from_value::<DossierEntry>(entry).unwrap()).unwrap();
}

fn noted(signal: &str, day: &str, count: u64) -> Value {
    json!({"entry": "noted", "date": day, "count": count, "signal": signal, "source": "file", "unit": "U-1"})
}

fn result(day: &str, results: &[&str], drawn: bool) -> Value {
    let mut entry =
        json!({"entry": "result", "date": day, "results": results, "source": "visit", "unit": "U-1"});
    if drawn {
        entry["drawn"] = json!(true);
    }
    entry
}

fn counts(dossier: &Dossier, terms: &DossierTerms, kind: &str, day: &str) -> BTreeMap<String, u64> {
    let signals = dossier.signals(terms, &UnitId::parse("U-1").unwrap(), &code(kind), date(day));
    signals.into_iter().map(|(code, n)| (code.to_string(), n)).collect()
}

fn is(list: &[(&str, u64)]) -> BTreeMap<String, u64> {
    list.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect()
}

#[test]
fn windows_end_and_begin_on_the_day_they_say() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    enter(&mut dossier, &terms, noted("complaints", "2025-03-10", 2));
    enter(&mut dossier, &terms, noted("points", "2025-12-31", 6));
    enter(&mut dossier, &terms, noted("serious", "2019-01-01", 1));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-03-09"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-03-10"), is(&[("complaints", 2), ("serious", 1)]));
    assert_eq!(
        counts(&dossier, &terms, "hospital", "2025-12-31"),
        is(&[("complaints", 2), ("points", 6), ("serious", 1)])
    );
    // 364 days later the complaint still counts, the points of last year do not.
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-09"), is(&[("complaints", 2), ("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-10"), is(&[("serious", 1)]));
}

#[test]
fn repair_clears_what_was_noted_before_it_and_nothing_after() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    let cleared = |day: &str| json!({"entry": "cleared", "date": day, "signal": "serious", "source": "decision", "unit": "U-1"});
    enter(&mut dossier, &terms, noted("serious", "2025-05-01", 1));
    enter(&mut dossier, &terms, cleared("2025-06-01"));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-05-31"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-01"), is(&[]));
    // Of one day the order of entering counts: a repair does not swallow what is entered after it.
    enter(&mut dossier, &terms, noted("serious", "2025-06-01", 1));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-01"), is(&[("serious", 1)]));
    // A mistake is withdrawn, not deleted; before the withdrawal it counted.
    enter(
        &mut dossier,
        &terms,
        json!({"entry": "withdrawn", "date": "2025-07-01", "of": 3, "source": "office"}),
    );
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-06-30"), is(&[("serious", 1)]));
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-07-01"), is(&[]));
    // Withdrawing the repair brings the first note back.
    enter(
        &mut dossier,
        &terms,
        json!({"entry": "withdrawn", "date": "2025-08-01", "of": 2, "source": "office"}),
    );
    assert_eq!(counts(&dossier, &terms, "hospital", "2025-08-01"), is(&[("serious", 1)]));
    assert_eq!(dossier.entries().len(), 5);
}

#[test]
fn a_result_opens_until_a_pass_or_a_repair() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    enter(&mut dossier, &terms, result("2026-03-01", &["violation"], true));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-01"), is(&[("points", 6), ("recheck", 1)]));
    // A pass beside a failure is no pass, and closed or neutral settles nothing.
    enter(&mut dossier, &terms, result("2026-03-05", &["minor", "ok"], true));
    enter(&mut dossier, &terms, result("2026-03-06", &["closed"], true));
    enter(&mut dossier, &terms, result("2026-03-07", &["neutral"], true));
    assert_eq!(
        counts(&dossier, &terms, "hospital", "2026-03-07"),
        is(&[("complaints", 1), ("points", 6), ("recheck", 1)])
    );
    // A visit that came without lot settles it, too.
    enter(&mut dossier, &terms, result("2026-03-08", &["ok"], false));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-08"), is(&[("complaints", 1), ("points", 6)]));
    // What is entered late counts by its date.
    enter(&mut dossier, &terms, result("2026-03-02", &["violation"], true));
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-03-08"), is(&[("complaints", 1), ("points", 12)]));
}

#[test]
fn refused_entries_change_nothing_and_say_why() {
    let terms = pack().dossier_terms();
    for entries in refused_entries() {
        let entries: Vec<DossierEntry> = serde_json::from_value(entries).unwrap();
        let (place, error) = Dossier::replay(&terms, entries.clone()).unwrap_err();
        assert_eq!(place, entries.len() - 1, "{error}");
        let mut dossier = Dossier::replay(&terms, entries[..place].to_vec()).unwrap();
        let before = dossier.clone();
        assert!(dossier.enter(&terms, entries[place].clone()).is_err());
        assert_eq!(dossier, before);
    }
}

#[test]
fn an_earlier_dossier_is_the_beginning_of_a_later_one() {
    let terms = pack().dossier_terms();
    let mut dossier = Dossier::default();
    enter(&mut dossier, &terms, noted("serious", "2025-05-01", 1));
    let earlier = dossier.clone();
    enter(&mut dossier, &terms, noted("serious", "2025-05-02", 1));
    assert!(dossier.extends(&earlier) && dossier.extends(&dossier) && !earlier.extends(&dossier));
    let key = SaltKey::new([3; 32]);
    let file = dossier.to_json(&key);
    let (read, again) = Dossier::from_json(&file, &terms).unwrap();
    assert_eq!((&read, again.reveal()), (&dossier, key.reveal()));
    assert_ne!(dossier.digest(Suite::Sha256, &key), earlier.digest(Suite::Sha256, &key));
    assert_ne!(dossier.digest(Suite::Sha256, &key), dossier.digest(Suite::Sha256, &SaltKey::new([4; 32])));
    for wrong in [&file[..file.len() - 1], b"{}".as_slice()] {
        assert!(Dossier::from_json(wrong, &terms).is_err());
    }
}

/// Every history of up to seven days over five kinds of days, against a ladder written otherwise; and theorem 14.
#[test]
fn ladders_are_climbed_by_drawn_passes_and_lost_by_any_failure() {
    let terms = pack().dossier_terms();
    // Days: nothing, a drawn pass, a pass outside any draw, a failure, a drawn pass beside a failure.
    let days: [&[(&[&str], bool)]; 5] = [
        &[],
        &[(&["ok"], true)],
        &[(&["ok"], false)],
        &[(&["minor"], true)],
        &[(&["ok"], true), (&["violation"], false)],
    ];
    let step = |history: &[usize]| {
        let mut dossier = Dossier::default();
        for (day, kind) in history.iter().enumerate() {
            for (results, drawn) in days[*kind] {
                enter(&mut dossier, &terms, result(&format!("2026-03-{:02}", day + 1), results, *drawn));
            }
        }
        counts(&dossier, &terms, "clinic", "2026-04-01").get("ladder").copied().unwrap_or(0)
    };
    // The step is 1 after two passes in a row since the last failure, 2 after five.
    let model = |history: &[usize]| {
        let since = history.iter().rposition(|kind| *kind >= 3).map_or(0, |place| place + 1);
        match history[since..].iter().filter(|kind| **kind == 1).count() {
            0 | 1 => 0,
            2..5 => 1,
            _ => 2,
        }
    };
    let mut seen = BTreeSet::new();
    for length in 0..=6_u32 {
        for number in 0..5_usize.pow(length) {
            let history: Vec<usize> = (0..length).map(|i| number / 5_usize.pow(i) % 5).collect();
            let found = step(&history);
            assert_eq!(found, model(&history), "{history:?}");
            seen.insert(found);
        }
    }
    assert_eq!(seen, BTreeSet::from([0, 1, 2]));
    for history in [[1, 1, 1, 1, 1, 0, 1], [1, 1, 2, 1, 1, 1, 1], [1, 3, 1, 1, 1, 1, 1]] {
        for place in 0..7 {
            for worse in [0, 2, 3, 4] {
                let mut other = history;
                if other[place] == 1 {
                    other[place] = worse;
                }
                assert!(step(&other) <= step(&history), "{history:?} {other:?}");
            }
        }
    }
    // Only the kinds that it names climb it.
    let mut dossier = Dossier::default();
    for day in 1..=6 {
        enter(&mut dossier, &terms, result(&format!("2026-03-{day:02}"), &["ok"], true));
    }
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-04-01"), is(&[]));
    assert_eq!(counts(&dossier, &terms, "clinic", "2026-04-01"), is(&[("ladder", 2)]));
}

// ---- Packs ----

#[test]
fn every_way_a_pack_can_be_wrong_is_refused_with_its_reason() {
    for (change, why) in bad_packs() {
        match (why, Pack::from_json(&pack_json(change))) {
            ("", read) => assert!(read.is_ok(), "{}", read.unwrap_err()),
            (why, Ok(_)) => panic!("accepted, although: {why}"),
            (why, Err(error)) => assert!(error.to_string().contains(why), "{why}: {error}"),
        }
    }
}

#[test]
fn all_reasons_are_given_at_once() {
    let text = pack_json(|p| {
        p["colour"] = json!("red");
        p["items"][0].as_object_mut().unwrap().remove("cite");
        p["caps"][0]["visits"] = json!(0);
        p["machines"][0]["fails_to"] = json!(7);
        p["bands"][1]["share"]["max"] = json!("0.3");
    });
    let PackError::Refused(problems) = Pack::from_json(&text).unwrap_err() else { panic!() };
    let places: BTreeSet<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    for place in ["colour", "item records.cite", "cap cap", "machine ladder", "band band-low"] {
        assert!(places.contains(place), "{place} is not among {places:?}");
    }
    // What has no form at all says where.
    let form = Pack::from_json("{\"code\": 3}").unwrap_err();
    assert!(matches!(form, PackError::Form(_)) && form.to_string().contains("line 1"), "{form}");
    assert!(Pack::from_json("").is_err() && Pack::from_json("[]").is_err());
}

#[test]
fn every_shipped_pack_is_read_and_cites_every_rule() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rules");
    let mut read = 0;
    for name in ["songjiang", "yancheng", "hangzhou", "suzhou", "quanzhou", "national-health"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let pack = Pack::from_json(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((pack.code.as_str(), pack.year), (name, 2026));
        // Written again it is the same document: nothing was read over.
        let again = Pack::from_json(std::str::from_utf8(&pack.to_json().unwrap()).unwrap()).unwrap();
        assert_eq!(
            (again.digest(Suite::Sha256), again.digest(Suite::Sm3)),
            (pack.digest(Suite::Sha256), pack.digest(Suite::Sm3))
        );
        assert_ne!(pack.digest(Suite::Sha256), pack.digest(Suite::Sm3));
        read += 1;
    }
    assert_eq!(read, 6);
}

/// A form has exactly the items that a task asks for and that apply; the filter is written otherwise here.
#[test]
fn forms_have_exactly_the_applicable_items() {
    let (pack, policy) = (pack(), rated_policy(|_| {}));
    let document: Value = serde_json::from_str(&pack_json(|_| {})).unwrap();
    let frame = rated_frame(60, &policy);
    let mut units: Vec<Unit> = frame.units().to_vec();
    for unit in units.iter_mut().step_by(3) {
        unit.signals.insert(code("radiology"), 1);
    }
    let tasks: Vec<(Code, Vec<Code>)> = vec![
        (code("t1"), vec![code("x-ray"), code("records")]),
        (code("t2"), vec![code("records"), code("south"), code("site")]),
        (code("t3"), vec![code("prices")]),
    ];
    for unit in &units {
        for mask in 0..8_usize {
            let asked: Vec<&(Code, Vec<Code>)> =
                tasks.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, t)| t).collect();
            let form = pack.form(unit, asked.iter().map(|(task, items)| (task, items.as_slice())));
            let mut expected = Vec::new();
            for item in document["items"].as_array().unwrap() {
                let kinds = item["subjects"]["kinds"].as_array();
                let kind = kinds.is_none_or(|kinds| kinds.iter().any(|k| *k == json!(unit.kind)));
                let divisions = item["subjects"]["divisions"].as_array();
                let division = divisions.is_none_or(|list| list.iter().any(|d| *d == json!(unit.division)));
                let radiology =
                    item["subjects"]["has"].is_null() || unit.signals.contains_key(&code("radiology"));
                let of: Vec<String> = asked
                    .iter()
                    .filter(|(_, items)| items.iter().any(|i| json!(i) == item["code"]))
                    .map(|(task, _)| task.to_string())
                    .collect();
                if kind && division && radiology && !of.is_empty() {
                    expected.push((item["code"].as_str().unwrap().to_owned(), of));
                }
            }
            let found: Vec<(String, Vec<String>)> = form
                .lines
                .iter()
                .map(|line| (line.item.to_string(), line.tasks.iter().map(ToString::to_string).collect()))
                .collect();
            assert_eq!(found, expected);
        }
    }
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

#[test]
fn a_ladder_may_fall_to_a_step_above_the_first_and_never_rises_by_it() {
    let terms =
        Pack::from_json(&pack_json(|p| p["machines"][0]["fails_to"] = json!(1))).unwrap().dossier_terms();
    let step = |days: &[&str]| {
        let mut dossier = Dossier::default();
        for (day, found) in (1..).zip(days) {
            enter(&mut dossier, &terms, result(&format!("2026-03-{day:02}"), &[found], true));
        }
        counts(&dossier, &terms, "clinic", "2026-04-01").get("ladder").copied().unwrap_or(0)
    };
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok"]), 2);
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok", "minor"]), 1);
    assert_eq!(step(&["ok", "ok", "ok", "ok", "ok", "minor", "ok", "ok", "ok"]), 2);
    assert_eq!(step(&["minor"]), 0);
    assert_eq!(step(&["ok", "minor", "ok"]), 0);
}

#[test]
fn counts_of_a_signal_end_at_what_a_row_can_hold() {
    let (terms, mut dossier) = (pack().dossier_terms(), Dossier::default());
    for _ in 0..3 {
        enter(&mut dossier, &terms, noted("serious", "2026-01-01", 999_999_999));
    }
    assert_eq!(counts(&dossier, &terms, "hospital", "2026-01-01"), is(&[("serious", 999_999_999)]));
    // Clearing what a result opened settles it, too.
    enter(&mut dossier, &terms, result("2026-02-01", &["violation"], true));
    assert!(counts(&dossier, &terms, "hospital", "2026-02-01").contains_key("recheck"));
    let cleared = json!({"entry": "cleared", "date": "2026-02-01", "signal": "recheck", "source": "decision", "unit": "U-1"});
    enter(&mut dossier, &terms, cleared);
    assert!(!counts(&dossier, &terms, "hospital", "2026-02-01").contains_key("recheck"));
}
