//! Draws of two levels (派发; Spec 27): picks are handed down, taken from above, and what the ledger below
//! tells of them is entered.

use super::Run;
use super::args::{DispatchArgs, DispatchIn, DispatchOut, DispatchReady, DispatchTake, DispatchWork};
use super::desk::{Book, Office, document, refuse, set, setting};
use super::steps::{book, next_policy, whole_book};
use super::store::Database;
use super::words::Answer;
use double_random::bytes::{Digest, Suite, encode, written};
use double_random::dispatch;
use double_random::frame::UnitRow;
use double_random::id::{Code, UnitId};
use double_random::ledger::{Attempt, Content, Correction, Received, Visited};
use double_random::message::Message;
use double_random::note::origin;
use double_random::policy::{Above, Billionths, CoverageFloor, Design, DispatchedPart, PolicyTerms, Round};
use double_random::receipt::Receipt;
use double_random::roster::RosterCommitment;
use double_random::seal::Sealed;
use double_random::verify::{
    DrawEvidence, GivenLedger, LedgerEvidence, LevelCheck, LevelPart, LevelsReport, Outcome, Verdict, levels,
    verify,
};
use double_random::{Evidence, Frame, Policy, Record};
use double_random_office::catalogue;
use double_random_office::folder::Folder;
use double_random_office::say;
use double_random_office::values::{Lines, Several};
use double_random_support::files::{self, Failure, Files};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What says of a folder to whom it is handed down, and what must be in it.
const TITLE: &str = "dispatch.json";

/// The receipts of the picks of a part: their rows, each with its proof that it stands in the sealed frame.
const RECEIPTS: &str = "receipts.json";

/// What is handed down to a part. Without a record it is what the part needs to get ready.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedDown {
    above: Above,
    authority: Code,
    files: Vec<HandedFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Digest>,
    scope: Code,
}

/// A file of the folder, by its SHA-256.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandedFile {
    file: String,
    sha256: Digest,
}

pub fn dispatch(run: &Run, database: &mut Database, given: &DispatchArgs) -> Result<Answer, Failure> {
    match &given.work {
        DispatchWork::Out(given) => database.read(|database| out(run, database, given)),
        DispatchWork::Ready(given) => database.read(|database| ready(run, database, given)),
        DispatchWork::In(given) => database.write(|database| take_in(run, database, given)),
        DispatchWork::Take(given) => database.write(|database| take(run, database, given)),
    }
}

/// Sequence number and attempt of a draw that dispatches picks, with its record.
type Dispatching = ((u64, u64), Record);

/// The draws that dispatch picks and stand, the last first.
fn dispatching(database: &mut Database, book: &Book, draw: Option<u64>) -> Result<Vec<Dispatching>, Failure> {
    let stands = |attempt: &&Attempt| {
        let named = draw.is_none_or(|draw| attempt.name().0 == draw);
        named && attempt.record().is_some() && attempt.is_running()
    };
    let names: Vec<_> = book.state().attempts().iter().rev().filter(stands).map(Attempt::name).collect();
    let mut found = Vec::new();
    for name in names {
        let record = book.record(database, name)?;
        if record.policy.dispatch.is_some() {
            found.push((name, record));
        }
    }
    Ok(found)
}

/// Writes for each part the folder that its office needs.
fn out(run: &Run, database: &mut Database, given: &DispatchOut) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let drawn = match given.ready {
        true => None,
        false => dispatching(database, &book, given.draw)?.into_iter().next(),
    };
    let policy = match &drawn {
        Some((_, record)) => record.policy.clone(),
        None if given.draw.is_some() => {
            return refuse(say!(
                "office.dispatch.no_draw",
                "--draw: this draw dispatches nothing, or is not drawn"
            ));
        }
        None => next_policy(database, &office, &book, given.policy.as_deref())?.0,
    };
    let parts = policy.dispatch.iter().flat_map(|dispatch| dispatch.parts.clone()).collect::<Vec<_>>();
    if parts.is_empty() {
        return refuse(say!(
            "office.dispatch.nothing",
            "the policy dispatches nothing: it has no parts (dispatch)"
        ));
    }
    let sealed = drawn.as_ref().map(|(name, _)| book.sealed(database, *name)).transpose()?;
    let receipts = sealed.as_ref().map(Sealed::receipts);
    let above = Above { authority: policy.authority.clone(), scope: policy.scope.clone() };
    let (mut text, mut written) = (String::new(), Vec::new());
    for part in parts {
        let folder = given.out.join(format!("{}-{}", part.authority, part.scope));
        let mut contents = vec![("policy.json", policy.to_json()?)];
        let mut count = None;
        if let (Some((name, record)), Some(receipts)) = (&drawn, &receipts) {
            let picks = picks_of(record, &part);
            let rows: Vec<Receipt> = picks.iter().filter_map(|id| receipts.get(id)).collect();
            count = Some(picks.len());
            contents.push(("seal.json", book.document(database, *name, "seal")?));
            contents.push(("record.json", record.to_json()));
            contents.push((RECEIPTS, encode(&rows)?));
        }
        let hash = |(file, bytes): &(&str, Vec<u8>)| HandedFile {
            file: (*file).to_owned(),
            sha256: Suite::Sha256.file(bytes),
        };
        let handed = HandedDown {
            above: above.clone(),
            authority: part.authority.clone(),
            files: contents.iter().map(hash).collect(),
            record: drawn.as_ref().map(|(_, record)| record.digest()),
            scope: part.scope.clone(),
        };
        let mut files = Files::default();
        contents.into_iter().for_each(|(file, bytes)| files.add(file, bytes));
        files.add(TITLE, encode(&handed)?);
        files.write(&folder)?;
        let screen = run.screen;
        let _ = match count {
            Some(count) => {
                writeln!(text, "{}  {} {count}", folder.display(), screen.word("office.dispatch.count"))
            }
            None => writeln!(text, "{}  {}", folder.display(), screen.word("office.dispatch.get_ready")),
        };
        written.push(
            json!({ "authority": part.authority, "scope": part.scope, "folder": folder, "picks": count }),
        );
    }
    let record = drawn.as_ref().map(|(_, record)| record.digest());
    Ok(Answer::said(json!({ "scope": book.scope, "record": record, "parts": written }), text))
}

/// The picks of a part, ascending.
fn picks_of(record: &Record, part: &DispatchedPart) -> Vec<UnitId> {
    let parts = record.dispatched();
    let own = parts.iter().find(|known| known.part == part);
    own.map(|own| own.picks.iter().map(|id| (*id).clone()).collect()).unwrap_or_default()
}

/// A file that was handed down, unchanged.
fn handed(folder: &Path, down: &HandedDown, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let Some(known) = down.files.iter().find(|known| known.file == name) else { return Ok(None) };
    let bytes = files::read(&folder.join(name))?;
    if Suite::Sha256.file(&bytes) != known.sha256 {
        let file = folder.join(name).display().to_string();
        return refuse(say!("office.dispatch.changed", "{file} is not the file that was handed down", file));
    }
    Ok(Some(bytes))
}

/// Takes the picks that an authority above has handed down.
fn take_in(run: &Run, database: &mut Database, given: &DispatchIn) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let folder = given.folder.as_path();
    let down: HandedDown = files::about(TITLE, written(&files::text(&folder.join(TITLE))?))?;
    if (&down.authority, &down.scope) != (&office.authority, &book.scope) {
        return refuse(say!(
            "office.dispatch.other",
            "{folder} is for {authority} {scope}; this ledger is of {own} {own_scope}",
            folder = folder.display().to_string(),
            authority = down.authority,
            scope = down.scope,
            own = office.authority,
            own_scope = book.scope
        ));
    }
    let Some(upper) = handed(folder, &down, "policy.json")? else {
        return refuse(say!(
            "office.dispatch.no_policy",
            "the policy of the draw above is missing (policy.json)"
        ));
    };
    let upper = files::about("policy.json", Policy::from_json(std::str::from_utf8(&upper)?))?;
    let part = upper.dispatch.as_ref().and_then(|dispatch| dispatch.part(&down.authority, &down.scope));
    let Some(part) = part.cloned() else {
        return refuse(say!(
            "office.dispatch.no_part",
            "the policy above dispatches nothing to {authority} {scope}",
            authority = down.authority,
            scope = down.scope
        ));
    };
    let mut text = String::new();
    let mut picks = None;
    if let Some(digest) = down.record {
        let record = record_of(folder, &down, digest)?;
        let rows = rows_of(folder, &down, &record, &part)?;
        // What is taken once more, as after a folder was written again, is kept once.
        let (record_title, rows_title) = (format!("above {digest}"), format!("dispatched {digest}"));
        if document(database, &book.scope, (0, 0), &record_title)?.is_none() {
            book.keep(database, (0, 0), &record_title, &record.to_json())?;
            book.keep(database, (0, 0), &rows_title, &encode(&rows)?)?;
        }
        set(database, &format!("above {}", book.scope), &digest.to_string())?;
        let words = run.screen.word("office.dispatch.picks");
        let _ = writeln!(text, "{words} {}", rows.len());
        picks = Some(rows.len());
    }
    if let Some(path) = &given.write {
        let base = office.vocabulary()?.into_terms();
        let policy = Policy::new(below(base, &upper, &part, &book.scope)?)?;
        let mut files = Files::default();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("--write: a file")?;
        files.add(name, policy.to_json()?);
        files.write(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new(".")))?;
        let words = run.screen.word("office.dispatch.policy");
        let _ = writeln!(text, "{}  {words}", path.display());
    }
    if text.is_empty() {
        let words = run.screen.word("office.dispatch.in_order");
        let _ = writeln!(text, "{words}");
    }
    let json = json!({ "scope": book.scope, "above": down.above, "record": down.record, "picks": picks,
                       "ready": part.ready });
    Ok(Answer::said(json, text))
}

/// The record above: it states its digest, and nothing in it is refuted by itself and its seal.
fn record_of(folder: &Path, down: &HandedDown, digest: Digest) -> Result<Record, Failure> {
    let missing =
        || say!("office.dispatch.no_record", "record.json or seal.json of the draw above is missing");
    let bytes = handed(folder, down, "record.json")?.ok_or_else(missing)?;
    let seal = handed(folder, down, "seal.json")?.ok_or_else(missing)?;
    let record = files::about("record.json", Record::from_json(&bytes))?;
    let seal = files::about("seal.json", written(std::str::from_utf8(&seal)?))?;
    let evidence = Evidence { seal: Some(seal), beacon: Some(record.beacon.clone()), ..Evidence::default() };
    let report = verify(&record, &evidence);
    if record.digest() != digest || report.verdict() == Verdict::Refuted {
        let failed: Vec<&str> = report.failed().into_iter().map(|check| check.as_str()).collect();
        return refuse(say!(
            "office.dispatch.refuted",
            "the record above does not hold: {checks}",
            checks = Several::new(failed)
        ));
    }
    Ok(record)
}

/// The rows of the picks of the part, no more and no fewer, each as it stands in the sealed frame above.
fn rows_of(
    folder: &Path,
    down: &HandedDown,
    record: &Record,
    part: &DispatchedPart,
) -> Result<Vec<UnitRow>, Failure> {
    let missing =
        || say!("office.dispatch.no_rows", "the rows of the picks are missing ({file})", file = RECEIPTS);
    let bytes = handed(folder, down, RECEIPTS)?.ok_or_else(missing)?;
    let receipts: Vec<Receipt> = files::about(RECEIPTS, written(std::str::from_utf8(&bytes)?))?;
    let seal = record.seal.digest();
    let holds = |receipt: &&Receipt| receipt.seal == seal && receipt.is_in(&record.seal);
    let unproven = receipts.iter().filter(|receipt| !holds(receipt));
    let unproven: Vec<String> = unproven.take(20).map(|receipt| receipt.row.unit.id.to_string()).collect();
    if !unproven.is_empty() {
        return refuse(say!(
            "office.dispatch.unproven",
            "{file}: these rows do not stand in the sealed frame of the draw above: {units}",
            file = RECEIPTS,
            units = Several::new(unproven)
        ));
    }
    let rows: Vec<UnitRow> =
        (1..).zip(&receipts).map(|(number, receipt)| UnitRow::of(number, &receipt.row.unit)).collect();
    let frame = Frame::new(rows.clone(), &record.policy.frame, record.policy.as_of)?;
    let (picks, found) = (picks_of(record, part), frame.units().iter().map(|unit| unit.id.clone()));
    let (picks, found): (BTreeSet<UnitId>, BTreeSet<UnitId>) = (picks.into_iter().collect(), found.collect());
    if picks != found {
        let names = picks.symmetric_difference(&found).take(20).map(ToString::to_string);
        return refuse(say!(
            "office.dispatch.rows",
            "{file} has other institutions than the record dispatches: {units}",
            file = RECEIPTS,
            units = Several::new(names.collect::<Vec<_>>())
        ));
    }
    if picks.is_empty() {
        return refuse(say!(
            "office.dispatch.no_picks",
            "no pick was dispatched to this part: there is nothing to draw"
        ));
    }
    Ok(rows)
}

/// The policy of the draw of teams: the office's own rules of teams, on the registers and the day of the draw
/// above, and every pick certain (Spec 27.1).
fn below(
    base: PolicyTerms,
    upper: &Policy,
    part: &DispatchedPart,
    scope: &Code,
) -> Result<PolicyTerms, Failure> {
    let above = Above { authority: upper.authority.clone(), scope: upper.scope.clone() };
    let mut terms = PolicyTerms {
        above: Some(above),
        as_of: upper.as_of,
        certainties: Vec::new(),
        coverage: Some(CoverageFloor { guards: Vec::new(), minimum: Billionths::ZERO }),
        design: Design::Rate { rate: Billionths::ONE },
        dispatch: None,
        exclusions: Vec::new(),
        frame: upper.frame.clone(),
        frequency: Vec::new(),
        origin: None,
        population: None,
        rating: None,
        ratios: Vec::new(),
        round: Some(Round { rest: Billionths::ONE, share: Billionths::ZERO }),
        scope: scope.clone(),
        signals: Vec::new(),
        strata: upper.strata.clone(),
        subsamples: Vec::new(),
        surprise: None,
        window: upper.window,
        ..base
    };
    terms.frame.listed = Vec::new();
    if !part.departments.is_empty() {
        terms.team.departments.retain(|rule| part.departments.contains(&rule.department));
    }
    Ok(terms)
}

/// The record above and the rows of the picks that were taken last for a ledger.
pub fn taken(database: &mut Database, book: &Book) -> Result<(Record, Vec<UnitRow>), Failure> {
    let Some(digest) = setting(database, &format!("above {}", book.scope))? else {
        return refuse(say!(
            "office.dispatch.not_taken",
            "the policy takes the picks of an authority above, and none were taken: office dispatch in FOLDER"
        ));
    };
    let record = Record::from_json(&book.document(database, (0, 0), &format!("above {digest}"))?)?;
    let rows = book.document(database, (0, 0), &format!("dispatched {digest}"))?;
    if record.digest().to_string() != digest || record.compute_digest() != record.digest() {
        return super::desk::edited(&say!("office.what.record", "the record"), (0, 0));
    }
    Ok((record, serde_json::from_slice(&rows)?))
}

/// The digest of roster and rules that is handed over before the draw above is sealed.
fn ready(run: &Run, database: &mut Database, given: &DispatchReady) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let name = given.policy.display().to_string();
    let policy = files::about(&name, Policy::from_json(&files::text(&given.policy)?))?;
    if policy.above.is_none() {
        return refuse(say!(
            "office.dispatch.own",
            "{file}: no policy of a draw of teams (above): office dispatch in FOLDER --write FILE",
            file = name
        ));
    }
    let key = super::rules::salt_key(Some(&given.salt_key))?;
    let roster = office.roster(database, &policy, &book)?;
    let digest = dispatch::ready(&policy, &RosterCommitment::new(&roster, policy.suite, &key));
    let text = format!("{digest}\n{}\n", run.screen.word("office.dispatch.hand_over"));
    Ok(Answer::said(json!({ "scope": book.scope, "ready": digest }), text))
}

/// Enters what a ledger below tells of picks, and takes its checkpoint in.
fn take(run: &Run, database: &mut Database, given: &DispatchTake) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let mut book = whole_book(run, database, &office)?;
    let lower = Folder::read(&given.folder, None)?;
    let named = lower.origin().unwrap_or_default();
    let lower = GivenLedger { lines: &lower.lines, evidence: &lower.evidence };
    let of = |part: &DispatchedPart| origin(&part.authority, &part.scope) == named;
    let drawn = dispatching(database, &book, given.draw)?.into_iter().find_map(|(name, record)| {
        let parts = record.policy.dispatch.as_ref()?.parts.iter();
        let part = parts.clone().find(|part| of(part))?.clone();
        Some((name, record, part))
    });
    let Some((name, record, part)) = drawn else {
        return refuse(say!(
            "office.dispatch.of_no_part",
            "{folder}: no draw of this ledger has dispatched picks to {origin}",
            folder = given.folder.display().to_string(),
            origin = named
        ));
    };
    let known = DrawEvidence { record: Some(record.clone()), ..DrawEvidence::default() };
    let evidence = LedgerEvidence { draws: [(name, known)].into(), ..LedgerEvidence::default() };
    let seen = levels(GivenLedger { lines: book.lines(), evidence: &evidence }, &[lower]);
    holds(&seen, name)?;
    let lower_state = seen.ledgers.last().ok_or("a ledger below")?.report.state().clone();
    let below = part_of(&seen, name).ok_or("a part of the draw")?.clone();
    let Some(own) = below.draws.first().copied() else {
        return refuse(say!(
            "office.dispatch.not_drawn",
            "{origin} has made no draw of these picks yet: there is nothing to take",
            origin = named
        ));
    };
    // What was told of an attempt that was taken back says nothing of this one.
    let begins = lower_state.attempt(own.0, own.1).map_or(u64::MAX, Attempt::number);
    let (mut entered, mut by_hand) = (Vec::new(), Vec::new());
    let whole = part.departments.is_empty();
    for unit in picks_of(&record, &part) {
        let of = |(number, told): &(u64, &Correction)| *number > begins && draw_of(told) == Some(own.0);
        let told = lower_state.visits_to(&unit).filter(of).last();
        let done = book.state().attempt(name.0, name.1).is_some_and(|attempt| attempt.is_done(&unit));
        match told.map(|(_, told)| told) {
            _ if done => {}
            Some(Correction::Visited(visited)) if whole => {
                let visited = Visited { barred: None, draw: name.0, ..visited.clone() };
                entered.push(book.enter(database, run.at, &run.actor, Content::Visited(visited))?);
            }
            // A miss needs evidence and an approval of this authority; of a joint visit the own result.
            Some(Correction::Visited(_) | Correction::Missed(_)) => by_hand.push(unit.to_string()),
            Some(Correction::Inspected(_) | Correction::Withdrawn(_)) | None => {}
        }
    }
    let size = u64::try_from(lower.lines.len())?;
    let root = double_random::ledger::tree(double_random::ledger::suite(lower.lines), lower.lines).root();
    let received = Received { attempt: name.1, draw: name.0, origin: named.clone(), root, size };
    let entry = book.enter(database, run.at, &run.actor, Content::Received(received))?;
    // What was entered before must be what the ledger below tells; else nothing of this is kept.
    let now = levels(GivenLedger { lines: book.lines(), evidence: &evidence }, &[lower]);
    holds(&now, name)?;
    let now = part_of(&now, name).ok_or("a part of the draw")?;
    let screen = run.screen;
    let (visited, missed, open) = (now.visited, now.missed, now.open.len());
    let said = say!(
        "office.dispatch.taken",
        "entry {entry}: {origin}, {size} entries; of {picks} picks {visited} visited, {missed} missed, {open} open; \
         {entered} results entered",
        entry,
        origin = named,
        size,
        picks = now.picks,
        visited,
        missed,
        open,
        entered = entered.len()
    );
    let mut text = format!("{}\n", catalogue::words(&said, screen.lang));
    if !by_hand.is_empty() {
        let words = say!(
            "office.dispatch.by_hand",
            "to be entered with office result, as they need evidence or a result of this authority: {units}",
            units = Several::new(by_hand.clone())
        );
        let _ = writeln!(text, "{}", catalogue::words(&words, screen.lang));
    }
    let json = json!({ "scope": book.scope, "draw": name.0, "attempt": name.1, "origin": named, "size": size,
                       "entry": entry, "results": entered, "by_hand": by_hand, "picks": now.picks,
                       "visited": visited, "missed": missed, "open": now.open });
    Ok(Answer::said(json, text))
}

/// The draw of which an entry tells.
fn draw_of(told: &Correction) -> Option<u64> {
    match told {
        Correction::Visited(visited) => Some(visited.draw),
        Correction::Missed(missed) => Some(missed.draw),
        Correction::Withdrawn(_) | Correction::Inspected(_) => None,
    }
}

/// What a report says of the part of a draw whose ledger was given.
fn part_of(report: &LevelsReport, name: (u64, u64)) -> Option<&LevelPart> {
    report.parts.iter().find(|part| part.draw == name && part.given)
}

/// Refuses a ledger below that does not hold, by itself or against what was taken in and entered of it.
fn holds(report: &LevelsReport, name: (u64, u64)) -> Result<(), Failure> {
    let mut wrong: Vec<Message> = Vec::new();
    // The ledger of the office comes first, and is not the question here.
    for ledger in report.ledgers.iter().skip(1) {
        let failed = ledger.report.checks().filter_map(|(check, outcome)| why(check.as_str(), outcome));
        wrong.extend(failed);
    }
    for part in report.parts.iter().filter(|part| part.draw == name) {
        wrong.extend(
            LevelCheck::ALL.into_iter().filter_map(|check| why(check.as_str(), part.checks.outcome(check))),
        );
        let link = part.link.iter().flat_map(|link| link.checks());
        wrong.extend(link.filter_map(|(check, outcome)| why(check.as_str(), outcome)));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.dispatch.does_not_hold",
        "the ledger below and this one do not agree, and nothing was entered:{lines}",
        lines = Lines(wrong)
    ))
}

fn why(check: &str, outcome: &Outcome) -> Option<Message> {
    match outcome {
        Outcome::Fail { why } => Some(say!("office.finding.check", "{check}: {why}", check = check, why)),
        Outcome::Pass | Outcome::NotRun { .. } => None,
    }
}
