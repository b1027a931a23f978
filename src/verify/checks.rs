//! What everybody can check with the record, the published seal and the published beacon values.

use super::{Check, Evidence, Outcome};
use crate::assign::{self, ShortageStatement, Visit};
use crate::beacon::{self, BeaconValue, Signed};
use crate::bytes::Digest;
use crate::id::{Code, InspectorId, UnitId};
use crate::lot::Key;
use crate::lot::allocation::allocate;
use crate::lot::tickets::Tickets;
use crate::odds::cells::Cell;
use crate::plan::{CellTable, scale};
use crate::policy::{Design, Policy};
use crate::record::Record;
use crate::sample::{self, Subsampled};
use crate::seal::{self, Seal, Secret};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is compared, what should stand there, what stands there.
pub(super) type Difference = (String, String, String);

/// The result of one check while it is made.
pub(super) type Finding = Result<(), Difference>;

/// Compares two values.
pub(super) fn same<T: PartialEq + fmt::Display>(what: impl fmt::Display, expected: T, found: T) -> Finding {
    if expected == found { Ok(()) } else { differ(what, expected, found) }
}

pub(super) fn differ(
    what: impl fmt::Display,
    expected: impl fmt::Display,
    found: impl fmt::Display,
) -> Finding {
    Err((what.to_string(), expected.to_string(), found.to_string()))
}

/// Outcomes of named checks while they come in.
#[derive(Debug, Clone)]
pub(super) struct Gather<C> {
    outcomes: BTreeMap<C, Outcome>,
}

impl<C> Default for Gather<C> {
    fn default() -> Self {
        Self { outcomes: BTreeMap::new() }
    }
}

impl<C: Ord> Gather<C> {
    pub(super) fn finish(self) -> BTreeMap<C, Outcome> {
        self.outcomes
    }

    pub(super) fn run(&mut self, check: C, finding: Finding) {
        let outcome = match finding {
            Ok(()) => Outcome::Pass,
            Err((what, expected, found)) => Outcome::Fail { what, expected, found },
        };
        self.outcomes.insert(check, outcome);
    }

    pub(super) fn skip(&mut self, check: C, because: &'static str) {
        self.outcomes.insert(check, Outcome::NotRun { because });
    }

    pub(super) fn run_if<T>(
        &mut self,
        check: C,
        given: Option<T>,
        because: &'static str,
        run: impl FnOnce(T) -> Finding,
    ) {
        match given {
            Some(given) => self.run(check, run(given)),
            None => self.skip(check, because),
        }
    }
}

/// What everybody can check; `digest` is the one that the record should have.
pub(super) fn public(record: &Record, digest: Digest, evidence: &Evidence, report: &mut Gather<Check>) {
    let Record { policy, seal, table, .. } = record;
    report.run(Check::Digest, same("the record's digest of itself", digest, record.digest()));
    report.run(Check::Policy, sealed_policy(seal, policy));
    report.run(Check::Cells, same("digest of the cell table", seal.cells, table.digest(seal.suite)));
    report.run(Check::Timing, timing(seal, policy));
    let missing = "the published seal was not given";
    report.run_if(Check::Seal, evidence.seal.as_ref(), missing, |published| {
        same("the seal", published.digest(), seal.digest())
    });
    report.run(
        Check::BeaconForm,
        match beacon::check(seal.suite, &seal.beacon, &record.beacon) {
            Ok(()) => Ok(()),
            Err(error) => differ("the values", "those of the beacon plan", error),
        },
    );
    pulses(record, report);
    let missing = "the published beacon values were not given";
    report.run_if(Check::Beacon, evidence.beacon.as_ref(), missing, |published| {
        let show = |values: &[BeaconValue]| {
            values.iter().map(|v| format!("{}={}", v.source, v.value)).collect::<Vec<_>>().join(" ")
        };
        same("the values", show(published), show(&record.beacon))
    });
    report.run(Check::Secret, secret(seal, record.secret.as_ref()));
    let seed = seal::seed(seal.suite, &seal.digest(), &record.beacon, record.secret.as_ref());
    report.run(Check::Seed, same("the seed", seed, record.seed));
    report.run(Check::Allocation, allocation(record));
    report.run(Check::Tickets, tickets(record));
    report.run(Check::Cutoffs, cutoffs(record));
    report.run(Check::Subsamples, subsamples(record));
    report.run(Check::Teams, teams(record));
}

/// Spec 18.5: the signatures of drand rounds.
fn pulses(record: &Record, report: &mut Gather<Check>) {
    let source = |value: &BeaconValue| record.seal.beacon.all().find(|source| source.id() == &value.source);
    let signed = |value| source(value).map_or(Signed::NoPulse, |source| value.signed(source));
    let all: Vec<(&Code, Signed)> =
        record.beacon.iter().map(|value| (&value.source, signed(value))).collect();
    let some = |wanted| all.iter().find(|(_, signed)| *signed == wanted);
    if let Some((source, _)) = some(Signed::Forged) {
        let finding = differ(format!("the pulse of {source}"), "the signature of its round", "another");
        return report.run(Check::Pulse, finding);
    }
    if some(Signed::Unchecked).is_some() {
        return report.skip(Check::Pulse, "this build does not check signatures of drand");
    }
    if some(Signed::Valid).is_some() {
        return report.run(Check::Pulse, Ok(()));
    }
    report.skip(Check::Pulse, "no value carries one");
}

/// Spec 6.5: the second-stage samples.
fn subsamples(record: &Record) -> Finding {
    let expected = sample::subsamples(&record.policy, &record.table, &record.sample, &record.seed);
    let show = |list: &[Subsampled]| {
        let one = |s: &Subsampled| {
            format!("{}: {}", s.code, s.units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(" "))
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    same("the subsamples", show(&expected), show(&record.subsamples))
}

/// What of a policy stands in the seal.
pub(super) fn sealed_policy(seal: &Seal, policy: &Policy) -> Finding {
    match seal.differs_from(policy) {
        None => Ok(()),
        Some(field) => differ(format!("the seal's {field}"), "that of the policy", "another"),
    }
}

/// Spec 8.3 to 8.5.
pub(super) fn timing(seal: &Seal, policy: &Policy) -> Finding {
    if seal.sealed_at.day().is_none_or(|day| policy.as_of.days_since(day) > 1) {
        return differ(
            "the date of frame and roster",
            format!("not after the seal at {}", seal.sealed_at),
            policy.as_of,
        );
    }
    seal.in_time()
}

/// The secret and its commitment belong to deferred disclosure, and only to it.
pub(super) fn secret(seal: &Seal, secret: Option<&Secret>) -> Finding {
    let word = |given: bool| if given { "one" } else { "none" };
    let deferred = seal.is_deferred();
    same("a secret", word(deferred), word(secret.is_some()))?;
    same("a commitment to a secret", word(deferred), word(seal.secret.is_some()))?;
    match (&seal.secret, secret.map(|secret| secret.commitment(seal.suite))) {
        (Some(sealed), Some(opened)) => same("the commitment to the secret", *sealed, opened),
        _ => Ok(()),
    }
}

/// The cells of a table that follows its own rules.
pub(super) fn sound_cells(table: &CellTable, policy: &Policy) -> Result<Vec<Cell>, Difference> {
    let wrong =
        |error: &dyn fmt::Display| ("the cell table".into(), "a sound table".into(), error.to_string());
    table.cells(policy).map_err(|error| wrong(&error))
}

/// Spec 5: the number of picks in every cell.
fn allocation(record: &Record) -> Finding {
    let cells = sound_cells(&record.table, &record.policy)?;
    same("cells in the sample", cells.len(), record.sample.len())?;
    let scale = scale(&record.policy.design, &cells);
    if let Some(cell) = cells.iter().find(|c| {
        let above = scale.factor * u128::from(c.size) >= scale.step;
        matches!(record.policy.design, Design::Number { .. }) && !c.certain && scale.factor > 0 && above
    }) {
        return differ(format!("cell {} of size {}", cell.path, cell.size), "marked certain", "not marked");
    }
    let counts = allocate(&cells, scale, &Key::new(record.policy.suite, record.seed));
    if let Design::Number { number } = record.policy.design {
        same("units that the cells give together", number, counts.iter().sum())?;
    }
    for ((cell, count), sampled) in cells.iter().zip(counts).zip(&record.sample) {
        let found = u64::try_from(sampled.picks.len()).unwrap_or(u64::MAX);
        same(format!("picks of cell {} at {}", cell.path, cell.size), count, found)?;
    }
    Ok(())
}

/// Spec 6.1: every ticket that is shown.
fn tickets(record: &Record) -> Finding {
    let tickets = Tickets::new(&Key::new(record.policy.suite, record.seed));
    for pick in record.sample.iter().flat_map(|cell| cell.picks.iter().chain(&cell.reserves)) {
        same(format!("ticket of {}", pick.id), tickets.ticket(pick.id.as_str()), pick.ticket)?;
    }
    Ok(())
}

/// Spec 6.2 and 6.3: order, cutoff, reserves.
fn cutoffs(record: &Record) -> Finding {
    let mut seen: BTreeSet<&UnitId> = BTreeSet::new();
    for (cell, row) in record.sample.iter().zip(&record.table.cells) {
        let place = |what: &str| format!("{what} of cell {} at {}", row.path, row.size);
        let show = |cutoff: Option<Digest>| cutoff.map_or_else(|| "none".to_owned(), |c| c.to_string());
        same(place("cutoff"), show(cell.picks.last().map(|pick| pick.ticket)), show(cell.cutoff))?;
        let all: Vec<_> = cell.picks.iter().chain(&cell.reserves).collect();
        if !all.is_sorted_by(|a, b| (&a.ticket, &a.id) < (&b.ticket, &b.id)) {
            return differ(place("tickets"), "ascending, reserves after picks", "another order");
        }
        let picks = u64::try_from(cell.picks.len()).unwrap_or(u64::MAX);
        let reserves = u64::try_from(cell.reserves.len()).unwrap_or(u64::MAX);
        let left = row.count.saturating_sub(picks);
        same(place("number of reserves"), left.min(record.policy.reserves), reserves)?;
        for pick in all {
            if !seen.insert(&pick.id) {
                return differ(format!("times {} was drawn", pick.id), "once", "twice");
            }
        }
    }
    Ok(())
}

/// A post as records write it: unit, department (`None` for the experts), code.
type WrittenPost = (UnitId, Option<Code>, Code);

/// What a record must hold about its teams, whoever the officers are.
fn teams(record: &Record) -> Finding {
    let picks: BTreeSet<&UnitId> = record.sample.iter().flat_map(|c| c.picks.iter().map(|p| &p.id)).collect();
    let visits: Vec<&UnitId> = record.teams.visits.iter().map(|v| &v.unit).collect();
    if !visits.iter().copied().eq(picks.iter().copied()) {
        return differ("visits", format!("one for each of {} picks, ascending", picks.len()), visits.len());
    }
    let team = &record.policy.team;
    let seed = Key::new(record.policy.suite, record.seed);
    let kinds: BTreeSet<_> = record.policy.frame.kinds.iter().map(|kind| team.posts_at(kind)).collect();
    let mut vacancies: BTreeMap<(&UnitId, Option<&Code>, &Code), u64> = BTreeMap::new();
    for visit in &record.teams.visits {
        let what = |what: &str| format!("{what} at {}", visit.unit);
        if visit.day.map_or(!team.days.is_empty(), |day| !team.days.contains(&day)) {
            let found = visit.day.map_or_else(|| "none".to_owned(), |day| day.to_string());
            return differ(what("day"), "one of team.days, or none without them", found);
        }
        posts(visit, &kinds)?;
        let first = team.departments.first().map(|rule| &rule.department);
        let lead = first.and_then(|first| assign::lead_of(first, &seed, visit));
        let show = |lead: Option<&InspectorId>| lead.map_or("nobody", InspectorId::as_str).to_owned();
        same(what("lead"), show(lead.as_ref()), show(visit.lead.as_ref()))?;
        for (department, post, _, empty) in held(visit).filter(|(_, _, _, empty)| *empty > 0) {
            vacancies.insert((&visit.unit, department, post), empty);
        }
    }
    // Every shortage has as many vacancies as places it cannot fill, and there are no others. A post and what a pin has taken out of it are
    // written as one and may stand in two shortages: those count together.
    let keys = |shortage: &'_ ShortageStatement| {
        let posts = shortage.posts.iter();
        let all = posts.flat_map(|post| post.units.iter().map(|unit| (unit.clone(), post.post.clone())));
        all.map(|(unit, post)| (unit, shortage.department.clone(), post)).collect::<BTreeSet<_>>()
    };
    // Groups of shortages that share a post, directly or through others.
    let mut groups: Vec<(BTreeSet<WrittenPost>, u64)> = Vec::new();
    let mut group_of: BTreeMap<WrittenPost, usize> = BTreeMap::new();
    for shortage in &record.teams.shortages {
        let mut posts = keys(shortage);
        let mut missing = shortage.need.saturating_sub(shortage.can_fill);
        let known: BTreeSet<usize> = posts.iter().filter_map(|key| group_of.get(key).copied()).collect();
        for group in known {
            let (more, sum) = std::mem::take(&mut groups[group]);
            posts.extend(more);
            missing = missing.saturating_add(sum);
        }
        group_of.extend(posts.iter().map(|key| (key.clone(), groups.len())));
        groups.push((posts, missing));
    }
    for (posts, missing) in groups.iter().filter(|(posts, _)| !posts.is_empty()) {
        let own = posts
            .iter()
            .filter_map(|(unit, department, post)| vacancies.remove(&(unit, department.as_ref(), post)));
        same("vacancies of a shortage", *missing, own.fold(0, u64::saturating_add))?;
    }
    match vacancies.first_key_value() {
        Some(((unit, _, _), n)) => differ(format!("vacancies at {unit}"), "none outside a shortage", n),
        None => Ok(()),
    }
}

/// The posts of a visit alike: department (`None` for experts), post, who holds it, vacancies.
pub(super) fn held(visit: &Visit) -> impl Iterator<Item = (Option<&Code>, &Code, Vec<&InspectorId>, u64)> {
    let officers = visit.posts.iter().map(|post| {
        let ids = post.officers.iter().map(|officer| &officer.id).collect();
        (Some(&post.department), &post.post, ids, post.vacancies)
    });
    let experts = visit.experts.iter().map(|post| {
        let ids = post.experts.iter().map(|expert| &expert.id).collect();
        (None, &post.post, ids, post.vacancies)
    });
    officers.chain(experts)
}

/// The posts of one visit: those of some kind of institution, with distinct people.
fn posts(visit: &Visit, kinds: &BTreeSet<Vec<(Option<&Code>, &Code, u64)>>) -> Finding {
    let what = |what: &str| format!("{what} at {}", visit.unit);
    let places = |people: usize, empty: u64| u64::try_from(people).unwrap_or(u64::MAX).saturating_add(empty);
    let found: Vec<_> = held(visit)
        .map(|(department, post, people, empty)| (department, post, places(people.len(), empty)))
        .collect();
    if !kinds.contains(&found) {
        let show = |posts: &Vec<(Option<&Code>, &Code, u64)>| {
            let one = |(department, post, places): &(Option<&Code>, &Code, u64)| {
                format!("{places} × {}/{post}", department.map_or("experts", Code::as_str))
            };
            posts.iter().map(one).collect::<Vec<_>>().join(" + ")
        };
        let expected = kinds.iter().map(show).collect::<Vec<_>>().join(" or ");
        return differ(what("posts and places"), expected, show(&found));
    }
    let mut all: BTreeSet<&InspectorId> = BTreeSet::new();
    for (_, _, people, _) in held(visit) {
        if !people.is_sorted_by(|a, b| a < b) {
            return differ(what("officers"), "distinct, ascending", "another order");
        }
        if let Some(twice) = people.into_iter().find(|id| !all.insert(id)) {
            return differ(what("officers"), "distinct", format!("{twice} twice"));
        }
    }
    Ok(())
}
