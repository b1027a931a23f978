//! Names in place of codes, in the options of a command: what a person calls an institution, an officer, a result, a
//! source or a task is brought to its code before the command begins.

use super::args::{Command, Options};
use super::desk::{Office, Rules};
use super::register;
use super::store::Database;
use double_random::frame::UnitRow;
use double_random::message::{Coded as _, Message};
use double_random::policy::Source;
use double_random::roster::{ExpertRow, InspectorRow};
use double_random_office::catalogue::option;
use double_random_office::table::{self, Named, Names};
use double_random_support::files::Failure;
use std::collections::BTreeMap;

/// The names of the registers and of the rules.
pub fn names(database: &mut Database) -> Result<Names, Failure> {
    let units = units(database)?;
    let rules = Office::load(database)?.rules;
    let ids = rules.ids();
    let signals = match rules {
        Rules::Policy(_) => Vec::new(),
        Rules::Programme(rules) => rules.0.signals.iter().map(|rule| pair(&rule.code, &rule.name)).collect(),
    };
    Ok(Names { units, people: people(database)?, signals, ids })
}

fn units(database: &mut Database) -> Result<Named, Failure> {
    // Of rows of one name, the least id comes first.
    let mut names = BTreeMap::new();
    register::each(database, &mut |row: UnitRow| drop(names.insert(row.id, row.name)))?;
    Ok(Named::new(names))
}

fn people(database: &mut Database) -> Result<Named, Failure> {
    let officers: Vec<InspectorRow> = register::load(database)?;
    let experts: Vec<ExpertRow> = register::load(database)?;
    let officers = officers.into_iter().map(|row| (row.id, row.name));
    Ok(Named::new(officers.chain(experts.into_iter().map(|row| (row.id, row.name)))))
}

fn pair(code: &double_random::id::Code, name: &str) -> (String, String) {
    (code.to_string(), name.to_owned())
}

/// An office whose words are being understood.
struct Words<'a> {
    database: &'a mut Database,
    office: Office,
}

/// Brings the words of a command to codes.
///
/// # Errors
/// A word that several have, or nobody, with what there is.
pub fn understand(
    database: &mut Database,
    options: &mut Options,
    command: &mut Command,
) -> Result<(), Failure> {
    // What only brings a database to this version looks at nothing in it.
    if matches!(command, Command::Migrate) {
        return Ok(());
    }
    let office = Office::load(database)?;
    let mut words = Words { database, office };
    words.task(options)?;
    match command {
        Command::Plan(given) => words.unit("--explain", &mut given.explain)?,
        Command::Replace(given) => {
            words.unit("--unit", &mut given.unit)?;
            words.person("--officer", &mut given.officer)?;
        }
        Command::Officer(given) => {
            let mut id = Some(std::mem::take(&mut given.id));
            words.person("officer", &mut id)?;
            given.id = id.unwrap_or_default();
        }
        Command::Result(given) => {
            words.unit("--unit", &mut given.unit)?;
            words.team(&mut given.team)?;
            words.result("--result", &mut given.result)?;
        }
        Command::Amend(given) => {
            words.team(&mut given.team)?;
            words.result("--result", &mut given.result)?;
        }
        Command::Receipt(given) => words.unit("--unit", &mut given.unit)?,
        Command::Opening(given) => words.unit("--unit", &mut given.unit)?,
        Command::Export(given) => words.unit("--unit", &mut given.unit)?,
        Command::Report(given) => {
            for found in &mut given.found {
                let mut result = Some(std::mem::take(found));
                words.result("--found", &mut result)?;
                *found = result.unwrap_or_default();
            }
        }
        _ => {}
    }
    Ok(())
}

impl Words<'_> {
    fn task(&self, options: &mut Options) -> Result<(), Failure> {
        let (Rules::Programme(rules), Some(text)) = (&self.office.rules, &mut options.task) else {
            return Ok(());
        };
        let known: Vec<(String, String)> =
            rules.1.tasks.iter().map(|task| pair(&task.code, &task.title)).collect();
        // The scope of an earlier year is no name, and is looked for where the task is.
        if !text.is_ascii() {
            *text = table::code(text, &known).map_err(|rule| option("--task", text, &rule))?;
        }
        Ok(())
    }

    fn unit(&mut self, option: &str, text: &mut Option<String>) -> Result<(), Failure> {
        let Some(word) = text else { return Ok(()) };
        if register::find::<UnitRow>(self.database, word)?.is_none() {
            *word = units(self.database)?.id(word).map_err(|rule| self::option(option, word, &rule))?;
        }
        Ok(())
    }

    fn person(&mut self, option: &str, text: &mut Option<String>) -> Result<(), Failure> {
        let Some(word) = text else { return Ok(()) };
        *word = people(self.database)?.id(word).map_err(|rule| self::option(option, word, &rule))?;
        Ok(())
    }

    fn team(&mut self, text: &mut Option<String>) -> Result<(), Failure> {
        let Some(words) = text else { return Ok(()) };
        let known = people(self.database)?;
        let parts = words.split([',', ';', ' ', '、', '，', '；']).filter(|word| !word.is_empty());
        let ids: Result<Vec<String>, Message> =
            parts.map(|word| known.id(word).map_err(|rule| option("--team", word, &rule))).collect();
        *words = ids?.join(",");
        Ok(())
    }

    fn result(&self, option: &str, text: &mut Option<String>) -> Result<(), Failure> {
        let Some(word) = text else { return Ok(()) };
        *word = table::code(word, &results(&self.office)).or_else(|rule| {
            // An office without a pack has no list of results.
            let free = matches!(self.office.rules, Rules::Policy(_)) && word.is_ascii();
            if free { Ok(word.clone()) } else { Err(self::option(option, word, &rule)) }
        })?;
        Ok(())
    }
}

/// The results that an office has, by code and name: those of its pack; without one, the labels of its policy.
pub fn results(office: &Office) -> Vec<(String, String)> {
    match &office.rules {
        Rules::Policy(policy) => policy.labels.iter().map(|(code, name)| pair(code, name)).collect(),
        Rules::Programme(rules) => rules.0.results.iter().map(|rule| pair(&rule.code, &rule.name)).collect(),
    }
}

/// The code of a source: its own, the label that the policy has for it, or its kind where only one is of that kind
/// (骰子).
///
/// # Errors
/// Nothing is called so, or several are; with what there is.
pub fn source<'s>(
    word: &str,
    sources: impl Iterator<Item = &'s Source>,
    policy: &double_random::Policy,
) -> Result<double_random::id::Code, Message> {
    let sources: Vec<&Source> = sources.collect();
    let called = |source: &Source| -> &'static [&'static str] {
        match source {
            Source::Dice { .. } => &["骰子", "摇号", "dice"],
            Source::Lottery { .. } => &["彩票", "福利彩票", "体育彩票", "lottery"],
            Source::Drand { .. } => &["drand", "随机信标", "公共随机信标"],
            Source::Shares { .. } => &["份额", "各方随机数", "shares"],
        }
    };
    let of_kind: Vec<&&Source> = sources
        .iter()
        .filter(|source| called(source).contains(&word.trim().to_lowercase().as_str()))
        .collect();
    let of_game =
        sources.iter().filter(|source| matches!(source, Source::Lottery { game, .. } if game == word));
    let known: Vec<(String, String)> = sources
        .iter()
        .map(|source| {
            let label = policy.labels.get(source.id()).map_or_else(|| called(source)[0], String::as_str);
            pair(source.id(), label)
        })
        .collect();
    match table::code(word, &known) {
        Ok(code) => double_random::id::Code::parse(&code).map_err(|error| error.message()),
        Err(rule) => match (of_kind.as_slice(), of_game.collect::<Vec<_>>().as_slice()) {
            ([one], _) | ([], [one]) => Ok(one.id().clone()),
            _ => Err(rule),
        },
    }
}
