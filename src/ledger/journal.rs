//! What a reader should look at even in a valid ledger: further attempts, voids, replacements, late entries,
//! and their actors (Spec 17.5 and 19). [`State`](super::State) fills these lists while it takes in entries.

use crate::bytes::names;
use crate::id::Code;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

names! {
    /// The lists of entries that a report shows.
    pub enum Listing {
        /// Draws outside the register of the year.
        Unregistered = "draws outside the register of the year" => "listed.unregistered",
        /// Registers of a year's draws.
        Registers = "registers of a year's draws" => "listed.registers",
        /// Rounds of drand called silent.
        SilentRounds = "rounds of drand called silent" => "listed.silent_rounds",
        /// Further attempts.
        FurtherAttempts = "further attempts" => "listed.further_attempts",
        /// Voids before the first value was known.
        VoidsBefore = "voids before the first value was known" => "listed.voids_before",
        /// Voids after the first value was known.
        VoidsAfter = "voids after the first value was known" => "listed.voids_after",
        /// Silent sources.
        Silent = "silent sources" => "listed.silent",
        /// Missing shares.
        MissingShares = "missing shares" => "listed.missing_shares",
        /// Replaced institutions.
        Replacements = "replaced institutions" => "listed.replacements",
        /// Visits not made.
        Misses = "visits not made" => "listed.misses",
        /// Replaced officers.
        Reassignments = "replaced officers" => "listed.reassignments",
        /// Officers who dropped out.
        DropOuts = "officers who dropped out" => "listed.drop_outs",
        /// Officers who dropped out twice, or as substitutes.
        AgainOut = "officers who dropped out twice, or as substitutes" => "listed.again_out",
        /// Teams that do not go to the first reserves.
        BeyondReserves = "teams that do not go to the first reserves" => "listed.beyond_reserves",
        /// Visits by others than the drawn team.
        OtherTeams = "visits by others than the drawn team" => "listed.other_teams",
        /// Inspections outside draws.
        Inspections = "inspections outside draws" => "listed.inspections",
        /// Inspections outside draws that move exclusions and rotation.
        MovingInspections = "inspections outside draws that move exclusions and rotation" => "listed.moving_inspections",
        /// Checkpoints of ledgers below.
        Received = "checkpoints of ledgers below" => "listed.received",
        /// Cycles closed.
        Closings = "cycles closed" => "listed.closings",
        /// Amendments.
        Amendments = "amendments" => "listed.amendments",
        /// Entries taken back.
        Withdrawals = "entries taken back" => "listed.withdrawals",
        /// Clocks corrected.
        Clocks = "clocks corrected" => "listed.clocks",
        /// Policies adopted despite findings of the check.
        Despite = "policies adopted despite findings of the check" => "listed.despite",
        /// Visits by people whom a register barred.
        Barred = "visits by people whom a register barred" => "listed.barred",
        /// Late entries.
        Late = "late entries" => "listed.late",
        /// Seals published after their first source.
        SealsLate = "seals published after their first source" => "listed.seals_late",
        /// Seals that no entry says were published.
        SealsUnpublished = "seals that no entry says were published" => "listed.seals_unpublished",
        /// Visits on another day than the lot gave.
        OtherDays = "visits on another day than the lot gave" => "listed.other_days",
        /// Visits before the draw or outside its window.
        OutsideWindow = "visits before the draw or outside its window" => "listed.outside_window",
    }
}

/// What one actor did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Entries.
    pub entries: u64,
    /// Seals.
    pub seals: u64,
    /// Draws computed.
    pub draws: u64,
    /// Voids before the first value of the beacon was entered or due.
    pub voids_before: u64,
    /// Voids after a value was entered or due: the actor may have known what was voided.
    pub voids_after: u64,
    /// Institutions replaced.
    pub replacements: u64,
    /// Inspectors replaced.
    pub reassignments: u64,
    /// Amendments.
    pub amendments: u64,
    /// Late entries.
    pub late: u64,
}

/// Lists of entries by number, and what each actor did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Seals of draws that are no registered batch.
    pub outside: Vec<u64>,
    /// Registers of a year's draws.
    pub registers: Vec<u64>,
    /// Seals of a second or later attempt.
    pub further_attempts: Vec<u64>,
    /// Voids, and whether a value of the beacon was entered or due before.
    pub voids: Vec<(u64, bool)>,
    /// Sources that did not report in time.
    pub silent: Vec<u64>,
    /// Those of them that are rounds of drand, which come late and never fail.
    pub silent_rounds: Vec<u64>,
    /// Entry of a value, and number of shares that were not revealed in it.
    pub missing_shares: Vec<(u64, u64)>,
    /// Institutions that were replaced.
    pub replacements: Vec<u64>,
    /// Visits that could not be made.
    pub misses: Vec<u64>,
    /// Inspectors who were replaced.
    pub reassignments: Vec<u64>,
    /// Corrections.
    pub amendments: Vec<u64>,
    /// Corrections that take an entry back: its visit counts as never entered.
    pub withdrawals: Vec<u64>,
    /// Corrections of a wrong clock: entries have another time than they say.
    pub clocks: Vec<u64>,
    /// Policies that were adopted although the check of the programme found something.
    pub despite: Vec<u64>,
    /// Visits and inspections by people whom a register barred, as approved.
    pub barred: Vec<u64>,
    /// Inspections outside draws.
    pub inspections: Vec<u64>,
    /// Those that move exclusions and rotation, as the authority approved them; also amendments to such.
    pub moving_inspections: Vec<u64>,
    /// People who dropped out of a draw.
    pub drop_outs: Vec<u64>,
    /// Of these, second ones of the same person, and those of people who had come into the place of another.
    pub again_out: Vec<u64>,
    /// Changes of teams that do not go to the first reserves: some were passed over, a chain of moves was
    /// made, or who came had dropped out before.
    pub beyond_reserves: Vec<u64>,
    /// Checkpoints of ledgers below that were taken in.
    pub received: Vec<u64>,
    /// Ends of cycles: exposure and coverage begin anew.
    pub closings: Vec<u64>,
    /// Entries later than they should be (Spec 17.5).
    pub late: Vec<u64>,
    /// By actor.
    pub actors: BTreeMap<Code, Tally>,
}

impl Tally {
    /// Adds what one more entry did.
    pub(super) const fn add(&mut self, entry: &Self) {
        let Self {
            entries,
            seals,
            draws,
            voids_before,
            voids_after,
            replacements,
            reassignments,
            amendments,
            late,
        } = entry;
        self.entries += *entries;
        self.seals += *seals;
        self.draws += *draws;
        self.voids_before += *voids_before;
        self.voids_after += *voids_after;
        self.replacements += *replacements;
        self.reassignments += *reassignments;
        self.amendments += *amendments;
        self.late += *late;
    }
}

impl Journal {
    /// The lists that a report shows, each with its heading, in order; `other_teams` are visits that were
    /// made by others than the drawn team.
    pub(crate) fn lists(&self, other_teams: &[u64]) -> [(Listing, Vec<u64>); 25] {
        let voids =
            |after: bool| self.voids.iter().filter(|void| void.1 == after).map(|void| void.0).collect();
        [
            (Listing::Unregistered, self.outside.clone()),
            (Listing::Registers, self.registers.clone()),
            (Listing::SilentRounds, self.silent_rounds.clone()),
            (Listing::FurtherAttempts, self.further_attempts.clone()),
            (Listing::VoidsBefore, voids(false)),
            (Listing::VoidsAfter, voids(true)),
            (Listing::Silent, self.silent.clone()),
            (Listing::MissingShares, self.missing_shares.iter().map(|(entry, _)| *entry).collect()),
            (Listing::Replacements, self.replacements.clone()),
            (Listing::Misses, self.misses.clone()),
            (Listing::Reassignments, self.reassignments.clone()),
            (Listing::DropOuts, self.drop_outs.clone()),
            (Listing::AgainOut, self.again_out.clone()),
            (Listing::BeyondReserves, self.beyond_reserves.clone()),
            (Listing::OtherTeams, other_teams.to_vec()),
            (Listing::Inspections, self.inspections.clone()),
            (Listing::MovingInspections, self.moving_inspections.clone()),
            (Listing::Received, self.received.clone()),
            (Listing::Closings, self.closings.clone()),
            (Listing::Amendments, self.amendments.clone()),
            (Listing::Withdrawals, self.withdrawals.clone()),
            (Listing::Clocks, self.clocks.clone()),
            (Listing::Despite, self.despite.clone()),
            (Listing::Barred, self.barred.clone()),
            (Listing::Late, self.late.clone()),
        ]
    }
}
