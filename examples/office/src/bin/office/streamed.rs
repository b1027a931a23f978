//! Plan, seal and draw of a register that is read from the cursor of the database: neither its rows nor the frame are
//! ever in memory as a whole.
//!
//! The sealed frame stands in the database in pieces of the document that an auditor gets ([`Pieces`]). The draw
//! reads them four times: to count them again, to select, to verify what was selected, and for what the draw is to
//! the cycle. Seal, record and documents are the same bytes as from memory.
//!
//! The cycle, and what the draw is to it, the ledger still takes as a whole: docs/for-platforms.md has the figures.

use super::Run;
use super::desk::{Book, Office, edited, refuse};
use super::steps::{Foreseen, Made, cycle, verified};
use super::store::{Database, SqlCell, Value};
use super::together;
use super::words::Answer;
use super::{book, register};
use double_random::bytes::{Document, Protocol, SaltKey, encode};
use double_random::disclosure::{DrawnDocument, DrawnHead, DrawnRoot, DrawnRows, SaltedUnit, VisitsTree};
use double_random::dossier::Dossier;
use double_random::frame::UnitRow;
use double_random::register::SubmittedRegister;
use double_random::seal::{SealTerms, Secret};
use double_random::stream::{Census, Counted, CountedRegisters, RegisterCensus, SealedStream, StreamError};
use double_random::verify::{self, Evidence};
use double_random::{BeaconValue, Cycle, Frame, Policy, Record, Roster};
use double_random_office::say;
use double_random_support::files::Failure;
use double_random_support::screen;
use serde_json::json;
use std::collections::BTreeSet;

/// A register with more institutions is read from the cursor. In memory it would take about 3.5 kB for each.
pub const MOST_IN_MEMORY: u64 = 100_000;

/// Rows that are read at a time, and that a piece of a frame has: those of the first stretch, and the most. Each
/// stretch has twice the rows of the one before, so that small registers, too, stand in pieces.
const STRETCH: [usize; 2] = [64, 16_384];

/// Whether the frame of a policy is read from the cursor: if it is asked for, or has more rows than memory is to
/// hold.
pub fn is_wanted(database: &mut Database, policy: &Policy, asked: bool) -> Result<bool, Failure> {
    if policy.above.is_some() {
        if asked {
            return refuse(say!(
                "office.stream.teams",
                "--stream: a draw of teams takes the institutions that were handed down, and reads no register"
            ));
        }
        return Ok(false);
    }
    let rows = database.one("SELECT COUNT(*) FROM units", &[])?.map_or(0, |cell| cell.int());
    Ok(asked || u64::try_from(rows)? > MOST_IN_MEMORY)
}

/// The register in stretches of rows, ascending by id.
fn stretches(
    database: &mut Database,
    mut each: impl FnMut(&mut Database, Vec<UnitRow>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let order = database.order();
    let (mut last, mut number, [mut most, all]) = (String::new(), 0, STRETCH);
    loop {
        let sql =
            format!("SELECT id, content FROM units WHERE id {order} > ?1 ORDER BY id {order} LIMIT {most}");
        let mut rows: Vec<UnitRow> = Vec::with_capacity(most);
        let mut wrong = None;
        let after = std::mem::take(&mut last);
        database.query(&sql, &[Value::Text(&after)], &mut |row| {
            let mut cells = row.into_iter().map(SqlCell::text);
            let (Some(id), Some(text)) = (cells.next(), cells.next()) else { return };
            match serde_json::from_str::<UnitRow>(&text) {
                Ok(mut row) => {
                    number += 1;
                    row.row = number;
                    rows.push(row);
                }
                Err(error) => wrong = wrong.take().or(Some(register::unreadable(error))),
            }
            last = id;
        })?;
        if let Some(error) = wrong {
            return Err(error.into());
        }
        let read = rows.len();
        if read > 0 {
            each(database, rows)?;
        }
        if read < most {
            return Ok(());
        }
        most = all.min(2 * most);
    }
}

/// Counts the register under a policy, and gives each stretch of its frame to `each`. Registers of lower offices must
/// be what it was put together from.
fn counted(
    database: &mut Database,
    office: &Office,
    policy: &Policy,
    (cycle, key): (&Cycle, &SaltKey),
    handed_in: Option<&[SubmittedRegister]>,
    mut each: impl FnMut(&mut Database, &Frame) -> Result<(), Failure>,
) -> Result<(Counted, Option<CountedRegisters>), Failure> {
    let dossier: Option<Dossier> = office.dossier(database)?;
    let mut census = Census::new(policy.clone(), cycle.clone(), key.clone())?;
    let of_register = |one: &SubmittedRegister| (one.register.clone(), one.salt_key.clone());
    let registers = |given: &[SubmittedRegister]| {
        let made = RegisterCensus::new(policy.clone(), given.iter().map(of_register).collect(), key);
        fitting(made)
    };
    let mut registers = handed_in.map(registers).transpose()?;
    let mut number = 0;
    let mut refused = None;
    stretches(database, |database, rows| {
        if refused.is_some() {
            return Ok(());
        }
        match office.frame_with(dossier.as_ref(), policy, rows) {
            Ok(frame) => {
                for unit in frame.units() {
                    number += 1;
                    let row = UnitRow::of(number, unit);
                    registers.iter_mut().for_each(|registers| registers.add(row.clone()));
                    census.add(row);
                }
                each(database, &frame)
            }
            Err(error) => {
                refused = Some(error);
                Ok(())
            }
        }
    })?;
    if let Some(error) = refused {
        // All problems of the register at once, as far as they are listed.
        office.frame(database, policy)?;
        return Err(error);
    }
    let registers = registers.map(|registers| fitting(registers.finish())).transpose()?;
    Ok((census.finish()?, registers))
}

/// Says of registers that do not fit what is to be done.
fn fitting<T>(found: Result<T, StreamError>) -> Result<T, Failure> {
    found.or_else(|error| match error {
        StreamError::Registers(problems) => together::do_not_fit(&problems),
        error => Err(error.into()),
    })
}

/// The frame of a draw, kept as pieces of its document, which are cut between rows.
struct Pieces<'a> {
    book: &'a Book,
    name: (u64, u64),
    number: u64,
    /// The piece that waits for the next one or for the end.
    waiting: Option<Vec<u8>>,
}

/// What stands before the rows of the document of a frame, and after them.
const ROWS: &[u8] = b"\"units\":[";
const END: &[u8] = b"]}";

/// The place behind the beginning of the document of a frame.
fn begins(bytes: &[u8]) -> Option<usize> {
    bytes.windows(ROWS.len()).position(|part| part == ROWS).map(|place| place + ROWS.len())
}

impl Pieces<'_> {
    fn add(&mut self, database: &mut Database, frame: &Frame, key: &SaltKey) -> Result<(), Failure> {
        let mut bytes = frame.to_json(key);
        bytes.truncate(bytes.len().saturating_sub(END.len()));
        match self.waiting.take() {
            None => self.waiting = Some(bytes),
            Some(before) if frame.units().is_empty() => self.waiting = Some(before),
            Some(before) => {
                let begin = begins(&bytes).ok_or("the document of a frame")?;
                let empty = begins(&before) == Some(before.len());
                if empty {
                    self.waiting = Some(bytes);
                    return Ok(());
                }
                self.put(database, &before)?;
                self.waiting = Some([b",", bytes.get(begin..).unwrap_or_default()].concat());
            }
        }
        Ok(())
    }

    fn put(&mut self, database: &mut Database, bytes: &[u8]) -> Result<(), Failure> {
        self.book.keep(database, self.name, &book::piece_title("frame", self.number), bytes)?;
        self.number += 1;
        Ok(())
    }

    fn end(mut self, database: &mut Database) -> Result<(), Failure> {
        if let Some(mut last) = self.waiting.take() {
            last.extend_from_slice(END);
            self.put(database, &last)?;
        }
        Ok(())
    }
}

/// The rows of a sealed frame, piece by piece.
struct SealedRows<'a> {
    database: &'a mut Database,
    book: &'a Book,
    name: (u64, u64),
    beginning: Vec<u8>,
    /// The number of the next piece, and its bytes, if there is one.
    next: (u64, Option<Vec<u8>>),
    row: u64,
    rows: std::vec::IntoIter<UnitRow>,
    key: Option<SaltKey>,
    failed: Option<Failure>,
}

impl<'a> SealedRows<'a> {
    fn new(database: &'a mut Database, book: &'a Book, name: (u64, u64)) -> Result<Self, Failure> {
        let first = book::piece(database, &book.scope, name, "frame", 0)?;
        let begin = first.as_deref().and_then(begins).unwrap_or(0);
        let beginning = first.as_deref().and_then(|bytes| bytes.get(..begin)).unwrap_or_default().to_vec();
        let (rows, key, failed) = (Vec::new().into_iter(), None, None);
        let mut read = Self { database, book, name, beginning, next: (0, first), row: 0, rows, key, failed };
        read.piece()?;
        Ok(read)
    }

    fn edited<T>(&self) -> Result<T, Failure> {
        edited(&say!("office.what.frame", "the frame"), self.name)
    }

    /// Reads the next piece; `false` if there is none.
    fn piece(&mut self) -> Result<bool, Failure> {
        let (number, Some(bytes)) = (self.next.0, self.next.1.take()) else { return Ok(false) };
        let following = book::piece(self.database, &self.book.scope, self.name, "frame", number + 1)?;
        let mut bytes = match number {
            0 => bytes,
            _ => {
                let Some(rows) = bytes.strip_prefix(b",") else { return self.edited() };
                [&self.beginning, rows].concat()
            }
        };
        if following.is_some() {
            bytes.extend_from_slice(END);
        }
        let Ok((frame, key)) = Frame::from_json(&bytes) else { return self.edited() };
        self.next = (number + 1, following);
        self.key = Some(key);
        let rows = frame.units().iter().zip(self.row + 1..).map(|(unit, row)| UnitRow::of(row, unit));
        let rows: Vec<UnitRow> = rows.collect();
        self.row += u64::try_from(rows.len())?;
        self.rows = rows.into_iter();
        Ok(true)
    }

    /// Refuses what could not be read.
    fn end(self) -> Result<(), Failure> {
        self.failed.map_or(Ok(()), Err)
    }
}

impl Iterator for SealedRows<'_> {
    type Item = UnitRow;

    fn next(&mut self) -> Option<UnitRow> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(row);
            }
            match self.piece() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.failed = Some(error);
                    return None;
                }
            }
        }
    }
}

/// What is foreseen of the next draw without the plan of each institution.
pub fn foreseen(
    run: &Run,
    database: &mut Database,
    office: &Office,
    book: &Book,
    policy: Policy,
) -> Result<Foreseen, Failure> {
    let spin = run.screen.spinner(run.screen.word("office.plan.running"));
    let roster = office.roster(database, &policy, book)?;
    // Nothing is sealed, so the key is of no account.
    let key = SaltKey::new([0; 32]);
    let given = together::handed_in(database, book, &policy)?;
    let (counted, _) =
        counted(database, office, &policy, (cycle(book)?, &key), given.as_deref(), |_, _| Ok(()))?;
    spin.finish_and_clear();
    let units = counted.frame().size;
    let json = json!({
        "units": units, "excluded": counted.exclusions(), "officers": roster.inspectors().len(),
        "streamed": true, "warnings": [],
    });
    let text = screen::counted(&counted, &roster, run.screen.lang);
    Ok(Foreseen { policy, text, json })
}

/// Counts the register, seals it, and keeps the frame.
pub fn seal(
    database: &mut Database,
    office: &Office,
    book: &Book,
    policy: &Policy,
    terms: SealTerms,
    handed_in: Option<&[SubmittedRegister]>,
) -> Result<(SealedStream, Roster), Failure> {
    let roster = office.roster(database, policy, book)?;
    let name = (terms.sequence, terms.attempt);
    let mut pieces = Pieces { book, name, number: 0, waiting: None };
    let key = terms.salt_key.clone();
    let keep = |database: &mut Database, frame: &Frame| pieces.add(database, frame, &key);
    let (counted, registers) = counted(database, office, policy, (cycle(book)?, &key), handed_in, keep)?;
    pieces.end(database)?;
    let sealed = match &registers {
        Some(registers) => counted.seal_assembled(roster.clone(), terms, registers)?,
        None => counted.seal(roster.clone(), terms)?,
    };
    Ok((sealed, roster))
}

/// The sealed frame counted again, with each of its rows for `each`; it must give the published seal.
fn reopened(
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
    each: impl FnMut(&UnitRow),
) -> Result<(SealedStream, Roster, SaltKey), Failure> {
    let seal = book.seal(name)?.clone();
    if book.document(database, name, "seal")? != seal.to_json() {
        return edited(&say!("office.what.seal", "the seal"), name);
    }
    let policy = Policy::from_json(std::str::from_utf8(&book.document(database, name, "policy")?)?)?;
    let (roster, _) = Roster::from_json(&book.document(database, name, "roster")?)?;
    let (cycle, _) = Cycle::from_json(&book.document(database, name, "cycle")?)?;
    let secret = book::document(database, &book.scope, name, "secret")?;
    let secret = secret.map(|bytes| serde_json::from_slice::<Secret>(&bytes)).transpose()?;
    let mut rows = SealedRows::new(database, book, name)?;
    let Some(key) = rows.key.clone() else { return rows.edited() };
    let mut census = Census::new(policy, cycle, key.clone())?;
    census.extend(rows.by_ref().inspect(each));
    rows.end()?;
    let sealed = census.finish()?.reopen(&seal, roster.clone(), secret)?;
    Ok((sealed, roster, key))
}

/// The same; what cannot be read any more was as surely changed as what gives another seal.
fn sealed(
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
    each: impl FnMut(&UnitRow),
) -> Result<(SealedStream, Roster, SaltKey), Failure> {
    reopened(database, book, name, each).map_err(|error| book::edited_seal(name, error))
}

/// Whether the frame of a draw is read row by row: it stands in pieces, or has more rows than memory is to hold.
pub fn is_large(database: &mut Database, book: &Book, name: (u64, u64)) -> Result<bool, Failure> {
    let large = book.seal(name)?.frame.size > MOST_IN_MEMORY;
    Ok(large || book::piece(database, &book.scope, name, "frame", 1)?.is_some())
}

/// The table of cells that follows from what was sealed.
pub fn table(database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Vec<u8>, Failure> {
    let (sealed, ..) = sealed(database, book, name, |_| {})?;
    Ok(encode(&sealed.counted().table())?)
}

/// The kept frame of a draw; of one larger than memory, the institutions that the draw names.
pub fn frame(database: &mut Database, book: &Book, name: (u64, u64)) -> Result<Frame, Failure> {
    if is_large(database, book, name)? {
        return Ok(named(database, book, name)?.0);
    }
    Ok(Frame::from_json(&book.document(database, name, "frame")?)?.0)
}

/// The institutions of a sealed frame that its record and its replacements name, with roster and policy. They give the
/// published seal.
pub fn named(
    database: &mut Database,
    book: &Book,
    name: (u64, u64),
) -> Result<(Frame, Roster, Policy), Failure> {
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    if let Some(attempt) = book.state().attempt(name.0, name.1) {
        wanted.extend(attempt.stand_ins().iter().map(ToString::to_string));
        if attempt.record().is_some() {
            let cells = book.record(database, name)?.sample;
            let picks = cells.iter().flat_map(|cell| cell.picks.iter().chain(&cell.reserves));
            wanted.extend(picks.map(|pick| pick.id.to_string()));
        }
    }
    let mut found: Vec<UnitRow> = Vec::new();
    let (sealed, roster, _) = sealed(database, book, name, |row| {
        if wanted.contains(&row.id) {
            found.push(row.clone());
        }
    })?;
    let policy = sealed.counted().policy().clone();
    let frame = Frame::new(found, &policy.frame, policy.as_of)?;
    Ok((frame, roster, policy))
}

/// Draws from the sealed frame, verifies the record against it, and keeps both.
pub fn draw(
    run: &Run,
    database: &mut Database,
    book: &mut Book,
    name: (u64, u64),
    values: &[BeaconValue],
) -> Result<Answer, Failure> {
    let screen = run.screen;
    let spin = screen.spinner(screen.word("office.draw.running"));
    let (sealed, roster, key) = sealed(database, book, name, |_| {})?;
    let mut draw = sealed.draw(values)?;
    let mut rows = SealedRows::new(database, book, name)?;
    draw.extend(&mut rows);
    rows.end()?;
    let sample = draw.finish()?;
    let record = sample.record();
    let mut units: Vec<SaltedUnit> = Vec::new();
    let mut rows = SealedRows::new(database, book, name)?;
    let head = sealed.drawn_rows(&sample, &mut rows, |row| -> Result<(), Failure> {
        units.push(row);
        Ok(())
    });
    rows.end()?;
    let head = head?;
    let suite = sealed.seal().suite;
    let drawn = head.digest(suite);
    let DrawnHead { drawn: DrawnRoot { as_of, draw, share, .. }, salt } = head;
    let rows = DrawnRows { as_of, draw, share, units };
    let document = DrawnDocument { document: Document::Drawn, drawn: rows, protocol: Protocol, salt };
    // The sample of the replay is not to stand beside it.
    drop(sample);
    spin.set_message(screen.word("office.verify.running"));
    // What is kept has been read back and replayed first.
    let bytes = record.to_json();
    let again = Record::from_json(&bytes)?;
    let evidence = Evidence {
        seal: Some(sealed.seal().clone()),
        beacon: Some(values.to_vec()),
        frame: None,
        roster: Some((roster, key.clone())),
        cycle: None,
        registers: None,
    };
    let mut replay = sealed.counted().replay(&again);
    let mut rows = SealedRows::new(database, book, name)?;
    replay.extend(&mut rows);
    rows.end()?;
    let report = verify::streamed(&again, &evidence, replay.finish()?);
    drop((again, evidence));
    verified(&report)?;
    spin.set_message(screen.word("office.draw.storing"));
    let visits = VisitsTree::new(sealed.seal(), &key, &record.teams.visits)?.commitment();
    // The state of the year and what was drawn are in memory from here on, the frame no longer.
    drop(sealed);
    let made = Made { record: &record, bytes: &bytes, values, visits };
    made.store(run, database, book, name, (document, drawn))?;
    let said = made.said(book, name, screen::recorded(&record, screen.lang), report.verdict(), screen.lang);
    drop((record, bytes));
    // Later commands go on from here, and do not read again what was drawn.
    book.keep_present(database)?;
    spin.finish_and_clear();
    Ok(said)
}
