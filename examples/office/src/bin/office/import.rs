//! Registers from files: read whole, held against the rules, compared with what is there, shown, and only
//! then stored.

use super::Run;
use super::args::{Import, Kind};
use super::desk::{Office, Rules, on_day, refuse};
use super::now::{self, Registers};
use super::register::{self, Difference, Register};
use super::store::{Database, SqlCell, StoreError, Value};
use super::words::{Answer, Screen};
use double_random::bytes::{Digest, Suite, encode};
use double_random::calendar::Date;
use double_random::dossier::{Dossier, DossierEntry};
use double_random::frame::{FrameRule, Listed, UnitRow};
use double_random::id::UnitId;
use double_random::message::{Coded, Message};
use double_random::roster::{ExpertRow, InspectorRow, RecusalRow};
use double_random::table::Problems;
use double_random::{Policy, Roster};
use double_random_office::table::{self, Asked, Names, Places, Source, TableError, TableProblem, WrongTable};
use double_random_office::values::{Parts, Several};
use double_random_office::{catalogue, say, show, told};
use double_random_support::files::{self, Failure};
use serde_json::json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::IsTerminal as _;

/// How many rows of a difference are shown.
const SHOWN: usize = 10;

/// Reads a file into a register.
pub fn import(run: &Run, database: &mut Database, given: &Import) -> Result<Answer, Failure> {
    let file = given.file.display().to_string();
    let bytes = files::read(&given.file)?;
    let mut only: Vec<(String, String)> = Vec::new();
    for text in &given.only {
        let (heading, value) = text
            .split_once('=')
            .ok_or_else(|| say!("office.import.where", "--where \"{text}\": HEADING=VALUE", text))?;
        only.push((heading.to_owned(), value.to_owned()));
    }
    let pairs = |option: &str, given: &[String]| -> Result<Vec<(String, String)>, Failure> {
        let pair = |text: &String| {
            let pair = text
                .rsplit_once('=')
                .filter(|(key, value)| !key.trim().is_empty() && !value.trim().is_empty());
            let (key, value) = pair.ok_or_else(|| {
                say!(
                    "office.import.pair",
                    "{option} \"{text}\": a name, =, and a value are needed",
                    option,
                    text
                )
            })?;
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        };
        given.iter().map(pair).collect()
    };
    let asked = Asked::new(&pairs("--set", &given.set)?, &given.skip, &pairs("--means", &given.means)?)?;
    // Registers are named by id; what is about their rows may name them.
    let names = match given.register {
        Kind::Units | Kind::Officers | Kind::Experts => Names::default(),
        Kind::Recusals | Kind::Entries => database.read(super::named::names)?,
    };
    let job = Job { run, given, file: &file, bytes: &bytes, only: &only, names: &names, asked: &asked };
    let done = match given.register {
        Kind::Units => {
            job.register(database, |source, policy| Ok(table::units(source, policy)?), Job::check_units)
        }
        Kind::Officers => job.register(
            database,
            |source, policy| Ok(table::inspectors(source, policy)?),
            Job::check_officers,
        ),
        Kind::Experts => {
            job.register(database, |source, policy| Ok(table::experts(source, policy)?), Job::check_experts)
        }
        Kind::Recusals => {
            job.register(database, |source, policy| Ok(table::recusals(source, policy)?), Job::check_recusals)
        }
        Kind::Entries => job.entries(database),
    };
    done.map_err(|error| {
        let mut error = super::asked::wrong(run.screen, &given.reading, &given.file, &bytes, error);
        if let Some(table) = error.downcast_mut::<WrongTable>() {
            table.more.push(say!(
                "office.asked.offer",
                "a whole column is answered once: --set COLUMN=VALUE fills its empty cells, or one that is missing; \
                 --means WORD=CODE says what a word means; --skip COLUMN leaves it out"
            ));
        }
        error
    })
}

struct Job<'a> {
    run: &'a Run,
    given: &'a Import,
    file: &'a str,
    bytes: &'a [u8],
    only: &'a [(String, String)],
    names: &'a Names,
    asked: &'a Asked,
}

/// The outcome of a reader of tables.
type Table<R> = (Vec<R>, Vec<Message>, Places);

impl Job<'_> {
    fn read<R>(
        &self,
        kept: Option<&RefCell<Vec<TableProblem>>>,
        read: impl FnOnce(Source<'_>) -> Result<Table<R>, Failure>,
    ) -> Result<Table<R>, Failure> {
        let screen = self.run.screen;
        let bar = screen.spinner(screen.word("office.import.reading"));
        let mut progress = |rows: u64| bar.set_position(rows);
        let mut source = self
            .given
            .reading
            .of(Source::new(self.bytes))
            .only(self.only)
            .names(self.names)
            .asked(self.asked)
            .progress(&mut progress);
        if let Some(sheet) = &self.given.sheet {
            source = source.sheet(sheet);
        }
        if let Some(kept) = kept {
            source = source.keep(kept);
        }
        let (rows, notes, places) = files::about(self.file, read(source))?;
        bar.finish_and_clear();
        notes.iter().for_each(|note| screen.remark(self.file, note));
        if rows.is_empty() {
            return Err(say!(
                "office.import.no_rows",
                "{file}: no rows below the heading; nothing was stored",
                file = self.file
            )
            .into());
        }
        Ok((rows, notes, places))
    }

    /// A register of rows.
    fn register<R: Register>(
        &self,
        database: &mut Database,
        read: impl FnOnce(Source<'_>, &Policy) -> Result<Table<R>, Failure>,
        check: impl Fn(&Self, &mut Database, &Office, &Policy, &[R], &Places) -> Result<(), Failure>,
    ) -> Result<Answer, Failure> {
        let screen = self.run.screen;
        let (policy, revision) = database.read(|database| -> Result<_, Failure> {
            let office = Office::load(database)?;
            let latest = super::steps::latest_policy(database, &office)?;
            Ok((latest.map_or_else(|| office.vocabulary(), Ok)?, last_revision(database)?))
        })?;
        let kept = RefCell::new(Vec::new());
        let (rows, _, places) = self.read(Some(&kept), |source| read(source, &policy))?;
        let unread = TableError::of(kept.into_inner())
            .map(|error| WrongTable::unread(self.file, &error, self.given.reading.all));
        let difference = database.read(|database| -> Result<_, Failure> {
            let office = Office::load(database)?;
            let spin = screen.spinner(screen.word("office.import.checking"));
            let checked = check(self, database, &office, &policy, &rows, &places);
            match (&unread, checked) {
                (None, checked) => checked?,
                (Some(unread), Ok(())) => return Err(unread.clone().into()),
                // All problems at once: those of reading, and those of the check that do not follow from them. What
                // the check refuses as a whole may follow from a cell that was not read.
                (Some(unread), Err(error)) => {
                    return Err(match error.downcast::<WrongTable>() {
                        Ok(more) => unread.clone().and(*more).into(),
                        Err(error) if error.is::<StoreError>() => error,
                        Err(_) => unread.clone().into(),
                    });
                }
            }
            let difference = Difference::new(database, rows, self.given.merge)?;
            if self.given.merge {
                one_spelling::<R>(database, &difference.added, self.file)?;
            }
            if R::TABLE == "units" {
                keep_drawn(database, &office, &difference, self.file)?;
            }
            spin.finish_and_clear();
            Ok(difference)
        })?;
        let mut text = shown(&difference, R::TABLE, screen);
        let counts =
            (difference.added.len(), difference.changed.len(), difference.removed.len(), difference.same);
        let json = json!({
            "register": R::TABLE, "file": self.file, "added": counts.0, "changed": counts.1,
            "removed": counts.2, "same": counts.3,
            "changes": difference.changed.iter().take(1000).map(|change| json!({ "key": change.key,
                "columns": change.columns })).collect::<Vec<_>>(),
            "removed_keys": difference.removed.iter().take(1000).collect::<Vec<_>>(),
        });
        let stored = |yes: bool, json: serde_json::Value| {
            let mut json = json;
            json["stored"] = yes.into();
            json
        };
        if difference.is_empty() {
            let _ = writeln!(text, "{}", screen.word("office.import.same"));
            return Ok(Answer::said(stored(false, json), text));
        }
        if !self.given.yes && !self.asked(&text)? {
            let _ = writeln!(text, "{}", screen.word("office.import.not_stored"));
            return Ok(Answer { json: stored(false, json), text, status: 4 });
        }
        let bar = screen.bar(counts.0 + counts.1 + counts.2, screen.word("office.import.storing"));
        database.write(|database| -> Result<(), Failure> {
            if last_revision(database)? != revision {
                return refuse(say!(
                    "office.import.changed",
                    "a register was changed by another import in the meantime; nothing was stored: \
                     import it again"
                ));
            }
            if R::TABLE == "units" {
                // A draw is no import: it may have come between.
                let office = Office::load(database)?;
                keep_drawn(database, &office, &difference, self.file)?;
            }
            difference.store(database, revision + 1, || bar.inc(1))?;
            self.note_import(database, R::TABLE, revision + 1, (counts.0, counts.1, counts.2))
        })?;
        bar.finish_and_clear();
        // What the registers say now concerns visits that were drawn before.
        let hindered = database.read(|database| -> Result<_, Failure> {
            let office = Office::load(database)?;
            now::all_hindered(database, &office, self.run.day())
        })?;
        let revision = revision + 1;
        let mut last = told!(screen.lang, "office.import.stored", revision);
        if !hindered.is_empty() {
            let _ = writeln!(text, "{}", screen.word("office.import.hindered"));
            for (scope, one) in &hindered {
                let _ = writeln!(text, "  {scope} {}", one.said(screen));
            }
            let count = hindered.len();
            last = told!(screen.lang, "office.import.stored_hindered", count, revision);
        }
        let _ = writeln!(text, "{last}");
        let mut json = stored(true, json);
        json["hindered"] = hindered.iter().map(|(_, one)| one.json()).collect();
        Ok(Answer::said(json, text))
    }

    /// Asks the person at the terminal.
    fn asked(&self, text: &str) -> Result<bool, Failure> {
        let screen = self.run.screen;
        if screen.json || screen.quiet || !std::io::stdin().is_terminal() {
            return Ok(false);
        }
        screen
            .ask(&format!("{text}{}", screen.tell(&say!("office.import.store", "Store this? [y/N]")) + " "));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是"))
    }

    fn note_import(
        &self,
        database: &mut Database,
        register: &str,
        revision: i64,
        counts: (usize, usize, usize),
    ) -> Result<(), Failure> {
        let source = (self.file_and_answers(), Suite::Sha256.file(self.bytes));
        note_import(self.run, database, register, &source, revision, counts)
    }

    /// The file as the account of imports names it: with the answers under which it was read.
    fn file_and_answers(&self) -> String {
        let (set, skip, means) = (&self.given.set, &self.given.skip, &self.given.means);
        let all = [("--set", set), ("--skip", skip), ("--means", means)];
        let answers =
            all.iter().flat_map(|(option, given)| given.iter().map(move |text| format!(" {option} {text}")));
        format!("{}{}", self.file, answers.collect::<String>())
    }

    /// All problems that the library has with a table, each at its place in the file.
    fn told<T, R: Coded>(&self, read: Result<T, Problems<R>>, places: &Places) -> Result<(), Failure> {
        let wrong = |problems| WrongTable::new(self.file, places, &problems, self.given.reading.all).into();
        read.map(|_| ()).map_err(wrong)
    }

    fn check_units(
        &self,
        database: &mut Database,
        office: &Office,
        policy: &Policy,
        rows: &[UnitRow],
        places: &Places,
    ) -> Result<(), Failure> {
        let opened = |row: &UnitRow| Date::parse(&row.opened).ok();
        let today = self.run.day().unwrap_or(policy.as_of).max(policy.as_of);
        let since = |row: &UnitRow| opened(row).is_some_and(|day| day > policy.as_of && day <= today);
        if rows.iter().any(since) {
            // A unit that has opened since the day of the rules stands on the register, and on the frames of
            // later days: the table as a whole is read as of today, where licences may have run out, and what
            // was there on the day of the rules also as of that day.
            let mut later = policy.clone().into_terms();
            on_day(&mut later, today)?;
            if !later.frame.listed.contains(&Listed::Expired) {
                later.frame.listed.push(Listed::Expired);
            }
            let later = Policy::new(later)?;
            self.told(frame_of(database, office, &later, rows.iter().cloned())?, places)?;
            let then = rows.iter().filter(|row| !since(row)).cloned();
            return self.told(frame_of(database, office, policy, then)?, places);
        }
        // A million rows are read a second time only one by one.
        self.told(frame_of(database, office, policy, rows.iter().cloned())?, places)
    }

    fn check_officers(
        &self,
        database: &mut Database,
        _: &Office,
        policy: &Policy,
        rows: &[InspectorRow],
        places: &Places,
    ) -> Result<(), Failure> {
        self.told(Roster::new(rows.to_vec(), [], &policy.roster, policy.as_of), places)?;
        let experts: Vec<ExpertRow> = register::load(database)?;
        let (officers, experts) = (rows.iter().map(|row| &row.id), experts.iter().map(|row| &row.id));
        self.fits(database, officers.chain(experts))
    }

    fn check_experts(
        &self,
        database: &mut Database,
        _: &Office,
        policy: &Policy,
        rows: &[ExpertRow],
        places: &Places,
    ) -> Result<(), Failure> {
        let none: [InspectorRow; 0] = [];
        self.told(Roster::with_experts(none, rows.to_vec(), [], &policy.roster, policy.as_of), places)?;
        let officers: Vec<InspectorRow> = register::load(database)?;
        let (officers, experts) = (officers.iter().map(|row| &row.id), rows.iter().map(|row| &row.id));
        self.fits(database, officers.chain(experts))
    }

    /// Officers and experts as they would be: no person is both, and no recused person is lost.
    fn fits<'r>(
        &self,
        database: &mut Database,
        ids: impl Iterator<Item = &'r String>,
    ) -> Result<(), Failure> {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        let twice: Vec<&str> = ids.map(String::as_str).filter(|id| !known.insert(id)).collect();
        let recusals: Vec<RecusalRow> = register::load(database)?;
        let lost = recusals.iter().filter(|row| !self.given.merge && !known.contains(row.inspector.as_str()));
        let lost: Vec<String> = lost.map(|row| format!("{} → {}", row.inspector, row.unit)).collect();
        if !twice.is_empty() {
            return refuse(say!(
                "office.import.both",
                "{file}: officer and expert at once: {ids}; nothing was stored",
                file = self.file,
                ids = Several::new(twice)
            ));
        }
        if !lost.is_empty() {
            return refuse(say!(
                "office.import.recusals",
                "{file}: recusals would lose their officer: {ids}; nothing was stored: import recusals \
                 without them first",
                file = self.file,
                ids = Several::new(lost)
            ));
        }
        Ok(())
    }

    /// Refuses rows about institutions that the register does not have and never had. Before the first import
    /// of institutions they are held: `check`, `plan` and `seal` name them until they find their institution.
    fn unknown_units<'r>(
        &self,
        database: &mut Database,
        places: &Places,
        rows: impl Iterator<Item = (u64, &'r str)>,
    ) -> Result<(), Failure> {
        let registers = Registers::load(database)?;
        let sql = "SELECT DISTINCT id FROM register_changes WHERE register = 'units'";
        let gone: BTreeSet<String> =
            database.rows(sql, &[])?.into_iter().flatten().map(SqlCell::text).collect();
        let strange = rows.filter(|(_, unit)| !registers.has_unit(unit) && !gone.contains(*unit));
        let strange: Vec<(u64, &str)> = strange.collect();
        if strange.is_empty() {
            return Ok(());
        }
        if registers.has_units() {
            let said = |(row, unit): &(u64, &str)| (places.cell(*row, "unit"), registers.unknown_unit(unit));
            return Err(WrongTable::rows(self.file, strange.iter().map(said), false).into());
        }
        let units: BTreeSet<&str> = strange.iter().map(|(_, unit)| *unit).collect();
        let note = say!(
            "office.import.held",
            "{count} institutions are not known yet ({units}): held until their register is imported; office check \
             names those it does not have",
            count = units.len(),
            units = Several::first(units, SHOWN)
        );
        self.run.screen.remark(self.file, &note);
        Ok(())
    }

    fn check_recusals(
        &self,
        database: &mut Database,
        _: &Office,
        policy: &Policy,
        rows: &[RecusalRow],
        places: &Places,
    ) -> Result<(), Failure> {
        let officers: Vec<InspectorRow> = register::load(database)?;
        let experts: Vec<ExpertRow> = register::load(database)?;
        self.unknown_units(database, places, rows.iter().map(|row| (row.row, row.unit.as_str())))?;
        let terms = &policy.roster;
        self.told(Roster::with_experts(officers, experts, rows.to_vec(), terms, policy.as_of), places)
    }

    /// Entries of dossiers: they are only ever added.
    fn entries(&self, database: &mut Database) -> Result<Answer, Failure> {
        let screen = self.run.screen;
        let (entries, _, places) = self.read(None, |source| Ok(table::entries(source)?))?;
        let (new, before) = database.read(|database| self.new_entries(database, &entries, &places))?;
        let added = new.len();
        if added > 0 {
            let text = shown_entries(&entries, &new, screen)?;
            if !self.given.yes && !self.asked(&text)? {
                let text = format!("{text}{}\n", screen.word("office.import.not_stored"));
                let json = json!({ "register": "entries", "added": added,
                                  "already_there": entries.len() - added, "stored": false });
                return Ok(Answer { json, text, status: 4 });
            }
        }
        database.write(|database| -> Result<(), Failure> {
            let dossier = Office::load(database)?.dossier(database)?.unwrap_or_default();
            if dossier.entries().len() != before {
                return refuse(say!(
                    "office.import.entries_changed",
                    "the dossiers were changed by another command in the meantime; nothing was stored: import the \
                     entries again"
                ));
            }
            for (number, text) in (before + 1..).zip(&new) {
                super::meaning::store(database, number, &serde_json::from_slice(text)?)?;
            }
            if !new.is_empty() {
                let revision = last_revision(database)? + 1;
                self.note_import(database, "entries", revision, (new.len(), 0, 0))?;
            }
            Ok(())
        })?;
        let there = entries.len() - added;
        let text = told!(screen.lang, "office.import.entries", added, there);
        Ok(Answer::said(
            json!({ "register": "entries", "added": added, "already_there": there, "stored": added > 0 }),
            text,
        ))
    }
}

impl Job<'_> {
    /// The entries that the dossiers do not have yet, and how many they have.
    fn new_entries(
        &self,
        database: &mut Database,
        entries: &[(u64, DossierEntry)],
        places: &Places,
    ) -> Result<(Vec<Vec<u8>>, usize), Failure> {
        let office = Office::load(database)?;
        let terms = office.rules.programme()?.0.dossier_terms();
        let mut dossier = office.dossier(database)?.unwrap_or_default();
        let known: BTreeSet<Vec<u8>> = dossier.entries().iter().map(encode).collect::<Result<_, _>>()?;
        let before = dossier.entries().len();
        let units = entries.iter().filter_map(|(row, entry)| Some((*row, entry.unit()?.as_str())));
        self.unknown_units(database, places, units)?;
        let (mut new, mut problems) = (Vec::new(), Vec::new());
        let mut seen: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for (row, entry) in entries {
            let text = encode(entry)?;
            if known.contains(&text) {
                continue;
            }
            if let Some(first) = seen.insert(text.clone(), *row) {
                // Twice by mistake or twice in fact: the file does not say, and a second time is one more
                // signal.
                let rule = say!(
                    "office.import.same_entry",
                    "the same entry as {first}: leave one, or give them different sources",
                    first = places.row(first)
                );
                problems.push((places.row(*row), rule));
                continue;
            }
            match enter(&mut dossier, &terms, entry) {
                Ok(()) => new.push(text),
                Err(error) => problems.push((places.row(*row), catalogue::as_message(error.as_ref()))),
            }
        }
        if !problems.is_empty() {
            return Err(WrongTable::rows(self.file, problems, false).into());
        }
        Ok((new, before))
    }
}

/// The first new entries, in words.
fn shown_entries(
    entries: &[(u64, DossierEntry)],
    new: &[Vec<u8>],
    screen: Screen,
) -> Result<String, Failure> {
    let mut text = told!(screen.lang, "office.import.new_entries", count = new.len()) + "\n";
    let wanted: BTreeSet<&Vec<u8>> = new.iter().take(SHOWN).collect();
    for (_, entry) in entries {
        let encoded = encode(entry)?;
        if wanted.contains(&encoded) {
            let _ = writeln!(text, "  + {}", String::from_utf8_lossy(&encoded));
        }
    }
    if new.len() > SHOWN {
        let _ = writeln!(text, "  … {}", new.len() - SHOWN);
    }
    Ok(text)
}

fn enter(
    dossier: &mut Dossier,
    terms: &double_random::dossier::DossierTerms,
    entry: &DossierEntry,
) -> Result<(), Failure> {
    Ok(dossier.enter(terms, entry.clone())?)
}

/// The frame of a policy with these rows, or their problems.
fn frame_of(
    database: &mut Database,
    office: &Office,
    policy: &Policy,
    rows: impl Iterator<Item = UnitRow>,
) -> Result<Result<double_random::Frame, Problems<FrameRule>>, Failure> {
    Ok(match (&office.rules, office.dossier(database)?) {
        (Rules::Programme(rules), Some(dossier)) => rules.0.frame(policy, &dossier, rows),
        _ => double_random::Frame::new(rows, &policy.frame, policy.as_of),
    })
}

/// The number of the last import.
fn last_revision(database: &mut Database) -> Result<i64, Failure> {
    let found = database.one("SELECT COALESCE(MAX(revision), 0) FROM imports", &[])?;
    Ok(found.map_or(0, |cell| SqlCell::int(&cell)))
}

/// Enters into the account of imports what was stored, from where.
fn note_import(
    run: &Run,
    database: &mut Database,
    register: &str,
    (file, digest): &(String, Digest),
    revision: i64,
    (added, changed, removed): (usize, usize, usize),
) -> Result<(), Failure> {
    let (at, actor, digest) = (run.at.to_string(), run.actor.to_string(), digest.to_string());
    let values = [
        Value::Int(revision),
        Value::Text(&at),
        Value::Text(&actor),
        Value::Text(register),
        Value::Text(file),
        Value::Text(&digest),
        Value::Int(i64::try_from(added)?),
        Value::Int(i64::try_from(changed)?),
        Value::Int(i64::try_from(removed)?),
    ];
    let sql = "INSERT INTO imports (revision, made_at, actor, register, file, digest, added, changed, \
        removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    database.execute(sql, &values)?;
    Ok(())
}

/// Refuses to remove what was drawn.
fn keep_drawn(
    database: &mut Database,
    office: &Office,
    difference: &Difference<impl Register>,
    file: &str,
) -> Result<(), Failure> {
    let gone = drawn(database, office, &difference.removed)?;
    if gone.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.import.drawn",
        "{file}: {count} institutions of this year's draws are not in the file ({units}); nothing was stored: enter \
         them as closed (注销), so that what was drawn stays in the account, or use --merge",
        file,
        count = gone.len(),
        units = Several::first(&gone, SHOWN)
    ))
}

/// Refuses ids of a file that the register has already in other upper and lower case.
fn one_spelling<R: Register>(
    database: &mut Database,
    added: &[String],
    file: impl std::fmt::Display,
) -> Result<(), Failure> {
    let known: BTreeMap<String, String> =
        register::keys::<R>(database)?.into_iter().map(|key| (key.to_lowercase(), key)).collect();
    let other = |key: &String| {
        let there = known.get(&key.to_lowercase()).filter(|there| *there != key)?;
        Some(say!("office.import.spelt_as", "{id} (in the register: {known})", id = key, known = there))
    };
    let twice: Vec<Message> = added.iter().filter_map(other).collect();
    if twice.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.import.spelt",
        "{file}: {count} ids differ from ids of the register by upper and lower case only: {ids}; \
         nothing was stored: write one id in one way",
        file = file.to_string(),
        count = twice.len(),
        ids = Parts(twice.into_iter().take(SHOWN).collect())
    ))
}

/// Stores institutions in the place of those of the register, in the account of imports from `source`; with `keep`,
/// others stay. How many rows were added, changed and removed.
pub fn replace_units(
    run: &Run,
    database: &mut Database,
    office: &Office,
    rows: Vec<UnitRow>,
    keep: bool,
    source: &(String, Digest),
) -> Result<(usize, usize, usize), Failure> {
    let difference = Difference::new(database, rows, keep)?;
    if keep {
        one_spelling::<UnitRow>(database, &difference.added, &source.0)?;
    }
    keep_drawn(database, office, &difference, &source.0)?;
    let counts = (difference.added.len(), difference.changed.len(), difference.removed.len());
    if !difference.is_empty() {
        let revision = last_revision(database)? + 1;
        difference.store(database, revision, || ())?;
        note_import(run, database, UnitRow::TABLE, source, revision, counts)?;
    }
    Ok(counts)
}

/// Which of these institutions the year knows: what was drawn of them must stay in the account of their
/// county.
fn drawn(database: &mut Database, office: &Office, removed: &[String]) -> Result<Vec<String>, Failure> {
    if removed.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = BTreeSet::new();
    for (scope, task) in office.scopes()? {
        let book = super::desk::Book::load(database, scope, task)?;
        for standing in super::steps::cycle(&book)?.standings() {
            if standing.drawn > 0 || standing.visits > 0 {
                known.insert(standing.unit.clone());
            }
        }
    }
    let gone = removed.iter().filter(|id| UnitId::any(id).is_ok_and(|id| known.contains(&id)));
    Ok(gone.cloned().collect())
}

/// What would change, in words.
fn shown(difference: &Difference<impl Register>, table: &str, screen: Screen) -> String {
    let mut text = told!(
        screen.lang,
        "office.import.difference",
        added = difference.added.len(),
        changed = difference.changed.len(),
        register = show::register(table, screen.lang),
        removed = difference.removed.len(),
        same = difference.same
    ) + "\n";
    let more = |text: &mut String, count: usize| {
        if count > SHOWN {
            let _ = writeln!(text, "  … {}", count - SHOWN);
        }
    };
    if difference.same + difference.changed.len() + difference.removed.len() > 0 {
        for key in difference.added.iter().take(SHOWN) {
            let _ = writeln!(text, "  + {key}");
        }
        more(&mut text, difference.added.len());
    }
    let named = |column: &str, was: &str, now: &str| {
        format!("{} {was:?} → {now:?}", catalogue::field(column, screen.lang))
    };
    for change in difference.changed.iter().take(SHOWN) {
        let columns: Vec<String> =
            change.columns.iter().map(|(column, was, now)| named(column, was, now)).collect();
        let _ = writeln!(text, "  ~ {}  {}", change.key, columns.join(", "));
    }
    more(&mut text, difference.changed.len());
    for key in difference.removed.iter().take(SHOWN) {
        let _ = writeln!(text, "  - {key}");
    }
    more(&mut text, difference.removed.len());
    text
}
