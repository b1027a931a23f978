//! The checks of a ledger by name, and what a report says (Spec 19).

use super::super::{Outcome, Verdict, line};
use crate::bytes::PROTOCOL;
use crate::calendar::Instant;
use crate::ledger::{Attempt, Journal, Rule, State};
use std::collections::BTreeMap;
use std::fmt;

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
    /// The beacon's values were heard elsewhere, too, or carry their network's signature.
    Values,
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
            Self::Values,
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
            Self::Values => "values",
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
    pub(super) outcomes: BTreeMap<LedgerCheck, Outcome>,
    pub(super) state: State,
    pub(super) at: Option<Instant>,
    pub(super) verdict: Verdict,
    /// Entries that were folded, of so many lines.
    pub(super) folded: (u64, usize),
    pub(super) other_teams: Vec<u64>,
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
        let Journal { with_unavailable, closings, late, actors, .. } = self.state.journal();
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
        list("cycles closed", closings)?;
        list("amendments", amendments)?;
        list("late entries", late)?;
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
