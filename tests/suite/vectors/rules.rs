//! The rules: ratings, working days, dossiers, packs and programmes.

use super::{Files, lines};
use crate::rules::cities::city::{self, CITIES, City};
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::calendar::{Date, WorkingDays};
use double_random::dossier::{Dossier, DossierEntry};
use double_random::id::Code;
use double_random::pack::Pack;
use double_random::programme::{DrawnTask, Programme};
use double_random::{Policy, UnitId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use testkit::rules::{pack_json, rated_policy};

fn examples() -> PathBuf {
    testkit::repository("examples")
}

pub(super) fn files() -> Files {
    [
        ("rating", "20.2", rating_cases()),
        ("rating_valid", "20.1", rating_valid_cases()),
        ("workdays", "21", workdays_cases()),
        ("dossier", "22", dossier_cases()),
        ("packs", "23.1", pack_cases()),
        ("programmes", "24", programme_cases()),
    ]
    .into_iter()
    .map(|(name, section, cases)| (format!("{name}.json"), lines(section, &cases)))
    .collect()
}

/// A number that follows from two others.
fn mix(a: u64, b: u64) -> u64 {
    city::constructed(&[&a.to_string(), &b.to_string()])
}

fn rated_case(policy: &Policy, kind: &str, signals: &BTreeMap<Code, u64>) -> Value {
    let rated = policy.rate(&Code::parse(kind).unwrap(), signals).unwrap();
    json!({
        "rating": policy.rating, "risk": policy.frame.risk, "credit": policy.frame.credit,
        "kinds": policy.frame.kinds,
        "frequency": policy.frequency, "kind": kind, "signals": signals, "rated": rated,
    })
}

fn rating_cases() -> Vec<Value> {
    let policy = rated_policy(|_| {});
    let codes = ["complaints", "serious", "points", "red", "ladder", "unknown"];
    let mut cases = Vec::new();
    for n in 0..60 {
        let count = |(i, code): (u64, &str)| {
            (Code::parse(code).unwrap(), [0, 0, 1, 2, 3, 12, 20][usize::try_from(mix(n, i) % 7).unwrap()])
        };
        let signals: BTreeMap<Code, u64> = (0..).zip(codes).map(count).filter(|(_, n)| *n > 0).collect();
        let kind = ["hospital", "clinic"][usize::try_from(n % 2).unwrap()];
        cases.push(rated_case(&policy, kind, &signals));
        // The same where the rules begin with the levels of the register, if it states any.
        if n % 5 == 0 {
            let mut stated = signals.clone();
            for (code, place) in [("stated_credit", n % 4), ("stated_risk", n / 5 % 4)] {
                if place > 0 {
                    stated.insert(Code::parse(code).unwrap(), place);
                }
            }
            let policy = rated_policy(|p| p["rating"]["start"]["stated"] = json!(true));
            cases.push(rated_case(&policy, kind, &stated));
        }
    }
    let rate = rated_policy(|p| p["design"] = json!({"method": "rate", "rate": "0.3"}));
    let mut case = rated_case(&rate, "clinic", &BTreeMap::from([(Code::parse("complaints").unwrap(), 3)]));
    case["rate"] = json!("0.3");
    cases.push(case);
    for city in CITIES {
        let city = City::read(&examples(), city).unwrap();
        let policy = city.programme.policy(&city.pack, &city.programme.tasks[0].code, 1, None).unwrap();
        let frame = city.frame(&policy, &city.opening().unwrap()).unwrap();
        let marked = frame.units().iter().filter(|unit| unit.signals.len() > 2);
        cases.extend(marked.take(8).map(|unit| rated_case(&policy, unit.kind.as_str(), &unit.signals)));
    }
    cases
}

fn rating_valid_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for (change, _) in testkit::rules::bad_ratings() {
        let text = testkit::rules::rated_policy_json(change);
        let policy: Value = serde_json::from_str(&text).unwrap();
        let added: Vec<&Value> =
            policy["signals"].as_array().into_iter().flatten().map(|s| &s["signal"]).collect();
        cases.push(json!({
            "rating": policy["rating"], "risk": policy["frame"]["risk"], "credit": policy["frame"]["credit"],
            "kinds": policy["frame"]["kinds"], "frequency": policy["frequency"], "signals_added": added,
            "valid": Policy::from_json(&text).is_ok(),
        }));
    }
    cases
}

fn workdays_cases() -> Vec<Value> {
    let programme: Value =
        serde_json::from_str(&fs::read_to_string(examples().join("rules/quanzhou-2026.json")).unwrap())
            .unwrap();
    let calendar = &programme["calendar"];
    let days: WorkingDays = serde_json::from_value(calendar.clone()).unwrap();
    let mut cases = Vec::new();
    for day in [
        "2025-12-30",
        "2025-12-31",
        "2026-01-03",
        "2026-02-13",
        "2026-02-14",
        "2026-05-08",
        "2026-09-18",
        "2026-12-30",
        "2027-01-01",
    ] {
        for n in [0, 1, 2, 3, 5, 20, 250] {
            let mut case = json!({"calendar": calendar, "after": day, "n": n});
            if let Some(found) = days.after(Date::parse(day).unwrap(), n) {
                case["day"] = json!(found);
            }
            cases.push(case);
        }
    }
    for (covers, holidays, make_up) in [
        (("2026-01-01", "2026-01-31"), json!(["2026-01-01"]), json!(["2026-01-04"])),
        (("2026-01-01", "2026-01-31"), json!(["2026-01-02", "2026-01-01"]), json!([])),
        (("2026-01-01", "2026-01-31"), json!(["2026-02-01"]), json!([])),
        (("2026-01-01", "2026-01-31"), json!([]), json!(["2026-01-05"])),
        (("2026-01-01", "2026-01-31"), json!(["2026-01-04"]), json!(["2026-01-04"])),
        (("2026-01-31", "2026-01-01"), json!([]), json!([])),
    ] {
        let calendar = json!({"basis": "b", "covers": {"from": covers.0, "to": covers.1},
                              "holidays": holidays, "make_up": make_up});
        let valid = serde_json::from_value::<WorkingDays>(calendar.clone()).is_ok();
        cases.push(json!({"calendar": calendar, "valid": valid}));
    }
    cases
}

fn dossier_cases() -> Vec<Value> {
    let text = pack_json(|_| {});
    let pack = Pack::from_json(&text).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let terms = pack.dossier_terms();
    let units = ["U-1", "U-2", "U-3"];
    let signals = ["complaints", "serious", "points", "red", "recheck"];
    let results = [
        vec!["ok"],
        vec!["ok"],
        vec!["violation"],
        vec!["minor", "ok"],
        vec!["closed"],
        vec!["neutral", "ok"],
    ];
    let mut cases = Vec::new();
    for n in 0..30_u64 {
        let mut dossier = Dossier::default();
        let mut k = 0;
        while dossier.entries().len() < 25 {
            k += 1;
            let below = |i: u64, m: usize| usize::try_from(mix(n * 1000 + k, i)).map(|x| x % m).unwrap();
            let date =
                Date::parse("2025-06-01").unwrap().plus_days(i64::try_from(below(1, 400)).unwrap()).unwrap();
            let date = if below(2, 4) == 0 { Date::parse("2026-01-31").unwrap() } else { date };
            let entry = match below(3, 8) {
                0 | 1 => json!({"entry": "noted", "count": 1 + below(4, 9), "signal": signals[below(5, 5)]}),
                2 => json!({"entry": "cleared", "signal": signals[below(5, 5)]}),
                3 => json!({"entry": "withdrawn", "of": below(6, 26)}),
                _ => {
                    let mut entry = json!({"entry": "result", "results": results[below(7, 6)]});
                    if below(8, 4) > 0 {
                        entry["drawn"] = json!(true);
                    }
                    entry
                }
            };
            let mut entry = entry;
            entry["date"] = json!(date);
            entry["source"] = json!(format!("file {k}"));
            if entry["entry"] != "withdrawn" {
                entry["unit"] = json!(units[below(9, 3)]);
            }
            // What is refused is refused: the next one.
            let _ = dossier.enter(&terms, serde_json::from_value(entry).unwrap());
        }
        let as_of =
            Date::parse(["2026-01-31", "2025-12-31", "2026-06-30"][usize::try_from(n % 3).unwrap()]).unwrap();
        let suite = if n % 5 == 0 { Suite::Sm3 } else { Suite::Sha256 };
        let key = SaltKey::new([u8::try_from(n).unwrap(); 32]);
        let rows: Vec<Value> = units
            .iter()
            .enumerate()
            .map(|(i, unit)| {
                let kind = ["hospital", "clinic"][i % 2];
                let signals = dossier.signals(
                    &terms,
                    &UnitId::parse(unit).unwrap(),
                    &Code::parse(kind).unwrap(),
                    as_of,
                );
                json!({"unit": unit, "kind": kind, "signals": signals})
            })
            .collect();
        cases.push(json!({
            "pack": document, "entries": dossier.entries(), "as_of": as_of, "suite": suite,
            "salt_key": key.reveal(),
            "digest": dossier.digest(suite, &key), "units": rows,
        }));
    }
    for entries in testkit::rules::refused_entries() {
        let parsed: Vec<DossierEntry> = serde_json::from_value(entries.clone()).unwrap();
        let accepted = match Dossier::replay(&terms, parsed.clone()) {
            Ok(_) => parsed.len(),
            Err((place, _)) => place,
        };
        cases.push(json!({"pack": document, "entries": entries, "accepted": accepted}));
    }
    cases
}

fn pack_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for (change, _) in testkit::rules::bad_packs() {
        let text = pack_json(change);
        let mut case = json!({"pack": serde_json::from_str::<Value>(&text).unwrap()});
        let read = Pack::from_json(&text);
        case["valid"] = json!(read.is_ok());
        if let Ok(pack) = read {
            case["digest"] = json!(pack.digest(Suite::Sha256));
        }
        cases.push(case);
    }
    for name in CITIES.into_iter().chain(["national-health"]) {
        let text = fs::read_to_string(examples().join(format!("rules/{name}.json"))).unwrap();
        let pack = Pack::from_json(&text).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        cases.push(json!({"pack": document, "valid": true, "digest": pack.digest(Suite::Sha256)}));
    }
    cases
}

fn programme_cases() -> Vec<Value> {
    let mut cases = Vec::new();
    for name in CITIES {
        let city = City::read(&examples(), name).unwrap();
        let dossier = (name != "hangzhou").then(|| Digest::new([7; 32]));
        let (pack, programme) = (&city.pack, &city.programme);
        let mut policies = Vec::new();
        for task in &programme.tasks {
            for batch in 1..=u64::try_from(task.batches.len()).unwrap() {
                let policy = programme.policy(pack, &task.code, batch, dossier).unwrap();
                policies.push(json!({"task": task.code, "batch": batch, "policy": policy}));
            }
        }
        let first = programme.policy(pack, &programme.tasks[0].code, 1, dossier).unwrap();
        let frame = city.frame(&first, &city.opening().unwrap()).unwrap();
        let units: Vec<_> = frame.units().iter().step_by(9).collect();
        let forms: Vec<Value> = units
            .iter()
            .enumerate()
            .map(|(i, unit)| {
                let tasks: Vec<&double_random::programme::Task> = programme
                    .tasks
                    .iter()
                    .enumerate()
                    .filter(|(k, _)| (i + k) % 3 > 0)
                    .map(|(_, task)| task)
                    .collect();
                let form = pack.form(unit, tasks.iter().map(|task| (&task.code, task.items.as_slice())));
                json!({"unit": unit.id, "tasks": tasks.iter().map(|task| &task.code).collect::<Vec<_>>(),
                       "form": form})
            })
            .collect();
        let mut draws = Vec::new();
        for task in &programme.tasks {
            for batch in 1..=u64::try_from(task.batches.len()).unwrap() {
                let drawn = units.iter().filter(|unit| {
                    city::constructed(&[task.code.as_str(), &batch.to_string(), unit.id.as_str()])
                        .is_multiple_of(3)
                });
                draws.push(DrawnTask {
                    batch,
                    task: task.code.clone(),
                    units: drawn.map(|unit| unit.id.clone()).collect(),
                });
            }
        }
        let merged = programme.visits(pack, &frame, &draws).unwrap();
        let draws: Vec<Value> = draws
            .iter()
            .map(|draw| json!({"task": draw.task, "batch": draw.batch, "units": draw.units}))
            .collect();
        let document = |path: String| -> Value {
            serde_json::from_str(&fs::read_to_string(examples().join("rules").join(path)).unwrap()).unwrap()
        };
        let mut case = json!({
            "name": name, "pack": document(format!("{name}.json")),
            "programme": document(format!("{name}-2026.json")),
            "digests": {"pack": pack.digest(programme.terms.suite), "programme": programme.digest()},
            "policies": policies, "units": units, "forms": forms, "draws": draws, "merged": merged,
        });
        if let Some(dossier) = dossier {
            case["dossier"] = json!(dossier);
        }
        cases.push(case);
    }
    // A task of several kinds of amounts, general items only, caps and bands: the small pack.
    let pack = Pack::from_json(&pack_json(|_| {})).unwrap();
    let text = testkit::rules::programme_json(|_| {});
    let programme = Programme::from_json(&text).unwrap();
    let mut policies = Vec::new();
    for task in &programme.tasks {
        for batch in 1..=u64::try_from(task.batches.len()).unwrap() {
            let policy = programme.policy(&pack, &task.code, batch, None).unwrap();
            policies.push(json!({"task": task.code, "batch": batch, "policy": policy}));
        }
    }
    cases.push(json!({
        "name": "small", "pack": serde_json::from_str::<Value>(&pack_json(|_| {})).unwrap(),
        "programme": serde_json::from_str::<Value>(&text).unwrap(),
        "digests": {"pack": pack.digest(Suite::Sha256), "programme": programme.digest()},
        "policies": policies,
    }));
    cases
}
