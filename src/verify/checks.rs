//! The checks that take only the record, the published seal and the published beacon values.

use super::names::Check;
use super::pools;
use super::posts;
use super::report::{Comparison, Draft, Report, differ, same};
use super::{statements, strata};
use crate::beacon::{self, BeaconValue, Signed};
use crate::bytes::Digest;
use crate::frame::pseudonym_leaf;
use crate::id::{Code, UnitId};
use crate::lot::Key;
use crate::lot::allocation::allocate;
use crate::lot::tickets::Tickets;
use crate::odds::cells::Cell;
use crate::plan::{CellTable, scale};
use crate::policy::{Design, Policy, Source};
use crate::record::Record;
use crate::sample::{self, CellSample, Subsampled};
use crate::seal::{self, Difference, Seal, Secret};
use std::collections::BTreeSet;

/// What the record is compared with: the seal and the values as they were published elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct PublishedElsewhere<'a> {
    pub(super) seal: Option<&'a Seal>,
    pub(super) values: Option<&'a [BeaconValue]>,
}

/// The public checks, then those of an auditor.
pub(super) fn record(
    record: &Record,
    published: PublishedElsewhere<'_>,
    audit: impl FnOnce(&mut Draft<Check>),
) -> Report {
    let mut report = Draft::new();
    // A record that did not come through `Record::from_json` may contain values that cannot be encoded (for
    // example integers above 2^53).
    match record.sound() {
        Ok(digest) => {
            public(record, digest, published, &mut report);
            audit(&mut report);
        }
        Err(reason) => {
            report.run(Check::Policy, differ("the record", "one that can be written and read", reason));
            report.skip_rest("the record is not sound");
        }
    }
    report.finish()
}

/// The public checks; `digest` is the one that the record should have.
fn public(record: &Record, digest: Digest, published: PublishedElsewhere<'_>, report: &mut Draft<Check>) {
    let Record { policy, seal, table, .. } = record;
    let used = |source: &&Source| record.beacon.iter().any(|value| &value.source == source.id());
    report.rests_on(seal.beacon.rests_on().filter(used).map(Source::of_whom).collect());
    report.run(Check::Digest, same("the record's digest of itself", digest, record.digest()));
    report.run(Check::Policy, sealed_policy(seal, policy));
    report.run(Check::Cells, same("digest of the cell table", seal.cells, table.digest(seal.suite)));
    report.run(Check::Strata, strata::strata(record));
    report.run(Check::Timing, timing(seal, policy));
    let missing = "the published seal was not given";
    report.run_if(Check::Seal, published.seal, missing, |published| {
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
    report.run_if(Check::Beacon, published.values, missing, |published| {
        same("the values", show_values(published), show_values(&record.beacon))
    });
    report.run(Check::Secret, secret(seal, record.secret.as_ref()));
    let seed = seal::seed(seal.suite, &seal.digest(), &record.beacon, record.secret.as_ref());
    report.run(Check::Seed, same("the seed", seed, record.seed));
    report.run(Check::Allocation, allocation(record));
    report.run(Check::Tickets, tickets(record));
    report.run(Check::Cutoffs, cutoffs(record));
    report.run(Check::Subsamples, subsamples(record));
    report.run(Check::Teams, posts::teams(record).and_then(|()| pools::pools(record)));
    let missing = "the policy has no days, or the deepest level of divisions is no stratum";
    report.run_if(Check::Days, posts::days(record), missing, |comparison| comparison);
    report.run(Check::Statements, statements::statements(record));
}

/// Values as text, for reports.
pub(super) fn show_values(values: &[BeaconValue]) -> String {
    values.iter().map(|v| format!("{}={}", v.source, v.value)).collect::<Vec<_>>().join(" ")
}

/// Spec 18.5: the signatures of drand rounds.
fn pulses(record: &Record, report: &mut Draft<Check>) {
    let source = |value: &BeaconValue| record.seal.beacon.all().find(|source| source.id() == &value.source);
    let signed = |value| source(value).map_or(Signed::NoPulse, |source| value.signed(source));
    let all: Vec<(&Code, Signed)> =
        record.beacon.iter().map(|value| (&value.source, signed(value))).collect();
    let some = |wanted| all.iter().find(|(_, signed)| *signed == wanted);
    if let Some((source, _)) = some(Signed::Forged) {
        let forged = differ(format!("the pulse of {source}"), "the signature of its round", "another");
        return report.run(Check::Pulse, forged);
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
fn subsamples(record: &Record) -> Comparison {
    let expected = sample::subsamples(&record.policy, &record.table, &record.sample, &record.seed);
    let show = |list: &[Subsampled]| {
        let one = |s: &Subsampled| {
            format!("{}: {}", s.code, s.units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(" "))
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    same("the subsamples", show(&expected), show(&record.subsamples))
}

/// The parts of the policy that the seal states, too.
pub(super) fn sealed_policy(seal: &Seal, policy: &Policy) -> Comparison {
    match seal.differs_from(policy) {
        None => Ok(()),
        Some(field) => differ(format!("the seal's {field}"), "that of the policy", "another"),
    }
}

/// Spec 8.3 to 8.5.
pub(super) fn timing(seal: &Seal, policy: &Policy) -> Comparison {
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
pub(super) fn secret(seal: &Seal, secret: Option<&Secret>) -> Comparison {
    let word = |given: bool| if given { "one" } else { "none" };
    let deferred = seal.is_deferred();
    same("a secret", word(deferred), word(secret.is_some()))?;
    same("a commitment to a secret", word(deferred), word(seal.secret.is_some()))?;
    match (&seal.secret, secret.map(|secret| secret.commitment(seal.suite))) {
        (Some(sealed), Some(opened)) => same("the commitment to the secret", *sealed, opened),
        _ => Ok(()),
    }
}

/// The cells of a table, if it keeps its own rules.
pub(super) fn sound_cells(table: &CellTable, policy: &Policy) -> Result<Vec<Cell>, Difference> {
    table.cells(policy).map_err(|error| Difference::new("the cell table", "a sound table", error))
}

/// Spec 5: the number of picks in every cell.
fn allocation(record: &Record) -> Comparison {
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

/// Spec 6.1: every ticket that is shown is that of its pseudonym, and every pseudonym was sealed, once, with
/// its id, which has the form of the policy's ids.
fn tickets(record: &Record) -> Comparison {
    let Record { seal, inclusion, .. } = record;
    let tickets = Tickets::new(&Key::new(record.policy.suite, record.seed));
    let (mut leaves, mut seen) = (Vec::new(), BTreeSet::new());
    for pick in record.sample.iter().flat_map(CellSample::shown) {
        if let Err(error) = pick.id.has_form(record.policy.frame.ids) {
            return differ(
                format!("the form of the id {}", pick.id),
                "that of the policy",
                error.to_string(),
            );
        }
        same(format!("ticket of {}", pick.id), tickets.ticket(&pick.pseudonym), pick.ticket)?;
        if !seen.insert(pick.pseudonym) {
            return differ(format!("units of the pseudonym {}", pick.pseudonym), "one", "two");
        }
        leaves.push(pseudonym_leaf(seal.suite, &pick.pseudonym, pick.id.as_str()));
    }
    leaves.sort_unstable();
    if leaves.is_empty() {
        let digests = inclusion.hashes.len() + inclusion.places.len();
        return same("digests and places for no units", 0, digests);
    }
    let found = match inclusion.root(seal.suite, &leaves, seal.frame.size) {
        Some(root) if root == seal.frame.pseudonyms => return Ok(()),
        Some(root) => root.to_string(),
        None => format!("no proof of {} units among {}", leaves.len(), seal.frame.size),
    };
    differ("the root of the pseudonyms that the units shown lead to", seal.frame.pseudonyms, found)
}

/// Spec 6.2 and 6.3: order, cutoff, reserves.
fn cutoffs(record: &Record) -> Comparison {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (cell, row) in record.sample.iter().zip(&record.table.cells) {
        let place = |what: &str| format!("{what} of cell {} at {}", row.path, row.size);
        let show = |cutoff: Option<Digest>| cutoff.map_or_else(|| "none".to_owned(), |c| c.to_string());
        same(place("cutoff"), show(cell.picks.last().map(|pick| pick.ticket)), show(cell.cutoff))?;
        let all: Vec<_> = cell.shown().collect();
        if !all.is_sorted_by(|a, b| a.ticket < b.ticket) {
            return differ(place("tickets"), "ascending, reserves after picks", "another order");
        }
        let picks = u64::try_from(cell.picks.len()).unwrap_or(u64::MAX);
        let reserves = u64::try_from(cell.reserves.len()).unwrap_or(u64::MAX);
        let left = row.count.saturating_sub(picks);
        same(place("number of reserves"), left.min(record.policy.reserves), reserves)?;
        for pick in all {
            if !seen.insert(pick.id.as_str()) {
                return differ(format!("times {} was drawn", pick.id), "once", "twice");
            }
        }
    }
    Ok(())
}
