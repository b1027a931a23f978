//! The first pass: root and cell table of the frame, and the seal.

use super::{RowReader, RowsRead, StreamError};
use crate::bytes::{Digest, SaltKey};
use crate::cycle::Cycle;
use crate::frame::{Frame, FrameCommitment, PseudonymLeaves, Unit, UnitRow};
use crate::id::{Code, Division};
use crate::plan::{
    Assessment, Bounded, CellTable, DrawCost, FrameCount, Plan, PlanError, PlanParts, UnitRules, check_round,
};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::seal::{Seal, SealError, SealTerms, Secret};
use crate::stratum::StratumPath;
use std::collections::BTreeMap;

/// Counts the units of a frame, row by row.
#[derive(Debug)]
pub struct Census {
    policy: Policy,
    cycle: Cycle,
    key: SaltKey,
    reader: RowReader,
    count: FrameCount,
    classes: UnitClasses,
}

/// One drawable unit of each division and kind, and how many there are: what the cost of teams depends on.
pub(super) type UnitClasses = BTreeMap<(Division, Code), (Unit, u64)>;

impl Census {
    /// Begins the count under a policy, from a cycle. The salt key must be that of the seal.
    ///
    /// # Errors
    /// The round of the policy does not follow the cycle.
    pub fn new(policy: Policy, cycle: Cycle, key: SaltKey) -> Result<Self, PlanError> {
        check_round(&policy, &cycle)?;
        let reader = RowReader::new(policy.suite, &key, true);
        let classes = UnitClasses::new();
        Ok(Self { policy, cycle, key, reader, count: FrameCount::default(), classes })
    }

    /// Adds the next row. Rows must come in ascending order of ids (bytes, as `ORDER BY id COLLATE "C"`),
    /// each id once.
    pub fn add(&mut self, row: UnitRow) {
        if self.reader.add(row) {
            self.read();
        }
    }

    /// How many problems the rows read so far have; at a thousand no more are counted. Rows are read 16,384
    /// at a time.
    #[must_use]
    pub fn problems(&self) -> usize {
        self.reader.problems.len()
    }

    fn read(&mut self) {
        let (rules, cycle) = (UnitRules::new(&self.policy), &self.cycle);
        let assessed = self.reader.read(&self.policy, |unit, _| {
            let assessment = Assessment::new(&rules, &unit, cycle.get(&unit.id));
            (unit, assessment)
        });
        for (unit, assessment) in assessed {
            if let Some((_, Some(_))) = self.count.count(&self.policy, &unit, assessment) {
                let class = (unit.division.clone(), unit.kind.clone());
                self.classes.entry(class).or_insert((unit, 0)).1 += 1;
            }
        }
    }

    /// Ends the count.
    ///
    /// # Errors
    /// Problems of the rows, as for [`Frame::new`](crate::Frame::new); a repeated id is one out of order, and
    /// at most a thousand are named. Or the reasons of [`Plan::new`](crate::Plan::new).
    pub fn finish(mut self) -> Result<Counted, StreamError> {
        self.read();
        let Self { policy, cycle, key, reader, mut count, classes } = self;
        let (RowsRead { root, size }, leaves) = reader.finish()?;
        let parts = count.finish(&policy)?;
        let leaves = PseudonymLeaves::new(policy.suite, leaves);
        let frame = FrameCommitment { pseudonyms: leaves.root(), root, size };
        Ok(Counted { policy, cycle, key, frame, leaves, count, parts, classes })
    }
}

impl Extend<UnitRow> for Census {
    fn extend<I: IntoIterator<Item = UnitRow>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.add(row));
    }
}

/// A frame that was counted: all parts of a plan but the units.
#[derive(Debug, Clone)]
pub struct Counted {
    pub(super) policy: Policy,
    pub(super) cycle: Cycle,
    pub(super) key: SaltKey,
    pub(super) frame: FrameCommitment,
    pub(super) leaves: PseudonymLeaves,
    pub(super) count: FrameCount,
    pub(super) parts: PlanParts,
    classes: UnitClasses,
}

impl Counted {
    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Roots and size of the frame.
    #[must_use]
    pub const fn frame(&self) -> &FrameCommitment {
        &self.frame
    }

    /// The table that is published and hashed into the seal.
    #[must_use]
    pub fn table(&self) -> CellTable {
        CellTable::new(&self.parts.cells, &self.parts.exclusions)
    }

    /// Units that cannot be drawn, by reason.
    #[must_use]
    pub const fn exclusions(&self) -> &BTreeMap<Code, u64> {
        &self.parts.exclusions
    }

    /// The nodes with a floor or a limit, by stratum path, and what that did to the probabilities.
    #[must_use]
    pub const fn bounded(&self) -> &BTreeMap<StratumPath, Bounded> {
        &self.parts.bounded
    }

    /// The cycle, with the digest that a seal states of it.
    pub(crate) fn cycle(&self) -> (&Cycle, Digest) {
        (&self.cycle, self.cycle.digest(self.policy.suite, &self.key))
    }

    /// The cost of drawing the teams with this roster: [`Plan::cost`].
    #[must_use]
    pub fn cost(&self, roster: &Roster) -> DrawCost {
        let Self { policy, parts, classes, .. } = self;
        let (cycle, frame) = (self.cycle.excerpt(std::iter::empty()), Frame::of(Vec::new()));
        let plan = Plan::excerpt(frame, roster.clone(), policy.clone(), cycle, Vec::new(), parts);
        plan.cost_of(classes.values().map(|(unit, units)| (unit, *units)))
    }

    /// Seals what was counted: [`Plan::seal`](crate::Plan::seal).
    ///
    /// # Errors
    /// As for [`Plan::seal`](crate::Plan::seal), or the salt key is not the one that the rows were counted
    /// with.
    pub fn seal(self, roster: Roster, terms: SealTerms) -> Result<SealedStream, SealError> {
        if terms.salt_key != self.key {
            return Err(SealError::OtherSaltKey);
        }
        self.cost(&roster).checked().map_err(SealError::TooLarge)?;
        let frame = || (self.frame.clone(), ());
        let (seal, ()) = Seal::new(&self.policy, &self.cycle, &self.table(), &roster, &terms, None, frame)?;
        Ok(SealedStream { digest: seal.digest(), seal, roster, secret: terms.secret, counted: self })
    }
}

/// A counted frame with its seal. Nothing can be changed any more.
#[derive(Debug, Clone)]
pub struct SealedStream {
    pub(super) counted: Counted,
    pub(super) roster: Roster,
    pub(super) seal: Seal,
    pub(super) digest: Digest,
    pub(super) secret: Option<Secret>,
}

impl SealedStream {
    /// The document to publish before the first value of the beacon.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The seal's digest.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What was counted.
    #[must_use]
    pub const fn counted(&self) -> &Counted {
        &self.counted
    }
}
