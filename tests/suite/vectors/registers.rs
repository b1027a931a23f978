//! Registers that make up a frame: in order, with every attack of Spec 28, and registers that do not fit.

use super::Files;
use double_random::bytes::PROTOCOL;
use double_random::register::SubmittedRegister;
use double_random::verify::{Check, Outcome, intake, registers, verify};
use serde_json::{Map, Value, json};
use testkit::assembled::{city_rules, federations, misfits};

fn value(bytes: Vec<u8>) -> Value {
    serde_json::from_slice(&bytes).unwrap()
}

/// The place of a value among those that the cases share.
fn place(bases: &mut Vec<Value>, base: Value) -> usize {
    bases.iter().position(|other| *other == base).unwrap_or_else(|| {
        bases.push(base);
        bases.len() - 1
    })
}

fn own(bases: &mut Vec<Value>, one: &SubmittedRegister) -> usize {
    let (register, frame) = (value(one.register.to_json()), value(one.frame.to_json(&one.salt_key)));
    place(bases, json!({"register": register, "frame": frame}))
}

pub(super) fn files() -> Files {
    let (mut bases, mut cases) = (vec![value(city_rules().to_json().unwrap())], Vec::<Value>::new());
    for (name, given, problems) in misfits() {
        let given: Vec<usize> = given.iter().map(|one| own(&mut bases, one)).collect();
        cases.push(json!({"name": name, "given": given, "problems": problems}));
    }
    for federation in federations() {
        let report = verify(&federation.record, &federation.evidence);
        let named = [Check::Registers, Check::RegisterRows];
        let of = |wanted: fn(&Outcome) -> bool| {
            let checks = named.iter().filter(|check| wanted(report.outcome(**check)));
            checks.map(|check| check.as_str()).collect::<Vec<_>>()
        };
        let failed = of(|outcome| matches!(outcome, Outcome::Fail { .. }));
        let not_run = of(|outcome| matches!(outcome, Outcome::NotRun { .. }));
        let word = |outcome: &Outcome| match outcome {
            Outcome::Pass => "pass",
            Outcome::Fail { .. } => "fail",
            Outcome::NotRun { .. } => "not run",
        };
        let each: Map<String, Value> = registers(&federation.record, &federation.evidence)
            .into_iter()
            .map(|one| (one.authority.to_string(), json!(word(&one.outcome))))
            .collect();
        let (frame, key) = federation.evidence.frame.as_ref().unwrap();
        let intakes: Vec<Value> = federation.submitted.iter().zip(&federation.intakes).map(|(mine, shown)| {
            let failed = intake(shown, mine, Some(&federation.record.seal)).failed();
            let failed: Vec<&str> = failed.iter().map(|check| check.as_str()).collect();
            json!({"intake": place(&mut bases, value(shown.to_json())), "own": own(&mut bases, mine), "failed": failed})
        }).collect();
        let mut case = json!({"name": federation.name, "seal": place(&mut bases, value(federation.record.seal.to_json())),
            "frame": place(&mut bases, value(frame.to_json(key))), "failed": failed, "not_run": not_run, "each": each,
            "intakes": intakes});
        if let Some(keys) = &federation.evidence.registers {
            case["registers"] = json!(place(&mut bases, value(keys.to_json())));
        }
        cases.push(case);
    }
    let one_a_line = |list: &[Value]| list.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
    let (count, cases, bases) = (cases.len(), one_a_line(&cases), one_a_line(&bases));
    let head = format!(r#""protocol":"{PROTOCOL}","section":"28","count":{count}"#);
    let file = format!("{{{head},\"bases\":[\n{bases}\n],\"cases\":[\n{cases}\n]}}\n");
    [("registers.json".to_owned(), file.into_bytes())].into()
}
