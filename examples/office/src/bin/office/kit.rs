//! The draw kit: the draw of institutions as SQL, for an auditor with the register in a database (Spec 25). He
//! makes it himself, from the published record and registers of his own.

use super::Run;
use super::args::Export;
use super::desk::{Office, refuse};
use super::output::write_all;
use super::steps::book;
use super::store::Database;
use super::words::{Answer, Screen};
use double_random::lot::sql::Dialect;
use double_random::message::{Coded as _, Message};
use double_random::{Cycle, Frame, Plan, Record, Roster};
use double_random_office::values::AnyOf;
use double_random_office::{catalogue, say};
use double_random_support::files::{self, Failure};
use serde_json::json;
use std::path::{Path, PathBuf};

/// The kit of a draw of this office.
pub fn export(
    run: &Run,
    database: &mut Database,
    office: &Office,
    given: &Export,
) -> Result<Answer, Failure> {
    let book = book(run, database, office)?;
    let name = book.recorded(database, given.draw)?.name();
    write(run.screen, &book.record(database, name)?, given)
}

/// The kit of a record that somebody brings: no office is needed.
pub fn of_file(screen: Screen, given: &Export) -> Result<Answer, Failure> {
    let Some(path) = &given.record else { return Err("no record".into()) };
    write(screen, &read(path, Record::from_json)?, given)
}

fn read<T, E: Into<Failure>>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, Failure> {
    files::about(&path.display().to_string(), parse(&files::published(path)?))
}

/// The rows of the table `units`, from registers that must give the cells of the record.
fn units(record: &Record, folder: &Path) -> Result<String, Failure> {
    let (frame, key) = read(&folder.join("frame.json"), Frame::from_json)?;
    let (roster, _) = read(&folder.join("roster.json"), Roster::from_json)?;
    let (cycle, _) = read(&folder.join("cycle.json"), Cycle::from_json)?;
    let plan = Plan::new(frame, roster, record.policy.clone(), cycle)?;
    if plan.table() != record.table {
        return refuse(say!(
            "office.kit.registers",
            "the registers of {folder} give another table of cells than the record: office verify says where",
            folder = folder.display().to_string()
        ));
    }
    Ok(plan.units_csv(&key))
}

fn write(screen: Screen, record: &Record, given: &Export) -> Result<Answer, Failure> {
    let Some(dialect) = given.dialect.as_deref().and_then(Dialect::parse) else {
        let names = Dialect::ALL.map(Dialect::as_str);
        let names = AnyOf(&names);
        return refuse(say!("office.kit.dialect", "--dialect says for which engine: {names}", names));
    };
    let kit = match record.sql(dialect) {
        Ok(kit) => kit,
        Err(error) => return refuse(error.message()),
    };
    let words = |message: &Message| catalogue::words(message, screen.lang);
    let mut made: Vec<(PathBuf, String)> =
        kit.files.iter().map(|file| (given.out.join(file.name), file.text(words))).collect();
    if let Some(folder) = &given.registers {
        made.push((given.out.join("units.csv"), units(record, folder)?));
    }
    write_all(made.iter().map(|(path, text)| (path.as_path(), text.as_bytes())))?;
    let mut said = vec![say!(
        "office.kit.run",
        "run 1-setup.sql, fill the table units, run the others: the last query of 4-audit.sql gives no row where picks \
         and reserves are those of the record"
    )];
    if given.registers.is_none() {
        said.push(say!(
            "office.kit.units",
            "who checks makes the table of units himself: --registers names his own folder with frame.json, roster.json \
             and cycle.json"
        ));
    }
    said.push(say!(
        "office.kit.not_checked",
        "not checked by SQL: the seal, the beacon, the plan (which cell a unit has), the teams; office verify checks them"
    ));
    let files: Vec<&Path> = made.iter().map(|(path, _)| path.as_path()).collect();
    let lines = files.iter().map(|path| path.display().to_string()).chain(said.iter().map(words));
    let text = lines.collect::<Vec<_>>().join("\n");
    Ok(Answer::said(json!({ "dialect": dialect.as_str(), "files": files, "said": said }), text))
}
