//! What a command finds on the desk: the rules, the registers, the ledgers and the documents of the office.

use super::register;
use super::store::{Database, StoreError, Value};
use double_random::bytes::{Digest, SaltKey, Suite};
use double_random::calendar::{Date, Instant, Window};
use double_random::disclosure::DrawnDocument;
use double_random::dossier::{Dossier, DossierEntry};
use double_random::frame::UnitRow;
use double_random::id::{Code, InspectorId};
use double_random::ledger::{
    self, Attempt, ClosedContent, Content, Ledger, LedgerError, Line, Published, RegisteredBatch, State,
    VoidReason,
};
use double_random::pack::Pack;
use double_random::policy::{Billionths, Caps, PolicyTerms};
use double_random::programme::Programme;
use double_random::roster::{ExpertRow, InspectorRow, ListedInspector, RecusalRow};
use double_random::seal::{Seal, Sealed, Secret};
use double_random::{Cycle, Frame, Policy, Record, Roster};
use double_random_office::say;
use double_random_support::files::Failure;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use std::collections::{BTreeMap, BTreeSet};

pub use double_random_office::catalogue::{IntoMessage, Refused};

/// Refuses in words.
pub fn refuse<T>(words: impl IntoMessage) -> Result<T, Failure> {
    Err(Box::new(Refused(words.into_message())))
}

/// What the office draws by.
pub enum Rules {
    /// A policy for each draw, as it was written.
    Policy(Box<Policy>),
    /// A rule pack and the programme of a year: policies follow.
    Programme(Box<(Pack, Programme)>),
}

/// The office: whose it is, and its rules.
pub struct Office {
    /// Whose.
    pub authority: Code,
    /// The hash of all its documents.
    pub suite: Suite,
    /// The rules.
    pub rules: Rules,
    /// The salt of the dossier.
    pub key: SaltKey,
}

/// The text of a rule, if it is there.
fn rule(database: &mut Database, name: &str) -> Result<Option<String>, StoreError> {
    let found = database.one("SELECT content FROM rules WHERE name = ?1", &[Value::Text(name)])?;
    Ok(found.map(super::store::SqlCell::text))
}

/// A setting.
pub fn setting(database: &mut Database, name: &str) -> Result<Option<String>, StoreError> {
    let found = database.one("SELECT value FROM settings WHERE name = ?1", &[Value::Text(name)])?;
    Ok(found.map(super::store::SqlCell::text))
}

impl Office {
    /// Reads it.
    pub fn load(database: &mut Database) -> Result<Self, Failure> {
        let missing = |name: &str| format!("{}: no {name} is stored", "the database");
        let key = setting(database, "key")?.ok_or_else(|| missing("key"))?;
        let rules = match rule(database, "policy")? {
            Some(text) => Rules::Policy(Box::new(Policy::from_json(&text)?)),
            None => {
                let pack = rule(database, "pack")?.ok_or_else(|| missing("pack"))?;
                let programme = rule(database, "programme")?.ok_or_else(|| missing("programme"))?;
                Rules::Programme(Box::new((Pack::from_json(&pack)?, Programme::from_json(&programme)?)))
            }
        };
        let (authority, suite) = rules.whose();
        Ok(Self { authority, suite, rules, key: SaltKey::new(*Digest::parse(&key)?.as_bytes()) })
    }

    /// The office under its rules of all years, the present ones first.
    pub fn all(database: &mut Database) -> Result<Vec<Self>, Failure> {
        let present = Self::load(database)?;
        let sql = "SELECT name FROM rules WHERE name LIKE 'programme until %'";
        let names = database.rows(sql, &[])?.into_iter().flatten().map(super::store::SqlCell::text);
        let mut years: Vec<String> =
            names.filter_map(|name| name.rsplit(' ').next().map(str::to_owned)).collect();
        years.sort();
        let mut all = Vec::new();
        for year in years.into_iter().rev() {
            let texts = (
                rule(database, &format!("pack until {year}"))?,
                rule(database, &format!("programme until {year}"))?,
            );
            let (Some(pack), Some(programme)) = texts else { continue };
            let rules =
                Rules::Programme(Box::new((Pack::from_json(&pack)?, Programme::from_json(&programme)?)));
            all.push(Self {
                authority: present.authority.clone(),
                suite: present.suite,
                rules,
                key: present.key.clone(),
            });
        }
        all.insert(0, present);
        Ok(all)
    }

    /// The scope of a task; the only one if none is named.
    pub fn scope(&self, task: Option<&str>) -> Result<(Code, Option<Code>), Failure> {
        match (&self.rules, task) {
            (Rules::Policy(policy), None) => Ok((policy.scope.clone(), None)),
            (Rules::Policy(policy), Some(task)) if policy.scope.as_str() == task => {
                Ok((policy.scope.clone(), None))
            }
            (Rules::Policy(policy), Some(task)) => refuse(say!(
                "office.task.only",
                "--task {task}: this office draws {scope} only",
                task = task,
                scope = policy.scope
            )),
            (Rules::Programme(rules), task) => {
                let (pack, programme) = rules.as_ref();
                let names: Vec<&str> = programme.tasks.iter().map(|task| task.code.as_str()).collect();
                let only = (names.len() == 1).then(|| names[0]);
                let Some(code) = task.or(only) else {
                    return refuse(say!(
                        "office.task.which",
                        "--task is needed, one of {tasks}",
                        tasks = names.join(", ")
                    ));
                };
                let found = programme.tasks.iter().find(|known| known.code.as_str() == code);
                let Some(found) = found else {
                    return refuse(format!(
                        "--task {code} is no task of the programme; it has {}",
                        names.join(", ")
                    ));
                };
                let policy = programme.policy(pack, &found.code, 1, None)?;
                Ok((policy.scope.clone(), Some(found.code.clone())))
            }
        }
    }

    /// The scopes that a name can mean: of a task, or of a ledger; none if it is neither here.
    pub fn named(&self, name: &str) -> Result<Vec<(Code, Option<Code>)>, Failure> {
        let mut scopes = self.scopes()?;
        let is = |scope: &Code, task: Option<&Code>| {
            scope.as_str() == name || task.is_some_and(|task| task.as_str() == name)
        };
        scopes.retain(|(scope, task)| is(scope, task.as_ref()));
        Ok(scopes)
    }

    /// The scopes of all tasks.
    pub fn scopes(&self) -> Result<Vec<(Code, Option<Code>)>, Failure> {
        match &self.rules {
            Rules::Policy(policy) => Ok(vec![(policy.scope.clone(), None)]),
            Rules::Programme(rules) => {
                rules.1.tasks.iter().map(|task| self.scope(Some(task.code.as_str()))).collect()
            }
        }
    }

    /// A policy with the vocabulary of the registers: what any of the tasks names.
    pub fn vocabulary(&self) -> Result<Policy, Failure> {
        match &self.rules {
            Rules::Policy(policy) => Ok(policy.as_ref().clone()),
            Rules::Programme(rules) => {
                let (pack, programme) = rules.as_ref();
                let first = programme.tasks.first().ok_or("the programme has no task")?;
                let mut whole = programme.policy(pack, &first.code, 1, None)?.into_terms();
                // A unit that opens during the year stands on the register before the draws that may reach
                // it.
                let days = programme.tasks.iter().flat_map(|task| &task.batches).map(|batch| batch.as_of);
                whole.as_of = days.max().unwrap_or(whole.as_of);
                for task in programme.tasks.iter().skip(1) {
                    let other = programme.policy(pack, &task.code, 1, None)?.into_terms();
                    join(&mut whole.roster.departments, other.roster.departments);
                    join(&mut whole.roster.qualifications, other.roster.qualifications);
                    whole.labels.extend(other.labels);
                }
                // One register serves all tasks and the whole year.
                whole.roster.listed = vec![ListedInspector::Expired];
                let day = whole.as_of;
                on_day(&mut whole, day)?;
                Ok(Policy::new(whole)?)
            }
        }
    }

    /// The dossier as it stands; the empty one where no pack says what it is.
    pub fn dossier(&self, database: &mut Database) -> Result<Option<Dossier>, Failure> {
        let Rules::Programme(rules) = &self.rules else { return Ok(None) };
        let mut entries: Vec<DossierEntry> = Vec::new();
        for row in database.rows("SELECT entry FROM dossier ORDER BY number", &[])? {
            for cell in row {
                entries.push(serde_json::from_str(&cell.text())?);
            }
        }
        let dossier = Dossier::replay(&rules.0.dossier_terms(), entries)
            .map_err(|(place, error)| format!("entry {} of the dossier: {error}", place + 1))?;
        Ok(Some(dossier))
    }

    /// The frame of a policy: the register, with signals and levels by the rules where a pack gives them.
    pub fn frame(&self, database: &mut Database, policy: &Policy) -> Result<Frame, Failure> {
        let rows: Vec<UnitRow> = register::load(database)?;
        self.frame_of(database, policy, rows)
    }

    /// The same of rows that are not stored yet.
    pub fn frame_of(
        &self,
        database: &mut Database,
        policy: &Policy,
        rows: Vec<UnitRow>,
    ) -> Result<Frame, Failure> {
        // A unit that opens later than the day of this frame is not on it yet.
        let later = |row: &UnitRow| Date::parse(&row.opened).is_ok_and(|opened| opened > policy.as_of);
        let rows: Vec<UnitRow> = rows.into_iter().filter(|row| !later(row)).collect();
        Ok(match (&self.rules, self.dossier(database)?) {
            (Rules::Programme(rules), Some(dossier)) => rules.0.frame(policy, &dossier, rows)?,
            _ => Frame::new(rows, &policy.frame, policy.as_of)?,
        })
    }

    /// The roster of a policy: officers of its departments, experts, and the recusals of both, with the
    /// visits of all ledgers added to the loads of the register. Whose certificate or engagement has run out
    /// does not stand on it (失效人员不纳入抽取), unless the policy lists them.
    pub fn roster(&self, database: &mut Database, policy: &Policy, book: &Book) -> Result<Roster, Failure> {
        self.roster_of(database, policy, book, &mut |_, _| {})
    }

    /// The same after a change of the rows of officers and recusals, which are not stored.
    pub fn roster_of(
        &self,
        database: &mut Database,
        policy: &Policy,
        book: &Book,
        change: &mut dyn FnMut(&mut Vec<InspectorRow>, &mut Vec<RecusalRow>),
    ) -> Result<Roster, Failure> {
        let mut loads: BTreeMap<InspectorId, u64> = BTreeMap::new();
        let mut add = |state: &State| {
            state
                .loads()
                .into_iter()
                .for_each(|(id, visits)| *loads.entry(id.clone()).or_default() += visits);
        };
        add(book.state());
        for (scope, task) in self.scopes()? {
            if scope != book.scope {
                add(Book::load(database, scope, task)?.state());
            }
        }
        let load = |id: &str, given: &mut String| {
            let known = InspectorId::parse(id).ok().and_then(|id| loads.get(&id).copied());
            // What is no number is for the library to name.
            let before = if given.is_empty() { Ok(0) } else { given.parse::<u64>() };
            if let (Some(known), Ok(before)) = (known, before) {
                *given = (known + before).to_string();
            }
        };
        let as_of = policy.as_of;
        // What is no date is for the library to name.
        let runs = |until: &str| Date::parse(until).map_or(true, |day| day >= as_of);
        let of_programme = matches!(self.rules, Rules::Programme(_));
        let departments: BTreeSet<&str> = policy.roster.departments.iter().map(Code::as_str).collect();
        let mut officers: Vec<InspectorRow> = register::load(database)?;
        let mut experts: Vec<ExpertRow> = register::load(database)?;
        let mut recusals: Vec<RecusalRow> = register::load(database)?;
        if of_programme {
            // One register serves all tasks: people without a part in this one are left out, as are those who
            // may not be drawn.
            officers
                .retain(|row| departments.contains(row.department.as_str()) && runs(&row.certified_until));
            experts.retain(|row| runs(&row.engaged_until));
            let known: BTreeSet<&str> = officers
                .iter()
                .map(|row| row.id.as_str())
                .chain(experts.iter().map(|row| row.id.as_str()))
                .collect();
            recusals.retain(|row| known.contains(row.inspector.as_str()));
        }
        officers.iter_mut().for_each(|row| load(&row.id, &mut row.load));
        experts.iter_mut().for_each(|row| load(&row.id, &mut row.load));
        change(&mut officers, &mut recusals);
        Ok(Roster::with_experts(officers, experts, recusals, &policy.roster, policy.as_of)?)
    }

    /// The draws of the year of a ledger as its programme has them, and the digest of the programme: those
    /// that come after the share of the year that was spent before the ledger began. `None` where each policy
    /// is written by hand.
    pub fn year(&self, book: &Book) -> Result<Option<(Vec<RegisteredBatch>, Digest)>, Failure> {
        let (Rules::Programme(rules), Some(task)) = (&self.rules, &book.task) else { return Ok(None) };
        let programme = &rules.1;
        let Some(task) = programme.task(task) else { return Ok(None) };
        let cycle = super::steps::cycle(book)?;
        let (mut before, mut batches, mut starts) = (0, Vec::new(), Vec::new());
        for (number, batch) in (1..).zip(&task.batches) {
            starts.push(before);
            if before == cycle.spent().get() || !batches.is_empty() {
                let (share, window) = (batch.share, batch.window);
                batches.push(RegisteredBatch { batch: number, share, window });
            }
            before = before.saturating_add(batch.share.get());
        }
        if batches.is_empty() && before != cycle.spent().get() {
            let starts: Vec<String> = starts
                .into_iter()
                .filter_map(|share| Some(Billionths::new(share).ok()?.to_string()))
                .collect();
            return refuse(format!(
                "{}: {} of the year is spent, and the batches of the programme begin at {}: the first draw \
                 must begin where the state ends",
                book.scope,
                cycle.spent(),
                starts.join(", ")
            ));
        }
        Ok(Some((batches, programme.digest())))
    }

    /// The batch of the programme that the next draw of a ledger is.
    pub fn next_batch(&self, book: &Book) -> Result<u64, Failure> {
        let past = || match &self.rules {
            Rules::Programme(rules) => rules.1.tasks.iter().map(|task| task.batches.len()).max().unwrap_or(0),
            Rules::Policy(_) => 0,
        };
        let past = || u64::try_from(past()).unwrap_or(u64::MAX).saturating_add(1);
        if book.state().register().is_some() {
            return Ok(book.state().next_batch().unwrap_or_else(past));
        }
        let year = self.year(book)?;
        let first = year.and_then(|(batches, _)| batches.first().map(|registered| registered.batch));
        Ok(first.unwrap_or_else(past))
    }

    /// The policy that the rules give for the next draw of a ledger; `None` where each is written by hand.
    pub fn derived(&self, database: &mut Database, book: &Book) -> Result<Option<Policy>, Failure> {
        if book.task.is_none() {
            return Ok(None);
        }
        let batch = self.next_batch(book)?;
        self.derived_of(database, book.task.as_ref(), batch)
    }

    /// The same for a batch.
    fn derived_of(
        &self,
        database: &mut Database,
        task: Option<&Code>,
        draw: u64,
    ) -> Result<Option<Policy>, Failure> {
        let (Rules::Programme(rules), Some(task)) = (&self.rules, task) else { return Ok(None) };
        let (pack, programme) = rules.as_ref();
        let dossier = self.dossier(database)?.map(|dossier| dossier.digest(self.suite, &self.key));
        Ok(Some(programme.policy(pack, task, draw, dossier)?))
    }
}

/// Makes a policy the vocabulary of a register on a day: the days of visits are those of each draw, and none of
/// a vocabulary.
pub fn on_day(policy: &mut PolicyTerms, day: Date) -> Result<(), Failure> {
    policy.as_of = day;
    policy.window = Window::new(day, policy.window.to().max(day))?;
    policy.team.days = Vec::new();
    policy.team.caps = Caps { day: None, week: None, ..policy.team.caps };
    Ok(())
}

/// Adds codes that are not there yet.
fn join(to: &mut Vec<Code>, more: Vec<Code>) {
    for code in more {
        if !to.contains(&code) {
            to.push(code);
        }
    }
}

impl Rules {
    fn whose(&self) -> (Code, Suite) {
        match self {
            Self::Policy(policy) => (policy.authority.clone(), policy.suite),
            Self::Programme(rules) => (rules.1.authority.clone(), rules.1.terms.suite),
        }
    }
}

/// One ledger with what belongs to it.
pub struct Book {
    /// Its scope.
    pub scope: Code,
    /// The task of the programme.
    pub task: Option<Code>,
    /// The ledger.
    pub ledger: Ledger,
}

impl Book {
    /// Reads a ledger and folds it.
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
        let mut drawn: BTreeMap<(u64, u64), DrawnDocument> = BTreeMap::new();
        let sql = "SELECT draw, attempt, content FROM documents WHERE scope = ?1 AND name = 'drawn'";
        for row in database.rows(sql, &[Value::Text(scope.as_str())])? {
            let [draw, attempt, content] = <[_; 3]>::try_from(row).map_err(|_| "a row of three columns")?;
            let name = (u64::try_from(draw.int())?, u64::try_from(attempt.int())?);
            let document = DrawnDocument::from_json(&content.bytes());
            let document = document
                .map_err(|error| StoreError::Edited(format!("what was drawn for {scope}: {error}")))?;
            drawn.insert(name, document);
        }
        let edited_ledger = |error: LedgerError| {
            StoreError::Edited(format!("the ledger of {scope} is not one any more: {error}"))
        };
        let lines = told(database, &scope, ledger::read(&text).map_err(edited_ledger)?)?;
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
                return edited("what was drawn", attempt.name());
            }
        }
        Ok(Self { scope, task, ledger })
    }

    /// Appends an entry to the ledger and stores its line, in the transaction that is open.
    pub fn enter(
        &mut self,
        database: &mut Database,
        at: Instant,
        actor: &Code,
        content: Content,
        drawn: Option<&DrawnDocument>,
    ) -> Result<u64, Failure> {
        if !matches!(content, Content::Clock { .. })
            && let Some(words) = super::clock::behind(&self.scope, self.state(), at)
        {
            return refuse(words);
        }
        // What tells of the visits of a draw that is not disclosed is closed (Spec 17.7).
        let of_draw = content.about_visits().and_then(|(draw, _)| self.state().latest(draw));
        let Some(name) = of_draw.filter(|attempt| attempt.is_closing()).map(Attempt::name) else {
            let line = self.ledger.append(at, actor.clone(), content, drawn)?.clone();
            return self.store(database, &line);
        };
        let salt = *SaltKey::generate(&mut UnwrapErr(SysRng)).reveal().as_bytes();
        let line = self.ledger.append_closed(at, actor.clone(), content, Digest::new(salt))?.clone();
        let told = line.content().ok_or("the content of a closed line")?;
        self.keep(database, name, &content_title(told.number), &told.row()?)?;
        self.store(database, &line)
    }

    /// Stores a line that is new.
    pub fn store(&self, database: &mut Database, line: &Line) -> Result<u64, Failure> {
        let number = line.entry().number;
        let text = std::str::from_utf8(line.bytes())?;
        let values =
            [Value::Text(self.scope.as_str()), Value::Int(i64::try_from(number)?), Value::Text(text)];
        database.execute("INSERT INTO ledger (scope, number, line) VALUES (?1, ?2, ?3)", &values)?;
        Ok(number)
    }

    /// The state.
    pub const fn state(&self) -> &State {
        self.ledger.state()
    }

    /// Whether something of an attempt was published.
    pub fn published(&self, name: (u64, u64), wanted: Published) -> bool {
        self.ledger.lines().iter().any(|line| {
            matches!(&line.entry().entry, Content::Published { attempt, draw, what, .. }
                if (*draw, *attempt) == name && *what == wanted)
        })
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
            return refuse("nothing is sealed yet: office plan, then office seal");
        }
        match (wanted.find(stands), draw) {
            (Some(found), _) => Ok(found),
            (None, Some(draw)) => refuse(say!(
                "office.draw.no_visits",
                "draw {draw} is not drawn, or void: it has no visits",
                draw = draw
            )),
            (None, None) => refuse(
                "the draw is not drawn yet, or void, and none before it stands: office status says what \
                 comes next",
            ),
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
            (None, Some(draw)) => {
                refuse(say!("office.draw.not_sealed", "draw {draw} is not sealed", draw = draw))
            }
            (None, None) => refuse("nothing is sealed yet: office plan, then office seal"),
        }
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
        let missing =
            || StoreError::Edited(format!("{title} of draw {}.{} is not in the database", name.0, name.1));
        Ok(found.ok_or_else(missing)?)
    }

    /// The sealed plan again, from what was sealed; it must give the published seal.
    pub fn sealed(&self, database: &mut Database, name: (u64, u64)) -> Result<Sealed, Failure> {
        let made = self.seal_again(database, name);
        // What cannot be read any more was as surely changed as what gives another seal.
        made.map_err(|error| match error.downcast::<StoreError>() {
            Ok(error) => error as Failure,
            Err(error) => {
                StoreError::Edited(format!("what was sealed for draw {}.{}: {error}", name.0, name.1)).into()
            }
        })
    }

    fn seal_again(&self, database: &mut Database, name: (u64, u64)) -> Result<Sealed, Failure> {
        let seal = self.seal(name)?.clone();
        if self.document(database, name, "seal")? != seal.to_json() {
            return edited("the seal", name);
        }
        let policy = Policy::from_json(std::str::from_utf8(&self.document(database, name, "policy")?)?)?;
        let frame = Frame::from_json(&self.document(database, name, "frame")?)?;
        let roster = Roster::from_json(&self.document(database, name, "roster")?)?;
        let cycle = Cycle::from_json(&self.document(database, name, "cycle")?)?;
        let secret = document(database, &self.scope, name, "secret")?;
        let secret = secret.map(|bytes| serde_json::from_slice::<Secret>(&bytes)).transpose()?;
        Ok(Sealed::reopen(&seal, policy, frame, roster, cycle, secret)?)
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
            _ => edited("the record", name),
        }
    }
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

/// The lines of a ledger with what its closed lines hide, which the office keeps.
fn told(database: &mut Database, scope: &Code, mut lines: Vec<Line>) -> Result<Vec<Line>, Failure> {
    let suite = ledger::suite(&lines);
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND name LIKE 'content %'";
    for cell in database.rows(sql, &[Value::Text(scope.as_str())])?.into_iter().flatten() {
        let lost = || StoreError::Edited(format!("what a closed line of {scope} hides is not what it says"));
        let told = ClosedContent::from_row(&cell.bytes()).map_err(|_| lost())?;
        let line = usize::try_from(told.number)?.checked_sub(1).and_then(|place| lines.get_mut(place));
        let line = line.ok_or_else(lost)?;
        *line = line.told(&told, suite).ok_or_else(lost)?;
    }
    match lines.iter().find(|line| matches!(line.entry().entry, Content::Closed { .. })) {
        None => Ok(lines),
        Some(line) => {
            let number = line.entry().number;
            Err(StoreError::Edited(format!("what line {number} of {scope} hides is not in the database"))
                .into())
        }
    }
}

/// Says that a document is not the one that the ledger names.
pub fn edited<T>(what: &str, name: (u64, u64)) -> Result<T, Failure> {
    Err(StoreError::Edited(format!("{what} of draw {}.{} is not what the ledger names", name.0, name.1))
        .into())
}

/// A document, if it is there.
pub fn document(
    database: &mut Database,
    scope: &Code,
    name: (u64, u64),
    title: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    let (draw, attempt) = (i64::try_from(name.0)?, i64::try_from(name.1)?);
    let values = [Value::Text(scope.as_str()), Value::Int(draw), Value::Int(attempt), Value::Text(title)];
    let sql = "SELECT content FROM documents WHERE scope = ?1 AND draw = ?2 AND attempt = ?3 AND name = ?4";
    Ok(database.one(sql, &values)?.map(super::store::SqlCell::bytes))
}
