//! Registers of lower offices (名录库归集; Spec 28): given from the database below, put together in the database
//! above, and shown to the offices below in the frame that was sealed.

use super::Run;
use super::args::{RegisterArgs, RegisterCheck, RegisterGive, RegisterIntake, RegisterTake, RegisterWork};
use super::desk::{Book, Office, document, opens_later, refuse, set, setting};
use super::receipts::hidden;
use super::steps::{book, next_policy};
use super::store::Database;
use super::verify::status;
use super::words::Answer;
use super::{import, now, register};
use double_random::bytes::{Digest, Suite};
use double_random::frame::{Unit, UnitRow};
use double_random::id::Division;
use double_random::message::{Coded as _, Message};
use double_random::receipt::Intake;
use double_random::register::{
    Register, RegisterKey, RegisterKeys, RegisterProblems, Registers, RowDifferences, SubmittedRegister,
    SuspectedDuplicate,
};
use double_random::seal::Seal;
use double_random::verify::intake;
use double_random::{Frame, Policy};
use double_random_office::catalogue::{self, option};
use double_random_office::values::{Parts, Several};
use double_random_office::{say, told};
use double_random_support::files::{self, About, Failure, Files};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The register, which is published.
const REGISTER: &str = "register.json";
/// Its rows with their salt key, which are for the authority above alone.
const ROWS: &str = "frame.json";
/// How many institutions a refusal names.
const SHOWN: usize = 10;

/// What a lower office hands in, as it was written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Submission {
    frame: String,
    register: String,
}

impl Submission {
    fn read(&self, folder: &str) -> Result<SubmittedRegister, Failure> {
        let about = |file| format!("{folder}/{file}");
        let register = files::about(&about(REGISTER), Register::from_json(self.register.as_bytes()))?;
        let (frame, salt_key) = files::about(&about(ROWS), Frame::from_json(self.frame.as_bytes()))?;
        Ok(SubmittedRegister { register, frame, salt_key })
    }
}

pub fn registers(run: &Run, database: &mut Database, given: &RegisterArgs) -> Result<Answer, Failure> {
    match &given.work {
        RegisterWork::Give(given) => database.write(|database| give(run, database, given)),
        RegisterWork::Take(given) => database.write(|database| take(run, database, given)),
        RegisterWork::Drop => database.write(|database| drop_taken(run, database)),
        RegisterWork::Intake(given) => database.read(|database| intakes(run, database, given)),
        RegisterWork::Check(given) => database.read(|database| check(run, database, given)),
    }
}

/// The document of a register that was given, and that of its rows.
fn titles(root: &str) -> (String, String) {
    (format!("register {root}"), format!("register rows {root}"))
}

/// Writes the register of this office for the policy above, and keeps it for the check of its intake.
fn give(run: &Run, database: &mut Database, given: &RegisterGive) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    hidden(&given.out)?;
    let name = given.policy.display().to_string();
    let policy = files::about(&name, Policy::from_json(&files::text(&given.policy)?))?;
    let list = &policy.frame.divisions;
    let parse = |text: &String| {
        let division = Division::parse(text).map_err(|error| option("--division", text, &error.message()))?;
        if list.codes().any(|code| list.covers(&division, code)) {
            return Ok(division);
        }
        Err(say!(
            "office.register.no_division",
            "--division {division}: no division of the policy above lies in it",
            division
        ))
    };
    let areas = given.division.iter().map(parse).collect::<Result<BTreeSet<Division>, Message>>()?;
    let rows: Vec<UnitRow> = register::load(database)?;
    let (later, rows): (Vec<UnitRow>, Vec<UnitRow>) =
        rows.into_iter().partition(|row| opens_later(row, policy.as_of));
    let frame = Frame::new(rows, &policy.frame, policy.as_of)?;
    let lies = |unit: &&Unit| !areas.iter().any(|area| list.covers(area, &unit.division));
    let outside: Vec<String> = frame.units().iter().filter(lies).map(|unit| unit.id.to_string()).collect();
    if !outside.is_empty() {
        return refuse(say!(
            "office.register.outside",
            "{count} institutions of this database lie outside the divisions that --division names: {units}",
            count = outside.len(),
            units = Several::first(&outside, SHOWN)
        ));
    }
    // A key of its own: that of a draw would tell the rows of the draw.
    let salt_key = super::rules::salt_key(None)?;
    let register =
        Register::new(office.authority.clone(), policy.as_of, areas, &frame, policy.suite, &salt_key);
    let (document, rows) = (register.to_json(), frame.to_json(&salt_key));
    // What the reader above would refuse is not handed out.
    Register::from_json(&document)?;
    let root = register.root.to_string();
    let (title, rows_title) = titles(&root);
    book.keep(database, (0, 0), &title, &document)?;
    book.keep(database, (0, 0), &rows_title, &rows)?;
    set(database, &format!("register {}", book.scope), &root)?;
    let mut files = Files::default();
    files.add(REGISTER, document);
    files.add(ROWS, rows);
    files.write(&given.out)?;
    let (lang, units) = (run.screen.lang, register.size);
    let mut text = told!(lang, "office.register.given", folder = given.out.display(), root, units) + "\n";
    if !later.is_empty() {
        let (count, day) = (later.len(), policy.as_of);
        let _ = writeln!(text, "{}", told!(lang, "office.register.later", count, day));
    }
    let later: Vec<String> = later.into_iter().map(|row| row.id).collect();
    let json = json!({ "scope": book.scope, "authority": register.authority, "divisions": register.divisions,
                       "as_of": register.as_of, "root": register.root, "units": units, "later": later });
    Ok(Answer::said(json, text))
}

/// Refuses registers that do not fit together, or not the rows that are read.
pub fn do_not_fit<T>(problems: &RegisterProblems) -> Result<T, Failure> {
    refuse(say!(
        "office.register.do_not_fit",
        "{problems}\nOnce it is mended below: office register take; without registers: office register drop",
        problems = problems.message()
    ))
}

/// Puts submissions together under a policy.
pub fn put_together(given: Vec<SubmittedRegister>, policy: &Policy) -> Result<Registers, Failure> {
    Registers::assemble(given, policy).or_else(|problems| do_not_fit(&problems))
}

/// What was handed in and taken for the next seal of a ledger; none if nothing was.
pub fn handed_in(
    database: &mut Database,
    book: &Book,
    policy: &Policy,
) -> Result<Option<Vec<SubmittedRegister>>, Failure> {
    let digest = setting(database, &format!("registers {}", book.scope))?;
    let Some(digest) = digest.filter(|digest| !digest.is_empty() && policy.above.is_none()) else {
        return Ok(None);
    };
    let bytes = book.document(database, (0, 0), &format!("registers {digest}"))?;
    if Suite::Sha256.file(&bytes).to_string() != digest {
        return super::desk::edited(
            &say!("office.what.registers", "the registers of lower offices"),
            book.state().next(),
        );
    }
    let given: Vec<Submission> = serde_json::from_slice(&bytes)?;
    given.iter().map(|one| one.read("office register take")).collect::<Result<_, _>>().map(Some)
}

/// Refuses a frame that is not the one that the registers give.
pub fn agree(registers: &Registers, frame: &Frame) -> Result<(), Failure> {
    let found = RowDifferences::between(registers.frame().units(), frame.units());
    let all = [found.altered, found.left_out, found.added].concat();
    if all.is_empty() {
        return Ok(());
    }
    refuse(say!(
        "office.register.changed",
        "{count} institutions of the next frame are not as the registers below have them: {units}. An import after \
         office register take, or levels by rules, changed them: have the registers given so, or run office register \
         drop",
        count = all.len(),
        units = Several::first(&all, SHOWN)
    ))
}

/// What an auditor gets of the registers of a seal.
pub fn keys(given: Vec<SubmittedRegister>) -> RegisterKeys {
    let key = |SubmittedRegister { register, frame, salt_key }: SubmittedRegister| RegisterKey {
        authority: register.authority,
        salt_key,
        units: Some(frame.units().to_vec()),
    };
    RegisterKeys::new(given.into_iter().map(key).collect())
}

/// What a lower office hands in in a folder, as it was written and read.
fn submission(folder: &Path) -> Result<(Submission, SubmittedRegister), Failure> {
    let text = |file: &str| files::text(&folder.join(file));
    let mut texts = all_read([ROWS, REGISTER].map(text))?.into_iter();
    let mut next = || texts.next().unwrap_or_default();
    let one = Submission { frame: next(), register: next() };
    let read = one.read(&folder.display().to_string())?;
    Ok((one, read))
}

/// What was read, or everything that could not be.
fn all_read<T>(read: impl IntoIterator<Item = Result<T, Failure>>) -> Result<Vec<T>, Failure> {
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for one in read {
        match one {
            Ok(one) => found.push(one),
            Err(error) => failed.push(error),
        }
    }
    if failed.len() < 2 {
        return failed.pop().map_or(Ok(found), Err);
    }
    let problem = |error: &Failure| match error.downcast_ref::<About>() {
        // A file that is not read has its name in its message.
        Some(About { file, error }) if !error.is::<std::io::Error>() => {
            say!(
                "office.disk.file",
                "{file}: {problem}",
                file,
                problem = catalogue::as_message(error.as_ref())
            )
        }
        _ => catalogue::as_message(error.as_ref()),
    };
    let problems = Parts(failed.iter().map(problem).collect());
    Err(say!("office.register.unread", "nothing was taken: {problems}", problems).into())
}

/// Takes the registers of all lower offices, and makes the register of institutions of them.
fn take(run: &Run, database: &mut Database, given: &RegisterTake) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let policy = next_policy(database, &office, &book, given.policy.as_deref())?.0;
    if policy.above.is_some() {
        return refuse(say!(
            "office.register.above",
            "the next draw takes the picks of an authority above, and has no register of its own"
        ));
    }
    let (all, submitted): (Vec<Submission>, Vec<SubmittedRegister>) =
        all_read(given.folders.iter().map(|folder| submission(folder)))?.into_iter().unzip();
    let registers = put_together(submitted, &policy)?;
    let rows: Vec<UnitRow> =
        (1..).zip(registers.frame().units()).map(|(row, unit)| UnitRow::of(row, unit)).collect();
    let units = rows.len();
    let folders = given.folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>();
    let bytes = serde_json::to_vec(&all)?;
    let digest = Suite::Sha256.file(&bytes);
    let source = (folders.join(" "), digest);
    let counts = import::replace_units(run, database, &office, rows, given.merge, &source)?;
    let title = format!("registers {digest}");
    if document(database, &book.scope, (0, 0), &title)?.is_none() {
        book.keep(database, (0, 0), &title, &bytes)?;
    }
    set(database, &format!("registers {}", book.scope), &digest.to_string())?;
    let hindered = now::all_hindered(database, &office, run.day())?;
    let screen = run.screen;
    let (added, changed, removed) = counts;
    let lower = registers.list().len();
    let mut text = told!(screen.lang, "office.register.taken", added, changed, lower, removed, units) + "\n";
    for Register { authority, size, root, .. } in registers.list() {
        let _ = writeln!(text, "  {authority}  {size}  {root}");
    }
    if !registers.suspected().is_empty() {
        let _ = writeln!(text, "{}", screen.word("office.register.suspected"));
        for SuspectedDuplicate { column, value, units } in registers.suspected() {
            let units = units.iter().map(|(authority, unit)| format!("{authority} {unit}"));
            let column = catalogue::field(column, screen.lang);
            let _ = writeln!(text, "  {column} {value}  {}", units.collect::<Vec<_>>().join("  "));
        }
    }
    if !hindered.is_empty() {
        let _ = writeln!(text, "{}", screen.word("office.import.hindered"));
        for (scope, one) in &hindered {
            let _ = writeln!(text, "  {scope} {}", one.said(screen));
        }
    }
    let _ = writeln!(text, "{}", screen.word("office.register.named"));
    let suspected = |one: &SuspectedDuplicate| {
        let units = one.units.iter().map(|(authority, unit)| json!({ "authority": authority, "unit": unit }));
        json!({ "column": one.column, "value": one.value, "units": units.collect::<Vec<_>>() })
    };
    let json = json!({ "scope": book.scope, "registers": registers.list(), "units": units, "added": added,
        "changed": changed, "removed": removed,
        "suspected": registers.suspected().iter().map(suspected).collect::<Vec<_>>(),
        "hindered": hindered.iter().map(|(_, one)| one.json()).collect::<Vec<_>>() });
    Ok(Answer::said(json, text))
}

/// Forgets the registers that were taken: the next seal names none.
fn drop_taken(run: &Run, database: &mut Database) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let name = format!("registers {}", book.scope);
    if setting(database, &name)?.is_none_or(|digest| digest.is_empty()) {
        return refuse(say!("office.register.none_taken", "no registers were taken"));
    }
    set(database, &name, "")?;
    let words = run.screen.word("office.register.dropped");
    Ok(Answer::said(json!({ "scope": book.scope }), format!("{words}\n")))
}

/// Writes for each lower office its rows in the sealed frame.
fn intakes(run: &Run, database: &mut Database, given: &RegisterIntake) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    hidden(&given.out)?;
    let name = book.attempt(given.draw)?.name();
    let sealed = book.sealed(database, name)?;
    let registers = &sealed.seal().registers;
    if registers.is_empty() {
        return refuse(say!(
            "office.register.none_named",
            "the seal of draw {draw}.{attempt} names no registers",
            attempt = name.1,
            draw = name.0
        ));
    }
    let receipts = sealed.receipts();
    let (mut files, mut text, mut written) = (Files::default(), String::new(), Vec::new());
    for Register { authority, .. } in registers {
        let intake = receipts.intake(authority).ok_or("a register of the seal")?;
        let (file, rows) = (format!("{authority}/intake.json"), intake.rows.len());
        files.add(&file, intake.to_json());
        let _ = writeln!(text, "{}  {rows}", given.out.join(&file).display());
        written.push(json!({ "authority": authority, "rows": rows }));
    }
    files.write(&given.out)?;
    let _ = writeln!(text, "{}", run.screen.word("office.register.hand_back"));
    let (draw, attempt) = name;
    let json = json!({ "scope": book.scope, "draw": draw, "attempt": attempt, "intakes": written });
    Ok(Answer::said(json, text))
}

/// A published file, read.
fn read<T, E: Into<Failure>>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, E>) -> Result<T, Failure> {
    files::about(&path.display().to_string(), parse(&files::read(path)?))
}

/// Checks whether the register of this office went into the sealed frame unchanged.
fn check(run: &Run, database: &mut Database, given: &RegisterCheck) -> Result<Answer, Failure> {
    let office = Office::load(database)?;
    let book = book(run, database, &office)?;
    let shown = read(&given.intake, Intake::from_json)?;
    let seal = read(&given.seal, Seal::from_json)?;
    // The register that the seal names, if this office has given it; else the one that it has given last.
    let named = seal.registers.iter().find(|named| named.authority == office.authority);
    let mut root = None;
    if let Some(Register { root: named, .. }) = named {
        let known = document(database, &book.scope, (0, 0), &titles(&named.to_string()).0)?;
        root = known.map(|_| named.to_string());
    }
    let root = match root {
        Some(root) => Some(root),
        None => setting(database, &format!("register {}", book.scope))?,
    };
    let Some(root) = root else {
        return refuse(say!(
            "office.register.none_given",
            "this office has given no register: office register give"
        ));
    };
    let (title, rows) = titles(&root);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes);
    let own = Submission {
        register: text(book.document(database, (0, 0), &title)?)?,
        frame: text(book.document(database, (0, 0), &rows)?)?,
    };
    let own = own.read("office register give")?;
    if Digest::parse(&root)? != own.register.root {
        return super::desk::edited(&say!("office.what.registers", "the registers of lower offices"), (0, 0));
    }
    let report = intake(&shown, &own, Some(&seal));
    let (verdict, lines) = (report.verdict(), report.lines());
    let text = format!("{}\n", catalogue::lines(&lines, run.screen.lang));
    let json = json!({ "verdict": verdict.as_str(), "lines": lines });
    Ok(Answer { json, text, status: status(verdict) })
}
