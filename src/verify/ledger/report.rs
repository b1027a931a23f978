//! The report of a ledger: its checks, its state, and what a reader should look at (Spec 19).

use super::super::names::LedgerCheck;
use super::super::report::{Outcome, Report, Verdict, written};
use super::contents::ClosedLines;
use super::evidence::{LedgerBasis, LedgerGap};
use super::files::MissingFile;
use super::registers::RegisterChange;
use super::visits::{PendingVisits, VisitsFound};
use crate::bytes::PROTOCOL;
use crate::calendar::Instant;
use crate::id::Code;
use crate::ledger::{Attempt, Listing, State, Tally};
use crate::message::{AsParam, Coded, Message, said};
use crate::policy::{Billionths, Source};
use std::collections::BTreeMap;
use std::fmt;

/// How many changes of registers a printed report names; [`LedgerReport::register_changes`] has all.
const MOST_CHANGES: usize = 20;

/// All checks of a ledger with their outcomes, the state, and what a reader should look at.
#[derive(Debug, Clone)]
pub struct LedgerReport {
    pub(super) checks: Report<LedgerCheck>,
    pub(super) state: State,
    pub(super) at: Option<Instant>,
    pub(super) verdict: Verdict,
    pub(super) basis: Vec<LedgerBasis>,
    pub(super) gaps: Vec<LedgerGap>,
    /// Entries that were folded, of so many lines.
    pub(super) folded: (u64, usize),
    pub(super) other_teams: Vec<u64>,
    pub(super) visits: VisitsFound,
    pub(super) missing_files: Vec<MissingFile>,
    pub(super) closed_lines: Vec<ClosedLines>,
    pub(super) register_changes: Vec<RegisterChange>,
}

impl LedgerReport {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (LedgerCheck, &Outcome)> {
        self.checks.checks()
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: LedgerCheck) -> &Outcome {
        self.checks.outcome(check)
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<LedgerCheck> {
        self.checks.failed()
    }

    /// The lines of the checks that failed.
    pub(super) fn failed_lines(&self) -> Vec<Message> {
        self.checks.failed_lines()
    }

    /// What the report amounts to.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What was compared with evidence that the author of the ledger could not have made afterwards.
    #[must_use]
    pub fn basis(&self) -> &[LedgerBasis] {
        &self.basis
    }

    /// What is missing for *confirmed*. Empty where all of it was shown, a failed check aside.
    #[must_use]
    pub fn gaps(&self) -> &[LedgerGap] {
        &self.gaps
    }

    /// The state as far as the entries follow.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Visits that were made by others than the team of the draw, by entry, as far as the records given show
    /// it.
    #[must_use]
    pub fn other_teams(&self) -> &[u64] {
        &self.other_teams
    }

    /// The time of the check: the later of the instant given and the last entry's.
    #[must_use]
    pub const fn at(&self) -> Option<Instant> {
        self.at
    }

    /// Visits that were neither made, missed nor replaced, by draw: by name where its record was given.
    #[must_use]
    pub fn pending(&self) -> &[PendingVisits] {
        &self.visits.pending
    }

    /// Visits on another day than the lot gave, by entry, as far as the records given show it.
    #[must_use]
    pub fn other_days(&self) -> &[u64] {
        &self.visits.other_days
    }

    /// Visits before the draw, by entry, and, as far as the records given show it, outside the plan's window.
    #[must_use]
    pub fn outside_window(&self) -> &[u64] {
        &self.visits.outside
    }

    /// Entries that published a seal at or after the time of its first source.
    #[must_use]
    pub fn seals_published_late(&self) -> Vec<u64> {
        self.state.attempts().iter().filter_map(Attempt::published_late).collect()
    }

    /// Entries that sealed a draw whose first source has come, without an entry that the seal was published.
    #[must_use]
    pub fn seals_never_published(&self) -> Vec<u64> {
        let never = |attempt: &&Attempt| self.at.is_some_and(|at| attempt.never_published(at));
        self.state.attempts().iter().filter(never).map(Attempt::number).collect()
    }

    /// Files that entries say were published, and that were not given, ascending by draw, attempt and name.
    #[must_use]
    pub fn missing_files(&self) -> &[MissingFile] {
        &self.missing_files
    }

    /// Closed lines whose contents are not known, by draw.
    #[must_use]
    pub fn closed_lines(&self) -> &[ClosedLines] {
        &self.closed_lines
    }

    /// What differs between the frames and rosters of draws that follow one another, as far as the auditor's
    /// files are given. A load that grew by the visits of the ledger is no difference.
    #[must_use]
    pub fn register_changes(&self) -> &[RegisterChange] {
        &self.register_changes
    }

    /// The lists of entries that a report shows, each with its heading, in order.
    fn lists(&self) -> Vec<(Listing, Vec<u64>)> {
        let mut lists = vec![
            (Listing::SealsLate, self.seals_published_late()),
            (Listing::SealsUnpublished, self.seals_never_published()),
        ];
        lists.extend(self.state.journal().lists(&self.other_teams));
        lists.push((Listing::OtherDays, self.visits.other_days.clone()));
        lists.push((Listing::OutsideWindow, self.visits.outside.clone()));
        lists
    }

    /// Registered batches that were not drawn at the time of the check, with the entry of their register.
    #[must_use]
    pub fn left_out(&self) -> Vec<(u64, u64)> {
        self.at.map(|at| self.state.left_out(at)).unwrap_or_default()
    }

    /// Draws whose secret is overdue at the time of the check.
    pub fn undisclosed(&self) -> impl Iterator<Item = &Attempt> {
        self.at.into_iter().flat_map(|at| self.state.undisclosed(at))
    }

    /// What a checker should bring of an attempt that failed because a round of drand was called silent.
    fn rounds_to_bring(known: &Attempt) -> Vec<Message> {
        let (draw, attempt) = known.name();
        let bring = |source: &Source| {
            let Source::Drand { chain, id, round, .. } = source else { return None };
            Some(said!(
                "report.silent_round",
                "look at  draw {draw}, attempt {attempt}: {id} was called silent: get round {round} of the \
                 chain {chain} from any relay of drand; if it is there, give it as a value from elsewhere, \
                 and the ledger is refuted unless its office enters it and publishes this draw",
                draw,
                attempt,
                id,
                round,
                chain
            ))
        };
        known.silent_rounds().filter_map(bring).collect()
    }

    /// On whose people draws rest that have no public source: a line for each of them.
    fn rests_on(&self) -> Vec<Message> {
        let mut rests: BTreeMap<String, (Message, Vec<String>)> = BTreeMap::new();
        for known in self.state.attempts().iter().filter(|known| known.record().is_some()) {
            let (draw, attempt) = known.name();
            let used = |source: &&Source| known.value(source.id()).is_some();
            let people = known.seal().beacon.rests_on().filter(used).map(Source::of_whom);
            let people: BTreeMap<String, Message> =
                people.map(|people| (people.to_string(), people)).collect();
            for (words, people) in people {
                let (_, draws) = rests.entry(words).or_insert_with(|| (people, Vec::new()));
                draws.push(format!("{draw}.{attempt}"));
            }
        }
        let line = |(people, draws): (Message, Vec<String>)| {
            let draws = draws.join(" ");
            said!(
                "report.rests_on",
                "rests on {people}: draws {draws}, which have no public source",
                people,
                draws
            )
        };
        rests.into_values().map(line).collect()
    }

    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let mut lines = self.checks.messages();
        let attempts = self.state.attempts();
        lines.extend(attempts.iter().flat_map(Self::rounds_to_bring));
        for (heading, entries) in self.lists().into_iter().filter(|(_, entries)| !entries.is_empty()) {
            let words = entries.iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
            let mut line =
                said!("report.list", "look at  {heading}: entries {entries}", heading, entries = words);
            line.replace("entries", entries.param());
            lines.push(line);
        }
        for (entry, batch) in self.left_out() {
            lines.push(said!(
                "report.batch_left_out",
                "look at  batch {batch} of the register in entry {entry} was not drawn",
                batch,
                entry
            ));
        }
        for number in attempts.iter().flat_map(Attempt::unsettled_drop_outs) {
            lines.push(said!(
                "report.drop_out",
                "look at  entry {number}: the places of who dropped out were not given on",
                number
            ));
        }
        for (draw, attempt) in self.state.open().map(Attempt::name) {
            lines.push(said!(
                "report.not_drawn",
                "look at  draw {draw}, attempt {attempt} is sealed and not drawn",
                draw,
                attempt
            ));
        }
        for (draw, attempt) in attempts.iter().filter(|attempt| attempt.is_hidden()).map(Attempt::name) {
            lines.push(said!(
                "report.hidden",
                "look at  draw {draw}, attempt {attempt} is not disclosed",
                draw,
                attempt
            ));
        }
        for (draw, attempt) in self.undisclosed().map(Attempt::name) {
            lines.push(said!(
                "report.secret_overdue",
                "look at  draw {draw}, attempt {attempt}: the secret is overdue",
                draw,
                attempt
            ));
        }
        lines.extend(self.closed_lines.iter().map(closed));
        for register in self.state.registers() {
            let (entry, count) = (register.number(), register.batches().len());
            let share = Billionths::new(register.share()).map_or_else(|_| "?".into(), |s| s.to_string());
            lines.push(said!(
                "report.year",
                "year     entry {entry} registers {count} draws with {share} of the year",
                entry,
                count,
                share
            ));
        }
        lines.extend(self.pending().iter().map(|pending| to_come(pending, self.at)));
        for MissingFile { draw: (draw, attempt), entry, file } in &self.missing_files {
            lines.push(said!(
                "report.file_missing",
                "look at  {file} of draw {draw}, attempt {attempt} is not given; entry {entry} published it",
                file,
                draw,
                attempt,
                entry
            ));
        }
        for change in self.register_changes.iter().take(MOST_CHANGES) {
            let change = change.message();
            lines.push(said!("report.register_change", "look at  {change}", change));
        }
        if let Some(more @ 1..) = self.register_changes.len().checked_sub(MOST_CHANGES) {
            lines.push(said!("report.more_changes", "look at  {more} more changes of registers", more));
        }
        lines.extend(self.state.journal().actors.iter().map(|(actor, tally)| of_actor(actor, tally)));
        lines.extend(self.rests_on());
        for basis in &self.basis {
            lines.push(said!("report.compared", "compared {basis}", basis));
        }
        for gap in &self.gaps {
            lines.push(said!("report.missing", "missing  {gap}", gap));
        }
        let ((folded, all), (passed, checks)) = (self.folded, self.checks.count());
        let (protocol, verdict) = (PROTOCOL, self.verdict.as_str());
        lines.push(said!(
            "report.ledger_verdict",
            "{protocol}: {verdict}, {passed} of {checks} checks passed, {folded} of {all} entries follow",
            protocol,
            verdict,
            passed,
            checks,
            folded,
            all
        ));
        lines
    }
}

impl fmt::Display for LedgerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.messages())
    }
}

/// What one person has entered.
fn of_actor(actor: &Code, tally: &Tally) -> Message {
    let Tally { entries, seals, draws, voids_before, voids_after, replacements, .. } = tally;
    let Tally { reassignments, amendments, late, .. } = tally;
    said!(
        "report.actor",
        "actor    {actor}: {entries} entries, {seals} seals, {draws} draws, \
         {voids_before} + {voids_after} voids before and after the first value was known, \
         {replacements} + {reassignments} replacements of institutions and officers, \
         {amendments} amendments, {late} late",
        actor,
        entries,
        seals,
        draws,
        voids_before,
        voids_after,
        replacements,
        reassignments,
        amendments,
        late
    )
}

/// Closed lines of a draw, and when their contents are due.
fn closed(lines: &ClosedLines) -> Message {
    let ClosedLines { draw: (draw, attempt), entries, until } = lines;
    let count = entries.len();
    match until {
        Some(day) => said!(
            "report.closed_lines",
            "look at  draw {draw}, attempt {attempt}: {count} closed lines, until {day}",
            draw,
            attempt,
            count,
            day
        ),
        None => said!(
            "report.closed_lines_due",
            "look at  draw {draw}, attempt {attempt}: {count} closed lines whose contents are not given, and \
             should be",
            draw,
            attempt,
            count
        ),
    }
}

/// The visits of one draw that are still to be made.
fn to_come(pending: &PendingVisits, at: Option<Instant>) -> Message {
    let PendingVisits { draw: (draw, attempt), number, until, .. } = pending;
    let Some(until) = until else {
        return said!(
            "report.visits_unnamed",
            "look at  draw {draw}, attempt {attempt}: {number} visits to come; no record was given that \
             names them",
            draw,
            attempt,
            number
        );
    };
    let names = pending.names();
    if at.is_some_and(|at| pending.overdue(at)) {
        return said!(
            "report.visits_overdue",
            "look at  draw {draw}, attempt {attempt}: {number} visits of which nothing was entered, due by \
             {until}: {names}",
            draw,
            attempt,
            number,
            until,
            names
        );
    }
    said!(
        "report.visits_to_come",
        "look at  draw {draw}, attempt {attempt}: {number} visits to come, due by {until}: {names}",
        draw,
        attempt,
        number,
        until,
        names
    )
}
