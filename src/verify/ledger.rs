//! A whole ledger: what follows, what does not, and what a reader should look at even where all is valid (Spec 19).

use super::checks::{Finding, Gather, differ, same};
use super::{Evidence, Outcome, Verdict, line, replays, verify};
use crate::bytes::{Digest, PROTOCOL, SaltKey, Tree};
use crate::calendar::Instant;
use crate::cycle::Cycle;
use crate::disclosure::{DrawnDocument, VisitsCommitment, VisitsTree};
use crate::ledger::{self, Attempt, Content, Journal, Line, Rule, State};
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
    /// The day of the check; without it, the last entry's time is taken.
    pub at: Option<Instant>,
}

/// The checks of a ledger, in the order in which they are reported. Their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LedgerCheck {
    /// No entry breaks this rule.
    Rule(Rule),
    /// The ledger is the one whose checkpoints were published: nothing was dropped, changed or forked.
    Checkpoint,
    /// Enough witnesses saw every seal before its beacon spoke.
    Witnesses,
    /// No secret is overdue.
    Deadlines,
    /// Records, seals and values are those that were entered.
    Records,
    /// Every record replays.
    Replay,
    /// The visits that were committed to are those of the record.
    Assignments,
    /// What a draw is to the cycle follows from the draw.
    Events,
    /// Every draw was planned upon the cycle of this ledger.
    Cycles,
    /// Every replacement is the next reserve.
    Reserves,
    /// Every change of a team is the one that the rule gives.
    Reassignments,
}

impl LedgerCheck {
    /// All checks in order.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::Checkpoint,
            Self::Witnesses,
            Self::Deadlines,
            Self::Records,
            Self::Replay,
            Self::Assignments,
            Self::Events,
            Self::Cycles,
            Self::Reserves,
            Self::Reassignments,
        ];
        Rule::ALL.into_iter().map(Self::Rule).chain(others)
    }

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.as_str(),
            Self::Checkpoint => "checkpoint",
            Self::Witnesses => "witnesses",
            Self::Deadlines => "deadlines",
            Self::Records => "records",
            Self::Replay => "replay",
            Self::Assignments => "assignments",
            Self::Events => "events",
            Self::Cycles => "cycles",
            Self::Reserves => "reserves",
            Self::Reassignments => "reassignments",
        }
    }
}

impl fmt::Display for LedgerCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All checks of a ledger with their outcomes, the state, and what a reader should look at.
#[derive(Debug, Clone)]
pub struct LedgerReport {
    outcomes: BTreeMap<LedgerCheck, Outcome>,
    state: State,
    at: Option<Instant>,
    verdict: Verdict,
    /// Entries that were folded, of so many lines.
    folded: (u64, usize),
    other_teams: Vec<u64>,
}

impl LedgerReport {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (LedgerCheck, &Outcome)> {
        self.outcomes.iter().map(|(check, outcome)| (*check, outcome))
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: LedgerCheck) -> &Outcome {
        &self.outcomes[&check]
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<LedgerCheck> {
        self.checks().filter(|(_, o)| matches!(o, Outcome::Fail { .. })).map(|(check, _)| check).collect()
    }

    /// What the report amounts to.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The state as far as the entries follow.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Visits that were made by others than the team of the draw, by entry, as far as the records given show it.
    #[must_use]
    pub fn other_teams(&self) -> &[u64] {
        &self.other_teams
    }

    /// Draws whose secret is overdue at the time of the check.
    pub fn undisclosed(&self) -> impl Iterator<Item = &Attempt> {
        self.at.into_iter().flat_map(|at| self.state.undisclosed(at))
    }
}

impl fmt::Display for LedgerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, outcome) in self.checks() {
            line(f, &check, outcome)?;
        }
        let Journal { further_attempts, voids, silent, missing_shares, replacements, .. } =
            self.state.journal();
        let Journal { misses, reassignments, amendments, inspections, .. } = self.state.journal();
        let Journal { with_unavailable, late, actors, .. } = self.state.journal();
        let join = |list: &[u64]| list.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        let mut list = |what: &str, entries: &[u64]| match entries {
            [] => Ok(()),
            entries => writeln!(f, "look at  {what}: entries {}", join(entries)),
        };
        let when = |after: bool| voids.iter().filter(|v| v.1 == after).map(|v| v.0).collect::<Vec<_>>();
        list("further attempts", further_attempts)?;
        list("voids before chance spoke", &when(false))?;
        list("voids after chance spoke", &when(true))?;
        list("silent sources", silent)?;
        list("missing shares", &missing_shares.iter().map(|(entry, _)| *entry).collect::<Vec<_>>())?;
        list("replaced institutions", replacements)?;
        list("visits not made", misses)?;
        list("replaced officers", reassignments)?;
        list("replaced officers with others called unavailable", with_unavailable)?;
        list("visits by others than the drawn team", &self.other_teams)?;
        list("inspections outside draws", inspections)?;
        list("amendments", amendments)?;
        list("late entries", late)?;
        for attempt in self.state.open() {
            let (draw, attempt) = attempt.name();
            writeln!(f, "look at  draw {draw}, attempt {attempt} is sealed and not drawn")?;
        }
        for attempt in self.undisclosed() {
            let (draw, attempt) = attempt.name();
            writeln!(f, "look at  draw {draw}, attempt {attempt}: the secret is overdue")?;
        }
        for (actor, tally) in actors {
            writeln!(
                f,
                "actor    {actor}: {} entries, {} seals, {} draws, {} + {} voids before and after chance spoke, {} + {} replacements of institutions and officers, {} amendments, {} late",
                tally.entries,
                tally.seals,
                tally.draws,
                tally.voids_before,
                tally.voids_after,
                tally.replacements,
                tally.reassignments,
                tally.amendments,
                tally.late
            )?;
        }
        let passed = self.checks().filter(|(_, o)| **o == Outcome::Pass).count();
        let (folded, lines) = self.folded;
        write!(
            f,
            "{PROTOCOL}: {}, {passed} of {} checks passed, {folded} of {lines} entries follow",
            self.verdict,
            self.outcomes.len()
        )
    }
}

/// What is gathered while lines are folded.
struct Folded {
    state: State,
    refusal: Option<ledger::Refusal>,
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
        let broken = refusal.as_ref().filter(|refusal| refusal.rule == rule);
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
    witnesses(state, &tree, notes, &mut report);
    let at = evidence.at.or(state.last_at());
    report.run(
        LedgerCheck::Deadlines,
        match at.and_then(|at| state.undisclosed(at).next()) {
            Some(late) => {
                differ(format!("the secret of draw {}", late.seal().sequence), "disclosed", "overdue")
            }
            None => Ok(()),
        },
    );
    let known: Vec<(&Attempt, &DrawEvidence)> = state
        .attempts()
        .iter()
        .filter_map(|attempt| Some((attempt, evidence.draws.get(&attempt.name())?)))
        .collect();
    // Behind a refused entry nothing is known: documents of later draws are then nobody's fault.
    let whole = refusal.is_none();
    let stray = |(draw, attempt): &&(u64, u64)| whole && state.attempt(*draw, *attempt).is_none();
    records(&known, evidence.draws.keys().find(stray), whole, &mut report);
    let replayed = replay(&known, &mut report);
    let first = |findings: Vec<Finding>| findings.into_iter().collect::<Result<Vec<()>, _>>().map(drop);
    let run = |findings: Vec<Finding>| Some(findings).filter(|findings| !findings.is_empty()).map(first);
    let no_files = "no record was given with the auditor's files that it takes";
    let findings = known.iter().filter_map(|(attempt, draw)| assignment(&folded, attempt, draw)).collect();
    report.run_if(LedgerCheck::Assignments, run(findings), no_files, |finding| finding);
    let findings = known.iter().filter_map(|(attempt, draw)| replays::event(attempt, draw)).collect();
    report.run_if(LedgerCheck::Events, run(findings), "no drawn document was given", |finding| finding);
    let because = "no cycle file was given of a draw before which the cycle is known";
    let cycles = folded.cycles_run.then_some(folded.cycles.clone());
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
    let passed = |check| outcomes[&check] == Outcome::Pass;
    let witnessed = state.opened().is_none_or(|opened| opened.quorum.is_none());
    let public = |attempt: &&Attempt| {
        let due = at.is_none_or(|at| attempt.is_due(at));
        attempt.record().is_some() && (attempt.secret().is_some() || due)
    };
    let all = state.attempts().iter().filter(public).all(|attempt| replayed.contains(&attempt.name()));
    let verdict = if outcomes.values().any(|outcome| matches!(outcome, Outcome::Fail { .. })) {
        Verdict::Refuted
    } else if passed(LedgerCheck::Checkpoint) && (witnessed || passed(LedgerCheck::Witnesses)) && all {
        Verdict::Confirmed
    } else {
        Verdict::SelfConsistent
    };
    let size = (state.size(), lines.len());
    LedgerReport { outcomes, state: folded.state, at, verdict, folded: size, other_teams }
}

/// Folds as far as entries follow, and compares the cycle with the files on the way.
fn fold(lines: &[Line], evidence: &LedgerEvidence) -> Folded {
    let suite = ledger::suite(lines);
    let drawn = |draw, attempt| evidence.draws.get(&(draw, attempt)).and_then(|known| known.drawn.as_ref());
    let mut folded = Folded {
        state: State::default(),
        refusal: None,
        cycles: Ok(()),
        cycles_run: false,
        assigned: BTreeMap::new(),
    };
    // The chain first, over all lines: what is behind a broken link is not looked at.
    let (mut number, mut head) = (0, Digest::ZERO);
    let mut whole = lines.len();
    for (place, line) in lines.iter().enumerate() {
        let entry = line.entry();
        if (entry.number, entry.previous) != (number + 1, head) {
            whole = place;
            break;
        }
        (number, head) = (number + 1, line.digest(suite));
    }
    for line in &lines[..lines.len().min(whole + 1)] {
        let entry = line.entry();
        if let (Content::Sealed { seal }, Some(cycle)) = (&entry.entry, folded.state.cycle()) {
            let file = evidence.draws.get(&(seal.sequence, seal.attempt));
            if let Some((given, key)) = file.and_then(|known| known.evidence.cycle.as_ref()) {
                folded.cycles_run = true;
                let (own, given) = (cycle.digest(seal.suite, key), given.digest(seal.suite, key));
                let finding = same(format!("the cycle before draw {}", seal.sequence), own, given);
                folded.cycles = folded.cycles.and(finding);
            }
        }
        if let Err(refusal) = ledger::step(&mut folded.state, suite, line, evidence.opening.as_ref(), drawn) {
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
    let root = usize::try_from(checkpoint.size).ok().and_then(|size| tree.root_at(size));
    let Some(root) = root else {
        return Err(wrong(&format!("at most {} entries", tree.size()), &checkpoint.size));
    };
    same(format!("the root at {} entries", checkpoint.size), checkpoint.root, root)?;
    Ok(checkpoint.size)
}

/// Whether enough witnesses saw every seal in time.
fn witnesses(state: &State, tree: &Tree, notes: Option<&Vec<Note>>, report: &mut Gather<LedgerCheck>) {
    const CHECK: LedgerCheck = LedgerCheck::Witnesses;
    let Some((opened, quorum)) = state.opened().and_then(|opened| Some((opened, opened.quorum?))) else {
        return report.skip(CHECK, "the ledger asks for no witnesses");
    };
    let Some(notes) = notes else { return report.skip(CHECK, "no checkpoint was given") };
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
        let show = |values: &[crate::beacon::BeaconValue]| {
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
