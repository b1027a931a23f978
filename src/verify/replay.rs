//! A draw made again from its record and the auditor's files. All checks that need plan, sample or teams
//! share one replay.

use super::evidence::Evidence;
use super::report::{NotRun, differs};
use crate::assign::{self, Teams};
use crate::bytes::{Half, SaltKey};
use crate::disclosure::DrawnDocument;
use crate::id::UnitId;
use crate::message::{Message, said};
use crate::plan::{Plan, PlanError};
use crate::record::Record;
use crate::roster::Roster;
use crate::sample::{self, CellSample};

/// A record, and the plan that follows from its policy and the auditor's files.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    record: &'a Record,
    plan: Plan,
    /// Of all units, by position; none for an excerpt, whose sample was made elsewhere.
    pseudonyms: Vec<Half>,
    /// Whether the plan knows the inspectors. Without them, only the sample can be made again.
    has_roster: bool,
}

/// Why a draw cannot be made again.
#[derive(Debug)]
pub(super) enum NoReplay {
    /// A file is missing.
    Because(NotRun),
    /// Policy and files give no plan.
    NoPlan(PlanError),
}

/// The roster file, or an empty roster.
pub(super) fn roster(record: &Record, evidence: &Evidence) -> Roster {
    let none =
        || Roster::new([], [], &record.policy.roster, record.policy.as_of).expect("no rows, no problems");
    evidence.roster.as_ref().map_or_else(none, |(roster, _)| roster.clone())
}

impl<'a> Replay<'a> {
    /// Plans the draw again. The roster file is optional.
    pub(super) fn new(record: &'a Record, evidence: &Evidence) -> Result<Self, NoReplay> {
        let (frame, key) = evidence.frame.as_ref().ok_or(NoReplay::Because(NotRun::FrameFile))?;
        let (cycle, _) = evidence.cycle.as_ref().ok_or(NoReplay::Because(NotRun::CycleFile))?;
        let (policy, roster) = (record.policy.clone(), roster(record, evidence));
        let plan = Plan::new(frame.clone(), roster, policy, cycle.clone()).map_err(NoReplay::NoPlan)?;
        let pseudonyms = frame.pseudonyms(record.seal.suite, key);
        Ok(Self { pseudonyms, ..Self::of(record, plan, evidence.roster.is_some()) })
    }

    /// Takes a plan that was made elsewhere, such as the excerpt of a streamed frame.
    pub(super) const fn of(record: &'a Record, plan: Plan, has_roster: bool) -> Self {
        Self { record, plan, pseudonyms: Vec::new(), has_roster }
    }

    pub(super) const fn record(&self) -> &'a Record {
        self.record
    }

    pub(super) const fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(super) const fn has_roster(&self) -> bool {
        self.has_roster
    }

    /// The sample as the record should show it.
    pub(super) fn sample(&self) -> Vec<CellSample> {
        sample::replay(&self.plan, &self.pseudonyms, &self.record.seed)
    }

    /// The sample with all reserves of every cell.
    pub(super) fn whole_sample(&self) -> Vec<CellSample> {
        sample::replay_whole(&self.plan, &self.pseudonyms, &self.record.seed)
    }

    /// The teams for the picks of the record.
    pub(super) fn teams(&self) -> Result<Teams, Message> {
        Ok(assign::assign(&self.plan, &self.record.seed, &self.picks()?).teams)
    }

    /// The document with the draw's event of the cycle. `None` if a pick of the record is not on the frame,
    /// or no seed gives its picks.
    pub(super) fn drawn_document(&self, key: &SaltKey) -> Option<DrawnDocument> {
        let seal = &self.record.seal;
        let (seed, picks) = (&self.record.seed, self.picks().ok()?);
        let drawn = sample::drawn(&self.plan, seal.sequence, seed, &self.pseudonyms, &picks)?;
        Some(DrawnDocument::new(seal, key, &drawn))
    }

    /// The positions of the record's picks in the frame, ascending.
    pub(super) fn picks(&self) -> Result<Vec<usize>, Message> {
        let picks = self.record.sample.iter().flat_map(|cell| &cell.picks);
        let position = |id: &UnitId| {
            let missing = || {
                differs(
                    said!("compared.pick", "a pick"),
                    said!("expected.unit_of_frame", "a unit of the frame"),
                    id,
                )
            };
            self.plan.frame().position(id).ok_or_else(missing)
        };
        let mut positions = picks.map(|pick| position(&pick.id)).collect::<Result<Vec<_>, _>>()?;
        positions.sort_unstable();
        positions.dedup();
        Ok(positions)
    }
}
