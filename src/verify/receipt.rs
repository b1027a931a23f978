//! One institution's own check: its receipt and its outcome against what was published, without any other row
//! (Spec 15.4).

use super::checks::{self, PublishedElsewhere, sealed_policy, secret, sound_cells, timing};
use super::names::ReceiptCheck;
use super::report::{Comparison, Draft, NotRun, Outcome, Report, Verdict, differ, differs, same, written};
use super::words;
use crate::beacon::{self, BeaconValue};
use crate::bytes::Digest;
use crate::lot::Key;
use crate::lot::allocation::allocate;
use crate::lot::tickets::Tickets;
use crate::message::{Coded as _, Message, Plain, said};
use crate::odds::cells::Cell;
use crate::plan::{CellTable, scale};
use crate::policy::Policy;
use crate::receipt::{Fate, Receipt, UnitOutcome};
use crate::record::Record;
use crate::sample::{CellSample, Pick};
use crate::seal::{self, Seal, Secret};
use std::fmt;

/// What was published of a draw, as the institution obtained it elsewhere. Each part is optional.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublishedDraw<'a> {
    /// The seal.
    pub seal: Option<&'a Seal>,
    /// The record. Policy, table, sample and secret are taken from it where they are not given; the values
    /// are not, because a record holds whatever values its author wrote into it.
    pub record: Option<&'a Record>,
    /// The policy.
    pub policy: Option<&'a Policy>,
    /// The cell table.
    pub table: Option<&'a CellTable>,
    /// The sample of the record: picks, first reserves and cutoff of each cell.
    pub sample: Option<&'a [CellSample]>,
    /// The beacon's values.
    pub values: Option<&'a [BeaconValue]>,
    /// The revealed secret of deferred disclosure.
    pub secret: Option<&'a Secret>,
}

impl PublishedDraw<'_> {
    /// The same with the parts that the record holds.
    fn with_record(self) -> Self {
        let Some(record) = self.record else { return self };
        Self {
            policy: self.policy.or(Some(&record.policy)),
            table: self.table.or(Some(&record.table)),
            sample: self.sample.or(Some(&record.sample)),
            secret: self.secret.or(record.secret.as_ref()),
            ..self
        }
    }

    /// The public checks of the record, with the published seal and values (Spec 15.4, `record`).
    fn holds(&self, record: &Record) -> Comparison {
        let published = PublishedElsewhere { seal: self.seal, values: self.values };
        let failed = checks::record(record, published, |_| ()).failed();
        if !failed.is_empty() {
            let expected =
                said!("expected.holding_record", "one that holds with the published seal and values");
            return differ(words::record(), expected, words::checks(&failed));
        }
        let word = |same: bool| match same {
            true => said!("expected.of_record", "that of the record"),
            false => words::another(),
        };
        let other = |what, same: bool| self::same(what, word(true), word(same));
        other(words::policy(), self.policy.is_none_or(|policy| *policy == record.policy))?;
        other(words::cell_table(), self.table.is_none_or(|table| *table == record.table))?;
        other(
            said!("compared.sample", "the sample"),
            self.sample.is_none_or(|sample| *sample == record.sample),
        )
    }
}

impl ReceiptCheck {
    /// What is established where it passes.
    #[must_use]
    pub fn established(self) -> Message {
        match self {
            Self::Seal => said!("established.seal", "this receipt belongs to the published seal"),
            Self::Row => said!(
                "established.row",
                "the row, exactly as printed here, stood on the frame when it was sealed, with this pseudonym"
            ),
            Self::Policy => said!("established.policy", "the rules shown are the sealed ones"),
            Self::Timing => {
                said!("established.timing", "by its own dates, the seal is older than every source of chance")
            }
            Self::Table => said!("established.table", "the cell table shown is the sealed one"),
            Self::Seed => said!(
                "established.seed",
                "the seed follows from the seal and the published values, and leaves nothing to choose"
            ),
            Self::Cell => said!("established.cell", "the row belongs to the strata of its cell"),
            Self::Ticket => {
                said!("established.ticket", "the ticket follows from the seed and the sealed pseudonym alone")
            }
            Self::Count => said!(
                "established.count",
                "the number of picks of the cell follows from the table and the seed"
            ),
            Self::Fate => said!("established.fate", "picked or not is what ticket and cutoff say"),
            Self::Listed => said!(
                "established.listed",
                "the cutoff is the published one, and the published lists say the same of this unit"
            ),
            Self::Record => said!(
                "established.record",
                "the record agrees with itself, with the published seal and the published values"
            ),
        }
    }
}

/// The limits of every receipt.
fn always_open() -> [Message; 4] {
    [
        said!(
            "open.ticket",
            "that no smaller ticket of the cell was passed over, and that the probability of the cell is \
             right: the record and the auditor's files show it"
        ),
        said!(
            "open.levels",
            "that the levels in the row are right, and whether the institution was inspected before in this \
             cycle"
        ),
        said!("open.frame", "that no institution stands on the frame twice, or is missing"),
        said!(
            "open.seal",
            "that the seal was published before the values were known, and that it is the only one: \
             the ledger and its witnesses show it"
        ),
    ]
}

/// The report of [`receipt`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptReport {
    checks: Report<ReceiptCheck>,
    /// Whether there was an outcome to check.
    has_outcome: bool,
}

impl ReceiptReport {
    /// The checks in order with their outcomes.
    pub fn checks(&self) -> impl Iterator<Item = (ReceiptCheck, &Outcome)> {
        self.checks.checks()
    }

    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: a report holds every check.
    #[must_use]
    pub fn outcome(&self, check: ReceiptCheck) -> &Outcome {
        self.checks.outcome(check)
    }

    /// The checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<ReceiptCheck> {
        self.checks.failed()
    }

    /// What the report amounts to (the table of Spec 13). A receipt without an outcome is confirmed by the
    /// published seal: its row was sealed. An outcome is confirmed only if every check passed, and so only
    /// where `verify` confirms the record with the same seal and values. An exclusion is never confirmed,
    /// because only frame and cycle show it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let sealed = [ReceiptCheck::Seal, ReceiptCheck::Row];
        let needed = if self.has_outcome { &ReceiptCheck::ALL[..] } else { &sealed[..] };
        self.checks.amounts_to(|report| needed.iter().all(|check| report.passed(*check)))
    }

    /// What was established.
    pub fn established(&self) -> impl Iterator<Item = Message> {
        self.checks().filter(|(_, o)| **o == Outcome::Pass).map(|(check, _)| check.established())
    }

    /// What was not established: the checks that lacked a document, and the limits of every receipt.
    pub fn open(&self) -> impl Iterator<Item = Message> {
        let not_run = self.checks().filter(|(_, o)| matches!(o, Outcome::NotRun { .. }));
        not_run.map(|(check, _)| check.established()).chain(always_open())
    }

    /// The lines of the report, each with its code and its values.
    #[must_use]
    pub fn lines(&self) -> Vec<Message> {
        let line = |words: Message| said!("report.item", "  {words}", words);
        let mut lines = self.checks.messages();
        lines.push(said!("report.established", "established:"));
        lines.extend(self.established().map(line));
        lines.push(said!("report.not_established", "not established:"));
        lines.extend(self.open().map(line));
        lines.push(match self.failed().is_empty() {
            true => said!("report.receipt_holds", "nothing contradicts the receipt"),
            false => said!("report.receipt_refuted", "REFUTED"),
        });
        lines
    }
}

impl fmt::Display for ReceiptReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        written(f, &self.lines())
    }
}

/// Checks many receipts of one draw. The published documents are checked once, so that a receipt takes
/// microseconds, however large the draw.
#[derive(Debug)]
pub struct ReceiptChecker<'a> {
    published: PublishedDraw<'a>,
    /// Digest of the seal.
    seal: Option<Digest>,
    /// What does not depend on the receipt: outcomes of `policy`, `timing`, `table`.
    common: Draft<ReceiptCheck>,
    /// The cells of a sound table under a sound policy.
    cells: Option<Result<Vec<Cell>, Message>>,
    /// The seed that follows from seal, values and secret; `None` where one of them is not known.
    seed: Option<Result<Digest, Message>>,
    /// Picks of each cell under that seed.
    counts: Vec<u64>,
}

impl<'a> ReceiptChecker<'a> {
    /// Checks what was published.
    #[must_use]
    pub fn new(published: &PublishedDraw<'a>) -> Self {
        let given = published;
        let published = published.with_record();
        let PublishedDraw { seal, policy, table, values, secret: opened, .. } = published;
        let digest = seal.map(Seal::digest);
        let mut common = Draft::new();
        let because = if seal.is_none() { NotRun::Seal } else { NotRun::Policy };
        let rules = seal.zip(policy);
        common.run_if(ReceiptCheck::Policy, rules, because, |(seal, policy)| sealed_policy(seal, policy));
        common.run_if(ReceiptCheck::Timing, rules, because, |(seal, policy)| timing(seal, policy));
        let because = if seal.is_none() { NotRun::Seal } else { NotRun::CellTable };
        common.run_if(ReceiptCheck::Table, seal.zip(table), because, |(seal, table)| {
            same(words::table_digest(), seal.cells, table.digest(seal.suite))
        });
        let record = given.record.map(|record| given.holds(record));
        // A record that nothing from elsewhere was held against can be refuted, and shows nothing.
        let because = match (given.record, seal, values) {
            (None, ..) => NotRun::NoRecord,
            (_, None, _) => NotRun::Seal,
            _ => NotRun::BeaconValues,
        };
        let shown = record.filter(|record| record.is_err() || (seal.is_some() && values.is_some()));
        common.run_if(ReceiptCheck::Record, shown, because, |record| record);
        let sound = policy.zip(table);
        let cells = sound.map(|(policy, table)| sound_cells(table, policy));
        let hidden = seal.is_some_and(Seal::is_deferred) && opened.is_none();
        let seed = seal.zip(digest).zip(values).filter(|_| !hidden).map(|((seal, digest), values)| {
            if let Err(error) = beacon::check(seal.suite, &seal.beacon, values) {
                return Err(differs(words::values(), words::beacon_values(), error.message()));
            }
            secret(seal, opened)?;
            Ok(seal::seed(seal.suite, &digest, values, opened))
        });
        let mut receipts = Self { published, seal: digest, common, cells, seed, counts: Vec::new() };
        if let Some(Ok(seed)) = receipts.seed {
            receipts.counts = receipts.allocate(&seed);
        }
        receipts
    }

    /// Picks of each cell under a seed; empty without a sound table.
    fn allocate(&self, seed: &Digest) -> Vec<u64> {
        match (&self.cells, self.published.policy) {
            (Some(Ok(cells)), Some(policy)) => {
                allocate(cells, scale(&policy.design, cells), &Key::new(policy.suite, *seed))
            }
            _ => Vec::new(),
        }
    }

    /// Checks one institution's receipt, and its outcome where it has one.
    #[must_use]
    pub fn check(&self, receipt: &Receipt, outcome: Option<&UnitOutcome>) -> ReceiptReport {
        let PublishedDraw { seal, policy, table, sample, values, .. } = self.published;
        let mut report = self.common.clone();
        report.run_if(ReceiptCheck::Seal, self.seal, NotRun::Seal, |digest| {
            same(said!("compared.receipt_seal", "the receipt's seal"), digest, receipt.seal)?;
            let what = || said!("compared.outcome_seal", "the outcome's seal");
            outcome.map_or(Ok(()), |outcome| same(what(), digest, outcome.seal))
        });
        report.run_if(ReceiptCheck::Row, seal, NotRun::Seal, |seal| {
            if receipt.is_in(seal) {
                return Ok(());
            }
            let (rows, pseudonyms) = (&seal.frame.root, &seal.frame.pseudonyms);
            let expected =
                said!("expected.to_roots", "to the roots {rows} and {pseudonyms}", rows, pseudonyms);
            let what = said!("compared.receipt_paths", "the paths of row and pseudonym");
            differ(what, expected, said!("found.somewhere_else", "somewhere else"))
        });
        let because = match (seal, values) {
            (None, _) => NotRun::Seal,
            (_, None) => NotRun::BeaconValues,
            _ if self.seed.is_none() => NotRun::Secret,
            _ => NotRun::NoOutcome,
        };
        report.run_if(ReceiptCheck::Seed, self.seed.as_ref().zip(outcome), because, |(seed, outcome)| {
            same(words::seed(), seed.clone()?, outcome.seed)
        });
        let Some(outcome) = outcome else {
            report.skip_rest(NotRun::NoOutcome);
            return ReceiptReport { checks: report.finish(), has_outcome: false };
        };
        let seed = |record: &Record| same(words::seed(), record.seed, outcome.seed);
        if let Some(Err(other)) = self.published.record.map(seed) {
            report.run(ReceiptCheck::Record, Err(other));
        }
        let because = if policy.is_none() { NotRun::Policy } else { NotRun::CellTable };
        let sealed = self.cells.as_ref().and(policy.zip(table));
        report.run_if(ReceiptCheck::Cell, sealed, because, |(policy, table)| {
            cell(receipt, outcome, policy, table)
        });
        report
            .run_if(ReceiptCheck::Listed, sample, NotRun::Sample, |sample| listed(receipt, outcome, sample));
        let suite = policy.map(|policy| policy.suite).or(seal.map(|seal| seal.suite));
        let (Fate::Picked { ticket, .. } | Fate::Reserve { ticket, .. }) = &outcome.fate else {
            report.skip_rest(NotRun::Excluded);
            return ReceiptReport { checks: report.finish(), has_outcome: true };
        };
        report.run_if(ReceiptCheck::Ticket, suite, NotRun::Seal, |suite| {
            let tickets = Tickets::new(&Key::new(suite, outcome.seed));
            same(
                said!("compared.ticket", "the ticket"),
                tickets.ticket(&receipt.pseudonym.pseudonym),
                *ticket,
            )
        });
        report.run_if(ReceiptCheck::Count, self.cells.as_ref(), because, |cells| {
            let CellPlace { count, picks, cutoff, .. } = self.place(outcome, cells)?;
            let word = |some: bool| match some {
                true => said!("found.cutoff", "a cutoff"),
                false => said!("found.no_cutoff", "no cutoff"),
            };
            same(words::cell(), word(picks > 0), word(cutoff.is_some()))?;
            if picks <= count {
                Ok(())
            } else {
                differ(said!("compared.cell_picks", "picks of the cell"), words::at_most(count), picks)
            }
        });
        report.run_if(ReceiptCheck::Fate, self.cells.as_ref(), because, |cells| {
            let CellPlace { count, picks, cutoff, place } = self.place(outcome, cells)?;
            let word = |picked: bool| match picked {
                true => words::picked(),
                false => said!("found.reserve", "a reserve"),
            };
            same(words::unit(), word(cutoff.is_some_and(|cutoff| *ticket <= cutoff)), word(place.is_none()))?;
            let last = count.saturating_sub(picks);
            match place.filter(|place| !(1..=last).contains(place)) {
                Some(place) => {
                    let expected = said!("expected.one_to", "1 to {most}", most = last);
                    differ(words::reserve_place(), expected, place)
                }
                None => Ok(()),
            }
        });
        ReceiptReport { checks: report.finish(), has_outcome: true }
    }

    /// Where the unit stands by its outcome.
    fn place(&self, outcome: &UnitOutcome, cells: &Result<Vec<Cell>, Message>) -> Result<CellPlace, Message> {
        let (cell, cutoff, place) = match &outcome.fate {
            Fate::Picked { cell, cutoff, .. } => (*cell, Some(*cutoff), None),
            Fate::Reserve { cell, cutoff, place, .. } => (*cell, *cutoff, Some(*place)),
            Fate::Excluded { .. } => (u64::MAX, None, None),
        };
        let cells = cells.as_ref().map_err(Clone::clone)?;
        let number = usize::try_from(cell).ok().filter(|cell| *cell < cells.len());
        let Some(number) = number else {
            return Err(differs(words::cell(), words::one_of(cells.len()), cell));
        };
        let known = matches!(&self.seed, Some(Ok(seed)) if *seed == outcome.seed);
        let picks = if known { self.counts[number] } else { self.allocate(&outcome.seed)[number] };
        Ok(CellPlace { count: cells[number].count, picks, cutoff, place })
    }
}

/// Units and picks of an outcome's cell, its cutoff, and the unit's place among the reserves.
struct CellPlace {
    count: u64,
    picks: u64,
    cutoff: Option<Digest>,
    place: Option<u64>,
}

/// Checks one institution's receipt, and its outcome where it has one, against what was published. For many
/// receipts of one draw, see [`ReceiptChecker`].
#[must_use]
pub fn receipt(
    receipt: &Receipt,
    outcome: Option<&UnitOutcome>,
    published: &PublishedDraw<'_>,
) -> ReceiptReport {
    ReceiptChecker::new(published).check(receipt, outcome)
}

/// The published lists say the same of the unit.
fn listed(receipt: &Receipt, outcome: &UnitOutcome, sample: &[CellSample]) -> Comparison {
    let own = sample.iter().flat_map(CellSample::shown).find(|pick| pick.id == outcome.unit);
    own.map_or(Ok(()), |own| {
        same(said!("compared.pseudonym", "the pseudonym"), receipt.pseudonym.pseudonym, own.pseudonym)
    })?;
    let holds = |picks: &[Pick]| picks.iter().position(|pick| pick.id == outcome.unit);
    let (cell, found, place) = match &outcome.fate {
        Fate::Picked { cell, cutoff, .. } => (*cell, Some(*cutoff), None),
        Fate::Reserve { cell, cutoff, place, .. } => (*cell, *cutoff, Some(*place)),
        Fate::Excluded { .. } => {
            let there = sample.iter().any(|cell| holds(&cell.picks).or(holds(&cell.reserves)).is_some());
            let word = |listed: bool| match listed {
                true => said!("found.listed", "listed"),
                false => said!("found.not_listed", "not listed"),
            };
            return same(said!("compared.excluded_unit", "an excluded unit"), word(false), word(there));
        }
    };
    let Some(cell) = usize::try_from(cell).ok().and_then(|cell| sample.get(cell)) else {
        return differ(words::cell(), words::one_of(sample.len()), cell);
    };
    same(said!("compared.cutoff", "the cutoff"), cell.cutoff, found)?;
    let word = |picked: bool| match picked {
        true => words::picked(),
        false => said!("found.not_picked", "not picked"),
    };
    same(words::unit(), word(holds(&cell.picks).is_some()), word(place.is_none()))?;
    let Some(place) = place else { return Ok(()) };
    // A record names the first reserves only: who comes later is not among them.
    let shown = u64::try_from(cell.reserves.len()).unwrap_or(u64::MAX);
    let listed = holds(&cell.reserves).and_then(|place| u64::try_from(place + 1).ok());
    same(words::reserve_place(), listed, Some(place).filter(|place| *place <= shown))
}

/// The cell of an outcome is one for this row; an exclusion is one that the table counts.
fn cell(receipt: &Receipt, outcome: &UnitOutcome, policy: &Policy, table: &CellTable) -> Comparison {
    same(words::unit(), &receipt.row.unit.id, &outcome.unit)?;
    let cell = match &outcome.fate {
        Fate::Picked { cell, .. } | Fate::Reserve { cell, .. } => *cell,
        Fate::Excluded { code } if table.exclusions.contains_key(code) => return Ok(()),
        Fate::Excluded { code } => {
            let expected = said!("expected.counted_exclusion", "one that the table counts");
            return differ(said!("compared.exclusion", "the exclusion"), expected, code);
        }
    };
    let Some(row) = usize::try_from(cell).ok().and_then(|cell| table.cells.get(cell)) else {
        return differ(words::cell(), words::one_of(table.cells.len()), cell);
    };
    let path = policy.path(&receipt.row.unit);
    let found = Plain(row.path.node().strata().as_str().to_owned());
    same(said!("compared.cell_strata", "the strata of the cell"), Plain(path.as_str().to_owned()), found)
}
