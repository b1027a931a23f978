//! What ledgers of several levels amount to, in words.

use super::super::super::report::{Report, Verdict, written};
use super::{LedgerOfTree, LevelCoverage, LevelPart, LevelsReport};
use crate::message::{Message, said};
use std::fmt;

/// How many units or entries a printed line names.
const MOST: usize = 20;

impl LevelPart {
    /// Whether a failed check speaks against it.
    fn failed(&self) -> bool {
        !self.checks.failed().is_empty() || self.link.as_ref().is_some_and(|link| !link.failed().is_empty())
    }

    /// Whether its draw is made, its record was held against the record above, and every result above is
    /// covered by a checkpoint of its ledger.
    fn shown(&self) -> bool {
        self.given && self.link.is_some() && self.uncovered.is_empty()
    }
}

impl LevelsReport {
    /// Refuted if any check of any ledger, or of one against another, failed. Confirmed if every ledger is,
    /// every part has one draw whose record was given, and every result above is covered. Else
    /// self-consistent (Spec 27.5).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts: Vec<Verdict> = self.ledgers.iter().map(|known| known.report.verdict()).collect();
        if verdicts.contains(&Verdict::Refuted) || self.parts.iter().any(LevelPart::failed) {
            Verdict::Refuted
        } else if verdicts.contains(&Verdict::SelfConsistent) || !self.parts.iter().all(LevelPart::shown) {
            Verdict::SelfConsistent
        } else {
            Verdict::Confirmed
        }
    }

    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let mut lines = Vec::new();
        for LedgerOfTree { origin, report } in &self.ledgers {
            let verdict = report.verdict().as_str();
            lines.push(said!("report.level_ledger", "{origin}: {verdict}", origin, verdict));
            lines.extend(report.failed_lines());
        }
        lines.extend(self.parts.iter().flat_map(LevelPart::lines));
        for origin in &self.strays {
            lines.push(said!(
                "report.level_stray",
                "not used: the ledger {origin} is of no part of these draws, or given twice",
                origin
            ));
        }
        if let Some(LevelCoverage { draw: (draw, attempt), units, visited }) = self.coverage {
            lines.push(said!(
                "report.level_coverage",
                "{visited} of {units} institutions on the frame of draw {draw}, attempt {attempt} were \
                 visited, by the ledgers given",
                visited,
                units,
                draw,
                attempt
            ));
        }
        let verdict = self.verdict().as_str();
        lines.push(said!("report.level_verdict", "all ledgers: {verdict}", verdict));
        lines
    }
}

impl LevelPart {
    fn lines(&self) -> Vec<Message> {
        let Self { above, below, picks, visited, missed, .. } = self;
        let ((draw, attempt), open) = (self.draw, self.open.len());
        if !self.given {
            return vec![said!(
                "report.level_not_given",
                "{above}, draw {draw}.{attempt}, to {below}: {picks} picks, and its ledger was not given",
                above,
                draw,
                attempt,
                below,
                picks
            )];
        }
        let mut lines = vec![said!(
            "report.level_part",
            "{above}, draw {draw}.{attempt}, to {below}: {picks} picks, {visited} visited, {missed} missed, \
             {open} open",
            above,
            draw,
            attempt,
            below,
            picks,
            visited,
            missed,
            open
        )];
        lines.extend(self.checks.messages());
        lines.extend(self.link.iter().flat_map(Report::messages));
        if self.draws.is_empty() {
            lines.push(said!("report.level_not_drawn", "look at  it has made no draw of these picks"));
        } else if self.link.is_none() {
            lines.push(said!("report.level_no_record", "look at  the record of its draw was not given"));
        }
        if !self.open.is_empty() {
            let names = first(self.open.iter().map(ToString::to_string));
            lines.push(said!("report.level_open", "look at  nothing is told below of {names}", names));
        }
        if !self.uncovered.is_empty() {
            let entries = first(self.uncovered.iter().map(ToString::to_string));
            lines.push(said!(
                "report.level_uncovered",
                "look at  entries {entries} above: no checkpoint of the ledger below was taken in after them",
                entries
            ));
        }
        lines
    }
}

/// The first names of a list, and how many more there are.
fn first(names: impl ExactSizeIterator<Item = String>) -> Message {
    let more = names.len().saturating_sub(MOST);
    let names = names.take(MOST).collect::<Vec<_>>().join(" ");
    match more {
        0 => said!("report.names", "{names}", names),
        more => said!("report.names_more", "{names} and {more} others", names, more),
    }
}

impl fmt::Display for LevelsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}
