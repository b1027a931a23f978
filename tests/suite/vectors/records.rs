//! Whole draws with everything an auditor needs.

use super::lot::{two_sources, two_values};
use super::{Files, document, draw, lines};
use double_random::calendar::{Date, Instant};
use double_random::frame::UnitRow;
use double_random::plan::DrawCost;
use double_random::seal::{SealTerms, Sealed};
use double_random::{Cycle, Frame, Plan, Record, Roster};
use serde_json::{Value, json};
use testkit::elsewhere;
use testkit::forged::{Forged, forged};

/// Whole draws with everything an auditor needs.
pub(super) fn files() -> Files {
    let rate = testkit::policy(|p| {
        p["design"] = json!({"method": "rate", "rate": "0.2"});
        p["frequency"] = json!([]);
    });
    let number = testkit::policy(|p| {
        p["design"] = json!({"method": "number", "number": 30});
        p["certainties"] =
            json!([{"code": "recheck", "basis": "处罚后复查", "rule": {"units": ["T-000003", "T-000010"]}}]);
    });
    let joint = testkit::policy(|p| {
        p["team"]["departments"] =
            json!([{"department": "wsjd", "officers": 2}, {"department": "scjg", "officers": 3}]);
        p["disclosure"] = json!({"mode": "deferred", "reveal_by": "2026-04-30"});
        p["exclusions"] = json!([{"code": "too_small", "basis": "a rule", "rule": {"units": ["T-000005"]}}]);
        p["beacon"]["sources"] = two_sources();
        p["team"]["cap"] = json!(3);
    });
    let mut files = Files::new();
    let bounded = testkit::policy(|p| {
        p["strata"] = json!(["county", "kind", "credit"]);
        p["round"] = json!({"rest": "1", "share": "0.4"});
        p["surprise"] = json!("0.03");
        p["ratios"] = json!([
            {"at": "credit", "basis": "林甸 2024", "code": "band-a", "is": ["A"], "max": "0.2"},
            {"at": "county", "basis": "a rule", "code": "exact", "is": ["350503"], "max": "0.32",
             "min": "0.3"},
            {"at": "kind", "basis": "宣城 2023", "code": "small", "all_below": 3, "least": 2},
            {"at": "total", "basis": "无为 2023", "code": "general", "max": "0.26"}]);
        p["items"] = json!([{"class": "general", "code": "records"}]);
        p["subsamples"] = json!([{"basis": "2022 国家学校卫生", "code": "lab", "share": "0.5"},
                                 {"basis": "a rule", "code": "photo", "share": "1"}]);
        p["certainties"] =
            json!([{"code": "recheck", "basis": "处罚后复查", "rule": {"units": ["T-000004"]}}]);
    });
    let mut costs = Vec::new();
    let teams = team_worlds().into_iter().map(|(name, sealed)| (name, sealed, None));
    let worlds = [
        ("bounded", testkit::sealed(140, 24, &[(1, 5)], bounded), None),
        ("frequency", testkit::sealed(120, 24, &[(0, 4), (3, 8), (6, 4)], testkit::policy(|_| ())), None),
        ("rate", testkit::sealed(257, 30, &[(1, 5)], rate), None),
        ("number", testkit::sealed(100, 40, &[], number), None),
        ("joint_deferred_short", testkit::sealed(90, 20, &[(2, 0), (5, 0)], joint), Some(two_values())),
        ("back_check", back_check(), None),
        ("rated", testkit::rules::rated_world(|_| ()), None),
        ("pinned", testkit::full(80, 60, 12, pinned), None),
        ("pulse", with_pulse(), Some(pulse())),
        (
            "elsewhere",
            testkit::sealed(120, 24, &[(0, 4), (3, 8)], testkit::policy(elsewhere::elsewhere)),
            None,
        ),
        ("elsewhere_short", testkit::sealed(90, 9, &[(0, 4)], testkit::policy(elsewhere::short)), None),
        ("townships", in_townships(), None),
        ("plain_ids", with_plain_ids(), None),
        ("dispatching", testkit::levels::city(), None),
        ("below_a_city", below_a_city(), None),
        ("assembled", testkit::assembled::assembled(), None),
    ];
    for (name, sealed, values) in worlds.into_iter().chain(teams) {
        let values =
            values.map_or_else(|| testkit::dice(7), |values| serde_json::from_value(values).unwrap());
        let record = sealed.seed(&values).unwrap().draw().assign().record();
        assert_eq!(record.beacon, values);
        draw(&mut files, &format!("records/{name}"), &sealed, &record);
        let DrawCost { visits, pairs, budget } = sealed.plan().cost();
        assert!(record.teams.visits.len() as u64 <= visits && pairs <= budget);
        let cost = json!({"budget": budget, "pairs": pairs, "visits": visits});
        costs.push(json!({"name": name, "record": name, "cost": cost}));
    }
    files.insert("forged.json".to_owned(), lines("13", &forgeries(&files)));
    files.insert("unusable.json".to_owned(), lines("12", &unusable(&files)));
    files.insert("cost.json".into(), document("11.14", &costs));
    files
}

/// Records of which no reader makes anything: forms that are none, deep inside (Spec 1, 12.2). Each is an edit of a
/// vector's record.
fn unusable(files: &Files) -> Vec<Value> {
    let stored: Value = serde_json::from_slice(&files["records/rate/record.json"]).unwrap();
    let officer = "/teams/visits/0/posts/0/officers/0";
    let cases = [
        ("no_table_of_chances", "/teams/table".to_owned(), None),
        ("a_table_that_is_no_digest", "/teams/table".to_owned(), Some(json!("0"))),
        ("a_field_of_the_teams_that_is_none", "/teams/more".to_owned(), Some(json!(0))),
        ("a_field_of_a_post_that_is_none", "/teams/visits/0/posts/0/more".to_owned(), Some(json!(0))),
        ("a_field_of_an_officer_that_is_none", format!("{officer}/more"), Some(json!(0))),
        ("an_officer_without_an_id", format!("{officer}/id"), Some(json!(""))),
        ("an_officer_with_a_space", format!("{officer}/id"), Some(json!("I-0016 "))),
    ];
    let mut all = Vec::new();
    for (name, at, to) in cases {
        let (place, field) = at.rsplit_once('/').unwrap();
        let mut record = stored.clone();
        let of = record.pointer_mut(place).unwrap().as_object_mut().unwrap();
        match &to {
            Some(value) => drop(of.insert(field.to_owned(), value.clone())),
            None => drop(of.remove(field).unwrap()),
        }
        assert!(Record::from_json(&double_random::bytes::encode(&record).unwrap()).is_err(), "{name}");
        let edit = to.map_or_else(|| json!({"at": at}), |to| json!({"at": at, "to": to}));
        all.push(json!({"name": name, "base": "rate", "edits": [edit]}));
    }
    all
}

/// Records whose published parts contradict each other: as edits of a vector's record, or whole.
fn forgeries(files: &Files) -> Vec<Value> {
    let case = |forged: Forged| {
        let failed: Vec<&str> = forged.failed.iter().map(|check| check.as_str()).collect();
        let Some(base) = forged.base else {
            return json!({"name": forged.name, "record": forged.record, "failed": failed});
        };
        let stored: Value = serde_json::from_slice(&files[&format!("records/{base}/record.json")]).unwrap();
        assert_eq!(stored, forged.honest, "{base}");
        let mut edits = Vec::new();
        changes(&forged.honest, &forged.record, String::new(), &mut edits);
        json!({"name": forged.name, "base": base, "edits": edits, "failed": failed})
    };
    forged().into_iter().map(case).collect()
}

/// The smallest places where two documents differ, with what stands there in the second; without `to` it is
/// taken out.
fn changes(was: &Value, is: &Value, at: String, edits: &mut Vec<Value>) {
    match (was, is) {
        (Value::Object(old), Value::Object(new)) => {
            for key in old.keys().filter(|key| !new.contains_key(*key)) {
                edits.push(json!({"at": format!("{at}/{key}")}));
            }
            for (key, value) in new {
                changes(old.get(key).unwrap_or(&Value::Null), value, format!("{at}/{key}"), edits);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (place, (old, new)) in old.iter().zip(new).enumerate() {
                changes(old, new, format!("{at}/{place}"), edits);
            }
        }
        _ if was != is => edits.push(json!({"at": at, "to": is})),
        _ => {}
    }
}

/// A place whose register has numbers without a form.
fn with_plain_ids() -> Sealed {
    let policy = testkit::policy(elsewhere::plain);
    let people = testkit::roster(24, &[], &policy);
    testkit::seal(elsewhere::plain_frame(60), people, policy)
}

/// Units of a city as a whole and of a township right below it, beside those of its counties; officers who work in
/// counties, in the whole city and in the township.
fn below_a_city() -> Sealed {
    let policy = testkit::policy(elsewhere::below_a_city);
    let at = |county: &str| elsewhere::beside_counties(county).to_owned();
    let unit = |n: u64| {
        let row = testkit::unit_row(n);
        UnitRow { division: at(&row.division), ..row }
    };
    let officer = |n: u64| {
        let mut row = testkit::inspector_row(n);
        row.divisions = row.divisions.iter().map(|own| at(own)).collect();
        row
    };
    let frame = Frame::new((0..90).map(unit), &policy.frame, policy.as_of).unwrap();
    let roster = Roster::new((0..40).map(officer), [], &policy.roster, policy.as_of).unwrap();
    testkit::seal(frame, roster, policy)
}

/// Units of townships, and officers who work in counties and in a township.
fn in_townships() -> Sealed {
    let policy = testkit::policy(elsewhere::townships);
    let unit = |n: u64| {
        let row = testkit::unit_row(n);
        UnitRow { division: elsewhere::township(n, &row.division), ..row }
    };
    let officer = |n: u64| {
        let mut row = testkit::inspector_row(n);
        if n.is_multiple_of(4) {
            row.divisions = vec!["350502100".into()];
        }
        row
    };
    let frame = Frame::new((0..90).map(unit), &policy.frame, policy.as_of).unwrap();
    let roster = Roster::new((0..14).map(officer), [], &policy.roster, policy.as_of).unwrap();
    testkit::seal(frame, roster, policy)
}

/// Certain units with pins: some that are kept, and some that lapse, each for another reason.
fn pinned(p: &mut Value) {
    let units: Vec<String> = (1..7).map(|n| format!("T-{n:06}")).collect();
    p["certainties"] = json!([{"basis": "处罚后复查", "code": "recheck", "rule": {"units": units}}]);
    let pin = |unit: u64, inspector: &str, post: &str| json!({"basis": "a decision", "inspector": inspector, "post": post, "unit": format!("T-{unit:06}")});
    p["team"]["pins"] = json!([
        pin(1, "I-0006", "member"),
        pin(2, "I-0006", "lead"),
        pin(3, "I-0007", "member"),
        pin(3, "I-0012", "member"),
        pin(4, "I-9999", "member"),
        pin(5, "I-0000", "radiology"),
        pin(6, "I-0001", "lead"),
        pin(6, "I-0004", "lead")
    ]);
}

/// A draw with a round of drand that was drawn long ago: round 1000 of quicknet.
fn with_pulse() -> Sealed {
    let policy = testkit::policy(|p| {
        p["as_of"] = json!("2023-08-01");
        p["window"] = json!({"from": "2023-09-01", "to": "2023-10-31"});
        p["beacon"]["sources"] = json!([{"kind": "drand", "id": "drand", "at": "2023-08-23T15:59:24Z",
            "genesis": 1_692_803_367, "period": 3, "round": 1000,
            "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"}]);
    });
    let terms =
        SealTerms { sealed_at: Instant::parse("2023-08-20T00:00:00Z").unwrap(), ..testkit::terms(&policy) };
    let (frame, roster) = (testkit::frame(60, &policy), testkit::roster(18, &[], &policy));
    Plan::new(frame, roster, policy, Cycle::default()).unwrap().seal(terms).unwrap()
}

fn pulse() -> Value {
    let signature =
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
    json!([{"source": "drand", "value": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
            "pulse": {"signature": signature}}])
}

/// Draws with everything that teams can have.
pub(super) fn team_worlds() -> Vec<(&'static str, Sealed)> {
    vec![
        ("teams_full", testkit::full(99, 90, 20, |_| ())),
        ("teams_tight", testkit::full(110, 66, 9, |_| ())),
        ("teams_full_short", testkit::full(120, 33, 5, |p| p["team"]["jurisdiction"] = json!("own"))),
        (
            "teams_by_office",
            testkit::full(60, 60, 12, |p| {
                p["team"]["limit"] = json!({"by": "office", "most": 1});
                p["team"]["caps"]["office"] = json!(25);
                p["team"].as_object_mut().unwrap().remove("shortlist");
            }),
        ),
        (
            "teams_few",
            testkit::full(50, 34, 9, |p| {
                p["team"]["cap"] = json!(3);
                p["team"]["caps"] = json!({"week": 2, "office": 24});
            }),
        ),
    ]
}

/// A back-check of visits made in January, by officers who were not there.
fn back_check() -> Sealed {
    let policy = testkit::policy(|p| {
        p["population"] = json!({"visited_since": "2026-01-01"});
        p["design"] = json!({"method": "rate", "rate": "0.3"});
        p["coverage"] = json!({"guards": [], "minimum": "0"});
        p["as_of"] = json!("2026-01-04");
    });
    let teams: [&[&str]; 3] = [&["I-0000", "I-0001"], &["I-0003", "I-0004"], &["I-0006"]];
    let rows: Vec<(u64, u64, &str, &str, &[&str])> = (0..60)
        .map(|n| (n, 1, "0.5", if n % 4 == 0 { "2025-12-30" } else { "2026-01-02" }, teams[n as usize % 3]))
        .collect();
    let cycle = testkit::cycle("0.25", &rows).back_check(Date::parse("2026-01-01").unwrap());
    let terms = testkit::terms(&policy);
    let (frame, roster) = (testkit::frame(90, &policy), testkit::roster(24, &[], &policy));
    Plan::new(frame, roster, policy, cycle).unwrap().seal(terms).unwrap()
}
