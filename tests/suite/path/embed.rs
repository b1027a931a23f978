//! The path for other languages against the path itself: the same bytes, every error code, and nothing that
//! takes the platform down.

use double_random::assign::{Change, Replacement};
use double_random::bytes::{Digest, SaltKey, encode};
use double_random::calendar::Instant;
use double_random::disclosure::VisitsTree;
use double_random::embed::{ErrorCode, StepName, call};
use double_random::frame::UnitRow;
use double_random::id::{Code, UnitId};
use double_random::ledger::{Content, Ledger};
use double_random::sample::{Reserve, next_reserve};
use double_random::seal::{SealTerms, Sealed, Secret};
use double_random::{BeaconValue, Cycle, Evidence, Frame, Plan, Policy, Roster, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use testkit::levels;

fn examples(file: &str) -> PathBuf {
    testkit::repository("examples").join(file)
}

fn data(file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(examples(file)).unwrap()).unwrap()
}

fn quickstart() -> Value {
    json!({
        "policy": data("data/quickstart_policy.json"),
        "units": data("data/quickstart_units.json"),
        "officers": data("data/quickstart_officers.json"),
    })
}

fn terms() -> Value {
    json!({"sequence": 1, "attempt": 1, "sealed_at": "2026-11-20T08:00:00Z", "previous": "0".repeat(64),
           "salt_key": "07".repeat(32)})
}

fn dice() -> Value {
    json!([{"source": "dice", "value": "8270160495813379045618264079135506271948"}])
}

/// What stands under `ok`.
fn ok(step: &str, request: &Value) -> Value {
    let response = call(step, &request.to_string());
    let response: Value = serde_json::from_str(&response).unwrap();
    assert!(response.get("ok").is_some(), "{step}: {response}");
    response["ok"].clone()
}

/// What stands under `error`.
fn error(step: &str, request: &str) -> Value {
    let response: Value = serde_json::from_str(&call(step, request)).unwrap();
    assert!(response.get("ok").is_none(), "{step} {request:.200}: {response}");
    let error = response["error"].clone();
    assert_eq!(
        error.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["code", "message", "problems", "step"]
    );
    error
}

fn code(step: &str, request: &Value) -> String {
    error(step, &request.to_string())["code"].as_str().unwrap().to_owned()
}

/// The same value with something else at a place.
fn with(value: &Value, pointer: &str, new: impl Into<Value>) -> Value {
    let mut value = value.clone();
    match value.pointer_mut(pointer) {
        Some(place) => *place = new.into(),
        None => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            value.pointer_mut(parent).unwrap()[key] = new.into();
        }
    }
    value
}

fn kept(sealed: &Value) -> Value {
    let names = ["digest", "seal", "policy", "frame", "roster", "cycle"];
    names
        .into_iter()
        .map(|name| (name.to_owned(), sealed[name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The quickstart by the library itself.
fn typed() -> Sealed {
    let read = |file: &str| fs::read_to_string(examples(file)).unwrap();
    let policy = Policy::from_json(&read("data/quickstart_policy.json")).unwrap();
    let rows: Vec<_> = serde_json::from_str(&read("data/quickstart_units.json")).unwrap();
    let frame = Frame::new(rows, &policy.frame, policy.as_of).unwrap();
    let rows: Vec<_> = serde_json::from_str(&read("data/quickstart_officers.json")).unwrap();
    let roster = Roster::new(rows, [], &policy.roster, policy.as_of).unwrap();
    Plan::new(frame, roster, policy, Cycle::default())
        .unwrap()
        .seal(SealTerms {
            sequence: 1,
            attempt: 1,
            sealed_at: Instant::parse("2026-11-20T08:00:00Z").unwrap(),
            previous: Digest::ZERO,
            salt_key: SaltKey::new([7; 32]),
            secret: None::<Secret>,
        })
        .unwrap()
}

fn values() -> Vec<BeaconValue> {
    serde_json::from_value(dice()).unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// Every request of a whole round, in order, each answered.
fn round() -> Vec<(&'static str, Value, Value)> {
    let mut made: Vec<(&'static str, Value, Value)> = Vec::new();
    let mut ask = |step: &'static str, request: Value| {
        let answer = ok(step, &request);
        made.push((step, request, answer.clone()));
        answer
    };
    ask("version", json!({}));
    let inputs = quickstart();
    let policy = ask("policy", json!({"policy": inputs["policy"]}));
    ask("rosters", inputs.clone());
    ask("plan", json!({"inputs": inputs}));
    let officers = inputs["officers"].clone();
    ask("ready", json!({"policy": inputs["policy"], "officers": officers, "salt_key": "07".repeat(32)}));
    ask("explain", json!({"inputs": inputs, "unit": "DEMO-04"}));
    let (pack, programme) = (data("rules/quanzhou.json"), data("rules/quanzhou-2026.json"));
    ask("programme", json!({"pack": pack, "programme": programme, "task": "joint-water"}));

    let mut lines = String::new();
    let mut drawn = Vec::<Value>::new();
    let mut enter = |ask: &mut dyn FnMut(&'static str, Value) -> Value,
                     drawn: &[Value],
                     document: Option<Value>,
                     at: &str,
                     content: Value| {
        let mut request = json!({"actor": "clerk", "at": at, "content": content,
            "ledger": {"lines": lines, "drawn": drawn}});
        if let Some(document) = document {
            request["drawn"] = document;
        }
        let answer = ask("append", request);
        lines.push_str(answer["line"].as_str().unwrap());
        lines.push('\n');
        lines.clone()
    };
    let approval = json!({"by": "director", "level": "authority"});
    let opened = json!({"kind": "opened", "authority": "demo-office", "scope": "quickstart",
                        "protocol": "double-random/1"});
    enter(&mut ask, &drawn, None, "2026-11-19T08:00:00Z", opened);
    let rules: Value = match &inputs["policy"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        rules => rules.clone(),
    };
    let year = json!({"kind": "registered", "approval": approval, "batches":
        [{"batch": 1, "share": "1", "window": rules["window"]}]});
    enter(&mut ask, &drawn, None, "2026-11-19T08:30:00Z", year);
    let adopted = json!({"kind": "policy", "approval": approval, "batch": 1, "policy": policy["digest"]});
    let so_far = enter(&mut ask, &drawn, None, "2026-11-19T09:00:00Z", adopted);
    let next = ask("state", json!({"ledger": {"lines": so_far}, "salt_key": "07".repeat(32)}));
    let mut terms = terms();
    let first_terms = terms.clone();
    terms["previous"] = next["previous"].clone();
    terms["sequence"] = next["next_draw"].clone();
    let mut inputs = inputs;
    inputs["cycle"] = next["cycle"].clone();
    let sealed = ask("seal", json!({"inputs": inputs, "terms": terms}));
    let seal: Value = serde_json::from_str(sealed["seal"].as_str().unwrap()).unwrap();
    enter(&mut ask, &drawn, None, "2026-11-20T08:00:00Z", json!({"kind": "sealed", "seal": seal}));
    ask("receipt", json!({"sealed": kept(&sealed), "unit": "DEMO-01"}));

    let entry = json!({"kind": "beacon", "draw": 1, "attempt": 1, "value": dice()[0]});
    let so_far = enter(&mut ask, &drawn, None, "2026-11-21T02:00:00Z", entry);
    let state = ask("state", json!({"ledger": {"lines": so_far}}));
    let inputs = json!({"sealed": kept(&sealed), "beacon": state["attempts"][0]["beacon"]});
    let draw = ask("draw", inputs.clone());
    let entry = json!({"kind": "drawn", "draw": 1, "attempt": 1, "drawn": draw["drawn_digest"], "record": draw["digest"]});
    enter(&mut ask, &[], Some(draw["drawn"].clone()), "2026-11-21T02:10:00Z", entry);
    drawn.push(json!({"draw": 1, "attempt": 1, "drawn": draw["drawn"]}));
    let entry = json!({"kind": "assigned", "draw": 1, "attempt": 1, "visits": draw["visits"]});
    enter(&mut ask, &drawn, None, "2026-11-21T02:20:00Z", entry);

    let unit = draw["units"][0].clone();
    let reserve = ask("reserve", json!({"draw": inputs, "unit": unit}));
    let by = reserve["by"].clone();
    let entry = json!({"kind": "replaced", "approval": approval, "by": by, "date": "2026-12-02", "draw": 1,
        "evidence": "ab".repeat(32), "reason": "closed", "unit": unit, "visits": reserve["visits"]});
    enter(&mut ask, &drawn, None, "2026-12-02T08:00:00Z", entry);
    let teams = reserve["teams"].clone();
    let team = teams["visits"].as_array().unwrap().iter().find(|visit| visit["unit"] == by).unwrap();
    let out = team["posts"][0]["officers"][0]["id"].clone();
    let dates = json!({"from": "2026-12-01", "to": "2026-12-31"});
    let entry = json!({"kind": "dropped_out", "approval": approval, "dates": dates, "draw": 1,
        "evidence": "cd".repeat(32), "out": out, "reason": "ill"});
    let so_far = enter(&mut ask, &drawn, None, "2026-12-03T07:00:00Z", entry);
    let number = so_far.lines().count();
    let replaced =
        ask("replace", json!({"draw": inputs, "teams": teams, "dates": dates, "out": out, "approved": true}));
    let entry = json!({"kind": "reassigned", "approval": approval, "draw": 1, "entry": number,
        "moves": replaced["moves"], "visits": replaced["visits"]});
    let so_far = enter(&mut ask, &drawn, None, "2026-12-03T08:00:00Z", entry);
    ask("state", json!({"ledger": {"lines": so_far, "drawn": drawn}, "salt_key": "07".repeat(32)}));

    let files = kept(&sealed);
    let evidence = json!({"seal": files["seal"], "beacon": dice(), "frame": files["frame"],
                          "roster": files["roster"], "cycle": files["cycle"]});
    ask("verify", json!({"record": draw["record"], "evidence": evidence}));
    ask("dispatch", json!({"record": draw["record"]}));
    ask("verify_dispatch", json!({"record": draw["record"], "evidence": evidence, "below": []}));
    ask(
        "verify_ledger",
        json!({"lines": so_far, "draws": [
        {"draw": 1, "attempt": 1, "record": draw["record"], "drawn": draw["drawn"], "evidence": evidence}]}),
    );
    ask("verify_levels", json!({"top": {"lines": so_far}, "below": []}));
    let first = quickstart();
    let divisions: Vec<Value> = first["policy"]["frame"]["divisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry.get("code").unwrap_or(entry).clone())
        .collect();
    let own = ask(
        "register",
        json!({"authority": "350500-wsjd", "divisions": divisions, "policy": first["policy"],
               "salt_key": "0b".repeat(32), "units": first["units"]}),
    );
    let given = json!([own]);
    let put = ask("assemble", json!({"policy": first["policy"], "registers": given}));
    let rows = with(&first, "/units", put["units"].clone());
    let of_one = ask("seal", json!({"inputs": rows, "terms": first_terms, "registers": given}));
    let intake = ask("intake", json!({"authority": "350500-wsjd", "sealed": kept(&of_one)}));
    ask("verify_intake", json!({"intake": intake["intake"], "own": own, "seal": of_one["seal"]}));
    let receipt = ask("receipt", json!({"sealed": files, "unit": unit, "beacon": dice()}));
    ask(
        "verify_receipt",
        json!({"receipt": receipt["receipt"], "outcome": receipt["outcome"], "seal": files["seal"], "record": draw["record"],
            "beacon": dice()}),
    );
    made.extend(in_parts(None).0);
    made
}

/// The requests of a draw of the quickstart in parts, and what `seal` and `draw` answer to the same rows.
fn in_parts(slack: Option<u64>) -> (Vec<(&'static str, Value, Value)>, [Value; 2]) {
    let mut made: Vec<(&'static str, Value, Value)> = Vec::new();
    let mut ask = |step: &'static str, request: Value| {
        let answer = ok(step, &request);
        made.push((step, request, answer.clone()));
        answer
    };
    let inputs = quickstart();
    let mut rows: Vec<Value> = inputs["units"].as_array().unwrap().clone();
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    // One part has no row.
    let ranges = [0..5, 5..5, 5..rows.len()];
    let units = |range: &std::ops::Range<usize>| Value::from(rows[range.clone()].to_vec());
    let counting = json!({"policy": inputs["policy"], "salt_key": "07".repeat(32)});
    let counted: Vec<Value> = ranges
        .iter()
        .map(|range| {
            ask("count_part", json!({"counting": counting, "start": range.start, "units": units(range)}))
        })
        .collect();
    let of = |field: &str| counted.iter().rev().map(|part| part[field].clone()).collect::<Vec<_>>();
    let (parts, leaves) = (of("part"), of("leaves"));
    let sealed = ask(
        "seal_parts",
        json!({"counting": counting, "officers": inputs["officers"], "parts": parts,
        "leaves": leaves, "terms": terms()}),
    );
    let seed = ask("seed", json!({"seal": sealed["seal"], "digest": sealed["digest"], "beacon": dice()}));
    let mut selected = Vec::new();
    for (place, range) in ranges.iter().enumerate() {
        let before: Vec<Value> = counted[..place].iter().map(|part| part["part"].clone()).collect();
        let mut request = json!({"counting": counting, "parts": [sealed["part"]], "before": before,
            "seed": seed["seed"], "units": units(range)});
        if let Some(slack) = slack {
            request["slack"] = slack.into();
        }
        selected.push(ask("select_part", request)["selected"].clone());
    }
    selected.rotate_left(1);
    let kept = json!({"cycle": sealed["cycle"], "digest": sealed["digest"], "leaves": leaves, "parts": parts,
        "policy": sealed["policy"], "roster": sealed["roster"], "seal": sealed["seal"]});
    ask("draw_parts", json!({"beacon": dice(), "sealed": kept, "selected": selected}));
    let whole = ok("seal", &json!({"inputs": inputs, "terms": terms()}));
    let drawn = ok("draw", &json!({"sealed": self::kept(&whole), "beacon": dice()}));
    (made, [whole, drawn])
}

#[test]
fn a_draw_in_parts_over_calls_is_the_draw() {
    for slack in [None, Some(8)] {
        let (made, [whole, drawn]) = in_parts(slack);
        let of = |step| answers(&made, step)[0].clone();
        let (sealed, parts) = (of("seal_parts"), of("draw_parts"));
        for field in ["cells", "cycle", "digest", "policy", "roster", "seal"] {
            assert_eq!(sealed[field], whole[field], "{field}");
        }
        for field in ["digest", "record", "seed", "teams", "units"] {
            assert_eq!(parts[field], drawn[field], "{field}");
        }
        assert_eq!(of("seed")["seed"], drawn["seed"]);
    }
}

/// What must not pass: a part that is missing, twice or of other terms, leaves that are missing, rows that have
/// changed, candidates of another seed.
#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let (made, _) = in_parts(None);
    let request = |step: &str, place: usize| {
        made.iter()
            .filter(|(name, ..)| *name == step)
            .map(|(_, request, _)| request.clone())
            .nth(place)
            .unwrap()
    };
    let said = |step: &str, request: &Value, code: &str| {
        let found = error(step, &request.to_string());
        assert_eq!(found["problems"][0]["code"], code, "{found}");
        found["code"].as_str().unwrap().to_owned()
    };
    let without = |value: &Value, pointer: &str, place: usize| {
        let mut value = value.clone();
        value.pointer_mut(pointer).unwrap().as_array_mut().unwrap().remove(place);
        value
    };
    let seal = request("seal_parts", 0);
    // The last part stands first, then the empty one.
    assert_eq!(said("seal_parts", &without(&seal, "/parts", 2), "stream.gap"), "invalid_parts");
    let twice = with(&seal, "/parts/1", seal["parts"][0].clone());
    assert_eq!(said("seal_parts", &twice, "stream.overlap"), "invalid_parts");
    assert_eq!(said("seal_parts", &without(&seal, "/leaves", 0), "stream.leaves"), "invalid_parts");
    let key = with(&seal, "/counting/salt_key", "08".repeat(32));
    assert_eq!(said("seal_parts", &key, "stream.other_cycle_or_key"), "invalid_parts");
    assert_eq!(said("seal_parts", &with(&seal, "/leaves/0", "ab"), "part.leaves"), "invalid_document");
    assert_eq!(
        said("seal_parts", &with(&seal, "/leaves/0", "é".repeat(32)), "part.leaves"),
        "invalid_document"
    );

    let count = request("count_part", 2);
    assert_eq!(
        said("count_part", &with(&count, "/start", u64::from(u32::MAX) + 2), "stream.too_many"),
        "invalid_parts"
    );
    let unordered = with(&count, "/units/0/id", "DEMO-99");
    assert_eq!(error("count_part", &unordered.to_string())["code"], "invalid_rows");

    let secret = with(&request("seed", 0), "/secret", "ab".repeat(32));
    assert_eq!(said("seed", &secret, "seed.secret"), "invalid_document");
    assert_eq!(code("seed", &with(&request("seed", 0), "/digest", "0".repeat(64))), "seal_differs");
    assert_eq!(code("seed", &with(&request("seed", 0), "/beacon/0/value", "1")), "wrong_beacon");

    let draw = request("draw_parts", 0);
    assert_eq!(said("draw_parts", &without(&draw, "/selected", 2), "stream.gap"), "invalid_parts");
    let seed = with(&request("select_part", 0), "/seed", "ab".repeat(32));
    let strange = ok("select_part", &seed)["selected"].clone();
    let place = draw["selected"].as_array().unwrap().len() - 1;
    let other = with(&draw, &format!("/selected/{place}"), strange);
    assert!(
        ["stream.other_seed", "selected.other"]
            .contains(&error("draw_parts", &other.to_string())["problems"][0]["code"].as_str().unwrap())
    );
    // A name that was changed after the seal gives another root.
    let name = with(&request("select_part", 0), "/units/0/name", "Another name");
    let changed = with(&draw, &format!("/selected/{place}"), ok("select_part", &name)["selected"].clone());
    assert_eq!(said("draw_parts", &changed, "stream.changed"), "invalid_parts");
    let roster = with(&draw, "/sealed/roster", text_with(&draw["sealed"]["roster"], "salt_key", "08"));
    assert_eq!(code("draw_parts", &roster), "seal_differs");
}

fn answers<'a>(made: &'a [(&'static str, Value, Value)], step: &str) -> Vec<&'a Value> {
    made.iter().filter(|(name, ..)| *name == step).map(|(.., answer)| answer).collect()
}

#[test]
fn a_round_over_calls_ends_confirmed_and_its_ledger_follows() {
    let made = round();
    let steps: BTreeSet<&str> = made.iter().map(|(step, ..)| *step).collect();
    assert_eq!(
        steps,
        StepName::ALL.into_iter().map(StepName::as_str).collect(),
        "a step is missing from the round"
    );
    let verified = answers(&made, "verify")[0];
    assert_eq!(verified["verdict"], "confirmed", "{verified}");
    assert!(verified["checks"].as_array().unwrap().iter().all(|check| check["result"] != "fail"));
    let ledger = answers(&made, "verify_ledger")[0];
    assert!(
        ledger["checks"].as_array().unwrap().iter().all(|check| check["result"] != "fail"),
        "{}",
        ledger["report"]
    );
    assert_eq!(answers(&made, "verify_receipt")[0]["verdict"], "confirmed");
    let state = answers(&made, "state")[2];
    assert_eq!(
        (&state["next_draw"], &state["next_attempt"], &state["size"]),
        (&json!(2), &json!(1), &json!(10))
    );
    let cycle = Cycle::from_json(state["cycle"].as_str().unwrap().as_bytes()).unwrap().0;
    assert_eq!(cycle.last_draw(), 1);
}

/// A county hands over its roster, a city draws, the county draws who goes: all over calls.
#[test]
fn two_levels_over_calls_are_confirmed() {
    let written = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let city = levels::city();
    let record = testkit::draw(&city, 7);
    let above = written(record.to_json());
    let policy = levels::READY.policy(|_| ());
    let roster = levels::READY.roster(&policy, &[]);
    let plan = levels::READY.plan(&record, policy.clone(), roster);
    let rules = written(policy.to_json().unwrap());
    let key = levels::READY.terms().salt_key;
    let [frame, roster] = [plan.frame().to_json(&key), plan.roster().to_json(&key)].map(written);
    let parts = ok("dispatch", &json!({"record": above}));
    assert_eq!(parts["parts"][0]["authority"], levels::READY.authority);
    let units: Vec<&str> = plan.frame().units().iter().map(|unit| unit.id.as_str()).collect();
    assert_eq!(parts["parts"][0]["units"], json!(units));

    let inputs = json!({"policy": rules, "frame": frame, "roster": roster});
    let terms = json!({"attempt": 1, "previous": Digest::ZERO, "salt_key": key.reveal(), "sequence": 1,
                       "sealed_at": "2026-01-12T00:00:00Z"});
    let request = json!({"inputs": inputs, "terms": terms, "above": above});
    let sealed = ok("seal", &request);
    assert_eq!(code("seal", &with(&request, "/terms/sealed_at", "2026-01-09T00:00:00Z")), "not_sealed");
    assert_eq!(code("seal", &json!({"inputs": inputs, "terms": terms})), "not_sealed");
    let values = testkit::dice(7);
    let drawn = ok("draw", &json!({"sealed": kept(&sealed), "beacon": values}));
    let evidence = json!({"seal": sealed["seal"], "beacon": values, "frame": sealed["frame"]});
    let below = json!([{"record": drawn["record"], "evidence": evidence}]);
    let answer = ok("verify_dispatch", &json!({"record": above, "below": below}));
    let link = answer["draws"][1]["link"].as_array().unwrap();
    assert!(link.iter().all(|check| check["result"] != "fail"), "{answer}");
    assert_eq!(answer["draws"][1]["above"], record.digest().to_string());
    assert_eq!(answer["draws"][0]["unanswered"][0]["authority"], levels::LATER.authority);
    assert_eq!((&answer["verdict"], &answer["strays"]), (&json!("self-consistent"), &json!([])));
    let rests_on = |place: usize| answer["draws"][place]["rests_on"][0].to_string();
    assert!(rests_on(0).contains("notary") && rests_on(1).contains("notary of 350502-wsjd"), "{answer}");
    // A document that cannot be read is named by its place.
    let wrong = with(&json!({"record": above, "below": below}), "/below/0/evidence/frame", "{}");
    let refused = error("verify_dispatch", &wrong.to_string());
    assert_eq!(refused["problems"][0]["table"], "below[0].evidence.frame", "{refused}");
}

/// Five authorities hand their registers in, the city draws, a county sees that its register went in: all over
/// calls.
#[test]
fn registers_over_calls_go_in_unchanged() {
    use testkit::assembled::{KEPT, city_rules, keeper, key_of, rows};
    let rules = String::from_utf8(city_rules().to_json().unwrap()).unwrap();
    let handed_in = |division: &str| {
        let units: Vec<Value> = rows()
            .iter()
            .filter(|row| row.division == division)
            .map(|row| serde_json::to_value(row).unwrap())
            .collect();
        let request = json!({"authority": keeper(division), "divisions": [division], "policy": rules,
                             "salt_key": key_of(division).reveal(), "units": units});
        assert_eq!(code("register", &with(&request, "/divisions", json!([]))), "invalid_document");
        assert_eq!(code("register", &with(&request, "/salt_key", "0".repeat(64))), "not_sealed");
        ok("register", &request)
    };
    let given: Vec<Value> = KEPT.iter().map(|division| handed_in(division)).collect();
    let put = ok("assemble", &json!({"policy": rules, "registers": given}));
    assert_eq!((put["units"].as_array().unwrap().len(), &put["suspected"]), (52, &json!([])));
    let fewer = json!({"policy": rules, "registers": given[..4]});
    assert_eq!(code("assemble", &fewer), "invalid_rows");
    let problems = error("assemble", &fewer.to_string())["problems"].clone();
    assert_eq!(
        (&problems[0]["code"], &problems[0]["table"]),
        (&json!("register.missing"), &json!("registers"))
    );

    let city = testkit::assembled::assembled();
    let roster = String::from_utf8(city.plan().roster().to_json(city.salt_key())).unwrap();
    let terms = json!({"attempt": 1, "previous": Digest::ZERO, "salt_key": city.salt_key().reveal(), "sequence": 1,
                       "sealed_at": "2026-01-05T00:00:00Z"});
    let inputs = json!({"policy": rules, "units": put["units"], "roster": roster});
    let request = json!({"inputs": inputs, "terms": terms, "registers": given});
    let sealed = ok("seal", &request);
    assert_eq!(sealed["digest"], city.digest().to_string());
    let fewer: Vec<Value> = put["units"].as_array().unwrap()[1..].to_vec();
    assert_eq!(code("seal", &with(&request, "/inputs/units", json!(fewer))), "not_sealed");
    let asked = json!({"authority": keeper(KEPT[1]), "sealed": kept(&sealed)});
    let intake = ok("intake", &asked)["intake"].clone();
    assert_eq!(code("intake", &with(&asked, "/authority", "nobody")), "not_found");
    let own = json!({"intake": intake, "own": given[1], "seal": sealed["seal"]});
    assert_eq!(ok("verify_intake", &own)["verdict"], "confirmed");
    assert_eq!(
        ok("verify_intake", &json!({"intake": intake, "own": given[1]}))["verdict"],
        "self-consistent"
    );
    assert_eq!(ok("verify_intake", &with(&own, "/own", given[2].clone()))["verdict"], "refuted");

    let values = testkit::dice(7);
    let drawn = ok("draw", &json!({"sealed": kept(&sealed), "beacon": values}));
    let keys: Vec<Value> = KEPT
        .iter()
        .map(|division| json!({"authority": keeper(division), "salt_key": key_of(division).reveal()}))
        .collect();
    let keys = json!({"document": "registers", "protocol": "double-random/1", "registers": keys});
    let evidence =
        json!({"seal": sealed["seal"], "beacon": values, "frame": sealed["frame"], "registers": keys});
    let checks = ok("verify", &json!({"record": drawn["record"], "evidence": evidence}))["checks"].clone();
    let of = |name: &str| {
        checks.as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()["result"].clone()
    };
    assert_eq!((of("registers"), of("register_rows")), (json!("pass"), json!("pass")));
}

/// A ledger whose entries name published files is confirmed with them, and with nothing else.
#[test]
fn a_ledger_that_names_its_published_files_is_confirmed_with_them() {
    let home = testkit::repository("tests/vectors/ledgers/files_published");
    let read = |file: &str| fs::read_to_string(home.join(file)).unwrap();
    let text = |file: &str| json!({"file": file, "text": read(&format!("draws/1.1/{file}"))});
    let names = ["seal.json", "beacon.json", "record.json", "sample.csv"];
    let ask = |files: Vec<Value>| {
        let beacon: Value = serde_json::from_str(&read("draws/1.1/beacon.json")).unwrap();
        let evidence = json!({"seal": read("draws/1.1/seal.json"), "beacon": beacon});
        let draw = json!({"draw": 1, "attempt": 1, "record": read("draws/1.1/record.json"),
                          "evidence": evidence, "files": files});
        json!({"lines": read("ledger.jsonl"), "kept": [read("brought/kept/00.txt")], "draws": [draw]})
    };
    let whole = ok("verify_ledger", &ask(names.map(text).to_vec()));
    assert_eq!((&whole["verdict"], &whole["missing_files"]), (&json!("confirmed"), &json!([])), "{whole}");
    // The same bytes in base64.
    let encoded = json!({"file": "sample.csv", "base64": base64(read("draws/1.1/sample.csv").as_bytes())});
    let same = ok("verify_ledger", &ask([&names.map(text)[..3], std::slice::from_ref(&encoded)].concat()));
    assert_eq!(same, whole);
    let wrong = with(&ask(names.map(text).to_vec()), "/draws/0/evidence/seal", "{}");
    let refused = error("verify_ledger", &wrong.to_string());
    assert_eq!(refused["problems"][0]["table"], "draws[0].evidence.seal", "{refused}");
    let without = ok("verify_ledger", &ask(names[..3].iter().map(|name| text(name)).collect()));
    assert_eq!(without["verdict"], "self-consistent");
    let missing = &without["missing_files"][0];
    assert_eq!((&missing["draw"], &missing["file"]), (&json!(1), &json!("sample.csv")), "{without}");
    let changed = json!({"file": "sample.csv", "text": read("draws/1.1/sample.csv").replacen(',', ", ", 1)});
    let refuted = ok("verify_ledger", &ask([&names.map(text)[..3], &[changed]].concat()));
    assert_eq!(refuted["verdict"], "refuted");
    let both = json!({"file": "sample.csv", "text": "", "base64": ""});
    for wrong in [vec![both], vec![json!({"file": "a", "base64": "Zg"})], vec![encoded.clone(), encoded]] {
        assert_eq!(error("verify_ledger", &ask(wrong).to_string())["code"], "invalid_request");
    }
}

/// The ledgers of a city and its counties are confirmed over calls; a result that the county does not have is
/// seen; a ledger that was not given is named.
#[test]
fn ledgers_of_two_levels_over_calls_say_what_the_path_says() {
    let home = testkit::repository("tests/vectors/ledgers");
    let cases = fs::read_to_string(home.join("levels.json")).unwrap();
    let cases: Value = serde_json::from_str(&cases).unwrap();
    let given = |folder: &str| {
        let read = |file: &str| fs::read_to_string(home.join(folder).join(file)).unwrap();
        let document = |file: &str| -> Value { serde_json::from_str(&read(file)).unwrap() };
        let mut draws = Vec::new();
        if home.join(folder).join("draws/1.1/record.json").exists() {
            let [seal, record, frame] =
                ["seal", "record", "frame"].map(|name| read(&format!("draws/1.1/{name}.json")));
            let evidence = json!({"seal": seal, "beacon": document("draws/1.1/beacon.json"), "frame": frame});
            draws.push(json!({"draw": 1, "attempt": 1, "record": record, "evidence": evidence}));
        }
        json!({"lines": read("ledger.jsonl"), "kept": [read("brought/kept/00.txt")], "draws": draws})
    };
    let ask = |name: &str| {
        let case = cases["cases"].as_array().unwrap().iter().find(|case| case["name"] == name).unwrap();
        let folders: Vec<&str> =
            case["ledgers"].as_array().unwrap().iter().map(|folder| folder.as_str().unwrap()).collect();
        let below: Vec<Value> = folders[1..].iter().map(|folder| given(folder)).collect();
        (json!({"top": given(folders[0]), "below": below}), case.clone())
    };
    for name in ["in_order", "a_result_that_the_county_does_not_have", "a_checkpoint_of_another_ledger"] {
        let (request, case) = ask(name);
        let answer = ok("verify_levels", &request);
        assert_eq!(answer["verdict"], case["verdict"], "{answer}");
        let parts = answer["parts"].as_array().unwrap();
        let expected = case["parts"].as_array().unwrap();
        assert_eq!(parts.len(), expected.len());
        for (part, expected) in parts.iter().zip(expected) {
            for field in ["above", "below", "given", "missed", "open", "picks", "uncovered", "visited"] {
                assert_eq!(part[field], expected[field], "{name}: {field}");
            }
            let found = part["checks"].as_array().unwrap().iter();
            for check in found {
                let result = check["result"].as_str().unwrap().replace('_', " ");
                assert_eq!(result, expected["checks"][check["check"].as_str().unwrap()], "{check}");
            }
        }
    }
    let (request, case) = ask("in_order");
    let answer = ok("verify_levels", &request);
    let coverage = &answer["coverage"];
    let coverage = json!([
        [coverage["draw"]["draw"], coverage["draw"]["attempt"]],
        coverage["units"],
        coverage["visited"]
    ]);
    assert_eq!(coverage, case["coverage"]);
    // A ledger that is not there is named, and a ledger of no part is a stray.
    let top = request["top"].clone();
    let alone = ok("verify_levels", &json!({"top": top, "below": [top]}));
    assert_eq!(alone["verdict"], "self-consistent");
    assert_eq!(
        (&alone["parts"][0]["given"], &alone["strays"][0]),
        (&json!(false), &answer["ledgers"][0]["origin"])
    );
    // What cannot be read is named by its place.
    for (place, field) in
        [("/below/1/kept/0", "below[1].kept"), ("/top/draws/0/evidence/seal", "top.draws[0].evidence.seal")]
    {
        let refused = error("verify_levels", &with(&request, place, "{}").to_string());
        assert_eq!(refused["problems"][0]["table"], field, "{refused}");
    }
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - group.len()));
        let digit = |place: usize| {
            if place > group.len() { '=' } else { digits[bits >> (18 - 6 * place) & 63].into() }
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn calls_give_the_bytes_of_the_path() {
    let (sealed, key) = (typed(), SaltKey::new([7; 32]));
    let answer = ok("seal", &json!({"inputs": quickstart(), "terms": terms()}));
    let plan = sealed.plan();
    assert_eq!(answer["seal"], text(sealed.seal().to_json()));
    assert_eq!(answer["digest"], sealed.digest().to_string());
    assert_eq!(answer["policy"], text(plan.policy().to_json().unwrap()));
    assert_eq!(answer["frame"], text(plan.frame().to_json(&key)));
    assert_eq!(answer["roster"], text(plan.roster().to_json(&key)));
    assert_eq!(answer["cycle"], text(plan.cycle().to_json(&key)));
    assert_eq!(answer["cells"], text(encode(&plan.table()).unwrap()));

    let seed = sealed.seed(&values()).unwrap();
    let sample = seed.draw();
    let assignment = sample.assign();
    let record = assignment.record();
    let inputs = json!({"sealed": kept(&answer), "beacon": dice()});
    let drawn = ok("draw", &inputs);
    assert_eq!(drawn["record"], text(record.to_json()));
    assert_eq!(drawn["digest"], record.digest().to_string());
    assert_eq!(drawn["drawn"], text(sample.drawn_document().to_json()));
    assert_eq!(drawn["event"], serde_json::to_value(sample.drawn()).unwrap());
    assert_eq!(drawn["visits"], serde_json::to_value(assignment.visits().commitment()).unwrap());
    assert_eq!(drawn["teams"], serde_json::to_value(&record.teams).unwrap());

    let evidence =
        Evidence { seal: Some(sealed.seal().clone()), beacon: Some(values()), ..Evidence::default() };
    let report = verify(&record, &evidence);
    let verified = ok(
        "verify",
        &json!({"record": drawn["record"], "evidence": {"seal": answer["seal"], "beacon": dice()}}),
    );
    assert_eq!(verified["verdict"], report.verdict().as_str());
    let names: Vec<String> = report.checks().map(|(check, _)| check.to_string()).collect();
    let found: Vec<&str> =
        verified["checks"].as_array().unwrap().iter().map(|c| c["check"].as_str().unwrap()).collect();
    assert_eq!(found, names);
    // What the examples in other languages must print.
    let expected = fs::read_to_string(examples("embed/quickstart.expected")).unwrap();
    assert_eq!(expected.trim(), format!("{} {}", record.digest(), report.verdict()));

    // The one way out after the draw, and the other.
    let unit = &record.teams.visits[0].unit;
    let Some(Reserve::Unit(by)) = next_reserve(&record.table, &sample.whole(), unit, &BTreeSet::new()) else {
        panic!("a reserve");
    };
    let found = record.teams.relocated(plan, &record.teams, &[], (unit, &by), &record.seed).unwrap();
    let reserve = ok("reserve", &json!({"draw": inputs, "unit": unit}));
    assert_eq!(reserve["by"], by.as_str());
    assert_eq!(reserve["passed"].as_u64().unwrap_or(0), found.passed);
    assert_eq!(reserve["teams"], serde_json::to_value(&found.teams).unwrap());
    let committed = VisitsTree::new(sealed.seal(), &key, &found.teams.visits).unwrap().commitment();
    assert_eq!(reserve["visits"], serde_json::to_value(&committed).unwrap());
    let out = record.teams.visits[0].posts[0].officers[0].id.clone();
    let dates = plan.policy().window;
    let change = Change { away: Vec::new(), dates, out: out.clone(), settled: Vec::new(), unit: None };
    let found = plan.reassign(&record.teams, &record.teams, &change, &record.seed).unwrap();
    let replaced = ok("replace", &json!({"draw": inputs, "dates": dates, "out": out, "approved": true}));
    assert_eq!(replaced["places"], serde_json::to_value(&found.places).unwrap());
    assert_eq!(replaced["moves"], serde_json::to_value(found.moves()).unwrap());
    assert_eq!(replaced["teams"], serde_json::to_value(&found.teams).unwrap());
    assert!(matches!(found.places[0], Replacement::Drawn { .. }));
    // Every unit used: no reserve is left.
    let all: Vec<&str> = plan.frame().units().iter().map(|unit| unit.id.as_str()).collect();
    assert_eq!(ok("reserve", &json!({"draw": inputs, "unit": unit, "used": all})), json!({}));

    let outcome = sample.outcome(unit).unwrap();
    let receipt = ok("receipt", &json!({"sealed": kept(&answer), "unit": unit, "beacon": dice()}));
    assert_eq!(receipt["receipt"], text(sealed.receipts().get(unit).unwrap().to_json()));
    assert_eq!(receipt["outcome"], text(outcome.to_json()));
    let absent = ok("receipt", &json!({"sealed": kept(&answer), "unit": "DEMO-99"}));
    assert_eq!(absent.as_object().unwrap().keys().collect::<Vec<_>>(), ["absence"]);
}

#[test]
fn a_plan_is_the_plan_of_the_path() {
    let sealed = typed();
    let plan = sealed.plan();
    let answer = ok("plan", &json!({"inputs": quickstart()}));
    assert_eq!(answer["cells"], serde_json::to_value(plan.table()).unwrap());
    assert_eq!(answer["cells_digest"], sealed.seal().cells.to_string());
    for (place, unit) in answer["units"].as_array().unwrap().iter().enumerate() {
        assert_eq!(unit["id"], plan.frame().units()[place].id.as_str());
        let cell = usize::try_from(unit["cell"].as_u64().unwrap()).unwrap();
        assert!(plan.members(cell).contains(&place));
        let why = ok("explain", &json!({"inputs": quickstart(), "unit": unit["id"]}));
        assert_eq!(why["probability"], unit["probability"]);
        let typed = plan.explain(&UnitId::parse(unit["id"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(why["steps"].as_array().unwrap().len(), typed.steps.len());
    }
    // Frame and roster as documents give the same, and the events of a draw move the cycle on.
    let sealed = ok("seal", &json!({"inputs": quickstart(), "terms": terms()}));
    let inputs = json!({"policy": sealed["policy"], "frame": sealed["frame"], "roster": sealed["roster"],
                        "cycle": sealed["cycle"]});
    assert_eq!(ok("plan", &json!({"inputs": inputs})), answer);
    let drawn = ok("draw", &json!({"sealed": kept(&sealed), "beacon": dice()}));
    let again = with(&inputs, "/events", json!([drawn["event"]]));
    // The whole year was one round: the next plan of it is refused.
    assert!(
        error("plan", &json!({"inputs": again}).to_string())["message"]
            .as_str()
            .unwrap()
            .contains("of the cycle has been drawn")
    );
}

#[test]
fn neither_spacing_nor_the_order_of_keys_matters() {
    /// Keys backwards, spaces everywhere, every character escaped that can be.
    fn spell(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                out.push_str("{ \n");
                for (place, (key, value)) in map.iter().rev().enumerate() {
                    out.push_str(if place > 0 { "\t, " } else { "" });
                    out.push_str(&format!("{} : ", Value::from(key.as_str())));
                    spell(value, out);
                }
                out.push_str(" }\r\n");
            }
            Value::Array(list) => {
                out.push_str("[ ");
                for (place, value) in list.iter().enumerate() {
                    out.push_str(if place > 0 { " , " } else { "" });
                    spell(value, out);
                }
                out.push(']');
            }
            Value::String(text) => {
                out.push('"');
                text.encode_utf16().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
                out.push('"');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    for (step, request, answer) in round() {
        // Documents as values in place of their texts.
        fn opened(value: &mut Value) {
            match value {
                Value::String(text) if text.starts_with('{') && !text.contains('\n') => {
                    *value = serde_json::from_str(text).unwrap();
                }
                Value::Object(map) => map.values_mut().for_each(opened),
                Value::Array(list) => list.iter_mut().for_each(opened),
                _ => {}
            }
        }
        let mut request = request;
        opened(&mut request);
        let mut spelled = String::new();
        spell(&request, &mut spelled);
        let response: Value = serde_json::from_str(&call(step, &spelled)).unwrap();
        assert_eq!(response["ok"], answer, "{step}");
    }
}

#[test]
fn a_ledger_is_the_ledger_of_the_path() {
    let made = round();
    let last = made.iter().rfind(|(step, ..)| *step == "append").unwrap();
    let lines =
        format!("{}{}\n", last.1["ledger"]["lines"].as_str().unwrap(), last.2["line"].as_str().unwrap());
    let ledger = Ledger::from_jsonl(lines.as_bytes(), None, |_, _| None).unwrap();
    assert_eq!(last.2["digest"], ledger.state().head().to_string());
    assert_eq!(last.2["number"], ledger.state().size());
    assert_eq!(last.2["checkpoint"], ledger.checkpoint().unwrap().note().to_string());
    // Appended by the library itself, the second line is the same.
    let first = lines.lines().next().unwrap();
    let mut typed = Ledger::from_jsonl(format!("{first}\n").as_bytes(), None, |_, _| None).unwrap();
    let entry: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    let content: Content = serde_json::from_value(entry["entry"].clone()).unwrap();
    let at = Instant::parse(entry["at"].as_str().unwrap()).unwrap();
    let line = typed.append(at, Code::parse("clerk").unwrap(), content, None).unwrap();
    assert_eq!(line.bytes(), lines.lines().nth(1).unwrap().as_bytes());
    // Lines as a list of values, and as a list of texts.
    let values: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<&str> = lines.lines().collect();
    let state = ok("state", &json!({"ledger": {"lines": lines}}));
    assert_eq!(ok("state", &json!({"ledger": {"lines": values}})), state);
    assert_eq!(ok("state", &json!({"ledger": {"lines": texts}})), state);
    assert_eq!(ok("state", &json!({"ledger": {}}))["size"], 0);
}

#[test]
fn a_programme_gives_its_policy_and_its_findings() {
    use double_random::pack::Pack;
    use double_random::programme::Programme;
    let read = |file: &str| fs::read_to_string(examples(file)).unwrap();
    let pack = Pack::from_json(&read("rules/quanzhou.json")).unwrap();
    let programme = Programme::from_json(&read("rules/quanzhou-2026.json")).unwrap();
    let task = Code::parse("joint-water").unwrap();
    let policy = programme.policy(&pack, &task, 2, None).unwrap();
    let unit = json!({"id": "QZ-1", "name": "甲", "division": policy.frame.divisions.entries()[0].code,
                      "kind": policy.frame.kinds[0],
        "risk": "", "credit": ""});
    let request = json!({"pack": data("rules/quanzhou.json"), "programme": data("rules/quanzhou-2026.json"),
                         "task": "joint-water",
        "batch": 2, "units": [unit]});
    let answer = ok("programme", &request);
    assert_eq!(answer["digest"], policy.digest().to_string());
    assert_eq!(answer["policy"], text(policy.to_json().unwrap()));
    let rows: Vec<UnitRow> = vec![serde_json::from_value(unit).unwrap()];
    let frame = pack.frame(&policy, &double_random::dossier::Dossier::default(), rows.clone()).unwrap();
    let UnitRow { credit, risk, signals, .. } = UnitRow::of(1, &frame.units()[0]);
    let rated = [UnitRow { credit, risk, signals, ..rows[0].clone() }];
    assert_eq!(answer["units"], serde_json::to_value(&rated).unwrap());
    let findings: Vec<String> =
        programme.check(&pack, &frame).as_slice().iter().map(ToString::to_string).collect();
    let words: Vec<&str> =
        answer["findings"].as_array().unwrap().iter().map(|f| f["words"].as_str().unwrap()).collect();
    assert_eq!(words, findings);
    assert_eq!(code("programme", &with(&request, "/batch", 99)), "not_found");
    assert_eq!(code("programme", &with(&request, "/pack/items/0/cite", json!({}))), "invalid_document");
    let refused = error("programme", &with(&request, "/pack/strange", 1).to_string());
    assert_eq!(refused["problems"][0]["table"], "pack");
}

#[test]
fn problems_of_all_tables_come_together() {
    let mut request = quickstart();
    request["units"][2] = json!({"row": 4, "id": "DEMO-03", "name": "", "division": "350502",
        "kind": "clinic", "risk": "low", "credit": "A"});
    request["officers"][0]["department"] = json!("nobody");
    request["experts"] = json!([{"row": 7, "id": "E-1", "name": "甲", "divisions": ["350502"],
        "engaged_until": "2026-02-30"}]);
    request["recusals"] = json!([{"row": 9, "inspector": "OFFICER-9", "unit": "DEMO-01",
        "ground": "statutory", "basis": "kin"}]);
    let found = error("rosters", &request.to_string());
    assert_eq!(found["code"], "invalid_rows");
    let places: BTreeSet<(String, u64, String)> = found["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            let text = |name: &str| problem[name].as_str().unwrap().to_owned();
            (text("table"), problem["row"].as_u64().unwrap(), text("field"))
        })
        .collect();
    let expected = [
        ("experts", 7, "engaged_until"),
        // Rows without a number are numbered by their place in the list, from 1.
        ("officers", 1, "department"),
        ("recusals", 9, "inspector"),
        ("units", 4, "name"),
    ];
    assert_eq!(places, expected.map(|(table, row, field)| (table.to_owned(), row, field.to_owned())).into());
    // A broken policy is reported rule by rule.
    let broken =
        with(&with(&quickstart(), "/policy/title", ""), "/policy/strata", json!(["county", "county"]));
    let found = error("policy", &json!({"policy": broken["policy"]}).to_string());
    let places: BTreeSet<&str> =
        found["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    assert!(places.is_superset(&["title", "strata"].into()), "{found}");
}

#[test]
fn every_code_is_reached_and_no_other() {
    let sealed = ok("seal", &json!({"inputs": quickstart(), "terms": terms()}));
    let inputs = json!({"sealed": kept(&sealed), "beacon": dice()});
    let drawn = ok("draw", &inputs);
    let seal = json!({"inputs": quickstart(), "terms": terms()});
    let visit = &drawn["teams"]["visits"][0];
    let (_, parts, _) = in_parts(None).0.into_iter().find(|(step, ..)| *step == "seal_parts").unwrap();
    // A team with a person who is not on the roster.
    let strange = with(&drawn["teams"], "/visits/0/posts/0/officers/1/id", "OFFICER-9");
    let first = visit["posts"][0]["officers"][0]["id"].clone();
    let dates = json!({"from": "2026-12-01", "to": "2026-12-31"});
    let replace = json!({"draw": inputs, "dates": dates, "out": first});
    let settled: Vec<Value> =
        drawn["teams"]["visits"].as_array().unwrap().iter().map(|visit| visit["unit"].clone()).collect();
    let all: [(&str, String, ErrorCode); 22] = [
        ("nothing", "{}".into(), ErrorCode::UnknownStep),
        ("plan", "{".into(), ErrorCode::InvalidJson),
        ("plan", "{}".into(), ErrorCode::InvalidRequest),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/frame", sealed["frame"].clone()).to_string(),
            ErrorCode::InvalidRequest,
        ),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/roster", sealed["roster"].clone()).to_string(),
            ErrorCode::InvalidRequest,
        ),
        ("policy", json!({"policy": {}}).to_string(), ErrorCode::InvalidDocument),
        ("rosters", with(&quickstart(), "/units/0/kind", "zoo").to_string(), ErrorCode::InvalidRows),
        ("plan", json!({"inputs": with(&quickstart(), "/units", json!([]))}).to_string(), ErrorCode::NoPlan),
        ("seal_parts", with(&parts, "/leaves", json!([])).to_string(), ErrorCode::InvalidParts),
        ("seal", with(&seal, "/terms/sealed_at", "2026-11-21T01:00:00Z").to_string(), ErrorCode::NotSealed),
        ("seal", with(&seal, "/terms/secret", "ab".repeat(32)).to_string(), ErrorCode::NotSealed),
        (
            "draw",
            with(&inputs, "/sealed/seal", text_with(&sealed["seal"], "previous", "11")).to_string(),
            ErrorCode::SealDiffers,
        ),
        ("draw", with(&inputs, "/beacon/0/value", "1").to_string(), ErrorCode::WrongBeacon),
        ("draw", with(&inputs, "/beacon", json!([])).to_string(), ErrorCode::WrongBeacon),
        ("explain", json!({"inputs": quickstart(), "unit": "DEMO-99"}).to_string(), ErrorCode::NotFound),
        ("reserve", json!({"draw": inputs, "unit": "DEMO-99"}).to_string(), ErrorCode::NotFound),
        ("replace", with(&replace, "/settled", json!(settled)).to_string(), ErrorCode::NotFound),
        ("replace", with(&replace, "/out", "OFFICER-9").to_string(), ErrorCode::NotReplaced),
        ("replace", with(&replace, "/teams", strange).to_string(), ErrorCode::NotReplaced),
        (
            "append",
            json!({"actor": "clerk", "at": "2026-11-19T08:00:00Z",
                   "content": {"kind": "cycle_closed", "approval": {"by": "director", "level": "authority"}}})
            .to_string(),
            ErrorCode::Refused,
        ),
        (
            "append",
            json!({"actor": "clerk", "at": "2026-11-19T08:00:00Z", "content": {"kind": "strange"}})
                .to_string(),
            ErrorCode::InvalidDocument,
        ),
        ("state", json!({"ledger": {"lines": "{}\n"}}).to_string(), ErrorCode::InvalidDocument),
    ];
    let mut reached: BTreeSet<ErrorCode> = BTreeSet::new();
    for (step, request, expected) in all {
        let found = error(step, &request);
        assert_eq!(found["code"], expected.as_str(), "{step}: {found}");
        assert_eq!(found["step"], step);
        assert!(!found["message"].as_str().unwrap().is_empty());
        reached.insert(expected);
    }
    // A mistake of the library cannot be provoked from here: `embed` has a test of its own.
    let others: Vec<ErrorCode> = ErrorCode::ALL.into_iter().filter(|code| !reached.contains(code)).collect();
    assert_eq!(others, [ErrorCode::Internal]);
}

/// A document, as text, with a digest in which one byte is another.
fn text_with(document: &Value, field: &str, byte: &str) -> Value {
    let mut read: Value = serde_json::from_str(document.as_str().unwrap()).unwrap();
    let digest = read[field].as_str().unwrap();
    read[field] = format!("{byte}{}", &digest[2..]).into();
    read.to_string().into()
}

#[test]
fn what_was_changed_after_sealing_is_not_drawn() {
    let sealed = ok("seal", &json!({"inputs": quickstart(), "terms": terms()}));
    let inputs = json!({"sealed": kept(&sealed), "beacon": dice()});
    let edit = |document: &str, from: &str, to: &str| {
        let text = inputs["sealed"][document].as_str().unwrap();
        assert!(text.contains(from), "{document} has no {from}");
        with(&inputs, &format!("/sealed/{document}"), text.replacen(from, to, 1))
    };
    assert_eq!(code("draw", &with(&inputs, "/sealed/digest", "ab".repeat(32))), "seal_differs");
    for (document, from, to) in [
        ("frame", "Institution 1\"", "Institution 9\""),
        ("frame", "\"low\"", "\"high\""),
        ("frame", "0707", "0708"),
        ("roster", "Officer 1\"", "Officer 9\""),
        ("policy", "\"cap\":5", "\"cap\":6"),
        ("policy", "\"reserves\":1", "\"reserves\":2"),
        ("seal", "2026-11-20T08:00:00Z", "2026-11-20T08:00:01Z"),
    ] {
        assert_eq!(code("draw", &edit(document, from, to)), "seal_differs", "{document}: {from}");
    }
    // The key of each document on its own: the frame's alone makes the seal.
    for document in ["roster", "cycle"] {
        let request = edit(document, "0707", "0708");
        let found = error("draw", &request.to_string());
        assert_eq!(found["code"], "seal_differs", "{document}");
        assert!(
            found["message"].as_str().unwrap().contains(&format!("sealed.{document} has another salt key")),
            "{found}"
        );
        for step in ["receipt", "reserve"] {
            let asked = match step {
                "receipt" => json!({"sealed": request["sealed"], "unit": "DEMO-01"}),
                _ => json!({"draw": request, "unit": "DEMO-01"}),
            };
            assert_eq!(code(step, &asked), "seal_differs", "{step}: {document}");
        }
    }
    // A swapped value is another draw, and one that verification refutes.
    let swapped = json!([{"source": "dice", "value": "9270160495813379045618264079135506271948"}]);
    let other = ok("draw", &with(&inputs, "/beacon", swapped));
    let published = json!({"seal": sealed["seal"], "beacon": dice()});
    let found = ok("verify", &json!({"record": other["record"], "evidence": published}));
    assert_eq!(found["verdict"], "refuted");
    // An edited record is refuted by the check named for it.
    let drawn = ok("draw", &inputs);
    let edited = drawn["record"].as_str().unwrap().replacen("\"vacancies\":0", "\"vacancies\":1", 1);
    let found = ok("verify", &json!({"record": edited, "evidence": published}));
    let failed: Vec<&Value> =
        found["checks"].as_array().unwrap().iter().filter(|check| check["result"] == "fail").collect();
    assert_eq!((&found["verdict"], failed[0]["check"].as_str()), (&json!("refuted"), Some("digest")));
}

#[test]
fn a_deferred_draw_takes_its_secret_and_no_other() {
    let inputs =
        with(&quickstart(), "/policy/disclosure", json!({"mode": "deferred", "reveal_by": "2026-12-31"}));
    assert_eq!(ok("policy", &json!({"policy": inputs["policy"]}))["needs_secret"], true);
    let request = json!({"inputs": inputs, "terms": terms()});
    assert_eq!(code("seal", &request), "not_sealed");
    let sealed = ok("seal", &with(&request, "/terms/secret", "5e".repeat(32)));
    assert!(!sealed["seal"].as_str().unwrap().contains(&"5e".repeat(32)));
    let inputs = json!({"sealed": kept(&sealed), "beacon": dice()});
    assert_eq!(code("draw", &inputs), "not_sealed");
    assert_eq!(code("draw", &with(&inputs, "/sealed/secret", "5f".repeat(32))), "seal_differs");
    let drawn = ok("draw", &with(&inputs, "/sealed/secret", "5e".repeat(32)));
    assert!(drawn["record"].as_str().unwrap().contains(&"5e".repeat(32)));
}

#[test]
fn a_buffer_that_nobody_filled_seals_nothing() {
    let inputs = quickstart();
    let request = json!({"inputs": inputs, "terms": with(&terms(), "/salt_key", "00".repeat(32))});
    let found = error("seal", &request.to_string());
    assert_eq!(found["code"], "not_sealed");
    assert!(found["message"].as_str().unwrap().starts_with("terms.salt_key is all zeros"), "{found}");
    let inputs = with(&inputs, "/policy/disclosure", json!({"mode": "deferred", "reveal_by": "2026-12-31"}));
    let request = json!({"inputs": inputs, "terms": with(&terms(), "/secret", "00".repeat(32))});
    let found = error("seal", &request.to_string());
    assert_eq!(found["code"], "not_sealed");
    assert!(found["message"].as_str().unwrap().starts_with("terms.secret is all zeros"), "{found}");
    // One bit is a key, if a bad one.
    let key = format!("{}01", "00".repeat(31));
    ok("seal", &with(&request, "/terms", with(&with(&terms(), "/salt_key", key.clone()), "/secret", key)));
}

#[test]
fn rows_without_a_number_are_shown_by_their_place() {
    let row = |id: &str, number: Option<u64>| {
        let mut row = json!({"id": id, "name": "", "division": "350502", "kind": "clinic", "risk": "low",
                             "credit": "A"});
        if let Some(number) = number {
            row["row"] = number.into();
        }
        row
    };
    let numbers = |step: &str, request: &Value| -> Vec<(String, u64)> {
        let found = error(step, &request.to_string());
        assert_eq!(found["code"], "invalid_rows", "{found}");
        let problems = found["problems"].as_array().unwrap().iter();
        problems
            .map(|p| (p["table"].as_str().unwrap().to_owned(), p["row"].as_u64().unwrap()))
            .filter(|(table, _)| table != "officers")
            .collect()
    };
    let mut request = quickstart();
    request["units"] = json!([row("X-1", None), row("X-2", Some(17)), row("X-3", Some(0))]);
    request["recusals"] =
        json!([{"inspector": "OFFICER-9", "unit": "X-1", "ground": "statutory", "basis": "kin"}]);
    request["experts"] = json!([
        {"id": "E-1", "name": "甲", "divisions": ["350502"], "engaged_until": "2027-12-31"},
        {"id": "E-2", "name": "", "divisions": ["350502"]}]);
    let expected: BTreeSet<(String, u64)> =
        [("units", 1), ("units", 17), ("units", 3), ("recusals", 1), ("experts", 2)]
            .map(|(table, row)| (table.to_owned(), row))
            .into();
    let found: BTreeSet<_> = numbers("rosters", &request).into_iter().collect();
    assert_eq!(found, expected);
    let found: BTreeSet<_> = numbers("plan", &json!({"inputs": request})).into_iter().collect();
    assert_eq!(found, expected);
    // The register of a programme.
    let (pack, programme) = (data("rules/quanzhou.json"), data("rules/quanzhou-2026.json"));
    let units = json!([row("X-1", None), row("X-2", None)]);
    let found = numbers("programme", &json!({"pack": pack, "programme": programme, "units": units}));
    assert!(found.contains(&("units".to_owned(), 2)) && found.iter().all(|(_, row)| *row > 0), "{found:?}");
}

#[test]
fn hostile_requests_are_answered() {
    let nested = |n: usize| format!("{{\"policy\":{}{}}}", "[".repeat(n), "]".repeat(n));
    let valid = json!({"inputs": quickstart()}).to_string();
    let policy = quickstart()["policy"].to_string();
    let twice = policy.replacen("\"title\":", "\"title\":\"A\",\"title\":", 1);
    let cases: Vec<(&str, String, &str)> = vec![
        ("plan", String::new(), "invalid_json"),
        ("plan", "null".into(), "invalid_request"),
        ("plan", "[]".into(), "invalid_request"),
        ("plan", "\u{feff}{}".into(), "invalid_json"),
        ("plan", format!("{valid}{valid}"), "invalid_json"),
        ("plan", valid[..valid.len() - 1].into(), "invalid_json"),
        ("policy", nested(10_000), "invalid_json"),
        ("policy", nested(100), "invalid_document"),
        ("policy", format!("{{\"policy\":{twice}}}"), "invalid_request"),
        ("policy", format!("{{\"policy\":{policy},\"policy\":{policy}}}"), "invalid_request"),
        ("policy", format!("{{\"policy\":{policy},\"strange\":1}}"), "invalid_request"),
        (
            "policy",
            json!({"policy": with(&quickstart(), "/policy/reserves", 1.5)["policy"]}).to_string(),
            "invalid_request",
        ),
        (
            "policy",
            format!("{{\"policy\":{}}}", policy.replacen("\"reserves\":1", "\"reserves\":1e0", 1)),
            "invalid_request",
        ),
        (
            "policy",
            format!(
                "{{\"policy\":{}}}",
                policy.replacen("\"reserves\":1", "\"reserves\":18446744073709551616", 1)
            ),
            "invalid_request",
        ),
        (
            "policy",
            format!(
                "{{\"policy\":{}}}",
                policy.replacen("\"reserves\":1", "\"reserves\":9007199254740992", 1)
            ),
            "invalid_request",
        ),
        (
            "policy",
            format!("{{\"policy\":{}}}", policy.replacen("\"reserves\":1", "\"reserves\":-1", 1)),
            "invalid_document",
        ),
        ("policy", json!({"policy": "{\"title\":"}).to_string(), "invalid_document"),
        ("policy", json!({"policy": 7}).to_string(), "invalid_document"),
        ("policy", json!({"policy": null}).to_string(), "invalid_request"),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/units/0/strange", 1).to_string(),
            "invalid_request",
        ),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/units/0/name", 1).to_string(),
            "invalid_request",
        ),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/units", json!({})).to_string(),
            "invalid_request",
        ),
        (
            "plan",
            with(&json!({"inputs": quickstart()}), "/inputs/events", json!([{"event": "strange"}]))
                .to_string(),
            "invalid_document",
        ),
        ("explain", json!({"inputs": quickstart(), "unit": "no id"}).to_string(), "invalid_request"),
        ("version", "{\"a\":1}".into(), "invalid_request"),
        ("verify", json!({"record": quickstart()["policy"]}).to_string(), "invalid_document"),
        ("state", json!({"ledger": {"lines": "{}"}}).to_string(), "invalid_document"),
        ("verify_ledger", json!({"lines": [], "checkpoints": ["no note"]}).to_string(), "invalid_document"),
        (
            "verify_ledger",
            json!({"lines": [], "draws": [{"draw": 1, "attempt": 1}, {"draw": 1, "attempt": 1}]}).to_string(),
            "invalid_request",
        ),
    ];
    for (step, request, expected) in cases {
        let found = error(step, &request);
        assert_eq!(found["code"], expected, "{step} {request:.120}: {found}");
    }
    assert_eq!(error("Plan", "{}")["code"], "unknown_step");
    // What is quoted is cut.
    let long = "x".repeat(1 << 20);
    assert!(call(&long, "{}").len() < 1000);
    assert!(call("plan", &format!("{{\"{long}\":1}}")).len() < 5000);
    // Tables without rows are tables.
    assert_eq!(ok("rosters", &json!({"policy": quickstart()["policy"]}))["units"], 0);
    // A ledger without lines follows, and says nothing.
    assert_eq!(ok("verify_ledger", &json!({"lines": ""}))["other_teams"], json!([]));
}

#[test]
fn teams_that_no_draw_gives_are_refused_or_answered() {
    let sealed = ok("seal", &json!({"inputs": quickstart(), "terms": terms()}));
    let inputs = json!({"sealed": kept(&sealed), "beacon": dice()});
    let teams = ok("draw", &inputs)["teams"].clone();
    let visits = teams["visits"].as_array().unwrap();
    let mut backwards = visits.clone();
    backwards.reverse();
    assert!(backwards.len() > 1);
    let request =
        json!({"draw": inputs, "unit": visits[0]["unit"], "teams": with(&teams, "/visits", backwards)});
    assert_eq!(code("reserve", &request), "invalid_document");
    let request = json!({"draw": inputs, "unit": visits[0]["unit"], "teams": with(&teams, "/visits/0/day", "2026-12-01")});
    assert_eq!(code("reserve", &request), "invalid_document");
    let request =
        json!({"draw": inputs, "unit": visits[0]["unit"], "teams": with(&teams, "/visits", json!([]))});
    assert_eq!(code("reserve", &request), "not_found");
}

/// The values that stand somewhere inside.
fn places(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| places(value, format!("{at}/{key}"), found)),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, value)| places(value, format!("{at}/{i}"), found))
        }
        _ => {}
    }
    found.push(at);
}

/// Valid requests with small documents, all of them values.
fn valid() -> Vec<(&'static str, Value)> {
    fn opened(value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with('{') && !text.contains('\n') => {
                *value = serde_json::from_str(text).unwrap()
            }
            Value::Object(map) => map.values_mut().for_each(opened),
            Value::Array(list) => list.iter_mut().for_each(opened),
            _ => {}
        }
    }
    let made = round().into_iter().filter(|(step, ..)| *step != "programme");
    made.map(|(step, mut request, _)| {
        opened(&mut request);
        (step, request)
    })
    .collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0_u64..4).prop_map(Value::from),
        Just(json!(1.5)),
        "[ -~]{0,8}".prop_map(Value::from),
        Just(json!("DEMO-01")),
        Just(json!("OFFICER-1")),
        Just(json!("2026-12-31")),
        Just(json!("0".repeat(64))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every answer has one of the two forms and shows no mistake of the library.
fn is_answered(step: &str, request: &str) -> Result<(), TestCaseError> {
    let response: Value = serde_json::from_str(&call(step, request)).unwrap();
    let keys: Vec<&String> = response.as_object().unwrap().keys().collect();
    prop_assert!(keys == ["ok"] || keys == ["error"]);
    prop_assert_ne!(&response["error"]["code"], "internal", "{}: {} {}", step, response, request);
    Ok(())
}

#[test]
fn any_value_in_any_place_is_answered() {
    let valid: Vec<(&str, Value, Vec<String>)> = valid()
        .into_iter()
        .map(|(step, request)| {
            let mut found = Vec::new();
            places(&request, String::new(), &mut found);
            (step, request, found)
        })
        .collect();
    let strategy = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_json());
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 3000, ..ProptestConfig::default() });
    runner
        .run(&strategy, |(which, place, new)| {
            let (step, request, places) = which.get(&valid);
            is_answered(step, &with(request, place.get::<String>(places), new).to_string())
        })
        .unwrap();
}

/// With another frame than the sealed one no seed may give the picks of the record: a unit that is certain under it
/// was left out. The ledger is refuted, and the verifier does not break over it.
#[test]
fn a_frame_under_which_no_seed_gives_the_picks_is_answered() {
    let (_, request) = valid().into_iter().find(|(step, _)| *step == "verify_ledger").unwrap();
    let units = request["draws"][0]["evidence"]["frame"]["units"].as_array().unwrap().len();
    for place in 0..units {
        let path = format!("/draws/0/evidence/frame/units/{place}/division");
        let answer = ok("verify_ledger", &with(&request, &path, json!("DEMO-01")));
        assert_eq!(answer["verdict"], "refuted", "{place}");
    }
}

#[test]
fn any_bytes_are_answered() {
    let valid: Vec<(&str, String)> =
        valid().into_iter().map(|(step, request)| (step, request.to_string())).collect();
    let strategy = (
        any::<prop::sample::Index>(),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..4),
    );
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 1500, ..ProptestConfig::default() });
    runner
        .run(&strategy, |(which, edits)| {
            let (step, request) = which.get(&valid);
            let mut bytes = request.clone().into_bytes();
            for (place, byte, kind) in edits {
                let place = place.index(bytes.len());
                match kind {
                    0 => bytes[place] = byte,
                    1 => bytes.truncate(place.max(1)),
                    _ => bytes.insert(place, byte),
                }
            }
            is_answered(step, &String::from_utf8_lossy(&bytes))
        })
        .unwrap();
}

proptest! {
    #[test]
    fn any_request_of_any_step_is_answered(step in 0..StepName::ALL.len(), request in any_json()) {
        is_answered(StepName::ALL[step].as_str(), &request.to_string())?;
    }
}

#[test]
fn names_are_stable() {
    for step in StepName::ALL {
        assert_eq!(StepName::parse(step.as_str()).unwrap(), step);
    }
    let version = ok("version", &json!({}));
    let steps: Vec<&str> =
        version["steps"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
    assert_eq!(
        steps,
        [
            "version",
            "policy",
            "programme",
            "rosters",
            "register",
            "assemble",
            "plan",
            "explain",
            "ready",
            "seal",
            "intake",
            "draw",
            "count_part",
            "seal_parts",
            "seed",
            "select_part",
            "draw_parts",
            "dispatch",
            "reserve",
            "replace",
            "append",
            "state",
            "verify",
            "verify_dispatch",
            "verify_intake",
            "verify_ledger",
            "verify_levels",
            "receipt",
            "verify_receipt"
        ]
    );
    let codes: Vec<&str> = ErrorCode::ALL.into_iter().map(ErrorCode::as_str).collect();
    assert_eq!(
        codes,
        [
            "unknown_step",
            "invalid_json",
            "invalid_request",
            "invalid_document",
            "invalid_rows",
            "invalid_parts",
            "no_plan",
            "not_sealed",
            "seal_differs",
            "wrong_beacon",
            "not_found",
            "not_replaced",
            "refused",
            "internal"
        ]
    );
    // The header declares what the library exports.
    let header = fs::read_to_string(examples("embed/double_random.h")).unwrap();
    let source = fs::read_to_string(testkit::repository("src/embed/abi.rs")).unwrap();
    let exported: Vec<&str> =
        source.split("extern \"C\" fn ").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
    assert_eq!(exported, ["double_random_call", "double_random_free", "double_random_version"]);
    assert!(exported.iter().all(|name| header.contains(&format!("{name}("))));
}

/// What of a value does not have the form that a schema asks for.
#[cfg(feature = "schema")]
fn misfits(value: &Value, schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.strip_prefix('#').unwrap()).unwrap();
        misfits(value, target, root, at, found);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(list) = schema.get(choice).and_then(Value::as_array) {
            let fits = |schema: &&Value| {
                let mut inner = Vec::new();
                misfits(value, schema, root, at, &mut inner);
                inner.is_empty()
            };
            if !list.iter().any(|schema| fits(&schema)) {
                found.push(format!("{at}: none of {choice}"));
            }
        }
    }
    if let Some(expected) = schema.get("const").filter(|expected| *expected != value) {
        found.push(format!("{at}: not {expected}"));
    }
    if let Some(list) = schema.get("enum").and_then(Value::as_array).filter(|list| !list.contains(value)) {
        found.push(format!("{at}: not among {list:?}"));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(list)) => list.iter().any(|one| one == kind),
        _ => true,
    };
    if !allowed {
        found.push(format!("{at}: a {kind}, not {}", schema["type"]));
    }
    if let (Value::Array(list), Some(items)) = (value, schema.get("items")) {
        list.iter()
            .enumerate()
            .for_each(|(i, value)| misfits(value, items, root, &format!("{at}/{i}"), found));
    }
    let Value::Object(map) = value else { return };
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, value) in map {
        match (properties.and_then(|known| known.get(name)), schema.get("additionalProperties")) {
            (Some(schema), _) => misfits(value, schema, root, &format!("{at}/{name}"), found),
            (None, Some(Value::Bool(false))) => found.push(format!("{at}/{name}: not in the schema")),
            (None, Some(schema @ Value::Object(_))) => {
                misfits(value, schema, root, &format!("{at}/{name}"), found)
            }
            (None, _) if at.is_empty() => found.push(format!("/{name}: not in the schema")),
            _ => {}
        }
    }
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    found.extend(
        required
            .filter(|name| !map.contains_key(name.as_str().unwrap()))
            .map(|name| format!("{at}: no {name}")),
    );
}

#[cfg(feature = "schema")]
#[test]
fn requests_and_responses_have_the_form_of_their_schemas() {
    for (step, request, answer) in round() {
        let (asked, answered) = double_random::embed::schema(StepName::parse(step).unwrap());
        let mut found = Vec::new();
        misfits(&request, &asked, &asked, "", &mut found);
        misfits(&answer, &answered, &answered, "", &mut found);
        assert!(found.is_empty(), "{step}: {found:?}");
        // A field more, or a required one less, is noticed.
        let mut found = Vec::new();
        misfits(&with(&answer, "/strange", 1), &answered, &answered, "", &mut found);
        assert_eq!(found, ["/strange: not in the schema"], "{step}");
    }
}

#[cfg(feature = "schema")]
fn schemas() -> std::collections::BTreeMap<PathBuf, Value> {
    let both = |step: StepName| {
        let (request, response) = double_random::embed::schema(step);
        let file = |what| examples("embed/schema").join(format!("{step}.{what}.json"));
        [(file("request"), request), (file("response"), response)]
    };
    StepName::ALL.into_iter().flat_map(both).collect()
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_files_are_current() {
    for (path, schema) in schemas() {
        let file = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(
            serde_json::from_str::<Value>(&file).unwrap(),
            schema,
            "{}: write it again, see below",
            path.display()
        );
    }
    assert_eq!(fs::read_dir(examples("embed/schema")).unwrap().count(), schemas().len());
}

/// `cargo test --all-features --test suite write_the_schema_files -- --ignored` writes the schema files
/// again.
#[cfg(feature = "schema")]
#[test]
#[ignore = "writes files"]
fn write_the_schema_files() {
    for (path, schema) in schemas() {
        fs::write(path, format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())).unwrap();
    }
}
