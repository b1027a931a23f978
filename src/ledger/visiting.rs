//! The rules of entries about visits: results, misses, replacements, drop-outs, voids and amendments (Spec
//! 17.3).

use super::attempt::{Attempt, DropOutEntry};
use super::entry::{Content, Correction, DroppedOut, Inspected, Missed, Reassigned, Replaced, Visited};
use super::next::NextEntry;
use super::reason::{Approval, BarredTeam, DropOut, Level, VoidReason};
use super::refusal::{Refusal, Rule};
use crate::bytes::Digest;
use crate::calendar::{Date, Instant};
use crate::disclosure::VisitsCommitment;
use crate::id::{InspectorId, UnitId};
use crate::message::said;

impl<'a> NextEntry<'a> {
    /// People of a team whom a register bars: with evidence, and as the authority approves.
    pub(super) fn barred(
        &self,
        barred: &BarredTeam,
        team: &[InspectorId],
        evidence: Option<Digest>,
    ) -> Result<(), Refusal> {
        let BarredTeam { approval, people } = barred;
        let of_team = !people.is_empty() && people.iter().all(|person| team.contains(&person.id));
        let (what, expected) = ("people who are barred", "some of the team, with evidence");
        self.hold(
            of_team && evidence.is_some(),
            Rule::Visits,
            "ledger.visits.barred",
            what,
            expected,
            people.len(),
        )?;
        let expected = "another than the actor";
        self.hold(
            approval.by != self.entry.actor,
            Rule::Approval,
            "ledger.approval.barred_by",
            "who approves",
            expected,
            &approval.by,
        )?;
        self.level(approval, Level::Authority)
    }

    /// The draw whose visits the entry is about stands, its teams are made, and the date is not before the
    /// draw.
    pub(super) fn stands(&self, draw: u64, date: Option<Date>) -> Result<(), Refusal> {
        let standing = |attempt: &&Attempt| attempt.visits.is_some() && attempt.stands();
        let Some(attempt) = self.state.latest(draw).filter(standing) else {
            return self.refuse(
                Rule::Visits,
                "ledger.visits.draw",
                "the draw",
                "one that stands, with its teams",
                draw,
            );
        };
        self.after_draw(attempt, date, Rule::Visits)
    }

    /// The attempt whose visits an entry is about, if its cycle is not closed.
    pub(super) fn in_cycle(&self, draw: u64) -> Result<&'a Attempt, Refusal> {
        let attempt = self.state.latest(draw).expect("stands");
        let expected = "before the end of its cycle";
        self.hold(
            !attempt.closed,
            Rule::Visits,
            "ledger.visits.cycle_over",
            "the entry",
            expected,
            "after it",
        )?;
        Ok(attempt)
    }

    /// A visit at the unit can be due, as far as the lines show: the cycle is not closed, nothing settled the
    /// visit before, and not all visits of the draw are accounted for.
    pub(super) fn visit_is_due(&self, draw: u64, unit: &UnitId) -> Result<&'a Attempt, Refusal> {
        let attempt = self.in_cycle(draw)?;
        let expected = "one that was not visited, missed or replaced before in this draw";
        self.hold(
            !attempt.done.contains(unit),
            Rule::Visits,
            "ledger.visits.settled",
            "the unit",
            expected,
            unit,
        )?;
        let expected = "at most as many as the draw has";
        self.hold(
            attempt.pending() > 0,
            Rule::Visits,
            "ledger.visits.too_many",
            "visits entered",
            expected,
            "one more",
        )?;
        Ok(attempt)
    }

    pub(super) fn replaced(&self, replaced: &Replaced) -> Result<(), Refusal> {
        let Replaced { approval, by, draw, unit, visits, .. } = replaced;
        let attempt = self.visit_is_due(*draw, unit)?;
        let new = by != unit && !attempt.done.contains(by) && !attempt.stand_ins.contains(by);
        let expected = "a unit that no entry of this draw has named before";
        self.hold(new, Rule::Visits, "ledger.visits.by", "who comes", expected, by)?;
        self.same_number(attempt, visits)?;
        self.level(approval, Level::Authority)
    }

    /// A change of visits leaves their number as it was.
    pub(super) fn same_number(&self, attempt: &Attempt, visits: &VisitsCommitment) -> Result<(), Refusal> {
        let before = attempt.assigned.as_ref().map_or(0, |visits| visits.size);
        self.same(Rule::Visits, "ledger.visits.number", "the number of visits", before, visits.size)
    }

    /// An entry is taken back, or counts again, only while its visits can be entered. What counts again takes
    /// the place of a visit that is due.
    pub(super) fn taken_back(
        &self,
        attempt: &Attempt,
        was: &Correction,
        now: &Correction,
    ) -> Result<(), Refusal> {
        let (before, after) = (was.event().is_none(), now.event().is_none());
        if before == after {
            return Ok(());
        }
        let expected = "before the end of its cycle";
        self.hold(
            !attempt.closed,
            Rule::Amendment,
            "ledger.amendment.cycle_over",
            "the amendment",
            expected,
            "after it",
        )?;
        let due = after || (!attempt.done.contains(now.about().1) && attempt.pending() > 0);
        let expected = "one whose visit is due";
        self.hold(due, Rule::Amendment, "ledger.amendment.not_due", "the unit", expected, now.about().1)
    }

    /// The date of what a draw has brought about is not before the draw.
    pub(super) fn after_draw(
        &self,
        attempt: &Attempt,
        date: Option<Date>,
        rule: Rule,
    ) -> Result<(), Refusal> {
        let Some((date, drawn)) = date.zip(attempt.drawn_at().and_then(Instant::day)) else { return Ok(()) };
        let expected = said!("expected.not_before_draw", "not before the draw of {day}", day = drawn);
        self.hold(drawn.days_since(date) <= 1, rule, "ledger.visits.before_draw", "date", expected, date)
    }

    pub(super) fn dropped_out(&self, entered: &DroppedOut) -> Result<(), Refusal> {
        let DroppedOut { approval, draw, out, reason, unit, .. } = entered;
        let fits = (*reason == DropOut::Recused) == unit.is_some();
        let expected = "one exactly where the reason is recused";
        self.hold(
            fits,
            Rule::Visits,
            "ledger.visits.recused_unit",
            "the unit",
            expected,
            unit.as_ref().map_or("none", |unit| unit.as_str()),
        )?;
        let attempt = self.in_cycle(*draw)?;
        let strict = attempt.was_out(out) || attempt.came.contains(out);
        self.level(approval, if strict { Level::Authority } else { Level::Office })
    }

    pub(super) fn reassigned(&self, reassigned: &Reassigned) -> Result<(), Refusal> {
        let Reassigned { approval, draw, entry, moves, visits, .. } = reassigned;
        let attempt = self.in_cycle(*draw)?;
        self.same_number(attempt, visits)?;
        let open = attempt.drop_outs.iter().find(|known| known.number == *entry && !known.settled);
        let Some(DropOutEntry { out, .. }) = open else { return self.no_drop_out(*entry) };
        if let Some(step) = moves.iter().find(|step| attempt.done.contains(&step.unit)) {
            let expected = "one that was not visited, missed or replaced before in this draw";
            return self.refuse(
                Rule::Visits,
                "ledger.visits.move_settled",
                "the unit of a move",
                expected,
                &step.unit,
            );
        }
        if let Some(cycle) = self.state.cycle() {
            let pending = |unit| cycle.open().iter().any(|o| o.draw == *draw && o.pending.contains_key(unit));
            if let Some(step) = moves.iter().find(|step| !pending(&step.unit)) {
                let expected = "one with a pending visit in the draw";
                return self.refuse(
                    Rule::Visits,
                    "ledger.visits.move_not_pending",
                    "the unit of a move",
                    expected,
                    &step.unit,
                );
            }
        }
        let strict = attempt.is_unusual(reassigned);
        self.level(approval, if strict { Level::Authority } else { Level::Office })?;
        let fits = moves.first().is_none_or(|first| &first.out == out);
        self.hold(
            fits,
            Rule::Visits,
            "ledger.visits.first_move",
            "the first move",
            "of the one who dropped out",
            out,
        )?;
        let stays = moves.iter().all(|step| &step.by != out);
        self.hold(
            stays,
            Rule::Visits,
            "ledger.visits.returns",
            "who comes",
            "another than the one who dropped out",
            out,
        )
    }

    /// Nobody of this attempt dropped out by the entry that a change of teams names.
    fn no_drop_out<T>(&self, entry: u64) -> Result<T, Refusal> {
        let what = "the entry of the person who dropped out";
        let expected = "one of this attempt whose places were not given on yet";
        self.refuse(Rule::Visits, "ledger.visits.drop_out_entry", what, expected, entry)
    }

    /// An amendment is about what the entry that it amends is about.
    fn about_the_same(&self, same: bool, now: &Correction) -> Result<(), Refusal> {
        let (what, expected) = ("the amended entry", "of the same unit and draw");
        self.hold(same, Rule::Amendment, "ledger.amendment.about", what, expected, now.about().1)
    }

    /// What rests on a line whose content is not known is of the attempt of that line (Spec 17.7): else one
    /// such line would keep the visits of every other draw from being checked.
    pub(super) fn is_of(&self, attempt: &Attempt) -> Result<(), Refusal> {
        if let Content::Amended { entry: now, .. } = &self.entry.entry {
            return self.about_the_same(now.about().0 == Some(attempt.seal.sequence), now);
        }
        if let Content::Reassigned(Reassigned { draw, entry, .. }) = &self.entry.entry {
            let latest = self.state.latest(*draw).filter(|latest| latest.name() == attempt.name());
            return if latest.is_some() { Ok(()) } else { self.no_drop_out(*entry) };
        }
        Ok(())
    }

    pub(super) fn void(
        &self,
        attempt: &Attempt,
        approval: &Approval,
        reason: VoidReason,
    ) -> Result<(), Refusal> {
        let Self { state, past: _, entry } = *self;
        let last = state.attempts.last().is_some_and(|last| last.name() == attempt.name());
        let shown = attempt.shows(reason, entry.at) && (last || !reason.is_by_choice());
        let expected = "what the ledger shows, of an attempt that is not void";
        let fits = attempt.void.is_none() && shown;
        self.hold(fits, Rule::Void, "ledger.void.reason", "the reason", expected, reason.as_str())?;
        let mut same_draw =
            state.attempts.iter().filter(|known| known.seal.sequence == attempt.seal.sequence);
        let again = same_draw.any(|known| known.void.is_some());
        let failed = matches!(reason, VoidReason::BeaconFailed | VoidReason::NotRevealed);
        let strict = failed || (reason.is_by_choice() && (again || attempt.value_known(entry.at)));
        self.level(approval, if strict { Level::Superior } else { Level::Authority })
    }

    pub(super) fn amended(&self, amends: u64, approval: &Approval, now: &Correction) -> Result<(), Refusal> {
        let Some(was) = self.past.and_then(|past| past.visits.get(&amends)) else {
            let expected = "an earlier visit, miss or inspection";
            return self.refuse(
                Rule::Amendment,
                "ledger.amendment.entry",
                "what is amended",
                expected,
                amends,
            );
        };
        self.about_the_same(was.about() == now.about(), now)?;
        let inner = match now {
            Correction::Visited(Visited { .. }) | Correction::Withdrawn(_) => None,
            Correction::Missed(Missed { approval, .. }) => Some((approval, Level::Authority)),
            Correction::Inspected(Inspected { approval, .. }) => Some((approval, Level::Office)),
        };
        if let Some((inner, least)) = inner {
            let kept = inner.by != self.entry.actor && inner.level >= least;
            self.hold(
                kept,
                Rule::Amendment,
                "ledger.amendment.approval",
                "its approval",
                "as for the entry it amends",
                &inner.by,
            )?;
        }
        if let Some(barred) = now.barred() {
            self.barred(barred, now.team(), now.evidence())?;
        }
        if let Some(attempt) = now.about().0.and_then(|draw| self.state.stood(draw, amends)) {
            self.after_draw(attempt, now.facts().date, Rule::Amendment)?;
            self.taken_back(attempt, was, now)?;
        }
        let same_kind = std::mem::discriminant(was) == std::mem::discriminant(now);
        let same = same_kind && now.team() == was.team() && now.moves() == was.moves();
        self.level(approval, if same { Level::Office } else { Level::Authority })
    }
}
