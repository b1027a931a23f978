//! Draws of two levels and more: every record by itself, and every draw of teams against the draw above it
//! (Spec 27.4).

use super::evidence::DrawEvidence;
use super::names::DispatchCheck;
use super::report::{Comparison, Draft, NotRun, Report, Verdict, differ, same, written};
use super::words;
use crate::bytes::Digest;
use crate::dispatch::{self, PartPicks};
use crate::id::{Code, UnitId};
use crate::message::{Coded as _, Difference, Message, said};
use crate::record::Record;
use std::collections::BTreeMap;
use std::fmt;

/// A part of a draw: who draws its teams, and whether a record of that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartReport {
    /// The authority that draws the teams.
    pub authority: Code,
    /// The scope of its draws.
    pub scope: Code,
    /// The picks that it draws teams for.
    pub picks: usize,
    /// The records that were given of it.
    pub answers: usize,
}

/// What a record, and the records below it, amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchReport {
    /// Whose record it is.
    pub authority: Code,
    /// The scope of its draws.
    pub scope: Code,
    /// The digest that it states of itself.
    pub record: Digest,
    /// The record by itself.
    pub report: Report,
    /// The record against the one above; `None` at the top.
    pub link: Option<Report<DispatchCheck>>,
    /// The parts of its policy, in its order.
    pub parts: Vec<PartReport>,
    /// The draws of its parts, in the order in which they were given.
    pub below: Vec<Self>,
    /// At the top: records that were given and belong to no draw of the tree.
    pub strays: Vec<Digest>,
}

/// Checks a draw and the draws of teams below it. Each record is given with what is known of it besides.
/// Draws without a record are left out.
///
/// A record stands below the one that its seal names. So a city can draw teams for a province, and dispatch
/// its picks to counties in turn.
#[must_use]
pub fn dispatched(top: &Record, evidence: &super::Evidence, below: &[DrawEvidence]) -> DispatchReport {
    let mut waiting = Waiting::new();
    for (place, draw) in below.iter().enumerate() {
        if let Some(record) = &draw.record {
            let given = TreeDraw { record, evidence: &draw.evidence };
            waiting.entry(record.seal.above).or_default().push((place, given));
        }
    }
    let mut tree = under(TreeDraw { record: top, evidence }, None, &mut waiting);
    let mut strays: Vec<(usize, TreeDraw<'_>)> = waiting.into_values().flatten().collect();
    strays.sort_unstable_by_key(|(place, _)| *place);
    tree.strays = strays.into_iter().map(|(_, given)| given.record.digest()).collect();
    tree
}

/// The draws that wait for the one above, by the digest that their seals name, each list in the order in
/// which they were given.
type Waiting<'a> = BTreeMap<Option<Digest>, Vec<(usize, TreeDraw<'a>)>>;

/// Authority and scope of a draw.
type Drawer<'a> = (&'a Code, &'a Code);

fn drawer(record: &Record) -> Drawer<'_> {
    (&record.policy.authority, &record.policy.scope)
}

/// A record, and what is known of it besides.
#[derive(Debug, Clone, Copy)]
pub(super) struct TreeDraw<'a> {
    pub(super) record: &'a Record,
    pub(super) evidence: &'a super::Evidence,
}

/// The report of a draw and of all that stand below it. They are taken out of those that wait, so that
/// records that name each other end.
fn under<'a>(
    own: TreeDraw<'a>,
    link: Option<Report<DispatchCheck>>,
    waiting: &mut Waiting<'a>,
) -> DispatchReport {
    let TreeDraw { record, evidence } = own;
    let given = waiting.remove(&Some(record.digest())).unwrap_or_default();
    let mut answers: BTreeMap<Drawer<'_>, usize> = BTreeMap::new();
    for (_, other) in &given {
        *answers.entry(drawer(other.record)).or_default() += 1;
    }
    let answers = |of: Drawer<'_>| answers.get(&of).copied().unwrap_or(0);
    let dispatched = record.dispatched();
    let of = |found: &PartPicks<'a>| (&found.part.authority, &found.part.scope);
    let parts = dispatched.iter().map(|found| PartReport {
        authority: found.part.authority.clone(),
        scope: found.part.scope.clone(),
        picks: found.picks.len(),
        answers: answers(of(found)),
    });
    let parts: Vec<PartReport> = parts.collect();
    // Looked up for each record below: there may be as many of them as parts.
    let found: BTreeMap<Drawer<'_>, &PartPicks<'a>> =
        dispatched.iter().map(|found| (of(found), found)).collect();
    let below = given.iter().map(|(_, other)| {
        let drawer = drawer(other.record);
        let link = linked(own, *other, found.get(&drawer).copied(), answers(drawer));
        under(*other, Some(link), waiting)
    });
    let below: Vec<DispatchReport> = below.collect();
    DispatchReport {
        authority: record.policy.authority.clone(),
        scope: record.policy.scope.clone(),
        record: record.digest(),
        report: super::verify(record, evidence),
        link,
        parts,
        below,
        strays: Vec::new(),
    }
}

/// A comparison of the room `dispatch`, as a report has it.
fn told(compared: Result<(), Difference>) -> Comparison {
    compared.map_err(|difference| difference.message())
}

/// The checks of a draw of teams against the draw above.
pub(super) fn linked(
    above: TreeDraw<'_>,
    below: TreeDraw<'_>,
    found: Option<&PartPicks<'_>>,
    answers: usize,
) -> Report<DispatchCheck> {
    let (upper, lower) = (above.record, below.record);
    let mut report = Draft::new();
    report.run(DispatchCheck::Above, {
        let what = said!("compared.record_above", "the record above");
        let named = same(what, Some(upper.digest()), lower.seal.above);
        named.and_then(|()| told(dispatch::is_above(upper, &lower.policy)))
    });
    let part = match dispatch::part(found, &lower.policy) {
        Ok(part) => part,
        Err(difference) => {
            report.run(DispatchCheck::Part, Err(difference.message()));
            report.skip_rest(NotRun::NoPart);
            return report.finish();
        }
    };
    report.run(DispatchCheck::Part, Ok(()));
    report
        .run(DispatchCheck::Once, same(said!("compared.records_of_part", "records of the part"), 1, answers));
    report.run(DispatchCheck::Picks, picks(found.map_or(&[][..], |found| &found.picks), lower));
    report.run(DispatchCheck::Order, told(dispatch::in_order(upper, &lower.policy, lower.seal.sealed_at)));
    report.run_if(DispatchCheck::Ready, part.ready, NotRun::HandedOver, |handed_over| {
        told(dispatch::is_ready(handed_over, &lower.policy, &lower.seal.roster))
    });
    let frames = above.evidence.frame.as_ref().zip(below.evidence.frame.as_ref());
    report.run_if(DispatchCheck::Rows, frames, NotRun::BothFrames, |(upper, lower)| {
        for unit in lower.0.units() {
            match upper.0.get(&unit.id) {
                Some(row) if row == unit => {}
                Some(_) => {
                    let what = said!("compared.row_of", "the row of {unit}", unit = unit.id);
                    return differ(
                        what,
                        said!("expected.of_draw_above", "that of the draw above"),
                        words::another(),
                    );
                }
                None => {
                    let what = said!("compared.unit_below", "a unit of the draw below");
                    return differ(
                        what,
                        said!("expected.of_frame_above", "one of the frame above"),
                        &unit.id,
                    );
                }
            }
        }
        Ok(())
    });
    report.finish()
}

/// Units and picks below are the picks of the part above.
fn picks(dispatched: &[&UnitId], lower: &Record) -> Comparison {
    let mut drawn: Vec<&UnitId> =
        lower.sample.iter().flat_map(|cell| cell.picks.iter().map(|pick| &pick.id)).collect();
    drawn.sort_unstable();
    told(dispatch::are_picks(dispatched, &drawn))?;
    let size = u64::try_from(drawn.len()).unwrap_or(u64::MAX);
    same(said!("compared.frame_below", "units of the frame below"), size, lower.seal.frame.size)
}

impl DispatchReport {
    /// The parts with picks of which no record was given, of this draw and of all below: the authority that
    /// dispatched, and the part.
    #[must_use]
    pub fn unanswered(&self) -> Vec<(&Code, &PartReport)> {
        let own = self.parts.iter().filter(|part| part.picks > 0 && part.answers == 0);
        let own = own.map(|part| (&self.authority, part));
        own.chain(self.below.iter().flat_map(Self::unanswered)).collect()
    }

    /// Refuted if any check of any level failed. Confirmed if every record is, and every part that has picks
    /// is answered. Else self-consistent (Spec 27.4).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let verdicts: Vec<Verdict> = self.verdicts();
        if verdicts.contains(&Verdict::Refuted) {
            Verdict::Refuted
        } else if verdicts.contains(&Verdict::SelfConsistent) || !self.unanswered().is_empty() {
            Verdict::SelfConsistent
        } else {
            Verdict::Confirmed
        }
    }

    /// What each record amounts to, by itself and against the one above.
    fn verdicts(&self) -> Vec<Verdict> {
        let failed = |link: &Report<DispatchCheck>| !link.failed().is_empty();
        let link = self.link.as_ref().filter(|link| failed(link)).map(|_| Verdict::Refuted);
        let own = [self.report.verdict()].into_iter().chain(link);
        own.chain(self.below.iter().flat_map(Self::verdicts)).collect()
    }

    /// The lines of the report, level by level, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let mut lines = self.levels();
        lines.extend(self.strays.iter().map(|record| {
            let record = record.to_string();
            said!(
                "report.dispatch_stray",
                "not used: record {record} is below no record of this tree",
                record
            )
        }));
        let verdict = self.verdict().as_str();
        lines.push(said!("report.dispatch_verdict", "all levels: {verdict}", verdict));
        lines
    }

    fn levels(&self) -> Vec<Message> {
        let (authority, scope) = (&self.authority, &self.scope);
        let verdict = self.report.verdict().as_str();
        let mut lines =
            vec![said!("report.dispatch_draw", "{authority} {scope}: {verdict}", authority, scope, verdict)];
        lines.extend(self.report.failed_lines());
        lines.extend(self.report.rests_on_lines());
        if let Some(link) = &self.link {
            lines.extend(link.messages());
        }
        for part in &self.parts {
            let PartReport { authority, scope, picks, answers } = part;
            lines.push(match (picks, answers) {
                (0, 0) => {
                    said!("report.dispatch_no_picks", "{authority} {scope}: no picks", authority, scope)
                }
                (_, 0) => said!(
                    "report.dispatch_unanswered",
                    "{authority} {scope}: {picks} picks, and no record of their teams was given",
                    authority,
                    scope,
                    picks
                ),
                (_, _) => said!(
                    "report.dispatch_answered",
                    "{authority} {scope}: {picks} picks, records of their teams: {answers}",
                    authority,
                    scope,
                    picks,
                    answers
                ),
            });
        }
        lines.extend(self.below.iter().flat_map(Self::levels));
        lines
    }
}

impl fmt::Display for DispatchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}
