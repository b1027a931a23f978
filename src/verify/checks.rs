//! The checks that take only the record, the published seal and the published beacon values.

use super::names::Check;
use super::pools;
use super::posts;
use super::report::{Comparison, Draft, NotRun, Report, differ, differs, same};
use super::{registers, statements, strata, words};
use crate::beacon::{self, BeaconValue, Signed};
use crate::bytes::Digest;
use crate::frame::pseudonym_leaf;
use crate::id::{Code, UnitId};
use crate::lot::Key;
use crate::lot::allocation::allocate;
use crate::lot::tickets::Tickets;
use crate::message::{AsParam as _, Coded as _, Message, Plain, said};
use crate::odds::cells::Cell;
use crate::plan::{CellTable, CellTableError, scale};
use crate::policy::{Design, Policy, Source};
use crate::record::Record;
use crate::sample::{self, CellSample, Subsampled};
use crate::seal::{self, Seal, Secret};
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
            report.run(
                Check::Policy,
                differ(
                    said!("compared.record", "the record"),
                    said!("expected.readable", "one that can be written and read"),
                    reason.message(),
                ),
            );
            report.skip_rest(NotRun::Unsound);
        }
    }
    report.finish()
}

/// The public checks; `digest` is the one that the record should have.
fn public(record: &Record, digest: Digest, published: PublishedElsewhere<'_>, report: &mut Draft<Check>) {
    let Record { policy, seal, table, .. } = record;
    let used = |source: &&Source| record.beacon.iter().any(|value| &value.source == source.id());
    report.rests_on(seal.beacon.rests_on().filter(used).map(Source::of_whom).collect());
    report.run(
        Check::Digest,
        same(said!("compared.record_digest", "the record's digest of itself"), digest, record.digest()),
    );
    report.run(Check::Policy, sealed_policy(seal, policy));
    report.run(Check::Cells, same(words::table_digest(), seal.cells, table.digest(seal.suite)));
    report.run(Check::Strata, strata::strata(record));
    let named = Some(&seal.registers).filter(|registers| !registers.is_empty());
    report.run_if(Check::Registers, named, NotRun::NoRegisters, |named| registers::named(record, named));
    report.run(Check::Timing, timing(seal, policy));
    report.run_if(Check::Seal, published.seal, NotRun::Seal, |published| {
        same(words::seal(), published.digest(), seal.digest())
    });
    report.run(
        Check::BeaconForm,
        match beacon::check(seal.suite, &seal.beacon, &record.beacon) {
            Ok(()) => Ok(()),
            Err(error) => differ(words::values(), words::beacon_values(), error.message()),
        },
    );
    pulses(record, report);
    report.run_if(Check::Beacon, published.values, NotRun::BeaconValues, |published| {
        same(words::values(), show_values(published), show_values(&record.beacon))
    });
    report.run(Check::Secret, secret(seal, record.secret.as_ref()));
    let seed = seal::seed(seal.suite, &seal.digest(), &record.beacon, record.secret.as_ref());
    report.run(Check::Seed, same(words::seed(), seed, record.seed));
    report.run(Check::Allocation, allocation(record));
    report.run(Check::Tickets, tickets(record));
    report.run(Check::Cutoffs, cutoffs(record));
    report.run(Check::Subsamples, subsamples(record));
    report.run(Check::Teams, posts::teams(record).and_then(|()| pools::pools(record)));
    report.run_if(Check::Days, posts::days(record), NotRun::Days, |comparison| comparison);
    report.run(Check::Statements, statements::statements(record));
}

/// Values as text, for reports.
pub(super) fn show_values(values: &[BeaconValue]) -> Plain {
    Plain::join(values.iter().map(|v| format!("{}={}", v.source, v.value)), " ")
}

/// Spec 18.5: the signatures of drand rounds.
fn pulses(record: &Record, report: &mut Draft<Check>) {
    let source = |value: &BeaconValue| record.seal.beacon.all().find(|source| source.id() == &value.source);
    let signed = |value| source(value).map_or(Signed::NoPulse, |source| value.signed(source));
    let all: Vec<(&Code, Signed)> =
        record.beacon.iter().map(|value| (&value.source, signed(value))).collect();
    let some = |wanted| all.iter().find(|(_, signed)| *signed == wanted);
    if let Some((source, _)) = some(Signed::Forged) {
        let forged = differ(
            said!("compared.pulse", "the pulse of {source}", source),
            words::round_signature(),
            words::another(),
        );
        return report.run(Check::Pulse, forged);
    }
    if some(Signed::Unchecked).is_some() {
        return report.skip(Check::Pulse, NotRun::Drand);
    }
    if some(Signed::Valid).is_some() {
        return report.run(Check::Pulse, Ok(()));
    }
    report.skip(Check::Pulse, NotRun::Pulse);
}

/// Spec 6.5: the second-stage samples.
fn subsamples(record: &Record) -> Comparison {
    let expected = sample::subsamples(&record.policy, &record.table, &record.sample, &record.seed);
    let show = |list: &[Subsampled]| {
        let one = |s: &Subsampled| {
            format!("{}: {}", s.code, s.units.iter().map(UnitId::as_str).collect::<Vec<_>>().join(" "))
        };
        Plain::join(list.iter().map(one), "; ")
    };
    same(said!("compared.subsamples", "the subsamples"), show(&expected), show(&record.subsamples))
}

/// The parts of the policy that the seal states, too.
pub(super) fn sealed_policy(seal: &Seal, policy: &Policy) -> Comparison {
    match seal.differs_from(policy) {
        None => Ok(()),
        Some(field) => differ(
            said!("compared.seal_field", "the seal's {field}", field),
            words::of_policy(),
            words::another(),
        ),
    }
}

/// Spec 8.3 to 8.5.
pub(super) fn timing(seal: &Seal, policy: &Policy) -> Comparison {
    if seal.sealed_at.day().is_none_or(|day| policy.as_of.days_since(day) > 1) {
        return differ(
            said!("compared.as_of", "the date of frame and roster"),
            said!("expected.not_after_seal", "not after the seal at {at}", at = seal.sealed_at),
            policy.as_of,
        );
    }
    seal.in_time().map_err(|difference| difference.message())
}

/// The secret and its commitment belong to deferred disclosure, and only to it.
pub(super) fn secret(seal: &Seal, secret: Option<&Secret>) -> Comparison {
    let word = |given: bool| if given { words::one() } else { words::none() };
    let deferred = seal.is_deferred();
    same(said!("compared.secret_given", "a secret"), word(deferred), word(secret.is_some()))?;
    same(
        said!("compared.commitment_given", "a commitment to a secret"),
        word(deferred),
        word(seal.secret.is_some()),
    )?;
    match (&seal.secret, secret.map(|secret| secret.commitment(seal.suite))) {
        (Some(sealed), Some(opened)) => {
            same(said!("compared.secret_commitment", "the commitment to the secret"), *sealed, opened)
        }
        _ => Ok(()),
    }
}

/// The cells of a table, if it keeps its own rules.
pub(super) fn sound_cells(table: &CellTable, policy: &Policy) -> Result<Vec<Cell>, Message> {
    let unsound = |error: CellTableError| {
        differs(words::cell_table(), said!("expected.sound_table", "a sound table"), error.message())
    };
    table.cells(policy).map_err(unsound)
}

/// Spec 5: the number of picks in every cell.
fn allocation(record: &Record) -> Comparison {
    let cells = sound_cells(&record.table, &record.policy)?;
    same(said!("compared.cells_in_sample", "cells in the sample"), cells.len(), record.sample.len())?;
    let scale = scale(&record.policy.design, &cells);
    if let Some(cell) = cells.iter().find(|c| {
        let above = scale.factor * u128::from(c.size) >= scale.step;
        matches!(record.policy.design, Design::Number { .. }) && !c.certain && scale.factor > 0 && above
    }) {
        return differ(
            words::cell_of_size(&cell.path, cell.size),
            said!("expected.marked_certain", "marked certain"),
            said!("found.not_marked", "not marked"),
        );
    }
    let counts = allocate(&cells, scale, &Key::new(record.policy.suite, record.seed));
    if let Design::Number { number } = record.policy.design {
        same(
            said!("compared.units_of_cells", "units that the cells give together"),
            number,
            counts.iter().sum(),
        )?;
    }
    for ((cell, count), sampled) in cells.iter().zip(counts).zip(&record.sample) {
        let found = u64::try_from(sampled.picks.len()).unwrap_or(u64::MAX);
        same(
            said!(
                "compared.picks_of_cell",
                "picks of cell {cell} at {size}",
                size = cell.size,
                cell = cell.path
            ),
            count,
            found,
        )?;
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
            let what = said!("compared.id_form", "the form of the id {unit}", unit = pick.id);
            return differ(what, words::of_policy(), error.message());
        }
        same(
            said!("compared.ticket_of", "ticket of {unit}", unit = pick.id),
            tickets.ticket(&pick.pseudonym),
            pick.ticket,
        )?;
        if !seen.insert(pick.pseudonym) {
            let what = said!(
                "compared.units_of_pseudonym",
                "units of the pseudonym {pseudonym}",
                pseudonym = pick.pseudonym
            );
            return differ(what, words::one(), said!("found.two", "two"));
        }
        leaves.push(pseudonym_leaf(seal.suite, &pick.pseudonym, pick.id.as_str()));
    }
    leaves.sort_unstable();
    if leaves.is_empty() {
        let digests = inclusion.hashes.len() + inclusion.places.len();
        return same(said!("compared.no_units", "digests and places for no units"), 0, digests);
    }
    let found = match inclusion.root(seal.suite, &leaves, seal.frame.size) {
        Some(root) if root == seal.frame.pseudonyms => return Ok(()),
        Some(root) => root.param(),
        None => said!(
            "found.no_proof",
            "no proof of {units} units among {size}",
            units = leaves.len(),
            size = seal.frame.size
        )
        .param(),
    };
    differ(
        said!("compared.pseudonyms_shown", "the root of the pseudonyms that the units shown lead to"),
        seal.frame.pseudonyms,
        found,
    )
}

/// Spec 6.2 and 6.3: order, cutoff, reserves.
fn cutoffs(record: &Record) -> Comparison {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (cell, row) in record.sample.iter().zip(&record.table.cells) {
        let (path, size) = (&row.path, &row.size);
        let what = said!("compared.cutoff_of_cell", "cutoff of cell {cell} at {size}", cell = path, size);
        same(what, cell.picks.last().map(|pick| pick.ticket), cell.cutoff)?;
        let all: Vec<_> = cell.shown().collect();
        if !all.is_sorted_by(|a, b| a.ticket < b.ticket) {
            let what =
                said!("compared.tickets_of_cell", "tickets of cell {cell} at {size}", cell = path, size);
            return differ(
                what,
                said!("expected.ascending_tickets", "ascending, reserves after picks"),
                words::another_order(),
            );
        }
        let picks = u64::try_from(cell.picks.len()).unwrap_or(u64::MAX);
        let reserves = u64::try_from(cell.reserves.len()).unwrap_or(u64::MAX);
        let left = row.count.saturating_sub(picks);
        let what = said!(
            "compared.reserves_of_cell",
            "number of reserves of cell {cell} at {size}",
            cell = path,
            size
        );
        same(what, left.min(record.policy.reserves), reserves)?;
        for pick in all {
            if !seen.insert(pick.id.as_str()) {
                let what = said!("compared.times_drawn", "times {unit} was drawn", unit = pick.id);
                return differ(what, said!("expected.once", "once"), said!("found.twice", "twice"));
            }
        }
    }
    Ok(())
}
