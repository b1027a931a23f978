//! The rules that policies and packs have in common, checked once for both (Spec 9.1, 20.1 and 23.1).

use super::Stratum;
use super::{
    Billionths, Certainty, CertaintyRule, Exclusion, ExclusionRule, Frequency, Guard, Outside, Ratio,
};
use crate::division::Divisions;
use crate::id::{Code, Division, UnitId, UnitIdForm};
use crate::message::said;
use crate::odds::ONE;
use crate::odds::slack::LARGEST_SLACK;
use crate::table::Field;
use std::collections::{BTreeMap, BTreeSet};

/// The largest count that a rule can ask for.
const MOST_COUNT: u64 = 999_999_999;

/// The words that the rules of a policy or pack may use.
pub(crate) struct Vocabulary<'a> {
    /// Credit levels, best first.
    pub(crate) credit: &'a [Code],
    /// The division list of the policy or pack; `None` for a pack without one, whose programmes have theirs.
    pub(crate) divisions: Option<&'a Divisions>,
    /// Which ids units have.
    pub(crate) ids: UnitIdForm,
    /// Kinds of units.
    pub(crate) kinds: &'a [Code],
    /// Signals that may lower a level.
    pub(crate) lowering: &'a [Code],
    /// Risk levels, lowest first.
    pub(crate) risk: &'a [Code],
    /// Signals, ladders and features; a policy lists none.
    pub(crate) signals: Option<&'a [Code]>,
}

/// Every id of a unit that a rule names has the form of the frame's ids.
pub(crate) fn check_named<'u>(at: &Field<'_>, ids: UnitIdForm, units: impl IntoIterator<Item = &'u UnitId>) {
    for unit in units {
        if let Err(error) = unit.has_form(ids) {
            at.note(said!("rule.unit_id", "{unit} {error}", error, unit));
        }
    }
}

/// Ids without check characters are of places whose divisions are no GB/T 2260.
pub(crate) fn check_ids(at: &Field<'_>, ids: UnitIdForm, divisions: &Divisions) {
    at.when(!ids.is_national() && divisions.of_digits(), || {
        said!(
            "policy.plain_ids",
            "is plain, and the divisions are of GB/T 2260: there a credit code that lost a character would pass \
             as the id of another unit"
        )
    });
}

impl Vocabulary<'_> {
    /// A rule about single units names some, each once.
    fn check_units(&self, at: &Field<'_>, units: &[UnitId]) {
        at.filled(units);
        at.unique(units);
        check_named(at, self.ids, units);
    }

    /// Every signal is of the vocabulary.
    pub(crate) fn check_signals<'c>(&self, at: &Field<'_>, signals: impl IntoIterator<Item = &'c Code>) {
        if let Some(vocabulary) = self.signals {
            at.known(signals, vocabulary, "the signals, ladders and features");
        }
    }

    /// Every count that a rule asks for is possible.
    pub(crate) fn check_counts(&self, at: &Field<'_>, counts: &BTreeMap<Code, u64>) {
        self.check_signals(at, counts.keys());
        at.when(counts.values().any(|count| !(1..=MOST_COUNT).contains(count)), || {
            said!("rule.count", "asks for a count that is not 1 to {most}", most = MOST_COUNT)
        });
    }

    /// A rule that raises does not ask for a signal that may lower.
    pub(crate) fn check_raising(&self, at: &Field<'_>, signal: &Code) {
        at.when(self.lowering.contains(signal), || {
            said!("rule.raising", "names {signal}, which may lower: less of it must not lower", signal)
        });
    }

    /// A rule that makes units certain.
    pub(crate) fn check_certainty(&self, at: &Field<'_>, certainty: &Certainty) {
        at.field("kinds").kinds(&certainty.kinds, self.kinds);
        if let CertaintyRule::Units(units) = &certainty.rule {
            self.check_units(&at.field("rule.units"), units);
        }
        if let CertaintyRule::Signal { at_least, signal } = &certainty.rule {
            let at = at.field("rule");
            self.check_signals(&at, [signal]);
            self.check_raising(&at, signal);
            let count = at.field("signal.at_least");
            count.when(*at_least == 0, || {
                said!("rule.holds_for_every_unit", "is 0: it would hold for every unit")
            });
        }
    }

    /// A rule that exempts units.
    pub(crate) fn check_exclusion(&self, at: &Field<'_>, exclusion: &Exclusion) {
        at.field("kinds").kinds(&exclusion.kinds, self.kinds);
        at.field("code").when(Outside::CODES.contains(&exclusion.code.as_str()), || {
            said!("rule.reserved_reason", "{code} is a reason of the protocol's own", code = exclusion.code)
        });
        let at = at.field("rule");
        match &exclusion.rule {
            ExclusionRule::Units(units) => self.check_units(&at.field("units"), units),
            ExclusionRule::Kinds(kinds) => {
                let at = at.field("kinds");
                at.filled(kinds);
                at.kinds(kinds, self.kinds);
            }
            ExclusionRule::VisitsAtLeast(least) => {
                at.when(*least == 0, || {
                    said!("rule.exempts_every_unit", "visits_at_least 0 would exempt every unit")
                });
            }
            ExclusionRule::VisitedWithinDays(_) | ExclusionRule::OpenedWithinDays(_) => {}
        }
    }

    /// Floors and ratios of a pack hold at levels that its division list has. In a policy they hold at
    /// strata, and there this is said of the strata.
    pub(crate) fn check_level(&self, at: &Field<'_>, level: Guard) {
        let Guard::Stratum(Stratum::Area(level)) = level else { return };
        if let Some(misfit) = self.divisions.and_then(|list| list.misfit(level)) {
            at.note(misfit);
        }
    }

    /// Bounds at the nodes of a level.
    pub(crate) fn check_ratio(&self, at: &Field<'_>, ratio: &Ratio) {
        let Ratio { all_below, least, max, min, .. } = ratio;
        at.when(!ratio.bounds(), || {
            said!("ratio.bounds_nothing", "bounds nothing: min, max, least and all_below are missing")
        });
        for (name, count) in [("all_below", all_below), ("least", least)] {
            count.iter().for_each(|count| at.field(name).in_range(*count, &(1..=1_000_000_000)));
        }
        for (name, share) in [("max", max), ("min", min)] {
            share.iter().for_each(|share| at.field(name).at_most(*share, Billionths::ONE));
        }
        if let Some((min, max)) = min.zip(*max) {
            at.field("min").when(min > max, || said!("ratio.crossed", "{min} is above max {max}", min, max));
        }
        let is = at.field("is");
        is.when(ratio.at == Guard::Total && !ratio.is.is_empty(), || {
            said!("ratio.total", "has no meaning at the total")
        });
        let areas = self.areas(ratio);
        for code in ratio.is.iter().filter(|code| !self.has_value(ratio.at, areas.as_ref(), code)) {
            is.note(said!(
                "ratio.value",
                "{code} is not among the values of its level: it would bound no unit",
                code
            ));
        }
        is.unique(&ratio.is);
    }

    /// The areas that a ratio can name; `None` where it names none, or its level means nothing in the list,
    /// which is said of the level once.
    fn areas(&self, ratio: &Ratio) -> Option<BTreeSet<Division>> {
        let Guard::Stratum(Stratum::Area(level)) = ratio.at else { return None };
        let list = self.divisions.filter(|list| !ratio.is.is_empty() && list.misfit(level).is_none())?;
        Some(list.areas(level.depth()))
    }

    /// Whether a code is a value of a level.
    fn has_value(&self, level: Guard, areas: Option<&BTreeSet<Division>>, code: &Code) -> bool {
        let Guard::Stratum(stratum) = level else { return true };
        match stratum {
            Stratum::Area(_) => {
                let named = || Division::parse(code.as_str());
                areas.is_none_or(|areas| named().is_ok_and(|named| areas.contains(&named)))
            }
            Stratum::Kind => self.kinds.contains(code),
            Stratum::Risk => self.risk.contains(code),
            Stratum::Credit => self.credit.contains(code),
        }
    }

    /// A frequency table: one entry for each pair of levels, and windows that hold a whole visit.
    pub(crate) fn check_frequencies(&self, at: &Field<'_>, table: &[Frequency]) {
        for risk in self.risk {
            for credit in self.credit {
                let entries = table.iter().filter(|entry| entry.risk == *risk && entry.credit == *credit);
                let count = entries.count();
                at.when(count != 1, || {
                    said!(
                        "frequency.entries",
                        "has {count} entries for risk {risk}, credit {credit}, not 1",
                        count,
                        risk,
                        credit
                    )
                });
            }
        }
        for (at, entry) in at.entries(table) {
            let Frequency { credit, cycles, risk, slack, visits } = entry;
            at.when(!self.risk.contains(risk) || !self.credit.contains(credit), || {
                said!(
                    "frequency.unknown_level",
                    "risk {risk}, credit {credit} is not of the frame's vocabulary",
                    risk,
                    credit
                )
            });
            self.check_slack(&at, *slack);
            let at = at.field("cycles");
            at.in_range(*cycles, &(1..=20));
            at.when((2..=20).contains(cycles) && visits.get() < ONE.div_ceil(*cycles), || {
                said!(
                    "frequency.cycles",
                    "{cycles} cycles of {visits} visits make no whole visit: no unit would be sure of one",
                    cycles,
                    visits
                )
            });
        }
    }

    /// The field `slack` of a rule.
    pub(crate) fn check_slack(&self, at: &Field<'_>, slack: Billionths) {
        at.field("slack").when(slack.get() > LARGEST_SLACK, || {
            said!("frequency.slack", "is {slack}: at most 5 visits", slack)
        });
    }

    /// The frequency does not fall where a level rises (Spec 20.1, step 3).
    pub(crate) fn check_falls(&self, at: &Field<'_>, table: &[Frequency]) {
        let visits = |risk: &Code, credit: &Code| {
            let entry = table.iter().find(|entry| entry.risk == *risk && entry.credit == *credit);
            entry.map(|entry| entry.visits)
        };
        let compare = |low: (&Code, &Code), high: (&Code, &Code)| {
            if let Some((a, b)) = visits(low.0, low.1).zip(visits(high.0, high.1)) {
                at.when(a > b, || {
                    said!(
                        "frequency.falls",
                        "falls from {a} at {low_risk}/{low_credit} to {b} at {high_risk}/{high_credit}",
                        a,
                        b,
                        low_risk = low.0,
                        low_credit = low.1,
                        high_risk = high.0,
                        high_credit = high.1
                    )
                });
            }
        };
        for credit in self.credit {
            self.risk.windows(2).for_each(|pair| compare((&pair[0], credit), (&pair[1], credit)));
        }
        for risk in self.risk {
            self.credit.windows(2).for_each(|pair| compare((risk, &pair[0]), (risk, &pair[1])));
        }
    }
}
