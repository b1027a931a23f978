//! A whole ledger: what follows, what does not, and what a reader should look at even where all is valid (Spec 19).

mod report;

pub use report::{LedgerCheck, LedgerReport};

use super::checks::{Finding, Gather, differ, same};
use super::{Evidence, Outcome, Verdict, replays, verify};
use crate::beacon::{self, BeaconValue};
use crate::bytes::{Digest, SaltKey, Tree};
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::disclosure::{DrawnDocument, VisitsCommitment, VisitsTree};
use crate::ledger::{self, Attempt, Content, Line, Rule, State};
use crate::note::{Checkpoint, Note, NoteKey, Signed, origin};
use crate::record::Record;
use std::collections::BTreeMap;
use std::fmt;

/// What is known of one draw besides the ledger. Each part is optional.
#[derive(Debug, Clone, Default)]
pub struct DrawEvidence {
    /// The record.
    pub record: Option<Record>,
    /// What the draw is to the cycle.
    pub drawn: Option<DrawnDocument>,
    /// The auditor's files; seal and values as they were published elsewhere.
    pub evidence: Evidence,
}

/// What the checker obtained elsewhere than from the ledger. Each part is optional; the report says what was missing.
#[derive(Debug, Clone, Default)]
pub struct LedgerEvidence {
    /// Checkpoints that were published before, with the signatures of witnesses.
    pub checkpoints: Vec<Note>,
    /// Documents of draws, by sequence number and attempt.
    pub draws: BTreeMap<(u64, u64), DrawEvidence>,
    /// The cycle with which the ledger begins, if it is not the empty one, with the salt key of its file.
    pub opening: Option<(Cycle, SaltKey)>,
    /// The keys of the witnesses as the checker knows them from elsewhere. Without them, those that the ledger names are believed.
    pub witnesses: Option<Vec<NoteKey>>,
    /// The instant of the check; without it, or where it is earlier, the last entry's time is taken.
    pub at: Option<Instant>,
}

/// What is gathered while lines are folded.
struct Folded {
    state: State,
    refusal: Option<ledger::Refusal>,
    /// The first line that is not the next one of the chain.
    broken: Option<ledger::Refusal>,
    /// What each draw is to the cycle: as given, or derived from its record and files.
    documents: BTreeMap<(u64, u64), DrawnDocument>,
    /// Whether a cycle file was given of a draw before which the cycle is not known.
    cycles_skipped: bool,
    /// The cycle file of a draw against the cycle before its seal, first difference.
    cycles: Finding,
    cycles_run: bool,
    /// What `assigned` committed to.
    assigned: BTreeMap<(u64, u64), VisitsCommitment>,
}

/// Checks a ledger against whatever evidence there is.
#[must_use]
pub fn ledger(lines: &[Line], evidence: &LedgerEvidence) -> LedgerReport {
    let mut report = Gather::default();
    let folded = fold(lines, evidence);
    let Folded { state, refusal, .. } = &folded;
    for rule in Rule::ALL {
        let broken = [refusal, &folded.broken].into_iter().flatten().find(|refusal| refusal.rule == rule);
        report.run(
            LedgerCheck::Rule(rule),
            broken
                .map_or(Ok(()), |r| differ(format!("entry {}: {}", r.number, r.what), &r.expected, &r.found)),
        );
    }
    let tree = ledger::tree(ledger::suite(lines), lines);
    let none = "no checkpoint was given";
    let notes = Some(&evidence.checkpoints).filter(|notes| !notes.is_empty());
    report.run_if(LedgerCheck::Checkpoint, notes, none, |notes| {
        notes.iter().try_for_each(|note| checkpoint(state, &tree, note).map(drop))
    });
    witnesses(state, &tree, evidence, &mut report);
    let at = evidence.at.max(state.last_at());
    report.run(
        LedgerCheck::Deadlines,
        at.map_or(Ok(()), |at| {
            if let Some(late) = state.undisclosed(at).next() {
                return differ(
                    format!("the secret of draw {}", late.seal().sequence),
                    "disclosed",
                    "overdue",
                );
            }
            match state.attempts().iter().find(|attempt| attempt.overdue(at)) {
                Some(late) => differ(format!("draw {}", late.seal().sequence), "computed", "overdue"),
                None => Ok(()),
            }
        }),
    );
    let known: Vec<(&Attempt, &DrawEvidence)> = state
        .attempts()
        .iter()
        .filter_map(|attempt| Some((attempt, evidence.draws.get(&attempt.name())?)))
        .collect();
    // Behind a refused entry nothing is known: documents of later draws are then nobody's fault.
    let whole = refusal.is_none() && folded.broken.is_none();
    let stray = |(draw, attempt): &&(u64, u64)| whole && state.attempt(*draw, *attempt).is_none();
    records(&known, evidence.draws.keys().find(stray), whole, &mut report);
    values(&known, state, &mut report);
    let replayed = replay(&known, &mut report);
    let first = |findings: Vec<Finding>| findings.into_iter().collect::<Result<Vec<()>, _>>().map(drop);
    let run = |findings: Vec<Finding>| Some(findings).filter(|findings| !findings.is_empty()).map(first);
    let no_files = "no record was given with the auditor's files that it takes";
    let findings = known.iter().filter_map(|(attempt, draw)| assignment(&folded, attempt, draw)).collect();
    report.run_if(LedgerCheck::Assignments, run(findings), no_files, |finding| finding);
    // A draw whose document nobody knows leaves the rest of the year unknown: that is no pass.
    let documents = &folded.documents;
    let counts = |attempt: &&Attempt| attempt.drawn().is_some() && attempt.stands();
    let gap = state.attempts().iter().filter(counts).any(|attempt| !documents.contains_key(&attempt.name()));
    let findings: Vec<Finding> = known
        .iter()
        .filter_map(|(attempt, draw)| replays::event(attempt, draw, documents.get(&attempt.name())))
        .collect();
    let failed = findings.iter().any(Result::is_err);
    let because = if findings.is_empty() {
        "no drawn document is known"
    } else {
        "the document of a draw is not known"
    };
    let complete = run(findings).filter(|_| failed || !gap);
    report.run_if(LedgerCheck::Events, complete, because, |finding| finding);
    let because = "no cycle file was given, or of a draw before which the cycle is not known";
    let cycles = (folded.cycles_run && (folded.cycles.is_err() || !folded.cycles_skipped))
        .then_some(folded.cycles.clone());
    report.run_if(LedgerCheck::Cycles, cycles, because, |finding| finding);
    let findings =
        known.iter().filter_map(|(attempt, draw)| replays::reserves(lines, attempt, draw)).collect();
    let because = "no replacement whose record shows enough reserves";
    report.run_if(LedgerCheck::Reserves, run(findings), because, |finding| finding);
    let mut other_teams = Vec::new();
    let findings = known
        .iter()
        .filter_map(|(attempt, draw)| replays::teams(lines, state, attempt, draw, &mut other_teams))
        .collect();
    other_teams.sort_unstable();
    let because = "no change of a team whose record was given with the auditor's files";
    report.run_if(LedgerCheck::Reassignments, run(findings), because, |finding| finding);
    let outcomes = report.finish();
    let reach = evidence.checkpoints.iter().filter_map(|note| checkpoint(state, &tree, note).ok()).max();
    let verdict = verdict(&outcomes, state, evidence, at, reach.unwrap_or(0), &replayed);
    let size = (state.size(), lines.len());
    LedgerReport { outcomes, state: folded.state, at, verdict, folded: size, other_teams }
}

/// What the outcomes amount to (Spec 19); `reach` is the size of the largest checkpoint that passes.
fn verdict(
    outcomes: &BTreeMap<LedgerCheck, Outcome>,
    state: &State,
    evidence: &LedgerEvidence,
    at: Option<Instant>,
    reach: u64,
    replayed: &[(u64, u64)],
) -> Verdict {
    if outcomes.values().any(|outcome| matches!(outcome, Outcome::Fail { .. })) {
        return Verdict::Refuted;
    }
    let passed = |check| outcomes[&check] == Outcome::Pass;
    let seen = state.opened().is_none_or(|opened| opened.quorum.is_none()) || passed(LedgerCheck::Witnesses);
    let public = |attempt: &&Attempt| {
        let due = at.is_none_or(|at| attempt.is_due(at));
        attempt.record().is_some() && (attempt.secret().is_some() || due)
    };
    let all = state.attempts().iter().filter(public).all(|attempt| replayed.contains(&attempt.name()));
    // Whoever holds files of the year must have all of them, or one draw could hide the others.
    let files = |draw: &DrawEvidence| draw.evidence.cycle.is_some() || draw.drawn.is_some();
    let year =
        !evidence.draws.values().any(files) || (passed(LedgerCheck::Events) && passed(LedgerCheck::Cycles));
    let decided = state.attempts().iter().map(Attempt::decided).max().unwrap_or(0);
    let heard = decided == 0 || passed(LedgerCheck::Values);
    let covered = reach >= decided.max(1);
    if covered && heard && year && seen && all { Verdict::Confirmed } else { Verdict::SelfConsistent }
}

/// Folds as far as entries follow, and compares the cycle with the files on the way.
fn fold(lines: &[Line], evidence: &LedgerEvidence) -> Folded {
    let suite = ledger::suite(lines);
    let document = |(name, known): (&(u64, u64), &DrawEvidence)| {
        Some((*name, known.drawn.clone().or_else(|| replays::document(known))?))
    };
    let mut folded = Folded {
        state: State::default(),
        refusal: None,
        broken: None,
        documents: evidence.draws.iter().filter_map(document).collect(),
        cycles: Ok(()),
        cycles_run: false,
        cycles_skipped: false,
        assigned: BTreeMap::new(),
    };
    // The chain first, over all lines: what is behind a broken link is not looked at.
    let (mut number, mut head) = (0, Digest::ZERO);
    let mut whole = lines.len();
    for (place, line) in lines.iter().enumerate() {
        if let Some(refusal) = ledger::broken(line.entry(), number, head) {
            folded.broken = Some(refusal);
            whole = place;
            break;
        }
        (number, head) = (number + 1, line.digest(suite));
    }
    for line in &lines[..whole] {
        let entry = line.entry();
        if let Content::Sealed { seal } = &entry.entry {
            let file = evidence.draws.get(&(seal.sequence, seal.attempt));
            let file = file.and_then(|known| known.evidence.cycle.as_ref());
            if let Some(((given, key), cycle)) = file.zip(folded.state.cycle()) {
                folded.cycles_run = true;
                let (own, given) = (cycle.digest(seal.suite, key), given.digest(seal.suite, key));
                let finding = same(format!("the cycle before draw {}", seal.sequence), own, given);
                folded.cycles = folded.cycles.and(finding);
            } else {
                folded.cycles_skipped |= file.is_some();
            }
        }
        let opening = evidence.opening.as_ref();
        let documents = &folded.documents;
        let drawn = |draw, attempt| documents.get(&(draw, attempt));
        if let Err(refusal) = ledger::step(&mut folded.state, suite, line, opening, drawn) {
            folded.refusal = Some(refusal);
            return folded;
        }
        if let Content::Assigned { attempt, draw, visits } = &entry.entry {
            folded.assigned.insert((*draw, *attempt), visits.clone());
        }
    }
    folded
}

/// A checkpoint against the tree of all lines; its size.
fn checkpoint(state: &State, tree: &Tree, note: &Note) -> Result<u64, (String, String, String)> {
    let wrong = |expected: &str, found: &dyn fmt::Display| {
        ("a checkpoint".to_owned(), expected.to_owned(), found.to_string())
    };
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| wrong("origin, size, root", &error))?;
    let own = state.opened().map_or_else(String::new, |opened| origin(&opened.authority, &opened.scope));
    same("the origin of a checkpoint", own, checkpoint.origin)?;
    let size = usize::try_from(checkpoint.size).ok().filter(|size| *size > 0);
    let Some(root) = size.and_then(|size| tree.root_at(size)) else {
        return Err(wrong(&format!("1 to {} entries", tree.size()), &checkpoint.size));
    };
    same(format!("the root at {} entries", checkpoint.size), checkpoint.root, root)?;
    Ok(checkpoint.size)
}

/// Whether enough witnesses saw every seal in time.
fn witnesses(state: &State, tree: &Tree, evidence: &LedgerEvidence, report: &mut Gather<LedgerCheck>) {
    const CHECK: LedgerCheck = LedgerCheck::Witnesses;
    let Some((opened, quorum)) = state.opened().and_then(|opened| Some((opened, opened.quorum?))) else {
        return report.skip(CHECK, "the ledger asks for no witnesses");
    };
    let notes = &evidence.checkpoints;
    if notes.is_empty() {
        return report.skip(CHECK, "no checkpoint was given");
    }
    if let Some(known) = &evidence.witnesses {
        let mut known: Vec<String> = known.iter().map(ToString::to_string).collect();
        known.sort();
        let finding = same("the witnesses", known.join(" "), opened.witnesses.join(" "));
        if finding.is_err() {
            return report.run(CHECK, finding);
        }
    }
    let keys: Vec<NoteKey> = opened.witnesses.iter().filter_map(|text| NoteKey::parse(text).ok()).collect();
    let signed: Vec<(u64, Vec<Signed>)> = notes
        .iter()
        .filter_map(|note| {
            let size = checkpoint(state, tree, note).ok()?;
            Some((size, keys.iter().map(|key| note.signed(key)).collect()))
        })
        .collect();
    if signed.iter().flat_map(|(_, all)| all).any(|signed| *signed == Signed::Unchecked) {
        return report.skip(CHECK, "this build does not check signatures");
    }
    // How many witnesses, on one checkpoint, saw an entry before an instant.
    let seen = |number: u64, before: Instant| {
        let before = u64::try_from(before.unix()).unwrap_or(0);
        let in_time =
            |signed: &&Signed| matches!(signed, Signed::Valid { time: Some(time) } if *time < before);
        let counts = signed.iter().filter(|(size, _)| *size >= number);
        let most = counts.map(|(_, all)| all.iter().filter(in_time).count()).max().unwrap_or(0);
        u64::try_from(most).unwrap_or(u64::MAX)
    };
    let asked = state.attempts().iter().flat_map(Attempt::to_be_witnessed);
    let late = asked.map(|(number, before)| (number, before, seen(number, before)));
    report.run(
        CHECK,
        match late.into_iter().find(|(_, _, seen)| *seen < quorum) {
            Some((number, before, seen)) => differ(
                format!("witnesses of entry {number}"),
                format!("at least {quorum} before {before}"),
                seen,
            ),
            None => Ok(()),
        },
    );
}

/// Records, and what was published elsewhere, against what was entered; `whole` unless entries behind a refused one were not folded.
fn records(
    known: &[(&Attempt, &DrawEvidence)],
    stray: Option<&(u64, u64)>,
    whole: bool,
    report: &mut Gather<LedgerCheck>,
) {
    let one = |(attempt, draw): &(&Attempt, &DrawEvidence)| -> Finding {
        let name = |what: &str| {
            let (draw, attempt) = attempt.name();
            format!("{what} of draw {draw}, attempt {attempt}")
        };
        if let Some(seal) = &draw.evidence.seal {
            same(name("the seal"), attempt.seal().digest(), seal.digest())?;
        }
        let show = |values: &[BeaconValue]| {
            values.iter().map(|v| format!("{}={}", v.source, v.value)).collect::<Vec<_>>().join(" ")
        };
        for value in draw.evidence.beacon.iter().flatten() {
            if attempt.seal().beacon.all().all(|source| source.id() != &value.source) {
                return differ(name("a published value"), "of a source of the plan", &value.source);
            }
            if attempt.is_silent(&value.source) {
                return differ(
                    name(&format!("what {} said", value.source)),
                    "nothing, by the ledger",
                    &value.value,
                );
            }
            if let Some(entered) = attempt.value(&value.source) {
                same(name(&format!("what {} said", value.source)), &entered.value, &value.value)?;
            }
        }
        let entered = attempt.values();
        let Some(record) = &draw.record else { return Ok(()) };
        let Some(digest) = attempt.record() else {
            if !whole {
                return Ok(());
            }
            return differ(name("a record"), "none, it is not drawn", record.digest());
        };
        same(name("the record"), digest, record.digest())?;
        same(name("the record's seal"), attempt.seal().digest(), record.seal.digest())?;
        if entered.as_ref() != Some(&record.beacon) {
            return differ(
                name("the record's values"),
                show(&entered.unwrap_or_default()),
                show(&record.beacon),
            );
        }
        let secret = |secret: Option<&crate::seal::Secret>| secret.map(crate::seal::Secret::reveal);
        match attempt.secret() {
            Some(opened) if Some(opened.reveal()) != secret(record.secret.as_ref()) => {
                differ(name("the record's secret"), "the disclosed one", "another")
            }
            _ => Ok(()),
        }
    };
    if let Some((draw, attempt)) = stray {
        let finding = differ("the documents", "of draws that were sealed", format!("draw {draw}, {attempt}"));
        return report.run(LedgerCheck::Records, finding);
    }
    let any = |draw: &DrawEvidence| {
        draw.record.is_some() || draw.evidence.seal.is_some() || draw.evidence.beacon.is_some()
    };
    let given = Some(known).filter(|known| known.iter().any(|(_, draw)| any(draw)));
    let because = "no record, seal or values of a draw were given";
    report.run_if(LedgerCheck::Records, given, because, |known| known.iter().try_for_each(one));
}

/// Whether every value that chance hangs on was heard elsewhere, too, or is signed by its network.
fn values(known: &[(&Attempt, &DrawEvidence)], state: &State, report: &mut Gather<LedgerCheck>) {
    let mut missing = false;
    for attempt in state.attempts().iter().filter(|attempt| attempt.record().is_some()) {
        let elsewhere = known.iter().find(|(other, _)| other.name() == attempt.name());
        let elsewhere = elsewhere.and_then(|(_, draw)| draw.evidence.beacon.as_ref());
        for value in attempt.values().unwrap_or_default() {
            let source = attempt.seal().beacon.all().find(|source| source.id() == &value.source);
            match source.map(|source| value.signed(source)) {
                Some(beacon::Signed::Forged) => {
                    let what = format!("the pulse of {} in draw {}", value.source, attempt.seal().sequence);
                    let finding = differ(what, "the signature of its round", "another");
                    return report.run(LedgerCheck::Values, finding);
                }
                Some(beacon::Signed::Valid) => {}
                _ => {
                    let heard =
                        elsewhere.is_some_and(|all| all.iter().any(|other| other.source == value.source));
                    missing |= !heard;
                }
            }
        }
    }
    if missing || state.attempts().iter().all(|attempt| attempt.record().is_none()) {
        return report
            .skip(LedgerCheck::Values, "a value was neither given from elsewhere nor signed by its network");
    }
    report.run(LedgerCheck::Values, Ok(()));
}

/// Every record against its entered seal and values and the files that were given. Those that were replayed and stand.
fn replay(known: &[(&Attempt, &DrawEvidence)], report: &mut Gather<LedgerCheck>) -> Vec<(u64, u64)> {
    let mut replayed = Vec::new();
    let mut finding = Ok(());
    let mut given = false;
    for (attempt, draw) in known.iter().filter(|(attempt, _)| attempt.record().is_some()) {
        let Some(record) = &draw.record else { continue };
        given = true;
        let evidence = Evidence {
            seal: Some(attempt.seal().clone()),
            beacon: attempt.values(),
            ..draw.evidence.clone()
        };
        let failed = verify(record, &evidence).failed();
        if failed.is_empty() {
            replayed.push(attempt.name());
        } else if finding.is_ok() {
            let failed: Vec<&str> = failed.into_iter().map(super::Check::as_str).collect();
            let what = format!("the record of draw {}", attempt.seal().sequence);
            finding = differ(what, "one that replays", failed.join(" "));
        }
    }
    let because = "no record was given";
    report.run_if(LedgerCheck::Replay, given.then_some(finding), because, |finding| finding);
    replayed
}

/// The visits that `assigned` committed to are those of the record.
fn assignment(folded: &Folded, attempt: &Attempt, draw: &DrawEvidence) -> Option<Finding> {
    let (record, key) = draw.record.as_ref().zip(salt_key(&draw.evidence))?;
    let committed = folded.assigned.get(&attempt.name())?;
    let visits = VisitsTree::new(attempt.seal(), key, &record.teams.visits).ok()?.commitment();
    let what = format!("the visits of draw {}", attempt.seal().sequence);
    Some(same(
        what,
        format!("{} × {}", committed.size, committed.root),
        format!("{} × {}", visits.size, visits.root),
    ))
}

/// The salt key of any of the auditor's files.
pub(super) fn salt_key(evidence: &Evidence) -> Option<&SaltKey> {
    let Evidence { frame, roster, cycle, .. } = evidence;
    let keys = [frame.as_ref().map(|f| &f.1), roster.as_ref().map(|r| &r.1), cycle.as_ref().map(|c| &c.1)];
    keys.into_iter().flatten().next()
}
