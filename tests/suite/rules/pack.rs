//! Rule packs and forms: what is refused, and which items apply to whom.

use double_random::bytes::Suite;
use double_random::dossier::Dossier;
use double_random::frame::Unit;
use double_random::id::Code;
use double_random::pack::{Pack, PackError};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::rules::{CREDITS, RISKS, bad_packs, pack_json, rated_frame, rated_policy};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn pack() -> Pack {
    Pack::from_json(&pack_json(|_| {})).unwrap()
}

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
        p["ladders"][0]["fails_to"] = json!(7);
        p["bands"][1]["share"]["max"] = json!("0.3");
    });
    let PackError::Refused(problems) = Pack::from_json(&text).unwrap_err() else { panic!() };
    let places: BTreeSet<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    for place in ["colour", "item records.cite", "cap cap", "ladder ladder", "band band-low"] {
        assert!(places.contains(place), "{place} is not among {places:?}");
    }
    // What has no form at all says where.
    let form = Pack::from_json("{\"code\": 3}").unwrap_err();
    assert!(matches!(form, PackError::Form(_)) && form.to_string().contains("line 1"), "{form}");
    assert!(Pack::from_json("").is_err() && Pack::from_json("[]").is_err());
}

/// A level that a register states is where the rules begin, if the pack says so; else a filled cell is a
/// problem. It is never read and thrown away.
#[test]
fn levels_of_a_register_begin_the_rules_or_are_refused() {
    let row = |n: u64, risk: &str, credit: &str| {
        let mut row = testkit::unit_row(n);
        (row.risk, row.credit, row.signals) = (risk.to_owned(), credit.to_owned(), Vec::new());
        row
    };
    let rows =
        || [row(0, RISKS[2], ""), row(1, "", CREDITS[3]), row(2, "", ""), row(3, RISKS[0], CREDITS[0])];
    let pack = Pack::from_json(&pack_json(|p| p["rating"]["start"]["stated"] = json!(true))).unwrap();
    let stated = rated_policy(|p| p["rating"]["start"]["stated"] = json!(true));
    let start = &stated.rating.as_ref().unwrap().start;
    let frame = pack.frame(&stated, &Dossier::default(), rows()).unwrap();
    let levels: Vec<(&str, &str)> =
        frame.units().iter().map(|unit| (unit.risk.as_str(), unit.credit.as_str())).collect();
    // A rule raises the risk of all of them to medium: it moves what the register states, and what it does not.
    assert_eq!((start.risk.as_str(), start.credit.as_str()), ("low", "B"));
    assert_eq!(levels, [("high", "B"), ("medium", "D"), ("medium", "B"), ("medium", "A")]);
    // The levels follow from what is sealed, so that everybody can make them again.
    for unit in frame.units() {
        let (risk, credit) = stated.levels(&unit.kind, &unit.signals).unwrap();
        assert_eq!((risk, credit), (&unit.risk, &unit.credit));
    }
    // A level that there is not, and one that comes as a signal.
    let mut tricked = row(4, "D级", "");
    tricked.signals = vec![("stated_credit".to_owned(), "1".to_owned())];
    let problems = pack.frame(&stated, &Dossier::default(), [tricked]).unwrap_err().to_string();
    assert!(problems.contains("D级") && problems.contains("stated_credit"), "{problems}");
    // Without that rule of the pack: three rows state levels, and each cell is named.
    let plain = rated_policy(|_| {});
    let pack = Pack::from_json(&pack_json(|_| {})).unwrap();
    let problems = pack.frame(&plain, &Dossier::default(), rows()).unwrap_err().to_string();
    assert_eq!(problems.matches("rating.start.stated").count(), 4, "{problems}");
    assert!(pack.frame(&plain, &Dossier::default(), [row(2, "", "")]).is_ok());
}

#[test]
fn every_shipped_pack_is_read_and_cites_every_rule() {
    let folder = testkit::repository("examples/rules");
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
