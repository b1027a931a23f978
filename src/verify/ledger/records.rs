//! The record of a draw, its seal and its values against what was entered (Spec 19, `records`).

use super::super::checks::show_values;
use super::super::report::{Comparison, differ, same};
use super::super::words;
use super::draws::KnownDraw;
use crate::message::{Plain, said};
use crate::seal::Secret;

/// The seal and the values that were published elsewhere are those entered.
pub(super) fn published(draw: &KnownDraw<'_>) -> Comparison {
    let KnownDraw { attempt, given, .. } = draw;
    if let Some(seal) = &given.evidence.seal {
        same(draw.of(&words::seal()), attempt.seal().digest(), seal.digest())?;
    }
    for value in given.evidence.beacon.iter().flatten() {
        if attempt.seal().beacon.all().all(|source| source.id() != &value.source) {
            let what = draw.of(&said!("compared.published_value", "a published value"));
            return differ(what, said!("expected.source_of_plan", "of a source of the plan"), &value.source);
        }
        let what = draw.of(&said!("compared.source_said", "what {source} said", source = value.source));
        match attempt.value(&value.source) {
            Some(entered) => same(what, Plain(entered.value.clone()), Plain(value.value.clone()))?,
            None if attempt.is_silent(&value.source) => {
                let expected = said!("expected.nothing_by_ledger", "nothing, by the ledger");
                return differ(what, expected, Plain(value.value.clone()));
            }
            None => {}
        }
    }
    Ok(())
}

/// The record is the one entered, with the entered seal, values and secret. `whole` unless entries behind a
/// refused one were not folded.
pub(super) fn entered(draw: &KnownDraw<'_>, whole: bool) -> Comparison {
    let KnownDraw { attempt, given, .. } = draw;
    let Some(record) = &given.record else { return Ok(()) };
    let Some(digest) = attempt.record() else {
        if !whole {
            return Ok(());
        }
        let what = draw.of(&said!("compared.record_given", "a record"));
        return differ(what, said!("expected.no_record", "none, it is not drawn"), record.digest());
    };
    same(draw.of(&words::record()), digest, record.digest())?;
    let what = draw.of(&said!("compared.record_seal", "the record's seal"));
    same(what, attempt.seal().digest(), record.seal.digest())?;
    let values = attempt.values();
    if values.as_ref() != Some(&record.beacon) {
        let values = show_values(&values.unwrap_or_default());
        let what = draw.of(&said!("compared.record_values", "the record's values"));
        return differ(what, values, show_values(&record.beacon));
    }
    match attempt.secret().map(Secret::reveal) {
        Some(opened) if Some(opened) != record.secret.as_ref().map(Secret::reveal) => {
            let what = draw.of(&said!("compared.record_secret", "the record's secret"));
            differ(what, said!("expected.disclosed_secret", "the disclosed one"), words::another())
        }
        _ => Ok(()),
    }
}
