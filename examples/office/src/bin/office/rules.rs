//! A new office: its rules, and a ledger for each task.

use super::Run;
use super::args::{Init, RulesArgs};
use super::desk::{Office, Rules, WholeBook, refuse, set};
use super::store::{Database, Value};
use super::words::Answer;
use double_random::bytes::{Digest, Protocol, SaltKey};
use double_random::calendar::Offset;
use double_random::id::{Code, UnitIdForm};
use double_random::ledger::{EarlierLedger, Ledger, Opened};
use double_random::pack::Pack;
use double_random::policy::Billionths;
use double_random::programme::Programme;
use double_random::{Cycle, Policy};
use double_random_office::say;
use double_random_office::table;
use double_random_support::files::{self, Failure};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use std::collections::BTreeMap;
use std::path::Path;

/// The texts of the rules by name, each read once so that nothing unreadable is stored.
fn texts(given: &Init) -> Result<Vec<(&'static str, String)>, Failure> {
    let text = |path: &Path| files::text(path);
    match (&given.pack, &given.programme, &given.policy) {
        (Some(pack), Some(programme), _) => {
            let texts = (text(pack)?, text(programme)?);
            files::about(&pack.display().to_string(), Pack::from_json(&texts.0))?;
            files::about(&programme.display().to_string(), Programme::from_json(&texts.1))?;
            Ok(vec![("pack", texts.0), ("programme", texts.1)])
        }
        (_, _, Some(policy)) => {
            let written = text(policy)?;
            files::about(&policy.display().to_string(), Policy::from_json(&written))?;
            Ok(vec![("policy", written)])
        }
        _ if given.demo => Ok(vec![("policy", double_random_support::demo::POLICY.to_owned())]),
        _ => Err(say!(
            "office.init.rules",
            "--template, or --pack and --programme, or --policy, or --demo: the office needs rules to draw by"
        )
        .into()),
    }
}

/// The clock of the authority that is made. Whether its rules can be read, `init` says.
pub fn offset(given: &Init) -> Offset {
    let template = super::start::named(&given.start).ok().flatten();
    if let Some(template) = template {
        return super::desk::offset_of(template.pack);
    }
    match &given.pack {
        Some(path) => files::text(path).map(|pack| super::desk::offset_of(&pack)).unwrap_or_default(),
        None => given.offset.unwrap_or_default(),
    }
}

/// A salt key: the one of a file, or one of the operating system.
pub fn salt_key(path: Option<&Path>) -> Result<SaltKey, Failure> {
    let Some(path) = path else { return Ok(SaltKey::generate(&mut UnwrapErr(SysRng))) };
    let text = files::text(path)?;
    let digest = files::about(&path.display().to_string(), Digest::parse(text.trim()))?;
    Ok(SaltKey::new(*digest.as_bytes()))
}

/// Makes the database.
pub fn init(run: &Run, address: &str, given: &Init) -> Result<Answer, Failure> {
    if let Some(template) = super::start::named(&given.start)? {
        return super::start::init(run, address, given, template);
    }
    init_with(run, address, given, &texts(given)?, |_| Ok(()))
}

/// The same with these texts of rules; `also` enters what else the office begins with, last in the transaction.
pub fn init_with(
    run: &Run,
    address: &str,
    given: &Init,
    texts: &[(&'static str, String)],
    also: impl FnOnce(&mut Database) -> Result<(), Failure>,
) -> Result<Answer, Failure> {
    let key = salt_key(given.salt_key.as_deref())?;
    let mut openings = openings(run, given, &key, ids(texts))?;
    let mut scopes = Vec::new();
    let mut whose = String::new();
    Database::create(address, |database| -> Result<(), Failure> {
        for (name, content) in texts {
            let values = [Value::Text(name), Value::Text(content)];
            database.execute("INSERT INTO rules (name, content) VALUES (?1, ?2)", &values)?;
        }
        let secret = key.reveal().to_string();
        set(database, "key", &secret)?;
        if texts.iter().all(|(name, _)| *name != "pack") {
            set(database, "offset", &run.offset.to_string())?;
        }
        let office = Office::load(database)?;
        whose = office.authority.to_string();
        let tasks = office.scopes()?;
        if openings.contains_key(&None) && tasks.len() > 1 {
            return Err(say!(
                "office.init.cycles",
                "--cycle: the programme has several tasks, each with a year of its own: --cycle TASK=FILE for each that \
                 has begun"
            )
            .into());
        }
        for (scope, task) in tasks {
            let own = task.as_ref().and_then(|task| openings.remove(&Some(task.clone())));
            let begins = Begins { opening: own.or_else(|| openings.remove(&None)), earlier: None };
            let terms = (given.witness.as_slice(), given.quorum);
            let book = open(run, database, &office, (scope.clone(), task), begins, terms)?;
            // A state that ends between two batches fits no draw of the programme.
            office.year(&book)?;
            scopes.push(scope.to_string());
        }
        if let Some(Some(task)) = openings.keys().next() {
            return Err(say!(
                "office.init.cycle_task",
                "--cycle {task}=…: {task} is no task of the programme",
                task
            )
            .into());
        }
        also(database)
    })?;
    let name =
        if super::store::is_server(address) { super::store::shown(address) } else { address.to_owned() };
    let made = say!(
        "office.init.made",
        "Made {name}: {whose}, {ledgers} (a ledger each)",
        ledgers = scopes.join(", "),
        name,
        whose
    );
    let next = say!("office.init.next", "Next: office import units FILE, office import officers FILE");
    let text = format!("{}\n{}", run.screen.tell(&made), run.screen.tell(&next));
    let json = serde_json::json!({ "authority": whose, "scopes": scopes, "schema": super::store::VERSION });
    Ok(Answer::said(json, text))
}

/// Which ids institutions have, by the texts of rules; those that are none are refused where they are stored.
fn ids(texts: &[(&'static str, String)]) -> UnitIdForm {
    let of = |(name, text): &(&'static str, String)| match *name {
        "pack" => Some(Pack::from_json(text).ok()?.ids),
        "policy" => Some(Policy::from_json(text).ok()?.frame.ids),
        _ => None,
    };
    texts.iter().find_map(of).unwrap_or_default()
}

/// The value of an option that may name a task before it, as in TASK=VALUE.
fn of_task(text: &str) -> (Option<Code>, &str) {
    let named = text.split_once('=').and_then(|(task, value)| Some((Code::parse(task).ok()?, value)));
    named.map_or((None, text), |(task, value)| (Some(task), value))
}

/// Whether bytes are JSON and no table: a table of an office begins with a title or a heading.
fn is_json(bytes: &[u8]) -> bool {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start().starts_with(b"{")
}

/// The states of `--cycle` by task, each with its salt key: the one of its file, or for a table `key`.
fn openings(
    run: &Run,
    given: &Init,
    key: &SaltKey,
    ids: UnitIdForm,
) -> Result<BTreeMap<Option<Code>, (Cycle, SaltKey)>, Failure> {
    let mut spent: BTreeMap<Option<Code>, Billionths> = BTreeMap::new();
    for text in &given.spent {
        let (task, share) = of_task(text);
        let share = files::about(&format!("--spent {text}"), Billionths::parse(share))?;
        if spent.insert(task, share).is_some() {
            return Err(say!("office.init.two_shares", "--spent {text}: two shares of one task", text).into());
        }
    }
    let mut openings = BTreeMap::new();
    for text in &given.cycle {
        let (task, file) = of_task(text);
        let bytes = files::read(Path::new(file))?;
        let share = spent.remove(&task);
        let opening = if is_json(&bytes) {
            if share.is_some() {
                return Err(say!(
                    "office.init.spent",
                    "--spent: {file} says itself what is spent; leave --spent out",
                    file
                )
                .into());
            }
            let (cycle, key) = files::about(file, Cycle::from_json(&files::published(Path::new(file))?))?;
            // The numbers of its draws stay with the ledger or system that has them.
            (files::about(file, cycle.opening())?, key)
        } else {
            let share = share.ok_or_else(|| {
                say!(
                    "office.init.table",
                    "{file} is a table, and a table does not say what share of the year its draws stood for: add \
                     --spent SHARE, such as --spent 0.5",
                    file
                )
            })?;
            let names = table::Names { ids, ..table::Names::default() };
            let source = given.reading.of(table::Source::new(&bytes)).names(&names);
            let (rows, notes, _) = files::about(file, table::standings(source))?;
            notes.iter().for_each(|note| run.screen.remark(file, note));
            (files::about(file, Cycle::new(share, rows))?, key.clone())
        };
        if openings.insert(task, opening).is_some() {
            return Err(say!("office.init.two_states", "--cycle {text}: two states of one task", text).into());
        }
    }
    match spent.into_keys().next() {
        Some(task) => {
            let task = task.map_or_else(String::new, |task| format!("{task}=…"));
            Err(say!("office.init.spent_task", "--spent {task}: no --cycle names that task", task).into())
        }
        None => Ok(openings),
    }
}

/// With what a ledger begins: the cycle with its salt key, and the ledger that ended with it.
#[derive(Default)]
struct Begins {
    opening: Option<(Cycle, SaltKey)>,
    earlier: Option<EarlierLedger>,
}

/// Opens a ledger.
fn open(
    run: &Run,
    database: &mut Database,
    office: &Office,
    (scope, task): (Code, Option<Code>),
    Begins { opening, earlier }: Begins,
    (witnesses, quorum): (&[String], Option<u64>),
) -> Result<WholeBook, Failure> {
    let mut witnesses = witnesses.to_vec();
    witnesses.sort();
    let opened = Opened {
        authority: office.authority.clone(),
        cycle: None,
        earlier,
        protocol: Protocol,
        quorum,
        scope: scope.clone(),
        suite: office.suite,
        witnesses,
    };
    let ledger = Ledger::open(run.at, run.actor.clone(), opened, opening.as_ref())?;
    let book = WholeBook::begin(database, scope, task, ledger)?;
    if let Some((cycle, key)) = &opening {
        book.keep(database, (0, 0), "cycle", &cycle.to_json(key))?;
    }
    Ok(book)
}

/// Replaces the programme by that of a new year.
pub fn renew(run: &Run, database: &mut Database, given: &RulesArgs) -> Result<Answer, Failure> {
    let old = Office::load(database)?;
    let Rules::Programme(before) = &old.rules else {
        return refuse(say!(
            "office.rules.own",
            "this office writes each policy itself: the next year's is adopted with office plan --policy FILE"
        ));
    };
    let (pack, programme) = (files::text(&given.pack)?, files::text(&given.programme)?);
    let named = |path: &Path| path.display().to_string();
    let next_pack = files::about(&named(&given.pack), Pack::from_json(&pack))?;
    let next = files::about(&named(&given.programme), Programme::from_json(&programme))?;
    if next.authority != old.authority || next.terms.suite != old.suite {
        return refuse(say!(
            "office.rules.other",
            "{file}: another authority or another hash suite: that is another office",
            file = named(&given.programme)
        ));
    }
    if next.year <= before.1.year {
        return refuse(say!(
            "office.rules.year",
            "{file}: the year {year} is not after {before}",
            before = before.1.year,
            file = named(&given.programme),
            year = next.year
        ));
    }
    // The state at the end of each old task, which its successor begins with.
    let mut ends = BTreeMap::new();
    let (mut witnesses, mut quorum) = (Vec::new(), None);
    for (scope, task) in old.scopes()? {
        let book = WholeBook::load(database, scope, task.clone())?;
        if let Some(opened) = book.state().opened() {
            (witnesses, quorum) = (opened.witnesses.clone(), opened.quorum);
        }
        let drawn = book.has_begun();
        if drawn && !book.is_closed() {
            return refuse(say!(
                "office.rules.not_closed",
                "{scope}: its cycle is not closed: office close comes first",
                scope = book.scope
            ));
        }
        if let (Some(task), true) = (task, drawn) {
            let checkpoint = book.ledger().checkpoint().ok_or("a ledger that is open")?;
            let earlier =
                EarlierLedger { origin: checkpoint.origin, root: checkpoint.root, size: checkpoint.size };
            ends.insert(task, (super::steps::cycle(&book)?.opening()?, earlier));
        }
    }
    for (name, content) in [("pack", &pack), ("programme", &programme)] {
        let kept = format!("{name} until {}", next.year);
        let values = [Value::Text(&kept), Value::Text(name)];
        database.execute("UPDATE rules SET name = ?1 WHERE name = ?2", &values)?;
        database.execute(
            "INSERT INTO rules (name, content) VALUES (?1, ?2)",
            &[Value::Text(name), Value::Text(content)],
        )?;
    }
    let new = Office { rules: Rules::Programme(Box::new((next_pack, next))), ..old };
    let mut scopes = Vec::new();
    for (scope, task) in new.scopes()? {
        let ended = task.as_ref().and_then(|task| ends.remove(task));
        let (cycle, earlier) = ended.unzip();
        let begins = Begins { opening: cycle.map(|cycle| (cycle, new.key.clone())), earlier };
        open(run, database, &new, (scope.clone(), task), begins, (&witnesses, quorum))?;
        scopes.push(scope.to_string());
    }
    let text = format!(
        "{}\n{}",
        scopes.join(", "),
        run.screen.tell(&say!("office.rules.renewed", "a ledger each; the old ones stay"))
    );
    Ok(Answer::said(serde_json::json!({ "scopes": scopes }), text))
}
