//! Reports: named checks with their outcomes, and the verdict that follows from them (Spec 13, 15.4, 19 and
//! 24.4).

use super::names::{Check, CheckName, OriginCheck};
use crate::bytes::{PROTOCOL, names};
use crate::message::{Message, said};
use crate::seal::Difference;
use std::fmt;

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The check holds.
    Pass,
    /// The check does not hold.
    Fail {
        /// What is compared.
        what: String,
        /// The expected value.
        expected: String,
        /// The value found.
        found: String,
    },
    /// The check was not run.
    NotRun {
        /// Why.
        because: &'static str,
    },
}

/// Why teams that are above the budget are not made again (Spec 11.14).
pub(super) const TOO_LARGE: &str =
    "too large: the picks have more pairs of a post and a candidate than may be sealed";

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
    rests_on: Vec<String>,
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
                Outcome::Fail { what, expected, found } => said!(
                    "report.fail",
                    "FAIL     {check}: {what}: expected {expected}, found {found}",
                    check,
                    what,
                    expected,
                    found
                ),
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
        let too_large = Outcome::NotRun { because: TOO_LARGE };
        self.amounts_to(|report| {
            report.passed(Check::Seal)
                && report.passed(Check::Beacon)
                && *report.outcome(Check::Assignment) != too_large
        })
    }

    /// The people and events on whose word the draw rests, in words: of all its sources where the plan has no
    /// public source, empty where a public source comes last (Spec 8.3).
    #[must_use]
    pub fn rests_on(&self) -> &[String] {
        &self.rests_on
    }
}

impl Report<Check> {
    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let mut lines = self.messages();
        lines.extend(self.rests_on.iter().map(|people| {
            said!("report.no_public_source", "rests on {people}: the draw has no public source", people)
        }));
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

/// The place of a check among outcomes, or the place where it belongs.
fn place<C: CheckName>(outcomes: &[(C, Outcome)], check: C) -> Result<usize, usize> {
    outcomes.binary_search_by(|(other, _)| other.cmp(&check))
}

/// The result of one comparison.
pub(super) type Comparison = Result<(), Difference>;

/// Compares two values.
pub(super) fn same<T: PartialEq + fmt::Display>(
    what: impl fmt::Display,
    expected: T,
    found: T,
) -> Comparison {
    if expected == found { Ok(()) } else { differ(what, expected, found) }
}

/// A comparison that failed.
pub(super) fn differ(
    what: impl fmt::Display,
    expected: impl fmt::Display,
    found: impl fmt::Display,
) -> Comparison {
    Err(Difference::new(what, expected, found))
}

/// The outcome of a check that consists of comparisons.
pub(super) fn outcome(comparison: Comparison) -> Outcome {
    match comparison {
        Ok(()) => Outcome::Pass,
        Err(Difference { what, expected, found }) => Outcome::Fail { what, expected, found },
    }
}

/// A report while its checks are made.
#[derive(Debug, Clone)]
pub(super) struct Draft<C> {
    /// In the order of the checks.
    outcomes: Vec<(C, Outcome)>,
    /// On whose people the draw rests, in words.
    rests_on: Vec<String>,
}

impl<C: CheckName> Draft<C> {
    pub(super) const fn new() -> Self {
        Self { outcomes: Vec::new(), rests_on: Vec::new() }
    }

    pub(super) fn finish(self) -> Report<C> {
        Report { outcomes: self.outcomes, rests_on: self.rests_on }
    }

    /// States on whose people the draw rests.
    pub(super) fn rests_on(&mut self, people: Vec<String>) {
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

    pub(super) fn skip(&mut self, check: C, because: &'static str) {
        self.set(check, Outcome::NotRun { because });
    }

    /// Skips every check that has no outcome yet.
    pub(super) fn skip_rest(&mut self, because: &'static str) {
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
        because: &'static str,
        run: impl FnOnce(T) -> Comparison,
    ) {
        match given {
            Some(given) => self.run(check, run(given)),
            None => self.skip(check, because),
        }
    }
}
