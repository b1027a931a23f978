//! The lines of a ledger folded as far as they follow (Spec 17.3), with what later checks need from the way.

use super::super::evidence::DrawEvidence;
use super::super::report::{Comparison, same};
use super::draws::{DrawName, Replays, of_draw};
use super::evidence::LedgerEvidence;
use crate::bytes::Digest;
use crate::disclosure::DrawnDocument;
use crate::ledger::{self, Content, Line, Refusal, State};
use crate::message::said;
use crate::seal::Seal;

/// What is gathered while lines are folded.
pub(super) struct Folded {
    pub(super) state: State,
    /// The first entry that a rule refuses.
    pub(super) refusal: Option<Refusal>,
    /// The first line that is not the next one of the chain.
    pub(super) broken: Option<Refusal>,
    /// The document with each draw's event of the cycle: as given, or made from its record and files. They
    /// ascend by draw.
    documents: Vec<(DrawName, DrawnDocument)>,
    /// The cycle file of each draw against the cycle before its seal; `None` if no file could be compared.
    pub(super) cycles: Option<Comparison>,
    /// Whether a cycle file was given of a draw before which the cycle is not known.
    pub(super) cycle_unknown: bool,
}

impl Folded {
    /// Folds as far as entries follow.
    pub(super) fn new(lines: &[Line], evidence: &LedgerEvidence, replays: &Replays<'_>) -> Self {
        let document = |(name, given): (&DrawName, &DrawEvidence)| {
            Some((*name, given.drawn.clone().or_else(|| replays.document(*name, given))?))
        };
        let mut folded = Self {
            state: State::default(),
            refusal: None,
            broken: None,
            documents: evidence.draws.iter().filter_map(document).collect(),
            cycles: None,
            cycle_unknown: false,
        };
        let suite = ledger::suite(lines);
        for line in folded.chained(lines) {
            if let Content::Sealed { seal } = &line.entry().entry {
                folded.compare_cycle(seal, evidence);
            }
            let (opening, documents) = (evidence.opening.as_ref(), &folded.documents);
            let drawn = |draw, attempt| of_draw(documents, (draw, attempt));
            if let Err(refusal) = ledger::step(&mut folded.state, suite, line, opening, drawn) {
                folded.refusal = Some(refusal);
                break;
            }
        }
        folded
    }

    /// The document with a draw's event of the cycle, if it is known.
    pub(super) fn document(&self, draw: DrawName) -> Option<&DrawnDocument> {
        of_draw(&self.documents, draw)
    }

    /// Whether every line follows.
    pub(super) const fn is_whole(&self) -> bool {
        self.refusal.is_none() && self.broken.is_none()
    }

    /// The lines before the first broken link: what stands behind it is not looked at.
    fn chained<'l>(&mut self, lines: &'l [Line]) -> &'l [Line] {
        let suite = ledger::suite(lines);
        let (mut number, mut head) = (0, Digest::ZERO);
        for (place, line) in lines.iter().enumerate() {
            self.broken = ledger::broken(line.entry(), number, head);
            if self.broken.is_some() {
                return &lines[..place];
            }
            (number, head) = (number + 1, line.digest(suite));
        }
        lines
    }

    /// The cycle before a seal against the file that was given of its draw.
    fn compare_cycle(&mut self, seal: &Seal, evidence: &LedgerEvidence) {
        let given = evidence.draws.get(&(seal.sequence, seal.attempt));
        let Some((file, key)) = given.and_then(|given| given.evidence.cycle.as_ref()) else { return };
        let Some(cycle) = self.state.cycle() else {
            self.cycle_unknown = true;
            return;
        };
        let (own, file) = (cycle.digest(seal.suite, key), file.digest(seal.suite, key));
        let comparison = same(
            said!("compared.cycle_before", "the cycle before draw {draw}", draw = seal.sequence),
            own,
            file,
        );
        self.cycles = Some(self.cycles.take().unwrap_or(Ok(())).and(comparison));
    }
}
