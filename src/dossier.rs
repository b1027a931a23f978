//! The dossier (信用档案): an append-only list of numbered entries about the conduct of units.
//!
//! Entries record complaints, hazards, points, lists, credit repair and the results of visits. By the rules
//! of a pack they give the signals of a unit on a day, which go into the frame that is sealed. No entry is
//! changed or deleted; an entry made by mistake is withdrawn. Spec 22.

use crate::bytes::{Digest, Document, JsonError, Label, Protocol, SaltKey, Suite, decode, encode};
use crate::calendar::Date;
use crate::id::{Code, UnitId};
use crate::message::{coded, said};
use crate::table::readable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most that a signal can count.
const MOST: u64 = 999_999_999;

/// The time for which a note counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Less than so many days before the day of the frame, 1 to 36 500.
    Days(u64),
    /// In the calendar year of the frame (记分周期).
    Year {},
}

impl Span {
    fn holds(self, date: Date, as_of: Date) -> bool {
        match self {
            Self::Days(days) => u64::try_from(as_of.days_since(date)).is_ok_and(|n| n < days),
            Self::Year {} => date.year() == as_of.year(),
        }
    }
}

/// The way in which a result counts (抽查检查结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultKind {
    /// Nothing was found: a step of a ladder can be earned.
    Pass,
    /// Something was found.
    Fail,
    /// Neither.
    Neutral,
    /// The visit could not be made: closed, not found …
    Unmade,
}

/// The rule of one signal, as dossiers know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalTerms {
    /// Whether it can be cleared: credit repair (信用修复), removal from a list.
    pub clearable: bool,
    /// The time for which its notes count; `None`: for good.
    pub window: Option<Span>,
}

/// The effects of one result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultTerms {
    /// The way in which it counts.
    pub kind: ResultKind,
    /// A signal that holds until a later pass.
    pub opens: Option<Code>,
    /// Notes that it makes.
    pub raises: BTreeMap<Code, u64>,
}

/// A ladder (adaptive regime): steps are earned by passes and lost by a failure (Spec 22.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderTerms {
    /// The step after a failure, if it is not lower already.
    pub fails_to: u64,
    /// The kinds that it concerns; empty: all.
    pub kinds: Vec<Code>,
    /// Passes in a row that lead from each step to the next; the last step has none.
    pub passes: Vec<u64>,
}

/// The terms of a rule pack for dossiers: its signals, results and ladders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DossierTerms {
    /// Ladders, by the code of the signal that tells the step.
    pub ladders: BTreeMap<Code, LadderTerms>,
    /// Results.
    pub results: BTreeMap<Code, ResultTerms>,
    /// Signals.
    pub signals: BTreeMap<Code, SignalTerms>,
}

impl DossierTerms {
    /// Whether dossiers keep a signal, so that no register states it.
    pub(crate) fn keeps(&self, signal: &Code) -> bool {
        self.signals.contains_key(signal) || self.ladders.contains_key(signal)
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "lowercase", deny_unknown_fields)]
pub enum DossierEntry {
    /// A fact, so many times, or so many points (不良执业行为记分).
    Noted {
        /// How many times or points, 1 to 999 999 999.
        count: u64,
        /// The day on which it became known.
        date: Date,
        /// Which signal.
        signal: Code,
        /// The file in which it is recorded.
        source: String,
        /// The unit.
        unit: UnitId,
    },
    /// Notes of a signal up to this day no longer count, because of credit repair (信用修复) or removal from a
    /// list (移出名单).
    Cleared {
        /// From which day.
        date: Date,
        /// Which signal.
        signal: Code,
        /// The decision.
        source: String,
        /// The unit.
        unit: UnitId,
    },
    /// The results of a visit.
    Result {
        /// The day of the visit.
        date: Date,
        /// Whether the visit came by lot: only then a pass counts for ladders.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        drawn: bool,
        /// Codes of the pack's results, ascending, at least one.
        results: Vec<Code>,
        /// The task and draw, or another reason for the visit.
        source: String,
        /// The unit.
        unit: UnitId,
    },
    /// An earlier entry was a mistake.
    Withdrawn {
        /// From which day.
        date: Date,
        /// The number of the entry, from 1.
        of: u64,
        /// The person who found the mistake, and the reason.
        source: String,
    },
}

impl DossierEntry {
    /// Its day.
    #[must_use]
    pub const fn date(&self) -> Date {
        match self {
            Self::Noted { date, .. }
            | Self::Cleared { date, .. }
            | Self::Result { date, .. }
            | Self::Withdrawn { date, .. } => *date,
        }
    }

    /// Where it comes from.
    #[must_use]
    pub const fn source(&self) -> &String {
        match self {
            Self::Noted { source, .. }
            | Self::Cleared { source, .. }
            | Self::Result { source, .. }
            | Self::Withdrawn { source, .. } => source,
        }
    }

    /// The unit that it is about; `None` for a withdrawal.
    #[must_use]
    pub const fn unit(&self) -> Option<&UnitId> {
        match self {
            Self::Noted { unit, .. } | Self::Cleared { unit, .. } | Self::Result { unit, .. } => Some(unit),
            Self::Withdrawn { .. } => None,
        }
    }
}

/// The reason why an entry is refused. The dossier does not change then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// A signal that the pack does not have.
    #[error("{signal} is no signal of the pack")]
    UnknownSignal {
        /// The signal.
        signal: Code,
    },
    /// A signal that cannot be cleared.
    #[error("{signal} cannot be cleared: the pack does not say that it is clearable")]
    NotClearable {
        /// The signal.
        signal: Code,
    },
    /// A result that the pack does not have.
    #[error("{result} is no result of the pack")]
    UnknownResult {
        /// The result.
        result: Code,
    },
    /// No results, or not ascending ones.
    #[error("results are missing, or do not ascend")]
    Results,
    /// A count that cannot be.
    #[error("{count} is no count of 1 to 999999999")]
    Count {
        /// The count.
        count: u64,
    },
    /// A source that is no text.
    #[error(
        "source is no text of 1 to 200 characters that are all seen: every entry names where it comes from"
    )]
    Source,
    /// A withdrawal of what cannot be withdrawn.
    #[error("entry {of} cannot be withdrawn: there is none, it is a withdrawal, or it is withdrawn already")]
    Withdrawal {
        /// The number.
        of: u64,
    },
}

coded! { EntryError {
    UnknownSignal { signal } => "entry.unknown_signal",
    NotClearable { signal } => "entry.not_clearable",
    UnknownResult { result } => "entry.unknown_result",
    Results {} => "entry.results",
    Count { count } => "entry.count",
    Source {} => "entry.source",
    Withdrawal { of } => "entry.withdrawal",
} }

/// Entries in the order in which they were entered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dossier {
    entries: Vec<DossierEntry>,
    /// Places of the entries of each unit, ascending.
    places: BTreeMap<UnitId, Vec<usize>>,
    /// By entry, the day from which it no longer counts because it was withdrawn.
    withdrawn: Vec<Option<Date>>,
}

/// The dossier as a file for auditors (Spec 22).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DossierFile {
    document: Document,
    entries: Vec<DossierEntry>,
    protocol: Protocol,
    salt_key: SaltKey,
}

#[derive(Serialize)]
struct SaltedEntries<'a> {
    entries: &'a [DossierEntry],
    salt: Digest,
}

impl Dossier {
    /// Enters entries one after the other, from the empty dossier.
    ///
    /// # Errors
    /// The position (from 0) and the reason of the first entry that is refused.
    pub fn replay(
        terms: &DossierTerms,
        entries: impl IntoIterator<Item = DossierEntry>,
    ) -> Result<Self, (usize, EntryError)> {
        let mut dossier = Self::default();
        for (position, entry) in entries.into_iter().enumerate() {
            dossier.enter(terms, entry).map_err(|error| (position, error))?;
        }
        Ok(dossier)
    }

    /// Enters one entry (Spec 22.1).
    ///
    /// # Errors
    /// The entry names a signal or result that the pack does not have, has no source, or withdraws an entry
    /// that cannot be withdrawn. The dossier does not change then.
    pub fn enter(&mut self, terms: &DossierTerms, entry: DossierEntry) -> Result<(), EntryError> {
        if !readable(entry.source()) {
            return Err(EntryError::Source);
        }
        let known = |signal: &Code| {
            terms.signals.get(signal).ok_or_else(|| EntryError::UnknownSignal { signal: signal.clone() })
        };
        match &entry {
            DossierEntry::Noted { count, signal, .. } => {
                known(signal)?;
                if !(1..=MOST).contains(count) {
                    return Err(EntryError::Count { count: *count });
                }
            }
            DossierEntry::Cleared { signal, .. } => {
                if !known(signal)?.clearable {
                    return Err(EntryError::NotClearable { signal: signal.clone() });
                }
            }
            DossierEntry::Result { results, .. } => {
                if results.is_empty() || !results.is_sorted_by(|a, b| a < b) {
                    return Err(EntryError::Results);
                }
                if let Some(result) = results.iter().find(|result| !terms.results.contains_key(result)) {
                    return Err(EntryError::UnknownResult { result: result.clone() });
                }
            }
            DossierEntry::Withdrawn { date, of, .. } => {
                let place = usize::try_from(*of).ok().and_then(|of| of.checked_sub(1));
                let known = place.filter(|place| {
                    let entry = self.entries.get(*place);
                    entry.is_some_and(|entry| entry.unit().is_some()) && self.withdrawn[*place].is_none()
                });
                let place = known.ok_or(EntryError::Withdrawal { of: *of })?;
                self.withdrawn[place] = Some(*date);
            }
        }
        if let Some(unit) = entry.unit() {
            self.places.entry(unit.clone()).or_default().push(self.entries.len());
        }
        self.entries.push(entry);
        self.withdrawn.push(None);
        Ok(())
    }

    /// The entries; the first is number 1.
    #[must_use]
    pub fn entries(&self) -> &[DossierEntry] {
        &self.entries
    }

    /// The entries that stand, each with its number: those that are no withdrawals and were never withdrawn,
    /// from whatever day.
    pub fn standing(&self) -> impl Iterator<Item = (u64, &DossierEntry)> {
        let all = (1..).zip(&self.entries).zip(&self.withdrawn);
        let stands = all.filter(|((_, entry), gone)| entry.unit().is_some() && gone.is_none());
        stands.map(|(numbered, _)| numbered)
    }

    /// The number of the last entry that stands and says exactly this.
    /// It looks at the entries of its unit only.
    #[must_use]
    pub fn find(&self, entry: &DossierEntry) -> Option<u64> {
        let mut places = self.places.get(entry.unit()?)?.iter().rev();
        let stands = |place: &&usize| self.withdrawn[**place].is_none() && self.entries[**place] == *entry;
        places.find(stands).and_then(|place| u64::try_from(place + 1).ok())
    }

    /// Whether this dossier begins with all entries of an earlier one, so that none was changed or left out
    /// since.
    #[must_use]
    pub fn extends(&self, earlier: &Self) -> bool {
        self.entries.starts_with(&earlier.entries)
    }

    /// The entries of a unit that count on a day, with their places, in the order of (date, number).
    fn counting(&self, unit: &UnitId, as_of: Date) -> Vec<(Order, &DossierEntry)> {
        let places = self.places.get(unit).map_or(&[][..], Vec::as_slice);
        let gone = |place: &usize| self.withdrawn[*place].is_some_and(|day| day <= as_of);
        let there = places.iter().filter(|place| !gone(place));
        let entries = there.map(|&place| ((self.entries[place].date(), place), &self.entries[place]));
        let mut counting: Vec<_> = entries.filter(|((date, _), _)| *date <= as_of).collect();
        counting.sort_by_key(|(order, _)| *order);
        counting
    }

    /// The signals of a unit on a day, those of ladders included; above zero (Spec 22.2).
    #[must_use]
    pub fn signals(
        &self,
        terms: &DossierTerms,
        unit: &UnitId,
        kind: &Code,
        as_of: Date,
    ) -> BTreeMap<Code, u64> {
        let mut notes: Vec<(&Code, Order, u64)> = Vec::new();
        let mut cleared: BTreeMap<&Code, Order> = BTreeMap::new();
        let mut visits: Vec<VisitResult<'_>> = Vec::new();
        for (order, entry) in self.counting(unit, as_of) {
            match entry {
                DossierEntry::Noted { count, signal, .. } => notes.push((signal, order, *count)),
                DossierEntry::Cleared { signal, .. } => {
                    cleared.insert(signal, order);
                }
                DossierEntry::Result { drawn, results, .. } => {
                    let results: Vec<_> = results.iter().filter_map(|r| terms.results.get(r)).collect();
                    let raised = results.iter().flat_map(|result| &result.raises);
                    notes.extend(raised.map(|(signal, count)| (signal, order, *count)));
                    visits.push(VisitResult { order, drawn: *drawn, results });
                }
                DossierEntry::Withdrawn { .. } => {}
            }
        }
        let stands = |signal: &Code, order: &Order| cleared.get(signal).is_none_or(|last| order > last);
        let mut signals: BTreeMap<Code, u64> = BTreeMap::new();
        for (signal, order, count) in notes {
            let window = terms.signals.get(signal).map(|terms| terms.window);
            let in_window =
                window.is_some_and(|window| window.is_none_or(|window| window.holds(order.0, as_of)));
            if in_window && stands(signal, &order) {
                let sum = signals.entry(signal.clone()).or_default();
                *sum = sum.saturating_add(count).min(MOST);
            }
        }
        let mut opening: Vec<&Code> = terms.results.values().filter_map(|r| r.opens.as_ref()).collect();
        opening.sort_unstable();
        opening.dedup();
        for signal in opening {
            let last = visits.iter().rev().find(|visit| visit.opens(signal) || visit.passes());
            if last.is_some_and(|visit| visit.opens(signal) && stands(signal, &visit.order)) {
                signals.entry(signal.clone()).or_insert(1);
            }
        }
        for (code, ladder) in &terms.ladders {
            let step = ladder.step(kind, &visits);
            if step > 0 {
                signals.insert(code.clone(), step);
            }
        }
        signals
    }

    /// The commitment to the dossier, salted like the cycle's (Spec 22).
    ///
    /// # Panics
    /// Never: counts are below 2⁵³.
    #[must_use]
    pub fn digest(&self, suite: Suite, key: &SaltKey) -> Digest {
        let salted = SaltedEntries { entries: &self.entries, salt: key.list(suite, "dossier") };
        suite.digest(Label::Dossier, &encode(&salted).expect("counts below 2^53"))
    }

    /// The file an auditor gets, canonical JSON.
    ///
    /// # Panics
    /// Never: counts are below 2⁵³.
    #[must_use]
    pub fn to_json(&self, key: &SaltKey) -> Vec<u8> {
        let file = DossierFile {
            document: Document::Dossier,
            entries: self.entries.clone(),
            protocol: Protocol,
            salt_key: key.clone(),
        };
        encode(&file).expect("counts below 2^53")
    }

    /// Reads an auditor's file against a pack's terms.
    ///
    /// # Errors
    /// The bytes are not the canonical file of a dossier, or an entry is refused.
    pub fn from_json(bytes: &[u8], terms: &DossierTerms) -> Result<(Self, SaltKey), JsonError> {
        let file: DossierFile = decode(bytes)?;
        file.document.expect(Document::Dossier)?;
        let refused = |(place, error): (usize, EntryError)| JsonError::Schema {
            message: said!("dossier.entry", "entry {number}: {error}", number = place + 1, error),
        };
        Ok((Self::replay(terms, file.entries).map_err(refused)?, file.salt_key))
    }
}

/// The order of entries: date, then place.
type Order = (Date, usize);

/// The results of a visit, by the pack's terms.
struct VisitResult<'a> {
    order: Order,
    drawn: bool,
    results: Vec<&'a ResultTerms>,
}

impl VisitResult<'_> {
    fn has(&self, kind: ResultKind) -> bool {
        self.results.iter().any(|result| result.kind == kind)
    }

    fn passes(&self) -> bool {
        self.has(ResultKind::Pass) && !self.has(ResultKind::Fail)
    }

    fn opens(&self, signal: &Code) -> bool {
        self.results.iter().any(|result| result.opens.as_ref() == Some(signal))
    }
}

impl LadderTerms {
    /// The step after these visits, in their order (Spec 22.3).
    fn step(&self, kind: &Code, visits: &[VisitResult<'_>]) -> u64 {
        if !self.kinds.is_empty() && !self.kinds.contains(kind) {
            return 0;
        }
        let (mut step, mut count) = (0, 0);
        for day in visits.chunk_by(|a, b| a.order.0 == b.order.0) {
            if day.iter().any(|visit| visit.has(ResultKind::Fail)) {
                (step, count) = (step.min(self.fails_to), 0);
            } else if day.iter().any(|visit| visit.drawn && visit.has(ResultKind::Pass)) {
                count = (count + 1).min(MOST);
                let needed = usize::try_from(step).ok().and_then(|step| self.passes.get(step));
                if needed.is_some_and(|needed| count >= *needed) {
                    (step, count) = (step + 1, 0);
                }
            }
        }
        step
    }
}
