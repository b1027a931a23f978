//! What may follow: one function for each kind of entry, refusals by name (Spec 17.3).

use super::attempt::Attempt;
use super::entry::{Correction, Reassigned};
use super::state::State;
use super::{Content, Entry, Level, Opened, Published, Refusal, Rule, VoidReason};
use crate::beacon::{self, BeaconValue, missing_shares};
use crate::bytes::Digest;
use crate::calendar::{Date, Instant};
use crate::cycle::ascends;
use crate::id::Code;
use crate::note::{KeyKind, NoteKey};
use crate::policy::Source;
use crate::seal::Seal;
use crate::table::readable;
use std::collections::BTreeSet;
use std::fmt::Display;

/// An entry held against the rules.
struct Check<'a> {
    state: &'a State,
    entry: &'a Entry,
}

impl State {
    /// Whether an entry follows.
    pub(super) fn check(&self, entry: &Entry) -> Result<(), Refusal> {
        Check { state: self, entry }.all()
    }
}

impl Check<'_> {
    fn refuse<T>(
        &self,
        rule: Rule,
        what: impl Display,
        expected: impl Display,
        found: impl Display,
    ) -> Result<T, Refusal> {
        Err(Refusal::new(self.entry, rule, what, expected, found))
    }

    /// Refuses unless it holds.
    fn hold(
        &self,
        holds: bool,
        rule: Rule,
        what: &str,
        expected: &str,
        found: impl Display,
    ) -> Result<(), Refusal> {
        if holds { Ok(()) } else { self.refuse(rule, what, expected, found) }
    }

    fn same<T: PartialEq + Display>(
        &self,
        rule: Rule,
        what: &str,
        expected: T,
        found: T,
    ) -> Result<(), Refusal> {
        if expected == found { Ok(()) } else { self.refuse(rule, what, expected, found) }
    }

    fn all(&self) -> Result<(), Refusal> {
        let Self { state, entry } = *self;
        if let Some(refusal) = super::broken(entry, state.number, state.head) {
            return Err(refusal);
        }
        if let Some(last) = state.at {
            self.hold(entry.at >= last, Rule::Times, "at", &format!("not before {last}"), entry.at)?;
        }
        self.hold(
            matches!(entry.entry, Content::Opened(_)) == state.opened.is_none(),
            Rule::Opening,
            "the first entry",
            "the opening, and no other entry is",
            entry.number,
        )?;
        if let Some(approval) = entry.entry.approval() {
            self.hold(
                approval.by != entry.actor,
                Rule::Approval,
                "who approves",
                "another than the actor",
                &approval.by,
            )?;
        }
        if let Some((date, day)) = entry.entry.date().zip(entry.at.day()) {
            let most = format!("at most one day after {day}");
            self.hold(date.days_since(day) <= 1, Rule::Times, "date", &most, date)?;
        }
        self.lists()?;
        self.content()
    }

    /// Lists ascend: there is one spelling of everything.
    fn lists(&self) -> Result<(), Refusal> {
        let holds = match &self.entry.entry {
            Content::Visited(visited) => ascends(&visited.items, |i| i) && ascends(&visited.team, |id| id),
            Content::Inspected(inspected) => ascends(&inspected.team, |id| id),
            Content::Reassigned(reassigned) => ascends(&reassigned.unavailable, |u| &u.id),
            Content::Amended { entry: Correction::Visited(visited), .. } => {
                ascends(&visited.items, |i| i) && ascends(&visited.team, |id| id)
            }
            Content::Amended { entry: Correction::Inspected(inspected), .. } => {
                ascends(&inspected.team, |id| id)
            }
            _ => true,
        };
        self.hold(holds, Rule::Visits, "its lists", "ascending, without repetition", "another order")
    }

    fn content(&self) -> Result<(), Refusal> {
        let known = match self.entry.entry.attempt() {
            None => None,
            Some((draw, attempt)) => match self.state.attempt(draw, attempt) {
                None => {
                    let name = format!("draw {draw}, attempt {attempt}");
                    return self.refuse(Rule::Sequence, "the draw", "one that was sealed", name);
                }
                known => known,
            },
        };
        if let Some(draw) = self.entry.entry.visits_of() {
            self.stands(draw)?;
        }
        match (&self.entry.entry, known) {
            (Content::Opened(opened), _) => self.opened(opened),
            (Content::Policy { .. }, _) => self.level(Level::Authority),
            (Content::Sealed { seal }, _) => self.sealed(seal),
            (Content::Beacon { value, .. }, Some(attempt)) => self.beacon(attempt, value),
            (Content::Silent { source, .. }, Some(attempt)) => self.silent(attempt, source),
            (Content::Drawn { .. }, Some(attempt)) => {
                let ready = attempt.drawn.is_none() && attempt.values().is_some();
                let expected = "computed once, when every source or its fallback has spoken";
                self.hold(ready, Rule::Draw, "the draw", expected, "too early, or twice")
            }
            (Content::Assigned { .. }, Some(attempt)) => {
                let ready = attempt.drawn.is_some() && attempt.visits.is_none() && attempt.stands();
                self.hold(
                    ready,
                    Rule::Draw,
                    "the teams",
                    "made once, of a draw that stands",
                    "something else",
                )
            }
            (Content::Disclosed { secret, .. }, Some(attempt)) => {
                let ready = attempt.deferred() && attempt.drawn.is_some() && attempt.secret.is_none();
                let expected = "disclosed once, of a deferred draw";
                self.hold(ready, Rule::Disclosure, "the secret", expected, "something else")?;
                let found = secret.commitment(attempt.seal.suite);
                let sealed = attempt.seal.secret.unwrap_or(Digest::ZERO);
                self.same(Rule::Disclosure, "the commitment to the secret", sealed, found)
            }
            (Content::Published { digest, what, place, .. }, Some(attempt)) => {
                self.published(attempt, *what, digest, place)
            }
            (Content::Missed(_) | Content::Replaced(_), _) => self.level(Level::Authority),
            (Content::Inspected(_), _) => self.level(Level::Office),
            (Content::Reassigned(reassigned), _) => self.reassigned(reassigned),
            (Content::Void { reason, .. }, Some(attempt)) => self.void(attempt, *reason),
            (Content::CycleClosed { .. }, _) => {
                self.level(Level::Authority)?;
                let open = |attempt: &&Attempt| {
                    attempt.drawn.is_none() && !(attempt.failed() && attempt.void.is_some())
                };
                match self.state.attempts.iter().find(open) {
                    None => Ok(()),
                    Some(open) => {
                        let found = format!("draw {} is not computed", open.seal.sequence);
                        self.refuse(Rule::Cycle, "the end of the cycle", "after every draw", found)
                    }
                }
            }
            (Content::Amended { amends, entry, .. }, _) => self.amended(*amends, entry),
            _ => Ok(()),
        }
    }

    fn level(&self, least: Level) -> Result<(), Refusal> {
        let level = self.entry.entry.approval().map(|approval| approval.level);
        let found = format!("{level:?}");
        let expected = format!("at least {least:?}");
        self.hold(level >= Some(least), Rule::Approval, "the level of the approval", &expected, found)
    }

    fn opened(&self, opened: &Opened) -> Result<(), Refusal> {
        let Opened { quorum, witnesses, .. } = opened;
        let keys: Vec<NoteKey> = witnesses.iter().filter_map(|text| NoteKey::parse(text).ok()).collect();
        let distinct: BTreeSet<&[u8; 32]> = keys.iter().map(NoteKey::bytes).collect();
        let sound = ascends(witnesses, |text| text)
            && keys.iter().all(|key| key.kind() == KeyKind::Witness)
            && distinct.len() == witnesses.len()
            && witnesses.len() <= 16;
        let expected = "at most 16 different keys of witnesses, ascending";
        self.hold(sound, Rule::Opening, "witnesses", expected, witnesses.join(" "))?;
        // Two quorums must share a witness, or two histories could be shown to two halves.
        let all = u64::try_from(witnesses.len()).unwrap_or(u64::MAX);
        let enough = quorum.is_none_or(|q| q <= all && q > all / 2);
        self.hold(enough, Rule::Opening, "quorum", "more than half of the witnesses", quorum.unwrap_or(0))
    }

    fn sealed(&self, seal: &Seal) -> Result<(), Refusal> {
        let Self { state, entry } = *self;
        let opened = state.opened.as_ref().expect("opened before");
        self.same(Rule::Seal, "the seal's authority", &opened.authority, &seal.authority)?;
        self.same(Rule::Seal, "the seal's scope", &opened.scope, &seal.scope)?;
        self.same(Rule::Seal, "the seal's previous", entry.previous, seal.previous)?;
        self.same(Rule::Seal, "sealed_at", entry.at, seal.sealed_at)?;
        if let Err((what, expected, found)) = seal.in_time() {
            return self.refuse(Rule::Seal, what, expected, found);
        }
        let kept = seal.check().is_ok() && seal.secret.is_some() == seal.is_deferred();
        let expected = "numbers from 1, and a commitment to a secret exactly where disclosure is deferred";
        self.hold(kept, Rule::Seal, "the seal", expected, "something else")?;
        let adopted = state.policies.get(&seal.policy).is_some_and(|left| *left > 0);
        self.hold(adopted, Rule::Policy, "the policy", "one that was adopted for this seal", seal.policy)?;
        if let Some(open) = state.attempts.iter().find(|attempt| !attempt.settled(attempt.failed())) {
            let (draw, attempt) = open.name();
            let found = format!("draw {draw}, attempt {attempt} is not settled");
            return self.refuse(Rule::Sequence, "another seal", "after all draws before it", found);
        }
        let (draw, attempt) = state.next();
        self.same(Rule::Sequence, "the sequence number", draw, seal.sequence)?;
        self.same(Rule::Sequence, "the attempt", attempt, seal.attempt)?;
        match seal
            .beacon
            .all()
            .find(|source| source.chances().iter().any(|chance| state.chances.contains(chance)))
        {
            None => Ok(()),
            Some(again) => self.refuse(Rule::Chance, "a source", "a chance of its own", again.id()),
        }
    }

    fn beacon(&self, attempt: &Attempt, value: &BeaconValue) -> Result<(), Refusal> {
        let plan = &attempt.seal.beacon;
        let heard = |id: &Code| attempt.values.contains_key(id);
        let own =
            plan.sources.iter().find(|s| s.id() == &value.source && !attempt.silent.contains_key(s.id()));
        let instead = plan.sources.iter().filter_map(|source| attempt.instead(source.id()));
        let source = own.or(instead.into_iter().find(|source| source.id() == &value.source));
        let source = source.filter(|source| attempt.drawn.is_none() && !heard(source.id()));
        let Some(source) = source else {
            let expected = "a source of the plan that has not spoken yet, or the fallback of a silent one";
            return self.refuse(Rule::Beacon, "the source", expected, &value.source);
        };
        if let Err(error) = beacon::check_one(attempt.seal.suite, source, value) {
            return self.refuse(Rule::Beacon, "the value", "one of its source", error);
        }
        let due = format!("not before {}", source.at());
        self.hold(self.entry.at >= source.at(), Rule::Dating, "at", &due, self.entry.at)?;
        if let Source::Shares { at, commitments, .. } = source {
            let next = plan.next_after(*at);
            let none = missing_shares(value) == commitments.len();
            let expected = "before the next source speaks, or all shares missing";
            let in_time = next.is_none_or(|next| self.entry.at < next) || none;
            self.hold(in_time, Rule::Dating, "at", expected, self.entry.at)?;
        }
        Ok(())
    }

    fn silent(&self, attempt: &Attempt, id: &Code) -> Result<(), Refusal> {
        let plan = &attempt.seal.beacon;
        let open = |source: &&Source| {
            let shares = matches!(source, Source::Shares { .. });
            let known = attempt.values.contains_key(id) || attempt.silent.contains_key(id);
            !shares && !known && attempt.drawn.is_none()
        };
        let own = plan.sources.iter().find(|source| source.id() == id);
        let instead =
            plan.fallbacks.iter().find(|f| f.source.id() == id && attempt.silent.contains_key(&f.of));
        let Some(source) = own.or(instead.map(|fallback| &fallback.source)).filter(open) else {
            let expected = "one of the plan, no shares, of which nothing is known yet";
            return self.refuse(Rule::Beacon, "a silent source", expected, id);
        };
        let from = plan.fallback(id).map_or(source.at(), |fallback| fallback.after);
        let expected = format!("not before {from}");
        self.hold(self.entry.at >= from, Rule::Dating, "at", &expected, self.entry.at)?;
        self.level(Level::Superior)
    }

    fn published(
        &self,
        attempt: &Attempt,
        what: Published,
        digest: &Digest,
        place: &str,
    ) -> Result<(), Refusal> {
        let expected = match what {
            Published::Seal => Some(attempt.digest),
            Published::Record => attempt.record().filter(|_| !attempt.deferred() || attempt.secret.is_some()),
            Published::Results => Some(*digest).filter(|_| attempt.visited),
        };
        let Some(expected) = expected else {
            return self.refuse(
                Rule::Publication,
                "what is published",
                "something that is there",
                "nothing yet",
            );
        };
        self.same(Rule::Publication, "what is published", expected, *digest)?;
        self.hold(readable(place), Rule::Publication, "where", "a text of 1 to 200 characters", place)
    }

    /// The draw whose visits the entry is about stands, its teams are made, and nothing happened before it was drawn.
    fn stands(&self, draw: u64) -> Result<(), Refusal> {
        let standing = |attempt: &&Attempt| attempt.visits.is_some() && attempt.stands();
        let Some(attempt) = self.state.latest(draw).filter(standing) else {
            return self.refuse(Rule::Visits, "the draw", "one that stands, with its teams", draw);
        };
        self.after_draw(attempt, self.entry.entry.date(), Rule::Visits)
    }

    /// A date of something that a draw has brought about.
    fn after_draw(&self, attempt: &Attempt, date: Option<Date>, rule: Rule) -> Result<(), Refusal> {
        let Some((date, drawn)) = date.zip(attempt.drawn_at().and_then(Instant::day)) else { return Ok(()) };
        let expected = format!("not before the draw of {drawn}");
        self.hold(drawn.days_since(date) <= 1, rule, "date", &expected, date)
    }

    fn reassigned(&self, reassigned: &Reassigned) -> Result<(), Refusal> {
        let Reassigned { draw, moves, out, unavailable, unit, .. } = reassigned;
        if let Some(cycle) = self.state.cycle() {
            let mut open = cycle.open().iter().filter(|open| open.draw == *draw);
            let pending = open.any(|open| open.pending.contains_key(unit));
            self.hold(pending, Rule::Visits, "the unit", "one with a pending visit in the draw", unit)?;
        }
        let attempt = self.state.latest(*draw).expect("stands");
        let again = moves.iter().any(|m| attempt.reassigned.contains(&(m.unit.clone(), m.post.clone())));
        let strict = again || moves.len() > 1 || !unavailable.is_empty();
        self.level(if strict { Level::Authority } else { Level::Office })?;
        if let Some(first) = moves.first() {
            let fits = (&first.unit, &first.out) == (unit, out);
            let expected = "of the one who drops out, at the unit";
            self.hold(
                fits,
                Rule::Visits,
                "the first move",
                expected,
                format!("{} {}", first.unit, first.out),
            )?;
        }
        let away = |id| unavailable.iter().any(|u| &u.id == id);
        let comes = !away(out) && moves.iter().all(|step| !away(&step.by));
        self.hold(comes, Rule::Visits, "who drops out and who comes", "nobody who is unavailable", out)
    }

    fn void(&self, attempt: &Attempt, reason: VoidReason) -> Result<(), Refusal> {
        let last = self.state.attempts.last().is_some_and(|last| last.name() == attempt.name());
        let fits = attempt.void.is_none()
            && match reason {
                VoidReason::BeaconFailed => attempt.beacon_failed(),
                VoidReason::ShareMissing => attempt.share_missing(),
                VoidReason::NotRevealed => attempt.undisclosed(self.entry.at),
                VoidReason::InputError | VoidReason::Legal | VoidReason::Technical => {
                    last && !attempt.failed()
                }
            };
        let expected = "what the ledger shows, of an attempt that is not void";
        self.hold(fits, Rule::Void, "the reason", expected, reason.as_str())?;
        let chosen = matches!(reason, VoidReason::InputError | VoidReason::Legal | VoidReason::Technical);
        let before = self.state.attempts.iter().filter(|known| known.seal.sequence == attempt.seal.sequence);
        let again = before.filter(|known| known.void.is_some()).count() > 0;
        let strict = match reason {
            VoidReason::BeaconFailed | VoidReason::NotRevealed => true,
            _ => chosen && (attempt.chance_spoke(self.entry.at) || again),
        };
        self.level(if strict { Level::Superior } else { Level::Authority })
    }

    fn amended(&self, amends: u64, now: &Correction) -> Result<(), Refusal> {
        let Some(was) = self.state.visits.get(&amends) else {
            let expected = "an earlier visit, miss or inspection";
            return self.refuse(Rule::Amendment, "what is amended", expected, amends);
        };
        let fits = was.about() == now.about();
        self.hold(fits, Rule::Amendment, "the amended entry", "of the same unit and draw", now.about().1)?;
        let (kind, approval) = now.approval();
        if let Some(approval) = approval {
            let least = if matches!(now, Correction::Missed(_)) { Level::Authority } else { Level::Office };
            let kept = approval.by != self.entry.actor && approval.level >= least;
            self.hold(kept, Rule::Amendment, "its approval", "as for the entry it amends", &approval.by)?;
        }
        // The attempt that stood when the entry was made.
        let stood = |draw| {
            let before = |known: &&Attempt| known.seal.sequence == draw && known.number < amends;
            self.state.attempts.iter().rfind(before)
        };
        if let Some(attempt) = now.about().0.and_then(stood) {
            self.after_draw(attempt, Some(now.date()), Rule::Amendment)?;
        }
        let same = kind == was.approval().0 && now.team() == was.team();
        self.level(if same { Level::Office } else { Level::Authority })
    }
}
