//! A place with areas of its own: its counties and wards have codes that look like those of GB/T 2260 and mean
//! nothing of the kind, and one officer visits alone.

use crate::{policy, unit_row};
use double_random::Frame;
use double_random::frame::UnitRow;
use serde_json::{Value, json};

/// Wards under two counties under the state. By their digits all of them would lie in one city.
pub fn areas() -> Value {
    json!([
        {"code": "state", "name": "The State"},
        {"code": "north", "name": "North County", "parent": "state"},
        {"code": "south", "name": "South County", "parent": "state"},
        {"code": "350502", "name": "Ward 1", "parent": "north"}, {"code": "350582", "parent": "north"},
        {"code": "350503", "name": "Ward 3", "parent": "south"}, {"code": "350583", "parent": "south"}])
}

/// Turns the policy of the tests into one of that place.
pub fn elsewhere(p: &mut Value) {
    p["window"] = json!({"from": "2026-02-02", "to": "2026-02-27"});
    p["frame"]["divisions"] = areas();
    p["strata"] = json!(["area2", "area3", "kind"]);
    p["coverage"] = json!({"guards": ["total", "area2", "area3"], "minimum": "0.2"});
    p["ratios"] = json!([
        {"at": "area2", "basis": "a rule", "code": "north", "is": ["north"], "least": 9, "max": "0.5"}]);
    p["team"]["alone"] = json!("County Code 3-12: an inspector may visit alone");
    p["team"]["departments"] = json!([{"department": "wsjd", "officers": 1}]);
    p["team"]["jurisdiction"] = json!("area2");
    p["team"]["days"] = json!(["2026-02-02", "2026-02-03", "2026-02-09", "2026-02-10"]);
    p["labels"] = json!({"area2": "County", "area3": "Ward"});
}

/// That place with a register whose numbers have no form.
pub fn plain(p: &mut Value) {
    elsewhere(p);
    p["frame"]["ids"] = json!("plain");
}

/// The frame of the tests with such numbers.
pub fn plain_frame(units: u64) -> Frame {
    let policy = policy(plain);
    let rows = (0..units).map(|n| UnitRow { id: format!("R{}", 1000 + n), ..unit_row(n) });
    Frame::new(rows, &policy.frame, policy.as_of).unwrap()
}

/// The same with people who stay in their wards and are too few, and with a part of the state.
pub fn short(p: &mut Value) {
    elsewhere(p);
    p["population"] = json!({"divisions": ["north", "350503"]});
    p["team"]["jurisdiction"] = json!("own");
    p["team"]["cap"] = json!(1);
    p["ratios"] = json!([{"at": "area3", "basis": "a rule", "code": "ward", "is": ["350503"], "least": 9}]);
}

/// The counties of the tests with townships below two of them, and one with a village.
pub fn townships(p: &mut Value) {
    p["window"] = json!({"from": "2026-02-02", "to": "2026-02-27"});
    p["frame"]["divisions"] = json!([
        {"code": "350502", "name": "鲤城区"}, "350502001", {"code": "350502100", "name": "某镇"}, "350503",
        "350503001", "350582", "350583", "350583101201"]);
    p["strata"] = json!(["county", "village"]);
    p["coverage"] = json!({"guards": ["total", "county"], "minimum": "0.2"});
    p["team"]["jurisdiction"] = json!("county");
    p["team"]["days"] = json!(["2026-02-02", "2026-02-03"]);
    p["team"]["cap"] = json!(1);
}

/// A city that has counties and, right below it, a township: its townships are of no county, and the whole city
/// covers the counties.
pub fn below_a_city(p: &mut Value) {
    townships(p);
    p["frame"]["divisions"] = json!(["350500", "350500101", "350502", "350503"]);
    p["strata"] = json!(["county", "township"]);
}

/// The division under [`below_a_city`] of what lies in a county of the tests.
pub fn beside_counties(county: &str) -> &str {
    match county {
        "350582" => "350500",
        "350583" => "350500101",
        county => county,
    }
}

/// The division of the unit of a number under [`townships`].
pub fn township(n: u64, county: &str) -> String {
    match (county, n % 3) {
        ("350502", 0) => "350502001",
        ("350502", 1) => "350502100",
        ("350503", 2) => "350503001",
        ("350583", 1) => "350583101201",
        (county, _) => county,
    }
    .to_owned()
}
