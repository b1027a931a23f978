//! Ledgers of two levels: in order, and with every attack of Spec 27.5.

use super::trust::{word, write};
use super::{Files, lines};
use double_random::verify::{GivenLedger, LedgerEvidence, LevelPart, LevelsReport, Outcome, levels};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::counties::{city_office, ledgers, received};
use testkit::ledger::Office;

/// Each ledger as a folder, and what they say together.
pub(super) fn levels_of_ledgers(files: &mut Files) {
    let mut folders: BTreeMap<Vec<u8>, String> = BTreeMap::new();
    let mut cases: Vec<Value> = Vec::new();
    for tree in ledgers() {
        let evidence: Vec<LedgerEvidence> = tree.offices.iter().map(known).collect();
        let mut names = Vec::new();
        for (office, evidence) in tree.offices.iter().zip(&evidence) {
            let number = folders.len();
            let name = folders.entry(office.ledger.to_jsonl()).or_insert_with(|| {
                let authority = office.state().opened().unwrap().authority.clone();
                let name = format!("level_{number:02}_{authority}");
                write(files, &name, office, evidence);
                name
            });
            names.push(name.clone());
        }
        let given: Vec<GivenLedger<'_>> = tree
            .offices
            .iter()
            .zip(&evidence)
            .map(|(office, evidence)| GivenLedger { lines: office.lines(), evidence })
            .collect();
        let report = levels(given[0], &given[1..]);
        cases.push(told(tree.name, &names, &report));
    }
    files.insert("ledgers/levels.json".to_owned(), lines("27.5", &cases));
    // A checkpoint of a ledger to which nothing was dispatched.
    let mut city = city_office();
    let stranger = Office::open_as("350582-wsjd", None);
    city.enter("2026-02-12T00:00:00Z", &received(1, &stranger));
    let evidence = known(&city);
    write(files, "checkpoint_of_no_part", &city, &evidence);
}

/// What the public has of a ledger, with the frames, and a checkpoint that somebody kept.
fn known(office: &Office) -> LedgerEvidence {
    let mut evidence = office.public();
    evidence.checkpoints.clear();
    evidence.kept = vec![office.ledger.checkpoint().unwrap().note()];
    for (name, known) in &mut evidence.draws {
        known.evidence.frame.clone_from(&office.evidence.draws[name].evidence.frame);
    }
    evidence
}

fn told(name: &str, folders: &[String], report: &LevelsReport) -> Value {
    let coverage = report.coverage.map(|found| json!([found.draw, found.units, found.visited]));
    let parts: Vec<Value> = report.parts.iter().map(part).collect();
    json!({"name": name, "ledgers": folders, "verdict": report.verdict().as_str(), "parts": parts,
           "coverage": coverage, "strays": report.strays.len()})
}

fn part(part: &LevelPart) -> Value {
    let checks: BTreeMap<&str, &str> =
        part.checks.checks().map(|(check, outcome)| (check.as_str(), word(outcome))).collect();
    let link = part.link.as_ref().map(|link| {
        let not_run = link.checks().filter(|(_, outcome)| matches!(outcome, Outcome::NotRun { .. }));
        let not_run: Vec<String> = not_run.map(|(check, _)| check.to_string()).collect();
        let failed: Vec<&str> = link.failed().iter().map(|check| check.as_str()).collect();
        json!({"failed": failed, "not_run": not_run})
    });
    json!({"above": part.above, "draw": part.draw, "below": part.below, "picks": part.picks,
           "given": part.given, "draws": part.draws, "checks": checks, "link": link, "taken": part.taken,
           "visited": part.visited, "missed": part.missed, "open": part.open, "uncovered": part.uncovered})
}
