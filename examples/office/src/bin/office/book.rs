//! A ledger of the office with what belongs to it.
//!
//! A command goes on from what was kept of the ledger beside its lines, and reads only the lines after that, and
//! single ones by what they are about. What is kept is a convenience: where it does not fit its lines, or an
//! entry looks back, all lines are folded from nothing, as `office verify` does.

use super::desk::refuse;
use super::store::{Database, SqlCell, StoreError, Value, about};
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::calendar::Instant;
use double_random::disclosure::DrawnDocument;
use double_random::id::{Code, UnitId};
use double_random::ledger::{
    self, Attempt, ClosedContent, Content, Continued, Correction, Entry, Ledger, LedgerError, Line, Present,
    State, VoidReason,
};
use double_random::message::{Coded, Message};
use double_random::seal::{Seal, Sealed, Secret};
use double_random::{Cycle, Frame, Policy, Record, Roster};
use double_random_office::values::Several;
use double_random_office::{catalogue, say};
use double_random_support::files::Failure;
use std::collections::BTreeMap;

/// The lines after what is kept from which on the first entry of a command keeps it anew.
const FEW: usize = 16;
/// The same within a command: folding so many lines costs less than keeping it more often.
const MANY: usize = 1024;

/// What a query for single lines selects: their numbers, the lines, and those that follow them; empty if none does.
const HELD: &str = "SELECT ledger.number, ledger.line, COALESCE((SELECT later.line FROM ledger later WHERE \
                    later.scope = ledger.scope AND later.number = ledger.number + 1), '')";

/// One ledger with what belongs to it, as it stands.
pub struct Book {
    /// Its scope.
    pub scope: Code,
    /// The task of the programme.
    pub task: Option<Code>,
    kept: Continued,
    /// The lines after those that what is kept stands on.
    behind: usize,
    most: usize,
    /// The salt keys of draws whose entries are closed, as far as they were read.
    keys: BTreeMap<(u64, u64), SaltKey>,
    /// Why what was kept is made anew, if it is.
    pub remade: Option<Message>,
}

/// What the lines say of one entry about an institution.
pub struct SaidOf {
    /// The number of the entry.
    pub number: u64,
    /// What it said when it was made.
    pub entered: Content,
    /// The same as amended.
    pub now: Correction,
}

/// The name of a draw with a document.
type Drawn = BTreeMap<(u64, u64), DrawnDocument>;

/// Reads what was drawn in these lines.
fn drawn_in(database: &mut Database, scope: &Code, lines: &[Line]) -> Result<Drawn, Failure> {
    let mut drawn = BTreeMap::new();
    for line in lines {
        if let Content::Drawn { attempt, draw, .. } = line.entry().entry
            && let Some(bytes) = document(database, scope, (draw, attempt), "drawn")?
        {
            let document = DrawnDocument::from_json(&bytes);
            let document = document.map_err(|error| {
                StoreError::Edited(say!(
                    "office.edited.drawn",
                    "what was drawn for {scope}: {rule}",
                    rule = error,
                    scope
                ))
            })?;
            drawn.insert((draw, attempt), document);
        }
    }
    Ok(drawn)
}

/// The title under which the content of a closed line is kept.
fn content_title(number: u64) -> String {
    format!("content {number:012}")
}

/// The contents of the closed lines of one attempt, as they are told: rows.
pub fn contents(database: &mut Database, scope: &Code, name: (u64, u64)) -> Result<Vec<u8>, Failure> {
    let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
    let values = [Value::Text(scope.as_str()), Value::Int(draw), Value::Int(attempt)];
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND draw = ?2 AND attempt = ?3 \
               AND name LIKE 'content %' ORDER BY name";
    let mut rows = Vec::new();
    for cell in database.rows(sql, &values)?.into_iter().flatten() {
        rows.extend(cell.bytes());
        rows.push(b'\n');
    }
    Ok(rows)
}

/// How many lines are closed of one attempt.
pub fn closed_lines(database: &mut Database, scope: &Code, name: (u64, u64)) -> Result<i64, Failure> {
    let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
    let values = [Value::Text(scope.as_str()), Value::Int(draw), Value::Int(attempt)];
    let sql = "SELECT COUNT(*) FROM documents WHERE scope = ?1 AND draw = ?2 AND attempt = ?3 \
               AND name LIKE 'content %'";
    Ok(database.one(sql, &values)?.map_or(0, |cell| cell.int()))
}

/// Lines with what the closed ones hide, which the office keeps.
fn told(
    database: &mut Database,
    scope: &Code,
    suite: Suite,
    mut lines: Vec<Line>,
) -> Result<Vec<Line>, Failure> {
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND draw = ?2 AND name = ?3";
    for line in &mut lines {
        let Content::Closed { draw, .. } = line.entry().entry else { continue };
        let number = line.entry().number;
        let title = content_title(number);
        let values = [Value::Text(scope.as_str()), Value::Int(i64::try_from(draw)?), Value::Text(&title)];
        let kept = database.one(sql, &values)?.map(SqlCell::bytes).ok_or_else(|| {
            StoreError::Edited(say!(
                "office.edited.hidden_gone",
                "what line {number} of {scope} hides is not in the database",
                number,
                scope
            ))
        })?;
        let content = ClosedContent::from_row(&kept).ok();
        let lost = || {
            StoreError::Edited(say!(
                "office.edited.hidden",
                "what line {number} of {scope} hides is not what it says",
                number,
                scope
            ))
        };
        *line = content.and_then(|content| line.told(&content, suite)).ok_or_else(lost)?;
    }
    Ok(lines)
}

impl Book {
    /// Goes on from what was kept of a ledger; where there is nothing of use, folds all lines.
    pub fn load(database: &mut Database, scope: Code, task: Option<Code>) -> Result<Self, Failure> {
        match Self::continued(database, &scope)? {
            Some(Ok(kept)) => {
                let behind = kept.lines().len();
                Ok(Self { behind, ..Self::of(scope, task, kept) })
            }
            Some(Err(why)) => {
                let book = WholeBook::load(database, scope, task)?.book;
                Ok(Self { behind: usize::MAX, remade: Some(why), ..book })
            }
            None => Ok(WholeBook::load(database, scope, task)?.book),
        }
    }

    const fn of(scope: Code, task: Option<Code>, kept: Continued) -> Self {
        Self { scope, task, kept, behind: 0, most: FEW, keys: BTreeMap::new(), remade: None }
    }

    /// What was kept, with the lines after it; why it is of no use; nothing if nothing was kept.
    fn continued(
        database: &mut Database,
        scope: &Code,
    ) -> Result<Option<Result<Continued, Message>>, Failure> {
        let sql = "SELECT size, digest, content FROM kept WHERE scope = ?1";
        let Some(row) = database.rows(sql, &[Value::Text(scope.as_str())])?.into_iter().next() else {
            return Ok(None);
        };
        let [size, digest, content] = <[_; 3]>::try_from(row).map_err(|_| "a row of three columns")?;
        let (size, digest, content) = (size.int(), digest.text(), content.bytes());
        if Suite::Sha256.file(&content).to_string() != digest {
            return Ok(Some(Err(say!("office.kept.changed", "it was changed by another hand"))));
        }
        let edited_ledger = |error: &dyn Coded| StoreError::Edited(no_ledger(scope, error));
        let mut lines: Vec<(i64, Vec<u8>)> = Vec::new();
        let sql = "SELECT number, line FROM ledger WHERE scope = ?1 AND number >= ?2 ORDER BY number";
        database.query(sql, &[Value::Text(scope.as_str()), Value::Int(size)], &mut |row| {
            let mut cells = row.into_iter();
            if let (Some(number), Some(line)) = (cells.next(), cells.next()) {
                lines.push((number.int(), line.bytes()));
            }
        })?;
        let Some((number, line)) = lines.first() else {
            return Ok(Some(Err(say!(
                "office.kept.fewer",
                "it stands on entry {size}, and the ledger has fewer",
                size
            ))));
        };
        if *number != size {
            return Ok(Some(Err(say!(
                "office.kept.none",
                "it stands on entry {size}, which the ledger has not",
                size
            ))));
        }
        let later: Vec<u8> = lines.iter().skip(1).flat_map(|(_, line)| [line, &b"\n"[..]].concat()).collect();
        let later = ledger::read(&later).map_err(|error| edited_ledger(&error))?;
        let kept = match Continued::new(&content, line) {
            Ok(kept) => kept,
            Err(error) => return Ok(Some(Err(error.message()))),
        };
        // As long as the state of a year is, it is not held twice.
        drop(content);
        let later = told(database, scope, kept.present().suite(), later)?;
        let drawn = drawn_in(database, scope, &later)?;
        let found = kept.follow(later, |draw, attempt| drawn.get(&(draw, attempt)));
        // The ledger passes over a document that is not its own, and then no longer knows its year. The fold of all
        // lines names the document.
        Ok(Some(match found {
            Ok(kept) if kept.present().cycle().is_none() => {
                Err(say!("office.kept.no_year", "it does not know the state of the year"))
            }
            found => found.map_err(|error| error.message()),
        }))
    }

    /// Keeps what stands now.
    pub fn keep_present(&mut self, database: &mut Database) -> Result<(), Failure> {
        let content = self.kept.present().to_json()?;
        let digest = Suite::Sha256.file(&content).to_string();
        database.execute("DELETE FROM kept WHERE scope = ?1", &[Value::Text(self.scope.as_str())])?;
        let values = [
            Value::Text(self.scope.as_str()),
            Value::Int(i64::try_from(self.state().size())?),
            Value::Text(&digest),
            Value::Bytes(&content),
        ];
        let sql = "INSERT INTO kept (scope, size, digest, content) VALUES (?1, ?2, ?3, ?4)";
        database.execute(sql, &values)?;
        self.behind = 0;
        Ok(())
    }

    /// The same once enough lines follow what was kept.
    fn keep_at_times(&mut self, database: &mut Database) -> Result<(), Failure> {
        if self.behind >= self.most {
            self.keep_present(database)?;
        }
        self.most = MANY;
        Ok(())
    }

    /// Appends an entry to the ledger and stores its line, in the transaction that is open. One that looks back
    /// needs a [`WholeBook`].
    pub fn enter(
        &mut self,
        database: &mut Database,
        at: Instant,
        actor: &Code,
        content: Content,
        drawn: Option<&DrawnDocument>,
    ) -> Result<u64, Failure> {
        if let Some(words) = super::clock::behind(&self.scope, self.state(), at) {
            return refuse(words);
        }
        self.keep_at_times(database)?;
        let line = match self.closing(database, &content)? {
            None => self.kept.append(at, actor.clone(), content, drawn)?.clone(),
            Some(Closing { draw, salt }) => {
                let line = self.kept.append_closed(at, actor.clone(), content, salt)?.clone();
                self.keep_content(database, draw, &line)?;
                line
            }
        };
        self.behind = self.behind.saturating_add(1);
        self.store(database, &line)
    }

    /// Keeps what a closed line hides.
    fn keep_content(&self, database: &mut Database, name: (u64, u64), line: &Line) -> Result<(), Failure> {
        let told = line.content().ok_or("the content of a closed line")?;
        self.keep(database, name, &content_title(told.number), &told.row()?)
    }

    /// Stores a line that is new.
    pub fn store(&self, database: &mut Database, line: &Line) -> Result<u64, Failure> {
        let number = line.entry().number;
        let text = std::str::from_utf8(line.bytes())?;
        let values =
            [Value::Text(self.scope.as_str()), Value::Int(i64::try_from(number)?), Value::Text(text)];
        database.execute("INSERT INTO ledger (scope, number, line) VALUES (?1, ?2, ?3)", &values)?;
        about::note(database, self.scope.as_str(), number, &line.entry().entry)?;
        Ok(number)
    }

    /// What stands now.
    pub const fn state(&self) -> &Present {
        self.kept.present()
    }

    /// One entry, as it was made.
    pub fn entry(&self, database: &mut Database, number: u64) -> Result<Option<Entry>, Failure> {
        let values = [Value::Text(self.scope.as_str()), Value::Int(i64::try_from(number)?)];
        let sql = format!("{HELD} FROM ledger WHERE scope = ?1 AND number = ?2");
        Ok(self.of_lines(database, &sql, &values)?.pop())
    }

    /// The entries about one thing after another entry, in order.
    pub fn entries(
        &self,
        database: &mut Database,
        about: &about::Thing<'_>,
        after: u64,
    ) -> Result<Vec<Entry>, Failure> {
        let thing = about.to_string();
        let values =
            [Value::Text(self.scope.as_str()), Value::Text(&thing), Value::Int(i64::try_from(after)?)];
        let sql = format!(
            "{HELD} FROM about JOIN ledger ON ledger.scope = about.scope AND ledger.number = about.number WHERE \
             about.scope = ?1 AND about.thing = ?2 AND about.number > ?3 ORDER BY about.number"
        );
        self.of_lines(database, &sql, &values)
    }

    /// The entries of the lines that a query gives, with what closed ones hide. No fold has read these lines, so each
    /// is held against the line that follows it, the last against what stands.
    fn of_lines(
        &self,
        database: &mut Database,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Entry>, Failure> {
        let (mut text, mut held): (Vec<u8>, Vec<(i64, Vec<u8>)>) = (Vec::new(), Vec::new());
        for row in database.rows(sql, values)? {
            let [number, line, later] = <[_; 3]>::try_from(row).map_err(|_| "a row of three columns")?;
            text.extend(line.bytes());
            text.push(b'\n');
            held.push((number.int(), later.bytes()));
        }
        let lines =
            ledger::read(&text).map_err(|error| StoreError::Edited(no_ledger(&self.scope, &error)))?;
        let fits = |line: &Line, number: i64, later: &[u8]| {
            i64::try_from(line.entry().number) == Ok(number) && self.holds(line, later)
        };
        let wrong = lines.iter().zip(&held).filter(|(line, (number, later))| !fits(line, *number, later));
        let wrong: Vec<i64> = wrong.map(|(_, (number, _))| *number).collect();
        if lines.len() != held.len() || !wrong.is_empty() {
            let error = say!(
                "office.edited.line",
                "line {line} of {scope} is not what the next line names",
                line = Several::new(wrong),
                scope = self.scope
            );
            return Err(StoreError::Edited(error).into());
        }
        let lines = told(database, &self.scope, self.state().suite(), lines)?;
        Ok(lines.into_iter().map(|line| line.entry().clone()).collect())
    }

    /// Whether a line is the one on which the line after it stands; the last line, on which the ledger stands.
    fn holds(&self, line: &Line, later: &[u8]) -> bool {
        let named = if later.is_empty() {
            Some(self.state().head()).filter(|_| line.entry().number == self.state().size())
        } else {
            serde_json::from_slice::<Follows>(later).ok().map(|later| later.previous)
        };
        named == Some(line.digest(self.state().suite()))
    }

    /// What happened at an institution, by entry, as amended.
    pub fn at_unit(&self, database: &mut Database, unit: &UnitId) -> Result<Vec<SaidOf>, Failure> {
        let mut said: Vec<SaidOf> = Vec::new();
        for Entry { number, entry: entered, .. } in self.entries(database, &about::Thing::Unit(unit), 0)? {
            let now = match &entered {
                Content::Visited(visited) => Correction::Visited(visited.clone()),
                Content::Missed(missed) => Correction::Missed(missed.clone()),
                Content::Inspected(inspected) => Correction::Inspected(inspected.clone()),
                Content::Amended { amends, entry, .. } => {
                    if let Some(known) = said.iter_mut().find(|known| known.number == *amends) {
                        known.now = entry.clone();
                    }
                    continue;
                }
                _ => continue,
            };
            said.push(SaidOf { number, entered, now });
        }
        Ok(said)
    }

    /// The draw whose visits go: the one that is named, or the last one that is drawn and stands.
    pub fn standing(&self, draw: Option<u64>) -> Result<&Attempt, Failure> {
        let stands = |attempt: &&Attempt| {
            attempt.record().is_some() && matches!(attempt.void(), None | Some(VoidReason::NotRevealed))
        };
        let attempts = self.state().attempts();
        let mut wanted =
            attempts.iter().rev().filter(|attempt| draw.is_none_or(|draw| attempt.name().0 == draw));
        if attempts.is_empty() {
            return nothing_sealed();
        }
        match (wanted.find(stands), draw) {
            (Some(found), _) => Ok(found),
            (None, Some(draw)) => refuse(say!(
                "office.draw.no_visits",
                "draw {draw} is not drawn, or void: it has no visits",
                draw
            )),
            (None, None) => refuse(say!(
                "office.draw.none",
                "the draw is not drawn yet, or void, and none before it stands: office status says what comes next"
            )),
        }
    }

    /// The latest attempt at a draw, or of the last draw.
    pub fn attempt(&self, draw: Option<u64>) -> Result<&Attempt, Failure> {
        let found = match draw {
            Some(draw) => self.state().latest(draw),
            None => self.state().attempts().last(),
        };
        match (found, draw) {
            (Some(found), _) => Ok(found),
            (None, Some(draw)) => refuse(say!("office.draw.not_sealed", "draw {draw} is not sealed", draw)),
            (None, None) => nothing_sealed(),
        }
    }

    /// The same as [`standing`](Self::standing), with its record in the database.
    pub fn recorded(&self, database: &mut Database, draw: Option<u64>) -> Result<&Attempt, Failure> {
        let attempt = self.standing(draw)?;
        self.document(database, attempt.name(), "record")?;
        Ok(attempt)
    }

    /// Keeps a document of an attempt.
    pub fn keep(
        &self,
        database: &mut Database,
        name: (u64, u64),
        title: &str,
        content: &[u8],
    ) -> Result<(), Failure> {
        let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
        let values = [
            Value::Text(self.scope.as_str()),
            Value::Int(draw),
            Value::Int(attempt),
            Value::Text(title),
            Value::Bytes(content),
        ];
        let sql = "INSERT INTO documents (scope, draw, attempt, name, content) VALUES (?1, ?2, ?3, ?4, ?5)";
        database.execute(sql, &values)?;
        Ok(())
    }

    /// A document of an attempt that must be there.
    pub fn document(
        &self,
        database: &mut Database,
        name: (u64, u64),
        title: &str,
    ) -> Result<Vec<u8>, Failure> {
        let found = document(database, &self.scope, name, title)?;
        let missing = || {
            StoreError::Edited(say!(
                "office.edited.gone",
                "{title} of draw {draw}.{attempt} is not in the database",
                attempt = name.1,
                draw = name.0,
                title
            ))
        };
        Ok(found.ok_or_else(missing)?)
    }

    /// The sealed plan again, from what was sealed; it must give the published seal.
    pub fn sealed(&self, database: &mut Database, name: (u64, u64)) -> Result<Sealed, Failure> {
        self.seal_again(database, name).map_err(|error| edited_seal(name, error))
    }

    fn seal_again(&self, database: &mut Database, name: (u64, u64)) -> Result<Sealed, Failure> {
        let seal = self.seal(name)?.clone();
        if self.document(database, name, "seal")? != seal.to_json() {
            return edited(&say!("office.what.seal", "the seal"), name);
        }
        let policy = Policy::from_json(std::str::from_utf8(&self.document(database, name, "policy")?)?)?;
        let frame = Frame::from_json(&self.document(database, name, "frame")?)?;
        let roster = Roster::from_json(&self.document(database, name, "roster")?)?;
        let cycle = Cycle::from_json(&self.document(database, name, "cycle")?)?;
        let secret = document(database, &self.scope, name, "secret")?;
        let secret = secret.map(|bytes| serde_json::from_slice::<Secret>(&bytes)).transpose()?;
        Ok(Sealed::reopen(&seal, policy, frame, roster, cycle, secret)?)
    }

    /// Whether anything was sealed.
    pub fn has_begun(&self) -> bool {
        !self.state().attempts().is_empty()
    }

    /// Whether a cycle of the ledger was closed: the year, where a programme gives its draws.
    pub fn is_closed(&self) -> bool {
        !self.state().journal().closings.is_empty()
    }

    /// Whether an attempt is the last of the ledger; a command about another names its draw, `--draw`.
    pub fn is_last(&self, name: (u64, u64)) -> bool {
        self.state().attempts().last().is_some_and(|last| last.name() == name)
    }

    /// The seal of an attempt as the ledger has it.
    pub fn seal(&self, name: (u64, u64)) -> Result<&Seal, Failure> {
        let found = self.state().attempt(name.0, name.1);
        Ok(found
            .ok_or_else(|| {
                say!(
                    "office.draw.attempt_not_sealed",
                    "draw {draw}.{attempt} is not sealed",
                    draw = name.0,
                    attempt = name.1
                )
            })?
            .seal())
    }

    /// The record of a draw: the one that the ledger names, or none.
    pub fn record(&self, database: &mut Database, name: (u64, u64)) -> Result<Record, Failure> {
        let record = Record::from_json(&self.document(database, name, "record")?);
        let named = self.state().attempt(name.0, name.1).and_then(Attempt::record);
        match record {
            Ok(record) if named == Some(record.digest()) && named == Some(record.compute_digest()) => {
                Ok(record)
            }
            _ => edited(&say!("office.what.record", "the record"), name),
        }
    }

    /// The salt key of a draw.
    pub fn salt_key(&self, database: &mut Database, name: (u64, u64)) -> Result<SaltKey, Failure> {
        let roster: HasKey = serde_json::from_slice(&self.document(database, name, "roster")?)?;
        Ok(roster.salt_key)
    }

    /// What the entry is closed with; none for an entry that stands open.
    fn closing(&mut self, database: &mut Database, content: &Content) -> Result<Option<Closing>, Failure> {
        let of_draw = content.about_visits().and_then(|(draw, _)| self.kept.present().latest(draw));
        let Some(attempt) = of_draw.filter(|attempt| attempt.is_closing()) else { return Ok(None) };
        let draw = attempt.name();
        let key = match self.keys.get(&draw) {
            Some(key) => key,
            None => {
                let key = self.salt_key(database, draw)?;
                self.keys.entry(draw).or_insert(key)
            }
        };
        let salt = ledger::closing_salt(key, attempt.seal(), self.kept.present().size() + 1);
        Ok(Some(Closing { draw, salt }))
    }
}

/// Says that there is no draw yet.
fn nothing_sealed<T>() -> Result<T, Failure> {
    refuse(say!("office.draw.nothing_sealed", "nothing is sealed yet: office plan, then office seal"))
}

/// A line, as far as it says on which line it stands.
#[derive(serde::Deserialize)]
struct Follows {
    previous: Digest,
}

/// What an entry is closed with that tells of the visits of a draw that is not disclosed (Spec 17.7).
struct Closing {
    /// Number and attempt of the draw.
    draw: (u64, u64),
    /// Salt of the content.
    salt: Digest,
}

/// A file of an auditor, as far as its salt key goes.
#[derive(serde::Deserialize)]
struct HasKey {
    salt_key: SaltKey,
}

/// A ledger with all its lines, folded from nothing: for what publishes, corrects or counts them.
pub struct WholeBook {
    book: Book,
    ledger: Ledger,
}

impl std::ops::Deref for WholeBook {
    type Target = Book;

    fn deref(&self) -> &Book {
        &self.book
    }
}

impl WholeBook {
    /// A ledger that is new: its lines are stored.
    pub fn begin(
        database: &mut Database,
        scope: Code,
        task: Option<Code>,
        ledger: Ledger,
    ) -> Result<Self, Failure> {
        let kept = Continued::of(&ledger);
        let book = Book { behind: ledger.lines().len(), ..Book::of(scope, task, kept) };
        ledger.lines().iter().try_for_each(|line| book.store(database, line).map(|_| ()))?;
        Ok(Self { book, ledger })
    }

    /// Reads all lines and folds them.
    pub fn load(database: &mut Database, scope: Code, task: Option<Code>) -> Result<Self, Failure> {
        let mut text: Vec<u8> = Vec::new();
        let sql = "SELECT line FROM ledger WHERE scope = ?1 ORDER BY number";
        database.query(sql, &[Value::Text(scope.as_str())], &mut |row| {
            for cell in row {
                text.extend(cell.bytes());
                text.push(b'\n');
            }
        })?;
        let opening = document(database, &scope, (0, 0), "cycle")?;
        let opening = opening.map(|bytes| Cycle::from_json(&bytes)).transpose()?;
        let edited_ledger = |error: LedgerError| StoreError::Edited(no_ledger(&scope, &error));
        let lines = ledger::read(&text).map_err(edited_ledger)?;
        let lines = told(database, &scope, ledger::suite(&lines), lines)?;
        let drawn = drawn_in(database, &scope, &lines)?;
        let ledger = Ledger::from_lines(lines, opening.as_ref(), |draw, attempt| drawn.get(&(draw, attempt)))
            .map_err(edited_ledger)?;
        let known = ledger.state().cycle().is_some();
        for attempt in ledger.state().attempts() {
            let suite = attempt.seal().suite;
            // The ledger passes over a document that is not its own, and then no longer knows its year. Where it
            // knows its year, it has held the document of every draw that is not void against its entry.
            if known && attempt.void().is_none() && attempt.drawn().is_some() {
                continue;
            }
            if attempt.drawn() != drawn.get(&attempt.name()).map(|document| document.digest(suite)) {
                return edited(&say!("office.what.sample", "what was drawn"), attempt.name());
            }
        }
        // Every draw has its document: what is missing then is the state with which the ledger begins.
        if !known {
            let what = say!(
                "office.edited.opening",
                "{scope}: the state of the year with which the ledger begins is not in the database, or another",
                scope
            );
            return Err(StoreError::Edited(what).into());
        }
        let size = database.one("SELECT size FROM kept WHERE scope = ?1", &[Value::Text(scope.as_str())])?;
        let size = usize::try_from(size.map_or(0, |size| size.int()))?;
        let behind = ledger.lines().len().saturating_sub(size);
        let book = Book { behind, ..Book::of(scope, task, Continued::of(&ledger)) };
        Ok(Self { book, ledger })
    }

    /// Appends any entry, as [`Book::enter`] does. After one that looks back, what stands is kept anew: nobody
    /// can go on to it from before.
    pub fn enter(
        &mut self,
        database: &mut Database,
        at: Instant,
        actor: &Code,
        content: Content,
    ) -> Result<u64, Failure> {
        if !matches!(content, Content::Clock { .. })
            && let Some(words) = super::clock::behind(&self.scope, self.book.state(), at)
        {
            return refuse(words);
        }
        let back = content.looks_back();
        self.book.keep_at_times(database)?;
        let line = match self.book.closing(database, &content)? {
            None => self.ledger.append(at, actor.clone(), content, None)?.clone(),
            Some(Closing { draw, salt }) => {
                let line = self.ledger.append_closed(at, actor.clone(), content, salt)?.clone();
                self.book.keep_content(database, draw, &line)?;
                line
            }
        };
        self.book.kept = Continued::of(&self.ledger);
        self.book.behind = self.book.behind.saturating_add(1);
        let number = self.book.store(database, &line)?;
        if back {
            self.book.keep_present(database)?;
        }
        Ok(number)
    }

    /// The ledger.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// All lines.
    pub fn lines(&self) -> &[Line] {
        self.ledger.lines()
    }

    /// What stands, and what happened.
    pub const fn whole(&self) -> &State {
        self.ledger.state()
    }
}

/// That the lines of a ledger are none any more.
fn no_ledger(scope: &Code, error: &dyn Coded) -> Message {
    let rule = error.message();
    say!("office.edited.ledger", "the ledger of {scope} is not one any more: {rule}", rule, scope)
}

/// Says that a document is not the one that the ledger names.
pub fn edited<T>(what: &Message, name: (u64, u64)) -> Result<T, Failure> {
    Err(StoreError::Edited(say!(
        "office.edited.other",
        "{what} of draw {draw}.{attempt} is not what the ledger names",
        attempt = name.1,
        draw = name.0,
        what
    ))
    .into())
}

/// Says that what was sealed gives another seal. What cannot be read any more was as surely changed.
pub fn edited_seal(name: (u64, u64), error: Failure) -> Failure {
    match error.downcast::<StoreError>() {
        Ok(error) => error as Failure,
        Err(error) => StoreError::Edited(say!(
            "office.edited.sealed",
            "what was sealed for draw {draw}.{attempt}: {rule}",
            attempt = name.1,
            draw = name.0,
            rule = catalogue::as_message(error.as_ref())
        ))
        .into(),
    }
}

/// A document, if it is there: all its pieces.
pub fn document(
    database: &mut Database,
    scope: &Code,
    name: (u64, u64),
    title: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    let Some(mut whole) = piece(database, scope, name, title, 0)? else { return Ok(None) };
    for number in 1.. {
        let Some(more) = piece(database, scope, name, title, number)? else { break };
        whole.extend(more);
    }
    Ok(Some(whole))
}

/// The title of a piece of a document, from 0: the first one bears the title of the document.
pub fn piece_title(title: &str, number: u64) -> String {
    match number {
        0 => title.to_owned(),
        _ => format!("{title} piece {number:012}"),
    }
}

/// One piece of a document, if it has so many.
pub fn piece(
    database: &mut Database,
    scope: &Code,
    name: (u64, u64),
    title: &str,
    number: u64,
) -> Result<Option<Vec<u8>>, Failure> {
    let title = piece_title(title, number);
    let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
    let values = [Value::Text(scope.as_str()), Value::Int(draw), Value::Int(attempt), Value::Text(&title)];
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND draw = ?2 AND attempt = ?3 AND name = ?4";
    Ok(database.one(sql, &values)?.map(SqlCell::bytes))
}
