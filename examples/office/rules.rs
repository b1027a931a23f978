//! A new office: its rules, and a ledger for each task.

use super::Run;
use super::args::Init;
use super::desk::{Book, Office};
use super::store::{Database, Value};
use super::support::office::{self, Failure};
use super::words::Answer;
use double_random::bytes::{Digest, Protocol, SaltKey};
use double_random::ledger::{Ledger, Opened};
use double_random::pack::Pack;
use double_random::programme::Programme;
use double_random::{Cycle, Policy};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use std::path::Path;

/// The texts of the rules by name, each read once so that nothing unreadable is stored.
fn texts(given: &Init) -> Result<Vec<(&'static str, String)>, Failure> {
    let text = |path: &Path| -> Result<String, Failure> {
        let bytes = office::read(path)?;
        office::about(&path.display().to_string(), String::from_utf8(bytes))
    };
    match (&given.pack, &given.programme, &given.policy) {
        (Some(pack), Some(programme), _) => {
            let texts = (text(pack)?, text(programme)?);
            office::about(&pack.display().to_string(), Pack::from_json(&texts.0))?;
            office::about(&programme.display().to_string(), Programme::from_json(&texts.1))?;
            Ok(vec![("pack", texts.0), ("programme", texts.1)])
        }
        (_, _, Some(policy)) => {
            let written = text(policy)?;
            office::about(&policy.display().to_string(), Policy::from_json(&written))?;
            Ok(vec![("policy", written)])
        }
        _ if given.demo => Ok(vec![("policy", office::demo::POLICY.to_owned())]),
        _ => Err("--pack and --programme, or --policy, or --demo: the office needs rules to draw by".into()),
    }
}

/// A salt key: the one of a file, or one of the operating system.
pub fn salt_key(path: Option<&Path>) -> Result<SaltKey, Failure> {
    let Some(path) = path else { return Ok(SaltKey::generate(&mut UnwrapErr(SysRng))) };
    let text = String::from_utf8(office::read(path)?)?;
    let digest = office::about(&path.display().to_string(), Digest::parse(text.trim()))?;
    Ok(SaltKey::new(*digest.as_bytes()))
}

/// Makes the database.
pub fn init(run: &Run, address: &str, given: &Init) -> Result<Answer, Failure> {
    let texts = texts(given)?;
    let opening = given.cycle.as_deref().map(office::read).transpose()?;
    let opening = opening.map(|bytes| Cycle::from_json(&bytes)).transpose()?;
    let key = salt_key(given.salt_key.as_deref())?;
    let mut scopes = Vec::new();
    let mut whose = String::new();
    Database::create(address, |database| -> Result<(), Failure> {
        for (name, content) in &texts {
            let values = [Value::Text(name), Value::Text(content)];
            database.execute("INSERT INTO rules (name, content) VALUES (?1, ?2)", &values)?;
        }
        let secret = key.reveal().to_string();
        let values = [Value::Text("key"), Value::Text(&secret)];
        database.execute("INSERT INTO settings (name, value) VALUES (?1, ?2)", &values)?;
        let office = Office::load(database)?;
        whose = office.authority.to_string();
        if opening.is_some() && office.scopes()?.len() > 1 {
            return Err("--cycle: the programme has several tasks, each with a year of its own; begin each with --policy".into());
        }
        for (scope, task) in office.scopes()? {
            let mut witnesses = given.witness.clone();
            witnesses.sort();
            let opened = Opened {
                authority: office.authority.clone(),
                cycle: None,
                protocol: Protocol,
                quorum: given.quorum,
                scope: scope.clone(),
                suite: office.suite,
                witnesses,
            };
            let ledger = Ledger::open(run.at, run.actor.clone(), opened, opening.as_ref())?;
            let book = Book { scope: scope.clone(), task, ledger };
            if let Some((cycle, key)) = &opening {
                book.keep(database, (0, 0), "cycle", &cycle.to_json(key))?;
            }
            for line in book.ledger.lines() {
                book.store(database, line)?;
            }
            scopes.push(scope.to_string());
        }
        Ok(())
    })?;
    let name = address.rsplit('@').next().unwrap_or(address);
    let text = format!(
        "{} {name}: {whose}, {} {}\n{}",
        run.screen.say("Made", "已建立"),
        scopes.join(", "),
        run.screen.say("(a ledger each)", "（各一本台账）"),
        run.screen.say(
            "Next: office import units FILE, office import officers FILE",
            "下一步：office import units 文件、office import officers 文件"
        )
    );
    let json = serde_json::json!({ "authority": whose, "scopes": scopes, "schema": super::store::VERSION });
    Ok(Answer::said(json, text))
}
