//! Reports: named checks with their outcomes, and the verdict that follows from them (Spec 13, 15.4, 19 and
//! 24.4).

use super::names::{Check, CheckName, IntakeCheck, OriginCheck};
use crate::bytes::{PROTOCOL, names};
use crate::message::{Coded as _, Compared, Difference, Message, said};
use std::fmt;

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The check holds.
    Pass,
    /// The check does not hold.
    Fail {
        /// What differs: of a comparison `compared.differs` with what is compared, what is expected and what
        /// was found; of an entry of a ledger `compared.entry` with its number and the rule that it breaks.
        why: Message,
    },
    /// The check was not run.
    NotRun {
        /// Why.
        because: NotRun,
    },
}

names! {
    /// Why a check was not run. The list may grow.
    #[non_exhaustive]
    pub enum NotRun {
        /// No record was given with the auditor's files that it takes.
        AuditedRecord = "no record was given with the auditor's files that it takes"
            => "not_run.audited_record",
        /// No record of a draw of a registered batch was given.
        BatchRecord = "no record of a draw of a registered batch was given" => "not_run.batch_record",
        /// The published beacon values were not given.
        BeaconValues = "the published beacon values were not given" => "not_run.beacon_values",
        /// The cell table was not given.
        CellTable = "the cell table was not given" => "not_run.cell_table",
        /// No checkpoint was given.
        Checkpoint = "no checkpoint was given" => "not_run.checkpoint",
        /// No content of a closed line was given.
        Content = "no content of a closed line was given" => "not_run.content",
        /// The cycle file was not given.
        CycleFile = "the cycle file was not given" => "not_run.cycle_file",
        /// No cycle file was given, or of a draw before which the cycle is not known.
        Cycles = "no cycle file was given, or of a draw before which the cycle is not known"
            => "not_run.cycles",
        /// The policy has no days, or the deepest level of divisions is no stratum.
        Days = "the policy has no days, or the deepest level of divisions is no stratum" => "not_run.days",
        /// No dossier was given.
        Dossier = "no dossier was given" => "not_run.dossier",
        /// This build does not check signatures of drand.
        Drand = "this build does not check signatures of drand" => "not_run.drand",
        /// The draw above has no such part.
        NoPart = "the draw above has no such part" => "not_run.no_part",
        /// Nothing was handed over before the draw above.
        HandedOver = "nothing was handed over before the draw above: roster and rules were sealed when the picks were known"
            => "not_run.handed_over",
        /// The ledger of the part was not given.
        LedgerBelow = "the ledger of the part was not given" => "not_run.ledger_below",
        /// The ledger above has taken in no checkpoint of the ledger below.
        Received = "the ledger above has taken in no checkpoint of it" => "not_run.received",
        /// The ledger below has no draw upon the record above.
        NoDrawBelow = "the ledger of the part has no draw of these picks" => "not_run.no_draw_below",
        /// No result was entered above before a checkpoint of the ledger below.
        NoResult = "no result was entered above before a checkpoint of the ledger below" => "not_run.no_result",
        /// It takes the frame files of both draws.
        BothFrames = "it takes the frame files of both draws" => "not_run.both_frames",
        /// The document of a draw is not known.
        DrawDocument = "the document of a draw is not known" => "not_run.draw_document",
        /// No record, seal or values of a draw were given.
        DrawDocuments = "no record, seal or values of a draw were given" => "not_run.draw_documents",
        /// No drawn document is known.
        DrawnDocument = "no drawn document is known" => "not_run.drawn_document",
        /// The cycle of the earlier ledger is not known from its documents.
        EarlierCycle = "the cycle of the earlier ledger is not known from its documents"
            => "not_run.earlier_cycle",
        /// The unit could not be drawn: its outcome has no ticket.
        Excluded = "it could not be drawn" => "not_run.excluded",
        /// It takes the files of frame, roster and cycle.
        Files = "it takes the files of frame, roster and cycle" => "not_run.files",
        /// No frame was given.
        Frame = "no frame was given" => "not_run.frame",
        /// The frame file was not given.
        FrameFile = "the frame file was not given" => "not_run.frame_file",
        /// The policy names no dossier.
        NoDossier = "the policy names no dossier" => "not_run.no_dossier",
        /// The first line names no earlier ledger.
        NoEarlier = "the first line names no earlier ledger" => "not_run.no_earlier",
        /// The policy names no origin.
        NoOrigin = "the policy names no origin" => "not_run.no_origin",
        /// There is no outcome yet.
        NoOutcome = "there is no outcome yet" => "not_run.no_outcome",
        /// The record was not given.
        NoRecord = "the record was not given" => "not_run.no_record",
        /// The seal names no registers.
        NoRegisters = "the seal names no registers" => "not_run.no_registers",
        /// The policy has no rule table.
        NoRules = "the policy has no rule table" => "not_run.no_rules",
        /// The ledger asks for no witnesses.
        NoWitnesses = "the ledger asks for no witnesses" => "not_run.no_witnesses",
        /// The opening cycle is not known.
        OpeningCycle = "the opening cycle is not known" => "not_run.opening_cycle",
        /// The rows were counted under another policy.
        OtherPolicy = "the rows were counted under another policy" => "not_run.other_policy",
        /// No pack was given.
        Pack = "no pack was given" => "not_run.pack",
        /// No pack or no programme was given.
        PackOrProgramme = "no pack or no programme was given" => "not_run.pack_or_programme",
        /// The plan could not be derived.
        Plan = "the plan could not be derived" => "not_run.plan",
        /// The policy was not given.
        Policy = "the policy was not given" => "not_run.policy",
        /// No programme was given.
        Programme = "no programme was given" => "not_run.programme",
        /// No file was given that an entry says was published.
        PublishedFile = "no file was given that an entry says was published" => "not_run.published_file",
        /// No value carries one.
        Pulse = "no value carries one" => "not_run.pulse",
        /// No record was given.
        Record = "no record was given" => "not_run.record",
        /// Of a register the salt key was not given.
        RegisterKeys = "not all salt keys of the registers were given" => "not_run.register_keys",
        /// No replacement whose record shows enough reserves.
        Replacement = "no replacement whose record shows enough reserves" => "not_run.replacement",
        /// The roster file was not given.
        RosterFile = "the roster file was not given" => "not_run.roster_file",
        /// The sample of the record was not given.
        Sample = "the sample of the record was not given" => "not_run.sample",
        /// The published seal was not given.
        Seal = "the published seal was not given" => "not_run.seal",
        /// The secret was not given.
        Secret = "the secret was not given" => "not_run.secret",
        /// No pack, no dossier or no frame was given.
        Signals = "no pack, no dossier or no frame was given" => "not_run.signals",
        /// This build does not check signatures.
        Signatures = "this build does not check signatures" => "not_run.signatures",
        /// No record of a draw that stands was given.
        StandingRecord = "no record of a draw that stands was given" => "not_run.standing_record",
        /// No change of a team whose record was given with the auditor's files.
        TeamChange = "no change of a team whose record was given with the auditor's files"
            => "not_run.team_change",
        /// Teams above the budget of the plan are not made again (Spec 11.14).
        TooLarge = "too large: the picks have more pairs of a post and a candidate than may be sealed"
            => "not_run.too_large",
        /// The record is not sound.
        Unsound = "the record is not sound" => "not_run.unsound",
        /// A value was neither given from elsewhere nor signed by its network.
        Value = "a value was neither given from elsewhere nor signed by its network" => "not_run.value",
        /// No visit of a draw whose record was given.
        VisitRecord = "no visit of a draw whose record was given" => "not_run.visit_record",
        /// No key of a witness was brought; those that only the ledger names are its author's.
        WitnessKey = "no key of a witness was brought; those that only the ledger names are its author's"
            => "not_run.witness_key",
    }
}

names! {
    /// What a report amounts to.
    pub enum Verdict {
        /// A check does not hold.
        Refuted = "refuted",
        /// No check failed, and the evidence does not suffice for *confirmed* (the table of Spec 13).
        SelfConsistent = "self-consistent",
        /// No check failed, and what the table of Spec 13 asks for was compared with evidence from elsewhere.
        Confirmed = "confirmed",
    }
}

/// All checks of one kind with their outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<C = Check> {
    /// In the order of the checks.
    outcomes: Vec<(C, Outcome)>,
    /// On whose people the draw rests, in words.
    rests_on: Vec<Message>,
}

impl<C: CheckName> Report<C> {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (C, &Outcome)> {
        self.outcomes.iter().map(|(check, outcome)| (*check, outcome))
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: C) -> &Outcome {
        let place = place(&self.outcomes, check).expect("a report holds every check");
        &self.outcomes[place].1
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<C> {
        self.checks().filter(|(_, o)| matches!(o, Outcome::Fail { .. })).map(|(check, _)| check).collect()
    }

    /// Whether a check passed.
    pub(super) fn passed(&self, check: C) -> bool {
        *self.outcome(check) == Outcome::Pass
    }

    /// Refuted if a check failed; else confirmed, if that much was compared, or self-consistent.
    pub(super) fn amounts_to(&self, confirmed: impl FnOnce(&Self) -> bool) -> Verdict {
        if !self.failed().is_empty() {
            Verdict::Refuted
        } else if confirmed(self) {
            Verdict::Confirmed
        } else {
            Verdict::SelfConsistent
        }
    }

    /// A line for each check, with its code and its values.
    pub(super) fn messages(&self) -> Vec<Message> {
        let line = |(check, outcome): (C, &Outcome)| {
            let check = check.to_string();
            match outcome {
                Outcome::Pass => said!("report.pass", "pass     {check}", check),
                Outcome::Fail { why } => said!("report.fail", "FAIL     {check}: {why}", check, why),
                Outcome::NotRun { because } => {
                    said!("report.not_run", "not run  {check}: {because}", check, because)
                }
            }
        };
        self.checks().map(line).collect()
    }

    /// The lines of the checks that failed.
    pub(super) fn failed_lines(&self) -> Vec<Message> {
        let failed = self.outcomes.iter().map(|(_, outcome)| matches!(outcome, Outcome::Fail { .. }));
        self.messages().into_iter().zip(failed).filter_map(|(line, failed)| failed.then_some(line)).collect()
    }

    /// How many checks passed, of how many.
    pub(super) fn count(&self) -> (usize, usize) {
        let passed = self.outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Pass).count();
        (passed, self.outcomes.len())
    }
}

/// Writes the lines of a report.
pub(super) fn written(f: &mut fmt::Formatter<'_>, lines: &[Message]) -> fmt::Result {
    lines.iter().enumerate().try_for_each(|(place, line)| {
        if place > 0 {
            f.write_str("\n")?;
        }
        write!(f, "{line}")
    })
}

impl Report<Check> {
    /// Confirmed only if seal and values were compared with published ones, and nothing was too large to be
    /// made again (Spec 13).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let too_large = Outcome::NotRun { because: NotRun::TooLarge };
        self.amounts_to(|report| {
            report.passed(Check::Seal)
                && report.passed(Check::Beacon)
                && *report.outcome(Check::Assignment) != too_large
        })
    }

    /// The people and events on whose word the draw rests, in words: of all its sources where the plan has no
    /// public source, empty where a public source comes last (Spec 8.3).
    #[must_use]
    pub fn rests_on(&self) -> &[Message] {
        &self.rests_on
    }

    /// The same as lines of a report.
    pub(super) fn rests_on_lines(&self) -> impl Iterator<Item = Message> {
        self.rests_on.iter().map(|people| {
            said!("report.no_public_source", "rests on {people}: the draw has no public source", people)
        })
    }
}

impl Report<Check> {
    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let mut lines = self.messages();
        lines.extend(self.rests_on_lines());
        let (protocol, verdict, (passed, checks)) = (PROTOCOL, self.verdict().as_str(), self.count());
        lines.push(said!(
            "report.verdict",
            "{protocol}: {verdict}, {passed} of {checks} checks passed",
            protocol,
            verdict,
            passed,
            checks
        ));
        lines
    }
}

impl fmt::Display for Report<Check> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}

/// The report of [`origin`](super::origin()).
pub type OriginReport = Report<OriginCheck>;

impl Report<OriginCheck> {
    /// Confirmed if the policy is the one that pack and programme give (Spec 24.4). What takes the dossier or
    /// the frame, which are not public, can refute: without them it is named, as
    /// [`not_shown`](Self::not_shown) has it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let public = [OriginCheck::Pack, OriginCheck::Programme, OriginCheck::Policy];
        self.amounts_to(|report| public.into_iter().all(|check| report.passed(check)))
    }

    /// The checks that were not run, so that nothing is said about what they compare.
    #[must_use]
    pub fn not_shown(&self) -> Vec<OriginCheck> {
        let not_run = |outcome: &Outcome| matches!(outcome, Outcome::NotRun { .. });
        self.checks().filter(|(_, outcome)| not_run(outcome)).map(|(check, _)| check).collect()
    }
}

impl Report<OriginCheck> {
    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let (mut lines, verdict) = (self.messages(), self.verdict().as_str());
        lines.push(said!("report.origin_verdict", "origin: {verdict}", verdict));
        lines
    }
}

impl fmt::Display for Report<OriginCheck> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}

/// The report of [`intake`](super::intake()).
pub type IntakeReport = Report<IntakeCheck>;

impl Report<IntakeCheck> {
    /// Confirmed if every check passed: the register went into the sealed frame unchanged (Spec 28.5).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.amounts_to(|report| report.checks().all(|(_, outcome)| *outcome == Outcome::Pass))
    }

    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let (mut lines, verdict) = (self.messages(), self.verdict().as_str());
        lines.push(said!("report.intake_verdict", "register: {verdict}", verdict));
        lines
    }
}

impl fmt::Display for Report<IntakeCheck> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}

/// The place of a check among outcomes, or the place where it belongs.
fn place<C: CheckName>(outcomes: &[(C, Outcome)], check: C) -> Result<usize, usize> {
    outcomes.binary_search_by(|(other, _)| other.cmp(&check))
}

/// The result of one comparison.
pub(super) type Comparison = Result<(), Message>;

/// Compares two values.
pub(super) fn same<T: PartialEq + Compared>(what: Message, expected: T, found: T) -> Comparison {
    if expected == found { Ok(()) } else { differ(what, expected, found) }
}

/// A comparison that failed.
pub(super) fn differ(what: Message, expected: impl Compared, found: impl Compared) -> Comparison {
    Err(differs(what, expected, found))
}

/// What a comparison that failed says.
pub(super) fn differs(what: Message, expected: impl Compared, found: impl Compared) -> Message {
    Difference::new(what, expected, found).message()
}

/// The outcome of a check that consists of comparisons.
pub(super) fn outcome(comparison: Comparison) -> Outcome {
    match comparison {
        Ok(()) => Outcome::Pass,
        Err(why) => Outcome::Fail { why },
    }
}

/// A report while its checks are made.
#[derive(Debug, Clone)]
pub(super) struct Draft<C> {
    /// In the order of the checks.
    outcomes: Vec<(C, Outcome)>,
    /// On whose people the draw rests, in words.
    rests_on: Vec<Message>,
}

impl<C: CheckName> Draft<C> {
    pub(super) const fn new() -> Self {
        Self { outcomes: Vec::new(), rests_on: Vec::new() }
    }

    pub(super) fn finish(self) -> Report<C> {
        Report { outcomes: self.outcomes, rests_on: self.rests_on }
    }

    /// States on whose people the draw rests.
    pub(super) fn rests_on(&mut self, people: Vec<Message>) {
        self.rests_on = people;
    }

    fn set(&mut self, check: C, outcome: Outcome) {
        match place(&self.outcomes, check) {
            Ok(place) => self.outcomes[place].1 = outcome,
            Err(place) => self.outcomes.insert(place, (check, outcome)),
        }
    }

    pub(super) fn run(&mut self, check: C, comparison: Comparison) {
        self.set(check, outcome(comparison));
    }

    pub(super) fn skip(&mut self, check: C, because: NotRun) {
        self.set(check, Outcome::NotRun { because });
    }

    /// Skips every check that has no outcome yet.
    pub(super) fn skip_rest(&mut self, because: NotRun) {
        for check in C::all() {
            if place(&self.outcomes, check).is_err() {
                self.skip(check, because);
            }
        }
    }

    /// Runs a check if what it takes was given.
    pub(super) fn run_if<T>(
        &mut self,
        check: C,
        given: Option<T>,
        because: NotRun,
        run: impl FnOnce(T) -> Comparison,
    ) {
        match given {
            Some(given) => self.run(check, run(given)),
            None => self.skip(check, because),
        }
    }
}
