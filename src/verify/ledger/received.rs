//! Checkpoints of ledgers below, against the record of the draw that dispatched picks to them (Spec 19,
//! `picks`).

use super::super::report::{Comparison, differ};
use super::draws::KnownDraw;
use crate::ledger::{Content, Line, Received};
use crate::message::{Plain, said};
use crate::note::origin;

/// Every checkpoint is of the ledger of a part of the draw: a comparison for each whose record was given.
pub(super) fn received<'a>(
    lines: &'a [Line],
    draws: &'a [KnownDraw<'_>],
) -> impl Iterator<Item = Comparison> + 'a {
    lines.iter().filter_map(|line| {
        let Content::Received(Received { attempt, draw, origin, .. }) = &line.entry().entry else {
            return None;
        };
        let known = draws.iter().find(|known| known.attempt.name() == (*draw, *attempt));
        let record = known.filter(|known| known.attempt.stands())?.given.record.as_ref()?;
        Some(of_part(line.entry().number, record, origin))
    })
}

fn of_part(number: u64, record: &crate::record::Record, named: &str) -> Comparison {
    let mut parts = record.policy.dispatch.iter().flat_map(|dispatch| &dispatch.parts);
    if parts.any(|part| origin(&part.authority, &part.scope) == named) {
        return Ok(());
    }
    let what = said!("compared.entry_below", "entry {number}, the ledger below", number);
    differ(what, said!("expected.part_of_draw", "that of a part of the draw"), Plain(named.into()))
}
