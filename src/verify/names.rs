//! The checks by name. The lists only grow, and no name changes.

use crate::bytes::names;
use crate::ledger::Rule;
use std::fmt;

/// The name of a check: an item of one of the lists below.
pub trait CheckName: Copy + Ord + fmt::Display {
    /// All checks of a report, in its order.
    fn all() -> impl Iterator<Item = Self>;
}

macro_rules! check_name {
    ($($Name:ident: $all:expr),+) => {
        $(impl CheckName for $Name {
            fn all() -> impl Iterator<Item = Self> {
                $all
            }
        })+
    };
}
check_name!(
    Check: Self::ALL.into_iter(),
    ReceiptCheck: Self::ALL.into_iter(),
    OriginCheck: Self::ALL.into_iter(),
    DispatchCheck: Self::ALL.into_iter(),
    IntakeCheck: Self::ALL.into_iter(),
    LevelCheck: Self::ALL.into_iter(),
    LedgerCheck: Self::all()
);

names! {
    /// The checks of a record, in the order in which they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum Check {
        /// The record states its own digest.
        Digest = "digest",
        /// The policy is the sealed one.
        Policy = "policy",
        /// The cell table is the sealed one.
        Cells = "cells",
        /// The cell table counts every unit of the frame, in strata and exclusions that the policy has.
        Strata = "strata",
        /// The registers that the seal names make up the frame: every division of the policy is of one.
        Registers = "registers",
        /// Every source reports after the seal, with enough bits.
        Timing = "timing",
        /// The record's seal is the published one.
        Seal = "seal",
        /// The values have the form of their sources.
        BeaconForm = "beacon_form",
        /// Every pulse of drand is the signature of its round.
        Pulse = "pulse",
        /// The values are the published ones.
        Beacon = "beacon",
        /// The secret opens its commitment.
        Secret = "secret",
        /// The seed follows from seal, values and secret.
        Seed = "seed",
        /// Every cell has as many picks as the allocation gives.
        Allocation = "allocation",
        /// Every ticket shown is that of its pseudonym, which was sealed with its unit's id.
        Tickets = "tickets",
        /// Order, cutoff and reserves of every cell.
        Cutoffs = "cutoffs",
        /// The second-stage samples follow from the picks.
        Subsamples = "subsamples",
        /// Every pick has a team of distinct inspectors, and every vacancy is explained.
        Teams = "teams",
        /// Every visit has the day that the lot gives, where the strata show the divisions.
        Days = "days",
        /// What is said about chances, ceilings, shortlists, pins and shortages agrees with the visits.
        Statements = "statements",
        /// The frame file is the sealed one.
        Frame = "frame",
        /// The rows of the frame are those of the registers that the seal names.
        RegisterRows = "register_rows",
        /// The roster file is the sealed one.
        Roster = "roster",
        /// The cycle file is the sealed one.
        Cycle = "cycle",
        /// The cell table follows from policy, frame and cycle.
        Plan = "plan",
        /// The picks are those with the smallest tickets of the whole frame.
        Sample = "sample",
        /// Every inspector was allowed to go, and not too often.
        Eligibility = "eligibility",
        /// Teams, shortages and chances follow from roster, sample and seed.
        Assignment = "assignment",
    }
}

names! {
    /// The checks of a receipt, in the order in which they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum ReceiptCheck {
        /// The receipt is of the published seal.
        Seal = "seal",
        /// The row is in the sealed frame, and the pseudonym among the sealed ones.
        Row = "row",
        /// The policy is the sealed one.
        Policy = "policy",
        /// The sources report after the seal.
        Timing = "timing",
        /// The cell table is the sealed one.
        Table = "table",
        /// The seed follows from seal and values.
        Seed = "seed",
        /// The cell is one for this row.
        Cell = "cell",
        /// The ticket is that of the receipt's pseudonym.
        Ticket = "ticket",
        /// The cell gives as many picks as its cutoff says.
        Count = "count",
        /// The unit is picked exactly if its ticket is at most the cutoff.
        Fate = "fate",
        /// The cutoff is the published one, and the published lists have the unit where the outcome says.
        Listed = "listed",
        /// The record holds with the published seal and values, and what was given of it is in it.
        Record = "record",
    }
}

names! {
    /// The checks of an origin, in the order in which they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum OriginCheck {
        /// The pack is the one that the policy names.
        Pack = "pack",
        /// The programme is the one that the policy names.
        Programme = "programme",
        /// The policy is the one that pack and programme give for its batch.
        Policy = "policy",
        /// The dossier is the one that the policy names.
        Dossier = "dossier",
        /// The frame's signals are those of the dossier.
        Signals = "signals",
        /// The frame's levels are those of the rule table.
        Levels = "levels",
    }
}

names! {
    /// The checks of a draw of teams against the draw above that picked its units, in the order in which they
    /// are reported. Their names are stable.
    #[non_exhaustive]
    pub enum DispatchCheck {
        /// The seal names the record above, and the policy its authority and scope.
        Above = "above",
        /// The record above has a part for this authority and scope, and for these departments.
        Part = "part",
        /// No other record answers the part.
        Once = "once",
        /// The units are exactly the picks of the part.
        Picks = "picks",
        /// The draw is of the same day, and was sealed after every value above.
        Order = "order",
        /// Roster and rules are those that were handed over before the draw above was sealed.
        Ready = "ready",
        /// The rows of the frame are those of the frame above.
        Rows = "rows",
    }
}

names! {
    /// The checks of an intake, with which an authority sees that its register went in unchanged, in the
    /// order in which they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum IntakeCheck {
        /// The intake is of the published seal.
        Seal = "seal",
        /// The seal names the register as it was published, and the authority's own rows are those of it.
        Published = "published",
        /// The rows shown stand in the sealed frame.
        Inclusion = "inclusion",
        /// The rows shown are those of the register: none altered, left out, added or doubled.
        Unchanged = "unchanged",
    }
}

names! {
    /// The checks of what a ledger took in of the ledger of a part of one of its draws, in the order in which
    /// they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum LevelCheck {
        /// The ledger below is the one whose checkpoints were taken in: nothing was dropped, changed or put
        /// into another order before them.
        Received = "received",
        /// The ledger below has no second draw upon the record above.
        Once = "once",
        /// What the ledger above tells of a pick is what the ledger below told at the checkpoint.
        Results = "results",
    }
}

names! {
    /// The checks of a ledger, in the order in which they are reported. Their names are stable.
    #[non_exhaustive]
    pub enum LedgerCheck {
        /// No entry breaks this rule.
        Rule(Rule),
        /// The ledger is the one whose checkpoints were published: nothing was dropped, changed or forked.
        Checkpoint = "checkpoint",
        /// Enough witnesses saw every seal before its first source reported.
        Witnesses = "witnesses",
        /// No secret, no draw and no visit is overdue.
        Deadlines = "deadlines",
        /// Every draw has the share and the window of its registered batch.
        Batches = "batches",
        /// Records, seals and values are those that were entered.
        Records = "records",
        /// The beacon's values were obtained elsewhere, too, or carry their network's signature.
        Values = "values",
        /// Every record replays.
        Replay = "replay",
        /// Every entry about a visit is about a unit that the record picks, or that came in its place, and
        /// every checkpoint of a ledger below is of a part of the record.
        Picks = "picks",
        /// The visits that were committed to are those of the record.
        Assignments = "assignments",
        /// The event of the cycle that a draw gives follows from the draw.
        Events = "events",
        /// Every draw was planned upon the cycle of this ledger.
        Cycles = "cycles",
        /// Every replacement is the next reserve.
        Reserves = "reserves",
        /// Every change of a team is the one that the rule gives.
        Reassignments = "reassignments",
        /// Teams entered are people of the sealed roster, and no larger than a team.
        People = "people",
        /// Every published file that an entry names has the digest that was entered.
        Files = "files",
        /// Every content given is that of its closed line.
        Contents = "contents",
    }
}
