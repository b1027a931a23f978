//! What is taken out of a published folder, or changed in it.

use double_random::bytes::Suite;
use double_random::ledger::FileName;
use double_random::verify::{self, LedgerCheck, LedgerEvidence, LedgerGap, Verdict};
use testkit::ledger::*;

const ONE: (u64, u64) = (1, 1);

/// A draw that was published with a table, and what a reader has of it who kept a checkpoint.
fn published() -> (Office, LedgerEvidence) {
    let office = published_draw();
    let evidence = office.published_evidence();
    (office, evidence)
}

/// The same with a table that was changed.
fn changed(change: impl Fn(String) -> String) -> verify::LedgerReport {
    let (office, mut evidence) = published();
    let table = evidence.files.get_mut(&ONE).unwrap().get_mut("sample.csv").unwrap();
    let before = String::from_utf8(table.clone()).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after);
    *table = after.into_bytes();
    verify::ledger(office.lines(), &evidence)
}

#[test]
fn a_name_in_a_published_table_is_changed() {
    let (office, evidence) = published();
    let whole = verify::ledger(office.lines(), &evidence);
    assert_eq!((whole.verdict(), whole.failed()), (Verdict::Confirmed, vec![]), "{whole}");
    let report = changed(|table| table.replace("First", "Fast"));
    assert_eq!((report.verdict(), report.failed()), (Verdict::Refuted, vec![LedgerCheck::Files]));
    assert!(report.to_string().contains("FAIL     files: sample.csv of draw 1, attempt 1"), "{report}");
    // A program that changed the ends of lines changed nothing that the table says.
    let report = changed(|table| table.replace("\r\n", "\n"));
    assert_eq!(report.verdict(), Verdict::Confirmed, "{report}");
}

#[test]
fn two_divisions_change_places_in_a_published_table() {
    let swapped = |table: String| {
        table.replace("350502", "350500").replace("350503", "350502").replace("350500", "350503")
    };
    assert_eq!(changed(swapped).failed(), [LedgerCheck::Files]);
}

#[test]
fn a_published_table_is_taken_out() {
    let (office, mut evidence) = published();
    evidence.files.get_mut(&ONE).unwrap().remove("sample.csv");
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!((report.verdict(), report.failed()), (Verdict::SelfConsistent, vec![]));
    assert_eq!(report.gaps(), [LedgerGap::Files]);
    assert!(report.to_string().contains("sample.csv of draw 1, attempt 1 is not given"), "{report}");
}

#[test]
fn the_folder_of_a_draw_is_taken_out() {
    let (office, mut evidence) = published();
    evidence.files.clear();
    evidence.draws.clear();
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!(report.verdict(), Verdict::SelfConsistent);
    let gaps = [LedgerGap::Values, LedgerGap::Records, LedgerGap::Files];
    assert_eq!((report.gaps(), report.missing_files().len()), (&gaps[..], 2), "{report}");
}

/// Results of which the ledger has the digest alone: no file with other results can stand for them.
#[test]
fn published_results_are_taken_out() {
    let mut office = first_draw(None);
    let units = office.units(ONE);
    let visit = office.visit(ONE, "2026-02-10", &units[0]);
    office.enter("2026-02-12T00:00:00Z", &visit);
    let table = b"id,result\r\nT-000001,violation\r\n".to_vec();
    let digest = Suite::Sha256.file(&table);
    office.enter("2026-02-13T00:00:00Z", &publication("results", &digest.to_string(), &[]));
    let mut evidence =
        LedgerEvidence { kept: vec![office.ledger.checkpoint().unwrap().note()], ..office.public() };
    evidence.at = Some(instant("2026-02-14T00:00:00Z"));
    let gone = verify::ledger(office.lines(), &evidence);
    assert_eq!(
        (gone.gaps(), gone.missing_files()[0].file.as_str()),
        (&[LedgerGap::Files][..], &*digest.to_string())
    );
    evidence.files.entry(ONE).or_default().insert("results-000010.csv".into(), table);
    assert_eq!(verify::ledger(office.lines(), &evidence).gaps(), []);
}

#[test]
fn a_published_file_leads_out_of_its_folder() {
    for name in ["../record.json", "a/b", "", ".hidden", "C:x", "\u{202e}fdp.csv"] {
        assert!(FileName::parse(name).is_err(), "{name:?}");
    }
    assert!(FileName::parse("results-000012.csv").is_ok());
}

/// He chooses his dice after the fact, and a checkpoint was kept of what he made of them: without the value from
/// whoever saw the dice nothing is confirmed, and with it the ledger is refuted.
#[test]
fn dice_that_he_chose_afterwards() {
    let (office, mut evidence) = published();
    evidence.draws.get_mut(&ONE).unwrap().evidence.beacon = None;
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!((report.verdict(), report.gaps()), (Verdict::SelfConsistent, &[LedgerGap::Values][..]));
    evidence.draws.get_mut(&ONE).unwrap().evidence.beacon = Some(vec![throw("dice", 2)]);
    let report = verify::ledger(office.lines(), &evidence);
    assert_eq!(report.failed(), [LedgerCheck::Records]);
    assert!(report.to_string().contains("what dice said of draw 1, attempt 1"), "{report}");
}
