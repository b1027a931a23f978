//! Receipts (回执) for institutions: what each can hold and check alone, in a folder to be handed out.

use super::Run;
use super::args::ReceiptArgs;
use super::desk::{Office, refuse};
use super::steps::book;
use super::store::Database;
use super::words::Answer;
use double_random::UnitId;
use double_random_office::say;
use double_random_support::files::{Failure, Files};
use serde_json::json;
use std::collections::BTreeMap;

/// Writes the receipt of one institution, or of all, each in a folder of its own.
pub fn receipts(run: &Run, database: &mut Database, given: &ReceiptArgs) -> Result<Answer, Failure> {
    let screen = run.screen;
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let attempt = book.attempt(given.draw)?;
    let name = attempt.name();
    // One folder holds rows of the register: it is handed out piece by piece, and never published.
    if given.out.ancestors().any(|folder| folder.join("ledger.jsonl").exists()) {
        return refuse(format!(
            "{} lies in a published folder, and receipts hold rows of the register: choose another --out",
            given.out.display()
        ));
    }
    let sealed = book.sealed(database, name)?;
    let receipts = sealed.receipts();
    // An outcome before the visit would announce it.
    let open = attempt.record().is_some() && !attempt.is_hidden();
    let mut outcomes: BTreeMap<UnitId, Vec<u8>> = BTreeMap::new();
    if open {
        let seed = sealed.seed(&attempt.values().ok_or("the values of a draw that is drawn")?)?;
        let sample = seed.draw();
        outcomes.extend(sample.outcomes().map(|outcome| (outcome.unit.clone(), outcome.to_json())));
    }
    let wanted = given.unit.as_deref().map(UnitId::parse).transpose()?;
    let mut files = Files::default();
    let mut count = 0_u64;
    for receipt in receipts.iter().filter(|one| wanted.as_ref().is_none_or(|unit| one.row.unit.id == *unit)) {
        let unit = &receipt.row.unit.id;
        files.add(&format!("{unit}/receipt.json"), receipt.to_json());
        if let Some(outcome) = outcomes.get(unit) {
            files.add(&format!("{unit}/outcome.json"), outcome.clone());
        }
        count += 1;
    }
    if count == 0 {
        let unit = given.unit.as_deref().unwrap_or_default();
        return refuse(say!(
            "office.receipt.not_on_frame",
            "{unit} is not on the frame of draw {draw}.{attempt}",
            unit,
            draw = name.0,
            attempt = name.1
        ));
    }
    files.write(&given.out)?;
    let mut text = format!("{}: {count} {}\n", given.out.display(), screen.say("receipts", "份回执"));
    if attempt.record().is_some() && !open {
        text.push_str(screen.say(
            "The visits are not announced: outcomes are written once the draw is disclosed",
            "本次检查不预先告知：公开后方可出具抽取结果回执",
        ));
    }
    Ok(Answer::said(json!({ "folder": given.out, "receipts": count, "outcomes": open }), text))
}
