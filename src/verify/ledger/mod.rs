//! A whole ledger: which entries follow, which do not, and what a reader should look at even where all is
//! valid (Spec 19).

mod batches;
mod changes;
mod contents;
mod draws;
mod earlier;
mod evidence;
mod files;
mod fold;
mod levels;
mod people;
mod received;
mod records;
mod registers;
mod report;
mod visits;

pub use contents::{ClosedLines, told};
pub use earlier::earlier;
pub use evidence::{LedgerBasis, LedgerEvidence, LedgerGap};
pub use files::MissingFile;
pub use levels::{GivenLedger, LedgerOfTree, LevelCoverage, LevelPart, LevelsReport, levels};
pub use registers::{RegisterChange, RegisterList, RowChange};
pub use report::LedgerReport;
pub use visits::PendingVisits;

use super::audit::audit;
use super::checks::{self, PublishedElsewhere};
use super::names::LedgerCheck;
use super::report::{Comparison, Draft, NotRun, Report, differ, differs, same};
use super::words;
use crate::beacon;
use crate::bytes::Tree;
use crate::calendar::Instant;
use crate::disclosure::VisitsTree;
use crate::ledger::{self, Attempt, Line, Rule, State};
use crate::message::{Coded as _, Message, Plain, said};
use crate::note::{Checkpoint, Note, NoteKey, SignatureStatus, origin};
use changes::Changes;
use draws::{KnownDraw, Replays};
use fold::Folded;
use std::collections::BTreeSet;
use visits::VisitsFound;

/// Checks a ledger against the evidence that is given.
#[must_use]
pub fn ledger(lines: &[Line], evidence: &LedgerEvidence) -> LedgerReport {
    let (told, contents) = contents::tell(lines, &evidence.files);
    let lines: &[Line] = &told;
    let replays = Replays::new(&evidence.draws);
    let folded = Folded::new(lines, evidence, &replays);
    let mut audit = LedgerAudit::new(lines, evidence, &folded, &replays);
    audit.rules();
    audit.checkpoints();
    audit.witnesses();
    audit.deadlines();
    audit.batches();
    audit.records();
    audit.values();
    audit.replay();
    audit.picks();
    audit.assignments();
    audit.events();
    audit.cycles();
    audit.reserves();
    audit.reassignments();
    audit.people();
    let missing_files = audit.files();
    audit.run_if(LedgerCheck::Contents, contents, NotRun::Content);
    let LedgerAudit { at, draft, replayed, other_teams, reach, visits, .. } = audit;
    let checks = draft.finish();
    let gaps = gaps(&checks, &folded.state, evidence, at, reach, &replayed, &missing_files);
    let basis = basis(&checks, reach);
    let verdict = checks.amounts_to(|_| gaps.is_empty());
    let size = (folded.state.size(), lines.len());
    let closed_lines = contents::closed(&folded.state);
    let register_changes = registers::register_changes(&folded.state, evidence);
    LedgerReport {
        checks,
        state: folded.state,
        at,
        verdict,
        basis,
        gaps,
        folded: size,
        other_teams,
        visits,
        missing_files,
        closed_lines,
        register_changes,
    }
}

/// The checks of a ledger in the order of Spec 19, one method each.
struct LedgerAudit<'a> {
    /// The lines that follow: behind the first refused entry nothing is known.
    lines: &'a [Line],
    /// The entries about visits in them, by draw.
    changes: Changes<'a>,
    evidence: &'a LedgerEvidence,
    folded: &'a Folded,
    state: &'a State,
    tree: Tree,
    /// The time of the check.
    at: Option<Instant>,
    /// The sealed draws of which something was given.
    draws: Vec<KnownDraw<'a>>,
    replays: &'a Replays<'a>,
    draft: Draft<LedgerCheck>,
    /// How far the checkpoints that pass reach.
    reach: CheckpointReach,
    /// Draws whose records were made again, and hold.
    replayed: Vec<u64>,
    /// Visits that were made by others than the team of the draw, by entry.
    other_teams: Vec<u64>,
    /// What records and lines show about visits.
    visits: VisitsFound,
}

/// The first difference, if any comparison was made.
fn first(comparisons: impl IntoIterator<Item = Comparison>) -> Option<Comparison> {
    comparisons.into_iter().reduce(Comparison::and)
}

impl<'a> LedgerAudit<'a> {
    fn new(
        lines: &'a [Line],
        evidence: &'a LedgerEvidence,
        folded: &'a Folded,
        replays: &'a Replays<'a>,
    ) -> Self {
        let state = &folded.state;
        let known = |attempt: &'a Attempt| {
            let given = evidence.draws.get(&attempt.name())?;
            let replay = replays.get(attempt.name()).and_then(Result::ok);
            Some(KnownDraw { attempt, given, replay })
        };
        let draws: Vec<KnownDraw<'_>> = state.attempts().iter().filter_map(known).collect();
        let tree = ledger::tree(ledger::suite(lines), lines);
        let follow = usize::try_from(state.size()).unwrap_or(usize::MAX).min(lines.len());
        let lines = &lines[..follow];
        let changes = Changes::new(lines);
        Self {
            visits: VisitsFound::new(&changes, state, &draws),
            lines,
            changes,
            evidence,
            folded,
            state,
            tree,
            at: evidence.at.max(state.last_at()),
            draws,
            replays,
            draft: Draft::new(),
            reach: CheckpointReach::default(),
            replayed: Vec::new(),
            other_teams: Vec::new(),
        }
    }

    /// Runs a check if any comparison could be made.
    fn run_if(&mut self, check: LedgerCheck, comparison: Option<Comparison>, because: NotRun) {
        self.draft.run_if(check, comparison, because, |comparison| comparison);
    }

    /// No entry breaks a rule.
    fn rules(&mut self) {
        for rule in Rule::ALL {
            let refusals = [&self.folded.refusal, &self.folded.broken];
            let broken = refusals.into_iter().flatten().find(|refusal| refusal.rule == rule);
            let comparison = broken.map_or(Ok(()), |refusal| {
                let (number, why) = (refusal.number, &refusal.why);
                Err(said!("compared.entry", "entry {number}: {why}", number, why))
            });
            self.draft.run(LedgerCheck::Rule(rule), comparison);
        }
    }

    /// Every checkpoint is one of this ledger.
    fn checkpoints(&mut self) {
        let LedgerEvidence { checkpoints, kept, witnesses, .. } = self.evidence;
        let sizes: Vec<_> = checkpoints.iter().chain(kept).map(|note| self.size_of(note)).collect();
        self.reach.kept = kept.iter().filter_map(|note| self.size_of(note).ok()).max();
        let sightings = self.sightings(witnesses);
        // The size of the largest checkpoint with at least so many signatures.
        let reach = |signatures: u64| {
            let enough = sightings.iter().filter(|sighting| sighting.signatures() >= signatures);
            enough.map(|sighting| sighting.size).max()
        };
        let quorum = self.state.opened().and_then(|opened| opened.quorum);
        [self.reach.signed, self.reach.quorum] = [Some(1), quorum].map(|asked| asked.and_then(&reach));
        let comparison = first(sizes.into_iter().map(|size| size.map(drop)));
        self.run_if(LedgerCheck::Checkpoint, comparison, NotRun::Checkpoint);
    }

    /// A checkpoint against the tree of all lines; its size.
    fn size_of(&self, note: &Note) -> Result<u64, Message> {
        let what = || said!("compared.checkpoint", "a checkpoint");
        let lines = || said!("expected.checkpoint_lines", "origin, size, root");
        let checkpoint =
            Checkpoint::parse(note.text()).map_err(|error| differs(what(), lines(), error.message()))?;
        let opened = self.state.opened();
        let own = opened.map_or_else(String::new, |opened| origin(&opened.authority, &opened.scope));
        let origins = said!("compared.checkpoint_origin", "the origin of a checkpoint");
        same(origins, Plain(own), Plain(checkpoint.origin))?;
        let size = usize::try_from(checkpoint.size).ok().filter(|size| *size > 0);
        let Some(root) = size.and_then(|size| self.tree.root_at(size)) else {
            let most = self.tree.size();
            let expected = said!("expected.one_to_entries", "1 to {most} entries", most);
            return Err(differs(what(), expected, checkpoint.size));
        };
        let size = checkpoint.size;
        same(said!("compared.root_at", "the root at {size} entries", size), checkpoint.root, root)?;
        Ok(checkpoint.size)
    }

    /// Enough witnesses saw every seal, and what could be chosen later, in time.
    fn witnesses(&mut self) {
        const CHECK: LedgerCheck = LedgerCheck::Witnesses;
        let Some((opened, quorum)) = self.state.opened().and_then(|opened| Some((opened, opened.quorum?)))
        else {
            return self.draft.skip(CHECK, NotRun::NoWitnesses);
        };
        if self.evidence.checkpoints.is_empty() && self.evidence.kept.is_empty() {
            return self.draft.skip(CHECK, NotRun::Checkpoint);
        }
        if self.evidence.witnesses.is_empty() {
            return self.draft.skip(CHECK, NotRun::WitnessKey);
        }
        let mut known: Vec<String> = self.evidence.witnesses.iter().map(ToString::to_string).collect();
        known.sort();
        known.dedup();
        let comparison = same(
            said!("compared.witnesses", "the witnesses"),
            Plain::join(known, " "),
            Plain::join(&opened.witnesses, " "),
        );
        if comparison.is_err() {
            return self.draft.run(CHECK, comparison);
        }
        let sightings = self.sightings(&self.evidence.witnesses);
        if sightings
            .iter()
            .flat_map(|sighting| &sighting.signed)
            .any(|signed| *signed == SignatureStatus::Unchecked)
        {
            return self.draft.skip(CHECK, NotRun::Signatures);
        }
        let asked = self.state.attempts().iter().flat_map(Attempt::to_be_witnessed);
        let asked = asked.chain(self.state.to_be_witnessed().iter().copied());
        let asked = asked.chain(self.state.inspections_to_be_witnessed());
        let most =
            |number, before| sightings.iter().map(move |sighting| sighting.witnesses(number, before)).max();
        let mut seen = asked.map(|(number, before)| (number, before, most(number, before).unwrap_or(0)));
        let comparison = match seen.find(|(_, _, seen)| *seen < quorum) {
            Some((number, before, seen)) => {
                let what = said!("compared.entry_witnesses", "witnesses of entry {number}", number);
                let expected = said!(
                    "expected.at_least_before",
                    "at least {least} before {before}",
                    least = quorum,
                    before
                );
                differ(what, expected, seen)
            }
            None => Ok(()),
        };
        self.draft.run(CHECK, comparison);
    }

    /// What each sound checkpoint shows about keys.
    fn sightings(&self, keys: &[NoteKey]) -> Vec<Sighting> {
        let keys: BTreeSet<&NoteKey> = keys.iter().collect();
        let sighting = |note: &Note| {
            let size = self.size_of(note).ok()?;
            Some(Sighting { size, signed: keys.iter().map(|key| note.signed(key)).collect() })
        };
        self.evidence.checkpoints.iter().chain(&self.evidence.kept).filter_map(sighting).collect()
    }

    /// No secret, no draw and no visit is overdue.
    fn deadlines(&mut self) {
        let overdue = |at: Instant| {
            if let Some(late) = self.state.undisclosed(at).next() {
                let draw = late.seal().sequence;
                let what = said!("compared.secret_of_draw", "the secret of draw {draw}", draw);
                return differ(what, said!("expected.disclosed", "disclosed"), words::overdue());
            }
            if let Some(late) = self.state.attempts().iter().find(|attempt| attempt.overdue(at)) {
                let what = said!("compared.draw", "draw {draw}", draw = late.seal().sequence);
                return differ(what, said!("expected.computed", "computed"), words::overdue());
            }
            // Behind a refused entry a visit may have been entered.
            match self.visits.pending.iter().find(|pending| self.folded.is_whole() && pending.overdue(at)) {
                Some(pending) => {
                    let expected = said!(
                        "expected.visit_entered",
                        "made, missed or replaced, and entered within 7 days after the window"
                    );
                    let found = said!(
                        "found.nothing_entered",
                        "nothing entered about {names}",
                        names = pending.names()
                    );
                    differ(words::visits_of_draw(pending.draw.0), expected, found)
                }
                None => Ok(()),
            }
        };
        let comparison = self.at.map_or(Ok(()), overdue);
        self.draft.run(LedgerCheck::Deadlines, comparison);
    }

    /// Every draw with a registered batch has its share and its window.
    fn batches(&mut self) {
        let comparison = batches::batches(self.state, &self.draws);
        self.run_if(LedgerCheck::Batches, comparison, NotRun::BatchRecord);
    }

    /// Records, and what was published elsewhere, are what was entered.
    fn records(&mut self) {
        // Behind a refused entry nothing is known: documents of later draws contradict nothing then.
        let whole = self.folded.is_whole();
        let mut names = self.evidence.draws.keys();
        let stray = names.find(|(draw, attempt)| whole && self.state.attempt(*draw, *attempt).is_none());
        if let Some((draw, attempt)) = stray {
            let found = said!("found.sealed_draw", "draw {draw}, {attempt}", draw, attempt);
            let what = said!("compared.documents", "the documents");
            let comparison = differ(what, said!("expected.sealed_draws", "of draws that were sealed"), found);
            return self.draft.run(LedgerCheck::Records, comparison);
        }
        let any = |draw: &KnownDraw<'_>| {
            let given = draw.given;
            given.record.is_some() || given.evidence.seal.is_some() || given.evidence.beacon.is_some()
        };
        let one = |draw: &KnownDraw<'_>| {
            records::published(draw)?;
            records::entered(draw, whole)
        };
        let given = self.draws.iter().any(any);
        let comparison = given.then(|| self.draws.iter().try_for_each(one));
        self.run_if(LedgerCheck::Records, comparison, NotRun::DrawDocuments);
    }

    /// Every value that enters a seed was obtained elsewhere, too, or is signed by its network.
    fn values(&mut self) {
        let mut missing = false;
        let drawn = || self.state.attempts().iter().filter(|attempt| attempt.record().is_some());
        for attempt in drawn() {
            let given = self.evidence.draws.get(&attempt.name());
            let elsewhere = given.and_then(|draw| draw.evidence.beacon.as_deref()).unwrap_or_default();
            for value in attempt.values().unwrap_or_default() {
                let source = attempt.seal().beacon.all().find(|source| source.id() == &value.source);
                match source.map(|source| value.signed(source)) {
                    Some(beacon::Signed::Forged) => {
                        let (source, draw) = (&value.source, attempt.seal().sequence);
                        let what = said!(
                            "compared.pulse_in_draw",
                            "the pulse of {source} in draw {draw}",
                            source,
                            draw
                        );
                        let comparison = differ(what, words::round_signature(), words::another());
                        return self.draft.run(LedgerCheck::Values, comparison);
                    }
                    Some(beacon::Signed::Valid) => {}
                    _ => missing |= elsewhere.iter().all(|other| other.source != value.source),
                }
            }
        }
        let known = !missing && drawn().next().is_some();
        self.run_if(LedgerCheck::Values, known.then_some(Ok(())), NotRun::Value);
    }

    /// Every record holds, with the entered seal and values and the files that were given.
    fn replay(&mut self) {
        let mut comparisons = Vec::new();
        for KnownDraw { attempt, given, .. } in &self.draws {
            let Some(record) = given.record.as_ref().filter(|_| attempt.record().is_some()) else { continue };
            let values = attempt.values();
            let entered = PublishedElsewhere { seal: Some(attempt.seal()), values: values.as_deref() };
            let report = checks::record(record, entered, |report| {
                if let Some(replay) = self.replays.get(attempt.name()) {
                    audit(record, &given.evidence, replay, report);
                }
            });
            let failed = report.failed();
            if failed.is_empty() {
                self.replayed.push(attempt.number());
            }
            let draw = attempt.seal().sequence;
            comparisons.push(if failed.is_empty() {
                Ok(())
            } else {
                let what = said!("compared.record_of_draw", "the record of draw {draw}", draw);
                differ(what, said!("expected.replays", "one that replays"), words::checks(&failed))
            });
        }
        self.run_if(LedgerCheck::Replay, first(comparisons), NotRun::Record);
    }

    /// Every entry about a visit is about a unit of the draw, and every ledger below is that of a part.
    fn picks(&mut self) {
        let visits = std::mem::take(&mut self.visits.comparisons);
        let below = received::received(self.lines, &self.draws);
        let comparison = first(visits.into_iter().chain(below));
        self.run_if(LedgerCheck::Picks, comparison, NotRun::StandingRecord);
    }

    /// The visits that `assigned` committed to are those of the record.
    fn assignments(&mut self) {
        let one = |KnownDraw { attempt, given, .. }: &KnownDraw<'_>| {
            let (record, key) = given.record.as_ref().zip(given.evidence.salt_key())?;
            let committed = attempt.assigned()?;
            let visits = VisitsTree::new(attempt.seal(), key, &record.teams.visits).ok()?.commitment();
            let what = words::visits_of_draw(attempt.seal().sequence);
            Some(same(what, changes::show(committed), changes::show(&visits)))
        };
        let comparison = first(self.draws.iter().filter_map(one));
        self.run_if(LedgerCheck::Assignments, comparison, NotRun::AuditedRecord);
    }

    /// The drawn documents are those entered, and those that were given follow from their draws.
    fn events(&mut self) {
        let comparison = first(self.draws.iter().filter_map(|draw| self.event(draw)));
        let counts = |attempt: &&Attempt| attempt.drawn().is_some() && attempt.stands();
        let mut drawn = self.state.attempts().iter().filter(counts);
        let gap = drawn.any(|attempt| self.folded.document(attempt.name()).is_none());
        let because = match &comparison {
            None => NotRun::DrawnDocument,
            Some(_) => NotRun::DrawDocument,
        };
        // A draw whose document is not known leaves the rest of the year unknown: that is no pass.
        let comparison = comparison.filter(|comparison| comparison.is_err() || !gap);
        self.run_if(LedgerCheck::Events, comparison, because);
    }

    fn event(&self, draw: &KnownDraw<'_>) -> Option<Comparison> {
        let known = self.folded.document(draw.attempt.name())?;
        let sequence = draw.attempt.seal().sequence;
        let what = said!("compared.drawn_document", "the drawn document of draw {draw}", draw = sequence);
        let entered = draw.attempt.drawn()?;
        let found = known.digest(draw.attempt.seal().suite);
        if entered != found {
            return Some(same(what, entered, found));
        }
        // A document that was not given was made from the draw.
        let given = draw.given.drawn.as_ref();
        let own = given.and_then(|_| self.replays.document(draw.attempt.name(), draw.given));
        let fits = own.is_none_or(|own| own == *known);
        if fits {
            return Some(Ok(()));
        }
        let expected = said!("expected.drawn_event", "what the draw is to the cycle");
        Some(differ(what, expected, words::something_else()))
    }

    /// Every draw was planned upon the cycle of this ledger.
    fn cycles(&mut self) {
        let unknown = self.folded.cycle_unknown;
        let comparison = self.folded.cycles.clone().filter(|comparison| comparison.is_err() || !unknown);
        self.run_if(LedgerCheck::Cycles, comparison, NotRun::Cycles);
    }

    /// Every replacement is the next reserve.
    fn reserves(&mut self) {
        let comparison = first(self.draws.iter().filter_map(|draw| changes::reserves(&self.changes, draw)));
        self.run_if(LedgerCheck::Reserves, comparison, NotRun::Replacement);
    }

    /// Every change of a team is the one that the rule gives.
    fn reassignments(&mut self) {
        let (changes, state, others) = (&self.changes, self.state, &mut self.other_teams);
        let all: Vec<Comparison> =
            self.draws.iter().filter_map(|draw| changes::teams(changes, state, draw, others)).collect();
        self.other_teams.sort_unstable();
        self.run_if(LedgerCheck::Reassignments, first(all), NotRun::TeamChange);
    }

    /// Every team that was entered is of the roster, and no larger than a team.
    fn people(&mut self) {
        let comparison = people::people(self.state, &self.draws);
        self.run_if(LedgerCheck::People, comparison, NotRun::VisitRecord);
    }

    /// Every file that an entry names is the one that was published; those that were not given.
    fn files(&mut self) -> Vec<MissingFile> {
        let found = files::files(self.lines, self.state.suite(), &self.evidence.files);
        self.run_if(LedgerCheck::Files, found.comparison, NotRun::PublishedFile);
        found.missing
    }
}

/// How far the outside checkpoints that pass reach: their largest sizes (Spec 13).
#[derive(Debug, Clone, Copy, Default)]
struct CheckpointReach {
    /// Of those that the checker kept.
    kept: Option<u64>,
    /// Of those that are signed under at least one key that he brought.
    signed: Option<u64>,
    /// Of those that are signed under as many of these keys as the ledger asks for.
    quorum: Option<u64>,
}

/// A checkpoint of this ledger, and what it shows about each witness.
struct Sighting {
    size: u64,
    signed: Vec<SignatureStatus>,
}

impl Sighting {
    /// How many of the keys signed it, at whatever time.
    fn signatures(&self) -> u64 {
        let valid = |signed: &&SignatureStatus| matches!(signed, SignatureStatus::Valid { time: Some(_) });
        u64::try_from(self.signed.iter().filter(valid).count()).unwrap_or(u64::MAX)
    }

    /// How many witnesses saw an entry before an instant.
    fn witnesses(&self, number: u64, before: Instant) -> u64 {
        if self.size < number {
            return 0;
        }
        let before = u64::try_from(before.unix()).unwrap_or(0);
        let in_time = |signed: &&SignatureStatus| match signed {
            SignatureStatus::Valid { time } => time.is_some_and(|time| time < before),
            _ => false,
        };
        u64::try_from(self.signed.iter().filter(in_time).count()).unwrap_or(u64::MAX)
    }
}

/// What was compared with evidence from outside the ledger (Spec 13).
fn basis(checks: &Report<LedgerCheck>, reach: CheckpointReach) -> Vec<LedgerBasis> {
    let compared = |basis: &LedgerBasis| match basis {
        LedgerBasis::Kept => reach.kept.is_some(),
        LedgerBasis::Witnessed => reach.signed.is_some(),
        LedgerBasis::Values => checks.passed(LedgerCheck::Values),
    };
    LedgerBasis::ALL.into_iter().filter(compared).collect()
}

/// What is missing for *confirmed* (Spec 13 and 19).
fn gaps(
    checks: &Report<LedgerCheck>,
    state: &State,
    evidence: &LedgerEvidence,
    at: Option<Instant>,
    reach: CheckpointReach,
    replayed: &[u64],
    missing_files: &[MissingFile],
) -> Vec<LedgerGap> {
    let quorum = state.opened().is_some_and(|opened| opened.quorum.is_some());
    let decided = state.attempts().iter().map(Attempt::decided).max().unwrap_or(0);
    let outside = reach.kept.max(reach.signed);
    let covers = |size: Option<u64>| size.is_some_and(|size| size >= decided.max(1));
    let public = |attempt: &&Attempt| {
        let due = at.is_none_or(|at| attempt.is_due(at));
        attempt.record().is_some() && (attempt.secret().is_some() || due)
    };
    // A checker who has files of the year needs all of them, or one draw could hide the others.
    let files = evidence.draws.values().any(|draw| draw.evidence.cycle.is_some() || draw.drawn.is_some());
    let missing = |gap: &LedgerGap| match gap {
        LedgerGap::Checkpoint => outside.is_none(),
        LedgerGap::End => outside.is_some() && !covers(outside),
        LedgerGap::Quorum => quorum && !covers(reach.quorum),
        LedgerGap::Witnesses => quorum && !checks.passed(LedgerCheck::Witnesses),
        LedgerGap::Values => decided > 0 && !checks.passed(LedgerCheck::Values),
        LedgerGap::Year => {
            files && !(checks.passed(LedgerCheck::Events) && checks.passed(LedgerCheck::Cycles))
        }
        LedgerGap::Files => !missing_files.is_empty(),
        LedgerGap::Contents => state.attempts().iter().filter(public).any(|a| !a.untold().is_empty()),
        LedgerGap::Records => !state
            .attempts()
            .iter()
            .filter(public)
            .all(|attempt| replayed.binary_search(&attempt.number()).is_ok()),
    };
    LedgerGap::ALL.into_iter().filter(missing).collect()
}
