//! Verification of a published folder, and of what the database holds.

use super::Run;
use super::args::{Publish, Verify};
use super::desk::{Office, WholeBook};
use super::publish::{wanted, write_ledger};
use super::stage::stage;
use super::store::Database;
use super::words::{Answer, Screen};
use double_random::note::{Checkpoint, NoteKey};
use double_random::verify::{GivenLedger, LevelsReport, Outcome, Verdict, levels};
use double_random_office::catalogue;
use double_random_office::disk::listed;
use double_random_office::folder::{Folder, note as note_of};
use double_random_office::index;
use double_random_office::judge::{Judgement, earlier};
use double_random_office::obtain::{OwnValue, bring, read_values};
use double_random_office::problem::{Finding, FindingCode, worst};
use double_random_office::{say, told};
use double_random_support::files::{self, Failure};
use double_random_support::screen;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// A ledger, its name, and what was found.
struct Judged {
    name: String,
    entries: usize,
    /// The earlier ledger among them that it goes on from.
    before: Option<String>,
    found: Judgement,
}

/// Judges ledgers, and each against the earlier one among them that it goes on from.
fn judge(named: Vec<(String, Folder)>, screen: Screen) -> Answer {
    let (names, folders): (Vec<String>, Vec<Folder>) = named.into_iter().unzip();
    let mut judged = Vec::new();
    for ((folder, name), before) in folders.iter().zip(&names).zip(earlier(&folders)) {
        let mut found = Judgement::of(folder);
        let mut goes_on = None;
        if let Some((place, outcome)) = before {
            let of = names.get(place).map_or("", String::as_str);
            let finding = |code, words| Finding::new(code, "ledger.jsonl", words);
            found.findings.extend(match outcome {
                Outcome::Pass => {
                    goes_on = Some(of.to_owned());
                    None
                }
                Outcome::Fail { why } => {
                    let words = say!("office.finding.earlier", "goes on from {of}: {why}", of, why);
                    Some(finding(FindingCode::Earlier, words))
                }
                Outcome::NotRun { because } => {
                    let words =
                        say!("office.finding.earlier_unseen", "goes on from {of}: {because}", because, of);
                    Some(finding(FindingCode::NotShown, words))
                }
            });
        }
        judged.push(Judged { name: name.clone(), entries: folder.lines.len(), before: goes_on, found });
    }
    answer(&judged, &of_levels(&folders), screen)
}

/// The ledgers at the top that dispatch picks, each against the others that lie beside it.
fn of_levels(folders: &[Folder]) -> Vec<LevelsReport> {
    let top = |folder: &&Folder| {
        let records = || folder.evidence.draws.values().filter_map(|draw| draw.record.as_ref());
        records().any(|record| record.policy.dispatch.is_some())
            && records().all(|record| record.seal.above.is_none())
    };
    let report = |folder: &Folder| {
        let others = folders.iter().filter(|other| !std::ptr::eq(*other, folder));
        levels(given(folder), &others.map(given).collect::<Vec<_>>())
    };
    if folders.len() < 2 { Vec::new() } else { folders.iter().filter(top).map(report).collect() }
}

/// A ledger with what its folder has besides.
fn given(folder: &Folder) -> GivenLedger<'_> {
    GivenLedger { lines: &folder.lines, evidence: &folder.evidence }
}

/// The report of one ledger.
fn report(judged: &Judged, screen: Screen) -> String {
    let (Judged { name, found, .. }, lang) = (judged, screen.lang);
    let mut text = format!(
        "{name}\n{}\n{}\n",
        catalogue::lines(&found.ledger.messages(), screen.lang),
        screen::ledger_verdict(&found.ledger, screen.lang)
    );
    for ((draw, attempt), report) in &found.origins {
        let _ = writeln!(text, "{}", told!(lang, "office.verify.origin", attempt, draw));
        let _ = writeln!(text, "{}", catalogue::lines(&report.lines(), lang));
    }
    if found.results && found.findings.iter().all(|finding| finding.code != FindingCode::Dossier) {
        let _ = writeln!(text, "{}", screen.word("office.verify.dossier"));
    }
    if let Some(before) = &judged.before {
        let _ = writeln!(text, "{}", told!(lang, "office.verify.goes_on", before));
    }
    // Values of the folder alone come below, with where to look them up.
    let shown = found.findings.iter().filter(|finding| finding.code != FindingCode::OwnValues);
    for Finding { place, code, words } in shown {
        let (word, words) = (code.word(lang), catalogue::words(words, lang));
        let _ = writeln!(text, "{}", told!(lang, "office.verify.finding", place, word, words));
    }
    if !found.own_values.is_empty() {
        let words = screen.word("office.verify.own_values");
        let _ = writeln!(text, "{words}");
        for own in &found.own_values {
            let _ = writeln!(text, "  {}.{} {}", own.draw.0, own.draw.1, own.whence(screen.lang));
        }
    }
    // The line of the ledger stands above; what lies around it can say less.
    if found.verdict() != found.ledger.verdict() {
        let verdict = word(found.verdict(), screen);
        let _ = writeln!(text, "{}", told!(lang, "office.verify.with_files", verdict));
    }
    text
}

fn word(verdict: Verdict, screen: Screen) -> &'static str {
    match verdict {
        Verdict::Confirmed => screen.word("office.verify.confirmed"),
        Verdict::SelfConsistent => screen.word("office.verify.self_consistent"),
        Verdict::Refuted => screen.word("office.verify.refuted"),
    }
}

fn answer(judged: &[Judged], levels: &[LevelsReport], screen: Screen) -> Answer {
    let levels_say = levels.iter().map(LevelsReport::verdict);
    let verdict = worst(judged.iter().map(|judged| judged.found.verdict()).chain(levels_say));
    let mut text: String = judged.iter().map(|judged| report(judged, screen)).collect();
    for report in levels {
        let what = screen.word("office.verify.levels");
        let _ = writeln!(text, "{what}\n{}", catalogue::lines(&report.lines(), screen.lang));
    }
    let finding = |Finding { place, code, words }: &Finding| json!({ "code": code.as_str(), "file": place, "params": words.params(), "problem": words.to_string(), "rule": words.rule() });
    let ledger = |Judged { name, entries, before, found }: &Judged| {
        let findings: Vec<_> = found.findings.iter().map(finding).collect();
        let own = |own: &OwnValue| json!({ "draw": [own.draw.0, own.draw.1], "source": own.source.id() });
        let own_values: Vec<_> = found.own_values.iter().map(own).collect();
        json!({ "name": name, "entries": entries, "verdict": found.verdict().as_str(), "findings": findings,
                "goes_on_from": before, "own_values": own_values, "report": found.ledger.to_string(),
                "lines": found.ledger.messages() })
    };
    let ledgers: Vec<_> = judged.iter().map(ledger).collect();
    let levels: Vec<_> = levels
        .iter()
        .map(|report| json!({ "verdict": report.verdict().as_str(), "lines": report.lines() }))
        .collect();
    Answer {
        json: json!({ "verdict": verdict.as_str(), "ledgers": ledgers, "levels": levels }),
        text: format!("{text}{}\n", word(verdict, screen)),
        status: status(verdict),
    }
}

/// The exit status of a verdict (Spec 19, *The folder*).
pub const fn status(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Confirmed => 0,
        Verdict::Refuted => 1,
        Verdict::SelfConsistent => 2,
    }
}

/// Verifies a published folder, or one that holds several.
pub fn verify_folder(given: &Verify, screen: Screen) -> Result<Answer, Failure> {
    let root = given.folder.as_deref().ok_or("a folder")?;
    let is_ledger = |path: &Path| path.join("ledger.jsonl").exists();
    let mut folders = vec![root.to_path_buf()];
    if !is_ledger(root) {
        folders = listed(root)?.into_iter().filter(|path| is_ledger(path)).collect();
    }
    if folders.is_empty() {
        return Err(say!(
            "office.verify.no_ledger",
            "{folder}: no ledger.jsonl in it, nor one folder below",
            folder = root.display().to_string()
        )
        .into());
    }
    let keys = given.witness_key.iter().map(|key| files::about("--witness-key", NoteKey::parse(key)));
    let keys = keys.collect::<Result<Vec<_>, Failure>>()?;
    let mut values = Vec::new();
    for file in &given.values {
        values.extend(read_values(file, root)?);
    }
    let mut judged = Vec::new();
    let spin = screen.spinner(screen.word("office.verify.running"));
    for path in &folders {
        let mut folder = Folder::read(path, given.as_of.as_deref())?;
        folder.evidence.witnesses.clone_from(&keys);
        for file in &given.checkpoint {
            let note = note_of(file)?;
            // Of several ledgers, a checkpoint is of the one whose name it bears.
            let origin = Checkpoint::parse(note.text()).map(|checkpoint| checkpoint.origin);
            if folders.len() == 1 || origin.is_ok_and(|origin| folder.origin() == Some(origin)) {
                folder.evidence.kept.push(note);
            }
        }
        judged.push(folder);
    }
    bring(&mut judged, values)?;
    let names = folders.iter().map(|path| path.display().to_string());
    let answer = judge(names.zip(judged).collect(), screen);
    spin.finish_and_clear();
    Ok(answer)
}

/// Verifies the database: what it holds of every ledger, as an auditor would.
pub fn verify(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let offices = Office::all(database)?;
    let given = Publish { out: Path::new("").to_path_buf(), place: None, auditor: true, found: Vec::new() };
    let (mut judged, mut folders) = (Vec::new(), Vec::new());
    for (office, scope, task) in wanted(run, &offices)? {
        let book = WholeBook::load(database, scope.clone(), task)?;
        let staged = stage(run, database, office, &book, &given)?;
        // The same files, read by the same reader, as if they had been handed out.
        let folder = tempfile::tempdir()?;
        let mut written = staged.files.paths();
        written.push("ledger.jsonl".to_owned());
        staged.files.write(folder.path())?;
        write_ledger(folder.path(), &book.ledger().to_jsonl())?;
        index::write(folder.path(), &written, run.at)?;
        judged.push((scope.to_string(), Folder::read(folder.path(), None)?));
        folders.push(folder);
    }
    Ok(judge(judged, run.screen))
}
