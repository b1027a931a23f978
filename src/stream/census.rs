//! The first pass: root and cell table of the frame, and the seal.

use super::part::{MOST_ROWS, Part, PartLeaves, PartTerms, apart, length};
use super::standings::CycleRun;
use super::{
    Apart, CountedRegisters, Foreign, ReadRows, RowReader, RowsRead, StreamError, StreamRow, StreamedCycle,
};
use crate::bytes::{Digest, Run, SaltKey};
use crate::frame::{Frame, FrameCommitment, PseudonymLeaves, Unit};
use crate::id::{Code, Division};
use crate::plan::{
    Assessment, Bounded, CellAssigner, CellTable, DrawCost, FrameCount, Plan, PlanError, PlanParts,
    UnitRules, check_round,
};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::seal::{ReopenError, Seal, SealError, SealTerms, SealTies, Secret};
use crate::stratum::StratumPath;
use std::collections::BTreeMap;

/// Counts the units of a frame, row by row.
#[derive(Debug)]
pub struct Census {
    policy: Policy,
    cycle: StreamedCycle,
    key: SaltKey,
    reader: RowReader,
    count: FrameCount,
    classes: UnitClasses,
}

/// The drawable units of each division and kind: what the cost of teams depends on.
type UnitClasses = BTreeMap<(Division, Code), u64>;

impl Census {
    /// Begins the count under a policy, from a cycle. The salt key must be that of the seal.
    ///
    /// # Errors
    /// The round of the policy does not follow the cycle.
    pub fn new(policy: Policy, cycle: impl Into<StreamedCycle>, key: SaltKey) -> Result<Self, PlanError> {
        Self::behind(policy, cycle.into(), key, 0)
    }

    /// Begins the count of a part. `start` is the number of rows of the frame before its first one: one count
    /// of each part tells it.
    ///
    /// # Errors
    /// The round of the policy does not follow the cycle, or there are more than [`MOST_ROWS`] rows before.
    pub fn starting(
        policy: Policy,
        cycle: impl Into<StreamedCycle>,
        key: SaltKey,
        start: u64,
    ) -> Result<Self, StreamError> {
        let cycle = cycle.into();
        let before = cycle.before;
        if before > MOST_ROWS {
            return Err(StreamError::TooMany { start: before });
        }
        let place = usize::try_from(start).ok().filter(|_| start <= MOST_ROWS);
        Ok(Self::behind(policy, cycle, key, place.ok_or(StreamError::TooMany { start })?)?)
    }

    fn behind(policy: Policy, cycle: StreamedCycle, key: SaltKey, start: usize) -> Result<Self, PlanError> {
        check_round(&policy, cycle.head.spent)?;
        let before = usize::try_from(cycle.before).unwrap_or(usize::MAX);
        let reader = RowReader::starting(policy.suite, &key, true, start, (&cycle, before));
        let classes = UnitClasses::new();
        Ok(Self { policy, cycle, key, reader, count: FrameCount::default(), classes })
    }

    /// Adds the next row. Rows must come in ascending order of ids (bytes, as `ORDER BY id COLLATE "C"`),
    /// each id once; those of a cycle that is not in memory come beside them: see [`StreamRow`].
    pub fn add(&mut self, row: impl Into<StreamRow>) {
        if self.reader.add(&self.cycle, row.into()) {
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
        let rules = UnitRules::new(&self.policy);
        let assessed = self.reader.read(&self.policy, &self.cycle, |unit, _, standing| {
            let assessment = Assessment::new(&rules, &unit, standing);
            (unit, assessment)
        });
        for (unit, assessment) in assessed {
            if let Some((_, Some(_))) = self.count.count(&self.policy, &unit, assessment) {
                *self.classes.entry((unit.division, unit.kind)).or_default() += 1;
            }
        }
    }

    /// Ends the count of all rows.
    ///
    /// # Errors
    /// Problems of the rows, as for [`Frame::new`](crate::Frame::new); a repeated id is one out of order, and
    /// at most a thousand are named. Or the reasons of [`Plan::new`](crate::Plan::new).
    pub fn finish(self) -> Result<Counted, StreamError> {
        let (Self { policy, cycle, key, .. }, part, leaves) = self.counted()?;
        Ok(Counted::with(Counts::under(policy, cycle, key, &part)?, leaves))
    }

    /// Ends the count of a part. What cannot be known from some rows alone is refused when all parts are
    /// merged.
    ///
    /// # Errors
    /// Problems of these rows, or units among them of which no plan can come.
    pub fn part(self) -> Result<(Part, PartLeaves), StreamError> {
        let (_, part, leaves) = self.counted()?;
        Ok((part, leaves))
    }

    fn counted(mut self) -> Result<(Self, Part, PartLeaves), StreamError> {
        self.read();
        let suite = self.policy.suite;
        let empty = RowReader::starting(suite, &self.key, true, 0, (&self.cycle, 0));
        let reader = std::mem::replace(&mut self.reader, empty);
        let ReadRows { run, leaves, ends, standings } = reader.finish(&self.cycle)?;
        let begins = length(standings.as_ref().map_or(0, |rows| rows.run.start()));
        let digest = self.cycle.digest.or_else(|| self.cycle.digest(suite, &self.key, standings.as_ref()));
        let digest = digest.ok_or(StreamError::Apart(Apart { ends: 0, begins }))?;
        self.count.settled()?;
        let leaves = PartLeaves(leaves);
        let part = Part {
            terms: PartTerms::new(&self.policy, digest),
            run,
            standings,
            ends,
            exclusions: self.count.exclusions(&self.policy),
            strata: self.count.strata(),
            classes: std::mem::take(&mut self.classes),
            leaves: leaves.sum(),
        };
        Ok((self, part, leaves))
    }
}

impl<R: Into<StreamRow>> Extend<R> for Census {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        rows.into_iter().for_each(|row| self.add(row));
    }
}

/// All that is counted of a frame but the pseudonyms: what a selection needs, anywhere.
#[derive(Debug, Clone)]
pub struct Counts {
    pub(super) policy: Policy,
    pub(super) cycle: StreamedCycle,
    pub(super) key: SaltKey,
    pub(super) terms: PartTerms,
    pub(super) rows: RowsRead,
    /// The digests of the rows of the cycle, if they came beside those of the frame.
    pub(super) standings: Option<CycleRun>,
    pub(super) count: FrameCount,
    pub(super) parts: PlanParts,
    classes: UnitClasses,
}

impl Counts {
    /// Takes what was counted of all rows of the frame under this policy, from this cycle, with this key.
    ///
    /// # Errors
    /// The part does not begin with the first row, was counted under another policy, cycle or key, or has
    /// strata that the policy has not. Or the reasons of [`Plan::new`](crate::Plan::new).
    pub fn of(
        policy: Policy,
        cycle: impl Into<StreamedCycle>,
        key: SaltKey,
        part: &Part,
    ) -> Result<Self, StreamError> {
        let cycle = cycle.into();
        check_round(&policy, cycle.head.spent)?;
        // Without a cycle in memory, the rows of all parts tell whether this is their digest.
        let digest = match &cycle.whole {
            Some(cycle) => cycle.digest(policy.suite, &key),
            None => cycle.digest.unwrap_or(part.terms.cycle),
        };
        part.terms.expect(&PartTerms::new(&policy, digest))?;
        Self::under(policy, cycle, key, part)
    }

    /// The same under the terms of the part.
    fn under(policy: Policy, cycle: StreamedCycle, key: SaltKey, part: &Part) -> Result<Self, StreamError> {
        if part.standings.is_some() == cycle.whole.is_some() {
            return Err(Foreign::CycleRows.into());
        }
        if part.standings.is_some() {
            let found = cycle.digest(policy.suite, &key, part.standings.as_ref());
            let (wanted, found) = (part.terms.cycle, found.ok_or(Foreign::CycleRows)?);
            if found != wanted {
                return Err(StreamError::OtherCycle { wanted, found });
            }
        }
        let begins = part.start();
        let root = part.run.root().ok_or(StreamError::Apart(Apart { ends: 0, begins }))?;
        let strange = |path: &StratumPath| StreamError::Stratum { path: path.clone() };
        let mut count = FrameCount::of(&policy, part.size(), &part.strata).map_err(strange)?;
        let parts = count.finish(&policy, part.exclusions.clone())?;
        let (rows, terms, classes) = (RowsRead { root, size: part.size() }, part.terms, part.classes.clone());
        let standings = part.standings.clone();
        Ok(Self { policy, cycle, key, terms, rows, standings, count, parts, classes })
    }

    /// Refuses other rows of the cycle than those that were counted.
    pub(super) fn expect_rows(&self, standings: Option<&CycleRun>) -> Result<(), StreamError> {
        if standings.map(|rows| &rows.run) == self.standings.as_ref().map(|rows| &rows.run) {
            return Ok(());
        }
        let found = self.cycle.digest(self.policy.suite, &self.key, standings).ok_or(Foreign::CycleRows)?;
        Err(StreamError::OtherCycle { wanted: self.terms.cycle, found })
    }

    /// Begins to assign units to their cells, behind the rows of a part.
    pub(super) fn assigner(&self, before: &Part) -> Result<CellAssigner<'_>, StreamError> {
        self.terms.expect(&before.terms)?;
        apart(&Run::starting(self.policy.suite, 0), &before.run)?;
        let strange = |path: &StratumPath| StreamError::Stratum { path: path.clone() };
        let groups = self.count.groups_of(&self.policy, &before.strata).map_err(strange)?;
        let mut assigner = self.parts.routes.assigner();
        groups.into_iter().for_each(|(group, units)| assigner.pass(group, units));
        Ok(assigner)
    }
}

/// A frame that was counted: all parts of a plan but the units.
#[derive(Debug, Clone)]
pub struct Counted {
    counts: Counts,
    frame: FrameCommitment,
    pub(super) leaves: PseudonymLeaves,
}

impl Counted {
    /// Takes what was counted of all rows of the frame, and the leaves of their pseudonyms.
    ///
    /// # Errors
    /// As for [`Counts::of`], or these are not the leaves of the counted rows.
    pub fn of(
        policy: Policy,
        cycle: impl Into<StreamedCycle>,
        key: SaltKey,
        part: &Part,
        leaves: PartLeaves,
    ) -> Result<Self, StreamError> {
        let counts = Counts::of(policy, cycle, key, part)?;
        let (wanted, found) = (part.size(), length(leaves.len()));
        if wanted != found || leaves.sum() != part.leaves {
            return Err(StreamError::Leaves { wanted, found });
        }
        Ok(Self::with(counts, leaves))
    }

    fn with(counts: Counts, leaves: PartLeaves) -> Self {
        let leaves = PseudonymLeaves::new(counts.policy.suite, leaves.0);
        let RowsRead { root, size } = counts.rows;
        let frame = FrameCommitment { pseudonyms: leaves.root(), root, size };
        Self { counts, frame, leaves }
    }

    /// What a selection needs.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.counts.policy
    }

    /// Roots and size of the frame.
    #[must_use]
    pub const fn frame(&self) -> &FrameCommitment {
        &self.frame
    }

    /// The table that is published and hashed into the seal.
    #[must_use]
    pub fn table(&self) -> CellTable {
        CellTable::new(&self.counts.parts.cells, &self.counts.parts.exclusions)
    }

    /// Units that cannot be drawn, by reason.
    #[must_use]
    pub const fn exclusions(&self) -> &BTreeMap<Code, u64> {
        &self.counts.parts.exclusions
    }

    /// The nodes with a floor or a limit, by stratum path, and what that did to the probabilities.
    #[must_use]
    pub const fn bounded(&self) -> &BTreeMap<StratumPath, Bounded> {
        &self.counts.parts.bounded
    }

    /// The last draw of the cycle, and the digest that a seal states of it.
    pub(crate) const fn cycle(&self) -> (u64, Digest) {
        (self.counts.cycle.head.last, self.counts.terms.cycle)
    }

    /// The cost of drawing the teams with this roster: [`Plan::cost`].
    #[must_use]
    pub fn cost(&self, roster: &Roster) -> DrawCost {
        let Counts { policy, cycle, parts, classes, .. } = &self.counts;
        let (cycle, frame) = (cycle.excerpt([].into_iter()), Frame::of(Vec::new()));
        let like = |((division, kind), units): (&(Division, Code), &u64)| {
            (Unit::like(division.clone(), kind.clone()), *units)
        };
        let units: Vec<(Unit, u64)> = classes.iter().map(like).collect();
        let plan = Plan::excerpt(frame, roster.clone(), policy.clone(), cycle, Vec::new(), parts);
        plan.cost_of(units.iter().map(|(unit, units)| (unit, *units)))
    }

    /// Makes a sealed frame again from the published seal: [`Sealed::reopen`](crate::seal::Sealed::reopen).
    ///
    /// # Errors
    /// The counts, the roster and the secret do not give exactly this seal.
    pub fn reopen(
        self,
        seal: &Seal,
        roster: Roster,
        secret: Option<Secret>,
    ) -> Result<SealedStream, ReopenError> {
        let key = self.counts().key.clone();
        let ties = SealTies { above: seal.above, registers: seal.registers.clone() };
        let sealed = self.seal_upon(roster, seal.terms(key, secret), ties)?;
        if &sealed.seal == seal {
            return Ok(sealed);
        }
        Err(ReopenError::Differs { published: seal.digest(), found: sealed.digest })
    }

    /// Seals what was counted: [`Plan::seal`](crate::Plan::seal).
    ///
    /// # Errors
    /// As for [`Plan::seal`](crate::Plan::seal), or the salt key is not the one that the rows were counted
    /// with.
    pub fn seal(self, roster: Roster, terms: SealTerms) -> Result<SealedStream, SealError> {
        self.seal_upon(roster, terms, SealTies::default())
    }

    /// Seals what was counted of a frame that was put together from registers:
    /// [`Plan::seal_assembled`](crate::Plan::seal_assembled).
    ///
    /// # Errors
    /// The registers were counted over other rows, under another policy or another salt key, or
    /// [`seal`](Self::seal) refuses it.
    pub fn seal_assembled(
        self,
        roster: Roster,
        terms: SealTerms,
        registers: &CountedRegisters,
    ) -> Result<SealedStream, SealError> {
        if !registers.are_of(self.policy(), self.counts.rows) {
            return Err(SealError::OtherRegisters);
        }
        let registers = registers.list().to_vec();
        self.seal_upon(roster, terms, SealTies { registers, ..SealTies::default() })
    }

    fn seal_upon(self, roster: Roster, terms: SealTerms, ties: SealTies) -> Result<SealedStream, SealError> {
        let Counts { policy, key, .. } = &self.counts;
        if terms.salt_key != *key {
            return Err(SealError::OtherSaltKey);
        }
        self.cost(&roster).checked().map_err(SealError::TooLarge)?;
        let frame = || (self.frame.clone(), ());
        let (last, digest) = self.cycle();
        let cycle = (last, || digest);
        let (seal, ()) = Seal::new(policy, cycle, &self.table(), &roster, &terms, ties, frame)?;
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
