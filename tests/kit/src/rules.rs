//! A small pack and a small programme, and how each of their rules can be broken. Everything is constructed.

use double_random::id::Code;
use double_random::roster::ExpertRow;
use double_random::seal::Sealed;
use double_random::{Frame, Policy, Roster};
use serde_json::{Value, json};

/// A change of a document.
pub type Change = fn(&mut Value);

fn cite(says: &str) -> Value {
    json!({"document": "doc", "says": says})
}

fn rating(key: &str, of: &dyn Fn(&str) -> Value) -> Value {
    let rule = |code: &str, does: Value, when: Value| {
        let mut rule = json!({"code": code, "does": does, "when": when});
        rule[key] = of(code);
        rule
    };
    let mut rating = json!({
        "start": {"credit": "B", "risk": "low"},
        "lowering": ["ladder", "red"],
        "levels": [
            {"code": "signals", "any_order": true, "rules": [
                rule("complaints-1", json!({"raise_by": {"risk": 1}}), json!({"has": {"complaints": 1}})),
                rule("complaints-3", json!({"raise_by": {"risk": 1, "credit": 1}}),
                     json!({"has": {"complaints": 3}})),
                rule("points-12", json!({"raise_by": {"credit": 2}}), json!({"has": {"points": 12}}))]},
            {"code": "serious", "rules": [
                rule("serious", json!({"raise_to": {"credit": "D", "risk": "high"}}),
                     json!({"has": {"serious": 1}})),
                rule("red", json!({"lower_by": {"credit": 1}}),
                     json!({"has": {"red": 1}, "below": {"serious": 1, "points": 12}})),
                rule("hospital", json!({"raise_to": {"risk": "medium"}}), json!({"kinds": ["hospital"]}))]}],
        "visits": [
            {"code": "more", "any_order": true, "rules": [
                rule("complaints-more", json!({"add": "0.1"}), json!({"has": {"complaints": 2}})),
                rule("clinic-more", json!({"add": "0.05"}),
                     json!({"kinds": ["clinic"], "below": {"red": 1}}))]},
            {"code": "ladder", "rules": [
                rule("full", json!({"at_least": "0.4"}),
                     json!({"kinds": ["clinic"], "below": {"ladder": 1}})),
                rule("quarter", json!({"at_most": "0.25"}),
                     json!({"kinds": ["clinic"], "has": {"ladder": 1}, "below": {"serious": 1}})),
                rule("least", json!({"at_most": "0.05"}),
                     json!({"kinds": ["clinic"], "has": {"ladder": 2},
                            "below": {"complaints": 1, "serious": 1}}))]}],
    });
    for stage in rating["levels"].as_array_mut().unwrap() {
        for rule in stage["rules"].as_array_mut().unwrap() {
            if rule["when"] == json!({}) {
                rule.as_object_mut().unwrap().remove("when");
            }
        }
    }
    rating
}

pub const RISKS: [&str; 3] = ["low", "medium", "high"];
pub const CREDITS: [&str; 4] = ["A", "B", "C", "D"];

fn table(each: &dyn Fn(Value) -> Value) -> Vec<Value> {
    let visits = |r: usize, c: usize| format!("0.{:02}", [4, 5, 12, 31][c] + 5 * r);
    let pair = |(r, c): (usize, usize)| {
        each(json!({"risk": RISKS[r], "credit": CREDITS[c], "visits": visits(r, c)}))
    };
    (0..3).flat_map(|r| (0..4).map(move |c| (r, c))).map(pair).collect()
}

fn trimmed(visits: Value) -> Value {
    let text = visits["visits"].as_str().unwrap().trim_end_matches('0').to_owned();
    let mut visits = visits;
    visits["visits"] = json!(text);
    visits
}

/// A policy with a rule table.
pub fn rated_policy_json(change: impl FnOnce(&mut Value)) -> String {
    super::policy_json(|p| {
        p["frame"] =
            json!({"credit": CREDITS, "divisions": super::COUNTIES, "kinds": super::KINDS, "risk": RISKS});
        p["frequency"] = json!(table(&trimmed));
        p["signals"] = json!([]);
        p["rating"] = rating("basis", &|code| json!(format!("rule {code}")));
        change(p);
        if p["signals"] == json!([]) {
            p.as_object_mut().unwrap().remove("signals");
        }
    })
}

pub fn rated_policy(change: impl FnOnce(&mut Value)) -> Policy {
    Policy::from_json(&rated_policy_json(change)).unwrap()
}

/// Every way in which a rule table can be wrong, with words of the refusal; and one way in which it is right.
pub fn bad_ratings() -> Vec<(Change, &'static str)> {
    vec![
        (|_| {}, ""),
        (|p| p["rating"]["start"]["stated"] = json!(true), ""),
        (
            |p| p["rating"]["levels"][1]["rules"][0]["when"]["has"] = json!({"stated_risk": 2}),
            "by which only a register states a level",
        ),
        (|p| p["rating"]["start"]["risk"] = json!("none"), "names a level that there is not"),
        (|p| p["rating"]["start"]["credit"] = json!("E"), "names a level that there is not"),
        (|p| p["rating"]["lowering"] = json!(["red", "ladder"]), "does not ascend"),
        (|p| p["rating"]["lowering"] = json!(["ladder"]), "lowers for red"),
        (|p| p["rating"]["lowering"] = json!(["complaints", "ladder", "red"]), "raises for complaints"),
        (|p| p["rating"]["levels"][1]["code"] = json!("signals"), "rating stage signals: stands twice"),
        (
            |p| p["rating"]["levels"][1]["rules"][0]["code"] = json!("points-12"),
            "rating rule points-12: stands twice",
        ),
        (|p| p["rating"]["levels"][0]["rules"] = json!([]), "has no rules"),
        (
            |p| p["rating"]["levels"][0]["rules"][0]["does"] = json!({"raise_by": {}}),
            "neither risk nor credit",
        ),
        (|p| p["rating"]["levels"][0]["rules"][0]["does"] = json!({"raise_by": {"risk": 0}}), "not 1 to 64"),
        (|p| p["rating"]["levels"][0]["rules"][0]["does"] = json!({"raise_by": {"risk": 65}}), "not 1 to 64"),
        (
            |p| p["rating"]["levels"][1]["rules"][0]["does"]["raise_to"]["credit"] = json!("E"),
            "a level that there is not",
        ),
        (
            |p| p["rating"]["levels"][0]["rules"][0]["does"] = json!({"add": "0.1"}),
            "does not belong into levels",
        ),
        (
            |p| p["rating"]["visits"][0]["rules"][0]["does"] = json!({"raise_by": {"risk": 1}}),
            "does not belong into visits",
        ),
        (
            |p| p["rating"]["levels"][0]["rules"][0]["when"]["has"] = json!({"complaints": 0}),
            "not 1 to 999999999",
        ),
        (|p| p["rating"]["levels"][1]["rules"][2]["when"]["kinds"] = json!(["school"]), "names a kind"),
        (
            |p| p["rating"]["levels"][1]["rules"][2]["when"]["kinds"] = json!(["hospital", "hospital"]),
            "names a kind",
        ),
        (
            |p| p["rating"]["levels"][1]["rules"][1]["when"] = json!({"kinds": ["hospital"]}),
            "without a signal that may lower",
        ),
        (
            |p| p["rating"]["levels"][1]["rules"][1]["when"]["has"] = json!({"red": 1, "complaints": 1}),
            "lowers for complaints",
        ),
        (
            |p| p["rating"]["levels"][1]["rules"][1]["when"]["below"] = json!({"ladder": 1}),
            "lowers below a bound of ladder",
        ),
        (|p| p["rating"]["levels"][0]["rules"][0]["when"]["has"] = json!({"red": 1}), "raises for red"),
        (
            |p| p["rating"]["levels"][0]["rules"][0]["when"]["below"] = json!({"points": 3}),
            "raises below a bound of points",
        ),
        (|p| p["rating"]["levels"][1]["any_order"] = json!(true), "says any_order"),
        (|p| p["rating"]["visits"][1]["any_order"] = json!(true), "says any_order"),
        (|p| p["frequency"][11]["visits"] = json!("0.01"), "falls from"),
        (|p| p["frequency"][4]["visits"] = json!("0.01"), "falls from"),
        (
            |p| p["signals"] = json!([{"signal": "red", "at_least": 1, "add": "0.1", "basis": "b"}]),
            "signals[0]: names red",
        ),
    ]
}

/// A pack of two kinds, three departments' worth of items, a ladder, bands and caps.
pub fn pack_json(change: impl FnOnce(&mut Value)) -> String {
    let named = |codes: &[&str]| {
        codes.iter().map(|code| json!({"code": code, "name": format!("name of {code}")})).collect::<Vec<_>>()
    };
    let item = |code: &str, class: &str, department: &str, more: Value| {
        let mut item = json!({"cite": cite(code), "class": class, "code": code, "department": department,
                              "mode": "on_site", "name": format!("item {code}")});
        for (key, value) in more.as_object().unwrap() {
            item[key] = value.clone();
        }
        item
    };
    let duty = |item: &str, department: &str, role: &str| {
        json!({"cite": cite("list"),
               "department": department, "item": item, "role": role})
    };
    let signal = |code: &str, more: Value| {
        let mut signal = json!({"cite": cite(code), "code": code, "name": format!("signal {code}")});
        for (key, value) in more.as_object().unwrap() {
            signal[key] = value.clone();
        }
        signal
    };
    let result = |code: &str, kind: &str, more: Value| {
        let mut result =
            json!({"cite": cite("results"), "code": code, "kind": kind, "name": format!("result {code}")});
        for (key, value) in more.as_object().unwrap() {
            result[key] = value.clone();
        }
        result
    };
    let mut pack = json!({
        "protocol": "double-random/1", "document": "pack", "code": "small", "title": "Small", "year": 2026,
        "documents": [{"code": "doc", "issued": "2026", "number": "No. 1", "title": "A document"}],
        "kinds": [{"code": "hospital", "enterprise": false, "name": "Hospital"},
                  {"code": "clinic", "enterprise": true, "name": "Clinic"}],
        "departments": named(&["wsjd", "scjg"]), "qualifications": named(&["medical", "radiation", "lab"]),
        "features": named(&["beds", "radiology"]),
        "levels": {"cite": cite("levels"), "credit": named(&CREDITS), "risk": named(&RISKS)},
        "signals": [
            signal("complaints", json!({"window": {"days": 365}})),
            signal("serious", json!({"clearable": true})),
            signal("points", json!({"window": {"year": {}}})), signal("red", json!({"clearable": true})),
            signal("recheck", json!({"clearable": true}))],
        "ladders": [{"cite": cite("ladder"), "code": "ladder", "kinds": ["clinic"], "name": "Ladder",
                      "steps": [
            {"code": "full", "passes": 2}, {"code": "quarter", "passes": 3}, {"code": "least"}]}],
        "results": [
            result("ok", "pass", json!({})),
            result("violation", "fail", json!({"opens": "recheck", "raises": {"points": 6}})),
            result("minor", "fail", json!({"raises": {"complaints": 1}})),
            result("neutral", "neutral", json!({})),
            result("closed", "unmade", json!({}))],
        "rating": rating("cite", &|code| cite(code)),
        "frequency": table(&|entry| {
            let mut entry = trimmed(entry);
            entry["cite"] = cite("frequencies");
            entry
        }),
        "bands": [
            {"cite": cite("band D"), "code": "band-d", "credit": "D", "share": {"min": "0.3"},
             "visits": {"at_least": "0.3", "below": "3"}},
            {"cite": cite("band low"), "code": "band-low", "risk": "low", "share": {"max": "0.5"}}],
        "coverage": {"cite": cite("floor"), "guards": ["total", "county"], "minimum": "0.2"},
        "ratios": [{"cite": cite("all"), "code": "beds", "at": "kind", "is": ["hospital"],
                    "items": ["records"], "min": "0.25", "max": "0.9"}],
        "slacks": [{"cite": cite("every site"), "items": ["site"], "slack": "0"},
                   {"cite": cite("x-rays"), "items": ["records", "x-ray"], "slack": "1"}],
        "caps": [{"cite": cite("cap"), "code": "cap", "kinds": ["clinic"], "visits": 2}],
        "certainties": [{"cite": cite("recheck"), "code": "recheck",
                         "rule": {"signal": {"at_least": 1, "signal": "recheck"}}}],
        "exclusions": [{"cite": cite("new"), "code": "new", "kinds": ["clinic"],
                        "rule": {"opened_within_days": 90}}],
        "items": [
            item("records", "general", "wsjd", json!({"needs": "medical"})),
            item("prices", "general", "scjg", json!({"mode": "documents"})),
            item("x-ray", "key", "wsjd", json!({"needs": "radiation", "expert": "lab",
                "subjects": {"has": {"radiology": 1}}})),
            item("site", "general", "wsjd", json!({"mode": "online", "needs": "lab",
                "subjects": {"kinds": ["clinic"]}})),
            item("south", "general", "scjg", json!({"subjects": {"divisions": ["350582", "350583"],
                "kinds": ["hospital"]}}))],
        "responsibilities": [
            duty("records", "wsjd", "responsible"), duty("records", "scjg", "joining"),
            duty("prices", "scjg", "responsible"), duty("x-ray", "wsjd", "responsible"),
            duty("x-ray", "scjg", "supervising"), duty("site", "wsjd", "responsible"),
            duty("south", "scjg", "responsible")],
        "joint": {"cite": cite("joint"), "least": 1},
        "deadlines": {"match": {"cite": cite("match"), "days": 2},
                      "publish": {"cite": cite("publish"), "days": 20},
                      "recusal": {"cite": cite("recusal"), "days": 3}},
        "attendance": {"cite": cite("attendance"), "experts": true,
                       "barred": ["third_party", "grid", "uncertified"]},
    });
    change(&mut pack);
    pack.to_string()
}

/// An own list: the counties of the tests are not in it.
fn elsewhere_areas() -> Value {
    json!([{"code": "north", "name": "North"}, {"code": "n-1", "parent": "north"}])
}

/// A pack of that list, whose items are for its areas.
fn in_elsewhere_areas(p: &mut Value) {
    p["divisions"] = elsewhere_areas();
    p["items"][4]["subjects"]["divisions"] = json!(["north"]);
}

/// The pack of a place that has no levels of credit: one entry of the table for each level of risk.
fn without_credit(p: &mut Value) {
    p["levels"].as_object_mut().unwrap().remove("credit");
    p["rating"]["start"]["credit"] = json!("none");
    p["rating"]["levels"] = json!([]);
    p["rating"].as_object_mut().unwrap().remove("levels");
    p["bands"].as_array_mut().unwrap().retain(|band| band["credit"].is_null());
    let rows: Vec<Value> =
        p["frequency"].as_array().unwrap().iter().filter(|row| row["credit"] == "A").cloned().collect();
    p["frequency"] = json!(rows);
    for row in p["frequency"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("credit");
    }
}

/// Every way in which a pack can be wrong, with words of the refusal; the first is right.
pub fn bad_packs() -> Vec<(Change, &'static str)> {
    vec![
        (|_| {}, ""),
        (|p| p["rating"]["start"]["stated"] = json!(true), ""),
        (
            |p| {
                p["features"].as_array_mut().unwrap().push(json!({"code": "stated_risk", "name": "风险等级"}))
            },
            "tells a level that a register states",
        ),
        (|p| p["offset"] = json!("+08:00"), ""),
        (|p| p["offset"] = json!("+00:00"), ""),
        (|p| p["offset"] = json!("-00:00"), "is no offset"),
        (|p| p["offset"] = json!("+14:15"), "is no offset"),
        (|p| p["offset"] = json!("-12:01"), "is no offset"),
        (|p| p["offset"] = json!("+8:00"), "is no offset"),
        (|p| p["offset"] = json!("+08:60"), "is no offset"),
        (|p| p["offset"] = json!(8), "invalid type"),
        (|p| p["colour"] = json!("red"), "colour: is no field that is known"),
        (|p| p["items"][0]["weight"] = json!(1), "items[0].weight: is no field that is known"),
        (|p| p["deadlines"]["reply"] = json!({"days": 1}), "deadlines.reply: is no field"),
        (|p| p["caps"][0]["kinds"] = json!([]), "caps[0].kinds: is no field"),
        (|p| p["signals"][0]["clearable"] = json!(false), "signals[0].clearable: is no field"),
        (|p| p["ladders"][0]["fails_to"] = json!(0), "ladders[0].fails_to: is no field"),
        (|p| p["rating"]["levels"][1]["any_order"] = json!(false), "any_order: is no field"),
        (|p| p["results"][0]["raises"] = json!({}), "results[0].raises: is no field"),
        (|p| p["items"][0]["subjects"] = json!({}), "items[0].subjects: is no field"),
        (|p| p["attendance"]["barred"] = json!([]), "attendance.barred: is no field"),
        (|p| drop(p.as_object_mut().unwrap().remove("joint")), ""),
        (|p| drop(p.as_object_mut().unwrap().remove("deadlines")), ""),
        (|p| drop(p["deadlines"].as_object_mut().unwrap().remove("match")), ""),
        (|p| p["deadlines"] = json!({}), "deadlines: is no field"),
        (|p| p["joint"] = json!({"least": 0}), "joint: is no field"),
        (|p| p["divisions"] = json!([]), "the list of divisions is empty"),
        (|p| p["divisions"] = json!(["350582", "350583", {"code": "350502", "name": "鲤城区"}]), ""),
        (|p| p["divisions"] = json!(["350582", "350583", "350502", "350502"]), "divisions: has 350502 twice"),
        (|p| p["divisions"] = elsewhere_areas(), "item south: is for 350582"),
        (|p| p["ids"] = json!("plain"), ""),
        (|p| p["ids"] = json!("national"), "unknown variant `national`"),
        (
            |p| {
                p["ids"] = json!("plain");
                p["divisions"] = json!(["350582", "350583", "350502"]);
            },
            "lost a character would pass",
        ),
        (|p| p["certainties"][0]["rule"] = json!({"units": ["R1042"]}), "R1042 is no credit code"),
        (
            |p| {
                p["ids"] = json!("plain");
                p["certainties"][0]["rule"] = json!({"units": ["R1042"]});
            },
            "",
        ),
        (
            |p| {
                in_elsewhere_areas(p);
                p["coverage"]["guards"] = json!(["total", "area2"]);
            },
            "",
        ),
        (in_elsewhere_areas, "coverage.guards[1]: county is a level of GB/T 2260"),
        (
            |p| {
                in_elsewhere_areas(p);
                p["coverage"]["guards"] = json!(["total", "area2"]);
                p["ratios"][0]["at"] = json!("county");
                p["ratios"][0].as_object_mut().unwrap().remove("is");
            },
            "ratios[0].at: county is a level of GB/T 2260",
        ),
        (
            |p| {
                p["divisions"] = json!(["350582", "350583"]);
                p["ratios"][0]["at"] = json!("township");
                p["ratios"][0]["is"] = json!(["350582"]);
            },
            "ratios[0].at: township is level 4",
        ),
        (
            |p| {
                p["divisions"] = json!(["350582", "350583"]);
                p["coverage"]["guards"] = json!(["village"]);
            },
            "coverage.guards[0]: village is level 5",
        ),
        (
            |p| p["divisions"] = json!([{"code": "a", "parent": "b"}]),
            "a lies in b, which the list does not have",
        ),
        (|p| p["items"][4]["subjects"]["divisions"] = json!(["north"]), "item south: is for north"),
        (|p| p["attendance"]["alone"] = cite("one officer"), ""),
        (
            |p| p["attendance"]["alone"] = json!({"document": "other", "says": "one"}),
            "attendance.alone.cite: other is not among the documents",
        ),
        (without_credit, ""),
        (
            |p| {
                without_credit(p);
                p["levels"]["credit"] = json!([{"code": "none", "name": "none"}]);
            },
            "levels.credit: is no field",
        ),
        (
            |p| {
                without_credit(p);
                p["frequency"][0]["credit"] = json!("none");
            },
            "frequency[0].credit: is no field",
        ),
        (|p| p["features"][0]["name"] = json!(null), "invalid type: null"),
        (|p| p["ratios"][0]["least"] = json!(null), "ratios[0].least is null"),
        (|p| p["bands"][0]["share"] = json!({}), "band band-d: bounds nothing"),
        (|p| p["exclusions"][0]["rule"] = json!({"units": []}), "exclusion new.rule.units: is empty"),
        (
            |p| p["certainties"][0]["rule"] = json!({"units": ["U-1", "U-1"]}),
            "certainty recheck.rule.units: has U-1 twice",
        ),
        (|p| p["exclusions"][0]["rule"] = json!({"units": ["U1"]}), "is no credit code"),
        (|p| drop(p["items"][0].as_object_mut().unwrap().remove("cite")), "item records.cite: is missing"),
        (|p| drop(p["coverage"].as_object_mut().unwrap().remove("cite")), "coverage.cite: is missing"),
        (
            |p| drop(p["rating"]["levels"][1]["rules"][0].as_object_mut().unwrap().remove("cite")),
            "rating rule serious.cite: is missing",
        ),
        (|p| drop(p["attendance"].as_object_mut().unwrap().remove("cite")), "attendance.cite: is missing"),
        (|p| drop(p["results"][0].as_object_mut().unwrap().remove("cite")), "result ok.cite: is missing"),
        (|p| p["joint"]["cite"]["document"] = json!("other"), "joint.cite: other is not among the documents"),
        (|p| p["joint"]["cite"]["says"] = json!(""), "joint.cite: gives"),
        (|p| p["joint"]["cite"]["says"] = json!("x".repeat(200)), "joint.cite: gives 207 characters"),
        (|p| p["year"] = json!(26), "year: 26 is no year"),
        (|p| p["kinds"][1]["code"] = json!("hospital"), "kinds: has hospital twice"),
        (|p| p["features"][0]["code"] = json!("points"), "has points twice"),
        (|p| p["ladders"][0]["code"] = json!("red"), "has red twice"),
        (|p| p["items"][1]["code"] = json!("records"), "items: has records twice"),
        (|p| p["departments"] = json!([]), "departments: is empty"),
        (|p| p["qualifications"][0]["code"] = json!("lead"), "lead is a post of every team"),
        (|p| p["items"][0]["department"] = json!("ybj"), "ybj is not among the departments"),
        (|p| p["items"][0]["department"] = json!("scjg"), "the responsibility list makes"),
        (|p| p["responsibilities"][1]["role"] = json!("responsible"), "the responsibility list makes"),
        (|p| p["responsibilities"][1]["department"] = json!("wsjd"), "gives wsjd two roles in records"),
        (|p| p["responsibilities"][1]["item"] = json!("none"), "none is not among the items"),
        (|p| p["items"][0]["needs"] = json!("law"), "law is not among the qualifications"),
        (
            |p| p["items"][3]["subjects"]["kinds"] = json!(["school"]),
            "names a kind twice, or one that there is not",
        ),
        (|p| p["items"][2]["subjects"]["has"] = json!({"rooms": 1}), "rooms is not among the signals"),
        (|p| p["items"][2]["subjects"]["has"] = json!({"red": 1}), "asks for red, which may lower"),
        (
            |p| p["attendance"]["experts"] = json!(false),
            "asks for an expert, and attendance.experts is false",
        ),
        (
            |p| {
                p["attendance"]["barred"] = json!(["expert", "third_party", "grid", "uncertified"]);
                p["items"][2]["subjects"] = json!({"kinds": ["clinic"]});
            },
            "asks for an expert at enterprises only",
        ),
        (|p| p["attendance"]["barred"] = json!(["grid", "grid"]), "names a role twice"),
        (|p| p["rating"]["lowering"] = json!(["ladder", "radiology", "red"]), "names the feature radiology"),
        (|p| p["rating"]["lowering"] = json!(["red"]), "ladder ladder: is a signal that is earned"),
        (
            |p| p["rating"]["levels"][0]["rules"][0]["when"]["has"] = json!({"rumours": 1}),
            "rumours is not among the signals",
        ),
        (|p| p["rating"]["levels"][1]["any_order"] = json!(true), "says any_order"),
        (|p| p["ladders"][0]["steps"] = json!([{"code": "only"}]), "has fewer than two steps"),
        (|p| p["ladders"][0]["steps"][0] = json!({"code": "full"}), "every step but the last"),
        (|p| p["ladders"][0]["steps"][2]["passes"] = json!(3), "every step but the last"),
        (|p| p["ladders"][0]["fails_to"] = json!(2), "a failure has to cost something"),
        (|p| p["signals"][0]["window"] = json!({"days": 0}), "0 days are not 1 to 36500"),
        (|p| p["deadlines"]["match"]["days"] = json!(0), "0 days are not 1 to 36500"),
        (|p| p["results"][1]["opens"] = json!("review"), "review is not among the signals"),
        (|p| p["results"][1]["raises"] = json!({"points": 0}), "raises a signal by a count"),
        (|p| p["results"][0]["raises"] = json!({"red": 1}), "is a pass, and raises something"),
        (|p| p["frequency"][0]["visits"] = json!("0.2"), "falls from"),
        (
            |p| p["frequency"][1]["credit"] = json!("A"),
            "frequency: has 2 entries for risk low, credit A, not 1",
        ),
        (
            |p| p["frequency"][0]["cycles"] = json!(2),
            "frequency[0].cycles: 2 cycles of 0.04 visits make no whole visit",
        ),
        (|p| p["frequency"][0]["slack"] = json!("0"), ""),
        (|p| p["frequency"][3]["slack"] = json!("5.01"), "frequency[3].slack: is 5.01: at most 5 visits"),
        (|p| p["slacks"][0]["slack"] = json!("6"), "slacks[0].slack: is 6: at most 5 visits"),
        (|p| p["slacks"][1]["items"] = json!(["none"]), "slacks[1].items: none is not among the items"),
        (|p| p["slacks"][1]["items"] = json!(["site", "site"]), "slacks[1].items: has site twice"),
        (|p| p["slacks"][0]["items"] = json!([]), "slacks[0].items: is empty"),
        (|p| drop(p["slacks"][0].as_object_mut().unwrap().remove("cite")), "slacks[0].cite: is missing"),
        (|p| p["slacks"] = json!([]), "slacks: is no field"),
        (|p| p["bands"][0]["risk"] = json!("high"), "is about one level"),
        (|p| p["bands"][0]["credit"] = json!("E"), "E is no level"),
        (
            |p| p["bands"][0]["share"] = json!({"min": "0.3", "max": "0.2"}),
            "has a lower bound above its upper one",
        ),
        (
            |p| p["bands"][0]["visits"]["at_least"] = json!("0.35"),
            "is broken by the 0.31 visits of low/D: at least 0.35 visits",
        ),
        (
            |p| p["bands"][0]["visits"]["below"] = json!("0.4"),
            "is broken by the 0.41 visits of high/D: below 0.4 visits",
        ),
        (
            |p| p["bands"][0]["share"]["min"] = json!("0.32"),
            "is broken by the 0.31 visits of low/D: at least 0.32 of them",
        ),
        (
            |p| p["bands"][1]["share"]["max"] = json!("0.3"),
            "is broken by the 0.31 visits of low/D: at most 0.3 of them",
        ),
        (
            |p| {
                p["bands"][0] = json!({"cite": {"document": "doc", "says": "A"}, "code": "a", "credit": "A",
                                       "share": {"max": "0.15"}});
                p["coverage"]["guards"] = json!(["credit"]);
            },
            "allows 0.15, and the floor at every such level is 0.2",
        ),
        (|p| p["coverage"]["minimum"] = json!("1.1"), "is above 1"),
        (|p| p["caps"][0]["visits"] = json!(0), "is 0: it would exempt every unit"),
        (|p| p["ratios"][0]["items"] = json!(["none"]), "none is not among the items"),
        (|p| p["ratios"][0]["min"] = json!("0.95"), "ratios[0].min: 0.95 is above max 0.9"),
        (
            |p| p["certainties"][0]["rule"] = json!({"signal": {"at_least": 1, "signal": "red"}}),
            "names red, which may lower",
        ),
        (
            |p| p["certainties"][0]["rule"] = json!({"signal": {"at_least": 0, "signal": "recheck"}}),
            "certainty recheck.rule.signal.at_least: is 0",
        ),
        (
            |p| p["results"][2]["raises"] = json!({"red": 1}),
            "raises or opens red, which may lower: a finding would be a reward",
        ),
        (|p| p["results"][1]["opens"] = json!("red"), "raises or opens red"),
        (|p| p["results"][0]["kind"] = json!("neutral"), "have none of kind pass"),
        (|p| p["results"][4]["kind"] = json!("neutral"), "have none of kind unmade"),
        (|p| p["caps"][0]["code"] = json!("new"), "caps, certainties and exclusions: has new twice"),
        (|p| p["coverage"]["guards"] = json!([]), "is empty, or names a level twice"),
        (|p| p["coverage"]["guards"] = json!(["total", "total"]), "is empty, or names a level twice"),
        (|p| p["ratios"][0]["is"] = json!(["school"]), "school is not among the values of its level"),
        (|p| p["ratios"][0]["is"] = json!(["hospital", "hospital"]), "ratios[0].is: has hospital twice"),
        (|p| p["ratios"][0]["items"] = json!(["records", "records"]), "ratios[0].items: has records twice"),
        (|p| p["ratios"][0]["at"] = json!("total"), "ratios[0].is: has no meaning at the total"),
        (|p| p["ratios"][0]["least"] = json!(0), "ratios[0].least: 0 is not 1 to 1000000000"),
        (|p| p["exclusions"][0]["code"] = json!("closed"), "is a reason of the protocol's own"),
        (|p| p["ratios"][0]["max"] = json!("1.5"), "ratios[0].max: 1.5 is above 1"),
        (|p| p["exclusions"][0]["rule"] = json!({"visits_at_least": 1}), "caps stand in caps"),
        (
            |p| p["exclusions"][0]["rule"] = json!({"kinds": ["school"]}),
            "exclusion new.rule.kinds: names a kind",
        ),
        (
            |p| {
                p["joint"]["cite"] = json!({"document": "doc", "says": "x".repeat(180), "reading": "ours"});
            },
            "joint.cite: gives 207 characters: 1",
        ),
    ]
}

/// Lists of entries whose last one is refused.
pub fn refused_entries() -> Vec<Value> {
    let noted = json!({"entry": "noted", "date": "2026-01-05", "count": 1, "signal": "complaints",
                       "source": "file", "unit": "U-1"});
    let with = |change: &dyn Fn(&mut Value)| {
        let mut entry = noted.clone();
        change(&mut entry);
        json!([noted, entry])
    };
    let result = |results: Value| {
        json!({"entry": "result", "date": "2026-01-05", "results": results,
               "source": "file", "unit": "U-1"})
    };
    let withdrawn = |of: u64| json!({"entry": "withdrawn", "date": "2026-01-05", "of": of, "source": "file"});
    vec![
        with(&|e| e["signal"] = json!("rumours")),
        with(&|e| e["count"] = json!(0)),
        with(&|e| e["count"] = json!(1_000_000_000)),
        with(&|e| e["source"] = json!(" ")),
        json!([noted, {"entry": "cleared", "date": "2026-01-05", "signal": "complaints", "source": "file",
                       "unit": "U-1"}]),
        json!([noted, result(json!([]))]),
        json!([noted, result(json!(["ok", "minor"]))]),
        json!([noted, result(json!(["ok", "ok"]))]),
        json!([noted, result(json!(["none"]))]),
        json!([noted, withdrawn(0)]),
        json!([noted, withdrawn(2)]),
        json!([noted, withdrawn(1), withdrawn(1)]),
        json!([noted, withdrawn(1), withdrawn(2)]),
    ]
}

fn batch(
    as_of: &str,
    drawn: &str,
    matched: &str,
    recusals: &str,
    window: (&str, &str),
    published: &str,
    share: &str,
) -> Value {
    json!({
        "as_of": as_of, "drawn": drawn, "matched": matched, "recusals": recusals, "published": published,
        "share": share,
        "window": {"from": window.0, "to": window.1}, "disclosure": {"mode": "immediate"},
        "beacon": {"sources": [{"at": format!("{drawn}T01:00:00Z"), "count": 40, "id": "dice", "kind": "dice",
                                "sides": 10, "witness": "notary"}]},
    })
}

/// A programme of the small pack: everything by frequency with half of it in each of two batches, a joint
/// task, a task of general items.
pub fn programme_json(change: impl FnOnce(&mut Value)) -> String {
    let spring = || {
        batch(
            "2026-03-02",
            "2026-03-03",
            "2026-03-05",
            "2026-03-06",
            ("2026-03-12", "2026-04-10"),
            "2026-05-08",
            "0.5",
        )
    };
    let autumn = || {
        batch(
            "2026-08-31",
            "2026-09-01",
            "2026-09-03",
            "2026-09-04",
            ("2026-09-10", "2026-10-16"),
            "2026-11-13",
            "0.5",
        )
    };
    let summer = || {
        batch(
            "2026-06-01",
            "2026-06-02",
            "2026-06-04",
            "2026-06-05",
            ("2026-06-11", "2026-07-10"),
            "2026-08-07",
            "1",
        )
    };
    let mut programme = json!({
        "protocol": "double-random/1", "document": "programme", "authority": "350500-wsjd", "pack": "small",
        "title": "2026",
        "year": 2026, "divisions": super::COUNTIES,
        "calendar": {"basis": "notice", "covers": {"from": "2026-01-01", "to": "2026-12-31"},
                     "holidays": ["2026-01-01", "2026-01-02", "2026-04-06", "2026-05-01", "2026-05-04",
                                  "2026-05-05", "2026-06-19",
                                  "2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06",
                                  "2026-10-07"],
                     "make_up": ["2026-05-09", "2026-09-20", "2026-10-10"]},
        "terms": {"cap": 20, "ceiling": "0.75", "expert_cap": 30, "jurisdiction": "any", "reserves": 2,
                  "rotation": true, "same_grid": false},
        "tasks": [
            {"code": "year", "title": "The year", "level": "city", "department": "wsjd",
             "design": {"method": "frequency"},
             "items": ["x-ray", "site"], "strata": ["county", "kind"], "batches": [spring(), autumn()],
             "surprise": "0.02"},
            {"code": "joint", "title": "Joint", "level": "county", "department": "wsjd", "joining": ["scjg"],
             "officers": 3,
             "design": {"method": "rate", "rate": "0.3"}, "items": ["south", "prices", "records"],
             "strata": ["kind", "county"],
             "population": {"kinds": ["hospital"]}, "batches": [summer()],
             "subsamples": [{"basis": "half of them", "code": "samples", "share": "0.5"}]},
            {"code": "some", "title": "Some", "level": "province", "department": "scjg",
             "design": {"method": "number", "number": 2}, "no_floor": true,
             "items": ["prices"], "strata": ["risk"],
             "population": {"kinds": ["clinic"], "divisions": ["350582"], "has": {"beds": 10}},
             "batches": [summer()]}],
    });
    change(&mut programme);
    programme.to_string()
}

/// A policy whose levels follow from rules, with everything else of rules in it: roles at enterprises, rules
/// for single kinds, a population by features, an origin, a unit that is due more than once.
pub fn rated_world(change: impl FnOnce(&mut Value)) -> Sealed {
    let policy = rated_policy(|p| {
        p["round"] = json!({"rest": "1", "share": "0.5"});
        p["population"] = json!({"has": {"beds": 10}});
        p["rating"]["visits"][0]["rules"]
            .as_array_mut()
            .unwrap()
            .push(json!({"basis": "many", "code": "many", "does": {"add": "3"},
                   "when": {"has": {"complaints": 30}}}));
        p["certainties"] = json!([{"basis": "recheck", "code": "recheck", "kinds": ["clinic"],
            "rule": {"signal": {"at_least": 1, "signal": "recheck"}}}]);
        p["exclusions"] = json!([{"basis": "some", "code": "some", "kinds": ["hospital"],
            "rule": {"units": ["T-000002", "T-000003", "T-000005", "T-000017"]}}]);
        p["roster"]["qualifications"] = json!(["medical", "lab"]);
        p["team"]["experts"] = json!({"cap": 9, "jurisdiction": "province",
            "posts": [{"post": "lab", "needs": "lab", "places": 1}]});
        p["team"]["enterprises"] =
            json!({"barred": ["third_party", "grid"], "basis": "国办发〔2024〕54号", "kinds": ["clinic"]});
        p["origin"] = json!({"batch": 1, "dossier": "1".repeat(64), "pack": "2".repeat(64),
                             "programme": "3".repeat(64), "task": "year"});
        change(p);
    });
    let frame = rated_frame(150, &policy);
    let experts = (0..12_u64).map(|n| ExpertRow {
        row: n + 1,
        id: format!("X-{n:02}"),
        name: format!("Guest {n}"),
        divisions: vec!["350500".into()],
        qualifications: vec!["lab".into()],
        engaged_until: "2026-12-31".into(),
        role: ["", "third_party", "grid", "uncertified"][usize::try_from(n % 4).unwrap()].into(),
        ..ExpertRow::default()
    });
    let officers = (0..30).map(super::inspector_row);
    let roster =
        Roster::with_experts(officers, experts, [super::recusal_row(1, 5)], &policy.roster, policy.as_of)
            .unwrap();
    super::seal(frame, roster, policy)
}

/// Units with all kinds of signals, their levels by the policy's rules.
pub fn rated_frame(units: u64, policy: &Policy) -> Frame {
    let row = |n: u64| {
        let mut row = super::unit_row(n);
        let signals = [
            ("beds", 8 + n % 30),
            ("complaints", if n == 40 { 30 } else { n % 4 }),
            ("ladder", n % 5 / 2),
            ("points", n % 11 * 2),
            ("recheck", u64::from(n % 19 == 7)),
            ("red", u64::from(n % 6 == 1)),
            ("serious", u64::from(n % 23 == 3)),
        ];
        row.signals = signals.iter().map(|(code, n)| ((*code).to_owned(), n.to_string())).collect();
        let counts = signals
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(code, n)| (Code::parse(code).unwrap(), *n))
            .collect();
        let (risk, credit) = policy.levels(&Code::parse(&row.kind).unwrap(), &counts).unwrap();
        (row.risk, row.credit) = (risk.to_string(), credit.to_string());
        row
    };
    Frame::new((0..units).map(row), &policy.frame, policy.as_of).unwrap()
}
