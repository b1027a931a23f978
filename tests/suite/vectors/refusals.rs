//! What readers refuse: a document that is in order, and for every rule a change that breaks this rule and no
//! other. `tests/reference` refuses the same.

use super::Files;
use double_random::bytes::{PROTOCOL, SaltKey, encode};
use double_random::cycle::Event;
use double_random::frame::{LicenceRow, UnitRow};
use double_random::policy::PolicyError;
use double_random::roster::{ExpertRow, InspectorRow};
use double_random::table::Problems;
use double_random::{Cycle, Frame, Policy, Roster};
use serde_json::{Value, json};
use std::fmt::Display;
use std::fs;
use testkit::rules::{bad_packs, bad_ratings, pack_json, rated_policy_json};
use testkit::{full_roster, full_teams, policy_json};

/// A change of a document, and a part of the refusal; an empty one where the document stays in order. A
/// refusal that begins with `*` comes with others.
struct Case {
    document: &'static str,
    name: &'static str,
    /// Pairs of a place (JSON pointer) and the value there; a place alone is removed.
    changes: Value,
    says: &'static str,
}

/// Every case of a document.
fn cases_of(
    document: &'static str,
    cases: impl IntoIterator<Item = (&'static str, &'static str, Value)>,
) -> Vec<Case> {
    cases.into_iter().map(|(name, says, changes)| Case { document, name, changes, says }).collect()
}

/// The documents that are changed.
fn bases() -> Value {
    let policy: Value = serde_json::from_str(&policy_json(rich)).unwrap();
    let elsewhere: Value = serde_json::from_str(&policy_json(testkit::elsewhere::elsewhere)).unwrap();
    let there = Policy::from_json(&elsewhere.to_string()).unwrap();
    let people = testkit::roster(6, &[], &there);
    let rated: Value = serde_json::from_str(&rated_policy_json(|_| ())).unwrap();
    let read = Policy::from_json(&policy.to_string()).unwrap();
    let key = SaltKey::new([7; 32]);
    let file = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
    let frame = Frame::new((0..6).map(frame_row), &read.frame, read.as_of).unwrap();
    let roster = full_roster(12, 4, &[(1, 5), (4, 2)], &read);
    json!({
        "policy": policy,
        "rated": rated,
        "elsewhere": elsewhere,
        "elsewhere_roster": {"policy": elsewhere, "roster": file(people.to_json(&key))},
        "frame": {"policy": policy, "frame": file(frame.to_json(&key))},
        "roster": {"policy": policy, "roster": file(roster.to_json(&key))},
        "cycle": file(cycle().to_json(&key)),
    })
}

/// Everything that a policy can have, but a rating and key items.
fn rich(p: &mut Value) {
    full_teams(p);
    p["population"] = json!({"divisions": ["350500"], "has": {"beds": 1}, "kinds": ["hospital", "clinic"]});
    p["round"] = json!({"rest": "1", "share": "0.5"});
    p["surprise"] = json!("0.01");
    p["certainties"] = json!([
        {"basis": "a rule", "code": "named", "kinds": ["hospital"],
         "rule": {"units": ["T-000003", "T-000004"]}},
        {"basis": "a rule", "code": "serious", "rule": {"signal": {"at_least": 1, "signal": "serious"}}},
        {"basis": "a rule", "code": "long", "rule": {"not_visited_days": 700}}]);
    p["exclusions"] = json!([
        {"basis": "a rule", "code": "few", "rule": {"units": ["T-000005", "T-000006"]}},
        {"basis": "a rule", "code": "kind", "rule": {"kinds": ["clinic"]}},
        {"basis": "a rule", "code": "often", "kinds": ["hospital"], "rule": {"visits_at_least": 3}},
        {"basis": "a rule", "code": "soon", "rule": {"visited_within_days": 30}},
        {"basis": "a rule", "code": "new", "rule": {"opened_within_days": 30}}]);
    p["ratios"] = json!([
        {"at": "county", "basis": "a rule", "code": "band", "is": ["350502", "350503"], "max": "0.9",
         "min": "0.1"},
        {"at": "total", "basis": "a rule", "code": "some", "all_below": 3, "least": 2}]);
    p["items"] = json!([{"class": "general", "code": "records"}, {"class": "general", "code": "water"}]);
    p["subsamples"] = json!([{"basis": "a rule", "code": "lab", "share": "0.5"}]);
    p["labels"] = json!({"wsjd": "卫生健康局"});
    p["origin"] = json!({"batch": 1, "pack": "1".repeat(64), "programme": "2".repeat(64), "task": "t"});
    p["team"]["enterprises"] =
        json!({"barred": ["grid"], "basis": "国办发〔2024〕54号", "kinds": ["clinic"]});
    p["beacon"]["fallbacks"] = json!([{"after": "2026-01-11T09:00:00Z", "for": "dice", "source": {
        "kind": "dice", "id": "other", "at": "2026-01-12T09:00:00Z", "count": 40, "sides": 10,
        "witness": "discipline office"}}]);
}

fn frame_row(n: u64) -> UnitRow {
    let licence = |i: u64| LicenceRow {
        number: format!("L-{i}"),
        valid_until: if n == 0 { String::new() } else { "2027-01-01".into() },
    };
    UnitRow {
        opened: if n == 1 { "2020-01-01".into() } else { String::new() },
        grid: if n == 1 { "g-1".into() } else { String::new() },
        licences: (0..2 * (n % 2)).map(licence).collect(),
        ..testkit::unit_row(7 * n)
    }
}

/// One draw with two visits to come after a quarter of the cycle.
fn cycle() -> Cycle {
    let teams: [&[&str]; 2] = [&["I-0000", "I-0001"], &[]];
    let mut cycle =
        testkit::cycle("0.25", &[(0, 1, "0.5", "2026-01-02", teams[0]), (3, 0, "0.25", "", teams[1])]);
    let unit = |n: u64| format!("T-{n:06}");
    let units: Vec<Value> =
        [0, 3, 5].map(|n| json!({"add": "0.25", "cycles": 1, "unit": unit(n)})).into_iter().collect();
    let drawn = json!({"event": "drawn", "as_of": "2026-01-01", "draw": 4, "share": "0.25", "units": units,
        "picks": [{"credited": true, "unit": unit(0)}, {"credited": false, "unit": unit(5)}]});
    let visited = json!({"event": "visited", "date": "2026-02-03", "draw": 4, "items": ["records"],
        "team": ["I-0003"], "unit": unit(5)});
    for event in [drawn, visited] {
        cycle.apply(&serde_json::from_value::<Event>(event).unwrap()).unwrap();
    }
    cycle
}

/// So many copies of a value.
fn times(n: usize, value: impl Into<Value>) -> Value {
    json!({"times": n, "of": value.into()})
}

#[rustfmt::skip] // One case a line.
fn policies() -> Vec<Case> {
    let dice = |at: &str| json!({"kind": "dice", "id": "d", "at": at, "count": 40, "sides": 10, "witness": "notary"});
    cases_of(
        "policy",
        [
            ("as_it_is", "", json!([])),
            ("unknown_field", "unknown field `colour`", json!([["/colour", "red"]])),
            ("unknown_field_of_a_rule", "unknown field `until`", json!([["/certainties/0/until", "never"]])),
            ("unknown_field_of_the_team", "unknown field `colour`", json!([["/team/colour", "red"]])),
            ("missing_field", "missing field `reserves`", json!([["/reserves"]])),
            ("null", "surprise is null", json!([["/surprise", null]])),
            ("null_deep_inside", "team.caps.day is null", json!([["/team/caps/day", null]])),
            ("a_number_for_a_decimal", "a decimal text", json!([["/surprise", 1]])),
            ("a_fraction_for_a_count", "invalid type: floating point", json!([["/team/cap", 1.5]])),
            ("ten_digits", "is no decimal text", json!([["/surprise", "0.3333333333"]])),
            ("a_decimal_without_digits_before_the_point", "no decimal text", json!([["/surprise", ".5"]])),
            ("a_decimal_with_a_bare_point", "no decimal text", json!([["/surprise", "0."]])),
            ("a_decimal_with_a_sign", "no decimal text", json!([["/surprise", "+0.5"]])),
            ("a_decimal_above_nine_million", "no decimal text", json!([["/signals/0/add", "9000000.1"]])),
            ("nine_million", "", json!([["/signals/0/add", "9000000"]])),
            ("more_zeros_than_needed", "", json!([["/surprise", "00.010"]])),
            ("a_code_with_a_space", "has ' ' at place 2", json!([["/scope", "a b"]])),
            ("a_code_of_65_characters", "has 65 characters", json!([["/scope", "a".repeat(65)]])),
            ("a_code_of_64_characters", "", json!([["/scope", "a".repeat(64)]])),
            ("a_code_that_begins_with_a_dot", "begins with '.'", json!([["/scope", ".a"]])),
            ("an_empty_code", "is empty", json!([["/scope", ""]])),
            ("no_such_day", "is no date", json!([["/as_of", "2025-02-29"]])),
            ("year_0", "is no date", json!([["/as_of", "0000-01-01"]])),
            ("a_leap_second", "is no instant", json!([["/beacon/sources/0/at", "2026-01-10T09:00:60Z"]])),
            ("an_offset", "is no instant", json!([["/beacon/sources/0/at", "2026-01-10T09:00:00+08:00"]])),
            ("no_such_disclosure", "unknown variant `later`", json!([["/disclosure/mode", "later"]])),
            ("no_such_reach", "unknown variant `near`", json!([["/team/jurisdiction", "near"]])),
            ("no_such_state", "unknown variant `gone`", json!([["/frame/listed", ["gone"]]])),
            ("no_such_suite", "unknown variant `md5`", json!([["/suite", "md5"]])),
            ("no_such_class", "unknown variant `big`", json!([["/items/0/class", "big"]])),
            ("no_such_role", "unknown variant `clerk`", json!([["/team/enterprises/barred/0", "clerk"]])),
            ("another_protocol", "double-random/2", json!([["/protocol", "double-random/2"]])),
            ("another_document", "document: is", json!([["/document", "pack"]])),
            ("rule_of_two_kinds", "map with a single key", json!([["/certainties/0/rule/not_visited_days", 3]])),
            ("rule_of_no_kind", "map with a single key", json!([["/certainties/0/rule", {}]])),
            ("design_with_a_stranger", "unknown field `rate`", json!([["/design/rate", "0.1"]])),
            // What stands for nothing.
            ("empty_kinds_of_the_population", "the list is empty", json!([["/population/kinds", []]])),
            ("empty_divisions_of_the_population", "the list is empty",
                json!([["/population/divisions", []]])),
            ("empty_kinds_of_a_rule", "the list is empty", json!([["/certainties/0/kinds", []]])),
            ("empty_is", "the list is empty", json!([["/ratios/0/is", []]])),
            ("population_of_nothing", "population: names nothing", json!([["/population", {}]])),
            ("defaults_written_out", "",
                json!([["/signals", []], ["/labels", {}], ["/team/caps", {}], ["/frequency/5/cycles", 1],
                ["/suite", "sha256"], ["/frame/listed", []]])),
            ("defaults_that_are_kept", "",
                json!([["/surprise", "0"], ["/round", {"rest": "1", "share": "1"}]])),
            ("coverage_left_out", "", json!([["/coverage"]])),
            // Lists.
            ("65_levels", "frame.credit: has 65 entries", json!([["/frame/credit", times(65, "A")]])),
            ("64_levels_of_risk_and_one", "frame.risk: has 65", json!([["/frame/risk", times(65, "low")]])),
            ("5001_divisions", "frame.divisions: has 5001",
                json!([["/frame/divisions", times(5001, "350502")]])),
            ("1001_kinds", "frame.kinds: has 1001", json!([["/frame/kinds", times(1001, "clinic")]])),
            ("1001_departments", "roster.departments: has 1001",
                json!([["/roster/departments", times(1001, "wsjd")]])),
            ("1001_qualifications", "roster.qualifications: has 1001",
                json!([["/roster/qualifications", times(1001, "law")]])),
            ("4097_frequencies", "frequency: has 4097",
                json!([["/frequency", times(4097, json!({"credit": "A", "risk": "low", "visits": "1"}))]])),
            ("1001_signals", "signals: has 1001",
                json!([["/signals", times(1001, json!({"add": "0.1", "at_least": 1, "basis": "b",
                "signal": "s"}))]])),
            ("1001_certainties", "certainties: has 1001",
                json!([["/certainties", times(1001, json!({"basis": "b", "code": "c",
                "rule": {"not_visited_days": 1}}))]])),
            ("1001_exclusions", "exclusions: has 1001",
                json!([["/exclusions", times(1001, json!({"basis": "b", "code": "c",
                "rule": {"visited_within_days": 1}}))]])),
            ("1001_ratios", "ratios: has 1001",
                json!([["/ratios", times(1001, json!({"at": "total", "basis": "b", "code": "c",
                "least": 1}))]])),
            ("10001_values_of_ratios", "ratios[…].is: has 10001",
                json!([["/ratios/0/is", times(10_001, "350502")]])),
            ("1001_items", "items: has 1001",
                json!([["/items", times(1001, json!({"class": "general", "code": "records"}))]])),
            ("17_subsamples", "subsamples: has 17",
                json!([["/subsamples", times(17, json!({"basis": "b", "code": "lab", "share": "0.5"}))]])),
            ("1001_pins", "team.pins: has 1001",
                json!([["/team/pins", times(1001, json!({"basis": "b", "inspector": "I-0003",
                "post": "member", "unit": "T-000002"}))]])),
            ("367_days", "team.days: has 367", json!([["/team/days", times(367, "2026-02-03")]])),
            ("21_posts", "posts: has 21",
                json!([["/team/departments/0/posts", times(21, json!({"places": 1, "post": "p"}))]])),
            ("21_posts_of_experts", "team.experts.posts: has 21",
                json!([["/team/experts/posts", times(21, json!({"places": 1, "post": "p"}))]])),
            ("17_sources", "beacon.sources: has 17",
                json!([["/beacon/sources", times(17, dice("2026-01-10T09:00:00Z"))]])),
            ("no_credit_levels", "*frame.credit: is empty", json!([["/frame/credit", []]])),
            ("no_risk_levels", "*frame.risk: is empty", json!([["/frame/risk", []]])),
            ("no_divisions", "frame.divisions: is empty",
                json!([["/frame/divisions", []], ["/population/divisions"], ["/ratios/0/is"]])),
            ("no_kinds", "*frame.kinds: is empty", json!([["/frame/kinds", []]])),
            ("no_departments_of_the_roster", "*roster.departments: is empty",
                json!([["/roster/departments", []]])),
            ("credit_twice", "frame.credit: has A twice", json!([["/frame/credit", ["A", "B", "A"]]])),
            ("risk_twice", "frame.risk: has low twice",
                json!([["/frame/risk", ["low", "medium", "high", "low"]]])),
            ("division_twice", "frame.divisions: has 350502 twice",
                json!([["/frame/divisions/4", "350502"]])),
            ("kind_twice", "frame.kinds: has clinic twice", json!([["/frame/kinds/2", "clinic"]])),
            ("state_twice", "frame.listed: has closed twice",
                json!([["/frame/listed", ["closed", "closed"]]])),
            ("department_of_the_roster_twice", "roster.departments: has wsjd twice",
                json!([["/roster/departments/2", "wsjd"]])),
            ("state_of_the_roster_twice", "roster.listed: has expired twice",
                json!([["/roster/listed", ["expired", "expired"]]])),
            ("qualification_twice", "roster.qualifications: has law twice",
                json!([["/roster/qualifications/4", "law"]])),
            ("stratum_twice", "strata: has Kind twice", json!([["/strata/2", "kind"]])),
            ("guard_twice", "coverage.guards: has Total twice", json!([["/coverage/guards/2", "total"]])),
            ("item_twice", "items: has water twice", json!([["/items/0/code", "water"]])),
            ("subsample_twice", "subsamples: has lab twice",
                json!([["/subsamples/1", {"basis": "b", "code": "lab", "share": "1"}]])),
            // The rules of the document.
            ("blank_title", "title: is no text", json!([["/title", " \u{3000}"]])),
            ("title_of_201_characters", "title: is no text", json!([["/title", "例".repeat(201)]])),
            ("title_of_200_characters", "", json!([["/title", "例".repeat(200)]])),
            ("title_of_two_lines", "title: is no text", json!([["/title", "a\nb"]])),
            ("title_with_a_character_that_is_not_seen", "title: is no text", json!([["/title", "a\u{200b}b"]])),
            ("title_with_a_control_character", "title: is no text", json!([["/title", "a\u{85}b"]])),
            ("window_backwards", "ends before it begins", json!([["/window/to", "2026-02-01"]])),
            ("window_before_the_frame", "window.from: lies before as_of", json!([["/as_of", "2026-02-03"]])),
            ("rate_above_1", "design.rate: 1.5 is above 1",
                json!([["/design", {"method": "rate", "rate": "1.5"}], ["/surprise"]])),
            ("number_0", "design.number: is 0",
                json!([["/design", {"method": "number", "number": 0}], ["/surprise"]])),
            ("number_above_a_billion", "design.number: 1000000001 is above",
                json!([["/design", {"method": "number", "number": 1_000_000_001}], ["/surprise"]])),
            ("frequency_without_a_table", "frequency: is missing", json!([["/frequency"]])),
            ("table_with_a_gap", "frequency: has 0 entries", json!([["/frequency/5"]])),
            ("table_with_a_pair_twice", "frequency: has 2 entries",
                json!([["/frequency/6", {"credit": "A", "risk": "low", "visits": "1"}]])),
            ("table_with_a_stranger", "is not of the frame's vocabulary",
                json!([["/frequency/6", {"credit": "A", "risk": "odd", "visits": "1"}]])),
            ("window_of_0_cycles", "frequency[0].cycles: 0 is not 1 to 20",
                json!([["/frequency/0/cycles", 0]])),
            ("window_of_21_cycles", "frequency[0].cycles: 21 is not 1 to 20",
                json!([["/frequency/0/cycles", 21], ["/frequency/0/visits", "1"]])),
            ("window_without_a_whole_visit", "make no whole visit", json!([["/frequency/0/cycles", 9]])),
            ("window_with_a_whole_visit", "", json!([["/frequency/0/cycles", 10]])),
            ("slack_above_5", "frequency[0].slack: is 5.000000001: at most 5 visits",
                json!([["/frequency/0/slack", "5.000000001"]])),
            ("slack_of_5", "", json!([["/frequency/0/slack", "5"]])),
            ("slack_left_out", "", json!([["/frequency/0/slack"]])),
            ("slack_left_out_of_a_long_window", "",
                json!([["/frequency/0/slack"], ["/frequency/0/cycles", 10]])),
            ("slack_of_nothing_written_out", "", json!([["/frequency/0/slack", "0.0"]])),
            ("reserves_above_a_million", "reserves: 1000001 is above", json!([["/reserves", 1_000_001]])),
            ("floor_above_1", "coverage.minimum: 1.1 is above 1", json!([["/coverage/minimum", "1.1"]])),
            ("guard_of_no_stratum", "coverage.guards[2]: City is not among",
                json!([["/coverage/guards/2", "city"]])),
            ("floor_without_guards", "the minimum would hold nowhere", json!([["/coverage/guards", []]])),
            ("no_floor", "", json!([["/coverage", {"guards": [], "minimum": "0"}]])),
            ("share_above_the_rest", "round: share 1 and rest 0.5",
                json!([["/round", {"rest": "0.5", "share": "1"}]])),
            ("rest_above_1", "round: share 0.5 and rest 1.5", json!([["/round/rest", "1.5"]])),
            ("round_of_nothing", "round.share: is 0", json!([["/round/share", "0"]])),
            ("make_up_round", "", json!([["/round", {"rest": "0", "share": "0"}]])),
            ("surprise_of_1", "surprise: 1 is not below 1", json!([["/surprise", "1"]])),
            ("surprise_of_a_rate_draw", "surprise: is for draws by frequency",
                json!([["/design", {"method": "rate", "rate": "0.5"}]])),
            ("subsample_of_nothing", "subsamples[0].share: 0 is not", json!([["/subsamples/0/share", "0"]])),
            ("subsample_of_more_than_all", "subsamples[0].share: 1.1 is not",
                json!([["/subsamples/0/share", "1.1"]])),
            ("subsample_without_basis", "subsamples[0].basis: is empty",
                json!([["/subsamples/0/basis", ""]])),
            ("population_that_has_0", "population.has: asks for a count",
                json!([["/population/has/beds", 0]])),
            ("population_that_has_too_much", "population.has: asks for a count",
                json!([["/population/has/beds", 1_000_000_000]])),
            ("population_of_a_strange_kind", "population.kinds: names a kind",
                json!([["/population/kinds/0", "school"]])),
            ("population_of_a_kind_twice", "population.kinds: names a kind",
                json!([["/population/kinds/0", "clinic"]])),
            ("population_elsewhere", "350700 covers none of frame.divisions",
                json!([["/population/divisions/0", "350700"]])),
            ("population_of_a_province", "", json!([["/population/divisions", ["350000", "350502"]]])),
            ("population_of_a_division_twice", "population.divisions: has 350500 twice",
                json!([["/population/divisions/1", "350500"]])),
            ("batch_0", "origin.batch: is 0", json!([["/origin/batch", 0]])),
            ("signal_0_times", "signals[0].at_least: is 0", json!([["/signals/0/at_least", 0]])),
            ("signal_without_basis", "signals[0].basis: is empty", json!([["/signals/0/basis", " "]])),
            ("certainty_without_basis", "certainties[0].basis: is empty",
                json!([["/certainties/0/basis", ""]])),
            ("certainty_of_a_strange_kind", "certainties[0].kinds: names a kind",
                json!([["/certainties/0/kinds/0", "school"]])),
            ("certainty_of_no_unit", "certainties[0].rule.units: is empty",
                json!([["/certainties/0/rule/units", []]])),
            ("certainty_of_a_unit_twice", "certainties[0].rule.units: has T-000003 twice",
                json!([["/certainties/0/rule/units/1", "T-000003"]])),
            ("certainty_of_a_signal_0_times", "certainties[1].rule.signal.at_least: is 0",
                json!([["/certainties/1/rule/signal/at_least", 0]])),
            ("exclusion_without_basis", "exclusions[0].basis: is empty",
                json!([["/exclusions/0/basis", ""]])),
            ("exclusion_with_a_code_of_the_protocol", "closed is a reason of the protocol's own",
                json!([["/exclusions/0/code", "closed"]])),
            ("exclusion_out_of_scope", "out_of_scope is a reason of the protocol's own",
                json!([["/exclusions/0/code", "out_of_scope"]])),
            ("exclusion_of_a_strange_kind", "exclusions[2].kinds: names a kind",
                json!([["/exclusions/2/kinds/0", "school"]])),
            ("exclusion_of_no_unit", "exclusions[0].rule.units: is empty",
                json!([["/exclusions/0/rule/units", []]])),
            ("exclusion_of_a_unit_twice", "exclusions[0].rule.units: has T-000005 twice",
                json!([["/exclusions/0/rule/units/1", "T-000005"]])),
            ("exclusion_of_no_kind", "exclusions[1].rule.kinds: is empty",
                json!([["/exclusions/1/rule/kinds", []]])),
            ("exclusion_of_kinds_that_there_are_not", "exclusions[1].rule.kinds: names a kind",
                json!([["/exclusions/1/rule/kinds/0", "school"]])),
            ("exclusion_of_a_kind_twice", "exclusions[1].rule.kinds: names a kind",
                json!([["/exclusions/1/rule/kinds/1", "clinic"]])),
            ("cap_of_0_visits", "visits_at_least 0 would exempt every unit",
                json!([["/exclusions/2/rule/visits_at_least", 0]])),
            ("cap_and_a_key_item", "caps the visits, and item water is a key item",
                json!([["/items/1/class", "key"], ["/ratios/0/max"]])),
            ("limit_and_a_key_item", "limits the draw, and item water is a key item",
                json!([["/items/1/class", "key"], ["/exclusions/2"]])),
            ("ratio_without_basis", "ratios[0].basis: is empty", json!([["/ratios/0/basis", ""]])),
            ("ratio_that_bounds_nothing", "bounds nothing", json!([["/ratios/0/min"], ["/ratios/0/max"]])),
            ("ratio_of_at_least_0", "ratios[1].least: 0 is not 1 to", json!([["/ratios/1/least", 0]])),
            ("ratio_of_all_below_0", "ratios[1].all_below: 0 is not 1 to",
                json!([["/ratios/1/all_below", 0]])),
            ("ratio_of_max_above_1", "ratios[0].max: 1.1 is above 1", json!([["/ratios/0/max", "1.1"]])),
            ("ratio_of_min_above_1", "ratios[0].min: 1.1 is above 1",
                json!([["/ratios/0/min", "1.1"], ["/ratios/0/max"]])),
            ("ratio_of_min_above_max", "ratios[0].min: 0.95 is above max 0.9",
                json!([["/ratios/0/min", "0.95"]])),
            ("ratio_at_no_stratum", "ratios[0].at: City is not among the strata",
                json!([["/ratios/0/at", "city"], ["/ratios/0/is"]])),
            ("ratio_of_values_at_the_total", "ratios[1].is: has no meaning at the total",
                json!([["/ratios/1/is", ["350502"]]])),
            ("ratio_of_a_strange_county", "350700 is not among the values of its level",
                json!([["/ratios/0/is/0", "350700"]])),
            ("ratio_of_a_strange_kind", "school is not among the values of its level",
                json!([["/ratios/0/at", "kind"], ["/ratios/0/is", ["school"]]])),
            ("ratio_of_a_strange_city", "350700 is not among the values of its level",
                json!([["/strata/0", "city"], ["/coverage/guards/1", "city"], ["/ratios/0/at", "city"],
                ["/ratios/0/is", ["350500", "350700"]]])),
            ("ratio_of_a_strange_province", "360000 is not among the values of its level",
                json!([["/strata/0", "province"], ["/coverage/guards/1", "province"], ["/ratios/0/at",
                "province"], ["/ratios/0/is", ["350000", "360000"]]])),
            ("ratio_of_strange_levels", "odd is not among the values of its level",
                json!([["/strata/2", "risk"], ["/ratios/0/at", "risk"], ["/ratios/0/is", ["low", "odd"]]])),
            ("ratio_of_strange_credit", "low is not among the values of its level",
                json!([["/strata/2", "credit"], ["/ratios/0/at", "credit"], ["/ratios/0/is", ["A", "low"]]])),
            ("ratio_of_a_value_twice", "ratios[0].is: has 350502 twice",
                json!([["/ratios/0/is/1", "350502"]])),
            ("label_without_text", "labels.wsjd: is no text", json!([["/labels/wsjd", ""]])),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn levels() -> Vec<Case> {
    let part = |authority: &str, divisions: Value| json!({"authority": authority, "divisions": divisions, "scope": "s"});
    let sends = |authority: &str, departments: Value| {
        let mut part = part(authority, json!(["350502"]));
        part["departments"] = departments;
        part
    };
    let to = |at: &str, parts: Value| {
        json!([["/team/days"], ["/team/caps"], ["/roster/departments/2", "yjj"], ["/dispatch", {"at": at, "parts": parts}]])
    };
    let one = part("a", json!(["350502"]));
    let many = |place: &str, copies: Value| {
        let mut changes = to("county", json!([sends("a", json!(["yjj"]))]));
        changes.as_array_mut().unwrap().push(json!([place, copies]));
        changes
    };
    let under = |field: &str, change: Value| {
        let mut changes = json!([["/above", {"authority": "a", "scope": "s"}], ["/surprise"]]);
        let usual = [("/design", json!({"method": "rate", "rate": "1"})), ("/round/share", json!("0"))];
        let usual = usual.into_iter().filter(|(place, _)| *place != field).map(|(place, value)| json!([place, value]));
        let out = ["/population", "/exclusions", "/ratios"].into_iter().filter(|place| *place != field).map(|place| json!([place]));
        let own = if change.is_null() { None } else { Some(json!([field, change])) };
        changes.as_array_mut().unwrap().extend(usual.chain(out).chain(own));
        changes
    };
    cases_of(
        "policy",
        [
            ("dispatched", "", to("county", json!([one, part("b", json!(["350503", "350582"]))]))),
            ("dispatched_by_a_department", "", to("county", json!([sends("a", json!(["yjj"]))]))),
            ("dispatched_at_no_stratum", "dispatch.at: city is not among the strata",
                to("city", json!([part("a", json!(["350500"]))]))),
            ("dispatched_at_no_level", "unknown variant `village-group`", to("village-group", json!([one]))),
            ("dispatched_with_days", "team.days: are drawn with the teams",
                json!([["/dispatch", {"at": "county", "parts": [one]}]])),
            ("dispatched_to_nobody", "dispatch.parts: is empty", to("county", json!([]))),
            ("dispatched_to_one_twice", "dispatch.parts: has a s twice",
                to("county", json!([one, part("a", json!(["350503"]))]))),
            ("dispatched_to_itself", "dispatch.parts[0]: is of this draw's own authority and scope",
                to("county", json!([{"authority": "350500-wsjd", "divisions": ["350502"], "scope": "test"}]))),
            ("dispatched_to_another_scope", "",
                to("county", json!([{"authority": "350500-wsjd", "divisions": ["350502"], "scope": "s"}]))),
            ("dispatched_nothing", "dispatch.parts[0].divisions: is empty", to("county", json!([part("a", json!([]))]))),
            ("dispatched_a_county_twice", "dispatch.parts[0].divisions: has 350502 twice",
                to("county", json!([part("a", json!(["350502", "350502"]))]))),
            ("dispatched_a_strange_county", "350700 is no county of frame.divisions",
                to("county", json!([part("a", json!(["350700"]))]))),
            ("dispatched_to_two", "dispatch.parts[1].divisions: 350502 is of another part",
                to("county", json!([one, part("b", json!(["350502"]))]))),
            ("dispatched_whole_and_by_a_department", "350502 is of another part",
                to("county", json!([one, sends("b", json!(["yjj"]))]))),
            ("dispatched_a_department_to_two", "350502 is of another part",
                to("county", json!([sends("a", json!(["yjj"])), sends("b", json!(["yjj"]))]))),
            ("dispatched_a_department_that_goes_from_here", "scjg is none of roster.departments, or one of",
                to("county", json!([sends("a", json!(["scjg"]))]))),
            ("dispatched_a_strange_department", "odd is none of roster.departments, or one of",
                to("county", json!([sends("a", json!(["odd"]))]))),
            ("dispatched_a_department_twice", "departments: has yjj twice",
                to("county", json!([sends("a", json!(["yjj", "yjj"]))]))),
            ("dispatched_by_no_department", "the list is empty", to("county", json!([sends("a", json!([]))]))),
            ("too_many_parts", "*dispatch.parts: has 10001 entries", many("/dispatch/parts", times(10_001, one))),
            ("too_many_divisions_of_parts", "dispatch.parts[…].divisions: has 10001 entries",
                many("/dispatch/parts/0/divisions", times(10_001, "350502"))),
            ("too_many_departments_of_a_part", "dispatch.parts[…].departments: has 1001 entries",
                many("/dispatch/parts/0/departments", times(1001, "yjj"))),
            ("under_another_authority", "", under("", Value::Null)),
            ("under_itself", "above: is this draw's own authority and scope",
                under("/above", json!({"authority": "350500-wsjd", "scope": "test"}))),
            ("under_another_by_half", "design: leaves units out",
                under("/design", json!({"method": "rate", "rate": "0.5"}))),
            ("under_another_with_a_population", "population: leaves units out", under("/population", Value::Null)),
            ("under_another_with_exclusions", "exclusions: leaves units out", under("/exclusions", Value::Null)),
            ("under_another_with_ratios", "ratios: leaves units out", under("/ratios", Value::Null)),
            ("under_another_with_rows_that_are_not_drawn", "frame.listed: leaves units out",
                under("/frame/listed", json!(["closed"]))),
            ("under_another_with_a_share", "round.share: is 0.25", under("/round/share", json!("0.25"))),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn teams() -> Vec<Case> {
    let pin = json!({"basis": "b", "inspector": "I-0003", "post": "member", "unit": "T-000002"});
    cases_of(
        "policy",
        [
            ("cap_above_999999", "team.cap: 1000000 is above 999999", json!([["/team/cap", 1_000_000]])),
            ("day_cap_0", "team.caps.day: 0 is not 1 to 999999", json!([["/team/caps/day", 0]])),
            ("week_cap_above", "team.caps.week: 1000000 is not", json!([["/team/caps/week", 1_000_000]])),
            ("day_cap_without_days", "team.caps.day: has no meaning without team.days",
                json!([["/team/days"], ["/team/caps/week"]])),
            ("ceiling_0", "team.ceiling: 0 is not above 0", json!([["/team/ceiling", "0"]])),
            ("ceiling_above_1", "team.ceiling: 1.1 is not above 0", json!([["/team/ceiling", "1.1"]])),
            ("days_out_of_order", "team.days: do not ascend",
                json!([["/team/days", ["2026-02-04", "2026-02-03"]]])),
            ("day_twice", "team.days: do not ascend", json!([["/team/days", ["2026-02-04", "2026-02-04"]]])),
            ("day_outside", "2026-02-28 is outside the window",
                json!([["/team/days", ["2026-02-27", "2026-02-28"]]])),
            ("no_departments", "*team.departments: is empty", json!([["/team/departments", []]])),
            ("department_twice", "team.departments: has wsjd twice",
                json!([["/team/departments/1/department", "wsjd"]])),
            ("strange_department", "police is not among roster.departments",
                json!([["/team/departments/1/department", "police"]])),
            ("one_officer", "team.departments[1].officers: 1 is not 2 to 20",
                json!([["/team/departments/1/officers", 1]])),
            ("21_officers", "team.departments[1].officers: 21 is not 2 to 20",
                json!([["/team/departments/1/officers", 21]])),
            ("post_twice", "posts: has lead twice",
                json!([["/team/departments/0/posts/1/post", "lead"]])),
            ("post_of_members", "member is the post of all who hold no other",
                json!([["/team/departments/0/posts/1/post", "member"]])),
            ("lead_of_the_second_department", "only the first department leads",
                json!([["/team/departments/1/posts", [{"places": 1, "post": "lead"}]]])),
            ("two_leads", "2 is not 1: one officer leads",
                json!([["/team/departments/0/posts/0/places", 2]])),
            ("post_of_no_place", "posts[1].places: 0 is not 1 to 20",
                json!([["/team/departments/0/posts/1/places", 0]])),
            ("post_of_21_places", "posts[1].places: 21 is not 1 to 20",
                json!([["/team/experts/posts/1/places", 21]])),
            ("post_that_needs_a_stranger", "needs: is not among roster.qualifications",
                json!([["/team/departments/0/posts/1/needs", "flying"]])),
            ("post_of_a_kind_twice", "kinds: names a kind twice",
                json!([["/team/departments/0/posts/1/kinds", ["clinic", "clinic"]]])),
            ("post_of_no_kind", "kinds: is empty, or names a kind",
                json!([["/team/departments/0/posts/1/kinds", []]])),
            ("post_of_a_strange_kind", "kinds: is empty, or names a kind",
                json!([["/team/experts/posts/1/kinds", ["school"]]])),
            ("more_places_than_officers", "have 4 places at hospital, of 3 officers",
                json!([["/team/departments/0/posts/1/places", 3]])),
            ("no_barred_roles", "team.enterprises: has no roles or no kinds",
                json!([["/team/enterprises/barred", []]])),
            ("no_enterprises", "team.enterprises: has no roles or no kinds",
                json!([["/team/enterprises/kinds", []]])),
            ("barred_role_twice", "team.enterprises.barred: has grid twice",
                json!([["/team/enterprises/barred/1", "grid"]])),
            ("strange_enterprises", "team.enterprises.kinds: names a kind",
                json!([["/team/enterprises/kinds/0", "school"]])),
            ("enterprises_twice", "team.enterprises.kinds: names a kind",
                json!([["/team/enterprises/kinds/1", "clinic"]])),
            ("enterprises_without_basis", "team.enterprises.basis: is empty",
                json!([["/team/enterprises/basis", ""]])),
            ("cap_of_experts_above_999999", "team.experts.cap: 1000000 is above",
                json!([["/team/experts/cap", 1_000_000]])),
            ("no_posts_of_experts", "team.experts.posts: is empty", json!([["/team/experts/posts", []]])),
            ("expert_who_leads", "only the first department leads",
                json!([["/team/experts/posts/0/post", "lead"]])),
            ("limit_of_0", "team.limit.most: is 0", json!([["/team/limit/most", 0]])),
            ("shortlist_of_3", "team.shortlist: 3 is not 4 to 10000", json!([["/team/shortlist", 3]])),
            ("shortlist_of_10001", "team.shortlist: 10001 is not", json!([["/team/shortlist", 10_001]])),
            ("pin_to_no_post", "chief is a post of no department", json!([["/team/pins/0/post", "chief"]])),
            ("pin_to_a_post_of_experts", "jurist is a post of no department",
                json!([["/team/pins/0/post", "jurist"]])),
            ("pin_without_basis", "team.pins[0].basis: is empty", json!([["/team/pins/0/basis", ""]])),
            ("pin_twice", "team.pins: has T-000002 I-0003 twice",
                json!([["/team/pins/4", pin]])),
            ("qualification_of_a_strange_kind", "school: medical is not of the vocabularies",
                json!([["/team/qualifications/school", "medical"]])),
            ("qualification_that_there_is_not", "hospital: flying is not of the vocabularies",
                json!([["/team/qualifications/hospital", "flying"]])),
            ("back_check_by_the_same", "team.rotation: is false, and a back-check",
                json!([["/population/visited_since", "2025-12-01"], ["/team/rotation", false]])),
            ("source_without_text", "witness, game, issue and party are 1 to 200 letters",
                json!([["/beacon/sources/0/witness", " "]])),
            ("lead_of_32_days", "at most 2678400 are allowed", json!([["/beacon/lead", 2_678_401]])),
            ("lead_of_0_written_out", "", json!([["/beacon/lead", 0]])),
            ("source_after_the_window", "after window.from 2026-02-02",
                json!([["/beacon/fallbacks/0/source/at", "2026-02-03T00:00:00Z"]])),
            ("source_on_the_first_day", "",
                json!([["/beacon/fallbacks/0/source/at", "2026-02-02T23:59:59Z"]])),
            ("source_twice", "*beacon.sources: has dice twice",
                json!([["/beacon/fallbacks/0/source/id", "dice"]])),
            ("too_few_bits", "at least 128 are needed", json!([["/beacon/sources/0/count", 38]])),
            ("dice_without_sides", "2 to 10 sides are possible", json!([["/beacon/sources/0/sides", 1]])),
            ("fallback_of_nobody", "which is no source that can be silent",
                json!([["/beacon/fallbacks/0/for", "none"]])),
        ],
    )
}

/// Ids of units at a pin, and divisions: Spec 1.6.
#[rustfmt::skip] // One case a line.
fn ids() -> Vec<Case> {
    let pin = |id: &str| json!([["/team/pins/0/unit", id]]);
    let division = |code: &str| json!([["/frame/divisions/4", code]]);
    cases_of(
        "policy",
        [
            ("credit_code", "", pin("91350100M000100Y43")),
            ("credit_code_with_another_check", "GB 32100 computes", pin("91350100M000100Y44")),
            ("credit_code_with_another_organisation_check", "GB 11714", pin("91350100M000100Y30")),
            ("credit_code_with_a_letter_that_it_has_not", "'I' at place 9", pin("91350100I000100Y43")),
            ("credit_code_of_no_province", "no province", pin("91160100M000100Y43")),
            ("credit_code_of_the_nation", "", pin("91100000100000008E")),
            ("registration_number", "", pin("350500100000010")),
            ("registration_number_with_another_check", "GS 15-2006 computes", pin("350500100000018")),
            ("local_id", "", pin("a-1")),
            ("local_id_without_hyphen", "is no credit code", pin("HOSP0017")),
            ("local_id_with_its_hyphen_at_the_end", "is no credit code", pin("HOSP0017-")),
            ("credit_code_with_a_character_missing", "is no credit code", pin("91350100M000100Y4")),
            ("division_of_no_province", "no province", division("160502")),
            ("division_of_the_nation", "", division("100000")),
            ("division_of_the_capital_of_no_province", "no province", division("100100")),
            ("county_without_a_city", "a county without a city", division("350002")),
            ("division_of_five_digits", "is not six digits", division("35050")),
            ("division_of_letters", "is not six digits", division("35050a")),
            ("taiwan", "", division("710000")),
            ("hong_kong", "", division("810000")),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn ratings() -> Vec<Case> {
    let rule = |n: u64| json!({"basis": "b", "code": format!("r{n}"), "does": {"raise_by": {"risk": 1}}});
    // With those that the table has.
    let rules: Vec<Value> = (0..990).map(rule).collect();
    let under = json!([["/above", {"authority": "a", "scope": "s"}], ["/design", {"method": "rate", "rate": "1"}],
        ["/round", {"rest": "1", "share": "0"}], ["/frequency"], ["/coverage", {"guards": [], "minimum": "0"}]]);
    cases_of(
        "rated",
        [
            ("as_it_is", "", json!([])),
            ("population_that_has_what_lowers", "population.has: names red, which may lower",
                json!([["/population", {"has": {"red": 1}}]])),
            ("signal_that_lowers", "signals[0]: names red, which may lower",
                json!([["/signals", [{"add": "0.1", "at_least": 1, "basis": "b", "signal": "red"}]]])),
            ("certainty_of_what_lowers", "names red, which may lower",
                json!([["/certainties", [{"basis": "b", "code": "c", "rule": {"signal": {"at_least": 1,
                "signal": "red"}}}]]])),
            ("rule_without_basis", "rating rule serious.basis: is empty",
                json!([["/rating/levels/1/rules/0/basis", ""]])),
            ("1001_lowering_signals", "*names more than 1000 signals",
                json!([["/rating/lowering", times(1001, "red")]])),
            ("1001_rules", "has 1001 rules, at most 1000 are allowed",
                json!([["/rating/levels/2", {"code": "many", "rules": rules}]])),
            ("empty_when", "", json!([["/rating/levels/0/rules/0/when", {}]])),
            ("under_another_with_a_rule_that_limits_visits", "rating.visits: has a rule with `at_most`", under.clone()),
            ("under_another_with_rules_that_limit_nothing", "", {
                let mut changes = under;
                changes.as_array_mut().unwrap().push(json!(["/rating/visits/1"]));
                changes
            }),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn places() -> Vec<Case> {
    let areas = |place: &str, value: Value| json!([[format!("/frame/divisions/{place}"), value]]);
    let mut cases = cases_of(
        "elsewhere",
        [
            ("as_it_is", "", json!([])),
            ("entry_of_code_alone", "write its code alone", areas("0", json!({"code": "state"}))),
            ("entry_with_a_stranger", "unknown field `level`", areas("0/level", json!(1))),
            ("entry_without_code", "missing field `code`", areas("0", json!({"name": "The State"}))),
            ("entry_of_no_code", "has ' ' at place 4", areas("5/parent", json!("the north"))),
            ("entry_without_a_name_for_people", "350502 has no name", areas("3/name", json!(" "))),
            ("parent_that_is_missing", "350502 lies in east, which the list does not have", areas("3/parent", json!("east"))),
            ("cycle", "north, 350502, north: each lies in the next", areas("1/parent", json!("350502"))),
            ("area_in_itself", "north, north: each lies in the next", areas("1/parent", json!("north"))),
            ("division_twice", "*frame.divisions: has north twice", areas("2/code", json!("north"))),
            ("six_levels", "*c lies in 5 areas",
                json!([["/frame/divisions/0", {"code": "state", "parent": "a"}], ["/frame/divisions/4", {"code": "a", "parent": "b"}],
                ["/frame/divisions/6", {"code": "b", "name": "b"}], ["/frame/divisions/2", {"code": "c", "parent": "350502"}],
                ["/frame/divisions/5", {"code": "south", "parent": "state"}]])),
            ("flat_list", "",
                json!([["/frame/divisions", ["n", "s"]], ["/strata", ["area1"]], ["/coverage/guards", ["total"]], ["/ratios/0/at", "area1"],
                ["/ratios/0/is", ["n"]], ["/team/jurisdiction", "own"]])),
            ("level_of_digits", "strata[1]: county is a level of GB/T 2260",
                json!([["/strata/1", "county"], ["/coverage/guards", ["total"]]])),
            ("level_that_is_too_deep", "strata[1]: area4 is level 4",
                json!([["/strata/1", "area4"], ["/coverage/guards", ["total"]]])),
            ("jurisdiction_of_digits", "team.jurisdiction: city is a level of GB/T 2260", json!([["/team/jurisdiction", "city"]])),
            ("jurisdiction_of_the_whole", "team.jurisdiction: area3 is the division itself", json!([["/team/jurisdiction", "area3"]])),
            ("jurisdiction_of_experts", "team.experts.jurisdiction: area4 is level 4",
                json!([["/team/experts", {"cap": 2, "jurisdiction": "area4", "posts": [{"places": 1, "post": "guest"}]}]])),
            ("ratio_of_an_area_of_another_level", "350502 is not among the values", json!([["/ratios/0/is/0", "350502"]])),
            ("population_of_a_county", "", json!([["/population", {"divisions": ["north", "350503"]}]])),
            ("population_elsewhere", "east covers none of frame.divisions", json!([["/population", {"divisions": ["east"]}]])),
            ("plain_ids", "",
                json!([["/frame/ids", "plain"], ["/certainties", [{"basis": "a rule", "code": "named", "rule": {"units": ["R1042"]}}]]])),
            ("ids_of_no_form", "unknown variant `national`", json!([["/frame/ids", "national"]])),
            ("plain_id_of_a_certainty", "certainties[0].rule.units: R1042 is no credit code",
                json!([["/certainties", [{"basis": "a rule", "code": "named", "rule": {"units": ["R1042"]}}]]])),
            ("plain_id_of_an_exclusion", "exclusions[0].rule.units: R1042 is no credit code",
                json!([["/exclusions", [{"basis": "a rule", "code": "named", "rule": {"units": ["R1042"]}}]]])),
            ("plain_id_of_a_pin", "team.pins: R1042 is no credit code",
                json!([["/team/pins", [{"basis": "a rule", "inspector": "I-0000", "post": "member", "unit": "R1042"}]]])),
            ("two_officers", "", json!([["/team/departments/0/officers", 2], ["/team/alone"]])),
            ("alone_without_a_rule", "officers: 1 is not 2 to 20: for one officer name in team.alone",
                json!([["/team/alone"]])),
            ("alone_without_words", "team.alone: is empty or no text", json!([["/team/alone", " "]])),
            ("rule_without_a_team_of_one", "every department sends more", json!([["/team/departments/0/officers", 2]])),
            ("nobody", "0 is not 1 to 20", json!([["/team/departments/0/officers", 0], ["/team/departments/1", {"department": "scjg", "officers": 1}]])),
        ],
    );
    cases.extend(cases_of(
        "policy",
        [
            ("townships", "",
                json!([["/frame/divisions", ["350502", "350503001", {"code": "350582101201", "name": "某村"}, "350503"]],
                ["/strata", ["city", "county", "village"]]])),
            ("names_of_counties", "", json!([["/frame/divisions/0", {"code": "350502", "name": "鲤城区"}]])),
            ("township_in_a_second_spelling", "ends in 000", json!([["/frame/divisions/4", "350582000"]])),
            ("village_in_a_second_spelling", "ends in 000", json!([["/frame/divisions/4", "350582101000"]])),
            ("township_of_a_province", "the part above it", json!([["/frame/divisions/4", "350000101"]])),
            ("ward_among_counties", "ward-1 is not six digits", json!([["/frame/divisions/4", "ward-1"]])),
            ("township_as_a_stratum_of_counties", "strata[0]: township is level 4",
                json!([["/strata/0", "township"], ["/ratios/0", {"at": "total", "basis": "b", "code": "c", "least": 1}],
                ["/coverage/guards", ["total"]]])),
            ("level_of_an_own_list", "strata[0]: area1 is a level of lists with parents",
                json!([["/strata/0", "area1"], ["/ratios/0", {"at": "total", "basis": "b", "code": "c", "least": 1}],
                ["/coverage/guards", ["total"]]])),
            ("jurisdiction_of_the_whole", "team.jurisdiction: county is the division itself", json!([["/team/jurisdiction", "county"]])),
            ("plain_ids_in_china", "*frame.ids: is plain, and the divisions are of GB/T 2260", json!([["/frame/ids", "plain"]])),
            ("alone_in_china", "行政处罚法 art. 42",
                json!([["/team/departments/1/officers", 1], ["/team/alone", "a rule of the county"]])),
        ],
    ));
    let at = |place: &str, value: Value| json!([[format!("/roster/{place}"), value]]);
    let kin = json!({"basis": "kin", "ground": "statutory", "inspector": "I-0000", "unit": "R1042"});
    cases.extend(cases_of(
        "elsewhere_roster",
        [
            ("as_it_is", "", json!([])),
            ("officer_of_a_county", "", at("inspectors/0/divisions", json!(["north"]))),
            ("officer_of_no_area", "divisions \"110101\" is not among the policy's frame.divisions",
                at("inspectors/0/divisions", json!(["110101"]))),
            ("recusal_of_a_plain_id", "recusal.unit \"R1042\" is no credit code", at("recusals", json!([kin]))),
            ("recusal_where_ids_are_plain", "",
                json!([["/roster/recusals", [kin]], ["/policy/frame/ids", "plain"]])),
        ],
    ));
    cases
}

#[rustfmt::skip] // One case a line.
fn frames() -> Vec<Case> {
    let unit = |n: usize, field: &str, value: Value| json!([[format!("/frame/units/{n}/{field}"), value]]);
    cases_of(
        "frame",
        [
            ("as_it_is", "", json!([])),
            ("unknown_field", "unknown field `colour`", unit(0, "colour", json!("red"))),
            ("missing_field", "missing field `status`", json!([["/frame/units/0/status"]])),
            ("another_document", "a frame was expected", json!([["/frame/document", "roster"]])),
            ("id_that_is_none", "is no credit code", unit(0, "id", json!("HOSP0017"))),
            ("out_of_order", "units do not ascend", unit(0, "id", json!("T-000050"))),
            ("twice", "units do not ascend", unit(1, "id", json!("T-000000"))),
            ("blank_name", "is no text of 1 to 200", unit(0, "name", json!(" "))),
            ("name_of_two_lines", "is no text of 1 to 200", unit(0, "name", json!("a\nb"))),
            ("strange_division", "is not among the policy's frame.divisions",
                unit(0, "division", json!("350504"))),
            ("division_that_is_none", "is not six digits", unit(0, "division", json!("3505"))),
            ("strange_kind", "is not among the policy's frame.kinds", unit(0, "kind", json!("school"))),
            ("strange_risk", "is not among the policy's frame.risk", unit(0, "risk", json!("A"))),
            ("strange_credit", "is not among the policy's frame.credit", unit(0, "credit", json!("low"))),
            ("no_such_status", "unknown variant `gone`", unit(0, "status", json!("gone"))),
            ("status_of_a_licence", "unknown variant `expired`",
                json!([["/frame/units/0/status", "expired"], ["/policy/frame/listed", ["expired"]]])),
            ("closed", "is closed: such units do not belong", unit(0, "status", json!("closed"))),
            ("suspended", "is suspended: such units do not belong", unit(0, "status", json!("suspended"))),
            ("closed_and_listed", "",
                json!([["/frame/units/0/status", "closed"], ["/policy/frame/listed", ["closed"]]])),
            ("opened_tomorrow", "is later than the frame's own date", unit(1, "opened", json!("2026-01-02"))),
            ("opened_today", "", unit(1, "opened", json!("2026-01-01"))),
            ("opened_on_no_day", "is no date", unit(1, "opened", json!("2025-02-29"))),
            ("grid_that_is_no_code", "has ' ' at place 2", unit(1, "grid", json!("a b"))),
            ("licences_out_of_order", "does not have the order", unit(1, "licences/0/number", json!("L-2"))),
            ("licence_twice", "is given twice in this row", unit(1, "licences/0/number", json!("L-1"))),
            ("licence_without_number", "is no text of 1 to 200", unit(1, "licences/0/number", json!(""))),
            ("licence_until_no_day", "is no date", unit(1, "licences/0/valid_until", json!("2026-13-01"))),
            ("all_licences_expired", "is expired: such units do not belong",
                json!([["/frame/units/1/licences/0/valid_until", "2025-12-31"],
                ["/frame/units/1/licences/1/valid_until", "2025-12-31"]])),
            ("one_licence_expired", "", unit(1, "licences/0/valid_until", json!("2025-12-31"))),
            ("expired_and_listed", "",
                json!([["/frame/units/1/licences/0/valid_until", "2025-12-31"],
                ["/frame/units/1/licences/1/valid_until", "2025-12-31"], ["/policy/frame/listed",
                ["expired"]]])),
            ("expires_today", "",
                json!([["/frame/units/1/licences/0/valid_until", "2026-01-01"],
                ["/frame/units/1/licences/1/valid_until", "2026-01-01"]])),
            ("no_licences_written_out", "not canonical", unit(0, "licences", json!([]))),
            ("no_signals_written_out", "not canonical", unit(1, "signals", json!({}))),
            ("signal_of_0", "does not have the order and the values", unit(0, "signals", json!({"late": 0}))),
            ("signal_above", "is no count of 0 to 999999999",
                unit(0, "signals", json!({"late": 1_000_000_000}))),
            ("signal_that_is_no_code", "has ' ' at place 2", unit(0, "signals", json!({"a b": 1}))),
            ("salt_key_too_short", "is not 64 lower-case", json!([["/frame/salt_key", "07"]])),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn rosters() -> Vec<Case> {
    let at = |place: &str, value: Value| json!([[format!("/roster/{place}"), value]]);
    cases_of(
        "roster",
        [
            ("as_it_is", "", json!([])),
            ("unknown_field", "unknown field `phone`", at("inspectors/0/phone", json!("1"))),
            ("missing_field", "missing field `department`", json!([["/roster/inspectors/0/department"]])),
            ("id_that_is_none", "has ' ' at place 2", at("inspectors/0/id", json!("I 0"))),
            ("out_of_order", "do not ascend", at("inspectors/0/id", json!("I-9999"))),
            ("experts_out_of_order", "do not ascend", at("experts/0/id", json!("Y"))),
            ("blank_name", "is no text of 1 to 200", at("inspectors/0/name", json!(""))),
            ("strange_department", "roster.departments: wsjd, scjg",
                at("inspectors/0/department", json!("police"))),
            ("no_division", "names no division", at("inspectors/0/divisions", json!([]))),
            ("division_twice", "is given twice in this row",
                at("inspectors/0/divisions", json!(["350502", "350502"]))),
            ("divisions_out_of_order", "does not have the order",
                at("inspectors/0/divisions", json!(["350503", "350502"]))),
            ("division_that_is_none", "no province", at("inspectors/0/divisions/0", json!("160000"))),
            ("division_that_the_frame_has_not", "", at("inspectors/0/divisions/0", json!("350000"))),
            ("strange_qualification", "roster.qualifications",
                at("inspectors/0/qualifications/0", json!("flying"))),
            ("qualifications_out_of_order", "does not have the order",
                at("inspectors/0/qualifications", json!(["senior", "medical"]))),
            ("qualification_twice", "is given twice in this row",
                at("inspectors/0/qualifications", json!(["medical", "medical"]))),
            ("no_qualifications_written_out", "not canonical", at("inspectors/0/qualifications", json!([]))),
            ("certified_backwards", "ends before it begins",
                at("inspectors/0/certified_from", json!("2028-01-01"))),
            ("no_longer_certified", "has run out by 2026-01-01",
                at("inspectors/0/certified_until", json!("2025-12-31"))),
            ("certified_until_today", "", at("inspectors/0/certified_until", json!("2026-01-01"))),
            ("no_longer_certified_and_listed", "",
                json!([["/roster/inspectors/0/certified_until", "2025-12-31"], ["/policy/roster/listed",
                ["expired"]]])),
            ("absent_backwards", "ends before it begins",
                at("inspectors/0/absences", json!([{"from": "2026-02-04", "to": "2026-02-03"}]))),
            ("absences_out_of_order", "does not have the order",
                at("inspectors/0/absences", json!([{"from": "2026-02-04", "to": "2026-02-04"},
                {"from": "2026-02-03", "to": "2026-02-03"}]))),
            ("absence_twice", "is given twice in this row",
                at("inspectors/0/absences", json!([{"from": "2026-02-04", "to": "2026-02-04"},
                {"from": "2026-02-04", "to": "2026-02-04"}]))),
            ("absences_that_overlap", "",
                at("inspectors/0/absences", json!([{"from": "2026-02-04", "to": "2026-02-09"},
                {"from": "2026-02-04", "to": "2026-02-10"}]))),
            ("cap_above", "is above 999999", at("inspectors/0/cap", json!(1_000_000))),
            ("cap_of_0", "", at("inspectors/0/cap", json!(0))),
            ("load_above", "the load above 1000000", at("inspectors/0/load", json!(1_000_001))),
            ("load_of_0_written_out", "not canonical", at("inspectors/0/load", json!(0))),
            ("family_that_is_no_code", "has ' ' at place 2", at("inspectors/0/family", json!("a b"))),
            ("expert_no_longer_engaged", "has run out by 2026-01-01",
                at("experts/0/engaged_until", json!("2025-12-31"))),
            ("expert_of_no_role", "unknown variant `clerk`", at("experts/0/role", json!("clerk"))),
            ("role_written_out", "not canonical", at("experts/0/role", json!("expert"))),
            ("expert_who_is_an_officer", "stands among the officers", at("experts/0/id", json!("I-0000"))),
            ("expert_without_division", "names no division", at("experts/0/divisions", json!([]))),
            ("recusals_out_of_order", "do not ascend", at("recusals/0/inspector", json!("I-0009"))),
            ("recusal_twice", "do not ascend",
                json!([["/roster/recusals/1/inspector", "I-0001"], ["/roster/recusals/1/unit", "T-000005"]])),
            ("recusal_with_a_stranger", "unknown field `phone`", at("recusals/1/phone", json!("1"))),
            ("no_experts_written_out", "not canonical", at("experts", json!([]))),
            ("recusal_of_nobody", "is no officer of the roster", at("recusals/1/inspector", json!("I-0777"))),
            ("recusal_of_an_expert", "", at("recusals/1/inspector", json!("X-0001"))),
            ("recusal_from_no_id", "is no credit code", at("recusals/1/unit", json!("T000002"))),
            ("recusal_from_a_unit_elsewhere", "", at("recusals/1/unit", json!("T-999999"))),
            ("recusal_on_no_ground", "unknown variant `mood`", at("recusals/1/ground", json!("mood"))),
            ("recusal_without_basis", "is no text of 1 to 200", at("recusals/1/basis", json!(" "))),
        ],
    )
}

#[rustfmt::skip] // One case a line.
fn cycles() -> Vec<Case> {
    cases_of(
        "cycle",
        [
            ("as_it_is", "", json!([])),
            ("unknown_field", "unknown field `colour`", json!([["/standings/0/colour", "red"]])),
            ("a_salt_in_the_file", "unknown field `salt`", json!([["/salt", "1".repeat(64)]])),
            ("no_salt_key", "has document, protocol and salt_key", json!([["/salt_key"]])),
            ("id_that_is_none", "has ' ' at place 2", json!([["/standings/0/unit", "T 000000"]])),
            ("id_that_is_plain", "", json!([["/standings/0/unit", "T000000"], ["/standings/1/unit", "T000003"],
                ["/standings/2/unit", "T000005"], ["/open/0/units/0/unit", "T000000"], ["/open/0/units/1/unit", "T000003"],
                ["/open/0/units/2/unit", "T000005"], ["/open/0/pending/0/unit", "T000000"]])),
            ("standing_twice", "has two standings", json!([["/standings/1/unit", "T-000000"]])),
            ("standings_out_of_order", "has two standings", json!([["/standings/0/unit", "T-000004"]])),
            ("spent_above_1", "1.5 of the cycle is spent", json!([["/spent", "1.5"]])),
            ("spent_below_the_open_draws", "0.2 of the cycle is spent", json!([["/spent", "0.2"]])),
            ("exposure_not_canonical", "not canonical", json!([["/standings/0/exposure", "0.750"]])),
            ("more_settled_than_drawn", "visits and missed ones are at most the drawn ones",
                json!([["/standings/1/missed", 1]])),
            ("too_many_others", "counts at most 1000000", json!([["/standings/1/others", 1_000_001]])),
            ("window_of_0_cycles", "windows 1 to 20", json!([["/standings/1/cycles", 0]])),
            ("phase_of_a_slack_above_5", "has a slack above 5 or more",
                json!([["/standings/0/phase", {"slack": "5.1", "visits": 1}]])),
            ("phase_of_too_many_visits", "has a slack above 5 or more",
                json!([["/standings/0/phase", {"slack": "0", "visits": -10_000_001}]])),
            ("phase_of_nothing_written_out", "not canonical",
                json!([["/standings/0/phase", {"slack": "0", "visits": 0}]])),
            ("phase", "", json!([["/standings/0/phase", {"slack": "2.5", "visits": -2}]])),
            ("phase_of_a_draw_above_5", "is none that a draw gives",
                json!([["/open/0/units/0/phase", {"slack": "6", "visits": 1}]])),
            ("phase_of_a_draw_of_the_slack_before", "is none that a draw gives",
                json!([["/open/0/units/0/phase", {"slack": "1", "visits": 1}],
                    ["/open/0/units/0/had", {"slack": "1", "visits": 2}]])),
            ("phase_before_without_one", "is none that a draw gives",
                json!([["/open/0/units/0/had", {"slack": "1", "visits": 2}]])),
            ("phase_before_of_nothing_written_out", "not canonical",
                json!([["/open/0/units/0/phase", {"slack": "1", "visits": 1}],
                    ["/open/0/units/0/had", {"slack": "0", "visits": 0}]])),
            ("phase_of_a_draw", "",
                json!([["/open/0/units/0/phase", {"slack": "1", "visits": 1}],
                    ["/open/0/units/0/had", {"slack": "2", "visits": 2}]])),
            ("team_out_of_order", "names an officer twice",
                json!([["/standings/0/last_team", ["I-2", "I-1"]]])),
            ("team_of_no_ids", "has ' ' at place 2", json!([["/standings/0/last_team", ["I 1"]]])),
            ("no_team_written_out", "not canonical", json!([["/standings/1/last_team", []]])),
            ("visit_that_no_draw_has", "is to be visited 1 times", json!([["/standings/1/drawn", 1]])),
            ("visit_that_nobody_drew", "more visits are pending", json!([["/standings/0/drawn", 1]])),
            ("credit_that_nobody_has", "more visits are pending", json!([["/standings/0/credited", 0]])),
            ("pending_outside_the_draw", "more visits are pending", json!([["/open/0/units/0"]])),
            ("draw_above_the_last", "its number is not after", json!([["/last", 3]])),
            ("draw_not_after_the_one_before", "its number is not after", json!([["/open/0/before", 4]])),
            ("draw_0", "its number is not after", json!([["/open/0/draw", 0]])),
            ("settled_and_not_the_last", "nothing is pending",
                json!([["/last", 5], ["/open/0/pending", []], ["/standings/0/drawn", 1]])),
            ("settled_and_the_last", "", json!([["/open/0/pending", []], ["/standings/0/drawn", 1]])),
            ("units_of_a_draw_out_of_order", "its units do not ascend",
                json!([["/open/0/units/0/unit", "T-000004"]])),
            ("unit_without_a_standing", "it names a unit without a standing",
                json!([["/open/0/units/1/unit", "T-000004"]])),
            ("window_before_of_21_cycles", "it names a unit without a standing",
                json!([["/open/0/units/0/was", 21]])),
            ("begun_twice", "begins one twice",
                json!([["/last", 5], ["/spent", "1"], ["/standings/0/drawn", 3], ["/standings/0/credited",
                3], ["/open/1", {"before": 4, "draw": 5, "pending": [{"credited": true, "unit": "T-000000"}],
                "share": "0.25", "units": [{"add": "0.1", "unit": "T-000000"}]}]])),
            ("second_open_draw", "",
                json!([["/last", 5], ["/spent", "1"], ["/standings/0/drawn", 3], ["/standings/0/credited",
                3], ["/open/1", {"before": 4, "draw": 5, "pending": [{"credited": true, "unit": "T-000000"}],
                "share": "0.25", "units": [{"add": "0.1", "unit": "T-000000", "was": 1}]}]])),
            ("draws_out_of_order", "draws do not ascend",
                json!([["/last", 5], ["/spent", "1"], ["/standings/0/drawn", 3], ["/standings/0/credited",
                3], ["/open/1", {"before": 3, "draw": 4, "pending": [{"credited": true, "unit": "T-000000"}],
                "share": "0.25", "units": [{"add": "0.1", "unit": "T-000000", "was": 1}]}]])),
            ("last_beyond_a_million_million", "draws do not ascend or are beyond",
                json!([["/last", 1_000_000_000_001_u64]])),
            ("item_that_was_never_checked", "item records was checked 0 times",
                json!([["/items/records", 0]])),
            ("no_items_written_out", "not canonical", json!([["/items", {}]])),
        ],
    )
}

fn cases() -> Vec<Case> {
    [policies(), levels(), teams(), ids(), ratings(), places(), frames(), rosters(), cycles()]
        .into_iter()
        .flatten()
        .collect()
}

/// The changes as a JSON Patch (RFC 6902), with one operation more: `fill` puts a list of so many copies.
fn patch(base: &Value, changes: &Value) -> Vec<Value> {
    let operation = |change: &Value| {
        let path = change[0].as_str().unwrap();
        let is_there = base.pointer(path).is_some();
        match change.get(1) {
            None => json!({"op": "remove", "path": path}),
            Some(value) if value.get("times").is_some() => {
                json!({"op": "fill", "path": path, "times": value["times"], "value": value["of"]})
            }
            Some(value) if is_there => json!({"op": "replace", "path": path, "value": value}),
            Some(value) => json!({"op": "add", "path": path, "value": value}),
        }
    };
    changes.as_array().unwrap().iter().map(operation).collect()
}

/// The document with the changes.
fn changed(base: &Value, changes: &Value) -> Value {
    let mut document = base.clone();
    for change in changes.as_array().unwrap() {
        let (parent, name) = change[0].as_str().unwrap().rsplit_once('/').unwrap();
        let value = change.get(1).map(filled);
        match (document.pointer_mut(parent).unwrap(), value) {
            (Value::Object(fields), Some(value)) => drop(fields.insert(name.to_owned(), value)),
            (Value::Object(fields), None) => assert!(fields.remove(name).is_some(), "{change}"),
            (Value::Array(list), value) => {
                let place: usize = name.parse().unwrap();
                if place < list.len() {
                    list.remove(place);
                }
                value.into_iter().for_each(|value| list.insert(place, value));
            }
            _ => panic!("{change}"),
        }
    }
    document
}

/// A value with every list of copies written out.
fn filled(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.contains_key("times") => {
            let times = usize::try_from(fields["times"].as_u64().unwrap()).unwrap();
            Value::Array(vec![fields["of"].clone(); times])
        }
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled(value))).collect(),
        value => value.clone(),
    }
}

fn problems<R: Display>(found: Result<(), Problems<R>>) -> Vec<String> {
    let texts = |problems: Problems<R>| problems.as_slice().iter().map(ToString::to_string).collect();
    found.err().map(texts).unwrap_or_default()
}

/// Why a document is refused; nothing if it is not.
fn refused(document: &str, value: &Value) -> Vec<String> {
    let form = |error: &dyn Display| vec![error.to_string()];
    let terms = || Policy::from_json(&value["policy"].to_string()).unwrap();
    match document {
        "policy" | "rated" | "elsewhere" => match Policy::from_json(&value.to_string()) {
            Ok(_) => Vec::new(),
            Err(PolicyError::Rules(rules)) => {
                rules.iter().map(|rule| format!("{}: {}", rule.place, rule.rule)).collect()
            }
            Err(error) => form(&error),
        },
        "frame" => match Frame::from_json(&encode(&value["frame"]).unwrap()) {
            Ok((frame, _)) => problems(frame.conforms(&terms().frame, terms().as_of)),
            Err(error) => form(&error),
        },
        "roster" | "elsewhere_roster" => match Roster::from_json(&encode(&value["roster"]).unwrap()) {
            Ok((roster, _)) => problems(roster.conforms(&terms().roster, terms().as_of)),
            Err(error) => form(&error),
        },
        "cycle" => match Cycle::from_json(&encode(value).unwrap()) {
            Ok(_) => Vec::new(),
            Err(error) => form(&error),
        },
        other => panic!("{other}"),
    }
}

pub(super) fn files() -> Files {
    let bases = bases();
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for case in cases() {
        let base = &bases[case.document];
        let value = changed(base, &case.changes);
        let told = refused(case.document, &value);
        let (says, alone) = (case.says.trim_start_matches('*'), !case.says.starts_with('*'));
        let fits = match says {
            "" => told.is_empty(),
            says => told.iter().any(|told| told.contains(says)) && (!alone || told.len() == 1),
        };
        if !fits {
            wrong.push(format!("{} {}: {says:?}, told {told:?}", case.document, case.name));
        }
        let mut line = json!({"document": case.document, "name": case.name,
                              "patch": patch(base, &case.changes), "refused": !says.is_empty()});
        // What is filled in and what is left out, before hashing.
        if told.is_empty() && matches!(case.document, "policy" | "rated") {
            line["digest"] = json!(Policy::from_json(&value.to_string()).unwrap().digest());
        }
        lines.push(line);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let bases: Vec<String> =
        bases.as_object().unwrap().iter().map(|(name, base)| format!("{}:{base}", json!(name))).collect();
    let cases: Vec<String> = lines.iter().map(Value::to_string).collect();
    let text = format!(
        "{{\"protocol\":\"{PROTOCOL}\",\"section\":\"9\",\"count\":{},\"bases\":{{\n{}\n}},\"cases\":[\n{}\n]}}\n",
        lines.len(),
        bases.join(",\n"),
        cases.join(",\n")
    );
    Files::from([("refusals.json".to_owned(), text.into_bytes())])
}

/// Problems that only rows of a table can have: a file holds none of these.
fn of_tables() -> Vec<String> {
    let policy = testkit::policy(|_| ());
    let row = |n: u64, change: &dyn Fn(&mut UnitRow)| {
        let mut row = testkit::unit_row(n);
        change(&mut row);
        row
    };
    let licence = |number: &str| vec![LicenceRow { number: number.into(), ..LicenceRow::default() }];
    let rows = [
        row(1, &|row| row.licences = licence("L-1")),
        row(1, &|row| (row.row, row.licences) = (20, licence("L-2"))),
        row(1, &|row| row.row = 21),
        row(2, &|row| row.status = "gone".into()),
        row(3, &|row| row.signals = vec![("late".into(), "many".into())]),
        row(4, &|row| row.signals = vec![("late".into(), "1".into()), ("late".into(), "1".into())]),
    ];
    let mut told = problems(Frame::new(rows, &policy.frame, policy.as_of).map(drop));
    let officer = |n: u64, change: &dyn Fn(&mut InspectorRow)| {
        let mut row = testkit::inspector_row(n);
        change(&mut row);
        row
    };
    let officers = [
        officer(1, &|row| row.cap = "many".into()),
        officer(2, &|row| row.load = "1000001".into()),
        officer(2, &|row| row.row = 30),
    ];
    let expert = ExpertRow { row: 1, id: "X-1".into(), role: "clerk".into(), ..ExpertRow::default() };
    let mut recusals = [testkit::recusal_row(1, 1), testkit::recusal_row(1, 1), testkit::recusal_row(1, 2)];
    recusals[2].ground = "mood".into();
    let roster = Roster::with_experts(officers, [expert], recusals, &policy.roster, policy.as_of);
    told.extend(problems(roster.map(drop)));
    told
}

/// The texts in a source file that have words, escapes and line ends taken out. Comments have none.
fn texts(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("'\"'", "");
    let (mut found, mut rest) = (Vec::new(), code.as_str());
    while let Some((before, inside)) = rest.split_once('"') {
        let mut text = String::new();
        let mut chars = inside.char_indices();
        let end = loop {
            match chars.next().unwrap() {
                (end, '"') => break end,
                (_, '\\') => match chars.next().unwrap().1 {
                    '\n' => {
                        let blank =
                            inside[chars.offset()..].len() - inside[chars.offset()..].trim_start().len();
                        let _skipped = chars.by_ref().take(blank).count();
                    }
                    other => text.push(other),
                },
                (_, other) => text.push(other),
            }
        };
        if !before.ends_with("expect(") {
            found.push(text);
        }
        rest = &inside[end + 1..];
    }
    found.retain(|text| text.trim().contains(' '));
    found
}

/// Whether a message can come of a text with places to fill in.
fn comes_of(message: &str, text: &str) -> bool {
    let mut parts = text.split('{').enumerate().map(|(n, part)| match part.split_once('}') {
        Some((_, after)) if n > 0 => after,
        _ => part,
    });
    let mut rest = message;
    parts.all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Every message that a reader of these documents can give is given by some case: a rule without a case
/// would be one that the second implementation need not have.
#[test]
fn every_refusal_has_a_case() {
    let bases = bases();
    let mut told = of_tables();
    for case in cases() {
        told.extend(refused(case.document, &changed(&bases[case.document], &case.changes)));
    }
    let ratings = bad_ratings().into_iter().map(|(change, _)| rated_policy_json(change));
    told.extend(ratings.filter_map(|text| Some(Policy::from_json(&text).err()?.to_string())));
    let packs = bad_packs().into_iter().map(|(change, _)| pack_json(change));
    told.extend(
        packs.filter_map(|text| Some(double_random::pack::Pack::from_json(&text).err()?.to_string())),
    );
    let mut missing = Vec::new();
    let mut seen = 0;
    for file in [
        "id.rs",
        "calendar/mod.rs",
        "table/document.rs",
        "frame/mod.rs",
        "frame/rows.rs",
        "roster/mod.rs",
        "roster/rows.rs",
        "policy/check.rs",
        "policy/decimal.rs",
        "policy/rating.rs",
        "policy/team.rs",
        "policy/vocabulary.rs",
        "cycle/mod.rs",
    ] {
        let source = fs::read_to_string(testkit::repository("src").join(file)).unwrap();
        for text in texts(source.split("#[cfg(test)]").next().unwrap()) {
            seen += 1;
            let given = told.iter().any(|told| comes_of(told, &text));
            if !given && !OTHER_TEXTS.contains(&text.as_str()) {
                missing.push(format!("{file}: {text:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "no case of refusals.rs gives:\n{}", missing.join("\n"));
    assert!(seen > 100, "only {seen} texts: does this test still read the sources?");
}

/// Texts that refuse nothing, or no document of these cases.
const OTHER_TEXTS: &[&str] = &[
    // What a rating rule did to a unit: said in explanations.
    "rule {code}: nothing to move",
    "rule {code}: {from} → {to}",
    "rule {code} for {because}: nothing to move",
    "rule {code} for {because}: {from} → {to}",
    // Said in the words of `bytes::written`, as of every unknown variant: `no_such_reach`.
    "unknown variant `{text}`, expected one of `own`, {}, `any`",
    // Of what people type, which no document holds: `Instant` as the authority's clock shows it.
    "is neither YYYY-MM-DD HH:MM, as the authority's clock shows it, nor YYYY-MM-DDTHH:MM:SSZ (UTC)",
    // Of rows under a pack: `levels_of_a_register_begin_the_rules_or_are_refused`.
    "is stated, and the rules of the pack give the levels of every unit: leave the cell empty, or let the pack say \
     that stated levels are where its rules begin (rating.start.stated)",
    "a string",
    "n  {}: {}",
    "does not come after {after}: streamed rows ascend by the bytes of their ids, each id once",
    "{n} × {signal}",
    "only {n} × {signal}",
    ": {from} → {to}",
    ": nothing to move",
    "draw {draw} still has a visit to be made at unit {unit}: enter what became of it in the ledger of that draw, \
     then the cycle can open another",
];
