//! The rules for the cell table of a record that need no frame (Spec 13, check `strata`): it counts every
//! unit of the sealed frame, in strata, exclusions and sizes that the policy can give.

use super::report::{Comparison, differ, same};
use super::words;
use crate::frame::Listed;
use crate::id::{Code, Division, UnitId};
use crate::message::{Plain, said};
use crate::odds::ONE;
use crate::odds::cells::mark_certain;
use crate::plan::CellRow;
use crate::policy::{CertaintyRule, Design, ExclusionRule, Outside, Policy, Population, Stratum};
use crate::record::Record;
use std::collections::BTreeSet;

/// The check `strata`.
pub(super) fn strata(record: &Record) -> Comparison {
    every_unit_once(record)?;
    exclusions(record)?;
    let terms = TableTerms::new(&record.policy);
    for row in &record.table.cells {
        terms.path(row)?;
        terms.exempt_kind(row)?;
        terms.size(row)?;
    }
    certain(record)?;
    named_units(record)
}

/// Every unit of the frame stands in one cell, or is excluded for one reason.
fn every_unit_once(record: &Record) -> Comparison {
    let cells = record.table.cells.iter().map(|row| u128::from(row.count));
    let excluded = record.table.exclusions.values().map(|count| u128::from(*count));
    let counted: u128 = cells.chain(excluded).sum();
    let what = said!("compared.units_counted", "units in the cells and among the excluded");
    same(what, u128::from(record.seal.frame.size), counted)
}

/// Every code of the excluded is one for which the policy can exclude, and counts somebody.
fn exclusions(record: &Record) -> Comparison {
    let policy = &record.policy;
    let meant = policy.population.as_ref().is_some_and(|meant| *meant != Population::default());
    let listed = |state| policy.frame.listed.contains(&state);
    let own = [
        (Outside::Closed, listed(Listed::Closed)),
        (Outside::Suspended, listed(Listed::Suspended)),
        (Outside::LicenceExpired, listed(Listed::Expired)),
        (Outside::OutOfScope, meant),
    ];
    for (code, count) in &record.table.exclusions {
        let known = policy.exclusions.iter().any(|rule| rule.code == *code)
            || own.iter().any(|(outside, possible)| *possible && outside.code() == *code);
        if !known || *count == 0 {
            let what = said!("compared.table_exclusion", "an exclusion of the table");
            let expected = said!(
                "expected.exclusion_code",
                "a code for which the policy can exclude, with at least one unit"
            );
            return differ(what, expected, Plain(format!("{code}: {count}")));
        }
    }
    Ok(())
}

/// In a number draw without rules of `certainties`, the cells marked certain are those that their size makes
/// so (Spec 5.6).
fn certain(record: &Record) -> Comparison {
    let policy = &record.policy;
    let (Design::Number { number }, true) = (&policy.design, policy.certainties.is_empty()) else {
        return Ok(());
    };
    // A table that is not sound fails `allocation`.
    let Ok(cells) = record.table.cells(policy) else { return Ok(()) };
    let mut marked = cells.clone();
    marked.iter_mut().for_each(|cell| cell.certain = false);
    mark_certain(&mut marked, *number);
    match cells.iter().zip(&marked).find(|(stated, own)| stated.certain != own.certain) {
        None => Ok(()),
        Some((stated, own)) => {
            let word = |certain: bool| match certain {
                true => said!("found.certain", "certain"),
                false => said!("found.not_certain", "not certain"),
            };
            differ(words::cell_of_size(&stated.path, stated.size), word(own.certain), word(stated.certain))
        }
    }
}

/// A unit that a rule names and that is shown stands in a certain cell: by a rule of `certainties`, or
/// because one of these came before the exclusion.
fn named_units(record: &Record) -> Comparison {
    let policy = &record.policy;
    let mut named: Vec<(&[Code], BTreeSet<&UnitId>, bool)> = Vec::new();
    for rule in &policy.certainties {
        if let CertaintyRule::Units(units) = &rule.rule {
            named.push((&rule.kinds, units.iter().collect(), true));
        }
    }
    for rule in &policy.exclusions {
        if let ExclusionRule::Units(units) = &rule.rule {
            named.push((&rule.kinds, units.iter().collect(), !policy.certainties.is_empty()));
        }
    }
    for (row, cell) in record.table.cells.iter().zip(&record.sample) {
        let kind = policy.shown(&row.path, Stratum::Kind);
        let of_kind = |kinds: &[Code]| {
            kinds.is_empty() || kind.is_some_and(|kind| kinds.iter().any(|own| own.as_str() == kind))
        };
        for pick in cell.picks.iter().chain(&cell.reserves) {
            let wrong = named.iter().find(|(kinds, units, may_be_certain)| {
                of_kind(kinds) && units.contains(&pick.id) && !(*may_be_certain && row.certain)
            });
            if wrong.is_some() {
                let what = said!("compared.named_unit", "unit {unit}", unit = pick.id);
                let expected = said!(
                    "expected.certain_or_exempt",
                    "certain or exempt, as a rule of the policy names it"
                );
                return differ(
                    what,
                    expected,
                    said!("found.drawn_in_cell", "drawn in cell {cell}", cell = row.path),
                );
            }
        }
    }
    Ok(())
}

/// What the policy says about paths and sizes.
struct TableTerms<'a> {
    policy: &'a Policy,
    /// The components that the strata of divisions have for each division that is meant.
    divisions: BTreeSet<Vec<String>>,
    /// What all signals add to a measure together.
    signals: u128,
}

impl<'a> TableTerms<'a> {
    fn new(policy: &'a Policy) -> Self {
        let meant = policy.population.as_ref().map_or(&[][..], |population| &population.divisions);
        let list = &policy.frame.divisions;
        let admitted =
            list.codes().filter(|own| meant.is_empty() || meant.iter().any(|area| list.covers(area, own)));
        let components = |division: &Division| {
            let of = |stratum: &Stratum| Some(list.at(division, stratum.area()?.depth()).to_string());
            policy.strata.iter().filter_map(of).collect::<Vec<String>>()
        };
        let signals = policy.signals.iter().map(|rule| u128::from(rule.add.get())).sum();
        Self { policy, divisions: admitted.map(components).collect(), signals }
    }

    /// A unit of the policy's vocabulary that is meant can have the path.
    fn path(&self, row: &CellRow) -> Comparison {
        let policy = self.policy;
        let population = policy.population.as_ref();
        let kinds = population.filter(|meant| !meant.kinds.is_empty()).map(|meant| &meant.kinds);
        let listed = |codes: &[Code], found: &str| codes.iter().any(|code| code.as_str() == found);
        let mut divisions = Vec::new();
        let mut known = row.path.node().depth() == 1 + policy.strata.len();
        for (stratum, found) in policy.strata.iter().zip(row.path.node().components().skip(1)) {
            known &= match stratum {
                Stratum::Area(_) => {
                    divisions.push(found.to_owned());
                    true
                }
                Stratum::Kind => {
                    listed(&policy.frame.kinds, found) && kinds.is_none_or(|kinds| listed(kinds, found))
                }
                Stratum::Risk => listed(&policy.frame.risk, found),
                Stratum::Credit => listed(&policy.frame.credit, found),
            };
        }
        if known && self.divisions.contains(&divisions) {
            return Ok(());
        }
        let expected =
            said!("expected.path_of_policy", "one of a unit of the policy's vocabulary that is meant");
        differ(said!("compared.cell_path", "the path of a cell"), expected, Plain(row.path.to_string()))
    }

    /// Units of a kind that a rule exempts are drawn only where a rule of `certainties` comes first.
    fn exempt_kind(&self, row: &CellRow) -> Comparison {
        let Some(kind) = self.policy.shown(&row.path, Stratum::Kind) else { return Ok(()) };
        let has = |kinds: &[Code]| kinds.iter().any(|own| own.as_str() == kind);
        let exempt = self.policy.exclusions.iter().any(|rule| match &rule.rule {
            ExclusionRule::Kinds(kinds) => has(kinds) && (rule.kinds.is_empty() || has(&rule.kinds)),
            ExclusionRule::Units(_)
            | ExclusionRule::VisitedWithinDays(_)
            | ExclusionRule::OpenedWithinDays(_)
            | ExclusionRule::VisitsAtLeast(_) => false,
        });
        if !exempt || (row.certain && !self.policy.certainties.is_empty()) {
            return Ok(());
        }
        let what = said!("compared.units_of_kind", "units of the kind {kind}", kind);
        let found = said!("found.in_cell", "cell {cell}", cell = row.path);
        differ(what, said!("expected.exempt", "exempt by a rule of the policy"), found)
    }

    /// The size is one that base and signals can give, where no bound, rating or schedule changes it.
    fn size(&self, row: &CellRow) -> Comparison {
        let policy = self.policy;
        let bounded = policy.coverage().minimum.get() > 0 || !policy.ratios.is_empty();
        let one = u128::from(ONE);
        let (least, most) = match &policy.design {
            _ if policy.rating.is_some() => return Ok(()),
            Design::Frequency {} => return Ok(()),
            Design::Rate { .. } if bounded => return Ok(()),
            Design::Rate { rate } => {
                let rate = u128::from(rate.get());
                let most = if policy.certainties.is_empty() { rate + self.signals } else { one };
                (rate.min(one), most.min(one))
            }
            Design::Number { .. } if policy.frequency.is_empty() => (one, one + self.signals),
            Design::Number { .. } => {
                let (risk, credit) =
                    (policy.shown(&row.path, Stratum::Risk), policy.shown(&row.path, Stratum::Credit));
                let own = policy.frequency.iter().filter(|entry| {
                    risk.is_none_or(|risk| entry.risk.as_str() == risk)
                        && credit.is_none_or(|credit| entry.credit.as_str() == credit)
                });
                let visits: Vec<u128> = own.map(|entry| u128::from(entry.visits.get())).collect();
                let (Some(least), Some(most)) = (visits.iter().min(), visits.iter().max()) else {
                    return Ok(());
                };
                (*least, most + self.signals)
            }
        };
        let size: u128 = row.size.parse().unwrap_or(u128::MAX);
        if (least..=most).contains(&size) {
            return Ok(());
        }
        let what = said!("compared.cell_size", "the size of cell {cell}", cell = row.path);
        let expected = words::from_to(least, most);
        differ(what, expected, Plain(row.size.clone()))
    }
}
