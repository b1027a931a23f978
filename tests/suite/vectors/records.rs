//! Whole draws with everything an auditor needs.

use super::lot::{two_sources, two_values};
use super::{Files, document, draw};
use double_random::Plan;
use double_random::calendar::Date;
use double_random::plan::DrawCost;
use double_random::seal::Sealed;
use serde_json::json;

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
    files.insert("cost.json".into(), document("11.14", &costs));
    files
}

/// Draws with everything that teams can have.
pub(super) fn team_worlds() -> Vec<(&'static str, Sealed)> {
    vec![
        ("teams_full", testkit::full(100, 90, 20, |_| ())),
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
            testkit::full(50, 40, 9, |p| {
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
