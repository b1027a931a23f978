//! Draws of two levels: trees of records in order, and with every attack of Spec 27.

use super::Files;
use double_random::bytes::PROTOCOL;
use double_random::verify::{DispatchReport, DrawEvidence, Outcome, dispatched};
use serde_json::{Value, json};
use testkit::levels::trees;

pub(super) fn files() -> Files {
    let (mut bases, mut cases): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for tree in trees() {
        let draws: Vec<usize> = tree.draws.iter().map(|draw| place(&mut bases, draw)).collect();
        let report = dispatched(tree.record(0), tree.evidence(), &tree.draws[1..]);
        let (mut links, mut missing) = (Vec::new(), 0);
        told(&report, &mut links, &mut missing);
        cases.push(json!({"name": tree.name, "draws": draws, "verdict": report.verdict().as_str(),
                          "missing": missing, "links": links, "strays": report.strays.len()}));
    }
    let one_a_line = |list: &[Value]| list.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
    let (count, cases, bases) = (cases.len(), one_a_line(&cases), one_a_line(&bases));
    let head = format!(r#""protocol":"{PROTOCOL}","section":"27","count":{count}"#);
    let file = format!("{{{head},\"bases\":[\n{bases}\n],\"cases\":[\n{cases}\n]}}\n");
    [("dispatch.json".to_owned(), file.into_bytes())].into()
}

/// The place of a draw among those that the cases share.
fn place(bases: &mut Vec<Value>, draw: &DrawEvidence) -> usize {
    let value = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
    let (record, evidence) = (draw.record.as_ref().unwrap(), &draw.evidence);
    let [frame, roster, cycle] = [
        evidence.frame.as_ref().map(|(frame, key)| frame.to_json(key)),
        evidence.roster.as_ref().map(|(roster, key)| roster.to_json(key)),
        evidence.cycle.as_ref().map(|(cycle, key)| cycle.to_json(key)),
    ]
    .map(|file| value(file.unwrap()));
    let seal = value(evidence.seal.as_ref().unwrap().to_json());
    let base = json!({"record": value(record.to_json()), "seal": seal, "beacon": evidence.beacon,
                      "frame": frame, "roster": roster, "cycle": cycle});
    bases.iter().position(|other| *other == base).unwrap_or_else(|| {
        bases.push(base);
        bases.len() - 1
    })
}

/// What the report says of every draw below the top, level by level, and the parts without a record.
fn told(report: &DispatchReport, links: &mut Vec<Value>, missing: &mut usize) {
    *missing += report.parts.iter().filter(|part| part.picks > 0 && part.answers == 0).count();
    for draw in &report.below {
        let link = draw.link.as_ref().unwrap();
        let not_run = link.checks().filter(|(_, outcome)| matches!(outcome, Outcome::NotRun { .. }));
        let not_run: Vec<String> = not_run.map(|(check, _)| check.to_string()).collect();
        let failed: Vec<&str> = link.failed().iter().map(|check| check.as_str()).collect();
        links.push(json!({"record": draw.record, "failed": failed, "not_run": not_run}));
        told(draw, links, missing);
    }
}
