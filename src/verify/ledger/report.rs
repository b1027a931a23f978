//! The report of a ledger: its checks, its state, and what a reader should look at (Spec 19).

use super::super::names::LedgerCheck;
use super::super::report::{Outcome, Report, Verdict};
use super::contents::ClosedLines;
use super::evidence::{LedgerBasis, LedgerGap};
use super::files::MissingFile;
use super::registers::RegisterChange;
use super::visits::{PendingVisits, VisitsFound};
use crate::bytes::PROTOCOL;
use crate::calendar::Instant;
use crate::ledger::{Attempt, State};
use crate::policy::{Billionths, Source};
use std::collections::{BTreeMap, BTreeSet};
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
    fn lists(&self) -> Vec<(&'static str, Vec<u64>)> {
        let mut lists = vec![
            ("seals published after their first source", self.seals_published_late()),
            ("seals that no entry says were published", self.seals_never_published()),
        ];
        lists.extend(self.state.journal().lists(&self.other_teams));
        lists.push(("visits on another day than the lot gave", self.visits.other_days.clone()));
        lists.push(("visits before the draw or outside its window", self.visits.outside.clone()));
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
    fn rounds_to_bring(&self, known: &Attempt, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (draw, attempt) = known.name();
        known.silent_rounds().try_for_each(|source| {
            let Source::Drand { chain, id, round, .. } = source else { return Ok(()) };
            writeln!(
                f,
                "look at  draw {draw}, attempt {attempt}: {id} was called silent: get round {round} of the \
                 chain {chain} from any relay of drand; if it is there, give it as a value from elsewhere, \
                 and the ledger is refuted unless its office enters it and publishes this draw"
            )
        })
    }

    /// On whose people draws rest that have no public source: a line for each of them.
    fn rests_on(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rests: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for known in self.state.attempts().iter().filter(|known| known.record().is_some()) {
            let (draw, attempt) = known.name();
            let used = |source: &&Source| known.value(source.id()).is_some();
            let people = known.seal().beacon.rests_on().filter(used).map(Source::of_whom);
            for people in people.collect::<BTreeSet<_>>() {
                rests.entry(people).or_default().push(format!("{draw}.{attempt}"));
            }
        }
        rests.iter().try_for_each(|(people, draws)| {
            writeln!(f, "rests on {people}: draws {}, which have no public source", draws.join(" "))
        })
    }
}

impl fmt::Display for LedgerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.checks.lines(f)?;
        for attempt in self.state.attempts() {
            self.rounds_to_bring(attempt, f)?;
        }
        for (heading, entries) in self.lists() {
            if !entries.is_empty() {
                let entries: Vec<String> = entries.iter().map(u64::to_string).collect();
                writeln!(f, "look at  {heading}: entries {}", entries.join(" "))?;
            }
        }
        for (register, batch) in self.left_out() {
            writeln!(f, "look at  batch {batch} of the register in entry {register} was not drawn")?;
        }
        for number in self.state.attempts().iter().flat_map(Attempt::unsettled_drop_outs) {
            writeln!(f, "look at  entry {number}: the places of who dropped out were not given on")?;
        }
        for attempt in self.state.open() {
            let (draw, attempt) = attempt.name();
            writeln!(f, "look at  draw {draw}, attempt {attempt} is sealed and not drawn")?;
        }
        for attempt in self.state.attempts().iter().filter(|attempt| attempt.is_hidden()) {
            let (draw, attempt) = attempt.name();
            writeln!(f, "look at  draw {draw}, attempt {attempt} is not disclosed")?;
        }
        for attempt in self.undisclosed() {
            let (draw, attempt) = attempt.name();
            writeln!(f, "look at  draw {draw}, attempt {attempt}: the secret is overdue")?;
        }
        for ClosedLines { draw: (draw, attempt), entries, until } in &self.closed_lines {
            let count = entries.len();
            write!(f, "look at  draw {draw}, attempt {attempt}: {count} closed lines")?;
            match until {
                Some(day) => writeln!(f, ", until {day}")?,
                None => writeln!(f, " whose contents are not given, and should be")?,
            }
        }
        for register in self.state.registers() {
            let (number, count) = (register.number(), register.batches().len());
            let share = Billionths::new(register.share()).map_or_else(|_| "?".into(), |s| s.to_string());
            writeln!(f, "year     entry {number} registers {count} draws with {share} of the year")?;
        }
        for pending in self.pending() {
            writeln!(f, "look at  {}", PendingLine { pending, at: self.at })?;
        }
        for MissingFile { draw: (draw, attempt), entry, file } in &self.missing_files {
            writeln!(
                f,
                "look at  {file} of draw {draw}, attempt {attempt} is not given; entry {entry} published it"
            )?;
        }
        for change in self.register_changes.iter().take(MOST_CHANGES) {
            writeln!(f, "look at  {change}")?;
        }
        if let Some(more @ 1..) = self.register_changes.len().checked_sub(MOST_CHANGES) {
            writeln!(f, "look at  {more} more changes of registers")?;
        }
        for (actor, tally) in &self.state.journal().actors {
            writeln!(
                f,
                "actor    {actor}: {} entries, {} seals, {} draws, \
                 {} + {} voids before and after the first value was known, \
                 {} + {} replacements of institutions and officers, {} amendments, {} late",
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
        self.rests_on(f)?;
        for basis in &self.basis {
            writeln!(f, "compared {basis}")?;
        }
        for gap in &self.gaps {
            writeln!(f, "missing  {gap}")?;
        }
        let (folded, lines) = self.folded;
        let (verdict, count) = (self.verdict, self.checks.count());
        write!(f, "{PROTOCOL}: {verdict}, {count}, {folded} of {lines} entries follow")
    }
}

/// The line of a report about the visits of one draw that are still to be made.
struct PendingLine<'a> {
    pending: &'a PendingVisits,
    /// The time of the check.
    at: Option<Instant>,
}

impl fmt::Display for PendingLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PendingVisits { draw: (draw, attempt), number, until, .. } = self.pending;
        write!(f, "draw {draw}, attempt {attempt}: {number} visits ")?;
        let Some(until) = until else { return f.write_str("to come; no record was given that names them") };
        let overdue = self.at.is_some_and(|at| self.pending.overdue(at));
        let words = if overdue { "of which nothing was entered, due" } else { "to come, due" };
        write!(f, "{words} by {until}: {}", self.pending.names())
    }
}
