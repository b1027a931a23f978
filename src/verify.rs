//! Verification: replay, compare, and say what was shown and what was not (Spec 13).
//!
//! [`verify`] never fails: what is wrong is a finding. The checks are named, the list of names only grows, and each name has a tamper
//! in `tests/tamper.rs` that it and no other check must catch.

use crate::assign::{self, Visit};
use crate::beacon::{self, BeaconValue};
use crate::bytes::{Digest, PROTOCOL, SaltKey};
use crate::chance::allocation::allocate;
use crate::chance::tickets::Tickets;
use crate::cycle::Cycle;
use crate::frame::Frame;
use crate::id::{InspectorId, UnitId};
use crate::plan::{Plan, scale};
use crate::policy::{Design, Disclosure, Policy, Source};
use crate::record::Record;
use crate::roster::Roster;
use crate::sample;
use crate::seal::{self, Seal, Secret};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What the checker obtained elsewhere than from the record. Each part is optional; the report says what was missing.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The seal as it was published before the beacon spoke.
    pub seal: Option<Seal>,
    /// The beacon's values as their sources published them.
    pub beacon: Option<Vec<BeaconValue>>,
    /// The frame file.
    pub frame: Option<(Frame, SaltKey)>,
    /// The roster file.
    pub roster: Option<(Roster, SaltKey)>,
    /// The cycle file.
    pub cycle: Option<(Cycle, SaltKey)>,
}

/// The checks, in the order in which they are reported. Their names are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Check {
    /// The record's digest of itself.
    Digest,
    /// The policy is the sealed one.
    Policy,
    /// The cell table is the sealed one.
    Cells,
    /// Every source speaks after the seal, with enough bits.
    Timing,
    /// The record's seal is the published one.
    Seal,
    /// The values have the form of their sources.
    BeaconForm,
    /// The values are the published ones.
    Beacon,
    /// The secret opens its commitment.
    Secret,
    /// The seed follows from seal, values and secret.
    Seed,
    /// Every cell has as many picks as the allocation gives.
    Allocation,
    /// Every ticket shown is its unit's.
    Tickets,
    /// Order, cutoff and reserves of every cell.
    Cutoffs,
    /// A team for every pick, distinct officers, vacancies explained.
    Teams,
    /// The frame file is the sealed one.
    Frame,
    /// The roster file is the sealed one.
    Roster,
    /// The cycle file is the sealed one.
    Cycle,
    /// The cell table follows from policy, frame and cycle.
    Plan,
    /// The picks are those with the smallest tickets of the whole frame.
    Sample,
    /// Every officer was allowed to go, and not too often.
    Eligibility,
    /// Teams, shortages and chances follow from roster, sample and seed.
    Assignment,
}

impl Check {
    /// All checks in order.
    pub const ALL: [Self; 20] = [
        Self::Digest,
        Self::Policy,
        Self::Cells,
        Self::Timing,
        Self::Seal,
        Self::BeaconForm,
        Self::Beacon,
        Self::Secret,
        Self::Seed,
        Self::Allocation,
        Self::Tickets,
        Self::Cutoffs,
        Self::Teams,
        Self::Frame,
        Self::Roster,
        Self::Cycle,
        Self::Plan,
        Self::Sample,
        Self::Eligibility,
        Self::Assignment,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Policy => "policy",
            Self::Cells => "cells",
            Self::Timing => "timing",
            Self::Seal => "seal",
            Self::BeaconForm => "beacon_form",
            Self::Beacon => "beacon",
            Self::Secret => "secret",
            Self::Seed => "seed",
            Self::Allocation => "allocation",
            Self::Tickets => "tickets",
            Self::Cutoffs => "cutoffs",
            Self::Teams => "teams",
            Self::Frame => "frame",
            Self::Roster => "roster",
            Self::Cycle => "cycle",
            Self::Plan => "plan",
            Self::Sample => "sample",
            Self::Eligibility => "eligibility",
            Self::Assignment => "assignment",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail {
        /// What is compared.
        what: String,
        /// What should stand there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// It was not run.
    NotRun {
        /// Why.
        because: &'static str,
    },
}

/// What a report amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Something does not hold.
    Refuted,
    /// The record agrees with itself; nothing was shown that its author could not have made up.
    SelfConsistent,
    /// Everything that was run holds, and seal and beacon were compared with published ones.
    Confirmed,
}

impl Verdict {
    /// The verdict as a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuted => "refuted",
            Self::SelfConsistent => "self-consistent",
            Self::Confirmed => "confirmed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All checks with their outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    outcomes: BTreeMap<Check, Outcome>,
}

impl Report {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (Check, &Outcome)> {
        self.outcomes.iter().map(|(check, outcome)| (*check, outcome))
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: Check) -> &Outcome {
        &self.outcomes[&check]
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<Check> {
        self.checks().filter(|(_, o)| matches!(o, Outcome::Fail { .. })).map(|(check, _)| check).collect()
    }

    /// What the report amounts to (Spec 13).
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let passed = |check| *self.outcome(check) == Outcome::Pass;
        if !self.failed().is_empty() {
            Verdict::Refuted
        } else if passed(Check::Seal) && passed(Check::Beacon) {
            Verdict::Confirmed
        } else {
            Verdict::SelfConsistent
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (check, outcome) in self.checks() {
            match outcome {
                Outcome::Pass => writeln!(f, "pass     {check}")?,
                Outcome::Fail { what, expected, found } => {
                    writeln!(f, "FAIL     {check}: {what}: expected {expected}, found {found}")?;
                }
                Outcome::NotRun { because } => writeln!(f, "not run  {check}: {because}")?,
            }
        }
        let passed = self.checks().filter(|(_, o)| **o == Outcome::Pass).count();
        write!(f, "{PROTOCOL}: {}, {passed} of {} checks passed", self.verdict(), self.outcomes.len())
    }
}

/// The result of one check while it is made: `Err` holds what, expected, found.
type Finding = Result<(), (String, String, String)>;

/// Compares two values.
fn same<T: PartialEq + fmt::Display>(what: impl fmt::Display, expected: T, found: T) -> Finding {
    if expected == found { Ok(()) } else { differ(what, expected, found) }
}

fn differ(what: impl fmt::Display, expected: impl fmt::Display, found: impl fmt::Display) -> Finding {
    Err((what.to_string(), expected.to_string(), found.to_string()))
}

/// Checks a record against whatever evidence there is.
///
/// With the published seal and beacon values alone, everything but the completeness of the sample and the making of
/// the teams is replayed. With frame, roster and cycle files as well, everything is.
#[must_use]
pub fn verify(record: &Record, evidence: &Evidence) -> Report {
    let mut report = Gather { outcomes: BTreeMap::new() };
    public(record, evidence, &mut report);
    audit(record, evidence, &mut report);
    Report { outcomes: report.outcomes }
}

struct Gather {
    outcomes: BTreeMap<Check, Outcome>,
}

impl Gather {
    fn run(&mut self, check: Check, finding: Finding) {
        let outcome = match finding {
            Ok(()) => Outcome::Pass,
            Err((what, expected, found)) => Outcome::Fail { what, expected, found },
        };
        self.outcomes.insert(check, outcome);
    }

    fn skip(&mut self, check: Check, because: &'static str) {
        self.outcomes.insert(check, Outcome::NotRun { because });
    }

    fn run_if<T>(
        &mut self,
        check: Check,
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

/// What everybody can check.
fn public(record: &Record, evidence: &Evidence, report: &mut Gather) {
    let Record { policy, seal, table, .. } = record;
    report
        .run(Check::Digest, same("the record's digest of itself", record.compute_digest(), record.digest()));
    report.run(
        Check::Policy,
        match seal.differs_from(policy) {
            None => Ok(()),
            Some(field) => {
                differ(format!("the seal's {field}"), "that of the policy in the record", "another")
            }
        },
    );
    report.run(Check::Cells, same("digest of the cell table", seal.cells, table.digest()));
    report.run(Check::Timing, timing(seal));
    let missing = "the published seal was not given";
    report.run_if(Check::Seal, evidence.seal.as_ref(), missing, |published| {
        same("the seal", published.digest(), seal.digest())
    });
    report.run(
        Check::BeaconForm,
        match beacon::check(&seal.beacon, &record.beacon) {
            Ok(()) => Ok(()),
            Err(error) => differ("the values", "those of the beacon plan", error),
        },
    );
    let missing = "the published beacon values were not given";
    report.run_if(Check::Beacon, evidence.beacon.as_ref(), missing, |published| {
        let show = |values: &[BeaconValue]| {
            values.iter().map(|v| format!("{}={}", v.source, v.value)).collect::<Vec<_>>().join(" ")
        };
        same("the values", show(published), show(&record.beacon))
    });
    report.run(Check::Secret, secret(record));
    let seed = seal::seed(&seal.digest(), &record.beacon, record.secret.as_ref());
    report.run(Check::Seed, same("the seed", seed, record.seed));
    report.run(Check::Allocation, allocation(record));
    report.run(Check::Tickets, tickets(record));
    report.run(Check::Cutoffs, cutoffs(record));
    report.run(Check::Teams, teams(record));
}

/// Spec 8.3 and 8.4.
fn timing(seal: &Seal) -> Finding {
    for source in &seal.beacon.sources {
        if source.at() <= seal.sealed_at {
            let after = format!("after the seal at {}", seal.sealed_at);
            return differ(format!("when {} speaks", source.id()), after, source.at());
        }
    }
    let millibits: Option<Vec<u64>> = seal.beacon.sources.iter().map(Source::millibits).collect();
    match millibits.map(|bits| bits.iter().sum::<u64>()) {
        Some(sum) if sum >= 128_000 => Ok(()),
        Some(sum) => differ("thousandths of a bit of all sources", "at least 128000", sum),
        None => differ("the numbers of the sources", "possible ones", "impossible ones"),
    }
}

/// The secret and its commitment belong to deferred disclosure, and only to it.
fn secret(record: &Record) -> Finding {
    let word = |given: bool| if given { "one" } else { "none" };
    let deferred = matches!(record.seal.disclosure, Disclosure::Deferred { .. });
    same("a secret", word(deferred), word(record.secret.is_some()))?;
    same("a commitment to a secret", word(deferred), word(record.seal.secret.is_some()))?;
    match (&record.seal.secret, record.secret.as_ref().map(Secret::commitment)) {
        (Some(sealed), Some(opened)) => same("the commitment to the secret", *sealed, opened),
        _ => Ok(()),
    }
}

/// Spec 5: the number of picks in every cell.
fn allocation(record: &Record) -> Finding {
    let cells = match record.table.cells(&record.policy.design) {
        Ok(cells) => cells,
        Err(error) => return differ("the cell table", "a sound table", error),
    };
    same("cells in the sample", cells.len(), record.sample.len())?;
    let scale = scale(&record.policy.design, &cells);
    if let Some(cell) = cells.iter().find(|c| {
        let above = scale.factor * u128::from(c.size) >= scale.step;
        matches!(record.policy.design, Design::Number { .. }) && !c.certain && scale.factor > 0 && above
    }) {
        return differ(format!("cell {} of size {}", cell.path, cell.size), "marked certain", "not marked");
    }
    let counts = allocate(&cells, scale, &record.seed);
    for ((cell, count), sampled) in cells.iter().zip(counts).zip(&record.sample) {
        let found = u64::try_from(sampled.picks.len()).unwrap_or(u64::MAX);
        same(format!("picks of cell {} at {}", cell.path, cell.size), count, found)?;
    }
    Ok(())
}

/// Spec 6.1: every ticket that is shown.
fn tickets(record: &Record) -> Finding {
    let tickets = Tickets::new(&record.seed);
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

/// What a record must hold about its teams, whoever the officers are.
fn teams(record: &Record) -> Finding {
    let picks: BTreeSet<&UnitId> = record.sample.iter().flat_map(|c| c.picks.iter().map(|p| &p.id)).collect();
    let visits: Vec<&UnitId> = record.teams.visits.iter().map(|v| &v.unit).collect();
    if !visits.iter().copied().eq(picks.iter().copied()) {
        return differ("visits", format!("one for each of {} picks, ascending", picks.len()), visits.len());
    }
    let mut vacancies: BTreeMap<(&UnitId, usize), u64> = BTreeMap::new();
    for visit in &record.teams.visits {
        posts(visit, &record.policy)?;
        let lead = assign::lead(&record.seed, visit);
        let show = |lead: Option<&InspectorId>| lead.map_or("nobody", InspectorId::as_str).to_owned();
        same(format!("lead at {}", visit.unit), show(lead.as_ref()), show(visit.lead.as_ref()))?;
        for (number, post) in visit.posts.iter().enumerate().filter(|(_, post)| post.vacancies > 0) {
            vacancies.insert((&visit.unit, number), post.vacancies);
        }
    }
    // Every shortage has as many vacancies as places it cannot fill, and there are no others.
    for shortage in &record.teams.shortages {
        let rules = &record.policy.team.departments;
        let number = rules.iter().position(|rule| rule.department == shortage.department);
        let own = |unit| number.and_then(|number| vacancies.remove(&(unit, number)));
        let own: u64 = shortage.units.iter().filter_map(own).fold(0, u64::saturating_add);
        same("vacancies of a shortage", shortage.need.saturating_sub(shortage.can_fill), own)?;
    }
    match vacancies.first_key_value() {
        Some(((unit, _), n)) => differ(format!("vacancies at {unit}"), "none outside a shortage", n),
        None => Ok(()),
    }
}

/// The posts of one visit: departments in order, enough places, distinct officers.
fn posts(visit: &Visit, policy: &Policy) -> Finding {
    let rules = &policy.team.departments;
    let what = |what: &str| format!("{what} at {}", visit.unit);
    same(what("departments"), rules.len(), visit.posts.len())?;
    let mut all: BTreeSet<&InspectorId> = BTreeSet::new();
    for (rule, post) in rules.iter().zip(&visit.posts) {
        same(what("department"), &rule.department, &post.department)?;
        let officers = u64::try_from(post.officers.len()).unwrap_or(u64::MAX);
        same(what("places"), rule.officers, officers.saturating_add(post.vacancies))?;
        if !post.officers.is_sorted_by(|a, b| a.id < b.id) {
            return differ(what("officers"), "distinct, ascending", "another order");
        }
        if let Some(twice) = post.officers.iter().find(|officer| !all.insert(&officer.id)) {
            return differ(what("officers"), "distinct", format!("{} twice", twice.id));
        }
    }
    Ok(())
}

/// What takes the auditor's files.
fn audit(record: &Record, evidence: &Evidence, report: &mut Gather) {
    let seal = &record.seal;
    let length = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let (no_frame, no_roster, no_cycle) =
        ("the frame file was not given", "the roster file was not given", "the cycle file was not given");
    report.run_if(Check::Frame, evidence.frame.as_ref(), no_frame, |(frame, key)| {
        same("units", seal.frame.size, length(frame.units().len()))?;
        same("root of the frame", seal.frame.root, frame.tree(key).root())
    });
    report.run_if(Check::Roster, evidence.roster.as_ref(), no_roster, |(roster, key)| {
        same("officers", seal.roster.size, length(roster.inspectors().len()))?;
        same("root of the roster", seal.roster.root, roster.tree(key).root())?;
        same("digest of the recusals", seal.roster.recusals, roster.recusals_digest(key))
    });
    report.run_if(Check::Cycle, evidence.cycle.as_ref(), no_cycle, |(cycle, key)| {
        same("digest of the cycle", seal.cycle, cycle.digest(key))
    });
    let Some(((frame, _), (cycle, _))) = evidence.frame.as_ref().zip(evidence.cycle.as_ref()) else {
        let because = if evidence.frame.is_none() { no_frame } else { no_cycle };
        for check in [Check::Plan, Check::Sample, Check::Eligibility, Check::Assignment] {
            report.skip(check, because);
        }
        return;
    };
    // Without the roster file the teams cannot be replayed, but the plan of the units can.
    let roster = evidence.roster.as_ref().map(|(roster, _)| roster.clone());
    let empty =
        || Roster::new([], [], &record.policy.roster, record.policy.as_of).expect("no rows, no problems");
    let known = roster.clone().unwrap_or_else(empty);
    let plan = match Plan::new(frame.clone(), known, record.policy.clone(), cycle.clone()) {
        Ok(plan) => plan,
        Err(error) => {
            report.run(Check::Plan, differ("the plan", "a plan from policy, frame and cycle", error));
            for check in [Check::Sample, Check::Eligibility, Check::Assignment] {
                report.skip(check, "the plan could not be derived");
            }
            return;
        }
    };
    report.run(Check::Plan, same("digest of the cell table", plan.table().digest(), record.table.digest()));
    let replayed = sample::replay(&plan, &record.seed);
    report.run(
        Check::Sample,
        match replayed.iter().zip(&record.sample).position(|(a, b)| a != b) {
            Some(cell) => {
                differ(format!("cell {cell} of the sample"), "the smallest tickets of the frame", "others")
            }
            None => same("cells of the sample", replayed.len(), record.sample.len()),
        },
    );
    if roster.is_none() {
        report.skip(Check::Eligibility, no_roster);
        report.skip(Check::Assignment, no_roster);
        return;
    }
    report.run(Check::Eligibility, eligibility(record, &plan));
    report.run(Check::Assignment, assignment(record, &plan));
}

/// Every officer against the rules, pair by pair: no list of candidates and no replay comes into it, so that a mistake in
/// those cannot hide here.
fn eligibility(record: &Record, plan: &Plan) -> Finding {
    let mut loads: BTreeMap<&InspectorId, u64> = BTreeMap::new();
    for visit in &record.teams.visits {
        let Some(unit) = plan.frame().get(&visit.unit) else {
            return differ("a visited unit", "one of the frame", &visit.unit);
        };
        for post in &visit.posts {
            for officer in &post.officers {
                let roster = plan.roster();
                let Some(inspector) = roster.position(&officer.id).map(|i| &roster.inspectors()[i]) else {
                    return differ("an officer", "one of the roster", &officer.id);
                };
                let pair = || format!("{} at {}", officer.id, visit.unit);
                same(format!("department of {}", pair()), &post.department, &inspector.department)?;
                if let Some(bar) = plan.bar(inspector, unit) {
                    return differ(pair(), "allowed to go", format!("barred by {bar:?}"));
                }
                let load = loads.entry(&officer.id).or_default();
                *load += 1;
                if *load > plan.cap(inspector) {
                    let what = format!("visits of {}", officer.id);
                    return differ(what, format!("at most {}", plan.cap(inspector)), load);
                }
            }
        }
    }
    Ok(())
}

/// Replays chance table and coins for the picks of the record.
fn assignment(record: &Record, plan: &Plan) -> Finding {
    let mut positions = Vec::new();
    for pick in record.sample.iter().flat_map(|cell| &cell.picks) {
        let Some(position) = plan.frame().position(&pick.id) else {
            return differ("a pick", "a unit of the frame", &pick.id);
        };
        positions.push(position);
    }
    positions.sort_unstable();
    positions.dedup();
    let (teams, _) = assign::assign(plan, &record.seed, &positions);
    let found = &record.teams;
    if let Some((expected, visit)) = teams.visits.iter().zip(&found.visits).find(|(a, b)| a != b) {
        let show = |visit: &Visit| {
            let officer = |o: &assign::Officer| format!("{} ({}/2^20)", o.id, o.chance);
            let posts = visit.posts.iter().map(|post| {
                let officers: Vec<String> = post.officers.iter().map(officer).collect();
                format!("{} {} + {} vacant", post.department, officers.join(" "), post.vacancies)
            });
            posts.collect::<Vec<_>>().join("; ")
        };
        return differ(format!("team at {}", visit.unit), show(expected), show(visit));
    }
    same("visits", teams.visits.len(), found.visits.len())?;
    same("digest of the chance table", teams.table, found.table)?;
    let lists = |same: bool| if same { "the replayed ones" } else { "others" };
    same("raised ceilings", lists(true), lists(teams.raised == found.raised))?;
    same("shortages", lists(true), lists(teams.shortages == found.shortages))
}
